//! `/v1/rankings`: all provinces of a time by one indicator.

use actix_web::web::Data;
use actix_web::{HttpRequest, get};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::comparisons::{AgainstEarlier, Current, TargetComparison};
use super::language::{Languages, ReasonText, Spoken, spoken};
use super::problem::Problem;
use super::request::{Asking, Query, instant};
use super::view::{IndicatorRef, PeriodView, ProvinceRef};
use crate::domain::breakdown::Breakdown;
use crate::domain::fault::{Code, Fault, words};
use crate::domain::formed::Unformed;
use crate::domain::indicator::Direction;
use crate::domain::period::{Calendar, WrittenPeriod};
use crate::domain::province::Province;
use crate::domain::reason::Reason;
use crate::domain::sentence::Language;
use crate::domain::succession::TargetsOf;
use crate::domain::territory::Geography;
use crate::domain::text::{self, parse_date};
use crate::service::rankings::{self, National, Ranked, Ranking, Wanted};
use crate::state::State;

/// The most that `top` and `bottom` ask for.
const MOST: usize = 100;

words! {
    /// Which figures come first.
    pub enum Order {
        /// The highest.
        Descending = "descending",
        /// The lowest: lower is better.
        Ascending = "ascending",
    }
}

/// All provinces of a time by the figure of one indicator.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankingTable {
    /// The indicator
    indicator: IndicatorRef,
    /// The breakdown; empty for the total
    breakdown: Breakdown,
    /// The period
    period: PeriodView,
    /// Whether the highest or the lowest come first, by the direction of the indicator
    order: Order,
    /// The provinces that have a figure, by their place; those asked for by `top` and `bottom`
    items: Vec<RankedProvince>,
    /// The provinces that have none
    missing: Vec<MissingProvince>,
    /// How many of the provinces have a figure
    coverage: ProvincesCovered,
    /// The whole country
    national: NationalFigure,
    /// What stands against holding the figures against each other: some are missing, estimated, or bounds
    reasons: Vec<Reason>,
    /// What the reasons in the answer mean
    texts: Vec<ReasonText>,
}

/// How many of the provinces have a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvincesCovered {
    /// Provinces with a figure
    #[schema(example = 33)]
    have: usize,
    /// Provinces that there were
    #[schema(example = 34)]
    need: usize,
}

/// A province and its place.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankedProvince {
    /// The place; equal figures share one, and the next comes after all of them. Null where a bound or a range leaves it open
    #[schema(required = true, example = 1)]
    rank: Option<usize>,
    /// The places it can have, where that is open
    #[serde(skip_serializing_if = "Option::is_none")]
    rank_range: Option<RankRange>,
    /// The province
    province: ProvinceRef,
    /// The figure
    current: Option<Current>,
    /// Against the same period last year
    same_period_last_year: AgainstEarlier,
    /// Against the target of the period or its year, or of a later year on the way; null where there is none
    #[schema(required = true)]
    target: Option<TargetComparison>,
}

/// The places that a bound or a range can have.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankRange {
    /// If every bound and range turns out in its favour
    #[schema(example = 1)]
    from: usize,
    /// If none does
    #[schema(example = 3)]
    to: usize,
}

/// A province without a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingProvince {
    /// The province
    province: ProvinceRef,
    /// Why there is none
    reasons: Vec<Reason>,
}

/// The figure of the whole country.
#[derive(Debug, Serialize, ToSchema)]
pub struct NationalFigure {
    /// As reported for the country, or formed from all its provinces; null where neither can be
    #[schema(required = true)]
    current: Option<Current>,
    /// Why there is none
    reasons: Vec<Reason>,
    /// Against the same period last year, formed from the provinces of that time
    same_period_last_year: AgainstEarlier,
}

/// Nothing is on record, or what is cannot make the figure.
fn why(unformed: &Unformed) -> Vec<Reason> {
    let missing = unformed.is_of_nothing() && unformed.reason == Reason::LowCoverage;
    vec![if missing { Reason::CurrentMissing } else { unformed.reason }]
}

impl From<Ranked> for RankedProvince {
    fn from(ranked: Ranked) -> RankedProvince {
        let Ranked { place, province, item } = ranked;
        let open = place.certain().is_none();
        RankedProvince {
            rank: place.certain(),
            rank_range: open.then_some(RankRange { from: place.best, to: place.worst }),
            province: (&province).into(),
            current: item.current.as_ref().ok().map(Current::from),
            same_period_last_year: item.last_year.into(),
            target: item.target.map(TargetComparison::from),
        }
    }
}

impl From<National> for NationalFigure {
    fn from(national: National) -> NationalFigure {
        NationalFigure {
            current: national.current.as_ref().ok().map(Current::from),
            reasons: national.current.as_ref().err().map(why).unwrap_or_default(),
            same_period_last_year: national.last_year.into(),
        }
    }
}

