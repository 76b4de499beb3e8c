//! How right linkage is, of 100,000 people with planted errors: pairs of records counted by plain loops against the
//! truth; and the traps, one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use pathlink::domain::token::Token;
use pathlink::link::LinkAudit;
use pathlink::link::options::Options as LinkOptions;
use pathlink::link::passes::{Linkage, link_all};
use pathlink::link::records::Records;
use pathlink::schema::Source;
use pathlink::synth::{CharityNumbers, Errors, GpExtract, Options, Slip};

use crate::charity;
use crate::extracts::{self, Files, table};
use crate::holdout;
use crate::score;
use crate::whose::{Whose, bit};

/// Extracts, their records, whose they are, and who was linked with whom.
struct Measured {
    files: Files,
    records: Records,
    whose: Whose,
    linkage: Linkage,
}

static MEASURED: LazyLock<Measured> = LazyLock::new(|| {
    let files = extracts::made(&Options {
        people: 100_000,
        seed: 7,
        gp: GpExtract::Sent,
        errors: Errors::Planted,
        charity_numbers: CharityNumbers::Some,
    })
    .unwrap();
    let records = extracts::records(&files, &Source::ALL).unwrap();
    let whose = Whose::of(&records, &files).unwrap();
    let linkage = linked(&records);
    Measured { files, records, whose, linkage }
});

fn linked(records: &Records) -> Linkage {
    link_all(records, &LinkOptions::default(), &mut LinkAudit::default())
}

impl Measured {
    /// The records of each person, by position.
    fn of_people(&self) -> BTreeMap<u64, Vec<usize>> {
        let mut all: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (at, person) in self.whose.person.iter().enumerate() {
            all.entry(*person).or_default().push(at);
        }
        all
    }

    /// The keys that some records were linked under.
    fn keys(&self, records: &[usize]) -> BTreeSet<Token> {
        records.iter().map(|at| self.linkage.key[*at]).collect()
    }

    /// Positions of the records with an error.
    fn with(&self, slip: Slip) -> Vec<usize> {
        let slips = self.whose.slips.iter().enumerate();
        slips.filter(|(_, slips)| **slips & bit(slip) != 0).map(|(at, _)| at).collect()
    }

    /// Two people by row of a table of the truth, from these columns.
    fn two_people(&self, name: &str, columns: [usize; 2]) -> Vec<[u64; 2]> {
        let rows = table(&self.files, name).unwrap().rows;
        rows.iter().map(|row| columns.map(|column| row[column].parse().unwrap())).collect()
    }
}

#[test]
fn links_are_right_by_pass_and_overall() {
    let known = &*MEASURED;
    for (pass, joined) in score::by_pass(&known.whose, &known.linkage) {
        assert!(joined.precision() >= 0.999, "{}: {joined:?}", pass.id());
    }
    let all = score::total(&score::pairs(&known.records, &known.whose, &known.linkage.key));
    assert!(all.precision() >= 0.999 && all.right > 100_000, "{all:?}");
    let whole = score::whole(&known.records, &known.whose, &known.linkage.key);
    assert!(whole.clusters_right * 1000 >= whole.clusters * 999, "{whole:?}");
}

#[test]
fn records_of_one_person_are_found_overall_and_between_any_two_sources() {
    let known = &*MEASURED;
    let pairs = score::pairs(&known.records, &known.whose, &known.linkage.key);
    for (sources, pairs) in &pairs {
        assert!(pairs.recall() >= 0.97, "{sources:?}: {pairs:?}");
    }
    let all = score::total(&pairs);
    assert!(all.recall() >= 0.97, "{all:?}");
}

#[test]
fn nobody_has_two_numbers() {
    let known = &*MEASURED;
    assert_eq!(score::clusters_with_two_numbers(&known.records, &known.linkage.key), 0);
}

#[test]
fn a_number_issued_anew_is_never_joined_with_the_former_one() {
    let known = &*MEASURED;
    let people = known.of_people();
    let mut seen = 0;
    for former in known.with(Slip::NumberFormer) {
        let others = people[&known.whose.person[former]].iter();
        let present: Vec<usize> =
            others.copied().filter(|at| score::have_two_numbers(&known.records, former, *at)).collect();
        assert!(!known.keys(&present).contains(&known.linkage.key[former]));
        seen += usize::from(!present.is_empty());
    }
    assert!(seen > 25, "{seen}");
}

#[test]
fn twins_are_never_merged() {
    let known = &*MEASURED;
    let people = known.of_people();
    let (mut apart, mut same_sex) = (0, 0);
    for pair in known.two_people("truth/twins.csv", [0, 1]) {
        let [Some(one), Some(other)] = pair.map(|person| people.get(&person)) else { continue };
        assert!(known.keys(one).is_disjoint(&known.keys(other)), "twins {pair:?}");
        let sources = |records: &[usize]| records.iter().map(|at| known.records.source[*at]).collect::<BTreeSet<_>>();
        apart += usize::from(sources(one) != sources(other));
        same_sex += usize::from(known.records.sex[one[0]] == known.records.sex[other[0]]);
    }
    assert!(apart > 500 && same_sex > 500, "{apart} {same_sex}");
}

