//! `chitieu import`: submits files of figures through the same service as the API.
//! Each file is one submission, and one line of the table at the end.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value};

use super::Stopped;
use super::serve::prepare;
use crate::clock::SystemClock;
use crate::config::{Database, Settings};
use crate::domain::access::role::{self, Authorized, Caller};
use crate::domain::fault::Location;
use crate::domain::submission::submission::{Counts, RowOutcome};

use crate::domain::submission::draft::Draft;
use crate::formats::file::{self, Kind};
use crate::formats::ndjson::{self, Windows};
use crate::formats::submission;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::auth::clients;
use crate::service::operations::audit::WriteContext;
use crate::service::submissions::streams;
use crate::service::submissions::submissions::{self, SubmitOptions, SubmitResult};

/// Files to import, and values that apply to a whole file.
#[derive(Args)]
pub struct ImportArgs {
    /// Files of figures: `.json` as in the API, `.csv`, `.xlsx`, or `.ndjson` with one row per line
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Id or name of the client that submits; its scopes, provinces and organisation apply
    #[arg(long)]
    client: String,
    /// Check everything, store nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    of_all: Beside,
}

/// Values that apply to all rows of a CSV file, workbook or stream. A JSON file contains its own.
#[derive(Args)]
struct Beside {
    /// Key, GSO code, ISO code or name of the province
    #[arg(long)]
    province: Option<String>,
    /// Period of the rows without their own
    #[arg(long)]
    period: Option<String>,
    /// Calendar of all periods: civil, nd09
    #[arg(long)]
    calendar: Option<String>,
    /// Treatment of a file with invalid rows: atomic, partial (required for a stream)
    #[arg(long)]
    mode: Option<String>,
    /// Notation of numbers in texts: plain, vi; without it a text that can mean two numbers is refused
    #[arg(long)]
    number_locale: Option<String>,
    /// Codes of warnings that the sender confirms
    #[arg(long, value_delimiter = ',')]
    acknowledge: Vec<String>,
    /// Title of the source document
    #[arg(long)]
    title: Option<String>,
    /// Number of the source document
    #[arg(long)]
    number: Option<String>,
    /// Day of issue of the source document
    #[arg(long)]
    date: Option<String>,
}

impl Beside {
    /// The fields of a submission document.
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

/// Submits the files one after the other. A refused file does not stop the others.
///
/// # Errors
/// A database that cannot be opened; an unknown client; refused files or rejected rows, with their number.
pub async fn run(database: &Database, import: ImportArgs) -> Result<(), Stopped> {
    let state = prepare(&database.url, Arc::new(SystemClock), Settings::of_the_environment())?;
    let caller = Caller::of(clients::enabled(&state.context.db, &import.client, state.context.clock.now())?);
    let sender = Authorized::new(caller).map_err(ServiceError::denied)?;
    let sizes = import.files.iter().filter_map(|path| Some(fs::metadata(path).ok()?.len()));
    let bar = ProgressBar::new(sizes.sum());
    bar.set_style(ProgressStyle::with_template("{bar:40} {percent:>3}% {eta:>4} {msg}").expect("the template is well formed"));
    let write = WriteContext::at_command_line(&state.context);
    let importer = Importer { state, write, sender, import, bar };
    let mut table = vec![HEAD.map(str::to_owned).to_vec()];
    let mut bad = 0;
    for path in &importer.import.files {
        let name = path.display().to_string();
        importer.bar.set_message(name.clone());
        match importer.submit(path, &name).await {
            Ok(done) => {
                bad += usize::from(done.counts.rejected > 0);
                table.push(done.line(&name));
            }
            Err(Stopped(why)) => {
                bad += 1;
                why.lines().for_each(|line| importer.complain(&name, line));
                table.push(vec![name, "refused".into()]);
            }
        }
    }
    importer.bar.finish_and_clear();
    print!("{}", aligned(&table));
    match bad {
        0 => Ok(()),
        bad => Err(Stopped(format!("not all is recorded of {bad} of {} files", importer.import.files.len()))),
    }
}

/// Everything needed to submit a file.
struct Importer {
    state: ServerState,
    write: WriteContext,
    sender: Authorized<role::SubmitFigures>,
    import: ImportArgs,
    bar: ProgressBar,
}

/// The result of a file.
struct Done {
    outcome: &'static str,
    counts: Counts,
    warnings: usize,
}

impl Importer {
    async fn submit(&self, path: &Path, name: &str) -> Result<Done, Stopped> {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
        if extension == "ndjson" {
            return self.stream(path, name).await;
        }
        let (size, limit) = (fs::metadata(path)?.len(), self.state.context.settings.file_limit);
        if size > limit {
            return Err(Stopped(format!("{size} bytes are more than the {limit} of CHITIEU_FILE_LIMIT; a stream (.ndjson) may have more")));
        }
        let (draft, stays) = read(&extension, &fs::read(path)?, self.import.of_all.fields())?;
        let sending = SubmitOptions { dry_run: self.import.dry_run, draft: stays, once: None };
        let SubmitResult::Now(handled) =
            submissions::submit_figures(&self.write, &self.state.pending, &self.sender, draft, sending).await?
        else {
            return Err(Stopped("a file has no key, and was done before".into()));
        };
        self.bar.inc(size);
        let outcome = if self.import.dry_run { "checked" } else { handled.submission.state.as_str() };
        let mut done = Done { outcome, counts: Counts::default(), warnings: 0 };
        self.note(&mut done, name, &handled.submission.rows);
        Ok(done)
    }

