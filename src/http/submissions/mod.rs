//! Submissions, their steps and streams over HTTP.
//! Formats of files are in `formats`.

pub mod read_row;
pub mod review;
pub mod streams;
pub mod submissions;
pub mod submit;
