//! `/v1/clients`: the programs that call this service, what each may do, and how they sign in.

use crate::domain::access::role::Authorized;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::domain::access::role::Administer;
use crate::domain::access::scope::Scope;
use crate::domain::fault::{Fault, Location};
use crate::domain::jwk::KeySet;
use crate::formats::client::{read, read_rotation};
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::request::{JsonBody, OptionalBody, Query};
use crate::http::problem::Problem;
use crate::service::ServiceError;
use crate::service::auth::clients::{self, By, StoredClient};
use crate::state::State;

/// What a client may do, what it is narrowed to and until when.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "so-tttt-bac-ninh", "organisation": "H02.12", "scopes": ["submit", "targets"], "provinces": ["bac-ninh-2025"],
    "fields": ["post_telecom", "it"], "expires_at": "2027-12-31T17:00:00Z",
    "jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "2026-11", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
}))]
#[allow(dead_code, reason = "the struct documents what `formats::client` reads")]
pub struct NewClient {
    /// What people call it; no two clients share a name, those that are disabled among them
    #[schema(min_length = 1, max_length = 100, example = "so-tttt-bac-ninh")]
    name: String,
    /// The identifier of the organisation that it speaks for (QĐ 20/2020/QĐ-TTg); none when absent
    #[schema(min_length = 1, max_length = 35, example = "H02.12")]
    organisation: Option<String>,
    /// What it may do
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
    /// Keys of the provinces that it works for; all when absent or empty
    #[schema(max_items = 200, example = json!(["bac-ninh-2025"]))]
    provinces: Option<Vec<String>>,
    /// Fields of work that it works in, as indicators name them; all when absent or empty
    #[schema(max_items = 200, example = json!(["post_telecom"]))]
    fields: Option<Vec<String>>,
    /// From when on it may not sign in, and the tokens that it has are no good; never when absent
    expires_at: Option<DateTime<Utc>>,
    /// The public keys that it signs assertions with in place of a secret
    jwks: Option<NewKeySet>,
}

/// Public keys: a JWK Set (RFC 7517 §5).
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what `domain::jwk` reads")]
pub struct NewKeySet {
    /// The keys
    #[schema(min_items = 1, max_items = 5)]
    keys: Vec<NewKey>,
}

/// A public key on Ed25519 (RFC 8037) or on P-256 (RFC 7518 §6.2). One with a private part is refused.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what `domain::jwk` reads")]
pub struct NewKey {
    /// `OKP` for Ed25519, `EC` for P-256
    #[schema(pattern = "^(OKP|EC)$", example = "OKP")]
    kty: String,
    /// `Ed25519` or `P-256`
    #[schema(pattern = "^(Ed25519|P-256)$", example = "Ed25519")]
    crv: String,
    /// The point, 32 bytes in base64url; on P-256 its first coordinate
    #[schema(example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    x: String,
    /// The second coordinate; on P-256 only, and needed there
    y: Option<String>,
    /// The id that signatures name it by; no two keys of a client share one
    #[schema(min_length = 1, max_length = 100, example = "2026-11")]
    kid: String,
    /// `sig`, or absent
    #[serde(rename = "use")]
    #[schema(pattern = "^sig$")]
    usage: Option<String>,
    /// `EdDSA` or `Ed25519` on Ed25519, `ES256` on P-256, or absent
    #[schema(pattern = "^(EdDSA|Ed25519|ES256)$")]
    alg: Option<String>,
}

/// A client as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Client")]
pub struct ClientView {
    /// The id that it signs in with
    #[schema(example = "019a0000-0000-7000-8000-000000000000")]
    client_id: String,
    /// What people call it
    #[schema(example = "so-tttt-bac-ninh")]
    name: String,
    /// The organisation that it speaks for; null for none
    #[schema(required = true, example = "H02.12")]
    organisation: Option<String>,
    /// What it may do
    scopes: Vec<Scope>,
    /// Keys of the provinces that it works for; all when empty
    provinces: Vec<String>,
    /// Fields of work that it works in; all when empty
    fields: Vec<String>,
    /// When it was made
    created_at: DateTime<Utc>,
    /// From when on it may not sign in; null for never
    #[schema(required = true)]
    expires_at: Option<DateTime<Utc>>,
    /// When it last signed in, to the minute; null where it never did
    #[schema(required = true)]
    last_used_at: Option<DateTime<Utc>>,
    /// Since when it is disabled; null where it is not
    #[schema(required = true)]
    disabled_at: Option<DateTime<Utc>>,
    /// When its secrets were made, oldest first; the secrets themselves are not kept
    secrets: Vec<SecretView>,
    /// The ids of its public keys
    keys: Vec<String>,
}

