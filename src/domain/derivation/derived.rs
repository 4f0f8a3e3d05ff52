//! Formed figures: the figure of a period, reported or derived, with where it comes from and what stands beside it.
//! A reported figure wins over a derived one; what disagrees with it is named, never hidden.

use std::fmt;

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::number::quantity::Sign;
use crate::domain::observation::figure::Figure;
use crate::domain::observation::observation::Observation;
use crate::domain::reason::Reason;
use crate::domain::time::period::Period;

/// How much of a period reported figures cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Months covered.
    pub have: u32,
    /// Months of the period.
    pub need: u32,
}

/// A reported figure that another is formed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// Whether it is added or taken away.
    pub sign: Sign,
    /// The key of the unit that reported it.
    pub province: String,
    /// Which part of the indicator it is of.
    pub breakdown: Breakdown,
    /// The period it was reported for.
    pub period: Period,
    /// The figure.
    pub figure: Figure,
    /// The id of the observation.
    pub observation: String,
    /// The version of the definition it was reported under.
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

/// Along what a figure is formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DerivationKind {
    /// The months of the year.
    Time,
    /// The parts of the indicator: a total from all of them, or one from the total and the others.
    Parts(Vec<(Sign, Breakdown)>),
    /// The units that make up an area, by their keys.
    Areas(Vec<String>),
    /// The months of a year in which the territory changed: those of the units before it, and its own; each as people write it.
    Territory(Vec<(Sign, String)>),
}

/// A figure formed from reported ones.
#[derive(Debug, Clone)]
pub struct DerivedValue {
    /// The figure, with the weakest status among its parts and no more certainty than they have.
    pub figure: Figure,
    /// Along what it is formed.
    pub along: DerivationKind,
    /// The reported figures it is formed from.
    pub parts: Vec<Operand>,
    /// How much of the period that covers.
    pub coverage: Coverage,
}

/// How the figure is formed, as people write it: `sum of 2024-01…2024-06`, `2024-05-YTD − 2024-05`, `last of 2024-05`,
/// `line_type:fixed + line_type:mobile`, `total − line_type:fixed`, `bac-giang-2004 + bac-ninh-2004`, `sum of 34 provinces`.
impl fmt::Display for DerivedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let DerivationKind::Parts(terms) = &self.along {
            let name = |part: &Breakdown| if part.is_total() { "total".to_owned() } else { part.to_string() };
            return write_terms(f, terms.iter().map(|(sign, part)| (*sign, name(part))));
        }
        let ratio = self.figure.numerator.is_some();
        if let DerivationKind::Areas(keys) = &self.along {
            return match &keys[..] {
                [_, _, _, _, _, ..] => write!(f, "{} of {} provinces", if ratio { "ratio" } else { "sum" }, keys.len()),
                few => {
                    f.write_str(if ratio { "ratio of " } else { "" })?;
                    write_terms(f, few.iter().map(|key| (Sign::Plus, key)))
                }
            };
        }
        if ratio && self.parts.len() > 1 {
            f.write_str("ratio of ")?;
        }
        if let DerivationKind::Territory(terms) = &self.along {
            return match &terms[..] {
                [(_, only)] => write!(f, "last of {only}"),
                terms => write_terms(f, terms.iter().map(|(sign, term)| (*sign, term))),
            };
        }
        let alike = self.parts.windows(2).all(|pair| {
            let follows = pair[0].period.end().succ_opt() == Some(pair[1].period.start());
            follows && pair[0].period.frequency() == pair[1].period.frequency()
        });
        match &self.parts[..] {
            [only] => write!(f, "last of {}", only.period),
            [first, .., last] if self.parts.len() > 2 && alike && self.parts.iter().all(|part| part.sign == Sign::Plus) => {
                write!(f, "sum of {}…{}", first.period, last.period)
            }
            parts => write_terms(f, parts.iter().map(|part| (part.sign, part.period))),
        }
    }
}

