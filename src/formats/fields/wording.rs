//! Vietnamese words for the status of a figure and for its relation to the true value, in a column of their own or before the number.
//! The number itself is read in `kinds`.

use unicode_normalization::char::is_combining_mark;

use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;
use crate::domain::text::fold;

/// Words, each with the code that it stands for.
pub type WordList = &'static [(&'static str, &'static str)];

/// Words for the observation status.
pub const STATUSES: WordList = &[
    ("ước tính", "E"),
    ("ước", "E"),
    ("ước đạt", "E"),
    ("ước tính đạt", "E"),
    ("ước thực hiện", "E"),
    ("sơ bộ", "P"),
    ("sơ bộ đạt", "P"),
    ("chính thức", "A"),
];

/// Words for the relation of a number to the true value.
pub const BOUNDS: WordList = &[
    ("trên", "gt"),
    ("hơn", "gt"),
    ("lớn hơn", "gt"),
    ("nhiều hơn", "gt"),
    ("cao hơn", "gt"),
    ("vượt", "gt"),
    ("ít nhất", "ge"),
    ("tối thiểu", "ge"),
    ("không dưới", "ge"),
    ("không ít hơn", "ge"),
    ("gần", "lt"),
    ("dưới", "lt"),
    ("chưa đến", "lt"),
    ("chưa tới", "lt"),
    ("ít hơn", "lt"),
    ("nhỏ hơn", "lt"),
    ("thấp hơn", "lt"),
    ("nhiều nhất", "le"),
    ("tối đa", "le"),
    ("không quá", "le"),
    ("không vượt quá", "le"),
    ("khoảng", "approx"),
    ("xấp xỉ", "approx"),
    ("trên dưới", "approx"),
    ("khoảng trên", "approx_gt"),
    ("khoảng hơn", "approx_gt"),
    ("khoảng dưới", "approx_lt"),
    ("khoảng gần", "approx_lt"),
    ("đúng", "eq"),
    ("bằng", "eq"),
];

/// Signs before a number, the longer ones first.
const SIGNS: [(&str, Bound); 11] = [
    ("≈ >", Bound::AboutAbove),
    ("≈ <", Bound::AboutBelow),
    ("≈>", Bound::AboutAbove),
    ("≈<", Bound::AboutBelow),
    (">=", Bound::AtLeast),
    ("<=", Bound::AtMost),
    ("≥", Bound::AtLeast),
    ("≤", Bound::AtMost),
    (">", Bound::Above),
    ("<", Bound::Below),
    ("≈", Bound::About),
];

/// Whether a text says that a number beside it is not exact; `says` tells whether the text has some folded words.
pub fn says_inexact(says: impl Fn(&str) -> bool) -> bool {
    BOUNDS.iter().any(|(word, code)| *code != Bound::Equal.as_str() && says(&fold(word)))
}

/// Whether a text says that a number beside it is an estimate, or preliminary.
pub fn says_not_official(says: impl Fn(&str) -> bool) -> bool {
    STATUSES.iter().any(|(word, code)| *code != Status::Official.as_str() && says(&fold(word)))
}

/// Number of words in the longest phrase.
const LONGEST_PHRASE: usize = 3;

/// The code that a word stands for. Accents and case do not matter.
#[must_use]
pub fn code_of(words: WordList, text: &str) -> Option<&'static str> {
    let folded = fold(text);
    words.iter().find(|(word, _)| fold(word) == folded).map(|(_, code)| *code)
}

/// What the words before a number say of it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    status: Option<Status>,
    bound: Option<Bound>,
}

impl Words {
    /// The status of the row, which has perhaps one of its own.
    ///
    /// # Errors
    /// `contradictory_row`.
    pub fn status(self, own: Option<Status>) -> Result<Option<Status>, Fault> {
        one_of(self.status, own, |status| word_of(STATUSES, status.as_str()))
    }

    /// The bound of the row, which has perhaps one of its own.
    ///
    /// # Errors
    /// `contradictory_row`.
    pub fn bound(self, own: Option<Bound>) -> Result<Option<Bound>, Fault> {
        one_of(self.bound, own, |bound| word_of(BOUNDS, bound.as_str()))
    }
}

fn one_of<T: Copy + PartialEq>(before: Option<T>, own: Option<T>, word: impl Fn(T) -> &'static str) -> Result<Option<T>, Fault> {
    let (Some(said), Some(also)) = (before, own) else { return Ok(own.or(before)) };
    if said == also {
        return Ok(own);
    }
    let message = message!(
        en: "before the number stands `{}`, and in its own field `{}`: keep one of them",
        vi: "trước số ghi `{}`, còn ở trường riêng ghi `{}`: chỉ giữ một trong hai", word(said), word(also)
    );
    Err(Fault::new(Code::ContradictoryRow, message))
}

