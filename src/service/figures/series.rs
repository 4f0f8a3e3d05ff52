//! Series: figures over periods, as levels or as changes on a year ago.
//! The units of the values are computed in `domain::units`.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};

use super::cost::{OF_THE_COUNTRY, Work};
use super::figure_set::{FigureSet, LoadScope};
use super::selection::{Parts, breakdowns, check_parts, other_meanings, resolvable, resolve_indicators, resolve_provinces, years_around};
use crate::context::Context;
use crate::domain::access::remit::View;
use crate::domain::access::role::Caller;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::{Indicator, Versioned};
use crate::domain::catalogue::other_meaning::OtherMeaning;
use crate::domain::catalogue::province::{COUNTRY, Province};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::comparison::compare::ComparedSeries;
use crate::domain::comparison::units::Units;
use crate::domain::derivation::derived::{ResolvedValue, Unavailable};
use crate::domain::derivation::resolve::value_of_revision;
use crate::domain::derivation::territory::{Geography, Territory};
use crate::domain::fault::{LocatedFault, Location};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Quantity;
use crate::domain::observation::observation::{Observation, Vintage};
use crate::domain::reason::Reason;
use crate::domain::time::period::{Calendar, Frequency, Period};
use crate::domain::time::period_code::PeriodCode;
use crate::domain::time::period_type::PeriodType;
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::{Reading, read_at};
use crate::store::observations::Revisions;

/// A query for series.
#[derive(Debug)]
pub struct SeriesQuery {
    /// Keys, codes or names of provinces.
    pub provinces: Vec<String>,
    /// Codes of indicators.
    pub indicators: Vec<String>,
    /// The breakdowns.
    pub parts: Parts,
    /// The calendar; default: the indicator's own.
    pub calendar: Option<Calendar>,
    /// The first period of the range.
    pub from: Option<PeriodCode>,
    /// The last period of the range.
    pub to: Option<PeriodCode>,
    /// Keep only the last points of each series, up to this number.
    pub last: Option<usize>,
    /// The frequency of the points; missing points are derived. Default: reported points only.
    pub frequency: Option<Frequency>,
    /// Year-to-date points.
    pub cumulative: bool,
    /// The geography of figures from before a reorganisation: the present territory, or each unit of the lineage with its own figures.
    pub geography: Geography,
    /// The units of the values.
    pub units: Units,
    /// The revisions of the points.
    pub vintage: Vintage,
    /// Read the data as stored at this instant; default: now.
    pub as_of: Option<DateTime<Utc>>,
    /// The last province and indicator of the page before.
    pub after: Option<(String, String)>,
    /// Page size, in pairs of province and indicator.
    pub limit: usize,
    /// Faults of the request's parameters.
    pub faults: Vec<LocatedFault>,
}

/// One series.
#[derive(Debug)]
pub struct Item {
    /// The province.
    pub province: Province,
    /// The indicator.
    pub indicator: Indicator,
    /// The breakdown.
    pub breakdown: Breakdown,
    /// The type of the points' periods; `None` without points.
    pub period_type: Option<PeriodType>,
    /// The calendar of the points.
    pub calendar: Calendar,
    /// The keys of the predecessors whose own figures are left out of the series.
    pub formed_from: Vec<String>,
    /// The points, by period.
    pub points: Vec<Point>,
}

/// A point of a series.
#[derive(Debug)]
pub struct Point {
    /// The period.
    pub period: Period,
    /// The figure, or the reason why it is missing.
    pub formed: Result<ResolvedValue, Unavailable>,
    /// The value in the requested units; `None` if there is no single number, as for a range.
    pub value: Option<Decimal>,
    /// The reasons against comparing the value.
    pub reasons: Vec<Reason>,
    /// The revision of the point; only if a vintage other than the latest is requested.
    pub revision: Option<Revision>,
}

impl Point {
    /// True if the period has neither a figure nor a nil declaration.
    fn is_unknown(&self) -> bool {
        self.formed.as_ref().is_err_and(|unavailable| unavailable.declared_by.is_none())
    }
}

