//! Files of other kinds than they were sent as, recognised by their first bytes, and how to save each as a file that is read.
//! The two readers, `csv` and `xlsx`, ask here before they read.

use crate::domain::message::{Message, message};

/// The first bytes of a zip, of an empty zip, and of the container of old Office files and of encrypted ones.
const ZIP: &[u8] = b"PK\x03\x04";
const EMPTY_ZIP: &[u8] = b"PK\x05\x06";
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Where the first entry of a zip has the length of its name, and where the name begins.
const NAME_LENGTH: usize = 26;
const NAME: usize = 30;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A zip: a workbook, unless its parts are of another kind.
    Zip,
    /// A workbook with a password.
    Protected,
    /// A workbook of Excel 2003 or older.
    OldWorkbook,
    /// A workbook of another program, such as `LibreOffice`.
    OpenDocument,
    /// A workbook as XML (Excel 2003).
    XmlWorkbook,
    /// A page of HTML, which programs like to name `.xls`.
    Html,
    /// A PDF.
    Pdf,
    /// A text of `RTF`.
    Rtf,
    /// A picture.
    Picture,
    /// Another archive than a zip.
    Archive,
    /// Text in UTF-16.
    Utf16,
    /// Text in UTF-8, or in an encoding with bytes for letters.
    Text,
    /// Bytes of no known kind.
    Unknown,
}

impl FileKind {
    /// Recognises a file.
    #[must_use]
    pub fn of(bytes: &[u8]) -> FileKind {
        let begins = |start: &[u8]| bytes.starts_with(start);
        if begins(ZIP) || begins(EMPTY_ZIP) {
            return if is_open_document(bytes) { FileKind::OpenDocument } else { FileKind::Zip };
        }
        if begins(COMPOUND) {
            let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            return if bytes.windows(name.len()).any(|part| part == name) { FileKind::Protected } else { FileKind::OldWorkbook };
        }
        // Excel 2 to 4: the record that begins a file.
        if [b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"].iter().any(|start| begins(*start)) {
            return FileKind::OldWorkbook;
        }
        if begins(b"%PDF-") {
            return FileKind::Pdf;
        }
        if begins(b"{\\rtf") {
            return FileKind::Rtf;
        }
        if begins(b"\x89PNG") || begins(b"\xff\xd8\xff") || begins(b"GIF8") {
            return FileKind::Picture;
        }
        if begins(b"\x1f\x8b") || begins(b"7z\xbc\xaf") || begins(b"Rar!") {
            return FileKind::Archive;
        }
        let first = &bytes[..bytes.len().min(4096)];
        if begins(b"\xff\xfe") || begins(b"\xfe\xff") || is_utf_16(first) {
            return FileKind::Utf16;
        }
        if first.contains(&0) { FileKind::Unknown } else { of_text(first) }
    }

    /// What the file is and the way out, for who sends it as a workbook; `None` for a zip.
    #[must_use]
    pub fn as_workbook(self) -> Option<Message> {
        Some(match self {
            FileKind::Zip => return None,
            FileKind::Text | FileKind::Utf16 => {
                message!(
                    en: "the file is a text such as CSV, and was sent as a workbook: give it the ending .csv, or open it in Excel and save it as \"Excel \
                 Workbook (.xlsx)\"",
                    vi: "tệp là văn bản như CSV nhưng được gửi như bảng tính: đặt đuôi .csv, hoặc mở bằng Excel và lưu thành \"Excel Workbook (.xlsx)\""
                )
            }
            other => other.not_read()?,
        })
    }

    /// What the file is and the way out, for who sends it as CSV; `None` for a text.
    #[must_use]
    pub fn as_csv(self) -> Option<Message> {
        Some(match self {
            FileKind::Text => return None,
            FileKind::Zip => {
                message!(
                    en: "the file is an Excel workbook, and was sent as CSV: give it the ending .xlsx, or open it in Excel and save it as \"CSV UTF-8\"",
                    vi: "tệp là bảng tính Excel nhưng được gửi như CSV: đặt đuôi .xlsx, hoặc mở bằng Excel và lưu thành \"CSV UTF-8\""
                )
            }
            FileKind::Utf16 => message!(
                en: "the file is a text in UTF-16 (\"Unicode Text\"): open it in Excel and save it as \"CSV UTF-8\"",
                vi: "tệp là văn bản UTF-16 (\"Unicode Text\"): mở bằng Excel và lưu thành \"CSV UTF-8\""
            ),
            other => other.not_read()?,
        })
    }

