//! Streams: any number of rows, each on a line of its own, that are read and recorded a window at a time.
//! What a row may say is for `submission`; how a line is written is for `formats`.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::submission::{Counts, RowOutcome};

/// Some lines of a stream, one after another.
#[derive(Debug, Default)]
pub struct Window {
    /// Their rows, one draft for each province that they name, in the order in which the provinces come. The layout of a draft has the
    /// numbers of its lines.
    pub drafts: Vec<Draft>,
    /// Lines of which not even the province could be read, with what is wrong with them.
    pub unreadable: Vec<Line>,
}

impl Window {
    /// Whether there is no row in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.drafts.is_empty() && self.unreadable.is_empty()
    }
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number; the first is 1, and blank lines count.
    pub number: usize,
    /// Id of the submission that its row is part of; `None` where there is none.
    pub submission: Option<String>,
    /// What became of its row.
    pub row: RowOutcome,
}

/// What became of a stream until now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines with a row.
    pub lines: usize,
    /// Submissions that they became.
    pub submissions: usize,
    /// Rows by outcome.
    pub counts: Counts,
}

impl Tally {
    /// Counts the lines of a window: no submission goes beyond one.
    pub fn add(&mut self, window: &[Line]) {
        self.lines += window.len();
        self.submissions += window.iter().filter_map(|line| line.submission.as_deref()).collect::<BTreeSet<_>>().len();
        self.counts += Counts::of(window.iter().map(|line| &line.row));
    }
}
