//! `/v1/comparisons`: the report table.

use crate::domain::access::role::Caller;
use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::attainment::TargetComparison;
use super::earlier::{AgainstEarlier, Current, parts_of};
use super::judged_claim::JudgedClaimView;
use super::table::CompactTable;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::province::Province;
use crate::domain::derivation::territory::Geography;
use crate::domain::fault::code_list;
use crate::domain::narrative::sentence::{Statement, sentence};
use crate::domain::reason::Reason;
use crate::domain::target::inherited::TargetsOf;
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;
use crate::http::catalogue::indicators::IndicatorRef;
use crate::http::catalogue::provinces::{Notice, ProvinceRef};
use crate::http::extract::language::{Languages, Localized, ReasonText, Sentence, localized};
use crate::http::extract::parameter::{as_of, named, text, word};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::figures::period::PeriodView;
use crate::http::figures::provenance::DerivationPart;
use crate::http::figures::series::read_parts;
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::figures::compare::Item;
use crate::service::figures::comparisons::{self, ComparisonQuery, Table};

/// Figures, each compared with last year, the previous period, its target and the claims of the report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonTable {
    /// The province, resolved at the end of the period; null if the request names several
    #[schema(required = true)]
    province: Option<ProvinceRef>,
    /// The provinces, if the request names several
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    provinces: Vec<ProvinceRef>,
    /// The period in the requested calendar; null if the request names several. Each item has its own period
    #[schema(required = true)]
    period: Option<PeriodView>,
    /// One item per province, period, indicator and breakdown
    items: Vec<Comparison>,
    /// Explanations of the reasons in the table
    texts: Vec<ReasonText>,
    /// Other provinces that the codes and names of the request meant in the periods or a year before; absent if there are none
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    notices: Vec<Notice>,
}

/// The report table, in full or compact.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ReportTable {
    /// One object per figure
    Items(ComparisonTable),
    /// One row per figure
    Table(CompactTable),
}

code_list! {
    /// How the report table is laid out.
    pub enum Layout {
        /// One object per figure, with all details.
        Items = "items",
        /// One row per figure, with the main numbers in columns.
        Table = "table",
    }
}

/// One figure and its comparisons.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// Key of the province
    #[schema(example = "bac-giang-1997")]
    province: String,
    /// The indicator
    indicator: IndicatorRef,
    /// The breakdown; empty for the total
    breakdown: Breakdown,
    /// The period of the figure, in its calendar; for a current year without a reported figure, the year to date
    period: PeriodView,
    /// The figure; null if nothing is stored, or if the stored observation declares nothing to report (`nil_declared`)
    #[schema(required = true)]
    current: Option<Current>,
    /// Figures of the predecessor units, if the figure could not be derived from them
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    parts: Vec<DerivationPart>,
    /// Comparison with the same period last year
    same_period_last_year: AgainstEarlier,
    /// Comparison with the previous month, quarter, half-year or year; null for other periods
    #[schema(required = true)]
    previous_period: Option<AgainstEarlier>,
    /// Comparison with the target of the period, of its year or of a later year. A province without its own target uses the country's
    /// target for every province. Null if there is no target
    #[schema(required = true)]
    target: Option<TargetComparison>,
    /// Comparisons printed in the report, checked against the stored figures
    claims: Vec<JudgedClaimView>,
    /// The comparison as a sentence of a report; null if there is nothing to say
    #[schema(required = true)]
    sentence: Option<Sentence>,
}

/// The comparison as a sentence of a report.
fn sentence_of(item: &Item, languages: Languages) -> Option<Sentence> {
    let said = Statement {
        indicator: &item.indicator,
        breakdown: &item.breakdown,
        period: item.period,
        current: item.current.as_ref().ok().map(|formed| &formed.figure),
        nil: item.current.as_ref().is_err_and(|unavailable| unavailable.reason == Reason::NilDeclared),
        before: item.last_year.period,
        year_on_year: &item.last_year.result,
        target: item.target.as_ref(),
    };
    languages.sentence(|language| sentence(&said, language))
}

impl Comparison {
    fn of(item: Item, languages: Languages) -> Comparison {
        Comparison {
            sentence: sentence_of(&item, languages),
            province: item.province.key,
            indicator: (&item.indicator).into(),
            breakdown: item.breakdown,
            period: item.period.into(),
            current: item.current.as_ref().ok().map(Current::from),
            parts: parts_of(&item.current),
            same_period_last_year: item.last_year.into(),
            previous_period: item.previous.map(AgainstEarlier::from),
            target: item.target.map(TargetComparison::from),
            claims: item.claims.iter().map(JudgedClaimView::from).collect(),
        }
    }
}

