//! Synthetic data with planted truth. In: options. Out: extracts in the sources' shapes and, beside
//! them, the truth. Leaves alone: everything outside; nothing here reads the clock or the environment.
//!
//! Everything true of a person is made alone from the seed and the person's number (`person`), then
//! written with the errors of each source (`generate`), or counted as it truly was (`truth`).

mod arms;
mod calendar;
mod chance;
mod community;
mod emergency;
mod episodes;
mod errors;
mod files;
mod generate;
mod identity;
mod ids;
mod life;
mod names;
mod nhs_number;
mod pages;
mod person;
mod plan;
mod rare;
mod rates;
mod recorded;
mod sink;
mod slips;
mod stored_truth;
mod superpopulation;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_errors;
mod therapies;
mod trust;
pub mod truth;
mod world;
mod write_community;
mod write_emergency;
mod write_gp;
mod write_therapies;
mod write_trust;
mod write_truth;
mod writer;

pub use arms::{Arm, ArmEntry, CROSSING_DAYS, EFFECT};
pub use calendar::{Day, LAST_DAY, civil, day_of};
pub use community::CommunityReferral;
pub use emergency::{Appointment, AppointmentStatus, Attendance, AttendanceKind};
pub use errors::Slip;
pub use generate::{Summary, generate};
pub use identity::{Double, Identity};
pub use life::Registration;
pub use nhs_number::{check_digit, is_valid, number_of, owner_of};
pub use pages::Planted;
pub use person::{Person, person};
pub use plan::is_candidate;
pub use rates::Frailty;
pub use sink::{Folder, Memory, Sink};
pub use therapies::{Scores, Session, TherapyReferral, TherapyUse};
pub use trust::{Spell, TrustContact, TrustReferral, TrustUse};
pub use world::{CharityNumbers, Errors, GpExtract, Options, Postcode, Practice, World};
