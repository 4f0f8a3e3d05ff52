//! The services, one file per noun: authorise, load, decide (in `domain`), store, inside one `Db::read` or `Db::write`.
//! They know no status codes and no SQL.

mod assertions;
pub mod audit;
pub mod catalogue;
pub mod checks;
pub mod claims;
pub mod clients;
pub mod comparing;
pub mod comparisons;
pub mod completeness;
pub mod cost;
pub mod export;
pub mod guessing;
pub mod in_flight;
pub mod indicators;
pub mod issuer;
pub mod jwk;
mod jwt;
pub mod keys;
pub mod limits;
pub mod obligations;
pub mod observations;
pub mod organisations;
pub mod provinces;
pub mod rankings;
mod record;
pub mod rules;
pub mod selection;
pub mod series;
pub mod sign_in;
pub mod streams;
pub mod submissions;
pub mod targets;
pub mod templates;
pub mod tokens;
pub mod validations;

use crate::domain::fault::{Code, Fault, Located, Place};
/// The failures of the database, for the translation into responses in `http`.
pub use crate::store::Failure;

/// The reasons for refusing a request.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The parameters or the body cannot be read.
    #[error("the request is not well formed")]
    Malformed(Vec<Located>),
    /// The document can be read but breaks rules.
    #[error("the document breaks rules")]
    Invalid(Vec<Located>),
    /// The resource does not exist, or the caller may not see it.
    #[error("{}", .0.message)]
    NotFound(Fault),
    /// The document only fails because it withdraws values that do not exist.
    #[error("the document names what is not there")]
    Absent(Vec<Located>),
    /// The request has no valid credentials.
    #[error("{}", .0.message)]
    Unauthenticated(Fault),
    /// The caller lacks the permission.
    #[error("the caller may not do this")]
    Forbidden(Vec<Located>),
    /// A concurrent write changed the same data.
    #[error("{}", .0.message)]
    Conflict(Fault),
    /// The database failed.
    #[error(transparent)]
    Failed(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Refusal {
        match failure {
            Failure::Conflict => {
                Refusal::Conflict(Fault::new(Code::Conflict, "somebody else changed the same figures at the same moment; send it again"))
            }
            other => Refusal::Failed(other),
        }
    }
}

impl Refusal {
    /// A document that breaks rules. If its only faults are withdrawals of missing values, it is `Absent`.
    #[must_use]
    pub fn broken(faults: Vec<Located>) -> Refusal {
        let absent = faults.iter().all(|located| located.fault.code == Code::NothingToWithdraw);
        if absent { Refusal::Absent(faults) } else { Refusal::Invalid(faults) }
    }

    /// A missing token or scope.
    #[must_use]
    pub fn denied(fault: Fault) -> Refusal {
        match fault.code {
            Code::TokenMissing | Code::TokenInvalid => Refusal::Unauthenticated(fault),
            _ => Refusal::Forbidden(vec![fault.at(Place::Request)]),
        }
    }

    /// A faulty query parameter.
    #[must_use]
    pub fn parameter(name: &str, fault: Fault) -> Refusal {
        Refusal::Malformed(vec![fault.at(Place::Parameter(name.to_owned()))])
    }
}
