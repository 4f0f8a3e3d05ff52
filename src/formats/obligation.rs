//! The JSON of `PUT /v1/obligations`, read into a draft.
//! The checks of an obligation are in `domain`.

use serde_json::Value;

use super::json::{self, Faults, Object};
use super::source::read_source;
use crate::domain::batch::rows::MAX_ROWS;
use crate::domain::catalogue::organisation::check_id;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::number::notation::Notation;
use crate::domain::read_only::ReadOnly;
use crate::domain::reporting::deadline::Deadline;
use crate::domain::reporting::obligation_draft::{Draft, DraftRow, ObligationChange};
use crate::domain::text::parse_date;
use crate::domain::time::period::{Calendar, Frequency};

/// Reads the body of `PUT /v1/obligations`.
///
/// # Errors
/// `malformed_json`; the draft holds all other faults.
pub fn read(bytes: &[u8]) -> Result<Draft, Fault> {
    let document = json::parse(bytes)?;
    let faults = Faults::default();
    let mut draft = Draft::default();
    if let Some(mut body) = Object::open(&document, "", &faults) {
        let shared = read_shared(&mut body, &faults);
        if body.field("obligations").is_none() {
            faults.note(body.at("obligations"), Fault::missing_field("obligations"));
        }
        let rows = body.items("obligations");
        body.required_unless_in("organisation", &rows);
        body.required_unless_in("province", &rows);
        let named = |row: &Value| row.get("indicators").and_then(Value::as_array).map_or(1, Vec::len);
        let count = rows.len().max(rows.iter().map(|(_, row)| named(row)).sum());
        if count > MAX_ROWS || rows.is_empty() && body.field("obligations").is_some_and(Value::is_array) {
            let message = message!(
                en: "a batch has 1 to {MAX_ROWS} obligations, each indicator counted, this one {count}",
                vi: "mỗi lần gửi 1 đến {MAX_ROWS} nghĩa vụ báo cáo, tính từng chỉ tiêu; lần này có {count}"
            );
            faults.note(body.at("obligations"), Fault::new(Code::BatchSize, message));
        } else {
            let read = |(position, (pointer, row)): (usize, (String, &Value))| {
                read_row(position, row, pointer, &shared, &mut draft.read_only, &faults)
            };
            draft.rows = rows.into_iter().enumerate().filter_map(read).collect();
        }
        let lacks_reason = |row: &DraftRow| matches!(row.says, Some(ObligationChange::Withdrawn)) && row.reason.is_none();
        if !shared.reason_given && draft.rows.iter().any(lacks_reason) {
            faults.note(body.at("reason"), Fault::unexplained_withdrawal());
        }
        body.finish();
    }
    draft.faults = faults.into_all();
    Ok(draft)
}

/// The fields that a batch sets for all its rows, or a row for itself.
struct SharedFields {
    organisation: Option<String>,
    province: Option<String>,
    /// Absent without a `source`.
    source: Option<Source>,
    reason: Option<String>,
    /// Whether there is a reason, even an unreadable one.
    reason_given: bool,
}

fn read_shared(body: &mut Object<'_>, faults: &Faults) -> SharedFields {
    let at = body.at("source");
    SharedFields {
        organisation: body.optional("organisation", json::word(organisation)),
        province: body.optional("province", json::text(100)),
        source: body.field("source").map(|source| read_source(source, at, Notation::default(), faults)),
        reason_given: body.field("reason").is_some(),
        reason: body.optional("reason", json::text(300)),
    }
}

/// The fields of the terms of an obligation, which a withdrawal must not have.
const OF_WHAT_IS_OWED: [&str; 3] = ["deadline", "closes_after_days", "valid_to"];

/// Longest time until a period closes, in days: ten years.
const LONGEST_OPEN: i32 = 3660;

