//! Words of Vietnamese reports in files and under `number_locale=vi`: periods, dates, statuses, bounds and names of provinces.
//! Which words there are is in the tables of `domain` and `formats`.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    periods_and_days_of_a_file_are_read_in_words,
    what_excel_makes_of_a_period_is_refused_and_its_forms_are_named,
    a_status_and_a_bound_are_read_in_their_columns_and_before_the_number,
    words_before_a_number_that_contradict_the_row_are_refused,
    json_is_read_in_words_where_its_numbers_are_vietnamese,
    lines_of_a_stream_are_read_in_words_where_their_numbers_are_vietnamese,
    a_province_of_a_file_is_read_as_it_is_printed,
    near_names_are_offered_for_unknown_ones,
    a_row_before_the_provinces_begin_is_refused_with_that_reason,
}

async fn csv(user: &User, query: &str, file: &str) -> Answer {
    let path = format!("/v1/submissions?{query}");
    user.send(Method::POST, &path, &[("content-type", "text/csv")], file.as_bytes().to_vec()).await
}

/// The figure of a period as it was stored.
async fn stored(app: &TestApp, period: &str) -> Value {
    let series = app.anyone().get("/v1/series?province=bac-giang-1997&indicator=bts-sites").await.expect(200);
    let points = series["items"].as_array().unwrap().iter().flat_map(|of_type| of_type["observations"].as_array().unwrap());
    let found = points.into_iter().find(|point| point["period"] == period).cloned();
    found.unwrap_or_else(|| panic!("no figure of {period}: {series}"))
}

/// Code, place and message of the only fault.
fn only_fault(answer: &Answer) -> (String, String, String) {
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    assert_eq!(errors.len(), 1, "{}", answer.text());
    let place = ["location", "pointer", "parameter"].iter().find_map(|name| errors[0][name].as_str()).unwrap_or_default();
    let text = |name: &str| errors[0][name].as_str().unwrap_or_default().to_owned();
    (text("code"), place.to_owned(), text("message"))
}

async fn periods_and_days_of_a_file_are_read_in_words(app: TestApp) {
    let department = app.department().await;
    for (period, day, wanted, wanted_day) in [
        ("Tháng 5/2021", "31/05/2021", "2021-05", "2021-05-31"),
        ("2021M06", "5/6/2021", "2021-06", "2021-06-05"),
        ("7/2021", "31-07-2021", "2021-07", "2021-07-31"),
        ("Quý I/2021", "31.3.2021", "2021-Q1", "2021-03-31"),
        ("6 tháng đầu năm 2020", "ngày 30 tháng 6 năm 2020", "2020-H1", "2020-06-30"),
        ("9 tháng năm 2020", "", "2020-9M", ""),
        ("11 tháng năm 2020", "", "2020-11-YTD", ""),
        ("lũy kế đến tháng 5/2020", "2020-05-31", "2020-05-YTD", "2020-05-31"),
        ("Năm 2019", "", "2019", ""),
        ("24/02/2021 - 28/02/2021", "", "2021-02-24/2021-02-28", ""),
    ] {
        let file = format!("Mã chỉ tiêu;Kỳ;Số liệu;Tính đến ngày\nbts-sites;{period};1500;{day}\n");

        let answer = csv(&department, "province=bac-giang-1997", &file).await.expect(201);

        assert_eq!(answer["submissions"][0]["state"], "approved", "{period}");
        let row = stored(&app, wanted).await;
        assert_eq!(row["as_of"].as_str().unwrap_or_default(), wanted_day, "{period}");
        assert_eq!(row["value"], 1500, "{period}");
    }
}

async fn what_excel_makes_of_a_period_is_refused_and_its_forms_are_named(app: TestApp) {
    let department = app.department().await;
    for (period, why) in [
        ("May-21", "as Excel shows it"),
        ("5/1/2021", "is a day"),
        ("5/21", "two digits"),
        ("Tháng năm 2021", "can mean May"),
        ("6 tháng đầu năm", "has no year"),
        ("2021-5", "a month or two years"),
        ("Tháng 13/2021", "is not a period"),
    ] {
        let file = |period: &str| format!("Mã chỉ tiêu;Kỳ;Số liệu\nbts-sites;{period};1500\n");

        let refused = csv(&department, "province=bac-giang-1997", &file(period)).await;

        assert_eq!(refused.status, 422, "{period}");
        let (code, place, message) = only_fault(&refused);
        assert_eq!((code.as_str(), place.as_str()), ("invalid_period", "row 2, column B"), "{period}");
        assert!(message.contains(why) && message.contains("Tháng 5/2024") && message.contains("2024-05"), "{period}: {message}");
        let mended = csv(&department, "province=bac-giang-1997&dry_run=true", &file("Tháng 5/2021")).await.expect(200);
        assert_eq!(mended["counts"]["created"], 1);
    }
    for (day, why) in [("5/31/2021", "the day stands first"), ("31/5/21", "two digits"), ("44347", "is not a date")] {
        let file = format!("Mã chỉ tiêu;Kỳ;Số liệu;Tính đến ngày\nbts-sites;Tháng 5/2021;1500;{day}\n");
        let (code, place, message) = only_fault(&csv(&department, "province=bac-giang-1997", &file).await);
        assert_eq!((code.as_str(), place.as_str()), ("invalid_date", "row 2, column D"), "{day}");
        assert!(message.contains(why) && message.contains("30/6/2024"), "{day}: {message}");
    }
}

