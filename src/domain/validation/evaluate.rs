//! Evaluation of rules. A rule is broken only if no true values behind the figures satisfy it, never if a bound leaves it open.
//! The explanation in words is in `explain`.

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::rule::{MissingFigures, Relation, Rule, Term};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::derivation::derived::{ResolvedValue, Unavailable, operands_of};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity, Sign};
use crate::domain::reason::Reason;
use crate::domain::time::period::Period;

/// The result of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The rule is broken for all possible true values; or it requires a figure that is missing.
    Broken,
    /// The rule holds, with rounding and tolerance.
    Passed,
    /// The rule cannot be checked, for this reason.
    Skipped(Reason),
}

/// A figure of a rule.
#[derive(Debug, Clone)]
pub struct RuleFigure<'c> {
    /// The indicator.
    pub indicator: &'c Indicator,
    /// The breakdown.
    pub breakdown: Breakdown,
    /// The figure, reported or derived; or the reason for its absence.
    pub found: Result<ResolvedValue, Unavailable>,
}

/// One term of a side.
#[derive(Debug, Clone)]
pub(crate) enum RuleOperand<'c> {
    Figure(Box<RuleFigure<'c>>),
    Number(Decimal),
}

/// A rule with the figures of one province and period.
#[derive(Debug, Clone)]
pub struct RuleEvaluation<'c> {
    pub(crate) relation: Relation,
    pub(crate) sides: [Vec<RuleOperand<'c>>; 3],
    /// The result.
    pub outcome: Outcome,
}

/// Evaluates a rule on the figures of a province and period; `None` if the catalogue lacks one of its indicators.
pub fn evaluate<'c>(
    rule: &Rule,
    period: Period,
    catalogue: &'c Catalogue,
    find: impl Fn(&'c Indicator, &Breakdown) -> Result<ResolvedValue, Unavailable>,
) -> Option<RuleEvaluation<'c>> {
    let operand = |term: &Term| match term {
        Term::Number { value } => Some(RuleOperand::Number(*value)),
        Term::Figure { indicator, breakdown } => {
            let indicator = catalogue.current(indicator)?.indicator;
            let found = find(indicator, breakdown);
            Some(RuleOperand::Figure(Box::new(RuleFigure { indicator, breakdown: breakdown.clone(), found })))
        }
    };
    let side = |terms: &[Term]| terms.iter().map(operand).collect::<Option<Vec<_>>>();
    let [left, right, divided_by] = rule.sides();
    let sides = [side(left)?, side(right)?, side(divided_by)?];
    let mut evaluation = RuleEvaluation { relation: rule.relation, sides, outcome: Outcome::Passed };
    evaluation.outcome = evaluation.assess(rule, period);
    Some(evaluation)
}

/// The value of a side, and its largest possible rounding error.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Amount {
    pub(crate) quantity: Quantity,
    pub(crate) rounding_error: Decimal,
}

