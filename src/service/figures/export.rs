//! Export of all published figures, one province at a time, for the operator at the command line.
//! The file formats are in `formats`.

use chrono::NaiveDate;

use super::selection::{resolve_indicators, resolve_provinces};
use crate::context::Context;
use crate::domain::access::remit::View;
use crate::domain::access::role::{Caller, Visibility};
use crate::domain::catalogue::indicator::{Access, Indicator};
use crate::domain::catalogue::province::{COUNTRY, Province};
use crate::domain::observation::observation::Observation;
use crate::domain::submission::draft::ClaimChange;
use crate::service::catalogue::snapshot::snapshot;
use crate::service::operations::audit::{self, Action, Outcome};
use crate::service::operations::origin::RequestOrigin;
use crate::service::{ServiceError, StoreError};
use crate::store;
use crate::store::observations::{Breakdowns, ObservationQuery as StoredFigures, Revisions};

/// A query for figures.
#[derive(Debug, Default)]
pub struct ExportQuery {
    /// Keys, codes or names of provinces as of today; empty: all provinces, past ones too.
    pub provinces: Vec<String>,
    /// Codes of indicators; empty: all that the caller may see.
    pub indicators: Vec<String>,
    /// The earliest start of a period.
    pub from: Option<NaiveDate>,
    /// The latest end of a period.
    pub to: Option<NaiveDate>,
}

/// Passes the current figures and nil declarations with their claims to `each`, by province, series and period. Only one province is in
/// memory at a time.
///
/// # Errors
/// An unknown province or indicator; an error of `each`, which ends the export.
pub fn figures<E: From<ServiceError>>(
    context: &Context,
    caller: &Caller,
    wanted: &ExportQuery,
    mut each: impl FnMut(&Observation, &Indicator, &[ClaimChange]) -> Result<(), E>,
) -> Result<(), E> {
    let catalogue = context.db.read_blocking(|conn| Ok::<_, ServiceError>(snapshot(conn, context)?))?;
    let mut faults = Vec::new();
    let named = resolve_provinces(&catalogue, &wanted.provinces, context.today(), &mut faults);
    let indicators = resolve_indicators(&catalogue, caller, &wanted.indicators, &mut faults);
    if !faults.is_empty() {
        return Err(ServiceError::Malformed(faults).into());
    }
    if indicators.iter().any(|found| found.indicator.access != Access::Open) {
        let now = context.clock.now();
        let nowhere = RequestOrigin::default();
        let recorded = context.db.write_blocking(|conn| audit::record(conn, &nowhere, caller, Action::Read, "export", Outcome::Done, now));
        recorded.map_err(ServiceError::from)?;
    }
    let provinces: Vec<&Province> =
        if named.is_empty() { catalogue.provinces.iter().chain(catalogue.provinces.get(COUNTRY)).collect() } else { named };
    for province in provinces {
        let stored = StoredFigures {
            provinces: vec![province.key.clone()],
            indicators: indicators.iter().map(|found| found.indicator.code.clone()).collect(),
            breakdowns: Breakdowns::All,
            revisions: Revisions::Current,
            from: wanted.from,
            to: wanted.to,
            as_of: None,
        };
        let (mut observations, claims) = context
            .db
            .read_blocking(|conn| {
                let view = View::new(caller, &catalogue);
                let found = store::observations::list(conn, &stored)?.into_iter();
                let observations: Vec<Observation> = found.filter_map(|observation| view.show(observation)).collect();
                let told = observations.iter().filter(|observation| view.of(&observation.series) == Visibility::Exact);
                let ids: Vec<String> = told.map(|observation| observation.id.clone()).collect();
                Ok::<_, StoreError>((observations, store::claims::standing(conn, &ids)?))
            })
            .map_err(ServiceError::from)?;
        observations
            .sort_by_cached_key(|of| (of.series.indicator.clone(), of.series.breakdown.clone(), of.period.start(), of.period.end()));
        for observation in &observations {
            let Some(found) = catalogue.current(&observation.series.indicator) else { continue };
            each(observation, found.indicator, claims.get(&observation.id).map_or(&[][..], Vec::as_slice))?;
        }
    }
    Ok(())
}
