//! `/v1/rankings`: the provinces of a period, ranked by one indicator.

use crate::domain::access::role::Caller;
use crate::domain::message::message;
use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::attainment::TargetComparison;
use super::earlier::{AgainstEarlier, Current};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Direction;
use crate::domain::catalogue::province::Province;
use crate::domain::derivation::derived::Unavailable;
use crate::domain::derivation::territory::Geography;
use crate::domain::fault::code_list;
use crate::domain::reason::Reason;
use crate::domain::target::inherited::TargetsOf;
use crate::domain::time::period::Calendar;
use crate::http::catalogue::indicators::IndicatorRef;
use crate::http::catalogue::provinces::ProvinceRef;
use crate::http::extract::language::{Languages, Localized, ReasonText, localized};
use crate::http::extract::parameter::{as_of, date, number, period, text, word, written};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::figures::period::PeriodView;
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::figures::rankings::{self, National, Ranked, Ranking, RankingQuery};

code_list! {
    /// Sort order of a ranking.
    pub enum Order {
        /// Highest figure first.
        Descending = "descending",
        /// Lowest figure first: lower is better.
        Ascending = "ascending",
    }
}

/// The provinces of a period, ranked by the figure of one indicator.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankingTable {
    /// The indicator
    indicator: IndicatorRef,
    /// The breakdown; empty for the total
    breakdown: Breakdown,
    /// The period
    period: PeriodView,
    /// Sort order: highest or lowest figure first, from the direction of the indicator
    order: Order,
    /// Provinces with a figure, ordered by rank; limited by `top` and `bottom`
    items: Vec<RankedProvince>,
    /// Provinces without a figure
    missing: Vec<MissingProvince>,
    /// Number of provinces with a figure
    coverage: ProvincesCovered,
    /// The whole country
    national: NationalFigure,
    /// Reasons that limit the comparison between provinces: some figures are missing, estimated or bounds
    reasons: Vec<Reason>,
    /// Explanations of the reasons in the answer
    texts: Vec<ReasonText>,
}

/// Number of provinces with a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvincesCovered {
    /// Provinces with a figure
    #[schema(example = 33)]
    have: usize,
    /// All provinces of that time
    #[schema(example = 34)]
    need: usize,
}

/// A province and its rank.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankedProvince {
    /// Rank; equal figures share a rank, and the next rank is skipped (1, 2, 2, 4). Null if a bound or a range makes it uncertain
    #[schema(required = true, example = 1)]
    rank: Option<usize>,
    /// The possible ranks, if the rank is uncertain
    #[serde(skip_serializing_if = "Option::is_none")]
    rank_range: Option<RankRange>,
    /// The province
    province: ProvinceRef,
    /// The figure
    current: Option<Current>,
    /// Comparison with the same period last year
    same_period_last_year: AgainstEarlier,
    /// Comparison with the target of the period, of its year or of a later year; null if there is no target
    #[schema(required = true)]
    target: Option<TargetComparison>,
}

/// The possible ranks of a bound or a range.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankRange {
    /// Best rank: every bound and range is in favour of the province
    #[schema(example = 1)]
    from: usize,
    /// Worst rank: every bound and range is against it
    #[schema(example = 3)]
    to: usize,
}

/// A province without a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingProvince {
    /// The province
    province: ProvinceRef,
    /// Reasons for the missing figure
    reasons: Vec<Reason>,
}

/// The figure of the whole country.
#[derive(Debug, Serialize, ToSchema)]
pub struct NationalFigure {
    /// Reported for the country, or derived from all its provinces; null if neither exists
    #[schema(required = true)]
    current: Option<Current>,
    /// Reasons for the missing figure
    reasons: Vec<Reason>,
    /// Comparison with the same period last year, derived from the provinces of that time
    same_period_last_year: AgainstEarlier,
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
            reasons: national.current.as_ref().err().map(Unavailable::reasons).unwrap_or_default(),
            same_period_last_year: national.last_year.into(),
        }
    }
}

