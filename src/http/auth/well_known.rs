//! `/.well-known`: metadata for getting tokens (RFC 8414), and the public keys that verify them (RFC 7517).

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::access::scope::Scope;
use crate::http::extract::query::Parameters;
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::auth::keys::{ALGORITHMS, CACHED_FOR};

/// Metadata of the authorisation server (RFC 8414).
#[derive(Serialize, ToSchema)]
pub struct Metadata {
    /// The issuer: `iss` and `aud` of every token
    #[schema(example = "https://chitieu.bacninh.gov.vn")]
    issuer: String,
    /// URL for getting tokens
    token_endpoint: String,
    /// URL for revoking tokens
    revocation_endpoint: String,
    /// URL of the public keys
    jwks_uri: String,
    /// URL of the API documentation
    service_documentation: String,
    /// Available scopes
    scopes_supported: &'static [&'static str],
    /// Empty: no client uses a sign-in page
    response_types_supported: [&'static str; 0],
    /// `client_credentials`
    grant_types_supported: [&'static str; 1],
    /// Client authentication methods for getting tokens
    token_endpoint_auth_methods_supported: [&'static str; 3],
    /// Signature algorithms for assertions
    token_endpoint_auth_signing_alg_values_supported: [&'static str; 2],
    /// Client authentication methods for revoking tokens
    revocation_endpoint_auth_methods_supported: [&'static str; 3],
    /// Signature algorithms for assertions
    revocation_endpoint_auth_signing_alg_values_supported: [&'static str; 2],
}

/// Client authentication methods, as registered by RFC 7591.
const METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

/// Get the authorisation server metadata
///
/// Returns the metadata of the authorisation server (RFC 8414): the URLs for getting and revoking tokens, and the authentication methods.
/// All URLs begin with the configured issuer.
#[utoipa::path(
    tag = "access", 
    responses((status = 200, description = "The metadata", body = Metadata))
)]
#[get("/.well-known/oauth-authorization-server")]
pub async fn get_server_metadata(state: Data<ServerState>, query: Parameters<()>) -> Result<HttpResponse, Problem> {
    query.finish()?;

    let issuer = &state.context.settings.issuer;
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

/// Public keys, as a JWK Set (RFC 7517 §5).
#[derive(Serialize, ToSchema)]
pub struct JwkSet {
    /// The keys, oldest first; the `kid` of a token refers to one of them
    #[schema(value_type = Vec<Jwk>)]
    keys: Vec<Value>,
}

/// A public key: Ed25519 (RFC 8037) or P-256 (RFC 7518 §6.2).
#[derive(ToSchema)]
#[allow(dead_code, reason = "the struct documents what the service makes")]
pub struct Jwk {
    /// Key type: `OKP` or `EC`
    kty: String,
    /// Curve: `Ed25519` or `P-256`
    crv: String,
    /// Public key; for `EC` the first coordinate
    x: String,
    /// The second coordinate, only for `EC`
    y: Option<String>,
    /// Key id used in tokens
    kid: String,
    /// Its only algorithm: `EdDSA` or `ES256`
    alg: String,
    /// `sig`
    #[schema(example = "sig")]
    r#use: String,
}

/// List the public keys
///
/// Lists the public keys that verify the tokens of this service. A new key is listed ten minutes before it signs, and an old key until all
/// its tokens have expired. So clients may cache the answer for five minutes.
#[utoipa::path(
    tag = "access", 
    responses((status = 200, description = "The keys", body = JwkSet))
)]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(state: Data<ServerState>, query: Parameters<()>) -> Result<HttpResponse, Problem> {
    query.finish()?;

    let keys = state.auth.keys.get_jwks(&state.context).await.map_err(ServiceError::from)?;
    Ok(HttpResponse::Ok().insert_header(kept_for_a_while()).json(JwkSet { keys }))
}

fn kept_for_a_while() -> (header::HeaderName, String) {
    (header::CACHE_CONTROL, format!("public, max-age={}", CACHED_FOR.num_seconds()))
}
