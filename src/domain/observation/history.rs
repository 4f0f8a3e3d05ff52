//! Histories: the stored observations of one indicator in one province, grouped by year and breakdown.
//! How figures are derived from them is in `derivation`.

use super::observation::Observation;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::time::period::{Period, PeriodYear};
use std::collections::{BTreeSet, HashMap};

/// What is on record of one indicator and one province that can have to do with each other ([`Period::within`]), by part. Both
/// calendars live side by side: a figure is only ever formed from those of its own.
pub type Figures = HashMap<Breakdown, Vec<Observation>>;

/// All that is on record of one indicator and one province, kept apart year by year: a figure is formed from those of its year, so
/// that a long history costs no more than a short one.
#[derive(Debug, Default)]
pub struct History(HashMap<PeriodYear, Figures>);

impl History {
    /// Takes figures, in the order of their periods.
    #[must_use]
    pub fn new(observations: impl IntoIterator<Item = Observation>) -> History {
        let mut years: HashMap<PeriodYear, Figures> = HashMap::new();
        for observation in observations {
            let figures = years.entry(observation.period.within()).or_default();
            figures.entry(observation.series.breakdown.clone()).or_default().push(observation);
        }
        History(years)
    }

    /// What is on record that can have to do with a period.
    #[must_use]
    pub fn around(&self, period: Period) -> Option<&Figures> {
        self.0.get(&period.within())
    }

    /// The parts of which anything is on record.
    pub fn parts(&self) -> BTreeSet<&Breakdown> {
        self.0.values().flat_map(HashMap::keys).collect()
    }

    /// What is on record, in no order.
    pub fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.0.values().flat_map(HashMap::values).flatten()
    }

    /// What is on record of a part, by period and revision.
    #[must_use]
    pub fn of(&self, breakdown: &Breakdown) -> Vec<&Observation> {
        let mut found: Vec<&Observation> = self.0.values().filter_map(|figures| figures.get(breakdown)).flatten().collect();
        found.sort_by_key(|observation| (observation.period, observation.revision));
        found
    }
}
