//! `/v1/obligations`: the figures that organisations must report, their frequency and deadlines.

use crate::domain::access::role::{Authorized, Caller};
use actix_web::web::{Data, Json};
use actix_web::{get, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::access::role::EditCatalogue;
use crate::domain::fault::Location;
use crate::domain::outcome::Outcome;
use crate::domain::reporting::deadline::Deadline;
use crate::domain::reporting::obligation;
use crate::domain::reporting::obligation_draft::CheckedObligation;
use crate::domain::time::period::{Calendar, Frequency};
use crate::formats::obligation::read;
use crate::http::catalogue::source::{NewSource, SourceView};
use crate::http::extract::body::JsonBody;
use crate::http::extract::marked::write_only;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::parameter::{date, named};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::operations::audit::WriteContext;
use crate::service::reporting::obligations::{self, ObligationQuery};

/// Obligations, each with an organisation and a province.
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
    /// Identifier of the organisation (QĐ 20/2020/QĐ-TTg); required unless each obligation has its own
    #[schema(min_length = 1, max_length = 35, example = "H02.13")]
    organisation: Option<String>,
    /// Key, GSO code, ISO code or name of the province, valid on the first day of each obligation; required unless each obligation has its
    /// own
    #[schema(min_length = 1, max_length = 100, example = "bac-ninh-2025")]
    province: Option<String>,
    /// The obligations
    #[schema(min_items = 1, max_items = 10_000)]
    obligations: Vec<NewObligation>,
    /// The decision that sets the obligations without their own
    source: Option<NewSource>,
    /// Reason for changing the stored obligations without their own; required for a withdrawal
    #[schema(min_length = 1, max_length = 300)]
    reason: Option<String>,
}

/// Obligations that differ by their indicators only.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the struct documents what `formats::obligation` reads")]
pub struct NewObligation {
    /// Id of the stored obligation
    #[schema(read_only)]
    id: Option<String>,
    /// The current version; another version is refused
    #[schema(read_only)]
    version: Option<i32>,
    /// Organisation of this obligation, as in `organisation` of the request
    #[schema(min_length = 1, max_length = 35, example = "H02.13")]
    organisation: Option<String>,
    /// Province of this obligation, as in `province` of the request
    #[schema(min_length = 1, max_length = 100, example = "bac-ninh-2025")]
    province: Option<String>,
    /// Code of the indicator; its total is due. Required unless there are `indicators`
    #[schema(min_length = 1, max_length = 64, example = "bts-sites")]
    indicator: Option<String>,
    #[schema(schema_with = several_indicators)]
    indicators: Option<Vec<String>>,
    /// Frequency of the figures
    frequency: Frequency,
    /// Calendar of the periods; each indicator's own when absent
    calendar: Option<Calendar>,
    /// Whether each figure covers the year to date (lũy kế): for a month `2026-10-YTD`, not `2026-10`
    cumulative: Option<bool>,
    /// Deadline; required except for a withdrawal
    deadline: Option<Deadline>,
    /// Days from the due day to the closing day. After it, a row needs `force` and a `reason`. The period never closes when absent
    #[schema(minimum = 0, maximum = 3660)]
    closes_after_days: Option<u32>,
    /// First due day of the obligation
    #[schema(example = "2025-03-01")]
    valid_from: NaiveDate,
    /// Last due day of the obligation, inclusive; no end when absent
    valid_to: Option<NaiveDate>,
    /// True to withdraw the obligation; needs `reason`
    #[schema(write_only)]
    withdraw: Option<bool>,
    /// Decision that sets this obligation; that of the request when absent
    source: Option<NewSource>,
    /// Reason for changing this obligation; that of the request when absent
    #[schema(min_length = 1, max_length = 300)]
    reason: Option<String>,
    /// Time of storing the current version
    #[schema(read_only)]
    recorded_at: Option<DateTime<Utc>>,
}

fn several_indicators() -> RefOr<Schema> {
    write_only(String::schema(), "Codes of several indicators, in place of `indicator`; at least one")
}