#[test]
fn neighbours_nearly_alike_stay_apart_unless_nothing_tells_them_apart() {
    let known = &*MEASURED;
    let people = known.of_people();
    let rows = table(&known.files, "truth/doubles.csv").unwrap().rows;
    let (mut pairs, mut merged) = (0, 0);
    for row in &rows {
        let of = |at: usize| people.get(&row[at].parse::<u64>().unwrap());
        let (Some(one), Some(other)) = (of(0), of(1)) else { continue };
        pairs += 1;
        let common: Vec<Token> = known.keys(one).intersection(&known.keys(other)).copied().collect();
        // Same names, sex and date of birth: a record without a number may go to the other, if only they are there.
        merged += usize::from(!common.is_empty());
        assert!(common.is_empty() || row[2] == "names_and_birth", "{}", row[2]);
    }
    assert!(pairs > 40 && merged * 10 <= pairs, "{merged} of {pairs}");
}

#[test]
fn a_shared_number_is_a_conflict_and_its_holder_keeps_it() {
    let known = &*MEASURED;
    let conflicts: BTreeSet<usize> = known.linkage.conflicts.iter().map(|at| *at as usize).collect();
    let by_number = known.records.nhs.iter().enumerate().fold(BTreeMap::new(), |mut all, (at, number)| {
        all.entry(*number).or_insert_with(Vec::new).push(at);
        all
    });
    let mut reported = 0;
    for wrong in known.with(Slip::NumberShared) {
        let number = known.records.nhs[wrong];
        let born = |at: &usize| known.records.birth[*at];
        let other: Vec<usize> = by_number[&number]
            .iter()
            .copied()
            .filter(|at| known.whose.person[*at] != known.whose.person[wrong])
            .collect();
        if other.is_empty() {
            continue;
        }
        assert!(conflicts.contains(&wrong), "not reported");
        assert_ne!(known.linkage.key[wrong], number);
        let mut births: BTreeMap<i32, usize> = BTreeMap::new();
        for at in &other {
            *births.entry(born(at)).or_default() += 1;
        }
        let usual = births.iter().max_by_key(|(_, count)| **count).map(|(birth, _)| *birth).unwrap();
        for at in other.iter().filter(|at| born(at) == usual) {
            assert_eq!(known.linkage.key[*at], number, "the holder lost a record");
        }
        reported += 1;
    }
    assert!(reported > 15, "{reported}");
}

#[test]
fn a_local_id_used_again_joins_nobody() {
    let known = &*MEASURED;
    let people = known.of_people();
    let reused = known.two_people("truth/reused_local_ids.csv", [3, 4]);
    for [later, earlier] in &reused {
        assert!(known.keys(&people[later]).is_disjoint(&known.keys(&people[earlier])), "{later} and {earlier}");
    }
    assert!(reused.len() > 10);
}

#[test]
fn shuffled_records_and_any_number_of_threads_give_the_same_people() {
    let known = &*MEASURED;
    let people = |records: &Records, linkage: &Linkage| -> BTreeMap<Token, Token> {
        records.key.iter().copied().zip(linkage.key.iter().copied()).collect()
    };
    let expected = people(&known.records, &known.linkage);
    assert_eq!(expected.len(), known.records.len(), "two records have one key");
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for step in [1, 7_919, known.records.len() - 1] {
            let shuffled = shuffled(&known.records, step);
            let linkage = pool.install(|| linked(&shuffled));
            assert!(people(&shuffled, &linkage) == expected, "{threads} threads, every {step}th record first");
            assert!(linkage.keys == known.linkage.keys);
        }
    }
}

/// The records in another order: every so many first; the whole turned round for the last place.
fn shuffled(records: &Records, step: usize) -> Records {
    let count = records.len();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|at| (at * step % count, *at));
    let mut other = Records::default();
    for at in order {
        other.source.push(records.source[at]);
        other.nhs.push(records.nhs[at]);
        other.birth.push(records.birth[at]);
        other.sex.push(records.sex[at]);
        other.fields.push(records.fields[at]);
        other.local.push(records.local[at]);
        other.trust.push(records.trust[at]);
        other.key.push(records.key[at]);
    }
    other
}

#[test]
fn a_list_without_numbers_is_found_by_names_and_places() {
    let files = extracts::made(&Options {
        people: 50_000,
        seed: 11,
        gp: GpExtract::Sent,
        errors: Errors::Planted,
        charity_numbers: CharityNumbers::None,
    })
    .unwrap();
    let counts = charity::counts(&files, &LinkOptions::default()).unwrap();
    let (name, all) = counts.last().unwrap();
    assert!(*name == "all" && all.to_find > 4_000, "{counts:?}");
    assert!(all.recall() >= 0.98 && all.precision() >= 0.999, "{counts:?}");
    // Where the client's record is right, all but nobody is missed, wherever the others say they live.
    assert!(counts[0].1.recall() >= 0.999 && counts[1].1.recall() >= 0.98, "{counts:?}");
}

/// The bench `linkage` judges ten towns of 100,000 people in the same way.
#[test]
fn the_hold_out_says_what_is_true() {
    let files = extracts::made(&Options {
        people: 20_000,
        seed: 3,
        gp: GpExtract::Sent,
        errors: Errors::Random,
        charity_numbers: CharityNumbers::Some,
    })
    .unwrap();
    let judged = holdout::judged(&files).unwrap();
    for measure in ["sensitivity", "predictive_value"] {
        let all = judged.iter().find(|one| one.group == "all" && one.measure == measure).unwrap();
        assert!(all.is_within() && all.truth[1] > 20_000, "{all:?}");
    }
    let within = judged.iter().filter(|one| one.is_within()).count();
    assert!(judged.len() > 50 && within * 100 >= judged.len() * 85, "{within} of {}", judged.len());
}
