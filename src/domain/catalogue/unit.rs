//! Units of measure and their names in both languages, as reports print them.
//! The list is `data/units.tsv`; an indicator in another unit brings the names of its own.

use std::sync::LazyLock;

use crate::domain::language::Language;

/// The unit of rates. Its name is a sign.
pub const PERCENT: &str = "percent";

/// A unit of the list.
#[derive(Debug)]
pub struct Unit {
    /// The code: that of ISO 4217 for a currency, otherwise an English word.
    pub code: &'static str,
    /// The Vietnamese name.
    pub name: &'static str,
    /// The English name of one.
    pub name_en: &'static str,
    /// The English name of several.
    pub plural_en: &'static str,
}

impl Unit {
    /// The name beside a number; `one` if the number is 1.
    #[must_use]
    pub fn name(&self, language: Language, one: bool) -> &'static str {
        match language {
            Language::Vietnamese => self.name,
            Language::English if one => self.name_en,
            Language::English => self.plural_en,
        }
    }
}

static UNITS: LazyLock<Vec<Unit>> = LazyLock::new(|| include_str!("../../../data/units.tsv").lines().skip(1).filter_map(unit).collect());

/// The units of the list, except percent.
#[must_use]
pub fn units() -> &'static [Unit] {
    &UNITS
}

/// The unit with a code, if it is in the list.
#[must_use]
pub fn find(code: &str) -> Option<&'static Unit> {
    units().iter().find(|unit| unit.code == code)
}

fn unit(line: &'static str) -> Option<Unit> {
    let mut cells = line.split('\t');
    let mut cell = || cells.next().filter(|cell| !cell.is_empty());
    Some(Unit { code: cell()?, name: cell()?, name_en: cell()?, plural_en: cell()? })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_line_of_the_list_is_a_unit_with_all_its_names() {
        let lines: Vec<&str> = include_str!("../../../data/units.tsv").lines().collect();
        let codes: BTreeSet<&str> = units().iter().map(|unit| unit.code).collect();

        assert_eq!(lines[0], "code\tname\tname_en\tplural_en");
        assert_eq!((units().len(), codes.len()), (lines.len() - 1, lines.len() - 1), "none is left out, and none is there twice");
    }
}