    /// A file of a kind that is not read at all.
    fn not_read(self) -> Option<Message> {
        Some(match self {
            FileKind::Protected => {
                message!(
                    en: "the workbook is protected by a password: open it in Excel, remove the password and save it as \"Excel Workbook (.xlsx)\"",
                    vi: "bảng tính có mật khẩu: mở bằng Excel, bỏ mật khẩu và lưu thành \"Excel Workbook (.xlsx)\""
                )
            }
            FileKind::OldWorkbook => {
                message!(
                    en: "the file is a workbook of Excel 2003 or older (.xls): open it in Excel and save it as \"Excel Workbook (.xlsx)\"",
                    vi: "tệp là bảng tính Excel 2003 hoặc cũ hơn (.xls): mở bằng Excel và lưu thành \"Excel Workbook (.xlsx)\""
                )
            }
            FileKind::OpenDocument => {
                message!(
                    en: "the file is an `OpenDocument` file (.ods): open it in LibreOffice and save it as \"Excel 2007-365 (.xlsx)\"",
                    vi: "tệp có định dạng `OpenDocument` (.ods): mở bằng LibreOffice và lưu thành \"Excel 2007-365 (.xlsx)\""
                )
            }
            FileKind::XmlWorkbook => {
                message!(
                    en: "the file is an XML spreadsheet of Excel 2003: open it in Excel and save it as \"Excel Workbook (.xlsx)\"",
                    vi: "tệp là bảng tính XML của Excel 2003: mở bằng Excel và lưu thành \"Excel Workbook (.xlsx)\""
                )
            }
            FileKind::Html => {
                message!(
                    en: "the file is a web page (HTML), even if its name ends in .xls: open it in Excel and save it as \"Excel Workbook (.xlsx)\"",
                    vi: "tệp là trang web (HTML), dù tên có đuôi .xls: mở bằng Excel và lưu thành \"Excel Workbook (.xlsx)\""
                )
            }
            FileKind::Pdf => message!(
                en: "the file is a PDF: send the workbook it was printed from, as \"Excel Workbook (.xlsx)\" or \"CSV UTF-8\"",
                vi: "tệp là PDF: gửi bảng tính gốc, lưu thành \"Excel Workbook (.xlsx)\" hoặc \"CSV UTF-8\""
            ),
            FileKind::Rtf => message!(
                en: "the file is a text document (RTF): copy the table to Excel and save it as \"Excel Workbook (.xlsx)\"",
                vi: "tệp là văn bản RTF: chép bảng sang Excel và lưu thành \"Excel Workbook (.xlsx)\""
            ),
            FileKind::Picture => message!(
                en: "the file is a picture: send the table itself, as \"Excel Workbook (.xlsx)\" or \"CSV UTF-8\"",
                vi: "tệp là ảnh: gửi chính bảng số liệu, lưu thành \"Excel Workbook (.xlsx)\" hoặc \"CSV UTF-8\""
            ),
            FileKind::Archive => message!(
                en: "the file is an archive: unpack it, and send the workbook or the CSV file in it",
                vi: "tệp là tệp nén: giải nén và gửi bảng tính hoặc tệp CSV bên trong"
            ),
            FileKind::Unknown => {
                message!(
                    en: "the file is neither an Excel workbook nor a text: open it in Excel and save it as \"Excel Workbook (.xlsx)\" or \"CSV UTF-8\"",
                    vi: "tệp không phải bảng tính Excel, cũng không phải văn bản: mở bằng Excel và lưu thành \"Excel Workbook (.xlsx)\" hoặc \"CSV UTF-8\""
                )
            }
            FileKind::Zip | FileKind::Text | FileKind::Utf16 => return None,
        })
    }
}

