//! The table of a file as a submission: the field of each column, the rows with a figure, and the values of the whole file.
//! The values of cells are declared with their fields, in `observation`; the bytes are read in `csv` and `xlsx`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;

use super::fields::field::{BelongsTo, Column};
use super::fields::raw::Raw;
use super::fields::record::{Columns, RawRecord};
use super::json::Faults;
use super::observation::{
    DENOMINATOR, HIGH, INDICATOR, LONGEST_PROVINCE, LOW, NAME, NIL, NOTATION_WORDS, NUMBER_LOCALE, NUMBERS, NUMERATOR, ORDINAL, PROVINCE,
    SAYING, UNIT, VALUE, WITHDRAW, columns,
};
use super::sheet::{self, Cell, HEADER_WITHIN, Heading, KEY_COLUMN, Row, Sheet, Suspicion, is_near_key};
use super::submission::{BatchDefaults, BatchFaults, missing_province};
use super::{csv, xlsx};
use crate::domain::batch::layout::{Layout, LeftOut, LeftOutReason, Table};
use crate::domain::batch::rows::MAX_ROWS;
use crate::domain::fault::{Code, Fault, LocatedFault, Location, column_letters};
use crate::domain::message::{Message, message};
use crate::domain::number::notation::{Medium, Notation};
use crate::domain::submission::draft::{Draft, DraftRow};
use crate::domain::text::{self, did_you_mean, fold};

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text with `;`, `,` or tabs between the cells (RFC 4180).
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
/// No column with codes; `batch_size` without a figure, or with too many. The draft holds all other faults.
fn read_sheet(kind: Kind, sheet: &Sheet, mut parameters: Map<String, Value>) -> Result<(Draft, bool), Vec<LocatedFault>> {
    let of_file = Faults::default();
    let columns_found = columns_of(sheet, &of_file).map_err(|fault| vec![fault])?;
    let (rows, left_out) = rows_of(sheet, &columns_found, &of_file);
    if let Some(row) = rows.get(MAX_ROWS) {
        let message = message!(
            en: "more than {MAX_ROWS} rows have a figure: send several files",
            vi: "có hơn {MAX_ROWS} hàng có số liệu: chia thành nhiều tệp"
        );
        return Err(vec![Fault::new(Code::BatchSize, message).at(Location::Cell { row: row.number, column: 0 })]);
    }
    if rows.is_empty() && of_file.count() == 0 {
        let message = message!(
            en: "none of the rows has a figure: they are in the columns `Số liệu`, `Tử số` and `Mẫu số`, or `Không phát sinh` is marked",
            vi: "không hàng nào có số liệu: ghi số liệu vào các cột `Số liệu`, `Tử số` và `Mẫu số`, hoặc đánh dấu `Không phát sinh`"
        );
        return Err(vec![Fault::new(Code::BatchSize, message).at(Location::Request)]);
    }
    let provinces = Provinces::read(&rows, &columns_found, &mut parameters, &of_file);
    let mut cells = BTreeMap::new();
    for column in columns().filter(|column| column.belongs_to == BelongsTo::Batch && column.field != PROVINCE.name) {
        cells.extend(read_for_all(column.field, &rows, &columns_found, &mut parameters, &of_file).map(|cell| (column.field, cell)));
    }
    cells.extend(provinces.first.map(|cell| (PROVINCE.name, cell)));
    // `Lịch` is the calendar of the batch, and not one of the row.
    let of_rows = columns().filter(|column| column.belongs_to == BelongsTo::Row);
    let of_rows: Columns<'_> =
        of_rows.filter_map(|column| columns_found.get_key_value(column.field)).map(|(name, at)| (*name, *at)).collect();
    let mut all = BatchFaults::default();
    let places = cells.iter().map(|(field, (row, column))| (*field, Location::Cell { row: *row, column: *column })).collect();
    let (mut batch, stays) = BatchDefaults::read(&RawRecord::Parameters { members: &parameters, cells: &places }, &of_file, |field| {
        missing_province(field).filter(|_| !provinces.several)
    });
    let declared_by_column_only = cells.contains_key(NUMBER_LOCALE.name);
    let unconfirmed = kind == Kind::Csv && declared_by_column_only && !rows.iter().any(|row| holds_vietnamese_number(row, &of_rows));
    batch.notation.medium = if unconfirmed { Medium::UnconfirmedForm } else { Medium::Cell };
    all.add(None, of_file);
    let hidden_columns = columns_found.iter().filter(|(field, (_, column))| column.hidden && is_read(field));
    let hidden_columns: Vec<usize> = hidden_columns.map(|(_, (at, _))| *at).collect();
    let read_row = |(position, row): (usize, &&Row)| {
        let faults = Faults::default();
        let read = batch.read_row(position, &RawRecord::Cells { row, columns: &of_rows }, &faults);
        let province = provinces.of_rows.get(position).cloned().unwrap_or(Ok(None));
        let province = province.unwrap_or_else(|LocatedFault { place, fault }| {
            faults.note_at(place, fault);
            None
        });
        let odd = sheet.suspicious.get(&row.number).into_iter().flatten();
        let odd: Vec<Message> = odd.filter_map(|odd| suspicious(odd, row, &columns_found, &faults)).collect();
        let odd = (!odd.is_empty()).then(|| Message::joined(&odd, "; "));
        let label = |field: &str| label(field, row, &columns_found, &faults);
        let hidden = row.hidden || hidden_columns.iter().any(|at| row.cells.get(*at).is_some_and(|cell| !cell.is_empty()));
        let read = DraftRow { province, name: label(NAME), unit: label(UNIT), suspicious: odd, hidden, ..read };
        all.add(Some(position), faults);
        read
    };
    let read: Vec<_> = rows.iter().enumerate().map(read_row).collect();
    let layout = Layout::Table(Table {
        rows: rows.iter().map(|row| row.number).collect(),
        columns: columns_found
            .iter()
            .filter(|(name, _)| **name != PROVINCE.name || provinces.several)
            .map(|(name, (_, column))| ((*name).to_owned(), column.index))
            .collect(),
        of_all: cells.into_iter().map(|(field, cell)| (field.to_owned(), cell)).collect(),
        left_out,
    });
    Ok((batch.draft(read, Some(layout), all.into_all()), stays))
}

