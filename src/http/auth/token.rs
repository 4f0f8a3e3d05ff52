//! `/oauth/token` and `/oauth/revoke`: short-lived tokens for client credentials (RFC 6749 §4.4), and their revocation (RFC 7009).

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::fault::{Code, Fault, Location};
use crate::domain::message::message;
use crate::http::extract::body::{FormBody, form_decoded};
use crate::http::extract::client_address::peer_address;
use crate::http::extract::query::{Parameters, Query};
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::auth::sign_in::{Credentials, refused};
use crate::service::network::network;
use crate::service::operations::audit::{self, WriteContext};

/// Credentials of a client: id and secret, which may also be sent as HTTP Basic, or an assertion.
#[derive(ToSchema)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct TokenRequest {
    /// `client_credentials`
    #[schema(pattern = "^client_credentials$", example = "client_credentials")]
    grant_type: String,
    /// Id of the client
    client_id: Option<String>,
    /// Secret of the client
    client_secret: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`
    client_assertion_type: Option<String>,
    /// A JWT signed with a key of the client (RFC 7523): `iss` and `sub` are its id, `aud` is the issuer in the metadata, `exp` is at most
    /// five minutes ahead, `jti` is used once
    client_assertion: Option<String>,
    /// Requested scopes, separated by spaces; all scopes of the client when absent
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
    /// Granted scopes, separated by spaces
    scope: String,
}

/// Get a token
///
/// Issues a token by OAuth 2.0 client credentials. The client authenticates in one of these ways: id and secret as HTTP Basic, id and
/// secret in the form, or a JWT that it signed (`private_key_jwt`). An unknown client and a wrong secret get the same answer. Unknown
/// fields of the form are ignored, and a field without a value is as if it were omitted (RFC 6749 §3.2).
#[utoipa::path(
    tag = "access", 
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "A token", body = TokenResponse), (status = 401, description = "Unknown client, wrong secret or assertion, disabled or expired", body = Problem, content_type = "application/problem+json"))
)]
#[post("/oauth/token")]
pub async fn issue_token(
    state: Data<ServerState>,
    write: WriteContext,
    request: HttpRequest,
    query: Parameters<()>,
    FormBody(mut form): FormBody,
) -> Result<HttpResponse, Problem> {
    let granted = async {
        query.finish()?;
        form.required_one("grant_type", |value| match value {
            "client_credentials" => Ok(()),
            _ => Err(Fault::new(
                Code::UnsupportedGrantType,
                message!(
                    en: "only client credentials are granted tokens",
                    vi: "chỉ cấp mã truy cập theo client_credentials"
                ),
            )
            .allowing(["client_credentials"])),
        });
        let scope = form.one("scope", text);
        let credentials = credentials(&request, form)?;
        write.origin.access_log.tries(&credentials.named());
        let client = state.auth.sign_in(&credentials, network(peer_address(&request))).await?;
        let id = client.id.clone();
        let issued = state.auth.issue_token(client, scope.as_deref()).await?;
        audit::token_issued(&write, &id, &issued.scopes).await?;
        Ok(issued)
    };
    let issued = granted.await.map_err(Problem::in_oauth_terms)?;

    let words: Vec<&str> = issued.scopes.iter().map(|scope| scope.as_str()).collect();
    let body = TokenResponse { access_token: issued.token, token_type: "Bearer", expires_in: issued.expires_in, scope: words.join(" ") };
    Ok(HttpResponse::build(StatusCode::OK).insert_header((header::CACHE_CONTROL, "no-store")).json(body))
}

/// A token to revoke, with the same credentials as for getting one.
#[derive(ToSchema)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct RevocationRequest {
    /// The token
    token: String,
    /// `access_token`, the only type; other values are ignored
    token_type_hint: Option<String>,
    /// Id of the client
    client_id: Option<String>,
    /// Secret of the client
    client_secret: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`
    client_assertion_type: Option<String>,
    /// A JWT signed with a key of the client
    client_assertion: Option<String>,
}

