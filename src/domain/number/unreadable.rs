//! The fault of a text that is no number: what stands in it, and where that belongs.
//! The notations are in `notation`.

use super::decimal::{Decimal, NumberLocale};
use super::notation::{Medium, Notation, Readings};
use crate::domain::fault::{Code, Fault};
use crate::domain::text::fold;

/// Folded texts that people write where there is no number.
const WORDS_FOR_NOTHING: &[&str] = &[
    "x",
    "k",
    "ko",
    "khong",
    "khong co",
    "kps",
    "khong phat sinh",
    "chua co",
    "chua phat sinh",
    "khong co so lieu",
    "chua co so lieu",
    "n a",
    "na",
    "nan",
    "nil",
    "null",
    "none",
    "no data",
    "missing",
];

/// Characters that show nothing, or a blank, with their names in Unicode.
const INVISIBLE: &[(char, &str)] = &[
    ('\t', "tab"),
    ('\n', "line break"),
    ('\r', "line break"),
    ('\u{a0}', "no-break space"),
    ('\u{ad}', "soft hyphen"),
    ('\u{61c}', "Arabic letter mark"),
    ('\u{180e}', "Mongolian vowel separator"),
    ('\u{2000}', "en quad"),
    ('\u{2001}', "em quad"),
    ('\u{2002}', "en space"),
    ('\u{2003}', "em space"),
    ('\u{2004}', "three-per-em space"),
    ('\u{2005}', "four-per-em space"),
    ('\u{2006}', "six-per-em space"),
    ('\u{2007}', "figure space"),
    ('\u{2008}', "punctuation space"),
    ('\u{2009}', "thin space"),
    ('\u{200a}', "hair space"),
    ('\u{200b}', "zero width space"),
    ('\u{200c}', "zero width non-joiner"),
    ('\u{200d}', "zero width joiner"),
    ('\u{200e}', "left-to-right mark"),
    ('\u{200f}', "right-to-left mark"),
    ('\u{2028}', "line separator"),
    ('\u{2029}', "paragraph separator"),
    ('\u{202a}', "left-to-right embedding"),
    ('\u{202b}', "right-to-left embedding"),
    ('\u{202c}', "pop directional formatting"),
    ('\u{202d}', "left-to-right override"),
    ('\u{202e}', "right-to-left override"),
    ('\u{202f}', "narrow no-break space"),
    ('\u{205f}', "medium mathematical space"),
    ('\u{2060}', "word joiner"),
    ('\u{2061}', "function application"),
    ('\u{2062}', "invisible times"),
    ('\u{2063}', "invisible separator"),
    ('\u{2064}', "invisible plus"),
    ('\u{2066}', "left-to-right isolate"),
    ('\u{2067}', "right-to-left isolate"),
    ('\u{2068}', "first strong isolate"),
    ('\u{2069}', "pop directional isolate"),
    ('\u{3000}', "ideographic space"),
    ('\u{fe0e}', "variation selector-15"),
    ('\u{fe0f}', "variation selector-16"),
    ('\u{feff}', "zero width no-break space (byte order mark)"),
];

/// Marks that look like a minus sign and are none.
const DASHES: &[(char, &str)] = &[
    ('\u{2010}', "hyphen"),
    ('\u{2011}', "non-breaking hyphen"),
    ('\u{2012}', "figure dash"),
    ('\u{2013}', "en dash"),
    ('\u{2014}', "em dash"),
    ('\u{2015}', "horizontal bar"),
    ('\u{fe63}', "small hyphen-minus"),
    ('\u{ff0d}', "full-width hyphen-minus"),
];

/// The fault of a text that cannot be read in the declared notation, or in any that may be read.
pub(super) fn fault(text: &str, notation: Notation, readings: &Readings) -> Fault {
    let why =
        [nothing, hidden, sign, exponent, range, words_around, digits, blanks].into_iter().find_map(|find| find(text, notation.medium));
    let why = why.unwrap_or_else(|| in_another_notation(notation, readings));
    Fault::new(Code::NotANumber, format!("`{}` {why}", shown(text)))
}

/// A text for a message: its first forty characters, invisible ones by their code point.
pub(super) fn shown(text: &str) -> String {
    let visible = |c: char| if name_of_invisible(c).is_some() { code_point(c) } else { c.to_string() };
    let shown: String = text.chars().take(40).map(visible).collect();
    if text.chars().nth(40).is_some() { shown + "…" } else { shown }
}

/// A mark for a missing figure.
fn nothing(text: &str, medium: Medium) -> Option<String> {
    let folded = fold(text);
    let only_marks = folded.is_empty() && text.chars().all(|c| c.is_whitespace() || name_of_invisible(c).is_none());
    if !only_marks && !WORDS_FOR_NOTHING.contains(&folded.as_str()) {
        return None;
    }
    let way_out = match medium {
        Medium::Figures => "leave the field out; `nil` says that there is nothing to report",
        Medium::Targets | Medium::Definition => "leave the field out",
        Medium::Cell | Medium::UnconfirmedForm => "leave the cell empty, or mark `Không phát sinh` if there is nothing to report",
    };
    Some(format!("is no number: {way_out}"))
}

/// Characters that show nothing at all.
fn hidden(text: &str, _medium: Medium) -> Option<String> {
    let hidden = named(text, |c| name_of_invisible(c).filter(|_| !c.is_whitespace()));
    (!hidden.is_empty()).then(|| format!("holds characters that cannot be seen, {hidden}: delete them, or type the number again"))
}

/// Digits other than 0 to 9.
fn digits(text: &str, _medium: Medium) -> Option<String> {
    let digits = named(text, |c| match c {
        '\u{ff10}'..='\u{ff19}' => Some("full-width digit"),
        c if c.is_numeric() && !c.is_ascii() => Some("digit of another kind"),
        _ => None,
    });
    (!digits.is_empty()).then(|| format!("has other digits than 0 to 9, {digits}: type the number with the digits 0 to 9"))
}

