//! The languages that people are answered in.
//! Which one a request asks for is read in `http`.

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
