//! What is refused, how it is said, and that nothing of it is stored: batches that cannot be, broken JSON, unknown names.
//! Sizes, time limits and methods live in `limits`; tokens in `tokens`.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    figures_that_cannot_be_true_are_refused,
    numbers_are_refused_where_their_notation_is_not_declared,
    names_that_nothing_answers_to_are_refused,
    provinces_that_nothing_answers_to_are_refused,
    fields_that_do_not_exist_are_refused_by_name,
    values_of_another_type_are_refused,
    an_object_is_no_number_whatever_its_key,
    words_outside_their_list_are_refused,
    text_that_no_report_holds_is_refused,
    a_body_that_is_no_strict_json_is_malformed,
    one_batch_says_one_thing_about_a_series_and_its_days,
    a_period_that_has_not_begun_is_refused_and_one_that_runs_is_not,
    a_period_begins_at_midnight_in_viet_nam,
    a_bad_row_takes_the_whole_batch_with_it,
    every_fault_of_every_row_is_named_at_once,
    every_fault_of_one_row_is_named_at_once,
    a_fault_points_at_the_claim_it_is_about,
    parameters_that_do_not_exist_are_refused_by_name,
    parameters_that_name_what_is_not_there_are_refused,
    whoever_may_not_submit_is_told_why,
    a_client_writes_only_for_its_own_provinces,
    no_mutation_of_a_batch_breaks_the_service,
}

/// A body, the code and place of its only fault, some of what would have been accepted, and why it is wrong.
type Case = (Value, &'static str, &'static str, &'static [&'static str], &'static str);

async fn figures_that_cannot_be_true_are_refused(app: TestApp) {
    let rate = |row: Value| one("online-service-level4-rate", row);
    let count = |row: Value| one("bts-sites", row);
    let amount = |row: Value| one("post-telecom-revenue", row);

    #[rustfmt::skip]
    let cases: Vec<Case> = vec![
        (count(json!({})), "value_missing", "/value", &[], "nothing reported"),
        (count(json!({"value": null})), "value_missing", "/value", &[], "null is nothing, not zero"),
        (rate(json!({})), "value_missing", "/value", &[], "neither a rate nor what it is formed from"),
        (rate(json!({"numerator": 38})), "ratio_incomplete", "/denominator", &[], "38 of how many"),
        (rate(json!({"denominator": 38})), "ratio_incomplete", "/numerator", &[], "how many of 38"),
        (rate(json!({"value": 100, "numerator": 38})), "ratio_incomplete", "/denominator", &[], "a value does not replace it"),
        (count(json!({"value": 1, "numerator": 1, "denominator": 1})), "ratio_not_allowed", "/numerator", &[], "a count has no parts"),
        (count(json!({"value": 1, "denominator": 1})), "ratio_not_allowed", "/denominator", &[], "nor a whole"),
        (amount(json!({"numerator": 1, "denominator": 2})), "ratio_not_allowed", "/numerator", &[], "nor has an amount"),
        (rate(json!({"numerator": 39, "denominator": 38})), "numerator_exceeds_denominator", "/numerator", &[], "39 of 38"),
        (rate(json!({"numerator": 0, "denominator": 0})), "invalid_ratio", "/denominator", &[], "without cases there is no rate"),
        (rate(json!({"numerator": 1, "denominator": -2})), "invalid_ratio", "/denominator", &[], "a negative whole"),
        (rate(json!({"numerator": -1, "denominator": 2})), "invalid_ratio", "/numerator", &[], "a negative part"),
        (rate(json!({"value": 77.15, "numerator": 1, "denominator": 2})), "rate_disagrees", "/value", &["50"], "half is not 77.15 %"),
        (rate(json!({"value": 33.34, "numerator": 1, "denominator": 3})), "rate_disagrees", "/value", &["33.33"], "off by its last digit"),
        (count(json!({"value": -1})), "negative_count", "/value", &[], "fewer than none"),
        (count(json!({"value": 1.5})), "fraction_for_count", "/value", &[], "half a site"),
        (count(json!({"value": 1.5, "unit_mult": 0})), "fraction_for_count", "/value", &[], "half a site, multiplied by one"),
        (count(json!({"value": 1.0005, "unit_mult": 3})), "fraction_for_count", "/value", &[], "1000.5 sites"),
        (rate(json!({"value": 101})), "out_of_bounds", "/value", &["min 0", "max 100"], "more than all"),
        (rate(json!({"value": 100.01})), "out_of_bounds", "/value", &["min 0", "max 100"], "a little more than all"),
        (rate(json!({"value": -1})), "out_of_bounds", "/value", &["min 0", "max 100"], "less than none"),
        (amount(json!({"value": -0.1})), "out_of_bounds", "/value", &["min 0"], "revenue below zero"),
        (count(json!({"value": 999_999_999_999_999_999_i64, "unit_mult": 1})), "too_many_digits", "/value", &[], "ten times what fits"),
        (amount(json!({"value": "0.000000000000000001", "unit_mult": -6})), "too_many_digits", "/value", &[], "beyond eighteen decimals"),
        (count(json!({"value": 1, "unit_mult": 13})), "invalid_value", "/unit_mult", &[], "no such multiplier"),
        (count(json!({"value": 1, "unit_mult": 1.5})), "invalid_value", "/unit_mult", &[], "half a power of ten"),
    ];
    refuse_each(&app, cases).await;
}

