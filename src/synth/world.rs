//! The world: everything that is not a person. In: the options. Out: practices, postcodes, dates'
//! busyness and where redesigned sites are open. Leaves alone: people (`person.rs`).

use serde::Serialize;

use super::calendar::{Day, END_DAY, MONTHS, QUARTERS, day_of, month_of, month_start};
use super::chance::{mix, share};

/// Whether the GP extract arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum GpExtract {
    /// The list and the appointments are written.
    Sent,
    /// No file under `gp/` and no coverage row for it.
    Missing,
}

/// Whether identifier errors and dirt are planted, and on whom errors fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Errors {
    /// At the measured rates; missing numbers and old postcodes fall more on deprived people and minority groups.
    Planted,
    /// At the same rates, on everybody alike.
    Random,
    /// At the same rates; errors of every kind fall steeply on deprived people and minority groups.
    Biased,
    /// Every record is right, none is sent twice, everybody consents.
    None,
}

impl Errors {
    /// Whether there are any.
    #[must_use]
    pub fn are_planted(self) -> bool {
        self != Self::None
    }
}

/// Whether charities hold NHS numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum CharityNumbers {
    /// For the share of clients who gave theirs.
    Some,
    /// For nobody: names, date of birth, sex and postcode only.
    None,
}

/// What to generate.
#[derive(Clone, Debug, Serialize)]
pub struct Options {
    /// People, arms and everyone else.
    pub people: u64,
    /// Seed of all chance.
    pub seed: u64,
    /// Whether the GP extract arrives.
    pub gp: GpExtract,
    /// Whether identifier errors are planted, and on whom they fall.
    pub errors: Errors,
    /// Whether charities hold NHS numbers.
    pub charity_numbers: CharityNumbers,
}

/// A GP practice.
#[derive(Clone, Debug)]
pub struct Practice {
    /// ODS code, invented.
    pub code: String,
    /// Quarter of the year 2023/24 (0) and on in which its redesigned site opens, 0 to 5.
    pub site_quarter: usize,
    /// Stretches of days whose appointments were sent, both ends included; empty if it never sent.
    pub sent: Vec<(Day, Day)>,
    /// Months sent whole, April 2022 first.
    pub whole_months: [bool; MONTHS],
}

/// A place to live.
#[derive(Clone, Debug)]
pub struct Postcode {
    /// Postcode of an invented form.
    pub text: String,
    /// Small area, invented.
    pub lsoa: String,
    /// Deprivation fifth, 1 is most deprived.
    pub quintile: u8,
}

/// Everything that is not a person.
pub struct World {
    /// What was asked for.
    pub options: Options,
    /// GP practices of the area.
    pub practices: Vec<Practice>,
    /// Postcodes of the area.
    pub postcodes: Vec<Postcode>,
    /// How busy each day of the data is; 1 is a plain day at the start.
    pub(super) busyness: Vec<f64>,
    /// Month of each day of the data.
    pub(super) months: Vec<usize>,
    /// First day of each quarter with index dates, and the end of the last.
    pub(super) quarters: Vec<Day>,
    /// Key of the numbers and ids.
    pub(super) key: u64,
    /// Where the evenly spread sequence of arms starts.
    pub(super) arm_start: f64,
    /// Where the evenly spread sequence of shared numbers starts.
    pub(super) shared_start: f64,
}

/// Trusts.
pub(super) const TRUSTS: [&str; 2] = ["ZT1", "ZT2"];
/// A&E departments' providers.
pub(super) const EMERGENCY: [&str; 2] = ["ZA1", "ZA2"];
/// Talking Therapies providers.
pub(super) const THERAPIES: [&str; 2] = ["ZI1", "ZI2"];
/// Charities.
pub(super) const CHARITIES: [&str; 4] = ["ZC1", "ZC2", "ZC3", "ZC4"];

/// Yearly fall of all use.
pub(super) const TREND_A_YEAR: f64 = -0.05;
/// Use in December to February against the rest of the year.
pub(super) const WINTER: f64 = 1.2;
/// Use in the quarter of the shared shock, April to June 2024.
pub(super) const SHOCK: f64 = 1.25;
/// No day is busier than this.
pub(super) const BUSIEST: f64 = 1.5;

