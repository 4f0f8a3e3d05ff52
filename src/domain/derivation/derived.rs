//! Derived figures: the figure of a period, reported or derived, with its provenance and any disagreement.
//! A reported figure takes precedence over a derived one. A disagreement between them is shown, never hidden.

use std::{fmt, iter};

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::language::Language;
use crate::domain::message::Bilingual;
use crate::domain::number::quantity::Sign;
use crate::domain::observation::figure::Figure;
use crate::domain::observation::observation::Observation;
use crate::domain::reason::Reason;
use crate::domain::time::period::Period;

/// The part of a period that reported figures cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Number of months covered.
    pub have: u32,
    /// Number of months in the period.
    pub need: u32,
}

/// A reported figure that a derived figure is computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// Whether it is added or subtracted.
    pub sign: Sign,
    /// The key of the reporting unit.
    pub province: String,
    /// The breakdown it was reported for.
    pub breakdown: Breakdown,
    /// The period it was reported for.
    pub period: Period,
    /// The figure.
    pub figure: Figure,
    /// The id of the observation.
    pub observation: String,
    /// The version of the indicator definition at the time of the report.
    pub definition_version: i32,
}

impl Operand {
    pub(crate) fn of(sign: Sign, observation: &Observation, figure: Figure) -> Operand {
        Operand {
            sign,
            province: observation.series.province.clone(),
            breakdown: observation.series.breakdown.clone(),
            period: observation.period,
            figure,
            observation: observation.id.clone(),
            definition_version: observation.definition_version,
        }
    }
}

/// The dimension of a derivation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DerivationKind {
    /// Over time: from other periods of the year.
    Time,
    /// Over breakdowns: a total from all its parts, or one part from the total and the other parts.
    Parts(Vec<(Sign, Breakdown)>),
    /// Over areas: from the units of a larger area, by their keys.
    Areas(Vec<String>),
    /// Over time in a year with a change of territory: the periods of the earlier units, then those of the unit itself, each as text.
    Territory(Vec<(Sign, String)>),
}

/// A figure derived from reported figures.
#[derive(Debug, Clone)]
pub struct DerivedValue {
    /// The figure, with the weakest status of its operands and no more certainty than they have.
    pub figure: Figure,
    /// The dimension of the derivation.
    pub along: DerivationKind,
    /// The reported figures it is computed from.
    pub parts: Vec<Operand>,
    /// The part of the period that they cover.
    pub coverage: Coverage,
}

/// The derivation as text: `sum of 2024-01…2024-06`, `2024-05-YTD − 2024-05`, `last of 2024-05`, `line_type:fixed + line_type:mobile`,
/// `total − line_type:fixed`, `bac-giang-1997 + bac-ninh-1997`, `sum of 34 provinces`.
impl fmt::Display for DerivedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

/// The same text, in Vietnamese `tổng 2024-01…2024-06`, `tổng số − line_type:fixed`, `tổng của 34 tỉnh`.
impl Bilingual for DerivedValue {
    fn in_language(&self, language: Language) -> String {
        let words = match language {
            Language::Vietnamese => VIETNAMESE,
            Language::English => ENGLISH,
        };
        if let DerivationKind::Parts(terms) = &self.along {
            let name = |part: &Breakdown| if part.is_total() { words.total.to_owned() } else { part.to_string() };
            return joined(terms.iter().map(|(sign, part)| (*sign, name(part))));
        }
        let ratio = self.figure.numerator.is_some();
        let ratio_of = if ratio { words.ratio_of } else { "" };
        if let DerivationKind::Areas(keys) = &self.along {
            return match &keys[..] {
                [_, _, _, _, _, ..] => {
                    format!("{} {} {}", if ratio { words.ratio } else { words.sum }, keys.len(), words.provinces)
                }
                few => format!("{ratio_of}{}", joined(few.iter().map(|key| (Sign::Plus, key)))),
            };
        }
        let ratio_of = if self.parts.len() > 1 { ratio_of } else { "" };
        if let DerivationKind::Territory(terms) = &self.along {
            return match &terms[..] {
                [(_, only)] => format!("{ratio_of}{}{only}", words.last_of),
                terms => format!("{ratio_of}{}", joined(terms.iter().map(|(sign, term)| (*sign, term)))),
            };
        }
        let alike = self.parts.windows(2).all(|pair| {
            let follows = pair[0].period.end().succ_opt() == Some(pair[1].period.start());
            follows && pair[0].period.frequency() == pair[1].period.frequency()
        });
        match &self.parts[..] {
            [only] => format!("{}{}", words.last_of, only.period),
            [first, .., last] if self.parts.len() > 2 && alike && self.parts.iter().all(|part| part.sign == Sign::Plus) => {
                format!("{ratio_of}{}{}…{}", words.sum_of, first.period, last.period)
            }
            parts => format!("{ratio_of}{}", joined(parts.iter().map(|part| (part.sign, part.period)))),
        }
    }
}

/// The words of a derivation.
struct Words {
    total: &'static str,
    ratio_of: &'static str,
    sum_of: &'static str,
    last_of: &'static str,
    /// Before the number of provinces.
    ratio: &'static str,
    sum: &'static str,
    /// Behind it.
    provinces: &'static str,
}

