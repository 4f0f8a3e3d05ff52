//! What the service does, one file per noun: authorise, load, decide (domain), store, inside one `Db::read` or `Db::write`.
//! Knows no status codes and no SQL.

pub mod auth;
pub mod catalogue;
pub mod figures;
pub mod operations;
pub mod reporting;
pub mod submissions;
pub mod targets;

use crate::domain::fault::{Code, Fault, LocatedFault, Location};
/// How the database can fail, for the room that turns it into an answer.
pub use crate::store::StoreError;

/// Why a request is not done.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The request is not well formed: parameters, or a body that is no document.
    #[error("the request is not well formed")]
    Malformed(Vec<LocatedFault>),
    /// The document is well formed and says what cannot be.
    #[error("the document breaks rules")]
    Invalid(Vec<LocatedFault>),
    /// There is no such thing, or none that the caller may see.
    #[error("{}", .0.message)]
    NotFound(Fault),
    /// All that is wrong with the document is that it names what is not there.
    #[error("the document names what is not there")]
    Absent(Vec<LocatedFault>),
    /// Nobody has said who is asking, or not convincingly.
    #[error("{}", .0.message)]
    Unauthenticated(Fault),
    /// The caller may not do this.
    #[error("the caller may not do this")]
    Forbidden(Vec<LocatedFault>),
    /// Another write came between.
    #[error("{}", .0.message)]
    Conflict(Fault),
    /// The database failed.
    #[error(transparent)]
    Failed(StoreError),
}

impl From<StoreError> for ServiceError {
    fn from(failure: StoreError) -> ServiceError {
        match failure {
            StoreError::Conflict => ServiceError::Conflict(Fault::new(
                Code::Conflict,
                "somebody else changed the same figures at the same moment; send it again",
            )),
            other => ServiceError::Failed(other),
        }
    }
}

impl ServiceError {
    /// A document that breaks rules; or one whose only fault is to withdraw what is not there.
    #[must_use]
    pub fn broken(faults: Vec<LocatedFault>) -> ServiceError {
        let absent = faults.iter().all(|located| located.fault.code == Code::NothingToWithdraw);
        if absent { ServiceError::Absent(faults) } else { ServiceError::Invalid(faults) }
    }

    /// A caller that lacks what a call needs: a token, or a scope.
    #[must_use]
    pub fn denied(fault: Fault) -> ServiceError {
        match fault.code {
            Code::TokenMissing | Code::TokenInvalid => ServiceError::Unauthenticated(fault),
            _ => ServiceError::Forbidden(vec![fault.at(Location::Request)]),
        }
    }

    /// A query parameter that is wrong.
    #[must_use]
    pub fn parameter(name: &str, fault: Fault) -> ServiceError {
        ServiceError::Malformed(vec![fault.at(Location::Parameter(name.to_owned()))])
    }
}
