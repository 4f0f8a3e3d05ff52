//! The comment on a workflow step of a submission: its field, and the reader of the body.
//! Which step needs a comment is decided in `http`.

use serde_json::{Map, Value, json};

use super::fields::field::{Field, names, read as read_fields};
use super::fields::kinds;
use super::fields::record::RawRecord;
use super::fields::schema::Fields;
use super::json::{self, Faults};
use crate::domain::fault::{Fault, LocatedFault, Location};
use crate::domain::number::notation::Notation;

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

/// Reads the comment of a workflow step; an absent body has none.
///
/// # Errors
/// `malformed_json`; otherwise all faults of the fields.
pub fn read(bytes: &[u8]) -> Result<Result<Option<String>, Vec<LocatedFault>>, Fault> {
    read_body::<false>(bytes)
}

/// Reads the required comment of a workflow step.
///
/// # Errors
/// As [`read`], and `missing_field`.
pub fn read_needed(bytes: &[u8]) -> Result<Result<Option<String>, Vec<LocatedFault>>, Fault> {
    read_body::<true>(bytes)
}

fn read_body<const NEEDED: bool>(bytes: &[u8]) -> Result<Result<Option<String>, Vec<LocatedFault>>, Fault>
where
    CommentFields<NEEDED>: Fields,
{
    let document = if bytes.is_empty() { Value::Null } else { json::parse(bytes)? };
    let absent = bytes.is_empty() || document.is_null() && !NEEDED;
    let document = if absent { Value::Object(Map::new()) } else { document };
    let faults = Faults::default();
    let comment = RawRecord::open(&document, Location::Pointer(String::new()), &faults).and_then(|raw| {
        let fields = CommentFields::<NEEDED>::FIELDS;
        let body = read_fields(fields, &raw, Notation::default(), &faults, Field::missing);
        raw.note_unknown(&names(fields), &faults);
        body.comment
    });
    let faults = faults.into_all();
    Ok(if faults.is_empty() { Ok(comment) } else { Err(faults) })
}
