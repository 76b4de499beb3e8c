//! GP appointments a second time: plain loops over the raw text of two hundred small towns, from the definitions alone.

use std::collections::BTreeMap;

use pathlink::metrics::{self, Estimate};

use crate::figures::{Depth, Figures, Of};
use crate::raw::{Row, day, rows};
use crate::service_towns::TOWNS_OF_SERVICES;
use crate::therapy_towns::date;
use crate::town::Town;

/// Days from booking to the appointment, from and to.
const BANDS: [(&str, i32, i32); 7] = [
    ("gp_same_day", 0, 0),
    ("gp_lead_time_1", 1, 1),
    ("gp_lead_time_2_7", 2, 7),
    ("gp_lead_time_8_14", 8, 14),
    ("gp_lead_time_15_21", 15, 21),
    ("gp_lead_time_22_28", 22, 28),
    ("gp_lead_time_over28", 29, i32::MAX),
];
const MODES: [(&str, &[&str]); 5] = [
    ("gp_mode_face_to_face", &["Face-to-Face"]),
    ("gp_mode_home_visit", &["Home Visit"]),
    ("gp_mode_telephone", &["Telephone"]),
    ("gp_mode_video", &["Video/Online"]),
    ("gp_mode_unknown", &["Unknown", ""]),
];
const CLINICIANS: [(&str, &[&str]); 3] = [
    ("gp_hcp_gp", &["GP"]),
    ("gp_hcp_other_staff", &["Other Practice staff", "Other  Practice staff"]),
    ("gp_hcp_unknown", &["Unknown", ""]),
];

const FREQUENT: [(&str, usize); 3] = [("gp_frequent_12", 12), ("gp_frequent_20", 20), ("gp_frequent_30", 30)];

fn figures(town: &Town) -> Figures {
    let mut figures = Figures::default();
    let list = rows(town, "gp/", "gp_registration.csv");
    add_frequent(&mut figures, town);
    let sexes: BTreeMap<&str, &str> = list.iter().map(|row| (row.get("nhs_number"), row.get("sex"))).collect();
    for row in rows(town, "gp/", "_gp_appointment.csv") {
        let person = row.get("nhs_number");
        let sex = if sexes[person] == "1" { "male" } else { "female" };
        let of = Of { provider: "Y90001", sex, person };
        let on = &row.get("appointment_datetime")[..10];
        // An empty slot is no appointment, and neither is a cancelled one; an unknown outcome is one of neither kind.
        let is_missed = match row.get("status") {
            "Slot Available" | "Cancelled by Patient" => continue,
            "Attended" | "Finished" => Some(false),
            "DNA" | "Did Not Attend" => Some(true),
            _ => None,
        };
        figures.count("gp_appts", on, of);
        if let Some(is_missed) = is_missed {
            figures.share("gp_dna", on, of, is_missed);
        }
        for (metric, words) in MODES {
            figures.share(metric, on, of, words.contains(&row.get("mode")));
        }
        for (metric, words) in CLINICIANS {
            figures.share(metric, on, of, words.contains(&row.get("hcp_type")));
        }
        let booked = row.get("booked_datetime");
        let wait = booked.get(..10).map(|booked| day(on) - day(booked)).filter(|days| *days >= 0);
        if let Some(days) = wait {
            for (metric, from, to) in BANDS {
                figures.share(metric, on, of, (from..=to).contains(&days));
            }
        }
    }
    figures
}

/// Days that a practice sent, from and to.
const SENT: [(&str, &str, &str); 3] = [
    ("Y90001", "2023-01-01", "2026-03-31"),
    ("Y90002", "2023-01-01", "2024-06-30"),
    ("Y90002", "2024-08-01", "2026-03-31"),
];

/// First and last day of the twelve months that end with each quarter.
fn years() -> impl Iterator<Item = (i32, i32)> {
    (2023..=2026).flat_map(|year| {
        let of = move |month: i32| {
            let day = |year: i32| pathlink::synth::day_of(year, month, 1);
            (day(year - 1), day(year) - 1)
        };
        [1, 4, 7, 10].map(of)
    })
}

/// People who were registered on every day of twelve months with a practice that sent that day, and how often they came.
fn add_frequent(figures: &mut Figures, town: &Town) {
    let list = rows(town, "gp/", "gp_registration.csv");
    let mut days: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    for row in rows(town, "gp/", "_gp_appointment.csv") {
        if matches!(row.get("status"), "Attended" | "Finished") {
            days.entry(row.get("nhs_number")).or_default().push(day(&row.get("appointment_datetime")[..10]));
        }
    }
    let people: BTreeMap<&str, &str> = list.iter().map(|row| (row.get("nhs_number"), row.get("sex"))).collect();
    let sent = SENT.map(|(practice, from, to)| (practice, day(from), day(to)));
    for (person, sex) in people {
        let end = |text: &str| if text.is_empty() { i32::MAX } else { day(text) };
        let stay =
            |row: &Row<'_>| (row.get("practice_code").to_owned(), day(row.get("start_date")), end(row.get("end_date")));
        let stays: Vec<(String, i32, i32)> =
            list.iter().filter(|row| row.get("nhs_number") == person).map(stay).collect();
        let practice_on = |on: i32| {
            let (practice, ..) = stays.iter().find(|(_, from, to)| *from <= on && on < *to)?;
            let is_sent = sent.iter().any(|(one, from, to)| one == practice && *from <= on && on <= *to);
            is_sent.then_some(practice.as_str())
        };
        for (from, to) in years() {
            let Some(practice) = practice_on(to) else { continue };
            if (from..=to).any(|on| practice_on(on).is_none()) {
                continue;
            }
            let of = Of { provider: practice, sex: if sex == "1" { "male" } else { "female" }, person };
            let seen = days.get(person).map_or(0, |own| own.iter().filter(|on| (from..=to).contains(*on)).count());
            for (metric, least) in FREQUENT {
                figures.share(metric, &date(to), of, seen >= least);
            }
        }
    }
}

#[test]
fn practice_figures_equal_plain_loops_in_two_hundred_small_towns_full_of_edges() {
    let names = [&["gp_appts", "gp_dna"][..], &BANDS.map(|band| band.0), &MODES.map(|mode| mode.0)].concat();
    let names = [&names[..], &CLINICIANS.map(|one| one.0), &FREQUENT.map(|one| one.0)].concat();
    let (mut seen, mut often) = (BTreeMap::new(), 0);
    for town in TOWNS_OF_SERVICES.iter() {
        let mut figures = figures(town);
        figures.watch(&names);
        figures.assert_equal(town, &[], Depth::People);
        let rows = town.evaluation.estimates.rows.iter();
        let is_often = |row: &&Estimate| metrics::ALL[row.metric].id == "gp_frequent_30" && row.pathway.is_none();
        often += rows.filter(is_often).filter_map(|row| row.cell).filter(|cell| cell.numerator > 0).count();
        for metric in &names {
            *seen.entry(*metric).or_insert(0) += figures.denominators(metric);
        }
    }
    assert!(seen.values().all(|rows| *rows > 1000), "{seen:?}");
    assert!(often > 50, "{often}");
}
