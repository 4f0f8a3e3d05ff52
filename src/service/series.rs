//! Series: figures over periods, as levels or against a year ago.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::Refusal;
use super::catalogue::snapshot_as_of;
use crate::domain::breakdown::Breakdown;
use crate::domain::catalogue::Catalogue;
use crate::domain::comparison::{Reason, YearOnYear};
use crate::domain::decimal::Decimal;
use crate::domain::derivation::{Formed, Unformed, form};
use crate::domain::fault::{Fault, Located, Place};
use crate::domain::indicator::{Indicator, Versioned};
use crate::domain::observation::Observation;
use crate::domain::period::{Calendar, Frequency, Period};
use crate::domain::province::Province;
use crate::domain::role::Caller;
use crate::domain::series::Units;
use crate::state::State;
use crate::store::observations::{Breakdowns, Wanted as Stored};
use crate::store::{self, Conn};

/// Which parts of an indicator are wanted.
#[derive(Debug, Clone)]
pub enum Parts {
    /// These; the total is the empty breakdown.
    Only(Vec<Breakdown>),
    /// The total and every part on record.
    All,
}

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
    let (shared, caller) = (Arc::clone(state), caller.clone());
    state
        .db
        .read(move |conn| {
            let catalogue = snapshot_as_of(conn, &shared, wanted.as_of)?;
            let on = wanted.to.map_or_else(|| shared.day_of(wanted.as_of), Period::end);
            let mut faults = mem::take(&mut wanted.faults);
            // Names are meant at the end of `to`: where that could not be read, nothing can be said about them.
            let to_unread = faults.iter().any(|located| located.place == Place::Parameter("to".into()));
            let named = if to_unread { &[][..] } else { &wanted.provinces };
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

            let mut figures = load(conn, &catalogue, &pairs, &wanted)?;
            let mut items = Vec::new();
            for (province, found) in pairs {
                let mut of_pair = figures.remove(&name(&(province, found))).unwrap_or_default();
                for breakdown in breakdowns(&wanted.parts, &of_pair) {
                    let known = of_pair.remove(&breakdown).unwrap_or_default();
                    let points = points(&catalogue, province, found.indicator, &known, &wanted);
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

/// The provinces that texts name on a day; what cannot be found is noted.
pub(super) fn resolve_provinces<'c>(
    catalogue: &'c Catalogue,
    texts: &[String],
    on: NaiveDate,
    faults: &mut Vec<Located>,
) -> Vec<&'c Province> {
    let mut resolve = |text: &String| {
        let note = |fault: Fault| faults.push(fault.at(Place::Parameter("province".into())));
        catalogue.provinces.resolve(text, on).map_err(note).ok()
    };
    texts.iter().filter_map(&mut resolve).collect()
}

/// The indicators with these codes, all that the caller may see when there are none; what cannot be found is noted.
pub(super) fn resolve_indicators<'c>(
    catalogue: &'c Catalogue,
    caller: &'c Caller,
    codes: &[String],
    faults: &mut Vec<Located>,
) -> Vec<Versioned<'c>> {
    if codes.is_empty() {
        return catalogue.indicators(caller).collect();
    }
    let mut find = |code: &String| {
        let note = |fault: Fault| faults.push(fault.at(Place::Parameter("indicator".into())));
        catalogue.indicator(code, caller).map_err(note).ok()
    };
    codes.iter().filter_map(&mut find).collect()
}

/// Notes the parts that an indicator does not have.
pub(super) fn check_parts(parts: &Parts, indicator: &Indicator, faults: &mut Vec<Located>) {
    if let Parts::Only(breakdowns) = parts {
        let broken = breakdowns.iter().filter_map(|breakdown| indicator.check_breakdown(breakdown).err());
        faults.extend(broken.map(|fault| fault.at(Place::Parameter("breakdown".into()))));
    }
}

impl Parts {
    /// The parts as the store looks for them.
    pub(super) fn stored(&self) -> Breakdowns {
        match self {
            Parts::All => Breakdowns::All,
            Parts::Only(breakdowns) => Breakdowns::Only(breakdowns.iter().map(ToString::to_string).collect()),
        }
    }
}

