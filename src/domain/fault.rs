//! Errors of a request: the closed list of codes, and the error with its message.
//! HTTP status codes are not here: `http/problem.rs` chooses them.

use std::fmt;

use super::message::{Message, message};

macro_rules! codes {
    ($($(#[doc = $when:literal])+ $name:ident = $text:literal,)+) => {
        /// Every code of an error. Codes are part of the API: messages may improve, codes do not change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[doc = $when])+ $name,)+ }

        impl Code {
            /// All codes, in the order of the README's table.
            pub const ALL: &[Code] = &[$(Code::$name,)+];

            /// The code as in an answer.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)+ }
            }

            /// Reads a code.
            #[must_use]
            pub fn parse(text: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.as_str() == text)
            }

            /// One line on the use of the code, for the README's table.
            #[must_use]
            pub fn when(self) -> &'static str {
                match self { $(Code::$name => concat!($($when,)+).trim_ascii(),)+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON, nests too deeply, repeats a key or is not UTF-8
    MalformedJson = "malformed_json",
    /// A JSON field that this call does not have
    UnknownField = "unknown_field",
    /// A JSON field that this call needs
    MissingField = "missing_field",
    /// A JSON value of another type than the field has
    WrongType = "wrong_type",
    /// A query or form parameter that this call does not have
    UnknownParameter = "unknown_parameter",
    /// A query or form parameter that this call needs
    MissingParameter = "missing_parameter",
    /// A parameter given twice that is read once
    RepeatedParameter = "repeated_parameter",
    /// A value outside the list in `allowed`, or outside the range the message names
    InvalidValue = "invalid_value",
    /// Text that is empty, too long, or holds control characters
    InvalidText = "invalid_text",
    /// Not a date in an accepted form: `2024-06-30`; in files and with `number_locale` `vi` also `30/6/2024`
    InvalidDate = "invalid_date",
    /// A time that is not RFC 3339, such as `2026-11-21T02:00:00Z`
    InvalidTime = "invalid_time",
    /// `as_of` is not in the past, or before anything was recorded
    AsOfOutOfRange = "as_of_out_of_range",
    /// A cursor that this collection did not hand out
    InvalidCursor = "invalid_cursor",
    /// No province answers to that key, code or name at the end of the period
    UnknownProvince = "unknown_province",
    /// Several provinces answer to that name; `allowed` lists their keys
    AmbiguousProvince = "ambiguous_province",
    /// The province did not exist at the end of the period
    ProvinceNotInPeriod = "province_not_in_period",
    /// Another province has that code or name at the same time, or another client that name
    NameTaken = "name_taken",
    /// Stored figures belong to a time in which the province would not exist
    FiguresOnRecord = "figures_on_record",
    /// Somebody owes these figures on some of the same days already
    AlreadyOwed = "already_owed",
    /// No indicator has that code
    UnknownIndicator = "unknown_indicator",
    /// The indicator has no such breakdown or member
    UnknownBreakdown = "unknown_breakdown",
    /// Not a period in any of the accepted forms
    InvalidPeriod = "invalid_period",
    /// The period has not begun, so no figure of it can exist
    PeriodNotBegun = "period_not_begun",
    /// The closing day of the period has passed, without `force`
    PeriodClosed = "period_closed",
    /// Not a number in the declared notation (`number_locale`), or in any that is read where none is declared
    NotANumber = "not_a_number",
    /// A text that two notations read as different numbers, where none is declared: `1.135`. In files also a count with three zero decimals
    AmbiguousNumber = "ambiguous_number",
    /// More than 18 digits
    TooManyDigits = "too_many_digits",
    /// A negative number for a count
    NegativeCount = "negative_count",
    /// A fraction for a count
    FractionForCount = "fraction_for_count",
    /// Outside the bounds of the indicator
    OutOfBounds = "out_of_bounds",
    /// A range without its `low` and `high`, with a `value`, or the wrong way round; ends without `bound` `range`
    InvalidRange = "invalid_range",
    /// A baseline, phasing or milestones by which no way leads to the target
    InvalidPhasing = "invalid_phasing",
    /// The day a figure was counted on is outside its period or not yet over, or the figure does not stand at a day
    InvalidAsOfDate = "invalid_as_of_date",
    /// A row that is `nil` or a withdrawal, and has a figure or claims as well
    ContradictoryRow = "contradictory_row",
    /// A withdrawal, `force`, `nil` in place of a figure, or the acknowledgement of `reverts` or `changed_since_submitted`, without its `reason`
    ReasonMissing = "reason_missing",
    /// A less final figure in place of a more final one, without `force`
    LowerStatus = "lower_status",
    /// Something odd about a figure that nobody has acknowledged: `allowed` names it, for `acknowledge`
    Unacknowledged = "unacknowledged",
    /// Parts that do not add up to their total, where they are the whole by definition, without `force`
    PartsDisagree = "parts_disagree",
    /// Figures that break a rule whose severity is `error`, without `force`
    RuleBroken = "rule_broken",
    /// A withdrawal, and there is nothing stored to withdraw
    NothingToWithdraw = "nothing_to_withdraw",
    /// The unit that a file prints beside a figure is another one than that of the indicator, or another power of ten than `unit_mult`, or stands beside a numerator or denominator
    UnitContradicts = "unit_contradicts",
    /// The name that a file prints beside a code is not that of the indicator
    NameContradicts = "name_contradicts",
    /// Neither a value nor a numerator with its denominator
    ValueMissing = "value_missing",
    /// A numerator without its denominator, or the reverse
    RatioIncomplete = "ratio_incomplete",
    /// A numerator or denominator for an indicator that is not a rate
    RatioNotAllowed = "ratio_not_allowed",
    /// A denominator that is zero or negative, or a negative numerator
    InvalidRatio = "invalid_ratio",
    /// The numerator is larger than the denominator of a share
    NumeratorExceedsDenominator = "numerator_exceeds_denominator",
    /// The rate differs from its numerator over its denominator by more than its last printed digit allows, without `force`
    RateDisagrees = "rate_disagrees",
    /// Two rows of one batch or stream for the same series and period
    DuplicateRow = "duplicate_row",
    /// A batch without rows, or with more than allowed
    BatchSize = "batch_size",
    /// These units do not apply to this indicator
    UnitsNotApplicable = "units_not_applicable",
    /// Figures of a rule whose units cannot be brought to one
    UnitMismatch = "unit_mismatch",
    /// Unit, multiplier or measure of an indicator that already exists: use a new code
    DefinitionLocked = "definition_locked",
    /// A file that is empty, cut off, damaged, protected by a password or of another kind than it was sent as
    UnreadableFile = "unreadable_file",
    /// A CSV file that is not UTF-8
    WrongEncoding = "wrong_encoding",
    /// A workbook with several sheets and none of the name that is read, or with none that is visible
    WrongSheet = "wrong_sheet",
    /// A file that holds, or inflates to, more rows, columns, cells or text than is read
    FileTooLarge = "file_too_large",
    /// Two columns of a file with names of one field
    DuplicateColumn = "duplicate_column",
    /// A row of a file with more cells than the header has names
    RaggedRow = "ragged_row",
    /// Merged cells in the table of a workbook with a number, or of several rows of it; a heading or a total across columns is none
    MergedCells = "merged_cells",
    /// A formula where a workbook should have a value
    FormulaCell = "formula_cell",
    /// A cell of a workbook that is no number, text or date, or shows something else than it holds: an error, a percentage, a scaled number
    CellNotAValue = "cell_not_a_value",
    /// A line of a stream that is longer than 64 KiB
    LineTooLong = "line_too_long",
    /// No such resource, or none that you may see
    NotFound = "not_found",
    /// No resource lives at this path
    UnknownPath = "unknown_path",
    /// The path exists, the method does not; see `Allow`
    MethodNotAllowed = "method_not_allowed",
    /// A body of another media type than the call reads
    UnsupportedMediaType = "unsupported_media_type",
    /// A request body with `Content-Encoding`
    ContentEncodingRefused = "content_encoding_refused",
    /// The body is larger than the limit
    BodyTooLarge = "body_too_large",
    /// The path or the query is longer than is read, or has more parameters
    UriTooLong = "uri_too_long",
    /// The header fields are longer than is read
    HeadersTooLarge = "headers_too_large",
    /// A read that would cost more than one answer may: page, or ask for less at a time
    QueryTooLarge = "query_too_large",
    /// More requests than the limit, or too many failed attempts to get a token; try again after `Retry-After`
    TooManyRequests = "too_many_requests",
    /// The request did not arrive, or was not done, within the time limit
    RequestTimeout = "request_timeout",
    /// More is wrong than is listed
    MoreFaults = "more_faults",
    /// The request breaks the protocol in a way no other code names
    BadRequest = "bad_request",
    /// No token, where the call needs one
    TokenMissing = "token_missing",
    /// A token that is not ours, expired, revoked or damaged
    TokenInvalid = "token_invalid",
    /// The token lacks the scope in `allowed`
    ScopeMissing = "scope_missing",
    /// The client is not allowed to write for this province
    ProvinceNotAllowed = "province_not_allowed",
    /// The client does not work in the field of the indicator.
    FieldNotAllowed = "field_not_allowed",
    /// A client that would reach further than the administrator who makes or changes it
    BeyondAdministrator = "beyond_administrator",
    /// Nobody would be left to administer what this administrator does
    LastAdministrator = "last_administrator",
    /// The client is narrowed to provinces or fields of work, and the call is for those that are not
    ClientNarrowed = "client_narrowed",
    /// The stored figure of a row, or a claim that it replaces, is another revision than when the submission was last submitted, and who approves it has not acknowledged that
    ChangedSinceSubmitted = "changed_since_submitted",
    /// A submission that is not in a state to take this step; `allowed` lists the steps it can take
    WrongState = "wrong_state",
    /// A step that another organisation, or a reviewer, takes
    StepNotAllowed = "step_not_allowed",
    /// Who wrote or submitted something would approve it
    FourEyes = "four_eyes",
    /// An `Idempotency-Key` that is empty, longer than 255 characters, or holds others than visible ASCII
    InvalidIdempotencyKey = "invalid_idempotency_key",
    /// An `Idempotency-Key` that came with another request before
    IdempotencyKeyReused = "idempotency_key_reused",
    /// The request with this `Idempotency-Key` is still being done; ask again
    RequestInFlight = "request_in_flight",
    /// Token endpoint: the grant is not `client_credentials`
    UnsupportedGrantType = "unsupported_grant_type",
    /// Token endpoint: unknown client, wrong secret or assertion, disabled or expired client
    InvalidClient = "invalid_client",
    /// Token endpoint: a scope that the client does not have
    InvalidScope = "invalid_scope",
    /// Somebody else changed the same thing at the same moment; try again
    Conflict = "conflict",
    /// The database is busy or away; try again after `Retry-After`
    Unavailable = "unavailable",
    /// The disk is full; nothing was stored
    StorageFull = "storage_full",
    /// Our fault; the log has it under `request_id`
    Internal = "internal",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One thing that is wrong, without the place it was found at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The code, from the closed list.
    pub code: Code,
    /// A sentence for readers, in both languages.
    pub message: Message,
    /// The accepted values, if they are a list.
    pub allowed: Vec<String>,
    /// The names of what the fault is about, where they are known.
    pub names: Option<Box<Names>>,
}

/// The names that help a clerk to find what a fault is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// The field in whose column the cell is; for a column of no field, its name in the file.
    pub column: Option<String>,
    /// The name of the indicator of the row.
    pub indicator: Option<Message>,
}

impl Fault {
    /// An error with a message.
    #[must_use]
    pub fn new(code: Code, message: Message) -> Fault {
        Fault { code, message, allowed: Vec::new(), names: None }
    }

    /// The error of a required field that is absent.
    #[must_use]
    pub fn missing_field(name: &str) -> Fault {
        Fault::new(Code::MissingField, message!(en: "`{name}` is needed", vi: "thiếu `{name}`"))
    }

    /// The error of a withdrawal without a reason.
    #[must_use]
    pub fn unexplained_withdrawal() -> Fault {
        Fault::new(
            Code::ReasonMissing,
            message!(en: "a withdrawal needs a reason: send `reason`", vi: "việc rút cần có lý do: gửi `reason`"),
        )
    }

    /// The same error, with the accepted values.
    #[must_use]
    pub fn allowing<S: Into<String>>(mut self, allowed: impl IntoIterator<Item = S>) -> Fault {
        self.allowed = allowed.into_iter().map(Into::into).collect();
        self
    }

    /// The same error, with the names that it is about.
    #[must_use]
    pub fn with_names(self, names: Names) -> Fault {
        Fault { names: Some(names).filter(|names| *names != Names::default()).map(Box::new), ..self }
    }

    /// The same error, with its place in the request.
    #[must_use]
    pub fn at(self, place: Location) -> LocatedFault {
        LocatedFault { place, fault: self }
    }
}

/// The place of an error in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A JSON pointer (RFC 6901) into the body.
    Pointer(String),
    /// A query, form or path parameter.
    Parameter(String),
    /// A cell of the submitted file.
    Cell {
        /// The row number in the file, from 1.
        row: usize,
        /// The column index, from 0 for column A.
        column: usize,
    },
    /// A place in a line of the submitted stream.
    Line {
        /// The line number, from 1.
        line: usize,
        /// A JSON pointer (RFC 6901) into the line; empty for the line as a whole.
        pointer: String,
    },
    /// The request as a whole.
    Request,
}

/// The letters of a column in a spreadsheet: 0 is A, 25 is Z, 26 is AA.
#[must_use]
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = Some(column);
    while let Some(n) = rest {
        letters.push(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n % 26]);
        rest = (n / 26).checked_sub(1);
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

impl Location {
    /// The place in words: `row 12, column C` for a cell, `hàng 12, cột C` in Vietnamese.
    #[must_use]
    pub fn in_words(&self) -> Message {
        match self {
            Location::Pointer(place) | Location::Parameter(place) => Message::new(place, place),
            Location::Cell { row, column } => {
                message!(en: "row {row}, column {}", vi: "hàng {row}, cột {}", column_letters(*column))
            }
            Location::Line { line, pointer } => {
                let pointer = if pointer.is_empty() { String::new() } else { format!(", {pointer}") };
                message!(en: "line {line}{pointer}", vi: "dòng {line}{pointer}")
            }
            Location::Request => message!(en: "request", vi: "yêu cầu"),
        }
    }
}

/// In English, for logs and the command line.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.in_words().english())
    }
}

