//! Tables written as workbooks. A text stays a text, never a formula.
//! Reading a workbook is in the other files of this folder; no other file decides how to pass a number to Excel.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{Color, DocProperties, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::number::EXCEL_DIGITS;
use crate::formats::cell::{Cell, DatePart, Number};
use crate::formats::sheet::Heading;

/// The years with correct day numbers in Excel. Dates of other years are written as texts.
const EXCEL_YEARS: RangeInclusive<i32> = 1901..=9999;

/// The fixed creation time of a workbook, so that the same table gives the same file.
const MADE_ON: NaiveDate = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day");

/// The format number of text, `@`, in every workbook (ECMA-376 §18.8.30).
const TEXT: u8 = 49;

/// A table that does not fit into a workbook.
#[derive(Debug, thiserror::Error)]
#[error("writing a workbook")]
pub struct Unwritable(#[from] XlsxError);

/// Writes a table as a workbook with one sheet: the header is bold and frozen, columns for information are grey.
///
/// A number becomes a number cell if Excel keeps all its digits, otherwise a text cell. Text cells have the text format, so that Excel does
/// not turn `2024-05` into a date when a clerk edits it. The same table gives the same file, byte for byte. Not all rows are in memory at
/// once.
///
/// # Errors
/// An invalid sheet name, a text of more than 32,767 characters, more rows or columns than a sheet has, or no write access to the folder
/// for temporary files.
pub fn write<R: AsRef<[Cell]>>(sheet_name: &str, columns: &[Heading], rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, Unwritable> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&MADE_ON));
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

/// The cell formats of a column.
struct Looks {
    header: Format,
    plain: Format,
    text: Format,
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
        let (text, date) = (plain.clone().set_num_format_index(TEXT), plain.clone().set_num_format("yyyy\\-mm\\-dd"));
        Looks { header, plain, text, date }
    }
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, looks: &Looks) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => sheet.write_blank(row, column, &looks.plain)?,
        Cell::Text(text) => sheet.write_string_with_format(row, column, text, &looks.text)?,
        Cell::Number(Number { digits, .. }) => match as_excel_keeps(digits) {
            Some(number) => sheet.write_number_with_format(row, column, number, &looks.plain)?,
            None => sheet.write_string_with_format(row, column, digits, &looks.plain)?,
        },
        Cell::Date(date, DatePart::Day) if EXCEL_YEARS.contains(&date.year()) => {
            sheet.write_datetime_with_format(row, column, date, &looks.date)?
        }
        Cell::Flag(flag) => sheet.write_boolean_with_format(row, column, *flag, &looks.plain)?,
        Cell::Date(..) | Cell::Faulty { .. } => {
            sheet.write_string_with_format(row, column, cell.text().unwrap_or_default(), &looks.text)?
        }
    };
    Ok(())
}

/// The number that Excel stores for these digits; `None` if it cannot keep all of them.
fn as_excel_keeps(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    (digits <= EXCEL_DIGITS).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    /// A part of a workbook with a text, a number and an empty cell.
    fn part(path: &str) -> String {
        let headings = ["a", "b", "c"].map(|name| Heading { name: name.into(), width: 10, information: name == "a" });
        let file = write("Số liệu", &headings, [[Cell::Text("2024-05".into()), Cell::Number("1596".into()), Cell::Empty]]).unwrap();
        let mut text = String::new();
        zip::ZipArchive::new(Cursor::new(file)).unwrap().by_name(path).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_workbook_does_not_say_when_it_was_written() {
        let properties = part("docProps/core.xml");
        let times: Vec<&str> = properties.split("W3CDTF\">").skip(1).map(|rest| &rest[..20]).collect();
        assert_eq!(times, ["2024-01-01T00:00:00Z"; 2], "made and changed: {properties}");
    }

    #[test]
    fn cells_of_text_stay_texts_when_they_are_edited() {
        let formats: Vec<String> =
            part("xl/styles.xml").split("<cellXfs").nth(1).unwrap().split("<xf ").skip(1).map(str::to_owned).collect();
        let sheet = part("xl/worksheets/sheet1.xml");
        let format_of = |cell: &str| {
            let from = sheet.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("{cell} in {sheet}"));
            let (tag, _) = sheet[from..].split_once('>').unwrap();
            let style = tag.split_once(" s=\"").map_or(0, |(_, rest)| rest.split('"').next().unwrap().parse().unwrap());
            let (_, id) = formats[style].split_once("numFmtId=\"").unwrap();
            id.split('"').next().unwrap().to_owned()
        };
        assert_eq!(format_of("A2"), "49", "@: a text");
        assert_eq!(format_of("B2"), "0", "a number");
    }
}
