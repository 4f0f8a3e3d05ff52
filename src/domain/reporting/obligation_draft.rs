//! Obligations as submitted: the checks against the catalogue and the stored obligations, and the results.
//! The definition of an obligation is in `obligation`.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::deadline::Deadline;
use super::obligation::{Figures, Obligation, ObligationDefinition};
use crate::domain::access::role::Caller;
use crate::domain::batch::rows::{RowError, listed};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::outcome::Outcome;
use crate::domain::read_only::ReadOnly;
use crate::domain::time::period::{Calendar, Frequency};

/// Obligations as submitted.
#[derive(Debug, Default)]
pub struct Draft {
    /// The obligations with a readable structure.
    pub rows: Vec<DraftRow>,
    /// The read-only members.
    pub read_only: ReadOnly,
    /// The errors of reading.
    pub faults: Vec<LocatedFault>,
}

/// Obligations that differ only in their indicators. A field that could not be read is absent and has an error.
#[derive(Debug)]
pub struct DraftRow {
    /// The index in the list, for error pointers.
    pub position: usize,
    /// The identifier of the organisation; absent if it could not be read.
    pub organisation: Option<String>,
    /// Key, code or name of the province; absent if it could not be read.
    pub province: Option<String>,
    /// Whether the row names the province, and not the batch.
    pub own_province: bool,
    /// The readable indicator codes, each with its pointer.
    pub indicators: Vec<(String, String)>,
    /// The reporting frequency.
    pub frequency: Option<Frequency>,
    /// The calendar; absent for that of each indicator.
    pub calendar: Option<Calendar>,
    /// Whether each figure is a year to date.
    pub cumulative: bool,
    /// The first due day.
    pub valid_from: Option<NaiveDate>,
    /// The content.
    pub says: Option<ObligationChange>,
    /// The legal decision.
    pub source: Source,
    /// The reason for the change of a stored obligation.
    pub reason: Option<String>,
}

/// The content of a submitted obligation.
#[derive(Debug, Clone, Copy)]
pub enum ObligationChange {
    /// The obligation is valid.
    Owed {
        /// The due day.
        deadline: Deadline,
        /// Days from the due day to the closing day.
        closes_after_days: Option<u32>,
        /// The last due day.
        valid_to: Option<NaiveDate>,
    },
    /// The obligation is withdrawn.
    Withdrawn,
}

/// The result of a submitted obligation.
#[derive(Debug)]
pub struct CheckedObligation {
    /// The pointer to its indicator.
    pub place: String,
    /// The pointer to its province.
    pub of_province: String,
    /// The obligation after the change; for a withdrawal, the last one before it.
    pub obligation: Obligation,
    /// The outcome for the stored obligation.
    pub outcome: Outcome,
}

/// Error pointers with their errors.
type Broken = Vec<(String, Fault)>;

impl Draft {
    /// Checks obligations against the catalogue and the stored ones. An equal obligation changes nothing; another deadline, closing day
    /// or last day makes a new version. The same figures may not be owed twice on one day, by any organisation.
    ///
    /// # Errors
    /// All broken rules, each with its field.
    pub fn check(
        self,
        known: &[Obligation],
        catalogue: &Catalogue,
        caller: &Caller,
        at: DateTime<Utc>,
        new_id: impl Fn() -> String,
    ) -> Result<Vec<CheckedObligation>, Vec<LocatedFault>> {
        let Draft { rows, read_only, mut faults } = self;
        let on_record: HashMap<_, &Obligation> = known.iter().map(|known| (known.terms.identity(), known)).collect();
        let mut broken: Broken = Vec::new();
        let mut decided = Vec::new();
        let mut said = HashSet::new();
        for row in rows {
            let of_province = row.of_province();
            let (position, source, reason) = (row.position, row.source.clone(), row.reason.clone());
            for (place, says, terms) in row.check(catalogue, caller, &mut broken) {
                if !said.insert(terms.identity()) {
                    broken.push((
                        place,
                        Fault::new(
                            Code::DuplicateRow,
                            message!(
                                en: "`{}` comes twice with the same terms",
                                vi: "chỉ tiêu `{}` được nêu hai lần với cùng nội dung", terms.indicator
                            ),
                        ),
                    ));
                    continue;
                }
                let found = on_record.get(&terms.identity()).copied();
                let stored: Vec<_> = found.into_iter().flat_map(Obligation::read_only).collect();
                faults.extend(read_only.differences(&format!("/obligations/{position}"), &stored));
                let same = found.is_some_and(|known| known.terms == terms && known.source == source);
                let outcome = match (says, found) {
                    (ObligationChange::Withdrawn, None) => {
                        let first = terms.valid_from;
                        let message = message!(
                            en: "`{}` does not owe `{}` from {first} on",
                            vi: "`{}` không có nghĩa vụ báo cáo `{}` từ ngày {first}"; first; terms.organisation, terms.indicator
                        );
                        broken.push((place, Fault::new(Code::NothingToWithdraw, message)));
                        continue;
                    }
                    (ObligationChange::Withdrawn, Some(_)) => Outcome::Withdrawn,
                    (ObligationChange::Owed { .. }, None) => Outcome::Created,
                    (ObligationChange::Owed { .. }, Some(_)) if same => Outcome::Unchanged,
                    (ObligationChange::Owed { .. }, Some(_)) => Outcome::Updated,
                };
                let obligation = match found.filter(|_| outcome == Outcome::Unchanged) {
                    Some(unchanged) => unchanged.clone(),
                    None => Obligation {
                        id: found.map_or_else(&new_id, |known| known.id.clone()),
                        version: found.map_or(0, |known| known.version) + 1,
                        terms: found.filter(|_| outcome == Outcome::Withdrawn).map_or(terms, |known| known.terms.clone()),
                        source: source.clone(),
                        reason: reason.clone(),
                        recorded_at: at,
                    },
                };
                decided.push(CheckedObligation { place, of_province: of_province.clone(), obligation, outcome });
            }
        }
        broken.extend(owed_twice(known, &decided));
        let pointed = broken.into_iter().map(|(pointer, fault)| fault.at(Location::Pointer(pointer)));
        let faults: Vec<RowError> = faults.into_iter().chain(pointed).map(|located| RowError { row: None, located }).collect();
        if faults.is_empty() { Ok(decided) } else { Err(listed(&faults)) }
    }
}

