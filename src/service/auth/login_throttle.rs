//! Failed attempts to get a token, and the waiting time after them. Kept in the memory of one instance.
//!
//! A secret has 256 random bits, so guessing cannot succeed; the limits only save work and log lines. One caller must not lock out another.
//! Failures count against the address, and against the client only at addresses without a recent success of that client.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use ipnet::IpNet;

/// Failures per minute after which a client at one address, or an address, has to wait.
const FEW: u32 = 10;

/// Failures per minute of one client from all addresses, after which it has to wait at addresses without a recent success.
const MANY: u32 = 100;

/// The first waiting time in seconds. Each further failure doubles it.
const FIRST: u64 = 30;

/// The longest waiting time in seconds.
const LONGEST: u64 = 15 * 60;

/// Length of a counting window in seconds.
const WINDOW: u64 = 60;

/// Seconds for which an address counts as known after a success.
const KNOWN: u64 = 24 * 60 * 60;

/// Limit of entries per table.
const MOST: usize = 10_000;

/// Recent failures. All times are seconds from the same start.
#[derive(Default)]
pub struct LoginThrottle(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    pairs: HashMap<(String, IpNet), Failures>,
    addresses: HashMap<IpNet, Failures>,
    clients: HashMap<String, Failures>,
    known: HashMap<(String, IpNet), u64>,
}

#[derive(Default)]
struct Failures {
    count: u32,
    since: u64,
    /// Number of waiting times so far.
    times: u32,
    until: u64,
}

impl LoginThrottle {
    /// Decides whether to check an attempt.
    ///
    /// # Errors
    /// The waiting time in seconds. It does not depend on the secret.
    pub fn admit(&self, client: &str, address: IpNet, now: u64) -> Result<(), u64> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = (client.to_owned(), address);
        let known = kept.known.get(&pair).is_some_and(|until| *until > now);
        let everywhere = kept.clients.get(client).filter(|_| !known);
        let put_off = [kept.pairs.get(&pair), kept.addresses.get(&address).filter(|_| !known), everywhere];
        let wait = put_off.into_iter().flatten().map(|failures| failures.until.saturating_sub(now)).max().unwrap_or(0);
        if wait == 0 { Ok(()) } else { Err(wait) }
    }

    /// Counts a failed attempt.
    pub fn failed(&self, client: &str, address: IpNet, now: u64) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = room(&mut kept.pairs, (client.to_owned(), address), now).add(now, FEW);
        // Repeated failures of one client count once for the address: an old secret in one program must not lock out others at its address.
        if first {
            room(&mut kept.addresses, address, now).add(now, FEW);
        }
        let everywhere = room(&mut kept.clients, client.to_owned(), now);
        everywhere.add(now, MANY);
        // This waiting time does not grow.
        everywhere.times = 0;
    }

    /// Marks the address as known for the client. Other failures of the address stay: an attacker may own a client too.
    pub fn succeeded(&self, client: &str, address: IpNet, now: u64) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = (client.to_owned(), address);
        kept.pairs.remove(&pair);
        if kept.known.len() >= MOST && !kept.known.contains_key(&pair) {
            kept.known.retain(|_, until| *until > now);
            if kept.known.len() >= MOST {
                kept.known.clear();
            }
        }
        kept.known.insert(pair, now + KNOWN);
    }
}

impl Failures {
    /// Counts a failure. Returns true for the first one of a window.
    fn add(&mut self, now: u64, most: u32) -> bool {
        if !self.matters(now) || self.times == 0 && now >= self.since + WINDOW {
            *self = Failures { since: now, ..Failures::default() };
        }
        self.count += 1;
        if self.count >= most {
            self.until = now + (FIRST << self.times.min(10)).min(LONGEST);
            self.times += 1;
        }
        self.count == 1
    }

    /// True while the entry still has an effect.
    fn matters(&self, now: u64) -> bool {
        now < self.since + WINDOW || self.times > 0 && now < self.until + LONGEST
    }
}

