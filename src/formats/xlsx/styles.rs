//! The formats of a workbook: the number format of each cell style, and of each conditional format.
//! The meaning of a number format is in `format`.

use std::collections::HashMap;

use super::format::Format;
use super::parts::{Element, Part, XmlEvent};
use crate::domain::fault::LocatedFault;

/// Limit of styles: Excel takes 65,490, and programs that make one for each cell some hundred thousand. Further ones are not known.
const MOST_STYLES: usize = 1_000_000;
/// Limit of number formats of its own in a workbook: Excel takes some hundred.
const MOST_FORMATS: usize = 10_000;

/// The places of two formats that are always there.
const GENERAL: usize = 0;
const UNKNOWN: usize = 1;

/// The number formats of the styles of cells.
#[derive(Debug)]
pub struct Formats {
    /// The place of the format of each style.
    styles: Vec<u32>,
    known: Vec<Format>,
    /// The place of the format of each conditional format that has one.
    conditional: Vec<Option<u32>>,
}

impl Default for Formats {
    fn default() -> Formats {
        Formats { styles: Vec::new(), conditional: Vec::new(), known: vec![Format::general(), Format::unknown()] }
    }
}

impl Formats {
    /// Reads the part with the formats.
    ///
    /// # Errors
    /// `unreadable_file`, `file_too_large`.
    pub fn read(mut part: Part<'_>) -> Result<Formats, LocatedFault> {
        let mut read = Formats::default();
        let mut places: HashMap<u32, u32> = HashMap::new();
        // Styles that cells inherit from: the number format of each.
        let mut parents = Vec::new();
        let mut list = String::new();
        let mut buffer = Vec::new();
        while let Some(piece) = part.next(&mut buffer)? {
            let element = match piece {
                XmlEvent::Begin(element) => element,
                XmlEvent::End(end) if end.local_name().into_inner() == list => {
                    list.clear();
                    continue;
                }
                _ => continue,
            };
            match (list.as_str(), element.name()) {
                (_, name @ ("numFmts" | "cellStyleXfs" | "cellXfs" | "dxfs")) => name.clone_into(&mut list),
                ("dxfs", "dxf") if read.conditional.len() < MOST_STYLES => read.conditional.push(None),
                ("dxfs", "numFmt") => {
                    let mut at = place(UNKNOWN);
                    if read.known.len() < MOST_FORMATS {
                        at = place(read.known.len());
                        read.known.push(Format::of_code(&element.attribute("formatCode")?.unwrap_or_default()));
                    }
                    read.conditional.last_mut().into_iter().for_each(|last| *last = Some(at));
                }
                ("numFmts", "numFmt") if read.known.len() < MOST_FORMATS => {
                    let code = element.attribute("formatCode")?.unwrap_or_default();
                    if let Some(id) = number(&element, "numFmtId")? {
                        places.insert(id, place(read.known.len()));
                        read.known.push(Format::of_code(&code));
                    }
                }
                ("cellStyleXfs", "xf") if parents.len() < MOST_STYLES => parents.push(number(&element, "numFmtId")?.unwrap_or_default()),
                ("cellXfs", "xf") if read.styles.len() < MOST_STYLES => {
                    let parent = || Ok(number(&element, "xfId")?.and_then(|parent| parents.get(parent as usize)).copied());
                    let id = match number(&element, "numFmtId")? {
                        Some(id) => id,
                        None => parent()?.unwrap_or_default(),
                    };
                    let at = places.get(&id).copied().unwrap_or_else(|| read.built_in(id, &mut places));
                    read.styles.push(at);
                }
                _ => {}
            }
        }
        Ok(read)
    }

    /// The place of a format that the file does not declare.
    fn built_in(&mut self, id: u32, places: &mut HashMap<u32, u32>) -> u32 {
        let format = Format::built_in(id);
        if format == Format::unknown() {
            return place(UNKNOWN);
        }
        let at = place(self.known.len());
        self.known.push(format);
        places.insert(id, at);
        at
    }

    /// The number format of a conditional format; `None` if it has none, and changes the colour at most.
    pub fn conditional(&self, id: &str) -> Option<&Format> {
        match id.parse::<usize>().ok().and_then(|id| self.conditional.get(id)) {
            Some(at) => at.map(|at| &self.known[at as usize]),
            // One of those that were not kept.
            None => (self.conditional.len() == MOST_STYLES).then(|| &self.known[UNKNOWN]),
        }
    }

    /// The format of a style; that of a cell without a style is General, or the first.
    pub fn get(&self, style: Option<&str>) -> &Format {
        let style = match style.map(str::parse::<usize>) {
            None => 0,
            Some(Ok(style)) => style,
            Some(Err(_)) => return &self.known[UNKNOWN],
        };
        let at = match self.styles.get(style) {
            Some(at) => *at as usize,
            None if style == 0 => GENERAL,
            None => UNKNOWN,
        };
        &self.known[at]
    }
}

fn number(element: &Element<'_>, name: &str) -> Result<Option<u32>, LocatedFault> {
    Ok(element.attribute(name)?.and_then(|id| id.parse().ok()))
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
