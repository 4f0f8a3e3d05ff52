//! The table of a file as a submission: the field of each column, the rows with a figure, and the values of the whole file.
//! The values of cells are declared with their fields, in `observation`; the bytes are read in `csv` and `xlsx`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fields::field::{BelongsTo, Column};
use super::fields::raw::Raw;
use super::fields::record::{Columns, RawRecord};
use super::json::Faults;
use super::observation::{INDICATOR, NOTATION_WORDS, NUMBER_LOCALE, NUMBERS, SAYING, columns};
use super::sheet::{Cell, Heading, Row, Sheet};
use super::submission::{BatchDefaults, BatchFaults, missing_province};
use super::{csv, xlsx};
use crate::domain::batch::layout::{Layout, Table};
use crate::domain::batch::rows::{MAX_ROWS, MOST_FAULTS};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::number::notation::{Medium, Notation};
use crate::domain::submission::draft::Draft;
use crate::domain::text::fold;

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text with `;` or `,` as the delimiter (RFC 4180).
    Csv,
    /// An Excel workbook.
    Xlsx,
}

/// Reads a file of figures and returns the draft, and true if it stays a draft. `parameters` holds the fields of the whole submission.
///
/// # Errors
/// A file of another kind, and the faults of its table. The draft holds all other faults.
pub fn read(kind: Kind, bytes: &[u8], parameters: Map<String, Value>) -> Result<(Draft, bool), Vec<LocatedFault>> {
    let sheet = match kind {
        Kind::Csv => csv::read(bytes),
        Kind::Xlsx => xlsx::read(bytes),
    }?;
    read_sheet(kind, &sheet, parameters)
}

/// The columns of a template, each with its field. Names are Vietnamese; columns for information are marked.
pub(super) fn columns_of_templates() -> Vec<(&'static str, Heading)> {
    let heading = |column: Column| {
        let name = (*column.names.first()?).to_owned();
        // The form says how its numbers are written: nothing is to be filled in there.
        let information = column.belongs_to == BelongsTo::Information || column.field == NUMBER_LOCALE.name;
        Some((column.field, Heading { name, width: column.width?, information }))
    };
    columns().filter_map(heading).collect()
}

/// Reads the table of a file: the fields of the whole submission, from parameters or from a column, and a row of the batch per row with a
/// figure.
///
/// # Errors
/// Unknown or repeated columns; marks and breakdowns that cannot be read; rows that disagree on a field of the whole submission, with one
/// another or with the parameter; `batch_size` without a figure.
fn read_sheet(kind: Kind, sheet: &Sheet, mut parameters: Map<String, Value>) -> Result<(Draft, bool), Vec<LocatedFault>> {
    let table = Faults::default();
    let columns_found = columns_of(sheet, &table);
    let has_figure = |row: &&Row| {
        let given = |name: &str| columns_found.get(name).is_some_and(|(at, _)| row.cells.get(*at).is_some_and(|cell| !cell.is_empty()));
        SAYING.iter().any(|field| given(field.name))
    };
    let rows: Vec<&Row> = sheet.rows.iter().filter(has_figure).collect();
    let mut cells = BTreeMap::new();
    for column in columns().filter(|column| column.belongs_to == BelongsTo::Batch) {
        cells.extend(read_for_all(column.field, sheet, &columns_found, &mut parameters, &table).map(|cell| (column.field, cell)));
    }
    if let Some(row) = rows.get(MAX_ROWS) {
        let message = format!("more than {MAX_ROWS} rows have a figure: send several files");
        return Err(vec![Fault::new(Code::BatchSize, message).at(Location::Cell { row: row.number, column: 0 })]);
    }
    // `Lịch` is the calendar of the batch, and not one of the row.
    let of_rows = columns().filter(|column| column.belongs_to == BelongsTo::Row);
    let of_rows: Columns<'_> =
        of_rows.filter_map(|column| columns_found.get_key_value(column.field)).map(|(name, at)| (*name, *at)).collect();
    let mut all = BatchFaults::default();
    let faults = Faults::default();
    let places = cells.iter().map(|(field, (row, column))| (*field, Location::Cell { row: *row, column: *column })).collect();
    let (mut batch, stays) =
        BatchDefaults::read(&RawRecord::Parameters { members: &parameters, cells: &places }, &faults, missing_province);
    let declared_by_column_only = cells.contains_key(NUMBER_LOCALE.name);
    let unconfirmed = kind == Kind::Csv && declared_by_column_only && !rows.iter().any(|row| holds_vietnamese_number(row, &of_rows));
    batch.notation.medium = if unconfirmed { Medium::UnconfirmedForm } else { Medium::Cell };
    all.add(None, faults);
    let read_row = |(position, row): (usize, &&Row)| {
        let faults = Faults::default();
        let read = batch.read_row(position, &RawRecord::Cells { row, columns: &of_rows, table: &table }, &faults);
        all.add(Some(position), faults);
        read
    };
    let read: Vec<_> = rows.iter().enumerate().map(read_row).collect();
    if read.is_empty() && table.count() == 0 {
        let message =
            "none of the rows has a figure: they are in the columns `Số liệu`, `Tử số` and `Mẫu số`, or `Không phát sinh` is marked";
        table.note_at(Location::Request, Fault::new(Code::BatchSize, message));
    }
    let mut refused = table.into_all();
    if !refused.is_empty() {
        refused.truncate(MOST_FAULTS);
        return Err(refused);
    }
    let layout = Layout::Table(Table {
        rows: rows.iter().map(|row| row.number).collect(),
        columns: columns_found.iter().map(|(name, (_, column))| ((*name).to_owned(), column.index)).collect(),
        of_all: cells.into_iter().map(|(field, cell)| (field.to_owned(), cell)).collect(),
    });
    Ok((batch.draft(read, Some(layout), all.into_all()), stays))
}

