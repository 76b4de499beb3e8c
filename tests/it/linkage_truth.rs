//! Who was linked with whom, against who is who: the generator tells whose every record is.

use std::collections::{BTreeMap, BTreeSet};

use pathlink::domain::token::Token;
use pathlink::frame;
use pathlink::schema::Source;

use crate::known::{
    Counts, KNOWN, Name, Record, days, frame_counts, is_key, name_of_attendance, org, truth, unplanned,
};
use crate::raw::{Row, rows};
use crate::town::TOWN;

#[test]
fn nobody_is_linked_with_somebody_else() {
    let known = &*KNOWN;
    let mut people: BTreeMap<Token, BTreeSet<u64>> = BTreeMap::new();
    for record in &known.records {
        if let Some(key) = record.key {
            people.entry(key).or_default().insert(record.person);
        }
    }
    let several: Vec<_> = people.values().filter(|people| people.len() > 1).collect();
    assert!(several.is_empty(), "{} of {} hold several people: {several:?}", several.len(), people.len());
    assert!(people.len() > 45_000);
}

#[test]
fn every_shared_number_is_a_conflict_and_its_owner_stays_whole() {
    let known = &*KNOWN;
    let births = known.births();
    let conflicts: BTreeSet<(Source, Token)> = TOWN.evaluation.linked.conflicts.iter().copied().collect();
    let planted = truth("shared_numbers.csv");
    let mut reported = 0;
    for row in &planted {
        let whose = |heading: &str| row.get(heading).parse::<u64>().unwrap();
        let (number, owner, other) = (row.get("nhs_number"), whose("rightful_person"), whose("other_person"));
        let is_planted = |record: &&Record<'_>| {
            record.person == other && record.number == number && record.source.id() == row.get("source")
        };
        // An A&E row that was left out takes its record with it.
        let Some(record) = known.records.iter().find(is_planted) else { continue };
        let own_records: Vec<_> =
            known.records.iter().filter(|one| one.person == owner && one.number == number).collect();
        if own_records.is_empty() {
            continue;
        }
        assert!(conflicts.contains(&(record.source, record.own.unwrap())), "{:?}", record.name.0);
        for one in own_records.iter().filter(|one| one.birth == births[&owner]) {
            assert!(known.is_linked(one), "the owner's record in {} was cut off", one.name.0);
        }
        reported += 1;
    }
    assert!(reported > 10 && reported * 10 > planted.len() * 9, "{reported} of {}", planted.len());
}

#[test]
fn conflicts_are_the_records_with_a_usable_number_that_stand_alone() {
    let known = &*KNOWN;
    let alone =
        known.records.iter().filter(|record| known.tokens.number(record.number).is_some() && !known.is_linked(record));
    let alone: BTreeSet<(Source, Token)> = alone.filter_map(|record| Some((record.source, record.own?))).collect();
    let conflicts = &TOWN.evaluation.linked.conflicts;
    let with_id: BTreeSet<(Source, Token)> =
        conflicts.iter().filter(|(source, _)| *source != Source::Gp).copied().collect();
    assert_eq!(alone, with_id);
}

#[test]
fn people_with_right_numbers_in_two_sources_are_one_person() {
    let known = &*KNOWN;
    let births = known.births();
    let mut troubled = BTreeSet::new();
    let mut linked: BTreeMap<u64, (BTreeSet<Source>, bool)> = BTreeMap::new();
    for record in known.records.iter().filter(|record| known.has_right_number(record)) {
        let (sources, is_whole) = linked.entry(record.person).or_insert_with(|| (BTreeSet::new(), true));
        sources.insert(record.source);
        *is_whole &= known.is_linked(record);
        if record.birth != births[&record.person] {
            troubled.insert(record.person);
        }
    }
    let several: Vec<_> = linked.iter().filter(|(_, (sources, _))| sources.len() > 1).collect();
    let split: Vec<u64> = several.iter().filter(|(_, (_, is_whole))| !is_whole).map(|(person, _)| **person).collect();
    // Only a wrong date of birth keeps a record with the right number apart.
    assert!(split.iter().all(|person| troubled.contains(person)));
    assert!(several.len() > 10_000 && split.len() * 1000 < several.len(), "{} of {}", split.len(), several.len());
}

#[test]
fn every_person_rests_on_a_record_or_an_appointment() {
    let known = &*KNOWN;
    let keys: BTreeSet<Token> = known.records.iter().filter_map(|record| record.key).collect();
    let unnumbered = known.records.iter().filter(|record| record.key.is_none()).count();
    let slots = rows(&TOWN, "gp/", "_gp_appointment.csv");
    let taken = slots.iter().filter(|row| row.get("status") != "Slot Available");
    let unknown =
        taken.filter(|row| known.tokens.number(row.get("nhs_number")).is_none_or(|key| !keys.contains(&key))).count();
    let linked = &TOWN.evaluation.linked;
    assert_eq!(linked.audit.appointments_without_record, unknown as u64);
    assert_eq!(linked.keys.len(), keys.len() + unnumbered + unknown);
    assert!(keys.iter().all(|key| is_key(*key)));
}

#[test]
fn rows_go_with_the_record_they_hang_on() {
    let known = &*KNOWN;
    let linked = &TOWN.evaluation.linked;
    let keys: BTreeMap<Name<'_>, Token> =
        known.records.iter().filter_map(|record| Some((record.name, record.key?))).collect();
    let add = |counts: &mut Counts, key: Option<Token>, row: &Row<'_>, date: &str| {
        if let Some(key) = key {
            *counts.entry((key, org(row.place), days(date))).or_default() += 1;
        }
    };
    let mut referrals = Counts::new();
    for (source, ending, patient, date) in [
        ("mental_health", "_MHS101Referral.csv", "LocalPatientId", "ReferralRequestReceivedDate"),
        ("talking_therapies", "_IDS101Referral.csv", "LocalPatientId", "ReferralRequestReceivedDate"),
        ("community", "_community_referral.csv", "local_client_id", "referral_date"),
    ] {
        for row in rows(&TOWN, source, ending) {
            add(&mut referrals, keys.get(&(source, row.place, row.get(patient))).copied(), &row, row.get(date));
        }
    }
    assert!(referrals == frame_counts(&linked.referrals, "received_date", |_| true));
    let mut attendances = Counts::new();
    for row in unplanned() {
        add(&mut attendances, Some(keys[&name_of_attendance(&row)]), &row, row.get("Arrival_Date"));
    }
    assert!(attendances == frame_counts(&linked.attendances, "date", |_| true));
    let mut appointments = Counts::new();
    for row in rows(&TOWN, "gp/", "_gp_appointment.csv").iter().filter(|row| row.get("status") != "Slot Available") {
        add(&mut appointments, known.tokens.number(row.get("nhs_number")), row, &row.get("appointment_datetime")[..10]);
    }
    let numbers: BTreeSet<Token> = appointments.keys().map(|key| key.0).collect();
    let person = frame::values_u32(&linked.appointments, "person").unwrap();
    assert!(
        appointments
            == frame_counts(&linked.appointments, "date", |row| numbers.contains(&linked.keys[person[row] as usize]))
    );
}
