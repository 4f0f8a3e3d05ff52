//! `/v1/comparisons`: the report table.

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use super::request::{Asking, Query, instant};
use super::series::read_parts;
use super::view::{FigureView, IndicatorRef, IntervalView, PeriodView, Provenance, ProvinceRef, SourceView};
use crate::domain::breakdown::Breakdown;
use crate::domain::claim::{ClaimKind, Verdict};
use crate::domain::decimal::Decimal;
use crate::domain::formed::Formed;
use crate::domain::period::{Calendar, Period, WrittenPeriod};
use crate::domain::reason::{Comparable, Reason};
use crate::domain::target::TargetKind;
use crate::domain::text;
use crate::service::comparisons::{self, Item, Wanted};
use crate::state::State;

/// The figures of one province and period, each against last year, its target and what the report claims.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonTable {
    /// The province that the code or name meant at the end of the period
    province: ProvinceRef,
    /// The period, in the calendar asked for; each item has its own
    period: PeriodView,
    /// One item per indicator and part
    items: Vec<Comparison>,
}

/// One figure and what it is held against.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// What is measured
    indicator: IndicatorRef,
    /// The part; empty for the total
    breakdown: Breakdown,
    /// The period of the figure, in its calendar
    period: PeriodView,
    /// The figure; null where nothing is on record, or where that there is nothing is what is on record (`nil_declared`)
    #[schema(required = true)]
    current: Option<Current>,
    /// Against the same period last year
    same_period_last_year: SamePeriodLastYear,
    /// Against the target of the period or its year; null where there is none
    #[schema(required = true)]
    target: Option<TargetComparison>,
    /// Comparisons that the report prints, and what the record says to them
    claims: Vec<JudgedClaim>,
}

/// A figure, reported or formed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Current {
    #[serde(flatten)]
    figure: FigureView,
    #[serde(flatten)]
    provenance: Provenance,
    /// The document of a reported figure
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceView>,
}

/// A figure against that of the same period last year.
#[derive(Debug, Serialize, ToSchema)]
pub struct SamePeriodLastYear {
    /// The figure of last year; null, never 0, where nothing is on record
    #[schema(required = true)]
    baseline: Option<Baseline>,
    /// Difference in the unit of the indicator; not for rates
    #[schema(required = true, example = 35)]
    change: Option<Decimal>,
    /// Relative change in percent
    #[schema(required = true, example = 3.2)]
    change_pct: Option<Decimal>,
    /// Same period last year = 100
    #[schema(required = true, example = 103.2)]
    index_pct: Option<Decimal>,
    /// Difference in percentage points; rates only
    #[schema(required = true)]
    change_pp: Option<Decimal>,
    /// `yes`; `limited`: read the reasons; `no`: no number is given
    comparable: Comparable,
    /// What stands against the comparison
    reasons: Vec<Reason>,
}

/// The figure of last year.
#[derive(Debug, Serialize, ToSchema)]
pub struct Baseline {
    /// The period
    #[schema(example = "2023-H1")]
    period: String,
    #[serde(flatten)]
    figure: FigureView,
    #[serde(flatten)]
    provenance: Provenance,
}

/// A figure against its target.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetComparison {
    /// The period of the target
    #[schema(example = "2024")]
    period: String,
    /// The target
    #[schema(example = 2400)]
    value: Decimal,
    /// What reaching it means
    kind: TargetKind,
    /// Figure ÷ target in percent; not for rates, whose distance is in points
    #[schema(required = true, example = 47.3)]
    attainment_pct: Option<Decimal>,
    /// Target minus figure; points for a rate, negative above the target
    #[schema(required = true, example = 1265)]
    gap: Option<Decimal>,
    /// What stands against the numbers
    reasons: Vec<Reason>,
    /// The decision that set it
    source: SourceView,
}

/// A printed comparison and what the record says to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct JudgedClaim {
    /// What it says
    kind: ClaimKind,
    /// The printed number
    #[schema(example = 103.2)]
    value: Decimal,
    /// What the record says
    verdict: Verdict,
    /// The baseline it implies, given the rounding of the printed numbers
    #[schema(required = true)]
    implied_baseline: Option<IntervalView>,
}

