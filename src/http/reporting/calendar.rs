//! `/v1/calendar`: due dates of obligations.

use crate::domain::access::role::Caller;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::reporting::obligation::Due;
use crate::domain::time::zone::end_of_day;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::parameter::{date, named};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::figures::period::PeriodView;
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::reporting::obligations::{self, DueQuery};

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

impl FromQuery for DueQuery {
    fn from_query(query: &mut Query) -> DueQuery {
        let page: Page<6> = Page::read(query, "calendar");
        let organisation = "Identifiers of organisations, separated by commas or repeated";
        let province = "Key, GSO code, ISO code or name, valid on the day `to`; several separated by commas or repeated";
        let to = "Last due day, at most one year after `from`; one month after `from` when absent";
        DueQuery {
            organisations: query.list(named("organisation", organisation).example("H02.13")),
            provinces: query.list(named("province", province).example("bac-ninh-2025")),
            from: query.optional(date("from", "First due day; today in Viet Nam when absent").example("2026-11-01")),
            to: query.optional(date("to", to).example("2026-11-30")),
            after: page.after,
            limit: page.limit + 1,
            faults: Vec::new(),
        }
    }
}

/// List due dates
///
/// Lists the obligations that fall due and their organisations. The default range is one month from today. Indicators that you may not see
/// are left out.
#[utoipa::path(
    tag = "reporting", security((), ("oauth2" = ["read"])), params(Parameters<DueQuery>),
    responses((status = 200, description = "The due dates", body = CalendarPage))
)]
#[get("/v1/calendar")]
pub async fn get_reporting_calendar(
    state: Data<ServerState>,
    caller: Caller,
    query: Parameters<DueQuery>,
) -> Result<Json<CalendarPage>, Problem> {
    let (mut wanted, faults) = query.into_parts();
    wanted.faults = faults;
    let asked = wanted.limit;

    let mut found = obligations::get_reporting_calendar(&state.context, &caller, wanted).await?;
    let next = cut(&mut found, asked, |last| cursor("calendar", last.by_day().each_ref().map(String::as_str)));
    Ok(Json(CalendarPage { items: found.into_iter().map(CalendarItem::from).collect(), next }))
}