fn read_row(
    position: usize,
    row: &Value,
    pointer: String,
    batch: &SharedFields,
    read_only: &mut ReadOnly,
    faults: &Faults,
) -> Option<DraftRow> {
    let mut row = Object::open(row, pointer, faults)?;
    for name in ["id", "recorded_at"] {
        row.read_only(name, json::string, read_only);
    }
    row.read_only("version", json::digits, read_only);
    let own = read_shared(&mut row, faults);
    // An unreadable value of the row must not become that of the batch.
    let [own_organisation, own_province] = ["organisation", "province"].map(|name| row.field(name).is_some());
    let indicators = read_indicators(&mut row, faults);
    let frequency = row.required("frequency", json::word(Frequency::parse));
    let (calendar_given, calendar) = (row.field("calendar").is_some(), row.optional("calendar", json::word(Calendar::parse)));
    let cumulative = row.or_default("cumulative", json::boolean);
    let valid_from = row.required("valid_from", json::word(parse_date));
    let says = if row.optional("withdraw", json::boolean).unwrap_or(false) {
        let also: Vec<&str> = OF_WHAT_IS_OWED.into_iter().filter(|name| row.field(name).is_some()).collect();
        if !also.is_empty() {
            let message = message!(
                en: "a withdrawal says that nothing is owed; the row also has {}",
                vi: "rút nghĩa vụ báo cáo thì không còn nội dung khác; hàng này còn có {}", also.join(", ")
            );
            faults.note(row.pointer(), Fault::new(Code::ContradictoryRow, message));
        }
        also.is_empty().then_some(ObligationChange::Withdrawn)
    } else {
        read_owed(&mut row, faults)
    };
    row.finish();
    // An unreadable calendar must not become the indicator's own calendar.
    let says = says.filter(|_| calendar.is_some() || !calendar_given);
    Some(DraftRow {
        position,
        organisation: own.organisation.or(batch.organisation.clone().filter(|_| !own_organisation)),
        province: own.province.or(batch.province.clone().filter(|_| !own_province)),
        own_province,
        indicators,
        frequency,
        calendar,
        cumulative: cumulative?,
        valid_from,
        says,
        source: own.source.or_else(|| batch.source.clone()).unwrap_or_default(),
        reason: own.reason.or_else(|| batch.reason.clone()),
    })
}

/// The indicators of a row, each with its pointer: the one in `indicator`, or those in `indicators`.
fn read_indicators(row: &mut Object<'_>, faults: &Faults) -> Vec<(String, String)> {
    let (one, at) = (row.field("indicator").map(|code| (row.at("indicator"), code)), row.at("indicators"));
    let items = row.items("indicators");
    match (&one, row.field("indicators")) {
        (None, None) => faults.note(at, Fault::missing_field("indicators")),
        (Some(_), Some(_)) => {
            let message = message!(
                en: "a row has `indicator` or `indicators`, not both",
                vi: "một dòng có `indicator` hoặc `indicators`, không có cả hai"
            );
            faults.note(row.pointer(), Fault::new(Code::ContradictoryRow, message));
        }
        (None, Some(Value::Array(_))) if items.is_empty() => {
            let message = message!(
                en: "the list has to name at least one indicator",
                vi: "danh sách cần có ít nhất một chỉ tiêu"
            );
            faults.note(at, Fault::new(Code::BatchSize, message));
        }
        // A value that is not a list has its fault already.
        _ => {}
    }
    let read = |(pointer, code): (String, &Value)| match json::text(64)(code) {
        Ok(code) => Some((pointer, code)),
        Err(fault) => {
            faults.note(pointer, fault);
            None
        }
    };
    let named = one.map_or(items, |one| vec![one]);
    named.into_iter().filter_map(read).collect()
}

fn read_owed(row: &mut Object<'_>, faults: &Faults) -> Option<ObligationChange> {
    let before = faults.count();
    let at = row.at("deadline");
    let deadline = row.field("deadline");
    if deadline.is_none() {
        faults.note(at.clone(), Fault::missing_field("deadline"));
    }
    let deadline = deadline.and_then(|deadline| read_deadline(deadline, at, faults));
    let closes_after_days = row.optional("closes_after_days", json::integer(0..=LONGEST_OPEN));
    let valid_to = row.optional("valid_to", json::word(parse_date));
    let read = ObligationChange::Owed {
        deadline: deadline?,
        closes_after_days: closes_after_days.and_then(|days| u32::try_from(days).ok()),
        valid_to,
    };
    (faults.count() == before).then_some(read)
}

fn read_deadline(deadline: &Value, pointer: String, faults: &Faults) -> Option<Deadline> {
    let mut deadline = Object::open(deadline, pointer, faults)?;
    let months_after = deadline.required("months_after", json::integer(-1..=12));
    let day = deadline.required("day", json::integer(1..=31));
    deadline.finish();
    Some(Deadline { months_after: months_after?, day: u32::try_from(day?).ok()? })
}

/// An identifier of an organisation.
///
/// # Errors
/// `invalid_value`.
pub fn organisation(text: &str) -> Result<String, Fault> {
    check_id(text).map(|()| text.to_owned())
}
