//! The stored figures of some provinces and indicators, loaded once per request.
//! Deriving missing figures is the task of `domain`.

use std::collections::{BTreeSet, HashMap};

use super::selection::Parts;
use super::{Refusal, cost};
use crate::domain::catalogue::Catalogue;
use crate::domain::formed::History;
use crate::domain::indicator::Indicator;
use crate::domain::observation::Observation;
use crate::domain::province::{COUNTRY, Province};
use crate::domain::reach::View;
use crate::domain::territory::{Before, Geography, Member, Territory};
use crate::store::Conn;
use crate::store::observations::{Revisions, Wanted};
use chrono::{DateTime, NaiveDate, Utc};

/// The scope to load.
pub(super) struct Around<'q> {
    /// The provinces.
    pub(super) provinces: Vec<&'q Province>,
    /// The indicators.
    pub(super) indicators: Vec<&'q Indicator>,
    /// The geography; `Restated` also loads the figures of predecessors.
    pub(super) geography: Geography,
    /// The requested breakdowns. If these can be derived from others, the others are loaded too.
    pub(super) parts: &'q Parts,
    /// The revisions to load.
    pub(super) revisions: Revisions,
    /// The earliest start of a period.
    pub(super) from: Option<NaiveDate>,
    /// The latest end of a period.
    pub(super) to: Option<NaiveDate>,
    /// Read the data as stored at this instant; default: now.
    pub(super) as_of: Option<DateTime<Utc>>,
}

/// Figures by indicator and reporting province.
pub(super) struct Record {
    figures: HashMap<(String, String), Vec<Observation>>,
    geography: Geography,
}

impl Record {
    /// Loads the stored figures within the caller's visibility. A hidden figure counts as not reported.
    ///
    /// # Errors
    /// `query_too_large`; any failure of the database.
    pub(super) fn load(conn: &mut Conn, view: &View<'_>, around: &Around<'_>) -> Result<Record, Refusal> {
        let catalogue = view.catalogue;
        let units = around.provinces.iter().flat_map(|province| match around.geography {
            _ if province.key == COUNTRY => catalogue.provinces.iter().chain([*province]).collect(),
            Geography::Restated => catalogue.provinces.lineage(province),
            Geography::AsReported => vec![*province],
        });
        let provinces: BTreeSet<String> = units.flat_map(|unit| catalogue.provinces.continued(unit)).collect();
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
        for observation in cost::load(conn, &wanted)?.into_iter().filter_map(|found| view.show(found)) {
            let series = &observation.series;
            figures.entry((series.indicator.clone(), series.province.clone())).or_default().push(observation);
        }
        Ok(Record { figures, geography: around.geography })
    }

    /// The stored figures of an indicator in a territory. A province with a new name continues the series of the old name.
    pub(super) fn of(&self, catalogue: &Catalogue, province: &Province, indicator: &Indicator) -> Territory {
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
            Before::new(units.collect(), formation.whole)
        });
        Territory::new(History::new(known.cloned()), since, before)
    }

    /// All figures.
    pub(super) fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.figures.values().flatten()
    }
}
