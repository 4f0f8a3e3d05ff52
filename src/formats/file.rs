//! The table of a file as a submission: the field of each column, the cell values that clerks write, and the locations of faults.
//! Each row becomes the JSON of an API client, so that the same rules read both.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde_json::{Map, Value};

use super::sheet::{Cell, Column, Heading, Row, Sheet};
use super::submission::read_document;
use super::{csv, xlsx};
use crate::domain::batch::layout::{Layout, Table};
use crate::domain::batch::rows::{MAX_ROWS, MOST_FAULTS};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::submission::draft::Draft;
use crate::domain::text::fold;

/// A field: its names as a column, the kind of its cells, and its width in a template. A field without a width is not in templates.
struct Field {
    name: &'static str,
    called: &'static [&'static str],
    holds: CellKind,
    width: Option<u16>,
}

/// The kind of the cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CellKind {
    /// Text, unchanged.
    Text,
    /// A period. Spreadsheets often turn `2024-05` into a date.
    Period,
    /// A date.
    Date,
    /// A number.
    Number,
    /// A whole number that is not a figure.
    Whole,
    /// A breakdown: `line_type:fixed`.
    Part,
    /// The observation status: an SDMX code or its Vietnamese name.
    Status,
    /// A mark or nothing.
    Mark,
    /// Codes separated by commas.
    Codes,
    /// Information for the person who fills in the file.
    Information,
    /// A text for the whole submission; all rows must agree on it.
    OfAll,
}

