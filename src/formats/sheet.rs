//! A table of a file: named columns, numbered rows, and the limits on each.
//! The content of a cell is in `cell`, the meaning of the columns in `file`; the bytes are read by `csv` and `xlsx`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

pub use super::cell::Cell;
use super::json::Faults;
use crate::domain::fault::{Code, Fault, LocatedFault, Location, column_letters};
use crate::domain::message::{Message, message};
use crate::domain::text::{contains_words, fold, near};

static MERGED: Message = Message::fixed(
    "the cell is merged with others: unmerge them and write the value into each",
    "ô bị gộp với ô khác: bỏ gộp và ghi giá trị vào từng ô",
);
static LONG_TEXT: Message = Message::fixed("the text in this cell is longer than 4000 characters", "nội dung ô dài quá 4000 ký tự");

/// The names of the column that every table has: the row that has it is the header.
pub const KEY_COLUMN: [&str; 2] = ["Mã chỉ tiêu", "indicator"];
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
/// Limit of conditional formats of all cells: each takes about a microsecond.
const MOST_DOUBTED: usize = 5 * MOST_CELLS;
/// The last row that may be the header.
pub const HEADER_WITHIN: usize = 20;

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The named columns, from left to right. Two may have the same name.
    pub columns: Vec<Column>,
    /// The row number of the header.
    pub header: usize,
    /// The rows with content, from top to bottom.
    pub rows: Vec<Row>,
    /// Rows of CSV that the sender probably meant to be divided into other cells, by row number.
    pub suspicious: BTreeMap<usize, Vec<Suspicion>>,
}

/// What is odd about the division of a line into cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suspicion {
    /// A cell right of the last cell of the header.
    Beyond {
        /// The position of the cell among the columns of the file.
        column: usize,
    },
    /// Whole numbers with a cell of digits beside them, each of which may be one number with a decimal comma.
    SplitNumber {
        /// The positions of the whole numbers among the columns of the file, and the digits beside each.
        pairs: Vec<(usize, Box<str>)>,
    },
    /// A quoted cell with a line break and a delimiter, which may have taken in the lines below.
    TakenIn {
        /// The position of the cell among the columns of the file.
        column: usize,
        /// Whether one of these lines has a code where the codes of the table stand.
        coded: bool,
    },
}

/// A named column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The header text in NFC, trimmed, with one space for each group of blanks and line breaks.
    pub name: String,
    /// Position in the file, from 0.
    pub index: usize,
    /// True if nobody sees it.
    pub hidden: bool,
}

/// A row below the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The row number that spreadsheets show, from 1.
    pub number: usize,
    /// One cell per column of the sheet.
    pub cells: Vec<Cell>,
    /// True if nobody sees it.
    pub hidden: bool,
}

