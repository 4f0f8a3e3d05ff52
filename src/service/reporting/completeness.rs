//! Completeness: obligations, the figures submitted for them, and the organisations to remind.
//! The status of one obligation is decided in `domain`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use chrono::{Months, NaiveDate};

use super::obligations::{days, keys, later, owed};
use crate::context::Context;
use crate::domain::access::remit::View;
use crate::domain::access::role::Caller;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::observation::observation::Content;
use crate::domain::reporting::completeness::{Fulfilment, Item, Receipt, Tally, UnderWay};
use crate::domain::reporting::obligation::{Due, ObligationDefinition};
use crate::domain::submission::workflow::{Action, State as Stage};
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::{Reading, read};
use crate::service::figures::cost::Work;
use crate::service::figures::selection::{resolvable, resolve_provinces};
use crate::store::{self, Conn, StoreError};

/// A query for completeness.
#[derive(Debug)]
pub struct CompletenessQuery {
    /// The period of the obligations; default: all periods with a deadline between `from` and `to`.
    pub period: Option<PeriodCode>,
    /// The first deadline; default: one month before the last one.
    pub from: Option<NaiveDate>,
    /// The last deadline; default: one month after the first one, or today if that is absent too.
    pub to: Option<NaiveDate>,
    /// Identifiers of organisations; empty: all.
    pub organisations: Vec<String>,
    /// Keys, codes or names of provinces; empty: all.
    pub provinces: Vec<String>,
    /// The calendar of the obligations; default: both.
    pub calendar: Option<Calendar>,
    /// The sort key of the last item on the page before.
    pub after: Option<[String; 6]>,
    /// The page size.
    pub limit: usize,
    /// Faults of the request's parameters.
    pub faults: Vec<LocatedFault>,
}

/// The status of obligations.
#[derive(Debug)]
pub struct Completeness {
    /// One page, by organisation, province, indicator and deadline.
    pub items: Vec<Item>,
    /// Counts of all obligations by organisation.
    pub totals: BTreeMap<String, Tally>,
    /// Missing obligations by organisation, from all pages.
    pub missing: BTreeMap<String, Vec<Due>>,
}

/// Reports the status of obligations.
///
/// # Errors
/// An unknown province; a period together with days; no day between `from` and `to`, or more than a year.
pub async fn get_completeness(
    context: &Arc<Context>,
    caller: &Caller,
    mut wanted: CompletenessQuery,
) -> Result<Completeness, ServiceError> {
    read(context, caller, move |conn, Reading { context, catalogue, caller }| {
        let mut faults = mem::take(&mut wanted.faults);
        let today = context.today();
        let to = wanted.to.unwrap_or_else(|| wanted.from.map_or(today, |from| later(from, 1)));
        let from = wanted.from.unwrap_or_else(|| to.checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN));
        let days = days(from, to, &mut faults);
        if wanted.period.is_some() && (wanted.from.is_some() || wanted.to.is_some()) {
            let message = message!(
                en: "either a `period`, or the days `from` and `to` on which periods fall due",
                vi: "nêu `period`, hoặc nêu các ngày `from` và `to` mà kỳ báo cáo đến hạn"
            );
            faults.push(Fault::new(Code::InvalidValue, message).at(Location::Parameter("period".into())));
        }
        let on = wanted.period.map_or(to, |period| period.in_calendar(wanted.calendar.unwrap_or(Calendar::Civil)).end());
        let named = resolvable(resolvable(&wanted.provinces, "period", &faults), "to", &faults);
        let provinces = resolve_provinces(catalogue, named, on, &mut faults);
        if !faults.is_empty() {
            return Err(ServiceError::Malformed(faults));
        }
        let chosen = |terms: &ObligationDefinition, province: &Province| match wanted.period {
            _ if wanted.calendar.is_some_and(|calendar| calendar != terms.calendar) => Vec::new(),
            Some(period) => {
                let found = terms.owed(period.in_calendar(terms.calendar));
                found.into_iter().filter(|(period, _)| province.existed_on(period.end())).collect()
            }
            None => terms.due_within(province, &days),
        };
        let provinces = keys(&wanted.provinces, &provinces, catalogue);
        let mut all = owed(conn, catalogue, caller, &wanted.organisations, provinces, chosen)?;
        Work::Due.bound(all.len())?;
        all.sort_by_cached_key(Due::by_organisation);
        let facts = Facts::load(conn, catalogue, caller, &all, today)?;
        let mut report = Completeness { items: Vec::new(), totals: BTreeMap::new(), missing: BTreeMap::new() };
        for due in all {
            let (handed_in, under_way) = facts.of(&due);
            let item = Item::new(due, handed_in, under_way, today);
            report.totals.entry(item.due.organisation.clone()).or_default().count(item.status);
            if item.status == Fulfilment::Missing {
                report.missing.entry(item.due.organisation.clone()).or_default().push(item.due.clone());
            }
            let on_page = wanted.after.as_ref().is_none_or(|after| item.due.by_organisation() > *after);
            if on_page && report.items.len() < wanted.limit {
                report.items.push(item);
            }
        }
        Ok(report)
    })
    .await
}

/// Province, indicator and period of figures, for all breakdowns.
type FigureKey = (String, String, Period);

/// Submitted figures by breakdown.
type Parts = BTreeMap<Breakdown, Receipt>;

