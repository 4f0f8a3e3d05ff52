//! Strict JSON: numbers with all digits, no repeated keys, and all faults of a document with their pointers.
//! The derived readers of serde are not used: they stop at the first fault and lose digits, but a clerk with forty rows needs every fault.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::domain::batch::rows::MOST_FAULTS;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::{Message, message};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::notation::Notation;
use crate::domain::read_only::ReadOnly;
use crate::domain::text;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Reads a document.
///
/// # Errors
/// `malformed_json` if the text is not UTF-8, is not JSON, repeats a key, or nests deeper than 128.
pub fn parse(bytes: &[u8]) -> Result<Value, Fault> {
    read(bytes, false)
}

/// Reads a document on one line of a stream.
///
/// # Errors
/// As [`parse`], with the column of the syntax error.
pub fn parse_line(bytes: &[u8]) -> Result<Value, Fault> {
    read(bytes, true)
}

fn read(bytes: &[u8], of_line: bool) -> Result<Value, Fault> {
    let what = if of_line { message!(en: "line", vi: "dòng") } else { message!(en: "body", vi: "nội dung") };
    // Some editors begin a file with a byte order mark.
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let wrong = error.valid_up_to();
        let message = message!(
            en: "the {what} is not UTF-8: byte {wrong} is wrong",
            vi: "{what} không ở dạng UTF-8: byte {wrong} sai"; what
        );
        Fault::new(Code::MalformedJson, message)
    })?;
    let strict: Strict = serde_json::from_str(text).map_err(|error| {
        let why = why_not(&error, of_line);
        Fault::new(Code::MalformedJson, message!(en: "the {what} is not JSON: {why}", vi: "{what} không phải là JSON: {why}"; what, why))
    })?;
    Ok(strict.0)
}

/// Why a text is not JSON, with the place. A line of a stream is read alone, so its line number is always 1 and left out.
fn why_not(error: &serde_json::Error, of_line: bool) -> Message {
    let english = error.to_string();
    let english = if of_line { english.replace(" at line 1 column ", " at column ") } else { english };
    let (line, column) = (error.line(), error.column());
    let place = if of_line { format!("ở cột {column}") } else { format!("ở dòng {line}, cột {column}") };
    let twice = english.strip_prefix(KEY_TWICE).and_then(|rest| rest.rsplit_once("` comes twice"));
    let vietnamese = match (twice, error.classify()) {
        (Some((key, _)), _) => format!("khóa `{key}` xuất hiện hai lần, {place}"),
        (None, serde_json::error::Category::Eof) => format!("bị cắt giữa chừng, {place}"),
        (None, _) => format!("sai cú pháp {place}"),
    };
    Message::new(english, vietnamese)
}

/// The beginning of the error of a repeated key.
const KEY_TWICE: &str = "the key `";

/// A value without repeated keys.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Strict, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    // Whole numbers of 64 bits arrive here; all other numbers arrive as digits in `visit_map`.
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<Key>()? {
            let key = match key {
                Key::Number => {
                    let digits: String = entries.next_value()?;
                    return digits.parse().map(Value::Number).map_err(de::Error::custom);
                }
                Key::Field(key) => key,
            };
            let Strict(value) = entries.next_value()?;
            if map.insert(key.clone(), value).is_some() {
                return Err(de::Error::custom(format_args!("{KEY_TWICE}{key}` comes twice")));
            }
        }
        Ok(Value::Object(map))
    }
}

/// A key of an object, or the marker with which `serde_json` passes a number with all its digits as if it were an object.
///
/// Asking for an optional key tells them apart: a key of the document calls `visit_some`, the marker calls `visit_str`. An object of the
/// document that spells the marker stays an object.
enum Key {
    Number,
    Field(String),
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_option(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        String::deserialize(deserializer).map(Key::Field)
    }

    fn visit_str<E>(self, _: &str) -> Result<Key, E> {
        Ok(Key::Number)
    }
}

/// Collects faults while a document is read.
#[derive(Debug, Default)]
pub struct Faults(RefCell<Vec<LocatedFault>>);

