//! `/v1/targets`: what series should reach.

use crate::domain::access::role::Authorized;
use crate::domain::access::role::Caller;
use actix_web::web::{Data, Json, Path};
use actix_web::{get, put};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::extract::page::{Page, cursor, cut, foreign_cursor};
use super::extract::request::{JsonBody, Query, instant};
use super::figures::view::{GoalView, PeriodView, SourceView};
use super::problem::Problem;
use super::submissions::submissions::{NewSource, NumberOrText};
use crate::domain::access::role::SetTargets;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::fault::{Fault, Location};
use crate::domain::number::decimal::{Decimal, NumberLocale};
use crate::domain::outcome::Outcome;
use crate::domain::target::condition::{Phasing, TargetKind};
use crate::domain::target::target;
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;
use crate::formats::target::read;
use crate::service::ServiceError;
use crate::service::targets::{self, TargetQuery};
use crate::state::State;

/// Targets of one province.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "province": "24",
    "targets": [{"indicator": "telecom-internet-revenue", "period": "2024", "value": 2400, "kind": "at_least", "source": {"title": "Kế hoạch năm 2024"}}]
}))]
#[allow(dead_code, reason = "the struct documents what formats::target reads")]
pub struct NewTargets {
    /// Key, GSO code, ISO code or name, as it stands at the end of each target's period
    #[schema(min_length = 1, max_length = 100)]
    province: String,
    /// The calendar of all periods; each indicator's own when absent
    calendar: Option<Calendar>,
    /// How numbers in strings are written
    number_locale: Option<NumberLocale>,
    /// The targets
    #[schema(min_items = 1, max_items = 10_000)]
    targets: Vec<NewTarget>,
}

/// One target.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::target reads")]
pub struct NewTarget {
    /// Code of the indicator
    #[schema(min_length = 1, max_length = 64, example = "telecom-internet-revenue")]
    indicator: String,
    /// The part; the total when absent
    breakdown: Option<Breakdown>,
    /// The period
    #[schema(example = "2024")]
    period: String,
    /// What is to be reached, in the unit of the indicator; none with `withdraw`, and none of a band
    #[schema(value_type = Option<NumberOrText>)]
    value: Option<Decimal>,
    /// The lower end of a band
    #[schema(value_type = Option<NumberOrText>)]
    low: Option<Decimal>,
    /// The upper end of a band
    #[schema(value_type = Option<NumberOrText>)]
    high: Option<Decimal>,
    /// The power of ten that the numbers are written in, where it is not the indicator's
    #[schema(minimum = -6, maximum = 12)]
    unit_mult: Option<i32>,
    /// What reaching it means; when absent `band` with `low` and `high`, else `at_most` where the indicator's direction is `down`, else
    /// `at_least`
    kind: Option<TargetKind>,
    /// Where the way to it begins; when absent what is on record for the time just before its period. What adds up begins from nothing in
    /// its own year
    baseline: Option<NewBaseline>,
    /// How much of the way is to be behind one by when; when absent `even`, or by the milestones where there are any
    phasing: Option<Phasing>,
    /// What is to be reached by when
    #[schema(max_items = 60)]
    milestones: Option<Vec<NewMilestone>>,
    /// Whether every province is to reach it; of targets of the country (`VN`) for what does not add up over provinces
    each_province: Option<bool>,
    /// The decision that sets or withdraws it
    source: Option<NewSource>,
    /// The target on record was wrong, and there is none; needs a `reason`
    withdraw: Option<bool>,
    /// Why it replaces what is on record
    #[schema(min_length = 1, max_length = 300)]
    reason: Option<String>,
}

/// Where the way to a target begins.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::target reads")]
pub struct NewBaseline {
    /// The period at whose end it begins, in the calendar of the target
    #[schema(example = "2023")]
    period: String,
    /// The figure then
    #[schema(value_type = NumberOrText)]
    value: Decimal,
}

/// A figure to be reached on the way to a target.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::target reads")]
pub struct NewMilestone {
    /// The period by whose end it is to be reached, in the calendar of the target
    #[schema(example = "2024-H1")]
    by: String,
    /// What there is to be by then: of what adds up, since the beginning of the year
    #[schema(value_type = NumberOrText)]
    value: Decimal,
}

/// A target on record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Target {
    /// The identity, the same for all revisions
    id: String,
    /// 1 for the first, one more for each change
    revision: i32,
    /// Key of the province
    #[schema(example = "bac-giang-2004")]
    province: String,
    /// Code of the indicator
    #[schema(example = "telecom-internet-revenue")]
    indicator: String,
    /// The part; empty for the total
    breakdown: Breakdown,
    /// The period
    period: PeriodView,
    #[serde(flatten)]
    goal: GoalView,
    /// The decision that set or withdrew it
    source: SourceView,
    /// Why it replaced the revision before, where somebody said so
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// When this revision was recorded
    recorded_at: DateTime<Utc>,
    /// What the call did; only in the answer to PUT
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
}

