//! `/v1/series`: figures over periods.

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::page::{Page, cursor};
use super::problem::Problem;
use super::request::{Asking, LONGEST_LIST, Query, boolean, instant};
use super::view::{IndicatorRef, Provenance, ProvinceRef};
use crate::domain::breakdown::Breakdown;
use crate::domain::decimal::Decimal;
use crate::domain::fault::{Code, Fault};
use crate::domain::figure::Status;
use crate::domain::observation::Vintage;
use crate::domain::period::{Calendar, Frequency, WrittenPeriod};
use crate::domain::quantity::Bound;
use crate::domain::reason::Reason;
use crate::domain::territory::Geography;
use crate::domain::units::Units;
use crate::service::selection::Parts;
use crate::service::series::{self, Item, Point, Wanted};
use crate::state::State;

/// One indicator of one province and part, over periods.
#[derive(Debug, Serialize, ToSchema)]
pub struct Series {
    /// The province that the code or name meant at the end of `to`
    province: ProvinceRef,
    /// The indicator
    indicator: IndicatorRef,
    /// The breakdown; empty for the total
    breakdown: Breakdown,
    /// What the values are given in
    units: Units,
    /// The frequency asked for; null for all
    #[schema(required = true)]
    frequency: Option<Frequency>,
    /// The calendar
    calendar: Calendar,
    /// In which territory figures of the past are given
    geography: Geography,
    /// With `as_reported`: keys of the units it was formed from, whose series stand beside it. The series breaks on the first day of
    /// the province
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    formed_from: Vec<String>,
    /// The points, by the end of their period
    observations: Vec<SeriesPoint>,
}

/// One point of a series.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesPoint {
    /// The period
    #[schema(example = "2024-05")]
    period: String,
    /// First day
    start: NaiveDate,
    /// Last day
    end: NaiveDate,
    /// The value in the units asked for; null where it cannot be formed, and `reasons` say why, or where the figure is a range
    #[schema(required = true, example = 1596)]
    value: Option<Decimal>,
    /// Lower end of a figure that is a range
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Decimal>,
    /// Upper end of a figure that is a range
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<Decimal>,
    /// How final the figure is; null where there is none
    #[schema(required = true)]
    status: Option<Status>,
    /// How the number of the figure bounds the true one; null where there is none
    #[schema(required = true)]
    bound: Option<Bound>,
    /// The day that a state was counted on, where the report says so
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<NaiveDate>,
    #[serde(flatten)]
    provenance: Provenance,
    /// What stands against the value
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    reasons: Vec<Reason>,
    /// Which revision of the figure this is; only where a `vintage` other than the latest is asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<PointRevision>,
}

/// Which revision of a figure a point shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointRevision {
    /// 1 for the first, one more for each change
    #[schema(example = 1)]
    number: i32,
    /// Why it replaced the revision before, where somebody said so
    #[schema(required = true)]
    reason: Option<String>,
    /// When it was recorded
    recorded_at: DateTime<Utc>,
}

impl From<Point> for SeriesPoint {
    fn from(point: Point) -> SeriesPoint {
        let period = point.period;
        let figure = point.formed.as_ref().ok().map(|formed| &formed.figure);
        let interval = figure.and_then(|figure| figure.quantity.interval());
        SeriesPoint {
            period: period.to_string(),
            start: period.start(),
            end: period.end(),
            value: point.value,
            low: interval.map(|ends| ends.low),
            high: interval.map(|ends| ends.high),
            status: figure.map(|figure| figure.status),
            bound: figure.map(|figure| figure.quantity.bound()),
            as_of: figure.and_then(|figure| figure.as_of),
            provenance: match &point.formed {
                Ok(formed) => formed.into(),
                Err(unformed) => unformed.into(),
            },
            reasons: point.reasons,
            revision: point.revision.map(|revision| PointRevision {
                number: revision.number,
                reason: revision.reason,
                recorded_at: revision.recorded_at,
            }),
        }
    }
}

/// A page of series.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesPage {
    /// The series, by province, indicator and part
    items: Vec<Series>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
}

/// Which series are read, and how.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct SeriesParams {
    /// Key, GSO code, ISO code or name; several separated by commas or repeated. A code or name is meant at the end of `to` (today
    /// when absent)
    #[param(example = "24", min_length = 1)]
    province: String,
    /// Codes of indicators; several separated by commas or repeated
    #[param(example = "bts-sites", min_length = 1)]
    indicator: String,
    /// The first period
    #[param(example = "2024-01")]
    from: Option<String>,
    /// The last period
    #[param(example = "2024-06")]
    to: Option<String>,
    /// Only the last so many points
    #[param(minimum = 1, maximum = 10_000)]
    last: Option<usize>,
    /// Months, quarters, half-years or years, formed from other periods or parts where they were not reported; null where they
    /// cannot be. Only what was reported when absent
    #[param(inline)]
    frequency: Option<Frequency>,
    /// Count from the beginning of each year (lũy kế)
    #[param(default = false)]
    cumulative: Option<bool>,
    /// `lin` level (when absent), `ch1` change, `pc1` percent change, `idx1` index, `pp1` points on a year ago
    #[param(inline)]
    units: Option<Units>,
    /// `line_type:fixed` for a part, repeated for several, `*` for all; the total when absent
    #[param(example = "*")]
    breakdown: Option<String>,
    /// The calendar of all periods; each indicator's own when absent
    #[param(inline)]
    calendar: Option<Calendar>,
    /// The territory of figures of the past: the present one of the province, formed from the units it was formed from (when
    /// absent); or one series for each of these units, as it reported
    #[param(inline)]
    geography: Option<Geography>,
    /// Made of the `first` figures of each period, the `latest` (when absent), or `all` revisions one after the other, as they
    /// were reported
    #[param(inline)]
    vintage: Option<Vintage>,
    /// Vintage: the figures as served at this past instant (RFC 3339)
    as_of: Option<DateTime<Utc>>,
    /// Pairs of province and indicator on a page
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<usize>,
    /// `next` of the previous page
    cursor: Option<String>,
}

