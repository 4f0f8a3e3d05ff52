//! `/v1/provinces`: which provinces there were, which one a code or name meant, and how they are reorganised.

use std::sync::Arc;

use actix_web::web::{Data, Json, Path};
use actix_web::{get, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::page::{Page, cursor, cut};
use super::problem::Problem;
use super::request::{Asking, Held, JsonBody, Query, search};
use super::submissions::NewSource;
use super::view::SourceView;
use crate::domain::fault::Place;
use crate::domain::province::{self, ProvinceVersion, UnitType};
use crate::domain::role::Cataloguing;
use crate::domain::submission::Outcome;
use crate::domain::text::parse_date;
use crate::formats::reorganisation::read;
use crate::service::Refusal;
use crate::service::provinces::{self, Entry, Wanted};
use crate::state::State;

/// What a decision says of a province.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvinceDefinition {
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
    /// The code that the identifiers of its agencies begin with (QĐ 20/2020/QĐ-TTg), `H02` of `H02.12`; null where nobody has
    /// recorded it
    #[schema(required = true, example = "H02")]
    agency_code: Option<String>,
    /// Province, municipality or the country
    unit_type: UnitType,
    /// First day
    valid_from: NaiveDate,
    /// Keys of the units it was formed from
    predecessors: Vec<String>,
}

impl From<province::Province> for ProvinceDefinition {
    fn from(province: province::Province) -> ProvinceDefinition {
        ProvinceDefinition {
            key: province.key,
            code: province.code,
            name: province.name,
            name_en: province.name_en,
            iso: province.iso,
            agency_code: province.agency_code,
            unit_type: province.unit_type,
            valid_from: province.valid_from,
            predecessors: province.predecessors,
        }
    }
}

/// A province, with what it was formed from and what it became.
#[derive(Debug, Serialize, ToSchema)]
pub struct Province {
    #[serde(flatten)]
    definition: ProvinceDefinition,
    /// Last day, inclusive: the eve of the day on which others were formed from it; null while it lasts
    #[schema(required = true)]
    valid_to: Option<NaiveDate>,
    /// Keys of the units formed from it
    successors: Vec<String>,
    /// What the call did; only in the answer to PUT
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
}

impl From<Entry> for Province {
    fn from(Entry { province, successors }: Entry) -> Province {
        Province { valid_to: province.valid_to, definition: province.into(), successors, outcome: None }
    }
}

/// A page of provinces.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvincePage {
    /// The provinces, by key
    items: Vec<Province>,
    /// Cursor of the next page; null on the last page
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
    /// Maximum number of items on a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the previous page
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
/// By key (`bac-giang-2004`), or by GSO code (`24`), ISO code (`VN-54`), identifier of an agency (`H02.12`, where the code of the
/// province is on record) or name (`Bắc Giang`, `bac-giang`) as it stood on a day. The whole country is `VN`.
#[utoipa::path(
    tag = "catalogue", operation_id = "find_province", security((), ("oauth2" = ["read"])),
    params(("id" = String, Path, description = "Key, GSO code, ISO code, agency or name", example = "bac-giang-2004"), FindParams),
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
    params(("id" = String, Path, description = "Key, GSO code, ISO code, agency or name", example = "bac-ninh-2025"), FindParams),
    responses((status = 200, description = "The units, all on one page", body = ProvincePage))
)]
#[get("/v1/provinces/{id}/lineage")]
pub async fn lineage(state: Data<State>, _: Asking, id: Path<String>, mut query: Query) -> Result<Json<ProvincePage>, Problem> {
    let on = query.one("on", parse_date);
    query.finish()?;

    let found = provinces::lineage(&state, &id, on).await?;
    Ok(Json(ProvincePage { items: found.into_iter().map(Province::from).collect(), next: None }))
}

/// Something that was said of a province.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvinceVersionView {
    /// 1 for the first, one more for each change
    version: i32,
    /// What it is to be; null where it was withdrawn
    #[schema(required = true)]
    province: Option<ProvinceDefinition>,
    /// The decision; empty for what came with the program
    source: SourceView,
    /// Why it replaced the version before, where somebody said so
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// When this version was recorded
    recorded_at: DateTime<Utc>,
}

impl From<ProvinceVersion> for ProvinceVersionView {
    fn from(version: ProvinceVersion) -> ProvinceVersionView {
        ProvinceVersionView {
            version: version.version,
            province: version.unit.map(ProvinceDefinition::from),
            source: (&version.source).into(),
            reason: version.reason,
            recorded_at: version.recorded_at,
        }
    }
}

/// The history of a province.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvinceHistory {
    /// The versions, oldest first
    items: Vec<ProvinceVersionView>,
    /// Always null: all versions are on one page
    #[schema(required = true)]
    next: Option<String>,
}

