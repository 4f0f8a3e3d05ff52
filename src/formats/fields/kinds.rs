//! The kinds of values that fields have: each is read from JSON and from cells, written as JSON, and described.
//! The member of the record that a field fills is the last part of its kind.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{RefOr, Schema};

use super::field::{Context, Described, Field, Schemas, ValueKind, names, read};
use super::raw::Raw;
use super::schema::{self, Answer, Fields, NumberOrText, Request};
use super::wording::{self, WordList, Words};
use crate::domain::catalogue::breakdown;
use crate::domain::fault::Fault;
use crate::domain::number::decimal::Decimal;
use crate::domain::text::{clean, parse_date};
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;
use crate::domain::time::vietnamese;
use crate::formats::sheet::Cell;

/// The member of a record that a field fills.
type Member<R, T> = fn(&mut R) -> &mut T;

/// A text of at most so many characters.
pub struct Text<R>(pub usize, pub Member<R, Option<String>>);

impl<R> ValueKind<R> for Text<R> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        *(self.1)(record) = context.keep(raw.text().and_then(|text| clean(&text, self.0)));
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        (self.1)(record).take().map(Value::String)
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        schema::text(of, self.0)
    }
}

/// A code of a closed list, or one of the words for it where Vietnamese words are read.
pub struct Code<R, T: 'static> {
    /// Reads the code.
    pub parse: fn(&str) -> Result<T, Fault>,
    /// Words for codes.
    pub words: WordList,
    /// The member that it fills.
    pub of: Member<R, Option<T>>,
}

impl<R, T: Serialize + ToSchema> ValueKind<R> for Code<R, T> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        let words = if context.reads_vietnamese(raw) { self.words } else { &[] };
        let in_words = |text: &str, fault: Fault| match wording::code_of(words, text) {
            Some(code) => (self.parse)(code),
            None if words.is_empty() => Err(fault),
            None => {
                let codes = fault.allowed.clone();
                Err(fault.allowing(words.iter().map(|(word, _)| (*word).to_owned()).chain(codes)))
            }
        };
        *(self.of)(record) = context.keep(raw.text().and_then(|text| (self.parse)(&text).or_else(|fault| in_words(&text, fault))));
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        serde_json::to_value((self.of)(record).take()?).ok()
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        schema::reference::<T>(of)
    }

    fn collect(&self, _sent: bool, schemas: &mut Schemas) {
        schema::add::<T>(schemas);
    }
}

/// Codes of a closed list.
pub struct Codes<R, T: 'static> {
    /// Reads a code.
    pub parse: fn(&str) -> Result<T, Fault>,
    /// The member that they fill.
    pub of: Member<R, Vec<T>>,
}

impl<R, T: Serialize + ToSchema> ValueKind<R> for Codes<R, T> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        let codes = context.keep(raw.codes()).into_iter().flatten();
        let read =
            codes.filter_map(|(within, code)| code.and_then(|code| (self.parse)(&code)).map_err(|fault| context.note(&within, fault)).ok());
        (self.of)(record).extend(read);
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        let codes = std::mem::take((self.of)(record));
        serde_json::to_value(codes).ok().filter(|codes| codes.as_array().is_some_and(|codes| !codes.is_empty()))
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        schema::list::<T>(of, None)
    }

    fn collect(&self, _sent: bool, schemas: &mut Schemas) {
        schema::add::<T>(schemas);
    }
}

/// A date.
pub struct Date<R>(pub Member<R, Option<chrono::NaiveDate>>);

impl<R> ValueKind<R> for Date<R> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        *(self.0)(record) = context.keep(
            raw.text().and_then(|text| if context.reads_vietnamese(raw) { vietnamese::parse_date(&text) } else { parse_date(&text) }),
        );
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        (self.0)(record).take().map(|date| date.to_string().into())
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        schema::date(of)
    }
}

/// A period.
pub struct Period<R>(pub Member<R, Option<PeriodCode>>);

impl<R> ValueKind<R> for Period<R> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        *(self.0)(record) =
            context.keep(raw.period().and_then(|text| {
                if context.reads_vietnamese(raw) { PeriodCode::parse_vietnamese(&text) } else { PeriodCode::parse(&text) }
            }));
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        // A period has the same name in every calendar.
        (self.0)(record).take().map(|period| period.in_calendar(Calendar::Civil).to_string().into())
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        schema::single(of, Type::String).into()
    }
}

