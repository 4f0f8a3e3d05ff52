//! Validations: all checks on the stored figures of one province and period, by the rules and the current indicator definitions.
//! A validation changes no data.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::evaluate::{Met, Outcome, RuleEvaluation, evaluate};
use crate::domain::access::role::Caller;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::rule::{MissingFigures, Relation, Rule, Severity, Term};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::whole::{Whole, wholes};
use crate::domain::derivation::derived::{ResolvedValue, Unavailable};
use crate::domain::derivation::input::Inputs;
use crate::domain::derivation::resolve::{resolve, value_of_revision};
use crate::domain::fault::{LocatedFault, code_list};
use crate::domain::language::Language;
use crate::domain::narrative::sentence;
use crate::domain::number::decimal::Decimal;
use crate::domain::observation::history::Figures;
use crate::domain::observation::observation::Observation;
use crate::domain::reason::Reason;
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;

code_list! {
    /// Checks that follow from the definition of an indicator.
    pub enum Definition {
        /// The parts of a complete breakdown add up to the total.
        Parts = "parts",
        /// The numerator of a share does not exceed its denominator.
        Numerator = "numerator",
        /// A rate equals its numerator divided by its denominator.
        Ratio = "ratio",
        /// A figure lies within the bounds of its indicator.
        Bounds = "bounds",
    }
}

impl Definition {
    /// The requirement in words.
    #[must_use]
    pub fn name(self, language: Language) -> &'static str {
        let (vietnamese, english) = match self {
            Definition::Parts => ("Các phần cộng lại bằng tổng số", "The parts make their total"),
            Definition::Numerator => ("Tử số không lớn hơn mẫu số", "The numerator is at most the denominator"),
            Definition::Ratio => ("Tỷ lệ bằng tử số chia cho mẫu số", "The rate is its numerator over its denominator"),
            Definition::Bounds => ("Số liệu nằm trong giới hạn của chỉ tiêu", "The figure lies within the bounds of the indicator"),
        };
        if language == Language::Vietnamese { vietnamese } else { english }
    }
}

/// A validation request. A field that could not be read is absent and has an error.
#[derive(Debug)]
pub struct Question {
    /// Key, code or name of the province.
    pub province: Option<String>,
    /// The period.
    pub period: Option<PeriodCode>,
    /// The calendar; absent for that of each indicator.
    pub calendar: Option<Calendar>,
    /// Only checks with one of these indicators, each with its index; all checks if absent.
    pub indicators: Option<Vec<(usize, String)>>,
    /// The errors of reading.
    pub faults: Vec<LocatedFault>,
}

/// The source of a check.
#[derive(Debug, Clone, Copy)]
pub enum Asks<'c> {
    /// A rule.
    Rule(&'c Rule),
    /// The definition of an indicator.
    Definition(Definition),
}

impl Asks<'_> {
    /// The code of the rule or of the definition check.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Asks::Rule(rule) => rule.code.clone(),
            Asks::Definition(definition) => definition.as_str().to_owned(),
        }
    }

    /// The requirement in words.
    #[must_use]
    pub fn name(self, language: Language) -> String {
        match self {
            Asks::Rule(rule) => if language == Language::Vietnamese { &rule.name } else { &rule.name_en }.clone(),
            Asks::Definition(definition) => definition.name(language).to_owned(),
        }
    }

    /// The effect on a row that breaks it.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Asks::Rule(rule) => rule.severity,
            Asks::Definition(_) => Severity::Error,
        }
    }
}

/// A check and its result.
#[derive(Debug)]
pub struct Validation<'c> {
    /// The source of the check.
    pub asks: Asks<'c>,
    /// The period, in its calendar.
    pub period: Period,
    /// The result.
    pub outcome: Outcome,
    told: Finding<'c>,
}

