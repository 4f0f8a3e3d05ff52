//! The languages of the answers.
//! `http` reads the language that a request asks for; the texts in both languages are in `message`.

/// The language of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, utoipa::ToSchema)]
pub enum Language {
    /// Tiếng Việt.
    #[default]
    #[serde(rename = "vi")]
    Vietnamese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// All codes, in order.
    pub const WORDS: &[&str] = &["vi", "en"];

    /// The code in requests and answers (ISO 639-1).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Language::Vietnamese => "vi",
            Language::English => "en",
        }
    }

    /// Reads a code. Messages have a language, so this has no message: the caller makes the fault.
    #[must_use]
    pub fn parse(text: &str) -> Option<Language> {
        [Language::Vietnamese, Language::English].into_iter().find(|language| language.as_str() == text)
    }
}
