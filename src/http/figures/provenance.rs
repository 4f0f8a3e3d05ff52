//! Provenance of a figure: reported, or derived from other figures.
//! Figures are in `figure`.

use serde::Serialize;
use utoipa::ToSchema;

use super::figure::{FigureView, Number};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::derivation::derived::{self, ResolvedValue, Unavailable};
use crate::domain::fault::code_list;
use crate::domain::number::quantity::Sign;
use crate::domain::submission::warning::Warning;

code_list! {
    /// Origin of a figure.
    pub enum Origin {
        /// Stated in a report.
        Reported = "reported",
        /// Derived from reported figures; see the derivation.
        Derived = "derived",
    }
}

/// Origin of a figure, and its derivation if it was not reported.
#[derive(Debug, Serialize, ToSchema)]
pub struct Provenance {
    /// `reported` (also for a nil declaration or a withdrawal) or `derived`; null if nothing is known
    #[schema(required = true)]
    pub origin: Option<Origin>,
    /// Id of the observation, also of a nil declaration; null for a derived figure
    #[schema(required = true)]
    pub observation: Option<String>,
    /// Derivation of the figure, in words and with its parts; null for a reported figure
    #[schema(required = true)]
    pub derivation: Option<Derivation>,
    /// The value derived from the other stored figures, if it differs from the reported figure by more than rounding
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub disagreement: Option<Derivation>,
    /// Warnings about a reported figure: `falling_ytd` for a year to date below an earlier one in the same year, `rate_disagrees` for a
    /// rate that differs from its numerator ÷ denominator
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub warnings: Vec<Warning>,
    /// Months covered by the figure; null for an interval
    #[schema(required = true)]
    pub coverage: Option<Coverage>,
    /// Figures of the predecessor units, if the figure could not be derived from them
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    parts: Vec<DerivationPart>,
}

impl From<&ResolvedValue> for Provenance {
    fn from(formed: &ResolvedValue) -> Provenance {
        let mut provenance = Provenance {
            origin: Some(Origin::Reported),
            observation: None,
            derivation: None,
            disagreement: None,
            warnings: odd(formed),
            coverage: formed.coverage.map(Coverage::from),
            parts: Vec::new(),
        };
        match &formed.origin {
            derived::ValueOrigin::Reported { observation, disagreement, .. } => {
                provenance.observation = Some(observation.id.clone());
                provenance.disagreement = disagreement.as_deref().map(Derivation::from);
            }
            derived::ValueOrigin::Derived(derived) => {
                provenance.origin = Some(Origin::Derived);
                provenance.derivation = Some(derived.into());
            }
        }
        provenance
    }
}

/// Warnings about a reported figure.
fn odd(formed: &ResolvedValue) -> Vec<Warning> {
    let slip = formed.observation().is_some() && formed.figure.disagrees_with_its_parts();
    let odd = [(formed.falls(), Warning::FallingYearToDate), (slip, Warning::RateDisagrees)];
    odd.into_iter().filter(|(holds, _)| *holds).map(|(_, warning)| warning).collect()
}

impl From<&Unavailable> for Provenance {
    fn from(unavailable: &Unavailable) -> Provenance {
        let observation = unavailable.declared_by.clone();
        Provenance {
            origin: observation.is_some().then_some(Origin::Reported),
            observation,
            derivation: None,
            disagreement: None,
            warnings: Vec::new(),
            coverage: unavailable.coverage.map(Coverage::from),
            parts: unavailable.parts.iter().map(|part| DerivationPart::of(part, true)).collect(),
        }
    }
}

/// The derivation of a figure from reported figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct Derivation {
    /// The derivation in words
    #[schema(example = "2024-05-YTD − 2024-05")]
    pub text: String,
    #[serde(flatten)]
    number: Number,
    /// The reported figures that it uses
    pub parts: Vec<DerivationPart>,
}

/// A reported figure in a derivation.
#[derive(Debug, Serialize, ToSchema)]
pub struct DerivationPart {
    /// `plus` or `minus`
    pub sign: PartSign,
    /// Key of the province, if the derivation uses several
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// The period
    #[schema(example = "2024-05-YTD")]
    pub period: String,
    /// The breakdown; empty for the total
    pub breakdown: Breakdown,
    #[serde(flatten)]
    figure: FigureView,
    /// Id of the observation
    pub observation: String,
}

code_list! {
    /// Sign of a figure in a derivation.
    pub enum PartSign {
        /// Added.
        Plus = "plus",
        /// Subtracted.
        Minus = "minus",
    }
}

impl DerivationPart {
    /// Describes one figure of a derivation, with its unit if there are several.
    #[must_use]
    pub fn of(part: &derived::Operand, of_units: bool) -> DerivationPart {
        DerivationPart {
            sign: if part.sign == Sign::Plus { PartSign::Plus } else { PartSign::Minus },
            province: of_units.then(|| part.province.clone()),
            period: part.period.to_string(),
            breakdown: part.breakdown.clone(),
            figure: (&part.figure).into(),
            observation: part.observation.clone(),
        }
    }
}

impl From<&derived::DerivedValue> for Derivation {
    fn from(derived: &derived::DerivedValue) -> Derivation {
        let of_areas = matches!(derived.along, derived::DerivationKind::Areas(_) | derived::DerivationKind::Territory(_));
        // Breakdowns can come from several units too.
        let of_units = of_areas || derived.parts.windows(2).any(|pair| pair[0].province != pair[1].province);
        let part = |part: &derived::Operand| DerivationPart::of(part, of_units);
        Derivation { text: derived.to_string(), number: derived.figure.quantity.into(), parts: derived.parts.iter().map(part).collect() }
    }
}

/// Number of months of a period that a figure covers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Coverage {
    /// Months covered
    pub have: u32,
    /// Months of the period
    pub need: u32,
}

impl From<derived::Coverage> for Coverage {
    fn from(coverage: derived::Coverage) -> Coverage {
        Coverage { have: coverage.have, need: coverage.need }
    }
}
