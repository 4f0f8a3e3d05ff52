//! A printed comparison and its verdict.
//! The list of printed comparisons is in `claims`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::comparison::claim::{ClaimCheck, ClaimKind, Verdict};
use crate::domain::number::decimal::Decimal;
use crate::http::figures::figure::FigureView;
use crate::service::figures::compare::CheckedClaim;

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

impl From<&CheckedClaim> for JudgedClaimView {
    fn from(checked: &CheckedClaim) -> JudgedClaimView {
        let ClaimCheck { verdict, computed, implied_baseline } = checked.check;
        JudgedClaimView {
            kind: checked.claim.kind,
            value: checked.claim.value,
            verdict,
            computed,
            implied_baseline: implied_baseline.map(|interval| IntervalView { low: interval.low, high: interval.high }),
            about: checked.about.as_ref().map(FigureView::from),
        }
    }
}

/// A range of numbers, including both ends.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntervalView {
    /// Lower end
    pub low: Decimal,
    /// Upper end
    pub high: Decimal,
}
