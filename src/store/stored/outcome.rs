//! What became of the rows of a submission, as `submissions.outcomes` keeps it.
//! What an error or a warning means is for `domain`; here is how one is kept.

use serde::{Deserialize, Serialize};

use super::{check_version, parse, write};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::outcome::Outcome;
use crate::domain::submission::submission::RowOutcome;
use crate::domain::submission::warning::{RowWarning, Warning};
use crate::store::conn::StoreError;
use crate::store::values::word;

/// Version 1; version 0 is a bare list of the rows.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredOutcomes {
    v: u32,
    rows: Vec<StoredOutcome>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredOutcome {
    row_ref: Option<String>,
    outcome: String,
    observation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    current_revision: Option<i32>,
    #[serde(default)]
    errors: Vec<StoredError>,
    #[serde(default)]
    warnings: Vec<StoredWarning>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredError {
    place: StoredPlace,
    fault: StoredFault,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
enum StoredPlace {
    Pointer(String),
    Parameter(String),
    Cell { row: usize, column: usize },
    Line { line: usize, pointer: String },
    Request,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredFault {
    code: String,
    message: String,
    allowed: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredWarning {
    code: String,
    message: String,
}

pub(in crate::store) fn to_json(rows: &[RowOutcome]) -> String {
    write(&StoredOutcomes { v: 1, rows: rows.iter().map(StoredOutcome::from).collect() })
}

pub(in crate::store) fn from_json(text: &str) -> Result<Vec<RowOutcome>, StoreError> {
    let rows = if text.starts_with('[') {
        parse::<Vec<StoredOutcome>>(text)?
    } else {
        let StoredOutcomes { v, rows } = parse(text)?;
        check_version(v, 1)?;
        rows
    };
    rows.into_iter().map(RowOutcome::try_from).collect()
}

impl From<&RowOutcome> for StoredOutcome {
    fn from(row: &RowOutcome) -> StoredOutcome {
        let RowOutcome { row_ref, outcome, observation, current_revision, errors, warnings } = row;
        StoredOutcome {
            row_ref: row_ref.clone(),
            outcome: outcome.as_str().to_owned(),
            observation: observation.clone(),
            current_revision: *current_revision,
            errors: errors.iter().map(StoredError::from).collect(),
            warnings: warnings.iter().map(StoredWarning::from).collect(),
        }
    }
}

impl TryFrom<StoredOutcome> for RowOutcome {
    type Error = StoreError;

    fn try_from(stored: StoredOutcome) -> Result<RowOutcome, StoreError> {
        let StoredOutcome { row_ref, outcome, observation, current_revision, errors, warnings } = stored;
        Ok(RowOutcome {
            row_ref,
            outcome: word(&outcome, Outcome::parse)?,
            observation,
            current_revision,
            errors: errors.into_iter().map(LocatedFault::try_from).collect::<Result<_, _>>()?,
            warnings: warnings.into_iter().map(RowWarning::try_from).collect::<Result<_, _>>()?,
        })
    }
}

impl From<&LocatedFault> for StoredError {
    fn from(LocatedFault { place, fault }: &LocatedFault) -> StoredError {
        let place = match place {
            Location::Pointer(pointer) => StoredPlace::Pointer(pointer.clone()),
            Location::Parameter(parameter) => StoredPlace::Parameter(parameter.clone()),
            Location::Cell { row, column } => StoredPlace::Cell { row: *row, column: *column },
            Location::Line { line, pointer } => StoredPlace::Line { line: *line, pointer: pointer.clone() },
            Location::Request => StoredPlace::Request,
        };
        let Fault { code, message, allowed } = fault;
        let fault = StoredFault { code: code.as_str().to_owned(), message: message.clone(), allowed: allowed.clone() };
        StoredError { place, fault }
    }
}

impl TryFrom<StoredError> for LocatedFault {
    type Error = StoreError;

    fn try_from(StoredError { place, fault }: StoredError) -> Result<LocatedFault, StoreError> {
        let place = match place {
            StoredPlace::Pointer(pointer) => Location::Pointer(pointer),
            StoredPlace::Parameter(parameter) => Location::Parameter(parameter),
            StoredPlace::Cell { row, column } => Location::Cell { row, column },
            StoredPlace::Line { line, pointer } => Location::Line { line, pointer },
            StoredPlace::Request => Location::Request,
        };
        let StoredFault { code, message, allowed } = fault;
        let code = Code::parse(&code).ok_or_else(|| StoreError::Corrupt(format!("`{code}` is no code of a fault")))?;
        Ok(LocatedFault { place, fault: Fault { code, message, allowed } })
    }
}

impl From<&RowWarning> for StoredWarning {
    fn from(RowWarning { code, message }: &RowWarning) -> StoredWarning {
        StoredWarning { code: code.as_str().to_owned(), message: message.clone() }
    }
}

impl TryFrom<StoredWarning> for RowWarning {
    type Error = StoreError;

    fn try_from(StoredWarning { code, message }: StoredWarning) -> Result<RowWarning, StoreError> {
        Ok(RowWarning { code: word(&code, Warning::parse)?, message })
    }
}
