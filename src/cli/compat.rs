//! `pathlink compat`: pseudonyms in another party's way.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::{Global, say, tell};
use crate::compat::{self, Asked};
use crate::domain::nhs_number::Accepts;
use crate::domain::scheme::Scheme;
use crate::error::{self, Error};
use crate::identity::compat::{Edges, Salt};

#[derive(Debug, Args)]
pub(super) struct CompatArgs {
    /// The CSV that holds the values.
    input: PathBuf,
    /// How the other party makes its pseudonyms.
    #[arg(long, value_name = "MODE", value_parser = PossibleValuesParser::new(Scheme::ALL.map(Scheme::id)))]
    mode: String,
    /// The file of its salt or text key: a plain file of your own with mode 0600.
    #[arg(long, value_name = "FILE")]
    salt_file: PathBuf,
    /// The columns that are hashed, in their order: `nhs_number`, or `date_of_birth,nhs_number`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', required = true)]
    columns: Vec<String>,
    /// Which of several columns holds NHS numbers, to be checked first; one column alone does.
    #[arg(long, value_name = "NAME")]
    nhs_number: Option<String>,
    /// The file to make; an existing file is never touched.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Blanks around the salt are no part of it, as in the Java port of `OpenPseudonymiser`.
    #[arg(long)]
    trim_salt: bool,
    /// Use numbers of the 9xx test range too.
    #[arg(long)]
    allow_test_numbers: bool,
}

/// Makes the digests and says what they are worth.
pub(super) fn compat(global: &Global, arguments: &CompatArgs) -> Result<(), Error> {
    let scheme = Scheme::from_id(&arguments.mode).ok_or_else(|| Error::bug("a mode has no scheme"))?;
    let number = number(scheme, arguments)?;
    let salt = Salt::read(&arguments.salt_file, if arguments.trim_salt { Edges::Trimmed } else { Edges::Kept })?;
    let asked = Asked {
        scheme,
        input: arguments.input.clone(),
        columns: arguments.columns.clone(),
        number,
        accepts: Accepts { test_range: arguments.allow_test_numbers, other_uk: false },
        output: arguments.to.clone(),
    };
    let made = compat::make(&asked, &salt)?;
    let without = made.without.iter().map(|(reason, count)| format!(", {count} without: {reason}"));
    tell(&format!("{} digests{} in {}", made.digests, without.collect::<String>(), arguments.to.display()));
    if !global.quiet {
        say(
            "warning: whoever has the salt can try every NHS number against these digests in seconds; the file is as secret as the numbers",
        );
    }
    Ok(())
}

/// The column of NHS numbers, after looking whether the columns fit the scheme.
fn number(scheme: Scheme, arguments: &CompatArgs) -> Result<Option<String>, Error> {
    let columns = &arguments.columns;
    let wanted = match scheme {
        Scheme::NdrsBirthdatePostcode => Some(2),
        Scheme::OpenPseudonymiser => None,
        _ => Some(1),
    };
    let wrong = |what: &str, fix: &str| Err(Error::new(&error::CONFIG_VALUE, what, fix));
    if wanted.is_some_and(|wanted| wanted != columns.len()) {
        return wrong(
            &format!("{} does not hash {} columns", scheme.id(), columns.len()),
            "ndrs_birthdate_postcode takes date of birth and postcode, openpseudonymiser any, every other mode one",
        );
    }
    match &arguments.nhs_number {
        Some(_) if !scheme.is_of_number() => wrong("this mode hashes no NHS number", "leave out --nhs-number"),
        Some(name) if !columns.contains(name) => {
            wrong("--nhs-number is not among --columns", "name one of the columns that are hashed")
        }
        Some(name) => Ok(Some(name.clone())),
        None if columns.len() == 1 && scheme.is_of_number() => Ok(columns.first().cloned()),
        None => Ok(None),
    }
}
