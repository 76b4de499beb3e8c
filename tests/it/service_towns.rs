//! Small invented towns of A&E, practices and charities, made by chance so that most of what happens lies on an edge: 4, 12
//! and 24 hours, seven days, bands of days, codes as they arrive, times and codes that are missing, nothing at all.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use pathlink::synth;

use crate::therapy_towns::{Dice, date, number};
use crate::town::{Town, lean, of_files};

/// How many towns there are.
const TOWNS: u64 = 200;

/// The towns, made once for every test.
pub(crate) static TOWNS_OF_SERVICES: LazyLock<Vec<Town>> =
    LazyLock::new(|| (0..TOWNS).map(|seed| lean(town(seed))).collect());

const ATTENDANCES: &str = "NHS_Number,NHS_Number_Status_Indicator_Code,Local_Patient_ID,Generated_Record_ID,Date_of_Birth,Sex,Provider_Code,EC_Department_Type,EC_AttendanceCategory,Arrival_Date,Arrival_Time,EC_Chief_Complaint_SNOMED_CT,EC_Injury_Intent_SNOMED_CT,EC_Decision_To_Admit_Date,EC_Decision_To_Admit_Time,EC_Departure_Date,EC_Departure_Time,EC_Discharge_Status_SNOMED_CT,Discharge_Destination_SNOMED_CT,";
const HEADINGS: [(&str, &str); 6] = [
    ("gp/list_gp_registration.csv", "nhs_number,practice_code,start_date,end_date,date_of_birth,sex"),
    (
        "gp/Y90001_gp_appointment.csv",
        "appointment_id,nhs_number,practice_code,booked_datetime,appointment_datetime,status,mode,hcp_type",
    ),
    ("community/ZC1_community_client.csv", "provider,local_client_id,nhs_number,date_of_birth,consent_to_link"),
    (
        "community/ZC1_community_referral.csv",
        "provider,referral_id,local_client_id,referral_date,referral_source,offer,end_date,end_reason",
    ),
    ("community/ZC1_community_contact.csv", "provider,contact_id,referral_id,contact_date,attended"),
    ("community/ZC1_community_outcome.csv", "provider,referral_id,score_date,scale,score"),
];

/// Somebody.
struct Person {
    /// Empty for one of whom nobody has a number.
    number: String,
    born: String,
    sex: &'static str,
    local: String,
}

struct Files {
    texts: BTreeMap<String, String>,
    next_id: u32,
}

impl Files {
    fn row(&mut self, path: &str, cells: &[&str]) {
        writeln!(self.texts.get_mut(path).unwrap(), "{}", cells.join(",")).unwrap();
    }

    fn id(&mut self, letter: char) -> String {
        self.next_id += 1;
        format!("{letter}{:09}", self.next_id.wrapping_mul(7919))
    }
}

/// A town of 0 to 40 people; every tenth is empty, has one person, or has nothing but what it must.
fn town(seed: u64) -> Town {
    let mut dice = Dice(seed);
    let mut files = Files { texts: BTreeMap::new(), next_id: 0 };
    // Half of the senders give diagnoses in one cell, the others a heading each.
    let diagnoses = if seed.is_multiple_of(2) { "Der_EC_Diagnosis_All" } else { "EC_Diagnosis_01" };
    for place in ["ZA1", "ZA2"] {
        files.texts.insert(format!("emergency_care/{place}_ECDS.csv"), format!("{ATTENDANCES}{diagnoses}\n"));
    }
    for (path, heading) in HEADINGS {
        files.texts.insert(path.to_owned(), format!("{heading}\n"));
    }
    let people = match seed % 10 {
        0 => 0,
        1 => 1,
        _ => 5 + dice.below(35),
    };
    let is_bare = seed % 10 == 2;
    for person in 0..people {
        let is_stranger = dice.one_in(8);
        let person = Person {
            number: if is_stranger { String::new() } else { number(person) },
            born: date(dice.between(-18_000, 9_000)),
            sex: dice.pick(&["1", "2"]),
            local: files.id('L'),
        };
        attendances(&mut files, &mut dice, &person, is_bare);
        if !is_stranger {
            registrations(&mut files, &mut dice, &person);
            appointments(&mut files, &mut dice, &person, is_bare);
            many_appointments(&mut files, &mut dice, &person);
        }
        client(&mut files, &mut dice, &person, is_bare);
    }
    finish(files)
}

fn finish(files: Files) -> Town {
    // A file without rows is refused, as one that was cut.
    let texts = files.texts.into_iter().filter(|(_, text)| text.lines().count() > 1);
    let mut all: BTreeMap<String, Arc<Vec<u8>>> =
        texts.map(|(path, text)| (path, Arc::new(text.into_bytes()))).collect();
    let covered = "source,provider,from,to\nemergency_care,ZA1,2023-01-01,2026-03-31\nemergency_care,ZA2,2023-01-01,2025-12-31\ngp,Y90001,2023-01-01,2026-03-31\ngp,Y90002,2023-01-01,2024-06-30\ngp,Y90002,2024-08-01,2026-03-31\ncommunity,ZC1,2023-01-01,2026-03-31\n";
    all.insert("coverage.csv".to_owned(), Arc::new(covered.as_bytes().to_vec()));
    all.insert("lookups/postcode_imd.csv".to_owned(), Arc::new(b"postcode,lsoa,imd_quintile\n".to_vec()));
    of_files(all, |settings| {
        settings.gates.max_rejects_percent = 100.0;
        settings.gates.max_unknown_percent = 100.0;
    })
}

