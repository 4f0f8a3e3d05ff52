//! Where a request came from, and what becomes known of it on its way: what the audit log says of it.
//! What callers may do is for `role`.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::client::Client;

/// Where a request came from, as the record of accesses names it; nothing for what the command line does.
#[derive(Debug, Clone, Default)]
pub struct RequestOrigin {
    /// The address of the peer.
    pub address: Option<IpAddr>,
    /// What the log calls the request.
    pub request_id: Option<String>,
    /// What the request leaves behind; the same for all callers that are made for it.
    pub access_log: Arc<AccessLog>,
}

/// What becomes known of a request while it is handled, for the edge to record it by.
#[derive(Debug, Default)]
pub struct AccessLog {
    client: OnceLock<Client>,
    tried: OnceLock<String>,
    more_than_open: AtomicBool,
    recorded: AtomicBool,
}

impl AccessLog {
    /// Notes the client that the request came from.
    pub fn is_of(&self, client: &Client) {
        // Of a request that is asked twice who it is from the answer is the same.
        let _ = self.client.set(client.clone());
    }

    /// The client that the request came from, if its token was good.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        self.client.get()
    }

    /// Notes which client somebody signs in as, before it is known whether they are.
    pub fn tries(&self, client_id: &str) {
        // Of a request that does so twice the first one counts.
        let _ = self.tried.set(client_id.to_owned());
    }

    /// The id of the client that somebody signed in as, or tried to.
    #[must_use]
    pub fn tried(&self) -> Option<&str> {
        self.tried.get().map(String::as_str)
    }

    /// Notes that somebody was shown what not everybody may see.
    pub fn shows_more_than_open(&self) {
        self.more_than_open.store(true, Ordering::Relaxed);
    }

    /// Whether somebody was.
    #[must_use]
    pub fn showed_more_than_open(&self) -> bool {
        self.more_than_open.load(Ordering::Relaxed)
    }

    /// Notes that a line of the audit log goes on record together with what the request writes.
    pub fn is_on_record(&self) {
        self.recorded.store(true, Ordering::Relaxed);
    }

    /// Whether such a line went on record.
    #[must_use]
    pub fn was_recorded(&self) -> bool {
        self.recorded.load(Ordering::Relaxed)
    }
}
