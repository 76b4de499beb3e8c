//! Talking Therapies a second time: plain loops and structs over the raw text, from the definitions alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::figures::{Depth, Figures, Of};
use crate::raw::{Row, day, distinct, rows};
use crate::therapy_towns::{is_set, therapy_town};
use crate::town::{TIDY_TOWN, TOWN, Town};

const METRICS: [&str; 20] = [
    "tt_referrals",
    "tt_access",
    "tt_ended",
    "tt_ended_before_treatment",
    "tt_single_treatment",
    "tt_finished",
    "tt_appts",
    "tt_dna",
    "tt_dna_late",
    "tt_wait_6wk",
    "tt_wait_18wk",
    "tt_first_second_over28",
    "tt_first_second_over90",
    "tt_paired",
    "tt_not_at_caseness",
    "tt_recovery",
    "tt_reliable_improvement",
    "tt_reliable_recovery",
    "tt_reliable_deterioration",
    "tt_no_reliable_change",
];
/// Those that few courses are counted in.
const RARE: [&str; 2] = ["tt_mixed_change", "tt_adsm_appropriate"];

/// An organisation's code and an id of its own.
type Id<'a> = (&'a str, &'a str);

/// A referral and what happened in it.
struct Course<'a> {
    of: Of<'a>,
    received: &'a str,
    /// Empty while open.
    discharged: &'a str,
    /// The days of attended treatment.
    treatments: Vec<&'a str>,
    /// Date and score.
    depression: Vec<(&'a str, i32)>,
    anxiety: Vec<(&'a str, i32)>,
    /// Significance, date and code; the greatest is the one that counts.
    problem: Option<(u8, &'a str, String)>,
    /// Date and score by tool.
    specific: BTreeMap<&'a str, Vec<(&'a str, i32)>>,
}

/// A problem and its measure; where caseness of that begins and what its reliable change is by default, and where a town of
/// `therapy_towns` sets cut-offs.
struct Measured {
    problem: &'static str,
    tool: &'static str,
    by_default: [Option<i32>; 2],
    set: [Option<i32>; 2],
}

const fn measured(
    problem: &'static str,
    tool: &'static str,
    by_default: [Option<i32>; 2],
    set: [Option<i32>; 2],
) -> Measured {
    Measured { problem, tool, by_default, set }
}

const NOT_SET: [Option<i32>; 2] = [None, None];
const MEASURED: [Measured; 10] = [
    measured("F400", "Mobility Inventory (alone)", NOT_SET, NOT_SET),
    measured("F401", "SPIN", NOT_SET, [Some(19), Some(10)]),
    measured("F410", "PDSS", [Some(8), None], [Some(8), Some(5)]),
    measured("F42", "OCI", [Some(40), None], [Some(40), Some(32)]),
    measured("F431", "PCL-5", NOT_SET, [Some(32), None]),
    measured("F452", "HAI", NOT_SET, [None, Some(4)]),
    measured("83482000", "BIQ", NOT_SET, NOT_SET),
    measured("G933", "CFQ", NOT_SET, NOT_SET),
    measured("K58", "IBS-SSS", NOT_SET, NOT_SET),
    measured("723916001", "PHQ-15", NOT_SET, NOT_SET),
];

/// Scores that something is judged by, and its edge.
type Judge<'c, 'a> = (&'c [(&'a str, i32)], i32);

impl<'a> Course<'a> {
    fn measured(&self) -> Option<(&'static Measured, &[(&'a str, i32)])> {
        let (.., code) = self.problem.as_ref()?;
        let own = MEASURED.iter().find(|one| code.starts_with(one.problem))?;
        Some((own, self.specific.get(own.tool).map_or(&[], Vec::as_slice)))
    }

    /// The scores that caseness of anxiety is judged by, and those that its change is.
    fn judges(&self, is_set: bool) -> [Judge<'_, 'a>; 2] {
        let gad7: [Judge<'_, 'a>; 2] = [(&self.anxiety, 8), (&self.anxiety, 4)];
        let Some((own, scores)) = self.measured().filter(|(_, scores)| scores.len() > 1) else { return gad7 };
        let edges = if is_set { own.set } else { own.by_default };
        [0, 1].map(|at| edges[at].map_or(gad7[at], |edge| (scores, edge)))
    }

    fn is_paired(&self) -> bool {
        let has_own = self.measured().is_some_and(|(_, scores)| scores.len() > 1);
        self.depression.len() > 1 && (has_own || self.anxiety.len() > 1)
    }
}

