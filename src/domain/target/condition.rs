//! Target conditions (at least, at most, exactly, within a band), with the baseline and the phasing of the path.
//! A year's plan may be even, follow the months of last year, or use milestones. A national target may apply to every province.

use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Interval, Quantity};
use crate::domain::time::period::Period;

code_list! {
    /// The kind of a target condition.
    pub enum TargetKind {
        /// The figure is at least the target.
        AtLeast = "at_least",
        /// The figure is at most the target.
        AtMost = "at_most",
        /// The figure equals the target.
        Exactly = "exactly",
        /// The figure lies between two numbers, ends included.
        Band = "band",
    }
}

code_list! {
    /// Phasing: the expected progress over the period.
    pub enum Phasing {
        /// The same progress every month.
        Even = "even",
        /// The same share as last year's figure to date had in last year's whole. Only for flows.
        LastYear = "last_year",
        /// By milestones, and evenly between them.
        Milestones = "milestones",
    }
}

/// The target condition, in the unit of the indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetCondition {
    /// At least this number.
    AtLeast(Decimal),
    /// At most this number.
    AtMost(Decimal),
    /// Exactly this number.
    Exactly(Decimal),
    /// Between two numbers, ends included.
    Band(Interval),
}

impl TargetCondition {
    /// The kind of the condition.
    #[must_use]
    pub fn kind(self) -> TargetKind {
        match self {
            TargetCondition::AtLeast(_) => TargetKind::AtLeast,
            TargetCondition::AtMost(_) => TargetKind::AtMost,
            TargetCondition::Exactly(_) => TargetKind::Exactly,
            TargetCondition::Band(_) => TargetKind::Band,
        }
    }

    /// The number; `None` for a band.
    #[must_use]
    pub fn value(self) -> Option<Decimal> {
        match self {
            TargetCondition::AtLeast(value) | TargetCondition::AtMost(value) | TargetCondition::Exactly(value) => Some(value),
            TargetCondition::Band(_) => None,
        }
    }

    /// The two ends of a band; `None` for a single number.
    #[must_use]
    pub fn band(self) -> Option<Interval> {
        if let TargetCondition::Band(band) = self { Some(band) } else { None }
    }

    /// The nearest number that satisfies the target: for a band the nearer end, or `from` itself inside the band.
    #[must_use]
    pub fn nearest(self, from: Decimal) -> Decimal {
        match self {
            TargetCondition::AtLeast(value) | TargetCondition::AtMost(value) | TargetCondition::Exactly(value) => value,
            TargetCondition::Band(band) => from.clamp(band.low, band.high),
        }
    }

    /// Both ends of the condition. For a single number both are this number.
    #[must_use]
    pub fn ends(self) -> (Decimal, Decimal) {
        self.band().map_or_else(|| (self.nearest(Decimal::ZERO), self.nearest(Decimal::ZERO)), |band| (band.low, band.high))
    }

    /// Whether a figure can be too low as well as too high.
    pub(crate) fn ends_both_ways(self) -> bool {
        matches!(self, TargetCondition::Exactly(_) | TargetCondition::Band(_))
    }

    /// Whether a figure satisfies the condition; `None` if a bound or a range leaves it open.
    #[must_use]
    pub fn holds(self, figure: Quantity) -> Option<bool> {
        let apart = |number: Decimal, bound: Bound| figure.contradicts(Quantity::number(number, bound), Decimal::ZERO);
        // The condition is reached if no possible value lies outside it, and missed if no possible value lies inside it.
        let (low, high) = self.ends();
        let (floor, ceiling) = match self {
            TargetCondition::AtLeast(_) => (true, false),
            TargetCondition::AtMost(_) => (false, true),
            TargetCondition::Exactly(_) | TargetCondition::Band(_) => (true, true),
        };
        let missed = floor && apart(low, Bound::AtLeast) || ceiling && apart(high, Bound::AtMost);
        let reached = (!floor || apart(low, Bound::Below)) && (!ceiling || apart(high, Bound::Above));
        (missed || reached).then_some(reached)
    }
}

/// The start of the path to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Baseline {
    /// The period of the baseline. The path starts at its end.
    pub period: Period,
    /// The baseline figure, in the unit of the indicator.
    pub value: Decimal,
}

/// An intermediate target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milestone {
    /// The period by whose end the value is due.
    pub by: Period,
    /// The value by then, in the unit of the indicator. For a flow it is cumulative since the start of the year.
    pub value: Decimal,
}

