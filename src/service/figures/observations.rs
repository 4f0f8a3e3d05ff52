//! Observations: the history of one figure.
//! Lists of figures are in `series` and `comparisons`.

use std::sync::Arc;

use uuid::Uuid;

use crate::context::Context;
use crate::domain::access::remit::View;
use crate::domain::access::role::{Caller, Visibility};
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::province::Province;
use crate::domain::comparison::claim::ClaimRevision;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::observation::observation::{Observation, Recorded};
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::{Reading, read};
use crate::store;

/// The history of one series and period.
#[derive(Debug)]
pub struct History {
    /// The province.
    pub province: Province,
    /// The indicator, by its current definition.
    pub indicator: Indicator,
    /// The first revision.
    pub first: Observation,
    /// The revisions, oldest first.
    pub revisions: Vec<Recorded>,
    /// The revisions of its claims, by kind, oldest first.
    pub claims: Vec<ClaimRevision>,
}

/// Reads the history of an observation.
///
/// # Errors
/// `ServiceError::NotFound`, if it does not exist and also if the caller may not see it.
pub async fn list_observation_revisions(context: &Arc<Context>, caller: &Caller, id: &str) -> Result<History, ServiceError> {
    let unknown = || {
        ServiceError::NotFound(Fault::new(
            Code::NotFound,
            message!(
                en: "no observation has this id",
                vi: "không có số liệu nào mang mã này"
            ),
        ))
    };
    let id = Uuid::parse_str(id).map_err(|_| unknown())?.to_string();
    read(context, caller, move |conn, Reading { catalogue, caller, .. }| {
        let view = View::new(caller, catalogue);
        let found = store::observations::history(conn, &id)?.into_iter();
        let revisions: Vec<Recorded> = found.filter_map(|revision| seen(revision, &view)).collect();
        let first = revisions.first().ok_or_else(unknown)?.observation.clone();
        let found = catalogue.indicator(&first.series.indicator, caller).map_err(|_| unknown())?;
        let province = catalogue.provinces.get(&first.series.province).ok_or_else(unknown)?.clone();
        let tells_all = view.of(&first.series) == Visibility::Exact;
        let claims = if tells_all { store::claims::history(conn, &id)? } else { Vec::new() };
        Ok(History { province, indicator: found.indicator.clone(), first, revisions, claims })
    })
    .await
}

/// A revision as the caller sees it. If the caller sees only the rounded figure, the confirming submissions are left out.
fn seen(revision: Recorded, view: &View<'_>) -> Option<Recorded> {
    let confirmed_by = if view.of(&revision.observation.series) == Visibility::Exact { revision.confirmed_by } else { Vec::new() };
    Some(Recorded { observation: view.show(revision.observation)?, confirmed_by, ..revision })
}
