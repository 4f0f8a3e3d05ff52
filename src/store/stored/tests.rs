//! Every shape as it stands on disk, letter by letter.
//! A field or variant that is renamed breaks these samples, as it would break the rows of every database.

use proptest::prelude::*;

use super::*;
use crate::domain::batch::rows::Mode;
use crate::domain::catalogue::indicator::{Access, Aggregation, Direction, Measure};
use crate::domain::catalogue::province::UnitType;
use crate::domain::catalogue::rule::{MissingFigures, Relation, Severity};
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::fault::{Code, Location};
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;
use crate::domain::observation::figure_check::SentFigure;
use crate::domain::outcome::Outcome;
use crate::domain::submission::draft::{Draft, RowContent};
use crate::domain::submission::warning::Warning;
use crate::domain::target::condition::{Phasing, TargetCondition};
use crate::domain::time::period::{Calendar, Frequency};
use crate::domain::time::period_code::PeriodCode;

const INDICATOR: &str = concat!(
    r#"{"v":1,"code":"own-flow","name":"Doanh thu","name_en":"Revenue","definition":"Theo báo cáo.","field":"it","#,
    r#""unit":"stamp","unit_label":{"name":"con tem","name_en":"stamps"},"unit_mult":3,"#,
    r#""measure":"flow","time_aggregation":"sum","area_aggregation":"none","direction":"up","decimals":2,"min":0,"max":null,"yoy_limit":20.50,"#,
    r#""breakdowns":{"sector":{"values":["a","b"],"complete":true,"labels":{"a":{"name":"Một","name_en":"One"}}},"#,
    r#""source":{"values":null,"complete":false,"labels":{}}},"#,
    r#""frequency":"M","calendar":"nd09","access":"internal","external_ref":"1304"}"#,
);

const RULE: &str = concat!(
    r#"{"v":1,"code":"own-share","name":"Quy tắc","name_en":"A rule","left":[{"indicator":"r"},{"value":1.50}],"relation":"le","#,
    r#""right":[{"indicator":"a","breakdown":{"source":"x"}}],"divided_by":[{"indicator":"b"}],"tolerance":0.05,"missing":"require","#,
    r#""severity":"error","legal_reference":"Thông tư 02/2023/TT-BTTTT","retired":true}"#,
);

const PROVINCE: &str = concat!(
    r#"{"v":1,"key":"bac-ninh-2025","code":"24","name":"Bắc Ninh","name_en":"Bac Ninh","iso":"VN-56","agency_code":"H02","#,
    r#""unit_type":"province","valid_from":"2025-07-01","predecessors":["bac-giang-1997","bac-ninh-1997"]}"#,
);

const OBLIGATION: &str = concat!(
    r#"{"v":1,"organisation":"H02.13","province":"bac-ninh-2025","indicator":"bts-sites","frequency":"Q","calendar":"civil","cumulative":true,"#,
    r#""deadline":{"months_after":-1,"day":25},"closes_after_days":20,"valid_from":"2026-01-01","valid_to":"2026-12-31"}"#,
);

const PATH: &str = concat!(
    r#"{"v":1,"baseline":["2020",1400.50],"phasing":"milestones","milestones":[["2024-Q1",600],["2024-05-YTD",1500.0]],"#,
    r#""each_province":true}"#,
);

