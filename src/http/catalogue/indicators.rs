//! `/v1/indicators`: the definitions of indicators.

use crate::domain::access::role::{Authorized, Caller};
use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, put};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::access::role::EditCatalogue;
use crate::domain::catalogue::indicator::{Access, Aggregation, Direction, Indicator, Label, Measure};
use crate::domain::catalogue::version::Version;
use crate::domain::fault::Location;
use crate::domain::number::decimal::Decimal;
use crate::domain::time::period::{Calendar, Frequency};
use crate::formats::indicator::{Unreadable, read};
use crate::http::extract::body::JsonBody;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::parameter::{search, text};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::catalogue::indicators::{self, Entry, IndicatorQuery};
use crate::service::catalogue::snapshot::Recorded;
use crate::service::operations::audit::WriteContext;

/// An indicator and its unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorRef {
    /// The code
    #[schema(example = "telecom-internet-revenue")]
    pub code: String,
    /// The Vietnamese name
    pub name: String,
    /// The English name
    pub name_en: String,
    /// Base unit, such as `VND`
    #[schema(example = "VND")]
    pub unit: String,
    /// Unit multiplier, as a power of ten: 9 for tỷ đồng
    #[schema(example = 9)]
    pub unit_mult: i32,
    /// Kind of quantity
    pub measure: Measure,
    /// Direction of improvement
    pub direction: Direction,
}

impl From<&Indicator> for IndicatorRef {
    fn from(indicator: &Indicator) -> IndicatorRef {
        IndicatorRef {
            code: indicator.code.clone(),
            name: indicator.name.clone(),
            name_en: indicator.name_en.clone(),
            unit: indicator.unit.clone(),
            unit_mult: indicator.unit_mult,
            measure: indicator.measure,
            direction: indicator.direction,
        }
    }
}

/// An indicator and the version of its definition.
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

/// The definition of an indicator.
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
    /// The code in the path
    #[schema(read_only)]
    code: Option<String>,
    /// The current version of the definition; another version is refused
    #[schema(read_only, example = 1)]
    version: Option<i32>,
    /// The Vietnamese name
    #[schema(min_length = 1, max_length = 300)]
    name: String,
    /// The English name
    #[schema(min_length = 1, max_length = 300)]
    name_en: String,
    /// Definition: inclusions and exclusions
    #[schema(min_length = 1, max_length = 4000)]
    definition: String,
    /// The field of work
    #[schema(pattern = "^[a-z0-9_]{1,40}$")]
    field: String,
    /// Base unit, such as `VND`; `percent` for a rate
    #[schema(min_length = 1, max_length = 40)]
    unit: String,
    /// The names of a unit that is not in the list of units; only for such a unit, and then required
    unit_label: Option<Label>,
    /// Unit multiplier: the power of ten of the figures, such as 9 for tỷ đồng; 0 when absent
    #[schema(minimum = -6, maximum = 12)]
    unit_mult: Option<i32>,
    /// Kind of quantity
    measure: Measure,
    /// Aggregation over periods
    time_aggregation: Aggregation,
    /// Aggregation over provinces
    area_aggregation: Aggregation,
    /// Direction of improvement
    direction: Direction,
    /// Decimals of computed figures; a flow or stock with 0 decimals is a count
    #[schema(minimum = 0, maximum = 6)]
    decimals: u32,
    /// Lowest possible value
    #[schema(value_type = Option<f64>)]
    min: Option<Decimal>,
    /// Highest possible value
    #[schema(value_type = Option<f64>)]
    max: Option<Decimal>,
    /// Dimensions of the breakdowns
    breakdowns: Option<BTreeMap<String, NewDimension>>,
    /// Reporting frequency
    frequency: Frequency,
    /// Usual calendar of its reports; `civil` when absent
    calendar: Option<Calendar>,
    /// Confidentiality: `open` when absent
    access: Option<Access>,
    /// Corresponding national or international indicator
    #[schema(min_length = 1, max_length = 200)]
    external_ref: Option<String>,
    /// Largest usual difference from last year's figure, in percent of the smaller of the two (200 is a factor of 3 up or down; for a rate
    /// in percentage points). A larger difference needs an acknowledgement (`yoy_jump`)
    #[schema(value_type = Option<f64>)]
    yoy_limit: Option<Decimal>,
    /// Reason for the change, stored with the version
    #[schema(min_length = 1, max_length = 300, write_only)]
    reason: Option<String>,
}

/// A dimension that divides an indicator into breakdowns.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::indicator reads")]
pub struct NewDimension {
    /// Members of the dimension; any member is allowed when absent
    values: Option<Vec<String>>,
    /// Whether the members add up to the total by definition; `false` when absent
    complete: Option<bool>,
    /// Names of members, by member
    labels: Option<BTreeMap<String, Label>>,
}

