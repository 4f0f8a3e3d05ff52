//! `/v1/clients`: the programs that call this service, their permissions and their credentials.

use crate::domain::access::role::Authorized;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::{Ref, RefOr, Schema};

use crate::domain::access::role::Administer;
use crate::domain::access::scope::Scope;
use crate::domain::fault::{Fault, Location};
use crate::formats::client::{read, read_rotation};
use crate::http::extract::body::{JsonBody, OptionalBody};
use crate::http::extract::marked::read_only;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::auth::clients::{self, By, StoredClient};
use crate::service::auth::jwk::KeySet;
use crate::service::operations::audit::WriteContext;

/// Scopes, restrictions and expiry of a client.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "so-tttt-bac-ninh", "organisation": "H02.12", "scopes": ["submit", "targets"], "provinces": ["bac-ninh-2025"],
    "fields": ["post_telecom", "it"], "expires_at": "2027-12-31T17:00:00Z",
    "jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "2026-11", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
}))]
#[allow(dead_code, reason = "the struct documents what `formats::client` reads")]
pub struct NewClient {
    /// Id in the path
    #[schema(read_only)]
    client_id: Option<String>,
    /// Name, unique among all clients, including disabled ones
    #[schema(min_length = 1, max_length = 100, example = "so-tttt-bac-ninh")]
    name: String,
    /// Identifier of the organisation that it acts for (QĐ 20/2020/QĐ-TTg); none when absent
    #[schema(min_length = 1, max_length = 35, example = "H02.12")]
    organisation: Option<String>,
    /// Scopes: the permissions of the client
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
    /// Scopes that it may grant to other clients, if it has `admin`; its own scopes when absent
    may_grant: Option<Vec<Scope>>,
    /// Keys of the provinces that it may work for; all when absent or empty
    #[schema(max_items = 200, example = json!(["bac-ninh-2025"]))]
    provinces: Option<Vec<String>>,
    /// Fields of work, as in the indicators; all when absent or empty
    #[schema(max_items = 200, example = json!(["post_telecom"]))]
    fields: Option<Vec<String>>,
    /// Time from which the client may not sign in and its tokens are invalid; never when absent
    expires_at: Option<DateTime<Utc>>,
    /// Public keys for signed assertions, instead of a secret
    jwks: Option<NewKeySet>,
    /// Time of creation
    #[schema(read_only)]
    created_at: Option<DateTime<Utc>>,
    /// Last sign-in
    #[schema(read_only)]
    last_used_at: Option<DateTime<Utc>>,
    /// Time of disabling
    #[schema(read_only)]
    disabled_at: Option<DateTime<Utc>>,
    #[schema(schema_with = stored_secrets)]
    secrets: Option<Vec<SecretView>>,
}

fn stored_secrets() -> RefOr<Schema> {
    read_only(Ref::from_schema_name(SecretView::name()), "Its stored secrets, without the secrets themselves")
}

/// Public keys: a JWK Set (RFC 7517 §5).
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what `service::auth::jwk` reads")]
pub struct NewKeySet {
    /// The keys
    #[schema(min_items = 1, max_items = 5)]
    keys: Vec<NewKey>,
}

/// A public key on Ed25519 (RFC 8037) or P-256 (RFC 7518 §6.2). A key with a private part is refused.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what `service::auth::jwk` reads")]
pub struct NewKey {
    /// `OKP` for Ed25519, `EC` for P-256
    #[schema(pattern = "^(OKP|EC)$", example = "OKP")]
    kty: String,
    /// `Ed25519` or `P-256`
    #[schema(pattern = "^(Ed25519|P-256)$", example = "Ed25519")]
    crv: String,
    /// The public point: on Ed25519 32 bytes in base64url, on P-256 the first coordinate
    #[schema(example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    x: String,
    /// The second coordinate; required on P-256, absent on Ed25519
    y: Option<String>,
    /// Key id used in signatures, unique within the client
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

/// A client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Client")]
pub struct ClientView {
    /// Id for signing in
    #[schema(example = "019a0000-0000-7000-8000-000000000000")]
    client_id: String,
    /// Name, unique among all clients
    #[schema(example = "so-tttt-bac-ninh")]
    name: String,
    /// Organisation that it acts for; null for none
    #[schema(required = true, example = "H02.12")]
    organisation: Option<String>,
    /// Scopes: the permissions of the client
    scopes: Vec<Scope>,
    /// Scopes that it may grant to other clients; empty for a client without `admin`
    may_grant: Vec<Scope>,
    /// Keys of the provinces that it may work for; all when empty
    provinces: Vec<String>,
    /// Fields of work; all when empty
    fields: Vec<String>,
    /// Time of creation
    created_at: DateTime<Utc>,
    /// Time from which it may not sign in; null for never
    #[schema(required = true)]
    expires_at: Option<DateTime<Utc>>,
    /// Last sign-in, to the minute; null before the first
    #[schema(required = true)]
    last_used_at: Option<DateTime<Utc>>,
    /// Time of disabling; null if the client is enabled
    #[schema(required = true)]
    disabled_at: Option<DateTime<Utc>>,
    /// Its secrets, oldest first, without the secrets themselves: the service stores only hashes
    secrets: Vec<SecretView>,
    /// Its public keys; null for a client that signs in with a secret
    #[schema(required = true, value_type = Option<NewKeySet>)]
    jwks: Option<Value>,
}

/// A current or former secret of a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecretView {
    /// Time of creation
    created_at: DateTime<Utc>,
    /// Time from which it is not accepted; null until a new secret replaces it
    #[schema(required = true)]
    expires_at: Option<DateTime<Utc>>,
}