const OUTCOMES: &str = concat!(
    r#"{"v":4,"rows":["#,
    r#"{"row_ref":"r1","outcome":"created","observation":"01a22f53","current_revision":0,"read":{"place":{"Cell":{"row":2,"column":0}},"#,
    r#""province":["bac-giang-1997","Bắc Giang"],"indicator":"own-rate","breakdown":{"sector":"a"},"period":"2024-05-YTD","calendar":"nd09","#,
    r#""says":{"Figure":{"value":66.670,"low":null,"high":null,"numerator":2,"denominator":3,"unit_mult":-3,"status":"E","bound":"approx_gt","#,
    r#""as_of":"2024-05-30"}},"shown":{"numerator":"2.0","value":"66.7"}},"errors":[],"#,
    r#""warnings":[{"code":"yoy_jump","message":{"vi":"nhiều hơn hẳn","en":"much more"}},{"code":"after_closing","message":{"vi":"muộn","en":"late"}}]},"#,
    r#"{"row_ref":null,"outcome":"rejected","observation":null,"read":{},"errors":["#,
    r#"{"place":{"Pointer":"/observations/1/value"},"fault":{"code":"negative_count","message":{"vi":"nhỏ hơn 0","en":"below zero"},"allowed":[]}},"#,
    r#"{"place":{"Parameter":"province"},"fault":{"code":"unknown_province","message":{"vi":"không có","en":"none"},"allowed":["bac-ninh-2025"]}},"#,
    r#"{"place":{"Cell":{"row":7,"column":2}},"fault":{"code":"not_a_number","message":{"vi":"năm","en":"a word"},"allowed":[],"column":"value","#,
    r#""indicator":{"vi":"Doanh thu","en":"Revenue"}}},"#,
    r#"{"place":{"Line":{"line":5,"pointer":"/value"}},"fault":{"code":"wrong_type","message":{"vi":"văn bản","en":"text"},"allowed":[]}},"#,
    r#"{"place":"Request","fault":{"code":"batch_size","message":{"vi":"quá nhiều","en":"too many"},"allowed":[]}}],"warnings":[]}]}"#,
);

const STREAM: &str = concat!(
    r#"{"v":3,"submission":"01a22f50","state":"approved","rows":["#,
    r#"{"row_ref":null,"outcome":"unchanged","observation":"01a22f51","errors":[],"warnings":[]}]}"#,
);

const SUBMISSION: &str = concat!(
    r#"{"v":2,"mode":"partial","acknowledge":["outlier","falling_ytd"],"province":"24","calendar":"civil","#,
    r#""source":{"title":"Báo cáo","number":"7/BC","date":"2025-02-03"},"rows":["#,
    r#"{"position":0,"row_ref":"r1","indicator":"own-rate","suspicious":{"vi":"lạ","en":"odd"},"breakdown":{"sector":"a"},"period":"2024-05-YTD","calendar":"nd09","#,
    r#""says":{"Figure":{"value":66.670,"low":null,"high":null,"numerator":2,"denominator":3,"unit_mult":-3,"status":"E","bound":"approx_gt","#,
    r#""as_of":"2024-05-30"}},"locator":"dòng 2","wording":"khoảng trên","reason":"mới","reason_given":true,"force":true,"#,
    r#""acknowledge":["yoy_jump"],"claims":[{"kind":"yoy_index","value":103.20},{"kind":"plan_pct","value":null}]},"#,
    r#"{"position":1,"row_ref":null,"indicator":"a","breakdown":{},"period":"2024-01-01/2024-05-31","calendar":null,"says":"Nil","#,
    r#""locator":null,"wording":null,"reason":null,"reason_given":false,"force":false,"acknowledge":[],"claims":[]},"#,
    r#"{"position":2,"row_ref":null,"indicator":null,"breakdown":null,"period":null,"calendar":null,"says":"Withdraw","#,
    r#""locator":null,"wording":null,"reason":null,"reason_given":false,"force":false,"acknowledge":[],"claims":[]},"#,
    r#"{"position":3,"row_ref":null,"indicator":null,"breakdown":null,"period":null,"calendar":null,"says":null,"#,
    r#""locator":null,"wording":null,"reason":null,"reason_given":false,"force":false,"acknowledge":[],"claims":[]}],"#,
    r#""layout":{"rows":[2,3,5,6],"columns":{"indicator":0,"value":3},"of_all":{"calendar":[2,1]}}}"#,
);

const LINES: &str = r#"{"lines":[1,3],"own_province":true}"#;

/// Reads some JSON of a kind and writes it again.
fn again(kind: &str, text: &str) -> Result<String, StoreError> {
    Ok(match kind {
        "indicator" => indicator::to_json(&indicator::from_json(text)?),
        "rule" => rule::to_json(&rule::from_json(text)?),
        "province" => province::to_json(&province::from_json(text)?),
        "obligation" => obligation::to_json(&obligation::from_json(text)?),
        "path" => target::to_json(&target::from_json(Some(text), TargetCondition::AtLeast(Decimal::HUNDRED), Calendar::Civil)?)
            .unwrap_or_default(),
        "outcomes" => outcome::to_json(&outcome::from_json(text)?),
        "stream" => {
            let (submission, state, rows) = stream::from_json(text)?;
            stream::to_json(&submission, state, &rows)
        }
        "submission" => submission::to_json(&submission::from_json(text)?),
        other => panic!("no kind {other}"),
    })
}

