//! `/v1/provinces`: provinces of all times, the resolution of codes and names, and reorganisations.

use actix_web::web::{Data, Json, Path};
use actix_web::{get, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::source::{NewSource, SourceView};
use crate::domain::access::role::{Authorized, Caller, EditCatalogue};
use crate::domain::catalogue::other_meaning::OtherMeaning;
use crate::domain::catalogue::province::{self, UnitType};
use crate::domain::catalogue::version::Version;
use crate::domain::fault::{Location, code_list};
use crate::domain::outcome::Outcome;
use crate::formats::reorganisation::read;
use crate::http::extract::body::JsonBody;
use crate::http::extract::language::{Languages, Sentence};
use crate::http::extract::marked::read_only;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::parameter::{date, search};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::catalogue::provinces::{self, Entry, ProvinceQuery};
use crate::service::operations::audit::WriteContext;

/// A province, resolved from a code or name at the end of the period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "ProvinceRef")]
pub struct ProvinceRef {
    /// Permanent key, never reused
    #[schema(example = "bac-giang-1997")]
    pub key: String,
    /// GSO code; codes were reused on 1 July 2025. Null for a province that ended before the codes of 2004
    #[schema(required = true, example = "24")]
    pub code: Option<String>,
    /// The Vietnamese name
    #[schema(example = "Bắc Giang")]
    pub name: String,
    /// The name without accents
    #[schema(example = "Bac Giang")]
    pub name_en: String,
    /// First day of the province
    pub valid_from: NaiveDate,
    /// Last day of the province, inclusive; null while it exists
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
}

impl From<&province::Province> for ProvinceRef {
    fn from(province: &province::Province) -> ProvinceRef {
        ProvinceRef {
            key: province.key.clone(),
            code: province.code.clone(),
            name: province.name.clone(),
            name_en: province.name_en.clone(),
            valid_from: province.valid_from,
            valid_to: province.valid_to,
        }
    }
}

code_list! {
    /// What a notice is about.
    pub enum NoticeCode {
        /// A code or name also meant another province in the time asked for.
        OtherProvince = "other_province",
    }
}

/// A notice about the request. The answer is complete; it may not be about what was meant.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notice {
    /// What the notice is about
    code: NoticeCode,
    /// The code, name or key in the request
    #[schema(example = "24")]
    asked: String,
    /// Key of the province in the answer
    #[schema(example = "bac-ninh-2025")]
    province: String,
    /// The other province that it meant within the time asked for
    other: ProvinceRef,
    /// The notice as a sentence
    text: Sentence,
}

impl Notice {
    /// The notice in these languages.
    #[must_use]
    pub fn of(found: &OtherMeaning, languages: Languages) -> Notice {
        Notice {
            code: NoticeCode::OtherProvince,
            asked: found.asked.clone(),
            province: found.meant.key.clone(),
            other: (&found.other).into(),
            text: languages.say(|language| found.text(language)),
        }
    }
}

/// The definition of a province by a decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvinceDefinition {
    /// Permanent key, never reused
    #[schema(example = "bac-giang-1997")]
    key: String,
    /// GSO code. Codes were reused on 1 July 2025: 24 was Bắc Giang and is now Bắc Ninh. Null for a province that ended before the codes
    /// of 2004
    #[schema(required = true, example = "24")]
    code: Option<String>,
    /// The Vietnamese name
    #[schema(example = "Bắc Giang")]
    name: String,
    /// The name without accents
    #[schema(example = "Bac Giang")]
    name_en: String,
    /// ISO 3166-2:VN code; the ISO list still has the provinces before July 2025
    #[schema(required = true, example = "VN-54")]
    iso: Option<String>,
    /// Prefix of the identifiers of its agencies (QĐ 20/2020/QĐ-TTg), such as `H02` in `H02.12`; null if unknown
    #[schema(required = true, example = "H02")]
    agency_code: Option<String>,
    /// Province, municipality or country
    unit_type: UnitType,
    /// First day of the province
    valid_from: NaiveDate,
    /// Keys of its predecessors
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