/// An exact number.
pub struct Number<R>(pub Member<R, Option<Decimal>>);

impl<R> ValueKind<R> for Number<R> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        *(self.0)(record) = context.keep(raw.number(context.notation));
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        serde_json::to_value((self.0)(record).take()?).ok()
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        if of.sent { schema::reference::<Decimal>(of) } else { schema::reference::<NumberOrText>(of) }
    }

    fn collect(&self, sent: bool, schemas: &mut Schemas) {
        if sent { schema::add::<Decimal>(schemas) } else { schema::add::<NumberOrText>(schemas) }
    }
}

/// An exact number, perhaps with words before it where Vietnamese words are read: `trên 30`, `ước đạt 1.135`.
pub struct WordsAndNumber<R>(pub Number<R>, pub Member<R, Words>);

impl<R> ValueKind<R> for WordsAndNumber<R> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        let text = match raw {
            Raw::Cell(Cell::Text(text)) => text,
            Raw::Json(Value::String(text)) if context.reads_vietnamese(raw) => text,
            Raw::Cell(_) | Raw::Json(_) => return self.0.read(record, raw, context),
        };
        let (words, number) = wording::split(text);
        *(self.1)(record) = words;
        match raw {
            _ if words == Words::default() => self.0.read(record, raw, context),
            Raw::Cell(_) => self.0.read(record, Raw::Cell(&Cell::Text(number.to_owned())), context),
            Raw::Json(_) => self.0.read(record, Raw::Json(&Value::from(number)), context),
        }
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        self.0.write(record)
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        ValueKind::<R>::schema(&self.0, of)
    }

    fn collect(&self, sent: bool, schemas: &mut Schemas) {
        ValueKind::<R>::collect(&self.0, sent, schemas);
    }
}

/// A whole number from one to another.
pub struct Whole<R>(pub (i32, i32), pub Member<R, Option<i32>>);

impl<R> ValueKind<R> for Whole<R> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        let (min, max) = self.0;
        *(self.1)(record) = context.keep(raw.whole(min..=max));
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        (self.1)(record).take().map(Value::from)
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        schema::whole(of, self.0)
    }
}

/// A breakdown; the total is not written.
pub struct Breakdown<R>(pub Member<R, Option<breakdown::Breakdown>>);

impl<R> ValueKind<R> for Breakdown<R> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        *(self.0)(record) = context.keep(raw.breakdown());
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        serde_json::to_value((self.0)(record).take().filter(|breakdown| !breakdown.is_total())?).ok()
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        schema::reference::<breakdown::Breakdown>(of)
    }

    fn collect(&self, _sent: bool, schemas: &mut Schemas) {
        schema::add::<breakdown::Breakdown>(schemas);
    }
}

/// `true` or `false`; a mark in a cell. `false` is not written.
pub struct Flag<R>(pub Member<R, bool>);

impl<R> ValueKind<R> for Flag<R> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        *(self.0)(record) = context.keep(raw.flag()).unwrap_or(false);
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        std::mem::take((self.0)(record)).then_some(Value::Bool(true))
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        schema::flag(of)
    }
}

/// An object with fields of its own.
pub struct Object<R, S: 'static>(pub Member<R, S>);

impl<R, S: Fields + Default> ValueKind<R> for Object<R, S> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        let Raw::Json(value) = raw else { return };
        let Some(object) = context.open(value, "") else { return };
        *(self.0)(record) = read(S::FIELDS, &object, context.notation, context.faults, Field::missing);
        object.note_unknown(&names(S::FIELDS), context.faults);
    }

    fn write(&self, record: &mut R) -> Option<Value> {
        let object = Answer::from(std::mem::take((self.0)(record)));
        serde_json::to_value(object).ok().filter(|object| object.as_object().is_some_and(|members| !members.is_empty()))
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        if of.sent { schema::reference::<Answer<S>>(of) } else { schema::reference::<Request<S>>(of) }
    }

    fn collect(&self, sent: bool, schemas: &mut Schemas) {
        if sent { schema::add::<Answer<S>>(schemas) } else { schema::add::<Request<S>>(schemas) }
    }
}
