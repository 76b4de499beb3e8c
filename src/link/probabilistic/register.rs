//! Two forenames and no twin: what the registered list can tell.
//!
//! In: edges of records without a number to known people, people so far. Out: edges on which everything but the forename
//! agrees lose that doubt where the list has a row of the person and nobody else in the data could be the twin: no other
//! person has that date of birth with that surname or one that sounds like it, or with that postcode. Bill and William are
//! then one. The list is of everybody, and a family registers together, so a twin who is on no list is rare. Leaves alone:
//! people on no list, records that are of the list themselves (a newborn twin may have no number yet), and records to which
//! anybody of the same forename is near.

use hashbrown::{HashMap, HashSet};

use super::super::blocks;
use super::super::clusters::Clusters;
use super::super::demographic::birth_part;
use super::super::records::Records;
use super::Limits;
use super::edges::Edge;
use crate::schema::Source;

/// What a twin would share: date of birth with surname as it sounds, and date of birth with postcode.
fn keys(records: &Records, at: usize) -> [u64; 2] {
    let (birth, fields) = (birth_part(records.birth[at]), &records.fields[at]);
    [blocks::key([birth, fields.surname_sound, 1]), blocks::key([birth, fields.postcode, 2])]
}

/// Clears edges of the doubt that there may be a twin.
pub(super) fn clear(edges: &mut [Edge], records: &Records, clusters: &Clusters, limits: Limits) {
    let mut asked: Vec<&mut Edge> = edges
        .chunk_by_mut(|a, b| a.founder == b.founder)
        .filter(|own| !own.iter().any(Edge::has_one_forename))
        .flat_map(|own| own.iter_mut().filter(|edge| edge.is_all_but_forename() && edge.weight >= limits.link))
        .collect();
    if asked.is_empty() {
        return;
    }
    let founder = |record: usize| clusters.founder(record as u32);
    let of_pair: HashSet<u32> = asked.iter().flat_map(|edge| [edge.founder, edge.other]).collect();
    let own = (0..records.len()).filter(|at| of_pair.contains(&founder(*at)));
    let mut people_with: HashMap<u64, Vec<u32>> = HashMap::new();
    let mut keys_of: HashMap<u32, Vec<u64>> = HashMap::new();
    for at in own {
        let known = keys(records, at).into_iter().filter(|key| *key != 0);
        keys_of.entry(founder(at)).or_default().extend(known.inspect(|key| {
            people_with.entry(*key).or_default();
        }));
    }
    let mut listed: HashSet<u32> = HashSet::new();
    for at in 0..records.len() {
        if records.source[at] == Source::Gp && of_pair.contains(&founder(at)) {
            listed.insert(founder(at));
        }
        for key in keys(records, at) {
            if let Some(people) = people_with.get_mut(&key).filter(|people| !people.contains(&founder(at))) {
                people.push(founder(at));
            }
        }
    }
    for edge in &mut asked {
        let two = [edge.founder, edge.other];
        let mut nearby = two.iter().flat_map(|founder| &keys_of[founder]).flat_map(|key| &people_with[key]);
        let is_listed = listed.contains(&edge.other) && !listed.contains(&edge.founder);
        if is_listed && nearby.all(|person| two.contains(person)) {
            edge.has_no_twin();
        }
    }
}
