//! Breakdowns: the part of an indicator that a series measures (`line_type=fixed`). An empty breakdown is the total.
//! The dimensions and members of an indicator are in `indicator`.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;

/// One member per dimension, in the order of the dimension names. Empty for the total.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(value_type = std::collections::HashMap<String, String>)]
pub struct Breakdown(BTreeMap<String, String>);

impl Breakdown {
    /// Makes a breakdown from pairs of dimension and member.
    ///
    /// # Errors
    /// `unknown_breakdown` if a name contains characters that are not allowed, or if a dimension is given twice.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Breakdown, Fault> {
        let mut members = BTreeMap::new();
        for (dimension, member) in pairs {
            if !is_dimension(&dimension) || !is_member(&member) {
                return Err(malformed(&format!("{dimension}:{member}")));
            }
            if members.insert(dimension.clone(), member).is_some() {
                return Err(Fault::new(
                    Code::UnknownBreakdown,
                    message!(
                        en: "the dimension `{dimension}` is given twice",
                        vi: "phân tổ `{dimension}` được nêu hai lần"
                    ),
                ));
            }
        }
        Ok(Breakdown(members))
    }

    /// Reads `line_type:fixed` or `channel:online,topic:health`. The empty text is the total.
    ///
    /// # Errors
    /// As [`Breakdown::new`].
    pub fn parse(text: &str) -> Result<Breakdown, Fault> {
        let pairs = text.split(',').filter(|part| !part.is_empty()).map(|part| {
            let (dimension, member) = part.split_once(':').ok_or_else(|| malformed(part))?;
            Ok((dimension.to_owned(), member.to_owned()))
        });
        Breakdown::new(pairs.collect::<Result<Vec<_>, Fault>>()?)
    }

    /// Whether this is the total.
    #[must_use]
    pub fn is_total(&self) -> bool {
        self.0.is_empty()
    }

    /// This breakdown without one dimension: the larger breakdown that it is part of.
    #[must_use]
    pub fn without(&self, dimension: &str) -> Breakdown {
        let mut members = self.0.clone();
        members.remove(dimension);
        Breakdown(members)
    }

    /// This breakdown with one more dimension and its member.
    #[must_use]
    pub fn with(&self, dimension: &str, member: &str) -> Breakdown {
        let mut members = self.0.clone();
        members.insert(dimension.to_owned(), member.to_owned());
        Breakdown(members)
    }

    /// The pairs of dimension and member.
    pub fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(dimension, member)| (dimension.as_str(), member.as_str()))
    }
}

/// Writes `line_type:fixed`, the form that [`Breakdown::parse`] reads.
impl fmt::Display for Breakdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (dimension, member)) in self.members().enumerate() {
            write!(f, "{}{dimension}:{member}", if n == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

fn malformed(part: &str) -> Fault {
    let shown: String = part.chars().take(60).collect();
    Fault::new(
        Code::UnknownBreakdown,
        message!(
            en: "`{shown}` is not a breakdown such as line_type:fixed",
            vi: "`{shown}` không phải là phân tổ như line_type:fixed"
        ),
    )
}

/// Whether a text has the form of a dimension name: lower-case words joined by underscores, at most 40 characters.
#[must_use]
pub fn is_dimension(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Whether a text has the form of a member, such as `fixed` or `ADSL`: at most 64 characters.
#[must_use]
pub fn is_member(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breakdown_reads_and_prints_in_one_order() {
        for (text, printed) in [("", ""), ("line_type:fixed", "line_type:fixed"), ("topic:x,channel:online", "channel:online,topic:x")] {
            assert_eq!(Breakdown::parse(text).unwrap().to_string(), printed);
        }
        for bad in ["fixed", "Line:fixed", "line_type:", "a:b:c", "line_type:fixed,line_type:mobile", "*", "a:đ"] {
            assert_eq!(Breakdown::parse(bad).unwrap_err().code, Code::UnknownBreakdown, "{bad}");
        }
    }
}
