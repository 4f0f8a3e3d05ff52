//! Units as reports print them: `triệu đồng`, `nghìn thuê bao`, `1.000 người`, `%`, and the power of ten in each.
//! The words for powers are in `sentence`, those for units in the catalogue.

use super::sentence::{POWERS, unit};
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::unit::{NO_CURRENCY, PERCENT, Unit, find, is_currency, units, with_currency_codes};
use crate::domain::text::fold;

/// Words for powers of ten besides those of sentences.
const POWER_WORDS: [(&str, i32); 12] = [
    ("ngan", 3),
    ("thousands", 3),
    ("nghin", 3),
    ("tr", 6),
    ("millions", 6),
    ("mn", 6),
    ("ti", 9),
    ("ty", 9),
    ("billions", 9),
    ("bn", 9),
    ("trillions", 12),
    ("trn", 12),
];

/// Words for units besides their names: code of the unit, folded word.
const UNIT_WORDS: [(&str, &str); 20] = [
    ("VND", "d"),
    ("VND", "vn dong"),
    ("VND", "dong viet nam"),
    ("VND", "viet nam dong"),
    ("VND", "dongs"),
    ("USD", "do la"),
    ("USD", "dollar"),
    ("USD", "dollars"),
    ("EUR", "euro"),
    ("EUR", "euros"),
    ("gigabyte", "gb"),
    ("hectare", "ha"),
    ("hour", "h"),
    ("kilogram", "kg"),
    ("kilometre", "km"),
    ("litre", "l"),
    ("metre", "m"),
    ("square_kilometre", "km2"),
    ("square_metre", "m2"),
    ("tonne", "t"),
];

/// Codes of currencies that no indicator has to be in, folded. A short one may be a word of Vietnamese (`lak`), and is none of them.
const OTHER_CURRENCIES: [&str; 14] = ["aud", "cad", "chf", "cny", "gbp", "hkd", "jpy", "krw", "myr", "rmb", "rub", "sgd", "thb", "twd"];

/// Words for percent.
const PERCENT_WORDS: [&str; 6] = ["phan tram", "percent", "per cent", "percentage", "pct", "ty le phan tram"];

/// The power of ten that a printed unit means for an indicator: 6 for `triệu đồng` where figures are in VND. A power alone (`triệu`) has
/// the unit of the indicator. `None` for another unit.
#[must_use]
pub fn power_in(text: &str, indicator: &Indicator) -> Option<i32> {
    let printed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    // A sign of a power such as 10^-3 is lost in a folded text.
    if printed(text) == printed(&unit(indicator)) {
        return Some(indicator.unit_mult);
    }
    let folded = fold(&with_currency_codes(text));
    if indicator.unit == PERCENT {
        return percent_power(text, &folded);
    }
    if text.contains(['%', '‰', '^']) {
        return None;
    }
    let apart = digits_apart(&folded);
    let words: Vec<&str> = apart.split_whitespace().collect();
    let is_unit = |words: &[&str]| words.is_empty() || is_unit_of(&words.join(" "), indicator);
    if words.is_empty() {
        // A dash says nothing; other signs may say something.
        return text.chars().all(|sign| sign.is_whitespace() || is_dash(sign)).then_some(indicator.unit_mult);
    }
    // The power stands before the unit (`triệu đồng`), or after it (`VND million`).
    (0..=words.len()).find_map(|end| power_of(&words[..end]).filter(|_| is_unit(&words[end..]))).or_else(|| {
        let behind = (0..words.len()).find_map(|begin| power_of(&words[begin..]).filter(|_| is_unit(&words[..begin])));
        behind.or_else(|| abbreviated(&words, &indicator.unit))
    })
}

fn percent_power(text: &str, folded: &str) -> Option<i32> {
    let sign = |sign: char| text.contains(sign) && ["", "ty le"].contains(&folded);
    if sign('%') || PERCENT_WORDS.contains(&folded) || !text.contains(['%', '‰']) && folded.is_empty() {
        return Some(0);
    }
    (sign('‰') || ["phan nghin", "phan ngan", "per mille"].contains(&folded)).then_some(-1)
}

fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The text with a blank between digits and letters: `1000d` becomes `1000 d`.
fn digits_apart(folded: &str) -> String {
    let mut apart = String::with_capacity(folded.len());
    for c in folded.chars() {
        if apart.ends_with(|before: char| before.is_ascii_digit()) && c.is_alphabetic() {
            apart.push(' ');
        }
        apart.push(c);
    }
    apart
}

