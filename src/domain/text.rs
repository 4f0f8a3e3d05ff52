//! Text from callers: normalised to NFC, checked for control characters, folded for search, compared with names, or read as a date or time.
//! Periods are read in `time::period_code`, numbers in `number::reading`.

use chrono::{DateTime, Datelike, DurationRound, NaiveDate, TimeDelta, Utc};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::fault::{Code, Fault};
use super::message::{Message, message};

/// Normalises a text to NFC and rejects characters that have no place in a report.
///
/// # Errors
/// `invalid_text` if the text is blank, is longer than `max` characters, or contains control or direction-changing characters (SQLite
/// stores U+0000, PostgreSQL rejects it).
pub fn clean(text: &str, max: usize) -> Result<String, Fault> {
    let refuse = |message: Message| Err(Fault::new(Code::InvalidText, message));
    let text: String = text.nfc().collect();
    if text.trim().is_empty() {
        return refuse(message!(en: "the text is empty", vi: "chưa có nội dung"));
    }
    if text.chars().count() > max {
        return refuse(message!(en: "the text is longer than {max} characters", vi: "nội dung dài quá {max} ký tự"));
    }
    if let Some(odd) = text.chars().find(|c| is_unprintable(*c)) {
        return refuse(message!(
            en: "the text holds the control character U+{:04X}",
            vi: "nội dung có ký tự điều khiển U+{:04X}", odd as u32
        ));
    }
    Ok(text)
}

fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Folds a text for search: lower case, no accents, `đ` and the letters that look like it become `d`, and each run of other characters
/// becomes one space. `Bắc Giang`, `bac-giang` and `BẮC  GIANG` fold to the same text, in NFC or NFD.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfd().filter_map(fold_letter) {
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The longest text that is compared with names: no name is longer, and the comparison takes the product of both lengths.
const LONGEST_COMPARED: usize = 100;

/// The names nearest to a text that is none of them: at most three, the nearest first. A name is near if it differs in at most a quarter of
/// its letters, or if one contains the words of the other. Accents, case and punctuation do not count.
#[must_use]
pub fn near<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    if text.chars().count() > LONGEST_COMPARED {
        return Vec::new();
    }
    let text = fold(text);
    let length = text.chars().count();
    let distance = |name: &str| {
        let name = fold(name);
        let longest = length.max(name.chars().count());
        let limit = (longest / 4).max(usize::from(longest > 2));
        // A difference in length is a distance already.
        let close = longest - length.min(name.chars().count()) <= limit;
        let differs = close.then(|| strsim::osa_distance(&text, &name)).filter(|differs| *differs <= limit);
        differs.or_else(|| (length > 1 && (contains_words(&name, &text) || contains_words(&text, &name))).then_some(longest))
    };
    let mut found: Vec<(usize, &str)> = names.into_iter().filter_map(|name| Some((distance(name)?, name))).collect();
    found.sort_by_key(|(distance, _)| *distance);
    let mut nearest: Vec<&str> = Vec::new();
    for (_, name) in found {
        if nearest.len() < 3 && !nearest.contains(&name) {
            nearest.push(name);
        }
    }
    nearest
}

/// The end of a message about an unknown name: `; did you mean `a` or `b`?` with the nearest names, or nothing.
#[must_use]
pub fn did_you_mean<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Option<Message> {
    offer(&near(text, names))
}

/// The end of a message that offers these names in place of an unknown one.
#[must_use]
pub fn offer(names: &[&str]) -> Option<Message> {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let offered = Message::one_of(&names);
    (!names.is_empty()).then(|| message!(en: "; did you mean {offered}?", vi: "; có phải là {offered}?"; offered))
}

/// Whether a folded text contains another as whole words.
#[must_use]
pub fn contains_words(text: &str, words: &str) -> bool {
    !words.is_empty() && format!(" {text} ").contains(&format!(" {words} "))
}

/// Folds one character of a text in NFD: lower case, `None` for an accent. The letters `ð` and `ɖ` of other alphabets look like `đ` and are
/// typed in its place.
pub(crate) fn fold_letter(c: char) -> Option<char> {
    if is_combining_mark(c) {
        return None;
    }
    c.to_lowercase().next().map(|c| if matches!(c, 'đ' | 'ð' | 'ɖ') { 'd' } else { c })
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
        Fault::new(
            Code::InvalidDate,
            message!(
                en: "`{shown}` is not a date: write the year, the month and the day, such as 2024-06-30",
                vi: "`{shown}` không phải là ngày: viết năm, tháng, ngày, như 2024-06-30"
            ),
        )
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
        Fault::new(
            Code::InvalidTime,
            message!(
                en: "`{shown}` is not a time such as 2026-11-21T02:00:00Z",
                vi: "`{shown}` không phải là thời điểm như 2026-11-21T02:00:00Z"
            ),
        )
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
        for letter in ["Đ", "đ", "Ð", "ð", "Ɖ", "ɖ"] {
            assert_eq!(fold(&format!("{letter}ắk Lắk")), "dak lak", "{letter}");
        }
        assert_eq!(fold("Bà Rịa - Vũng Tàu"), "ba ria vung tau");
        assert_eq!(fold("Hoà Bình"), fold("Hòa Bình"), "both ways to place the tone");
    }

    #[test]
    fn names_that_differ_in_a_few_letters_or_words_are_near() {
        let names = ["Số liệu", "Mẫu số", "Tử số", "Đơn vị tính", "Kỳ", "Bắc Giang", "Bắc Ninh", "Hà Nội", "Hà Nam", "number_locale"];
        for (text, expected, why) in [
            ("Số liêụ", &["Số liệu"][..], "accents do not count"),
            ("So lieux", &["Số liệu"], "a letter too many"),
            ("Số lịêu tháng 5", &["Số liệu"], "more words"),
            ("Đơn vị", &["Đơn vị tính"], "fewer words"),
            ("Tu so mau so", &["Mẫu số", "Tử số"], "the words of two"),
            ("Bắc Gaing", &["Bắc Giang"], "two letters exchanged"),
            ("Hà Nôi, Hà Nam", &["Hà Nội", "Hà Nam"], "the names of two"),
            ("ha noy", &["Hà Nội"], "another letter"),
            ("numberlocale", &["number_locale"], "without its mark"),
            ("k", &[], "too short"),
            ("", &[], "nothing"),
            ("Ngày cấp", &[], "another name"),
        ] {
            assert_eq!(near(text, names), expected, "{why}");
        }
        assert_eq!(near("ab", ["abc", "abd", "abe", "abf", "abc"]), ["abc", "abd", "abe"], "at most three, each once");
        assert_eq!(near(&"a".repeat(101), ["a"]), [""; 0], "too long to compare");
        let offered = |text, names: &[&'static str]| did_you_mean(text, names.iter().copied());
        assert_eq!(offered("vlaue", &["value", "low"]), Some(Message::new("; did you mean `value`?", "; có phải là `value`?")));
        let two = Message::new("; did you mean `aby` or `abz`?", "; có phải là `aby` hoặc `abz`?");
        assert_eq!(offered("abx", &["aby", "abz"]), Some(two));
        assert_eq!(offered("other", &["value"]), None);
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
