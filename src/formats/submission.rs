//! The JSON of a submission, read into a draft: shapes and notations only.
//! The checks of values are in `domain`.

use serde_json::{Map, Value};

use super::json::{self, Faults, Object};
use crate::domain::batch::layout::Layout;
use crate::domain::batch::rows::{MAX_ROWS, Mode};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::source::Source;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::fault::{Code, Fault, LocatedFault};
use crate::domain::number::decimal::NumberLocale;
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;

use crate::domain::observation::figure_check::SentFigure;
use crate::domain::submission::draft::{ClaimChange, Draft, DraftRow, RowContent};

use crate::domain::submission::warning::Warning;
use crate::domain::text::parse_date;
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;

/// Reads the comment of a workflow step; `needed` makes it required.
///
/// # Errors
/// `malformed_json`; otherwise all faults of the fields.
pub fn read_comment(bytes: &[u8], needed: bool) -> Result<Result<Option<String>, Vec<LocatedFault>>, Fault> {
    let document = if bytes.is_empty() { Value::Object(Map::new()) } else { json::parse(bytes)? };
    let faults = Faults::default();
    let document = if document.is_null() && !needed { Value::Object(Map::new()) } else { document };
    let comment = Object::open(&document, "", &faults).and_then(|mut body| {
        let read = json::text(1000);
        let comment = if needed { body.required("comment", read) } else { body.optional("comment", read) };
        body.finish();
        comment
    });
    let faults = faults.into_all();
    Ok(if faults.is_empty() { Ok(comment) } else { Err(faults) })
}

/// Reads the body of `POST /v1/submissions` and returns the draft, and true if it stays a draft.
///
/// # Errors
/// `malformed_json`; the draft holds all other faults.
pub fn read(bytes: &[u8]) -> Result<(Draft, bool), Fault> {
    Ok(read_document(&json::parse(bytes)?, None))
}

/// Reads the document of a submission and returns the draft with all faults, and true if it stays a draft.
#[must_use]
pub fn read_document(document: &Value, layout: Option<Layout>) -> (Draft, bool) {
    let faults = Faults::default();
    let mut stays = false;
    let mut draft = Draft {
        mode: Mode::Atomic,
        acknowledge: Vec::new(),
        province: None,
        calendar: None,
        source: Source::default(),
        rows: Vec::new(),
        layout,
        faults: Vec::new(),
    };
    if let Some(mut body) = Object::open(document, "", &faults) {
        draft.province = body.required("province", json::text(100));
        draft.calendar = body.optional("calendar", json::word(Calendar::parse));
        let period = body.optional("period", json::word(PeriodCode::parse));
        let period_given = body.field("period").is_some();
        draft.mode = body.optional("mode", json::word(Mode::parse)).unwrap_or(Mode::Atomic);
        stays = body.optional("draft", json::boolean).unwrap_or(false);
        draft.acknowledge = read_acknowledged(&mut body, &faults);
        let locale = body.optional("number_locale", json::word(NumberLocale::parse)).unwrap_or(NumberLocale::Plain);
        if let Some(source) = body.field("source") {
            draft.source = read_source(source, body.at("source"), &faults);
        }
        if body.field("observations").is_none() {
            faults.note(body.at("observations"), Fault::new(Code::MissingField, "`observations` is needed"));
        }
        let rows = body.items("observations");
        if rows.len() > MAX_ROWS || rows.is_empty() && body.field("observations").is_some_and(Value::is_array) {
            let message = format!("a batch has 1 to {MAX_ROWS} rows, this one {}", rows.len());
            faults.note(body.at("observations"), Fault::new(Code::BatchSize, message));
        } else {
            let batch = Batch { period, period_given, locale };
            draft.rows = rows
                .into_iter()
                .enumerate()
                .map(|(position, (pointer, row))| {
                    batch.read_row(position, row, pointer, &faults).unwrap_or(DraftRow { position, ..DraftRow::default() })
                })
                .collect();
        }
        body.finish();
    }
    draft.faults = faults.into_all();
    (draft, stays)
}

/// The fields of the batch that apply to all rows.
struct Batch {
    period: Option<PeriodCode>,
    period_given: bool,
    locale: NumberLocale,
}

impl Batch {
    fn read_row(&self, position: usize, row: &Value, pointer: String, faults: &Faults) -> Option<DraftRow> {
        let mut row = Object::open(row, pointer, faults)?;
        let row_ref = row.optional("row_ref", json::text(100));
        let indicator = row.required("indicator", json::text(64));
        let breakdown = row.or_default("breakdown", read_breakdown);
        // A row with an unreadable period must not get the period of the batch.
        let period = if row.field("period").is_some() { row.optional("period", json::word(PeriodCode::parse)) } else { self.period };
        let calendar = row.optional("calendar", json::word(Calendar::parse));
        if row.field("period").is_none() && !self.period_given {
            faults.note(row.at("period"), Fault::new(Code::MissingField, "neither the row nor the batch has a `period`"));
        }
        let says = self.read_says(&mut row, faults);
        let locator = row.optional("locator", json::text(100));
        let wording = row.optional("wording", json::text(500));
        let (reason, reason_given) = (row.optional("reason", json::text(300)), row.field("reason").is_some());
        let force = row.optional("force", json::boolean).unwrap_or(false);
        let acknowledge = read_acknowledged(&mut row, faults);
        let claims = self.read_claims(&mut row, faults);
        row.finish();
        Some(DraftRow {
            position,
            row_ref,
            indicator,
            breakdown,
            period,
            calendar,
            says,
            locator,
            wording,
            reason,
            reason_given,
            force,
            acknowledge,
            claims,
        })
    }

