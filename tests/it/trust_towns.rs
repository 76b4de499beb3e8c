//! Two hundred small towns with two trusts: dates on the edges of every window, limit and quarter, one trust with a gap in
//! what it sent; empty towns, towns of one person, and towns with nothing but what a row must have.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use pathlink::synth;

use crate::therapy_towns::{Dice, date, number};
use crate::town::{Town, lean, of_files};

/// The towns, made once for every test.
pub(crate) static TOWNS_OF_TRUSTS: LazyLock<Vec<Town>> =
    LazyLock::new(|| (0..210).map(|seed| lean(town(seed))).collect());

/// Unbroken ranges of days that each trust covers.
pub(crate) const COVERED: [(&str, &str, &str); 3] =
    [("ZT1", "2023-01-01", "2026-03-31"), ("ZT2", "2023-01-01", "2024-06-30"), ("ZT2", "2024-08-01", "2026-03-31")];

/// A tool with its scale's name, the scores that are possible, and scores on and about the edges.
pub(crate) struct Tool {
    pub(crate) code: &'static str,
    pub(crate) scale: &'static str,
    pub(crate) range: (f64, f64),
    scores: &'static [&'static str],
}

const fn tool(code: &'static str, scale: &'static str, range: (f64, f64), scores: &'static [&'static str]) -> Tool {
    Tool { code, scale, range, scores }
}

/// The tools that the trusts of these towns use.
pub(crate) const TOOLS: [Tool; 14] = [
    tool("1037651000000100", "dialog 1", (0.0, 7.0), &["1", "3", "4", "5", "7", "8"]),
    tool("1037661000000100", "dialog 2", (0.0, 7.0), &["2", "3", "4", "5", "8", "n/a"]),
    tool("1091071000000100", "reqol", (0.0, 40.0), &["10", "14", "15", "19", "20", "41", ""]),
    tool("959951000000108", "gbo 0", (0.0, 10.0), &["1", "3", "4", "7", "10", "11"]),
    tool("1034351000000100", "gbo 1", (0.0, 10.0), &["0", "2", "3", "5", "6", "9.5"]),
    tool("979641000000103", "honos 1", (0.0, 4.0), &["0", "1", "2", "3", "4", "9"]),
    tool("980771000000100", "honos 65 2", (0.0, 4.0), &["0", "1", "2", "3", "4", "9"]),
    tool("720433000", "phq9", (0.0, 27.0), &["3", "8", "9", "14", "15", "28"]),
    tool("506701000000100", "phq9", (0.0, 27.0), &["2", "9", "15", "20"]),
    tool("718147007", "prosocial", (0.0, 10.0), &["1", "4", "5", "8", "9", "11"]),
    tool("718455008", "score15", (15.0, 75.0), &["15", "20", "25", "29", "30", "40", "14"]),
    tool("718655001", "rcads", (0.0, 30.0), &["2", "8", "9", "15", "16", "17", "31"]),
    tool("989621000000101", "honosca", (0.0, 4.0), &["0", "1", "2", "3", "4"]),
    tool("718431003", "of no metric", (0.0, 40.0), &["10", "30"]),
];

const TABLES: [(&str, &str); 12] = [
    ("MHS001MPI", "NHSNumber,NHSNumberStatus,LocalPatientId,OrgIDProv,PersonBirthDate,Gender,PersDeathDate"),
    (
        "MHS101Referral",
        "UniqServReqID,LocalPatientId,OrgIDProv,ReferralRequestReceivedDate,ReferralRequestReceivedTime,SourceOfReferralMH,ClinRespPriorityType,ServDischDate",
    ),
    ("MHS102ServiceTypeReferredTo", "UniqServReqID,UniqCareProfTeamID,ServTeamTypeRefToMH,ReferRejectionDate"),
    ("MHS201CareContact", "UniqCareContID,UniqServReqID,CareContDate,CareContTime,AttendStatus,ConsMechanismMH"),
    ("MHS105OnwardReferral", "UniqServReqID,OrgIDProv,OnwardReferDate,OrgIDReceiving"),
    ("MHS202CareActivity", "UniqCareActID,UniqCareContID"),
    ("MHS606CodedScoreAssessmentRefer", "UniqServReqID,CodedAssToolType,PersScore,AssToolCompTimestamp"),
    ("MHS607CodedScoreAssessmentAct", "UniqCareActID,CodedAssToolType,PersScore"),
    ("MHS204IndirectActivity", "UniqServReqID,IndirectActDate,IndirectActTime"),
    (
        "MHS501HospProvSpell",
        "UniqHospProvSpellID,UniqServReqID,StartDateHospProvSpell,DischDateHospProvSpell,SourceAdmMHHospProvSpell,MethOfDischMHHospProvSpell,DestOfDischHospProvSpell",
    ),
    ("MHS009CarePlanAgreement", "UniqCarePlanID,LocalPatientId,OrgIDProv,CarePlanAgreedDate"),
    ("MHS502WardStay", "UniqWardStayID,UniqHospProvSpellID,StartDateWardStay,EndDateWardStay,MHAdmittedPatientClass"),
];

