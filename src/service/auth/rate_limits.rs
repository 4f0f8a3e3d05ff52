//! Rate limits for clients and addresses: a quota per minute that fills up evenly, kept in the memory of one instance.
//! `http` chooses the key to count and writes the response headers.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::Clock as _;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use ipnet::IpNet;

use super::elapsed::{Elapsed, SECOND};
use crate::context::Context;

/// All rate limits.
pub struct RateLimits {
    /// Requests of clients, by client id.
    pub client: Counter<String>,
    /// Requests without a valid token, by network.
    pub address: Counter<IpNet>,
    /// Token requests, by network.
    pub token: Counter<IpNet>,
}

impl RateLimits {
    /// Makes empty counters. The rates of the settings are requests per minute.
    #[must_use]
    pub fn new(context: &Context) -> RateLimits {
        let (settings, elapsed) = (&context.settings, Elapsed::since_now(&context.clock));
        RateLimits {
            client: Counter::new("client", settings.client_rate, &elapsed),
            address: Counter::new("address", settings.address_rate, &elapsed),
            token: Counter::new("token", settings.token_rate, &elapsed),
        }
    }
}

/// Number of counts between two clean-ups, which drop keys with a full quota. Each key takes about a hundred bytes.
const SWEEP: u32 = 1_000;

/// A request counter by key.
pub struct Counter<K: Hash + Eq + Clone> {
    policy: &'static str,
    quota: NonZeroU32,
    limiter: RateLimiter<K, HashMapStateStore<K>, Elapsed, StateInformationMiddleware>,
    counted: AtomicU32,
}

/// The rate limit status of a key after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitStatus {
    /// The name of the quota.
    pub policy: &'static str,
    /// Requests per minute.
    pub quota: u32,
    /// Requests that are still allowed now.
    pub remaining: u32,
    /// Seconds until the quota is full again.
    pub reset: u64,
    /// Seconds until the next allowed request; only after a refused one.
    pub retry_after: Option<u64>,
}

impl<K: Hash + Eq + Clone> Counter<K> {
    fn new(policy: &'static str, per_minute: u32, elapsed: &Elapsed) -> Counter<K> {
        let quota = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        let limiter = RateLimiter::hashmap_with_clock(Quota::per_minute(quota), elapsed.clone());
        Counter { policy, quota, limiter: limiter.with_middleware(), counted: AtomicU32::new(0) }
    }

    /// Counts a request.
    pub fn count(&self, key: &K) -> RateLimitStatus {
        if self.counted.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let quota = self.quota.get();
        let (remaining, retry_after) = match self.limiter.check_key(key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => {
                let wait = until.wait_time_from(self.limiter.clock().now()).as_nanos();
                (0, Some(u64::try_from(wait.div_ceil(u128::from(SECOND))).unwrap_or(u64::MAX).max(1)))
            }
        };
        let reset = u64::from(quota.saturating_sub(remaining)) * 60;
        RateLimitStatus { policy: self.policy, quota, remaining, reset: reset.div_ceil(u64::from(quota)), retry_after }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::Arc;
    use std::sync::atomic::AtomicI64;

    use chrono::{DateTime, Utc};

    use super::*;
    use crate::clock::Clock;
    use crate::service::network::network;

    struct Watch(AtomicI64);

    impl Clock for Watch {
        fn now(&self) -> DateTime<Utc> {
            DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap()
        }
    }

    impl Watch {
        fn pass(&self, millis: i64) {
            self.0.fetch_add(millis * 1_000, Ordering::SeqCst);
        }
    }

    fn counter<K: Hash + Eq + Clone>(per_minute: u32) -> (Arc<Watch>, Counter<K>) {
        let watch = Arc::new(Watch(AtomicI64::new(1_700_000_000_000_000)));
        let clock: Arc<dyn Clock> = Arc::clone(&watch) as Arc<dyn Clock>;
        (watch, Counter::new("test", per_minute, &Elapsed::since_now(&clock)))
    }

    #[test]
    fn a_quota_is_used_up_and_fills_up_evenly() {
        let (watch, counter) = counter::<&str>(6);
        let mut standing = counter.count(&"a");
        assert_eq!(standing, RateLimitStatus { policy: "test", quota: 6, remaining: 5, reset: 10, retry_after: None });
        for remaining in (0..5).rev() {
            standing = counter.count(&"a");
            assert_eq!((standing.remaining, standing.retry_after), (remaining, None));
        }
        assert_eq!((standing.reset, counter.count(&"a").retry_after), (60, Some(10)), "the seventh");
        assert_eq!(counter.count(&"b").remaining, 5, "another is not touched");

        watch.pass(9_999);
        assert_eq!(counter.count(&"a").retry_after, Some(1), "not yet");
        watch.pass(1);
        assert_eq!(counter.count(&"a").retry_after, None);
        assert_eq!(counter.count(&"a").retry_after, Some(10), "one request in ten seconds");
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let (watch, counter) = counter::<&str>(1);
        assert_eq!(counter.count(&"a").retry_after, None);
        watch.pass(-3_600_000);
        assert_eq!(counter.count(&"a").retry_after, Some(60));
        watch.pass(60_000);
        assert_eq!(counter.count(&"a").retry_after, None);
    }

    #[test]
    fn ten_thousand_addresses_are_not_kept_longer_than_they_matter() {
        let (watch, counter) = counter::<IpNet>(600);
        let mut most = 0;
        for n in 0..10_000 {
            counter.count(&network(Ipv4Addr::from_bits(n * 7919).into()));
            watch.pass(1);
            most = most.max(counter.limiter.len());
        }
        // A quota of 600 per minute is full again a tenth of a second after one request.
        assert!(most <= 2 * SWEEP as usize, "{most} addresses were kept at a time");
    }
}
