//! Tables of files as departments send them: titles, totals, names and units, several provinces, and lines that fit by accident.
//! How files are read at all is in `files`.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use chitieu::formats::sheet::{Cell, Heading};
use chitieu::formats::xlsx;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    titles_above_the_header_are_ignored,
    a_file_without_codes_is_refused_with_one_fault,
    rows_that_are_no_figures_are_left_out_and_listed,
    a_figure_without_its_code_is_refused,
    another_power_of_ten_is_converted,
    what_contradicts_the_code_is_refused,
    a_unit_in_a_waiting_file_is_converted_at_its_approval,
    a_line_that_fits_by_accident_is_acknowledged,
    files_of_other_programs_are_read,
    a_file_of_several_provinces_is_a_submission_for_each,
    a_code_means_the_province_of_its_period,
    faults_of_all_provinces_are_listed_and_nothing_is_stored,
    good_provinces_are_recorded_without_the_others,
    a_file_of_several_provinces_is_sent_once_with_its_key,
    a_byte_order_mark_before_json_is_taken,
}

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const MAY: &str = "province=24&period=2024-05&number_locale=vi";

async fn titles_above_the_header_are_ignored(app: TestApp) {
    let department = app.department().await;
    let title = ["BIỂU 01: KẾT QUẢ THÁNG 5, NĂM 2021", "", "", ""].map(|name| Heading { name: name.into(), width: 20, information: false });
    let rows = [["", "", "Đơn vị tính: vị trí", ""], ["STT", "Mã chỉ tiêu", "Kỳ", "Số liệu"], ["1", "bts-sites", "2021-05", "1500"]];
    let workbook = xlsx::write(xlsx::SHEET, &title, rows.map(|row| row.map(Cell::of_text))).unwrap();
    let csv = "BIỂU 01: KẾT QUẢ THÁNG 6, NĂM 2021\n\n(Kèm theo báo cáo)\nTT;Mã chỉ tiêu;Kỳ;Số liệu\n1;bts-sites;2021-06;1500\n";

    for (media, file, period) in [(XLSX, workbook, "2021-05"), (CSV, csv.into(), "2021-06")] {
        let sent = send(&department, media, "province=24", file).await.expect(201);

        assert_eq!((&sent["counts"]["created"], &sent["left_out"]), (&json!(1), &json!([])), "{sent}");
        assert_eq!(value(&app, "bac-giang-1997", "bts-sites", period).await, json!(1500), "{period}");
    }
}

async fn a_file_without_codes_is_refused_with_one_fault(app: TestApp) {
    let department = app.department().await;
    for (file, place) in [
        ("Báo cáo tháng 5\nMã chỉ tiu;Màu;Số liệu\nbts-sites;đỏ;1500\n", "row 2, column A"),
        ("Báo cáo tháng 5\nTên;Màu;Số liệu\nbts-sites;đỏ;1500\n", "row 1, column A"),
    ] {
        let refused = send(&department, CSV, MAY, file.into()).await;

        assert_eq!(places(&refused), [("missing_field".to_owned(), place.to_owned())], "{}", refused.text());
    }
    let unknown = send(&department, CSV, MAY, "Mã chỉ tiêu;Số lịêux;Màu\nbts-sites;1500;đỏ\n".into()).await;
    let columns = ["row 1, column B", "row 1, column C"].map(|place| ("unknown_field".to_owned(), place.to_owned()));
    assert_eq!(places(&unknown), columns, "each column once: {}", unknown.text());
    assert!(unknown.text().contains("did you mean `Số liệu`?"), "{}", unknown.text());
    send(&department, CSV, MAY, "Mã chỉ tiêu;Số liệu\nbts-sites;1500\n".into()).await.expect(201);
    assert_eq!(value(&app, "bac-giang-1997", "bts-sites", "2024-05").await, json!(1500));
}

