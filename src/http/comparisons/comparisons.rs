//! `/v1/comparisons`: the report table.

use crate::domain::access::role::Caller;
use actix_web::web::Data;
use actix_web::{HttpRequest, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::table::CompactTable;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::province::Province;
use crate::domain::comparison::claim::{ClaimKind, Judgement, Verdict};
use crate::domain::comparison::compare as domain;
use crate::domain::derivation::derived::{ResolvedValue, Unavailable};
use crate::domain::derivation::territory::Geography;
use crate::domain::fault::code_list;
use crate::domain::language::Language;
use crate::domain::narrative::sentence::{Statement, sentence};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Quantity;
use crate::domain::reason::{Comparable, Reason};
use crate::domain::target::attainment::{Attainment, Pace};
use crate::domain::target::inherited::TargetsOf;
use crate::domain::target::path::Projection;
use crate::domain::target::target::Target;
use crate::domain::time::period::{Calendar, Frequency, Period};
use crate::domain::time::period_code::PeriodCode;
use crate::http::extract::language::{Languages, Localized, ReasonText, Sentence, lang, localized};
use crate::http::extract::parameter::{as_of, named, text, word};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::figures::series::read_parts;
use crate::http::figures::view::{
    DerivationPart, FigureView, GoalView, IndicatorRef, IntervalView, Number, PeriodView, Provenance, ProvinceRef, SourceView,
};
use crate::http::problem::Problem;
use crate::service::figures::compare::{Compared, Item, JudgedClaim};
use crate::service::figures::comparisons::{self, ComparisonQuery, Table};
use crate::state::State;

/// Figures, each compared with last year, the previous period, its target and the claims of the report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonTable {
    /// The province, resolved at the end of the period; null if the request names several
    #[schema(required = true)]
    province: Option<ProvinceRef>,
    /// The provinces, if the request names several
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    provinces: Vec<ProvinceRef>,
    /// The period in the requested calendar; null if the request names several. Each item has its own period
    #[schema(required = true)]
    period: Option<PeriodView>,
    /// One item per province, period, indicator and breakdown
    items: Vec<Comparison>,
    /// Explanations of the reasons in the table
    texts: Vec<ReasonText>,
}

/// The report table, in full or compact.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ReportTable {
    /// One object per figure
    Items(ComparisonTable),
    /// One row per figure
    Table(CompactTable),
}

code_list! {
    /// How the report table is laid out.
    pub enum Layout {
        /// One object per figure, with all details.
        Items = "items",
        /// One row per figure, with the main numbers in columns.
        Table = "table",
    }
}

/// One figure and its comparisons.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// Key of the province
    #[schema(example = "bac-giang-2004")]
    province: String,
    /// The indicator
    indicator: IndicatorRef,
    /// The breakdown; empty for the total
    breakdown: Breakdown,
    /// The period of the figure, in its calendar; for a current year without a reported figure, the year to date
    period: PeriodView,
    /// The figure; null if nothing is stored, or if the stored observation declares nothing to report (`nil_declared`)
    #[schema(required = true)]
    current: Option<Current>,
    /// Figures of the predecessor units, if the figure could not be derived from them
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    parts: Vec<DerivationPart>,
    /// Comparison with the same period last year
    same_period_last_year: AgainstEarlier,
    /// Comparison with the previous month, quarter, half-year or year; null for other periods
    #[schema(required = true)]
    previous_period: Option<AgainstEarlier>,
    /// Comparison with the target of the period, of its year or of a later year. A province without its own target uses the country's
    /// target for every province. Null if there is no target
    #[schema(required = true)]
    target: Option<TargetComparison>,
    /// Comparisons printed in the report, checked against the stored figures
    claims: Vec<JudgedClaimView>,
    /// The comparison as a sentence of a report; null if there is nothing to say
    #[schema(required = true)]
    sentence: Option<Sentence>,
}

