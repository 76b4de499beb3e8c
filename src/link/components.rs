//! Components: founders that hang together by pairs, and the one that the others of each join.

use super::clusters::Clusters;
use super::records::{Rank, Records};

/// Founders that hang together, each group in the order of their records (`Records::rank`), groups by their first.
pub(super) fn of(pairs: &[(u32, u32)], records: &Records) -> Vec<Vec<u32>> {
    let mut nodes: Vec<u32> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let place = |node: u32| nodes.partition_point(|other| *other < node);
    let mut root: Vec<usize> = (0..nodes.len()).collect();
    for (a, b) in pairs {
        let (a, b) = (top(&mut root, place(*a)), top(&mut root, place(*b)));
        root[a.max(b)] = a.min(b);
    }
    let mut grouped: Vec<(usize, Rank, u32)> =
        nodes.iter().enumerate().map(|(at, node)| (top(&mut root, at), records.rank(*node), *node)).collect();
    grouped.sort_unstable();
    let mut groups: Vec<&[(usize, Rank, u32)]> = grouped.chunk_by(|a, b| a.0 == b.0).collect();
    groups.sort_unstable_by_key(|group| group[0].1);
    groups.into_iter().map(|group| group.iter().map(|(.., node)| *node).collect()).collect()
}

fn top(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}

/// The founder that the others of a group join: the one with a number, else the first. None if two have a number, or one
/// may not be joined, for then nobody can say which.
pub(super) fn head(group: &[u32], clusters: &Clusters) -> Option<u32> {
    let mut others = group.iter().copied().filter(|founder| !clusters.is_open(*founder));
    match (others.next(), others.next()) {
        (None, _) => group.first().copied(),
        (Some(only), None) if clusters.is_candidate(only) => Some(only),
        _ => None,
    }
}
