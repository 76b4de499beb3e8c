//! What the trusts of a town sent: referrals with their teams and contacts, spells with their beds, from the raw text.

use std::collections::{BTreeMap, BTreeSet};

use crate::figures::Of;
use crate::raw::{Row, day, minute, rows};
use crate::therapy_towns::date;
use crate::town::Town;
use crate::trust_towns::{COVERED, TOOLS};

/// Core community teams.
pub(crate) const CORE: [&str; 11] = ["A05", "A06", "A08", "A09", "A12", "A13", "A14", "A16", "C03", "C10", "D05"];

/// Somebody as one trust knows them.
#[derive(Clone)]
pub(crate) struct Patient<'a> {
    pub(crate) provider: &'a str,
    pub(crate) sex: &'a str,
    pub(crate) person: &'a str,
    pub(crate) born: &'a str,
    pub(crate) died: Option<i32>,
}

impl Patient<'_> {
    pub(crate) fn of(&self) -> Of<'_> {
        Of { provider: self.provider, sex: self.sex, person: self.person }
    }

    /// Years on a day; none without a date of birth.
    pub(crate) fn age(&self, on: i32) -> Option<i32> {
        let on = date(on);
        let years = on[..4].parse::<i32>().unwrap() - self.born.get(..4)?.parse::<i32>().unwrap();
        Some(years - i32::from(on[5..] < self.born[5..]))
    }

    pub(crate) fn is_aged(&self, on: i32, from: i32, to: i32) -> bool {
        self.age(on).is_some_and(|age| (from..=to).contains(&age))
    }
}

/// One row, or several of one id.
pub(crate) struct Contact {
    pub(crate) day: i32,
    pub(crate) minute: Option<i32>,
    pub(crate) is_direct: bool,
    pub(crate) is_face_to_face: bool,
}

/// One row, or several of one id.
pub(crate) struct Referral<'a> {
    pub(crate) patient: Patient<'a>,
    pub(crate) received: i32,
    pub(crate) received_minute: Option<i32>,
    pub(crate) ended: Option<i32>,
    pub(crate) source: &'a str,
    pub(crate) priority: &'a str,
    pub(crate) teams: Vec<&'a str>,
    pub(crate) is_rejected: bool,
    /// Attended ones, by day.
    pub(crate) contacts: Vec<Contact>,
    pub(crate) has_spell: bool,
    /// Tool, day and score as sent, but for those of contacts that were not attended.
    pub(crate) scores: Vec<(&'a str, i32, &'a str)>,
}

/// One row, or several of one id.
pub(crate) struct Spell<'a> {
    pub(crate) id: (&'a str, &'a str),
    pub(crate) referral: &'a str,
    pub(crate) patient: Patient<'a>,
    pub(crate) start: i32,
    pub(crate) end: Option<i32>,
    pub(crate) source: &'a str,
    pub(crate) method: &'a str,
    pub(crate) destination: &'a str,
    pub(crate) first_bed: &'a str,
    pub(crate) last_bed: &'a str,
}

/// What a town's trusts sent.
#[derive(Default)]
pub(crate) struct Sent<'a> {
    pub(crate) referrals: BTreeMap<(&'a str, &'a str), Referral<'a>>,
    pub(crate) spells: Vec<Spell<'a>>,
    /// Person and day of indirect activity.
    pub(crate) indirect: Vec<(&'a str, i32)>,
    /// Provider, person and day of care plans.
    pub(crate) plans: Vec<(&'a str, &'a str, i32)>,
    /// Provider, referral and day of onward referrals, and to whom.
    pub(crate) onward: Vec<(&'a str, &'a str, i32, &'a str)>,
    /// Trusts that sent a referral.
    pub(crate) trusts: BTreeSet<&'a str>,
}

fn optional(text: &str) -> Option<i32> {
    (!text.is_empty()).then(|| day(text))
}

fn table<'a>(town: &'a Town, name: &str) -> Vec<Row<'a>> {
    rows(town, "mental_health/", &format!("_{name}.csv"))
}

