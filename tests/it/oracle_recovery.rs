//! Personal recovery a second time: loops over linked scores, for the towns of `oracle_across` with scores put into what
//! their trusts sent. Only who is on which pathway is taken from the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use pathlink::domain::period::Span;
use pathlink::frame;
use pathlink::metrics::{self, Breakdown};
use pathlink::pathways::Episode;
use pathlink::schema::codes::CodeSet;
use pathlink::synth::{self, Memory, Options};

use crate::raw::day;
use crate::therapy_towns::{Dice, date};
use crate::town::{Town, of_files};

pub(crate) const METRICS: [&str; 6] = [
    "px_personal_recovery_reqol",
    "px_personal_recovery_dialog",
    "px_personal_recovery_swemwbs",
    "px_personal_recovery_paired_reqol",
    "px_personal_recovery_paired_dialog",
    "px_personal_recovery_paired_swemwbs",
];

const TOOLS: [(&str, &[&str]); 4] = [
    ("1091071000000100", &["0", "12", "19", "40"]),
    ("1037651000000100", &["1", "3", "4", "7"]),
    ("1037661000000100", &["2", "3", "5", "6"]),
    ("718466001", &["7", "18.59", "20", "35"]),
];
const DAYS: [i32; 10] = [-366, -365, -30, -1, 0, 1, 30, 200, 365, 366];

/// The days of scores about a referral's receipt or its discharge.
fn scores(text: &str, dice: &mut Dice) -> String {
    let mut lines = text.lines();
    let headings: Vec<&str> = lines.next().unwrap().split(',').collect();
    let place = |name: &str| headings.iter().position(|known| *known == name).unwrap();
    let [id, received, ended] = ["UniqServReqID", "ReferralRequestReceivedDate", "ServDischDate"].map(place);
    let mut scores = "UniqServReqID,CodedAssToolType,PersScore,AssToolCompTimestamp\n".to_owned();
    let mut given = BTreeSet::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let about = if cells[ended].is_empty() || dice.one_in(2) { cells[received] } else { cells[ended] };
        let is_date = about.len() == 10 && about.bytes().filter(|byte| *byte == b'-').count() == 2;
        for _ in 0..dice.below(if is_date { 6 } else { 1 }) {
            let (tool, values) = dice.pick(&TOOLS);
            let on = day(about) + dice.pick(&DAYS);
            if on <= synth::day_of(2026, 3, 31) && given.insert((cells[id].to_owned(), tool, on)) {
                writeln!(scores, "{},{tool},{},{}T09:00:00", cells[id], dice.pick(values), date(on)).unwrap();
            }
        }
    }
    scores
}

/// A town whose trusts sent scores too.
pub(crate) fn scored_town(options: &Options) -> Town {
    let mut memory = Memory::default();
    synth::generate(options, &mut memory, &mut |_| ()).unwrap();
    let mut dice = Dice(options.seed + 120_000);
    let referrals = memory.files.iter().filter(|(path, _)| path.contains("_MHS101Referral"));
    let more: Vec<(String, Vec<u8>)> = referrals
        .map(|(path, bytes)| {
            let path = path.replace("_MHS101Referral", "_MHS606CodedScoreAssessmentRefer_more");
            (path, scores(std::str::from_utf8(bytes).unwrap(), &mut dice).into_bytes())
        })
        .collect();
    assert!(!more.is_empty());
    let files = memory.files.into_iter().chain(more);
    of_files(files.map(|(path, bytes)| (path, Arc::new(bytes))).collect(), |_| ())
}

/// Person, instrument and scale, day and score of every score of these instruments.
fn linked_scores(town: &Town) -> Vec<(u32, &str, i32, f64)> {
    let linked = &town.evaluation.linked;
    let person = frame::values_u32(&linked.referrals, "person").unwrap();
    let referral = frame::values_u32(&linked.scores, "referral").unwrap();
    let scale = frame::values_u16(&linked.scores, "scale").unwrap();
    let at_contact = frame::values_u16(&linked.scores, "is_at_contact").unwrap();
    let days = frame::values_i32(&linked.scores, "date").unwrap();
    let points = frame::nullable_f32(&linked.scores, "score").unwrap();
    let names = town.sources.values.of(CodeSet::Scale);
    let mut found = Vec::new();
    for row in 0..referral.len() {
        let (Some(scale), Some(day), Some(points)) = (scale[row], days[row], points.get(row)) else { continue };
        let name = names[usize::from(scale)].as_str();
        if ["reqol10", "swemwbs"].contains(&name) || name.starts_with("dialog_") {
            assert_eq!(at_contact[row], Some(0));
            found.push((person[referral[row] as usize], name, day, f64::from(points)));
        }
    }
    found
}

/// The mean over an instrument's scales of the last score after the index date less the last one up to it, in hundredths.
fn difference(scores: &[(u32, &str, i32, f64)], episode: &Episode, stem: &str) -> Option<i32> {
    let until = episode.crossover.map_or(i32::MAX, |crossover| crossover - 1).min(episode.index + 365);
    let mut changes = Vec::new();
    let own: Vec<_> = scores.iter().filter(|one| one.0 == episode.person && one.1.starts_with(stem)).collect();
    for scale in own.iter().map(|one| one.1).collect::<BTreeSet<&str>>() {
        let last = |from: i32, to: i32| {
            let within = own.iter().filter(|one| one.1 == scale && from <= one.2 && one.2 <= to);
            within.map(|one| (one.2, one.3)).max_by(|one, other| one.partial_cmp(other).unwrap())
        };
        let (before, after) = (last(episode.index - 365, episode.index), last(episode.index + 1, until));
        if let (Some((_, before)), Some((_, after))) = (before, after) {
            changes.push(((after - before) * 1000.0).round());
        }
    }
    let mean = changes.iter().sum::<f64>() / changes.len() as f64;
    (!changes.is_empty()).then(|| (mean / 10.0).round() as i32)
}

/// Fails where a figure is another; adds up what was compared.
pub(crate) fn compare(town: &Town, episodes: &[Episode], compared: &mut BTreeMap<&'static str, u64>) {
    let scores = linked_scores(town);
    let estimates = &town.evaluation.estimates;
    for row in &estimates.rows {
        let id = metrics::ALL[row.metric].id;
        let Some(metric) = METRICS.into_iter().find(|own| *own == id) else { continue };
        let period = &estimates.periods[row.period];
        if row.breakdown != Breakdown::All || period.span != Span::Quarter {
            continue;
        }
        let Some(cell) = row.cell else { continue };
        let own: Vec<&Episode> =
            episodes.iter().filter(|one| Some(one.pathway) == row.pathway && period.holds(one.index)).collect();
        let stem = metric.rsplit('_').next().unwrap().replace("reqol", "reqol10");
        let changes: Vec<i32> = own.iter().filter_map(|episode| difference(&scores, episode, &stem)).collect();
        let shown = format!("{metric} {:?} {}", row.pathway, period.name);
        let count = changes.len() as u64;
        if metric.contains("paired") {
            assert_eq!((cell.numerator, cell.denominator), (count, own.len() as u64), "{shown}");
        } else {
            let mean = f64::from(changes.iter().sum::<i32>()) / (100.0 * count as f64);
            assert_eq!(cell.denominator, count, "{shown}");
            assert!(
                row.value.map_or(count == 0, |value| (value - mean).abs() < 1e-9),
                "{shown}: {:?}, {mean}",
                row.value
            );
        }
        *compared.entry(metric).or_default() += count;
    }
}