    /// The content of a row: a figure, a nil declaration or a withdrawal; `None` after a read fault.
    fn read_says(&self, row: &mut Object<'_>, faults: &Faults) -> Option<RowContent> {
        let nil = row.optional("nil", json::boolean).unwrap_or(false);
        let withdraw = row.optional("withdraw", json::boolean).unwrap_or(false);
        // An unreadable number has its fault already. As an absent number it would get a second, false one.
        let mut number = |name| (row.field(name).is_some(), row.optional(name, json::number(self.locale)));
        let numbers = ["value", "low", "high", "numerator", "denominator"].map(&mut number);
        let all_read = numbers.iter().all(|(given, number)| !given || number.is_some());
        let [value, low, high, numerator, denominator] = numbers.map(|(_, number)| number);
        let unit_mult = row.optional("unit_mult", json::integer(-6..=12));
        let status = row.optional("status", json::word(Status::parse)).unwrap_or(Status::Official);
        let bound = row.optional("bound", json::word(Bound::parse)).unwrap_or(Bound::Equal);
        let as_of = row.optional("as_of", json::word(parse_date));
        if !nil && !withdraw {
            let figure = SentFigure { value, low, high, numerator, denominator, unit_mult, status, bound, as_of };
            return all_read.then_some(RowContent::Figure(figure));
        }
        let of_figures = ["value", "low", "high", "numerator", "denominator", "unit_mult", "status", "bound", "as_of", "claims"];
        let also: Vec<&str> =
            of_figures.into_iter().filter(|name| row.field(name).is_some()).chain((nil && withdraw).then_some("nil")).collect();
        if !also.is_empty() {
            let what = if withdraw { "a withdrawal" } else { "`nil`" };
            let message = format!("{what} says that there is no figure; the row also has {}", also.join(", "));
            faults.note(row.pointer(), Fault::new(Code::ContradictoryRow, message));
            return None;
        }
        Some(if withdraw { RowContent::Withdraw } else { RowContent::Nil })
    }

    fn read_claims(&self, row: &mut Object<'_>, faults: &Faults) -> Vec<ClaimChange> {
        let mut claims: Vec<ClaimChange> = Vec::new();
        for (pointer, claim) in row.items("claims") {
            let Some(claim) = read_claim(claim, pointer.clone(), self.locale, faults) else { continue };
            if claims.iter().any(|earlier| earlier.kind == claim.kind) {
                let message = format!("the row claims its `{}` twice", claim.kind.as_str());
                faults.note(pointer, Fault::new(Code::DuplicateRow, message));
            }
            claims.push(claim);
        }
        claims
    }
}

/// The codes of acknowledged warnings.
fn read_acknowledged(of: &mut Object<'_>, faults: &Faults) -> Vec<Warning> {
    let read = |(pointer, code): (String, &Value)| json::word(Warning::parse)(code).map_err(|fault| faults.note(pointer, fault)).ok();
    of.items("acknowledge").into_iter().filter_map(read).collect()
}

fn read_claim(claim: &Value, pointer: String, locale: NumberLocale, faults: &Faults) -> Option<ClaimChange> {
    let mut claim = Object::open(claim, pointer, faults)?;
    let kind = claim.required("kind", json::word(ClaimKind::parse));
    let withdraw = claim.optional("withdraw", json::boolean).unwrap_or(false);
    let value = if withdraw { None } else { Some(claim.required("value", json::number(locale))) };
    if withdraw && claim.field("value").is_some() {
        faults.note(claim.pointer(), Fault::new(Code::ContradictoryRow, "a claim that is withdrawn has no value"));
    }
    claim.finish();
    let value = match value {
        Some(read) => Some(read?),
        None => None,
    };
    Some(ClaimChange { kind: kind?, value })
}

/// Reads the source document of figures.
pub(super) fn read_source(source: &Value, pointer: String, faults: &Faults) -> Source {
    let Some(mut source) = Object::open(source, pointer, faults) else { return Source::default() };
    let read = Source {
        title: source.optional("title", json::text(300)),
        number: source.optional("number", json::text(100)),
        date: source.optional("date", json::word(parse_date)),
    };
    source.finish();
    read
}

/// Reads `{"line_type": "fixed"}`.
pub(super) fn read_breakdown(value: &Value) -> Result<Breakdown, Fault> {
    let Value::Object(members) = value else {
        return Err(Fault::new(Code::WrongType, "a breakdown is an object such as {\"line_type\": \"fixed\"}"));
    };
    let pairs = members.iter().map(|(dimension, member)| Ok((dimension.clone(), json::string(member)?.to_owned())));
    Breakdown::new(pairs.collect::<Result<Vec<_>, Fault>>()?)
}
