//! Reverts: rows that would undo something newer, because they bring back a replaced value or come from an older document.
//! A revert may be right. It needs `acknowledge` with a reason.

use chrono::{DateTime, NaiveDate, Utc};

use super::draft::Row;
use super::warning::{RowWarning, Warning};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::source::Source;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::{Message, message};
use crate::domain::number::decimal::Decimal;
use crate::domain::observation::observation::{Content, Observation};

/// The history of a stored figure, as far as a new row can undo it.
#[derive(Debug, Clone, Default)]
pub struct PastRevisions {
    /// Superseded revisions. Those with another quantity than the new row may be left out.
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
    /// When this revision was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The document with the claim.
    pub source: Source,
}

/// The warning for a row that would undo something newer. A row with the value of the current revision undoes no figure: an identical
/// repeat changes nothing, and a final figure may confirm an estimate. Any row can undo a claim.
pub(super) fn detect(row: &Row, known: &Observation, past: &PastRevisions, catalogue: &Catalogue) -> Option<RowWarning> {
    let source = &row.citation.source;
    let mut findings: Vec<Message> = Vec::new();
    if !known.content.same_value(&row.content) {
        let confirmed = past.confirmed_on.filter(|_| !same_document(source, &known.citation.source));
        let date = known.citation.source.date.max(confirmed);
        findings.extend(brought_back(row, known, past, catalogue).into_iter().chain(older(source, date, &words(&known.content))));
    }
    // Claims were withdrawn together with their figure: they may come back with the next one.
    let claims = row.claims.iter().filter(|_| known.figure().is_some());
    findings.extend(claims.filter_map(|claim| undone_claim(claim.kind, claim.value, source, past)));
    (!findings.is_empty()).then(|| RowWarning { code: Warning::Reverts, message: Message::joined(&findings, "; ") })
}

/// The error of a row with this warning, unless the sender acknowledged it and gave a reason.
pub(super) fn unaccepted(row: &Row, warning: &RowWarning) -> Option<(&'static str, Fault)> {
    let code = Warning::Reverts.as_str();
    if !row.acknowledge.contains(&Warning::Reverts) {
        let undone = &warning.message;
        let message = message!(
            en: "{undone}; where the older value is right, send `acknowledge` with `{code}`, and a `reason`",
            vi: "{undone}; nếu giá trị cũ là đúng, gửi `acknowledge` là `{code}` kèm `reason`"; undone
        );
        return Some(("acknowledge", Fault::new(Code::Unacknowledged, message).allowing([code])));
    }
    row.reason.is_none().then(|| {
        let undone = &warning.message;
        let message = message!(
            en: "{undone}; `acknowledge` with `{code}` requires a `reason`",
            vi: "{undone}; `acknowledge` là `{code}` cần có `reason`"; undone
        );
        ("reason", Fault::new(Code::ReasonMissing, message))
    })
}

/// The latest superseded revision whose quantity the row would bring back. A row with the current quantity brings back a revision only if
/// that had the same reference day, numerator and denominator too.
fn brought_back(row: &Row, known: &Observation, past: &PastRevisions, catalogue: &Catalogue) -> Option<Message> {
    // A final figure after estimates is new information, also where it equals the first of them.
    let more_final = row.content.figure().zip(known.figure()).is_some_and(|(new, current)| new.status > current.status);
    let back = |before: &&Observation| {
        // The same number under another definition has another meaning.
        let same_meaning = !catalogue.definition_differs(&row.series.indicator, before.definition_version, row.definition_version);
        let same_status = before.figure().map(|figure| figure.status) == row.content.figure().map(|figure| figure.status);
        let only_beside = known.content.same_quantity(&row.content);
        let same_number = if only_beside { before.content.same_value(&row.content) } else { before.content.same_quantity(&row.content) };
        let same = same_number && (same_status || !more_final);
        before.revision < known.revision && same && same_meaning
    };
    let before = past.superseded.iter().filter(back).max_by_key(|before| before.revision)?;
    let (old, new, dated) = (words(&before.content), words(&known.content), dated(known));
    Some(message!(
        en: "revision {} was {old}; it was replaced, and revision {} is {new}{dated}",
        vi: "bản sửa đổi {} là {old}; bản này đã được thay, bản sửa đổi {} là {new}{dated}"; old, new, dated; before.revision, known.revision
    ))
}

