//! Batches: lists of rows that each name a province, an indicator and a period, checked row by row.
//! Every fault of every row is found, with the place it stands at and the row that has it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::breakdown::Breakdown;
use super::catalogue::Catalogue;
use super::fault::{Code, Fault, Located, Place, words};
use super::indicator::Versioned;
use super::period::{Calendar, Period, WrittenPeriod};
use super::province::Province;
use super::role::Caller;
use super::series::SeriesKey;

/// The most rows of one batch.
pub const MAX_ROWS: usize = 10_000;

/// Faults that are listed of one batch; whoever has more begins with these.
pub const MOST_FAULTS: usize = 1000;

words! {
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
pub(super) enum Presence {
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
fn unit_of<'c>(catalogue: &'c Catalogue, text: &str, period: Period, presence: Presence) -> Result<&'c Province, Fault> {
    let province = catalogue.provinces.resolve(text, period.end())?;
    let there = match presence {
        Presence::AtEnd => province.existed_on(period.end()),
        Presence::AtBeginningOrEnd => province.existed_on(period.start()) || province.existed_on(period.end()),
        Presence::EverSince => true,
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

/// Where the rows of a batch stand in what was sent, for naming faults as whoever sent it sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// The table of a file.
    Table(Table),
    /// Lines of a stream, each a document of its own.
    Lines {
        /// The number of the line, by place in the batch.
        lines: Vec<usize>,
        /// Whether each line says itself which province it is of; else a parameter does.
        own_province: bool,
    },
}

/// Where the rows of a batch stand in the table of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The row of the file, by place in the batch.
    pub rows: Vec<usize>,
    /// The column of the file, by name of the field.
    pub columns: BTreeMap<String, usize>,
    /// The first cell, by row and column, of what a column says for all rows; by name of the field.
    pub of_all: BTreeMap<String, (usize, usize)>,
}

impl Layout {
    /// The place in what was sent, or the parameter beside it, for a place in the document that it stands for.
    #[must_use]
    pub fn place(&self, place: Place) -> Place {
        let Place::Pointer(pointer) = &place else { return place };
        let mut steps = pointer.trim_start_matches('/').split('/');
        let (first, second, field) = (steps.next().unwrap_or_default(), steps.next(), steps.next());
        let position = second.and_then(|position| position.parse::<usize>().ok());
        match (self, first) {
            (Layout::Table(Table { rows, columns, .. }), "observations") => {
                let Some(row) = position.and_then(|position| rows.get(position)) else { return Place::Request };
                let column = field.and_then(|field| columns.get(field)).or_else(|| columns.get("indicator"));
                Place::Cell { row: *row, column: column.copied().unwrap_or_default() }
            }
            (Layout::Lines { lines, .. }, "observations") => {
                let Some(line) = position.and_then(|position| lines.get(position)) else { return Place::Request };
                let within = pointer.match_indices('/').nth(2).map_or("", |(begin, _)| &pointer[begin..]);
                Place::Line { line: *line, pointer: within.to_owned() }
            }
            (Layout::Lines { own_province: true, .. }, "province") => place,
            (_, "") => Place::Request,
            // Each part of the source has a parameter of its own.
            (_, "source") => Place::Parameter(second.unwrap_or(first).to_owned()),
            (Layout::Table(Table { of_all, .. }), field) => match of_all.get(field) {
                Some(&(row, column)) => Place::Cell { row, column },
                None => Place::Parameter(field.to_owned()),
            },
            (Layout::Lines { .. }, parameter) => Place::Parameter(parameter.to_owned()),
        }
    }

    /// The number of the line of a row, of a stream.
    #[must_use]
    pub fn line(&self, position: usize) -> Option<usize> {
        self.lines().get(position).copied()
    }

    /// What a row is called by whoever sent it.
    #[must_use]
    pub fn called(&self, position: usize) -> String {
        match self {
            Layout::Table(Table { rows, .. }) => format!("row {} of the file", rows.get(position).copied().unwrap_or_default()),
            Layout::Lines { lines, .. } => format!("line {}", lines.get(position).copied().unwrap_or_default()),
        }
    }

    /// The numbers of the lines of a stream, by place in the batch; none of a table.
    #[must_use]
    pub fn lines(&self) -> &[usize] {
        match self {
            Layout::Table(_) => &[],
            Layout::Lines { lines, .. } => lines,
        }
    }
}

