//! Comparison of a figure with its target.
//! Comparisons with earlier figures are in `earlier`.

use serde::Serialize;
use utoipa::ToSchema;

use super::earlier::exact;
use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;
use crate::domain::reason::Reason;
use crate::domain::target::attainment::{Attainment, Pace};
use crate::domain::target::path::Projection;
use crate::domain::target::target::Target;
use crate::domain::time::period::Frequency;
use crate::http::catalogue::source::SourceView;
use crate::http::figures::figure::Number;
use crate::http::targets::GoalView;

/// Comparison of a figure with its target.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetComparison {
    /// The period of the target
    #[schema(example = "2024")]
    period: String,
    /// Key of the province of the target: the figure's own, or `VN` for a target of the country for every province
    #[schema(example = "bac-giang-1997")]
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
    #[schema(example = "an-giang-1997")]
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
            goal: target.terms.as_ref().into(),
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
            goal: attained.terms().into(),
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

impl From<Projection> for ProjectionView {
    fn from(projection: Projection) -> ProjectionView {
        let Projection { value, low, high, months } = projection;
        ProjectionView { value, low, high, method: ProjectionMethod::MeanMonth, months }
    }
}
