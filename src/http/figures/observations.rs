//! `/v1/observations`: the history of one figure.

use crate::domain::access::role::Caller;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{FigureView, IndicatorRef, PeriodView, ProvinceRef, SourceView};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::comparison::revision_size::Size;
use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;
use crate::domain::observation::observation::{Content, Recorded};
use crate::http::extract::request::Query;
use crate::http::problem::Problem;
use crate::service::figures::observations::{self, History};
use crate::state::State;

code_list! {
    /// What a revision says.
    pub enum ReportedContent {
        /// A figure.
        Figure = "figure",
        /// There is nothing to report: neither zero nor missing.
        Nil = "nil",
        /// What was said before was wrong, and there is no figure.
        Withdrawn = "withdrawn",
    }
}

impl From<&Content> for ReportedContent {
    fn from(content: &Content) -> ReportedContent {
        match content {
            Content::Figure(_) => ReportedContent::Figure,
            Content::Nil => ReportedContent::Nil,
            Content::Withdrawn => ReportedContent::Withdrawn,
        }
    }
}

/// All that was ever said of one series in one period.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObservationHistory {
    /// The identity, the same for all revisions
    id: String,
    /// The province
    province: ProvinceRef,
    /// What is measured
    indicator: IndicatorRef,
    /// The part; empty for the total
    breakdown: Breakdown,
    /// The period
    period: PeriodView,
    /// The revisions, oldest first
    items: Vec<ObservationRevision>,
    /// Every revision of the comparisons that reports print about it
    claims: Vec<ClaimRevisionView>,
    /// Always null: all revisions are on one page
    #[schema(required = true)]
    next: Option<String>,
}

/// One revision of a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObservationRevision {
    /// 1 for the first, one more for each change
    #[schema(example = 2)]
    revision: i32,
    /// The revision that it replaced; null for the first
    #[schema(required = true, example = 1)]
    supersedes: Option<i32>,
    /// What it says
    content: ReportedContent,
    /// The figure; null for a declaration of nothing and a withdrawal
    #[schema(required = true)]
    figure: Option<FigureView>,
    /// How much it changed the figure before, in the unit of the indicator (points for a rate); null where one of the two is no
    /// exact number
    #[schema(required = true, example = 30)]
    change: Option<Decimal>,
    /// How much it changed the figure before, in percent of it; null also for rates, which change by points
    #[schema(required = true, example = 2.5)]
    change_pct: Option<Decimal>,
    /// Why, where somebody said so
    #[schema(required = true)]
    reason: Option<String>,
    /// The organisation that reported it
    #[schema(required = true)]
    organisation: Option<String>,
    /// Id of the submission that brought it
    submission: String,
    /// The documents that say so: the one it was taken from first, then those that said the same later
    sources: Vec<SourceView>,
    /// The version of the indicator's definition that it was reported under
    definition_version: i32,
    /// When it was recorded
    recorded_at: DateTime<Utc>,
    /// When the next revision superseded it; null for the current one
    #[schema(required = true)]
    superseded_at: Option<DateTime<Utc>>,
}

/// One revision of a comparison that a report prints.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimRevisionView {
    /// What it says
    kind: ClaimKind,
    /// 1 for the first, one more for each change
    revision: i32,
    /// The printed number; null where the claim was withdrawn
    #[schema(required = true, example = 103.2)]
    value: Option<Decimal>,
    /// The revision that it replaced; null for the first
    #[schema(required = true)]
    supersedes: Option<i32>,
    /// Why, where somebody said so
    #[schema(required = true)]
    reason: Option<String>,
    /// Id of the submission that brought it
    submission: String,
    /// When it was recorded
    recorded_at: DateTime<Utc>,
    /// When the next revision superseded it; null for the current one
    #[schema(required = true)]
    superseded_at: Option<DateTime<Utc>>,
}

impl From<History> for ObservationHistory {
    fn from(history: History) -> ObservationHistory {
        let first = &history.first;
        let mut before: Option<Content> = None;
        let revision = |recorded: Recorded| {
            let observation = recorded.observation;
            let size = Size::of(&history.indicator, before.as_ref(), &observation.content);
            before = Some(observation.content);
            let sources = std::iter::once(&observation.citation).chain(&recorded.confirmed_by);
            ObservationRevision {
                revision: observation.revision,
                supersedes: Some(observation.revision - 1).filter(|before| *before > 0),
                content: (&observation.content).into(),
                figure: observation.figure().map(FigureView::from),
                change: size.change,
                change_pct: size.change_pct,
                sources: sources.map(SourceView::from).collect(),
                reason: observation.reason,
                organisation: recorded.organisation,
                submission: recorded.submission,
                definition_version: observation.definition_version,
                recorded_at: observation.recorded_at,
                superseded_at: recorded.superseded_at,
            }
        };
        ObservationHistory {
            id: first.id.clone(),
            province: (&history.province).into(),
            indicator: (&history.indicator).into(),
            breakdown: first.series.breakdown.clone(),
            period: first.period.into(),
            items: history.revisions.into_iter().map(revision).collect(),
            claims: history
                .claims
                .into_iter()
                .map(|claim| ClaimRevisionView {
                    kind: claim.kind,
                    revision: claim.revision,
                    supersedes: Some(claim.revision - 1).filter(|before| *before > 0),
                    value: claim.value,
                    reason: claim.reason,
                    submission: claim.submission,
                    recorded_at: claim.recorded_at,
                    superseded_at: claim.superseded_at,
                })
                .collect(),
            next: None,
        }
    }
}

/// Read the history of a figure
///
/// Every revision of one figure, oldest first: what it said, how much that changed, why, who reported it and from which
/// documents. Nothing is ever overwritten: corrections and withdrawals are revisions like the others.
#[utoipa::path(
    tag = "figures", operation_id = "list_observation_revisions", security((), ("oauth2" = ["read"])),
    params(("id" = String, Path, description = "Id of the observation, as series and comparisons give it", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The revisions", body = ObservationHistory))
)]
#[get("/v1/observations/{id}/revisions")]
pub async fn revisions(state: Data<State>, caller: Caller, id: Path<String>, query: Query) -> Result<Json<ObservationHistory>, Problem> {
    query.finish()?;

    Ok(Json(observations::history(&state, &caller, &id).await?.into()))
}
