//! Scores under referrals to trusts: what adults' instruments and children's scales came to when the referral closed.
//!
//! In: referrals with what hangs on them, usable scores. Out: columns of the frame of `trust_referrals.rs`.

use polars::prelude::Column;

use super::compute::Wanted;
use super::trust_referrals::{Places, Referrals};
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::rules::paired::{Pairs, Rise, Scored, scores};
use crate::schema::measures::Change;
use crate::schema::reliable::Whose;
use crate::schema::scales::{DIALOG, GBO, HONOS, Instrument, REQOL};
use crate::settings::CutOff;
use crate::settings::cut_offs::{DIALOG_RELIABLE, GBO_RELIABLE, REQOL_RELIABLE};

/// The instruments of adults, and the reliable change of those that have a published one. More is better on all that have.
const INSTRUMENTS: [(Instrument, Option<&CutOff>); 4] =
    [(DIALOG, Some(&DIALOG_RELIABLE)), (REQOL, Some(&REQOL_RELIABLE)), (GBO, Some(&GBO_RELIABLE)), (HONOS, None)];
/// Nobody is a child from this age on.
const ADULT: u16 = 18;

/// What one referral came to.
#[derive(Clone, Copy, Default)]
struct Outcome {
    /// By how much each instrument of [`INSTRUMENTS`] rose.
    rises: [Option<Rise>; INSTRUMENTS.len()],
    /// Whether a judged scale of a child has a pair, whether one is reliably better, and whether one is reliably worse.
    child: [bool; 3],
}

/// Days in which a first score may be given, and a last.
struct Days {
    first_from: i32,
    last_from: i32,
    to: i32,
}

/// Closed, of an adult, and with a team that reports these instruments; not rejected.
fn is_adults(own: &Referrals, row: usize) -> bool {
    let is_adult = own.age.get(row).is_some_and(|age| age >= ADULT);
    is_adult && own.hung[row].outcome_teams > 0 && is_closed(own, row)
}

/// Closed, of a child who was seen twice; not rejected, not in hospital, and not to specialist teams alone.
fn is_childs(own: &Referrals, row: usize) -> bool {
    let is_child = own.age.get(row).is_some_and(|age| age < ADULT);
    let hung = &own.hung[row];
    is_child && hung.second.is_some() && !hung.has_spell && !own.is_specialist(row) && is_closed(own, row)
}

fn is_closed(own: &Referrals, row: usize) -> bool {
    own.discharged.get(row).is_some() && !own.is_rejected(row)
}

/// From receipt to discharge; of a child from the first attended contact, and the last score not before the second one.
fn days(own: &Referrals, row: usize) -> Option<Days> {
    let to = own.discharged.get(row)?;
    if is_adults(own, row) {
        let received = own.received.get(row)?;
        return Some(Days { first_from: received, last_from: received, to });
    }
    let hung = &own.hung[row];
    let ((first_from, _), (last_from, _)) = (hung.first?, hung.second?);
    is_childs(own, row).then_some(Days { first_from, last_from, to })
}

fn pairs(scores: &[Scored], days: &Days) -> Pairs {
    let mut pairs = Pairs::default();
    for scored in scores.iter().filter(|scored| scored.day <= days.to) {
        if scored.day >= days.first_from {
            pairs.first(scored);
        }
        if scored.day >= days.last_from {
            pairs.last(scored);
        }
    }
    pairs
}

/// Columns of scores. `is_proms` says which referrals of adults could have them; of every instrument `_change`, its mean
/// rise from first to last score in hundredths of a point, null without a pair, and `_improved`, whether that is a reliable
/// improvement; of children `is_childs_paired` and `is_childs_improved`.
pub fn columns(
    own: &Referrals,
    (linked, places): (&Linked, &Places),
    wanted: Wanted<'_>,
) -> Result<Vec<Column>, Error> {
    let mut outcomes = vec![Outcome::default(); own.height()];
    for scores in scores(linked)?.chunk_by(|one, next| one.referral == next.referral) {
        let row = scores.first().and_then(|scored| places.row(scored.referral));
        let Some((row, days)) = row.and_then(|row| Some((row, days(own, row)?))) else { continue };
        let pairs = pairs(scores, &days);
        if is_adults(own, row) {
            outcomes[row].rises = INSTRUMENTS.map(|(instrument, _)| pairs.rise_of(instrument));
        } else {
            let sex = linked.persons.sex.get(own.person.values()[row] as usize).copied().flatten();
            let whose = Whose { sex, age: own.age.get(row) };
            let changes = pairs.rises().filter_map(|(scale, rise)| wanted.reliable.change(scale, rise, whose));
            for change in changes {
                let child = &mut outcomes[row].child;
                *child = [true, child[1] || (change == Change::Better), child[2] || (change == Change::Worse)];
            }
        }
    }
    let bools =
        |name: &str, is: &dyn Fn(usize) -> bool| frame::bools(name, &(0..own.height()).map(is).collect::<Vec<bool>>());
    let mut columns = vec![
        bools("is_proms", &|row| is_adults(own, row)),
        bools("is_childs_paired", &|row| outcomes[row].child[0]),
        bools("is_childs_improved", &|row| outcomes[row].child[1] && !outcomes[row].child[2]),
    ];
    for (at, (instrument, reliable)) in INSTRUMENTS.iter().enumerate() {
        let id = instrument.id;
        let rises = outcomes.iter().map(|outcome| outcome.rises[at].map(Rise::hundredths));
        columns.push(frame::opt_i32s(&format!("{id}_change"), rises));
        let least = reliable.and_then(|reliable| wanted.cut_offs.value(reliable));
        let improved =
            |row: usize| outcomes[row].rises[at].zip(least).is_some_and(|(rise, least)| rise.is_at_least(least));
        columns.push(bools(&format!("{id}_improved"), &improved));
    }
    Ok(columns)
}
