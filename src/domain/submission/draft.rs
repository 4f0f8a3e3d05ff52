//! Drafts: the rows of a batch as sent, and their check against the catalogue. Every error of every row is listed.
//! The effect on stored figures is in `revise`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::labels::{self, IndicatorNames};
use super::warning::Warning;
use crate::domain::access::role::Caller;
use crate::domain::batch::layout::Layout;
use crate::domain::batch::rows::{Checked, Mode, ResolvedRow, RowError, RowKey, UnknownNames, ValidityRule};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::source::Source;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::fault::{Code, Fault, LocatedFault, Location, Names};
use crate::domain::message::{Message, message};
use crate::domain::number::decimal::Decimal;
use crate::domain::observation::figure_check::SentFigure;
use crate::domain::observation::observation::{Citation, Content};
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;

/// A batch as submitted.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The treatment of the batch if a row is invalid.
    pub mode: Mode,
    /// Acknowledged warnings, for all rows.
    pub acknowledge: Vec<Warning>,
    /// Key, code or name; absent if it could not be read.
    pub province: Option<String>,
    /// The calendar of all periods; absent for that of each indicator.
    pub calendar: Option<Calendar>,
    /// The source document.
    pub source: Source,
    /// The rows. A row that could not be read at all has only its index.
    pub rows: Vec<DraftRow>,
    /// The place of the rows in the submitted file or stream; absent for a single JSON document.
    pub layout: Option<Layout>,
    /// What could not be read.
    pub faults: Vec<RowError>,
}

/// A row as it was sent; what could not be read is absent and has its fault.
#[derive(Debug, Clone, Default)]
pub struct DraftRow {
    /// The index in the batch, for error pointers.
    pub position: usize,
    /// The sender's own reference of the row, repeated in the answer.
    pub row_ref: Option<String>,
    /// Key, code or name of the province, if the rows of a file name their own; otherwise that of the batch.
    pub province: Option<String>,
    /// The code of the indicator.
    pub indicator: Option<String>,
    /// The name that a file prints beside the code.
    pub name: Option<String>,
    /// The unit that a file prints beside the code.
    pub unit: Option<String>,
    /// What is odd about the line of a file, for the warning `suspicious_cell`.
    pub suspicious: Option<Message>,
    /// Whether the row of a workbook, or a column of it that is read, is hidden.
    pub hidden: bool,
    /// What number cells show besides their numbers, by field.
    pub shown: BTreeMap<String, Shown>,
    /// The breakdown.
    pub breakdown: Option<Breakdown>,
    /// The period of the row or of the batch.
    pub period: Option<PeriodCode>,
    /// The calendar of the period; absent for that of the batch.
    pub calendar: Option<Calendar>,
    /// The content.
    pub says: Option<RowContent>,
    /// The page or line in the source document.
    pub locator: Option<String>,
    /// The wording of the source document.
    pub wording: Option<String>,
    /// The reason for the revision.
    pub reason: Option<String>,
    /// Whether the request contains a reason, even an unreadable one.
    pub reason_given: bool,
    /// Whether the sender sets `force`, where a rule allows it.
    pub force: bool,
    /// Acknowledged warnings.
    pub acknowledge: Vec<Warning>,
    /// The claims of the report about the figure.
    pub claims: Vec<ClaimChange>,
}

/// What a number cell of a workbook shows besides its number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// The rounded number as plain decimals, if it differs from the number in the cell.
    pub number: Option<String>,
    /// The text beside the number, such as `tỷ`.
    pub unit: Option<String>,
}

/// The content of a row, as submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowContent {
    /// A figure.
    Figure(SentFigure),
    /// There is nothing to report.
    Nil,
    /// The stored figure is wrong, and there is no figure.
    Withdraw,
}

impl RowContent {
    /// The same content, with the figure in this unit multiplier.
    fn in_unit(self, unit_mult: Option<i32>) -> RowContent {
        match self {
            RowContent::Figure(sent) => RowContent::Figure(SentFigure { unit_mult, ..sent }),
            other => other,
        }
    }
}

/// A claim that a row adds, changes or withdraws.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClaimChange {
    /// The kind of comparison.
    pub kind: ClaimKind,
    /// The number as printed; `None` withdraws the claim.
    pub value: Option<Decimal>,
}

