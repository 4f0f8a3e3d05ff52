//! Labels: the name and the unit that a file prints beside the code of an indicator, and whether they contradict it.
//! Forms print them for the clerk; a row with another name or unit was probably meant for another indicator or another power of ten.

use crate::domain::access::role::Caller;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::unit::{is_currency, with_currency_codes};
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::narrative::sentence::unit;
use crate::domain::narrative::unit_text::{is_another_unit, names_a_power, names_a_unit, power_in};
use crate::domain::text::{contains_words, fold};

/// The names of all indicators that a caller may see, folded.
#[derive(Debug)]
pub(crate) struct IndicatorNames(Vec<(String, [String; 2])>);

impl IndicatorNames {
    /// Folds the names of a catalogue.
    pub(crate) fn of(catalogue: &Catalogue, caller: &Caller) -> IndicatorNames {
        let names = catalogue.indicators(caller).map(|found| (found.indicator.code.clone(), names_of(found.indicator)));
        IndicatorNames(names.collect())
    }

    /// Checks the printed name of a row. It is the name of the indicator in Vietnamese or English, or one of the two contains the other.
    ///
    /// # Errors
    /// `name_contradicts` for the name of another indicator, or of another member of the breakdown.
    pub(crate) fn check(&self, text: &str, indicator: &Indicator, breakdown: &Breakdown) -> Result<(), Fault> {
        let folded = fold(text);
        let own = names_of(indicator);
        if folded.is_empty() || own.contains(&folded) {
            return Ok(());
        }
        // Of several names in one text the longest is meant: `Doanh thu viễn thông, Internet` contains `Doanh thu viễn thông`.
        let contained = |names: &[String; 2]| names.iter().filter(|name| contains_words(&folded, name)).map(String::len).max();
        let of_others = self.0.iter().filter(|(code, _)| *code != indicator.code);
        let longest_of_others = of_others.filter_map(|(_, names)| contained(names)).max();
        let is_own = match contained(&own) {
            Some(length) => longest_of_others.is_none_or(|other| other <= length),
            None => longest_of_others.is_none() && own.iter().any(|name| contains_words(name, &folded)),
        };
        if is_own && !names_another_member(&folded, &own, indicator, breakdown) {
            return Ok(());
        }
        let shown: String = text.trim().chars().take(100).collect();
        let (code, name) = (&indicator.code, indicator.names());
        let message = message!(
            en: "`{shown}` is not the name of `{code}`, which is `{name}`: correct the code, or the name (it may be left empty)",
            vi: "`{shown}` không phải là tên của chỉ tiêu `{code}`, tên đúng là `{name}`: sửa mã, hoặc sửa tên (có thể để trống)"; name
        );
        Err(Fault::new(Code::NameContradicts, message).allowing([indicator.name.clone()]))
    }
}

/// The names of an indicator in both languages, folded.
fn names_of(indicator: &Indicator) -> [String; 2] {
    [fold(&indicator.name), fold(&indicator.name_en)]
}

/// Whether the rest of the text, as in `Số thuê bao (mobile)`, is a member of a breakdown that the row does not have.
fn names_another_member(folded: &str, own: &[String; 2], indicator: &Indicator, breakdown: &Breakdown) -> bool {
    let rests = own.iter().filter_map(|name| folded.strip_prefix(name.as_str())).map(str::trim);
    let has = |member: &str| breakdown.members().any(|(_, own)| own == member);
    let others: Vec<&String> = indicator.breakdowns.values().flat_map(|of| of.values.iter().flatten()).filter(|one| !has(one)).collect();
    rests.into_iter().any(|rest| !rest.is_empty() && others.iter().any(|member| fold(member) == rest))
}

