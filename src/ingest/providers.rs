//! Providers: who is in a staged file.

use std::collections::BTreeSet;

use arrow::array::AsArray;
use arrow::datatypes::UInt64Type;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::staged::StagedFile;
use crate::domain::org_code::OrgCode;

/// The providers of a file's kept rows, in the order of their codes; none where the store cannot be read.
pub fn of(file: &StagedFile) -> Vec<String> {
    let mut found = BTreeSet::new();
    if file.rows > 0 {
        let _ = collect(file, &mut found);
    }
    let code = |packed: u64| {
        let (code, length) = OrgCode::from_packed(packed).bytes();
        String::from_utf8_lossy(&code[..length]).into_owned()
    };
    found.into_iter().filter(|packed| *packed != 0).map(code).collect()
}

fn collect(file: &StagedFile, found: &mut BTreeSet<u64>) -> Option<()> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(&file.path).ok()?).ok()?;
    let at = builder.schema().fields().iter().position(|field| field.name() == "provider")?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), [at]);
    for batch in builder.with_projection(mask).with_batch_size(1 << 16).build().ok()? {
        let batch = batch.ok()?;
        found.extend(batch.column_by_name("provider")?.as_primitive::<UInt64Type>().values());
    }
    Some(())
}
