//! Frames of linked tables: kept rows sorted by owner, date and own token, with ages instead of birth dates.
//!
//! In: rows with their fates, parents and people. Out: one frame a table. Sentinels become nulls here.

use polars::prelude::{Column, DataFrame};
use rayon::prelude::*;

use super::assembly::Part;
use super::duplicates::Fate;
use super::parents::NO_ROW;
use super::piles::each_row;
use super::values::{NO_CODE, NO_DAY, Rows, Values};
use crate::domain::day;
use crate::domain::token::Token;
use crate::error::Error;
use crate::frame;
use crate::schema::{self, Source};

/// From a row's parent to what the parent has.
pub(super) fn hop(parent: &[u32], of_parent: &[u32]) -> Vec<u32> {
    parent.par_iter().with_min_len(1 << 14).map(|row| of_parent.get(*row as usize).copied().unwrap_or(NO_ROW)).collect()
}

/// Kept rows by owner (person or referral), date and own token. Each thread takes a range of owners.
pub(super) fn sorted(owner: &[u32], date: &[i32], own: &[Token], fates: &[Fate]) -> Vec<u32> {
    let is_kept = |row: usize| fates[row] == Fate::Kept && owner[row] != NO_ROW;
    let last = (0..owner.len()).into_par_iter().with_min_len(1 << 16).filter(|row| is_kept(*row)).map(|row| owner[row]);
    let owners = last.max().map_or(0, |last| last as usize + 1);
    let size = owners.div_ceil(rayon::current_num_threads()).max(1);
    let ranges = (0..owners.div_ceil(size)).into_par_iter().with_max_len(1);
    let parts: Vec<Vec<u32>> = ranges
        .map(|range| {
            let owners = range * size..((range + 1) * size).min(owners);
            sorted_range(&owners, &is_kept, (owner, date, own))
        })
        .collect();
    parts.concat()
}

/// The kept rows of a range of owners: piled by owner, each pile sorted on its own.
fn sorted_range(
    owners: &std::ops::Range<usize>,
    is_kept: &impl Fn(usize) -> bool,
    (owner, date, own): (&[u32], &[i32], &[Token]),
) -> Vec<u32> {
    let place = |row: usize| (owner[row] as usize).wrapping_sub(owners.start);
    let is_mine = |row: usize| (place(row) < owners.len()) & is_kept(row);
    let mut ends = vec![0u32; owners.len() + 1];
    each_row(owner.len(), is_mine, |row| ends[place(row) + 1] += 1);
    for at in 0..owners.len() {
        ends[at + 1] += ends[at];
    }
    // A date and its row in one number: piles are sorted without looking anything up. Where a pile is filled, its start
    // has become its end.
    let mut order = vec![0i64; ends[owners.len()] as usize];
    each_row(owner.len(), is_mine, |row| {
        let at = &mut ends[place(row)];
        order[*at as usize] = (i64::from(date[row]) << 32) | row as i64;
        *at += 1;
    });
    let mut start = 0;
    for end in ends.into_iter().take(owners.len()) {
        let pile = &mut order[start..end as usize];
        start = end as usize;
        pile.sort_unstable();
        // Rows of one day stand in the order of their own tokens, whatever the order of input.
        for day in pile.chunk_by_mut(|a, b| *a >> 32 == *b >> 32).filter(|day| day.len() > 1) {
            day.sort_by_key(|row| own.get(row_of(*row)));
        }
    }
    order.into_iter().map(|row| row_of(row) as u32).collect()
}

/// The row in a number that also holds its date.
fn row_of(dated: i64) -> usize {
    (dated & i64::from(u32::MAX)) as usize
}

/// Place of each row in the sorted table; [`NO_ROW`] where it was not kept.
pub(super) fn inverse(order: &[u32], rows: usize) -> Vec<u32> {
    let mut place = vec![NO_ROW; rows];
    for (at, row) in (0u32..).zip(order) {
        place[*row as usize] = at;
    }
    place
}

pub(super) fn pick<T: Copy + Send + Sync>(values: &[T], order: &[u32]) -> Vec<T> {
    order.par_iter().with_min_len(1 << 14).map(|row| values[*row as usize]).collect()
}

pub(super) fn opt_days(name: &str, values: &[i32], order: &[u32]) -> Column {
    frame::i32s_but(name, pick(values, order), NO_DAY)
}

pub(super) fn opt_codes(name: &str, values: &[u16], order: &[u32]) -> Column {
    frame::u16s_but(name, pick(values, order), NO_CODE)
}

/// Minutes after midnight; null without a time.
pub(super) fn minutes(name: &str, values: &[i32], order: &[u32]) -> Column {
    let minute = |row: &u32| u16::try_from(values[*row as usize]).unwrap_or(NO_CODE);
    frame::u16s_but(name, order.iter().map(minute).collect(), NO_CODE)
}

