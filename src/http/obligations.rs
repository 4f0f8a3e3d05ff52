//! `/v1/obligations`: which organisation owes which figures, how often and by when.

use actix_web::web::{Data, Json};
use actix_web::{get, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::page::{Page, cursor, cut};
use super::problem::Problem;
use super::request::{Asking, Held, JsonBody, Query};
use super::submissions::NewSource;
use super::view::SourceView;
use crate::domain::deadline::Deadline;
use crate::domain::fault::Place;
use crate::domain::obligation::{self, draft::Decided};
use crate::domain::period::{Calendar, Frequency};
use crate::domain::role::Cataloguing;
use crate::domain::submission::Outcome;
use crate::domain::text::parse_date;
use crate::formats::obligation::read;
use crate::service::Refusal;
use crate::service::obligations::{self, Wanted};
use crate::state::State;

/// What one organisation owes of one province.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "organisation": "H02.13", "province": "bac-ninh-2025", "source": {"number": "02/2023/TT-BTTTT"},
    "obligations": [
        {"indicators": ["post-telecom-revenue", "bts-sites"], "frequency": "M", "calendar": "nd09", "deadline": {"months_after": 0, "day": 15}, "closes_after_days": 20, "valid_from": "2026-01-01"},
        {"indicators": ["post-telecom-revenue"], "frequency": "A", "calendar": "nd09", "deadline": {"months_after": -1, "day": 25}, "valid_from": "2026-01-01"}
    ]
}))]
#[allow(dead_code, reason = "the struct documents what `formats::obligation` reads")]
pub struct NewObligations {
    /// The identifier of the organisation (QĐ 20/2020/QĐ-TTg)
    #[schema(min_length = 1, max_length = 35, example = "H02.13")]
    organisation: String,
    /// Key, GSO code, ISO code or name of the province, as it stands on the first day of each obligation
    #[schema(min_length = 1, max_length = 100, example = "bac-ninh-2025")]
    province: String,
    /// What is owed
    #[schema(min_items = 1, max_items = 10_000)]
    obligations: Vec<NewObligation>,
    /// The decision
    source: Option<NewSource>,
    /// Why what is on record changes; needed to withdraw an obligation
    #[schema(min_length = 1, max_length = 300)]
    reason: Option<String>,
}

/// Obligations that differ by their indicators only.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what `formats::obligation` reads")]
pub struct NewObligation {
    /// Codes of the indicators whose totals are owed
    #[schema(min_items = 1, example = json!(["bts-sites"]))]
    indicators: Vec<String>,
    /// How often
    frequency: Frequency,
    /// The calendar of the periods; each indicator's own when absent
    calendar: Option<Calendar>,
    /// Whether each figure covers its year to date (lũy kế): by month `2026-10-YTD`, not `2026-10`
    cumulative: Option<bool>,
    /// By when; needed unless the obligation is withdrawn
    deadline: Option<Deadline>,
    /// Days after the due day until nothing more is taken unless a row says `force` with a `reason`; never closed when absent
    #[schema(minimum = 0, maximum = 3660)]
    closes_after_days: Option<u32>,
    /// The first due day on which it holds
    #[schema(example = "2025-03-01")]
    valid_from: NaiveDate,
    /// The last due day on which it holds, inclusive; until it is said otherwise when absent
    valid_to: Option<NaiveDate>,
    /// True where this is not owed after all; needs `reason`
    withdraw: Option<bool>,
}

/// An obligation on record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Obligation {
    /// The identity, the same for all versions
    id: String,
    /// 1 for the first, one more for each change
    version: i32,
    /// The organisation that owes it
    #[schema(example = "H02.13")]
    organisation: String,
    /// Key of the province
    #[schema(example = "bac-ninh-2025")]
    province: String,
    /// Code of the indicator whose total is owed
    #[schema(example = "bts-sites")]
    indicator: String,
    /// How often
    frequency: Frequency,
    /// The calendar of the periods
    calendar: Calendar,
    /// Whether each figure covers its year to date (lũy kế)
    cumulative: bool,
    /// By when
    deadline: Deadline,
    /// Days after the due day until nothing more is taken without a reason; null where it never closes
    #[schema(required = true)]
    closes_after_days: Option<u32>,
    /// The first due day on which it holds
    valid_from: NaiveDate,
    /// The last due day on which it holds, inclusive; null until it is said otherwise
    #[schema(required = true)]
    valid_to: Option<NaiveDate>,
    /// The decision
    source: SourceView,
    /// Why it replaced the version before, where somebody said so
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// When this version was recorded
    recorded_at: DateTime<Utc>,
    /// What the call did; only in the answer to PUT
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
}

