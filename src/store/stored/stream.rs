//! What became of one submission of a stream, as `answered_requests.answer` keeps it.
//! Answers to other requests are kept as the bytes to send again.

use serde::{Deserialize, Serialize};

use super::outcome::StoredOutcome;
use super::{check_version, parse, write};
use crate::domain::submission::submission::RowOutcome;
use crate::store::conn::StoreError;

/// Version 1; version 0 is the same without `v`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredAnswer {
    #[serde(default)]
    v: u32,
    submission: String,
    rows: Vec<StoredOutcome>,
}

/// The id of a submission and what became of its rows, to be told again.
#[must_use]
pub fn to_json(submission: &str, rows: &[RowOutcome]) -> String {
    write(&StoredAnswer { v: 1, submission: submission.to_owned(), rows: rows.iter().map(StoredOutcome::from).collect() })
}

/// The id of a submission and what became of its rows.
///
/// # Errors
/// `StoreError::Corrupt` for what no version of the program wrote.
pub fn from_json(text: &str) -> Result<(String, Vec<RowOutcome>), StoreError> {
    let StoredAnswer { v, submission, rows } = parse(text)?;
    check_version(v, 1)?;
    Ok((submission, rows.into_iter().map(RowOutcome::try_from).collect::<Result<_, _>>()?))
}
