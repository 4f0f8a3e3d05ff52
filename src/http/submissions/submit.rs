//! `POST /v1/submissions`: figures as JSON, as a file or as a stream.
//! Schemas are in `submissions`, answers to streams in `streams`.

use actix_web::http::header::{self, ContentType};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Serialize;
use serde_json::{Map, Value};

use super::streams::{self, StreamLine};
use super::submissions::{FileSubmissions, NewSubmission, Submission, SubmitAnswer};
use crate::domain::access::role::{self, Authorized};
use crate::domain::batch::rows::Mode;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::language::Language;
use crate::domain::message::message;
use crate::domain::number::decimal::NumberLocale;
use crate::domain::submission::draft::Draft;
use crate::domain::time::period::Calendar;
use crate::formats::file::{self, Kind};
use crate::formats::submission::read;
use crate::http::extract::body::{Upload, XLSX};
use crate::http::extract::idempotency::{fingerprint, idempotency_key};
use crate::http::extract::language::Languages;
use crate::http::extract::parameter::{Parameter, as_sent, boolean, date, named, text, word};
use crate::http::extract::query::{FromQuery, Parameters, Query};
use crate::http::problem::Problem;
use crate::server_state::ServerState;
use crate::service::ServiceError;
use crate::service::operations::audit::WriteContext;
use crate::service::submissions::submissions::{self, IdempotencyKey, SubmitOptions, SubmitResult, Submitted};

/// How a batch is submitted.
pub struct SubmitParameters {
    dry_run: bool,
    /// The fields that a file does not contain, as in the JSON document that it stands for.
    of_all: Map<String, Value>,
}

impl FromQuery for SubmitParameters {
    fn from_query(query: &mut Query) -> SubmitParameters {
        let dry_run = query.or(boolean("dry_run", "Check everything, store nothing").prefilled(true), false);
        let province = "For a file or a stream: key, GSO code, ISO code or name of the province; required without a column `Tỉnh` or a \
            `province` in each line";
        let period = "For a file or a stream: period of the rows without their own";
        let calendar = "For a file or a stream: calendar of all periods, if there is no column `Lịch`";
        let mode = "For a file: treatment of invalid rows; for a stream always `partial`";
        let locale = "For a file or a stream: notation of numbers in texts; number cells and JSON numbers do not need it. No default: without \
            it, a text that notations read with different values is refused (`ambiguous_number`)";
        let mut of_all = texts_of(
            query,
            [
                ("province", text("province", province, 100).unread()),
                ("period", as_sent("period", period)),
                ("calendar", word("calendar", calendar, Calendar::parse).unread()),
                ("mode", word("mode", mode, Mode::parse).unread()),
                ("number_locale", word("number_locale", locale, NumberLocale::parse).unread()),
            ],
        );
        let draft = query.optional(boolean("draft", "For a file: store it as a draft"));
        of_all.extend(draft.map(|draft| ("draft".to_owned(), Value::Bool(draft))));
        let acknowledge = "For a file or a stream: codes of warnings that the sender confirms, separated by commas or repeated";
        let codes: Vec<Value> = query.list(named("acknowledge", acknowledge)).into_iter().map(Value::String).collect();
        if !codes.is_empty() {
            of_all.insert("acknowledge".into(), Value::Array(codes));
        }
        let source = texts_of(
            query,
            [
                ("title", as_sent("title", "For a file or a stream: title of the source document")),
                ("number", as_sent("number", "For a file or a stream: number of the source document")),
                ("date", date("date", "For a file or a stream: day of issue of the source document").unread()),
            ],
        );
        if !source.is_empty() {
            of_all.insert("source".into(), Value::Object(source));
        }
        SubmitParameters { dry_run, of_all }
    }
}

impl SubmitParameters {
    /// The names of those that stand for fields of a document.
    fn names(&self) -> Vec<String> {
        let given = self.of_all.iter();
        given.flat_map(|(name, value)| value.as_object().map_or(vec![name], |source| source.keys().collect())).cloned().collect()
    }
}

