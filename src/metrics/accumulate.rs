//! Accumulation: what each person's rows come to in every cell. Sums are whole numbers, so their order does not matter.

use super::cell::{Cell, Fold};

/// What a row adds to each cell that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    /// Rows or days.
    pub quantity: u32,
    /// The measures in whose denominator it is, as bits.
    pub is_in: u32,
    /// The measures in whose numerator it is too, as bits.
    pub is_counted: u32,
}

/// Sums of a person's rows up to this are counted by how many people have them.
const FEW: u32 = 3;
/// Denominators up to [`FEW`], each with its numerators.
const PAIRS: [(u64, u64); 10] = [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2), (0, 3), (1, 3), (2, 3), (3, 3)];
/// Different single rows that are counted by how many people have just one such row.
const KINDS: usize = 16;
/// More than one row, or a row of another kind.
const MANY: u32 = u32::MAX;
const NOBODY: u32 = u32::MAX;

/// The current person's part of a place, kept apart until another person comes: one row of a kind, or sums.
#[derive(Clone, Copy)]
struct Current {
    person: u32,
    kind: u32,
    /// Other places that have the same part; [`NOWHERE`] for none.
    also: [u32; 2],
}

const NOWHERE: u32 = u32::MAX;
const ALONE: [u32; 2] = [NOWHERE; 2];

/// Cells being filled, each for every measure: a numerator and a denominator of rows. Most people have one row in a
/// cell, which is one more in the count of such people; a few rows are one more in the count of people with the same
/// sums; only who has many rows touches the cell itself.
pub struct Filling<'a> {
    measures: usize,
    folds: &'a [(usize, Fold)],
    kinds: Vec<Contribution>,
    current: Vec<Current>,
    single: Vec<[u32; KINDS]>,
    /// Numerator and denominator, by place, then measure.
    sums: Vec<[u32; 2]>,
    few: Vec<[u32; PAIRS.len()]>,
    /// By place, then fold.
    many: Vec<Cell>,
}

impl<'a> Filling<'a> {
    /// For so many places and measures, and folds that each name their measure.
    pub fn new(places: usize, measures: usize, folds: &'a [(usize, Fold)]) -> Self {
        Self {
            measures,
            folds,
            kinds: Vec::with_capacity(KINDS),
            current: vec![Current { person: NOBODY, kind: MANY, also: ALONE }; places],
            single: vec![[0; KINDS]; places],
            sums: vec![[0; 2]; places * measures],
            few: vec![[0; PAIRS.len()]; places * measures],
            many: vec![Cell::default(); places * folds.len()],
        }
    }

    /// Adds what a person's row contributes to the cells of three places. The first is where all of the person's rows
    /// of a period go; the other two, by provider and age, belong to that period too and seldom change within it, so
    /// what is in them is kept with the first until they do.
    pub fn add(&mut self, [first, second, third]: [usize; 3], person: u32, row: Contribution) {
        let kind = self.kind(row);
        let also = [second as u32, third as u32];
        let current = self.current[first];
        if current.person != person {
            self.begin(first, Current { person, kind, also }, row);
            return;
        }
        if current.also != also {
            if current.also != ALONE {
                for place in current.also {
                    self.part(first, place as usize, current);
                }
                self.current[first].also = ALONE;
            }
            for place in [second, third] {
                if self.current[place].person == person {
                    self.add_to_sums(place, row);
                } else {
                    self.begin(place, Current { person, kind, also: ALONE }, row);
                }
            }
        }
        self.add_to_sums(first, row);
    }

    fn begin(&mut self, place: usize, current: Current, row: Contribution) {
        self.flush(place);
        self.current[place] = current;
        if current.kind == MANY {
            self.start(place, row);
        }
    }

    /// Gives a place a part of its own, as it is at the first place.
    fn part(&mut self, first: usize, place: usize, current: Current) {
        self.flush(place);
        self.current[place] = Current { also: ALONE, ..current };
        if current.kind == MANY {
            let from = first * self.measures;
            self.sums.copy_within(from..from + self.measures, place * self.measures);
        }
    }

