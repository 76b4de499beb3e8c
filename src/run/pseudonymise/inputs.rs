//! Inputs: which extracts are meant, whether they may be read without others, and what their results are called.

use std::path::{Path, PathBuf};

use super::{Asked, Form, name_refused, rejects_of, with_ending};
use crate::error::{self, Error};
use crate::ingest::stamp::{SIDE_FILE, is_beside};
use crate::ingest::{Content, Extract};
use crate::schema::{Kind, Source, Table};
use crate::settings::did_you_mean;
use crate::sources::{Sources, TablePlan};

/// The extracts, parents before children.
pub(super) fn find(asked: &Asked<'_>, sources: &Sources) -> Result<Vec<Extract>, Error> {
    let named = asked.table.map(|name| table(asked.source, name, sources)).transpose()?;
    let mut extracts = Vec::new();
    for input in asked.inputs {
        if input.is_dir() {
            let found = std::fs::read_dir(input).into_iter().flatten().flatten().map(|entry| entry.path());
            extracts.extend(found.filter_map(|path| extract(asked.source, &path, None, sources)));
            continue;
        }
        let found =
            extract(asked.source, input, named, sources).ok_or_else(|| stranger(asked.source, input, sources))?;
        if !input.is_file() {
            return Err(Error::new(
                &error::INPUT_MISSING,
                format!("{} is not there", input.display()),
                "check the file's name and folder",
            ));
        }
        extracts.push(found);
    }
    if extracts.is_empty() {
        let what = format!("no file of {} was found", asked.source.title());
        let fix = "name the files, or a folder whose files have the names that `files` in the source config gives";
        return Err(Error::new(&error::INPUT_MISSING, what, fix));
    }
    extracts.sort_by(|a, b| {
        let place = |extract: &Extract| sources.tables[extract.plan].table;
        (place(a), a.plan, &a.name).cmp(&(place(b), b.plan, &b.name))
    });
    refuse_digests(&extracts, sources)?;
    refuse_children_alone(&extracts, sources)?;
    Ok(extracts)
}

fn extract(source: Source, path: &Path, plan: Option<usize>, sources: &Sources) -> Option<Extract> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    if is_beside(&name) {
        return None;
    }
    let found = sources.recognise(source, &name);
    let (plan, provider) = match (plan, found) {
        (Some(plan), found) => (plan, found.filter(|(own, _)| *own == plan).and_then(|(_, found)| found.provider)),
        (None, Some((plan, found))) => (plan, found.provider),
        (None, None) => return None,
    };
    Some(Extract { plan, name, provider, content: Content::File(path.to_path_buf()) })
}

fn table(source: Source, name: &str, sources: &Sources) -> Result<usize, Error> {
    let own = || sources.tables.iter().enumerate().filter(|(_, plan)| plan.source == source);
    own().find(|(_, plan)| plan.name == name).map(|(at, _)| at).ok_or_else(|| {
        let names: Vec<&str> = own().map(|(_, plan)| plan.name.as_str()).collect();
        let fix = did_you_mean(name, names.iter().copied(), &format!("use one of: {}", names.join(", ")));
        Error::new(&error::CONFIG_VALUE, format!("`{name}` is not a table of {}", source.title()), fix)
    })
}

fn stranger(source: Source, path: &Path, sources: &Sources) -> Error {
    let names: Vec<&str> =
        sources.tables.iter().filter(|plan| plan.source == source).map(|plan| plan.name.as_str()).collect();
    Error::new(
        &error::INPUT_STRANGER,
        format!("{} has a name that fits no table of {}", path.display(), source.title()),
        format!(
            "say which table it is with --table, one of: {}; or add a pattern that fits to `files`",
            names.join(", ")
        ),
    )
}

/// Whether rows of a table are left out for reasons that only the table above them knows.
fn is_judged_above(table: Table, source: Source, sources: &Sources) -> bool {
    let own = sources.tables.iter().filter(|plan| plan.source == source && plan.table == table);
    own.clone().any(|plan| (0..plan.exclusions.len()).any(|rule| !plan.drops_row(rule as u16)))
        || own.flat_map(parents).any(|parent| is_judged_above(parent, source, sources))
}

/// The tables that rows of a table hang on.
fn parents(plan: &TablePlan) -> Vec<Table> {
    let of = |kind: Kind| if let Kind::ParentId(parent) = kind { Some(parent) } else { None };
    let all = plan.columns.iter().filter_map(|column| of(column.column.kind));
    all.filter(|parent| *parent != plan.table && parent.is_parent()).collect()
}

/// Rows of people who said no must not leave because the file that says so was not given.
fn refuse_children_alone(extracts: &[Extract], sources: &Sources) -> Result<(), Error> {
    for extract in extracts {
        let plan = &sources.tables[extract.plan];
        let is_given = |table: Table| extracts.iter().any(|other| sources.tables[other.plan].table == table);
        let is_sent = |table: Table| sources.tables.iter().any(|one| one.source == plan.source && one.table == table);
        let above = parents(plan).into_iter().filter(|parent| is_sent(*parent));
        if let Some(parent) =
            above.into_iter().find(|parent| !is_given(*parent) && is_judged_above(*parent, plan.source, sources))
        {
            let names = sources.tables.iter().filter(|one| one.source == plan.source && one.table == parent);
            let names: Vec<&str> = names.map(|one| one.name.as_str()).collect();
            return Err(Error::new(
                &error::NOT_ALONE,
                format!("{} hangs on {}, which was not given", extract.name, names.join(" or ")),
                format!("name the file of {} in the same command", names.join(" or ")),
            )
            .because("it says whose rows are left out, and theirs must not leave with another file"));
        }
    }
    Ok(())
}

