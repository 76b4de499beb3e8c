//! What settings may not say: values that are no value of their key, or that contradict each other. Found when they are
//! loaded, before any extract is looked at.

use super::cut_offs;
use super::file::{day_of, wrong};
use super::pathway::{PathwayConfig, Role};
use super::published::PublishedFigure;
use super::target::Target;
use super::{Settings, did_you_mean, warehouse};
use crate::domain::key_text::holds_key;
use crate::domain::scheme::Scheme;
use crate::error::{self, Error};
use crate::schema::Source;

impl Settings {
    pub(super) fn check(&self, shown: &str) -> Result<(), Error> {
        if let Some(extract) = self.extracts.iter().find(|extract| Source::from_id(&extract.source).is_none()) {
            return Err(not_a_source(shown, &extract.source));
        }
        if let Some(name) = self.identity.consent_required.iter().find(|name| Source::from_id(name).is_none()) {
            return Err(not_a_source(shown, name));
        }
        let is_scheme = |name: &String| Scheme::from_id(name).is_some_and(Scheme::is_of_number);
        if let Some(name) = self.compat.keys().find(|name| !is_scheme(name)) {
            let names = Scheme::ALL.into_iter().filter(|scheme| scheme.is_of_number()).map(Scheme::id);
            let fix = did_you_mean(name, names, "use openpseudonymiser, ndrs or crate_sha256");
            return Err(wrong(shown, &format!("[compat.{name}] is no scheme of digests"), &fix));
        }
        if self.as_of.is_some() && self.pinned_as_of().is_none() {
            return Err(wrong(shown, "`as_of` is not a date", "write it as 2026-03-31, without quotes"));
        }
        if self.disclosure.threshold() < 2 || self.disclosure.round_to() < 1 {
            return Err(wrong(
                shown,
                "`disclosure` would hide nothing",
                "threshold is at least 2 and round_to at least 1",
            ));
        }
        self.check_warehouse(shown)?;
        // As written: a path that is resolved loses a second stroke in a row, and the key its look.
        let mut secrets = self.key.file.iter().chain(self.compat.values().map(|entry| &entry.salt_file));
        if secrets.any(|path| holds_key(&path.to_string_lossy())) {
            return Err(Error::new(
                &error::KEY_UNSAFE,
                format!("the path of a key or salt file in {shown} holds what looks like a key itself"),
                "name the key's file instead, and treat this key as leaked: `pathlink describe security leaks`",
            ));
        }
        let faults = [
            (self.key.fault(), "copy it from what `pathlink key check` prints"),
            (self.caps.fault(), "see [caps] in config/pathlink.toml for what each cap is for"),
            (self.costs.fault(), "see [costs] in config/pathlink.toml for what each setting is for"),
            (self.linkage.fault(), "see [linkage] in config/pathlink.toml for what each setting is for"),
            (self.gates.fault(), "see [gates] in config/pathlink.toml for what each gate is for"),
            (self.periods.fault(), "12 quarters are three years"),
            (self.retention.fault(), "2 is the default: tonight's and last night's"),
        ];
        if let Some((why, fix)) = faults.into_iter().find_map(|(why, fix)| Some((why?, fix))) {
            return Err(wrong(shown, why, fix));
        }
        for (name, share) in &self.share {
            if let Some(why) = share.fault(name) {
                return Err(wrong(shown, &format!("[share.{name}]: {why}"), "see [share] in config/pathlink.toml"));
            }
        }
        self.check_judgement(shown)?;
        self.pathway.iter().try_for_each(|pathway| self.check_pathway(shown, pathway))
    }