/// Whether a row has a number that Vietnamese notation alone reads.
fn holds_vietnamese_number(row: &Row, columns: &Columns<'_>) -> bool {
    let cells = NUMBERS.iter().filter_map(|field| row.cells.get(columns.get(field)?.0));
    cells.filter_map(|cell| cell.text().ok()).any(|text| Notation::only_vietnamese_reads(&text))
}

/// The field of each column. An unknown column is a fault of the file, and so is a second one of a field that is read.
///
/// # Errors
/// No column has the codes of the indicators; nothing else can be said of such a file.
fn columns_of<'s>(sheet: &'s Sheet, faults: &Faults) -> Result<Columns<'s>, LocatedFault> {
    let field_of = |name: &str| {
        let name = fold(name);
        columns().find(|known| fold(known.field) == name || known.names.iter().any(|called| fold(called) == name))
    };
    if !sheet.columns.iter().any(|column| field_of(&column.name).is_some_and(|known| known.field == INDICATOR.name)) {
        return Err(without_codes(
            sheet,
            sheet.columns.iter().find(|column| field_of(&column.name).is_none() && is_near_key(&column.name)),
        ));
    }
    let mut found = Columns::new();
    for (at, column) in sheet.columns.iter().enumerate() {
        let place = Location::Cell { row: sheet.header, column: column.index };
        let Some(known) = field_of(&column.name) else {
            let names: Vec<&str> = columns().map(|column| column.names.first().copied().unwrap_or(column.field)).collect();
            let shown: String = column.name.chars().take(60).collect();
            let all = columns().flat_map(|column| column.names.iter().copied().chain([column.field]));
            let offered = did_you_mean(&column.name, all);
            let message = message!(
                en: "there is no column `{shown}` in a file of figures{offered}",
                vi: "tệp số liệu không có cột `{shown}`{offered}"; offered
            );
            faults.note_at(place, Fault::new(Code::UnknownField, message).allowing(names));
            continue;
        };
        match found.get(known.field) {
            Some((_, earlier)) if is_read(known.field) => {
                let message = message!(
                    en: "`{}` and `{}` are the same column",
                    vi: "`{}` và `{}` là cùng một cột", earlier.name, column.name
                );
                faults.note_at(place, Fault::new(Code::DuplicateColumn, message));
            }
            Some(_) => {}
            None => {
                found.insert(known.field, (at, column));
            }
        }
    }
    Ok(found)
}

