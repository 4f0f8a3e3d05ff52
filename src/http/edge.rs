//! What happens to every request at the edge: a name for the log, a time limit, one shape for faults, safe headers.

use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, ResponseError};
use uuid::Uuid;

use super::problem::Problem;
use super::request::{is_stream, state_of};
use super::{cors, limits};
use crate::domain::fault::{Code, Fault, Place};

/// What a request is called in the log, for answers that end after it was handled.
pub struct RequestId(pub String);

/// The outermost middleware.
///
/// # Errors
/// Only where no response could be formed: the time is up.
pub async fn guard(mut request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let begun = Instant::now();
    let id = Uuid::now_v7().to_string();
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let patience = Duration::from_secs(state_of(request.request()).settings.request_timeout);
    if method == Method::HEAD {
        // HEAD is GET without its body, which the connection leaves out by itself.
        request.head_mut().method = Method::GET;
    }
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut safe = safe_headers(&path, &id);
    safe.extend(cors::headers(&request));
    let streams = is_stream(request.request());
    let handled = async {
        let standing = limits::count(&request).await;
        safe.extend(standing.iter().flat_map(limits::headers));
        let refused = standing.as_ref().and_then(limits::refuse).or_else(|| limits::refuse_long_head(&request));
        if let Some(problem) = refused.or_else(|| refuse_nul(&request)).or_else(|| refuse_encoded_body(&request)) {
            return Ok(request.error_response(problem));
        }
        if let Some(answer) = cors::preflight(&request) {
            return Ok(request.into_response(answer));
        }
        next.call(request).await.map(ServiceResponse::map_into_boxed_body)
    };
    let done = if streams {
        // A stream has time limits of its own.
        handled.await
    } else {
        let in_time = tokio::time::timeout(patience, handled).await;
        in_time.unwrap_or_else(|_| Err(Problem::of_status(StatusCode::REQUEST_TIMEOUT).into()))
    };
    let shaped = shape(done, &path, &id, &safe);
    let status = match &shaped {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    log::info!("{method} {path} status={} ms={} request={id}", status.as_u16(), begun.elapsed().as_millis());
    shaped.map(|mut response| {
        for (name, value) in safe {
            let value = HeaderValue::from_str(&value).expect("our own words, and origins that are listed, are header values");
            if name == header::VARY {
                response.headers_mut().append(name, value);
            } else {
                response.headers_mut().insert(name, value);
            }
        }
        response
    })
}

/// No name holds a NUL, and PostgreSQL takes none, not even to look it up.
fn refuse_nul(request: &ServiceRequest) -> Option<Problem> {
    request.path().contains("%00").then(|| Problem::one(StatusCode::NOT_FOUND, Code::NotFound, "nothing has a NUL in its name"))
}

/// actix inflates bodies before any limit looks at them: a megabyte of zeros becomes a gigabyte. So none are taken.
fn refuse_encoded_body(request: &ServiceRequest) -> Option<Problem> {
    let encoded = request.headers().get(header::CONTENT_ENCODING).filter(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    encoded.map(|_| {
        let fault = Fault::new(Code::ContentEncodingRefused, "send the body as it is, without Content-Encoding").allowing(["identity"]);
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, vec![fault.at(Place::Request)]).with_header(header::ACCEPT_ENCODING, "identity")
    })
}

/// Gives every fault, the framework's own included, the one shape.
fn shape(done: Result<ServiceResponse, Error>, path: &str, id: &str, headers: &[(HeaderName, String)]) -> Result<ServiceResponse, Error> {
    let problem_of = |error: &Error| error.as_error::<Problem>().cloned();
    let name = |problem: Problem| named(problem, path, id);
    match done {
        Ok(response) if response.status().is_client_error() || response.status().is_server_error() => {
            let status = response.status();
            let known = response.response().error().and_then(problem_of);
            if known.is_none() && status.is_server_error() {
                log::error!("unnamed failure status={status} error={:?} request={id}", response.response().error());
            }
            let problem = name(known.unwrap_or_else(|| Problem::of_status(status)));
            let (request, _) = response.into_parts();
            Ok(ServiceResponse::new(request, problem.error_response()))
        }
        Ok(response) => Ok(response),
        Err(error) => {
            let status = error.as_response_error().status_code();
            let problem = name(problem_of(&error).unwrap_or_else(|| Problem::of_status(status)));
            Err(headers.iter().fold(problem, |problem, (name, value)| problem.with_header(name.clone(), value)).into())
        }
    }
}

/// A problem with the name of its request, which the log has it under as well.
#[must_use]
pub fn named(problem: Problem, path: &str, id: &str) -> Problem {
    let problem = problem.of_request(path, id);
    match problem.cause() {
        Some(cause) => log::error!("{problem} cause={cause:?} request={id}"),
        None => log::debug!("{problem} codes={:?} request={id}", problem.codes()),
    }
    problem
}

/// Headers that every answer has. No answer sets a cookie, and none says what it is served by.
fn safe_headers(path: &str, id: &str) -> Vec<(HeaderName, String)> {
    // The documentation page sets styles on elements; nothing here runs inline script.
    let policy = if path.starts_with("/docs") {
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    } else {
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    };
    let headers = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
        (HeaderName::from_static("x-request-id"), id),
    ];
    headers.map(|(name, value)| (name, value.to_owned())).into()
}
