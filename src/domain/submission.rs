//! Submissions: a batch of figures from one organisation, held against the catalogue row by row.
//! A batch is all or nothing; every fault of every row is named.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::breakdown::Breakdown;
use super::catalogue::Catalogue;
use super::claim::ClaimKind;
use super::decimal::Decimal;
use super::fault::{Code, Fault, Located, Place, words};
use super::figure::SentFigure;
use super::indicator::{Indicator, Versioned};
use super::observation::{Content, Passage, Source};
use super::period::{Calendar, Period, WrittenPeriod};
use super::province::Province;
use super::role::Caller;
use super::series::SeriesKey;

/// The most rows of one batch.
pub const MAX_ROWS: usize = 10_000;

/// Faults that are listed of one batch; whoever has more begins with these.
pub const MOST_FAULTS: usize = 1000;

words! {
    /// Where a submission stands.
    pub enum State {
        /// Accepted and published.
        Approved = "approved",
    }
}

words! {
    /// What became of a row.
    pub enum Outcome {
        /// The first figure of this series and period.
        Created = "created",
        /// A new revision of a figure on record.
        Updated = "updated",
        /// The figure on record already says so; another document that says it is remembered.
        Unchanged = "unchanged",
        /// What was on record was wrong, and there is none now.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// What is odd about a row that was accepted.
    pub enum Warning {
        /// A year to date below an earlier one of the same year.
        FallingYearToDate = "falling_ytd",
        /// The other figures on record make another one, beyond rounding.
        Disagreement = "disagreement",
        /// The parts do not add up to the total; accepted because the sender insisted.
        PartsDisagree = "parts_disagree",
        /// The rate is not its numerator over its denominator; accepted because the sender insisted.
        RateDisagrees = "rate_disagrees",
        /// It replaced a more final figure; accepted because the sender insisted.
        LowerStatus = "lower_status",
    }
}

/// A warning and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(title = "RowWarning")]
pub struct RowWarning {
    /// What kind of warning.
    pub code: Warning,
    /// A sentence for people, with the figures.
    pub message: String,
}

/// A batch as it was sent.
#[derive(Debug)]
pub struct Draft {
    /// Key, code or name; absent when it could not be read.
    pub province: Option<String>,
    /// The calendar of all periods; each indicator's own when absent.
    pub calendar: Option<Calendar>,
    /// The document.
    pub source: Source,
    /// The rows whose shape could be read.
    pub rows: Vec<DraftRow>,
    /// What could not be read.
    pub faults: Vec<Located>,
}

/// A row as it was sent; what could not be read is absent and has its fault.
#[derive(Debug)]
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
    pub period: Option<WrittenPeriod>,
    /// What it says.
    pub says: Option<Says>,
    /// Where in the source it stands.
    pub locator: Option<String>,
    /// The words of the source.
    pub wording: Option<String>,
    /// Why it replaces what is on record.
    pub reason: Option<String>,
    /// Whether a reason was sent, even one that could not be read.
    pub reason_given: bool,
    /// Whether the sender insists where a rule allows it.
    pub force: bool,
    /// What the report claims of it.
    pub claims: Vec<ClaimChange>,
}

/// What a row says, as it was sent.
#[derive(Debug)]
pub enum Says {
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
#[derive(Debug)]
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
    pub passage: Passage,
    /// Why it replaces what is on record.
    pub reason: Option<String>,
    /// Whether the sender insists where a rule allows it.
    pub force: bool,
    /// What the report claims of it.
    pub claims: Vec<ClaimChange>,
}

/// A submission on record.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The identity.
    pub id: String,
    /// The client that sent it.
    pub client: String,
    /// The organisation it spoke for.
    pub organisation: Option<String>,
    /// Where it stands.
    pub state: State,
    /// The document.
    pub source: Source,
    /// What became of its rows.
    pub rows: Vec<RowOutcome>,
    /// When it was recorded.
    pub received_at: DateTime<Utc>,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RowOutcome {
    /// The sender's own name for it.
    pub row_ref: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The id of the observation.
    pub observation: String,
    /// What is odd about it.
    #[serde(default)]
    pub warnings: Vec<RowWarning>,
}

