//! Fields: name, kind of value, column and description of each, and the reader and the writer of a record.
//! The kinds of values are in `kinds`, the schemas for the document in `schema`.

use serde_json::{Map, Value};
use utoipa::openapi::{RefOr, Schema};

use super::raw::Raw;
use super::record::RawRecord;
use crate::domain::fault::Fault;
use crate::domain::number::decimal::NumberLocale;
use crate::domain::number::notation::Notation;
use crate::formats::json::Faults;

/// A field of the record `R`.
pub struct Field<R: 'static> {
    /// Its name in JSON; a column may have it as well.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: &'static dyn ValueKind<R>,
    /// Its meaning, for clients.
    pub about: &'static str,
    /// Its meaning in an answer, if it differs there.
    pub about_sent: Option<&'static str>,
    /// An example, for clients.
    pub example: Option<&'static str>,
    /// Whether a request has to have it.
    pub required: bool,
    /// Whether an answer always has it.
    pub always_sent: bool,
    /// Whether it is a part of a figure, so that a row without a figure may not have it.
    pub of_figure: bool,
    /// Its column in a file, where it has one.
    pub column: Option<Column>,
}

/// A column of a file of figures.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The field.
    pub field: &'static str,
    /// Its names besides that of the field; templates have the first.
    pub names: &'static [&'static str],
    /// How many characters wide it is in a template; `None` leaves it out.
    pub width: Option<u16>,
    /// The scope of its cells.
    pub belongs_to: BelongsTo,
}

/// The scope of the cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BelongsTo {
    /// The row: a field of it.
    Row,
    /// The batch: all rows have the same.
    Batch,
    /// Neither: it informs the clerk who fills the file in.
    Information,
}

impl<R> Field<R> {
    /// A field that may be absent.
    pub const fn new(name: &'static str, kind: &'static dyn ValueKind<R>, about: &'static str) -> Field<R> {
        Field { name, kind, about, about_sent: None, example: None, required: false, always_sent: false, of_figure: false, column: None }
    }

    /// The same, needed in a request.
    #[must_use]
    pub const fn required(self) -> Field<R> {
        Field { required: true, ..self }
    }

    /// The same, there in every answer.
    #[must_use]
    pub const fn always_sent(self) -> Field<R> {
        Field { always_sent: true, ..self }
    }

    /// The same, a part of a figure.
    #[must_use]
    pub const fn of_figure(self) -> Field<R> {
        Field { of_figure: true, ..self }
    }

    /// The same, described otherwise in an answer.
    #[must_use]
    pub const fn sent_as(self, about: &'static str) -> Field<R> {
        Field { about_sent: Some(about), ..self }
    }

    /// The same, with an example.
    #[must_use]
    pub const fn example(self, example: &'static str) -> Field<R> {
        Field { example: Some(example), ..self }
    }

    /// The same, with a column of rows.
    #[must_use]
    pub const fn column(self, names: &'static [&'static str], width: Option<u16>) -> Field<R> {
        Field { column: Some(Column { field: self.name, names, width, belongs_to: BelongsTo::Row }), ..self }
    }

    /// The same, with a column that is the same in all rows.
    #[must_use]
    pub const fn column_of_batch(self, names: &'static [&'static str], width: Option<u16>) -> Field<R> {
        Field { column: Some(Column { field: self.name, names, width, belongs_to: BelongsTo::Batch }), ..self }
    }

    /// The fault of a request that lacks the field.
    #[must_use]
    pub fn missing(&self) -> Option<Fault> {
        self.required.then(|| Fault::missing_field(self.name))
    }
}

/// Schemas by name, as the document of the API collects them.
pub type Schemas = Vec<(String, RefOr<Schema>)>;

/// A kind of value: how a field is read into a record, written out of it, and described.
pub trait ValueKind<R>: Sync {
    /// Reads a value into the record; notes its faults.
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>);

    /// Takes the value out of the record.
    fn write(&self, record: &mut R) -> Option<Value>;

    /// The schema of the value.
    fn schema(&self, of: &Described) -> RefOr<Schema>;

    /// Adds the schemas that [`ValueKind::schema`] refers to, those within them included.
    fn collect(&self, _sent: bool, _schemas: &mut Schemas) {}
}

/// The description of a field in a schema.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// The meaning of the field.
    pub about: &'static str,
    /// A value.
    pub example: Option<&'static str>,
    /// Whether it has to be there.
    pub required: bool,
    /// Whether it is described as a part of an answer.
    pub sent: bool,
}

/// The context in which a value is read.
pub struct Context<'c> {
    /// The record with the value.
    pub record: &'c RawRecord<'c>,
    /// The field.
    pub field: &'static str,
    /// The notation of numbers in texts.
    pub notation: Notation,
    /// The faults noted so far.
    pub faults: &'c Faults,
}

impl Context<'_> {
    /// Notes a fault of the value, or of a part of it; `within` is the pointer from the value to the part.
    pub fn note(&self, within: &str, fault: Fault) {
        self.faults.note_at(self.record.place_of(self.field, within), fault);
    }

    /// Whether Vietnamese words for periods, dates and codes are read in the value: in files, and where the numbers are in Vietnamese
    /// notation.
    #[must_use]
    pub fn reads_vietnamese(&self, raw: Raw<'_>) -> bool {
        matches!(raw, Raw::Cell(_)) || self.notation.declared == Some(NumberLocale::Vi)
    }

    /// Keeps a value, or notes why it cannot be read.
    pub fn keep<T>(&self, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.note("", fault)).ok()
    }

    /// Opens an object within the value; notes a fault where it is something else.
    #[must_use]
    pub fn open<'v>(&self, value: &'v Value, within: &str) -> Option<RawRecord<'v>>
    where
        Self: 'v,
    {
        self.record.open_within(value, self.field, within, self.faults)
    }
}

/// Reads the fields of a record in their order; `missing` gives the fault of an absent field.
pub fn read<R: Default>(
    fields: &[&'static Field<R>],
    raw: &RawRecord<'_>,
    notation: Notation,
    faults: &Faults,
    missing: impl Fn(&Field<R>) -> Option<Fault>,
) -> R {
    let mut record = R::default();
    for field in fields {
        match raw.get(field.name) {
            Some(value) => field.kind.read(&mut record, value, &Context { record: raw, field: field.name, notation, faults }),
            None => missing(field).into_iter().for_each(|fault| raw.note(field.name, fault, faults)),
        }
    }
    record
}

/// Writes the fields of a record in their order; those without a value are left out.
pub fn write<R: 'static>(fields: impl Iterator<Item = &'static Field<R>>, mut record: R) -> Map<String, Value> {
    fields.filter_map(|field| Some((field.name.to_owned(), field.kind.write(&mut record)?))).collect()
}

/// The names of fields.
#[must_use]
pub fn names<R>(fields: &[&'static Field<R>]) -> Vec<&'static str> {
    fields.iter().map(|field| field.name).collect()
}
