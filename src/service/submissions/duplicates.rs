//! Lines of a stream about one figure, found before the first line is recorded. A stream can be longer than memory, so keys are sorted
//! in files. Lines that are invalid on their own have no key.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::io;
use std::iter::Peekable;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::external_sort::{Merge, Sorter};
use crate::domain::access::role::Caller;
use crate::domain::batch::layout::Layout;
use crate::domain::batch::rows::{RowError, duplicate};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::Location;
use crate::domain::message::message;
use crate::domain::submission::stream::Window;

/// Bytes of keys in memory; at most two sorters work at once.
const MEMORY: usize = 8 * 1024 * 1024;

/// Series and period of a line, its number, and its content. The first and the last part are digests of 16 bytes.
type Keyed = [u8; 16 + 8 + 16];

/// A line to reject: its number, the other line, and whether both say the same.
type Rejected = [u8; 8 + 8 + 1];

/// The windows of a stream, with an error for each line that repeats or contradicts another one.
pub(super) struct MarkedWindows<W> {
    windows: W,
    rejected: Peekable<Merge<{ size_of::<Rejected>() }>>,
}

impl<W: Iterator<Item = io::Result<Window>>> MarkedWindows<W> {
    /// Reads the stream twice: now to find the lines, and then to record it.
    ///
    /// # Errors
    /// A failure of reading the stream or of a temporary file.
    pub(super) fn open(
        mut open: impl FnMut() -> io::Result<W>,
        catalogue: &Catalogue,
        caller: &Caller,
        today: NaiveDate,
    ) -> io::Result<MarkedWindows<W>> {
        let mut keys = Sorter::new(MEMORY);
        for window in open()? {
            for draft in window?.drafts {
                let lines = draft.layout.as_ref().map_or(&[][..], Layout::lines);
                for row in draft.valid_rows(catalogue, caller, today) {
                    let Some(line) = lines.get(row.position) else { continue };
                    keys.push(keyed(&(&row.series, row.period), *line, &row.stored_content()))?;
                }
            }
        }
        Ok(MarkedWindows { rejected: to_reject(keys, MEMORY)?.peekable(), windows: open()? })
    }

    /// The lines to reject up to this one, each with the other line and whether both say the same.
    fn rejected_until(&mut self, last: usize) -> io::Result<HashMap<usize, (usize, bool)>> {
        let mut found = HashMap::new();
        while let Some(rejected) = self.rejected.next_if(|next| next.as_ref().map_or(true, |next| number(&next[..8]) <= last)) {
            let rejected = rejected?;
            found.insert(number(&rejected[..8]), (number(&rejected[8..16]), rejected[16] == 1));
        }
        Ok(found)
    }

    fn marked(&mut self, mut window: Window) -> io::Result<Window> {
        let of_drafts = window.drafts.iter().filter_map(|draft| draft.layout.as_ref()?.lines().last());
        let Some(last) = of_drafts.max().copied() else { return Ok(window) };
        let rejected = self.rejected_until(last)?;
        for draft in &mut window.drafts {
            let lines = draft.layout.as_ref().map_or(&[][..], Layout::lines).iter().enumerate();
            let errors = lines.filter_map(|(position, line)| {
                let (other, alike) = rejected.get(line)?;
                let place = Location::Line { line: *line, pointer: String::new() };
                Some(RowError {
                    row: Some(position),
                    located: duplicate(&message!(en: "line {other}", vi: "dòng {other}"), *alike).at(place),
                })
            });
            draft.faults.extend(errors);
        }
        Ok(window)
    }
}

impl<W: Iterator<Item = io::Result<Window>>> Iterator for MarkedWindows<W> {
    type Item = io::Result<Window>;

    fn next(&mut self) -> Option<io::Result<Window>> {
        let window = self.windows.next()?;
        Some(window.and_then(|window| self.marked(window)))
    }
}

