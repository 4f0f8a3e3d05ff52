//! `/v1/validations`: what is on record of a province and period, held against all that must hold.

use crate::domain::access::role::Caller;
use actix_web::web::Data;
use actix_web::{HttpRequest, post};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::view::{PeriodView, Provenance, ProvinceRef};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::rule::Severity;
use crate::domain::derivation::derived::Unavailable;
use crate::domain::fault::{Location, code_list};
use crate::domain::language::Language;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;
use crate::domain::reason::Reason;
use crate::domain::time::period::Calendar;
use crate::domain::validation::evaluate::{Met, Outcome as Judged};
use crate::domain::validation::report::Validation;
use crate::formats::validation::read;
use crate::http::extract::language::{Languages, Localized, Sentence, localized};
use crate::http::extract::request::{JsonBody, Query};
use crate::http::problem::Problem;
use crate::service::ServiceError;
use crate::service::figures::validations::{self, Report};
use crate::state::State;

/// What is to be checked.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"province": "24", "period": "2024-05", "indicators": ["phone-subscribers", "sanctioned-entities"]}))]
#[allow(dead_code, reason = "the struct documents what formats::validation reads")]
pub struct NewValidation {
    /// Key, GSO code, ISO code or name, as it stood at the end of the period; `VN` for the country
    #[schema(min_length = 1, max_length = 100, example = "24")]
    province: String,
    /// The period
    #[schema(example = "2024-05")]
    period: String,
    /// The calendar of the period; when absent each indicator's own, and of a rule that of its first indicator
    calendar: Option<Calendar>,
    /// Codes of indicators: only what is about one of them is checked; everything when absent
    #[schema(min_items = 1, max_items = 100)]
    indicators: Option<Vec<String>>,
}

code_list! {
    /// What came of a check.
    pub enum ValidationOutcome {
        /// It does not hold, whatever the true numbers behind the figures are.
        Broken = "broken",
        /// It holds, rounding granted.
        Passed = "passed",
        /// It cannot be told: a figure is missing, or a bound leaves it open.
        Skipped = "skipped",
    }
}

impl From<Judged> for ValidationOutcome {
    fn from(judged: Judged) -> ValidationOutcome {
        match judged {
            Judged::Broken => ValidationOutcome::Broken,
            Judged::Passed => ValidationOutcome::Passed,
            Judged::Skipped(_) => ValidationOutcome::Skipped,
        }
    }
}

/// Everything that was checked of a province and period.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValidationReport {
    /// The province that the code or name meant at the end of the period
    province: ProvinceRef,
    /// The period, in the calendar asked for; each item has its own
    period: PeriodView,
    /// How many checks were made
    checked: usize,
    /// What came of them
    counts: ValidationCounts,
    /// The checks: what is broken first, then rules by code, then what definitions ask
    items: Vec<ValidationItem>,
}

/// How many checks came to what.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ValidationCounts {
    /// They hold
    passed: usize,
    /// They do not
    broken: usize,
    /// It cannot be told
    skipped: usize,
}

/// One thing that must hold, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValidationItem {
    /// Code of the rule; or what the definition of an indicator asks: `parts` that make their total, a `numerator` that is at most its
    /// denominator, a rate that is their `ratio`, a figure within its `bounds`
    #[schema(example = "sanctioned-entities-of-inspected")]
    rule: String,
    /// What it asks, in Vietnamese
    name: String,
    /// The same in English
    name_en: String,
    /// What becomes of a row that breaks it
    severity: Severity,
    /// What came of it
    outcome: ValidationOutcome,
    /// Why it cannot be told; null where it can
    #[schema(required = true)]
    reason: Option<Reason>,
    /// The period, in its calendar
    period: PeriodView,
    /// Codes of the indicators it is about
    indicators: Vec<String>,
    /// What came of it in words
    message: Sentence,
    /// The figures it was held against
    figures: Vec<ValidationFigure>,
}

/// A figure that was looked at.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValidationFigure {
    /// Code of the indicator
    #[schema(example = "sanctioned-entities")]
    indicator: String,
    /// The part; empty for the total
    breakdown: Breakdown,
    /// The value; null where there is none, and `reason` says why, or where the figure is a range
    #[schema(required = true, example = 12)]
    value: Option<Decimal>,
    /// Lower end of a figure that is a range
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Decimal>,
    /// Upper end of a figure that is a range
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<Decimal>,
    /// Numerator of a rate
    #[serde(skip_serializing_if = "Option::is_none")]
    numerator: Option<Decimal>,
    /// Denominator of a rate
    #[serde(skip_serializing_if = "Option::is_none")]
    denominator: Option<Decimal>,
    /// How final it is; null where there is none
    #[schema(required = true)]
    status: Option<Status>,
    /// How the number bounds the true one; null where there is none
    #[schema(required = true)]
    bound: Option<Bound>,
    /// The day that a state was counted on, where that is not the end of the period
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<NaiveDate>,
    #[serde(flatten)]
    provenance: Provenance,
    /// Why there is no figure; null where there is one
    #[schema(required = true)]
    reason: Option<Reason>,
}

