//! Source documents of figures, targets and decisions, in requests and in answers.
//! Resources with a source stand in files of their own.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::catalogue::source::Source;
use crate::domain::observation::observation::Citation;
use crate::formats::fields::schema::Request;

/// The source document in a request.
pub type NewSource = Request<Source>;

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
    fn from(passage: &Citation) -> SourceView {
        SourceView { locator: passage.locator.clone(), wording: passage.wording.clone(), ..(&passage.source).into() }
    }
}
