//! Streams: any number of rows, one per line, that are read and stored in windows.
//! The content of a row is in `submission`; the format of a line is in `formats`.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::submission::{Counts, RowOutcome};
use super::workflow::State;

/// A sequence of consecutive lines of a stream.
#[derive(Debug, Default)]
pub struct Window {
    /// The rows of the lines, one draft per province, in the order in which the provinces appear. The layout of a draft has its line
    /// numbers.
    pub drafts: Vec<Draft>,
    /// Lines without a readable province, with their errors.
    pub unreadable: Vec<Line>,
}

impl Window {
    /// Whether the window has no lines.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.drafts.is_empty() && self.unreadable.is_empty()
    }
}

/// The result of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line number, from 1; blank lines count.
    pub number: usize,
    /// The id of the submission with its row; `None` if there is none.
    pub submission: Option<String>,
    /// The state of that submission; of a dry run, the state that it would have.
    pub state: Option<State>,
    /// The result of the row.
    pub row: RowOutcome,
}

/// The result of a stream so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Number of lines with a row.
    pub lines: usize,
    /// Number of submissions made from them.
    pub submissions: usize,
    /// Number of rows by outcome.
    pub counts: Counts,
}

impl Tally {
    /// Adds the lines of a window. A submission never spans two windows.
    pub fn add(&mut self, window: &[Line]) {
        self.lines += window.len();
        self.submissions += window.iter().filter_map(|line| line.submission.as_deref()).collect::<BTreeSet<_>>().len();
        self.counts += Counts::of(window.iter().map(|line| &line.row));
    }
}