impl Faults {
    /// Notes a fault at a pointer. After a thousand faults only one remark follows: otherwise a body of invented fields would get an answer
    /// many times its size.
    pub fn note(&self, pointer: String, fault: Fault) {
        self.note_at(Location::Pointer(pointer), fault);
    }

    /// Notes a fault at a location of any kind.
    pub fn note_at(&self, place: Location, fault: Fault) {
        let mut faults = self.0.borrow_mut();
        match faults.len().cmp(&MOST_FAULTS) {
            Ordering::Less => faults.push(fault.at(place)),
            Ordering::Equal => faults.push(more_faults()),
            Ordering::Greater => {}
        }
    }

    /// The number of faults so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.borrow().len()
    }

    /// All faults.
    #[must_use]
    pub fn into_all(self) -> Vec<LocatedFault> {
        self.0.into_inner()
    }

    /// Returns a value, or notes its fault.
    fn keep<T>(&self, pointer: impl FnOnce() -> String, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.note(pointer(), fault)).ok()
    }
}

/// The last of a thousand faults, if there are more.
#[must_use]
pub fn more_faults() -> LocatedFault {
    Fault::new(
        Code::MoreFaults,
        message!(
            en: "there are more faults than are listed: mend these first",
            vi: "còn nhiều lỗi chưa liệt kê: sửa các lỗi này trước"
        ),
    )
    .at(Location::Request)
}

/// An object that is read field by field. Fields that are never requested are unknown.
pub struct Object<'v> {
    fields: &'v Map<String, Value>,
    pointer: String,
    known: Vec<&'static str>,
    faults: &'v Faults,
}