/// Which comparisons are made, and how they are laid out.
pub struct ComparisonParameters {
    layout: Layout,
    wanted: ComparisonQuery,
}

impl FromQuery for ComparisonParameters {
    fn from_query(query: &mut Query) -> ComparisonParameters {
        let layout = query.or(word("format", "`table` for rows and columns instead of items", Layout::parse), Layout::Items);
        let calendar = "The calendar of the period; each indicator's own when absent";
        let calendar = query.optional(word("calendar", calendar, Calendar::parse));
        let province = "Key, GSO code, ISO code or name, valid at the end of the period; `VN` for the country, `all` for the provinces \
            of that day without it. Several separated by commas or repeated";
        let provinces = query.required_list(named("province", province).example("24"));
        let periods = query.required_list(named("period", "The period; several separated by commas or repeated").example("2024-H1"));
        let indicator = "Codes of indicators, separated by commas or repeated; all with a figure when absent";
        let geography = "Territory of past figures: the present territory of the province, derived from its predecessor units; or the \
            figures as each unit reported them";
        let targets = "Targets for periods that began before the province existed: its own, or the sum of the targets of its \
            predecessor units, if the indicator is additive over provinces";
        let wanted = ComparisonQuery {
            provinces,
            periods: periods.iter().filter_map(|text| read_period(text, query)).collect(),
            calendar,
            indicators: query.list(named("indicator", indicator).example("telecom-internet-revenue")),
            field: query.optional(text("field", "Only this field of work", 40).example("post_telecom")),
            parts: read_parts(query),
            geography: query.or(word("geography", geography, Geography::parse), Geography::Restated),
            targets: query.or(word("targets", targets, TargetsOf::parse), TargetsOf::Own),
            as_of: query.optional(as_of()),
            faults: Vec::new(),
        };
        ComparisonParameters { layout, wanted }
    }
}

/// Compare figures
///
/// Returns the report table of a province and period, or of several. Each figure is compared with the same period last year, the previous
/// period, its target and the comparisons printed in the report. Each item also has a sentence for a report. Flows and stocks change by an
/// amount and a percentage, rates by percentage points. A number that cannot be derived is null, and a reason says why: a missing baseline
/// is `base_missing`, never 0. Periods of the two calendars cover different days, so their figures are never compared
/// (`calendar_mismatch`).
#[utoipa::path(
    tag = "figures", security((), ("oauth2" = ["read"])), params(Parameters<ComparisonParameters>),
    responses((status = 200, description = "The comparisons", body = ReportTable))
)]
#[get("/v1/comparisons")]
pub async fn compare_figures(
    state: Data<ServerState>,
    caller: Caller,
    languages: Languages,
    query: Parameters<ComparisonParameters>,
) -> Result<Localized<ReportTable>, Problem> {
    let (ComparisonParameters { layout, mut wanted }, faults) = query.into_parts();
    wanted.faults = faults;

    let table = comparisons::compare_figures(&state.context, &caller, wanted).await?;
    let answer = match layout {
        Layout::Items => ReportTable::Items(ComparisonTable::of(table, languages)),
        Layout::Table => ReportTable::Table(CompactTable::of(&table, languages)),
    };
    Ok(localized(answer, languages))
}

impl ComparisonTable {
    fn of(table: Table, languages: Languages) -> ComparisonTable {
        let (mut provinces, mut periods): (Vec<Province>, Vec<Period>) = table.rows.into_iter().unzip();
        provinces.sort_by(|a, b| a.key.cmp(&b.key));
        provinces.dedup_by(|a, b| a.key == b.key);
        periods.dedup();
        let (province, several) = match &provinces[..] {
            [province] => (Some(province.into()), Vec::new()),
            several => (None, several.iter().map(ProvinceRef::from).collect()),
        };
        let period = if let [period] = periods[..] { Some(period.into()) } else { None };
        let texts = languages.texts(
            table.items.iter().flat_map(|item| item.reasons().chain(item.previous.iter().flat_map(|of| of.result.reasons.iter().copied()))),
        );
        let items = table.items.into_iter().map(|item| Comparison::of(item, languages)).collect();
        let notices = table.notices.iter().map(|found| Notice::of(found, languages)).collect();
        ComparisonTable { province, provinces: several, period, items, texts, notices }
    }
}

fn read_period(text: &str, query: &mut Query) -> Option<PeriodCode> {
    PeriodCode::parse(text).map_err(|fault| query.note("period", fault)).ok()
}