impl From<&Met<'_>> for ValidationFigure {
    fn from(met: &Met<'_>) -> ValidationFigure {
        let figure = met.found.as_ref().ok().map(|formed| formed.figure);
        let interval = figure.and_then(|figure| figure.quantity.interval());
        ValidationFigure {
            indicator: met.indicator.code.clone(),
            breakdown: met.breakdown.clone(),
            value: figure.and_then(|figure| figure.quantity.value()),
            low: interval.map(|ends| ends.low),
            high: interval.map(|ends| ends.high),
            numerator: figure.and_then(|figure| figure.numerator),
            denominator: figure.and_then(|figure| figure.denominator),
            status: figure.map(|figure| figure.status),
            bound: figure.map(|figure| figure.quantity.bound()),
            as_of: figure.and_then(|figure| figure.as_of),
            provenance: match &met.found {
                Ok(formed) => formed.into(),
                Err(unavailable) => unavailable.into(),
            },
            reason: met.found.as_ref().err().map(Unavailable::effective_reason),
        }
    }
}

impl ValidationItem {
    fn of(validation: &Validation<'_>, languages: Languages) -> ValidationItem {
        let figures = validation.figures();
        let mut indicators: Vec<String> = figures.iter().map(|met| met.indicator.code.clone()).collect();
        indicators.sort();
        indicators.dedup();
        ValidationItem {
            rule: validation.asks.code(),
            name: validation.asks.name(Language::Vietnamese),
            name_en: validation.asks.name(Language::English),
            severity: validation.asks.severity(),
            outcome: validation.outcome.into(),
            reason: match validation.outcome {
                Judged::Skipped(reason) => Some(reason),
                Judged::Broken | Judged::Passed => None,
            },
            period: validation.period.into(),
            indicators,
            message: languages.say(|language| validation.say(language)),
            figures: figures.into_iter().map(ValidationFigure::from).collect(),
        }
    }
}

impl ValidationReport {
    fn of(report: &Report, languages: Languages) -> ValidationReport {
        let items: Vec<ValidationItem> = report.validations().iter().map(|of| ValidationItem::of(of, languages)).collect();
        let count = |outcome: ValidationOutcome| items.iter().filter(|item| item.outcome == outcome).count();
        let counts = ValidationCounts {
            passed: count(ValidationOutcome::Passed),
            broken: count(ValidationOutcome::Broken),
            skipped: count(ValidationOutcome::Skipped),
        };
        ValidationReport { province: (&report.province).into(), period: report.period.into(), checked: items.len(), counts, items }
    }
}

/// How the answer is given.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the struct documents what the handler reads")]
pub struct ValidationParams {
    /// The language of the messages; when absent the one that `Accept-Language` prefers, without it both
    #[param(inline)]
    lang: Option<Language>,
}

/// Validate figures
///
/// Holds what is on record of one province and period against every rule, and against the definitions of the indicators as they are now.
/// Nothing is stored or changed. Figures are those that the province itself reported for the period, or that its own figures make; those
/// of the units it was formed from are theirs. Rules that name an indicator that you may not see are left out.
///
/// A rule is `broken` only where that is certain. Where a figure is missing, counted on another day than the others, or a bound that
/// leaves it open, it is `skipped`, with the reason. Rules that are retired are not checked.
#[utoipa::path(
    tag = "figures", operation_id = "validate", params(ValidationParams), security((), ("oauth2" = ["read"])), request_body = NewValidation,
    responses((status = 200, description = "What was checked, and what came of it", body = ValidationReport))
)]
#[post("/v1/validations")]
pub async fn validate(
    state: Data<State>,
    caller: Caller,
    request: HttpRequest,
    mut query: Query,
    JsonBody(body): JsonBody,
) -> Result<Localized<ValidationReport>, Problem> {
    let languages = Languages::read(&mut query, &request);
    query.finish()?;
    let question = read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;

    let report = validations::check(&state, &caller, question).await?;
    Ok(localized(ValidationReport::of(&report, languages)))
}