/// Whether the cells of the column of a field are read. Other columns only inform the clerk.
fn is_read(field: &str) -> bool {
    [NAME, UNIT].contains(&field) || columns().any(|column| column.field == field && column.belongs_to != BelongsTo::Information)
}

/// The fault of a file without the column of codes.
fn without_codes(sheet: &Sheet, near: Option<&sheet::Column>) -> LocatedFault {
    let [key, field] = KEY_COLUMN;
    let meant = near.map(|column| {
        let shown: String = column.name.chars().take(60).collect();
        message!(
            en: "; is `{shown}` in row {} meant? Then write `{key}`",
            vi: "; có phải là `{shown}` ở hàng {} không? Nếu đúng thì viết `{key}`", sheet.header
        )
    });
    let message = message!(
        en: "none of the first {HEADER_WITHIN} rows has the column `{key}` (`{field}`){meant}",
        vi: "trong {HEADER_WITHIN} hàng đầu không có cột `{key}` (`{field}`){meant}"; meant
    );
    let column = near.map_or(0, |column| column.index);
    Fault::new(Code::MissingField, message).allowing(KEY_COLUMN).at(Location::Cell { row: sheet.header, column })
}

/// The rows that are read, and those that are left out.
///
/// A row is read if it has a figure and a code. One with a figure and without a code is read as well, which is a fault, unless it is a total
/// or stands below the table. A row that is left out must not hide others: a quoted cell in it that has taken in lines with codes is a fault of
/// the file.
fn rows_of<'s>(sheet: &'s Sheet, columns: &Columns<'_>, faults: &Faults) -> (Vec<&'s Row>, Vec<LeftOut>) {
    let cell = |row: &'s Row, field: &str| columns.get(field).and_then(|(at, _)| row.cells.get(*at)).filter(|cell| !cell.is_empty());
    let says = |row: &'s Row| {
        SAYING.iter().filter_map(|field| Some((field.name, cell(row, field.name)?))).any(|(field, cell)| {
            // A mark that says no says nothing.
            ![NIL.name, WITHDRAW.name].contains(&field) || Raw::Cell(cell).flag() != Ok(false)
        })
    };
    // `Tổng cộng` may stand in the column of the codes.
    let is_code = |cell: &Cell| !matches!(cell, Cell::Text(text) if !text::is_code(text.trim()) && begins_a_total(text));
    let is_written_as_code = |cell: &Cell| matches!(cell, Cell::Text(text) if text::is_code(text.trim()));
    let has_code = |row: &'s Row| cell(row, INDICATOR.name).is_some_and(is_code);
    let last = sheet.rows.iter().rfind(|row| has_code(row)).map(|row| row.number);
    let is_total = |row: &'s Row| {
        let cells = row.cells.iter().enumerate().filter(|(at, _)| columns.get(ORDINAL).is_none_or(|(ordinal, _)| ordinal != at));
        let words = |cell: &&Cell| matches!(cell, Cell::Text(text) if text.chars().any(char::is_alphabetic));
        let first = cells.map(|(_, cell)| cell).find(words);
        // A total that is merged across the first columns stands in that of the ordinals.
        [first, cell(row, NAME), cell(row, ORDINAL)]
            .into_iter()
            .flatten()
            .any(|cell| matches!(cell, Cell::Text(text) if begins_a_total(text)))
    };
    let (mut read, mut left_out) = (Vec::new(), Vec::new());
    let first = sheet.rows.first().map(|row| row.number);
    for row in &sheet.rows {
        let reason = if Some(row.number) == first && numbers_the_columns(row) && cell(row, INDICATOR.name).is_some() {
            LeftOutReason::ColumnNumbers
        } else if !says(row) {
            LeftOutReason::NoFigure
        } else if has_code(row) {
            read.push(row);
            continue;
        } else if is_total(row) {
            LeftOutReason::Total
        } else if last.is_some_and(|last| row.number > last) {
            LeftOutReason::BelowTable
        } else {
            read.push(row);
            continue;
        };
        let taken_in = sheet.suspicious.get(&row.number).into_iter().flatten().find_map(|odd| match odd {
            Suspicion::TakenIn { column, coded } => Some((*column, *coded)),
            Suspicion::Beyond { .. } | Suspicion::SplitNumber { .. } => None,
        });
        match taken_in {
            // A quoted cell of this row may have taken in rows with figures: the row is read, to be refused or acknowledged.
            Some(_) if cell(row, INDICATOR.name).is_some_and(is_written_as_code) => read.push(row),
            Some((column, true)) => {
                let message = message!(
                    en: "a quote (\") opens in column {} and is closed lines later: rows with codes became part of a text; remove the quote, \
                         or close it",
                    vi: "dấu nháy (\") mở ở cột {} và đóng sau đó nhiều dòng: các hàng có mã đã thành một phần của văn bản; bỏ dấu nháy \
                         hoặc đóng lại",
                    column_letters(column)
                );
                faults.note_at(Location::Cell { row: row.number, column }, Fault::new(Code::UnreadableFile, message));
            }
            _ => left_out.push(LeftOut { row: row.number, reason }),
        }
    }
    (read, left_out)
}

