//! The anxiety measure of the disorder where a plausible reading goes wrong: the measure of another disorder, a single score,
//! a problem that is not the first one, cut-offs that no source gives.

use std::fmt::Write;

use crate::therapy_towns::number;
use crate::town::{Town, counts_in_last_quarter as of, of_therapies};

const PHQ9: &str = "720433000";
const GAD7: &str = "445455005";

/// Somebody referred on 1 October 2025, treated twice and discharged on 20 January 2026: code, significance and day of each
/// problem; first and last score of each tool, the last one empty if there is none.
type Person = (&'static [[&'static str; 3]], &'static [[&'static str; 3]]);

const PANIC: [&str; 3] = ["F41.0", "Primary", "2025-10-05"];
const SOCIAL_PHOBIA: [&str; 3] = ["F401", "Primary", "2025-10-05"];
const RECOVERED: [&str; 3] = [PHQ9, "15", "5"];
const CALM: [&str; 3] = [GAD7, "12", "3"];

const PEOPLE: [Person; 8] = [
    // 8 on PDSS is a case, whatever GAD-7 says.
    (&[PANIC], &[RECOVERED, CALM, ["PDSS", "15", "8"]]),
    // 7 is none, and GAD-7, on which this is still a case, does not count.
    (&[PANIC], &[RECOVERED, [GAD7, "12", "12"], ["PDSS", "15", "7"]]),
    // PDSS is not the measure of social phobia.
    (&[SOCIAL_PHOBIA], &[RECOVERED, CALM, ["PDSS", "15", "10"]]),
    // One score makes no pair.
    (&[PANIC], &[RECOVERED, CALM, ["PDSS", "15", ""]]),
    // The primary problem is depression; panic is later, but secondary.
    (
        &[["F32", "Primary", "2025-10-05"], ["F410", "Secondary", "2025-11-12"]],
        &[RECOVERED, CALM, ["PDSS", "15", "10"]],
    ),
    // No source gives where caseness of SPIN begins: GAD-7 counts, until the project sets it.
    (&[SOCIAL_PHOBIA], &[RECOVERED, CALM, ["SPIN", "40", "30"]]),
    // Paired on SPIN, but nothing that is known judges anxiety: neither recovered nor changed, and in the denominator.
    (&[SOCIAL_PHOBIA], &[RECOVERED, ["SPIN", "40", "30"]]),
    // Recovered by OCI, whose caseness has a source; how far it must move has none, so that GAD-7 judges the change.
    (&[["F42.2", "Primary", "2025-10-05"]], &[[PHQ9, "12", "9"], [GAD7, "12", "12"], ["OCI", "60", "20"]]),
];

fn town(cut_offs: &str) -> Town {
    let headings = [
        ("IDS001MPI", "NHSNumber,NHSNumberStatus,LocalPatientId,OrgID_Provider,PersonBirthDate,Gender"),
        (
            "IDS101Referral",
            "ServiceRequestId,LocalPatientId,OrgID_Provider,ReferralRequestReceivedDate,ServDischDate,EndCode",
        ),
        ("IDS201CareContact", "CareContactId,ServiceRequestId,CareContDate,AttendOrDNACode,AppType"),
        ("IDS603PresentingComplaints", "ServiceRequestId,PresComp,PresCompCodSig,PresCompDate"),
        ("IDS606CodedScoreAssessmentRefer", "ServiceRequestId,CodedAssToolType,PersScore,AssToolCompDate"),
    ];
    let mut texts = headings.map(|(_, heading)| format!("{heading}\n"));
    for (at, (problems, scores)) in (0..).zip(PEOPLE) {
        writeln!(texts[0], "{},01,L{at},ZI1,1980-05-05,1", number(at)).unwrap();
        writeln!(texts[1], "R{at},L{at},ZI1,2025-10-01,2026-01-20,46").unwrap();
        for (visit, day) in ["2025-10-15", "2025-11-12"].iter().enumerate() {
            writeln!(texts[2], "C{at}V{visit},R{at},{day},5,02").unwrap();
        }
        for [code, significance, day] in problems {
            writeln!(texts[3], "R{at},{code},{significance},{day}").unwrap();
        }
        for [tool, first, last] in scores {
            for (score, day) in [(first, "2025-10-15"), (last, "2026-01-10")] {
                if !score.is_empty() {
                    writeln!(texts[4], "R{at},{tool},{score},{day}").unwrap();
                }
            }
        }
    }
    of_therapies(headings.map(|(name, _)| name), texts, |settings| {
        settings.gates.max_rejects_percent = 100.0;
        settings.gates.max_unknown_percent = 100.0;
        settings.cut_offs = toml::from_str(cut_offs).unwrap();
    })
}

#[test]
fn a_course_is_judged_by_the_measure_of_its_problem_as_far_as_a_source_gives_its_cut_offs() {
    let town = town("");
    // All but the first, who is still a case on PDSS, and the seventh, whom nothing judges.
    assert_eq!(of(&town, "tt_recovery"), (6, 8));
    assert_eq!(of(&town, "tt_not_at_caseness"), (0, 8));
    // All but the last two.
    assert_eq!(of(&town, "tt_reliable_improvement"), (6, 8));
    assert_eq!(of(&town, "tt_reliable_recovery"), (5, 8));
    // The last one alone: of the seventh it is not known.
    assert_eq!(of(&town, "tt_no_reliable_change"), (1, 8));
    assert_eq!(of(&town, "tt_paired"), (8, 8));
    // Of seven with a problem that has a measure, one has no score of it and one a single one.
    assert_eq!(of(&town, "tt_adsm_appropriate"), (5, 7));
}

#[test]
fn what_a_project_sets_is_used() {
    let town = town(
        "spin_caseness = { value = 19, verified = false, source = \"ours\" }
        spin_reliable = { value = 10, verified = false, source = \"ours\" }
        oci_reliable = { value = 32, verified = false, source = \"ours\" }",
    );
    // The sixth is now still a case, on SPIN.
    assert_eq!(of(&town, "tt_recovery"), (5, 8));
    // The seventh is better by just 10 on SPIN and the last by 40 on OCI.
    assert_eq!(of(&town, "tt_reliable_improvement"), (8, 8));
    assert_eq!(of(&town, "tt_no_reliable_change"), (0, 8));
}
