//! Subjects: the frame of each grain, with a person, a provider, an age, a starting day, and the columns that rules
//! look at.
//!
//! The starting day decides whether a row belongs to a pathway: a referral's received date, an event's own date.

use polars::prelude::*;

use super::breakdowns::Breakdown;
use super::compute::Wanted;
use super::levels::Split;
use super::metric::Subject;
use super::{after_attendance, gp_registered, open_in_both, reach, recovery_scores, trust_referrals, trust_spells};
use crate::domain::org_code::OrgCode;
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::link::persons::Basis;
use crate::pathways::spans::Spans;
use crate::pathways::{Coverage, Journeys};
use crate::rules;
use crate::rules::returns::FOLLOWED_DAYS;
use crate::schema::Source;
use crate::schema::codes::CodeSet;
use crate::settings::CutOffs;
use crate::settings::cut_offs::{COMPLETED_DAYS, ENGAGED_DAYS};
use crate::sources::CodeValues;

impl Subject {
    /// The source without which nothing can be said.
    pub fn source(self) -> Source {
        match self {
            Self::Courses | Self::TherapyContacts => Source::TalkingTherapies,
            Self::TrustReferrals | Self::TrustContacts | Self::Spells | Self::WardStays | Self::OpenInBoth => {
                Source::MentalHealth
            }
            Self::Attendances | Self::MentalHealthAttendances => Source::EmergencyCare,
            Self::Appointments | Self::Registered => Source::Gp,
            Self::CommunityReferrals | Self::CommunityContacts | Self::Episodes => Source::Community,
        }
    }

    /// Every source that its figures rest on.
    pub fn sources(self) -> &'static [Source] {
        match self {
            Self::Courses | Self::TherapyContacts => &[Source::TalkingTherapies],
            Self::TrustReferrals | Self::TrustContacts | Self::Spells | Self::WardStays => &[Source::MentalHealth],
            Self::Attendances => &[Source::EmergencyCare],
            Self::Appointments | Self::Registered => &[Source::Gp],
            Self::CommunityReferrals | Self::CommunityContacts => &[Source::Community],
            Self::Episodes => &[Source::MentalHealth, Source::TalkingTherapies, Source::Community],
            Self::MentalHealthAttendances => {
                &[Source::EmergencyCare, Source::MentalHealth, Source::TalkingTherapies, Source::Gp]
            }
            Self::OpenInBoth => &[Source::MentalHealth, Source::TalkingTherapies],
        }
    }

    /// What a row is.
    pub fn grain(self) -> &'static str {
        match self {
            Self::Courses => "referrals to Talking Therapies, with what happened in them",
            Self::TherapyContacts => "contacts with Talking Therapies",
            Self::TrustReferrals => "referrals to the trust",
            Self::TrustContacts => "contacts with the trust",
            Self::Spells => "hospital spells of the trust",
            Self::WardStays => "ward stays",
            Self::Attendances => "A&E attendances",
            Self::Appointments => "GP appointments",
            Self::Registered => "people registered with practices for the twelve months that end with a period",
            Self::CommunityReferrals => "referrals to voluntary-sector services",
            Self::CommunityContacts => "contacts with voluntary-sector services",
            Self::Episodes => "pathway episodes",
            Self::MentalHealthAttendances => {
                "A&E attendances for mental health of people with a usable NHS number, with who saw them next"
            }
            Self::OpenInBoth => "stretches in which a referral to the trust and one to Talking Therapies are open",
        }
    }

    /// How its figures of quarters and years are divided.
    pub fn breakdowns(self) -> Vec<Breakdown> {
        let people = [
            Breakdown::All,
            Breakdown::Provider,
            Breakdown::AgeBand,
            Breakdown::Sex,
            Breakdown::EthnicGroup,
            Breakdown::ImdQuintile,
        ];
        people.into_iter().chain(splits_of(self).iter().map(|(breakdown, ..)| *breakdown)).collect()
    }

    /// The column that decides whether a row belongs to a pathway.
    pub fn starts(self) -> &'static str {
        match self {
            Self::Courses | Self::TrustReferrals | Self::CommunityReferrals => "received_date",
            Self::TherapyContacts
            | Self::TrustContacts
            | Self::Attendances
            | Self::Appointments
            | Self::CommunityContacts
            | Self::Episodes
            | Self::MentalHealthAttendances => "date",
            Self::Spells | Self::WardStays => "start",
            Self::Registered | Self::OpenInBoth => "from",
        }
    }
}