/// Submitted figures: those published and those waiting for review.
pub(crate) struct Facts {
    on_record: HashMap<FigureKey, Parts>,
    waiting: HashMap<FigureKey, Parts>,
    under_way: HashMap<FigureKey, UnderWay>,
    /// For each province, the keys of all its names.
    continued: HashMap<String, Vec<String>>,
    /// The indicators by code.
    indicators: HashMap<String, Indicator>,
}

impl Facts {
    /// Loads the submissions for the obligations. The id of a submission is kept only if the caller may send or review it.
    ///
    /// # Errors
    /// Any failure of the database.
    pub(crate) fn load(
        conn: &mut Conn,
        catalogue: &Catalogue,
        caller: &Caller,
        all: &[Due],
        today: NaiveDate,
    ) -> Result<Facts, StoreError> {
        let units: BTreeSet<&String> = all.iter().map(|due| &due.province).collect();
        let units = units.into_iter().filter_map(|key| catalogue.provinces.get(key));
        let continued: HashMap<String, Vec<String>> =
            units.map(|unit| (unit.key.clone(), catalogue.provinces.continued(catalogue.provinces.latest(unit)))).collect();
        let provinces: BTreeSet<String> = continued.values().flatten().cloned().collect();
        let indicators: BTreeSet<&String> = all.iter().map(|due| &due.indicator).collect();
        let days = all.iter().map(|due| due.period.start()).min().zip(all.iter().map(|due| due.period.end()).max());
        let current = indicators.iter().filter_map(|code| catalogue.current(code));
        let current = current.map(|found| (found.indicator.code.clone(), found.indicator.clone())).collect();
        let mut facts =
            Facts { on_record: HashMap::new(), waiting: HashMap::new(), under_way: HashMap::new(), continued, indicators: current };
        let Some((from, to)) = days else { return Ok(facts) };
        let view = View::new(caller, catalogue);
        let keys: Vec<String> = provinces.iter().cloned().collect();
        let of_indicators: Vec<String> = indicators.iter().copied().cloned().collect();
        for told in store::observations::list_histories(conn, &keys, &of_indicators, from, to)? {
            if let Some(handed_in) = told.handed_in() {
                note(&mut facts.on_record, told.series, told.period, handed_in);
            }
        }
        let pending = store::submissions::under_way(conn, &[Stage::Submitted, Stage::Returned], from, to)?;
        for submission in pending.into_iter().filter(|submission| !submission.provinces.is_disjoint(&provinces)) {
            // Load one document at a time: each may hold thousands of rows.
            let Some(mut draft) = store::submissions::document(conn, &submission.id)? else { continue };
            draft.rows.retain(|row| row.indicator.as_ref().is_some_and(|code| indicators.contains(code)));
            let handed_in_at = submission.steps.iter().rfind(|step| step.action == Action::Submit).map(|step| step.at);
            let waits = handed_in_at.filter(|_| submission.state == Stage::Submitted);
            let rows = draft.check(catalogue, caller, today).valid;
            let shown = submission.visible_to(&view);
            for row in rows.into_iter().filter(|row| row.content != Content::Withdrawn && provinces.contains(&row.series.province)) {
                let about = (row.series.province.clone(), row.series.indicator.clone(), row.period);
                if shown {
                    facts.under_way.insert(about, UnderWay { id: submission.id.clone(), state: submission.state });
                }
                if let Some(at) = waits {
                    note(&mut facts.waiting, row.series, row.period, Receipt { at, nil: row.content == Content::Nil });
                }
            }
        }
        Ok(facts)
    }

    /// The submitted figures of an obligation and its submission under way.
    pub(crate) fn of(&self, due: &Due) -> (Option<Receipt>, Option<UnderWay>) {
        let units = self.continued.get(&due.province).into_iter().flatten();
        let about: Vec<FigureKey> = units.map(|key| (key.clone(), due.indicator.clone(), due.period)).collect();
        let together = |of: &HashMap<FigureKey, Parts>, part: &Breakdown| {
            Receipt::together(about.iter().filter_map(|about| of.get(about)?.get(part).copied()))
        };
        let said = about.iter().flat_map(|about| [&self.on_record, &self.waiting].into_iter().filter_map(|of| of.get(about)));
        let parts: BTreeSet<&Breakdown> = said.flat_map(BTreeMap::keys).collect();
        let of_part = |part: &Breakdown| Receipt::or_waiting(together(&self.on_record, part), together(&self.waiting, part));
        let parts: Parts = parts.into_iter().filter_map(|part| Some((part.clone(), of_part(part)?))).collect();
        let handed_in = self.indicators.get(&due.indicator).and_then(|indicator| Receipt::of_whole(indicator, &parts));
        (handed_in, about.iter().find_map(|about| self.under_way.get(about).cloned()))
    }
}

/// Adds a submitted figure to the earlier ones of the same breakdown.
fn note(of: &mut HashMap<FigureKey, Parts>, series: SeriesKey, period: Period, handed_in: Receipt) {
    let parts = of.entry((series.province, series.indicator, period)).or_default();
    let together = Receipt::together(parts.get(&series.breakdown).copied().into_iter().chain([handed_in]));
    parts.extend(together.map(|together| (series.breakdown, together)));
}
