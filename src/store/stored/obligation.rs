//! Obligations, as `definition_versions.definition` keeps them.
//! Who owes a period on which day is for `domain`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{check_version, parse, write};
use crate::domain::reporting::deadline::Deadline;
use crate::domain::reporting::obligation::ObligationDefinition;
use crate::domain::time::period::{Calendar, Frequency};
use crate::store::conn::StoreError;
use crate::store::values::word;

/// Version 1; version 0 is the same without `v`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredObligation {
    #[serde(default)]
    v: u32,
    organisation: String,
    province: String,
    indicator: String,
    frequency: String,
    calendar: String,
    cumulative: bool,
    deadline: StoredDeadline,
    closes_after_days: Option<u32>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredDeadline {
    months_after: i32,
    day: u32,
}

pub(in crate::store) fn to_json(terms: &ObligationDefinition) -> String {
    write(&StoredObligation::from(terms))
}

pub(in crate::store) fn from_json(text: &str) -> Result<ObligationDefinition, StoreError> {
    parse::<StoredObligation>(text)?.try_into()
}

impl From<&ObligationDefinition> for StoredObligation {
    fn from(terms: &ObligationDefinition) -> StoredObligation {
        let ObligationDefinition {
            organisation,
            province,
            indicator,
            frequency,
            calendar,
            cumulative,
            deadline: Deadline { months_after, day },
            closes_after_days,
            valid_from,
            valid_to,
        } = terms;
        StoredObligation {
            v: 1,
            organisation: organisation.clone(),
            province: province.clone(),
            indicator: indicator.clone(),
            frequency: frequency.as_str().to_owned(),
            calendar: calendar.as_str().to_owned(),
            cumulative: *cumulative,
            deadline: StoredDeadline { months_after: *months_after, day: *day },
            closes_after_days: *closes_after_days,
            valid_from: *valid_from,
            valid_to: *valid_to,
        }
    }
}

impl TryFrom<StoredObligation> for ObligationDefinition {
    type Error = StoreError;

    fn try_from(stored: StoredObligation) -> Result<ObligationDefinition, StoreError> {
        check_version(stored.v, 1)?;
        let StoredDeadline { months_after, day } = stored.deadline;
        Ok(ObligationDefinition {
            organisation: stored.organisation,
            province: stored.province,
            indicator: stored.indicator,
            frequency: word(&stored.frequency, Frequency::parse)?,
            calendar: word(&stored.calendar, Calendar::parse)?,
            cumulative: stored.cumulative,
            deadline: Deadline { months_after, day },
            closes_after_days: stored.closes_after_days,
            valid_from: stored.valid_from,
            valid_to: stored.valid_to,
        })
    }
}
