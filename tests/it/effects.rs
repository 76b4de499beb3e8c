//! Effects, through the run: worked by hand for a few people, against the planted truth of many, at the edges, and under a plan
//! that changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use pathlink::effects::{Effects, Row, Said};
use pathlink::metrics::rates;
use pathlink::pathways::{EventType, Service};
use pathlink::settings::DesignKind;
use pathlink::stats::Z_95;
use pathlink::synth::{CharityNumbers, Errors, GpExtract, Options};

use crate::program::{Project, Table};
use crate::support;
use crate::therapy_towns::number;
use crate::town::{Town, of_files, town};

/// A plan for the pathways of the hand-worked fixture, matched on sex alone.
const PLAN: &str = r#"
[[comparison]]
pathway = "prevention"
comparator = "prevention_usual_care"
primary = "px_rate_ed"
outcomes = ["px_rate_ed"]
designs = ["before_after", "matched"]
exact = ["sex"]
covariates = ["sex"]
"#;

/// A day in the middle of a month: 0 is January 2024, 12 January 2025, when everybody is referred.
fn day(month: i32, day: usize) -> String {
    format!("{}-{:02}-{day:02}", 2024 + month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// A town in which everyone is referred on 15 January 2025 and visits A&E so many times in the months before and after:
/// people of the pathway, then those referred to the trust instead.
fn referred(cases: &[[usize; 2]], others: &[[usize; 2]], plan: &str) -> Town {
    let mut clients = "provider,local_client_id,nhs_number,given_name,family_name,date_of_birth,postcode,gender,ethnic_category,consent_to_link\n".to_owned();
    let mut referrals =
        "provider,referral_id,local_client_id,referral_date,referral_source,offer,end_date,end_reason\n".to_owned();
    let mut people = "NHSNumber,NHSNumberStatus,LocalPatientId,OrgIDProv,PersonBirthDate,Postcode,EthnicCategory,Gender,PersDeathDate,GivenName,FamilyName\n".to_owned();
    let mut trust = "UniqServReqID,LocalPatientId,OrgIDProv,ReferralRequestReceivedDate,SourceOfReferralMH,ClinRespPriorityType,ServDischDate,ReferralRequestReceivedTime\n".to_owned();
    let mut teams =
        "UniqServReqID,UniqCareProfTeamID,ServTeamTypeRefToMH,ReferClosureDate,ReferRejectionDate\n".to_owned();
    let mut visits = "NHS_Number,NHS_Number_Status_Indicator_Code,Local_Patient_ID,Generated_Record_ID,Date_of_Birth,Sex,Ethnic_Category,Postcode,Provider_Code,EC_Department_Type,EC_AttendanceCategory,Arrival_Date,Arrival_Time,EC_Chief_Complaint_SNOMED_CT,EC_Injury_Intent_SNOMED_CT,EC_Departure_Date,EC_Departure_Time,EC_Discharge_Status_SNOMED_CT,Given_Name,Family_Name\n".to_owned();
    // Somebody whom neither pathway is about: a table of nobody is taken for a damaged one.
    writeln!(people, "{},01,PX,ZT1,1970-05-05,ZQ1 1AA,A,2,,A,B", number(9000)).unwrap();
    writeln!(trust, "MX,PX,ZT1,2025-01-15,A1,3,,").unwrap();
    writeln!(teams, "MX,TX,A08,,").unwrap();
    let all = cases.iter().map(|own| (true, own)).chain(others.iter().map(|own| (false, own)));
    for (at, (is_case, [before, after])) in all.enumerate() {
        let (nhs, index) = (number(at as u64 + 1), day(12, 15));
        if is_case {
            writeln!(clients, "ZC1,C{at},{nhs},A,B,1980-05-05,ZQ1 1AA,female,A,yes").unwrap();
            writeln!(referrals, "ZC1,R{at},C{at},{index},gp,social_prescribing,,").unwrap();
        } else {
            writeln!(people, "{nhs},01,P{at},ZT1,1980-05-05,ZQ1 1AA,A,2,,A,B").unwrap();
            writeln!(trust, "M{at},P{at},ZT1,{index},A1,3,,").unwrap();
            writeln!(teams, "M{at},T{at},A05,,").unwrap();
        }
        // One on the tenth of each month, up to five days before the index date and from the month after it on.
        let months = (0..*before as i32).map(|month| 12 - month).chain((0..*after as i32).map(|month| 13 + month));
        for month in months {
            let date = day(month, 10);
            writeln!(
                visits,
                "{nhs},01,E{at},V{at}M{month},1980-05-05,2,A,ZQ1 1AA,ZA1,01,1,{date},08:00:00,,,{date},09:30:00,,A,B"
            )
            .unwrap();
        }
    }
    let mut files: BTreeMap<String, Arc<Vec<u8>>> = BTreeMap::new();
    let mut add = |name: &str, text: String| files.insert(name.to_owned(), Arc::new(text.into_bytes()));
    add("community/ZC1_community_client.csv", clients);
    add("community/ZC1_community_referral.csv", referrals);
    add("mental_health/ZT1_MHS001MPI.csv", people);
    add("mental_health/ZT1_MHS101Referral.csv", trust);
    add("mental_health/ZT1_MHS102ServiceTypeReferredTo.csv", teams);
    add("emergency_care/ZA1_ECDS.csv", visits);
    let covered = ["mental_health,ZT1", "emergency_care,ZA1", "community,ZC1"];
    let covered = covered.map(|own| format!("{own},2023-01-01,2026-03-31\n")).concat();
    add("coverage.csv", format!("source,provider,from,to\n{covered}"));
    add("lookups/postcode_imd.csv", "postcode,lsoa,imd_quintile\n".to_owned());
    of_files(files, |settings| settings.add_plan("plan.toml", plan).unwrap())
}

fn row<'a>(effects: &'a Effects, pair: usize, (rate, design): (&str, DesignKind)) -> &'a Row {
    let is_it = |row: &&Row| rates::ALL[row.rate].id == rate && row.design == design;
    effects.compared[pair].rows.iter().find(is_it).unwrap()
}