    /// Stores the rows of a file line by line. Rows stored before an error stay stored.
    async fn stream(&self, path: &Path, name: &str) -> Result<Done, Stopped> {
        let of_all = ndjson::read_defaults(self.import.of_all.fields()).map_err(|faults| Stopped::listing(&faults))?;
        let windows = Windows::new(BufReader::new(self.bar.wrap_read(File::open(path)?)), of_all);
        let sending = streams::StreamOptions { dry_run: self.import.dry_run, known_by: None };
        let mut recording = streams::begin(&self.write, &self.state.pending, &self.sender, windows, sending).await?;
        let outcome = if self.import.dry_run { "checked" } else { "recorded" };
        let mut done = Done { outcome, counts: Counts::default(), warnings: 0 };
        while let Some(lines) = recording.next().await? {
            let rows: Vec<RowOutcome> = lines.into_iter().map(|line| line.row).collect();
            self.note(&mut done, name, &rows);
        }
        Ok(done)
    }

    /// Counts the rows and prints the errors of the rejected rows.
    fn note(&self, done: &mut Done, name: &str, rows: &[RowOutcome]) {
        done.counts += Counts::of(rows);
        done.warnings += rows.iter().map(|row| row.warnings.len()).sum::<usize>();
        rows.iter().flat_map(|row| &row.errors).for_each(|located| self.complain(name, &located.to_string()));
    }

    fn complain(&self, name: &str, what: &str) {
        self.bar.suspend(|| eprintln!("{name}: {what}"));
    }
}

fn read(extension: &str, bytes: &[u8], of_all: Map<String, Value>) -> Result<(Draft, bool), Stopped> {
    match extension {
        "json" => match of_all.keys().next() {
            Some(name) => Err(Stopped(format!("`{name}` is for CSV files, workbooks and streams; a JSON file says it itself"))),
            None => submission::read(bytes).map_err(|fault| Stopped::listing(&[fault.at(Location::Request)])),
        },
        "csv" => file::read(Kind::Csv, bytes, of_all).map_err(|faults| Stopped::listing(&faults)),
        "xlsx" => file::read(Kind::Xlsx, bytes, of_all).map_err(|faults| Stopped::listing(&faults)),
        _ => Err(Stopped("the name of a file of figures ends in .json, .csv, .xlsx or .ndjson".into())),
    }
}

const HEAD: [&str; 8] = ["file", "outcome", "created", "updated", "unchanged", "withdrawn", "rejected", "warnings"];

impl Done {
    /// The line of a file in the table.
    fn line(&self, name: &str) -> Vec<String> {
        let Counts { created, updated, unchanged, withdrawn, rejected } = self.counts;
        let counts = [created, updated, unchanged, withdrawn, rejected].map(|count| count.to_string());
        [name.to_owned(), self.outcome.to_owned()].into_iter().chain(counts).chain([self.warnings.to_string()]).collect()
    }
}

/// Aligns the columns of a table: texts to the left, numbers to the right.
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
