//! Claims: comparisons as a report prints them ("bằng 103,2% so với cùng kỳ"), held against what we know.
//! A printed number stands for a range; a claim contradicts only when no true values could have been printed so.

use chrono::{DateTime, Utc};

use crate::domain::catalogue::indicator::Indicator;
use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Interval, Quantity};

code_list! {
    /// What a claim says.
    pub enum ClaimKind {
        /// "bằng 103,2% so với cùng kỳ": same period last year = 100.
        YearIndex = "yoy_index",
        /// "tăng 3,2% so với cùng kỳ": relative change in percent, negative for a fall.
        YearChangePct = "yoy_change_pct",
        /// "tăng 2,4 điểm phần trăm": difference of two rates in points.
        YearChangePoints = "yoy_change_pp",
        /// "đạt 47,3% kế hoạch năm": share of what the plan of the period, or of its year, asks for.
        PlanPct = "plan_pct",
    }
}

code_list! {
    /// What the record says to a claim.
    pub enum Verdict {
        /// Computed from the figures on record and rounded as printed, it is the claim.
        Matches = "matches",
        /// It differs in the last digit by no more than the rounding of the printed figures explains.
        RoundsTo = "rounds_to",
        /// No rounding explains it.
        Contradicts = "contradicts",
        /// The figure it is about, or what it is compared with, is missing, no exact number, or not fair to compare with.
        Unverifiable = "unverifiable",
    }
}

/// A comparison as a report printed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What it says.
    pub kind: ClaimKind,
    /// The number, with its printed digits.
    pub value: Decimal,
}

/// A comparison as a report printed it, and when that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// What it says.
    pub claim: Claim,
    /// When: the figure that stood then is the one it was printed beside.
    pub recorded_at: DateTime<Utc>,
}

/// One revision of what a report claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRevision {
    /// What it says.
    pub kind: ClaimKind,
    /// 1 for the first, one more for each change.
    pub revision: i32,
    /// The number, with its printed digits; `None` where the claim was withdrawn.
    pub value: Option<Decimal>,
    /// Why it replaced the revision before, where somebody said so.
    pub reason: Option<String>,
    /// The submission that brought it.
    pub submission: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When the next revision superseded it; `None` for the current one.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// What is on record of the figure that a claim is about.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence {
    /// The figure, as it stood when it was claimed so.
    pub current: Option<Quantity>,
    /// That of the same period last year, where the two may fairly be compared.
    pub last_year: Option<Quantity>,
    /// What the plan asks for, of the period or of its year; a number that was set is exact.
    pub plan: Option<Decimal>,
}

/// What the record says to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The number that the claim should be by the record, with as many decimals as were printed; `None` where that is unverifiable.
    pub computed: Option<Decimal>,
    /// What the claim implies that it was compared with, from the printed digits of the claim and the figure.
    pub implied_baseline: Option<Interval>,
}

impl Claim {
    /// Holds the claim against the record.
    #[must_use]
    pub fn judge(&self, indicator: &Indicator, evidence: &Evidence) -> Judgement {
        let counted = indicator.is_count();
        let base = match self.kind {
            ClaimKind::PlanPct => evidence.plan.map(|plan| Quantity::number(plan, Bound::Equal).with_tolerance(Decimal::ZERO)),
            ClaimKind::YearIndex | ClaimKind::YearChangePct | ClaimKind::YearChangePoints => evidence.last_year,
        };
        let both = evidence.current.zip(base);
        let judged = both.and_then(|(current, base)| self.verdict(current, base, counted));
        let implied = evidence.current.and_then(|current| self.implied_baseline(current, counted, indicator.percent_decimals()));
        let (verdict, computed) = judged.map_or((Verdict::Unverifiable, None), |(verdict, computed)| (verdict, Some(computed)));
        Judgement { verdict, computed, implied_baseline: implied }
    }

