//! File patterns: `{provider}` stands for an organisation code, `*` for anything; both may match nothing but the code
//! may not.

use crate::domain::org_code::OrgCode;

/// What a file name told.
#[derive(Debug, PartialEq, Eq)]
pub struct Match {
    /// The organisation named in the file name, where the pattern has `{provider}`.
    pub provider: Option<OrgCode>,
}

/// Matches a file name against a pattern, upper and lower case alike.
pub fn matches(pattern: &str, name: &str) -> Option<Match> {
    let name = name.to_ascii_lowercase();
    let pattern = pattern.to_ascii_lowercase();
    match pattern.split_once("{provider}") {
        None => glob(&pattern, &name).then_some(Match { provider: None }),
        Some((before, after)) => {
            let rest = name.strip_prefix(before)?;
            let ends = (1..=rest.len().min(8)).rev().filter(|end| rest.is_char_boundary(*end));
            for end in ends {
                let (code, tail) = rest.split_at(end);
                if let Some(provider) = OrgCode::parse(code.as_bytes())
                    && glob(after, tail)
                {
                    return Some(Match { provider: Some(provider) });
                }
            }
            None
        }
    }
}

fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => {
            let Some(rest) = text.strip_prefix(before) else { return false };
            (0..=rest.len()).filter(|at| rest.is_char_boundary(*at)).any(|at| glob(after, &rest[at..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_read_from_the_name() {
        let found = matches("{provider}_MHS001MPI*.csv", "RT2_MHS001MPI_2026-11.csv").unwrap();
        assert_eq!(found.provider, OrgCode::parse(b"RT2"));
        assert!(matches("{provider}_MHS001MPI*.csv", "MHS001MPI.csv").is_none());
        assert!(matches("*gp_appointment*.csv", "Y90001_gp_appointment.csv").is_some());
        assert!(matches("*gp_appointment*.csv", "Y90001_gp_registration.csv").is_none());
    }
}