impl World {
    /// The world of these options.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let practices = (0..usize::try_from(options.people / 8_000).unwrap_or(0).max(10)).map(practice).collect();
        let postcodes =
            (0..usize::try_from(options.people / 20).unwrap_or(0).clamp(200, 390_000)).map(postcode).collect();
        Self {
            options: options.clone(),
            practices,
            postcodes,
            busyness: (0..END_DAY).map(busyness).collect(),
            months: (0..END_DAY).map(|day| usize::try_from(month_of(day)).unwrap_or(0)).collect(),
            quarters: (0..=QUARTERS).map(|quarter| month_start(12 + 3 * i32::try_from(quarter).unwrap_or(0))).collect(),
            key: mix(options.seed ^ 0x4E48_5331),
            arm_start: share(mix(options.seed ^ 0x4152_4D53)),
            shared_start: share(mix(options.seed ^ 0x5348_4152)),
        }
    }

    /// Busyness of a day; 0 outside the data.
    pub(super) fn busyness_on(&self, day: Day) -> f64 {
        usize::try_from(day).ok().and_then(|day| self.busyness.get(day)).copied().unwrap_or(0.0)
    }

    /// Whether the practice sent the whole calendar month of the day.
    #[must_use]
    pub fn has_whole_month(&self, practice: usize, day: Day) -> bool {
        let month = usize::try_from(day).ok().and_then(|day| self.months.get(day));
        month.is_some_and(|&month| self.practices[practice].whole_months[month])
    }

    /// Share of practices whose redesigned site is open in a quarter.
    pub(super) fn share_open(quarter: usize) -> f64 {
        [0.5, 0.6, 0.7, 0.8, 0.9].get(quarter).copied().unwrap_or(1.0)
    }
}

impl Practice {
    /// Whether its appointments of the day were sent.
    #[must_use]
    pub fn has_sent(&self, day: Day) -> bool {
        self.sent.iter().any(|&(from, to)| from <= day && day <= to)
    }
}

fn busyness(day: Day) -> f64 {
    let (_, month, _) = super::calendar::civil(day);
    let trend = (1.0 + TREND_A_YEAR).powf(f64::from(day) / 365.25);
    let winter = if matches!(month, 12 | 1 | 2) { WINTER } else { 1.0 };
    let shock = if (day_of(2024, 4, 1)..day_of(2024, 7, 1)).contains(&day) { SHOCK } else { 1.0 };
    trend * winter * shock
}

/// The practice at a place in the list: the same for every seed. Of every ten, the third never
/// sent and the fifth joined half-way; of every twenty, the seventh changed supplier.
fn practice(place: usize) -> Practice {
    let last = END_DAY - 1;
    let sent = match place % 20 {
        2 | 12 => Vec::new(),
        4 | 14 => vec![(day_of(2024, 4, 10), last)],
        6 => vec![(0, day_of(2024, 9, 19)), (day_of(2025, 1, 20), last)],
        _ => vec![(0, last)],
    };
    let mut whole_months = [false; MONTHS];
    for (month, whole) in (0..).zip(&mut whole_months) {
        let (first, end) = (month_start(month), month_start(month + 1));
        *whole = sent.iter().any(|&(from, to)| from <= first && end <= to + 1);
    }
    let site_quarter = [0, 0, 1, 0, 2, 0, 0, 3, 4, 5][place % 10];
    Practice { code: format!("Y9{place:04}"), site_quarter, sent, whole_months }
}

fn postcode(place: usize) -> Postcode {
    const LETTERS: &[u8; 20] = b"ABDEFGHJLNPQRSTUWXYZ";
    let (district, sector) = (place % 99 + 1, place / 99 % 10);
    let unit = place / 990;
    let first = char::from(LETTERS[unit / 20 % 20]);
    let second = char::from(LETTERS[unit % 20]);
    let area = place / 30;
    Postcode {
        text: format!("ZQ{district} {sector}{first}{second}"),
        lsoa: format!("E019{area:05}"),
        quintile: u8::try_from(area % 5 + 1).unwrap_or(1),
    }
}