/// What a subject's rows say that figures are divided by: a breakdown, its column, and the set of its values; two at
/// most, in the order of breakdowns.
fn splits_of(subject: Subject) -> &'static [(Breakdown, &'static str, CodeSet)] {
    const REFERRAL_SOURCE: (Breakdown, &str, CodeSet) =
        (Breakdown::ReferralSource, "referral_source", CodeSet::ReferralSource);
    const TEAM_TYPE: (Breakdown, &str, CodeSet) = (Breakdown::TeamType, "team_type", CodeSet::TeamType);
    match subject {
        Subject::Courses => &[(Breakdown::ProblemDescriptor, "problem", CodeSet::Problem), REFERRAL_SOURCE],
        Subject::TrustReferrals => &[TEAM_TYPE, REFERRAL_SOURCE],
        Subject::TrustContacts => &[TEAM_TYPE],
        Subject::CommunityReferrals => &[REFERRAL_SOURCE, (Breakdown::Offer, "offer", CodeSet::Offer)],
        Subject::TherapyContacts
        | Subject::Spells
        | Subject::WardStays
        | Subject::Attendances
        | Subject::Appointments
        | Subject::Registered
        | Subject::CommunityContacts
        | Subject::Episodes
        | Subject::MentalHealthAttendances
        | Subject::OpenInBoth => &[],
    }
}

/// The columns that a subject's rows are divided by.
pub fn split_columns(subject: Subject) -> Vec<&'static str> {
    splits_of(subject).iter().map(|(_, column, _)| *column).collect()
}

/// What a subject's rows are divided by, with the names of the values; without them where there is no row.
pub fn splits(subject: Subject, codes: Option<&CodeValues>) -> Vec<Split> {
    let split = |(breakdown, _, set): &(Breakdown, &str, CodeSet)| Split {
        breakdown: *breakdown,
        values: codes.map_or_else(Vec::new, |codes| codes.of(*set).to_vec()),
    };
    splits_of(subject).iter().map(split).collect()
}

/// The frame of a subject, sorted by person, and the rule that its rows meet where the frame has others too.
pub fn frame_of(
    subject: Subject,
    linked: &Linked,
    journeys: &Journeys,
    coverage: &Coverage,
    wanted: Wanted<'_>,
) -> Result<(DataFrame, Option<Expr>), Error> {
    let of_trust = || Some(rules::contacts::of_service(Source::MentalHealth));
    Ok(match subject {
        Subject::Courses => (rules::courses::courses(linked, &wanted.cut_offs.measures())?, None),
        Subject::TherapyContacts => {
            (linked.contacts.clone(), Some(rules::contacts::of_service(Source::TalkingTherapies)))
        }
        Subject::TrustReferrals => (trust_referrals::referrals(linked, coverage, wanted)?, None),
        Subject::TrustContacts => (trust_referrals::contacts_of(linked, wanted.codes)?, of_trust()),
        Subject::Spells => (trust_spells::spells(linked, coverage, wanted.codes)?, None),
        Subject::WardStays => (linked.ward_stays.clone(), None),
        Subject::Attendances => (attendances(linked, coverage)?, None),
        Subject::Appointments => (linked.appointments.clone(), None),
        Subject::Registered => (gp_registered::registered(linked, journeys, coverage, wanted)?, None),
        Subject::CommunityContacts => (linked.contacts.clone(), Some(rules::contacts::of_service(Source::Community))),
        Subject::CommunityReferrals => (community_referrals(linked, coverage, wanted.cut_offs)?, None),
        Subject::Episodes => (episodes((linked, journeys), coverage, wanted.cut_offs)?, None),
        Subject::MentalHealthAttendances => (after_attendance::attendances(linked, coverage)?, None),
        Subject::OpenInBoth => (open_in_both::stretches(linked)?, None),
    })
}