/// Whether a row numbers the columns, as below the header of statistical forms: `A | B | 1 | 2`, `(1) (2) (3)`, `3 = 2 / 1`. All its cells
/// are single letters or numbers, each one more than the number before.
fn numbers_the_columns(row: &Row) -> bool {
    let mut last: Option<u32> = None;
    let mut is_mark = |cell: &Cell| {
        let Ok(text) = cell.text() else { return false };
        let mark = text.split('=').next().unwrap_or_default().trim_matches(|sign: char| sign.is_whitespace() || "()[]".contains(sign));
        let mut signs = mark.chars();
        if let (Some(sign), None) = (signs.next(), signs.next())
            && sign.is_alphabetic()
        {
            return true;
        }
        let number = mark.parse::<u32>().ok().filter(|number| last.is_none_or(|last| *number == last + 1));
        last = number.or(last);
        number.is_some()
    };
    let mut filled = row.cells.iter().filter(|cell| !cell.is_empty()).peekable();
    filled.peek().is_some() && filled.all(&mut is_mark)
}

/// Whether a text begins with Tổng, Cộng or Total.
fn begins_a_total(text: &str) -> bool {
    let folded = fold(text);
    let first = folded.split(' ').next().unwrap_or_default();
    match first {
        "tong" | "total" => true,
        // `Công nghiệp` folds to the same word; without accents only the word alone is clear.
        "cong" => folded == "cong" || text.nfc().collect::<String>().to_lowercase().trim_start().starts_with("cộng"),
        _ => false,
    }
}

/// The text of a column that is printed for the clerk.
fn label(field: &str, row: &Row, columns: &Columns<'_>, faults: &Faults) -> Option<String> {
    let (at, column) = columns.get(field)?;
    let cell = row.cells.get(*at).filter(|cell| !cell.is_empty())?;
    let text = cell.text().map_err(|fault| faults.note_at(row.place(column), fault)).ok()?;
    Some(text.into_owned())
}

