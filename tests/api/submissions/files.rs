//! Figures sent as files: CSV and workbooks take the same path as JSON, and faults name the row and column that a clerk sees.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use chitieu::domain::number::decimal::NumberLocale;
use chitieu::formats::csv::{self, Delimiter};
use chitieu::formats::sheet::{Cell, Heading};
use chitieu::formats::xlsx;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_csv_file_says_what_json_would,
    a_workbook_says_what_json_would,
    rows_without_a_figure_are_left_out,
    every_fault_names_its_row_and_column,
    what_holds_for_all_rows_is_named_by_its_parameter,
    good_rows_of_a_file_are_recorded_without_the_bad_ones,
    a_file_waits_for_review_like_any_submission,
    a_file_is_sent_once_with_its_key,
    what_is_no_file_of_figures_is_refused,
    a_file_beyond_the_limit_is_refused,
    parameters_of_files_are_not_for_json,
    a_body_of_another_type_is_told_every_type_that_is_read,
}

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const MAY: &str = "province=24&period=2024-05&number_locale=vi";

async fn a_csv_file_says_what_json_would(app: TestApp) {
    let department = app.department().await;
    let file = "\u{feff}Mã chỉ tiêu;Phân tổ;Kỳ;Số liệu;Tử số;Mẫu số;Trạng thái;Không phát sinh;Lý do;Vị trí\r\n\
        post-telecom-revenue;;;1.230,5;;;ước tính;;;dòng 41\r\n\
        phone-subscribers;line_type:fixed;;11.754;;;;;;\r\n\
        online-service-level4-rate;;2024-Q2;;38;38;A;;;\r\n\
        fines-total;;;;;;;x;không có vụ nào;\r\n";

    let sent = send(&department, CSV, &format!("{MAY}&title=Báo cáo tháng 5&date=2024-05-20"), file.as_bytes().to_vec()).await;
    let same = department
        .post(
            "/v1/submissions",
            &json!({"province": "24", "period": "2024-05", "observations": [
                {"indicator": "post-telecom-revenue", "value": 1230.5, "status": "E"},
                {"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": 11754},
                {"indicator": "online-service-level4-rate", "period": "2024-Q2", "numerator": 38, "denominator": 38},
                {"indicator": "fines-total", "nil": true},
            ]}),
        )
        .await
        .expect(201);

    let sent = sent.expect(201);
    assert_eq!((&sent["submissions"][0]["state"], &sent["counts"]["created"]), (&json!("approved"), &json!(4)));
    assert_eq!(sent["submissions"][0]["source"], json!({"title": "Báo cáo tháng 5", "number": null, "date": "2024-05-20"}));
    assert_eq!(same["counts"]["unchanged"], 4, "the same figures");
    let series = app.anyone().get("/v1/series?province=bac-giang-1997&indicator=post-telecom-revenue").await.expect(200);
    assert_eq!(series["items"][0]["observations"][0]["value"].to_string(), "1230.5");
}

async fn a_workbook_says_what_json_would(app: TestApp) {
    let department = app.department().await;
    let rows = [
        [text("post-telecom-revenue"), text("2024-05"), Cell::Number("230.25".into()), text("E")],
        [text("bts-sites"), Cell::Text("2024-04".into()), text("1.596"), Cell::Empty],
        [text("telecom-internet-revenue"), Cell::Number("2023".into()), Cell::Number("2100".into()), text("Chính thức")],
    ];
    let file = workbook(&["Mã chỉ tiêu", "Kỳ", "Số liệu", "Trạng thái"], &rows);

    let sent = send(&department, XLSX, "province=24&number_locale=vi", file).await.expect(201);

    assert_eq!(sent["counts"]["created"], 3);
    for (indicator, period, value) in
        [("post-telecom-revenue", "2024-05", "230.25"), ("bts-sites", "2024-04", "1596"), ("telecom-internet-revenue", "2023", "2100")]
    {
        let path = format!("/v1/series?province=bac-giang-1997&indicator={indicator}");
        let point = app.anyone().get(&path).await.expect(200)["items"][0]["observations"][0].clone();
        assert_eq!((&point["period"], point["value"].to_string().as_str()), (&json!(period), value), "{indicator}");
    }
}

async fn rows_without_a_figure_are_left_out(app: TestApp) {
    let department = app.department().await;
    let file = "Mã chỉ tiêu,Chỉ tiêu,Đơn vị tính,Cùng kỳ năm trước,Số liệu,Trạng thái,Ghi chú\n\
        bts-sites,Vị trí BTS,vị trí,1596,,E,\n\
        fines-total,Số tiền xử phạt,triệu đồng,,0,E,đã nộp\n\
        infosec-incidents,Sự cố,sự cố,,,E,chưa có số\n";

    let sent = send(&department, CSV, MAY, file.as_bytes().to_vec()).await.expect(201);

    assert_eq!(sent["submissions"][0]["rows"].as_array().map(Vec::len), Some(1), "missing is never zero, and zero is not missing: {sent}");
    let series = app.anyone().get("/v1/series?province=bac-giang-1997&indicator=fines-total,bts-sites").await.expect(200);
    let points: Vec<usize> = (0..2).map(|n| series["items"][n]["observations"].as_array().unwrap().len()).collect();
    assert_eq!(points, [0, 1], "by code: bts-sites, fines-total");
}

