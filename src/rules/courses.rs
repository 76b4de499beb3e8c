//! Talking Therapies courses: treatment counted, first and last scores found and judged.
//!
//! In: referrals, contacts, scores. Out: the frame whose columns the rules of `therapies.rs` look at.

use polars::prelude::*;

use super::contacts::{is_attended_or_unplanned, is_treatment};
use crate::error::Error;
use crate::frame;
use crate::link::{Linked, national};
use crate::schema::Source;
use crate::schema::codes::CodeSet;
use crate::schema::measures::{Cuts, Measures};
use crate::schema::problems;

/// What happened in one course.
#[derive(Clone, Copy)]
struct Course {
    treatments: u32,
    first: Treated,
    second: Treated,
    phq9: Scores,
    gad7: Scores,
    /// The scale that fits the problem, if that is not GAD-7, and its scores.
    specific: Option<u16>,
    adsm: Scores,
}

/// The day of a treatment and the age on it.
type Treated = (i32, u16);

const NEVER: Treated = (i32::MAX, u16::MAX);
const NOTHING: Course = Course {
    treatments: 0,
    first: NEVER,
    second: NEVER,
    phq9: NO_SCORE,
    gad7: NO_SCORE,
    specific: None,
    adsm: NO_SCORE,
};
const NO_SCORE: Scores = Scores { count: 0, first: (i32::MAX, f32::INFINITY), last: (i32::MIN, f32::NEG_INFINITY) };
const NO_COURSE: usize = usize::MAX;

impl Course {
    fn treat(&mut self, day: Treated) {
        self.treatments += 1;
        if day < self.first {
            (self.first, self.second) = (day, self.first);
        } else if day < self.second {
            self.second = day;
        }
    }

    /// PHQ-9 and an anxiety measure were scored at least twice.
    fn is_paired(&self) -> bool {
        self.phq9.last().is_some() && self.adsm.last().or(self.gad7.last()).is_some()
    }
}

/// First and last score of a scale. Ties of a day are broken by the score, so that order decides nothing.
#[derive(Clone, Copy)]
struct Scores {
    count: u32,
    first: (i32, f32),
    last: (i32, f32),
}

impl Scores {
    fn add(&mut self, date: i32, score: f32) {
        self.count += 1;
        if (date, score) < self.first {
            self.first = (date, score);
        }
        if (date, score) > self.last {
            self.last = (date, score);
        }
    }

    fn first(self) -> Option<f32> {
        (self.count > 0).then_some(self.first.1)
    }

    /// None unless the scale was scored at least twice.
    fn last(self) -> Option<f32> {
        (self.count > 1).then_some(self.last.1)
    }
}

/// Talking Therapies referrals with what happened in them.
///
/// Grain: referral. `first_treatment_age` is the age at the first treatment. `has_specific` says that the problem has an
/// anxiety measure of its own, `is_specific_paired` that it was scored at least twice, `is_paired` that PHQ-9 was and that
/// measure or GAD-7. Of PHQ-9 and of the anxiety measure: `_case_first` and `_case_last` are 1 at caseness and 0 below it,
/// `_change` is a [`crate::schema::measures::Change`]. All are null without a score; the last two unless the scale was
/// scored at least twice. With the flags of a national extract, to compare. The anxiety measure is the problem's own if it was scored twice and it is known where its caseness
/// begins (for `_case`) or what its reliable change is (for `_change`); else it is GAD-7.
pub fn courses(linked: &Linked, measures: &Measures) -> Result<DataFrame, Error> {
    let own = super::met_by(&linked.referrals, super::contacts::of_service(Source::TalkingTherapies))?;
    let own_columns = [
        "referral",
        "person",
        "provider",
        "age",
        "discharge_age",
        "received_date",
        "discharge_date",
        "referral_source",
        "problem",
    ];
    let columns = own_columns.into_iter().chain(national::FLAGS.map(|flag| flag.column));
    let referrals = linked.referrals.select(columns).map_err(Error::silent("select a course's columns"))?;
    let mut courses = frame::rows(&referrals, own.true_idx_iter().map(|row| row as u32).collect())?;
    let place = frame::whole_u32(&courses, "referral")?;
    let mut course_of = vec![NO_COURSE; linked.referrals.height()];
    for (course, place) in place.values().iter().enumerate() {
        course_of[*place as usize] = course;
    }
    let problem = frame::nullable_u16(&courses, "problem")?;
    let specific = (0..courses.height()).map(|course| problems::scale_of(problem.get(course)));
    let mut found: Vec<Course> = specific.map(|specific| Course { specific, ..NOTHING }).collect();
    add_treatments(linked, &course_of, &mut found)?;
    add_scores(linked, &course_of, &courses, &mut found)?;
    let day = |name: &str, day: fn(&Course) -> Treated| {
        let age = format!("{name}_age");
        [
            frame::i32s_but(name, found.iter().map(|course| day(course).0).collect(), NEVER.0),
            frame::u16s_but(&age, found.iter().map(|course| day(course).1).collect(), NEVER.1),
        ]
    };
    let bools = |name: &str, is: fn(&Course) -> bool| frame::bools(name, &found.iter().map(is).collect::<Vec<bool>>());
    let mut added = vec![
        bools("has_specific", |course| course.specific.is_some()),
        bools("is_specific_paired", |course| course.adsm.last().is_some()),
        bools("is_paired", Course::is_paired),
        frame::u32s("treatments", found.iter().map(|course| course.treatments).collect()),
        frame::opt_f32s("phq9_first", found.iter().map(|course| course.phq9.first())),
        frame::opt_f32s("phq9_last", found.iter().map(|course| course.phq9.last())),
    ];
    added.extend(day("first_treatment", |course| course.first));
    added.extend(day("second_treatment", |course| course.second));
    let cuts = |scale: &str| measures.cuts(CodeSet::Scale.position(scale));
    let (phq9, gad7) = (cuts("phq9"), cuts("gad7"));
    added.extend(judged("phq9", &found, |course| [(course.phq9, phq9); 2]));
    added.extend(judged("anxiety", &found, |course| {
        let own = course.specific.map(|scale| measures.cuts(scale)).filter(|_| course.adsm.last().is_some());
        let by = |has: fn(Cuts) -> bool| match own {
            Some(cuts) if has(cuts) => (course.adsm, cuts),
            _ => (course.gad7, gad7),
        };
        [by(Cuts::has_caseness), by(Cuts::has_reliable)]
    }));
    for column in added {
        courses.with_column(column).map_err(Error::silent("put Talking Therapies courses together"))?;
    }
    Ok(courses)
}

