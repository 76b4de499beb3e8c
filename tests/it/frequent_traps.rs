//! People who come to a practice often, where a plausible reading goes wrong: the first day of the twelve months, what is no
//! attendance, who was not registered or whose practice did not send throughout.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use crate::therapy_towns::number;
use crate::town::{Town, counts_in_last_quarter as of, of_files};

/// Somebody: practice, first and last day of registration by practice; day of the first of several appointments; how many of
/// each status.
struct Person {
    stays: &'static [[&'static str; 3]],
    first: &'static str,
    statuses: &'static [(&'static str, usize)],
}

const ALWAYS: &[[&str; 3]] = &[["Y90001", "2001-01-01", ""]];

const PEOPLE: [Person; 6] = [
    // The first day of the year to 31 March 2026 counts.
    Person { stays: ALWAYS, first: "2025-04-01", statuses: &[("Attended", 12)] },
    // The day before does not.
    Person { stays: ALWAYS, first: "2025-03-31", statuses: &[("Attended", 12)] },
    // A status that is not known is not attended, and who did not come did not.
    Person { stays: ALWAYS, first: "2025-04-01", statuses: &[("Attended", 11), ("Unknown", 1), ("DNA", 1)] },
    // Registered a day late.
    Person { stays: &[["Y90001", "2025-04-02", ""]], first: "2025-04-02", statuses: &[("Attended", 12)] },
    // Changed practice, without a day between; both sent.
    Person {
        stays: &[["Y90001", "2001-01-01", "2025-10-01"], ["Y90002", "2025-10-01", ""]],
        first: "2025-04-01",
        statuses: &[("Attended", 12)],
    },
    // With a practice that did not send one of the twelve months.
    Person { stays: &[["Y90003", "2001-01-01", ""]], first: "2025-04-01", statuses: &[("Attended", 12)] },
];

fn town() -> Town {
    let appointments =
        "appointment_id,nhs_number,practice_code,booked_datetime,appointment_datetime,status,mode,hcp_type";
    let mut list = "nhs_number,practice_code,start_date,end_date,date_of_birth,sex\n".to_owned();
    let mut slots = ["Y90001", "Y90002", "Y90003"].map(|practice| (practice, format!("{appointments}\n")));
    for (at, person) in (0..).zip(&PEOPLE) {
        for [practice, from, to] in person.stays {
            writeln!(list, "{},{practice},{from},{to},1980-05-05,1", number(at)).unwrap();
        }
        let statuses: Vec<&str> =
            person.statuses.iter().flat_map(|(status, times)| std::iter::repeat_n(*status, *times)).collect();
        for (place, status) in statuses.iter().enumerate() {
            let day = if place == 0 { person.first.to_owned() } else { format!("2025-{:02}-20", place % 8 + 4) };
            let (practice, text) = &mut slots[if person.stays[0][0] == "Y90003" { 2 } else { 0 }];
            let hour = 9 + place / 8;
            writeln!(
                text,
                "P{at}N{place},{},{practice},{day}T08:00:00,{day}T{hour:02}:00:00,{status},Telephone,GP",
                number(at)
            )
            .unwrap();
        }
        writeln!(slots[1].1, "P{at}E,,Y90002,,2025-11-04T09:00:00,Slot Available,Telephone,GP").unwrap();
    }
    let mut files: BTreeMap<String, Arc<Vec<u8>>> = slots
        .into_iter()
        .map(|(practice, text)| (format!("gp/{practice}_gp_appointment.csv"), Arc::new(text.into_bytes())))
        .collect();
    files.insert("gp/list_gp_registration.csv".to_owned(), Arc::new(list.into_bytes()));
    let covered = "source,provider,from,to\ngp,Y90001,2023-01-01,2026-03-31\ngp,Y90002,2023-01-01,2026-03-31\ngp,Y90003,2023-01-01,2025-07-31\ngp,Y90003,2025-09-01,2026-03-31\n";
    files.insert("coverage.csv".to_owned(), Arc::new(covered.into()));
    files.insert("lookups/postcode_imd.csv".to_owned(), Arc::new(b"postcode,lsoa,imd_quintile\n".to_vec()));
    of_files(files, |settings| {
        settings.gates.max_rejects_percent = 100.0;
        settings.gates.max_unknown_percent = 100.0;
    })
}

#[test]
fn twelve_attended_in_twelve_months_of_those_registered_and_covered_throughout() {
    let town = town();
    // The first and the one who changed practice, of those two, the second and the third.
    assert_eq!(of(&town, "gp_frequent_12"), (2, 4));
    assert_eq!(of(&town, "gp_frequent_20"), (0, 4));
}
