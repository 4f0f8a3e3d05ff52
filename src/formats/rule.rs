//! The JSON of `PUT /v1/rules/{code}`, read into a draft.
//! The checks of a rule are in `domain::rule`.

use serde_json::Value;

use super::json::{self, Faults, Object};
use crate::domain::catalogue::rule::{MissingFigures, Relation, Severity, Term};
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::number::notation::{Medium, Notation};
use crate::domain::validation::rule_draft::Draft;

/// No notation can be declared.
const NOTATION: Notation = Notation::new(None, Medium::Definition);

/// Limit of terms on one side of a rule.
const MOST_TERMS: usize = 50;

/// Reads the body of `PUT /v1/rules/{code}`.
///
/// # Errors
/// `malformed_json`; the draft holds all other faults.
pub fn read(code: &str, bytes: &[u8]) -> Result<Draft, Fault> {
    let document = json::parse(bytes)?;
    let faults = Faults::default();
    let mut draft = Draft { code: code.to_owned(), ..Draft::default() };
    if let Some(mut body) = Object::open(&document, "", &faults) {
        body.read_only("code", json::string, &mut draft.read_only);
        body.read_only("version", json::digits, &mut draft.read_only);
        draft.name = body.required("name", json::text(300));
        draft.name_en = body.required("name_en", json::text(300));
        draft.relation = body.required("relation", json::word(Relation::parse));
        for name in ["left", "right"] {
            if body.field(name).is_none() {
                faults.note(body.at(name), Fault::missing_field(name));
            }
        }
        draft.sides = ["left", "right", "divided_by"].map(|name| read_terms(&mut body, name, &faults));
        draft.tolerance = body.optional("tolerance", json::number(NOTATION));
        draft.missing = body.optional("missing", json::word(MissingFigures::parse));
        draft.severity = body.required("severity", json::word(Severity::parse));
        draft.legal_reference = body.optional("legal_reference", json::text(300));
        draft.retired = body.optional("retired", json::boolean).unwrap_or(false);
        draft.reason = body.optional("reason", json::text(300));
        body.finish();
    }
    draft.faults = faults.into_all();
    Ok(draft)
}

fn read_terms(body: &mut Object<'_>, name: &'static str, faults: &Faults) -> Vec<(usize, Term)> {
    let items = body.items(name);
    // An answer has an empty `divided_by` where there is none.
    let is_empty = items.is_empty() && name != "divided_by" && body.field(name).is_some_and(Value::is_array);
    if items.len() > MOST_TERMS || is_empty {
        faults.note(
            body.at(name),
            Fault::new(
                Code::BatchSize,
                message!(
                    en: "a side has 1 to {MOST_TERMS} terms, this one {}",
                    vi: "mỗi vế có 1 đến {MOST_TERMS} số hạng, vế này có {}", items.len()
                ),
            ),
        );
        return Vec::new();
    }
    let read = |(place, (pointer, term)): (usize, (String, &Value))| Some((place, read_term(term, pointer, faults)?));
    items.into_iter().enumerate().filter_map(read).collect()
}

fn read_term(term: &Value, pointer: String, faults: &Faults) -> Option<Term> {
    let mut term = Object::open(term, pointer, faults)?;
    let given = [term.field("indicator").is_some(), term.field("value").is_some()];
    let indicator = term.optional("indicator", json::text(64));
    let breakdown = term.or_default("breakdown", json::breakdown);
    let value = term.optional("value", json::number(NOTATION));
    let read = match given {
        [true, false] => indicator.zip(breakdown).map(|(indicator, breakdown)| Term::Figure { indicator, breakdown }),
        [false, true] if term.field("breakdown").is_none() => value.map(|value| Term::Number { value }),
        _ => {
            let message = message!(
                en: "a term is either an `indicator`, with a `breakdown` for a part of it, or a `value`",
                vi: "số hạng là `indicator`, kèm `breakdown` nếu là một phân tổ, hoặc là `value`"
            );
            faults.note(term.pointer(), Fault::new(Code::InvalidValue, message));
            None
        }
    };
    term.finish();
    read
}
