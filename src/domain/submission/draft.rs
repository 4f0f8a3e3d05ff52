//! Drafts: the rows of a batch as sent, and their check against the catalogue. Every error of every row is listed.
//! The effect on stored figures is in `revise`.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;

use super::warning::Warning;
use crate::domain::access::role::Caller;
use crate::domain::batch::layout::Layout;
use crate::domain::batch::rows::{Checked, Mode, ResolvedRow, RowError, RowKey, ValidityRule};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::source::Source;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
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
    /// The code of the indicator.
    pub indicator: Option<String>,
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

/// The content of a row, as submitted.
#[derive(Debug, Clone)]
pub enum RowContent {
    /// A figure.
    Figure(SentFigure),
    /// There is nothing to report.
    Nil,
    /// The stored figure is wrong, and there is no figure.
    Withdraw,
}

/// A claim that a row adds, changes or withdraws.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Acknowledged warnings.
    pub acknowledge: Vec<Warning>,
    /// The claims of the report about the figure.
    pub claims: Vec<ClaimChange>,
}

impl Draft {
    /// The keys of the provinces that its rows name, invalid rows included.
    #[must_use]
    pub fn provinces(&self, catalogue: &Catalogue) -> BTreeSet<String> {
        let Some(text) = &self.province else { return BTreeSet::new() };
        let calendar = |row: &DraftRow| row.calendar.or(self.calendar).unwrap_or(Calendar::Civil);
        let days = self.rows.iter().filter_map(|row| Some(row.period?.in_calendar(calendar(row)).end()));
        let days: BTreeSet<NaiveDate> = days.collect();
        days.into_iter().filter_map(|day| Some(catalogue.provinces.resolve(text, day).ok()?.key.clone())).collect()
    }

    /// The location of an error, as the sender of the batch sees it.
    #[must_use]
    pub fn seen(&self, row_errors: Vec<RowError>) -> Vec<RowError> {
        let Some(layout) = &self.layout else { return row_errors };
        let seen = |row_error: RowError| {
            let LocatedFault { place, fault } = row_error.located;
            let place = match (layout.place(place), row_error.row) {
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

    /// Checks every row against the catalogue. Returns the valid rows, and all errors of the others in order.
    #[must_use]
    pub fn check(&self, catalogue: &Catalogue, caller: &Caller, today: NaiveDate) -> (Vec<Row>, Vec<RowError>) {
        let Draft { province, calendar, source, acknowledge, rows, faults, layout, .. } = self;
        let mut batch = Checked::with("observations", faults.clone());
        let of_file = matches!(layout, Some(Layout::Table(_)));
        let checking =
            Checking { province: province.as_deref(), calendar: *calendar, source, acknowledge, catalogue, caller, today, of_file };
        let unreadable: HashSet<usize> = batch.rows_with_errors().collect();
        let rows = rows.iter().cloned().filter_map(|draft| {
            let position = draft.position;
            let row = batch.keep(position, draft.check(&checking))?;
            // A row that is not stored cannot be duplicated by another one.
            if unreadable.contains(&position) {
                return None;
            }
            batch.once(position, (row.series.clone(), row.period), layout.as_ref()).then_some(row)
        });
        let rows = rows.collect();
        (rows, batch.into_faults())
    }
}

/// The context for the checks of rows.
struct Checking<'b> {
    province: Option<&'b str>,
    calendar: Option<Calendar>,
    source: &'b Source,
    acknowledge: &'b [Warning],
    catalogue: &'b Catalogue,
    caller: &'b Caller,
    today: NaiveDate,
    /// Whether the rows come from a file, where a clerk or a spreadsheet wrote the numbers.
    of_file: bool,
}

impl DraftRow {
    fn check(self, against: &Checking<'_>) -> Result<Row, Vec<(&'static str, Fault)>> {
        let mut faults = Vec::new();
        let Checking { province, calendar, source, acknowledge, catalogue, caller, today, of_file } = *against;
        let presence = if matches!(self.says, Some(RowContent::Withdraw)) { ValidityRule::EverSince } else { ValidityRule::AtEnd };
        let (period, calendar) = (self.period, self.calendar.or(calendar));
        let named = RowKey { province, presence, calendar, period, indicator: self.indicator, breakdown: self.breakdown };
        let about = ResolvedRow::check(named, catalogue, caller, &mut faults);
        if let Some(period) = about.period.filter(|period| period.start() > today) {
            let message = format!("{period} begins on {}: nothing can be reported yet", period.start());
            faults.push(("period", Fault::new(Code::PeriodNotBegun, message)));
        }
        if !self.reason_given {
            let why = match &self.says {
                Some(RowContent::Withdraw) => Some("a withdrawal says why: send `reason`"),
                _ if self.force => Some("`force` requires a `reason`"),
                _ => None,
            };
            faults.extend(why.map(|message| ("reason", Fault::new(Code::ReasonMissing, message))));
        }
        let indicator = about.indicator.map(|found| found.indicator);
        let content = self.says.zip(indicator).and_then(|(says, indicator)| {
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
        match (about.series, about.period, about.indicator, content) {
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
                acknowledge: self.acknowledge.iter().chain(acknowledge).copied().collect(),
                claims: self.claims,
            }),
            _ => Err(faults),
        }
    }
}

/// Checks the reference day of a figure ("tính đến 31/5/2024"): it must be a day of the period and not after today. Only stocks and
/// rates at a moment have a reference day. A flow until a certain day has its own period.
fn check_day(day: NaiveDate, indicator: &Indicator, period: Period, today: NaiveDate) -> Option<Fault> {
    let (from, to) = (period.start(), period.end().min(today));
    if !(from..=to).contains(&day) {
        return Some(Fault::new(Code::InvalidAsOfDate, format!("{day} is no day of {period} until now: {from} to {to}")));
    }
    (!indicator.is_state()).then(|| {
        let message = format!(
            "`{}` covers its period and does not stand at a day; for figures until {day} send the period {from}/{day}",
            indicator.code
        );
        Fault::new(Code::InvalidAsOfDate, message)
    })
}
