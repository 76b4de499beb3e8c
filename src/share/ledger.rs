//! The ledger of shares: `store/shares.jsonl`, one line a share, only ever appended. It says what left, to whom and under
//! which agreement; restricted, for its counts are exact.

use serde_json::{Value as Json, json};

use super::{Agreement, Table};
use crate::domain::day;

/// Its name in the store.
pub(super) const FILE: &str = "shares.jsonl";

/// One line.
pub(super) fn line(today: i32, run: &str, agreement: &Agreement, tables: &[Table]) -> Json {
    let tables = tables.iter().map(|table| json!({ "table": table.name, "rows": table.rows, "sha256": table.sha256 }));
    json!({
        "date": day::to_iso(today),
        "run": run,
        "recipient": agreement.name,
        "agreement": agreement.config.agreement,
        "expires": day::to_iso(agreement.expires),
        "tokens": agreement.purpose,
        "people": agreement.config.people.id(),
        "tables": tables.collect::<Vec<_>>(),
    })
}