/// The comparison as a sentence of a report.
fn sentence_of(item: &Item, languages: Languages) -> Option<Sentence> {
    let said = Statement {
        indicator: &item.indicator,
        breakdown: &item.breakdown,
        period: item.period,
        current: item.current.as_ref().ok().map(|formed| &formed.figure),
        nil: item.current.as_ref().is_err_and(|unavailable| unavailable.reason == Reason::NilDeclared),
        before: item.last_year.period,
        year_on_year: &item.last_year.result,
        target: item.target.as_ref(),
    };
    languages.sentence(|language| sentence(&said, language))
}

/// A reported or derived figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct Current {
    #[serde(flatten)]
    figure: FigureView,
    #[serde(flatten)]
    provenance: Provenance,
    /// The source document of a reported figure
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceView>,
}

/// Comparison of a figure with an earlier one.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgainstEarlier {
    /// The earlier figure; null, never 0, if nothing is stored
    #[schema(required = true)]
    baseline: Option<Baseline>,
    /// Figures of the predecessor units, if the earlier figure could not be derived from them
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    parts: Vec<DerivationPart>,
    /// Difference in the unit of the indicator; null for rates
    #[schema(required = true, example = 35)]
    change: Option<Decimal>,
    /// Relative change in percent
    #[schema(required = true, example = 3.2)]
    change_pct: Option<Decimal>,
    /// Index, with the earlier figure = 100
    #[schema(required = true, example = 103.2)]
    index_pct: Option<Decimal>,
    /// Difference in percentage points; only for rates
    #[schema(required = true)]
    change_pp: Option<Decimal>,
    /// Bounds of the results, if a figure is a bound or a range ("trên 29,6"); absent if the results above are exact
    #[serde(skip_serializing_if = "Option::is_none")]
    bounds: Option<ComparedBounds>,
    /// `yes`; `limited`: see the reasons; `no`: no number is given
    comparable: Comparable,
    /// Reasons that limit the comparison
    reasons: Vec<Reason>,
}

/// Results of a comparison with a bound or a range. The results are bounds and ranges too.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparedBounds {
    /// Difference in the unit of the indicator; null for rates
    #[schema(required = true)]
    change: Option<Number>,
    /// Relative change in percent
    #[schema(required = true)]
    change_pct: Option<Number>,
    /// Index, with the earlier figure = 100
    #[schema(required = true)]
    index_pct: Option<Number>,
    /// Difference in percentage points; only for rates
    #[schema(required = true)]
    change_pp: Option<Number>,
}

impl ComparedBounds {
    /// The bounds of a comparison; `None` if all results are exact numbers.
    fn of(compared: &domain::Comparison) -> Option<ComparedBounds> {
        let all = [compared.change, compared.change_pct, compared.index_pct, compared.change_pp];
        let bounded = all.into_iter().flatten().any(|quantity| quantity.exact().is_none());
        let [change, change_pct, index_pct, change_pp] = all.map(|quantity| quantity.map(Number::from));
        bounded.then_some(ComparedBounds { change, change_pct, index_pct, change_pp })
    }
}

/// The earlier figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct Baseline {
    /// The period of the baseline
    #[schema(example = "2023-H1")]
    period: String,
    #[serde(flatten)]
    figure: FigureView,
    #[serde(flatten)]
    provenance: Provenance,
}

