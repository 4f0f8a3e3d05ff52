//! Conditional reads (RFC 9110 §13): every GET answer has an entity tag of its bytes, and a client with the same bytes gets 304.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Adds entity tags to GET answers. The tags are weak, because the same answer is sent compressed and uncompressed.
///
/// # Errors
/// Errors of the handler.
pub async fn tag(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let reading = request.method() == Method::GET;
    let private = request.headers().contains_key(header::AUTHORIZATION);
    let response = next.call(request).await?.map_into_boxed_body();
    if !reading || response.status() != StatusCode::OK || response.headers().contains_key(header::ETAG) {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let (mut response, body) = response.into_parts();
    let body = match body.try_into_bytes() {
        Ok(body) => body,
        // A streamed body has no complete bytes to hash.
        Err(streamed) => return Ok(ServiceResponse::new(request, response.set_body(streamed))),
    };
    let digest = Sha256::digest(&body);
    let tag = format!("W/\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&digest[..16]));
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("base64 is a header value"));
    // A cacheable answer sets its own header.
    if !headers.contains_key(header::CACHE_CONTROL) {
        let caching = if private { "private, no-cache" } else { "no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    }
    headers.append(header::VARY, HeaderValue::from_static("authorization, accept-encoding"));
    if is_known(request.headers(), &tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(header::CONTENT_TYPE);
        return Ok(ServiceResponse::new(request, response.set_body(BoxBody::new(()))));
    }
    Ok(ServiceResponse::new(request, response.set_body(BoxBody::new(body))))
}

/// Whether `If-None-Match` contains the tag, by weak comparison.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let mut given = headers.get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    given.any(|known| known.trim() == "*" || opaque(known) == opaque(tag))
}
