//! The pieces of the code of a number format: digits, marks, texts, letters of dates, and what stands in brackets.
//! What a section of them shows is in `format`.

use crate::domain::message::Message;
use std::cmp::Ordering;

use crate::formats::xlsx::number::Digits;

pub static DIGITS_BESIDE: Message = Message::fixed(
    "the format of the cell shows digits or marks that its number does not have: give it the format General, and check the number",
    "định dạng của ô hiện cạnh số những chữ số mà ô không có: đặt định dạng General và kiểm tra lại số",
);
pub static SCRIPT: Message = Message::fixed(
    "the format of the cell shows its number in other digits: give it the format General",
    "định dạng của ô hiện số bằng chữ số khác: đặt định dạng General",
);
pub static UNKNOWN: Message = Message::fixed(
    "the format of the cell is not known: give it the format General, and check the number",
    "không rõ định dạng của ô hiện gì: đặt định dạng General và kiểm tra lại số",
);

/// A condition such as `[>=100]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub less: bool,
    pub equal: bool,
    pub greater: bool,
    pub limit: Digits,
}

impl Condition {
    /// Whether it holds for a number.
    pub fn holds(&self, number: &Digits) -> bool {
        match number.cmp(&self.limit) {
            Ordering::Less => self.less,
            Ordering::Equal => self.equal,
            Ordering::Greater => self.greater,
        }
    }

    /// True if it holds for negative numbers only: then the format shows no minus of its own.
    pub fn only_negative(&self) -> bool {
        let zero = self.limit.is_zero();
        !self.greater && (self.limit.is_negative() || zero && !self.equal)
    }

    fn parse(text: &str) -> Option<Condition> {
        let (less, equal, greater, limit) = match text.as_bytes() {
            [b'<', b'>', ..] => (true, false, true, &text[2..]),
            [b'<', b'=', ..] => (true, true, false, &text[2..]),
            [b'>', b'=', ..] => (false, true, true, &text[2..]),
            [b'<', ..] => (true, false, false, &text[1..]),
            [b'>', ..] => (false, false, true, &text[1..]),
            [b'=', ..] => (false, true, false, &text[1..]),
            _ => return None,
        };
        Some(Condition { less, equal, greater, limit: Digits::parse(limit.trim())? })
    }
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A character that shows as it is, or a fill character.
    Literal(char),
    /// `0`, `#` or `?`.
    Digit(char),
    Point,
    Comma,
    Percent,
    Slash,
    Exponent,
    General,
    /// `@`
    Text,
    /// A letter of a date or a time, and how often it stands there; `a` for AM/PM.
    Date(char, usize),
    Condition(Condition),
    /// Something that shows no number as it is.
    Refused(&'static Message),
}

/// The sections of a format, in tokens.
pub fn split(code: &str) -> Vec<Vec<Token>> {
    let mut sections = vec![Vec::new()];
    let mut after_digits = false;
    let mut rest = code;
    while let Some(sign) = rest.chars().next() {
        let (token, length) = token(rest, sign, after_digits);
        rest = &rest[length..];
        match token {
            None if sign == ';' => {
                sections.push(Vec::new());
                after_digits = false;
            }
            None => {}
            Some(found) => {
                after_digits |= matches!(found[..], [Token::Digit(_)]);
                sections.last_mut().expect("one at least").extend(found);
            }
        }
    }
    sections
}

/// The tokens at the beginning of a text, and the number of their bytes. `after_digits` tells whether a digit stands before them in the
/// section.
fn token(rest: &str, sign: char, after_digits: bool) -> (Option<Vec<Token>>, usize) {
    let one = |token: Token, length: usize| (Some(vec![token]), length);
    let next = rest[sign.len_utf8()..].chars().next();
    let two = sign.len_utf8() + next.map_or(0, char::len_utf8);
    let lower = rest.as_bytes().iter().take(7).map(u8::to_ascii_lowercase).collect::<Vec<u8>>();
    match sign {
        ';' => (None, 1),
        '"' => {
            let quoted = rest[1..].split('"').next().unwrap_or_default();
            let closed = rest.len().min(quoted.len() + 2);
            (Some(quoted.chars().map(Token::Literal).collect()), closed)
        }
        '\\' => (next.map(|next| vec![Token::Literal(next)]), two),
        // A blank as wide as a character.
        '_' => one(Token::Literal(' '), two),
        '*' => one(
            if next.is_none_or(|next| next.is_whitespace() || next == '*') { Token::Literal(' ') } else { Token::Refused(&DIGITS_BESIDE) },
            two,
        ),
        '[' => {
            let inside = rest[1..].split(']').next().unwrap_or_default();
            (Some(bracket(inside)), rest.len().min(inside.len() + 2))
        }
        _ if lower == b"general" => one(Token::General, 7),
        _ if lower.starts_with(b"am/pm") => one(Token::Date('a', 1), 5),
        _ if lower.starts_with(b"a/p") => one(Token::Date('a', 1), 3),
        '0' | '#' | '?' => one(Token::Digit(sign), 1),
        '.' => one(Token::Point, 1),
        ',' => one(Token::Comma, 1),
        '%' => one(Token::Percent, 1),
        '@' => one(Token::Text, 1),
        '/' if after_digits => one(Token::Slash, 1),
        'E' | 'e' if after_digits && matches!(next, Some('+' | '-')) => one(Token::Exponent, two),
        'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => {
            let count = rest.chars().take_while(|other| other.eq_ignore_ascii_case(&sign)).count();
            one(Token::Date(sign.to_ascii_lowercase(), count), count)
        }
        // Years of an emperor, of Buddha or of Islam; weekdays; a sign that some programs read as an escape.
        'e' | 'E' | 'g' | 'G' | 'b' | 'B' | 'a' | 'A' | 'r' | 'R' | 'n' | 'N' | 't' | 'T' | 'w' | 'W' | 'q' | 'Q' | '!' => {
            one(Token::Refused(&UNKNOWN), 1)
        }
        _ => one(Token::Literal(sign), sign.len_utf8()),
    }
}

