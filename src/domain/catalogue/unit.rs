//! Units of measure and their names in both languages, as reports print them.
//! The list is `data/units.tsv`; an indicator in another unit brings the names of its own.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::domain::language::Language;

/// The unit of rates. Its name is a sign.
pub const PERCENT: &str = "percent";

/// Signs of currencies, each with the code of ISO 4217 that it most likely means in Viet Nam.
const CURRENCY_SIGNS: [(char, &str); 8] =
    [('₫', "VND"), ('$', "USD"), ('€', "EUR"), ('£', "GBP"), ('¥', "JPY"), ('₩', "KRW"), ('฿', "THB"), ('₭', "LAK")];

/// The code of ISO 4217 for no currency.
pub const NO_CURRENCY: &str = "XXX";

/// Whether a code of a unit is that of a currency.
#[must_use]
pub fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase())
}

/// Whether a character is the sign of a currency.
#[must_use]
pub fn is_currency_sign(sign: char) -> bool {
    CURRENCY_SIGNS.iter().any(|(known, _)| *known == sign)
        || matches!(sign, '¢' | '¤' | '\u{20a0}'..='\u{20cf}' | '\u{fe69}' | '\u{ff04}' | '\u{ffe0}' | '\u{ffe1}' | '\u{ffe5}' | '\u{ffe6}')
}

/// A text with the code in place of each sign of a currency: folding drops signs, and `$` is no dash.
#[must_use]
pub fn with_currency_codes(text: &str) -> Cow<'_, str> {
    if !text.contains(is_currency_sign) {
        return Cow::Borrowed(text);
    }
    let mut words = text.replace("US$", "$");
    for sign in text.chars().filter(|sign| is_currency_sign(*sign)) {
        let code = CURRENCY_SIGNS.iter().find(|(known, _)| *known == sign).map_or(NO_CURRENCY, |(_, code)| code);
        words = words.replace(sign, &format!(" {code} "));
    }
    Cow::Owned(words)
}

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
    fn signs_of_currencies_become_codes() {
        for (text, expected, is_sign) in
            [("triệu $", "triệu  USD ", true), ("US$", " USD ", true), ("€", " EUR ", true), ("₱", " XXX ", true), ("tỷ đ", "tỷ đ", false)]
        {
            assert_eq!((with_currency_codes(text).as_ref(), text.contains(is_currency_sign)), (expected, is_sign), "{text}");
        }
        let currencies: Vec<&str> = units().iter().map(|unit| unit.code).filter(|code| is_currency(code)).collect();
        assert_eq!(currencies, ["EUR", "USD", "VND"]);
    }

    #[test]
    fn every_line_of_the_list_is_a_unit_with_all_its_names() {
        let lines: Vec<&str> = include_str!("../../../data/units.tsv").lines().collect();
        let codes: BTreeSet<&str> = units().iter().map(|unit| unit.code).collect();

        assert_eq!(lines[0], "code\tname\tname_en\tplural_en");
        assert_eq!((units().len(), codes.len()), (lines.len() - 1, lines.len() - 1), "none is left out, and none is there twice");
    }
}
