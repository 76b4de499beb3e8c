//! Components: founders that hang together by pairs, and the one that the others of each join.

use super::clusters::Clusters;
use super::records::Records;

/// Founders that hang together, each group in the order of their records (`Records::rank`).
pub(super) fn of(pairs: &[(u32, u32)], records: &Records) -> Vec<Vec<u32>> {
    let mut nodes: Vec<u32> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    nodes.sort_unstable_by_key(|node| records.rank(*node));
    nodes.dedup();
    let place = |node: u32| nodes.partition_point(|other| records.rank(*other) < records.rank(node));
    let mut root: Vec<usize> = (0..nodes.len()).collect();
    for (a, b) in pairs {
        let (a, b) = (top(&mut root, place(*a)), top(&mut root, place(*b)));
        root[a.max(b)] = a.min(b);
    }
    let mut grouped: Vec<(usize, u32)> = (0..nodes.len()).map(|at| (top(&mut root, at), nodes[at])).collect();
    grouped.sort_by_key(|(root, _)| *root);
    grouped.chunk_by(|a, b| a.0 == b.0).map(|group| group.iter().map(|(_, node)| *node).collect()).collect()
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
