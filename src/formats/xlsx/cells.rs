//! The cells of a sheet in one pass over its XML: values, formulas, merged cells, conditional formats, hidden rows and columns.
//! A cell without a value carries its fault: it is one only for the field that reads the cell.

use std::borrow::Cow;

use super::conditional::Conditional;
use super::format::{Format, Showing};
use super::number::{self, Digits};
use super::parts::{Element, Part, XmlEvent, damaged};
use super::range::{SHEET_COLUMNS, SHEET_ROWS, parse_name};
use super::styles::Formats;
use super::texts::{Item, Texts};
use crate::domain::fault::{Code, Fault, LocatedFault};
use crate::domain::message::{Message, message};
use crate::domain::text;
use crate::formats::cell::{Cell, Number};
use crate::formats::sheet::{MOST_COLUMNS, Table};

/// A row lower than this, in points, or a column narrower than this, in characters, shows nothing.
const LOWEST_ROW: &str = "2";
const NARROWEST_COLUMN: &str = "0.5";

static HIDDEN_ZERO: Message = Message::fixed(
    "the sheet shows nothing in place of zeros: let it show them (File, Options, Advanced), and check whether a zero is meant",
    "trang tính không hiện số 0: cho hiện số 0 (File, Options, Advanced) và kiểm tra xem có đúng là số 0 không",
);
static FORMULA: Message = Message::fixed(
    "the cell holds a formula: copy it and paste it as a value (Paste Special, Values)",
    "ô có công thức: chép ô và dán lại thành giá trị (Paste Special, Values)",
);

/// The shared data for the cells of a sheet.
pub struct Context<'c> {
    /// The shared texts.
    pub texts: &'c Texts,
    /// The formats.
    pub formats: &'c Formats,
    /// True if days are counted from 1904.
    pub since_1904: bool,
}

/// A cell after its start element.
struct Open<'c> {
    column: usize,
    format: &'c Format,
    kind: String,
    formula: bool,
    item: Item,
}

/// Reads the cells of a sheet into a table.
///
/// # Errors
/// `unreadable_file`, `file_too_large`.
pub fn read(mut part: Part<'_>, context: &Context<'_>, table: &mut Table) -> Result<(), LocatedFault> {
    let mut row = OpenRow::default();
    let mut cells: Vec<(usize, Cell)> = Vec::new();
    let mut open: Option<Open<'_>> = None;
    let mut conditional: Option<Conditional> = None;
    let mut in_table = false;
    let mut hides_zeros = false;
    let mut next_column = 0;
    let mut buffer = Vec::new();
    while let Some(piece) = part.next(&mut buffer)? {
        match &piece {
            XmlEvent::Begin(element) => match element.name() {
                "sheetView" => hides_zeros |= element.is_false("showZeros")?,
                "sheetData" => in_table = true,
                "row" if in_table => {
                    row = OpenRow::begin(element, row.number)?;
                    next_column = 0;
                }
                "c" if in_table => {
                    let cell = begin_cell(element, row.number, next_column, context)?;
                    next_column = cell.column + 1;
                    open = Some(cell);
                }
                "f" => open.iter_mut().for_each(|cell| cell.formula = true),
                "col" => hide_columns(element, table)?,
                "mergeCell" => merge(element, table)?,
                "conditionalFormatting" => conditional = Some(Conditional::begin(element)?),
                _ => {
                    if let Some(conditional) = &mut conditional {
                        conditional.take_element(element, context.formats)?;
                    }
                }
            },
            XmlEvent::End(end) => match end.local_name().into_inner() {
                "c" => {
                    if let Some(cell) = open.take() {
                        cells.push((cell.column, end_cell(&cell, context, hides_zeros)?));
                    }
                }
                "row" if in_table => table.take(row.number, row.hidden, cells.drain(..))?,
                "sheetData" => in_table = false,
                "conditionalFormatting" => conditional.take().map_or(Ok(()), |conditional| conditional.apply(table))?,
                name => conditional.iter_mut().for_each(|conditional| conditional.end(name)),
            },
            XmlEvent::Text(text) => conditional.as_mut().map_or(Ok(()), |conditional| conditional.take_text(text))?,
            XmlEvent::Other => {}
        }
        if let Some(cell) = &mut open {
            cell.item.take(piece);
        }
    }
    Ok(())
}

/// A row after its start element.
#[derive(Default)]
struct OpenRow {
    number: usize,
    hidden: bool,
}

impl OpenRow {
    fn begin(element: &Element<'_>, before: usize) -> Result<OpenRow, LocatedFault> {
        let number = match element.attribute("r")? {
            None => before + 1,
            Some(number) => number.parse().map_err(|_| damaged("the sheet"))?,
        };
        // Rows must be in order: a repeated row number would give two rows.
        if !(before + 1..=SHEET_ROWS).contains(&number) {
            return Err(damaged("the sheet"));
        }
        // Filters and collapsed groups hide rows in the same way.
        let hidden = element.is_true("hidden")? || is_too_small(element, "ht", LOWEST_ROW)?;
        Ok(OpenRow { number, hidden })
    }
}

/// Hides the columns of a `col` element, if nobody sees them.
fn hide_columns(element: &Element<'_>, table: &mut Table) -> Result<(), LocatedFault> {
    if element.is_true("hidden")? || is_too_small(element, "width", NARROWEST_COLUMN)? {
        let end = |name: &str| Ok(element.attribute(name)?.and_then(|column| column.parse::<usize>().ok()?.checked_sub(1)));
        let (first, last) = (end("min")?, end("max")?);
        first.zip(last).into_iter().for_each(|(first, last)| table.hide_columns(first, last));
    }
    Ok(())
}

