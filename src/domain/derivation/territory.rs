//! Territories: the figures of an indicator in one territory over time, also from before its unit was formed.
//! Earlier figures are derived from the units that it was formed from. If this is impossible they are unavailable, never estimated.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use chrono::{Datelike, NaiveDate};

use super::derived::{ResolvedValue, Unavailable, ValueOrigin};
use super::input::{Inputs, ResolvedFigures};
use super::over_areas;
use super::resolve::resolve;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::fault::code_list;
use crate::domain::observation::history::{Figures, History};
use crate::domain::observation::observation::Observation;
use crate::domain::reason::Reason;
use crate::domain::time::period::{Frequency, Period};

code_list! {
    /// The territory of past figures.
    pub enum Geography {
        /// The present territory of the unit. Figures from before its formation are derived from the units that it was formed from.
        Restated = "restated",
        /// The territory of each time: the figures as each unit reported them.
        AsReported = "as_reported",
    }
}

/// All stored observations of one indicator in a territory.
#[derive(Debug, Default)]
pub struct Territory {
    /// The observations of the unit itself.
    own: History,
    /// The first day of the present territory, if it belonged to other units before.
    since: Option<NaiveDate>,
    /// The observations of these earlier units, if figures are restated.
    before: Option<PredecessorUnits>,
    /// The units of times before one of them was split, if all parts of it have come into this territory.
    rejoined: Vec<RejoinedUnits>,
    /// Of figures as reported: the unit with the same name and code before the territory changed.
    namesake: Option<Box<Territory>>,
    /// The provinces of all times; only for the whole country.
    members: Vec<Member>,
}

/// The units that had the territory in a span of days.
#[derive(Debug)]
pub struct RejoinedUnits {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, inclusive.
    pub to: NaiveDate,
    /// The units by key.
    pub units: Vec<(String, Territory)>,
}

/// A province of the country, with its validity.
#[derive(Debug)]
pub struct Member {
    /// Its key.
    pub key: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day; `None` while it exists.
    pub to: Option<NaiveDate>,
    /// Its observations.
    pub territory: Territory,
}

/// The units that the territory belonged to before.
#[derive(Debug)]
pub struct PredecessorUnits {
    units: Vec<(String, Territory)>,
    whole: bool,
    /// What was formed for the years in which the territory changed, which every period in them asks for.
    formed: RefCell<HashMap<Period, Rc<ResolvedFigures>>>,
}

impl Territory {
    /// The observations of a unit, the first day of its territory if other units had it before, and for restated figures these units.
    #[must_use]
    pub fn new(own: History, since: Option<NaiveDate>, before: Option<PredecessorUnits>) -> Territory {
        Territory { own, since, before, ..Territory::default() }
    }

    /// The same territory with the units of times before a split, which together have all of it.
    #[must_use]
    pub fn with_rejoined(self, rejoined: Vec<RejoinedUnits>) -> Territory {
        Territory { rejoined, ..self }
    }

    /// The same territory with the unit that had its name and code before it changed, for comparisons of figures as reported.
    #[must_use]
    pub fn with_namesake(self, namesake: Option<Territory>) -> Territory {
        Territory { namesake: namesake.map(Box::new), ..self }
    }

    /// The whole country: its own figures, and the provinces of all times.
    #[must_use]
    pub fn of_country(own: History, members: Vec<Member>) -> Territory {
        Territory { own, members, ..Territory::default() }
    }

    /// The breakdowns with at least one observation.
    #[must_use]
    pub fn parts(&self) -> BTreeSet<&Breakdown> {
        self.own.parts().into_iter().chain(self.others().flat_map(Territory::parts)).collect()
    }

