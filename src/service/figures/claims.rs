//! Claims: comparisons printed in reports, each with a verdict from the stored figures. This list is for auditors.
//! The verdict itself is computed in `domain::claim`.

use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::compare::{Comparator, ComparatorScope, Item, JudgedClaim};
use super::selection::{Parts, resolvable, resolve_indicators, resolve_provinces};
use crate::context::Context;
use crate::domain::access::remit::View;
use crate::domain::access::role::{Caller, Visibility};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::comparison::claim::{ClaimKind, Verdict};
use crate::domain::derivation::derived::ResolvedValue;
use crate::domain::derivation::territory::Geography;
use crate::domain::fault::LocatedFault;
use crate::domain::reason::Reason;
use crate::domain::target::attainment::reasons_against_share;
use crate::domain::target::inherited::TargetsOf;
use crate::domain::target::target::Target;
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;
use crate::service::ServiceError;
use crate::service::catalogue::snapshot::{Reading, read_at};
use crate::store::claims::{ClaimFilter as Stored, Listed};
use crate::store::{self, Conn};

/// Claims judged per batch.
const AT_A_TIME: usize = 500;

/// Limit of claims judged for one request. The next page continues.
const MOST: usize = 1_000;

/// A query for claims.
#[derive(Debug)]
pub struct ClaimQuery {
    /// Verdicts; empty: all.
    pub verdicts: Vec<Verdict>,
    /// The kind of claim.
    pub kind: Option<ClaimKind>,
    /// Keys, codes or names of provinces; empty: all.
    pub provinces: Vec<String>,
    /// Codes of indicators; empty: all.
    pub indicators: Vec<String>,
    /// The period of the figures.
    pub period: Option<PeriodCode>,
    /// The calendar of the figures; default: both.
    pub calendar: Option<Calendar>,
    /// Read the data as stored at this instant; default: now.
    pub as_of: Option<DateTime<Utc>>,
    /// The last observation and kind of the page before.
    pub after: Option<(String, ClaimKind)>,
    /// The page size.
    pub limit: usize,
    /// Faults of the request's parameters.
    pub faults: Vec<LocatedFault>,
}

/// A claim with the comparison behind its verdict.
#[derive(Debug)]
pub struct Audited {
    /// The figure with its comparisons; its claims are taken out.
    pub item: Arc<Item>,
    /// The claim.
    pub claim: JudgedClaim,
    /// The id of the observation.
    pub observation: String,
}

impl Audited {
    /// Last year's figure, if the claim compares with it.
    #[must_use]
    pub fn baseline(&self) -> Option<(Period, &ResolvedValue)> {
        let last_year = &self.item.last_year;
        Some((last_year.period, last_year.baseline.as_ref().ok()?)).filter(|_| !self.is_of_plan())
    }

    /// The plan, if the claim is a share of it.
    #[must_use]
    pub fn plan(&self) -> Option<&Target> {
        self.claim.plan.as_ref().filter(|_| self.is_of_plan())
    }

    /// Reasons that limit the comparison with last year's figure or with the plan.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason> {
        if !self.is_of_plan() {
            return self.item.last_year.result.reasons.clone();
        }
        reasons_against_share(self.plan(), self.item.target.as_ref())
    }

    fn is_of_plan(&self) -> bool {
        self.claim.claim.kind == ClaimKind::PlanPct
    }
}

/// One page of claims, and the last observation and kind of the page if there are more.
pub type AuditedPage = (Vec<Audited>, Option<(String, ClaimKind)>);

/// Lists claims with their verdicts, ordered by the first recording of their figures.
///
/// # Errors
/// An unknown province or indicator.
pub async fn list_claims(context: &Arc<Context>, caller: &Caller, mut wanted: ClaimQuery) -> Result<AuditedPage, ServiceError> {
    let faults = mem::take(&mut wanted.faults);
    read_at(context, caller, wanted.as_of, faults, move |conn, Reading { context, catalogue, caller, .. }, mut faults| {
        let today = context.day_of(wanted.as_of);
        let calendars = wanted.calendar.map_or(vec![Calendar::Civil, Calendar::Nd09], |calendar| vec![calendar]);
        let periods: Vec<Period> =
            wanted.period.into_iter().flat_map(|period| calendars.iter().map(move |calendar| period.in_calendar(*calendar))).collect();
        let named = resolvable(&wanted.provinces, "period", &faults);
        let provinces = resolve_provinces(catalogue, named, periods.first().map_or(today, |period| period.end()), &mut faults);
        let indicators = resolve_indicators(catalogue, caller, &wanted.indicators, &mut faults);
        if !faults.is_empty() {
            return Err(ServiceError::Malformed(faults));
        }
        let stored = Stored {
            provinces: provinces.iter().map(|province| province.key.clone()).collect(),
            indicators: indicators.iter().map(|found| found.indicator.code.clone()).collect(),
            kind: wanted.kind,
            calendar: wanted.calendar,
            periods,
            as_of: wanted.as_of,
            after: wanted.after.take(),
            limit: i64::try_from(AT_A_TIME).unwrap_or(i64::MAX),
        };
        let by_code = indicators.iter().map(|found| (found.indicator.code.as_str(), found.indicator)).collect();
        Auditing { view: &View::new(caller, catalogue), indicators: by_code, today }.page(conn, &wanted, stored)
    })
    .await
}

