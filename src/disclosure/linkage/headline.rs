//! The headline: how good linkage is in plain words, from released figures and nothing else.

use crate::disclosure::sheets::{self, Sheet, Value};
use crate::error::grouped;
use crate::link::quality::Section;

use super::balance;

/// A difference smaller than this is commonly called balanced.
const NOTABLE: f64 = 0.1;

/// How many rows carry a usable identity, by the best known kind of row that there is.
pub fn identity(sheet: &Sheet) -> Option<String> {
    let kinds = [
        ("emergency_care", "attendances_identified", "A&E attendances"),
        ("mental_health", "referrals_identified", "referrals to the mental-health trust"),
        ("community", "referrals_identified", "referrals to voluntary-sector services"),
    ];
    kinds.into_iter().find_map(|(source, measure, words)| {
        let row = find(sheet, (Section::MatchRateByGroup, source, measure))?;
        Some(format!("{} % of {words} carry a usable identity.", shown(sheet, row, "value")?))
    })
}

/// What became of records whose number was hidden.
pub fn hold_out(sheet: &Sheet) -> Option<String> {
    let row = find(sheet, (Section::HoldOut, "", "sensitivity"))?;
    if cell(sheet, row, "marker") == "c" {
        return Some(
            "How many records were linked again once their NHS number was hidden cannot be shown: too few were, or too few were not."
                .to_owned(),
        );
    }
    let of: u64 = shown(sheet, row, "denominator")?.parse().ok()?;
    let again = shown(sheet, row, "value")?;
    let right = find(sheet, (Section::HoldOut, "", "predictive_value"));
    let right = match right.and_then(|row| shown(sheet, row, "value")) {
        Some(value) => format!("{value} % of them to the right person"),
        None if right.is_some_and(|row| cell(sheet, row, "marker") == "c") => {
            "all but a few of them to the right person".to_owned()
        }
        None => "how many of them to the right person is not known".to_owned(),
    };
    Some(format!(
        "Of about {} records whose NHS number was hidden, {again} % were linked again, {right}; for people without a number it is likely lower.",
        grouped(of)
    ))
}

/// Where linked and unlinked records differ most. Never that they do not.
pub fn bias(sheet: &Sheet) -> Option<String> {
    let at = |name: &str| sheet.columns.iter().position(|column| column.name == name);
    let (measure, level, value) = (at("measure")?, at("level")?, at("value")?);
    let (source, division) = (at("source")?, at("breakdown")?);
    let own = sheet.rows.iter().filter(|row| row[measure].print() == balance::MEASURE && row[level].print() != "all");
    let mut found: Vec<(f64, &Vec<Value>)> =
        own.filter_map(|row| Some((row[value].print().parse::<f64>().ok()?, row))).collect();
    // The largest first; of equal ones the first in the table.
    found.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    if found.is_empty() {
        return Some(
            "Whether some groups are linked less often than others cannot be shown: too few records are not linked. That is not to say that there is no bias."
                .to_owned(),
        );
    }
    let words = |(value, row): &(f64, &Vec<Value>)| {
        let way = if *value > 0.0 { "more" } else { "less" };
        let source = crate::schema::Source::from_id(&row[source].print()).map_or("", crate::schema::Source::title);
        let group = group(&row[division].print(), &row[level].print());
        format!("{group} ({source}, {way} often linked, {:.2})", value.abs())
    };
    let largest: Vec<String> = found.iter().take(3).filter(|one| one.0.abs() >= NOTABLE).map(words).collect();
    Some(if largest.is_empty() {
        format!(
            "Linked and unlinked records differ in every group by less than {NOTABLE} standard deviations where that can be shown; bias in what is not recorded is not seen."
        )
    } else {
        format!(
            "Linkage is not the same for everyone. The largest differences, in standard deviations: {}.",
            largest.join("; ")
        )
    })
}

/// A group in plain words.
fn group(division: &str, level: &str) -> String {
    match (division, level) {
        (_, "not_known") => {
            format!("people whose {} is not known", division.replace('_', " ").replace("imd quintile", "area"))
        }
        ("age_band", _) => format!("people aged {level}"),
        ("sex", "male") => "men".to_owned(),
        ("sex", "female") => "women".to_owned(),
        ("imd_quintile", "1") => "people in the most deprived fifth of areas".to_owned(),
        ("imd_quintile", "5") => "people in the least deprived fifth of areas".to_owned(),
        ("imd_quintile", _) => format!("people in fifth {level} of areas, 1 being the most deprived"),
        _ => format!("people of {} {}", division.replace('_', " "), level.replace('_', " ")),
    }
}

fn find<'a>(sheet: &'a Sheet, (section, source, measure): (Section, &str, &str)) -> Option<&'a [Value]> {
    let wanted = [("table", section.id()), ("source", source), ("breakdown", "all"), ("measure", measure)];
    let is_it = |row: &&Vec<Value>| wanted.iter().all(|(name, value)| cell(sheet, row, name) == *value);
    sheet.rows.iter().find(is_it).map(Vec::as_slice)
}

fn cell(sheet: &Sheet, row: &[Value], name: &str) -> String {
    sheets::cell(sheet, row, name).print()
}

fn shown(sheet: &Sheet, row: &[Value], name: &str) -> Option<String> {
    Some(cell(sheet, row, name)).filter(|text| !text.is_empty())
}
