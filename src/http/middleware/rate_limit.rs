//! Rate limits and their headers (draft-ietf-httpapi-ratelimit-headers), and limits on the length of a request head.
//! Failed attempts to sign in are limited in `service::auth`.

use actix_web::FromRequest;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;

use crate::domain::access::role::Caller;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::message::{Message, message};
use crate::http::extract::client_address::peer_address;
use crate::http::extract::context::state_of;
use crate::http::problem::Problem;
use crate::service::ServiceError;
use crate::service::auth::rate_limits::RateLimitStatus;
use crate::service::network::network;

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
    let mut limit = |given: usize, most: usize, what: Message, unit: Message| {
        if given > most {
            let message = message!(
                en: "{what} has at most {most} {unit}, not {given}",
                vi: "{what} có nhiều nhất {most} {unit}, không phải {given}"; what, unit
            );
            faults.push(Fault::new(Code::UriTooLong, message).at(Location::Request));
        }
    };
    limit(
        path.len() + query.len(),
        LONGEST_URI,
        message!(en: "a path with its query", vi: "đường dẫn kèm tham số"),
        message!(
            en: "bytes",
            vi: "byte"
        ),
    );
    limit(
        path.split('/').map(str::len).max().unwrap_or(0),
        LONGEST_SEGMENT,
        message!(
            en: "a part of a path",
            vi: "một phần của đường dẫn"
        ),
        message!(en: "bytes", vi: "byte"),
    );
    limit(
        query.split('&').count(),
        MOST_PARAMETERS,
        message!(en: "a query", vi: "phần tham số"),
        message!(
            en: "parameters",
            vi: "tham số"
        ),
    );
    if !faults.is_empty() {
        return Some(Problem::new(StatusCode::URI_TOO_LONG, faults));
    }
    let length: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let message = message!(
        en: "the header fields have at most {LONGEST_HEADERS} bytes in all, not {length}",
        vi: "các trường tiêu đề có nhiều nhất {LONGEST_HEADERS} byte, không phải {length}"
    );
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
    let limits = &state_of(request).rate_limits;
    let address = network(peer_address(request));
    if path.starts_with("/oauth/") {
        return Some(limits.token.count(&address));
    }
    let caller = Caller::from_request(request, &mut Payload::None).await;
    Some(match caller {
        Ok(caller) => match caller.client() {
            Some(client) => limits.client.count(&client.id),
            None => limits.address.count(&address),
        },
        // The handler reports the fault of the token.
        Err(_) => limits.address.count(&address),
    })
}

/// The problem for a request above the rate limit.
#[must_use]
pub fn refuse(standing: &RateLimitStatus) -> Option<Problem> {
    let wait = standing.retry_after?;
    let message = message!(
        en: "more than {} requests a minute; the next can be made in {wait} s",
        vi: "quá {} yêu cầu mỗi phút; gửi lại sau {wait} giây", standing.quota
    );
    Some(ServiceError::TooManyRequests(Fault::new(Code::TooManyRequests, message), wait).into())
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
