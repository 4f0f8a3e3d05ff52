//! The file of a workbook: a zip with XML parts, inflated up to limits and read event by event.
//! The meaning of the elements is in the other files of this folder.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesEnd, BytesStart, Event};
use quick_xml::reader::Reader;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::domain::fault::{Code, LocatedFault};
use crate::domain::message::{Message, message};
use crate::formats::foreign::FileKind;
use crate::formats::sheet::whole;

/// Limit of parts in a file: a workbook has a dozen, plus one for each picture.
const MOST_PARTS: usize = 1_000;
/// Limit of bytes in a sheet or in the formats: a million cells take 60 MB, and invisible formats take some more. Little of them is kept.
const MOST_OF_A_SHEET: u64 = 300 * 1024 * 1024;
/// Limit of bytes of the shared texts: they stay in memory while the sheet is read.
const MOST_OF_THE_TEXTS: u64 = 64 * 1024 * 1024;
/// Limit of bytes in any other part. Little of it is kept in memory.
const MOST_OF_A_PART: u64 = 16 * 1024 * 1024;
/// Limit of bytes between two angle brackets. The longest text that Excel writes is a quarter of it, and each is held in memory.
const MOST_OF_AN_EVENT: usize = 1024 * 1024;
/// Limit of XML events in a part: a million cells give five million, and as many again for empty cells with a format. An element may have
/// four bytes and compress to nearly none, and reading it takes longer than inflating it.
const MOST_PIECES: usize = 20_000_000;
/// Limit of nesting: Excel needs eight levels, and each open element is held in memory.
const DEEPEST: usize = 64;

/// The start of an entry in the directory of a zip.
const ENTRY: &[u8] = b"PK\x01\x02";

/// The file of a workbook.
pub struct Workbook<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
}

impl<'b> Workbook<'b> {
    /// Opens a file without inflating anything.
    ///
    /// # Errors
    /// `unreadable_file` with the actual kind of the file, `file_too_large` if it has too many parts.
    pub fn open(bytes: &'b [u8]) -> Result<Workbook<'b>, LocatedFault> {
        let unreadable = |message: Message| whole(Code::UnreadableFile, message);
        if bytes.is_empty() {
            return Err(unreadable(message!(en: "the file is empty", vi: "tệp trống")));
        }
        if let Some(message) = FileKind::of(bytes).as_workbook() {
            return Err(unreadable(message));
        }
        // Count the entries first: the zip reader keeps some hundred bytes per entry of 46 before the number of entries is known.
        if bytes.windows(ENTRY.len()).filter(|part| *part == ENTRY).count() > MOST_PARTS {
            return Err(whole(
                Code::FileTooLarge,
                message!(
                    en: "the workbook has more than {MOST_PARTS} parts: send the sheet alone",
                    vi: "bảng tính có hơn {MOST_PARTS} thành phần: chỉ gửi trang tính cần gửi"
                ),
            ));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
            unreadable(message!(
                en: "the file is cut off or damaged: open it in Excel, save it and send it again",
                vi: "tệp bị cắt hoặc bị hỏng: mở bằng Excel, lưu lại và gửi lại"
            ))
        })?;
        Ok(Workbook { archive })
    }

    /// Opens a part; `None` if it does not exist. Case does not matter (Open Packaging Conventions §6.2.2.3).
    ///
    /// # Errors
    /// `unreadable_file`.
    pub fn part(&mut self, path: &str, what: &'static str) -> Result<Option<Part<'_>>, LocatedFault> {
        let same = |name: &[u8]| {
            let plain = |byte: &u8| if *byte == b'\\' { b'/' } else { byte.to_ascii_lowercase() };
            name.iter().map(plain).eq(path.bytes().map(|byte| byte.to_ascii_lowercase()))
        };
        let Some(index) = self.archive.file_names_raw().position(same) else { return Ok(None) };
        let file = self.archive.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword => whole(
                Code::UnreadableFile,
                message!(
                    en: "the file is protected by a password: save it without",
                    vi: "tệp có mật khẩu: lưu lại không có mật khẩu"
                ),
            ),
            _ => damaged(what),
        })?;
        let most = match what {
            "the sheet" | "the formats" => MOST_OF_A_SHEET,
            "the texts" => MOST_OF_THE_TEXTS,
            _ => MOST_OF_A_PART,
        };
        let bounded = Bounded { inflated: BufReader::with_capacity(64 * 1024, Box::new(file)), left: most, of_event: 0, over: false };
        let mut reader = Reader::from_reader(bounded);
        reader.config_mut().expand_empty_elements = true;
        Ok(Some(Part { reader, what, depth: 0, pieces: MOST_PIECES }))
    }
}

/// The remaining bytes that a part may inflate to. The sizes declared in a zip are ignored, because they may be wrong.
struct Bounded<'p> {
    inflated: BufReader<Box<dyn Read + 'p>>,
    left: u64,
    of_event: usize,
    over: bool,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let read = available.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Bounded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 || self.of_event > MOST_OF_AN_EVENT {
            self.over = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.inflated.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.of_event += amount;
        self.inflated.consume(amount);
    }
}

/// A part during reading.
pub struct Part<'p> {
    reader: Reader<Bounded<'p>>,
    what: &'static str,
    depth: usize,
    /// The remaining number of events.
    pieces: usize,
}

