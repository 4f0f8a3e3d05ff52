//! Reverts: rows that would undo something newer, because they bring back a replaced value or come from an older document.
//! A revert may be right. It needs `acknowledge` with a reason.

use chrono::NaiveDate;

use super::draft::Row;
use super::warning::{RowWarning, Warning};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::source::Source;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::fault::{Code, Fault};
use crate::domain::number::decimal::Decimal;
use crate::domain::observation::observation::{Content, Observation};

/// The history of a stored figure, as far as a new row can undo it.
#[derive(Debug, Clone, Default)]
pub struct PastRevisions {
    /// Superseded revisions. Those with another value than the new row may be left out.
    pub superseded: Vec<Observation>,
    /// The date of the newest document that confirmed the current revision.
    pub confirmed_on: Option<NaiveDate>,
    /// All revisions of its claims.
    pub claims: Vec<PastClaim>,
}

/// A revision of a claim.
#[derive(Debug, Clone)]
pub struct PastClaim {
    /// The kind of comparison.
    pub kind: ClaimKind,
    /// The printed number; `None` for a withdrawal.
    pub value: Option<Decimal>,
    /// Whether this revision is the current one of its kind.
    pub current: bool,
    /// The document with the claim.
    pub source: Source,
}

/// The warning for a row that would undo something newer. A row with the value of the current revision undoes no figure: an identical
/// repeat changes nothing, and a final figure may confirm an estimate. Such a row can still undo a claim.
pub(super) fn detect(row: &Row, known: &Observation, past: &PastRevisions, catalogue: &Catalogue) -> Option<RowWarning> {
    let source = &row.citation.source;
    let findings: Vec<String> = if known.content.same_value(&row.content) {
        row.claims.iter().filter_map(|claim| undone_claim(claim.kind, claim.value, source, past)).collect()
    } else {
        let confirmed = past.confirmed_on.filter(|_| !same_document(source, &known.citation.source));
        let date = known.citation.source.date.max(confirmed);
        brought_back(row, known, past, catalogue).into_iter().chain(older(source, date, &words(&known.content))).collect()
    };
    (!findings.is_empty()).then(|| RowWarning { code: Warning::Reverts, message: findings.join("; ") })
}

/// The error of a row with this warning, unless the sender acknowledged it and gave a reason.
pub(super) fn unaccepted(row: &Row, warning: &RowWarning) -> Option<(&'static str, Fault)> {
    let code = Warning::Reverts.as_str();
    if !row.acknowledge.contains(&Warning::Reverts) {
        let message = format!("{}; where the older value is right, send `acknowledge` with `{code}`, and a `reason`", warning.message);
        return Some(("acknowledge", Fault::new(Code::Unacknowledged, message).allowing([code])));
    }
    row.reason.is_none().then(|| {
        let message = format!("{}; `acknowledge` with `{code}` requires a `reason`", warning.message);
        ("reason", Fault::new(Code::ReasonMissing, message))
    })
}

/// The latest superseded revision whose value the row would bring back.
fn brought_back(row: &Row, known: &Observation, past: &PastRevisions, catalogue: &Catalogue) -> Option<String> {
    // A final figure after estimates is new information, also where it equals the first of them.
    let more_final = row.content.figure().zip(known.figure()).is_some_and(|(new, current)| new.status > current.status);
    let back = |before: &&Observation| {
        // The same number under another definition has another meaning.
        let same_meaning = !catalogue.definition_differs(&row.series.indicator, before.definition_version, row.definition_version);
        let same = if more_final { before.content == row.content } else { before.content.same_value(&row.content) };
        before.revision < known.revision && same && same_meaning
    };
    let before = past.superseded.iter().filter(back).max_by_key(|before| before.revision)?;
    let (old, new) = (words(&before.content), words(&known.content));
    Some(format!("revision {} was {old}; it was replaced, and revision {} is {new}{}", before.revision, known.revision, dated(known)))
}

/// A claim that a row would bring back, or that comes from an older document than the current one of its kind.
fn undone_claim(kind: ClaimKind, value: Option<Decimal>, source: &Source, past: &PastRevisions) -> Option<String> {
    let number = |value: Option<Decimal>| value.map_or("withdrawn".to_owned(), |value| value.to_string());
    let of_kind = || past.claims.iter().filter(|claim| claim.kind == kind);
    let current = of_kind().find(|claim| claim.current).filter(|current| current.value != value)?;
    if of_kind().any(|claim| !claim.current && claim.value == value) {
        return Some(format!("the claim `{}` was {} before, and was replaced by {}", kind.as_str(), number(value), number(current.value)));
    }
    older(source, current.source.date, &format!("the claim `{}` as {}", kind.as_str(), number(current.value)))
}

/// A document that is older than the one with the current content.
fn older(source: &Source, current: Option<NaiveDate>, content: &str) -> Option<String> {
    let (own, current) = source.date.zip(current)?;
    (own < current).then(|| format!("the document of {own} is older than that of {current}, which has {content}"))
}

fn same_document(one: &Source, other: &Source) -> bool {
    (&one.number, one.date) == (&other.number, other.date)
}

fn dated(known: &Observation) -> String {
    known.citation.source.date.map_or(String::new(), |date| format!(" (document of {date})"))
}

/// The content in a sentence.
pub(super) fn words(content: &Content) -> String {
    match content {
        Content::Figure(figure) => format!("{} ({})", figure.quantity, figure.status.as_str()),
        Content::Nil => "nothing to report".into(),
        Content::Withdrawn => "withdrawn".into(),
    }
}
