//! One value as sent, a JSON value or a cell of a file, read as text, number, mark or list.
//! Which of these a field needs is declared in `kinds`.

use std::borrow::Cow;

use serde_json::Value;

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::notation::Notation;
use crate::domain::text::fold;
use crate::formats::cell::{Cell, DatePart};
use crate::formats::json;

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
            Raw::Cell(cell) => cell.text(),
        }
    }

    /// The text of a period. Spreadsheets turn `2024-05` into the first of May; such a cell is a month only if it shows one.
    ///
    /// # Errors
    /// `wrong_type`; `invalid_period` for a cell that shows a day.
    pub fn period(self) -> Result<Cow<'r, str>, Fault> {
        match self {
            Raw::Cell(Cell::Date(date, DatePart::Day)) => {
                let shown = *date;
                let message = message!(
                    en: "the cell shows the day {shown}, and no period: give the cell the format of text and write the period, such as {}",
                    vi: "ô hiện ngày {shown}, không phải kỳ báo cáo: đặt định dạng ô là văn bản (Text) và viết kỳ, như {}"; shown; date.format("%Y-%m")
                );
                Err(Fault::new(Code::InvalidPeriod, message))
            }
            other => other.text(),
        }
    }

    /// An exact number: a number of JSON or of a workbook, or a text in a notation.
    ///
    /// # Errors
    /// `wrong_type`, `not_a_number`, `ambiguous_number`, `too_many_digits`.
    pub fn number(self, notation: Notation) -> Result<Decimal, Fault> {
        match self {
            Raw::Json(value) => json::number(notation)(value),
            // A workbook knows that its number is one, in any notation.
            Raw::Cell(Cell::Number(number)) => Decimal::parse_json(&number.digits),
            Raw::Cell(Cell::Date(..)) => Err(Fault::new(
                Code::CellNotAValue,
                message!(
                    en: "the cell shows a date: give it the format of a number and write the number again",
                    vi: "ô hiện một ngày: đặt định dạng ô là số và viết lại số"
                ),
            )),
            Raw::Cell(cell) => notation.read(&cell.text()?),
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
                let text = cell.text()?;
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
            Raw::Cell(Cell::Flag(flag)) => return Ok(*flag),
            Raw::Cell(cell) => cell,
        };
        let text = cell.text()?;
        match fold(&text).as_str() {
            "x" | "co" | "true" | "1" | "yes" => Ok(true),
            "khong" | "false" | "0" | "no" => Ok(false),
            _ => {
                let message = message!(
                    en: "`{text}` is no mark: write `x` or leave the cell empty",
                    vi: "`{text}` không phải là dấu: viết `x` hoặc để trống ô"
                );
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
            Raw::Cell(cell) => Breakdown::parse(&cell.text()?),
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
                let text = cell.text()?;
                let codes = text.split([',', ';', ' ']).filter(|code| !code.is_empty());
                Ok(codes.map(|code| (String::new(), Ok(Cow::Owned(code.to_owned())))).collect())
            }
        }
    }
}