/// An XML event of a part.
pub enum XmlEvent<'e> {
    /// The start of an element. An empty element has a start and an end.
    Begin(Element<'e>),
    /// The end of an element.
    End(BytesEnd<'e>),
    /// A run of text. An entity and a CDATA section are separate runs.
    Text(Cow<'e, str>),
    /// An event without meaning in any part.
    Other,
}

impl<'e> XmlEvent<'e> {
    /// The element that starts here.
    pub fn begins(self) -> Option<Element<'e>> {
        if let XmlEvent::Begin(element) = self { Some(element) } else { None }
    }
}

impl Part<'_> {
    /// The next event; `None` at the end.
    ///
    /// # Errors
    /// `unreadable_file` if it is no XML, is cut off, or declares its own entities; `file_too_large`.
    pub fn next<'e>(&mut self, buffer: &'e mut Vec<u8>) -> Result<Option<XmlEvent<'e>>, LocatedFault> {
        buffer.clear();
        self.reader.get_mut().of_event = 0;
        let what = self.what;
        self.pieces = self.pieces.checked_sub(1).ok_or_else(|| too_large(what))?;
        let event = match self.reader.read_event_into(buffer) {
            Ok(event) => event,
            Err(_) if self.reader.get_ref().over => return Err(too_large(what)),
            Err(_) => return Err(damaged(what)),
        };
        Ok(Some(match event {
            Event::Start(start) => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(damaged(what));
                }
                XmlEvent::Begin(Element { start, what })
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                XmlEvent::End(end)
            }
            Event::Text(text) => XmlEvent::Text(text.xml10_content()),
            Event::CData(text) => XmlEvent::Text(text.xml10_content()),
            Event::GeneralRef(entity) => XmlEvent::Text(match entity.resolve_char_ref().map_err(|_| damaged(what))? {
                Some(character) => Cow::Owned(character.to_string()),
                None => Cow::Borrowed(resolve_xml_entity(&entity).ok_or_else(|| damaged(what))?),
            }),
            // No spreadsheet writes a document type. It could declare entities that expand without limit or read files of the server.
            Event::DocType(_) => return Err(damaged(what)),
            Event::Eof if self.depth > 0 => return Err(damaged(what)),
            Event::Eof => return Ok(None),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => XmlEvent::Other,
        }))
    }
}

/// An element of a part.
pub struct Element<'e> {
    start: BytesStart<'e>,
    what: &'static str,
}

impl Element<'_> {
    /// The local name, without a prefix.
    pub fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// An attribute by its local name.
    ///
    /// # Errors
    /// `unreadable_file`.
    pub fn attribute(&self, name: &str) -> Result<Option<Cow<'_, str>>, LocatedFault> {
        for attribute in self.start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| damaged(self.what))?;
            if attribute.key.local_name().into_inner() == name {
                return attribute.normalized_value(XmlVersion::Implicit1_0).map(Some).map_err(|_| damaged(self.what));
            }
        }
        Ok(None)
    }

    /// Whether an attribute says yes.
    ///
    /// # Errors
    /// `unreadable_file`.
    pub fn is_true(&self, name: &str) -> Result<bool, LocatedFault> {
        Ok(self.attribute(name)?.is_some_and(|text| matches!(&*text, "1" | "true" | "on")))
    }

    /// Whether an attribute says no.
    ///
    /// # Errors
    /// `unreadable_file`.
    pub fn is_false(&self, name: &str) -> Result<bool, LocatedFault> {
        Ok(self.attribute(name)?.is_some_and(|text| matches!(&*text, "0" | "false" | "off")))
    }

    /// The text of an attribute; empty if it is absent.
    ///
    /// # Errors
    /// `unreadable_file`.
    pub fn text_of(&self, name: &str) -> Result<String, LocatedFault> {
        Ok(self.attribute(name)?.unwrap_or_default().into_owned())
    }
}

/// The fault for a damaged part.
pub fn damaged(what: &str) -> LocatedFault {
    let part = in_words(what);
    whole(
        Code::UnreadableFile,
        message!(
            en: "the file is damaged: {part} in it cannot be read; open it in Excel, save it and send it again",
            vi: "tệp bị hỏng: không đọc được {part}; mở bằng Excel, lưu lại và gửi lại"; part
        ),
    )
}

/// A part of a workbook in a sentence.
fn in_words(what: &str) -> Message {
    let vietnamese = match what {
        "the sheet" => "trang tính",
        "the formats" => "định dạng",
        "the texts" => "văn bản",
        "the list of parts" => "danh mục thành phần",
        _ => "sổ tính",
    };
    Message::new(what, vietnamese)
}

fn too_large(what: &str) -> LocatedFault {
    let part = in_words(what);
    whole(
        Code::FileTooLarge,
        message!(
            en: "{part} of the workbook inflates to more than is read: send the table alone, in several files",
            vi: "{part} của bảng tính giải nén ra quá lớn: chỉ gửi bảng số liệu, chia thành nhiều tệp"; part
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_part_of_too_many_pieces_is_refused() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("XL/a.xml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<a><b/></a>").unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        let mut workbook = Workbook::open(&bytes).unwrap();
        let mut part = workbook.part("xl/A.xml", "the sheet").unwrap().unwrap();
        part.pieces = 3;

        let mut buffer = Vec::new();
        for _ in 0..3 {
            assert!(part.next(&mut buffer).unwrap().is_some());
        }
        assert_eq!(part.next(&mut buffer).err().unwrap().fault.code, Code::FileTooLarge);
    }
}