/// The content of the explanation.
#[derive(Debug)]
enum Finding<'c> {
    Rule(RuleEvaluation<'c>),
    Figure(Box<Met<'c>>),
}

/// Checks the stored figures of a province around a period, by indicator, against the definitions and the rules that the caller may
/// see. With `wanted`, only checks with these indicators. Broken ones come first; then rules by code, then definitions.
#[must_use]
pub fn validate<'c>(
    catalogue: &'c Catalogue,
    caller: &'c Caller,
    wanted: Option<&BTreeSet<String>>,
    known: &BTreeMap<String, Figures>,
    in_calendar_of: impl Fn(&Indicator) -> Period,
) -> Vec<Validation<'c>> {
    let nothing = Figures::new();
    let of = |indicator: &Indicator| known.get(&indicator.code).unwrap_or(&nothing);
    let is_wanted = |code: &str| wanted.is_none_or(|wanted| wanted.contains(code));
    let mut all = Vec::new();
    for version in catalogue.rules(caller) {
        let rule = &version.definition;
        let first = rule.figures().next().and_then(|(code, _)| catalogue.current(code)).map(|found| found.indicator);
        let Some(first) = first.filter(|_| !rule.retired && rule.figures().any(|(code, _)| is_wanted(code))) else { continue };
        let period = in_calendar_of(first);
        let held =
            evaluate(rule, period, catalogue, |indicator, breakdown| resolve(indicator, breakdown, period, Inputs::stored(of(indicator))));
        all.extend(held.map(|held| Validation { asks: Asks::Rule(rule), period, outcome: held.outcome, told: Finding::Rule(held) }));
    }
    let indicators: Vec<(&Indicator, Period)> = catalogue
        .indicators(caller)
        .map(|found| found.indicator)
        .filter(|indicator| is_wanted(&indicator.code))
        .map(|indicator| (indicator, in_calendar_of(indicator)))
        .collect();
    for (indicator, period) in &indicators {
        all.extend(parts(catalogue, indicator, *period, of(indicator)));
    }
    for definition in [Definition::Numerator, Definition::Ratio, Definition::Bounds] {
        for (indicator, period) in &indicators {
            let reported = reported(of(indicator), *period).filter(|observation| applies(definition, indicator, observation));
            all.extend(reported.map(|observation| of_figure(definition, indicator, observation)));
        }
    }
    all.sort_by_key(|validation| validation.outcome != Outcome::Broken);
    all
}

/// The reported figures of an indicator for exactly this period, in the order of their breakdowns.
fn reported(known: &Figures, period: Period) -> impl Iterator<Item = &Observation> {
    let all: BTreeSet<&Breakdown> = known.keys().collect();
    all.into_iter().filter_map(move |part| known.get(part)?.iter().find(|observation| observation.period == period))
}

/// Checks each total with at least one reported figure for the period against its reported parts.
fn parts<'c>(catalogue: &'c Catalogue, indicator: &'c Indicator, period: Period, known: &Figures) -> Vec<Validation<'c>> {
    let mut seen = HashSet::new();
    let all = reported(known, period).flat_map(|observation| wholes(indicator, &observation.series.breakdown));
    let find = |_: &Indicator, part: &Breakdown| -> Result<ResolvedValue, Unavailable> {
        let found = known.get(part).and_then(|of_part| of_part.iter().find(|observation| observation.period == period));
        found.map_or_else(|| Err(Unavailable::from_reason(Reason::LowCoverage)), value_of_revision)
    };
    let validate = |whole: Whole| {
        let term = |breakdown: Breakdown| Term::Figure { indicator: indicator.code.clone(), breakdown };
        let (left, right) = (whole.parts.into_iter().map(term).collect(), vec![term(whole.total)]);
        let held = evaluate(&sum_of(left, right), period, catalogue, find)?;
        Some(Validation { asks: Asks::Definition(Definition::Parts), period, outcome: held.outcome, told: Finding::Rule(held) })
    };
    all.filter(|whole| seen.insert(whole.clone())).filter_map(validate).collect()
}

/// A rule that parts add up to their total.
fn sum_of(left: Vec<Term>, right: Vec<Term>) -> Rule {
    Rule {
        code: Definition::Parts.as_str().into(),
        name: Definition::Parts.name(Language::Vietnamese).into(),
        name_en: Definition::Parts.name(Language::English).into(),
        left,
        relation: Relation::Equal,
        right,
        divided_by: Vec::new(),
        tolerance: None,
        missing: MissingFigures::Skip,
        severity: Severity::Error,
        legal_reference: None,
        retired: false,
    }
}

/// The numerator and denominator of a reported rate.
fn ratio(observation: &Observation) -> Option<(Decimal, Decimal)> {
    observation.figure().and_then(|figure| figure.numerator.zip(figure.denominator))
}

