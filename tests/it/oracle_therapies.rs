//! Talking Therapies a second time: plain loops and structs over the raw text, from the definitions alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::figures::{Depth, Figures, Of};
use crate::raw::{Row, day, distinct, rows};
use crate::town::{TIDY_TOWN, TOWN, Town};

const METRICS: [&str; 8] = [
    "tt_referrals",
    "tt_access",
    "tt_finished",
    "tt_recovery",
    "tt_reliable_improvement",
    "tt_reliable_recovery",
    "tt_paired",
    "tt_wait_6wk",
];

/// An organisation's code and an id of its own.
type Id<'a> = (&'a str, &'a str);

/// A referral and what happened in it.
struct Course<'a> {
    of: Of<'a>,
    received: &'a str,
    /// Empty while open.
    discharged: &'a str,
    treatments: u32,
    first_treatment: Option<&'a str>,
    /// Date and score.
    depression: Vec<(&'a str, i32)>,
    anxiety: Vec<(&'a str, i32)>,
}

/// A contact as far as scores need it.
struct Contact<'a> {
    referral: Id<'a>,
    date: &'a str,
    has_happened: bool,
}

fn folder<'a>(town: &'a Town, table: &str) -> Vec<Row<'a>> {
    rows(town, "talking_therapies/", &format!("_{table}.csv"))
}

/// Referrals of people that the index knows.
fn courses(town: &Town) -> BTreeMap<Id<'_>, Course<'_>> {
    let mut patients = BTreeMap::new();
    for row in folder(town, "IDS001MPI") {
        let sex = if row.get("Gender") == "1" { "male" } else { "female" };
        let of = Of { provider: row.get("OrgID_Provider"), sex, person: row.get("NHSNumber") };
        patients.insert((row.place, row.get("LocalPatientId")), of);
    }
    let mut courses = BTreeMap::new();
    for row in distinct(folder(town, "IDS101Referral"), "ServiceRequestId") {
        let Some(of) = patients.get(&(row.place, row.get("LocalPatientId"))) else { continue };
        let course = Course {
            of: *of,
            received: row.get("ReferralRequestReceivedDate"),
            discharged: row.get("ServDischDate"),
            treatments: 0,
            first_treatment: None,
            depression: Vec::new(),
            anxiety: Vec::new(),
        };
        courses.insert((row.place, row.get("ServiceRequestId")), course);
    }
    courses
}

/// Contacts by their id; treatment is counted in the courses.
fn contacts<'a>(town: &'a Town, courses: &mut BTreeMap<Id<'a>, Course<'a>>) -> BTreeMap<Id<'a>, Contact<'a>> {
    let mut contacts = BTreeMap::new();
    for row in distinct(folder(town, "IDS201CareContact"), "CareContactId") {
        let referral = (row.place, row.get("ServiceRequestId"));
        let Some(course) = courses.get_mut(&referral) else { continue };
        let has_happened =
            matches!(row.code("AttendOrDNACode"), "5" | "6") || row.get("PlannedCareContIndicator") == "N";
        let date = row.get("CareContDate");
        if has_happened && matches!(row.code("AppType"), "2" | "3" | "5") {
            course.treatments += 1;
            if course.first_treatment.is_none_or(|first| date < first) {
                course.first_treatment = Some(date);
            }
        }
        contacts.insert((row.place, row.get("CareContactId")), Contact { referral, date, has_happened });
    }
    contacts
}

/// Puts a score with its course if it was taken between referral and discharge.
fn add_score<'a>(course: &mut Course<'a>, row: &Row<'a>, date: &'a str) {
    if date < course.received || (!course.discharged.is_empty() && date > course.discharged) {
        return;
    }
    let score = row.get("PersScore").parse().unwrap();
    match row.get("CodedAssToolType") {
        "720433000" | "506701000000100" => course.depression.push((date, score)),
        "445455005" => course.anxiety.push((date, score)),
        _ => {}
    }
}

/// Scores of both tables; those taken at a contact count if the contact happened.
fn add_scores<'a>(
    town: &'a Town,
    courses: &mut BTreeMap<Id<'a>, Course<'a>>,
    contacts: &BTreeMap<Id<'a>, Contact<'a>>,
) {
    for row in folder(town, "IDS606CodedScoreAssessmentRefer") {
        if let Some(course) = courses.get_mut(&(row.place, row.get("ServiceRequestId"))) {
            add_score(course, &row, row.get("AssToolCompDate"));
        }
    }
    let mut activities = BTreeMap::new();
    for row in folder(town, "IDS202CareActivity") {
        activities.insert((row.place, row.get("CareActId")), (row.place, row.get("CareContactId")));
    }
    for row in folder(town, "IDS607CodedScoreAssessmentAct") {
        let contact = activities.get(&(row.place, row.get("CareActId"))).and_then(|id| contacts.get(id));
        let Some(contact) = contact.filter(|contact| contact.has_happened) else { continue };
        if let Some(course) = courses.get_mut(&contact.referral) {
            add_score(course, &row, contact.date);
        }
    }
    for course in courses.values_mut() {
        course.depression.sort_unstable();
        course.anxiety.sort_unstable();
    }
}

