//! Queries that settings name, as extracts.

use std::sync::Arc;

use super::extracts::{Content, Extract};
use super::query::Query;
use crate::domain::org_code::OrgCode;
use crate::error::{self, Error};
use crate::schema::Source;
use crate::settings::{QuerySettings, Settings, did_you_mean};
use crate::sources::{Sources, TablePlan};

/// Every query, in the order of settings, and what is wrong with those that cannot be one.
pub(super) fn all(settings: &Settings, sources: &Sources) -> (Vec<Extract>, Vec<(Source, Error)>) {
    let (mut extracts, mut wrong) = (Vec::<Extract>::new(), Vec::new());
    for (name, own) in &settings.source {
        let Some(source) = Source::from_id(name) else { continue };
        for query in &own.odbc {
            match extract(settings, sources, (source, query)) {
                Ok(extract) if extracts.iter().any(|other| is_same(other, &extract)) => {
                    let what = format!("two queries of [source.{name}] are called {}", extract.name);
                    wrong.push((source, Error::new(&error::CONFIG_VALUE, what, "give each a name of its own")));
                }
                Ok(extract) => extracts.push(extract),
                Err(error) => wrong.push((source, error)),
            }
        }
    }
    (extracts, wrong)
}

fn is_same(one: &Extract, other: &Extract) -> bool {
    (one.plan, &one.name) == (other.plan, &other.name)
}

fn extract(
    settings: &Settings,
    sources: &Sources,
    (source, query): (Source, &QuerySettings),
) -> Result<Extract, Error> {
    let plan = table(sources, (source, query))?;
    let table = &sources.tables[plan];
    let file = query.connection_file.as_ref().or(settings.odbc.connection_file.as_ref());
    let file = file.ok_or_else(|| {
        Error::new(
            &error::CONFIG_VALUE,
            format!("a query of [source.{}] names no connection file", source.id()),
            "name the file that holds the connection string: connection_file = \"PATH\" under [odbc]",
        )
    })?;
    let provider = query.provider.as_ref().map(|code| OrgCode::parse(code.as_bytes()).ok_or(code));
    let provider = provider.transpose().map_err(|_| {
        let what = format!("the provider of a query of [source.{}] is no organisation code", source.id());
        Error::new(&error::CONFIG_VALUE, what, "give its code, such as RT2")
    })?;
    let name = query.name.clone().unwrap_or_else(|| format!("{}.odbc", table.name));
    let longest = settings.caps.max_field_bytes;
    let query = Query::new(&query.query, settings.resolve(file), table, longest);
    Ok(Extract { plan, name, provider, content: Content::Query(Arc::new(query)) })
}

/// The position of the table that a query is of.
fn table(sources: &Sources, (source, query): (Source, &QuerySettings)) -> Result<usize, Error> {
    let own = || sources.tables.iter().enumerate().filter(|(_, plan)| plan.source == source);
    let names = || own().map(|(_, plan)| plan.name.as_str());
    let place = format!("[source.{}]", source.id());
    let Some(wanted) = &query.table else {
        let mut all = own();
        return match (all.next(), all.next()) {
            (Some((at, _)), None) => Ok(at),
            _ => Err(Error::new(
                &error::CONFIG_VALUE,
                format!("a query of {place} does not say of which table its rows are"),
                format!("add table = \"NAME\", one of {}", names().collect::<Vec<_>>().join(", ")),
            )),
        };
    };
    own().find(|(_, plan)| plan.name.eq_ignore_ascii_case(wanted)).map(|(at, _)| at).ok_or_else(|| {
        let fix = did_you_mean(wanted, names(), "see `pathlink describe sources` for its tables");
        Error::new(&error::CONFIG_VALUE, format!("{place} has no table `{wanted}`"), fix)
    })
}

/// The error for a table that a source must have and that neither file nor query gives.
pub(super) fn not_asked(plan: &TablePlan) -> Error {
    Error::new(
        &error::INPUT_MISSING,
        format!("no query gives {} of {}", plan.name, plan.source.title()),
        format!("add one under [[source.{}.odbc]] with table = \"{}\"", plan.source.id(), plan.name),
    )
}