/// A contact.
struct Contact<'a> {
    referral: Id<'a>,
    of: Of<'a>,
    date: &'a str,
    code: &'a str,
    is_unplanned: bool,
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
            treatments: Vec::new(),
            depression: Vec::new(),
            anxiety: Vec::new(),
            problem: None,
            specific: BTreeMap::new(),
        };
        courses.insert((row.place, row.get("ServiceRequestId")), course);
    }
    for row in folder(town, "IDS603PresentingComplaints") {
        let Some(course) = courses.get_mut(&(row.place, row.get("ServiceRequestId"))) else { continue };
        let rank = match row.get("PresCompCodSig") {
            "Primary" | "1" => 2,
            "Secondary" | "2" => 1,
            _ => 0,
        };
        let problem = (rank, row.get("PresCompDate"), row.get("PresComp").replace('.', ""));
        course.problem = course.problem.take().max(Some(problem));
    }
    courses
}

/// Contacts by their id; treatment is counted in the courses.
fn contacts<'a>(town: &'a Town, courses: &mut BTreeMap<Id<'a>, Course<'a>>) -> BTreeMap<Id<'a>, Contact<'a>> {
    let mut contacts = BTreeMap::new();
    for row in distinct(folder(town, "IDS201CareContact"), "CareContactId") {
        let referral = (row.place, row.get("ServiceRequestId"));
        let Some(course) = courses.get_mut(&referral) else { continue };
        let is_unplanned = row.get("PlannedCareContIndicator") == "N";
        let code = row.code("AttendOrDNACode");
        let has_happened = matches!(code, "5" | "6") || is_unplanned;
        let date = row.get("CareContDate");
        if has_happened && matches!(row.code("AppType"), "2" | "3" | "5") {
            course.treatments.push(date);
        }
        let contact = Contact { referral, of: course.of, date, code, is_unplanned, has_happened };
        contacts.insert((row.place, row.get("CareContactId")), contact);
    }
    for course in courses.values_mut() {
        course.treatments.sort_unstable();
    }
    contacts
}

