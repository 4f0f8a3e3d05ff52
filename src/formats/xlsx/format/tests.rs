//! What formats show, in tables, and against a second renderer that draws the cells of generated formats as Excel does.
//! The formats themselves are in `format`.

use proptest::prelude::*;

use super::*;

/// What a format shows of a number: digits, digits and unit, `day`, `month`, `year`, or nothing where it is refused.
fn shown(code: &str, number: &str) -> String {
    let number = Digits::parse(number).unwrap();
    match Format::of_code(code).show(&number) {
        Ok(Showing::Number(None)) => number.to_string(),
        Ok(Showing::Number(Some(shown))) => {
            let digits = shown.number.unwrap_or_else(|| number.to_string());
            shown.unit.map_or(digits.clone(), |unit| format!("{digits} {unit}"))
        }
        Ok(Showing::Date(part)) => format!("{part:?}").to_lowercase(),
        Err(_) => String::new(),
    }
}

#[test]
fn a_format_may_round_and_write_a_text_beside_the_number() {
    for (code, number, expected) in [
        ("General", "77.15", "77.15"),
        ("GENERAL", "-5", "-5"),
        ("@", "12", "12"),
        ("0", "77.15", "77"),
        ("0.0", "77.15", "77.2"),
        ("0.00", "77.15", "77.15"),
        ("#,##0", "1135", "1135"),
        ("#,##0.0", "1135000.04", "1135000"),
        ("# ##0", "1135", "1135"),
        ("#\u{a0}##0.0##", "1135.12345", "1135.123"),
        ("00000", "12", "12"),
        ("#.##", "0.5", "0.5"),
        ("0;-0", "-5", "-5"),
        ("0;(0)", "-5", "-5"),
        ("0_);(0)", "5", "5"),
        ("#,##0;[Red]-#,##0", "-1135", "-1135"),
        ("#,##0 ;(#,##0)", "-1135", "-1135"),
        ("_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)", "1135", "1135"),
        ("_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)", "-1135", "-1135"),
        ("_-* #,##0.00\\ _₫_-;\\-* #,##0.00\\ _₫_-;_-* \"-\"??\\ _₫_-;_-@_-", "-1135.5", "-1135.5"),
        ("[Blue]0;[Color 3]-0", "5", "5"),
        ("#,##0 \"đ\"", "1135", "1135 đ"),
        ("0\" tỷ\"", "1135", "1135 tỷ"),
        ("#,##0\\ [$₫-42A]", "1135", "1135 ₫"),
        ("[$-42A]#,##0.0", "1135.04", "1135"),
        ("[$-vi-VN]0", "5", "5"),
        ("[$VND] #,##0", "5", "5 VND"),
        ("0\" km2\"", "5", "5 km2"),
        ("[$£-809]#,##0", "1135", "1135 £"),
        ("\"+\"0", "5", "5"),
        ("\"bằng \"0", "5", "5 bằng"),
        ("\"được \"0", "5", "5 được"),
        ("0\" m³\"", "5", "5 m³"),
        ("0.0E+00", "1234.5", "1200"),
        ("##0.0E+0", "123456", "123500"),
        ("0.00E+00", "0", "0"),
        ("[>=1]0.0;0.00", "0.7715", "0.77"),
        ("[>=1]0.0;0.00", "5.55", "5.6"),
        ("[<1]0.0%;0.0", "77.15", "77.2"),
        ("[<1]0.0%;[<100]0.0;0", "177.15", "177"),
        ("[=0]0;0.0", "0", "0"),
        ("[<0]-0;0", "-5.2", "-5"),
        ("[>=1000]#,##0;0", "-5", "-5"),
        ("0;;", "5", "5"),
        ("0.0;-0.0;0;@", "0", "0"),
    ] {
        assert_eq!(shown(code, number), expected, "{code} of {number}");
    }
}