/// What scores come to: at caseness or below, first and last, and the change. `of` has the scores and edges that decide
/// caseness, and those that decide the change.
fn judged(name: &str, found: &[Course], of: impl Fn(&Course) -> [(Scores, Cuts); 2]) -> [Column; 3] {
    let is_case = |course: &Course, score: fn(Scores) -> Option<f32>| {
        let [(scores, cuts), _] = of(course);
        cuts.is_case(score(scores)?).map(u16::from)
    };
    let change = found.iter().map(|course| {
        let [_, (scores, cuts)] = of(course);
        cuts.change(scores.first()?, scores.last()?).map(|change| change as u16)
    });
    [
        frame::opt_u16s(&format!("{name}_case_first"), found.iter().map(|course| is_case(course, Scores::first))),
        frame::opt_u16s(&format!("{name}_case_last"), found.iter().map(|course| is_case(course, Scores::last))),
        frame::opt_u16s(&format!("{name}_change"), change),
    ]
}

/// Counts attended treatment contacts, and finds the first two.
fn add_treatments(linked: &Linked, course_of: &[usize], found: &mut [Course]) -> Result<(), Error> {
    let contacts = &linked.contacts;
    let is_treatment = super::met_by(contacts, is_treatment())?;
    let (referral, date) = (frame::whole_u32(contacts, "referral")?, frame::nullable_i32(contacts, "date")?);
    let age = frame::nullable_u16(contacts, "age")?;
    for row in is_treatment.true_idx_iter() {
        let course = course_of.get(referral.values()[row] as usize).and_then(|course| found.get_mut(*course));
        let Some(course) = course else { continue };
        course.treat((date.get(row).unwrap_or(NEVER.0), age.get(row).unwrap_or(NEVER.1)));
    }
    Ok(())
}

/// Finds the first and the last score of each scale between referral and discharge.
fn add_scores(linked: &Linked, course_of: &[usize], courses: &DataFrame, found: &mut [Course]) -> Result<(), Error> {
    let scores = &linked.scores;
    let is_counted = col("is_at_contact").eq(lit(0)).or(is_attended_or_unplanned());
    let is_counted = super::met_by(scores, is_counted)?;
    let received = frame::nullable_i32(courses, "received_date")?;
    let discharged = frame::nullable_i32(courses, "discharge_date")?;
    let (referral, date) = (frame::whole_u32(scores, "referral")?, frame::nullable_i32(scores, "date")?);
    let (scale, score) = (frame::nullable_u16(scores, "scale")?, frame::nullable_f32(scores, "score")?);
    let [phq9, gad7] = ["phq9", "gad7"].map(|scale| CodeSet::Scale.position(scale));
    let is_within = |course: usize, date: i32| {
        received.get(course).is_some_and(|received| date >= received)
            && discharged.get(course).is_none_or(|discharged| date <= discharged)
    };
    for row in is_counted.true_idx_iter() {
        let course = course_of.get(referral.values()[row] as usize).filter(|course| **course != NO_COURSE);
        let Some((course, date)) = course.zip(date.get(row)).filter(|(course, date)| is_within(**course, *date)) else {
            continue;
        };
        let (Some(scale), Some(score)) = (scale.get(row), score.get(row)) else { continue };
        let own = &mut found[*course];
        if scale == phq9 {
            own.phq9.add(date, score);
        } else if scale == gad7 {
            own.gad7.add(date, score);
        } else if own.specific == Some(scale) {
            own.adsm.add(date, score);
        }
    }
    Ok(())
}
