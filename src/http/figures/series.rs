//! `/v1/series`: figures over periods.

use crate::domain::access::role::Caller;
use crate::domain::message::message;
use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::provenance::Provenance;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::comparison::units::Units;
use crate::domain::derivation::territory::Geography;
use crate::domain::fault::{Code, Fault};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;
use crate::domain::observation::observation::Vintage;
use crate::domain::reason::Reason;
use crate::domain::time::period::{Calendar, Frequency};
use crate::domain::time::period_code::PeriodCode;
use crate::domain::time::period_type::PeriodType;
use crate::http::catalogue::indicators::IndicatorRef;
use crate::http::catalogue::provinces::{Notice, ProvinceRef};
use crate::http::extract::language::{Languages, Localized, localized};
use crate::http::extract::page::{Page, cursor};
use crate::http::extract::parameter::{as_of, as_sent, boolean, named, number, period_or_day, word};
use crate::http::extract::query::{FromQuery, LONGEST_LIST, Parameters, Query};
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::figures::selection::Parts;
use crate::service::figures::series::{self, Item, Point, SeriesQuery};

/// Figures of one indicator, province and breakdown over periods.
#[derive(Debug, Serialize, ToSchema)]
pub struct Series {
    /// The province, resolved at the end of `to`
    province: ProvinceRef,
    /// The indicator
    indicator: IndicatorRef,
    /// The breakdown; empty for the total
    breakdown: Breakdown,
    /// Units of the values
    units: Units,
    /// The requested frequency; null for all
    #[schema(required = true)]
    frequency: Option<Frequency>,
    /// Type of the periods, one for all points; null without points
    #[schema(required = true)]
    period_type: Option<PeriodType>,
    /// The calendar
    calendar: Calendar,
    /// Territory of past figures
    geography: Geography,
    /// With `as_reported`: keys of the predecessor units, whose series are in the same answer. This series begins on the first day of the
    /// province
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    formed_from: Vec<String>,
    /// The points, ordered by the end of their period
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
    /// The value in the requested units; null for a range, or if it cannot be derived (see `reasons`)
    #[schema(required = true, example = 1596)]
    value: Option<Decimal>,
    /// Lower end of a range
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Decimal>,
    /// Upper end of a range
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<Decimal>,
    /// Observation status; null without a figure
    #[schema(required = true)]
    status: Option<Status>,
    /// Relation of the number to the true value; null without a figure
    #[schema(required = true)]
    bound: Option<Bound>,
    /// Reference date of a stock, if the report states it
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<NaiveDate>,
    #[serde(flatten)]
    provenance: Provenance,
    /// Reasons that limit or exclude the value
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    reasons: Vec<Reason>,
    /// Revision of the figure; only if the request has a `vintage` other than `latest`
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<PointRevision>,
}

/// The revision of a figure that a point shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointRevision {
    /// 1 for the first, one more for each change
    #[schema(example = 1)]
    number: i32,
    /// Reason for the revision, if one was given
    #[schema(required = true)]
    reason: Option<String>,
    /// Time of storing
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
                Err(unavailable) => unavailable.into(),
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
    /// The series, ordered by province, indicator, breakdown and type of period
    items: Vec<Series>,
    /// Cursor of the next page; null on the last page
    #[schema(required = true)]
    next: Option<String>,
    /// Other provinces that the codes and names of the request meant in the time asked for; absent if there are none
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    notices: Vec<Notice>,
}

impl FromQuery for SeriesQuery {
    fn from_query(query: &mut Query) -> SeriesQuery {
        let units = "Compared with a year ago: `lin` level (when absent), `ch1` change, `pc1` percent change, `idx1` index, `pp1` \
            percentage points";
        let units = query.or(word("units", units, Units::parse), Units::Level);
        let frequency = "Months, quarters, half-years or years. Figures without a report are derived from other periods or breakdowns; \
            null if that is impossible. When absent, only reported figures";
        let frequency = query.optional(word("frequency", frequency, Frequency::parse));
        let cumulative = query.or(boolean("cumulative", "Year-to-date values, from the beginning of each year (lũy kế)"), false);
        let page: Page<2> = Page::of(query, "series", "Maximum number of pairs of province and indicator on a page");
        let vintage = "Revisions: the `first` figure of each period, the `latest` (when absent), or `all` revisions in the order of \
            reporting";
        let vintage = query.or(word("vintage", vintage, Vintage::parse), Vintage::Latest);
        let geography = "Territory of past figures: the present territory of the province, derived from its predecessor units (when \
            absent); or one series for each predecessor unit, as it reported";
        let geography = query.optional(word("geography", geography, Geography::parse));
        let province = "Key, GSO code, ISO code or name, valid at the end of `to` (today when absent); several separated by commas or \
            repeated; `all` for the provinces of that day";
        let indicator = "Codes of indicators; several separated by commas or repeated";
        let calendar = "The calendar of all periods; each indicator's own when absent";
        let last = number(
            "last",
            "Only this number of points at the end of each series",
            1..=10_000,
            message!(
                en: "`last` is 1 to 10000 points",
                vi: "`last` là 1 đến 10000 điểm"
            ),
        );
        let wanted = SeriesQuery {
            provinces: query.required_list(named("province", province).example("24")),
            indicators: query.required_list(named("indicator", indicator).example("bts-sites")),
            parts: read_parts(query),
            calendar: query.optional(word("calendar", calendar, Calendar::parse)),
            from: query.optional(period_or_day("from", "First period, or first day").example("2024-01")),
            to: query.optional(period_or_day("to", "Last period, or last day").example("2024-06")),
            last: query.optional(last),
            frequency,
            cumulative,
            geography: geography.unwrap_or(if vintage == Vintage::All { Geography::AsReported } else { Geography::Restated }),
            units,
            vintage,
            as_of: query.optional(as_of()),
            after: page.after.map(|[province, indicator]| (province, indicator)),
            limit: page.limit,
            faults: Vec::new(),
        };
        note_contradictions(&wanted, geography, query);
        wanted
    }
}

