//! Explanations of evaluated rules: with codes for the sender, in Vietnamese and English for readers.
//! Every figure appears with its value and, if it is derived, with its derivation.

use super::evaluate::{Amount, Met, Outcome, RuleEvaluation, RuleOperand};
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::rule::Relation;
use crate::domain::derivation::derived::{ResolvedValue, ValueOrigin};
use crate::domain::language::Language;
use crate::domain::message::Bilingual;
use crate::domain::narrative::sentence;
use crate::domain::number::quantity::{Bound, Quantity};
use crate::domain::reason::Reason;
use crate::domain::time::period::Period;

impl RuleEvaluation<'_> {
    /// The explanation with indicator codes, for the sender of the figures.
    #[must_use]
    pub(in crate::domain) fn in_codes(&self, period: Period) -> String {
        let several_powers = self.figures().any(|met| self.first(0).is_some_and(|first| met.indicator.unit_mult != first.unit_mult));
        let name = |met: &Met<'_>| {
            let part = if met.breakdown.is_total() { String::new() } else { format!(" {}", met.breakdown) };
            format!("{}{part}", met.indicator.code)
        };
        let figure = |met: &Met<'_>, formed: &ResolvedValue| {
            let power = if several_powers { format!(" · 10^{}", met.indicator.unit_mult) } else { String::new() };
            let formed_how = derivation(formed, Language::English).map(|how| format!(" ({how})")).unwrap_or_default();
            format!("{} {}{power}{formed_how}", name(met), formed.figure.quantity)
        };
        let missing = self.figures().any(|met| met.found.is_err());
        let sentence = self.sentence(&ENGLISH, name, figure, |quantity| quantity.to_string());
        format!("{sentence} {} {period}", if missing { "in" } else { "of" })
    }

    /// The explanation as a sentence, for readers.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        if let Outcome::Skipped(reason) = self.outcome {
            return reason.text(language).to_owned();
        }
        let amount = |indicator: Option<&Indicator>, quantity: Quantity| {
            indicator.and_then(|of| sentence::quantity(of, quantity, language)).unwrap_or_else(|| quantity.to_string())
        };
        let figure = |met: &Met<'_>, formed: &ResolvedValue| {
            let said = amount(Some(met.indicator), formed.figure.quantity);
            met.with([Some(said), derivation(formed, language)], language)
        };
        let words = if language == Language::Vietnamese { &VIETNAMESE } else { &ENGLISH };
        self.sentence(words, |met| met.with([], language), figure, |quantity| amount(self.first(0), quantity))
    }

    fn sentence(
        &self,
        words: &Words,
        name: impl Fn(&Met<'_>) -> String,
        figure: impl Fn(&Met<'_>, &ResolvedValue) -> String,
        amount: impl Fn(Quantity) -> String,
    ) -> String {
        let there = |met: &Met<'_>| met.found.as_ref().ok().map(|formed| figure(met, formed));
        if self.figures().any(|met| met.found.is_err()) {
            let present: Vec<String> = self.figures().filter_map(there).collect();
            let missing: Vec<String> = self.figures().filter(|met| met.found.is_err()).map(&name).collect();
            return format!("{} {} {} {}", present.join(", "), words.there_but, missing.join(", "), words.missing);
        }
        let terms = |operands: &[RuleOperand<'_>]| {
            let term = |operand: &RuleOperand<'_>| match operand {
                RuleOperand::Figure(met) => there(met).unwrap_or_default(),
                RuleOperand::Number(value) => amount(Quantity::number(*value, Bound::Equal)),
            };
            let terms: Vec<String> = operands.iter().map(term).collect();
            terms.join(" + ")
        };
        let equals = |side: Result<Amount, Reason>| side.ok().map(|of| format!(" = {}", amount(of.quantity))).unwrap_or_default();
        let [left, right, divided_by] = &self.sides;
        let on_left = if left.len() > 1 { terms(left) + &equals(self.left()) } else { terms(left) };
        let on_right = if !divided_by.is_empty() {
            let bracketed = |side: &[RuleOperand<'_>]| if side.len() > 1 { format!("({})", terms(side)) } else { terms(side) };
            let decimals = self.first(0).map_or(2, Indicator::percent_decimals);
            let share = self.right().map(|of| Amount { quantity: of.quantity.rounded(decimals).unwrap_or(of.quantity), ..of });
            format!("{} ÷ {}{}", bracketed(right), bracketed(divided_by), equals(share))
        } else if right.len() > 1 {
            terms(right) + &equals(self.right())
        } else {
            terms(right)
        };
        let kept = self.outcome == Outcome::Passed;
        let relation = match self.relation {
            Relation::AtMost => words.relation[if kept { 3 } else { 0 }],
            Relation::AtLeast => words.relation[if kept { 4 } else { 1 }],
            Relation::Equal => words.relation[if kept { 5 } else { 2 }],
        };
        format!("{on_left} {relation} {on_right}")
    }
}

/// The words between the figures.
struct Words {
    /// For a broken rule, then for a rule that holds: at most, at least, equal.
    relation: [&'static str; 6],
    /// Between the present and the missing figures.
    there_but: &'static str,
    /// After the missing figures.
    missing: &'static str,
}

const ENGLISH: Words = Words {
    relation: ["is more than", "is less than", "is not", "is at most", "is at least", "is"],
    there_but: "is there, and",
    missing: "is missing",
};

const VIETNAMESE: Words = Words {
    relation: ["lớn hơn", "nhỏ hơn", "không bằng", "không lớn hơn", "không nhỏ hơn", "bằng"],
    there_but: "đã có, còn",
    missing: "thì chưa có",
};

impl Met<'_> {
    /// The name of the indicator, with the members of the breakdown and the given notes in brackets.
    pub(in crate::domain) fn with(&self, said: impl IntoIterator<Item = Option<String>>, language: Language) -> String {
        let name = if language == Language::Vietnamese { &self.indicator.name } else { &self.indicator.name_en };
        let members = self.breakdown.members().map(|(_, member)| member.to_owned());
        let notes: Vec<String> = members.chain(said.into_iter().flatten()).collect();
        if notes.is_empty() { name.clone() } else { format!("{name} ({})", notes.join("; ")) }
    }
}

/// The derivation of a figure; `None` for a reported one.
fn derivation(formed: &ResolvedValue, language: Language) -> Option<String> {
    match &formed.origin {
        ValueOrigin::Derived(derived) => Some(derived.in_language(language)),
        ValueOrigin::Reported { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::rule::MissingFigures;
    use crate::domain::validation::testing::{catalogue, found, held, may, rule};

    #[test]
    fn what_came_of_it_is_said_with_all_figures() {
        let catalogue = catalogue();
        for (asked, known, codes, english, vietnamese) in [
            (
                "a le b",
                "a=12, b=10",
                "a 12 is more than b 10 of 2024-05",
                "A (12 VND) is more than B (10 VND)",
                "A (12 đồng) lớn hơn B (10 đồng)",
            ),
            (
                "a le b",
                "a=9, b=1000",
                "a 9 is at most b 1000 of 2024-05",
                "A (9 VND) is at most B (1,000 VND)",
                "A (9 đồng) không lớn hơn B (1.000 đồng)",
            ),
            (
                "a + b eq c",
                "a=1, b=2, c=4",
                "a 1 + b 2 = 3 is not c 4 of 2024-05",
                "A (1 VND) + B (2 VND) = 3 VND is not C (4 VND)",
                "A (1 đồng) + B (2 đồng) = 3 đồng không bằng C (4 đồng)",
            ),
            ("a ge 5", "a=4", "a 4 is less than 5 of 2024-05", "A (4 VND) is less than 5 VND", "A (4 đồng) nhỏ hơn 5 đồng"),
            (
                "r eq a / b",
                "r=50, a=1, b=3",
                "r 50 is not a 1 ÷ b 3 = 33.33 of 2024-05",
                "R (50%) is not A (1 VND) ÷ B (3 VND) = 33.33%",
                "R (50%) không bằng A (1 đồng) ÷ B (3 đồng) = 33,33%",
            ),
            (
                "r eq a / b + c",
                "r=50, a=1, b=3, c=1",
                "r 50 is not a 1 ÷ (b 3 + c 1) = 25 of 2024-05",
                "R (50%) is not A (1 VND) ÷ (B (3 VND) + C (1 VND)) = 25%",
                "R (50%) không bằng A (1 đồng) ÷ (B (3 đồng) + C (1 đồng)) = 25%",
            ),
            (
                "x eq z",
                "x=1.5, z=>2000",
                "x 1.5 · 10^9 is not z > 2000 · 10^6 of 2024-05",
                "X (1.5 billion VND) is not Z (over 2,000 million VND)",
                "X (1,5 tỷ đồng) không bằng Z (trên 2.000 triệu đồng)",
            ),
            (
                "a le b",
                "a=12",
                "a 12 is there, and b is missing in 2024-05",
                "A (12 VND) is there, and B is missing",
                "A (12 đồng) đã có, còn B thì chưa có",
            ),
        ] {
            let held = held(&catalogue, &rule(asked, MissingFigures::Require), &found(known));
            assert_eq!(held.in_codes(may()), codes);
            assert_eq!(held.say(Language::English), english);
            assert_eq!(held.say(Language::Vietnamese), vietnamese);
        }
        let skipped = held(&catalogue, &rule("a le b", MissingFigures::Skip), &found("a=12"));
        assert_eq!(skipped.say(Language::English), Reason::CurrentMissing.text(Language::English));
    }
}
