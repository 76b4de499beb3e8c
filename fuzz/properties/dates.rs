//! Dates: what is accepted in a form is the day that a second calendar reads from the same text, and comes back from it.

use jiff::civil::Date;
use pathlink::domain::day;
use pathlink::ingest::cells;

/// Forms that source configs declare, and others that they could.
const FORMS: [&str; 12] = [
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S",
    "%d%b%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%d-%b-%Y",
    "%Y%m%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d/%m/%Y %H:%M",
    "%Y-%m-%d %H:%M:%S",
];

/// Bytes: a form, then a cell.
pub(crate) fn holds(bytes: &[u8]) {
    let Some((form, cell)) = bytes.split_first() else { return };
    let form = FORMS[usize::from(*form) % FORMS.len()];
    let Some(found) = cells::date(cell, form) else { return };
    let (year, month, dom) = day::parts(found);
    let date = Date::new(year as i16, month as i8, dom as i8).expect("accepted, and in no calendar");
    let epoch = Date::constant(1970, 1, 1);
    assert_eq!(epoch.until(date).unwrap().get_days(), found, "another day than the calendar's");
    assert!((1850..=2200).contains(&year));
    let text = std::str::from_utf8(cell).expect("accepted, and not text");
    // A time may be left out, or parted by a blank, where the form has a T.
    let (text, form) = if form == "%Y-%m-%dT%H:%M:%S" { (&text[..10], "%Y-%m-%d") } else { (text, form) };
    assert_eq!(Date::strptime(form, text).ok(), Some(date), "another day than jiff reads");
    let again = jiff::fmt::strtime::format(form, date.at(0, 0, 0, 0)).unwrap();
    assert_eq!(cells::date(again.as_bytes(), form), Some(found), "a day does not come back from its text");
    assert_eq!(day::parse_iso(day::to_iso(found).as_bytes()), Some(found));
    assert_eq!(day::to_iso(found), date.to_string());
}

/// Every form that the bundled source configs declare is among those tried.
pub(crate) fn has_every_declared_form(sources: &pathlink::sources::Sources) -> bool {
    let columns = sources.tables.iter().flat_map(|table| table.columns.iter().chain(&table.details));
    columns
        .flat_map(|column| column.more_formats.iter().chain([&column.format]))
        .all(|form| FORMS.contains(&form.as_str()))
}
