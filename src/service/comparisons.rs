//! Comparisons: the report table of one province and period, each figure against the same period last year and its target.

use std::collections::HashMap;
use std::slice;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Refusal;
use super::catalogue::{settle, snapshot_as_of};
use super::selection::{Parts, breakdowns, check_parts, resolve_indicators, resolve_provinces, years_around};
use crate::domain::breakdown::Breakdown;
use crate::domain::catalogue::Catalogue;
use crate::domain::claim::{Claim, Verdict};
use crate::domain::comparison::YearOnYear;
use crate::domain::fault::{Code, Fault, Located, Place};
use crate::domain::formed::{Formed, History, Unformed};
use crate::domain::indicator::{Indicator, Versioned};
use crate::domain::observation::Observation;
use crate::domain::period::{Calendar, Period, WrittenPeriod};
use crate::domain::province::Province;
use crate::domain::quantity::Interval;
use crate::domain::reason::Reason;
use crate::domain::role::Caller;
use crate::domain::target::{Attainment, Target, applicable};
use crate::state::State;
use crate::store::observations::{Revisions, Wanted as Stored};
use crate::store::targets::Wanted as StoredTargets;
use crate::store::{self, Conn, Failure};

/// Which comparisons are wanted.
#[derive(Debug)]
pub struct Wanted {
    /// Key, code or name of the province; absent only where it could not be read.
    pub province: Option<String>,
    /// The period; absent only where it could not be read.
    pub period: Option<WrittenPeriod>,
    /// The calendar of the period; each indicator's own when absent.
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

/// The comparisons of one province and period.
#[derive(Debug)]
pub struct Table {
    /// The province.
    pub province: Province,
    /// The period, in the calendar asked for; in the civil one where each indicator has its own.
    pub period: Period,
    /// One item per indicator and part.
    pub items: Vec<Item>,
}

/// One figure and what it is held against.
#[derive(Debug)]
pub struct Item {
    /// The indicator.
    pub indicator: Indicator,
    /// The part.
    pub breakdown: Breakdown,
    /// The period, in the calendar of the figure.
    pub period: Period,
    /// The figure, reported or formed; or why there is none.
    pub current: Result<Formed, Unformed>,
    /// The figure of the same period last year.
    pub baseline: Result<Formed, Unformed>,
    /// The period of the baseline.
    pub before: Period,
    /// How the two compare.
    pub year_on_year: YearOnYear,
    /// The target, and how the figure stands against it.
    pub target: Option<Attainment>,
    /// What the report claims, and what the record says to it.
    pub claims: Vec<(Claim, Verdict, Option<Interval>)>,
}

/// Compares the figures of a province and period with the same period last year and with targets.
///
/// # Errors
/// Every parameter that names what is not there.
pub async fn table(state: &Arc<State>, caller: &Caller, wanted: Wanted) -> Result<Table, Refusal> {
    settle(state, wanted.as_of).await?;
    let (shared, caller) = (Arc::clone(state), caller.clone());
    state
        .db
        .read(move |conn| {
            let catalogue = snapshot_as_of(conn, &shared, wanted.as_of)?;
            let asked = resolve(&catalogue, &caller, &wanted)?;
            let mut record = Record::load(conn, &catalogue, &asked, &wanted)?;
            let mut items = Vec::new();
            for found in &asked.indicators {
                let period = asked.period.in_calendar(wanted.calendar.unwrap_or(found.indicator.calendar));
                for breakdown in record.breakdowns(&wanted, found.indicator) {
                    // Asked for by name, an indicator without a figure says so; in the whole table it has no line. A part that
                    // nobody named and nobody reported has one where it can be formed.
                    let named = !wanted.indicators.is_empty() && !record.is_only_implied(&wanted, found.indicator, &breakdown);
                    let item = record.compare(&catalogue, asked.province, found.indicator, breakdown, period);
                    if named || item.is_reported_or_formed() {
                        items.push(item);
                    }
                }
            }
            let period = asked.period.in_calendar(wanted.calendar.unwrap_or(Calendar::Civil));
            Ok(Table { province: asked.province.clone(), period, items })
        })
        .await
}

impl Item {
    /// Whether there is a figure, or the declaration that there is none.
    fn is_reported_or_formed(&self) -> bool {
        self.current.as_ref().err().is_none_or(|unformed| unformed.declared_by.is_some())
    }
}

/// What is asked for, found in the catalogue.
struct Asked<'c> {
    province: &'c Province,
    period: WrittenPeriod,
    indicators: Vec<Versioned<'c>>,
}

fn resolve<'c>(catalogue: &'c Catalogue, caller: &'c Caller, wanted: &Wanted) -> Result<Asked<'c>, Refusal> {
    let mut faults = wanted.faults.clone();
    let province = wanted.province.as_ref().zip(wanted.period).and_then(|(text, period)| {
        let end = period.in_calendar(wanted.calendar.unwrap_or(Calendar::Civil)).end();
        resolve_provinces(catalogue, slice::from_ref(text), end, &mut faults).pop()
    });
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
    match (province, wanted.period) {
        (Some(province), Some(period)) if faults.is_empty() => Ok(Asked { province, period, indicators }),
        _ => Err(Refusal::Malformed(faults)),
    }
}