const fn field(name: &'static str, called: &'static [&'static str], holds: CellKind) -> Field {
    Field { name, called, holds, width: None }
}

/// A field with a column in templates, of this width in characters.
const fn shown(name: &'static str, called: &'static [&'static str], holds: CellKind, width: u16) -> Field {
    Field { name, called, holds, width: Some(width) }
}

/// The columns, in the order of a template.
const FIELDS: &[Field] = &[
    shown("indicator", &["Mã chỉ tiêu"], CellKind::Text, 28),
    shown("name", &["Chỉ tiêu", "Tên chỉ tiêu"], CellKind::Information, 44),
    shown("breakdown", &["Phân tổ"], CellKind::Part, 20),
    shown("unit", &["Đơn vị tính", "Đơn vị"], CellKind::Information, 14),
    shown("period", &["Kỳ", "Kỳ báo cáo"], CellKind::Period, 13),
    shown("last_year", &["Cùng kỳ năm trước"], CellKind::Information, 18),
    shown("value", &["Số liệu", "Giá trị"], CellKind::Number, 16),
    shown("numerator", &["Tử số"], CellKind::Number, 12),
    shown("denominator", &["Mẫu số"], CellKind::Number, 12),
    shown("low", &["Từ"], CellKind::Number, 10),
    shown("high", &["Đến"], CellKind::Number, 10),
    shown("bound", &["Giới hạn"], CellKind::Text, 10),
    shown("status", &["Trạng thái"], CellKind::Status, 12),
    field("unit_mult", &["Bội số"], CellKind::Whole),
    shown("as_of", &["Tính đến ngày"], CellKind::Date, 13),
    shown("nil", &["Không phát sinh"], CellKind::Mark, 11),
    field("withdraw", &["Rút số liệu"], CellKind::Mark),
    shown("reason", &["Lý do"], CellKind::Text, 24),
    field("force", &["Khẳng định"], CellKind::Mark),
    shown("acknowledge", &["Chấp nhận cảnh báo"], CellKind::Codes, 20),
    field("locator", &["Vị trí"], CellKind::Text),
    field("wording", &["Nguyên văn"], CellKind::Text),
    field("row_ref", &["Mã dòng"], CellKind::Text),
    shown("note", &["Ghi chú"], CellKind::Information, 44),
    shown("province", &["Tỉnh", "Tỉnh, thành phố"], CellKind::OfAll, 20),
    shown("calendar", &["Lịch"], CellKind::OfAll, 8),
];

/// A row counts only if one of these columns has a value: a template comes back with many empty rows.
const SAYING: [&str; 7] = ["value", "numerator", "denominator", "low", "high", "nil", "withdraw"];

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text with `;` or `,` as the delimiter (RFC 4180).
    Csv,
    /// An Excel workbook.
    Xlsx,
}

/// Reads a file of figures and returns the draft, and true if it stays a draft. `of_all` holds the fields for the whole submission.
///
/// # Errors
/// A file of another kind, and the faults of [`document`]. The draft holds all other faults.
pub fn read(kind: Kind, bytes: &[u8], of_all: Map<String, Value>) -> Result<(Draft, bool), Vec<LocatedFault>> {
    let sheet = match kind {
        Kind::Csv => csv::read(bytes),
        Kind::Xlsx => xlsx::read(bytes),
    }?;
    let (document, layout) = document(&sheet, of_all)?;
    Ok(read_document(&document, Some(layout)))
}

/// The columns of a template, each with its field. Names are Vietnamese; columns for information are marked.
pub(super) fn columns_of_templates() -> Vec<(&'static str, Heading)> {
    let heading = |field: &Field| {
        let name = (*field.called.first()?).to_owned();
        Some((field.name, Heading { name, width: field.width?, information: field.holds == CellKind::Information }))
    };
    FIELDS.iter().filter_map(heading).collect()
}

/// The JSON document for a file, and the locations of its rows and fields in the file: the fields of the whole submission, from the request
/// or from a column, and one row per row with a value.
///
/// # Errors
/// Unknown or repeated columns; marks and dates that cannot be read; rows that disagree on a field of the whole submission, with one
/// another or with the request; `batch_size` without a figure.
fn document(sheet: &Sheet, mut of_all: Map<String, Value>) -> Result<(Value, Layout), Vec<LocatedFault>> {
    let mut faults = Vec::new();
    let columns = columns_of(sheet, &mut faults);
    let mut layout =
        Table { columns: columns.iter().map(|(name, (_, column))| ((*name).to_owned(), column.index)).collect(), ..Table::default() };
    for field in FIELDS.iter().filter(|field| field.holds == CellKind::OfAll) {
        read_of_all(field.name, sheet, &columns, &mut of_all, &mut layout, &mut faults);
    }
    let mut rows = Vec::new();
    for row in &sheet.rows {
        let says = |name: &&str| columns.get(*name).is_some_and(|(at, _)| row.cells.get(*at).is_some_and(|cell| !cell.is_empty()));
        if SAYING.iter().any(says) {
            if rows.len() == MAX_ROWS {
                let message = format!("more than {MAX_ROWS} rows have a figure: send several files");
                return Err(vec![Fault::new(Code::BatchSize, message).at(Location::Cell { row: row.number, column: 0 })]);
            }
            layout.rows.push(row.number);
            rows.push(Value::Object(read_row(row, &columns, &mut faults)));
        }
    }
    if rows.is_empty() && faults.is_empty() {
        let message =
            "none of the rows has a figure: they are in the columns `Số liệu`, `Tử số` and `Mẫu số`, or `Không phát sinh` is marked";
        faults.push(Fault::new(Code::BatchSize, message).at(Location::Request));
    }
    if !faults.is_empty() {
        faults.truncate(MOST_FAULTS);
        return Err(faults);
    }
    of_all.insert("observations".into(), Value::Array(rows));
    Ok((Value::Object(of_all), Layout::Table(layout)))
}

/// The column of each field, with its position among the cells of a row.
type Columns<'s> = BTreeMap<&'static str, (usize, &'s Column)>;

fn columns_of<'s>(sheet: &'s Sheet, faults: &mut Vec<LocatedFault>) -> Columns<'s> {
    let mut columns = Columns::new();
    for (at, column) in sheet.columns.iter().enumerate() {
        let name = fold(&column.name);
        let named = |field: &&Field| fold(field.name) == name || field.called.iter().any(|called| fold(called) == name);
        let place = Location::Cell { row: sheet.header, column: column.index };
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
        faults.push(Fault::new(Code::MissingField, message).at(Location::Cell { row: sheet.header, column: 0 }));
    }
    columns
}

