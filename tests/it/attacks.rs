//! Attacks on published tables, by their numbers in the specification: tables in, what a reader finds out.

use pathlink::attack::{Rules, attack};
use pathlink::audit::{Published, Range, Relation, Sums, sums::Sum};

const RULES: Rules = Rules { threshold: 8, round_to: 5 };
const HEADINGS: [&str; 13] = [
    "period_start",
    "period_end",
    "pathway",
    "metric_id",
    "breakdown",
    "level",
    "numerator",
    "denominator",
    "people",
    "value",
    "unit",
    "method",
    "marker",
];

/// A year's row of a table of figures: metric, pathway, breakdown, level, then numerator, denominator, people, value, marker.
fn row([metric, pathway, breakdown, level]: [&str; 4], cells: [&str; 5]) -> Vec<String> {
    quarter("2024-04-01", "2025-03-31", [metric, pathway, breakdown, level], cells)
}

fn quarter(start: &str, end: &str, [metric, pathway, breakdown, level]: [&str; 4], cells: [&str; 5]) -> Vec<String> {
    let [numerator, denominator, people, value, marker] = cells;
    let is_share = !denominator.is_empty() && !value.is_empty();
    let unit = if is_share || marker == "c" { "percent" } else { "count" };
    [start, end, pathway, metric, breakdown, level, numerator, denominator, people, value, unit, "", marker]
        .map(str::to_owned)
        .to_vec()
}

fn count(place: [&str; 4], shown: &str) -> Vec<String> {
    row(place, if shown == "c" { ["", "", "", "", "c"] } else { [shown, "", shown, shown, ""] })
}

fn table(rows: Vec<Vec<String>>) -> Published {
    Published { name: "demand".to_owned(), headings: HEADINGS.map(str::to_owned).to_vec(), rows }
}

/// What an attack finds in rows, one line for each.
fn found(rows: Vec<Vec<String>>) -> Vec<String> {
    let outcome = attack(&[table(rows)], RULES);
    outcome.findings.into_iter().map(|finding| format!("row {}: {}", finding.row, finding.what)).collect()
}

const ALL: [&str; 4] = ["ed_attendances", "everyone", "all", "all"];

/// What exact parts and an exact total leave of one part that is hidden.
fn rest(total: i64, others: &[i64]) -> Range {
    let mut sums = Sums::default();
    let own = sums.number(Range { low: 1, high: 7 });
    let whole = sums.number(Range::only(total));
    let mut parts = vec![own];
    parts.extend(others.iter().map(|other| sums.number(Range::only(*other))));
    sums.sum(Sum { whole, parts, relation: Relation::Equal });
    sums.narrow().unwrap();
    sums.range(own)
}

#[test]
fn attack_1_the_total_minus_the_rest() {
    // The published example: hidden, 10, 15, 25, in all 51.
    assert_eq!(rest(51, &[10, 15, 25]), Range::only(1));
}

#[test]
fn attack_2_a_total_that_was_rounded_on_its_own() {
    // 6 and 12, shown as hidden and 10 with a total of 20: 6 or 7. Of all rows of two cells, 1 to 7 and 8 to 62, the published
    // study has 242 that leave all seven values, 110 four and 33 two.
    let round = |count: i64| (count + 2) / 5 * 5;
    let shown = |count: i64| Range { low: (round(count) - 2).max(8), high: round(count) + 2 };
    let mut sizes = std::collections::BTreeMap::new();
    for few in 1..8 {
        for others in 8..63 {
            let mut sums = Sums::default();
            let [own, other, total] =
                [Range { low: 1, high: 7 }, shown(others), shown(few + others)].map(|range| sums.number(range));
            sums.sum(Sum { whole: total, parts: vec![own, other], relation: Relation::Equal });
            sums.narrow().unwrap();
            *sizes.entry(sums.range(own).high - sums.range(own).low + 1).or_insert(0) += 1;
        }
    }
    assert_eq!(sizes.into_iter().collect::<Vec<_>>(), [(2, 33), (4, 110), (7, 242)]);
}

#[test]
fn attack_3_a_percentage_beside_rounded_counts() {
    // 23 of 47 is 49 %, and no other pair that is shown as 25 of 45 is: with it the hidden level's size is told.
    let share = |level: &str, cells: [&str; 5]| {
        row(["tt_paired", "everyone", if level == "all" { "all" } else { "sex" }, level], cells)
    };
    let careless = vec![
        share("all", ["25", "50", "50", "51", ""]),
        share("male", ["25", "45", "45", "49", ""]),
        share("female", ["", "", "", "", "c"]),
    ];
    assert!(!found(careless).is_empty());
    let controlled = vec![
        share("all", ["25", "50", "50", "51", ""]),
        share("male", ["", "", "", "", "c"]),
        share("female", ["", "", "", "", "c"]),
    ];
    assert_eq!(found(controlled), Vec::<String>::new());
}