/// An error and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedFault {
    /// The place.
    pub place: Location,
    /// The error.
    pub fault: Fault,
}

/// In English, for logs and the command line.
impl fmt::Display for LocatedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { code, message, allowed, .. } = &self.fault;
        write!(f, "{}: {} ({})", self.place, message.english(), code.as_str())?;
        if allowed.is_empty() { Ok(()) } else { write!(f, "; allowed: {}", allowed.join(", ")) }
    }
}

/// Code lists: enums with a text for each value, and an error for any other text. The texts are taken as tokens (`tt`). A `literal`
/// would reach the derives wrapped, and the API document would then show the names of the variants instead.
macro_rules! code_list {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:tt,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, utoipa::ToSchema)]
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// All codes, in order.
            pub const WORDS: &[&str] = &[$($text,)+];

            /// The code in requests, answers and the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// Reads a code.
            ///
            /// # Errors
            /// `invalid_value`, with the allowed codes.
            pub fn parse(text: &str) -> Result<$name, $crate::domain::fault::Fault> {
                match text {
                    $($text => Ok($name::$variant),)+
                    _ => Err($crate::domain::fault::Fault::new(
                        $crate::domain::fault::Code::InvalidValue,
                        $crate::domain::message::message!(
                            en: "`{text}` is not one of the allowed values",
                            vi: "`{text}` không thuộc các giá trị cho phép"
                        ),
                    ).allowing($name::WORDS.iter().copied())),
                }
            }
        }
    };
}
pub(crate) use code_list;

#[cfg(test)]
mod tests {
    use super::{Code, Location};

    #[test]
    fn a_cell_is_named_as_spreadsheets_name_it() {
        for (column, letters) in [(0, "A"), (2, "C"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(Location::Cell { row: 12, column }.to_string(), format!("row 12, column {letters}"));
        }
    }

    #[test]
    fn codes_are_distinct_snake_case_words() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code} twice");
            assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        }
    }
}
