//! A&E a second time: plain loops over the raw text of two hundred small towns, from the definitions alone.

use std::collections::BTreeMap;

use crate::figures::{Depth, Figures, Of, Often};
use crate::raw::{Row, day, minute, quarter, rows};
use crate::service_towns::TOWNS_OF_SERVICES;
use crate::town::Town;

const METRICS: [&str; 15] = [
    "ed_attendances",
    "ed_same_day_emergency",
    "ed_mh_attendances",
    "ed_mh_share",
    "ed_self_harm",
    "ed_within_4h",
    "ed_over_6h",
    "ed_over_12h_arrival",
    "ed_over_12h_dta",
    "ed_mean_minutes_left_out",
    "ed_reattend_7d",
    "ed_left_before_seen",
    "ed_left_before_seen_strict",
    "ed_conversion",
    "ed_frequent_3",
];
const COMPLAINTS: [&str; 3] = ["248062006", "366979004", "7011001"];
const DIAGNOSES: [&str; 2] = ["371631005", "52448006"];
const LEFT: [&str; 3] = ["1066301000000103", "1066311000000101", "1066321000000107"];

/// A row that counts: a visit that nobody planned, to a department that is no same-day one.
struct Visit<'a> {
    row: Row<'a>,
    person: String,
    /// Minutes since some day; none without a time.
    arrived: Option<i32>,
}

fn minutes(row: &Row<'_>, date: &str, time: &str) -> Option<i32> {
    let is_known = !row.get(date).is_empty() && !row.get(time).is_empty();
    is_known.then(|| day(row.get(date)) * 1440 + minute(row.get(time)))
}

/// Visits that count, and those to same-day departments, which count apart.
fn visits(town: &Town) -> [Vec<Visit<'_>>; 2] {
    let mut visits = [Vec::new(), Vec::new()];
    for row in rows(town, "emergency_care/", "_ECDS.csv") {
        let is_planned = matches!(row.get("EC_AttendanceCategory"), "4" | "X");
        let is_streamed = row.get("EC_Discharge_Status_SNOMED_CT") == "1077031000000103";
        if is_planned || is_streamed {
            continue;
        }
        let number = row.get("NHS_Number");
        let person = if number.is_empty() { row.get("Local_Patient_ID") } else { number }.to_owned();
        let arrived = minutes(&row, "Arrival_Date", "Arrival_Time");
        let is_same_day = row.code("EC_Department_Type") == "5";
        visits[usize::from(is_same_day)].push(Visit { row, person, arrived });
    }
    visits
}

fn of<'a>(visit: &'a Visit<'_>) -> Of<'a> {
    let sex = if visit.row.get("Sex") == "1" { "male" } else { "female" };
    Of { provider: visit.row.place, sex, person: &visit.person }
}

/// What brought people, and how it ended.
fn add_kinds(figures: &mut Figures, visit: &Visit<'_>, diagnosis: &str) {
    let (row, of) = (&visit.row, of(visit));
    let on = row.get("Arrival_Date");
    figures.count("ed_attendances", on, of);
    let (complaint, intent) = (row.get("EC_Chief_Complaint_SNOMED_CT"), row.get("EC_Injury_Intent_SNOMED_CT"));
    let is_harm = complaint == "248062006" || !intent.is_empty();
    let is_mental = is_harm || COMPLAINTS.contains(&complaint) || DIAGNOSES.contains(&row.get(diagnosis));
    if is_mental {
        figures.count("ed_mh_attendances", on, of);
    }
    if is_harm {
        figures.count("ed_self_harm", on, of);
    }
    if row.code("EC_Department_Type") == "1" {
        figures.share("ed_mh_share", on, of, is_mental);
    }
    let status = row.get("EC_Discharge_Status_SNOMED_CT");
    if !status.is_empty() {
        figures.share("ed_left_before_seen", on, of, LEFT.contains(&status));
        figures.share("ed_left_before_seen_strict", on, of, status == LEFT[0]);
    }
    let destination = row.get("Discharge_Destination_SNOMED_CT");
    let is_admitted = matches!(destination, "306706006" | "1066391000000105");
    if !destination.is_empty() {
        figures.share("ed_conversion", on, of, is_admitted);
    }
    let left = minutes(row, "EC_Departure_Date", "EC_Departure_Time");
    let decided = minutes(row, "EC_Decision_To_Admit_Date", "EC_Decision_To_Admit_Time");
    let waited = left.zip(decided).map(|(left, decided)| left - decided);
    if let Some(waited) = waited.filter(|waited| is_admitted && *waited >= 0) {
        figures.share("ed_over_12h_dta", on, of, waited > 12 * 60);
    }
    if let Some(stay) = left.zip(visit.arrived).map(|(left, arrived)| left - arrived) {
        figures.share("ed_within_4h", on, of, stay <= 4 * 60);
        figures.share("ed_over_6h", on, of, stay > 6 * 60);
        figures.share("ed_over_12h_arrival", on, of, stay > 12 * 60);
        figures.share("ed_mean_minutes_left_out", on, of, stay >= 24 * 60);
        if stay < 24 * 60 {
            figures.number("ed_mean_minutes", on, of, [stay; 2]);
        }
    }
}

