//! `/v1/targets`: the targets of series.

use crate::domain::access::role::{Authorized, Caller};
use actix_web::web::{Data, Json, Path};
use actix_web::{get, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::catalogue::source::{NewSource, SourceView};
use super::extract::body::JsonBody;
use super::extract::marked::write_only;
use super::extract::page::{Page, cursor, cut, foreign_cursor};
use super::extract::parameter::{as_of, named, period, word};
use super::extract::query::{FromQuery, Parameters, Query};
use super::problem::Problem;
use crate::domain::access::role::SetTargets;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::fault::{Fault, Location};
use crate::domain::number::decimal::{Decimal, NumberLocale};
use crate::domain::outcome::Outcome;
use crate::domain::target::condition::{Phasing, TargetKind, TargetTerms};
use crate::domain::target::draft::TargetWarning;
use crate::domain::target::target;
use crate::domain::time::period::{Calendar, Period};
use crate::formats::fields::schema::NumberOrText;
use crate::formats::target::read;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::operations::audit::WriteContext;
use crate::service::targets::{self, TargetQuery};

/// Targets of one province.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "province": "24",
    "targets": [{"indicator": "telecom-internet-revenue", "period": "2024", "value": 2400, "kind": "at_least", "source": {"title": "Kế hoạch năm 2024"}}]
}))]
#[allow(dead_code, reason = "the struct documents what formats::target reads")]
pub struct NewTargets {
    /// Key, GSO code, ISO code or name, valid at the end of each target's period; required unless each target has its own
    #[schema(min_length = 1, max_length = 100)]
    province: Option<String>,
    /// Calendar of the targets without their own; each indicator's own when absent
    calendar: Option<Calendar>,
    /// Notation of numbers in strings. Without it, a string that notations read with different values is refused (`ambiguous_number`)
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
    /// Id of the stored target
    #[schema(read_only)]
    id: Option<String>,
    /// The current revision; another revision is refused
    #[schema(read_only)]
    revision: Option<i32>,
    /// Province of this target, as in `province` of the request
    #[schema(min_length = 1, max_length = 100, example = "bac-giang-2004")]
    province: Option<String>,
    /// Code of the indicator
    #[schema(min_length = 1, max_length = 64, example = "telecom-internet-revenue")]
    indicator: String,
    /// The breakdown; the total when absent
    breakdown: Option<Breakdown>,
    /// The period
    #[schema(example = "2024")]
    period: String,
    /// Calendar of this target; that of the request when absent
    calendar: Option<Calendar>,
    /// First day of the period
    #[schema(read_only)]
    start: Option<NaiveDate>,
    /// Last day of the period
    #[schema(read_only)]
    end: Option<NaiveDate>,
    /// Value to reach, in the unit of the indicator; absent for a withdrawal and for a band
    #[schema(value_type = Option<NumberOrText>)]
    value: Option<Decimal>,
    /// Lower end of a band
    #[schema(value_type = Option<NumberOrText>)]
    low: Option<Decimal>,
    /// Upper end of a band
    #[schema(value_type = Option<NumberOrText>)]
    high: Option<Decimal>,
    /// Unit multiplier of the numbers, as a power of ten, if it differs from the indicator's
    #[schema(minimum = -6, maximum = 12, write_only)]
    unit_mult: Option<i32>,
    /// Kind of target. When absent: `band` with `low` and `high`, otherwise `at_most` if the direction of the indicator is `down`,
    /// otherwise `at_least`
    kind: Option<TargetKind>,
    /// Start of the path to the target. When absent: the stored figure just before the target's period. Additive indicators start from zero
    /// in their own year
    baseline: Option<NewBaseline>,
    /// Shape of the path: the share to reach by each date. When absent: milestones if there are any, otherwise `even`
    phasing: Option<Phasing>,
    /// Intermediate values with dates
    #[schema(max_items = 60)]
    milestones: Option<Vec<NewMilestone>>,
    /// Whether the target applies to every province; only for targets of the country (`VN`) on indicators that are not additive over
    /// provinces
    each_province: Option<bool>,
    /// The decision that sets or withdraws the target
    source: Option<NewSource>,
    /// True to withdraw the current target, because it was wrong; needs a `reason`
    #[schema(write_only)]
    withdraw: Option<bool>,
    /// Reason for replacing the current target; required for a withdrawal and with `acknowledge`
    #[schema(min_length = 1, max_length = 300)]
    reason: Option<String>,
    #[schema(schema_with = acknowledged)]
    acknowledge: Option<Vec<TargetWarning>>,
    /// Time of storing the current revision
    #[schema(read_only)]
    recorded_at: Option<DateTime<Utc>>,
}

