//! `/healthz`, `/readyz`: for the operators of the service.

use actix_web::get;
use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::extract::query::Parameters;
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::operations::checks;

/// Health of the service.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`
    status: &'static str,
    /// The version of the program
    version: &'static str,
}

const HEALTHY: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// Check that the process is alive
///
/// Answers without a database query.
#[utoipa::path(tag = "operations", responses((status = 200, description = "Alive", body = Health)))]
#[get("/healthz")]
pub async fn healthz(query: Parameters<()>) -> Result<Json<Health>, Problem> {
    query.finish()?;

    Ok(Json(HEALTHY))
}

/// Check that the service can answer requests
///
/// Queries the database; 503 if the database does not answer.
#[utoipa::path(tag = "operations", responses((status = 200, description = "Ready", body = Health)))]
#[get("/readyz")]
pub async fn readyz(state: Data<ServerState>, query: Parameters<()>) -> Result<Json<Health>, Problem> {
    query.finish()?;

    checks::answer(&state.context).await?;
    Ok(Json(HEALTHY))
}
