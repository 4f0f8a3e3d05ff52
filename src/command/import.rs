//! `chitieu import`: submits files of figures through the same service as the API.
//! Each submission is one line of the table at the end: a file has one for each of its provinces.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value};

use super::serve::prepare;
use super::{Stopped, in_words};
use crate::clock::SystemClock;
use crate::config::{Database, Settings};
use crate::domain::access::role::{self, Authorized, Caller};
use crate::domain::batch::layout::{LeftOut, LeftOutReason};
use crate::domain::fault::Location;
use crate::domain::outcome::Outcome;
use crate::domain::submission::draft::Draft;
use crate::domain::submission::submission::{Counts, RowOutcome};
use crate::domain::submission::workflow::State;
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
                bad += usize::from(done.iter().any(|(_, done)| done.counts.rejected > 0));
                table.extend(done.iter().map(|(name, done)| done.line(name, importer.import.dry_run)));
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

/// The result of a file, or of one province of a file.
#[derive(Default)]
struct Done {
    counts: Counts,
    warnings: usize,
    /// Number of accepted rows by the state of their submission.
    accepted: BTreeMap<State, usize>,
}

impl Importer {
    /// Submits a file and returns its results: one for each submission, under the name of the file, with the province if there are several.
    async fn submit(&self, path: &Path, name: &str) -> Result<Vec<(String, Done)>, Stopped> {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
        if extension == "ndjson" {
            return Ok(vec![(name.to_owned(), self.stream(path, name).await?)]);
        }
        let (size, limit) = (fs::metadata(path)?.len(), self.state.context.settings.file_limit);
        if size > limit {
            return Err(Stopped(format!("{size} bytes are more than the {limit} of CHITIEU_FILE_LIMIT; a stream (.ndjson) may have more")));
        }
        let (draft, stays) = read(&extension, &fs::read(path)?, self.import.of_all.fields())?;
        let sending = SubmitOptions { dry_run: self.import.dry_run, draft: stays, once: None };
        let SubmitResult::Now(submitted) =
            submissions::submit_figures(&self.write, &self.state.pending, &self.sender, draft, sending).await?
        else {
            return Err(Stopped("a file has no key, and was done before".into()));
        };
        self.bar.inc(size);
        self.note_left_out(name, &submitted.left_out);
        let several = submitted.submissions.len() > 1;
        let mut results = Vec::new();
        for submission in submitted.submissions.into_iter().map(|handled| handled.submission) {
            let mut done = Done::default();
            submission.rows.iter().for_each(|row| self.note(&mut done, name, Some(submission.state), row));
            let provinces = submission.provinces.into_iter().collect::<Vec<_>>().join(", ");
            results.push((if several { format!("{name}: {provinces}") } else { name.to_owned() }, done));
        }
        Ok(results)
    }

    /// Says which rows of a file were left out, in one line for each reason.
    fn note_left_out(&self, name: &str, left_out: &[LeftOut]) {
        for (reason, why) in [
            (LeftOutReason::NoFigure, "there is no figure"),
            (LeftOutReason::Total, "it is a total"),
            (LeftOutReason::BelowTable, "it stands below the table and has no code"),
        ] {
            let rows: Vec<String> = left_out.iter().filter(|row| row.reason == reason).map(|row| row.row.to_string()).collect();
            if !rows.is_empty() {
                self.complain(name, &format!("left out, because {why}: row {}", rows.join(", ")));
            }
        }
    }

    /// Stores the rows of a file line by line. Rows stored before an error stay stored.
    async fn stream(&self, path: &Path, name: &str) -> Result<Done, Stopped> {
        let of_all = ndjson::read_defaults(self.import.of_all.fields()).map_err(|faults| Stopped::listing(&faults))?;
        // The file is read twice, and only the second time moves the bar.
        let (path, mut bars) = (path.to_owned(), [ProgressBar::hidden(), self.bar.clone()].into_iter());
        let open = move || {
            let bar = bars.next().unwrap_or_else(ProgressBar::hidden);
            Ok(Windows::new(BufReader::new(bar.wrap_read(File::open(&path)?)), of_all.clone()))
        };
        let sending = streams::StreamOptions { dry_run: self.import.dry_run, known_by: None };
        let mut recording = streams::begin(&self.write, &self.state.pending, &self.sender, open, sending).await?;
        let mut done = Done::default();
        while let Some(lines) = recording.next().await? {
            for line in &lines {
                self.note(&mut done, name, line.state, &line.row);
            }
        }
        Ok(done)
    }

    /// Counts a row and prints its errors.
    fn note(&self, done: &mut Done, name: &str, state: Option<State>, row: &RowOutcome) {
        done.counts += Counts::of([row]);
        done.warnings += row.warnings.len();
        if let Some(state) = state.filter(|_| row.outcome != Outcome::Rejected) {
            *done.accepted.entry(state).or_default() += 1;
        }
        row.errors.iter().for_each(|located| self.complain(name, &in_words(located)));
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
    /// What became of the accepted rows, or would become of them.
    fn outcome(&self, dry_run: bool) -> String {
        let said = |(state, rows): (&State, &usize)| {
            let what = match (state, dry_run) {
                (State::Approved, false) => "recorded",
                (State::Approved, true) => "would be recorded",
                (State::Draft, false) => "kept as a draft",
                (State::Draft, true) => "would be kept as a draft",
                (_, false) if *rows == 1 => "waits for approval",
                (_, false) => "wait for approval",
                (_, true) => "would wait for approval",
            };
            format!("{rows} {what}")
        };
        let parts: Vec<String> = self.accepted.iter().map(said).collect();
        if parts.is_empty() { "all rejected".into() } else { parts.join(", ") }
    }

    /// The line of a file in the table.
    fn line(&self, name: &str, dry_run: bool) -> Vec<String> {
        let Counts { created, updated, unchanged, withdrawn, rejected } = self.counts;
        let counts = [created, updated, unchanged, withdrawn, rejected].map(|count| count.to_string());
        [name.to_owned(), self.outcome(dry_run)].into_iter().chain(counts).chain([self.warnings.to_string()]).collect()
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
