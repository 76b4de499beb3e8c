//! Use of the mental-health trust. In: the course. Out: referrals with their contacts, and hospital
//! spells. Leaves alone: how it is written (`write_trust.rs`) and which referrals there are (`episodes.rs`).

use super::arms::{Arm, EFFECT, treated_from};
use super::calendar::{Day, END_DAY, LAST_DAY};
use super::chance::{Chance, whole};
use super::episodes::{fixed_referrals, other_referrals, patient_span};
use super::plan::Comparison;
use super::rates::Course;

/// A trust contact.
#[derive(Clone, Debug)]
pub struct TrustContact {
    /// Day of the contact.
    pub day: Day,
    /// Attended, or missed or cancelled.
    pub attended: bool,
}

/// A referral to the trust.
#[derive(Clone, Debug)]
pub struct TrustReferral {
    /// Day received; may lie before the data.
    pub received: Day,
    /// Day discharged; `None` while open.
    pub discharged: Option<Day>,
    /// Day the team rejected it.
    pub rejected: Option<Day>,
    /// Team type code.
    pub team: &'static str,
    /// Source of referral code.
    pub source: &'static str,
    /// Contacts, attended and not, in order of day.
    pub contacts: Vec<TrustContact>,
}

/// A hospital spell, with a referral of its own.
#[derive(Clone, Debug)]
pub struct Spell {
    /// First night.
    pub start: Day,
    /// Day of discharge, not a night; may lie after the data end.
    pub end: Day,
    /// Ward stays, which may overlap; together they cover the spell.
    pub stays: Vec<(Day, Day)>,
}

/// What the trust did for a person.
#[derive(Clone, Debug, Default)]
pub struct TrustUse {
    /// Place in `TRUSTS`.
    pub provider: usize,
    /// Referrals in order of receipt.
    pub referrals: Vec<TrustReferral>,
    /// Hospital spells, never overlapping.
    pub spells: Vec<Spell>,
    /// Contacts that the effect prevented.
    pub contacts_prevented: u32,
}

/// Everything the trust did; empty for people who never came to it.
pub(super) fn trust_use(course: &Course, chance: &mut Chance) -> TrustUse {
    let is_patient = course.comparison.is_some() || chance.yes(0.07);
    if !is_patient {
        return TrustUse::default();
    }
    let (contact_rate, spell_rate) = match course.comparison {
        Some(Comparison::Prevention) => (1.2, 0.06),
        Some(Comparison::Recovery) => (3.0, 0.12),
        None => (2.5, 0.03),
    };
    let span = patient_span(course, chance);
    let mut days = Vec::new();
    let rate = contact_rate * course.frailty.contacts * course.deprivation();
    course.scatter(rate, span, chance, &mut days);
    let contacts_prevented = course.thin(&mut days, chance);
    let mut referrals = fixed_referrals(course, chance);
    hang_on_fixed(&mut referrals, &mut days);
    other_referrals(course, span, &days, chance, &mut referrals);
    for referral in &mut referrals {
        add_missed(course, chance, referral);
    }
    referrals.sort_by_key(|referral| referral.received);
    let spells = spells(course, spell_rate * course.frailty.spells * course.deprivation(), chance);
    TrustUse { provider: chance.below(2), referrals, spells, contacts_prevented }
}

/// Moves days on which a fixed referral is open to that referral.
fn hang_on_fixed(referrals: &mut [TrustReferral], days: &mut Vec<Day>) {
    for referral in referrals {
        let end = referral.discharged.unwrap_or(END_DAY);
        let is_open = |day: Day| referral.received <= day && day <= end;
        let hung = days.iter().filter(|&&day| is_open(day)).map(|&day| TrustContact { day, attended: true });
        referral.contacts = hung.collect();
        days.retain(|&day| !is_open(day));
    }
}

/// Adds contacts that were missed or cancelled: about one for four attended.
fn add_missed(course: &Course, chance: &mut Chance, referral: &mut TrustReferral) {
    let end = referral.discharged.unwrap_or(LAST_DAY).min(course.life.to() - 1);
    let mut missed = Vec::new();
    for contact in &referral.contacts {
        let day = contact.day + chance.between(1, 14);
        if chance.yes(0.25) && day <= end {
            missed.push(TrustContact { day, attended: false });
        }
    }
    referral.contacts.extend(missed);
    referral.contacts.sort_by_key(|contact| contact.day);
}

/// Spells, one at a time. The effect leaves out spells after the treated day, and ends a spell that
/// spans that day on the next morning, so nights after it fall in the planted ratio.
fn spells(course: &Course, rate: f64, chance: &mut Chance) -> Vec<Spell> {
    let mut starts = course.untreated(rate, chance);
    starts.sort_unstable();
    let treated_from = treated_from(course.arms);
    let mut free_from = Day::MIN;
    let mut made = Vec::new();
    for start in starts {
        let nights = 1 + whole(chance.exponential(20.0)).min(180);
        let is_kept = chance.yes(EFFECT);
        let mut end = start + nights;
        if let Some(gone) = course.life.death.or(course.life.moved_out) {
            end = end.min(gone);
        }
        if start < free_from || end <= start {
            continue;
        }
        free_from = end + 1;
        if let Some(from) = treated_from.filter(|_| !is_kept) {
            if start > from {
                continue;
            }
            end = end.min(from + 1);
        }
        made.push(Spell { start, end, stays: ward_stays(start, end, chance) });
    }
    made
}

/// One or two ward stays; of two, some overlap by two nights.
fn ward_stays(start: Day, end: Day, chance: &mut Chance) -> Vec<(Day, Day)> {
    let (is_moved, is_overlapping) = (chance.yes(0.3), chance.yes(0.35));
    if !is_moved || end - start < 5 {
        return vec![(start, end)];
    }
    let moved_on = chance.between(start + 3, end - 1);
    let second = if is_overlapping { moved_on - 2 } else { moved_on };
    vec![(start, moved_on), (second, end)]
}

/// Whether the arm starts from, or needs, an open referral to a secondary-care team.
pub(super) fn is_under_secondary_care(arm: Arm) -> bool {
    matches!(arm, Arm::Recovery | Arm::RecoveryUsualCare)
}