    /// `None` where a number is not exact, or there is nothing to divide by.
    fn verdict(&self, current: Quantity, base: Quantity, counted: bool) -> Option<(Verdict, Decimal)> {
        // A percentage of what is below zero would point the wrong way.
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

    /// `None` where the figure is no exact number, or the claim says that what it was compared with was nothing.
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

    /// The range that the computed number can lie in, given the ranges that the printed figures stand for.
    fn compute_range(self, (low, high): (Decimal, Decimal), (base_low, base_high): (Decimal, Decimal)) -> Option<(Decimal, Decimal)> {
        if base_low <= Decimal::ZERO && self != ClaimKind::YearChangePoints {
            return None;
        }
        // Below zero a smaller base makes the smaller percentage.
        let pairs = [(low, base_low), (low, base_high), (high, base_low), (high, base_high)];
        let ends: Vec<Decimal> = pairs.into_iter().map(|(current, base)| self.compute(current, base)).collect::<Option<_>>()?;
        Some((*ends.iter().min()?, *ends.iter().max()?))
    }
}

/// Hundredfold quotients of two ranges; `None` where the divisor can be zero or negative.
fn quotients((low, high): (Decimal, Decimal), (by_low, by_high): (Decimal, Decimal)) -> Option<(Decimal, Decimal)> {
    if by_low <= Decimal::ZERO {
        return None;
    }
    let divide = |a: Decimal, b: Decimal| a.checked_mul(Decimal::HUNDRED)?.checked_div(b);
    // Below zero a smaller divisor makes the smaller quotient.
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
            let evidence = Evidence { current: read(current), last_year: read(baseline), plan };
            let given = claim(kind, value).judge(&indicator(Measure::Flow, 1), &evidence);
            assert_eq!(given.verdict, verdict, "{kind:?} {value}: {why}");
        }
    }

    #[test]
    fn what_was_counted_to_the_last_one_is_not_rounded() {
        let judged = |kind, value, current, last_year, decimals| {
            let evidence = Evidence { current: Some(current), last_year: Some(last_year), plan: None };
            claim(kind, value).judge(&indicator(Measure::Flow, decimals), &evidence).verdict
        };
        let verdict = |value, decimals| judged(ClaimKind::YearIndex, value, quantity("4"), quantity("3"), decimals);
        assert_eq!((verdict("134", 1), verdict("134", 0)), (Verdict::RoundsTo, Verdict::Contradicts));
        assert_eq!(verdict("133.3", 0), Verdict::Matches);
        // 8718.1 thousand and 4500.0 thousand: printed to the hundreds, counted or not.
        let of = |current, last_year| judged(ClaimKind::YearIndex, "193.737", current, last_year, 0);
        let (now, before) = (quantity("8718100"), quantity("4500000"));
        assert_eq!(of(now.printed_to(2), before.printed_to(2)), Verdict::RoundsTo, "193.7356");
        assert_eq!(of(now, before), Verdict::Contradicts);
    }

    #[test]
    fn a_claim_implies_what_it_was_compared_with_as_an_interval() {
        let implied = |kind, value: &str, current: Option<&str>| {
            let evidence = Evidence { current: current.map(quantity), ..Evidence::default() };
            let judged = claim(kind, value).judge(&indicator(Measure::Flow, 1), &evidence);
            judged.implied_baseline.map(|i| (i.low.to_string(), i.high.to_string()))
        };
        assert_eq!(implied(ClaimKind::YearIndex, "103.2", Some("1135")), Some(("1098.8".into(), "1100.8".into())));
        assert_eq!(implied(ClaimKind::YearChangePct, "3.2", Some("1135")), Some(("1098.8".into(), "1100.8".into())));
        assert_eq!(implied(ClaimKind::YearChangePoints, "2.4", Some("77.15")), Some(("74.7".into(), "74.8".into())));
        assert_eq!(implied(ClaimKind::PlanPct, "47.3", Some("1135")), Some(("2396".into(), "2403.2".into())));
        assert_eq!(implied(ClaimKind::YearIndex, "0", Some("5")), None, "an index of nothing implies no baseline");
        assert_eq!(implied(ClaimKind::YearIndex, "103.2", None), None);
    }
}