/// The context for judging claims.
struct Auditing<'c> {
    view: &'c View<'c>,
    indicators: HashMap<&'c str, &'c Indicator>,
    today: NaiveDate,
}

impl Auditing<'_> {
    /// Judges claims until the page is full, no claim is left, or the limit per request is reached.
    fn page(&self, conn: &mut Conn, wanted: &ClaimQuery, mut stored: Stored) -> Result<AuditedPage, ServiceError> {
        let mut found: Vec<Audited> = Vec::new();
        // End a page at a claim that the caller may see: its id becomes part of the cursor.
        let (mut judged, mut last) = (0, None);
        loop {
            let listed = store::claims::page(conn, &stored)?;
            let mut audited = self.audit(conn, &listed, wanted.as_of)?;
            for claim in &listed {
                let asked = |audited: &Audited| wanted.verdicts.is_empty() || wanted.verdicts.contains(&audited.claim.judgement.verdict);
                if let Some(audited) = audited.remove(&(claim.observation.as_str(), claim.kind)).filter(asked) {
                    if found.len() == wanted.limit {
                        return Ok((found, last));
                    }
                    found.push(audited);
                }
                stored.after = Some((claim.observation.clone(), claim.kind));
                if self.view.of(&claim.series) == Visibility::Exact {
                    judged += 1;
                    last.clone_from(&stored.after);
                }
            }
            if listed.len() < AT_A_TIME {
                return Ok((found, None));
            }
            if judged >= MOST {
                return Ok((found, last));
            }
        }
    }

    /// Claims with their comparisons, by observation and kind. Figures of the same unit and period are compared together.
    fn audit<'l>(
        &self,
        conn: &mut Conn,
        listed: &'l [Listed],
        as_of: Option<DateTime<Utc>>,
    ) -> Result<HashMap<(&'l str, ClaimKind), Audited>, ServiceError> {
        let mut reports: HashMap<(&str, Period), Vec<&Listed>> = HashMap::new();
        for claim in listed.iter().filter(|claim| self.view.of(&claim.series) == Visibility::Exact) {
            reports.entry((claim.series.province.as_str(), claim.period)).or_default().push(claim);
        }
        let mut judged = HashMap::new();
        for ((province, period), claims) in reports {
            let Some(province) = self.view.catalogue.provinces.get(province) else { continue };
            let codes: BTreeSet<&str> = claims.iter().map(|claim| claim.series.indicator.as_str()).collect();
            let breakdowns: BTreeSet<&Breakdown> = claims.iter().map(|claim| &claim.series.breakdown).collect();
            let questions = ComparatorScope {
                targets: TargetsOf::Own,
                provinces: vec![province],
                indicators: codes.iter().filter_map(|code| self.indicators.get(code).copied()).collect(),
                geography: Geography::Restated,
                parts: &Parts::Only(breakdowns.into_iter().cloned().collect()),
                periods: &[period.into()],
                as_of,
            };
            let comparing = Comparator::load(conn, self.view, self.today, &questions)?;
            let mut of_figures: HashMap<&str, (Arc<Item>, Vec<JudgedClaim>)> = HashMap::new();
            for claim in claims {
                let Some(indicator) = self.indicators.get(claim.series.indicator.as_str()) else { continue };
                let (item, of_figure) = of_figures.entry(&claim.observation).or_insert_with(|| {
                    let known = comparing.territory(province, indicator);
                    let mut item = comparing.compare(province, indicator, claim.series.breakdown.clone(), period, &known);
                    let claims = mem::take(&mut item.claims);
                    (Arc::new(item), claims)
                });
                let of_kind = of_figure.iter().position(|judged| judged.claim.kind == claim.kind);
                let audited = of_kind.map(|position| Audited {
                    item: Arc::clone(item),
                    claim: of_figure.swap_remove(position),
                    observation: claim.observation.clone(),
                });
                judged.extend(audited.map(|audited| ((claim.observation.as_str(), claim.kind), audited)));
            }
        }
        Ok(judged)
    }
}