async fn rows_that_are_no_figures_are_left_out_and_listed(app: TestApp) {
    let department = app.department().await;
    let file = "STT;Mã chỉ tiêu;Chỉ tiêu;Số liệu;Không phát sinh;Ghi chú\n\
        I;;VIỄN THÔNG;;;\n\
        1;bts-sites;;1500;FALSE;\n\
        2;phone-subscribers;;;không;chưa có số\n\
        ;;Cộng;1500;;\n\
        3;fines-total;;;TRUE;\n\
        ;;Toàn tỉnh;1500;;\n\
        ;;;;;NGƯỜI LẬP BIỂU\n";

    let sent = send(&department, CSV, MAY, file.into()).await.expect(201);

    assert_eq!(sent["submissions"][0]["rows"].as_array().map(Vec::len), Some(2), "{sent}");
    let left_out: Vec<String> =
        sent["left_out"].as_array().unwrap().iter().map(|row| format!("{} {}", row["row"], row["reason"])).collect();
    assert_eq!(left_out, ["2 \"no_figure\"", "4 \"no_figure\"", "5 \"total\"", "7 \"below_table\"", "8 \"no_figure\""]);
    assert_eq!(value(&app, "bac-giang-1997", "bts-sites", "2024-05").await, json!(1500));
    let nil = app.anyone().get("/v1/series?province=bac-giang-1997&indicator=fines-total").await.expect(200);
    assert_eq!(nil["items"][0]["observations"][0]["value"], Value::Null, "{nil}");
}

async fn a_figure_without_its_code_is_refused(app: TestApp) {
    let department = app.department().await;
    let file = |code: &str| format!("Mã chỉ tiêu;Chỉ tiêu;Số liệu\nbts-sites;;1500\n{code};;7\nphone-subscribers;;9\n").into_bytes();

    let refused = send(&department, CSV, MAY, file("")).await;

    assert_eq!(places(&refused), [("missing_field".to_owned(), "row 3, column A".to_owned())], "{}", refused.text());
    send(&department, CSV, MAY, file("infosec-incidents")).await.expect(201);
    assert_eq!(value(&app, "bac-giang-1997", "infosec-incidents", "2024-05").await, json!(7));
}

async fn another_power_of_ten_is_converted(app: TestApp) {
    let department = app.department().await;
    let file = "Mã chỉ tiêu;Đơn vị tính;Kỳ;Số liệu;Bội số\n\
        telecom-internet-revenue;triệu đồng;2021-10;95000;\n\
        telecom-internet-revenue;Tỷ đồng;2021-09;95;\n\
        telecom-internet-revenue;đồng;2021-08;95000000000;\n\
        telecom-internet-revenue;Tr.đồng;2021-07;95000;6\n\
        phone-subscribers;nghìn thuê bao;2021-10;1930;\n\
        fines-total;triệu đồng;2021-10;5;\n";

    let sent = send(&department, CSV, "province=24", file.into()).await.expect(201);

    assert_eq!(sent["counts"]["created"], 6, "{sent}");
    for period in ["2021-10", "2021-09", "2021-08", "2021-07"] {
        assert_eq!(value(&app, "bac-giang-1997", "telecom-internet-revenue", period).await, json!(95), "{period}");
    }
    assert_eq!(value(&app, "bac-giang-1997", "phone-subscribers", "2021-10").await, json!(1_930_000));
    assert_eq!(value(&app, "bac-giang-1997", "fines-total", "2021-10").await, json!(5));
}

async fn what_contradicts_the_code_is_refused(app: TestApp) {
    let department = app.department().await;
    let file = |rows: &str| format!("Mã chỉ tiêu;Chỉ tiêu;Phân tổ;Đơn vị tính;Bội số;Số liệu\n{rows}\n").into_bytes();
    for (bad, code, place, good, indicator, stored) in [
        (
            "bts-sites;Số thuê bao điện thoại;;vị trí;;1500",
            "name_contradicts",
            "row 2, column B",
            "bts-sites;Số vị trí cột ăng ten lắp đặt trạm BTS;;vị trí;;1500",
            "bts-sites",
            1500,
        ),
        ("infosec-incidents;;;thuê bao;;3", "unit_contradicts", "row 2, column D", "infosec-incidents;;;sự cố;;3", "infosec-incidents", 3),
        ("fines-total;;;tỷ đồng;6;40", "unit_contradicts", "row 2, column D", "fines-total;;;triệu đồng;6;40", "fines-total", 40),
    ] {
        let refused = send(&department, CSV, MAY, file(bad)).await;
        assert_eq!(places(&refused), [(code.to_owned(), place.to_owned())], "{bad}: {}", refused.text());

        let name = app.anyone().get(&format!("/v1/indicators/{indicator}")).await.expect(200)["name"].clone();
        let good = good.replace("Số vị trí cột ăng ten lắp đặt trạm BTS", name.as_str().unwrap());
        send(&department, CSV, MAY, file(&good)).await.expect(201);
        assert_eq!(value(&app, "bac-giang-1997", indicator, "2024-05").await, json!(stored), "{good}");
    }
}