    /// All observations, in no order.
    #[must_use]
    pub fn observations(&self) -> Box<dyn Iterator<Item = &Observation> + '_> {
        Box::new(self.own.observations().chain(self.others().flat_map(Territory::observations)))
    }

    /// The observations of the unit itself for one breakdown, by period and revision.
    #[must_use]
    pub fn own(&self, breakdown: &Breakdown) -> Vec<&Observation> {
        self.own.of(breakdown)
    }

    /// The reported periods of a breakdown, in order: of the unit itself, and before its formation of the earlier units.
    #[must_use]
    pub fn reported_periods(&self, breakdown: &Breakdown) -> BTreeSet<Period> {
        let own = self.own.of(breakdown).into_iter().map(|observation| observation.period);
        let earlier = self.units().flat_map(|(_, unit)| unit.reported_periods(breakdown));
        own.chain(earlier.filter(|period| self.is_before(*period))).collect()
    }

    /// The figure of a breakdown and period. Since the formation of the territory it is the unit's own, before that it is derived from
    /// the earlier units, and in a period with the change it is derived from both.
    ///
    /// # Errors
    /// Those of [`resolve`](super::resolve::resolve) and [`over_areas::resolve`]; `territory_changed` if
    /// operands are missing in a period with a change of territory;
    /// `not_additive` if one of the earlier units was split.
    pub fn resolve(&self, indicator: &Indicator, breakdown: &Breakdown, period: Period) -> Result<ResolvedValue, Unavailable> {
        if let Some(span) = self.rejoined.iter().find(|span| span.from <= period.start() && period.end() <= span.to) {
            return over_areas::resolve(indicator, period, &resolved_units(&span.units, indicator, breakdown, period));
        }
        match (self.since, &self.before) {
            _ if !self.members.is_empty() => self.resolve_country(indicator, breakdown, period),
            (Some(since), Some(before)) if period.end() < since => before.resolve(indicator, breakdown, period),
            (Some(since), Some(before)) if period.start() < since => self.resolve_across(indicator, breakdown, period, since, before),
            _ => self.own.resolve(indicator, breakdown, period),
        }
    }

    /// The figure of an earlier period, to compare with. As reported, the figure from before a change of territory is that of the unit with
    /// the same name and code: this is the number that reports compare with, and [`changed`](Territory::changed) says that it is of
    /// another territory.
    ///
    /// # Errors
    /// As [`resolve`](Territory::resolve).
    pub fn baseline(&self, indicator: &Indicator, breakdown: &Breakdown, earlier: Period) -> Result<ResolvedValue, Unavailable> {
        let before = self.namesake.as_ref().filter(|_| self.is_before(earlier));
        before.map_or_else(|| self.resolve(indicator, breakdown, earlier), |before| before.resolve(indicator, breakdown, earlier))
    }

    /// Whether a comparison with an earlier period crosses a change of territory. It does if the unit did not have this territory then
    /// and no figure could be derived from the earlier units, or if a report gives one figure for a period with the change. `sides` are
    /// the current and the earlier figure.
    #[must_use]
    pub fn changed(&self, indicator: &Indicator, before: Period, sides: [&Result<ResolvedValue, Unavailable>; 2]) -> bool {
        let missed = self.before.is_none() || sides[1].is_err();
        missed && self.since.is_some_and(|since| before.start() < since) || sides.iter().any(|side| self.counts_across(indicator, side))
    }

    /// Whether a report gives one figure for a period with a change of territory: the report does not state which territory it means. A
    /// stock is not affected, because its day lies in only one of the two.
    #[must_use]
    pub fn counts_across(&self, indicator: &Indicator, side: &Result<ResolvedValue, Unavailable>) -> bool {
        let since = |province: &str| match self.members.iter().find(|member| member.key == province) {
            Some(member) => member.territory.since,
            None => self.since,
        };
        let across = |province: &str, period: Period| since(province).is_some_and(|since| period.start() < since && since <= period.end());
        let told_across = |formed: &ResolvedValue| match &formed.origin {
            ValueOrigin::Reported { observation, .. } => across(&observation.series.province, observation.period),
            ValueOrigin::Derived(derived) => derived.parts.iter().any(|part| across(&part.province, part.period)),
        };
        !indicator.is_state() && side.as_ref().is_ok_and(told_across)
    }

    /// The figure reported for the country; otherwise it is derived from all provinces of that time.
    fn resolve_country(&self, indicator: &Indicator, breakdown: &Breakdown, period: Period) -> Result<ResolvedValue, Unavailable> {
        let of_provinces = || self.resolve_country_of_provinces(indicator, breakdown, period);
        let of_provinces = if self.is_divided_in(period) {
            // Each province may have reported the whole period as it stood at its end; `counts_across` then tells it.
            self.resolve_country_by_time(indicator, breakdown, period).or_else(|unavailable| of_provinces().map_err(|_| unavailable))
        } else {
            of_provinces()
        };
        match self.own.resolve(indicator, breakdown, period) {
            Ok(reported) => Ok(reported.with_alternative(indicator, period, of_provinces.ok())),
            // A declaration of nothing to report is a report. Otherwise the country's own figures may give a better reason.
            Err(unavailable) if unavailable.declared_by.is_some() => Err(unavailable),
            Err(unavailable) if !unavailable.is_of_nothing() => of_provinces.map_err(|_| unavailable),
            Err(_) => of_provinces,
        }
    }

    fn members_on(&self, day: NaiveDate) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| member.from <= day && member.to.is_none_or(|to| day <= to))
    }

    /// Whether a province was split in a period.
    fn is_divided_in(&self, period: Period) -> bool {
        self.members_on(period.end()).any(|member| {
            let Territory { since, before, .. } = &member.territory;
            let within = since.is_some_and(|since| period.start() < since && since <= period.end());
            within && before.as_ref().is_some_and(|before| !before.whole)
        })
    }

    fn resolve_country_of_provinces(
        &self,
        indicator: &Indicator,
        breakdown: &Breakdown,
        period: Period,
    ) -> Result<ResolvedValue, Unavailable> {
        let units = self.members_on(period.end());
        let units: Vec<(String, Result<ResolvedValue, Unavailable>)> =
            units.map(|unit| (unit.key.clone(), unit.territory.resolve(indicator, breakdown, period))).collect();
        over_areas::resolve(indicator, period, &units)
    }

    /// For a period in which a province was split: the figures of the new units before the split are unknown, but those of the country
    /// are known. So the figures of the country are derived first for shorter periods, each from the provinces of its time.
    fn resolve_country_by_time(&self, indicator: &Indicator, breakdown: &Breakdown, period: Period) -> Result<ResolvedValue, Unavailable> {
        let within = |of: &Period| period.start() <= of.start() && of.end() <= period.end() && !self.is_divided_in(*of);
        let earlier =
            resolve_each(periods_of_year(period).filter(within), &self.parts(), |part, of| self.resolve_country(indicator, part, of));
        resolve(indicator, breakdown, period, Inputs::with_resolved(&Figures::new(), &earlier))
    }

    fn others(&self) -> impl Iterator<Item = &Territory> {
        self.units().map(|(_, unit)| unit).chain(self.members.iter().map(|member| &member.territory))
    }

    fn units(&self) -> impl Iterator<Item = &(String, Territory)> {
        self.before.iter().flat_map(|before| &before.units)
    }

    fn is_before(&self, period: Period) -> bool {
        self.since.is_some_and(|since| period.end() < since)
    }

    /// For a period with a change of territory: the unit's own report takes precedence. Otherwise the months before come from the
    /// earlier units and the other months from the unit itself.
    fn resolve_across(
        &self,
        indicator: &Indicator,
        breakdown: &Breakdown,
        period: Period,
        since: NaiveDate,
        before: &PredecessorUnits,
    ) -> Result<ResolvedValue, Unavailable> {
        let earlier = before.in_year_of(indicator, period, since);
        let nothing = Figures::new();
        let inputs = Inputs::with_resolved(self.own.around(period).unwrap_or(&nothing), &earlier);
        resolve(indicator, breakdown, period, inputs).map_err(|unavailable| {
            let reason = match unavailable.reason {
                Reason::LowCoverage if !before.whole => Reason::NotAdditive,
                Reason::LowCoverage if !inputs.is_empty() => Reason::TerritoryChanged,
                reason => reason,
            };
            Unavailable { reason, ..unavailable }
        })
    }
}

