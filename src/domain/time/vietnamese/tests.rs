//! Periods and dates in words, form by form: what each is read as, and why a text is refused.
//! Every period and every pair of days in every form reads back as itself.

use proptest::prelude::*;

use super::*;
use crate::domain::time::period::{Calendar, Period};
use crate::domain::time::period_code::PeriodCode;

fn code(text: &str) -> String {
    PeriodCode::parse_vietnamese(text).map_or_else(|fault| format!("{}: {}", fault.code, fault.message.english()), |code| code.to_string())
}

#[test]
fn periods_are_read_as_reports_write_them() {
    for (written, wanted) in [
        ("Tháng 5/2021", "2021-05"),
        ("tháng 05/2021", "2021-05"),
        ("tháng 05 năm 2021", "2021-05"),
        ("THÁNG 12 NĂM 2021", "2021-12"),
        ("Tha\u{301}ng 5/2021", "2021-05"),
        ("thang 5 2021", "2021-05"),
        ("Tháng 5 - 2021", "2021-05"),
        ("Tháng 5, năm 2021", "2021-05"),
        ("Tháng mười một năm 2021", "2021-11"),
        ("Tháng tư/2021", "2021-04"),
        ("Tháng năm năm 2021", "2021-05"),
        ("Tháng năm/2021", "2021-05"),
        ("T5/2021", "2021-05"),
        ("T05.2021", "2021-05"),
        ("Th.5/2021", "2021-05"),
        ("thg 5 2021", "2021-05"),
        ("5/2021", "2021-05"),
        ("05/2021", "2021-05"),
        ("05-2021", "2021-05"),
        ("5.2021", "2021-05"),
        (" 5 / 2021 ", "2021-05"),
        ("2021M05", "2021-05"),
        ("2021m05", "2021-05"),
        ("2021-M05", "2021-05"),
        ("202105", "2021-05"),
        ("2021-05", "2021-05"),
        ("Quý I/2021", "2021-Q1"),
        ("quý IV năm 2021", "2021-Q4"),
        ("Quý 1 năm 2021", "2021-Q1"),
        ("Quý 3/2021", "2021-Q3"),
        ("Quý ba năm 2021", "2021-Q3"),
        ("QUÝ II - 2021", "2021-Q2"),
        ("Q1/2021", "2021-Q1"),
        ("QII/2021", "2021-Q2"),
        ("q.3/2021", "2021-Q3"),
        ("2021-q1", "2021-Q1"),
        ("6 tháng đầu năm 2021", "2021-H1"),
        ("6 tháng đầu năm/2021", "2021-H1"),
        ("Sáu tháng đầu năm 2021", "2021-H1"),
        ("6 tháng năm 2021", "2021-H1"),
        ("6 tháng 2021", "2021-H1"),
        ("06 tháng/2021", "2021-H1"),
        ("6T/2021", "2021-H1"),
        ("6T2021", "2021-H1"),
        ("nửa đầu năm 2021", "2021-H1"),
        ("6 tháng cuối năm 2021", "2021-H2"),
        ("nửa cuối năm 2021", "2021-H2"),
        ("H2/2021", "2021-H2"),
        ("9 tháng năm 2021", "2021-9M"),
        ("9 tháng đầu năm 2021", "2021-9M"),
        ("Chín tháng năm 2021", "2021-9M"),
        ("11 tháng năm 2021", "2021-11-YTD"),
        ("Mười một tháng năm 2021", "2021-11-YTD"),
        ("5 tháng đầu năm 2021", "2021-05-YTD"),
        ("5 tháng năm 2021", "2021-05-YTD"),
        ("Năm tháng đầu năm 2021", "2021-05-YTD"),
        ("lũy kế đến tháng 5/2021", "2021-05-YTD"),
        ("Lũy kế đến hết tháng 5 năm 2021", "2021-05-YTD"),
        ("luỹ kế 5 tháng đầu năm 2021", "2021-05-YTD"),
        ("lũy kế từ đầu năm đến tháng 6/2021", "2021-06-YTD"),
        ("Lũy kế hết quý III/2021", "2021-09-YTD"),
        ("cộng dồn 5 tháng 2021", "2021-05-YTD"),
        ("3 tháng cuối năm 2021", "2021-Q4"),
        ("Năm 2021", "2021"),
        ("NĂM 2021", "2021"),
        ("cả năm 2021", "2021"),
        ("2021", "2021"),
        ("24/02/2021 - 31/08/2021", "2021-02-24/2021-08-31"),
        ("24/2/2021–31/8/2021", "2021-02-24/2021-08-31"),
        ("24-02-2021/31-08-2021", "2021-02-24/2021-08-31"),
        ("24.2.2021 - 31.8.2021", "2021-02-24/2021-08-31"),
        ("từ ngày 24/2/2021 đến ngày 31/8/2021", "2021-02-24/2021-08-31"),
        ("từ 24 tháng 2 năm 2021 đến 31 tháng 8 năm 2021", "2021-02-24/2021-08-31"),
        ("2021-02-24 - 2021-08-31", "2021-02-24/2021-08-31"),
        ("2021-02-24/2021-08-31", "2021-02-24/2021-08-31"),
    ] {
        assert_eq!(code(written), wanted, "{written}");
    }
}

