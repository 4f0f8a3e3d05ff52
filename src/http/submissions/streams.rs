//! `POST /v1/submissions` with NDJSON: any number of rows in, one result per row out. Neither is held completely in memory.

use std::convert::Infallible;
use std::fs::File;
use std::io::{self, BufReader, Seek, Write};
use std::time::{Duration, Instant};

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::{Stream, StreamExt, stream};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::submissions::{Counts, SubmissionRow};
use crate::domain::access::role::{self, Authorized};
use crate::domain::fault::Code;
use crate::domain::language::Language;
use crate::domain::message::message;
use crate::domain::submission::stream::{Line, Window};
use crate::domain::submission::workflow::State as Stage;
use crate::formats::ndjson::{Windows, read_defaults};
use crate::http::extract::body::NDJSON;
use crate::http::extract::context::{request_id, state_of};
use crate::http::extract::idempotency::fingerprint_head;
use crate::http::extract::language::Languages;
use crate::http::problem::Problem;
use crate::service::operations::audit::WriteContext;
use crate::service::submissions::streams::{self, KnownBy, Recording, StreamOptions};
use crate::service::{ServiceError, StoreError};

/// A line of the answer to a stream.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum StreamLine {
    /// Result of a line
    #[schema(title = "Line")]
    Line(Box<StreamRow>),
    /// Last line, after all lines were processed
    #[schema(title = "End")]
    End(StreamEnd),
    /// Last line, after the server stopped early
    #[schema(title = "Stop")]
    Stop(StreamStop),
}

/// Result of a line of a stream.
#[derive(Debug, Serialize, ToSchema)]
pub struct StreamRow {
    /// Line number, starting at 1 and including blank lines
    line: usize,
    /// Id of the submission with this row; null for a dry run, and if the province is unreadable
    #[schema(required = true)]
    submission: Option<String>,
    /// State of that submission; for a dry run, the state that it would have
    #[schema(required = true)]
    state: Option<Stage>,
    #[serde(flatten)]
    row: SubmissionRow,
}

impl StreamRow {
    /// The result of a line, with messages in a language.
    fn of(line: Line, language: Language) -> StreamRow {
        StreamRow {
            line: line.number,
            submission: line.submission,
            state: line.state,
            row: SubmissionRow::of(line.row, language).without_location(),
        }
    }
}

/// The end of a completely processed stream.
#[derive(Debug, Serialize, ToSchema)]
pub struct StreamEnd {
    /// True for a dry run: nothing is stored. Absent otherwise
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    dry_run: bool,
    /// Number of rows, and of result lines before this one
    lines: usize,
    /// Number of submissions created from the rows; 0 for a dry run
    submissions: usize,
    /// Number of rows by outcome
    counts: Counts,
}

/// The end of a stream that stopped early. The earlier lines were processed.
#[derive(Debug, Serialize, ToSchema)]
pub struct StreamStop {
    /// The problem that stopped the stream
    problem: Problem,
    /// Number of processed rows, and of result lines before this one
    lines: usize,
}

/// Answers a stream: reads it completely, stores the first lines, and stores the others while the client reads the answer.
///
/// The answer begins after the whole body has arrived. Most clients send everything before they read. An earlier answer would make both
/// sides wait for each other as soon as the buffers between them are full.
///
/// # Errors
/// Faults of the parameters, of the whole body or of the idempotency key, and failures of the first lines.
pub async fn answer(
    write: WriteContext,
    sender: Authorized<role::SubmitFigures>,
    request: HttpRequest,
    of_all: Map<String, Value>,
    dry_run: bool,
    key: Option<String>,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let of_all = read_defaults(of_all).map_err(ServiceError::Invalid)?;
    let (mut file, fingerprint) = spool(&request, body).await?;
    let known_by = key.map(|key| KnownBy { key, fingerprint });
    let open = move || {
        file.rewind()?;
        Ok(Windows::new(BufReader::new(file.try_clone()?), of_all.clone()))
    };
    let mut recording = streams::begin(&write, &state_of(&request).pending, &sender, open, StreamOptions { dry_run, known_by }).await?;
    let first = recording.next().await?;

    let id = request_id(&request).unwrap_or_default();
    let language = Languages::of(&request).of_messages();
    let mut response = HttpResponse::Ok();
    response
        .content_type(NDJSON)
        .insert_header((header::CONTENT_LANGUAGE, language.as_str()))
        .insert_header((header::VARY, "accept-language"));
    Ok(response.streaming(lines(recording, first, request.path().to_owned(), id, language)))
}

/// The lines of the answer, one window at a time. Storing stops when the connection closes, so unread rows are not stored.
pub fn lines<W>(
    recording: Recording<W>,
    first: Option<Vec<Line>>,
    path: String,
    id: String,
    language: Language,
) -> impl Stream<Item = Result<Bytes, Infallible>>
where
    W: Iterator<Item = io::Result<Window>> + Send + 'static,
{
    stream::unfold(Answering { recording, first, over: false, path, id, language }, Answering::next)
}

/// An answer in progress.
struct Answering<W> {
    recording: Recording<W>,
    first: Option<Vec<Line>>,
    over: bool,
    path: String,
    id: String,
    language: Language,
}

