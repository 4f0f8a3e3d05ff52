//! CSV as spreadsheets save and open it: read into a sheet, and written with a guard against formulas.
//! The callers define the columns.

use std::borrow::Cow;
use std::io::{self, Read};

use ::csv::{ByteRecord, QuoteStyle, ReaderBuilder, Terminator, Writer, WriterBuilder};

use super::foreign::FileKind;
use super::sheet::{Cell, Heading, Sheet, Table, whole};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::number::decimal::NumberLocale;

const BOM: &[u8] = "\u{feff}".as_bytes();

/// A mark after the end of the text, which no text contains. If it is not found as a separate record, an open quote swallowed it.
const END: &[u8] = b"\n\0";

/// Longest row in bytes. The reader keeps eight bytes per cell, so a line of commas alone would take much more memory than the file.
const MOST_OF_A_ROW: usize = 1024 * 1024;

/// The separator of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// `;`, where the comma is the decimal mark.
    Semicolon,
    /// `,`
    Comma,
    /// A tab.
    Tab,
}

impl Delimiter {
    // On a tie the earlier one wins: a file with commas has no reason for semicolons in its header.
    const ALL: [Delimiter; 3] = [Delimiter::Semicolon, Delimiter::Tab, Delimiter::Comma];

    fn byte(self) -> u8 {
        match self {
            Delimiter::Semicolon => b';',
            Delimiter::Comma => b',',
            Delimiter::Tab => b'\t',
        }
    }

    /// The most frequent delimiter in the first non-empty line, outside quotes.
    fn found_in(text: &[u8]) -> Delimiter {
        let mut quoted = false;
        let mut counts = [0; 3];
        let begin = text.iter().position(|byte| !b"\r\n".contains(byte)).unwrap_or(text.len());
        for byte in &text[begin..] {
            match byte {
                b'"' => quoted = !quoted,
                b'\r' | b'\n' if !quoted => break,
                _ if !quoted => {
                    if let Some(found) = Delimiter::ALL.iter().position(|delimiter| delimiter.byte() == *byte) {
                        counts[found] += 1;
                    }
                }
                _ => {}
            }
        }
        let most = counts.iter().max().copied().unwrap_or_default();
        match Delimiter::ALL.into_iter().zip(counts).find(|(_, count)| *count == most) {
            Some((delimiter, 1..)) => delimiter,
            _ => Delimiter::Comma,
        }
    }
}

/// Reads a file. Each cell is text or empty. Rows have the numbers that spreadsheets show; a quoted row may take several lines.
///
/// The guard added by [`write`] is removed.
///
/// # Errors
/// `wrong_encoding` if it is not UTF-8, `unreadable_file` if it is empty or ends inside quotes, `duplicate_column`, `ragged_row`,
/// `file_too_large`.
pub fn read(bytes: &[u8]) -> Result<Sheet, Vec<LocatedFault>> {
    let text = bytes.strip_prefix(BOM).unwrap_or(bytes);
    check_encoding(text).map_err(|fault| vec![fault])?;
    let mut table = Table::default();
    let ended = read_rows(text, &mut table);
    table.finish(ended)
}

fn check_encoding(text: &[u8]) -> Result<(), LocatedFault> {
    match FileKind::of(text) {
        kind @ (FileKind::Html | FileKind::XmlWorkbook | FileKind::Rtf) => {
            kind.as_csv().map_or(Ok(()), |message| Err(whole(Code::UnreadableFile, message)))?;
        }
        kind => kind.as_csv().map_or(Ok(()), |message| Err(whole(Code::WrongEncoding, message)))?,
    }
    let wrong = text.iter().position(|byte| *byte == 0).or_else(|| std::str::from_utf8(text).err().map(|error| error.valid_up_to()));
    let Some(wrong) = wrong else { return Ok(()) };
    let line = text[..wrong].split(|byte| *byte == b'\n').count();
    let message = format!("the file is not UTF-8 (line {line}): save it again as \"CSV UTF-8\"");
    Err(whole(Code::WrongEncoding, message))
}

fn read_rows(text: &[u8], table: &mut Table) -> Result<(), LocatedFault> {
    let delimiter = Delimiter::found_in(text).byte();
    let input = Bounded { rest: text.chain(END), left: 0 };
    let mut reader = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(input);
    let mut record = ByteRecord::new();
    let mut number = 0;
    let mut whole_to_the_end = false;
    loop {
        reader.get_mut().left = MOST_OF_A_ROW;
        // Reading from memory cannot fail and rows may differ in length, so the only possible error is the row limit.
        let more = reader.read_byte_record(&mut record).map_err(|_| {
            let message = format!(
                "the row after row {number} is longer than {} MB, or quotes (\") in it are not closed",
                MOST_OF_A_ROW / 1024 / 1024
            );
            Fault::new(Code::FileTooLarge, message).at(Location::Cell { row: number + 1, column: 0 })
        })?;
        if !more {
            return Ok(());
        }
        if whole_to_the_end || record.iter().eq([b"\0"]) {
            whole_to_the_end = true;
            continue;
        }
        let begin = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        number += empty_lines(text, begin) + 1;
        if record.iter().next_back().is_some_and(|last| last.ends_with(END)) {
            let message = "quotes (\") are opened here and not closed before the file ends: it was cut off, or a quote is missing";
            return Err(Fault::new(Code::UnreadableFile, message).at(Location::Cell { row: number, column: record.len() - 1 }));
        }
        let cells = record.iter().map(|field| Cell::of_text(unguarded(&String::from_utf8_lossy(field))));
        table.take(number, false, cells.enumerate())?;
    }
}

