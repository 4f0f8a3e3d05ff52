//! The reasons for which the service refuses a request or fails.
//! Status codes are assigned in `http::problem`.

use crate::domain::batch::rows::{RowError, listed};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
/// The failures of the database, for the translation into responses in `http`.
pub use crate::store::StoreError;

/// The reasons for refusing a request.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The parameters or the body cannot be read.
    #[error("the request is not well formed")]
    Malformed(Vec<LocatedFault>),
    /// The document can be read but breaks rules.
    #[error("the document breaks rules")]
    Invalid(Vec<LocatedFault>),
    /// The resource does not exist, or the caller may not see it.
    #[error("{}", .0.message.english())]
    NotFound(Fault),
    /// The document only fails because it withdraws values that do not exist.
    #[error("the document names what is not there")]
    Absent(Vec<LocatedFault>),
    /// The request has no valid credentials.
    #[error("{}", .0.message.english())]
    Unauthenticated(Fault),
    /// The caller lacks the permission.
    #[error("the caller may not do this")]
    Forbidden(Vec<LocatedFault>),
    /// Too many requests or failed attempts; the next one is accepted after this number of seconds.
    #[error("{}", .0.message.english())]
    TooManyRequests(Fault, u64),
    /// A concurrent write changed the same data.
    #[error("{}", .0.message.english())]
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
                message!(
                    en: "somebody else changed the same figures at the same moment; send it again",
                    vi: "có người khác vừa sửa cùng số liệu này; hãy gửi lại"
                ),
            )),
            other => ServiceError::Failed(other),
        }
    }
}

impl ServiceError {
    /// A document that breaks rules. If its only faults are withdrawals of missing values, it is `Absent`.
    #[must_use]
    pub fn broken(faults: Vec<LocatedFault>) -> ServiceError {
        let absent = faults.iter().all(|located| located.fault.code == Code::NothingToWithdraw);
        if absent { ServiceError::Absent(faults) } else { ServiceError::Invalid(faults) }
    }

    /// The refusals of several parts of a file as one, in the order of the file: each fault once. Faults of rows outweigh what is denied.
    #[must_use]
    pub fn together(mut refusals: Vec<ServiceError>) -> Option<ServiceError> {
        if refusals.len() < 2 {
            return refusals.pop();
        }
        let denied = refusals.iter().all(|refusal| matches!(refusal, ServiceError::Forbidden(_)));
        let mut faults: Vec<LocatedFault> = Vec::new();
        for refusal in refusals {
            if let ServiceError::Forbidden(of_one) | ServiceError::Invalid(of_one) | ServiceError::Absent(of_one) = refusal {
                faults.extend(of_one);
            }
        }
        faults.sort_by_key(|located| match located.place {
            Location::Cell { row, .. } => row,
            _ if located.fault.code == Code::MoreFaults => usize::MAX,
            _ => 0,
        });
        let faults = listed(&faults.into_iter().map(|located| RowError { row: None, located }).collect::<Vec<_>>());
        Some(if denied { ServiceError::Forbidden(faults) } else { ServiceError::broken(faults) })
    }

    /// A missing token or scope.
    #[must_use]
    pub fn denied(fault: Fault) -> ServiceError {
        match fault.code {
            Code::TokenMissing | Code::TokenInvalid => ServiceError::Unauthenticated(fault),
            _ => ServiceError::Forbidden(vec![fault.at(Location::Request)]),
        }
    }

    /// A faulty query parameter.
    #[must_use]
    pub fn parameter(name: &str, fault: Fault) -> ServiceError {
        ServiceError::Malformed(vec![fault.at(Location::Parameter(name.to_owned()))])
    }
}
