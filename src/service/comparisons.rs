//! Comparisons: the report table of one province and period, each figure against the same period last year and its target.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Refusal;
use super::catalogue::snapshot;
use super::series::{Parts, breakdowns, check_parts, circumstances, resolve_indicators};
use crate::domain::breakdown::Breakdown;
use crate::domain::claim::{Claim, Interval, Verdict};
use crate::domain::comparison::YearOnYear;
use crate::domain::fault::{Code, Fault, Place};
use crate::domain::indicator::Indicator;
use crate::domain::observation::Observation;
use crate::domain::period::Period;
use crate::domain::province::Province;
use crate::domain::role::Caller;
use crate::domain::series::SeriesKey;
use crate::domain::target::{Attainment, Target, applicable};
use crate::state::State;
use crate::store;
use crate::store::observations::Wanted as Stored;
use crate::store::targets::Wanted as StoredTargets;

/// Which comparisons are wanted.
#[derive(Debug)]
pub struct Wanted {
    /// Key, code or name of the province.
    pub province: String,
    /// The period.
    pub period: Period,
    /// Codes of indicators; all that have a figure when empty.
    pub indicators: Vec<String>,
    /// Only those of this field of work.
    pub field: Option<String>,
    /// Parts.
    pub parts: Parts,
}

/// The comparisons of one province and period.
#[derive(Debug)]
pub struct Table {
    /// The province.
    pub province: Province,
    /// The period.
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
    /// The figure.
    pub current: Option<Observation>,
    /// The figure of the same period last year.
    pub baseline: Option<Observation>,
    /// How the two compare.
    pub year_on_year: YearOnYear,
    /// The target, and how the figure stands against it.
    pub target: Option<(Target, Attainment)>,
    /// What the report claims, and what the record says to it.
    pub claims: Vec<(Claim, Verdict, Option<Interval>)>,
}

/// Compares the figures of a province and period with the same period last year and with targets.
///
/// # Errors
/// Every parameter that names what is not there.
pub async fn table(state: &Arc<State>, caller: &Caller, wanted: Wanted) -> Result<Table, Refusal> {
    let (shared, caller) = (Arc::clone(state), caller.clone());
    state
        .db
        .read(move |conn| {
            let catalogue = snapshot(conn, &shared)?;
            let mut faults = Vec::new();
            let province = catalogue
                .provinces
                .resolve(&wanted.province, wanted.period.end())
                .map_err(|fault| faults.push(fault.at(Place::Parameter("province".into()))))
                .ok();
            let mut indicators = resolve_indicators(&catalogue, &caller, &wanted.indicators, &mut faults);
            if !wanted.indicators.is_empty() {
                for found in &indicators {
                    check_parts(&wanted.parts, found.indicator, &mut faults);
                }
            }
            if let Some(field) = &wanted.field {
                indicators.retain(|found| found.indicator.field == *field);
                if indicators.is_empty() {
                    let fault = Fault::new(Code::InvalidValue, format!("none of the indicators is of the field `{field}`"));
                    faults.push(fault.at(Place::Parameter("field".into())));
                }
            }
            let province = match province {
                Some(province) if faults.is_empty() => province,
                _ => return Err(Refusal::Malformed(faults)),
            };

            let before = wanted.period.same_period_last_year();
            let codes: Vec<String> = indicators.iter().map(|found| found.indicator.code.clone()).collect();
            let stored = Stored {
                provinces: vec![province.key.clone()],
                indicators: codes.clone(),
                breakdowns: wanted.parts.stored(),
                calendar: wanted.period.calendar(),
                ending_on: Some(vec![wanted.period.end(), before.end()]),
                from: None,
                to: None,
            };
            let mut pairs = pair_up(store::observations::list_current(conn, &stored)?, wanted.period, before);
            let stored = StoredTargets { provinces: stored.provinces, indicators: codes, calendar: stored.calendar };
            let mut targets: BTreeMap<_, Vec<Target>> = BTreeMap::new();
            for target in store::targets::list_current(conn, &stored)? {
                targets.entry(target.series.clone()).or_default().push(target);
            }
            let claimed: Vec<String> =
                pairs.values().flat_map(HashMap::values).filter_map(|pair| Some(pair.current.as_ref()?.id.clone())).collect();
            let mut claims = store::claims::list_current(conn, &claimed.iter().map(String::as_str).collect::<Vec<_>>())?;

            let mut items = Vec::new();
            for found in indicators {
                let indicator = found.indicator;
                let mut of_indicator = pairs.remove(&indicator.code).unwrap_or_default();
                for breakdown in breakdowns(&wanted.parts, &of_indicator) {
                    let Pair { current, baseline } = of_indicator.remove(&breakdown).unwrap_or_default();
                    // Asked for by name, an indicator without a figure says so; in the whole table it has no line.
                    if current.is_none() && wanted.indicators.is_empty() {
                        continue;
                    }
                    let figure = current.as_ref().map(|c| &c.figure);
                    let base = baseline.as_ref().map(|b| &b.figure);
                    let circumstances = circumstances(&catalogue, province, before, current.as_ref(), baseline.as_ref());
                    let key = SeriesKey { province: province.key.clone(), indicator: indicator.code.clone(), breakdown: breakdown.clone() };
                    let target = targets
                        .get(&key)
                        .and_then(|of_series| applicable(indicator, wanted.period, of_series))
                        .map(|target| (target.clone(), Attainment::of(indicator, figure, &target.goal)));
                    let judged = current.as_ref().and_then(|c| claims.remove(&c.id)).unwrap_or_default().into_iter().map(|claim| {
                        let verdict = claim.verdict(figure, base);
                        let implied = claim.implied_baseline(figure, indicator.percent_decimals());
                        (claim, verdict, implied)
                    });
                    items.push(Item {
                        indicator: indicator.clone(),
                        year_on_year: YearOnYear::of(indicator, figure, base, circumstances),
                        claims: judged.collect(),
                        target,
                        breakdown,
                        current,
                        baseline,
                    });
                }
            }
            Ok(Table { province: province.clone(), period: wanted.period, items })
        })
        .await
}

#[derive(Default)]
struct Pair {
    current: Option<Observation>,
    baseline: Option<Observation>,
}

/// Figures of the two periods, by indicator and part.
fn pair_up(observations: Vec<Observation>, period: Period, before: Period) -> HashMap<String, HashMap<Breakdown, Pair>> {
    let mut pairs: HashMap<String, HashMap<Breakdown, Pair>> = HashMap::new();
    for observation in observations {
        let pair = pairs.entry(observation.series.indicator.clone()).or_default().entry(observation.series.breakdown.clone()).or_default();
        if observation.period == period {
            pair.current = Some(observation);
        } else if observation.period == before {
            pair.baseline = Some(observation);
        }
    }
    pairs
}
