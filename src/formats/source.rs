//! The source document of figures, targets and decisions: its fields, and the reader of its object.
//! Figures, targets and decisions have readers of their own.

use serde_json::Value;

use super::fields::field::{Field, names, read as read_fields};
use super::fields::kinds;
use super::fields::record::RawRecord;
use super::fields::schema::Fields;
use super::json::Faults;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::Location;
use crate::domain::number::notation::Notation;

static TITLE: Field<Source> = Field::new("title", &kinds::Text(300, |source: &mut Source| &mut source.title), "Title");
static NUMBER: Field<Source> =
    Field::new("number", &kinds::Text(100, |source: &mut Source| &mut source.number), "Number; a draft has none");
static ISSUED: Field<Source> = Field::new("date", &kinds::Date(|source: &mut Source| &mut source.date), "Day of issue");

impl Fields for Source {
    const FIELDS: &'static [&'static Field<Source>] = &[&TITLE, &NUMBER, &ISSUED];
    const REQUEST: (&'static str, &'static str) = ("NewSource", "A source document.");
}

/// Reads a source that stands at a pointer.
pub(super) fn read_source(source: &Value, pointer: String, notation: Notation, faults: &Faults) -> Source {
    let Some(raw) = RawRecord::open(source, Location::Pointer(pointer), faults) else { return Source::default() };
    let read = read_fields(Source::FIELDS, &raw, notation, faults, Field::missing);
    raw.note_unknown(&names(Source::FIELDS), faults);
    read
}
