//! Schemas shared by several answers.

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

/// A province, resolved from a code or name at the end of the period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "ProvinceRef")]
pub struct ProvinceRef {
    /// Permanent key, never reused
    #[schema(example = "bac-giang-2004")]
    pub key: String,
    /// GSO code; codes were reused on 1 July 2025
    #[schema(example = "24")]
    pub code: String,
    /// The Vietnamese name
    #[schema(example = "Bắc Giang")]
    pub name: String,
    /// The name without accents
    #[schema(example = "Bac Giang")]
    pub name_en: String,
    /// First day of the province
    pub valid_from: NaiveDate,
    /// Last day of the province, inclusive; null while it exists
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

/// An indicator and its unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorRef {
    /// The code
    #[schema(example = "telecom-internet-revenue")]
    pub code: String,
    /// The Vietnamese name
    pub name: String,
    /// The English name
    pub name_en: String,
    /// Base unit, such as `VND`
    #[schema(example = "VND")]
    pub unit: String,
    /// Unit multiplier, as a power of ten: 9 for tỷ đồng
    #[schema(example = 9)]
    pub unit_mult: i32,
    /// Kind of quantity
    pub measure: Measure,
    /// Direction of improvement
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

/// The content of a target and the path to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoalView {
    /// Value to reach; null for a band and for a withdrawn target
    #[schema(required = true, example = 2400)]
    value: Option<Decimal>,
    /// Lower end of a band
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Decimal>,
    /// Upper end of a band
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<Decimal>,
    /// Kind of target; null for a withdrawn target
    #[schema(required = true)]
    kind: Option<TargetKind>,
    /// Start of the path, if the decision sets it
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineView>,
    /// Shape of the path; absent if all months count equally
    #[serde(skip_serializing_if = "Option::is_none")]
    phasing: Option<Phasing>,
    /// Intermediate values with dates
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    milestones: Vec<MilestoneView>,
    /// Whether the target applies to every province; absent for a target of one province
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    each_province: bool,
}

/// Start of the path to a target.
#[derive(Debug, Serialize, ToSchema)]
pub struct BaselineView {
    /// The path starts at the end of this period
    #[schema(example = "2023")]
    period: String,
    /// Figure at the start
    #[schema(example = 2100)]
    value: Decimal,
}

/// An intermediate value on the path to a target.
#[derive(Debug, Serialize, ToSchema)]
pub struct MilestoneView {
    /// The value is due at the end of this period
    #[schema(example = "2024-H1")]
    by: String,
    /// Value to reach by then; for an additive indicator, since the beginning of the year
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

/// The source document of a figure or target.
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
    /// Wording of the source
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

/// A reported or derived number.
#[derive(Debug, Serialize, ToSchema)]
pub struct Number {
    /// The value, with the digits of the submission; null for a range
    #[schema(required = true, example = 1135)]
    pub value: Option<Decimal>,
    /// Lower end; only for a range
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<Decimal>,
    /// Upper end; only for a range
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<Decimal>,
    /// Relation of the number to the true value
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

/// A reported or derived figure.
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
    /// Observation status
    pub status: Status,
    /// Reference date of a stock ("tính đến 31/5/2024"), if the report states it
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
    /// Origin of a figure.
    pub enum Origin {
        /// Stated in a report.
        Reported = "reported",
        /// Derived from reported figures; see the derivation.
        Derived = "derived",
    }
}

/// A range of numbers, including both ends.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntervalView {
    /// Lower end
    pub low: Decimal,
    /// Upper end
    pub high: Decimal,
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