fn write_terms(f: &mut fmt::Formatter<'_>, terms: impl Iterator<Item = (Sign, impl fmt::Display)>) -> fmt::Result {
    for (n, (sign, term)) in terms.enumerate() {
        let sign = match (n, sign) {
            (0, Sign::Plus) => "",
            (_, Sign::Plus) => " + ",
            (_, Sign::Minus) => " − ",
        };
        write!(f, "{sign}{term}")?;
    }
    Ok(())
}

/// Where a figure comes from.
#[derive(Debug, Clone)]
pub enum ValueOrigin {
    /// A report says so. Where the other figures on record say something else beyond rounding, they are beside it.
    Reported {
        /// The figure on record.
        observation: Box<Observation>,
        /// What it would be by the other figures.
        disagreement: Option<Box<DerivedValue>>,
        /// Whether it is a year to date below an earlier one of the same year.
        falls: bool,
    },
    /// It is formed from reported figures.
    Derived(DerivedValue),
}

/// The figure of a period, reported or formed.
#[derive(Debug, Clone)]
pub struct ResolvedValue {
    /// The figure.
    pub figure: Figure,
    /// Where it comes from.
    pub origin: ValueOrigin,
    /// How much of the period it covers; `None` for an interval.
    pub coverage: Option<Coverage>,
}

impl ResolvedValue {
    /// Whether less than the whole period is covered.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.coverage.is_some_and(|coverage| coverage.have < coverage.need)
    }

    /// Whether it is a year to date that falls.
    #[must_use]
    pub fn falls(&self) -> bool {
        matches!(self.origin, ValueOrigin::Reported { falls: true, .. })
    }

    /// The reported figure, if it is one.
    #[must_use]
    pub fn observation(&self) -> Option<&Observation> {
        match &self.origin {
            ValueOrigin::Reported { observation, .. } => Some(observation),
            ValueOrigin::Derived(_) => None,
        }
    }

    /// The versions of the definition that its parts were reported under.
    pub fn definition_versions(&self) -> impl Iterator<Item = i32> {
        let (reported, parts) = match &self.origin {
            ValueOrigin::Reported { observation, .. } => (Some(observation.definition_version), &[][..]),
            ValueOrigin::Derived(derived) => (None, &derived.parts[..]),
        };
        reported.into_iter().chain(parts.iter().map(|part| part.definition_version))
    }
}

/// A reported figure covers its period; a state counted earlier covers the months until then.
pub(crate) fn reported_coverage(period: Period, figure: &Figure) -> Option<Coverage> {
    let need = period.months()?;
    let have = figure.as_of.map_or(Some(need), |day| period.months_by(day))?;
    Some(Coverage { have, need })
}

/// The reported figures that a figure is made of.
pub(crate) fn operands_of(formed: &ResolvedValue) -> Vec<Operand> {
    match &formed.origin {
        ValueOrigin::Reported { observation, .. } => vec![Operand::of(Sign::Plus, observation, formed.figure)],
        ValueOrigin::Derived(derived) => derived.parts.clone(),
    }
}

/// Why a figure cannot be formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable {
    /// The reason, of the closed list of comparisons.
    pub reason: Reason,
    /// How much of the period is covered; `None` where the period has no months.
    pub coverage: Option<Coverage>,
    /// The id of the observation that declares that there is nothing to report.
    pub declared_by: Option<String>,
    /// The figures of the units that an area's figure could not be formed from.
    pub parts: Vec<Operand>,
}

impl Unavailable {
    /// Whether nothing at all is on record that the figure could be formed from.
    #[must_use]
    pub fn is_of_nothing(&self) -> bool {
        let nothing = self.coverage.is_none_or(|coverage| coverage.have == 0) && self.parts.is_empty();
        nothing && matches!(self.reason, Reason::LowCoverage | Reason::NotAdditive)
    }

    /// The reason, told of the figure itself: where nothing is on record, that it is missing.
    #[must_use]
    pub fn effective_reason(&self) -> Reason {
        if self.is_of_nothing() { Reason::CurrentMissing } else { self.reason }
    }

    /// Nothing but the reason.
    #[must_use]
    pub fn from_reason(reason: Reason) -> Unavailable {
        Unavailable { reason, coverage: None, declared_by: None, parts: Vec::new() }
    }
}