#[test]
fn a_format_that_shows_something_else_is_refused() {
    for (code, number, why) in [
        ("0%", "0.7715", "a percentage"),
        ("0.00 %", "0.7715", "a percentage after a blank"),
        ("[>=1]0.0;0.0%", "0.7715", "a percentage by a condition"),
        ("[<1]0.0%;0.0", "0.7715", "by another"),
        ("[<=1]0.0%;[<100]0.0;0", "1", "at its limit"),
        ("0.0;[<1]0.0%", "0.7715", "in the second section"),
        ("0;0%", "-5", "for negative numbers"),
        ("0;0;0%", "0", "for zero"),
        ("0.0\"%\"", "77.15", "a sign of percent in quotes"),
        ("0.0\\‰", "77.15", "of a thousand"),
        ("#,##0,,,", "1135000000000", "in thousands of millions"),
        ("0,", "5000", "in thousands"),
        ("0.0,", "5000", "after the decimals"),
        ("0,.0", "5000", "before them"),
        ("#,##0,\" tr\"", "5000", "with a unit"),
        ("[>=1000]0.0,\"K\";0", "5000", "by a condition"),
        ("# ?/?", "0.5", "a fraction"),
        ("0\"000\"", "5", "zeros beside it"),
        ("\"1\"0", "5", "a digit before it"),
        ("0.0\"5\"", "5", "after it"),
        ("0\" x1000\"", "5", "a factor"),
        ("5", "5", "digits that are always there"),
        ("0\".\"000", "1135", "a mark between digits"),
        ("0\\.0", "12", "the same"),
        ("0\\,000", "1135", "another mark"),
        ("0 0", "12", "a blank that makes no group of three"),
        ("0.0.0", "12", "two points"),
        ("0-00", "123", "a line between digits"),
        ("0½", "5", "a half"),
        ("0*0", "5", "filled with zeros"),
        ("\"\u{202e}\"0", "12", "turned round"),
        ("0;0", "-5", "no minus"),
        ("0;[Red]0", "-5", "a colour in its place"),
        ("0;+0", "-5", "a plus in its place"),
        ("-0", "5", "a minus that it does not have"),
        ("(0)", "5", "brackets that stand for a minus"),
        ("0;-(0)", "-5", "brackets and a minus"),
        ("0;(0", "-5", "half of the brackets"),
        ("0)", "5", "the other half"),
        ("0-", "5", "a minus behind it"),
        ("-0", "-5", "two of them"),
        ("[<0]0;0", "-5", "none for a condition below zero"),
        ("[>=0]0;0", "-5", "none for the rest"),
        ("", "5", "nothing"),
        (";;;", "5", "nothing in any section"),
        ("0;-0;;@", "0", "nothing for zero"),
        ("0;", "-5", "nothing below zero"),
        ("#", "0", "no digit"),
        ("#.##", "0.004", "a point alone"),
        ("#,###", "0.2", "nothing, rounded"),
        ("[>=1]0", "0.5", "no section"),
        ("\"abc\"", "5", "a text"),
        ("_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)", "0", "a line for zero: is it a zero?"),
        ("[=1]\"có\";[=0]\"không\";0", "1", "a word"),
        ("[DBNum1]0", "5", "Chinese digits"),
        ("[$-D000000]0", "5", "Thai digits"),
        ("[NatNum12 cardinal]0", "5", "words"),
        ("\">\"0", "5", "a bound"),
        ("\"khoảng \"0", "5", "a bound in words"),
        ("0\" trở lên\"", "5", "behind it"),
        ("\"ước đạt \"#,##0", "5", "an estimate"),
        ("\"ước tính \"0", "5", "an estimate"),
        ("\"Sơ bộ \"0", "5", "a preliminary figure"),
        ("0\" (ước)\"", "5", "an estimate, behind it"),
        ("\"không quá \"0", "5", "a bound of two words"),
        ("\"xấp xỉ \"0", "5", "about"),
        ("\"vượt \"0", "5", "above"),
        ("\"tối thiểu \"0", "5", "at least"),
        ("\"khoảng: \"0", "5", "with a mark behind"),
        ("0\"+\"", "5", "or more"),
        ("0\" (+)\"", "5", "or more, in brackets"),
        ("0+", "5", "or more, without quotes"),
        ("h:mm", "0.5", "a time"),
        ("[h]:mm", "1.5", "hours"),
        ("mm:ss.0", "0.5", "minutes"),
        ("0;0;0;0;0", "5", "five sections"),
        ("t0", "5", "digits of the language"),
        ("0!0", "12", "an escape of some programs"),
    ] {
        assert_eq!(shown(code, number), "", "{code} of {number}: {why}");
    }
}

