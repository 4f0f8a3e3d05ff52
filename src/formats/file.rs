//! The table of a file as a submission: which column is which field, what clerks write into cells, and where faults stand.
//! Each row becomes the JSON that a program would send, so that both are read by the same rules.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde_json::{Map, Value};

use super::sheet::{Cell, Column, Row, Sheet};
use super::submission::read_document;
use super::{csv, xlsx};
use crate::domain::batch::{Layout, MAX_ROWS, MOST_FAULTS};
use crate::domain::breakdown::Breakdown;
use crate::domain::fault::{Code, Fault, Located, Place};
use crate::domain::submission::Draft;
use crate::domain::text::fold;

/// A field, the names of its column besides its own, and how its cells are read.
struct Field {
    name: &'static str,
    called: &'static [&'static str],
    holds: Holds,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Text, as it stands.
    Text,
    /// A period; spreadsheets like to make a date of `2024-05`.
    Period,
    /// A date.
    Date,
    /// A number.
    Number,
    /// A whole number that is no figure.
    Whole,
    /// Part of an indicator: `line_type:fixed`.
    Part,
    /// How final: a code of SDMX or its Vietnamese word.
    Status,
    /// A mark, or none.
    Mark,
    /// Codes with commas between them.
    Codes,
    /// What only informs whoever fills the file in.
    Information,
}

const fn field(name: &'static str, called: &'static [&'static str], holds: Holds) -> Field {
    Field { name, called, holds }
}

/// The columns that are read, in the order of a template.
const FIELDS: &[Field] = &[
    field("indicator", &["Mã chỉ tiêu"], Holds::Text),
    field("name", &["Chỉ tiêu", "Tên chỉ tiêu"], Holds::Information),
    field("breakdown", &["Phân tổ"], Holds::Part),
    field("unit", &["Đơn vị tính", "Đơn vị"], Holds::Information),
    field("period", &["Kỳ", "Kỳ báo cáo"], Holds::Period),
    field("last_year", &["Cùng kỳ năm trước"], Holds::Information),
    field("value", &["Số liệu", "Giá trị"], Holds::Number),
    field("numerator", &["Tử số"], Holds::Number),
    field("denominator", &["Mẫu số"], Holds::Number),
    field("low", &["Từ"], Holds::Number),
    field("high", &["Đến"], Holds::Number),
    field("bound", &["Giới hạn"], Holds::Text),
    field("status", &["Trạng thái"], Holds::Status),
    field("unit_mult", &["Bội số"], Holds::Whole),
    field("as_of", &["Tính đến ngày"], Holds::Date),
    field("nil", &["Không phát sinh"], Holds::Mark),
    field("withdraw", &["Rút số liệu"], Holds::Mark),
    field("reason", &["Lý do"], Holds::Text),
    field("force", &["Khẳng định"], Holds::Mark),
    field("acknowledge", &["Chấp nhận cảnh báo"], Holds::Codes),
    field("locator", &["Vị trí"], Holds::Text),
    field("wording", &["Nguyên văn"], Holds::Text),
    field("row_ref", &["Mã dòng"], Holds::Text),
    field("note", &["Ghi chú"], Holds::Information),
];

/// The columns of which a row has to fill one to say anything: a template comes back with many that nobody filled in.
const SAYING: [&str; 7] = ["value", "numerator", "denominator", "low", "high", "nil", "withdraw"];

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text with `;` or `,` between the cells (RFC 4180).
    Csv,
    /// An Excel workbook.
    Xlsx,
}

/// Reads a file of figures, beside which stands what holds for all its rows, and whether it is to stay a draft.
///
/// # Errors
/// What is no such file, and what [`document`] cannot read; every other fault is in the draft.
pub fn read(kind: Kind, bytes: &[u8], of_all: Map<String, Value>) -> Result<(Draft, bool), Vec<Located>> {
    let sheet = match kind {
        Kind::Csv => csv::read(bytes),
        Kind::Xlsx => xlsx::read(bytes),
    }?;
    let (document, layout) = document(&sheet, of_all)?;
    Ok(read_document(&document, Some(layout)))
}