/// The parts to answer with, the total first: those asked for even where nothing is on record, or all on record.
pub(super) fn breakdowns<T>(parts: &Parts, on_record: &HashMap<Breakdown, T>) -> Vec<Breakdown> {
    let mut breakdowns: Vec<Breakdown> = match parts {
        Parts::Only(breakdowns) => breakdowns.clone(),
        Parts::All => on_record.keys().cloned().collect(),
    };
    breakdowns.sort();
    breakdowns.dedup();
    breakdowns
}

type Figures = HashMap<(String, String), HashMap<Breakdown, Vec<Observation>>>;

fn load(conn: &mut Conn, catalogue: &Catalogue, pairs: &[(&Province, Versioned<'_>)], wanted: &Wanted) -> Result<Figures, Refusal> {
    // Figures are formed from anything in the same year, and a change on a year ago needs the year before as well.
    let first_year = |period: Period| {
        let before = if wanted.units == Units::Level { period } else { period.same_period_last_year() };
        before.year().unwrap_or(before).start()
    };
    // A unit under a new name goes on with the figures of the old one.
    let asked: BTreeMap<&String, &Province> = pairs.iter().map(|(province, _)| (&province.key, *province)).collect();
    let continued: HashMap<String, &String> = asked
        .into_iter()
        .flat_map(|(key, province)| catalogue.provinces.continued(province).into_iter().map(move |before| (before, key)))
        .collect();
    let stored = Stored {
        provinces: continued.keys().cloned().collect(),
        indicators: pairs.iter().map(|(_, found)| found.indicator.code.clone()).collect(),
        breakdowns: wanted.parts.stored(),
        calendar: wanted.calendar,
        ending_on: None,
        from: wanted.from.map(first_year),
        to: wanted.to.map(|to| to.year().unwrap_or(to).end()),
        as_of: wanted.as_of,
    };
    let mut figures = Figures::new();
    for observation in store::observations::list(conn, &stored)? {
        let series = &observation.series;
        let province = continued.get(&series.province).map_or(&series.province, |key| *key);
        let pair = figures.entry((province.clone(), series.indicator.clone())).or_default();
        pair.entry(series.breakdown.clone()).or_default().push(observation);
    }
    Ok(figures)
}

fn points(catalogue: &Catalogue, province: &Province, indicator: &Indicator, known: &[Observation], wanted: &Wanted) -> Vec<Point> {
    let point = |period: Period| {
        let current = form(indicator, period, known);
        let before = period.same_period_last_year();
        let baseline = form(indicator, before, known);
        let compared = year_on_year(catalogue, province, indicator, before, &current, &baseline);
        let formed = current.ok()?;
        let (value, reasons) = wanted.units.pick(formed.figure.value, &compared);
        Some(Point { period, formed, value, reasons })
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

/// Holds a figure against that of the same period last year, with what must be known beside the two.
pub(super) fn year_on_year(
    catalogue: &Catalogue,
    province: &Province,
    indicator: &Indicator,
    before: Period,
    current: &Result<Formed, Unformed>,
    baseline: &Result<Formed, Unformed>,
) -> YearOnYear {
    let both = [current, baseline];
    let formed = || both.into_iter().filter_map(|side| side.as_ref().ok());
    let mut versions: Vec<i32> = formed().flat_map(Formed::definition_versions).collect();
    versions.sort_unstable();
    versions.dedup();
    // A side of which nothing is known is missing; a side of which something is known says how much, or why it cannot be formed.
    let unformed = |reason: Reason| {
        let known = |side: &&Unformed| side.reason == reason && side.coverage.is_some_and(|coverage| coverage.have > 0);
        both.into_iter().filter_map(|side| side.as_ref().err()).any(|side| known(&side))
    };
    let definition_changed = versions.windows(2).any(|pair| catalogue.definition_differs(&indicator.code, pair[0], pair[1]));
    let circumstances: Vec<Reason> = [
        (formed().any(Formed::is_partial) || unformed(Reason::LowCoverage), Reason::LowCoverage),
        (unformed(Reason::NotAdditive), Reason::NotAdditive),
        (catalogue.provinces.had_other_territory(province, before.start()), Reason::TerritoryChanged),
        (definition_changed, Reason::DefinitionChanged),
    ]
    .into_iter()
    .filter_map(|(holds, reason)| holds.then_some(reason))
    .collect();
    let figure = |side: &'_ Result<Formed, Unformed>| side.as_ref().ok().map(|formed| formed.figure.clone());
    YearOnYear::of(indicator, figure(current).as_ref(), figure(baseline).as_ref(), &circumstances)
}