async fn a_status_and_a_bound_are_read_in_their_columns_and_before_the_number(app: TestApp) {
    let department = app.department().await;
    for (month, value, status, bound, wanted) in [
        ("01", "1500", "ước đạt", "trên", (1500, "E", "gt")),
        ("02", "1500", "ƯỚC", "khoảng trên", (1500, "E", "approx_gt")),
        ("03", "1500", "sơ bộ", "gần", (1500, "P", "lt")),
        ("04", "1500", "", "", (1500, "A", "eq")),
        ("05", "ước đạt 1500", "", "", (1500, "E", "eq")),
        ("06", "trên 1500", "", "", (1500, "A", "gt")),
        ("07", "Ước đạt khoảng 1500", "", "", (1500, "E", "approx")),
        ("08", "gần 1500", "E", "lt", (1500, "E", "lt")),
        ("09", "sơ bộ ít nhất 1500", "", "ít nhất", (1500, "P", "ge")),
        ("10", "> 1500", "", "", (1500, "A", "gt")),
        ("11", "trên dưới 1500", "", "", (1500, "A", "approx")),
    ] {
        let file = format!("Mã chỉ tiêu;Kỳ;Số liệu;Trạng thái;Giới hạn\nbts-sites;2021-{month};{value};{status};{bound}\n");

        csv(&department, "province=bac-giang-1997&acknowledge=yoy_jump,outlier", &file).await.expect(201);

        let row = stored(&app, &format!("2021-{month}")).await;
        assert_eq!((&row["value"], &row["status"], &row["bound"]), (&json!(wanted.0), &json!(wanted.1), &json!(wanted.2)), "{month}");
    }
}

async fn words_before_a_number_that_contradict_the_row_are_refused(app: TestApp) {
    let department = app.department().await;
    for (value, status, bound) in [("ước đạt 1500", "A", ""), ("trên 1500", "", "gần"), ("> 1500", "", "khoảng")] {
        let file =
            |status: &str, bound: &str| format!("Mã chỉ tiêu;Kỳ;Số liệu;Trạng thái;Giới hạn\nbts-sites;2021-05;{value};{status};{bound}\n");

        let refused = csv(&department, "province=bac-giang-1997", &file(status, bound)).await;

        let (code, place, _) = only_fault(&refused);
        assert_eq!((code.as_str(), place.as_str()), ("contradictory_row", "row 2, column C"), "{value}");
        csv(&department, "province=bac-giang-1997&dry_run=true", &file("", "")).await.expect(200);
    }
    for value in ["trên", "ước đạt", "trên trên 1500", "khoảng 20-23", "gần như 30"] {
        let file = format!("Mã chỉ tiêu;Kỳ;Số liệu\nbts-sites;2021-05;{value}\n");
        let (code, place, _) = only_fault(&csv(&department, "province=bac-giang-1997", &file).await);
        assert_eq!((code.as_str(), place.as_str()), ("not_a_number", "row 2, column C"), "{value}");
    }
}

async fn json_is_read_in_words_where_its_numbers_are_vietnamese(app: TestApp) {
    let department = app.department().await;
    let batch = |locale: Option<&str>| {
        json!({"province": "bac-giang-1997", "period": "Tháng 5/2021", "number_locale": locale, "source": {"date": "20/5/2021"},
            "observations": [{"indicator": "bts-sites", "value": "khoảng 1.500", "status": "ước đạt", "as_of": "31/5/2021"}]})
    };

    let refused = department.post("/v1/submissions", &batch(Some("plain"))).await;
    let taken = department.post("/v1/submissions", &batch(Some("vi"))).await.expect(201);

    let mut faults = refused.faults(422);
    faults.sort();
    let named = [
        ("invalid_date", "/observations/0/as_of"),
        ("invalid_date", "/source/date"),
        ("invalid_period", "/period"),
        ("invalid_value", "/observations/0/status"),
        ("not_a_number", "/observations/0/value"),
    ];
    assert_eq!(faults, named.map(|(code, place)| (code.to_owned(), place.to_owned())));
    assert!(refused.text().contains("`Tháng 5/2021` is read in files, and in JSON with `number_locale` `vi`"), "{}", refused.text());
    assert_eq!(taken["source"]["date"], "2021-05-20");
    let row = stored(&app, "2021-05").await;
    assert_eq!(
        (&row["value"], &row["status"], &row["bound"], &row["as_of"]),
        (&json!(1500), &json!("E"), &json!("approx"), &json!("2021-05-31"))
    );
}