impl<'c> RuleEvaluation<'c> {
    /// The figures of the rule: left side, right side, denominator.
    pub fn figures(&self) -> impl Iterator<Item = &RuleFigure<'c>> {
        self.sides.iter().flatten().filter_map(|operand| match operand {
            RuleOperand::Figure(rule_figure) => Some(&**rule_figure),
            RuleOperand::Number(_) => None,
        })
    }

    /// The ids of all reported figures behind the evaluation, those behind derived figures included.
    pub(in crate::domain) fn observations(&self) -> impl Iterator<Item = String> {
        self.figures().filter_map(|rule_figure| rule_figure.found.as_ref().ok()).flat_map(operands_of).map(|part| part.observation)
    }

    fn assess(&self, rule: &Rule, period: Period) -> Outcome {
        let missing: Vec<&Unavailable> = self.figures().filter_map(|rule_figure| rule_figure.found.as_ref().err()).collect();
        if let Some(first) = missing.first() {
            let there = missing.len() < self.figures().count();
            let undeclared = missing.iter().any(|unavailable| unavailable.reason != Reason::NilDeclared);
            if rule.missing == MissingFigures::Require && there && undeclared {
                return Outcome::Broken;
            }
            return Outcome::Skipped(first.effective_reason());
        }
        let mut days =
            self.figures().filter_map(|rule_figure| rule_figure.found.as_ref().ok()).map(|of| of.figure.as_of.unwrap_or(period.end()));
        let first = days.next();
        // Stocks of different days cannot be compared.
        if days.any(|day| Some(day) != first) {
            return Outcome::Skipped(Reason::PartialPeriod);
        }
        self.decide(rule.tolerance.unwrap_or(Decimal::ZERO)).unwrap_or_else(Outcome::Skipped)
    }

    fn decide(&self, tolerance: Decimal) -> Result<Outcome, Reason> {
        let (left, right) = (self.left()?, self.right()?);
        let difference = Quantity::sum([(Sign::Plus, left.quantity), (Sign::Minus, right.quantity)])?;
        let rounding_error = plus(plus(left.rounding_error, right.rounding_error)?, tolerance)?;
        let zero = |bound: Bound| Quantity::number(Decimal::ZERO, bound);
        let least = Quantity::number(-rounding_error, Bound::Equal);
        let most = Quantity::number(rounding_error, Bound::Equal);
        let (wanted, may_be_beyond) = match self.relation {
            Relation::AtMost => (zero(Bound::AtMost), difference.may_be_above(most)),
            Relation::AtLeast => (zero(Bound::AtLeast), least.may_be_above(difference)),
            Relation::Equal => (zero(Bound::Equal), difference.may_be_above(most) || least.may_be_above(difference)),
        };
        if difference.contradicts(wanted, rounding_error) {
            return Ok(Outcome::Broken);
        }
        // A difference that rounding explains passes. A bound that leaves the result open is skipped.
        let exact = self.figures().all(|rule_figure| rule_figure.found.as_ref().is_ok_and(|value| value.figure.exact().is_some()));
        Ok(if may_be_beyond && !exact { Outcome::Skipped(Reason::QualifierInexact) } else { Outcome::Passed })
    }

    /// The first indicator of a side. Its unit and multiplier are used for the evaluation.
    pub(crate) fn first(&self, side: usize) -> Option<&'c Indicator> {
        self.sides[side].iter().find_map(|operand| match operand {
            RuleOperand::Figure(rule_figure) => Some(rule_figure.indicator),
            RuleOperand::Number(_) => None,
        })
    }

    pub(crate) fn left(&self) -> Result<Amount, Reason> {
        sum(&self.sides[0], self.first(0))
    }

    pub(crate) fn right(&self) -> Result<Amount, Reason> {
        let [_, right, divided_by] = &self.sides;
        if divided_by.is_empty() {
            return sum(right, self.first(0));
        }
        let [number, base] = [sum(right, self.first(1))?, sum(divided_by, self.first(1))?];
        let (number, base) = (number.quantity.widened(number.rounding_error)?, base.quantity.widened(base.rounding_error)?);
        let never_negative = Quantity::number(Decimal::ZERO, Bound::AtLeast);
        if [number, base].iter().any(|of| of.contradicts(never_negative, Decimal::ZERO)) {
            return Err(Reason::BaseNegative);
        }
        Ok(Amount { quantity: number.unrounded_percent_of(base)?, rounding_error: Decimal::ZERO })
    }
}

fn plus(one: Decimal, other: Decimal) -> Result<Decimal, Reason> {
    one.checked_add(other).ok_or(Reason::OutOfRange)
}

