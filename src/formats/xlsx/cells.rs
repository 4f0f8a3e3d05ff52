//! The cells of a sheet in one pass over its XML: values, formulas and merged cells.
//! The format of a cell matters only for dates and percentages, where it changes the meaning.

use std::borrow::Cow;
use std::collections::HashMap;

use super::number;
use super::parts::{Element, Part, XmlEvent, damaged};
use super::texts::{Item, Texts};
use crate::domain::fault::{Code, Fault, LocatedFault};
use crate::domain::text;
use crate::formats::sheet::{Cell, MOST_COLUMNS, Table};

/// The size of an Excel sheet in columns and rows.
const SHEET_COLUMNS: usize = 16_384;
const SHEET_ROWS: usize = 1_048_576;

/// The meaning of a number by the format of its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Number,
    Date,
    Percentage,
}

/// The cell formats of a workbook.
#[derive(Debug, Default)]
pub struct Formats(Vec<Format>);

impl Formats {
    /// Reads the part with the formats.
    ///
    /// # Errors
    /// `unreadable_file`, `file_too_large`.
    pub fn read(mut part: Part<'_>) -> Result<Formats, LocatedFault> {
        let mut own = HashMap::new();
        let mut formats = Vec::new();
        let mut of_cells = false;
        let mut buffer = Vec::new();
        while let Some(piece) = part.next(&mut buffer)? {
            match piece {
                XmlEvent::Begin(element) => match element.name() {
                    "cellXfs" => of_cells = true,
                    "numFmt" => {
                        let code = element.attribute("formatCode")?.unwrap_or_default();
                        own.insert(number_format(&element)?, Format::of_code(&code));
                    }
                    "xf" if of_cells => {
                        let id = number_format(&element)?;
                        formats.push(own.get(&id).copied().unwrap_or_else(|| Format::built_in(id)));
                    }
                    _ => {}
                },
                XmlEvent::End(end) if end.local_name().into_inner() == "cellXfs" => of_cells = false,
                _ => {}
            }
        }
        Ok(Formats(formats))
    }

    fn get(&self, number: Option<usize>) -> Format {
        self.0.get(number.unwrap_or_default()).copied().unwrap_or(Format::Number)
    }
}

fn number_format(element: &Element<'_>) -> Result<u32, LocatedFault> {
    Ok(element.attribute("numFmtId")?.and_then(|id| id.parse().ok()).unwrap_or_default())
}

impl Format {
    /// The built-in formats, which are in no file (ECMA-376 part 1 §18.8.30), with the East Asian ones.
    fn built_in(id: u32) -> Format {
        match id {
            9 | 10 => Format::Percentage,
            14..=22 | 27..=36 | 45..=47 | 50..=58 => Format::Date,
            _ => Format::Number,
        }
    }

    /// The meaning of the format for positive numbers. Quoted and escaped characters and colours in brackets do not count.
    fn of_code(code: &str) -> Format {
        let mut signs = code.chars();
        while let Some(sign) = signs.next() {
            match sign {
                ';' => break,
                '"' => _ = signs.find(|sign| *sign == '"'),
                '\\' | '_' | '*' => _ = signs.next(),
                '[' => {
                    let inside: String = signs.by_ref().take_while(|sign| *sign != ']').collect();
                    if !inside.is_empty() && inside.chars().all(|sign| "hmsHMS".contains(sign)) {
                        return Format::Date;
                    }
                }
                '%' => return Format::Percentage,
                'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return Format::Date,
                _ => {}
            }
        }
        Format::Number
    }
}

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
struct Open {
    column: usize,
    format: Format,
    kind: String,
    formula: bool,
}

/// Reads the cells of a sheet into a table and notes their faults there.
///
/// # Errors
/// `unreadable_file`, `file_too_large`.
pub fn read(mut part: Part<'_>, context: &Context<'_>, table: &mut Table) -> Result<(), LocatedFault> {
    let mut row = 0;
    let mut cells: Vec<(usize, Cell)> = Vec::new();
    let mut open: Option<Open> = None;
    let mut next_column = 0;
    let mut item = Item::default();
    let mut buffer = Vec::new();
    while let Some(piece) = part.next(&mut buffer)? {
        match &piece {
            XmlEvent::Begin(element) => match element.name() {
                "row" => {
                    row = begin_row(element, row)?;
                    next_column = 0;
                }
                "c" => {
                    let cell = begin_cell(element, row, next_column, context)?;
                    next_column = cell.column + 1;
                    open = Some(cell);
                    item.clear();
                }
                "f" => open.iter_mut().for_each(|cell| cell.formula = true),
                "mergeCell" => note_merged(element, table)?,
                _ => {}
            },
            XmlEvent::End(end) => match end.local_name().into_inner() {
                "c" => {
                    if let Some(cell) = open.take() {
                        end_cell(&cell, row, &item, context, table)?.into_iter().for_each(|value| cells.push((cell.column, value)));
                    }
                }
                "row" => table.take(row, cells.drain(..))?,
                _ => {}
            },
            XmlEvent::Text(_) | XmlEvent::Other => {}
        }
        if open.is_some() {
            item.take(piece);
        }
    }
    Ok(())
}

