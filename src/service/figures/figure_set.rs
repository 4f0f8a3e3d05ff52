//! The stored figures of some provinces and indicators, loaded once per request.
//! Deriving missing figures is the task of `domain`.

use std::collections::{BTreeSet, HashMap};

use super::cost;
use super::selection::Parts;
use crate::domain::access::remit::View;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::province::{COUNTRY, Province};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::derivation::territory::{Geography, Member, PredecessorUnits, RejoinedUnits, Territory};
use crate::domain::observation::history::History;
use crate::domain::observation::observation::Observation;
use crate::service::ServiceError;
use crate::store::Conn;
use crate::store::observations::{ObservationQuery, Revisions};
use chrono::{DateTime, NaiveDate, Utc};

/// The scope to load.
pub(crate) struct LoadScope<'q> {
    /// The provinces.
    pub(crate) provinces: Vec<&'q Province>,
    /// The indicators.
    pub(crate) indicators: Vec<&'q Indicator>,
    /// The geography; `Restated` also loads the figures of predecessors.
    pub(crate) geography: Geography,
    /// The requested breakdowns. If these can be derived from others, the others are loaded too.
    pub(crate) parts: &'q Parts,
    /// The revisions to load.
    pub(crate) revisions: Revisions,
    /// The earliest start of a period.
    pub(crate) from: Option<NaiveDate>,
    /// The latest end of a period.
    pub(crate) to: Option<NaiveDate>,
    /// Read the data as stored at this instant; default: now.
    pub(crate) as_of: Option<DateTime<Utc>>,
}

/// Figures by indicator and reporting province.
pub(crate) struct FigureSet {
    figures: HashMap<(String, String), Vec<Observation>>,
    geography: Geography,
}

impl FigureSet {
    /// Loads the stored figures within the caller's visibility. A hidden figure counts as not reported.
    ///
    /// # Errors
    /// `query_too_large`; any failure of the database.
    pub(crate) fn load(conn: &mut Conn, view: &View<'_>, around: &LoadScope<'_>) -> Result<FigureSet, ServiceError> {
        let catalogue = view.catalogue;
        let units = around.provinces.iter().flat_map(|province| match around.geography {
            _ if province.key == COUNTRY => catalogue.provinces.iter().chain([*province]).collect(),
            Geography::Restated => catalogue.provinces.lineage(province),
            Geography::AsReported => catalogue.provinces.namesake(province).into_iter().chain([*province]).collect(),
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

    /// The stored figures of an indicator in a territory. A province with a new name continues the series of the old name.
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
        let own = History::new(known.cloned());
        let of_units =
            |units: Vec<&Province>| units.into_iter().map(|unit| (unit.key.clone(), self.of(catalogue, unit, indicator))).collect();
        match self.geography {
            Geography::Restated => {
                let before = formation.map(|formation| PredecessorUnits::new(of_units(formation.units), formation.whole));
                let rejoined = catalogue.provinces.rejoined(province).into_iter();
                let rejoined = rejoined.map(|span| RejoinedUnits { from: span.from, to: span.to, units: of_units(span.units) });
                Territory::new(own, since, before).with_rejoined(rejoined.collect())
            }
            Geography::AsReported => {
                let namesake = catalogue.provinces.namesake(province).map(|unit| self.of(catalogue, unit, indicator));
                Territory::new(own, since, None).with_namesake(namesake)
            }
        }
    }

    /// All figures.
    pub(crate) fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.figures.values().flatten()
    }
}
