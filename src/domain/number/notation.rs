//! Notations of numbers in texts: what is declared, where the text stands, and the digits in each notation that reads it.
//! Which of them is taken is decided in `reading`; JSON numbers and arithmetic are in `decimal`.

use super::decimal::{Decimal, NumberLocale};
use crate::domain::message::{Message, message};

/// The notation of a text that holds a number, as far as it is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Notation {
    /// The declared notation, which alone is read; `None` if the sender declares none.
    pub declared: Option<NumberLocale>,
    /// Where the text stands.
    pub medium: Medium,
}

/// Where a text that holds a number stands: what can be declared there, and where the rest of the information belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Medium {
    /// A JSON document or line of figures.
    #[default]
    Figures,
    /// A JSON document of targets.
    Targets,
    /// A JSON document that declares no notation: a rule, an indicator.
    Definition,
    /// A cell of a file.
    Cell,
    /// A cell of a CSV form. Only the column that came with the form declares Vietnamese notation, and no number in the file confirms it: a
    /// program, or a spreadsheet in English, may have written the numbers.
    UnconfirmedForm,
}

impl Notation {
    /// A declared notation in a medium.
    #[must_use]
    pub const fn new(declared: Option<NumberLocale>, medium: Medium) -> Notation {
        Notation { declared, medium }
    }

    /// Whether Vietnamese notation alone reads a text, by a mark that means something else in the others. Such a number shows how the numbers
    /// beside it are written.
    #[must_use]
    pub fn only_vietnamese_reads(text: &str) -> bool {
        let readings = Readings::of(text);
        readings.vietnamese.is_some() && readings.plain.is_none() && readings.english.is_none() && text.contains(['.', ','])
    }
}

/// The digits of a text in each notation that reads it, as `-1234.5`.
pub(super) struct Readings {
    pub(super) plain: Option<String>,
    pub(super) vietnamese: Option<String>,
    /// Only with grouped thousands: otherwise it is plain notation.
    pub(super) english: Option<String>,
}

impl Readings {
    pub(super) fn of(text: &str) -> Readings {
        let (sign, unsigned) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(unsigned) => ("-", unsigned),
            None => ("", text),
        };
        let signed = |digits: String| format!("{sign}{digits}");
        Readings {
            plain: number(unsigned, '.', &[]).map(signed),
            vietnamese: number(unsigned, ',', VIETNAMESE_GROUPS).map(signed),
            english: number(unsigned, '.', &[',']).filter(|_| unsigned.contains(',')).map(signed),
        }
    }

    /// The different values of the notations that read the text, each with the name of the first of them.
    pub(super) fn values(&self) -> Vec<(Decimal, Message)> {
        let mut values: Vec<(Decimal, Message)> = Vec::new();
        for (digits, name) in [
            (&self.vietnamese, message!(en: "Vietnamese notation", vi: "viết kiểu Việt Nam")),
            (&self.plain, message!(en: "plain notation", vi: "viết kiểu máy tính")),
            (&self.english, message!(en: "English notation", vi: "viết kiểu Anh")),
        ] {
            let value = digits.as_ref().and_then(|digits| Decimal::of_digits(digits).ok()).map(Decimal::normalized);
            values.extend(value.filter(|new| values.iter().all(|(known, _)| known != new)).map(|new| (new, name)));
        }
        values
    }
}

/// Whether a text is a whole number, with or without points or spaces between its thousands.
#[must_use]
pub fn is_whole_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+', '\u{2212}']).unwrap_or(text);
    is_digits(unsigned) || VIETNAMESE_GROUPS.iter().any(|group| ungrouped(unsigned, *group).is_some())
}

/// The marks between groups of thousands in Vietnamese notation: a point, or a space of any width.
const VIETNAMESE_GROUPS: &[char] = &['.', ' ', '\u{a0}', '\u{2007}', '\u{2009}', '\u{202f}'];

/// The digits of an unsigned number with this decimal mark, and with one of these marks between its groups of thousands or with none.
fn number(text: &str, mark: char, between_groups: &[char]) -> Option<String> {
    let (whole, fraction) = match text.split_once(mark) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let whole = if is_digits(whole) { whole.to_owned() } else { between_groups.iter().find_map(|group| ungrouped(whole, *group))? };
    match fraction {
        None => Some(whole),
        Some(fraction) => is_digits(fraction).then(|| format!("{whole}.{fraction}")),
    }
}

/// The digits of groups of thousands: the first has one to three digits and begins with no zero, each other has three.
fn ungrouped(whole: &str, between: char) -> Option<String> {
    let (first, rest) = whole.split_once(between)?;
    let first_fits = first.len() <= 3 && is_digits(first) && !first.starts_with('0');
    let rest_fits = rest.split(between).all(|group| group.len() == 3 && is_digits(group));
    (first_fits && rest_fits).then(|| whole.replace(between, ""))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
