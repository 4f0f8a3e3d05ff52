//! Batches: lists of rows, each with a province, an indicator and a period, checked row by row.
//! All errors of all rows are found, each with its place and its row.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::message::{Message, message};
use chrono::NaiveDate;

use crate::domain::access::role::Caller;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Versioned;
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location, code_list};
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;

/// Maximum number of rows in a batch.
pub const MAX_ROWS: usize = 10_000;

/// Maximum number of errors in the answer to a batch.
pub const MOST_FAULTS: usize = 1000;

code_list! {
    /// The treatment of a batch with an invalid row.
    pub enum Mode {
        /// No row is stored.
        Atomic = "atomic",
        /// The valid rows are stored, the others are rejected.
        Partial = "partial",
    }
}

/// The part of the period in which the unit of a row must exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValidityRule {
    /// At the end of the period: this is the unit that reports.
    AtEnd,
    /// At the start or the end of the period: a plan may be for a year in which the unit ends.
    AtBeginningOrEnd,
    /// At any time: stored content can be withdrawn, even if the validity of the unit was corrected later.
    EverSince,
}

/// Finds the unit of a row. Codes and names are resolved at the end of the period.
///
/// # Errors
/// `unknown_province`, `ambiguous_province`, or `province_not_in_period` for a key whose unit did not exist in the period, with its
/// predecessors and successors that did.
fn unit_of<'c>(
    catalogue: &'c Catalogue,
    text: &str,
    period: Period,
    presence: ValidityRule,
    unknown: &UnknownNames,
) -> Result<&'c Province, Fault> {
    let province = catalogue.provinces.find(text, period.end()).ok_or_else(|| unknown.province(catalogue, text, period.end()))?;
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
    let instead = (!then.is_empty()).then(|| message!(en: "; then it was {}", vi: "; khi đó là {}", then.join(", ")));
    let why = catalogue.provinces.before_the_record(&[province], period.end());
    let time = province.time();
    let message = message!(
        en: "{} existed {time}, not at the end of {period}{instead}{why}",
        vi: "{} tồn tại {time}, không tồn tại vào cuối kỳ {period}{instead}{why}"; time, instead, why; province.key
    );
    Err(Fault::new(Code::ProvinceNotInPeriod, message).allowing(then))
}

/// Number of unknown names of a batch for which near ones are offered. To find these, all names of the catalogue are compared, and batches
/// are checked one at a time.
const MOST_OFFERS: usize = 100;

/// The faults of names in a batch that the catalogue does not have. Rows with the same name have the same fault.
#[derive(Debug, Default)]
pub(crate) struct UnknownNames {
    indicators: RefCell<HashMap<String, Fault>>,
    provinces: RefCell<HashMap<(String, NaiveDate), Fault>>,
}

impl UnknownNames {
    fn indicator(&self, catalogue: &Catalogue, code: &str, caller: &Caller) -> Fault {
        let mut known = self.indicators.borrow_mut();
        let offers = known.len() < MOST_OFFERS;
        known.entry(code.to_owned()).or_insert_with(|| catalogue.unknown_indicator(code, caller, offers)).clone()
    }

    fn province(&self, catalogue: &Catalogue, text: &str, day: NaiveDate) -> Fault {
        let mut known = self.provinces.borrow_mut();
        let offers = known.len() < MOST_OFFERS;
        known.entry((text.to_owned(), day)).or_insert_with(|| catalogue.provinces.not_found(text, day, offers)).clone()
    }
}

/// An error of a batch, with its row if it concerns one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The index of the row in the batch.
    pub row: Option<usize>,
    /// The error and its place.
    pub located: LocatedFault,
}

