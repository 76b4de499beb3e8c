//! `effects.csv`, `balance.csv`, `event_study.csv`: what pathways changed beside their comparators, after control.

use super::effect_columns::{BALANCE, EFFECTS, MONTHS, SENSITIVITY};
use super::policy::{Marker, Policy, two_figures};
use super::sheets::{Sheet, Value};
use crate::effects::{BalanceRow, Behind, Compared, Effects, Exact, Found, MonthRow, Row, Said, Study, Variant};
use crate::evaluation::balance::TOO_FAR;
use crate::metrics::rates::ALL;
use crate::pathways::Pathways;
use crate::pathways::months::MONTHS as HALF;
use crate::settings::DesignKind;

/// The analysis plan that effects were looked for by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// SHA-256 of its file.
    pub sha256: String,
    /// The day on which a run first used it.
    pub first_seen: String,
}

/// Effects with the plan that they were looked for by.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'a> {
    /// What was found.
    pub effects: &'a Effects,
    /// The plan.
    pub stamp: &'a Stamp,
}

/// The tables; none where nothing was looked for.
pub(super) fn released(planned: Option<Planned<'_>>, pathways: &Pathways, policy: &Policy) -> Vec<Sheet> {
    let Some(planned) = planned else { return Vec::new() };
    let table = Tables { planned, pathways, policy };
    vec![table.effects(), table.balance(), table.months(), table.sensitivity()]
}

/// The same tables with nothing hidden or rounded, for the trust's analysts.
pub fn internal(planned: Option<Planned<'_>>, pathways: &Pathways) -> Vec<Sheet> {
    released(planned, pathways, &Policy::exact())
}

struct Tables<'a> {
    planned: Planned<'a>,
    pathways: &'a Pathways,
    policy: &'a Policy,
}

