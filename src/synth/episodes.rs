//! Which referrals to the trust there are. In: the course and the days of contacts. Out: the
//! referrals that define arms, and others around the contacts. Leaves alone: how many contacts.

use super::arms::{Arm, ArmEntry};
use super::calendar::{Day, LAST_DAY};
use super::chance::Chance;
use super::rates::Course;
use super::trust::{TrustContact, TrustReferral, is_under_secondary_care};

/// Teams that define no arm.
const OTHER_TEAMS: [&str; 7] = ["A02", "A14", "C10", "A11", "A12", "A13", "A16"];
/// Teams people leave for the recovery pathway or usual care.
const SECONDARY_TEAMS: [&str; 2] = ["A06", "A08"];
/// Teams that take new people from general practice.
const PRIMARY_TEAMS: [&str; 2] = ["A05", "A18"];
/// Sources of referral to the other teams.
const OTHER_SOURCES: [&str; 6] = ["A1", "B1", "H1", "H2", "C1", "P1"];

/// Days between discharge and the next referral.
const GAPS: [i32; 8] = [0, 0, 0, 1, 30, 90, 91, 200];

/// When a person is a patient: candidates throughout, others for one stretch.
pub(super) fn patient_span(course: &Course, chance: &mut Chance) -> (Day, Day) {
    let (from, to) = (course.life.from(), course.life.to());
    if course.comparison.is_some() {
        return (from, to);
    }
    let start = chance.between(from, to - 1);
    (start, (start + chance.between(60, 700)).min(to))
}

/// Referrals that make the arms, by the day they are received; contacts still to be hung on.
pub(super) fn fixed_referrals(course: &Course, chance: &mut Chance) -> Vec<TrustReferral> {
    let mut referrals = Vec::new();
    for entry in course.arms {
        if entry.arm == Arm::PreventionUsualCare {
            for received in [Some(entry.index), entry.second].into_iter().flatten() {
                let discharged = kept_day(course, received + chance.between(30, 95));
                referrals.push(referral((received, discharged), chance.pick(&PRIMARY_TEAMS), "A1"));
            }
        } else if is_under_secondary_care(entry.arm) {
            secondary_referrals(course, entry, chance, &mut referrals);
        }
    }
    referrals
}

fn secondary_referrals(course: &Course, entry: &ArmEntry, chance: &mut Chance, referrals: &mut Vec<TrustReferral>) {
    let start = course.life.registrations.first().map_or(0, |first| first.start);
    let received = (entry.index - chance.between(60, 1_100)).max(start);
    let (is_leaving, later) = (chance.yes(0.6), entry.index + chance.between(30, 400));
    let discharged = match entry.arm {
        Arm::RecoveryUsualCare => Some(entry.index),
        _ => Some(later).filter(|_| is_leaving).and_then(|day| kept_day(course, day)),
    };
    referrals.push(referral((received, discharged), chance.pick(&SECONDARY_TEAMS), chance.pick(&OTHER_SOURCES)));
    if let Some(second) = entry.second.filter(|_| entry.arm == Arm::RecoveryUsualCare) {
        let again = second - chance.between(20, 90);
        referrals.push(referral((again, Some(second)), chance.pick(&SECONDARY_TEAMS), "B1"));
    }
}

/// Referrals around the contacts that no fixed referral holds; candidates chain from one to the next.
pub(super) fn other_referrals(
    course: &Course,
    (from, to): (Day, Day),
    days: &[Day],
    chance: &mut Chance,
    referrals: &mut Vec<TrustReferral>,
) {
    if course.comparison.is_none() {
        return one_referral(course, (from, to), days, chance, referrals);
    }
    let (mut at, mut received) = (from, from);
    while at < to {
        let end = (at + chance.between(200, 700)).min(to - 1);
        let held: Vec<Day> = days.iter().copied().filter(|day| (at..=end).contains(day)).collect();
        let is_written = !held.is_empty() || chance.yes(0.05);
        if is_written {
            let mut new =
                referral((received, kept_day(course, end)), chance.pick(&OTHER_TEAMS), chance.pick(&OTHER_SOURCES));
            new.rejected = Some(at + 7).filter(|&day| held.is_empty() && day <= end);
            new.contacts = held.iter().map(|&day| TrustContact { day, attended: true }).collect();
            referrals.push(new);
        }
        // A gap opens only where nothing happens; contacts on the day of change belong to the earlier one.
        let gap = GAPS[chance.below(GAPS.len())];
        let is_free = !days.iter().any(|day| (end + 1..end + gap).contains(day));
        received = if is_free { end + gap } else { end };
        at = received.max(end + 1);
    }
}

/// The referral of a patient outside the arms; some stay open under a secondary-care team, some had
/// left it before the data begin.
fn one_referral(
    course: &Course,
    (from, to): (Day, Day),
    days: &[Day],
    chance: &mut Chance,
    referrals: &mut Vec<TrustReferral>,
) {
    let (stays_open, had_left) = (chance.yes(0.15), chance.yes(0.05));
    let (team, discharged) = if stays_open {
        (chance.pick(&SECONDARY_TEAMS), None)
    } else {
        (chance.pick(&OTHER_TEAMS), kept_day(course, to))
    };
    if had_left {
        let end = -chance.between(1, 200);
        referrals.push(referral((end - chance.between(30, 500), Some(end)), chance.pick(&SECONDARY_TEAMS), "B1"));
    }
    let mut new = referral((from, discharged), team, chance.pick(&OTHER_SOURCES));
    new.rejected = Some(from + 7).filter(|&day| days.is_empty() && day < to);
    new.contacts = days.iter().map(|&day| TrustContact { day, attended: true }).collect();
    referrals.push(new);
}

/// A day of discharge, if the person is still there then and it lies before the last day of the data.
fn kept_day(course: &Course, day: Day) -> Option<Day> {
    Some(day).filter(|&day| day < LAST_DAY && day < course.life.to())
}

fn referral((received, discharged): (Day, Option<Day>), team: &'static str, source: &'static str) -> TrustReferral {
    TrustReferral { received, discharged, rejected: None, team, source, contacts: Vec::new() }
}