/// A secret that a client has or had.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecretView {
    /// When it was made
    created_at: DateTime<Utc>,
    /// From when on it is not accepted; null until another takes its place
    #[schema(required = true)]
    expires_at: Option<DateTime<Utc>>,
}

/// A client and the secret that was made for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientWithSecret {
    #[serde(flatten)]
    client: ClientView,
    /// The secret, shown this once; absent where the client signs with keys
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

impl From<StoredClient> for ClientView {
    fn from(stored: StoredClient) -> ClientView {
        let StoredClient { client, secrets, jwks, created_at, expires_at, last_used_at, disabled_at } = stored;
        let keys = jwks.as_deref().and_then(KeySet::from_text);
        ClientView {
            client_id: client.id,
            name: client.name,
            organisation: client.organisation,
            scopes: client.scopes,
            provinces: client.provinces,
            fields: client.fields,
            created_at,
            expires_at,
            last_used_at,
            disabled_at,
            secrets: secrets
                .into_iter()
                .map(|secret| SecretView { created_at: secret.created_at, expires_at: secret.expires_at })
                .collect(),
            keys: keys.iter().flat_map(KeySet::keys).map(|key| key.kid.clone()).collect(),
        }
    }
}

/// A page of clients.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientPage {
    /// The clients, by id: the oldest first
    items: Vec<ClientView>,
    /// Cursor of the next page; null on the last
    #[schema(required = true)]
    next: Option<String>,
}

/// How clients are listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct ListParams {
    /// Items of a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
    /// `next` of the page before
    cursor: Option<String>,
}

/// For how long the secret that a client has stays good.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_hours": 24}))]
#[allow(dead_code, reason = "the struct documents what `formats::client` reads")]
pub struct Rotation {
    /// Hours for which the old secret is good beside the new one; 0 ends it now
    #[schema(minimum = 0, maximum = 720, default = 24)]
    overlap_hours: Option<u32>,
}

/// List the clients
///
/// The programs that were registered, disabled and expired ones among them. An administrator that is narrowed to an organisation, to provinces
/// or to fields sees those that reach no further than it does.
#[utoipa::path(
    tag = "access", operation_id = "list_clients", params(ListParams), security(("oauth2" = ["admin"])),
    responses((status = 200, description = "The clients", body = ClientPage))
)]
#[get("/v1/clients")]
pub async fn list(state: Data<State>, administrator: Authorized<Administer>, mut query: Query) -> Result<Json<ClientPage>, Problem> {
    let page: Page<1> = Page::read(&mut query, "clients");
    query.finish()?;

    let mut found = clients::list(&state, &By::Administrator(administrator.into()), page.after.map(|[id]| id), page.limit + 1).await?;
    let next = cut(&mut found, page.limit, |last| cursor("clients", [&last.client.id]));
    Ok(Json(ClientPage { items: found.into_iter().map(ClientView::from).collect(), next }))
}

/// Find a client
///
/// What one client may do, when it last signed in, and since when its secrets and keys are there.
#[utoipa::path(
    tag = "access", operation_id = "find_client", security(("oauth2" = ["admin"])),
    params(("id" = String, Path, description = "Id of the client", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The client", body = ClientView))
)]
#[get("/v1/clients/{id}")]
pub async fn find(
    state: Data<State>,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Query,
) -> Result<Json<ClientView>, Problem> {
    query.finish()?;

    Ok(Json(clients::find(&state, &By::Administrator(administrator.into()), &id).await?.into()))
}

