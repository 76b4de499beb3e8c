//! The flags of a national Talking Therapies extract beside our own figures, on an extract small enough to be worked out by hand.

use std::fmt::Write;
use std::fs;

use pathlink::link::national::FLAGS;

use crate::program::{Project, Table};
use crate::therapy_towns::number;
use crate::town::{Town, counts_in_last_quarter as of, of_therapies};

const PHQ9: &str = "720433000";
const GAD7: &str = "445455005";

/// A course that began on 1 October 2025: whose, treatments, last day, first and last score on PHQ-9 and on GAD-7, and the
/// flags: completed, caseness, not caseness, recovered, improved, deteriorated, no change.
struct Course {
    person: usize,
    treatments: usize,
    ended: &'static str,
    scores: [[&'static str; 2]; 2],
    flags: [&'static str; 7],
}

const ENDED: &str = "2026-01-20";
const RECOVERED: [[&str; 2]; 2] = [["15", "5"], ["12", "3"]];
const BELOW: [[&str; 2]; 2] = [["5", "5"], ["3", "3"]];

const COURSES: [Course; 9] = [
    // One person with two courses, of which the extract says what we say.
    Course {
        person: 0,
        treatments: 2,
        ended: ENDED,
        scores: RECOVERED,
        flags: ["True", "True", "False", "True", "True", "False", "False"],
    },
    Course {
        person: 0,
        treatments: 2,
        ended: ENDED,
        scores: RECOVERED,
        flags: ["True", "True", "False", "True", "True", "False", "False"],
    },
    // The extract does not see the recovery.
    Course {
        person: 1,
        treatments: 2,
        ended: ENDED,
        scores: RECOVERED,
        flags: ["True", "True", "False", "False", "True", "False", "False"],
    },
    // One treatment: not finished, so that whether it ended in recovery is no question to us.
    Course {
        person: 2,
        treatments: 1,
        ended: ENDED,
        scores: RECOVERED,
        flags: ["False", "True", "False", "True", "True", "False", "False"],
    },
    // The extract says nothing.
    Course { person: 3, treatments: 2, ended: ENDED, scores: RECOVERED, flags: ["", "", "", "", "", "", ""] },
    // One score a scale: where it began is known, and not where it ended.
    Course {
        person: 4,
        treatments: 2,
        ended: ENDED,
        scores: [["15", ""], ["12", ""]],
        flags: ["True", "True", "False", "False", "False", "False", "False"],
    },
    // Still open.
    Course {
        person: 5,
        treatments: 2,
        ended: "",
        scores: RECOVERED,
        flags: ["False", "True", "False", "False", "False", "False", "False"],
    },
    // Digits and letters for words; the extract sees a change where there is none.
    Course { person: 6, treatments: 2, ended: ENDED, scores: BELOW, flags: ["1", "0", "1", "0", "N", "N", "0"] },
    // Worse by 8, which the extract calls no change; it does not say whether it began at caseness.
    Course {
        person: 7,
        treatments: 2,
        ended: ENDED,
        scores: [["10", "18"], ["8", "8"]],
        flags: ["True", "", "False", "False", "False", "False", "True"],
    },
];

fn town(with_flags: bool) -> Town {
    let flags = format!(",{}", FLAGS.map(|flag| flag.heading).join(","));
    let headings = [
        ("IDS001MPI", "NHSNumber,NHSNumberStatus,LocalPatientId,OrgID_Provider,PersonBirthDate,Gender".to_owned()),
        (
            "IDS101Referral",
            format!(
                "ServiceRequestId,LocalPatientId,OrgID_Provider,ReferralRequestReceivedDate,ServDischDate{}",
                if with_flags { flags.as_str() } else { "" }
            ),
        ),
        ("IDS201CareContact", "CareContactId,ServiceRequestId,CareContDate,AttendOrDNACode,AppType".to_owned()),
        ("IDS606CodedScoreAssessmentRefer", "ServiceRequestId,CodedAssToolType,PersScore,AssToolCompDate".to_owned()),
    ];
    let mut texts = headings.each_ref().map(|(_, heading)| format!("{heading}\n"));
    for person in 0..8 {
        writeln!(texts[0], "{},01,L{person},ZI1,1980-05-05,1", number(person)).unwrap();
    }
    for (at, course) in COURSES.iter().enumerate() {
        let flags = if with_flags { format!(",{}", course.flags.join(",")) } else { String::new() };
        writeln!(texts[1], "R{at},L{},ZI1,2025-10-01,{}{flags}", course.person, course.ended).unwrap();
        for (visit, day) in ["2025-10-15", "2025-11-12"].iter().enumerate().take(course.treatments) {
            writeln!(texts[2], "C{at}V{visit},R{at},{day},5,02").unwrap();
        }
        for (tool, scores) in [PHQ9, GAD7].iter().zip(course.scores) {
            for (score, day) in scores.iter().zip(["2025-10-15", "2026-01-10"]) {
                if !score.is_empty() {
                    writeln!(texts[3], "R{at},{tool},{score},{day}").unwrap();
                }
            }
        }
    }
    of_therapies(headings.map(|(name, _)| name), texts, |settings| settings.gates.max_unknown_percent = 100.0)
}

#[test]
fn a_flag_is_held_against_our_figure_where_both_say_something() {
    let town = town(true);
    let found = town
        .evaluation
        .estimates
        .national
        .iter()
        .map(|one| [one.both, one.agree, one.differ].map(|courses| (courses.count, courses.people)));
    let wanted = [
        // All that ended and of which the extract says something: all but the fifth and the open one.
        [(7, 6), (7, 6), (0, 0)],
        // Finished, with a first score, and the extract says something: not the fourth, the fifth, the open and the last one.
        [(5, 4), (5, 4), (0, 0)],
        // The last one too.
        [(6, 5), (6, 5), (0, 0)],
        // It is not known how the sixth ended. Of the third the extract says no, and we say yes.
        [(5, 4), (4, 3), (1, 1)],
        [(5, 4), (5, 4), (0, 0)],
        [(5, 4), (4, 3), (1, 1)],
        // The last two.
        [(5, 4), (3, 2), (2, 2)],
    ];
    assert_eq!(found.collect::<Vec<_>>(), wanted);
}

#[test]
fn figures_do_not_rest_on_flags() {
    let [with, without] = [true, false].map(town);
    assert!(without.evaluation.estimates.national.iter().all(|one| one.both.count == 0));
    // Seven finished, one of them below caseness; four recovered, the one of which the extract says nothing among them.
    assert_eq!(of(&with, "tt_recovery"), (4, 6));
    for id in ["tt_finished", "tt_recovery", "tt_not_at_caseness", "tt_reliable_improvement", "tt_no_reliable_change"] {
        assert_eq!(of(&with, id), of(&without, id), "{id}");
    }
}

/// Of invented people, where the extract says of everybody that there was no recovery.
#[test]
fn agreement_stands_in_data_quality_exact_inside_and_under_control_in_a_release() {
    let project = Project::synth(&["--people", "1500", "--seed", "5"]);
    for entry in fs::read_dir(project.path("in/talking_therapies")).unwrap().flatten() {
        if !entry.file_name().to_string_lossy().contains("IDS101Referral") {
            continue;
        }
        let text = fs::read_to_string(entry.path()).unwrap();
        let line = |(at, line): (usize, &str)| format!("{line},{}\n", if at == 0 { "Recovery_Flag" } else { "False" });
        fs::write(entry.path(), text.lines().enumerate().map(line).collect::<String>()).unwrap();
    }
    let run = project.good_run(&[]);
    let exact = Table::read(&run.join("internal/data_quality.csv"));
    let counts: Vec<u64> = ["both", "agree", "differ"]
        .iter()
        .map(|word| {
            let is_it = |row: &&Vec<String>| {
                exact.cell(row, "check") == format!("flag:{word}") && exact.cell(row, "column") == "Recovery_Flag"
            };
            exact.cell(exact.rows().iter().find(is_it).unwrap(), "count").parse().unwrap()
        })
        .collect();
    assert!(counts[0] == counts[1] + counts[2] && counts[1] > 20 && counts[2] > 20, "{counts:?}");
    let released = Table::read(&run.join("release/data_quality.csv"));
    for (word, count) in ["both", "agree", "differ"].iter().zip(counts) {
        let measure = format!("flag:{word}:Recovery_Flag");
        let row = released.rows().iter().find(|row| released.cell(row, "measure") == measure).unwrap();
        let shown: u64 = released.cell(row, "count").parse().unwrap();
        assert!(shown.is_multiple_of(5) && shown.abs_diff(count) <= 2, "{measure}: {shown} for {count}");
        assert_eq!(released.cell(row, "table"), "IDS101Referral");
    }
}