fn effects(town: &Town) -> &Effects {
    town.evaluation.effects.as_ref().unwrap()
}

/// Twelve people with two visits before; eight of them with one after and four with two. Beside them twenty with two each way.
fn by_hand() -> Town {
    let cases: Vec<[usize; 2]> = (0..12).map(|at| [2, if at < 8 { 1 } else { 2 }]).collect();
    referred(&cases, &[[2, 2]; 20], PLAN)
}

#[test]
fn a_matched_comparison_and_its_change_are_the_ones_worked_out_by_hand() {
    let town = by_hand();
    // 8 + 4 x 2 = 16 visits against 12 x 2 = 24, in a year each: 2/3. Each set adds (y - 4/3) / 16 and 0: 8 times (1/3)^2 and 4
    // times (2/3)^2 over 256, times 12/11 for so few.
    let variance: f64 = (8.0 / 9.0 + 16.0 / 9.0) / 256.0 * 12.0 / 11.0;
    let limit = |sign: f64| 2.0 / 3.0 * (sign * Z_95 * variance.sqrt()).exp();
    for design in [DesignKind::Matched, DesignKind::Did] {
        // Beside them nothing changed, and before they were alike: the change of changes is the same ratio.
        let row = row(effects(&town), 0, ("px_rate_ed", design));
        let found = row.found.as_ref().unwrap();
        assert!((found.ratio.0 - 2.0 / 3.0).abs() < 1e-9, "{found:?}");
        assert!((found.limits[0].0 - limit(-1.0)).abs() < 1e-9 && (found.limits[1].0 - limit(1.0)).abs() < 1e-9);
        // 16 visits in 12 times 365 days of 365.25: half as many again without the pathway.
        let rate = 100.0 * 16.0 / (12.0 * 365.0 / 365.25);
        assert!((found.per_100_years.unwrap()[0].0 + rate / 2.0).abs() < 1e-6);
        // E-value of 2/3: 1.5 and the root of 1.5 times 0.5.
        assert!((found.e_values[0].unwrap().0 - (1.5 + 0.75_f64.sqrt())).abs() < 1e-9);
        let arms = row.arms.map(|arm| arm.map(|own| (own.people, own.with_events, own.events)));
        assert_eq!(arms, [Some((12, 12, 16)), Some((12, 12, 24))]);
    }
    let matched = row(effects(&town), 0, ("px_rate_ed", DesignKind::Matched));
    assert_eq!((matched.grade, matched.said), (3, Said::Primary));
    // What was not planned is worked out, and says so.
    let did = row(effects(&town), 0, ("px_rate_ed", DesignKind::Did));
    assert_eq!((did.grade, did.said), (3, Said::Nothing));
    assert!(effects(&town).compared[0].balance.is_empty(), "nothing that was measured varies");
}

