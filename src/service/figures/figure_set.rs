//! What is on record of some units and indicators, loaded once for a request and asked for unit by unit.

use std::collections::{BTreeSet, HashMap};

use super::cost;
use super::selection::Parts;
use crate::domain::access::remit::View;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::province::{COUNTRY, Province};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::derivation::territory::{Geography, Member, PredecessorUnits, Territory};
use crate::domain::observation::history::History;
use crate::domain::observation::observation::Observation;
use crate::service::ServiceError;
use crate::store::Conn;
use crate::store::observations::{ObservationQuery, Revisions};
use chrono::{DateTime, NaiveDate, Utc};

/// What is to be loaded.
pub(crate) struct LoadScope<'q> {
    /// The units.
    pub(crate) provinces: Vec<&'q Province>,
    /// The indicators.
    pub(crate) indicators: Vec<&'q Indicator>,
    /// Whether what the units reported is wanted as well that theirs were formed from.
    pub(crate) geography: Geography,
    /// The parts that are asked for; where they are formed of others, those come along.
    pub(crate) parts: &'q Parts,
    /// Which revisions.
    pub(crate) revisions: Revisions,
    /// The first day that a period may begin on.
    pub(crate) from: Option<NaiveDate>,
    /// The last day that a period may end on.
    pub(crate) to: Option<NaiveDate>,
    /// As it stood at this instant.
    pub(crate) as_of: Option<DateTime<Utc>>,
}

/// The figures, by indicator and the unit that reported them.
pub(crate) struct FigureSet {
    figures: HashMap<(String, String), Vec<Observation>>,
    geography: Geography,
}

impl FigureSet {
    /// Loads what is on record around a question, as far as the caller sees it: what they do not see is as if nobody had reported it.
    ///
    /// # Errors
    /// `query_too_large`; any failure of the database.
    pub(crate) fn load(conn: &mut Conn, view: &View<'_>, around: &LoadScope<'_>) -> Result<FigureSet, ServiceError> {
        let catalogue = view.catalogue;
        let units = around.provinces.iter().flat_map(|province| match around.geography {
            _ if province.key == COUNTRY => catalogue.provinces.iter().chain([*province]).collect(),
            Geography::Restated => catalogue.provinces.lineage(province),
            Geography::AsReported => vec![*province],
        });
        let provinces: BTreeSet<String> = units.flat_map(|unit| catalogue.provinces.continued(unit)).collect();
        let indicators: BTreeSet<&String> = around.indicators.iter().map(|indicator| &indicator.code).collect();
        let wanted = ObservationQuery {
            provinces: provinces.into_iter().collect(),
            indicators: indicators.into_iter().cloned().collect(),
            breakdowns: around.parts.stored(around.indicators.iter().copied()),
            revisions: around.revisions,
            from: around.from,
            to: around.to,
            as_of: around.as_of,
        };
        let mut figures: HashMap<(String, String), Vec<Observation>> = HashMap::new();
        for observation in cost::load(conn, &wanted)?.into_iter().filter_map(|found| view.show(found)) {
            let series = &observation.series;
            figures.entry((series.indicator.clone(), series.province.clone())).or_default().push(observation);
        }
        Ok(FigureSet { figures, geography: around.geography })
    }

    /// All that is on record of an indicator in a territory. A unit under a new name goes on with the figures of the old one.
    pub(crate) fn of(&self, catalogue: &Catalogue, province: &Province, indicator: &Indicator) -> Territory {
        let units = catalogue.provinces.continued(province).into_iter();
        let known = units.filter_map(|unit| self.figures.get(&(indicator.code.clone(), unit))).flatten();
        if province.key == COUNTRY {
            let member = |unit: &Province| Member {
                key: unit.key.clone(),
                from: unit.valid_from,
                to: unit.valid_to,
                territory: self.of(catalogue, unit, indicator),
            };
            return Territory::of_country(History::new(known.cloned()), catalogue.provinces.iter().map(member).collect());
        }
        let formation = catalogue.provinces.formation(province);
        let since = formation.as_ref().map(|formation| formation.on);
        let before = formation.filter(|_| self.geography == Geography::Restated).map(|formation| {
            let units = formation.units.iter().map(|unit| (unit.key.clone(), self.of(catalogue, unit, indicator)));
            PredecessorUnits::new(units.collect(), formation.whole)
        });
        Territory::new(History::new(known.cloned()), since, before)
    }

    /// All figures.
    pub(crate) fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.figures.values().flatten()
    }
}
