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
use crate::domain::catalogue::breakdown;
use crate::domain::fault::Fault;
use crate::domain::number::decimal::Decimal;
use crate::domain::text::{clean, parse_date};
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;

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

/// A code of a closed list, which in cells may be one of the words beside it.
pub struct Code<R, T: 'static> {
    /// Reads the code.
    pub parse: fn(&str) -> Result<T, Fault>,
    /// Words for codes, folded.
    pub words: &'static [(&'static str, &'static str)],
    /// The member that it fills.
    pub of: Member<R, Option<T>>,
}

impl<R, T: Serialize + ToSchema> ValueKind<R> for Code<R, T> {
    fn read(&self, record: &mut R, raw: Raw<'_>, context: &Context<'_>) {
        *(self.of)(record) = context.keep(raw.code(self.words).and_then(|text| (self.parse)(&text)));
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
        *(self.0)(record) = context.keep(raw.text().and_then(|text| parse_date(&text)));
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
        *(self.0)(record) = context.keep(raw.period().and_then(|text| PeriodCode::parse(&text)));
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

/// A breakdown; the total is left out of what is written.
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

    fn refuses_file(&self) -> bool {
        true
    }
}

/// `true` or `false`, which is left out of what is written; a mark in a cell.
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

    fn refuses_file(&self) -> bool {
        true
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