/// Revoke a token
///
/// Revokes a token of the client before it expires, at once and on all instances (RFC 7009). Unknown and expired tokens also get 200 (RFC
/// 7009 §2.2).
#[utoipa::path(
    tag = "access", 
    request_body(content = RevocationRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The token is no longer valid"), (status = 401, description = "Unknown client, wrong secret or assertion, disabled or expired", body = Problem, content_type = "application/problem+json"))
)]
#[post("/oauth/revoke")]
pub async fn revoke_token(
    state: Data<ServerState>,
    write: WriteContext,
    request: HttpRequest,
    query: Parameters<()>,
    FormBody(mut form): FormBody,
) -> Result<HttpResponse, Problem> {
    let revoked = async {
        query.finish()?;
        let token = form.required_one("token", text);
        form.one("token_type_hint", text);
        let credentials = credentials(&request, form)?;
        write.origin.access_log.tries(&credentials.named());
        let client = state.auth.sign_in(&credentials, network(peer_address(&request))).await?;
        Ok(state.auth.revoke_token(&write, &client, &token.unwrap_or_default()).await?)
    };
    revoked.await.map_err(Problem::in_oauth_terms)?;

    Ok(HttpResponse::build(StatusCode::OK).insert_header((header::CACHE_CONTROL, "no-store")).finish())
}

/// The only type of assertion (RFC 7523 §2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

#[allow(clippy::unnecessary_wraps, reason = "a reader of a parameter, and this one takes any text")]
fn text(value: &str) -> Result<String, Fault> {
    Ok(value.to_owned())
}

/// The credentials of a request: HTTP Basic, id and secret in the form, or an assertion. This is the last read of the form.
fn credentials(request: &HttpRequest, mut form: Query) -> Result<Credentials, ServiceError> {
    let (id, secret) = (form.one("client_id", text), form.one("client_secret", text));
    let kind = form.one("client_assertion_type", |value| match value {
        JWT_BEARER => Ok(()),
        _ => Err(Fault::new(
            Code::InvalidValue,
            message!(
                en: "assertions are of one kind",
                vi: "chỉ nhận một loại chứng thực"
            ),
        )
        .allowing([JWT_BEARER])),
    });
    let assertion = form.one("client_assertion", text);
    for (name, there, other) in
        [("client_assertion_type", kind.is_some(), assertion.is_some()), ("client_assertion", assertion.is_some(), kind.is_some())]
    {
        if other && !there && !form.has(name) {
            form.note(
                name,
                Fault::new(
                    Code::MissingParameter,
                    message!(
                        en: "`{name}` is needed with the other",
                        vi: "thiếu `{name}` đi cùng tham số kia"
                    ),
                ),
            );
        }
    }
    form.finish_form()?;

    let basic = basic_credentials(request)?;
    match (basic, id, secret, assertion) {
        (Some((id, secret)), None, None, None) | (None, Some(id), Some(secret), None) => Ok(Credentials::Secret { id, secret }),
        // The id in the form as well is no second way, if it is the same (RFC 6749 §2.3.1).
        (Some((id, secret)), Some(same), None, None) if id == same => Ok(Credentials::Secret { id, secret }),
        (None, id, None, Some(assertion)) => Ok(Credentials::Assertion { id, assertion }),
        (None, _, _, None) => Err(refused(message!(
            en: "the client's id and secret are needed, or an assertion",
            vi: "cần mã và khóa bí mật của hệ thống gọi API, hoặc chứng thực"
        ))),
        _ => Err(two_ways()),
    }
}

/// The fault for credentials in more than one form (RFC 6749 §2.3).
fn two_ways() -> ServiceError {
    let fault = Fault::new(
        Code::InvalidValue,
        message!(
            en: "the client signs in by HTTP Basic, in the form or by an assertion, and once",
            vi: "hệ thống gọi API đăng nhập bằng HTTP Basic, bằng biểu mẫu hoặc bằng chứng thực, chỉ một cách"
        ),
    );
    ServiceError::Malformed(vec![fault.at(Location::Request)])
}

fn basic_credentials(request: &HttpRequest) -> Result<Option<(String, String)>, ServiceError> {
    let mut given = request.headers().get_all(header::AUTHORIZATION);
    let Some(header) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(two_ways());
    }
    let pair = header.to_str().ok().and_then(|text| {
        let (scheme, encoded) = text.split_once(' ')?;
        let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        // Both parts are form-encoded (RFC 6749 §2.3.1).
        let pair = (form_decoded(id)?, form_decoded(secret)?);
        scheme.eq_ignore_ascii_case("basic").then_some(pair)
    });
    match pair {
        Some(pair) => Ok(Some(pair)),
        None => Err(refused(message!(
            en: "`Authorization` is to be `Basic` with the id and secret",
            vi: "`Authorization` phải là `Basic` kèm mã và khóa bí mật"
        ))),
    }
}
