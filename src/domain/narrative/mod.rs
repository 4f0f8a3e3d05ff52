//! Figures as report sentences, in Vietnamese and English.
//! There is no computation here.

pub mod sentence;
pub mod unit_text;
