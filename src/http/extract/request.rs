//! Reads requests: query parameters with all faults at once, bodies by media type, and the caller.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::HeaderValue;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::client_address::peer_address;
use crate::domain::access::origin::{AccessLog, RequestOrigin};
use crate::domain::access::role::{Authorized, Caller, Permission};
use crate::domain::access::scope::Scope;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::text;
pub use crate::domain::text::parse_instant as instant;
use crate::http::middleware::request::RequestId;
use crate::http::problem::Problem;
use crate::service::ServiceError;
use crate::service::auth::tokens;
use crate::state::State;

/// Query parameters, read one by one. A parameter that was not read is unknown.
#[derive(Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    known: Vec<&'static str>,
    faults: Vec<LocatedFault>,
}

impl Query {
    /// Parses a query string or a form.
    #[must_use]
    pub fn parse(text: &str) -> Query {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(text).map(web::Query::into_inner).unwrap_or_default();
        Query { pairs, known: Vec::new(), faults: Vec::new() }
    }

    /// Reads an optional parameter that must not repeat.
    pub fn one<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        self.known.push(name);
        let mut given = self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value);
        let value = given.next()?;
        if given.next().is_some() {
            self.note(name, Fault::new(Code::RepeatedParameter, format!("`{name}` is read once")));
            return None;
        }
        match read(value) {
            Ok(read) => Some(read),
            Err(fault) => {
                self.note(name, fault);
                None
            }
        }
    }

    /// Reads a required parameter.
    pub fn required<T>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        if !self.pairs.iter().any(|(known, _)| known == name) {
            self.note(name, Fault::new(Code::MissingParameter, format!("`{name}` is needed")));
        }
        self.one(name, read)
    }

    /// Reads a repeatable parameter.
    pub fn repeated<T>(&mut self, name: &'static str, read: impl Fn(&str) -> Result<T, Fault>) -> Vec<T> {
        self.known.push(name);
        let (read, faults): (Vec<_>, Vec<_>) =
            self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| read(value)).partition(Result::is_ok);
        faults.into_iter().filter_map(Result::err).for_each(|fault| self.note(name, fault));
        read.into_iter().flatten().collect()
    }

    /// Reads a required list.
    pub fn required_list(&mut self, name: &'static str) -> Vec<String> {
        if !self.pairs.iter().any(|(known, _)| known == name) {
            self.note(name, Fault::new(Code::MissingParameter, format!("`{name}` is needed")));
        }
        self.list(name)
    }

    /// Reads a list: repeated, separated by commas, or both; at most a hundred texts.
    pub fn list(&mut self, name: &'static str) -> Vec<String> {
        let texts: Vec<Vec<String>> =
            self.repeated(name, |value| value.split(',').map(|text| text::clean(text.trim(), 100)).collect::<Result<Vec<_>, _>>());
        let texts: Vec<String> = texts.into_iter().flatten().collect();
        if texts.len() > LONGEST_LIST {
            self.note(name, Fault::new(Code::InvalidValue, format!("`{name}` takes at most {LONGEST_LIST} at a time")));
            return Vec::new();
        }
        texts
    }

    /// Whether a parameter is present, with any value.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }

    /// Adds a fault of a parameter.
    pub fn note(&mut self, name: &str, fault: Fault) {
        self.faults.push(fault.at(Location::Parameter(name.to_owned())));
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// All faults, including unknown parameters.
    pub fn finish(self) -> Result<(), ServiceError> {
        let faults = self.into_faults();
        if faults.is_empty() { Ok(()) } else { Err(ServiceError::Malformed(faults)) }
    }

    /// Ends the reading and returns all faults, including unknown parameters, for a service that may add its own.
    #[must_use]
    pub fn into_faults(mut self) -> Vec<LocatedFault> {
        let mut unknown: Vec<String> =
            self.pairs.iter().map(|(name, _)| name).filter(|name| !self.known.contains(&name.as_str())).cloned().collect();
        unknown.dedup();
        // Thousands of unknown names would produce megabytes of answer; the first hundred are enough.
        for name in unknown.into_iter().take(LONGEST_LIST) {
            let shown: String = name.chars().take(60).collect();
            let fault =
                Fault::new(Code::UnknownParameter, format!("there is no parameter `{shown}` here")).allowing(self.known.iter().copied());
            self.note(&shown, fault);
        }
        self.faults
    }
}