/// Whom another party's digest is of is found by the numbers of other sources, and none of those is at a partner's site: the
/// file would leave without a token of anybody.
fn refuse_digests(extracts: &[Extract], sources: &Sources) -> Result<(), Error> {
    let holds = |extract: &&Extract| sources.tables[extract.plan].columns.iter().any(|column| column.digest.is_some());
    let Some(extract) = extracts.iter().find(holds) else { return Ok(()) };
    Err(Error::new(
        &error::NOT_ALONE,
        format!("{} holds another party's digests in place of NHS numbers, and they become tokens in a run alone", extract.name),
        "send the file as it is, by a safe way: `pathlink run` finds its people by the numbers of the other sources; or pseudonymise an extract that holds the NHS numbers",
    )
    .because("a digest becomes a token by the numbers of other sources, which are not given here"))
}

/// Where each extract's result goes, and in which form.
pub(super) fn targets(
    extracts: &[Extract],
    (to, form): (&Path, Option<Form>),
    sources: &Sources,
) -> Result<Vec<(PathBuf, Form)>, Error> {
    let ending = to.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let of_name = [Form::Parquet, Form::Csv].into_iter().find(|form| ending.as_deref() == Some(form.ending()));
    let targets: Vec<(PathBuf, Form)> = match of_name {
        Some(_) if extracts.len() > 1 => {
            let fix = "name a folder with --to: each file gets a result of its own there";
            return Err(name_refused(to, &format!("{} files were given, and it is one", extracts.len()), fix));
        }
        Some(of_name) if form.is_some_and(|form| form != of_name) => {
            return Err(name_refused(to, "--format says otherwise than its name", "leave --format out"));
        }
        Some(form) => vec![(to.to_path_buf(), form)],
        None => {
            let form = form.unwrap_or(Form::Parquet);
            make_folder(to)?;
            extracts
                .iter()
                .map(|extract| (to.join(format!("{}.{}", stem(&extract.name), form.ending())), form))
                .collect()
        }
    };
    for (at, ((target, form), extract)) in targets.iter().zip(extracts).enumerate() {
        check_name(target, extract, sources)?;
        let mut all = vec![target.clone(), rejects_of(target)];
        all.extend((*form == Form::Csv).then(|| with_ending(target, SIDE_FILE)));
        if all.iter().any(|path| path.symlink_metadata().is_ok()) {
            let fix = "delete it, or name another file or folder with --to";
            return Err(name_refused(target, "it, or what would stand beside it, is already there", fix));
        }
        if targets[..at].iter().any(|(other, _)| other == target) {
            let fix = "pseudonymise them one by one, each into a folder of its own";
            return Err(name_refused(target, "two of the files would have this result", fix));
        }
    }
    Ok(targets)
}

/// A result is recognised by its name as its extract is, and a later month stays one.
fn check_name(target: &Path, extract: &Extract, sources: &Sources) -> Result<(), Error> {
    let plan = &sources.tables[extract.plan];
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let patterns = plan.files.join(" or ");
    let fix = format!("give it a name that fits {patterns} (.parquet will do for .csv)");
    match sources.recognise(plan.source, &name) {
        Some((found, _)) if found != extract.plan => {
            Err(name_refused(target, &format!("a run would take it for {}", sources.tables[found].name), &fix))
        }
        None => Err(name_refused(target, "a run would not know it by this name", &fix)),
        Some((_, found)) if plan.month_of(&extract.name).is_some_and(|month| found.month != Some(month)) => {
            Err(name_refused(
                target,
                "the month in the extract's name tells which submission is the later one",
                "keep the month in the name",
            ))
        }
        Some(_) => Ok(()),
    }
}

/// A name without what says how the file is written.
fn stem(name: &str) -> &str {
    let mut stem = name;
    for ending in [".gz", ".csv", ".txt", ".tsv", ".parquet"] {
        let cut = stem.len().saturating_sub(ending.len());
        if cut > 0 && stem.is_char_boundary(cut) && stem[cut..].eq_ignore_ascii_case(ending) {
            stem = &stem[..cut];
        }
    }
    stem
}

fn make_folder(folder: &Path) -> Result<(), Error> {
    use std::os::unix::fs::DirBuilderExt;
    if folder.is_dir() {
        return Ok(());
    }
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|_| Error::cannot_write(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_a_name_without_its_endings() {
        for (name, expected) in [
            ("ZP1_community_client.csv.gz", "ZP1_community_client"),
            ("list.CSV", "list"),
            ("list_2026-11.parquet", "list_2026-11"),
            (".csv", ".csv"),
            ("é", "é"),
        ] {
            assert_eq!(stem(name), expected);
        }
    }

    #[test]
    fn contacts_of_people_who_may_refuse_do_not_leave_without_their_people() {
        let sources = Sources::load(None, None).unwrap();
        let of = |names: &[&str]| -> Vec<Extract> {
            let one = |name: &&str| extract(Source::Community, Path::new(name), None, &sources).unwrap();
            names.iter().map(one).collect()
        };
        let client = "x_community_client.csv";
        assert!(refuse_children_alone(&of(&[client]), &sources).is_ok());
        assert!(refuse_children_alone(&of(&[client, "x_community_referral.csv"]), &sources).is_ok());
        for alone in ["x_community_referral.csv", "x_community_contact.csv", "x_community_outcome.csv"] {
            let refused = refuse_children_alone(&of(&[alone]), &sources).err().unwrap();
            assert_eq!(refused.code().id, "PSD02", "{alone}");
            assert!(refuse_children_alone(&of(&[client, alone]), &sources).is_ok() == alone.contains("referral"));
        }
    }
}
