//! Streams of figures in windows of lines. The lines of one province in a window form a submission in its own transaction, so an answered
//! line is stored, and only one window is in memory. Reading the lines is in `formats::ndjson`.

use std::io;
use std::sync::Arc;

use super::duplicates::MarkedWindows;
use super::idempotency::{IdempotencyGuard, PendingRequests};
use super::idempotency::{KEPT, reused_key};
use super::submissions::{self, IdempotencyKey, SubmitResult, Submitted};
use crate::domain::access::role::{self, Authorized};
use crate::domain::access::scope::Scope;
use crate::domain::batch::layout::Layout;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::language::Language;
use crate::domain::message::message;
use crate::domain::submission::draft::Draft;
use crate::domain::submission::stream::{Line, Tally, Window};
use crate::service::catalogue::snapshot::snapshot;
use crate::service::operations::audit::WriteContext;
use crate::service::{ServiceError, StoreError};
use crate::store;
use crate::store::answers::Answered;
use crate::store::stored::stream;

/// The options of a stream.
#[derive(Debug, Default)]
pub struct StreamOptions {
    /// True to store nothing. A later window then does not see the figures of earlier windows.
    pub dry_run: bool,
    /// The idempotency key, if any.
    pub known_by: Option<KnownBy>,
}

/// The identity of a stream that may be sent again.
#[derive(Debug)]
pub struct KnownBy {
    /// The client's idempotency key.
    pub key: String,
    /// The SHA-256 of the request in base64url (RFC 4648 §5).
    pub fingerprint: String,
}

/// A stream during recording. Dropping it stops the recording after the current submission.
pub struct Recording<W> {
    write: WriteContext,
    pending: Arc<PendingRequests>,
    by: Authorized<role::SubmitFigures>,
    /// `None` at the end of the stream or after a failure.
    windows: Option<MarkedWindows<W>>,
    /// The next window, read in advance.
    ahead: Option<Window>,
    dry_run: bool,
    known_by: Option<KnownBy>,
    _turn: Option<IdempotencyGuard>,
    /// The reason for an early end, reported after the lines before it.
    failed: Option<ServiceError>,
    tally: Tally,
}

/// Starts a stream, which `open` reads from its beginning. It records no figure yet, but reads the whole stream once to find lines about one
/// figure.
///
/// # Errors
/// Without the scope `submit`; `batch_size` for an empty stream; `idempotency_key_reused`; `request_in_flight`.
pub async fn begin<W>(
    write: &WriteContext,
    pending: &Arc<PendingRequests>,
    by: &Authorized<role::SubmitFigures>,
    open: impl FnMut() -> io::Result<W> + Send + 'static,
    sending: StreamOptions,
) -> Result<Recording<W>, ServiceError>
where
    W: Iterator<Item = io::Result<Window>> + Send + 'static,
{
    let client = by.client();
    // A dry run adds no audit line per submission, and its answer starts before the last submission is checked. Mark the read of restricted
    // figures now.
    if sending.dry_run && client.scopes.contains(&Scope::Read) {
        by.caller().saw_more_than_open();
    }
    let known_by = sending.known_by.filter(|_| !sending.dry_run);
    let turn = known_by.as_ref().map(|known_by| pending.enter(&client.id, &known_by.key)).transpose()?;
    let context = Arc::clone(&write.context);
    let catalogue = write.context.db.read(move |conn| snapshot(conn, &context)).await?;
    let (caller, today) = (by.caller().clone(), write.context.today());
    let windows = off_thread(move || MarkedWindows::open(open, &catalogue, &caller, today)).await?;
    let mut recording = Recording {
        write: write.clone(),
        pending: Arc::clone(pending),
        by: by.clone(),
        windows: Some(windows),
        ahead: None,
        dry_run: sending.dry_run,
        known_by,
        _turn: turn,
        failed: None,
        tally: Tally::default(),
    };
    recording.ahead = recording.read().await?;
    if recording.ahead.is_none() {
        let fault = Fault::new(Code::BatchSize, message!(en: "a stream has at least one row", vi: "dòng dữ liệu phải có ít nhất một hàng"));
        return Err(ServiceError::Invalid(vec![fault.at(Location::Request)]));
    }
    recording.claim_key(client.id.clone()).await?;
    Ok(recording)
}

