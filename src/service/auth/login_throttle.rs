//! Failed attempts to get a token, and how long no more are looked at. Kept in the memory of this instance.
//!
//! A client's secret has 256 random bits, so that no guess will ever be right; what is kept small is the work and the noise. Nobody may
//! lock out somebody else: what fails at one address counts against that address, and against the client elsewhere only at addresses that
//! it has not come from of late.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Failures within a minute after which attempts of one client from one address, or of any client from it, are put off.
const FEW: u32 = 10;

/// Failures within a minute of one client from all addresses, after which it is put off wherever it has not come from of late.
const MANY: u32 = 100;

/// Seconds of the first time that is put off; each further failure doubles it.
const FIRST: u64 = 30;

/// Seconds of the longest time that is put off.
const LONGEST: u64 = 15 * 60;

/// Seconds in which failures are counted together.
const WINDOW: u64 = 60;

/// Seconds for which a client is known at an address where it got a token.
const KNOWN: u64 = 24 * 60 * 60;

/// The most that is kept of each kind.
const MOST: usize = 10_000;

/// What failed of late. Times are seconds on one scale.
#[derive(Default)]
pub struct LoginThrottle(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    pairs: HashMap<(String, IpAddr), Failures>,
    addresses: HashMap<IpAddr, Failures>,
    clients: HashMap<String, Failures>,
    known: HashMap<(String, IpAddr), u64>,
}

#[derive(Default)]
struct Failures {
    count: u32,
    since: u64,
    /// How often attempts were put off already.
    times: u32,
    until: u64,
}

impl LoginThrottle {
    /// Whether an attempt is looked at.
    ///
    /// # Errors
    /// The seconds until one will be, whether the secret is right or not.
    pub fn admit(&self, client: &str, address: IpAddr, now: u64) -> Result<(), u64> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = (client.to_owned(), address);
        let known = kept.known.get(&pair).is_some_and(|until| *until > now);
        let everywhere = kept.clients.get(client).filter(|_| !known);
        let put_off = [kept.pairs.get(&pair), kept.addresses.get(&address).filter(|_| !known), everywhere];
        let wait = put_off.into_iter().flatten().map(|failures| failures.until.saturating_sub(now)).max().unwrap_or(0);
        if wait == 0 { Ok(()) } else { Err(wait) }
    }

    /// Notes that an attempt failed.
    pub fn failed(&self, client: &str, address: IpAddr, now: u64) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = room(&mut kept.pairs, (client.to_owned(), address), now).add(now, FEW);
        // One client with an old secret that tries again and again counts once, or it would lock out all that share its address.
        if first {
            room(&mut kept.addresses, address, now).add(now, FEW);
        }
        let everywhere = room(&mut kept.clients, client.to_owned(), now);
        everywhere.add(now, MANY);
        // That wait never grows.
        everywhere.times = 0;
    }

    /// Notes that a client got a token. What else failed from the address stays: an attacker may have a client, too.
    pub fn succeeded(&self, client: &str, address: IpAddr, now: u64) {
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
    /// Counts a failure; whether it was the first of its minute.
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

    /// Whether it still says anything.
    fn matters(&self, now: u64) -> bool {
        now < self.since + WINDOW || self.times > 0 && now < self.until + LONGEST
    }
}

/// The failures of a key; to make room for a new one, those are forgotten that say least.
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

    fn at(n: u32) -> IpAddr {
        Ipv4Addr::from_bits(n).into()
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
        // A client of the attacker's own buys no more guesses.
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