    /// The number of a row's kind; [`MANY`] for one that is not counted by kind.
    fn kind(&mut self, row: Contribution) -> u32 {
        if row.quantity != 1 {
            return MANY;
        }
        match self.kinds.iter().position(|kind| *kind == row) {
            Some(kind) => kind as u32,
            None if self.kinds.len() < KINDS => {
                self.kinds.push(row);
                self.kinds.len() as u32 - 1
            }
            None => MANY,
        }
    }

    /// Starts the sums of a place with a person's first row.
    fn start(&mut self, place: usize, row: Contribution) {
        self.sums[place * self.measures..][..self.measures].fill([0, 0]);
        self.sum(place, row);
    }

    fn add_to_sums(&mut self, place: usize, row: Contribution) {
        let kind = self.current[place].kind;
        if kind != MANY {
            self.start(place, self.kinds[kind as usize]);
            self.current[place].kind = MANY;
        }
        self.sum(place, row);
    }

    fn sum(&mut self, place: usize, row: Contribution) {
        let own = &mut self.sums[place * self.measures..][..self.measures];
        let mut rest = row.is_in;
        while rest != 0 {
            let measure = rest.trailing_zeros() as usize;
            let [numerator, denominator] = &mut own[measure];
            *denominator += row.quantity;
            *numerator += row.quantity * (row.is_counted >> measure & 1);
            rest &= rest - 1;
        }
    }

    /// Counts the current person of a place, there and where else the same part belongs.
    fn flush(&mut self, place: usize) {
        let current = self.current[place];
        if current.person == NOBODY {
            return;
        }
        self.count(place, place, current.kind);
        if current.also != ALONE {
            for other in current.also {
                self.count(place, other as usize, current.kind);
            }
        }
    }

    /// Counts a person whose part is kept at a place.
    fn count(&mut self, kept: usize, place: usize, kind: u32) {
        if kind != MANY {
            self.single[place][kind as usize] += 1;
            return;
        }
        for measure in 0..self.measures {
            let [numerator, denominator] = self.sums[kept * self.measures + measure];
            if denominator == 0 {
                continue;
            }
            if denominator <= FEW {
                let pair = (denominator * (denominator + 1) / 2 + numerator) as usize;
                self.few[place * self.measures + measure][pair] += 1;
            } else {
                self.add_many(place, measure, (u64::from(numerator), u64::from(denominator)));
            }
        }
    }

    fn add_many(&mut self, place: usize, measure: usize, (numerator, denominator): (u64, u64)) {
        for (at, (own, fold)) in self.folds.iter().enumerate() {
            if *own == measure {
                let (numerator, denominator) = fold.of(numerator, denominator);
                self.many[place * self.folds.len() + at].add_people(1, numerator, denominator);
            }
        }
    }

    /// The cells, by place, then fold.
    pub fn finish(mut self) -> Vec<Cell> {
        for place in 0..self.current.len() {
            self.flush(place);
        }
        for (at, cell) in self.many.iter_mut().enumerate() {
            let (place, (measure, fold)) = (at / self.folds.len(), self.folds[at % self.folds.len()]);
            let single = self.single[place].iter().zip(&self.kinds).map(|(people, kind)| {
                let is = |bits: u32| u64::from(bits >> measure & 1);
                (*people, (is(kind.is_in & kind.is_counted), is(kind.is_in)))
            });
            let few = self.few[place * self.measures + measure].iter().copied().zip(PAIRS);
            for (people, (numerator, denominator)) in single.chain(few) {
                if people > 0 && denominator > 0 {
                    let (numerator, denominator) = fold.of(numerator, denominator);
                    cell.add_people(u64::from(people), numerator, denominator);
                }
            }
        }
        self.many
    }
}
