//! Streams of figures as NDJSON: one row of `observations` per line, optionally with its own `province`. Windows keep the use of memory
//! independent of the number of lines. Each line follows the rules of a submission with one row.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, Read};

use serde_json::{Map, Value};

use super::fields::field::{Field, read as read_fields, write as write_fields};
use super::fields::record::RawRecord;
use super::fields::schema::Fields;
use super::json::{self, Faults};
use super::observation::{ObservationFields, PROVINCE};
use super::submission::BatchDefaults;
use crate::domain::batch::layout::Layout;
use crate::domain::batch::rows::{MAX_ROWS, Mode, RowError};
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::number::notation::Notation;
use crate::domain::observation::observation::Observation;
use crate::domain::submission::draft::{ClaimChange, Draft, DraftRow};
use crate::domain::submission::read_row::ReadRow;
use crate::domain::submission::stream::{Line, Window};
use crate::domain::submission::submission::RowOutcome;

/// Rows of a window: these are kept in memory and checked against one another.
pub const WINDOW: usize = 1000;
/// Longest line in bytes, without its line end. A row with every field at its longest has about 10 KB.
pub const LONGEST_LINE: usize = 64 * 1024;
/// Limit of listed faults per line. Otherwise a window of invented fields would get an answer a hundred times its size.
pub const MOST_FAULTS_OF_LINE: usize = 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Limit of bytes read per line: the line, its end, a byte order mark, and enough to recognise a line that is too long.
const MOST_READ: u64 = LONGEST_LINE as u64 + 8;

/// Reads the fields of the whole stream from its parameters: all fields of a submission except its rows.
///
/// # Errors
/// All faults, each at the parameter of that name; `missing_parameter` or `invalid_value` at `mode` if it is not `partial`, because a
/// stream is never processed as one unit.
pub fn read_defaults(mut parameters: Map<String, Value>) -> Result<BatchDefaults, Vec<LocatedFault>> {
    let faults = Faults::default();
    let mode = parameters.insert("mode".into(), Mode::Partial.as_str().into());
    if mode.as_ref().and_then(Value::as_str) != Some(Mode::Partial.as_str()) {
        let code = if mode.is_some() { Code::InvalidValue } else { Code::MissingParameter };
        let message = message!(
            en: "a stream is recorded line by line, the good lines without the bad ones: say `mode=partial`; all or nothing is for batches \
             of up to {MAX_ROWS} rows as JSON",
            vi: "dòng dữ liệu được ghi từng dòng, dòng đúng được ghi dù dòng khác sai: nêu `mode=partial`; muốn ghi tất cả hoặc không ghi gì thì gửi \
             JSON, nhiều nhất {MAX_ROWS} hàng"
        );
        faults.note_at(Location::Parameter("mode".into()), Fault::new(code, message).allowing([Mode::Partial.as_str()]));
    }
    if parameters.remove("draft").is_some_and(|draft| draft != Value::Bool(false)) {
        let message = message!(
            en: "a stream is not kept as a draft: send the rows as JSON, where they can be edited",
            vi: "dòng dữ liệu không lưu được thành bản nháp: gửi các hàng bằng JSON để còn sửa được"
        );
        faults.note_at(Location::Parameter("draft".into()), Fault::new(Code::InvalidValue, message).allowing(["false"]));
    }
    let raw = RawRecord::Parameters { members: &parameters, cells: &BTreeMap::new() };
    // Each line may have its own province.
    let (batch, _) = BatchDefaults::read(&raw, &faults, |_| None);
    let faults = faults.into_all();
    if faults.is_empty() { Ok(batch) } else { Err(faults) }
}

/// A line as a row of a submission.
#[derive(Debug)]
struct LineRow {
    /// The province of the line or of the stream; `None` after a read fault.
    province: Option<String>,
    /// Whether the line has its own province, or the stream has none.
    own_province: bool,
    row: DraftRow,
    faults: Vec<LocatedFault>,
}

/// Reads a line.
fn read_line(line: &[u8], number: usize, batch: &BatchDefaults) -> Result<LineRow, Fault> {
    let mut value = json::parse_line(line)?;
    let own: Map<String, Value> = value.as_object_mut().and_then(|row| row.shift_remove_entry(PROVINCE.name)).into_iter().collect();
    let own = RawRecord::Members { members: &own, place: Location::Pointer(String::new()) };
    let own_province = own.has(PROVINCE.name) || batch.province.is_none();
    let faults = Faults::default();
    let province = if own_province {
        read_fields(&[&PROVINCE], &own, Notation::default(), &faults, Field::missing).province
    } else {
        batch.province.clone()
    };
    let place = Location::Line { line: number, pointer: String::new() };
    let row = RawRecord::open(&value, place, &faults).map(|raw| batch.read_row(0, &raw, &faults)).unwrap_or_default();
    Ok(LineRow { province, own_province, row, faults: faults.into_all() })
}