impl RankingTable {
    fn of(ranking: Ranking, languages: Languages) -> RankingTable {
        let missing = |(province, unavailable): &(Province, Unavailable)| MissingProvince {
            province: province.into(),
            reasons: unavailable.reasons(),
        };
        let missing: Vec<MissingProvince> = ranking.missing.iter().map(missing).collect();
        let national = &ranking.national;
        let reasons: Vec<Reason> = ranking.ranked.iter().flat_map(|ranked| ranked.item.reasons()).collect();
        let reasons = reasons.into_iter().chain(ranking.reasons.iter().copied()).chain(national.last_year.result.reasons.iter().copied());
        let reasons = reasons.chain(national.current.as_ref().err().map(Unavailable::reasons).unwrap_or_default());
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

/// Which ranking is made, and in which language.
pub struct RankingParameters {
    wanted: RankingQuery,
}

impl FromQuery for RankingParameters {
    fn from_query(query: &mut Query) -> RankingParameters {
        let breakdown = "`line_type:fixed` for a breakdown; the total when absent";
        let on = "Day whose provinces are ranked, with the figures of their territory; the end of the period when absent";
        let geography = "Territory of past figures: the present territory of each province, derived from its predecessor units; or the \
            figures as each unit reported them";
        let targets = "Targets for periods that began before a province existed: its own, or the sum of the targets of its predecessor \
            units, if the indicator is additive over provinces";
        let places = |name, description| {
            number(
                name,
                description,
                1..=100,
                message!(
                    en: "a number of places from 1 to 100",
                    vi: "cần số thứ hạng từ 1 đến 100"
                ),
            )
        };
        let wanted = RankingQuery {
            indicator: query.required(text("indicator", "Code of the indicator", 100).example("bts-sites")),
            breakdown: query.optional(written("breakdown", breakdown, Breakdown::parse).example("operator:viettel")).unwrap_or_default(),
            period: query.required(period("period", "The period").example("2024-H1")),
            calendar: query.optional(word("calendar", "The calendar of the period; the indicator's own when absent", Calendar::parse)),
            on: query.optional(date("on", on).example("2025-07-01")),
            geography: query.or(word("geography", geography, Geography::parse), Geography::Restated),
            targets: query.or(word("targets", targets, TargetsOf::parse), TargetsOf::Own),
            top: query.optional(places("top", "Only the first ranks, including provinces that share the last of them")),
            bottom: query.optional(places("bottom", "Only the last ranks, including provinces that share the first of them")),
            as_of: query.optional(as_of()),
            faults: Vec::new(),
        };
        RankingParameters { wanted }
    }
}

/// Rank provinces
///
/// Ranks the provinces at the end of a period by the figure of one indicator: the highest first, or the lowest if lower is better. Equal
/// figures share a rank (1, 2, 2, 4). A bound or a range has a rank only if it is certain, otherwise the possible ranks; an approximate
/// number counts as that number. Provinces without a figure are listed separately, never last. The national figure is the reported one. If
/// there is none, it is derived from all provinces: flows and stocks are added, rates are calculated from numerators and denominators. If a
/// province is missing, there is no national figure.
#[utoipa::path(
    tag = "figures", security((), ("oauth2" = ["read"])), params(Parameters<RankingParameters>),
    responses((status = 200, description = "The ranking", body = RankingTable))
)]
#[get("/v1/rankings")]
pub async fn rank_provinces(
    state: Data<ServerState>,
    caller: Caller,
    languages: Languages,
    query: Parameters<RankingParameters>,
) -> Result<Localized<RankingTable>, Problem> {
    let (RankingParameters { mut wanted }, faults) = query.into_parts();
    wanted.faults = faults;

    let ranking = rankings::rank_provinces(&state.context, &caller, wanted).await?;
    Ok(localized(RankingTable::of(ranking, languages), languages))
}