/// What is on record for the years of the two periods.
struct Record {
    /// Figures by indicator and part.
    figures: HashMap<String, History>,
    targets: HashMap<(String, Breakdown), Vec<Target>>,
    /// Claims by observation.
    claims: HashMap<String, Vec<Claim>>,
}

impl Record {
    fn load(conn: &mut Conn, catalogue: &Catalogue, asked: &Asked<'_>, wanted: &Wanted) -> Result<Record, Failure> {
        // What was not reported is formed from anything in the same year.
        let (from, to) = years_around(asked.period, asked.period, true);
        let codes: Vec<String> = asked.indicators.iter().map(|found| found.indicator.code.clone()).collect();
        let observations = Stored {
            // A unit under a new name goes on with the figures of the old one.
            provinces: catalogue.provinces.continued(asked.province),
            indicators: codes.clone(),
            breakdowns: wanted.parts.stored(asked.indicators.iter().map(|found| found.indicator)),
            revisions: Revisions::Current,
            from: Some(from),
            to: Some(to),
            as_of: wanted.as_of,
        };
        let mut by_indicator: HashMap<String, Vec<Observation>> = HashMap::new();
        let mut claimed = Vec::new();
        for observation in store::observations::list(conn, &observations)? {
            if observation.period == asked.period.in_calendar(observation.period.calendar()) {
                claimed.push(observation.id.clone());
            }
            by_indicator.entry(observation.series.indicator.clone()).or_default().push(observation);
        }
        let figures = by_indicator.into_iter().map(|(code, known)| (code, History::new(known))).collect();
        let of_province =
            StoredTargets { provinces: observations.provinces, indicators: codes, with_withdrawn: false, as_of: wanted.as_of };
        let mut targets: HashMap<(String, Breakdown), Vec<Target>> = HashMap::new();
        for target in store::targets::list(conn, &of_province)? {
            let series = &target.series;
            targets.entry((series.indicator.clone(), series.breakdown.clone())).or_default().push(target);
        }
        let claims = store::claims::list(conn, &claimed, wanted.as_of)?;
        Ok(Record { figures, targets, claims })
    }

    /// The parts to answer with; of an indicator asked for by name at least the total.
    fn breakdowns(&self, wanted: &Wanted, indicator: &Indicator) -> Vec<Breakdown> {
        let on_record = self.figures.get(&indicator.code).map(History::parts).unwrap_or_default();
        let found = breakdowns(&wanted.parts, indicator, &on_record);
        if found.is_empty() && !wanted.indicators.is_empty() { vec![Breakdown::default()] } else { found }
    }

    /// Whether a part is only there because others on record may make it.
    fn is_only_implied(&self, wanted: &Wanted, indicator: &Indicator, breakdown: &Breakdown) -> bool {
        let on_record = self.figures.get(&indicator.code);
        matches!(wanted.parts, Parts::All) && on_record.is_some_and(|history| !history.parts().contains(breakdown))
    }

    /// Takes one figure out of the record and holds it against all there is.
    fn compare(&mut self, catalogue: &Catalogue, province: &Province, indicator: &Indicator, breakdown: Breakdown, period: Period) -> Item {
        let nothing = History::default();
        let known = self.figures.get(&indicator.code).unwrap_or(&nothing);
        let before = period.same_period_last_year();
        let (current, baseline) = (known.form(indicator, &breakdown, period), known.form(indicator, &breakdown, before));
        let year_on_year = YearOnYear::between(catalogue, province, indicator, before, &current, &baseline);
        let (figure, base) = (current.as_ref().ok().map(|c| &c.figure), baseline.as_ref().ok().map(|b| &b.figure));

        let series = (indicator.code.clone(), breakdown);
        let target = self.targets.get(&series).and_then(|of_series| {
            let found = applicable(indicator, period, of_series).map(|target| Attainment::of(indicator, figure, target));
            let elsewhere = || applicable(indicator, period.in_other_calendar(), of_series);
            found.or_else(|| elsewhere().map(Attainment::in_other_calendar))
        });
        let reported = current.as_ref().ok().and_then(Formed::observation);
        let claims = reported.and_then(|observation| self.claims.remove(&observation.id)).unwrap_or_default();
        let judge = |claim: Claim| {
            let counted = indicator.is_count();
            // Against a figure that it is not fair to compare with nothing is shown.
            let fair = year_on_year.reasons.iter().all(|reason| reason.leaves_figures_comparable());
            let verdict = claim.verdict(figure, base.filter(|_| fair), counted);
            let implied = claim.implied_baseline(figure, counted, indicator.percent_decimals());
            (claim, verdict, implied)
        };
        Item {
            indicator: indicator.clone(),
            target: target.map(|mut attained| {
                attained.reasons.extend(current.as_ref().is_ok_and(Formed::is_partial).then_some(Reason::LowCoverage));
                let nil = current.as_ref().is_err_and(|unformed| unformed.reason == Reason::NilDeclared);
                attained.reasons.extend(nil.then_some(Reason::NilDeclared));
                attained
            }),
            claims: claims.into_iter().map(judge).collect(),
            breakdown: series.1,
            period,
            year_on_year,
            current,
            baseline,
            before,
        }
    }
}
