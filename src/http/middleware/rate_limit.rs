//! Rate limits and their headers (draft-ietf-httpapi-ratelimit-headers); limits on the length of a request head; limits on failed attempts
//! to sign in.

use crate::domain::access::role::Caller;
use std::fmt::Display;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::domain::fault::{Code, Fault, Location};
use crate::http::extract::client_address::peer_address;
use crate::http::extract::context::state_of;
use crate::http::problem::Problem;
use crate::service::ServiceError;
use crate::service::auth::rate_limits::{RateLimitStatus, network};

/// Maximum length of path and query, in bytes.
const LONGEST_URI: usize = 8 * 1024;

/// Maximum length of a path segment, in bytes as sent: a name of a hundred letters, each of them percent-encoded.
const LONGEST_SEGMENT: usize = 1024;

/// Maximum number of query parameters: more than all lists of an operation can use.
const MOST_PARAMETERS: usize = 500;

/// Maximum total length of the header fields, names and values, in bytes. The framework accepts at most 96 fields and 128 KiB, and answers
/// others with 431 without a body.
const LONGEST_HEADERS: usize = 16 * 1024;

/// Health checks are not counted: they come often from one address and cost nothing.
const UNCOUNTED: [&str; 2] = ["/healthz", "/readyz"];

/// Refuses a request head that is longer than any meaningful one.
#[must_use]
pub fn refuse_long_head(request: &ServiceRequest) -> Option<Problem> {
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    let mut faults = Vec::new();
    let mut limit = |given: usize, most: usize, what: &str, unit: &str| {
        if given > most {
            let message = format!("{what} has at most {most} {unit}, not {given}");
            faults.push(Fault::new(Code::UriTooLong, message).at(Location::Request));
        }
    };
    limit(path.len() + query.len(), LONGEST_URI, "a path with its query", "bytes");
    limit(path.split('/').map(str::len).max().unwrap_or(0), LONGEST_SEGMENT, "a part of a path", "bytes");
    limit(query.split('&').count(), MOST_PARAMETERS, "a query", "parameters");
    if !faults.is_empty() {
        return Some(Problem::new(StatusCode::URI_TOO_LONG, faults));
    }
    let length: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let message = format!("the header fields have at most {LONGEST_HEADERS} bytes in all, not {length}");
    (length > LONGEST_HEADERS).then(|| Problem::one(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, Code::HeadersTooLarge, message))
}

/// Counts a request against the quota of its client, or without a valid token against the quota of its address. The client is kept in the
/// request, so that the handler need not look it up again.
pub async fn count(request: &ServiceRequest) -> Option<RateLimitStatus> {
    // The decoded path, as the router sees it: a path can contain percent-encoded characters.
    let path = request.match_info().as_str();
    if UNCOUNTED.contains(&path) {
        return None;
    }
    let request = request.request();
    let limits = &state_of(request).limits;
    let address = network(peer_address(request));
    if path.starts_with("/oauth/") {
        return Some(limits.token.count(&address));
    }
    let caller = Caller::from_request(request, &mut Payload::None).await;
    Some(match caller {
        Ok(caller) => {
            let status = match caller.client() {
                Some(client) => limits.client.count(&client.id),
                None => limits.address.count(&address),
            };
            request.extensions_mut().insert(caller);
            status
        }
        // The handler reports the fault of the token.
        Err(_) => limits.address.count(&address),
    })
}

/// The problem for a request above the rate limit.
#[must_use]
pub fn refuse(standing: &RateLimitStatus) -> Option<Problem> {
    let wait = standing.retry_after?;
    let message = format!("more than {} requests a minute; the next can be made in {wait} s", standing.quota);
    Some(too_many(message, wait))
}

fn too_many(message: String, wait: impl Display) -> Problem {
    let problem = Problem::one(StatusCode::TOO_MANY_REQUESTS, Code::TooManyRequests, message);
    problem.with_header(header::RETRY_AFTER, &wait.to_string())
}

/// The rate limit headers, as structured fields (RFC 9651).
#[must_use]
pub fn headers(standing: &RateLimitStatus) -> [(HeaderName, String); 2] {
    let RateLimitStatus { policy, quota, remaining, reset, .. } = standing;
    [
        (HeaderName::from_static("ratelimit-policy"), format!("\"{policy}\";q={quota};w=60")),
        (HeaderName::from_static("ratelimit"), format!("\"{policy}\";r={remaining};t={reset}")),
    ]
}

/// Runs an attempt to authenticate a client. After too many failed attempts, the attempt is refused without a check.
///
/// # Errors
/// Errors of the attempt; `too_many_requests`.
pub async fn prove<T>(request: &HttpRequest, client: &str, attempt: impl Future<Output = Result<T, ServiceError>>) -> Result<T, Problem> {
    let limits = &state_of(request).limits;
    let address = network(peer_address(request));
    if let Err(wait) = limits.guessing.admit(client, address, limits.seconds()) {
        return Err(too_many(format!("too many attempts failed; the next is looked at in {wait} s"), wait));
    }
    let done = attempt.await;
    match &done {
        Err(ServiceError::Unauthenticated(_)) => limits.guessing.failed(client, address, limits.seconds()),
        // The secret was correct, so this is no guess. Another part of the request was wrong.
        Ok(_) | Err(ServiceError::Malformed(_)) => limits.guessing.succeeded(client, address, limits.seconds()),
        Err(_) => (),
    }
    Ok(done?)
}
