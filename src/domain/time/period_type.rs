//! The type of a period: what it is to its year. Figures of different types never stand in one series.
//! The days are in `period`.

use super::period::{Frequency, Name, Period};
use crate::domain::fault::code_list;

code_list! {
    /// Type of period, by its days and not by how it was written: `2024-06-YTD` is the first half of the year.
    pub enum PeriodType {
        /// A month: `2024-05`.
        Month = "month",
        /// A quarter: `2024-Q2`.
        Quarter = "quarter",
        /// A half-year: `2024-H1`.
        HalfYear = "half_year",
        /// The first nine months: `2024-9M`.
        NineMonths = "nine_months",
        /// A year: `2024`.
        Year = "year",
        /// A year to date (lũy kế) that is none of the others: `2024-05-YTD`.
        YearToDate = "year_to_date",
        /// Any other days: `2024-01-01/2024-05-31`.
        Interval = "interval",
    }
}

impl PeriodType {
    /// The type of the periods of a frequency; `cumulative` for the years to date that end with them.
    #[must_use]
    pub fn of(frequency: Frequency, cumulative: bool) -> PeriodType {
        match frequency {
            _ if cumulative => PeriodType::YearToDate,
            Frequency::Monthly => PeriodType::Month,
            Frequency::Quarterly => PeriodType::Quarter,
            Frequency::HalfYearly => PeriodType::HalfYear,
            Frequency::Yearly => PeriodType::Year,
        }
    }
}

impl Period {
    /// The type of the period.
    #[must_use]
    pub fn period_type(self) -> PeriodType {
        match self.canonical().name() {
            Name::Month(_) => PeriodType::Month,
            Name::Quarter(_) => PeriodType::Quarter,
            Name::Half(_) => PeriodType::HalfYear,
            Name::NineMonths => PeriodType::NineMonths,
            Name::Year => PeriodType::Year,
            Name::ToDate(_) => PeriodType::YearToDate,
            Name::Interval => PeriodType::Interval,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::period::Calendar;

    #[test]
    fn the_type_of_a_period_is_that_of_its_days() {
        use PeriodType::{HalfYear, Interval, Month, NineMonths, Quarter, Year, YearToDate};
        for (code, expected) in [
            ("2024-05", Month),
            ("2024-01-YTD", Month),
            ("2024-Q3", Quarter),
            ("2024-03-YTD", Quarter),
            ("2024-H2", HalfYear),
            ("2024-06-YTD", HalfYear),
            ("2024-9M", NineMonths),
            ("2024-09-YTD", NineMonths),
            ("2024", Year),
            ("2024-12-YTD", Year),
            ("2024-01-01/2024-12-31", Year),
            ("2024-05-YTD", YearToDate),
            ("2024-01-01/2024-05-30", Interval),
        ] {
            assert_eq!(Period::parse(code, Calendar::Civil).unwrap().period_type(), expected, "{code}");
        }
    }
}
