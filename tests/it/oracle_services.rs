//! The trust, A&E, practices and charities a second time: plain loops over the raw text; and what became of each row.

use std::collections::{BTreeMap, BTreeSet};

use pathlink::ingest::Tally;

use crate::figures::{Depth, Figures, Of};
use crate::raw::{Row, day, distinct, minute, rows};
use crate::town::{TIDY_TOWN, TOWN, Town};

/// An organisation's code and an id of its own.
type Id<'a> = (&'a str, &'a str);

fn sex(code: &str) -> &'static str {
    if code == "1" { "male" } else { "female" }
}

/// Last days of quarters.
const QUARTER_ENDS: [&str; 12] = [
    "2023-06-30",
    "2023-09-30",
    "2023-12-31",
    "2024-03-31",
    "2024-06-30",
    "2024-09-30",
    "2024-12-31",
    "2025-03-31",
    "2025-06-30",
    "2025-09-30",
    "2025-12-31",
    "2026-03-31",
];

/// Referrals to the trust, received and open; its contacts, and how many were missed.
fn trust(town: &Town, figures: &mut Figures) {
    let mut patients = BTreeMap::new();
    for row in rows(town, "mental_health/", "_MHS001MPI.csv") {
        let of = Of { provider: row.place, sex: sex(row.get("Gender")), person: row.get("NHSNumber") };
        patients.insert((row.place, row.get("LocalPatientId")), of);
    }
    let mut referrals = BTreeMap::new();
    for row in distinct(rows(town, "mental_health/", "_MHS101Referral.csv"), "UniqServReqID") {
        if let Some(of) = patients.get(&(row.place, row.get("LocalPatientId"))) {
            referrals.insert((row.place, row.get("UniqServReqID")), *of);
            let (received, discharged) = (row.get("ReferralRequestReceivedDate"), row.get("ServDischDate"));
            figures.count("mh_new_referrals", received, *of);
            for end in QUARTER_ENDS {
                if day(received) <= day(end) && (discharged.is_empty() || day(discharged) > day(end)) {
                    figures.count("mh_open_referrals", end, *of);
                }
            }
        }
    }
    for row in distinct(rows(town, "mental_health/", "_MHS201CareContact.csv"), "UniqCareContID") {
        let Some(of) = referrals.get(&(row.place, row.get("UniqServReqID"))) else { continue };
        let (date, code) = (row.get("CareContDate"), row.code("AttendStatus"));
        figures.count("mh_contacts", date, *of);
        if matches!(code, "2" | "3" | "4" | "5" | "6" | "7") {
            figures.share("mh_contacts_missed", date, *of, matches!(code, "2" | "3" | "4" | "7"));
        }
        if matches!(code, "5" | "6") {
            figures.count("mh_contacts_attended", date, *of);
        }
        if matches!(code, "3" | "5" | "6" | "7") {
            figures.share("mh_dna", date, *of, code == "3");
            figures.share("mh_dna_late", date, *of, matches!(code, "3" | "7"));
        }
    }
}

