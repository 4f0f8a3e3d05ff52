//! `/v1/claims`: the comparisons printed in reports, checked against the stored figures.

use crate::domain::access::role::Caller;
use actix_web::get;
use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

use super::earlier::{Baseline, Current};
use super::judged_claim::JudgedClaimView;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::comparison::claim::{ClaimKind, Verdict};
use crate::domain::reason::Reason;
use crate::domain::time::period::Calendar;
use crate::http::catalogue::indicators::IndicatorRef;
use crate::http::extract::page::{Page, cursor, foreign_cursor};
use crate::http::extract::parameter::{as_of, named, period, word};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::figures::period::PeriodView;
use crate::http::problem::Problem;
use crate::http::targets::GoalView;
use crate::server_state::ServerState;
use crate::service::figures::claims::{self, Audited, ClaimQuery};

/// A comparison printed in a report, and the stored figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditedClaim {
    /// Key of the province
    #[schema(example = "bac-giang-1997")]
    province: String,
    /// The indicator
    indicator: IndicatorRef,
    /// The breakdown; empty for the total
    breakdown: Breakdown,
    /// The period of the figure
    period: PeriodView,
    /// Id of the observation; see its revisions
    observation: String,
    #[serde(flatten)]
    claim: JudgedClaimView,
    /// The current figure
    #[schema(required = true)]
    current: Option<Current>,
    /// The figure of the same period last year; null if there is none, and for a share of the plan
    #[schema(required = true)]
    baseline: Option<Baseline>,
    /// For a share of the plan: the current plan of the province for the period or its year. Null for the other kinds, and if there is no
    /// plan
    #[schema(required = true)]
    plan: Option<Plan>,
    /// Reasons that limit the comparison with last year's figure or with the plan. If it is not valid, the verdict is `unverifiable`
    reasons: Vec<Reason>,
}

impl From<&Audited> for AuditedClaim {
    fn from(audited: &Audited) -> AuditedClaim {
        let Audited { item, claim, observation } = audited;
        AuditedClaim {
            province: item.province.key.clone(),
            indicator: (&item.indicator).into(),
            breakdown: item.breakdown.clone(),
            period: item.period.into(),
            observation: observation.clone(),
            claim: claim.into(),
            current: item.current.as_ref().ok().map(Current::from),
            baseline: audited.baseline().map(|(period, value)| Baseline::new(period, value)),
            plan: audited.plan().map(|plan| Plan { period: plan.period.to_string(), goal: plan.terms.as_ref().into() }),
            reasons: audited.reasons(),
        }
    }
}

/// The plan that a claim refers to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Plan {
    /// The period of the plan
    #[schema(example = "2024")]
    period: String,
    #[serde(flatten)]
    goal: GoalView,
}

/// A page of claims.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimPage {
    /// The claims, in the order in which their figures were first stored
    items: Vec<AuditedClaim>,
    /// Cursor of the next page, which may follow even a page with fewer items than the limit; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

impl FromQuery for ClaimQuery {
    fn from_query(query: &mut Query) -> ClaimQuery {
        let page: Page<2> = Page::read(query, "claims");
        let after = page.after.map(|[observation, kind]| ClaimKind::parse(&kind).map(|kind| (observation, kind)));
        if matches!(after, Some(Err(_))) {
            query.note("cursor", foreign_cursor());
        }
        let province = "Key, GSO code, ISO code or name, valid at the end of `period` (today when absent); several separated by commas \
            or repeated";
        let indicator = "Codes of indicators, separated by commas or repeated";
        ClaimQuery {
            verdicts: query.repeated(word("verdict", "Only claims with this verdict; repeat for several", Verdict::parse)),
            kind: query.optional(word("kind", "Only claims of this kind", ClaimKind::parse)),
            provinces: query.list(named("province", province).example("bac-giang-1997")),
            indicators: query.list(named("indicator", indicator).example("telecom-internet-revenue")),
            period: query.optional(period("period", "Only claims about figures of this period").example("2024-H1")),
            calendar: query.optional(word("calendar", "The calendar of the figures; both calendars when absent", Calendar::parse)),
            as_of: query.optional(as_of()),
            after: after.and_then(Result::ok),
            limit: page.limit,
            faults: Vec::new(),
        }
    }
}

/// List the comparisons printed in reports
///
/// Compares each printed statement ("bằng 103,2% so với cùng kỳ năm 2023", "đạt 47,3% kế hoạch năm") with the stored figures. Auditors can
/// filter by `verdict=contradicts`. A printed number stands for a range of values, because it is rounded, and so do the printed figures. A
/// claim contradicts the stored figures only if no true values could round to the printed numbers. The check uses the figure as printed
/// beside the claim, even if that figure was corrected later, and the current figure of last year or the current plan.
#[utoipa::path(
    tag = "figures", security((), ("oauth2" = ["read"])), params(Parameters<ClaimQuery>),
    responses((status = 200, description = "The claims", body = ClaimPage))
)]
#[get("/v1/claims")]
pub async fn list_claims(state: Data<ServerState>, caller: Caller, query: Parameters<ClaimQuery>) -> Result<Json<ClaimPage>, Problem> {
    let (mut wanted, faults) = query.into_parts();
    wanted.faults = faults;

    let (found, next) = claims::list_claims(&state.context, &caller, wanted).await?;
    let next = next.map(|(observation, kind)| cursor("claims", [&observation, kind.as_str()]));
    Ok(Json(ClaimPage { items: found.iter().map(AuditedClaim::from).collect(), next }))
}
