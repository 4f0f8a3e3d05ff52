//! `/v1/rules`: what must hold between figures.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, put};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::page::{Page, cursor, cut};
use super::problem::Problem;
use super::request::{Asking, Held, JsonBody, Query};
use crate::domain::breakdown::Breakdown;
use crate::domain::decimal::Decimal;
use crate::domain::fault::Place;
use crate::domain::role::Cataloguing;
use crate::domain::rule::{MissingFigures, Relation, Rule, RuleVersion, Severity};
use crate::formats::rule::read;
use crate::service::Refusal;
use crate::service::catalogue::Recorded;
use crate::service::rules::{self, Entry};
use crate::state::State;

/// A rule and which version of it this is.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionedRule {
    /// 1 for the first version, one more for each change
    #[schema(example = 1)]
    version: i32,
    #[serde(flatten)]
    rule: Rule,
}

impl From<Entry> for VersionedRule {
    fn from((rule, version): Entry) -> VersionedRule {
        VersionedRule { version, rule }
    }
}

/// What must hold between figures of one province and period.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Doanh thu viễn thông, Internet không nhiều hơn doanh thu bưu chính, viễn thông",
    "name_en": "Telecom and Internet earn no more than post and telecom together",
    "left": [{"indicator": "telecom-internet-revenue"}], "relation": "le", "right": [{"indicator": "post-telecom-revenue"}],
    "tolerance": 0.5, "missing": "skip", "severity": "warning"
}))]
#[allow(dead_code, reason = "the struct documents what formats::rule reads")]
pub struct NewRule {
    /// What it asks, in Vietnamese
    #[schema(min_length = 1, max_length = 300)]
    name: String,
    /// The same in English
    #[schema(min_length = 1, max_length = 300)]
    name_en: String,
    /// What is added up on the left; at least one indicator
    #[schema(min_items = 1, max_items = 50)]
    left: Vec<NewTerm>,
    /// `le`: the left side is at most the right one; `ge`: at least; `eq`: equal
    relation: Relation,
    /// What is added up on the right
    #[schema(min_items = 1, max_items = 50)]
    right: Vec<NewTerm>,
    /// What the right side is divided by, and then taken a hundredfold: the left side is a rate, in percent
    #[schema(min_items = 1, max_items = 50)]
    divided_by: Option<Vec<NewTerm>>,
    /// By how much the sides may differ, in the unit of the first indicator on the left; half a unit of the last printed digit of every
    /// figure is granted anyway
    #[schema(value_type = Option<f64>)]
    tolerance: Option<Decimal>,
    /// Where a figure is missing it is not checked (`skip`, when absent), or broken if another of its figures is there (`require`). That
    /// there is nothing to report is a declaration: not missing, and never zero
    missing: Option<MissingFigures>,
    /// A row that breaks it needs `acknowledge` with `rule_broken` (`warning`), or `force` with a `reason` (`error`)
    severity: Severity,
    /// The text that asks for it
    #[schema(min_length = 1, max_length = 300)]
    legal_reference: Option<String>,
    /// True where it is asked no longer; its versions are kept
    retired: Option<bool>,
    /// Why it changes; kept with the version
    #[schema(min_length = 1, max_length = 300)]
    reason: Option<String>,
}

/// A figure, or a number: one of the two.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::rule reads")]
pub struct NewTerm {
    /// Code of the indicator
    #[schema(min_length = 1, max_length = 64)]
    indicator: Option<String>,
    /// The part of the indicator; its total when absent
    breakdown: Option<Breakdown>,
    /// A number, in the unit and multiplier of the first indicator on the left
    #[schema(value_type = Option<f64>)]
    value: Option<Decimal>,
}

/// One version of a rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleRevision {
    #[serde(flatten)]
    rule: VersionedRule,
    /// Why it replaced the version before, where somebody said so
    #[schema(required = true)]
    reason: Option<String>,
    /// When it was recorded
    recorded_at: DateTime<Utc>,
}

/// The versions of a rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleHistory {
    /// The versions, oldest first
    items: Vec<RuleRevision>,
    /// Always null: all versions are on one page
    #[schema(required = true)]
    next: Option<String>,
}

/// A page of rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulePage {
    /// The rules, by code
    items: Vec<VersionedRule>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