const SAMPLES: [(&str, &str); 8] = [
    ("indicator", INDICATOR),
    ("rule", RULE),
    ("province", PROVINCE),
    ("obligation", OBLIGATION),
    ("path", PATH),
    ("outcomes", OUTCOMES),
    ("stream", STREAM),
    ("submission", SUBMISSION),
];

#[test]
fn every_shape_reads_its_sample_and_writes_it_to_the_letter() {
    for (kind, sample) in SAMPLES {
        assert_eq!(again(kind, sample).expect("it is readable"), sample, "{kind}");
    }
    let of_a_stream = with_layout(LINES);
    assert_eq!(again("submission", &of_a_stream).expect("it is readable"), of_a_stream);
}

/// The sample of a submission with another layout.
fn with_layout(layout: &str) -> String {
    let (rest, _) = SUBMISSION.split_once(r#""layout":"#).expect("it is readable");
    format!(r#"{rest}"layout":{layout}}}"#)
}

#[test]
fn what_was_written_before_there_were_versions_is_read() {
    for (kind, sample) in SAMPLES {
        let without = match kind {
            "outcomes" => sample.trim_start_matches(r#"{"v":4,"rows":"#).trim_end_matches('}').to_owned(),
            "submission" => sample
                .replace(r#""2024-05-YTD""#, r#"{"Named":[2024,{"ToDate":5}]}"#)
                .replace(r#""2024-01-01/2024-05-31""#, r#"{"Days":["2024-01-01","2024-05-31"]}"#),
            _ => sample.to_owned(),
        };
        let without = (1..=3).fold(without, |text, v| text.replacen(&format!(r#""v":{v},"#), "", 1));

        assert!(!without.contains(r#""v":"#), "{kind}: {without}");
        assert_eq!(again(kind, &without).expect("it is readable"), sample, "{kind}");
    }
    let first = INDICATOR.replacen(r#""v":1,"#, "", 1).replace(r#""yoy_limit":20.50,"#, "");
    let first = first.replace(r#""unit_label":{"name":"con tem","name_en":"stamps"},"#, "");
    let first = first.replace(r#","labels":{"a":{"name":"Một","name_en":"One"}}"#, "").replace(r#","labels":{}"#, "");
    let read = INDICATOR.replace("20.50", "null").replace(r#"{"name":"con tem","name_en":"stamps"}"#, "null");
    let read = read.replace(r#"{"a":{"name":"Một","name_en":"One"}}"#, "{}");
    assert_eq!(again("indicator", &first).expect("it is readable"), read, "before there were limits and names of units and members");
    let shown = (r#""shown":{"numerator":"2.0","value":"66.7"}"#, r#""shown":{"value":"66.7"}"#);
    let first = OUTCOMES.replace(shown.0, r#""shown":"66.7""#).replacen(r#"{"v":4,"#, r#"{"v":2,"#, 1);
    let again_now = again("outcomes", &first).expect("it is readable");
    assert_eq!(again_now, OUTCOMES.replace(shown.0, shown.1), "before every number had what its cell shows");
    let first = OUTCOMES.trim_start_matches(r#"{"v":4,"rows":"#).trim_end_matches('}').replace(r#","warnings":[]"#, "");
    assert_eq!(again("outcomes", &first).expect("it is readable"), OUTCOMES, "before there were warnings");
    let first =
        r#"{"v":1,"submission":"01a22f50","rows":[{"row_ref":null,"outcome":"created","observation":null,"errors":[],"warnings":[]}]}"#;
    assert_eq!(
        again("stream", first).expect("it is readable"),
        first.replace(r#""v":1"#, r#""v":3"#),
        "before rows were kept as they were read"
    );
    let one_text = (r#"{"vi":"muộn","en":"late"}"#, r#""late""#, r#"{"vi":"late","en":"late"}"#);
    let first = OUTCOMES.replace(one_text.0, one_text.1).replacen(r#"{"v":4,"#, r#"{"v":3,"#, 1);
    let again_now = again("outcomes", &first).expect("it is readable");
    assert_eq!(again_now, OUTCOMES.replace(one_text.0, one_text.2), "before messages had two languages");
    let first = with_layout(r#"{"rows":[2],"columns":{"value":3}}"#);
    assert!(again("submission", &first).expect("it is readable").contains(r#""of_all":{}"#), "before files said anything for all rows");
}

#[test]
fn periods_of_every_kind_are_read_as_they_were_written_at_first() {
    for (before, code) in [
        (r#"{"Named":[2024,{"Month":5}]}"#, "2024-05"),
        (r#"{"Named":[2024,{"Quarter":2}]}"#, "2024-Q2"),
        (r#"{"Named":[2024,{"Half":1}]}"#, "2024-H1"),
        (r#"{"Named":[2024,"NineMonths"]}"#, "2024-9M"),
        (r#"{"Named":[2024,"Year"]}"#, "2024"),
        (r#"{"Named":[2024,{"ToDate":11}]}"#, "2024-11-YTD"),
        (r#"{"Days":["2024-01-15","2024-05-14"]}"#, "2024-01-15/2024-05-14"),
    ] {
        let text = SUBMISSION.replacen(r#""v":2,"#, "", 1).replace(r#""2024-01-01/2024-05-31""#, "null");

        let draft = submission::from_json(&text.replace(r#""2024-05-YTD""#, before)).expect("it is readable");

        assert_eq!(draft.rows[0].period, Some(PeriodCode::parse(code).expect("it is readable")), "{before}");
        assert!(submission::to_json(&draft).contains(&format!(r#""period":"{code}""#)), "{before}");
    }
}

#[test]
fn what_no_version_wrote_is_corrupt() {
    for (kind, sample) in SAMPLES {
        for (changed, why) in [
            (sample.replacen(r#"{"v":"#, r#"{"v":9"#, 1), "a later version"),
            (sample.replacen(r#"{"v":"#, r#"{"colour":"red","v":"#, 1), "a field that is not known"),
            (sample.replacen('{', "", 1), "no JSON"),
            ("{}".to_owned(), "nothing"),
        ] {
            assert!(matches!(again(kind, &changed), Err(StoreError::Corrupt(_))), "{kind}: {why}: {changed}");
        }
    }
    for (kind, sample, sound, broken) in [
        ("indicator", INDICATOR, r#""flow""#, r#""flood""#),
        ("rule", RULE, r#"{"value":1.50}"#, r#"{"value":1.50,"indicator":"a"}"#),
        ("rule", RULE, r#"{"value":1.50}"#, "{}"),
        ("rule", RULE, r#"{"source":"x"}"#, r#"{"Source":"x"}"#),
        ("province", PROVINCE, "2025-07-01", "2025-07-32"),
        ("obligation", OBLIGATION, r#""Q""#, r#""W""#),
        ("path", PATH, "2024-Q1", "2024-Q5"),
        ("outcomes", OUTCOMES, "negative_count", "nobodys_code"),
        ("outcomes", OUTCOMES, "yoy_jump", "jump"),
        ("outcomes", OUTCOMES, "2024-05-YTD", "2024-13-YTD"),
        ("stream", STREAM, "approved", "done"),
        ("submission", SUBMISSION, "2024-05-YTD", "2024-13-YTD"),
        ("submission", SUBMISSION, r#""E""#, r#""X""#),
        ("submission", SUBMISSION, r#""of_all":{"calendar":[2,1]}"#, r#""lines":[1]"#),
    ] {
        assert!(sample.contains(sound), "{kind}: {sound}");
        assert!(matches!(again(kind, &sample.replace(sound, broken)), Err(StoreError::Corrupt(_))), "{kind}: {broken}");
    }
}

#[test]
fn every_code_and_every_word_comes_back() {
    for code in Code::ALL {
        let text = OUTCOMES.replace("negative_count", code.as_str());
        assert_eq!(again("outcomes", &text).expect("it is readable"), text);
    }
    for (kind, sample, word, words) in [
        ("submission", SUBMISSION, r#""E""#, Status::WORDS),
        ("submission", SUBMISSION, r#""approx_gt""#, Bound::WORDS),
        ("submission", SUBMISSION, r#""yoy_jump""#, Warning::WORDS),
        ("submission", SUBMISSION, r#""nd09""#, Calendar::WORDS),
        ("submission", SUBMISSION, r#""partial""#, Mode::WORDS),
        ("submission", SUBMISSION, r#""yoy_index""#, ClaimKind::WORDS),
        ("outcomes", OUTCOMES, r#""rejected""#, Outcome::WORDS),
        ("indicator", INDICATOR, r#""flow""#, Measure::WORDS),
        ("indicator", INDICATOR, r#""sum""#, Aggregation::WORDS),
        ("indicator", INDICATOR, r#""up""#, Direction::WORDS),
        ("indicator", INDICATOR, r#""internal""#, Access::WORDS),
        ("obligation", OBLIGATION, r#""Q""#, Frequency::WORDS),
        ("rule", RULE, r#""le""#, Relation::WORDS),
        ("rule", RULE, r#""require""#, MissingFigures::WORDS),
        ("rule", RULE, r#""error""#, Severity::WORDS),
        ("province", PROVINCE, r#""province""#, UnitType::WORDS),
    ] {
        assert!(sample.contains(word), "{kind}: {word}");
        for other in words {
            let text = sample.replace(word, &format!("\"{other}\""));
            assert_eq!(again(kind, &text).expect("it is readable"), text, "{kind}: {other}");
        }
    }
    for phasing in Phasing::WORDS {
        let text = PATH.replace(r#""phasing":"milestones""#, &format!(r#""phasing":"{phasing}""#));
        assert_eq!(again("path", &text).expect("it is readable"), text);
    }
}

#[test]
fn places_are_told_apart() {
    let rows = outcome::from_json(OUTCOMES).expect("it is readable");
    let places: Vec<&Location> = rows[1].errors.iter().map(|located| &located.place).collect();
    assert_eq!(
        places,
        [
            &Location::Pointer("/observations/1/value".into()),
            &Location::Parameter("province".into()),
            &Location::Cell { row: 7, column: 2 },
            &Location::Line { line: 5, pointer: "/value".into() },
            &Location::Request,
        ]
    );
}

proptest! {
    #[test]
    fn a_figure_comes_back_digit_by_digit(digits in -999_999_999_999_999_999i64..=999_999_999_999_999_999, decimals in 0i32..=18, power in -6i32..=12) {
        let number = Decimal::from_scaled(digits, decimals);
        let mut draft: Draft = submission::from_json(SUBMISSION).expect("it is readable");
        let (status, bound) = (Status::Official, Bound::Range);
        draft.rows[0].says = Some(RowContent::Figure(SentFigure {
            value: number, low: number, high: None, numerator: number, denominator: None, unit_mult: Some(power), status, bound, as_of: None,
        }));

        let found = submission::from_json(&submission::to_json(&draft)).expect("it is readable");

        let Some(RowContent::Figure(figure)) = &found.rows[0].says else { panic!("a figure") };
        let digits = |of: Option<Decimal>| of.map(|of| of.to_string());
        prop_assert_eq!([figure.value, figure.low, figure.numerator].map(digits), [number; 3].map(digits));
        prop_assert_eq!((figure.high, figure.unit_mult, figure.status, figure.bound), (None, Some(power), status, bound));
    }

    #[test]
    fn a_period_comes_back_as_it_was_written(year in 1945i32..=2199, n in 0usize..40) {
        let names: Vec<String> = (1..=12).flat_map(|m| [format!("-{m:02}"), format!("-{m:02}-YTD")])
            .chain((1..=4).map(|q| format!("-Q{q}"))).chain(["-H1", "-H2", "-9M", ""].map(str::to_owned)).collect();
        let code = names.get(n).map_or_else(|| format!("{year}-01-15/{year}-{:02}-14", n % 11 + 2), |name| format!("{year}{name}"));
        let period = PeriodCode::parse(&code).expect("it is readable");
        prop_assert_eq!(period.to_string(), code);
    }
}