/// A client and its new secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientWithSecret {
    #[serde(flatten)]
    client: ClientView,
    /// The new secret, shown only in this answer; absent for a client that signs with keys
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
            may_grant: client.may_grant,
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
            jwks: keys.map(|keys| keys.to_json()),
        }
    }
}

/// A page of clients.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientPage {
    /// The clients, ordered by id, which is the order of creation
    items: Vec<ClientView>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

/// Validity of the old secret.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_hours": 24}))]
#[allow(dead_code, reason = "the struct documents what `formats::client` reads")]
pub struct Rotation {
    /// Hours for which the old secret stays valid beside the new one; 0 ends it now
    #[schema(minimum = 0, maximum = 720, default = 24)]
    overlap_hours: Option<u32>,
}

/// Which page of the clients is read.
pub struct ClientList(Page<1>);

impl FromQuery for ClientList {
    fn from_query(query: &mut Query) -> ClientList {
        ClientList(Page::read(query, "clients"))
    }
}

/// List the clients
///
/// Lists the registered programs, including disabled and expired ones. An administrator who is restricted to an organisation, to provinces
/// or to fields sees only clients with the same or narrower restrictions.
#[utoipa::path(
    tag = "access", params(Parameters<ClientList>), security(("oauth2" = ["admin"])),
    responses((status = 200, description = "The clients", body = ClientPage))
)]
#[get("/v1/clients")]
pub async fn list_clients(
    state: Data<ServerState>,
    administrator: Authorized<Administer>,
    query: Parameters<ClientList>,
) -> Result<Json<ClientPage>, Problem> {
    let ClientList(page) = query.finish()?;
    let asked = page.limit + 1;

    let mut found =
        clients::list_clients(&state.context, &By::Administrator(administrator.into()), page.after.map(|[id]| id), asked).await?;
    let next = cut(&mut found, asked, |last| cursor("clients", [&last.client.id]));
    Ok(Json(ClientPage { items: found.into_iter().map(ClientView::from).collect(), next }))
}

/// Get a client
///
/// Returns the permissions of one client, its last sign-in, its keys and the dates of its secrets.
#[utoipa::path(
    tag = "access", security(("oauth2" = ["admin"])),
    params(("id" = String, Path, description = "Id of the client", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The client", body = ClientView))
)]
#[get("/v1/clients/{id}")]
pub async fn get_client(
    state: Data<ServerState>,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Parameters<()>,
) -> Result<Json<ClientView>, Problem> {
    query.finish()?;

    Ok(Json(clients::get_client(&state.context, &By::Administrator(administrator.into()), &id).await?.into()))
}