/// The revision of a point.
#[derive(Debug)]
pub struct Revision {
    /// Number of the revision, from 1.
    pub number: i32,
    /// The stated reason for the revision, if any.
    pub reason: Option<String>,
    /// Time of recording.
    pub recorded_at: DateTime<Utc>,
}

impl Revision {
    fn of(observation: &Observation) -> Revision {
        Revision { number: observation.revision, reason: observation.reason.clone(), recorded_at: observation.recorded_at }
    }
}

/// One page of series.
#[derive(Debug)]
pub struct Page {
    /// The series.
    pub items: Vec<Item>,
    /// The last province and indicator of the page, if there are more.
    pub next: Option<(String, String)>,
    /// Other provinces that the codes and names meant in the time asked for.
    pub notices: Vec<OtherMeaning>,
}

/// Lists series by province, indicator, breakdown and type of period.
///
/// # Errors
/// Unknown provinces, indicators, breakdowns or units; `query_too_large`.
pub async fn list_series(context: &Arc<Context>, caller: &Caller, mut wanted: SeriesQuery) -> Result<Page, ServiceError> {
    let faults = mem::take(&mut wanted.faults);
    read_at(context, caller, wanted.as_of, faults, move |conn, Reading { context, catalogue, caller, .. }, mut faults| {
        let end = |to: PeriodCode| to.in_calendar(wanted.calendar.unwrap_or(Calendar::Civil)).end();
        let on = wanted.to.map_or_else(|| context.day_of(wanted.as_of), end);
        let named = resolvable(&wanted.provinces, "to", &faults);
        let named = resolve_provinces(catalogue, named, on, &mut faults).into_iter();
        let provinces: Vec<&Province> = match wanted.geography {
            Geography::Restated => named.collect(),
            Geography::AsReported => named.flat_map(|province| catalogue.provinces.lineage(province)).collect(),
        };
        let start = |from: PeriodCode| from.in_calendar(wanted.calendar.unwrap_or(Calendar::Civil)).start();
        let notices = other_meanings(catalogue, &wanted.provinces, on, wanted.from.map(start), Some(on));
        let indicators = resolve_indicators(catalogue, caller, &wanted.indicators, &mut faults);
        for found in &indicators {
            check_parts(&wanted.parts, found.indicator, &mut faults);
            faults.extend(wanted.units.check(found.indicator).err().map(|fault| fault.at(Location::Parameter("units".into()))));
        }
        if !faults.is_empty() {
            return Err(ServiceError::Malformed(faults));
        }
        let mut pairs: Vec<(&Province, Versioned<'_>)> =
            provinces.iter().flat_map(|province| indicators.iter().map(|found| (*province, *found))).collect();
        let name = |(province, found): &(&Province, Versioned<'_>)| (province.key.clone(), found.indicator.code.clone());
        pairs.sort_by_key(name);
        pairs.dedup_by_key(|pair| name(pair));
        pairs.retain(|pair| wanted.after.as_ref().is_none_or(|after| name(pair) > *after));
        let more = pairs.len() > wanted.limit;
        pairs.truncate(wanted.limit);
        let next = pairs.last().filter(|_| more).map(name);

        let record = FigureSet::load(conn, &View::new(caller, catalogue), &around(&pairs, &wanted))?;
        let known = pairs.into_iter().map(|(province, found)| {
            let known = record.of(catalogue, province, found.indicator);
            let parts = breakdowns(&wanted.parts, found.indicator, &known.parts());
            (province, found, known, parts)
        });
        let known: Vec<_> = known.collect();
        let points = known.iter().map(|(province, found, known, parts)| {
            let points = SeriesScope::about(catalogue, found.indicator, &wanted).count(parts, known);
            points * if province.key == COUNTRY { OF_THE_COUNTRY } else { 1 }
        });
        Work::Points.bound(points.sum())?;
        let mut items = Vec::new();
        for (province, found, known, parts) in known {
            let asking = SeriesScope::about(catalogue, found.indicator, &wanted);
            let calendar = asking.calendar;
            let formation = catalogue.provinces.formation(province).filter(|_| wanted.geography == Geography::AsReported);
            let formed_from: Vec<String> =
                formation.into_iter().flat_map(|formation| formation.units).map(|unit| unit.key.clone()).collect();
            for breakdown in parts {
                let mut series = asking.series(&breakdown, &known);
                // With `breakdown=*`, leave out a breakdown without any figure in these periods.
                series.retain(|(_, points)| !matches!(wanted.parts, Parts::All) || !points.iter().all(Point::is_unknown));
                items.extend(series.into_iter().map(|(period_type, points)| {
                    let (province, indicator, breakdown) = (province.clone(), found.indicator.clone(), breakdown.clone());
                    Item { province, indicator, breakdown, period_type, calendar, formed_from: formed_from.clone(), points }
                }));
            }
        }
        Ok(Page { items, next, notices })
    })
    .await
}

/// The figures for the points: the same years and, for a change on a year ago, the year before.
fn around<'q>(pairs: &[(&'q Province, Versioned<'q>)], wanted: &'q SeriesQuery) -> LoadScope<'q> {
    let before = wanted.units != Units::Level;
    LoadScope {
        provinces: pairs.iter().map(|(province, _)| *province).collect(),
        indicators: pairs.iter().map(|(_, found)| found.indicator).collect(),
        geography: wanted.geography,
        parts: &wanted.parts,
        revisions: match wanted.vintage {
            Vintage::First => Revisions::First,
            Vintage::Latest => Revisions::Current,
            Vintage::All => Revisions::All,
        },
        from: wanted.from.map(|from| years_around(from, from, before).0),
        to: wanted.to.map(|to| years_around(to, to, before).1),
        as_of: wanted.as_of,
    }
}

