//! The fields of a batch, its source, its rows and their claims: names, columns, values and descriptions, each declared once.
//! JSON, files, streams, templates, the `sent` of a review and the schemas follow from them; whole batches are read in `submission`.

use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};

use super::claim::Claims;
use super::fields::field::{BelongsTo, Column, Context, Described, Field, Schemas, ValueKind};
use super::fields::kinds;
use super::fields::raw::Raw;
use super::fields::schema::{self, Fields, Request};
use super::fields::wording::{self, Words};
use super::sheet::KEY_COLUMN;
use crate::domain::batch::rows::{MAX_ROWS, Mode};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::source::Source;
use crate::domain::message::Message;
use crate::domain::number::decimal::{Decimal, NumberLocale};
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;
use crate::domain::observation::figure_check::SentFigure;
use crate::domain::observation::observation::{Content, Observation};
use crate::domain::submission::draft::{ClaimChange, DraftRow, RowContent};
use crate::domain::submission::warning::Warning;
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;

/// The fields of a batch but its rows.
#[derive(Debug, Default)]
pub struct BatchFields {
    pub(super) province: Option<String>,
    pub(super) calendar: Option<Calendar>,
    pub(super) period: Option<PeriodCode>,
    pub(super) mode: Option<Mode>,
    pub(super) draft: bool,
    pub(super) acknowledge: Vec<Warning>,
    pub(super) number_locale: Option<NumberLocale>,
    pub(super) source: Source,
}

type Batch = BatchFields;

/// Limit of characters in a key, code or name of a province.
pub(super) const LONGEST_PROVINCE: usize = 100;

/// The province of all rows. Each line of a stream may have its own.
pub static PROVINCE: Field<Batch> = Field::new(
    "province",
    &kinds::Text(LONGEST_PROVINCE, |batch: &mut Batch| &mut batch.province),
    "Key, GSO code, ISO code or name, valid at the end of each row's period",
)
.required()
.column_of_batch(&["Tỉnh", "Tỉnh, thành phố"], Some(20));

/// The calendar of all periods.
pub static BATCH_CALENDAR: Field<Batch> = Field::new(
    "calendar",
    &kinds::Code { parse: Calendar::parse, words: &[], of: |batch: &mut Batch| &mut batch.calendar },
    "Calendar of all periods; each indicator's own when absent",
)
.column_of_batch(&["Lịch"], Some(8));

static BATCH_PERIOD: Field<Batch> = Field::new(
    "period",
    &kinds::Period(|batch: &mut Batch| &mut batch.period),
    "Period of the rows without their own, as a code, or with `number_locale` `vi` also as `Tháng 5/2024` or `6 tháng đầu năm 2024`",
)
.example("2024-05");

static MODE: Field<Batch> = Field::new(
    "mode",
    &kinds::Code { parse: Mode::parse, words: &[], of: |batch: &mut Batch| &mut batch.mode },
    "Treatment of a batch with invalid rows: store nothing (`atomic`, when absent), or store the valid rows (`partial`)",
);

static DRAFT: Field<Batch> = Field::new(
    "draft",
    &kinds::Flag(|batch: &mut Batch| &mut batch.draft),
    "Store the batch as a draft without review; the rows only need to be readable",
);

static BATCH_ACKNOWLEDGE: Field<Batch> = Field::new(
    "acknowledge",
    &kinds::Codes { parse: Warning::parse, of: |batch: &mut Batch| &mut batch.acknowledge },
    "Codes of warnings that the sender confirms for all rows",
);

/// The notation of numbers in texts.
pub static NUMBER_LOCALE: Field<Batch> = Field::new(
    "number_locale",
    &kinds::Code { parse: NumberLocale::parse, words: NOTATION_WORDS, of: |batch: &mut Batch| &mut batch.number_locale },
    "Notation of numbers in strings; JSON numbers do not need it. Without it, a string that notations read with different values is \
     refused (`ambiguous_number`)",
)
.column_of_batch(&["Cách viết số"], Some(13));

