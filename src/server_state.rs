//! The state of a server: the context and the objects of the service, for the API and the command line.
//! Service functions take only the parts that they need.

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Settings;
use crate::context::Context;
use crate::service::auth::auth::Auth;
use crate::service::auth::keys::Keys;
use crate::service::auth::rate_limits::RateLimits;
use crate::service::blocking::BlockingPool;
use crate::service::operations::audit::AuditLog;
use crate::service::submissions::idempotency::PendingRequests;
use crate::store::Db;

/// The state shared by all requests.
pub struct ServerState {
    /// The database, the clock, the settings and the catalogue.
    pub context: Arc<Context>,
    /// The keys, the trusted issuer, the secret checks and the login throttle.
    pub auth: Auth,
    /// The audit log.
    pub audit_log: AuditLog,
    /// The rate limits of clients and addresses.
    pub rate_limits: RateLimits,
    /// The requests with an `Idempotency-Key` being handled.
    pub pending: Arc<PendingRequests>,
    /// The threads that read files: each file may take a hundred megabytes for a second.
    pub file_reads: BlockingPool,
}

impl ServerState {
    /// Makes the state from an open, migrated database and its signing keys.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, keys: Keys, settings: Settings) -> ServerState {
        let context = Arc::new(Context::new(db, clock, settings));
        ServerState {
            auth: Auth::new(Arc::clone(&context), keys),
            audit_log: AuditLog::new(Arc::clone(&context)),
            rate_limits: RateLimits::new(&context),
            pending: Arc::default(),
            file_reads: BlockingPool::new(2),
            context,
        }
    }
}
