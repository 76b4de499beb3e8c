//! Paired outcomes where a plausible reading goes wrong: scores that are none, scores after discharge, measures that disagree.

use std::fmt::Write;

use pathlink::schema::reliable::ReliableChange;

use crate::therapy_towns::number;
use crate::town::{Town, counts_in_last_quarter as of, in_last_quarter as row, of_trust};

const DIALOG_1: &str = "1037651000000100";
const DIALOG_2: &str = "1037661000000100";
const REQOL: &str = "1091071000000100";
const GOAL_1: &str = "1034351000000100";
const GOAL_2: &str = "1034361000000100";
const HONOS_1: &str = "979641000000103";
const PHQ9: &str = "720433000";
const PHQ9_OLDER: &str = "506701000000100";
const PROSOCIAL: &str = "718147007";
const RCADS: &str = "718655001";

/// Somebody referred on 1 October 2025, seen on 6 and 20 October, discharged on 20 January 2026: born, sex, and tool, day and
/// score of each assessment.
type Person = (&'static str, &'static str, &'static [[&'static str; 3]]);

const ADULTS: [Person; 6] = [
    // Item 1 rises by 1; 8 is no score of item 2, or the mean would rise by 3.
    (
        "1980-05-05",
        "1",
        &[
            [DIALOG_1, "2025-10-06", "3"],
            [DIALOG_1, "2026-01-10", "4"],
            [DIALOG_2, "2025-10-06", "3"],
            [DIALOG_2, "2026-01-10", "8"],
        ],
    ),
    // One item rises by 2 and one falls by 1: 0.5 in the mean.
    (
        "1980-05-05",
        "1",
        &[
            [DIALOG_1, "2025-10-06", "3"],
            [DIALOG_1, "2026-01-10", "5"],
            [DIALOG_2, "2025-10-06", "4"],
            [DIALOG_2, "2026-01-10", "3"],
        ],
    ),
    // The last score is no number: the one before it is the last.
    ("1980-05-05", "1", &[[REQOL, "2025-10-06", "15"], [REQOL, "2025-12-10", "20"], [REQOL, "2026-01-10", "refused"]]),
    // The day of discharge counts, the day after does not.
    ("1980-05-05", "1", &[[REQOL, "2025-10-06", "15"], [REQOL, "2026-01-20", "19"], [REQOL, "2026-01-21", "30"]]),
    // Goals are compared each with itself; before receipt nothing counts.
    ("1980-05-05", "1", &[[GOAL_1, "2025-09-30", "0"], [GOAL_1, "2025-10-06", "4"], [GOAL_2, "2026-01-10", "9"]]),
    // Fewer problems are a fall.
    (
        "1980-05-05",
        "1",
        &[
            [HONOS_1, "2025-10-06", "4"],
            [HONOS_1, "2026-01-10", "1"],
            [GOAL_1, "2025-10-06", "4"],
            [GOAL_1, "2026-01-10", "7"],
        ],
    ),
];

const CHILDREN: [Person; 9] = [
    // The older code of PHQ-9 is the same scale: better by 6.
    ("2010-05-05", "1", &[[PHQ9, "2025-10-06", "15"], [PHQ9_OLDER, "2026-01-10", "9"]]),
    // Better on one measure, worse on another: not improved.
    (
        "2010-05-05",
        "1",
        &[
            [PHQ9, "2025-10-06", "15"],
            [PHQ9, "2026-01-10", "9"],
            [GOAL_1, "2025-10-06", "6"],
            [GOAL_1, "2026-01-10", "3"],
        ],
    ),
    // Worse by less than it takes: improved all the same.
    (
        "2010-05-05",
        "1",
        &[
            [PHQ9, "2025-10-06", "15"],
            [PHQ9, "2026-01-10", "9"],
            [GOAL_1, "2025-10-06", "6"],
            [GOAL_1, "2026-01-10", "4"],
        ],
    ),
    // More prosocial is better.
    ("2010-05-05", "1", &[[PROSOCIAL, "2025-10-06", "2"], [PROSOCIAL, "2026-01-10", "6"]]),
    // A fall of 7 is reliable for a girl of 15 and not for a boy.
    ("2010-05-05", "2", &[[RCADS, "2025-10-06", "20"], [RCADS, "2026-01-10", "13"]]),
    ("2010-05-05", "1", &[[RCADS, "2025-10-06", "20"], [RCADS, "2026-01-10", "13"]]),
    // The last score is before the second contact: no pair.
    ("2010-05-05", "1", &[[PHQ9, "2025-10-06", "15"], [PHQ9, "2025-10-19", "2"]]),
    // After discharge: no pair.
    ("2010-05-05", "1", &[[PHQ9, "2025-10-06", "15"], [PHQ9, "2026-01-21", "2"]]),
    // 18 on the day of referral: no child.
    ("2007-10-01", "1", &[[PHQ9, "2025-10-06", "15"], [PHQ9, "2026-01-10", "2"]]),
];

