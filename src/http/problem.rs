//! Every fault as an RFC 9457 problem document. Only this file turns refusals into status codes.

use std::fmt;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::message::{Message, message};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::formats::observation::in_words_of_files;
use crate::service::{ServiceError, StoreError};

/// A problem document (RFC 9457) with a list of all faults.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Stable URN of the problem type
    #[serde(rename = "type")]
    #[schema(example = "urn:chitieu:problem:unprocessable-entity")]
    kind: String,
    /// Name of the problem type
    #[schema(example = "Unprocessable Entity")]
    title: String,
    /// HTTP status code
    #[schema(example = 422)]
    status: u16,
    /// Summary: the first fault, and the number of the others
    detail: String,
    /// Path of the request
    #[schema(required = true)]
    instance: Option<String>,
    /// Id of the request in the log
    #[schema(required = true)]
    request_id: Option<String>,
    /// All faults; never empty
    errors: Vec<ProblemError>,
    /// OAuth 2.0 error code (RFC 6749 §5.2), on the token endpoint only
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip)]
    headers: Vec<(header::HeaderName, String)>,
    /// The cause, only for the log.
    #[serde(skip)]
    cause: Option<String>,
}

/// One fault of a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemError {
    /// JSON pointer (RFC 6901) to the invalid part of the body; for a stream, within its line
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/observations/2/value")]
    pointer: Option<String>,
    /// Name of the invalid query, form or path parameter
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// Invalid cell of the file, or line of the stream
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "row 12, column C")]
    location: Option<String>,
    /// A code from the closed list in the README
    #[schema(example = "out_of_bounds")]
    code: &'static str,
    /// Message for people
    message: String,
    /// Accepted values, if there is a list
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    allowed: Vec<String>,
}

impl Problem {
    /// A problem with these faults.
    #[must_use]
    pub fn new(status: StatusCode, faults: Vec<LocatedFault>) -> Problem {
        let title = status.canonical_reason().unwrap_or("Error").to_owned();
        let errors: Vec<ProblemError> = faults.into_iter().map(ProblemError::from).collect();
        Problem {
            kind: format!("urn:chitieu:problem:{}", title.to_lowercase().replace([' ', '\''], "-")),
            title,
            status: status.as_u16(),
            detail: summary(&errors),
            instance: None,
            request_id: None,
            errors,
            error: None,
            headers: Vec::new(),
            cause: None,
        }
    }

    /// A problem with one fault of the whole request.
    #[must_use]
    pub fn one(status: StatusCode, code: Code, message: Message) -> Problem {
        Problem::new(status, vec![Fault::new(code, message).at(Location::Request)])
    }