/// Columns of a table as they were read, one a name, for some rows in order.
pub(super) fn carried(rows: &Rows, names: &[&str], order: &[u32]) -> Vec<Column> {
    let own = rows.table.columns().iter();
    let named = names.iter().filter_map(|name| own.clone().zip(&rows.columns).find(|(own, _)| own.name == *name));
    let column = |(own, values): (&schema::Column, &Values)| match values {
        Values::Whole(values) => opt_days(own.name, values, order),
        Values::Code(values) => opt_codes(own.name, values, order),
        Values::Org(values) => frame::u64s(own.name, pick(values, order)),
        Values::Decimal(values) => {
            let values = order.iter().map(|row| Some(values[*row as usize]).filter(|value| !value.is_nan()));
            frame::opt_f32s(own.name, values)
        }
        // A token never leaves linkage.
        Values::Token(_) => frame::opt_u16s(own.name, order.iter().map(|_| None)),
    };
    named.map(column).collect()
}

/// Age on a day; none without a date of birth or before birth.
pub(super) fn ages(name: &str, person: &[u32], date: &[i32], births: &[i32]) -> Column {
    let age = |(person, date): (&u32, &i32)| {
        let birth = births[*person as usize];
        let age = if birth == NO_DAY || *date == NO_DAY { -1 } else { day::age_on(birth, *date) };
        u16::try_from(age).unwrap_or(NO_CODE)
    };
    frame::u16s_but(name, person.par_iter().with_min_len(1 << 14).zip(date).map(age).collect(), NO_CODE)
}

pub(super) fn registration_frame(part: &Part, person: &[u32]) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let order = sorted(person, rows.whole("start"), rows.tokens("nhs"), &part.fates);
    frame::frame(vec![
        frame::u32s("person", pick(person, &order)),
        frame::u64s("provider", pick(rows.orgs("practice"), &order)),
        opt_days("start", rows.whole("start"), &order),
        opt_days("end", rows.whole("end"), &order),
    ])
}

/// Minutes from being called in to leaving; none without both times, or where they are in the wrong order.
fn minutes_between(times: [i32; 4]) -> u16 {
    let [seen, seen_at, left, left_at] = times;
    if times.contains(&NO_DAY) {
        return NO_CODE;
    }
    let minutes = i64::from(left - seen) * 1440 + i64::from(left_at - seen_at);
    u16::try_from(minutes).unwrap_or(NO_CODE)
}

/// Days from being booked to the appointment; none without the day of booking, or where it comes later.
fn days_between(booked: i32, start: i32) -> u16 {
    if booked == NO_DAY || start == NO_DAY { NO_CODE } else { u16::try_from(start - booked).unwrap_or(NO_CODE) }
}

/// The kept appointments by person, start and own token.
pub(super) fn appointment_order(part: &Part, person: &[u32]) -> Vec<u32> {
    sorted(person, part.rows.whole("start_date"), part.rows.tokens("record"), &part.fates)
}

/// One row per appointment, in this order.
pub(super) fn appointment_frame(
    rows: &Rows,
    order: &[u32],
    (person, births): (&[u32], &[i32]),
) -> Result<DataFrame, Error> {
    let person = pick(person, order);
    let date = pick(rows.whole("start_date"), order);
    let times = ["seen_date", "seen_minute", "left_date", "left_minute"].map(|name| rows.whole(name));
    let minutes = |row: &u32| minutes_between(times.map(|values| values[*row as usize]));
    let booked = rows.whole("booked_date");
    let wait = |(row, start): (&u32, &i32)| days_between(booked[*row as usize], *start);
    let mut columns = vec![
        frame::u16s_but("minutes", order.par_iter().with_min_len(1 << 14).map(minutes).collect(), NO_CODE),
        frame::u16s_but("booked_days", order.par_iter().with_min_len(1 << 14).zip(&date).map(wait).collect(), NO_CODE),
        ages("age", &person, &date, births),
        frame::u32s("person", person),
        frame::i32s("date", date),
        frame::u64s("provider", pick(&rows.provider, order)),
    ];
    columns.extend(carried(rows, &["status", "clinician", "mode"], order));
    frame::frame(columns)
}

/// The only team type of each referral; [`NO_CODE`] where it has none or several.
pub(super) fn only_team(part: &Part, parent: &[u32], referrals: usize) -> Vec<u16> {
    let mut team = vec![NO_CODE; referrals];
    let mut is_mixed = vec![false; referrals];
    for (row, referral) in parent.iter().enumerate() {
        let code = part.rows.codes("team_type")[row];
        if part.fates[row] != Fate::Kept || *referral == NO_ROW || code == NO_CODE {
            continue;
        }
        let at = *referral as usize;
        is_mixed[at] |= team[at] != NO_CODE && team[at] != code;
        team[at] = code;
    }
    team.into_iter().zip(is_mixed).map(|(code, mixed)| if mixed { NO_CODE } else { code }).collect()
}

