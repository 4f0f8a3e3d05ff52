//! Periods and dates as Vietnamese reports write them: `Tháng 5/2021`, `Quý I năm 2021`, `6 tháng đầu năm 2021`, `31/5/2021`.
//! Period codes and the messages about periods are in `period_code`.

use chrono::{Datelike, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use super::period::{Name, YEARS};
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::text::{self, fold_letter};

/// A period without its calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Named(i32, Name),
    Days(NaiveDate, NaiveDate),
}

/// Why a text is not a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Nothing is written.
    Empty,
    /// No form of a period.
    Form,
    /// A day.
    Day,
    /// A month as English spreadsheets show it: `May-21`.
    MonthOfSpreadsheet,
    /// A year of two digits.
    ShortYear,
    /// No year.
    NoYear,
    /// `Tháng năm 2021`: May 2021, or a month without its number.
    MonthOrYear,
    /// `2010/11`: November 2010, or two years.
    MonthOrYears,
    /// The last day is before the first.
    Backwards,
    /// A year that no period has.
    Year,
}

/// Longest text that is read, in characters.
const LONGEST: usize = 80;

const MARKS: [char; 6] = ['/', '-', '–', '—', '.', ','];
const NUMBERS: [&str; 10] = ["mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi"];
const MONTH: [&str; 4] = ["thang", "thg", "th", "t"];
const ENGLISH_MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads a period in Vietnamese words and numbers. Accents and case do not matter.
pub(super) fn read(text: &str) -> Result<Written, Unreadable> {
    if text.trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    if text.chars().count() > LONGEST {
        return Err(Unreadable::Form);
    }
    if text::parse_date(text.trim()).is_ok() {
        return Err(Unreadable::Day);
    }
    let tokens = tokens(text);
    let tokens = Tokens(&tokens);
    if let Some(days) = read_days(tokens) {
        return days.map(|(start, end)| Written::Days(start, end));
    }
    if read_day(tokens).is_some() {
        return Err(Unreadable::Day);
    }
    read_named(tokens).map(|(year, name)| Written::Named(year, name))
}

/// Reads a date as `YYYY-MM-DD`, or as Vietnamese reports write it, the day always first: `31/5/2021`, `31-05-2021`, `31.5.2021`,
/// `ngày 31 tháng 5 năm 2021`.
///
/// # Errors
/// `invalid_date`.
pub fn parse_date(text: &str) -> Result<NaiveDate, Fault> {
    if let Ok(day) = text::parse_date(text.trim()) {
        return Ok(day);
    }
    let tokens = if text.chars().count() > LONGEST { Vec::new() } else { tokens(text) };
    let why = match read_day(Tokens(&tokens)) {
        Some(Ok(day)) => return Ok(day),
        Some(Err(Unreadable::ShortYear)) => message!(
            en: "has a year of two digits: write all four",
            vi: "có năm hai chữ số: viết đủ bốn chữ số"
        ),
        Some(Err(_)) => message!(
            en: "is not a day of the calendar: the day stands first, then the month",
            vi: "không có trong lịch: ngày đứng trước, rồi đến tháng"
        ),
        None => message!(en: "is not a date", vi: "không phải là ngày"),
    };
    let shown: String = text.chars().take(40).collect();
    Err(Fault::new(
        Code::InvalidDate,
        message!(
            en: "`{shown}` {why}; write it as 30/6/2024 or 2024-06-30",
            vi: "`{shown}` {why}; viết là 30/6/2024 hoặc 2024-06-30"; why
        ),
    ))
}

/// A part of a text. Blanks only separate.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// Digits.
    Number(String),
    /// Letters, folded.
    Word(String),
    /// Any other sign.
    Mark(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut joined = false;
    for c in text.nfd() {
        match fold_letter(c) {
            _ if c.is_whitespace() => joined = false,
            // An accent belongs to the letter before it.
            None => {}
            Some(c) => {
                match (tokens.last_mut(), c) {
                    (Some(Token::Number(digits)), '0'..='9') if joined => digits.push(c),
                    (Some(Token::Word(letters)), _) if joined && c.is_alphabetic() => letters.push(c),
                    (_, '0'..='9') => tokens.push(Token::Number(c.into())),
                    _ if c.is_alphabetic() => tokens.push(Token::Word(c.into())),
                    _ => tokens.push(Token::Mark(c)),
                }
                joined = true;
            }
        }
    }
    tokens
}

/// The tokens that are left to read.
#[derive(Debug, Clone, Copy)]
struct Tokens<'t>(&'t [Token]);

impl<'t> Tokens<'t> {
    /// Takes a token if it is one of these words.
    fn word(&mut self, words: &[&str]) -> bool {
        let found = matches!(self.0.first(), Some(Token::Word(word)) if words.contains(&word.as_str()));
        self.0 = &self.0[usize::from(found)..];
        found
    }

    /// Takes all words of a phrase, or none.
    fn phrase(&mut self, phrase: &str) -> bool {
        let mut rest = *self;
        let found = phrase.split(' ').all(|word| rest.word(&[word]));
        if found {
            *self = rest;
        }
        found
    }