/// When in a period the unit has to exist that a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// At its end, as who reports of it does.
    AtEnd,
    /// At its beginning or its end: plans are made for a year in which a unit then ends.
    AtBeginningOrEnd,
}

/// Finds the unit that a row is about: a code or name as it stood at the period's end.
///
/// # Errors
/// `unknown_province`, `ambiguous_province`, or `province_not_in_period` for a key whose unit did not exist then, with those of its line
/// that did.
fn unit_of<'c>(catalogue: &'c Catalogue, text: &str, period: Period, presence: Presence) -> Result<&'c Province, Fault> {
    let province = catalogue.provinces.resolve(text, period.end())?;
    if province.existed_on(period.end()) || presence == Presence::AtBeginningOrEnd && province.existed_on(period.start()) {
        return Ok(province);
    }
    let then: Vec<&str> =
        catalogue.provinces.line(province).into_iter().filter(|unit| unit.existed_on(period.end())).map(|unit| unit.key.as_str()).collect();
    let instead = if then.is_empty() { String::new() } else { format!("; then it was {}", then.join(", ")) };
    let message = format!("{} existed {}, not at the end of {period}{instead}", province.key, province.time());
    Err(Fault::new(Code::ProvinceNotInPeriod, message).allowing(then))
}

/// The faults of a batch as its rows are checked: each with its pointer, one per cause, and no series said twice.
pub(super) struct Checked {
    list: &'static str,
    faults: Vec<Located>,
    first_of: HashMap<(SeriesKey, Period), usize>,
}

impl Checked {
    /// A batch whose rows stand in `list`, with what could not be read of it.
    pub(super) fn new(list: &'static str, faults: Vec<Located>) -> Checked {
        Checked { list, faults, first_of: HashMap::new() }
    }

