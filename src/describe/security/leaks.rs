//! What each leak exposes, in seconds where it can be reckoned, and what to do after one.

use super::{Facts, of_project};
use crate::describe::page::Block;

/// NHS numbers of England, Wales and the Isle of Man that pass the check digit.
///
/// Source: enumeration of the ranges 400 to 499 and 600 to 799.
const NUMBERS: f64 = 272_727_273.0;
/// Ten-digit numbers of any range that pass the check digit.
const ALL_NUMBERS: f64 = 909_090_910.0;
/// Days on which somebody living can have been born: 110 years.
const BIRTH_DATES: f64 = 40_150.0;
/// Postcodes in use.
const POSTCODES: f64 = 1_750_000.0;
/// Keyed tokens that one core tries in a second; 5.4 to 5.8 million were measured.
const TOKENS_PER_SECOND: f64 = 5.4e6;
/// Salted SHA-256 digests that one core tries in a second, as measured.
const DIGESTS_PER_SECOND: f64 = 10.8e6;
/// Cores of an ordinary server.
const CORES: f64 = 16.0;

/// How long trying all candidates takes, on one core and on an ordinary server.
fn time(candidates: f64, per_second: f64) -> String {
    let shown = |seconds: f64| match seconds {
        seconds if seconds < 1.0 => "under a second".to_owned(),
        seconds if seconds < 1.5 => "1 second".to_owned(),
        seconds => format!("{seconds:.0} seconds"),
    };
    let one = candidates / per_second;
    if one < 1.0 {
        "under a second".to_owned()
    } else {
        format!("{} on one core, {} on {CORES}", shown(one), shown(one / CORES))
    }
}

fn exposures() -> Vec<Vec<String>> {
    let numbers = time(NUMBERS, TOKENS_PER_SECOND);
    let rows = [
        ("the key alone", "Nothing by itself. With any file of stage-1 tokens it gives back every NHS number in it.".to_owned(), format!("with such a file: all 272,727,273 numbers of England and Wales in {numbers}; any ten digits in {}", time(ALL_NUMBERS, TOKENS_PER_SECOND))),
        ("`store/` or `restricted/`, without the key", "Rows of care under tokens: dates, codes, places, deprivation quintile; in the store also days of birth. Somebody who knows when a person was where can find that person's rows. No token of a name or postcode is in either.".to_owned(), "tokens cannot be tried without the key: there are 2^256 of them".to_owned()),
        ("the store and the key", "Everything: who the rows are about.".to_owned(), format!("NHS numbers in {numbers}; days of birth stand there as they are")),
        ("a pseudonymised file of a partner", "Rows of that partner's service under stage-1 tokens, with the columns agreed, and one token of date of birth, sex, postcode and forename together (unless `match_keys = false`). With `field_tokens = true` also tokens of names, postcodes and their parts: equal ones show as equal, so frequent names show by how often they occur.".to_owned(), format!("with the key NHS numbers in {numbers}, and match keys of people about whom three of the four are known; where field tokens left too: dates of birth in {}, postcode districts and letters of names at once, all postcodes in {}; without it not by trying", time(BIRTH_DATES, TOKENS_PER_SECOND), time(POSTCODES, TOKENS_PER_SECOND))),
        ("a row-level file under an agreement", "Rows of care under the recipient's own tokens. It cannot be joined to another recipient's file.".to_owned(), "without the key there is nothing to try; with it, as the store".to_owned()),
        ("the re-keying table", "Which tokens before a rotation are which after it: it undoes the rotation for whoever holds old files. No number.".to_owned(), "no trying is needed to join; numbers need one of the keys".to_owned()),
        ("`internal/`", "Exact counts, also of single people. No token and no row.".to_owned(), "nothing to reverse; a small count can single out".to_owned()),
        ("`release/`", "Figures that passed disclosure control.".to_owned(), "nothing to reverse".to_owned()),
        ("`manifest.json`, `summary.txt`, the log", "Names of files and of providers, counts of rows, hashes, the key's check value.".to_owned(), "the check value is 4 bytes of a keyed hash: it confirms a key and does not give it".to_owned()),
        ("another party's salt (`pathlink compat`)", "With a file of that party's digests, every NHS number in it: theirs is one salt for all.".to_owned(), format!("all numbers of England and Wales in {}", time(NUMBERS, DIGESTS_PER_SECOND))),
    ];
    rows.into_iter().map(|(what, shows, time)| vec![what.to_owned(), shows, time]).collect()
}

