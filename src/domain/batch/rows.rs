//! Batches: lists of rows that each name a province, an indicator and a period, checked row by row.
//! Every fault of every row is found, with the place it stands at and the row that has it.

use super::layout::Layout;
use std::collections::{HashMap, HashSet};

use crate::domain::access::role::Caller;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Versioned;
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location, code_list};
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;

/// The most rows of one batch.
pub const MAX_ROWS: usize = 10_000;

/// Faults that are listed of one batch; whoever has more begins with these.
pub const MOST_FAULTS: usize = 1000;

code_list! {
    /// What becomes of a batch with a bad row.
    pub enum Mode {
        /// Nothing of it is recorded.
        Atomic = "atomic",
        /// Its good rows are recorded, the others are rejected.
        Partial = "partial",
    }
}

/// When in a period the unit has to exist that a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValidityRule {
    /// At its end, as who reports of it does.
    AtEnd,
    /// At its beginning or its end: plans are made for a year in which a unit then ends.
    AtBeginningOrEnd,
    /// At any time: what is on record can be withdrawn, also where the unit's time was corrected since.
    EverSince,
}

/// Finds the unit that a row is about: a code or name as it stood at the period's end.
///
/// # Errors
/// `unknown_province`, `ambiguous_province`, or `province_not_in_period` for a key whose unit did not exist then, with those of its line
/// that did.
fn unit_of<'c>(catalogue: &'c Catalogue, text: &str, period: Period, presence: ValidityRule) -> Result<&'c Province, Fault> {
    let province = catalogue.provinces.resolve(text, period.end())?;
    let there = match presence {
        ValidityRule::AtEnd => province.existed_on(period.end()),
        ValidityRule::AtBeginningOrEnd => province.existed_on(period.start()) || province.existed_on(period.end()),
        ValidityRule::EverSince => true,
    };
    if there {
        return Ok(province);
    }
    let then: Vec<&str> =
        catalogue.provinces.line(province).into_iter().filter(|unit| unit.existed_on(period.end())).map(|unit| unit.key.as_str()).collect();
    let instead = if then.is_empty() { String::new() } else { format!("; then it was {}", then.join(", ")) };
    let message = format!("{} existed {}, not at the end of {period}{instead}", province.key, province.time());
    Err(Fault::new(Code::ProvinceNotInPeriod, message).allowing(then))
}

/// A fault of a batch, and the row that has it where it is one of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The place of the row in the batch.
    pub row: Option<usize>,
    /// The fault.
    pub located: LocatedFault,
}

/// The faults of a batch as they are listed: what several rows have in common is said once, and beyond a thousand only that there are
/// more.
#[must_use]
pub fn listed(row_errors: &[RowError]) -> Vec<LocatedFault> {
    let mut said = HashSet::new();
    let all = row_errors.iter().map(|row_error| &row_error.located);
    let once = all.filter(|LocatedFault { place, fault }| said.insert((place.to_string(), fault.code, fault.message.as_str())));
    let mut listed: Vec<LocatedFault> = once.take(MOST_FAULTS + 1).cloned().collect();
    if listed.len() > MOST_FAULTS {
        listed.truncate(MOST_FAULTS);
        listed.push(Fault::new(Code::MoreFaults, "and more; mend these first").at(Location::Request));
    }
    listed
}

/// The row that a pointer leads into.
fn row_of(list: &str, place: &Location) -> Option<usize> {
    let Location::Pointer(pointer) = place else { return None };
    pointer.strip_prefix('/')?.strip_prefix(list)?.strip_prefix('/')?.split('/').next()?.parse().ok()
}

/// The faults of a batch as its rows are checked: each with its pointer, one per cause, and no series said twice.
pub(crate) struct Checked {
    list: &'static str,
    faults: Vec<RowError>,
    first_of: HashMap<(SeriesKey, Period), usize>,
}