fn acknowledged() -> RefOr<Schema> {
    let about = "Codes of warnings that the sender confirms: `reverts` brings back replaced terms, or a target from an older document \
        than the current one";
    write_only(TargetWarning::schema(), about)
}

/// Start of the path to a target.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::target reads")]
pub struct NewBaseline {
    /// The path starts at the end of this period, in the calendar of the target
    #[schema(example = "2023")]
    period: String,
    /// Figure at the start
    #[schema(value_type = NumberOrText)]
    value: Decimal,
}

/// An intermediate value on the path to a target.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what formats::target reads")]
pub struct NewMilestone {
    /// The value is due at the end of this period, in the calendar of the target
    #[schema(example = "2024-H1")]
    by: String,
    /// Value to reach by then; for an additive indicator, since the beginning of the year
    #[schema(value_type = NumberOrText)]
    value: Decimal,
}

/// The content of a target and the path to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoalView {
    /// Value to reach; null for a band and for a withdrawn target
    #[schema(required = true, example = 2400)]
    value: Option<Decimal>,
    /// Lower end of a band
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Decimal>,
    /// Upper end of a band
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<Decimal>,
    /// Kind of target; null for a withdrawn target
    #[schema(required = true)]
    kind: Option<TargetKind>,
    /// Start of the path, if the decision sets it
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineView>,
    /// Shape of the path; absent if all months count equally
    #[serde(skip_serializing_if = "Option::is_none")]
    phasing: Option<Phasing>,
    /// Intermediate values with dates
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    milestones: Vec<MilestoneView>,
    /// Whether the target applies to every province; absent for a target of one province
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    each_province: bool,
}

/// Start of the path to a target.
#[derive(Debug, Serialize, ToSchema)]
pub struct BaselineView {
    /// The path starts at the end of this period
    #[schema(example = "2023")]
    period: String,
    /// Figure at the start
    #[schema(example = 2100)]
    value: Decimal,
}

/// An intermediate value on the path to a target.
#[derive(Debug, Serialize, ToSchema)]
pub struct MilestoneView {
    /// The value is due at the end of this period
    #[schema(example = "2024-H1")]
    by: String,
    /// Value to reach by then; for an additive indicator, since the beginning of the year
    #[schema(example = 1000)]
    value: Decimal,
}

impl From<Option<&TargetTerms>> for GoalView {
    fn from(goal: Option<&TargetTerms>) -> GoalView {
        let band = goal.and_then(|terms| terms.condition.band());
        let milestones = goal.into_iter().flat_map(|goal| &goal.milestones);
        GoalView {
            value: goal.and_then(|terms| terms.condition.value()),
            low: band.map(|band| band.low),
            high: band.map(|band| band.high),
            kind: goal.map(|terms| terms.condition.kind()),
            baseline: goal
                .and_then(|goal| goal.baseline)
                .map(|baseline| BaselineView { period: baseline.period.to_string(), value: baseline.value }),
            phasing: goal.map(|goal| goal.phasing).filter(|phasing| *phasing != Phasing::Even),
            milestones: milestones.map(|milestone| MilestoneView { by: milestone.by.to_string(), value: milestone.value }).collect(),
            each_province: goal.is_some_and(|goal| goal.each_province),
        }
    }
}