/// Comparison of a figure with its target.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetComparison {
    /// The period of the target
    #[schema(example = "2024")]
    period: String,
    /// Key of the province of the target: the figure's own, or `VN` for a target of the country for every province
    #[schema(example = "bac-giang-2004")]
    province: String,
    #[serde(flatten)]
    goal: GoalView,
    /// Figure ÷ target in percent; null for rates, which are compared in percentage points, and for bands
    #[schema(required = true, example = 47.3)]
    attainment_pct: Option<Decimal>,
    /// Target minus figure, in percentage points for a rate; negative above the target, 0 within a band
    #[schema(required = true, example = 1265)]
    gap: Option<Decimal>,
    /// Bounds of the results, if the figure is a bound or a range; absent if the two results above are exact
    #[serde(skip_serializing_if = "Option::is_none")]
    bounds: Option<AttainedBounds>,
    /// Expected figure at the end of the period, on the path to the target
    #[schema(required = true, example = 1200)]
    expected_to_date: Option<Decimal>,
    /// Expected figure in percent of the target
    #[schema(required = true, example = 50)]
    expected_pct: Option<Decimal>,
    /// Position of the figure relative to the path; null if it is unknown
    #[schema(required = true)]
    pace: Option<Pace>,
    /// Required result of each remaining period: for an additive indicator its figure, otherwise the change; below a ceiling the maximum.
    /// Null if the target is reached or no period remains
    #[schema(required = true, example = 210.8)]
    required_per_period: Option<Decimal>,
    /// Length of these periods: months, or years on a path of yearly figures to a later year
    #[serde(skip_serializing_if = "Option::is_none")]
    required_frequency: Option<Frequency>,
    /// Projection from the months so far; null if fewer than four are known
    #[schema(required = true)]
    projection: Option<ProjectionView>,
    /// Reasons that limit the comparison
    reasons: Vec<Reason>,
    /// The decision that set the target; for a sum only the date of the latest decision
    source: SourceView,
    /// Targets of the predecessor units, if the target is their sum (`targets=predecessors`)
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    sum_of: Vec<SummedTarget>,
}

/// A target that is part of a sum.
#[derive(Debug, Serialize, ToSchema)]
pub struct SummedTarget {
    /// Id of the target
    target: String,
    /// Key of the province of the target
    #[schema(example = "an-giang-2004")]
    province: String,
    #[serde(flatten)]
    goal: GoalView,
    /// The decision that set the target
    source: SourceView,
}

impl From<&Target> for SummedTarget {
    fn from(target: &Target) -> SummedTarget {
        SummedTarget {
            target: target.id.clone(),
            province: target.series.province.clone(),
            goal: target.goal.as_ref().into(),
            source: (&target.source).into(),
        }
    }
}

/// Results for a figure that is a bound or a range. The results are bounds and ranges too.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttainedBounds {
    /// Figure ÷ target in percent
    #[schema(required = true)]
    attainment_pct: Option<Number>,
    /// Target minus figure
    #[schema(required = true)]
    gap: Option<Number>,
}

impl AttainedBounds {
    /// The bounds; `None` if both results are exact numbers.
    fn of(attained: &Attainment) -> Option<AttainedBounds> {
        let both = [attained.attainment_pct, attained.gap];
        let bounded = both.into_iter().flatten().any(|quantity| quantity.exact().is_none());
        let [attainment_pct, gap] = both.map(|quantity| quantity.map(Number::from));
        bounded.then_some(AttainedBounds { attainment_pct, gap })
    }
}

impl From<Attainment> for TargetComparison {
    fn from(attained: Attainment) -> TargetComparison {
        TargetComparison {
            bounds: AttainedBounds::of(&attained),
            period: attained.target.period.to_string(),
            goal: attained.goal().into(),
            province: attained.target.series.province,
            sum_of: attained.sum_of.iter().map(SummedTarget::from).collect(),
            attainment_pct: exact(attained.attainment_pct),
            gap: exact(attained.gap),
            expected_to_date: attained.expected,
            expected_pct: attained.expected_pct,
            pace: attained.pace,
            required_per_period: attained.required.map(|(required, _)| required),
            required_frequency: attained.required.map(|(_, every)| every),
            projection: attained.projection.map(ProjectionView::from),
            reasons: attained.reasons,
            source: (&attained.target.source).into(),
        }
    }
}

/// Projection to the end of the target's period from the months so far.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectionView {
    /// The projected figure, if every remaining month equals the mean of the months so far
    #[schema(example = 2400)]
    value: Decimal,
    /// The projected figure, if every remaining month equals the lowest of the months so far
    #[schema(example = 2240)]
    low: Decimal,
    /// The projected figure, if every remaining month equals the highest of the months so far
    #[schema(example = 2560)]
    high: Decimal,
    /// Method of the projection
    method: ProjectionMethod,
    /// Number of months that the projection uses
    months: u32,
}

code_list! {
    /// Method of a projection.
    pub enum ProjectionMethod {
        /// Every remaining month equals the mean, the lowest or the highest of the months so far.
        MeanMonth = "mean_month",
    }
}

