//! Templates: the form that an organisation fills in: the rows it owes with last year's figures, and that it can be sent back as it is.
//! What is owed lives in `obligations`, how files are read in `files`.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use chitieu::formats::sheet::{Cell, Heading, Sheet};
use chitieu::formats::{csv, xlsx};
use serde_json::{Value, json};

use crate::reporting::obligations::oblige;
use crate::support::app::trust;
use crate::support::figures::{dated, fault};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_department_gets_a_row_for_each_figure_it_owes,
    a_workbook_holds_what_the_csv_file_does,
    last_year_stands_beside_the_empty_cell,
    before_the_merger_last_year_is_that_of_the_old_provinces,
    what_was_reported_already_is_said_and_not_filled_in,
    what_waits_for_review_is_said,
    a_template_that_nobody_filled_in_says_nothing,
    a_filled_csv_file_is_sent_back_as_it_is,
    a_filled_workbook_is_sent_back_as_it_is,
    a_file_is_of_the_province_and_calendar_it_says,
    one_template_is_of_one_province,
    one_template_is_of_one_calendar,
    who_owes_a_period_gets_its_template,
    what_is_owed_under_two_names_has_one_row,
    names_that_look_like_formulas_stay_texts,
    what_nobody_may_see_is_in_no_template,
    the_same_template_is_the_same_file,
    what_is_no_template_is_refused_with_what_is_one,
}

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const BTS: &str = "bts-sites";
const REVENUE: &str = "post-telecom-revenue";

