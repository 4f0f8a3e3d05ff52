//! The languages of the answers.
//! `http` reads the language that a request asks for.

use super::fault::words;

words! {
    /// The language of a sentence.
    pub enum Language {
        /// Tiếng Việt.
        Vietnamese = "vi",
        /// English.
        English = "en",
    }
}