/// A town while it grows.
struct Growing {
    dice: Dice,
    /// For scores, so that they change nothing else.
    scoring: Dice,
    /// For onward referrals, likewise.
    onward: Dice,
    /// Referrals and days of onward referrals.
    onwarded: BTreeSet<(String, i32)>,
    texts: BTreeMap<String, String>,
    next_id: u32,
    is_bare: bool,
    last: i32,
}

impl Growing {
    fn row(&mut self, provider: &str, table: &str, cells: &[&str]) {
        let heading = TABLES.iter().find(|(name, _)| *name == table).unwrap().1;
        let path = format!("mental_health/{provider}_{table}.csv");
        let text = self.texts.entry(path).or_insert_with(|| format!("{heading}\n"));
        writeln!(text, "{}", cells.join(",")).unwrap();
    }

    fn id(&mut self, letter: char) -> String {
        self.next_id += 1;
        format!("{letter}{:09}", self.next_id.wrapping_mul(7919))
    }

    /// One of some values, and nothing at all in a bare town.
    fn given(&mut self, values: &[&'static str]) -> &'static str {
        if self.is_bare { "" } else { self.dice.pick(values) }
    }

    fn person(&mut self, person: u64) {
        let born = if self.is_bare { String::new() } else { self.born() };
        let died = if self.dice.one_in(6) {
            date(self.dice.between(synth::day_of(2024, 1, 1), self.last))
        } else {
            String::new()
        };
        let gender = self.dice.pick(&["1", "2"]);
        let first = self.dice.pick(&["ZT1", "ZT2"]);
        let both = self.dice.one_in(4);
        for provider in ["ZT1", "ZT2"].into_iter().filter(|one| both || *one == first) {
            let local = self.id('L');
            self.row(provider, "MHS001MPI", &[&number(person), "01", &local, provider, &born, gender, &died]);
            let mut received = self.dice.between(synth::day_of(2023, 3, 1), synth::day_of(2025, 11, 1));
            for _ in 0..self.dice.between(1, 3) {
                let ended = self.referral((provider, &local), received);
                received = ended + self.dice.pick(&[-3, 0, 1, 5, 6, 30, 31, 90, 91, 180, 181, 365, 366]);
                if received > self.last {
                    break;
                }
            }
        }
    }

    /// Somebody who is a child, an adult or old, and often has a birthday of importance in these years.
    fn born(&mut self) -> String {
        let years = self.dice.pick(&[18, 18, 65, 40, 70, 12]);
        let (year, month, day) = (2024 - years, self.dice.between(1, 12), self.dice.between(1, 28));
        format!("{year}-{month:02}-{day:02}")
    }

    /// A referral with all that hangs on it; the day it ends, or is not yet known to.
    fn referral(&mut self, (provider, local): (&str, &str), received: i32) -> i32 {
        let id = self.id('R');
        let end = received + self.dice.pick(&[0, 1, 10, 28, 60, 100, 250, 400, 740]);
        let is_open = end > self.last || self.dice.one_in(5);
        let ended = if is_open { String::new() } else { date(end) };
        let time = self.given(&["", "00:00:00", "10:00:00", "10:00:00", "23:59:00"]);
        let (source, priority) = (self.given(&["A1", "H1", "H1", ""]), self.given(&["1", "2", "2", "4", "4", "3", ""]));
        self.row(provider, "MHS101Referral", &[&id, local, provider, &date(received), time, source, priority, &ended]);
        self.teams(provider, &id, received);
        self.scores_and_plans((provider, local), &id, received);
        let last = if is_open { self.last } else { end };
        for _ in 0..self.dice.pick(&[0, 1, 2, 3, 4, 5]) {
            let day = received + self.dice.pick(&[-1, 0, 0, 0, 1, 7, 27, 28, 29, 126, 127, 364, 365]);
            let day = if self.dice.one_in(6) { last + self.dice.pick(&[0, 1]) } else { day };
            self.contact(provider, &id, (day, time));
        }
        self.scores(provider, &id, (received, last));
        let mut start = received + self.dice.pick(&[0, 1, 30]);
        for _ in 0..self.dice.pick(&[0, 0, 1, 1, 2]) {
            start = self.spell(provider, &id, start);
        }
        if is_open { received + 5 } else { end }
    }

    fn teams(&mut self, provider: &str, referral: &str, received: i32) {
        let types = ["A06", "A05", "A14", "D05", "A02", "A18", "A11", "C05", "A10"];
        let first = self.dice.below(9) as usize;
        for at in 0..self.dice.pick(&[0, 1, 1, 1, 2]) {
            let team = if self.is_bare { "" } else { types[(first + at * 4) % 9] };
            let rejected = if self.dice.one_in(4) { date((received + 2).min(self.last)) } else { String::new() };
            self.row(provider, "MHS102ServiceTypeReferredTo", &[referral, &format!("T{at}"), team, &rejected]);
        }
    }

    /// Scores and care plans about the edges of four weeks, some of them outside the referral.
    fn scores_and_plans(&mut self, (provider, local): (&str, &str), referral: &str, received: i32) {
        for _ in 0..self.dice.pick(&[0, 1, 1, 2]) {
            let day = received + self.dice.pick(&[-1, 0, 1, 7, 27, 28, 29, 60]);
            if day <= self.last {
                let at = format!("{}T10:00:00", date(day));
                let score = self.dice.between(0, 27).to_string();
                self.row(provider, "MHS606CodedScoreAssessmentRefer", &[referral, "720433000", &score, &at]);
            }
        }
        for _ in 0..self.dice.pick(&[0, 1, 1, 1, 2]) {
            let day = received + self.dice.pick(&[-1, 0, 7, 27, 28, 28, 29, 60]);
            let agreed = if day > self.last || self.is_bare { String::new() } else { date(day) };
            let id = self.id('P');
            self.row(provider, "MHS009CarePlanAgreement", &[&id, local, provider, &agreed]);
        }
    }

    /// A contact on a day, some minutes about a time of day.
    fn contact(&mut self, provider: &str, referral: &str, (day, time): (i32, &str)) {
        if day > self.last || self.is_bare && self.dice.one_in(2) {
            return;
        }
        let minutes = if time.is_empty() { 600 } else { time[..2].parse::<i32>().unwrap() * 60 };
        let minute = (minutes + self.dice.pick(&[-1, 0, 1, 59, 60, 61, 239, 240, 241])).rem_euclid(1440);
        let at = if self.is_bare || self.dice.one_in(8) {
            String::new()
        } else {
            format!("{:02}:{:02}:00", minute / 60, minute % 60)
        };
        let attended = self.given(&["5", "5", "05", "6", "5", "3", "7", "2", "4", ""]);
        let mechanism = self.given(&["01", "01", "1", "02", "04", "11", "03", "05", "12", ""]);
        let id = self.id('C');
        self.row(provider, "MHS201CareContact", &[&id, referral, &date(day), &at, attended, mechanism]);
        if self.scoring.one_in(3) {
            let activity = self.id('V');
            let tool = &TOOLS[self.scoring.below(TOOLS.len() as u64) as usize];
            let score = self.scoring.pick(tool.scores);
            self.row(provider, "MHS202CareActivity", &[&activity, &id]);
            self.row(provider, "MHS607CodedScoreAssessmentAct", &[&activity, tool.code, score]);
        }
    }

    /// Scores of a referral on days about its beginning, its contacts and its end; of a tool one a day.
    fn scores(&mut self, provider: &str, referral: &str, (received, last): (i32, i32)) {
        let mut given = BTreeSet::new();
        for _ in 0..self.scoring.between(4, 14) {
            let tool = &TOOLS[self.scoring.below(TOOLS.len() as u64) as usize];
            for _ in 0..self.scoring.between(1, 4) {
                let early = received + self.scoring.pick(&[-1, 0, 0, 1, 7, 27, 28, 29, 60]);
                let day = if self.scoring.one_in(2) { early } else { last + self.scoring.pick(&[-1, 0, 0, 1]) };
                if day <= self.last && given.insert((tool.scale, day)) {
                    let (score, on) = (self.scoring.pick(tool.scores), format!("{}T09:00:00", date(day)));
                    self.row(provider, "MHS606CodedScoreAssessmentRefer", &[referral, tool.code, score, &on]);
                }
            }
        }
    }

    /// Referrals on about the ends of a stay: to the other trust, to one of its sites or of the own, to somebody who sends nothing,
    /// or to nobody that is named; of one day one.
    fn referred_on(&mut self, provider: &str, referral: &str, (start, end): (i32, i32)) {
        let mut given = BTreeSet::new();
        for _ in 0..self.onward.pick(&[0, 0, 0, 1, 1, 2]) {
            let day = self.onward.pick(&[start - 1, start, end, end, end, end + 1]);
            let other = if provider == "ZT1" {
                ["ZT2", "ZT2", "ZT201", "ZT101", "RX9", ""]
            } else {
                ["ZT1", "ZT1", "ZT1AA", "ZT2", "RX9", ""]
            };
            let to = self.onward.pick(&other);
            if day <= self.last && given.insert(day) && self.onwarded.insert((referral.to_owned(), day)) {
                self.row(provider, "MHS105OnwardReferral", &[referral, provider, &date(day), to]);
            }
        }
    }

    /// A spell with its ward stays and what came before and after; the start of the next.
    fn spell(&mut self, provider: &str, referral: &str, start: i32) -> i32 {
        if start > self.last {
            return start;
        }
        let id = self.id('S');
        let end = start + self.dice.pick(&[0, 1, 10, 59, 60, 89, 90]);
        let is_open = end > self.last || self.dice.one_in(8);
        let ended = if is_open { String::new() } else { date(end) };
        let method = self.given(&["", "1", "1", "1", "4", "5", "6", "8"]);
        let to = self.given(&["", "19", "19", "19", "53", "37", "38", "40", "87", "89"]);
        let from = self.given(&["", "19", "19", "53", "87"]);
        self.row(provider, "MHS501HospProvSpell", &[&id, referral, &date(start), &ended, from, method, to]);
        for at in 0..self.dice.pick(&[0, 1, 1, 2]) {
            let bed =
                self.given(&["10", "11", "12", "13", "16", "17", "18", "200", "200", "201", "202", "205", "301", ""]);
            let (stay, from) = (self.id('W'), (start + at).min(self.last));
            self.row(provider, "MHS502WardStay", &[&stay, &id, &date(from), &ended, bed]);
        }
        self.referred_on(provider, referral, (start, end));
        for _ in 0..self.dice.below(3) {
            let day = self.dice.pick(&[end, end + 1, end + 3, end + 4, start - 2, start - 3, start - 365, start - 366]);
            self.contact(provider, referral, (day, "10:00:00"));
        }
        if self.dice.one_in(6) {
            let day = date(start - self.dice.pick(&[2, 3, 365, 366]));
            let time = format!("09:{:02}:00", self.dice.below(60));
            self.row(provider, "MHS204IndirectActivity", &[referral, &day, &time]);
        }
        if is_open { self.last + 1 } else { end + self.dice.pick(&[0, 1, 3, 4, 13, 14, 28, 29, 30, 31]) }
    }
}

fn town(seed: u64) -> Town {
    let last = synth::day_of(2026, 3, 31);
    let mut growing = Growing {
        dice: Dice(seed + 40_000),
        scoring: Dice(seed + 90_000),
        onward: Dice(seed + 70_000),
        onwarded: BTreeSet::new(),
        texts: BTreeMap::new(),
        next_id: 0,
        is_bare: seed % 10 == 2,
        last,
    };
    let people = match seed % 10 {
        0 => 0,
        1 => 1,
        _ => 10 + growing.dice.below(40),
    };
    for person in 0..people {
        growing.person(person);
    }
    let mut texts = growing.texts;
    let mut covered = "source,provider,from,to\n".to_owned();
    for (provider, from, to) in COVERED {
        writeln!(covered, "mental_health,{provider},{from},{to}").unwrap();
    }
    texts.insert("coverage.csv".to_owned(), covered);
    texts.insert("lookups/postcode_imd.csv".to_owned(), "postcode,lsoa,imd_quintile\n".to_owned());
    let files = texts.into_iter().map(|(path, text)| (path, Arc::new(text.into_bytes()))).collect();
    of_files(files, |settings| {
        settings.gates.max_rejects_percent = 100.0;
        settings.gates.max_unknown_percent = 100.0;
    })
}
