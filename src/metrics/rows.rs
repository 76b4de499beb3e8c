//! Rows: where a row of a subject's frame is counted.

use polars::prelude::DataFrame;

use super::finder::PeriodFinder;
use super::levels::{Facet, Levels, Split, Traits};
use super::membership::Membership;
use super::metric::{Dating, Subject};
use super::subjects;
use crate::domain::day;
use crate::domain::period::Period;
use crate::error::Error;
use crate::frame::{self, Bits, Nullable};
use crate::link::Linked;

/// What every metric is computed with.
pub struct Scope<'a> {
    /// Linked tables.
    pub linked: &'a Linked,
    /// The periods of each span.
    pub calendars: &'a [Vec<Period>],
    /// The kind of every person.
    pub kinds: Vec<u8>,
    /// Who is on which pathway when.
    pub membership: Membership,
}

/// The columns of a subject that every row has.
pub struct Table {
    /// Whose row it is; rows are sorted by it.
    pub person: Nullable<u32>,
    /// How rows are divided.
    pub levels: Levels,
    /// The position of each row's provider.
    provider: Vec<u16>,
    /// The day that decides whether a row belongs to a pathway.
    start: Nullable<i32>,
    pathway: Option<Nullable<u32>>,
    splits: Vec<Coded>,
}

/// A column that rows are divided by.
struct Coded {
    codes: Nullable<u16>,
    /// The level of each code; only codes that some row has are levels.
    levels: Vec<Option<u16>>,
}

impl Coded {
    /// Of a column, with the names of its values; also the names of the values that some row has.
    fn of(codes: Nullable<u16>, own: Option<&Bits>, names: &Split) -> (Self, Split) {
        let mut is_there = vec![false; names.values.len()];
        for row in 0..codes.len() {
            let is_own = own.is_none_or(|own| own.get_bit(row));
            if let Some(code) = codes.get(row).filter(|code| is_own && usize::from(*code) < is_there.len()) {
                is_there[usize::from(code)] = true;
            }
        }
        let mut values = Vec::new();
        let mut levels = vec![None; is_there.len()];
        for (code, name) in names.values.iter().enumerate().filter(|(code, _)| is_there[*code]) {
            levels[code] = Some(values.len() as u16);
            values.push(name.clone());
        }
        (Self { codes, levels }, Split { breakdown: names.breakdown, values })
    }

    fn level(&self, row: usize) -> Option<u16> {
        self.levels.get(usize::from(self.codes.get(row)?)).copied().flatten()
    }
}

impl Table {
    /// Of a subject's frame; `own` are the rows that are the subject's.
    pub fn of(subject: Subject, frame: &DataFrame, own: Option<&Bits>, splits: Vec<Split>) -> Result<Self, Error> {
        let provider = frame::whole_u64(frame, "provider")?;
        let providers = match own {
            None => frame::distinct(provider.values()),
            Some(own) => frame::distinct(&own.true_idx_iter().map(|row| provider.values()[row]).collect::<Vec<u64>>()),
        };
        // Rows of one provider often follow each other.
        let mut last = (None, 0);
        let position = |code: &u64| {
            if last.0 != Some(*code) {
                last = (Some(*code), providers.partition_point(|known| known < code) as u16);
            }
            last.1
        };
        let provider = provider.values().iter().map(position).collect();
        let columns = subjects::split_columns(subject).into_iter();
        let coded =
            columns.zip(&splits).map(|(column, names)| Ok(Coded::of(frame::nullable_u16(frame, column)?, own, names)));
        let (coded, splits): (Vec<Coded>, Vec<Split>) = coded.collect::<Result<Vec<_>, Error>>()?.into_iter().unzip();
        Ok(Self {
            person: frame::whole_u32(frame, "person")?,
            provider,
            start: frame::nullable_i32(frame, subject.starts())?,
            pathway: frame.column("pathway").is_ok().then(|| frame::whole_u32(frame, "pathway")).transpose()?,
            splits: coded,
            levels: Levels { providers, splits },
        })
    }

