//! The passes over the same bytes in memory: csv's, the program's reading, the whole staging; and tokens alone.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use pathlink::identity::keys::ProjectKey;
use pathlink::identity::tokens::{Purpose, Tokeniser};
use pathlink::schema::Source;

use crate::Outcome;

/// An extract in memory.
pub(crate) struct File {
    pub(crate) source: &'static str,
    pub(crate) name: String,
    pub(crate) bytes: Arc<Vec<u8>>,
}

/// The extracts of a folder, by source and name.
pub(crate) fn files(folder: &Path) -> Outcome<Vec<File>> {
    let mut files = Vec::new();
    for source in Source::ALL.map(Source::id) {
        for entry in std::fs::read_dir(folder.join(source))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push(File { source, name, bytes: Arc::new(std::fs::read(path)?) });
        }
    }
    files.sort_by(|a, b| (a.source, &a.name).cmp(&(b.source, &b.name)));
    Ok(files)
}

/// Every record of every file through one `ByteRecord`; how many there are, headings aside.
pub(crate) fn bare(files: &[File]) -> Outcome<u64> {
    let mut count = 0;
    let mut record = csv::ByteRecord::new();
    for file in files {
        let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(file.bytes.as_slice());
        while reader.read_byte_record(&mut record)? {
            count += 1;
        }
    }
    Ok(count)
}

/// Keyed hashes of ten digits in one second on one core.
pub(crate) fn tokens_a_second() -> f64 {
    let tokeniser = Tokeniser::new(&ProjectKey::demonstration(), Purpose::Nhs);
    let mut digits = *b"9000000000";
    let start = Instant::now();
    let mut made = 0u32;
    while start.elapsed().as_secs_f64() < 1.0 {
        for number in made..made + 1000 {
            digits[6..].copy_from_slice(&number.to_le_bytes());
            black_box(tokeniser.token(&[&digits]));
        }
        made += 1000;
    }
    f64::from(made) / start.elapsed().as_secs_f64()
}

/// The program's reading and staging, of the program itself or of its modules as they are compiled here.
#[macro_export]
macro_rules! reading_of {
    ($name:ident, $program:tt) => {
        mod $name {
            use std::path::Path;

            use $program::identity::keys::ProjectKey;
            use $program::ingest::lookups::Deprivation;
            use $program::ingest::stage::Stager;
            use $program::ingest::{Content, Extract, all};
            use $program::schema::Source;
            use $program::settings::Settings;
            use $program::sources::Sources;

            use super::Outcome;
            use super::passes::File;

            fn extracts(files: &[File], sources: &Sources) -> Vec<Extract> {
                let recognised = files.iter().filter_map(|file| {
                    let (plan, found) = sources.recognise(Source::from_id(file.source)?, &file.name)?;
                    let content = Content::Memory(file.bytes.clone());
                    Some(Extract { plan, name: file.name.clone(), provider: found.provider, content })
                });
                recognised.collect()
            }

            fn settings(store: &Path) -> Settings {
                let mut settings = Settings::default();
                settings.identity.allow_test_numbers = true;
                settings.paths.store = store.to_path_buf();
                settings
            }

            /// Reads every file with all checks, one after another on this thread; rows read.
            pub(crate) fn count(files: &[File]) -> Outcome<u64> {
                let (sources, deprivation) = (Sources::load(None, None)?, Deprivation::default());
                let stager =
                    Stager::new(&settings(Path::new("")), &sources, &ProjectKey::demonstration(), &deprivation);
                let mut rows = 0;
                for extract in extracts(files, &sources) {
                    rows += stager.count(&extract)?.read;
                }
                Ok(rows)
            }

            /// Stages every file into an empty store on the threads of the pool.
            pub(crate) fn stage(files: &[File], store: &Path) -> Outcome<()> {
                let staged = store.join("staged");
                if staged.exists() {
                    std::fs::remove_dir_all(staged)?;
                }
                let (sources, deprivation) = (Sources::load(None, None)?, Deprivation::default());
                let stager = Stager::new(&settings(store), &sources, &ProjectKey::demonstration(), &deprivation);
                all(&extracts(files, &sources), &stager, &|_| ())?;
                Ok(())
            }
        }
    };
}