impl RankingTable {
    fn of(ranking: Ranking, languages: Languages) -> RankingTable {
        let missing = |(province, unformed): &(Province, Unformed)| MissingProvince { province: province.into(), reasons: why(unformed) };
        let missing: Vec<MissingProvince> = ranking.missing.iter().map(missing).collect();
        let national = &ranking.national;
        let reasons: Vec<Reason> = ranking.ranked.iter().flat_map(|ranked| ranked.item.reasons()).collect();
        let reasons = reasons.into_iter().chain(ranking.reasons.iter().copied()).chain(national.last_year.result.reasons.iter().copied());
        let reasons = reasons.chain(national.current.as_ref().err().map(why).unwrap_or_default());
        let texts = languages.texts(reasons.chain(missing.iter().flat_map(|missing| missing.reasons.iter().copied())));
        let coverage = ProvincesCovered { have: ranking.of - missing.len(), need: ranking.of };
        RankingTable {
            order: if ranking.indicator.direction == Direction::Down { Order::Ascending } else { Order::Descending },
            indicator: (&ranking.indicator).into(),
            breakdown: ranking.breakdown,
            period: ranking.period.into(),
            items: ranking.ranked.into_iter().map(RankedProvince::from).collect(),
            missing,
            coverage,
            national: ranking.national.into(),
            reasons: ranking.reasons,
            texts,
        }
    }
}

/// Which ranking is made.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct RankingParams {
    /// Code of the indicator
    #[param(example = "bts-sites")]
    indicator: String,
    /// The period
    #[param(example = "2024-H1")]
    period: String,
    /// `line_type:fixed` for a part; the total when absent
    #[param(example = "operator:viettel")]
    breakdown: Option<String>,
    /// The calendar of the period; the indicator's own when absent
    #[param(inline)]
    calendar: Option<Calendar>,
    /// The provinces that there were on this day, with the figures of their territory; at the end of the period when absent
    #[param(example = "2025-07-01")]
    on: Option<NaiveDate>,
    /// The territory of figures of the past: the present one of each province, formed from the units it was formed from; or as each
    /// unit reported them
    #[param(inline)]
    geography: Option<Geography>,
    /// Whose targets count of periods that began before a province was formed: its own, or the sum of those of the units it was
    /// formed from, where the indicator adds up over provinces
    #[param(inline)]
    targets: Option<TargetsOf>,
    /// Only the first so many, and those that share the last of these places
    #[param(minimum = 1, maximum = 100)]
    top: Option<usize>,
    /// Only the last so many, and those that share the first of these places
    #[param(minimum = 1, maximum = 100)]
    bottom: Option<usize>,
    /// Vintage: the figures as served at this past instant (RFC 3339)
    as_of: Option<DateTime<Utc>>,
    /// The language of texts; when absent the one that `Accept-Language` prefers, without it both
    #[param(inline)]
    lang: Option<Language>,
}

/// Rank provinces
///
/// All provinces that there were at the end of a period, by the figure of one indicator: the highest first, or the lowest where lower
/// is better. Equal figures share a place (1, 2, 2, 4). A bound or a range has a place only where that is certain, else the
/// places it can have; what is about a number counts as that number. Provinces without a figure are listed apart, never last.
/// The country's figure is the one reported for it; else all provinces make it, flows and stocks by adding up, rates from numerators
/// and denominators, and where one is missing there is none.
#[utoipa::path(
    tag = "figures", operation_id = "rank", security((), ("oauth2" = ["read"])), params(RankingParams),
    responses((status = 200, description = "The ranking", body = RankingTable))
)]
#[get("/v1/rankings")]
pub async fn rank(
    state: Data<State>,
    Asking(caller): Asking,
    request: HttpRequest,
    mut query: Query,
) -> Result<Spoken<RankingTable>, Problem> {
    let languages = Languages::read(&mut query, &request);
    let mut wanted = Wanted {
        indicator: query.required("indicator", |value| text::clean(value, 100)),
        breakdown: query.one("breakdown", Breakdown::parse).unwrap_or_default(),
        period: query.required("period", WrittenPeriod::parse),
        calendar: query.one("calendar", Calendar::parse),
        on: query.one("on", parse_date),
        geography: query.one("geography", Geography::parse).unwrap_or(Geography::Restated),
        targets: query.one("targets", TargetsOf::parse).unwrap_or(TargetsOf::Own),
        top: query.one("top", how_many),
        bottom: query.one("bottom", how_many),
        as_of: query.one("as_of", instant),
        faults: Vec::new(),
    };
    wanted.faults = query.into_faults();

    let ranking = rankings::rank(&state, &caller, wanted).await?;
    Ok(spoken(RankingTable::of(ranking, languages)))
}

fn how_many(text: &str) -> Result<usize, Fault> {
    let number = text.parse().ok().filter(|number| (1..=MOST).contains(number));
    number.ok_or_else(|| Fault::new(Code::InvalidValue, format!("a number of places from 1 to {MOST}")))
}
