//! Settings: built-in defaults, then the project's file, then flags; checked, with the nearest name for a wrong key.
//!
//! In: TOML text. Out: [`Settings`]. Leaves alone: source configs and code lists (`sources/`).

pub mod analysis;
pub mod anxiety_measures;
pub mod business_case;
pub mod caps;
mod checks;
pub mod costs;
pub mod cut_offs;
pub mod disclosure;
pub mod file;
pub mod gates;
pub mod governance;
pub mod identity;
pub mod linkage;
pub mod lookups;
pub mod pathway;
pub mod periods;
pub mod place;
pub mod published;
pub mod retention;
pub mod share;
pub mod spc;
pub mod target;
pub mod warehouse;
mod wording;

use std::path::{Path, PathBuf};

pub use analysis::{AnalysisPlan, Comparison, Covariate, DesignKind, EvaluationSettings, Exact};
pub use caps::Caps;
pub use costs::{Costs, LocalCost};
pub use cut_offs::{CutOff, CutOffs};
pub use disclosure::Disclosure;
pub use file::{Ascertained, Ascertainment, Covers, SecondaryCare, Settings, day_of};
pub use gates::Gates;
pub use governance::{Flow, Governance};
pub use identity::{ListMode, TokensOnly};
pub use linkage::LinkageSettings;
pub use lookups::Deprived;
pub use pathway::{Condition, PathwayConfig, Role};
pub use periods::Periods;
pub use published::PublishedFigure;
pub use retention::Retention;
pub use target::Target;
pub use warehouse::QuerySettings;
pub use wording::toml_error;

use crate::error::{self, Error};

/// Reads a settings file; paths in it are relative to its folder.
pub fn load(path: &Path) -> Result<Settings, Error> {
    load_with(path, &[])
}

/// The same with these pathway files, relative to the current folder, in place of those that it names.
pub fn load_with(path: &Path, pathways: &[PathBuf]) -> Result<Settings, Error> {
    let mut settings = load_without_pathways(path)?;
    if !pathways.is_empty() {
        let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
        settings.pathways = pathways.iter().map(absolute).collect();
        // The plan is of the pathways that the file names.
        settings.evaluation.plan = None;
    }
    settings.load_pathways()?;
    settings.load_reliable_change()?;
    settings.load_plan()?;
    settings.load_cases()?;
    settings.check(&path.display().to_string()).map_err(|error| settings.point_out(error))?;
    Ok(settings)
}

/// Reads a settings file without the pathways that it names, for a partner's site, which has none.
pub fn load_without_pathways(path: &Path) -> Result<Settings, Error> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|_| unreadable(&shown))?;
    let mut settings = of_text(&shown, &text)?;
    settings.folder = path.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    settings.text = text;
    Ok(settings)
}

fn unreadable(shown: &str) -> Error {
    Error::new(
        &error::CONFIG_MISSING,
        format!("the configuration file {shown} cannot be read"),
        "name another with --config FILE",
    )
}

/// Settings from their text, checked, without the pathways that it names. `shown` is what messages call it.
pub fn of_text(shown: &str, text: &str) -> Result<Settings, Error> {
    let mut settings: Settings = toml::from_str(text).map_err(|problem| toml_error(shown, text, &problem))?;
    settings.texts.push((shown.to_owned(), text.to_owned()));
    settings.check(shown).map_err(|error| settings.point_out(error))?;
    Ok(settings)
}

/// The JSON Schemas of the settings file, of a pathway file, of an analysis plan and of a business case, for editors.
pub fn schemas() -> [(&'static str, serde_json::Value); 4] {
    [
        ("pathlink", schemars::schema_for!(Settings).to_value()),
        ("pathways", schemars::schema_for!(pathway::PathwaysOfFile).to_value()),
        ("analysis_plan", schemars::schema_for!(analysis::PlanFile).to_value()),
        ("business_case", schemars::schema_for!(business_case::CaseConfig).to_value()),
    ]
}

/// Finds the configuration: the one named, else `./pathlink.toml`, else `./config/pathlink.toml`.
pub fn find(named: Option<&Path>) -> Result<PathBuf, Error> {
    if let Some(path) = named {
        return Ok(path.to_path_buf());
    }
    ["pathlink.toml", "config/pathlink.toml"].into_iter().map(PathBuf::from).find(|path| path.exists()).ok_or_else(
        || {
            Error::new(
                &error::CONFIG_MISSING,
                "there is no pathlink.toml here",
                "run from a project folder, or name the file with --config FILE",
            )
            .because("looked for ./pathlink.toml and ./config/pathlink.toml")
        },
    )
}

/// What to do about a wrong name: the nearest one, or else `otherwise`.
pub fn did_you_mean<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    nearest(wrong, names).map_or_else(|| otherwise.to_owned(), |name| format!("did you mean `{name}`?"))
}

/// The name most like `wrong`, if one is like it at all.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = names.into_iter().map(|name| (strsim::jaro_winkler(wrong, name), name));
    scored.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two strokes in a row are one in a path that was resolved.
    #[test]
    fn a_key_in_place_of_its_path_is_told_of_however_it_is_spelt() {
        for base64 in ["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "AAECAwQFBgcI//oLDA0ODxAREhMUFRYXGBkaGxwdHh8="] {
            for text in [format!("[key]\nfile = \"{base64}\""), format!("[compat.ndrs]\nsalt_file = \"{base64}\"")] {
                let error = of_text("pathlink.toml", &text).unwrap_err();
                assert_eq!(error.code().id, "KEY02");
                assert!(!error.to_string().contains(&base64[20..]), "a key was shown");
            }
        }
    }
}
