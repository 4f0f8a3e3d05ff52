//! A table of a file: named columns, numbered rows, cells with text, numbers or dates, and the limits on each.
//! The meaning of the columns is in `file`; the bytes are read by `csv` and `xlsx`.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::json::Faults;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::number::decimal::Decimal;

/// The last row with content: ten times the rows of the largest batch, for files that are sent in several parts.
pub const MOST_ROWS: usize = 100_000;
/// Limit of columns: enough for sixteen years of months side by side.
pub const MOST_COLUMNS: usize = 200;
/// Limit of cells in the table, with empty ones: each takes about 64 bytes, so the table stays below 64 MB.
pub const MOST_CELLS: usize = 1_000_000;
/// Limit of characters in a cell: the length of the longest stored text.
pub const MOST_CHARACTERS: usize = 4_000;
/// Limit of bytes of text in all cells: one shared text of a workbook can appear in every cell.
pub const MOST_TEXT: usize = 32 * 1024 * 1024;
/// The last row that may be the header.
pub const HEADER_WITHIN: usize = 20;

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The named columns, from left to right.
    pub columns: Vec<Column>,
    /// The row number of the header.
    pub header: usize,
    /// The rows with content, from top to bottom.
    pub rows: Vec<Row>,
}

/// A named column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The header text in NFC, trimmed, with one space for each group of blanks and line breaks.
    pub name: String,
    /// Position in the file, from 0.
    pub index: usize,
}

/// A row below the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The row number that spreadsheets show, from 1.
    pub number: usize,
    /// One cell per column of the sheet.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The location of the cell in a column, for faults.
    #[must_use]
    pub fn place(&self, column: &Column) -> Location {
        Location::Cell { row: self.number, column: column.index }
    }
}

/// The content of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing, or only blanks.
    #[default]
    Empty,
    /// Text as typed. A number in it uses the notation that the sender declares.
    Text(String),
    /// A number cell of a workbook, as plain decimals. The declared notation does not apply.
    Number(String),
    /// A date cell of a workbook.
    Date(NaiveDate),
}

impl Cell {
    /// A text cell; `Empty` for blanks only.
    #[must_use]
    pub fn of_text(text: &str) -> Cell {
        if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }

    /// True for an empty cell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }

    /// Number of bytes of text.
    fn size(&self) -> usize {
        match self {
            Cell::Text(text) | Cell::Number(text) => text.len(),
            Cell::Empty | Cell::Date(_) => 0,
        }
    }

    /// The content as a column name.
    fn into_name(self) -> String {
        let text = match self {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Number(text) => text,
            Cell::Date(date) => date.to_string(),
        };
        text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
    }
}

impl From<Decimal> for Cell {
    fn from(number: Decimal) -> Cell {
        Cell::Number(number.to_string())
    }
}

/// A column of a table to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its name.
    pub name: String,
    /// Width in characters, in workbooks.
    pub width: u16,
    /// True for a column that only informs the clerk: grey in workbooks.
    pub information: bool,
}

/// A table that is read row by row. The first row with content is the header.
#[derive(Debug, Default)]
pub(super) struct Table {
    header: Option<usize>,
    columns: Vec<Column>,
    /// For each column of the file, its position among the named columns.
    named: Vec<Option<usize>>,
    rows: Vec<Row>,
    text: usize,
    faults: Faults,
}

impl Table {
    /// Notes a fault of a cell. Reading continues, to find further faults.
    pub fn note(&self, row: usize, column: usize, code: Code, message: impl Into<String>) {
        self.faults.note_at(Location::Cell { row, column }, Fault::new(code, message));
    }

    /// The row number of the header, if it was read already.
    pub fn header(&self) -> Option<usize> {
        self.header
    }

    /// The last row and the last named column so far.
    pub fn end(&self) -> (usize, usize) {
        let row = self.rows.last().map(|row| row.number).or(self.header).unwrap_or_default();
        (row, self.columns.last().map(|column| column.index).unwrap_or_default())
    }