/// Puts a score with its course if it was taken between referral and discharge.
fn add_score<'a>(course: &mut Course<'a>, row: &Row<'a>, date: &'a str) {
    if date < course.received || (!course.discharged.is_empty() && date > course.discharged) {
        return;
    }
    let Ok(score) = row.get("PersScore").parse() else { return };
    match row.get("CodedAssToolType") {
        "720433000" | "506701000000100" if score <= 27 => course.depression.push((date, score)),
        "445455005" if score <= 21 => course.anxiety.push((date, score)),
        tool if MEASURED.iter().any(|one| one.tool == tool) => {
            course.specific.entry(tool).or_default().push((date, score));
        }
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
        course.specific.values_mut().for_each(|scores| scores.sort_unstable());
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
#[expect(clippy::struct_excessive_bools, reason = "plain facts, each its own metric")]
struct Outcome {
    paired: bool,
    below_caseness: bool,
    recovered: bool,
    improved: bool,
    deteriorated: bool,
    mixed: bool,
    /// Neither improved nor deteriorated, mixed changes among them.
    unchanged: bool,
}

fn outcome(course: &Course<'_>, is_set: bool) -> Outcome {
    let [(cases, case), (moved, reliable)] = course.judges(is_set);
    let (first, last) = ends(&course.depression);
    let ((first_case, last_case), (first_moved, last_moved)) = (ends(cases), ends(moved));
    let is_below = |depression: Option<i32>, anxiety: Option<i32>| {
        depression.zip(anxiety).is_some_and(|(depression, anxiety)| depression < 10 && anxiety < case)
    };
    let below_caseness = is_below(first, first_case);
    let recovered = !below_caseness && is_below(last, last_case);
    let found = Outcome { paired: course.is_paired(), below_caseness, recovered, ..Outcome::default() };
    let (Some(d1), Some(d2), Some(a1), Some(a2)) = (first, last, first_moved, last_moved) else { return found };
    let is_better = d1 - d2 >= 6 || a1 - a2 >= reliable;
    let is_worse = d2 - d1 >= 6 || a2 - a1 >= reliable;
    Outcome {
        improved: is_better && !is_worse,
        deteriorated: is_worse && !is_better,
        mixed: is_better && is_worse,
        unchanged: is_better == is_worse,
        ..found
    }
}

fn figures(town: &Town, is_set: bool) -> Figures {
    let mut courses = courses(town);
    let contacts = contacts(town, &mut courses);
    add_scores(town, &mut courses, &contacts);
    let mut figures = Figures::default();
    figures.watch(&METRICS);
    figures.watch(&RARE);
    for contact in contacts.values() {
        add_contact(&mut figures, contact);
    }
    for course in courses.values() {
        add_treatment(&mut figures, course);
        if !course.discharged.is_empty() {
            add_end(&mut figures, course, is_set);
        }
    }
    figures
}

fn add_contact(figures: &mut Figures, contact: &Contact<'_>) {
    let of = contact.of;
    figures.count("tt_appts", contact.date, of);
    let is_due = matches!(contact.code, "3" | "5" | "6" | "7") || contact.is_unplanned;
    if is_due {
        figures.share("tt_dna", contact.date, of, contact.code == "3" && !contact.is_unplanned);
        let is_missed = matches!(contact.code, "3" | "7") && !contact.is_unplanned;
        figures.share("tt_dna_late", contact.date, of, is_missed);
    }
}

fn add_treatment(figures: &mut Figures, course: &Course<'_>) {
    let of = course.of;
    figures.count("tt_referrals", course.received, of);
    let Some(first) = course.treatments.first() else { return };
    figures.count("tt_access", first, of);
    let wait = day(first) - day(course.received);
    if wait >= 0 {
        figures.number("tt_wait_first_mean", first, of, [wait; 2]);
        figures.number("tt_wait_first_median", first, of, [wait; 2]);
    }
    if let Some(second) = course.treatments.get(1) {
        let gap = day(second) - day(first);
        figures.share("tt_first_second_over28", second, of, gap >= 29);
        figures.share("tt_first_second_over90", second, of, gap >= 91);
    }
}

/// What is known of a referral when it has ended.
fn add_end(figures: &mut Figures, course: &Course<'_>, is_set: bool) {
    let (of, on) = (course.of, course.discharged);
    let treated = course.treatments.len();
    figures.count("tt_ended", on, of);
    figures.share("tt_ended_before_treatment", on, of, treated == 0);
    if treated > 0 {
        figures.share("tt_single_treatment", on, of, treated == 1);
    }
    if treated < 2 {
        return;
    }
    let outcome = outcome(course, is_set);
    let wait = day(course.treatments[0]) - day(course.received);
    figures.count("tt_finished", on, of);
    figures.number("tt_mean_sessions", on, of, [i32::try_from(treated).unwrap(); 2]);
    figures.share("tt_wait_6wk", on, of, wait < 43);
    figures.share("tt_wait_18wk", on, of, wait < 127);
    if let Some((_, scores)) = course.measured() {
        figures.share("tt_adsm_appropriate", on, of, scores.len() > 1);
    }
    figures.share("tt_paired", on, of, outcome.paired);
    figures.share("tt_not_at_caseness", on, of, outcome.below_caseness);
    figures.share("tt_reliable_improvement", on, of, outcome.improved);
    figures.share("tt_reliable_deterioration", on, of, outcome.deteriorated);
    figures.share("tt_no_reliable_change", on, of, outcome.unchanged);
    figures.share("tt_mixed_change", on, of, outcome.mixed);
    if let (Some(first), Some(last)) = ends(&course.depression) {
        figures.number("tt_effect_size_phq9", on, of, [first, last]);
    }
    if !outcome.below_caseness {
        figures.share("tt_recovery", on, of, outcome.recovered);
        figures.share("tt_reliable_recovery", on, of, outcome.recovered && outcome.improved);
    }
}

fn mean(numbers: &[[i32; 2]]) -> f64 {
    let sum: i32 = numbers.iter().map(|pair| pair[0]).sum();
    f64::from(sum) / numbers.len() as f64
}

fn median(numbers: &[[i32; 2]]) -> f64 {
    let mut all: Vec<i32> = numbers.iter().map(|pair| pair[0]).collect();
    all.sort_unstable();
    let (low, high) = (all[(all.len() - 1) / 2], all[all.len() / 2]);
    f64::from(low + high) / 2.0
}

/// The mean fall over the standard deviation of the first scores.
fn effect(numbers: &[[i32; 2]]) -> Option<f64> {
    let (count, middle) = (numbers.len() as f64, mean(numbers));
    let squares: f64 = numbers.iter().map(|pair| (f64::from(pair[0]) - middle).powi(2)).sum();
    let fall: i32 = numbers.iter().map(|pair| pair[0] - pair[1]).sum();
    (squares > 0.0).then(|| f64::from(fall) / count / (squares / (count - 1.0)).sqrt())
}

/// How a number is made of those of its rows.
type Made = fn(&[[i32; 2]]) -> Option<f64>;

/// Metrics made of a number that each row has.
const VALUES: [(&str, Made); 4] = [
    ("tt_wait_first_mean", |waits| Some(mean(waits))),
    ("tt_wait_first_median", |waits| Some(median(waits))),
    ("tt_mean_sessions", |sessions| Some(mean(sessions))),
    ("tt_effect_size_phq9", effect),
];

fn assert_values(figures: &Figures, town: &Town, depth: Depth) -> [usize; 4] {
    VALUES.map(|(metric, of)| figures.assert_values((town, depth), metric, of))
}

#[test]
fn therapies_figures_equal_plain_loops_over_the_raw_text() {
    let figures = figures(&TOWN, false);
    figures.assert_equal(&TOWN, &METRICS, Depth::Rows);
    assert!(assert_values(&figures, &TOWN, Depth::Rows).iter().all(|values| *values > 12));
}

#[test]
fn therapies_people_and_sexes_equal_plain_loops_where_every_record_is_right() {
    figures(&TIDY_TOWN, false).assert_equal(&TIDY_TOWN, &METRICS, Depth::People);
}

#[test]
fn therapies_figures_equal_plain_loops_in_two_hundred_small_towns_full_of_edges() {
    let mut compared = [0; 4];
    let (mut finished, mut measured) = (0, 0);
    for seed in 0..200 {
        let town = therapy_town(seed);
        let figures = figures(&town, is_set(seed));
        figures.assert_equal(&town, &[], Depth::People);
        let own = assert_values(&figures, &town, Depth::People);
        compared = std::array::from_fn(|at| compared[at] + own[at]);
        finished += figures.denominators("tt_recovery");
        measured += figures.denominators("tt_adsm_appropriate");
    }
    assert!(compared.iter().all(|values| *values > 100), "{compared:?}");
    // The towns have 699 courses at risk.
    assert!(finished > 500 && measured > 100, "{finished}, {measured}");
}

/// What the comparison rests on is really in the data: edges of waits and of change, rows sent again, both tables.
#[test]
fn the_towns_courses_hold_every_edge() {
    let mut courses = courses(&TOWN);
    let contacts = contacts(&TOWN, &mut courses);
    add_scores(&TOWN, &mut courses, &contacts);
    assert!(folder(&TOWN, "IDS201CareContact").len() > contacts.len());
    let finished = || courses.values().filter(|course| !course.discharged.is_empty() && course.treatments.len() >= 2);
    let waits: BTreeSet<i32> = finished().map(|course| day(course.treatments[0]) - day(course.received)).collect();
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
    let outcomes: Vec<Outcome> = finished().map(|course| outcome(course, false)).collect();
    assert!(outcomes.iter().any(|one| one.recovered && !one.improved));
    assert!(outcomes.iter().any(|one| !one.paired && !one.below_caseness));
    assert!(outcomes.iter().any(|one| one.below_caseness && one.improved));
}