/// Why an A&E row is left out, if it is.
fn left_out(row: &Row<'_>) -> Option<&'static str> {
    match (row.get("EC_AttendanceCategory"), row.get("EC_Discharge_Status_SNOMED_CT")) {
        ("4", _) => Some("planned"),
        ("X", _) | (_, "63238001") => Some("dead_on_arrival"),
        (_, "1077031000000103" | "1077781000000101") => Some("streamed_away"),
        _ => None,
    }
}

fn emergency(town: &Town, figures: &mut Figures) {
    let unplanned = rows(town, "emergency_care/", "_ECDS.csv").into_iter().filter(|row| left_out(row).is_none());
    for row in distinct(unplanned.collect(), "Generated_Record_ID") {
        if !matches!(row.code("EC_Department_Type"), "1" | "2" | "3" | "4") {
            continue;
        }
        let of = Of { provider: row.get("Provider_Code"), sex: sex(row.get("Sex")), person: row.get("NHS_Number") };
        let arrived_on = row.get("Arrival_Date");
        figures.count("ed_attendances", arrived_on, of);
        let (left_on, left_at) = (row.get("EC_Departure_Date"), row.get("EC_Departure_Time"));
        if !left_on.is_empty() && !left_at.is_empty() {
            let minutes = (day(left_on) - day(arrived_on)) * 1440 + minute(left_at) - minute(row.get("Arrival_Time"));
            figures.share("ed_within_4h", arrived_on, of, minutes <= 240);
            figures.share("ed_over_6h", arrived_on, of, minutes > 360);
            figures.share("ed_over_12h_arrival", arrived_on, of, minutes > 720);
        }
    }
}

/// Appointments that took place, were missed, or of which nobody knows; empty slots are none.
fn practices(town: &Town, figures: &mut Figures) {
    let list = rows(town, "gp/", "gp_registration.csv");
    let sexes: BTreeMap<&str, &str> = list.iter().map(|row| (row.get("nhs_number"), sex(row.get("sex")))).collect();
    for row in distinct(rows(town, "gp/", "_gp_appointment.csv"), "appointment_id") {
        let person = row.get("nhs_number");
        let of =
            Of { provider: row.get("practice_code"), sex: sexes.get(person).copied().unwrap_or("not_known"), person };
        let date = &row.get("appointment_datetime")[..10];
        let is_attended = match row.get("status") {
            "Slot Available" | "Cancelled by Patient" | "Cancelled by Unit" => continue,
            "Booked" | "Unknown" => None,
            "DNA" | "Did Not Attend" => Some(false),
            "Attended" | "Finished" | "Arrived" | "In Progress" | "Visit" | "Waiting" | "Patient Walked Out" => {
                Some(true)
            }
            other => panic!("no such status: {other}"),
        };
        figures.count("gp_appts", date, of);
        if let Some(is_attended) = is_attended {
            figures.share("gp_dna", date, of, !is_attended);
        }
    }
}

/// Charities' clients who agreed to be linked.
fn consenting(town: &Town) -> BTreeMap<Id<'_>, Of<'_>> {
    let mut clients = BTreeMap::new();
    for row in
        rows(town, "community/", "_community_client.csv").iter().filter(|row| row.get("consent_to_link") == "yes")
    {
        let of = Of { provider: row.get("provider"), sex: sex(row.get("gender")), person: row.get("nhs_number") };
        clients.insert((row.place, row.get("local_client_id")), of);
    }
    clients
}

fn charities(town: &Town, figures: &mut Figures) {
    let clients = consenting(town);
    let mut attended: BTreeMap<Id<'_>, Vec<i32>> = BTreeMap::new();
    for row in rows(town, "community/", "_community_contact.csv").iter().filter(|row| row.get("attended") == "attended")
    {
        attended.entry((row.place, row.get("referral_id"))).or_default().push(day(row.get("contact_date")));
    }
    for row in distinct(rows(town, "community/", "_community_referral.csv"), "referral_id") {
        let Some(of) = clients.get(&(row.place, row.get("local_client_id"))) else { continue };
        let date = row.get("referral_date");
        figures.count("vc_referrals", date, *of);
        // Every charity's data end on the last day.
        if day(date) + 90 <= day("2026-03-31") {
            let contacts = attended.get(&(row.place, row.get("referral_id"))).map_or(&[][..], Vec::as_slice);
            let is_engaged = contacts.iter().any(|on| (0..=90).contains(&(on - day(date))));
            figures.share("vc_engaged", date, *of, is_engaged);
        }
    }
}

type Family = (fn(&Town, &mut Figures), &'static [&'static str]);

const FAMILIES: [Family; 4] = [
    (
        trust,
        &[
            "mh_new_referrals",
            "mh_open_referrals",
            "mh_contacts",
            "mh_contacts_attended",
            "mh_contacts_missed",
            "mh_dna",
            "mh_dna_late",
        ],
    ),
    (emergency, &["ed_attendances", "ed_within_4h", "ed_over_6h", "ed_over_12h_arrival"]),
    (practices, &["gp_appts", "gp_dna"]),
    (charities, &["vc_referrals"]),
];

#[test]
fn services_figures_equal_plain_loops_over_the_raw_text() {
    for (family, metrics) in FAMILIES {
        let mut figures = Figures::default();
        family(&TOWN, &mut figures);
        figures.assert_equal(&TOWN, metrics, Depth::Rows);
    }
}

