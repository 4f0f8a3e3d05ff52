//! Periods: a calendar and a range of days. The period code is the written form of a period.
//! Order, bounds, neighbours and the same period last year, for both calendars. `period_code` reads the written forms.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::domain::fault::code_list;

code_list! {
    /// The calendar of a period: it fixes the first and the last day.
    pub enum Calendar {
        /// Civil calendar: from the first to the last day of the months (statistics, Thông tư 04/2022).
        Civil = "civil",
        /// Calendar of administrative reports (Nghị định 09/2019 Art. 12): month M runs from the 15th of M−1 to the 14th of M.
        Nd09 = "nd09",
    }
}

code_list! {
    /// Reporting frequency, with the SDMX codes.
    pub enum Frequency {
        /// Monthly.
        Monthly = "M",
        /// Quarterly.
        Quarterly = "Q",
        /// Half-yearly.
        HalfYearly = "S",
        /// Yearly.
        Yearly = "A",
    }
}

/// The kind and number of a period within its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    /// `2024-05`
    Month(u32),
    /// `2024-Q2`
    Quarter(u32),
    /// `2024-H1`
    Half(u32),
    /// `2024-9M`
    NineMonths,
    /// `2024`
    Year,
    /// `2024-05-YTD`: year to date (lũy kế), from the first month to the end of this one.
    ToDate(u32),
    /// `2024-01-01/2024-05-31`: an event, or a range of days without a name of its own.
    Interval,
}

impl Name {
    /// First and last month; `None` for an interval.
    fn months(self) -> Option<(u32, u32)> {
        match self {
            Name::Month(m) => Some((m, m)),
            Name::Quarter(q) => Some((3 * q - 2, 3 * q)),
            Name::Half(h) => Some((6 * h - 5, 6 * h)),
            Name::NineMonths => Some((1, 9)),
            Name::Year => Some((1, 12)),
            Name::ToDate(m) => Some((1, m)),
            Name::Interval => None,
        }
    }

    /// The preferred name of a run of months: the shortest usual form.
    fn of_months(first: u32, last: u32) -> Option<Name> {
        Some(match (first, last) {
            (f, l) if f == l => Name::Month(f),
            (1, 12) => Name::Year,
            (1, 9) => Name::NineMonths,
            (1, 6) => Name::Half(1),
            (7, 12) => Name::Half(2),
            (f, l) if l == f + 2 && l % 3 == 0 => Name::Quarter(l / 3),
            (1, l) => Name::ToDate(l),
            _ => return None,
        })
    }
}

/// The group of periods that can be derived from one another: all periods of one year in both calendars, or one interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PeriodYear {
    /// A year, as it stands in the period code.
    Year(i32),
    /// First and last day of an interval.
    Days(NaiveDate, NaiveDate),
}

/// A period of time in one of the two calendars.
///
/// Two periods are equal if they cover the same days in the same calendar, in any written form: `2024-H1`, `2024-06-YTD` and
/// `2024-01-01/2024-06-30` are one period. Periods are ordered by their end, then by their start.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    calendar: Calendar,
    name: Name,
    /// The year in the period code; for an interval, the year of its last day.
    year: i32,
    start: NaiveDate,
    end: NaiveDate,
}

/// Years that a period code may contain. Statistics of the country begin after 1945; the upper limit keeps dates printable.
pub(crate) const YEARS: std::ops::RangeInclusive<i32> = 1945..=2199;

impl Period {
    pub(crate) fn named(calendar: Calendar, year: i32, name: Name) -> Period {
        let (first, last) = name.months().expect("an interval is never built by name");
        let (start, end) = days_of_months(calendar, year, first, last);
        Period { calendar, name, year, start, end }
    }

    /// The period of these days, with its preferred name.
    #[must_use]
    pub fn of_days(calendar: Calendar, start: NaiveDate, end: NaiveDate) -> Period {
        let (first, last) = match calendar {
            Calendar::Civil => (start, end),
            // The 15th belongs to the report of the next month.
            Calendar::Nd09 => (start + Months::new(1), end),
        };
        let named = Some((first.month(), last.month()))
            .filter(|_| first.year() == last.year())
            .and_then(|(first, last)| Name::of_months(first, last))
            .map(|name| Period::named(calendar, last.year(), name))
            .filter(|period| (period.start, period.end) == (start, end));
        named.unwrap_or(Period { calendar, name: Name::Interval, year: end.year(), start, end })
    }