#[test]
fn other_rules_are_tried_on_the_outcome_that_decides() {
    let town = by_hand();
    let all = &effects(&town).compared[0].variants;
    let of = |name: &str| {
        let own = all.iter().find(|one| one.analysis == name && one.design == DesignKind::Matched).unwrap();
        own.found.clone().map(|found| found.ratio.0)
    };
    // Nobody is any nearer than the others, and nobody died.
    for name in
        ["caliper 0.1", "caliper 0.2", "caliper 0.3", "1 to 1", "without those who died", "negative binomial model"]
    {
        assert!((of(name).unwrap() - 2.0 / 3.0).abs() < 1e-9, "{name}");
    }
    // Twelve take one each, then eight of them a second: everybody is taken.
    assert!(of("1 to 4").unwrap_err().starts_with("the whole comparison group"));
    // The first visit after is in the first month: four are left.
    assert!(of("without the first month after").unwrap_err().starts_with("fewer than 10 events"));
    assert_eq!(all.len(), 15);
}

#[test]
fn a_level_that_does_not_change_is_not_told_to() {
    let plan = PLAN.replace("\"matched\"]", "\"its\", \"its_controlled\"]");
    let town = referred(&[[12, 12]; 12], &[[12, 12]; 20], &plan);
    for (design, grade) in [(DesignKind::Its, 2), (DesignKind::ItsControlled, 3)] {
        let row = row(effects(&town), 0, ("px_rate_ed", design));
        let found = row.found.as_ref().unwrap();
        assert!((found.ratio.0 - 1.0).abs() < 0.1, "{found:?}");
        assert_eq!((row.grade, row.said), (grade, Said::Primary));
    }
    let short = plan.replace("exact =", "months_after = 5\nexact =");
    let town = referred(&[[12, 12]; 12], &[[12, 12]; 20], &short);
    let found = &row(effects(&town), 0, ("px_rate_ed", DesignKind::Its)).found;
    assert_eq!(found.as_ref().unwrap_err(), "fewer than 6 months before or after the index date");
}

#[test]
fn before_and_after_are_those_of_the_table() {
    let town = by_hand();
    for row in effects(&town).compared.iter().flat_map(|own| &own.rows) {
        if row.design != DesignKind::BeforeAfter {
            continue;
        }
        let arm = town
            .evaluation
            .pathways
            .windows
            .iter()
            .find(|arm| arm.pathway == 0 && arm.service == rates::ALL[row.rate].service);
        let Some(arm) = arm.filter(|_| effects(&town).compared[0].rows.contains(row)) else { continue };
        for at in [0, 1] {
            let events: u64 = arm.people.iter().map(|own| u64::from(own.events[at])).sum();
            let people = arm.people.iter().filter(|own| own.days[at] > 0).count() as u64;
            assert_eq!((row.behind[at].events, row.behind[at].people), (events, people));
        }
    }
    let row = row(effects(&town), 0, ("px_rate_ed", DesignKind::BeforeAfter));
    assert!((row.found.as_ref().unwrap().ratio.0 - 16.0 / 24.0).abs() < 1e-9 && row.grade == 1);
    assert!(row.cautions[0].starts_with("A change, not an effect"));
}

