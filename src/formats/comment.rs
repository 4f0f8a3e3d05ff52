//! The remark on a workflow step of a submission: the fields of its body, and their readers.
//! Which step has which body is decided in `http`.

use serde_json::{Map, Value, json};

use super::fields::field::{Field, names, read as read_fields};
use super::fields::kinds;
use super::fields::record::RawRecord;
use super::fields::schema::Fields;
use super::json::{self, Faults};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::number::notation::Notation;
use crate::domain::submission::workflow::{Remark, ReviewWarning};

/// The body of a step; `NEEDED` makes the comment required.
#[derive(Debug, Default)]
pub struct CommentFields<const NEEDED: bool> {
    comment: Option<String>,
}

const EXAMPLE: &str = "Hàng 3: doanh thu tháng 5 thiếu một doanh nghiệp";

static COMMENT: Field<CommentFields<false>> =
    Field::new("comment", &kinds::Text(1000, |body: &mut CommentFields<false>| &mut body.comment), "Comment for the next reader")
        .example(EXAMPLE);

static NEEDED_COMMENT: Field<CommentFields<true>> =
    Field::new("comment", &kinds::Text(1000, |body: &mut CommentFields<true>| &mut body.comment), "The required corrections")
        .required()
        .example(EXAMPLE);

impl Fields for CommentFields<false> {
    const FIELDS: &'static [&'static Field<Self>] = &[&COMMENT];
    const REQUEST: (&'static str, &'static str) = ("Comment", "A comment on a step.");

    fn example() -> Option<Value> {
        Some(json!({"comment": EXAMPLE}))
    }
}

impl Fields for CommentFields<true> {
    const FIELDS: &'static [&'static Field<Self>] = &[&NEEDED_COMMENT];
    const REQUEST: (&'static str, &'static str) = ("NeededComment", "The comment on a returned submission.");

    fn example() -> Option<Value> {
        Some(json!({"comment": EXAMPLE}))
    }
}

/// The body of an approval.
#[derive(Debug, Default)]
pub struct ApprovalFields {
    comment: Option<String>,
    acknowledge: Vec<ReviewWarning>,
    reason: Option<String>,
}

static APPROVAL_COMMENT: Field<ApprovalFields> =
    Field::new("comment", &kinds::Text(1000, |body: &mut ApprovalFields| &mut body.comment), "Comment for the next reader");

static APPROVAL_ACKNOWLEDGE: Field<ApprovalFields> = Field::new(
    "acknowledge",
    &kinds::Codes { parse: ReviewWarning::parse, of: |body: &mut ApprovalFields| &mut body.acknowledge },
    "Codes of warnings that the reviewer confirms for all rows; needs a `reason`",
);

static APPROVAL_REASON: Field<ApprovalFields> = Field::new(
    "reason",
    &kinds::Text(300, |body: &mut ApprovalFields| &mut body.reason),
    "Reason for replacing figures that were stored after the submission; the new revisions of these rows carry it, unless the row has its own",
)
.example("Số mới nhập nhầm, lấy số của báo cáo này");

impl Fields for ApprovalFields {
    const FIELDS: &'static [&'static Field<Self>] = &[&APPROVAL_COMMENT, &APPROVAL_ACKNOWLEDGE, &APPROVAL_REASON];
    const REQUEST: (&'static str, &'static str) = ("Approval", "What a reviewer says about an approval.");

    fn example() -> Option<Value> {
        Some(json!({"comment": "Đã đối chiếu với văn bản gốc"}))
    }
}

/// A body that was read, or its faults.
type Read<T> = Result<T, Vec<LocatedFault>>;

/// Reads the comment of a workflow step; an absent body has none.
///
/// # Errors
/// `malformed_json`; otherwise all faults of the fields.
pub fn read(bytes: &[u8]) -> Result<Read<Remark>, Fault> {
    let body: Read<CommentFields<false>> = read_body(bytes, false)?;
    Ok(body.map(|body| Remark { comment: body.comment, changes_accepted: None }))
}

/// Reads the required comment of a workflow step.
///
/// # Errors
/// As [`read`], and `missing_field`.
pub fn read_needed(bytes: &[u8]) -> Result<Read<Remark>, Fault> {
    let body: Read<CommentFields<true>> = read_body(bytes, true)?;
    Ok(body.map(|body| Remark { comment: body.comment, changes_accepted: None }))
}

/// Reads what a reviewer says about an approval; an absent body says nothing.
///
/// # Errors
/// As [`read`], and `reason_missing`.
pub fn read_approval(bytes: &[u8]) -> Result<Read<Remark>, Fault> {
    let body: Read<ApprovalFields> = read_body(bytes, false)?;
    Ok(body.and_then(|ApprovalFields { comment, acknowledge, reason }| {
        if !acknowledge.is_empty() && reason.is_none() {
            let fault = Fault::new(
                Code::ReasonMissing,
                message!(
                    en: "`acknowledge` requires a `reason`",
                    vi: "`acknowledge` cần có `reason`"
                ),
            );
            return Err(vec![fault.at(Location::Pointer("/reason".into()))]);
        }
        Ok(Remark { comment, changes_accepted: reason.filter(|_| !acknowledge.is_empty()) })
    }))
}

fn read_body<T: Fields + Default>(bytes: &[u8], needed: bool) -> Result<Read<T>, Fault> {
    let document = if bytes.is_empty() { Value::Null } else { json::parse(bytes)? };
    let absent = bytes.is_empty() || document.is_null() && !needed;
    let document = if absent { Value::Object(Map::new()) } else { document };
    let faults = Faults::default();
    let body = RawRecord::open(&document, Location::Pointer(String::new()), &faults).map(|raw| {
        let body = read_fields(T::FIELDS, &raw, Notation::default(), &faults, Field::missing);
        raw.note_unknown(&names(T::FIELDS), &faults);
        body
    });
    let faults = faults.into_all();
    Ok(if faults.is_empty() { Ok(body.unwrap_or_default()) } else { Err(faults) })
}
