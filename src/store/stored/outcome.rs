//! What became of the rows of a submission, as `submissions.outcomes` keeps it.
//! What an error or a warning means is for `domain`; here is how one is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::parts::{StoredBreakdown, StoredMessage, breakdown, into_breakdown, optional_word};
use super::submission::StoredContent;
use super::{check_version, parse, write};
use crate::domain::fault::{Code, Fault, LocatedFault, Location, Names};
use crate::domain::message::Message;
use crate::domain::outcome::Outcome;
use crate::domain::submission::draft::RowContent;
use crate::domain::submission::read_row::{ReadProvince, ReadRow};
use crate::domain::submission::submission::RowOutcome;
use crate::domain::submission::warning::{RowWarning, Warning};
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;
use crate::store::conn::StoreError;
use crate::store::values::word;

/// Version 4; version 3 has messages of one text, version 2 also one `shown` in `read`, of the value; version 1 has rows without `read`,
/// version 0 is a bare list of such rows.
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read: Option<StoredReadRow>,
    #[serde(default)]
    errors: Vec<StoredError>,
    #[serde(default)]
    warnings: Vec<StoredWarning>,
}

/// A row as it was read. What was not read is left out.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredReadRow {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<StoredPlace>,
    /// The key and the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    province: Option<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    indicator: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    breakdown: Option<StoredBreakdown>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calendar: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    says: Option<StoredContent>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shown: Option<StoredShown>,
}

/// What the cells of a workbook show in place of their values.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredShown {
    /// By field.
    Fields(BTreeMap<String, String>),
    /// Of the value alone, before version 3.
    Value(String),
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
    message: StoredMessage,
    allowed: Vec<String>,
    /// The field in whose column the cell is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    /// The name of the indicator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    indicator: Option<StoredMessage>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredWarning {
    code: String,
    message: StoredMessage,
}

pub(in crate::store) fn to_json(rows: &[RowOutcome]) -> String {
    write(&StoredOutcomes { v: 4, rows: rows.iter().map(StoredOutcome::from).collect() })
}

pub(in crate::store) fn from_json(text: &str) -> Result<Vec<RowOutcome>, StoreError> {
    let rows = if text.starts_with('[') {
        parse::<Vec<StoredOutcome>>(text)?
    } else {
        let StoredOutcomes { v, rows } = parse(text)?;
        check_version(v, 4)?;
        rows
    };
    rows.into_iter().map(RowOutcome::try_from).collect()
}

impl From<&RowOutcome> for StoredOutcome {
    fn from(row: &RowOutcome) -> StoredOutcome {
        let RowOutcome { row_ref, outcome, observation, current_revision, read, errors, warnings } = row;
        StoredOutcome {
            row_ref: row_ref.clone(),
            outcome: outcome.as_str().to_owned(),
            observation: observation.clone(),
            current_revision: *current_revision,
            read: read.as_ref().map(StoredReadRow::from),
            errors: errors.iter().map(StoredError::from).collect(),
            warnings: warnings.iter().map(StoredWarning::from).collect(),
        }
    }
}

impl TryFrom<StoredOutcome> for RowOutcome {
    type Error = StoreError;

    fn try_from(stored: StoredOutcome) -> Result<RowOutcome, StoreError> {
        let StoredOutcome { row_ref, outcome, observation, current_revision, read, errors, warnings } = stored;
        Ok(RowOutcome {
            row_ref,
            outcome: word(&outcome, Outcome::parse)?,
            observation,
            current_revision,
            read: read.map(ReadRow::try_from).transpose()?,
            errors: errors.into_iter().map(LocatedFault::try_from).collect::<Result<_, _>>()?,
            warnings: warnings.into_iter().map(RowWarning::try_from).collect::<Result<_, _>>()?,
        })
    }
}