#[test]
fn where_nothing_can_be_told_there_is_no_number_but_a_reason() {
    let reason = |cases: &[[usize; 2]], others: &[[usize; 2]], plan: &str| {
        let town = referred(cases, others, plan);
        let of = |design| row(effects(&town), 0, ("px_rate_ed", design)).found.clone().map(|found| found.ratio.0);
        [of(DesignKind::Matched), of(DesignKind::Did)].map(|one| one.unwrap_err())
    };
    let twice = |why: &str| [why.to_owned(), why.to_owned()];
    // Nine visits on one side.
    assert_eq!(reason(&[[2, 1]; 9], &[[2, 2]; 20], PLAN), twice("fewer than 10 events in one of the two groups"));
    assert_eq!(reason(&[[2, 2]; 9], &[], PLAN), twice("one of the two groups is empty"));
    assert_eq!(
        reason(&[[2, 2]; 12], &[[2, 2]; 12], PLAN),
        twice("the whole comparison group was taken, so that matching chose nobody")
    );
    // A caliper that nobody is within: those with many visits before are on the pathway, and only those.
    let narrow = PLAN.replace("covariates = [\"sex\"]", "covariates = [\"prior_use\"]\ncaliper = 0.000001");
    let cases: Vec<[usize; 2]> = (0..12).map(|at| [6 + at % 3, 2]).collect();
    let others: Vec<[usize; 2]> = (0..20).map(|at| [1 + at % 2, 2]).collect();
    assert_eq!(reason(&cases, &others, &narrow), twice("nobody in the comparison group is like anyone on the pathway"));
}

#[test]
fn a_source_that_sent_nothing_is_not_available() {
    let town = by_hand();
    for design in [DesignKind::BeforeAfter, DesignKind::Matched, DesignKind::Did] {
        let row = row(effects(&town), 0, ("px_rate_gp", design));
        assert!(!row.is_sent && row.found.is_err() && row.arms == [None, None]);
    }
}

/// 20,000 people of the generator, whose every record is right.
static PLANTED: LazyLock<Town> = LazyLock::new(|| {
    let options = Options {
        people: 20_000,
        seed: 11,
        gp: GpExtract::Sent,
        errors: Errors::None,
        charity_numbers: CharityNumbers::Some,
    };
    town(&options)
});

/// The same files under the bundled pathways and a plan.
fn planned(plan: &str) -> Town {
    let read = |name: &str| std::fs::read_to_string(support::root().join(name)).unwrap();
    of_files(PLANTED.files.clone(), |settings| {
        settings.pathway.clear();
        settings.add_pathways("stockport.toml", &read("config/pathways/stockport.toml")).unwrap();
        settings.add_plan("plan.toml", plan).unwrap();
    })
}

#[test]
fn the_planted_effect_is_found_beside_like_people() {
    let town = planned(&std::fs::read_to_string(support::root().join("config/analysis_plan.toml")).unwrap());
    let services = [EventType::EdAttendance, EventType::GpAppointment].map(Service::Events);
    let mut z = Vec::new();
    for row in effects(&town).compared.iter().flat_map(|own| &own.rows) {
        let is_told = services.contains(&rates::ALL[row.rate].service) && row.design != DesignKind::BeforeAfter;
        if let Some(found) = row.found.as_ref().ok().filter(|_| is_told) {
            let error = (found.limits[1].0 / found.limits[0].0).ln() / (2.0 * Z_95);
            z.push((found.ratio.0.ln() - 0.77_f64.ln()) / error);
            println!("{} {}: {:.3}, z {:.2}", rates::ALL[row.rate].id, row.design.id(), found.ratio.0, z[z.len() - 1]);
        }
    }
    assert!(z.len() >= 4 && z.iter().all(|z| z.abs() < 4.5), "{z:?}");
    for own in effects(&town).compared.iter().flat_map(|own| &own.balance) {
        let [before, after] = own.differences.map(|one| one.map_or(f64::NAN, |one| one.0));
        println!("{} {}: {before:.3} {after:.3}", own.covariate, own.level);
    }
}

