//! The shared state of the server: the database, the clock, the keys, the catalogue snapshot, the settings.
//! Decisions on requests are in `service`.

use std::sync::{Arc, RwLock};

use chrono::{DateTime, DurationRound, NaiveDate, TimeDelta, Utc};

use tokio::sync::Semaphore;

use crate::config::{Settings, Trust};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::time::zone::day_in_viet_nam;
use crate::service::auth::issuer::TrustedIssuer;
use crate::service::auth::keys::Keys;
use crate::service::auth::rate_limits::Limits;
use crate::service::operations::audit::AuditLog;
use crate::service::submissions::idempotency::PendingRequests;
use crate::store::Db;

/// A source of time. Tests use a fixed one.
pub trait Clock: Send + Sync {
    /// The present instant in microseconds, the precision of both databases.
    fn now(&self) -> DateTime<Utc>;
}

/// The system clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }
}

/// The state shared by all requests.
pub struct State {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The keys that tokens are signed with.
    pub keys: Keys,
    /// The trusted external issuer, if any.
    pub trusted_issuer: Option<Arc<TrustedIssuer>>,
    /// The settings.
    pub settings: Settings,
    /// Permits for concurrent checks of secrets: each takes 19 MiB, and anyone may start one.
    pub(crate) secret_checks: Arc<Semaphore>,
    /// Permits for concurrent reads of files: each may take a hundred megabytes for a second.
    pub(crate) file_reads: Arc<Semaphore>,
    /// The requests with an `Idempotency-Key` being handled.
    pub(crate) in_flight: Arc<PendingRequests>,
    /// Counts of refusals without a line yet, and the time of the last deletion in the audit log.
    pub(crate) audit: AuditLog,
    /// The last snapshot of the catalogue.
    pub(crate) catalogue: RwLock<Option<Snapshot>>,
    /// The rate limits.
    pub(crate) limits: Limits,
}

/// A catalogue snapshot.
#[derive(Clone)]
pub(crate) struct Snapshot {
    /// The last changes of provinces, indicators and rules in the snapshot.
    pub(crate) taken_after: [i64; 3],
    /// The catalogue.
    pub(crate) catalogue: Arc<Catalogue>,
}

impl State {
    /// Makes the state from an open, migrated database.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, keys: Keys, settings: Settings) -> State {
        let of = |trust: &Trust, issuer: &str| {
            TrustedIssuer::new(issuer, trust.audience(&settings.issuer), &trust.trusted_client_claim, &trust.trusted_jwks)
        };
        let trusted_issuer = settings.trust.issuer().map(|issuer| Arc::new(of(&settings.trust, issuer)));
        let limits = Limits::new(settings.client_rate, settings.address_rate, settings.token_rate, &clock);
        State {
            db,
            clock,
            keys,
            trusted_issuer,
            settings,
            secret_checks: Arc::new(Semaphore::new(4)),
            file_reads: Arc::new(Semaphore::new(2)),
            in_flight: Arc::default(),
            audit: AuditLog::default(),
            catalogue: RwLock::new(None),
            limits,
        }
    }

    /// Today in Viet Nam.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.day_of(None)
    }

    /// The day in Viet Nam at an instant; today when absent.
    #[must_use]
    pub fn day_of(&self, instant: Option<DateTime<Utc>>) -> NaiveDate {
        day_in_viet_nam(instant.unwrap_or_else(|| self.clock.now()))
    }
}
