//! Courses of Talking Therapies. In: the course of a person. Out: referrals with contacts and scores.
//! Leaves alone: the arms (the planted effect does not touch this service).

use super::calendar::{Day, END_DAY};
use super::chance::{Chance, whole};
use super::plan::Comparison;
use super::rates::Course;

/// PHQ-9 and GAD-7.
pub type Scores = (i32, i32);

/// One contact of a course.
#[derive(Clone, Debug)]
pub struct Session {
    /// Day of the contact.
    pub day: Day,
    /// Appointment type code.
    pub kind: &'static str,
    /// Attended, or missed or cancelled.
    pub attended: bool,
    /// Scores taken at it.
    pub scores: Option<Scores>,
}

/// One referral to Talking Therapies.
#[derive(Clone, Debug)]
pub struct TherapyReferral {
    /// Day received.
    pub received: Day,
    /// Day discharged and the end code; `None` while open.
    pub ended: Option<(Day, &'static str)>,
    /// Source of referral code.
    pub source: &'static str,
    /// Contacts in order of day.
    pub sessions: Vec<Session>,
    /// Scores the person filled in before the first contact, and the day.
    pub self_scored: Option<(Day, Scores)>,
}

/// What Talking Therapies did for a person.
#[derive(Clone, Debug, Default)]
pub struct TherapyUse {
    /// Place in `THERAPIES`.
    pub provider: usize,
    /// Referrals in order of receipt.
    pub referrals: Vec<TherapyReferral>,
}

/// Referrals to Talking Therapies of a person.
pub(super) fn therapy_use(course: &Course, chance: &mut Chance) -> TherapyUse {
    let share = match course.comparison {
        Some(Comparison::Prevention) => 0.12,
        Some(Comparison::Recovery) => 0.08,
        None => 0.05,
    };
    let mut referrals = Vec::new();
    // Adults only: 16 and over at the start of the data.
    if !chance.yes(share) || course.who.birth > -5_844 {
        return TherapyUse::default();
    }
    let mut received = chance.between(course.life.from(), course.life.to() - 1);
    loop {
        let new = referral(received, course.life.to(), chance);
        let ended = new.ended.map(|(day, _)| day);
        referrals.push(new);
        match ended {
            Some(day) if chance.yes(0.15) && day + 60 < course.life.to() => received = day + chance.between(1, 59),
            _ => break,
        }
    }
    TherapyUse { provider: chance.below(2), referrals }
}

fn referral(received: Day, to: Day, chance: &mut Chance) -> TherapyReferral {
    let wait = match chance.below(25) {
        0 => 42,
        1 => 43,
        _ => 2 + whole(chance.exponential(24.0)).min(200),
    };
    let (first, last) = score_pair(chance);
    let planned = if chance.yes(0.22) { 0 } else { 1 + whole(chance.exponential(5.5)).min(20) };
    let mut sessions = sessions((received + wait, planned), chance);
    let end = sessions.last().map_or(received + 30, |session| session.day) + chance.between(0, 14);
    sessions.retain(|session| session.day < to);
    set_scores(&mut sessions, first, last, chance);
    let treated =
        sessions.iter().filter(|session| session.attended && matches!(session.kind, "02" | "03" | "05")).count();
    let code = end_code(treated, !sessions.is_empty(), chance);
    let scored_on = received + chance.between(0, wait.min(10));
    let is_self_scored = chance.yes(0.5) && scored_on < to;
    let source = chance.pick(&["B1", "B1", "B1", "A1", "A1", "H2", "C1"]);
    TherapyReferral {
        received,
        ended: Some((end, code)).filter(|_| end < to && end < END_DAY),
        source,
        sessions,
        self_scored: Some((scored_on, first)).filter(|_| is_self_scored),
    }
}

/// An assessment, then so many treatments a week or two apart, perhaps a follow-up.
fn sessions((first_day, planned): (Day, i32), chance: &mut Chance) -> Vec<Session> {
    let mut day = first_day;
    let is_treated_at_once = planned > 0 && chance.yes(0.4);
    if planned == 0 && chance.yes(0.5) {
        return Vec::new();
    }
    let mut sessions = Vec::new();
    let mut add =
        |day: Day, kind: &'static str, attended: bool| sessions.push(Session { day, kind, attended, scores: None });
    add(day, if is_treated_at_once { "03" } else { "01" }, chance.yes(0.95));
    for number in 0..planned {
        day += if chance.yes(0.7) { 7 } else { chance.between(8, 28) };
        let kind = if number % 6 == 5 { chance.pick(&["05", "04"]) } else { "02" };
        add(day, kind, chance.yes(0.86));
    }
    if planned > 3 && chance.yes(0.12) {
        add(day + chance.between(28, 60), "06", chance.yes(0.8));
    }
    sessions
}

/// First and last scores. Most first scores are at caseness; near half end below it on both.
fn score_pair(chance: &mut Chance) -> (Scores, Scores) {
    let is_low = chance.yes(0.12);
    let severity = chance.normal();
    let mut draw = |middle: f64, spread: f64, most: i32| {
        whole(middle + spread * (0.75 * severity + 0.66 * chance.normal()) + 0.5).clamp(0, most)
    };
    let first =
        if is_low { (draw(5.0, 2.0, 9), draw(4.0, 1.6, 7)) } else { (draw(15.5, 4.6, 27), draw(13.5, 3.8, 21)) };
    let gain = chance.normal();
    let mut after = |score: i32, most: i32| {
        let kept = 0.475 + 0.30 * (0.8 * gain + 0.6 * chance.normal());
        whole(f64::from(score) * kept + chance.normal() + 0.5).clamp(0, most)
    };
    let last = (after(first.0, 27), after(first.1, 21));
    (first, last)
}

/// Scores at attended contacts, moving from first to last; some people are scored once only.
fn set_scores(sessions: &mut [Session], first: Scores, last: Scores, chance: &mut Chance) {
    let is_scored_once = chance.yes(0.08);
    let attended = sessions.iter().filter(|session| session.attended && session.kind != "06").count();
    let steps = f64::from(u32::try_from(attended).unwrap_or(1).max(2) - 1);
    let mut step = 0.0;
    for session in sessions.iter_mut().filter(|session| session.attended && session.kind != "06") {
        let along = |from: i32, to: i32| whole(f64::from(from) + f64::from(to - from) * step / steps + 0.5);
        if step == 0.0 || !is_scored_once {
            session.scores = Some((along(first.0, last.0), along(first.1, last.1)));
        }
        step += 1.0;
    }
}

fn end_code(treated: usize, is_seen: bool, chance: &mut Chance) -> &'static str {
    match (treated, is_seen) {
        (0, false) => chance.pick(&["50", "10", "11"]),
        (0 | 1, true) => chance.pick(&["10", "11", "12", "13", "14", "16"]),
        _ => chance.pick(&["46", "46", "46", "47", "48", "96"]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::chance::Purpose;
    use super::*;

    #[test]
    fn near_half_of_the_cases_recover() {
        let mut chance = Chance::new(1, 1, Purpose::Therapies);
        let pairs: Vec<(Scores, Scores)> = (0..20_000).map(|_| score_pair(&mut chance)).collect();
        let is_case = |scores: Scores| scores.0 >= 10 || scores.1 >= 8;
        let cases = pairs.iter().filter(|pair| is_case(pair.0)).count();
        let recovered = pairs.iter().filter(|pair| is_case(pair.0) && !is_case(pair.1)).count();
        let percent = 100 * recovered / cases;
        assert!((46..=56).contains(&percent), "{percent}");
        assert!((16_000..19_000).contains(&cases), "{cases}");
    }
}
