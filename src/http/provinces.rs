//! `/v1/provinces`: which provinces there were, and which one a code or name meant.

use std::sync::Arc;

use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::page::{Page, cursor, cut};
use super::problem::Problem;
use super::request::{Asking, Query, search};
use crate::domain::province::UnitType;
use crate::domain::text::parse_date;
use crate::service::provinces::{self, Entry, Wanted};
use crate::state::State;

/// A province, with what it was formed from and what it became.
#[derive(Debug, Serialize, ToSchema)]
pub struct Province {
    /// The identity, which is never reused
    #[schema(example = "bac-giang-2004")]
    key: String,
    /// The GSO code, reused on 1 July 2025: 24 was Bắc Giang and is Bắc Ninh
    #[schema(example = "24")]
    code: String,
    /// The Vietnamese name
    #[schema(example = "Bắc Giang")]
    name: String,
    /// The name without accents
    #[schema(example = "Bac Giang")]
    name_en: String,
    /// The ISO 3166-2:VN code; that list still names the units before July 2025
    #[schema(required = true, example = "VN-54")]
    iso: Option<String>,
    /// Province, municipality or the country
    unit_type: UnitType,
    /// First day
    valid_from: NaiveDate,
    /// Last day, inclusive; null while it lasts
    #[schema(required = true)]
    valid_to: Option<NaiveDate>,
    /// Keys of the units it was formed from
    predecessors: Vec<String>,
    /// Keys of the units formed from it
    successors: Vec<String>,
}

impl From<Entry> for Province {
    fn from(Entry { province, successors }: Entry) -> Province {
        Province {
            key: province.key,
            code: province.code,
            name: province.name,
            name_en: province.name_en,
            iso: province.iso,
            unit_type: province.unit_type,
            valid_from: province.valid_from,
            valid_to: province.valid_to,
            predecessors: province.predecessors,
            successors,
        }
    }
}

/// A page of provinces.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvincePage {
    /// The provinces, by key
    items: Vec<Province>,
    /// Cursor of the next page; null on the last
    #[schema(required = true)]
    next: Option<String>,
}

/// How provinces are listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct ListParams {
    /// Only units that existed on this day
    #[param(example = "2024-06-30")]
    on: Option<NaiveDate>,
    /// Only units whose name, key or code holds this text; accents and case do not matter
    #[param(example = "bac", min_length = 1, max_length = 100)]
    q: Option<String>,
    /// Items of a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the page before
    cursor: Option<String>,
}

/// List provinces
///
/// All units since 2004: the 63 that ended on 30 June 2025 and the 34 since, each with its validity, its predecessors and
/// its successors. `on` gives the units of one day.
#[utoipa::path(tag = "catalogue", operation_id = "list_provinces", security((), ("oauth2" = ["read"])), params(ListParams), responses((status = 200, description = "The provinces", body = ProvincePage)))]
#[get("/v1/provinces")]
pub async fn list(state: Data<State>, _: Asking, mut query: Query) -> Result<Json<ProvincePage>, Problem> {
    let on = query.one("on", parse_date);
    let q = query.one("q", search);
    let page: Page<1> = Page::read(&mut query, "provinces");
    query.finish()?;

    let wanted = Wanted { on, q, after: page.after.map(|[key]| key), limit: page.limit + 1 };
    let mut found = provinces::list(&Arc::clone(&state), wanted).await?;
    let next = cut(&mut found, page.limit, |last| cursor("provinces", [&last.province.key]));
    Ok(Json(ProvincePage { items: found.into_iter().map(Province::from).collect(), next }))
}

/// How a province is found.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct FindParams {
    /// The day on which the code or name is meant; today when absent
    #[param(example = "2024-06-30")]
    on: Option<NaiveDate>,
}

/// Find a province
///
/// By key (`bac-giang-2004`), or by GSO code (`24`), ISO code (`VN-54`) or name (`Bắc Giang`, `bac-giang`) as it stood on a
/// day. The whole country is `VN`.
#[utoipa::path(
    tag = "catalogue", operation_id = "find_province", security((), ("oauth2" = ["read"])),
    params(("id" = String, Path, description = "Key, GSO code, ISO code or name", example = "bac-giang-2004"), FindParams),
    responses((status = 200, description = "The province", body = Province))
)]
#[get("/v1/provinces/{id}")]
pub async fn find(state: Data<State>, _: Asking, id: Path<String>, mut query: Query) -> Result<Json<Province>, Problem> {
    let on = query.one("on", parse_date);
    query.finish()?;

    Ok(Json(provinces::find(&state, &id, on).await?.into()))
}

/// Read the lineage of a province
///
/// Everything that a province was formed from, through all mergers, splits and changes of name, and everything formed from it; itself
/// among them, by first day. `predecessors` and `successors` connect them.
#[utoipa::path(
    tag = "catalogue", operation_id = "read_lineage", security((), ("oauth2" = ["read"])),
    params(("id" = String, Path, description = "Key, GSO code, ISO code or name", example = "bac-ninh-2025"), FindParams),
    responses((status = 200, description = "The units, all on one page", body = ProvincePage))
)]
#[get("/v1/provinces/{id}/lineage")]
pub async fn lineage(state: Data<State>, _: Asking, id: Path<String>, mut query: Query) -> Result<Json<ProvincePage>, Problem> {
    let on = query.one("on", parse_date);
    query.finish()?;

    let found = provinces::lineage(&state, &id, on).await?;
    Ok(Json(ProvincePage { items: found.into_iter().map(Province::from).collect(), next: None }))
}