#[test]
fn a_text_that_is_not_one_period_is_refused_with_its_reason() {
    for (written, why) in [
        ("", "the period is empty"),
        ("  ", "the period is empty"),
        ("31/5/2021", "is a day"),
        ("2021-05-31", "is a day"),
        ("5/1/2021", "is a day"),
        ("ngày 5 tháng 5 năm 2021", "is a day"),
        ("1-5-21", "is a day"),
        ("May-21", "as Excel shows it"),
        ("Sep-2021", "as Excel shows it"),
        ("21-May", "as Excel shows it"),
        ("5/21", "two digits"),
        ("T5/21", "two digits"),
        ("Thg5-21", "two digits"),
        ("Quý I/21", "two digits"),
        ("6 tháng đầu năm 21", "two digits"),
        ("năm 21", "two digits"),
        ("Tháng 5", "has no year"),
        ("Quý II", "has no year"),
        ("6 tháng đầu năm", "has no year"),
        ("nửa đầu năm", "has no year"),
        ("lũy kế đến tháng 5", "has no year"),
        ("Tháng năm 2021", "can mean May"),
        ("2010/11", "a month or two years"),
        ("2024-5", "a month or two years"),
        ("Tháng 5/1821", "years 1945 to 2199"),
        ("1024-05", "years 1945 to 2199"),
        ("31/12/2021 - 01/01/2021", "ends before it begins"),
        ("2021-12-31/2021-01-01", "ends before it begins"),
        ("Tháng 13/2021", "is not a period"),
        ("Tháng 0/2021", "is not a period"),
        ("13/2021", "is not a period"),
        ("Quý 5/2021", "is not a period"),
        ("Quý V/2021", "is not a period"),
        ("13 tháng năm 2021", "is not a period"),
        ("5 tháng cuối năm 2021", "is not a period"),
        ("lũy kế năm 2021", "is not a period"),
        ("Tháng 1-5/2021", "is not a period"),
        ("Quý I, II/2021", "is not a period"),
        ("tháng 5 và tháng 6/2021", "is not a period"),
        ("5 2021", "is not a period"),
        ("II/2021", "is not a period"),
        ("quyển 6 tháng 2021", "is not a period"),
        ("Năm học 2021", "is not a period"),
        ("Tháng 5/2021 (ước)", "is not a period"),
        ("Tháng giêng năm 2021", "is not a period"),
        ("5//2021", "is not a period"),
        ("-5/2021", "is not a period"),
        ("５/２０２１", "is not a period"),
        ("2021-13", "is not a period"),
    ] {
        let found = code(written);
        assert!(found.starts_with("invalid_period: ") && found.contains(why), "{written}: {found}");
        let forms = ["Tháng 5/2024", "2024-05", "Quý II/2024", "2024-Q2"].iter().all(|form| found.contains(form));
        assert_eq!(forms, !found.contains("years 1945"), "{written}: the forms are named, but for a year that no period has: {found}");
    }
}

#[test]
fn a_day_is_read_with_the_day_first() {
    for (written, wanted) in [
        ("31/5/2021", "2021-05-31"),
        ("31/05/2021", "2021-05-31"),
        ("5/1/2021", "2021-01-05"),
        ("05-01-2021", "2021-01-05"),
        ("5.1.2021", "2021-01-05"),
        ("ngày 31 tháng 5 năm 2021", "2021-05-31"),
        ("31 tháng 05, 2021", "2021-05-31"),
        ("ngày 31/5/2021", "2021-05-31"),
        (" 31/5/2021 ", "2021-05-31"),
        ("2021-05-31", "2021-05-31"),
        ("29/2/2024", "2024-02-29"),
    ] {
        assert_eq!(parse_date(written).map(|day| day.to_string()), Ok(wanted.into()), "{written}");
    }
    for (bad, why) in [
        ("", "is not a date"),
        ("5/31/2021", "the day stands first"),
        ("29/2/2021", "the day stands first"),
        ("0/5/2021", "the day stands first"),
        ("31/5/21", "two digits"),
        ("31-5/2021", "is not a date"),
        ("5/2021", "is not a date"),
        ("2021/05/31", "is not a date"),
        ("31/5/2021 10:00", "is not a date"),
        ("44347", "is not a date"),
        ("31/5/02021", "is not a date"),
    ] {
        let fault = parse_date(bad).unwrap_err();
        assert!(fault.code == Code::InvalidDate && fault.message.english().contains(why), "{bad}: {}", fault.message.english());
        assert!(fault.message.english().contains("30/6/2024 or 2024-06-30"), "{bad}: the forms are named");
    }
}

