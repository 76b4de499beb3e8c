//! Small invented towns of Talking Therapies alone, made by chance so that most of what happens lies on an edge: waits of
//! 42 and 43 days, changes of just the least amount, codes as they arrive, scores outside the course, nothing at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use pathlink::synth;

use crate::town::{Town, of_files};

/// Chance that is the same on every machine (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    pub(crate) fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn between(&mut self, least: i32, most: i32) -> i32 {
        least + i32::try_from(self.below((most - least + 1) as u64)).unwrap()
    }

    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }
}

/// The files of a town while they grow.
#[derive(Default)]
struct Files {
    texts: BTreeMap<String, String>,
    /// Scores that were given: of one referral or activity, scale and day there is one.
    scored: BTreeSet<(String, &'static str, i32)>,
    next_id: u32,
}

const PROVIDERS: [&str; 2] = ["ZI1", "ZI2"];
const TABLES: [(&str, &str); 7] = [
    ("IDS001MPI", "NHSNumber,NHSNumberStatus,LocalPatientId,OrgID_Provider,PersonBirthDate,Postcode,Gender"),
    (
        "IDS101Referral",
        "ServiceRequestId,LocalPatientId,OrgID_Provider,ReferralRequestReceivedDate,SourceOfReferralMH,ServDischDate,EndCode",
    ),
    (
        "IDS201CareContact",
        "CareContactId,ServiceRequestId,CareContDate,AttendOrDNACode,AppType,PlannedCareContIndicator",
    ),
    ("IDS202CareActivity", "CareActId,CareContactId"),
    ("IDS603PresentingComplaints", "ServiceRequestId,PresComp,PresCompCodSig,PresCompDate"),
    ("IDS606CodedScoreAssessmentRefer", "ServiceRequestId,CodedAssToolType,PersScore,AssToolCompDate"),
    ("IDS607CodedScoreAssessmentAct", "CareActId,CodedAssToolType,PersScore"),
];

/// Scales as tool types, with scores on and about their edges.
const SCALES: [(&str, &[&str], &[&str]); 2] = [
    ("phq9", &["720433000", "506701000000100"], &["0", "3", "4", "9", "10", "15", "16", "21", "27", "28"]),
    ("gad7", &["445455005"], &["0", "3", "4", "7", "8", "11", "12", "15", "21", "22"]),
];

impl Files {
    fn row(&mut self, provider: &str, table: &str, cells: &[&str]) {
        let text = self.texts.get_mut(&path(provider, table)).unwrap();
        writeln!(text, "{}", cells.join(",")).unwrap();
    }