/// The failures of a key. If the table is full, entries without effect are dropped first.
fn room<K: Hash + Eq>(kept: &mut HashMap<K, Failures>, key: K, now: u64) -> &mut Failures {
    if kept.len() >= MOST && !kept.contains_key(&key) {
        kept.retain(|_, failures| failures.matters(now));
        if kept.len() >= MOST {
            kept.retain(|_, failures| failures.until > now);
        }
        if kept.len() >= MOST {
            kept.clear();
        }
    }
    kept.entry(key).or_default()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::service::network::network;

    fn at(n: u32) -> IpNet {
        network(Ipv4Addr::from_bits(n).into())
    }

    fn fail(guessing: &LoginThrottle, times: u32, client: &str, address: u32, now: u64) {
        (0..times).for_each(|_| guessing.failed(client, at(address), now));
    }

    #[test]
    fn each_failure_after_ten_doubles_the_wait_up_to_a_quarter_of_an_hour() {
        let guessing = LoginThrottle::default();
        fail(&guessing, 9, "a", 1, 0);
        assert_eq!(guessing.admit("a", at(1), 0), Ok(()));
        let mut now = 0;
        for wait in [30, 60, 120, 240, 480, 900, 900, 900] {
            guessing.failed("a", at(1), now);
            assert_eq!(guessing.admit("a", at(1), now), Err(wait));
            assert_eq!(guessing.admit("a", at(1), now + wait - 1), Err(1));
            now += wait;
            assert_eq!(guessing.admit("a", at(1), now), Ok(()));
        }
        now += LONGEST;
        fail(&guessing, 9, "a", 1, now);
        assert_eq!(guessing.admit("a", at(1), now), Ok(()), "after a quarter of an hour of peace it begins anew");
    }

    #[test]
    fn failures_that_are_a_minute_apart_do_not_count_together() {
        let guessing = LoginThrottle::default();
        fail(&guessing, 9, "a", 1, 0);
        fail(&guessing, 9, "a", 1, 60);
        assert_eq!(guessing.admit("a", at(1), 60), Ok(()));
        guessing.failed("a", at(1), 119);
        assert_eq!(guessing.admit("a", at(1), 119), Err(30));
    }

    #[test]
    fn success_forgets_what_failed_before() {
        let guessing = LoginThrottle::default();
        fail(&guessing, 9, "a", 1, 0);
        guessing.succeeded("a", at(1), 1);
        fail(&guessing, 9, "a", 1, 2);
        assert_eq!(guessing.admit("a", at(1), 2), Ok(()));
    }

    #[test]
    fn who_guesses_locks_out_nobody_else() {
        let guessing = LoginThrottle::default();
        fail(&guessing, 50, "a", 1, 0);
        assert!(guessing.admit("a", at(1), 0).is_err());
        assert_eq!(guessing.admit("a", at(2), 0), Ok(()), "the client at another address");
        assert_eq!(guessing.admit("b", at(1), 0), Ok(()), "another client at the same address");
    }

    #[test]
    fn ten_clients_that_fail_at_one_address_are_one_attacker() {
        let guessing = LoginThrottle::default();
        (0..9).for_each(|n| guessing.failed(&n.to_string(), at(1), 0));
        assert_eq!(guessing.admit("a", at(1), 0), Ok(()));
        guessing.failed("9", at(1), 0);
        assert_eq!(guessing.admit("a", at(1), 0), Err(30));
        assert_eq!(guessing.admit("a", at(2), 0), Ok(()));
        // A success with the attacker's own client gives no extra attempts.
        guessing.succeeded("mine", at(1), 0);
        assert_eq!(guessing.admit("a", at(1), 0), Err(30));
    }

    #[test]
    fn a_client_that_is_guessed_at_from_everywhere_goes_on_where_it_is_known() {
        let guessing = LoginThrottle::default();
        guessing.succeeded("a", at(1), 0);
        (0..100).for_each(|n| guessing.failed("a", at(1000 + n), 10));
        assert_eq!(guessing.admit("a", at(2), 10), Err(30), "at a new address");
        assert_eq!(guessing.admit("a", at(1), 10), Ok(()), "where it is known");
        assert_eq!(guessing.admit("b", at(2), 10), Ok(()), "another client");
        (0..1000).for_each(|n| guessing.failed("a", at(5000 + n), 41 + u64::from(n / 200)));
        assert!(guessing.admit("a", at(2), 46).is_err_and(|wait| wait <= FIRST), "the wait never grows");
        assert_eq!(guessing.admit("a", at(1), 46), Ok(()));
        assert!(guessing.admit("a", at(1), 46 + KNOWN).is_ok(), "nor is it put off for ever");
    }

    #[test]
    fn no_more_is_kept_than_fits() {
        let guessing = LoginThrottle::default();
        for n in 0..30_000 {
            guessing.failed(&n.to_string(), at(n), u64::from(n / 1000));
            guessing.succeeded(&n.to_string(), at(n), 0);
        }
        let kept = guessing.0.lock().unwrap();
        for kept in [kept.pairs.len(), kept.addresses.len(), kept.clients.len(), kept.known.len()] {
            assert!(kept <= MOST, "{kept}");
        }
    }
}