/// A stored obligation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Obligation {
    /// Id, the same for all versions
    id: String,
    /// 1 for the first, one more for each change
    version: i32,
    /// The organisation with the obligation
    #[schema(example = "H02.13")]
    organisation: String,
    /// Key of the province
    #[schema(example = "bac-ninh-2025")]
    province: String,
    /// Code of the indicator; its total is due
    #[schema(example = "bts-sites")]
    indicator: String,
    /// Frequency of the figures
    frequency: Frequency,
    /// The calendar of the periods
    calendar: Calendar,
    /// Whether each figure covers the year to date (lũy kế)
    cumulative: bool,
    /// Deadline
    deadline: Deadline,
    /// Days from the due day to the closing day; after it, a row needs `force` and a `reason`. Null if the period never closes
    #[schema(required = true)]
    closes_after_days: Option<u32>,
    /// First due day of the obligation
    valid_from: NaiveDate,
    /// Last due day of the obligation, inclusive; null for no end
    #[schema(required = true)]
    valid_to: Option<NaiveDate>,
    /// The decision that sets the obligation
    source: SourceView,
    /// Reason for replacing the previous version, if one was given
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Time of storing this version
    recorded_at: DateTime<Utc>,
    /// Result of the request; only in the answer to PUT
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
    /// The obligations, ordered by organisation, province, indicator and first day
    items: Vec<Obligation>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

/// Set obligations
///
/// Stores obligations of organisations for provinces: indicators, frequency, calendar, deadline, and the first and last due day. The
/// request is stored completely or not at all. An obligation covers each period whose due day is between these days, if the province exists
/// at the end of the period. When the responsibility moves, for example on 1 March 2025, the obligation of the first organisation ends on
/// 28 February (`valid_to`) and that of the second begins on 1 March (`valid_from`). Then exactly one organisation is obliged for each
/// period.
///
/// A deadline is relative to the last month in the name of a period, in either calendar. Thông tư 02/2023 requires monthly reports by the
/// 15th (`months_after` 0, `day` 15), quarterly reports by the 6th of the last month (0, 6), annual reports by 25 November (−1, 25).
/// Statistics are due by the 10th of the next month (1, 10). The due day ends at midnight in Viet Nam.
///
/// The organisation, province, indicator, frequency, calendar, `cumulative` and `valid_from` identify an obligation. A request with another
/// deadline, closing or last day makes a new version, the same request again, also with obligations as GET returns them, is `unchanged`, and `withdraw` withdraws the obligation. Two
/// obligations cannot cover the same figures on the same due day (`already_owed`).
#[utoipa::path(
    tag = "reporting", security(("oauth2" = ["catalogue"])), request_body = NewObligations,
    responses((status = 200, description = "The current obligations, and the result for each", body = ObligationPage), (status = 404, description = "Withdrawal of an unknown obligation", body = Problem, content_type = "application/problem+json"))
)]
#[put("/v1/obligations")]
pub async fn put_obligations(
    write: WriteContext,
    keeper: Authorized<EditCatalogue>,
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<Json<ObligationPage>, Problem> {
    query.finish()?;
    let draft = read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;

    let set = obligations::put_obligations(&write, &keeper, draft).await?;
    let item = |CheckedObligation { obligation, outcome, .. }: CheckedObligation| Obligation::new(obligation, Some(outcome));
    Ok(Json(ObligationPage { items: set.into_iter().map(item).collect(), next: None }))
}

impl FromQuery for ObligationQuery {
    fn from_query(query: &mut Query) -> ObligationQuery {
        let page: Page<7> = Page::read(query, "obligations");
        let organisation = "Identifiers of organisations, separated by commas or repeated";
        let province = "Key, GSO code, ISO code or name, valid on the day `on`; several separated by commas or repeated";
        let on = "Only obligations that apply on this due day";
        ObligationQuery {
            organisations: query.list(named("organisation", organisation).example("H02.13")),
            provinces: query.list(named("province", province).example("bac-ninh-2025")),
            indicators: query.list(named("indicator", "Codes of indicators, separated by commas or repeated").example("bts-sites")),
            on: query.optional(date("on", on).example("2026-11-15")),
            after: page.after,
            limit: page.limit + 1,
            faults: Vec::new(),
        }
    }
}

/// List obligations
///
/// Lists the obligations with their indicators, provinces, frequencies and deadlines. Indicators that you may not see are left out.
#[utoipa::path(
    tag = "reporting", security((), ("oauth2" = ["read"])), params(Parameters<ObligationQuery>),
    responses((status = 200, description = "The obligations", body = ObligationPage))
)]
#[get("/v1/obligations")]
pub async fn list_obligations(
    state: Data<ServerState>,
    caller: Caller,
    query: Parameters<ObligationQuery>,
) -> Result<Json<ObligationPage>, Problem> {
    let (mut wanted, faults) = query.into_parts();
    wanted.faults = faults;
    let asked = wanted.limit;

    let mut found = obligations::list_obligations(&state.context, &caller, wanted).await?;
    let next = cut(&mut found, asked, |last| cursor("obligations", last.place().each_ref().map(String::as_str)));
    Ok(Json(ObligationPage { items: found.into_iter().map(|obligation| Obligation::new(obligation, None)).collect(), next }))
}
