//! Declarations of query parameters: name, description, type, limits, example, and the function that reads the text.
//! Each operation lists its own parameters; `query` reads requests.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::Value;
use utoipa::PartialSchema;
use utoipa::openapi::path::{self, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Required};

use crate::domain::fault::{Code, Fault};
use crate::domain::language::Language;
use crate::domain::message::{Message, message};
use crate::domain::text;
use crate::domain::time::period_code::PeriodCode;
use crate::domain::time::zone::start_of_day;

/// Maximum length of a key, code or name, in characters.
const LONGEST_NAME: usize = 100;

/// Reads the text of a parameter.
type Reader<T> = Box<dyn Fn(&str) -> Result<T, Fault>>;

/// A query parameter: its documentation, and the function that reads its text.
pub struct Parameter<T> {
    pub(super) name: &'static str,
    pub(super) read: Reader<T>,
    description: &'static str,
    kind: Kind,
    example: Option<&'static str>,
    /// The value that the documentation page fills in.
    prefilled: Option<Value>,
}

/// The type of a parameter in OpenAPI.
#[derive(Clone)]
enum Kind {
    /// A text with at least one character, and a maximum length.
    Text(Option<usize>),
    /// A whole number.
    Number(RangeInclusive<usize>),
    /// The schema of a type.
    Of(fn() -> RefOr<Schema>),
}

impl<T> Parameter<T> {
    fn new(name: &'static str, description: &'static str, kind: Kind, read: impl Fn(&str) -> Result<T, Fault> + 'static) -> Parameter<T> {
        Parameter { name, read: Box::new(read), description, kind, example: None, prefilled: None }
    }

    /// Adds an example.
    #[must_use]
    pub fn example(self, example: &'static str) -> Parameter<T> {
        Parameter { example: Some(example), ..self }
    }

    /// Lets the documentation page fill in this value, for a call that a reader tries out.
    #[must_use]
    pub fn prefilled(self, value: impl Into<Value>) -> Parameter<T> {
        Parameter { prefilled: Some(value.into()), ..self }
    }

    /// Keeps the text as it was sent: `formats` reads it together with the rest of the document.
    #[must_use]
    pub fn unread(self) -> Parameter<String> {
        let Parameter { name, description, kind, example, prefilled, .. } = self;
        Parameter { name, read: Box::new(|text| Ok(text.to_owned())), description, kind, example, prefilled }
    }

    /// Its description in OpenAPI.
    #[must_use]
    pub fn documented(&self, required: bool, default: Option<Value>) -> path::Parameter {
        let mut schema = match &self.kind {
            Kind::Text(most) => ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(*most).into(),
            Kind::Number(range) => {
                ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(*range.start())).maximum(Some(*range.end())).into()
            }
            Kind::Of(schema) => schema(),
        };
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.default = default;
        }
        // The documentation page fills in examples. An optional filter that nobody chose would hide most of the answer.
        let (example, description) = match self.example {
            Some(example) if !required => (None, format!("{}; for example `{example}`", self.description)),
            example => (example.map(Value::from), self.description.to_owned()),
        };
        ParameterBuilder::new()
            .name(self.name)
            .parameter_in(ParameterIn::Query)
            .description(Some(description))
            .required(if required { Required::True } else { Required::False })
            .schema(Some(schema))
            .example(self.prefilled.clone().or(example))
            .build()
    }
}

impl Parameter<String> {
    /// Describes a list of names, separated by commas.
    pub(super) fn of_several(self) -> Parameter<String> {
        Parameter { kind: Kind::Text(None), ..self }
    }
}

/// A text with a maximum length in characters.
#[must_use]
pub fn text(name: &'static str, description: &'static str, most: usize) -> Parameter<String> {
    Parameter::new(name, description, Kind::Text(Some(most)), move |text| text::clean(text, most))
}

/// A key, code or name, or a list of them. Surrounding blanks are removed.
#[must_use]
pub fn named(name: &'static str, description: &'static str) -> Parameter<String> {
    Parameter::new(name, description, Kind::Text(Some(LONGEST_NAME)), |text| text::clean(text.trim(), LONGEST_NAME))
}

/// A search text. It contains a letter or digit.
#[must_use]
pub fn search(name: &'static str, description: &'static str) -> Parameter<String> {
    Parameter::new(name, description, Kind::Text(Some(LONGEST_NAME)), |text| {
        let text = text::clean(text, LONGEST_NAME)?;
        if text::fold(&text).is_empty() {
            Err(Fault::new(
                Code::InvalidText,
                message!(
                    en: "the text holds no letter or digit",
                    vi: "nội dung không có chữ hoặc số nào"
                ),
            ))
        } else {
            Ok(text)
        }
    })
}

/// A text with a notation of its own.
pub fn written<T>(name: &'static str, description: &'static str, read: impl Fn(&str) -> Result<T, Fault> + 'static) -> Parameter<T> {
    Parameter::new(name, description, Kind::Of(String::schema), read)
}

/// A text without a check, kept as it was sent.
#[must_use]
pub fn as_sent(name: &'static str, description: &'static str) -> Parameter<String> {
    written(name, description, |text| Ok(text.to_owned()))
}

/// A word of a code list.
pub fn word<T: PartialSchema + 'static>(name: &'static str, description: &'static str, read: fn(&str) -> Result<T, Fault>) -> Parameter<T> {
    Parameter::new(name, description, Kind::Of(T::schema), read)
}

/// A period, without its calendar.
pub fn period(name: &'static str, description: &'static str) -> Parameter<PeriodCode> {
    written(name, description, PeriodCode::parse)
}

