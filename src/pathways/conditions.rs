//! Conditions: from a pathway's `where` to the referrals that qualify. An unknown column or value is a config error
//! with the nearest valid name.

use polars::prelude::*;

use crate::domain::{day, org_code::OrgCode};
use crate::error::{self, Error};
use crate::frame;
use crate::link::Linked;
use crate::rules;
use crate::schema::codes::CodeSet;
use crate::schema::{Kind, Source, Table};
use crate::settings::{Condition, PathwayConfig, did_you_mean};
use crate::sources::Sources;

/// The rows of the referrals that meet every condition of a pathway.
pub fn qualifying(linked: &Linked, pathway: &PathwayConfig, sources: &Sources) -> Result<Vec<u32>, Error> {
    let mut is_met: Option<Expr> = None;
    let mut with_team: Vec<Vec<bool>> = Vec::new();
    for condition in &pathway.conditions {
        let own = test(pathway, condition, sources)?;
        if condition.column == "team_type" {
            // A referral has as many team types as it has teams; one that qualifies is enough.
            let teams = frame::whole_u32(&linked.referral_teams, "referral")?;
            let mut has_team = vec![false; linked.referrals.height()];
            for row in rules::met_by(&linked.referral_teams, own)?.true_idx_iter() {
                has_team[teams.values()[row] as usize] = true;
            }
            with_team.push(has_team);
        } else {
            is_met = Some(is_met.map_or_else(|| own.clone(), |others| others.and(own.clone())));
        }
    }
    let places = frame::whole_u32(&linked.referrals, "referral")?;
    let has_teams = |row: &usize| with_team.iter().all(|has_team| has_team[places.values()[*row] as usize]);
    let rows: Vec<usize> = match is_met {
        Some(rule) => rules::met_by(&linked.referrals, rule)?.true_idx_iter().filter(has_teams).collect(),
        None => (0..linked.referrals.height()).filter(has_teams).collect(),
    };
    Ok(rows.into_iter().map(|row| row as u32).collect())
}

fn test(pathway: &PathwayConfig, condition: &Condition, sources: &Sources) -> Result<Expr, Error> {
    let column = col(condition.column.as_str());
    let mut tests = Vec::new();
    if let Some(values) = &condition.is_in {
        tests.push(is_among(pathway, condition, values, sources)?);
    }
    if let Some(values) = &condition.not_in {
        tests.push(is_among(pathway, condition, values, sources)?.not().fill_null(lit(true)));
    }
    if let Some((from, to)) = &condition.between {
        let date = |text: &str| {
            day::parse_iso(text.as_bytes())
                .ok_or_else(|| wrong(pathway, &format!("`{text}` is not a date"), "write it as \"2025-04-01\""))
        };
        kind(pathway, condition)?;
        tests.push(column.clone().is_between(lit(date(from)?), lit(date(to)?), ClosedInterval::Both));
    }
    if let Some(is_null) = condition.is_null {
        kind(pathway, condition)?;
        tests.push(if is_null { column.is_null() } else { column.is_not_null() });
    }
    tests.into_iter().reduce(Expr::and).ok_or_else(|| {
        wrong(
            pathway,
            &format!("the condition on `{}` tests nothing", condition.column),
            "give it in, not_in, between or is_null",
        )
    })
}

/// What kind of column a condition looks at.
fn kind(pathway: &PathwayConfig, condition: &Condition) -> Result<Kind, Error> {
    let known =
        || Table::Referrals.columns().iter().map(|column| column.name).chain(["service", "provider", "team_type"]);
    match condition.column.as_str() {
        "service" | "provider" => Ok(Kind::Org),
        "team_type" => Ok(Kind::Code(CodeSet::TeamType)),
        name => {
            Table::Referrals.column(name).map(|column| column.kind).filter(|kind| !kind.is_token()).ok_or_else(|| {
                let fix = did_you_mean(name, known(), "use a column of `referrals`");
                wrong(pathway, &format!("`{name}` is not a column of `referrals`"), &fix)
            })
        }
    }
}

fn is_among(
    pathway: &PathwayConfig,
    condition: &Condition,
    values: &[String],
    sources: &Sources,
) -> Result<Expr, Error> {
    let column = col(condition.column.as_str());
    let positions = values.iter().map(|value| match (kind(pathway, condition)?, condition.column.as_str()) {
        (_, "service") => Source::from_id(value)
            .map(|source| source as u64)
            .ok_or_else(|| unknown(pathway, value, Source::ALL.map(Source::id).into_iter())),
        (_, "provider") => OrgCode::parse(value.as_bytes())
            .map(OrgCode::packed)
            .ok_or_else(|| wrong(pathway, &format!("`{value}` is not an organisation code"), "use its ODS code")),
        (Kind::Code(set), _) => sources
            .values
            .position(set, value)
            .map(u64::from)
            .ok_or_else(|| unknown(pathway, value, sources.values.of(set).iter().map(String::as_str))),
        _ => Err(wrong(pathway, &format!("`{}` holds no codes", condition.column), "use `between` or `is_null`")),
    });
    let positions: Vec<u64> = positions.collect::<Result<_, _>>()?;
    let is_any = positions.into_iter().map(|position| column.clone().cast(DataType::UInt64).eq(lit(position)));
    is_any.reduce(Expr::or).ok_or_else(|| {
        wrong(pathway, &format!("the list for `{}` is empty", condition.column), "name at least one value")
    })
}

fn unknown<'a>(pathway: &PathwayConfig, value: &str, names: impl Iterator<Item = &'a str>) -> Error {
    let fix = did_you_mean(value, names, "see the code lists for the values that exist");
    wrong(pathway, &format!("`{value}` is not a value that exists"), &fix)
}

fn wrong(pathway: &PathwayConfig, why: &str, fix: &str) -> Error {
    Error::new(&error::CONFIG_VALUE, format!("pathway `{}` cannot be used", pathway.id), fix).because(why)
}