/// The words of the column for the notations, folded. Forms have the first.
pub const NOTATION_WORDS: &[(&str, &str)] =
    &[("viet nam", "vi"), ("kieu viet nam", "vi"), ("vi", "vi"), ("may tinh", "plain"), ("kieu may tinh", "plain"), ("plain", "plain")];

static SOURCE: Field<Batch> =
    Field::new("source", &kinds::Object(|batch: &mut Batch| &mut batch.source), "The source document of the figures");

/// The rows of a batch.
pub static OBSERVATIONS: Field<Batch> = Field::new("observations", &Rows, "The figures").required();

impl Fields for BatchFields {
    const FIELDS: &'static [&'static Field<Batch>] =
        &[&PROVINCE, &BATCH_CALENDAR, &BATCH_PERIOD, &MODE, &DRAFT, &BATCH_ACKNOWLEDGE, &NUMBER_LOCALE, &SOURCE, &OBSERVATIONS];
    const REQUEST: (&'static str, &'static str) = ("NewSubmission", "A batch of figures from one report.");

    fn example() -> Option<Value> {
        Some(json!({
            "province": "24", "period": "2024-05", "source": {"title": "Báo cáo tháng 5/2024", "date": "2024-05-20"},
            "observations": [
                {"row_ref": "r1", "indicator": "post-telecom-revenue", "value": 230, "status": "E"},
                {"row_ref": "r2", "indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": 11754},
                {"row_ref": "r3", "indicator": "telecom-internet-revenue", "period": "2024-H1", "value": 1135, "status": "E",
                 "claims": [{"kind": "yoy_index", "value": 103.2}]},
                {"row_ref": "r4", "indicator": "online-service-level4-rate", "numerator": 38, "denominator": 38}
            ]
        }))
    }
}

/// The rows of a batch, which are read after the fields of the whole batch.
struct Rows;

impl ValueKind<Batch> for Rows {
    fn read(&self, _batch: &mut Batch, _raw: Raw<'_>, _context: &Context<'_>) {}

    fn write(&self, _batch: &mut Batch) -> Option<Value> {
        None
    }

    fn schema(&self, of: &Described) -> RefOr<Schema> {
        schema::list::<Request<ObservationFields>>(of, Some((1, MAX_ROWS)))
    }

    fn collect(&self, _sent: bool, schemas: &mut Schemas) {
        schema::add::<Request<ObservationFields>>(schemas);
    }
}

/// The fields of a row.
#[derive(Debug, Default)]
pub struct ObservationFields {
    pub(super) row_ref: Option<String>,
    pub(super) indicator: Option<String>,
    pub(super) breakdown: Option<Breakdown>,
    pub(super) period: Option<PeriodCode>,
    pub(super) calendar: Option<Calendar>,
    pub(super) nil: bool,
    pub(super) withdraw: bool,
    pub(super) value: Option<Decimal>,
    /// What words before the value say of it.
    pub(super) value_words: Words,
    pub(super) low: Option<Decimal>,
    pub(super) high: Option<Decimal>,
    pub(super) numerator: Option<Decimal>,
    pub(super) denominator: Option<Decimal>,
    pub(super) unit_mult: Option<i32>,
    pub(super) status: Option<Status>,
    pub(super) bound: Option<Bound>,
    pub(super) as_of: Option<chrono::NaiveDate>,
    pub(super) locator: Option<String>,
    pub(super) wording: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) force: bool,
    pub(super) acknowledge: Vec<Warning>,
    pub(super) claims: Vec<ClaimChange>,
}

type Row = ObservationFields;

static ROW_REF: Field<Row> = Field::new(
    "row_ref",
    &kinds::Text(100, |row: &mut Row| &mut row.row_ref),
    "Reference of the sender to the row, returned in the answer",
)
.column(&["Mã dòng"], None);

/// The indicator.
pub static INDICATOR: Field<Row> = Field::new("indicator", &kinds::Text(64, |row: &mut Row| &mut row.indicator), "Code of the indicator")
    .required()
    .example("bts-sites")
    .column(&[KEY_COLUMN[0]], Some(28));

