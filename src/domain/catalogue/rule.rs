//! Validation rules as data: one linear relation between figures of a province and period, for sums, breakdowns, shares and bounds.
//! Conditions on a single figure by its indicator (bounds, numerator and denominator) are not rules.

use serde::Serialize;
use utoipa::ToSchema;

use super::breakdown::Breakdown;
use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;

code_list! {
    /// The relation of the left side to the right side.
    pub enum Relation {
        /// The left side is at most the right one.
        AtMost = "le",
        /// The left side is at least the right one.
        AtLeast = "ge",
        /// The two are equal.
        Equal = "eq",
    }
}

code_list! {
    /// What a rule does if a figure is missing. A declaration of nothing to report is not missing, and it is not zero.
    pub enum MissingFigures {
        /// The rule is not checked.
        Skip = "skip",
        /// The rule is broken if at least one of its other figures exists.
        Require = "require",
    }
}

code_list! {
    /// The effect on a row that breaks a rule.
    pub enum Severity {
        /// The row is accepted if the sender acknowledges it.
        Warning = "warning",
        /// The row is rejected unless the sender sets `force` and gives a reason.
        Error = "error",
    }
}

/// One term of a side of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Term {
    /// The figure of an indicator.
    Figure {
        /// Code of the indicator
        indicator: String,
        /// The breakdown; absent for the total
        #[serde(skip_serializing_if = "Breakdown::is_total")]
        #[schema(required = false)]
        breakdown: Breakdown,
    },
    /// A number, in the unit and multiplier of the first indicator on the left.
    Number {
        /// The number
        value: Decimal,
    },
}

/// A rule: `left` relation `right`. With `divided_by`, it is `left` relation 100 × `right` ÷ `divided_by`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rule {
    /// Lower-case words joined by hyphens, at most 64 characters
    #[schema(example = "sanctioned-entities-of-inspected")]
    pub code: String,
    /// The requirement in words, in Vietnamese
    pub name: String,
    /// The requirement in English
    pub name_en: String,
    /// The terms of the left side; they are added
    pub left: Vec<Term>,
    /// The relation of the left side to the right side
    pub relation: Relation,
    /// The terms of the right side; they are added
    pub right: Vec<Term>,
    /// The terms of the denominator, if the right side is a percentage; otherwise empty
    pub divided_by: Vec<Term>,
    /// The allowed difference between the two sides beyond rounding, in the unit of the left side
    #[schema(required = true)]
    pub tolerance: Option<Decimal>,
    /// What the rule does if a figure is missing
    pub missing: MissingFigures,
    /// The effect on a row that breaks the rule
    pub severity: Severity,
    /// The legal text that requires it, such as `Thông tư 02/2023/TT-BTTTT`
    #[schema(required = true)]
    pub legal_reference: Option<String>,
    /// Whether the rule is no longer checked
    pub retired: bool,
}

impl Rule {
    /// The terms of the left side, of the right side and of the denominator.
    #[must_use]
    pub fn sides(&self) -> [&[Term]; 3] {
        [&self.left, &self.right, &self.divided_by]
    }

    /// The indicator code and the breakdown of each figure in the rule.
    pub fn figures(&self) -> impl Iterator<Item = (&str, &Breakdown)> {
        self.sides().into_iter().flatten().filter_map(|term| match term {
            Term::Figure { indicator, breakdown } => Some((indicator.as_str(), breakdown)),
            Term::Number { .. } => None,
        })
    }
}
