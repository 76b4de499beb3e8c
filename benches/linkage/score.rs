//! How right a linkage is, by plain loops over pairs of records and over people. In: records, whose they are, and the
//! key each was linked under. Out: counts. Leaves alone: how they are shown.

use std::collections::{BTreeMap, BTreeSet};

use pathlink::domain::token::Token;
use pathlink::link::pass::Pass;
use pathlink::link::passes::Linkage;
use pathlink::link::records::Records;
use pathlink::schema::Source;

use crate::whose::Whose;

/// Pairs of records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Pairs {
    /// Of one person and linked.
    pub(crate) right: u64,
    /// Of two people and linked.
    pub(crate) wrong: u64,
    /// Of one person and not linked.
    pub(crate) missed: u64,
}

impl Pairs {
    /// Of the linked pairs, the share that is of one person; 1 if there is none.
    pub(crate) fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// Of the pairs of one person, the share that is linked; 1 if there is none.
    pub(crate) fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }
}

/// A share; 1 of nothing.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Two sources, in order.
pub(crate) type SourcePair = (Source, Source);

/// Counts pairs by the sources of their two records. A pair with two different usable numbers is none that should be
/// linked: numbers are issued anew on adoption, a change of gender and for protection.
pub(crate) fn pairs(records: &Records, whose: &Whose, key: &[Token]) -> BTreeMap<SourcePair, Pairs> {
    let mut all: BTreeMap<SourcePair, Pairs> = BTreeMap::new();
    let sources = |a: usize, b: usize| {
        let (a, b) = (records.source[a], records.source[b]);
        (a.min(b), a.max(b))
    };
    for same in groups(key) {
        each_pair(&same, |a, b| {
            let pairs = all.entry(sources(a, b)).or_default();
            if whose.person[a] == whose.person[b] { pairs.right += 1 } else { pairs.wrong += 1 }
        });
    }
    for same in groups(&whose.person) {
        each_pair(&same, |a, b| {
            if key[a] != key[b] && !have_two_numbers(records, a, b) {
                all.entry(sources(a, b)).or_default().missed += 1;
            }
        });
    }
    all
}

/// All pairs together.
pub(crate) fn total(pairs: &BTreeMap<SourcePair, Pairs>) -> Pairs {
    pairs.values().fold(Pairs::default(), |sum, one| Pairs {
        right: sum.right + one.right,
        wrong: sum.wrong + one.wrong,
        missed: sum.missed + one.missed,
    })
}

/// Whether both records have a usable number, and not the same.
pub(crate) fn have_two_numbers(records: &Records, a: usize, b: usize) -> bool {
    let (a, b) = (records.nhs[a], records.nhs[b]);
    a.is_some() && b.is_some() && a != b
}

/// Positions of equal values, two at least, in order of the first.
pub(crate) fn groups<T: Copy + Eq + Ord>(values: &[T]) -> Vec<Vec<usize>> {
    let mut places: BTreeMap<T, Vec<usize>> = BTreeMap::new();
    for (at, value) in values.iter().enumerate() {
        places.entry(*value).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = places.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    groups
}

fn each_pair(group: &[usize], mut see: impl FnMut(usize, usize)) {
    for (place, &a) in group.iter().enumerate() {
        group[place + 1..].iter().for_each(|&b| see(a, b));
    }
}

/// Records by the pass that joined them: right where the record they founded their cluster on is of the same person.
pub(crate) fn by_pass(whose: &Whose, linkage: &Linkage) -> BTreeMap<Pass, Pairs> {
    let mut founder: BTreeMap<Token, u64> = BTreeMap::new();
    for (at, _) in linkage.joined_by.iter().enumerate().filter(|(_, pass)| **pass == Pass::Founder) {
        founder.insert(linkage.key[at], whose.person[at]);
    }
    let mut all: BTreeMap<Pass, Pairs> = BTreeMap::new();
    for (at, pass) in linkage.joined_by.iter().enumerate().filter(|(_, pass)| **pass != Pass::Founder) {
        let pairs = all.entry(*pass).or_default();
        let is_right = founder.get(&linkage.key[at]) == Some(&whose.person[at]);
        if is_right { pairs.right += 1 } else { pairs.wrong += 1 }
    }
    all
}

/// People and clusters of several records.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Whole {
    /// People with several records.
    pub(crate) people: u64,
    /// Of these, people whose records are all in one cluster, with nobody else's.
    pub(crate) people_right: u64,
    /// Clusters of several records.
    pub(crate) clusters: u64,
    /// Of these, clusters of one person's records alone.
    pub(crate) clusters_right: u64,
}

/// Counts people and clusters. People who were issued a new number are left out: theirs are two clusters by right.
pub(crate) fn whole(records: &Records, whose: &Whose, key: &[Token]) -> Whole {
    let mut whole = Whole::default();
    let clusters: BTreeMap<Token, BTreeSet<u64>> =
        key.iter().zip(&whose.person).fold(BTreeMap::new(), |mut all, (key, person)| {
            all.entry(*key).or_insert_with(BTreeSet::new).insert(*person);
            all
        });
    for group in groups(&whose.person) {
        let numbers: BTreeSet<Token> =
            group.iter().map(|at| records.nhs[*at]).filter(|number| number.is_some()).collect();
        if numbers.len() < 2 {
            whole.people += 1;
            let keys: BTreeSet<Token> = group.iter().map(|at| key[*at]).collect();
            whole.people_right += u64::from(keys.len() == 1 && keys.iter().all(|key| clusters[key].len() == 1));
        }
    }
    for group in groups(key) {
        whole.clusters += 1;
        whole.clusters_right += u64::from(clusters[&key[group[0]]].len() == 1);
    }
    whole
}

/// Clusters that hold two different usable numbers.
pub(crate) fn clusters_with_two_numbers(records: &Records, key: &[Token]) -> usize {
    let has_two = |group: &Vec<usize>| {
        let numbers: BTreeSet<Token> =
            group.iter().map(|at| records.nhs[*at]).filter(|number| number.is_some()).collect();
        numbers.len() > 1
    };
    groups(key).iter().filter(|group| has_two(group)).count()
}
