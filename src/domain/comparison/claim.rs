//! Claims: comparisons printed in a report ("bằng 103,2% so với cùng kỳ"), checked against the stored figures.
//! A printed number stands for a range. A claim contradicts only if no true values could give this printed number.

use chrono::{DateTime, Utc};

use crate::domain::catalogue::indicator::Indicator;
use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Interval, Quantity};

code_list! {
    /// The kind of comparison in a claim.
    pub enum ClaimKind {
        /// "bằng 103,2% so với cùng kỳ": index, same period last year = 100.
        YearIndex = "yoy_index",
        /// "tăng 3,2% so với cùng kỳ": relative change in percent, negative for a decrease.
        YearChangePct = "yoy_change_pct",
        /// "tăng 2,4 điểm phần trăm": difference of two rates in percentage points.
        YearChangePoints = "yoy_change_pp",
        /// "đạt 47,3% kế hoạch năm": percentage of the target of the period or of its year.
        PlanPct = "plan_pct",
    }
}

code_list! {
    /// The result of checking a claim against the stored figures.
    pub enum Verdict {
        /// The computed number, rounded to the printed digits, equals the claim.
        Matches = "matches",
        /// The computed number differs, but the rounding of the printed figures explains the difference.
        RoundsTo = "rounds_to",
        /// Rounding does not explain the difference.
        Contradicts = "contradicts",
        /// The current figure or the baseline is missing, is not an exact number, or cannot be compared fairly.
        Unverifiable = "unverifiable",
    }
}

/// A comparison as printed in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The kind of comparison.
    pub kind: ClaimKind,
    /// The number, with its printed digits.
    pub value: Decimal,
}

/// A comparison as printed in a report, and the time of its recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The claim.
    pub claim: Claim,
    /// The time of its recording. The claim belongs to the figure that was current at this time.
    pub recorded_at: DateTime<Utc>,
}

/// One revision of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRevision {
    /// The kind of comparison.
    pub kind: ClaimKind,
    /// 1 for the first revision, then one more for each change.
    pub revision: i32,
    /// The number, with its printed digits; `None` if the claim was withdrawn.
    pub value: Option<Decimal>,
    /// The reason for the revision, if given.
    pub reason: Option<String>,
    /// The submission of this revision.
    pub submission: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The time at which the next revision superseded it; `None` for the current revision.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// The stored figures that a claim is checked against.
#[derive(Debug, Clone, Copy, Default)]
pub struct ComparedFigures {
    /// The figure, as it was current at the time of the claim.
    pub current: Option<Quantity>,
    /// The figure of the same period last year, if the two can be compared fairly.
    pub last_year: Option<Quantity>,
    /// The target of the period or of its year. A target is an exact number.
    pub plan: Option<Decimal>,
}

/// The result of checking a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimCheck {
    /// The verdict.
    pub verdict: Verdict,
    /// The computed number, with the printed number of decimals; `None` if the claim is unverifiable.
    pub computed: Option<Decimal>,
    /// The baseline that the claim implies, from the printed digits of the claim and of the figure.
    pub implied_baseline: Option<Interval>,
}

impl Claim {
    /// Checks the claim against the stored figures.
    #[must_use]
    pub fn check(&self, indicator: &Indicator, compared: &ComparedFigures) -> ClaimCheck {
        let counted = indicator.is_count();
        let base = match self.kind {
            ClaimKind::PlanPct => compared.plan.map(|plan| Quantity::number(plan, Bound::Equal).with_tolerance(Decimal::ZERO)),
            ClaimKind::YearIndex | ClaimKind::YearChangePct | ClaimKind::YearChangePoints => compared.last_year,
        };
        let both = compared.current.zip(base);
        let checked = both.and_then(|(current, base)| self.verdict(current, base, counted));
        let implied = compared.current.and_then(|current| self.implied_baseline(current, counted, indicator.percent_decimals()));
        let (verdict, computed) = checked.map_or((Verdict::Unverifiable, None), |(verdict, computed)| (verdict, Some(computed)));
        ClaimCheck { verdict, computed, implied_baseline: implied }
    }