    /// Adds the cells of a row, from left to right, without empty ones.
    ///
    /// # Errors
    /// `unreadable_file` if the first rows have no header, `file_too_large` if a limit is exceeded.
    pub fn take(&mut self, number: usize, cells: impl Iterator<Item = (usize, Cell)>) -> Result<(), LocatedFault> {
        let mut cells = cells.filter(|(_, cell)| !cell.is_empty()).peekable();
        let Some((first, _)) = cells.peek() else { return Ok(()) };
        let at = Location::Cell { row: number, column: *first };
        if number > MOST_ROWS {
            let message =
                format!("row {number} holds something; files are read up to row {MOST_ROWS}: send several, or empty what is below");
            return Err(Fault::new(Code::FileTooLarge, message).at(at));
        }
        let kept: Vec<(usize, Cell)> = cells.filter(|(column, cell)| self.fits(number, *column, cell)).collect();
        if self.header.is_some() { self.take_row(number, kept, at) } else { self.take_header(number, kept, at) }
    }

    /// True if a cell is within the limits; otherwise notes the fault.
    fn fits(&self, row: usize, column: usize, cell: &Cell) -> bool {
        if column >= MOST_COLUMNS {
            let message = format!("a cell right of the first {MOST_COLUMNS} columns holds something; no more columns are read");
            self.note(row, column, Code::FileTooLarge, message);
        } else if cell.size() > MOST_CHARACTERS && matches!(cell, Cell::Text(text) if text.chars().count() > MOST_CHARACTERS) {
            self.note(row, column, Code::InvalidText, format!("the text in this cell is longer than {MOST_CHARACTERS} characters"));
        } else {
            return true;
        }
        false
    }

    fn take_header(&mut self, number: usize, cells: Vec<(usize, Cell)>, at: Location) -> Result<(), LocatedFault> {
        if number > HEADER_WITHIN {
            let message = format!("the first {HEADER_WITHIN} rows are empty; the names of the columns should stand there");
            return Err(Fault::new(Code::UnreadableFile, message).at(at));
        }
        self.header = Some(number);
        for (index, cell) in cells {
            let name = cell.into_name();
            if let Some(earlier) = self.columns.iter().find(|earlier| earlier.name.to_lowercase() == name.to_lowercase()) {
                let first = Location::Cell { row: number, column: earlier.index };
                self.note(number, index, Code::DuplicateColumn, format!("the column `{name}` is there already: {first}"));
                continue;
            }
            self.named.resize(index + 1, None);
            self.named[index] = Some(self.columns.len());
            self.columns.push(Column { name, index });
        }
        Ok(())
    }

    fn take_row(&mut self, number: usize, cells: Vec<(usize, Cell)>, at: Location) -> Result<(), LocatedFault> {
        if (self.rows.len() + 1) * self.columns.len() > MOST_CELLS {
            let message = format!("the table has more than {MOST_CELLS} cells, the empty ones among them: send several files");
            return Err(Fault::new(Code::FileTooLarge, message).at(at));
        }
        let mut row = Row { number, cells: vec![Cell::Empty; self.columns.len()] };
        for (column, cell) in cells {
            self.text += cell.size();
            match self.named.get(column) {
                Some(Some(position)) => row.cells[*position] = cell,
                _ => self.note(number, column, Code::RaggedRow, "a value stands in a column that has no name in the header"),
            }
        }
        if self.text > MOST_TEXT {
            let message = format!("the table holds more than {} MB of text: send several files", MOST_TEXT / 1024 / 1024);
            return Err(Fault::new(Code::FileTooLarge, message).at(at));
        }
        self.rows.push(row);
        Ok(())
    }

    /// The table, or all its faults.
    ///
    /// # Errors
    /// All noted faults, and the one that ended the reading.
    pub fn finish(self, ended: Result<(), LocatedFault>) -> Result<Sheet, Vec<LocatedFault>> {
        if let Err(LocatedFault { place, fault }) = ended {
            self.faults.note_at(place, fault);
        } else if self.header.is_none() && self.faults.count() == 0 {
            self.faults
                .note_at(Location::Request, Fault::new(Code::UnreadableFile, "the file is empty: it has no row with the names of columns"));
        }
        let faults = self.faults.into_all();
        if faults.is_empty() { Ok(Sheet { columns: self.columns, header: self.header.unwrap_or(1), rows: self.rows }) } else { Err(faults) }
    }
}