/// A row that passed all checks on the row alone.
#[derive(Debug, Clone)]
pub struct Row {
    /// The index in the batch, for error pointers.
    pub position: usize,
    /// The sender's own reference of the row.
    pub row_ref: Option<String>,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// The content, in the unit of the indicator.
    pub content: Content,
    /// The version of the definition that it was checked against.
    pub definition_version: i32,
    /// Where it was taken from.
    pub citation: Citation,
    /// The reason for the revision.
    pub reason: Option<String>,
    /// Whether the sender sets `force`, where a rule allows it.
    pub force: bool,
    /// What is odd about the line of a file, for the warning `suspicious_cell`.
    pub suspicious: Option<Message>,
    /// Whether the row of a workbook, or a column of it that is read, is hidden.
    pub hidden: bool,
    /// Acknowledged warnings.
    pub acknowledge: Vec<Warning>,
    /// The claims of the report about the figure.
    pub claims: Vec<ClaimChange>,
}

impl Row {
    /// What is stored of the row, without its series and period.
    #[must_use]
    pub fn stored_content(&self) -> (&Content, &[ClaimChange], &Citation, Option<&str>) {
        (&self.content, &self.claims, &self.citation, self.reason.as_deref())
    }

    /// Whether another row about the same series and period would store the same.
    fn says_the_same(&self, other: &Row) -> bool {
        self.stored_content() == other.stored_content()
    }
}

/// The rows of a batch after the checks of each row alone.
#[derive(Debug)]
pub struct CheckedRows {
    /// The valid rows.
    pub valid: Vec<Row>,
    /// All errors, in the order of the rows.
    pub errors: Vec<RowError>,
    /// Series and period of the rows with errors, as far as they were read. What these rows say of them is not known yet.
    pub faulty: HashSet<(SeriesKey, Period)>,
}

impl Draft {
    /// The keys of the provinces that its rows name, invalid rows included.
    #[must_use]
    pub fn provinces(&self, catalogue: &Catalogue) -> BTreeSet<String> {
        let named = self.rows.iter().filter_map(|row| {
            let text = row.province.as_deref().or(self.province.as_deref())?;
            let indicator = row.indicator.as_deref().and_then(|code| catalogue.current(code)).map(|found| found.indicator);
            Some((text, row.period?.in_calendar(self.calendar_of(row, indicator)).end()))
        });
        let named: BTreeSet<(&str, NaiveDate)> = named.collect();
        named.into_iter().filter_map(|(text, day)| Some(catalogue.provinces.find(text, day)?.key.clone())).collect()
    }

    /// The calendar of the period of a row: its own, that of the batch, or that of the indicator.
    pub(super) fn calendar_of(&self, row: &DraftRow, indicator: Option<&Indicator>) -> Calendar {
        row.calendar.or(self.calendar).or(indicator.map(|indicator| indicator.calendar)).unwrap_or(Calendar::Civil)
    }

    /// The place of a row in the submitted file or stream; `None` for a JSON document.
    #[must_use]
    pub fn place_of(&self, position: usize) -> Option<Location> {
        self.layout.as_ref().map(|layout| layout.place(Location::Pointer(format!("/observations/{position}"))))
    }

    /// The errors as the sender of the batch sees them: in the file or stream, with the names of column and indicator.
    #[must_use]
    pub fn seen(&self, row_errors: Vec<RowError>, catalogue: &Catalogue, caller: &Caller) -> Vec<RowError> {
        let codes: HashMap<usize, &String> = match &row_errors[..] {
            [] => HashMap::new(),
            _ => self.rows.iter().filter_map(|row| Some((row.position, row.indicator.as_ref()?))).collect(),
        };
        let named = |RowError { row, located: LocatedFault { place, fault } }: RowError| {
            let column = self.layout.as_ref().and_then(|layout| layout.field_at(&place)).map(str::to_owned);
            let found = row.and_then(|row| catalogue.indicator(codes.get(&row)?, caller).ok());
            let names = Names { column, indicator: found.map(|found| found.indicator.names()) };
            RowError { row, located: fault.with_names(names).at(place) }
        };
        self.placed(row_errors).into_iter().map(named).collect()
    }

    /// The errors with their places in the submitted file or stream.
    fn placed(&self, row_errors: Vec<RowError>) -> Vec<RowError> {
        let Some(layout) = &self.layout else { return row_errors };
        let seen = |row_error: RowError| {
            let LocatedFault { place, fault } = row_error.located;
            let of_province = place == Location::Pointer("/province".into());
            let own = row_error.row.filter(|_| of_province).and_then(|row| self.place_of_province(row));
            let place = match (own.unwrap_or_else(|| layout.place(place)), row_error.row) {
                // The province of a line is a field of that line.
                (Location::Pointer(pointer), Some(row)) => {
                    layout.line(row).map_or(Location::Pointer(pointer.clone()), |line| Location::Line { line, pointer })
                }
                (place, _) => place,
            };
            RowError { row: row_error.row, located: fault.at(place) }
        };
        row_errors.into_iter().map(seen).collect()
    }