/// The number of a claim in words; none for a withdrawn claim.
pub(super) fn claimed(value: Option<Decimal>) -> Message {
    match value {
        None => message!(en: "withdrawn", vi: "đã rút"),
        Some(value) => message!(en: "{value}", vi: "{value}"; value),
    }
}

/// A claim that a row would bring back, or that comes from an older document than the current one of its kind.
fn undone_claim(kind: ClaimKind, value: Option<Decimal>, source: &Source, past: &PastRevisions) -> Option<Message> {
    let of_kind = || past.claims.iter().filter(|claim| claim.kind == kind);
    let current = of_kind().find(|claim| claim.current).filter(|current| current.value != value)?;
    if of_kind().any(|claim| !claim.current && claim.value == value) {
        let (before, now) = (claimed(value), claimed(current.value));
        return Some(message!(
            en: "the claim `{}` was {before} before, and was replaced by {now}",
            vi: "nhận định `{}` trước là {before}, đã được thay bằng {now}"; before, now; kind.as_str()
        ));
    }
    let now = claimed(current.value);
    let content = message!(en: "the claim `{}` as {now}", vi: "nhận định `{}` là {now}"; now; kind.as_str());
    older(source, current.source.date, &content)
}

/// A document that is older than the one with the current content.
fn older(source: &Source, current: Option<NaiveDate>, content: &Message) -> Option<Message> {
    let (own, current) = source.date.zip(current)?;
    (own < current).then(|| {
        message!(
            en: "the document of {own} is older than that of {current}, which has {content}",
            vi: "văn bản ngày {own} cũ hơn văn bản ngày {current}, trong đó là {content}"; own, current, content
        )
    })
}

fn same_document(one: &Source, other: &Source) -> bool {
    (&one.number, one.date) == (&other.number, other.date)
}

fn dated(known: &Observation) -> Option<Message> {
    known.citation.source.date.map(|date| message!(en: " (document of {date})", vi: " (văn bản ngày {date})"; date))
}