/// A fault of the file as a whole.
pub(super) fn whole(code: Code, message: impl Into<String>) -> LocatedFault {
    Fault::new(code, message).at(Location::Request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &[(usize, &[&str])]) -> Result<Sheet, Vec<LocatedFault>> {
        let mut table = Table::default();
        let ended =
            rows.iter().try_for_each(|(number, cells)| table.take(*number, cells.iter().map(|text| Cell::of_text(text)).enumerate()));
        table.finish(ended)
    }

    fn faults(rows: &[(usize, &[&str])]) -> Vec<(Code, String)> {
        let located = read(rows).unwrap_err().into_iter();
        located.map(|located| (located.fault.code, located.place.to_string())).collect()
    }

    #[test]
    fn empty_rows_and_columns_without_names_are_passed_over() {
        let sheet = read(&[(3, &[" Chỉ  tiêu\n", "", "Gia\u{301} trị"]), (5, &["", " ", ""]), (7, &["thuê bao", "", "12"])]).unwrap();

        assert_eq!(sheet.columns, [Column { name: "Chỉ tiêu".into(), index: 0 }, Column { name: "Giá trị".into(), index: 2 }]);
        assert_eq!(sheet.rows, [Row { number: 7, cells: vec![Cell::Text("thuê bao".into()), Cell::Text("12".into())] }]);
        assert_eq!(sheet.rows[0].place(&sheet.columns[1]).to_string(), "row 7, column C");
    }

    #[test]
    fn every_fault_of_a_table_is_listed_with_its_place() {
        let long = "x".repeat(MOST_CHARACTERS + 1);

        let found = faults(&[(1, &["a", "", "A"]), (2, &["1", "2"]), (3, &[&long]), (4, &["1", "", "", "3"])]);

        let wanted = [
            (Code::DuplicateColumn, "row 1, column C"),
            (Code::RaggedRow, "row 2, column B"),
            (Code::InvalidText, "row 3, column A"),
            (Code::RaggedRow, "row 4, column D"),
        ];
        assert_eq!(found, wanted.map(|(code, place)| (code, place.to_owned())));
    }

    #[test]
    fn a_table_that_is_too_large_is_refused() {
        let wide: Vec<&str> = vec!["x"; MOST_COLUMNS + 1];
        assert_eq!(faults(&[(1, &["a"]), (2, &wide)]).first().unwrap(), &(Code::FileTooLarge, "row 2, column GS".into()));
        assert_eq!(faults(&[(1, &["a"]), (MOST_ROWS + 1, &["1"])]), [(Code::FileTooLarge, "row 100001, column A".into())]);
        assert_eq!(faults(&[(21, &["a"])]), [(Code::UnreadableFile, "row 21, column A".into())]);
        assert_eq!(faults(&[]), [(Code::UnreadableFile, "request".into())]);

        let names: Vec<String> = (0..MOST_COLUMNS).map(|n| format!("c{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let rows = (2..=MOST_CELLS / MOST_COLUMNS + 2).map(|number| (number, &["1"][..]));
        let rows: Vec<(usize, &[&str])> = std::iter::once((1, &names[..])).chain(rows).collect();
        assert_eq!(faults(&rows), [(Code::FileTooLarge, "row 5002, column A".into())]);

        let text = "x".repeat(MOST_CHARACTERS);
        let rows: Vec<[&str; 3]> = vec![[&text, &text, &text]; MOST_TEXT / MOST_CHARACTERS / 3 + 1];
        let rows = rows.iter().enumerate().map(|(n, row)| (n + 2, &row[..]));
        let rows: Vec<(usize, &[&str])> = std::iter::once((1, &["a", "b", "c"][..])).chain(rows).collect();
        assert_eq!(faults(&rows), [(Code::FileTooLarge, "row 2798, column A".into())]);
    }
}
