//! Exact tables: for the internal tier what every estimate rests on and what became of every row read; for the
//! restricted tier the rejects, the quarantined records and the pairs for review.

use super::goals::Goals;
use super::policy::Marker;
pub use super::quality::internal as data_quality;
use super::sheets::{Column, Kind, Sheet, Value, column};
use super::spc::{self, Point};
use crate::domain::token::Token;
use crate::ingest::Staged;
use crate::link::links::Review;
use crate::link::passes::Pass;
use crate::metrics::{ALL, Estimates, before_after, ratios};
use crate::pathways::Pathways;
use crate::schema::Source;
use crate::settings::spc::Spc;
use crate::sources::TablePlan;
use crate::stats::Interval;

const ESTIMATE_COLUMNS: &[Column] = &[
    column("metric_id", Kind::Text, "the metric's id"),
    column("pathway", Kind::Text, "everyone, or the pathway"),
    column("period", Kind::Text, "financial quarter"),
    column("breakdown", Kind::Text, "how the figure is divided"),
    column("level", Kind::Text, "the part that this row is about"),
    column("numerator", Kind::Whole, "exact"),
    column("denominator", Kind::Whole, "exact; for counts the numerator"),
    column("people", Kind::Whole, "different people in the denominator"),
    column("people_in_numerator", Kind::Whole, "different people in the numerator"),
    column("people_not_in_numerator", Kind::Whole, "different people with something that is not in the numerator"),
    column("largest_person", Kind::Whole, "the largest numerator of one person"),
    column("second_person", Kind::Whole, "the second largest"),
    column("value", Kind::Decimal, "exact; empty without a denominator"),
    column("lower_95", Kind::Decimal, "lower limit"),
    column("upper_95", Kind::Decimal, "upper limit"),
    column("method", Kind::Text, "how the interval was made"),
];

/// Every estimate, exact.
pub fn estimates(estimates: &Estimates, pathways: &Pathways) -> Sheet {
    let rows = estimates.rows.iter().map(|row| {
        let cell = row.cell.as_ref();
        let whole = |of: fn(&crate::metrics::cell::Cell) -> u64| Value::whole(cell.map(of));
        vec![
            Value::text(ALL[row.metric].id),
            Value::text(row.pathway.map_or("everyone", |at| pathways.configs[at].id.as_str())),
            Value::text(&estimates.periods[row.period].name),
            Value::text(row.breakdown.id()),
            Value::text(&row.level),
            whole(|cell| cell.numerator),
            whole(|cell| cell.denominator),
            whole(|cell| u64::from(cell.people)),
            whole(|cell| u64::from(cell.people_in)),
            whole(|cell| u64::from(cell.people_out)),
            whole(|cell| cell.top_two[0]),
            whole(|cell| cell.top_two[1]),
            Value::decimal(row.value, 6),
            Value::decimal(row.interval.map(|interval| interval.lower), 6),
            Value::decimal(row.interval.map(|interval| interval.upper), 6),
            Value::text(row.method),
        ]
    });
    Sheet {
        name: "estimates",
        title: "Every estimate before disclosure control",
        columns: ESTIMATE_COLUMNS,
        rows: rows.collect(),
    }
}

/// Which monthly series are steady, exact.
pub fn steadiness((estimates, pathways): (&Estimates, &Pathways), settings: &Spc, goals: Goals<'_>) -> Sheet {
    spc::sheet((estimates, pathways), (settings, goals), 6, |row| {
        let marker = match (row.cell, row.value) {
            (None, _) => Marker::NotAvailable,
            (Some(_), None) => Marker::NotApplicable,
            (Some(_), Some(_)) => Marker::None,
        };
        Point { value: row.value, counts: row.cell.map(|cell| (cell.numerator, cell.denominator)), marker }
    })
}

const REJECT_COLUMNS: &[Column] = &[
    column("file", Kind::Text, "the file"),
    column("line", Kind::Whole, "line in the file, from 1"),
    column("column", Kind::Text, "the heading; empty where the whole row is meant"),
    column("check", Kind::Text, "the check that failed"),
    column("shape", Kind::Text, "the value's shape: D digits, A letters; never the value"),
];

