//! Deadlines: the due day of a figure, counted from the last month of its period, in the time zone of Viet Nam.
//! There is no clock here: callers pass the current time.

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

use crate::domain::time::period::Period;

/// The due day of the figures of a period.
///
/// A month M is due in the month that is `months_after` months after M; a longer period counts from its last month. The calendar makes
/// no difference: month M of `nd09` ends on the 14th of M. Thông tư 02/2023 sets the 15th of the month itself for months
/// (`months_after` 0, `day` 15), the 6th of the last month for quarters (0, 6) and 25 November for years (−1, 25). Statistics are due
/// on the 10th of the next month (1, 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Number of months after the last month of the period; −1 for the month before it
    #[schema(minimum = -1, maximum = 12, example = 0)]
    pub months_after: i32,
    /// The day of that month; the last day of the month if it has fewer days
    #[schema(minimum = 1, maximum = 31, example = 15)]
    pub day: u32,
}

impl Deadline {
    /// The due day of a period; `None` for an interval, which has no last month.
    #[must_use]
    pub fn due_on(self, period: Period) -> Option<NaiveDate> {
        let (_, end) = period.month_span()?;
        let month = end - 1 + self.months_after;
        let first = NaiveDate::from_ymd_opt(month.div_euclid(12), u32::try_from(month.rem_euclid(12)).ok()? + 1, 1)?;
        let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
        first.with_day(self.day.min(last.day()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::period::Calendar;

    #[test]
    fn a_period_is_due_as_the_law_says() {
        for (months_after, day, calendar, period, due, why) in [
            (0, 15, Calendar::Nd09, "2026-10", "2026-10-15", "a month by the 15th, the day after it was cut off"),
            (0, 6, Calendar::Nd09, "2026-Q3", "2026-09-06", "a quarter by the 6th of its last month, before it ends"),
            (0, 6, Calendar::Nd09, "2026-H1", "2026-06-06", "half a year by 6 June"),
            (0, 6, Calendar::Nd09, "2026-H2", "2026-12-06", "the other half by 6 December"),
            (-1, 25, Calendar::Nd09, "2026", "2026-11-25", "the year by 25 November"),
            (1, 10, Calendar::Civil, "2026-10", "2026-11-10", "statistics by the 10th of the next month"),
            (1, 10, Calendar::Civil, "2026-12", "2027-01-10", "of the next year"),
            (1, 10, Calendar::Civil, "2026-10-YTD", "2026-11-10", "a year to date as its last month"),
            (-1, 25, Calendar::Civil, "2026-01", "2025-12-25", "before January is the year before"),
            (12, 1, Calendar::Civil, "2026", "2027-12-01", "a yearbook"),
            (1, 31, Calendar::Civil, "2026-01", "2026-02-28", "February has no 31st"),
            (1, 31, Calendar::Civil, "2028-01", "2028-02-29", "nor in a leap year"),
            (0, 31, Calendar::Civil, "2026-04", "2026-04-30", "April neither"),
        ] {
            let period = Period::parse(period, calendar).unwrap();
            let found = Deadline { months_after, day }.due_on(period);
            assert_eq!(found, Some(due.parse().unwrap()), "{period}: {why}");
        }
        let event = Period::parse("2026-02-03/2026-02-09", Calendar::Civil).unwrap();
        assert_eq!(Deadline { months_after: 0, day: 15 }.due_on(event), None, "an event ends no month");
    }
}
