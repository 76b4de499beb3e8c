//! The run's log: JSON Lines, one line a step, with an allow-list of field names. First line: version, config hash,
//! as-of; last line: exit code and seconds.

use serde::Serialize;

/// One line. There is no field for free text, so no value can slip in.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Line {
    /// The step.
    pub step: &'static str,
    /// Seconds since the run began.
    pub seconds: f64,
    /// Rows in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_in: Option<u64>,
    /// Rows out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_out: Option<u64>,
    /// The most memory that was in use so far, in MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_mib: Option<u64>,
    /// Version of pathlink.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'static str>,
    /// SHA-256 of the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_sha256: Option<String>,
    /// The day up to which data are used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Exit code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<u8>,
}

/// The lines as a file.
pub fn text(lines: &[Line]) -> Vec<u8> {
    let lines = lines.iter().filter_map(|line| serde_json::to_string(line).ok());
    lines.flat_map(|line| line.into_bytes().into_iter().chain([b'\n'])).collect()
}
