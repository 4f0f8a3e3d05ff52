//! Comparisons: the report table, each figure against the same period last year, the period before and its target.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::Refusal;
use super::catalogue::{settle, snapshot_as_of};
use super::record::{Around, Record};
use super::selection::{Parts, breakdowns, check_parts, resolve_indicators, resolve_provinces, years_around};
use crate::domain::attainment::{Aimed, Attainment, applicable};
use crate::domain::breakdown::Breakdown;
use crate::domain::catalogue::Catalogue;
use crate::domain::claim::{Claim, Verdict};
use crate::domain::comparison::YearOnYear;
use crate::domain::fault::{Code, Fault, Located, Place};
use crate::domain::formed::{Formed, History, Unformed};
use crate::domain::indicator::{Indicator, Versioned};
use crate::domain::observation::Observation;
use crate::domain::period::{Calendar, Period, WrittenPeriod};
use crate::domain::province::{COUNTRY, Province};
use crate::domain::quantity::Interval;
use crate::domain::reason::Reason;
use crate::domain::role::Caller;
use crate::domain::target::Target;
use crate::domain::way::Course;
use crate::state::State;
use crate::store::observations::Revisions;
use crate::store::targets::Wanted as StoredTargets;
use crate::store::{self, Conn, Failure};

/// The most comparisons that one request makes.
const MOST: usize = 10_000;

/// Which comparisons are wanted.
#[derive(Debug)]
pub struct Wanted {
    /// Keys, codes or names of provinces; empty only where they could not be read.
    pub provinces: Vec<String>,
    /// The periods; empty only where they could not be read.
    pub periods: Vec<WrittenPeriod>,
    /// The calendar of the periods; each indicator's own when absent.
    pub calendar: Option<Calendar>,
    /// Codes of indicators; all that have a figure when empty.
    pub indicators: Vec<String>,
    /// Only those of this field of work.
    pub field: Option<String>,
    /// Parts.
    pub parts: Parts,
    /// As they stood at this instant; as they stand now when absent.
    pub as_of: Option<DateTime<Utc>>,
    /// What of the request could not be read.
    pub faults: Vec<Located>,
}

/// The comparisons of some provinces and periods.
#[derive(Debug)]
pub struct Table {
    /// The provinces that were asked for, each with the period it was asked for: in the calendar that was named, or the civil one.
    pub rows: Vec<(Province, Period)>,
    /// One item per province, period, indicator and part.
    pub items: Vec<Item>,
}

/// One figure and what it is held against.
#[derive(Debug)]
pub struct Item {
    /// The province.
    pub province: Province,
    /// The indicator.
    pub indicator: Indicator,
    /// The part.
    pub breakdown: Breakdown,
    /// The period of the figure, in its calendar; of a year that still runs, as far as it is known.
    pub period: Period,
    /// The figure, reported or formed; or why there is none.
    pub current: Result<Formed, Unformed>,
    /// Against the same period last year.
    pub last_year: Compared,
    /// Against the month, quarter, half-year or year before; not for periods that have none.
    pub previous: Option<Compared>,
    /// The target, and how the figure stands against it.
    pub target: Option<Attainment>,
    /// What the report claims, and what the record says to it.
    pub claims: Vec<(Claim, Verdict, Option<Interval>)>,
}

/// A figure against an earlier one.
#[derive(Debug)]
pub struct Compared {
    /// The earlier period.
    pub period: Period,
    /// The earlier figure, reported or formed; or why there is none.
    pub baseline: Result<Formed, Unformed>,
    /// How the two compare.
    pub result: YearOnYear,
}

/// Compares figures with those of the same period last year, of the period before, and with targets.
///
/// # Errors
/// Every parameter that names what is not there; a request for more comparisons than one answer holds.
pub async fn table(state: &Arc<State>, caller: &Caller, wanted: Wanted) -> Result<Table, Refusal> {
    settle(state, wanted.as_of).await?;
    let (shared, caller) = (Arc::clone(state), caller.clone());
    state
        .db
        .read(move |conn| {
            let catalogue = snapshot_as_of(conn, &shared, wanted.as_of)?;
            let asked = resolve(&catalogue, &caller, &wanted)?;
            let known = Known::load(conn, &catalogue, &asked, &wanted)?;
            let comparing = Comparing { catalogue: &catalogue, wanted: &wanted, today: shared.day_of(wanted.as_of), known };
            let mut items = Vec::new();
            for (province, written) in &asked.rows {
                for found in &asked.indicators {
                    items.extend(comparing.items(province, *written, found.indicator));
                }
            }
            let period = |written: WrittenPeriod| written.in_calendar(wanted.calendar.unwrap_or(Calendar::Civil));
            let rows = asked.rows.iter().map(|(province, written)| ((*province).clone(), period(*written))).collect();
            Ok(Table { rows, items })
        })
        .await
}