/// The usual word for a code.
fn word_of(words: WordList, code: &'static str) -> &'static str {
    words.iter().find(|(_, of)| *of == code).map_or(code, |(word, _)| word)
}

/// Takes the words and signs before a number; the rest is the text of the number alone.
#[must_use]
pub fn split(text: &str) -> (Words, &str) {
    let mut words = Words::default();
    let mut rest = text.trim();
    loop {
        if words.bound.is_some() || rest.starts_with(|c: char| c.is_ascii_digit()) {
            return (words, rest);
        }
        if let Some((after, bound)) = SIGNS.iter().find_map(|(sign, bound)| Some((rest.strip_prefix(sign)?, *bound))) {
            words.bound = Some(bound);
            rest = after.trim_start();
        } else if let Some((after, code)) = longest(BOUNDS, rest) {
            words.bound = Bound::parse(code).ok();
            rest = after;
        } else if let Some((after, code)) = longest(STATUSES, rest).filter(|_| words.status.is_none()) {
            words.status = Status::parse(code).ok();
            rest = after;
        } else {
            return (words, rest);
        }
    }
}

/// The longest phrase at the beginning of a text, with what follows it.
fn longest(words: WordList, text: &str) -> Option<(&str, &'static str)> {
    // Folding drops signs: a sign between two words is no part of a phrase.
    let words_end = text.find(|c: char| !(c.is_alphabetic() || c.is_whitespace() || is_combining_mark(c))).unwrap_or(text.len());
    let ends = text[..words_end].match_indices(char::is_whitespace).map(|(end, _)| end).take(2 * LONGEST_PHRASE);
    ends.filter_map(|end| Some((text[end..].trim_start(), code_of(words, &text[..end])?))).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_signs_before_a_number_are_taken() {
        use Bound::{About, AboutAbove, AboutBelow, Above, AtLeast, AtMost, Below, Equal};
        use Status::{Estimated, Preliminary};

        for (text, status, bound, number) in [
            ("1.135", None, None, "1.135"),
            ("-5", None, None, "-5"),
            ("1 930 360", None, None, "1 930 360"),
            ("ước 1.135", Some(Estimated), None, "1.135"),
            ("ước đạt 1.135", Some(Estimated), None, "1.135"),
            ("Ước tính  1.135", Some(Estimated), None, "1.135"),
            ("SƠ BỘ 1.135", Some(Preliminary), None, "1.135"),
            ("so bo dat 1.135", Some(Preliminary), None, "1.135"),
            ("trên 30", None, Some(Above), "30"),
            ("tre\u{302}n 30", None, Some(Above), "30"),
            ("hơn\u{a0}30", None, Some(Above), "30"),
            ("gần 500.000", None, Some(Below), "500.000"),
            ("dưới 30", None, Some(Below), "30"),
            ("khoảng 30", None, Some(About), "30"),
            ("trên dưới 30", None, Some(About), "30"),
            ("ít nhất 30", None, Some(AtLeast), "30"),
            ("không dưới 30", None, Some(AtLeast), "30"),
            ("tối đa 30", None, Some(AtMost), "30"),
            ("không vượt quá 30", None, Some(AtMost), "30"),
            ("khoảng trên 30", None, Some(AboutAbove), "30"),
            ("khoảng dưới 30", None, Some(AboutBelow), "30"),
            ("đúng 30", None, Some(Equal), "30"),
            ("ước đạt khoảng trên 30", Some(Estimated), Some(AboutAbove), "30"),
            ("> 30", None, Some(Above), "30"),
            (">=30", None, Some(AtLeast), "30"),
            ("≤ 30", None, Some(AtMost), "30"),
            ("≈ > 30", None, Some(AboutAbove), "30"),
            ("≈30", None, Some(About), "30"),
            ("ước > 30", Some(Estimated), Some(Above), "30"),
            ("ước -30", Some(Estimated), None, "-30"),
            ("ước - 30", Some(Estimated), None, "- 30"),
            ("trên - 30", None, Some(Above), "- 30"),
            ("trên", None, None, "trên"),
            ("trên30", None, None, "trên30"),
            ("đạt 30", None, None, "đạt 30"),
            ("30 trên", None, None, "30 trên"),
            ("trên trên 30", None, Some(Above), "trên 30"),
            ("trên ước 30", None, Some(Above), "ước 30"),
            ("không 30", None, None, "không 30"),
            ("gần như 30", None, Some(Below), "như 30"),
            ("", None, None, ""),
        ] {
            assert_eq!(split(text), (Words { status, bound }, number), "{text}");
        }
    }

    #[test]
    fn every_word_has_a_code_and_each_only_one() {
        let folded = |words: WordList| words.iter().map(|(word, _)| fold(word)).collect::<std::collections::BTreeSet<_>>();
        assert!(STATUSES.iter().all(|(word, code)| Status::parse(code).is_ok() && code_of(STATUSES, word) == Some(*code)));
        assert!(BOUNDS.iter().all(|(word, code)| Bound::parse(code).is_ok() && code_of(BOUNDS, word) == Some(*code)));
        assert_eq!((folded(STATUSES).len(), folded(BOUNDS).len()), (STATUSES.len(), BOUNDS.len()));
        assert!(folded(STATUSES).is_disjoint(&folded(BOUNDS)));
        assert!([STATUSES, BOUNDS].concat().iter().all(|(word, _)| word.split(' ').count() <= LONGEST_PHRASE));
        for printed in ["> 500.000", "≥ 77,15", "< 30", "≤ 30", "≈ 1.230,5", "≈ > 30", "≈ < 30"] {
            assert!(split(printed).0.bound.is_some(), "what forms print of last year: {printed}");
        }
    }

    #[test]
    fn a_row_has_one_status_and_one_bound() {
        let above = Words { bound: Some(Bound::Above), status: Some(Status::Estimated) };
        assert_eq!(above.bound(None), Ok(Some(Bound::Above)));
        assert_eq!(above.bound(Some(Bound::Above)), Ok(Some(Bound::Above)));
        assert_eq!(Words::default().bound(Some(Bound::Below)), Ok(Some(Bound::Below)));
        let fault = above.bound(Some(Bound::Below)).unwrap_err();
        let message = "before the number stands `trên`, and in its own field `gần`: keep one of them";
        assert_eq!((fault.code, fault.message.english()), (Code::ContradictoryRow, message));
        assert_eq!(above.status(Some(Status::Official)).unwrap_err().code, Code::ContradictoryRow);
    }
}