/// A printed comparison, checked against the stored figures.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "JudgedClaim")]
pub struct JudgedClaimView {
    /// Kind of comparison
    kind: ClaimKind,
    /// The printed number
    #[schema(example = 103.2)]
    value: Decimal,
    /// Result of the check
    verdict: Verdict,
    /// The number according to the stored figures, with as many decimals as the printed one; absent for an unverifiable claim
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 103.2)]
    computed: Option<Decimal>,
    /// The implied baseline: the range of last year's figure (for `plan_pct`, of the plan) that agrees with the rounded printed numbers
    #[schema(required = true)]
    implied_baseline: Option<IntervalView>,
    /// The figure printed beside the claim, if that figure was corrected later. The check uses it
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<FigureView>,
}

impl From<&JudgedClaim> for JudgedClaimView {
    fn from(judged: &JudgedClaim) -> JudgedClaimView {
        let Judgement { verdict, computed, implied_baseline } = judged.judgement;
        JudgedClaimView {
            kind: judged.claim.kind,
            value: judged.claim.value,
            verdict,
            computed,
            implied_baseline: implied_baseline.map(|interval| IntervalView { low: interval.low, high: interval.high }),
            about: judged.about.as_ref().map(FigureView::from),
        }
    }
}

impl Comparison {
    fn of(item: Item, languages: Languages) -> Comparison {
        Comparison {
            sentence: sentence_of(&item, languages),
            province: item.province.key,
            indicator: (&item.indicator).into(),
            breakdown: item.breakdown,
            period: item.period.into(),
            current: item.current.as_ref().ok().map(Current::from),
            parts: parts_of(&item.current),
            same_period_last_year: item.last_year.into(),
            previous_period: item.previous.map(AgainstEarlier::from),
            target: item.target.map(TargetComparison::from),
            claims: item.claims.iter().map(JudgedClaimView::from).collect(),
        }
    }
}

impl From<Projection> for ProjectionView {
    fn from(projection: Projection) -> ProjectionView {
        let Projection { value, low, high, months } = projection;
        ProjectionView { value, low, high, method: ProjectionMethod::MeanMonth, months }
    }
}

impl From<Compared> for AgainstEarlier {
    fn from(against: Compared) -> AgainstEarlier {
        let compared = against.result;
        AgainstEarlier {
            baseline: against.baseline.as_ref().ok().map(|baseline| Baseline::new(against.period, baseline)),
            parts: parts_of(&against.baseline),
            bounds: ComparedBounds::of(&compared),
            change: exact(compared.change),
            change_pct: exact(compared.change_pct),
            index_pct: exact(compared.index_pct),
            change_pp: exact(compared.change_pp),
            comparable: compared.comparable,
            reasons: compared.reasons,
        }
    }
}

fn parts_of(side: &Result<ResolvedValue, Unavailable>) -> Vec<DerivationPart> {
    side.as_ref().err().into_iter().flat_map(|unavailable| &unavailable.parts).map(|part| DerivationPart::of(part, true)).collect()
}

fn exact(quantity: Option<Quantity>) -> Option<Decimal> {
    quantity.and_then(Quantity::exact)
}

impl From<&ResolvedValue> for Current {
    fn from(formed: &ResolvedValue) -> Current {
        let source = formed.observation().map(|observation| SourceView::from(&observation.passage));
        Current { figure: (&formed.figure).into(), provenance: formed.into(), source }
    }
}

impl Baseline {
    pub(crate) fn new(period: Period, formed: &ResolvedValue) -> Baseline {
        Baseline { period: period.to_string(), figure: (&formed.figure).into(), provenance: formed.into() }
    }
}

/// Which comparisons are made, and how they are laid out.
pub struct ComparisonParameters {
    lang: Option<Language>,
    layout: Layout,
    wanted: ComparisonQuery,
}