    /// Takes a mark, if it is one of these.
    fn mark(&mut self, marks: &[char]) -> Option<char> {
        let Some(Token::Mark(mark)) = self.0.first() else { return None };
        let mark = marks.contains(mark).then_some(*mark)?;
        self.0 = &self.0[1..];
        Some(mark)
    }

    fn digits(&mut self) -> Option<&'t str> {
        let Some(Token::Number(digits)) = self.0.first() else { return None };
        self.0 = &self.0[1..];
        Some(digits)
    }

    /// Takes a number of one or two digits, or in words up to twelve.
    fn small(&mut self) -> Option<u32> {
        let before = *self;
        if let Some(digits) = self.digits() {
            if digits.len() <= 2 {
                return digits.parse().ok();
            }
            *self = before;
            return None;
        }
        if self.word(&["tu"]) {
            return Some(4);
        }
        let value = (1..).zip(NUMBERS).find(|(_, word)| self.word(&[word])).map(|(value, _)| value)?;
        Some(match value {
            10 if self.word(&["mot"]) => 11,
            10 if self.word(&["hai"]) => 12,
            _ => value,
        })
    }

    /// Takes the year at the end: nothing may follow.
    fn year(mut self) -> Result<i32, Unreadable> {
        self.mark(&MARKS);
        self.word(&["nam"]);
        self.mark(&MARKS);
        let Some(digits) = self.digits() else {
            return Err(if self.0.is_empty() { Unreadable::NoYear } else { Unreadable::Form });
        };
        match (digits.len(), self.0) {
            (_, [_, ..]) => Err(Unreadable::Form),
            (2, _) => Err(Unreadable::ShortYear),
            (4, _) => digits.parse().ok().filter(|year| YEARS.contains(year)).ok_or(Unreadable::Year),
            _ => Err(Unreadable::Form),
        }
    }

    /// Takes `quý II`, `q2` or `qII`.
    fn quarter(&mut self) -> Option<Result<u32, Unreadable>> {
        let Some(Token::Word(word)) = self.0.first() else { return None };
        let number = word.strip_prefix("quy").or_else(|| word.strip_prefix('q'))?;
        self.0 = &self.0[1..];
        self.mark(&['.']);
        let quarter = match self.0.first() {
            _ if !number.is_empty() => roman(number),
            Some(Token::Word(word)) if roman(word).is_some() => {
                self.0 = &self.0[1..];
                roman(word)
            }
            _ => self.small(),
        };
        Some(quarter.filter(|quarter| (1..=4).contains(quarter)).ok_or(Unreadable::Form))
    }

    /// Takes `tháng 5`.
    fn month(&mut self) -> Option<Result<u32, Unreadable>> {
        if !self.word(&MONTH) {
            return None;
        }
        self.mark(&['.']);
        if let [Token::Word(word), Token::Number(_)] = self.0
            && word == "nam"
        {
            return Some(Err(Unreadable::MonthOrYear));
        }
        Some(month_of(self.small()))
    }
}

fn month_of(number: Option<u32>) -> Result<u32, Unreadable> {
    number.filter(|month| (1..=12).contains(month)).ok_or(Unreadable::Form)
}

fn roman(word: &str) -> Option<u32> {
    ["i", "ii", "iii", "iv"].iter().position(|roman| *roman == word).and_then(|place| u32::try_from(place + 1).ok())
}

/// A period with a name of its own: the whole text.
fn read_named(all: Tokens<'_>) -> Result<(i32, Name), Unreadable> {
    let mut rest = all;
    if rest.phrase("luy ke") || rest.phrase("cong don") {
        return read_to_date(rest);
    }
    if let Some(month) = rest.month() {
        let month = month?;
        return Ok((rest.year()?, Name::Month(month)));
    }
    if let Some(quarter) = rest.quarter() {
        let quarter = quarter?;
        return Ok((rest.year()?, Name::Quarter(quarter)));
    }
    if rest.word(&["h"]) {
        let half = rest.small().filter(|half| (1..=2).contains(half)).ok_or(Unreadable::Form)?;
        return Ok((rest.year()?, Name::Half(half)));
    }
    if rest.phrase("nua dau") || rest.phrase("nua nam dau") {
        return Ok((rest.year()?, Name::Half(1)));
    }
    if rest.phrase("nua cuoi") || rest.phrase("nua nam cuoi") {
        return Ok((rest.year()?, Name::Half(2)));
    }
    if let Some((months, from_the_end)) = months(&mut rest) {
        let name = match (months, from_the_end) {
            (6, true) => Name::Half(2),
            (3, true) => Name::Quarter(4),
            (6, false) => Name::Half(1),
            (9, false) => Name::NineMonths,
            (months @ 1..=12, false) => Name::ToDate(months),
            _ => return Err(Unreadable::Form),
        };
        return Ok((rest.year()?, name));
    }
    rest = all;
    if rest.phrase("ca nam") || matches!(rest.0.first(), Some(Token::Word(word)) if word == "nam") {
        return Ok((rest.year()?, Name::Year));
    }
    read_numbers(all)
}

