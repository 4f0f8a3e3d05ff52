//! `/v1/observations`: the revisions of an observation.

use crate::domain::access::role::Caller;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::figure::FigureView;
use super::period::PeriodView;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::comparison::revision_size::Size;
use crate::domain::fault::code_list;
use crate::domain::number::decimal::Decimal;
use crate::domain::observation::observation::{Content, Recorded};
use crate::http::catalogue::indicators::IndicatorRef;
use crate::http::catalogue::provinces::ProvinceRef;
use crate::http::catalogue::source::SourceView;
use crate::http::extract::query::Parameters;
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::figures::observations::{self, History};

code_list! {
    /// Content of a revision.
    pub enum ReportedContent {
        /// A figure.
        Figure = "figure",
        /// Nothing to report: neither zero nor missing.
        Nil = "nil",
        /// The previous revision was wrong, and there is no figure.
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

/// All revisions of one series in one period.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObservationHistory {
    /// Id, the same for all revisions
    id: String,
    /// The province
    province: ProvinceRef,
    /// The indicator
    indicator: IndicatorRef,
    /// The breakdown; empty for the total
    breakdown: Breakdown,
    /// The period
    period: PeriodView,
    /// The revisions, oldest first
    items: Vec<ObservationRevision>,
    /// Every revision of the comparisons printed about this figure
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
    /// Kind of content
    content: ReportedContent,
    /// The figure; null for a nil declaration or a withdrawal
    #[schema(required = true)]
    figure: Option<FigureView>,
    /// Change from the previous figure, in the unit of the indicator (percentage points for a rate); null if one of the figures is not an
    /// exact number
    #[schema(required = true, example = 30)]
    change: Option<Decimal>,
    /// Relative change from the previous figure, in percent; null also for rates, which change by percentage points
    #[schema(required = true, example = 2.5)]
    change_pct: Option<Decimal>,
    /// Reason for the revision, if one was given
    #[schema(required = true)]
    reason: Option<String>,
    /// The reporting organisation
    #[schema(required = true)]
    organisation: Option<String>,
    /// Id of the submission with this revision
    submission: String,
    /// The source documents: first the original, then later documents with the same figure
    sources: Vec<SourceView>,
    /// Version of the indicator's definition at the time of reporting
    definition_version: i32,
    /// Time of storing
    recorded_at: DateTime<Utc>,
    /// When the next revision superseded it; null for the current one
    #[schema(required = true)]
    superseded_at: Option<DateTime<Utc>>,
}

/// One revision of a comparison printed in a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimRevisionView {
    /// Kind of comparison
    kind: ClaimKind,
    /// 1 for the first, one more for each change
    revision: i32,
    /// The printed number; null for a withdrawn claim
    #[schema(required = true, example = 103.2)]
    value: Option<Decimal>,
    /// The revision that it replaced; null for the first
    #[schema(required = true)]
    supersedes: Option<i32>,
    /// Reason for the revision, if one was given
    #[schema(required = true)]
    reason: Option<String>,
    /// Id of the submission with this revision
    submission: String,
    /// Time of storing
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

/// List the revisions of an observation
///
/// Lists every revision of one figure, oldest first: its content, the change, the reason, the organisation and the source documents. No
/// revision is ever overwritten: corrections and withdrawals are new revisions.
#[utoipa::path(
    tag = "figures", security((), ("oauth2" = ["read"])),
    params(("id" = String, Path, description = "Id of the observation, from a series or comparison", example = "019a0000-0000-7000-8000-000000000000")),
    responses((status = 200, description = "The revisions", body = ObservationHistory))
)]
#[get("/v1/observations/{id}/revisions")]
pub async fn list_observation_revisions(
    state: Data<ServerState>,
    caller: Caller,
    id: Path<String>,
    query: Parameters<()>,
) -> Result<Json<ObservationHistory>, Problem> {
    query.finish()?;

    Ok(Json(observations::list_observation_revisions(&state.context, &caller, &id).await?.into()))
}