pub(super) fn referral_frame(
    part: &Part,
    order: &[u32],
    (person, team, problem): (&[u32], &[u16], &[u16]),
    (births, source_of): (&[i32], &dyn Fn(u32) -> Source),
    details: Vec<Column>,
) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let person = pick(person, order);
    let received = pick(rows.whole("received_date"), order);
    let discharged = pick(rows.whole("discharge_date"), order);
    let service = order.iter().map(|row| Some(source_of(rows.file[*row as usize]) as u16));
    let mut columns = vec![
        frame::u32s("referral", (0..order.len() as u32).collect()),
        ages("age", &person, &received, births),
        ages("discharge_age", &person, &discharged, births),
        frame::u32s("person", person),
        frame::opt_u16s("service", service),
        frame::u64s("provider", pick(&rows.provider, order)),
        frame::i32s("received_date", received),
        opt_codes("team_type", team, order),
        opt_codes("problem", problem, order),
    ];
    columns.extend(details);
    let own = ["referral_source", "offer", "priority", "discharge_date", "end_reason"];
    columns.extend(carried(rows, &own, order));
    frame::frame(columns)
}

pub(super) fn team_frame(part: &Part, parent: &[u32], place: &[u32]) -> Result<DataFrame, Error> {
    let referral = hop(parent, place);
    let order = sorted(&referral, part.rows.whole("closed_date"), part.rows.tokens("referral"), &part.fates);
    let mut columns = vec![frame::u32s("referral", pick(&referral, &order))];
    columns.extend(carried(&part.rows, &["team_type", "rejected_date"], &order));
    frame::frame(columns)
}

/// What contacts take from the referrals they hang on.
pub(super) struct Hung<'a> {
    pub(super) parent: &'a [u32],
    pub(super) person: &'a [u32],
    pub(super) place: &'a [u32],
    pub(super) team: &'a [u16],
}

pub(super) fn contact_frame(
    part: &Part,
    hung: &Hung<'_>,
    (births, source_of): (&[i32], &dyn Fn(u32) -> Source),
) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let person = hop(hung.parent, hung.person);
    let order = sorted(&person, rows.whole("date"), rows.tokens("record"), &part.fates);
    let person = pick(&person, &order);
    let date = pick(rows.whole("date"), &order);
    let team = |row: &u32| hung.team.get(hung.parent[*row as usize] as usize).copied().filter(|code| *code != NO_CODE);
    let mut columns = vec![
        ages("age", &person, &date, births),
        frame::u32s("person", person),
        frame::i32s("date", date),
        frame::u64s("provider", pick(&rows.provider, &order)),
        frame::opt_u16s("service", order.iter().map(|row| Some(source_of(rows.file[*row as usize]) as u16))),
        frame::u32s("referral", pick(&hop(hung.parent, hung.place), &order)),
        frame::opt_u16s("team_type", order.iter().map(team)),
    ];
    columns.push(minutes("minute", rows.whole("minute"), &order));
    columns.extend(carried(rows, &["attendance", "appointment_type", "planned", "mechanism"], &order));
    frame::frame(columns)
}

/// What scores hang on.
pub(super) struct ScoreLinks {
    pub(super) referral: Vec<u32>,
    pub(super) contact: Vec<u32>,
}

pub(super) fn score_frame(
    part: &Part,
    links: &ScoreLinks,
    (contacts, contact_parent): (&Part, &[u32]),
    place: &[u32],
) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let own = hop(&links.contact, contact_parent);
    let referral: Vec<u32> = links.referral.iter().zip(&own).map(|(a, b)| if *a == NO_ROW { *b } else { *a }).collect();
    let referral = hop(&referral, place);
    let of_contact = |values: &[i32], row: usize| values.get(links.contact[row] as usize).copied().unwrap_or(NO_DAY);
    let own_date = rows.whole("date");
    let contact_dates = contacts.rows.whole("date");
    let date: Vec<i32> = (0..rows.len())
        .map(|row| if own_date[row] == NO_DAY { of_contact(contact_dates, row) } else { own_date[row] })
        .collect();
    let tie = rows.tokens(if rows.tokens("activity").is_empty() { "referral" } else { "activity" });
    let order = sorted(&referral, &date, tie, &part.fates);
    let of = |name: &str| -> Vec<Option<u16>> {
        let values = contacts.rows.codes(name);
        order
            .iter()
            .map(|row| values.get(links.contact[*row as usize] as usize).copied().filter(|code| *code != NO_CODE))
            .collect()
    };
    let is_at_contact = order.iter().map(|row| Some(u16::from(links.contact[*row as usize] != NO_ROW)));
    let mut columns = vec![
        frame::u32s("referral", pick(&referral, &order)),
        opt_days("date", &date, &order),
        frame::opt_u16s("is_at_contact", is_at_contact),
        frame::opt_u16s("attendance", of("attendance").into_iter()),
        frame::opt_u16s("planned", of("planned").into_iter()),
    ];
    columns.extend(carried(rows, &["scale", "score"], &order));
    frame::frame(columns)
}