impl<'v> Object<'v> {
    /// Opens the object at a pointer; notes a fault for any other type.
    pub fn open(value: &'v Value, pointer: impl Into<String>, faults: &'v Faults) -> Option<Object<'v>> {
        let pointer = pointer.into();
        let fields = object(value).map_err(|fault| faults.note(pointer.clone(), fault)).ok()?;
        Some(Object { fields, pointer, known: Vec::new(), faults })
    }

    /// The pointer to the object itself.
    #[must_use]
    pub fn pointer(&self) -> String {
        self.pointer.clone()
    }

    /// The pointer to a field.
    #[must_use]
    pub fn at(&self, name: &str) -> String {
        pointer(&self.pointer, name)
    }

    /// The raw value of a field; `null` counts as absent.
    pub fn field(&mut self, name: &'static str) -> Option<&'v Value> {
        if !self.known.contains(&name) {
            self.known.push(name);
        }
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// An optional field.
    pub fn optional<T>(&mut self, name: &'static str, read: impl FnOnce(&Value) -> Result<T, Fault>) -> Option<T> {
        let value = self.field(name)?;
        self.faults.keep(|| self.at(name), read(value))
    }

    /// A field with a default; `None` only after a read fault.
    pub fn or_default<T: Default>(&mut self, name: &'static str, read: impl FnOnce(&Value) -> Result<T, Fault>) -> Option<T> {
        if self.field(name).is_some() { self.optional(name, read) } else { Some(T::default()) }
    }

    /// A required field.
    pub fn required<T>(&mut self, name: &'static str, read: impl FnOnce(&Value) -> Result<T, Fault>) -> Option<T> {
        let value = self.field(name);
        if value.is_none() {
            self.faults.note(self.at(name), Fault::missing_field(name));
        }
        self.faults.keep(|| self.at(name), read(value?))
    }

    /// Notes a field of a batch as missing, unless every row has its own.
    pub fn required_unless_in(&mut self, name: &'static str, rows: &[(String, &Value)]) {
        let own = |(_, row): &(String, &Value)| row.get(name).is_some_and(|value| !value.is_null());
        if self.field(name).is_none() && (rows.is_empty() || !rows.iter().all(own)) {
            self.faults.note(self.at(name), Fault::missing_field(name));
        }
    }

    /// A read-only member, to be compared with what is stored. `of_type` refuses a value of another type.
    pub fn read_only<T: ?Sized>(&mut self, name: &'static str, of_type: fn(&Value) -> Result<&T, Fault>, read_only: &mut ReadOnly) {
        let Some(value) = self.field(name) else { return };
        if self.faults.keep(|| self.at(name), of_type(value)).is_some() {
            read_only.add(&self.pointer, name, value.clone());
        }
    }

    /// The items of a list, each with its pointer; empty if the field is absent.
    pub fn items(&mut self, name: &'static str) -> Vec<(String, &'v Value)> {
        let items = self.field(name).and_then(|value| self.faults.keep(|| self.at(name), list(value)));
        items.into_iter().flatten().enumerate().map(|(n, item)| (format!("{}/{n}", self.at(name)), item)).collect()
    }

    /// Notes a fault for each field that was never requested.
    pub fn finish(self) {
        for (name, fault) in unknown(self.fields, &self.known) {
            self.faults.note(self.at(name), fault);
        }
    }
}

/// The members of an object that are none of its fields, each with its fault.
pub fn unknown<'m>(members: &'m Map<String, Value>, fields: &[&'static str]) -> impl Iterator<Item = (&'m str, Fault)> {
    let unknown = members.keys().map(String::as_str).filter(|name| !fields.contains(name)).take(MOST_FAULTS);
    unknown.map(|name| {
        let shown: String = name.chars().take(60).collect();
        let offered = text::did_you_mean(name, fields.iter().copied());
        let message = message!(en: "there is no field `{shown}` here{offered}", vi: "ở đây không có trường `{shown}`{offered}"; offered);
        (name, Fault::new(Code::UnknownField, message).allowing(fields.iter().copied()))
    })
}

/// The pointer to a field of the object at another pointer (RFC 6901).
#[must_use]
pub fn pointer(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// A cleaned text of at most `max` characters.
pub fn text(max: usize) -> impl Fn(&Value) -> Result<String, Fault> {
    move |value| text::clean(string(value)?, max)
}

/// A code of a closed list.
pub fn word<T>(parse: impl Fn(&str) -> Result<T, Fault>) -> impl Fn(&Value) -> Result<T, Fault> {
    move |value| parse(string(value)?)
}

/// An exact number: a JSON number, or a string in a notation.
pub fn number(notation: Notation) -> impl Fn(&Value) -> Result<Decimal, Fault> {
    move |value| match value {
        Value::Number(number) => Decimal::parse_json(number.as_str()),
        Value::String(text) => notation.read(text),
        other => Err(wrong_type(&message!(en: "a number", vi: "số"), other)),
    }
}

/// A whole number in a range.
pub fn integer(range: std::ops::RangeInclusive<i32>) -> impl Fn(&Value) -> Result<i32, Fault> {
    move |value| {
        let Value::Number(number) = value else { return Err(wrong_type(&message!(en: "a whole number", vi: "số nguyên"), value)) };
        number.as_str().parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            Fault::new(
                Code::InvalidValue,
                message!(
                    en: "a whole number from {} to {} is needed",
                    vi: "cần một số nguyên từ {} đến {}", range.start(), range.end()
                ),
            )
        })
    }
}

/// A number of JSON, unchanged.
///
/// # Errors
/// `wrong_type`.
pub fn digits(value: &Value) -> Result<&Number, Fault> {
    value.as_number().ok_or_else(|| wrong_type(&message!(en: "a number", vi: "số"), value))
}

/// `true` or `false`.
///
/// # Errors
/// `wrong_type`.
pub fn boolean(value: &Value) -> Result<bool, Fault> {
    value.as_bool().ok_or_else(|| wrong_type(&message!(en: "true or false", vi: "true hoặc false"), value))
}

/// A string, unchanged.
///
/// # Errors
/// `wrong_type`.
pub fn string(value: &Value) -> Result<&str, Fault> {
    value.as_str().ok_or_else(|| wrong_type(&message!(en: "a string", vi: "chuỗi ký tự"), value))
}

/// The items of a list.
///
/// # Errors
/// `wrong_type`.
pub fn list(value: &Value) -> Result<&Vec<Value>, Fault> {
    value.as_array().ok_or_else(|| wrong_type(&message!(en: "a list", vi: "danh sách"), value))
}

