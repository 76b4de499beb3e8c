//! Fresh rows: tables of which every file was read in this run are handed to linkage in memory, so that nothing is read
//! back from the store. The store holds everything either way.
//!
//! Rows are put together while other files are still being read, file after file in the order of the extracts, so that
//! their order does not depend on which thread was quicker. A table is handed over whole or not at all.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::rows::Parsed;
use super::values::Values;
use crate::schema::Table;

/// Bytes of rows that may be kept in memory, a table.
const ROOM: usize = 1 << 29;

/// The rows of one table.
pub struct FreshRows {
    /// By position in the table; empty where no file has the column or linkage does not look at it.
    pub columns: Vec<Values>,
    /// Provider of each row.
    pub provider: Vec<u64>,
    /// Exclusion rule that each row met; [`super::values::NO_CODE`] for none.
    pub excluded: Vec<u16>,
    /// First row of each file, by the file's position among the extracts.
    pub starts: Vec<(u32, usize)>,
}

/// A table's rows being put together.
struct Gathering {
    table: Table,
    /// The table's files and their sizes in bytes, in order.
    files: Vec<(usize, u64)>,
    /// How many of them are in.
    done: usize,
    /// Files that were read before it was their turn.
    waiting: BTreeMap<usize, Vec<Parsed>>,
    rows: FreshRows,
    bytes: usize,
    is_lost: bool,
}

/// Every table's rows.
#[derive(Default)]
pub struct Handover(Vec<Mutex<Gathering>>);

impl Handover {
    /// For extracts given by table and size.
    pub(super) fn new(extracts: &[(Table, u64)]) -> Self {
        let gathering = |table: Table| {
            let own = extracts.iter().enumerate().filter(|(_, (own, _))| *own == table);
            let columns = table.columns().iter().map(|column| Values::new(column.kind, 0)).collect();
            Mutex::new(Gathering {
                table,
                files: own.map(|(at, (_, bytes))| (at, *bytes)).collect(),
                done: 0,
                waiting: BTreeMap::new(),
                rows: FreshRows { columns, provider: Vec::new(), excluded: Vec::new(), starts: Vec::new() },
                bytes: 0,
                is_lost: false,
            })
        };
        Self(Table::ALL.into_iter().map(gathering).collect())
    }

    /// Takes the blocks of a file that was read, or notes that a file is only in the store.
    pub(super) fn add(&self, table: Table, file: usize, blocks: Option<Vec<Parsed>>) {
        let Some(Ok(mut gathering)) = self.0.get(table as usize).map(Mutex::lock) else { return };
        match blocks {
            Some(blocks) if !gathering.is_lost => gathering.add(file, blocks),
            _ => gathering.lose(),
        }
    }

    /// The rows of a table, if all of them are here; they are gone from here then.
    pub fn take(&self, table: Table) -> Option<FreshRows> {
        let mut gathering = self.0.get(table as usize)?.lock().ok()?;
        if gathering.is_lost || gathering.files.is_empty() || gathering.done < gathering.files.len() {
            return None;
        }
        gathering.is_lost = true;
        let empty = FreshRows { columns: Vec::new(), provider: Vec::new(), excluded: Vec::new(), starts: Vec::new() };
        Some(std::mem::replace(&mut gathering.rows, empty))
    }
}

impl Gathering {
    fn add(&mut self, file: usize, blocks: Vec<Parsed>) {
        self.waiting.insert(file, blocks);
        while let Some((next, size)) = self.files.get(self.done).copied()
            && let Some(blocks) = self.waiting.remove(&next)
        {
            self.make_room(&blocks, size);
            self.rows.starts.push((next as u32, self.rows.provider.len()));
            for block in blocks {
                self.append(block);
            }
            self.done += 1;
        }
        if self.bytes > ROOM {
            self.lose();
        }
    }

    fn lose(&mut self) {
        self.is_lost = true;
        self.waiting.clear();
        self.rows.columns.clear();
        self.rows.provider = Vec::new();
        self.rows.excluded = Vec::new();
    }

    /// Room for all files at once, as the first one lets expect: growing bit by bit would copy everything again and again.
    fn make_room(&mut self, blocks: &[Parsed], size: u64) {
        if self.done > 0 {
            return;
        }
        let all: u64 = self.files.iter().map(|(_, bytes)| bytes).sum();
        let rows: usize = blocks.iter().map(|block| block.provider.len()).sum();
        let expected = (rows as u128 * u128::from(all) / u128::from(size.max(1)) * 33 / 32) as usize + 1024;
        let expected = expected.min(ROOM / 16);
        for (at, (column, declared)) in self.rows.columns.iter_mut().zip(self.table.columns()).enumerate() {
            if blocks.iter().any(|block| block.values[at].is_some()) && self.table.is_linked(declared.name) {
                *column = Values::new(declared.kind, expected);
            }
        }
        self.rows.provider.reserve(expected);
        self.rows.excluded.reserve(expected);
    }

    fn append(&mut self, mut block: Parsed) {
        let before = self.rows.provider.len();
        for ((to, from), declared) in self.rows.columns.iter_mut().zip(&mut block.values).zip(self.table.columns()) {
            if let Some(from) = from.as_mut().filter(|_| self.table.is_linked(declared.name)) {
                self.bytes += from.bytes();
                to.fill(before);
                to.append(from);
            }
        }
        self.bytes += block.provider.len() * 10;
        self.rows.provider.append(&mut block.provider);
        self.rows.excluded.append(&mut block.excluded);
    }
}
