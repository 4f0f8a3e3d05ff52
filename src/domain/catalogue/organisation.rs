//! Organisations: the departments and enterprises that report, and whether their submissions need a review.
//! Their clients are in `access`, their obligations in `reporting`.

/// A reporting organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// The identifier (QĐ 20/2020/QĐ-TTg): dotted groups of up to 35 characters in total, such as `H02.12`.
    pub id: String,
    /// The name.
    pub name: String,
    /// Whether its submissions are published without review.
    pub trusted: bool,
}

/// Maximum number of characters of an identifier.
const LONGEST_ID: usize = 35;

/// Whether a text has the form of an identifier: groups of letters and digits, joined by dots.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let group = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_alphanumeric());
    text.len() <= LONGEST_ID && text.split('.').all(group)
}

#[cfg(test)]
mod tests {
    use super::is_id;

    #[test]
    fn an_identifier_is_dotted_groups_of_at_most_35_characters() {
        for (text, good) in [
            ("H02.12", true),
            ("000.00.12.H02", true),
            ("vnpt", true),
            ("", false),
            ("H02.", false),
            ("H02..12", false),
            ("H02 12", false),
            ("Sở", false),
            ("12345678901234567890123456789012345", true),
            ("123456789012345678901234567890123456", false),
        ] {
            assert_eq!(is_id(text), good, "{text}");
        }
    }
}
