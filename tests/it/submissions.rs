//! Months sent again: the later submission wins whatever the files are called and whatever order they come in; tables
//! of other shapes are checked and charged like the rest.

use std::collections::BTreeSet;

use pathlink::domain::day;
use pathlink::frame;
use pathlink::schema::{self, Source};
use pathlink::sources::Sources;

use crate::program::{Project, Table};
use crate::shapes::{File, Read, edit, file, read, shape};

/// A trust's patients, and referrals in files of these names: more headings, more cells, day of discharge.
fn referrals(sent: &[(&str, [&str; 3])]) -> Read {
    let mut files = shape("mhsds_v6");
    files.retain(|(_, name, _)| name == "ZT1_MHS001MPI.csv");
    for (name, [heading, cell, discharged]) in sent {
        let text = format!(
            "UniqServReqID,LocalPatientId,OrgIDProv,ReferralRequestReceivedDate,ServDischDate{heading}\n\
             MREFN68818601,B4Y667ZRFS,ZT1,2025-06-03,{discharged}{cell}\n"
        );
        files.push(file(Source::MentalHealth, name, &text));
    }
    read(&files)
}

fn discharged(read: &Read) -> Vec<String> {
    let days = frame::values_i32(&read.evaluation.linked.referrals, "discharge_date").unwrap();
    days.into_iter().map(|day| day.map_or_else(|| "-".to_owned(), day::to_iso)).collect()
}

/// The earlier submission has the greater content, so that content alone would choose it.
const EARLIER: &str = "2025-12-31";
const LATER: &str = "2025-08-01";

#[test]
fn a_month_sent_again_replaces_its_rows_whatever_the_order_of_files() {
    for [earlier, later] in [["a", "b"], ["b", "a"]] {
        let (earlier, later) = (format!("ZT1_MHS101Referral_{earlier}.csv"), format!("ZT1_MHS101Referral_{later}.csv"));
        let read =
            referrals(&[(&earlier, [",UniqMonthID", ",1519", EARLIER]), (&later, [",UniqMonthID", ",1520", LATER])]);
        assert_eq!(discharged(&read), [LATER]);
        let tally = |name: &str| (read.staged(name).tally.kept, read.staged(name).tally.duplicated);
        assert_eq!((tally(&earlier), tally(&later)), ((0, 1), (1, 0)), "the file that lost is charged");
    }
}

#[test]
fn the_month_in_a_name_is_the_version_where_no_heading_gives_one() {
    let names = ["ZT1_MHS101Referral_Nov2025.csv", "ZT1_MHS101Referral_202512.csv"];
    assert_eq!(discharged(&referrals(&[(names[0], ["", "", EARLIER]), (names[1], ["", "", LATER])])), [LATER]);
    assert_eq!(discharged(&referrals(&[(names[1], ["", "", EARLIER]), (names[0], ["", "", LATER])])), [EARLIER]);
}

#[test]
fn rows_without_a_version_lose_to_rows_with_and_months_and_days_are_on_one_scale() {
    let one = |first: [&str; 3], second: [&str; 3]| {
        discharged(&referrals(&[("ZT1_MHS101Referral_x.csv", first), ("ZT1_MHS101Referral_y.csv", second)]))
    };
    assert_eq!(one(["", "", EARLIER], [",UniqMonthID", ",1519", LATER]), [LATER]);
    assert_eq!(one([",UniqMonthID", ",", EARLIER], [",UniqMonthID", ",1519", LATER]), [LATER]);
    // 1519 is October 2026.
    assert_eq!(one([",UniqMonthID", ",1519", EARLIER], [",RecordStartDate", ",2026-11-01", LATER]), [LATER]);
    assert_eq!(one([",UniqMonthID", ",1519", EARLIER], [",RecordStartDate", ",2026-10-01", LATER]), [EARLIER]);
    assert_eq!(one(["", "", EARLIER], ["", "", LATER]), [EARLIER], "without any version the content decides");
}

#[test]
fn a_row_that_is_not_the_latest_does_not_take_the_latest_with_it() {
    let read = referrals(&[
        ("ZT1_MHS101Referral_a.csv", [",Der_IsLatest", ",N", EARLIER]),
        ("ZT1_MHS101Referral_b.csv", [",Der_IsLatest", ",Y", LATER]),
    ]);
    assert_eq!(discharged(&read), [LATER]);
    assert_eq!(read.staged("ZT1_MHS101Referral_a.csv").tally.excluded["not_latest"], 1);
}

