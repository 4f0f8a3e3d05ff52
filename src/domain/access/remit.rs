//! Reach: the provinces and fields that a client works for, and what a caller sees of the figures there.
//! A figure of few people is shown in fives to whoever does not work with it: what is formed of it then says no more either.

use std::collections::BTreeSet;

use super::client::Client;
use super::role::{Caller, Visibility};
use crate::domain::catalogue::indicator::{Access, Indicator, Measure};
use crate::domain::catalogue::province::{Province, Provinces};
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity};
use crate::domain::observation::figure::Figure;
use crate::domain::observation::observation::{Content, Observation};

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
        if within { self.caller.sight(found.indicator) } else { Visibility::Hidden }
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
            found
                .is_some_and(|found| client.may_work_in(found.indicator).is_ok() && self.caller.sight(found.indicator) == Visibility::Exact)
        };
        units && (client.fields.is_empty() || !indicators.is_empty()) && indicators.iter().all(sees)
    }

    /// The same where it is shown, which is noted of what is not open.
    fn shown(&self, series: &SeriesKey) -> Visibility {
        let sight = self.of(series);
        if let Some(found) = self.catalogue.today().current(&series.indicator).filter(|_| sight != Visibility::Hidden) {
            self.caller.saw(found.indicator);
        }
        sight
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

/// What counts and rates are coarsened to: five of whatever is counted, or five points.
const STEP: i64 = 5;

/// A revision in fives, without the words of the report, which say the number.
fn round_for_disclosure(observation: Observation, catalogue: &Catalogue) -> Observation {
    let content = match (observation.content, catalogue.current(&observation.series.indicator)) {
        (Content::Figure(figure), Some(found)) => Content::Figure(coarse_figure(figure, found.indicator)),
        (content, _) => content,
    };
    let mut passage = observation.passage;
    passage.wording = None;
    Observation { content, passage, reason: None, ..observation }
}

fn coarse_figure(figure: Figure, indicator: &Indicator) -> Figure {
    // Amounts and counts by the thousand are of many.
    let of_many = matches!(indicator.measure, Measure::Flow | Measure::Stock) && indicator.unit_mult != 0;
    if of_many || indicator.measure == Measure::Average {
        return figure;
    }
    let quantity = round_to_fives(figure.quantity, indicator.is_count(), indicator.max).within(indicator.min, indicator.max);
    Figure { quantity, numerator: None, denominator: None, ..figure }
}

/// A number as the five that it lies in: of a count 1 to 4, 5 to 9 and so on, and zero by itself; of a rate 0 to 5 and so on. What was
/// reported as a bound stays one, further off.
fn round_to_fives(quantity: Quantity, counts: bool, max: Option<Decimal>) -> Quantity {
    let step = Decimal::from(STEP);
    // Where the greatest value begins a five of its own, it is one with the five before: it would be alone in it.
    let alone = max.filter(|max| max.floored_to(step) == *max);
    let down = |number: Decimal| {
        let five = number.floored_to(step);
        if alone.is_some_and(|max| five >= max) { five - step } else { five }
    };
    let ends = quantity.interval().map(|ends| (ends.low, ends.high)).or_else(|| quantity.value().map(|value| (value, value)));
    let Some((from, to)) = ends else { return quantity };
    // What is counted in halves lies between the fives of whole numbers.
    let counts = counts && from.is_whole() && to.is_whole();
    let one = Decimal::ONE;
    let low = |number: Decimal| if counts && number.is_positive() { down(number).max(one) } else { down(number) };
    let high = |number: Decimal| {
        let last = down(number) + step;
        if counts && alone.is_none_or(|max| last < max) { last - one } else { last }
    };
    if counts && to.is_zero() && from.is_zero() {
        return quantity;
    }
    match quantity.bound() {
        Bound::Above | Bound::AtLeast | Bound::AboutAbove => Quantity::number(low(from), Bound::AtLeast),
        Bound::Below | Bound::AtMost | Bound::AboutBelow => Quantity::number(high(to), Bound::AtMost),
        Bound::Equal | Bound::About | Bound::Range => Quantity::range(low(from), high(to)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::testing::{quantity, written};

    #[test]
    fn counts_and_rates_in_fives() {
        for (reported, counts, max, seen, why) in [
            ("0", true, false, "0", "nobody is nobody"),
            ("1", true, false, "1-4", "a single one, and never zero"),
            ("4", true, false, "1-4", "the last of the few"),
            ("5", true, false, "5-9", "the first of the next"),
            ("20-23", true, false, "20-24", "a range"),
            ("3-12", true, false, "1-14", "a range over several fives"),
            (">7", true, false, ">=5", "trên 7 says that it is not 6"),
            ("<7", true, false, "<=9", "dưới 7 says that it is not 8"),
            ("~3", true, false, "1-4", "khoảng 3"),
            ("0", false, false, "0-5", "a rate of zero tells the numerator, wherever somebody knows the denominator"),
            ("33.3", false, false, "30-35", "one of three"),
            ("35", false, false, "35-40", "where one ends the next begins"),
            ("4.5", true, false, "0-5", "a half is between the fives of whole numbers"),
            ("100", false, true, "95-100", "all of them: no more is told than of nearly all"),
            ("97", false, true, "95-100", "nearly all"),
            ("100", true, true, "95-100", "the most there can be"),
            ("96", true, true, "95-100", "nearly"),
            ("94", true, true, "90-94", "further off"),
        ] {
            assert_eq!(
                written(round_to_fives(quantity(reported), counts, max.then(|| Decimal::from_scaled(100, 0).unwrap()))),
                seen,
                "{reported}: {why}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn all_counts_of_the_same_five_look_alike_and_each_is_among_them(count in 0_i64..1_000_000) {
            let five = |count: i64| round_to_fives(Quantity::number(Decimal::from_scaled(count, 0).unwrap(), Bound::Equal), true, None);
            let first = (count - count % 5).max(i64::from(count > 0));

            let seen = five(count);

            prop_assert_eq!(seen, five(first));
            if let Some(ends) = seen.interval() {
                let [low, high] = [ends.low, ends.high].map(|end| end.to_scaled().0);
                prop_assert!(low <= count && count <= high && low > 0);
            }
        }
    }
}