    /// `None` if a number is not exact or the divisor is zero.
    fn verdict(&self, current: Quantity, base: Quantity, counted: bool) -> Option<(Verdict, Decimal)> {
        // A percentage of a negative number would have the wrong sign.
        if base.exact()?.is_negative() && self.kind != ClaimKind::YearChangePoints {
            return None;
        }
        let computed = self.kind.compute(current.exact()?, base.exact()?)?;
        let rounded = computed.rounded(self.value.decimals())?;
        if rounded == self.value {
            return Some((Verdict::Matches, rounded));
        }
        let (low, high) = self.kind.compute_range(current.printed_range(counted)?, base.printed_range(counted)?)?;
        let (claimed_low, claimed_high) = self.value.printed_range();
        let explained = low <= claimed_high && claimed_low <= high;
        Some((if explained { Verdict::RoundsTo } else { Verdict::Contradicts }, rounded))
    }

    /// `None` if the figure is not an exact number, or the claim implies division by zero.
    fn implied_baseline(&self, current: Quantity, counted: bool, decimals: u32) -> Option<Interval> {
        let (low, high) = current.printed_range(counted)?;
        let (claimed_low, claimed_high) = self.value.printed_range();
        let round = |exact: Decimal| exact.rounded(decimals);
        let (low, high) = match self.kind {
            ClaimKind::YearChangePoints => (low.checked_sub(claimed_high)?, high.checked_sub(claimed_low)?),
            ClaimKind::YearIndex | ClaimKind::PlanPct => quotients((low, high), (claimed_low, claimed_high))?,
            ClaimKind::YearChangePct => quotients((low, high), (claimed_low + Decimal::HUNDRED, claimed_high + Decimal::HUNDRED))?,
        };
        Some(Interval { low: round(low)?, high: round(high)? })
    }
}

impl ClaimKind {
    fn compute(self, current: Decimal, base: Decimal) -> Option<Decimal> {
        if self == ClaimKind::YearChangePoints {
            return current.checked_sub(base);
        }
        let index = current.checked_mul(Decimal::HUNDRED)?.checked_div(base)?;
        if self == ClaimKind::YearChangePct { index.checked_sub(Decimal::HUNDRED) } else { Some(index) }
    }

    /// The possible range of the computed number, from the ranges of the printed figures.
    fn compute_range(self, (low, high): (Decimal, Decimal), (base_low, base_high): (Decimal, Decimal)) -> Option<(Decimal, Decimal)> {
        if base_low <= Decimal::ZERO && self != ClaimKind::YearChangePoints {
            return None;
        }
        // For negative numbers a smaller base gives a smaller percentage.
        let pairs = [(low, base_low), (low, base_high), (high, base_low), (high, base_high)];
        let ends: Vec<Decimal> = pairs.into_iter().map(|(current, base)| self.compute(current, base)).collect::<Option<_>>()?;
        Some((*ends.iter().min()?, *ends.iter().max()?))
    }
}