impl PredecessorUnits {
    /// The units by key, and whether each of them became part of the territory as a whole. The figures of a split unit give no figures
    /// of its parts.
    #[must_use]
    pub fn new(units: Vec<(String, Territory)>, whole: bool) -> PredecessorUnits {
        PredecessorUnits { units, whole, formed: RefCell::default() }
    }

    fn resolve(&self, indicator: &Indicator, breakdown: &Breakdown, period: Period) -> Result<ResolvedValue, Unavailable> {
        let units = resolved_units(&self.units, indicator, breakdown, period);
        if self.whole {
            return over_areas::resolve(indicator, period, &units);
        }
        Err(Unavailable { parts: over_areas::known_parts(&units), ..Unavailable::from_reason(Reason::NotAdditive) })
    }

    /// The derivable figures for the periods of the same year that end before a day.
    fn in_year_of(&self, indicator: &Indicator, period: Period, since: NaiveDate) -> Rc<ResolvedFigures> {
        let Some(year) = period.year() else { return Rc::default() };
        let known = self.formed.borrow().get(&year).cloned();
        known.unwrap_or_else(|| {
            let formed = Rc::new(self.resolve_year(indicator, year, since));
            self.formed.borrow_mut().insert(year, Rc::clone(&formed));
            formed
        })
    }

