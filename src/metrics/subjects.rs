//! Subjects: the frame of each grain, with a person, a provider, an age, a starting day, and the columns that rules
//! look at.
//!
//! The starting day decides whether a row belongs to a pathway: a referral's received date, an event's own date.

use polars::prelude::*;

use super::community::ENGAGE_DAYS;
use super::metric::Subject;
use crate::domain::org_code::OrgCode;
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::pathways::{Coverage, Pathways};
use crate::rules;
use crate::schema::Source;

impl Subject {
    /// The source without which nothing can be said.
    pub fn source(self) -> Source {
        match self {
            Self::Courses => Source::TalkingTherapies,
            Self::TrustReferrals | Self::TrustContacts | Self::WardStays => Source::MentalHealth,
            Self::Attendances => Source::EmergencyCare,
            Self::Appointments => Source::Gp,
            Self::CommunityReferrals | Self::Episodes => Source::Community,
        }
    }

    /// Every source that its figures rest on.
    pub fn sources(self) -> &'static [Source] {
        match self {
            Self::Courses => &[Source::TalkingTherapies],
            Self::TrustReferrals | Self::TrustContacts | Self::WardStays => &[Source::MentalHealth],
            Self::Attendances => &[Source::EmergencyCare],
            Self::Appointments => &[Source::Gp],
            Self::CommunityReferrals => &[Source::Community],
            Self::Episodes => &[Source::MentalHealth, Source::TalkingTherapies, Source::Community],
        }
    }

    /// The column that decides whether a row belongs to a pathway.
    pub fn starts(self) -> &'static str {
        match self {
            Self::Courses | Self::TrustReferrals | Self::CommunityReferrals => "received_date",
            Self::TrustContacts | Self::Attendances | Self::Appointments | Self::Episodes => "date",
            Self::WardStays => "start",
        }
    }
}

/// The frame of a subject, sorted by person.
pub fn frame_of(
    subject: Subject,
    linked: &Linked,
    pathways: &Pathways,
    coverage: &Coverage,
) -> Result<DataFrame, Error> {
    let of_service = |source: Source| col("service").eq(lit(source as u32).cast(DataType::UInt16));
    let filtered = |table: &DataFrame, rule: Expr| {
        table.clone().lazy().filter(rule).collect().map_err(Error::silent("select the rows of a metric"))
    };
    match subject {
        Subject::Courses => rules::therapies::courses(linked),
        Subject::TrustReferrals => filtered(&linked.referrals, of_service(Source::MentalHealth)),
        Subject::TrustContacts => filtered(&linked.contacts, of_service(Source::MentalHealth)),
        Subject::WardStays => Ok(linked.ward_stays.clone()),
        Subject::Attendances => Ok(linked.attendances.clone()),
        Subject::Appointments => Ok(linked.appointments.clone()),
        Subject::CommunityReferrals => community_referrals(linked, coverage),
        Subject::Episodes => episodes(linked, pathways),
    }
}

/// Voluntary-sector referrals with the provider's last covered day, and whether the person engaged.
fn community_referrals(linked: &Linked, coverage: &Coverage) -> Result<DataFrame, Error> {
    let failed = Error::silent::<PolarsError>;
    let of_community = rules::contacts::of_service(Source::Community);
    let referrals = linked
        .referrals
        .clone()
        .lazy()
        .filter(of_community.clone())
        .collect()
        .map_err(failed("select voluntary-sector referrals"))?;
    let providers = frame::values_u64(&referrals, "provider")?;
    let last = |provider: u64| {
        coverage.of(Source::Community, OrgCode::from_packed(provider)).ranges().last().map(|(_, to)| *to)
    };
    let mut referrals = referrals;
    referrals
        .with_column(frame::opt_i32s("covered_to", providers.into_iter().map(last)))
        .map_err(failed("add coverage"))?;
    let received = referrals.clone().lazy().select([col("referral"), col("received_date")]);
    let wait = col("date") - col("received_date");
    let engaged = linked
        .contacts
        .clone()
        .lazy()
        .filter(of_community.and(rules::contacts::is_attended()))
        .join(received, [col("referral")], [col("referral")], JoinArgs::new(JoinType::Inner))
        .filter(wait.clone().gt_eq(lit(0)).and(wait.lt_eq(lit(ENGAGE_DAYS))))
        .select([col("referral")])
        .group_by([col("referral")])
        .agg([lit(true).first().alias("engaged")]);
    let joined = referrals.lazy().join(engaged, [col("referral")], [col("referral")], JoinArgs::new(JoinType::Left));
    let sorted =
        joined.with_column(col("engaged").fill_null(lit(false))).sort(["referral"], SortMultipleOptions::default());
    sorted.collect().map_err(failed("find who engaged"))
}

/// Pathway episodes with the provider and age of their index referral.
fn episodes(linked: &Linked, pathways: &Pathways) -> Result<DataFrame, Error> {
    let providers = frame::values_u64(&linked.referrals, "provider")?;
    let mut episodes: Vec<_> = pathways.episodes.iter().collect();
    episodes.sort_by_key(|episode| (episode.person, episode.pathway));
    let month = |day: i32| crate::domain::day::month_number(day);
    let births = &linked.persons.birth_month;
    let age = episodes.iter().map(|episode| {
        births[episode.person as usize]
            .and_then(|born| u16::try_from((month(episode.index) - born).div_euclid(12)).ok())
    });
    frame::frame(vec![
        frame::u32s("person", episodes.iter().map(|episode| episode.person).collect()),
        frame::u64s("provider", episodes.iter().map(|episode| providers[episode.referral as usize]).collect()),
        frame::opt_u16s("age", age),
        frame::i32s("date", episodes.iter().map(|episode| episode.index).collect()),
        frame::u32s("pathway", episodes.iter().map(|episode| episode.pathway as u32).collect()),
    ])
}
