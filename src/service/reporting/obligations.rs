//! Obligations: the figures an organisation has to report, their deadlines, and closed periods.
//! The arithmetic of deadlines is in `domain`.

use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{Months, NaiveDate};
use uuid::Uuid;

use crate::context::Context;
use crate::domain::access::remit::{Remit, View};
use crate::domain::access::role::{Authorized, Caller, EditCatalogue, Visibility};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::outcome::Outcome;
use crate::domain::reporting::obligation::{Due, Obligation, ObligationDefinition};
use crate::domain::reporting::obligation_draft::{CheckedObligation, Draft};
use crate::domain::submission::draft::Row;
use crate::domain::time::period::Period;
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::{Reading, Writing, read, write_as};
use crate::service::figures::cost::Work;
use crate::service::figures::selection::{resolvable, resolve_indicators, resolve_provinces};
use crate::service::operations::audit::{self, Action, WriteContext};
use crate::store::obligations::ObligationFilter as Stored;
use crate::store::{self, Conn, StoreError};

/// Records the obligations of an organisation: all rows or none.
///
/// # Errors
/// Without the scope `catalogue`; all broken rules; a province outside the client's restriction.
pub async fn put_obligations(
    write: &WriteContext,
    by: &Authorized<EditCatalogue>,
    draft: Draft,
) -> Result<Vec<CheckedObligation>, ServiceError> {
    write_as(write, by, move |conn, by| {
        let Writing { context, client, caller, catalogue, .. } = *by;
        // Rows outside the client's restriction are refused below. Hide existing obligations of such provinces until then.
        let reach = Remit::of(client, &catalogue.provinces);
        let mut known = store::obligations::list(conn, &Stored::default())?;
        known.retain(|obligation| reach.holds(&obligation.terms.province));
        let now = context.clock.now();
        let mut decided = draft.check(&known, catalogue, caller, now, || Uuid::now_v7().to_string()).map_err(ServiceError::broken)?;
        let series = |of: &CheckedObligation| {
            let (province, indicator) = (of.obligation.terms.province.clone(), of.obligation.terms.indicator.clone());
            ([of.place.clone(), of.of_province.clone()], SeriesKey { province, indicator, breakdown: Breakdown::default() })
        };
        let about: Vec<([String; 2], SeriesKey)> = decided.iter().map(series).collect();
        let about = about.iter().map(|(place, series)| (place.clone(), series));
        let beyond = reach.beyond(about, catalogue);
        if !beyond.is_empty() {
            return Err(ServiceError::Forbidden(beyond));
        }
        let different = decided.iter().filter(|of| of.outcome != Outcome::Unchanged).count();
        let mut changed = decided.iter_mut().filter(|of| of.outcome != Outcome::Unchanged).peekable();
        if changed.peek().is_some() {
            let at = store::writes::instant(conn, now)?;
            for CheckedObligation { obligation, outcome, .. } in changed {
                obligation.recorded_at = at;
                store::obligations::append(conn, obligation, *outcome == Outcome::Withdrawn, at, &client.id)?;
            }
        }
        let terms = decided.iter().map(|of| &of.obligation.terms);
        let whose: BTreeSet<String> = terms.map(|terms| format!("{} for {}", terms.organisation, terms.province)).collect();
        let whose = whose.into_iter().collect::<Vec<_>>().join(", ");
        let subject = format!("{different} of {} obligations of {whose}", decided.len());
        by.record(conn, Action::PutObligations, &subject, audit::Outcome::of_change(different > 0), now)?;
        Ok(decided)
    })
    .await
}

/// A query for obligations.
#[derive(Debug)]
pub struct ObligationQuery {
    /// Identifiers of organisations; empty: all.
    pub organisations: Vec<String>,
    /// Keys, codes or names of provinces; empty: all.
    pub provinces: Vec<String>,
    /// Codes of indicators; empty: all.
    pub indicators: Vec<String>,
    /// The day on which the obligation is valid; default: any day.
    pub on: Option<NaiveDate>,
    /// The sort key of the last item on the page before.
    pub after: Option<[String; 7]>,
    /// The page size.
    pub limit: usize,
    /// Faults of the request's parameters.
    pub faults: Vec<LocatedFault>,
}

