//! One person. In: the world and an index. Out: every fact of the person, as it truly happened.
//! Leaves alone: errors and files (`recorded.rs`, `generate.rs`).

use super::arms::{ArmEntry, arms};
use super::calendar::Day;
use super::chance::{Chance, Purpose};
use super::community::{CommunityReferral, community_use};
use super::emergency::{Appointment, Attendance, appointments, attendances};
use super::identity::{Identity, identity};
use super::life::{Registration, life};
use super::plan::plan;
use super::rates::{Course, Frailty, frailty};
use super::therapies::{TherapyUse, therapy_use};
use super::trust::{TrustUse, trust_use};
use super::world::World;

/// One person and everything that happened to them.
#[derive(Clone, Debug)]
pub struct Person {
    /// Number of the person, from 0.
    pub index: u64,
    /// True identifiers.
    pub identity: Identity,
    /// Drivers of use.
    pub frailty: Frailty,
    /// Stretches on practices' lists, in order, without gaps.
    pub registrations: Vec<Registration>,
    /// Day of death.
    pub death: Option<Day>,
    /// Day of moving out of the area.
    pub moved_out: Option<Day>,
    /// Arms, first index first; empty for most people.
    pub arms: Vec<ArmEntry>,
    /// A&E attendances.
    pub attendances: Vec<Attendance>,
    /// GP appointments, sent or not.
    pub appointments: Vec<Appointment>,
    /// What the trust did.
    pub trust: TrustUse,
    /// What Talking Therapies did.
    pub therapies: TherapyUse,
    /// What charities did.
    pub community: Vec<CommunityReferral>,
    /// Untreated events that the effect prevented: A&E, GP, trust contacts.
    pub prevented: [u32; 3],
}

/// The person at an index; the same whatever else is made.
#[must_use]
pub fn person(world: &World, index: u64) -> Person {
    let stream = |purpose| Chance::new(world.options.seed, index, purpose);
    let who = identity(world, index);
    let plan = plan(world, index);
    let mut of_life = stream(Purpose::Life);
    let frailty = frailty(&mut of_life);
    let life = life(world, &who, plan.as_ref(), frailty.shared, &mut of_life);
    let arms = plan.map_or_else(Vec::new, |plan| arms(world, &plan, &life, &mut of_life));
    let course = Course {
        world,
        life: &life,
        arms: &arms,
        comparison: plan.map(|plan| plan.comparison),
        frailty: &frailty,
        who: &who,
    };
    let (attendances, fewer_attendances) = attendances(&course, &mut stream(Purpose::Emergency));
    let (appointments, fewer_appointments) = appointments(&course, &mut stream(Purpose::Gp));
    let trust = trust_use(&course, &mut stream(Purpose::Trust));
    let therapies = therapy_use(&course, &mut stream(Purpose::Therapies));
    let community = community_use(&course, &mut stream(Purpose::Community));
    Person {
        index,
        prevented: [fewer_attendances, fewer_appointments, trust.contacts_prevented],
        frailty,
        death: life.death,
        moved_out: life.moved_out,
        attendances,
        appointments,
        trust,
        therapies,
        community,
        identity: who,
        registrations: life.registrations,
        arms,
    }
}
