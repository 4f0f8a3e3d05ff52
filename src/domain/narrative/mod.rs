//! Figures as the sentences that a report prints, in Vietnamese and English.
//! Computes nothing.

pub mod sentence;
