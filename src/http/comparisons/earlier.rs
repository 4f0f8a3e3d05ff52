//! A figure, and its comparison with an earlier figure.
//! Comparisons with targets are in `attainment`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::comparison::compare as domain;
use crate::domain::comparison::compare::Compared;
use crate::domain::derivation::derived::{ResolvedValue, Unavailable};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Quantity;
use crate::domain::reason::{Comparable, Reason};
use crate::domain::time::period::Period;
use crate::http::catalogue::source::SourceView;
use crate::http::figures::figure::{FigureView, Number};
use crate::http::figures::provenance::{DerivationPart, Provenance};

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

pub(super) fn parts_of(side: &Result<ResolvedValue, Unavailable>) -> Vec<DerivationPart> {
    side.as_ref().err().into_iter().flat_map(|unavailable| &unavailable.parts).map(|part| DerivationPart::of(part, true)).collect()
}

pub(super) fn exact(quantity: Option<Quantity>) -> Option<Decimal> {
    quantity.and_then(Quantity::exact)
}

impl From<&ResolvedValue> for Current {
    fn from(formed: &ResolvedValue) -> Current {
        let source = formed.observation().map(|observation| SourceView::from(&observation.citation));
        Current { figure: (&formed.figure).into(), provenance: formed.into(), source }
    }
}

impl Baseline {
    pub(super) fn new(period: Period, formed: &ResolvedValue) -> Baseline {
        Baseline { period: period.to_string(), figure: (&formed.figure).into(), provenance: formed.into() }
    }
}