pub(super) fn blocks(facts: &Facts<'_>) -> Vec<Block> {
    let told = &facts.settings.governance;
    vec![
        Block::Heading(2, "What each leak exposes".to_owned()),
        Block::Table(vec!["what leaked", "what it shows", "how long reversal takes"], exposures()),
        Block::text(
            "Speeds were measured on one core of a small shared server: 5.4 million keyed tokens and 10.8 million salted digests a second. A graphics card is far faster. A slow hash would multiply the seconds and every night's work alike, and not change what follows from them: custody of the key is the protection.",
        ),
        Block::Heading(2, "What to do after a leak".to_owned()),
        Block::text(format!(
            "Tell at once: {}. Tell the data-protection officer too: a breach that is likely to risk people's rights is reported to the Information Commissioner within 72 hours of becoming known, and through the incident tool of the Data Security and Protection Toolkit. Turning pseudonyms back into people without the controller's consent is an offence (Data Protection Act 2018, section 171).",
            of_project(&told.contact, "contact")
        )),
        Block::Heading(3, "The key leaked, or may have".to_owned()),
        Block::steps([
            "Stop runs and transfers. Write down when and where it leaked, and its check value (`pathlink key check`).",
            "List every file of stage-1 tokens under that check value and who has it: `store/`, `restricted/` of every run (`key` in its manifest), partners' pseudonymised files. Where such a file has leaked as well, people's identities have: treat it as a leak of identifiable data.",
            "`pathlink key rotate --to NEW.key`: the next version of the key, and the table from old tokens to new ones. What it lists as not re-keyable must be sent again by its sender.",
            "Name the new key under [key] (file, check_value), give it to partners by a channel other than the one that leaked, and compare check values by telephone.",
            "Ask partners for their files under the new key; files under the old one are now refused, with both check values.",
            "Run: people keep their ids, by the table, in a registry of the new key; the run says how many could not be re-keyed. When the figures compare with the last good run, delete `store/` but the registry of the new key, the old runs' `restricted/`, partners' old files, and the old key; delete the re-keying table when nothing old is in use.",
            "Row-level files already shared cannot be made safe by a rotation: ask recipients to delete them, and share again.",
        ]),
        Block::Heading(3, "The store or a restricted folder leaked".to_owned()),
        Block::steps([
            "Treat it as a leak of personal data about care, whether or not the key is safe.",
            "Establish whether the key could have leaked with it (same machine, same backup). If so, follow the steps for a key as well.",
            "Rotate the key in any case, so that what leaked joins to nothing that comes later.",
            "Find out how it was read: the folders are mode 0700, so it was the account, its backup or its disk.",
        ]),
        Block::Heading(3, "A partner's pseudonymised file or a row-level file leaked".to_owned()),
        Block::steps([
            "Ask who received it, and for written confirmation that it was deleted.",
            "Tell its sender, who decides with the controller about reporting.",
            "For a row-level file, issue the next one under a new period, so that the two cannot be joined.",
        ]),
        Block::Heading(3, "Internal figures leaked, or a release was wrong".to_owned()),
        Block::steps([
            "Withdraw the file, and list which cells rest on fewer people than the threshold.",
            "Report it as a disclosure of small numbers; correct the release and say so in the next one.",
        ]),
        Block::Heading(3, "Another party's salt leaked".to_owned()),
        Block::steps([
            "Tell that party: every file of their digests is now as good as a file of NHS numbers to whoever has the salt.",
            "Delete the salt file and the digests made with it; this project's own tokens are under another key and stay as they are.",
        ]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_those_of_the_arithmetic() {
        assert_eq!(time(NUMBERS, TOKENS_PER_SECOND), "51 seconds on one core, 3 seconds on 16");
        assert_eq!(time(NUMBERS, DIGESTS_PER_SECOND), "25 seconds on one core, 2 seconds on 16");
        assert_eq!(time(ALL_NUMBERS, TOKENS_PER_SECOND), "168 seconds on one core, 11 seconds on 16");
        assert_eq!(time(BIRTH_DATES, TOKENS_PER_SECOND), "under a second");
    }
}