/// The errors of a batch for the answer. An error that several rows share is listed once. After a thousand errors, a last entry says
/// that there are more.
#[must_use]
pub fn listed(row_errors: &[RowError]) -> Vec<LocatedFault> {
    let mut said = HashSet::new();
    let all = row_errors.iter().map(|row_error| &row_error.located);
    let once = all.filter(|LocatedFault { place, fault }| said.insert((place.to_string(), fault.code, &fault.message)));
    let mut listed: Vec<LocatedFault> = once.take(MOST_FAULTS + 1).cloned().collect();
    if listed.len() > MOST_FAULTS {
        listed.truncate(MOST_FAULTS);
        listed.push(
            Fault::new(
                Code::MoreFaults,
                message!(
                    en: "there are more faults than are listed: mend these first",
                    vi: "còn nhiều lỗi chưa liệt kê: sửa các lỗi này trước"
                ),
            )
            .at(Location::Request),
        );
    }
    listed
}

/// The index of the row that a pointer leads to.
fn row_of(list: &str, place: &Location) -> Option<usize> {
    let Location::Pointer(pointer) = place else { return None };
    pointer.strip_prefix('/')?.strip_prefix(list)?.strip_prefix('/')?.split('/').next()?.parse().ok()
}

/// The fault of a row about the same series and period as another row. `alike`: both say the same.
#[must_use]
pub fn duplicate(other: &Message, alike: bool) -> Fault {
    let message = if alike {
        message!(
            en: "{other} says the same of this series and period; send it once",
            vi: "{other} cũng nêu đúng số liệu này của cùng chuỗi và kỳ; chỉ gửi một lần"; other
        )
    } else {
        message!(
            en: "{other} says something else of this series and period; send only the one that is right",
            vi: "{other} nêu số liệu khác cho cùng chuỗi và kỳ; chỉ gửi số liệu đúng"; other
        )
    };
    Fault::new(Code::DuplicateRow, message)
}

/// Collects the errors of a batch while its rows are checked. It adds the pointers and detects duplicate rows.
pub(crate) struct Checked {
    list: &'static str,
    faults: Vec<RowError>,
}

impl Checked {
    /// A batch with its rows in the field `list`, and with the errors of reading.
    pub(crate) fn new(list: &'static str, faults: Vec<LocatedFault>) -> Checked {
        let faults = faults.into_iter().map(|located| RowError { row: row_of(list, &located.place), located });
        Checked::with(list, faults.collect())
    }

    /// A batch with known errors.
    pub(crate) fn with(list: &'static str, faults: Vec<RowError>) -> Checked {
        Checked { list, faults }
    }

    /// Returns the valid row, or records its errors.
    pub(crate) fn keep<T>(&mut self, position: usize, checked: Result<T, Vec<(&'static str, Fault)>>) -> Option<T> {
        let broken = match checked {
            Ok(row) => return Some(row),
            Err(broken) => broken,
        };
        for (field, fault) in broken {
            let place = match field {
                // The batch names its province only once.
                "/province" => Location::Pointer(field.into()),
                "" => Location::Pointer(format!("/{}/{position}", self.list)),
                field => Location::Pointer(format!("/{}/{position}/{field}", self.list)),
            };
            self.faults.push(RowError { row: Some(position), located: fault.at(place) });
        }
        None
    }

    /// Rejects rows about one series and period, and returns the others. It is unknown which of two different rows is right, so both are
    /// rejected, each with the name of the other. Of rows that say the same, the first stays. `called` gives the name of a row for the
    /// sender.
    pub(crate) fn reject_duplicates<T>(
        &mut self,
        rows: Vec<T>,
        about: impl Fn(&T) -> (usize, SeriesKey, Period),
        alike: impl Fn(&T, &T) -> bool,
        called: impl Fn(&T) -> Message,
    ) -> Vec<T> {
        let mut first_of: HashMap<(SeriesKey, Period), usize> = HashMap::new();
        let mut rejected: BTreeMap<usize, Fault> = BTreeMap::new();
        for (n, row) in rows.iter().enumerate() {
            let (_, series, period) = about(row);
            let first = *first_of.entry((series, period)).or_insert(n);
            if first == n {
                continue;
            }
            let alike = alike(&rows[first], row);
            rejected.insert(n, duplicate(&called(&rows[first]), alike));
            if !alike {
                rejected.entry(first).or_insert_with(|| duplicate(&called(row), false));
            }
        }
        let mut kept = Vec::with_capacity(rows.len());
        for (n, row) in rows.into_iter().enumerate() {
            match rejected.remove(&n) {
                None => kept.push(row),
                Some(fault) => {
                    let (position, ..) = about(&row);
                    let place = Location::Pointer(format!("/{}/{position}", self.list));
                    self.faults.push(RowError { row: Some(position), located: fault.at(place) });
                }
            }
        }
        kept
    }

    /// Rejects rows that contradict each other. The error points to the first of them.
    pub(crate) fn reject(&mut self, rows: &[usize], fault: &Fault) {
        let Some(first) = rows.first() else { return };
        let place = Location::Pointer(format!("/{}/{first}", self.list));
        self.faults.extend(rows.iter().map(|row| RowError { row: Some(*row), located: fault.clone().at(place.clone()) }));
    }

    /// The rows with errors so far.
    pub(crate) fn rows_with_errors(&self) -> impl Iterator<Item = usize> {
        self.faults.iter().filter_map(|row_error| row_error.row)
    }

    /// All errors of the batch.
    pub(crate) fn into_faults(self) -> Vec<RowError> {
        self.faults
    }
}

/// The names in a row, as far as they could be read.
pub(crate) struct RowKey<'b> {
    /// Key, code or name of the province.
    pub(crate) province: Option<&'b str>,
    /// Where the province is named: `/province` in the batch, `province` in the row.
    pub(crate) province_at: &'static str,
    /// The part of the period in which the province must exist.
    pub(crate) presence: ValidityRule,
    /// The calendar; absent for that of the indicator.
    pub(crate) calendar: Option<Calendar>,
    /// The period.
    pub(crate) period: Option<PeriodCode>,
    /// The code of the indicator.
    pub(crate) indicator: Option<String>,
    /// The breakdown.
    pub(crate) breakdown: Option<Breakdown>,
}

