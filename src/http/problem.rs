//! Every fault as an RFC 9457 problem document. Only this file turns refusals into status codes.

use std::fmt;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::language::Language;
use crate::domain::message::{Message, message};
use crate::formats::observation::{column_name, in_words_of_files};
use crate::service::{ServiceError, StoreError};

/// A refusal, which becomes a problem document in the language of the request.
#[derive(Debug, Clone, Serialize)]
#[serde(into = "ProblemDocument")]
pub struct Problem {
    status: StatusCode,
    faults: Vec<LocatedFault>,
    language: Language,
    instance: Option<String>,
    request_id: Option<String>,
    /// The code of the token endpoint (RFC 6749 §5.2).
    oauth: Option<&'static str>,
    headers: Vec<(header::HeaderName, String)>,
    /// The cause, only for the log.
    cause: Option<String>,
}

/// A problem document (RFC 9457) with a list of all faults.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemDocument {
    /// Stable URN of the problem type
    #[serde(rename = "type")]
    #[schema(example = "urn:chitieu:problem:unprocessable-entity")]
    kind: String,
    /// Name of the problem type, in the language of the messages
    #[schema(example = "Dữ liệu không hợp lệ")]
    title: &'static str,
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
    /// The summary in ASCII (RFC 6749 §5.2), in English, on the token endpoint only
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<String>,
}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        ProblemDocument::schema()
    }
}

impl ToSchema for Problem {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ProblemDocument::schemas(schemas);
    }
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
    #[schema(example = "hàng 12, cột C")]
    location: Option<String>,
    /// Name of the column of that cell
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Số liệu")]
    column: Option<String>,
    /// Name of the indicator of the row
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Doanh thu viễn thông")]
    indicator: Option<String>,
    /// A code from the closed list in the README
    #[schema(example = "out_of_bounds")]
    code: &'static str,
    /// Message for people, in the language of `Content-Language`
    message: String,
    /// Accepted values, if there is a list
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    allowed: Vec<String>,
}

impl Problem {
    /// A problem with these faults, in Vietnamese until the language of the request is known.
    #[must_use]
    pub fn new(status: StatusCode, faults: Vec<LocatedFault>) -> Problem {
        Problem {
            status,
            faults,
            language: Language::Vietnamese,
            instance: None,
            request_id: None,
            oauth: None,
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
        let fault = Fault::new(
            Code::MethodNotAllowed,
            message!(
                en: "this path is served with {allow}",
                vi: "đường dẫn này chỉ nhận {allow}"
            ),
        )
        .allowing(allow.split(", "));
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, vec![fault.at(Location::Request)]).with_header(header::ALLOW, allow)
    }

