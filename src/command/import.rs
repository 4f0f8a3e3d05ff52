//! `chitieu import`: files of figures, submitted through the same service as those that come over the network.
//! Each file is a submission of its own; what became of each is one line of the table at the end.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value};

use super::Stopped;
use super::serve::prepare;
use crate::config::{Database, Settings};
use crate::domain::fault::{Located, Place};
use crate::domain::role::Caller;
use crate::domain::submission::{Draft, Outcome};
use crate::formats::file::{self, Kind};
use crate::formats::submission;
use crate::service::clients;
use crate::service::submissions::{self, Handled, Sending, Sent};
use crate::state::{State, SystemClock};

/// Which files, and what they do not say of themselves.
#[derive(Args)]
pub struct ImportArgs {
    /// Files of figures: `.json` as a program sends them, `.csv`, `.xlsx`
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Id or name of the client in whose name they are submitted; its scopes, provinces and organisation hold
    #[arg(long)]
    client: String,
    /// Check everything, store nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    of_all: OfAll,
}

/// What holds for all rows of a CSV file or workbook; a JSON file says it itself.
#[derive(Args)]
struct OfAll {
    /// Key, GSO code, ISO code or name of the province
    #[arg(long)]
    province: Option<String>,
    /// The period of all rows that have none of their own
    #[arg(long)]
    period: Option<String>,
    /// The calendar of all periods: civil, nd09
    #[arg(long)]
    calendar: Option<String>,
    /// What becomes of a file where a row is bad: atomic, partial
    #[arg(long)]
    mode: Option<String>,
    /// How numbers in texts are written: plain, vi
    #[arg(long)]
    number_locale: Option<String>,
    /// Codes of warnings that are known to be so
    #[arg(long, value_delimiter = ',')]
    acknowledge: Vec<String>,
    /// Title of the document that the figures were taken from
    #[arg(long)]
    title: Option<String>,
    /// Number of the document
    #[arg(long)]
    number: Option<String>,
    /// Day of issue of the document
    #[arg(long)]
    date: Option<String>,
}

impl OfAll {
    /// As the document of a submission has it.
    fn fields(&self) -> Map<String, Value> {
        fn given<const N: usize>(pairs: [(&str, &Option<String>); N]) -> Map<String, Value> {
            let given = pairs.into_iter().filter_map(|(name, text)| Some((name.to_owned(), Value::from(text.clone()?))));
            given.collect()
        }
        let mut fields = given([
            ("province", &self.province),
            ("period", &self.period),
            ("calendar", &self.calendar),
            ("mode", &self.mode),
            ("number_locale", &self.number_locale),
        ]);
        if !self.acknowledge.is_empty() {
            fields.insert("acknowledge".into(), self.acknowledge.clone().into());
        }
        let source = given([("title", &self.title), ("number", &self.number), ("date", &self.date)]);
        if !source.is_empty() {
            fields.insert("source".into(), source.into());
        }
        fields
    }
}

/// Submits the files one after the other; one that is refused does not keep the others from being submitted.
///
/// # Errors
/// A database that cannot be opened, a client that is not there; where a file was refused or a row rejected, how many.
pub async fn run(database: &Database, import: ImportArgs) -> Result<(), Stopped> {
    let state = Arc::new(prepare(&database.url, Arc::new(SystemClock), Settings::of_the_environment())?);
    let caller = Caller::Client(clients::enabled(&state.db, &import.client)?);
    let bar = ProgressBar::new(import.files.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}").expect("the template is well formed"));
    let mut table = vec![HEAD.map(str::to_owned).to_vec()];
    let mut bad = 0;
    for path in &import.files {
        let name = path.display().to_string();
        bar.set_message(name.clone());
        let (line, complaints) = match submit(&state, &caller, path, &import).await {
            Ok(handled) => (counted(&name, import.dry_run, &handled), complaints(&handled)),
            Err(Stopped(why)) => (vec![name.clone(), "refused".into()], why.lines().map(str::to_owned).collect()),
        };
        bad += usize::from(!complaints.is_empty());
        bar.suspend(|| complaints.iter().for_each(|complaint| eprintln!("{name}: {complaint}")));
        table.push(line);
        bar.inc(1);
    }
    bar.finish_and_clear();
    print!("{}", aligned(&table));
    match bad {
        0 => Ok(()),
        bad => Err(Stopped(format!("not all is recorded of {bad} of {} files", import.files.len()))),
    }
}

async fn submit(state: &Arc<State>, caller: &Caller, path: &Path, import: &ImportArgs) -> Result<Handled, Stopped> {
    let size = fs::metadata(path)?.len();
    if size > state.settings.file_limit {
        return Err(Stopped(format!("{size} bytes are more than the {} of CHITIEU_FILE_LIMIT", state.settings.file_limit)));
    }
    let (draft, draft_only) = read(path, &fs::read(path)?, import.of_all.fields())?;
    let sending = Sending { dry_run: import.dry_run, draft: draft_only, once: None };
    match submissions::submit(state, caller, draft, sending).await? {
        Sent::Now(handled) => Ok(*handled),
        Sent::Before(_) => Err(Stopped("a file without a key was done before".into())),
    }
}

fn read(path: &Path, bytes: &[u8], of_all: Map<String, Value>) -> Result<(Draft, bool), Stopped> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    match extension.as_str() {
        "json" => match of_all.keys().next() {
            Some(name) => Err(Stopped(format!("`{name}` is for CSV files and workbooks; a JSON file says it itself"))),
            None => submission::read(bytes).map_err(|fault| Stopped::because(&[fault.at(Place::Request)])),
        },
        "csv" => file::read(Kind::Csv, bytes, of_all).map_err(|faults| Stopped::because(&faults)),
        "xlsx" => file::read(Kind::Xlsx, bytes, of_all).map_err(|faults| Stopped::because(&faults)),
        _ => Err(Stopped("the name of a file of figures ends in .json, .csv or .xlsx".into())),
    }
}

const HEAD: [&str; 8] = ["file", "outcome", "created", "updated", "unchanged", "withdrawn", "rejected", "warnings"];

/// The line of a file in the table.
fn counted(name: &str, dry_run: bool, handled: &Handled) -> Vec<String> {
    let rows = &handled.submission.rows;
    let outcome = if dry_run { "checked" } else { handled.submission.state.as_str() };
    let outcomes = [Outcome::Created, Outcome::Updated, Outcome::Unchanged, Outcome::Withdrawn, Outcome::Rejected];
    let counts = outcomes.map(|outcome| rows.iter().filter(|row| row.outcome == outcome).count().to_string());
    let warnings = rows.iter().map(|row| row.warnings.len()).sum::<usize>().to_string();
    [name.to_owned(), outcome.to_owned()].into_iter().chain(counts).chain([warnings]).collect()
}

/// What is wrong with the rows that are rejected.
fn complaints(handled: &Handled) -> Vec<String> {
    handled.submission.rows.iter().flat_map(|row| &row.errors).map(Located::to_string).collect()
}

/// Lines whose columns stand below each other: texts to the left, numbers to the right.
fn aligned(table: &[Vec<String>]) -> String {
    let wide = |column: usize| table.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..HEAD.len()).map(wide).collect();
    let line = |cells: &Vec<String>| {
        let cells = cells.iter().zip(&widths).enumerate();
        let cells = cells.map(|(at, (cell, width))| if at < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    table.iter().map(line).collect()
}