impl<W: Iterator<Item = io::Result<Window>> + Send + 'static> Answering<W> {
    /// The lines of the next window, or the last line.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Answering<W>)> {
        if self.over {
            return None;
        }
        let handled = match self.first.take() {
            Some(lines) => Ok(Some(lines)),
            None => self.recording.next().await,
        };
        let lines = match handled {
            Ok(Some(lines)) => lines.into_iter().map(|line| StreamLine::Line(Box::new(StreamRow::of(line, self.language)))).collect(),
            Ok(None) => vec![StreamLine::End(self.end())],
            Err(refusal) => vec![StreamLine::Stop(self.stop(refusal))],
        };
        let mut text = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut text, &line).expect("lines have string keys and no maps that fail");
            text.push(b'\n');
        }
        Some((Ok(text.into()), self))
    }

    fn end(&mut self) -> StreamEnd {
        self.over = true;
        let tally = self.recording.tally();
        log::info!("stream lines={} submissions={} request={}", tally.lines, tally.submissions, self.id);
        StreamEnd { dry_run: self.recording.is_dry_run(), lines: tally.lines, submissions: tally.submissions, counts: tally.counts.into() }
    }

    fn stop(&mut self, refusal: ServiceError) -> StreamStop {
        self.over = true;
        let lines = self.recording.tally().lines;
        log::warn!("stream stopped lines={lines} request={}", self.id);
        StreamStop { problem: Problem::from(refusal).of_request(&self.path, &self.id, self.language), lines }
    }
}

/// Bytes collected from a body before they are written to the disk.
const GATHERED: usize = 1024 * 1024;

/// Minimum average rate of a stream, in bytes per second. A line of a hundred bytes takes no longer than a tenth of a second.
const LEAST_RATE: u64 = 1024;

/// Number of request time limits before the rate of a stream counts, because a stream may start slowly.
const GRACE: u32 = 3;

/// Whether a stream is too slow. A slow stream would occupy its connection and its file without limit.
fn trickles(received: u64, since: Duration, patience: Duration) -> bool {
    since >= patience * GRACE && received < since.as_secs() * LEAST_RATE
}

/// Keeps a body in an unnamed file until it is stored, and calculates its fingerprint at the same time. An interrupted body leaves no file.
async fn spool(request: &HttpRequest, mut body: web::Payload) -> Result<(File, String), Problem> {
    let settings = &state_of(request).context.settings;
    let (limit, patience) = (settings.stream_limit, Duration::from_secs(settings.request_timeout));
    let too_large = || {
        let message = message!(
            en: "a stream has at most {limit} bytes: send it in parts",
            vi: "dòng dữ liệu có nhiều nhất {limit} byte: gửi thành nhiều phần"
        );
        Err(Problem::one(StatusCode::PAYLOAD_TOO_LARGE, Code::BodyTooLarge, message))
    };
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|declared| declared > limit) {
        return too_large();
    }
    let mut kept = (off_thread(tempfile::tempfile).await?, fingerprint_head(request));
    let (mut gathered, mut length) = (Vec::new(), 0_u64);
    let begun = Instant::now();
    loop {
        let chunk = tokio::time::timeout(patience, body.next()).await;
        let Some(chunk) = chunk.ok().filter(|_| !trickles(length, begun.elapsed(), patience)) else {
            return Err(Problem::of_status(StatusCode::REQUEST_TIMEOUT));
        };
        let over = chunk.is_none();
        if let Some(chunk) = chunk {
            let broke_off = |error| {
                let message = message!(en: "the body broke off: {error}", vi: "nội dung gửi bị ngắt giữa chừng: {error}");
                Problem::one(StatusCode::BAD_REQUEST, Code::BadRequest, message)
            };
            let chunk = chunk.map_err(broke_off)?;
            length += chunk.len() as u64;
            gathered.extend_from_slice(&chunk);
        }
        if length > limit {
            return too_large();
        }
        if over || gathered.len() >= GATHERED {
            let part = std::mem::take(&mut gathered);
            kept = off_thread(move || keep(kept, &part)).await?;
        }
        if over {
            break;
        }
    }
    let (mut file, hash) = kept;
    file = off_thread(move || file.rewind().map(|()| file)).await?;
    Ok((file, BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())))
}

fn keep((mut file, mut hash): (File, Sha256), part: &[u8]) -> io::Result<(File, Sha256)> {
    file.write_all(part)?;
    hash.update(part);
    Ok((file, hash))
}

/// Works on the file in a thread where waiting for the disk blocks no other request.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, ServiceError> {
    let done = web::block(work).await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok(done.map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full(format!("keeping a stream: {error}")),
        _ => StoreError::Unusable(format!("keeping a stream: {error}")),
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_trickles_that_brings_less_than_a_kilobyte_a_second() {
        let after = |received: u64, seconds: u64| trickles(received, Duration::from_secs(seconds), Duration::from_secs(10));
        assert!(!after(0, 29), "the beginning may be slow");
        assert!(after(0, 30) && after(30 * 1024 - 1, 30));
        assert!(!after(30 * 1024, 30));
        assert!(after(1024 * 1024, 1025), "however much came in time before");
        assert!(!after(1024 * 1024 * 1024, 3600));
    }
}
