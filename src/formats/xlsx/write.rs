//! Tables written as workbooks. A text is always a text here, never a formula.
//! The one file of this room that says how a number is handed to Excel.

use std::ops::RangeInclusive;

use chrono::Datelike;
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::super::sheet::{Cell, Heading};
use super::number::EXCEL_DIGITS;

/// The years of which Excel counts every day as others do; dates of other years are texts.
const EXCEL_YEARS: RangeInclusive<i32> = 1901..=9999;

/// A table that does not fit into a workbook.
#[derive(Debug, thiserror::Error)]
#[error("writing a workbook")]
pub struct Unwritable(#[from] XlsxError);

/// Writes a table as a workbook with one sheet: the header bold and always in sight, columns that only inform in grey.
///
/// Numbers are numbers where Excel keeps all their digits, and texts where it would not. Rows are not all held in memory.
///
/// # Errors
/// A name that no sheet may have, a text of more than 32,767 characters, more rows or columns than a sheet has, and a folder for
/// temporary files that cannot be written to.
pub fn write<R: AsRef<[Cell]>>(sheet_name: &str, columns: &[Heading], rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, Unwritable> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_low_memory()?;
    sheet.set_name(sheet_name)?;
    sheet.set_freeze_panes(1, 0)?;
    let looks: Vec<Looks> = columns.iter().map(Looks::of).collect();
    for ((heading, looks), column) in columns.iter().zip(&looks).zip(0..) {
        sheet.set_column_width(column, heading.width)?;
        sheet.write_string_with_format(0, column, &heading.name, &looks.header)?;
    }
    let beyond = Looks::of(&Heading { name: String::new(), width: 0, information: false });
    for (row, number) in rows.into_iter().zip(1..) {
        for ((n, cell), column) in row.as_ref().iter().enumerate().zip(0..) {
            write_cell(sheet, number, column, cell, looks.get(n).unwrap_or(&beyond))?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// What the cells of a column look like.
struct Looks {
    header: Format,
    plain: Format,
    date: Format,
}

impl Looks {
    fn of(heading: &Heading) -> Looks {
        let plain = if heading.information {
            Format::new().set_font_color(Color::RGB(0x0059_5959)).set_background_color(Color::RGB(0x00F2_F2F2))
        } else {
            Format::new()
        };
        let header = plain.clone().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        Looks { header, date: plain.clone().set_num_format("yyyy\\-mm\\-dd"), plain }
    }
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, looks: &Looks) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => sheet.write_blank(row, column, &looks.plain)?,
        Cell::Text(text) => sheet.write_string_with_format(row, column, text, &looks.plain)?,
        Cell::Number(text) => match as_excel_keeps(text) {
            Some(number) => sheet.write_number_with_format(row, column, number, &looks.plain)?,
            None => sheet.write_string_with_format(row, column, text, &looks.plain)?,
        },
        Cell::Date(date) if EXCEL_YEARS.contains(&date.year()) => sheet.write_datetime_with_format(row, column, date, &looks.date)?,
        Cell::Date(date) => sheet.write_string_with_format(row, column, date.to_string(), &looks.plain)?,
    };
    Ok(())
}

/// The number that Excel keeps of these digits; `None` where they are more than it keeps.
fn as_excel_keeps(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    (digits <= EXCEL_DIGITS).then(|| text.parse().ok()).flatten()
}