impl Row {
    /// The location of the cell in a column, for faults.
    #[must_use]
    pub fn place(&self, column: &Column) -> Location {
        Location::Cell { row: self.number, column: column.index }
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

/// A row as it was read: its cells that are not empty, each with its position among the columns of the file.
#[derive(Debug)]
struct RawRow {
    number: usize,
    hidden: bool,
    cells: Vec<(usize, Cell)>,
}

/// A table that is read row by row. The first row with the [`KEY_COLUMN`] is the header; the rows above it are titles.
#[derive(Debug, Default)]
pub(super) struct Table {
    header: Option<usize>,
    /// The first rows, as long as no header is found.
    waiting: Vec<RawRow>,
    columns: Vec<Column>,
    /// For each column of the file, its position among the named columns.
    named: Vec<Option<usize>>,
    rows: Vec<Row>,
    suspicious: BTreeMap<usize, Vec<Suspicion>>,
    /// The columns that nobody sees, if there are any.
    hidden: Option<Box<[bool; MOST_COLUMNS]>>,
    /// The number of merged cells with a value.
    merged: usize,
    /// The number of conditional formats of cells with a value.
    doubted: usize,
    text: usize,
    faults: Faults,
}

impl Table {
    /// Notes a fault of a cell. Reading continues, to find further faults.
    pub fn note(&self, row: usize, column: usize, code: Code, message: Message) {
        self.faults.note_at(Location::Cell { row, column }, Fault::new(code, message));
    }

    /// Notes that the cells of a row are probably divided in another way than the sender meant.
    pub fn note_suspicion(&mut self, row: usize, suspicion: Suspicion) {
        self.suspicious.entry(row).or_default().push(suspicion);
    }

    /// The position of the column of codes, if the header was found already.
    pub fn key_column(&self) -> Option<usize> {
        self.columns.iter().find(|column| is_key(&column.name)).map(|column| column.index)
    }

    /// The row number of the header, if it was found already.
    pub fn header_found(&self) -> Option<usize> {
        self.header
    }

    /// Hides the columns from the first to the last. Call it before the header is read.
    pub fn hide_columns(&mut self, first: usize, last: usize) {
        if first < MOST_COLUMNS && first <= last {
            let hidden = self.hidden.get_or_insert_with(|| Box::new([false; MOST_COLUMNS]));
            hidden[first..=last.min(MOST_COLUMNS - 1)].fill(true);
        }
    }

    /// Merges the cells of a range: nobody can tell which of them its value is for, so they all are faulty if it has one. A text across
    /// columns, such as a heading or a total, stays in its first cell. Each corner is a row (from 1) and a column (from 0). Call it after the
    /// last row.
    ///
    /// # Errors
    /// `file_too_large` if ranges overlap without end.
    pub fn merge(&mut self, (top, left): (usize, usize), (bottom, right): (usize, usize)) -> Result<(), LocatedFault> {
        self.choose_header();
        let Some(header) = self.header.filter(|header| bottom >= *header) else { return Ok(()) };
        let columns: Vec<usize> = (0..self.columns.len()).filter(|at| (left..=right).contains(&self.columns[*at].index)).collect();
        if top <= header {
            if !columns.is_empty() {
                let range = format!("{}{top}:{}{bottom}", column_letters(left), column_letters(right));
                let message = message!(
                    en: "the cells {range} of the header are merged: unmerge them, and let the names of the columns be one row",
                    vi: "các ô {range} của tiêu đề bị gộp: bỏ gộp ô và để tên cột nằm trên một hàng"
                );
                self.note(top, left, Code::MergedCells, message);
            }
            return Ok(());
        }
        let rows = self.rows.partition_point(|row| row.number < top)..self.rows.partition_point(|row| row.number <= bottom);
        let rows = &mut self.rows[rows];
        let first = rows.first().filter(|row| row.number == top).zip(columns.first().filter(|at| self.columns[**at].index == left));
        let Some((row, at)) = first.filter(|(row, at)| !row.cells[**at].is_empty()) else { return Ok(()) };
        let is_words = matches!(&row.cells[*at], Cell::Text(text) if text.chars().any(char::is_alphabetic));
        self.merged += rows.len() * if top == bottom { columns.len() } else { self.columns.len() };
        if self.merged > MOST_CELLS {
            return Err(whole(
                Code::FileTooLarge,
                message!(
                    en: "more than {MOST_CELLS} cells are merged: unmerge them",
                    vi: "có hơn {MOST_CELLS} ô bị gộp: bỏ gộp ô"
                ),
            ));
        }
        // A heading, a total, a note or a signature: of one row, or alone in its rows.
        let alone = |row: &Row| row.cells.iter().enumerate().all(|(at, cell)| cell.is_empty() || columns.contains(&at));
        if is_words && left < right && (top == bottom || rows.iter().all(alone)) {
            return Ok(());
        }
        let merged = Cell::faulty(Code::MergedCells, &MERGED);
        for row in rows {
            for at in &columns {
                row.cells[*at] = merged.clone();
            }
        }
        Ok(())
    }

    /// Makes the cells of a range faulty that `doubt` gives a reason for; `work` is the number of its steps for a cell. Each corner is a row
    /// (from 1) and a column (from 0). Call it after the last row.
    ///
    /// # Errors
    /// `file_too_large` if ranges overlap without end.
    pub fn doubt(
        &mut self,
        ((top, left), (bottom, right)): ((usize, usize), (usize, usize)),
        work: usize,
        doubt: impl Fn(&Cell) -> Option<&'static Message>,
    ) -> Result<(), LocatedFault> {
        self.choose_header();
        let columns: Vec<usize> = (0..self.columns.len()).filter(|at| (left..=right).contains(&self.columns[*at].index)).collect();
        let rows = self.rows.partition_point(|row| row.number < top)..self.rows.partition_point(|row| row.number <= bottom);
        if rows.is_empty() {
            return Ok(());
        }
        for row in &mut self.rows[rows] {
            for at in &columns {
                let cell = &mut row.cells[*at];
                self.doubted += if cell.is_empty() { 0 } else { work };
                if let Some(why) = doubt(cell) {
                    *cell = Cell::faulty(Code::CellNotAValue, why);
                }
            }
            if self.doubted > MOST_DOUBTED {
                let message = message!(
                    en: "the sheet has more than {MOST_DOUBTED} conditional formats of cells: remove them",
                    vi: "trang tính có hơn {MOST_DOUBTED} định dạng có điều kiện của ô: hãy bỏ bớt"
                );
                return Err(whole(Code::FileTooLarge, message));
            }
        }
        Ok(())
    }

    /// Adds the cells of a row, from left to right, without empty ones.
    ///
    /// # Errors
    /// `unreadable_file` if the first rows are empty, `file_too_large` if a limit is exceeded.
    pub fn take(&mut self, number: usize, hidden: bool, cells: impl Iterator<Item = (usize, Cell)>) -> Result<(), LocatedFault> {
        let mut cells = cells.filter(|(_, cell)| !cell.is_empty()).peekable();
        let Some((first, _)) = cells.peek() else { return Ok(()) };
        let at = Location::Cell { row: number, column: *first };
        if number > MOST_ROWS {
            let message = message!(
                en: "row {number} holds something; files are read up to row {MOST_ROWS}: send several, or empty what is below",
                vi: "hàng {number} có nội dung; tệp chỉ được đọc đến hàng {MOST_ROWS}: chia thành nhiều tệp, hoặc xóa phần bên dưới"
            );
            return Err(Fault::new(Code::FileTooLarge, message).at(at));
        }
        let (kept, beyond): (Vec<_>, Vec<_>) =
            cells.map(|(column, cell)| (column, short(cell))).partition(|(column, _)| *column < MOST_COLUMNS);
        if let Some((column, _)) = beyond.first() {
            let message = message!(
                en: "a cell right of the first {MOST_COLUMNS} columns holds something; no more columns are read",
                vi: "có ô nằm ngoài {MOST_COLUMNS} cột đầu; các cột sau đó không được đọc"
            );
            self.note(number, *column, Code::FileTooLarge, message);
        }
        if self.header.is_none() && number > HEADER_WITHIN {
            self.choose_header();
            if self.header.is_none() {
                let message = message!(
                    en: "the first {HEADER_WITHIN} rows are empty; the names of the columns should stand there",
                    vi: "{HEADER_WITHIN} hàng đầu trống; tên các cột phải nằm ở đó"
                );
                return Err(Fault::new(Code::UnreadableFile, message).at(at));
            }
        }
        if self.header.is_some() {
            return self.take_row(RawRow { number, hidden, cells: kept }, at);
        }
        if has_name(&kept, is_key) {
            self.waiting.clear();
            self.take_header(number, kept);
        } else {
            self.waiting.push(RawRow { number, hidden, cells: kept });
        }
        Ok(())
    }

    /// Takes a header although none of the first rows has the key column: the row with the nearest name, or the first. It shows the sender
    /// where the names of the columns were looked for.
    fn choose_header(&mut self) {
        if self.header.is_some() || self.waiting.is_empty() {
            return;
        }
        let chosen = self.waiting.iter().position(|row| has_name(&row.cells, is_near_key)).unwrap_or(0);
        let mut rows = std::mem::take(&mut self.waiting).into_iter().skip(chosen);
        if let Some(RawRow { number, cells, .. }) = rows.next() {
            self.take_header(number, cells);
        }
        for row in rows {
            let at = Location::Cell { row: row.number, column: 0 };
            if let Err(LocatedFault { place, fault }) = self.take_row(row, at) {
                self.faults.note_at(place, fault);
            }
        }
    }

    fn take_header(&mut self, number: usize, cells: Vec<(usize, Cell)>) {
        self.header = Some(number);
        for (index, cell) in cells {
            match name_of(&cell) {
                Ok(name) => {
                    self.named.resize(index + 1, None);
                    self.named[index] = Some(self.columns.len());
                    let hidden = self.hidden.as_ref().is_some_and(|hidden| hidden[index]);
                    self.columns.push(Column { name, index, hidden });
                }
                Err(fault) => self.faults.note_at(Location::Cell { row: number, column: index }, fault),
            }
        }
    }

    fn take_row(&mut self, row: RawRow, at: Location) -> Result<(), LocatedFault> {
        let RawRow { number, hidden, cells } = row;
        if (self.rows.len() + 1) * self.columns.len() > MOST_CELLS {
            let message = message!(
                en: "the table has more than {MOST_CELLS} cells, the empty ones among them: send several files",
                vi: "bảng có hơn {MOST_CELLS} ô, kể cả ô trống: chia thành nhiều tệp"
            );
            return Err(Fault::new(Code::FileTooLarge, message).at(at));
        }
        let mut row = Row { number, cells: vec![Cell::Empty; self.columns.len()], hidden };
        for (column, cell) in cells {
            // Nobody reads a column without a name.
            if let Some(Some(position)) = self.named.get(column) {
                self.text += cell.size();
                row.cells[*position] = cell;
            }
        }
        if self.text > MOST_TEXT {
            let message = message!(
                en: "the table holds more than {} MB of text: send several files",
                vi: "bảng có hơn {} MB văn bản: chia thành nhiều tệp", MOST_TEXT / 1024 / 1024
            );
            return Err(Fault::new(Code::FileTooLarge, message).at(at));
        }
        self.rows.push(row);
        Ok(())
    }

    /// The table, or all its faults.
    ///
    /// # Errors
    /// All noted faults, and the one that ended the reading.
    pub fn finish(mut self, ended: Result<(), LocatedFault>) -> Result<Sheet, Vec<LocatedFault>> {
        self.choose_header();
        if let Err(LocatedFault { place, fault }) = ended {
            self.faults.note_at(place, fault);
        } else if self.header.is_none() && self.faults.count() == 0 {
            self.faults.note_at(
                Location::Request,
                Fault::new(
                    Code::UnreadableFile,
                    message!(
                        en: "the file is empty: it has no row with the names of columns",
                        vi: "tệp trống: không có hàng tên cột"
                    ),
                ),
            );
        }
        let Table { header, columns, rows, suspicious, faults, .. } = self;
        let faults = faults.into_all();
        if faults.is_empty() { Ok(Sheet { columns, header: header.unwrap_or(1), rows, suspicious }) } else { Err(faults) }
    }
}

/// Limit of bytes in the name of the key column, with blanks and in any spelling. Longer cells are not compared with it.
const LONGEST_KEY: usize = 64;

/// Whether a name is that of the key column.
pub(super) fn is_key(name: &str) -> bool {
    static FOLDED: LazyLock<[String; 2]> = LazyLock::new(|| KEY_COLUMN.map(fold));
    name.len() <= LONGEST_KEY && FOLDED.contains(&fold(name))
}

/// Whether a name was probably meant to be that of the key column. `Chỉ tiêu` is another column.
pub(super) fn is_near_key(name: &str) -> bool {
    let is_near = |key: &str| !contains_words(&fold(key), &fold(name)) && !near(key, [name]).is_empty();
    name.len() <= 2 * LONGEST_KEY && KEY_COLUMN.into_iter().any(is_near)
}

/// Whether a cell of a row is a text with a name of this kind.
fn has_name(cells: &[(usize, Cell)], is_meant: impl Fn(&str) -> bool) -> bool {
    cells.iter().any(|(_, cell)| matches!(cell, Cell::Text(text) if is_meant(text)))
}

/// The cell, without a text that is too long.
fn short(cell: Cell) -> Cell {
    match &cell {
        Cell::Text(text) if text.len() > MOST_CHARACTERS && text.chars().count() > MOST_CHARACTERS => {
            const { assert!(MOST_CHARACTERS == 4_000) };
            Cell::faulty(Code::InvalidText, &LONG_TEXT)
        }
        _ => cell,
    }
}

/// The content of a cell as a column name.
fn name_of(cell: &Cell) -> Result<String, Fault> {
    Ok(cell.text()?.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect())
}

/// A fault of the file as a whole.
pub(super) fn whole(code: Code, message: Message) -> LocatedFault {
    Fault::new(code, message).at(Location::Request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &[(usize, &[&str])]) -> Result<Sheet, Vec<LocatedFault>> {
        let mut table = Table::default();
        let ended = rows
            .iter()
            .try_for_each(|(number, cells)| table.take(*number, false, cells.iter().map(|text| Cell::of_text(text)).enumerate()));
        table.finish(ended)
    }

    fn faults(rows: &[(usize, &[&str])]) -> Vec<(Code, String)> {
        let located = read(rows).unwrap_err().into_iter();
        located.map(|located| (located.fault.code, located.place.to_string())).collect()
    }

    #[test]
    fn empty_rows_and_columns_without_names_are_passed_over() {
        let sheet = read(&[(3, &[" Chỉ  tiêu\n", "", "Gia\u{301} trị"]), (5, &["", " ", ""]), (7, &["thuê bao", "", "12"])]).unwrap();

        assert_eq!(
            sheet.columns,
            [Column { name: "Chỉ tiêu".into(), index: 0, hidden: false }, Column { name: "Giá trị".into(), index: 2, hidden: false }]
        );
        assert_eq!(sheet.rows, [Row { number: 7, cells: vec![Cell::Text("thuê bao".into()), Cell::Text("12".into())], hidden: false }]);
        assert_eq!(sheet.rows[0].place(&sheet.columns[1]).to_string(), "row 7, column C");
    }

    #[test]
    fn the_first_row_with_the_key_column_is_the_header() {
        let title = (1, &["BIỂU 01: KẾT QUẢ", "tháng 5"][..]);
        let header = |number| (number, &["STT", "MÃ CHỈ TIÊU ", "x"][..]);
        let row = |number| (number, &["1", "bts-sites", "5", "no name"][..]);
        for (rows, header, first, why) in [
            (&[header(1), row(2)][..], 1, 2, "the first row"),
            (&[title, (2, &["", "Đơn vị: người"]), header(4), row(5)], 4, 5, "below titles"),
            (&[header(20), row(21)], 20, 21, "the last row that may be one"),
            (&[title, (2, &["Indicator"]), row(3)], 2, 3, "the name of the field"),
            (&[header(1), header(3), row(4)], 1, 3, "the first of two"),
            (&[title, (2, &["x", "Mã chi tiêu số"]), row(3)], 2, 3, "none, but a near name"),
            (&[title, row(2)], 1, 2, "none at all"),
            (&[title, header(21), row(22)], 1, 21, "too far below"),
        ] {
            let sheet = read(rows).unwrap();
            assert_eq!((sheet.header, sheet.rows[0].number), (header, first), "{why}");
        }
    }

    #[test]
    fn cells_below_no_name_are_not_read() {
        let sheet = read(&[(1, &["indicator", "", "A", "a"]), (2, &["1", "2", "3", "4", "5"]), (3, &["", "x"])]).unwrap();

        let texts = ["1", "3", "4"].map(|text| Cell::Text(text.into()));
        let row = |number, cells| Row { number, cells, hidden: false };
        assert_eq!(sheet.rows, [row(2, texts.to_vec()), row(3, vec![Cell::Empty; 3])]);
    }

    #[test]
    fn every_fault_of_a_table_is_listed_with_its_place() {
        let long = "x".repeat(MOST_CHARACTERS + 1);

        let wide: Vec<&str> = vec!["1"; MOST_COLUMNS + 1];

        let found = faults(&[(1, &["a", "", "A"]), (2, &["1", "2"]), (3, &[&long]), (5, &wide)]);

        let wanted = [(Code::FileTooLarge, "row 5, column GS")];
        assert_eq!(found, wanted.map(|(code, place)| (code, place.to_owned())));
        let sheet = read(&[(1, &["a"]), (2, &[&long])]).unwrap();
        assert!(matches!(sheet.rows[0].cells[0], Cell::Faulty { code: Code::InvalidText, .. }), "a long text is a fault where it is read");
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