fn patients(town: &Town) -> BTreeMap<(&str, &str), Patient<'_>> {
    let mut patients = BTreeMap::new();
    for row in table(town, "MHS001MPI") {
        let patient = Patient {
            provider: row.place,
            sex: if row.get("Gender") == "1" { "male" } else { "female" },
            person: row.get("NHSNumber"),
            born: row.get("PersonBirthDate"),
            died: optional(row.get("PersDeathDate")),
        };
        patients.insert((row.place, row.get("LocalPatientId")), patient);
    }
    patients
}

fn referrals<'a>(
    town: &'a Town,
    patients: &BTreeMap<(&str, &str), Patient<'a>>,
) -> BTreeMap<(&'a str, &'a str), Referral<'a>> {
    let mut referrals = BTreeMap::new();
    for row in table(town, "MHS101Referral") {
        let time = row.get("ReferralRequestReceivedTime");
        let referral = Referral {
            patient: patients[&(row.place, row.get("LocalPatientId"))].clone(),
            received: day(row.get("ReferralRequestReceivedDate")),
            received_minute: (!time.is_empty()).then(|| minute(time)),
            ended: optional(row.get("ServDischDate")),
            source: row.get("SourceOfReferralMH"),
            priority: row.get("ClinRespPriorityType"),
            teams: Vec::new(),
            is_rejected: true,
            contacts: Vec::new(),
            has_spell: false,
            scores: Vec::new(),
        };
        referrals.insert((row.place, row.get("UniqServReqID")), referral);
    }
    for row in table(town, "MHS102ServiceTypeReferredTo") {
        let referral = referrals.get_mut(&(row.place, row.get("UniqServReqID"))).unwrap();
        referral.teams.push(row.get("ServTeamTypeRefToMH"));
        referral.is_rejected &= !row.get("ReferRejectionDate").is_empty();
    }
    for row in table(town, "MHS201CareContact").iter().filter(|row| matches!(row.code("AttendStatus"), "5" | "6")) {
        let (time, mechanism) = (row.get("CareContTime"), row.code("ConsMechanismMH"));
        let contact = Contact {
            day: day(row.get("CareContDate")),
            minute: (!time.is_empty()).then(|| minute(time)),
            is_direct: matches!(mechanism, "1" | "2" | "3" | "4" | "11"),
            is_face_to_face: mechanism == "1",
        };
        referrals.get_mut(&(row.place, row.get("UniqServReqID"))).unwrap().contacts.push(contact);
    }
    for referral in referrals.values_mut() {
        referral.is_rejected &= !referral.teams.is_empty();
        referral.contacts.sort_by_key(|contact| contact.day);
    }
    referrals
}

/// Scores of referrals, and those of activities at contacts that were attended.
fn add_scores<'a>(town: &'a Town, referrals: &mut BTreeMap<(&'a str, &'a str), Referral<'a>>) {
    for row in table(town, "MHS606CodedScoreAssessmentRefer") {
        let own = referrals.get_mut(&(row.place, row.get("UniqServReqID"))).unwrap();
        let on = day(row.get("AssToolCompTimestamp").split('T').next().unwrap());
        own.scores.push((row.get("CodedAssToolType"), on, row.get("PersScore")));
    }
    let contacts: BTreeMap<_, _> =
        table(town, "MHS201CareContact").into_iter().map(|row| ((row.place, row.get("UniqCareContID")), row)).collect();
    let activities: BTreeMap<_, _> =
        table(town, "MHS202CareActivity").into_iter().map(|row| ((row.place, row.get("UniqCareActID")), row)).collect();
    for row in table(town, "MHS607CodedScoreAssessmentAct") {
        let activity = &activities[&(row.place, row.get("UniqCareActID"))];
        let contact = &contacts[&(row.place, activity.get("UniqCareContID"))];
        if matches!(contact.code("AttendStatus"), "5" | "6") {
            let own = referrals.get_mut(&(row.place, contact.get("UniqServReqID"))).unwrap();
            own.scores.push((row.get("CodedAssToolType"), day(contact.get("CareContDate")), row.get("PersScore")));
        }
    }
}