/// What is odd about the division of a line into cells, where the odd cells are read. A cell beyond the header is a fault.
fn suspicious(odd: &Suspicion, row: &Row, columns: &Columns<'_>, faults: &Faults) -> Option<Message> {
    let field_at = |index: usize| columns.iter().find(|(_, (_, column))| column.index == index).map(|(field, _)| *field);
    match odd {
        Suspicion::Beyond { column } => {
            let message = message!(
                en: "the row has more cells than the header has names; where commas separate the cells, a number with a decimal \
                comma stands in quotes (\"77,15\")",
                vi: "hàng có nhiều ô hơn số cột ở tiêu đề; nếu các ô cách nhau bằng dấu phẩy thì số có dấu phẩy thập phân phải đặt trong dấu nháy \
                (\"77,15\")"
            );
            faults.note_at(Location::Cell { row: row.number, column: *column }, Fault::new(Code::RaggedRow, message));
            None
        }
        Suspicion::SplitNumber { pairs } => {
            let is_filled = |field: &str| columns.get(field).and_then(|(at, _)| row.cells.get(*at)).is_some_and(|cell| !cell.is_empty());
            // Whole numbers that belong together: the check of a rate compares its value with the other two.
            let belong_together = |left: &str, right: &str| {
                [(NUMERATOR.name, DENOMINATOR.name), (LOW.name, HIGH.name)].contains(&(left, right))
                    || (left, right) == (VALUE.name, NUMERATOR.name) && is_filled(DENOMINATOR.name)
            };
            let (left, digits) = pairs.iter().find_map(|(column, digits)| {
                let left = field_at(*column).filter(|field| NUMBERS.contains(field))?;
                (!belong_together(left, field_at(column + 1).unwrap_or_default())).then_some((left, digits))
            })?;
            let whole = columns.get(left).and_then(|(at, _)| row.cells.get(*at)?.text().ok()).unwrap_or_default();
            Some(message!(
                en: "`{whole}` and `{digits}` stand in two cells side by side; if one number is meant, write \"{whole},{digits}\" in quotes",
                vi: "`{whole}` và `{digits}` nằm ở hai ô cạnh nhau; nếu là một số thì viết \"{whole},{digits}\" trong dấu nháy"
            ))
        }
        Suspicion::TakenIn { column, .. } => Some(message!(
            en: "the text in column {} has line breaks and separators: a quote (\") that is closed too late makes rows part of a text",
            vi: "văn bản ở cột {} có dấu xuống dòng và dấu phân cách: dấu nháy (\") đóng quá muộn làm các hàng lọt vào văn bản", column_letters(*column)
        )),
    }
}

/// The provinces of a file: one for all rows, in the parameters, or one of each row.
struct Provinces {
    /// Whether the rows name several.
    several: bool,
    /// The province of each row that is read, if the rows name several; the fault of each row without one beside rows that name theirs.
    of_rows: Vec<Result<Option<String>, LocatedFault>>,
    /// The row and the column of the first cell with the province of all rows, if no parameter has it.
    first: Option<(usize, usize)>,
}

