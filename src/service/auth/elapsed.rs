//! The time since the start of the program, which never decreases. Rate limits and waits use it.
//! The present time is in `clock`.

use std::sync::{Arc, Mutex, PoisonError};

use governor::clock::Clock as _;
use governor::nanos::Nanos;

use crate::clock::Clock;

/// A second in nanoseconds.
pub(super) const SECOND: u64 = 1_000_000_000;

/// The time since the start, by the service's clock. If the clock is set back, the time continues from there; otherwise a used quota would
/// not fill until the clock had caught up.
#[derive(Clone)]
pub(super) struct Elapsed(Arc<(Arc<dyn Clock>, Mutex<Reading>)>);

/// The last reading: the clock, and the time since the start, both in nanoseconds.
struct Reading {
    at: i64,
    elapsed: u64,
}

impl Elapsed {
    pub(super) fn since_now(clock: &Arc<dyn Clock>) -> Elapsed {
        let at = clock.now().timestamp_micros();
        Elapsed(Arc::new((Arc::clone(clock), Mutex::new(Reading { at, elapsed: 0 }))))
    }

    /// Whole seconds since the start.
    pub(super) fn seconds(&self) -> u64 {
        self.now().as_u64() / SECOND
    }
}

impl governor::clock::Clock for Elapsed {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let (clock, reading) = &*self.0;
        let now = clock.now().timestamp_micros();
        let mut reading = reading.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = u64::try_from(now - reading.at).unwrap_or(0);
        reading.elapsed = reading.elapsed.saturating_add(passed.saturating_mul(1_000));
        reading.at = now;
        Nanos::new(reading.elapsed)
    }
}
