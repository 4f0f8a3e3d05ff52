//! `/v1/calendar`: due dates of obligations.

use crate::domain::access::role::Caller;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::domain::reporting::obligation::Due;
use crate::domain::text::parse_date;
use crate::domain::time::zone::end_of_day;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::query::Query;
use crate::http::figures::view::PeriodView;
use crate::http::problem::Problem;
use crate::service::reporting::obligations::{self, DueQuery};
use crate::state::State;

/// A due date of an obligation.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarItem {
    /// Due day: the last day for a submission on time
    #[schema(example = "2026-11-15")]
    due_on: NaiveDate,
    /// The last second of the due day in Viet Nam
    #[schema(example = "2026-11-15T23:59:59+07:00")]
    due_at: DateTime<FixedOffset>,
    /// Last day for a submission without `force`; null if the period never closes
    #[schema(required = true)]
    closes_on: Option<NaiveDate>,
    /// The organisation with the obligation
    #[schema(example = "H02.13")]
    organisation: String,
    /// Key of the province
    #[schema(example = "bac-ninh-2025")]
    province: String,
    /// Code of the indicator; its total is due
    #[schema(example = "bts-sites")]
    indicator: String,
    /// The period
    period: PeriodView,
    /// Id of the obligation
    obligation: String,
}

impl From<Due> for CalendarItem {
    fn from(Due { obligation, organisation, province, indicator, period, due_on, closes_on }: Due) -> CalendarItem {
        let (due_at, period) = (end_of_day(due_on), period.into());
        CalendarItem { due_on, due_at, closes_on, organisation, province, indicator, period, obligation }
    }
}

/// A page of the calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarPage {
    /// Due dates, ordered by due day, organisation, province and indicator
    items: Vec<CalendarItem>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

/// Filters of the calendar.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct CalendarParams {
    /// Identifiers of organisations, separated by commas or repeated
    #[param(example = "H02.13")]
    organisation: Option<String>,
    /// Key, GSO code, ISO code or name, valid on the day `to`; several separated by commas or repeated
    #[param(example = "bac-ninh-2025")]
    province: Option<String>,
    /// First due day; today in Viet Nam when absent
    #[param(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// Last due day, at most one year after `from`; one month after `from` when absent
    #[param(example = "2026-11-30")]
    to: Option<NaiveDate>,
    /// Maximum number of items on a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the previous page
    cursor: Option<String>,
}

/// List due dates
///
/// Lists the obligations that fall due and their organisations. The default range is one month from today. Indicators that you may not see
/// are left out.
#[utoipa::path(
    tag = "reporting", operation_id = "read_calendar", security((), ("oauth2" = ["read"])), params(CalendarParams),
    responses((status = 200, description = "The due dates", body = CalendarPage))
)]
#[get("/v1/calendar")]
pub async fn read(state: Data<State>, caller: Caller, mut query: Query) -> Result<Json<CalendarPage>, Problem> {
    let page: Page<6> = Page::read(&mut query, "calendar");
    let mut asked = DueQuery {
        organisations: query.list("organisation"),
        provinces: query.list("province"),
        from: query.one("from", parse_date),
        to: query.one("to", parse_date),
        after: page.after,
        limit: page.limit + 1,
        faults: Vec::new(),
    };
    asked.faults = query.into_faults();

    let mut found = obligations::due(&state, &caller, asked).await?;
    let next = cut(&mut found, page.limit, |last| cursor("calendar", last.by_day().each_ref().map(String::as_str)));
    Ok(Json(CalendarPage { items: found.into_iter().map(CalendarItem::from).collect(), next }))
}
