//! Requests with an `Idempotency-Key` that this instance handles now. A second request with the same key is asked to retry.
//! Between instances the single writer of the database keeps the order: the later request finds the stored answer.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;

use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::service::ServiceError;

/// Keys of current requests, each with its client.
#[derive(Debug, Default)]
pub struct PendingRequests(Mutex<HashSet<(String, String)>>);

/// The right to handle a request; dropping it ends the request.
#[derive(Debug)]
pub struct IdempotencyGuard {
    of: (String, String),
    all: Arc<PendingRequests>,
}

impl PendingRequests {
    /// Registers a request.
    ///
    /// # Errors
    /// `request_in_flight` if a request of this client with this key is being handled.
    pub fn enter(self: &Arc<PendingRequests>, client: &str, key: &str) -> Result<IdempotencyGuard, ServiceError> {
        let of = (client.to_owned(), key.to_owned());
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(of.clone()) {
            return Ok(IdempotencyGuard { of, all: Arc::clone(self) });
        }
        Err(ServiceError::Conflict(Fault::new(
            Code::RequestInFlight,
            message!(
                en: "the request with this `Idempotency-Key` is still being done",
                vi: "yêu cầu với `Idempotency-Key` này đang được xử lý"
            ),
        )))
    }
}

impl Drop for IdempotencyGuard {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.of);
    }
}

/// Retention time of idempotency keys.
pub(crate) const KEPT: TimeDelta = TimeDelta::days(7);

/// The fault for a key that was used for another request.
pub(crate) fn reused_key() -> Fault {
    Fault::new(
        Code::IdempotencyKeyReused,
        message!(
            en: "this `Idempotency-Key` came with another request before: a new request has a new key",
            vi: "`Idempotency-Key` này đã dùng cho yêu cầu khác: yêu cầu mới cần khóa mới"
        ),
    )
}