/// What is asked for, found in the catalogue.
struct Asked<'c> {
    rows: Vec<(&'c Province, WrittenPeriod)>,
    indicators: Vec<Versioned<'c>>,
}

fn resolve<'c>(catalogue: &'c Catalogue, caller: &'c Caller, wanted: &Wanted) -> Result<Asked<'c>, Refusal> {
    let mut faults = wanted.faults.clone();
    let mut rows = Vec::new();
    for written in &wanted.periods {
        let end = written.in_calendar(wanted.calendar.unwrap_or(Calendar::Civil)).end();
        let found = resolve_provinces(catalogue, &wanted.provinces, end, &mut faults);
        rows.extend(found.into_iter().map(|province| (province, *written)));
    }
    let mut indicators = resolve_indicators(catalogue, caller, &wanted.indicators, &mut faults);
    if !wanted.indicators.is_empty() {
        for found in &indicators {
            check_parts(&wanted.parts, found.indicator, &mut faults);
        }
    }
    if let Some(field) = &wanted.field {
        indicators.retain(|found| found.indicator.field == *field);
        if indicators.is_empty() && faults.is_empty() {
            let fault = Fault::new(Code::InvalidValue, format!("none of the indicators is of the field `{field}`"));
            faults.push(fault.at(Place::Parameter("field".into())));
        }
    }
    let comparisons = rows.len() * indicators.len();
    if comparisons > MOST {
        let message =
            format!("{comparisons} comparisons are more than one answer holds ({MOST}): name fewer provinces, periods or indicators");
        faults.push(Fault::new(Code::InvalidValue, message).at(Place::Parameter("province".into())));
    }
    if faults.is_empty() { Ok(Asked { rows, indicators }) } else { Err(Refusal::Malformed(faults)) }
}

/// What is on record for the years of the periods.
struct Known {
    figures: Record,
    /// Targets by unit, indicator and part.
    targets: HashMap<(String, String, Breakdown), Vec<Target>>,
    /// Claims by observation.
    claims: HashMap<String, Vec<Claim>>,
}

impl Known {
    fn load(conn: &mut Conn, catalogue: &Catalogue, asked: &Asked<'_>, wanted: &Wanted) -> Result<Known, Failure> {
        // What was not reported is formed from anything in the same year.
        let years = || wanted.periods.iter().map(|period| years_around(*period, *period, true));
        let around = Around {
            provinces: asked.rows.iter().map(|(province, _)| *province).collect(),
            indicators: asked.indicators.iter().map(|found| found.indicator).collect(),
            parts: &wanted.parts,
            revisions: Revisions::Current,
            from: years().map(|(from, _)| from).min(),
            to: years().map(|(_, to)| to).max(),
            as_of: wanted.as_of,
        };
        let figures = Record::load(conn, catalogue, &around)?;
        // A year that still runs may be answered with the year to date.
        let asked_for = |observation: &&Observation| {
            let period = |written: &WrittenPeriod| written.in_calendar(observation.period.calendar());
            let within = |asked: Period| asked.year() == Some(asked) && asked.to_date().contains(&observation.period);
            wanted.periods.iter().map(period).any(|asked| asked == observation.period || within(asked))
        };
        let claimed: Vec<String> = figures.observations().filter(asked_for).map(|observation| observation.id.clone()).collect();
        let of_units = StoredTargets {
            provinces: around
                .provinces
                .iter()
                .flat_map(|province| catalogue.provinces.continued(province))
                .chain([COUNTRY.into()])
                .collect(),
            indicators: around.indicators.iter().map(|indicator| indicator.code.clone()).collect(),
            with_withdrawn: false,
            as_of: wanted.as_of,
        };
        let mut targets: HashMap<(String, String, Breakdown), Vec<Target>> = HashMap::new();
        for target in store::targets::list(conn, &of_units)? {
            let series = &target.series;
            targets.entry((series.province.clone(), series.indicator.clone(), series.breakdown.clone())).or_default().push(target);
        }
        Ok(Known { figures, targets, claims: store::claims::list(conn, &claimed, wanted.as_of)? })
    }
}

/// What the comparisons are made from.
struct Comparing<'q> {
    catalogue: &'q Catalogue,
    wanted: &'q Wanted,
    today: NaiveDate,
    known: Known,
}

