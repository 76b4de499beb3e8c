//! The analysis plan in words, for `pathlink plan`.

use crate::metrics::rates;
use crate::settings::{Comparison, Covariate, DesignKind, Exact, Settings};

/// What the plan says, a line each; nothing without a plan.
pub(super) fn words(settings: &Settings) -> Vec<String> {
    let Some(plan) = &settings.plan else { return Vec::new() };
    let head = format!("analysis plan {}:", plan.sha256.get(..12).unwrap_or_default());
    std::iter::once(head).chain(plan.comparisons.iter().flat_map(|own| comparison(own, settings))).collect()
}

fn comparison(own: &Comparison, settings: &Settings) -> Vec<String> {
    let title = |id: &str| {
        let config = settings.pathway.iter().find(|config| config.id == id);
        config.map_or_else(|| id.to_owned(), |config| format!("{} ({id})", config.title))
    };
    let others: Vec<&str> = own.outcomes.iter().filter(|id| **id != own.primary).map(|id| outcome(id)).collect();
    let others = if others.is_empty() { String::new() } else { format!("; also {}", others.join(", ")) };
    let designs: Vec<&str> = own.designs.iter().map(|design| design_words(*design)).collect();
    let exact: Vec<&str> = own.exact.iter().map(|same| exact_words(*same)).collect();
    let alike: Vec<&str> = own.covariates.iter().map(|one| covariate_words(*one)).collect();
    let months = |count: u8| if count == 1 { "month".to_owned() } else { format!("{count} months") };
    let control = own.negative_control.as_ref().map(|id| {
        format!("    a difference in {}, which the pathway cannot change, warns of what was not measured", outcome(id))
    });
    let lines = [
        format!("  {} beside {}", title(&own.pathway), title(&own.comparator)),
        format!("    what decides is {}{others}", outcome(&own.primary)),
        format!(
            "    in the {} before the index date and the {} after it, by: {}",
            months(own.months_before),
            months(own.months_after),
            designs.join("; ")
        ),
        format!(
            "    matched: up to {} beside each, at most {} standard deviations apart, the same in {}; alike in {}",
            own.k,
            own.caliper,
            said(&exact),
            said(&alike)
        ),
    ];
    lines.into_iter().chain(control).collect()
}

fn said(words: &[&str]) -> String {
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

fn outcome(id: &str) -> &str {
    rates::ALL.iter().find(|rate| rate.id == id).map_or(id, |rate| rate.plain_english)
}

fn design_words(design: DesignKind) -> &'static str {
    match design {
        DesignKind::BeforeAfter => "before and after, which is no effect",
        DesignKind::Matched => "people matched",
        DesignKind::Did => "the difference of changes of those matched",
        DesignKind::Its => "a change of level, month by month",
        DesignKind::ItsControlled => "a change of level beyond that of those matched, month by month",
    }
}

fn exact_words(same: Exact) -> &'static str {
    match same {
        Exact::Sex => "sex",
        Exact::AgeBand => "ten years of age",
        Exact::IndexQuarter => "quarter of the index date",
        Exact::Deprivation => "deprivation quintile",
    }
}

fn covariate_words(covariate: Covariate) -> &'static str {
    match covariate {
        Covariate::Age => "age",
        Covariate::Sex => "sex",
        Covariate::Deprivation => "deprivation",
        Covariate::EthnicGroup => "ethnic group",
        Covariate::PriorUse => "use of services before",
        Covariate::OpenReferral => "an open referral to the trust",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_plan_reads_as_a_person_would_say_it() {
        let mut settings = Settings::default();
        assert!(words(&settings).is_empty());
        settings.add_pathways("x", include_str!("../../config/pathways/stockport.toml")).unwrap();
        settings.add_plan("y", include_str!("../../config/analysis_plan.toml")).unwrap();
        let found = words(&settings).join("\n");
        for wanted in [
            "Prevention Pathway (prevention) beside Prevention: usual care (prevention_usual_care)",
            "what decides is visits to A&E; also GP appointments",
            "in the 12 months before the index date and the 12 months after it, by: before and after, which is no effect",
            "up to 1 beside each, at most 0.2 standard deviations apart, the same in sex",
        ] {
            assert!(found.contains(wanted), "{wanted}: {found}");
        }
    }
}