/// The breakdown.
pub static BREAKDOWN: Field<Row> =
    Field::new("breakdown", &kinds::Breakdown(|row: &mut Row| &mut row.breakdown), "The breakdown; the total when absent")
        .column(&["Phân tổ"], Some(20));

/// The period.
pub static PERIOD: Field<Row> = Field::new(
    "period",
    &kinds::Period(|row: &mut Row| &mut row.period),
    "Period, if it differs from the batch: a code, or in files and with `number_locale` `vi` also `Tháng 5/2024`, `Quý II/2024`, `6 \
         tháng đầu năm 2024`, `9 tháng năm 2024`, `5 tháng đầu năm 2024`, `Năm 2024`",
)
.sent_as("The period of the row, or of the batch")
.example("2024-05-YTD")
.column(&["Kỳ", "Kỳ báo cáo"], Some(13));

static CALENDAR: Field<Row> = Field::new(
    "calendar",
    &kinds::Code { parse: Calendar::parse, words: &[], of: |row: &mut Row| &mut row.calendar },
    "Calendar of the period, if it differs from the batch",
);

pub(super) static NIL: Field<Row> = Field::new(
    "nil",
    &kinds::Flag(|row: &mut Row| &mut row.nil),
    "Nil declaration: nothing to report (không phát sinh), neither zero nor missing; excludes a figure",
)
.sent_as("True for nothing to report")
.column(&["Không phát sinh"], Some(11));

pub(super) static WITHDRAW: Field<Row> = Field::new(
    "withdraw",
    &kinds::Flag(|row: &mut Row| &mut row.withdraw),
    "Withdrawal: the current figure is wrong and has no replacement; excludes a figure and needs a `reason`",
)
.sent_as("True to withdraw the current figure")
.column(&["Rút số liệu"], None);

/// The value.
pub static VALUE: Field<Row> = Field::new(
    "value",
    &kinds::WordsAndNumber(kinds::Number(|row: &mut Row| &mut row.value), |row: &mut Row| &mut row.value_words),
    "Value in the indicator's unit: a JSON number, or a string (see `number_locale`); with `vi` the string may begin with words for `status` \
     and `bound` (`ước đạt 1.135`, `trên 30`)",
)
.sent_as("The value")
.of_figure()
.column(&["Số liệu", "Giá trị"], Some(16));

pub(super) static LOW: Field<Row> =
    Field::new("low", &kinds::Number(|row: &mut Row| &mut row.low), "Lower end for `bound` = `range`; `value` is then absent")
        .sent_as("Lower end of a range")
        .of_figure()
        .column(&["Từ"], Some(10));

pub(super) static HIGH: Field<Row> = Field::new("high", &kinds::Number(|row: &mut Row| &mut row.high), "Upper end for `bound` = `range`")
    .sent_as("Upper end of a range")
    .of_figure()
    .column(&["Đến"], Some(10));

pub(super) static NUMERATOR: Field<Row> =
    Field::new("numerator", &kinds::Number(|row: &mut Row| &mut row.numerator), "Numerator of a rate")
        .of_figure()
        .column(&["Tử số"], Some(12));

pub(super) static DENOMINATOR: Field<Row> =
    Field::new("denominator", &kinds::Number(|row: &mut Row| &mut row.denominator), "Denominator of a rate")
        .of_figure()
        .column(&["Mẫu số"], Some(12));

static UNIT_MULT: Field<Row> = Field::new(
    "unit_mult",
    &kinds::Whole((-6, 12), |row: &mut Row| &mut row.unit_mult),
    "Unit multiplier of `value`, `low` and `high`, if it differs from the indicator's: 3 thousand, 6 triệu, 9 tỷ",
)
.sent_as("Unit multiplier of the numbers, as a power of ten; the indicator's when absent")
.of_figure()
.column(&["Bội số"], None);