/// The content in a sentence.
pub(super) fn words(content: &Content) -> Message {
    match content {
        Content::Figure(figure) => {
            let (quantity, status) = (figure.quantity, figure.status);
            message!(en: "{quantity} ({status})", vi: "{quantity} ({status})"; quantity, status)
        }
        Content::Nil => message!(en: "nothing to report", vi: "không phát sinh"),
        Content::Withdrawn => message!(en: "withdrawn", vi: "đã rút"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::breakdown::Breakdown;
    use crate::domain::catalogue::province::Provinces;
    use crate::domain::catalogue::series_key::SeriesKey;
    use crate::domain::number::decimal::Decimal;
    use crate::domain::observation::observation::Citation;
    use crate::domain::submission::draft::ClaimChange;
    use crate::domain::testing::{content, flow, observation};
    use crate::domain::time::period::{Calendar, Period};

    /// A document of a day in 2024, such as `06-20`.
    fn document(day: &str) -> Source {
        let date = (!day.is_empty()).then(|| format!("2024-{day}").parse().unwrap());
        Source { title: None, number: (!day.is_empty()).then(|| format!("{day}/BC")), date }
    }

    /// The content, and the day of the document after `@`.
    fn dated(text: &str) -> (&str, &str) {
        text.split_once('@').unwrap_or((text, ""))
    }

    /// A row such as `1142 A@06-20`.
    fn row(text: &str) -> Row {
        let (says, day) = dated(text);
        Row {
            position: 0,
            row_ref: None,
            series: SeriesKey { province: "p".into(), indicator: "i".into(), breakdown: Breakdown::default() },
            period: Period::parse("2024-05", Calendar::Civil).unwrap(),
            content: content(says),
            definition_version: 1,
            citation: Citation { source: document(day), ..Citation::default() },
            reason: None,
            force: false,
            acknowledge: Vec::new(),
            suspicious: None,
            hidden: false,
            claims: Vec::new(),
        }
    }

    /// The revisions of a figure, each as in [`row`].
    fn history(text: &str) -> Vec<Observation> {
        let revision = |(revision, text): (i32, &str)| {
            let Row { content, citation, .. } = row(text);
            Observation { revision, content, citation, ..observation("2024-05", Calendar::Civil, "1") }
        };
        (1..).zip(text.split(" | ")).map(revision).collect()
    }

    fn catalogue() -> Catalogue {
        Catalogue::new(Provinces::new(Vec::new()), Vec::new())
    }

    /// `back` where the row brings back a replaced value, `older` where its document is older.
    fn findings(row: &Row, history: &[Observation], past: PastRevisions) -> String {
        let past = PastRevisions { superseded: history.to_vec(), ..past };
        let message = detect(row, history.last().unwrap(), &past, &catalogue()).map(|warning| warning.message).unwrap_or_default();
        let words = [("replaced", "back"), ("is older than", "older")];
        words.iter().filter(|(text, _)| message.english().contains(text)).map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_row_must_not_undo_something_newer() {
        for (stored, says, expected, why) in [
            ("1142@06-20 | 1150@07-15", "1142@06-20", "back older", "the first batch again, after its correction"),
            ("1142@06-20 | 1150@07-15", "1142@07-20", "back", "the first value from a newer document"),
            ("1142 | 1150", "1142", "back", "without documents"),
            ("1142@06-20 | 1150@07-15", "1150@06-20", "", "the current value from an older document"),
            ("1142@06-20 | 1150@07-15", "1150@07-15", "", "an identical repeat"),
            ("1142@06-20 | 1150@07-15", "1160@07-16", "", "a new value from a newer document"),
            ("1142@06-20 | 1150@07-15", "1160@07-15", "", "a new value from a document of the same day"),
            ("1142@06-20 | 1150@07-15", "1160@07-14", "older", "a new value from a document between them"),
            ("1142@06-20 | 1150@07-15", "1160", "", "a document without a date is not older"),
            ("1142@06-20 | 1150", "1160@06-01", "", "nor is one older than a document without a date"),
            ("1150@07-15", "1142@06-20", "older", "the report comes after its correction"),
            ("5 | 6 | 7", "5", "back", "a value of long ago"),
            ("5 | 6 | 5", "6", "back", "there and back again"),
            ("5 | 6", "5.0", "back", "the same number in other digits"),
            (">5 | 5", ">5", "back", "a bound"),
            (">5 | 6", "5", "", "the number of a bound is another value"),
            ("20-23 | 22", "20-23", "back", "a range"),
            ("5 E@06-20", "5 A@06-01", "", "a final figure confirms its estimate"),
            ("5 E | 6 E", "5 A", "", "a final figure equals the first estimate"),
            ("5 E@06-20 | 6 E@07-15", "5 A@06-20", "older", "a final figure from an older document"),
            ("5 E | 6 P", "5 P", "back", "no more final than the current figure"),
            ("5 E | 6 A", "5 A", "back", "an official figure falls back to the estimate"),
            ("5 E | 6 A", "5 E", "back", "and so does an estimate, which also lacks the status"),
            ("5 A | 6 E", "5 A", "back", "exactly what was replaced, although it is more final"),
            ("5 E | 5 A", "5 E", "", "only the status goes back, which has a refusal of its own"),
            ("5 | withdrawn", "5", "back", "a withdrawn figure is sent again"),
            ("5 E | withdrawn", "5 A", "back", "also as a final figure"),
            ("5@06-20 | withdrawn@07-15", "6@06-20", "older", "another figure from before the withdrawal"),
            ("5 | withdrawn", "6", "", "another figure after a withdrawal"),
            ("5 | withdrawn | 6", "withdrawn", "back", "the withdrawal is sent again"),
            ("5 | withdrawn", "withdrawn", "", "a withdrawal repeated"),
            ("5 | 6", "withdrawn", "", "a withdrawal"),
            ("5@07-15", "withdrawn@06-20", "older", "a withdrawal from an older document"),
            ("nil | 5", "nil", "back", "nothing to report is sent again"),
            ("5 | nil", "5", "back", "the figure before it is sent again"),
            ("5@07-15", "nil@06-20", "older", "nothing to report, from an older document"),
            ("5 | 6", "nil", "", "nothing to report, for the first time"),
        ] {
            assert_eq!(findings(&row(says), &history(stored), PastRevisions::default()), expected, "{says} on {stored}: {why}");
        }
    }

    #[test]
    fn a_document_that_confirmed_the_current_figure_counts_too() {
        for (stored, confirmed, says, expected, why) in [
            ("5@06-20", "07-15", "6@07-01", "older", "a document between both"),
            ("5@06-20", "07-15", "6@07-15", "", "the document that confirmed it"),
            ("5@06-20", "07-15", "6@06-20", "", "the document of the current revision is corrected"),
            ("5@06-20", "06-01", "6@06-10", "older", "an older document confirms nothing newer"),
            ("5", "07-15", "6@07-01", "older", "only the confirmation has a date"),
        ] {
            let past = PastRevisions { confirmed_on: document(confirmed).date, ..PastRevisions::default() };

            assert_eq!(findings(&row(says), &history(stored), past), expected, "{says} on {stored}, confirmed {confirmed}: {why}");
        }
    }

    #[test]
    fn what_stands_beside_a_number_does_not_hide_that_it_comes_back() {
        let with = |text: &str| -> Content {
            let mut words = text.split(" + ");
            let mut content = content(words.next().unwrap());
            for word in words {
                let Content::Figure(figure) = &mut content else { panic!("{text}") };
                match word.split_once('/') {
                    None => figure.as_of = Some(format!("2024-05-{word}").parse().unwrap()),
                    Some((numerator, denominator)) => {
                        figure.numerator = Some(Decimal::parse_json(numerator).unwrap());
                        figure.denominator = Some(Decimal::parse_json(denominator).unwrap());
                    }
                }
            }
            content
        };
        for (stored, says, expected, why) in [
            ("1142 | 1150", "1142 + 20", "back", "with a reference day"),
            ("1142 + 20 | 1150", "1142 + 25", "back", "with another"),
            ("95 | 96", "95 + 38/40", "back", "a rate now with its numbers"),
            ("95 + 38/40 | 96", "95", "back", "a rate now without them"),
            ("1142 E | 1150 E", "1142 A + 20", "", "a final figure equals the first estimate"),
            ("1142 | 1142 + 20", "1142 + 25", "", "only the reference day is new"),
            ("95 | 95 + 38/40", "95 + 57/60", "", "only the numbers of the rate are new"),
            ("95 | 95 + 38/40", "95", "back", "the numbers of the rate are gone again"),
            ("1142 + 20 | 1142 + 25", "1142 + 20", "back", "the first reference day again"),
        ] {
            let history: Vec<Observation> = stored
                .split(" | ")
                .zip(1..)
                .map(|(text, revision)| Observation { revision, content: with(text), ..observation("2024-05", Calendar::Civil, "1") })
                .collect();
            let row = Row { content: with(says), ..row("1") };

            assert_eq!(findings(&row, &history, PastRevisions::default()), expected, "{says} on {stored}: {why}");
        }
    }

    #[test]
    fn the_same_number_under_another_definition_is_not_brought_back() {
        let versions = [1, 2].map(|version| {
            let definition = format!("Định nghĩa {version}.");
            crate::domain::catalogue::indicator::Indicator { code: "i".into(), definition, ..flow() }
        });
        let catalogue = Catalogue::new(Provinces::new(Vec::new()), versions.to_vec());
        let history = history("5 | 6");
        for (version, brings_back) in [(1, true), (2, false)] {
            let row = Row { definition_version: version, ..row("5") };
            let past = PastRevisions { superseded: history.clone(), ..PastRevisions::default() };

            let found = detect(&row, &history[1], &past, &catalogue);

            assert_eq!(found.is_some(), brings_back, "version {version}");
        }
    }

    #[test]
    fn a_claim_must_not_undo_a_newer_one() {
        let value = |text: &str| (text != "withdrawn").then(|| Decimal::parse_json(text).unwrap());
        for (stored, says, expected, why) in [
            ("103.2 | 104", "103.2", "back", "the first claim again"),
            ("103.2 | 104", "104", "", "the current claim again"),
            ("103.2 | 104", "105", "", "a new claim"),
            ("103.2@06-20 | 104@07-15", "105@07-01", "older", "a new claim from an older document"),
            ("103.2@06-20 | 104@07-15", "105@07-15", "", "a new claim from the same document"),
            ("103.2 | withdrawn", "103.2", "back", "a withdrawn claim again"),
            ("103.2 | withdrawn | 104", "withdrawn", "back", "the withdrawal again"),
            ("103.2 | 104", "withdrawn", "", "a withdrawal"),
            ("", "103.2", "", "the first claim"),
        ] {
            let texts: Vec<&str> = stored.split(" | ").filter(|text| !text.is_empty()).collect();
            let claim = |(n, text): (usize, &&str)| {
                let (text, day) = dated(text);
                PastClaim {
                    kind: ClaimKind::parse("yoy_index").unwrap(),
                    value: value(text),
                    current: n + 1 == texts.len(),
                    recorded_at: DateTime::default(),
                    source: document(day),
                }
            };
            let past = PastRevisions { claims: texts.iter().enumerate().map(claim).collect(), ..PastRevisions::default() };
            let (number, day) = dated(says);
            let mut row = row(&format!("5@{day}"));
            row.claims = vec![ClaimChange { kind: ClaimKind::parse("yoy_index").unwrap(), value: value(number) }];

            assert_eq!(findings(&row, &history("5"), past.clone()), expected, "{says} on {stored}: {why}");
            assert_eq!(findings(&row, &history("4"), past.clone()), expected, "{says} on {stored}: {why}, beside a new figure");
            assert_eq!(findings(&row, &history("withdrawn"), past.clone()), "", "{says} on {stored}: after a withdrawn figure");
            row.claims[0].kind = ClaimKind::parse("plan_pct").unwrap();
            assert_eq!(findings(&row, &history("5"), past), "", "{says} on {stored}: of another kind");
        }
    }

    #[test]
    fn a_revert_is_acknowledged_with_a_reason() {
        for (acknowledge, reason, expected) in [
            (false, false, Some("acknowledge: unacknowledged")),
            (false, true, Some("acknowledge: unacknowledged")),
            (true, false, Some("reason: reason_missing")),
            (true, true, None),
        ] {
            let history = history("1142@06-20 | 1150@07-15");
            let mut row = row("1142@06-20");
            row.acknowledge = acknowledge.then_some(Warning::Reverts).into_iter().collect();
            row.reason = reason.then(|| "số cũ đúng".into());
            let past = PastRevisions { superseded: history.clone(), ..PastRevisions::default() };
            let warning = detect(&row, &history[1], &past, &catalogue()).unwrap();

            let refused = unaccepted(&row, &warning).map(|(field, fault)| format!("{field}: {}", fault.code));

            assert_eq!(refused.as_deref(), expected, "acknowledged: {acknowledge}, reason: {reason}");
        }
    }
}