    /// The problem for a refusal of the framework before any handler.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Problem {
        let (code, message) = match status {
            StatusCode::NOT_FOUND => (
                Code::UnknownPath,
                message!(
                    en: "nothing lives at this path; GET /openapi.json lists what does",
                    vi: "không có gì ở đường dẫn này; xem danh sách ở GET /openapi.json"
                ),
            ),
            StatusCode::METHOD_NOT_ALLOWED => (
                Code::MethodNotAllowed,
                message!(
                    en: "this path is not served with that method",
                    vi: "đường dẫn này không nhận phương thức đó"
                ),
            ),
            StatusCode::REQUEST_TIMEOUT => (
                Code::RequestTimeout,
                message!(
                    en: "the request was not done within the time limit; if it was a write, send it again: what is on record stays unchanged",
                    vi: "yêu cầu không xong trong thời hạn; nếu là yêu cầu ghi thì gửi lại: số liệu đã lưu không đổi"
                ),
            ),
            StatusCode::URI_TOO_LONG => (
                Code::UriTooLong,
                message!(
                    en: "the path or the query is longer than this service reads",
                    vi: "đường dẫn hoặc tham số dài quá giới hạn"
                ),
            ),
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
                Code::HeadersTooLarge,
                message!(
                    en: "the header fields are longer than this service reads",
                    vi: "các trường tiêu đề dài quá giới hạn"
                ),
            ),
            StatusCode::PAYLOAD_TOO_LARGE => (
                Code::BodyTooLarge,
                message!(
                    en: "the body is larger than this service reads",
                    vi: "nội dung lớn quá giới hạn"
                ),
            ),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                Code::UnsupportedMediaType,
                message!(
                    en: "the body is of a media type that this call does not read",
                    vi: "lệnh này không nhận loại nội dung đó"
                ),
            ),
            status if status.is_server_error() => (
                Code::Internal,
                message!(
                    en: "something went wrong here; the log has it under this request id",
                    vi: "dịch vụ gặp lỗi; nhật ký có ghi theo mã yêu cầu này"
                ),
            ),
            _ => (Code::BadRequest, message!(en: "the request could not be read", vi: "không đọc được yêu cầu")),
        };
        Problem::one(status, code, message)
    }

    /// Adds the path, id and language of the request, and logs the problem under that id.
    #[must_use]
    pub fn of_request(mut self, instance: &str, request_id: &str, language: Language) -> Problem {
        match self.cause() {
            Some(cause) => log::error!("{self} cause={cause:?} request={request_id}"),
            // Not the messages: they quote the request.
            None => log::debug!("refused codes={:?} request={request_id}", self.codes()),
        }
        self.instance = Some(instance.to_owned());
        self.request_id = Some(request_id.to_owned());
        self.language = language;
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
        self.oauth = Some(match self.faults.first().map(|located| located.fault.code) {
            Some(Code::InvalidClient) => "invalid_client",
            Some(Code::InvalidScope) => "invalid_scope",
            Some(Code::UnsupportedGrantType) => "unsupported_grant_type",
            // RFC 6749 §5.2 has no code for this: all of its codes mean that another attempt is useless.
            Some(Code::TooManyRequests) => "temporarily_unavailable",
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
        let mut codes: Vec<&'static str> = self.faults.iter().map(|located| located.fault.code.as_str()).collect();
        codes.dedup();
        codes
    }
}

impl From<Problem> for ProblemDocument {
    fn from(problem: Problem) -> ProblemDocument {
        let Problem { status, faults, language, instance, request_id, oauth, .. } = problem;
        ProblemDocument {
            kind: format!("urn:chitieu:problem:{}", title(status, Language::English).to_lowercase().replace([' ', '\''], "-")),
            title: title(status, language),
            status: status.as_u16(),
            detail: summary(&faults, language),
            instance,
            request_id,
            error: oauth,
            error_description: oauth.map(|_| ascii(&summary(&faults, Language::English))),
            errors: faults.into_iter().map(|located| ProblemError::of(located, language)).collect(),
        }
    }
}

/// The name of a problem type. In English it is the reason phrase of the status.
fn title(status: StatusCode, language: Language) -> &'static str {
    let english = status.canonical_reason().unwrap_or("Error");
    match (language, status.as_u16()) {
        (Language::English, _) => english,
        (_, 400) => "Yêu cầu không đúng",
        (_, 401) => "Chưa xác thực",
        (_, 403) => "Không có quyền",
        (_, 404) => "Không tìm thấy",
        (_, 405) => "Không nhận phương thức này",
        (_, 408) => "Quá thời hạn",
        (_, 409) => "Xung đột",
        (_, 413) => "Nội dung quá lớn",
        (_, 414) => "Đường dẫn quá dài",
        (_, 415) => "Không nhận loại nội dung này",
        (_, 422) => "Dữ liệu không hợp lệ",
        (_, 429) => "Quá nhiều yêu cầu",
        (_, 431) => "Trường tiêu đề quá dài",
        (_, 500) => "Dịch vụ gặp lỗi",
        (_, 503) => "Dịch vụ tạm thời không sẵn sàng",
        (_, 507) => "Hết dung lượng lưu trữ",
        _ => english,
    }
}

