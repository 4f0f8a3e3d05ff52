//! Numbers and dates of a workbook from their XML text. Exact: digits are moved, without arithmetic in floating point.
//! The cells themselves are read in `cells`.

use std::cmp::Ordering;
use std::fmt;

use chrono::{Days, NaiveDate};

use crate::domain::fault::{Code, Fault};
use crate::domain::message::{Message, message};

/// The digits of a number that Excel stores and shows.
pub const EXCEL_DIGITS: usize = 15;
/// The most digits and the largest power of ten that any spreadsheet writes.
const MOST_DIGITS: usize = 34;
const LARGEST_POWER: i32 = 330;
/// Excel counts a non-existent 29 February 1900 as day 60. Earlier days are no dates of a report but counts in a cell with the wrong
/// format.
const FIRST_DAY: u64 = 61;
/// 31 December 9999, the last day in Excel.
const LAST_DAY: u64 = 2_958_465;

/// A number of a cell, exact: its digits without zeros at either end, and the number of decimals, negative if zeros follow the digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits {
    negative: bool,
    significant: String,
    decimals: i32,
}

impl Digits {
    /// Reads the number of a cell. Of its digits the first 15 count, as in Excel: `77.150000000000006`, the text of the binary number
    /// nearest to 77.15, is 77.15.
    ///
    /// # Errors
    /// `cell_not_a_value` if it is no number. `too_many_digits` for a whole number of more than 15 digits: it has no fraction that may be
    /// rounded off, so Excel shows another number than the file holds.
    pub fn of_cell(written: &str) -> Result<Digits, Fault> {
        let number = Digits::parse(written).ok_or_else(|| {
            Fault::new(
                Code::CellNotAValue,
                message!(
                    en: "what is stored as a number is none",
                    vi: "giá trị lưu dưới dạng số không phải là số"
                ),
            )
        })?;
        if number.magnitude() > signed(EXCEL_DIGITS) && number.significant.len() > EXCEL_DIGITS {
            let message = message!(
                en: "the number has {} digits before the decimal mark, and Excel keeps {EXCEL_DIGITS}: send it in a larger unit, or as text",
                vi: "số có {} chữ số trước dấu thập phân, mà Excel chỉ giữ {EXCEL_DIGITS}: gửi theo đơn vị lớn hơn, hoặc dưới dạng văn bản", number.magnitude()
            );
            return Err(Fault::new(Code::TooManyDigits, message));
        }
        let decimals = signed(EXCEL_DIGITS) - number.magnitude();
        Ok(number.rounded(decimals))
    }

    /// The number 1.
    pub fn one() -> Digits {
        Digits { negative: false, significant: "1".to_owned(), decimals: 0 }
    }

    /// Reads a number with all its digits.
    pub fn parse(written: &str) -> Option<Digits> {
        let (mantissa, power) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
        let power: i32 = power.parse().ok().filter(|power: &i32| power.abs() <= LARGEST_POWER)?;
        let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all = [whole, fraction].concat();
        let most = MOST_DIGITS + LARGEST_POWER.unsigned_abs() as usize;
        if all.is_empty() || all.len() > most || !all.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let decimals = i32::try_from(fraction.len()).ok()? - power;
        Some(Digits { negative: mantissa.starts_with('-'), significant: all, decimals }.trimmed())
    }

    fn trimmed(mut self) -> Digits {
        let kept = self.significant.trim_end_matches('0').len();
        self.decimals -= signed(self.significant.len() - kept);
        self.significant = self.significant[..kept].trim_start_matches('0').to_owned();
        if self.significant.is_empty() { Digits { negative: false, decimals: 0, ..self } } else { self }
    }

    /// The number of digits before the decimal mark; zero or negative below one.
    pub fn magnitude(&self) -> i32 {
        signed(self.significant.len()) - self.decimals
    }

    /// True for zero.
    pub fn is_zero(&self) -> bool {
        self.significant.is_empty()
    }

