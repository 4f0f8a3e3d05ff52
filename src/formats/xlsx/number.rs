//! Numbers and dates of a workbook from their XML text. Exact: digits are moved, without arithmetic in floating point.
//! The cells themselves are read in `cells`.

use chrono::{Days, NaiveDate};

use crate::domain::fault::{Code, Fault};

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

/// A number as plain decimals: `1.5E-3` becomes `0.0015`, and `77.150000000000006`, the text of the binary number nearest to 77.15, becomes
/// `77.15`.
///
/// # Errors
/// `too_many_digits` if it differs from the 15 digits that Excel shows, `cell_not_a_value` if it is no number.
pub fn plain(written: &str) -> Result<String, Fault> {
    let Some(Parts { negative, digits, decimals }) = Parts::of(written) else {
        return Err(Fault::new(Code::CellNotAValue, "what is stored as a number is none"));
    };
    let (digits, decimals) = if digits.len() > EXCEL_DIGITS { fifteen(&digits, decimals)? } else { (digits, decimals) };
    if digits.is_empty() {
        return Ok("0".to_owned());
    }
    let sign = if negative { "-" } else { "" };
    let zeros = |count: usize| "0".repeat(count);
    let whole = isize::try_from(digits.len()).unwrap_or(isize::MAX) - decimals as isize;
    Ok(match usize::try_from(whole) {
        Ok(whole) if whole >= digits.len() => format!("{sign}{digits}{}", zeros(whole - digits.len())),
        Ok(0) => format!("{sign}0.{digits}"),
        Ok(whole) => format!("{sign}{}.{}", &digits[..whole], &digits[whole..]),
        Err(_) => format!("{sign}0.{}{digits}", zeros(whole.unsigned_abs())),
    })
}

/// The date of a day number.
///
/// # Errors
/// `invalid_date` if the number has a time of day, or is no day in Excel.
pub fn date(written: &str, since_1904: bool) -> Result<NaiveDate, Fault> {
    let refuse = |message: &str| Fault::new(Code::InvalidDate, message);
    let number = plain(written).map_err(|_| refuse("the cell has the format of a date, and no date in it"))?;
    if number.contains('.') {
        return Err(refuse("the cell holds a time of day; a date alone is needed"));
    }
    let day = number.parse().ok().filter(|day| (FIRST_DAY..=LAST_DAY).contains(day));
    let epoch = if since_1904 { NaiveDate::from_ymd_opt(1904, 1, 1) } else { NaiveDate::from_ymd_opt(1899, 12, 30) };
    let date = day.zip(epoch).and_then(|(day, epoch)| epoch.checked_add_days(Days::new(day)));
    date.ok_or_else(|| refuse(&format!("the cell has the format of a date, and holds {number}: give it the format of a number")))
}

/// The parts of a number: its digits without zeros at either end, and the number of decimals, negative if zeros follow the digits.
struct Parts {
    negative: bool,
    digits: String,
    decimals: i32,
}

impl Parts {
    fn of(written: &str) -> Option<Parts> {
        let (mantissa, power) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
        let power: i32 = power.parse().ok().filter(|power: &i32| power.abs() <= LARGEST_POWER)?;
        let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all = [whole, fraction].concat();
        let most = MOST_DIGITS + LARGEST_POWER.unsigned_abs() as usize;
        if all.is_empty() || all.len() > most || !all.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let digits = all.trim_end_matches('0');
        let dropped = i32::try_from(all.len() - digits.len()).ok()?;
        let decimals = i32::try_from(fraction.len()).ok()? - dropped - power;
        let digits = digits.trim_start_matches('0').to_owned();
        Some(Parts { negative: mantissa.starts_with('-'), digits, decimals })
    }
}

/// Rounds a number of more than 15 digits to the 15 that Excel shows, if the other digits carry no information: the text of a binary number
/// near the rounded one, or a calculated value that Excel shows as a shorter number. Whole numbers never have such digits.
fn fifteen(digits: &str, decimals: i32) -> Result<(String, i32), Fault> {
    let refuse = || {
        let message =
            format!("the number has {} digits; Excel keeps {EXCEL_DIGITS}: round it to the digits that are reported", digits.len());
        Fault::new(Code::TooManyDigits, message)
    };
    let exact: u128 = Some(digits)
        .filter(|digits| digits.len() <= MOST_DIGITS && decimals > 0)
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(refuse)?;
    let unit = 10u128.pow(u32::try_from(digits.len() - EXCEL_DIGITS).map_err(|_| refuse())?);
    let shown = (exact + unit / 2) / unit;
    // A binary number has 53 bits, and the last decimal of its text is rounded.
    let next_to_it = (shown * unit).abs_diff(exact) <= (exact >> 53) + 1;
    let shorter = shown.is_multiple_of(1000);
    if !next_to_it && !shorter {
        return Err(refuse());
    }
    let shown = shown.to_string();
    let trimmed = shown.trim_end_matches('0');
    let dropped = digits.len() - EXCEL_DIGITS + shown.len() - trimmed.len();
    Ok((trimmed.to_owned(), decimals - i32::try_from(dropped).map_err(|_| refuse())?))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("12345678901.233999", "12345678901.234"),
            ("123456789.01234501", "123456789.012345"),
            ("1.5E-3", "0.0015"),
            ("1.5e+3", "1500"),
            ("1E+20", "100000000000000000000"),
            ("123456789012345", "123456789012345"),
            ("007", "7"),
            (".5", "0.5"),
        ] {
            assert_eq!(plain(written).as_deref(), Ok(meant), "{written}");
        }
        assert_eq!(plain("1E-300").unwrap().len(), 302);
    }

    #[test]
    fn numbers_with_more_digits_and_what_is_no_number_are_refused() {
        for long in ["103.18181818181819", "0.3333333333333333", "1234567890123456", "1234567890123461", "1.2345678901234567E+30"] {
            assert_eq!(plain(long).unwrap_err().code, Code::TooManyDigits, "{long}");
        }
        for bad in ["", "-", ".", "1,5", "NaN", "INF", "1e", "1e999", "1e99999999999", "--1", "0x10", "１", &"9".repeat(500)] {
            assert_eq!(plain(bad).unwrap_err().code, Code::CellNotAValue, "{bad}");
        }
    }

    #[test]
    fn days_are_counted_from_the_year_that_the_workbook_counts_from() {
        let day = |written, since_1904| date(written, since_1904).map(|date| date.to_string()).map_err(|fault| fault.code);

        assert_eq!(day("45473", false).as_deref(), Ok("2024-06-30"));
        assert_eq!(day("44011", true).as_deref(), Ok("2024-06-30"));
        assert_eq!(day("61", false).as_deref(), Ok("1900-03-01"));
        assert_eq!(day("2958465", false).as_deref(), Ok("9999-12-31"));
        for bad in ["12", "60", "2958466", "45473.5", "0.5", "-1", "1E+300", "x", "103.18181818181819"] {
            assert_eq!(day(bad, false), Err(Code::InvalidDate), "{bad}");
        }
    }
}
