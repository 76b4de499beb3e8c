//! Fresh rows: what was read in this run stays in memory for linkage while there is room, so that it need not be read back
//! from the store. The store holds everything either way.

use std::sync::atomic::{AtomicI64, Ordering};

use super::rows::Parsed;
use crate::schema::Table;

/// Bytes of rows that may be kept in memory, over all files.
const ROOM: i64 = 1 << 30;

/// How much room is left.
pub(super) struct Room(AtomicI64);

impl Default for Room {
    fn default() -> Self {
        Self(AtomicI64::new(ROOM))
    }
}

/// The rows of one file, all of them or none.
pub(super) struct Fresh<'a> {
    table: Table,
    room: &'a Room,
    blocks: Vec<Parsed>,
    bytes: i64,
    is_full: bool,
}

impl<'a> Fresh<'a> {
    pub(super) fn new(table: Table, room: &'a Room) -> Self {
        Self { table, room, blocks: Vec::new(), bytes: 0, is_full: false }
    }

    /// Keeps a block that was written, without the columns that nothing after linkage looks at yet.
    pub(super) fn add(&mut self, mut block: Parsed) {
        if self.is_full {
            return;
        }
        for (column, values) in self.table.columns().iter().zip(&mut block.values) {
            if !self.table.is_linked(column.name) {
                *values = None;
            }
        }
        block.details = Vec::new();
        block.lists = Vec::new();
        block.line = Vec::new();
        block.reason = None;
        let bytes = block.provider.len() as i64 * 10 + block.values.iter().flatten().map(|one| one.bytes() as i64).sum::<i64>();
        self.bytes += bytes;
        self.blocks.push(block);
        if self.room.0.fetch_sub(bytes, Ordering::Relaxed) < bytes {
            self.is_full = true;
            self.blocks = Vec::new();
            self.room.0.fetch_add(self.bytes, Ordering::Relaxed);
        }
    }

    /// The blocks in the order of the file; none if there was no room for all.
    pub(super) fn finish(self) -> Vec<Parsed> {
        self.blocks
    }
}