/// A stored target.
#[derive(Debug, Serialize, ToSchema)]
pub struct Target {
    /// Id, the same for all revisions
    id: String,
    /// 1 for the first, one more for each change
    revision: i32,
    /// Key of the province
    #[schema(example = "bac-giang-1997")]
    province: String,
    /// Code of the indicator
    #[schema(example = "telecom-internet-revenue")]
    indicator: String,
    /// The breakdown; empty for the total
    breakdown: Breakdown,
    /// The period
    #[schema(example = "2024-H1")]
    period: String,
    /// The calendar
    calendar: Calendar,
    /// First day of the period
    start: NaiveDate,
    /// Last day of the period
    end: NaiveDate,
    #[serde(flatten)]
    goal: GoalView,
    /// The decision that set or withdrew the target
    source: SourceView,
    /// Reason for replacing the previous revision, if one was given
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Time of storing this revision
    recorded_at: DateTime<Utc>,
    /// Result of the request; only in the answer to PUT
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
            period: target.period.to_string(),
            calendar: target.period.calendar(),
            start: target.period.start(),
            end: target.period.end(),
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
    /// The targets, ordered by province, indicator, breakdown and period
    items: Vec<Target>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

/// Set targets
///
/// Sets targets for the series of a province, completely or not at all. A target is a lower limit, an upper limit, an exact number or a
/// band, for a month, quarter, half-year or year, or by a later year (2030). `phasing` sets the path: even months, the pattern of last
/// year's months, or milestones. A target of the country (`VN`) with `each_province` applies to every province without its own target. The
/// same target again is `unchanged`, also as GET returns it. A different target is a new revision, and the old one stays stored. A withdrawal is also a revision. A
/// target that brings back replaced terms, or that comes from an older document than the current one, is refused unless its `acknowledge` has
/// `reverts`, with a `reason`.
#[utoipa::path(
    tag = "figures", security(("oauth2" = ["targets"])), request_body = NewTargets,
    responses((status = 200, description = "The current targets", body = TargetPage), (status = 404, description = "Withdrawal of an unknown target", body = Problem, content_type = "application/problem+json"))
)]
#[put("/v1/targets")]
pub async fn put_targets(
    write: WriteContext,
    planner: Authorized<SetTargets>,
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<Json<TargetPage>, Problem> {
    query.finish()?;
    let draft = read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;

    let set = targets::put_targets(&write, &planner, draft).await?;
    let items = set.into_iter().map(|(target, outcome)| Target::new(target, Some(outcome))).collect();
    Ok(Json(TargetPage { items, next: None }))
}

impl FromQuery for TargetQuery {
    fn from_query(query: &mut Query) -> TargetQuery {
        let page: Page<5> = Page::read(query, "targets");
        let after = page.after.map(|[province, indicator, breakdown, period, calendar]| {
            let breakdown = Breakdown::parse(&breakdown)?;
            Ok::<_, Fault>((SeriesKey { province, indicator, breakdown }, Period::parse(&period, Calendar::parse(&calendar)?)?))
        });
        if matches!(after, Some(Err(_))) {
            query.note("cursor", foreign_cursor());
        }
        let province = "Key, GSO code, ISO code or name, valid at the end of `period` (today when absent); several separated by commas \
            or repeated";
        let indicator = "Codes of indicators, separated by commas or repeated";
        TargetQuery {
            provinces: query.list(named("province", province).example("bac-giang-1997")),
            indicators: query.list(named("indicator", indicator).example("staff-cultural-family-rate")),
            period: query.optional(period("period", "Only targets of this period").example("2024-H2")),
            calendar: query.optional(word("calendar", "The calendar of the periods; each indicator's own when absent", Calendar::parse)),
            as_of: query.optional(as_of()),
            after: after.and_then(Result::ok),
            limit: page.limit + 1,
            faults: Vec::new(),
        }
    }
}

/// List targets
///
/// Lists the targets of series, each with its decision.
#[utoipa::path(
    tag = "figures", security((), ("oauth2" = ["read"])), params(Parameters<TargetQuery>),
    responses((status = 200, description = "The targets", body = TargetPage))
)]
#[get("/v1/targets")]
pub async fn list_targets(state: Data<ServerState>, caller: Caller, query: Parameters<TargetQuery>) -> Result<Json<TargetPage>, Problem> {
    let (mut wanted, faults) = query.into_parts();
    wanted.faults = faults;
    let asked = wanted.limit;

    let mut found = targets::list_targets(&state.context, &caller, wanted).await?;
    let next = cut(&mut found, asked, |last| {
        let series = &last.series;
        let (breakdown, period) = (series.breakdown.to_string(), last.period.to_string());
        cursor("targets", [&series.province, &series.indicator, &breakdown, &period, last.period.calendar().as_str()])
    });
    Ok(Json(TargetPage { items: found.into_iter().map(|target| Target::new(target, None)).collect(), next }))
}

/// List the revisions of a target
///
/// Lists every revision, oldest first, with its decision; a withdrawn revision has no value.
#[utoipa::path(
    tag = "figures", security((), ("oauth2" = ["read"])),
    params(("id" = String, Path, description = "Id of the target", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The revisions, all on one page", body = TargetPage))
)]
#[get("/v1/targets/{id}/revisions")]
pub async fn list_target_revisions(
    state: Data<ServerState>,
    caller: Caller,
    id: Path<String>,
    query: Parameters<()>,
) -> Result<Json<TargetPage>, Problem> {
    query.finish()?;

    let history = targets::list_target_revisions(&state.context, &caller, &id).await?;
    Ok(Json(TargetPage { items: history.into_iter().map(|target| Target::new(target, None)).collect(), next: None }))
}