    fn resolve_year(&self, indicator: &Indicator, year: Period, since: NaiveDate) -> ResolvedFigures {
        let parts = self.units.iter().flat_map(|(_, unit)| unit.parts()).collect();
        resolve_each(periods_of_year(year).filter(|earlier| earlier.end() < since), &parts, |part, period| {
            self.resolve(indicator, part, period)
        })
    }
}

/// The figure of each unit, by its key.
fn resolved_units(
    units: &[(String, Territory)],
    indicator: &Indicator,
    breakdown: &Breakdown,
    period: Period,
) -> Vec<(String, Result<ResolvedValue, Unavailable>)> {
    units.iter().map(|(key, unit)| (key.clone(), unit.resolve(indicator, breakdown, period))).collect()
}

/// The months, quarters, half-years and years to date of the year in which a period ends.
fn periods_of_year(period: Period) -> impl Iterator<Item = Period> {
    let of_year = move |frequency, cumulative| Period::of_year(period.calendar(), period.end().year(), frequency, cumulative);
    let all = [(Frequency::Monthly, false), (Frequency::Quarterly, false), (Frequency::HalfYearly, false), (Frequency::Monthly, true)];
    let all: BTreeSet<Period> = all.into_iter().flat_map(|(frequency, cumulative)| of_year(frequency, cumulative)).collect();
    all.into_iter().map(Period::canonical)
}