/// `lũy kế đến hết tháng 5/2021`, `lũy kế 5 tháng đầu năm 2021`: what stands after the first two words.
fn read_to_date(mut rest: Tokens<'_>) -> Result<(i32, Name), Unreadable> {
    rest.phrase("tu dau nam");
    rest.word(&["den", "toi"]);
    rest.word(&["het"]);
    if let Some(month) = rest.month() {
        let month = month?;
        return Ok((rest.year()?, Name::ToDate(month)));
    }
    if let Some(quarter) = rest.quarter() {
        let quarter = quarter?;
        return Ok((rest.year()?, Name::ToDate(3 * quarter)));
    }
    match months(&mut rest) {
        Some((months @ 1..=12, false)) => Ok((rest.year()?, Name::ToDate(months))),
        _ => Err(Unreadable::Form),
    }
}

/// Takes `6 tháng`, `6 tháng đầu`, or `6 tháng cuối`, which is true for the end of the year.
fn months(rest: &mut Tokens<'_>) -> Option<(u32, bool)> {
    let mut after = *rest;
    let months = after.small()?;
    if !after.word(&MONTH) {
        return None;
    }
    let from_the_end = after.word(&["cuoi"]);
    if !from_the_end {
        after.word(&["dau"]);
    }
    *rest = after;
    Some((months, from_the_end))
}

/// `5/2021`: a month and its year, and nothing else.
fn read_numbers(mut rest: Tokens<'_>) -> Result<(i32, Name), Unreadable> {
    match rest.0 {
        [Token::Word(word), .., Token::Number(_)] if ENGLISH_MONTHS.iter().any(|month| word.starts_with(month)) => {
            return Err(Unreadable::MonthOfSpreadsheet);
        }
        [Token::Number(_), .., Token::Word(word)] if ENGLISH_MONTHS.iter().any(|month| word.starts_with(month)) => {
            return Err(Unreadable::MonthOfSpreadsheet);
        }
        [Token::Number(year), Token::Mark('/' | '-' | '.'), Token::Number(month)]
            if year.len() == 4 && month.len() <= 2 && month_of(month.parse().ok()).is_ok() =>
        {
            return Err(Unreadable::MonthOrYears);
        }
        _ => {}
    }
    let number = rest.small().ok_or(Unreadable::Form)?;
    rest.mark(&['/', '-', '.']).ok_or(Unreadable::Form)?;
    if matches!(rest.0.first(), Some(Token::Word(_) | Token::Mark(_))) {
        return Err(Unreadable::Form);
    }
    let month = month_of(Some(number))?;
    Ok((rest.year()?, Name::Month(month)))
}

/// A day, the day always first; `None` for a text of another form.
fn read_day(mut rest: Tokens<'_>) -> Option<Result<NaiveDate, Unreadable>> {
    rest.word(&["ngay"]);
    let day: u32 = rest.digits().filter(|digits| digits.len() <= 2)?.parse().ok()?;
    let mark = rest.mark(&['/', '-', '.']);
    let in_words = mark.is_none() && rest.word(&["thang"]);
    if mark.is_none() && !in_words {
        return None;
    }
    let month: u32 = rest.digits().filter(|digits| digits.len() <= 2)?.parse().ok()?;
    if in_words {
        rest.mark(&['/', ',']);
        rest.word(&["nam"]);
    } else {
        rest.mark(&[mark?])?;
    }
    let year = rest.digits().filter(|_| rest.0.is_empty())?;
    match year.len() {
        4 => {
            let year = year.parse().ok().filter(|year| YEARS.contains(year));
            let date = year.ok_or(Unreadable::Year).and_then(|year| NaiveDate::from_ymd_opt(year, month, day).ok_or(Unreadable::Form));
            Some(date)
        }
        2 => Some(Err(Unreadable::ShortYear)),
        _ => None,
    }
}

/// Two days with `-`, `/` or `đến` between them; `None` for a text of another form.
fn read_days(mut all: Tokens<'_>) -> Option<Result<(NaiveDate, NaiveDate), Unreadable>> {
    all.word(&["tu"]);
    let either = |tokens: &[Token]| match tokens {
        // A date as `YYYY-MM-DD` may stand in an interval too.
        [Token::Number(year), Token::Mark('-'), Token::Number(month), Token::Mark('-'), Token::Number(day)] if year.len() == 4 => {
            text::parse_date(&format!("{year}-{month}-{day}")).ok().map(Ok)
        }
        _ => read_day(Tokens(tokens)),
    };
    let between = |token: &Token| match token {
        Token::Mark(mark) => MARKS[..4].contains(mark),
        Token::Word(word) => ["den", "toi"].contains(&word.as_str()),
        Token::Number(_) => false,
    };
    let (start, end) =
        (0..all.0.len()).filter(|at| between(&all.0[*at])).find_map(|at| either(&all.0[..at]).zip(either(&all.0[at + 1..])))?;
    Some(start.and_then(|start| {
        let end = end?;
        if end < start {
            return Err(Unreadable::Backwards);
        }
        if [start, end].iter().any(|day| !YEARS.contains(&day.year())) {
            return Err(Unreadable::Year);
        }
        Ok((start, end))
    }))
}

#[cfg(test)]
mod tests;
