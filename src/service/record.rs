//! What is on record of some units and indicators, loaded once for a request and asked for unit by unit.

use std::collections::{BTreeSet, HashMap};

use super::selection::Parts;
use crate::domain::catalogue::Catalogue;
use crate::domain::formed::History;
use crate::domain::indicator::Indicator;
use crate::domain::observation::Observation;
use crate::domain::province::Province;
use crate::store::observations::{Revisions, Wanted};
use crate::store::{self, Conn, Failure};
use chrono::{DateTime, NaiveDate, Utc};

/// What is to be loaded.
pub(super) struct Around<'q> {
    /// The units.
    pub(super) provinces: Vec<&'q Province>,
    /// The indicators.
    pub(super) indicators: Vec<&'q Indicator>,
    /// The parts that are asked for; where they are formed of others, those come along.
    pub(super) parts: &'q Parts,
    /// Which revisions.
    pub(super) revisions: Revisions,
    /// The first day that a period may begin on.
    pub(super) from: Option<NaiveDate>,
    /// The last day that a period may end on.
    pub(super) to: Option<NaiveDate>,
    /// As it stood at this instant.
    pub(super) as_of: Option<DateTime<Utc>>,
}

/// The figures, by indicator and the unit that reported them.
pub(super) struct Record(HashMap<(String, String), Vec<Observation>>);

impl Record {
    /// Loads what is on record around a question.
    ///
    /// # Errors
    /// Any failure of the database.
    pub(super) fn load(conn: &mut Conn, catalogue: &Catalogue, around: &Around<'_>) -> Result<Record, Failure> {
        let provinces: BTreeSet<String> = around.provinces.iter().flat_map(|province| catalogue.provinces.continued(province)).collect();
        let indicators: BTreeSet<&String> = around.indicators.iter().map(|indicator| &indicator.code).collect();
        let wanted = Wanted {
            provinces: provinces.into_iter().collect(),
            indicators: indicators.into_iter().cloned().collect(),
            breakdowns: around.parts.stored(around.indicators.iter().copied()),
            revisions: around.revisions,
            from: around.from,
            to: around.to,
            as_of: around.as_of,
        };
        let mut figures: HashMap<(String, String), Vec<Observation>> = HashMap::new();
        for observation in store::observations::list(conn, &wanted)? {
            let series = &observation.series;
            figures.entry((series.indicator.clone(), series.province.clone())).or_default().push(observation);
        }
        Ok(Record(figures))
    }

    /// All that is on record of an indicator. A unit under a new name goes on with the figures of the old one.
    pub(super) fn of(&self, catalogue: &Catalogue, province: &Province, indicator: &Indicator) -> History {
        let units = catalogue.provinces.continued(province).into_iter();
        let known = units.filter_map(|unit| self.0.get(&(indicator.code.clone(), unit))).flatten();
        History::new(known.cloned())
    }

    /// All figures.
    pub(super) fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.0.values().flatten()
    }
}