    /// The same days with their preferred name: `2024-06-YTD` becomes `2024-H1`.
    #[must_use]
    pub fn canonical(self) -> Period {
        Period::of_days(self.calendar, self.start, self.end)
    }

    pub(super) fn name(self) -> Name {
        self.name
    }

    /// The calendar.
    #[must_use]
    pub fn calendar(self) -> Calendar {
        self.calendar
    }

    /// The first day.
    #[must_use]
    pub fn start(self) -> NaiveDate {
        self.start
    }

    /// The last day.
    #[must_use]
    pub fn end(self) -> NaiveDate {
        self.end
    }

    /// Number of months that the period covers; `None` for an interval.
    #[must_use]
    pub fn months(self) -> Option<u32> {
        self.name.months().map(|(first, last)| last - first + 1)
    }

    /// The group of periods that can be derived from this one, or this one from them.
    #[must_use]
    pub fn within(self) -> PeriodYear {
        match self.name {
            Name::Interval => PeriodYear::Days(self.start, self.end),
            _ => PeriodYear::Year(self.year),
        }
    }

    /// Number of months of the period that have ended by a day, this day included; `None` for an interval.
    #[must_use]
    pub fn months_by(self, day: NaiveDate) -> Option<u32> {
        let (first, last) = self.name.months()?;
        let ended = |month: &u32| days_of_months(self.calendar, self.year, *month, *month).1 <= day;
        u32::try_from((first..=last).filter(ended).count()).ok()
    }

    /// The period with the same name in the other calendar. An interval keeps its days.
    #[must_use]
    pub fn in_other_calendar(self) -> Period {
        let other = match self.calendar {
            Calendar::Civil => Calendar::Nd09,
            Calendar::Nd09 => Calendar::Civil,
        };
        match self.name {
            Name::Interval => Period::of_days(other, self.start, self.end),
            name => Period::named(other, self.year, name),
        }
    }

    /// Start and end in months since the year 0: `2024-Q1` is (24288, 24291). `None` for an interval.
    #[must_use]
    pub fn month_span(self) -> Option<(i32, i32)> {
        let (first, last) = self.name.months()?;
        let boundary = |month: u32| i32::try_from(month).ok().map(|month| self.year * 12 + month);
        Some((boundary(first - 1)?, boundary(last)?))
    }

    /// Whether the period starts with its year. It is then a year to date, also under another name (`2024-Q1`, `2024`).
    #[must_use]
    pub fn runs_from_new_year(self) -> bool {
        self.name.months().is_some_and(|(first, _)| first == 1)
    }

    /// The frequency at which the period is a data point, whatever its name; `None` for nine months, most years to date and intervals.
    #[must_use]
    pub fn frequency(self) -> Option<Frequency> {
        let (first, last) = self.name.months()?;
        match Name::of_months(first, last)? {
            Name::Month(_) => Some(Frequency::Monthly),
            Name::Quarter(_) => Some(Frequency::Quarterly),
            Name::Half(_) => Some(Frequency::HalfYearly),
            Name::Year => Some(Frequency::Yearly),
            Name::NineMonths | Name::ToDate(_) | Name::Interval => None,
        }
    }

    /// The whole year that contains the period; `None` for an interval, which may cross years.
    #[must_use]
    pub fn year(self) -> Option<Period> {
        self.name.months().map(|_| Period::named(self.calendar, self.year, Name::Year))
    }

    /// The years to date of the period's year, in order; empty for an interval.
    #[must_use]
    pub fn to_date(self) -> Vec<Period> {
        self.name.months().map_or(Vec::new(), |_| Period::of_year(self.calendar, self.year, Frequency::Monthly, true))
    }

    /// The months of the period's year, in order; empty for an interval.
    #[must_use]
    pub fn months_of_year(self) -> Vec<Period> {
        self.name.months().map_or(Vec::new(), |_| Period::of_year(self.calendar, self.year, Frequency::Monthly, false))
    }

    /// The previous month, quarter, half-year or year; `None` for the other kinds of period.
    #[must_use]
    pub fn previous(self) -> Option<Period> {
        let (first, last) = self.name.months()?;
        let name = Name::of_months(first, last)?;
        let (number, of_a_year): (u32, u32) = match name {
            Name::Month(m) => (m, 12),
            Name::Quarter(q) => (q, 4),
            Name::Half(h) => (h, 2),
            Name::Year => (1, 1),
            Name::NineMonths | Name::ToDate(_) | Name::Interval => return None,
        };
        let (year, number) = if number == 1 { (self.year - 1, of_a_year) } else { (self.year, number - 1) };
        let name = match name {
            Name::Month(_) => Name::Month(number),
            Name::Quarter(_) => Name::Quarter(number),
            Name::Half(_) => Name::Half(number),
            Name::Year | Name::NineMonths | Name::ToDate(_) | Name::Interval => Name::Year,
        };
        Some(Period::named(self.calendar, year, name))
    }

