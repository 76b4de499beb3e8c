//! Checksums: what every file of a release has to come to, in the form that `sha256sum --check` reads.

use std::fmt::Write as _;

use super::folder::{Tier, Written};

/// Its name in a release.
pub const FILE: &str = "checksums.sha256";

/// The lines of a release's files, by name; a file in a folder below is named with it.
pub fn of(files: &[Written]) -> String {
    let folder = format!("{}/", Tier::Release.folder());
    let name = |file: &Written| file.path.strip_prefix(&folder).map(str::to_owned);
    let own = files.iter().filter(|file| file.tier == Tier::Release);
    lines(own.filter_map(|file| Some((name(file)?, file.sha256.clone()))).collect())
}

/// The lines of files, by name, from names and hashes.
pub fn lines(mut files: Vec<(String, String)>) -> String {
    files.sort();
    let mut text = String::new();
    for (name, sha256) in files {
        let _ = writeln!(text, "{sha256}  {name}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_release_are_listed_by_name() {
        let file = |path: &str, tier: Tier, sha256: &str| Written {
            path: path.to_owned(),
            tier,
            bytes: 1,
            sha256: sha256.to_owned(),
            rows: None,
        };
        let files = [
            file("release/outcomes.csv", Tier::Release, "bb"),
            file("internal/estimates.csv", Tier::Internal, "cc"),
            file("release/demand.csv", Tier::Release, "aa"),
        ];
        assert_eq!(of(&files), "aa  demand.csv\nbb  outcomes.csv\n");
    }
}
