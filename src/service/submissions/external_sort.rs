//! Sorts any number of short records in bounded memory: sorted runs go to temporary files and are merged when they are read.
//! The meaning of the records is for the caller.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, Write};

/// Runs that are merged into one longer run. This limits open files and their buffers.
const FAN_IN: usize = 16;

/// The buffer of an open run, in bytes.
const BUFFER: usize = 64 * 1024;

/// Collects records of a fixed length.
pub(super) struct Sorter<const LENGTH: usize> {
    /// The number of records in a run.
    capacity: usize,
    run: Vec<[u8; LENGTH]>,
    /// Runs by length: each is made of [`FAN_IN`] runs of the list before.
    levels: Vec<Vec<File>>,
}

impl<const LENGTH: usize> Sorter<LENGTH> {
    /// A sorter that holds this many bytes in memory before it writes a run.
    pub(super) fn new(memory: usize) -> Sorter<LENGTH> {
        Sorter { capacity: (memory / LENGTH).max(1), run: Vec::new(), levels: Vec::new() }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// A failure of a temporary file.
    pub(super) fn push(&mut self, record: [u8; LENGTH]) -> io::Result<()> {
        if self.run.len() == self.capacity {
            self.run.sort_unstable();
            let run = write_run(self.run.drain(..).map(Ok))?;
            self.keep(run)?;
        }
        self.run.push(record);
        Ok(())
    }

    /// All records in order.
    ///
    /// # Errors
    /// A failure of a temporary file.
    pub(super) fn sorted(mut self) -> io::Result<Merge<LENGTH>> {
        self.run.sort_unstable();
        let in_memory: Source<LENGTH> = Box::new(self.run.into_iter().map(Ok));
        let runs = self.levels.into_iter().flatten().map(read_run);
        Merge::new(std::iter::once(in_memory).chain(runs).collect())
    }

    /// Keeps a run. A full level becomes one run of the next level.
    fn keep(&mut self, mut run: File) -> io::Result<()> {
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::with_capacity(FAN_IN));
            }
            let runs = &mut self.levels[level];
            runs.push(run);
            if runs.len() < FAN_IN {
                break;
            }
            let sources = runs.drain(..).map(read_run::<LENGTH>).collect();
            run = write_run(Merge::new(sources)?)?;
        }
        Ok(())
    }
}

type Source<const LENGTH: usize> = Box<dyn Iterator<Item = io::Result<[u8; LENGTH]>> + Send>;

/// Writes records to an unnamed temporary file, which disappears when it is closed.
fn write_run<const LENGTH: usize>(records: impl Iterator<Item = io::Result<[u8; LENGTH]>>) -> io::Result<File> {
    let mut writer = BufWriter::with_capacity(BUFFER, tempfile::tempfile()?);
    for record in records {
        writer.write_all(&record?)?;
    }
    let mut file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

fn read_run<const LENGTH: usize>(file: File) -> Source<LENGTH> {
    let mut reader = BufReader::with_capacity(BUFFER, file);
    Box::new(std::iter::from_fn(move || {
        let mut record = [0; LENGTH];
        match reader.read_exact(&mut record) {
            Ok(()) => Some(Ok(record)),
            // A run holds whole records, so it can only end between two of them.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => None,
            Err(error) => Some(Err(error)),
        }
    }))
}

/// The records of several sorted runs, in one order.
pub(super) struct Merge<const LENGTH: usize> {
    sources: Vec<Source<LENGTH>>,
    /// The next record of each source.
    next: BinaryHeap<Reverse<([u8; LENGTH], usize)>>,
}

impl<const LENGTH: usize> Merge<LENGTH> {
    fn new(sources: Vec<Source<LENGTH>>) -> io::Result<Merge<LENGTH>> {
        let mut merge = Merge { next: BinaryHeap::with_capacity(sources.len()), sources };
        (0..merge.sources.len()).try_for_each(|n| merge.advance(n))?;
        Ok(merge)
    }

    fn advance(&mut self, source: usize) -> io::Result<()> {
        if let Some(record) = self.sources[source].next().transpose()? {
            self.next.push(Reverse((record, source)));
        }
        Ok(())
    }
}

impl<const LENGTH: usize> Iterator for Merge<LENGTH> {
    type Item = io::Result<[u8; LENGTH]>;

    fn next(&mut self) -> Option<io::Result<[u8; LENGTH]>> {
        let Reverse((record, source)) = self.next.pop()?;
        Some(self.advance(source).map(|()| record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records in no order, the same ones each time.
    fn scattered(count: u64) -> impl Iterator<Item = [u8; 8]> {
        (0..count).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40).to_be_bytes())
    }

    #[test]
    fn records_come_back_in_order_however_many_runs_they_make() {
        for (count, memory, why) in [
            (0, 800, "nothing"),
            (1, 800, "one record"),
            (100, 800, "one run, still in memory"),
            (101, 800, "one run in a file"),
            (1_600, 800, "almost a full level"),
            (1_700, 800, "a full level"),
            (150_000, 800, "three levels"),
            (3_000, 1, "a record in each run"),
            (150_000, 8 << 20, "all in memory"),
        ] {
            let mut records = Sorter::<8>::new(memory);
            scattered(count).try_for_each(|record| records.push(record)).unwrap();
            let open: usize = records.levels.iter().map(Vec::len).sum();
            let found: Vec<[u8; 8]> = records.sorted().unwrap().map(Result::unwrap).collect();

            let mut expected: Vec<[u8; 8]> = scattered(count).collect();
            expected.sort_unstable();
            assert!(found == expected, "{why}: {} of {count}", found.len());
            assert!(open <= 6 * FAN_IN, "{why}: {open} open files");
        }
    }
}
