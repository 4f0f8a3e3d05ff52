//! Idempotency keys, and the fingerprints of the requests that were sent with them.
//! Stored answers are in `service::submissions::idempotency`.

use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::domain::fault::Code;
use crate::domain::message::message;
use crate::http::problem::Problem;

/// The idempotency key (draft-ietf-httpapi-idempotency-key-header), with or without the quotes of a structured field.
///
/// # Errors
/// `invalid_idempotency_key`.
pub fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let mut given = request.headers().get_all("idempotency-key");
    let Some(key) = given.next() else { return Ok(None) };
    let text = key.to_str().unwrap_or_default().trim();
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let good = (1..=255).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_graphic()) && given.next().is_none();
    let message = message!(
        en: "an `Idempotency-Key` is 1 to 255 visible ASCII characters, sent once",
        vi: "`Idempotency-Key` gồm 1 đến 255 ký tự ASCII nhìn thấy được, chỉ gửi một lần"
    );
    if good { Ok(Some(bare.to_owned())) } else { Err(Problem::one(StatusCode::BAD_REQUEST, Code::InvalidIdempotencyKey, message)) }
}

/// Fingerprint that distinguishes requests with the same key: SHA-256 of method, path, query, media type and body.
#[must_use]
pub fn fingerprint(request: &HttpRequest, body: &[u8]) -> String {
    let mut hash = fingerprint_head(request);
    hash.update(body.len().to_be_bytes());
    hash.update(body);
    BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// The fingerprint without the body, which is added as it arrives.
#[must_use]
pub fn fingerprint_head(request: &HttpRequest) -> Sha256 {
    let media_type = request.headers().get(header::CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
    let mut hash = Sha256::new();
    for part in [request.method().as_str().as_bytes(), request.uri().to_string().as_bytes(), media_type] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash
}