/// Whether a row has a number that Vietnamese notation alone reads.
fn holds_vietnamese_number(row: &Row, columns: &Columns<'_>) -> bool {
    let cells = NUMBERS.iter().filter_map(|field| row.cells.get(columns.get(field.name)?.0));
    cells.filter_map(|cell| Raw::Cell(cell).text().ok()).any(|text| Notation::only_vietnamese_reads(&text))
}

fn columns_of<'s>(sheet: &'s Sheet, faults: &Faults) -> Columns<'s> {
    let mut found = Columns::new();
    for (at, column) in sheet.columns.iter().enumerate() {
        let name = fold(&column.name);
        let named = |known: &Column| fold(known.field) == name || known.names.iter().any(|called| fold(called) == name);
        let place = Location::Cell { row: sheet.header, column: column.index };
        match columns().find(named) {
            None => {
                let known = columns().map(|column| column.names.first().copied().unwrap_or(column.field));
                let message = format!("there is no column `{}` in a file of figures", column.name);
                faults.note_at(place, Fault::new(Code::UnknownField, message).allowing(known));
            }
            Some(known) => {
                if let Some((_, earlier)) = found.insert(known.field, (at, column)) {
                    let message = format!("`{}` and `{}` are the same column", earlier.name, column.name);
                    faults.note_at(place, Fault::new(Code::DuplicateColumn, message));
                }
            }
        }
    }
    if !found.contains_key(INDICATOR.name) && faults.count() == 0 {
        let message = "a file of figures has the column `Mã chỉ tiêu` (`indicator`)";
        faults.note_at(Location::Cell { row: sheet.header, column: 0 }, Fault::new(Code::MissingField, message));
    }
    found
}

