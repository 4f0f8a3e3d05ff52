//! `/v1/completeness`: what was reported of what is owed, and who is to be reminded of the rest.

use crate::domain::access::role::Caller;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::domain::number::decimal::Decimal;
use crate::domain::reporting::completeness::{Fulfilment, Item, Tally, UnderWay};
use crate::domain::reporting::obligation::Due;
use crate::domain::submission::workflow::State as Stage;
use crate::domain::text::parse_date;
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::request::Query;
use crate::http::figures::view::PeriodView;
use crate::http::problem::Problem;
use crate::service::reporting::completeness::{self, Completeness, CompletenessQuery};
use crate::state::State;

/// A figure that is owed, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessItem {
    /// The organisation that owes it
    #[schema(example = "H02.13")]
    organisation: String,
    /// Key of the province
    #[schema(example = "bac-ninh-2025")]
    province: String,
    /// Code of the indicator whose total is owed; its parts will do
    #[schema(example = "bts-sites")]
    indicator: String,
    /// The period
    period: PeriodView,
    /// Whether it came, and in time
    status: Fulfilment,
    /// The last day on which it is in time, to midnight in Viet Nam
    #[schema(example = "2026-11-15")]
    due_on: NaiveDate,
    /// When what stands was first handed in; null where nothing was
    #[schema(required = true)]
    handed_in_at: Option<DateTime<Utc>>,
    /// The submission that is under way with it; null where none is
    #[schema(required = true)]
    submission: Option<UnderWayView>,
    /// Id of the obligation
    obligation: String,
}

impl From<Item> for CompletenessItem {
    fn from(Item { due, status, handed_in_at, under_way }: Item) -> CompletenessItem {
        let Due { obligation, organisation, province, indicator, period, due_on, .. } = due;
        let (period, submission) = (period.into(), under_way.map(UnderWayView::from));
        CompletenessItem { organisation, province, indicator, period, status, due_on, handed_in_at, submission, obligation }
    }
}

/// A submission that is not published yet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "UnderWay")]
pub struct UnderWayView {
    /// The identity
    id: String,
    /// `submitted`: it waits for review and counts as handed in; `returned`: it is to be mended, and does not
    state: Stage,
}

impl From<UnderWay> for UnderWayView {
    fn from(UnderWay { id, state }: UnderWay) -> UnderWayView {
        UnderWayView { id, state }
    }
}

/// What an organisation owes, counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessTotal {
    /// The organisation
    #[schema(example = "H02.13")]
    organisation: String,
    /// Handed in by the due day
    on_time: i64,
    /// Handed in after it
    late: i64,
    /// Due, and not there
    missing: i64,
    /// Declared that there is nothing to report
    nil_declared: i64,
    /// Not due yet, and not there
    not_due: i64,
    /// How many are due: all but those `not_due`
    due: i64,
    /// How many of them were handed in
    handed_in: i64,
    /// Handed in of due in percent, rounded down, so that 100 means that nothing is missing; null where nothing is due
    #[schema(required = true, example = 66.6)]
    complete_pct: Option<Decimal>,
}

impl From<(String, Tally)> for CompletenessTotal {
    fn from((organisation, tally): (String, Tally)) -> CompletenessTotal {
        let Tally { on_time, late, missing, nil_declared, not_due } = tally;
        let (due, handed_in, complete_pct) = (tally.due(), tally.handed_in(), tally.complete_pct());
        CompletenessTotal { organisation, on_time, late, missing, nil_declared, not_due, due, handed_in, complete_pct }
    }
}

/// An organisation that is to be reminded.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reminder {
    /// The organisation
    #[schema(example = "H02.13")]
    organisation: String,
    /// What it owes and did not report
    missing: Vec<MissingFigure>,
}

