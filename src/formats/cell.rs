//! The content of a cell: a text, a number, a date or a mark; what it shows where that differs; and why it cannot be read.
//! The table of cells is in `sheet`; the bytes are read by `csv` and `xlsx`.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::domain::fault::{Code, Fault};
use crate::domain::message::{Message, message};
use crate::domain::number::decimal::Decimal;
pub use crate::domain::submission::draft::Shown;

/// The content of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing, or only blanks.
    #[default]
    Empty,
    /// Text as typed. A number in it uses the notation that the sender declares.
    Text(String),
    /// A number cell of a workbook. The declared notation does not apply.
    Number(Number),
    /// A date cell of a workbook, and the part of the date that it shows.
    Date(NaiveDate, DatePart),
    /// TRUE or FALSE: a box that is ticked or not.
    Flag(bool),
    /// A cell without a value. Only a field that reads the cell has this fault.
    Faulty {
        /// The code of the fault.
        code: Code,
        /// A sentence for readers, with the way out.
        message: CellMessage,
    },
}

/// A number cell of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The number as plain decimals.
    pub digits: String,
    /// What the cell shows, if that is not just the number.
    pub shown: Option<Box<Shown>>,
}

/// The part of a date that a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    /// Day, month and year.
    Day,
    /// Month and year.
    Month,
    /// The year.
    Year,
}

/// The message of a cell without a value. The usual ones take no memory: a column may be full of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellMessage {
    /// The same for many cells.
    Usual(&'static Message),
    /// With the values of this cell.
    Own(Box<Message>),
}

impl From<&'static Message> for CellMessage {
    fn from(message: &'static Message) -> CellMessage {
        CellMessage::Usual(message)
    }
}

impl From<Message> for CellMessage {
    fn from(message: Message) -> CellMessage {
        CellMessage::Own(Box::new(message))
    }
}

impl Cell {
    /// A text cell; `Empty` for blanks only.
    #[must_use]
    pub fn of_text(text: &str) -> Cell {
        if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }

    /// A cell that shows a full date.
    #[must_use]
    pub fn day(date: NaiveDate) -> Cell {
        Cell::Date(date, DatePart::Day)
    }

    /// A cell without a value.
    #[must_use]
    pub fn faulty(code: Code, message: impl Into<CellMessage>) -> Cell {
        Cell::Faulty { code, message: message.into() }
    }

    /// True for an empty cell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }

    /// The content as text, without the blanks around it: `77.15`, `2024-05-31`, `2024-05` for a cell that shows a month.
    ///
    /// # Errors
    /// `cell_not_a_value` for TRUE and FALSE; the fault of the cell.
    pub fn text(&self) -> Result<Cow<'_, str>, Fault> {
        Ok(match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text.trim()),
            Cell::Number(number) => Cow::Borrowed(&number.digits),
            Cell::Date(date, DatePart::Day) => Cow::Owned(date.to_string()),
            Cell::Date(date, DatePart::Month) => Cow::Owned(date.format("%Y-%m").to_string()),
            Cell::Date(date, DatePart::Year) => Cow::Owned(date.format("%Y").to_string()),
            Cell::Flag(_) => {
                return Err(Fault::new(
                    Code::CellNotAValue,
                    message!(
                        en: "the cell holds TRUE or FALSE; a text or a number is needed",
                        vi: "ô có TRUE hoặc FALSE; cần văn bản hoặc số"
                    ),
                ));
            }
            Cell::Faulty { code, message: CellMessage::Usual(message) } => return Err(Fault::new(*code, (*message).clone())),
            Cell::Faulty { code, message: CellMessage::Own(message) } => return Err(Fault::new(*code, (**message).clone())),
        })
    }

    /// What a number cell shows, if that is not just the number.
    #[must_use]
    pub fn shown(&self) -> Option<&Shown> {
        if let Cell::Number(number) = self { number.shown.as_deref() } else { None }
    }

    /// Number of bytes of text.
    pub(super) fn size(&self) -> usize {
        match self {
            Cell::Text(text) => text.len(),
            Cell::Number(number) => number.digits.len(),
            Cell::Faulty { message: CellMessage::Own(message), .. } => message.size(),
            Cell::Empty | Cell::Date(..) | Cell::Flag(_) | Cell::Faulty { .. } => 0,
        }
    }
}

impl From<&str> for Number {
    fn from(digits: &str) -> Number {
        Number { digits: digits.to_owned(), shown: None }
    }
}

impl From<Decimal> for Cell {
    fn from(number: Decimal) -> Cell {
        Cell::Number(Number { digits: number.to_string(), shown: None })
    }
}
