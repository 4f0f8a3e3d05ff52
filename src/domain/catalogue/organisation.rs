//! Organisations: the departments and enterprises that report, and whether their submissions need a review.
//! Their clients are in `access`, their obligations in `reporting`.

use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;

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

/// Checks that a text has the form of an identifier: groups of letters and digits, joined by dots.
///
/// # Errors
/// `invalid_value`.
pub fn check_id(text: &str) -> Result<(), Fault> {
    let group = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_alphanumeric());
    if text.len() <= LONGEST_ID && text.split('.').all(group) {
        return Ok(());
    }
    let message = message!(
        en: "an identifier is groups of letters and digits joined by dots, at most {LONGEST_ID} characters, such as H02.12",
        vi: "mã cơ quan gồm các nhóm chữ và số nối bằng dấu chấm, nhiều nhất {LONGEST_ID} ký tự, như H02.12"
    );
    Err(Fault::new(Code::InvalidValue, message))
}

#[cfg(test)]
mod tests {
    use super::check_id;

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
            assert_eq!(check_id(text).is_ok(), good, "{text}");
        }
    }
}
