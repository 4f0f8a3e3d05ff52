//! `/v1/completeness`: submitted and missing figures of the obligations, and reminders.

use crate::domain::access::role::Caller;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::number::decimal::Decimal;
use crate::domain::reporting::completeness::{Fulfilment, Item, Tally, UnderWay};
use crate::domain::reporting::obligation::Due;
use crate::domain::submission::workflow::State as Stage;
use crate::domain::time::period::Calendar;
use crate::http::extract::page::{Page, cursor, cut};
use crate::http::extract::parameter::{date, named, period, word};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::figures::period::PeriodView;
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::reporting::completeness::{self, Completeness, CompletenessQuery};

/// An obligation for one period, and its status.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessItem {
    /// The organisation with the obligation
    #[schema(example = "H02.13")]
    organisation: String,
    /// Key of the province
    #[schema(example = "bac-ninh-2025")]
    province: String,
    /// Code of the indicator; its total is due, or all of its breakdowns
    #[schema(example = "bts-sites")]
    indicator: String,
    /// The period
    period: PeriodView,
    /// Whether the figure was submitted, and whether on time
    status: Fulfilment,
    /// Due day, until midnight in Viet Nam
    #[schema(example = "2026-11-15")]
    due_on: NaiveDate,
    /// Time of the first submission of the current content; null if nothing was submitted
    #[schema(required = true)]
    handed_in_at: Option<DateTime<Utc>>,
    /// The pending submission with this figure; null if there is none
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

/// A submission that is not yet published.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "UnderWay")]
pub struct UnderWayView {
    /// Id of the submission
    id: String,
    /// `submitted`: awaits review and counts as submitted; `returned`: needs correction and does not count as submitted
    state: Stage,
}

impl From<UnderWay> for UnderWayView {
    fn from(UnderWay { id, state }: UnderWay) -> UnderWayView {
        UnderWayView { id, state }
    }
}

/// Number of obligations of an organisation, by status.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessTotal {
    /// The organisation
    #[schema(example = "H02.13")]
    organisation: String,
    /// Submitted by the due day
    on_time: i64,
    /// Submitted after the due day
    late: i64,
    /// Due and not submitted
    missing: i64,
    /// Declared as nothing to report
    nil_declared: i64,
    /// Not yet due and not submitted
    not_due: i64,
    /// All obligations except those `not_due`
    due: i64,
    /// Due obligations with a submission
    handed_in: i64,
    /// `handed_in` ÷ `due` in percent, rounded down, so that 100 means nothing is missing; null if nothing is due
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

/// A reminder to an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reminder {
    /// The organisation
    #[schema(example = "H02.13")]
    organisation: String,
    /// Due figures that it did not submit
    missing: Vec<MissingFigure>,
}

/// A figure that is due and not submitted.
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
    /// The due day
    #[schema(example = "2026-11-15")]
    due_on: NaiveDate,
}

impl From<Due> for MissingFigure {
    fn from(Due { province, indicator, period, due_on, .. }: Due) -> MissingFigure {
        MissingFigure { province, indicator, period: period.into(), due_on }
    }
}

/// A page of obligations, with totals over all pages.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessPage {
    /// Obligations, ordered by organisation, province, indicator and due day
    items: Vec<CompletenessItem>,
    /// Totals by organisation, over all pages
    totals: Vec<CompletenessTotal>,
    /// Reminders by organisation, over all pages
    remind: Vec<Reminder>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

impl FromQuery for CompletenessQuery {
    fn from_query(query: &mut Query) -> CompletenessQuery {
        let page: Page<6> = Page::read(query, "completeness");
        let owed = "Obligations of this period, with any due day; excludes `from` and `to`";
        let from = "First due day; one month before `to` when absent";
        let to = "Last due day, at most one year after `from`; when absent one month after `from`, or today";
        let organisation = "Identifiers of organisations, separated by commas or repeated";
        let province = "Key, GSO code, ISO code or name, valid at the end of `period` or on the day `to`; several separated by commas or \
            repeated";
        CompletenessQuery {
            period: query.optional(period("period", owed).example("2026-10")),
            from: query.optional(date("from", from)),
            to: query.optional(date("to", to)),
            organisations: query.list(named("organisation", organisation).example("H02.13")),
            provinces: query.list(named("province", province).example("bac-ninh-2025")),
            calendar: query.optional(word("calendar", "Only obligations in this calendar", Calendar::parse)),
            after: page.after,
            limit: page.limit + 1,
            faults: Vec::new(),
        }
    }
}

/// Get the completeness report
///
/// Checks the obligations against the stored figures. The status is `on_time`, `late`, `missing`, `nil_declared` (nothing to report) or
/// `not_due`. The time of submission counts, not the time of approval. A figure that awaits review counts as submitted. A returned figure
/// does not count; after a new submission, the time of that new submission counts. A correction never makes a figure late. A withdrawn
/// figure is missing again. The breakdowns of an indicator can replace its total.
///
/// `totals` counts by organisation and never exceeds 100 %. `remind` lists the missing figures by organisation. Indicators that you may not
/// see are left out.
#[utoipa::path(
    tag = "reporting", security((), ("oauth2" = ["read"])), params(Parameters<CompletenessQuery>),
    responses((status = 200, description = "Submitted and missing figures", body = CompletenessPage))
)]
#[get("/v1/completeness")]
pub async fn get_completeness(
    state: Data<ServerState>,
    caller: Caller,
    query: Parameters<CompletenessQuery>,
) -> Result<Json<CompletenessPage>, Problem> {
    let (mut wanted, faults) = query.into_parts();
    wanted.faults = faults;
    let asked = wanted.limit;

    let Completeness { mut items, totals, missing } = completeness::get_completeness(&state.context, &caller, wanted).await?;
    let next = cut(&mut items, asked, |last| cursor("completeness", last.due.by_organisation().each_ref().map(String::as_str)));
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