fn first_day() -> i32 {
    synth::day_of(2023, 3, 20)
}

fn last_day() -> i32 {
    synth::day_of(2026, 3, 31)
}

/// A time of day from minutes.
fn clock(minute: i32) -> String {
    let of_day = minute.rem_euclid(1440);
    format!("{:02}:{:02}:00", of_day / 60, of_day % 60)
}

fn attendances(files: &mut Files, dice: &mut Dice, person: &Person, is_bare: bool) {
    let mut minute = dice.between(first_day(), last_day()) * 1440 + dice.between(0, 1439);
    for _ in 0..dice.below(7) {
        if minute.div_euclid(1440) > last_day() {
            return;
        }
        attendance(files, dice, person, (minute, is_bare));
        minute += dice.pick(&[0, 1, 239, 240, 241, 600, 1440, 10_079, 10_080, 10_081, 60_000]);
    }
}

fn attendance(files: &mut Files, dice: &mut Dice, person: &Person, (arrived, is_bare): (i32, bool)) {
    let (place, local) = if dice.one_in(3) { ("ZA2", "B") } else { ("ZA1", "A") };
    let id = files.id('E');
    let local = format!("{}{local}", person.local);
    let stay = dice.pick(&[0, 30, 239, 240, 241, 360, 361, 719, 720, 721, 1439, 1440, 1441, -1]);
    let decided = stay - dice.pick(&[0, 10, 719, 720, 721, -5]);
    let is_untimed = dice.one_in(10);
    let department = dice.pick(&["01", "1", "01", "02", "3", "04", "05", ""]);
    let category = dice.pick(&["1", "2", "3", "", "1", "1", "4", "X"]);
    let mut cells = vec![person.number.clone(), "01".to_owned(), local, id, person.born.clone(), person.sex.to_owned()];
    cells.extend([place, department, category].map(str::to_owned));
    cells.push(date(arrived.div_euclid(1440)));
    cells.push(if is_untimed { String::new() } else { clock(arrived) });
    let complaints = ["", "21522001", "248062006", "366979004", "7011001", "29857009"];
    let (complaint, intent) = (dice.pick(&complaints), dice.pick(&["", "", "", "276853009"]));
    let status =
        dice.pick(&["182992009", "1066301000000103", "1066311000000101", "1066321000000107", "", "1077041000000107"]);
    let status = if dice.one_in(15) { "1077031000000103" } else { status };
    let destination = dice.pick(&["306706006", "1066391000000105", "1066331000000109", "306689006", "19712007", ""]);
    let diagnosis = dice.pick(&["", "371631005", "22298006", "52448006"]);
    let has_left = stay >= 0 && arrived.div_euclid(1440) + 1 < last_day();
    let times = |minute: i32, is_there: bool| {
        if is_there { [date(minute.div_euclid(1440)), clock(minute)] } else { [String::new(), String::new()] }
    };
    let is_decided = has_left && decided >= -10 && !is_bare;
    let optional = |text: &str| if is_bare { String::new() } else { text.to_owned() };
    cells.extend([complaint, intent].map(optional));
    cells.extend(times(arrived + decided, is_decided && !dice.one_in(6)));
    cells.extend(times(arrived + stay, has_left));
    cells.extend([status, destination, diagnosis].map(optional));
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    files.row(&format!("emergency_care/{place}_ECDS.csv"), &cells);
}

/// Most people stay with one practice; some join, leave or change on the edges of months, or are with a practice that did
/// not send a month.
fn registrations(files: &mut Files, dice: &mut Dice, person: &Person) {
    let mut row = |practice: &str, from: &str, to: &str| {
        let cells = [&person.number, practice, from, to, &person.born, person.sex];
        files.row("gp/list_gp_registration.csv", &cells);
    };
    let changed = date(synth::day_of(2024, dice.between(4, 12), 1) + dice.pick(&[-1, 0, 0, 1]));
    match dice.below(8) {
        0 => row("Y90001", &changed, ""),
        1 => row("Y90001", "2001-01-01", &changed),
        2 => row("Y90002", "2001-01-01", ""),
        3 => {
            row("Y90001", "2001-01-01", &changed);
            row("Y90002", &changed, "");
        }
        _ => row("Y90001", "2001-01-01", ""),
    }
}