async fn numbers_are_refused_where_their_notation_is_not_declared(app: TestApp) {
    let department = app.department().await;

    for (value, locale, code, why) in [
        (r#""1.596""#, "", "ambiguous_number", "1596, or a number with three decimals"),
        (r#""1.000""#, "", "ambiguous_number", "one or a thousand"),
        (r#""-150.000""#, "", "ambiguous_number", "below zero"),
        (r#""1,500""#, "", "ambiguous_number", "1500 in English"),
        (r#""12,345,678""#, "", "not_a_number", "English notation is not read"),
        (r#""1 93 360""#, "", "not_a_number", "no groups of three"),
        (r#""-""#, "", "not_a_number", "a dash for nothing"),
        (r#""KPS""#, "vi", "not_a_number", "a word for nothing"),
        (r#""230 tỷ""#, "vi", "not_a_number", "a unit behind"),
        (r#""0.125""#, "vi", "not_a_number", "no group of thousands begins with a zero"),
        (r#""1.596\u200b""#, "vi", "not_a_number", "a character that nobody sees"),
        (r#""1.596""#, "plain", "fraction_for_count", "a point before decimals is declared"),
        (r#""1.930.360""#, "plain", "not_a_number", "thousands with points"),
        (r#""77,15""#, "plain", "not_a_number", "a decimal comma"),
        (r#""1.5 ""#, "plain", "not_a_number", "a space behind"),
        (r#"" 15""#, "plain", "not_a_number", "a space before"),
        (r#""１""#, "plain", "not_a_number", "a full-width digit"),
        (r#""NaN""#, "plain", "not_a_number", "not a number by its own word"),
        (r#""-Infinity""#, "plain", "not_a_number", "no number either"),
        (r#""""#, "plain", "not_a_number", "nothing"),
        (r#""+5""#, "plain", "not_a_number", "a plus sign"),
        (r#""0x1f""#, "plain", "not_a_number", "hexadecimal"),
        (r#""20-23""#, "plain", "not_a_number", "a range"),
        (r#""hàng nghìn""#, "plain", "not_a_number", "words"),
        (r#""5; DROP TABLE observations""#, "plain", "not_a_number", "SQL"),
        ("1e400", "plain", "too_many_digits", "a float would call it infinite"),
        ("1e-400", "plain", "too_many_digits", "a float would call it zero"),
        ("1e99999999999", "plain", "too_many_digits", "an exponent beyond any machine's"),
        ("1234567890123456789", "plain", "too_many_digits", "nineteen digits"),
        ("12345678901234567.89", "plain", "too_many_digits", "nineteen digits around the point"),
        (r#""1234567890123456789""#, "plain", "too_many_digits", "nineteen digits in a string"),
        ("1.0000000000000000001", "plain", "too_many_digits", "nineteen decimals"),
        (r#""1.59""#, "vi", "not_a_number", "a group of two digits"),
        (r#""1,596.5""#, "vi", "not_a_number", "English notation"),
        (r#""1.596,5""#, "vi", "fraction_for_count", "1596.5 sites"),
        (r#""1.596 ""#, "vi", "not_a_number", "a space behind"),
        ("1.596", "vi", "fraction_for_count", "a JSON number is one in any locale"),
    ] {
        let row = format!(r#"{{"indicator": "bts-sites", "value": {value}}}"#);
        let locale = if locale.is_empty() { String::new() } else { format!(r#""number_locale": "{locale}", "#) };
        let body = format!(r#"{{"province": "24", "period": "2024-05", {locale}"observations": [{row}]}}"#);

        let answer = send(&department, &body).await;

        assert_eq!(answer.fault(422), (code.into(), "/observations/0/value".into()), "{value}, {locale}: {why}");
        assert_nothing_is_stored(&department, why).await;
    }
}

async fn names_that_nothing_answers_to_are_refused(app: TestApp) {
    let of = |row: Value| json!({"province": "24", "period": "2024-05", "observations": [row]});
    let phones = |breakdown: Value| one("phone-subscribers", json!({"breakdown": breakdown, "value": 1}));
    let revenue = |breakdown: Value| one("telecom-internet-revenue", json!({"breakdown": breakdown, "value": 1}));
    let sites = |period: &str| one("bts-sites", json!({"period": period, "value": 1}));
    let undated = json!({"province": "24", "observations": [{"indicator": "bts-sites", "value": 1}]});
    let forms: &[&str] = &["2024-05", "2024-Q2", "2024-H1", "2024-9M", "2024", "2024-05-YTD"];

    #[rustfmt::skip]
    let cases: Vec<Case> = vec![
        (of(json!({"indicator": "bts-towers", "value": 1})), "unknown_indicator", "/indicator", &[], "no such indicator"),
        (of(json!({"indicator": "BTS-sites", "value": 1})), "unknown_indicator", "/indicator", &["bts-sites"], "codes are lower-case"),
        (of(json!({"indicator": "bts-sites' OR 1=1 --", "value": 1})), "unknown_indicator", "/indicator", &["bts-sites"], "SQL"),
        (of(json!({"value": 1})), "missing_field", "/indicator", &[], "a figure of what"),
        (phones(json!({"colour": "red"})), "unknown_breakdown", "/breakdown", &["line_type"], "no such dimension"),
        (phones(json!({"line_type": "satellite"})), "unknown_breakdown", "/breakdown", &["fixed", "mobile"], "no such member"),
        (phones(json!({"line_type": "Fixed"})), "unknown_breakdown", "/breakdown", &["fixed", "mobile"], "members are spelled one way"),
        (phones(json!({"line_type": "fixed", "sector": "post"})), "unknown_breakdown", "/breakdown", &["line_type"], "one too many"),
        (phones(json!({"line_type": "a b"})), "unknown_breakdown", "/breakdown", &[], "no member is spelled so"),
        (phones(json!({"line_type": "a\u{0}b"})), "unknown_breakdown", "/breakdown", &[], "nor so"),
        (phones(json!({"": ""})), "unknown_breakdown", "/breakdown", &[], "nor so"),
        (revenue(json!({"line_type": "fixed"})), "unknown_breakdown", "/breakdown", &[], "it has no parts"),
        (sites("2024-13"), "invalid_period", "/period", forms, "thirteen months"),
        (sites("05/2024"), "invalid_period", "/period", forms, "as people write it"),
        (sites("2024-05-31/2024-01-01"), "invalid_period", "/period", forms, "backwards"),
        (sites(""), "invalid_period", "/period", forms, "nothing"),
        (sites("1024-05"), "invalid_period", "/period", forms, "before there were statistics"),
        (undated, "missing_field", "/period", &[], "neither the row nor the batch says when"),
    ];
    refuse_each(&app, cases).await;
}

async fn provinces_that_nothing_answers_to_are_refused(app: TestApp) {
    let rows = || json!([{"indicator": "bts-sites", "value": 1}]);
    let of = |province: &str, period: &str| json!({"province": province, "period": period, "observations": rows()});

    #[rustfmt::skip]
    let cases: Vec<Case> = vec![
        (of("Atlantis", "2024-05"), "unknown_province", "/province", &[], "never heard of"),
        (of("99", "2024-05"), "unknown_province", "/province", &[], "no such code"),
        (of("VN-24-2004", "2024-05"), "unknown_province", "/province", &[], "no such ISO code"),
        (of("27", "2026-01"), "unknown_province", "/province", &["bac-ninh-1997"], "the code of old Bắc Ninh, which is 24 now"),
        (of("Bắc Giang", "2026-01"), "unknown_province", "/province", &["bac-giang-1997"], "it is part of Bắc Ninh now"),
        (of("24", "1996-05"), "unknown_province", "/province", &["bac-giang-1997", "bac-ninh-2025"], "before the list begins"),
        (of("bac-giang-1997", "2026-01"), "province_not_in_period", "/province", &["bac-ninh-2025"], "a key after its time"),
        (json!({"period": "2024-05", "observations": rows()}), "missing_field", "/province", &[], "whose figures"),
    ];
    refuse_each(&app, cases).await;
}

async fn fields_that_do_not_exist_are_refused_by_name(app: TestApp) {
    let good = || json!({"indicator": "bts-sites", "value": 1596, "claims": [{"kind": "yoy_index", "value": 103.2}]});
    let base = || json!({"province": "24", "period": "2024-05", "source": {"title": "Báo cáo"}, "observations": [good()]});
    let adding = |place: &str, field: &str| {
        let mut body = base();
        body.pointer_mut(place).unwrap()[field] = json!("x");
        body
    };

    #[rustfmt::skip]
    let cases: Vec<Case> = vec![
        (adding("", "provinces"), "unknown_field", "/provinces", &["province", "period", "observations"], "a slip of the pen"),
        (adding("", "state"), "unknown_field", "/state", &["province"], "the service sets it"),
        (adding("", "id"), "unknown_field", "/id", &["province"], "the service sets it"),
        (adding("", "organisation"), "unknown_field", "/organisation", &["province"], "the client's own is used"),
        (adding("", "a/b~c"), "unknown_field", "/a~1b~0c", &["province"], "a pointer escapes what it points at"),
        (adding("", ""), "unknown_field", "/", &["province"], "no name at all"),
        (adding("/source", "url"), "unknown_field", "/source/url", &["title", "number", "date"], "sources have no address"),
        (adding("/observations/0", "unit"), "unknown_field", "/unit", &["unit_mult", "value"], "the indicator has the unit"),
        (adding("/observations/0", "Value"), "unknown_field", "/Value", &["value"], "fields are lower-case"),
        (adding("/observations/0", "revision"), "unknown_field", "/revision", &["value"], "the service counts"),
        (adding("/observations/0/claims/0", "base"), "unknown_field", "/claims/0/base", &["kind", "value"], "a claim has no base"),
    ];
    refuse_each(&app, cases).await;
}

async fn values_of_another_type_are_refused(app: TestApp) {
    let good = || json!({"row_ref": "r1", "indicator": "bts-sites", "value": 1596});
    let base = || json!({"province": "24", "period": "2024-05", "observations": [good()]});
    let setting = |place: &str, field: &str, value: Value| {
        let mut body = base();
        body.pointer_mut(place).unwrap()[field] = value;
        body
    };
    let top = |field: &str, value: Value| setting("", field, value);
    let row = |field: &str, value: Value| setting("/observations/0", field, value);

    #[rustfmt::skip]
    let cases: Vec<Case> = vec![
        (json!([]), "wrong_type", "", &[], "a list is no batch"),
        (json!("24"), "wrong_type", "", &[], "nor is a string"),
        (json!(24), "wrong_type", "", &[], "nor a number"),
        (json!(null), "wrong_type", "", &[], "nor nothing"),
        (top("province", json!(24)), "wrong_type", "/province", &[], "codes are text: 01 is not 1"),
        (top("period", json!(2024)), "wrong_type", "/period", &[], "periods are text"),
        (top("calendar", json!(true)), "wrong_type", "/calendar", &[], "calendars have names"),
        (top("mode", json!(1)), "wrong_type", "/mode", &[], "modes have names"),
        (top("number_locale", json!(["vi"])), "wrong_type", "/number_locale", &[], "one locale"),
        (top("source", json!("Báo cáo")), "wrong_type", "/source", &[], "a source has parts"),
        (top("source", json!({"title": 5})), "wrong_type", "/source/title", &[], "titles are text"),
        (top("source", json!({"number": 52})), "wrong_type", "/source/number", &[], "document numbers are text"),
        (top("source", json!({"date": 20_240_520})), "wrong_type", "/source/date", &[], "dates are text"),
        (top("source", json!({"date": "20/5/2024"})), "invalid_date", "/source/date", &[], "as people write it"),
        (top("source", json!({"date": "2024-02-30"})), "invalid_date", "/source/date", &[], "no such day"),
        (top("observations", json!({})), "wrong_type", "/observations", &[], "rows are a list"),
        (top("observations", json!(null)), "missing_field", "/observations", &[], "no rows"),
        (top("observations", json!([])), "batch_size", "/observations", &[], "an empty batch"),
        (top("observations", json!([5])), "wrong_type", "", &[], "a row has fields"),
        (top("observations", json!([null])), "wrong_type", "", &[], "nothing is no row"),
        (row("row_ref", json!(1)), "wrong_type", "/row_ref", &[], "row names are text"),
        (row("indicator", json!(1304)), "wrong_type", "/indicator", &[], "codes are text"),
        (row("breakdown", json!("fixed")), "wrong_type", "/breakdown", &[], "a part of which dimension"),
        (row("breakdown", json!({"operator": 5})), "wrong_type", "/breakdown", &[], "members are text"),
        (row("period", json!(202_405)), "wrong_type", "/period", &[], "periods are text"),
        (row("value", json!(true)), "wrong_type", "/value", &[], "true is not one"),
        (row("value", json!([1596])), "wrong_type", "/value", &[], "a list of one"),
        (row("value", json!({"amount": 1596})), "wrong_type", "/value", &[], "an object"),
        (row("numerator", json!(false)), "wrong_type", "/numerator", &[], "false is not zero"),
        (row("denominator", json!({})), "wrong_type", "/denominator", &[], "an object"),
        (row("unit_mult", json!("3")), "wrong_type", "/unit_mult", &[], "a whole number"),
        (row("status", json!(0)), "wrong_type", "/status", &[], "statuses are letters"),
        (row("bound", json!({})), "wrong_type", "/bound", &[], "bounds are words"),
        (row("locator", json!(41)), "wrong_type", "/locator", &[], "a line is text"),
        (row("claims", json!({"kind": "yoy_index"})), "wrong_type", "/claims", &[], "claims are a list"),
        (row("claims", json!([103.2])), "wrong_type", "/claims/0", &[], "a claim has fields"),
        (row("claims", json!([{"kind": "yoy_index"}])), "missing_field", "/claims/0/value", &[], "claims what"),
        (row("claims", json!([{"value": 103.2}])), "missing_field", "/claims/0/kind", &[], "claims of what kind"),
        (row("claims", json!([{"kind": "yoy_index", "value": null}])), "missing_field", "/claims/0/value", &[], "claims nothing"),
        (row("claims", json!([{"kind": "yoy_index", "value": "103,2%"}])), "not_a_number", "/claims/0/value", &[], "a unit"),
        (row("claims", json!([{"kind": "yoy_index", "value": "103.200"}])), "ambiguous_number", "/claims/0/value", &[], "undeclared"),
    ];
    refuse_each(&app, cases).await;
}

async fn an_object_is_no_number_whatever_its_key(app: TestApp) {
    let disguised = |digits: &str| one("bts-sites", json!({"value": {"$serde_json::private::Number": digits}}));

    let cases: Vec<Case> = vec![
        (disguised("1596"), "wrong_type", "/value", &[], "the key under which the JSON reader hands numbers over to itself"),
        (disguised("many"), "wrong_type", "/value", &[], "the same key, with no number"),
    ];
    refuse_each(&app, cases).await;
}

async fn words_outside_their_list_are_refused(app: TestApp) {
    let with = |field: &str, value: &str| {
        let mut body = one("bts-sites", json!({"value": 1596}));
        body[field] = json!(value);
        body
    };
    let row = |field: &str, value: &str| one("bts-sites", json!({"value": 1596, field: value}));
    let claim = json!({"value": 1596, "claims": [{"kind": "mom_index", "value": 103.2}]});

    #[rustfmt::skip]
    let cases: Vec<Case> = vec![
        (with("mode", "half"), "invalid_value", "/mode", &["atomic", "partial"], "all of a batch or its good rows"),
        (with("calendar", "lunar"), "invalid_value", "/calendar", &["civil", "nd09"], "no such calendar"),
        (with("number_locale", "en"), "invalid_value", "/number_locale", &["plain", "vi"], "no such notation"),
        (row("status", "e"), "invalid_value", "/status", &["E", "P", "A"], "codes are capital letters"),
        (row("status", "M"), "invalid_value", "/status", &["E", "P", "A"], "a missing figure is not sent"),
        (row("bound", "trên"), "invalid_value", "/bound", &["eq", "gt", "ge", "lt", "le", "approx"], "bounds have codes"),
        (row("bound", ""), "invalid_value", "/bound", &["eq", "gt", "ge", "lt", "le", "approx"], "no bound at all"),
        (one("bts-sites", claim), "invalid_value", "/claims/0/kind", &["yoy_index", "yoy_change_pct", "yoy_change_pp"], "no such claim"),
    ];
    refuse_each(&app, cases).await;
}

async fn text_that_no_report_holds_is_refused(app: TestApp) {
    let department = app.department().await;
    let places = [
        ("/province", 100),
        ("/source/title", 300),
        ("/source/number", 100),
        ("/observations/0/row_ref", 100),
        ("/observations/0/indicator", 64),
        ("/observations/0/locator", 100),
    ];
    let texts = |max: usize| {
        [
            ("a\u{0}b".to_owned(), "U+0000, which one database stores and the other refuses"),
            ("a\u{202e}b".to_owned(), "a right-to-left override"),
            ("a\u{2066}b".to_owned(), "an isolate"),
            ("a\nb".to_owned(), "a line break"),
            ("a\u{1b}[31mb".to_owned(), "a terminal's escape"),
            (String::new(), "nothing"),
            ("  ".to_owned(), "blanks"),
            ("ă".repeat(max + 1), "too long by one"),
            ("x".repeat(100_000), "far too long"),
        ]
    };
    let setting = |place: &str, text: &str| {
        let source = json!({"title": "Báo cáo", "number": "52"});
        let row = json!({"row_ref": "r1", "locator": "line 1", "indicator": "bts-sites", "value": 1596});
        let mut body = json!({"province": "24", "period": "2024-05", "source": source, "observations": [row]});
        *body.pointer_mut(place).unwrap() = json!(text);
        body
    };

    for (place, max) in places {
        for (text, why) in texts(max) {
            let answer = department.post("/v1/submissions", &setting(place, &text)).await;

            assert_eq!(answer.fault(422), ("invalid_text".into(), place.into()), "{place}: {why}");
        }
        assert_nothing_is_stored(&department, place).await;
    }
    for (place, max) in places.into_iter().filter(|(place, _)| !["/province", "/observations/0/indicator"].contains(place)) {
        department.submit(&setting(place, &"ă".repeat(max))).await;
    }
}

async fn a_body_that_is_no_strict_json_is_malformed(app: TestApp) {
    let department = app.department().await;
    let good = r#"{"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1596}]}"#;
    let with = |row: &str| format!(r#"{{"province": "24", "period": "2024-05", "observations": [{row}]}}"#).into_bytes();

    #[rustfmt::skip]
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "nothing"),
        (good.as_bytes()[..good.len() - 2].to_vec(), "cut off"),
        (format!("{good}{good}").into_bytes(), "two documents"),
        (good.replace('"', "'").into_bytes(), "single quotes"),
        (format!("// May\n{good}").into_bytes(), "a comment"),
        (b"province=24&period=2024-05".to_vec(), "a form"),
        (with(r#"{"indicator": "bts-sites", "value": 1596},"#), "a comma too many"),
        (with(r#"{"indicator": "bts-sites", "value": NaN}"#), "NaN"),
        (with(r#"{"indicator": "bts-sites", "value": Infinity}"#), "Infinity"),
        (with(r#"{"indicator": "bts-sites", "value": 01596}"#), "a leading zero"),
        (with(r#"{"indicator": "bts-sites", "value": 1.}"#), "a point without decimals"),
        (with(r#"{"indicator": "bts-sites", "value": 1, "value": 1596}"#), "a repeated key in a row"),
        (with(r#"{"indicator": "bts-sites", "value": 1, "val\u0075e": 1596}"#), "a repeated key, spelled otherwise"),
        (with(r#"{"indicator": "bts-sites", "breakdown": {"operator": "a", "operator": "b"}, "value": 1}"#), "a repeated dimension"),
        (good.replacen('{', r#"{"province": "01", "#, 1).into_bytes(), "a repeated key at the top"),
        (with(r#"{"row_ref": "\ud800", "indicator": "bts-sites", "value": 1596}"#), "half a surrogate pair"),
        (with("{\"row_ref\": \"a\tb\", \"indicator\": \"bts-sites\", \"value\": 1596}"), "a bare control character"),
        (good.bytes().map(|byte| if byte == b'4' { 0xff } else { byte }).collect(), "no UTF-8"),
        (good.encode_utf16().flat_map(u16::to_le_bytes).collect(), "UTF-16"),
        ("[".repeat(100_000).into_bytes(), "a hundred thousand open brackets"),
        (with(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))), "a hundred thousand brackets, closed again"),
        (r#"{"a":"#.repeat(40_000).into_bytes(), "forty thousand objects in each other"),
    ];
    for (body, why) in cases {
        let answer = department.send(Method::POST, "/v1/submissions", &[("content-type", "application/json")], body).await;

        assert_eq!(answer.fault(400), ("malformed_json".into(), String::new()), "{why}");
        assert_nothing_is_stored(&department, why).await;
    }
}

async fn one_batch_says_one_thing_about_a_series_and_its_days(app: TestApp) {
    let department = app.department().await;
    let revenue = |period: &str, value: i64| json!({"indicator": "post-telecom-revenue", "period": period, "value": value});
    let fixed = |value: i64| json!({"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": value});

    for (first, second, why) in [
        (revenue("2024-05", 230), revenue("2024-05", 230), "the same figure twice"),
        (revenue("2024-05", 230), revenue("2024-M05", 230), "in another form"),
        (revenue("2024-H1", 1135), revenue("2024-06-YTD", 1135), "a half-year and the year to its last month"),
        (revenue("2024-H1", 1135), revenue("2024-01-01/2024-06-30", 1135), "a half-year and its days"),
        (revenue("2024-Q1", 600), revenue("2024-03-YTD", 600), "a quarter and the year to its last month"),
        (revenue("2023", 2300), revenue("2023-12-YTD", 2300), "a year and the year to December"),
        (revenue("2024-01", 200), revenue("2024-01-YTD", 200), "January and the year to January"),
        (fixed(11754), fixed(11754), "the same figure of one part"),
    ] {
        let other = json!({"indicator": "bts-sites", "value": 1596});
        let rows = json!([first, other, second]);

        let answer = department.post("/v1/submissions", &batch(&rows)).await;

        assert_eq!(answer.fault(422), ("duplicate_row".into(), "/observations/2".into()), "{why}");
        assert_nothing_is_stored(&department, why).await;
    }
    let estimate = |row: Value| {
        let mut row = row;
        row["status"] = json!("E");
        row
    };
    for (first, second, why) in [
        (revenue("2024-05", 230), revenue("2024-05", 231), "two figures of one month"),
        (revenue("2024-H1", 1135), revenue("2024-06-YTD", 1136), "of one half-year under two names"),
        (fixed(11754), fixed(11755), "two figures of one part"),
        (revenue("2024-05", 230), estimate(revenue("2024-05", 230)), "a figure and an estimate"),
        (revenue("2024-05", 230), json!({"indicator": "post-telecom-revenue", "period": "2024-05", "nil": true}), "a figure and none"),
    ] {
        let answer = department.post("/v1/submissions", &batch(&json!([first, second]))).await;

        let both = [("duplicate_row".into(), "/observations/0".into()), ("duplicate_row".into(), "/observations/1".into())];
        assert_eq!(answer.faults(422), both, "{why}");
        let messages = answer.json()["errors"].to_string();
        assert!(messages.contains("row 1 says") && messages.contains("row 2 says"), "{why}: {messages}");
        assert_nothing_is_stored(&department, why).await;
    }
    let total = json!({"indicator": "phone-subscribers", "value": 1_930_360});
    let apart = json!([revenue("2024-05", 230), revenue("2024-05-YTD", 1205), fixed(11754), total]);
    department.submit(&batch(&apart)).await;
}

async fn a_period_that_has_not_begun_is_refused_and_one_that_runs_is_not(app: TestApp) {
    let department = app.department().await;
    let of = |calendar: &str, period: &str| {
        let rows = json!([{"indicator": "bts-sites", "value": 1}]);
        json!({"province": "24", "period": period, "calendar": calendar, "observations": rows})
    };

    for (calendar, period, why) in [
        ("civil", "2027-01", "next year"),
        ("civil", "2026-12", "next month"),
        ("civil", "2027", "the whole of next year"),
        ("civil", "2026-11-22/2026-11-30", "tomorrow"),
        ("nd09", "2027-01", "begins on 15 December"),
        ("nd09", "2027", "begins on 15 December too"),
        ("civil", "2199-12", "as far as periods go"),
    ] {
        let answer = department.post("/v1/submissions", &of(calendar, period)).await;

        assert_eq!(answer.fault(422), ("period_not_begun".into(), "/observations/0/period".into()), "{calendar} {period}: {why}");
        assert_nothing_is_stored(&department, why).await;
    }
    for (calendar, period, why) in [
        ("civil", "2026-11", "the month runs"),
        ("civil", "2026", "the year runs"),
        ("civil", "2026-12-YTD", "so does the year to its end"),
        ("nd09", "2026-12", "the administrative December began on 15 November"),
        ("civil", "2026-11-21/2026-11-30", "today"),
    ] {
        let answer = department.post("/v1/submissions", &of(calendar, period)).await;

        assert_eq!(answer.status, 201, "{calendar} {period}: {why}: {}", answer.text());
    }
}

async fn a_period_begins_at_midnight_in_viet_nam(app: TestApp) {
    let new_year = json!({"province": "24", "period": "2027-01", "observations": [{"indicator": "bts-sites", "value": 1}]});

    app.clock.set("2026-12-31T16:59:59Z");
    let before = app.department().await.post("/v1/submissions", &new_year).await;
    app.clock.set("2026-12-31T17:00:00Z");
    let after = app.department().await.post("/v1/submissions", &new_year).await;

    assert_eq!(before.fault(422).0, "period_not_begun");
    assert_eq!(after.expect(201)["counts"]["created"], 1);
}

async fn a_bad_row_takes_the_whole_batch_with_it(app: TestApp) {
    let department = app.department().await;
    department.submit(&batch(&json!([{"indicator": "bts-sites", "value": 1500}]))).await;
    let rows = json!([
        {"indicator": "bts-sites", "value": 1596},
        {"indicator": "post-telecom-revenue", "value": 230},
        {"indicator": "phone-subscribers", "value": -1},
        {"indicator": "telecom-internet-revenue", "value": 190}
    ]);

    let answer = department.post("/v1/submissions", &batch(&rows)).await;

    assert_eq!(answer.fault(422), ("negative_count".into(), "/observations/2/value".into()));
    let stored = stored(&department).await;
    assert_eq!(stored.len(), 1, "{stored:?}");
    assert_eq!(stored[0]["indicator"]["code"], "bts-sites");
    assert_eq!(stored[0]["observations"][0]["value"], 1500, "the figure on record stands");
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

async fn every_fault_of_every_row_is_named_at_once(app: TestApp) {
    let department = app.department().await;
    let mut body = batch(&json!([
        {"indicator": "bts-towers", "value": 1},
        {"indicator": "bts-sites", "value": -1, "status": "X", "bound": "about"},
        {"indicator": "online-service-level4-rate", "value": 101, "numerator": 1, "denominator": 2},
        {"indicator": "phone-subscribers"},
        {"indicator": "bts-sites", "value": 1596},
        {"indicator": "bts-sites", "value": 1597},
        {"indicator": "phone-subscribers", "breakdown": {"line_type": "satellite"}, "value": 1.5},
        {"value": "abc"},
        {"indicator": "fines-total", "period": "2027-01", "value": 1, "unit": "VND"},
        {"indicator": "post-telecom-revenue", "value": 230, "claims": [{"kind": "yoy_index", "value": "x"}, {}]},
        5
    ]));
    body["mode"] = json!("half");
    body["source"] = json!({"title": "a\u{0}", "date": "today", "url": "x"});
    body["sent_by"] = json!("me");

    let faults = department.post("/v1/submissions", &body).await.faults(422);

    let row = |row: usize, field: &str| format!("/observations/{row}{field}");
    let expected = vec![
        ("invalid_value", "/mode".to_owned()),
        ("invalid_text", "/source/title".to_owned()),
        ("invalid_date", "/source/date".to_owned()),
        ("unknown_field", "/source/url".to_owned()),
        ("unknown_field", "/sent_by".to_owned()),
        ("unknown_indicator", row(0, "/indicator")),
        ("negative_count", row(1, "/value")),
        ("invalid_value", row(1, "/status")),
        ("invalid_value", row(1, "/bound")),
        ("out_of_bounds", row(2, "/value")),
        ("rate_disagrees", row(2, "/value")),
        ("value_missing", row(3, "/value")),
        ("duplicate_row", row(4, "")),
        ("duplicate_row", row(5, "")),
        ("unknown_breakdown", row(6, "/breakdown")),
        ("fraction_for_count", row(6, "/value")),
        ("missing_field", row(7, "/indicator")),
        ("not_a_number", row(7, "/value")),
        ("period_not_begun", row(8, "/period")),
        ("unknown_field", row(8, "/unit")),
        ("not_a_number", row(9, "/claims/0/value")),
        ("missing_field", row(9, "/claims/1/kind")),
        ("missing_field", row(9, "/claims/1/value")),
        ("wrong_type", row(10, "")),
    ];
    assert_same_faults(faults, &expected, "a batch of faults");
    assert_nothing_is_stored(&department, "a batch of faults").await;
}

async fn every_fault_of_one_row_is_named_at_once(app: TestApp) {
    let department = app.department().await;
    let in_batch = |period: &str, row: Value| json!({"province": "24", "period": period, "observations": [row]});

    for (body, expected, why) in [
        (
            in_batch("2024-05", json!({"indicator": "bts-towers", "value": "abc"})),
            [("unknown_indicator", "/observations/0/indicator"), ("not_a_number", "/observations/0/value")],
            "an unknown indicator and no number",
        ),
        (
            in_batch("2024-05", json!({"indicator": "bts-towers", "period": "2024-13", "value": 1})),
            [("unknown_indicator", "/observations/0/indicator"), ("invalid_period", "/observations/0/period")],
            "an unknown indicator and no period",
        ),
        (
            in_batch("2024-13", json!({"indicator": "bts-towers", "value": 1})),
            [("unknown_indicator", "/observations/0/indicator"), ("invalid_period", "/period")],
            "an unknown indicator and no period of the batch",
        ),
        (
            in_batch("2024-05", json!({"indicator": "bts-sites", "breakdown": "VNPT", "value": -1})),
            [("wrong_type", "/observations/0/breakdown"), ("negative_count", "/observations/0/value")],
            "no breakdown and a negative count",
        ),
        (
            in_batch("2027-01", json!({"indicator": "bts-sites", "value": "abc"})),
            [("period_not_begun", "/observations/0/period"), ("not_a_number", "/observations/0/value")],
            "next year and no number",
        ),
    ] {
        let answer = department.post("/v1/submissions", &body).await;

        assert_same_faults(answer.faults(422), &expected.map(|(code, place)| (code, place.to_owned())), why);
        assert_nothing_is_stored(&department, why).await;
    }
}

async fn a_fault_points_at_the_claim_it_is_about(app: TestApp) {
    let department = app.department().await;
    let claims = json!([
        {"kind": "mom_index", "value": 99.1},
        {"kind": "yoy_index", "value": 103.2},
        {"kind": "yoy_index", "value": 104}
    ]);

    let answer = department.post("/v1/submissions", &one("bts-sites", json!({"value": 1596, "claims": claims}))).await;

    let expected = [("invalid_value", "/observations/0/claims/0/kind"), ("duplicate_row", "/observations/0/claims/2")];
    assert_eq!(answer.faults(422), expected.map(|(code, place)| (code.to_owned(), place.to_owned())));
    assert_nothing_is_stored(&department, "a claim made twice").await;
}

async fn parameters_that_do_not_exist_are_refused_by_name(app: TestApp) {
    let user = app.client(&[Scope::Read, Scope::Submit, Scope::Approve, Scope::Targets, Scope::Catalogue, Scope::Admin]).await;
    let document = app.anyone().get("/openapi.json").await.expect(200);
    let mut asked = 0;

    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let media = operation["requestBody"]["content"].as_object().and_then(|content| content.keys().next());
            let headers: Vec<(&str, &str)> = media.map(|media| ("content-type", media.as_str())).into_iter().collect();
            let at = format!("{}?colour=red", path.replace("{id}", "24").replace("{code}", "bts-sites"));
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();

            let answer = user.send(method, &at, &headers, b"{}".to_vec()).await;

            let faults = answer.faults(400);
            assert!(faults.contains(&("unknown_parameter".into(), "colour".into())), "{}: {faults:?}", answer.request);
            let known = operation["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "query");
            let mut known: Vec<&str> = known.map(|parameter| parameter["name"].as_str().unwrap()).chain(["lang"]).collect();
            let mut allowed = allowed(&answer, "unknown_parameter");
            known.sort_unstable();
            allowed.sort();
            assert_eq!(allowed, known, "{}: what it offers is what it documents", answer.request);
            asked += 1;
        }
    }
    assert!(asked >= 15, "only {asked} operations in the document");
}

async fn parameters_that_name_what_is_not_there_are_refused(app: TestApp) {
    let user = app.department().await;

    #[rustfmt::skip]
    let table: [(&str, &str, &str, &[&str], &str); 25] = [
        ("/v1/series?province=Atlantis&indicator=bts-sites", "unknown_province", "province", &[], "no such province"),
        ("/v1/series?province=27&indicator=bts-sites", "unknown_province", "province", &["bac-ninh-1997"], "a code after its time"),
        ("/v1/series?province=24&indicator=bts-towers", "unknown_indicator", "indicator", &[], "no such indicator"),
        ("/v1/series?province=24&indicator=bts-sites,bts-towers", "unknown_indicator", "indicator", &[], "one of two"),
        ("/v1/series?province=24&indicator=bts-sites&breakdown=x:y", "unknown_breakdown", "breakdown", &["operator"], "no dimension"),
        ("/v1/series?province=24&indicator=bts-sites&breakdown=operator", "unknown_breakdown", "breakdown", &[], "no member"),
        ("/v1/comparisons?province=24&period=2024-05&indicator=phone-subscribers&breakdown=line_type:x",
         "unknown_breakdown", "breakdown", &["fixed", "mobile"], "no such member"),
        ("/v1/series?province=24&indicator=bts-sites&from=2024-13", "invalid_period", "from", &["2024-05"], "thirteen months"),
        ("/v1/series?province=24&indicator=bts-sites&to=May", "invalid_period", "to", &["2024-05"], "a word"),
        ("/v1/series?province=24&indicator=bts-sites&units=percent", "invalid_value", "units", &["lin", "idx1"], "no such units"),
        ("/v1/series?province=24&indicator=bts-sites&frequency=W", "invalid_value", "frequency", &["M", "A"], "no weeks"),
        ("/v1/series?province=24&indicator=bts-sites&calendar=lunar", "invalid_value", "calendar", &["civil", "nd09"], "no such calendar"),
        ("/v1/series?province=24&indicator=bts-sites&limit=0", "invalid_value", "limit", &[], "a page of nothing"),
        ("/v1/series?province=24&indicator=bts-sites&limit=1&limit=2", "repeated_parameter", "limit", &[], "which of the two"),
        ("/v1/series?province=24&indicator=bts-sites&cursor=%00", "invalid_cursor", "cursor", &[], "no cursor"),
        ("/v1/comparisons?province=Atlantis&period=2024-H1", "unknown_province", "province", &[], "no such province"),
        ("/v1/comparisons?province=24&period=2024-H3", "invalid_period", "period", &["2024-H1"], "no third half"),
        ("/v1/comparisons?province=24&period=2024-H1&indicator=bts-towers", "unknown_indicator", "indicator", &[], "no such indicator"),
        ("/v1/comparisons?province=24&period=2024-H1&field=astronomy", "invalid_value", "field", &[], "no such field"),
        ("/v1/targets?province=Atlantis", "unknown_province", "province", &[], "no such province"),
        ("/v1/targets?indicator=bts-towers", "unknown_indicator", "indicator", &[], "no such indicator"),
        ("/v1/targets?period=2024-13", "invalid_period", "period", &["2024-05"], "thirteen months"),
        ("/v1/provinces?on=30/6/2024", "invalid_date", "on", &[], "as people write it"),
        ("/v1/submissions?cursor=abc", "invalid_cursor", "cursor", &[], "no cursor"),
        ("/v1/submissions?limit=1001", "invalid_value", "limit", &[], "more than a page holds"),
    ];
    for (path, code, parameter, some, why) in table {
        let answer = user.get(path).await;

        assert_eq!(answer.fault(400), (code.into(), parameter.into()), "{path}: {why}");
        assert_offers(&answer, code, some, why);
    }
}

async fn whoever_may_not_submit_is_told_why(app: TestApp) {
    let good = one("bts-sites", json!({"value": 1596}));
    let forged = User::new(app.address, Some("e30.e30.e30".into()));

    for (user, status, code, challenge) in [
        (app.anyone(), 401, "token_missing", "Bearer realm=\"chitieu\""),
        (forged, 401, "token_invalid", "Bearer realm=\"chitieu\", error=\"invalid_token\""),
        (
            app.client(&[Scope::Read, Scope::Targets]).await,
            403,
            "scope_missing",
            "Bearer realm=\"chitieu\", error=\"insufficient_scope\", scope=\"submit\"",
        ),
    ] {
        for path in ["/v1/submissions", "/v1/submissions?dry_run=true"] {
            let answer = user.post(path, &good).await;

            assert_eq!(answer.fault(status), (code.into(), String::new()), "{path}");
            assert_eq!(answer.header("www-authenticate"), challenge, "{path}");
        }
        assert_eq!(stored(&app.anyone()).await, [] as [Value; 0], "{code}");
    }
}

async fn a_client_writes_only_for_its_own_provinces(app: TestApp) {
    let narrow = app.client_for(&[Scope::Submit], &["bac-giang-1997"]).await;
    let of = |province: &str, periods: &[&str]| {
        let rows: Value = periods.iter().map(|period| json!({"indicator": "bts-sites", "period": period, "value": 1})).collect();
        json!({"province": province, "observations": rows})
    };

    for (body, why) in [
        (of("27", &["2024-05"]), "another province"),
        (of("24", &["2026-01"]), "the same code, another province by now"),
        (of("24", &["2024-05", "2026-01"]), "one of two rows"),
        (of("VN", &["2024-05"]), "the whole country"),
    ] {
        for path in ["/v1/submissions", "/v1/submissions?dry_run=true"] {
            let answer = narrow.post(path, &body).await;

            assert_eq!(answer.fault(403), ("province_not_allowed".into(), "/province".into()), "{why}");
            assert_eq!(allowed(&answer, "province_not_allowed"), ["bac-giang-1997"], "{why}");
        }
        assert_nothing_is_stored(&narrow, why).await;
    }
    narrow.submit(&of("24", &["2024-05", "2025-06"])).await;
}

async fn no_mutation_of_a_batch_breaks_the_service(app: TestApp) {
    let department = app.department().await;
    // The same cases each time: a failure repeats, and its body is printed.
    let mut runner = TestRunner::deterministic();
    let cases = prop::collection::vec(mutation(), 1..=3);
    let mut accepted = 0;

    for case in 0..250 {
        let mutations = cases.new_tree(&mut runner).unwrap().current();
        let mut body = rich_batch();
        for mutation in &mutations {
            mutate(&mut body, mutation);
        }

        let answer = department.post("/v1/submissions", &body).await;

        match answer.status.as_u16() {
            201 => accepted += 1,
            status => {
                assert!([400, 422].contains(&status), "case {case}: {status} {} to {body}", answer.text());
                answer.faults(status);
            }
        }
    }

    assert!((1..250).contains(&accepted), "{accepted} accepted: the mutations are too mild or too wild");
    let listed = department.get("/v1/submissions?limit=1000").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), accepted, "what was accepted is on record, what was refused is not");
}

/// A change to one place of a document.
#[derive(Debug, Clone)]
enum Mutation {
    Replace(Index, Value),
    Remove(Index),
    Add(Index, String, Value),
    Repeat(Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let key = prop_oneof![Just("value".to_owned()), Just("claims".to_owned()), Just("unit_mult".to_owned()), "\\PC{0,12}"];
    prop_oneof![
        6 => (any::<Index>(), odd_value()).prop_map(|(place, value)| Mutation::Replace(place, value)),
        1 => any::<Index>().prop_map(Mutation::Remove),
        1 => (any::<Index>(), key, odd_value()).prop_map(|(place, key, value)| Mutation::Add(place, key, value)),
        1 => any::<Index>().prop_map(Mutation::Repeat),
    ]
}

/// Values that a careless or a hostile program sends.
fn odd_value() -> impl Strategy<Value = Value> {
    #[rustfmt::skip]
    let numbers = prop::sample::select(vec![
        "0", "-0", "1", "-1", "100", "100.5", "2024", "1e400", "-1e400", "1e-400", "1e17", "1e2147483648", "0e-9999999999",
        "999999999999999999", "1234567890123456789", "0.000000000000000001", "123456789012345678901234567890", "1.50",
    ]);
    #[rustfmt::skip]
    let texts = prop::sample::select(vec![
        "", " ", "24", "VN", "vn-54", "bac-ninh-2025", "2024", "2024-H1", "2024-06-YTD", "2024-13", "1945-01-01/2199-12-31", "2025-07",
        "nd09", "vi", "E", "gt", "atomic", "1.596", "77,15", "NaN", "a\u{0}b", "\u{202e}", "\u{fdfa}\u{fdfa}", "' OR 1=1", "$1", "../..",
        "🇻🇳", "$serde_json::private::Number",
    ]);
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        numbers.prop_map(|digits| serde_json::from_str(digits).unwrap()),
        texts.prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        (0usize..2000).prop_map(|length| Value::from("ă".repeat(length))),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[[{"a": [null]}]]])),
        Just(json!({"line_type": "mobile"})),
        Just(json!({"$serde_json::private::Number": "7"})),
        Just(json!([{"kind": "yoy_index", "value": "0"}])),
    ]
}

/// Changes the place that the index falls on, counting every value of the document.
fn mutate(document: &mut Value, mutation: &Mutation) {
    let mut places = Vec::new();
    list_places(document, "", &mut places);
    let (Mutation::Replace(index, _) | Mutation::Remove(index) | Mutation::Add(index, _, _) | Mutation::Repeat(index)) = mutation;
    let place = index.get(&places).clone();
    let (parent, name) = place.rsplit_once('/').unwrap_or_default();
    let name = name.replace("~1", "/").replace("~0", "~");
    match (mutation, document.pointer_mut(parent).unwrap()) {
        (Mutation::Replace(_, value), _) => *document.pointer_mut(&place).unwrap() = value.clone(),
        (Mutation::Remove(_), Value::Object(fields)) => drop(fields.remove(&name)),
        (Mutation::Remove(_), Value::Array(items)) => drop(items.remove(name.parse().unwrap())),
        (Mutation::Add(_, key, value), Value::Object(fields)) => drop(fields.insert(key.clone(), value.clone())),
        (Mutation::Repeat(_), Value::Array(items)) => items.push(items[name.parse::<usize>().unwrap()].clone()),
        _ => {}
    }
}

fn list_places(value: &Value, at: &str, places: &mut Vec<String>) {
    places.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            fields
                .iter()
                .for_each(|(name, value)| list_places(value, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), places));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| list_places(item, &format!("{at}/{n}"), places)),
        _ => {}
    }
}

/// A good batch that uses every field there is.
fn rich_batch() -> Value {
    json!({
        "province": "24", "period": "2024-05", "calendar": "civil", "mode": "atomic", "number_locale": "plain",
        "source": {"title": "Báo cáo tháng 5/2024", "number": "52/BC-STTTT", "date": "2024-05-20"},
        "observations": [
            {"row_ref": "r1", "indicator": "post-telecom-revenue", "value": 230, "unit_mult": 9, "status": "E", "locator": "line 41"},
            {"row_ref": "r2", "indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": 11754, "bound": "approx"},
            {"row_ref": "r3", "indicator": "telecom-internet-revenue", "period": "2024-H1", "value": "1135.0",
             "claims": [{"kind": "yoy_index", "value": 103.2}, {"kind": "yoy_change_pct", "value": 3.2}]},
            {"row_ref": "r4", "indicator": "online-service-level4-rate", "value": 100, "numerator": 38, "denominator": 38}
        ]
    })
}

/// Sends each body and expects its one fault and that nothing is stored. A place without its row is in the only one.
async fn refuse_each(app: &TestApp, cases: Vec<Case>) {
    let department = app.department().await;
    for (body, code, place, some, why) in cases {
        let answer = department.post("/v1/submissions", &body).await;

        let (found, at) = answer.fault(422);
        let in_row = format!("/observations/0{place}");
        assert_eq!(found, code, "{why}: {body}");
        assert!(at == place || at == in_row, "{why}: it points at {at}, not at {place}");
        assert_offers(&answer, code, some, why);
        assert_nothing_is_stored(&department, why).await;
    }
}

/// A batch of Bắc Giang for May 2024.
fn batch(rows: &Value) -> Value {
    json!({"province": "24", "period": "2024-05", "observations": rows})
}

/// A batch of one row about an indicator.
fn one(indicator: &str, mut row: Value) -> Value {
    row["indicator"] = json!(indicator);
    batch(&json!([row]))
}

async fn send(user: &User, body: &str) -> Answer {
    user.send(Method::POST, "/v1/submissions", &[("content-type", "application/json")], body.as_bytes().to_vec()).await
}

/// What an answer says would have been accepted instead.
#[track_caller]
fn allowed(answer: &Answer, code: &str) -> Vec<String> {
    let problem = answer.json();
    let error = problem["errors"].as_array().unwrap().iter().find(|error| error["code"] == code).unwrap_or_else(|| panic!("{problem}"));
    error["allowed"].as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// Where there is a list of what would have been accepted, these are on it.
#[track_caller]
fn assert_offers(answer: &Answer, code: &str, some: &[&str], why: &str) {
    let allowed = allowed(answer, code);
    assert_eq!(allowed.is_empty(), some.is_empty(), "{why}: {allowed:?}");
    assert!(some.iter().all(|word| allowed.iter().any(|known| known == word)), "{why}: {some:?} of {allowed:?}");
}

#[track_caller]
fn assert_same_faults(found: Vec<(String, String)>, expected: &[(&str, String)], why: &str) {
    let sorted = |mut faults: Vec<(String, String)>| {
        faults.sort();
        faults
    };
    assert_eq!(sorted(found), sorted(expected.iter().map(|(code, place)| ((*code).to_owned(), place.clone())).collect()), "{why}");
}

/// Every series on record of the provinces and indicators that these tests are about, in the civil calendar.
async fn stored(user: &User) -> Vec<Value> {
    let provinces = "bac-giang-1997,bac-ninh-1997,bac-ninh-2025,VN";
    let indicators = "bts-sites,phone-subscribers,post-telecom-revenue,telecom-internet-revenue,online-service-level4-rate,fines-total";
    let page = user.get(&format!("/v1/series?province={provinces}&indicator={indicators}&breakdown=*")).await.expect(200);
    assert_eq!(page["next"], Value::Null);
    page["items"].as_array().unwrap().clone()
}

/// Neither a figure nor a submission is on record.
async fn assert_nothing_is_stored(user: &User, why: &str) {
    assert_eq!(stored(user).await, [] as [Value; 0], "{why}: a figure was stored");
    assert_eq!(user.get("/v1/submissions").await.expect(200)["items"], json!([]), "{why}: a submission was stored");
}