impl<W: Iterator<Item = io::Result<Window>> + Send + 'static> Recording<W> {
    /// Records the next window and returns the outcomes of its lines in order; `None` after the last window.
    ///
    /// # Errors
    /// A failure of the database or of reading the stream. Earlier lines stay recorded, and their outcomes are returned first.
    pub async fn next(&mut self) -> Result<Option<Vec<Line>>, ServiceError> {
        if let Some(refusal) = self.failed.take() {
            return Err(refusal);
        }
        let read = match self.ahead.take() {
            Some(window) => Some(window),
            None => self.read().await?,
        };
        let Some(window) = read else { return Ok(None) };
        let mut told = window.unreadable;
        for draft in window.drafts {
            match self.record(draft).await {
                Ok(lines) => told.extend(lines),
                Err(refusal) => {
                    self.windows = None;
                    self.failed = Some(refusal);
                    break;
                }
            }
        }
        if let Some(refusal) = self.failed.take_if(|_| told.is_empty()) {
            return Err(refusal);
        }
        told.sort_by_key(|line| line.number);
        self.tally.add(&told);
        Ok(Some(told))
    }

    /// Whether nothing is stored.
    #[must_use]
    pub fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// The counts of the lines so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Reads a window off the async threads, because it comes from a file.
    async fn read(&mut self) -> Result<Option<Window>, ServiceError> {
        let Some(mut windows) = self.windows.take() else { return Ok(None) };
        let (window, windows) = off_thread(move || windows.next().transpose().map(|window| (window, windows))).await?;
        self.windows = window.is_some().then_some(windows);
        Ok(window)
    }

    /// Records the lines of one province as a submission.
    async fn record(&self, draft: Draft) -> Result<Vec<Line>, ServiceError> {
        let numbers = draft.layout.as_ref().map_or(&[][..], Layout::lines).to_vec();
        // Clients cannot send a space in a key, so these keys cannot clash with theirs. The first line number identifies the submission
        // within the stream; the fingerprint separates it from an older stream with the same key.
        let part = |by: &KnownBy| format!("{} {} {}", by.key, by.fingerprint, numbers.first().copied().unwrap_or_default());
        let once = self.known_by.as_ref().map(|by| IdempotencyKey {
            key: part(by),
            fingerprint: by.fingerprint.clone(),
            answer: kept,
            language: Language::default(),
        });
        let sending = submissions::SubmitOptions { dry_run: self.dry_run, draft: false, once };
        let (submission, state, rows) = match submissions::submit_figures(&self.write, &self.pending, &self.by, draft, sending).await? {
            // The lines of a draft have one province, and are one submission.
            SubmitResult::Now(submitted) => {
                let submission = submitted.submissions.into_iter().next().map(|handled| handled.submission);
                submission.map(|submission| (submission.id, Some(submission.state), submission.rows)).unwrap_or_default()
            }
            SubmitResult::Before(answer) => stream::from_json(&answer)?,
        };
        let submission = Some(submission).filter(|_| !self.dry_run);
        Ok(numbers.into_iter().zip(rows).map(|(number, row)| Line { number, submission: submission.clone(), state, row }).collect())
    }

    /// Reserves the idempotency key for this stream. The same stream may continue after an interruption; another request gets a fault.
    async fn claim_key(&self, client: String) -> Result<(), ServiceError> {
        let Some(KnownBy { key, fingerprint }) = &self.known_by else { return Ok(()) };
        let (context, key, fingerprint) = (Arc::clone(&self.write.context), key.clone(), fingerprint.clone());
        self.write
            .context
            .db
            .write(move |conn| {
                let now = context.clock.now();
                match store::answers::find(conn, &client, &key, now - KEPT)? {
                    Some(known) if known.fingerprint == fingerprint => Ok(()),
                    Some(_) => Err(ServiceError::Invalid(vec![reused_key().at(Location::Request)])),
                    None => {
                        // The answers are stored with the submissions, so this one is empty.
                        let answered = Answered { fingerprint, answer: String::new() };
                        Ok(store::answers::keep(conn, &client, &key, &answered, now, now - KEPT)?)
                    }
                }
            })
            .await
    }
}

/// Reads a stream in a thread where waiting for the disk blocks no other request.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, StoreError> {
    let failed = |error: &dyn std::fmt::Display| StoreError::Unusable(format!("reading a stream: {error}"));
    tokio::task::spawn_blocking(work).await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
}

/// The outcomes with both languages: the lines are told in the language of the request that asks again.
fn kept(submitted: &Submitted, _: Language) -> String {
    let submission = submitted.submissions.first().map(|handled| &handled.submission);
    submission.map_or_else(String::new, |submission| stream::to_json(&submission.id, Some(submission.state), &submission.rows))
}