#[test]
fn a_referral_without_a_pathway_takes_what_hangs_on_it_along() {
    let mut files = shape("iapt_national");
    edit(&mut files, "IDS101Referral.csv", |text| text.replacen(",True,15,", ",False,15,", 1));
    let read = read(&files);
    assert_eq!(read.staged("IDS101Referral.csv").tally.excluded["no_pathway"], 1);
    assert_eq!(read.staged("IDS201CareContact.csv").tally.excluded["parent_excluded"], 3);
    assert_eq!(read.staged("IDS603PresentingComplaints.csv").tally.excluded["parent_excluded"], 1);
}

#[test]
fn children_without_a_parent_are_orphans_in_every_table() {
    let cases = [
        ("mhsds_v6", "ZT1_MHS105OnwardReferral.csv", "MREFN68818602"),
        ("mhsds_v6", "ZT1_MHS204IndirectActivity.csv", "MREFN68818601"),
        ("mhsds_v6", "ZT1_MHS604PrimDiag.csv", "MREFN68818601"),
        ("mhsds_v6", "ZT1_MHS606CodedScoreAssessmentRefer.csv", "MREFN68818601,720433000"),
        ("mhsds_v6", "ZT1_MHS607CodedScoreAssessmentAct.csv", "MACTT24911201"),
        ("mhsds_v6", "ZT1_MHS009CarePlanAgreement.csv", "CBGX525VNN"),
        ("mhsds_v6", "ZT1_MHS002GP.csv", "B4Y667ZRFS"),
        ("iapt_2_1", "ZI1_IDS602LongTermCondition.csv", "L8MYCT49Y6"),
        ("iapt_2_1", "ZI1_IDS603PresentingComplaints.csv", "TREFJ92444601"),
        ("iapt_2_1", "ZI1_IDS004EmpStatus.csv", "L8MYCT49Y6"),
    ];
    for (name, table, id) in cases {
        let mut files = shape(name);
        edit(&mut files, table, |text| text.replace(id, &format!("X{id}")));
        let read = read(&files);
        let file = read.staged(table);
        assert_eq!(file.tally.rejected.get("C11"), Some(&1), "{table}");
        assert_eq!(file.rejects.len(), 1, "{table}");
        assert!(file.tally.adds_up(), "{table}");
    }
}

#[test]
fn rows_of_one_key_are_duplicates_and_rows_without_a_whole_key_are_not() {
    let mut files = shape("iapt_2_1");
    edit(&mut files, "ZI1_IDS004EmpStatus.csv", |text| {
        let rows: Vec<&str> = text.lines().skip(1).collect();
        format!("{text}{}\n{}\n", rows[0], rows[1])
    });
    let read = read(&files);
    let tally = &read.staged("ZI1_IDS004EmpStatus.csv").tally;
    assert_eq!((tally.read, tally.kept, tally.duplicated), (4, 3, 1), "the row without a date has no whole key");
}

#[test]
fn a_team_of_two_types_gives_none() {
    let types = |change: &dyn Fn(&mut Vec<File>)| {
        let mut files = shape("mhsds_v6");
        change(&mut files);
        let read = read(&files);
        let teams = frame::values_u16(&read.evaluation.linked.referral_teams, "team_type").unwrap();
        teams.iter().filter(|code| code.is_some()).count()
    };
    assert_eq!(types(&|_| ()), 2);
    let twice = |files: &mut Vec<File>| {
        edit(files, "ZT1_MHS902ServiceTeamDetails.csv", |text| format!("{text}TEAMA06ZT1,A08\n"));
    };
    assert_eq!(types(&twice), 1);
    let later = |files: &mut Vec<File>| {
        let text = "UniqCareProfTeamID,ServTeamTypeMH,UniqMonthID\nTEAMA06ZT1,A08,1519\n";
        files.push(file(Source::MentalHealth, "ZT1_MHS902ServiceTeamDetails_b.csv", text));
    };
    assert_eq!(types(&later), 2, "a later submission may change the type");
    let none = |files: &mut Vec<File>| files.retain(|(_, name, _)| name != "ZT1_MHS902ServiceTeamDetails.csv");
    assert_eq!(types(&none), 0);
}

#[test]
fn practices_as_a_trust_has_them_are_no_registrations() {
    let read = read(&shape("mhsds_v6"));
    assert_eq!(read.table(schema::Table::TrustRegistrations).len(), 2);
    assert_eq!(read.staged("ZT1_MHS002GP.csv").tally.excluded["default_practice"], 1);
    assert_eq!(read.evaluation.linked.registrations.height(), 0);
    assert!(!read.evaluation.coverage.has(Source::Gp));
}