/// Somebody who came about as often as people are told apart by, within months.
fn many_appointments(files: &mut Files, dice: &mut Dice, person: &Person) {
    if !dice.one_in(5) {
        return;
    }
    let first = synth::day_of(2024, dice.pick(&[1, 4, 7, 10, 11]), 1);
    for _ in 0..dice.pick(&[11, 12, 12, 13, 19, 20, 20, 29, 30, 30, 30, 31]) {
        let later = if dice.one_in(20) { 366 } else { dice.pick(&[0, 0, 30, 90, 300, 364]) };
        let (id, day) = (files.id('P'), first + later);
        let (booked, start) = (format!("{}T09:00:00", date(day)), format!("{}T10:00:00", date(day)));
        let cells = [&id, &person.number, "Y90001", &booked, &start, "Attended", "Telephone", "GP"];
        files.row("gp/Y90001_gp_appointment.csv", &cells);
    }
}

fn appointments(files: &mut Files, dice: &mut Dice, person: &Person, is_bare: bool) {
    for _ in 0..dice.below(8) {
        let id = files.id('P');
        let day = dice.between(first_day(), last_day());
        let wait = dice.pick(&[0, 0, 1, 2, 7, 8, 14, 15, 21, 22, 28, 29, 60, -1, -999]);
        let booked = if wait == -999 || is_bare { String::new() } else { format!("{}T09:00:00", date(day - wait)) };
        let start = format!("{}T10:00:00", date(day));
        let statuses = ["Attended", "Finished", "DNA", "Did Not Attend", "Unknown", "Booked", "Cancelled by Patient"];
        let status = if dice.one_in(12) { "Slot Available" } else { dice.pick(&statuses) };
        let mode = dice.pick(&["Face-to-Face", "Home Visit", "Telephone", "Video/Online", "Unknown", ""]);
        let clinician = dice.pick(&["GP", "Other Practice staff", "Other  Practice staff", "Unknown", ""]);
        let cells = [&id, &person.number, "Y90001", &booked, &start, status];
        let optional = |text: &'static str| if is_bare { "" } else { text };
        files.row("gp/Y90001_gp_appointment.csv", &[&cells[..], &[optional(mode), optional(clinician)]].concat());
    }
}

fn client(files: &mut Files, dice: &mut Dice, person: &Person, is_bare: bool) {
    if dice.one_in(3) {
        return;
    }
    let consent = if dice.one_in(10) { "no" } else { "yes" };
    files.row("community/ZC1_community_client.csv", &["ZC1", &person.local, &person.number, &person.born, consent]);
    for _ in 0..dice.between(1, 3) {
        referral(files, dice, (&person.local, is_bare));
    }
}

const REASONS: [&str; 8] = ["completed", "goals_met", "disengaged", "moved_on", "referred_on", "died", "other", ""];
/// Scales, with scores on and about their edges.
const SCALES: [(&str, &[&str]); 8] = [
    ("SWEMWBS", &["7", "19.25", "21.54", "35", "6", ""]),
    ("PHQ9", &["0", "9", "15", "27", "28"]),
    ("GAD7", &["0", "7", "8", "21", "22"]),
    ("GBO", &["0", "2", "2.99", "3", "5", "5.99", "6", "10", "11"]),
    ("ONS4_satisfaction", &["0", "5", "10", "11"]),
    ("ONS4_worthwhile", &["0", "5", "10"]),
    ("ONS4_happiness", &["0", "5", "10"]),
    ("ONS4_anxiety", &["0", "5", "10"]),
];

fn referral(files: &mut Files, dice: &mut Dice, (local, is_bare): (&str, bool)) {
    let id = files.id('R');
    let received = dice.between(first_day(), last_day());
    let end = received + dice.pick(&[0, 1, 30, 90, 200]);
    let is_ended = !dice.one_in(4) && end <= last_day();
    let (ended, reason) = if is_ended { (date(end), dice.pick(&REASONS)) } else { (String::new(), "") };
    let source = dice.pick(&["gp", "self", ""]);
    let cells = ["ZC1", &id, local, &date(received), source, "wellbeing_planning", &ended, reason];
    files.row("community/ZC1_community_referral.csv", &cells);
    if is_bare {
        return;
    }
    for _ in 0..dice.below(5) {
        let contact = files.id('C');
        let day = received + dice.pick(&[-1, 0, 1, 14, 89, 90, 91, 200]);
        let attended =
            dice.pick(&["attended", "attended", "did_not_attend", "cancelled_by_client", "cancelled_by_service"]);
        if day <= last_day() {
            files.row("community/ZC1_community_contact.csv", &["ZC1", &contact, &id, &date(day), attended]);
        }
    }
    let mut given = Vec::new();
    for _ in 0..dice.below(9) {
        let (scale, scores) = dice.pick(&SCALES);
        let day = received + dice.pick(&[0, 1, 30, 90]);
        if day <= last_day() && !given.contains(&(scale, day)) {
            given.push((scale, day));
            let cells = ["ZC1", &id, &date(day), scale, dice.pick(scores)];
            files.row("community/ZC1_community_outcome.csv", &cells);
        }
    }
}
