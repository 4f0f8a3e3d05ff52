//! Obligations, as `obligation_versions.definition` keeps them.
//! Who owes a period on which day is for `domain`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{check_version, parse, write};
use crate::domain::deadline::Deadline;
use crate::domain::obligation::Terms;
use crate::domain::period::{Calendar, Frequency};
use crate::store::conn::Failure;
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

pub(in crate::store) fn to_json(terms: &Terms) -> String {
    write(&StoredObligation::from(terms))
}

pub(in crate::store) fn from_json(text: &str) -> Result<Terms, Failure> {
    parse::<StoredObligation>(text)?.try_into()
}

impl From<&Terms> for StoredObligation {
    fn from(terms: &Terms) -> StoredObligation {
        let Terms {
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

impl TryFrom<StoredObligation> for Terms {
    type Error = Failure;

    fn try_from(stored: StoredObligation) -> Result<Terms, Failure> {
        check_version(stored.v, 1)?;
        let StoredDeadline { months_after, day } = stored.deadline;
        Ok(Terms {
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