/// The first fault, and the number of the others.
fn summary(faults: &[LocatedFault], language: Language) -> String {
    let Some((first, rest)) = faults.split_first() else { return String::new() };
    let first = in_words_of_its_place(first);
    let summary = match rest.len() {
        0 => first,
        more => message!(en: "{first} (and {more} more)", vi: "{first} (và {more} lỗi khác)"; first),
    };
    summary.text(language).to_owned()
}

/// The message of a fault. The sender of a file knows its columns, but not the names of JSON.
fn in_words_of_its_place(LocatedFault { place, fault }: &LocatedFault) -> Message {
    if matches!(place, Location::Cell { .. }) { in_words_of_files(&fault.message) } else { fault.message.clone() }
}

/// A text in the characters of `error_description` (RFC 6749 §5.2): printable ASCII without `"` and `\`.
fn ascii(text: &str) -> String {
    let allowed = |sign: char| match sign {
        '"' | '\\' => '\'',
        ' '..='~' => sign,
        _ => '?',
    };
    text.chars().map(allowed).collect()
}

impl ProblemError {
    /// The fault in a language.
    #[must_use]
    pub fn of(located: LocatedFault, language: Language) -> ProblemError {
        let message = in_words_of_its_place(&located);
        let LocatedFault { place, fault } = located;
        let words = |message: &Message| message.text(language).to_owned();
        let (pointer, parameter, location) = match place {
            Location::Pointer(pointer) => (Some(pointer), None, None),
            Location::Parameter(parameter) => (None, Some(parameter), None),
            Location::Cell { .. } => (None, None, Some(words(&place.in_words()))),
            Location::Line { line, pointer } => {
                let of_line = Location::Line { line, pointer: String::new() };
                (Some(pointer), None, Some(words(&of_line.in_words())))
            }
            Location::Request => (None, None, None),
        };
        let names = fault.names.map(|names| *names).unwrap_or_default();
        ProblemError {
            pointer,
            parameter,
            location,
            column: names.column.map(|column| column_name(&column).map_or(column, str::to_owned)),
            indicator: names.indicator.as_ref().map(words),
            code: fault.code.as_str(),
            message: words(&message),
            allowed: fault.allowed,
        }
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
        StoreError::Unavailable(_) => Problem::one(
            StatusCode::SERVICE_UNAVAILABLE,
            Code::Unavailable,
            message!(
                en: "the database is busy or away; try again in a moment",
                vi: "cơ sở dữ liệu đang bận hoặc không truy cập được; thử lại sau ít phút"
            ),
        )
        .with_header(header::RETRY_AFTER, &retry_after(1)),
        StoreError::Full(_) => Problem::one(
            StatusCode::INSUFFICIENT_STORAGE,
            Code::StorageFull,
            message!(
                en: "there is no space left; nothing was stored",
                vi: "hết dung lượng lưu trữ; chưa lưu gì"
            ),
        ),
        StoreError::Conflict | StoreError::Corrupt(_) | StoreError::Unusable(_) | StoreError::Query(_) => {
            Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR)
        }
    };
    Problem { cause: Some(failure.to_string()), ..problem }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, summary(&self.faults, Language::English))
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        response.insert_header((header::CONTENT_LANGUAGE, self.language.as_str()));
        response.insert_header((header::VARY, "accept-language"));
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
        let fault = |text: &str| Fault::new(Code::OutOfBounds, Message::new(text, text.to_uppercase())).at(Location::Pointer("/x".into()));
        for (faults, english, vietnamese) in
            [(vec![fault("a")], "a", "A"), (vec![fault("a"), fault("b"), fault("c")], "a (and 2 more)", "A (và 2 lỗi khác)")]
        {
            assert_eq!(summary(&faults, Language::English), english);
            assert_eq!(summary(&faults, Language::Vietnamese), vietnamese);
        }
    }

    #[test]
    fn a_description_for_oauth_has_the_characters_of_rfc_6749() {
        for (text, described) in [("`a` is \"b\"", "`a` is 'b'"), ("a\\b", "a'b"), ("Hà Nội\n", "H? N?i?")] {
            assert_eq!(ascii(text), described);
        }
    }
}