    /// Checks every row against the catalogue. Rows about the same series and period are rejected; a row that is not stored anyway counts
    /// for nothing there.
    #[must_use]
    pub fn check(&self, catalogue: &Catalogue, caller: &Caller, today: NaiveDate) -> CheckedRows {
        let (rows, mut faulty, mut batch) = self.check_each(catalogue, caller, today);
        let keys: HashSet<(SeriesKey, Period)> = rows.iter().map(|row| (row.series.clone(), row.period)).collect();
        let about = |row: &Row| (row.position, row.series.clone(), row.period);
        let valid = batch.reject_duplicates(rows, about, Row::says_the_same, |row| self.called(row));
        let kept: HashSet<(&SeriesKey, Period)> = valid.iter().map(|row| (&row.series, row.period)).collect();
        faulty.extend(keys.into_iter().filter(|(series, period)| !kept.contains(&(series, *period))));
        CheckedRows { valid, errors: batch.into_faults(), faulty }
    }

    /// The rows that are valid on their own, also those about the same series and period.
    #[must_use]
    pub fn valid_rows(&self, catalogue: &Catalogue, caller: &Caller, today: NaiveDate) -> Vec<Row> {
        self.check_each(catalogue, caller, today).0
    }

    /// The rows that are valid on their own; series and period of the others, as far as they were read; and all errors.
    fn check_each(&self, catalogue: &Catalogue, caller: &Caller, today: NaiveDate) -> (Vec<Row>, HashSet<(SeriesKey, Period)>, Checked) {
        let Draft { province, calendar, source, acknowledge, rows, faults, .. } = self;
        let mut batch = Checked::with("observations", faults.clone());
        // Only files print names, and folding them takes time.
        let names = rows.iter().any(|row| row.name.is_some()).then(|| IndicatorNames::of(catalogue, caller));
        let (province, names) = (province.as_deref(), names.as_ref());
        let of_file = matches!(self.layout, Some(Layout::Table(_)));
        let unknown = UnknownNames::default();
        let checking = Checking { province, calendar: *calendar, source, acknowledge, catalogue, names, unknown, caller, today, of_file };
        let unreadable: HashSet<usize> = batch.rows_with_errors().collect();
        let mut faulty = HashSet::new();
        let valid = rows.iter().cloned().filter_map(|draft| {
            let position = draft.position;
            let (about, checked) = draft.check(&checking);
            let valid = batch.keep(position, checked).filter(|_| !unreadable.contains(&position));
            if valid.is_none() {
                faulty.extend(about);
            }
            valid
        });
        let valid = valid.collect();
        (valid, faulty, batch)
    }

    /// The name of a row for the sender: its place in the file or stream, or its own reference, or its number from 1.
    fn called(&self, row: &Row) -> Message {
        let own = || row.row_ref.as_ref().map(|row_ref| message!(en: "row `{row_ref}`", vi: "hàng `{row_ref}`"));
        let place = self.layout.as_ref().map(|layout| layout.called(row.position));
        place.or_else(own).unwrap_or_else(|| message!(en: "row {}", vi: "hàng thứ {}", row.position + 1))
    }
}

/// The context for the checks of rows.
struct Checking<'b> {
    province: Option<&'b str>,
    calendar: Option<Calendar>,
    source: &'b Source,
    acknowledge: &'b [Warning],
    catalogue: &'b Catalogue,
    /// The names of the indicators, if a row has one.
    names: Option<&'b IndicatorNames>,
    /// The faults of names in rows before.
    unknown: UnknownNames,
    caller: &'b Caller,
    today: NaiveDate,
    /// Whether the rows come from a file, where a clerk or a spreadsheet wrote the numbers.
    of_file: bool,
}