/// The subject of a row, as far as it could be read and found.
pub(crate) struct ResolvedRow<'c> {
    /// The indicator.
    pub(crate) indicator: Option<Versioned<'c>>,
    /// The period.
    pub(crate) period: Option<Period>,
    /// The series, if all its parts were found.
    pub(crate) series: Option<SeriesKey>,
}

impl<'c> ResolvedRow<'c> {
    /// Finds the province, the indicator and the part that a row names; what cannot be found is a fault of its field.
    pub(crate) fn check(
        named: RowKey<'_>,
        catalogue: &'c Catalogue,
        caller: &Caller,
        unknown: &UnknownNames,
        faults: &mut Vec<(&'static str, Fault)>,
    ) -> ResolvedRow<'c> {
        let RowKey { province, province_at, presence, calendar, period, indicator, breakdown } = named;
        let found = indicator.and_then(|code| {
            let found = catalogue.find_indicator(&code, caller);
            found.or_else(|| {
                faults.push(("indicator", unknown.indicator(catalogue, &code, caller)));
                None
            })
        });
        let calendar = calendar.or(found.map(|found| found.indicator.calendar)).unwrap_or(Calendar::Civil);
        let period = period.map(|period| period.in_calendar(calendar));
        let unit = province.zip(period).and_then(|(text, period)| {
            unit_of(catalogue, text, period, presence, unknown).map_err(|fault| faults.push((province_at, fault))).ok()
        });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::indicator::Indicator;
    use crate::domain::catalogue::province::Provinces;
    use crate::domain::testing::flow;

    #[test]
    fn a_name_is_searched_once_in_a_batch_and_near_ones_are_offered_for_the_first_hundred() {
        let known = Indicator { code: "bts-sites".into(), ..flow() };
        let catalogue = Catalogue::new(Provinces::new(Vec::new()), vec![known]);
        let unknown = UnknownNames::default();
        let offered = |code: &str| unknown.indicator(&catalogue, code, &Caller::anyone()).allowed.len();

        let first = offered("bts-sitez");
        (1..MOST_OFFERS).for_each(|n| assert_eq!(offered(&format!("bts-sites-{n}")), 1, "{n}"));

        assert_eq!((first, offered("bts-sitex"), offered("bts-sitez")), (1, 0, 1), "the first, the hundred and first, the first again");
    }
}