/// The document that a program would have sent for a file: what holds for all rows, and a row for each that says anything; and where
/// these stand in the file.
///
/// # Errors
/// Columns that no field has, or that two have; marks and dates that cannot be read.
fn document(sheet: &Sheet, mut of_all: Map<String, Value>) -> Result<(Value, Layout), Vec<Located>> {
    let mut faults = Vec::new();
    let columns = columns_of(sheet, &mut faults);
    let mut layout =
        Layout { rows: Vec::new(), columns: columns.iter().map(|(name, (_, column))| ((*name).to_owned(), column.index)).collect() };
    let mut rows = Vec::new();
    for row in &sheet.rows {
        let says = |name: &&str| columns.get(*name).is_some_and(|(at, _)| row.cells.get(*at).is_some_and(|cell| !cell.is_empty()));
        if SAYING.iter().any(says) {
            if rows.len() == MAX_ROWS {
                let message = format!("more than {MAX_ROWS} rows have a figure: send several files");
                return Err(vec![Fault::new(Code::BatchSize, message).at(Place::Cell { row: row.number, column: 0 })]);
            }
            layout.rows.push(row.number);
            rows.push(Value::Object(read_row(row, &columns, &mut faults)));
        }
    }
    if !faults.is_empty() {
        faults.truncate(MOST_FAULTS);
        return Err(faults);
    }
    of_all.insert("observations".into(), Value::Array(rows));
    Ok((Value::Object(of_all), layout))
}

/// The column of each field, with its place among the cells of a row.
type Columns<'s> = BTreeMap<&'static str, (usize, &'s Column)>;

fn columns_of<'s>(sheet: &'s Sheet, faults: &mut Vec<Located>) -> Columns<'s> {
    let mut columns = Columns::new();
    for (at, column) in sheet.columns.iter().enumerate() {
        let name = fold(&column.name);
        let named = |field: &&Field| fold(field.name) == name || field.called.iter().any(|called| fold(called) == name);
        let place = Place::Cell { row: sheet.header, column: column.index };
        match FIELDS.iter().find(named) {
            None => {
                let known = FIELDS.iter().map(|field| field.called.first().copied().unwrap_or(field.name));
                let message = format!("there is no column `{}` in a file of figures", column.name);
                faults.push(Fault::new(Code::UnknownField, message).allowing(known).at(place));
            }
            Some(field) => {
                if let Some((_, earlier)) = columns.insert(field.name, (at, column)) {
                    let message = format!("`{}` and `{}` are the same column", earlier.name, column.name);
                    faults.push(Fault::new(Code::DuplicateColumn, message).at(place));
                }
            }
        }
    }
    if !columns.contains_key("indicator") && faults.is_empty() {
        let message = "a file of figures has the column `Mã chỉ tiêu` (`indicator`)";
        faults.push(Fault::new(Code::MissingField, message).at(Place::Cell { row: sheet.header, column: 0 }));
    }
    columns
}

fn read_row(row: &Row, columns: &Columns<'_>, faults: &mut Vec<Located>) -> Map<String, Value> {
    let mut fields = Map::new();
    for field in FIELDS.iter().filter(|field| field.holds != Holds::Information) {
        let Some((at, column)) = columns.get(field.name) else { continue };
        let cell = row.cells.get(*at).unwrap_or(&Cell::Empty);
        if cell.is_empty() {
            continue;
        }
        match read_cell(cell, field.holds) {
            Ok(value) => {
                fields.insert(field.name.to_owned(), value);
            }
            Err(fault) => faults.push(fault.at(row.place(column))),
        }
    }
    fields
}

/// The JSON of a cell. What is wrong with it as a value of its field is for who reads that.
fn read_cell(cell: &Cell, holds: Holds) -> Result<Value, Fault> {
    let text = match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Number(text) => text.trim().to_owned(),
        Cell::Date(date) if holds == Holds::Period && date.day() == 1 => date.format("%Y-%m").to_string(),
        Cell::Date(date) => date.to_string(),
    };
    Ok(match (holds, cell) {
        // A workbook's number is one in any notation.
        (Holds::Number, Cell::Number(digits)) => serde_json::from_str(digits).unwrap_or(Value::String(text)),
        (Holds::Whole, _) => text.parse::<i32>().map_or_else(|_| Value::String(text), Value::from),
        (Holds::Part, _) => {
            let part = Breakdown::parse(&text)?;
            serde_json::to_value(part).unwrap_or_default()
        }
        (Holds::Status, _) => Value::String(match fold(&text).as_str() {
            "uoc tinh" | "uoc" => "E".to_owned(),
            "so bo" => "P".to_owned(),
            "chinh thuc" => "A".to_owned(),
            _ => text,
        }),
        (Holds::Mark, _) => Value::Bool(match fold(&text).as_str() {
            "x" | "co" | "true" | "1" | "yes" => true,
            "khong" | "false" | "0" | "no" => false,
            _ => {
                let message = format!("`{text}` is no mark: write `x` or leave the cell empty");
                return Err(Fault::new(Code::InvalidValue, message).allowing(["x"]));
            }
        }),
        (Holds::Codes, _) => {
            text.split([',', ';', ' ']).filter(|code| !code.is_empty()).map(|code| Value::String(code.to_owned())).collect()
        }
        _ => Value::String(text),
    })
}

