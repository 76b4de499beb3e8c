//! Scores of the people on a pathway, before and after the index date.
//!
//! In: linked tables, episodes. Out: columns of the frame of episodes. Leaves alone: who is on a pathway.

use polars::prelude::DataFrame;

use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::pathways::Episode;
use crate::pathways::windows::WINDOW_DAYS;
use crate::rules::paired::{Pairs, Rise, scores};
use crate::schema::scales::{DIALOG, Instrument, REQOL, SWEMWBS};

/// The instruments of personal recovery. More is better on each.
const INSTRUMENTS: [Instrument; 3] = [REQOL, DIALOG, SWEMWBS];

/// Adds to the frame of episodes, one row each and in order of people, by how much each instrument rose from the year that
/// ends with the index date to the year after it, in hundredths of a point; null without both scores.
pub fn add(frame: &mut DataFrame, linked: &Linked, episodes: &[&Episode], as_of: i32) -> Result<(), Error> {
    let people = frame::whole_u32(&linked.referrals, "person")?;
    let mut pairs: Vec<Pairs> = episodes.iter().map(|_| Pairs::default()).collect();
    for scored in scores(linked)? {
        let is_recovery = INSTRUMENTS.iter().any(|instrument| instrument.has(scored.scale));
        let person = people.values().get(scored.referral as usize).filter(|_| is_recovery && scored.day <= as_of);
        let Some(person) = person else { continue };
        let from = episodes.partition_point(|episode| episode.person < *person);
        let own = episodes.iter().zip(&mut pairs).skip(from).take_while(|(episode, _)| episode.person == *person);
        for (episode, pairs) in own {
            let last = episode.crossover.map_or(i32::MAX, |crossover| crossover - 1);
            if (episode.index - WINDOW_DAYS..=episode.index).contains(&scored.day) {
                pairs.last_before(&scored);
            } else if scored.day > episode.index && scored.day <= last.min(episode.index + WINDOW_DAYS) {
                pairs.last(&scored);
            }
        }
    }
    for instrument in INSTRUMENTS {
        let rises = pairs.iter().map(|pairs| pairs.rise_of(instrument).map(Rise::hundredths));
        let column = frame::opt_i32s(&format!("{}_recovery", instrument.id), rises);
        frame.with_column(column).map_err(Error::silent("add scores to episodes"))?;
    }
    Ok(())
}
