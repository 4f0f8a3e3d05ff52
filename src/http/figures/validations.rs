//! `/v1/validations`: checks of the stored figures of a province and period.

use crate::domain::access::role::Caller;
use actix_web::post;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::period::PeriodView;
use super::provenance::Provenance;
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
use crate::http::catalogue::provinces::ProvinceRef;
use crate::http::extract::body::JsonBody;
use crate::http::extract::language::{Languages, Localized, Sentence, localized};
use crate::http::extract::query::Parameters;
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::figures::validations::{self, Report};

/// The figures to check.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"province": "24", "period": "2024-05", "indicators": ["phone-subscribers", "sanctioned-entities"]}))]
#[allow(dead_code, reason = "the struct documents what formats::validation reads")]
pub struct NewValidation {
    /// Key, GSO code, ISO code or name, valid at the end of the period; `VN` for the country
    #[schema(min_length = 1, max_length = 100, example = "24")]
    province: String,
    /// The period
    #[schema(example = "2024-05")]
    period: String,
    /// Calendar of the period; when absent each indicator's own, and for a rule the one of its first indicator
    calendar: Option<Calendar>,
    /// Codes of indicators: only checks with one of them; all checks when absent
    #[schema(min_items = 1, max_items = 100)]
    indicators: Option<Vec<String>>,
}

code_list! {
    /// Result of a check.
    pub enum ValidationOutcome {
        /// The check fails for all true numbers that the figures can stand for.
        Broken = "broken",
        /// The check passes, with allowance for rounding.
        Passed = "passed",
        /// The result is unknown: a figure is missing, or a bound leaves it open.
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

/// The checks of a province and period.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValidationReport {
    /// The province, resolved at the end of the period
    province: ProvinceRef,
    /// The period in the requested calendar; each item has its own period
    period: PeriodView,
    /// Number of checks
    checked: usize,
    /// Number of checks by result
    counts: ValidationCounts,
    /// The checks: broken ones first, then rules by code, then checks from definitions
    items: Vec<ValidationItem>,
}

/// Number of checks by result.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ValidationCounts {
    /// Passed checks
    passed: usize,
    /// Broken checks
    broken: usize,
    /// Checks with an unknown result
    skipped: usize,
}

/// A check and its result.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValidationItem {
    /// Code of the rule, or the check from the indicator's definition: `parts` (breakdowns add up to the total), `numerator` (at most the
    /// denominator), `ratio` (the rate agrees with them), `bounds` (the figure is within its limits)
    #[schema(example = "sanctioned-entities-of-inspected")]
    rule: String,
    /// Name of the check, in Vietnamese
    name: String,
    /// Name of the check, in English
    name_en: String,
    /// Treatment of a submitted row that breaks it
    severity: Severity,
    /// Result
    outcome: ValidationOutcome,
    /// Reason for an unknown result; null otherwise
    #[schema(required = true)]
    reason: Option<Reason>,
    /// The period, in its calendar
    period: PeriodView,
    /// Codes of the indicators in the check
    indicators: Vec<String>,
    /// Explanation of the result
    message: Sentence,
    /// The checked figures
    figures: Vec<ValidationFigure>,
}

/// A checked figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValidationFigure {
    /// Code of the indicator
    #[schema(example = "sanctioned-entities")]
    indicator: String,
    /// The breakdown; empty for the total
    breakdown: Breakdown,
    /// The value; null for a range, or if there is no figure (see `reason`)
    #[schema(required = true, example = 12)]
    value: Option<Decimal>,
    /// Lower end of a range
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Decimal>,
    /// Upper end of a range
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<Decimal>,
    /// Numerator of a rate
    #[serde(skip_serializing_if = "Option::is_none")]
    numerator: Option<Decimal>,
    /// Denominator of a rate
    #[serde(skip_serializing_if = "Option::is_none")]
    denominator: Option<Decimal>,
    /// Observation status; null without a figure
    #[schema(required = true)]
    status: Option<Status>,
    /// Relation of the number to the true value; null without a figure
    #[schema(required = true)]
    bound: Option<Bound>,
    /// Reference date of a stock, if it differs from the end of the period
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<NaiveDate>,
    #[serde(flatten)]
    provenance: Provenance,
    /// Reason for the missing figure; null if there is one
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

/// Validate figures
///
/// Checks the stored figures of a province and period against every rule and against the current definitions of the indicators. Nothing is
/// stored or changed. The figures are those that the province itself reported for the period, or that are derived from its own figures.
/// Figures of predecessor units are not included. Rules with an indicator that you may not see are left out.
///
/// A rule is `broken` only if that is certain. It is `skipped`, with a reason, if a figure is missing or has another reference date than
/// the others, or if a bound leaves the result open. Retired rules are not checked.
#[utoipa::path(
    tag = "figures", params(Parameters<()>), security((), ("oauth2" = ["read"])), request_body = NewValidation,
    responses((status = 200, description = "The checks and their results", body = ValidationReport))
)]
#[post("/v1/validations")]
pub async fn validate_figures(
    state: Data<ServerState>,
    caller: Caller,
    languages: Languages,
    query: Parameters<()>,
    JsonBody(body): JsonBody,
) -> Result<Localized<ValidationReport>, Problem> {
    query.finish()?;
    let question = read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;

    let report = validations::validate_figures(&state.context, &caller, question).await?;
    Ok(localized(ValidationReport::of(&report, languages), languages))
}
