//! Reach: the provinces and fields that a client works for, and what a caller sees of the figures there.
//! A figure of few people is shown in fives to whoever does not work with it: what is formed of it then says no more either.

use std::collections::BTreeSet;

use super::client::Client;
use super::disclosure::round_for_disclosure;
use super::role::{Caller, Visibility};
use crate::domain::catalogue::indicator::Access;
use crate::domain::catalogue::province::{Province, Provinces};
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::observation::observation::Observation;

/// Where a client works.
#[derive(Debug, Clone)]
pub struct Remit {
    /// The client.
    pub client: Client,
    /// The keys of the units; all when absent.
    units: Option<BTreeSet<String>>,
}

impl Remit {
    /// Whoever works for a unit works for it under its other names too, and for the units that it was wholly formed from: nobody else
    /// does any more. A unit that was split goes to none of its successors.
    #[must_use]
    pub fn of(client: &Client, provinces: &Provinces) -> Remit {
        let mut units: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<&Province> = client.provinces.iter().filter_map(|key| provinces.get(key)).collect();
        while let Some(unit) = open.pop() {
            let latest = provinces.latest(unit);
            units.extend(provinces.continued(latest));
            let formation = provinces.formation(latest).filter(|formation| formation.whole);
            open.extend(formation.into_iter().flat_map(|formation| formation.units));
        }
        let units = (!client.provinces.is_empty()).then(|| units.into_iter().chain(client.provinces.iter().cloned()).collect());
        Remit { client: client.clone(), units }
    }

    /// Whether a unit is within it.
    #[must_use]
    pub fn holds(&self, province: &str) -> bool {
        self.units.as_ref().is_none_or(|units| units.contains(province))
    }

    /// Whether the client works for a province.
    ///
    /// # Errors
    /// `province_not_allowed`, with the provinces it works for.
    pub fn check(&self, province: &Province) -> Result<(), Fault> {
        if self.holds(&province.key) {
            return Ok(());
        }
        let message = format!("this client does not write for {} ({})", province.name, province.key);
        Err(Fault::new(Code::ProvinceNotAllowed, message).allowing(self.client.provinces.iter().cloned()))
    }

    /// What stands against work on series, each with the place of its indicator: the provinces and the fields that are not the client's.
    #[must_use]
    pub fn beyond<'s>(&self, about: impl Iterator<Item = (String, &'s SeriesKey)>, catalogue: &Catalogue) -> Vec<LocatedFault> {
        let (mut provinces, mut faults) = (BTreeSet::new(), Vec::new());
        for (place, series) in about {
            provinces.insert(&series.province);
            let denied = catalogue.current(&series.indicator).and_then(|found| self.client.may_work_in(found.indicator).err());
            faults.extend(denied.map(|fault| fault.at(Location::Pointer(place))));
        }
        let denied = provinces.into_iter().filter_map(|key| self.check(catalogue.provinces.get(key)?).err());
        faults.extend(denied.map(|fault| fault.at(Location::Pointer("/province".into()))));
        faults
    }
}

/// What a caller sees of what is on record.
#[derive(Debug)]
pub struct View<'c> {
    /// Who is asking.
    pub caller: &'c Caller,
    /// What the figures are about.
    pub catalogue: &'c Catalogue,
    reach: Option<Remit>,
}

impl<'c> View<'c> {
    /// What a caller sees through a catalogue.
    #[must_use]
    pub fn new(caller: &'c Caller, catalogue: &'c Catalogue) -> View<'c> {
        View { caller, catalogue, reach: caller.client().map(|client| Remit::of(client, &catalogue.today().provinces)) }
    }

    /// What the caller sees of a series.
    #[must_use]
    pub fn of(&self, series: &SeriesKey) -> Visibility {
        self.at(&series.indicator, &series.province)
    }

    /// What the caller sees of an indicator in a province.
    #[must_use]
    pub fn at(&self, indicator: &str, province: &str) -> Visibility {
        let Some(found) = self.catalogue.today().current(indicator) else { return Visibility::Hidden };
        let within = found.indicator.access == Access::Open || self.reach.as_ref().is_none_or(|reach| reach.holds(province));
        if within { self.caller.visibility(found.indicator) } else { Visibility::Hidden }
    }

    /// Whether the caller works with all of these: works for the provinces and in the fields, and sees the figures as they are. What is
    /// about nothing that could be told is for those only who are not narrowed.
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

    /// The same where it is shown, which is noted of what is not open.
    fn shown(&self, series: &SeriesKey) -> Visibility {
        let visibility = self.of(series);
        if let Some(found) = self.catalogue.today().current(&series.indicator).filter(|_| visibility != Visibility::Hidden) {
            self.caller.saw(found.indicator);
        }
        visibility
    }

    /// A revision as the caller sees it.
    #[must_use]
    pub fn show(&self, observation: Observation) -> Option<Observation> {
        match self.shown(&observation.series) {
            Visibility::Hidden => None,
            Visibility::Rounded => Some(round_for_disclosure(observation, self.catalogue.today())),
            Visibility::Exact => Some(observation),
        }
    }

    /// Whether the caller sees that there is a series at all: enough to be shown its targets, because a plan counts nobody.
    #[must_use]
    pub fn shows_series(&self, series: &SeriesKey) -> bool {
        self.shown(series) != Visibility::Hidden
    }
}