#[test]
fn rows_of_a_release_say_their_plan_and_a_changed_plan_says_so() {
    let project = Project::synth(&["--people", "5000", "--seed", "1"]);
    let first = project.good_run(&[]);
    let stamps = |run: &std::path::Path| {
        let table = Table::read(&run.join("release/effects.csv"));
        let mut all: Vec<[String; 2]> = table
            .rows()
            .iter()
            .map(|row| ["plan_sha256", "plan_first_seen"].map(|name| table.cell(row, name).to_owned()))
            .collect();
        all.dedup();
        assert_eq!(all.len(), 1);
        let manifest: serde_json::Value =
            serde_json::from_slice(&std::fs::read(run.join("manifest.json")).unwrap()).unwrap();
        let said = &manifest["analysis_plan"];
        assert_eq!([&said["sha256"], &said["first_seen"]], [&all[0][0], &all[0][1]]);
        all.swap_remove(0)
    };
    let stamp = stamps(&first);
    let table = Table::read(&first.join("release/effects.csv"));
    assert!(table.rows().iter().all(|row| table.cell(row, "planned") == "yes"));
    let exact = Table::read(&first.join("internal/effects.csv"));
    let mut shown = 0;
    for (row, whole) in table.rows().iter().zip(exact.rows()) {
        let is_hidden = table.cell(row, "marker") == "c";
        let counts = ["people", "comparator_people", "events", "comparator_events", "estimate", "upper_95"];
        assert!(!is_hidden || counts.iter().all(|name| table.cell(row, name).is_empty()), "{row:?}");
        if let Ok(estimate) = table.cell(row, "estimate").parse::<f64>() {
            let whole: f64 = exact.cell(whole, "estimate").parse().unwrap();
            assert!((estimate / whole - 1.0).abs() <= 0.05, "{estimate} {whole}");
            assert_eq!(table.cell(row, "people").parse::<u64>().unwrap() % 5, 0);
            shown += 1;
        }
    }
    assert!(shown >= 8, "{shown}");
    let summary = std::fs::read_to_string(first.join("release/funder_summary.csv")).unwrap();
    assert!(summary.contains("for every 100 people in a year"), "{summary}");
    let report = std::fs::read_to_string(first.join("release/report.html")).unwrap();
    assert!(report.contains("What pathways changed"));
    let verified =
        crate::program::pathlink(&project.path(""), &["verify", &first.join("release").display().to_string()]);
    assert_eq!(verified.code, 0, "{}", verified.stderr);
    let second = project.good_run(&[]);
    assert_eq!(stamps(&second), stamp);
    assert_eq!(
        std::fs::read(first.join("release/effects.csv")).unwrap(),
        std::fs::read(second.join("release/effects.csv")).unwrap(),
        "a night on which nothing changed gives the same bytes"
    );
    // Another plan, without the differences in differences: another stamp, and they say that nobody planned them.
    project.edit("analysis_plan.toml", |text| text.replace(", \"did\"", ""));
    let third = project.good_run(&[]);
    assert_ne!(stamps(&third)[0], stamp[0]);
    let table = Table::read(&third.join("release/effects.csv"));
    for row in table.rows() {
        let is_planned = table.cell(row, "design") != "did";
        assert_eq!(table.cell(row, "planned") == "yes", is_planned);
        assert_eq!(table.cell(row, "caution").contains("Not in the analysis plan"), !is_planned);
    }
    let ledger = std::fs::read_to_string(project.path("store/analysis_plans.jsonl")).unwrap();
    assert_eq!(ledger.lines().count(), 2);
}