/// The power of ten of words that are all powers: 12 for `nghìn tỷ`, 3 for `1 000`; 0 for no words.
fn power_of(words: &[&str]) -> Option<i32> {
    let digits = words.concat();
    if let Some(zeros) = digits.strip_prefix('1').filter(|zeros| zeros.bytes().all(|byte| byte == b'0')) {
        return i32::try_from(zeros.len()).ok().filter(|power| (1..=12).contains(power));
    }
    let of_word = |word: &&str| {
        let known = POWERS.iter().find(|(power, vi, en)| *power > 0 && (fold(vi) == **word || en == word)).map(|(power, ..)| *power);
        known.or_else(|| POWER_WORDS.iter().find(|(known, _)| known == word).map(|(_, power)| *power))
    };
    words.iter().map(of_word).sum()
}

/// `trđ`, `ngđ`: a power and đồng in one word.
fn abbreviated(words: &[&str], unit: &str) -> Option<i32> {
    let [word] = words else { return None };
    match (unit, *word) {
        ("VND", "trd") => Some(6),
        ("VND", "ngd" | "nghd") => Some(3),
        ("VND", "tyd" | "tid") => Some(9),
        _ => None,
    }
}

/// The power of ten of the first words for one in a folded text: 6 in `trieu usd`.
#[must_use]
pub fn names_a_power(folded: &str) -> Option<i32> {
    // A company (công ty) and a rate (tỷ lệ) are no billions.
    let bare = folded.replace("cong ty", "").replace("ty le", "");
    let words: Vec<&str> = bare.split_whitespace().collect();
    (0..words.len()).find_map(|at| {
        let run = words[at..].iter().take_while(|word| power_of(&[**word]).is_some()).count();
        power_of(&words[at..at + run]).filter(|_| run > 0)
    })
}

/// Whether a folded text is the name of a unit, perhaps with a power of ten, and not of that of an indicator, or names another currency.
#[must_use]
pub fn is_another_unit(folded: &str, indicator: &Indicator) -> bool {
    let own = fold(&indicator.unit);
    unit_in(folded, |name| !is_unit_of(name, indicator)) || currency_in(folded, |code| code != own)
}

/// Whether a folded text names a unit, a currency or a power of ten.
#[must_use]
pub fn names_a_unit(folded: &str) -> bool {
    names_a_power(folded).is_some() || unit_in(folded, |_| true) || currency_in(folded, |_| true)
}

/// Whether a folded text is the name of a unit that is meant, perhaps with a power of ten before or behind it.
fn unit_in(folded: &str, is_meant: impl Fn(&str) -> bool) -> bool {
    let words: Vec<&str> = folded.split_whitespace().collect();
    let is_unit = |words: &[&str]| {
        let name = words.join(" ");
        is_meant(&name) && units().iter().any(|unit| is_name_of(&name, unit))
    };
    let behind = (0..words.len()).any(|end| power_of(&words[..end]).is_some() && is_unit(&words[end..]));
    behind || (1..words.len()).any(|begin| power_of(&words[begin..]).is_some() && is_unit(&words[..begin]))
}

/// Whether one of the words of a folded text is the code of a currency that is meant.
fn currency_in(folded: &str, is_meant: impl Fn(&str) -> bool) -> bool {
    let of_units = |word: &str| units().iter().any(|unit| is_currency(unit.code) && fold(unit.code) == word);
    let is_code = |word: &str| OTHER_CURRENCIES.contains(&word) || word == fold(NO_CURRENCY) || of_units(word);
    folded.split_whitespace().any(|word| is_code(word) && is_meant(word))
}

/// Whether a folded text is a name of the unit of an indicator, in Vietnamese or English, or its code.
fn is_unit_of(text: &str, indicator: &Indicator) -> bool {
    let label = indicator.unit_label.as_ref().is_some_and(|label| fold(&label.name) == text || fold(&label.name_en) == text);
    let code = &indicator.unit;
    label || fold(code) == text || find(code).is_some_and(|unit| is_name_of(text, unit))
}