    /// True below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The number rounded half away from zero to so many decimals; to tens, hundreds and so on, if negative.
    pub fn rounded(&self, decimals: i32) -> Digits {
        let Ok(dropped @ 1..) = usize::try_from(self.decimals - decimals) else { return self.clone() };
        let rounded = |significant: String| Digits { negative: self.negative, significant, decimals }.trimmed();
        let Some(kept) = self.significant.len().checked_sub(dropped) else { return rounded(String::new()) };
        let mut digits = self.significant[..kept].to_owned();
        if self.significant.as_bytes()[kept] >= b'5' {
            let nines = digits.len() - digits.trim_end_matches('9').len();
            digits.truncate(digits.len() - nines);
            let last = digits.pop().map_or('1', |last| char::from_digit(last.to_digit(10).unwrap_or_default() + 1, 10).unwrap_or('1'));
            digits.push(last);
            digits.extend(std::iter::repeat_n('0', nines));
        }
        rounded(digits)
    }
}

impl Ord for Digits {
    fn cmp(&self, other: &Digits) -> Ordering {
        let size = |number: &Digits| (!number.is_zero(), if number.is_zero() { 0 } else { number.magnitude() });
        let by_size = || size(self).cmp(&size(other)).then_with(|| self.significant.cmp(&other.significant));
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => by_size(),
            (true, true) => by_size().reverse(),
        }
    }
}

impl PartialOrd for Digits {
    fn partial_cmp(&self, other: &Digits) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Plain decimals: `1.5E-3` is `0.0015`.
impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Digits { negative, significant: digits, .. } = self;
        if digits.is_empty() {
            return f.write_str("0");
        }
        let sign = if *negative { "-" } else { "" };
        let zeros = |count: usize| "0".repeat(count);
        match usize::try_from(self.magnitude()) {
            Ok(whole) if whole >= digits.len() => write!(f, "{sign}{digits}{}", zeros(whole - digits.len())),
            Ok(0) => write!(f, "{sign}0.{digits}"),
            Ok(whole) => write!(f, "{sign}{}.{}", &digits[..whole], &digits[whole..]),
            Err(_) => write!(f, "{sign}0.{}{digits}", zeros(usize::try_from(self.magnitude().unsigned_abs()).unwrap_or_default())),
        }
    }
}