/// The bytes of a file, and the bytes that the current row may still have.
struct Bounded<'t> {
    rest: io::Chain<&'t [u8], &'static [u8]>,
    left: usize,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.rest.read(buffer)?;
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}

/// The number of empty lines before a record. The reader skips them, but spreadsheets count them.
fn empty_lines(text: &[u8], begin: usize) -> usize {
    let mut rest = text.get(begin..).unwrap_or_default();
    // Skip the second half of the line break before the record.
    if begin > 0 && text[begin - 1] == b'\r' {
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    let mut lines = 0;
    while let Some(next) = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).or_else(|| rest.strip_prefix(b"\r")) {
        rest = next;
        lines += 1;
    }
    lines
}

/// Writes a table in UTF-8 with CRLF and a BOM, by which spreadsheets recognise UTF-8. Numbers have the decimal mark of the notation and no
/// grouping of thousands; dates are `YYYY-MM-DD`.
///
/// A text that a spreadsheet would read as a formula gets an apostrophe in front. A text with apostrophes before a formula sign gets one
/// too, so that [`read`] can always remove one.
pub fn write<R: AsRef<[Cell]>>(
    columns: &[Heading],
    rows: impl IntoIterator<Item = R>,
    delimiter: Delimiter,
    locale: NumberLocale,
) -> Vec<u8> {
    let mut bytes = BOM.to_vec();
    // Quote all names, and also a single column, so that no other delimiter is found in the header.
    let mut header = writer(&mut bytes, delimiter, QuoteStyle::Always);
    record(&mut header, columns.iter().map(|column| guarded(&column.name)));
    drop(header);
    let style = if columns.len() == 1 { QuoteStyle::Always } else { QuoteStyle::Necessary };
    let mut body = writer(&mut bytes, delimiter, style);
    for row in rows {
        record(&mut body, row.as_ref().iter().map(|cell| written(cell, locale)));
    }
    drop(body);
    bytes
}

fn writer(bytes: &mut Vec<u8>, delimiter: Delimiter, style: QuoteStyle) -> Writer<&mut Vec<u8>> {
    let mut builder = WriterBuilder::new();
    builder.delimiter(delimiter.byte()).terminator(Terminator::CRLF).flexible(true).quote_style(style);
    builder.from_writer(bytes)
}

fn record<'c>(writer: &mut Writer<&mut Vec<u8>>, cells: impl Iterator<Item = Cow<'c, str>>) {
    writer.write_record(cells.map(|cell| cell.into_owned().into_bytes())).expect("memory takes what is written, rows of any length");
}

fn written(cell: &Cell, locale: NumberLocale) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => guarded(text),
        Cell::Number(number) => match locale {
            NumberLocale::Plain => Cow::Borrowed(&number.digits),
            NumberLocale::Vi => Cow::Owned(number.digits.replace('.', ",")),
        },
        Cell::Flag(flag) => Cow::Borrowed(if *flag { "TRUE" } else { "FALSE" }),
        Cell::Date(..) | Cell::Faulty { .. } => cell.text().unwrap_or_default(),
    }
}

/// True if a spreadsheet would read the text as a formula after removing leading apostrophes.
fn is_formula(text: &str) -> bool {
    let signs = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    text.trim_start_matches('\'').starts_with(signs)
}

fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;
    use crate::formats::sheet::Row;

    fn headings(names: &[&str]) -> Vec<Heading> {
        names.iter().map(|name| Heading { name: (*name).into(), width: 10, information: false }).collect()
    }

    fn texts(bytes: &[u8]) -> Vec<(usize, Vec<String>)> {
        let shown = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { String::new() };
        let sheet = read(bytes).unwrap_or_else(|faults| panic!("{faults:?}"));
        sheet.rows.iter().map(|Row { number, cells, .. }| (*number, cells.iter().map(shown).collect())).collect()
    }

    fn refused(bytes: &[u8]) -> (Code, String) {
        let faults = read(bytes).unwrap_err();
        (faults[0].fault.code, faults[0].place.to_string())
    }

    #[test]
    fn the_delimiter_is_found_in_the_header() {
        for file in ["\u{feff}a;b\r\n1,5;x", "a,b\n\"1,5\",x\n", "a\tb\n1,5\tx", "\"a\";\"b\"\r1,5;x\r", "\"a,,,\";b\n1,5;x"] {
            assert_eq!(texts(file.as_bytes()), [(2, vec!["1,5".to_owned(), "x".to_owned()])], "{file}");
        }
        assert_eq!(texts(b"a\n1;5"), [(2, vec!["1;5".to_owned()])], "one column");
    }

    #[test]
    fn rows_are_numbered_as_spreadsheets_show_them() {
        let row = |number, text: &str| (number, vec![text.to_owned(), "x".to_owned()]);

        for line in ["\r\n", "\n", "\r"] {
            let file = ["", "a;b", "1;x", "", "", "\"line\nline\";x", ";", "2;x", ""].join(line);
            assert_eq!(texts(file.as_bytes()), [row(3, "1"), row(6, "line\nline"), row(8, "2")], "{line:?}");
        }
    }

    #[test]
    fn missing_cells_are_empty_and_further_ones_are_refused() {
        assert_eq!(texts(b"a;b;c;\n1\n2;;3;;;\n")[0].1, ["1", "", ""]);
        assert_eq!(refused(b"a;b\n1;2\n\n1;2;3"), (Code::RaggedRow, "row 4, column C".into()));
        assert_eq!(refused(b"a;b;A\n"), (Code::DuplicateColumn, "row 1, column C".into()));
    }

    #[test]
    fn what_is_no_csv_in_utf_8_is_refused_with_what_to_do() {
        let utf_16: Vec<u8> = "\u{feff}a;b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bad, why) in [(&utf_16[..], "UTF-16"), (b"a;b\n1;\xd0\xf4", "windows-1258"), (b"a;b\n1;\0", "NUL")] {
            assert_eq!(refused(bad), (Code::WrongEncoding, "request".into()), "{why}");
        }
        assert!(read(b"a;b\n1;\xd0").unwrap_err()[0].fault.message.contains("(line 2): save it again as \"CSV UTF-8\""));
        for (bad, place) in
            [("", "request"), ("\u{feff}\r\n", "request"), ("a;b\n1;\"cut", "row 2, column B"), ("a;\"b\n1;2\n", "row 1, column B")]
        {
            assert_eq!(refused(bad.as_bytes()), (Code::UnreadableFile, place.into()), "{bad:?}");
        }
    }

    #[test]
    fn a_line_of_nothing_but_commas_is_refused_before_it_takes_room() {
        let file = format!("a,b\n1,2\n{}", ",".repeat(MOST_OF_A_ROW + 10_000));
        assert_eq!(refused(file.as_bytes()), (Code::FileTooLarge, "row 3, column A".into()));
    }

    #[test]
    fn what_is_written_is_what_spreadsheets_open() {
        let date = NaiveDate::from_ymd_opt(2024, 6, 30).unwrap();
        let row = [Cell::Text("=1;\"2\"".into()), Cell::Number("-77.15".into()), Cell::day(date), Cell::Empty];

        let written = write(&headings(&["a", "-b", "c", "d"]), [row], Delimiter::Semicolon, NumberLocale::Vi);

        let wanted = "\u{feff}\"a\";\"'-b\";\"c\";\"d\"\r\n\"'=1;\"\"2\"\"\";-77,15;2024-06-30;\r\n";
        assert_eq!(String::from_utf8(written).unwrap(), wanted);
    }

    #[test]
    fn texts_that_begin_like_formulas_are_guarded_and_numbers_are_not() {
        for sign in ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'=", "''@"] {
            let text = format!("{sign}cmd");
            assert_eq!(guarded(&text), format!("'{text}"));
            assert_eq!(unguarded(&guarded(&text)), text);
        }
        assert_eq!(written(&Cell::Number("-5".into()), NumberLocale::Plain), "-5");
        assert_eq!(guarded("'90"), "'90");
        assert_eq!(unguarded("'90"), "'90");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn what_is_written_reads_back(
            rows in prop::collection::vec(prop::collection::vec("[=+@'\";,\t\r\n a-]{0,4}|\\PC{0,8}", 1..4), 0..6),
            delimiter in 0usize..3,
        ) {
            let width = rows.iter().map(Vec::len).max().unwrap_or(1);
            let names: Vec<String> = (0..width).map(|n| format!("c,;{n}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let cells: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(|text| Cell::of_text(text)).collect()).collect();

            let bytes = write(&headings(&names), &cells, Delimiter::ALL[delimiter], NumberLocale::Plain);
            let sheet = read(&bytes).unwrap();

            let mut wanted: Vec<Row> = cells.into_iter().enumerate().map(|(n, cells)| Row { number: n + 2, cells, hidden: false }).collect();
            for row in &mut wanted {
                row.cells.resize(width, Cell::Empty);
            }
            wanted.retain(|row| !row.cells.iter().all(Cell::is_empty));
            prop_assert_eq!(sheet.columns.iter().map(|column| &column.name[..]).collect::<Vec<_>>(), names);
            prop_assert_eq!(sheet.rows, wanted);
        }

        #[test]
        fn bytes_of_any_kind_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[a\";,\r\n\t']{0,60}") {
            let _ = read(&bytes);
            let _ = read(text.as_bytes());
        }
    }
}