/// Everything of a town.
pub(crate) fn sent(town: &Town) -> Sent<'_> {
    let patients = patients(town);
    let mut sent = Sent { referrals: referrals(town, &patients), ..Sent::default() };
    add_scores(town, &mut sent.referrals);
    for row in table(town, "MHS009CarePlanAgreement").iter().filter(|row| !row.get("CarePlanAgreedDate").is_empty()) {
        let person = patients[&(row.place, row.get("LocalPatientId"))].person;
        sent.plans.push((row.place, person, day(row.get("CarePlanAgreedDate"))));
    }
    for row in table(town, "MHS105OnwardReferral") {
        sent.onward.push((
            row.place,
            row.get("UniqServReqID"),
            day(row.get("OnwardReferDate")),
            row.get("OrgIDReceiving"),
        ));
    }
    sent.trusts = sent.referrals.keys().map(|(place, _)| *place).collect();
    for row in table(town, "MHS501HospProvSpell") {
        let referral = sent.referrals.get_mut(&(row.place, row.get("UniqServReqID"))).unwrap();
        referral.has_spell = true;
        sent.spells.push(Spell {
            id: (row.place, row.get("UniqHospProvSpellID")),
            referral: row.get("UniqServReqID"),
            patient: referral.patient.clone(),
            start: day(row.get("StartDateHospProvSpell")),
            end: optional(row.get("DischDateHospProvSpell")),
            source: row.get("SourceAdmMHHospProvSpell"),
            method: row.get("MethOfDischMHHospProvSpell"),
            destination: row.get("DestOfDischHospProvSpell"),
            first_bed: "",
            last_bed: "",
        });
    }
    // The generator gives a spell's ward stays in the order of their days.
    for row in table(town, "MHS502WardStay") {
        let id = (row.place, row.get("UniqHospProvSpellID"));
        let spell = sent.spells.iter_mut().find(|spell| spell.id == id).unwrap();
        let bed = row.get("MHAdmittedPatientClass");
        if spell.last_bed.is_empty() && spell.first_bed.is_empty() {
            spell.first_bed = if bed.is_empty() { "none" } else { bed };
        }
        spell.last_bed = if bed.is_empty() { "none" } else { bed };
    }
    for row in table(town, "MHS204IndirectActivity") {
        let person = sent.referrals[&(row.place, row.get("UniqServReqID"))].patient.person;
        sent.indirect.push((person, day(row.get("IndirectActDate"))));
    }
    sent
}

impl Referral<'_> {
    /// Attended direct contacts while it is open.
    pub(crate) fn direct(&self) -> Vec<i32> {
        let is_in = |day: i32| self.received <= day && self.ended.is_none_or(|ended| day <= ended);
        self.contacts.iter().filter(|one| one.is_direct && is_in(one.day)).map(|one| one.day).collect()
    }

    /// Days of scores while it is open: without a value, or with one that the measure cannot have, there is none.
    pub(crate) fn scored(&self) -> Vec<i32> {
        let is_in = |day: &i32| self.received <= *day && self.ended.is_none_or(|ended| *day <= ended);
        let is_score = |tool: &str, value: &str| {
            let known = TOOLS.iter().find(|one| one.code == tool);
            let (low, high) = known.map_or((0.0, 27.0), |one| one.range);
            value.parse().is_ok_and(|value: f64| (low..=high).contains(&value))
        };
        let scores = self.scores.iter().filter(|(tool, _, value)| is_score(tool, value));
        scores.map(|(_, day, _)| *day).filter(is_in).collect()
    }

    pub(crate) fn has_team(&self, teams: &[&str]) -> bool {
        self.teams.iter().any(|team| teams.contains(team))
    }

    pub(crate) fn is_community(&self) -> bool {
        self.has_team(&CORE) && !self.has_spell && self.patient.is_aged(self.received, 18, 200)
    }

    /// Whether somebody saw the person first within so many minutes.
    pub(crate) fn is_seen_within(&self, most: i32) -> bool {
        let waits = self.contacts.iter().filter(|one| one.is_face_to_face).filter_map(|one| {
            let wait = (one.day - self.received) * 1440 + one.minute? - self.received_minute?;
            (wait >= 0).then_some(wait)
        });
        waits.min().is_some_and(|wait| wait <= most)
    }
}

/// Whether a trust covers a day and so many days before or after it without a break.
pub(crate) fn is_covered(provider: &str, from: i32, to: i32) -> bool {
    COVERED.iter().any(|(one, first, last)| *one == provider && day(first) <= from && to <= day(last))
}