/// Blanks around a number or where no group of thousands begins.
fn blanks(text: &str, _medium: Medium) -> Option<String> {
    let of_number = |c: char| c.is_ascii_digit() || c.is_whitespace() || ['.', ',', '-', '\u{2212}'].contains(&c);
    let text = if text.chars().all(of_number) { text } else { "" };
    let blanks = named(text, |c| if c == ' ' { Some("space") } else { name_of_invisible(c) });
    (!blanks.is_empty()).then(|| format!("has blanks where a number has none, {blanks}: delete them"))
}

/// The characters that have a name, each once, with their code points.
fn named(text: &str, name: impl Fn(char) -> Option<&'static str>) -> String {
    let mut found: Vec<String> = Vec::new();
    for named in text.chars().filter_map(|c| Some(format!("{} {}", code_point(c), name(c)?))) {
        if found.len() < 5 && !found.contains(&named) {
            found.push(named);
        }
    }
    found.join(", ")
}

/// A dash or a plus sign before the number.
fn sign(text: &str, _medium: Medium) -> Option<String> {
    let first = text.chars().next()?;
    if first == '+' {
        return Some("begins with a plus sign: write the number without it".into());
    }
    let (_, name) = DASHES.iter().find(|(dash, _)| *dash == first)?;
    Some(format!("begins with {} {name}, which is no minus sign: a number below zero begins with `-`", code_point(first)))
}

/// A power of ten, as spreadsheets show long numbers.
fn exponent(text: &str, _medium: Medium) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let power = exponent.trim_start_matches(['+', '-']);
    let is_power = !power.is_empty() && power.bytes().all(|byte| byte.is_ascii_digit());
    (is_power && is_number(mantissa)).then(|| "is shortened to a power of ten: write all digits of the number".into())
}

/// Two numbers with a dash or a word between them.
fn range(text: &str, medium: Medium) -> Option<String> {
    let ends = |between: &str| text.split_once(between).filter(|(low, high)| is_number(low.trim()) && is_number(high.trim()));
    ["-", "–", "—", "đến", "tới", "to", "~", "÷"].into_iter().find_map(ends)?;
    Some(match medium {
        Medium::Figures => "is a range: send `low` and `high`, and `range` in `bound`".into(),
        Medium::Targets => "is a range: send `low` and `high`".into(),
        Medium::Definition => "is two numbers where one is needed".into(),
        Medium::Cell | Medium::UnconfirmedForm => {
            "is a range: write its ends in the columns `Từ` and `Đến`, and `range` in the column `Giới hạn`".into()
        }
    })
}

/// Words, units or marks around a number.
fn words_around(text: &str, medium: Medium) -> Option<String> {
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    let first = if text[..first].ends_with(['-', '\u{2212}']) { text[..first].char_indices().next_back()?.0 } else { first };
    let (before, number, after) = (text[..first].trim(), &text[first..=last], text[last + 1..].trim());
    if !is_number(number) || before.is_empty() && after.is_empty() || text[..first].ends_with(['.', ',']) {
        return None;
    }
    if !before.is_empty() {
        let place = match medium {
            Medium::Figures => "`bound` says above, below or about",
            Medium::Targets => "`kind` says at least or at most",
            Medium::Definition => "send the number alone",
            Medium::Cell | Medium::UnconfirmedForm => "the column `Giới hạn` says above, below or about",
        };
        return Some(format!("has `{}` before the number: write the number alone; {place}", shown(before)));
    }
    if after.starts_with(['.', ',']) {
        return None;
    }
    let place = match medium {
        Medium::Figures | Medium::Targets => "it is in the unit of the indicator, and `unit_mult` says another power of ten",
        Medium::Definition => "it has the unit of its indicator",
        Medium::Cell | Medium::UnconfirmedForm => {
            "it is in the unit of the indicator (`Đơn vị tính`), and the column `Bội số` says another power of ten"
        }
    };
    Some(format!("has `{}` behind the number: write the number alone; {place}", shown(after)))
}

/// A number in a notation that is not read, or none at all.
fn in_another_notation(notation: Notation, readings: &Readings) -> String {
    let (rule, english_only) = match notation.declared {
        Some(NumberLocale::Plain) => ("is no number in plain notation, which is declared: 1596 and 77.15", false),
        Some(NumberLocale::Vi) => ("is no number in Vietnamese notation, which is declared: 1.596 and 77,15", false),
        None if readings.english.is_some() => ("groups thousands with commas as in English, which is not read", true),
        None => ("is no number such as 1596 or 77.15, or 1.596.000 or 77,15 in Vietnamese notation", false),
    };
    let written = |value: Decimal| match notation.declared {
        Some(NumberLocale::Vi) => value.to_string().replace('.', ","),
        Some(NumberLocale::Plain) | None => value.to_string(),
    };
    let values: Vec<String> = readings.values().into_iter().map(|(value, _)| written(value)).collect();
    if (notation.declared.is_some() || english_only) && !values.is_empty() {
        return format!("{rule}; if it means {}, write that", values.join(" or "));
    }
    rule.to_owned()
}

/// Whether some notation reads a text.
fn is_number(text: &str) -> bool {
    let Readings { plain, vietnamese, english } = Readings::of(text);
    plain.or(vietnamese).or(english).is_some()
}

fn name_of_invisible(c: char) -> Option<&'static str> {
    let named = INVISIBLE.iter().find(|(invisible, _)| *invisible == c).map(|(_, name)| *name);
    named.or_else(|| c.is_control().then_some("control character"))
}

fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}