/// A province, with its predecessors and successors.
#[derive(Debug, Serialize, ToSchema)]
pub struct Province {
    #[serde(flatten)]
    definition: ProvinceDefinition,
    /// Last day, inclusive: the day before its successors begin; null while the province exists
    #[schema(required = true)]
    valid_to: Option<NaiveDate>,
    /// Keys of its successors
    successors: Vec<String>,
    /// Result of the request; only in the answer to PUT
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
    /// The provinces, ordered by key
    items: Vec<Province>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

impl FromQuery for ProvinceQuery {
    fn from_query(query: &mut Query) -> ProvinceQuery {
        let on = query.optional(date("on", "Only provinces that existed on this day").example("2024-06-30"));
        let q = "Only provinces with this text in their name, key or code; accents and case do not matter";
        let q = query.optional(search("q", q).example("bac"));
        let page: Page<1> = Page::read(query, "provinces");
        ProvinceQuery { on, q, after: page.after.map(|[key]| key), limit: page.limit + 1 }
    }
}

/// List provinces
///
/// Lists all provinces since 1 January 1997, and the whole country (`VN`). Units that are older begin on that day too. Each has its
/// validity, predecessors and successors. `on` selects the provinces of one day.
#[utoipa::path(tag = "catalogue", security((), ("oauth2" = ["read"])), params(Parameters<ProvinceQuery>), responses((status = 200, description = "The provinces", body = ProvincePage)))]
#[get("/v1/provinces")]
pub async fn list_provinces(state: Data<ServerState>, _: Caller, query: Parameters<ProvinceQuery>) -> Result<Json<ProvincePage>, Problem> {
    let wanted = query.finish()?;
    let asked = wanted.limit;

    let mut found = provinces::list_provinces(&state.context, wanted).await?;
    let next = cut(&mut found, asked, |last| cursor("provinces", [&last.province.key]));
    Ok(Json(ProvincePage { items: found.into_iter().map(Province::from).collect(), next }))
}

/// The day on which a province is looked up.
pub struct OnDay(Option<NaiveDate>);

impl FromQuery for OnDay {
    fn from_query(query: &mut Query) -> OnDay {
        OnDay(query.optional(date("on", "Day on which the code or name is resolved; today when absent").example("2024-06-30")))
    }
}

/// Get a province
///
/// The path accepts the key (`bac-giang-1997`). It also accepts a GSO code (`24`), an ISO code (`VN-54`), a name (`Bắc Giang`, `bac-giang`)
/// or the identifier of an agency (`H02.12`, if the agency code of the province is stored), valid on a day. `VN` is the whole country.
#[utoipa::path(
    tag = "catalogue", security((), ("oauth2" = ["read"])),
    params(("id" = String, Path, description = "Key, GSO code, ISO code, agency or name", example = "bac-giang-1997"), Parameters<OnDay>),
    responses((status = 200, description = "The province", body = Province))
)]
#[get("/v1/provinces/{id}")]
pub async fn get_province(
    state: Data<ServerState>,
    _: Caller,
    id: Path<String>,
    query: Parameters<OnDay>,
) -> Result<Json<Province>, Problem> {
    let OnDay(on) = query.finish()?;

    Ok(Json(provinces::get_province(&state.context, &id, on).await?.into()))
}

/// Get the lineage of a province
///
/// Lists the province itself, all its predecessors and all its successors, through every merger, split and change of name, ordered by first
/// day. `predecessors` and `successors` link them.
#[utoipa::path(
    tag = "catalogue", security((), ("oauth2" = ["read"])),
    params(("id" = String, Path, description = "Key, GSO code, ISO code, agency or name", example = "bac-ninh-2025"), Parameters<OnDay>),
    responses((status = 200, description = "The units, all on one page", body = ProvincePage))
)]
#[get("/v1/provinces/{id}/lineage")]
pub async fn list_province_lineage(
    state: Data<ServerState>,
    _: Caller,
    id: Path<String>,
    query: Parameters<OnDay>,
) -> Result<Json<ProvincePage>, Problem> {
    let OnDay(on) = query.finish()?;

    let found = provinces::list_province_lineage(&state.context, &id, on).await?;
    Ok(Json(ProvincePage { items: found.into_iter().map(Province::from).collect(), next: None }))
}

/// One version of a province.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvinceVersionView {
    /// 1 for the first, one more for each change
    version: i32,
    /// The definition; null for a withdrawn province
    #[schema(required = true)]
    province: Option<ProvinceDefinition>,
    /// The decision; empty for the catalogue of the program
    source: SourceView,
    /// Reason for replacing the previous version, if one was given
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Time of storing this version
    recorded_at: DateTime<Utc>,
}

impl From<Version<Option<province::Province>>> for ProvinceVersionView {
    fn from(version: Version<Option<province::Province>>) -> ProvinceVersionView {
        ProvinceVersionView {
            version: version.version,
            province: version.definition.map(ProvinceDefinition::from),
            source: (&version.source).into(),
            reason: version.reason,
            recorded_at: version.recorded_at,
        }
    }
}

/// The versions of a province.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvinceHistory {
    /// The versions, oldest first
    items: Vec<ProvinceVersionView>,
    /// Always null: all versions are on one page
    #[schema(required = true)]
    next: Option<String>,
}