async fn a_unit_in_a_waiting_file_is_converted_at_its_approval(app: TestApp) {
    let sender = app.client_of(Some("H02.13"), &[Scope::Submit]).await;
    let leader = app.client_of(Some("H02.13"), &[Scope::Approve]).await;
    let file = "Mã chỉ tiêu;Đơn vị tính;Số liệu\ntelecom-internet-revenue;triệu đồng;95000\n";

    let sent = send(&sender, CSV, MAY, file.into()).await.expect(201);
    let row = &sent["submissions"][0]["rows"][0]["sent"];
    assert_eq!((&row["value"], &row["unit_mult"]), (&json!(95000), &json!(6)), "the row can be sent again as JSON: {sent}");
    let path = format!("/v1/submissions/{}/approve", sent["submissions"][0]["id"].as_str().unwrap());
    leader.send(Method::POST, &path, &[], Vec::new()).await.expect(200);

    assert_eq!(value(&app, "bac-giang-1997", "telecom-internet-revenue", "2024-05").await, json!(95));
}

async fn a_line_that_fits_by_accident_is_acknowledged(app: TestApp) {
    let department = app.department().await;
    for (indicator, file, place) in [
        (
            "digitally-signed-document-rate",
            "Mã chỉ tiêu,Kỳ,Số liệu,Ghi chú,Chấp nhận cảnh báo\ndigitally-signed-document-rate,2021-07,77,15\n",
            "row 2, column E",
        ),
        ("bts-sites", "Mã chỉ tiêu;Kỳ;Số liệu;Ghi chú\nbts-sites;2021-07;77;\"x\nfines-total;2021-07;5;\"\n", "row 2, column A"),
    ] {
        let refused = send(&department, CSV, "province=24&number_locale=vi", file.into()).await;
        assert_eq!(places(&refused), [("unacknowledged".to_owned(), place.to_owned())], "{}", refused.text());
        assert_eq!(refused.json()["errors"][0]["allowed"], json!(["suspicious_cell"]));

        let sent = send(&department, CSV, "province=24&number_locale=vi&acknowledge=suspicious_cell", file.into()).await.expect(201);
        assert_eq!(sent["submissions"][0]["rows"][0]["warnings"][0]["code"], "suspicious_cell", "{sent}");
        assert_eq!(value(&app, "bac-giang-1997", indicator, "2021-07").await, json!(77));
    }
    let quoted = "Mã chỉ tiêu,Kỳ,Số liệu,Ghi chú\ndigitally-signed-document-rate,2021-08,\"77,15\",\n";
    send(&department, CSV, "province=24&number_locale=vi", quoted.into()).await.expect(201);
    assert_eq!(value(&app, "bac-giang-1997", "digitally-signed-document-rate", "2021-08").await.to_string(), "77.15");
}

async fn files_of_other_programs_are_read(app: TestApp) {
    let department = app.department().await;
    for (period, file, why) in [
        ("2021-01", "sep=;\nMã chỉ tiêu;Kỳ;Số liệu\nbts-sites;2021-01;1500\n", "the separator named first"),
        ("2021-02", "\u{feff}sep=,\r\nMã chỉ tiêu,Kỳ,Số liệu\r\nbts-sites,2021-02,1500\r\n", "after a byte order mark"),
        ("2021-03", "Mã chỉ tiêu\tKỳ\tSố liệu\nbts-sites\t2021-03\t1500\n", "tabs"),
    ] {
        send(&department, CSV, "province=24", file.into()).await.expect(201);
        assert_eq!(value(&app, "bac-giang-1997", "bts-sites", period).await, json!(1500), "{why}");
    }
}