/// Read the history of a province
///
/// Everything that was said of a province, oldest first, each with its decision. An answer `as_of` a past instant is made with what was
/// said by then.
#[utoipa::path(
    tag = "catalogue", operation_id = "list_province_versions", security((), ("oauth2" = ["read"])),
    params(("id" = String, Path, description = "Key (also one that was withdrawn), GSO code, ISO code, agency or name as of today", example = "bac-ninh-2025")),
    responses((status = 200, description = "The versions", body = ProvinceHistory))
)]
#[get("/v1/provinces/{id}/versions")]
pub async fn versions(state: Data<State>, _: Asking, id: Path<String>, query: Query) -> Result<Json<ProvinceHistory>, Problem> {
    query.finish()?;

    let versions = provinces::versions(&state, &id).await?;
    Ok(Json(ProvinceHistory { items: versions.into_iter().map(ProvinceVersionView::from).collect(), next: None }))
}

/// A reorganisation: the units that begin on a day, and those they are formed from.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "valid_from": "2027-01-01", "source": {"number": "01/2026/QH16", "title": "Nghị quyết"}, "provinces": [
        {"key": "dong-xuyen-2027", "code": "97", "name": "Đông Xuyên", "name_en": "Dong Xuyen", "unit_type": "province", "predecessors": ["24", "Lạng Sơn"]}
    ]
}))]
#[allow(dead_code, reason = "the struct documents what `formats::reorganisation` reads")]
pub struct Reorganisation {
    /// The first day of all its units; what they are formed from ends on the day before
    #[schema(example = "2027-01-01")]
    valid_from: NaiveDate,
    /// The decision
    source: Option<NewSource>,
    /// Why what is on record changes; needed to withdraw a unit
    #[schema(min_length = 1, max_length = 300)]
    reason: Option<String>,
    /// The units
    #[schema(min_items = 1, max_items = 200)]
    provinces: Vec<NewProvince>,
}

/// A unit that a reorganisation forms, or withdraws.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what `formats::reorganisation` reads")]
pub struct NewProvince {
    /// The identity, which is never reused: lower-case words and the year, joined by hyphens
    #[schema(min_length = 6, max_length = 64, pattern = "^[a-z0-9]+(-[a-z0-9]+)*-[0-9]{4}$", example = "dong-xuyen-2027")]
    key: String,
    /// The GSO code; needed unless the unit is withdrawn, as are `name`, `name_en` and `unit_type`
    #[schema(pattern = "^[0-9]{1,5}$", example = "97")]
    code: Option<String>,
    /// The Vietnamese name
    #[schema(min_length = 1, max_length = 100, example = "Đông Xuyên")]
    name: Option<String>,
    /// The name without accents
    #[schema(min_length = 1, max_length = 100, example = "Dong Xuyen")]
    name_en: Option<String>,
    /// The ISO 3166-2 code
    #[schema(pattern = "^VN-[0-9A-Za-z]{2}$")]
    iso: Option<String>,
    /// The code that the identifiers of its agencies begin with
    #[schema(pattern = "^[A-Za-z][0-9]{2}$")]
    agency_code: Option<String>,
    /// Province or municipality
    unit_type: Option<UnitType>,
    /// The units it is formed from: keys, or codes or names as they stand on the day before
    #[schema(example = json!(["bac-ninh-2025"]))]
    predecessors: Option<Vec<String>>,
    /// True where there is to be no such unit after all; needs `reason`
    withdraw: Option<bool>,
}

/// Reorganise provinces
///
/// Records from which day units are merged (several become one), split into whole units (one becomes several), or go on under another
/// name or rank (one becomes one), with the decision that says so, all or nothing. What a unit is formed from ends on the day before.
/// Nothing else needs to be said: figures of before add up where all of every predecessor went into one unit; of the parts of a unit
/// that was split, or of one that gave a part to another, nothing is known of before and they are `not_additive`, never a guess.
///
/// The same again changes nothing. A unit that is sent anew under its key is corrected (its names, its day, what it is formed from), and
/// `withdraw` takes back one that does not come; what was said before stays on record. No two units may have one code, name, ISO code or
/// agency code on the same day, and no unit may end or begin so that figures on record fall outside its time.
#[utoipa::path(
    tag = "catalogue", operation_id = "put_provinces", security(("oauth2" = ["catalogue"])), request_body = Reorganisation,
    responses((status = 200, description = "The units as they stand now, and what the call did to each", body = ProvincePage), (status = 404, description = "A withdrawal of what is not there", body = Problem, content_type = "application/problem+json"))
)]
#[put("/v1/provinces")]
pub async fn put(
    state: Data<State>,
    Held(keeper): Held<Cataloguing>,
    query: Query,
    JsonBody(body): JsonBody,
) -> Result<Json<ProvincePage>, Problem> {
    query.finish()?;
    let draft = read(&body).map_err(|fault| Refusal::Malformed(vec![fault.at(Place::Request)]))?;

    let units = provinces::reorganise(&state, &keeper, draft).await?;
    let item = |(entry, outcome): (Entry, Outcome)| Province { outcome: Some(outcome), ..entry.into() };
    Ok(Json(ProvincePage { items: units.into_iter().map(item).collect(), next: None }))
}
