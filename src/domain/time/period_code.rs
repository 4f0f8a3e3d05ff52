//! Period codes: `2024-05`, `2024-Q2`, `2024-05-YTD`. The calendar then gives the days.
//! The forms in Vietnamese words are in `vietnamese`.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::period::{Calendar, Name, Period, YEARS};
use super::vietnamese::{self, Unreadable, Written};
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::text::parse_date;

/// A period code without its calendar: `2024-05` covers different days in each calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodCode(Written);

impl From<Period> for PeriodCode {
    fn from(period: Period) -> PeriodCode {
        PeriodCode::parse(&period.to_string()).expect("a period is printed in a form that is read")
    }
}

impl Period {
    /// Reads a period code, in any form that [`PeriodCode::parse`] accepts, in a calendar.
    ///
    /// # Errors
    /// `invalid_period`, with the accepted forms.
    pub fn parse(text: &str, calendar: Calendar) -> Result<Period, Fault> {
        Ok(PeriodCode::parse(text)?.in_calendar(calendar))
    }
}

impl PeriodCode {
    /// Reads a period code in any accepted form: `2024-05`, `2024-M05`, `2024M05`, `202405`, `2024-Q2`, `2024Q2`, `2024-H1`, `2024-S1`,
    /// `2024S1`, `2024-9M`, `2024`, `2024-A1`, `2024-05-YTD`, `2024-01-01/2024-05-31`.
    ///
    /// # Errors
    /// `invalid_period`, with the accepted forms.
    pub fn parse(text: &str) -> Result<PeriodCode, Fault> {
        parse_code(text).map(PeriodCode).map_err(|why| {
            // A code that is one except for its year is no period in words either.
            let why = if why == Unreadable::Form { vietnamese::read(text).err() } else { Some(why) };
            refuse(text, why, false)
        })
    }

    /// The period of one day.
    #[must_use]
    pub fn of_day(day: NaiveDate) -> PeriodCode {
        PeriodCode(Written::Days(day, day))
    }

    /// Reads a period code, or a period in Vietnamese words: `Tháng 5/2024`, `Quý II/2024`, `6 tháng đầu năm 2024`. Accents and case do not
    /// matter.
    ///
    /// # Errors
    /// `invalid_period`, with the accepted forms.
    pub fn parse_vietnamese(text: &str) -> Result<PeriodCode, Fault> {
        let written = match parse_code(&text.trim().to_ascii_uppercase()) {
            Err(Unreadable::Form) => vietnamese::read(text),
            read => read,
        };
        written.map(PeriodCode).map_err(|why| refuse(text, Some(why), true))
    }