    fn id(&mut self, letter: char) -> String {
        self.next_id += 1;
        format!("{letter}{:09}", self.next_id.wrapping_mul(7919))
    }
}

fn path(provider: &str, table: &str) -> String {
    format!("talking_therapies/{provider}_{table}.csv")
}

/// A day as a date.
pub(crate) fn date(day: i32) -> String {
    // Days since 1970 as a civil date (Howard Hinnant's algorithm).
    let shifted = day - synth::day_of(1970, 1, 1) + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{}-{month:02}-{day:02}", year_of_era + era * 400 + next)
}

/// The NHS number of somebody: of the test range, with its check digit.
pub(crate) fn number(person: u64) -> String {
    let mut body = 900_000_000 + person * 13;
    loop {
        let sum: u64 = (2..=10).map(|weight| body / 10_u64.pow(weight - 2) % 10 * u64::from(weight)).sum();
        match 11 - sum % 11 {
            10 => body += 1,
            11 => return format!("{body}0"),
            digit => return format!("{body}{digit}"),
        }
    }
}

/// Cut-offs of anxiety measures that half of the towns set: some both, one its caseness alone, one its reliable change alone.
const SET: &str = "spin_caseness = { value = 19, verified = false, source = \"invented\" }
spin_reliable = { value = 10, verified = false, source = \"invented\" }
pdss_reliable = { value = 5, verified = false, source = \"invented\" }
oci_caseness = { value = 40, verified = true, source = \"invented\" }
oci_reliable = { value = 32, verified = false, source = \"invented\" }
pcl5_caseness = { value = 32, verified = false, source = \"invented\" }
hai_reliable = { value = 4, verified = false, source = \"invented\" }
";

/// Whether a town sets them.
pub(crate) fn is_set(seed: u64) -> bool {
    seed % 4 > 1
}

/// A town of 0 to 60 people; every tenth is empty, has one person, or has nothing but what it must.
pub(crate) fn therapy_town(seed: u64) -> Town {
    let mut dice = Dice(seed);
    let mut files = Files::default();
    for provider in PROVIDERS {
        for (table, heading) in TABLES {
            files.texts.insert(path(provider, table), format!("{heading}\n"));
        }
    }
    let people = match seed % 10 {
        0 => 0,
        1 => 1,
        _ => 10 + dice.below(50),
    };
    for person in 0..people {
        let provider = dice.pick(&PROVIDERS);
        let local = files.id('L');
        let gender = dice.pick(&["1", "2"]);
        let born = date(dice.between(-18_000, 9_000));
        files.row(provider, "IDS001MPI", &[&number(person), "01", &local, provider, &born, "", gender]);
        for _ in 0..dice.between(1, 2) {
            referral(&mut files, &mut dice, (provider, &local), seed % 10 == 2);
        }
    }
    // A file without rows is refused, as one that was cut.
    let texts = files.texts.into_iter().filter(|(_, text)| text.lines().count() > 1);
    let mut all: BTreeMap<String, Arc<Vec<u8>>> =
        texts.map(|(path, text)| (path, Arc::new(text.into_bytes()))).collect();
    let mut covered = "source,provider,from,to\n".to_owned();
    for provider in PROVIDERS {
        writeln!(covered, "talking_therapies,{provider},2023-01-01,2026-03-31").unwrap();
    }
    all.insert("coverage.csv".to_owned(), Arc::new(covered.into_bytes()));
    all.insert("lookups/postcode_imd.csv".to_owned(), Arc::new(b"postcode,lsoa,imd_quintile\n".to_vec()));
    // Files are so small that a few impossible scores are a large share of one.
    of_files(all, |settings| {
        settings.gates.max_rejects_percent = 100.0;
        settings.gates.max_unknown_percent = 100.0;
        if is_set(seed) {
            settings.cut_offs = toml::from_str(SET).unwrap();
        }
    })
}

/// A referral with all that hangs on it. A bare one has no contact, score or problem.
fn referral(files: &mut Files, dice: &mut Dice, (provider, local): (&str, &str), is_bare: bool) {
    let last = synth::day_of(2026, 3, 31);
    let id = files.id('R');
    let received = dice.between(synth::day_of(2023, 2, 1), last - 10);
    let mut day = received + dice.pick(&[-1, 0, 1, 20, 42, 43, 60, 126, 127]);
    let mut contacts = Vec::new();
    for _ in 0..dice.pick(&[0, 1, 2, 2, 3, 3, 4]) {
        contacts.push(day);
        day += dice.pick(&[0, 7, 14, 27, 28, 29, 90, 91]);
    }
    contacts.retain(|day| !is_bare && *day <= last);
    let end = contacts.last().copied().unwrap_or(received) + dice.pick(&[-7, 0, 1, 30]);
    let ended = (!dice.one_in(5) && end <= last && end >= received).then_some(end);
    let source = dice.pick(&["A1", "B1", ""]);
    let (received_text, ended_text) = (date(received), ended.map_or(String::new(), date));
    let code = if ended.is_some() { "46" } else { "" };
    files.row(provider, "IDS101Referral", &[&id, local, provider, &received_text, source, &ended_text, code]);
    if is_bare {
        return;
    }
    for day in &contacts {
        contact(files, dice, (provider, &id), *day);
    }
    for _ in 0..dice.between(0, 9) {
        let day = dice.pick(&[received - 1, received, received + 1, received + 10, end - 1, end, end + 1]).min(last);
        if let Some((tool, score)) = score(files, dice, (&id, day)) {
            files.row(provider, "IDS606CodedScoreAssessmentRefer", &[&id, tool, score, &date(day)]);
        }
    }
    problems(files, dice, (provider, &id), (received, end.min(last)));
}

/// Problems, each on a day of its own, with scores on and about the edges of the measures that may fit them.
fn problems(files: &mut Files, dice: &mut Dice, (provider, referral): (&str, &str), (first, last): (i32, i32)) {
    let measures: [(&str, &str, &[&str]); 8] = [
        ("F401", "SPIN", &["8", "9", "18", "19", "28", "29"]),
        ("F41.0", "PDSS", &["2", "3", "7", "8", "12", "13"]),
        ("F42", "OCI", &["7", "8", "39", "40", "71", "72"]),
        ("F431", "PCL-5", &["21", "22", "31", "32", "41", "42"]),
        ("F452", "HAI", &["13", "14", "17", "18", "21", "22"]),
        ("83482000", "BIQ", &["1", "5"]),
        ("F32", "", &[]),
        ("F411", "", &[]),
    ];
    for at in 0..dice.pick(&[0, 1, 1, 1, 2]) {
        let (code, tool, scores) = dice.pick(&measures);
        let significance = dice.pick(&["Primary", "Primary", "Secondary"]);
        let on = date((first + at).min(last));
        files.row(provider, "IDS603PresentingComplaints", &[referral, code, significance, &on]);
        for _ in 0..if tool.is_empty() { 0 } else { dice.pick(&[0, 1, 2, 2, 3]) } {
            let day = dice.pick(&[first - 1, first, first + 1, first + 3, last, last]);
            if files.scored.insert((referral.to_owned(), tool, day)) {
                let cells = [referral, tool, dice.pick(scores), &date(day)];
                files.row(provider, "IDS606CodedScoreAssessmentRefer", &cells);
            }
        }
    }
}

fn contact(files: &mut Files, dice: &mut Dice, (provider, referral): (&str, &str), day: i32) {
    let id = files.id('C');
    let attended = dice.pick(&["5", "5", "05", " 5", "6 ", "5", "3", "03", "7", "2", "4", ""]);
    let kind = dice.pick(&["02", "02", "2", "03", " 5", "02", "01", "04", "06", "10", ""]);
    let planned = dice.pick(&["Y", "Y", "Y", "N", ""]);
    files.row(provider, "IDS201CareContact", &[&id, referral, &date(day), attended, kind, planned]);
    if dice.one_in(4) {
        return;
    }
    let activity = files.id('A');
    files.row(provider, "IDS202CareActivity", &[&activity, &id]);
    for _ in 0..dice.between(1, 4) {
        if let Some((tool, score)) = score(files, dice, (&activity, 0)) {
            files.row(provider, "IDS607CodedScoreAssessmentAct", &[&activity, tool, score]);
        }
    }
}

/// A tool type and a score, if there is none yet of that scale there.
fn score(files: &mut Files, dice: &mut Dice, (of, day): (&str, i32)) -> Option<(&'static str, &'static str)> {
    let (scale, tools, scores) = dice.pick(&SCALES);
    let is_new = files.scored.insert((of.to_owned(), scale, day));
    let score = if dice.one_in(20) { "" } else { dice.pick(scores) };
    is_new.then(|| (dice.pick(tools), score))
}