/// The context for the points of one series.
struct SeriesScope<'q> {
    catalogue: &'q Catalogue,
    indicator: &'q Indicator,
    calendar: Calendar,
    wanted: &'q SeriesQuery,
}

impl<'q> SeriesScope<'q> {
    fn about(catalogue: &'q Catalogue, indicator: &'q Indicator, wanted: &'q SeriesQuery) -> SeriesScope<'q> {
        SeriesScope { catalogue, indicator, calendar: wanted.calendar.unwrap_or(indicator.calendar), wanted }
    }

    /// Upper bound of the points to compute for some breakdowns.
    fn count(&self, parts: &[Breakdown], known: &Territory) -> usize {
        let last = self.wanted.last.unwrap_or(usize::MAX).saturating_mul(PeriodType::WORDS.len());
        match (self.wanted.vintage, self.frequency()) {
            (Vintage::All, _) => parts.iter().map(|part| known.own(part).len()).sum(),
            (_, None) => parts.iter().map(|part| known.reported_periods(part).len().min(last)).sum(),
            (_, Some(frequency)) => parts.len() * self.periods(frequency, known).len(),
        }
    }

    /// The frequency of the points, if they are derived where they are not reported.
    fn frequency(&self) -> Option<Frequency> {
        self.wanted.frequency.or(self.wanted.cumulative.then_some(Frequency::Monthly))
    }

    /// The points of a breakdown, by the type of their period: figures of different types are no series together. A breakdown without
    /// points is one series too.
    fn series(&self, breakdown: &Breakdown, known: &Territory) -> Vec<(Option<PeriodType>, Vec<Point>)> {
        let asked_for = |period: Period| period.calendar() == self.calendar && self.is_asked_for(period);
        let series: Vec<(Option<PeriodType>, Vec<Point>)> = match (self.wanted.vintage, self.frequency()) {
            (Vintage::All, _) => {
                let all = known.own(breakdown).into_iter().filter(|observation| asked_for(observation.period));
                let series = self.by_type(all, |observation| observation.period).into_iter();
                series.map(|(period_type, all)| (Some(period_type), all.into_iter().map(revision).collect())).collect()
            }
            (_, None) => {
                let periods = known.reported_periods(breakdown).into_iter().filter(|period| asked_for(*period));
                let points = |periods: Vec<Period>| periods.into_iter().map(|period| self.point(breakdown, period, known)).collect();
                let series = self.by_type(periods, |period| *period).into_iter();
                series.map(|(period_type, periods)| (Some(period_type), points(periods))).collect()
            }
            (_, Some(frequency)) => {
                let points = self.periodic(frequency, breakdown, known);
                vec![(Some(PeriodType::of(frequency, self.wanted.cumulative)), points)]
            }
        };
        if series.is_empty() { vec![(None, Vec::new())] } else { series }
    }

    /// The last of each type of period, in their order.
    fn by_type<T>(&self, all: impl Iterator<Item = T>, period: impl Fn(&T) -> Period) -> BTreeMap<PeriodType, Vec<T>> {
        let mut by_type: BTreeMap<PeriodType, Vec<T>> = BTreeMap::new();
        for one in all {
            by_type.entry(period(&one).period_type()).or_default().push(one);
        }
        for of_type in by_type.values_mut() {
            of_type.drain(..of_type.len().saturating_sub(self.wanted.last.unwrap_or(usize::MAX)));
        }
        by_type
    }

    /// The points of all periods of a frequency, derived where they are not reported.
    fn periodic(&self, frequency: Frequency, breakdown: &Breakdown, known: &Territory) -> Vec<Point> {
        let wanted = self.wanted;
        let periods = self.periods(frequency, known).into_iter();
        let mut points: Vec<Point> = periods.map(|period| self.point(breakdown, period, known)).collect();
        // Without a requested range, the series runs from its first figure to its last.
        if wanted.to.is_none() {
            points.truncate(points.iter().rposition(|point| !point.is_unknown()).map_or(0, |last| last + 1));
        }
        if wanted.from.is_none() {
            points.drain(..points.iter().position(|point| !point.is_unknown()).unwrap_or(points.len()));
        }
        points.drain(..points.len().saturating_sub(wanted.last.unwrap_or(usize::MAX)));
        points
    }

    /// All periods of a frequency in the years asked for and the years with figures of any breakdown.
    fn periods(&self, frequency: Frequency, known: &Territory) -> Vec<Period> {
        let of_calendar = known.observations().filter(|observation| observation.period.calendar() == self.calendar);
        let asked_for = [self.wanted.from, self.wanted.to].into_iter().flatten().map(|written| written.in_calendar(self.calendar).end());
        let years: BTreeSet<i32> = of_calendar.map(|observation| observation.period.end()).chain(asked_for).map(|day| day.year()).collect();
        let (Some(first), Some(last)) = (years.first(), years.last()) else { return Vec::new() };
        let periods = (*first..=*last).flat_map(|year| Period::of_year(self.calendar, year, frequency, self.wanted.cumulative));
        periods.filter(|period| self.is_asked_for(*period)).collect()
    }

    fn is_asked_for(&self, period: Period) -> bool {
        let SeriesQuery { from, to, cumulative, .. } = *self.wanted;
        let [from, to] = [from, to].map(|end| end.map(|end| end.in_calendar(self.calendar)));
        from.is_none_or(|from| period.start() >= from.start() || cumulative && period.end() >= from.start())
            && to.is_none_or(|to| period.end() <= to.end())
    }

    fn point(&self, breakdown: &Breakdown, period: Period, known: &Territory) -> Point {
        let formed = known.resolve(self.indicator, breakdown, period);
        let (value, reasons) = if self.wanted.units == Units::Level {
            let value = formed.as_ref().ok().and_then(|formed| formed.figure.quantity.value());
            (value, formed.as_ref().err().map(Unavailable::reasons).unwrap_or_default())
        } else {
            let series = ComparedSeries { catalogue: self.catalogue, indicator: self.indicator, breakdown, known };
            let compared = series.with_last_year(period, &formed).result;
            let (quantity, reasons) = self.wanted.units.pick(compared);
            (quantity.and_then(Quantity::exact), reasons)
        };
        let observation = formed.as_ref().ok().and_then(ResolvedValue::observation);
        let revision = observation.filter(|_| self.wanted.vintage != Vintage::Latest).map(Revision::of);
        Point { period, formed, value, reasons, revision }
    }
}

/// A point for one revision.
fn revision(observation: &Observation) -> Point {
    let formed = value_of_revision(observation);
    Point {
        period: observation.period,
        value: formed.as_ref().ok().and_then(|formed| formed.figure.quantity.value()),
        reasons: formed.as_ref().err().map(Unavailable::effective_reason).into_iter().collect(),
        formed,
        revision: Some(Revision::of(observation)),
    }
}