fn town(reliable: Option<&ReliableChange>) -> Town {
    let mut texts = [
        "NHSNumber,NHSNumberStatus,LocalPatientId,OrgIDProv,PersonBirthDate,Gender,PersDeathDate\n".to_owned(),
        "UniqServReqID,LocalPatientId,OrgIDProv,ReferralRequestReceivedDate,ServDischDate\n".to_owned(),
        "UniqServReqID,UniqCareProfTeamID,ServTeamTypeRefToMH\n".to_owned(),
        "UniqCareContID,UniqServReqID,CareContDate,AttendStatus,ConsMechanismMH\n".to_owned(),
        "UniqServReqID,CodedAssToolType,PersScore,AssToolCompTimestamp\n".to_owned(),
    ];
    for (at, (born, sex, scores)) in (0..).zip(ADULTS.iter().chain(&CHILDREN)) {
        writeln!(texts[0], "{},01,L{at},ZT1,{born},{sex},", number(at)).unwrap();
        writeln!(texts[1], "R{at},L{at},ZT1,2025-10-01,2026-01-20").unwrap();
        writeln!(texts[2], "R{at},T1,A06").unwrap();
        for day in ["2025-10-06", "2025-10-20"] {
            writeln!(texts[3], "C{at}{day},R{at},{day},5,01").unwrap();
        }
        for [tool, day, score] in *scores {
            writeln!(texts[4], "R{at},{tool},{score},{day}T10:00:00").unwrap();
        }
    }
    let names = [
        "MHS001MPI",
        "MHS101Referral",
        "MHS102ServiceTypeReferredTo",
        "MHS201CareContact",
        "MHS606CodedScoreAssessmentRefer",
    ];
    of_trust(names, texts, |settings| {
        settings.gates.max_rejects_percent = 100.0;
        settings.gates.max_unknown_percent = 100.0;
        if let Some(reliable) = reliable {
            settings.reliable = reliable.clone();
        }
    })
}

#[test]
fn scores_of_adults_are_valid_in_time_and_each_with_itself() {
    let town = town(None);
    // Six adults, and the one who is 18 on the day of referral.
    assert_eq!(of(&town, "mh_proms_paired_dialog"), (2, 7));
    assert_eq!(of(&town, "mh_proms_improved_dialog"), (1, 2));
    assert_eq!(row(&town, "mh_proms_change_dialog").value, Some(0.75));
    assert_eq!(of(&town, "mh_proms_paired_reqol"), (2, 7));
    assert_eq!(of(&town, "mh_proms_improved_reqol"), (1, 2));
    assert_eq!(row(&town, "mh_proms_change_reqol").value, Some(4.5));
    assert_eq!(of(&town, "mh_proms_paired_gbo"), (1, 7));
    assert_eq!(of(&town, "mh_proms_improved_gbo"), (1, 1));
    assert_eq!(row(&town, "mh_proms_change_honos").value, Some(-3.0));
}

#[test]
fn a_child_is_better_if_one_measure_is_and_none_is_worse() {
    // The first six have a pair; not the second, which got worse on its goal, nor the boy with RCADS.
    assert_eq!(of(&town(None), "mh_cyp_outcome"), (4, 6));
}

#[test]
fn a_table_of_ones_own_turns_a_direction() {
    let text = include_str!("../../config/reliable_change.csv");
    let turned = text.replace("prosocial score,higher,", "prosocial score,lower,");
    assert_ne!(text, turned);
    assert_eq!(of(&town(Some(&ReliableChange::of_text(&turned).unwrap())), "mh_cyp_outcome"), (3, 6));
}
