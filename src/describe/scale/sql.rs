//! The SQL of a data platform over linked Parquet: views in the platform's own words, then figures in words that all know.

use std::fmt::Write;

use crate::domain::day;
use crate::domain::period::Period;

/// The figures, in SQL that `DuckDB`, Spark and Databricks understand alike.
pub(super) const FIGURES: &str = include_str!("figures.sql");

/// Who runs the SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// `DuckDB`.
    DuckDb,
    /// Spark and Databricks.
    Spark,
}

/// Where the tables are.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The folder `restricted/linked` of a run.
    pub linked: &'a str,
    /// A folder in which they are first written again, partitioned by year as Hive has it; none to read them as they are.
    pub lake: Option<&'a str>,
}

/// A table that figures are made of, and the day whose year it is partitioned by.
const TABLES: [(&str, &str); 6] = [
    ("referrals", "received_date"),
    ("contacts", "date"),
    ("scores", "date"),
    ("attendances", "date"),
    ("ward_stays", "start"),
    ("pathway_episodes", "index_date"),
];

impl Engine {
    /// A file or folder of Parquet as a table.
    fn table(self, place: Place<'_>, name: &str) -> String {
        let text = |text: &str| text.replace('\'', "''");
        let path = |text: &str| text.replace('`', "``");
        match (self, place.lake) {
            (Self::DuckDb, None) => format!("read_parquet('{}/{name}.parquet')", text(place.linked)),
            (Self::DuckDb, Some(lake)) => {
                format!("read_parquet('{}/{name}/*/*.parquet', hive_partitioning = true)", text(lake))
            }
            (Self::Spark, None) => format!("parquet.`{}/{name}.parquet`", path(place.linked)),
            (Self::Spark, Some(lake)) => format!("parquet.`{}/{name}`", path(lake)),
        }
    }

    /// Writes a table again, partitioned by year.
    fn partitioned(self, place: Place<'_>, (name, date): (&str, &str)) -> Option<String> {
        let lake = place.lake?.replace('\'', "''");
        let from = self.table(Place { lake: None, ..place }, name);
        let rows = format!("SELECT *, YEAR({}) AS year FROM {from}", self.name(date));
        Some(match self {
            Self::DuckDb => {
                format!(
                    "COPY ({rows}) TO '{lake}/{name}' (FORMAT parquet, PARTITION_BY (year), OVERWRITE_OR_IGNORE);\n"
                )
            }
            Self::Spark => format!(
                "CREATE TABLE IF NOT EXISTS pathlink_{name} USING parquet PARTITIONED BY (year) LOCATION '{lake}/{name}' AS {rows};\n"
            ),
        })
    }

    /// A name that may be a word of SQL.
    fn name(self, name: &str) -> String {
        if self == Self::DuckDb { format!("\"{name}\"") } else { format!("`{name}`") }
    }

    /// The number of a day, as quarters have it.
    fn number(self, date: &str) -> String {
        let name = self.name(date);
        if self == Self::DuckDb {
            format!("date_diff('day', DATE '1970-01-01', {name})")
        } else {
            format!("unix_date({name})")
        }
    }

    /// The list of what each number in a coded column means.
    fn codes(self, place: Place<'_>) -> String {
        let column = self.name("column");
        let columns = format!("SELECT {column} AS list, CAST(number AS BIGINT) AS number, meaning FROM");
        match self {
            Self::DuckDb => {
                let path = place.linked.replace('\'', "''");
                format!("{columns} read_csv('{path}/codes.csv', header = true, all_varchar = true)")
            }
            Self::Spark => {
                let path = place.linked.replace('\'', "''");
                format!("{columns} read_files('{path}/codes.csv', format => 'csv', header => true)")
            }
        }
    }
}

/// Everything up to the figures: tables partitioned if that is asked for, views of them, and the quarters.
pub(super) fn views(engine: Engine, place: Place<'_>, quarters: &[Period]) -> String {
    let mut sql = String::new();
    for table in TABLES {
        sql.extend(engine.partitioned(place, table));
    }
    let mut view = |name: &str, rows: &str| {
        let _ = writeln!(sql, "CREATE OR REPLACE TEMPORARY VIEW {name} AS {rows};");
    };
    for (name, _) in TABLES.into_iter().filter(|(name, _)| *name != "ward_stays") {
        view(name, &format!("SELECT * FROM {}", engine.table(place, name)));
    }
    let stays = format!(
        "SELECT person, {} AS start_day, {} AS start_number, {} AS end_number FROM {}",
        engine.name("start"),
        engine.number("start"),
        engine.number("end"),
        engine.table(place, "ward_stays")
    );
    view("ward_stays", &stays);
    view("codes", &engine.codes(place));
    let row = |period: &Period| {
        let next = period.end + 1;
        let days = [period.start, next].map(|day| format!("DATE '{}'", day::to_iso(day))).join(", ");
        format!("\n    ({days}, {}, {next}, '{}')", period.start, period.name)
    };
    let rows = quarters.iter().map(row).collect::<Vec<_>>().join(",");
    view(
        "quarters",
        &format!(
            "\n  SELECT * FROM (VALUES{rows}\n  ) AS quarters(first_day, next_day, first_number, next_number, period)"
        ),
    );
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_end_its_text() {
        let place = Place { linked: "it's`here", lake: None };
        assert!(views(Engine::DuckDb, place, &[]).contains("read_parquet('it''s`here/referrals.parquet')"));
        assert!(views(Engine::Spark, place, &[]).contains("parquet.`it's``here/referrals.parquet`"));
    }
}
