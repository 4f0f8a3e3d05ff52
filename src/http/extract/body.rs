//! Bodies of requests as bytes, by media type: JSON, forms, files and streams.
//! `formats` reads the bytes.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{FromRequest, HttpRequest, web};

use super::context::state_of;
use super::query::Query;
use crate::domain::access::role::Caller;
use crate::domain::access::scope::Scope;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::message::{Message, message};
use crate::http::problem::Problem;
use crate::service::ServiceError;

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

/// The media type of JSON (RFC 8259).
const JSON: &str = "application/json";
/// The media type of a table as CSV (RFC 4180).
pub const CSV: &str = "text/csv";
/// The content type of CSV in answers. A client that is told no charset may take another one than UTF-8.
pub const CSV_UTF_8: &str = "text/csv; charset=utf-8";
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
            let expected = if is_media_type(request, JSON) { Ok(()) } else { Err(no_figures(request)) };
            let bytes = web::Bytes::from_request(request, payload);
            return Box::pin(async move {
                expected?;
                Ok(Upload::Json(bytes.await?))
            });
        };
        let limit = usize::try_from(state_of(request).context.settings.file_limit).unwrap_or(usize::MAX);
        let caller = Caller::from_request(request, &mut Payload::None);
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            // Files are large: only of somebody who may send them are they taken in.
            caller.await?.holding(Scope::Submit).map_err(|fault| Problem::from(ServiceError::denied(fault)))?;
            let bytes = payload.await?.to_bytes_limited(limit).await;
            let bytes = bytes.map_err(|_| {
                Problem::one(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    Code::BodyTooLarge,
                    message!(
                        en: "the file is larger than the limit",
                        vi: "tệp lớn quá giới hạn"
                    ),
                )
            })?;
            Ok(Upload::File(file, bytes?))
        })
    }
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
                let message = message!(en: "a form has at most {LONGEST_FORM} bytes", vi: "biểu mẫu có nhiều nhất {LONGEST_FORM} byte");
                return Err(Problem::one(StatusCode::PAYLOAD_TOO_LARGE, Code::BodyTooLarge, message).into());
            }
            let text = std::str::from_utf8(&bytes).map_err(|_| {
                Problem::one(
                    StatusCode::BAD_REQUEST,
                    Code::BadRequest,
                    message!(
                        en: "the form is not UTF-8",
                        vi: "biểu mẫu không ở dạng UTF-8"
                    ),
                )
            })?;
            Ok(FormBody(Query::parse_form(text)))
        })
    }
}

/// Decodes a text that was encoded as a form value; `None` if it is not exactly one value.
#[must_use]
pub fn form_decoded(text: &str) -> Option<String> {
    Query::parse(&format!("value={text}")).only()
}

fn is_media_type(request: &HttpRequest, expected: &str) -> bool {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(expected)
}

fn check_media_type(request: &HttpRequest, expected: &str) -> Result<(), Problem> {
    if is_media_type(request, expected) {
        return Ok(());
    }
    Err(unsupported(
        message!(
            en: "the body is to be sent as `{expected}`",
            vi: "nội dung phải được gửi dưới dạng `{expected}`"
        ),
        &[expected],
    ))
}

fn unsupported(message: Message, allowed: &[&str]) -> Problem {
    let fault = Fault::new(Code::UnsupportedMediaType, message).allowing(allowed.iter().copied());
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, vec![fault.at(Location::Request)])
}

/// The problem of figures that are sent as something else. It says what was probably meant.
fn no_figures(request: &HttpRequest) -> Problem {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given: String = given.split(';').next().unwrap_or_default().trim().to_lowercase().chars().take(100).collect();
    let hint = match given.as_str() {
        "" => message!(en: "the request does not say what the body is", vi: "yêu cầu không nêu loại nội dung"),
        "multipart/form-data" => message!(
            en: "send the file itself as the body, and not a form with the file in it",
            vi: "gửi chính tệp làm nội dung, không gửi biểu mẫu chứa tệp"
        ),
        "application/x-www-form-urlencoded" => {
            message!(
                en: "the request calls the body a form; `curl` does so where no `-H 'Content-Type: …'` says otherwise",
                vi: "yêu cầu nêu nội dung là biểu mẫu; `curl` làm như vậy khi không có `-H 'Content-Type: …'`"
            )
        }
        "application/vnd.ms-excel"
        | "application/vnd.ms-excel.sheet.macroenabled.12"
        | "application/vnd.oasis.opendocument.spreadsheet" => {
            message!(en: "`{given}` is not read: save the workbook as .xlsx", vi: "không nhận `{given}`: lưu bảng tính thành .xlsx")
        }
        "text/plain" | "text/tab-separated-values" | "application/csv" | "text/x-csv" => {
            message!(en: "`{given}` says too little: a table of text is `{CSV}`", vi: "`{given}` chưa đủ rõ: bảng dạng văn bản là `{CSV}`")
        }
        _ => message!(en: "`{given}` is not read", vi: "không nhận `{given}`"),
    };
    let message = message!(
        en: "{hint}; send JSON as `{JSON}`, a CSV file as `{CSV}`, a workbook (.xlsx) as `{XLSX}`, a row on each line as `{NDJSON}`",
        vi: "{hint}; gửi JSON là `{JSON}`, tệp CSV là `{CSV}`, bảng tính (.xlsx) là `{XLSX}`, mỗi dòng một hàng là `{NDJSON}`"; hint
    );
    unsupported(message, &[JSON, CSV, XLSX, NDJSON])
}