    /// Queries: of a source that there is, in a build that can run them, without secrets where others see them.
    fn check_warehouse(&self, shown: &str) -> Result<(), Error> {
        if let Some(name) = self.source.keys().find(|name| Source::from_id(name).is_none()) {
            return Err(not_a_source(shown, name));
        }
        let queries = || self.source.iter().flat_map(|(name, own)| own.odbc.iter().map(move |query| (name, query)));
        let own = queries().filter_map(|(_, query)| query.connection_file.as_ref());
        let mut files = self.odbc.connection_file.iter().chain(own);
        if files.any(|path| warehouse::is_connection_string(&path.to_string_lossy())) {
            return Err(Error::new(
                &error::KEY_UNSAFE,
                format!("connection_file in {shown} holds what looks like a connection string itself"),
                "name the file that holds it, and have its password changed: settings are seen by others and kept in histories",
            ));
        }
        if let Some((name, why)) = queries().find_map(|(name, query)| Some((name, query.fault()?))) {
            let why = format!("a query of [source.{name}]: {why}");
            return Err(wrong(shown, &why, "see [source] in config/pathlink.toml"));
        }
        if !warehouse::IS_BUILT && queries().next().is_some() {
            let why = "[source] names queries, and this build reads files alone";
            return Err(wrong(shown, why, "build with `cargo build --release --features odbc`"));
        }
        Ok(())
    }

    /// Whether any source comes from a database.
    pub fn asks_a_database(&self) -> bool {
        self.source.values().any(|own| !own.odbc.is_empty())
    }

    /// The sources that settings name files or queries for, in their order.
    pub fn sources_named(&self) -> impl Iterator<Item = Source> {
        let is_named = |source: &Source| {
            let has_query = self.source.get(source.id()).is_some_and(|own| !own.odbc.is_empty());
            has_query || self.extracts.iter().any(|entry| entry.source == source.id())
        };
        Source::ALL.into_iter().filter(is_named)
    }

    /// What figures are judged by: limits, targets, cut-offs.
    fn check_judgement(&self, shown: &str) -> Result<(), Error> {
        let faults = [
            (self.spc.fault(), "see [spc] in config/pathlink.toml"),
            (self.target.iter().find_map(Target::fault), "see [[target]] in config/pathlink.toml"),
            (self.published.iter().find_map(PublishedFigure::fault), "see [[published]] in config/pathlink.toml"),
        ];
        if let Some((why, fix)) = faults.into_iter().find_map(|(why, fix)| Some((why?, fix))) {
            return Err(wrong(shown, &why, fix));
        }
        if let Some(id) = self.cut_offs.unknown() {
            let known = cut_offs::ALL.iter().map(|one| one.id);
            let fix = did_you_mean(id, known, "see [cut_offs] in config/pathlink.toml");
            return Err(wrong(shown, &format!("`cut_offs.{id}` is not a cut-off"), &fix));
        }
        if let Some(id) = self.cut_offs.unusable() {
            let why = format!("`cut_offs.{id}.value` is not a number from 0 on");
            return Err(wrong(shown, &why, "see [cut_offs] in config/pathlink.toml"));
        }
        Ok(())
    }

    fn check_pathway(&self, shown: &str, pathway: &PathwayConfig) -> Result<(), Error> {
        let is_redesigned =
            |id: &String| self.pathway.iter().any(|other| other.id == *id && other.role == Role::Redesigned);
        let fits = match pathway.role {
            Role::Redesigned => pathway.of.is_none(),
            Role::Comparator => pathway.of.as_ref().is_some_and(is_redesigned),
        };
        let fault = |why: &str, fix: &str| Err(wrong(shown, &format!("pathway `{}`: {why}", pathway.id), fix));
        if !fits {
            return fault(
                "`of` does not name a redesigned pathway",
                "a comparator has `of = \"<redesigned pathway>\"`; a redesigned pathway has none",
            );
        }
        if pathway.index.table != "referrals" {
            return fault("index events come from `referrals`", "set index = { table = \"referrals\", date = ... }");
        }
        if day_of(&pathway.from).is_none() {
            return fault("`from` is not a date", "write it as 2024-04-01, without quotes");
        }
        Ok(())
    }
}

fn not_a_source(shown: &str, name: &str) -> Error {
    let fix = did_you_mean(name, Source::ALL.map(Source::id), "use one of the five source ids");
    wrong(shown, &format!("`{name}` is not a source"), &fix)
}
