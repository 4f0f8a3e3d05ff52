//! Conditional formats: number formats, data bars and icons that show a cell otherwise where a condition holds.
//! The conditions are not judged: a cell is doubtful if one of its conditional formats could show something else than its value.

use super::format::{Format, Showing};
use super::number::Digits;
use super::parts::{Element, damaged};
use super::range::{SHEET_COLUMNS, SHEET_ROWS, parse_name};
use super::styles::Formats;
use crate::domain::fault::LocatedFault;
use crate::domain::message::Message;
use crate::formats::cell::{Cell, Shown};
use crate::formats::sheet::Table;

/// Limit of different number formats of one group of conditional formats: a sheet has some. Beyond it no format is known.
const MOST_FORMATS: usize = 64;
/// Limit of bytes in the list of ranges of a group, which stays in memory.
const MOST_OF_RANGES: usize = 1024 * 1024;

static OTHERWISE: Message = Message::fixed(
    "a conditional format of the cell can show something else than its value: remove the conditional format, and check the value",
    "định dạng có điều kiện của ô có thể hiển thị khác giá trị của ô: bỏ định dạng có điều kiện và kiểm tra lại giá trị",
);
static HIDDEN: Message = Message::fixed(
    "a conditional format of the cell shows a bar or an icon without its number: let it show the number too, and check the number",
    "định dạng có điều kiện của ô chỉ hiện thanh hoặc biểu tượng, không hiện số: cho hiện cả số và kiểm tra lại",
);

/// A group of conditional formats of the same cells.
#[derive(Default)]
pub struct Conditional {
    /// The cells, as ranges such as `A1:B9 C3`.
    ranges: String,
    /// Whether the text is that of the ranges.
    in_ranges: bool,
    /// Whether a bar or an icon stands in place of the number.
    hides: bool,
    formats: Vec<Format>,
}

impl Conditional {
    /// Begins a group. Those of newer versions of Excel have their ranges at the end.
    ///
    /// # Errors
    /// `unreadable_file`.
    pub fn begin(element: &Element<'_>) -> Result<Conditional, LocatedFault> {
        Ok(Conditional { ranges: element.text_of("sqref")?, ..Conditional::default() })
    }

    /// Takes an element of the group.
    ///
    /// # Errors
    /// `unreadable_file`.
    pub fn take_element(&mut self, element: &Element<'_>, formats: &Formats) -> Result<(), LocatedFault> {
        match element.name() {
            "cfRule" => {
                if let Some(format) = element.attribute("dxfId")?.and_then(|id| formats.conditional(&id)) {
                    self.add(format);
                }
            }
            "dataBar" | "iconSet" => self.hides |= element.is_false("showValue")?,
            "numFmt" => self.add(&Format::of_code(&element.text_of("formatCode")?)),
            "sqref" => self.in_ranges = true,
            _ => {}
        }
        Ok(())
    }

    fn add(&mut self, format: &Format) {
        let format = if self.formats.len() < MOST_FORMATS { format.clone() } else { Format::unknown() };
        if !self.formats.contains(&format) {
            self.formats.push(format);
        }
    }

    /// Ends an element of the group.
    pub fn end(&mut self, name: &str) {
        self.in_ranges &= name != "sqref";
    }

    /// Takes a text within the group.
    ///
    /// # Errors
    /// `unreadable_file` for a list of ranges without end.
    pub fn take_text(&mut self, text: &str) -> Result<(), LocatedFault> {
        if self.in_ranges {
            self.ranges.push_str(text);
        }
        if self.ranges.len() > MOST_OF_RANGES { Err(damaged("the sheet")) } else { Ok(()) }
    }

    /// Makes the cells of the group faulty that it could show otherwise.
    ///
    /// # Errors
    /// `file_too_large` if groups overlap without end.
    pub fn apply(&self, table: &mut Table) -> Result<(), LocatedFault> {
        if !self.hides && self.formats.is_empty() {
            return Ok(());
        }
        for range in self.ranges.split_whitespace() {
            let (first, last) = range.split_once(':').unwrap_or((range, range));
            // A range of whole columns or rows, such as `A:C`, is taken for the sheet.
            let ends = parse_name(first).zip(parse_name(last)).unwrap_or(((1, 0), (SHEET_ROWS, SHEET_COLUMNS - 1)));
            table.doubt(ends, self.formats.len() + 1, |cell| self.doubt(cell))?;
        }
        Ok(())
    }

    /// Why the group could show a cell otherwise.
    fn doubt(&self, cell: &Cell) -> Option<&'static Message> {
        let shows = |is_same: &dyn Fn(&Format) -> bool| self.formats.iter().all(is_same);
        match cell {
            Cell::Number(_) | Cell::Date(..) if self.hides => Some(&HIDDEN),
            Cell::Number(number) => {
                let number = Digits::parse(&number.digits)?;
                let is_same = |format: &Format| matches!(format.show(&number), Ok(Showing::Number(None | Some(Shown { unit: None, .. }))));
                (!shows(&is_same)).then_some(&OTHERWISE)
            }
            Cell::Date(_, part) => (!shows(&|format| format.show(&Digits::one()) == Ok(Showing::Date(*part)))).then_some(&OTHERWISE),
            Cell::Text(_) => (!shows(&|format| format.show_text().is_ok())).then_some(&OTHERWISE),
            Cell::Empty | Cell::Flag(_) | Cell::Faulty { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
