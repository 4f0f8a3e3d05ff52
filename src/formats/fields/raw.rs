//! One value as it arrives, a JSON value or a cell of a file, and what it is as text, number, mark or list.
//! Which of these a field needs is declared in `kinds`.

use std::borrow::Cow;

use chrono::Datelike;
use serde_json::Value;

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::fault::{Code, Fault};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::notation::Notation;
use crate::domain::text::fold;
use crate::formats::json;
use crate::formats::sheet::Cell;

/// A value that is given: never `null`, never an empty cell.
#[derive(Debug, Clone, Copy)]
pub enum Raw<'r> {
    /// A value of a JSON document, or of a parameter.
    Json(&'r Value),
    /// A cell of a file.
    Cell(&'r Cell),
}

/// An item of a list, with the end of the pointer that leads to it.
pub type Item<'r> = (String, Result<Cow<'r, str>, Fault>);

impl<'r> Raw<'r> {
    /// The text, without the blanks around it in a cell.
    ///
    /// # Errors
    /// `wrong_type`.
    pub fn text(self) -> Result<Cow<'r, str>, Fault> {
        match self {
            Raw::Json(value) => json::string(value).map(Cow::Borrowed),
            Raw::Cell(cell) => Ok(text_of(cell)),
        }
    }

    /// The text of a period: spreadsheets turn `2024-05` into the first of May.
    ///
    /// # Errors
    /// `wrong_type`.
    pub fn period(self) -> Result<Cow<'r, str>, Fault> {
        match self {
            Raw::Cell(Cell::Date(date)) if date.day() == 1 => Ok(date.format("%Y-%m").to_string().into()),
            other => other.text(),
        }
    }

    /// A code, or in a cell one of the words that stand for it.
    ///
    /// # Errors
    /// `wrong_type`.
    pub fn code(self, words: &'static [(&'static str, &'static str)]) -> Result<Cow<'r, str>, Fault> {
        let text = self.text()?;
        if words.is_empty() || matches!(self, Raw::Json(_)) {
            return Ok(text);
        }
        let folded = fold(&text);
        Ok(words.iter().find(|(word, _)| *word == folded).map_or(text, |(_, code)| Cow::Borrowed(*code)))
    }

    /// An exact number: a number of JSON or of a workbook, or a text in a notation.
    ///
    /// # Errors
    /// `wrong_type`, `not_a_number`, `ambiguous_number`, `too_many_digits`.
    pub fn number(self, notation: Notation) -> Result<Decimal, Fault> {
        match self {
            Raw::Json(value) => json::number(notation)(value),
            // A workbook knows that its number is one, in any notation.
            Raw::Cell(Cell::Number(digits)) => Decimal::parse_json(digits.trim()),
            Raw::Cell(Cell::Date(date)) => {
                let message =
                    format!("the cell has the date {date}, not a number: give it the format of a number and type the number again");
                Err(Fault::new(Code::NotANumber, message))
            }
            Raw::Cell(cell) => notation.read(&text_of(cell)),
        }
    }

    /// A whole number in a range.
    ///
    /// # Errors
    /// `wrong_type`, `invalid_value`.
    pub fn whole(self, range: std::ops::RangeInclusive<i32>) -> Result<i32, Fault> {
        match self {
            Raw::Json(value) => json::integer(range)(value),
            Raw::Cell(cell) => {
                let text = text_of(cell);
                json::integer(range)(&text.parse::<i32>().map_or_else(|_| Value::from(text.as_ref()), Value::from))
            }
        }
    }

    /// `true` or `false`; in a cell a mark.
    ///
    /// # Errors
    /// `wrong_type`, `invalid_value`.
    pub fn flag(self) -> Result<bool, Fault> {
        let cell = match self {
            Raw::Json(value) => return json::boolean(value),
            Raw::Cell(cell) => cell,
        };
        let text = text_of(cell);
        match fold(&text).as_str() {
            "x" | "co" | "true" | "1" | "yes" => Ok(true),
            "khong" | "false" | "0" | "no" => Ok(false),
            _ => {
                let message = format!("`{text}` is no mark: write `x` or leave the cell empty");
                Err(Fault::new(Code::InvalidValue, message).allowing(["x"]))
            }
        }
    }

    /// A breakdown: `{"line_type": "fixed"}`, or `line_type:fixed` in a cell.
    ///
    /// # Errors
    /// `wrong_type`, `unknown_breakdown`.
    pub fn breakdown(self) -> Result<Breakdown, Fault> {
        match self {
            Raw::Json(value) => json::breakdown(value),
            Raw::Cell(cell) => Breakdown::parse(&text_of(cell)),
        }
    }

    /// The items of a list; in a cell codes with commas, semicolons or blanks between them.
    ///
    /// # Errors
    /// `wrong_type`.
    pub fn codes(self) -> Result<Vec<Item<'r>>, Fault> {
        match self {
            Raw::Json(value) => {
                let items = json::list(value)?.iter().enumerate();
                Ok(items.map(|(n, item)| (format!("/{n}"), json::string(item).map(Cow::Borrowed))).collect())
            }
            Raw::Cell(cell) => {
                let text = text_of(cell);
                let codes = text.split([',', ';', ' ']).filter(|code| !code.is_empty());
                Ok(codes.map(|code| (String::new(), Ok(Cow::Owned(code.to_owned())))).collect())
            }
        }
    }
}

fn text_of(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) | Cell::Number(text) => Cow::Borrowed(text.trim()),
        Cell::Date(date) => Cow::Owned(date.to_string()),
    }
}