    /// Keeps a row or its faults.
    pub(super) fn keep<T>(&mut self, position: usize, checked: Result<T, Vec<(&'static str, Fault)>>) -> Option<T> {
        let broken = match checked {
            Ok(row) => return Some(row),
            Err(broken) => broken,
        };
        for (field, fault) in broken {
            if self.faults.len() > MOST_FAULTS {
                break;
            }
            // The batch names its province once: what is wrong with it is said once.
            let province = Place::Pointer("/province".into());
            let place = match field {
                "province" => province,
                "" => Place::Pointer(format!("/{}/{position}", self.list)),
                field => Place::Pointer(format!("/{}/{position}/{field}", self.list)),
            };
            let located = fault.at(place);
            if field != "province" || !self.faults.contains(&located) {
                self.faults.push(located);
            }
        }
        None
    }

    /// Notes that a row is about a series and days, which no other row may be.
    pub(super) fn once(&mut self, position: usize, about: (SeriesKey, Period)) {
        if let Some(first) = self.first_of.get(&about) {
            let message = format!("row {first} of the batch is about the same series and days; one batch says one thing");
            let place = Place::Pointer(format!("/{}/{position}", self.list));
            self.faults.push(Fault::new(Code::DuplicateRow, message).at(place));
        } else {
            self.first_of.insert(about, position);
        }
    }

    /// What is wrong with the rows that were not kept.
    pub(super) fn into_faults(self) -> Vec<Located> {
        self.faults
    }

    /// The rows, if nothing is wrong with any.
    pub(super) fn finish<T>(self, rows: T) -> Result<T, Vec<Located>> {
        if self.faults.is_empty() { Ok(rows) } else { Err(self.faults) }
    }
}

impl Draft {
    /// Holds every row against the catalogue: the rows that obey it, and every fault of the others, in order.
    #[must_use]
    pub fn check(self, catalogue: &Catalogue, caller: &Caller, today: NaiveDate) -> (Vec<Row>, Vec<Located>) {
        let Draft { province, calendar, source, rows, faults } = self;
        let mut batch = Checked::new("observations", faults);
        let checking = Checking { province: province.as_deref(), calendar, source: &source, catalogue, caller, today };
        let rows = rows.into_iter().filter_map(|draft| {
            let position = draft.position;
            let row = batch.keep(position, draft.check(&checking))?;
            batch.once(position, (row.series.clone(), row.period));
            Some(row)
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
    catalogue: &'b Catalogue,
    caller: &'b Caller,
    today: NaiveDate,
}

impl DraftRow {
    fn check(self, against: &Checking<'_>) -> Result<Row, Vec<(&'static str, Fault)>> {
        let mut faults = Vec::new();
        let Checking { province, calendar, source, catalogue, caller, today } = *against;
        let (presence, period) = (Presence::AtEnd, self.period);
        let named = Named { province, presence, calendar, period, indicator: self.indicator, breakdown: self.breakdown };
        let about = About::check(named, catalogue, caller, &mut faults);
        if let Some(period) = about.period.filter(|period| period.start() > today) {
            let message = format!("{period} begins on {}: nothing can be reported yet", period.start());
            faults.push(("period", Fault::new(Code::PeriodNotBegun, message)));
        }
        if !self.reason_given {
            let why = match &self.says {
                Some(Says::Withdraw) => Some("a withdrawal says why: send `reason`"),
                _ if self.force => Some("who insists says why: send `reason`"),
                _ => None,
            };
            faults.extend(why.map(|message| ("reason", Fault::new(Code::ReasonMissing, message))));
        }
        let indicator = about.indicator.map(|found| found.indicator);
        let content = self.says.zip(indicator).and_then(|(says, indicator)| {
            let checked = match says {
                Says::Nil => Ok(Content::Nil),
                Says::Withdraw => Ok(Content::Withdrawn),
                Says::Figure(sent) => {
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
                passage: Passage { source: source.clone(), locator: self.locator, wording: self.wording },
                reason: self.reason,
                force: self.force,
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

/// What a row of a batch names, as far as it could be read.
pub(super) struct Named<'b> {
    /// Key, code or name of the province.
    pub(super) province: Option<&'b str>,
    /// When it has to exist.
    pub(super) presence: Presence,
    /// The calendar; the indicator's own when absent.
    pub(super) calendar: Option<Calendar>,
    /// The period.
    pub(super) period: Option<WrittenPeriod>,
    /// The code of the indicator.
    pub(super) indicator: Option<String>,
    /// The part.
    pub(super) breakdown: Option<Breakdown>,
}

/// What a row of a batch is about, as far as it could be read and found.
pub(super) struct About<'c> {
    /// The indicator.
    pub(super) indicator: Option<Versioned<'c>>,
    /// The period.
    pub(super) period: Option<Period>,
    /// The series, where everything about it was found.
    pub(super) series: Option<SeriesKey>,
}

impl<'c> About<'c> {
    /// Finds the province, the indicator and the part that a row names; what cannot be found is a fault of its field.
    pub(super) fn check(named: Named<'_>, catalogue: &'c Catalogue, caller: &Caller, faults: &mut Vec<(&'static str, Fault)>) -> About<'c> {
        let Named { province, presence, calendar, period, indicator, breakdown } = named;
        let found = indicator.and_then(|code| catalogue.indicator(&code, caller).map_err(|fault| faults.push(("indicator", fault))).ok());
        let calendar = calendar.or(found.map(|found| found.indicator.calendar)).unwrap_or(Calendar::Civil);
        let period = period.map(|period| period.in_calendar(calendar));
        let unit = province
            .zip(period)
            .and_then(|(text, period)| unit_of(catalogue, text, period, presence).map_err(|fault| faults.push(("province", fault))).ok());
        if let (Some(found), Some(breakdown)) = (found, &breakdown) {
            faults.extend(found.indicator.check_breakdown(breakdown).err().map(|fault| ("breakdown", fault)));
        }
        let series = match (unit, found, breakdown) {
            (Some(unit), Some(found), Some(breakdown)) => {
                Some(SeriesKey { province: unit.key.clone(), indicator: found.indicator.code.clone(), breakdown })
            }
            _ => None,
        };
        About { indicator: found, period, series }
    }
}