/// List the versions of a province
///
/// Lists every version of a province, oldest first, with its decision. An answer with `as_of` uses only the versions stored by that time.
#[utoipa::path(
    tag = "catalogue", security((), ("oauth2" = ["read"])),
    params(("id" = String, Path, description = "Key (also of a withdrawn province), GSO code, ISO code, agency or name, valid today", example = "bac-ninh-2025")),
    responses((status = 200, description = "The versions", body = ProvinceHistory))
)]
#[get("/v1/provinces/{id}/versions")]
pub async fn list_province_versions(
    state: Data<ServerState>,
    _: Caller,
    id: Path<String>,
    query: Parameters<()>,
) -> Result<Json<ProvinceHistory>, Problem> {
    query.finish()?;

    let versions = provinces::list_province_versions(&state.context, &id).await?;
    Ok(Json(ProvinceHistory { items: versions.into_iter().map(ProvinceVersionView::from).collect(), next: None }))
}

/// A reorganisation: the provinces that begin on a day, and their predecessors.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "valid_from": "2027-01-01", "source": {"number": "01/2026/QH16", "title": "Nghị quyết"}, "provinces": [
        {"key": "dong-xuyen-2027", "code": "97", "name": "Đông Xuyên", "name_en": "Dong Xuyen", "unit_type": "province", "predecessors": ["24", "Lạng Sơn"]}
    ]
}))]
#[allow(dead_code, reason = "the struct documents what `formats::reorganisation` reads")]
pub struct Reorganisation {
    /// First day of all its provinces; their predecessors end on the day before. Required unless each province has it
    #[schema(example = "2027-01-01")]
    valid_from: Option<NaiveDate>,
    /// The decision on the reorganisation
    source: Option<NewSource>,
    /// Reason for changing a stored province; required for a withdrawal
    #[schema(min_length = 1, max_length = 300)]
    reason: Option<String>,
    /// The provinces
    #[schema(min_items = 1, max_items = 200)]
    provinces: Vec<NewProvince>,
}

/// A province that a reorganisation creates or withdraws.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what `formats::reorganisation` reads")]
pub struct NewProvince {
    /// Permanent key, never reused: lower-case words and the year, joined by hyphens
    #[schema(min_length = 6, max_length = 64, pattern = "^[a-z0-9]+(-[a-z0-9]+)*-[0-9]{4}$", example = "dong-xuyen-2027")]
    key: String,
    /// GSO code; may be null only for a province that began before the codes of 8 July 2004. `code`, `name`, `name_en` and `unit_type`
    /// are required except for a withdrawal
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
    /// Prefix of the identifiers of its agencies
    #[schema(pattern = "^[A-Za-z][0-9]{2}$")]
    agency_code: Option<String>,
    /// Province or municipality
    unit_type: Option<UnitType>,
    /// First day of the province, the same for all provinces of the request
    valid_from: Option<NaiveDate>,
    /// Last day of the stored province
    #[schema(read_only)]
    valid_to: Option<NaiveDate>,
    /// Its predecessors: keys, or codes or names valid on the day before
    #[schema(example = json!(["bac-ninh-2025"]))]
    predecessors: Option<Vec<String>>,
    #[schema(schema_with = stored_successors)]
    successors: Option<Vec<String>>,
    /// True to withdraw the province; needs `reason`
    #[schema(write_only)]
    withdraw: Option<bool>,
}

fn stored_successors() -> RefOr<Schema> {
    read_only(String::schema(), "Keys of the stored successors")
}

/// Reorganise provinces
///
/// Stores a reorganisation and its decision, completely or not at all. Provinces merge (several become one), split (one becomes several) or
/// get another name or rank (one becomes one). Predecessors end on the day before. Figures from before the reorganisation are added up if
/// each predecessor went completely into one province. The service cannot divide earlier figures of a province that was split or that gave
/// up a part: they are `not_additive`, never a guess.
///
/// The same request again changes nothing, also with provinces as GET returns them. Another definition for a stored key corrects the province (its names, first day or
/// predecessors), and `withdraw` withdraws it; earlier versions stay stored. Two provinces cannot have the same code, name, ISO code or
/// agency code on the same day. The validity of a province must include the periods of its stored figures.
#[utoipa::path(
    tag = "catalogue", security(("oauth2" = ["catalogue"])), request_body = Reorganisation,
    responses((status = 200, description = "The current provinces, and the result for each", body = ProvincePage), (status = 404, description = "Withdrawal of an unknown province", body = Problem, content_type = "application/problem+json"))
)]
#[put("/v1/provinces")]
pub async fn put_provinces(
    write: WriteContext,
    keeper: Authorized<EditCatalogue>,
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<Json<ProvincePage>, Problem> {
    query.finish()?;
    let draft = read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;

    let units = provinces::put_provinces(&write, &keeper, draft).await?;
    let item = |(entry, outcome): (Entry, Outcome)| Province { outcome: Some(outcome), ..entry.into() };
    Ok(Json(ProvincePage { items: units.into_iter().map(item).collect(), next: None }))
}