/// The windows of a stream.
#[derive(Debug)]
pub struct Windows<R> {
    lines: Lines<R>,
    of_all: BatchDefaults,
}

impl<R: BufRead> Windows<R> {
    /// Makes the windows of a stream from its reader and its common fields.
    pub fn new(reader: R, of_all: BatchDefaults) -> Windows<R> {
        Windows { lines: Lines { reader, line: Vec::new(), number: 0 }, of_all }
    }

    fn read(&mut self) -> io::Result<Window> {
        let mut window = Window::default();
        let mut found: HashMap<(String, bool), usize> = HashMap::new();
        for _ in 0..WINDOW {
            let Some((number, line)) = self.lines.next()? else { break };
            let LineRow { province, own_province, row, faults } = match line.and_then(|line| read_line(line, number, &self.of_all)) {
                Ok(read) => read,
                Err(fault) => {
                    window.unreadable.push(rejected(
                        number,
                        DraftRow::default(),
                        vec![fault.at(Location::Line { line: number, pointer: String::new() })],
                    ));
                    continue;
                }
            };
            let Some(province) = province else {
                window.unreadable.push(rejected(number, row, faults.into_iter().take(MOST_FAULTS_OF_LINE).collect()));
                continue;
            };
            let at = *found.entry((province.clone(), own_province)).or_insert(window.drafts.len());
            if at == window.drafts.len() {
                let layout = Layout::Lines { lines: Vec::new(), own_province };
                let draft = self.of_all.draft(Vec::new(), Some(layout), Vec::new());
                window.drafts.push(Draft { province: Some(province), ..draft });
            }
            append(&mut window.drafts[at], number, row, faults);
        }
        Ok(window)
    }
}

impl<R: BufRead> Iterator for Windows<R> {
    type Item = io::Result<Window>;

    fn next(&mut self) -> Option<io::Result<Window>> {
        self.read().map(|window| Some(window).filter(|window| !window.is_empty())).transpose()
    }
}

/// A figure as a line of a stream, with its printed precision, without its source document.
#[must_use]
pub fn line(observation: &Observation, indicator: &Indicator, claims: &[ClaimChange]) -> Value {
    let province = (PROVINCE.name.to_owned(), observation.series.province.clone().into());
    let row = ObservationFields::published(observation, indicator, claims);
    Value::Object([province].into_iter().chain(write_fields(ObservationFields::sent(), row)).collect())
}

/// A line without a readable province.
fn rejected(number: usize, row: DraftRow, errors: Vec<LocatedFault>) -> Line {
    let location = Some(Location::Line { line: number, pointer: String::new() });
    let DraftRow { row_ref, indicator, breakdown, period, calendar, says: content, .. } = row;
    let read = ReadRow { location, province: None, indicator, breakdown, period, calendar, content, ..ReadRow::default() };
    Line { number, submission: None, state: None, row: RowOutcome::rejected(row_ref, read, errors) }
}

/// Appends the row of one line to the draft, with its faults.
fn append(draft: &mut Draft, number: usize, row: DraftRow, faults: Vec<LocatedFault>) {
    let position = draft.rows.len();
    draft.rows.push(DraftRow { position, ..row });
    if let Some(Layout::Lines { lines, .. }) = &mut draft.layout {
        lines.push(number);
    }
    let more = (faults.len() > MOST_FAULTS_OF_LINE).then(|| {
        let LocatedFault { fault, .. } = json::more_faults();
        fault.at(Location::Line { line: number, pointer: String::new() })
    });
    let faults = faults.into_iter().take(MOST_FAULTS_OF_LINE).chain(more);
    draft.faults.extend(faults.map(|located| RowError { row: Some(position), located }));
}

/// A line with its number; a fault if the line is too long.
type Numbered<'l> = (usize, Result<&'l [u8], Fault>);

