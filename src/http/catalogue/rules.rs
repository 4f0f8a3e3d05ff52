//! `/v1/rules`: validation rules between figures.

use crate::domain::access::role::{Authorized, Caller};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, put};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::access::role::EditCatalogue;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::rule::{MissingFigures, Relation, Rule, Severity};
use crate::domain::catalogue::version::Version;
use crate::domain::fault::Location;
use crate::domain::number::decimal::Decimal;
use crate::formats::rule::read;
use crate::http::extract::body::JsonBody;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::catalogue::rules::{self, Entry};
use crate::service::catalogue::snapshot::Recorded;
use crate::service::operations::audit::WriteContext;

/// A rule and its version.
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

/// A validation rule between figures of one province and period.
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
    /// The code in the path
    #[schema(read_only)]
    code: Option<String>,
    /// The current version of the rule; another version is refused
    #[schema(read_only, example = 1)]
    version: Option<i32>,
    /// Name of the rule, in Vietnamese
    #[schema(min_length = 1, max_length = 300)]
    name: String,
    /// Name of the rule, in English
    #[schema(min_length = 1, max_length = 300)]
    name_en: String,
    /// Terms added up on the left side; at least one is an indicator
    #[schema(min_items = 1, max_items = 50)]
    left: Vec<NewTerm>,
    /// `le`: left side ≤ right side; `ge`: left side ≥ right side; `eq`: equal
    relation: Relation,
    /// Terms added up on the right side
    #[schema(min_items = 1, max_items = 50)]
    right: Vec<NewTerm>,
    /// Divisor of the right side; the quotient is multiplied by 100, because the left side is a rate in percent. None when absent or empty
    #[schema(max_items = 50)]
    divided_by: Option<Vec<NewTerm>>,
    /// Allowed difference between the sides, in the unit of the first indicator on the left. Half a unit of the last printed digit of each
    /// figure is always allowed in addition
    #[schema(value_type = Option<f64>)]
    tolerance: Option<Decimal>,
    /// Treatment of a missing figure: the rule is not checked (`skip`, when absent), or broken if another of its figures exists
    /// (`require`). A nil declaration is neither missing nor zero
    missing: Option<MissingFigures>,
    /// A row that breaks the rule needs `acknowledge` with `rule_broken` (`warning`), or `force` with a `reason` (`error`)
    severity: Severity,
    /// The legal text that requires the rule
    #[schema(min_length = 1, max_length = 300)]
    legal_reference: Option<String>,
    /// True for a rule that no longer applies; its versions stay stored
    retired: Option<bool>,
    /// Reason for the change, stored with the version
    #[schema(min_length = 1, max_length = 300, write_only)]
    reason: Option<String>,
}

/// A term: either a figure or a number.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::rule reads")]
pub struct NewTerm {
    /// Code of the indicator
    #[schema(min_length = 1, max_length = 64)]
    indicator: Option<String>,
    /// The breakdown of the indicator; its total when absent
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
    /// Reason for replacing the previous version, if one was given
    #[schema(required = true)]
    reason: Option<String>,
    /// Time of storing
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
    /// The rules, ordered by code
    items: Vec<VersionedRule>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

/// Which page of the rules is read.
pub struct RuleList(Page<1>);

impl FromQuery for RuleList {
    fn from_query(query: &mut Query) -> RuleList {
        RuleList(Page::read(query, "rules"))
    }
}

/// List rules
///
/// Lists the validation rules between figures, including `retired` rules. A rule with an indicator that you may not see is left out.
#[utoipa::path(
    tag = "catalogue", params(Parameters<RuleList>), security((), ("oauth2" = ["read"])),
    responses((status = 200, description = "The rules", body = RulePage))
)]
#[get("/v1/rules")]
pub async fn list_rules(state: Data<ServerState>, caller: Caller, query: Parameters<RuleList>) -> Result<Json<RulePage>, Problem> {
    let RuleList(page) = query.finish()?;
    let asked = page.limit + 1;

    let mut found = rules::list_rules(&state.context, &caller, page.after.map(|[code]| code), asked).await?;
    let next = cut(&mut found, asked, |(last, _)| cursor("rules", [&last.code]));
    Ok(Json(RulePage { items: found.into_iter().map(VersionedRule::from).collect(), next }))
}

/// Get a rule
///
/// Returns the latest version of a rule.
#[utoipa::path(
    tag = "catalogue", security((), ("oauth2" = ["read"])),
    params(("code" = String, Path, description = "The code", example = "sanctioned-entities-of-inspected")),
    responses((status = 200, description = "The rule", body = VersionedRule))
)]
#[get("/v1/rules/{code}")]
pub async fn get_rule(
    state: Data<ServerState>,
    caller: Caller,
    code: Path<String>,
    query: Parameters<()>,
) -> Result<Json<VersionedRule>, Problem> {
    query.finish()?;

    Ok(Json(rules::get_rule(&state.context, &caller, &code).await?.into()))
}

/// List the versions of a rule
///
/// Lists every version of a rule, oldest first.
#[utoipa::path(
    tag = "catalogue", security((), ("oauth2" = ["read"])),
    params(("code" = String, Path, description = "The code", example = "sanctioned-entities-of-inspected")),
    responses((status = 200, description = "The versions", body = RuleHistory))
)]
#[get("/v1/rules/{code}/versions")]
pub async fn list_rule_versions(
    state: Data<ServerState>,
    caller: Caller,
    code: Path<String>,
    query: Parameters<()>,
) -> Result<Json<RuleHistory>, Problem> {
    query.finish()?;

    let versions = rules::list_rule_versions(&state.context, &caller, &code).await?;
    let revision = |version: Version<Rule>| RuleRevision {
        rule: (version.definition, version.version).into(),
        reason: version.reason,
        recorded_at: version.recorded_at,
    };
    Ok(Json(RuleHistory { items: versions.into_iter().map(revision).collect(), next: None }))
}

/// Define a rule
///
/// Stores a rule for figures of one province, period and calendar: the sum on the left is at most, at least or equal to the sum on the
/// right. With `divided_by`, the left side is a rate, compared with 100 × `right` ÷ `divided_by`. This form covers a total and its
/// breakdowns, a share, a bound, and a relation between two indicators. All terms have the same unit; their multipliers are converted
/// exactly. Rates and averages are not added up.
///
/// The rule uses the reported figures, or derived figures if nothing was reported. It is broken only if that is certain: rounding is
/// allowed for, and a bound ("trên 500") breaks no rule if the true number could keep it. The rule then applies to new submissions.
/// `POST /v1/validations` checks the stored figures. For a sender who may not see one of its indicators, the rule is hidden and does not
/// apply. The same rule again changes nothing; another definition under the same code makes a new version.
#[utoipa::path(
    tag = "catalogue", security(("oauth2" = ["catalogue"])),
    params(("code" = String, Path, description = "The code: lower-case words joined by hyphens", example = "telecom-internet-revenue-of-post-telecom")),
    request_body = NewRule,
    responses((status = 200, description = "A new version, or unchanged", body = VersionedRule), (status = 201, description = "A new rule", body = VersionedRule))
)]
#[put("/v1/rules/{code}")]
pub async fn put_rule(
    write: WriteContext,
    keeper: Authorized<EditCatalogue>,
    code: Path<String>,
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Problem> {
    query.finish()?;
    let draft = read(&code, &body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;

    let (entry, recorded) = rules::put_rule(&write, &keeper, draft).await?;
    let status = if recorded == Recorded::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(VersionedRule::from(entry)))
}
