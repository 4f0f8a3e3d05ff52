//! What every request works with: the database, the clock, the keys, the catalogue at hand, the settings.

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

/// Where the time comes from; tests stand still at one moment.
pub trait Clock: Send + Sync {
    /// The present moment, to the microsecond: as exact as both databases keep it.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }
}

/// Shared by all requests of one server.
pub struct State {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The keys that tokens are signed with.
    pub keys: Keys,
    /// The issuer that is trusted besides this service, if any.
    pub trusted_issuer: Option<Arc<TrustedIssuer>>,
    /// The settings.
    pub settings: Settings,
    /// Secrets that are checked at the same time: each check takes 19 MiB for a while, and anyone may ask for one.
    pub(crate) secret_checks: Arc<Semaphore>,
    /// Files that are read at the same time: each may take a hundred megabytes for a second.
    pub(crate) file_reads: Arc<Semaphore>,
    /// The requests with an `Idempotency-Key` that are being done.
    pub(crate) in_flight: Arc<PendingRequests>,
    /// What of the audit log is not on record yet, and when it was last tidied.
    pub(crate) audit: AuditLog,
    /// The last snapshot of the catalogue.
    pub(crate) catalogue: RwLock<Option<Snapshot>>,
    /// How often clients and addresses have asked of late.
    pub(crate) limits: Limits,
}

/// The catalogue as it was after some changes.
#[derive(Clone)]
pub(crate) struct Snapshot {
    /// The last changes it knows of provinces, of indicators and of rules.
    pub(crate) taken_after: [i64; 3],
    /// The catalogue.
    pub(crate) catalogue: Arc<Catalogue>,
}

impl State {
    /// Takes an open, migrated database.
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