/// Read series
///
/// Figures of provinces and indicators over periods, as levels or against the same period a year ago. A value that
/// cannot be formed is null with its reasons, never 0. Before a province was formed from others, its figures are theirs: flows and
/// stocks add up, rates recombine from numerators and denominators, and the rest is `not_additive`, with the parts shown. The country's
/// figures are those reported for it, else formed so from all its provinces.
#[utoipa::path(
    tag = "figures", operation_id = "list_series", security((), ("oauth2" = ["read"])), params(SeriesParams),
    responses((status = 200, description = "The series", body = SeriesPage))
)]
#[get("/v1/series")]
pub async fn list(state: Data<State>, Asking(caller): Asking, mut query: Query) -> Result<Json<SeriesPage>, Problem> {
    let units = query.one("units", Units::parse).unwrap_or(Units::Level);
    let frequency = query.one("frequency", Frequency::parse);
    let cumulative = query.one("cumulative", boolean).unwrap_or(false);
    let page: Page<2> = Page::read(&mut query, "series");
    let vintage = query.one("vintage", Vintage::parse).unwrap_or(Vintage::Latest);
    let geography = query.one("geography", Geography::parse);
    let mut wanted = Wanted {
        provinces: query.required_list("province"),
        indicators: query.required_list("indicator"),
        parts: read_parts(&mut query),
        calendar: query.one("calendar", Calendar::parse),
        from: query.one("from", WrittenPeriod::parse),
        to: query.one("to", WrittenPeriod::parse),
        last: query.one("last", |text| {
            let points = text.parse().ok().filter(|points| (1..=10_000).contains(points));
            points.ok_or_else(|| Fault::new(Code::InvalidValue, "`last` is 1 to 10000 points"))
        }),
        frequency,
        cumulative,
        geography: geography.unwrap_or(if vintage == Vintage::All { Geography::AsReported } else { Geography::Restated }),
        units,
        vintage,
        as_of: query.one("as_of", instant),
        after: page.after.map(|[province, indicator]| (province, indicator)),
        limit: page.limit,
        faults: Vec::new(),
    };
    if wanted.vintage == Vintage::All && (frequency.is_some() || cumulative || units != Units::Level) {
        let message = "all revisions are given as they were reported: without `frequency`, `cumulative` and `units`";
        query.note("vintage", Fault::new(Code::InvalidValue, message).allowing([Vintage::First.as_str(), Vintage::Latest.as_str()]));
    }
    if wanted.vintage == Vintage::All && geography == Some(Geography::Restated) {
        let message = "all revisions are given as each unit reported them";
        query.note("geography", Fault::new(Code::InvalidValue, message).allowing([Geography::AsReported.as_str()]));
    }
    let geography = wanted.geography;
    let civil = |period: WrittenPeriod| period.in_calendar(Calendar::Civil);
    if wanted.from.zip(wanted.to).is_some_and(|(from, to)| civil(from).start() > civil(to).end()) {
        query.note("from", Fault::new(Code::InvalidValue, "`from` begins after `to` has ended"));
    }
    wanted.faults = query.into_faults();

    let found = series::list(&state, &caller, wanted).await?;
    let view = |item: Item| Series {
        province: (&item.province).into(),
        indicator: (&item.indicator).into(),
        breakdown: item.breakdown,
        units,
        frequency,
        calendar: item.calendar,
        geography,
        formed_from: item.formed_from,
        observations: item.points.into_iter().map(SeriesPoint::from).collect(),
    };
    let next = found.next.map(|(province, indicator)| cursor("series", [&province, &indicator]));
    Ok(Json(SeriesPage { items: found.items.into_iter().map(view).collect(), next }))
}

/// Reads `breakdown`: parts, or `*` for all.
pub(super) fn read_parts(query: &mut Query) -> Parts {
    let texts = query.repeated("breakdown", |text| Ok(text.to_owned()));
    if texts.len() > LONGEST_LIST {
        query.note("breakdown", Fault::new(Code::InvalidValue, format!("at most {LONGEST_LIST} breakdowns at a time")));
        return Parts::All;
    }
    match texts.as_slice() {
        [] => Parts::Only(vec![Breakdown::default()]),
        [all] if all == "*" => Parts::All,
        texts => {
            let (parts, faults): (Vec<_>, Vec<_>) = texts.iter().map(|text| Breakdown::parse(text)).partition(Result::is_ok);
            faults.into_iter().filter_map(Result::err).for_each(|fault| query.note("breakdown", fault));
            Parts::Only(parts.into_iter().flatten().collect())
        }
    }
}