/// The sum of the operands, in the multiplier of an indicator.
fn sum(operands: &[RuleOperand<'_>], of: Option<&Indicator>) -> Result<Amount, Reason> {
    let mut rounding_error = Decimal::ZERO;
    let mut quantities = Vec::with_capacity(operands.len());
    for operand in operands {
        let amount = match operand {
            RuleOperand::Number(value) => Amount { quantity: Quantity::number(*value, Bound::Equal), rounding_error: Decimal::ZERO },
            RuleOperand::Figure(rule_figure) => rule_figure.amount(of.map_or(rule_figure.indicator.unit_mult, |of| of.unit_mult))?,
        };
        rounding_error = plus(rounding_error, amount.rounding_error)?;
        quantities.push((Sign::Plus, amount.quantity));
    }
    Ok(Amount { quantity: Quantity::sum(quantities)?, rounding_error })
}

impl RuleFigure<'_> {
    /// The figure in another multiplier of its unit. A rate is computed from numerator and denominator, before rounding.
    fn amount(&self, unit_mult: i32) -> Result<Amount, Reason> {
        let quantity = self.found.as_ref().map_err(|unavailable| unavailable.reason)?.figure.unrounded();
        let power = self.indicator.unit_mult - unit_mult;
        let half_unit = quantity.half_unit(self.indicator.is_count());
        let rounding_error = Decimal::power_of_ten(power).and_then(|factor| half_unit.checked_mul(factor)).ok_or(Reason::OutOfRange)?;
        Ok(Amount { quantity: quantity.times_power_of_ten(power).ok_or(Reason::OutOfRange)?, rounding_error })
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::validation::testing::catalogue;
    use crate::domain::validation::testing::evaluation;
    use crate::domain::validation::testing::found;
    use crate::domain::validation::testing::rule;

    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn word(outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Broken => "broken",
            Outcome::Passed => "passed",
            Outcome::Skipped(reason) => reason.as_str(),
        }
    }

    #[test]
    fn rules_worked_by_hand() {
        let catalogue = catalogue();
        for (asked, known, expected, why) in [
            ("a le b", "a=12, b=10", "broken", "more"),
            ("a le b", "a=10, b=10", "passed", "as many"),
            ("a ge b", "a=9, b=10", "broken", "less"),
            ("a ge b", "a=10, b=10", "passed", "as many"),
            ("a eq b", "a=10, b=11", "broken", "things are counted to the last one"),
            ("a + b eq c", "a=1, b=2, c=3", "passed", "parts make their total"),
            ("a + b eq c", "a=1, b=2, c=4", "broken", "they do not"),
            ("a + b le c + d", "a=1, b=2, c=1, d=1", "broken", "sums on both sides"),
            ("a le b + 2", "a=12, b=10", "passed", "a number on the right"),
            ("a le b + 1", "a=12, b=10", "broken", "too small a one"),
            ("a ge 5", "a=4", "broken", "a bound"),
            ("a ge 5", "a=5", "passed", "a bound that is reached"),
            ("a le b ~2", "a=12, b=10", "passed", "as much as is tolerated"),
            ("a le b ~1.9", "a=12, b=10", "broken", "a little more"),
            ("x le y", "x=230, y=229", "passed", "229.5 and 229.5: half a unit each"),
            ("x le y", "x=230.1, y=229", "broken", "1.1 are more than 0.05 and 0.5"),
            ("x eq z", "x=1.5, z=1500", "passed", "tỷ and triệu"),
            ("x eq z", "x=1.5, z=1551", "broken", "51 triệu are more than 50 and a half"),
            ("x eq z", "x=1.5, z=1550", "passed", "50 are not"),
            ("z eq x", "x=1.5, z=1550", "passed", "the other way round"),
            ("z eq x", "x=1.5, z=1551", "broken", "the other way round"),
            ("r eq a / b", "r=50, a=1, b=2", "passed", "a share"),
            ("r eq a / b", "r=33.3, a=1, b=3", "passed", "33.25 to 33.35"),
            ("r eq a / b", "r=33.34, a=1, b=3", "broken", "33.335 to 33.345"),
            ("r eq a / b", "r=33.34(1/3), a=1, b=3", "broken", "a slip that was kept is what was printed"),
            ("r eq a / b", "r=33.33(1/3), a=1, b=3", "passed", "exact as its own numerator and denominator"),
            ("r eq a / b + c", "r=25, a=1, b=3, c=1", "passed", "a share of a sum"),
            ("r le a / b", "r=0, a=0, b=3", "passed", "nothing of three"),
            ("r eq a / b", "r=5, a=0, b=3", "broken", "nothing of three is not 5 %"),
            ("r eq a / b", "r=5, a=1, b=0", "base_zero", "no share of nothing"),
            ("r eq x / y", "r=50, x=1, y=2", "passed", "0.5 to 1.5 of 1.5 to 2.5"),
            ("r eq x / y", "r=99, x=1, y=2", "passed", "1.5 of 1.5"),
            ("r eq x / y", "r=19, x=1, y=2", "broken", "0.5 of 2.5 are 20 %"),
        ] {
            let outcome = evaluation(&catalogue, &rule(asked, MissingFigures::Skip), &found(known)).outcome;
            assert_eq!(word(outcome), expected, "{asked} of {known}: {why}");
        }
    }

    #[test]
    fn a_bound_breaks_a_rule_only_where_no_true_number_keeps_it() {
        let catalogue = catalogue();
        for (asked, known, expected) in [
            ("a le b", "a=>12, b=10", "broken"),
            ("a le b", "a=>=10, b=10", "qualifier_inexact"),
            ("a le b", "a=>10, b=10", "broken"),
            ("a le b", "a=>9, b=10", "qualifier_inexact"),
            ("a le b", "a=<10, b=10", "passed"),
            ("a le b", "a=<=10, b=10", "passed"),
            ("a le b", "a=<11, b=10", "qualifier_inexact"),
            ("a le b", "a=12, b=<12", "broken"),
            ("a le b", "a=12, b=>12", "passed"),
            ("a le b", "a=12, b=>11", "qualifier_inexact"),
            ("a le b", "a=>5, b=>10", "qualifier_inexact"),
            ("a le b", "a=>20, b=<10", "broken"),
            ("a le b", "a=<10, b=>20", "passed"),
            ("a le b", "a=20-23, b=19", "broken"),
            ("a le b", "a=20-23, b=21", "qualifier_inexact"),
            ("a le b", "a=20-23, b=23", "passed"),
            ("a le b", "a=~30, b=10", "qualifier_inexact"),
            ("a le b", "a=~30, b=100", "passed"),
            ("a eq b", "a=20-23, b=21", "qualifier_inexact"),
            ("a eq b", "a=20-23, b=24", "broken"),
            ("a eq b", "a=>24, b=24", "broken"),
            ("a ge b", "a=<10, b=10", "broken"),
            ("a ge b", "a=<=10, b=10", "qualifier_inexact"),
            ("a ge 5", "a=>5", "passed"),
            ("r le a / b", "r=60, a=5, b=>10", "broken"),
            ("r le a / b", "r=60, a=>5, b=10", "qualifier_inexact"),
            ("r le a / b", "r=40, a=>5, b=10", "passed"),
            ("r ge a / b", "r=40, a=>5, b=10", "broken"),
            ("r ge a / b", "r=40, a=1-3, b=10", "passed"),
            ("r eq a / b", "r=40, a=1-3, b=10", "broken"),
            ("r eq a / b", "r=40, a=1-5, b=10", "qualifier_inexact"),
        ] {
            let outcome = evaluation(&catalogue, &rule(asked, MissingFigures::Skip), &found(known)).outcome;
            assert_eq!(word(outcome), expected, "{asked} of {known}");
        }
    }

    #[test]
    fn a_missing_figure_is_never_zero() {
        use MissingFigures::{Require, Skip};
        let catalogue = catalogue();
        for (missing, known, expected) in [
            (Skip, "", "current_missing"),
            (Skip, "a=12", "current_missing"),
            (Skip, "b=12", "current_missing"),
            (Skip, "a=12, b=nil", "nil_declared"),
            (Skip, "a=12, b=withdrawn", "withdrawn"),
            (Require, "", "current_missing"),
            (Require, "a=12", "broken"),
            (Require, "b=12", "broken"),
            (Require, "a=12, b=nil", "nil_declared"),
            (Require, "a=nil", "nil_declared"),
            (Require, "a=9, b=12", "passed"),
            (Require, "a=12, b=9", "broken"),
        ] {
            let mut known = found(&known.replace("withdrawn", "0"));
            if expected == "withdrawn" {
                known.insert("b".into(), Err(Unavailable::from_reason(Reason::Withdrawn)));
            }
            let outcome = evaluation(&catalogue, &rule("a le b", missing), &known).outcome;
            assert_eq!(word(outcome), expected, "{missing:?}: {:?}", known.keys());
        }
    }

    #[test]
    fn figures_counted_on_different_days_are_not_held_against_each_other() {
        let catalogue = catalogue();
        let on = |day: Option<u32>| day.and_then(|day| NaiveDate::from_ymd_opt(2024, 5, day));
        for (of_a, of_b, expected) in
            [(None, None, "broken"), (Some(20), None, "partial_period"), (Some(20), Some(20), "broken"), (Some(31), None, "broken")]
        {
            let mut known = found("a=12, b=10");
            for (code, day) in [("a", of_a), ("b", of_b)] {
                known.get_mut(code).unwrap().as_mut().unwrap().figure.as_of = on(day);
            }
            let outcome = evaluation(&catalogue, &rule("a le b", MissingFigures::Skip), &known).outcome;
            assert_eq!(word(outcome), expected, "{of_a:?} and {of_b:?}");
        }
    }

    /// A quantity in test notation, and one true value that it allows.
    fn said_of_a_number() -> impl Strategy<Value = (String, i128)> {
        (10..60i32, 0..4i32, 0..7usize).prop_map(|(truth, off, how)| {
            let said = match how {
                0..=2 => truth.to_string(),
                3 => format!(">{}", truth - off - 1),
                4 => format!("<={}", truth + off),
                5 => format!("{}-{}", truth - off, truth + 1),
                _ => format!("~{}", truth + off),
            };
            (said, truth.into())
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        /// For exact counts, a rule is broken exactly if integer arithmetic says so.
        #[test]
        fn exact_figures_break_a_rule_exactly_when_the_arithmetic_says_so(
            numbers in prop::array::uniform5(0..60i128), relation in 0..3usize, share in any::<bool>(), tolerance in 0..3i128
        ) {
            let [a, b, c, d, r] = numbers;
            let word = ["le", "ge", "eq"][relation];
            // Both sides are multiplied by the denominator, to avoid a division.
            let (asked, difference, by) = if share {
                (format!("r {word} a + b / c + d ~{tolerance}"), r * (c + d) - 100 * (a + b), 2 * (c + d))
            } else {
                (format!("a + b {word} c + {d} ~{tolerance}"), a + b - c - d, 1)
            };
            let known = found(&format!("a={a}, b={b}, c={c}, d={d}, r={r}"));
            let catalogue = catalogue();
            let evaluation = evaluation(&catalogue, &rule(&asked, MissingFigures::Skip), &known);

            // A rate without decimals stands for half a percentage point on each side.
            let (difference, rounding_error) = if share { (2 * difference, by * tolerance + (c + d)) } else { (difference, tolerance) };
            let broken = match word { "le" => difference > rounding_error, "ge" => difference < -rounding_error, _ => difference.abs() > rounding_error };
            let expected = match (share && c + d == 0, broken) { (true, _) => "base_zero", (_, true) => "broken", (_, false) => "passed" };
            prop_assert_eq!(self::word(evaluation.outcome), expected, "{} of {:?}", asked, numbers);
        }

        /// If the true values satisfy a rule, it is not broken for any quantities that allow them. If they break it, it does not pass,
        /// unless a quantity is approximate.
        #[test]
        fn nothing_is_said_of_a_rule_that_the_true_numbers_deny(
            numbers in prop::array::uniform3(said_of_a_number()), relation in 0..3usize
        ) {
            let [(a, of_a), (b, of_b), (c, of_c)] = numbers;
            let word = ["le", "ge", "eq"][relation];
            let known = found(&format!("a={a}, b={b}, c={c}"));
            let catalogue = catalogue();
            let outcome = evaluation(&catalogue, &rule(&format!("a + b {word} c"), MissingFigures::Skip), &known).outcome;

            let keeps = match word { "le" => of_a + of_b <= of_c, "ge" => of_a + of_b >= of_c, _ => of_a + of_b == of_c };
            let about = [a, b, c].iter().any(|said| said.starts_with('~'));
            prop_assert!(!(keeps && outcome == Outcome::Broken));
            prop_assert!(keeps || about || outcome != Outcome::Passed);
        }
    }
}