/// Reads a search text.
///
/// # Errors
/// `invalid_text`, also for a text of accents and punctuation only.
pub fn search(text: &str) -> Result<String, Fault> {
    let text = text::clean(text, 100)?;
    if text::fold(&text).is_empty() { Err(Fault::new(Code::InvalidText, "the text holds no letter or digit")) } else { Ok(text) }
}

/// Reads `true` or `false`.
///
/// # Errors
/// `invalid_value`.
pub fn boolean(text: &str) -> Result<bool, Fault> {
    text.parse().map_err(|_| Fault::new(Code::InvalidValue, "true or false is needed").allowing(["true", "false"]))
}

/// Maximum number of texts in a list parameter.
pub const LONGEST_LIST: usize = 100;

impl FromRequest for Query {
    type Error = Problem;
    type Future = Ready<Result<Query, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Query::parse(request.query_string())))
    }
}

/// A raw JSON body.
pub struct JsonBody(pub web::Bytes);

impl FromRequest for JsonBody {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<JsonBody, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let expected = check_media_type(request, "application/json");
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            expected?;
            Ok(JsonBody(bytes.await?))
        })
    }
}

/// A raw JSON body that may be absent.
pub struct OptionalBody(pub web::Bytes);

impl FromRequest for OptionalBody {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<OptionalBody, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let expected = check_media_type(request, "application/json");
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            if !bytes.is_empty() {
                expected?;
            }
            Ok(OptionalBody(bytes))
        })
    }
}

/// The media type of a table as CSV (RFC 4180).
pub const CSV: &str = "text/csv";
/// The media type of an Excel workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The media type of a stream of rows: newline-delimited JSON.
pub const NDJSON: &str = "application/x-ndjson";

/// Raw figures as JSON, as a file or as a stream.
pub enum Upload {
    /// JSON.
    Json(web::Bytes),
    /// A file of this media type.
    File(&'static str, web::Bytes),
    /// A stream, before its first byte.
    Stream(web::Payload),
}

/// Whether a request sends a stream. A stream may take longer than other requests.
#[must_use]
pub fn is_stream(request: &HttpRequest) -> bool {
    request.method() == Method::POST && request.path() == "/v1/submissions" && is_media_type(request, NDJSON)
}

impl FromRequest for Upload {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Upload, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if is_stream(request) {
            let payload = web::Payload::from_request(request, payload);
            return Box::pin(async move { Ok(Upload::Stream(payload.await?)) });
        }
        let Some(file) = [CSV, XLSX].into_iter().find(|media| is_media_type(request, media)) else {
            let expected = check_media_types(request, &["application/json", CSV, XLSX, NDJSON]);
            let bytes = web::Bytes::from_request(request, payload);
            return Box::pin(async move {
                expected?;
                Ok(Upload::Json(bytes.await?))
            });
        };
        let limit = usize::try_from(state_of(request).settings.file_limit).unwrap_or(usize::MAX);
        let caller = Caller::from_request(request, &mut Payload::None);
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            // Files are large: only of somebody who may send them are they taken in.
            caller.await?.holding(Scope::Submit).map_err(|fault| Problem::from(ServiceError::denied(fault)))?;
            let bytes = payload.await?.to_bytes_limited(limit).await;
            let bytes =
                bytes.map_err(|_| Problem::one(StatusCode::PAYLOAD_TOO_LARGE, Code::BodyTooLarge, "the file is larger than the limit"))?;
            Ok(Upload::File(file, bytes?))
        })
    }
}

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
    let message = "an `Idempotency-Key` is 1 to 255 visible ASCII characters, sent once";
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

