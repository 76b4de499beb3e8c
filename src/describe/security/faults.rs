//! What a run leaves that is stopped anywhere, from the declaration that the tests go by.

use crate::describe::page::Block;
use crate::fault::{POINTS, Point, SURVIVED};

/// A row of the table of points.
fn of_point(point: &Point) -> Vec<String> {
    let last = if point.is_published { "the new run, whole" } else { "the last good run, untouched" };
    vec![format!("`{}`", point.name), point.after.to_owned(), point.left.to_owned(), last.to_owned()]
}

pub(super) fn blocks() -> Vec<Block> {
    let survived = SURVIVED.iter().map(|one| vec![one.what.to_owned(), one.ends.to_owned(), format!("`{}`", one.test)]);
    vec![
        Block::Heading(2, "What a fault leaves".to_owned()),
        Block::text(
            "A run writes under `runs/.staging-*` and is published by two renames, of its folder and of `LATEST`. At each of these \
             points tests stop it with kill -9, with SIGTERM (exit 143: it removes its own staging folder) and with a panic (exit 70); \
             the next run then gives the same bytes as if nothing had been. The points are in builds for tests alone.",
        ),
        Block::Table(
            vec!["point", "what the run has done", "what kill -9 leaves of it", "`LATEST` names"],
            POINTS.iter().map(of_point).collect(),
        ),
        Block::text("Other faults, each with the test that makes it happen:"),
        Block::Table(vec!["what happens", "how it ends", "test"], survived.collect()),
    ]
}
