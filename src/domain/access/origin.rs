//! The origin of a request, and the facts about it that the audit log records.
//! Permissions are in `role`.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::client::Client;

/// The origin of a request, for the access log; empty for the command line.
#[derive(Debug, Clone, Default)]
pub struct RequestOrigin {
    /// The address of the peer.
    pub address: Option<IpAddr>,
    /// The request id in the log.
    pub request_id: Option<String>,
    /// The facts collected during the request; shared by all callers made for it.
    pub access_log: Arc<AccessLog>,
}

/// Facts collected while a request is handled, for the middleware that records it.
#[derive(Debug, Default)]
pub struct AccessLog {
    client: OnceLock<Client>,
    tried: OnceLock<String>,
    more_than_open: AtomicBool,
    recorded: AtomicBool,
}

impl AccessLog {
    /// Sets the client of the request.
    pub fn is_of(&self, client: &Client) {
        // A second call sets the same client, so its result does not matter.
        let _ = self.client.set(client.clone());
    }

    /// The client of the request, if its token was valid.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        self.client.get()
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

    /// Records that the response contains data that is not open.
    pub fn shows_more_than_open(&self) {
        self.more_than_open.store(true, Ordering::Relaxed);
    }

    /// Whether the response contains data that is not open.
    #[must_use]
    pub fn showed_more_than_open(&self) -> bool {
        self.more_than_open.load(Ordering::Relaxed)
    }

    /// Records that an audit line is stored together with the writes of the request.
    pub fn is_on_record(&self) {
        self.recorded.store(true, Ordering::Relaxed);
    }

    /// Whether such an audit line is stored.
    #[must_use]
    pub fn was_recorded(&self) -> bool {
        self.recorded.load(Ordering::Relaxed)
    }
}
