//! Validations: the stored figures of one province and period, checked against all rules. Nothing is written.
//! The evaluation of the rules is in `domain::validation`.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::Arc;

use super::selection::years_around;
use crate::context::Context;
use crate::domain::access::remit::View;
use crate::domain::access::role::Caller;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Fault, Location};
use crate::domain::observation::history::Figures;
use crate::domain::observation::observation::Observation;
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;
use crate::domain::validation::report::{Question, Validation, validate};
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::{Reading, read};
use crate::store;
use crate::store::observations::{Breakdowns, ObservationQuery, Revisions};

/// The stored figures of a province around a period, for validation.
#[derive(Debug)]
pub struct Report {
    /// The province.
    pub province: Province,
    /// The period in the requested calendar, or the civil one.
    pub period: Period,
    written: PeriodCode,
    calendar: Option<Calendar>,
    indicators: Option<BTreeSet<String>>,
    catalogue: Arc<Catalogue>,
    caller: Caller,
    figures: BTreeMap<String, Figures>,
}

/// Loads the stored figures that the province itself reported, under all its names.
///
/// # Errors
/// Faults of the query; an unknown province or indicator.
pub async fn validate_figures(context: &Arc<Context>, caller: &Caller, mut question: Question) -> Result<Report, ServiceError> {
    read(context, caller, move |conn, Reading { catalogue, caller, .. }| {
        let mut faults = mem::take(&mut question.faults);
        let mut note = |pointer: String, fault: Fault| faults.push(fault.at(Location::Pointer(pointer)));
        let period = question.period.map(|period| period.in_calendar(question.calendar.unwrap_or(Calendar::Civil)));
        let province = question.province.as_ref().zip(period).and_then(|(text, period)| {
            catalogue.provinces.resolve(text, period.end()).map_err(|fault| note("/province".into(), fault)).ok()
        });
        for (place, code) in question.indicators.iter().flatten() {
            if let Err(fault) = catalogue.indicator(code, caller) {
                note(format!("/indicators/{place}"), fault);
            }
        }
        let asked = province.zip(question.period).zip(period).filter(|_| faults.is_empty());
        let Some(((province, written), period)) = asked else { return Err(ServiceError::Invalid(faults)) };
        let (from, to) = years_around(written, written, false);
        let wanted = ObservationQuery {
            provinces: catalogue.provinces.continued(province),
            indicators: catalogue.indicators(caller).map(|found| found.indicator.code.clone()).collect(),
            breakdowns: Breakdowns::All,
            revisions: Revisions::Current,
            from: Some(from),
            to: Some(to),
            as_of: None,
        };
        let mut figures: BTreeMap<String, Figures> = BTreeMap::new();
        let view = View::new(caller, catalogue);
        let found = store::observations::list(conn, &wanted)?.into_iter();
        let mut found: Vec<Observation> = found.filter_map(|observation| view.show(observation)).collect();
        found.retain(|observation| observation.period.within() == period.within());
        // Sort by period across all names of the province.
        found.sort_by_key(|observation| observation.period);
        for observation in found {
            let of_indicator = figures.entry(observation.series.indicator.clone()).or_default();
            of_indicator.entry(observation.series.breakdown.clone()).or_default().push(observation);
        }
        let indicators = question.indicators.map(|codes| codes.into_iter().map(|(_, code)| code).collect());
        let (province, calendar) = (province.clone(), question.calendar);
        Ok(Report { province, period, written, calendar, indicators, catalogue: Arc::clone(catalogue), caller: (*caller).clone(), figures })
    })
    .await
}

impl Report {
    /// The result of each check.
    #[must_use]
    pub fn validations(&self) -> Vec<Validation<'_>> {
        let period = |indicator: &Indicator| self.written.in_calendar(self.calendar.unwrap_or(indicator.calendar));
        validate(&self.catalogue, &self.caller, self.indicators.as_ref(), &self.figures, period)
    }
}