static STATUS: Field<Row> = Field::new(
    "status",
    &kinds::Code { parse: Status::parse, words: wording::STATUSES, of: |row: &mut Row| &mut row.status },
    "Observation status: `E` ước tính, `P` sơ bộ, `A` chính thức (when absent); in files and with `number_locale` `vi` the words as well",
)
.sent_as("Observation status")
.of_figure()
.column(&["Trạng thái"], Some(12));

static BOUND: Field<Row> = Field::new(
    "bound",
    &kinds::Code { parse: Bound::parse, words: wording::BOUNDS, of: |row: &mut Row| &mut row.bound },
    "Relation to the true value: \"trên\" `gt`, \"ít nhất\" `ge`, \"gần\" `lt`, \"khoảng\" `approx`, \"khoảng trên\" `approx_gt`, \
     \"20-23\" `range`; `eq` when absent; in files and with `number_locale` `vi` the words as well",
)
.sent_as("Relation of the number to the true value")
.of_figure()
.column(&["Giới hạn"], Some(10));

static AS_OF: Field<Row> = Field::new(
    "as_of",
    &kinds::Date(|row: &mut Row| &mut row.as_of),
    "Reference date of a stock (\"tính đến 31/5/2024\"), if it differs from the end of the period; in files and with `number_locale` `vi` \
     also `31/5/2024`, the day always first",
)
.sent_as("Reference date of a stock")
.of_figure()
.column(&["Tính đến ngày"], Some(13));

static LOCATOR: Field<Row> =
    Field::new("locator", &kinds::Text(100, |row: &mut Row| &mut row.locator), "Page or line of the source").column(&["Vị trí"], None);

static WORDING: Field<Row> = Field::new("wording", &kinds::Text(500, |row: &mut Row| &mut row.wording), "Wording of the source")
    .example("nộp ngân sách khoảng trên 30 tỷ đồng")
    .column(&["Nguyên văn"], None);

static REASON: Field<Row> = Field::new(
    "reason",
    &kinds::Text(300, |row: &mut Row| &mut row.reason),
    "Reason for replacing the current figure; required for a withdrawal, with `force`, and with `acknowledge` of `reverts`",
)
.sent_as("Reason for replacing the current figure")
.column(&["Lý do"], Some(24));

static FORCE: Field<Row> = Field::new(
    "force",
    &kinds::Flag(|row: &mut Row| &mut row.force),
    "Store the row although it is less final than the current figure, disagrees with its breakdowns or with its numerator and \
     denominator, breaks a rule of severity `error`, or arrives after the closing day; needs a `reason`",
)
.sent_as("Whether the row sets `force`")
.column(&["Khẳng định"], None);

static ACKNOWLEDGE: Field<Row> = Field::new(
    "acknowledge",
    &kinds::Codes { parse: Warning::parse, of: |row: &mut Row| &mut row.acknowledge },
    "Codes of warnings that the sender confirms: the row is stored despite them",
)
.sent_as("Warnings that the sender confirms")
.column(&["Chấp nhận cảnh báo"], Some(20));

static CLAIMS: Field<Row> =
    Field::new("claims", &Claims(|row: &mut Row| &mut row.claims), "Comparisons printed in the report about this figure").of_figure();

impl Fields for ObservationFields {
    const FIELDS: &'static [&'static Field<Row>] = &[
        &ROW_REF,
        &INDICATOR,
        &BREAKDOWN,
        &PERIOD,
        &CALENDAR,
        &NIL,
        &WITHDRAW,
        &VALUE,
        &LOW,
        &HIGH,
        &NUMERATOR,
        &DENOMINATOR,
        &UNIT_MULT,
        &STATUS,
        &BOUND,
        &AS_OF,
        &LOCATOR,
        &WORDING,
        &REASON,
        &FORCE,
        &ACKNOWLEDGE,
        &CLAIMS,
    ];
    const REQUEST: (&'static str, &'static str) = ("NewObservation", "One figure.");
    const ANSWER: (&'static str, &'static str) = ("SentRow", "A row as sent, in a form that can be sent again.");

    /// All but the sender's own reference to the row, which the result of the row has.
    fn sent() -> impl Iterator<Item = &'static Field<Row>> {
        Row::FIELDS.iter().copied().filter(|field| field.name != ROW_REF.name)
    }
}