impl FromQuery for ComparisonParameters {
    fn from_query(query: &mut Query) -> ComparisonParameters {
        let texts = "The language of sentences and texts; when absent the language preferred by `Accept-Language`, without that \
            header both";
        let lang = query.optional(lang(texts));
        let layout = query.or(word("format", "`table` for rows and columns instead of items", Layout::parse), Layout::Items);
        let calendar = "The calendar of the period; each indicator's own when absent";
        let calendar = query.optional(word("calendar", calendar, Calendar::parse));
        let province = "Key, GSO code, ISO code or name, valid at the end of the period; `VN` for the country. Several separated by \
            commas or repeated";
        let provinces = query.required_list(named("province", province).example("24"));
        let periods = query.required_list(named("period", "The period; several separated by commas or repeated").example("2024-H1"));
        let indicator = "Codes of indicators, separated by commas or repeated; all with a figure when absent";
        let geography = "Territory of past figures: the present territory of the province, derived from its predecessor units; or the \
            figures as each unit reported them";
        let targets = "Targets for periods that began before the province existed: its own, or the sum of the targets of its \
            predecessor units, if the indicator is additive over provinces";
        let wanted = ComparisonQuery {
            provinces,
            periods: periods.iter().filter_map(|text| read_period(text, query)).collect(),
            calendar,
            indicators: query.list(named("indicator", indicator).example("telecom-internet-revenue")),
            field: query.optional(text("field", "Only this field of work", 40).example("post_telecom")),
            parts: read_parts(query),
            geography: query.or(word("geography", geography, Geography::parse), Geography::Restated),
            targets: query.or(word("targets", targets, TargetsOf::parse), TargetsOf::Own),
            as_of: query.optional(as_of()),
            faults: Vec::new(),
        };
        ComparisonParameters { lang, layout, wanted }
    }
}

/// Compare figures
///
/// Returns the report table of a province and period, or of several. Each figure is compared with the same period last year, the previous
/// period, its target and the comparisons printed in the report. Each item also has a sentence for a report. Flows and stocks change by an
/// amount and a percentage, rates by percentage points. A number that cannot be derived is null, and a reason says why: a missing baseline
/// is `base_missing`, never 0. Periods of the two calendars cover different days, so their figures are never compared
/// (`calendar_mismatch`).
#[utoipa::path(
    tag = "figures", operation_id = "compare", security((), ("oauth2" = ["read"])), params(Parameters<ComparisonParameters>),
    responses((status = 200, description = "The comparisons", body = ReportTable))
)]
#[get("/v1/comparisons")]
pub async fn compare(
    state: Data<State>,
    caller: Caller,
    request: HttpRequest,
    query: Parameters<ComparisonParameters>,
) -> Result<Localized<ReportTable>, Problem> {
    let (ComparisonParameters { lang, layout, mut wanted }, faults) = query.into_parts();
    wanted.faults = faults;
    let languages = Languages::of(lang, &request);

    let table = comparisons::table(&state, &caller, wanted).await?;
    Ok(localized(match layout {
        Layout::Items => ReportTable::Items(ComparisonTable::of(table, languages)),
        Layout::Table => ReportTable::Table(CompactTable::of(&table.items, languages)),
    }))
}

impl ComparisonTable {
    fn of(table: Table, languages: Languages) -> ComparisonTable {
        let (mut provinces, mut periods): (Vec<Province>, Vec<Period>) = table.rows.into_iter().unzip();
        provinces.sort_by(|a, b| a.key.cmp(&b.key));
        provinces.dedup_by(|a, b| a.key == b.key);
        periods.dedup();
        let (province, several) = match &provinces[..] {
            [province] => (Some(province.into()), Vec::new()),
            several => (None, several.iter().map(ProvinceRef::from).collect()),
        };
        let period = if let [period] = periods[..] { Some(period.into()) } else { None };
        let texts = languages.texts(
            table.items.iter().flat_map(|item| item.reasons().chain(item.previous.iter().flat_map(|of| of.result.reasons.iter().copied()))),
        );
        let items = table.items.into_iter().map(|item| Comparison::of(item, languages)).collect();
        ComparisonTable { province, provinces: several, period, items, texts }
    }
}

fn read_period(text: &str, query: &mut Query) -> Option<PeriodCode> {
    PeriodCode::parse(text).map_err(|fault| query.note("period", fault)).ok()
}
