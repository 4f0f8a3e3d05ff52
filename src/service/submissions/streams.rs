//! Streams: figures of any number, recorded a window of lines at a time. The lines of a window that are of one province are a submission
//! of their own, in one transaction, so that what was answered is on disk and no more than a window is in memory.

use std::io;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::idempotency::IdempotencyGuard;
use super::submissions::{self, IdempotencyKey, KEPT, SubmissionView, SubmitResult, reused_key};
use crate::domain::access::role::{self, Authorized};
use crate::domain::access::scope::Scope;
use crate::domain::batch::layout::Layout;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::submission::stream::{Line, Tally, Window};
use crate::domain::submission::submission::RowOutcome;

use crate::domain::submission::draft::Draft;
use crate::service::{ServiceError, StoreError};
use crate::state::State;
use crate::store;
use crate::store::answers::Answered;

/// How a stream is sent.
#[derive(Debug, Default)]
pub struct StreamOptions {
    /// Whether nothing is to be stored. Later windows then do not see earlier ones as recorded.
    pub dry_run: bool,
    /// How the request is known again, where it has a key.
    pub known_by: Option<KnownBy>,
}

/// What a stream is known by that may be sent again.
#[derive(Debug)]
pub struct KnownBy {
    /// The key that the client gave it.
    pub key: String,
    /// The SHA-256 of the request, as text.
    pub fingerprint: String,
}

/// A stream that is being recorded; it stops where it is dropped, after the submission that is being recorded just then.
pub struct Recording<W> {
    state: Arc<State>,
    by: Authorized<role::SubmitFigures>,
    /// `None` when all is read, or after a failure.
    windows: Option<W>,
    /// Read before it is asked for.
    ahead: Option<Window>,
    dry_run: bool,
    known_by: Option<KnownBy>,
    _turn: Option<IdempotencyGuard>,
    /// Why a window broke off, to be told after the lines before.
    failed: Option<ServiceError>,
    tally: Tally,
}

/// What is kept of a submission of a stream, to be told again.
#[derive(Serialize, Deserialize)]
struct Kept {
    submission: String,
    rows: Vec<RowOutcome>,
}

/// Begins to record a stream. Nothing of it is recorded yet.
///
/// # Errors
/// Without the scope `submit`; `batch_size` where it has no row; a key that came with another request before, or whose request is still
/// being done.
pub async fn begin<W>(
    state: &Arc<State>,
    by: &Authorized<role::SubmitFigures>,
    windows: W,
    sending: StreamOptions,
) -> Result<Recording<W>, ServiceError>
where
    W: Iterator<Item = io::Result<Window>> + Send + 'static,
{
    let client = by.client();
    // A dry run leaves no line for each of its submissions, and its answer begins before all of them are done.
    if sending.dry_run && client.scopes.contains(&Scope::Read) {
        by.caller().saw_more_than_open();
    }
    let known_by = sending.known_by.filter(|_| !sending.dry_run);
    let turn = known_by.as_ref().map(|known_by| state.in_flight.enter(&client.id, &known_by.key)).transpose()?;
    let mut recording = Recording {
        state: Arc::clone(state),
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
        let fault = Fault::new(Code::BatchSize, "a stream has at least one row");
        return Err(ServiceError::Invalid(vec![fault.at(Location::Request)]));
    }
    recording.claim_key(client.id.clone()).await?;
    Ok(recording)
}

impl<W: Iterator<Item = io::Result<Window>> + Send + 'static> Recording<W> {
    /// Records the next window and tells what became of each of its lines, in their order; `None` after the last.
    ///
    /// # Errors
    /// Where the database fails or the stream cannot be read on; what was recorded before stays, and is told first.
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

    /// What became of the lines until now.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Reads a window, off the async threads: it comes from a file.
    async fn read(&mut self) -> Result<Option<Window>, ServiceError> {
        let Some(mut windows) = self.windows.take() else { return Ok(None) };
        let read = tokio::task::spawn_blocking(move || (windows.next(), windows)).await;
        let (window, windows) = read.map_err(|error| StoreError::Unusable(format!("reading a stream: {error}")))?;
        let window = window.transpose().map_err(|error| StoreError::Unusable(format!("reading a stream: {error}")))?;
        self.windows = window.is_some().then_some(windows);
        Ok(window)
    }

    /// Records the lines of one province as a submission.
    async fn record(&self, draft: Draft) -> Result<Vec<Line>, ServiceError> {
        let numbers = draft.layout.as_ref().map_or(&[][..], Layout::lines).to_vec();
        // Clients cannot send spaces in a key. The first line tells the submissions of a stream apart, the fingerprint keeps those of a
        // stream of long ago from answering for another.
        let part = |by: &KnownBy| format!("{} {} {}", by.key, by.fingerprint, numbers.first().copied().unwrap_or_default());
        let once = self.known_by.as_ref().map(|by| IdempotencyKey { key: part(by), fingerprint: by.fingerprint.clone(), answer: kept });
        let sending = submissions::SubmitOptions { dry_run: self.dry_run, draft: false, once };
        let Kept { submission, rows } = match submissions::submit(&self.state, &self.by, draft, sending).await? {
            SubmitResult::Now(handled) => Kept { submission: handled.submission.id, rows: handled.submission.rows },
            SubmitResult::Before(answer) => {
                serde_json::from_str(&answer).map_err(|error| StoreError::Corrupt(format!("a kept answer: {error}")))?
            }
        };
        let submission = Some(submission).filter(|_| !self.dry_run);
        Ok(numbers.into_iter().zip(rows).map(|(number, row)| Line { number, submission: submission.clone(), row }).collect())
    }

    /// Keeps the key of the stream for it, so that it answers to no other request; the same stream goes on where it broke off.
    async fn claim_key(&self, client: String) -> Result<(), ServiceError> {
        let Some(KnownBy { key, fingerprint }) = &self.known_by else { return Ok(()) };
        let (state, key, fingerprint) = (Arc::clone(&self.state), key.clone(), fingerprint.clone());
        self.state
            .db
            .write(move |conn| {
                let now = state.clock.now();
                match store::answers::find(conn, &client, &key, now - KEPT)? {
                    Some(known) if known.fingerprint == fingerprint => Ok(()),
                    Some(_) => Err(ServiceError::Invalid(vec![reused_key().at(Location::Request)])),
                    None => {
                        // What was answered is kept with each submission.
                        let answered = Answered { fingerprint, answer: String::new() };
                        Ok(store::answers::keep(conn, &client, &key, &answered, now, now - KEPT)?)
                    }
                }
            })
            .await
    }
}

fn kept(handled: &SubmissionView) -> String {
    let kept = Kept { submission: handled.submission.id.clone(), rows: handled.submission.rows.clone() };
    serde_json::to_string(&kept).expect("outcomes have string keys and no maps that fail")
}
