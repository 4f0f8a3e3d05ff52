//! The scope of a query: provinces by any of their names, indicators that the caller may see, breakdowns.
//! Shared by all reads of figures. An unknown name is noted as a fault of its parameter.

use crate::domain::catalogue::whole::wholes;
use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;

use crate::domain::access::role::Caller;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::{Indicator, Versioned};
use crate::domain::catalogue::other_meaning::OtherMeaning;
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::whole::Whole;
use crate::domain::fault::{Fault, LocatedFault, Location};
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;
use crate::store::observations::Breakdowns;

/// The requested breakdowns.
#[derive(Debug, Clone)]
pub enum Parts {
    /// The listed ones; the empty breakdown is the total.
    Only(Vec<Breakdown>),
    /// The total and all reported breakdowns.
    All,
}

/// The text that means all provinces of the day, without the country.
const ALL: &str = "all";

/// The provinces named by the texts on a day; `all` is every one of them, without the country. Unknown names are noted as faults.
pub(crate) fn resolve_provinces<'c>(
    catalogue: &'c Catalogue,
    texts: &[String],
    on: NaiveDate,
    faults: &mut Vec<LocatedFault>,
) -> Vec<&'c Province> {
    let mut resolve = |text: &String| {
        if text.eq_ignore_ascii_case(ALL) {
            return catalogue.provinces.iter().filter(|province| province.existed_on(on)).collect();
        }
        let note = |fault: Fault| faults.push(fault.at(Location::Parameter("province".into())));
        Vec::from_iter(catalogue.provinces.resolve(text, on).map_err(note).ok())
    };
    texts.iter().flat_map(&mut resolve).collect()
}

/// The other provinces that the texts meant within some days, where each is resolved on the day `on`.
pub(crate) fn other_meanings(
    catalogue: &Catalogue,
    texts: &[String],
    on: NaiveDate,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Vec<OtherMeaning> {
    let provinces = &catalogue.provinces;
    let found = texts.iter().filter_map(|text| Some((text, provinces.resolve(text, on).ok()?)));
    found.flat_map(|(text, meant)| OtherMeaning::all(provinces, text, meant, from, to)).collect()
}

/// The names to resolve: none if the parameter with the day could not be read.
pub(crate) fn resolvable<'t>(texts: &'t [String], when: &str, faults: &[LocatedFault]) -> &'t [String] {
    let unread = faults.iter().any(|located| located.place == Location::Parameter(when.to_owned()));
    if unread { &[] } else { texts }
}

/// The indicators with these codes; without codes, all that the caller may see. Unknown codes are noted as faults.
pub(crate) fn resolve_indicators<'c>(
    catalogue: &'c Catalogue,
    caller: &'c Caller,
    codes: &[String],
    faults: &mut Vec<LocatedFault>,
) -> Vec<Versioned<'c>> {
    if codes.is_empty() {
        return catalogue.indicators(caller).collect();
    }
    let mut find = |code: &String| {
        let note = |fault: Fault| faults.push(fault.at(Location::Parameter("indicator".into())));
        catalogue.indicator(code, caller).map_err(note).ok()
    };
    codes.iter().filter_map(&mut find).collect()
}

/// Notes a fault for each breakdown that the indicator does not have.
pub(crate) fn check_parts(parts: &Parts, indicator: &Indicator, faults: &mut Vec<LocatedFault>) {
    if let Parts::Only(breakdowns) = parts {
        let broken = breakdowns.iter().filter_map(|breakdown| indicator.check_breakdown(breakdown).err());
        faults.extend(broken.map(|fault| fault.at(Location::Parameter("breakdown".into()))));
    }
}

impl Parts {
    /// The breakdowns to load: all of them if totals and breakdowns can be derived from each other.
    pub(crate) fn stored<'i>(&self, mut indicators: impl Iterator<Item = &'i Indicator>) -> Breakdowns {
        let formed_of_parts = indicators.any(|indicator| indicator.breakdowns.values().any(|dimension| dimension.complete));
        match self {
            Parts::Only(breakdowns) if !formed_of_parts => Breakdowns::Only(breakdowns.iter().map(ToString::to_string).collect()),
            Parts::Only(_) | Parts::All => Breakdowns::All,
        }
    }
}

/// The breakdowns of the answer, the total first: the requested ones even without figures, or the reported ones and those derived from
/// them.
pub(crate) fn breakdowns(parts: &Parts, indicator: &Indicator, on_record: &BTreeSet<&Breakdown>) -> Vec<Breakdown> {
    let mut breakdowns: Vec<Breakdown> = match parts {
        Parts::Only(breakdowns) => breakdowns.clone(),
        Parts::All => {
            // Visit each total once, not once per reported breakdown.
            let wholes: HashSet<Whole> = on_record.iter().flat_map(|part| wholes(indicator, part)).collect();
            let related = wholes.into_iter().flat_map(|whole| whole.parts.into_iter().chain([whole.total]));
            on_record.iter().copied().cloned().chain(related).collect()
        }
    };
    breakdowns.sort();
    breakdowns.dedup();
    breakdowns
}

/// The days of all figures that can contribute to the periods, in either calendar: their years and, for a comparison, the year before.
pub(crate) fn years_around(first: PeriodCode, last: PeriodCode, before: bool) -> (NaiveDate, NaiveDate) {
    let [civil, nd09] = [Calendar::Civil, Calendar::Nd09].map(|calendar| {
        let earliest = first.in_calendar(calendar);
        let earliest = if before { earliest.same_period_last_year() } else { earliest };
        (earliest.whole_years().0, last.in_calendar(calendar).whole_years().1)
    });
    (civil.0.min(nd09.0), civil.1.max(nd09.1))
}