/// The members of an object.
///
/// # Errors
/// `wrong_type`.
pub fn object(value: &Value) -> Result<&Map<String, Value>, Fault> {
    value.as_object().ok_or_else(|| wrong_type(&message!(en: "an object", vi: "đối tượng"), value))
}

/// A breakdown such as `{"line_type": "fixed"}`.
///
/// # Errors
/// `wrong_type`, `unknown_breakdown`.
pub fn breakdown(value: &Value) -> Result<Breakdown, Fault> {
    let Value::Object(members) = value else {
        return Err(Fault::new(
            Code::WrongType,
            message!(
                en: "a breakdown is an object such as {{\"line_type\": \"fixed\"}}",
                vi: "phân tổ là một đối tượng như {{\"line_type\": \"fixed\"}}"
            ),
        ));
    };
    let pairs = members.iter().map(|(dimension, member)| Ok((dimension.clone(), string(member)?.to_owned())));
    Breakdown::new(pairs.collect::<Result<Vec<_>, Fault>>()?)
}

fn wrong_type(wanted: &Message, found: &Value) -> Fault {
    let found = match found {
        Value::Null => message!(en: "null", vi: "null"),
        Value::Bool(_) => message!(en: "true or false", vi: "true hoặc false"),
        Value::Number(_) => message!(en: "a number", vi: "số"),
        Value::String(_) => message!(en: "a string", vi: "chuỗi ký tự"),
        Value::Array(_) => message!(en: "a list", vi: "danh sách"),
        Value::Object(_) => message!(en: "an object", vi: "đối tượng"),
    };
    Fault::new(Code::WrongType, message!(en: "{wanted} is needed, not {found}", vi: "cần {wanted}, không phải {found}"; wanted, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        let value = parse(br#"{"a": 77.150, "b": [1e400, 123456789012345678901]}"#).unwrap();
        assert_eq!(value["a"].to_string(), "77.150");
        assert_eq!(value["b"][0].to_string(), "1e+400");
        assert_eq!(value["b"][1].to_string(), "123456789012345678901");
    }

    #[test]
    fn a_byte_order_mark_at_the_beginning_is_no_fault() {
        assert_eq!(parse("\u{feff}{\"a\": 1}".as_bytes()).unwrap()["a"], 1);
        assert_eq!(parse("{\u{feff}\"a\": 1}".as_bytes()).unwrap_err().code, Code::MalformedJson, "within it is one");
    }

    #[test]
    fn an_object_that_spells_the_mark_of_numbers_is_an_object() {
        let value = parse(br#"{"a": {"$serde_json::private::Number": "5"}, "b": 1.50}"#).unwrap();
        assert!(value["a"].is_object());
        assert_eq!(value["b"].to_string(), "1.50");
    }

    #[test]
    fn what_is_no_strict_json_is_refused() {
        let deep = "[".repeat(100_000);
        for (bad, why) in [
            (&b"{\"a\": 1, \"a\": 2}"[..], "a repeated key"),
            (b"{", "cut off"),
            (b"{\"a\": NaN}", "NaN"),
            (b"\xff\xfe", "no UTF-8"),
            (b"", "nothing"),
            (b"{} {}", "two documents"),
            (deep.as_bytes(), "deep nesting"),
        ] {
            assert_eq!(parse(bad).unwrap_err().code, Code::MalformedJson, "{why}");
        }
    }

    #[test]
    fn every_fault_of_an_object_is_noted_with_its_pointer() {
        let value = parse(br#"{"name": 5, "extra": 1, "a/b": 2}"#).unwrap();
        let faults = Faults::default();
        let mut object = Object::open(&value, "", &faults).unwrap();
        assert_eq!(object.required("name", text(10)), None);
        assert_eq!(object.required("code", text(10)), None);
        object.finish();

        let all: Vec<(Location, Code)> = faults.into_all().into_iter().map(|located| (located.place, located.fault.code)).collect();
        let pointer = |text: &str| Location::Pointer(text.into());
        assert_eq!(
            all,
            [
                (pointer("/name"), Code::WrongType),
                (pointer("/code"), Code::MissingField),
                (pointer("/extra"), Code::UnknownField),
                (pointer("/a~1b"), Code::UnknownField),
            ]
        );
    }
}
