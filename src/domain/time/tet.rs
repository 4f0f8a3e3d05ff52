//! Tết: the days of the lunar New Year, which move between January and February, and periods that hold more or fewer of them than last
//! year's. The first days are `data/tet.csv`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate};

use super::period::Period;

/// The first day of each lunar year, 1976 to 2050, computed for UTC+7. China's calendar has another day in 1985, 2007 and 2030.
static FIRST_DAYS: LazyLock<BTreeMap<i32, NaiveDate>> =
    LazyLock::new(|| include_str!("../../../data/tet.csv").lines().skip(1).filter_map(first_day).collect());

fn first_day(line: &str) -> Option<(i32, NaiveDate)> {
    let (year, day) = line.split_once(',')?;
    Some((year.parse().ok()?, day.parse().ok()?))
}

/// The days of Tết in a year: from the eve to the fourth day of the lunar year. These five days are a convention of this service: the
/// official holiday is longer and set anew each year. `None` outside the years that are known.
fn days_of(year: i32) -> Option<[NaiveDate; 5]> {
    let eve = *FIRST_DAYS.get(&year)? - Days::new(1);
    Some([0, 1, 2, 3, 4].map(|n| eve + Days::new(n)))
}

/// The number of days of Tết in a period. `None` where a year of the period is not known.
pub(crate) fn days_in(period: Period) -> Option<usize> {
    let mut count = 0;
    for year in period.start().year()..=period.end().year() {
        count += days_of(year)?.iter().filter(|day| (period.start()..=period.end()).contains(day)).count();
    }
    Some(count)
}

/// Whether a period holds more or fewer days of Tết than the same period last year. False where that is not known.
#[must_use]
pub fn moved(period: Period) -> bool {
    days_in(period).zip(days_in(period.same_period_last_year())).is_some_and(|(now, before)| now != before)
}