/// A target condition and the path to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetTerms {
    /// The condition.
    pub condition: TargetCondition,
    /// The start of the path, if the decision states it.
    pub baseline: Option<Baseline>,
    /// The phasing of the path.
    pub phasing: Phasing,
    /// The milestones, in order; empty for another phasing.
    pub milestones: Vec<Milestone>,
    /// Whether the target applies to every province, not only to the country.
    pub each_province: bool,
}

impl TargetTerms {
    /// The sum of several goals; `None` if they have different kinds or different paths.
    #[must_use]
    pub fn sum(all: &[&TargetTerms]) -> Option<TargetTerms> {
        let (first, others) = all.split_first()?;
        let mut sum = (*first).clone();
        for terms in others {
            sum = sum.plus(terms)?;
        }
        Some(sum)
    }

    fn plus(self, other: &TargetTerms) -> Option<TargetTerms> {
        let condition = match (self.condition, other.condition) {
            (TargetCondition::AtLeast(one), TargetCondition::AtLeast(two)) => TargetCondition::AtLeast(one.plus(two)?),
            (TargetCondition::AtMost(one), TargetCondition::AtMost(two)) => TargetCondition::AtMost(one.plus(two)?),
            (TargetCondition::Exactly(one), TargetCondition::Exactly(two)) => TargetCondition::Exactly(one.plus(two)?),
            (TargetCondition::Band(one), TargetCondition::Band(two)) => {
                TargetCondition::Band(Interval { low: one.low.plus(two.low)?, high: one.high.plus(two.high)? })
            }
            _ => return None,
        };
        let baseline = match (self.baseline, other.baseline) {
            (None, None) => None,
            (Some(one), Some(two)) if one.period == two.period => Some(Baseline { value: one.value.plus(two.value)?, ..one }),
            _ => return None,
        };
        let alike = self.phasing == other.phasing
            && self.each_province == other.each_province
            && self.milestones.iter().map(|one| one.by).eq(other.milestones.iter().map(|two| two.by));
        let pairs = self.milestones.iter().zip(&other.milestones);
        let milestones =
            pairs.map(|(one, two)| Some(Milestone { by: one.by, value: one.value.plus(two.value)? })).collect::<Option<_>>()?;
        alike.then_some(TargetTerms { condition, baseline, milestones, ..self })
    }

    /// A goal with an even path and no baseline.
    #[must_use]
    pub fn plain(condition: TargetCondition) -> TargetTerms {
        TargetTerms { condition, baseline: None, phasing: Phasing::Even, milestones: Vec::new(), each_province: false }
    }
}

#[cfg(test)]
mod tests {

    use crate::domain::testing::quantity;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse_json(text).unwrap()
    }

    #[test]
    fn a_bound_reaches_a_goal_where_nothing_else_can_be_true() {
        let band = TargetCondition::Band(Interval { low: decimal("20"), high: decimal("30") });
        let (least, most, exactly) =
            (TargetCondition::AtLeast(decimal("20")), TargetCondition::AtMost(decimal("20")), TargetCondition::Exactly(decimal("20")));
        for (condition, figure, held, why) in [
            (least, "20", Some(true), "the number itself"),
            (least, "19.9", Some(false), "less"),
            (least, ">20", Some(true), "above it"),
            (least, ">19", None, "19.5 would not, 21 would"),
            (least, "<20", Some(false), "below it"),
            (least, "20-23", Some(true), "from it on"),
            (least, "~25", None, "about right is never certain"),
            (most, "20", Some(true), "the number itself"),
            (most, ">20", Some(false), "above it"),
            (most, "<20", Some(true), "below it"),
            (most, "18-23", None, "some of it"),
            (exactly, "20", Some(true), "to the digit"),
            (exactly, "21", Some(false), "another number"),
            (exactly, ">20", Some(false), "another number, whichever"),
            (exactly, "18-23", None, "it might be"),
            (band, "20", Some(true), "ends included"),
            (band, "30.1", Some(false), "above it"),
            (band, "22-25", Some(true), "within"),
            (band, "<20", Some(false), "below it"),
            (band, ">20", None, "there is no telling how far"),
        ] {
            assert_eq!(condition.holds(quantity(figure)), held, "{condition:?} by {figure}: {why}");
        }
    }

    #[test]
    fn the_way_to_a_band_leads_to_its_nearer_end() {
        let band = TargetCondition::Band(Interval { low: decimal("20"), high: decimal("30") });
        for (from, to) in [("5", "20"), ("20", "20"), ("25", "25"), ("40", "30")] {
            assert_eq!(band.nearest(decimal(from)), decimal(to));
        }
    }
}
