//! The mental-health trust: how long people stay in hospital, by who they are and where they lie.

use polars::prelude::{Expr, col, lit};

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &MEAN_ADULT,
    &MEAN_OLDER,
    &MEAN_YOUNG,
    &MEAN_ACUTE,
    &MEDIAN_ADULT,
    &MEDIAN_OLDER,
    &MEDIAN_YOUNG,
    &LONG_60_ADULT,
    &LONG_60_OLDER,
    &LONG_60_YOUNG,
    &LONG_90_ADULT,
    &LONG_90_OLDER,
    &LONG_90_YOUNG,
];

const SOURCE: &str = "MHSDS monthly statistics (menh_bbrb, measure_metadata.py)";

fn days() -> Expr {
    col("days")
}

fn is_adult() -> Expr {
    col("is_adult").and(days().is_not_null())
}

fn is_older() -> Expr {
    col("is_older").and(days().is_not_null())
}

fn is_young() -> Expr {
    col("is_young").and(days().is_not_null())
}

fn is_acute() -> Expr {
    col("is_acute").and(days().is_not_null())
}

/// A metric of one group of discharges.
macro_rules! of_group {
    ($name:ident, $id:literal, $title:expr, $english:expr, $statistic:expr, $definition:expr, $official:literal, $differs:expr) => {
        const $name: Metric = Metric {
            id: $id,
            title: $title,
            plain_english: $english,
            subject: Subject::Spells,
            dated: Dating::On("end"),
            statistic: $statistic,
            sheet: Sheet::Demand,
            better: Better::Neither,
            standard: None,
            definition: $definition,
            official_id: Some($official),
            source: SOURCE,
            differs: Some($differs),
        };
    };
}

macro_rules! mean {
    ($name:ident, $id:literal, $who:literal, $which:literal, $of:ident, $official:literal) => {
        of_group!(
            $name,
            $id,
            concat!("Mean days in hospital: ", $who),
            concat!("How long, on average, people stayed in a mental-health hospital: ", $who, "."),
            Statistic::Mean { of: $of, value: days, least: 0, parts: 1, unit: "days" },
            concat!("Mean days from admission to discharge of spells that ended in the period, ", $which, "."),
            $official,
            "Shown to one decimal place; the published one is rounded to whole days."
        );
    };
}

macro_rules! median {
    ($name:ident, $id:literal, $who:literal, $which:literal, $of:ident, $official:literal) => {
        of_group!(
            $name,
            $id,
            concat!("Median days in hospital: ", $who),
            concat!("How long people stayed in a mental-health hospital, of whom half stayed no longer: ", $who, "."),
            Statistic::Quantile { percent: 50, of: $of, value: days, unit: "days" },
            concat!(
                "Exact median, interpolated, of days from admission to discharge of spells that ended in the period, ",
                $which,
                "."
            ),
            $official,
            "The published groups of beds are given here by the codes of their wards."
        );
    };
}

macro_rules! long {
    ($name:ident, $id:literal, $days:literal, $who:literal, $which:literal, $of:ident, $official:literal) => {
        const $name: Metric = {
            fn is_long() -> Expr {
                $of().and(days().gt_eq(lit($days)))
            }
            Metric {
                id: $id,
                title: concat!("People discharged after ", $days, " days or more: ", $who),
                plain_english: concat!(
                    "People who had been in a mental-health hospital for ",
                    $days,
                    " days or more when they left it: ",
                    $who,
                    "."
                ),
                subject: Subject::Spells,
                dated: Dating::On("end"),
                statistic: Statistic::PeopleProportion { numerator: is_long, denominator: $of },
                sheet: Sheet::Demand,
                better: if $days == 60 { Better::Lower } else { Better::Neither },
                standard: None,
                definition: concat!(
                    "Different people with a spell that ended in the period ",
                    $days,
                    " days or more after admission, out of different people with one that ended, ",
                    $which,
                    "."
                ),
                official_id: Some($official),
                source: SOURCE,
                differs: Some("The published measure is a count or a rate of the population; this is a share of the people discharged."),
            }
        };
    };
}

mean!(
    MEAN_ADULT,
    "mh_los_mean_adult",
    "adults in acute beds",
    "of people aged 18 to 64 at discharge whose last bed was an acute one for adults (10, 200)",
    is_adult,
    "MHS140a"
);
mean!(
    MEAN_OLDER,
    "mh_los_mean_older",
    "older adults in acute beds",
    "of people aged 65 or over at discharge whose last bed was an acute one for older adults (11, 201)",
    is_older,
    "MHS141a"
);
mean!(
    MEAN_YOUNG,
    "mh_los_mean_young",
    "children and young people",
    "of people aged under 18 at discharge, in beds of every kind",
    is_young,
    "MHS142a"
);
mean!(
    MEAN_ACUTE,
    "mh_los_mean_acute",
    "acute and intensive care",
    "of people aged 18 or over at discharge whose last bed was an acute one for adults or older adults or in psychiatric intensive care (10, 11, 12, 200, 201, 202)",
    is_acute,
    "MHS156b"
);
median!(
    MEDIAN_ADULT,
    "mh_los_median_adult",
    "adults in acute beds",
    "of people aged 18 to 64 at discharge whose last bed was an acute one for adults (10, 200)",
    is_adult,
    "MHS140b"
);
median!(
    MEDIAN_OLDER,
    "mh_los_median_older",
    "older adults in acute beds",
    "of people aged 65 or over at discharge whose last bed was an acute one for older adults (11, 201)",
    is_older,
    "MHS141b"
);
median!(
    MEDIAN_YOUNG,
    "mh_los_median_young",
    "children and young people",
    "of people aged under 18 at discharge, in beds of every kind",
    is_young,
    "MHS142b"
);
long!(
    LONG_60_ADULT,
    "mh_los_60_adult",
    60,
    "adults in acute beds",
    "aged 18 to 64 at discharge and last in an acute bed for adults (10, 200)",
    is_adult,
    "MHS100b"
);
long!(
    LONG_60_OLDER,
    "mh_los_60_older",
    60,
    "older adults in acute beds",
    "aged 65 or over at discharge and last in an acute bed for older adults (11, 201)",
    is_older,
    "MHS102b"
);
long!(
    LONG_60_YOUNG,
    "mh_los_60_young",
    60,
    "children and young people",
    "aged under 18 at discharge, in beds of every kind",
    is_young,
    "MHS104b"
);
long!(
    LONG_90_ADULT,
    "mh_los_90_adult",
    90,
    "adults in acute beds",
    "aged 18 to 64 at discharge and last in an acute bed for adults (10, 200)",
    is_adult,
    "MHS101b"
);
long!(
    LONG_90_OLDER,
    "mh_los_90_older",
    90,
    "older adults in acute beds",
    "aged 65 or over at discharge and last in an acute bed for older adults (11, 201)",
    is_older,
    "MHS103b"
);
long!(
    LONG_90_YOUNG,
    "mh_los_90_young",
    90,
    "children and young people",
    "aged under 18 at discharge, in beds of every kind",
    is_young,
    "MHS105b"
);
