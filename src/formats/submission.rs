//! Batches of figures, read into drafts: the fields of the whole batch and its rows, from JSON documents, lines and files alike.
//! The fields are declared in `observation`. The checks of values are in `domain`.

use std::cmp::Ordering;

use serde_json::Value;

use super::fields::field::{Field, names, read as read_fields};
use super::fields::record::RawRecord;
use super::fields::schema::Fields;
use super::json::{self, Faults};
use super::observation::{BatchFields, NUMBER_LOCALE, NUMBERS, OBSERVATIONS, ObservationFields, PERIOD, PROVINCE, VALUE};
use crate::domain::batch::layout::Layout;
use crate::domain::batch::rows::{MAX_ROWS, MOST_FAULTS, Mode, RowError};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::message::message;
use crate::domain::number::notation::{Medium, Notation};
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;
use crate::domain::observation::figure_check::SentFigure;
use crate::domain::submission::draft::{Draft, DraftRow, RowContent};
use crate::domain::submission::warning::Warning;
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;

/// The fields of the batch that apply to all rows.
#[derive(Debug, Clone)]
pub struct BatchDefaults {
    pub(super) province: Option<String>,
    calendar: Option<Calendar>,
    period: Option<PeriodCode>,
    /// Whether the request contains a period, even an unreadable one.
    period_given: bool,
    mode: Mode,
    acknowledge: Vec<Warning>,
    pub(super) notation: Notation,
    source: Source,
}

impl BatchDefaults {
    /// Reads the fields of a batch except its rows, and returns true if it stays a draft. `missing` makes the fault of an absent field.
    pub(super) fn read(
        raw: &RawRecord<'_>,
        faults: &Faults,
        missing: impl Fn(&Field<BatchFields>) -> Option<Fault>,
    ) -> (BatchDefaults, bool) {
        // Vietnamese words for periods and dates are read where the numbers are in Vietnamese notation.
        let declared = read_fields(&[&NUMBER_LOCALE], raw, Notation::default(), &Faults::default(), |_| None).number_locale;
        let read = read_fields(BatchFields::FIELDS, raw, Notation::new(declared, Medium::Figures), faults, missing);
        let stays = read.draft;
        (BatchDefaults { period_given: raw.has(PERIOD.name), ..BatchDefaults::from(read) }, stays)
    }

    /// A batch of these rows.
    pub(super) fn draft(&self, rows: Vec<DraftRow>, layout: Option<Layout>, faults: Vec<RowError>) -> Draft {
        let BatchDefaults { province, calendar, mode, acknowledge, source, .. } = self.clone();
        Draft { mode, acknowledge, province, calendar, source, rows, layout, faults }
    }

    /// Reads a row; a member is absent after a read fault.
    pub(super) fn read_row(&self, position: usize, raw: &RawRecord<'_>, faults: &Faults) -> DraftRow {
        let mut row = read_fields(ObservationFields::FIELDS, raw, self.notation, faults, |field| {
            if field.name == PERIOD.name && !self.period_given {
                return Some(Fault::new(
                    Code::MissingField,
                    message!(
                        en: "neither the row nor the batch has a `period`",
                        vi: "hàng này và cả đợt gửi đều không nêu `period`"
                    ),
                ));
            }
            field.missing()
        });
        let says = read_content(&row, raw, faults);
        raw.note_unknown(&names(ObservationFields::FIELDS), faults);
        if !raw.has("breakdown") {
            row.breakdown = Some(Breakdown::default());
        }
        DraftRow {
            position,
            row_ref: row.row_ref,
            indicator: row.indicator,
            breakdown: row.breakdown,
            // A row with an unreadable period must not get the period of the batch.
            period: if raw.has(PERIOD.name) { row.period } else { self.period },
            calendar: row.calendar,
            says,
            locator: row.locator,
            wording: row.wording,
            reason: row.reason,
            reason_given: raw.has("reason"),
            force: row.force,
            acknowledge: row.acknowledge,
            claims: row.claims,
            shown: NUMBERS.iter().filter_map(|field| Some(((*field).to_owned(), raw.shown(field)?))).collect(),
            ..DraftRow::default()
        }
    }
}

impl From<BatchFields> for BatchDefaults {
    fn from(fields: BatchFields) -> BatchDefaults {
        let BatchFields { province, calendar, period, mode, acknowledge, number_locale, source, .. } = fields;
        let (mode, notation) = (mode.unwrap_or(Mode::Atomic), Notation { declared: number_locale, ..Notation::default() });
        BatchDefaults { province, calendar, period, period_given: period.is_some(), mode, acknowledge, notation, source }
    }
}

