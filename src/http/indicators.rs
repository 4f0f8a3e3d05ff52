//! `/v1/indicators`: what figures mean.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, put};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::page::{Page, cursor, cut};
use super::problem::Problem;
use super::request::{Asking, Held, JsonBody, Query, search};
use crate::domain::decimal::Decimal;
use crate::domain::fault::Place;
use crate::domain::indicator::{Access, Aggregation, Direction, Indicator, IndicatorVersion, Measure};
use crate::domain::period::{Calendar, Frequency};
use crate::domain::role::Cataloguing;
use crate::domain::text;
use crate::formats::indicator::{Unreadable, read};
use crate::service::Refusal;
use crate::service::catalogue::Recorded;
use crate::service::indicators::{self, Entry, Wanted};
use crate::state::State;

/// An indicator and which version of its definition this is.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionedIndicator {
    /// 1 for the first definition, one more for each change
    #[schema(example = 1)]
    version: i32,
    #[serde(flatten)]
    indicator: Indicator,
}

impl From<Entry> for VersionedIndicator {
    fn from((indicator, version): Entry) -> VersionedIndicator {
        VersionedIndicator { version, indicator }
    }
}

/// What an indicator is to mean.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Doanh thu bán lẻ hàng hóa", "name_en": "Retail sales", "definition": "Tổng doanh thu bán lẻ hàng hóa trên địa bàn trong kỳ.",
    "field": "trade", "unit": "VND", "unit_mult": 9, "measure": "flow", "time_aggregation": "sum", "area_aggregation": "sum",
    "direction": "up", "decimals": 1, "min": 0, "max": null, "breakdowns": {}, "frequency": "A", "calendar": "civil",
    "access": "open", "external_ref": null
}))]
#[allow(dead_code, reason = "the struct documents what formats::indicator reads")]
pub struct NewIndicator {
    /// The Vietnamese name
    #[schema(min_length = 1, max_length = 300)]
    name: String,
    /// The English name
    #[schema(min_length = 1, max_length = 300)]
    name_en: String,
    /// What is counted, and what is not
    #[schema(min_length = 1, max_length = 4000)]
    definition: String,
    /// The field of work
    #[schema(pattern = "^[a-z0-9_]{1,40}$")]
    field: String,
    /// The unit of one; `percent` for a rate
    #[schema(min_length = 1, max_length = 40)]
    unit: String,
    /// The power of ten that figures are kept in: 9 for tỷ đồng; 0 when absent
    #[schema(minimum = -6, maximum = 12)]
    unit_mult: Option<i32>,
    /// The kind of quantity
    measure: Measure,
    /// How periods add up
    time_aggregation: Aggregation,
    /// How provinces add up
    area_aggregation: Aggregation,
    /// Which way is better
    direction: Direction,
    /// Decimals that computed figures are rounded to; a flow or stock with none is a count
    #[schema(minimum = 0, maximum = 6)]
    decimals: u32,
    /// The least value that can be true
    #[schema(value_type = Option<f64>)]
    min: Option<Decimal>,
    /// The greatest value that can be true
    #[schema(value_type = Option<f64>)]
    max: Option<Decimal>,
    /// The dimensions it can be broken down by
    breakdowns: Option<BTreeMap<String, NewDimension>>,
    /// How often it is expected
    frequency: Frequency,
    /// The calendar it is usually reported in; `civil` when absent
    calendar: Option<Calendar>,
    /// Who may read it; `open` when absent
    access: Option<Access>,
    /// The national or international indicator it corresponds to
    #[schema(min_length = 1, max_length = 200)]
    external_ref: Option<String>,
    /// By how much a figure usually differs from last year's at most, in percent, of a rate in points; beyond it a figure has to be
    /// acknowledged (`yoy_jump`)
    #[schema(value_type = Option<f64>)]
    yoy_limit: Option<Decimal>,
    /// Why the definition changes; kept with the version
    #[schema(min_length = 1, max_length = 300)]
    reason: Option<String>,
}

/// One way to break an indicator down into parts.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::indicator reads")]
pub struct NewDimension {
    /// The members; any member may be reported when absent
    values: Option<Vec<String>>,
    /// Whether the members add up to the total by definition; `false` when absent
    complete: Option<bool>,
}

/// One version of a definition.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorRevision {
    #[serde(flatten)]
    definition: VersionedIndicator,
    /// Why it replaced the version before, where somebody said so
    #[schema(required = true)]
    reason: Option<String>,
    /// When it was recorded
    recorded_at: DateTime<Utc>,
}

/// The versions of a definition.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorHistory {
    /// The versions, oldest first
    items: Vec<IndicatorRevision>,
    /// Always null: all versions are on one page
    #[schema(required = true)]
    next: Option<String>,
}

