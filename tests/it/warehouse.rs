//! Straight from the warehouse: the same rows by queries over ODBC as by files give the same figures, and what a driver says is
//! never shown. With the feature `odbc`, against a real `PostgreSQL` with its ODBC driver on loopback.

#[cfg(feature = "odbc")]
mod rows;
#[cfg(feature = "odbc")]
mod server;

use crate::program::Project;

/// A query where files alone are read is refused with what to do.
#[cfg(not(feature = "odbc"))]
#[test]
fn a_build_without_the_feature_says_so() {
    let project = Project::tiny();
    project.edit("pathlink.toml", |text| {
        format!("{text}\n[odbc]\nconnection_file = \"warehouse\"\n[source.gp.odbc]\nquery = \"SELECT 1\"\n")
    });
    let done = project.run(&[]);
    assert_eq!(done.code, 3, "{}", done.stderr);
    assert!(done.stderr.contains("CFG04") && done.stderr.contains("--features odbc"), "{}", done.stderr);
}

/// A connection string in the settings is never shown.
#[test]
fn a_connection_string_in_place_of_its_file_is_refused_and_not_shown() {
    let project = Project::tiny();
    project.edit("pathlink.toml", |text| {
        format!("{text}\n[odbc]\nconnection_file = \"Driver=x;UID=reader;PWD=invented-77\"\n")
    });
    let done = project.run(&[]);
    assert_eq!(done.code, 7, "{}", done.stderr);
    assert!(done.stderr.contains("KEY02") && !done.stderr.contains("invented-77"), "{}", done.stderr);
}