impl Tables<'_> {
    fn effects(&self) -> Sheet {
        let all = self.planned.effects.compared.iter();
        let rows = all.flat_map(|own| own.rows.iter().map(|row| self.effect(own, row))).collect();
        Sheet { name: "effects", title: "What pathways changed beside their comparators", columns: EFFECTS, rows }
    }

    fn balance(&self) -> Sheet {
        let all = self.planned.effects.compared.iter();
        let rows = all.flat_map(|own| own.balance.iter().map(|row| self.likeness(own, row))).collect();
        Sheet { name: "balance", title: "How alike the people are who are compared", columns: BALANCE, rows }
    }

    fn months(&self) -> Sheet {
        let all = self.planned.effects.compared.iter();
        let rows = all.flat_map(|own| own.studies.iter().flat_map(|study| self.study(own, study))).collect();
        Sheet {
            name: "event_study",
            title: "The two groups month by month around the index date",
            columns: MONTHS,
            rows,
        }
    }

    fn sensitivity(&self) -> Sheet {
        let all = self.planned.effects.compared.iter();
        let rows = all.flat_map(|own| own.variants.iter().map(|one| self.variant(own, one))).collect();
        let title = "The outcome that decides, under other rules";
        Sheet { name: "sensitivity", title, columns: SENSITIVITY, rows }
    }

    fn variant(&self, own: &Compared, one: &Variant) -> Vec<Value> {
        let marker = match self.marker_of(&one.found, &one.behind, one.is_of_few) {
            // Beside the main result it would tell of those few.
            _ if one.apart > 0 && self.policy.is_small(one.apart) => Marker::Hidden,
            marker => marker,
        };
        let is_shown = marker != Marker::Hidden;
        let found = one.found.as_ref().ok().filter(|_| is_shown);
        let of = |number: Option<Exact>| self.model(number, 2);
        let count = |arm: usize, of: fn(&Behind) -> u64| {
            Value::whole(one.arms[arm].as_ref().filter(|_| is_shown).map(|arm| self.policy.round(of(arm))))
        };
        let why = one.found.as_ref().err().map(|why| match marker {
            Marker::Hidden => "No estimate that can be shown.".to_owned(),
            _ => format!("No estimate: {why}."),
        });
        let [pathway, comparator] = self.names(own);
        vec![
            pathway,
            comparator,
            Value::text(&one.analysis),
            Value::text(ALL[one.rate].id),
            Value::text(ALL[one.rate].title),
            Value::text(one.design.id()),
            of(found.map(|found| found.ratio)),
            of(found.map(|found| found.limits[0])),
            of(found.map(|found| found.limits[1])),
            count(0, |arm| arm.people),
            count(1, |arm| arm.people),
            count(0, |arm| arm.events),
            count(1, |arm| arm.events),
            Value::text(why.unwrap_or_default()),
            Value::text(marker.sign()),
        ]
    }

    fn is_exact(&self) -> bool {
        self.policy.threshold == 0
    }

    fn names(&self, own: &Compared) -> [Value; 2] {
        [own.pathway, own.comparator].map(|at| Value::text(&self.pathways.configs[at].id))
    }

    /// A number of a model: to two significant figures in a release.
    fn model(&self, number: Option<Exact>, places: usize) -> Value {
        match number {
            Some(Exact(number)) if self.is_exact() => Value::decimal(Some(number), 6),
            number => Value::decimal(number.map(|Exact(number)| two_figures(number)), places),
        }
    }

    /// Whether an estimate may be shown: enough people with events stand behind each of its cells.
    fn holds(&self, cell: &Behind) -> bool {
        let enough = cell.people >= self.policy.threshold && cell.with_events >= self.policy.threshold;
        enough && !self.policy.is_dominated(cell.events, cell.top_two)
    }

    /// Whether counts without an estimate may be.
    fn is_small(&self, cell: &Behind) -> bool {
        let few = [cell.people, cell.with_events].into_iter().any(|people| self.policy.is_small(people));
        few || self.policy.is_dominated(cell.events, cell.top_two)
    }

    fn marker(&self, row: &Row) -> Marker {
        if row.is_sent { self.marker_of(&row.found, &row.behind, row.is_of_few) } else { Marker::NotAvailable }
    }

    fn marker_of(&self, found: &Result<Found, String>, behind: &[Behind], is_of_few: bool) -> Marker {
        let is_hidden = match found {
            _ if self.is_exact() => false,
            Ok(_) => !behind.iter().all(|cell| self.holds(cell)),
            Err(_) => is_of_few || behind.iter().any(|cell| self.is_small(cell)),
        };
        match found {
            _ if is_hidden => Marker::Hidden,
            Ok(_) => Marker::None,
            Err(_) => Marker::NotApplicable,
        }
    }

    fn effect(&self, own: &Compared, row: &Row) -> Vec<Value> {
        let marker = self.marker(row);
        let is_shown = marker != Marker::Hidden;
        let found = row.found.as_ref().ok().filter(|_| is_shown);
        let of = |number: Option<Exact>| self.model(number, 2);
        let per_100 = |at: usize| self.model(found.and_then(|found| found.per_100_years).map(|all| all[at]), 1);
        let count = |arm: usize, of: fn(&Behind) -> u64| {
            Value::whole(row.arms[arm].as_ref().filter(|_| is_shown).map(|arm| self.policy.round(of(arm))))
        };
        let [pathway, comparator] = self.names(own);
        let p = found.map(|found| if self.is_exact() { found.p } else { Exact(found.p.0.max(1e-4)) });
        vec![
            pathway,
            comparator,
            Value::text(ALL[row.rate].id),
            Value::text(ALL[row.rate].title),
            Value::text(row.design.id()),
            Value::whole(Some(u64::from(row.grade))),
            yes(row.said != Said::Nothing),
            yes(row.said == Said::Primary),
            Value::text(estimate_type(row.design)),
            of(found.map(|found| found.ratio)),
            of(found.map(|found| found.limits[0])),
            of(found.map(|found| found.limits[1])),
            self.model(p, 4),
            per_100(0),
            per_100(1),
            per_100(2),
            count(0, |arm| arm.people),
            count(1, |arm| arm.people),
            count(0, |arm| arm.events),
            count(1, |arm| arm.events),
            of(found.and_then(|found| found.dispersion)),
            of(found.and_then(|found| found.e_values[0])),
            of(found.and_then(|found| found.e_values[1])),
            of(row.expected.filter(|_| is_shown && row.behind.iter().all(|cell| self.is_exact() || self.holds(cell)))),
            Value::text(caution(row, marker)),
            Value::text(marker.sign()),
            Value::text(&self.planned.stamp.sha256),
            Value::text(&self.planned.stamp.first_seen),
        ]
    }

    fn likeness(&self, own: &Compared, row: &BalanceRow) -> Vec<Value> {
        // Who does not have a level, or no use, is told by who does.
        let few = |[own, all]: [u64; 2]| self.policy.is_small(own) || self.policy.is_small(all - own);
        let is_hidden = row.behind.iter().flatten().any(|count| few(*count));
        let marker = if is_hidden { Marker::Hidden } else { Marker::None };
        let of = |number: Option<Exact>| self.model(number.filter(|_| !is_hidden), 2);
        let [missing, all] = row.missing;
        let is_told = all > 0 && !few([missing, all]);
        let missing = is_told.then(|| 100.0 * self.policy.round(missing) as f64 / self.policy.round(all) as f64);
        let is_off = row.differences[1].is_none_or(|Exact(after)| after.abs() >= TOO_FAR);
        let [pathway, comparator] = self.names(own);
        vec![
            pathway,
            comparator,
            Value::text(&row.covariate),
            Value::text(&row.level),
            of(row.differences[0]),
            of(row.differences[1]),
            of(row.variance_ratio),
            Value::decimal(missing.filter(|_| !is_hidden), 0),
            if is_hidden { Value::Empty } else { yes(!is_off) },
            Value::text(marker.sign()),
        ]
    }

    fn study<'b>(&'b self, own: &'b Compared, study: &'b Study) -> impl Iterator<Item = Vec<Value>> + 'b {
        let reference = study.months.get(HALF - 1);
        let holds = move |month: &MonthRow| {
            let both = reference.into_iter().chain([month]).flat_map(|month| &month.behind);
            self.is_exact() || both.into_iter().all(|cell| self.holds(cell))
        };
        study.months.iter().enumerate().map(move |(at, month)| {
            let marker = match month.ratio {
                _ if !holds(month) => Marker::Hidden,
                None => Marker::NotApplicable,
                Some(_) => Marker::None,
            };
            let ratio = month.ratio.filter(|_| marker == Marker::None);
            let [pathway, comparator] = self.names(own);
            // Months count from 1 on either side: there is none of the index date.
            let number = if at < HALF { at as i64 - HALF as i64 } else { (at - HALF) as i64 + 1 };
            let is_told = reference.is_some_and(&holds);
            vec![
                pathway,
                comparator,
                Value::text(ALL[study.rate].id),
                Value::text(ALL[study.rate].title),
                yes(study.is_planned),
                Value::Whole(number),
                self.model(ratio.map(|all| all[0]), 2),
                self.model(ratio.map(|all| all[1]), 2),
                self.model(ratio.map(|all| all[2]), 2),
                self.model(study.before.filter(|_| is_told).map(|Exact(chance)| Exact(chance.max(1e-4))), 4),
                Value::text(marker.sign()),
            ]
        })
    }
}

