//! Comparing one figure with the same period last year, the previous period, its target and its claims.
//! The stored figures are loaded once per request; the arithmetic is in `domain`.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::figure_set::{FigureSet, LoadScope};
use super::selection::{Parts, years_around};
use crate::domain::access::remit::View;
use crate::domain::access::role::Visibility;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::province::{COUNTRY, Province};
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::comparison::claim::{Claim, Claimed, Evidence, Judgement};
use crate::domain::comparison::compare::{Compared, ComparedSeries};
use crate::domain::derivation::derived::{ResolvedValue, Unavailable};
use crate::domain::derivation::territory::{Geography, Territory};
use crate::domain::observation::figure::Figure;
use crate::domain::observation::observation::Observation;
use crate::domain::reason::Reason;
use crate::domain::target::attainment::{ApplicableTarget, Attainment, select_target};
use crate::domain::target::inherited::{InheritedTarget, TargetsOf, inherited_targets};
use crate::domain::target::path::TargetContext;
use crate::domain::target::target::Target;
use crate::domain::time::period::Period;
use crate::domain::time::period_code::PeriodCode;
use crate::service::ServiceError;
use crate::store::observations::Revisions;
use crate::store::targets::TargetFilter as StoredTargets;
use crate::store::{self, Conn};

/// A figure with its comparisons.
#[derive(Debug)]
pub struct Item {
    /// The province.
    pub province: Province,
    /// The indicator.
    pub indicator: Indicator,
    /// The breakdown.
    pub breakdown: Breakdown,
    /// The period of the figure, in its calendar. For a year that is not over it may be the year to date.
    pub period: Period,
    /// The figure, reported or derived; or the reason why it is missing.
    pub current: Result<ResolvedValue, Unavailable>,
    /// Comparison with the same period last year.
    pub last_year: Compared,
    /// Comparison with the previous month, quarter, half-year or year; `None` for other kinds of periods.
    pub previous: Option<Compared>,
    /// The target and its attainment.
    pub target: Option<Attainment>,
    /// The claims of the report with their verdicts.
    pub claims: Vec<JudgedClaim>,
}

/// A printed comparison and its verdict.
#[derive(Debug)]
pub struct JudgedClaim {
    /// The claim as printed.
    pub claim: Claim,
    /// The verdict.
    pub judgement: Judgement,
    /// The figure printed beside the claim, if it was corrected later.
    pub about: Option<Figure>,
    /// The plan that was used to judge a plan attainment claim.
    pub plan: Option<Target>,
}

/// The scope of the comparisons.
pub(crate) struct ComparatorScope<'q> {
    /// The provinces.
    pub(crate) provinces: Vec<&'q Province>,
    /// The indicators.
    pub(crate) indicators: Vec<&'q Indicator>,
    /// The geography of figures from before a reorganisation.
    pub(crate) geography: Geography,
    /// The owner of the targets for periods that began before the province was formed.
    pub(crate) targets: TargetsOf,
    /// The breakdowns.
    pub(crate) parts: &'q Parts,
    /// The periods, read in the calendar of each figure.
    pub(crate) periods: &'q [PeriodCode],
    /// Read the data as stored at this instant; default: now.
    pub(crate) as_of: Option<DateTime<Utc>>,
}

/// The loaded data for comparisons.
pub(crate) struct Comparator<'q> {
    catalogue: &'q Catalogue,
    today: NaiveDate,
    figures: FigureSet,
    targets_of: TargetsOf,
    /// Targets by province, indicator and breakdown.
    targets: HashMap<(String, String, Breakdown), Vec<Target>>,
    /// Claims by observation.
    claims: HashMap<String, Vec<Claimed>>,
    /// Earlier revisions of corrected figures that have claims, by observation.
    corrected: HashMap<String, Vec<Observation>>,
}