fn is_too_small(element: &Element<'_>, name: &str, least: &str) -> Result<bool, LocatedFault> {
    let size = element.attribute(name)?.and_then(|size| Digits::parse(&size));
    Ok(size.zip(Digits::parse(least)).is_some_and(|(size, least)| size < least))
}

fn begin_cell<'c>(element: &Element<'_>, row: usize, next_column: usize, context: &Context<'c>) -> Result<Open<'c>, LocatedFault> {
    let column = match element.attribute("r")? {
        None => next_column,
        Some(name) => match parse_name(&name) {
            Some((of_row, column)) if of_row == row && column >= next_column => column,
            _ => return Err(damaged("the sheet")),
        },
    };
    if column >= SHEET_COLUMNS {
        return Err(damaged("the sheet"));
    }
    let format = context.formats.get(element.attribute("s")?.as_deref());
    let kind = element.attribute("t")?.map_or_else(|| "n".to_owned(), Cow::into_owned);
    let item = Item::of(if kind == "inlineStr" { "t" } else { "v" });
    Ok(Open { column, format, kind, formula: false, item })
}

/// The content of a cell.
fn end_cell(open: &Open<'_>, context: &Context<'_>, hides_zeros: bool) -> Result<Cell, LocatedFault> {
    if open.formula {
        return Ok(Cell::faulty(Code::FormulaCell, &FORMULA));
    }
    // No cell to the right of the last column is read, so do not copy its text: there may be sixteen thousand copies.
    let of_text = |text: &str| match open.format.show_text() {
        _ if text.trim().is_empty() => Cell::Empty,
        Err(why) => Cell::faulty(Code::CellNotAValue, why),
        Ok(()) => Cell::of_text(if open.column < MOST_COLUMNS { text } else { "?" }),
    };
    let written = open.item.written().trim();
    Ok(match &open.kind[..] {
        "s" if open.item.written().is_empty() => Cell::Empty,
        "s" => of_text(written.parse().ok().and_then(|number| context.texts.get(number)).ok_or_else(|| damaged("the sheet"))?),
        "str" | "inlineStr" => of_text(&open.item.text()),
        _ if written.is_empty() => Cell::Empty,
        "n" => match of_number(written, open.format, context.since_1904) {
            Ok(Cell::Number(number)) if hides_zeros && number.digits == "0" => Cell::faulty(Code::CellNotAValue, &HIDDEN_ZERO),
            read => read.unwrap_or_else(faulty),
        },
        "d" => of_date(written, open.format).unwrap_or_else(faulty),
        "b" => Cell::Flag(matches!(written, "1" | "true")),
        "e" => Cell::faulty(Code::CellNotAValue, error(written)),
        _ => return Err(damaged("the sheet")),
    })
}

fn faulty(fault: Fault) -> Cell {
    Cell::faulty(fault.code, fault.message)
}

/// The message for a cell with an error.
fn error(written: &str) -> &'static Message {
    macro_rules! errors {
        ($($error:literal),+) => {
            match written {
                $($error => {
                    static MESSAGE: Message = Message::fixed(
                        concat!("the cell holds the error ", $error, "; leave it empty or write the value"),
                        concat!("ô có lỗi ", $error, "; để trống ô hoặc ghi giá trị"),
                    );
                    &MESSAGE
                })+
                _ => {
                    static MESSAGE: Message = Message::fixed(
                        "the cell holds an error; leave it empty or write the value",
                        "ô có lỗi; để trống ô hoặc ghi giá trị",
                    );
                    &MESSAGE
                }
            }
        };
    }
    errors!("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!")
}

fn of_number(written: &str, format: &Format, since_1904: bool) -> Result<Cell, Fault> {
    let number = Digits::of_cell(written)?;
    match format.show(&number).map_err(not_a_value)? {
        Showing::Number(shown) => Ok(Cell::Number(Number { digits: number.to_string(), shown: shown.map(Box::new) })),
        Showing::Date(part) => number::date(&number, since_1904).map(|date| Cell::Date(date, part)),
    }
}

fn not_a_value(message: &'static Message) -> Fault {
    Fault::new(Code::CellNotAValue, message.clone())
}

/// A date written as a date. Excel writes day numbers; other programs and the strict variant of the format write dates.
fn of_date(written: &str, format: &Format) -> Result<Cell, Fault> {
    let (date, time) = written.split_once('T').unwrap_or((written, ""));
    if time.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        return Err(Fault::new(
            Code::InvalidDate,
            message!(
                en: "the cell holds a time of day; a date alone is needed",
                vi: "ô có giờ trong ngày; chỉ cần ngày"
            ),
        ));
    }
    let date = text::parse_date(date)?;
    // The day number does not matter: a format of dates has no conditions.
    match format.show(&Digits::one()).map_err(not_a_value)? {
        Showing::Date(part) => Ok(Cell::Date(date, part)),
        Showing::Number(_) => Ok(Cell::day(date)),
    }
}

/// Merges the cells of a range in the table: only its first cell has the value.
fn merge(element: &Element<'_>, table: &mut Table) -> Result<(), LocatedFault> {
    let range = element.attribute("ref")?.unwrap_or_default();
    let (first, last) = range.split_once(':').unwrap_or((&range, &range));
    let ends = parse_name(first).zip(parse_name(last));
    let (first, last) = ends.ok_or_else(|| damaged("the sheet"))?;
    if first == last { Ok(()) } else { table.merge(first, last) }
}
