//! Histories: the stored observations of one indicator in one province, grouped by year and breakdown.
//! The derivation of figures is in `derivation`.

use super::observation::Observation;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::time::period::{Period, PeriodYear};
use std::collections::{BTreeSet, HashMap};

/// Observations of one indicator in one province, grouped by breakdown, of periods that can be derived from one another
/// ([`Period::within`]). Both calendars are here together, but a figure is derived only from figures of its own calendar.
pub type Figures = HashMap<Breakdown, Vec<Observation>>;

/// All stored observations of one indicator in one province, grouped by year. A figure is derived from figures of its own year, so a
/// long history costs no more than a short one.
#[derive(Debug, Default)]
pub struct History(HashMap<PeriodYear, Figures>);

impl History {
    /// Takes the observations in the order of their periods.
    #[must_use]
    pub fn new(observations: impl IntoIterator<Item = Observation>) -> History {
        let mut years: HashMap<PeriodYear, Figures> = HashMap::new();
        for observation in observations {
            let figures = years.entry(observation.period.within()).or_default();
            figures.entry(observation.series.breakdown.clone()).or_default().push(observation);
        }
        History(years)
    }

    /// The observations that can take part in the derivation of a period.
    #[must_use]
    pub fn around(&self, period: Period) -> Option<&Figures> {
        self.0.get(&period.within())
    }

    /// The breakdowns with at least one observation.
    pub fn parts(&self) -> BTreeSet<&Breakdown> {
        self.0.values().flat_map(HashMap::keys).collect()
    }

    /// All observations, in no order.
    pub fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.0.values().flat_map(HashMap::values).flatten()
    }

    /// The observations of one breakdown, by period and revision.
    #[must_use]
    pub fn of(&self, breakdown: &Breakdown) -> Vec<&Observation> {
        let mut found: Vec<&Observation> = self.0.values().filter_map(|figures| figures.get(breakdown)).flatten().collect();
        found.sort_by_key(|observation| (observation.period, observation.revision));
        found
    }
}
