//! Claims: comparisons as a report prints them ("bằng 103,2% so với cùng kỳ"), held against what we know.
//! A printed number stands for a range; a claim contradicts only when no true values could have been printed so.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal as Exact;

use super::decimal::Decimal;
use super::fault::words;
use super::figure::Figure;
use super::quantity::{Interval, Quantity};

words! {
    /// What a claim says.
    pub enum ClaimKind {
        /// "bằng 103,2% so với cùng kỳ": same period last year = 100.
        YearIndex = "yoy_index",
        /// "tăng 3,2% so với cùng kỳ": relative change in percent, negative for a fall.
        YearChangePct = "yoy_change_pct",
        /// "tăng 2,4 điểm phần trăm": difference of two rates in points.
        YearChangePoints = "yoy_change_pp",
    }
}

words! {
    /// What the record says to a claim.
    pub enum Verdict {
        /// Computed from the figures on record and rounded as printed, it is the claim.
        Matches = "matches",
        /// It differs in the last digit by no more than the rounding of the printed figures explains.
        RoundsTo = "rounds_to",
        /// No rounding explains it.
        Contradicts = "contradicts",
        /// The figure it is about, or its baseline, is missing or no exact number.
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

impl Claim {
    /// Holds the claim against the figures on record. `counted` says that these count things, to the last one.
    #[must_use]
    pub fn verdict(&self, current: Option<&Figure>, baseline: Option<&Figure>, counted: bool) -> Verdict {
        let judge = |current: Quantity, baseline: Quantity| {
            let computed = self.kind.compute(current.exact()?.inner(), baseline.exact()?.inner())?;
            if Decimal::from_inner(computed).rounded(self.value.decimals()).is_some_and(|rounded| rounded == self.value) {
                return Some(Verdict::Matches);
            }
            let (low, high) = self.kind.compute_range(current.printed_range(counted)?, baseline.printed_range(counted)?)?;
            let (claimed_low, claimed_high) = self.value.printed_range();
            Some(if low <= claimed_high && claimed_low <= high { Verdict::RoundsTo } else { Verdict::Contradicts })
        };
        let both = current.zip(baseline);
        both.and_then(|(current, baseline)| judge(current.quantity, baseline.quantity)).unwrap_or(Verdict::Unverifiable)
    }

    /// The baseline that the claim implies, from the printed digits of the claim and the figure, rounded to `decimals`.
    /// `None` where the figure is missing or no exact number, or the claim says the baseline was nothing.
    #[must_use]
    pub fn implied_baseline(&self, current: Option<&Figure>, counted: bool, decimals: u32) -> Option<Interval> {
        let (low, high) = current?.quantity.printed_range(counted)?;
        let (claimed_low, claimed_high) = self.value.printed_range();
        let round = |exact: Exact| Decimal::from_inner(exact).rounded(decimals);
        let (low, high) = match self.kind {
            ClaimKind::YearChangePoints => (low.checked_sub(claimed_high)?, high.checked_sub(claimed_low)?),
            ClaimKind::YearIndex => quotients((low, high), (claimed_low, claimed_high))?,
            ClaimKind::YearChangePct => quotients((low, high), (claimed_low + Exact::ONE_HUNDRED, claimed_high + Exact::ONE_HUNDRED))?,
        };
        Some(Interval { low: round(low)?, high: round(high)? })
    }
}

impl ClaimKind {
    fn compute(self, current: Exact, baseline: Exact) -> Option<Exact> {
        match self {
            ClaimKind::YearChangePoints => current.checked_sub(baseline),
            ClaimKind::YearIndex | ClaimKind::YearChangePct => {
                let index = current.checked_mul(Exact::ONE_HUNDRED)?.checked_div(baseline)?;
                if self == ClaimKind::YearIndex { Some(index) } else { index.checked_sub(Exact::ONE_HUNDRED) }
            }
        }
    }

    /// The range that the computed number can lie in, given the ranges that the printed figures stand for.
    fn compute_range(self, (low, high): (Exact, Exact), (base_low, base_high): (Exact, Exact)) -> Option<(Exact, Exact)> {
        if base_low <= Exact::ZERO && self != ClaimKind::YearChangePoints {
            return None;
        }
        let (a, b) = (self.compute(low, base_high)?, self.compute(high, base_low)?);
        Some((a.min(b), a.max(b)))
    }
}

/// Hundredfold quotients of two ranges; `None` where the divisor can be zero or negative.
fn quotients((low, high): (Exact, Exact), (by_low, by_high): (Exact, Exact)) -> Option<(Exact, Exact)> {
    if by_low <= Exact::ZERO {
        return None;
    }
    let divide = |a: Exact, b: Exact| a.checked_mul(Exact::ONE_HUNDRED)?.checked_div(b);
    Some((divide(low, by_high)?, divide(high, by_low)?))
}

#[cfg(test)]
mod tests {
    use super::super::comparison::tests::figure;
    use super::*;

    fn claim(kind: ClaimKind, value: &str) -> Claim {
        Claim { kind, value: Decimal::parse_json(value).unwrap() }
    }

    #[test]
    fn verdicts_worked_by_hand() {
        use ClaimKind::{YearChangePct, YearChangePoints, YearIndex};
        #[rustfmt::skip]
        let table = [
            (YearIndex, "103.2", "1135", "1100", Verdict::Matches, "103.18 rounds to 103.2"),
            (YearIndex, "103.2", "1135", "1200", Verdict::Contradicts, "94.6"),
            (YearIndex, "103.2", "1135", "", Verdict::Unverifiable, "no baseline"),
            (YearIndex, "103.2", "", "1100", Verdict::Unverifiable, "no figure"),
            (YearIndex, "103.2", ">1135", "1100", Verdict::Unverifiable, "a bound"),
            (YearIndex, "103.2", "1135", "0", Verdict::Unverifiable, "nothing to divide by"),
            (YearIndex, "103", "1135", "1100", Verdict::Matches, "printed without decimals"),
            (YearIndex, "134", "4", "3", Verdict::RoundsTo, "133.3 computed, but 4 and 3 are rounded: 100.0 to 180.0"),
            (YearIndex, "103.3", "1135", "1100", Verdict::RoundsTo, "103.09 to 103.27, and 103.3 is printed from 103.25 on"),
            (YearIndex, "103.4", "1135", "1100", Verdict::Contradicts, "103.27 at most"),
            (YearChangePct, "3.2", "1135", "1100", Verdict::Matches, "3.18"),
            (YearChangePct, "-5.4", "1135", "1200", Verdict::Matches, "-5.42"),
            (YearChangePct, "5.4", "1135", "1200", Verdict::Contradicts, "the wrong sign"),
            (YearChangePoints, "2.4", "77.15", "74.75", Verdict::Matches, "points"),
            (YearChangePoints, "2.4", "77.2", "74.7", Verdict::RoundsTo, "2.5 computed, 2.4 to 2.6 possible"),
            (YearChangePoints, "3", "77.15", "74.75", Verdict::Contradicts, "2.4"),
        ];
        for (kind, value, current, baseline, verdict, why) in table {
            let read = |text: &str| (!text.is_empty()).then(|| figure(text));
            let given = claim(kind, value).verdict(read(current).as_ref(), read(baseline).as_ref(), false);
            assert_eq!(given, verdict, "{kind:?} {value}: {why}");
        }
    }

    #[test]
    fn what_was_counted_to_the_last_one_is_not_rounded() {
        let (four, three) = (figure("4"), figure("3"));
        let verdict = |value, counted| claim(ClaimKind::YearIndex, value).verdict(Some(&four), Some(&three), counted);
        assert_eq!((verdict("134", false), verdict("134", true)), (Verdict::RoundsTo, Verdict::Contradicts));
        assert_eq!(verdict("133.3", true), Verdict::Matches);
        // 8718.1 thousand and 4500.0 thousand: printed to the hundreds, counted or not.
        let thousands = |text: &str| Figure { quantity: figure(text).quantity.printed_to(2), ..figure(text) };
        let index = claim(ClaimKind::YearIndex, "193.737");
        assert_eq!(index.verdict(Some(&thousands("8718100")), Some(&thousands("4500000")), true), Verdict::RoundsTo, "193.7356");
        assert_eq!(index.verdict(Some(&figure("8718100")), Some(&figure("4500000")), true), Verdict::Contradicts);
    }

    #[test]
    fn a_claim_implies_its_baseline_as_an_interval() {
        let implied = |kind, value: &str, current: &str| {
            claim(kind, value).implied_baseline(Some(&figure(current)), false, 1).map(|i| (i.low.to_string(), i.high.to_string()))
        };
        assert_eq!(implied(ClaimKind::YearIndex, "103.2", "1135"), Some(("1098.8".into(), "1100.8".into())));
        assert_eq!(implied(ClaimKind::YearChangePct, "3.2", "1135"), Some(("1098.8".into(), "1100.8".into())));
        assert_eq!(implied(ClaimKind::YearChangePoints, "2.4", "77.15"), Some(("74.7".into(), "74.8".into())));
        assert_eq!(implied(ClaimKind::YearIndex, "0", "5"), None, "an index of nothing implies no baseline");
        assert_eq!(claim(ClaimKind::YearIndex, "103.2").implied_baseline(None, false, 1), None);
    }
}
