//! The definitions that come with the program in `data`: lists in the shapes that are stored.
//! They have no `v`: a release brings its files along.

use super::indicator::StoredIndicator;
use super::parse;
use super::rule::StoredRule;
use crate::domain::indicator::Indicator;
use crate::domain::rule::Rule;
use crate::store::conn::Failure;

/// Reads a list of indicators.
///
/// # Errors
/// `Failure::Corrupt` for what is no such list.
pub fn indicators(text: &str) -> Result<Vec<Indicator>, Failure> {
    parse::<Vec<StoredIndicator>>(text)?.into_iter().map(Indicator::try_from).collect()
}

/// Reads a list of rules.
///
/// # Errors
/// `Failure::Corrupt` for what is no such list.
pub fn rules(text: &str) -> Result<Vec<Rule>, Failure> {
    parse::<Vec<StoredRule>>(text)?.into_iter().map(Rule::try_from).collect()
}