impl<'q> Comparator<'q> {
    /// Loads the stored figures for the years of the periods.
    ///
    /// # Errors
    /// `query_too_large`; any failure of the database.
    pub(crate) fn load(
        conn: &mut Conn,
        view: &View<'q>,
        today: NaiveDate,
        asked: &ComparatorScope<'q>,
    ) -> Result<Comparator<'q>, ServiceError> {
        let catalogue = view.catalogue;
        // Load the whole year: a missing figure can be derived from any other figure of the same year.
        let years = || asked.periods.iter().map(|period| years_around(*period, *period, true));
        let around = LoadScope {
            provinces: asked.provinces.clone(),
            indicators: asked.indicators.clone(),
            geography: asked.geography,
            parts: asked.parts,
            revisions: Revisions::Current,
            from: years().map(|(from, _)| from).min(),
            to: years().map(|(_, to)| to).max(),
            as_of: asked.as_of,
        };
        let figures = FigureSet::load(conn, view, &around)?;
        // For a year that is not over, the answer may be the year to date.
        let asked_for = |observation: &&Observation| {
            let period = |written: &PeriodCode| written.in_calendar(observation.period.calendar());
            let within = |asked: Period| asked.year() == Some(asked) && asked.to_date().contains(&observation.period);
            asked.periods.iter().map(period).any(|asked| asked == observation.period || within(asked))
        };
        // A claim reveals the figure printed beside it, so load claims only for figures with full visibility.
        let tells_all = |observation: &&Observation| view.of(&observation.series) == Visibility::Exact;
        let said: HashMap<String, DateTime<Utc>> = figures
            .observations()
            .filter(asked_for)
            .filter(tells_all)
            .map(|observation| (observation.id.clone(), observation.recorded_at))
            .collect();
        let claims = store::claims::list(conn, &said.keys().cloned().collect::<Vec<_>>(), asked.as_of)?;
        let earlier =
            claims.iter().filter(|(id, claims)| claims.iter().any(|claim| said.get(*id).is_some_and(|at| claim.recorded_at < *at)));
        let corrected = store::observations::revisions(conn, &earlier.map(|(id, _)| id.clone()).collect::<Vec<_>>())?;
        let units = around.provinces.iter().flat_map(|province| match asked.targets {
            TargetsOf::Own => vec![*province],
            TargetsOf::Predecessors => catalogue.provinces.lineage(province),
        });
        let units: BTreeSet<String> = units.flat_map(|unit| catalogue.provinces.continued(unit)).chain([COUNTRY.into()]).collect();
        let of_units = StoredTargets {
            provinces: units.into_iter().collect(),
            indicators: around.indicators.iter().map(|indicator| indicator.code.clone()).collect(),
            with_withdrawn: false,
            as_of: asked.as_of,
        };
        let mut targets: HashMap<(String, String, Breakdown), Vec<Target>> = HashMap::new();
        for target in store::targets::list(conn, &of_units)?.into_iter().filter(|target| view.shows_series(&target.series)) {
            let series = &target.series;
            targets.entry((series.province.clone(), series.indicator.clone(), series.breakdown.clone())).or_default().push(target);
        }
        Ok(Comparator { catalogue, today, figures, targets_of: asked.targets, targets, claims, corrected })
    }

    /// All stored figures of an indicator in a territory.
    pub(crate) fn territory(&self, province: &Province, indicator: &Indicator) -> Territory {
        self.figures.of(self.catalogue, province, indicator)
    }

    /// Compares the figure of a period. For a year that is not over it uses the year to date.
    pub(crate) fn compare(
        &self,
        province: &Province,
        indicator: &Indicator,
        breakdown: Breakdown,
        asked: Period,
        known: &Territory,
    ) -> Item {
        let (period, current) = self.as_far_as_known(indicator, &breakdown, asked, known);
        self.hold(province, indicator, breakdown, period, current, known)
    }

    /// Compares a figure with last year, the previous period, the target and the claims.
    pub(crate) fn hold(
        &self,
        province: &Province,
        indicator: &Indicator,
        breakdown: Breakdown,
        period: Period,
        current: Result<ResolvedValue, Unavailable>,
        known: &Territory,
    ) -> Item {
        let series = ComparedSeries { catalogue: self.catalogue, indicator, breakdown: &breakdown, known };
        let (last_year, previous) = (series.with_last_year(period, &current), series.with_previous(period, &current));
        let target = self.target(province, indicator, &breakdown, period, &current, known);
        let claims = self.judge(province, indicator, &breakdown, &current, &last_year);
        let (province, indicator) = (province.clone(), indicator.clone());
        Item { province, indicator, breakdown, period, current, last_year, previous, target, claims }
    }

    /// The figure of a period. For a year that is not over and has no reported figure it is the year-to-date figure, which is compared with
    /// last year's year to date.
    fn as_far_as_known(
        &self,
        indicator: &Indicator,
        breakdown: &Breakdown,
        asked: Period,
        known: &Territory,
    ) -> (Period, Result<ResolvedValue, Unavailable>) {
        let whole = known.resolve(indicator, breakdown, asked);
        let runs = asked.year() == Some(asked) && asked.end() >= self.today && indicator.adds_up_over_time();
        if whole.is_ok() || !runs {
            return (asked, whole);
        }
        let to_date = |period: Period| known.resolve(indicator, breakdown, period).ok().map(|formed| (period.canonical(), Ok(formed)));
        asked.to_date().into_iter().rev().find_map(to_date).unwrap_or((asked, whole))
    }

    fn target(
        &self,
        province: &Province,
        indicator: &Indicator,
        breakdown: &Breakdown,
        period: Period,
        current: &Result<ResolvedValue, Unavailable>,
        known: &Territory,
    ) -> Option<Attainment> {
        let inherited = self.inherited_targets(province, indicator, breakdown);
        let own: Vec<Target> = inherited.iter().map(|of| of.target.clone()).collect();
        let for_each = |target: &&Target| target.terms.as_ref().is_some_and(|terms| terms.each_province);
        let national: Vec<Target> = self.targets_of(COUNTRY.into(), indicator, breakdown).filter(for_each).cloned().collect();
        let figure = current.as_ref().ok().map(|formed| &formed.figure);
        let hold = |applicable: ApplicableTarget<'_>| {
            let of =
                inherited.iter().find(|of| of.target.series == applicable.target.series && of.target.period == applicable.target.period);
            let context = TargetContext::of(indicator, breakdown, period, applicable.target.period, applicable.terms, known);
            let attained = match of.and_then(|of| of.reason) {
                Some(reason) => {
                    Attainment { target: Target { terms: None, ..applicable.target.clone() }, ..Attainment::none(applicable, reason) }
                }
                None => Attainment::of(indicator, period, figure, &context, applicable),
            };
            Attainment { sum_of: of.map(|of| of.sum_of.clone()).unwrap_or_default(), ..attained }
        };
        let found = select_target(indicator, period, &own, &national).map(hold);
        let elsewhere = || select_target(indicator, period.in_other_calendar(), &own, &national);
        let attained = found.or_else(|| elsewhere().map(|applicable| Attainment::none(applicable, Reason::CalendarMismatch)))?;
        Some(attained.limited_by(current))
    }

    fn targets_of(&self, unit: String, indicator: &Indicator, breakdown: &Breakdown) -> impl Iterator<Item = &Target> {
        self.targets.get(&(unit, indicator.code.clone(), breakdown.clone())).into_iter().flatten()
    }

    /// The targets for the figures of a province: its own and, on request, those of its predecessors.
    fn inherited_targets(&self, province: &Province, indicator: &Indicator, breakdown: &Breakdown) -> Vec<InheritedTarget> {
        let own = self.own_targets(province, indicator, breakdown);
        let formation = self.catalogue.provinces.formation(province).filter(|_| self.targets_of == TargetsOf::Predecessors);
        let Some(formation) = formation else { return own.into_iter().map(InheritedTarget::own).collect() };
        let before: Vec<Vec<InheritedTarget>> =
            formation.units.iter().map(|unit| self.inherited_targets(unit, indicator, breakdown)).collect();
        let series = SeriesKey { province: province.key.clone(), indicator: indicator.code.clone(), breakdown: breakdown.clone() };
        inherited_targets(indicator, &series, &formation, own, &before)
    }

    /// The targets of the province itself, under all its names.
    fn own_targets(&self, province: &Province, indicator: &Indicator, breakdown: &Breakdown) -> Vec<Target> {
        let units = self.catalogue.provinces.continued(province).into_iter();
        units.flat_map(|unit| self.targets_of(unit, indicator, breakdown)).cloned().collect()
    }

    /// Judges the claims about a reported figure.
    fn judge(
        &self,
        province: &Province,
        indicator: &Indicator,
        breakdown: &Breakdown,
        current: &Result<ResolvedValue, Unavailable>,
        last_year: &Compared,
    ) -> Vec<JudgedClaim> {
        // Show no baseline that is not comparable.
        let fair = last_year.result.reasons.iter().all(|reason| reason.leaves_figures_comparable());
        let base = last_year.baseline.as_ref().ok().filter(|_| fair).map(|formed| formed.figure.quantity);
        let Some(observation) = current.as_ref().ok().and_then(ResolvedValue::observation) else { return Vec::new() };
        let of_plan = |of: Period| of == observation.period || Some(of) == observation.period.year();
        let plans: Vec<Target> =
            self.own_targets(province, indicator, breakdown).into_iter().filter(|target| of_plan(target.period)).collect();
        let judge = |claimed: &Claimed| {
            let about = self.printed_beside(observation, claimed);
            let figure = about.as_ref().or(observation.figure());
            let judged = |plan: Option<Target>| {
                let number = plan.as_ref().and_then(|plan| plan.terms.as_ref()?.condition.value());
                let evidence = Evidence { current: figure.map(|figure| figure.quantity), last_year: base, plan: number };
                (claimed.claim.judge(indicator, &evidence), plan)
            };
            // "Kế hoạch" may mean the plan of the period or of its year. A claim that matches either one is true.
            let plans = plans.iter().cloned().map(|plan| judged(Some(plan)));
            let found = plans.min_by_key(|(judgement, _)| judgement.verdict).unwrap_or_else(|| judged(None));
            let (judgement, plan) = found;
            JudgedClaim { claim: claimed.claim.clone(), judgement, about, plan }
        };
        self.claims.get(&observation.id).into_iter().flatten().map(judge).collect()
    }

    /// The figure printed beside a claim, if it was corrected later: a claim is judged with the figure of its own report.
    fn printed_beside(&self, observation: &Observation, claimed: &Claimed) -> Option<Figure> {
        if observation.recorded_at <= claimed.recorded_at {
            return None;
        }
        let revisions = self.corrected.get(&observation.id)?;
        let then = revisions.iter().rev().find(|revision| revision.recorded_at <= claimed.recorded_at)?;
        let now = observation.figure().map(|figure| figure.quantity);
        then.figure().filter(|figure| Some(figure.quantity) != now).copied()
    }
}

impl Item {
    /// The reasons against the comparisons with last year and with the target.
    pub fn reasons(&self) -> impl Iterator<Item = Reason> {
        self.last_year.result.reasons.iter().chain(self.target.iter().flat_map(|attained| &attained.reasons)).copied()
    }

    /// True if there is a figure, or a declaration that there is nothing to report.
    pub(crate) fn is_reported_or_formed(&self) -> bool {
        self.current.as_ref().err().is_none_or(|unavailable| unavailable.declared_by.is_some())
    }
}
