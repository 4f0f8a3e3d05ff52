//! Period codes: `2024-05`, `2024-Q2`, `2024-05-YTD`. The calendar then gives the days.
//! This file reads all accepted forms; no other file does.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::period::{Calendar, Name, Period, YEARS};
use crate::domain::fault::{Code, Fault};
use crate::domain::text::parse_date;

/// A period code without its calendar: `2024-05` covers different days in each calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodCode(Written);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Named(i32, Name),
    Days(NaiveDate, NaiveDate),
}

impl From<Period> for PeriodCode {
    fn from(period: Period) -> PeriodCode {
        PeriodCode::parse(&period.to_string()).expect("a period is printed in a form that is read")
    }
}

impl Period {
    /// Reads a period code, in any form that [`WrittenPeriod::parse`] accepts, in a calendar.
    ///
    /// # Errors
    /// `invalid_period`, with the accepted forms.
    pub fn parse(text: &str, calendar: Calendar) -> Result<Period, Fault> {
        Ok(PeriodCode::parse(text)?.in_calendar(calendar))
    }
}

impl PeriodCode {
    /// Reads a period code in any accepted form: `2024-05`, `2024-M05`, `202405`, `2024-Q2`, `2024Q2`, `2024-H1`, `2024-S1`, `2024S1`,
    /// `2024-9M`, `2024`, `2024-A1`, `2024-05-YTD`, `2024-01-01/2024-05-31`.
    ///
    /// # Errors
    /// `invalid_period`, with the accepted forms.
    pub fn parse(text: &str) -> Result<PeriodCode, Fault> {
        let refuse = || {
            let shown: String = text.chars().take(40).collect();
            Fault::new(Code::InvalidPeriod, format!("`{shown}` is not a period of the years {} to {}", YEARS.start(), YEARS.end()))
                .allowing(["2024-05", "2024-Q2", "2024-H1", "2024-9M", "2024", "2024-05-YTD", "2024-01-01/2024-05-31"])
        };
        if let Some((start, end)) = text.split_once('/') {
            let (start, end) = (parse_date(start).map_err(|_| refuse())?, parse_date(end).map_err(|_| refuse())?);
            if end < start || !YEARS.contains(&start.year()) || !YEARS.contains(&end.year()) {
                return Err(refuse());
            }
            return Ok(PeriodCode(Written::Days(start, end)));
        }
        let (year, rest) = text.split_at_checked(4).ok_or_else(refuse)?;
        if !year.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refuse());
        }
        let year: i32 = year.parse().map_err(|_| refuse())?;
        let name = parse_name(rest).filter(|_| YEARS.contains(&year)).ok_or_else(refuse)?;
        Ok(PeriodCode(Written::Named(year, name)))
    }

    /// The period of this code in a calendar.
    #[must_use]
    pub fn in_calendar(self, calendar: Calendar) -> Period {
        match self.0 {
            Written::Named(year, name) => Period::named(calendar, year, name),
            Written::Days(start, end) => Period::of_days(calendar, start, end),
        }
    }
}

/// The form that is preferred: `2024-05` of `2024-M05` and `202405`. Days stay days, because which name they have depends on the calendar.
impl fmt::Display for PeriodCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Written::Named(year, name) => Period::named(Calendar::Civil, year, name).fmt(f),
            Written::Days(start, end) => write!(f, "{start}/{end}"),
        }
    }
}

/// What stands behind the year.
fn parse_name(rest: &str) -> Option<Name> {
    let number = |digits: &str, range: std::ops::RangeInclusive<u32>| {
        digits.parse().ok().filter(|n| range.contains(n) && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let month = |digits: &str| if digits.len() == 2 { number(digits, 1..=12) } else { None };
    let one = |digits: &str, last: u32| if digits.len() == 1 { number(digits, 1..=last) } else { None };
    Some(match rest {
        "" | "-A1" => Name::Year,
        "-9M" => Name::NineMonths,
        _ => {
            if let Some(to_date) = rest.strip_suffix("-YTD") {
                Name::ToDate(month(to_date.strip_prefix('-')?)?)
            } else if let Some(quarter) = rest.strip_prefix("-Q").or_else(|| rest.strip_prefix('Q')) {
                Name::Quarter(one(quarter, 4)?)
            } else if let Some(half) = ["-H", "-S", "S"].iter().find_map(|prefix| rest.strip_prefix(prefix)) {
                Name::Half(one(half, 2)?)
            } else {
                let digits = ["-M", "-"].iter().find_map(|prefix| rest.strip_prefix(prefix)).unwrap_or(rest);
                Name::Month(month(digits)?)
            }
        }
    })
}
