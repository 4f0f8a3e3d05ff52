//! Text from callers: normalised to NFC, checked for control characters, folded for search, or read as a date or time.
//! Periods are read in `time::period_code`, numbers in `number::decimal`.

use chrono::{DateTime, Datelike, DurationRound, NaiveDate, TimeDelta, Utc};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::fault::{Code, Fault};

/// Normalises a text to NFC and rejects characters that have no place in a report.
///
/// # Errors
/// `invalid_text` if the text is blank, is longer than `max` characters, or contains control or direction-changing characters (SQLite
/// stores U+0000, PostgreSQL rejects it).
pub fn clean(text: &str, max: usize) -> Result<String, Fault> {
    let refuse = |message: String| Err(Fault::new(Code::InvalidText, message));
    let text: String = text.nfc().collect();
    if text.trim().is_empty() {
        return refuse("the text is empty".into());
    }
    if text.chars().count() > max {
        return refuse(format!("the text is longer than {max} characters"));
    }
    if let Some(odd) = text.chars().find(|c| is_unprintable(*c)) {
        return refuse(format!("the text holds the control character U+{:04X}", odd as u32));
    }
    Ok(text)
}

fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Folds a text for search: lower case, no accents, `đ` becomes `d`, and each run of other characters becomes one space. `Bắc Giang`,
/// `bac-giang` and `BẮC  GIANG` fold to the same text, in NFC or NFD.
#[must_use]
pub fn fold(text: &str) -> String {
    let bare = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let mut folded = String::with_capacity(text.len());
    for c in bare.map(|c| if c == 'đ' { 'd' } else { c }) {
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Whether the text is a code of this service: lower-case words joined by hyphens, at most 64 characters.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= 64 && text.split('-').all(word)
}

/// Reads a date as `YYYY-MM-DD`.
///
/// # Errors
/// `invalid_date`.
pub fn parse_date(text: &str) -> Result<NaiveDate, Fault> {
    let refuse = || {
        let shown: String = text.chars().take(40).collect();
        Fault::new(Code::InvalidDate, format!("`{shown}` is not a date such as 2024-06-30"))
    };
    // chrono also accepts `2024-6-30` and years of five digits. This API accepts one form only.
    if text.len() != 10 || text.starts_with(['+', '-']) {
        return Err(refuse());
    }
    text.parse().map_err(|_| refuse())
}

/// Reads an RFC 3339 timestamp, to the microsecond.
///
/// # Errors
/// `invalid_time`.
pub fn parse_instant(text: &str) -> Result<DateTime<Utc>, Fault> {
    let read = DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.to_utc());
    let exact = read.and_then(|instant| instant.duration_trunc(TimeDelta::microseconds(1)).ok());
    exact.filter(|instant| (1970..=9999).contains(&instant.year())).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        Fault::new(Code::InvalidTime, format!("`{shown}` is not a time such as 2026-11-21T02:00:00Z"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_accents_case_and_punctuation() {
        for spelled in ["Bắc Giang", "bac giang", "bac-giang", "BẮC  GIANG", "Ba\u{306}\u{301}c Giang"] {
            assert_eq!(fold(spelled), "bac giang", "{spelled}");
        }
        assert_eq!(fold("Đắk Lắk"), "dak lak");
        assert_eq!(fold("Bà Rịa - Vũng Tàu"), "ba ria vung tau");
        assert_eq!(fold("Hoà Bình"), fold("Hòa Bình"), "both ways to place the tone");
    }

    #[test]
    fn cleaning_normalises_and_refuses_control_characters() {
        assert_eq!(clean("Ha\u{300} N\u{f4}\u{323}i", 20).as_deref(), Ok("Hà Nội"));
        for (bad, why) in [
            ("", "empty"),
            ("  ", "blank"),
            ("a\u{0}b", "NUL"),
            ("a\u{202e}b", "right-to-left override"),
            ("a\nb", "line break"),
            ("abcdef", "too long"),
        ] {
            assert_eq!(clean(bad, 5).unwrap_err().code, Code::InvalidText, "{why}");
        }
    }
}