/// One version of a definition.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorRevision {
    #[serde(flatten)]
    definition: VersionedIndicator,
    /// Reason for replacing the previous version, if one was given
    #[schema(required = true)]
    reason: Option<String>,
    /// Time of storing
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
    /// The indicators, ordered by code
    items: Vec<VersionedIndicator>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

impl FromQuery for IndicatorQuery {
    fn from_query(query: &mut Query) -> IndicatorQuery {
        let field = query.optional(text("field", "Only indicators of this field of work", 40).example("post_telecom"));
        let q = "Only indicators with this text in their names, code or definition; accents and case do not matter";
        let q = query.optional(search("q", q).example("doanh thu"));
        let page: Page<1> = Page::read(query, "indicators");
        IndicatorQuery { field, q, after: page.after.map(|[code]| code), limit: page.limit + 1 }
    }
}

/// List indicators
///
/// Lists the catalogue: the definition of each indicator, its unit, its aggregation over time and provinces, its direction of improvement
/// and its breakdowns.
#[utoipa::path(
    tag = "catalogue", params(Parameters<IndicatorQuery>), security((), ("oauth2" = ["read"])),
    responses((status = 200, description = "The indicators", body = IndicatorPage))
)]
#[get("/v1/indicators")]
pub async fn list_indicators(
    state: Data<ServerState>,
    caller: Caller,
    query: Parameters<IndicatorQuery>,
) -> Result<Json<IndicatorPage>, Problem> {
    let wanted = query.finish()?;
    let asked = wanted.limit;

    let mut found = indicators::list_indicators(&state.context, &caller, wanted).await?;
    let next = cut(&mut found, asked, |(last, _)| cursor("indicators", [&last.code]));
    Ok(Json(IndicatorPage { items: found.into_iter().map(VersionedIndicator::from).collect(), next }))
}

/// Get an indicator
///
/// Returns the latest version of a definition.
#[utoipa::path(
    tag = "catalogue", security((), ("oauth2" = ["read"])),
    params(("code" = String, Path, description = "The code", example = "telecom-internet-revenue")),
    responses((status = 200, description = "The indicator", body = VersionedIndicator))
)]
#[get("/v1/indicators/{code}")]
pub async fn get_indicator(
    state: Data<ServerState>,
    caller: Caller,
    code: Path<String>,
    query: Parameters<()>,
) -> Result<Json<VersionedIndicator>, Problem> {
    query.finish()?;

    Ok(Json(indicators::get_indicator(&state.context, &caller, &code).await?.into()))
}

/// List the versions of an indicator
///
/// Lists every version of a definition, oldest first. A figure keeps the version under which it was reported.
#[utoipa::path(
    tag = "catalogue", security((), ("oauth2" = ["read"])),
    params(("code" = String, Path, description = "The code", example = "telecom-internet-revenue")),
    responses((status = 200, description = "The versions", body = IndicatorHistory))
)]
#[get("/v1/indicators/{code}/versions")]
pub async fn list_indicator_versions(
    state: Data<ServerState>,
    caller: Caller,
    code: Path<String>,
    query: Parameters<()>,
) -> Result<Json<IndicatorHistory>, Problem> {
    query.finish()?;

    let versions = indicators::list_indicator_versions(&state.context, &caller, &code).await?;
    let revision = |version: Version<Indicator>| IndicatorRevision {
        definition: (version.definition, version.version).into(),
        reason: version.reason,
        recorded_at: version.recorded_at,
    };
    Ok(Json(IndicatorHistory { items: versions.into_iter().map(revision).collect(), next: None }))
}

/// Define an indicator
///
/// Stores a new indicator or a new version of one. The same definition again changes nothing, also with `code` and `version` as GET
/// returns them. The unit, multiplier and measure of an existing code are fixed, because its figures use them: an indicator with a new
/// meaning needs a new code. A figure keeps the version under which it was reported. A comparison across two definitions has the reason
/// `definition_changed`.
#[utoipa::path(
    tag = "catalogue", security(("oauth2" = ["catalogue"])),
    params(("code" = String, Path, description = "The code: lower-case words joined by hyphens", example = "retail-sales")),
    request_body = NewIndicator,
    responses((status = 200, description = "A new version, or unchanged", body = VersionedIndicator), (status = 201, description = "A new indicator", body = VersionedIndicator))
)]
#[put("/v1/indicators/{code}")]
pub async fn put_indicator(
    write: WriteContext,
    keeper: Authorized<EditCatalogue>,
    code: Path<String>,
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Problem> {
    query.finish()?;
    let (indicator, reason, read_only) = read(&code, &body).map_err(|unreadable| match unreadable {
        Unreadable::Malformed(fault) => ServiceError::Malformed(vec![fault.at(Location::Request)]),
        Unreadable::Fields(faults) => ServiceError::Invalid(faults),
    })?;

    let (entry, recorded) = indicators::put_indicator(&write, &keeper, indicator, reason, read_only).await?;
    let status = if recorded == Recorded::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(VersionedIndicator::from(entry)))
}