#[test]
fn a_date_is_what_of_it_is_seen() {
    for (code, expected) in [
        ("dd/mm/yyyy", "day"),
        ("dd/mm/yyyy;@", "day"),
        ("yyyy\\-mm\\-dd", "day"),
        ("d-mmm-yy", "day"),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "day"),
        ("dd/mm/yyyy h:mm", "day"),
        ("yyyy-mm-dd h:mm:ss", "day"),
        ("\"ngày \"d\" tháng \"m\" năm \"yyyy", "day"),
        ("yyyy\"年\"m\"月\"d\"日\"", "day"),
        ("mm/yyyy", "month"),
        ("mmm-yy", "month"),
        ("[$-42A]mmmm yyyy", "month"),
        ("\"Tháng \"m/yyyy", "month"),
        ("yyyy\\-mm", "month"),
        ("[$-1010000]m/yyyy;@", "month"),
        ("yyyy", "year"),
        ("\"Năm \"yyyy", "year"),
        ("yy", ""),
        ("mm", ""),
        ("d/m", ""),
        ("dddd", ""),
        ("dddd mm/yyyy", ""),
        ("mmmmm yyyy", ""),
        ("mm/yyyy h:mm", ""),
        ("h:mm", ""),
        ("\"Quý I/\"yyyy", ""),
        ("mm/yyyy\" lũy kế\"", ""),
        ("\"1/\"yyyy", ""),
        ("ge.m.d", ""),
        ("[$-D07041E]d/m/yyyy", ""),
        ("[$-107041E]yyyy", ""),
        ("B2yyyy", ""),
        ("0 yyyy", ""),
    ] {
        assert_eq!(shown(code, "45473"), expected, "{code}");
    }
}

#[test]
fn formats_without_a_code_have_a_number() {
    for (id, number, expected) in [
        (0, "77.15", "77.15"),
        (1, "77.15", "77"),
        (4, "1135.125", "1135.13"),
        (9, "0.5", ""),
        (10, "0.5", ""),
        (11, "1234", "1230"),
        (12, "0.5", ""),
        (14, "45473", "day"),
        (15, "45473", "day"),
        (16, "45473", ""),
        (17, "45473", "month"),
        (18, "0.5", ""),
        (22, "45473", "day"),
        (27, "45473", ""),
        (37, "-1135", "-1135"),
        (41, "1135", "1135"),
        (41, "0", ""),
        (46, "1.5", ""),
        (48, "123456", "123500"),
        (49, "77.15", "77.15"),
        (67, "0.5", ""),
        (100, "5", ""),
        (4_000_000_000, "5", ""),
    ] {
        let showing = Format::built_in(id).show(&Digits::parse(number).unwrap());
        let text = match showing {
            Ok(Showing::Number(None)) => number.to_owned(),
            Ok(Showing::Number(Some(shown))) => shown.number.unwrap(),
            Ok(Showing::Date(part)) => format!("{part:?}").to_lowercase(),
            Err(_) => String::new(),
        };
        assert_eq!(text, expected, "{id} of {number}");
    }
}

#[test]
fn a_text_shows_as_it_is_or_is_refused() {
    for (code, as_it_is) in [
        ("General", true),
        ("0.0", true),
        ("0%", true),
        ("@", true),
        ("dd/mm/yyyy;@", true),
        ("0;-0;0;_(@_)", true),
        ("0;-0;0;General", true),
        (";;", true),
        (";;;", false),
        ("0;-0;0;\"x\"", false),
        ("@\"000\"", false),
        ("@\" nghìn\"", false),
        ("@@", false),
    ] {
        assert_eq!(Format::of_code(code).show_text().is_ok(), as_it_is, "{code}");
    }
}

fn power(exponent: usize) -> i128 {
    10i128.pow(u32::try_from(exponent).unwrap())
}

