//! GP appointments a second time: plain loops over the raw text of two hundred small towns, from the definitions alone.

use std::collections::BTreeMap;

use crate::figures::{Depth, Figures, Of};
use crate::raw::{day, rows};
use crate::service_towns::TOWNS_OF_SERVICES;
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

fn figures(town: &Town) -> Figures {
    let mut figures = Figures::default();
    let list = rows(town, "gp/", "gp_registration.csv");
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

#[test]
fn practice_figures_equal_plain_loops_in_two_hundred_small_towns_full_of_edges() {
    let metrics = [&["gp_appts", "gp_dna"][..], &BANDS.map(|band| band.0), &MODES.map(|mode| mode.0)].concat();
    let metrics = [&metrics[..], &CLINICIANS.map(|one| one.0)].concat();
    let mut seen = BTreeMap::new();
    for town in TOWNS_OF_SERVICES.iter() {
        let mut figures = figures(town);
        figures.watch(&metrics);
        figures.assert_equal(town, &[], Depth::People);
        for metric in &metrics {
            *seen.entry(*metric).or_insert(0) += figures.denominators(metric);
        }
    }
    assert!(seen.values().all(|rows| *rows > 1000), "{seen:?}");
}
