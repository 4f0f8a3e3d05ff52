//! Comparisons: the report table. Each figure is compared with the same period last year, the previous period and its target.
//! One comparison is made in `comparing`.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::compare::{Comparator, ComparatorScope, Item};
use super::cost::Work;
use super::selection::{Parts, breakdowns, check_parts, other_meanings, resolve_indicators, resolve_provinces};
use crate::context::Context;
use crate::domain::access::remit::View;
use crate::domain::access::role::Caller;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::{Indicator, Versioned};
use crate::domain::catalogue::other_meaning::OtherMeaning;
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::derivation::territory::{Geography, Territory};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::target::inherited::TargetsOf;
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::{Reading, read_at};

/// A query for comparisons.
#[derive(Debug)]
pub struct ComparisonQuery {
    /// Keys, codes or names of provinces; empty only after a read fault.
    pub provinces: Vec<String>,
    /// The periods; empty only after a read fault.
    pub periods: Vec<PeriodCode>,
    /// The calendar of the periods; default: the indicator's own.
    pub calendar: Option<Calendar>,
    /// Codes of indicators; empty: all with a figure.
    pub indicators: Vec<String>,
    /// The field of work.
    pub field: Option<String>,
    /// The breakdowns.
    pub parts: Parts,
    /// The geography of figures from before a reorganisation.
    pub geography: Geography,
    /// The owner of the targets for periods that began before the province was formed.
    pub targets: TargetsOf,
    /// Read the data as stored at this instant; default: now.
    pub as_of: Option<DateTime<Utc>>,
    /// Faults of the request's parameters.
    pub faults: Vec<LocatedFault>,
}

/// The comparisons of some provinces and periods.
#[derive(Debug)]
pub struct Table {
    /// The requested provinces and periods, in the named calendar or the civil one.
    pub rows: Vec<(Province, Period)>,
    /// One item per province, period, indicator and breakdown.
    pub items: Vec<Item>,
    /// Other provinces that the codes and names meant in the periods or the year before.
    pub notices: Vec<OtherMeaning>,
}

/// Compares figures with the same period last year, the previous period and the targets.
///
/// # Errors
/// Parameters that name unknown provinces, indicators or breakdowns; `query_too_large`.
pub async fn compare_figures(context: &Arc<Context>, caller: &Caller, mut wanted: ComparisonQuery) -> Result<Table, ServiceError> {
    let faults = mem::take(&mut wanted.faults);
    read_at(context, caller, wanted.as_of, faults, move |conn, Reading { context, catalogue, caller, .. }, faults| {
        let asked = resolve(catalogue, caller, &wanted, faults)?;
        let questions = ComparatorScope {
            provinces: asked.rows.iter().map(|(province, _)| *province).collect(),
            indicators: asked.indicators.iter().map(|found| found.indicator).collect(),
            geography: wanted.geography,
            targets: wanted.targets,
            parts: &wanted.parts,
            periods: &wanted.periods,
            as_of: wanted.as_of,
        };
        let comparing = Comparator::load(conn, &View::new(caller, catalogue), context.day_of(wanted.as_of), &questions)?;
        let mut items = Vec::new();
        let mut territories: HashMap<(&str, &str), Territory> = HashMap::new();
        for (province, written) in &asked.rows {
            for found in &asked.indicators {
                let of = (province.key.as_str(), found.indicator.code.as_str());
                let known = territories.entry(of).or_insert_with(|| comparing.territory(province, found.indicator));
                items.extend(of_indicator(&comparing, &wanted, province, *written, found.indicator, known));
                // With `breakdown=*` the number of comparisons is known only after loading.
                Work::Comparisons.bound(items.len())?;
            }
        }
        let period = |written: PeriodCode| written.in_calendar(wanted.calendar.unwrap_or(Calendar::Civil));
        let rows = asked.rows.iter().map(|(province, written)| ((*province).clone(), period(*written))).collect();
        Ok(Table { rows, items, notices: notices(catalogue, &wanted) })
    })
    .await
}

/// The other provinces that the codes and names meant in a period or a year before it, without duplicates.
fn notices(catalogue: &Catalogue, wanted: &ComparisonQuery) -> Vec<OtherMeaning> {
    let mut notices = Vec::new();
    for written in &wanted.periods {
        let period = written.in_calendar(wanted.calendar.unwrap_or(Calendar::Civil));
        let (first, last) = (period.same_period_last_year().start(), period.end());
        for notice in other_meanings(catalogue, &wanted.provinces, last, Some(first), Some(last)) {
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        }
    }
    notices
}

/// The request, resolved in the catalogue.
struct ResolvedQuery<'c> {
    rows: Vec<(&'c Province, PeriodCode)>,
    indicators: Vec<Versioned<'c>>,
}

fn resolve<'c>(
    catalogue: &'c Catalogue,
    caller: &'c Caller,
    wanted: &ComparisonQuery,
    mut faults: Vec<LocatedFault>,
) -> Result<ResolvedQuery<'c>, ServiceError> {
    let mut rows = Vec::new();
    for written in &wanted.periods {
        let end = written.in_calendar(wanted.calendar.unwrap_or(Calendar::Civil)).end();
        let found = resolve_provinces(catalogue, &wanted.provinces, end, &mut faults);
        rows.extend(found.into_iter().map(|province| (province, *written)));
    }
    let mut indicators = resolve_indicators(catalogue, caller, &wanted.indicators, &mut faults);
    if !wanted.indicators.is_empty() {
        for found in &indicators {
            check_parts(&wanted.parts, found.indicator, &mut faults);
        }
    }
    if let Some(field) = &wanted.field {
        indicators.retain(|found| found.indicator.field == *field);
        if indicators.is_empty() && faults.is_empty() {
            let fault = Fault::new(
                Code::InvalidValue,
                message!(
                    en: "none of the indicators is of the field `{field}`",
                    vi: "không có chỉ tiêu nào trong số này thuộc lĩnh vực `{field}`"
                ),
            );
            faults.push(fault.at(Location::Parameter("field".into())));
        }
    }
    let parts = if let Parts::Only(parts) = &wanted.parts { parts.len() } else { 1 };
    Work::Comparisons.check(rows.len() * indicators.len() * parts, &mut faults);
    if faults.is_empty() { Ok(ResolvedQuery { rows, indicators }) } else { Err(ServiceError::Malformed(faults)) }
}

/// The comparisons of one indicator in a province and period, one per breakdown.
fn of_indicator(
    comparing: &Comparator<'_>,
    wanted: &ComparisonQuery,
    province: &Province,
    written: PeriodCode,
    indicator: &Indicator,
    known: &Territory,
) -> Vec<Item> {
    let by_name = !wanted.indicators.is_empty();
    let on_record = known.parts();
    let mut parts = breakdowns(&wanted.parts, indicator, &on_record);
    if parts.is_empty() && by_name {
        parts.push(Breakdown::default());
    }
    let asked = written.in_calendar(wanted.calendar.unwrap_or(indicator.calendar));
    let compare = |breakdown: Breakdown| {
        // An indicator that was named in the request gets a row even without a figure; in the full table it gets none. With `breakdown=*`,
        // a breakdown that was not reported gets a row only if it can be derived.
        let implied = matches!(wanted.parts, Parts::All) && !on_record.is_empty() && !on_record.contains(&breakdown);
        let item = comparing.compare(province, indicator, breakdown, asked, known);
        (by_name && !implied || item.is_reported_or_formed()).then_some(item)
    };
    parts.into_iter().filter_map(compare).collect()
}