fn is_name_of(text: &str, unit: &Unit) -> bool {
    [unit.code, unit.name, unit.name_en, unit.plural_en].into_iter().any(|name| fold(name) == text)
        || UNIT_WORDS.iter().any(|(code, word)| *code == unit.code && *word == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::indicator::Measure;
    use crate::domain::testing::indicator;

    fn of(unit: &str, unit_mult: i32) -> Indicator {
        Indicator { unit: unit.into(), unit_mult, ..indicator(Measure::Flow, 1) }
    }

    #[test]
    fn a_printed_unit_means_a_power_of_ten_or_another_unit() {
        for (unit, unit_mult, text, expected, why) in [
            ("VND", 9, "Tỷ đồng", Some(9), "the unit of the indicator"),
            ("VND", 9, "triệu đồng", Some(6), "another power"),
            ("VND", 9, "đồng", Some(0), "none"),
            ("VND", 9, "nghìn tỷ đồng", Some(12), "two powers"),
            ("VND", 9, "1.000 đồng", Some(3), "in digits"),
            ("VND", 9, "1.000.000đ", Some(6), "digits and a unit in one word"),
            ("VND", 9, "1000000 đ", Some(6), "in digits, and đồng as one letter"),
            ("VND", 9, "Tr.đ", Some(6), "abbreviated"),
            ("VND", 9, "trđ", Some(6), "in one word"),
            ("VND", 9, "VND billion", Some(9), "in English, behind"),
            ("VND", 9, "million VNĐ", Some(6), "in English, before"),
            ("VND", 9, "đồng (triệu)", Some(6), "in brackets"),
            ("VND", 9, "triệu", Some(6), "a power alone"),
            ("VND", 9, "triệu USD", None, "another currency"),
            ("VND", 9, "%", None, "a share"),
            ("VND", 9, "tỷ lệ %", None, "a share that begins with a power"),
            ("VND", 9, "đồng/tháng", None, "in a month"),
            ("VND", 9, "—", Some(9), "nothing"),
            ("VND", 9, " - ", Some(9), "nothing"),
            ("VND", 9, "$", None, "the sign of another currency"),
            ("VND", 9, "triệu $", None, "with a power"),
            ("VND", 9, "€", None, "of another"),
            ("VND", 9, "£", None, "of one that is no unit"),
            ("VND", 9, "tỷ ₫", Some(9), "its own sign"),
            ("VND", 9, "★", None, "a sign that may say something"),
            ("USD", 6, "triệu US$", Some(6), "the sign of the indicator's own"),
            ("USD", 6, "$", Some(0), "alone"),
            ("metre", 0, "m", Some(0), "an abbreviation"),
            ("square_metre", 3, "1000 m2", Some(3), "with a power"),
            ("hectare", 0, "ha", Some(0), "an abbreviation"),
            ("percent", 0, "$", None, "no share"),
            ("subscriber", 0, "thuê bao", Some(0), "the unit of the indicator"),
            ("subscriber", 0, "nghìn thuê bao", Some(3), "another power"),
            ("subscriber", 0, "Ngàn thuê bao", Some(3), "in the South"),
            ("subscriber", 0, "Subscribers", Some(0), "in English"),
            ("subscriber", 0, "máy", None, "another thing"),
            ("person", 3, "người", Some(0), "none"),
            ("document", 0, "văn bản", Some(0), "a unit that begins like a power (vạn)"),
            ("copy", 0, "văn bản", None, "and no unit of another that ends in it"),
            ("copy_per_month", 0, "bản/tháng", Some(0), "in a month"),
            ("copy_per_month", 0, "bản", None, "in all"),
            ("site", 0, "trạm", None, "trạm is not trăm"),
            ("percent", 0, "%", Some(0), "the sign"),
            ("percent", 0, " (%) ", Some(0), "in brackets"),
            ("percent", 0, "Phần trăm", Some(0), "the word"),
            ("percent", 0, "điểm phần trăm", None, "points"),
            ("percent", 0, "‰", Some(-1), "a tenth of it"),
            ("percent", 0, "lần", None, "times"),
            ("tonne", 3, "nghìn tấn", Some(3), "the unit of the indicator"),
            ("USD", 6, "triệu đô la Mỹ", Some(6), "the name of another currency"),
            ("USD", 6, "triệu đồng", None, "đồng are no dollars"),
            ("furlong", -3, "10^-3 furlong", Some(-3), "a unit without a name, as it is printed"),
            ("furlong", -3, "10^3 furlong", None, "another power of it"),
            ("furlong", -3, "1000 furlong", Some(3), "in digits"),
        ] {
            assert_eq!(power_in(text, &of(unit, unit_mult)), expected, "{text} for {unit}: {why}");
        }
    }

    #[test]
    fn the_unit_that_is_printed_is_never_another_one() {
        let codes = units().iter().map(|unit| unit.code).chain([PERCENT, "furlong"]);
        for code in codes {
            for unit_mult in if code == PERCENT { 0..=0 } else { -6..=12 } {
                let indicator = of(code, unit_mult);
                assert_eq!(power_in(&unit(&indicator), &indicator), Some(unit_mult), "{}", unit(&indicator));
                assert_eq!(power_in(&unit(&indicator).to_uppercase(), &indicator), Some(unit_mult), "{}", unit(&indicator));
            }
        }
    }

    #[test]
    fn no_unit_is_taken_for_another() {
        for one in units() {
            for other in units() {
                let same = one.name == other.name || one.name_en == other.name_en;
                for name in [other.name, other.name_en] {
                    assert!(same || power_in(name, &of(one.code, 0)).is_none(), "{name} for {}", one.code);
                }
            }
        }
    }
}
