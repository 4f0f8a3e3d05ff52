//! The origin of a request, and the facts about it that the audit log records.
//! Permissions are in `domain::access`.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::domain::access::client::Client;
use crate::domain::access::role::Caller;

/// The origin of a request, for the audit log; empty for the command line.
#[derive(Debug, Clone, Default)]
pub struct RequestOrigin {
    /// The address of the peer.
    pub address: Option<IpAddr>,
    /// The request id in the log.
    pub request_id: Option<String>,
    /// The facts collected during the request; shared by all copies of the origin.
    pub access_log: Arc<AccessLog>,
}

/// Facts collected while a request is handled, for the line at its end.
#[derive(Debug, Default)]
pub struct AccessLog {
    caller: OnceLock<Caller>,
    tried: OnceLock<String>,
    recorded: AtomicBool,
}

impl AccessLog {
    /// Sets the caller of the request.
    pub fn identify(&self, caller: &Caller) {
        // A second call sets the same caller, so its result does not matter.
        let _ = self.caller.set(caller.clone());
    }

    /// The caller of the request, once it is known.
    #[must_use]
    pub fn caller(&self) -> Option<&Caller> {
        self.caller.get()
    }

    /// The client of the request, if its token was valid.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        self.caller()?.client()
    }

    /// Sets the client id of a sign-in, before the sign-in is checked.
    pub fn tries(&self, client_id: &str) {
        // With several sign-ins in one request, the first one counts.
        let _ = self.tried.set(client_id.to_owned());
    }

    /// The client id of the sign-in, successful or not.
    #[must_use]
    pub fn tried(&self) -> Option<&str> {
        self.tried.get().map(String::as_str)
    }

    /// Records that an audit line is stored together with the writes of the request.
    pub(super) fn note_recorded(&self) {
        self.recorded.store(true, Ordering::Relaxed);
    }

    /// Whether such an audit line is stored.
    pub(super) fn was_recorded(&self) -> bool {
        self.recorded.load(Ordering::Relaxed)
    }
}
