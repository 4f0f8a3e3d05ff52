//! `/v1/organisations`: the reporting organisations and their trust status.

use crate::domain::access::role::Authorized;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, put};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::access::role::Administer;
use crate::domain::catalogue::organisation::Organisation;
use crate::domain::fault::Location;
use crate::formats::organisation::read;
use crate::http::extract::body::JsonBody;
use crate::http::extract::query::Parameters;
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::catalogue::organisations;
use crate::service::operations::audit::WriteContext;

/// A reporting organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Organisation")]
pub struct OrganisationView {
    /// Identifier (QĐ 20/2020/QĐ-TTg)
    #[schema(example = "H02.12")]
    id: String,
    /// The name
    #[schema(example = "Sở Thông tin và Truyền thông")]
    name: String,
    /// Whether its submissions are published without review
    trusted: bool,
}

impl From<Organisation> for OrganisationView {
    fn from(Organisation { id, name, trusted }: Organisation) -> OrganisationView {
        OrganisationView { id, name, trusted }
    }
}

/// A page of organisations.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationPage {
    /// The organisations, ordered by id
    items: Vec<OrganisationView>,
    /// Always null: all organisations are on one page
    #[schema(required = true)]
    next: Option<String>,
}

/// Settings of an organisation.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Sở Thông tin và Truyền thông", "trusted": true}))]
#[allow(dead_code, reason = "the struct documents what formats::organisation reads")]
pub struct NewOrganisation {
    /// The identifier in the path
    #[schema(read_only, example = "H02.12")]
    id: Option<String>,
    /// The name
    #[schema(min_length = 1, max_length = 300, example = "Sở Thông tin và Truyền thông")]
    name: String,
    /// Whether its submissions are published without review; `false` when absent
    trusted: Option<bool>,
}

/// List organisations
///
/// Lists the registered organisations. Other organisations can submit figures too, but their submissions need review.
#[utoipa::path(
    tag = "access", security(("oauth2" = ["admin"])),
    responses((status = 200, description = "The organisations", body = OrganisationPage))
)]
#[get("/v1/organisations")]
pub async fn list_organisations(
    state: Data<ServerState>,
    administrator: Authorized<Administer>,
    query: Parameters<()>,
) -> Result<Json<OrganisationPage>, Problem> {
    query.finish()?;

    let found = organisations::list_organisations(&state.context, &administrator).await?;
    Ok(Json(OrganisationPage { items: found.into_iter().map(OrganisationView::from).collect(), next: None }))
}

/// Get an organisation
///
/// Returns the current settings of an organisation.
#[utoipa::path(
    tag = "access", security(("oauth2" = ["admin"])),
    params(("id" = String, Path, description = "The identifier", example = "H02.12")),
    responses((status = 200, description = "The organisation", body = OrganisationView))
)]
#[get("/v1/organisations/{id}")]
pub async fn get_organisation(
    state: Data<ServerState>,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Parameters<()>,
) -> Result<Json<OrganisationView>, Problem> {
    query.finish()?;

    Ok(Json(organisations::get_organisation(&state.context, &administrator, &id).await?.into()))
}

/// Set an organisation
///
/// Stores the name of an organisation and its trust status. Submissions of a trusted organisation are published without review; others need
/// approval.
#[utoipa::path(
    tag = "access", security(("oauth2" = ["admin"])), request_body = NewOrganisation,
    params(("id" = String, Path, description = "The identifier: groups of letters and digits joined by dots, at most 35 characters", example = "H02.12")),
    responses((status = 200, description = "Changed, or unchanged", body = OrganisationView), (status = 201, description = "A new organisation", body = OrganisationView))
)]
#[put("/v1/organisations/{id}")]
pub async fn put_organisation(
    write: WriteContext,
    administrator: Authorized<Administer>,
    id: Path<String>,
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Problem> {
    query.finish()?;
    let read = read(&id, &body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;
    let (organisation, read_only) = read.map_err(ServiceError::Invalid)?;

    let new = organisations::put_organisation(&write, &administrator, organisation.clone(), read_only).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(OrganisationView::from(organisation)))
}
