//! The JSON of `PUT /v1/indicators/{code}`, read into a definition.
//! The checks of a definition are in `domain::indicator`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::json::{self, Faults, Object};
use crate::domain::catalogue::indicator::{Access, Aggregation, Dimension, Direction, Indicator, Label, Measure};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::number::notation::{Medium, Notation};
use crate::domain::read_only::ReadOnly;
use crate::domain::time::period::{Calendar, Frequency};

/// No notation can be declared.
const NOTATION: Notation = Notation::new(None, Medium::Definition);

/// The faults of a definition as sent.
pub enum Unreadable {
    /// The body is not JSON.
    Malformed(Fault),
    /// Faults of the fields.
    Fields(Vec<LocatedFault>),
}

/// Reads the body of `PUT /v1/indicators/{code}`: the definition, the reason for the change, and the read-only members.
///
/// # Errors
/// All faults of the body.
pub fn read(code: &str, bytes: &[u8]) -> Result<(Indicator, Option<String>, ReadOnly), Unreadable> {
    let document = json::parse(bytes).map_err(Unreadable::Malformed)?;
    let faults = Faults::default();
    let indicator = Object::open(&document, "", &faults).and_then(|body| read_body(code, body, &faults));
    let mut all = faults.into_all();
    if let Some((indicator, ..)) = &indicator {
        // The code comes from the path, everything else from the body.
        let at = |field: &str| if field == "code" { Location::Parameter(field.into()) } else { Location::Pointer(format!("/{field}")) };
        all.extend(indicator.faults().into_iter().map(|(field, fault)| fault.at(at(field))));
    }
    match indicator {
        Some(indicator) if all.is_empty() => Ok(indicator),
        _ => Err(Unreadable::Fields(all)),
    }
}

fn read_body(code: &str, mut body: Object<'_>, faults: &Faults) -> Option<(Indicator, Option<String>, ReadOnly)> {
    let mut read_only = ReadOnly::default();
    body.read_only("code", json::string, &mut read_only);
    body.read_only("version", json::digits, &mut read_only);
    let name = body.required("name", json::text(300));
    let name_en = body.required("name_en", json::text(300));
    let definition = body.required("definition", json::text(4000));
    let field = body.required("field", json::text(40));
    let unit = body.required("unit", json::text(40));
    let label_at = body.at("unit_label");
    let unit_label = body.field("unit_label").and_then(|value| read_label(value, &label_at, faults));
    let unit_mult = body.optional("unit_mult", json::integer(-6..=12)).unwrap_or(0);
    let measure = body.required("measure", json::word(Measure::parse));
    let time_aggregation = body.required("time_aggregation", json::word(Aggregation::parse));
    let area_aggregation = body.required("area_aggregation", json::word(Aggregation::parse));
    let direction = body.required("direction", json::word(Direction::parse));
    let decimals = body.required("decimals", json::integer(0..=6));
    let min = body.optional("min", json::number(NOTATION));
    let max = body.optional("max", json::number(NOTATION));
    let yoy_limit = body.optional("yoy_limit", json::number(NOTATION));
    let at = body.at("breakdowns");
    let breakdowns = body.field("breakdowns").map(|value| read_dimensions(value, &at, faults)).unwrap_or_default();
    let frequency = body.required("frequency", json::word(Frequency::parse));
    let calendar = body.optional("calendar", json::word(Calendar::parse)).unwrap_or(Calendar::Civil);
    let access = body.optional("access", json::word(Access::parse)).unwrap_or(Access::Open);
    let external_ref = body.optional("external_ref", json::text(200));
    let reason = body.optional("reason", json::text(300));
    body.finish();
    let indicator = Indicator {
        code: code.to_owned(),
        name: name?,
        name_en: name_en?,
        definition: definition?,
        field: field?,
        unit: unit?,
        unit_label,
        unit_mult,
        measure: measure?,
        time_aggregation: time_aggregation?,
        area_aggregation: area_aggregation?,
        direction: direction?,
        decimals: decimals?.unsigned_abs(),
        min,
        max,
        breakdowns,
        frequency: frequency?,
        calendar,
        access,
        external_ref,
        yoy_limit,
    };
    Some((indicator, reason, read_only))
}

fn read_dimensions(value: &Value, pointer: &str, faults: &Faults) -> BTreeMap<String, Dimension> {
    let Value::Object(dimensions) = value else {
        faults.note(
            pointer.to_owned(),
            Fault::new(
                Code::WrongType,
                message!(
                    en: "an object of dimensions is needed",
                    vi: "cần một đối tượng gồm các phân tổ"
                ),
            ),
        );
        return BTreeMap::new();
    };
    let read = |(name, dimension): (&String, &Value)| {
        let mut dimension = Object::open(dimension, json::pointer(pointer, name), faults)?;
        let open = dimension.field("values").is_none();
        let values: Vec<String> = dimension
            .items("values")
            .into_iter()
            .filter_map(|(at, member)| json::text(64)(member).map_err(|fault| faults.note(at, fault)).ok())
            .collect();
        let complete = dimension.optional("complete", json::boolean).unwrap_or(false);
        let at = dimension.at("labels");
        let labels = dimension.field("labels").map(|value| read_labels(value, &at, faults)).unwrap_or_default();
        dimension.finish();
        Some((name.clone(), Dimension { values: (!open).then_some(values), complete, labels }))
    };
    dimensions.iter().filter_map(read).collect()
}

fn read_labels(value: &Value, pointer: &str, faults: &Faults) -> BTreeMap<String, Label> {
    let Value::Object(labels) = value else {
        faults.note(
            pointer.to_owned(),
            Fault::new(
                Code::WrongType,
                message!(
                    en: "an object of names by member is needed",
                    vi: "cần một đối tượng gồm tên theo từng thành phần"
                ),
            ),
        );
        return BTreeMap::new();
    };
    let read = |(member, label): (&String, &Value)| Some((member.clone(), read_label(label, &json::pointer(pointer, member), faults)?));
    labels.iter().filter_map(read).collect()
}

fn read_label(value: &Value, pointer: &str, faults: &Faults) -> Option<Label> {
    let mut label = Object::open(value, pointer, faults)?;
    let (name, name_en) = (label.required("name", json::text(100)), label.required("name_en", json::text(100)));
    label.finish();
    Some(Label { name: name?, name_en: name_en? })
}