#[test]
fn a_code_in_words_is_read_only_where_words_are() {
    let fault = PeriodCode::parse("Tháng 5/2021").unwrap_err();
    assert!(
        fault.message.english().starts_with("`Tháng 5/2021` is read in files, and in JSON with `number_locale` `vi`; write"),
        "{fault:?}"
    );
    for (bad, why) in [("", "the period is empty"), ("2024-05-31", "is a day"), ("2024-5", "two years"), ("May", "is not a period")] {
        let fault = PeriodCode::parse(bad).unwrap_err();
        assert!(
            fault.message.english().contains(why)
                && fault.message.english().contains("2024-05")
                && fault.message.english().contains("Tháng 5/2024"),
            "{fault:?}"
        );
    }
    assert!(!PeriodCode::parse("1024").unwrap_err().message.english().contains("2024-05"));
}

/// Every form of a name, written without the code under test.
fn forms(year: i32, name: Name) -> Vec<String> {
    let roman = |quarter: u32| ["I", "II", "III", "IV"][quarter as usize - 1];
    match name {
        Name::Month(m) => vec![
            format!("Tháng {m}/{year}"),
            format!("tháng {m:02} năm {year}"),
            format!("T{m}/{year}"),
            format!("{m}/{year}"),
            format!("{m:02}-{year}"),
            format!("{year}M{m:02}"),
            format!("{year}-M{m:02}"),
            format!("{year}{m:02}"),
        ],
        Name::Quarter(q) => vec![
            format!("Quý {}/{year}", roman(q)),
            format!("quý {} năm {year}", roman(q)),
            format!("Quý {q} năm {year}"),
            format!("Q{q}/{year}"),
            format!("{year}Q{q}"),
        ],
        Name::Half(h) => vec![
            format!("6 tháng {} năm {year}", ["đầu", "cuối"][h as usize - 1]),
            format!("nửa {} năm {year}", ["đầu", "cuối"][h as usize - 1]),
            format!("{year}-S{h}"),
        ],
        Name::NineMonths => vec![format!("9 tháng năm {year}"), format!("9 tháng đầu năm {year}")],
        Name::Year => vec![format!("Năm {year}"), format!("cả năm {year}"), format!("{year}-A1")],
        Name::ToDate(m) => vec![
            format!("lũy kế đến tháng {m}/{year}"),
            format!("Lũy kế {m} tháng đầu năm {year}"),
            format!("lũy kế đến hết tháng {m:02} năm {year}"),
            format!("{m} tháng đầu năm {year}"),
        ],
        Name::Interval => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_period_in_any_form_reads_back_as_itself(
        year in YEARS,
        name in prop_oneof![
            (1u32..=12).prop_map(Name::Month),
            (1u32..=4).prop_map(Name::Quarter),
            (1u32..=2).prop_map(Name::Half),
            Just(Name::NineMonths),
            Just(Name::Year),
            (1u32..=12).prop_map(Name::ToDate),
        ],
        nd09 in any::<bool>(),
    ) {
        let calendar = if nd09 { Calendar::Nd09 } else { Calendar::Civil };
        let period = Period::named(calendar, year, name);
        let written = [period.to_string(), PeriodCode::from(period).for_spreadsheets()];
        for form in forms(year, name).into_iter().chain(written) {
            for form in [form.clone(), form.to_uppercase(), form.to_lowercase(), form.nfd().collect(), text::fold(&form)] {
                // Folding drops the marks that a form of numbers alone needs.
                if form.starts_with(|c: char| c.is_ascii_digit()) && form.contains(' ') && !form.contains("thang") && !form.contains('á') {
                    continue;
                }
                let read = PeriodCode::parse_vietnamese(&form).map(|code| code.in_calendar(calendar));
                prop_assert_eq!(read.ok(), Some(period), "{}", form);
            }
        }
    }

    #[test]
    fn days_in_any_form_read_back_as_themselves(first in 0i64..90_000, length in 0i64..2_000) {
        let day = |days: i64| NaiveDate::from_ymd_opt(1945, 1, 1).unwrap() + chrono::TimeDelta::days(days);
        let (start, end) = (day(first), day(first + length));
        for form in ["%-d/%-m/%Y", "%d/%m/%Y", "%d-%m-%Y", "%-d.%-m.%Y", "%Y-%m-%d", "ngày %-d tháng %-m năm %Y"] {
            let (from, to) = (start.format(form).to_string(), end.format(form).to_string());
            prop_assert_eq!(parse_date(&from), Ok(start), "{}", from);
            for between in [" - ", "–", " đến ", "/"] {
                // `1/5/2021/2/5/2021` has no reader.
                if between == "/" && form.contains('/') {
                    continue;
                }
                let text = format!("{from}{between}{to}");
                let wanted = Written::Days(start, end);
                prop_assert_eq!(read(&text), Ok(wanted), "{}", text);
            }
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,90}|[0-9 /.-]{0,20}|(tháng|quý|năm|lũy kế|[0-9]{1,4}|[/.-]| ){1,8}") {
        let _ = read(&text);
        let _ = parse_date(&text);
    }
}
