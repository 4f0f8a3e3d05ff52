//! Rules as they are sent: held against the catalogue, every fault at its place.
//! What a rule means stands in `rule`.

use super::rule_check::faults;
use crate::domain::access::role::Caller;
use crate::domain::catalogue::rule::{MissingFigures, Relation, Rule, Severity, Term};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::number::decimal::Decimal;
use crate::domain::text::is_code;

/// A rule as it was sent; what could not be read is absent and has its fault.
#[derive(Debug, Default)]
pub struct Draft {
    /// The code, from the path.
    pub code: String,
    /// What it asks, in Vietnamese.
    pub name: Option<String>,
    /// The same in English.
    pub name_en: Option<String>,
    /// The terms of the three lists that could be read, each with its place: left, right, divided by.
    pub sides: [Vec<(usize, Term)>; 3],
    /// How the sides stand to each other.
    pub relation: Option<Relation>,
    /// By how much they may differ beyond rounding.
    pub tolerance: Option<Decimal>,
    /// What it says where a figure is missing; that it is not checked when absent.
    pub missing: Option<MissingFigures>,
    /// What becomes of a row that breaks it.
    pub severity: Option<Severity>,
    /// The text that asks for it.
    pub legal_reference: Option<String>,
    /// Whether it is asked no longer.
    pub retired: bool,
    /// Why it changes.
    pub reason: Option<String>,
    /// What could not be read.
    pub faults: Vec<LocatedFault>,
}

impl Draft {
    /// The rule, where nothing is wrong with it.
    ///
    /// # Errors
    /// Every fault: what could not be read, and what cannot be beside the catalogue.
    pub fn check(self, catalogue: &Catalogue, caller: &Caller) -> Result<Rule, Vec<LocatedFault>> {
        let Draft { code, name, name_en, sides, relation, tolerance, missing, severity, legal_reference, retired, .. } = self;
        let mut all = self.faults;
        if !is_code(&code) {
            let message = "a code is lower-case words joined by hyphens, at most 64 characters";
            all.push(Fault::new(Code::InvalidValue, message).at(Location::Parameter("code".into())));
        }
        let placed = sides.each_ref().map(|side| side.iter().map(|(place, term)| (*place, term)).collect());
        all.extend(faults(&placed, tolerance, catalogue, caller));
        let [left, right, divided_by] = sides.map(|side| side.into_iter().map(|(_, term)| term).collect());
        let missing = missing.unwrap_or(MissingFigures::Skip);
        match (name, name_en, relation, severity) {
            (Some(name), Some(name_en), Some(relation), Some(severity)) if all.is_empty() => {
                Ok(Rule { code, name, name_en, left, relation, right, divided_by, tolerance, missing, severity, legal_reference, retired })
            }
            _ => Err(all),
        }
    }
}
