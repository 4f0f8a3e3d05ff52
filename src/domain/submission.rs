//! Submissions: a batch of figures from one organisation, held against the catalogue row by row.
//! A batch is all or nothing; every fault of every row is named.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::breakdown::Breakdown;
use super::catalogue::Catalogue;
use super::claim::Claim;
use super::fault::{Code, Fault, Located, Place, words};
use super::observation::{Figure, SentFigure, Source};
use super::period::Period;
use super::province::Province;
use super::role::Caller;
use super::series::SeriesKey;

/// The most rows of one batch.
pub const MAX_ROWS: usize = 10_000;

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
        /// The figure on record already says so.
        Unchanged = "unchanged",
    }
}

/// A batch as it was sent.
#[derive(Debug)]
pub struct Draft {
    /// Key, code or name.
    pub province: String,
    /// The document.
    pub source: Source,
    /// The rows whose shape could be read.
    pub rows: Vec<DraftRow>,
}

/// A row as it was sent.
#[derive(Debug)]
pub struct DraftRow {
    /// Its place in the batch, for pointing at it.
    pub position: usize,
    /// The sender's own name for it, echoed.
    pub row_ref: Option<String>,
    /// The code of the indicator.
    pub indicator: String,
    /// The part.
    pub breakdown: Breakdown,
    /// The period: its own or the batch's.
    pub period: Period,
    /// The figure.
    pub figure: SentFigure,
    /// Where in the source it stands.
    pub locator: Option<String>,
    /// What the report claims of it.
    pub claims: Vec<Claim>,
}

/// A row that obeys every rule.
#[derive(Debug)]
pub struct Row {
    /// The sender's own name for it.
    pub row_ref: Option<String>,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
    /// The figure in the indicator's terms.
    pub figure: Figure,
    /// The version of the definition that it was held against.
    pub definition_version: i32,
    /// Where in the source it stands.
    pub locator: Option<String>,
    /// What the report claims of it.
    pub claims: Vec<Claim>,
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
}

/// Finds the unit that a period is reported for: a code or name as it stood at the period's end.
///
/// # Errors
/// `unknown_province`, `ambiguous_province`, or `province_not_in_period` for a key whose unit did not exist then.
pub fn reporting_unit<'c>(catalogue: &'c Catalogue, text: &str, period: Period) -> Result<&'c Province, Fault> {
    let province = catalogue.provinces.resolve(text, period.end())?;
    if province.existed_on(period.end()) {
        return Ok(province);
    }
    let until = province.valid_to.map(|last| format!(" to {last}")).unwrap_or_default();
    let message = format!("{} existed from {}{until}, not at the end of {period}", province.key, province.valid_from);
    Err(Fault::new(Code::ProvinceNotInPeriod, message))
}

impl Draft {
    /// Holds every row against the catalogue.
    ///
    /// # Errors
    /// Every fault of every row, in order.
    pub fn check(self, catalogue: &Catalogue, caller: &Caller, today: NaiveDate) -> Result<Vec<Row>, Vec<Located>> {
        let mut faults = Vec::new();
        let mut rows = Vec::with_capacity(self.rows.len());
        let mut first_of: HashMap<(SeriesKey, Period), usize> = HashMap::new();
        for draft in self.rows {
            let position = draft.position;
            let field = |name: &str| Place::Pointer(format!("/observations/{position}/{name}"));
            match draft.check(&self.province, catalogue, caller, today) {
                Err(broken) => faults.extend(broken.into_iter().map(|(name, fault)| {
                    let at = if name == "province" { Place::Pointer("/province".into()) } else { field(name) };
                    fault.at(at)
                })),
                Ok(row) => {
                    if let Some(first) = first_of.insert((row.series.clone(), row.period), position) {
                        let message = format!("row {first} of the batch has a figure for the same series and days; one batch says one thing");
                        faults.push(Fault::new(Code::DuplicateRow, message).at(Place::Pointer(format!("/observations/{position}"))));
                    }
                    rows.push(row);
                }
            }
        }
        // The batch names its province once: what is wrong with it is said once.
        let mut seen = Vec::new();
        faults.retain(|located: &Located| {
            let repeated = seen.contains(located);
            if !repeated && located.place == Place::Pointer("/province".into()) {
                seen.push(located.clone());
            }
            !repeated
        });
        if faults.is_empty() { Ok(rows) } else { Err(faults) }
    }
}

impl DraftRow {
    fn check(self, province: &str, catalogue: &Catalogue, caller: &Caller, today: NaiveDate) -> Result<Row, Vec<(&'static str, Fault)>> {
        let mut faults = Vec::new();
        if self.period.start() > today {
            let message = format!("{} begins on {}: nothing can be reported yet", self.period, self.period.start());
            faults.push(("period", Fault::new(Code::PeriodNotBegun, message)));
        }
        let unit = reporting_unit(catalogue, province, self.period).map_err(|fault| faults.push(("province", fault))).ok();
        let found = catalogue.indicator(&self.indicator, caller).map_err(|fault| faults.push(("indicator", fault))).ok();
        let figure = found.and_then(|found| {
            if let Err(fault) = found.indicator.check_breakdown(&self.breakdown) {
                faults.push(("breakdown", fault));
            }
            self.figure.check(found.indicator).map_err(|broken| faults.extend(broken)).ok()
        });
        match (unit, found, figure) {
            (Some(unit), Some(found), Some(figure)) if faults.is_empty() => Ok(Row {
                row_ref: self.row_ref,
                series: SeriesKey { province: unit.key.clone(), indicator: self.indicator, breakdown: self.breakdown },
                period: self.period,
                figure,
                definition_version: found.version,
                locator: self.locator,
                claims: self.claims,
            }),
            _ => Err(faults),
        }
    }
}
