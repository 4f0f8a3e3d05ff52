//! What became of one submission of a stream, as `answered_requests.answer` keeps it.
//! Answers to other requests are kept as the bytes to send again.

use serde::{Deserialize, Serialize};

use super::outcome::StoredOutcome;
use super::parts::optional_word;
use super::{check_version, parse, write};
use crate::domain::submission::submission::RowOutcome;
use crate::domain::submission::workflow::State;
use crate::store::conn::StoreError;

/// Version 3; version 2 has messages of one text, version 1 also has no `state` and rows without `read`, version 0 is the same without `v`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredAnswer {
    #[serde(default)]
    v: u32,
    submission: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    rows: Vec<StoredOutcome>,
}

/// The id and the state of a submission and what became of its rows, to be told again.
#[must_use]
pub fn to_json(submission: &str, state: Option<State>, rows: &[RowOutcome]) -> String {
    write(&StoredAnswer {
        v: 3,
        submission: submission.to_owned(),
        state: state.map(|state| state.as_str().to_owned()),
        rows: rows.iter().map(StoredOutcome::from).collect(),
    })
}

/// The id of a submission, its state if it was kept, and what became of its rows.
///
/// # Errors
/// `StoreError::Corrupt` for what no version of the program wrote.
pub fn from_json(text: &str) -> Result<(String, Option<State>, Vec<RowOutcome>), StoreError> {
    let StoredAnswer { v, submission, state, rows } = parse(text)?;
    check_version(v, 3)?;
    Ok((submission, optional_word(state.as_ref(), State::parse)?, rows.into_iter().map(RowOutcome::try_from).collect::<Result<_, _>>()?))
}
