//! The definitions that come with the program in `data`: lists in the shapes that are stored.
//! They have no `v`: a release brings its files along.

use super::indicator::StoredIndicator;
use super::parse;
use super::rule::StoredRule;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::rule::Rule;
use crate::store::conn::StoreError;

/// Reads a list of indicators.
///
/// # Errors
/// `StoreError::Corrupt` for what is no such list.
pub fn indicators(text: &str) -> Result<Vec<Indicator>, StoreError> {
    parse::<Vec<StoredIndicator>>(text)?.into_iter().map(Indicator::try_from).collect()
}

/// Reads a list of rules.
///
/// # Errors
/// `StoreError::Corrupt` for what is no such list.
pub fn rules(text: &str) -> Result<Vec<Rule>, StoreError> {
    parse::<Vec<StoredRule>>(text)?.into_iter().map(Rule::try_from).collect()
}