fn applies(definition: Definition, indicator: &Indicator, observation: &Observation) -> bool {
    match definition {
        Definition::Numerator => indicator.is_share() && ratio(observation).is_some(),
        Definition::Ratio => ratio(observation).is_some(),
        Definition::Bounds => observation.figure().is_some(),
        Definition::Parts => false,
    }
}

/// Checks a reported figure against the definition of its indicator.
fn of_figure<'c>(definition: Definition, indicator: &'c Indicator, observation: &Observation) -> Validation<'c> {
    let broken = match (definition, observation.figure()) {
        (Definition::Numerator, _) => ratio(observation).is_some_and(|(numerator, denominator)| numerator > denominator),
        (Definition::Ratio, Some(figure)) => figure.disagrees_with_its_parts(),
        (Definition::Bounds, Some(figure)) => figure.is_out_of_bounds(indicator),
        (Definition::Parts, _) | (_, None) => false,
    };
    let met = Met { indicator, breakdown: observation.series.breakdown.clone(), found: value_of_revision(observation) };
    let outcome = if broken { Outcome::Broken } else { Outcome::Passed };
    let (asks, period) = (Asks::Definition(definition), observation.period);
    Validation { asks, period, outcome, told: Finding::Figure(Box::new(met)) }
}

impl<'c> Validation<'c> {
    /// The figures of the check.
    #[must_use]
    pub fn figures(&self) -> Vec<&Met<'c>> {
        match &self.told {
            Finding::Rule(held) => held.figures().collect(),
            Finding::Figure(met) => vec![met],
        }
    }

    /// The explanation as a sentence.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        let met = match &self.told {
            Finding::Rule(held) => return held.say(language),
            Finding::Figure(met) => met,
        };
        let figure = met.found.as_ref().ok().map(|formed| formed.figure);
        let said = figure.map(|figure| {
            let said = sentence::quantity(met.indicator, figure.quantity, language);
            said.unwrap_or_else(|| figure.quantity.to_string())
        });
        let number = |of: Option<Decimal>| of.map(|of| sentence::number(of, language)).unwrap_or_default();
        let numerator = number(figure.and_then(|figure| figure.numerator));
        let denominator = number(figure.and_then(|figure| figure.denominator));
        let relation = match (self.asks, self.outcome == Outcome::Broken, language) {
            (Asks::Definition(Definition::Numerator), true, Language::Vietnamese) => "lớn hơn",
            (Asks::Definition(Definition::Numerator), false, Language::Vietnamese) => "không lớn hơn",
            (Asks::Definition(Definition::Numerator), true, Language::English) => "is more than",
            (Asks::Definition(Definition::Numerator), false, Language::English) => "is at most",
            (Asks::Definition(Definition::Ratio), true, Language::Vietnamese) => "không bằng",
            (Asks::Definition(Definition::Ratio), false, Language::Vietnamese) => "bằng",
            (Asks::Definition(Definition::Ratio), true, Language::English) => "is not",
            (Asks::Definition(Definition::Ratio), false, Language::English) => "is",
            (_, true, Language::Vietnamese) => "nằm ngoài",
            (_, false, Language::Vietnamese) => "nằm trong",
            (_, true, Language::English) => "is not among",
            (_, false, Language::English) => "is among",
        };
        match self.asks {
            Asks::Definition(Definition::Numerator) => format!("{}: {numerator} {relation} {denominator}", met.with([], language)),
            Asks::Definition(Definition::Ratio) => format!("{} {relation} {numerator} ÷ {denominator}", met.with([said], language)),
            _ => format!("{} {relation} {}", met.with([said], language), bounds(met.indicator, language)),
        }
    }
}

/// The possible values of an indicator, as text.
fn bounds(indicator: &Indicator, language: Language) -> String {
    let (numbers, from, to) = match (language, indicator.is_count()) {
        (Language::Vietnamese, true) => ("các số nguyên", "từ", "đến"),
        (Language::Vietnamese, false) => ("các số", "từ", "đến"),
        (Language::English, true) => ("the whole numbers", "from", "to"),
        (Language::English, false) => ("the numbers", "from", "to"),
    };
    let end = |word: &str, end: Option<Decimal>| end.map(|end| format!(" {word} {}", sentence::number(end, language)));
    format!("{numbers}{}{}", end(from, indicator.least()).unwrap_or_default(), end(to, indicator.max).unwrap_or_default())
}