impl DraftRow {
    /// The pointer to the province, which a batch names only once.
    fn of_province(&self) -> String {
        if self.own_province { format!("/obligations/{}/province", self.position) } else { "/province".into() }
    }

    fn check(self, catalogue: &Catalogue, caller: &Caller, broken: &mut Broken) -> Vec<(String, ObligationChange, ObligationDefinition)> {
        let of_province = self.of_province();
        let DraftRow { position, organisation, province, indicators, frequency, calendar, cumulative, valid_from, says, .. } = self;
        let at = |field: &str| format!("/obligations/{position}/{field}");
        let (Some(organisation), Some(text)) = (organisation, province) else { return Vec::new() };
        let (Some(frequency), Some(valid_from), Some(says)) = (frequency, valid_from, says) else { return Vec::new() };
        let (deadline, closes_after_days, valid_to) = match says {
            ObligationChange::Owed { deadline, closes_after_days, valid_to } => (deadline, closes_after_days, valid_to),
            // A withdrawal is identified by the other fields, so any deadline serves here.
            ObligationChange::Withdrawn => (Deadline { months_after: 0, day: 31 }, None, None),
        };
        let of_province = |fault: Fault| (of_province.clone(), fault);
        let province = match catalogue.provinces.resolve(&text, valid_from) {
            Ok(province) => province,
            Err(fault) => {
                broken.push(of_province(fault));
                return Vec::new();
            }
        };
        let mut all = Vec::new();
        for (place, code) in indicators {
            let found = match catalogue.indicator(&code, caller) {
                Ok(found) => found.indicator,
                Err(fault) => {
                    broken.push((place, fault));
                    continue;
                }
            };
            let terms = ObligationDefinition {
                organisation: organisation.clone(),
                province: province.key.clone(),
                indicator: code,
                frequency,
                calendar: calendar.unwrap_or(found.calendar),
                cumulative,
                deadline,
                closes_after_days,
                valid_from,
                valid_to,
            };
            let faults = terms.faults().into_iter().map(|(field, fault)| (at(field), fault));
            let faults: Vec<_> = faults.collect();
            if faults.is_empty() && matches!(says, ObligationChange::Owed { .. }) && terms.never_due(province) {
                let (time, owed) = (province.time(), terms.time());
                let message = message!(
                    en: "{} exists {time}: nothing of it falls due {owed}",
                    vi: "{} tồn tại {time}: không có kỳ nào đến hạn {owed}"; time, owed; province.key
                );
                broken.push(of_province(Fault::new(Code::ProvinceNotInPeriod, message)));
            }
            broken.extend(faults);
            all.push((place, says, terms));
        }
        all
    }
}

/// The figures that would be owed twice on the same day after the change.
fn owed_twice(known: &[Obligation], decided: &[CheckedObligation]) -> Broken {
    let replaced: HashSet<&str> = decided.iter().map(|of| of.obligation.id.as_str()).collect();
    let stay = known.iter().filter(|known| !replaced.contains(known.id.as_str()));
    let sent = decided.iter().filter(|of| of.outcome != Outcome::Withdrawn);
    let mut of_figures: HashMap<Figures, Vec<&Obligation>> = HashMap::new();
    for obligation in stay.chain(sent.clone().map(|of| &of.obligation)) {
        of_figures.entry(obligation.terms.figures()).or_default().push(obligation);
    }
    let mut broken = Vec::new();
    for CheckedObligation { place, obligation, .. } in sent.filter(|of| of.outcome != Outcome::Unchanged) {
        let mut others = of_figures.get(&obligation.terms.figures()).into_iter().flatten();
        // The first overlap is enough: thousands of overlaps would give millions of pairs.
        let twice = others.find(|other| other.id != obligation.id && other.terms.overlaps(&obligation.terms));
        broken.extend(twice.map(|other| {
            let ObligationDefinition { organisation, indicator, .. } = &other.terms;
            let time = other.terms.time();
            let message = message!(
                en: "`{organisation}` owes `{indicator}` {time} already: whoever is responsible until then ends the day before",
                vi: "`{organisation}` đã có nghĩa vụ báo cáo `{indicator}` {time}: hãy kết thúc nghĩa vụ cũ vào ngày trước đó"; time
            );
            (place.clone(), Fault::new(Code::AlreadyOwed, message).allowing([organisation]))
        }));
    }
    broken
}