    /// The month that ends just before the period starts; `None` for an interval.
    #[must_use]
    pub fn month_before(self) -> Option<Period> {
        let (first, _) = self.name.months()?;
        Period::named(self.calendar, self.year, Name::Month(first)).previous()
    }

    /// First and last day of the years that contain the period. All periods that it can be derived from lie between them.
    #[must_use]
    pub fn whole_years(self) -> (NaiveDate, NaiveDate) {
        let year_of = |day: NaiveDate| match self.calendar {
            Calendar::Civil => day.year(),
            // The administrative year starts on 15 December of the year before.
            Calendar::Nd09 => (day + Days::new(17)).year(),
        };
        let first = Period::named(self.calendar, year_of(self.start), Name::Year);
        let last = Period::named(self.calendar, year_of(self.end), Name::Year);
        (first.start, last.end)
    }

    /// The periods of one frequency in a year, in order. `cumulative` gives the years to date (lũy kế) that end with them instead.
    #[must_use]
    pub fn of_year(calendar: Calendar, year: i32, frequency: Frequency, cumulative: bool) -> Vec<Period> {
        let months = match frequency {
            Frequency::Monthly => 1,
            Frequency::Quarterly => 3,
            Frequency::HalfYearly => 6,
            Frequency::Yearly => 12,
        };
        let name = |n: u32| match frequency {
            _ if cumulative => Name::ToDate(n * months),
            Frequency::Monthly => Name::Month(n),
            Frequency::Quarterly => Name::Quarter(n),
            Frequency::HalfYearly => Name::Half(n),
            Frequency::Yearly => Name::Year,
        };
        (1..=12 / months).map(|n| Period::named(calendar, year, name(n))).collect()
    }

    /// The same period of the year before: `2024-H1` → `2023-H1`. Both ends of an interval move back by one year; 29 February becomes
    /// 28 February.
    #[must_use]
    pub fn same_period_last_year(self) -> Period {
        match self.name {
            Name::Interval => {
                let back = |day: NaiveDate| day - Months::new(12);
                Period::of_days(self.calendar, back(self.start), back(self.end))
            }
            name => Period::named(self.calendar, self.year - 1, name),
        }
    }
}

fn days_of_months(calendar: Calendar, year: i32, first: u32, last: u32) -> (NaiveDate, NaiveDate) {
    let day = |month: u32, day: u32| NaiveDate::from_ymd_opt(year, month, day).expect("months 1 to 12 have 15 days");
    match calendar {
        Calendar::Civil => (day(first, 1), day(last, 1) + Months::new(1) - Days::new(1)),
        Calendar::Nd09 => (day(first, 15) - Months::new(1), day(last, 14)),
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.year;
        match self.name {
            Name::Month(m) => write!(f, "{year}-{m:02}"),
            Name::Quarter(q) => write!(f, "{year}-Q{q}"),
            Name::Half(h) => write!(f, "{year}-H{h}"),
            Name::NineMonths => write!(f, "{year}-9M"),
            Name::Year => write!(f, "{year}"),
            Name::ToDate(m) => write!(f, "{year}-{m:02}-YTD"),
            Name::Interval => write!(f, "{}/{}", self.start, self.end),
        }
    }
}

impl Period {
    fn days(&self) -> (NaiveDate, NaiveDate, Calendar) {
        (self.end, self.start, self.calendar)
    }
}

impl PartialEq for Period {
    fn eq(&self, other: &Period) -> bool {
        self.days() == other.days()
    }
}

impl Eq for Period {}

