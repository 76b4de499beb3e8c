//! What is said of money, each declared once: the `px_` metrics of `costs.csv` and `cost_summary.csv`.

use crate::metrics::Better;

/// What is made of costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Cost of service use per person-year before and after, in `costs.csv`.
    BeforeAfter,
    /// Change of the redesigned arm less change of the comparator.
    NetDifference,
    /// Delivery cost of people with scores over people recovered.
    PerRecovery,
    /// Delivery cost over people.
    PerPerson,
}

/// One figure about money.
pub struct CostMetric {
    /// Id in outputs.
    pub id: &'static str,
    /// What a board paper would say.
    pub title: &'static str,
    /// What a funder reads.
    pub plain_english: &'static str,
    /// What is made of costs.
    pub what: What,
    /// The table it stands in.
    pub sheet: &'static str,
    /// The unit of the value.
    pub unit: &'static str,
    /// Which direction is better.
    pub better: Better,
    /// A paragraph that an accountant can check.
    pub definition: &'static str,
    /// How it departs from what one might expect.
    pub differs: &'static str,
}

/// Where the figures come from.
pub const SOURCE: &str =
    "ours; National Cost Collection 2024/25 and the user's own unit costs; uprated by the NHS Cost Inflation Index";

/// Every figure about money, in the order of outputs.
pub const ALL: &[CostMetric] = &[
    CostMetric {
        id: "px_cost_before_after",
        title: "Cost of service use per person-year before and after index",
        plain_english: "What the services that people used are worth, in the year before joining and the year after.",
        what: What::BeforeAfter,
        sheet: "costs.csv",
        unit: "pounds per person-year",
        better: Better::Neither,
        definition: "Costed events at the unit cost of their own team or bed type, else of the service's average, all in the prices of one year, over the person-years observed; the total adds the services, each over its own time, and the delivery of the pathway. Not available where a service with events in either window has no unit cost.",
        differs: "the value of activity at average cost, not a saving; deliveries on the index day are counted, other events of that day are not; an appointment at a practice and a meeting with a charity are two events",
    },
    CostMetric {
        id: "px_net_difference",
        title: "Net difference in value of activity per person-year, redesigned against comparator",
        plain_english: "How much more or less the services that people use are worth, next to people without the new offer.",
        what: What::NetDifference,
        sheet: "cost_summary.csv",
        unit: "pounds per person-year",
        better: Better::Lower,
        definition: "Change from before to after of the redesigned arm, with its delivery, less that of the comparator; below 0 the redesigned arm came to use less. By payer it says whose budget carries more (above 0) and whose less (below 0). Interval from 2,000 draws of people; low and high with every unit cost at its low and high. Not available where any cost is missing.",
        differs: "arms are not weighted to each other; use of the services that supply the index events changes by construction, so that a second row leaves them out",
    },
    CostMetric {
        id: "px_cost_per_recovery",
        title: "Pathway cost per reliable recovery",
        plain_english: "What the pathway costs for each person who recovered.",
        what: What::PerRecovery,
        sheet: "cost_summary.csv",
        unit: "pounds",
        better: Better::Lower,
        definition: "Cost of the pathway's contacts with people who finished, with first and last scores on both measures, a Talking Therapies course that was referred while they were on the pathway, over those of them who reliably recovered. People without scores are in neither. Not available where any cost of the pathway is missing.",
        differs: "the cost of the course itself is not in it: costs.csv has it",
    },
    CostMetric {
        id: "px_delivery_cost_per_person",
        title: "Cost of delivering the pathway per person",
        plain_english: "What the pathway costs for each person who joins.",
        what: What::PerPerson,
        sheet: "cost_summary.csv",
        unit: "pounds",
        better: Better::Lower,
        definition: "Attended contacts of the index referral, from the index day to 365 days after it, at the pathway's cost per contact, over the people of the arm.",
        differs: "people without a usable number or not on the registered list are in neither part; contacts after the data end are not known",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics;

    #[test]
    fn every_figure_is_declared_once_and_whole() {
        let others = metrics::ALL.iter().map(|metric| metric.id);
        let mut ids: Vec<&str> = ALL.iter().map(|metric| metric.id).chain(others).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for metric in ALL {
            assert!(metric.id.starts_with("px_") && metric.plain_english.ends_with('.'), "{}", metric.id);
            assert!(metric.definition.ends_with('.') && !metric.differs.is_empty(), "{}", metric.id);
        }
    }
}