impl Comparing<'_> {
    /// The comparisons of one indicator in a province and period, one for each part.
    fn items(&self, province: &Province, written: WrittenPeriod, indicator: &Indicator) -> Vec<Item> {
        let known = self.known.figures.of(self.catalogue, province, indicator);
        let by_name = !self.wanted.indicators.is_empty();
        let on_record = known.parts();
        let mut parts = breakdowns(&self.wanted.parts, indicator, &on_record);
        if parts.is_empty() && by_name {
            parts.push(Breakdown::default());
        }
        let asked = written.in_calendar(self.wanted.calendar.unwrap_or(indicator.calendar));
        let compare = |breakdown: Breakdown| {
            // Asked for by name, an indicator without a figure says so; in the whole table it has no line. A part that nobody named
            // and nobody reported has one where it can be formed.
            let implied = matches!(self.wanted.parts, Parts::All) && !on_record.is_empty() && !on_record.contains(&breakdown);
            let item = self.compare(province, indicator, breakdown, asked, &known);
            (by_name && !implied || item.is_reported_or_formed()).then_some(item)
        };
        parts.into_iter().filter_map(compare).collect()
    }

    /// Holds one figure against all there is.
    fn compare(&self, province: &Province, indicator: &Indicator, breakdown: Breakdown, asked: Period, known: &History) -> Item {
        let (period, current) = self.as_far_as_known(indicator, &breakdown, asked, known);
        let figure = current.as_ref().ok().map(|formed| &formed.figure);
        let against = |earlier: Period| {
            let baseline = known.form(indicator, &breakdown, earlier);
            let result = YearOnYear::between(self.catalogue, province, indicator, earlier, &current, &baseline);
            Compared { period: earlier, baseline, result }
        };
        let last_year = against(period.same_period_last_year());
        let base = last_year.baseline.as_ref().ok().map(|formed| &formed.figure);
        let counted = indicator.is_count();
        let reported = current.as_ref().ok().and_then(Formed::observation);
        let claims = reported.and_then(|observation| self.known.claims.get(&observation.id)).into_iter().flatten();
        let judge = |claim: &Claim| {
            // Against a figure that it is not fair to compare with nothing is shown.
            let fair = last_year.result.reasons.iter().all(|reason| reason.leaves_figures_comparable());
            let verdict = claim.verdict(figure, base.filter(|_| fair), counted);
            (claim.clone(), verdict, claim.implied_baseline(figure, counted, indicator.percent_decimals()))
        };
        let claims = claims.map(judge).collect();
        let previous = period.previous().map(against);
        let target = self.target(province, indicator, &breakdown, period, &current, known);
        let (province, indicator) = (province.clone(), indicator.clone());
        Item { province, indicator, breakdown, period, current, last_year, previous, target, claims }
    }

    /// The figure of a period; of a year that still runs and that nobody reported, the figure to date: it is compared with last
    /// year's at the same cut-off.
    fn as_far_as_known(
        &self,
        indicator: &Indicator,
        breakdown: &Breakdown,
        asked: Period,
        known: &History,
    ) -> (Period, Result<Formed, Unformed>) {
        let whole = known.form(indicator, breakdown, asked);
        let runs = asked.year() == Some(asked) && asked.end() >= self.today && indicator.adds_up_over_time();
        if whole.is_ok() || !runs {
            return (asked, whole);
        }
        let to_date = |period: Period| known.form(indicator, breakdown, period).ok().map(|formed| (period.renamed(), Ok(formed)));
        asked.to_date().into_iter().rev().find_map(to_date).unwrap_or((asked, whole))
    }

    fn target(
        &self,
        province: &Province,
        indicator: &Indicator,
        breakdown: &Breakdown,
        period: Period,
        current: &Result<Formed, Unformed>,
        known: &History,
    ) -> Option<Attainment> {
        let of_unit = |unit: String| self.known.targets.get(&(unit, indicator.code.clone(), breakdown.clone())).into_iter().flatten();
        let own: Vec<Target> = self.catalogue.provinces.continued(province).into_iter().flat_map(of_unit).cloned().collect();
        let for_each = |target: &&Target| target.goal.as_ref().is_some_and(|goal| goal.each_province);
        let national: Vec<Target> = of_unit(COUNTRY.into()).filter(for_each).cloned().collect();
        let figure = current.as_ref().ok().map(|formed| &formed.figure);
        let hold = |aimed: Aimed<'_>| {
            let course = Course::of(indicator, breakdown, period, aimed.target.period, aimed.goal, known);
            Attainment::of(indicator, period, figure, &course, aimed)
        };
        // A province's own target comes before that of the country, and that of its calendar before that of the other.
        let found = [&own, &national].into_iter().find_map(|targets| applicable(indicator, period, targets)).map(hold);
        let elsewhere = || [&own, &national].into_iter().find_map(|targets| applicable(indicator, period.in_other_calendar(), targets));
        let mut attained = found.or_else(|| elsewhere().map(Attainment::in_other_calendar))?;
        let nil = current.as_ref().is_err_and(|unformed| unformed.reason == Reason::NilDeclared);
        attained.reasons.extend(nil.then_some(Reason::NilDeclared));
        attained.reasons.extend(current.as_ref().is_ok_and(Formed::is_partial).then_some(Reason::LowCoverage));
        Some(attained)
    }
}

impl Item {
    /// Whether there is a figure, or the declaration that there is none.
    fn is_reported_or_formed(&self) -> bool {
        self.current.as_ref().err().is_none_or(|unformed| unformed.declared_by.is_some())
    }
}