/// Quotients of two ranges, times 100; `None` if the divisor can be zero or negative.
fn quotients((low, high): (Decimal, Decimal), (by_low, by_high): (Decimal, Decimal)) -> Option<(Decimal, Decimal)> {
    if by_low <= Decimal::ZERO {
        return None;
    }
    let divide = |a: Decimal, b: Decimal| a.checked_mul(Decimal::HUNDRED)?.checked_div(b);
    // For negative numbers a smaller divisor gives a smaller quotient.
    let ends = [divide(low, by_low)?, divide(low, by_high)?, divide(high, by_low)?, divide(high, by_high)?];
    Some((ends.into_iter().min()?, ends.into_iter().max()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::indicator::Measure;
    use crate::domain::testing::indicator;
    use crate::domain::testing::quantity;

    fn claim(kind: ClaimKind, value: &str) -> Claim {
        Claim { kind, value: Decimal::parse_json(value).unwrap() }
    }

    #[test]
    fn verdicts_worked_by_hand() {
        use ClaimKind::{PlanPct, YearChangePct, YearChangePoints, YearIndex};
        #[rustfmt::skip]
        let table = [
            (YearIndex, "103.2", "1135", "1100", Verdict::Matches, "103.18 rounds to 103.2"),
            (YearIndex, "103.2", "1135", "1200", Verdict::Contradicts, "94.6"),
            (YearIndex, "103.2", "1135", "", Verdict::Unverifiable, "no baseline"),
            (YearIndex, "103.2", "", "1100", Verdict::Unverifiable, "no figure"),
            (YearIndex, "103.2", ">1135", "1100", Verdict::Unverifiable, "a bound"),
            (YearIndex, "103.2", "1135", "0", Verdict::Unverifiable, "nothing to divide by"),
            (YearIndex, "103", "1135", "1100", Verdict::Matches, "printed without decimals"),
            (YearIndex, "-55", "-5", "10", Verdict::RoundsTo, "-57.9 to -42.9: -5.5 of 9.5 to -4.5 of 10.5"),
            (YearIndex, "-50", "5", "-10", Verdict::Unverifiable, "there is no percentage of less than nothing"),
            (YearIndex, "134", "4", "3", Verdict::RoundsTo, "133.3 computed, but 4 and 3 are rounded: 100.0 to 180.0"),
            (YearIndex, "103.3", "1135", "1100", Verdict::RoundsTo, "103.09 to 103.27, and 103.3 is printed from 103.25 on"),
            (YearIndex, "103.4", "1135", "1100", Verdict::Contradicts, "103.27 at most"),
            (YearChangePct, "3.2", "1135", "1100", Verdict::Matches, "3.18"),
            (YearChangePct, "-5.4", "1135", "1200", Verdict::Matches, "-5.42"),
            (YearChangePct, "5.4", "1135", "1200", Verdict::Contradicts, "the wrong sign"),
            (YearChangePoints, "2.4", "77.15", "74.75", Verdict::Matches, "points"),
            (YearChangePoints, "2.4", "77.2", "74.7", Verdict::RoundsTo, "2.5 computed, 2.4 to 2.6 possible"),
            (YearChangePoints, "3", "77.15", "74.75", Verdict::Contradicts, "2.4"),
            (PlanPct, "47.3", "1135", "2400", Verdict::Matches, "47.29"),
            (PlanPct, "47.2", "1135", "2400", Verdict::Contradicts, "47.27 to 47.31: what a plan asks for is exact"),
            (PlanPct, "47.31", "1135", "2400", Verdict::RoundsTo, "47.3125 at most, and 47.31 is printed from 47.305 on"),
            (PlanPct, "50", "1135", "", Verdict::Unverifiable, "no plan"),
        ];
        for (kind, value, current, baseline, verdict, why) in table {
            let read = |text: &str| (!text.is_empty()).then(|| quantity(text));
            let plan = read(baseline).and_then(Quantity::value);
            let compared = ComparedFigures { current: read(current), last_year: read(baseline), plan };
            let given = claim(kind, value).check(&indicator(Measure::Flow, 1), &compared);
            assert_eq!(given.verdict, verdict, "{kind:?} {value}: {why}");
        }
    }

    #[test]
    fn what_was_counted_to_the_last_one_is_not_rounded() {
        let checked = |kind, value, current, last_year, decimals| {
            let compared = ComparedFigures { current: Some(current), last_year: Some(last_year), plan: None };
            claim(kind, value).check(&indicator(Measure::Flow, decimals), &compared).verdict
        };
        let verdict = |value, decimals| checked(ClaimKind::YearIndex, value, quantity("4"), quantity("3"), decimals);
        assert_eq!((verdict("134", 1), verdict("134", 0)), (Verdict::RoundsTo, Verdict::Contradicts));
        assert_eq!(verdict("133.3", 0), Verdict::Matches);
        // 8718.1 thousand and 4500.0 thousand: printed to the hundreds, for a count or not.
        let of = |current, last_year| checked(ClaimKind::YearIndex, "193.737", current, last_year, 0);
        let (now, before) = (quantity("8718100"), quantity("4500000"));
        assert_eq!(of(now.printed_to(2), before.printed_to(2)), Verdict::RoundsTo, "193.7356");
        assert_eq!(of(now, before), Verdict::Contradicts);
    }

    #[test]
    fn a_claim_implies_what_it_was_compared_with_as_an_interval() {
        let implied = |kind, value: &str, current: Option<&str>| {
            let compared = ComparedFigures { current: current.map(quantity), ..ComparedFigures::default() };
            let checked = claim(kind, value).check(&indicator(Measure::Flow, 1), &compared);
            checked.implied_baseline.map(|i| (i.low.to_string(), i.high.to_string()))
        };
        assert_eq!(implied(ClaimKind::YearIndex, "103.2", Some("1135")), Some(("1098.8".into(), "1100.8".into())));
        assert_eq!(implied(ClaimKind::YearChangePct, "3.2", Some("1135")), Some(("1098.8".into(), "1100.8".into())));
        assert_eq!(implied(ClaimKind::YearChangePoints, "2.4", Some("77.15")), Some(("74.7".into(), "74.8".into())));
        assert_eq!(implied(ClaimKind::PlanPct, "47.3", Some("1135")), Some(("2396".into(), "2403.2".into())));
        assert_eq!(implied(ClaimKind::YearIndex, "0", Some("5")), None, "an index of nothing implies no baseline");
        assert_eq!(implied(ClaimKind::YearIndex, "103.2", None), None);
    }
}
