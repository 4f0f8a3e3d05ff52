//! Workbooks as people and programs save them: what a cell shows is what is stored, or the cell is refused.
//! What formats show is proven in `formats::xlsx`; here are one row of each kind and what becomes of it.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_cell_that_shows_something_else_is_refused_until_it_shows_its_value,
    a_cell_that_shows_its_value_is_recorded,
    cells_that_nobody_reads_do_no_harm,
    the_answer_has_what_each_cell_shows_in_the_unit_of_the_value,
    a_text_beside_a_part_of_a_rate_is_refused,
    headings_and_totals_across_columns_are_left_out,
    a_conditional_format_that_shows_something_else_is_refused,
    a_hidden_row_is_acknowledged,
    boxes_are_marks,
    workbooks_of_other_writers_are_read,
    a_file_of_another_kind_is_told_what_it_is,
}

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A cell: its format, its kind, and the XML within it.
#[derive(Clone, Copy)]
struct Cell<'c>(&'c str, &'c str, &'c str);

fn text(text: &str) -> Cell<'_> {
    Cell("General", "str", text)
}

fn number(digits: &str) -> Cell<'_> {
    Cell("General", "n", digits)
}

/// A workbook of one sheet. Each row has attributes of its own; `before` stands before the rows.
fn workbook(before: &str, rows: &[(&str, &[Cell<'_>])]) -> Vec<u8> {
    let mut formats: Vec<&str> = Vec::new();
    let mut sheet = String::new();
    for (at, (attributes, cells)) in rows.iter().enumerate() {
        let mut row = String::new();
        for (column, Cell(format, kind, content)) in cells.iter().enumerate().filter(|(_, cell)| !cell.2.is_empty()) {
            let style = formats.iter().position(|known| known == format).unwrap_or_else(|| {
                formats.push(format);
                formats.len() - 1
            });
            let name = format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), at + 1);
            let content = if content.starts_with('<') { (*content).to_owned() } else { format!("<v>{content}</v>") };
            write!(row, r#"<c r="{name}" s="{style}" t="{kind}">{content}</c>"#).unwrap();
        }
        write!(sheet, r#"<row r="{}" {attributes}>{row}</row>"#, at + 1).unwrap();
    }
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let format = |(code, id): (&&str, i32)| format!(r#"<numFmt numFmtId="{id}" formatCode="{}"/>"#, escaped(code));
    let codes = formats.iter().zip(164..).map(format).collect::<Vec<_>>().concat();
    let styles = (164..).take(formats.len()).map(|id| format!(r#"<xf numFmtId="{id}"/>"#)).collect::<Vec<_>>().concat();
    let relation = |id: &str, kind: &str, target: &str| format!(r#"<Relationship Id="{id}" Type="{RELATIONS}/{kind}" Target="{target}"/>"#);
    let parts = [
        ("_rels/.rels", format!("<Relationships>{}</Relationships>", relation("w", "officeDocument", "/xl/workbook.xml"))),
        ("xl/workbook.xml", r#"<workbook><sheets><sheet name="Sheet1" sheetId="1" r:id="s"/></sheets></workbook>"#.to_owned()),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships>{}{}</Relationships>",
                relation("s", "worksheet", "../xl/sheet.xml"),
                relation("f", "styles", "styles.xml")
            ),
        ),
        ("xl/styles.xml", format!("<styleSheet><numFmts>{codes}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>")),
        ("xl/sheet.xml", format!("<worksheet>{before}<sheetData>{sheet}</sheetData></worksheet>")),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, xml) in parts {
        zip.start_file(path, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(xml.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const HEADER: [Cell<'static>; 4] = [
    Cell("General", "str", "Mã chỉ tiêu"),
    Cell("General", "str", "Kỳ"),
    Cell("General", "str", "Số liệu"),
    Cell("General", "str", "Tỉnh"),
];

/// A workbook with one figure.
fn one(indicator: &str, period: Cell<'_>, value: Cell<'_>) -> Vec<u8> {
    workbook("", &[("", &HEADER), ("", &[text(indicator), period, value, text("bac-giang-1997")])])
}

async fn send(user: &User, query: &str, media: &str, file: Vec<u8>) -> Answer {
    user.send(Method::POST, &format!("/v1/submissions?{query}"), &[("content-type", media)], file).await
}

/// The digits of a figure; `null` where there is none.
async fn recorded(app: &TestApp, indicator: &str, period: &str) -> String {
    let path = format!("/v1/series?province=bac-giang-1997&indicator={indicator}&from={period}&to={period}");
    app.anyone().get(&path).await.expect(200)["items"][0]["observations"][0]["value"].to_string()
}

/// The codes and places of the errors of an answer.
fn errors(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let errors = body["errors"].as_array().cloned().unwrap_or_default();
    let said = |error: &Value| format!("{} {}", error["code"].as_str().unwrap(), error["location"].as_str().unwrap_or("request"));
    errors.iter().map(said).collect()
}

async fn a_cell_that_shows_something_else_is_refused_until_it_shows_its_value(app: TestApp) {
    let department = app.department().await;
    let rate = "digitally-signed-document-rate";
    let revenue = "telecom-internet-revenue";
    for (indicator, period, value, fault, period_mended, value_mended, expected) in [
        (rate, text("2021-01"), Cell("[>=1]0.0;0.0%", "n", "0.7715"), "cell_not_a_value C", text("2021-01"), number("77.15"), "77.15"),
        (rate, text("2021-02"), Cell("0.00%", "n", "0.7715"), "cell_not_a_value C", text("2021-02"), number("77.15"), "77.15"),
        (revenue, text("2021-03"), Cell("#,##0,,,", "n", "1135000000000"), "cell_not_a_value C", text("2021-03"), number("1135"), "1135"),
        (revenue, text("2021-04"), Cell("#,##0\" triệu\"", "n", "1135"), "unit_contradicts C", text("2021-04"), number("1135"), "1135"),
        (revenue, text("2021-05"), Cell("0\"000\"", "n", "1"), "cell_not_a_value C", text("2021-05"), number("1000"), "1000"),
        (revenue, text("2021-06"), Cell("dd/mm/yyyy", "n", "44317"), "cell_not_a_value C", text("2021-06"), number("44317"), "44317"),
        (revenue, text("2021-07"), Cell("0;-0;", "n", "0"), "cell_not_a_value C", text("2021-07"), number("0"), "0"),
        (revenue, text("2021-08"), Cell("General", "n", "<f>1+1</f><v>2</v>"), "formula_cell C", text("2021-08"), number("2"), "2"),
        (revenue, text("2021-09"), Cell("General", "e", "#N/A"), "cell_not_a_value C", text("2021-09"), number("2"), "2"),
        (revenue, text("2021-10"), Cell("General", "b", "1"), "cell_not_a_value C", text("2021-10"), number("1"), "1"),
        (revenue, text("2021-11"), number("1234567890123456"), "too_many_digits C", text("2021-11"), number("1234567890"), "1234567890"),
        (revenue, Cell("dd/mm/yyyy", "n", "44531"), number("5"), "invalid_period B", Cell("mm/yyyy", "n", "44531"), number("5"), "5"),
    ] {
        let refused = send(&department, "", XLSX, one(indicator, period, value)).await;

        let month = if fault.ends_with('B') { "2021-12" } else { period.2 };
        let (code, column) = fault.split_once(' ').unwrap();
        assert_eq!(refused.status, 422, "{month}: {}", refused.text());
        assert_eq!(errors(&refused), [format!("{code} row 2, column {column}")], "{month}: {}", refused.text());
        assert_eq!(recorded(&app, indicator, month).await, "null", "{month}");

        let mended = send(&department, "acknowledge=outlier", XLSX, one(indicator, period_mended, value_mended)).await;

        assert_eq!(mended.status, 201, "{month}: {}", mended.text());
        assert_eq!(recorded(&app, indicator, month).await, expected, "{month}");
    }
}

async fn a_cell_that_shows_its_value_is_recorded(app: TestApp) {
    let department = app.department().await;
    let revenue = "telecom-internet-revenue";
    for (period, value, month, expected) in [
        (text("2021-01"), Cell("#,##0\" tỷ\"", "n", "1135"), "2021-01", "1135"),
        (text("2021-02"), Cell("#,##0.0 \"đ\"", "n", "1135.04"), "2021-02", "1135.04"),
        (text("2021-03"), Cell("[>=1]0.0;0.0%", "n", "77.15"), "2021-03", "77.15"),
        (text("2021-04"), Cell("General", "n", "33.333333333333336"), "2021-04", "33.3333333333333"),
        (text("2021-05"), Cell("General", "inlineStr", "<v>12</v><is><t>12</t></is>"), "2021-05", "12"),
        (Cell("mmm-yy", "n", "44363"), number("5"), "2021-06", "5"),
        (Cell("yyyy", "n", "43617"), number("20000"), "2019", "20000"),
    ] {
        let sent = send(&department, "number_locale=plain", XLSX, one(revenue, period, value)).await;

        assert_eq!(sent.status, 201, "{month}: {}", sent.text());
        assert_eq!(recorded(&app, revenue, month).await, expected, "{month}");
    }
}

async fn cells_that_nobody_reads_do_no_harm(app: TestApp) {
    let department = app.department().await;
    let header = [HEADER[0], HEADER[1], HEADER[2], HEADER[3], text("Cùng kỳ năm trước"), text("Ghi chú")];
    let row = |month: &'static str, value: Cell<'static>, last_year: Cell<'static>, note: Cell<'static>| {
        [text("bts-sites"), text(month), value, text("bac-giang-1997"), last_year, note]
    };
    let (ratio, formula) = (number("33.333333333333336"), Cell("General", "str", "<f>\"a\"&amp;\"b\"</f><v>ab</v>"));
    let (error, time) = (Cell("General", "e", "#N/A"), Cell("dd/mm/yyyy hh:mm", "n", "44327.5"));
    let (flag, percent) = (Cell("General", "b", "0"), Cell("0%", "n", "0.5"));
    let file = |third: Cell<'static>| {
        let rows = [
            row("2021-05", number("1500"), ratio, formula),
            row("2021-06", number("1501"), error, time),
            row("2021-07", third, percent, flag),
        ];
        workbook("", &[("", &header), ("", &rows[0]), ("", &rows[1]), ("", &rows[2])])
    };

    let refused = send(&department, "", XLSX, file(Cell("General", "n", "<f>1</f><v>1502</v>"))).await;
    let sent = send(&department, "", XLSX, file(number("1502"))).await;

    assert_eq!(errors(&refused), ["formula_cell row 4, column C"], "of the cells that are read: {}", refused.text());
    assert_eq!(sent.status, 201, "{}", sent.text());
    for (month, value) in [("2021-05", "1500"), ("2021-06", "1501"), ("2021-07", "1502")] {
        assert_eq!(recorded(&app, "bts-sites", month).await, value, "{month}");
    }
}

async fn the_answer_has_what_each_cell_shows_in_the_unit_of_the_value(app: TestApp) {
    let department = app.department().await;
    let header = [HEADER[0], HEADER[1], HEADER[2], HEADER[3], text("Tử số"), text("Mẫu số"), text("Đơn vị tính")];
    let amount = [
        text("telecom-internet-revenue"),
        text("2021-05"),
        Cell("#,##0", "n", "230400.4"),
        text("bac-giang-2004"),
        text(""),
        text(""),
        text("triệu đồng"),
    ];
    let rate = [
        text("online-service-level4-rate"),
        text("2021-05"),
        Cell("0", "n", "95.5"),
        text("bac-giang-2004"),
        Cell("0", "n", "38.2"),
        Cell("0.0", "n", "40"),
        text(""),
    ];

    let sent = send(&department, "acknowledge=outlier", XLSX, workbook("", &[("", &header), ("", &amount), ("", &rate)])).await;

    assert_eq!(sent.status, 201, "{}", sent.text());
    let read = |row: usize| {
        let row = &sent.json()["submissions"][0]["rows"][row];
        ["value", "numerator", "unit_mult", "shown"].map(|field| row[field].clone())
    };
    assert_eq!(read(0), [json!(230.4004), Value::Null, json!(9), json!({"value": "230.4"})]);
    assert_eq!(read(1), [json!(95.5), json!(38.2), json!(0), json!({"value": "96", "numerator": "38"})]);
}

async fn a_text_beside_a_part_of_a_rate_is_refused(app: TestApp) {
    let department = app.department().await;
    let header = [HEADER[0], HEADER[1], text("Mẫu số"), HEADER[3], text("Tử số")];
    let file = |numerator: Cell<'static>| {
        let row = [text("online-service-level4-rate"), text("2021-05"), number("40"), text("bac-giang-2004"), numerator];
        workbook("", &[("", &header), ("", &row)])
    };
    for format in ["#,##0\" nghìn\"", "0\"K\"", "0\" hồ sơ\"", "[$€]0"] {
        let refused = send(&department, "", XLSX, file(Cell(format, "n", "38"))).await;

        assert_eq!(errors(&refused), ["unit_contradicts row 2, column E"], "{format}: {}", refused.text());
    }
    assert_eq!(send(&department, "", XLSX, file(Cell("0", "n", "38"))).await.status, 201);
    assert_eq!(recorded(&app, "online-service-level4-rate", "2021-05").await, "95");
}

async fn headings_and_totals_across_columns_are_left_out(app: TestApp) {
    let department = app.department().await;
    let row = [text("bts-sites"), text("2021-05"), number("1500"), text("bac-giang-2004")];
    let rows: [(&str, &[Cell<'_>]); 7] = [
        ("", &HEADER),
        ("", &[text("A"), text("B"), number("1"), number("2")]),
        ("", &[text("I. Viễn thông")]),
        ("", &row),
        ("", &[text("Tổng cộng"), text(""), number("1500")]),
        ("", &[text("Ghi chú: số ước")]),
        ("", &[]),
    ];
    let merged = r#"<mergeCells><mergeCell ref="A3:D3"/><mergeCell ref="A5:B5"/><mergeCell ref="A6:L7"/></mergeCells>"#;
    let file = with_part(workbook("", &rows), "xl/sheet.xml", "</sheetData>", &format!("</sheetData>{merged}"));

    let sent = send(&department, "", XLSX, file).await;

    assert_eq!(sent.status, 201, "{}", sent.text());
    let left_out =
        sent.json()["left_out"].as_array().unwrap().iter().map(|left| left["reason"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(left_out, ["column_numbers", "no_figure", "total", "no_figure"]);
    assert_eq!(recorded(&app, "bts-sites", "2021-05").await, "1500");
}

async fn a_conditional_format_that_shows_something_else_is_refused(app: TestApp) {
    let department = app.department().await;
    let rate = "digitally-signed-document-rate";
    let rule = r#"</sheetData><conditionalFormatting sqref="C1:C9"><cfRule type="cellIs" dxfId="0" operator="lessThan"><formula>1</formula></cfRule></conditionalFormatting>"#;
    let file = |value: &'static str, code: &str| {
        let with_rule = with_part(one(rate, text("2021-05"), number(value)), "xl/sheet.xml", "</sheetData>", rule);
        let dxfs = format!(r#"</cellXfs><dxfs><dxf><numFmt numFmtId="200" formatCode="{code}"/></dxf></dxfs>"#);
        with_part(with_rule, "xl/styles.xml", "</cellXfs>", &dxfs)
    };

    let refused = send(&department, "", XLSX, file("0.7715", "0.0%")).await;
    let mended = send(&department, "", XLSX, file("77.15", "0.0")).await;

    assert_eq!(errors(&refused), ["cell_not_a_value row 2, column C"], "{}", refused.text());
    assert_eq!(mended.status, 201, "{}", mended.text());
    assert_eq!(recorded(&app, rate, "2021-05").await, "77.15");
}

async fn a_hidden_row_is_acknowledged(app: TestApp) {
    let department = app.department().await;
    let rows = |month: &'static str| {
        let row = |indicator: &'static str, value: &'static str| [text(indicator), text(month), number(value), text("bac-giang-1997")];
        [row("bts-sites", "1500"), row("phone-subscribers", "7")]
    };
    let hidden_columns = r#"<cols><col min="3" max="3" width="0" customWidth="1"/></cols>"#;
    for (month, before, attributes, places) in [
        ("2021-01", "", r#"hidden="1""#, vec!["unacknowledged row 3, column A"]),
        ("2021-02", "", r#"ht="0" customHeight="1""#, vec!["unacknowledged row 3, column A"]),
        ("2021-03", "", r#"outlineLevel="1" hidden="true""#, vec!["unacknowledged row 3, column A"]),
        ("2021-04", hidden_columns, "", vec!["unacknowledged row 2, column A", "unacknowledged row 3, column A"]),
        ("2021-05", r#"<cols><col min="5" max="9" hidden="1"/></cols>"#, r#"ht="15" hidden="0" collapsed="1""#, vec![]),
    ] {
        let [first, second] = rows(month);
        let file = || workbook(before, &[("", &HEADER), ("", &first), (attributes, &second)]);

        let refused = send(&department, "", XLSX, file()).await;

        assert_eq!(errors(&refused), places, "{month}: {}", refused.text());
        if !places.is_empty() {
            assert_eq!(refused.json()["errors"][0]["allowed"], json!(["hidden_row"]), "{month}");
            assert_eq!(recorded(&app, "phone-subscribers", month).await, "null", "{month}");
            let sent = send(&department, "acknowledge=hidden_row", XLSX, file()).await;
            assert_eq!(sent.status, 201, "{month}: {}", sent.text());
        }
        assert_eq!(recorded(&app, "bts-sites", month).await, "1500", "{month}");
        assert_eq!(recorded(&app, "phone-subscribers", month).await, "7", "{month}");
        assert_eq!(send(&department, "", XLSX, file()).await.status, 201, "{month}: what changes nothing needs no word");
    }
}

async fn boxes_are_marks(app: TestApp) {
    let department = app.department().await;
    let header = [HEADER[0], HEADER[1], HEADER[2], HEADER[3], text("Không phát sinh")];
    let row = |indicator: &'static str, value: &'static str, ticked: &'static str| {
        [text(indicator), text("2021-05"), number(value), text("bac-giang-1997"), Cell("General", "b", ticked)]
    };
    let rows = [row("bts-sites", "1500", "0"), row("infosec-incidents", "", "1"), row("fines-total", "", "0")];

    let sent = send(&department, "", XLSX, workbook("", &[("", &header), ("", &rows[0]), ("", &rows[1]), ("", &rows[2])])).await;

    assert_eq!(sent.status, 201, "{}", sent.text());
    assert_eq!(sent.json()["counts"]["created"], 2, "a box that is not ticked says nothing: {}", sent.text());
    assert_eq!(recorded(&app, "bts-sites", "2021-05").await, "1500");
    let path = "/v1/series?province=bac-giang-1997&indicator=infosec-incidents,fines-total&from=2021-05&to=2021-05";
    let series = app.anyone().get(path).await.expect(200);
    assert!(series.to_string().contains("nil"), "{series}");
}

/// A workbook with other words in one of its parts.
fn with_part(file: Vec<u8>, path: &str, words: &str, others: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut xml = String::new();
        std::io::Read::read_to_string(&mut part, &mut xml).unwrap();
        let name = part.name().unwrap().into_owned();
        let xml = if name == path { xml.replace(words, others) } else { xml };
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(xml.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

async fn workbooks_of_other_writers_are_read(app: TestApp) {
    let department = app.department().await;
    let styles = r#"<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>"#;
    // Megabytes of styles that no cell has.
    let more = format!("{}</cellXfs>", styles.repeat(2 * 1024 * 1024 / styles.len()));
    let file = with_part(one("bts-sites", text("2021-05"), number("1500")), "xl/styles.xml", "</cellXfs>", &more);

    let sent = send(&department, "", XLSX, file).await;

    assert_eq!(sent.status, 201, "{}", sent.text());
    assert_eq!(recorded(&app, "bts-sites", "2021-05").await, "1500");
}

async fn a_file_of_another_kind_is_told_what_it_is(app: TestApp) {
    let department = app.department().await;
    let file = one("bts-sites", text("2021-05"), number("1500"));
    let table = b"indicator,value\nbts-sites,1500\n".to_vec();
    let utf_16: Vec<u8> = "\u{feff}indicator;value".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (media, body, code, word) in [
        (CSV, file.clone(), "wrong_encoding", "give it the ending .xlsx"),
        (XLSX, table, "unreadable_file", "give it the ending .csv"),
        (CSV, utf_16, "wrong_encoding", "UTF-16"),
        (XLSX, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on".to_vec(), "unreadable_file", "Excel 2003 or older"),
        (XLSX, b"<html><table><tr><td>1".to_vec(), "unreadable_file", "web page"),
        (CSV, b"<html><table><tr><td>1".to_vec(), "unreadable_file", "web page"),
        (XLSX, b"%PDF-1.7".to_vec(), "unreadable_file", "PDF"),
    ] {
        let refused = send(&department, "province=24", media, body).await;

        assert_eq!(errors(&refused), [format!("{code} request")], "{}", refused.text());
        assert!(refused.text().contains(word), "{word}: {}", refused.text());
    }
    assert_eq!(send(&department, "", XLSX, file).await.status, 201);
}