/// Rows of a source that could not be used.
pub fn rejects(staged: &Staged, tables: &[TablePlan], source: Source) -> Sheet {
    let own = staged.files.iter().filter(|file| tables[file.plan].source == source);
    let rows = own.flat_map(|file| {
        file.rejects.iter().map(|reject| {
            vec![
                Value::text(&file.name),
                Value::whole(Some(reject.line)),
                Value::text(&reject.column),
                Value::text(&reject.check),
                Value::text(&reject.shape),
            ]
        })
    });
    Sheet { name: "rejects", title: "Rows that could not be used", columns: REJECT_COLUMNS, rows: rows.collect() }
}

const CONFLICT_COLUMNS: &[Column] = &[
    column("source", Kind::Text, "the source"),
    column("record_token", Kind::Text, "the record's own token; restricted"),
];

/// Records that carry a number whose holder has another date of birth: not linked, to be looked at.
pub fn conflicts(conflicts: &[(Source, Token)]) -> Sheet {
    let rows = conflicts.iter().map(|(source, token)| vec![Value::text(source.id()), Value::text(token.to_hex())]);
    Sheet { name: "conflicts", title: "Quarantined records", columns: CONFLICT_COLUMNS, rows: rows.collect() }
}

const RATIO_COLUMNS: &[Column] = &[
    column("pathway", Kind::Text, "the pathway"),
    column("metric_id", Kind::Text, "the rate"),
    column("ratio", Kind::Decimal, "rate after over rate before, exact"),
    column("robust_lower_95", Kind::Decimal, "lower limit with people as clusters"),
    column("robust_upper_95", Kind::Decimal, "upper limit with people as clusters"),
    column("bootstrap_lower_95", Kind::Decimal, "lower limit with people drawn 2,000 times; empty with too few events"),
    column("bootstrap_upper_95", Kind::Decimal, "upper limit with people drawn 2,000 times"),
    column("exact_lower_95", Kind::Decimal, "lower limit as if events came independently; empty where they do not"),
    column("exact_upper_95", Kind::Decimal, "upper limit as if events came independently"),
];

/// Ratios of after to before by every method.
pub fn ratios(estimates: &Estimates, pathways: &Pathways) -> Sheet {
    let row = |row: &ratios::Row| {
        let limits = |interval: Option<Interval>| {
            [interval.map(|limits| limits.lower), interval.map(|limits| limits.upper)].map(|one| Value::decimal(one, 6))
        };
        let mut cells = vec![
            Value::text(&pathways.configs[row.pathway].id),
            Value::text(before_after::ALL[row.metric].id),
            Value::decimal(Some(row.robust.ratio), 6),
        ];
        cells.extend([Some(row.robust.interval), row.bootstrap, row.exact].into_iter().flat_map(limits));
        cells
    };
    let rows = ratios::rows(pathways, &estimates.before_after).iter().map(row).collect();
    Sheet { name: "ratios", title: "Ratios of after to before, by every method", columns: RATIO_COLUMNS, rows }
}

const REVIEW_COLUMNS: &[Column] = &[
    column("source", Kind::Text, "the source of a record that found no person"),
    column("record_token", Kind::Text, "the record's own token; restricted"),
    column("with_source", Kind::Text, "the source of a record that may be the same person's"),
    column("with_record_token", Kind::Text, "that record's own token; restricted"),
    column("pass", Kind::Text, "the pass that compared them"),
    column("probability", Kind::Decimal, "how probable it is that they are one person's"),
    column("why", Kind::Text, "why they were not linked: probability, no_name, other_forename or tie"),
    column("agrees", Kind::Text, "the fields that agree, and how far; never a value"),
];

/// Pairs of records that may be one person's and were not linked: to be looked at.
pub fn review(pairs: &[Review]) -> Sheet {
    let row = |pair: &Review| {
        vec![
            Value::text(pair.record.0.id()),
            Value::text(pair.record.1.clone()),
            Value::text(pair.with.0.id()),
            Value::text(pair.with.1.clone()),
            Value::text(Pass::Probabilistic.id()),
            Value::decimal(Some(pair.probability), 4),
            Value::text(pair.why.id()),
            Value::text(pair.agrees.clone()),
        ]
    };
    let rows = pairs.iter().map(row).collect();
    Sheet { name: "linkage_review", title: "Pairs of records to look at", columns: REVIEW_COLUMNS, rows }
}
