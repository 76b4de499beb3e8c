//! What official and peer code got wrong about trusts: who is followed up within 72 hours, and age on the day.

use std::fmt::Write;

use crate::therapy_towns::number;
use crate::town::{Town, counts_in_last_quarter as of, of_trust};

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
