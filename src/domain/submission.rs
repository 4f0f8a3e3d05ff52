//! Submissions: a batch of figures from one organisation, held against the catalogue row by row.
//! A batch is all or nothing; every fault of every row is named.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::breakdown::Breakdown;
use super::catalogue::Catalogue;
use super::claim::Claim;
use super::fault::{Code, Fault, Located, Place, words};
use super::figure::{Figure, SentFigure};
use super::indicator::Versioned;
use super::observation::Source;
use super::period::Period;
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
        /// The figure on record already says so.
        Unchanged = "unchanged",
    }
}

/// A batch as it was sent.
#[derive(Debug)]
pub struct Draft {
    /// Key, code or name; absent when it could not be read.
    pub province: Option<String>,
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
    pub period: Option<Period>,
    /// The figure.
    pub figure: Option<SentFigure>,
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
            let place = if field == "province" { province } else { Place::Pointer(format!("/{}/{position}/{field}", self.list)) };
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

    /// The rows, if nothing is wrong with any.
    pub(super) fn finish<T>(self, rows: T) -> Result<T, Vec<Located>> {
        if self.faults.is_empty() { Ok(rows) } else { Err(self.faults) }
    }
}

impl Draft {
    /// Holds every row against the catalogue.
    ///
    /// # Errors
    /// Every fault of every row, in order.
    pub fn check(self, catalogue: &Catalogue, caller: &Caller, today: NaiveDate) -> Result<Vec<Row>, Vec<Located>> {
        let mut batch = Checked::new("observations", self.faults);
        let rows = self.rows.into_iter().filter_map(|draft| {
            let position = draft.position;
            let row = batch.keep(position, draft.check(self.province.as_deref(), catalogue, caller, today))?;
            batch.once(position, (row.series.clone(), row.period));
            Some(row)
        });
        let rows = rows.collect();
        batch.finish(rows)
    }
}

impl DraftRow {
    fn check(
        self,
        province: Option<&str>,
        catalogue: &Catalogue,
        caller: &Caller,
        today: NaiveDate,
    ) -> Result<Row, Vec<(&'static str, Fault)>> {
        let mut faults = Vec::new();
        if let Some(period) = self.period.filter(|period| period.start() > today) {
            let message = format!("{period} begins on {}: nothing can be reported yet", period.start());
            faults.push(("period", Fault::new(Code::PeriodNotBegun, message)));
        }
        let about = About::check(province, self.period, self.indicator, self.breakdown, catalogue, caller, &mut faults);
        let indicator = about.indicator.map(|found| found.indicator);
        let figure =
            self.figure.zip(indicator).and_then(|(sent, indicator)| sent.check(indicator).map_err(|broken| faults.extend(broken)).ok());
        match (about.series, self.period, about.indicator, figure) {
            (Some(series), Some(period), Some(found), Some(figure)) if faults.is_empty() => Ok(Row {
                row_ref: self.row_ref,
                series,
                period,
                figure,
                definition_version: found.version,
                locator: self.locator,
                claims: self.claims,
            }),
            _ => Err(faults),
        }
    }
}

/// What a row of a batch is about, as far as it could be read and found.
pub(super) struct About<'c> {
    /// The indicator.
    pub(super) indicator: Option<Versioned<'c>>,
    /// The series, where everything about it was found.
    pub(super) series: Option<SeriesKey>,
}

impl<'c> About<'c> {
    /// Finds the province, the indicator and the part that a row names; what cannot be found is a fault of its field.
    pub(super) fn check(
        province: Option<&str>,
        period: Option<Period>,
        indicator: Option<String>,
        breakdown: Option<Breakdown>,
        catalogue: &'c Catalogue,
        caller: &Caller,
        faults: &mut Vec<(&'static str, Fault)>,
    ) -> About<'c> {
        let unit = province
            .zip(period)
            .and_then(|(text, period)| reporting_unit(catalogue, text, period).map_err(|fault| faults.push(("province", fault))).ok());
        let found = indicator.and_then(|code| catalogue.indicator(&code, caller).map_err(|fault| faults.push(("indicator", fault))).ok());
        if let (Some(found), Some(breakdown)) = (found, &breakdown) {
            faults.extend(found.indicator.check_breakdown(breakdown).err().map(|fault| ("breakdown", fault)));
        }
        let series = match (unit, found, breakdown) {
            (Some(unit), Some(found), Some(breakdown)) => {
                Some(SeriesKey { province: unit.key.clone(), indicator: found.indicator.code.clone(), breakdown })
            }
            _ => None,
        };
        About { indicator: found, series }
    }
}
