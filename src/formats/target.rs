//! The JSON of `PUT /v1/targets`, read into drafts.

use serde_json::Value;

use super::json::{self, Faults, Object};
use super::submission::{read_breakdown, read_source};
use crate::domain::decimal::NumberLocale;
use crate::domain::fault::{Code, Fault};
use crate::domain::observation::Source;
use crate::domain::period::{Calendar, WrittenPeriod};
use crate::domain::submission::MAX_ROWS;
use crate::domain::target::{Draft, DraftTarget, TargetKind};

/// Reads the body of `PUT /v1/targets`.
///
/// # Errors
/// `malformed_json`; every other fault is in the draft.
pub fn read(bytes: &[u8]) -> Result<Draft, Fault> {
    let document = json::parse(bytes)?;
    let faults = Faults::default();
    let mut draft = Draft { province: None, calendar: None, targets: Vec::new(), faults: Vec::new() };
    if let Some(mut body) = Object::open(&document, "", &faults) {
        draft.province = body.required("province", json::text(100));
        draft.calendar = body.optional("calendar", json::word(Calendar::parse));
        let locale = body.optional("number_locale", json::word(NumberLocale::parse)).unwrap_or(NumberLocale::Plain);
        if body.field("targets").is_none() {
            faults.note(body.at("targets"), Fault::new(Code::MissingField, "`targets` is needed"));
        }
        let rows = body.items("targets");
        if rows.len() > MAX_ROWS || rows.is_empty() && body.field("targets").is_some_and(Value::is_array) {
            faults.note(
                body.at("targets"),
                Fault::new(Code::BatchSize, format!("a batch has 1 to {MAX_ROWS} targets, this one {}", rows.len())),
            );
        } else {
            draft.targets = rows
                .into_iter()
                .enumerate()
                .filter_map(|(position, (pointer, row))| read_target(position, row, pointer, locale, &faults))
                .collect();
        }
        body.finish();
    }
    draft.faults = faults.into_all();
    Ok(draft)
}

fn read_target(position: usize, row: &Value, pointer: String, locale: NumberLocale, faults: &Faults) -> Option<DraftTarget> {
    let mut row = Object::open(row, pointer, faults)?;
    let indicator = row.required("indicator", json::text(64));
    let breakdown = row.or_default("breakdown", read_breakdown);
    let period = row.required("period", json::word(WrittenPeriod::parse));
    let withdraw = row.optional("withdraw", json::boolean).unwrap_or(false);
    let value = if withdraw { None } else { row.required("value", json::number(locale)) };
    let unit_mult = row.optional("unit_mult", json::integer(-6..=12));
    let kind = row.optional("kind", json::word(TargetKind::parse)).unwrap_or(TargetKind::AtLeast);
    if withdraw && ["value", "unit_mult", "kind"].into_iter().any(|name| row.field(name).is_some()) {
        let message = "a target that is withdrawn has no value, unit_mult or kind";
        faults.note(row.pointer(), Fault::new(Code::ContradictoryRow, message));
    }
    let at = row.at("source");
    let source = row.field("source").map_or(Source::default(), |source| read_source(source, at, faults));
    let (reason, reason_given) = (row.optional("reason", json::text(300)), row.field("reason").is_some());
    row.finish();
    Some(DraftTarget { position, indicator, breakdown, period, withdraw, value, unit_mult, kind, source, reason, reason_given })
}