#[cfg(test)]
mod tests {
    use super::super::csv;
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Result<(Value, Layout), Vec<Located>> {
        document(&csv::read(text.as_bytes()).unwrap(), Map::new())
    }

    #[test]
    fn a_row_becomes_what_a_program_would_send() {
        let (document, layout) = read(
            "Mã chỉ tiêu;Chỉ tiêu;PHÂN TỔ;so lieu;Trạng thái;Không phát sinh;Chấp nhận cảnh báo\n\
             bts-sites;Vị trí BTS;;1.596;ước tính;;\n\
             phone-subscribers;;line_type:fixed;11.754;A;;outlier, yoy_jump\n\
             fines-total;;;;;x;\n\
             infosec-incidents;chưa có;;;;;\n",
        )
        .unwrap();

        assert_eq!(
            document["observations"],
            json!([
                {"indicator": "bts-sites", "value": "1.596", "status": "E"},
                {"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": "11.754", "status": "A",
                 "acknowledge": ["outlier", "yoy_jump"]},
                {"indicator": "fines-total", "nil": true},
            ])
        );
        assert_eq!(layout.rows, [2, 3, 4], "a row that says nothing is left out");
        let place = |pointer: &str| layout.place(Place::Pointer(pointer.into())).to_string();
        assert_eq!(place("/observations/1/value"), "row 3, column D");
        assert_eq!(place("/observations/2"), "row 4, column A");
        assert_eq!(place("/observations/1/as_of"), "row 3, column A", "of a field without a column the row is named");
        assert_eq!(place("/province"), "province");
        assert_eq!(place("/source/date"), "date", "a parameter of its own");
    }

    #[test]
    fn numbers_and_dates_of_workbooks_are_what_they_look_like() {
        for (cell, holds, expected, why) in [
            (Cell::Number("77.15".into()), Holds::Number, json!(77.15), "a number in any notation"),
            (Cell::Text("6".into()), Holds::Whole, json!(6), "a power of ten, also where every cell is text"),
            (Cell::Text("triệu".into()), Holds::Whole, json!("triệu"), "what is none is for who reads the field"),
            (Cell::Text("77,15".into()), Holds::Number, json!("77,15"), "text is in the declared one"),
            (Cell::Number("2024".into()), Holds::Period, json!("2024"), "a year"),
            (Cell::Date("2024-05-01".parse().unwrap()), Holds::Period, json!("2024-05"), "what Excel makes of 2024-05"),
            (Cell::Date("2024-05-31".parse().unwrap()), Holds::Date, json!("2024-05-31"), "a day"),
            (Cell::Text(" Có ".into()), Holds::Mark, json!(true), "yes"),
            (Cell::Number("0".into()), Holds::Mark, json!(false), "no"),
            (Cell::Text("Sơ bộ".into()), Holds::Status, json!("P"), "a word for a code"),
        ] {
            assert_eq!(read_cell(&cell, holds).unwrap(), expected, "{why}");
        }
    }

    #[test]
    fn what_is_wrong_with_columns_and_marks_is_named_where_it_stands() {
        for (text, expected) in [
            ("Mã chỉ tiêu;Số liệu;Màu\nbts-sites;1;đỏ\n", "unknown_field row 1, column C"),
            ("Mã chỉ tiêu;Số liệu;value\nbts-sites;1;2\n", "duplicate_column row 1, column C"),
            ("Số liệu\n1\n", "missing_field row 1, column A"),
            ("indicator;value;nil\nbts-sites;;vâng\n", "invalid_value row 2, column C"),
            ("indicator;value;breakdown\nbts-sites;1;cố định\n", "unknown_breakdown row 2, column C"),
        ] {
            let faults: Vec<String> =
                read(text).unwrap_err().iter().map(|located| format!("{} {}", located.fault.code, located.place)).collect();
            assert_eq!(faults, [expected], "{text}");
        }
    }
}