    fn traits(&self, row: usize, age: Option<u16>, kind: u8) -> Traits {
        let code = |at: usize| self.splits.get(at).and_then(|split: &Coded| split.level(row));
        Traits { provider: usize::from(self.provider[row]), age, kind, codes: [code(0), code(1)] }
    }
}

/// The columns that date rows.
pub struct Columns {
    dated: Dating,
    from: Nullable<i32>,
    until: Option<Nullable<i32>>,
    age: Nullable<u16>,
}

/// The periods that a row may belong to, and when it begins and ends.
pub type Found = (std::ops::Range<usize>, (i32, Option<i32>));

impl Columns {
    /// Of a subject's frame.
    pub fn of(frame: &DataFrame, dated: Dating) -> Result<Self, Error> {
        let (from, until) = dated.columns();
        let own_age = dated.age_column();
        let age = if frame.column(&own_age).is_ok() { own_age.as_str() } else { "age" };
        Ok(Self {
            dated,
            from: frame::nullable_i32(frame, from)?,
            until: until.map(|until| frame::nullable_i32(frame, until)).transpose()?,
            age: frame::nullable_u16(frame, age)?,
        })
    }

    /// The periods that a row may belong to, and its dates; none where there is no such period.
    pub fn periods(&self, row: usize, finder: &PeriodFinder<'_>) -> Option<Found> {
        let from = self.from.get(row)?;
        let until = self.until.as_ref().and_then(|until| until.get(row));
        let periods = finder.of(self.dated, from, until);
        (!periods.is_empty()).then_some((periods, (from, until)))
    }
}

impl Scope<'_> {
    /// Calls `found` with the places of every cell that a row belongs to, and how much it adds: for its periods,
    /// everyone's and those of the pathways it belongs to.
    pub fn each_cell(
        &self,
        (row, (periods, (from, until))): (usize, Found),
        (table, columns): (&Table, &Columns),
        (finder, facet): (&PeriodFinder<'_>, Facet),
        found: &mut impl FnMut([usize; 3], u32),
    ) {
        let person = table.person.values()[row];
        let kind = self.kinds[person as usize];
        let size = table.levels.places(facet);
        let places = table.levels.of(facet, table.traits(row, columns.age.get(row), kind));
        let is_open = matches!(columns.dated, Dating::OpenAtEnd(..));
        self.each_slot(table, row, &mut |slot| {
            for period in periods.clone() {
                let quantity = finder.quantity(columns.dated, period, from, until);
                if quantity == 0 {
                    continue;
                }
                let places = if is_open && facet == Facet::People {
                    let age = self.age_on(person, finder.end(period));
                    table.levels.of(facet, table.traits(row, age, kind))
                } else {
                    places
                };
                let base = (slot * finder.count() + period) * size;
                found(places.map(|place| base + place), quantity);
            }
        });
    }

    /// Everyone's slot, 0, and those of the pathways that a row belongs to; an episode has only its own.
    fn each_slot(&self, table: &Table, row: usize, found: &mut impl FnMut(usize)) {
        if let Some(pathway) = &table.pathway {
            found(pathway.values()[row] as usize + 1);
            return;
        }
        found(0);
        let own = self.membership.of_person(table.person.values()[row]);
        if own.is_empty() {
            return;
        }
        let Some(start) = table.start.get(row) else { return };
        for (pathway, from, end) in own {
            if start >= *from && start < *end {
                found(pathway + 1);
            }
        }
    }

    /// Periods end with a month, so the birth month is enough to tell the age on their last day.
    fn age_on(&self, person: u32, last_day: i32) -> Option<u16> {
        let born = self.linked.persons.birth_month[person as usize]?;
        u16::try_from((day::month_number(last_day) - born).div_euclid(12)).ok()
    }
}