impl Checked {
    /// A batch whose rows stand in `list`, with what could not be read of it.
    pub(crate) fn new(list: &'static str, faults: Vec<LocatedFault>) -> Checked {
        let faults = faults.into_iter().map(|located| RowError { row: row_of(list, &located.place), located });
        Checked::with(list, faults.collect())
    }

    /// A batch of which some faults are known.
    pub(crate) fn with(list: &'static str, faults: Vec<RowError>) -> Checked {
        Checked { list, faults, first_of: HashMap::new() }
    }

    /// Keeps a row or its faults.
    pub(crate) fn keep<T>(&mut self, position: usize, checked: Result<T, Vec<(&'static str, Fault)>>) -> Option<T> {
        let broken = match checked {
            Ok(row) => return Some(row),
            Err(broken) => broken,
        };
        for (field, fault) in broken {
            let place = match field {
                // The batch names its province once.
                "province" => Location::Pointer("/province".into()),
                "" => Location::Pointer(format!("/{}/{position}", self.list)),
                field => Location::Pointer(format!("/{}/{position}/{field}", self.list)),
            };
            self.faults.push(RowError { row: Some(position), located: fault.at(place) });
        }
        None
    }

    /// Notes that a row is about a series and days, which no other row may be; returns whether none was before it. `layout` knows what
    /// its sender calls that one.
    pub(crate) fn once(&mut self, position: usize, about: (SeriesKey, Period), layout: Option<&Layout>) -> bool {
        if let Some(first) = self.first_of.get(&about) {
            let first = layout.map_or_else(|| format!("row {first} of the batch"), |layout| layout.called(*first));
            let message = format!("{first} is about the same series and days; one batch says one thing");
            let place = Location::Pointer(format!("/{}/{position}", self.list));
            self.faults.push(RowError { row: Some(position), located: Fault::new(Code::DuplicateRow, message).at(place) });
            return false;
        }
        self.first_of.insert(about, position);
        true
    }

    /// Rejects rows that contradict each other, which is said at the first of them.
    pub(crate) fn reject(&mut self, rows: &[usize], fault: &Fault) {
        let Some(first) = rows.first() else { return };
        let place = Location::Pointer(format!("/{}/{first}", self.list));
        self.faults.extend(rows.iter().map(|row| RowError { row: Some(*row), located: fault.clone().at(place.clone()) }));
    }

    /// The rows that something is wrong with until now.
    pub(crate) fn rows_with_errors(&self) -> impl Iterator<Item = usize> {
        self.faults.iter().filter_map(|row_error| row_error.row)
    }

    /// What is wrong with the rows that were not kept.
    pub(crate) fn into_faults(self) -> Vec<RowError> {
        self.faults
    }
}

/// What a row of a batch names, as far as it could be read.
pub(crate) struct RowKey<'b> {
    /// Key, code or name of the province.
    pub(crate) province: Option<&'b str>,
    /// When it has to exist.
    pub(crate) presence: ValidityRule,
    /// The calendar; the indicator's own when absent.
    pub(crate) calendar: Option<Calendar>,
    /// The period.
    pub(crate) period: Option<PeriodCode>,
    /// The code of the indicator.
    pub(crate) indicator: Option<String>,
    /// The part.
    pub(crate) breakdown: Option<Breakdown>,
}

/// What a row of a batch is about, as far as it could be read and found.
pub(crate) struct ResolvedRow<'c> {
    /// The indicator.
    pub(crate) indicator: Option<Versioned<'c>>,
    /// The period.
    pub(crate) period: Option<Period>,
    /// The series, where everything about it was found.
    pub(crate) series: Option<SeriesKey>,
}

impl<'c> ResolvedRow<'c> {
    /// Finds the province, the indicator and the part that a row names; what cannot be found is a fault of its field.
    pub(crate) fn check(
        named: RowKey<'_>,
        catalogue: &'c Catalogue,
        caller: &Caller,
        faults: &mut Vec<(&'static str, Fault)>,
    ) -> ResolvedRow<'c> {
        let RowKey { province, presence, calendar, period, indicator, breakdown } = named;
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
        ResolvedRow { indicator: found, period, series }
    }
}
