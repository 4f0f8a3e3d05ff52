//! A record as it arrives, the members of a JSON object, parameters or a row of a file: its values by field, and where each stands.
//! How the values are read is declared in `field`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::raw::Raw;
use crate::domain::fault::{Fault, Location};
use crate::domain::submission::draft::Shown;
use crate::formats::json::{self, Faults};
use crate::formats::sheet::{Column, Row};

/// The column of each field, with its place among the cells of a row.
pub type Columns<'s> = BTreeMap<&'static str, (usize, &'s Column)>;

/// A record as it arrives.
#[derive(Debug)]
pub enum RawRecord<'r> {
    /// The members of a JSON object.
    Members {
        /// The members.
        members: &'r Map<String, Value>,
        /// Where the object stands: at a pointer into the body, or in a line.
        place: Location,
    },
    /// Parameters beside a file or a stream; those of the source are members of one of their own.
    Parameters {
        /// The parameters by name.
        members: &'r Map<String, Value>,
        /// The cells of the file that give a value in place of a parameter.
        cells: &'r BTreeMap<&'static str, Location>,
    },
    /// A row of a file.
    Cells {
        /// The row.
        row: &'r Row,
        /// The columns of the file.
        columns: &'r Columns<'r>,
    },
}

impl<'r> RawRecord<'r> {
    /// Opens a JSON object; notes a fault where the value is something else.
    pub fn open(value: &'r Value, place: Location, faults: &Faults) -> Option<RawRecord<'r>> {
        match json::object(value) {
            Ok(members) => Some(RawRecord::Members { members, place }),
            Err(fault) => {
                faults.note_at(place, fault);
                None
            }
        }
    }

    /// The value of a field; `null` and an empty cell count as absent.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<Raw<'r>> {
        match self {
            RawRecord::Members { members, .. } | RawRecord::Parameters { members, .. } => {
                members.get(field).filter(|value| !value.is_null()).map(Raw::Json)
            }
            RawRecord::Cells { row, columns, .. } => {
                columns.get(field).and_then(|(at, _)| row.cells.get(*at)).filter(|cell| !cell.is_empty()).map(Raw::Cell)
            }
        }
    }

    /// What the number cell of a field shows besides its number.
    #[must_use]
    pub fn shown(&self, field: &str) -> Option<Shown> {
        match self.get(field)? {
            Raw::Cell(cell) => cell.shown().cloned(),
            Raw::Json(_) => None,
        }
    }

    /// Whether a field has a value, even one that cannot be read.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    /// Where the record itself stands.
    #[must_use]
    pub fn place(&self) -> Location {
        match self {
            RawRecord::Members { place, .. } => place.clone(),
            RawRecord::Parameters { .. } => Location::Request,
            RawRecord::Cells { .. } => self.place_of("indicator", ""),
        }
    }

    /// Where a field stands; `within` is the end of a pointer that leads into its value, which a parameter and a cell have none of. A field
    /// that has no column stands where the indicator does.
    #[must_use]
    pub fn place_of(&self, field: &str, within: &str) -> Location {
        match self {
            RawRecord::Members { place, .. } => into(place, &format!("{}{within}", json::pointer("", field))),
            RawRecord::Parameters { cells, .. } => cells.get(field).cloned().unwrap_or_else(|| Location::Parameter(field.to_owned())),
            RawRecord::Cells { row, columns, .. } => {
                let column = columns.get(field).or_else(|| columns.get("indicator"));
                Location::Cell { row: row.number, column: column.map_or(0, |(_, column)| column.index) }
            }
        }
    }

    /// Opens an object within a field.
    pub(super) fn open_within(&self, value: &'r Value, field: &str, within: &str, faults: &Faults) -> Option<RawRecord<'r>> {
        let place = self.place_of(field, within);
        match (self, value) {
            // Each of its members is a parameter of its own.
            (RawRecord::Parameters { cells, .. }, Value::Object(members)) => Some(RawRecord::Parameters { members, cells }),
            _ => RawRecord::open(value, place, faults),
        }
    }

    /// Notes the members of a JSON object that are none of its fields.
    pub fn note_unknown(&self, fields: &[&'static str], faults: &Faults) {
        if let RawRecord::Members { members, .. } = self {
            json::unknown(members, fields).for_each(|(name, fault)| faults.note_at(self.place_of(name, ""), fault));
        }
    }

    /// Notes a fault of a field.
    pub fn note(&self, field: &str, fault: Fault, faults: &Faults) {
        faults.note_at(self.place_of(field, ""), fault);
    }
}

/// The place that a pointer leads to from another.
fn into(place: &Location, pointer: &str) -> Location {
    match place {
        Location::Pointer(start) => Location::Pointer(format!("{start}{pointer}")),
        Location::Line { line, pointer: start } => Location::Line { line: *line, pointer: format!("{start}{pointer}") },
        other => other.clone(),
    }
}