/// First score, and last if there are two.
fn ends(scores: &[(&str, i32)]) -> (Option<i32>, Option<i32>) {
    match scores {
        [] => (None, None),
        [(_, only)] => (Some(*only), None),
        [(_, first), .., (_, last)] => (Some(*first), Some(*last)),
    }
}

/// What became of a course, by the definitions of the fixture's task.
#[derive(Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four plain facts, each its own metric")]
struct Outcome {
    paired: bool,
    below_caseness: bool,
    recovered: bool,
    improved: bool,
}

fn outcome(depression: &[(&str, i32)], anxiety: &[(&str, i32)]) -> Outcome {
    let (first_depression, last_depression) = ends(depression);
    let (first_anxiety, last_anxiety) = ends(anxiety);
    let (Some(d1), Some(a1)) = (first_depression, first_anxiety) else { return Outcome::default() };
    let below_caseness = d1 < 10 && a1 < 8;
    let (Some(d2), Some(a2)) = (last_depression, last_anxiety) else {
        return Outcome { below_caseness, ..Outcome::default() };
    };
    let is_better = d1 - d2 >= 6 || a1 - a2 >= 4;
    let is_worse = d2 - d1 >= 6 || a2 - a1 >= 4;
    Outcome {
        paired: true,
        below_caseness,
        recovered: !below_caseness && d2 < 10 && a2 < 8,
        improved: is_better && !is_worse,
    }
}

fn figures(town: &Town) -> Figures {
    let mut courses = courses(town);
    let contacts = contacts(town, &mut courses);
    add_scores(town, &mut courses, &contacts);
    let mut figures = Figures::default();
    for course in courses.values() {
        let of = course.of;
        figures.count("tt_referrals", course.received, of);
        let Some(first) = course.first_treatment else { continue };
        figures.count("tt_access", first, of);
        if course.discharged.is_empty() || course.treatments < 2 {
            continue;
        }
        let on = course.discharged;
        let outcome = outcome(&course.depression, &course.anxiety);
        figures.count("tt_finished", on, of);
        figures.share("tt_wait_6wk", on, of, day(first) - day(course.received) <= 42);
        figures.share("tt_paired", on, of, outcome.paired);
        figures.share("tt_reliable_improvement", on, of, outcome.improved);
        if !outcome.below_caseness {
            figures.share("tt_recovery", on, of, outcome.recovered);
            figures.share("tt_reliable_recovery", on, of, outcome.recovered && outcome.improved);
        }
    }
    figures
}

#[test]
fn therapies_figures_equal_plain_loops_over_the_raw_text() {
    figures(&TOWN).assert_equal(&TOWN, &METRICS, Depth::Rows);
}

#[test]
fn therapies_people_and_sexes_equal_plain_loops_where_every_record_is_right() {
    figures(&TIDY_TOWN).assert_equal(&TIDY_TOWN, &METRICS, Depth::People);
}

/// What the comparison rests on is really in the data: edges of waits and of change, rows sent again, both tables.
#[test]
fn the_towns_courses_hold_every_edge() {
    let mut courses = courses(&TOWN);
    let contacts = contacts(&TOWN, &mut courses);
    add_scores(&TOWN, &mut courses, &contacts);
    assert!(folder(&TOWN, "IDS201CareContact").len() > contacts.len());
    let finished = || courses.values().filter(|course| !course.discharged.is_empty() && course.treatments >= 2);
    let waits: BTreeSet<i32> =
        finished().map(|course| day(course.first_treatment.unwrap()) - day(course.received)).collect();
    assert!(waits.contains(&42) && waits.contains(&43));
    let changes: BTreeSet<(i32, i32)> = finished()
        .filter_map(|course| {
            let (depression, anxiety) = (ends(&course.depression), ends(&course.anxiety));
            Some((depression.0? - depression.1?, anxiety.0? - anxiety.1?))
        })
        .collect();
    assert!(changes.iter().any(|(depression, anxiety)| *depression == 6 && *anxiety < 4));
    assert!(changes.iter().any(|(depression, anxiety)| *depression < 6 && *anxiety == 4));
    assert!(changes.iter().any(|(depression, anxiety)| *depression == 5 && *anxiety == 3));
    let outcomes: Vec<Outcome> = finished().map(|course| outcome(&course.depression, &course.anxiety)).collect();
    assert!(outcomes.iter().any(|one| one.recovered && !one.improved));
    assert!(outcomes.iter().any(|one| !one.paired && !one.below_caseness));
    assert!(outcomes.iter().any(|one| one.below_caseness && one.improved));
}
