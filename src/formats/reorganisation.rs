//! The JSON of `PUT /v1/provinces`, read into a draft of a reorganisation.
//! The rules of a reorganisation are in `domain::reorganisation`.

use chrono::NaiveDate;
use serde_json::Value;

use super::json::{self, Faults, Object};
use super::source::read_source;
use crate::domain::catalogue::province::UnitType;
use crate::domain::catalogue::reorganisation::{Draft, DraftUnit, MOST_UNITS, ProvinceChange, SentUnit};
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::number::notation::Notation;
use crate::domain::read_only::ReadOnly;
use crate::domain::text::{self, parse_date};

/// Reads the body of `PUT /v1/provinces`.
///
/// # Errors
/// `malformed_json`; the draft holds all other faults.
pub fn read(bytes: &[u8]) -> Result<Draft, Fault> {
    let document = json::parse(bytes)?;
    let faults = Faults::default();
    let (units, read_only) = (Vec::new(), ReadOnly::default());
    let mut draft = Draft { valid_from: None, source: Source::default(), reason: None, units, read_only, faults: Vec::new() };
    if let Some(mut body) = Object::open(&document, "", &faults) {
        draft.valid_from = body.optional("valid_from", json::word(parse_date));
        let at = body.at("source");
        draft.source = body.field("source").map_or(Source::default(), |source| read_source(source, at, Notation::default(), &faults));
        let reason_given = body.field("reason").is_some();
        draft.reason = body.optional("reason", json::text(300));
        if body.field("provinces").is_none() {
            faults.note(body.at("provinces"), Fault::missing_field("provinces"));
        }
        let units = body.items("provinces");
        body.required_unless_in("valid_from", &units);
        if units.len() > MOST_UNITS || units.is_empty() && body.field("provinces").is_some_and(Value::is_array) {
            let message = message!(
                en: "a reorganisation has 1 to {MOST_UNITS} units, this one {}",
                vi: "một lần sắp xếp có 1 đến {MOST_UNITS} đơn vị, lần này có {}", units.len()
            );
            faults.note(body.at("provinces"), Fault::new(Code::BatchSize, message));
        } else {
            let read = |(position, (pointer, unit)): (usize, (String, &Value))| {
                read_unit(position, unit, pointer, &mut draft.valid_from, &mut draft.read_only, &faults)
            };
            draft.units = units.into_iter().enumerate().filter_map(read).collect();
        }
        if !reason_given && draft.units.iter().any(|unit| matches!(unit.says, Some(ProvinceChange::Withdrawn))) {
            faults.note(body.at("reason"), Fault::unexplained_withdrawal());
        }
        body.finish();
    }
    draft.faults = faults.into_all();
    Ok(draft)
}

/// The fields of a unit's new state.
const OF_A_UNIT: [&str; 7] = ["code", "name", "name_en", "iso", "agency_code", "unit_type", "predecessors"];

/// Reads a unit. A reorganisation has one first day: that of the request, otherwise that of the first unit with one.
fn read_unit(
    position: usize,
    unit: &Value,
    pointer: String,
    first_day: &mut Option<NaiveDate>,
    read_only: &mut ReadOnly,
    faults: &Faults,
) -> Option<DraftUnit> {
    let mut unit = Object::open(unit, pointer, faults)?;
    unit.read_only("valid_to", json::string, read_only);
    unit.read_only("successors", json::list, read_only);
    if let Some(own) = unit.optional("valid_from", json::word(parse_date)) {
        let of_all = *first_day.get_or_insert(own);
        if own != of_all {
            let message = message!(
                en: "all provinces of a reorganisation begin on one day, here {of_all}",
                vi: "mọi đơn vị trong một lần sắp xếp bắt đầu cùng một ngày, ở đây là {of_all}"; of_all
            );
            faults.note(unit.at("valid_from"), Fault::new(Code::InvalidValue, message));
        }
    }
    let key = unit.required("key", json::text(64));
    let says = if unit.optional("withdraw", json::boolean).unwrap_or(false) {
        let also: Vec<&str> = OF_A_UNIT.into_iter().filter(|name| unit.field(name).is_some()).collect();
        if !also.is_empty() {
            let message = message!(
                en: "a withdrawal says that there is no such unit; the row also has {}",
                vi: "rút đơn vị thì không còn nội dung khác; hàng này còn có {}", also.join(", ")
            );
            faults.note(unit.pointer(), Fault::new(Code::ContradictoryRow, message));
        }
        Some(ProvinceChange::Withdrawn)
    } else {
        read_formed(&mut unit, *first_day, faults).map(ProvinceChange::Formed)
    };
    unit.finish();
    Some(DraftUnit { position, key, says })
}

/// The day of the first codes (QĐ 124/2004/QĐ-TTg): units that begin before it may have none.
fn first_codes() -> NaiveDate {
    NaiveDate::from_ymd_opt(2004, 7, 8).expect("a date")
}

fn read_formed(unit: &mut Object<'_>, valid_from: Option<NaiveDate>, faults: &Faults) -> Option<SentUnit> {
    let before = faults.count();
    let has_code = unit.field("code").is_some() || valid_from.is_none_or(|day| day >= first_codes());
    let code = if has_code { unit.required("code", json::text(10)).map(Some) } else { Some(None) };
    let name = unit.required("name", name);
    let name_en = unit.required("name_en", self::name);
    let iso = unit.optional("iso", json::text(10));
    let agency_code = unit.optional("agency_code", json::text(10));
    let unit_type = unit.required("unit_type", json::word(UnitType::parse));
    let named = unit.items("predecessors").into_iter();
    let read = |(pointer, text): (String, &Value)| json::text(100)(text).map_err(|fault| faults.note(pointer, fault)).ok();
    let predecessors = named.filter_map(read).collect();
    if faults.count() > before {
        return None;
    }
    Some(SentUnit { code: code?, name: name?, name_en: name_en?, iso, agency_code, unit_type: unit_type?, predecessors })
}

/// A name of a unit.
fn name(value: &Value) -> Result<String, Fault> {
    let name = json::text(100)(value)?;
    if text::fold(&name).is_empty() {
        Err(Fault::new(
            Code::InvalidText,
            message!(
                en: "the name holds no letter",
                vi: "tên không có chữ cái nào"
            ),
        ))
    } else {
        Ok(name)
    }
}
