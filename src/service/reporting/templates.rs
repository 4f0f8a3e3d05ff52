//! Templates: the reporting form of an organisation for a province and period, filled with the stored figures.
//! The layout of the file is in `formats::template`.

use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use super::completeness::Facts;
use super::obligations::owed;
use crate::context::Context;
use crate::domain::access::remit::View;
use crate::domain::access::role::Caller;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::derivation::territory::{Geography, Territory};
use crate::domain::fault::{Code, Fault, LocatedFault};
use crate::domain::message::message;
use crate::domain::reporting::obligation::{Due, ObligationDefinition};
use crate::domain::reporting::template::{Row, Template, rows};
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::{Reading, read};
use crate::service::figures::figure_set::{FigureSet, LoadScope};
use crate::service::figures::selection::{Parts, years_around};
use crate::store::observations::Revisions;

/// A query for a template.
#[derive(Debug)]
pub struct TemplateQuery {
    /// The identifier of the organisation.
    pub organisation: String,
    /// The period; `None` only after a read fault.
    pub period: Option<PeriodCode>,
    /// Key, code or name of the province; default: the only one with obligations.
    pub province: Option<String>,
    /// The calendar; default: the only one with obligations.
    pub calendar: Option<Calendar>,
    /// Faults of the request's parameters.
    pub faults: Vec<LocatedFault>,
}

/// Makes the template of an organisation: its obligations for the period and for all periods with the same end, with last year's figures.
///
/// # Errors
/// `ServiceError::NotFound` without an obligation that the caller may see; a province or calendar without obligations; `missing_parameter` if
/// there are several and none is named.
pub async fn get_template(context: &Arc<Context>, caller: &Caller, mut wanted: TemplateQuery) -> Result<Template, ServiceError> {
    read(context, caller, move |conn, Reading { context, catalogue, caller }| {
        let faults = mem::take(&mut wanted.faults);
        let Some(written) = wanted.period.filter(|_| faults.is_empty()) else { return Err(ServiceError::Malformed(faults)) };
        let chosen = |terms: &ObligationDefinition, province: &Province| {
            let found = terms.owed_to_the_end_of(written.in_calendar(terms.calendar));
            found.into_iter().filter(|(period, _)| province.existed_on(period.end())).collect()
        };
        let all = owed(conn, catalogue, caller, std::slice::from_ref(&wanted.organisation), None, chosen)?;
        let (province, calendar, due) = narrow(catalogue, &wanted, written, all)?;
        let indicator = |code: &str| catalogue.current(code).map(|found| found.indicator);
        let rows = rows(due.iter().filter_map(|due| Some((indicator(&due.indicator)?, due.period))));
        let (from, to) = years_around(written, written, true);
        let around = LoadScope {
            provinces: vec![province],
            indicators: rows.iter().map(|(indicator, ..)| *indicator).collect(),
            geography: Geography::Restated,
            parts: &Parts::All,
            revisions: Revisions::Current,
            from: Some(from),
            to: Some(to),
            as_of: None,
        };
        let record = FigureSet::load(conn, &View::new(caller, catalogue), &around)?;
        let facts = Facts::load(conn, catalogue, caller, &due, context.today())?;
        let due: HashMap<(&str, Period), &Due> = due.iter().map(|due| ((due.indicator.as_str(), due.period), due)).collect();
        let mut territories: HashMap<String, Territory> = HashMap::new();
        let known = |(indicator, breakdown, period): (&Indicator, Breakdown, Period)| {
            let territory = territories.entry(indicator.code.clone()).or_insert_with(|| record.of(catalogue, province, indicator));
            let before = period.same_period_last_year();
            let (current, last_year) = (territory.resolve(indicator, &breakdown, period), territory.resolve(indicator, &breakdown, before));
            let territory_changed = territory.changed(indicator, before, [&current, &last_year]);
            let due = due.get(&(indicator.code.as_str(), period)).filter(|_| breakdown.is_total());
            let under_way = due.and_then(|due| facts.of(due).1).map(|under_way| under_way.state);
            Row { indicator: indicator.clone(), breakdown, period, last_year, territory_changed, current, under_way }
        };
        let rows = rows.into_iter().map(known).collect();
        Ok(Template { organisation: wanted.organisation, province: province.clone(), period: written.in_calendar(calendar), rows })
    })
    .await
}