/// What a reader has to keep in mind, with why there is no estimate before it.
fn caution(row: &Row, marker: Marker) -> String {
    let why = match &row.found {
        Err(_) if marker == Marker::Hidden && row.is_of_few => Some("No estimate: too little happened.".to_owned()),
        Err(why) => Some(format!("No estimate: {why}.")),
        Ok(_) if marker == Marker::Hidden => Some("Too few people to show.".to_owned()),
        Ok(_) => None,
    };
    let plan = (row.said == Said::Nothing)
        .then(|| "Not in the analysis plan: nobody said before that it would be looked at.".to_owned());
    why.into_iter().chain(plan).chain(row.cautions.iter().cloned()).collect::<Vec<_>>().join(" ")
}

fn yes(is_so: bool) -> Value {
    Value::text(if is_so { "yes" } else { "no" })
}

/// What the estimate of a design is.
fn estimate_type(design: DesignKind) -> &'static str {
    match design {
        DesignKind::BeforeAfter => "rate ratio, after over before",
        DesignKind::Matched => "adjusted rate ratio",
        DesignKind::Did => "ratio of rate ratios",
        DesignKind::Its => "change of level, rate ratio",
        DesignKind::ItsControlled => "change of level beyond the others', rate ratio",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::Found;

    const POLICY: Policy = Policy::STANDARD;

    fn cell(with_events: u64) -> Behind {
        Behind { people: 50, with_events, events: 3 * with_events, top_two: [3, 3] }
    }

    fn row(found: Result<Found, String>, behind: Vec<Behind>) -> Row {
        Row {
            rate: 0,
            design: DesignKind::Matched,
            grade: 3,
            said: Said::Nothing,
            is_sent: true,
            found,
            is_of_few: false,
            arms: [behind.first().copied(), behind.get(1).copied()],
            behind,
            expected: None,
            cautions: vec!["Beware.".to_owned()],
        }
    }

    fn ratio() -> Found {
        let per_100_years = Some([-12.345, -20.0, 1.0].map(Exact));
        let limits = [Exact(0.6123), Exact(1.0123)];
        let e_values = [Some(Exact(1.92)), Some(Exact(1.0))];
        Found { ratio: Exact(0.7712), limits, p: Exact(0.0613), per_100_years, dispersion: Some(Exact(1.5)), e_values }
    }

    /// The cells of a row that matter here: from the estimate to the marker.
    fn shown(row: Row, policy: &Policy) -> Vec<String> {
        let compared = Compared {
            pathway: 0,
            comparator: 0,
            rows: vec![row],
            balance: Vec::new(),
            studies: Vec::new(),
            variants: Vec::new(),
        };
        let effects = Effects { compared: vec![compared] };
        let stamp = Stamp { sha256: "ab".to_owned(), first_seen: "2026-01-02".to_owned() };
        let mut settings = crate::settings::Settings::default();
        settings
            .add_pathways("x", "[pathway.new]\ntitle = \"New\"\nrole = \"redesigned\"\nindex = { table = \"referrals\", date = \"received_date\" }\nwhere = []\nfrom = 2024-04-01\n")
            .unwrap();
        let pathways = Pathways {
            configs: settings.pathway,
            episodes: 0,
            windows: Vec::new(),
            recoveries: Vec::new(),
            clinicians: Vec::new(),
            populations: Vec::new(),
            selections: Vec::new(),
            movements: Vec::new(),
            follow_up: Vec::new(),
            is_ascertained: true,
            flow: Vec::new(),
        };
        let sheets = released(Some(Planned { effects: &effects, stamp: &stamp }), &pathways, policy);
        assert!(sheets.iter().all(|sheet| sheet.rows.iter().all(|row| row.len() == sheet.columns.len())));
        let place = |name: &str| EFFECTS.iter().position(|column| column.name == name).unwrap();
        ["estimate", "upper_95", "difference_per_100_person_years", "people", "comparator_events", "caution", "marker"]
            .map(|name| sheets[0].rows[0][place(name)].print())
            .to_vec()
    }

    #[test]
    fn an_estimate_has_two_figures_and_eight_people_with_events_in_every_cell() {
        let caution = "Not in the analysis plan: nobody said before that it would be looked at. Beware.";
        let found = shown(row(Ok(ratio()), vec![cell(8), cell(9)]), &POLICY);
        assert_eq!(found, ["0.77", "1.00", "-12.0", "50", "25", caution, ""]);
        let found = shown(row(Ok(ratio()), vec![cell(8), cell(7)]), &POLICY);
        assert_eq!(found[..5], ["", "", "", "", ""]);
        assert_eq!(found[6], "c");
        let exact = shown(row(Ok(ratio()), vec![cell(8), cell(7)]), &Policy::exact());
        assert_eq!(exact[..5], ["0.771200", "1.012300", "-12.345000", "50", "21"]);
    }

    #[test]
    fn where_there_is_no_estimate_the_reason_stands() {
        let found =
            shown(row(Err("one of the two groups is empty".to_owned()), vec![cell(9), Behind::default()]), &POLICY);
        assert_eq!((found[0].as_str(), found[3].as_str(), found[6].as_str()), ("", "50", "z"));
        assert!(found[5].starts_with("No estimate: one of the two groups is empty."));
        let few = Row { is_of_few: true, ..row(Err("fewer than 10 events".to_owned()), vec![cell(9), cell(9)]) };
        let found = shown(few, &POLICY);
        assert_eq!((found[3].as_str(), found[6].as_str()), ("", "c"));
        assert!(!found[5].contains("10"));
        let unsent = Row { is_sent: false, ..row(Err("the data were not sent".to_owned()), Vec::new()) };
        assert_eq!(shown(unsent, &POLICY)[6], "x");
    }
}