/// The unit multiplier of a row with a printed unit; `None` if it is that of the indicator.
///
/// # Errors
/// `unit_contradicts` for another unit than that of the indicator, and for another power of ten than `unit_mult` of the row.
pub(crate) fn unit_mult(text: &str, indicator: &Indicator, given: Option<i32>) -> Result<Option<i32>, Fault> {
    let shown: String = text.trim().chars().take(100).collect();
    let Some(power) = power_in(text, indicator) else {
        let expected = unit(indicator);
        let message = message!(
            en: "`{shown}` is not the unit of `{}`, which is `{expected}`, also with another power of ten (`nghìn`, `triệu`, `tỷ`): correct the \
             code, or the unit and the figure",
            vi: "`{shown}` không phải là đơn vị tính của `{}`, đơn vị tính là `{expected}`, có thể kèm bội số khác (`nghìn`, `triệu`, `tỷ`): sửa mã, hoặc sửa \
             đơn vị tính và số liệu", indicator.code
        );
        return Err(Fault::new(Code::UnitContradicts, message).allowing([expected]));
    };
    match given {
        Some(given) if given != power => {
            let message = message!(
                en: "the unit `{shown}` is 10^{power}, and the row says 10^{given}: leave one of them out",
                vi: "đơn vị tính `{shown}` là 10^{power}, còn hàng này ghi bội số 10^{given}: chỉ giữ một trong hai"
            );
            Err(Fault::new(Code::UnitContradicts, message))
        }
        given => Ok(given.or((power != indicator.unit_mult).then_some(power))),
    }
}

/// Letters for powers of ten, as programs write them behind a number.
const POWER_LETTERS: [(&str, i32); 4] = [("k", 3), ("m", 6), ("b", 9), ("g", 9)];

fn power_letter(folded: &str) -> Option<i32> {
    POWER_LETTERS.iter().find(|(letter, _)| *letter == folded).map(|(_, power)| *power)
}

/// Checks the text that the format of a cell shows beside its number: `tỷ` beside a number in tỷ đồng. A text that names no power of ten
/// and no unit, such as `Số`, says nothing, and neither does the currency of the indicator alone.
///
/// # Errors
/// `unit_contradicts` for another power of ten than that of the number, and for another unit than that of the indicator.
pub(crate) fn shown_unit(text: &str, indicator: &Indicator, given: Option<i32>) -> Result<(), Fault> {
    let effective = given.unwrap_or(indicator.unit_mult);
    let folded = fold(&with_currency_codes(text));
    let contradicts = match (power_in(text, indicator), power_letter(&folded)) {
        // `đ` stands beside amounts of any power: spreadsheets have it in their format of money.
        (Some(0), _) if is_currency(&indicator.unit) => false,
        (Some(power), _) | (None, Some(power)) => power != effective,
        (None, None) => names_a_power(&folded).is_some_and(|power| power != effective) || is_another_unit(&folded, indicator),
    };
    if !contradicts {
        return Ok(());
    }
    let shown: String = text.trim().chars().take(100).collect();
    let expected = unit(indicator);
    let message = message!(
        en: "the format of the cell shows `{shown}` beside the number, and the unit of the row is {}: give the cell the format General, and \
         check the number",
        vi: "định dạng của ô hiện `{shown}` cạnh số, còn đơn vị tính của hàng là {}: đặt định dạng ô là General và kiểm tra lại \
         số", if given.is_some_and(|given| given != indicator.unit_mult) { format!("10^{effective}") } else { format!("`{expected}`") }
    );
    Err(Fault::new(Code::UnitContradicts, message).allowing([expected]))
}