/// A length as a signed number. The texts of numbers are short.
fn signed(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

/// The date of a day number.
///
/// # Errors
/// `invalid_date` if the number has a time of day, or is no day in Excel.
pub fn date(number: &Digits, since_1904: bool) -> Result<NaiveDate, Fault> {
    let refuse = |message: Message| Fault::new(Code::InvalidDate, message);
    let number = number.to_string();
    if number.contains('.') {
        return Err(refuse(message!(en: "the cell holds a time of day; a date alone is needed", vi: "ô có giờ trong ngày; chỉ cần ngày")));
    }
    let day = number.parse().ok().filter(|day| (FIRST_DAY..=LAST_DAY).contains(day));
    let epoch = if since_1904 { NaiveDate::from_ymd_opt(1904, 1, 1) } else { NaiveDate::from_ymd_opt(1899, 12, 30) };
    let date = day.zip(epoch).and_then(|(day, epoch)| epoch.checked_add_days(Days::new(day)));
    date.ok_or_else(|| {
        refuse(message!(
            en: "the cell has the format of a date, and holds {number}: give it the format of a number",
            vi: "ô có định dạng ngày mà chứa {number}: đặt định dạng ô là số"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(written: &str) -> Result<String, Code> {
        Digits::of_cell(written).map(|number| number.to_string()).map_err(|fault| fault.code)
    }

    #[test]
    fn numbers_are_written_out_with_the_digits_that_excel_shows() {
        for (written, meant) in [
            ("1135", "1135"),
            ("-5", "-5"),
            ("0", "0"),
            ("-0.0", "0"),
            ("77.15", "77.15"),
            ("77.150", "77.15"),
            ("77.150000000000006", "77.15"),
            ("0.29999999999999999", "0.3"),
            ("0.30000000000000004", "0.3"),
            ("12.299999999999999", "12.3"),
            ("1234.5600000000004", "1234.56"),
            ("99.999999999999986", "100"),
            ("999999999999999.5", "1000000000000000"),
            ("12345678901.233999", "12345678901.234"),
            ("123456789.01234501", "123456789.012345"),
            ("0.333333333333333315", "0.333333333333333"),
            ("33.333333333333336", "33.3333333333333"),
            ("103.18181818181819", "103.181818181818"),
            ("-66.666666666666671", "-66.6666666666667"),
            ("1.5E-3", "0.0015"),
            ("1.5e+3", "1500"),
            ("1E+20", "100000000000000000000"),
            ("123456789012345", "123456789012345"),
            ("123456789012345.67", "123456789012346"),
            ("1234567890123450", "1234567890123450"),
            ("007", "7"),
            (".5", "0.5"),
        ] {
            assert_eq!(plain(written).as_deref(), Ok(meant), "{written}");
        }
        assert_eq!(plain("1E-300").unwrap().len(), 302);
    }

    #[test]
    fn whole_numbers_that_excel_cannot_hold_and_what_is_no_number_are_refused() {
        for long in ["1234567890123456", "1234567890123461", "1.2345678901234567E+30", "9007199254740993", "-1234567890123456.5"] {
            assert_eq!(plain(long), Err(Code::TooManyDigits), "{long}");
        }
        for bad in ["", "-", ".", "1,5", "NaN", "INF", "1e", "1e999", "1e99999999999", "--1", "0x10", "１", &"9".repeat(500)] {
            assert_eq!(plain(bad), Err(Code::CellNotAValue), "{bad}");
        }
    }

    #[test]
    fn numbers_are_rounded_half_away_from_zero_and_compared() {
        let number = |text: &str| Digits::parse(text).unwrap();
        for (text, decimals, rounded) in [
            ("77.15", 1, "77.2"),
            ("77.15", 2, "77.15"),
            ("-77.15", 1, "-77.2"),
            ("0.5", 0, "1"),
            ("0.49", 0, "0"),
            ("-0.3", 0, "0"),
            ("99.95", 1, "100"),
            ("1135", -3, "1000"),
            ("1535", -3, "2000"),
            ("0.004", 1, "0"),
        ] {
            assert_eq!(number(text).rounded(decimals).to_string(), rounded, "{text} to {decimals}");
        }
        let ascending = ["-100", "-20", "-1.5", "-0.002", "0", "0.00001", "0.5", "0.51", "1", "9.99", "10", "1E+3"];
        for (n, low) in ascending.iter().enumerate() {
            assert_eq!(number(low), number(low));
            assert!(ascending[n + 1..].iter().all(|high| number(low) < number(high) && number(high) > number(low)), "{low}");
        }
    }

    #[test]
    fn days_are_counted_from_the_year_that_the_workbook_counts_from() {
        let day = |written, since_1904| {
            date(&Digits::parse(written).unwrap(), since_1904).map(|date| date.to_string()).map_err(|fault| fault.code)
        };

        assert_eq!(day("45473", false).as_deref(), Ok("2024-06-30"));
        assert_eq!(day("44011", true).as_deref(), Ok("2024-06-30"));
        assert_eq!(day("61", false).as_deref(), Ok("1900-03-01"));
        assert_eq!(day("2958465", false).as_deref(), Ok("9999-12-31"));
        for bad in ["12", "60", "2958466", "45473.5", "0.5", "-1", "1E+300", "103.18181818181819"] {
            assert_eq!(day(bad, false), Err(Code::InvalidDate), "{bad}");
        }
    }
}
