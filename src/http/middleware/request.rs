//! The outermost middleware: a request id, a time limit, one shape for faults, safe headers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use uuid::Uuid;

use super::{cors, rate_limit};
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::language::Language;
use crate::domain::message::message;
use crate::http::extract::body::is_stream;
use crate::http::extract::caller::origin_of;
use crate::http::extract::context::{RequestId, state_of};
use crate::http::extract::language::Languages;
use crate::http::problem::Problem;
use crate::http::redact::request as named_in_logs;
use crate::server_state::ServerState;
use crate::service::operations::audit::HandledRequest;
use crate::service::operations::origin::AccessLog;

/// The outermost middleware.
///
/// # Errors
/// Only after the time limit, because no response exists then.
pub async fn guard(mut request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let begun = Instant::now();
    let id = Uuid::now_v7().to_string();
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let state = state_of(request.request());
    let patience = Duration::from_secs(state.context.settings.request_timeout);
    if method == Method::HEAD {
        // HEAD is GET without the body. The connection drops the body itself.
        request.head_mut().method = Method::GET;
    }
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(Arc::new(AccessLog::default()));
    let mut handled = HandledRequest {
        origin: origin_of(request.request()),
        request: named_in_logs(method.as_str(), &path, request.query_string()),
        reads: !is_write(&method, &path),
        refused: None,
        turned_away: false,
        too_often: false,
    };
    let access_log = Arc::clone(&handled.origin.access_log);
    let mut safe = safe_headers(&path, &id);
    safe.extend(cors::headers(&request));
    let streams = is_stream(request.request());
    let languages = Languages::read(request.request());
    request.extensions_mut().insert(languages);
    let language = languages.of_messages();
    let answer = async {
        let standing = rate_limit::count(&request).await;
        safe.extend(standing.iter().flat_map(rate_limit::headers));
        let refused = standing.as_ref().and_then(rate_limit::refuse).or_else(|| rate_limit::refuse_long_head(&request));
        if let Some(problem) = refused.or_else(|| refuse_nul(&request)).or_else(|| refuse_encoded_body(&request)) {
            return Ok(request.error_response(problem));
        }
        if let Some(answer) = cors::preflight(&request) {
            return Ok(request.into_response(answer));
        }
        next.call(request).await.map(ServiceResponse::map_into_boxed_body)
    };
    let done = if streams {
        // A stream has its own time limits.
        answer.await
    } else {
        let in_time = tokio::time::timeout(patience, answer).await;
        in_time.unwrap_or_else(|_| Err(Problem::of_status(StatusCode::REQUEST_TIMEOUT).into()))
    };
    let shaped = shape(done, &path, &id, language, &safe);
    note_refusal(&shaped, &mut handled);
    let shaped = audited(shaped, &state, handled, &path, &id, language).await;
    let status = match &shaped {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    let (what, client) = (named_in_logs(method.as_str(), &path, ""), access_log.client().map_or("-", |client| &client.id));
    log::info!("{what} status={} ms={} client={client} request={id}", status.as_u16(), begun.elapsed().as_millis());
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

/// No name contains a NUL. PostgreSQL rejects a NUL even in a lookup.
fn refuse_nul(request: &ServiceRequest) -> Option<Problem> {
    request.path().contains("%00").then(|| {
        Problem::one(
            StatusCode::NOT_FOUND,
            Code::NotFound,
            message!(
                en: "nothing has a NUL in its name",
                vi: "không có tên nào chứa ký tự NUL"
            ),
        )
    })
}

/// actix decompresses a body before any size limit applies: a megabyte of zeros becomes a gigabyte. So the service accepts no compressed
/// body.
fn refuse_encoded_body(request: &ServiceRequest) -> Option<Problem> {
    let encoded = request.headers().get(header::CONTENT_ENCODING).filter(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    encoded.map(|_| {
        let fault = Fault::new(
            Code::ContentEncodingRefused,
            message!(
                en: "send the body as it is, without Content-Encoding",
                vi: "gửi nội dung nguyên dạng, không có Content-Encoding"
            ),
        )
        .allowing(["identity"]);
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, vec![fault.at(Location::Request)]).with_header(header::ACCEPT_ENCODING, "identity")
    })
}

/// Operations with POST that only read.
const READ_BY_POST: &[&str] = &["/v1/validations"];

/// Whether a request can write.
fn is_write(method: &Method, path: &str) -> bool {
    [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method) && !READ_BY_POST.contains(&path)
}

/// Notes the reason for a refusal. A server error is not a refusal.
fn note_refusal(shaped: &Result<ServiceResponse, Error>, handled: &mut HandledRequest) {
    let (error, status) = match shaped {
        Ok(response) => (response.response().error(), response.status()),
        Err(error) => (Some(error), error.as_response_error().status_code()),
    };
    let code = error.and_then(|error| error.as_error::<Problem>()).and_then(|problem| problem.codes().first().copied());
    if status.is_client_error() {
        handled.refused = Some(code.and_then(Code::parse).unwrap_or(Code::BadRequest));
        handled.too_often = status == StatusCode::TOO_MANY_REQUESTS;
        handled.turned_away = handled.too_often || [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
    }
}

/// How long a refused request waits for its line in the audit log. Another writer can hold the lock for seconds; the line is then written
/// later.
const PATIENCE_OF_REFUSALS: Duration = Duration::from_millis(250);

/// Writes the audit line of a request before the answer goes out. If the line fails, a read of figures that are not open is not answered; a
/// refusal is answered anyway.
async fn audited(
    shaped: Result<ServiceResponse, Error>,
    state: &Arc<ServerState>,
    handled: HandledRequest,
    path: &str,
    id: &str,
    language: Language,
) -> Result<ServiceResponse, Error> {
    let failed = match &shaped {
        Ok(response) => response.status().is_server_error(),
        Err(error) => error.as_response_error().status_code().is_server_error(),
    };
    if failed {
        return shaped;
    }
    if handled.refused.is_some() {
        let state = Arc::clone(state);
        let recording = tokio::spawn(async move {
            let id = handled.origin.request_id.clone().unwrap_or_default();
            if let Err(refusal) = state.audit_log.close(handled).await {
                log::error!("a refusal is not in the audit log cause={refusal} request={id}");
            }
        });
        // The task continues after the timeout.
        let _ = tokio::time::timeout(PATIENCE_OF_REFUSALS, recording).await;
        return shaped;
    }
    match (state.audit_log.close(handled).await, shaped) {
        (Err(refusal), Ok(response)) => {
            let problem = Problem::from(refusal).of_request(path, id, language);
            Ok(ServiceResponse::new(response.into_parts().0, problem.error_response()))
        }
        (_, shaped) => shaped,
    }
}

/// Gives every fault the same shape, including faults of the framework.
fn shape(
    done: Result<ServiceResponse, Error>,
    path: &str,
    id: &str,
    language: Language,
    headers: &[(HeaderName, String)],
) -> Result<ServiceResponse, Error> {
    let problem_of = |error: &Error| error.as_error::<Problem>().cloned();
    let name = |problem: Problem| problem.of_request(path, id, language);
    match done {
        Ok(response) if response.status().is_client_error() || response.status().is_server_error() => {
            let status = response.status();
            let known = response.response().error().and_then(problem_of);
            if known.is_none() && status.is_server_error() {
                log::error!("unnamed failure status={status} error={:?} request={id}", response.response().error());
            }
            let problem = name(known.unwrap_or_else(|| Problem::of_status(status)));
            let (request, _) = response.into_parts();
            Ok(ServiceResponse::new(request, HttpResponse::from_error(Error::from(problem))))
        }
        Ok(response) => Ok(response),
        Err(error) => {
            let status = error.as_response_error().status_code();
            let problem = name(problem_of(&error).unwrap_or_else(|| Problem::of_status(status)));
            Err(headers.iter().fold(problem, |problem, (name, value)| problem.with_header(name.clone(), value)).into())
        }
    }
}

/// Headers of every answer. No answer sets a cookie or names the server software.
fn safe_headers(path: &str, id: &str) -> Vec<(HeaderName, String)> {
    // The documentation page sets styles on elements. No page runs inline scripts.
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