#[test]
fn an_empty_cell_that_is_no_key_is_kept_and_counted() {
    let mut files = shape("mhsds_v6");
    edit(&mut files, "ZT1_MHS201CareContact.csv", |text| text.replacen("10:30:00,5,01", "10:30:00,,01", 1));
    let read = read(&files);
    let file = read.staged("ZT1_MHS201CareContact.csv");
    assert_eq!((file.tally.kept, file.tally.rejected_total()), (3, 0));
    assert_eq!(read.warnings("ZT1_MHS201CareContact.csv"), [("AttendStatus C15".to_owned(), 1)]);
}

#[test]
fn free_text_has_no_place_in_a_staged_table() {
    let mut files = shape("mhsds_v6");
    edit(&mut files, "ZT1_MHS604PrimDiag.csv", |text| text.replace("F321", "low since Anna left"));
    edit(&mut files, "ZT1_MHS201CareContact.csv", |text| text.replace(",02,01,A01,", ",with mother,01,A01,"));
    let read = read(&files);
    assert_eq!(read.warnings("ZT1_MHS604PrimDiag.csv"), [("PrimDiag C16".to_owned(), 1)]);
    assert_eq!(read.warnings("ZT1_MHS201CareContact.csv"), [("ConsType C17".to_owned(), 1)]);
}

#[test]
fn files_without_details_stage_none() {
    let text = "CareContactId,ServiceRequestId,CareContDate,AttendOrDNACode,AppType\n\
                TCONM11861201,TREFJ92444601,2025-05-20,5,01\n";
    let mut files = shape("iapt_2_1");
    files.retain(|(_, name, _)| name.contains("IDS001MPI") || name.contains("IDS101Referral"));
    files.push(file(Source::TalkingTherapies, "ZI1_IDS201CareContact.csv", text));
    let rows = read(&files).table(schema::Table::Contacts);
    // Two tokens of two halves, date, attendance and type; provider and exclusion; the line is left out by the test.
    assert_eq!(rows[0].len(), 2 * 2 + 3 + 2);
}

#[test]
fn a_figure_is_provisional_where_any_part_of_its_period_is() {
    let said = |status: &str| {
        let project = Project::tiny();
        project.edit("in/coverage.csv", |text| {
            let rows = text.lines().skip(1).flat_map(|line| {
                let [source, provider, from, to] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
                let cut = if source == "emergency_care" { "2025-08-31" } else { from };
                let late = [format!("{source},{provider},{cut},{to},{status}")];
                let early = (cut != from).then(|| format!("{source},{provider},{from},2025-08-30,final"));
                early.into_iter().chain(late)
            });
            format!("source,provider,from,to,status\n{}\n", rows.collect::<Vec<_>>().join("\n"))
        });
        let table = Table::read(&project.good_run(&[]).join("release/demand.csv"));
        let rows = table.rows().iter().filter(|row| table.cell(row, "metric_id") == "ed_attendances").cloned();
        let rows =
            rows.map(|row| (table.cell(&row, "period_end").to_owned(), table.cell(&row, "provisional").to_owned()));
        rows.collect::<BTreeSet<_>>()
    };
    let of = |text: &[(&str, &str)]| -> BTreeSet<(String, String)> {
        text.iter().map(|(end, sign)| ((*end).to_owned(), (*sign).to_owned())).collect()
    };
    let ends = ["2025-06-30", "2025-09-30", "2025-12-31", "2026-03-31"];
    assert_eq!(said("provisional"), of(&[(ends[0], "final"), (ends[1], "p"), (ends[2], "p"), (ends[3], "p")]));
    assert_eq!(said("final"), of(&ends.map(|end| (end, "final"))));
}

#[test]
fn days_first_and_months_first_never_meet_in_one_column() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(crate::support::root().join("config/sources/community.toml")).unwrap();
    let change = |formats: &str| {
        let changed = text.replacen("format = \"%Y-%m-%d\"", &format!("format = {formats}"), 1);
        std::fs::write(folder.path().join("community.toml"), changed).unwrap();
        Sources::load(Some(folder.path()), None).err().map(|error| error.code().id)
    };
    assert_eq!(change("[\"%Y-%m-%d\", \"%d/%m/%Y\", \"%d%b%Y\"]"), None);
    assert_eq!(change("[\"%d/%m/%Y\", \"%m/%d/%Y\"]"), Some("CFG04"));
}