/// A day.
pub fn date(name: &'static str, description: &'static str) -> Parameter<NaiveDate> {
    Parameter::new(name, description, Kind::Of(|| formatted(KnownFormat::Date)), text::parse_date)
}

/// The parameter `lang` of every operation.
#[must_use]
pub fn lang() -> Parameter<Language> {
    let description = "Language of messages and sentences; without it the one that `Accept-Language` prefers, otherwise messages are in \
        Vietnamese, and sentences in both languages";
    word("lang", description, |text| {
        Language::parse(text).ok_or_else(|| {
            let message = message!(en: "`lang` is `vi` or `en`", vi: "`lang` là `vi` hoặc `en`");
            Fault::new(Code::InvalidValue, message).allowing(Language::WORDS.iter().copied())
        })
    })
}

/// A period, without its calendar, or a day.
#[must_use]
pub fn period_or_day(name: &'static str, description: &'static str) -> Parameter<PeriodCode> {
    written(name, description, |text| {
        PeriodCode::parse(text).or_else(|fault| text::parse_date(text).map(PeriodCode::of_day).map_err(|_| fault))
    })
}

/// An instant (RFC 3339). A date is its first instant in Viet Nam.
#[must_use]
pub fn instant_from(name: &'static str, description: &'static str) -> Parameter<DateTime<Utc>> {
    instant(name, description, |text| read_instant(text, start_of_day))
}

/// An instant (RFC 3339) after the last one that is meant. A date includes its whole day in Viet Nam.
#[must_use]
pub fn instant_until(name: &'static str, description: &'static str) -> Parameter<DateTime<Utc>> {
    instant(name, description, |text| read_instant(text, |day| start_of_day(day + Days::new(1))))
}

/// The vintage: a past instant. A date is its last instant in Viet Nam.
#[must_use]
pub fn as_of() -> Parameter<DateTime<Utc>> {
    let description = "Vintage: the figures as served at this past instant (RFC 3339), such as `2026-11-21T09:00:00+07:00`; a date means the \
        end of that day in Viet Nam";
    let last_instant = |day| start_of_day(day + Days::new(1)) - TimeDelta::microseconds(1);
    instant("as_of", description, move |text| read_instant(text, last_instant))
}

fn instant(
    name: &'static str,
    description: &'static str,
    read: impl Fn(&str) -> Result<DateTime<Utc>, Fault> + 'static,
) -> Parameter<DateTime<Utc>> {
    Parameter::new(name, description, Kind::Of(|| formatted(KnownFormat::DateTime)), read)
}

/// Reads an instant, or a date as the instant that is meant by it. A `+` that is not encoded arrives as a space:
/// `2026-11-21T09:00:00+07:00` has a space before `07:00`.
fn read_instant(text: &str, of_day: impl Fn(NaiveDate) -> DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    text::parse_instant(text).or_else(|fault| {
        if let Ok(day) = text::parse_date(text) {
            return Ok(of_day(day));
        }
        let (time, zone) = text.rsplit_once(' ').ok_or_else(|| fault.clone())?;
        let is_zone = matches!(zone.as_bytes(), [_, _, b':', _, _]);
        if is_zone { text::parse_instant(&format!("{time}+{zone}")).map_err(|_| fault) } else { Err(fault) }
    })
}

fn formatted(format: KnownFormat) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format))).into()
}

/// `true` or `false`.
pub fn boolean(name: &'static str, description: &'static str) -> Parameter<bool> {
    Parameter::new(name, description, Kind::Of(bool::schema), |text| {
        text.parse().map_err(|_| {
            Fault::new(
                Code::InvalidValue,
                message!(
                    en: "true or false is needed",
                    vi: "cần true hoặc false"
                ),
            )
            .allowing(["true", "false"])
        })
    })
}

/// A whole number within a range, and the message for other values.
#[must_use]
pub fn number(name: &'static str, description: &'static str, range: RangeInclusive<usize>, otherwise: Message) -> Parameter<usize> {
    Parameter::new(name, description, Kind::Number(range.clone()), move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| Fault::new(Code::InvalidValue, otherwise.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_that_arrived_as_a_space_is_read() {
        for (text, read) in [
            ("2026-11-21T09:00:00+07:00", Some("2026-11-21 02:00:00 UTC")),
            ("2026-11-21T09:00:00 07:00", Some("2026-11-21 02:00:00 UTC")),
            ("2026-11-21T09:00:00.5 07:00", Some("2026-11-21 02:00:00.500 UTC")),
            ("2026-11-21T02:00:00Z", Some("2026-11-21 02:00:00 UTC")),
            ("2026-11-21T02:00:00-07:00", Some("2026-11-21 09:00:00 UTC")),
            ("2026-11-21T09:00:00  07:00", None),
            ("2026-11-21T09:00:00Z 07:00", None),
            ("2026-11-21 07:00", None),
            ("2026-02-29", None),
            ("2026-11-21T09:00:00 +7:00", None),
            ("2026-11-21T09:00:00 7", None),
            ("", None),
        ] {
            let found = read_instant(text, start_of_day);
            assert_eq!(found.as_ref().ok().map(ToString::to_string).as_deref(), read, "{text}");
            assert!(found.is_ok() || found.unwrap_err().code == Code::InvalidTime, "{text}");
        }
        for (day, first) in [("2026-11-21", "2026-11-20 17:00:00 UTC"), ("2024-02-29", "2024-02-28 17:00:00 UTC")] {
            assert_eq!(read_instant(day, start_of_day).unwrap().to_string(), first);
        }
    }
}
