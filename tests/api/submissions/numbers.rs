//! Numbers in texts over HTTP: what has one meaning is recorded as that, what has several is asked about at its place.
//! The notations themselves are tried in the unit tests of `domain::number` and `formats`.

use actix_web::http::Method;
use chitieu::formats::sheet::{Cell, Heading};
use chitieu::formats::xlsx;
use serde_json::{Value, json};

use crate::support::figures::fault;
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_text_with_one_meaning_is_recorded_as_that,
    a_text_with_several_meanings_is_asked_about_and_recorded_when_it_is_answered,
    every_field_that_holds_a_number_asks,
    a_count_with_three_zero_decimals_in_a_file_is_asked_about_in_any_notation,
    the_column_of_a_form_declares_the_notation,
    a_csv_form_with_three_digits_behind_one_mark_is_asked_about_unless_another_number_confirms_it,
    the_column_and_the_parameter_say_the_same,
    the_question_stays_while_a_file_is_a_draft,
    a_mark_for_nothing_is_refused_with_the_way_out,
    definitions_and_rules_ask_too,
}

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const LINES: &str = "application/x-ndjson";
const MAY: &str = "province=24&period=2024-05";

async fn a_text_with_one_meaning_is_recorded_as_that(app: TestApp) {
    let department = app.department().await;
    for (n, (text, indicator, value, why)) in [
        ("1205", "post-telecom-revenue", "1205", "no mark"),
        ("77.15", "dossier-online-filing-rate", "77.15", "a point and two digits"),
        ("77,15", "dossier-online-filing-rate", "77.15", "a comma and two digits"),
        ("0.125", "post-telecom-revenue", "0.125", "no group begins with a zero"),
        ("1.930.360", "phone-subscribers", "1930360", "two points"),
        ("1 930 360", "phone-subscribers", "1930360", "spaces"),
        ("1\u{a0}930\u{a0}360", "phone-subscribers", "1930360", "no-break spaces"),
        ("1.135,0", "post-telecom-revenue", "1135.0", "both marks"),
        ("9.00", "bts-sites", "9.00", "a count with two zeros"),
        ("05", "bts-sites", "5", "a padded count"),
    ]
    .into_iter()
    .enumerate()
    {
        let period = format!("2023-{:02}", n + 1);
        for (media, body) in in_every_form(indicator, text, &period) {
            let sent = send(&department, media, "province=24&mode=partial", body).await;

            assert!(sent.text().contains(r#""rejected":0"#), "{text} as {media}: {why}: {}", sent.text());
            assert_eq!(stored(&app, indicator, &period).await, [value], "{text} as {media}: {why}");
        }
    }
}

async fn a_text_with_several_meanings_is_asked_about_and_recorded_when_it_is_answered(app: TestApp) {
    let department = app.department().await;
    for (n, (indicator, text, plain, vietnamese)) in [
        ("bts-sites", "1.596", "", "1596"),
        ("post-telecom-revenue", "1.135", "1.135", "1135"),
        ("post-telecom-revenue", "150.000", "150.000", "150000"),
        ("post-telecom-revenue", "1,500", "", "1.500"),
    ]
    .into_iter()
    .enumerate()
    {
        for (media, body) in in_every_form(indicator, text, "2024-05") {
            let place = if media == LINES { "/value" } else { "row 2, column C" };

            let refused = send(&department, media, "province=24&mode=partial", body.clone()).await;

            let errors = errors_of_first_row(media, &refused);
            assert_eq!(places(&errors), [("ambiguous_number".to_owned(), place.to_owned())], "{text} as {media}: {}", refused.text());
            assert_eq!(stored(&app, indicator, "2024-05").await, [""; 0], "{text} as {media}: nothing is stored");
        }
        let json = |locale: Value, value: Value| {
            let row = json!({"indicator": indicator, "period": format!("2022-{:02}", n + 1), "value": value});
            json!({"province": "24", "number_locale": locale, "acknowledge": ["outlier", "yoy_jump"], "observations": [row]})
        };
        let asked = department.post("/v1/submissions", &json(Value::Null, json!(text))).await;
        assert_eq!(asked.fault(422), fault("ambiguous_number", "/observations/0/value"), "{text}");
        for (locale, value) in [("plain", plain), ("vi", vietnamese)].into_iter().filter(|(_, value)| !value.is_empty()) {
            department.post("/v1/submissions", &json(json!(locale), json!(text))).await.expect(201);
            assert_eq!(stored(&app, indicator, &format!("2022-{:02}", n + 1)).await, [value], "{text}, {locale}");
            for (m, (media, body)) in in_every_form(indicator, text, &format!("2021-{:02}", n + 1)).into_iter().enumerate() {
                let query = format!("province=24&mode=partial&number_locale={locale}");
                let sent = send(&department, media, &query, body).await;
                assert!(sent.text().contains(r#""rejected":0"#), "{m}: {text}, {locale} as {media}: {}", sent.text());
                assert_eq!(stored(&app, indicator, &format!("2021-{:02}", n + 1)).await, [value], "{text}, {locale} as {media}");
            }
        }
    }
    let number = json!({"province": "24", "period": "2024-04", "observations": [{"indicator": "post-telecom-revenue", "value": 1.135}]});
    department.post("/v1/submissions", &number).await.expect(201);
    assert_eq!(stored(&app, "post-telecom-revenue", "2024-04").await, ["1.135"], "a JSON number is never in doubt");
}

async fn every_field_that_holds_a_number_asks(app: TestApp) {
    let department = app.department().await;
    for (row, answered, place) in [
        (
            json!({"indicator": "fines-total", "bound": "range", "low": "1.000", "high": 2000}),
            json!({"indicator": "fines-total", "bound": "range", "low": 1000, "high": 2000}),
            "/low",
        ),
        (
            json!({"indicator": "fines-total", "bound": "range", "low": 1000, "high": "2.000"}),
            json!({"indicator": "fines-total", "bound": "range", "low": 1000, "high": 2000}),
            "/high",
        ),
        (
            json!({"indicator": "online-service-level4-rate", "numerator": "1.000", "denominator": 2000}),
            json!({"indicator": "online-service-level4-rate", "numerator": 1000, "denominator": 2000}),
            "/numerator",
        ),
        (
            json!({"indicator": "online-service-level4-rate", "numerator": 1000, "denominator": "2,000"}),
            json!({"indicator": "online-service-level4-rate", "numerator": 1000, "denominator": 2000}),
            "/denominator",
        ),
        (
            json!({"indicator": "bts-sites", "value": 1596, "claims": [{"kind": "yoy_index", "value": "103.200"}]}),
            json!({"indicator": "bts-sites", "value": 1596, "claims": [{"kind": "yoy_index", "value": 103.2}]}),
            "/claims/0/value",
        ),
    ] {
        let batch = |row: &Value| json!({"province": "24", "period": "2024-05", "observations": [row]});

        let asked = department.post("/v1/submissions?dry_run=true", &batch(&row)).await;

        assert_eq!(asked.fault(422), fault("ambiguous_number", &format!("/observations/0{place}")), "{row}");
        department.post("/v1/submissions?dry_run=true", &batch(&answered)).await.expect(200);
    }
    let target = |value: Value| json!({"province": "24", "targets": [{"indicator": "bts-sites", "period": "2024", "value": value}]});
    let asked = department.put("/v1/targets", &target(json!("1.600"))).await;
    assert_eq!(asked.fault(422), fault("ambiguous_number", "/targets/0/value"));
    let set = department.put("/v1/targets", &target(json!("1.600.000"))).await.expect(200);
    assert_eq!(set["items"][0]["value"], json!(1_600_000), "one meaning: {set}");
}

async fn a_count_with_three_zero_decimals_in_a_file_is_asked_about_in_any_notation(app: TestApp) {
    let department = app.department().await;
    for (locale, text, answers) in [("vi", "1,000", [("1", "1"), ("1.000", "1000")]), ("plain", "1.000", [("1", "1"), ("1000", "1000")])] {
        let query = format!("{MAY}&number_locale={locale}");
        for (media, body) in files("bts-sites", text, "2024-05") {
            let asked = send(&department, media, &query, body).await;

            assert_eq!(places(&errors(&asked)), [fault("ambiguous_number", "row 2, column C")], "{text}, {locale}: {}", asked.text());
            assert!(asked.text().contains("write 1 or 1000"), "{}", asked.text());
            assert_eq!(stored(&app, "bts-sites", "2024-05").await, [""; 0], "{text}, {locale}: nothing is stored");
        }
        for (n, (answer, value)) in answers.into_iter().enumerate() {
            let period = if locale == "vi" { format!("2022-0{}", n + 1) } else { format!("2021-0{}", n + 1) };
            for (media, body) in files("bts-sites", answer, &period) {
                send(&department, media, &format!("province=24&number_locale={locale}"), body).await.expect(201);
                assert_eq!(stored(&app, "bts-sites", &period).await, [value], "{answer}, {locale}");
            }
        }
        let row = json!({"indicator": "bts-sites", "value": text});
        let body = json!({"province": "24", "period": if locale == "vi" { "2020-01" } else { "2020-02" }, "number_locale": locale, "observations": [row]});
        department.post("/v1/submissions", &body).await.expect(201);
    }
    for (text, value, period) in [("9,0", "9.0", "2018-01"), ("9,00", "9.00", "2018-02"), ("0,000", "0.000", "2018-03")] {
        let (_, body) = files("bts-sites", text, period).remove(0);
        send(&department, CSV, "province=24&number_locale=vi", body).await.expect(201);
        assert_eq!(stored(&app, "bts-sites", period).await, [value], "{text} is no thousand");
    }
    let (_, amount) = files("post-telecom-revenue", "1,000", "2019-02").remove(0);
    send(&department, CSV, "province=24&number_locale=vi", amount).await.expect(201);
    assert_eq!(stored(&app, "post-telecom-revenue", "2019-02").await, ["1.000"], "an amount has decimals");
    let cell = workbook(&["indicator", "value"], &[&[text("bts-sites"), Cell::Number("1000".into())]]);
    send(&department, XLSX, "province=24&period=2019-03&number_locale=plain", cell).await.expect(201);
    assert_eq!(stored(&app, "bts-sites", "2019-03").await, ["1000"], "a number cell is never in doubt");
}

async fn the_column_of_a_form_declares_the_notation(app: TestApp) {
    let department = app.department().await;
    for (n, (word, texts, values)) in [
        ("Việt Nam", ["1.596", "1.135,5"], ["1596", "1135.5"]),
        ("viet nam", ["1.596", "77,15"], ["1596", "77.15"]),
        ("VI", ["1.596", "1.930.360"], ["1596", "1930360"]),
        ("Máy tính", ["1596", "1.135"], ["1596", "1.135"]),
        ("plain", ["1596", "77.15"], ["1596", "77.15"]),
    ]
    .into_iter()
    .enumerate()
    {
        for (media, year) in [(CSV, 2022), (XLSX, 2023)] {
            let period = format!("{year}-{:02}", n + 1);
            let rows = [["bts-sites", texts[0], word], ["post-telecom-revenue", texts[1], word]];

            send(&department, media, &format!("province=24&period={period}"), form(media, &rows)).await.expect(201);

            assert_eq!(stored(&app, "bts-sites", &period).await, [values[0]], "{word} as {media}");
            assert_eq!(stored(&app, "post-telecom-revenue", &period).await, [values[1]], "{word} as {media}");
        }
    }
    let one = [["telecom-internet-revenue", "1.135", "Việt Nam"]];
    send(&department, XLSX, MAY, form(XLSX, &one)).await.expect(201);
    assert_eq!(stored(&app, "telecom-internet-revenue", "2024-05").await, ["1135"], "a clerk who fills in a workbook says nothing more");
    let unknown = [["bts-sites", "1596", "gạch ngang"]];
    let refused = send(&department, CSV, MAY, form(CSV, &unknown)).await;
    assert_eq!(places(&errors(&refused)), [fault("invalid_value", "row 2, column C")], "{}", refused.text());
    let two = [["bts-sites", "1596", "Việt Nam"], ["fines-total", "5", "máy tính"]];
    let refused = send(&department, CSV, MAY, form(CSV, &two)).await;
    assert_eq!(places(&errors(&refused)), [fault("invalid_value", "row 3, column C")], "{}", refused.text());
}

async fn a_csv_form_with_three_digits_behind_one_mark_is_asked_about_unless_another_number_confirms_it(app: TestApp) {
    let department = app.department().await;
    for (n, (other, asked, why)) in [
        ("", true, "nothing else"),
        ("1205", true, "no mark"),
        ("2.500", true, "the same doubt"),
        ("1,500", true, "English reads it too"),
        ("1 930 360", true, "spaces say nothing about the point"),
        ("77,15", false, "a decimal comma"),
        ("1.930.360", false, "two points"),
        ("1.205,5", false, "both marks"),
    ]
    .into_iter()
    .enumerate()
    {
        let period = format!("2022-{:02}", n + 1);
        for (text, value) in [("3.142", "3142"), ("3,142", "3.142")] {
            let rows = [["fines-total", text, "Việt Nam"], ["post-telecom-revenue", other, "Việt Nam"]];
            let query = format!("province=24&period={period}&acknowledge=outlier,yoy_jump");

            let sent = send(&department, CSV, &query, form(CSV, &rows)).await;

            if asked {
                let first = errors(&sent).into_iter().next().unwrap();
                assert_eq!(places(&[first]), [fault("ambiguous_number", "row 2, column B")], "{text}, {other}: {why}: {}", sent.text());
                assert_eq!(stored(&app, "fines-total", &period).await, [""; 0], "{text}, {other}: {why}");
            } else {
                assert_eq!(sent.status, 201, "{text}, {other}: {why}: {}", sent.text());
                assert_eq!(stored(&app, "fines-total", &period).await, [value], "{text}, {other}: {why}");
            }
        }
    }
    for (text, query, value, why) in [
        ("3,1420", "", "3.1420", "a decimal comma is what the form declares"),
        ("4,142", "&number_locale=vi", "4.142", "the sender says it as well"),
        ("3142", "", "3142", "no mark"),
        ("3.142", "&number_locale=vi", "3142", "the sender says it as well"),
    ] {
        let rows = [["fines-total", text, "Việt Nam"]];
        send(&department, CSV, &format!("province=24&period=2021-05{query}"), form(CSV, &rows)).await.expect(201);
        assert_eq!(stored(&app, "fines-total", "2021-05").await, [value], "{text}: {why}");
    }
}

async fn the_column_and_the_parameter_say_the_same(app: TestApp) {
    let department = app.department().await;
    let rows = |word| [["bts-sites", "1596", word]];
    for (word, locale, agrees) in
        [("Việt Nam", "vi", true), ("vi", "vi", true), ("máy tính", "plain", true), ("Việt Nam", "plain", false), ("máy tính", "vi", false)]
    {
        let query = format!("{MAY}&dry_run=true&number_locale={locale}");

        let sent = send(&department, CSV, &query, form(CSV, &rows(word))).await;

        if agrees {
            sent.expect(200);
        } else {
            assert_eq!(sent.fault(422), fault("invalid_value", "number_locale"), "{word} beside {locale}: {}", sent.text());
        }
    }
}

async fn the_question_stays_while_a_file_is_a_draft(app: TestApp) {
    let department = app.department().await;
    let (_, body) = files("bts-sites", "1,000", "2024-05").remove(0);

    let kept = send(&department, CSV, "province=24&number_locale=vi&draft=true", body).await.expect(201);
    let path = format!("/v1/submissions/{}/submit", kept["submissions"][0]["id"].as_str().unwrap());
    let asked = department.send(Method::POST, &path, &[], Vec::new()).await;

    assert_eq!(places(&errors(&asked)), [fault("ambiguous_number", "row 2, column C")], "{}", asked.text());
    assert_eq!(stored(&app, "bts-sites", "2024-05").await, [""; 0]);
}

async fn a_mark_for_nothing_is_refused_with_the_way_out(app: TestApp) {
    let department = app.department().await;
    for mark in ["-", "–", "—", "..", "...", ".", "x", "n/a", "NA", "không có", "KPS", "không phát sinh", "null", "none"] {
        for (media, body) in files("bts-sites", mark, "2024-05") {
            let refused = send(&department, media, "province=24", body).await;

            assert_eq!(places(&errors(&refused)), [fault("not_a_number", "row 2, column C")], "{mark}: {}", refused.text());
            assert!(refused.text().contains("leave the cell empty, or mark `Không phát sinh`"), "{mark}: {}", refused.text());
        }
        let row = json!({"indicator": "bts-sites", "value": mark});
        let refused = department.post("/v1/submissions", &json!({"province": "24", "period": "2024-05", "observations": [row]})).await;
        assert_eq!(refused.fault(422), fault("not_a_number", "/observations/0/value"), "{mark}");
    }
    assert_eq!(stored(&app, "bts-sites", "2024-05").await, [""; 0]);
    let nil = "indicator;period;nil\nbts-sites;2024-05;x\n";
    let sent = send(&department, CSV, "province=24", nil.into()).await.expect(201);
    assert_eq!(sent["counts"]["created"], 1, "as the message says: {sent}");
}

async fn definitions_and_rules_ask_too(app: TestApp) {
    let keeper = app.client(&[chitieu::domain::access::scope::Scope::Catalogue]).await;
    let rule = |tolerance: Value, term: Value| {
        json!({"name": "Luật", "name_en": "Rule", "left": [{"indicator": "bts-sites"}], "relation": "le", "right": [{"value": term}],
            "tolerance": tolerance, "severity": "warning"})
    };
    for (body, place) in [
        (rule(json!("1.000"), json!(5000)), "/tolerance"),
        (rule(json!(1000), json!("5.000")), "/right/0/value"),
        (rule(json!(1000), json!("5,000")), "/right/0/value"),
    ] {
        let asked = keeper.put("/v1/rules/few-sites", &body).await;

        assert_eq!(asked.fault(422), fault("ambiguous_number", place), "{body}");
        assert!(!asked.text().contains("number_locale"), "a rule has no such field: {}", asked.text());
    }
    let set = keeper.put("/v1/rules/few-sites", &rule(json!("0.5"), json!("5.000.000"))).await.expect(201);
    assert_eq!((&set["tolerance"], &set["right"][0]["value"]), (&json!(0.5), &json!(5_000_000)), "one meaning each: {set}");
}

/// A row as a stream, a CSV file and a workbook with a text cell.
fn in_every_form(indicator: &str, text: &str, period: &str) -> Vec<(&'static str, Vec<u8>)> {
    let line = json!({"indicator": indicator, "period": period, "value": text}).to_string().into_bytes();
    [(LINES, line)].into_iter().chain(files(indicator, text, period)).collect()
}

/// A row as a CSV file and as a workbook with a text cell; the number stands in the third column.
fn files(indicator: &str, number: &str, period: &str) -> Vec<(&'static str, Vec<u8>)> {
    let csv = format!("indicator;period;value\n{indicator};{period};{number}\n");
    let sheet = workbook(&["indicator", "period", "value"], &[&[text(indicator), text(period), text(number)]]);
    vec![(CSV, csv.into_bytes()), (XLSX, sheet)]
}

/// A file with the columns `Mã chỉ tiêu`, `Số liệu` and `Cách viết số`.
fn form(media: &str, rows: &[[&str; 3]]) -> Vec<u8> {
    let names = ["Mã chỉ tiêu", "Số liệu", "Cách viết số"];
    if media == CSV {
        let lines: Vec<String> = [names].iter().chain(rows).map(|cells| cells.join(";")).collect();
        return lines.join("\r\n").into_bytes();
    }
    let rows: Vec<Vec<Cell>> = rows.iter().map(|cells| cells.iter().map(|cell| text(cell)).collect()).collect();
    workbook(&names, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn workbook(names: &[&str], rows: &[&[Cell]]) -> Vec<u8> {
    let headings: Vec<Heading> = names.iter().map(|name| Heading { name: (*name).into(), width: 20, information: false }).collect();
    xlsx::write(xlsx::SHEET, &headings, rows).unwrap()
}

fn text(text: &str) -> Cell {
    Cell::of_text(text)
}

async fn send(user: &User, media: &str, query: &str, body: Vec<u8>) -> Answer {
    user.send(Method::POST, &format!("/v1/submissions?{query}"), &[("content-type", media)], body).await
}

/// The digits of a figure of Bắc Giang, where there is one.
async fn stored(app: &TestApp, indicator: &str, period: &str) -> Vec<String> {
    let path = format!("/v1/series?province=bac-giang-1997&indicator={indicator}&from={period}&to={period}");
    let series = app.anyone().get(&path).await.expect(200);
    let points = series["items"][0]["observations"].as_array().unwrap().iter();
    points.filter(|point| point["period"] == period).map(|point| point["value"].to_string()).collect()
}

/// The errors of a refused batch.
fn errors(refused: &Answer) -> Vec<Value> {
    assert_eq!(refused.status, 422, "{}", refused.text());
    refused.json()["errors"].as_array().unwrap().clone()
}

/// The errors of the first row of what was sent with `mode=partial`.
fn errors_of_first_row(media: &str, answer: &Answer) -> Vec<Value> {
    let row = if media == LINES {
        serde_json::from_str::<Value>(answer.text().lines().next().unwrap()).unwrap()
    } else {
        answer.json()["submissions"][0]["rows"][0].clone()
    };
    row["errors"].as_array().unwrap_or_else(|| panic!("{}", answer.text())).clone()
}

/// Each error by its code and its place: in a file the cell, else the pointer.
fn places(errors: &[Value]) -> Vec<(String, String)> {
    let place = |error: &Value| {
        let cell = error["location"].as_str().filter(|place| place.starts_with("row"));
        cell.or(error["pointer"].as_str()).unwrap_or_default().to_owned()
    };
    errors.iter().map(|error| (error["code"].as_str().unwrap().to_owned(), place(error))).collect()
}