/// The derivable figures of these periods and breakdowns.
fn resolve_each(
    periods: impl Iterator<Item = Period>,
    parts: &BTreeSet<&Breakdown>,
    form: impl Fn(&Breakdown, Period) -> Result<ResolvedValue, Unavailable>,
) -> ResolvedFigures {
    let mut resolved = ResolvedFigures::new();
    for period in periods {
        for part in parts {
            if let Ok(value) = form(part, period) {
                resolved.entry((*part).clone()).or_default().push((period, value));
            }
        }
    }
    resolved
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::catalogue::indicator::{Aggregation, Measure};
    use crate::domain::derivation::derived::operands_of;
    use crate::domain::number::quantity::Sign;
    use crate::domain::observation::observation::Content;
    use crate::domain::testing::{flow, indicator, reported, written};
    use crate::domain::time::period::Calendar;

    const MERGED: &str = "2025-07-01";

    /// A territory since 1 July 2025, with the earlier units `old-1`, `old-2` …
    fn merged(units: &[&str], own: &str, calendar: Calendar) -> Territory {
        let alone = |text: &str| Territory::new(History::new(reported(text, calendar)), None, None);
        let units = units.iter().enumerate().map(|(n, text)| (format!("old-{}", n + 1), alone(text))).collect();
        let since = Some(MERGED.parse().unwrap());
        Territory::new(History::new(reported(own, calendar)), since, Some(PredecessorUnits::new(units, true)))
    }

    /// The derived figure as a line: value, derivation, coverage; or the reason for its absence.
    fn line(territory: &Territory, indicator: &Indicator, period: &str, calendar: Calendar) -> String {
        let period = Period::parse(period, calendar).unwrap();
        match territory.resolve(indicator, &Breakdown::default(), period) {
            Err(unavailable) => {
                let coverage = unavailable.coverage.map(|c| format!(" {}/{}", c.have, c.need)).unwrap_or_default();
                format!("{}{coverage}, {} parts", unavailable.reason.as_str(), unavailable.parts.len())
            }
            Ok(formed) => {
                let how = match &formed.origin {
                    ValueOrigin::Reported { .. } => "reported".to_owned(),
                    ValueOrigin::Derived(derived) => format!("{derived} of {} parts", derived.parts.len()),
                };
                let coverage = formed.coverage.map(|c| format!(" {}/{}", c.have, c.need)).unwrap_or_default();
                format!("{} by {how}{coverage}", written(formed.figure.quantity))
            }
        }
    }

    #[test]
    fn figures_of_a_merged_territory_are_those_of_its_units_before() {
        let additive = Indicator { area_aggregation: Aggregation::Sum, ..flow() };
        let stock = Indicator { time_aggregation: Aggregation::Last, area_aggregation: Aggregation::Sum, ..indicator(Measure::Stock, 0) };
        let average = indicator(Measure::Average, 1);
        let of = Calendar::Civil;
        for (indicator, units, own, period, expected, why) in [
            (&additive, ["2024-05=10", "2024-05=20"], "", "2024-05", "30 by old-1 + old-2 of 2 parts 1/1", "before"),
            (&additive, ["2024-05=10", ""], "", "2024-05", "low_coverage, 1 parts", "of one of them nothing is known"),
            (
                &additive,
                ["2024-05-YTD=50, 2024-04-YTD=40", "2024-05=20"],
                "",
                "2024-05",
                "30 by old-1 + old-2 of 3 parts 1/1",
                "one forms it",
            ),
            (
                &additive,
                ["2025-H1=10", "2025-H1=20"],
                "2025-H2=40",
                "2025",
                "70 by 2025-H1 (old-1 + old-2) + 2025-H2 of 3 parts 12/12",
                "both halves",
            ),
            (
                &additive,
                ["2025-H1=10", "2025-Q1=9, 2025-Q2=11"],
                "2025-07=1, 2025-08=2, 2025-09=3, 2025-10=4",
                "2025-10-YTD",
                "40 by 2025-H1 (old-1 + old-2) + 2025-07 + 2025-08 + 2025-09 + 2025-10 of 7 parts 10/10",
                "until October",
            ),
            (
                &additive,
                ["2025-H1=10", "2025-H1=20"],
                "2025=100",
                "2025-H2",
                "low_coverage 0/6, 0 parts",
                "of a year that the new unit reports there is no telling whose first half it counts",
            ),
            (&additive, ["2025-H1=10", "2025-H1=20"], "2025=71, 2025-H2=40", "2025", "71 by reported 12/12", "what is reported stands"),
            (&additive, ["2025-H1=10", "2025-H1=20"], "2025-07=1", "2025", "territory_changed 7/12, 0 parts", "the rest is not there"),
            (&additive, ["2025-H1=10", ""], "2025-H2=40", "2025", "territory_changed 6/12, 0 parts", "a unit is missing"),
            (&stock, ["2024-05=10", "2024-05=20"], "", "2024-05", "30 by old-1 + old-2 of 2 parts 1/1", "states add too"),
            (&stock, ["2025-06=10", "2025-06=20"], "2025-12=35", "2025", "35 by last of 2025-12 of 1 parts 12/12", "the last state"),
            (
                &stock,
                ["2025-06=10", "2025-06=20"],
                "",
                "2025",
                "30 by last of 2025-06 (old-1 + old-2) of 2 parts 6/12",
                "as far as is known",
            ),
            (&average, ["2024-05=10", "2024-05=20"], "", "2024-05", "not_additive, 2 parts", "levels never add"),
            (&average, ["2025-H1=10", "2025-H1=20"], "2025-H2=15", "2025", "not_additive 6/12, 0 parts", "nor across it"),
            (&additive, ["2024-05=10", "2024-05=20"], "2025-08=5", "2025-08", "5 by reported 1/1", "its own since"),
        ] {
            assert_eq!(line(&merged(&units, own, of), indicator, period, of), expected, "{period}: {why}");
        }
    }

    #[test]
    fn rates_recombine_from_numerators_and_denominators() {
        let rate = Indicator { area_aggregation: Aggregation::Ratio, ..indicator(Measure::Rate, 2) };
        let with = |numerator: i64, denominator: i64| {
            let [n, d] = [numerator, denominator].map(|number| crate::domain::number::decimal::Decimal::from_scaled(number, 0));
            let mut known = reported("2024-05=50", Calendar::Civil);
            if let Content::Figure(figure) = &mut known[0].content {
                figure.quantity = crate::domain::number::quantity::Quantity::number(
                    n.unwrap().percent_of(d.unwrap(), 2).unwrap(),
                    crate::domain::number::quantity::Bound::Equal,
                );
                (figure.numerator, figure.denominator) = (n, d);
            }
            Territory::new(History::new(known), None, None)
        };
        let alone = Territory::new(History::new(reported("2024-05=50", Calendar::Civil)), None, None);
        let of = |units: Vec<Territory>| {
            let units = units.into_iter().enumerate().map(|(n, unit)| (format!("old-{}", n + 1), unit)).collect();
            Territory::new(History::default(), Some(MERGED.parse().unwrap()), Some(PredecessorUnits::new(units, true)))
        };
        let formed = line(&of(vec![with(10, 12), with(1, 88)]), &rate, "2024-05", Calendar::Civil);
        assert_eq!(formed, "11 by ratio of old-1 + old-2 of 2 parts 1/1", "11 of 100, and no mean of 83.33 and 1.14");
        assert_eq!(line(&of(vec![with(10, 12), alone]), &rate, "2024-05", Calendar::Civil), "not_additive, 2 parts");
    }

    #[test]
    fn a_month_of_the_administrative_calendar_lies_across_the_change() {
        let additive = Indicator { area_aggregation: Aggregation::Sum, ..flow() };
        let of = Calendar::Nd09;
        let units = ["2025-06=10, 2025-07=3", "2025-06=20"];
        for (own, period, expected, why) in [
            ("", "2025-06", "30 by old-1 + old-2 of 2 parts 1/1", "15 May to 14 June"),
            ("", "2025-07", "territory_changed 0/1, 0 parts", "15 June to 14 July is of both"),
            ("2025-07=33", "2025-07", "33 by reported 1/1", "what is reported stands"),
        ] {
            let territory = merged(&units, own, of);
            assert_eq!(line(&territory, &additive, period, of), expected, "{period}: {why}");
            if !own.is_empty() {
                let period = Period::parse(period, of).unwrap();
                let formed = territory.resolve(&additive, &Breakdown::default(), period);
                assert!(territory.changed(&additive, period, [&formed, &formed]), "and says so");
            }
        }
    }

    #[test]
    fn the_country_is_its_provinces_and_says_where_one_counts_across_a_change() {
        let additive = Indicator { area_aggregation: Aggregation::Sum, ..flow() };
        let of = Calendar::Civil;
        let member = |key: &str, from: &str, to: Option<&str>, territory: Territory| Member {
            key: key.into(),
            from: from.parse().unwrap(),
            to: to.map(|day| day.parse().unwrap()),
            territory,
        };
        let alone = |text: &str| Territory::new(History::new(reported(text, of)), None, None);
        let country = |new: &str, own: &str| {
            let named = |key: &str, text: &str| {
                let mut known = reported(text, of);
                for observation in &mut known {
                    observation.series.province = key.into();
                }
                History::new(known)
            };
            let before = PredecessorUnits::new(vec![("old".into(), alone("2024=30, 2025-H1=15"))], true);
            let new = Territory::new(named("new", new), Some(MERGED.parse().unwrap()), Some(before));
            let members = vec![
                member("old", "2004-01-01", Some("2025-06-30"), alone("2024=30, 2025-H1=15")),
                member("new", MERGED, None, new),
                member("other", "2004-01-01", None, alone("2024=5, 2025=6")),
            ];
            Territory::of_country(History::new(reported(own, of)), members)
        };
        for (new, own, period, expected, across, why) in [
            ("", "", "2024", "35 by old + other of 2 parts 12/12", false, "the provinces of its time"),
            ("2025-H2=20", "", "2025", "41 by new + other of 3 parts 12/12", false, "formed of both halves"),
            ("2025=36", "", "2025", "42 by new + other of 2 parts 12/12", true, "the new unit does not say whose first half it counts"),
            ("2025=36", "50", "2025", "50 by reported 12/12", false, "what is reported for the country is of the country"),
            ("", "", "2025", "low_coverage, 1 parts", false, "a province has no figure"),
        ] {
            let own = if own.is_empty() { String::new() } else { format!("{period}={own}") };
            let country = country(new, &own);
            assert_eq!(line(&country, &additive, period, of), expected, "{period}: {why}");
            let formed = country.resolve(&additive, &Breakdown::default(), Period::parse(period, of).unwrap());
            assert_eq!(country.counts_across(&additive, &formed), across, "{period}: {why}");
        }
    }

    #[test]
    fn of_a_unit_that_was_split_nothing_is_formed() {
        let additive = Indicator { area_aggregation: Aggregation::Sum, ..flow() };
        let old = Territory::new(History::new(reported("2024-05=10", Calendar::Civil)), None, None);
        let before = PredecessorUnits::new(vec![("old".into(), old)], false);
        let east = Territory::new(History::default(), Some(MERGED.parse().unwrap()), Some(before));
        assert_eq!(line(&east, &additive, "2024-05", Calendar::Civil), "not_additive, 1 parts");
    }

    /// A tree of units, each formed from others on the first day of some year; the leaves have a figure for May 2024.
    fn tree() -> impl Strategy<Value = (Territory, i64)> {
        let leaf = (0i64..1_000_000)
            .prop_map(|value| (Territory::new(History::new(reported(&format!("2024-05={value}"), Calendar::Civil)), None, None), value));
        leaf.prop_recursive(4, 40, 4, |inner| {
            prop::collection::vec(inner, 1..4).prop_map(|units| {
                let sum = units.iter().map(|(_, value)| value).sum();
                let units = units.into_iter().enumerate().map(|(n, (unit, _))| (format!("unit-{n}"), unit)).collect();
                (Territory::new(History::default(), Some(MERGED.parse().unwrap()), Some(PredecessorUnits::new(units, true))), sum)
            })
        })
    }

    proptest! {
        /// After any number of mergers, the figure of the territory is the sum of all its original units.
        #[test]
        fn a_sum_is_that_of_the_whole_lineage((territory, sum) in tree()) {
            let additive = Indicator { area_aggregation: Aggregation::Sum, ..flow() };
            let formed = territory.resolve(&additive, &Breakdown::default(), Period::parse("2024-05", Calendar::Civil).unwrap()).unwrap();
            prop_assert_eq!(formed.figure.exact().unwrap().to_string(), sum.to_string());
        }

        /// Every operand is a stored observation of the unit or of a predecessor, and together they make the value.
        #[test]
        fn operands_are_stored_observations_that_make_the_value(
            months in prop::collection::vec((0usize..3, 1u32..13, 0i64..100_000), 0..30),
            halves in prop::collection::vec((0usize..3, 1u32..3, 0i64..100_000), 0..4),
            total in prop::option::of(0i64..1_000_000),
        ) {
            let additive = Indicator { min: None, area_aggregation: Aggregation::Sum, ..flow() };
            let names = ["old-1", "old-2", "new"];
            let mut reports: [std::collections::BTreeMap<String, i64>; 3] = Default::default();
            for (unit, month, value) in months {
                reports[unit].insert(format!("2025-{month:02}"), value);
            }
            for (unit, half, value) in halves {
                reports[unit].insert(format!("2025-H{half}"), value);
            }
            reports[2].extend(total.map(|value| ("2025".to_owned(), value)));
            let stored = |unit: usize| {
                let text: Vec<String> = reports[unit].iter().map(|(period, value)| format!("{period}={value}")).collect();
                let mut observations = reported(&text.join(", "), Calendar::Civil);
                for observation in &mut observations {
                    observation.id = format!("{} in {}", observation.period, names[unit]);
                    observation.series.province = names[unit].into();
                }
                History::new(observations)
            };
            let units = [0, 1].map(|unit| (names[unit].to_owned(), Territory::new(stored(unit), None, None)));
            let before = PredecessorUnits::new(units.into(), true);
            let territory = Territory::new(stored(2), Some(MERGED.parse().unwrap()), Some(before));

            let year = Period::parse("2025", Calendar::Civil).unwrap();
            for period in periods_of_year(year).chain([year]) {
                let Ok(resolved) = territory.resolve(&additive, &Breakdown::default(), period) else { continue };
                let alternative = match &resolved.origin {
                    ValueOrigin::Reported { disagreement: Some(derived), .. } => Some((&derived.parts, derived.figure)),
                    _ => None,
                };
                let operands = operands_of(&resolved);
                for (operands, figure) in [(&operands, resolved.figure)].into_iter().chain(alternative) {
                    let mut sum = 0;
                    for operand in operands {
                        let found = territory.observations().find(|observation| observation.id == operand.observation);
                        let found = found.map(|found| (found.period, found.series.province.as_str(), found.figure().copied()));
                        prop_assert_eq!(found, Some((operand.period, operand.province.as_str(), Some(operand.figure))));
                        let value: i64 = operand.figure.exact().unwrap().to_string().parse().unwrap();
                        sum += if operand.sign == Sign::Plus { value } else { -value };
                    }
                    prop_assert_eq!(figure.exact().unwrap().to_string(), sum.to_string(), "{}", period);
                }
            }
        }
    }
}
