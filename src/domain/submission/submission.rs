//! Submissions: a batch of figures from one organisation, checked against the catalogue row by row.
//! All errors of all rows are found. The `mode` decides whether valid rows are stored without the invalid ones.

use crate::domain::outcome::Outcome;
use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::workflow::{Action, Actor, State};
use crate::domain::access::remit::View;
use crate::domain::access::role::Caller;
use crate::domain::access::scope::Scope;
use crate::domain::batch::layout::Layout;
use crate::domain::batch::rows::{Checked, Mode, ResolvedRow, RowError, RowKey, ValidityRule};
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::source::Source;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::fault::{Code, Fault, LocatedFault, Location, code_list};
use crate::domain::number::decimal::Decimal;
use crate::domain::observation::figure::SentFigure;
use crate::domain::observation::observation::{Citation, Content};
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;

code_list! {
    /// A warning about a row. The row is accepted only with `acknowledge` or, for a rule of the stored figures, with `force`.
    pub enum Warning {
        /// The change on the same period last year exceeds the limit of the indicator.
        YearOnYearJump = "yoy_jump",
        /// The figure is far from at least eight earlier figures of the series.
        Outlier = "outlier",
        /// The year to date is below an earlier one of the same year.
        FallingYearToDate = "falling_ytd",
        /// The figure differs from the value that the other stored figures give, beyond rounding.
        Disagreement = "disagreement",
        /// The figure breaks a rule, together with the other stored figures.
        RuleBroken = "rule_broken",
        /// The parts do not add up to the total; accepted because the sender set `force`.
        PartsDisagree = "parts_disagree",
        /// The rate differs from its numerator divided by its denominator; accepted because the sender set `force`.
        RateDisagrees = "rate_disagrees",
        /// The figure replaces a more final one; accepted because the sender set `force`.
        LowerStatus = "lower_status",
        /// The row was submitted after the closing day of its period; accepted because the sender set `force`.
        AfterClosing = "after_closing",
    }
}

/// A warning with its explanation.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(title = "RowWarning")]
pub struct RowWarning {
    /// The warning code.
    pub code: Warning,
    /// A sentence for readers, with the figures.
    pub message: String,
}

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
    pub faults: Vec<LocatedFault>,
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
    /// The source of the figure.
    pub passage: Citation,
    /// The reason for the revision.
    pub reason: Option<String>,
    /// Whether the sender sets `force`, where a rule allows it.
    pub force: bool,
    /// Acknowledged warnings.
    pub acknowledge: Vec<Warning>,
    /// The claims of the report about the figure.
    pub claims: Vec<ClaimChange>,
}

/// A stored submission.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The identity.
    pub id: String,
    /// The client that sent it.
    pub client: String,
    /// The organisation of that client.
    pub organisation: Option<String>,
    /// The state in the workflow.
    pub state: State,
    /// The source document.
    pub source: Source,
    /// Keys of the provinces in its rows.
    pub provinces: BTreeSet<String>,
    /// Codes of the indicators in its rows.
    pub indicators: BTreeSet<String>,
    /// The first and last day of the periods in its rows.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// Number of rows by outcome.
    pub counts: Counts,
    /// The results of its rows; left out of lists.
    pub rows: Vec<RowOutcome>,
    /// The time of its recording.
    pub received_at: DateTime<Utc>,
    /// The steps so far, oldest first.
    pub steps: Vec<Step>,
}

/// One step of a submission in the workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The action.
    pub action: Action,
    /// The state after the step.
    pub state: State,
    /// The client that took the step.
    pub client: String,
    /// The comment of the step.
    pub comment: Option<String>,
    /// The time of the step.
    pub at: DateTime<Utc>,
}

