//! Shapes that several answers share.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::{Direction, Indicator, Measure};
use crate::domain::catalogue::province;
use crate::domain::catalogue::source::Source;
use crate::domain::derivation::derived::{self, ResolvedValue, Unavailable};
use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity, Sign};
use crate::domain::observation::figure::{Figure, Status};
use crate::domain::observation::observation::Citation;
use crate::domain::submission::warning::Warning;
use crate::domain::target::condition::{Phasing, TargetKind, TargetTerms};
use crate::domain::time::period::{Calendar, Period};

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

/// What a target asks for, and by which way it is to be reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoalView {
    /// What is to be reached; null for a band, and where the target was withdrawn
    #[schema(required = true, example = 2400)]
    value: Option<Decimal>,
    /// The lower end of a band
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Decimal>,
    /// The upper end of a band
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<Decimal>,
    /// What reaching it means; null where the target was withdrawn
    #[schema(required = true)]
    kind: Option<TargetKind>,
    /// Where the way begins, where the decision says so
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineView>,
    /// How the way is laid out; absent where every month counts alike
    #[serde(skip_serializing_if = "Option::is_none")]
    phasing: Option<Phasing>,
    /// What is to be reached by when
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    milestones: Vec<MilestoneView>,
    /// Whether every province is to reach it; absent where it is of its own province only
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    each_province: bool,
}

/// Where the way to a target begins.
#[derive(Debug, Serialize, ToSchema)]
pub struct BaselineView {
    /// The period at whose end it begins
    #[schema(example = "2023")]
    period: String,
    /// The figure then
    #[schema(example = 2100)]
    value: Decimal,
}

/// A figure to be reached on the way to a target.
#[derive(Debug, Serialize, ToSchema)]
pub struct MilestoneView {
    /// The period by whose end it is to be reached
    #[schema(example = "2024-H1")]
    by: String,
    /// What there is to be by then: of what adds up, since the beginning of the year
    #[schema(example = 1000)]
    value: Decimal,
}

impl From<Option<&TargetTerms>> for GoalView {
    fn from(terms: Option<&TargetTerms>) -> GoalView {
        let band = terms.and_then(|terms| terms.condition.band());
        let milestones = terms.into_iter().flat_map(|terms| &terms.milestones);
        GoalView {
            value: terms.and_then(|terms| terms.condition.value()),
            low: band.map(|band| band.low),
            high: band.map(|band| band.high),
            kind: terms.map(|terms| terms.condition.kind()),
            baseline: terms
                .and_then(|terms| terms.baseline)
                .map(|baseline| BaselineView { period: baseline.period.to_string(), value: baseline.value }),
            phasing: terms.map(|terms| terms.phasing).filter(|phasing| *phasing != Phasing::Even),
            milestones: milestones.map(|milestone| MilestoneView { by: milestone.by.to_string(), value: milestone.value }).collect(),
            each_province: terms.is_some_and(|terms| terms.each_province),
        }
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
    /// The words of the source
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
}

impl From<&Source> for SourceView {
    fn from(source: &Source) -> SourceView {
        SourceView { title: source.title.clone(), number: source.number.clone(), date: source.date, locator: None, wording: None }
    }
}

impl From<&Citation> for SourceView {
    fn from(citation: &Citation) -> SourceView {
        SourceView { locator: citation.locator.clone(), wording: citation.wording.clone(), ..(&citation.source).into() }
    }
}

/// A number as it was reported or formed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Number {
    /// The value, with the digits that were submitted; null for a range
    #[schema(required = true, example = 1135)]
    pub value: Option<Decimal>,
    /// Lower end, of a range only
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<Decimal>,
    /// Upper end, of a range only
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<Decimal>,
    /// How the number bounds the true one
    pub bound: Bound,
}

impl From<Quantity> for Number {
    fn from(quantity: Quantity) -> Number {
        let interval = quantity.interval();
        Number {
            value: quantity.value(),
            low: interval.map(|ends| ends.low),
            high: interval.map(|ends| ends.high),
            bound: quantity.bound(),
        }
    }
}

/// A figure, reported or formed.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureView {
    #[serde(flatten)]
    number: Number,
    /// Numerator of a rate
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Decimal>,
    /// Denominator of a rate
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Decimal>,
    /// How final it is
    pub status: Status,
    /// The day that a state was counted on ("tính đến 31/5/2024"), where the report says so
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
}

impl From<&Figure> for FigureView {
    fn from(figure: &Figure) -> FigureView {
        let Figure { quantity, numerator, denominator, status, as_of } = *figure;
        FigureView { number: quantity.into(), numerator, denominator, status, as_of }
    }
}

code_list! {
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
    /// Reported (also that there is nothing, or that it was withdrawn) or derived; null where nothing is known
    #[schema(required = true)]
    pub origin: Option<Origin>,
    /// Id of the observation, also of one that declares that there is nothing; null for a derived figure
    #[schema(required = true)]
    pub observation: Option<String>,
    /// How a derived figure is formed, in words and with its parts; null for a reported one
    #[schema(required = true)]
    pub derivation: Option<Derivation>,
    /// What a reported figure would be by the other figures on record, where these say something else beyond rounding
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub disagreement: Option<Derivation>,
    /// What is odd about a reported figure: `falling_ytd` for a year to date below an earlier one of its year, `rate_disagrees` for a
    /// rate that is not its numerator over its denominator
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub warnings: Vec<Warning>,
    /// Months of the period that the figure covers; null for an interval
    #[schema(required = true)]
    pub coverage: Option<Coverage>,
    /// The figures of the units that it could not be formed from
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

/// What is odd about a reported figure.
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

/// How a figure is formed from reported ones.
#[derive(Debug, Serialize, ToSchema)]
pub struct Derivation {
    /// In words
    #[schema(example = "2024-05-YTD − 2024-05")]
    pub text: String,
    #[serde(flatten)]
    number: Number,
    /// The reported figures it is formed from
    pub parts: Vec<DerivationPart>,
}

/// A reported figure that another is formed from.
#[derive(Debug, Serialize, ToSchema)]
pub struct DerivationPart {
    /// `plus` or `minus`
    pub sign: PartSign,
    /// Key of the province, where the figure is formed from those of several
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// The period
    #[schema(example = "2024-05-YTD")]
    pub period: String,
    /// The part of the indicator; empty for the total
    pub breakdown: Breakdown,
    #[serde(flatten)]
    figure: FigureView,
    /// Id of the observation
    pub observation: String,
}

code_list! {
    /// Whether a part is added or taken away.
    pub enum PartSign {
        /// Added.
        Plus = "plus",
        /// Taken away.
        Minus = "minus",
    }
}

impl DerivationPart {
    /// A part, with the unit that reported it where there are several.
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
        // Parts of an indicator can be those of several units too.
        let of_units = of_areas || derived.parts.windows(2).any(|pair| pair[0].province != pair[1].province);
        let part = |part: &derived::Operand| DerivationPart::of(part, of_units);
        Derivation { text: derived.to_string(), number: derived.figure.quantity.into(), parts: derived.parts.iter().map(part).collect() }
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

impl From<derived::Coverage> for Coverage {
    fn from(coverage: derived::Coverage) -> Coverage {
        Coverage { have: coverage.have, need: coverage.need }
    }
}
