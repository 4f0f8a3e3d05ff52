//! Rules as submitted, and their checks against the catalogue, with the place of every error.
//! The definition of a rule is in `catalogue::rule`.

use super::rule_check::faults;
use crate::domain::access::role::Caller;
use crate::domain::catalogue::rule::{MissingFigures, Relation, Rule, Severity, Term};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::number::decimal::Decimal;
use crate::domain::read_only::ReadOnly;
use crate::domain::text::is_code;

/// A rule as submitted. A field that could not be read is absent and has an error.
#[derive(Debug, Default)]
pub struct Draft {
    /// The code, from the path.
    pub code: String,
    /// The requirement in words, in Vietnamese.
    pub name: Option<String>,
    /// The requirement in English.
    pub name_en: Option<String>,
    /// The readable terms of the three lists, each with its index: left, right, divided by.
    pub sides: [Vec<(usize, Term)>; 3],
    /// The relation of the left side to the right side.
    pub relation: Option<Relation>,
    /// The allowed difference beyond rounding.
    pub tolerance: Option<Decimal>,
    /// What the rule does if a figure is missing; absent for `skip`.
    pub missing: Option<MissingFigures>,
    /// The effect on a row that breaks the rule.
    pub severity: Option<Severity>,
    /// The legal text that requires it.
    pub legal_reference: Option<String>,
    /// Whether the rule is no longer checked.
    pub retired: bool,
    /// The reason for the change.
    pub reason: Option<String>,
    /// The read-only members.
    pub read_only: ReadOnly,
    /// The errors of reading.
    pub faults: Vec<LocatedFault>,
}

impl Draft {
    /// Checks the rule.
    ///
    /// # Errors
    /// All errors: of reading, and of the checks against the catalogue.
    pub fn check(self, catalogue: &Catalogue, caller: &Caller) -> Result<Rule, Vec<LocatedFault>> {
        let Draft { code, name, name_en, sides, relation, tolerance, missing, severity, legal_reference, retired, .. } = self;
        let mut all = self.faults;
        if !is_code(&code) {
            let message = message!(
                en: "a code is lower-case words joined by hyphens, at most 64 characters",
                vi: "mã gồm các từ viết thường không dấu nối bằng gạch ngang, nhiều nhất 64 ký tự"
            );
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
