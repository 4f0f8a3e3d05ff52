//! Figures as they are stored: what was sent, its checks, and the revisions of each series.
//! Derives nothing.

pub mod figure;
pub mod figure_check;
pub mod history;
pub mod observation;