/// Reads a field of the whole submission from the rows, unless the request has it. Both may have the same value.
fn read_of_all(
    name: &'static str,
    sheet: &Sheet,
    columns: &Columns<'_>,
    of_all: &mut Map<String, Value>,
    layout: &mut Table,
    faults: &mut Vec<LocatedFault>,
) {
    let Some((at, column)) = columns.get(name) else { return };
    let said = |row: &Row| row.cells.get(*at).and_then(text_of).filter(|text| !text.is_empty());
    let mut rows = sheet.rows.iter().filter_map(|row| Some((row, said(row)?)));
    let Some((first, for_all)) = rows.next() else { return };
    let same = |other: &str| fold(other) == fold(&for_all);
    for (row, other) in rows.filter(|(_, other)| !same(other)) {
        let message =
            format!("`{other}`, where row {} says `{for_all}`: `{}` is the same in all rows of a file", first.number, column.name);
        faults.push(Fault::new(Code::InvalidValue, message).allowing([for_all.clone()]).at(row.place(column)));
    }
    match of_all.get(name).and_then(Value::as_str) {
        Some(beside) if !same(beside) => {
            let message = format!("the column `{}` says `{for_all}`, the parameter `{beside}`: leave the parameter out", column.name);
            faults.push(Fault::new(Code::InvalidValue, message).allowing([for_all]).at(Location::Parameter(name.to_owned())));
        }
        Some(_) => {}
        None => {
            layout.of_all.insert(name.to_owned(), (first.number, column.index));
            of_all.insert(name.to_owned(), Value::String(for_all));
        }
    }
}

/// The trimmed text of a cell; `None` for a date.
fn text_of(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Empty => Some(String::new()),
        Cell::Text(text) | Cell::Number(text) => Some(text.trim().to_owned()),
        Cell::Date(_) => None,
    }
}

