//! `/oauth/token`: client credentials become a short-lived token (RFC 6749 §4.4).

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::Problem;
use super::request::{FormBody, Query};
use crate::domain::fault::{Code, Fault, Place};
use crate::service::{Refusal, tokens};
use crate::state::State;

/// What a client signs in with; the id and secret may come as HTTP Basic instead.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct TokenRequest {
    /// `client_credentials`
    #[schema(pattern = "^client_credentials$", example = "client_credentials")]
    grant_type: String,
    /// Id of the client
    client_id: Option<String>,
    /// Its secret
    client_secret: Option<String>,
    /// Scopes asked for, with spaces; all that the client has when absent
    scope: Option<String>,
}

/// A token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenResponse {
    /// The token, a signed JWT (RFC 9068)
    access_token: String,
    /// `Bearer`
    token_type: &'static str,
    /// Seconds until it expires
    expires_in: i64,
    /// What it allows, with spaces
    scope: String,
}

/// Get a token
///
/// OAuth 2.0 client credentials: send the client's id and secret as HTTP Basic or in the form, not both. The answer to an
/// unknown client and to a wrong secret is the same.
#[utoipa::path(
    tag = "access", operation_id = "issue_token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "A token", body = TokenResponse), (status = 401, description = "Unknown client, wrong secret, or disabled", body = Problem, content_type = "application/problem+json"))
)]
#[post("/oauth/token")]
pub async fn issue(state: Data<State>, request: HttpRequest, query: Query, FormBody(form): FormBody) -> Result<HttpResponse, Problem> {
    let granted = async {
        query.finish()?;
        let asked = read(&request, form)?;
        tokens::issue(&state, &asked.id, &asked.secret, asked.scope.as_deref()).await
    };
    let issued = granted.await.map_err(|refusal| Problem::from(refusal).in_oauth_terms())?;

    let words: Vec<&str> = issued.scopes.iter().map(|scope| scope.as_str()).collect();
    let body = TokenResponse { access_token: issued.token, token_type: "Bearer", expires_in: issued.expires_in, scope: words.join(" ") };
    Ok(HttpResponse::build(StatusCode::OK).insert_header((header::CACHE_CONTROL, "no-store")).json(body))
}

struct Asked {
    id: String,
    secret: String,
    scope: Option<String>,
}

fn read(request: &HttpRequest, mut form: Query) -> Result<Asked, Refusal> {
    let text = |value: &str| Ok::<_, Fault>(value.to_owned());
    form.required("grant_type", |value| match value {
        "client_credentials" => Ok(()),
        _ => Err(Fault::new(Code::UnsupportedGrantType, "only client credentials are granted tokens").allowing(["client_credentials"])),
    });
    let in_form = (form.one("client_id", text), form.one("client_secret", text));
    let scope = form.one("scope", text);
    form.finish()?;

    let basic = basic_credentials(request)?;
    let (id, secret) = match (basic, in_form) {
        (Some(_), (Some(_), _) | (_, Some(_))) => {
            let fault = Fault::new(Code::InvalidValue, "the client signs in by HTTP Basic or in the form, not both");
            return Err(Refusal::Malformed(vec![fault.at(Place::Request)]));
        }
        (Some(basic), (None, None)) => basic,
        (None, (Some(id), Some(secret))) => (id, secret),
        (None, _) => return Err(Refusal::Unauthenticated(Fault::new(Code::InvalidClient, "the client's id and secret are needed"))),
    };
    // Ids are UUIDs; anything else is as unknown as an id that nobody has.
    let id = Uuid::parse_str(&id).map_or_else(|_| Uuid::nil().to_string(), |id| id.to_string());
    Ok(Asked { id, secret, scope })
}

fn basic_credentials(request: &HttpRequest) -> Result<Option<(String, String)>, Refusal> {
    let Some(header) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let pair = header.to_str().ok().and_then(|text| {
        let (scheme, encoded) = text.split_once(' ')?;
        let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        scheme.eq_ignore_ascii_case("basic").then(|| (id.to_owned(), secret.to_owned()))
    });
    match pair {
        Some(pair) => Ok(Some(pair)),
        None => Err(Refusal::Unauthenticated(Fault::new(Code::InvalidClient, "`Authorization` is to be `Basic` with the id and secret"))),
    }
}
