//! The short notation for rules in the tables of the tests.
//! Compiled for tests only.

use super::evaluate::RuleEvaluation;
use super::evaluate::evaluate;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::indicator::Measure;
use crate::domain::catalogue::province::Provinces;
use crate::domain::catalogue::rule::MissingFigures;
use crate::domain::catalogue::rule::Relation;
use crate::domain::catalogue::rule::Rule;
use crate::domain::catalogue::rule::Severity;
use crate::domain::catalogue::rule::Term;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::derivation::derived::ResolvedValue;
use crate::domain::derivation::derived::Unavailable;
use crate::domain::derivation::resolve::value_of_revision;
use crate::domain::number::decimal::Decimal;
use crate::domain::reason::Reason;
use crate::domain::testing::indicator;
use crate::domain::testing::observation;
use crate::domain::time::period::Calendar;
use crate::domain::time::period::Period;
use std::collections::BTreeMap;

/// Counts `a`, `b`, `c` and `d`; amounts `x` and `y` in tỷ and `z` in triệu; a rate `r`.
pub(crate) fn catalogue() -> Catalogue {
    let of = |code: &str, measure: Measure, decimals: u32, unit_mult: i32| Indicator {
        code: code.into(),
        name: code.to_uppercase(),
        name_en: code.to_uppercase(),
        unit_mult,
        min: Some(Decimal::ZERO),
        ..indicator(measure, decimals)
    };
    let counts = ["a", "b", "c", "d"].map(|code| of(code, Measure::Flow, 0, 0));
    let others = [of("x", Measure::Flow, 1, 9), of("y", Measure::Flow, 1, 9), of("z", Measure::Flow, 1, 6), of("r", Measure::Rate, 2, 0)];
    Catalogue::new(Provinces::default(), counts.into_iter().chain(others).collect())
}

/// A rule in test notation: `a + b le c`, `r eq c / a + b`, `a ge 5`, with `~0.5` for a tolerance.
pub(crate) fn rule(text: &str, missing: MissingFigures) -> Rule {
    let (text, tolerance) = text.split_once(" ~").map_or((text, None), |(text, by)| (text, Some(Decimal::parse_json(by).unwrap())));
    let (relation, word) = ["le", "ge", "eq"]
        .into_iter()
        .find_map(|word| Some((Relation::parse(word).ok()?, format!(" {word} "))).filter(|(_, word)| text.contains(word.as_str())))
        .unwrap();
    let (left, rest) = text.split_once(&word).unwrap();
    let (right, divided_by) = rest.split_once(" / ").unwrap_or((rest, ""));
    let terms = |side: &str| {
        let term = |text: &str| match Decimal::parse_json(text) {
            Ok(value) => Term::Number { value },
            Err(_) => Term::Figure { indicator: text.into(), breakdown: Breakdown::default() },
        };
        side.split(" + ").filter(|text| !text.is_empty()).map(term).collect::<Vec<Term>>()
    };
    Rule {
        code: "r".into(),
        name: "R".into(),
        name_en: "R".into(),
        left: terms(left),
        relation,
        right: terms(right),
        divided_by: terms(divided_by),
        tolerance,
        missing,
        severity: Severity::Error,
        legal_reference: None,
        retired: false,
    }
}

pub(crate) fn may() -> Period {
    Period::parse("2024-05", Calendar::Civil).unwrap()
}

/// Figures in test notation: `a=12, b=>10, r=50(1/2), c=nil`.
pub(crate) fn found(text: &str) -> BTreeMap<String, Result<ResolvedValue, Unavailable>> {
    let of = |pair: &str| {
        let (code, said) = pair.split_once('=').unwrap();
        let (said, ratio) = said.split_once('(').map_or((said, None), |(said, ratio)| (said, Some(ratio.trim_end_matches(')'))));
        let mut value = value_of_revision(&observation("2024-05", Calendar::Civil, said));
        if let (Ok(value), Some((numerator, denominator))) = (&mut value, ratio.and_then(|ratio| ratio.split_once('/'))) {
            value.figure.numerator = Decimal::parse_json(numerator).ok();
            value.figure.denominator = Decimal::parse_json(denominator).ok();
        }
        (code.to_owned(), value)
    };
    text.split(", ").filter(|pair| !pair.is_empty()).map(of).collect()
}

pub(crate) fn evaluation<'c>(
    catalogue: &'c Catalogue,
    rule: &Rule,
    known: &BTreeMap<String, Result<ResolvedValue, Unavailable>>,
) -> RuleEvaluation<'c> {
    let find =
        |of: &Indicator, _: &Breakdown| known.get(&of.code).cloned().unwrap_or_else(|| Err(Unavailable::from_reason(Reason::LowCoverage)));
    evaluate(rule, may(), catalogue, find).unwrap()
}