/// The tokens of what stands in brackets: a colour, a condition, a currency with its language, hours that pass a day.
fn bracket(inside: &str) -> Vec<Token> {
    const COLOURS: [&str; 8] = ["black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"];
    let lower = inside.to_ascii_lowercase();
    let colour = lower.strip_prefix("color").is_some_and(|number| number.trim().parse::<u8>().is_ok());
    if colour || COLOURS.contains(&&*lower) {
        return Vec::new();
    }
    if let Some(currency) = inside.strip_prefix('$') {
        let (symbol, language) = currency.split_once('-').unwrap_or((currency, ""));
        let mut tokens: Vec<Token> = symbol.chars().map(Token::Literal).collect();
        tokens.extend(other_script(language));
        return tokens;
    }
    if !lower.is_empty() && ["h", "m", "s"].iter().any(|unit| lower.chars().all(|sign| unit.contains(sign))) {
        return vec![Token::Date('h', 1)];
    }
    vec![Condition::parse(inside).map_or(Token::Refused(&UNKNOWN), Token::Condition)]
}

/// A language may bring its own digits and its own calendar: `D07041E` is Thai digits, Buddha's years, Thai.
fn other_script(language: &str) -> Option<Token> {
    let language = language.split(',').next().unwrap_or_default();
    match language.to_ascii_lowercase().as_str() {
        "" | "x-sysdate" | "x-systime" | "f800" | "f400" => None,
        _ => match u32::from_str_radix(language, 16) {
            // Digits of the language itself or of Europe; the Gregorian calendar in one of its languages.
            Ok(number) if number >> 24 <= 1 && matches!(number >> 16 & 0xff, 0..=2 | 9..=12) => None,
            Ok(_) => Some(Token::Refused(&SCRIPT)),
            // A name such as `vi-VN`.
            Err(_) if language.is_ascii() && language.len() <= 11 => None,
            Err(_) => Some(Token::Refused(&UNKNOWN)),
        },
    }
}