impl Target {
    fn new(target: target::Target, outcome: Option<Outcome>) -> Target {
        Target {
            id: target.id,
            revision: target.revision,
            province: target.series.province,
            indicator: target.series.indicator,
            breakdown: target.series.breakdown,
            period: target.period.into(),
            goal: GoalView::from(target.terms.as_ref()),
            source: (&target.source).into(),
            reason: target.reason,
            recorded_at: target.recorded_at,
            outcome,
        }
    }
}

/// A page of targets.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetPage {
    /// The targets, by province, indicator, part and period
    items: Vec<Target>,
    /// Cursor of the next page; null on the last
    #[schema(required = true)]
    next: Option<String>,
}

/// Set targets
///
/// Sets what series of a province should reach, all or nothing: at least, at most or exactly a number, or a band, in a month, a
/// quarter, half a year, a year, or by a later year (2030). How the way there is laid out is said by `phasing`: every month alike,
/// like last year's months, or by milestones. A target of the country (`VN`) with `each_province` holds for every province
/// that has none of its own. The same target again is `unchanged`; a different one is a
/// new revision, and the old one stays on record. A withdrawal is a revision too.
#[utoipa::path(
    tag = "figures", operation_id = "put_targets", security(("oauth2" = ["targets"])), request_body = NewTargets,
    responses((status = 200, description = "The targets as they stand now", body = TargetPage), (status = 404, description = "A withdrawal of what is not on record", body = Problem, content_type = "application/problem+json"))
)]
#[put("/v1/targets")]
pub async fn put(
    state: Data<State>,
    planner: Authorized<SetTargets>,
    query: Query,
    JsonBody(body): JsonBody,
) -> Result<Json<TargetPage>, Problem> {
    query.finish()?;
    let draft = read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;

    let set = targets::put(&state, &planner, draft).await?;
    let items = set.into_iter().map(|(target, outcome)| Target::new(target, Some(outcome))).collect();
    Ok(Json(TargetPage { items, next: None }))
}

/// How targets are listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct ListParams {
    /// Key, GSO code, ISO code or name, with commas or repeated, as it stands at the end of `period` (today when absent)
    #[param(example = "bac-giang-2004")]
    province: Option<String>,
    /// Codes of indicators, with commas or repeated
    #[param(example = "staff-cultural-family-rate")]
    indicator: Option<String>,
    /// Only targets of this period
    #[param(example = "2024-H2")]
    period: Option<String>,
    /// The calendar of the periods; each indicator's own when absent
    #[param(inline)]
    calendar: Option<Calendar>,
    /// As it was served at this past instant (RFC 3339)
    as_of: Option<DateTime<Utc>>,
    /// Items of a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the page before
    cursor: Option<String>,
}

/// List targets
///
/// What series should reach, with the decision that says so.
#[utoipa::path(
    tag = "figures", operation_id = "list_targets", security((), ("oauth2" = ["read"])), params(ListParams),
    responses((status = 200, description = "The targets", body = TargetPage))
)]
#[get("/v1/targets")]
pub async fn list(state: Data<State>, caller: Caller, mut query: Query) -> Result<Json<TargetPage>, Problem> {
    let page: Page<5> = Page::read(&mut query, "targets");
    let after = page.after.map(|[province, indicator, breakdown, period, calendar]| {
        let breakdown = Breakdown::parse(&breakdown)?;
        Ok::<_, Fault>((SeriesKey { province, indicator, breakdown }, Period::parse(&period, Calendar::parse(&calendar)?)?))
    });
    if matches!(after, Some(Err(_))) {
        query.note("cursor", foreign_cursor());
    }
    let mut wanted = TargetQuery {
        provinces: query.list("province"),
        indicators: query.list("indicator"),
        period: query.one("period", PeriodCode::parse),
        calendar: query.one("calendar", Calendar::parse),
        as_of: query.one("as_of", instant),
        after: after.and_then(Result::ok),
        limit: page.limit + 1,
        faults: Vec::new(),
    };
    wanted.faults = query.into_faults();

    let mut found = targets::list(&state, &caller, wanted).await?;
    let next = cut(&mut found, page.limit, |last| {
        let series = &last.series;
        let (breakdown, period) = (series.breakdown.to_string(), last.period.to_string());
        cursor("targets", [&series.province, &series.indicator, &breakdown, &period, last.period.calendar().as_str()])
    });
    Ok(Json(TargetPage { items: found.into_iter().map(|target| Target::new(target, None)).collect(), next }))
}

/// Read the history of a target
///
/// Every revision, oldest first, each with the decision that set it; a withdrawn one has no value.
#[utoipa::path(
    tag = "figures", operation_id = "list_target_revisions", security((), ("oauth2" = ["read"])),
    params(("id" = String, Path, description = "Id of the target", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The revisions, all on one page", body = TargetPage))
)]
#[get("/v1/targets/{id}/revisions")]
pub async fn revisions(state: Data<State>, caller: Caller, id: Path<String>, query: Query) -> Result<Json<TargetPage>, Problem> {
    query.finish()?;

    let history = targets::history(&state, &caller, &id).await?;
    Ok(Json(TargetPage { items: history.into_iter().map(|target| Target::new(target, None)).collect(), next: None }))
}
