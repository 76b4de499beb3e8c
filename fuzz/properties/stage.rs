//! Staging: a whole small file of any table, read as a run would read it. Every row is kept, rejected or left out, and
//! nothing that is said holds a cell.

use std::sync::{Arc, LazyLock};

use pathlink::domain::nhs_number::Accepts;
use pathlink::domain::org_code::OrgCode;
use pathlink::ingest::{Content, Extract, trial};
use pathlink::settings::Caps;
use pathlink::sources::Sources;

use super::config::is_told;

static SOURCES: LazyLock<Sources> = LazyLock::new(|| Sources::load(None, None).unwrap());

/// Bytes: a table, then a file. Where the file starts with `*`, that stands for the table's own headings.
pub(crate) fn holds(bytes: &[u8]) {
    let Some((table, file)) = bytes.split_first() else { return };
    let sources = &*SOURCES;
    let at = usize::from(*table) % sources.tables.len();
    let plan = &sources.tables[at];
    let file = match file.split_first() {
        Some((b'*', rows)) => {
            let provider = plan.provider.iter().chain(plan.columns.iter().map(|column| &column.heading));
            let mut names: Vec<&str> = Vec::new();
            for name in provider.filter(|name| !name.is_empty()) {
                if !names.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                    names.push(name);
                }
            }
            [names.join(",").as_bytes(), rows].concat()
        }
        _ => file.to_vec(),
    };
    let extract = Extract {
        plan: at,
        name: "x.csv".to_owned(),
        provider: OrgCode::parse(b"ZT1"),
        content: Content::Memory(Arc::new(file)),
    };
    let accepts = Accepts { test_range: true, other_uk: true };
    let trial = trial::read(&extract, plan, &plan.dialect, (accepts, Caps::default(), &sources.values));
    if let Some(fault) = &trial.fault {
        is_told(fault);
    }
    assert!(trial.tally.adds_up(), "read is not kept, rejected, duplicated and excluded");
    assert_eq!(trial.rejects.len() as u64, trial.tally.rejected_total());
    assert!(trial.rejects.windows(2).all(|pair| pair[0].line <= pair[1].line));
}
