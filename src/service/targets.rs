//! Targets: set by a decision and revised by a later one, never overwritten.
//! The attainment of a target is computed in `domain::target::attainment`.

use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::ServiceError;
use super::catalogue::snapshot::{Reading, Writing, read, read_at, write_as};
use super::figures::selection::{resolvable, resolve_indicators, resolve_provinces};
use super::operations::audit::{self, Action, WriteContext};
use crate::context::Context;
use crate::domain::access::remit::{Remit, View};
use crate::domain::access::role::{Authorized, Caller, SetTargets};
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::outcome::Outcome;
use crate::domain::target::draft::{CheckedTarget, Draft};
use crate::domain::target::target::Target;
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;
use crate::store::targets::TargetFilter as Stored;
use crate::store::{self, Conn, StoreError};

/// A query for targets.
#[derive(Debug)]
pub struct TargetQuery {
    /// Keys, codes or names of provinces; empty: all.
    pub provinces: Vec<String>,
    /// Codes of indicators; empty: all.
    pub indicators: Vec<String>,
    /// The period.
    pub period: Option<PeriodCode>,
    /// The calendar; default: the indicator's own.
    pub calendar: Option<Calendar>,
    /// Read the data as stored at this instant; default: now.
    pub as_of: Option<DateTime<Utc>>,
    /// The sort key of the last item on the page before.
    pub after: Option<(SeriesKey, Period)>,
    /// The page size.
    pub limit: usize,
    /// Faults of the request's parameters.
    pub faults: Vec<LocatedFault>,
}

/// Sets targets.
///
/// # Errors
/// Without the scope `targets`; all faults of all targets; a read-only member that differs; a province outside the client's restriction.
pub async fn put_targets(
    write: &WriteContext,
    by: &Authorized<SetTargets>,
    mut draft: Draft,
) -> Result<Vec<(Target, Outcome)>, ServiceError> {
    write_as(write, by, move |conn, by| {
        let Writing { context, client, caller, catalogue, .. } = *by;
        let read_only = mem::take(&mut draft.read_only);
        let (aims, mut faults) = draft.check(catalogue, caller);
        let about = aims.iter().map(|aim| {
            let row = format!("/targets/{}", aim.position);
            let of_province = if aim.own_province { format!("{row}/province") } else { "/province".into() };
            ([format!("{row}/indicator"), of_province], &aim.series)
        });
        let beyond = Remit::of(client, &catalogue.provinces).beyond(about, catalogue);
        if !beyond.is_empty() {
            return Err(if faults.is_empty() { ServiceError::Forbidden(beyond) } else { ServiceError::Invalid(faults) });
        }
        let mut current = current_targets(conn, &aims)?;
        let changed = aims.iter().filter_map(|aim| current.get(&(aim.series.clone(), aim.period)));
        let ids: Vec<String> = changed.map(|known| known.id.clone()).collect();
        let histories = store::targets::histories(conn, &ids)?;
        let at = context.clock.now();
        let mut set = Vec::with_capacity(aims.len());
        for aim in aims {
            let known = current.remove(&(aim.series.clone(), aim.period));
            let history = known.as_ref().and_then(|known| histories.get(&known.id)).map_or(&[][..], Vec::as_slice);
            let place = format!("/targets/{}", aim.position);
            let days = [("start", json!(aim.period.start())), ("end", json!(aim.period.end()))];
            let stored = known.iter().flat_map(Target::read_only).chain(days);
            faults.extend(read_only.differences(&place, &stored.collect::<Vec<_>>()));
            match Target::revised(aim, known, history, at, || Uuid::now_v7().to_string()) {
                Ok(revised) => set.push(revised),
                Err((field, fault)) => faults.push(fault.at(Location::Pointer(place + field))),
            }
        }
        if !faults.is_empty() {
            return Err(ServiceError::broken(faults));
        }
        // Only a write that changes data gets its own instant.
        let changed = |(_, outcome): &&mut (Target, Outcome)| *outcome != Outcome::Unchanged;
        if set.iter().any(|(_, outcome)| *outcome != Outcome::Unchanged) {
            let at = store::writes::instant(conn, at)?;
            for (target, _) in set.iter_mut().filter(changed) {
                target.recorded_at = at;
                store::targets::append(conn, target, &client.id)?;
            }
        }
        let changed = set.iter().filter(|(_, outcome)| *outcome != Outcome::Unchanged).count();
        let provinces: BTreeSet<&str> = set.iter().map(|(target, _)| target.series.province.as_str()).collect();
        let provinces = provinces.into_iter().collect::<Vec<_>>().join(" ");
        let subject = format!("{changed} of {} targets of {provinces}", set.len());
        by.record(conn, Action::PutTargets, &subject, audit::Outcome::of_change(changed > 0), at)?;
        Ok(set)
    })
    .await
}