async fn a_file_of_several_provinces_is_a_submission_for_each(app: TestApp) {
    let department = app.department().await;
    let file = "Mã chỉ tiêu;Kỳ;Số liệu;Tỉnh\n\
        bts-sites;2021-05;1500;Bắc Giang\n\
        bts-sites;2021-05;1600;Bắc Ninh\n\
        phone-subscribers;2021-05;9;bac-giang-1997\n";

    let answer = send(&department, CSV, "", file.into()).await;

    assert_eq!((answer.status.as_u16(), answer.headers.get("location")), (201, None), "{}", answer.text());
    let sent = answer.json();
    let of_each = |member: &str| {
        let submissions = sent["submissions"].as_array().unwrap().iter();
        submissions.map(|submission| submission["counts"][member].clone()).collect::<Vec<_>>()
    };
    assert_eq!((of_each("created"), &sent["counts"]["created"]), (vec![json!(2), json!(1)], &json!(3)));
    for (province, indicator, stored) in
        [("bac-giang-1997", "bts-sites", 1500), ("bac-ninh-1997", "bts-sites", 1600), ("bac-giang-1997", "phone-subscribers", 9)]
    {
        assert_eq!(value(&app, province, indicator, "2021-05").await, json!(stored), "{province}");
    }
    let one = send(&department, CSV, "", "Mã chỉ tiêu;Kỳ;Số liệu;Tỉnh\nbts-sites;2021-06;1;Bắc Giang\n".into()).await;
    let id = one.json()["submissions"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(one.header("location"), format!("/v1/submissions/{id}"), "of a single one");
    let dry = send(&department, CSV, "dry_run=true", file.replace("2021-05", "2021-07").into()).await;
    assert_eq!((dry.status.as_u16(), &dry.json()["counts"]["created"]), (200, &json!(3)));
    assert_eq!(value(&app, "bac-ninh-1997", "bts-sites", "2021-07").await, Value::Null, "nothing of it is stored");
}

async fn a_code_means_the_province_of_its_period(app: TestApp) {
    let department = app.department().await;
    let file = "Mã chỉ tiêu;Kỳ;Số liệu\nbts-sites;2024-05;1500\nbts-sites;2025-12;3000\n";

    let sent = send(&department, CSV, "province=24", file.into()).await.expect(201);

    assert_eq!(sent["submissions"].as_array().map(Vec::len), Some(2), "{sent}");
    assert_eq!(value(&app, "bac-giang-1997", "bts-sites", "2024-05").await, json!(1500));
    assert_eq!(value(&app, "bac-ninh-2025", "bts-sites", "2025-12").await, json!(3000));
}

async fn faults_of_all_provinces_are_listed_and_nothing_is_stored(app: TestApp) {
    let department = app.department().await;
    let file = |first: &str, second: &str, third: &str| {
        format!(
            "Mã chỉ tiêu;Kỳ;Số liệu;Tỉnh\n\
             bts-sites;2021-05;{first};Bắc Giang\n\
             bts-sites;2021-05;1600;Bắc Ninh\n\
             phone-subscribers;2021-05;{second};Bắc Ninh\n\
             bts-sites;2021-05;1700;{third}\n"
        )
        .into_bytes()
    };

    let refused = send(&department, CSV, "", file("1500,5", "-9", "Atlantis")).await;

    let expected = [("not_a_number", "row 2, column C"), ("negative_count", "row 4, column C"), ("unknown_province", "row 5, column D")];
    assert_eq!(refused.status, 422);
    let codes: Vec<(String, String)> = places(&refused);
    assert_eq!(codes.iter().map(|(_, place)| place.as_str()).collect::<Vec<_>>(), expected.map(|(_, place)| place), "{}", refused.text());
    assert_eq!(codes[1..].iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["negative_count", "unknown_province"]);
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"], json!([]), "nothing of it is stored");
    send(&department, CSV, "", file("1500", "9", "Hà Nội")).await.expect(201);
    assert_eq!(value(&app, "bac-ninh-1997", "phone-subscribers", "2021-05").await, json!(9));
    let without = "indicator;period;value;province\nbts-sites;2021-06;1;Bắc Giang\nbts-sites;2021-07;2;\nbts-sites;2021-06;3;Bắc Ninh\n";
    assert_eq!(places(&send(&department, CSV, "", without.into()).await), [("missing_field".to_owned(), "row 3, column D".to_owned())]);
}

async fn good_provinces_are_recorded_without_the_others(app: TestApp) {
    let department = app.client_for(&[Scope::Submit], &["bac-giang-1997"]).await;
    let file = "indicator;period;value;province\n\
        bts-sites;2021-05;1500;Bắc Giang\n\
        bts-sites;2021-05;1600;Hà Nội\n\
        bts-sites;2021-06;1700;Atlantis\n\
        bts-sites;2021-06;1800;Bắc Giang\n";

    let atomic = send(&department, CSV, "", file.into()).await;
    let sent = send(&department, CSV, "mode=partial", file.into()).await.expect(200);

    assert_eq!(
        places(&atomic),
        [("province_not_allowed".to_owned(), "row 3, column D".to_owned()), ("unknown_province".to_owned(), "row 4, column D".to_owned())],
        "{}",
        atomic.text()
    );
    assert_eq!((&sent["counts"]["created"], &sent["counts"]["rejected"]), (&json!(2), &json!(2)), "{sent}");
    let errors: Vec<String> = sent["submissions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|submission| submission["rows"].as_array().unwrap())
        .flat_map(|row| row["errors"].as_array().unwrap())
        .map(|error| format!("{} {}", error["location"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect();
    assert_eq!(errors, ["row 3, column D province_not_allowed", "row 4, column D unknown_province"]);
    assert_eq!(value(&app, "bac-giang-1997", "bts-sites", "2021-06").await, json!(1800));
}

async fn a_file_of_several_provinces_is_sent_once_with_its_key(app: TestApp) {
    let department = app.department().await;
    let file = "indicator;period;value;province\nbts-sites;2021-05;1500;Bắc Giang\n;;;\nbts-sites;2021-05;1600;Bắc Ninh\n;;1;\n";
    let headers = [("content-type", CSV), ("idempotency-key", "hai-tinh")];
    let post = || department.send(Method::POST, "/v1/submissions", &headers, file.as_bytes().to_vec());

    let (first, again) = (post().await, post().await);

    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 200), "{}", first.text());
    assert_eq!(first.text(), again.text());
    assert_eq!(first.json()["left_out"], json!([{"row": 5, "reason": "below_table"}]));
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"].as_array().map(Vec::len), Some(2));
}

async fn a_byte_order_mark_before_json_is_taken(app: TestApp) {
    let department = app.department().await;
    let body =
        format!("\u{feff}{}", json!({"province": "24", "period": "2021-05", "observations": [{"indicator": "bts-sites", "value": 1500}]}));

    let sent = department.send(Method::POST, "/v1/submissions", &[("content-type", "application/json")], body.into_bytes()).await;

    assert_eq!(sent.expect(201)["counts"]["created"], 1);
    assert_eq!(value(&app, "bac-giang-1997", "bts-sites", "2021-05").await, json!(1500));
}

/// The codes of a refusal, each with its place.
fn places(refused: &Answer) -> Vec<(String, String)> {
    let body = refused.json();
    let errors = body["errors"].as_array().unwrap_or_else(|| panic!("{}", refused.text())).iter();
    errors.map(|error| (error["code"].as_str().unwrap().to_owned(), error["location"].as_str().unwrap_or("?").to_owned())).collect()
}

/// The published value of a series in a period; null if there is none.
async fn value(app: &TestApp, province: &str, indicator: &str, period: &str) -> Value {
    let path = format!("/v1/series?province={province}&indicator={indicator}&from={period}&to={period}");
    let series = app.anyone().get(&path).await.expect(200);
    let points = series["items"][0]["observations"].as_array().unwrap_or_else(|| panic!("{series}"));
    points.iter().find(|point| point["period"] == period).map_or(Value::Null, |point| point["value"].clone())
}

async fn send(user: &User, media: &str, query: &str, body: Vec<u8>) -> Answer {
    user.send(Method::POST, &format!("/v1/submissions?{query}"), &[("content-type", media)], body).await
}
