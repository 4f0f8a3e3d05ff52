//! Access to answers from other web sites (the CORS protocol of the Fetch standard). Credentials are never allowed: the service has no
//! cookies.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName};

use crate::http::extract::context::state_of;

const METHODS: &str = "GET, HEAD, POST, PUT";
const HEADERS: &str = "authorization, content-type, idempotency-key, if-none-match";
const EXPOSED: &str = "content-language, etag, link, location, ratelimit, ratelimit-policy, retry-after, x-request-id";

/// Seconds for which a browser may cache a preflight answer.
const REMEMBERED: &str = "3600";

/// The CORS headers of an answer. None if no site is configured; only `Vary` for a site that is not listed.
#[must_use]
pub fn headers(request: &ServiceRequest) -> Vec<(HeaderName, String)> {
    let state = state_of(request.request());
    let origins = &state.context.settings.cors_origins;
    if origins.is_empty() {
        return Vec::new();
    }
    let mut headers = vec![(header::VARY, "origin".to_owned())];
    let origin = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    if let Some(origin) = origin.filter(|origin| origins.contain(origin)) {
        headers.push((header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.to_owned()));
        headers.push((header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED.to_owned()));
    }
    headers
}

/// The answer to a preflight request. A site that is not listed gets an answer without permission.
#[must_use]
pub fn preflight(request: &ServiceRequest) -> Option<HttpResponse> {
    let asks = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ORIGIN)
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let state = state_of(request.request());
    let origins = &state.context.settings.cors_origins;
    if !asks || origins.is_empty() {
        return None;
    }
    let mut response = HttpResponse::NoContent();
    if request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok()).is_some_and(|origin| origins.contain(origin)) {
        response.insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS));
        response.insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS));
        response.insert_header((header::ACCESS_CONTROL_MAX_AGE, REMEMBERED));
    }
    Some(response.finish())
}
