//! Scale: how linked tables are handed to Spark, Databricks or `DuckDB`, and the main figures in SQL over them.

mod sql;

pub use sql::{Engine, Place};

use super::page::Block;
use crate::domain::period::Period;

/// The SQL of an engine, whole: the views, then the figures.
pub fn script(engine: Engine, place: Place<'_>, quarters: &[Period]) -> String {
    format!("{}\n{}", sql::views(engine, place, quarters), sql::FIGURES)
}

/// The tables of `restricted/linked`, and what a row of each is.
const TABLES: [(&str, &str); 14] = [
    (
        "persons",
        "a person: `person` in this run, `person_id` in every run, sex, ethnic group, deprivation, birth month",
    ),
    ("pathway_episodes", "a person's time on a pathway: on it from `index_date` up to the day before `end_date`"),
    ("referrals", "a referral, of any service"),
    ("referral_teams", "a team of a referral to the trust"),
    ("contacts", "a contact, of any service but GPs and A&E"),
    ("indirect_contacts", "activity for a person who was not there"),
    ("scores", "a score of a scale, by referral"),
    ("attendances", "an A&E attendance"),
    ("appointments", "a GP appointment"),
    ("spells", "a hospital spell of the trust"),
    ("ward_stays", "a ward stay of the trust"),
    ("registrations", "a stretch on a GP's list"),
    ("links", "a record that was linked without a number, with the pass and its probability"),
    ("events/type=.../events", "an event of the people on a pathway, partitioned by type as Hive has it"),
];

/// The page.
pub fn page() -> Vec<Block> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let tables = TABLES.iter().map(|(name, row)| vec![format!("`{name}.parquet`"), (*row).to_owned()]).collect();
    vec![
        Block::Heading(1, "Scale".to_owned()),
        Block::text(
            "A region that has a data platform can go on there: `restricted/linked` of a run is plain Parquet. Rows are about people, \
             so they stay inside the trust's own platform, under the rules of `pathlink describe security`; for anybody else there is \
             `pathlink share`.",
        ),
        Block::Heading(2, "What is there".to_owned()),
        Block::Table(vec!["table", "a row is"], tables),
        Block::text(
            "`person` and `referral` join tables of one run and are numbered anew in the next; `person_id` in `persons.parquet` stays. \
             Coded columns hold numbers, and `codes.csv` says what each means.",
        ),
        Block::Heading(2, "How to do it".to_owned()),
        Block::Sql(
            [
                "-- DuckDB, on the tables as they are:",
                "--   pathlink describe scale --engine duckdb --linked runs/RUN/restricted/linked | duckdb",
                "-- Spark SQL or Databricks, partitioned by year as Hive has it in a folder of the platform first:",
                "--   pathlink describe scale --engine spark --linked /mnt/trust/linked --lake /mnt/trust/lake > figures.sql",
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
        Block::text(
            "The quarters are those of the settings, up to `as_of` there or `--as-of`. A test runs the SQL for DuckDB on the bundled \
             run, both ways, and gets every figure of `internal/estimates.csv`. The views for Spark differ from it in how files are \
             read and are not tested; Spark without Databricks reads `codes.csv` by `CREATE TEMPORARY VIEW ... USING csv` instead.",
        ),
        Block::Heading(2, "The figures".to_owned()),
        Block::text(
            "Referrals, finished courses, recovery, attendances and bed days, exact, per pathway and quarter. They are for the trust's \
             analysts: nothing here is rounded or hidden, so publish from `release/` only. Recovery goes by PHQ-9 and GAD-7; of a course \
             in which the measure of another anxiety disorder decides, as `tt_recovery` has it, the SQL knows nothing.",
        ),
        Block::Sql(lines(sql::FIGURES)),
    ]
}