/// A section as it is generated: the renderer draws it from here and never reads its code.
#[derive(Debug, Clone)]
struct Drawn {
    condition: Option<(&'static str, i64)>,
    before: &'static str,
    /// Nothing is drawn of the number where there is none.
    digits: Option<DrawnDigits>,
    after: &'static str,
}

#[derive(Debug, Clone)]
struct DrawnDigits {
    /// The digits that always show before the decimal mark.
    least: usize,
    grouped: bool,
    decimals: usize,
    /// Whether zeros at the end of the decimals show.
    zeros: bool,
    thousands: usize,
    percent: bool,
}

impl Drawn {
    fn code(&self) -> String {
        let quoted = |text: &str| if text.is_empty() { String::new() } else { format!("\"{text}\"") };
        let condition = self.condition.map(|(sign, limit)| format!("[{sign}{limit}]")).unwrap_or_default();
        let digits = self.digits.as_ref().map(|of| {
            let whole = match (of.grouped, of.least) {
                (true, 0) => "#,###".to_owned(),
                (true, least) => format!("#,##{}", "0".repeat(least.min(1))),
                (false, 0) => "#".to_owned(),
                (false, least) => "0".repeat(least),
            };
            let point = if of.decimals > 0 { "." } else { "" };
            let decimals = if of.zeros { "0" } else { "#" }.repeat(of.decimals);
            let percent = if of.percent { "%" } else { "" };
            format!("{whole}{point}{decimals}{}{percent}", ",".repeat(of.thousands))
        });
        format!("{condition}{}{}{}", quoted(self.before), digits.unwrap_or_default(), quoted(self.after))
    }

    /// The cell, of a number without its sign, as `digits` with so many `decimals`.
    fn draw(&self, digits: u128, decimals: usize) -> String {
        let Some(of) = &self.digits else { return format!("{}{}", self.before, self.after) };
        let digits = if of.percent { digits * 100 } else { digits };
        let decimals = decimals + 3 * of.thousands;
        // Rounded half up, in units of the last decimal that shows.
        let rounded = if decimals > of.decimals {
            let unit = power(decimals - of.decimals).unsigned_abs();
            (digits + unit / 2) / unit
        } else {
            digits * power(of.decimals - decimals).unsigned_abs()
        };
        let unit = power(of.decimals).unsigned_abs();
        let whole = match rounded / unit {
            0 => String::new(),
            whole => whole.to_string(),
        };
        let mut whole = format!("{}{whole}", "0".repeat(if of.grouped { of.least.min(1) } else { of.least }.saturating_sub(whole.len())));
        if of.grouped {
            for at in (1..whole.len()).rev().filter(|at| (whole.len() - at) % 3 == 0).collect::<Vec<_>>() {
                whole.insert(at, ',');
            }
        }
        let mut fraction = if of.decimals > 0 { format!(".{:0width$}", rounded % unit, width = of.decimals) } else { String::new() };
        if !of.zeros && of.decimals > 0 {
            fraction.truncate(fraction.trim_end_matches('0').len());
        }
        format!("{}{whole}{fraction}{}{}", self.before, if of.percent { "%" } else { "" }, self.after)
    }

    /// Whether its condition holds for a number in units of its last decimal.
    fn holds(&self, number: i128, decimals: usize) -> bool {
        self.condition.is_some_and(|(sign, limit)| {
            let limit = i128::from(limit) * power(decimals);
            match sign {
                "<" => number < limit,
                "<=" => number <= limit,
                ">" => number > limit,
                _ => number >= limit,
            }
        })
    }
}

/// The cell as Excel draws it; `None` where no section applies.
fn drawn(sections: &[Drawn], number: i128, decimals: usize) -> Option<String> {
    let draw = |section: &Drawn| section.draw(number.unsigned_abs(), decimals);
    let with_sign = |section: &Drawn| format!("{}{}", if number < 0 { "-" } else { "" }, draw(section));
    if sections[0].condition.is_none() {
        return Some(match (sections, number) {
            ([only], _) => with_sign(only),
            ([_, below, ..], ..0) => draw(below),
            ([_, _, zero], 0) => draw(zero),
            _ => draw(&sections[0]),
        });
    }
    let section = sections.iter().find(|section| section.condition.is_none() || section.holds(number, decimals))?;
    // The program leaves the sign to a section that only negative numbers reach.
    let only_negative = match section.condition {
        Some((sign, limit)) => sign == "<" && limit <= 0 || sign == "<=" && limit < 0,
        None => sections.iter().any(|other| matches!(other.condition, Some((">" | ">=", 0)))),
    };
    Some(if only_negative { draw(section) } else { with_sign(section) })
}

/// The number that a reader sees in a cell, in units of its last decimal, and how many decimals it has; `None` where it is no number.
fn seen(cell: &str) -> Option<(i128, usize)> {
    let bare: String = cell.chars().filter(|sign| !sign.is_alphabetic() && !sign.is_whitespace() && *sign != '₫').collect();
    let (negative, bare) = match bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(within) => (true, within.to_owned()),
        None => (bare.starts_with('-') || bare.ends_with('-'), bare.trim_matches('-').to_owned()),
    };
    let minuses = cell.matches('-').count() + cell.matches('(').count();
    let (whole, fraction) = bare.split_once('.').unwrap_or((&bare, ""));
    let digits = [&whole.replace(',', ""), fraction].concat();
    if minuses > 1 || digits.is_empty() || digits.len() > 30 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let number: i128 = digits.parse().ok()?;
    Some((if negative { -number } else { number }, fraction.len()))
}

