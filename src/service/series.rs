//! Series: figures over periods, as levels or against a year ago.

use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};

use super::Refusal;
use super::catalogue::{settle, snapshot_as_of};
use super::selection::{Parts, breakdowns, check_parts, resolvable, resolve_indicators, resolve_provinces};
use crate::domain::breakdown::Breakdown;
use crate::domain::catalogue::Catalogue;
use crate::domain::comparison::YearOnYear;
use crate::domain::decimal::Decimal;
use crate::domain::derivation::{Formed, form};
use crate::domain::fault::{Located, Place};
use crate::domain::indicator::{Indicator, Versioned};
use crate::domain::observation::Observation;
use crate::domain::period::{Calendar, Frequency, Period};
use crate::domain::province::Province;
use crate::domain::reason::Reason;
use crate::domain::role::Caller;
use crate::domain::units::Units;
use crate::state::State;
use crate::store::observations::Wanted as Stored;
use crate::store::{self, Conn, Failure};

/// Which series are wanted, and how.
#[derive(Debug)]
pub struct Wanted {
    /// Keys, codes or names of provinces.
    pub provinces: Vec<String>,
    /// Codes of indicators.
    pub indicators: Vec<String>,
    /// Parts.
    pub parts: Parts,
    /// The calendar.
    pub calendar: Calendar,
    /// The first period.
    pub from: Option<Period>,
    /// The last period.
    pub to: Option<Period>,
    /// Only the last so many points.
    pub last: Option<usize>,
    /// Points of this frequency, formed where they were not reported; only reported ones when absent.
    pub frequency: Option<Frequency>,
    /// Points counted from the beginning of the year.
    pub cumulative: bool,
    /// What the points are given in.
    pub units: Units,
    /// As they stood at this instant; as they stand now when absent.
    pub as_of: Option<DateTime<Utc>>,
    /// Series after this province and indicator.
    pub after: Option<(String, String)>,
    /// At most so many pairs of province and indicator.
    pub limit: usize,
    /// What of the request could not be read.
    pub faults: Vec<Located>,
}

/// One series.
#[derive(Debug)]
pub struct Item {
    /// The province.
    pub province: Province,
    /// The indicator.
    pub indicator: Indicator,
    /// The part.
    pub breakdown: Breakdown,
    /// The points, by period.
    pub points: Vec<Point>,
}

/// One point of a series.
#[derive(Debug)]
pub struct Point {
    /// The period.
    pub period: Period,
    /// The figure.
    pub formed: Formed,
    /// The value in the units asked for.
    pub value: Option<Decimal>,
    /// What stands against it.
    pub reasons: Vec<Reason>,
}

/// A page of series.
#[derive(Debug)]
pub struct Page {
    /// The series.
    pub items: Vec<Item>,
    /// The last province and indicator of the page, when there are more.
    pub next: Option<(String, String)>,
}