async fn every_fault_names_its_row_and_column(app: TestApp) {
    let department = app.department().await;
    let file = "Mã chỉ tiêu;Phân tổ;Số liệu;Tử số;Mẫu số;Trạng thái\n\
        bts-sites;;1596,5;;;\n\
        ;;5;;;\n\
        \n\
        nobodys-code;;5;;;\n\
        phone-subscribers;line_type:satellite;5;;;\n\
        online-service-level4-rate;;;38;;\n\
        fines-total;;năm;;;Z\n\
        bts-sites;;7;;;\n\
        bts-sites;;8;;;\n";

    let refused = send(&department, CSV, MAY, file.as_bytes().to_vec()).await;

    assert_eq!(refused.status, 422, "{}", refused.text());
    let body = refused.json();
    let mut faults: Vec<String> = body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| format!("{} {}", error["location"].as_str().unwrap_or("?"), error["code"].as_str().unwrap()))
        .collect();
    faults.sort();
    assert_eq!(
        faults,
        [
            "row 10, column A duplicate_row",
            "row 2, column C fraction_for_count",
            "row 3, column A missing_field",
            "row 5, column A unknown_indicator",
            "row 6, column B unknown_breakdown",
            "row 7, column E ratio_incomplete",
            "row 8, column C not_a_number",
            "row 8, column F invalid_value",
            "row 9, column A duplicate_row",
        ],
        "{body}"
    );
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"], json!([]), "nothing of it is stored");
}

async fn what_holds_for_all_rows_is_named_by_its_parameter(app: TestApp) {
    let department = app.department().await;
    let file = "indicator,value\nbts-sites,1596\n";
    for (query, parameter, code, why) in [
        ("period=2024-05", "province", "missing_field", "no province"),
        ("province=Atlantis&period=2024-05", "province", "unknown_province", "nobody's name"),
        ("province=24&period=May", "period", "invalid_period", "no period"),
        ("province=24&period=2024-05&mode=some", "mode", "invalid_value", "no mode"),
        ("province=24&period=2024-05&acknowledge=everything", "acknowledge", "invalid_value", "no warning"),
        ("province=24&period=2024-05&date=gestern", "date", "invalid_date", "no date"),
    ] {
        let refused = send(&department, CSV, query, file.as_bytes().to_vec()).await;

        assert_eq!(refused.fault(422), (code.to_owned(), parameter.to_owned()), "{why}: {}", refused.text());
    }
    let no_period = send(&department, CSV, "province=24", file.as_bytes().to_vec()).await;
    assert_eq!(no_period.json()["errors"][0]["location"], "row 2, column A", "neither the row nor the file has a period");
}

