//! Cumulative incidence with competing events.

/// How likely an event has become by the end, with what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Incidence {
    /// Share with the event, as if nobody had been censored.
    pub share: f64,
    /// Its variance.
    pub variance: f64,
    /// People at the start.
    pub people: u64,
}

/// The share of people who have the event first, before a competing one, from the people of each time in order: those with the
/// event, with a competing event, and censored. Who is censored at a time is still at risk in it.
///
/// `None` without people.
///
/// Sources: Aalen and Johansen (1978), Scand J Stat 5:141; variance by the delta method, Marubini and Valsecchi (1995), Analysing
/// Survival Data, 10.3. Without censoring it is the plain share, and its variance the binomial one.
pub fn incidence(times: &[[u64; 3]]) -> Option<Incidence> {
    let people: u64 = times.iter().flatten().sum();
    let mut at_risk = people;
    let (mut free, mut share) = (1.0, 0.0);
    // At risk, all events, own events, free before, share so far: one step a time with events.
    let mut steps: Vec<[f64; 5]> = Vec::new();
    for [own, competing, censored] in times {
        let all = own + competing;
        if all > 0 {
            let n = at_risk as f64;
            share += free * *own as f64 / n;
            steps.push([n, all as f64, *own as f64, free, share]);
            free *= 1.0 - all as f64 / n;
        }
        at_risk -= all + censored;
    }
    let part = |[n, all, own, free, so_far]: &[f64; 5]| {
        let rest = share - so_far;
        let survival = if all < n { rest * rest * all / (n * (n - all)) } else { 0.0 };
        survival + free * free * (n - own) * own / n.powi(3) - 2.0 * rest * free * own / (n * n)
    };
    let variance = steps.iter().map(part).sum::<f64>().max(0.0);
    (people > 0).then_some(Incidence { share, variance, people })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_people_by_hand() {
        // Event, competing, censored, event, censored: 1/5, then free 3/5, then half of that.
        let found = incidence(&[[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1]]).unwrap();
        assert!((found.share - 0.5).abs() < 1e-12, "{found:?}");
        assert_eq!(found.people, 5);
        assert_eq!(incidence(&[]), None);
    }

    #[test]
    fn without_censoring_it_is_the_plain_share() {
        let found = incidence(&[[3, 1, 0], [2, 2, 0], [1, 0, 0], [0, 0, 11]]).unwrap();
        let share = 6.0 / 20.0;
        assert!((found.share - share).abs() < 1e-12, "{found:?}");
        assert!((found.variance - share * (1.0 - share) / 20.0).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn everyone_with_the_event_is_the_whole() {
        let found = incidence(&[[2, 0, 0], [3, 0, 0]]).unwrap();
        assert!((found.share - 1.0).abs() < 1e-12 && found.variance.abs() < 1e-12, "{found:?}");
    }
}