/// Notes parameters that contradict each other.
fn note_contradictions(wanted: &SeriesQuery, geography: Option<Geography>, query: &mut Query) {
    let all = wanted.vintage == Vintage::All;
    if all && (wanted.frequency.is_some() || wanted.cumulative || wanted.units != Units::Level) {
        let message = message!(
            en: "all revisions are given as they were reported: without `frequency`, `cumulative` and `units`",
            vi: "mọi bản sửa đổi được nêu như đã báo cáo: không dùng `frequency`, `cumulative` và `units`"
        );
        query.note("vintage", Fault::new(Code::InvalidValue, message).allowing([Vintage::First.as_str(), Vintage::Latest.as_str()]));
    }
    if all && geography == Some(Geography::Restated) {
        let message = message!(
            en: "all revisions are given as each unit reported them",
            vi: "mọi bản sửa đổi được nêu như từng đơn vị đã báo cáo"
        );
        query.note("geography", Fault::new(Code::InvalidValue, message).allowing([Geography::AsReported.as_str()]));
    }
    let civil = |period: PeriodCode| period.in_calendar(Calendar::Civil);
    if wanted.from.zip(wanted.to).is_some_and(|(from, to)| civil(from).start() > civil(to).end()) {
        query.note(
            "from",
            Fault::new(
                Code::InvalidValue,
                message!(
                    en: "`from` begins after `to` has ended",
                    vi: "`from` bắt đầu sau khi `to` kết thúc"
                ),
            ),
        );
    }
}

/// List series
///
/// Lists figures of provinces and indicators over periods, as levels or compared with the same period a year ago. Months, quarters,
/// half-years, nine months, years, years to date and intervals are never mixed in one series: each type of period that was reported has
/// its own. A value that cannot be derived is null with its reasons, never 0. For periods before a merger, the figures come from the predecessor units: flows and stocks
/// are added, rates are recalculated from numerators and denominators, and other figures are `not_additive`, with their parts. National
/// figures are the reported ones, otherwise derived in the same way from all provinces.
#[utoipa::path(
    tag = "figures", security((), ("oauth2" = ["read"])), params(Parameters<SeriesQuery>),
    responses((status = 200, description = "The series", body = SeriesPage))
)]
#[get("/v1/series")]
pub async fn list_series(
    state: Data<ServerState>,
    caller: Caller,
    languages: Languages,
    query: Parameters<SeriesQuery>,
) -> Result<Localized<SeriesPage>, Problem> {
    let (mut wanted, faults) = query.into_parts();
    wanted.faults = faults;
    let SeriesQuery { units, frequency, geography, .. } = wanted;

    let found = series::list_series(&state.context, &caller, wanted).await?;
    let view = |item: Item| Series {
        province: (&item.province).into(),
        indicator: (&item.indicator).into(),
        breakdown: item.breakdown,
        units,
        frequency,
        period_type: item.period_type,
        calendar: item.calendar,
        geography,
        formed_from: item.formed_from,
        observations: item.points.into_iter().map(SeriesPoint::from).collect(),
    };
    let next = found.next.map(|(province, indicator)| cursor("series", [&province, &indicator]));
    let notices = found.notices.iter().map(|found| Notice::of(found, languages)).collect();
    Ok(localized(SeriesPage { items: found.items.into_iter().map(view).collect(), next, notices }, languages))
}

/// Reads `breakdown`: breakdowns, or `*` for all.
pub(crate) fn read_parts(query: &mut Query) -> Parts {
    let description = "`line_type:fixed` for a breakdown, repeated for several, `*` for all; the total when absent";
    let texts = query.repeated(as_sent("breakdown", description).example("*"));
    if texts.len() > LONGEST_LIST {
        query.note(
            "breakdown",
            Fault::new(
                Code::InvalidValue,
                message!(
                    en: "at most {LONGEST_LIST} breakdowns at a time",
                    vi: "nhiều nhất {LONGEST_LIST} phân tổ mỗi lần"
                ),
            ),
        );
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