impl Obligation {
    fn new(obligation: obligation::Obligation, outcome: Option<Outcome>) -> Obligation {
        let obligation::Obligation { id, version, terms, source, reason, recorded_at } = obligation;
        Obligation {
            id,
            version,
            organisation: terms.organisation,
            province: terms.province,
            indicator: terms.indicator,
            frequency: terms.frequency,
            calendar: terms.calendar,
            cumulative: terms.cumulative,
            deadline: terms.deadline,
            closes_after_days: terms.closes_after_days,
            valid_from: terms.valid_from,
            valid_to: terms.valid_to,
            source: (&source).into(),
            reason,
            recorded_at,
            outcome,
        }
    }
}

/// A page of obligations.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationPage {
    /// The obligations, by organisation, province, indicator and first day
    items: Vec<Obligation>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

/// Set obligations
///
/// Records which figures an organisation owes of a province: how often, in which calendar, by when, and from which due day to which. All
/// or nothing. The period whose due day falls within these days is owed, of a province that exists at the period's end; so when
/// responsibility moves, on 1 March 2025, say, the obligation of the one ends on 28 February (`valid_to`) and that of the other begins on
/// 1 March (`valid_from`), and every period is owed by exactly one of them.
///
/// A deadline is counted from the month in which a period ends by name, in either calendar. Thông tư 02/2023 asks for months by the 15th
/// (`months_after` 0, `day` 15), for quarters by the 6th of their last month (0, 6), for the year by 25 November (−1, 25); statistics
/// are due by the 10th of the next month (1, 10). The due day ends at midnight in Viet Nam.
///
/// An obligation is known by its organisation, province, indicator, frequency, calendar, `cumulative` and `valid_from`: sent anew with
/// another deadline, closing or last day it is a new version, the same again is `unchanged`, and `withdraw` takes it back. Nobody may owe
/// the same figures on the same day twice (`already_owed`).
#[utoipa::path(
    tag = "reporting", operation_id = "put_obligations", security(("oauth2" = ["catalogue"])), request_body = NewObligations,
    responses((status = 200, description = "The obligations as they stand now, and what the call did to each", body = ObligationPage), (status = 404, description = "A withdrawal of what is not owed", body = Problem, content_type = "application/problem+json"))
)]
#[put("/v1/obligations")]
pub async fn put(
    state: Data<State>,
    Held(keeper): Held<Cataloguing>,
    query: Query,
    JsonBody(body): JsonBody,
) -> Result<Json<ObligationPage>, Problem> {
    query.finish()?;
    let draft = read(&body).map_err(|fault| Refusal::Malformed(vec![fault.at(Place::Request)]))?;

    let set = obligations::put(&state, &keeper, draft).await?;
    let item = |Decided { obligation, outcome, .. }: Decided| Obligation::new(obligation, Some(outcome));
    Ok(Json(ObligationPage { items: set.into_iter().map(item).collect(), next: None }))
}

/// How obligations are listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct ListParams {
    /// Identifiers of organisations, separated by commas or repeated
    #[param(example = "H02.13")]
    organisation: Option<String>,
    /// Key, GSO code, ISO code or name, separated by commas or repeated, as it stands on the day `on`
    #[param(example = "bac-ninh-2025")]
    province: Option<String>,
    /// Codes of indicators, separated by commas or repeated
    #[param(example = "bts-sites")]
    indicator: Option<String>,
    /// Only obligations that hold for what is due on this day
    #[param(example = "2026-11-15")]
    on: Option<NaiveDate>,
    /// Maximum number of items on a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the previous page
    cursor: Option<String>,
}

/// List obligations
///
/// Who owes which figures of which province, how often and by when. Indicators that you may not see are left out.
#[utoipa::path(
    tag = "reporting", operation_id = "list_obligations", security((), ("oauth2" = ["read"])), params(ListParams),
    responses((status = 200, description = "The obligations", body = ObligationPage))
)]
#[get("/v1/obligations")]
pub async fn list(state: Data<State>, Asking(caller): Asking, mut query: Query) -> Result<Json<ObligationPage>, Problem> {
    let page: Page<7> = Page::read(&mut query, "obligations");
    let mut wanted = Wanted {
        organisations: query.list("organisation"),
        provinces: query.list("province"),
        indicators: query.list("indicator"),
        on: query.one("on", parse_date),
        after: page.after,
        limit: page.limit + 1,
        faults: Vec::new(),
    };
    wanted.faults = query.into_faults();

    let mut found = obligations::list(&state, &caller, wanted).await?;
    let next = cut(&mut found, page.limit, |last| cursor("obligations", last.place().each_ref().map(String::as_str)));
    Ok(Json(ObligationPage { items: found.into_iter().map(|obligation| Obligation::new(obligation, None)).collect(), next }))
}