fn read_row(row: &Row, columns: &Columns<'_>, faults: &mut Vec<LocatedFault>) -> Map<String, Value> {
    let mut fields = Map::new();
    for field in FIELDS.iter().filter(|field| !matches!(field.holds, CellKind::Information | CellKind::OfAll)) {
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

/// The JSON of a cell. The reader of the field reports invalid values.
fn read_cell(cell: &Cell, holds: CellKind) -> Result<Value, Fault> {
    let text = match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Number(text) => text.trim().to_owned(),
        Cell::Date(date) if holds == CellKind::Period && date.day() == 1 => date.format("%Y-%m").to_string(),
        Cell::Date(date) => date.to_string(),
    };
    Ok(match (holds, cell) {
        // A number cell of a workbook has no notation.
        (CellKind::Number, Cell::Number(digits)) => serde_json::from_str(digits).unwrap_or(Value::String(text)),
        (CellKind::Whole, _) => text.parse::<i32>().map_or_else(|_| Value::String(text), Value::from),
        (CellKind::Part, _) => {
            let part = Breakdown::parse(&text)?;
            serde_json::to_value(part).unwrap_or_default()
        }
        (CellKind::Status, _) => Value::String(match fold(&text).as_str() {
            "uoc tinh" | "uoc" => "E".to_owned(),
            "so bo" => "P".to_owned(),
            "chinh thuc" => "A".to_owned(),
            _ => text,
        }),
        (CellKind::Mark, _) => Value::Bool(match fold(&text).as_str() {
            "x" | "co" | "true" | "1" | "yes" => true,
            "khong" | "false" | "0" | "no" => false,
            _ => {
                let message = format!("`{text}` is no mark: write `x` or leave the cell empty");
                return Err(Fault::new(Code::InvalidValue, message).allowing(["x"]));
            }
        }),
        (CellKind::Codes, _) => {
            text.split([',', ';', ' ']).filter(|code| !code.is_empty()).map(|code| Value::String(code.to_owned())).collect()
        }
        _ => Value::String(text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::csv;
    use serde_json::json;

    fn read(text: &str) -> Result<(Value, Layout), Vec<LocatedFault>> {
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
        let called: Vec<String> = (0..3).map(|position| layout.called(position)).collect();
        assert_eq!(called, ["row 2 of the file", "row 3 of the file", "row 4 of the file"]);
        assert_eq!(document["observations"].as_array().map(Vec::len), Some(3), "a row that says nothing is left out");
        let place = |pointer: &str| layout.place(Location::Pointer(pointer.into())).to_string();
        assert_eq!(place("/observations/1/value"), "row 3, column D");
        assert_eq!(place("/observations/2"), "row 4, column A");
        assert_eq!(place("/observations/1/as_of"), "row 3, column A", "of a field without a column the row is named");
        assert_eq!(place("/province"), "province");
        assert_eq!(place("/source/date"), "date", "a parameter of its own");
    }

    #[test]
    fn what_holds_for_all_rows_is_said_in_a_column_or_beside_the_file() {
        let beside = |text: &str, province: &str| {
            let of_all = [("province".to_owned(), json!(province))].into_iter().filter(|_| !province.is_empty()).collect();
            document(&csv::read(text.as_bytes()).unwrap(), of_all)
        };
        let file = "Mã chỉ tiêu;Số liệu;Tỉnh;Lịch\nbts-sites;1;Bắc Ninh;nd09\nfines-total;;;\nfines-total;2;bắc ninh ;nd09\n";

        for (province, expected, why) in [("", "Bắc Ninh", "the column"), ("Bac Ninh", "Bac Ninh", "both, and the same")] {
            let (document, layout) = beside(file, province).unwrap();
            assert_eq!((&document["province"], &document["calendar"]), (&json!(expected), &json!("nd09")), "{why}");
            assert_eq!(document["observations"][0], json!({"indicator": "bts-sites", "value": "1"}), "no field of a row");
            let place = layout.place(Location::Pointer("/province".into())).to_string();
            assert_eq!(place, if province.is_empty() { "row 2, column C" } else { "province" }, "{why}");
        }
        let (without, layout) = beside("Mã chỉ tiêu;Số liệu;Tỉnh\nbts-sites;1;\n", "24").unwrap();
        assert_eq!(
            (&without["province"], layout.place(Location::Pointer("/province".into())).to_string().as_str()),
            (&json!("24"), "province"),
            "an empty column says nothing"
        );
        let refused = |text: &str, province: &str| {
            let faults = beside(text, province).unwrap_err();
            faults.iter().map(|fault| format!("{} {} {:?}", fault.fault.code, fault.place, fault.fault.allowed)).collect::<Vec<_>>()
        };
        assert_eq!(refused(file, "24"), [r#"invalid_value province ["Bắc Ninh"]"#]);
        assert_eq!(
            refused("indicator;value;province\nbts-sites;1;24\nfines-total;2;27\nfines-total;;28\n", ""),
            [r#"invalid_value row 3, column C ["24"]"#, r#"invalid_value row 4, column C ["24"]"#]
        );
        assert_eq!(refused("indicator;value;province\nbts-sites;;24\n", ""), ["batch_size request []"], "a template that nobody filled in");
    }

    #[test]
    fn a_template_has_columns_that_are_read() {
        let columns = columns_of_templates();
        let header: Vec<&str> = columns.iter().map(|(_, heading)| heading.name.as_str()).collect();
        let sheet = csv::read(header.join(";").as_bytes()).unwrap();

        let mut faults = Vec::new();
        let read: Vec<&str> = columns_of(&sheet, &mut faults).into_keys().collect();
        let mut written: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        written.sort_unstable();

        assert_eq!((read, faults), (written, Vec::new()), "each as the field it is of");
        assert!(SAYING.iter().all(|name| *name == "withdraw" || columns.iter().any(|(known, _)| known == name)));
    }

    #[test]
    fn numbers_and_dates_of_workbooks_are_what_they_look_like() {
        for (cell, holds, expected, why) in [
            (Cell::Number("77.15".into()), CellKind::Number, json!(77.15), "a number in any notation"),
            (Cell::Text("6".into()), CellKind::Whole, json!(6), "a power of ten, also where every cell is text"),
            (Cell::Text("triệu".into()), CellKind::Whole, json!("triệu"), "what is none is for who reads the field"),
            (Cell::Text("77,15".into()), CellKind::Number, json!("77,15"), "text is in the declared one"),
            (Cell::Number("2024".into()), CellKind::Period, json!("2024"), "a year"),
            (Cell::Date("2024-05-01".parse().unwrap()), CellKind::Period, json!("2024-05"), "what Excel makes of 2024-05"),
            (Cell::Date("2024-05-31".parse().unwrap()), CellKind::Date, json!("2024-05-31"), "a day"),
            (Cell::Text(" Có ".into()), CellKind::Mark, json!(true), "yes"),
            (Cell::Number("0".into()), CellKind::Mark, json!(false), "no"),
            (Cell::Text("Sơ bộ".into()), CellKind::Status, json!("P"), "a word for a code"),
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
