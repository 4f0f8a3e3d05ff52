//! Rules: what must hold between figures of one province and period, as data. Sums, parts, shares and bounds are one linear form.
//! What is true of one figure by its own definition (its bounds, its numerator and denominator) is no rule.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::breakdown::Breakdown;
use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;

code_list! {
    /// How the left side of a rule stands to the right one.
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
    /// What a rule says where a figure is missing. A declaration that there is nothing to report is not missing; it is no zero either.
    pub enum MissingFigures {
        /// It is not checked.
        Skip = "skip",
        /// It is broken where another of its figures is there.
        Require = "require",
    }
}

code_list! {
    /// What becomes of a row that breaks a rule.
    pub enum Severity {
        /// It is taken where it is acknowledged.
        Warning = "warning",
        /// It is refused unless `force` is set, with a reason.
        Error = "error",
    }
}

/// One of the things that a side of a rule adds up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Term {
    /// The figure of an indicator.
    Figure {
        /// Code of the indicator
        indicator: String,
        /// The part; absent for the total
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

/// A rule: `left` relation `right`, or where it has a `divided_by`, relation 100 × `right` ÷ `divided_by`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rule {
    /// The code: lower-case words joined by hyphens
    #[schema(example = "sanctioned-entities-of-inspected")]
    pub code: String,
    /// What it asks, in Vietnamese
    pub name: String,
    /// The same in English
    pub name_en: String,
    /// What is added up on the left
    pub left: Vec<Term>,
    /// How the left side stands to the right one
    pub relation: Relation,
    /// What is added up on the right
    pub right: Vec<Term>,
    /// What the right side is a share of, in percent; empty where it is none
    pub divided_by: Vec<Term>,
    /// By how much the two sides may differ beyond rounding, in the unit of the left one
    #[schema(required = true)]
    pub tolerance: Option<Decimal>,
    /// What it says where a figure is missing
    pub missing: MissingFigures,
    /// What becomes of a row that breaks it
    pub severity: Severity,
    /// The text that asks for it, such as `Thông tư 02/2023/TT-BTTTT`
    #[schema(required = true)]
    pub legal_reference: Option<String>,
    /// Whether it is asked no longer
    pub retired: bool,
}

/// One version of a rule, with its place in the history.
#[derive(Debug, Clone)]
pub struct RuleVersion {
    /// The rule.
    pub rule: Rule,
    /// 1 for the first, one more for each change.
    pub version: i32,
    /// Why it changed, where somebody said so.
    pub reason: Option<String>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

impl Rule {
    /// What is added up: on the left, on the right, and what the right side is a share of.
    #[must_use]
    pub fn sides(&self) -> [&[Term]; 3] {
        [&self.left, &self.right, &self.divided_by]
    }

    /// The codes of its indicators, and the part of each.
    pub fn figures(&self) -> impl Iterator<Item = (&str, &Breakdown)> {
        self.sides().into_iter().flatten().filter_map(|term| match term {
            Term::Figure { indicator, breakdown } => Some((indicator.as_str(), breakdown)),
            Term::Number { .. } => None,
        })
    }
}
