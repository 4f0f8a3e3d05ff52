//! The clock, the only source of the present time.
//! Days in Viet Nam are computed in `domain::time`.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

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
