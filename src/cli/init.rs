//! `pathlink init`: a project folder, made from the settings that the program has in itself.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::tell;
use super::{Global, say};
use crate::error::{self, Error};
use crate::synth::{CharityNumbers, Errors, Folder, GpExtract, Options, generate};

const CONFIG: &str = include_str!("../../config/pathlink.toml");
const PATHWAY: &str = include_str!("../../config/pathways/stockport.toml");
const CASE: &str = include_str!("../../config/business_case/stockport.toml");
const PLAN: &str = include_str!("../../config/analysis_plan.toml");
const UNIT_COSTS: &str = include_str!("../../config/unit_costs.csv");
const README: &str = include_str!("init/README.md");
const GIT_IGNORE: &str = "# Keys, data and results are never committed.\nkeys/\n*.key\nin/\nruns/\nstore/\n";
/// People of the example: enough for figures that are shown, few enough for seconds.
const EXAMPLE_PEOPLE: u64 = 2000;

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder to make, or to fill.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// With invented extracts, so that it runs at once.
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(["stockport"]))]
    example: Option<String>,
}

/// Makes the folder.
pub(super) fn init(global: &Global, arguments: &InitArgs) -> Result<(), Error> {
    let folder = &arguments.folder;
    let is_example = arguments.example.is_some();
    let config = config(is_example)?;
    let files = [
        ("pathlink.toml", config.as_str()),
        ("pathways/stockport.toml", PATHWAY),
        ("business_case/stockport.toml", CASE),
        ("analysis_plan.toml", PLAN),
        ("unit_costs.csv", UNIT_COSTS),
        (".gitignore", GIT_IGNORE),
        ("README.md", README),
    ];
    if let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).exists()) {
        return Err(Error::new(
            &error::CANNOT_WRITE,
            format!("{} is already there", folder.join(name).display()),
            "name a folder without a project; nothing is ever written over",
        ));
    }
    let keys = folder.join("keys");
    fs::create_dir_all(folder).map_err(|_| Error::cannot_write(folder))?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&keys).map_err(|_| Error::cannot_write(&keys))?;
    for (name, text) in files {
        write(&folder.join(name), text)?;
    }
    if is_example {
        example(&folder.join("in"))?;
    }
    let shown = folder.display();
    tell(&format!("a project in {shown}: its README.md says what is what"));
    if is_example {
        tell(&format!("next: cd {shown} && pathlink run"));
    } else {
        tell(&format!(
            "next: cd {shown} && pathlink key new --project my-project --to keys/project.key, put your extracts under in/, then pathlink check"
        ));
    }
    if is_example && !global.quiet {
        say("its people are invented and its key is the built-in one: every output says so");
    }
    Ok(())
}

/// The bundled settings, with the paths of a project; without the example also without anything invented.
fn config(is_example: bool) -> Result<String, Error> {
    let head = CONFIG.split_once("\n\n").map_or(CONFIG, |(_, rest)| rest);
    let mut text = format!(
        "# Every setting, with its meaning. Paths are relative to this file. An unknown key is refused with the nearest name.\n\n{head}"
    );
    let always = [
        ("../fixtures/year", "in"),
        ("runs = \"../runs\"  ", "runs = \"runs\"  "),
        ("store = \"../store\"  ", "store = \"store\"  "),
        ("# file = \"unit_costs.csv\"  ", "file = \"unit_costs.csv\"    "),
    ];
    let own = [
        ("as_of = 2026-03-31   ", "# as_of = 2026-03-31 "),
        (
            "business_cases = [\"business_case/stockport.toml\"] ",
            "# business_cases = [\"business_case/stockport.toml\"] ",
        ),
        ("demo = true  ", "demo = false "),
        (
            "# file = \"/secure/project.key\"   # never the key itself",
            "file = \"keys/project.key\"   # never the key itself",
        ),
        ("allow_test_numbers = true ", "allow_test_numbers = false"),
        ("[covers]\nfile = ", "[covers]\n# file = "),
        ("postcode_imd = ", "# postcode_imd = "),
        ("postcode_imd_edition = \"invented for the demonstration\"", "# postcode_imd_edition = \"IoD 2025\""),
        ("deaths = \"registered_list\"", "deaths = \"unequal\""),
        ("moves = \"registered_list\"", "moves = \"unequal\""),
        ("plan = \"analysis_plan.toml\"", "# plan = \"analysis_plan.toml\""),
        (
            "local = [\n  { item = \"gp_consultation\", cost = 42.00, price_year = \"2024/25\", source = \"invented for the demonstration\" },\n  { item = \"community_contact\", cost = 60.00, price_year = \"2024/25\", source = \"invented for the demonstration\" },\n]",
            "# local = [{ item = \"gp_consultation\", cost = 42.00, price_year = \"2024/25\", source = \"where it is from\" }]",
        ),
        (
            "named_organisations = [\"ZT1\", \"ZT2\", \"ZA1\", \"ZA2\", \"ZI1\", \"ZI2\", \"ZC1\", \"ZC2\", \"ZC3\", \"ZC4\"] ",
            "named_organisations = [] ",
        ),
    ];
    let changes = always.iter().chain(if is_example { &[][..] } else { &own[..] });
    for (from, to) in changes {
        if !text.contains(from) {
            return Err(Error::bug("the bundled settings have changed and the template has not"));
        }
        text = text.replace(from, to);
    }
    Ok(text)
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |_| Error::cannot_write(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(failed)
}

/// Invented extracts; without the planted truth, which is no extract.
fn example(folder: &Path) -> Result<(), Error> {
    let failed = |_| Error::cannot_write(folder);
    let options = Options {
        people: EXAMPLE_PEOPLE,
        seed: 1,
        gp: GpExtract::Sent,
        errors: Errors::Planted,
        charity_numbers: CharityNumbers::Some,
    };
    let mut made = Folder::create(folder).map_err(failed)?;
    generate(&options, &mut made, &mut |_| ()).map_err(failed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings;

    #[test]
    fn both_templates_are_settings_and_nothing_invented_is_in_the_second() {
        for is_example in [true, false] {
            let text = config(is_example).expect("a template");
            let loaded = settings::of_text("pathlink.toml", &text).expect("settings");
            assert_eq!(loaded.key.demo, is_example);
            assert_eq!(loaded.identity.allow_test_numbers, is_example);
            assert_eq!(loaded.extracts.len(), 5);
            assert_eq!(loaded.costs.file.as_deref(), Some(Path::new("unit_costs.csv")));
            assert_eq!(loaded.costs.local.is_empty() && loaded.disclosure.named_organisations.is_empty(), !is_example);
            assert_eq!(loaded.covers.file.is_some(), is_example);
            assert!(!text.contains("../"), "a path leads out of the project");
        }
    }
}
