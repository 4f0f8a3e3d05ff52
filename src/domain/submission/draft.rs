//! A batch of figures as it was sent, and each row held against the catalogue.
//! A batch is all or nothing; every fault of every row is named.

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

/// A batch as it was sent.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What becomes of it where a row is bad.
    pub mode: Mode,
    /// What is odd and known to be so, of all rows.
    pub acknowledge: Vec<Warning>,
    /// Key, code or name; absent when it could not be read.
    pub province: Option<String>,
    /// The calendar of all periods; each indicator's own when absent.
    pub calendar: Option<Calendar>,
    /// The document.
    pub source: Source,
    /// The rows; of one that could not be read at all only its place is known.
    pub rows: Vec<DraftRow>,
    /// Where the rows stand in the file or stream they were sent in; absent where they came as one JSON document.
    pub layout: Option<Layout>,
    /// What could not be read.
    pub faults: Vec<RowError>,
}

/// A row as it was sent; what could not be read is absent and has its fault.
#[derive(Debug, Clone, Default)]
pub struct DraftRow {
    /// Its place in the batch, for pointing at it.
    pub position: usize,
    /// The sender's own name for it, echoed.
    pub row_ref: Option<String>,
    /// The code of the indicator.
    pub indicator: Option<String>,
    /// The part.
    pub breakdown: Option<Breakdown>,
    /// The period: its own or the batch's.
    pub period: Option<PeriodCode>,
    /// The calendar of its period; the batch's when absent.
    pub calendar: Option<Calendar>,
    /// What it says.
    pub says: Option<RowContent>,
    /// Where in the source it stands.
    pub locator: Option<String>,
    /// The words of the source.
    pub wording: Option<String>,
    /// Why it replaces what is on record.
    pub reason: Option<String>,
    /// Whether a reason was sent, even one that could not be read.
    pub reason_given: bool,
    /// Whether the sender sets `force` where a rule allows it.
    pub force: bool,
    /// What is odd and known to be so.
    pub acknowledge: Vec<Warning>,
    /// What the report claims of it.
    pub claims: Vec<ClaimChange>,
}

/// What a row says, as it was sent.
#[derive(Debug, Clone)]
pub enum RowContent {
    /// A figure.
    Figure(SentFigure),
    /// There is nothing to report.
    Nil,
    /// What is on record is wrong, and there is no figure.
    Withdraw,
}

/// A claim that a row makes, or withdraws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimChange {
    /// What it says.
    pub kind: ClaimKind,
    /// The number as printed; `None` withdraws the claim.
    pub value: Option<Decimal>,
}

/// A row that obeys every rule that can be told from the row alone.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its place in the batch, for pointing at it.
    pub position: usize,
    /// The sender's own name for it.
    pub row_ref: Option<String>,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// What it says, in the indicator's terms.
    pub content: Content,
    /// The version of the definition that it was held against.
    pub definition_version: i32,
    /// Where it was taken from.
    pub citation: Citation,
    /// Why it replaces what is on record.
    pub reason: Option<String>,
    /// Whether the sender sets `force` where a rule allows it.
    pub force: bool,
    /// What is odd and known to be so.
    pub acknowledge: Vec<Warning>,
    /// What the report claims of it.
    pub claims: Vec<ClaimChange>,
}

impl Draft {
    /// The keys of the provinces that its rows name, bad ones among them.
    #[must_use]
    pub fn provinces(&self, catalogue: &Catalogue) -> BTreeSet<String> {
        let Some(text) = &self.province else { return BTreeSet::new() };
        let calendar = |row: &DraftRow| row.calendar.or(self.calendar).unwrap_or(Calendar::Civil);
        let days = self.rows.iter().filter_map(|row| Some(row.period?.in_calendar(calendar(row)).end()));
        let days: BTreeSet<NaiveDate> = days.collect();
        days.into_iter().filter_map(|day| Some(catalogue.provinces.resolve(text, day).ok()?.key.clone())).collect()
    }

    /// Where a fault stands for whoever sent the batch.
    #[must_use]
    pub fn seen(&self, row_errors: Vec<RowError>) -> Vec<RowError> {
        let Some(layout) = &self.layout else { return row_errors };
        let seen = |row_error: RowError| {
            let LocatedFault { place, fault } = row_error.located;
            let place = match (layout.place(place), row_error.row) {
                // The province of a line stands in the line.
                (Location::Pointer(pointer), Some(row)) => {
                    layout.line(row).map_or(Location::Pointer(pointer.clone()), |line| Location::Line { line, pointer })
                }
                (place, _) => place,
            };
            RowError { row: row_error.row, located: fault.at(place) }
        };
        row_errors.into_iter().map(seen).collect()
    }

    /// Holds every row against the catalogue: the rows that obey it, and every fault of the others, in order.
    #[must_use]
    pub fn check(&self, catalogue: &Catalogue, caller: &Caller, today: NaiveDate) -> (Vec<Row>, Vec<RowError>) {
        let Draft { province, calendar, source, acknowledge, rows, faults, layout, .. } = self;
        let mut batch = Checked::with("observations", faults.clone());
        let checking = Checking { province: province.as_deref(), calendar: *calendar, source, acknowledge, catalogue, caller, today };
        let unreadable: HashSet<usize> = batch.rows_with_errors().collect();
        let rows = rows.iter().cloned().filter_map(|draft| {
            let position = draft.position;
            let row = batch.keep(position, draft.check(&checking))?;
            // What is not recorded is nothing that another row could say again.
            if unreadable.contains(&position) {
                return None;
            }
            batch.once(position, (row.series.clone(), row.period), layout.as_ref()).then_some(row)
        });
        let rows = rows.collect();
        (rows, batch.into_faults())
    }
}

/// What the rows of a batch are held against.
struct Checking<'b> {
    province: Option<&'b str>,
    calendar: Option<Calendar>,
    source: &'b Source,
    acknowledge: &'b [Warning],
    catalogue: &'b Catalogue,
    caller: &'b Caller,
    today: NaiveDate,
}

impl DraftRow {
    fn check(self, against: &Checking<'_>) -> Result<Row, Vec<(&'static str, Fault)>> {
        let mut faults = Vec::new();
        let Checking { province, calendar, source, acknowledge, catalogue, caller, today } = *against;
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
                _ if self.force => Some("who force says why: send `reason`"),
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

/// What is wrong with the day that a figure was counted on ("tính đến 31/5/2024"): it is a day of the period, not after today, and
/// only what stands at a moment is counted on a day. What happened until then has a period of its own.
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