    /// The period code that spreadsheets leave as it is: `2024M05` in place of `2024-05`, which Excel turns into a date and shows as
    /// `May-24`.
    #[must_use]
    pub fn for_spreadsheets(self) -> String {
        match self.0 {
            Written::Named(year, Name::Month(month)) => format!("{year}M{month:02}"),
            Written::Named(..) | Written::Days(..) => self.to_string(),
        }
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

const FORMS: [&str; 7] = ["2024-05", "2024-Q2", "2024-H1", "2024-9M", "2024", "2024-05-YTD", "2024-01-01/2024-05-31"];
const VIETNAMESE_FORMS: [&str; 7] = [
    "Tháng 5/2024",
    "Quý II/2024",
    "6 tháng đầu năm 2024",
    "9 tháng năm 2024",
    "Năm 2024",
    "5 tháng đầu năm 2024",
    "01/01/2024 - 31/05/2024",
];

/// The fault of a text that is not a period; `None` for a period in Vietnamese words where they are not read.
fn refuse(text: &str, why: Option<Unreadable>, vietnamese: bool) -> Fault {
    let shown: String = text.chars().take(40).collect();
    let why = match why {
        None => message!(
            en: "`{shown}` is read in files, and in JSON with `number_locale` `vi`",
            vi: "`{shown}` chỉ đọc được trong tệp, và trong JSON khi `number_locale` là `vi`"
        ),
        Some(Unreadable::Empty) => message!(en: "the period is empty", vi: "chưa ghi kỳ báo cáo"),
        Some(Unreadable::Form) => message!(en: "`{shown}` is not a period", vi: "`{shown}` không phải là kỳ báo cáo"),
        Some(Unreadable::Day) => message!(en: "`{shown}` is a day and not a period", vi: "`{shown}` là một ngày, không phải kỳ báo cáo"),
        Some(Unreadable::MonthOfSpreadsheet) => {
            message!(
                en: "`{shown}` is a month as Excel shows it when it has turned a period into a date",
                vi: "`{shown}` là tháng do Excel hiện khi đã đổi kỳ báo cáo thành ngày"
            )
        }
        Some(Unreadable::ShortYear) => message!(
            en: "the year in `{shown}` has two digits: write all four",
            vi: "năm trong `{shown}` chỉ có hai chữ số: viết đủ bốn chữ số"
        ),
        Some(Unreadable::NoYear) => message!(en: "`{shown}` has no year", vi: "`{shown}` không có năm"),
        Some(Unreadable::MonthOrYear) => message!(
            en: "`{shown}` can mean May or a month without its number: write the month in digits",
            vi: "`{shown}` có thể là tháng Năm hoặc tháng thiếu số: viết tháng bằng chữ số"
        ),
        Some(Unreadable::MonthOrYears) => message!(
            en: "`{shown}` can mean a month or two years",
            vi: "`{shown}` có thể là một tháng hoặc hai năm"
        ),
        Some(Unreadable::Backwards) => message!(en: "`{shown}` ends before it begins", vi: "`{shown}` kết thúc trước khi bắt đầu"),
        Some(Unreadable::Year) => {
            let message = message!(
                en: "the year of `{shown}` is not read: periods are of the years {} to {}",
                vi: "không nhận năm trong `{shown}`: kỳ báo cáo thuộc các năm {} đến {}", YEARS.start(), YEARS.end()
            );
            return Fault::new(Code::InvalidPeriod, message).allowing(FORMS);
        }
    };
    let codes = message!(
        en: "write a month as 2024-05, a quarter as 2024-Q2, a half-year as 2024-H1, nine months as 2024-9M, a year as 2024, a year to \
             date as 2024-05-YTD, days as 2024-01-01/2024-05-31",
        vi: "viết tháng là 2024-05, quý là 2024-Q2, sáu tháng là 2024-H1, chín tháng là 2024-9M, năm là 2024, lũy kế từ đầu năm là \
             2024-05-YTD, khoảng ngày là 2024-01-01/2024-05-31"
    );
    let words = VIETNAMESE_FORMS.join(", ");
    if vietnamese {
        let message =
            message!(en: "{why}; write {words}; or as a code: {codes}", vi: "{why}; viết {words}; hoặc viết mã: {codes}"; why, codes);
        Fault::new(Code::InvalidPeriod, message).allowing(VIETNAMESE_FORMS.into_iter().chain(FORMS))
    } else {
        let message = message!(
            en: "{why}; {codes} (in files, and in JSON with `number_locale` `vi`, also {words})",
            vi: "{why}; {codes} (trong tệp, và trong JSON khi `number_locale` là `vi`, cũng viết được {words})"; why, codes
        );
        Fault::new(Code::InvalidPeriod, message).allowing(FORMS)
    }
}

fn parse_code(text: &str) -> Result<Written, Unreadable> {
    if let Some((start, end)) = text.split_once('/') {
        let day = |text: &str| parse_date(text).map_err(|_| Unreadable::Form);
        let (start, end) = (day(start)?, day(end)?);
        if !YEARS.contains(&start.year()) || !YEARS.contains(&end.year()) {
            return Err(Unreadable::Year);
        }
        return if end < start { Err(Unreadable::Backwards) } else { Ok(Written::Days(start, end)) };
    }
    let (year, rest) = text.split_at_checked(4).filter(|(year, _)| year.bytes().all(|b| b.is_ascii_digit())).ok_or(Unreadable::Form)?;
    let name = parse_name(rest).ok_or(Unreadable::Form)?;
    let year = year.parse().ok().filter(|year| YEARS.contains(year)).ok_or(Unreadable::Year)?;
    Ok(Written::Named(year, name))
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
                let digits = ["-M", "M", "-"].iter().find_map(|prefix| rest.strip_prefix(prefix)).unwrap_or(rest);
                Name::Month(month(digits)?)
            }
        }
    })
}
