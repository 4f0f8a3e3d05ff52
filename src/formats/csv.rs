//! CSV as spreadsheets save and open it: read into a sheet, and written with a guard against formulas.
//! The callers define the columns.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Read};

use ::csv::{ByteRecord, QuoteStyle, Reader, ReaderBuilder, Terminator, Writer, WriterBuilder};

use super::fields::wording;
use super::foreign::FileKind;
use super::sheet::{Cell, HEADER_WITHIN, Heading, MOST_COLUMNS, Sheet, Suspicion, Table, is_key, whole};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::number::decimal::NumberLocale;
use crate::domain::number::notation::is_whole_number;
use crate::domain::text;

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

    /// The delimiter by which one of the first rows has the key column.
    fn found_in(text: &[u8]) -> Delimiter {
        let fitting: Vec<Delimiter> = Delimiter::ALL.into_iter().filter(|delimiter| has_key_column(text, *delimiter)).collect();
        // A table of one column fits all.
        if let [only] = fitting[..] { only } else { Delimiter::most_frequent_in(text) }
    }

    /// The most frequent delimiter outside quotes, in the first line that has any.
    fn most_frequent_in(text: &[u8]) -> Delimiter {
        let mut quoted = false;
        let mut counts = [0; 3];
        for byte in text {
            match byte {
                b'"' => quoted = !quoted,
                b'\r' | b'\n' if !quoted && counts != [0; 3] => break,
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

/// Whether one of the first rows has the key column, if this is the delimiter.
fn has_key_column(text: &[u8], delimiter: Delimiter) -> bool {
    let mut reader = reader_of(text, delimiter);
    let mut record = ByteRecord::new();
    let is_key = |field: &[u8]| std::str::from_utf8(field).is_ok_and(is_key);
    for _ in 0..HEADER_WITHIN {
        reader.get_mut().left = MOST_OF_A_ROW;
        match reader.read_byte_record(&mut record) {
            Ok(true) if record.iter().take(MOST_COLUMNS).any(is_key) => return true,
            Ok(true) => {}
            Ok(false) | Err(_) => return false,
        }
    }
    false
}

/// Reads a file. Each cell is text or empty. Rows have the numbers that spreadsheets show: a quoted row may take several lines, and the
/// line `sep=;` at the beginning, which names the delimiter, is none.
///
/// The guard added by [`write`] is removed.
///
/// # Errors
/// `wrong_encoding` if it is not UTF-8, `unreadable_file` if it is empty or ends inside quotes, `file_too_large`.
pub fn read(bytes: &[u8]) -> Result<Sheet, Vec<LocatedFault>> {
    let text = bytes.strip_prefix(BOM).unwrap_or(bytes);
    check_encoding(text).map_err(|fault| vec![fault])?;
    let (declared, text) = declared_delimiter(text);
    let delimiter = declared.unwrap_or_else(|| Delimiter::found_in(text));
    let mut table = Table::default();
    let ended = read_rows(text, delimiter, &mut table);
    table.finish(ended)
}

/// The delimiter that the first line names for spreadsheets (`sep=;`), and the text after that line.
fn declared_delimiter(text: &[u8]) -> (Option<Delimiter>, &[u8]) {
    let end = text.iter().position(|byte| b"\r\n".contains(byte)).unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let named = match line {
        [s, e, p, b'=', named] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => named,
        _ => return (None, text),
    };
    let Some(delimiter) = Delimiter::ALL.into_iter().find(|delimiter| delimiter.byte() == *named) else { return (None, text) };
    let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
    (Some(delimiter), rest)
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
    let message = message!(
        en: "the file is not UTF-8 (line {line}): save it again as \"CSV UTF-8\"",
        vi: "tệp không ở dạng UTF-8 (dòng {line}): lưu lại thành \"CSV UTF-8\""
    );
    Err(whole(Code::WrongEncoding, message))
}

fn reader_of(text: &[u8], delimiter: Delimiter) -> Reader<Bounded<'_>> {
    let input = Bounded { rest: text.chain(END), left: MOST_OF_A_ROW };
    ReaderBuilder::new().delimiter(delimiter.byte()).has_headers(false).flexible(true).from_reader(input)
}

fn read_rows(text: &[u8], delimiter: Delimiter, table: &mut Table) -> Result<(), LocatedFault> {
    let mut reader = reader_of(text, delimiter);
    let mut record = ByteRecord::new();
    let mut number = 0;
    let mut width = None;
    let mut whole_to_the_end = false;
    loop {
        reader.get_mut().left = MOST_OF_A_ROW;
        // Reading from memory cannot fail and rows may differ in length, so the only possible error is the row limit.
        let more = reader.read_byte_record(&mut record).map_err(|_| {
            let message = message!(
                en: "the row after row {number} is longer than {} MB, or quotes (\") in it are not closed",
                vi: "hàng sau hàng {number} dài quá {} MB, hoặc dấu nháy (\") trong hàng không được đóng", MOST_OF_A_ROW / 1024 / 1024
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
        let position = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX);
        let begin = record.position().map_or(0, |start| position(start.byte()));
        number += empty_lines(text, begin) + 1;
        if record.iter().next_back().is_some_and(|last| last.ends_with(END)) {
            let message = message!(
                en: "quotes (\") are opened here and not closed before the file ends: it was cut off, or a quote is missing",
                vi: "dấu nháy (\") mở ở đây mà không đóng trước khi hết tệp: tệp bị cắt, hoặc thiếu một dấu nháy"
            );
            return Err(Fault::new(Code::UnreadableFile, message).at(Location::Cell { row: number, column: record.len() - 1 }));
        }
        let cells = record.iter().map(|field| Cell::of_text(unguarded(&String::from_utf8_lossy(field))));
        table.take(number, false, cells.enumerate())?;
        let Some(header) = table.header_found() else { continue };
        if header == number {
            width = Some(record.len());
            continue;
        }
        let raw = text.get(begin..position(reader.position().byte()).min(text.len())).unwrap_or_default();
        let line = Line { record: &record, raw, delimiter, width: width.unwrap_or(usize::MAX), key: table.key_column() };
        for suspicion in line.suspicions() {
            table.note_suspicion(number, suspicion);
        }
    }
}

/// Limit of bytes in each part of a number that was divided.
const LONGEST_PART: usize = 40;

/// A line below the header.
struct Line<'l> {
    record: &'l ByteRecord,
    /// The bytes of the line.
    raw: &'l [u8],
    delimiter: Delimiter,
    /// The number of cells in the header.
    width: usize,
    /// The position of the column of codes.
    key: Option<usize>,
}

impl Line<'_> {
    /// What is odd about the division of the line into cells.
    fn suspicions(&self) -> Vec<Suspicion> {
        let Line { record, delimiter, width, .. } = *self;
        let is_filled = |field: &[u8]| !field.trim_ascii().is_empty();
        let mut found = Vec::new();
        let takes_in = |field: &[u8]| field.contains(&delimiter.byte()) && field.iter().any(|byte| b"\r\n".contains(byte));
        if let Some(column) = record.iter().position(takes_in) {
            let coded = record.iter().filter(|field| takes_in(field)).any(|field| self.has_coded_line(field));
            found.push(Suspicion::TakenIn { column, coded });
        }
        if let Some(beyond) = record.iter().skip(width).position(is_filled) {
            found.push(Suspicion::Beyond { column: width + beyond });
        }
        if delimiter == Delimiter::Comma && found.is_empty() {
            let pairs = self.split_numbers();
            found.extend((!pairs.is_empty()).then_some(Suspicion::SplitNumber { pairs }));
        }
        found
    }

    /// Whether a line within a cell has a code where those of the table stand. The first line is the rest of another.
    fn has_coded_line(&self, field: &[u8]) -> bool {
        let is_coded = |line: &[u8]| {
            let cell = self.key.and_then(|key| line.split(|byte| *byte == self.delimiter.byte()).nth(key));
            let code = String::from_utf8_lossy(cell.unwrap_or_default()).trim().to_lowercase();
            text::is_code(&code) && code.contains(|sign: char| sign.is_ascii_alphabetic())
        };
        field.split(|byte| b"\r\n".contains(byte)).skip(1).any(is_coded)
    }

    /// The positions of whole numbers with digits beside them, and the digits. Quoted cells were divided on purpose.
    fn split_numbers(&self) -> Vec<(usize, Box<str>)> {
        let cell = |field: Option<&[u8]>| {
            let field = field.filter(|field| field.len() <= LONGEST_PART)?;
            Some(std::str::from_utf8(field).ok()?.trim().to_owned())
        };
        let is_pair = |left: usize| {
            let (whole, digits) = (cell(self.record.get(left))?, cell(self.record.get(left + 1))?);
            let is_pair = is_fraction(&digits) && is_whole_number(wording::split(&whole).1);
            is_pair.then(|| (left, digits.into_boxed_str()))
        };
        let cells = self.record.len().min(MOST_COLUMNS);
        let mut pairs: Vec<_> = (0..cells.saturating_sub(1)).filter_map(is_pair).collect();
        if !pairs.is_empty() {
            let quoted = self.quoted();
            pairs.retain(|(left, _)| !quoted.contains(left) && !quoted.contains(&(left + 1)));
        }
        pairs
    }

    /// The positions of the cells in quotes.
    fn quoted(&self) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let (mut column, mut begins, mut within) = (0, true, false);
        for byte in self.raw {
            match byte {
                b'"' if begins => {
                    found.insert(column);
                    (begins, within) = (false, true);
                }
                // The second of two quotes opens the text again.
                b'"' if found.contains(&column) => within = !within,
                byte if *byte == self.delimiter.byte() && !within => (column, begins) = (column + 1, true),
                b'\r' | b'\n' if begins => {}
                _ => begins = false,
            }
        }
        found
    }
}

/// Whether a text may be what stands behind the decimal comma of a number: digits, perhaps with a sign of percent or with the words of a
/// unit.
fn is_fraction(text: &str) -> bool {
    let behind = text.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let unit = behind.trim().trim_start_matches(['%', '‰']);
    let is_unit = unit.split_whitespace().count() <= 3 && unit.chars().all(|sign| sign.is_alphabetic() || sign.is_whitespace());
    behind.len() < text.len() && is_unit
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
    use std::collections::BTreeMap;

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
        assert_eq!(texts(b"\"a\"\n\"1;5\""), [(2, vec!["1;5".to_owned()])], "one column");
        let cells = [(3, vec!["bts-sites".to_owned(), "1,5".to_owned()])];
        for file in [
            "Bảng 1, tháng 5, số\nindicator;b\nbts-sites;1,5",
            "a;b;c\nindicator,b\nbts-sites,\"1,5\"",
            "a,b;c\n\"Mã chỉ tiêu\"\tb\nbts-sites\t1,5",
        ] {
            assert_eq!(texts(file.as_bytes()), cells, "below a title with other signs: {file}");
        }
    }

    #[test]
    fn the_first_line_may_name_the_delimiter() {
        let cells = [(2, vec!["a,b;c".to_owned(), "1".to_owned()])];
        for (file, why) in [
            ("sep=\t\nindicator\tb\na,b;c\t1", "the line is no row of the table"),
            ("\u{feff}SEP=\t\r\nindicator\tb\r\na,b;c\t1", "with a byte order mark"),
            ("\"sep=\t\"\rindicator\tb\ra,b;c\t1", "in quotes"),
        ] {
            assert_eq!(texts(file.as_bytes()), cells, "{why}");
        }
        assert_eq!(texts(b"sep=;\na,b;c\n1,5;2")[0].1, ["1,5", "2"], "it counts, although the commas are as many");
        assert_eq!(texts(b"sep=|\na\n")[0].1, ["a"], "another sign is a text like others");
        assert_eq!(refused(b"sep=;\n"), (Code::UnreadableFile, "request".into()));
    }

    #[test]
    fn lines_that_were_probably_meant_to_be_divided_otherwise_are_noted() {
        let split = |pairs: &[(usize, &str)]| {
            vec![Suspicion::SplitNumber { pairs: pairs.iter().map(|(column, digits)| (*column, (*digits).into())).collect() }]
        };
        for (line, expected, why) in [
            ("x,77,15", split(&[(1, "15")]), "a decimal comma without quotes"),
            ("x,77,15,,", split(&[(1, "15")]), "with empty cells to the end"),
            ("x,77,15,tr. 3", split(&[(1, "15")]), "with a text beside it"),
            ("x,,-5,0", split(&[(2, "0")]), "in any column"),
            ("x,1.930,5", split(&[(1, "5")]), "grouped by points"),
            ("x,1 930,5", split(&[(1, "5")]), "grouped by blanks"),
            ("x,ước đạt 77,15", split(&[(1, "15")]), "with words before it"),
            ("x,trên 30,5", split(&[(1, "5")]), "with a bound"),
            ("x,77,15%", split(&[(1, "15%")]), "with a sign behind it"),
            ("x,77,15 tỷ đồng", split(&[(1, "15 tỷ đồng")]), "with words behind it"),
            ("x,77 ,15", split(&[(1, "15")]), "with a blank"),
            ("x,2021-05,15", vec![], "a period is no number"),
            ("x,1.5,15", vec![], "a number with a point"),
            ("x,\"77\",\"15\"", vec![], "divided on purpose"),
            ("x,77,\"15\"", vec![], "divided on purpose"),
            ("\"x\"\"y, z\",77,15", split(&[(1, "15")]), "beside a quoted text"),
            ("x,77,,15", vec![], "apart"),
            ("x,77,15a5", vec![], "no digits only"),
            ("x,77,15 thôn của xã Yên Mỹ", vec![], "a sentence"),
            ("x,1,2,3,4,5", vec![Suspicion::Beyond { column: 5 }], "more cells than names"),
            ("x,1,2,3,4,,", split(&[(1, "2"), (2, "3"), (3, "4")]), "empty cells beyond are none"),
            ("x,\"a\nb,5\",1", vec![Suspicion::TakenIn { column: 1, coded: true }], "a quote that was closed too late"),
            ("x,\"a\nHọ, tên\",1", vec![Suspicion::TakenIn { column: 1, coded: false }], "lines without a code"),
            ("x,\"a\nb,5\",1,2,3,4", vec![Suspicion::TakenIn { column: 1, coded: true }, Suspicion::Beyond { column: 5 }], "both"),
            ("x,\"a\nb\",1", vec![], "a text of two lines"),
            ("x,\"a,b\",1", vec![], "a text with a comma"),
        ] {
            let sheet = read(format!("indicator,b,c,d,e\n{line}\n").as_bytes()).unwrap();
            assert_eq!(sheet.suspicious.get(&2).cloned().unwrap_or_default(), expected, "{line}: {why}");
        }
        let semicolons = read(b"indicator;b;c\nx;77;15\ny;\"a\nb;1\"\n").unwrap();
        let taken_in = vec![Suspicion::TakenIn { column: 1, coded: true }];
        assert_eq!(semicolons.suspicious, BTreeMap::from([(3, taken_in)]), "a comma is no delimiter there");
    }

    #[test]
    fn long_lines_and_long_cells_are_searched_only_once() {
        let cells = "1,".repeat(MOST_OF_A_ROW / 4);
        let titles = format!("{cells}\n").repeat(4);
        let long = format!("{},2", "1".repeat(MOST_OF_A_ROW / 2));

        read(format!("{titles}indicator,b,c\n{cells}\nx,{long}\n").as_bytes()).unwrap_err();
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
    fn missing_cells_are_empty_and_further_ones_are_noted() {
        assert_eq!(texts(b"a;b;c;\n1\n2;;3;;;\n")[0].1, ["1", "", ""]);
        let sheet = read(b"indicator;b\n1;2\n\n1;2;3").unwrap();
        assert_eq!(sheet.suspicious, BTreeMap::from([(4, vec![Suspicion::Beyond { column: 2 }])]));
    }

    #[test]
    fn what_is_no_csv_in_utf_8_is_refused_with_what_to_do() {
        let utf_16: Vec<u8> = "\u{feff}a;b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bad, why) in [(&utf_16[..], "UTF-16"), (b"a;b\n1;\xd0\xf4", "windows-1258"), (b"a;b\n1;\0", "NUL")] {
            assert_eq!(refused(bad), (Code::WrongEncoding, "request".into()), "{why}");
        }
        assert!(read(b"a;b\n1;\xd0").unwrap_err()[0].fault.message.english().contains("(line 2): save it again as \"CSV UTF-8\""));
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
