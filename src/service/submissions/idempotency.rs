//! Requests with an `Idempotency-Key` that this instance is doing just now: a second one with the same key is told to ask again.
//! Between instances the database's one writer keeps them in order, and the later one finds the answer of the earlier.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::fault::{Code, Fault};
use crate::service::ServiceError;

/// The keys of requests that are being done, with the client of each.
#[derive(Debug, Default)]
pub struct PendingRequests(Mutex<HashSet<(String, String)>>);

/// A request that is being done, until it is dropped.
#[derive(Debug)]
pub struct IdempotencyGuard {
    of: (String, String),
    all: Arc<PendingRequests>,
}

impl PendingRequests {
    /// Notes that a request begins.
    ///
    /// # Errors
    /// `request_in_flight` where one of the client with this key is being done.
    pub fn enter(self: &Arc<PendingRequests>, client: &str, key: &str) -> Result<IdempotencyGuard, ServiceError> {
        let of = (client.to_owned(), key.to_owned());
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(of.clone()) {
            return Ok(IdempotencyGuard { of, all: Arc::clone(self) });
        }
        Err(ServiceError::Conflict(Fault::new(Code::RequestInFlight, "the request with this `Idempotency-Key` is still being done")))
    }
}

impl Drop for IdempotencyGuard {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.of);
    }
}