/// How rules are listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct ListParams {
    /// Maximum number of items on a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the previous page
    cursor: Option<String>,
}

/// List rules
///
/// What must hold between figures of one province and period, those that are `retired` among them. A rule that names an indicator that
/// you may not see is left out.
#[utoipa::path(
    tag = "catalogue", operation_id = "list_rules", params(ListParams), security((), ("oauth2" = ["read"])),
    responses((status = 200, description = "The rules", body = RulePage))
)]
#[get("/v1/rules")]
pub async fn list(state: Data<State>, Asking(caller): Asking, mut query: Query) -> Result<Json<RulePage>, Problem> {
    let page: Page<1> = Page::read(&mut query, "rules");
    query.finish()?;

    let mut found = rules::list(&state, &caller, page.after.map(|[code]| code), page.limit + 1).await?;
    let next = cut(&mut found, page.limit, |(last, _)| cursor("rules", [&last.code]));
    Ok(Json(RulePage { items: found.into_iter().map(VersionedRule::from).collect(), next }))
}

/// Find a rule
///
/// The latest version of one rule.
#[utoipa::path(
    tag = "catalogue", operation_id = "find_rule", security((), ("oauth2" = ["read"])),
    params(("code" = String, Path, description = "The code", example = "sanctioned-entities-of-inspected")),
    responses((status = 200, description = "The rule", body = VersionedRule))
)]
#[get("/v1/rules/{code}")]
pub async fn find(state: Data<State>, Asking(caller): Asking, code: Path<String>, query: Query) -> Result<Json<VersionedRule>, Problem> {
    query.finish()?;

    Ok(Json(rules::find(&state, &caller, &code).await?.into()))
}

/// Read the history of a rule
///
/// Every version that a rule has had, oldest first.
#[utoipa::path(
    tag = "catalogue", operation_id = "list_rule_versions", security((), ("oauth2" = ["read"])),
    params(("code" = String, Path, description = "The code", example = "sanctioned-entities-of-inspected")),
    responses((status = 200, description = "The versions", body = RuleHistory))
)]
#[get("/v1/rules/{code}/versions")]
pub async fn versions(state: Data<State>, Asking(caller): Asking, code: Path<String>, query: Query) -> Result<Json<RuleHistory>, Problem> {
    query.finish()?;

    let versions = rules::versions(&state, &caller, &code).await?;
    let revision = |version: RuleVersion| RuleRevision {
        rule: (version.rule, version.version).into(),
        reason: version.reason,
        recorded_at: version.recorded_at,
    };
    Ok(Json(RuleHistory { items: versions.into_iter().map(revision).collect(), next: None }))
}

/// Define a rule
///
/// Records what must hold between figures of one province, period and calendar: the sum on the left is at most, at least or equal to the
/// sum on the right; with `divided_by` it is a rate beside 100 × `right` ÷ `divided_by`. A sum and its parts, a share, a bound and a
/// relation between two indicators are all said that way. All terms are of one unit, whose multipliers are converted exactly; rates and
/// averages are not added up.
///
/// A rule is held against the figures that are reported, or formed where no report has them. It is broken only where that is certain:
/// rounding is granted, and a bound ("trên 500") that leaves it open breaks nothing. From then on figures that are submitted have to keep
/// it; what is on record already is found by `POST /v1/validations`. Who may not see one of its indicators is not told of a rule, and not
/// held to it. The same rule again changes nothing, another one under the same code is a new version.
#[utoipa::path(
    tag = "catalogue", operation_id = "put_rule", security(("oauth2" = ["catalogue"])),
    params(("code" = String, Path, description = "The code: lower-case words joined by hyphens", example = "telecom-internet-revenue-of-post-telecom")),
    request_body = NewRule,
    responses((status = 200, description = "A new version, or unchanged", body = VersionedRule), (status = 201, description = "A new rule", body = VersionedRule))
)]
#[put("/v1/rules/{code}")]
pub async fn put(
    state: Data<State>,
    Held(keeper): Held<Cataloguing>,
    code: Path<String>,
    query: Query,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Problem> {
    query.finish()?;
    let draft = read(&code, &body).map_err(|fault| Refusal::Malformed(vec![fault.at(Place::Request)]))?;

    let (entry, recorded) = rules::put(&state, &keeper, draft).await?;
    let status = if recorded == Recorded::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(VersionedRule::from(entry)))
}