/// Lists obligations by organisation, province and indicator.
///
/// # Errors
/// An unknown province or indicator.
pub async fn list_obligations(
    context: &Arc<Context>,
    caller: &Caller,
    mut wanted: ObligationQuery,
) -> Result<Vec<Obligation>, ServiceError> {
    read(context, caller, move |conn, Reading { context, catalogue, caller }| {
        let mut faults = mem::take(&mut wanted.faults);
        let named = resolvable(&wanted.provinces, "on", &faults);
        let provinces = resolve_provinces(catalogue, named, wanted.on.unwrap_or_else(|| context.today()), &mut faults);
        let indicators = resolve_indicators(catalogue, caller, &wanted.indicators, &mut faults);
        if !faults.is_empty() {
            return Err(ServiceError::Malformed(faults));
        }
        let stored = Stored {
            provinces: keys(&wanted.provinces, &provinces, catalogue),
            indicators: Some(indicators.iter().map(|found| found.indicator.code.clone()).collect()),
        };
        let view = View::new(caller, catalogue);
        let mut found = store::obligations::list(conn, &stored)?;
        found.retain(|obligation| {
            let terms = &obligation.terms;
            let seen = view.at(&terms.indicator, &terms.province) != Visibility::Hidden;
            let asked = wanted.organisations.is_empty() || wanted.organisations.contains(&terms.organisation);
            seen && asked
                && wanted.on.is_none_or(|day| terms.holds_on(day))
                && wanted.after.as_ref().is_none_or(|after| obligation.place() > *after)
        });
        found.truncate(wanted.limit);
        Ok(found)
    })
    .await
}

/// The keys of the named provinces, under all their names; `None` without names, for all provinces.
pub(crate) fn keys(named: &[String], found: &[&Province], catalogue: &Catalogue) -> Option<Vec<String>> {
    let under_all_names = |province: &&Province| catalogue.provinces.continued(catalogue.provinces.latest(province));
    (!named.is_empty()).then(|| found.iter().flat_map(under_all_names).collect())
}

/// A query for due obligations.
#[derive(Debug)]
pub struct DueQuery {
    /// Identifiers of organisations; empty: all.
    pub organisations: Vec<String>,
    /// Keys, codes or names of provinces; empty: all.
    pub provinces: Vec<String>,
    /// The first deadline; default: today.
    pub from: Option<NaiveDate>,
    /// The last deadline; default: one month after the first.
    pub to: Option<NaiveDate>,
    /// The sort key of the last item on the page before.
    pub after: Option<[String; 6]>,
    /// The page size.
    pub limit: usize,
    /// Faults of the request's parameters.
    pub faults: Vec<LocatedFault>,
}

/// Lists due obligations by deadline.
///
/// # Errors
/// An unknown province; no day in the range, or more than a year.
pub async fn get_reporting_calendar(context: &Arc<Context>, caller: &Caller, mut asked: DueQuery) -> Result<Vec<Due>, ServiceError> {
    read(context, caller, move |conn, Reading { context, catalogue, caller }| {
        let mut faults = mem::take(&mut asked.faults);
        let from = asked.from.unwrap_or_else(|| context.today());
        let days = days(from, asked.to.unwrap_or_else(|| later(from, 1)), &mut faults);
        let named = resolvable(&asked.provinces, "to", &faults);
        let provinces = resolve_provinces(catalogue, named, *days.end(), &mut faults);
        if !faults.is_empty() {
            return Err(ServiceError::Malformed(faults));
        }
        let provinces = keys(&asked.provinces, &provinces, catalogue);
        let within = |terms: &ObligationDefinition, province: &Province| terms.due_within(province, &days);
        let mut found = owed(conn, catalogue, caller, &asked.organisations, provinces, within)?;
        Work::Due.bound(found.len())?;
        found.sort_by_cached_key(Due::by_day);
        found.retain(|due| asked.after.as_ref().is_none_or(|after| due.by_day() > *after));
        found.truncate(asked.limit);
        Ok(found)
    })
    .await
}

