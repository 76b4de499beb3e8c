//! Who is responsible for people after a stay in hospital: the trust that discharged them, or the one it referred them on to.
//!
//! In: onward referrals, and the trusts that sent something. Out: providers. Source: NHS England's code of MHS80
//! (`menh_publications`, `02_72HOURS`, `PrepViews.py`).

use polars::prelude::DataFrame;

use crate::domain::org_code::OrgCode;
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::rules::{self, contacts};
use crate::schema::Source;

/// A trust is known by the first three letters of the code of any of its sites.
const TRUST_LETTERS: usize = 3;

/// Onward referrals by referral and day.
pub struct Responsible {
    referral: Vec<u32>,
    date: Vec<i32>,
    receiving: Vec<u64>,
    /// Trusts that sent something, in order.
    trusts: Vec<u64>,
}

impl Responsible {
    /// From linked tables.
    pub fn of(linked: &Linked) -> Result<Self, Error> {
        let table = &linked.onward_referrals;
        let is_own = rules::met_by(&linked.referrals, contacts::of_service(Source::MentalHealth))?;
        let providers = frame::whole_u64(&linked.referrals, "provider")?;
        let own: Vec<u64> = is_own.true_idx_iter().map(|row| providers.values()[row]).collect();
        Self::from(table, frame::distinct(&own))
    }

    fn from(table: &DataFrame, trusts: Vec<u64>) -> Result<Self, Error> {
        Ok(Self {
            referral: frame::whole_u32(table, "referral")?.values().to_vec(),
            date: frame::values_i32(table, "date")?.into_iter().flatten().collect(),
            receiving: frame::whole_u64(table, "receiving_org")?.values().to_vec(),
            trusts,
        })
    }

    /// Who is responsible after a stay under a referral to a provider, from its first day to its last: everybody it was referred on
    /// to in these days who sent something, and the provider itself where it was referred on to nobody or to somebody who did not.
    /// A referral to another site of the provider is none.
    pub fn by(&self, referral: u32, provider: u64, (first, last): (i32, i32)) -> Vec<u64> {
        let rows =
            self.referral.partition_point(|one| *one < referral)..self.referral.partition_point(|one| *one <= referral);
        let on = rows.filter(|row| (first..=last).contains(&self.date[*row]));
        let mut found: Vec<u64> = on
            .map(|row| trust(self.receiving[row]))
            .filter(|to| *to != trust(provider))
            .map(|to| if self.trusts.binary_search(&to).is_ok() { to } else { provider })
            .collect();
        if found.is_empty() {
            found.push(provider);
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The trust of an organisation's code.
fn trust(packed: u64) -> u64 {
    let (bytes, length) = OrgCode::from_packed(packed).bytes();
    OrgCode::parse(&bytes[..length.min(TRUST_LETTERS)]).map_or(packed, OrgCode::packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org(code: &str) -> u64 {
        OrgCode::parse(code.as_bytes()).unwrap().packed()
    }

    #[test]
    fn whoever_is_referred_on_in_the_stay_is_the_others_to_follow_up() {
        let rows = [
            (1, 10, "ZT2"),
            // A site of the other trust; one of the own; somebody who sends nothing; before the stay, and after it.
            (2, 20, "ZT201"),
            (3, 20, "ZT101"),
            (4, 15, "ZZ9"),
            (5, 9, "ZT2"),
            (5, 21, "ZT2"),
            // To two, one of whom sends nothing.
            (6, 12, "ZT2"),
            (6, 14, "ZZ9"),
        ];
        let table = frame::frame(vec![
            frame::u32s("referral", rows.map(|(referral, ..)| referral).to_vec()),
            frame::i32s("date", rows.map(|(_, date, _)| date).to_vec()),
            frame::u64s("receiving_org", rows.map(|(.., to)| org(to)).to_vec()),
        ]);
        let responsible = Responsible::from(&table.unwrap(), vec![org("ZT1"), org("ZT2")]).unwrap();
        let by = |referral: u32| responsible.by(referral, org("ZT1"), (10, 20));
        let [own, other] = [vec![org("ZT1")], vec![org("ZT2")]];
        assert_eq!([0, 1, 2, 3, 4, 5].map(by), [own.clone(), other.clone(), other, own.clone(), own.clone(), own]);
        assert_eq!(by(6), [org("ZT1"), org("ZT2")]);
    }
}