impl Provinces {
    fn read(rows: &[&Row], columns: &Columns<'_>, parameters: &mut Map<String, Value>, faults: &Faults) -> Provinces {
        let one = |first| Provinces { several: false, of_rows: Vec::new(), first };
        let Some((at, column)) = columns.get(PROVINCE.name) else { return one(None) };
        let text = |row: &Row| {
            let cell = row.cells.get(*at).filter(|cell| !cell.is_empty())?;
            Some(cell.text().and_then(|text| text::clean(&text, LONGEST_PROVINCE)).map_err(|fault| fault.at(row.place(column))))
        };
        let texts: Vec<Option<Result<String, LocatedFault>>> = rows.iter().map(|row| text(row)).collect();
        let distinct: BTreeSet<String> = texts.iter().flatten().filter_map(|text| Some(fold(text.as_ref().ok()?))).collect();
        if let Some(beside) = parameters.get(PROVINCE.name).and_then(Value::as_str) {
            let other = texts.iter().flatten().flatten().find(|text| fold(text) != fold(beside));
            if let Some(other) = other {
                let message = message!(
                    en: "the column `{}` says `{other}`, the parameter `{beside}`: leave the parameter out",
                    vi: "cột `{}` ghi `{other}`, còn tham số ghi `{beside}`: bỏ tham số đi", column.name
                );
                let fault = Fault::new(Code::InvalidValue, message).allowing([other.clone()]);
                faults.note_at(Location::Parameter(PROVINCE.name.to_owned()), fault);
            }
            return one(None);
        }
        let several = distinct.len() > 1 || texts.iter().flatten().any(Result::is_err);
        let missing = |row: &Row| {
            Fault::new(
                Code::MissingField,
                message!(
                    en: "other rows name their province: this one needs its own",
                    vi: "các hàng khác có nêu tỉnh: hàng này cũng cần nêu tỉnh"
                ),
            )
            .at(row.place(column))
        };
        let named = texts.iter().any(Option::is_some);
        let own = |(text, row): (Option<Result<String, LocatedFault>>, &&Row)| match text {
            Some(text) if several => text.map(Some),
            None if named => Err(missing(row)),
            _ => Ok(None),
        };
        let of_rows = texts.into_iter().zip(rows).map(own).collect();
        let first = if several { None } else { read_for_all(PROVINCE.name, rows, columns, parameters, faults) };
        Provinces { several, of_rows, first }
    }
}

/// Reads a field of the whole submission from the rows, unless a parameter has it. Both may have the same value. Returns the row and the
/// column of the first cell with the value, if no parameter has it.
fn read_for_all(
    name: &'static str,
    rows: &[&Row],
    columns: &Columns<'_>,
    parameters: &mut Map<String, Value>,
    faults: &Faults,
) -> Option<(usize, usize)> {
    let (at, column) = columns.get(name)?;
    let given = |row: &Row| {
        let read = row.cells.get(*at).filter(|cell| !cell.is_empty()).map(Cell::text);
        let text = read?.map_err(|fault| faults.note_at(row.place(column), fault)).ok()?;
        Some(text.into_owned())
    };
    let mut rows = rows.iter().filter_map(|row| Some((row, given(row)?)));
    let (first, for_all) = rows.next()?;
    let words = if name == NUMBER_LOCALE.name { NOTATION_WORDS } else { &[] };
    let code = |text: &str| {
        let folded = fold(text);
        words.iter().find(|(word, _)| *word == folded).map_or_else(|| text.to_owned(), |(_, code)| (*code).to_owned())
    };
    if !words.is_empty() && !words.iter().any(|(word, _)| *word == fold(&for_all)) {
        let message = message!(
            en: "`{for_all}` is no notation of numbers: the column `{}` says `Việt Nam` (1.596 and 77,15) or `máy tính` (1596 and 77.15)",
            vi: "`{for_all}` không phải là cách viết số: cột `{}` ghi `Việt Nam` (1.596 và 77,15) hoặc `máy tính` (1596 và 77.15)", column.name
        );
        faults.note_at(first.place(column), Fault::new(Code::InvalidValue, message).allowing(["Việt Nam", "máy tính"]));
        return None;
    }
    let same = |other: &str| fold(&code(other)) == fold(&code(&for_all));
    for (row, other) in rows.filter(|(_, other)| !same(other)) {
        let message = message!(
            en: "`{other}`, where row {} says `{for_all}`: `{}` is the same in all rows of a file",
            vi: "`{other}`, trong khi hàng {} ghi `{for_all}`: cột `{}` phải giống nhau ở mọi hàng của tệp", first.number, column.name
        );
        faults.note_at(row.place(column), Fault::new(Code::InvalidValue, message).allowing([for_all.clone()]));
    }
    match parameters.get(name).and_then(Value::as_str) {
        Some(beside) if !same(beside) => {
            let message = message!(
                en: "the column `{}` says `{for_all}`, the parameter `{beside}`: leave the parameter out",
                vi: "cột `{}` ghi `{for_all}`, còn tham số ghi `{beside}`: bỏ tham số đi", column.name
            );
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
mod tests;
