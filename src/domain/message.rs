//! Messages for people, each in Vietnamese and in English: what faults, warnings and rules say.
//! A message is made by `message!`, which takes both texts; nothing turns a single text into a message.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::language::Language;

/// A message in both languages, each text with the placeholders of `format!`. The values stand behind the texts. What each language writes
/// in its own way (numbers, days, parts of messages) is named between two semicolons instead.
///
/// ```text
/// message!(en: "`name` is needed", vi: "thiếu `name`")
/// message!(en: "`{name}` is needed", vi: "thiếu `{name}`")
/// message!(en: "{} of {} rows", vi: "{} trong {} hàng", some, all)
/// message!(en: "{day} is past", vi: "{day} đã qua"; day)
/// message!(en: "{day} is past for {}", vi: "{day} đã qua đối với {}"; day; name)
/// ```
macro_rules! message {
    (en: $en:literal, vi: $vi:literal $(,)?) => {
        $crate::domain::message::Message::new(format!($en), format!($vi))
    };
    (en: $en:literal, vi: $vi:literal, $($value:tt)+) => {
        $crate::domain::message::Message::new(format!($en, $($value)+), format!($vi, $($value)+))
    };
    (en: $en:literal, vi: $vi:literal; $($part:ident),+ $(; $($value:tt)+)?) => {
        $crate::domain::message::Message::new(
            {
                $(let $part = $crate::domain::message::Bilingual::in_language(&$part, $crate::domain::language::Language::English);)+
                format!($en $(, $($value)+)?)
            },
            {
                $(let $part = $crate::domain::message::Bilingual::in_language(&$part, $crate::domain::language::Language::Vietnamese);)+
                format!($vi $(, $($value)+)?)
            },
        )
    };
}
pub(crate) use message;

/// A sentence, or a part of one, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Message {
    vietnamese: Cow<'static, str>,
    english: Cow<'static, str>,
}

impl Message {
    /// A message of its two texts. `message!` is shorter, and fills in values.
    pub fn new(english: impl Into<String>, vietnamese: impl Into<String>) -> Message {
        Message { vietnamese: Cow::Owned(vietnamese.into()), english: Cow::Owned(english.into()) }
    }

    /// A message without values, for a `static` that takes no memory at each use.
    #[must_use]
    pub const fn fixed(english: &'static str, vietnamese: &'static str) -> Message {
        Message { vietnamese: Cow::Borrowed(vietnamese), english: Cow::Borrowed(english) }
    }

    /// Number of bytes of both texts.
    #[must_use]
    pub fn size(&self) -> usize {
        self.vietnamese.len() + self.english.len()
    }

    /// The text in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Vietnamese => &self.vietnamese,
            Language::English => &self.english,
        }
    }

    /// The English text, for logs and the command line: operators read them.
    #[must_use]
    pub fn english(&self) -> &str {
        &self.english
    }

    /// Both texts changed in the same way.
    #[must_use]
    pub fn map(&self, change: impl Fn(&str) -> String) -> Message {
        Message::new(change(&self.english), change(&self.vietnamese))
    }

    /// Several messages as one, with a mark that is the same in both languages between them.
    #[must_use]
    pub fn joined(messages: &[Message], between: &str) -> Message {
        let joined = |language| messages.iter().map(|message| message.text(language)).collect::<Vec<_>>().join(between);
        Message::new(joined(Language::English), joined(Language::Vietnamese))
    }

    /// The days of something, from its first to its last if it has one: `from 2025-07-01`.
    #[must_use]
    pub fn of_days(first: NaiveDate, last: Option<NaiveDate>) -> Message {
        match last {
            None => message!(en: "from {first}", vi: "từ {first}"; first),
            Some(last) => message!(en: "from {first} to {last}", vi: "từ {first} đến {last}"; first, last),
        }
    }

    /// Several things of which one is meant: `a or b`.
    #[must_use]
    pub fn one_of<T: Bilingual>(things: &[T]) -> Message {
        let joined = |language, between| things.iter().map(|thing| thing.in_language(language)).collect::<Vec<_>>().join(between);
        Message::new(joined(Language::English, " or "), joined(Language::Vietnamese, " hoặc "))
    }

    /// Several things that are all meant, as a list of two: `a and b`.
    #[must_use]
    pub fn all_of<T: Bilingual>(things: &[T]) -> Message {
        let joined = |language, between| things.iter().map(|thing| thing.in_language(language)).collect::<Vec<_>>().join(between);
        Message::new(joined(Language::English, " and "), joined(Language::Vietnamese, " và "))
    }
}

/// What is written in another way in each language: the parts of a message that `message!` fills in.
pub trait Bilingual {
    /// The text in a language.
    fn in_language(&self, language: Language) -> String;
}

impl Bilingual for Message {
    fn in_language(&self, language: Language) -> String {
        self.text(language).to_owned()
    }
}

/// A part that is left out where it is absent.
impl<T: Bilingual> Bilingual for Option<T> {
    fn in_language(&self, language: Language) -> String {
        self.as_ref().map(|part| part.in_language(language)).unwrap_or_default()
    }
}

impl<T: Bilingual> Bilingual for &T {
    fn in_language(&self, language: Language) -> String {
        (*self).in_language(language)
    }
}

/// A text that is the same in both languages, such as a number to type or a name.
impl Bilingual for String {
    fn in_language(&self, _: Language) -> String {
        self.clone()
    }
}

/// A day: `30/6/2024` in Vietnamese, `2024-06-30` in English.
impl Bilingual for NaiveDate {
    fn in_language(&self, language: Language) -> String {
        match language {
            Language::Vietnamese => self.format("%-d/%-m/%Y").to_string(),
            Language::English => self.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_its_values_in_both_languages() {
        let (name, day) = ("G", NaiveDate::from_ymd_opt(2024, 6, 30).unwrap());
        let why = Some(message!(en: "it is late", vi: "đã muộn"));
        let none = None::<Message>;
        for (message, english, vietnamese) in [
            (message!(en: "`{name}` is needed", vi: "thiếu `{name}`"), "`G` is needed", "thiếu `G`"),
            (message!(en: "{} of {}", vi: "{1} có {0}", 2, 3), "2 of 3", "3 có 2"),
            (message!(en: "until {day}", vi: "đến {day}"; day), "until 2024-06-30", "đến 30/6/2024"),
            (message!(en: "{}: {why}", vi: "{}: {why}"; why; name), "G: it is late", "G: đã muộn"),
            (message!(en: "a{none}", vi: "b{none}"; none), "a", "b"),
            (Message::joined(&[message!(en: "a", vi: "b"), message!(en: "c", vi: "d")], "; "), "a; c", "b; d"),
            (Message::one_of(&["1".to_owned(), "2".to_owned()]), "1 or 2", "1 hoặc 2"),
            (Message::all_of(&[day, day]), "2024-06-30 and 2024-06-30", "30/6/2024 và 30/6/2024"),
            (message!(en: "a", vi: "b").map(|text| format!("({text})")), "(a)", "(b)"),
        ] {
            assert_eq!((message.text(Language::English), message.text(Language::Vietnamese)), (english, vietnamese));
        }
    }
}