const ENGLISH: Words = Words {
    total: "total",
    ratio_of: "ratio of ",
    sum_of: "sum of ",
    last_of: "last of ",
    ratio: "ratio of",
    sum: "sum of",
    provinces: "provinces",
};

const VIETNAMESE: Words = Words {
    total: "tổng số",
    ratio_of: "tỷ số của ",
    sum_of: "tổng ",
    last_of: "số cuối kỳ ",
    ratio: "tỷ số của",
    sum: "tổng của",
    provinces: "tỉnh",
};

/// The terms with their signs.
fn joined(terms: impl Iterator<Item = (Sign, impl fmt::Display)>) -> String {
    let mut text = String::new();
    for (n, (sign, term)) in terms.enumerate() {
        text.push_str(match (n, sign) {
            (0, Sign::Plus) => "",
            (_, Sign::Plus) => " + ",
            (_, Sign::Minus) => " − ",
        });
        text.push_str(&term.to_string());
    }
    text
}

/// The provenance of a figure.
#[derive(Debug, Clone)]
pub enum ValueOrigin {
    /// A report gives the figure. If the other stored figures disagree beyond rounding, the disagreement is kept with it.
    Reported {
        /// The stored observation.
        observation: Box<Observation>,
        /// The value that the other figures give instead.
        disagreement: Option<Box<DerivedValue>>,
        /// Whether it is a year to date below an earlier one of the same year.
        falls: bool,
    },
    /// The figure is derived from reported figures.
    Derived(DerivedValue),
}

/// The figure of a period, reported or derived.
#[derive(Debug, Clone)]
pub struct ResolvedValue {
    /// The figure.
    pub figure: Figure,
    /// The provenance.
    pub origin: ValueOrigin,
    /// The part of the period that it covers; `None` for an interval.
    pub coverage: Option<Coverage>,
}

impl ResolvedValue {
    /// Whether it covers less than the whole period.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.coverage.is_some_and(|coverage| coverage.have < coverage.need)
    }

    /// Whether it is a year to date below an earlier one.
    #[must_use]
    pub fn falls(&self) -> bool {
        matches!(self.origin, ValueOrigin::Reported { falls: true, .. })
    }

    /// The observation, if the figure is reported.
    #[must_use]
    pub fn observation(&self) -> Option<&Observation> {
        match &self.origin {
            ValueOrigin::Reported { observation, .. } => Some(observation),
            ValueOrigin::Derived(_) => None,
        }
    }

    /// The definition versions of the observations behind the figure.
    pub fn definition_versions(&self) -> impl Iterator<Item = i32> {
        let (reported, parts) = match &self.origin {
            ValueOrigin::Reported { observation, .. } => (Some(observation.definition_version), &[][..]),
            ValueOrigin::Derived(derived) => (None, &derived.parts[..]),
        };
        reported.into_iter().chain(parts.iter().map(|part| part.definition_version))
    }
}

/// A reported figure covers its whole period. A stock counted on an earlier day covers the months until that day.
pub(crate) fn reported_coverage(period: Period, figure: &Figure) -> Option<Coverage> {
    let need = period.months()?;
    let have = figure.as_of.map_or(Some(need), |day| period.months_by(day))?;
    Some(Coverage { have, need })
}

/// The reported figures behind a figure.
pub(crate) fn operands_of(formed: &ResolvedValue) -> Vec<Operand> {
    match &formed.origin {
        ValueOrigin::Reported { observation, .. } => vec![Operand::of(Sign::Plus, observation, formed.figure)],
        ValueOrigin::Derived(derived) => derived.parts.clone(),
    }
}

/// Why a figure is not available.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable {
    /// The reason code, from the closed list of comparisons.
    pub reason: Reason,
    /// The part of the period that is covered; `None` for a period without months.
    pub coverage: Option<Coverage>,
    /// The id of the observation that declares nothing to report.
    pub declared_by: Option<String>,
    /// The known figures of the units, if the figure of their area cannot be derived.
    pub parts: Vec<Operand>,
}

impl Unavailable {
    /// Whether there are no stored figures at all to derive from.
    #[must_use]
    pub fn is_of_nothing(&self) -> bool {
        let nothing = self.coverage.is_none_or(|coverage| coverage.have == 0) && self.parts.is_empty();
        nothing && matches!(self.reason, Reason::LowCoverage | Reason::NotAdditive)
    }

    /// Why there is no figure: `current_missing` if there are no stored figures at all, whatever the indicator could be derived from.
    #[must_use]
    pub fn effective_reason(&self) -> Reason {
        if self.is_of_nothing() { Reason::CurrentMissing } else { self.reason }
    }

    /// What every answer says of a period without a figure: that it is missing, and why if figures are stored to derive it from.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason> {
        self.reasons_as(Reason::CurrentMissing)
    }

    /// The same of the figure to compare with, which is missing as `missing` says.
    #[must_use]
    pub fn reasons_as(&self, missing: Reason) -> Vec<Reason> {
        let why = Some(self.effective_reason()).filter(|why| *why != Reason::CurrentMissing);
        iter::once(missing).chain(why).collect()
    }

    /// Only a reason, without coverage or operands.
    #[must_use]
    pub fn from_reason(reason: Reason) -> Unavailable {
        Unavailable { reason, coverage: None, declared_by: None, parts: Vec::new() }
    }
}
