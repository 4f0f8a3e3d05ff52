//! Reading numbers in texts: in the declared notation, or, if none is declared, where no two notations give different values.
//! The notations are in `notation`, the faults of texts that are no numbers in `unreadable`.

use super::decimal::{Decimal, NumberLocale};
use super::notation::{Medium, Notation, Readings};
use super::unreadable;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::{Message, message};

impl Notation {
    /// Reads a text.
    ///
    /// # Errors
    /// `not_a_number` if the text is no number in the declared notation; without one, if it is none in plain or Vietnamese notation.
    /// `ambiguous_number` if no notation is declared and two of them read the text with different values, English notation included.
    /// `too_many_digits`.
    pub fn read(self, text: &str) -> Result<Decimal, Fault> {
        let readings = Readings::of(text);
        let Readings { plain, vietnamese, english } = &readings;
        let digits = match self.declared {
            Some(NumberLocale::Plain) => plain.as_ref(),
            Some(NumberLocale::Vi) => vietnamese.as_ref(),
            None => plain.as_ref().or(vietnamese.as_ref()),
        };
        let number = Decimal::of_digits(digits.ok_or_else(|| unreadable::fault(text, self, &readings))?)?;
        let others = match self {
            Notation { declared: None, .. } => [vietnamese, english],
            Notation { medium: Medium::UnconfirmedForm, .. } => [plain, english],
            Notation { declared: Some(_), .. } => [&None, &None],
        };
        for other in others.into_iter().flatten() {
            if Decimal::of_digits(other)? != number {
                return Err(self.ambiguous(text, &readings));
            }
        }
        Ok(number)
    }

    /// The question what a text means: its different values, and the ways to answer.
    fn ambiguous(self, text: &str, readings: &Readings) -> Fault {
        let values = readings.values();
        // Without groups in either language: the text itself may have groups.
        let digits = |value: Decimal| Message::new(value.to_string(), value.to_string().replace('.', ","));
        let meaning = |(value, name): &(Decimal, Message)| {
            let value = digits(*value);
            message!(en: "{value} ({name})", vi: "{value} ({name})"; value, name)
        };
        let meanings: Vec<Message> = values.iter().map(meaning).collect();
        let meanings = Message::one_of(&meanings);
        let written = Message::one_of(&values.iter().map(|(value, _)| self.unambiguous(*value)).collect::<Vec<_>>());
        let way_out = match self.medium {
            Medium::Figures | Medium::Targets => {
                message!(
                    en: "say in `number_locale` how numbers are written, `vi` or `plain`, or send a JSON number",
                    vi: "nêu cách viết số trong `number_locale`, `vi` hoặc `plain`, hoặc gửi số kiểu JSON"
                )
            }
            Medium::Definition => message!(en: "send a JSON number", vi: "gửi số kiểu JSON"),
            Medium::Cell => {
                message!(
                    en: "write {written}, or say in the column `Cách viết số` how numbers are written: `Việt Nam` or `máy tính`",
                    vi: "hãy viết {written}, hoặc nêu cách viết số trong cột `Cách viết số`: `Việt Nam` hoặc `máy tính`"; written
                )
            }
            Medium::UnconfirmedForm => message!(en: "write {written}", vi: "hãy viết {written}"; written),
        };
        let message = message!(
            en: "`{}` can mean {meanings}: {way_out}",
            vi: "`{}` có thể hiểu là {meanings}: {way_out}"; meanings, way_out; unreadable::shown(text)
        );
        Fault::new(Code::AmbiguousNumber, message)
    }

