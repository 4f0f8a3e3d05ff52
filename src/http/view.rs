//! Shapes that several answers share.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::decimal::Decimal;
use crate::domain::derivation;
use crate::domain::fault::words;
use crate::domain::indicator::{Direction, Indicator, Measure};
use crate::domain::observation::Source;
use crate::domain::period::{Calendar, Period};
use crate::domain::province;

/// Which province a code or name meant at the end of the period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "ProvinceRef")]
pub struct ProvinceRef {
    /// The identity, which is never reused
    #[schema(example = "bac-giang-2004")]
    pub key: String,
    /// The GSO code, reused on 1 July 2025
    #[schema(example = "24")]
    pub code: String,
    /// The Vietnamese name
    #[schema(example = "Bắc Giang")]
    pub name: String,
    /// The name without accents
    #[schema(example = "Bac Giang")]
    pub name_en: String,
    /// First day of the unit
    pub valid_from: NaiveDate,
    /// Last day of the unit, inclusive; null while it lasts
    #[schema(required = true)]
    pub valid_to: Option<NaiveDate>,
}

impl From<&province::Province> for ProvinceRef {
    fn from(province: &province::Province) -> ProvinceRef {
        ProvinceRef {
            key: province.key.clone(),
            code: province.code.clone(),
            name: province.name.clone(),
            name_en: province.name_en.clone(),
            valid_from: province.valid_from,
            valid_to: province.valid_to,
        }
    }
}

/// What is measured, and in which unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorRef {
    /// The code
    #[schema(example = "telecom-internet-revenue")]
    pub code: String,
    /// The Vietnamese name
    pub name: String,
    /// The English name
    pub name_en: String,
    /// The unit of one
    #[schema(example = "VND")]
    pub unit: String,
    /// The power of ten of the unit: 9 for tỷ đồng
    #[schema(example = 9)]
    pub unit_mult: i32,
    /// The kind of quantity
    pub measure: Measure,
    /// Which way is better
    pub direction: Direction,
}

impl From<&Indicator> for IndicatorRef {
    fn from(indicator: &Indicator) -> IndicatorRef {
        IndicatorRef {
            code: indicator.code.clone(),
            name: indicator.name.clone(),
            name_en: indicator.name_en.clone(),
            unit: indicator.unit.clone(),
            unit_mult: indicator.unit_mult,
            measure: indicator.measure,
            direction: indicator.direction,
        }
    }
}

/// A period: its code, its calendar and its days.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodView {
    /// The code
    #[schema(example = "2024-H1")]
    pub code: String,
    /// The calendar
    pub calendar: Calendar,
    /// First day
    pub start: NaiveDate,
    /// Last day
    pub end: NaiveDate,
}

impl From<Period> for PeriodView {
    fn from(period: Period) -> PeriodView {
        PeriodView { code: period.to_string(), calendar: period.calendar(), start: period.start(), end: period.end() }
    }
}

/// The document that a figure or target was taken from.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceView {
    /// Title
    #[schema(required = true)]
    pub title: Option<String>,
    /// Number, such as `52/BC-STTTT`
    #[schema(required = true)]
    pub number: Option<String>,
    /// Day of issue
    #[schema(required = true)]
    pub date: Option<NaiveDate>,
    /// Page or line
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
}

impl SourceView {
    /// A source, and where in it something stands.
    #[must_use]
    pub fn new(source: &Source, locator: Option<&str>) -> SourceView {
        SourceView { title: source.title.clone(), number: source.number.clone(), date: source.date, locator: locator.map(str::to_owned) }
    }
}

words! {
    /// Where a figure comes from.
    pub enum Origin {
        /// A report says so.
        Reported = "reported",
        /// It is formed from reported figures; the derivation says how.
        Derived = "derived",
    }
}

/// A range of numbers, ends included.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntervalView {
    /// Lower end
    pub low: Decimal,
    /// Upper end
    pub high: Decimal,
}

/// Where a figure comes from, and how it was formed if no report has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Provenance {
    /// Reported or derived
    pub origin: Origin,
    /// Id of the observation; null for a derived figure
    #[schema(required = true)]
    pub observation: Option<String>,
    /// How a derived figure is formed, in words and with its parts; null for a reported one
    #[schema(required = true)]
    pub derivation: Option<Derivation>,
    /// What a reported figure would be by the other figures on record, where these say something else beyond rounding
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub disagreement: Option<Derivation>,
    /// Months of the period that the figure covers; null for an interval
    #[schema(required = true)]
    pub coverage: Option<Coverage>,
}

impl From<&derivation::Formed> for Provenance {
    fn from(formed: &derivation::Formed) -> Provenance {
        let coverage = formed.coverage.map(|coverage| Coverage { have: coverage.have, need: coverage.need });
        match &formed.origin {
            derivation::Origin::Reported { observation, disagreement } => Provenance {
                origin: Origin::Reported,
                observation: Some(observation.id.clone()),
                derivation: None,
                disagreement: disagreement.as_deref().map(Derivation::from),
                coverage,
            },
            derivation::Origin::Derived(derived) => {
                Provenance { origin: Origin::Derived, observation: None, derivation: Some(derived.into()), disagreement: None, coverage }
            }
        }
    }
}

/// How a figure is formed from reported ones.
#[derive(Debug, Serialize, ToSchema)]
pub struct Derivation {
    /// In words
    #[schema(example = "2024-05-YTD − 2024-05")]
    pub text: String,
    /// What it comes to
    #[schema(example = 975)]
    pub value: Decimal,
    /// The reported figures it is formed from
    pub parts: Vec<DerivationPart>,
}

/// A reported figure that another is formed from.
#[derive(Debug, Serialize, ToSchema)]
pub struct DerivationPart {
    /// `plus` or `minus`
    pub sign: PartSign,
    /// The period
    #[schema(example = "2024-05-YTD")]
    pub period: String,
    /// The value
    #[schema(example = 1205)]
    pub value: Decimal,
    /// Id of the observation
    pub observation: String,
}

words! {
    /// Whether a part is added or taken away.
    pub enum PartSign {
        /// Added.
        Plus = "plus",
        /// Taken away.
        Minus = "minus",
    }
}

impl From<&derivation::Derived> for Derivation {
    fn from(derived: &derivation::Derived) -> Derivation {
        let part = |part: &derivation::Part| DerivationPart {
            sign: if part.sign == derivation::Sign::Plus { PartSign::Plus } else { PartSign::Minus },
            period: part.observation.period.to_string(),
            value: part.observation.figure.value,
            observation: part.observation.id.clone(),
        };
        Derivation { text: derived.to_string(), value: derived.figure.value, parts: derived.parts.iter().map(part).collect() }
    }
}

/// How many of the period's months a figure covers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Coverage {
    /// Months covered
    pub have: u32,
    /// Months of the period
    pub need: u32,
}