/// The stored targets for the series of a batch.
fn current_targets(conn: &mut Conn, aims: &[CheckedTarget]) -> Result<HashMap<(SeriesKey, Period), Target>, StoreError> {
    let distinct = |texts: BTreeSet<&String>| texts.into_iter().cloned().collect();
    let wanted = Stored {
        provinces: distinct(aims.iter().map(|aim| &aim.series.province).collect()),
        indicators: distinct(aims.iter().map(|aim| &aim.series.indicator).collect()),
        with_withdrawn: true,
        as_of: None,
    };
    let found = store::targets::list(conn, &wanted)?;
    Ok(found.into_iter().map(|target| ((target.series.clone(), target.period), target)).collect())
}

/// Reads the history of a target, oldest first.
///
/// # Errors
/// `ServiceError::NotFound`, if it does not exist and also if the caller may not see it.
pub async fn list_target_revisions(context: &Arc<Context>, caller: &Caller, id: &str) -> Result<Vec<Target>, ServiceError> {
    let unknown = || {
        ServiceError::NotFound(Fault::new(
            Code::NotFound,
            message!(
                en: "no target has this id",
                vi: "không có mục tiêu nào mang mã này"
            ),
        ))
    };
    let id = Uuid::parse_str(id).map_err(|_| unknown())?.to_string();
    read(context, caller, move |conn, Reading { catalogue, caller, .. }| {
        let history = store::targets::history(conn, &id)?;
        let first = history.first().ok_or_else(unknown)?;
        if !View::new(caller, catalogue).shows_series(&first.series) {
            return Err(unknown());
        }
        Ok(history)
    })
    .await
}

/// Lists targets by province, indicator, breakdown and period.
///
/// # Errors
/// An unknown province or indicator.
pub async fn list_targets(context: &Arc<Context>, caller: &Caller, mut wanted: TargetQuery) -> Result<Vec<Target>, ServiceError> {
    let faults = mem::take(&mut wanted.faults);
    read_at(context, caller, wanted.as_of, faults, move |conn, Reading { context, catalogue, caller, .. }, mut faults| {
        let on = wanted
            .period
            .map_or_else(|| context.day_of(wanted.as_of), |period| period.in_calendar(wanted.calendar.unwrap_or(Calendar::Civil)).end());
        let named = resolvable(&wanted.provinces, "period", &faults);
        let provinces = resolve_provinces(catalogue, named, on, &mut faults);
        let indicators = resolve_indicators(catalogue, caller, &wanted.indicators, &mut faults);
        if !faults.is_empty() {
            return Err(ServiceError::Malformed(faults));
        }
        let stored = Stored {
            provinces: provinces.iter().map(|province| province.key.clone()).collect(),
            indicators: indicators.iter().map(|found| found.indicator.code.clone()).collect(),
            with_withdrawn: false,
            as_of: wanted.as_of,
        };
        let found = store::targets::list(conn, &stored)?;
        let calendars: HashMap<&str, Calendar> =
            indicators.iter().map(|found| (found.indicator.code.as_str(), found.indicator.calendar)).collect();
        let asked = |target: &Target| {
            let own = calendars.get(target.series.indicator.as_str()).copied();
            let calendar = wanted.calendar.or(own).unwrap_or(Calendar::Civil);
            wanted.period.map_or(target.period.calendar() == calendar, |period| target.period == period.in_calendar(calendar))
        };
        let after =
            |target: &Target| wanted.after.as_ref().is_none_or(|(series, period)| (&target.series, target.period) > (series, *period));
        let view = View::new(caller, catalogue);
        let seen = found.into_iter().filter(|target| view.shows_series(&target.series));
        let mut found: Vec<Target> = seen.filter(|target| asked(target) && after(target)).collect();
        found.truncate(wanted.limit);
        Ok(found)
    })
    .await
}