#[test]
fn services_people_and_sexes_equal_plain_loops_where_every_record_is_right() {
    for (family, metrics) in FAMILIES {
        let mut figures = Figures::default();
        family(&TIDY_TOWN, &mut figures);
        figures.assert_equal(&TIDY_TOWN, metrics, Depth::People);
    }
}

fn tally<'a>(town: &'a Town, path: &str) -> &'a Tally {
    let name = path.rsplit('/').next().unwrap();
    &town.evaluation.staged.files.iter().find(|file| file.name == name).unwrap().tally
}

/// What became of the rows of each file, by plain loops: rows left out by reason, and rows sent again.
#[derive(Default)]
struct Fates {
    read: u64,
    excluded: BTreeMap<String, u64>,
    duplicated: u64,
}

impl Fates {
    fn exclude(&mut self, reason: &str) {
        *self.excluded.entry(reason.to_owned()).or_default() += 1;
    }
}

/// `judge` says why a row is left out; an id seen before among the others is a row sent again.
fn fates<'a>(rows: &[Row<'a>], id: &str, judge: &dyn Fn(&Row<'a>) -> Option<&'static str>) -> BTreeMap<&'a str, Fates> {
    let mut files: BTreeMap<&str, Fates> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for row in rows {
        let fates = files.entry(row.file).or_default();
        fates.read += 1;
        let is_first = id.is_empty() || seen.insert((row.place, row.get(id)));
        match judge(row) {
            Some(reason) if is_first || reason != "parent_excluded" => fates.exclude(reason),
            _ => fates.duplicated += u64::from(!is_first),
        }
    }
    files
}

#[test]
fn rows_are_kept_excluded_or_duplicated_as_plain_loops_say() {
    let clients = consenting(&TOWN);
    let referrals = rows(&TOWN, "community/", "_community_referral.csv");
    let is_client = |row: &Row<'_>| clients.contains_key(&(row.place, row.get("local_client_id")));
    let linked: BTreeSet<Id<'_>> =
        referrals.iter().filter(|row| is_client(row)).map(|row| (row.place, row.get("referral_id"))).collect();
    let of_parent =
        |row: &Row<'_>| (!linked.contains(&(row.place, row.get("referral_id")))).then_some("parent_excluded");
    let table = |folder: &str, ending: &str| rows(&TOWN, folder, ending);
    let expected = [
        fates(&table("community/", "_community_client.csv"), "local_client_id", &|row| {
            (!is_client(row)).then_some("no_consent")
        }),
        fates(&referrals, "referral_id", &of_parent),
        fates(&table("community/", "_community_contact.csv"), "contact_id", &of_parent),
        fates(&table("community/", "_community_outcome.csv"), "", &of_parent),
        fates(&table("emergency_care/", "_ECDS.csv"), "Generated_Record_ID", &left_out),
        fates(&table("gp/", "_gp_appointment.csv"), "appointment_id", &|row| {
            (row.get("status") == "Slot Available").then_some("empty_slot")
        }),
        fates(&table("gp/", "gp_registration.csv"), "", &|_| None),
        fates(&table("mental_health/", "_MHS001MPI.csv"), "LocalPatientId", &|_| None),
        fates(&table("mental_health/", "_MHS101Referral.csv"), "UniqServReqID", &|_| None),
        fates(&table("mental_health/", "_MHS201CareContact.csv"), "UniqCareContID", &|_| None),
        fates(&table("talking_therapies/", "_IDS101Referral.csv"), "ServiceRequestId", &|_| None),
        fates(&table("talking_therapies/", "_IDS201CareContact.csv"), "CareContactId", &|_| None),
    ];
    let mut sums = [0, 0];
    for (path, fates) in expected.iter().flatten() {
        let tally = tally(&TOWN, path);
        assert_eq!(
            (tally.read, &tally.excluded, tally.duplicated),
            (fates.read, &fates.excluded, fates.duplicated),
            "{path}"
        );
        assert!(tally.rejected.is_empty() && tally.adds_up(), "{path}");
        sums[0] += fates.duplicated;
        sums[1] += fates.excluded.get("parent_excluded").copied().unwrap_or_default();
    }
    assert!(sums[0] > 100 && sums[1] > 100, "{sums:?}");
}
