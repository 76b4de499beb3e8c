//! Q4: match rates by age, sex, ethnic group, deprivation and provider, as each record itself says.
//!
//! Two shares: `records_identified`, whose person is known by a number or by a link; and `records_linked`, whose person
//! has a record of another source. How far the linked differ from the others is worked out from these counts.

use super::super::people::People;
use super::super::records::{Identity, RecordOf, Records};
use super::count::{Cell, Count, Division, Section, merge_all};
use super::subjects::{self, OWN, Subjects};
use crate::schema::Source;

/// Match rates of records by source and group.
pub(super) fn counts(subjects: &Subjects<'_>, is_identified: &[bool]) -> Vec<Count> {
    let layout = Layout::new(subjects);
    let size = Source::ALL.len() * layout.size;
    let measures = subjects.fold(
        || [vec![Cell::default(); size], vec![Cell::default(); size]],
        |[identified, linked], person, records| {
            for record in records.iter().map(|record| *record as usize) {
                let first = subjects.records.source[record] as usize * layout.size;
                let is_linked = subjects.is_linked(record);
                for place in layout.places(subjects, record) {
                    identified[first + place].add(person as u32, is_identified[person]);
                    linked[first + place].add(person as u32, is_linked);
                }
            }
        },
        |all, part| all.iter_mut().zip(&part).for_each(|(all, part)| merge_all(all, part)),
    );
    let mut found = Vec::new();
    for source in Source::ALL {
        for (measure, cells) in ["records_identified", "records_linked"].into_iter().zip(&measures) {
            let own = &cells[source as usize * layout.size..][..layout.size];
            let all = Count::new(Section::MatchRateByGroup, measure, own[0]).of(source);
            if own[0].of == 0 {
                continue;
            }
            found.push(all);
            for (place, (division, level)) in layout.names.iter().enumerate().filter(|(place, _)| own[*place].of > 0) {
                if *division != Division::All {
                    let count = Count::new(Section::MatchRateByGroup, measure, own[place]).of(source);
                    found.push(count.part(*division, level));
                }
            }
        }
    }
    found
}

/// The groups that each record is counted in.
pub struct Groups {
    /// Division and level of every group; the first is everybody.
    pub names: Vec<(Division, String)>,
    /// Places of each record among them: everybody, then one of each division.
    pub of_record: Vec<[usize; OWN.len() + 1]>,
}

impl Groups {
    /// Of records of which no two are one person's.
    pub(in super::super) fn of(records: (&Records, &RecordOf), identity: &Identity<'_>, people: &People) -> Self {
        let day = subjects::day_of_most(identity.attendances.0.whole("arrived_date").iter().copied());
        let subjects = Subjects::new(records, identity, people, day);
        let layout = Layout::new(&subjects);
        let of_record = (0..records.0.len()).map(|record| layout.places(&subjects, record)).collect();
        Self { names: layout.names, of_record }
    }
}

/// All levels of all divisions in one row, `all` first.
pub(super) struct Layout {
    pub(super) names: Vec<(Division, String)>,
    starts: [usize; OWN.len()],
    pub(super) size: usize,
}

impl Layout {
    pub(super) fn new(subjects: &Subjects<'_>) -> Self {
        let mut names = vec![(Division::All, "all".to_owned())];
        let mut starts = [0; OWN.len()];
        for (start, division) in starts.iter_mut().zip(OWN) {
            *start = names.len();
            names.extend(subjects.levels(division).into_iter().map(|level| (division, level)));
        }
        Self { size: names.len(), names, starts }
    }

    /// The places of a record.
    pub(super) fn places(&self, subjects: &Subjects<'_>, record: usize) -> [usize; OWN.len() + 1] {
        let own = subjects.own[record];
        let mut places = [0; OWN.len() + 1];
        for (at, place) in places.iter_mut().skip(1).enumerate() {
            *place = self.starts[at] + usize::from(own[at]);
        }
        places
    }
}