    /// The problem for a known path with an unsupported method.
    #[must_use]
    pub fn method_not_allowed(allow: &str) -> Problem {
        let fault = Fault::new(Code::MethodNotAllowed, message!(
            en: "this path is served with {allow}",
            vi: "đường dẫn này chỉ nhận {allow}"
        )).allowing(allow.split(", "));
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, vec![fault.at(Location::Request)]).with_header(header::ALLOW, allow)
    }

    /// The problem for a refusal of the framework before any handler.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Problem {
        let (code, message) = match status {
            StatusCode::NOT_FOUND => (Code::UnknownPath, message!(
                en: "nothing lives at this path; GET /openapi.json lists what does",
                vi: "không có gì ở đường dẫn này; xem danh sách ở GET /openapi.json"
            )),
            StatusCode::METHOD_NOT_ALLOWED => (Code::MethodNotAllowed, message!(
                en: "this path is not served with that method",
                vi: "đường dẫn này không nhận phương thức đó"
            )),
            StatusCode::REQUEST_TIMEOUT => (
                Code::RequestTimeout,
                message!(
                    en: "the request was not done within the time limit; if it was a write, send it again: what is on record stays unchanged",
                    vi: "yêu cầu không xong trong thời hạn; nếu là yêu cầu ghi thì gửi lại: số liệu đã lưu không đổi"
                ),
            ),
            StatusCode::URI_TOO_LONG => (Code::UriTooLong, message!(
                en: "the path or the query is longer than this service reads",
                vi: "đường dẫn hoặc tham số dài quá giới hạn"
            )),
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (Code::HeadersTooLarge, message!(
                en: "the header fields are longer than this service reads",
                vi: "các trường tiêu đề dài quá giới hạn"
            )),
            StatusCode::PAYLOAD_TOO_LARGE => (Code::BodyTooLarge, message!(
                en: "the body is larger than this service reads",
                vi: "nội dung lớn quá giới hạn"
            )),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (Code::UnsupportedMediaType, message!(
                en: "the body is of a media type that this call does not read",
                vi: "lệnh này không nhận loại nội dung đó"
            )),
            status if status.is_server_error() => (Code::Internal, message!(
                en: "something went wrong here; the log has it under this request id",
                vi: "dịch vụ gặp lỗi; nhật ký có ghi theo mã yêu cầu này"
            )),
            _ => (Code::BadRequest, message!(en: "the request could not be read", vi: "không đọc được yêu cầu")),
        };
        Problem::one(status, code, message)
    }

    /// Adds the path and id of the request, and logs the problem under that id.
    #[must_use]
    pub fn of_request(mut self, instance: &str, request_id: &str) -> Problem {
        match self.cause() {
            Some(cause) => log::error!("{self} cause={cause:?} request={request_id}"),
            // Not the messages: they quote the request.
            None => log::debug!("refused codes={:?} request={request_id}", self.codes()),
        }
        self.instance = Some(instance.to_owned());
        self.request_id = Some(request_id.to_owned());
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: header::HeaderName, value: &str) -> Problem {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Adds the error code of the token endpoint (RFC 6749 §5.2).
    #[must_use]
    pub fn in_oauth_terms(mut self) -> Problem {
        self.error = Some(match self.errors.first().map(|error| error.code) {
            Some("invalid_client") => "invalid_client",
            Some("invalid_scope") => "invalid_scope",
            Some("unsupported_grant_type") => "unsupported_grant_type",
            // RFC 6749 §5.2 has no code for this: all of its codes mean that another attempt is useless.
            Some("too_many_requests") => "temporarily_unavailable",
            _ => "invalid_request",
        });
        self
    }

    /// The cause, for the log.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The codes of all faults, for the log.
    #[must_use]
    pub fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<&'static str> = self.errors.iter().map(|error| error.code).collect();
        codes.dedup();
        codes
    }
}

/// The first fault, and the number of the others.
fn summary(errors: &[ProblemError]) -> String {
    match errors {
        [] => String::new(),
        [only] => only.message.clone(),
        [first, rest @ ..] => format!("{} (and {} more)", first.message, rest.len()),
    }
}

impl From<LocatedFault> for ProblemError {
    fn from(LocatedFault { place, fault }: LocatedFault) -> ProblemError {
        // The sender of a file knows its columns, but not the names of JSON.
        let message = if matches!(place, Location::Cell { .. }) { in_words_of_files(&fault.message) } else { fault.message };
        let (pointer, parameter, location) = match place {
            Location::Pointer(pointer) => (Some(pointer), None, None),
            Location::Parameter(parameter) => (None, Some(parameter), None),
            Location::Cell { .. } => (None, None, Some(place.to_string())),
            Location::Line { line, pointer } => (Some(pointer), None, Some(format!("line {line}"))),
            Location::Request => (None, None, None),
        };
        ProblemError { pointer, parameter, location, code: fault.code.as_str(), message, allowed: fault.allowed }
    }
}

