//! Targets: set by decision, revised with a new one, never overwritten.

use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Refusal;
use super::catalogue::{settle, snapshot, snapshot_as_of};
use super::clients::check_territory;
use super::selection::{resolvable, resolve_indicators, resolve_provinces};
use crate::domain::fault::Located;
use crate::domain::period::{Calendar, Period};
use crate::domain::role::{Caller, Scope};
use crate::domain::series::SeriesKey;
use crate::domain::submission::Outcome;
use crate::domain::target::{Aim, Draft, Target};
use crate::state::State;
use crate::store::targets::Wanted as Stored;
use crate::store::{self, Conn, Failure};

/// Which targets are wanted.
#[derive(Debug)]
pub struct Wanted {
    /// Keys, codes or names of provinces; all when empty.
    pub provinces: Vec<String>,
    /// Codes of indicators; all when empty.
    pub indicators: Vec<String>,
    /// Those of this period.
    pub period: Option<Period>,
    /// The calendar.
    pub calendar: Calendar,
    /// As they stood at this instant; as they stand now when absent.
    pub as_of: Option<DateTime<Utc>>,
    /// Those after this place in the order.
    pub after: Option<(SeriesKey, Period)>,
    /// At most so many.
    pub limit: usize,
    /// What of the request could not be read.
    pub faults: Vec<Located>,
}

/// Sets targets.
///
/// # Errors
/// Without the scope `targets`; every fault of every target; a province the client does not write for.
pub async fn put(state: &Arc<State>, caller: &Caller, draft: Draft) -> Result<Vec<(Target, Outcome)>, Refusal> {
    let client = caller.holding(Scope::Targets).map_err(Refusal::denied)?.clone();
    let (shared, caller) = (Arc::clone(state), caller.clone());
    state
        .db
        .write(move |conn| {
            let catalogue = snapshot(conn, &shared)?;
            let aims = draft.check(&catalogue, &caller).map_err(Refusal::Invalid)?;
            check_territory(&client, aims.iter().map(|aim| &aim.series), &catalogue)?;
            let mut current = current_targets(conn, &aims)?;
            let changes = aims.iter().any(|aim| current.get(&(aim.series.clone(), aim.period)).is_none_or(|known| known.goal != aim.goal));
            // An instant of its own is for writes that change what is served.
            let now = if changes { store::writes::instant(conn, shared.clock.now())? } else { shared.clock.now() };
            let mut set = Vec::with_capacity(aims.len());
            for aim in aims {
                let known = current.remove(&(aim.series.clone(), aim.period));
                let (target, outcome) = revise(aim, known, now);
                if outcome != Outcome::Unchanged {
                    store::targets::append(conn, &target, &client.id)?;
                }
                set.push((target, outcome));
            }
            Ok(set)
        })
        .await
}

/// The targets on record for the series of a batch.
fn current_targets(conn: &mut Conn, aims: &[Aim]) -> Result<HashMap<(SeriesKey, Period), Target>, Failure> {
    // A batch has one calendar.
    let Some(first) = aims.first() else { return Ok(HashMap::new()) };
    let distinct = |texts: BTreeSet<&String>| texts.into_iter().cloned().collect();
    let wanted = Stored {
        provinces: distinct(aims.iter().map(|aim| &aim.series.province).collect()),
        indicators: distinct(aims.iter().map(|aim| &aim.series.indicator).collect()),
        calendar: first.period.calendar(),
        as_of: None,
    };
    let found = store::targets::list(conn, &wanted)?;
    Ok(found.into_iter().map(|target| ((target.series.clone(), target.period), target)).collect())
}

/// The target as it stands after an aim was set: the one on record, a revision of it, or a new one.
fn revise(aim: Aim, known: Option<Target>, now: DateTime<Utc>) -> (Target, Outcome) {
    let Aim { series, period, goal } = aim;
    match known {
        Some(known) if known.goal == goal => (known, Outcome::Unchanged),
        Some(known) => (Target { revision: known.revision + 1, goal, recorded_at: now, ..known }, Outcome::Updated),
        None => (Target { id: Uuid::now_v7().to_string(), revision: 1, series, period, goal, recorded_at: now }, Outcome::Created),
    }
}

/// Lists targets by province, indicator, breakdown and period.
///
/// # Errors
/// An unknown province or indicator.
pub async fn list(state: &Arc<State>, caller: &Caller, mut wanted: Wanted) -> Result<Vec<Target>, Refusal> {
    settle(state, wanted.as_of).await?;
    let (shared, caller) = (Arc::clone(state), caller.clone());
    state
        .db
        .read(move |conn| {
            let catalogue = snapshot_as_of(conn, &shared, wanted.as_of)?;
            let on = wanted.period.map_or_else(|| shared.day_of(wanted.as_of), Period::end);
            let mut faults = mem::take(&mut wanted.faults);
            let named = resolvable(&wanted.provinces, "period", &faults);
            let provinces = resolve_provinces(&catalogue, named, on, &mut faults);
            let indicators = resolve_indicators(&catalogue, &caller, &wanted.indicators, &mut faults);
            if !faults.is_empty() {
                return Err(Refusal::Malformed(faults));
            }
            let stored = Stored {
                provinces: provinces.iter().map(|province| province.key.clone()).collect(),
                indicators: indicators.iter().map(|found| found.indicator.code.clone()).collect(),
                calendar: wanted.calendar,
                as_of: wanted.as_of,
            };
            let found = store::targets::list(conn, &stored)?;
            let asked = |target: &Target| wanted.period.is_none_or(|period| target.period == period);
            let after =
                |target: &Target| wanted.after.as_ref().is_none_or(|(series, period)| (&target.series, target.period) > (series, *period));
            let mut found: Vec<Target> = found.into_iter().filter(|target| asked(target) && after(target)).collect();
            found.truncate(wanted.limit);
            Ok(found)
        })
        .await
}