/// Whether a number that is seen is another one, rounded to the decimals that are seen.
fn is_rounded((seen, shown): (i128, usize), number: i128, decimals: usize) -> bool {
    let all = shown.max(decimals);
    let scale = |number: i128, decimals: usize| number * power(all - decimals);
    2 * (scale(seen, shown) - scale(number, decimals)).abs() <= scale(1, shown)
}

fn written(number: i128, decimals: usize) -> String {
    let digits = format!("{:0width$}", number.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let sign = if number < 0 { "-" } else { "" };
    if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Of two numbers: whether they are the same.
fn same((one, decimals): (i128, usize), (other, others): (i128, usize)) -> bool {
    one * power(others) == other * power(decimals)
}

fn any_digits(plain: bool) -> impl Strategy<Value = DrawnDigits> {
    let scaled = if plain { Just(0).boxed() } else { prop_oneof![4 => Just(0), 1 => 1usize..=3].boxed() };
    let percent = if plain { Just(false).boxed() } else { prop::bool::weighted(0.2).boxed() };
    let least = if plain { 1usize..=3 } else { 0..=3 };
    (least, any::<bool>(), 0usize..=4, any::<bool>(), scaled, percent).prop_map(|(least, grouped, decimals, zeros, thousands, percent)| {
        // `0.##` of a whole number shows a point alone behind it, which a reader passes over.
        DrawnDigits { least, grouped, decimals, zeros, thousands, percent }
    })
}

fn any_section(condition: Option<(&'static str, i64)>) -> impl Strategy<Value = Drawn> {
    let before = prop::sample::select(vec!["", "", "", "", "-", "(", "₫ ", "1", "Số "]);
    let after = prop::sample::select(vec!["", "", "", "", ")", " tỷ", " đ", "000", "%", "-"]);
    (before, prop::option::weighted(0.9, any_digits(false)), after).prop_map(move |(before, digits, after)| Drawn {
        condition,
        before,
        digits,
        after,
    })
}

/// Formats of one to three sections, with and without conditions.
fn any_sections() -> impl Strategy<Value = Vec<Drawn>> {
    let condition = || (prop::sample::select(vec!["<", "<=", ">", ">="]), prop::sample::select(vec![-1000i64, -1, 0, 1, 100, 1000]));
    prop_oneof![
        prop::collection::vec(any_section(None), 1..=3),
        condition().prop_flat_map(|one| (any_section(Some(one)), any_section(None)).prop_map(|(one, rest)| vec![one, rest])),
        (condition(), condition()).prop_flat_map(|(one, two)| {
            (any_section(Some(one)), any_section(Some(two)), any_section(None)).prop_map(|(one, two, rest)| vec![one, two, rest])
        }),
    ]
}

fn any_number() -> impl Strategy<Value = (i128, usize)> {
    let digits = prop_oneof![Just(0i128), -20i128..20, -99_999i128..99_999, -999_999_999_999_999i128..=999_999_999_999_999];
    (digits, 0usize..=6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Whatever a format does: what is stored is what is seen, but for rounding.
    #[test]
    fn a_stored_number_never_differs_from_what_is_seen_except_by_rounding(sections in any_sections(), (number, decimals) in any_number()) {
        let code = sections.iter().map(Drawn::code).collect::<Vec<_>>().join(";");
        let text = written(number, decimals);
        let cell = drawn(&sections, number, decimals);

        let showing = Format::of_code(&code).show(&Digits::parse(&text).unwrap());

        if let Ok(showing) = showing {
            let Showing::Number(shown) = showing else { panic!("{code} of {text} is a date") };
            let cell = cell.unwrap_or_else(|| panic!("{code} of {text} is taken, and no section applies"));
            let seen = seen(&cell).unwrap_or_else(|| panic!("{code} of {text} is taken, and shows {cell}"));
            prop_assert!(is_rounded(seen, number, decimals), "{} of {} is taken, and shows {}", code, text, cell);
            let shown = shown.and_then(|shown| shown.number);
            let told = shown.as_deref().map_or((number, decimals), |shown| self::seen(shown).unwrap());
            prop_assert!(same(told, seen), "{} of {} shows {}, not {:?}", code, text, cell, shown);
        }
    }

    /// A format that only rounds is taken.
    #[test]
    fn a_format_that_only_rounds_is_taken(digits in any_digits(true), signed in 0usize..3, after in prop::sample::select(vec!["", " tỷ", " đ"]), (number, decimals) in any_number()) {
        let section = |before, after| Drawn { condition: None, before, digits: Some(digits.clone()), after };
        let sections = match signed {
            0 => vec![section("", after)],
            1 => vec![section("", after), section("-", after)],
            _ => vec![section("", after), section("(", ")"), section("", after)],
        };
        let code = sections.iter().map(Drawn::code).collect::<Vec<_>>().join(";");
        let text = written(number, decimals);

        let showing = Format::of_code(&code).show(&Digits::parse(&text).unwrap());

        prop_assert!(matches!(showing, Ok(Showing::Number(_))), "{} of {}: {:?}", code, text, showing);
    }

    /// A date is stored as the parts that are seen of it.
    #[test]
    fn a_date_is_stored_as_the_parts_that_are_seen(
        parts in prop::collection::vec(prop::sample::select(vec!["d", "dd", "ddd", "m", "mm", "mmm", "mmmmm", "yy", "yyyy", "h", "ss"]), 1..5),
        between in prop::sample::select(vec!["/", "\\-", " ", "\\."]),
    ) {
        let code = parts.join(between);
        // `m` beside hours or seconds is minutes: their neighbours among the parts.
        let minute = |at: usize| matches!(parts[at], "m" | "mm") && (at > 0 && parts[at - 1] == "h" || parts.get(at + 1) == Some(&"ss"));
        let is = |at: usize, letter: char| parts[at].starts_with(letter) && !(letter == 'm' && minute(at));
        let count = |letter: char| (0..parts.len()).filter(|at| is(*at, letter)).count();
        let weekday = parts.contains(&"ddd");
        let days = parts.iter().filter(|part| matches!(**part, "d" | "dd")).count();
        let time = count('h') + count('s') + (0..parts.len()).filter(|at| parts[*at].starts_with('m') && minute(*at)).count();

        let showing = Format::of_code(&code).show(&Digits::parse("45473").unwrap());

        match showing {
            Ok(Showing::Date(DatePart::Day)) => prop_assert!(days > 0 && count('m') > 0 && count('y') > 0, "{}", code),
            Ok(Showing::Date(DatePart::Month)) => prop_assert!(days == 0 && !weekday && time == 0 && count('m') > 0 && count('y') > 0, "{}", code),
            Ok(Showing::Date(DatePart::Year)) => {
                prop_assert!(days == 0 && !weekday && time == 0 && count('m') == 0 && parts.contains(&"yyyy"), "{}", code);
            }
            Ok(Showing::Number(_)) => prop_assert!(false, "{} is no number", code),
            Err(_) => {}
        }
    }

    /// Formats of any kind are read in bounded time.
    #[test]
    fn formats_of_any_kind_are_read_or_refused(code in "([0#?.,;@%/E+_*\\\\\"\\[\\]<>=$-]|[dmyhs]|General|\\PC){0,24}", (number, decimals) in any_number()) {
        let format = Format::of_code(&code);
        let _ = format.show(&Digits::parse(&written(number, decimals)).unwrap());
        let _ = format.show_text();
    }
}