/// A fault of a batch, and the row that has it where it is one of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The place of the row in the batch.
    pub row: Option<usize>,
    /// The fault.
    pub located: Located,
}

/// The faults of a batch as they are listed: what several rows have in common is said once, and beyond a thousand only that there are
/// more.
#[must_use]
pub fn listed(misfits: &[Misfit]) -> Vec<Located> {
    let mut said = HashSet::new();
    let all = misfits.iter().map(|misfit| &misfit.located);
    let once = all.filter(|Located { place, fault }| said.insert((place.to_string(), fault.code, fault.message.as_str())));
    let mut listed: Vec<Located> = once.take(MOST_FAULTS + 1).cloned().collect();
    if listed.len() > MOST_FAULTS {
        listed.truncate(MOST_FAULTS);
        listed.push(Fault::new(Code::MoreFaults, "and more; mend these first").at(Place::Request));
    }
    listed
}

/// The row that a pointer leads into.
fn row_of(list: &str, place: &Place) -> Option<usize> {
    let Place::Pointer(pointer) = place else { return None };
    pointer.strip_prefix('/')?.strip_prefix(list)?.strip_prefix('/')?.split('/').next()?.parse().ok()
}

/// The faults of a batch as its rows are checked: each with its pointer, one per cause, and no series said twice.
pub(super) struct Checked {
    list: &'static str,
    faults: Vec<Misfit>,
    first_of: HashMap<(SeriesKey, Period), usize>,
}

impl Checked {
    /// A batch whose rows stand in `list`, with what could not be read of it.
    pub(super) fn new(list: &'static str, faults: Vec<Located>) -> Checked {
        let faults = faults.into_iter().map(|located| Misfit { row: row_of(list, &located.place), located });
        Checked::with(list, faults.collect())
    }

    /// A batch of which some faults are known.
    pub(super) fn with(list: &'static str, faults: Vec<Misfit>) -> Checked {
        Checked { list, faults, first_of: HashMap::new() }
    }

    /// Keeps a row or its faults.
    pub(super) fn keep<T>(&mut self, position: usize, checked: Result<T, Vec<(&'static str, Fault)>>) -> Option<T> {
        let broken = match checked {
            Ok(row) => return Some(row),
            Err(broken) => broken,
        };
        for (field, fault) in broken {
            let place = match field {
                // The batch names its province once.
                "province" => Place::Pointer("/province".into()),
                "" => Place::Pointer(format!("/{}/{position}", self.list)),
                field => Place::Pointer(format!("/{}/{position}/{field}", self.list)),
            };
            self.faults.push(Misfit { row: Some(position), located: fault.at(place) });
        }
        None
    }

    /// Notes that a row is about a series and days, which no other row may be; returns whether none was before it. `layout` knows what
    /// its sender calls that one.
    pub(super) fn once(&mut self, position: usize, about: (SeriesKey, Period), layout: Option<&Layout>) -> bool {
        if let Some(first) = self.first_of.get(&about) {
            let first = layout.map_or_else(|| format!("row {first} of the batch"), |layout| layout.called(*first));
            let message = format!("{first} is about the same series and days; one batch says one thing");
            let place = Place::Pointer(format!("/{}/{position}", self.list));
            self.faults.push(Misfit { row: Some(position), located: Fault::new(Code::DuplicateRow, message).at(place) });
            return false;
        }
        self.first_of.insert(about, position);
        true
    }

    /// Rejects rows that contradict each other, which is said at the first of them.
    pub(super) fn reject(&mut self, rows: &[usize], fault: &Fault) {
        let Some(first) = rows.first() else { return };
        let place = Place::Pointer(format!("/{}/{first}", self.list));
        self.faults.extend(rows.iter().map(|row| Misfit { row: Some(*row), located: fault.clone().at(place.clone()) }));
    }

    /// The rows that something is wrong with until now.
    pub(super) fn misfits(&self) -> impl Iterator<Item = usize> {
        self.faults.iter().filter_map(|misfit| misfit.row)
    }

    /// What is wrong with the rows that were not kept.
    pub(super) fn into_faults(self) -> Vec<Misfit> {
        self.faults
    }
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