/// The day so many months later; `NaiveDate::MAX` beyond the calendar.
pub(crate) fn later(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// The days of a range. An empty range or one of more than a year is noted as a fault.
pub(crate) fn days(from: NaiveDate, to: NaiveDate, faults: &mut Vec<LocatedFault>) -> RangeInclusive<NaiveDate> {
    let message = if to < from {
        Some(message!(en: "{to} is before {from}", vi: "{to} trước {from}"; to, from))
    } else {
        (to > later(from, 12)).then(|| message!(en: "{from} to {to} is more than a year", vi: "{from} đến {to} dài quá một năm"; from, to))
    };
    faults.extend(message.map(|message| Fault::new(Code::InvalidValue, message).at(Location::Parameter("to".into()))));
    from..=to
}

/// The obligations of indicators that the caller may see, one per period. `chosen` selects the periods.
///
/// # Errors
/// Any failure of the database.
pub(crate) fn owed(
    conn: &mut Conn,
    catalogue: &Catalogue,
    caller: &Caller,
    organisations: &[String],
    provinces: Option<Vec<String>>,
    chosen: impl Fn(&ObligationDefinition, &Province) -> Vec<(Period, NaiveDate)>,
) -> Result<Vec<Due>, StoreError> {
    let view = View::new(caller, catalogue);
    // For each figure and period: the start of the province's validity, and the obligations.
    let mut of: HashMap<(String, String, Period), (NaiveDate, Vec<Due>)> = HashMap::new();
    for obligation in store::obligations::list(conn, &Stored { provinces, indicators: None })? {
        let terms = &obligation.terms;
        // A province that was withdrawn from the catalogue has no obligations.
        let Some(province) =
            catalogue.provinces.get(&terms.province).filter(|province| view.at(&terms.indicator, &province.key) != Visibility::Hidden)
        else {
            continue;
        };
        // An obligation continues after a change of the province's name, until a new obligation uses the new name.
        let names: Vec<&Province> = catalogue.provinces.goes_on_as(province).collect();
        let valid_to = names.last().and_then(|latest| latest.valid_to);
        for due in chosen(terms, &Province { valid_to, ..province.clone() }) {
            let Some(unit) = names.iter().find(|unit| unit.existed_on(due.0.end())) else { continue };
            let owed = of.entry((unit.key.clone(), terms.indicator.clone(), due.0)).or_insert((province.valid_from, Vec::new()));
            if owed.0 < province.valid_from {
                *owed = (province.valid_from, Vec::new());
            }
            if owed.0 == province.valid_from {
                owed.1.push(Due { province: unit.key.clone(), ..obligation.due(due) });
            }
        }
    }
    let all = of.into_values().flat_map(|(_, due)| due);
    Ok(all.filter(|due| organisations.is_empty() || organisations.contains(&due.organisation)).collect())
}

/// The closing days of the rows' periods that lie before the given day. If several obligations cover the same figure and period, the latest
/// closing day counts.
///
/// # Errors
/// Any failure of the database.
pub(crate) fn closed(
    conn: &mut Conn,
    rows: &[Row],
    catalogue: &Catalogue,
    on: NaiveDate,
) -> Result<HashMap<(String, String, Period), NaiveDate>, StoreError> {
    let units: BTreeSet<&String> = rows.iter().map(|row| &row.series.province).collect();
    // The keys of each province under all its names.
    let names = units.into_iter().filter_map(|key| Some((key, catalogue.provinces.continued(catalogue.provinces.get(key)?))));
    let names: HashMap<&String, Vec<String>> = names.collect();
    let indicators: BTreeSet<&String> = rows.iter().map(|row| &row.series.indicator).collect();
    let wanted = Stored {
        provinces: Some(names.values().flatten().cloned().collect()),
        indicators: Some(indicators.into_iter().cloned().collect()),
    };
    let mut of: HashMap<(String, String), Vec<ObligationDefinition>> = HashMap::new();
    for Obligation { terms, .. } in store::obligations::list(conn, &wanted)? {
        of.entry((terms.province.clone(), terms.indicator.clone())).or_default().push(terms);
    }
    let mut closed = HashMap::new();
    for row in rows {
        let (province, indicator) = (row.series.province.clone(), row.series.indicator.clone());
        // An obligation under the present name replaces those under earlier names.
        let owed = names.get(&province).into_iter().flatten().find_map(|key| {
            let terms = of.get(&(key.clone(), indicator.clone()))?;
            let owed: Vec<_> = terms.iter().filter_map(|terms| Some((terms, terms.owed(row.period)?.1))).collect();
            Some(owed).filter(|owed| !owed.is_empty())
        });
        let closing: Option<Vec<NaiveDate>> = owed.into_iter().flatten().map(|(terms, due_on)| terms.closes_on(due_on)).collect();
        if let Some(last) = closing.into_iter().flatten().max().filter(|last| *last < on) {
            closed.insert((province, indicator, row.period), last);
        }
    }
    Ok(closed)
}