impl From<&ReadRow> for StoredReadRow {
    fn from(row: &ReadRow) -> StoredReadRow {
        let ReadRow { location, province, indicator, breakdown: of, period, calendar, content, shown } = row;
        StoredReadRow {
            place: location.as_ref().map(StoredPlace::from),
            province: province.clone().map(|ReadProvince { key, name }| (key, name)),
            indicator: indicator.clone(),
            breakdown: of.as_ref().map(breakdown),
            period: period.map(|period| period.to_string()),
            calendar: calendar.map(|calendar| calendar.as_str().to_owned()),
            says: content.as_ref().map(StoredContent::from),
            shown: (!shown.is_empty()).then(|| StoredShown::Fields(shown.clone())),
        }
    }
}

impl TryFrom<StoredReadRow> for ReadRow {
    type Error = StoreError;

    fn try_from(stored: StoredReadRow) -> Result<ReadRow, StoreError> {
        Ok(ReadRow {
            location: stored.place.map(Location::from),
            province: stored.province.map(|(key, name)| ReadProvince { key, name }),
            indicator: stored.indicator,
            breakdown: stored.breakdown.map(into_breakdown).transpose()?,
            period: optional_word(stored.period.as_ref(), PeriodCode::parse)?,
            calendar: optional_word(stored.calendar.as_ref(), Calendar::parse)?,
            content: stored.says.map(RowContent::try_from).transpose()?,
            shown: match stored.shown {
                None => BTreeMap::new(),
                Some(StoredShown::Fields(shown)) => shown,
                Some(StoredShown::Value(shown)) => BTreeMap::from([("value".to_owned(), shown)]),
            },
        })
    }
}

impl From<&Location> for StoredPlace {
    fn from(place: &Location) -> StoredPlace {
        match place {
            Location::Pointer(pointer) => StoredPlace::Pointer(pointer.clone()),
            Location::Parameter(parameter) => StoredPlace::Parameter(parameter.clone()),
            Location::Cell { row, column } => StoredPlace::Cell { row: *row, column: *column },
            Location::Line { line, pointer } => StoredPlace::Line { line: *line, pointer: pointer.clone() },
            Location::Request => StoredPlace::Request,
        }
    }
}

impl From<StoredPlace> for Location {
    fn from(place: StoredPlace) -> Location {
        match place {
            StoredPlace::Pointer(pointer) => Location::Pointer(pointer),
            StoredPlace::Parameter(parameter) => Location::Parameter(parameter),
            StoredPlace::Cell { row, column } => Location::Cell { row, column },
            StoredPlace::Line { line, pointer } => Location::Line { line, pointer },
            StoredPlace::Request => Location::Request,
        }
    }
}

impl From<&LocatedFault> for StoredError {
    fn from(LocatedFault { place, fault }: &LocatedFault) -> StoredError {
        let Fault { code, message, allowed, names } = fault;
        let names = names.as_deref();
        let fault = StoredFault {
            code: code.as_str().to_owned(),
            message: message.into(),
            allowed: allowed.clone(),
            column: names.and_then(|names| names.column.clone()),
            indicator: names.and_then(|names| names.indicator.as_ref()).map(StoredMessage::from),
        };
        StoredError { place: place.into(), fault }
    }
}

impl TryFrom<StoredError> for LocatedFault {
    type Error = StoreError;

    fn try_from(StoredError { place, fault }: StoredError) -> Result<LocatedFault, StoreError> {
        let StoredFault { code, message, allowed, column, indicator } = fault;
        let code = Code::parse(&code).ok_or_else(|| StoreError::Corrupt(format!("`{code}` is no code of a fault")))?;
        let fault = Fault::new(code, message.into()).allowing(allowed);
        Ok(LocatedFault { place: place.into(), fault: fault.with_names(Names { column, indicator: indicator.map(Message::from) }) })
    }
}

impl From<&RowWarning> for StoredWarning {
    fn from(RowWarning { code, message }: &RowWarning) -> StoredWarning {
        StoredWarning { code: code.as_str().to_owned(), message: message.into() }
    }
}

impl TryFrom<StoredWarning> for RowWarning {
    type Error = StoreError;

    fn try_from(StoredWarning { code, message }: StoredWarning) -> Result<RowWarning, StoreError> {
        Ok(RowWarning { code: word(&code, Warning::parse)?, message: message.into() })
    }
}