/// Fields of a document, each as it was sent.
fn texts_of<const FIELDS: usize>(query: &mut Query, fields: [(&str, Parameter<String>); FIELDS]) -> Map<String, Value> {
    let sent = fields.map(|(name, parameter)| Some((name.to_owned(), Value::String(query.optional(parameter)?))));
    sent.into_iter().flatten().collect()
}

/// Reads a file on its own thread, because a large workbook takes a second.
async fn read_file(
    state: &ServerState,
    media: &'static str,
    bytes: Bytes,
    of_all: Map<String, Value>,
) -> Result<(Draft, bool), ServiceError> {
    let kind = if media == XLSX { Kind::Xlsx } else { Kind::Csv };
    let read = state.file_reads.run(move || file::read(kind, &bytes, of_all)).await?;
    read.map_err(ServiceError::Invalid)
}

/// Submit figures
///
/// Submits one report as one batch. Each row is checked against its indicator (unit, bounds, whole numbers for counts, a rate against its
/// numerator and denominator), against the current figures, and against the other rows. The batch of a trusted organisation is published at
/// once (`approved`); other batches await approval (`submitted`). The same figure again is `unchanged`, and a second document with it is
/// stored as another source. A different figure is a new revision. A withdrawal is also a revision.
///
/// Some rows are refused unless they set `force` with a `reason`: a figure less final than the current one, a rate that differs from its
/// numerator ÷ denominator, breakdowns that do not add up to their total, figures that break a rule of severity `error` (`GET /v1/rules`),
/// and a figure after the closing day. Unusual figures are refused unless `acknowledge` has the code of the warning. Unusual figures differ
/// strongly from last year or from the earlier series, decrease in the year to date, differ from the value derived from other figures, or
/// break a rule of severity `warning`. A row that would undo something newer (`reverts`) needs a `reason` as well: it brings back a replaced
/// value, or its document is older than that of the current revision. Two rows about the same series and period are both refused if they
/// differ; otherwise the first counts. A refused batch stores nothing and lists every fault of every row. With `mode` `partial`, the valid
/// rows are stored, and the others are `rejected` with their errors.
///
/// Send a file of figures as CSV (UTF-8, with `;`, `,` or tabs) or as a workbook (XLSX), with its media type. Parameters hold the values for
/// all its rows. The columns have the names of the fields, or Vietnamese names: `Mã chỉ tiêu`, `Phân tổ`, `Kỳ`, `Số liệu`, `Tử số`,
/// `Mẫu số`, `Trạng thái`, `Không phát sinh`, `Lý do` and others. The header is the first of the first 20 rows that has `Mã chỉ tiêu`; titles
/// above it are ignored. `Chỉ tiêu` and `Đơn vị tính` may stay empty; a name or a unit that contradicts the code is refused, but another
/// power of ten (`triệu đồng` for `tỷ đồng`) is converted. `Lịch` and `Cách viết số` have one value in all rows, equal to the parameter
/// if there is one.
/// `GET /v1/templates/{organisation}/{period}.xlsx` is such a file, ready to fill in and send. Faults name the row and column.
///
/// The answer to a file has `submissions`, one for each province in the column `Tỉnh`; a code means the province that has it at the end of
/// the period of its row. All are stored together or none is, except with `mode` `partial`. `left_out` lists the rows that were not read:
/// those without a figure, totals, and figures without a code below the last row with one.
///
/// Numbers in texts: `number_locale`, or in a file the column `Cách viết số`, declares their notation. `vi` (`Việt Nam`) reads `1.596`,
/// `1 596` and `77,15`; `plain` (`máy tính`) reads `1596` and `77.15`. The declared notation alone is read. If none is declared, a text
/// with one value in plain and Vietnamese notation is read (`77,15`, `1.930.360`); a text with several values, English notation included,
/// is refused as `ambiguous_number` (`1.135`, `1,500`). In a file, a count with exactly three zero decimals (`1.000`, `1,000`) is refused
/// in any notation: write 1 or 1000. In a CSV file whose column `Cách viết số` alone says `Việt Nam`, three digits behind one point
/// (`3.142`) are refused too, unless the file has a number that Vietnamese notation alone reads. JSON numbers and number cells are exact.
///
/// Send any number of figures as a stream (NDJSON). Each line is a row of `observations` and may have its own `province`. The parameters
/// are `mode=partial` and the values for all lines. The answer has one result per line, in the same order. It ends with a line that has
/// `lines`, `submissions` and `counts`, or with a line that has a `problem`; an answer without such a line was interrupted. The rows of one
/// province among each thousand form one submission, which is stored before its results are sent. A dry run checks each thousand without
/// the earlier ones. `pointer` refers to the line.
///
/// A request with an `Idempotency-Key` can be repeated: it is executed once, and gets the first answer again for seven days. An interrupted
/// stream continues where it stopped.
#[utoipa::path(
    tag = "figures", security(("oauth2" = ["submit"])), params(Parameters<SubmitParameters>),
    request_body(content(
        (NewSubmission = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/x-ndjson")
    )),
    responses(
        (status = 201, description = "Recorded; of a file, a submission for each province", body = SubmitAnswer),
        (status = 200, description = "A dry run with its expected result, a batch or stream with possibly rejected rows, or a repeated answer",
            content((SubmitAnswer = "application/json"), (StreamLine = "application/x-ndjson"))),
        (status = 404, description = "Withdrawal of an unknown figure", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The request with this key is still in progress", body = Problem, content_type = "application/problem+json")
    )
)]
#[post("/v1/submissions")]
pub async fn submit_figures(
    state: Data<ServerState>,
    write: WriteContext,
    sender: Authorized<role::SubmitFigures>,
    request: HttpRequest,
    languages: Languages,
    mut query: Parameters<SubmitParameters>,
    upload: Upload,
) -> Result<HttpResponse, Problem> {
    if matches!(upload, Upload::Json(_)) {
        for name in query.values().names() {
            query.note(
                &name,
                Fault::new(
                    Code::BadRequest,
                    message!(
                        en: "`{name}` is for files and streams; of JSON it stands in the body",
                        vi: "`{name}` dùng cho tệp và dòng dữ liệu; với JSON thì nêu trong nội dung"
                    ),
                ),
            );
        }
    }
    let SubmitParameters { dry_run, of_all } = query.finish()?;
    let key = idempotency_key(&request)?;
    let is_file = matches!(upload, Upload::File(..));
    let ((sent, draft), fingerprint) = match upload {
        Upload::Stream(body) => return streams::answer(write, sender, request, of_all, dry_run, key, body).await,
        Upload::Json(body) => {
            (read(&body).map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?, fingerprint(&request, &body))
        }
        Upload::File(media, body) => {
            let fingerprint = fingerprint(&request, &body);
            (read_file(&state, media, body, of_all).await?, fingerprint)
        }
    };
    let language = languages.of_messages();
    let answer = if is_file { answer_to_file } else { answer_to_json };
    let once = key.map(|key| IdempotencyKey { key, fingerprint, answer, language });
    let partial = sent.mode == Mode::Partial;

    match submissions::submit_figures(&write, &state.pending, &sender, sent, SubmitOptions { dry_run, draft, once }).await? {
        SubmitResult::Before(body) => Ok(HttpResponse::Ok().content_type(ContentType::json()).body(body)),
        SubmitResult::Now(submitted) => {
            let mut response = if dry_run || partial { HttpResponse::Ok() } else { HttpResponse::Created() };
            if let ([only], false) = (&submitted.submissions[..], dry_run || partial) {
                response.insert_header((header::LOCATION, format!("/v1/submissions/{}", only.submission.id)));
            }
            response.insert_header((header::CONTENT_LANGUAGE, language.as_str())).insert_header((header::VARY, "accept-language"));
            Ok(response.content_type(ContentType::json()).body(answer(&submitted, language)))
        }
    }
}

fn answer_to_json(submitted: &Submitted, language: Language) -> String {
    in_json(&submitted.submissions.first().map(|handled| SubmitAnswer::Document(Box::new(Submission::of(handled.clone(), language)))))
}

fn answer_to_file(submitted: &Submitted, language: Language) -> String {
    in_json(&Some(SubmitAnswer::File(FileSubmissions::of(submitted.clone(), language))))
}

fn in_json(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).expect("submissions have string keys and no maps that fail")
}
