//! Rankings: the provinces of a day ordered by one indicator, with the national figure.
//! The ranks are computed in `domain::ranking`.

use std::mem;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::compare::{Comparator, ComparatorScope, Item};
use super::selection::Parts;
use crate::context::Context;
use crate::domain::access::remit::View;
use crate::domain::access::role::Caller;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::province::{COUNTRY, Province};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::comparison::compare::{Compared, ComparedSeries};
use crate::domain::comparison::ranking::{self, places};
use crate::domain::derivation::derived::{ResolvedValue, Unavailable};
use crate::domain::derivation::territory::{Geography, Territory};
use crate::domain::fault::{LocatedFault, Location};
use crate::domain::number::quantity::Quantity;
use crate::domain::reason::Reason;
use crate::domain::target::inherited::TargetsOf;
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::{Reading, read_at};

/// A query for a ranking.
#[derive(Debug)]
pub struct RankingQuery {
    /// The code of the indicator; `None` only after a read fault.
    pub indicator: Option<String>,
    /// The breakdown.
    pub breakdown: Breakdown,
    /// The period; `None` only after a read fault.
    pub period: Option<PeriodCode>,
    /// The calendar of the period; default: the indicator's own.
    pub calendar: Option<Calendar>,
    /// The day of the list of provinces; default: the end of the period.
    pub on: Option<NaiveDate>,
    /// The geography of figures from before a reorganisation.
    pub geography: Geography,
    /// The owner of the targets for periods that began before the province was formed.
    pub targets: TargetsOf,
    /// Keep the first ranks, up to this number. Ties at the last rank are kept.
    pub top: Option<usize>,
    /// Keep the last ranks, up to this number. Ties at the first of them are kept.
    pub bottom: Option<usize>,
    /// Read the data as stored at this instant; default: now.
    pub as_of: Option<DateTime<Utc>>,
    /// Faults of the request's parameters.
    pub faults: Vec<LocatedFault>,
}

/// A ranking of all provinces by one indicator.
#[derive(Debug)]
pub struct Ranking {
    /// The indicator.
    pub indicator: Indicator,
    /// The breakdown.
    pub breakdown: Breakdown,
    /// The period.
    pub period: Period,
    /// The provinces with a figure, best first.
    pub ranked: Vec<Ranked>,
    /// The provinces without a figure, with the reason.
    pub missing: Vec<(Province, Unavailable)>,
    /// Number of provinces on the day.
    pub of: usize,
    /// The national figure, reported or derived; or the reason why it is missing.
    pub national: National,
    /// Reasons against comparing the figures of the provinces.
    pub reasons: Vec<Reason>,
}

/// A province with its rank.
#[derive(Debug)]
pub struct Ranked {
    /// The rank, or the range of possible ranks for inexact figures.
    pub place: ranking::Rank,
    /// The province.
    pub province: Province,
    /// The figure with its comparisons.
    pub item: Item,
}

/// The figure of the whole country.
#[derive(Debug)]
pub struct National {
    /// The figure, reported or derived; or the reason why it is missing.
    pub current: Result<ResolvedValue, Unavailable>,
    /// Comparison with the same period last year.
    pub last_year: Compared,
}