/// Register a client
///
/// Creates a client. Without public keys (`jwks`) the client gets a secret, which is shown only in this answer. A client can be restricted
/// to an organisation, to provinces and to fields of work. A restricted administrator can only create clients with the same or narrower
/// restrictions, and every administrator gives only the scopes that it may grant; `beyond_administrator` names the differences. `catalogue`
/// is granted only by administrators without restrictions.
#[utoipa::path(
    tag = "access", security(("oauth2" = ["admin"])), request_body = NewClient,
    responses((status = 201, description = "The client", body = ClientWithSecret, headers(("Location" = String, description = "URL of the client"))))
)]
#[post("/v1/clients")]
pub async fn create_client(
    state: Data<ServerState>,
    write: WriteContext,
    administrator: Authorized<Administer>,
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Problem> {
    query.finish()?;
    let (draft, keys) = read(&body, KeySet::read).map_err(malformed)?;

    let (client, client_secret) =
        clients::create_client(&write, &state.auth, &By::Administrator(administrator.into()), draft, keys).await?;
    let location = (header::LOCATION, format!("/v1/clients/{}", client.client.id));
    let body = ClientWithSecret { client: client.into(), client_secret };
    Ok(HttpResponse::build(StatusCode::CREATED).insert_header(location).insert_header(NO_STORE).json(body))
}

/// Replace the settings of a client
///
/// Replaces the scopes and restrictions of a client. A field that is absent is removed: the organisation, the restrictions, the expiry and
/// the public keys. The client as GET returns it changes nothing. The changes apply at once, also to existing tokens. The secrets stay the same.
/// A client with scopes that you may not grant is not changed by you, nor does it get a secret or become enabled (`beyond_administrator`).
///
/// The last administrator cannot give up `admin`, become restricted or expire now (`last_administrator`), because no administrator would
/// remain.
#[utoipa::path(
    tag = "access", security(("oauth2" = ["admin"])), request_body = NewClient,
    params(("id" = String, Path, description = "Id of the client", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated client", body = ClientView), (status = 409, description = "No other administrator with the same access would remain", body = Problem, content_type = "application/problem+json"))
)]
#[put("/v1/clients/{id}")]
pub async fn put_client(
    write: WriteContext,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<Json<ClientView>, Problem> {
    query.finish()?;
    let (draft, keys) = read(&body, KeySet::read).map_err(malformed)?;

    Ok(Json(clients::put_client(&write, &By::Administrator(administrator.into()), &id, draft, keys).await?.into()))
}

/// Give a client a new secret
///
/// Creates a secret, which is shown only in this answer. The current secret stays valid for `overlap_hours`, so that the client can change
/// over without interruption. If two secrets are valid already, the older one ends now. Tokens stay valid until they expire.
#[utoipa::path(
    tag = "access", security(("oauth2" = ["admin"])), request_body = Option<Rotation>,
    params(("id" = String, Path, description = "Id of the client", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The client and its new secret", body = ClientWithSecret))
)]
#[post("/v1/clients/{id}/rotate")]
pub async fn rotate_client_secret(
    state: Data<ServerState>,
    write: WriteContext,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Parameters<()>,
    OptionalBody(body): OptionalBody,
) -> Result<HttpResponse, Problem> {
    query.finish()?;
    let overlap = read_rotation(&body).map_err(malformed)?.map_err(ServiceError::Invalid)?;

    let (client, secret) =
        clients::rotate_client_secret(&write, &state.auth, &By::Administrator(administrator.into()), &id, overlap).await?;
    let body = ClientWithSecret { client: client.into(), client_secret: Some(secret) };
    Ok(HttpResponse::Ok().insert_header(NO_STORE).json(body))
}

/// Disable a client
///
/// The client gets no new tokens, and its existing tokens stop working at once. The last administrator cannot be disabled
/// (`last_administrator`).
#[utoipa::path(
    tag = "access", security(("oauth2" = ["admin"])),
    params(("id" = String, Path, description = "Id of the client", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated client", body = ClientView), (status = 409, description = "No other administrator with the same access would remain", body = Problem, content_type = "application/problem+json"))
)]
#[post("/v1/clients/{id}/disable")]
pub async fn disable_client(
    write: WriteContext,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Parameters<()>,
) -> Result<Json<ClientView>, Problem> {
    query.finish()?;

    Ok(Json(clients::set_enabled(&write, &By::Administrator(administrator.into()), &id, false).await?.into()))
}

/// Enable a client
///
/// A disabled client can sign in again with its previous secrets and keys.
#[utoipa::path(
    tag = "access", security(("oauth2" = ["admin"])),
    params(("id" = String, Path, description = "Id of the client", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The updated client", body = ClientView))
)]
#[post("/v1/clients/{id}/enable")]
pub async fn enable_client(
    write: WriteContext,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Parameters<()>,
) -> Result<Json<ClientView>, Problem> {
    query.finish()?;

    Ok(Json(clients::set_enabled(&write, &By::Administrator(administrator.into()), &id, true).await?.into()))
}

/// Caches must not store an answer with a secret.
const NO_STORE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

fn malformed(fault: Fault) -> ServiceError {
    ServiceError::Malformed(vec![fault.at(Location::Request)])
}