/// A page of indicators.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorPage {
    /// The indicators, by code
    items: Vec<VersionedIndicator>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

/// How indicators are listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct ListParams {
    /// Only this field of work
    #[param(example = "post_telecom")]
    field: Option<String>,
    /// Only indicators whose names, code or definition hold this text; accents and case do not matter
    #[param(example = "doanh thu", min_length = 1, max_length = 100)]
    q: Option<String>,
    /// Maximum number of items on a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the previous page
    cursor: Option<String>,
}

/// List indicators
///
/// The catalogue: what each indicator counts, its unit, how its figures add up over time and provinces, which direction is
/// good, and how it can be broken down.
#[utoipa::path(
    tag = "catalogue", operation_id = "list_indicators", params(ListParams), security((), ("oauth2" = ["read"])),
    responses((status = 200, description = "The indicators", body = IndicatorPage))
)]
#[get("/v1/indicators")]
pub async fn list(state: Data<State>, Asking(caller): Asking, mut query: Query) -> Result<Json<IndicatorPage>, Problem> {
    let field = query.one("field", |value| text::clean(value, 40));
    let q = query.one("q", search);
    let page: Page<1> = Page::read(&mut query, "indicators");
    query.finish()?;

    let wanted = Wanted { field, q, after: page.after.map(|[code]| code), limit: page.limit + 1 };
    let mut found = indicators::list(&state, &caller, wanted).await?;
    let next = cut(&mut found, page.limit, |(last, _)| cursor("indicators", [&last.code]));
    Ok(Json(IndicatorPage { items: found.into_iter().map(VersionedIndicator::from).collect(), next }))
}

/// Find an indicator
///
/// The latest version of one definition.
#[utoipa::path(
    tag = "catalogue", operation_id = "find_indicator", security((), ("oauth2" = ["read"])),
    params(("code" = String, Path, description = "The code", example = "telecom-internet-revenue")),
    responses((status = 200, description = "The indicator", body = VersionedIndicator))
)]
#[get("/v1/indicators/{code}")]
pub async fn find(
    state: Data<State>,
    Asking(caller): Asking,
    code: Path<String>,
    query: Query,
) -> Result<Json<VersionedIndicator>, Problem> {
    query.finish()?;

    Ok(Json(indicators::find(&state, &caller, &code).await?.into()))
}

/// Read the history of a definition
///
/// Every version that an indicator has had, oldest first. Figures keep the version that they were reported under.
#[utoipa::path(
    tag = "catalogue", operation_id = "list_indicator_versions", security((), ("oauth2" = ["read"])),
    params(("code" = String, Path, description = "The code", example = "telecom-internet-revenue")),
    responses((status = 200, description = "The versions", body = IndicatorHistory))
)]
#[get("/v1/indicators/{code}/versions")]
pub async fn versions(
    state: Data<State>,
    Asking(caller): Asking,
    code: Path<String>,
    query: Query,
) -> Result<Json<IndicatorHistory>, Problem> {
    query.finish()?;

    let versions = indicators::versions(&state, &caller, &code).await?;
    let revision = |version: IndicatorVersion| IndicatorRevision {
        definition: (version.indicator, version.version).into(),
        reason: version.reason,
        recorded_at: version.recorded_at,
    };
    Ok(Json(IndicatorHistory { items: versions.into_iter().map(revision).collect(), next: None }))
}

/// Define an indicator
///
/// Records a new indicator, or a new version of one; the same definition again changes nothing. Unit, multiplier and
/// measure of an existing code are fixed, because figures are recorded in them: a new meaning gets a code of its own.
/// Figures keep the version they were reported under, and a comparison across two definitions says `definition_changed`.
#[utoipa::path(
    tag = "catalogue", operation_id = "put_indicator", security(("oauth2" = ["catalogue"])),
    params(("code" = String, Path, description = "The code: lower-case words joined by hyphens", example = "retail-sales")),
    request_body = NewIndicator,
    responses((status = 200, description = "A new version, or unchanged", body = VersionedIndicator), (status = 201, description = "A new indicator", body = VersionedIndicator))
)]
#[put("/v1/indicators/{code}")]
pub async fn put(
    state: Data<State>,
    Held(keeper): Held<Cataloguing>,
    code: Path<String>,
    query: Query,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Problem> {
    query.finish()?;
    let (indicator, reason) = read(&code, &body).map_err(|unreadable| match unreadable {
        Unreadable::Malformed(fault) => Refusal::Malformed(vec![fault.at(Place::Request)]),
        Unreadable::Fields(faults) => Refusal::Invalid(faults),
    })?;

    let (entry, recorded) = indicators::put(&state, &keeper, indicator, reason).await?;
    let status = if recorded == Recorded::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(VersionedIndicator::from(entry)))
}
