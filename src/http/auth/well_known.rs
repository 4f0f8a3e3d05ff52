//! `/.well-known`: how to get a token here (RFC 8414), and the keys that others verify tokens with (RFC 7517).

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::access::scope::Scope;
use crate::http::extract::request::Query;
use crate::http::problem::Problem;
use crate::service::ServiceError;
use crate::service::auth::keys::{self, ALGORITHMS, CACHED_FOR};
use crate::state::State;

/// How to get a token (RFC 8414).
#[derive(Serialize, ToSchema)]
pub struct Metadata {
    /// The issuer: `iss` and `aud` of every token
    #[schema(example = "https://chitieu.bacninh.gov.vn")]
    issuer: String,
    /// Where a client gets a token
    token_endpoint: String,
    /// Where it ends one
    revocation_endpoint: String,
    /// Where the public keys are
    jwks_uri: String,
    /// Where the API is described
    service_documentation: String,
    /// What a token may allow
    scopes_supported: &'static [&'static str],
    /// Empty: nobody is sent to a page to sign in
    response_types_supported: [&'static str; 0],
    /// `client_credentials`
    grant_types_supported: [&'static str; 1],
    /// How a client may sign in for a token
    token_endpoint_auth_methods_supported: [&'static str; 3],
    /// What it may sign assertions with
    token_endpoint_auth_signing_alg_values_supported: [&'static str; 2],
    /// How a client may sign in to end one
    revocation_endpoint_auth_methods_supported: [&'static str; 3],
    /// What it may sign assertions with
    revocation_endpoint_auth_signing_alg_values_supported: [&'static str; 2],
}

/// The ways a client signs in, as the registry of RFC 7591 names them.
const METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

/// Read how to get a token
///
/// The metadata of the authorisation server (RFC 8414): where tokens are issued and revoked, and how a client may sign in. All URLs begin
/// with the issuer that the service is set to.
#[utoipa::path(
    tag = "access", operation_id = "read_server_metadata",
    responses((status = 200, description = "The metadata", body = Metadata))
)]
#[get("/.well-known/oauth-authorization-server")]
pub async fn metadata(state: Data<State>, query: Query) -> Result<HttpResponse, Problem> {
    query.finish()?;

    let issuer = &state.settings.issuer;
    let body = Metadata {
        issuer: issuer.clone(),
        token_endpoint: format!("{issuer}/oauth/token"),
        revocation_endpoint: format!("{issuer}/oauth/revoke"),
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        service_documentation: format!("{issuer}/docs/"),
        scopes_supported: Scope::WORDS,
        response_types_supported: [],
        grant_types_supported: ["client_credentials"],
        token_endpoint_auth_methods_supported: METHODS,
        token_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
        revocation_endpoint_auth_methods_supported: METHODS,
        revocation_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
    };
    Ok(HttpResponse::Ok().insert_header(kept_for_a_while()).json(body))
}

/// Public keys (RFC 7517 §5).
#[derive(Serialize, ToSchema)]
pub struct JwkSet {
    /// The keys, oldest first; tokens name theirs by `kid`
    #[schema(value_type = Vec<Jwk>)]
    keys: Vec<Value>,
}

/// A public key: Ed25519 (RFC 8037) or P-256 (RFC 7518 §6.2).
#[derive(ToSchema)]
#[allow(dead_code, reason = "the struct documents what the service makes")]
pub struct Jwk {
    /// The type: `OKP` or `EC`
    kty: String,
    /// The curve: `Ed25519` or `P-256`
    crv: String,
    /// The public key, or the first half of it
    x: String,
    /// The second half, of `EC` only
    y: Option<String>,
    /// What tokens name it by
    kid: String,
    /// The one algorithm it is used with: `EdDSA` or `ES256`
    alg: String,
    /// `sig`
    #[schema(example = "sig")]
    r#use: String,
}

/// Read the public keys
///
/// The keys that tokens of this service are verified with. One that is to sign is among them ten minutes before it does, and one that no
/// longer signs until all its tokens have expired, so the answer may be kept for five minutes.
#[utoipa::path(
    tag = "access", operation_id = "read_jwks",
    responses((status = 200, description = "The keys", body = JwkSet))
)]
#[get("/.well-known/jwks.json")]
pub async fn jwks(state: Data<State>, query: Query) -> Result<HttpResponse, Problem> {
    query.finish()?;

    let keys = keys::published(&state).await.map_err(ServiceError::from)?;
    Ok(HttpResponse::Ok().insert_header(kept_for_a_while()).json(JwkSet { keys }))
}

fn kept_for_a_while() -> (header::HeaderName, String) {
    (header::CACHE_CONTROL, format!("public, max-age={}", CACHED_FOR.num_seconds()))
}
