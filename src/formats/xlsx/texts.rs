//! The texts that the cells of a workbook share, and how text stands in any of its parts.
//! Which cell has which is for `cells`.

use std::borrow::Cow;

use super::parts::{Part, XmlEvent};
use crate::domain::fault::{Code, LocatedFault};
use crate::formats::sheet::{MOST_CELLS, MOST_CHARACTERS, whole};

/// Where a text is cut that no cell may have anyway: the longest that is allowed is shorter, in any letters.
const CUT: usize = 4 * (MOST_CHARACTERS + 1) + 4;

/// The texts that cells share, one after another.
#[derive(Debug, Default)]
pub struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Reads the part that holds them.
    ///
    /// # Errors
    /// `unreadable_file`, `file_too_large`.
    pub fn read(mut part: Part<'_>) -> Result<Texts, LocatedFault> {
        let mut texts = Texts::default();
        let mut item = Item::default();
        let mut buffer = Vec::new();
        while let Some(piece) = part.next(&mut buffer)? {
            let ends = matches!(&piece, XmlEvent::End(end) if end.local_name().into_inner() == "si");
            item.take(piece);
            if !ends {
                continue;
            }
            if texts.ends.len() == MOST_CELLS {
                return Err(whole(Code::FileTooLarge, format!("the workbook has more than {MOST_CELLS} texts: send the sheet alone")));
            }
            texts.text.push_str(&item.text());
            texts.ends.push(texts.text.len());
            item.clear();
        }
        Ok(texts)
    }

    /// The text of a number that a cell names.
    pub fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[begin..end])
    }
}

/// A text that is put together from the pieces inside an element: runs of letters in different fonts, without how they are spoken.
#[derive(Debug, Default)]
pub struct Item {
    text: String,
    inside: bool,
    spoken: bool,
}

impl Item {
    /// Takes the next piece inside the element.
    pub fn take(&mut self, piece: XmlEvent<'_>) {
        match piece {
            XmlEvent::Begin(element) => match element.name() {
                "t" | "v" => self.inside = true,
                "rPh" => self.spoken = true,
                _ => {}
            },
            XmlEvent::End(end) => match end.local_name().into_inner() {
                "t" | "v" => self.inside = false,
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

    /// What stands there, as it is written in XML.
    pub fn written(&self) -> &str {
        &self.text
    }

    /// What stands there, as it is meant: characters that XML cannot hold are written `_x000D_`.
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

    /// Begins anew.
    pub fn clear(&mut self) {
        self.text.clear();
        self.inside = false;
        self.spoken = false;
    }
}

/// The character that stands at the beginning as `_x` with four hexadecimal digits and `_`.
fn escaped(text: &str) -> Option<char> {
    let digits = text.get(2..6).filter(|_| text[6..].starts_with('_'))?;
    let digits = Some(digits).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}
