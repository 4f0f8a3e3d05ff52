//! Rules between figures, as `definition_versions.definition` keeps them.
//! What a rule means is for `domain`; here its terms are data.

use serde::{Deserialize, Serialize};

use super::parts::{StoredBreakdown, breakdown, into_breakdown};
use super::{check_version, parse, write};
use crate::domain::catalogue::rule::{MissingFigures, Relation, Rule, Severity, Term};
use crate::domain::number::decimal::Decimal;
use crate::store::conn::StoreError;
use crate::store::values::word;

/// Version 1; version 0 is the same without `v`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredRule {
    #[serde(default)]
    v: u32,
    code: String,
    name: String,
    name_en: String,
    left: Vec<StoredTerm>,
    relation: String,
    right: Vec<StoredTerm>,
    divided_by: Vec<StoredTerm>,
    tolerance: Option<Decimal>,
    missing: String,
    severity: String,
    legal_reference: Option<String>,
    retired: bool,
}

/// Either an indicator, with a breakdown for a part of it, or a value.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTerm {
    #[serde(skip_serializing_if = "Option::is_none")]
    indicator: Option<String>,
    #[serde(default, skip_serializing_if = "StoredBreakdown::is_empty")]
    breakdown: StoredBreakdown,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Decimal>,
}

pub(in crate::store) fn to_json(rule: &Rule) -> String {
    write(&StoredRule::from(rule))
}

pub(in crate::store) fn from_json(text: &str) -> Result<Rule, StoreError> {
    parse::<StoredRule>(text)?.try_into()
}

impl From<&Rule> for StoredRule {
    fn from(rule: &Rule) -> StoredRule {
        let Rule { code, name, name_en, left, relation, right, divided_by, tolerance, missing, severity, legal_reference, retired } = rule;
        let [left, right, divided_by] = [left, right, divided_by].map(|side| side.iter().map(StoredTerm::from).collect());
        StoredRule {
            v: 1,
            code: code.clone(),
            name: name.clone(),
            name_en: name_en.clone(),
            left,
            relation: relation.as_str().to_owned(),
            right,
            divided_by,
            tolerance: *tolerance,
            missing: missing.as_str().to_owned(),
            severity: severity.as_str().to_owned(),
            legal_reference: legal_reference.clone(),
            retired: *retired,
        }
    }
}

impl TryFrom<StoredRule> for Rule {
    type Error = StoreError;

    fn try_from(stored: StoredRule) -> Result<Rule, StoreError> {
        check_version(stored.v, 1)?;
        let side = |terms: Vec<StoredTerm>| terms.into_iter().map(Term::try_from).collect::<Result<Vec<Term>, StoreError>>();
        Ok(Rule {
            code: stored.code,
            name: stored.name,
            name_en: stored.name_en,
            left: side(stored.left)?,
            relation: word(&stored.relation, Relation::parse)?,
            right: side(stored.right)?,
            divided_by: side(stored.divided_by)?,
            tolerance: stored.tolerance,
            missing: word(&stored.missing, MissingFigures::parse)?,
            severity: word(&stored.severity, Severity::parse)?,
            legal_reference: stored.legal_reference,
            retired: stored.retired,
        })
    }
}

impl From<&Term> for StoredTerm {
    fn from(term: &Term) -> StoredTerm {
        match term {
            Term::Figure { indicator, breakdown: of } => {
                StoredTerm { indicator: Some(indicator.clone()), breakdown: breakdown(of), value: None }
            }
            Term::Number { value } => StoredTerm { indicator: None, breakdown: StoredBreakdown::new(), value: Some(*value) },
        }
    }
}

impl TryFrom<StoredTerm> for Term {
    type Error = StoreError;

    fn try_from(stored: StoredTerm) -> Result<Term, StoreError> {
        match stored {
            StoredTerm { indicator: Some(indicator), breakdown, value: None } => {
                Ok(Term::Figure { indicator, breakdown: into_breakdown(breakdown)? })
            }
            StoredTerm { indicator: None, breakdown, value: Some(value) } if breakdown.is_empty() => Ok(Term::Number { value }),
            StoredTerm { .. } => Err(StoreError::Corrupt("a term of a rule that is neither an indicator nor a value".into())),
        }
    }
}