impl Ord for Period {
    fn cmp(&self, other: &Period) -> Ordering {
        self.days().cmp(&other.days())
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Period) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Period {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.days().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::fault::Code;

    fn civil(text: &str) -> Period {
        Period::parse(text, Calendar::Civil).unwrap()
    }

    fn nd09(text: &str) -> Period {
        Period::parse(text, Calendar::Nd09).unwrap()
    }

    #[test]
    fn every_form_is_read_and_one_is_written() {
        for (forms, written, last_year) in [
            (&["2024-05", "2024-M05", "202405"][..], "2024-05", "2023-05"),
            (&["2024-Q2", "2024Q2"], "2024-Q2", "2023-Q2"),
            (&["2024-H1", "2024-S1", "2024S1"], "2024-H1", "2023-H1"),
            (&["2024-9M"], "2024-9M", "2023-9M"),
            (&["2024", "2024-A1"], "2024", "2023"),
            (&["2024-05-YTD"], "2024-05-YTD", "2023-05-YTD"),
            (&["2024-06-YTD"], "2024-06-YTD", "2023-06-YTD"),
            (&["2021-02-24/2021-08-31"], "2021-02-24/2021-08-31", "2020-02-24/2020-08-31"),
            (&["2024-01-01/2024-05-31"], "2024-05-YTD", "2023-05-YTD"),
        ] {
            for form in forms {
                assert_eq!(civil(form).to_string(), written, "{form}");
                assert_eq!(civil(form).same_period_last_year().to_string(), last_year, "{form}");
            }
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for bad in [
            "",
            "24",
            "2024-13",
            "2024-00",
            "2024-5",
            "2024-Q5",
            "2024-Q0",
            "2024-H3",
            "2024-8M",
            "2024-A2",
            "2024-05-ytd",
            "2024-YTD",
            "20245",
            "2024-05-31",
            "2024/2025",
            "2024-05-31/2024-01-01",
            "2024-02-30/2024-03-01",
            "1024",
            "9999",
            "２０２４",
            "2024 ",
            "-2024",
            "+202-05",
            "2024-Q+1",
            "2024-é",
            "2024-01-01/2024-05-31/2024-06-01",
        ] {
            assert_eq!(Period::parse(bad, Calendar::Civil).unwrap_err().code, Code::InvalidPeriod, "{bad}");
        }
    }

    #[test]
    fn the_administrative_calendar_cuts_off_on_the_14th() {
        for (code, start, end) in [
            ("2024-05", "2024-04-15", "2024-05-14"),
            ("2024-01", "2023-12-15", "2024-01-14"),
            ("2024-Q1", "2023-12-15", "2024-03-14"),
            ("2024-Q3", "2024-06-15", "2024-09-14"),
            ("2024-H1", "2023-12-15", "2024-06-14"),
            ("2024-H2", "2024-06-15", "2024-12-14"),
            ("2024-9M", "2023-12-15", "2024-09-14"),
            ("2024", "2023-12-15", "2024-12-14"),
            ("2024-05-YTD", "2023-12-15", "2024-05-14"),
        ] {
            let period = nd09(code);
            assert_eq!((period.start().to_string(), period.end().to_string()), (start.into(), end.into()), "{code}");
        }
    }

    #[test]
    fn months_end_in_their_calendar() {
        for (period, day, months) in [
            (civil("2024-H1"), "2024-05-31", Some(5)),
            (civil("2024-H1"), "2024-05-30", Some(4)),
            (civil("2024-H1"), "2024-12-31", Some(6)),
            (nd09("2024-H1"), "2024-05-14", Some(5)),
            (civil("2024-01-10/2024-02-20"), "2024-02-20", None),
        ] {
            assert_eq!(period.months_by(day.parse().unwrap()), months, "{period} by {day}");
        }
        assert_eq!(civil("2024-05").in_other_calendar(), nd09("2024-05"));
        assert_eq!(civil("2024-01-10/2024-02-20").in_other_calendar(), nd09("2024-01-10/2024-02-20"));
    }

    #[test]
    fn the_same_days_are_the_same_period_however_written() {
        assert_eq!(civil("2024-H1"), civil("2024-06-YTD"));
        assert_eq!(civil("2024-H1"), civil("2024-01-01/2024-06-30"));
        assert_eq!(civil("2024-Q1"), civil("2024-03-YTD"));
        assert_eq!(civil("2024-9M"), civil("2024-09-YTD"));
        assert_eq!(civil("2024"), civil("2024-12-YTD"));
        assert_eq!(civil("2024-01"), civil("2024-01-YTD"));
        assert_eq!(nd09("2024-H1"), nd09("2023-12-15/2024-06-14"));
        assert_ne!(civil("2024-H1"), nd09("2024-H1"), "two calendars are never equal");
        assert_ne!(civil("2024-06"), civil("2024-H1"));
    }

    #[test]
    fn leap_days_have_a_same_period_last_year() {
        let last_year = |code| {
            let period = civil(code).same_period_last_year();
            (period.start().to_string(), period.end().to_string())
        };
        assert_eq!(last_year("2024-02"), ("2023-02-01".into(), "2023-02-28".into()));
        assert_eq!(last_year("2025-02"), ("2024-02-01".into(), "2024-02-29".into()));
        assert_eq!(last_year("2024-02-10/2024-02-29"), ("2023-02-10".into(), "2023-02-28".into()));
    }

    #[test]
    fn periods_order_by_their_end() {
        let mut periods = ["2024", "2024-Q1", "2023", "2024-02", "2024-03"].map(civil);
        periods.sort();
        assert_eq!(periods.map(|p| p.to_string()), ["2023", "2024-02", "2024-Q1", "2024-03", "2024"]);
    }

    #[test]
    fn a_period_lies_in_whole_years() {
        for (period, first, last) in [
            (civil("2024-05"), "2024-01-01", "2024-12-31"),
            (civil("2023-12-20/2024-01-10"), "2023-01-01", "2024-12-31"),
            (nd09("2024-05"), "2023-12-15", "2024-12-14"),
            (nd09("2023-12-14/2023-12-15"), "2022-12-15", "2024-12-14"),
        ] {
            let (start, end) = period.whole_years();
            assert_eq!((start.to_string().as_str(), end.to_string().as_str()), (first, last), "{period}");
        }
    }

    #[test]
    fn a_year_has_its_periods_of_each_frequency() {
        let written = |frequency, cumulative| {
            let periods = Period::of_year(Calendar::Civil, 2024, frequency, cumulative);
            periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(written(Frequency::Quarterly, false), "2024-Q1 2024-Q2 2024-Q3 2024-Q4");
        assert_eq!(written(Frequency::Quarterly, true), "2024-03-YTD 2024-06-YTD 2024-09-YTD 2024-12-YTD");
        assert_eq!(written(Frequency::HalfYearly, false), "2024-H1 2024-H2");
        assert_eq!(written(Frequency::Yearly, false), "2024");
        assert_eq!(Period::of_year(Calendar::Nd09, 2024, Frequency::Monthly, true).len(), 12);
    }

    #[test]
    fn frequency_follows_the_days() {
        for (code, frequency) in [
            ("2024-05", Some("M")),
            ("2024-01-YTD", Some("M")),
            ("2024-Q2", Some("Q")),
            ("2024-03-YTD", Some("Q")),
            ("2024-06-YTD", Some("S")),
            ("2024-12-YTD", Some("A")),
            ("2024", Some("A")),
            ("2024-9M", None),
            ("2024-05-YTD", None),
            ("2024-02-03/2024-02-09", None),
        ] {
            assert_eq!(civil(code).frequency().map(Frequency::as_str), frequency, "{code}");
        }
    }

    fn any_period() -> impl Strategy<Value = Period> {
        let name = prop_oneof![
            (1u32..=12).prop_map(Name::Month),
            (1u32..=4).prop_map(Name::Quarter),
            (1u32..=2).prop_map(Name::Half),
            Just(Name::NineMonths),
            Just(Name::Year),
            (1u32..=12).prop_map(Name::ToDate),
        ];
        let calendar = prop_oneof![Just(Calendar::Civil), Just(Calendar::Nd09)];
        (calendar, 1946i32..=2198, name).prop_map(|(calendar, year, name)| Period::named(calendar, year, name))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn a_printed_period_reads_back_as_itself(period in any_period()) {
            let again = Period::parse(&period.to_string(), period.calendar()).unwrap();
            prop_assert_eq!(again, period);
            prop_assert_eq!(again.to_string(), period.to_string());
        }

        #[test]
        fn days_alone_name_the_period(period in any_period()) {
            let renamed = Period::of_days(period.calendar(), period.start(), period.end());
            prop_assert_eq!(renamed, period);
            prop_assert!(renamed.months().is_some(), "{} lost its name", period);
        }

        #[test]
        fn last_year_is_as_long_give_or_take_the_leap_day(period in any_period()) {
            let last_year = period.same_period_last_year();
            let days = |p: Period| (p.end() - p.start()).num_days();
            prop_assert_eq!(last_year.months(), period.months());
            prop_assert!((days(period) - days(last_year)).abs() <= 1);
            prop_assert_eq!(last_year.end().year(), period.end().year() - 1);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            let _ = Period::parse(&text, Calendar::Civil);
            let _ = Period::parse(&text, Calendar::Nd09);
        }
    }
}
