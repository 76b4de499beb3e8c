//! The integration tests, in one binary because each links Polars. One module a subject:
//! `bundled` the extracts of the demonstration, as `synth` makes them;
//! `tiny` the hand-worked fixture, number by number;
//! `corpus` what fuzzing starts from and what it found (`fuzz/README.md`);
//! `coverage` before and after, against the planted truth;
//! `effects` pathways beside their comparators, by hand, against the planted truth and at the edges;
//! `vectors` NHS numbers, tokens and hashes, against values made elsewhere;
//! `oracle_therapies` Talking Therapies figures, against plain loops over the raw extracts;
//! `oracle_journeys` before and after, and what became of people, likewise over many small towns; `oracle_costs` costs of the same;
//! `oracle_services` figures of the trust, A&E, practices and charities, and what became of every row, likewise;
//! `oracle_volumes` how much trusts did, likewise over many small towns;
//! `oracle_linked` people of one source in another, likewise; `national_flags` flags of a national extract beside our figures;
//! `oracle_outcomes` and `outcome_traps` how scores under referrals to trusts moved, `oracle_recovery` those about the index date;
//! `oracle_emergency`, `oracle_practices`, `oracle_charities` the same over many small towns full of edges;
//! `linkage_passes` records without a number find their person, and ties and two numbers are never joined;
//! `supersession` two numbers are one person only where the supplied table says so;
//! `linkage_bias` errors that fall on deprived and minority groups show in the quality pack, in their rows alone;
//! `linkage_forenames` twins stay apart, slips and short forms do not (`linkage_people` holds the people);
//! `linkage_truth` who was linked with whom, against who is who; `linkage_quality` what is said of how good that is;
//! `linkage_right` how right linkage is, of 100,000 people, and the traps one by one;
//! `layers` which module may see which;
//! `same_bytes` the same inputs give the same bytes; `leak` no identifier leaves `restricted/` and `store/`;
//! `dialects` one table in every encoding, line end and delimiter, and files that are cut, broken or endless;
//! `dirty` one fault at a time, and the check, gate or error that finds it;
//! `cut_offs` limits that are settings move their figures, and rows say which are not verified;
//! `missing_source` a source that sent nothing; `bad_input` each fault by its code, exit code and fix;
//! `unchanged` a second night; `rejects` rows that could not be used; `synth_command` the commands `synth` and `key`;
//! `someone_else` an export that nobody prepared, and its config;
//! `shapes` extracts as different senders write them; `submissions` months sent again; `spc` which monthly figures are steady;
//! `opt_outs` people who are to be left out, and consent;
//! `check` every fault of a delivery; `doctor` one file, one machine; `parquet_input` Parquet and pseudonymised files;
//! `keys` every refusal of a key, and what is never shown of it; `rotate` the next key and the table of tokens;
//! `compat` other parties' digests; `describe` the pages that people read; `killed` what a killed run leaves, and no core;
//! `business_case` followed with a calculator and refused, `case_workbook` from the workbook alone, `case_hidden` under disclosure
//! control, `planted_case` against the planted truth; `compare` what a run would do, and why figures moved; `nights` night after night with faults; `faults` a run stopped at every
//! point, with the feature of that name;
//! `nightly` the lock, waiting, signals and what a scheduler is told; `retention` what of earlier nights goes; `init` a new project;
//! `sbom` what the program is built from; `scale` the SQL for a data platform; `schema` the schemas of configuration files;
//! `far_above` use before that is far above everyone's; `published_england` the published figures of England, from rows; `published` figures that others printed beside ours; `pseudonymise` files made at a partner's site;
//! `registry` people keep their ids from run to run; `share` rows for an evaluator under an agreement;
//! `properties` what holds for every figure of many small worlds.
//! `workbook` the spreadsheet of a release, line by line of the checklist for accessible ones; `accessible` axe-core on the reports;
//! `harmless` formulas, mark-up and long titles do no harm.
//! `warehouse` extracts that are queries over ODBC, with the feature of that name.
//! `places` the worked examples of pathways, each on the bundled fixture.
//!
//! Helpers: `book` reads a workbook's XML, `tools` finds other programs or says that they are absent, `support` runs a fixture, `town` makes an invented town and runs it, `raw` reads its extracts as text,
//! `therapy_towns` makes small towns of Talking Therapies full of edges, `service_towns` such of A&E, practices and charities, `program` runs the program, `scan` looks for identifiers; `figures` counts by plain loops and compares, `known` says whose every record is.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, and so do its helpers"
)]

mod accessible;
mod anxiety_traps;
mod attacks;
mod bad_input;
mod book;
mod bundled;
mod business_case;
mod case_hidden;
mod case_report;
mod case_workbook;
#[path = "../../benches/linkage/charity.rs"]
mod charity;
mod check;
mod compare;
mod compat;
mod corpus;
mod coverage;
mod cut_offs;
mod describe;
mod dialects;
mod dirty;
mod disclosure_brute_force;
mod doctor;
mod effects;
#[path = "../../benches/linkage/extracts.rs"]
mod extracts;
mod far_above;
#[cfg(feature = "faults")]
mod faults;
mod figures;
mod frequent_traps;
#[path = "../../fuzz/properties/mod.rs"]
mod fuzzed;
mod harmless;
#[path = "../../benches/linkage/holdout.rs"]
mod holdout;
mod init;
mod keys;
mod killed;
mod known;
mod layers;
mod leak;
mod linkage_bias;
mod linkage_forenames;
mod linkage_passes;
mod linkage_people;
mod linkage_quality;
mod linkage_right;
mod linkage_truth;
mod missing_source;
mod national_flags;
mod nightly;
mod nights;
mod opt_outs;
mod oracle_across;
mod oracle_charities;
mod oracle_costs;
mod oracle_emergency;
mod oracle_journeys;
mod oracle_linked;
mod oracle_outcomes;
mod oracle_practices;
mod oracle_recovery;
mod oracle_services;
mod oracle_spells;
mod oracle_therapies;
mod oracle_trust;
mod oracle_volumes;
mod outcome_traps;
mod parquet_input;
#[path = "../../benches/coverage/people.rs"]
mod people;
mod places;
#[path = "../../benches/business_case/planted.rs"]
mod planted;
mod planted_case;
mod program;
mod properties;
mod pseudonymise;
mod published;
mod published_england;
mod raw;
mod registry;
mod rejects;
mod releases;
mod report;
mod retention;
mod rotate;
mod same_bytes;
mod sbom;
mod scale;
mod scan;
mod schema;
#[path = "../../benches/linkage/score.rs"]
mod score;
mod sensitivity;
mod service_towns;
mod shapes;
mod share;
mod someone_else;
mod spc;
#[path = "../../benches/coverage/study.rs"]
mod study;
mod submissions;
mod supersession;
mod support;
mod synth_command;
mod therapy_towns;
mod tiny;
mod tools;
mod town;
mod trust_sent;
mod trust_towns;
mod trust_traps;
mod unchanged;
mod vectors;
mod verify;
mod warehouse;
#[path = "../../benches/linkage/whose.rs"]
mod whose;
mod workbook;
