//! Figures as stored: the submitted content, its checks, and the revisions of each series.
//! There is no derivation here.

pub mod figure;
pub mod figure_check;
pub mod history;
pub mod observation;
