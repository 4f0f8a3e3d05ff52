//! Rules: what must hold between figures of one province and period, as data. Sums, parts, shares and bounds are one linear form.
//! What is true of one figure by its own definition (its bounds, its numerator and denominator) is no rule.

pub mod draft;
pub mod held;
mod said;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::breakdown::Breakdown;
use super::catalogue::Catalogue;
use super::decimal::Decimal;
use super::fault::{Code, Fault, Located, Place, words};
use super::indicator::{Indicator, Measure};
use super::role::Caller;

words! {
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

words! {
    /// What a rule says where a figure is missing. A declaration that there is nothing to report is not missing; it is no zero either.
    pub enum MissingFigures {
        /// It is not checked.
        Skip = "skip",
        /// It is broken where another of its figures is there.
        Require = "require",
    }
}

words! {
    /// What becomes of a row that breaks a rule.
    pub enum Severity {
        /// It is taken where it is acknowledged.
        Warning = "warning",
        /// It is refused unless somebody insists with a reason.
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

/// The unit of shares.
const PERCENT: &str = "percent";

/// The terms of a list, each with its place in it.
pub(super) type Placed<'t> = Vec<(usize, &'t Term)>;

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

    /// What is wrong with it, beside the catalogue as it is.
    #[must_use]
    pub fn faults(&self, catalogue: &Catalogue, caller: &Caller) -> Vec<Located> {
        let sides = self.sides().map(|side| side.iter().enumerate().collect());
        faults(&sides, self.tolerance, catalogue, caller)
    }
}

/// A figure of a side, and the definition of its indicator.
struct Found<'c> {
    /// The pointer to the term.
    at: String,
    indicator: &'c Indicator,
}

/// What is wrong with the sides of a rule: indicators and parts that there are not, units that cannot be brought to one, rates that would
/// be added up, shares that are none.
pub(super) fn faults(sides: &[Placed<'_>; 3], tolerance: Option<Decimal>, catalogue: &Catalogue, caller: &Caller) -> Vec<Located> {
    let mut faults = Vec::new();
    let mut note = |pointer: String, fault: Fault| faults.push(fault.at(Place::Pointer(pointer)));
    let of_share = !sides[2].is_empty();
    let found: [Vec<Found<'_>>; 3] = std::array::from_fn(|n| {
        let mut found = Vec::new();
        for (place, term) in &sides[n] {
            let at = format!("/{}/{place}", ["left", "right", "divided_by"][n]);
            match term {
                Term::Figure { indicator, breakdown } => match catalogue.indicator(indicator, caller) {
                    Ok(of) => {
                        if let Err(fault) = of.indicator.check_breakdown(breakdown) {
                            note(format!("{at}/breakdown"), fault);
                        }
                        found.push(Found { at, indicator: of.indicator });
                    }
                    Err(fault) => note(format!("{at}/indicator"), fault),
                },
                Term::Number { .. } if of_share && n > 0 => {
                    note(format!("{at}/value"), invalid("a share is one of figures: a number stands on the left"));
                }
                Term::Number { .. } => {}
            }
        }
        found
    });
    if !sides[0].is_empty() && sides[0].iter().all(|(_, term)| matches!(term, Term::Number { .. })) {
        note("/left".into(), invalid("the left side names no indicator: nothing would be checked, or the sides are to change places"));
    }
    for found in found.iter().filter(|found| found.len() > 1) {
        for Found { at, indicator } in found.iter().filter(|of| !adds_up(of.indicator)) {
            let message = format!("`{}` is a {}: it is not added to anything", indicator.code, indicator.measure.as_str());
            note(format!("{at}/indicator"), invalid(message));
        }
    }
    let [left, right, divided_by] = &found;
    let mut one_unit = |all: Vec<&Found<'_>>| {
        let Some(first) = all.first().map(|of| of.indicator) else { return };
        for Found { at, indicator } in all.iter().filter(|of| of.indicator.unit != first.unit) {
            let message = format!("`{}` is in {}, `{}` in {}", indicator.code, indicator.unit, first.code, first.unit);
            note(format!("{at}/indicator"), Fault::new(Code::UnitMismatch, message).allowing([first.unit.clone()]));
        }
    };
    if of_share {
        one_unit(right.iter().chain(divided_by).collect());
        let misfits = right.iter().chain(divided_by).filter_map(|of| Some((of, no_part_of_a_share(of.indicator)?)));
        let misfits = left.iter().filter_map(|of| Some((of, no_share(of.indicator)?))).chain(misfits);
        misfits.for_each(|(of, fault)| note(format!("{}/indicator", of.at), fault));
    } else {
        one_unit(left.iter().chain(right).collect());
    }
    if tolerance.is_some_and(Decimal::is_negative) {
        note("/tolerance".into(), invalid("a tolerance is zero or more"));
    }
    faults
}

/// Why an indicator is no share.
fn no_share(indicator: &Indicator) -> Option<Fault> {
    (indicator.unit != PERCENT).then(|| {
        let message = format!("a share is in {PERCENT}, and `{}` in {}", indicator.code, indicator.unit);
        Fault::new(Code::UnitMismatch, message).allowing([PERCENT])
    })
}

/// Why an indicator is nothing that a share is made of.
fn no_part_of_a_share(indicator: &Indicator) -> Option<Fault> {
    if !adds_up(indicator) {
        return Some(invalid(format!("a share is one of counts or amounts: `{}` is a {}", indicator.code, indicator.measure.as_str())));
    }
    let below_zero = indicator.least().is_none_or(Decimal::is_negative);
    below_zero.then(|| invalid(format!("a share is one of what is never below zero: `{}` has no such `min`", indicator.code)))
}

/// Whether figures of several indicators of this kind make a sum of any meaning.
fn adds_up(indicator: &Indicator) -> bool {
    matches!(indicator.measure, Measure::Flow | Measure::Stock)
}

fn invalid(message: impl Into<String>) -> Fault {
    Fault::new(Code::InvalidValue, message)
}