impl From<ServiceError> for Problem {
    fn from(refusal: ServiceError) -> Problem {
        let whole = |fault: Fault| vec![fault.at(Location::Request)];
        match refusal {
            ServiceError::Malformed(faults) => Problem::new(StatusCode::BAD_REQUEST, faults),
            ServiceError::Invalid(faults) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, faults),
            ServiceError::NotFound(fault) => Problem::new(StatusCode::NOT_FOUND, whole(fault)),
            ServiceError::Absent(faults) => Problem::new(StatusCode::NOT_FOUND, faults),
            ServiceError::Conflict(fault) => Problem::new(StatusCode::CONFLICT, whole(fault)),
            ServiceError::Unauthenticated(fault) => {
                let challenge = match fault.code {
                    Code::TokenInvalid => "Bearer realm=\"chitieu\", error=\"invalid_token\"",
                    Code::InvalidClient => "Basic realm=\"chitieu\"",
                    _ => "Bearer realm=\"chitieu\"",
                };
                Problem::new(StatusCode::UNAUTHORIZED, whole(fault)).with_header(header::WWW_AUTHENTICATE, challenge)
            }
            ServiceError::TooManyRequests(fault, wait) => {
                Problem::new(StatusCode::TOO_MANY_REQUESTS, whole(fault)).with_header(header::RETRY_AFTER, &retry_after(wait))
            }
            ServiceError::Forbidden(faults) => {
                let scope =
                    faults.iter().find(|located| located.fault.code == Code::ScopeMissing).map(|located| located.fault.allowed.join(" "));
                let challenge = scope.map_or("Bearer realm=\"chitieu\"".into(), |scope| {
                    format!("Bearer realm=\"chitieu\", error=\"insufficient_scope\", scope=\"{scope}\"")
                });
                Problem::new(StatusCode::FORBIDDEN, faults).with_header(header::WWW_AUTHENTICATE, &challenge)
            }
            ServiceError::Failed(failure) => failed(&failure),
        }
    }
}

/// The seconds to wait: at least these, and by chance up to half as long again (4 to 60 seconds more). Callers that were refused at the
/// same moment then do not all return at the same moment.
#[must_use]
pub fn retry_after(least: u64) -> String {
    let spread = (least / 2).clamp(4, 60);
    let mut chance = [0; 8];
    // Without chance the wait is the shortest: that is still an answer.
    let more = getrandom::fill(&mut chance).map_or(0, |()| u64::from_le_bytes(chance) % (spread + 1));
    least.saturating_add(more).to_string()
}

fn failed(failure: &StoreError) -> Problem {
    let problem = match failure {
        StoreError::Unavailable(_) => {
            Problem::one(StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, message!(
                en: "the database is busy or away; try again in a moment",
                vi: "cơ sở dữ liệu đang bận hoặc không truy cập được; thử lại sau ít phút"
            ))
                .with_header(header::RETRY_AFTER, &retry_after(1))
        }
        StoreError::Full(_) => {
            Problem::one(StatusCode::INSUFFICIENT_STORAGE, Code::StorageFull, message!(
                en: "there is no space left; nothing was stored",
                vi: "hết dung lượng lưu trữ; chưa lưu gì"
            ))
        }
        StoreError::Conflict | StoreError::Corrupt(_) | StoreError::Unusable(_) | StoreError::Query(_) => {
            Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR)
        }
    };
    Problem { cause: Some(failure.to_string()), ..problem }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.title, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        for (name, value) in &self.headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.insert_header((name.clone(), value));
            }
        }
        response.body(serde_json::to_string(self).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_long_enough_and_spread() {
        for (least, most) in [(1, 5), (8, 12), (60, 90), (900, 960)] {
            let waits: Vec<u64> = (0..1500).map(|_| retry_after(least).parse().unwrap()).collect();

            assert!(waits.iter().all(|wait| (least..=most).contains(wait)), "{least}: {waits:?}");
            assert!(waits.contains(&least) && waits.contains(&most), "{least}: {waits:?}");
        }
    }

    #[test]
    fn the_first_fault_is_the_detail_and_the_rest_are_counted() {
        let fault = |message: &str| Fault::new(Code::OutOfBounds, message).at(Location::Pointer("/x".into()));
        assert_eq!(Problem::new(StatusCode::BAD_REQUEST, vec![fault("a")]).detail, "a");
        assert_eq!(Problem::new(StatusCode::BAD_REQUEST, vec![fault("a"), fault("b"), fault("c")]).detail, "a (and 2 more)");
    }
}
