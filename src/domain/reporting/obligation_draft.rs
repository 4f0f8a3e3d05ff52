//! Obligations as they are sent: held against the catalogue and those on record, and what each comes to.
//! What an obligation means stands in `obligation`.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::deadline::Deadline;
use super::obligation::{Figures, Obligation, ObligationDefinition};
use crate::domain::access::role::Caller;
use crate::domain::batch::rows::{RowError, listed};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::outcome::Outcome;
use crate::domain::time::period::{Calendar, Frequency};

/// Obligations of one organisation as they were sent.
#[derive(Debug)]
pub struct Draft {
    /// The identifier of the organisation; absent when it could not be read.
    pub organisation: Option<String>,
    /// Key, code or name of the province; absent when it could not be read.
    pub province: Option<String>,
    /// The decision.
    pub source: Source,
    /// Why what is on record changes.
    pub reason: Option<String>,
    /// The obligations whose shape could be read.
    pub rows: Vec<DraftRow>,
    /// What could not be read.
    pub faults: Vec<LocatedFault>,
}

/// Obligations that differ by their indicators only; what could not be read is absent and has its fault.
#[derive(Debug)]
pub struct DraftRow {
    /// The place in the list, for pointing at it.
    pub position: usize,
    /// The codes of the indicators that could be read, each with its place.
    pub indicators: Vec<(usize, String)>,
    /// How often.
    pub frequency: Option<Frequency>,
    /// In which calendar; each indicator's own when absent.
    pub calendar: Option<Calendar>,
    /// Whether each figure covers its year to date.
    pub cumulative: bool,
    /// The first due day.
    pub valid_from: Option<NaiveDate>,
    /// What is said of them.
    pub says: Option<ObligationChange>,
}

/// What is said of an obligation.
#[derive(Debug, Clone, Copy)]
pub enum ObligationChange {
    /// That it holds.
    Owed {
        /// By when.
        deadline: Deadline,
        /// Days after the due day until it closes.
        closes_after_days: Option<u32>,
        /// The last due day.
        valid_to: Option<NaiveDate>,
    },
    /// That it does not, after all.
    Withdrawn,
}

/// What an obligation that was sent comes to.
#[derive(Debug)]
pub struct CheckedObligation {
    /// The pointer to its indicator.
    pub place: String,
    /// The obligation as it stands now, or stood before it was withdrawn.
    pub obligation: Obligation,
    /// What that changes.
    pub outcome: Outcome,
}

/// A pointer to where a fault is, and the fault.
type Broken = Vec<(String, Fault)>;

impl Draft {
    /// Holds obligations against the catalogue and those on record. The same again changes nothing; another deadline, closing or last
    /// day is a new version. On no day may the same figures be owed twice, by whomever.
    ///
    /// # Errors
    /// Every rule that one of them breaks, each at its field.
    pub fn check(
        self,
        known: &[Obligation],
        catalogue: &Catalogue,
        caller: &Caller,
        at: DateTime<Utc>,
        new_id: impl Fn() -> String,
    ) -> Result<Vec<CheckedObligation>, Vec<LocatedFault>> {
        let Draft { organisation, province, source, reason, rows, faults } = self;
        let on_record: HashMap<_, &Obligation> = known.iter().map(|known| (known.terms.identity(), known)).collect();
        let mut broken: Broken = Vec::new();
        let mut decided = Vec::new();
        let mut said = HashSet::new();
        for row in rows {
            let (Some(organisation), Some(province)) = (&organisation, &province) else { break };
            for (place, says, terms) in row.check(organisation, province, catalogue, caller, &mut broken) {
                if !said.insert(terms.identity()) {
                    broken.push((place, Fault::new(Code::DuplicateRow, format!("`{}` comes twice with the same terms", terms.indicator))));
                    continue;
                }
                let found = on_record.get(&terms.identity()).copied();
                let same = found.is_some_and(|known| known.terms == terms && known.source == source);
                let outcome = match (says, found) {
                    (ObligationChange::Withdrawn, None) => {
                        let message = format!("`{}` does not owe `{}` from {} on", terms.organisation, terms.indicator, terms.valid_from);
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
                decided.push(CheckedObligation { place, obligation, outcome });
            }
        }
        broken.extend(owed_twice(known, &decided));
        let pointed = broken.into_iter().map(|(pointer, fault)| fault.at(Location::Pointer(pointer)));
        let faults: Vec<RowError> = faults.into_iter().chain(pointed).map(|located| RowError { row: None, located }).collect();
        if faults.is_empty() { Ok(decided) } else { Err(listed(&faults)) }
    }
}

impl DraftRow {
    fn check(
        self,
        organisation: &str,
        text: &str,
        catalogue: &Catalogue,
        caller: &Caller,
        broken: &mut Broken,
    ) -> Vec<(String, ObligationChange, ObligationDefinition)> {
        let DraftRow { position, indicators, frequency, calendar, cumulative, valid_from, says } = self;
        let at = |field: &str| format!("/obligations/{position}/{field}");
        let (Some(frequency), Some(valid_from), Some(says)) = (frequency, valid_from, says) else { return Vec::new() };
        let (deadline, closes_after_days, valid_to) = match says {
            ObligationChange::Owed { deadline, closes_after_days, valid_to } => (deadline, closes_after_days, valid_to),
            // What is withdrawn is found by the other terms; any deadline does.
            ObligationChange::Withdrawn => (Deadline { months_after: 0, day: 31 }, None, None),
        };
        // The batch names its province once.
        let of_batch = |fault: Fault| ("/province".to_owned(), fault);
        let province = match catalogue.provinces.resolve(text, valid_from) {
            Ok(province) => province,
            Err(fault) => {
                broken.push(of_batch(fault));
                return Vec::new();
            }
        };
        let mut all = Vec::new();
        for (n, code) in indicators {
            let place = at(&format!("indicators/{n}"));
            let found = match catalogue.indicator(&code, caller) {
                Ok(found) => found.indicator,
                Err(fault) => {
                    broken.push((place, fault));
                    continue;
                }
            };
            let terms = ObligationDefinition {
                organisation: organisation.to_owned(),
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
                let message = format!("{} exists {}: nothing of it falls due {}", province.key, province.time(), terms.time());
                broken.push(of_batch(Fault::new(Code::ProvinceNotInPeriod, message)));
            }
            broken.extend(faults);
            all.push((place, says, terms));
        }
        all
    }
}

/// What would be owed twice on the same day, once the obligations that were sent are on record.
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
        // One other is enough: thousands that overlap would make millions of pairs.
        let twice = others.find(|other| other.id != obligation.id && other.terms.overlaps(&obligation.terms));
        broken.extend(twice.map(|other| {
            let ObligationDefinition { organisation, indicator, .. } = &other.terms;
            let message = format!(
                "`{organisation}` owes `{indicator}` {} already: whoever is responsible until then ends the day before",
                other.terms.time()
            );
            (place.clone(), Fault::new(Code::AlreadyOwed, message).allowing([organisation]))
        }));
    }
    broken
}