/// Checks the text that the format of a cell shows beside a numerator or a denominator. These are counted in no unit of the catalogue, so
/// a text that names a power of ten or a unit makes them other numbers.
///
/// # Errors
/// `unit_contradicts`.
pub(crate) fn shown_beside_part(text: &str) -> Result<(), Fault> {
    let folded = fold(&with_currency_codes(text));
    if power_letter(&folded).is_none() && !names_a_unit(&folded) {
        return Ok(());
    }
    let shown: String = text.trim().chars().take(100).collect();
    let message = message!(
        en: "the format of the cell shows `{shown}` beside the number, and a numerator or denominator has no unit: give the cell the format \
             General, and check the number",
        vi: "định dạng của ô hiện `{shown}` bên cạnh số, mà tử số và mẫu số không có đơn vị tính: đặt định dạng ô là General và kiểm tra \
             lại số"
    );
    Err(Fault::new(Code::UnitContradicts, message))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::catalogue::indicator::{Dimension, Measure};
    use crate::domain::language::Language;
    use crate::domain::narrative::sentence::name;
    use crate::domain::testing::indicator;

    fn of(code: &str, name: &str, name_en: &str) -> Indicator {
        let values = Some(vec!["fixed".into(), "mobile".into()]);
        let breakdowns = BTreeMap::from([("line_type".to_owned(), Dimension { values, complete: false, labels: BTreeMap::new() })]);
        Indicator { code: code.into(), name: name.into(), name_en: name_en.into(), breakdowns, ..indicator(Measure::Flow, 0) }
    }

    #[test]
    fn a_printed_name_is_that_of_the_indicator_or_a_longer_or_shorter_one() {
        let revenue = of("revenue", "Doanh thu viễn thông", "Telecom revenue");
        let with_internet = of("with-internet", "Doanh thu viễn thông, Internet", "Telecom and Internet revenue");
        let phones = of("phones", "Số thuê bao điện thoại", "Phone subscribers");
        let names = IndicatorNames([&revenue, &with_internet, &phones].map(|of| (of.code.clone(), names_of(of))).to_vec());
        let fixed = Breakdown::parse("line_type:fixed").unwrap();
        let total = Breakdown::default();
        for (of, text, breakdown, fits, why) in [
            (&revenue, "DOANH THU VIỄN THÔNG ", &total, true, "case"),
            (&revenue, "doanh thu vien thong", &total, true, "accents"),
            (&revenue, "1. Doanh thu viễn thông:", &total, true, "a number before"),
            (&revenue, "Doanh thu viễn thông trên địa bàn", &total, true, "a longer name"),
            (&revenue, "Doanh thu", &total, true, "a shorter one"),
            (&revenue, "Telecom revenue", &total, true, "in English"),
            (&revenue, "-", &total, true, "nothing"),
            (&revenue, "Doanh thu viễn thông, Internet", &total, false, "another's, which contains its own"),
            (&revenue, "2. Doanh thu viễn thông, Internet năm 2024", &total, false, "another's, longer"),
            (&revenue, "Số thuê bao điện thoại", &total, false, "another's"),
            (&revenue, "Doanh thu bưu chính", &total, false, "nobody's"),
            (&revenue, "Doanh thu viễn th", &total, false, "cut within a word"),
            (&with_internet, "Doanh thu viễn thông, Internet", &total, true, "its own, which contains another's"),
            (&with_internet, "Doanh thu viễn thông", &total, false, "another's, which is shorter"),
            (&phones, "Số thuê bao điện thoại (fixed)", &fixed, true, "with its member"),
            (&phones, "Số thuê bao điện thoại", &fixed, true, "without its member"),
            (&phones, "Số thuê bao điện thoại (mobile)", &fixed, false, "with another member"),
            (&phones, "Số thuê bao điện thoại (mobile)", &total, false, "with a member, of the total"),
        ] {
            let checked = names.check(text, of, breakdown);
            assert_eq!(checked.as_ref().err().map(|fault| fault.code), (!fits).then_some(Code::NameContradicts), "{text}: {why}");
        }
        for of in [&revenue, &with_internet, &phones] {
            for language in [Language::Vietnamese, Language::English] {
                for breakdown in [&total, &fixed] {
                    assert_eq!(names.check(&name(of, breakdown, language), of, breakdown), Ok(()), "what forms print");
                }
            }
        }
    }

    #[test]
    fn a_unit_that_a_cell_shows_is_that_of_the_number_or_contradicts() {
        let billions = Indicator { unit_mult: 9, ..of("revenue", "Doanh thu", "Revenue") };
        let percent = Indicator { unit: "percent".into(), ..of("share", "Tỷ lệ", "Share") };
        let people = Indicator { unit: "person".into(), ..of("people", "Số người", "People") };
        let thousands = Indicator { unit_mult: 3, ..people.clone() };
        let dollars = Indicator { unit: "USD".into(), unit_mult: 6, ..of("exports", "Xuất khẩu", "Exports") };
        let metres = Indicator { unit: "metre".into(), ..of("cable", "Cáp", "Cable") };
        for (of, text, given, fits, why) in [
            (&billions, "tỷ", None, true, "the power of the number"),
            (&billions, "tỷ đồng", None, true, "with its unit"),
            (&billions, "đ", None, true, "a currency alone"),
            (&billions, "₫", None, true, "its sign"),
            (&billions, "Số", None, true, "no unit"),
            (&billions, "triệu", None, false, "another power"),
            (&billions, "triệu", Some(6), true, "that of the row"),
            (&billions, "tỷ", Some(6), false, "not that of the row"),
            (&billions, "nghìn", None, false, "thousands"),
            (&billions, "triệu USD", None, false, "of another currency"),
            (&billions, "tỷ USD", None, false, "the same power of another currency"),
            (&billions, "$", None, false, "the sign of another currency"),
            (&billions, "€", None, false, "of Europe"),
            (&billions, "£", None, false, "of one that is no unit"),
            (&billions, "JPY", None, false, "its code"),
            (&billions, "₱", None, false, "a sign that is not known"),
            (&billions, "tỷ thuê bao", None, false, "the same power of another unit"),
            (&dollars, "$", None, true, "the sign of its own"),
            (&dollars, "đ", None, false, "đồng are no dollars"),
            (&thousands, "người", None, false, "not in thousands"),
            (&thousands, "nghìn người", None, true, "in thousands"),
            (&thousands, "người", Some(0), true, "the row is not in thousands either"),
            (&metres, "m", None, true, "metres are no millions"),
            (&metres, "km", None, false, "kilometres"),
            (&people, "m", None, false, "a letter that is no abbreviation of the unit"),
            (&billions, "K", None, false, "a letter"),
            (&billions, "B", None, true, "the right letter"),
            (&billions, "thuê bao", None, false, "another unit"),
            (&people, "người", None, true, "the unit"),
            (&people, "nghìn người", None, false, "thousands of them"),
            (&people, "K", None, false, "thousands, by a letter"),
            (&people, "công ty", None, true, "a company is no billion"),
            (&percent, "so với kế hoạch", None, true, "no unit at all"),
            (&percent, "điểm", None, false, "points are another unit"),
        ] {
            let checked = shown_unit(text, of, given).map_err(|fault| fault.code);
            assert_eq!(checked.err(), (!fits).then_some(Code::UnitContradicts), "{text}: {why}");
        }
    }

    #[test]
    fn a_part_of_a_rate_has_neither_a_power_nor_a_unit() {
        for (text, fits) in [
            ("Số", true),
            ("trong đó", true),
            ("công ty", true),
            ("nghìn", false),
            ("tỷ đồng", false),
            ("K", false),
            ("hồ sơ", false),
            ("$", false),
            ("£", false),
        ] {
            assert_eq!(shown_beside_part(text).is_ok(), fits, "{text}");
        }
    }

    #[test]
    fn a_printed_unit_gives_the_multiplier_or_contradicts() {
        let billions = Indicator { unit_mult: 9, ..of("revenue", "Doanh thu", "Revenue") };
        for (text, given, expected, why) in [
            ("tỷ đồng", None, Ok(None), "the unit of the indicator"),
            ("triệu đồng", None, Ok(Some(6)), "another power"),
            ("triệu đồng", Some(6), Ok(Some(6)), "both, and the same"),
            ("tỷ đồng", Some(9), Ok(Some(9)), "both, and that of the indicator"),
            ("triệu đồng", Some(9), Err(Code::UnitContradicts), "both, and not the same"),
            ("tỷ đồng", Some(6), Err(Code::UnitContradicts), "a multiplier beside the unit of the form"),
            ("thuê bao", None, Err(Code::UnitContradicts), "another unit"),
            ("%", None, Err(Code::UnitContradicts), "a share"),
        ] {
            assert_eq!(unit_mult(text, &billions, given).map_err(|fault| fault.code), expected, "{text}: {why}");
        }
    }
}