/// The non-empty lines of a stream.
#[derive(Debug)]
struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    /// The next line that is not blank, without its line end.
    fn next(&mut self) -> io::Result<Option<Numbered<'_>>> {
        loop {
            self.line.clear();
            let read = self.reader.by_ref().take(MOST_READ).read_until(b'\n', &mut self.line)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            let cut = u64::try_from(read).is_ok_and(|read| read == MOST_READ) && !self.line.ends_with(b"\n");
            if self.number == 1 && self.line.starts_with(BYTE_ORDER_MARK) {
                self.line.drain(..BYTE_ORDER_MARK.len());
            }
            let length = self.line.trim_ascii_end().len();
            if length > LONGEST_LINE || cut {
                if cut {
                    self.skip_rest()?;
                }
                let message = message!(
                    en: "the line is longer than {LONGEST_LINE} bytes; one row stands on each",
                    vi: "dòng dài quá {LONGEST_LINE} byte; mỗi dòng chỉ có một hàng số liệu"
                );
                return Ok(Some((self.number, Err(Fault::new(Code::LineTooLong, message)))));
            }
            if length > 0 {
                self.line.truncate(length);
                break;
            }
        }
        Ok(Some((self.number, Ok(&self.line))))
    }

    /// Skips the rest of a line without storing it.
    fn skip_rest(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let passed = end.map_or(buffer.len(), |end| end + 1);
            self.reader.consume(passed);
            if end.is_some() || passed == 0 {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of_all(fields: Value) -> Result<BatchDefaults, Vec<LocatedFault>> {
        let Value::Object(fields) = fields else { panic!("an object") };
        read_defaults(fields)
    }

    fn windows(text: &[u8], fields: Value) -> Vec<Window> {
        Windows::new(text, of_all(fields).unwrap()).map(Result::unwrap).collect()
    }

    #[test]
    fn lines_are_numbered_as_an_editor_shows_them() {
        let longest = " ".repeat(LONGEST_LINE - 2) + "{}";
        let read = |text: String| {
            let mut lines = Lines { reader: io::BufReader::with_capacity(7, io::Cursor::new(text)), line: Vec::new(), number: 0 };
            let mut found = Vec::new();
            while let Some((number, line)) = lines.next().unwrap() {
                found.push(format!("{number} {}", line.map_or_else(|fault| fault.code.to_string(), |line| line.len().to_string())));
            }
            found.join(", ")
        };
        for (text, expected, why) in [
            (String::new(), "", "nothing"),
            ("{}".into(), "1 2", "no end of the last line"),
            ("{}\n".into(), "1 2", "an end of the last line is not another line"),
            ("{}\n\n \t\r\n{ }\n\n".into(), "1 2, 4 3", "blank lines count and say nothing"),
            ("{}\r\n{}\r\n".into(), "1 2, 2 2", "line ends of Windows"),
            ("\u{feff}{}\n\u{feff}{}\n".into(), "1 2, 2 5", "a byte order mark is one at the beginning only"),
            ("\u{feff}\n{}".into(), "2 2", "nothing but a byte order mark is blank"),
            (format!("{longest}\r\n{{}}\n"), "1 65536, 2 2", "as long as may be"),
            (format!("\u{feff}{longest}\r\n{{}}\n"), "1 65536, 2 2", "the byte order mark is not of the line"),
            (format!("{longest} \n{{}}\n"), "1 65536, 2 2", "blanks at its end are not of the line"),
            (format!(" {longest}\n{{}}\n"), "1 line_too_long, 2 2", "a byte too long"),
            (format!("{{}}\n{longest}{longest}{longest}\n{{}}"), "1 2, 2 line_too_long, 3 2", "much too long"),
            (format!("{{}}\n{longest}{longest}"), "1 2, 2 line_too_long", "too long to the end"),
        ] {
            assert_eq!(read(text), expected, "{why}");
        }
    }

    #[test]
    fn rows_are_grouped_by_province_in_the_order_of_their_first() {
        let text = br#"{"indicator": "a", "value": 1, "province": "27"}
            {"indicator": "b", "value": 2}

            {"indicator": "c", "value": 3, "province": "27"}
            {"indicator": "d", "value": 4, "province": "24"}
            {"indicator": "e", "value": 5, "province": null}"#;

        let windows = windows(text, json!({"province": "24", "period": "2024-05", "mode": "partial", "source": {"title": "t"}}));

        let [window] = windows.as_slice() else { panic!("{windows:?}") };
        let told: Vec<String> = window
            .drafts
            .iter()
            .map(|draft| {
                let rows: Vec<String> =
                    draft.rows.iter().map(|row| format!("{}{}", row.indicator.as_ref().unwrap(), row.position)).collect();
                format!("{} {} {:?}", draft.province.as_ref().unwrap(), rows.join(" "), draft.layout.as_ref().unwrap().lines())
            })
            .collect();
        assert_eq!(told, ["27 a0 c1 [1, 4]", "24 b0 e1 [2, 6]", "24 d0 [5]"], "a province of the line's own is said at the line");
        assert!(window.drafts.iter().all(|draft| draft.mode == Mode::Partial && draft.source.title.as_deref() == Some("t")));
        assert!(window.drafts.iter().all(|draft| draft.faults.is_empty() && draft.rows.iter().all(|row| row.period.is_some())));
    }

    #[test]
    fn every_fault_is_named_at_its_line() {
        let long =
            format!(r#"{{"indicator": "a", "value": 1, {}}}"#, (0..30).map(|n| format!("\"x{n}\": 1")).collect::<Vec<_>>().join(", "));
        for (line, expected, why) in [
            ("{\"indicator\": \"a\", \"value\": 1, \"colour\": 1}", "unknown_field line 2, /colour", "an unknown field"),
            ("{\"value\": 1, \"status\": \"X\"}", "missing_field line 2, /indicator; invalid_value line 2, /status", "two faults"),
            (
                "{\"indicator\": \"a\", \"value\": 1, \"claims\": [{\"kind\": \"yoy\", \"value\": 1}]}",
                "invalid_value line 2, /claims/0/kind",
                "within",
            ),
            ("{\"indicator\": \"a\", \"value\": 1, \"province\": \"\"}", "invalid_text /province", "a blank province"),
            ("{\"indicator\": \"a\", \"value\": 1, \"province\": 24}", "wrong_type /province", "a province that is a number"),
            ("[]", "wrong_type line 2", "a list"),
            ("{\"indicator\": \"a\"", "malformed_json line 2", "cut off"),
            ("{\"value\": 1, \"value\": 1}", "malformed_json line 2", "a key twice"),
            ("{} {}", "malformed_json line 2", "two rows"),
        ] {
            let windows = windows(format!("\n{line}\n").as_bytes(), json!({"province": "24", "period": "2024-05", "mode": "partial"}));

            let of_drafts = windows[0].drafts.iter().flat_map(|draft| {
                let layout = draft.layout.clone().unwrap();
                draft
                    .faults
                    .iter()
                    .map(move |RowError { located, .. }| format!("{} {}", located.fault.code, layout.place(located.place.clone())))
            });
            let unreadable = windows[0].unreadable.iter().flat_map(|line| &line.row.errors);
            let faults: Vec<String> =
                of_drafts.chain(unreadable.map(|located| format!("{} {}", located.fault.code, located.place))).collect();
            assert_eq!(faults.join("; "), expected, "{why}");
        }
        let many = &windows(long.as_bytes(), json!({"province": "24", "period": "2024-05", "mode": "partial"}))[0].drafts[0];
        let codes: Vec<Code> = many.faults.iter().map(|error| error.located.fault.code).collect();
        assert_eq!((codes.len(), codes.last()), (MOST_FAULTS_OF_LINE + 1, Some(&Code::MoreFaults)));
    }

    #[test]
    fn what_is_not_json_is_named_without_a_line_of_its_own() {
        let fault = json::parse_line(b"{\"a\": }").unwrap_err();

        assert_eq!(fault.message.english(), "the line is not JSON: expected value at column 7");
    }

    #[test]
    fn a_window_ends_after_a_thousand_rows() {
        let text = "{\"indicator\": \"a\", \"value\": 1}\n\n".repeat(WINDOW * 2 + 1);

        let windows = windows(text.as_bytes(), json!({"province": "24", "period": "2024-05", "mode": "partial"}));

        let rows: Vec<usize> = windows.iter().map(|window| window.drafts.iter().map(|draft| draft.rows.len()).sum()).collect();
        assert_eq!(rows, [WINDOW, WINDOW, 1]);
        assert_eq!(windows[1].drafts[0].layout.as_ref().unwrap().lines().first(), Some(&(2 * WINDOW + 1)), "numbered through");
    }

    #[test]
    fn what_holds_for_all_lines_is_read_before_them() {
        for (fields, expected, why) in [
            (json!({"mode": "partial"}), "", "nothing more is needed"),
            (json!({"province": "24"}), "missing_parameter mode", "no mode"),
            (json!({"mode": "atomic"}), "invalid_value mode", "all or nothing"),
            (json!({"mode": "some"}), "invalid_value mode", "no mode at all"),
            (json!({"mode": "partial", "draft": true}), "invalid_value draft", "a draft"),
            (json!({"mode": "partial", "draft": false}), "", "no draft"),
            (
                json!({"mode": "partial", "province": "", "period": "May", "source": {"date": "gestern"}, "acknowledge": ["all"]}),
                "invalid_text province; invalid_period period; invalid_value acknowledge; invalid_date date",
                "all of them",
            ),
        ] {
            let faults = of_all(fields).err().unwrap_or_default();

            let faults: Vec<String> = faults.iter().map(|located| format!("{} {}", located.fault.code, located.place)).collect();
            assert_eq!(faults.join("; "), expected, "{why}");
        }
    }
}
