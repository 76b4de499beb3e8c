//! Figures of the catalogue of metrics that stand in tables of their own: where, and in which rows. They are worked out
//! there and nowhere else.

use super::metric::Better;

/// A figure, and the rows that hold it.
pub struct Elsewhere {
    /// The id that it is looked up by.
    pub id: &'static str,
    /// What a board paper would say.
    pub title: &'static str,
    /// What a funder reads.
    pub plain_english: &'static str,
    /// What is counted, out of what.
    pub definition: &'static str,
    /// The table, as a path below the folder of a run.
    pub table: &'static str,
    /// The column that tells its rows.
    pub column: &'static str,
    /// What stands in that column, or what it begins with.
    pub rows: &'static [&'static str],
    /// Which direction is better.
    pub better: Better,
    /// The published measure's id.
    pub official_id: &'static str,
    /// Document and version.
    pub source: &'static str,
    /// How it departs from the published measure.
    pub differs: &'static str,
}

/// Exact counts by file, for the trust's own eyes.
const INTERNAL: &str = "internal/data_quality.csv";

/// Every such figure.
pub const ALL: &[Elsewhere] = &[
    Elsewhere {
        id: "dq_nhs_valid",
        title: "NHS numbers that can be used",
        plain_english: "Records that say under which NHS number somebody is known.",
        definition: "Kept rows by what became of their NHS number, one row a reason code: `valid` is used, every other is not, and why. The share of records with a usable number, by source, is `records_with_usable_number` of linkage_quality.csv, which is released.",
        table: INTERNAL,
        column: "check",
        rows: &["nhs_number:"],
        better: Better::Higher,
        official_id: "none: ours",
        source: "NHS Number Standard Specification (ISB 0149), modulus 11",
        differs: "A number with a valid check digit is not counted as valid where its status contradicts it, or where it was never issued.",
    },
    Elsewhere {
        id: "dq_nhs_status",
        title: "NHS number status indicator codes",
        plain_english: "How sure each service is that it has the right NHS number.",
        definition: "Rows that are not left out by NHS NUMBER STATUS INDICATOR CODE, 01 (present and verified) to 08, and those without one, out of all such rows of a file that has the column. Released by table.",
        table: "release/data_quality.csv",
        column: "measure",
        rows: &["nhs_status:"],
        better: Better::Neither,
        official_id: "none: ours",
        source: "NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE (June 2026)",
        differs: "not at all",
    },
    Elsewhere {
        id: "dq_vodim",
        title: "Valid, other, default, invalid and missing values",
        plain_english: "How much of what was sent is filled in, and filled in rightly.",
        definition: "Cells of each heading that are valid, other, default, invalid or missing, out of the cells looked at. By heading and file in internal/data_quality.csv; summed by table in the released one, as `cells:<word>`.",
        table: INTERNAL,
        column: "check",
        rows: &["valid", "missing"],
        better: Better::Higher,
        official_id: "VODIM",
        source: "NHS Digital, MHSDS data quality (validity_v5.sql)",
        differs: "Every heading that is read, by our code lists; the published measure takes a list of MHSDS fields.",
    },
    Elsewhere {
        id: "dq_therapy_flags",
        title: "Flags of a national Talking Therapies extract that say what we say",
        plain_english: "Whether what the national extract worked out of a course of treatment is what we work out.",
        definition: "Courses of which a national extract gives the flag (CompletedTreatment_Flag, Caseness_Flag, NotCaseness_Flag, Recovery_Flag, ReliableImprovement_Flag, ReliableDeterioration_Flag or NoChange_Flag) and of which our own figure is known (`both`), and those of them of which both say the same (`agree`) or not (`differ`). Whether a course was completed is compared in all that ended, all else in finished courses: where it began where a first score tells, and how it ended where there are last scores of both measures. A blank flag is none. Figures never rest on flags. Released by flag, as `flag:<word>:<heading>`; courses of one to seven people are hidden, and the other part with them.",
        table: INTERNAL,
        column: "check",
        rows: &["flag:both", "flag:agree", "flag:differ"],
        better: Better::Neither,
        official_id: "none: ours",
        source: "ours; the flags are those of NHS Talking Therapies metadata (nhstt, 2026-07)",
        differs: "not at all",
    },
    Elsewhere {
        id: "dq_dup",
        title: "Rows that repeat another",
        plain_english: "Rows that were sent twice, and count once.",
        definition: "Rows whose key another row has, of which one is kept: the later submission, else the first. Out of the rows read.",
        table: "release/data_quality.csv",
        column: "measure",
        rows: &["duplicated"],
        better: Better::Lower,
        official_id: "none: ours",
        source: "ours",
        differs: "not at all",
    },
    Elsewhere {
        id: "dq_link_conflict",
        title: "Records under a number that is somebody else's",
        plain_english: "Records that were kept apart because they contradict the person whose NHS number they carry.",
        definition: "Records whose NHS number belongs to somebody with another date of birth, out of records with a usable number, by source. People whose records disagree about sex, or partly about the date of birth, stand in the rows below as `people_with_disagreeing_sex` and `people_with_partly_agreeing_birth_dates`.",
        table: "release/linkage_quality.csv",
        column: "measure",
        rows: &[
            "records_with_anothers_number",
            "people_with_disagreeing_sex",
            "people_with_partly_agreeing_birth_dates",
        ],
        better: Better::Lower,
        official_id: "none: ours",
        source: "ours",
        differs: "not at all",
    },
    Elsewhere {
        id: "px_linked",
        title: "People of one source who are in another",
        plain_english: "How many people that one service knows another service knows too.",
        definition: "People with a record in both sources, out of people with a record in the first, one row a pair of sources: `source` and `other_source`. Only people whose NHS number says who they are, on both sides. GP is the registered list. It says how far services see the same people, over all the time that was sent, and not how good linkage is: for that see `records_linked` in the same table.",
        table: "release/linkage_quality.csv",
        column: "measure",
        rows: &["people_in_both"],
        better: Better::Neither,
        official_id: "none: ours",
        source: "ours",
        differs: "not at all",
    },
    Elsewhere {
        id: "px_did",
        title: "Difference in differences",
        plain_english: "How use changed beside how it changed for comparable people.",
        definition: "Rows of effects.csv whose design is `did`, where an analysis plan asks for it: the change of people on the pathway over the change of those matched to them. `estimate` is (events a person-year after over before, on the pathway) over (the same, of those beside them, who are weighted by their matched sets), of people observed both before and after the index date, each against themselves; its interval is robust, with people as clusters. `difference_per_100_person_years` is what that ratio comes to: the pathway's events after the index date per 100 person-years, times (1 less 1 over the ratio). One row a comparison and outcome; outcomes are the px_rate metrics of before_after.csv.",
        table: "release/effects.csv",
        column: "design",
        rows: &["did"],
        better: Better::Neither,
        official_id: "none: ours",
        source: "ours",
        differs: "not at all",
    },
    Elsewhere {
        id: "ed_attend_per_person_year",
        title: "A&E attendances per person-year",
        plain_english: "Visits to A&E per person and year, before and after people joined the pathway.",
        definition: "The same as px_rate_ed: attendances per 100 person-years observed, in the year before the index date and in the year after it.",
        table: "release/before_after.csv",
        column: "metric_id",
        rows: &["px_rate_ed"],
        better: Better::Neither,
        official_id: "none: ours",
        source: "ours",
        differs: "not at all",
    },
    Elsewhere {
        id: "gp_attend_per_person_year",
        title: "GP appointments attended per person-year",
        plain_english: "GP appointments per person and year, before and after people joined the pathway.",
        definition: "The same as px_rate_gp: attended appointments per 100 person-years registered with a practice that sent data, in the year before the index date and in the year after it.",
        table: "release/before_after.csv",
        column: "metric_id",
        rows: &["px_rate_gp"],
        better: Better::Neither,
        official_id: "none: ours",
        source: "ours",
        differs: "not at all",
    },
];