async fn good_rows_of_a_file_are_recorded_without_the_bad_ones(app: TestApp) {
    let department = app.department().await;
    let file = "indicator;value;row_ref\nbts-sites;1596;a\nfines-total;-5;b\nphone-subscribers;1930360;c\n";

    let answer = send(&department, CSV, &format!("{MAY}&mode=partial"), file.as_bytes().to_vec()).await.expect(200);

    let sent = answer["submissions"][0].clone();
    let rows: Vec<Value> = sent["rows"].as_array().unwrap().iter().map(|row| json!([row["row_ref"], row["outcome"]])).collect();
    assert_eq!(rows, [json!(["a", "created"]), json!(["b", "rejected"]), json!(["c", "created"])]);
    assert_eq!(sent["counts"]["rejected"], 1);
    let error = &sent["rows"][1]["errors"][0];
    assert_eq!((&error["location"], &error["code"]), (&json!("row 3, column B"), &json!("out_of_bounds")), "{sent}");
    let read = department.get(&format!("/v1/submissions/{}", sent["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(read["rows"], sent["rows"]);
}

async fn a_file_waits_for_review_like_any_submission(app: TestApp) {
    let sender = app.client_of(Some("H02.13"), &[Scope::Submit]).await;
    let leader = app.client_of(Some("H02.13"), &[Scope::Approve]).await;
    let file = workbook(&["indicator", "value"], &[[text("bts-sites"), Cell::Number("1596".into())]]);

    let sent = send(&sender, XLSX, MAY, file).await.expect(201);
    let waiting = app.anyone().get("/v1/series?province=bac-giang-1997&indicator=bts-sites").await.expect(200);
    let path = format!("/v1/submissions/{}/approve", sent["submissions"][0]["id"].as_str().unwrap());
    let approved = leader.send(Method::POST, &path, &[], Vec::new()).await.expect(200);

    assert_eq!((&sent["submissions"][0]["state"], &waiting["items"][0]["observations"]), (&json!("submitted"), &json!([])));
    assert_eq!((&approved["state"], &approved["counts"]["created"]), (&json!("approved"), &json!(1)));
}

async fn a_file_is_sent_once_with_its_key(app: TestApp) {
    let department = app.department().await;
    let file = |value: &str| format!("indicator,value\nbts-sites,{value}\n").into_bytes();
    let path = format!("/v1/submissions?{MAY}");
    let headers = [("content-type", CSV), ("idempotency-key", "5f0c")];

    let first = department.send(Method::POST, &path, &headers, file("1596")).await;
    let again = department.send(Method::POST, &path, &headers, file("1596")).await;
    let other = department.send(Method::POST, &path, &headers, file("1597")).await;

    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 200));
    assert_eq!(first.text(), again.text());
    assert_eq!(other.fault(422).0, "idempotency_key_reused");
}

async fn what_is_no_file_of_figures_is_refused(app: TestApp) {
    let department = app.department().await;
    let good = workbook(&["indicator", "value"], &[[text("bts-sites"), Cell::Number("1596".into())]]);
    let two_signs = csv::write(
        &headings(&["indicator", "value", "Số liệu"]),
        [[text("bts-sites"), text("1"), text("2")]],
        Delimiter::Comma,
        NumberLocale::Plain,
    );
    for (media, body, code, why) in [
        (CSV, Vec::new(), "unreadable_file", "nothing"),
        (XLSX, Vec::new(), "unreadable_file", "nothing of a workbook"),
        (XLSX, good[..good.len() / 2].to_vec(), "unreadable_file", "cut off on the way"),
        (XLSX, b"indicator,value\nbts-sites,1596\n".to_vec(), "unreadable_file", "CSV under another name"),
        (CSV, good.clone(), "wrong_encoding", "a workbook under another name"),
        (CSV, "indicator;value;\u{fffd}\n".encode_utf16().flat_map(u16::to_le_bytes).collect(), "wrong_encoding", "UTF-16"),
        (CSV, b"indicator;value\nbts-sites;1596;7\n".to_vec(), "ragged_row", "a cell too many"),
        (CSV, b"indicator;value;colour\nbts-sites;1596;red\n".to_vec(), "unknown_field", "a column of nobody's"),
        (CSV, b"value\n1596\n".to_vec(), "missing_field", "no codes"),
        (CSV, b"indicator;value\nbts-sites;\n".to_vec(), "batch_size", "not one figure"),
        (CSV, two_signs, "duplicate_column", "two columns of one field"),
    ] {
        let refused = send(&department, media, MAY, body).await;

        assert_eq!(refused.status, 422, "{why}: {}", refused.text());
        assert_eq!(refused.json()["errors"][0]["code"], code, "{why}: {}", refused.text());
    }
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"], json!([]));
}

async fn a_file_beyond_the_limit_is_refused(app: TestApp) {
    let department = app.department().await;
    let rows = "bts-sites,1596\n".repeat(80_000);

    let refused = send(&department, CSV, MAY, format!("indicator,value\n{rows}").into_bytes()).await;

    assert_eq!(refused.fault(413).0, "body_too_large", "1.2 MB where 1 MB is the limit");
}

async fn parameters_of_files_are_not_for_json(app: TestApp) {
    let department = app.department().await;
    let body = json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1}]});

    let refused = department.post("/v1/submissions?province=24&title=x", &body).await;

    assert_eq!(refused.faults(400), [("bad_request".into(), "province".into()), ("bad_request".into(), "title".into())]);
}

async fn a_body_of_another_type_is_told_every_type_that_is_read(app: TestApp) {
    let department = app.department().await;
    let all = json!(["application/json", CSV, XLSX, "application/x-ndjson"]);
    for (media, hint) in [
        ("text/plain", "a table of text is `text/csv`"),
        ("application/vnd.ms-excel", "save the workbook as .xlsx"),
        ("multipart/form-data; boundary=x", "send the file itself as the body"),
        ("application/x-www-form-urlencoded", "-H 'Content-Type: …'"),
        ("application/pdf", "`application/pdf` is not read"),
        ("", "does not say what the body is"),
    ] {
        let headers = [("content-type", media)];
        let headers = if media.is_empty() { &[][..] } else { &headers };

        let refused = department.send(Method::POST, "/v1/submissions", headers, b"x".to_vec()).await;

        assert_eq!(refused.fault(415).0, "unsupported_media_type", "{media}");
        let error = &refused.json()["errors"][0];
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(hint), "{media}: {message}");
        assert!(all.as_array().unwrap().iter().all(|taken| message.contains(taken.as_str().unwrap())), "{media}: {message}");
        assert_eq!(error["allowed"], all, "{media}");
    }
}

async fn send(user: &User, media: &str, query: &str, body: Vec<u8>) -> Answer {
    user.send(Method::POST, &format!("/v1/submissions?{query}"), &[("content-type", media)], body).await
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn headings(names: &[&str]) -> Vec<Heading> {
    names.iter().map(|name| Heading { name: (*name).into(), width: 20, information: false }).collect()
}

fn workbook<const N: usize>(names: &[&str; N], rows: &[[Cell; N]]) -> Vec<u8> {
    xlsx::write(xlsx::SHEET, &headings(names), rows).unwrap()
}
