//! The agreement that allows a share, or the refusal: what config says, what the command says, and the day.

use super::Asked;
use super::tables::{self, ALL, SharedTable};
use crate::domain::day;
use crate::domain::period::Period;
use crate::error::{self, Error};
use crate::settings::share::{DatePrecision, ShareConfig};
use crate::settings::{Settings, did_you_mean};

/// An agreement in force.
pub struct Agreement {
    /// The recipient's name in config and tokens.
    pub name: String,
    /// What was agreed.
    pub config: ShareConfig,
    /// The last day on which rows may be shared.
    pub expires: i32,
    /// The purpose of the recipient's tokens.
    pub purpose: String,
    /// The tables, each with its columns.
    pub tables: Vec<(&'static SharedTable, Vec<&'static tables::SharedColumn>)>,
}

impl Agreement {
    /// The agreement under which this may be shared.
    pub(super) fn of(settings: &Settings, asked: &Asked<'_>, as_of: i32) -> Result<Self, Error> {
        let name = asked.recipient;
        let config = settings.share.get(name).ok_or_else(|| {
            let known = settings.share.keys().map(String::as_str);
            let fix = format!("agree it first, then write it down as [share.{name}]; config/pathlink.toml shows how");
            refused("no agreement with that recipient is in the configuration", &did_you_mean(name, known, &fix))
        })?;
        if config.agreement != asked.agreement {
            let fix = "name it as `agreement` of the recipient's section has it, or agree anew";
            return Err(refused("the agreement that was named is not the recipient's", fix));
        }
        let expires = config.last_day().unwrap_or(i32::MIN);
        if asked.today > expires {
            let fix = "renew the agreement, then change `expires` in the recipient's section";
            return Err(
                refused("the agreement has expired", fix).because(format!("it ended on {}", day::to_iso(expires)))
            );
        }
        Ok(Self {
            name: name.to_owned(),
            config: config.clone(),
            expires,
            purpose: format!("release:{name}:{}", scope(config, asked, as_of)?),
            tables: chosen(config, name)?,
        })
    }

    /// How exact dates are, in a word.
    pub(super) fn precision(&self) -> &'static str {
        if self.is_by_month() { "month" } else { "day" }
    }

    /// Whether dates are the first of their month.
    pub(super) fn is_by_month(&self) -> bool {
        self.config.date_precision == DatePrecision::Month
    }
}

/// What the recipient's tokens are for. A study's name cannot be a period's: periods have no stroke.
fn scope(config: &ShareConfig, asked: &Asked<'_>, as_of: i32) -> Result<String, Error> {
    if let Some(study) = asked.study {
        let fix =
            "leave --study out, so that every period has tokens of its own; or agree on follow-up and set `study`";
        let is_agreed = config.study.as_deref() == Some(study);
        return if is_agreed { Ok(format!("study/{study}")) } else { Err(refused("that study is not agreed", fix)) };
    }
    let period = asked.period.map_or_else(|| Period::quarter_of(as_of).name, str::to_owned);
    let period: String = period.chars().map(|letter| if matches!(letter, ' ' | '/') { '-' } else { letter }).collect();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if (1..=32).contains(&period.len()) && period.chars().all(is_plain) {
        return Ok(period);
    }
    Err(Error::new(&error::SHARE_REQUEST, "that is not a period", "write it as 2025/26 Q4, 2026Q3 or 2026-03"))
}

/// The tables and columns of the agreement; what cannot be shared is refused by its name.
fn chosen(
    config: &ShareConfig,
    name: &str,
) -> Result<Vec<(&'static SharedTable, Vec<&'static tables::SharedColumn>)>, Error> {
    let unknown = |what: String, fix: String| Error::new(&error::SHARE_REQUEST, what, fix);
    let names = || ALL.iter().map(|table| table.name);
    for wanted in config.tables.iter().flatten().chain(config.columns.keys()) {
        if !names().any(|known| known == wanted) {
            let list = format!("use some of: {}", names().collect::<Vec<_>>().join(", "));
            let fix = did_you_mean(wanted, names(), &list);
            return Err(unknown(format!("[share.{name}]: `{wanted}` is not a table that can be shared"), fix));
        }
    }
    let is_wanted =
        |table: &&SharedTable| config.tables.as_ref().is_none_or(|wanted| wanted.iter().any(|name| name == table.name));
    let mut tables = Vec::new();
    for table in ALL.iter().filter(is_wanted) {
        let Some(wanted) = config.columns.get(table.name) else {
            tables.push((table, table.columns.iter().filter(|column| column.is_usual()).collect()));
            continue;
        };
        for column in wanted {
            let names = || table.columns.iter().map(|column| column.name);
            if !names().any(|known| known == column) {
                let list = format!("use some of: {}", names().collect::<Vec<_>>().join(", "));
                let fix = did_you_mean(column, names(), &list);
                let what = format!("[share.{name}]: `{column}` of {} is not a column that can be shared", table.name);
                return Err(unknown(what, fix));
            }
        }
        // Without the person's token a table is of no use, so that column is always there.
        let is_wanted = |column: &&tables::SharedColumn| {
            column.name == tables::PERSON || wanted.iter().any(|name| name == column.name)
        };
        tables.push((table, table.columns.iter().filter(is_wanted).collect()));
    }
    Ok(tables)
}

fn refused(why: &str, fix: &str) -> Error {
    Error::new(&error::SHARE_REFUSED, "nothing is shared", fix).because(why)
}
