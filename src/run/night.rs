//! One night from what was read to what is ready to be published: worked out, or taken over where nothing changed.

use std::path::Path;

use serde_json::Value as Json;

use super::again::{Again, Basis, Made};
use super::evaluation::{self, Given, People, Register, Tonight};
use super::log::Log;
use super::{Caller, Step, memory, provenance, quality, released, write};
use crate::disclosure::control::Figures;
use crate::disclosure::effects::{Planned, Stamp};
use crate::economics::case::Case;
use crate::economics::{Money, UnitCosts};
use crate::error::Error;
use crate::fault;
use crate::identity::keys::ProjectKey;
use crate::output::metadata::Provenance;
use crate::output::{self, RunFolder, manifest, releases};
use crate::pathways::Coverage;

/// Where a test may stop the run, whichever way it came there: everything to be published is in memory.
fn have_figures() {
    fault::point("figures");
}

/// The same, once disclosure control is done.
pub(super) fn have_release() {
    fault::point("released");
}

/// What both ways of a night go by.
#[derive(Clone, Copy)]
pub(super) struct Night<'a> {
    pub(super) given: Given<'a>,
    pub(super) caller: &'a Caller<'a>,
    pub(super) key: &'a ProjectKey,
    /// Unit costs and business cases.
    pub(super) prices: (&'a UnitCosts, &'a [Case]),
    pub(super) store: &'a Path,
    pub(super) log: &'a Log<'a>,
}

/// What is written and has yet to be published.
pub(super) struct Ready {
    pub(super) people: People,
    pub(super) coverage: Coverage,
    pub(super) provenance: Provenance,
    pub(super) made: Made,
    /// The analysis plan, where there is one.
    pub(super) stamp: Option<Stamp>,
    pub(super) disclosure: Json,
    /// Whether the figures are those of an earlier run.
    pub(super) is_again: bool,
}

impl Night<'_> {
    /// What tonight's figures would be made from.
    pub(super) fn basis(&self, tonight: &Tonight<'_>) -> Basis {
        Basis::of(tonight, (self.given.settings, self.prices, self.key), self.store)
    }

    /// Links, counts, works values and intervals out, controls disclosure, and writes it all.
    pub(super) fn work_out(
        self,
        out: &mut RunFolder,
        (tonight, basis): (Tonight<'_>, Basis),
        register: Register<'_>,
    ) -> Result<Ready, Error> {
        let Given { settings, sources, .. } = self.given;
        let found = evaluation::find(self.given, tonight, register)?;
        have_figures();
        let (costs, cases) = self.prices;
        let money = Money { cases: cases.to_vec(), ..Money::of(&found.pathways, costs) };
        let stamp = self.stamp()?;
        let effects = found.effects.as_ref().zip(stamp.as_ref()).map(|(effects, stamp)| Planned { effects, stamp });
        let before = quality::before(settings);
        let linkage = quality::of(&found, sources, &before);
        let (estimates, pathways, coverage) = (&found.estimates, &found.pathways, &found.coverage);
        let figures = Figures { estimates, pathways, coverage, costs: &money, effects, quality: linkage };
        let release = released(&figures, settings, self.store, self.log)?;
        let provenance = provenance(settings, self.caller, self.key, coverage.as_of);
        write::restricted(out, &found.people, sources)?;
        write::internal(out, (&found, effects), &linkage, (settings, sources))?;
        write::released(out, (&figures, &release), settings, &provenance)?;
        self.written(release.shown(), out);
        let says = output::summary::lines(&found.people.staged, sources, &release, settings);
        let disclosure = manifest::disclosure(&release, &provenance, &releases::hash(self.store));
        let (run, peak_mib) = (self.caller.run_id.clone(), memory::peak_mib());
        let made = Made { from: basis, run, says, peak_mib };
        let (people, coverage) = (found.people, found.coverage);
        Ok(Ready { people, coverage, provenance, made, stamp, disclosure, is_again: false })
    }

    /// Nothing changed: people come from the store, and all that is made of figures from the last good run.
    pub(super) fn take_over(
        self,
        out: &mut RunFolder,
        (tonight, again): (Tonight<'_>, Again),
        register: Register<'_>,
    ) -> Result<Ready, Error> {
        let Given { settings, sources, .. } = self.given;
        let (people, coverage) = evaluation::people_again(self.given, tonight, register)?;
        self.log.step(Step::Stage { name: "unchanged", rows_in: again.shown(), rows_out: again.shown() });
        have_figures();
        have_release();
        let provenance = provenance(settings, self.caller, self.key, coverage.as_of);
        write::restricted(out, &people, sources)?;
        again.write(out)?;
        self.written(again.shown(), out);
        let Again { made, disclosure, .. } = again;
        Ok(Ready { people, coverage, provenance, made, stamp: self.stamp()?, disclosure, is_again: true })
    }

    /// Since when the analysis plan has been the plan; none without one.
    fn stamp(&self) -> Result<Option<Stamp>, Error> {
        output::plans::of(self.given.settings, (self.store, &self.caller.run_id))
    }

    fn written(&self, shown: u64, out: &RunFolder) {
        self.log.step(Step::Stage { name: "write", rows_in: shown, rows_out: out.files().len() as u64 });
    }
}