async fn lines_of_a_stream_are_read_in_words_where_their_numbers_are_vietnamese(app: TestApp) {
    let department = app.department().await;
    let line = json!({"indicator": "bts-sites", "period": "Quý II/2021", "value": "trên 1.500", "status": "sơ bộ"}).to_string() + "\n";
    let stream = async |locale: &str| {
        let path = format!("/v1/submissions?province=bac-giang-1997&mode=partial&number_locale={locale}");
        let answer = department.send(Method::POST, &path, &[("content-type", "application/x-ndjson")], line.clone().into_bytes()).await;
        answer.text()
    };

    let (plain, vietnamese) = (stream("plain").await, stream("vi").await);

    assert!(plain.contains("invalid_period") && plain.contains("\"rejected\":1"), "{plain}");
    assert!(vietnamese.contains("\"created\":1"), "{vietnamese}");
    let row = stored(&app, "2021-Q2").await;
    assert_eq!((&row["value"], &row["status"], &row["bound"]), (&json!(1500), &json!("P"), &json!("gt")));
}

async fn a_province_of_a_file_is_read_as_it_is_printed(app: TestApp) {
    let department = app.department().await;
    for (province, key) in [
        ("Ho Chi Minh City", "ho-chi-minh-1997"),
        ("TP.HCM", "ho-chi-minh-1997"),
        ("CẢ NƯỚC", "VN"),
        ("WHOLE COUNTRY", "VN"),
        ("1", "ha-noi-2008"),
        ("Thua Thien - Hue", "thua-thien-hue-1997"),
        ("\u{d0}ắk Lắk", "dak-lak-2004"),
        ("Bắc Giang, tỉnh", "bac-giang-1997"),
        ("Hà Tĩnh", "ha-tinh-1997"),
    ] {
        let file = format!("Mã chỉ tiêu;Kỳ;Số liệu;Tỉnh\nbts-sites;2021-05;1500;{province}\n");

        let answer = csv(&department, "", &file).await;

        assert!([200, 201].contains(&answer.status.as_u16()), "{province}: {}", answer.text());
        let series = app.anyone().get(&format!("/v1/series?province={key}&indicator=bts-sites&to=2021-05")).await.expect(200);
        assert_eq!(series["items"][0]["observations"][0]["value"], 1500, "{province}");
    }
}

async fn near_names_are_offered_for_unknown_ones(app: TestApp) {
    let department = app.department().await;
    let file = |province: &str, code: &str| format!("Mã chỉ tiêu;Kỳ;Số liệu;Tỉnh\n{code};2021-05;1500;{province}\n");

    for (province, code, wanted, offered) in [
        ("Bắc Gaing", "bts-sites", "unknown_province", "Bắc Giang"),
        ("Bắc Giang", "bts-site", "unknown_indicator", "bts-sites"),
        ("Bắc Giang", "Số vị trí lắp đặt trạm BTS", "unknown_indicator", "bts-sites"),
    ] {
        let refused = csv(&department, "", &file(province, code)).await;

        let (code, _, message) = only_fault(&refused);
        assert_eq!(code, wanted, "{message}");
        let allowed = refused.json()["errors"][0]["allowed"].as_array().cloned().unwrap_or_default();
        assert!(message.contains(&format!("did you mean `{offered}`")) && allowed.contains(&json!(offered)), "{message} {allowed:?}");
    }
    csv(&department, "", &file("Bắc Giang", "bts-sites")).await.expect(201);
}

async fn a_row_before_the_provinces_begin_is_refused_with_that_reason(app: TestApp) {
    let department = app.department().await;
    for (province, period, code, why) in [
        ("Bắc Giang", "1996", "unknown_province", "the record of provinces begins on 1997-01-01"),
        ("bac-giang-1997", "1996-12", "province_not_in_period", "the record of provinces begins on 1997-01-01"),
        ("24", "1996", "unknown_province", "the record of provinces begins on 1997-01-01"),
        ("bac-giang-2004", "1996-12", "province_not_in_period", "the record of provinces begins on 1997-01-01"),
    ] {
        let file = |period: &str| format!("Mã chỉ tiêu;Kỳ;Số liệu;Tỉnh\nphone-subscribers;{period};1500;{province}\n");

        let (found, place, message) = only_fault(&csv(&department, "", &file(period)).await);

        assert_eq!((found.as_str(), place.as_str()), (code, "row 2, column D"), "{message}");
        assert!(message.contains(why), "{message}");
        csv(&department, "dry_run=true", &file("1997")).await.expect(200);
    }
}