/// A figure that is due and not there.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingFigure {
    /// Key of the province
    #[schema(example = "bac-ninh-2025")]
    province: String,
    /// Code of the indicator
    #[schema(example = "bts-sites")]
    indicator: String,
    /// The period
    period: PeriodView,
    /// The day by which it was due
    #[schema(example = "2026-11-15")]
    due_on: NaiveDate,
}

impl From<Due> for MissingFigure {
    fn from(Due { province, indicator, period, due_on, .. }: Due) -> MissingFigure {
        MissingFigure { province, indicator, period: period.into(), due_on }
    }
}

/// A page of what is owed, with the totals of all pages.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessPage {
    /// What is owed, by organisation, province, indicator and due day
    items: Vec<CompletenessItem>,
    /// By organisation, of all pages
    totals: Vec<CompletenessTotal>,
    /// Who is to be reminded of what, of all pages
    remind: Vec<Reminder>,
    /// Cursor of the next page; null on the last
    #[schema(required = true)]
    next: Option<String>,
}

/// Of what the completeness is asked.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct CompletenessParams {
    /// What is owed of this period, whenever it is due; without `from` and `to`
    #[param(example = "2026-10")]
    period: Option<String>,
    /// What falls due from this day on; a month before `to` when absent
    from: Option<NaiveDate>,
    /// What falls due to this day, at most a year after `from`; when absent a month after `from`, or today
    to: Option<NaiveDate>,
    /// Identifiers of organisations, with commas or repeated
    #[param(example = "H02.13")]
    organisation: Option<String>,
    /// Key, GSO code, ISO code or name, with commas or repeated, as it stands at the end of `period`, or on the day `to`
    #[param(example = "bac-ninh-2025")]
    province: Option<String>,
    /// Only what is owed in this calendar
    #[param(inline)]
    calendar: Option<Calendar>,
    /// Items of a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the page before
    cursor: Option<String>,
}

/// Read the completeness
///
/// What was reported of what is owed, formed from what is on record: `on_time`, `late`, `missing`, `nil_declared` (there is nothing to
/// report) or `not_due`. A figure came when it was handed in, not when it was approved. One that waits for review is handed in; one that was
/// returned is not, until it is handed in again, and then that is when it came. Who corrects a figure is not late with it; a figure
/// that was withdrawn is missing again. Parts will do for a total.
///
/// `totals` counts by organisation, never above 100 %; `remind` lists what is missing of whom. Indicators that you may not see are left out.
#[utoipa::path(
    tag = "reporting", operation_id = "read_completeness", security((), ("oauth2" = ["read"])), params(CompletenessParams),
    responses((status = 200, description = "What was reported, and what is missing", body = CompletenessPage))
)]
#[get("/v1/completeness")]
pub async fn read(state: Data<State>, caller: Caller, mut query: Query) -> Result<Json<CompletenessPage>, Problem> {
    let page: Page<6> = Page::read(&mut query, "completeness");
    let mut wanted = CompletenessQuery {
        period: query.one("period", PeriodCode::parse),
        from: query.one("from", parse_date),
        to: query.one("to", parse_date),
        organisations: query.list("organisation"),
        provinces: query.list("province"),
        calendar: query.one("calendar", Calendar::parse),
        after: page.after,
        limit: page.limit + 1,
        faults: Vec::new(),
    };
    wanted.faults = query.into_faults();

    let Completeness { mut items, totals, missing } = completeness::report(&state, &caller, wanted).await?;
    let next = cut(&mut items, page.limit, |last| cursor("completeness", last.due.by_organisation().each_ref().map(String::as_str)));
    let reminder = |(organisation, missing): (String, Vec<Due>)| {
        let missing = missing.into_iter().map(MissingFigure::from).collect();
        Reminder { organisation, missing }
    };
    Ok(Json(CompletenessPage {
        items: items.into_iter().map(CompletenessItem::from).collect(),
        totals: totals.into_iter().map(CompletenessTotal::from).collect(),
        remind: missing.into_iter().map(reminder).collect(),
        next,
    }))
}
