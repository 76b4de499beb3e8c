//! Use of the charities. In: the course of a person. Out: referrals with contacts and outcomes,
//! those that make an arm first. Leaves alone: how it is written (`write_community.rs`).

use super::arms::Arm;
use super::calendar::{Day, LAST_DAY};
use super::chance::Chance;
use super::rates::Course;

/// A referral to a charity.
#[derive(Clone, Debug)]
pub struct CommunityReferral {
    /// Place in `CHARITIES`.
    pub provider: usize,
    /// Day of the referral.
    pub day: Day,
    /// What is offered.
    pub offer: &'static str,
    /// Who referred.
    pub source: &'static str,
    /// Day and reason of the end; `None` while open.
    pub ended: Option<(Day, &'static str)>,
    /// Contacts and whether they were attended, in order of day.
    pub contacts: Vec<(Day, bool)>,
    /// Wellbeing scores (SWEMWBS, 7 to 35) by day.
    pub outcomes: Vec<(Day, i32)>,
}

const OTHER_OFFERS: [&str; 6] =
    ["debt_advice", "housing", "employment", "volunteering", "crisis_cafe", "group_activity"];
const OTHER_SOURCES: [&str; 4] = ["self", "self", "local_authority", "other_vcse"];

/// Referrals to charities, in order of day.
pub(super) fn community_use(course: &Course, chance: &mut Chance) -> Vec<CommunityReferral> {
    let mut referrals = Vec::new();
    for entry in course.arms {
        let provider = chance.below(2) + if entry.arm.is_selected() { 0 } else { 2 };
        let is_redesigned = entry.arm.is_redesigned();
        let days = if is_redesigned { [Some(entry.index), entry.second] } else { [entry.crossover, None] };
        for day in days.into_iter().flatten() {
            let (offer, source) = qualifying(entry.arm, chance);
            referrals.push(referral(course, (provider, day), (offer, source), chance));
        }
    }
    if chance.yes(0.02) {
        let day = chance.between(course.life.from(), course.life.to() - 1);
        let (offer, source) = (chance.pick(&OTHER_OFFERS), chance.pick(&OTHER_SOURCES));
        referrals.push(referral(course, (chance.below(4), day), (offer, source), chance));
    }
    referrals.sort_by_key(|referral| referral.day);
    referrals
}

/// Offer and source that make someone a person of the redesigned arm of the comparison.
fn qualifying(arm: Arm, chance: &mut Chance) -> (&'static str, &'static str) {
    match arm {
        Arm::Prevention | Arm::PreventionUsualCare => {
            (chance.pick(&["wellbeing_planning", "social_prescribing"]), "gp")
        }
        Arm::Recovery | Arm::RecoveryUsualCare => {
            (chance.pick(&["wellbeing_planning", "peer_support"]), "mental_health_trust")
        }
    }
}

fn referral(
    course: &Course,
    (provider, day): (usize, Day),
    (offer, source): (&'static str, &'static str),
    chance: &mut Chance,
) -> CommunityReferral {
    let last_there = course.life.to() - 1;
    let mut contacts = Vec::new();
    let mut at = day + chance.between(2, 20);
    for _ in 0..chance.between(1, 6) {
        if at <= last_there {
            contacts.push((at, chance.yes(0.82)));
        }
        at += chance.between(7, 28);
    }
    let reason = chance.pick(&["completed", "goals_met", "disengaged", "moved_on", "referred_on"]);
    let first_score = chance.between(12, 26);
    let last_score = (first_score + chance.between(-3, 8)).clamp(7, 35);
    let mut outcomes = Vec::new();
    if let (Some(&(first, _)), Some(&(last, _))) = (contacts.first(), contacts.last())
        && chance.yes(0.7)
    {
        outcomes.push((first, first_score));
        if last > first && chance.yes(0.75) {
            outcomes.push((last, last_score));
        }
    }
    let ended = Some((at, reason)).filter(|&(end, _)| end <= last_there && end <= LAST_DAY);
    CommunityReferral { provider, day, offer, source, ended, contacts, outcomes }
}
