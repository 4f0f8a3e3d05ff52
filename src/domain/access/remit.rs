//! Remit: the provinces and fields of a client, and the visibility of figures there.
//! Figures about few people are rounded for disclosure control. Figures derived from rounded ones reveal no more than these.

use std::collections::BTreeSet;

use super::client::Client;
use super::disclosure::round_for_disclosure;
use super::role::{Caller, Visibility};
use crate::domain::catalogue::indicator::Access;
use crate::domain::catalogue::province::{Province, Provinces};
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::observation::observation::Observation;

/// The remit of a client.
#[derive(Debug, Clone)]
pub struct Remit {
    /// The client.
    pub client: Client,
    /// The keys of the units; `None` for all units.
    units: Option<BTreeSet<String>>,
}

impl Remit {
    /// The units of a client: those it is set for, the same units under other names, and the units that they were wholly formed from,
    /// because no other client works for these any more. A split unit is not passed on to its successors.
    #[must_use]
    pub fn of(client: &Client, provinces: &Provinces) -> Remit {
        let mut units: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<&Province> = client.provinces.iter().filter_map(|key| provinces.get(key)).collect();
        while let Some(unit) = open.pop() {
            let latest = provinces.latest(unit);
            units.extend(provinces.continued(latest));
            let formation = provinces.formation(latest).filter(|formation| formation.whole);
            open.extend(formation.into_iter().flat_map(|formation| formation.units));
            open.extend(provinces.rejoined(latest).into_iter().flat_map(|span| span.units));
        }
        let units = (!client.provinces.is_empty()).then(|| units.into_iter().chain(client.provinces.iter().cloned()).collect());
        Remit { client: client.clone(), units }
    }

    /// Whether a unit is in the remit.
    #[must_use]
    pub fn holds(&self, province: &str) -> bool {
        self.units.as_ref().is_none_or(|units| units.contains(province))
    }

    /// Checks that the client works for a province.
    ///
    /// # Errors
    /// `province_not_allowed`, with the provinces of the client.
    pub fn check(&self, province: &Province) -> Result<(), Fault> {
        if self.holds(&province.key) {
            return Ok(());
        }
        let message = message!(
            en: "this client does not write for {} ({})",
            vi: "hệ thống gọi API này không ghi số liệu cho {} ({})", province.name, province.key
        );
        Err(Fault::new(Code::ProvinceNotAllowed, message).allowing(self.client.provinces.iter().cloned()))
    }

    /// The errors of work on series outside the remit: their provinces, and their fields. Each series has the pointers to its indicator
    /// and to its province; a province is refused once at each place.
    #[must_use]
    pub fn beyond<'s>(&self, about: impl Iterator<Item = ([String; 2], &'s SeriesKey)>, catalogue: &Catalogue) -> Vec<LocatedFault> {
        let (mut provinces, mut faults) = (BTreeSet::new(), Vec::new());
        for ([place, of_province], series) in about {
            provinces.insert((of_province, &series.province));
            let denied = catalogue.current(&series.indicator).and_then(|found| self.client.may_work_in(found.indicator).err());
            faults.extend(denied.map(|fault| fault.at(Location::Pointer(place))));
        }
        let denied = provinces.into_iter().filter_map(|(place, key)| Some((place, self.check(catalogue.provinces.get(key)?).err()?)));
        faults.extend(denied.map(|(place, fault)| fault.at(Location::Pointer(place))));
        faults
    }
}

/// The visibility of stored figures for a caller.
#[derive(Debug)]
pub struct View<'c> {
    /// The caller of the request.
    pub caller: &'c Caller,
    /// The catalogue of the request.
    pub catalogue: &'c Catalogue,
    reach: Option<Remit>,
}

impl<'c> View<'c> {
    /// The visibility for a caller with a catalogue.
    #[must_use]
    pub fn new(caller: &'c Caller, catalogue: &'c Catalogue) -> View<'c> {
        View { caller, catalogue, reach: caller.client().map(|client| Remit::of(client, &catalogue.today().provinces)) }
    }

    /// The visibility of a series.
    #[must_use]
    pub fn of(&self, series: &SeriesKey) -> Visibility {
        self.at(&series.indicator, &series.province)
    }

    /// The visibility of an indicator in a province.
    #[must_use]
    pub fn at(&self, indicator: &str, province: &str) -> Visibility {
        let Some(found) = self.catalogue.today().current(indicator) else { return Visibility::Hidden };
        let within = found.indicator.access == Access::Open || self.reach.as_ref().is_none_or(|reach| reach.holds(province));
        if within { self.caller.visibility(found.indicator) } else { Visibility::Hidden }
    }

    /// Whether the caller works with all of these: the provinces and fields are in its remit, and it sees exact figures. An empty list
    /// is only for callers without that restriction.
    #[must_use]
    pub fn works_with(&self, provinces: &BTreeSet<String>, indicators: &BTreeSet<String>) -> bool {
        let Some(reach) = &self.reach else { return false };
        let client = &reach.client;
        let units = client.provinces.is_empty() || !provinces.is_empty() && provinces.iter().all(|key| reach.holds(key));
        let sees = |code: &String| {
            let found = self.catalogue.today().current(code);
            found.is_some_and(|found| {
                client.may_work_in(found.indicator).is_ok() && self.caller.visibility(found.indicator) == Visibility::Exact
            })
        };
        units && (client.fields.is_empty() || !indicators.is_empty()) && indicators.iter().all(sees)
    }

    /// The visibility of a series. If it is visible and not open, the access is recorded.
    fn shown(&self, series: &SeriesKey) -> Visibility {
        let visibility = self.of(series);
        if let Some(found) = self.catalogue.today().current(&series.indicator).filter(|_| visibility != Visibility::Hidden) {
            self.caller.saw(found.indicator);
        }
        visibility
    }

    /// A revision with the visibility of the caller; `None` if it is not visible.
    #[must_use]
    pub fn show(&self, observation: Observation) -> Option<Observation> {
        match self.shown(&observation.series) {
            Visibility::Hidden => None,
            Visibility::Rounded => Some(round_for_disclosure(observation, self.catalogue.today())),
            Visibility::Exact => Some(observation),
        }
    }

    /// Whether the caller sees that a series exists. This is enough for its targets, because a target counts no people.
    #[must_use]
    pub fn shows_series(&self, series: &SeriesKey) -> bool {
        self.shown(series) != Visibility::Hidden
    }
}