    /// A number as a text with one reading. Where no notation is declared or confirmed, a fraction of three digits gets a fourth one.
    fn unambiguous(self, number: Decimal) -> String {
        let text = number.to_string().replace('.', ",");
        let in_doubt = self.declared.is_none() || self.medium == Medium::UnconfirmedForm;
        if in_doubt && number.decimals() == 3 { text + "0" } else { text }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::language::Language;
    use crate::domain::testing::readings_by_hand;

    const MEDIA: [Medium; 5] = [Medium::Figures, Medium::Targets, Medium::Definition, Medium::Cell, Medium::UnconfirmedForm];

    /// The number that is read, with its digits, or the code of the fault.
    fn read(text: &str, declared: Option<NumberLocale>) -> String {
        let in_medium = |medium| match Notation::new(declared, medium).read(text) {
            Ok(number) => number.to_string(),
            Err(fault) => fault.code.as_str().to_owned(),
        };
        let read = in_medium(Medium::Figures);
        for medium in [Medium::Targets, Medium::Definition, Medium::Cell] {
            assert_eq!(in_medium(medium), read, "{text}: the same in every medium");
        }
        read
    }

    fn message(text: &str, declared: Option<NumberLocale>, medium: Medium) -> String {
        Notation::new(declared, medium).read(text).expect_err(text).message.english().to_owned()
    }

    const PLAIN: Option<NumberLocale> = Some(NumberLocale::Plain);
    const VI: Option<NumberLocale> = Some(NumberLocale::Vi);

    #[test]
    fn a_text_is_read_in_the_declared_notation_or_where_it_has_one_meaning() {
        let (ask, no) = ("ambiguous_number", "not_a_number");
        for (text, undeclared, plain, vietnamese, why) in [
            ("1205", "1205", "1205", "1205", "the same in both"),
            ("0", "0", "0", "0", "zero"),
            ("-0", "0", "0", "0", "a sign on nothing"),
            ("05", "5", "5", "5", "zero-padded counts are common in reports"),
            ("-5", "-5", "-5", "-5", "below zero"),
            ("\u{2212}5", "-5", "-5", "-5", "a minus sign as it is printed"),
            ("999999999999999999", "999999999999999999", "999999999999999999", "999999999999999999", "eighteen digits"),
            ("1.000", ask, "1.000", "1000", "one or a thousand"),
            ("150.000", ask, "150.000", "150000", "a round count"),
            ("1.135", ask, "1.135", "1135", "an amount"),
            ("-2.500", ask, "-2.500", "-2500", "below zero"),
            ("\u{2212}2.500", ask, "-2.500", "-2500", "with a printed minus sign"),
            ("999.999", ask, "999.999", "999999", "three digits before the point"),
            ("1,500", ask, no, "1.500", "1500 in English"),
            ("1,234", ask, no, "1.234", "1234 in English"),
            ("1,000", ask, no, "1.000", "a thousand in English"),
            ("-12,345", ask, no, "-12.345", "below zero"),
            ("77.15", "77.15", "77.15", no, "two decimals"),
            ("77.150", ask, "77.150", "77150", "three decimals"),
            ("77,15", "77.15", no, "77.15", "a decimal comma"),
            ("9.0", "9.0", "9.0", no, "one decimal"),
            ("9.00", "9.00", "9.00", no, "two decimals"),
            ("9,00", "9.00", no, "9.00", "two decimals behind a comma"),
            ("1.0000", "1.0000", "1.0000", no, "four decimals"),
            ("1,1350", "1.1350", no, "1.1350", "four decimals behind a comma"),
            ("1.930.360", "1930360", no, "1930360", "two points"),
            ("1.135,0", "1135.0", no, "1135.0", "both marks"),
            ("1.135,50", "1135.50", no, "1135.50", "both marks"),
            ("0.125", "0.125", "0.125", no, "no group of thousands begins with a zero"),
            ("0,125", "0.125", no, "0.125", "nor in English"),
            ("0.000", "0.000", "0.000", no, "zero is not grouped"),
            ("012.345", "12.345", "12.345", no, "nor is a zero-padded number"),
            ("1234.567", "1234.567", "1234.567", no, "four digits are no group"),
            ("1234,567", "1234.567", no, "1234.567", "nor in English"),
            ("1 930 360", "1930360", no, "1930360", "spaces between thousands"),
            ("1\u{a0}930\u{a0}360", "1930360", no, "1930360", "no-break spaces"),
            ("1\u{202f}930\u{202f}360,5", "1930360.5", no, "1930360.5", "narrow ones, and a decimal comma"),
            ("1\u{2009}500", "1500", no, "1500", "thin spaces"),
            ("12,345,678", no, no, no, "English alone"),
            ("1,596.5", no, no, no, "English alone"),
            ("1.59.6", no, no, no, "no groups of three"),
            ("1.5.96", no, no, no, "no groups of three"),
            ("1,5,9", no, no, no, "two commas"),
            ("1 93 360", no, no, no, "no groups of three"),
            ("1.930 360", no, no, no, "two kinds of groups"),
            ("1 930.360", no, no, no, "two kinds of groups"),
            ("1. 596", no, no, no, "a space too many"),
            ("", no, no, no, "empty"),
            ("1.5 ", no, no, no, "a space behind"),
            (" 15", no, no, no, "a space before"),
            (".5", no, no, no, "no whole part"),
            ("5.", no, no, no, "no decimals"),
            (",5", no, no, no, "no whole part"),
            ("5,", no, no, no, "no decimals"),
            (".596", no, no, no, "no whole part"),
            ("+5", no, no, no, "a plus sign"),
            ("--5", no, no, no, "two signs"),
            ("0x1f", no, no, no, "hexadecimal"),
            ("1e3", no, no, no, "a power of ten"),
            ("１", no, no, no, "a full-width digit"),
            ("٣", no, no, no, "an Arabic digit"),
            ("NaN", no, no, no, "no number"),
            ("hàng nghìn", no, no, no, "words"),
            ("1234567890123456789", "too_many_digits", "too_many_digits", "too_many_digits", "nineteen digits"),
            ("0.0000000000000000001", "too_many_digits", "too_many_digits", no, "nineteen decimals"),
            ("1.234.567.890.123.456.789", "too_many_digits", no, "too_many_digits", "nineteen digits in groups"),
        ] {
            assert_eq!([read(text, None), read(text, PLAIN), read(text, VI)], [undeclared, plain, vietnamese], "{text}: {why}");
        }
    }

    #[test]
    fn a_form_that_no_number_confirms_asks_about_three_digits_behind_one_mark() {
        for (text, expected, why) in [
            ("3.142", "ambiguous_number", "as programs fill it in"),
            ("1.000", "ambiguous_number", "one or a thousand"),
            ("-2.500", "ambiguous_number", "below zero"),
            ("3,142", "ambiguous_number", "as a spreadsheet in English saves `#,##0`"),
            ("-1,135", "ambiguous_number", "below zero"),
            ("3,14", "3.14", "a decimal comma is Vietnamese"),
            ("3,1420", "3.1420", "and so it is with four digits"),
            ("0,125", "0.125", "or behind a zero"),
            ("1.135,500", "1135.500", "or with both marks"),
            ("1.930.360", "1930360", "two points"),
            ("1135", "1135", "no mark"),
            ("77.15", "not_a_number", "plain notation is not declared"),
            ("12,345,678", "not_a_number", "nor is English"),
        ] {
            let form = Notation::new(VI, Medium::UnconfirmedForm);
            assert_eq!(form.read(text).map_or_else(|fault| fault.code.as_str().to_owned(), |number| number.to_string()), expected, "{why}");
        }
        for (text, confirms) in [
            ("77,15", true),
            ("1.930.360", true),
            ("1.135,5", true),
            ("3,1420", true),
            ("1 930,5", true),
            ("1,500", false),
            ("1.135", false),
        ] {
            assert_eq!(Notation::only_vietnamese_reads(text), confirms, "{text}");
        }
        for text in ["1135", "1 930 360", "77.15", "12,345,678", "x", ""] {
            assert!(!Notation::only_vietnamese_reads(text), "{text}");
        }
    }

    #[test]
    fn the_question_names_the_meanings_and_the_ways_to_answer() {
        for (text, medium, parts) in [
            ("1.135", Medium::Figures, ["1135 (Vietnamese notation) or 1.135 (plain notation)", "`number_locale`", "JSON number"]),
            ("1,500", Medium::Targets, ["1.5 (Vietnamese notation) or 1500 (English notation)", "`number_locale`", "JSON number"]),
            ("1.000", Medium::Definition, ["1000 (Vietnamese notation) or 1 (plain notation)", "send a JSON number", ""]),
            ("1.000", Medium::Cell, ["write 1000 or 1,", "`Cách viết số`", "`Việt Nam` or `máy tính`"]),
            ("1.135", Medium::Cell, ["write 1135 or 1,1350", "`Cách viết số`", ""]),
        ] {
            let said = message(text, None, medium);
            assert!(parts.iter().all(|part| said.contains(part)), "{medium:?}: {said}");
        }
        let vietnamese = Notation::new(None, Medium::Cell).read("1.135").expect_err("it has two meanings").message;
        assert_eq!(
            vietnamese.text(Language::Vietnamese),
            "`1.135` có thể hiểu là 1135 (viết kiểu Việt Nam) hoặc 1,135 (viết kiểu máy tính): hãy viết 1135 hoặc 1,1350, hoặc nêu cách viết \
             số trong cột `Cách viết số`: `Việt Nam` hoặc `máy tính`"
        );
        assert!(message("3.142", VI, Medium::UnconfirmedForm).ends_with("write 3142 or 3,1420"), "what is declared is not advised");
        assert!(!message("1.000", None, Medium::Definition).contains("number_locale"), "where there is no such field");
    }

    #[test]
    fn what_is_advised_is_read_without_a_question() {
        for (text, medium, declared) in [
            ("1.135", Medium::Cell, None),
            ("1.000", Medium::Cell, None),
            ("1,500", Medium::Cell, None),
            ("-12,345", Medium::Cell, None),
            ("77.150", Medium::Cell, None),
            ("3.142", Medium::UnconfirmedForm, VI),
            ("-150.000", Medium::UnconfirmedForm, VI),
            ("1,135", Medium::UnconfirmedForm, VI),
        ] {
            let notation = Notation::new(declared, medium);
            let wanted: Vec<Decimal> = Readings::of(text).values().into_iter().map(|(value, _)| value).collect();
            let fault = notation.read(text).expect_err(text);
            for (language, write, or) in [(Language::English, "write ", "or"), (Language::Vietnamese, "hãy viết ", "hoặc")] {
                let said = fault.message.text(language);
                let (_, advice) = said.split_once(write).unwrap();
                let words = advice.split(' ').take(3).map(|word| word.trim_end_matches(','));
                let advised = words.filter(|word| *word != or);
                let read: Vec<Decimal> = advised.map(|text| notation.read(text).unwrap().normalized()).collect();
                assert_eq!(read, wanted, "{said}");
            }
        }
    }

    #[test]
    fn a_text_that_is_no_number_is_told_what_stands_in_it_and_where_that_belongs() {
        use Medium::{Cell, Definition, Figures, Targets};
        for (text, declared, medium, parts) in [
            ("1.596\u{200b}", None, Figures, ["`1.596U+200B`", "U+200B zero width space"]),
            ("\u{feff}1596", VI, Cell, ["U+FEFF", "byte order mark"]),
            ("1\u{ad}596", PLAIN, Cell, ["U+00AD", "soft hyphen"]),
            ("\u{202d}1596\u{202c}", None, Cell, ["U+202D left-to-right override", "U+202C pop directional formatting"]),
            ("\u{200e}77,15", VI, Cell, ["U+200E", "left-to-right mark"]),
            ("15\u{a0}", VI, Figures, ["U+00A0", "no-break space"]),
            ("1\u{2009}59", VI, Cell, ["U+2009", "thin space"]),
            ("1 59", VI, Cell, ["U+0020 space", "delete"]),
            ("1\t596", VI, Cell, ["U+0009", "tab"]),
            ("１５９６", None, Cell, ["U+FF11 full-width digit", "digits 0 to 9"]),
            ("٣", None, Cell, ["U+0663", "digits 0 to 9"]),
            ("–5", None, Cell, ["U+2013 en dash", "`-`"]),
            ("+5", None, Cell, ["plus sign", "without it"]),
            ("1,93E+06", VI, Cell, ["power of ten", "all digits"]),
            ("77,15%", None, Cell, ["has `%` behind", "`Bội số`"]),
            ("77,15\u{a0}%", None, Cell, ["has `%` behind", "`Đơn vị tính`"]),
            ("230 tỷ", None, Figures, ["has `tỷ` behind", "`unit_mult`"]),
            ("230 km²", None, Figures, ["has `km²` behind", "`unit_mult`"]),
            ("230 tỷ đồng", None, Definition, ["has `tỷ đồng` behind", "the number alone"]),
            ("trên 30", None, Figures, ["has `trên` before", "`bound`"]),
            (">30", VI, Cell, ["has `>` before", "`Giới hạn`"]),
            ("≥ 80", None, Targets, ["has `≥` before", "`kind`"]),
            ("20-23", None, Figures, ["is a range", "`low` and `high`"]),
            ("20 – 23", None, Cell, ["is a range", "`Từ` and `Đến`"]),
            ("-", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("–", VI, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("—", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("..", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("...", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("…", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            (".", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("n/a", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("NA", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("#N/A", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("x", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("KPS", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("Không có", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("không phát sinh", None, Cell, ["leave the cell empty", "`Không phát sinh`"]),
            ("null", None, Figures, ["leave the field out", "`nil`"]),
            ("none", None, Targets, ["leave the field out", ""]),
            ("", None, Figures, ["leave the field out", "`nil`"]),
            ("12,345,678", None, Figures, ["as in English", "12345678"]),
            ("1,596.5", None, Cell, ["as in English", "1596.5"]),
            ("1.5", VI, Cell, ["Vietnamese notation, which is declared", "if it means 1,5, write that"]),
            ("0.125", VI, Cell, ["Vietnamese notation, which is declared", "if it means 0,125, write that"]),
            ("1,596.5", VI, Cell, ["Vietnamese notation, which is declared", "if it means 1596,5, write that"]),
            ("77,15", PLAIN, Figures, ["plain notation, which is declared", "if it means 77.15, write that"]),
            ("1,500", PLAIN, Figures, ["plain notation, which is declared", "if it means 1.5 or 1500, write that"]),
            ("1.930.360", PLAIN, Figures, ["plain notation, which is declared", "if it means 1930360, write that"]),
            ("12a", None, Figures, ["has `a` behind", "`unit_mult`"]),
            ("hàng nghìn", None, Figures, ["`hàng nghìn` is no number such as 1596 or 77.15", "77,15"]),
        ] {
            let said = message(text, declared, medium);
            assert!(parts.iter().all(|part| said.contains(part)), "{text} in {declared:?}, {medium:?}: {said}");
            let advises_again = declared.is_some() && (said.contains("number_locale") || said.contains("Cách viết số"));
            assert!(!advises_again, "{text}: the notation is declared already: {said}");
        }
    }

    #[test]
    fn a_long_text_is_shown_by_its_beginning() {
        let said = message(&"chữ ".repeat(10_000), None, Medium::Cell);

        assert!(said.chars().count() < 200, "{said}");
    }

    /// Texts of numbers in all notations, and near them.
    fn texts() -> impl Strategy<Value = String> {
        let sign = prop::sample::select(vec!["", "", "", "-", "−"]);
        let group = prop::sample::select(vec!["", ".", ",", " ", "\u{a0}", "\u{202f}"]);
        let mark = prop::sample::select(vec!["", ".", ","]);
        let written = (sign, 0..10_000_000_000i64, group, mark, "[0-9]{1,5}").prop_map(|(sign, whole, group, mark, decimals)| {
            let digits = whole.to_string();
            let first = (digits.len() - 1) % 3 + 1;
            let mut text = format!("{sign}{}", &digits[..first]);
            for n in (first..digits.len()).step_by(3) {
                text = text + group + &digits[n..n + 3];
            }
            if mark.is_empty() { text } else { text + mark + &decimals }
        });
        prop_oneof![4 => written, 1 => "[-−]?[0-9., ]{1,9}", 1 => "[1-9][0-9]{0,2}[.,][0-9]{3}"]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// A declared notation gives what every reader of it gives; without one, a text has one meaning or is asked about.
        #[test]
        fn no_text_is_read_as_another_number_than_its_notation_gives(text in texts()) {
            let [plain, vietnamese, english] = readings_by_hand(&text);
            let value = |of: (i128, u32)| (of.0 * 10i128.pow(18 - of.1), ());
            let expected = |of: Option<(i128, u32)>| of.ok_or(Code::NotANumber);
            let read = |declared, medium| {
                Notation::new(declared, medium).read(&text).map(|number| {
                    let (digits, decimals) = number.to_scaled();
                    (i128::from(digits), u32::try_from(decimals).unwrap())
                }).map_err(|fault| fault.code)
            };
            let mut all: Vec<_> = [plain, vietnamese, english].into_iter().flatten().map(value).collect();
            all.sort_unstable();
            all.dedup();
            let undeclared = match plain.or(vietnamese) {
                Some(_) if all.len() > 1 => Err(Code::AmbiguousNumber),
                one => expected(one),
            };
            for medium in MEDIA {
                prop_assert_eq!(read(None, medium), undeclared, "{} undeclared", &text);
                prop_assert_eq!(read(PLAIN, medium), expected(plain), "{} in plain notation", &text);
                let differs = |other: (i128, u32)| vietnamese.is_some_and(|vietnamese| value(other) != value(vietnamese));
                let in_doubt = medium == Medium::UnconfirmedForm && [plain, english].into_iter().flatten().any(differs);
                let expected = if in_doubt { Err(Code::AmbiguousNumber) } else { expected(vietnamese) };
                prop_assert_eq!(read(VI, medium), expected, "{} in Vietnamese notation", &text);
            }
        }

        /// Any text gets a number or a message.
        #[test]
        fn any_text_is_a_number_or_has_a_fault(text in ".{0,60}") {
            for (declared, medium) in [None, PLAIN, VI].into_iter().flat_map(|declared| MEDIA.map(|medium| (declared, medium))) {
                if let Err(fault) = Notation::new(declared, medium).read(&text) {
                    prop_assert!([Code::NotANumber, Code::AmbiguousNumber, Code::TooManyDigits].contains(&fault.code));
                    prop_assert!(!fault.message.english().is_empty());
                }
            }
        }
    }
}
