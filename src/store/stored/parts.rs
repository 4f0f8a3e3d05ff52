//! Shapes that several kinds have in common.
//! They are part of every version that uses them, and change as little as those.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::Fault;
use crate::domain::language::Language;
use crate::domain::message::Message;
use crate::store::conn::StoreError;
use crate::store::values::word;

/// Reads a word that may be absent.
pub(super) fn optional_word<T>(text: Option<&String>, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<Option<T>, StoreError> {
    text.map(|text| word(text, parse)).transpose()
}

/// Reads a list of words.
pub(super) fn words<T>(texts: &[String], parse: impl Fn(&str) -> Result<T, Fault>) -> Result<Vec<T>, StoreError> {
    texts.iter().map(|text| word(text, &parse)).collect()
}

/// The members of a breakdown by dimension.
pub(super) type StoredBreakdown = BTreeMap<String, String>;

pub(super) fn breakdown(of: &Breakdown) -> StoredBreakdown {
    of.members().map(|(dimension, member)| (dimension.to_owned(), member.to_owned())).collect()
}

pub(super) fn into_breakdown(stored: StoredBreakdown) -> Result<Breakdown, StoreError> {
    Breakdown::new(stored).map_err(|fault| StoreError::Corrupt(fault.message.english().to_owned()))
}

/// A message in both languages. Before there were two, it was one text.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum StoredMessage {
    Both(BothTexts),
    One(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BothTexts {
    vi: String,
    en: String,
}

impl From<&Message> for StoredMessage {
    fn from(message: &Message) -> StoredMessage {
        let text = |language| message.text(language).to_owned();
        StoredMessage::Both(BothTexts { vi: text(Language::Vietnamese), en: text(Language::English) })
    }
}

/// An old text was English: it is told in either language, because it is all there is.
impl From<StoredMessage> for Message {
    fn from(stored: StoredMessage) -> Message {
        match stored {
            StoredMessage::Both(BothTexts { vi, en }) => Message::new(en, vi),
            StoredMessage::One(text) => Message::new(text.clone(), text),
        }
    }
}

/// The document that figures were taken from.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredSource {
    title: Option<String>,
    number: Option<String>,
    date: Option<NaiveDate>,
}

impl From<&Source> for StoredSource {
    fn from(source: &Source) -> StoredSource {
        let Source { title, number, date } = source;
        StoredSource { title: title.clone(), number: number.clone(), date: *date }
    }
}

impl From<StoredSource> for Source {
    fn from(StoredSource { title, number, date }: StoredSource) -> Source {
        Source { title, number, date }
    }
}