/// The obligations in one province and one calendar: the named ones, otherwise the only ones.
fn narrow<'c>(
    catalogue: &'c Catalogue,
    wanted: &TemplateQuery,
    written: PeriodCode,
    mut all: Vec<Due>,
) -> Result<(&'c Province, Calendar, Vec<Due>), ServiceError> {
    let organisation: String = wanted.organisation.chars().take(35).collect();
    let not_owed = |name: &str, owed: BTreeSet<String>| {
        let message = message!(
            en: "`{organisation}` owes nothing of that `{name}` for the period",
            vi: "`{organisation}` không có nghĩa vụ báo cáo với `{name}` này trong kỳ"
        );
        ServiceError::parameter(name, Fault::new(Code::InvalidValue, message).allowing(owed))
    };
    if let Some(calendar) = wanted.calendar {
        let owed = words(&all, calendar_of);
        all.retain(|due| due.period.calendar() == calendar);
        if all.is_empty() && !owed.is_empty() {
            return Err(not_owed("calendar", owed));
        }
    }
    if let Some(text) = &wanted.province {
        let owed = words(&all, province_of);
        // A code or name is resolved at the end of the period, which depends on the calendar.
        let named = |calendar: Calendar| catalogue.provinces.resolve(text, written.in_calendar(calendar).end());
        let (civil, nd09) = match (named(Calendar::Civil), named(Calendar::Nd09)) {
            (Err(fault), Err(_)) => return Err(ServiceError::parameter("province", fault)),
            found => found,
        };
        let meant = |calendar: Calendar| if calendar == Calendar::Civil { &civil } else { &nd09 };
        all.retain(|due| meant(due.period.calendar()).as_ref().is_ok_and(|province| province.key == due.province));
        if all.is_empty() && !owed.is_empty() {
            return Err(not_owed("province", owed));
        }
    }
    for (name, word) in [("province", province_of as fn(&Due) -> String), ("calendar", calendar_of)] {
        let owed = words(&all, word);
        if owed.len() > 1 {
            let message = message!(
                en: "`{organisation}` owes figures of several for the period: `{name}` says of which the template is",
                vi: "`{organisation}` phải báo cáo cho nhiều mục trong kỳ: nêu `{name}` để chọn biểu mẫu"
            );
            return Err(ServiceError::parameter(name, Fault::new(Code::MissingParameter, message).allowing(owed)));
        }
    }
    let only = all.first().and_then(|due| Some((catalogue.provinces.get(&due.province)?, due.period.calendar())));
    let Some((province, calendar)) = only else {
        let message = message!(
            en: "`{organisation}` owes nothing to the end of {} that you may know of; \
             GET /v1/obligations says what it owes, GET /v1/calendar when",
            vi: "`{organisation}` không có nghĩa vụ báo cáo nào đến hết {} mà bạn được biết; xem nghĩa vụ ở GET /v1/obligations, xem lịch ở \
             GET /v1/calendar", written.in_calendar(Calendar::Civil)
        );
        return Err(ServiceError::NotFound(Fault::new(Code::NotFound, message)));
    };
    Ok((province, calendar, all))
}

fn province_of(due: &Due) -> String {
    due.province.clone()
}

fn calendar_of(due: &Due) -> String {
    due.period.calendar().as_str().to_owned()
}

fn words(due: &[Due], word: fn(&Due) -> String) -> BTreeSet<String> {
    due.iter().map(word).collect()
}