fn begin_row(element: &Element<'_>, before: usize) -> Result<usize, LocatedFault> {
    let row = match element.attribute("r")? {
        None => before + 1,
        Some(number) => number.parse().map_err(|_| damaged("the sheet"))?,
    };
    // Rows must be in order: a repeated row number would give two rows.
    if (before + 1..=SHEET_ROWS).contains(&row) { Ok(row) } else { Err(damaged("the sheet")) }
}

fn begin_cell(element: &Element<'_>, row: usize, next_column: usize, context: &Context<'_>) -> Result<Open, LocatedFault> {
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
    let format = element.attribute("s")?.and_then(|style| style.parse().ok());
    let kind = element.attribute("t")?.map_or_else(|| "n".to_owned(), Cow::into_owned);
    Ok(Open { column, format: context.formats.get(format), kind, formula: false })
}

/// The content of a cell; a fault is noted for a cell that is not a value. A cell with a fault counts as filled.
fn end_cell(open: &Open, row: usize, item: &Item, context: &Context<'_>, table: &mut Table) -> Result<Option<Cell>, LocatedFault> {
    // A cell to the right of the last column is refused with any content, so do not copy its text: there may be sixteen thousand copies.
    let beyond = open.column >= MOST_COLUMNS;
    let filled = |text: &str| Some(Cell::Text(if text.trim().is_empty() || beyond { "?".to_owned() } else { text.to_owned() }));
    if open.formula {
        let message = "the cell holds a formula: copy it and paste it as a value (Paste Special, Values)";
        table.note(row, open.column, Code::FormulaCell, message);
        return Ok(filled(item.written()));
    }
    let read = match &open.kind[..] {
        "s" if item.written().is_empty() => Ok(Cell::Empty),
        "s" => {
            let number = item.written().trim().parse().ok();
            Ok(Cell::of_text(number.and_then(|number| context.texts.get(number)).ok_or_else(|| damaged("the sheet"))?))
        }
        "str" | "inlineStr" => Ok(Cell::of_text(&item.text())),
        _ if item.written().trim().is_empty() => Ok(Cell::Empty),
        "n" => of_number(item.written().trim(), open.format, context.since_1904),
        "d" => of_date(item.written().trim()),
        "b" => Err(Fault::new(Code::CellNotAValue, "the cell holds TRUE or FALSE; a text, number or date is needed")),
        "e" => {
            let shown: String = item.written().chars().take(20).collect();
            Err(Fault::new(Code::CellNotAValue, format!("the cell holds the error {shown}; leave it empty or write the value")))
        }
        _ => return Err(damaged("the sheet")),
    };
    Ok(match read {
        Ok(Cell::Text(_)) if beyond => filled("?"),
        Ok(cell) => Some(cell),
        Err(fault) => {
            table.note(row, open.column, fault.code, fault.message);
            filled(item.written())
        }
    })
}

fn of_number(written: &str, format: Format, since_1904: bool) -> Result<Cell, Fault> {
    match format {
        Format::Number => number::plain(written).map(Cell::Number),
        Format::Date => number::date(written, since_1904).map(Cell::Date),
        // Excel stores 77,15 % as 0.7715: a hundredth of the shown number, and also a plausible figure.
        Format::Percentage => {
            let message = "the cell has the format of a percentage, by which 77.15% is kept as 0.7715: give the column the format of a number and write 77.15";
            Err(Fault::new(Code::CellNotAValue, message))
        }
    }
}

/// A date written as a date. Excel writes day numbers; other programs and the strict variant of the format write dates.
fn of_date(written: &str) -> Result<Cell, Fault> {
    let (date, time) = written.split_once('T').unwrap_or((written, ""));
    if time.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        return Err(Fault::new(Code::InvalidDate, "the cell holds a time of day; a date alone is needed"));
    }
    text::parse_date(date).map(Cell::Date)
}

/// Notes merged cells in the table: only the first cell of a merged range has the value.
fn note_merged(element: &Element<'_>, table: &mut Table) -> Result<(), LocatedFault> {
    let range = element.attribute("ref")?.unwrap_or_default();
    let (first, last) = range.split_once(':').unwrap_or((&range, &range));
    let ends = parse_name(first).zip(parse_name(last));
    let ((top, left), (bottom, _)) = ends.ok_or_else(|| damaged("the sheet"))?;
    let (last_row, last_column) = table.end();
    let Some(header) = table.header().filter(|_| first != last) else { return Ok(()) };
    if bottom >= header && top <= last_row && left <= last_column {
        let message = if top <= header {
            format!("the cells {range} of the header are merged: unmerge them, and let the names of the columns be the first row")
        } else {
            format!("the cells {range} are merged: unmerge them and write the value into each")
        };
        table.note(top, left, Code::MergedCells, message);
    }
    Ok(())
}

/// The row (from 1) and the column (from 0) of a cell name such as `C12`.
fn parse_name(name: &str) -> Option<(usize, usize)> {
    let digits = name.find(|sign: char| sign.is_ascii_digit())?;
    let (letters, row) = name.split_at(digits);
    let letter = |column: usize, letter: u8| match letter {
        b'A'..=b'Z' => Some(column * 26 + usize::from(letter - b'A') + 1),
        _ => None,
    };
    let column = Some(letters).filter(|letters| letters.len() <= 3)?.bytes().try_fold(0, letter)?.checked_sub(1)?;
    let row = Some(row).filter(|row| row.len() <= 7 && row.bytes().all(|digit| digit.is_ascii_digit()))?.parse().ok()?;
    Some((row, column)).filter(|(row, _)| *row > 0)
}