/// Maximum length of a form, in bytes: an assertion or a token, and some short fields.
const LONGEST_FORM: usize = 32 * 1024;

/// A form body of the token endpoint.
pub struct FormBody(pub Query);

impl FromRequest for FormBody {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<FormBody, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let expected = check_media_type(request, "application/x-www-form-urlencoded");
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            expected?;
            let bytes = bytes.await?;
            if bytes.len() > LONGEST_FORM {
                let message = format!("a form has at most {LONGEST_FORM} bytes");
                return Err(Problem::one(StatusCode::PAYLOAD_TOO_LARGE, Code::BodyTooLarge, message).into());
            }
            let text = std::str::from_utf8(&bytes)
                .map_err(|_| Problem::one(StatusCode::BAD_REQUEST, Code::BadRequest, "the form is not UTF-8"))?;
            Ok(FormBody(Query::parse(text)))
        })
    }
}

/// Decodes a text that was encoded as a form value; `None` if it is not exactly one value.
#[must_use]
pub fn form_decoded(text: &str) -> Option<String> {
    let mut pairs = Query::parse(&format!("value={text}")).pairs.into_iter();
    pairs.next().map(|(_, value)| value).filter(|_| pairs.next().is_none())
}

fn is_media_type(request: &HttpRequest, expected: &str) -> bool {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(expected)
}

fn check_media_type(request: &HttpRequest, expected: &str) -> Result<(), Problem> {
    check_media_types(request, &[expected])
}

/// Refuses a body with another media type. The first of the list is the most common.
fn check_media_types(request: &HttpRequest, expected: &[&str]) -> Result<(), Problem> {
    let first = expected.first().copied().unwrap_or_default();
    if is_media_type(request, first) {
        return Ok(());
    }
    let fault = Fault::new(Code::UnsupportedMediaType, format!("the body is to be sent as `{first}`")).allowing(expected.iter().copied());
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, vec![fault.at(Location::Request)]))
}

/// Who is asking: anyone without a token, a client with one. A token that is no good is refused even where none is needed.
impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Caller, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = state_of(request);
        let given: Vec<HeaderValue> = request.headers().get_all(header::AUTHORIZATION).cloned().collect();
        let origin = origin_of(request);
        let known = request.extensions().get::<Caller>().cloned();
        Box::pin(async move {
            if let Some(known) = known {
                return Ok(known);
            }
            let Some(header) = given.first() else { return Ok(Caller::anyone().from_origin(origin)) };
            // With two headers, this server and a proxy could read different tokens.
            let token = header.to_str().ok().filter(|_| given.len() == 1).and_then(|text| {
                let (scheme, token) = text.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
            });
            let Some(token) = token else {
                let fault = Fault::new(Code::TokenInvalid, "`Authorization` is to be `Bearer` and a token");
                return Err(ServiceError::Unauthenticated(fault).into());
            };
            Ok(tokens::authenticate(&state, &token).await?.from_origin(origin))
        })
    }
}

/// A caller whose token holds a scope that the operation needs.
impl<T: Permission + 'static> FromRequest for Authorized<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Authorized<T>, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload);
        Box::pin(async move { Ok(Authorized::new(caller.await?).map_err(ServiceError::denied)?) })
    }
}

/// The origin of a request.
pub(crate) fn origin_of(request: &HttpRequest) -> RequestOrigin {
    let access_log = request.extensions().get::<Arc<AccessLog>>().map(Arc::clone).unwrap_or_default();
    let request_id = request.extensions().get::<RequestId>().map(|RequestId(id)| id.clone());
    RequestOrigin { address: Some(peer_address(request)), request_id, access_log }
}

/// The server state of a request.
#[must_use]
pub fn state_of(request: &HttpRequest) -> Arc<State> {
    let state = request.app_data::<web::Data<State>>().expect("the app is configured with its state");
    Arc::clone(state)
}