/// The content of a row: a figure, a nil declaration or a withdrawal; `None` after a read fault.
fn read_content(row: &ObservationFields, raw: &RawRecord<'_>, faults: &Faults) -> Option<RowContent> {
    let &ObservationFields { nil, withdraw, value, low, high, numerator, denominator, unit_mult, status, bound, as_of, .. } = row;
    if !nil && !withdraw {
        // An unreadable number has its fault already. As an absent number it would get a second, false one.
        let numbers = [("value", value), ("low", low), ("high", high), ("numerator", numerator), ("denominator", denominator)];
        let all_read = numbers.iter().all(|(name, number)| number.is_some() || !raw.has(name));
        let (status, bound) = (row.value_words.status(status), row.value_words.bound(bound));
        for fault in [status.as_ref().err(), bound.as_ref().err()].into_iter().flatten() {
            raw.note(VALUE.name, fault.clone(), faults);
        }
        let (status, bound) = (status.ok()?.unwrap_or(Status::Official), bound.ok()?.unwrap_or(Bound::Equal));
        let figure = SentFigure { value, low, high, numerator, denominator, unit_mult, status, bound, as_of };
        return all_read.then_some(RowContent::Figure(figure));
    }
    let of_figures = ObservationFields::FIELDS.iter().filter(|field| field.of_figure).map(|field| field.name);
    let also: Vec<&str> = of_figures.filter(|name| raw.has(name)).chain((nil && withdraw).then_some("nil")).collect();
    if !also.is_empty() {
        let what = if withdraw { message!(en: "a withdrawal", vi: "rút số liệu") } else { message!(en: "`nil`", vi: "`nil`") };
        let message = message!(
            en: "{what} says that there is no figure; the row also has {}",
            vi: "{what} nghĩa là không có số liệu; hàng này còn có {}"; what; also.join(", ")
        );
        faults.note_at(raw.place(), Fault::new(Code::ContradictoryRow, message));
        return None;
    }
    Some(if withdraw { RowContent::Withdraw } else { RowContent::Nil })
}

/// The faults of a batch, each with its row. After a thousand faults only one remark follows.
#[derive(Debug, Default)]
pub(super) struct BatchFaults(Vec<RowError>);

impl BatchFaults {
    /// Adds the faults of a row, or of the batch itself.
    pub(super) fn add(&mut self, row: Option<usize>, faults: Faults) {
        for located in faults.into_all() {
            match self.0.len().cmp(&MOST_FAULTS) {
                Ordering::Less => self.0.push(RowError { row, located }),
                Ordering::Equal => self.0.push(RowError { row: None, located: json::more_faults() }),
                Ordering::Greater => return,
            }
        }
    }

    /// All faults.
    pub(super) fn into_all(self) -> Vec<RowError> {
        self.0
    }
}

/// Reads the body of `POST /v1/submissions` and returns the draft, and true if it stays a draft.
///
/// # Errors
/// `malformed_json`; the draft holds all other faults.
pub fn read(bytes: &[u8]) -> Result<(Draft, bool), Fault> {
    let document = json::parse(bytes)?;
    let mut all = BatchFaults::default();
    let faults = Faults::default();
    let Some(body) = RawRecord::open(&document, Location::Pointer(String::new()), &faults) else {
        all.add(None, faults);
        return Ok((BatchDefaults::from(BatchFields::default()).draft(Vec::new(), None, all.into_all()), false));
    };
    let (batch, stays) = BatchDefaults::read(&body, &faults, Field::missing);
    let items = document.get(OBSERVATIONS.name).filter(|rows| !rows.is_null());
    let items = items.map(json::list).transpose().unwrap_or_else(|fault| {
        body.note(OBSERVATIONS.name, fault, &faults);
        None
    });
    let items = items.filter(|items| {
        let fits = (1..=MAX_ROWS).contains(&items.len());
        if !fits {
            let message = message!(
                en: "a batch has 1 to {MAX_ROWS} rows, this one {}",
                vi: "mỗi lần gửi 1 đến {MAX_ROWS} hàng, lần này có {}", items.len()
            );
            body.note(OBSERVATIONS.name, Fault::new(Code::BatchSize, message), &faults);
        }
        fits
    });
    all.add(None, faults);
    let read_item = |(position, item): (usize, &Value)| {
        let faults = Faults::default();
        let place = body.place_of(OBSERVATIONS.name, &format!("/{position}"));
        let row = RawRecord::open(item, place, &faults).map(|raw| batch.read_row(position, &raw, &faults));
        all.add(Some(position), faults);
        row.unwrap_or(DraftRow { position, ..DraftRow::default() })
    };
    let rows = items.into_iter().flatten().enumerate().map(read_item).collect();
    let faults = Faults::default();
    body.note_unknown(&names(BatchFields::FIELDS), &faults);
    all.add(None, faults);
    Ok((batch.draft(rows, None, all.into_all()), stays))
}

/// The fault of an absent field beside a file: of the province.
#[must_use]
pub(super) fn missing_province(field: &Field<BatchFields>) -> Option<Fault> {
    field.missing().filter(|_| field.name == PROVINCE.name)
}
