//! The languages of the answers.
//! `http` reads the language that a request asks for.

use super::fault::code_list;

code_list! {
    /// The language of a sentence.
    pub enum Language {
        /// Tiếng Việt.
        Vietnamese = "vi",
        /// English.
        English = "en",
    }
}
