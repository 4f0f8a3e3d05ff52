//! What the service does, one file per noun: authorise, load, decide (domain), store, inside one `Db::read` or `Db::write`.
//! Knows no status codes and no SQL.

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
/// How the database can fail, for the room that turns it into an answer.
pub use crate::store::Failure;

/// Why a request is not done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The request is not well formed: parameters, or a body that is no document.
    #[error("the request is not well formed")]
    Malformed(Vec<Located>),
    /// The document is well formed and says what cannot be.
    #[error("the document breaks rules")]
    Invalid(Vec<Located>),
    /// There is no such thing, or none that the caller may see.
    #[error("{}", .0.message)]
    NotFound(Fault),
    /// All that is wrong with the document is that it names what is not there.
    #[error("the document names what is not there")]
    Absent(Vec<Located>),
    /// Nobody has said who is asking, or not convincingly.
    #[error("{}", .0.message)]
    Unauthenticated(Fault),
    /// The caller may not do this.
    #[error("the caller may not do this")]
    Forbidden(Vec<Located>),
    /// Another write came between.
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
    /// A document that breaks rules; or one whose only fault is to withdraw what is not there.
    #[must_use]
    pub fn broken(faults: Vec<Located>) -> Refusal {
        let absent = faults.iter().all(|located| located.fault.code == Code::NothingToWithdraw);
        if absent { Refusal::Absent(faults) } else { Refusal::Invalid(faults) }
    }

    /// A caller that lacks what a call needs: a token, or a scope.
    #[must_use]
    pub fn denied(fault: Fault) -> Refusal {
        match fault.code {
            Code::TokenMissing | Code::TokenInvalid => Refusal::Unauthenticated(fault),
            _ => Refusal::Forbidden(vec![fault.at(Place::Request)]),
        }
    }

    /// A query parameter that is wrong.
    #[must_use]
    pub fn parameter(name: &str, fault: Fault) -> Refusal {
        Refusal::Malformed(vec![fault.at(Place::Parameter(name.to_owned()))])
    }
}
