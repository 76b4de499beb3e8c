//! The figures of England as NHS England published them, rebuilt from rows: so many referrals with treatments and scores as have
//! the published counts, through the program, give the published percentages.
//!
//! Source: NHS Talking Therapies annual figures (nhstt package data) and December 2020 (digital.nhs.uk); OGL v3.

use std::fmt::Write;

use pathlink::metrics::{ALL, Breakdown};
use pathlink::settings::Periods;

use crate::raw::day;
use crate::therapy_towns::date;
use crate::town::{Town, of_therapies};

/// Courses finished, not at caseness, recovered, reliably recovered, reliably improved.
type Counts = [usize; 5];

/// Scores of PHQ-9 and GAD-7, first and last; the last are missing where there is no pair.
type Scores = [[Option<u8>; 2]; 2];

const RELIABLY_RECOVERED: Scores = [[Some(15), Some(5)], [Some(5), Some(5)]];
/// From above to below the threshold, by less than a reliable change.
const RECOVERED: Scores = [[Some(11), Some(9)], [Some(5), Some(5)]];
const RELIABLY_IMPROVED: Scores = [[Some(20), Some(14)], [Some(5), Some(5)]];
const BELOW: Scores = [[Some(5), Some(5)], [Some(3), Some(3)]];
const UNPAIRED: Scores = [[Some(15), None], [Some(5), None]];

/// Days from referral to first treatment and from there to the second, each with how many had it; the last is the rest's.
/// 2024-25: up to 28 days 545,715, up to 42 (six weeks) 614,104, up to 56 637,225, up to 90 655,404, up to 126 (eighteen weeks) 661,723.
const FIRST: [(usize, i32); 6] =
    [(545_715, 28), (614_104, 42), (637_225, 43), (655_404, 90), (661_723, 126), (usize::MAX, 127)];
const SECOND: [(usize, i32); 2] = [(268_954, 28), (usize::MAX, 29)];

/// The day that so many are up to.
fn wait(list: &[(usize, i32)], at: usize) -> i32 {
    list.iter().find(|(up_to, _)| at < *up_to).unwrap().1
}

fn town([finished, below, recovered, reliably, improved]: Counts) -> Town {
    let kinds = [
        (reliably, RELIABLY_RECOVERED),
        (recovered - reliably, RECOVERED),
        (improved - reliably, RELIABLY_IMPROVED),
        (below, BELOW),
        (finished - below - recovered - (improved - reliably), UNPAIRED),
    ];
    let headings = [
        ("IDS001MPI", "NHSNumber,NHSNumberStatus,LocalPatientId,OrgID_Provider,PersonBirthDate,GenderIDCode"),
        ("IDS101Referral", "ServiceRequestId,LocalPatientId,OrgID_Provider,ReferralRequestReceivedDate,ServDischDate"),
        ("IDS201CareContact", "CareContactId,ServiceRequestId,CareContDate,AttendOrDNACode,AppType"),
        ("IDS606CodedScoreAssessmentRefer", "ServiceRequestId,CodedAssToolType,PersScore,AssToolCompDate"),
    ];
    let mut texts = headings.map(|(_, heading)| format!("{heading}\n"));
    let received = day("2025-04-02");
    for (at, scores) in kinds.iter().flat_map(|(count, scores)| std::iter::repeat_n(scores, *count)).enumerate() {
        let person = at / 4;
        if at % 4 == 0 {
            writeln!(texts[0], ",07,L{person},ZI1,1980-05-05,1").unwrap();
        }
        let first = received + wait(&FIRST, at);
        let days = [first, first + wait(&SECOND, at)].map(date);
        writeln!(texts[1], "R{at},L{person},ZI1,{},2026-02-01", date(received)).unwrap();
        for (visit, day) in days.iter().enumerate() {
            writeln!(texts[2], "C{at}V{visit},R{at},{day},5,02").unwrap();
        }
        for (tool, scores) in ["720433000", "445455005"].iter().zip(scores) {
            for (score, day) in scores.iter().zip(&days) {
                if let Some(score) = score {
                    writeln!(texts[3], "R{at},{tool},{score},{day}").unwrap();
                }
            }
        }
    }
    of_therapies(headings.map(|(name, _)| name), texts, |settings| {
        settings.periods = Periods { months: 0, quarters: 1, years: 1, twelve_months: 0 };
        settings.pathway.clear();
    })
}

/// Numerator, denominator and the percentage as it is printed, of 2025/26, where the rows of every year are put.
fn of(town: &Town, id: &str) -> (usize, usize, String) {
    let estimates = &town.evaluation.estimates;
    let is_it = |row: &&pathlink::metrics::Estimate| {
        let is_plain = row.pathway.is_none() && row.breakdown == Breakdown::All;
        is_plain && ALL[row.metric].id == id && estimates.periods[row.period].name == "2025/26"
    };
    let row = estimates.rows.iter().find(is_it).unwrap();
    let cell = row.cell.unwrap();
    (cell.numerator as usize, cell.denominator as usize, format!("{:.1}", row.value.unwrap()))
}

fn assert_published(counts: Counts, published: [&str; 3]) -> Town {
    let town = town(counts);
    let [finished, below, recovered, reliably, improved] = counts;
    for (id, own, out_of, percent) in [
        ("tt_recovery", recovered, finished - below, published[0]),
        ("tt_reliable_recovery", reliably, finished - below, published[1]),
        ("tt_reliable_improvement", improved, finished, published[2]),
    ] {
        assert_eq!(of(&town, id), (own, out_of, percent.to_owned()), "{id}");
    }
    town
}

#[test]
fn recovery_and_waits_of_2024_25_are_rebuilt_from_rows() {
    let town = assert_published([670_419, 35_234, 321_061, 301_815, 452_284], ["50.5", "47.5", "67.5"]);
    assert_eq!(of(&town, "tt_wait_6wk"), (614_104, 670_419, "91.6".to_owned()));
    assert_eq!(of(&town, "tt_wait_18wk"), (661_723, 670_419, "98.7".to_owned()));
    assert_eq!(of(&town, "tt_first_second_over28").0, 145_392 + 97_487 + 158_586);
}

#[test]
fn recovery_of_earlier_years_is_rebuilt_from_rows() {
    assert_published([671_648, 37_164, 318_013, 298_780, 448_634], ["50.1", "47.1", "66.8"]);
    assert_published([634_649, 37_267, 306_990, 291_091, 433_327], ["51.4", "48.7", "68.3"]);
    assert_published([606_192, 36_054, 291_371, 276_261, 406_118], ["51.1", "48.5", "67.0"]);
}

/// Counts of providers are published rounded to the nearest 5, and percentages whole: Pennine Care (RT2) and Self Help Services,
/// Stockport (T6G0K), 2024-25.
#[test]
fn recovery_of_two_providers_is_rebuilt_from_rows() {
    for ([finished, below, recovered], published) in [([8_590, 475, 4_060], 50.0), ([670, 10, 390], 59.0)] {
        let town = town([finished, below, recovered, recovered, recovered]);
        let (own, out_of, percent) = of(&town, "tt_recovery");
        assert_eq!((own, out_of), (recovered, finished - below));
        assert!((percent.parse::<f64>().unwrap() - published).abs() <= 0.5, "{percent}");
    }
}

#[test]
fn recovery_of_december_2020_is_rebuilt_from_rows() {
    // Only courses finished, not at caseness and recovered were published.
    let town = town([48_111, 2_957, 23_291, 23_291, 23_291]);
    assert_eq!(of(&town, "tt_recovery"), (23_291, 45_154, "51.6".to_owned()));
}
