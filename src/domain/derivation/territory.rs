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
mod tests;