impl From<Item> for Comparison {
    fn from(item: Item) -> Comparison {
        let compared = item.year_on_year;
        Comparison {
            indicator: (&item.indicator).into(),
            breakdown: item.breakdown,
            period: item.period.into(),
            current: item.current.as_ref().ok().map(Current::from),
            same_period_last_year: SamePeriodLastYear {
                baseline: item.baseline.as_ref().ok().map(|baseline| Baseline::new(item.before, baseline)),
                change: compared.change,
                change_pct: compared.change_pct,
                index_pct: compared.index_pct,
                change_pp: compared.change_pp,
                comparable: compared.comparable,
                reasons: compared.reasons,
            },
            target: item.target.map(|attained| TargetComparison {
                period: attained.target.period.to_string(),
                value: attained.goal.value,
                kind: attained.goal.kind,
                attainment_pct: attained.attainment_pct,
                gap: attained.gap,
                reasons: attained.reasons,
                source: (&attained.target.source).into(),
            }),
            claims: item
                .claims
                .into_iter()
                .map(|(claim, verdict, implied)| JudgedClaim {
                    kind: claim.kind,
                    value: claim.value,
                    verdict,
                    implied_baseline: implied.map(|interval| IntervalView { low: interval.low, high: interval.high }),
                })
                .collect(),
        }
    }
}

impl From<&Formed> for Current {
    fn from(formed: &Formed) -> Current {
        let source = formed.observation().map(|observation| SourceView::from(&observation.passage));
        Current { figure: (&formed.figure).into(), provenance: formed.into(), source }
    }
}

impl Baseline {
    fn new(period: Period, formed: &Formed) -> Baseline {
        Baseline { period: period.to_string(), figure: (&formed.figure).into(), provenance: formed.into() }
    }
}

/// Which comparisons are made.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct ComparisonParams {
    /// Key, GSO code, ISO code or name, as it stood at the end of the period; `VN` for the country
    #[param(example = "24", min_length = 1, max_length = 100)]
    province: String,
    /// The period
    #[param(example = "2024-H1")]
    period: String,
    /// Codes of indicators, with commas or repeated; all that have a figure when absent
    #[param(example = "telecom-internet-revenue")]
    indicator: Option<String>,
    /// Only this field of work
    #[param(example = "post_telecom")]
    field: Option<String>,
    /// `line_type:fixed` for a part, repeated for several, `*` for all; the total when absent
    #[param(example = "*")]
    breakdown: Option<String>,
    /// The calendar of the period; each indicator's own when absent
    #[param(inline)]
    calendar: Option<Calendar>,
    /// As it was served at this past instant (RFC 3339)
    as_of: Option<DateTime<Utc>>,
}

/// Compare figures
///
/// The report table of one province and period: every figure against the same period last year, its target, and the
/// comparisons that the report itself prints. Flows and stocks change by an amount and a percentage, rates by percentage
/// points. Where a number cannot be formed it is null and a reason says why: a missing baseline is `base_missing`, never 0.
/// Figures of the two calendars cover other days and are never held against each other (`calendar_mismatch`).
#[utoipa::path(
    tag = "figures", operation_id = "compare", security((), ("oauth2" = ["read"])), params(ComparisonParams),
    responses((status = 200, description = "The comparisons", body = ComparisonTable))
)]
#[get("/v1/comparisons")]
pub async fn compare(state: Data<State>, Asking(caller): Asking, mut query: Query) -> Result<Json<ComparisonTable>, Problem> {
    let calendar = query.one("calendar", Calendar::parse);
    let province = query.required("province", |value| text::clean(value, 100));
    let period = query.required("period", WrittenPeriod::parse);
    let indicators = query.list("indicator");
    let field = query.one("field", |value| text::clean(value, 40));
    let parts = read_parts(&mut query);
    let as_of = query.one("as_of", instant);
    let wanted = Wanted { province, period, calendar, indicators, field, parts, as_of, faults: query.into_faults() };
    let table = comparisons::table(&state, &caller, wanted).await?;
    Ok(Json(ComparisonTable {
        province: (&table.province).into(),
        period: table.period.into(),
        items: table.items.into_iter().map(Comparison::from).collect(),
    }))
}