/// Voluntary-sector referrals, with whether they were followed for long enough to see the person engage, and whether the
/// person did. Nobody is followed where there is no limit.
fn community_referrals(linked: &Linked, coverage: &Coverage, cut_offs: &CutOffs) -> Result<DataFrame, Error> {
    let most_days = cut_offs.whole(&ENGAGED_DAYS);
    let mut referrals = rules::referred::referrals(linked)?;
    let received = frame::nullable_i32(&referrals, "received_date")?;
    let first = frame::nullable_i32(&referrals, "first_contact")?;
    let providers = frame::whole_u64(&referrals, "provider")?;
    let last = |provider: &u64| {
        coverage.of(Source::Community, OrgCode::from_packed(*provider)).ranges().last().map(|(_, to)| *to)
    };
    let known = frame::distinct(providers.values());
    let last_of: Vec<Option<i32>> = known.iter().map(last).collect();
    let engaged = (0..referrals.height()).map(|row| {
        let wait = first.get(row).zip(received.get(row)).map(|(first, received)| first - received);
        wait.zip(most_days).is_some_and(|(days, most)| days <= most)
    });
    let followed = providers.values().iter().enumerate().map(|(row, provider)| {
        let last = last_of[known.partition_point(|one| one < provider)];
        let needed = received.get(row).zip(most_days).map(|(received, most)| received + most);
        needed.zip(last).is_some_and(|(needed, last)| needed <= last)
    });
    let (followed, engaged): (Vec<bool>, Vec<bool>) = (followed.collect(), engaged.collect());
    for column in [frame::bools("followed", &followed), frame::bools("engaged", &engaged)] {
        referrals.with_column(column).map_err(Error::silent("add coverage"))?;
    }
    Ok(referrals)
}

/// Attendances, with whether it can be said that the person came again within days, and whether the person did.
fn attendances(linked: &Linked, coverage: &Coverage) -> Result<DataFrame, Error> {
    let providers = frame::distinct(frame::whole_u64(&linked.attendances, "provider")?.values());
    let of = |provider: &u64| coverage.of(Source::EmergencyCare, OrgCode::from_packed(*provider));
    let spans: Vec<Spans> = providers.iter().map(of).collect();
    let basis = &linked.persons.basis;
    rules::returns::marked(&linked.attendances, |person, provider, date| {
        let own = &spans[providers.partition_point(|one| *one < provider)];
        let is_covered = |(from, to): &(i32, i32)| *from <= date && date + FOLLOWED_DAYS <= *to;
        basis[person as usize] != Basis::Single && own.ranges().iter().any(is_covered)
    })
}

/// Pathway episodes with the provider and age of their index referral, and whether the person took the pathway up.
fn episodes(
    (linked, journeys): (&Linked, &Journeys),
    coverage: &Coverage,
    cut_offs: &CutOffs,
) -> Result<DataFrame, Error> {
    let providers = frame::whole_u64(&linked.referrals, "provider")?;
    let mut episodes: Vec<_> = journeys.episodes.iter().collect();
    episodes.sort_by_key(|episode| (episode.person, episode.pathway));
    let month = |day: i32| crate::domain::day::month_number(day);
    let births = &linked.persons.birth_month;
    let age = episodes.iter().map(|episode| {
        births[episode.person as usize]
            .and_then(|born| u16::try_from((month(episode.index) - born).div_euclid(12)).ok())
    });
    let mut frame = frame::frame(vec![
        frame::u32s("person", episodes.iter().map(|episode| episode.person).collect()),
        frame::u64s("provider", episodes.iter().map(|episode| providers.values()[episode.referral as usize]).collect()),
        frame::opt_u16s("age", age),
        frame::i32s("date", episodes.iter().map(|episode| episode.index).collect()),
        frame::u32s("pathway", episodes.iter().map(|episode| episode.pathway as u32).collect()),
    ])?;
    reach::add(
        &mut frame,
        (linked, coverage),
        &episodes,
        [&ENGAGED_DAYS, &COMPLETED_DAYS].map(|limit| cut_offs.whole(limit)),
    )?;
    recovery_scores::add(&mut frame, linked, &episodes, coverage.as_of)?;
    Ok(frame)
}