/// The lines to reject, in order: of lines about one figure every later one, with the first of them, and the first one with the first that
/// says something else.
fn to_reject(keys: Sorter<{ size_of::<Keyed>() }>, memory: usize) -> io::Result<Merge<{ size_of::<Rejected>() }>> {
    let mut rejected = Sorter::new(memory);
    let mut reject = |line: &[u8], other: &[u8], alike: bool| {
        let mut record: Rejected = [0; size_of::<Rejected>()];
        record[..8].copy_from_slice(line);
        record[8..16].copy_from_slice(other);
        record[16] = u8::from(alike);
        rejected.push(record)
    };
    // The first line about the current figure, and whether it is rejected already.
    let mut first: Option<(Keyed, bool)> = None;
    for record in keys.sorted()? {
        let record = record?;
        match &mut first {
            Some((known, contradicted)) if known[..16] == record[..16] => {
                let alike = known[24..] == record[24..];
                reject(&record[16..24], &known[16..24], alike)?;
                if !alike && !*contradicted {
                    *contradicted = true;
                    reject(&known[16..24], &record[16..24], false)?;
                }
            }
            _ => first = Some((record, false)),
        }
    }
    rejected.sorted()
}

fn keyed(about: &impl Hash, line: usize, content: &impl Hash) -> Keyed {
    let mut record: Keyed = [0; size_of::<Keyed>()];
    record[..16].copy_from_slice(&digest(about));
    record[16..24].copy_from_slice(&(line as u64).to_be_bytes());
    record[24..].copy_from_slice(&digest(content));
    record
}

/// The number in the eight bytes of a record.
fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// A digest that two different values do not share. Equal values share it within one process only.
fn digest(value: &impl Hash) -> [u8; 16] {
    struct Hashing(Sha256);
    impl Hasher for Hashing {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }

        fn finish(&self) -> u64 {
            0
        }
    }
    let mut hashing = Hashing(Sha256::new());
    value.hash(&mut hashing);
    let mut digest = [0; 16];
    digest.copy_from_slice(&hashing.0.finalize()[..16]);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines to reject of lines given as figure and content: `3: 1 differs`.
    fn rejected(lines: impl Iterator<Item = (u64, u64)>, memory: usize) -> Vec<(usize, usize, bool)> {
        let mut keys = Sorter::new(memory);
        for (n, (figure, content)) in lines.enumerate() {
            keys.push(keyed(&figure, n + 1, &content)).unwrap();
        }
        let found = to_reject(keys, memory).unwrap().map(Result::unwrap);
        found.map(|record| (number(&record[..8]), number(&record[8..16]), record[16] == 1)).collect()
    }

    #[test]
    fn lines_about_one_figure_name_each_other() {
        const SAME: bool = true;
        const OTHER: bool = false;
        for (lines, expected, why) in [
            ("", vec![], "no line"),
            ("a5 b5 c6", vec![], "three figures"),
            ("a5 a6", vec![(1, 2, OTHER), (2, 1, OTHER)], "a contradiction"),
            ("a5 a5", vec![(2, 1, SAME)], "a repetition"),
            ("a5 b1 a5 a5", vec![(3, 1, SAME), (4, 1, SAME)], "two repetitions"),
            ("a5 b1 a5 a6 a7", vec![(1, 4, OTHER), (3, 1, SAME), (4, 1, OTHER), (5, 1, OTHER)], "it is unknown which one is right"),
            ("b1 a5 b2 a6", vec![(1, 3, OTHER), (2, 4, OTHER), (3, 1, OTHER), (4, 2, OTHER)], "two contradictions"),
        ] {
            let read = |line: &str| (u64::from(line.as_bytes()[0]), line[1..].parse().unwrap());

            assert_eq!(rejected(lines.split_whitespace().map(read), 1), expected, "{why}");
            assert_eq!(rejected(lines.split_whitespace().map(read), MEMORY), expected, "{why}, in memory");
        }
    }

    #[test]
    fn lines_far_apart_are_found_in_little_memory() {
        // 130,000 lines in runs of 400. Lines 1 and 130,000 contradict each other; so do 65,000 and 65,001.
        let figure = |n: u64| match n {
            129_999 => 0,
            65_000 => 64_999,
            n => n,
        };

        let found = rejected((0..130_000).map(|n| (figure(n), n)), 16_000);

        assert_eq!(found, [(1, 130_000, false), (65_000, 65_001, false), (65_001, 65_000, false), (130_000, 1, false)]);
    }

    #[test]
    fn a_stream_about_one_figure_only_is_rejected_line_by_line() {
        let found = rejected((0..120_000).map(|n| (7, n)), 16_000);

        assert_eq!((found.len(), found[0], found[119_999]), (120_000, (1, 2, false), (120_000, 1, false)));
        assert!(found.iter().zip(1..).all(|((line, ..), n)| *line == n), "in the order of the lines");
    }
}