/// A row of a file counts only if one of these fields has a value: a template comes back with many empty rows.
pub static SAYING: [&Field<Row>; 7] = [&VALUE, &NUMERATOR, &DENOMINATOR, &LOW, &HIGH, &NIL, &WITHDRAW];

/// The fields that hold a number of the figure.
pub(super) static NUMBERS: [&str; 5] = [VALUE.name, LOW.name, HIGH.name, NUMERATOR.name, DENOMINATOR.name];

/// The column with the number of the row in the list.
pub(super) const ORDINAL: &str = "ordinal";
/// The column with the name of the indicator, which must not contradict its code.
pub(super) const NAME: &str = "name";
/// The column with the unit, which must not contradict that of the indicator.
pub(super) const UNIT: &str = "unit";

/// A column that informs the clerk who fills a template in.
const fn information(field: &'static str, names: &'static [&'static str], width: u16) -> Column {
    Column { field, names, width: Some(width), belongs_to: BelongsTo::Information }
}

/// The columns of a file, in the order of a template.
pub fn columns() -> impl Iterator<Item = Column> {
    static OF_ORDINAL: Column = Column { width: None, ..information(ORDINAL, &["STT", "TT", "Số TT", "Số thứ tự", "No"], 0) };
    static OF_NAME: Column = information(NAME, &["Chỉ tiêu", "Tên chỉ tiêu"], 44);
    static OF_UNIT: Column = information(UNIT, &["Đơn vị tính", "Đơn vị", "ĐVT"], 14);
    static LAST_YEAR: Column = information("last_year", &["Cùng kỳ năm trước"], 18);
    static NOTE: Column = information("note", &["Ghi chú"], 44);
    let columns = [
        Some(OF_ORDINAL),
        INDICATOR.column,
        Some(OF_NAME),
        BREAKDOWN.column,
        Some(OF_UNIT),
        PERIOD.column,
        Some(LAST_YEAR),
        VALUE.column,
        NUMERATOR.column,
        DENOMINATOR.column,
        LOW.column,
        HIGH.column,
        BOUND.column,
        STATUS.column,
        UNIT_MULT.column,
        AS_OF.column,
        NIL.column,
        WITHDRAW.column,
        REASON.column,
        FORCE.column,
        ACKNOWLEDGE.column,
        LOCATOR.column,
        WORDING.column,
        ROW_REF.column,
        Some(NOTE),
        PROVINCE.column,
        BATCH_CALENDAR.column,
        NUMBER_LOCALE.column,
    ];
    columns.into_iter().flatten()
}

/// The name of the column of a field; none for a field that has no column.
#[must_use]
pub fn column_name(field: &str) -> Option<&'static str> {
    columns().find(|column| column.field == field)?.names.first().copied()
}

/// A message about a cell, in the words of the file: a field is called by the name of its column, and filled in.
#[must_use]
pub fn in_words_of_files(message: &Message) -> Message {
    message.map(|text| {
        let text = text.replace("send `", "fill in `").replace("gửi `", "điền `");
        columns().fold(text, |text, column| match column.names.first() {
            Some(name) => text.replace(&format!("`{}`", column.field), &format!("`{name}`")),
            None => text,
        })
    })
}