/// Whether people came again, of those whose number says who they are.
fn add_returns(figures: &mut Figures, visits: &[Visit<'_>]) -> usize {
    let mut edges = 0;
    for visit in visits {
        let on = visit.row.get("Arrival_Date");
        let ends = if visit.row.place == "ZA1" { "2026-03-31" } else { "2025-12-31" };
        let is_known = !visit.row.get("NHS_Number").is_empty() && day(on) + 7 <= day(ends);
        let Some(arrived) = visit.arrived.filter(|_| is_known) else { continue };
        let own = visits.iter().filter(|other| other.person == visit.person);
        let gaps: Vec<i32> = own.filter_map(|other| other.arrived).map(|other| other - arrived).collect();
        edges += gaps.iter().filter(|gap| [240, 241, 10_080, 10_081].contains(gap)).count();
        figures.share("ed_reattend_7d", on, of(visit), gaps.iter().any(|gap| (241..=7 * 24 * 60).contains(gap)));
    }
    edges
}

/// Last days of quarters, with their names.
fn quarters() -> Vec<(String, i32, i32)> {
    let year = |year: i32| ["03-31", "06-30", "09-30", "12-31"].map(|end| format!("{year}-{end}"));
    let named = (2023..=2026).flat_map(year).filter_map(|end| {
        let before = format!("{}{}", end[..4].parse::<i32>().unwrap() - 1, &end[4..]);
        Some((quarter(&end)?, day(&before) + 1, day(&end)))
    });
    named.collect()
}

/// People who come often, and their visits.
fn add_frequent(figures: &mut Figures, visits: &[Visit<'_>]) {
    for (quarter, from, to) in quarters() {
        let mut cells: BTreeMap<(&str, &str), BTreeMap<String, u64>> = BTreeMap::new();
        for visit in visits.iter().filter(|visit| (from..=to).contains(&day(visit.row.get("Arrival_Date")))) {
            let of = of(visit);
            for cell in [("all", "all"), ("provider", of.provider), ("sex", of.sex)] {
                *cells.entry(cell).or_default().entry(visit.person.clone()).or_default() += 1;
            }
        }
        for ((breakdown, level), rows) in &cells {
            for (name, at_least) in [("3", 3), ("5", 5), ("10", 10), ("over20", 21)] {
                let place = [quarter.as_str(), breakdown, level];
                let often = |counts_rows| Often { rows, at_least, counts_rows };
                figures.often(&format!("ed_frequent_{name}"), place, &often(false));
                figures.often(&format!("ed_frequent_{name}_attendances"), place, &often(true));
            }
        }
    }
}

#[test]
fn emergency_figures_equal_plain_loops_in_two_hundred_small_towns_full_of_edges() {
    let (mut means, mut edges) = (0, 0);
    let mut seen = BTreeMap::new();
    for (seed, town) in TOWNS_OF_SERVICES.iter().enumerate() {
        let mut figures = Figures::default();
        figures.watch(&METRICS);
        let [visits, same_day] = visits(town);
        let diagnosis = if seed.is_multiple_of(2) { "Der_EC_Diagnosis_All" } else { "EC_Diagnosis_01" };
        for visit in &visits {
            add_kinds(&mut figures, visit, diagnosis);
        }
        for visit in &same_day {
            figures.count("ed_same_day_emergency", visit.row.get("Arrival_Date"), of(visit));
        }
        edges += add_returns(&mut figures, &visits);
        add_frequent(&mut figures, &visits);
        figures.assert_equal(town, &[], Depth::People);
        means += figures.assert_values((town, Depth::People), "ed_mean_minutes", |stays| {
            let sum: i32 = stays.iter().map(|pair| pair[0]).sum();
            Some(f64::from(sum) / stays.len() as f64)
        });
        for metric in METRICS {
            *seen.entry(metric).or_insert(0) += figures.denominators(metric);
        }
    }
    assert!(means > 1000 && edges > 100, "{means} means, {edges} edges");
    assert!(seen.values().all(|rows| *rows > 50), "{seen:?}");
}

/// Of several diagnoses in one cell the first is the primary one; a mental-health one in another place does not count.
#[test]
fn only_the_first_of_several_diagnoses_makes_a_visit_one_for_mental_health() {
    let heading = "Generated_Record_ID,NHS_Number,Sex,Provider_Code,EC_Department_Type,Arrival_Date,Arrival_Time,Der_EC_Diagnosis_All";
    let rows = ["371631005,22298006", "22298006,371631005", "371631005", "22298006", ""].iter().enumerate();
    let rows = rows.map(|(at, list)| format!("E{at},,1,ZA1,01,2026-02-0{day},10:00:00,\"{list}\"", day = at + 1));
    let text = [heading.to_owned()].into_iter().chain(rows).collect::<Vec<String>>().join("\n");
    let files = [
        ("emergency_care/ZA1_ECDS.csv", text),
        ("coverage.csv", "source,provider,from,to\nemergency_care,ZA1,2023-01-01,2026-03-31\n".to_owned()),
        ("lookups/postcode_imd.csv", "postcode,lsoa,imd_quintile\n".to_owned()),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), std::sync::Arc::new(text.into_bytes())));
    let town = crate::town::of_files(BTreeMap::from(files), |_| ());
    let estimates = &town.evaluation.estimates;
    let of = |id: &str| {
        let is_it = |row: &&pathlink::metrics::Estimate| {
            let is_plain = row.pathway.is_none() && row.breakdown == pathlink::metrics::Breakdown::All;
            let period = &estimates.periods[row.period].name;
            is_plain && pathlink::metrics::ALL[row.metric].id == id && period == "2025/26 Q4"
        };
        estimates.rows.iter().find(is_it).unwrap().value.unwrap()
    };
    assert_eq!((of("ed_attendances"), of("ed_mh_attendances")), (5.0, 2.0));
}