/// The two months of the period's year that Tết falls in, whole or in part, whichever day it is: January and February of the civil
/// calendar, the second and third month of the administrative one. Together they are comparable with those of any other year.
#[must_use]
pub fn months_of_tet(period: Period) -> Option<[Period; 2]> {
    let months = period.months_of_year();
    // The eve of Tết is 20 January at the earliest, and its fourth day falls into the month after that of 20 January at the latest.
    let year = period.year()?.end().year();
    let holds = |month: &Period, day: u32, of: u32| {
        NaiveDate::from_ymd_opt(year, of, day).is_some_and(|day| (month.start()..=month.end()).contains(&day))
    };
    let first = months.iter().position(|month| holds(month, 20, 1))?;
    Some([*months.get(first)?, *months.get(first + 1)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::period::{Calendar, Frequency};

    fn period(code: &str, calendar: Calendar) -> Period {
        Period::parse(code, calendar).unwrap()
    }

    #[test]
    fn the_days_of_tet_are_counted() {
        for (code, calendar, days, why) in [
            ("2024-01", Calendar::Civil, 0, "Tết was on 10 February"),
            ("2024-02", Calendar::Civil, 5, "all of it"),
            ("2025-01", Calendar::Civil, 4, "from 28 to 31 January"),
            ("2025-02", Calendar::Civil, 1, "1 February"),
            ("2025-Q1", Calendar::Civil, 5, "all of it"),
            ("2025-02-YTD", Calendar::Civil, 5, "the two months together"),
            ("2024-02", Calendar::Nd09, 5, "from 15 January to 14 February"),
            ("2025-02", Calendar::Nd09, 5, "all of it again"),
            ("2015-02", Calendar::Nd09, 0, "Tết was on 19 February"),
            ("2015-03", Calendar::Nd09, 5, "from 15 February to 14 March"),
            ("2024-02-10/2024-02-11", Calendar::Civil, 2, "the first two days"),
            ("2024-12-01/2026-03-01", Calendar::Civil, 10, "two years"),
        ] {
            assert_eq!(days_in(period(code, calendar)), Some(days), "{code}: {why}");
        }
        assert_eq!(days_in(period("1975-02", Calendar::Civil)), None, "before the table");
        assert_eq!(days_in(period("2050-12-01/2051-02-28", Calendar::Civil)), None, "partly after it");
    }

    #[test]
    fn first_days_are_those_of_viet_nam() {
        for (year, day, why) in [
            (1976, "1976-01-31", "the first of the table"),
            (1985, "1985-01-21", "a month before China's"),
            (2007, "2007-02-17", "a day before China's"),
            (2023, "2023-01-22", "as everywhere"),
            (2024, "2024-02-10", "as everywhere"),
            (2025, "2025-01-29", "as everywhere"),
            (2030, "2030-02-02", "a day before China's"),
            (2050, "2050-01-23", "the last of the table"),
        ] {
            assert_eq!(FIRST_DAYS[&year].to_string(), day, "{why}");
        }
        assert_eq!((FIRST_DAYS.len(), FIRST_DAYS.keys().max().unwrap() - FIRST_DAYS.keys().min().unwrap()), (75, 74), "every year");
        let early = NaiveDate::from_ymd_opt(2000, 1, 21).unwrap().ordinal()..=NaiveDate::from_ymd_opt(2000, 2, 21).unwrap().ordinal();
        assert!(FIRST_DAYS.values().all(|day| early.contains(&day.ordinal())), "between 21 January and 20 or 21 February");
    }

    /// A count of its own: day by day through the period.
    fn counted(period: Period) -> usize {
        let is_tet = |day: &NaiveDate| FIRST_DAYS.get(&day.year()).is_some_and(|first| (-1..=3).contains(&(*day - *first).num_days()));
        period.start().iter_days().take_while(|day| *day <= period.end()).filter(is_tet).count()
    }

    #[test]
    fn tet_has_moved_where_the_days_counted_one_by_one_differ() {
        for calendar in [Calendar::Civil, Calendar::Nd09] {
            let mut moved_months = 0;
            for year in 1997..=2050 {
                let frequencies = [Frequency::Monthly, Frequency::Quarterly, Frequency::HalfYearly, Frequency::Yearly];
                let periods = frequencies.iter().flat_map(|of| Period::of_year(calendar, year, *of, false));
                let to_date = Period::of_year(calendar, year, Frequency::Monthly, true);
                let half_of_february = period(&format!("{year}-01-10/{year}-02-09"), calendar);
                for period in periods.chain(to_date).chain([half_of_february]) {
                    let differ = counted(period) != counted(period.same_period_last_year());
                    assert_eq!(moved(period), differ, "{period} {calendar:?}");
                    assert!(!differ || period.end().month() < 4, "{period}: only the first months of the year");
                    moved_months += usize::from(differ && period.months() == Some(1));
                }
                let [first, second] = months_of_tet(period(&format!("{year}"), calendar)).unwrap();
                assert_eq!(counted(first) + counted(second), 5, "{year} {calendar:?}");
                assert!(!moved(Period::of_days(calendar, first.start(), second.end())), "{year}: together they are comparable");
            }
            // Nearly every civil January or February; of administrative months only those around a Tết after 10 February.
            assert!(if calendar == Calendar::Civil { moved_months > 80 } else { moved_months > 20 }, "{calendar:?}: {moved_months}");
        }
    }

    #[test]
    fn what_tet_cannot_touch_or_is_not_known_has_not_moved() {
        for (code, calendar) in [
            ("2025-03", Calendar::Civil),
            ("2025", Calendar::Civil),
            ("2025-Q1", Calendar::Civil),
            ("2025-02", Calendar::Nd09),
            ("1976-02", Calendar::Civil),
            ("2051-01", Calendar::Civil),
        ] {
            assert!(!moved(period(code, calendar)), "{code}");
        }
        assert!(moved(period("2025-01", Calendar::Civil)) && moved(period("2025-02", Calendar::Civil)));
        assert!(moved(period("2025-01-YTD", Calendar::Civil)) && !moved(period("2025-02-YTD", Calendar::Civil)));
    }
}