#[test]
fn attack_5_natural_numbers() {
    // 2 = x + y, both hidden, both at least 1.
    let mut sums = Sums::default();
    let [x, y] = [(); 2].map(|()| sums.number(Range { low: 1, high: 7 }));
    let whole = sums.number(Range::only(2));
    sums.sum(Sum { whole, parts: vec![x, y], relation: Relation::Equal });
    sums.narrow().unwrap();
    assert_eq!(sums.range(x), Range::only(1));
}

#[test]
fn attack_6_a_part_of_the_people_against_all_of_them() {
    // All 20 and men 20, women 0 shown: nothing. All 8 to 12, a pathway 8 to 12: what is left is nobody to four, not known to be few.
    let on = |pathway: &'static str| ["ed_attendances", pathway, "all", "all"];
    assert!(found(vec![count(on("everyone"), "10"), count(on("prevention"), "10")]).is_empty());
    // A pathway with more people than there are tells that a figure was changed.
    let impossible = found(vec![count(on("everyone"), "10"), count(on("prevention"), "20")]);
    assert_eq!(impossible, ["row 1: it does not add up with other rows: a number was changed, or a row left out"]);
}

#[test]
fn attack_9_limits_that_tell_the_counts() {
    // 49 % of about 120: eight pairs of counts. Its limits, 40 % and 58 %, leave fewer, and the attack goes by them.
    let mut own = table(vec![row(["tt_paired", "everyone", "all", "all"], ["60", "120", "120", "49", ""])]);
    own.headings.extend(["lower_95".to_owned(), "upper_95".to_owned()]);
    own.rows[0].extend(["1".to_owned(), "99".to_owned()]);
    assert!(attack(std::slice::from_ref(&own), RULES).findings.is_empty(), "limits of another method say nothing");
    own.rows[0][11] = "Wilson".to_owned();
    assert!(!attack(std::slice::from_ref(&own), RULES).findings.is_empty(), "no counts have such limits");
    own.rows[0][13..].clone_from_slice(&["40".to_owned(), "58".to_owned()]);
    assert!(attack(&[own], RULES).findings.is_empty());
}

#[test]
fn attack_10_the_same_people_under_two_breakdowns() {
    // Men and women are shown and tell the total exactly; with it one quintile tells the other, which is hidden.
    let by = |breakdown: &'static str, level: &'static str| ["tt_paired", "everyone", breakdown, level];
    let exact = |place: [&str; 4]| row(place, ["10", "20", "20", "67", ""]);
    let hidden = |level: &'static str| row(by("imd_quintile", level), ["", "", "", "", "c"]);
    let mut careless = vec![
        row(by("all", "all"), ["25", "35", "35", "", "u"]),
        exact(by("sex", "male")),
        exact(by("sex", "female")),
        exact(by("imd_quintile", "1")),
        hidden("2"),
    ];
    assert!(!found(careless.clone()).is_empty());
    // Without one of the two nothing is known of the total but what rounding leaves.
    careless.remove(2);
    careless.push(row(by("sex", "female"), ["", "", "", "", "c"]));
    careless.push(hidden("3"));
    assert!(found(careless).is_empty());
}

#[test]
fn attack_11_two_recipients_releases_together() {
    // The second recipient's release is made beside the first one's: what both print of a place is held together.
    let share = |level: &'static str, cells: [&str; 5]| {
        row(["tt_paired", "everyone", if level == "all" { "all" } else { "sex" }, level], cells)
    };
    // 23 of 47 in all, by the percentage.
    let hidden = ["", "", "", "", "c"];
    let first = table(vec![share("all", ["25", "45", "45", "49", ""]), share("male", hidden), share("female", hidden)]);
    // 12 of 18 women, by the percentage.
    let second = table(vec![share("female", ["10", "20", "20", "67", ""])]);
    for own in [&first, &second] {
        assert_eq!(attack(std::slice::from_ref(own), RULES).findings, [], "each alone is safe");
    }
    assert!(!attack(&[first, second], RULES).findings.is_empty(), "together they tell");
}

#[test]
fn attack_12_a_rule_that_a_row_breaks_by_itself() {
    assert!(found(vec![count(ALL, "12")])[0].contains("not rounded"));
    let unhidden = row(ALL, ["10", "", "", "10", "c"]);
    assert!(found(vec![unhidden]).iter().any(|line| line.contains("marked as hidden")));
}