async fn a_department_gets_a_row_for_each_figure_it_owes(app: TestApp) {
    let owed = ["bts-sites,phone-subscribers,post-telecom-revenue M civil 1/10", "post-telecom-revenue M civil 1/10 to-date"];
    oblige(&app, "H02.13", "bac-ninh-2025", &[owed[0], owed[1], "fines-total Q civil 1/10"]).await;
    oblige(&app, "H02.14", "bac-ninh-2025", &["digital-certificates-active M civil 1/10"]).await;

    let october = file(&app.anyone(), "H02.13/2026-10.csv").await;
    let (header, sheet) = (october.text(), csv_of(&october));

    assert_eq!(october.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(october.header("content-disposition"), "attachment; filename=\"H02.13-bac-ninh-2025-2026-10.csv\"");
    assert_eq!(
        header.lines().next().unwrap().replace('"', ""),
        "\u{feff}Mã chỉ tiêu;Chỉ tiêu;Phân tổ;Đơn vị tính;Kỳ;Cùng kỳ năm trước;Số liệu;Tử số;Mẫu số;Từ;Đến;Giới hạn;Trạng thái;\
         Tính đến ngày;Không phát sinh;Lý do;Chấp nhận cảnh báo;Ghi chú;Tỉnh;Lịch;Cách viết số"
    );
    let of_revenue = |period: &str| ["", "sector:post", "sector:telecom"].map(|part| format!("{REVENUE}|{part}|{period}|tỷ đồng"));
    let mut wanted = vec![
        "bts-sites||2026M10|vị trí".to_owned(),
        "phone-subscribers||2026M10|thuê bao".to_owned(),
        "phone-subscribers|line_type:fixed|2026M10|thuê bao".to_owned(),
        "phone-subscribers|line_type:mobile|2026M10|thuê bao".to_owned(),
    ];
    wanted.extend(of_revenue("2026M10").into_iter().chain(of_revenue("2026-10-YTD")));
    assert_eq!(lines(&sheet, &["Mã chỉ tiêu", "Phân tổ", "Kỳ", "Đơn vị tính"]), wanted, "nothing that another owes, and no quarter");
    assert_eq!(lines(&sheet, &["Chỉ tiêu"])[1..3], ["Số thuê bao điện thoại", "Số thuê bao điện thoại (cố định)"]);
    let to_fill = ["Số liệu", "Tử số", "Trạng thái", "Giới hạn", "Không phát sinh", "Cùng kỳ năm trước", "Ghi chú"];
    assert!(lines(&sheet, &to_fill).iter().all(|line| line == "||||||"), "nothing is claimed: {header}");
    assert!(lines(&sheet, &["Tỉnh", "Lịch", "Cách viết số"]).iter().all(|line| line == "bac-ninh-2025|civil|Việt Nam"), "{header}");
    for (period, first, count, why) in [
        ("2026-09", "fines-total||2026-Q3", 11, "a quarter ends with September; its field comes first"),
        ("2026-Q3", "fines-total||2026-Q3", 11, "the same days to the end"),
        ("2026-09-YTD", "fines-total||2026-Q3", 11, "and again"),
        ("2026-08", "bts-sites||2026M08", 10, "none with August"),
    ] {
        let sheet = csv_of(&file(&app.anyone(), &format!("H02.13/{period}.csv")).await);
        let lines = lines(&sheet, &["Mã chỉ tiêu", "Phân tổ", "Kỳ"]);
        assert_eq!((lines[0].as_str(), lines.len()), (first, count), "{period}: {why}");
    }
}

async fn a_workbook_holds_what_the_csv_file_does(app: TestApp) {
    let department = app.department().await;
    oblige(&app, "H02.13", "ha-noi-2008", &["bts-sites,phone-subscribers,post-telecom-revenue M civil 1/10"]).await;
    report(&department, "ha-noi-2008", &[dated(REVENUE, "230.5", "2025-10"), dated("phone-subscribers", ">500000", "2025-10")]).await;

    let workbook = file(&app.anyone(), "H02.13/2026-10.xlsx").await;
    let table = file(&app.anyone(), "H02.13/2026-10.csv").await;

    assert_eq!(workbook.header("content-type"), XLSX);
    assert_eq!(workbook.header("content-disposition"), "attachment; filename=\"H02.13-ha-noi-2008-2026-10.xlsx\"");
    let (mut sheet, of_csv) = (xlsx::read(&workbook.body).unwrap(), csv_of(&table));
    assert_eq!(sheet.columns, of_csv.columns);
    let cell = |cell: &mut Cell| {
        if let Cell::Number(number) = cell {
            *cell = Cell::Text(number.digits.replace('.', ","));
        }
    };
    sheet.rows.iter_mut().flat_map(|row| &mut row.cells).for_each(cell);
    assert_eq!(sheet.rows, of_csv.rows, "numbers are numbers there, and in Vietnamese here");
    assert!(table.text().contains(";2026M10;230,5;"), "{}", table.text());
    let last_year = xlsx::read(&workbook.body).unwrap().rows.iter().map(|row| row.cells[5].clone()).collect::<Vec<_>>();
    assert_eq!((&last_year[1], &last_year[4]), (&Cell::Text("> 500.000".into()), &Cell::Number("230.5".into())));
}

async fn last_year_stands_beside_the_empty_cell(app: TestApp) {
    let department = app.department().await;
    let indicators = "bts-sites,phone-subscribers,internet-subscribers,fines-total,village-fibre-coverage-rate,sanction-decisions";
    let months = format!("{indicators},post-telecom-revenue M civil 1/10");
    oblige(&app, "H02.13", "ha-noi-2008", &[&months, "post-telecom-revenue M civil 1/10 to-date"]).await;
    let mut estimate = dated(REVENUE, "230.50", "2025-10");
    estimate["status"] = json!("E");
    let mut preliminary = dated("village-fibre-coverage-rate", "77.15", "2025-10");
    preliminary["status"] = json!("P");
    let rows = [
        estimate,
        dated(REVENUE, "2000", "2025-09-YTD"),
        dated("phone-subscribers", ">500000", "2025-10"),
        dated("internet-subscribers", "1200-1300", "2025-10"),
        dated("fines-total", "nil", "2025-10"),
        preliminary,
        dated("sanction-decisions", "0", "2025-10"),
        dated(BTS, "1500", "2024-10"),
    ];
    report(&department, "ha-noi-2008", &rows).await;

    let sheet = csv_of(&file(&app.anyone(), "H02.13/2026-10.csv").await);

    let columns = ["Mã chỉ tiêu", "Phân tổ", "Kỳ", "Cùng kỳ năm trước", "Ghi chú"];
    let found: Vec<String> = lines(&sheet, &columns).into_iter().filter(|line| line.contains("||2026")).collect();
    assert_eq!(
        found,
        [
            "fines-total||2026M10||cùng kỳ: không phát sinh",
            "sanction-decisions||2026M10|0|",
            "bts-sites||2026M10||",
            "internet-subscribers||2026M10|1.200 – 1.300|",
            "phone-subscribers||2026M10|> 500.000|",
            "post-telecom-revenue||2026M10|230,50|cùng kỳ: ước tính",
            "post-telecom-revenue||2026-10-YTD|2230,5|cùng kỳ: ước tính, tính từ số liệu khác",
            "village-fibre-coverage-rate||2026M10|77,15|cùng kỳ: sơ bộ",
        ],
        "a figure of the year before last is none of last year, and zero is one"
    );
}

async fn before_the_merger_last_year_is_that_of_the_old_provinces(app: TestApp) {
    let department = app.department().await;
    oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites,fines-total M civil 1/10"]).await;
    report(&department, "bac-giang-1997", &[dated(BTS, "1000", "2025-05"), dated("fines-total", "7.5", "2025-05")]).await;
    report(&department, "bac-ninh-1997", &[dated(BTS, "596", "2025-05")]).await;

    let sheet = csv_of(&file(&app.anyone(), "H02.13/2026-05.csv").await);

    assert_eq!(
        lines(&sheet, &["Mã chỉ tiêu", "Cùng kỳ năm trước", "Ghi chú"]),
        ["fines-total||", "bts-sites|1596|cùng kỳ: tính từ số liệu các đơn vị hợp thành"],
        "both old provinces, or nothing"
    );
}

async fn what_was_reported_already_is_said_and_not_filled_in(app: TestApp) {
    let department = app.department().await;
    oblige(&app, "H02.13", "ha-noi-2008", &["bts-sites,fines-total,phone-subscribers M civil 1/10"]).await;
    let mut estimate = dated(BTS, "1596", "2026-10");
    estimate["status"] = json!("E");
    let mut part = dated("phone-subscribers", "~11754", "2026-10");
    part["breakdown"] = json!({"line_type": "fixed"});
    report(&department, "ha-noi-2008", &[estimate, part, dated("fines-total", "nil", "2026-10"), dated(BTS, "1500", "2025-10")]).await;

    let sheet = csv_of(&file(&app.anyone(), "H02.13/2026-10.csv").await);

    assert_eq!(
        lines(&sheet, &["Mã chỉ tiêu", "Phân tổ", "Cùng kỳ năm trước", "Số liệu", "Ghi chú"]),
        [
            "fines-total||||đã báo cáo: không phát sinh",
            "bts-sites||1500||đã báo cáo: 1.596 (ước tính)",
            "phone-subscribers||||",
            "phone-subscribers|line_type:fixed|||đã báo cáo: ≈ 11.754",
            "phone-subscribers|line_type:mobile|||",
        ]
    );
}

async fn what_waits_for_review_is_said(app: TestApp) {
    oblige(&app, "H02.13", "ha-noi-2008", &["bts-sites,fines-total M civil 1/10"]).await;
    let clerk = app.client_of(Some("H02.13"), &[Scope::Submit]).await;
    let send = async |row: Value| {
        let body = json!({"province": "ha-noi-2008", "calendar": "civil", "observations": [row]});
        clerk.post("/v1/submissions", &body).await.expect(201)["id"].as_str().unwrap().to_owned()
    };
    send(dated(BTS, "1596", "2026-10")).await;
    let returned = send(dated("fines-total", "7", "2026-10")).await;
    let reviewer = app.client_of(None, &[Scope::Approve]).await;
    reviewer.post(&format!("/v1/submissions/{returned}/return"), &json!({"comment": "?"})).await.expect(200);

    let said = async |user: &User| {
        let sheet = csv_of(&file(user, "H02.13/2026-10.csv").await);
        lines(&sheet, &["Mã chỉ tiêu", "Số liệu", "Ghi chú"])
    };
    let told = ["fines-total||có báo cáo bị trả lại", "bts-sites||có báo cáo đang chờ duyệt"];
    assert_eq!(said(&clerk).await, told, "and no figure of it");
    assert_eq!(said(&app.anyone()).await, ["fines-total||", "bts-sites||"], "to its sender and its reviewers");
}

async fn a_template_that_nobody_filled_in_says_nothing(app: TestApp) {
    let department = app.department().await;
    oblige(&app, "H02.13", "ha-noi-2008", &["bts-sites,phone-subscribers M civil 1/10"]).await;
    report(&department, "ha-noi-2008", &[dated(BTS, "1500", "2025-10")]).await;

    for (extension, media) in [("csv", CSV), ("xlsx", XLSX)] {
        let template = file(&app.anyone(), &format!("H02.13/2026-10.{extension}")).await;
        let refused = send(&department, media, "", template.body).await;

        assert_eq!(refused.fault(422).0, "batch_size", "{extension}: last year's figure is no figure of this year");
    }
    let series = app.anyone().get("/v1/series?province=ha-noi-2008&indicator=bts-sites").await.expect(200);
    assert_eq!(series["items"][0]["observations"].as_array().unwrap().len(), 1, "{series}");
}

async fn a_filled_csv_file_is_sent_back_as_it_is(app: TestApp) {
    app.clock.set("2026-11-05T02:00:00Z");
    trust(&app.state, "H02.13");
    oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites,phone-subscribers,post-telecom-revenue M civil 1/10"]).await;
    oblige(&app, "H02.13", "bac-ninh-2025", &["post-telecom-revenue M civil 1/10 to-date"]).await;
    let clerk = app.client_of(Some("H02.13"), &[Scope::Submit]).await;

    let mut text = file(&clerk, "H02.13/2026-10.csv").await.text();
    for (row, value) in [
        ("bts-sites||2026M10", "1.596"),
        ("phone-subscribers|line_type:fixed|2026M10", "11.754"),
        ("phone-subscribers|line_type:mobile|2026M10", "1.918.606"),
        ("post-telecom-revenue||2026-10-YTD", "1.205,5"),
    ] {
        text = filled(&text, row, value);
    }
    let sent = send(&clerk, CSV, "", text.into_bytes()).await.expect(201);

    assert_eq!((&sent["submissions"][0]["state"], &sent["counts"]["created"]), (&json!("approved"), &json!(4)), "{sent}");
    assert_eq!(value_of(&app, "bac-ninh-2025", REVENUE, "2026-10-YTD").await, "1205.5");
    let met = app.anyone().get("/v1/completeness?period=2026-10&organisation=H02.13").await.expect(200);
    assert_eq!(
        fulfilled(&met),
        ["bts-sites 2026-10 on_time", "phone-subscribers 2026-10 on_time", "post-telecom-revenue 2026-10 not_due"],
        "all parts will do for a total"
    );
    let to_date = app.anyone().get("/v1/completeness?period=2026-10-YTD&organisation=H02.13").await.expect(200);
    assert_eq!(fulfilled(&to_date), ["post-telecom-revenue 2026-10-YTD on_time"]);
    let again = csv_of(&file(&clerk, "H02.13/2026-10.csv").await);
    assert!(lines(&again, &["Mã chỉ tiêu", "Ghi chú"]).contains(&"bts-sites|đã báo cáo: 1.596".to_owned()));
}

async fn a_filled_workbook_is_sent_back_as_it_is(app: TestApp) {
    app.clock.set("2026-11-12T02:00:00Z");
    oblige(&app, "H02.12", "bac-ninh-2025", &["bts-sites M nd09 0/15", "fines-total M nd09 0/15"]).await;
    oblige(&app, "H02.12", "bac-ninh-2025", &["village-fibre-coverage-rate M nd09 0/15"]).await;
    let clerk = app.department().await;

    let mut sheet = xlsx::read(&file(&clerk, "H02.12/2026-11.xlsx").await.body).unwrap();
    for (row, column, cell) in [
        (0, "Số liệu", Cell::Number("7.25".into())),
        (0, "Trạng thái", Cell::Text("ước tính".into())),
        (1, "Số liệu", Cell::Number("1596".into())),
        (2, "Tử số", Cell::Number("38".into())),
        (2, "Mẫu số", Cell::Number("40".into())),
    ] {
        let at = sheet.columns.iter().position(|named| named.name == column).unwrap();
        sheet.rows[row].cells[at] = cell;
    }
    let headings: Vec<Heading> =
        sheet.columns.iter().map(|column| Heading { name: column.name.clone(), width: 10, information: false }).collect();
    let rows: Vec<Vec<Cell>> = sheet.rows.into_iter().map(|row| row.cells).collect();
    let sent = send(&clerk, XLSX, "", xlsx::write(xlsx::SHEET, &headings, &rows).unwrap()).await.expect(201);

    assert_eq!(sent["counts"]["created"], 3, "{sent}");
    let series = app.anyone().get("/v1/series?province=bac-ninh-2025&indicator=fines-total&calendar=nd09").await.expect(200);
    let point = &series["items"][0]["observations"][0];
    assert_eq!((&point["period"], &point["start"], &point["status"]), (&json!("2026-11"), &json!("2026-10-15"), &json!("E")), "{series}");
    let met = app.anyone().get("/v1/completeness?period=2026-11&organisation=H02.12").await.expect(200);
    assert_eq!(
        fulfilled(&met),
        ["bts-sites 2026-11 on_time", "fines-total 2026-11 on_time", "village-fibre-coverage-rate 2026-11 on_time"],
        "of the calendar that the template says"
    );
}

async fn a_file_is_of_the_province_and_calendar_it_says(app: TestApp) {
    let department = app.department().await;
    let row = |province: &str, calendar: &str| format!("indicator;period;value;Tỉnh;Lịch\nbts-sites;2026-10;1596;{province};{calendar}\n");
    let two = row("24", "civil") + "fines-total;2026-10;7;01;civil\n";
    for (file, query, places, why) in [
        (row("24", "civil"), "province=ha-noi-2008", vec![("invalid_value", "province")], "another beside the file"),
        (row("24", "civil"), "calendar=nd09", vec![("invalid_value", "calendar")], "another calendar"),
        (row("", "civil"), "", vec![("missing_field", "province")], "none at all"),
        (row("Atlantis", "civil"), "", vec![("unknown_province", "row 2, column D")], "nobody's name"),
        (row("bac-giang-1997", "civil"), "", vec![("province_not_in_period", "row 2, column D")], "gone by then"),
        (row("24", "lunar"), "", vec![("invalid_value", "row 2, column E")], "no calendar"),
    ] {
        let refused = send(&department, CSV, query, file.into_bytes()).await;

        assert_eq!(refused.status, 422, "{why}: {}", refused.text());
        let body = refused.json();
        let place = |error: &Value| error["location"].as_str().or(error["parameter"].as_str()).unwrap_or_default().to_owned();
        let found: Vec<(String, String)> =
            body["errors"].as_array().unwrap().iter().map(|error| (error["code"].as_str().unwrap().to_owned(), place(error))).collect();
        assert_eq!(found, places.into_iter().map(|(code, place)| fault(code, place)).collect::<Vec<_>>(), "{why}: {body}");
    }
    let sent = send(&department, CSV, "province=24", row("24", "civil").into_bytes()).await.expect(201);
    assert_eq!(sent["counts"]["created"], 1, "the same beside the file");
    let sent = send(&department, CSV, "", two.into_bytes()).await.expect(201);
    assert_eq!((sent["submissions"].as_array().map(Vec::len), &sent["counts"]["created"]), (Some(2), &json!(1)), "two provinces: {sent}");
}

async fn one_template_is_of_one_province(app: TestApp) {
    oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites M civil 1/10"]).await;
    oblige(&app, "H02.13", "ha-noi-2008", &["fines-total M civil 1/10"]).await;
    let get = async |query: &str| app.anyone().get(&format!("/v1/templates/H02.13/2026-10.csv?{query}")).await;

    for (province, found) in
        [("bac-ninh-2025", "bts-sites|bac-ninh-2025"), ("24", "bts-sites|bac-ninh-2025"), ("Hà Nội", "fines-total|ha-noi-2008")]
    {
        assert_eq!(lines(&csv_of(&get(&format!("province={province}")).await), &["Mã chỉ tiêu", "Tỉnh"]), [found], "{province}");
    }
    let both = json!(["bac-ninh-2025", "ha-noi-2008"]);
    for (query, code, allowed, why) in [
        ("", "missing_parameter", &both, "which of them"),
        ("province=bac-giang-1997", "invalid_value", &both, "one that it owes nothing of"),
        ("province=VN", "invalid_value", &both, "the whole country"),
        ("province=Atlantis", "unknown_province", &Value::Null, "nobody's name"),
        ("province=Bắc Giang", "unknown_province", &json!(["bac-giang-1997"]), "it was called so before"),
    ] {
        let refused = get(query).await;
        assert_eq!(refused.fault(400), fault(code, "province"), "{why}");
        assert_eq!(&refused.json()["errors"][0]["allowed"], allowed, "{why}");
    }
}

async fn one_template_is_of_one_calendar(app: TestApp) {
    oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites M civil 1/10", "fines-total M nd09 0/15"]).await;
    oblige(&app, "H02.13", "ha-noi-2008", &["phone-subscribers M civil 1/10"]).await;
    let get = async |query: &str| app.anyone().get(&format!("/v1/templates/H02.13/2026-10.csv?{query}")).await;

    for (query, found) in [
        ("province=24&calendar=civil", "bts-sites|civil"),
        ("province=24&calendar=nd09", "fines-total|nd09"),
        ("calendar=nd09", "fines-total|nd09"),
    ] {
        assert_eq!(lines(&csv_of(&get(query).await), &["Mã chỉ tiêu", "Lịch"]), [found], "{query}");
    }
    assert_eq!(lines(&csv_of(&get("province=01").await), &["Lịch"]), ["civil"; 3], "of one province it is clear");
    let several = get("province=24").await;
    assert_eq!(several.fault(400), fault("missing_parameter", "calendar"));
    assert_eq!(several.json()["errors"][0]["allowed"], json!(["civil", "nd09"]));
    let other = get("province=01&calendar=nd09").await;
    assert_eq!(other.fault(400), fault("invalid_value", "province"), "nothing of it in that calendar");
    oblige(&app, "H02.15", "ha-noi-2008", &["bts-sites M civil 1/10"]).await;
    let none = app.anyone().get("/v1/templates/H02.15/2026-10.xlsx?calendar=nd09").await;
    assert_eq!(none.fault(400), fault("invalid_value", "calendar"));
    assert_eq!(none.json()["errors"][0]["allowed"], json!(["civil"]));
}

async fn who_owes_a_period_gets_its_template(app: TestApp) {
    oblige(&app, "H02.20", "bac-giang-1997", &["bts-sites M civil 1/10 to 2025-02-28"]).await;
    oblige(&app, "H02.13", "bac-giang-1997", &["bts-sites M civil 1/10 from 2025-03-01"]).await;
    for (period, of_old, of_new, why) in [
        ("2025-01", 200, 404, "due on 10 February"),
        ("2025-02", 404, 200, "due on 10 March, when another is responsible"),
        ("2025-06", 404, 200, "the last month of the province, due after it"),
        ("2025-07", 404, 404, "the province is no more"),
    ] {
        for (organisation, status) in [("H02.20", of_old), ("H02.13", of_new)] {
            let answer = app.anyone().get(&format!("/v1/templates/{organisation}/{period}.csv")).await;
            assert_eq!(answer.status.as_u16(), status, "{organisation} {period}: {why}: {}", answer.text());
        }
    }
    let june = file(&app.anyone(), "H02.13/2025-06.csv?province=24").await;
    assert_eq!(lines(&csv_of(&june), &["Tỉnh"]), ["bac-giang-1997"], "24 is what it was at the end of June 2025");
}

async fn what_is_owed_under_two_names_has_one_row(app: TestApp) {
    let department = app.department().await;
    let rows =
        ["telecom-internet-revenue M civil 1/10", "telecom-internet-revenue M civil 1/10 to-date", "telecom-internet-revenue S civil 1/10"];
    oblige(&app, "H02.12", "ha-noi-2008", &rows).await;

    for (period, expected) in [("2026-01", vec!["2026M01"]), ("2026-06", vec!["2026M06", "2026-06-YTD"])] {
        let template = file(&department, &format!("H02.12/{period}.csv")).await;
        assert_eq!(lines(&csv_of(&template), &["Kỳ"]), expected);
        let text = expected.iter().fold(template.text(), |text, of| filled(&text, &format!("telecom-internet-revenue||{of}"), "120"));
        let sent = send(&department, CSV, "", text.into_bytes()).await.expect(201);
        assert_eq!(sent["counts"]["created"], expected.len(), "no row is said twice: {sent}");
    }
}

async fn names_that_look_like_formulas_stay_texts(app: TestApp) {
    let keeper = app.client_of(None, &[Scope::Catalogue]).await;
    let name = "=HYPERLINK(\"http://example.org\",\"Doanh thu\")";
    let mut definition = app.anyone().get("/v1/indicators/bts-sites").await.expect(200);
    let fields = definition.as_object_mut().unwrap();
    fields.retain(|field, _| field != "code" && field != "version");
    fields.insert("name".into(), json!(name));
    keeper.put("/v1/indicators/odd-name", &definition).await.expect(201);
    oblige(&app, "H02.13", "ha-noi-2008", &["odd-name M civil 1/10"]).await;

    let table = file(&app.anyone(), "H02.13/2026-10.csv").await;
    let workbook = file(&app.anyone(), "H02.13/2026-10.xlsx").await;

    assert!(table.text().contains("\"'=HYPERLINK("), "guarded: {}", table.text());
    for sheet in [csv_of(&table), xlsx::read(&workbook.body).unwrap()] {
        assert_eq!(lines(&sheet, &["Mã chỉ tiêu", "Chỉ tiêu"]), [format!("odd-name|{name}")], "a text, which no formula would be");
    }
}

async fn what_nobody_may_see_is_in_no_template(app: TestApp) {
    let keeper = app.client_of(None, &[Scope::Catalogue]).await;
    let reader = app.client_of(None, &[Scope::Read]).await;
    for (code, access) in [("bts-sites", "internal"), ("fines-total", "restricted")] {
        let mut definition = app.anyone().get(&format!("/v1/indicators/{code}")).await.expect(200);
        let fields = definition.as_object_mut().unwrap();
        fields.retain(|field, _| field != "code" && field != "version");
        fields.insert("access".into(), json!(access));
        keeper.put(&format!("/v1/indicators/{code}"), &definition).await.expect(200);
    }
    let reading_keeper = app.client_of(None, &[Scope::Catalogue, Scope::Read]).await;
    let row = |indicators: &[&str]| {
        json!({"organisation": "H02.13", "province": "ha-noi-2008", "obligations": [{"indicators": indicators, "frequency": "M",
            "calendar": "civil", "deadline": {"months_after": 1, "day": 10}, "valid_from": "2026-01-01"}]})
    };
    reading_keeper.put("/v1/obligations", &row(&["bts-sites", "fines-total"])).await.expect(200);

    let nobody = app.anyone().get("/v1/templates/H02.13/2026-10.csv").await;
    assert_eq!(nobody.fault(404), fault("not_found", ""), "as if it owed nothing");
    reading_keeper.put("/v1/obligations", &row(&["sanction-decisions"])).await.expect(200);
    let (open, all) = (file(&app.anyone(), "H02.13/2026-10.csv").await, file(&reader, "H02.13/2026-10.csv").await);
    assert_eq!(lines(&csv_of(&open), &["Mã chỉ tiêu"]), ["sanction-decisions"]);
    assert_eq!(lines(&csv_of(&all), &["Mã chỉ tiêu"]), ["fines-total", "sanction-decisions", "bts-sites"]);
}

async fn the_same_template_is_the_same_file(app: TestApp) {
    oblige(&app, "H02.13", "ha-noi-2008", &["bts-sites,fines-total M civil 1/10"]).await;
    for (extension, later, value) in [("xlsx", "2026-11-22T02:00:00Z", "1596"), ("csv", "2026-11-23T02:00:00Z", "1600")] {
        let path = format!("/v1/templates/H02.13/2026-09.{extension}");
        let tag = app.anyone().get(&path).await.header("etag").to_owned();
        let again = async || app.anyone().send(Method::GET, &path, &[("if-none-match", &tag)], Vec::new()).await.status.as_u16();

        app.clock.set(later);
        let known = again().await;
        report(&app.department().await, "ha-noi-2008", &[dated(BTS, value, "2025-09")]).await;

        assert_eq!((known, again().await), (304, 200), "{extension}: until a figure of it is another");
    }
}

async fn what_is_no_template_is_refused_with_what_is_one(app: TestApp) {
    oblige(&app, "H02.13", "ha-noi-2008", &["bts-sites Q civil 1/10"]).await;
    for (path, status, faults, why) in [
        ("H02.13/2026-Q3.pdf", 400, vec![fault("invalid_value", "format")], "another kind of file"),
        ("H02.13/2026-13.xlsx", 400, vec![fault("invalid_period", "period")], "no month"),
        ("H02.13/2026.10.xlsx", 400, vec![fault("invalid_period", "period")], "another way to write one"),
        (
            "H02.13/x.y?calendar=lunar&colour=red",
            400,
            vec![
                fault("invalid_value", "calendar"),
                fault("invalid_period", "period"),
                fault("invalid_value", "format"),
                fault("unknown_parameter", "colour"),
            ],
            "all at once",
        ),
        ("H02.13/2026-Q3.csv?province=", 400, vec![fault("invalid_text", "province")], "a province of no name"),
        ("H02.13/2026-Q3.csv?calendar=civil&calendar=nd09", 400, vec![fault("repeated_parameter", "calendar")], "two calendars"),
        ("H02.13/2026-10.csv", 404, vec![fault("not_found", "")], "no quarter ends in October"),
        ("H02.99/2026-Q3.csv", 404, vec![fault("not_found", "")], "nobody"),
        ("%FF/2026-Q3.csv", 404, vec![fault("not_found", "")], "no text"),
        ("H02.13/2026-07-01%2F2026-09-30.csv", 200, vec![], "the quarter by its days"),
        ("H02.13/2026-07-01%2F2026-09-29.csv", 404, vec![fault("not_found", "")], "no days that are owed"),
        ("H02.13/2026-Q3", 404, vec![fault("unknown_path", "")], "no kind of file"),
    ] {
        let answer = app.anyone().get(&format!("/v1/templates/{path}")).await;
        if status == 200 {
            assert_eq!(answer.status, 200, "{path}: {why}: {}", answer.text());
        } else {
            assert_eq!(answer.faults(status), faults, "{path}: {why}: {}", answer.text());
        }
    }
    let pdf = app.anyone().get("/v1/templates/H02.13/2026-Q3.pdf").await;
    assert_eq!(pdf.json()["errors"][0]["allowed"], json!(["xlsx", "csv"]));
    let post = app.anyone().send(Method::POST, "/v1/templates/H02.13/2026-Q3.csv", &[], Vec::new()).await;
    assert_eq!((post.fault(405).0.as_str(), post.header("allow")), ("method_not_allowed", "GET, HEAD"));
}

/// A template.
async fn file(user: &User, path: &str) -> Answer {
    let answer = user.get(&format!("/v1/templates/{path}")).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer
}

fn csv_of(answer: &Answer) -> Sheet {
    csv::read(&answer.body).unwrap_or_else(|faults| panic!("{}: {faults:?}", answer.text()))
}

/// Some columns of every row: `bts-sites||2026-10`.
fn lines(sheet: &Sheet, columns: &[&str]) -> Vec<String> {
    let at = |name: &&str| sheet.columns.iter().position(|column| column.name == **name).unwrap_or_else(|| panic!("{name}"));
    let at: Vec<usize> = columns.iter().map(at).collect();
    let text = |cell: &Cell| cell.text().unwrap().into_owned();
    sheet.rows.iter().map(|row| at.iter().map(|at| text(&row.cells[*at])).collect::<Vec<_>>().join("|")).collect()
}

/// A template with a figure in the row `bts-sites||2026-10`, as a clerk types it.
fn filled(text: &str, row: &str, value: &str) -> String {
    let wanted: Vec<&str> = row.split('|').collect();
    let mut found = 0;
    let fill = |line: &str| {
        let mut cells: Vec<&str> = line.split(';').collect();
        if [cells[0], cells[2], cells[4]] == wanted[..] {
            found += 1;
            cells[6] = value;
        }
        cells.join(";")
    };
    let filled = text.split("\r\n").filter(|line| !line.is_empty()).map(fill).collect::<Vec<_>>().join("\r\n");
    assert_eq!(found, 1, "{row} in {text}");
    filled
}

async fn report(user: &User, province: &str, rows: &[Value]) -> Value {
    user.submit(&json!({"province": province, "calendar": "civil", "observations": rows})).await
}

async fn send(user: &User, media: &str, query: &str, body: Vec<u8>) -> Answer {
    user.send(Method::POST, &format!("/v1/submissions?{query}"), &[("content-type", media)], body).await
}

/// What became of each figure: `bts-sites 2026-10 on_time`.
fn fulfilled(report: &Value) -> Vec<String> {
    let line = |item: &Value| [&item["indicator"], &item["period"]["code"], &item["status"]].map(|word| word.as_str().unwrap()).join(" ");
    report["items"].as_array().unwrap().iter().map(line).collect()
}

/// The digits of a figure.
async fn value_of(app: &TestApp, province: &str, indicator: &str, period: &str) -> String {
    let path = format!("/v1/comparisons?province={province}&indicator={indicator}&period={period}");
    app.anyone().get(&path).await.expect(200)["items"][0]["current"]["value"].to_string()
}