/// A row that passed all checks on the row alone, or its errors by field.
type CheckedRow = Result<Row, Vec<(&'static str, Fault)>>;

impl DraftRow {
    /// The series and period of the row if they were found, and the row or its errors.
    fn check(self, against: &Checking<'_>) -> (Option<(SeriesKey, Period)>, CheckedRow) {
        let mut faults = Vec::new();
        let Checking { province, calendar, source, acknowledge, catalogue, names, caller, today, of_file, ref unknown } = *against;
        let presence = if matches!(self.says, Some(RowContent::Withdraw)) { ValidityRule::EverSince } else { ValidityRule::AtEnd };
        let (period, calendar) = (self.period, self.calendar.or(calendar));
        let province = self.province.as_deref().or(province);
        let province_at = "/province";
        let named =
            RowKey { province, province_at, presence, calendar, period, indicator: self.indicator, breakdown: self.breakdown.clone() };
        let about = ResolvedRow::check(named, catalogue, caller, unknown, &mut faults);
        if let Some(period) = about.period.filter(|period| period.start() > today) {
            let start = period.start();
            let message = message!(
                en: "{period} begins on {start}: nothing can be reported yet",
                vi: "kỳ {period} bắt đầu ngày {start}: chưa thể báo cáo"; start
            );
            faults.push(("period", Fault::new(Code::PeriodNotBegun, message)));
        }
        if !self.reason_given {
            let unexplained = match &self.says {
                Some(RowContent::Withdraw) => Some(Fault::unexplained_withdrawal()),
                _ if self.force => {
                    Some(Fault::new(Code::ReasonMissing, message!(en: "`force` requires a `reason`", vi: "`force` cần có `reason`")))
                }
                _ => None,
            };
            faults.extend(unexplained.map(|fault| ("reason", fault)));
        }
        let indicator = about.indicator.map(|found| found.indicator);
        if let (Some(name), Some(indicator), Some(names)) = (&self.name, indicator, names) {
            let breakdown = self.breakdown.unwrap_or_default();
            faults.extend(names.check(name, indicator, &breakdown).err().map(|fault| ("name", fault)));
        }
        let mut says = self.says;
        if let (Some(unit), Some(indicator)) = (&self.unit, indicator) {
            let sent_in = if let Some(RowContent::Figure(sent)) = &says { sent.unit_mult } else { None };
            match labels::unit_mult(unit, indicator, sent_in) {
                Ok(unit_mult) => says = says.map(|says| says.in_unit(unit_mult)),
                Err(fault) => faults.push(("unit", fault)),
            }
        }
        if let (Some(RowContent::Figure(sent)), Some(indicator)) = (&says, indicator) {
            let checked =
                |(field, text): (&'static str, &String)| Some((field, labels::shown_unit(text, indicator, sent.unit_mult).err()?));
            let unit = |field: &'static str| Some((field, self.shown.get(field)?.unit.as_ref()?));
            faults.extend(["value", "low", "high"].into_iter().filter_map(unit).filter_map(checked));
            let of_rate = ["numerator", "denominator"].into_iter().filter_map(unit);
            faults.extend(of_rate.filter_map(|(field, text)| Some((field, labels::shown_beside_part(text).err()?))));
        }
        let content = says.zip(indicator).and_then(|(says, indicator)| {
            let checked = match says {
                RowContent::Nil => Ok(Content::Nil),
                RowContent::Withdraw => Ok(Content::Withdrawn),
                RowContent::Figure(sent) => {
                    let day = sent.as_of.zip(about.period).and_then(|(day, period)| check_day(day, indicator, period, today));
                    faults.extend(day.map(|fault| ("as_of", fault)));
                    if of_file {
                        faults.extend(sent.thousands_in_doubt(indicator));
                    }
                    sent.check(indicator, self.force).map(Content::Figure)
                }
            };
            checked.map_err(|broken| faults.extend(broken)).ok()
        });
        let subject = about.series.clone().zip(about.period);
        let checked = match (about.series, about.period, about.indicator, content) {
            (Some(series), Some(period), Some(found), Some(content)) if faults.is_empty() => Ok(Row {
                position: self.position,
                row_ref: self.row_ref,
                series,
                period,
                content,
                definition_version: found.version,
                citation: Citation { source: source.clone(), locator: self.locator, wording: self.wording },
                reason: self.reason,
                force: self.force,
                suspicious: self.suspicious,
                hidden: self.hidden,
                acknowledge: self.acknowledge.iter().chain(acknowledge).copied().collect(),
                claims: self.claims,
            }),
            _ => Err(faults),
        };
        (subject, checked)
    }
}

/// Checks the reference day of a figure ("tính đến 31/5/2024"): it must be a day of the period and not after today. Only stocks and
/// rates at a moment have a reference day. A flow until a certain day has its own period.
fn check_day(day: NaiveDate, indicator: &Indicator, period: Period, today: NaiveDate) -> Option<Fault> {
    let (from, to) = (period.start(), period.end().min(today));
    if !(from..=to).contains(&day) {
        let message = message!(
            en: "{day} is no day of {period} until now: {from} to {to}",
            vi: "{day} không phải là ngày của kỳ {period} tính đến nay: {from} đến {to}"; day, from, to
        );
        return Some(Fault::new(Code::InvalidAsOfDate, message));
    }
    (!indicator.is_state()).then(|| {
        let (last, code) = (day, &indicator.code);
        let message = message!(
            en: "`{code}` covers its period and does not stand at a day; for figures until {last} send the period {from}/{day}",
            vi: "`{code}` là số của cả kỳ, không phải số tại một ngày; để báo cáo đến ngày {last}, gửi kỳ {from}/{day}"; last
        );
        Fault::new(Code::InvalidAsOfDate, message)
    })
}