/// A row as sent, in a form that can be sent again.
impl From<DraftRow> for ObservationFields {
    fn from(row: DraftRow) -> ObservationFields {
        let of_all = ObservationFields {
            row_ref: row.row_ref,
            indicator: row.indicator,
            breakdown: row.breakdown,
            period: row.period,
            calendar: row.calendar,
            locator: row.locator,
            wording: row.wording,
            reason: row.reason,
            force: row.force,
            acknowledge: row.acknowledge,
            claims: row.claims,
            ..ObservationFields::default()
        };
        match row.says {
            None => of_all,
            Some(RowContent::Nil) => ObservationFields { nil: true, ..of_all },
            Some(RowContent::Withdraw) => ObservationFields { withdraw: true, ..of_all },
            Some(RowContent::Figure(SentFigure { value, low, high, numerator, denominator, unit_mult, status, bound, as_of })) => {
                let (status, bound) = (Some(status), Some(bound));
                ObservationFields { value, low, high, numerator, denominator, unit_mult, status, bound, as_of, ..of_all }
            }
        }
    }
}

impl ObservationFields {
    /// A published figure as a row, with its printed precision, without its source document. A row with a reason sets `force`: it may have
    /// been stored only because of that, and a reader of the row must be able to store it again.
    pub(super) fn published(observation: &Observation, indicator: &Indicator, claims: &[ClaimChange]) -> ObservationFields {
        let of_all = ObservationFields {
            indicator: Some(observation.series.indicator.clone()),
            breakdown: Some(observation.series.breakdown.clone()),
            period: Some(observation.period.into()),
            calendar: Some(observation.period.calendar()),
            locator: observation.citation.locator.clone(),
            wording: observation.citation.wording.clone(),
            reason: observation.reason.clone(),
            force: observation.reason.is_some(),
            claims: claims.iter().filter(|claim| claim.value.is_some()).cloned().collect(),
            ..ObservationFields::default()
        };
        let figure = match &observation.content {
            Content::Nil => return ObservationFields { nil: true, ..of_all },
            Content::Withdrawn => return ObservationFields { withdraw: true, ..of_all },
            Content::Figure(figure) => figure,
        };
        let (low, high) = figure.quantity.interval().map(|interval| (interval.low, interval.high)).unzip();
        // 1.9 million is not 1,900,000: leave out digits that were not printed.
        let power = figure.quantity.printed_power().unwrap_or(0);
        let printed = |number: Option<Decimal>| number.and_then(|number| number.times_power_of_ten(-power));
        ObservationFields {
            value: printed(figure.quantity.value()),
            low: printed(low),
            high: printed(high),
            unit_mult: (power != 0).then_some(indicator.unit_mult + power),
            numerator: figure.numerator,
            denominator: figure.denominator,
            status: Some(figure.status),
            bound: Some(figure.quantity.bound()).filter(|bound| *bound != Bound::Equal),
            as_of: figure.as_of,
            ..of_all
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_message_about_a_cell_names_columns() {
        for (message, expected) in [
            ("where that is so, send `acknowledge` with `yoy_jump`", "where that is so, fill in `Chấp nhận cảnh báo` with `yoy_jump`"),
            ("where the report says so, send `force` with a `reason`", "where the report says so, fill in `Khẳng định` with a `Lý do`"),
            ("`bts-sites` counts things: -1 is below zero", "`bts-sites` counts things: -1 is below zero"),
        ] {
            assert_eq!(in_words_of_files(&Message::new(message, message)).english(), expected);
        }
    }

    #[test]
    fn every_field_is_listed_once_and_every_column_is_one_of_a_template_or_a_file() {
        let of_rows: Vec<&str> = Row::FIELDS.iter().map(|field| field.name).collect();
        let distinct: BTreeSet<&str> = of_rows.iter().copied().collect();
        assert_eq!(distinct.len(), of_rows.len());
        let with_columns = Row::FIELDS.iter().filter_map(|field| field.column);
        let with_columns = with_columns.chain(Batch::FIELDS.iter().filter_map(|field| field.column)).map(|column| column.field);
        let listed: Vec<Column> = columns().collect();
        let of_fields = listed.iter().filter(|column| column.belongs_to != BelongsTo::Information).map(|column| column.field);
        assert_eq!(of_fields.collect::<BTreeSet<_>>(), with_columns.collect::<BTreeSet<_>>());
        assert_eq!(listed.iter().map(|column| column.field).collect::<BTreeSet<_>>().len(), listed.len(), "no column twice");
    }
}