/// Ranks all provinces that exist at the end of a period.
///
/// # Errors
/// Parameters that name unknown indicators or breakdowns; `query_too_large`.
pub async fn rank_provinces(context: &Arc<Context>, caller: &Caller, mut wanted: RankingQuery) -> Result<Ranking, ServiceError> {
    let faults = mem::take(&mut wanted.faults);
    read_at(context, caller, wanted.as_of, faults, move |conn, Reading { context, catalogue, caller, .. }, mut faults| {
        let mut note = |parameter: &str, fault| faults.push(LocatedFault { place: Location::Parameter(parameter.to_owned()), fault });
        let found = wanted.indicator.as_ref().map(|code| catalogue.indicator(code, caller));
        let indicator = found.and_then(|found| found.map_err(|fault| note("indicator", fault)).ok()).map(|found| found.indicator);
        if let Some(fault) = indicator.and_then(|indicator| indicator.check_breakdown(&wanted.breakdown).err()) {
            note("breakdown", fault);
        }
        let (Some(indicator), Some(written), true) = (indicator, wanted.period, faults.is_empty()) else {
            return Err(ServiceError::Malformed(faults));
        };
        let period = written.in_calendar(wanted.calendar.unwrap_or(indicator.calendar));
        let questions = ComparatorScope {
            // The country brings in all its provinces of all times, because its figure may be derived from them.
            provinces: units_on(catalogue, wanted.on.unwrap_or(period.end())).chain(catalogue.provinces.get(COUNTRY)).collect(),
            indicators: vec![indicator],
            geography: wanted.geography,
            targets: wanted.targets,
            parts: &Parts::Only(vec![wanted.breakdown.clone()]),
            periods: &[written],
            as_of: wanted.as_of,
        };
        let comparing = Comparator::load(conn, &View::new(caller, catalogue), context.day_of(wanted.as_of), &questions)?;
        Ok(Ranker { catalogue, comparing, indicator, breakdown: &wanted.breakdown, period }.rank(&wanted))
    })
    .await
}

/// The provinces of a day.
fn units_on(catalogue: &Catalogue, day: NaiveDate) -> impl Iterator<Item = &Province> {
    catalogue.provinces.iter().filter(move |province| province.existed_on(day))
}

/// The data of a ranking.
struct Ranker<'q> {
    catalogue: &'q Catalogue,
    comparing: Comparator<'q>,
    indicator: &'q Indicator,
    breakdown: &'q Breakdown,
    period: Period,
}

impl Ranker<'_> {
    fn rank(&self, wanted: &RankingQuery) -> Ranking {
        let (mut ranked, mut missing) = (Vec::new(), Vec::new());
        for province in units_on(self.catalogue, wanted.on.unwrap_or(self.period.end())) {
            let territory = self.comparing.territory(province, self.indicator);
            match territory.resolve(self.indicator, self.breakdown, self.period) {
                Ok(current) => ranked.push((province, territory, current)),
                Err(unavailable) => missing.push((province.clone(), unavailable)),
            }
        }
        let of = ranked.len() + missing.len();
        let figures: Vec<Quantity> = ranked.iter().map(|(_, _, current)| current.figure.quantity).collect();
        let formed: Vec<&ResolvedValue> = ranked.iter().map(|(_, _, current)| current).collect();
        let reasons = ranking::reasons_against(self.catalogue, self.indicator, &formed, missing.is_empty());
        let places = places(self.indicator.direction, &figures);
        let asked = ranked.into_iter().zip(places).filter(|(_, place)| place.is_among(wanted.top, wanted.bottom));
        let hold = |((province, territory, current), place): ((&Province, Territory, ResolvedValue), ranking::Rank)| {
            let item = self.comparing.hold(province, self.indicator, self.breakdown.clone(), self.period, Ok(current), &territory);
            Ranked { place, province: province.clone(), item }
        };
        let mut ranked: Vec<Ranked> = asked.map(hold).collect();
        ranked.sort_by(|a, b| (a.place.best, a.place.worst, &a.province.key).cmp(&(b.place.best, b.place.worst, &b.province.key)));
        let (indicator, breakdown) = (self.indicator.clone(), self.breakdown.clone());
        Ranking { indicator, breakdown, period: self.period, ranked, missing, of, national: self.national(), reasons }
    }

    /// The national figure with last year's. The territory of the country never changes.
    fn national(&self) -> National {
        let country = self.catalogue.provinces.get(COUNTRY).map(|country| self.comparing.territory(country, self.indicator));
        let country = country.unwrap_or_default();
        let current = country.resolve(self.indicator, self.breakdown, self.period);
        let series = ComparedSeries { catalogue: self.catalogue, indicator: self.indicator, breakdown: self.breakdown, known: &country };
        let last_year = series.with_last_year(self.period, &current);
        National { current, last_year }
    }
}