/// The first entry of an `OpenDocument` file is its media type.
fn is_open_document(bytes: &[u8]) -> bool {
    let length = bytes.get(NAME_LENGTH..NAME_LENGTH + 2).map_or(0, |length| usize::from(u16::from_le_bytes([length[0], length[1]])));
    let name = bytes.get(NAME..NAME + length).unwrap_or_default();
    let follows = &bytes[bytes.len().min(NAME + length)..];
    let follows = &follows[..follows.len().min(200)];
    name == b"mimetype" && follows.windows(12).any(|part| part == b"opendocument")
}

/// Text without a byte order mark in which every second byte is zero.
fn is_utf_16(first: &[u8]) -> bool {
    let zeros = |from: usize| first.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    first.len() >= 4 && even.max(odd) * 3 > first.len() && even.min(odd) == 0
}

fn of_text(first: &[u8]) -> FileKind {
    let text = String::from_utf8_lossy(first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first)).trim_start().to_ascii_lowercase();
    let html = ["<html", "<!doctype html", "<table", "<head", "<body", "<meta", "<style", "mime-version:"];
    if html.iter().any(|start| text.starts_with(start)) || text.starts_with("<?xml") && text.contains("<html") {
        return FileKind::Html;
    }
    if text.starts_with("<?xml") && text.contains("office:spreadsheet") {
        return FileKind::XmlWorkbook;
    }
    FileKind::Text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn a_file_says_what_it_is_and_how_to_save_it() {
        let compound = |name: &str| [COMPOUND, b" and so on ", &utf_16(name)].concat();
        let open_document =
            [b"PK\x03\x04", &[0; 22][..], b"\x08\x00\x00\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet"].concat();
        for (bytes, kind, as_workbook, as_csv) in [
            (b"PK\x03\x04 and so on".to_vec(), FileKind::Zip, "", "sent as CSV"),
            (b"PK\x05\x06".to_vec(), FileKind::Zip, "", "sent as CSV"),
            (open_document, FileKind::OpenDocument, ".ods", ".ods"),
            (compound("Workbook"), FileKind::OldWorkbook, ".xls", ".xls"),
            (b"\x09\x04\x06\x00\x00\x00\x10\x00".to_vec(), FileKind::OldWorkbook, ".xls", ".xls"),
            (compound("EncryptedPackage"), FileKind::Protected, "password", "password"),
            (b"%PDF-1.7\n%\xe2\xe3".to_vec(), FileKind::Pdf, "PDF", "PDF"),
            (b"\r\n<HTML><head>".to_vec(), FileKind::Html, "HTML", "HTML"),
            (b"\xef\xbb\xbf<table border=1>".to_vec(), FileKind::Html, "HTML", "HTML"),
            (b"MIME-Version: 1.0\nContent-Type: multipart/related".to_vec(), FileKind::Html, "HTML", "HTML"),
            (
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">".to_vec(),
                FileKind::XmlWorkbook,
                "2003",
                "2003",
            ),
            (b"{\\rtf1\\ansi".to_vec(), FileKind::Rtf, "RTF", "RTF"),
            (b"\x89PNG\r\n".to_vec(), FileKind::Picture, "picture", "picture"),
            (b"Rar!\x1a\x07".to_vec(), FileKind::Archive, "unpack", "unpack"),
            (b"a;b\n1;2".to_vec(), FileKind::Text, ".csv", ""),
            ("Mã;Số".into(), FileKind::Text, ".csv", ""),
            (b"M\xe3;S\xd4".to_vec(), FileKind::Text, ".csv", ""),
            ([b"\xff\xfe", &utf_16("Mã;Số")[..]].concat(), FileKind::Utf16, ".csv", "UTF-16"),
            (utf_16("indicator;value"), FileKind::Utf16, ".csv", "UTF-16"),
            (b"a;b\n1;\x00".to_vec(), FileKind::Unknown, "neither", "neither"),
        ] {
            let found = FileKind::of(&bytes);
            assert_eq!(found, kind, "{}", String::from_utf8_lossy(&bytes));
            for (message, part) in [(found.as_workbook(), as_workbook), (found.as_csv(), as_csv)] {
                assert_eq!(message.is_none(), part.is_empty(), "{kind:?}");
                assert!(message.as_ref().is_none_or(|message| message.english().contains(part)), "{kind:?}: {message:?}");
            }
        }
    }
}