/// Reads a field of the whole submission from the rows, unless a parameter has it. Both may have the same value. Returns the row and the
/// column of the first cell with the value, if no parameter has it.
fn read_for_all(
    name: &'static str,
    sheet: &Sheet,
    columns: &Columns<'_>,
    parameters: &mut Map<String, Value>,
    faults: &Faults,
) -> Option<(usize, usize)> {
    let (at, column) = columns.get(name)?;
    let text = |cell: &Cell| Some(Raw::Cell(cell).text().ok()?.into_owned()).filter(|text| !text.is_empty());
    let given = |row: &Row| row.cells.get(*at).filter(|cell| !matches!(cell, Cell::Date(_))).and_then(text);
    let mut rows = sheet.rows.iter().filter_map(|row| Some((row, given(row)?)));
    let (first, for_all) = rows.next()?;
    let words = if name == NUMBER_LOCALE.name { NOTATION_WORDS } else { &[] };
    let code = |text: &str| {
        let folded = fold(text);
        words.iter().find(|(word, _)| *word == folded).map_or_else(|| text.to_owned(), |(_, code)| (*code).to_owned())
    };
    if !words.is_empty() && !words.iter().any(|(word, _)| *word == fold(&for_all)) {
        let message = format!(
            "`{for_all}` is no notation of numbers: the column `{}` says `Việt Nam` (1.596 and 77,15) or `máy tính` (1596 and 77.15)",
            column.name
        );
        faults.note_at(first.place(column), Fault::new(Code::InvalidValue, message).allowing(["Việt Nam", "máy tính"]));
        return None;
    }
    let same = |other: &str| fold(&code(other)) == fold(&code(&for_all));
    for (row, other) in rows.filter(|(_, other)| !same(other)) {
        let message =
            format!("`{other}`, where row {} says `{for_all}`: `{}` is the same in all rows of a file", first.number, column.name);
        faults.note_at(row.place(column), Fault::new(Code::InvalidValue, message).allowing([for_all.clone()]));
    }
    match parameters.get(name).and_then(Value::as_str) {
        Some(beside) if !same(beside) => {
            let message = format!("the column `{}` says `{for_all}`, the parameter `{beside}`: leave the parameter out", column.name);
            faults.note_at(Location::Parameter(name.to_owned()), Fault::new(Code::InvalidValue, message).allowing([for_all]));
            None
        }
        Some(_) => None,
        None => {
            parameters.insert(name.to_owned(), Value::String(code(&for_all)));
            Some((first.number, column.index))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::number::decimal::NumberLocale;
    use crate::domain::time::period::Calendar;
    use crate::formats::fields::field::{read as read_fields, write as write_fields};
    use crate::formats::fields::schema::Fields;
    use crate::formats::observation::ObservationFields;
    use crate::formats::sheet;

    fn read_beside(text: &str, parameters: Value) -> Result<Draft, Vec<LocatedFault>> {
        let Value::Object(parameters) = parameters else { panic!("an object") };
        read_sheet(Kind::Csv, &csv::read(text.as_bytes()).unwrap(), parameters).map(|(draft, _)| draft)
    }

    fn read(text: &str) -> Result<Draft, Vec<LocatedFault>> {
        read_beside(text, json!({"province": "24", "period": "2024-05"}))
    }

    /// The rows of a draft as a program would send them.
    fn sent(draft: &Draft) -> Vec<Value> {
        let write = |row| Value::Object(write_fields(ObservationFields::sent(), ObservationFields::from(row)));
        draft.rows.iter().cloned().map(write).collect()
    }

    fn places(draft: &Draft) -> Vec<String> {
        draft.faults.iter().map(|error| format!("{} {}", error.located.fault.code, error.located.place)).collect()
    }

    #[test]
    fn a_row_becomes_what_a_program_would_send() {
        let draft = read_beside(
            "Mã chỉ tiêu;Chỉ tiêu;PHÂN TỔ;so lieu;Trạng thái;Không phát sinh;Chấp nhận cảnh báo\n\
             bts-sites;Vị trí BTS;;1.596;ước tính;;\n\
             phone-subscribers;;line_type:fixed;11.754;A;;outlier, yoy_jump\n\
             fines-total;;;;;x;\n\
             infosec-incidents;chưa có;;;;;\n",
            json!({"province": "24", "period": "2024-05", "number_locale": "vi"}),
        )
        .unwrap();

        assert_eq!(
            sent(&draft),
            [
                json!({"indicator": "bts-sites", "period": "2024-05", "value": 1596, "status": "E", "bound": "eq"}),
                json!({"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "period": "2024-05", "value": 11754,
                    "status": "A", "bound": "eq", "acknowledge": ["outlier", "yoy_jump"]}),
                json!({"indicator": "fines-total", "period": "2024-05", "nil": true}),
            ],
            "a row that says nothing is left out"
        );
        assert_eq!(places(&draft), [""; 0]);
        let layout = draft.layout.unwrap();
        let called: Vec<String> = (0..3).map(|position| layout.called(position)).collect();
        assert_eq!(called, ["row 2 of the file", "row 3 of the file", "row 4 of the file"]);
        let place = |pointer: &str| layout.place(Location::Pointer(pointer.into())).to_string();
        assert_eq!(place("/observations/1/value"), "row 3, column D");
        assert_eq!(place("/observations/2"), "row 4, column A");
        assert_eq!(place("/observations/1/as_of"), "row 3, column A", "of a field without a column the row is named");
        assert_eq!(place("/province"), "province");
    }

    #[test]
    fn what_cannot_be_read_is_named_at_its_cell_or_its_parameter() {
        let text = "Ghi chú;Mã chỉ tiêu;Số liệu;Trạng thái;Chấp nhận cảnh báo\n;bts-sites;nhiều;X;all\n;;12;;\n";

        let draft = read_beside(text, json!({"mode": "some", "acknowledge": ["all"], "source": {"date": "gestern"}})).unwrap();

        assert_eq!(
            places(&draft),
            [
                "missing_field province",
                "invalid_value mode",
                "invalid_value acknowledge",
                "invalid_date date",
                "missing_field row 2, column B",
                "not_a_number row 2, column C",
                "invalid_value row 2, column D",
                "invalid_value row 2, column E",
                "missing_field row 3, column B",
                "missing_field row 3, column B",
            ]
        );
        let rows: Vec<Option<usize>> = draft.faults.iter().map(|error| error.row).collect();
        assert_eq!(rows[3..6], [None, Some(0), Some(0)], "each with its row, where it is one of a row");
    }

    #[test]
    fn what_holds_for_all_rows_is_said_in_a_column_or_beside_the_file() {
        let beside = |text: &str, province: &str| {
            let parameters = if province.is_empty() { json!({}) } else { json!({"province": province}) };
            read_beside(text, parameters)
        };
        let file = "Mã chỉ tiêu;Số liệu;Tỉnh;Lịch\nbts-sites;1;Bắc Ninh;nd09\nfines-total;;;\nfines-total;2;bắc ninh ;nd09\n";

        for (province, expected, why) in [("", "Bắc Ninh", "the column"), ("Bac Ninh", "Bac Ninh", "both, and the same")] {
            let draft = beside(file, province).unwrap();
            assert_eq!((draft.province.as_deref(), draft.calendar.map(Calendar::as_str)), (Some(expected), Some("nd09")), "{why}");
            let row = json!({"indicator": "bts-sites", "value": 1, "status": "A", "bound": "eq"});
            assert_eq!(sent(&draft)[0], row, "no field of a row");
            let place = draft.layout.unwrap().place(Location::Pointer("/province".into())).to_string();
            assert_eq!(place, if province.is_empty() { "row 2, column C" } else { "province" }, "{why}");
        }
        let without = beside("Mã chỉ tiêu;Số liệu;Tỉnh\nbts-sites;1;\n", "24").unwrap();
        assert_eq!(
            (without.province.as_deref(), without.layout.unwrap().place(Location::Pointer("/province".into())).to_string().as_str()),
            (Some("24"), "province"),
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

        let faults = Faults::default();
        let read: Vec<&str> = columns_of(&sheet, &faults).into_keys().collect();
        let mut written: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        written.sort_unstable();

        assert_eq!((read, faults.into_all()), (written, Vec::new()), "each as the field it is of");
        assert!(SAYING.iter().all(|field| field.name == "withdraw" || columns.iter().any(|(known, _)| *known == field.name)));
    }

    #[test]
    fn numbers_and_dates_of_workbooks_are_what_they_look_like() {
        for (cell, field, expected, why) in [
            (Cell::Number("77.15".into()), "value", json!(77.15), "a number in any notation"),
            (Cell::Number("1.596".into()), "value", json!(1.596), "its point is a decimal mark, whatever is declared"),
            (Cell::Text("1.596".into()), "value", json!(1596), "and in a text it is what is declared"),
            (Cell::Text("6".into()), "unit_mult", json!(6), "a power of ten, also where every cell is text"),
            (Cell::Text("triệu".into()), "unit_mult", json!("wrong_type"), "what is none is a fault of the field"),
            (Cell::Text("77,15".into()), "value", json!(77.15), "text is in the declared one"),
            (Cell::Number("2024".into()), "period", json!("2024"), "a year"),
            (Cell::Date("2024-05-01".parse().unwrap()), "period", json!("2024-05"), "what Excel makes of 2024-05"),
            (Cell::Date("2024-05-31".parse().unwrap()), "as_of", json!("2024-05-31"), "a day"),
            (Cell::Date("2024-05-31".parse().unwrap()), "value", json!("not_a_number"), "a day is no number"),
            (Cell::Text(" Có ".into()), "nil", json!(true), "yes"),
            (Cell::Number("0".into()), "nil", Value::Null, "no, which is left out of what is written"),
            (Cell::Text("Sơ bộ".into()), "status", json!("P"), "a word for a code"),
        ] {
            let row = Row { number: 2, cells: vec![cell] };
            let column = sheet::Column { name: field.into(), index: 0 };
            let field = ObservationFields::FIELDS.iter().find(|known| known.name == field).unwrap();
            let columns = Columns::from([(field.name, (0, &column))]);
            let (table, faults) = (Faults::default(), Faults::default());
            let raw = RawRecord::Cells { row: &row, columns: &columns, table: &table };

            let read = read_fields(&[*field], &raw, Notation::new(Some(NumberLocale::Vi), Medium::Cell), &faults, |_| None);

            let written = write_fields([*field].into_iter(), read).remove(field.name);
            let fault = faults.into_all().first().map(|located| located.fault.code.as_str().into());
            assert_eq!(fault.or(written).unwrap_or_default(), expected, "{why}");
            assert_eq!(table.count(), 0, "{why}");
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