/// Reads series, by province, indicator and breakdown.
///
/// # Errors
/// Every province, indicator, breakdown or unit that is not there.
pub async fn list(state: &Arc<State>, caller: &Caller, mut wanted: Wanted) -> Result<Page, Refusal> {
    settle(state, wanted.as_of).await?;
    let (shared, caller) = (Arc::clone(state), caller.clone());
    state
        .db
        .read(move |conn| {
            let catalogue = snapshot_as_of(conn, &shared, wanted.as_of)?;
            let on = wanted.to.map_or_else(|| shared.day_of(wanted.as_of), Period::end);
            let mut faults = mem::take(&mut wanted.faults);
            let named = resolvable(&wanted.provinces, "to", &faults);
            let provinces = resolve_provinces(&catalogue, named, on, &mut faults);
            let indicators = resolve_indicators(&catalogue, &caller, &wanted.indicators, &mut faults);
            for found in &indicators {
                check_parts(&wanted.parts, found.indicator, &mut faults);
                faults.extend(wanted.units.check(found.indicator).err().map(|fault| fault.at(Place::Parameter("units".into()))));
            }
            if !faults.is_empty() {
                return Err(Refusal::Malformed(faults));
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

            let figures = Figures::load(conn, &catalogue, &pairs, &wanted)?;
            let mut items = Vec::new();
            for (province, found) in pairs {
                let parts = figures.of(&catalogue, province, found.indicator);
                for breakdown in breakdowns(&wanted.parts, &parts) {
                    let known = parts.get(&breakdown).map_or(&[][..], Vec::as_slice);
                    let points = points(&catalogue, province, found.indicator, known, &wanted);
                    // A part of which nothing is known in these periods is none of "all parts".
                    if points.is_empty() && matches!(wanted.parts, Parts::All) {
                        continue;
                    }
                    items.push(Item { province: province.clone(), indicator: found.indicator.clone(), breakdown, points });
                }
            }
            Ok(Page { items, next })
        })
        .await
}

/// What is on record, by indicator and the unit that reported it.
struct Figures(HashMap<(String, String), Vec<Observation>>);

impl Figures {
    fn load(conn: &mut Conn, catalogue: &Catalogue, pairs: &[(&Province, Versioned<'_>)], wanted: &Wanted) -> Result<Figures, Failure> {
        // Figures are formed from anything in the same year, and a change on a year ago needs the year before as well.
        let earliest = |period: Period| if wanted.units == Units::Level { period } else { period.same_period_last_year() };
        let provinces: BTreeSet<String> = pairs.iter().flat_map(|(province, _)| catalogue.provinces.continued(province)).collect();
        let indicators: BTreeSet<&String> = pairs.iter().map(|(_, found)| &found.indicator.code).collect();
        let stored = Stored {
            provinces: provinces.into_iter().collect(),
            indicators: indicators.into_iter().cloned().collect(),
            breakdowns: wanted.parts.stored(),
            calendar: wanted.calendar,
            ending_on: None,
            from: wanted.from.map(|from| earliest(from).whole_years().0),
            to: wanted.to.map(|to| to.whole_years().1),
            as_of: wanted.as_of,
        };
        let mut figures: HashMap<(String, String), Vec<Observation>> = HashMap::new();
        for observation in store::observations::list(conn, &stored)? {
            let series = &observation.series;
            figures.entry((series.indicator.clone(), series.province.clone())).or_default().push(observation);
        }
        Ok(Figures(figures))
    }

    /// The figures of an indicator by part and period. A unit under a new name goes on with those of the old one.
    fn of(&self, catalogue: &Catalogue, province: &Province, indicator: &Indicator) -> HashMap<Breakdown, Vec<Observation>> {
        let mut parts: HashMap<Breakdown, Vec<Observation>> = HashMap::new();
        for unit in catalogue.provinces.continued(province) {
            for observation in self.0.get(&(indicator.code.clone(), unit)).into_iter().flatten() {
                parts.entry(observation.series.breakdown.clone()).or_default().push(observation.clone());
            }
        }
        for known in parts.values_mut() {
            known.sort_by_key(|observation| observation.period);
        }
        parts
    }
}

fn points(catalogue: &Catalogue, province: &Province, indicator: &Indicator, known: &[Observation], wanted: &Wanted) -> Vec<Point> {
    let point = |period: Period| {
        let current = form(indicator, period, known);
        let (value, reasons) = if wanted.units == Units::Level {
            (current.as_ref().ok().map(|formed| formed.figure.value), Vec::new())
        } else {
            let before = period.same_period_last_year();
            let baseline = form(indicator, before, known);
            wanted.units.pick(YearOnYear::between(catalogue, province, indicator, before, &current, &baseline))
        };
        current.ok().map(|formed| Point { period, formed, value, reasons })
    };
    let mut points: Vec<Point> = periods(known, wanted).into_iter().filter_map(point).collect();
    points.drain(..points.len().saturating_sub(wanted.last.unwrap_or(usize::MAX)));
    points
}

/// The periods that points are wanted for: the reported ones, or all of the frequency in the years that figures are known of.
fn periods(known: &[Observation], wanted: &Wanted) -> Vec<Period> {
    let frequency = wanted.frequency.or(wanted.cumulative.then_some(Frequency::Monthly));
    let mut periods: Vec<Period> = match frequency {
        None => known.iter().map(|observation| observation.period).collect(),
        Some(frequency) => {
            let years: BTreeSet<i32> = known.iter().map(|observation| observation.period.end().year()).collect();
            years.into_iter().flat_map(|year| Period::of_year(wanted.calendar, year, frequency, wanted.cumulative)).collect()
        }
    };
    periods.retain(|period| {
        wanted.from.is_none_or(|from| period.start() >= from.start() || wanted.cumulative && period.end() >= from.start())
            && wanted.to.is_none_or(|to| period.end() <= to.end())
    });
    periods
}
