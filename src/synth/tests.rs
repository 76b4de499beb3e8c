//! Tests of the whole generator. In: small populations. Out: facts about them. Leaves alone: parts
//! tested in their own files.

use super::truth::{Service, Window, windows};
use super::*;

pub(super) fn options(people: u64) -> Options {
    Options { people, seed: 1, gp: GpExtract::Sent, errors: Errors::Planted, charity_numbers: CharityNumbers::Some }
}

pub(super) fn files(options: &Options, threads: usize) -> Memory {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let mut memory = Memory::default();
    pool.install(|| generate(options, &mut memory, &mut |_| ())).unwrap();
    memory
}

#[test]
fn one_thread_and_two_write_the_same_bytes() {
    assert!(files(&options(1_500), 1).files == files(&options(1_500), 2).files);
}

#[test]
fn people_and_events_are_the_same_with_and_without_errors() {
    let clean = Options { errors: Errors::None, ..options(1_500) };
    let (dirty, clean) = (files(&options(1_500), 2), files(&clean, 2));
    for file in ["truth/people.csv", "truth/windows.csv", "lookups/postcode_imd.csv"] {
        assert!(dirty.files[file] == clean.files[file], "{file}");
    }
    let empty = clean.files["truth/mistyped.csv"].split(|byte| *byte == b'\n').count() - 1;
    assert_eq!(empty, 1);
}

#[test]
fn no_gp_file_is_written_when_the_extract_is_missing() {
    let written = files(&Options { gp: GpExtract::Missing, ..options(600) }, 1).files;
    assert!(!written.keys().any(|file| file.starts_with("gp/")));
    assert!(!String::from_utf8(written["coverage.csv"].clone()).unwrap().contains("gp,"));
}

#[test]
fn every_arm_has_eight_people_in_every_quarter_of_the_fixture() {
    let world = World::new(&options(5_000));
    let mut cells = [[0_u32; 12]; 4];
    for index in 0..5_000 {
        for entry in person(&world, index).arms {
            let arm = Arm::ALL.iter().position(|&arm| arm == entry.arm).unwrap();
            let quarter = (0..12).rfind(|&quarter| world.quarters[quarter] <= entry.index).unwrap();
            cells[arm][quarter] += 1;
        }
    }
    assert!(cells.iter().flatten().all(|&people| people >= 8), "{cells:?}");
}

#[test]
fn windows_of_a_person_made_by_hand_are_counted_by_hand() {
    let world = World::new(&options(1_000));
    let mut by_hand = person(&world, 0);
    let index = day_of(2024, 6, 1);
    // Practice 4 sent from 10 April 2024, so whole months from May 2024.
    by_hand.registrations = vec![Registration { practice: 4, start: index - 100, end: Some(index + 50) }];
    by_hand.arms = vec![ArmEntry { arm: Arm::RecoveryUsualCare, index, crossover: Some(index + 40), second: None }];
    let attendance = |day, kind| Attendance { day, provider: 0, kind };
    by_hand.attendances = vec![
        attendance(index - 101, AttendanceKind::Unplanned),
        attendance(index - 100, AttendanceKind::Unplanned),
        attendance(index - 2, AttendanceKind::Streamed),
        attendance(index, AttendanceKind::Unplanned),
        attendance(index + 39, AttendanceKind::Unplanned),
        attendance(index + 40, AttendanceKind::Unplanned),
    ];
    let appointment = |day| Appointment { day, practice: 4, status: AppointmentStatus::Attended };
    by_hand.appointments =
        vec![appointment(day_of(2024, 4, 30)), appointment(day_of(2024, 5, 1)), appointment(index + 1)];
    by_hand.trust.spells = vec![Spell { start: index - 3, end: index + 2, stays: vec![(index - 3, index + 2)] }];
    let truths = windows(&world, &by_hand);
    let of = |service, window| {
        let truth = truths.iter().find(|truth| truth.service == service && truth.window == window).unwrap();
        (truth.days, truth.events)
    };
    assert_eq!(of(Service::Emergency, Window::Before), (100, 1));
    assert_eq!(of(Service::Emergency, Window::After), (39, 1));
    assert_eq!(of(Service::Gp, Window::Before), (31, 1));
    assert_eq!(of(Service::Gp, Window::After), (39, 1));
    assert_eq!(of(Service::Nights, Window::Before), (100, 3));
    assert_eq!(of(Service::Nights, Window::After), (39, 1));
}

#[test]
fn nothing_happens_before_arrival_or_from_the_last_day_on() {
    let world = World::new(&options(3_000));
    for index in 0..3_000 {
        let one = person(&world, index);
        let from = one.registrations[0].start.max(0);
        let to = one.registrations.last().unwrap().end.unwrap_or(LAST_DAY + 1);
        let contacts = one.trust.referrals.iter().flat_map(|referral| &referral.contacts).map(|contact| contact.day);
        let sessions =
            one.therapies.referrals.iter().flat_map(|referral| &referral.sessions).map(|session| session.day);
        let charity = one.community.iter().flat_map(|referral| &referral.contacts).map(|contact| contact.0);
        let seen = one.attendances.iter().map(|row| row.day).chain(one.appointments.iter().map(|row| row.day));
        for day in contacts.chain(sessions).chain(charity).chain(seen) {
            assert!(from <= day && day < to, "person {index} day {day} outside {from}..{to}");
        }
        for spell in &one.trust.spells {
            assert!(one.death.or(one.moved_out).is_none_or(|end| spell.end <= end));
        }
    }
}

#[test]
fn only_comparators_have_referrals_that_define_the_comparator_arms() {
    let world = World::new(&options(4_000));
    for index in 0..4_000 {
        let one = person(&world, index);
        let is_in = |arm| one.arms.iter().any(|entry| entry.arm == arm);
        for referral in &one.trust.referrals {
            if matches!(referral.team, "A05" | "A18") && referral.source == "A1" {
                assert!(is_in(Arm::PreventionUsualCare));
            }
            if matches!(referral.team, "A06" | "A08") && referral.discharged.is_some_and(|day| day >= 0) {
                assert!(is_in(Arm::Recovery) || is_in(Arm::RecoveryUsualCare));
            }
        }
        for referral in &one.community {
            if referral.source == "gp" {
                assert!(is_in(Arm::Prevention) || is_in(Arm::PreventionUsualCare));
            }
        }
    }
}
