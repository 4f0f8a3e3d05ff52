//! The shared texts of a workbook, and the reading of text in any part.
//! The cells that use them are in `cells`.

use std::borrow::Cow;

use super::parts::{Part, XmlEvent};
use crate::domain::fault::{Code, LocatedFault};
use crate::domain::message::message;
use crate::formats::sheet::{MOST_CELLS, MOST_CHARACTERS, whole};

/// The length at which a text is cut: longer than any allowed text in any script, so a cut text is always refused.
const CUT: usize = 4 * (MOST_CHARACTERS + 1) + 4;

/// The shared texts, joined.
#[derive(Debug, Default)]
pub struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Reads the part with the shared texts.
    ///
    /// # Errors
    /// `unreadable_file`, `file_too_large`.
    pub fn read(mut part: Part<'_>) -> Result<Texts, LocatedFault> {
        let mut texts = Texts::default();
        let mut item = Item::of("t");
        let mut buffer = Vec::new();
        while let Some(piece) = part.next(&mut buffer)? {
            let ends = matches!(&piece, XmlEvent::End(end) if end.local_name().into_inner() == "si");
            item.take(piece);
            if !ends {
                continue;
            }
            if texts.ends.len() == MOST_CELLS {
                return Err(whole(
                    Code::FileTooLarge,
                    message!(
                        en: "the workbook has more than {MOST_CELLS} texts: send the sheet alone",
                        vi: "bảng tính có hơn {MOST_CELLS} đoạn văn bản: chỉ gửi trang tính cần gửi"
                    ),
                ));
            }
            texts.text.push_str(&item.text());
            texts.ends.push(texts.text.len());
            item.clear();
        }
        Ok(texts)
    }

    /// The text with a number.
    pub fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[begin..end])
    }
}

/// The text of an element, joined from runs in different fonts, without phonetic hints.
#[derive(Debug)]
pub struct Item {
    /// The name of the elements with the text.
    name: &'static str,
    text: String,
    inside: bool,
    spoken: bool,
}

impl Item {
    /// An empty text of the elements with a name: `t` in texts, `v` in other cells. The other name counts for nothing there.
    pub fn of(name: &'static str) -> Item {
        Item { name, text: String::new(), inside: false, spoken: false }
    }

    /// Adds the next event inside the element.
    pub fn take(&mut self, piece: XmlEvent<'_>) {
        match piece {
            XmlEvent::Begin(element) => match element.name() {
                name if name == self.name => self.inside = true,
                "rPh" => self.spoken = true,
                _ => {}
            },
            XmlEvent::End(end) => match end.local_name().into_inner() {
                name if name == self.name => self.inside = false,
                "rPh" => self.spoken = false,
                _ => {}
            },
            XmlEvent::Text(text) if self.inside && !self.spoken => {
                let room = CUT.saturating_sub(self.text.len());
                let end = text.char_indices().map(|(at, sign)| at + sign.len_utf8()).take_while(|end| *end <= room).last();
                self.text.push_str(&text[..end.unwrap_or_default()]);
            }
            XmlEvent::Text(_) | XmlEvent::Other => {}
        }
    }

    /// The text as written in XML.
    pub fn written(&self) -> &str {
        &self.text
    }

    /// The text with escapes decoded: characters that XML cannot hold are written as `_x000D_`.
    pub fn text(&self) -> Cow<'_, str> {
        if !self.text.contains("_x") {
            return Cow::Borrowed(&self.text);
        }
        let mut meant = String::with_capacity(self.text.len());
        let mut rest = &self.text[..];
        while let Some(at) = rest.find("_x") {
            let (before, from) = rest.split_at(at);
            meant.push_str(before);
            let (character, length) = escaped(from).map_or(('_', 1), |character| (character, 7));
            meant.push(character);
            rest = &from[length..];
        }
        meant.push_str(rest);
        Cow::Owned(meant)
    }

    /// Clears the text.
    pub fn clear(&mut self) {
        self.text.clear();
        self.inside = false;
        self.spoken = false;
    }
}

/// The character at the start of a text, written as `_x`, four hexadecimal digits and `_`.
fn escaped(text: &str) -> Option<char> {
    let digits = text.get(2..6).filter(|_| text[6..].starts_with('_'))?;
    let digits = Some(digits).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}