/// Register a client
///
/// Makes a client and, unless it brings its public keys (`jwks`), a secret that is shown in this answer and never again. It can be narrowed to an
/// organisation, to provinces and to fields of work. An administrator that is narrowed makes clients that are narrowed at least as much
/// (`beyond_administrator` names what is not); scopes are not part of it.
#[utoipa::path(
    tag = "access", operation_id = "create_client", security(("oauth2" = ["admin"])), request_body = NewClient,
    responses((status = 201, description = "The client", body = ClientWithSecret, headers(("Location" = String, description = "Where it is found"))))
)]
#[post("/v1/clients")]
pub async fn create(
    state: Data<State>,
    administrator: Authorized<Administer>,
    query: Query,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Problem> {
    query.finish()?;
    let draft = read(&body).map_err(malformed)?;

    let (client, client_secret) = clients::create(&state, &By::Administrator(administrator.into()), draft).await?;
    let location = (header::LOCATION, format!("/v1/clients/{}", client.client.id));
    let body = ClientWithSecret { client: client.into(), client_secret };
    Ok(HttpResponse::build(StatusCode::CREATED).insert_header(location).insert_header(NO_STORE).json(body))
}

/// Describe a client anew
///
/// Says again what a client may do and what it is narrowed to. What is left out is taken away: its organisation, its narrowing, its expiry, its
/// public keys. All of it holds at once, also for the tokens that the client has. Its secrets stay as they are.
///
/// The last administrator cannot take `admin` from itself, be narrowed or let itself expire now (`last_administrator`): nobody would be left.
#[utoipa::path(
    tag = "access", operation_id = "put_client", security(("oauth2" = ["admin"])), request_body = NewClient,
    params(("id" = String, Path, description = "Id of the client", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The client as it stands now", body = ClientView), (status = 409, description = "Nobody would be left to administer what this administrator does", body = Problem, content_type = "application/problem+json"))
)]
#[put("/v1/clients/{id}")]
pub async fn put(
    state: Data<State>,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Query,
    JsonBody(body): JsonBody,
) -> Result<Json<ClientView>, Problem> {
    query.finish()?;
    let draft = read(&body).map_err(malformed)?;

    Ok(Json(clients::put(&state, &By::Administrator(administrator.into()), &id, draft).await?.into()))
}

/// Give a client a new secret
///
/// Makes a secret that is shown in this answer and never again. The one that the client has stays good for `overlap_hours`, so that it can be
/// exchanged without an interruption; where two are good already, the older one ends now. Tokens go on until they expire.
#[utoipa::path(
    tag = "access", operation_id = "rotate_client_secret", security(("oauth2" = ["admin"])), request_body = Option<Rotation>,
    params(("id" = String, Path, description = "Id of the client", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The client and its new secret", body = ClientWithSecret))
)]
#[post("/v1/clients/{id}/rotate")]
pub async fn rotate(
    state: Data<State>,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Query,
    OptionalBody(body): OptionalBody,
) -> Result<HttpResponse, Problem> {
    query.finish()?;
    let overlap = read_rotation(&body).map_err(malformed)?.map_err(ServiceError::Invalid)?;

    let (client, secret) = clients::rotate(&state, &By::Administrator(administrator.into()), &id, overlap).await?;
    let body = ClientWithSecret { client: client.into(), client_secret: Some(secret) };
    Ok(HttpResponse::Ok().insert_header(NO_STORE).json(body))
}

/// Disable a client
///
/// It gets no new token, and the tokens that it has stop working at once. The last administrator cannot be disabled (`last_administrator`).
#[utoipa::path(
    tag = "access", operation_id = "disable_client", security(("oauth2" = ["admin"])),
    params(("id" = String, Path, description = "Id of the client", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The client as it stands now", body = ClientView), (status = 409, description = "Nobody would be left to administer what this administrator does", body = Problem, content_type = "application/problem+json"))
)]
#[post("/v1/clients/{id}/disable")]
pub async fn disable(
    state: Data<State>,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Query,
) -> Result<Json<ClientView>, Problem> {
    query.finish()?;

    Ok(Json(clients::set_enabled(&state, &By::Administrator(administrator.into()), &id, false).await?.into()))
}

/// Enable a client
///
/// A client that was disabled may sign in again, with the secrets and keys that it had.
#[utoipa::path(
    tag = "access", operation_id = "enable_client", security(("oauth2" = ["admin"])),
    params(("id" = String, Path, description = "Id of the client", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The client as it stands now", body = ClientView))
)]
#[post("/v1/clients/{id}/enable")]
pub async fn enable(
    state: Data<State>,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Query,
) -> Result<Json<ClientView>, Problem> {
    query.finish()?;

    Ok(Json(clients::set_enabled(&state, &By::Administrator(administrator.into()), &id, true).await?.into()))
}

/// An answer with a secret stays with nobody on its way.
const NO_STORE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

fn malformed(fault: Fault) -> ServiceError {
    ServiceError::Malformed(vec![fault.at(Location::Request)])
}
