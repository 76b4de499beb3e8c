//! What official and peer code got wrong about trusts: who is followed up within 72 hours, and age on the day.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use crate::therapy_towns::number;
use crate::town::{Town, counts_in_last_quarter as of, of_files, of_trust};

/// Somebody who was discharged on 10 January 2026: born, died, bed, destination, and a contact after it with its mechanism.
type Discharged = [&'static str; 6];

const DISCHARGED: [Discharged; 12] = [
    // On the day of discharge: not after it.
    ["1980-05-05", "", "200", "19", "2026-01-10", "01"],
    // The first day and the third.
    ["1980-05-05", "", "200", "19", "2026-01-11", "02"],
    ["1980-05-05", "", "200", "19", "2026-01-13", "11"],
    // The fourth.
    ["1980-05-05", "", "200", "19", "2026-01-14", "01"],
    // To another hospital: left out.
    ["1980-05-05", "", "200", "53", "2026-01-11", "01"],
    // Dead by the third day: left out; on the fourth: not.
    ["1980-05-05", "2026-01-13", "200", "19", "", ""],
    ["1980-05-05", "2026-01-14", "200", "19", "", ""],
    // No acute bed.
    ["1980-05-05", "", "13", "19", "2026-01-11", "01"],
    // By letter: no direct contact.
    ["1980-05-05", "", "200", "19", "2026-01-11", "05"],
    // Back in hospital on the third day; the rest of it is below.
    ["1980-05-05", "", "200", "19", "", ""],
    // 18 on the day of discharge, and on the day after.
    ["2008-01-10", "", "200", "19", "", ""],
    ["2008-01-11", "", "200", "19", "", ""],
];

fn town() -> Town {
    let mut texts = [
        "NHSNumber,NHSNumberStatus,LocalPatientId,OrgIDProv,PersonBirthDate,Gender,PersDeathDate\n".to_owned(),
        "UniqServReqID,LocalPatientId,OrgIDProv,ReferralRequestReceivedDate\n".to_owned(),
        "UniqCareContID,UniqServReqID,CareContDate,AttendStatus,ConsMechanismMH\n".to_owned(),
        "UniqHospProvSpellID,UniqServReqID,StartDateHospProvSpell,DischDateHospProvSpell,DestOfDischHospProvSpell\n"
            .to_owned(),
        "UniqWardStayID,UniqHospProvSpellID,StartDateWardStay,EndDateWardStay,MHAdmittedPatientClass\n".to_owned(),
    ];
    for (at, [born, died, bed, to, contact, mechanism]) in (0..).zip(DISCHARGED) {
        writeln!(texts[0], "{},01,L{at},ZT1,{born},1,{died}", number(at)).unwrap();
        writeln!(texts[1], "R{at},L{at},ZT1,2025-12-01").unwrap();
        if !contact.is_empty() {
            writeln!(texts[2], "C{at},R{at},{contact},5,{mechanism}").unwrap();
        }
        writeln!(texts[3], "S{at},R{at},2025-12-01,2026-01-10,{to}").unwrap();
        writeln!(texts[4], "W{at},S{at},2025-12-01,2026-01-10,{bed}").unwrap();
    }
    writeln!(texts[3], "S99,R9,2026-01-13,,").unwrap();
    let names = ["MHS001MPI", "MHS101Referral", "MHS201CareContact", "MHS501HospProvSpell", "MHS502WardStay"];
    of_trust(names, texts, |_| ())
}

#[test]
fn follow_up_is_strictly_after_discharge_and_at_most_three_days_later() {
    // Twelve without the one to another hospital, the one dead by the third day and the one in no acute bed.
    assert_eq!(of(&town(), "mh_fu72"), (3, 9));
}

#[test]
fn age_is_that_on_the_day_of_discharge() {
    // All but the one in no acute bed and the one who is 18 a day later.
    let town = town();
    assert_eq!((of(&town, "mh_los_60_adult").1, of(&town, "mh_los_60_young").1), (10, 1));
}

/// Somebody referred on 5 January 2026: born, team, mechanism of the contact on 10 January, day of the score, day of the plan.
type Waiting = [&'static str; 5];

const WAITING: [Waiting; 9] = [
    // A plan after 28 days, and after 29.
    ["1980-05-05", "A06", "01", "2026-01-10", "2026-02-02"],
    ["1980-05-05", "A06", "01", "2026-01-10", "2026-02-03"],
    // The score is what came last.
    ["1980-05-05", "A06", "01", "2026-02-10", "2026-01-10"],
    // Only a plan from before the referral; no score; only a letter: these waits never stopped in full.
    ["1980-05-05", "A06", "01", "2026-01-10", "2026-01-04"],
    ["1980-05-05", "A06", "01", "", "2026-01-10"],
    ["1980-05-05", "A06", "05", "2026-01-10", "2026-01-10"],
    // 17 on the day of referral, and 18 on it.
    ["2008-01-06", "A06", "01", "2026-01-10", "2026-01-10"],
    ["2008-01-05", "A06", "01", "2026-01-10", "2026-01-10"],
    // No core team.
    ["1980-05-05", "A02", "01", "2026-01-10", "2026-01-10"],
];

#[test]
fn a_community_wait_stops_in_full_with_the_last_of_contact_score_and_plan() {
    let mut texts = [
        "NHSNumber,NHSNumberStatus,LocalPatientId,OrgIDProv,PersonBirthDate,Gender\n".to_owned(),
        "UniqCarePlanID,LocalPatientId,OrgIDProv,CarePlanAgreedDate\n".to_owned(),
        "UniqServReqID,LocalPatientId,OrgIDProv,ReferralRequestReceivedDate\n".to_owned(),
        "UniqServReqID,UniqCareProfTeamID,ServTeamTypeRefToMH\n".to_owned(),
        "UniqCareContID,UniqServReqID,CareContDate,AttendStatus,ConsMechanismMH\n".to_owned(),
        "UniqServReqID,CodedAssToolType,PersScore,AssToolCompTimestamp\n".to_owned(),
    ];
    for (at, [born, team, mechanism, scored, planned]) in (0..).zip(WAITING) {
        writeln!(texts[0], "{},01,L{at},ZT1,{born},1", number(at)).unwrap();
        writeln!(texts[1], "P{at},L{at},ZT1,{planned}").unwrap();
        writeln!(texts[2], "R{at},L{at},ZT1,2026-01-05").unwrap();
        writeln!(texts[3], "R{at},T{at},{team}").unwrap();
        writeln!(texts[4], "C{at},R{at},2026-01-10,5,{mechanism}").unwrap();
        if !scored.is_empty() {
            writeln!(texts[5], "R{at},720433000,12,{scored}T10:00:00").unwrap();
        }
    }
    let names = [
        "MHS001MPI",
        "MHS009CarePlanAgreement",
        "MHS101Referral",
        "MHS102ServiceTypeReferredTo",
        "MHS201CareContact",
        "MHS606CodedScoreAssessmentRefer",
    ];
    // The first three and the one who was 18; the second and the third took too long.
    assert_eq!(of(&of_trust(names, texts, |_| ()), "mh_wait_4wk"), (2, 4));
}

/// Somebody who left the bed of ZT1 on 10 January 2026: the day they were referred on, to whom, and who met them on 11 January.
type ReferredOn = [&'static str; 3];

const REFERRED_ON: [ReferredOn; 6] = [
    // To the other trust, which met them; to a site of it, and the own trust met them; to nobody, likewise.
    ["2026-01-10", "ZT2", "ZT2"],
    ["2026-01-10", "ZT2AA", "ZT1"],
    ["", "", "ZT1"],
    // To somebody who sends no data, or a day after the stay: the own trust is responsible.
    ["2026-01-10", "RX9", "ZT1"],
    ["2026-01-11", "ZT2", "ZT1"],
    // Nobody met them.
    ["2026-01-10", "ZT2", ""],
];

#[test]
fn whoever_was_referred_on_in_the_stay_is_followed_up_by_the_other_trust() {
    let headings = [
        ("MHS001MPI", "NHSNumber,NHSNumberStatus,LocalPatientId,OrgIDProv,PersonBirthDate,Gender"),
        ("MHS101Referral", "UniqServReqID,LocalPatientId,OrgIDProv,ReferralRequestReceivedDate"),
        ("MHS105OnwardReferral", "UniqServReqID,OnwardReferDate,OrgIDReceiving"),
        ("MHS201CareContact", "UniqCareContID,UniqServReqID,CareContDate,AttendStatus,ConsMechanismMH"),
        ("MHS501HospProvSpell", "UniqHospProvSpellID,UniqServReqID,StartDateHospProvSpell,DischDateHospProvSpell"),
        (
            "MHS502WardStay",
            "UniqWardStayID,UniqHospProvSpellID,StartDateWardStay,EndDateWardStay,MHAdmittedPatientClass",
        ),
    ];
    let mut texts: BTreeMap<(&str, &str), String> = BTreeMap::new();
    let mut row = |trust: &'static str, table: &'static str, cells: String| {
        let heading = headings.iter().find(|(name, _)| *name == table).unwrap().1;
        let text = texts.entry((trust, table)).or_insert_with(|| format!("{heading}\n"));
        writeln!(text, "{cells}").unwrap();
    };
    for (at, [day, to, met]) in (0..).zip(REFERRED_ON) {
        for trust in ["ZT1", "ZT2"] {
            row(trust, "MHS001MPI", format!("{},01,L{at},{trust},1980-05-05,1", number(at)));
            row(trust, "MHS101Referral", format!("R{at},L{at},{trust},2025-12-01"));
            if met == trust {
                row(trust, "MHS201CareContact", format!("C{at},R{at},2026-01-11,5,01"));
            }
        }
        row("ZT1", "MHS501HospProvSpell", format!("S{at},R{at},2025-12-01,2026-01-10"));
        row("ZT1", "MHS502WardStay", format!("W{at},S{at},2025-12-01,2026-01-10,200"));
        if !day.is_empty() {
            row("ZT1", "MHS105OnwardReferral", format!("R{at},{day},{to}"));
        }
    }
    let mut files: BTreeMap<String, Arc<Vec<u8>>> = texts
        .into_iter()
        .map(|((trust, table), text)| (format!("mental_health/{trust}_{table}.csv"), Arc::new(text.into_bytes())))
        .collect();
    let covered =
        "source,provider,from,to\nmental_health,ZT1,2023-01-01,2026-03-31\nmental_health,ZT2,2023-01-01,2026-03-31\n";
    files.insert("coverage.csv".to_owned(), Arc::new(covered.into()));
    files.insert("lookups/postcode_imd.csv".to_owned(), Arc::new(b"postcode,lsoa,imd_quintile\n".to_vec()));
    // All but the second, whom the wrong trust met, and the last.
    assert_eq!(of(&of_files(files, |_| ()), "mh_fu72"), (4, 6));
}