impl Submission {
    /// The role of the caller for this submission. Senders belong to the organisation of the submission; reviewers belong to it or to
    /// no organisation. A client that is restricted to provinces or fields has no role for others, and a client that may not see one of
    /// the indicators has no role either.
    #[must_use]
    pub fn actor(&self, view: &View<'_>) -> Actor {
        let Some(client) = view.caller.client() else { return Actor { sends: false, reviews: false, took_part: false } };
        let own = client.id == self.client;
        let same = own || client.organisation.is_some() && client.organisation == self.organisation;
        let concerned = view.works_with(&self.provinces, &self.indicators);
        let holds = |scope| client.scopes.contains(&scope);
        let wrote = |step: &Step| matches!(step.action, Action::Edit | Action::Submit) && step.client == client.id;
        Actor {
            sends: same && (own || concerned) && holds(Scope::Submit),
            reviews: (same || client.organisation.is_none()) && concerned && holds(Scope::Approve),
            took_part: own || self.steps.iter().any(wrote),
        }
    }

    /// Whether the caller may see the submission. A draft is visible to its senders only.
    #[must_use]
    pub fn visible_to(&self, view: &View<'_>) -> bool {
        let actor = self.actor(view);
        actor.sends || actor.reviews && self.state != State::Draft
    }
}

/// Number of rows by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// First figures of a series and period.
    pub created: i32,
    /// New revisions.
    pub updated: i32,
    /// Figures that were already stored.
    pub unchanged: i32,
    /// Withdrawn figures.
    pub withdrawn: i32,
    /// Rows that are not stored.
    pub rejected: i32,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Counts) {
        self.created += more.created;
        self.updated += more.updated;
        self.unchanged += more.unchanged;
        self.withdrawn += more.withdrawn;
        self.rejected += more.rejected;
    }
}

impl Counts {
    /// Counts the rows by outcome.
    #[must_use]
    pub fn of<'r>(rows: impl IntoIterator<Item = &'r RowOutcome>) -> Counts {
        let mut counts = Counts::default();
        for row in rows {
            *match row.outcome {
                Outcome::Created => &mut counts.created,
                Outcome::Updated => &mut counts.updated,
                Outcome::Unchanged => &mut counts.unchanged,
                Outcome::Withdrawn => &mut counts.withdrawn,
                Outcome::Rejected => &mut counts.rejected,
            } += 1;
        }
        counts
    }
}

/// The result of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    /// The sender's own reference of the row.
    pub row_ref: Option<String>,
    /// The outcome.
    pub outcome: Outcome,
    /// The id of the observation; `None` if it is not published or does not exist.
    pub observation: Option<String>,
    /// What is wrong with it, where it is rejected.
    pub errors: Vec<LocatedFault>,
    /// What is odd about it.
    pub warnings: Vec<RowWarning>,
}

impl RowOutcome {
    /// A row that is not stored.
    #[must_use]
    pub fn rejected(row: &DraftRow, errors: Vec<LocatedFault>) -> RowOutcome {
        RowOutcome { row_ref: row.row_ref.clone(), outcome: Outcome::Rejected, observation: None, errors, warnings: Vec::new() }
    }
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

    /// Translates the places of errors for the sender, by the layout.
    #[must_use]
    pub fn seen(&self, misfits: Vec<RowError>) -> Vec<RowError> {
        let Some(layout) = &self.layout else { return misfits };
        let seen = |misfit: RowError| {
            let LocatedFault { place, fault } = misfit.located;
            let place = match (layout.place(place), misfit.row) {
                // The province of a line is a field of that line.
                (Location::Pointer(pointer), Some(row)) => {
                    layout.line(row).map_or(Location::Pointer(pointer.clone()), |line| Location::Line { line, pointer })
                }
                (place, _) => place,
            };
            RowError { row: misfit.row, located: fault.at(place) }
        };
        misfits.into_iter().map(seen).collect()
    }

    /// Checks every row against the catalogue. Returns the valid rows, and all errors of the others in order.
    #[must_use]
    pub fn check(&self, catalogue: &Catalogue, caller: &Caller, today: NaiveDate) -> (Vec<Row>, Vec<RowError>) {
        let Draft { province, calendar, source, acknowledge, rows, faults, layout, .. } = self;
        let mut batch = Checked::new("observations", faults.clone());
        let checking = Checking { province: province.as_deref(), calendar: *calendar, source, acknowledge, catalogue, caller, today };
        let unreadable: HashSet<usize> = batch.misfits().collect();
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
                passage: Citation { source: source.clone(), locator: self.locator, wording: self.wording },
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
