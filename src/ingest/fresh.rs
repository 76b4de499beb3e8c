//! Fresh rows: tables of which every file was read in this run are handed to linkage in memory, so that nothing is read
//! back from the store. The store holds everything either way, but for fields of identity (`FileFields`).
//!
//! Rows are put together while other files are still being read, file after file in the order of the extracts, so that
//! their order does not depend on which thread was quicker. A table is handed over whole or not at all.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::file_fields::FileFields;
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
    /// Fields of files that were in when the table was lost, or came after.
    left: Vec<(usize, FileFields)>,
}

/// Every table's rows, and the fields of identity of files whose table could not be handed over whole.
#[derive(Default)]
pub struct Handover {
    tables: Vec<Mutex<Gathering>>,
    fields: Mutex<BTreeMap<usize, FileFields>>,
}

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
                left: Vec::new(),
            })
        };
        Self { tables: Table::ALL.into_iter().map(gathering).collect(), fields: Mutex::default() }
    }

    /// Takes the blocks of a file that was read, or notes that a file is only in the store.
    pub(super) fn add(&self, table: Table, file: usize, blocks: Option<Vec<Parsed>>) {
        let Some(Ok(mut gathering)) = self.tables.get(table as usize).map(Mutex::lock) else { return };
        match blocks {
            Some(blocks) => gathering.add(file, blocks),
            None => gathering.lose(),
        }
        let left = std::mem::take(&mut gathering.left);
        drop(gathering);
        for (file, fields) in left {
            self.put_fields(file, fields);
        }
    }

    /// Keeps the fields of a file.
    pub(super) fn put_fields(&self, file: usize, fields: FileFields) {
        if let Ok(mut all) = self.fields.lock() {
            all.insert(file, fields);
        }
    }

    /// Whether a file's fields are here, with its table or apart.
    pub(super) fn has_fields_of(&self, file: usize) -> bool {
        let is_apart = self.fields.lock().is_ok_and(|fields| fields.contains_key(&file));
        let is_in = |one: &Mutex<Gathering>| one.lock().is_ok_and(|one| !one.is_lost && one.holds(file));
        is_apart || self.tables.iter().any(is_in)
    }

    /// The fields of a file whose table comes from the store; they are gone from here then.
    pub fn take_fields(&self, file: usize) -> Option<FileFields> {
        self.fields.lock().ok()?.remove(&file)
    }

    /// Nothing but the fields of some files, which from here on are numbered in this order.
    #[must_use]
    pub fn into_fields(self, files: &[usize]) -> Self {
        let mut all = self.fields.into_inner().unwrap_or_default();
        for mut gathering in self.tables.into_iter().filter_map(|one| one.into_inner().ok()) {
            gathering.lose();
            all.extend(gathering.left);
        }
        let own = files.iter().enumerate().filter_map(|(at, file)| Some((at, all.remove(file)?))).collect();
        Self { tables: Vec::new(), fields: Mutex::new(own) }
    }

    /// The rows of a table, if all of them are here; they are gone from here then.
    pub fn take(&self, table: Table) -> Option<FreshRows> {
        let mut gathering = self.tables.get(table as usize)?.lock().ok()?;
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
        if self.is_lost {
            self.leave(file, blocks);
            return;
        }
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

    /// Keeps nothing of a file but its fields.
    fn leave(&mut self, file: usize, blocks: Vec<Parsed>) {
        if !blocks.iter().any(|block| FileFields::are_in(self.table, block)) {
            return;
        }
        let mut fields = FileFields::default();
        for block in blocks {
            fields.append(self.table, block);
        }
        self.left.push((file, fields));
    }

    /// Whether a file's rows are in.
    fn holds(&self, file: usize) -> bool {
        self.waiting.contains_key(&file) || self.rows.starts.iter().any(|(own, _)| *own as usize == file)
    }

    /// The fields of the files whose rows are put together.
    fn fields(&self) -> Vec<(usize, FileFields)> {
        let ends = self.rows.starts.iter().skip(1).map(|(_, start)| *start).chain([self.rows.provider.len()]);
        let of = |((file, start), end): (&(u32, usize), usize)| {
            (*file as usize, FileFields::of(&self.rows.columns, self.table, *start..end))
        };
        self.rows.starts.iter().zip(ends).map(of).filter(|(_, fields)| !fields.is_empty()).collect()
    }

    fn lose(&mut self) {
        if self.is_lost {
            return;
        }
        self.is_lost = true;
        self.left = self.fields();
        for (file, blocks) in std::mem::take(&mut self.waiting) {
            self.leave(file, blocks);
        }
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
