//! Workbooks made part by part: cells, styles, paths, limits, and what is written and read again.
//! The reader is in the files beside this one.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use chrono::NaiveDate;
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::formats::cell::{Cell, DatePart, Number, Shown};
use crate::formats::sheet::{Heading, Row};

/// The number of columns in an Excel sheet.
const SHEET_WIDTH: usize = 16_384;

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The parts of a workbook with these sheets: name, state and content of each.
pub(super) fn parts(sheets: &[(&str, &str, &str)]) -> Vec<(String, Vec<u8>)> {
    let mut named = String::new();
    let mut relations = String::new();
    let mut parts = Vec::new();
    for (n, (name, state, xml)) in sheets.iter().enumerate() {
        write!(named, r#"<sheet name="{name}" sheetId="{n}" state="{state}" r:id="s{n}"/>"#).unwrap();
        write!(relations, r#"<Relationship Id="s{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>"#).unwrap();
        parts.push((format!("xl/worksheets/sheet{n}.xml"), format!("<worksheet>{xml}</worksheet>").into_bytes()));
    }
    for (id, name) in [("t", "sharedStrings"), ("f", "styles")] {
        write!(relations, r#"<Relationship Id="{id}" Type="{RELATIONS}/{name}" Target="/xl/{name}.xml"/>"#).unwrap();
    }
    let package =
        format!(r#"<Relationships><Relationship Id="w" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#);
    let workbook = format!("<?xml version=\"1.0\"?><workbook><sheets>{named}</sheets></workbook>");
    let formats = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy;@"/><numFmt numFmtId="165" formatCode="0.0\ &quot;đ&quot;"/>
    </numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/><xf numFmtId="14"/>
    </cellXfs></styleSheet>"#;
    let texts = "<sst uniqueCount=\"99999999999999\"><si><t>Chỉ tiêu</t></si><si><r><t>thuê </t></r><r><t>bao &amp; m&#225;y</t></r><rPh><t>x</t></rPh></si>\
    <si/><si><t>a_x000D_b_x005F_x0041_</t></si></sst>";
    let others = [
        ("_rels/.rels", package),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships>{relations}</Relationships>")),
        ("xl/styles.xml", formats.to_owned()),
        ("xl/sharedStrings.xml", texts.to_owned()),
    ];
    parts.extend(others.map(|(path, xml)| (path.to_owned(), xml.into_bytes())));
    parts
}

pub(super) fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in parts {
        zip.start_file(path, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with a single sheet of this content.
fn workbook(xml: &str) -> Vec<u8> {
    zipped(&parts(&[("Sheet1", "visible", xml)]))
}

/// A workbook with the header `a`, `b`, `c`, these further elements of `sheetData`, and the content after it.
pub(super) fn table(rows: &str, after: &str) -> Vec<u8> {
    let header = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="str"><v>b</v></c><c t="inlineStr"><is><t>c</t></is></c></row>"#;
    workbook(&format!("<sheetData>{header}{rows}</sheetData>{after}"))
}

fn with_part(path: &str, xml: &str) -> Vec<u8> {
    let mut parts = parts(&[("Sheet1", "visible", r#"<sheetData><row><c t="s"><v>0</v></c></row></sheetData>"#)]);
    parts.retain(|(other, _)| other != path);
    parts.push((path.to_owned(), xml.as_bytes().to_vec()));
    zipped(&parts)
}

pub(super) fn refused(bytes: &[u8]) -> Vec<(Code, String)> {
    let faults = read(bytes).unwrap_err().into_iter();
    faults.map(|located| (located.fault.code, located.place.to_string())).collect()
}

pub(super) fn whole(code: Code) -> Vec<(Code, String)> {
    vec![(code, "request".to_owned())]
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

#[test]
fn the_cells_of_a_sheet_are_texts_numbers_and_dates() {
    let rows = r#"<row r="2"/><row r="4" spans="1:3"><c r="A4" t="s"><v>0</v></c><c r="B4" s="2"><v>77.150000000000006</v></c><c r="C4" s="1"><v>45473</v></c></row>
    <row><c t="s"><v>1</v></c><c t="n"><v>1.5E3</v></c><c s="4"><v>45473</v></c></row>
    <row r="9"><c r="A9" t="s"><v>3</v></c><c r="B9" s="3"/><c r="C9" t="d"><v>2024-06-30T00:00:00</v></c><c r="E9" s="1"/></row>
    <row r="10"><c r="A10" t="s"><v>2</v></c></row>"#;

    let sheet = read(&table(rows, "<mergeCells><mergeCell ref=\"A11:C12\"/></mergeCells>")).unwrap();

    let date = Cell::day(NaiveDate::from_ymd_opt(2024, 6, 30).unwrap());
    let number = |text: &str| Cell::Number(text.into());
    let shown = Shown { number: Some("77.2".into()), unit: Some("đ".into()) };
    let rounded = Cell::Number(Number { digits: "77.15".into(), shown: Some(Box::new(shown)) });
    assert_eq!(sheet.columns.iter().map(|column| &column.name[..]).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(
        sheet.rows,
        [
            Row { number: 4, cells: vec![text("Chỉ tiêu"), rounded, date.clone()], hidden: false },
            Row { number: 5, cells: vec![text("thuê bao & máy"), number("1500"), date.clone()], hidden: false },
            Row { number: 9, cells: vec![text("a\rb_x0041_"), Cell::Empty, date], hidden: false },
        ]
    );
}

/// The code of each cell with a fault.
pub(super) fn faulty(sheet: &Sheet) -> Vec<(Code, String)> {
    let of_row = |row: &Row| {
        let place = |at: usize| row.place(&sheet.columns[at]).to_string();
        let cells = row.cells.iter().enumerate();
        cells
            .filter_map(|(at, cell)| Some((if let Cell::Faulty { code, .. } = cell { *code } else { return None }, place(at))))
            .collect::<Vec<_>>()
    };
    sheet.rows.iter().flat_map(of_row).collect()
}

#[test]
fn every_cell_without_a_value_of_its_own_carries_its_fault() {
    let rows = r#"<row r="2"><c r="A2"><f>B2*2</f><v>4</v></c><c r="B2"><f t="shared" si="0"/><v/></c><c r="C2" t="e"><v>#N/A</v></c></row>
    <row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3" s="3"><v>0.7715</v></c><c r="C3"><v>1234567890123456</v></c></row>
    <row r="4"><c r="A4" s="1"><v>12</v></c><c r="B4" s="1"><v>45473.5</v></c></row>"#;

    let sheet = read(&table(rows, "")).unwrap();

    let wanted = [
        (Code::FormulaCell, "row 2, column A"),
        (Code::FormulaCell, "row 2, column B"),
        (Code::CellNotAValue, "row 2, column C"),
        (Code::CellNotAValue, "row 3, column B"),
        (Code::TooManyDigits, "row 3, column C"),
        (Code::InvalidDate, "row 4, column A"),
        (Code::InvalidDate, "row 4, column B"),
    ];
    assert_eq!(faulty(&sheet), wanted.map(|(code, place)| (code, place.to_owned())));
    assert_eq!(sheet.rows[1].cells[0], Cell::Flag(true));
}

#[test]
fn merged_cells_are_faulty_where_they_hold_a_value() {
    let rows = r#"<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>
    <row r="4"><c r="A4"><v>1</v></c><c r="C4"><v>5</v></c></row>"#;
    let read_merged = |ranges: &[&str]| {
        let ranges = ranges.iter().map(|range| format!("<mergeCell ref=\"{range}\"/>")).collect::<Vec<_>>().concat();
        read(&table(rows, &format!("<mergeCells>{ranges}</mergeCells>")))
    };
    let places = |range: &str| {
        let sheet = read_merged(&[range]).unwrap();
        let of_cell = |(code, place)| {
            assert_eq!(code, Code::MergedCells);
            place
        };
        faulty(&sheet).into_iter().map(of_cell).collect::<Vec<String>>()
    };

    assert_eq!(places("B2:B3"), ["row 2, column B", "row 3, column B"], "the value could be of either row");
    assert_eq!(places("A4:B4"), ["row 4, column A", "row 4, column B"], "or of either column");
    assert_eq!(places("C2:C3"), [""; 0], "there is no value in it");
    assert_eq!(places("A5:XFD1048576"), [""; 0], "below the table");
    assert_eq!(places("E2:F9"), [""; 0], "beside the table");
    assert_eq!(places("B2:B2"), [""; 0], "one cell");
    let located = read_merged(&["A1:B1"]).unwrap_err().remove(0);
    assert_eq!((located.fault.code, located.place.to_string().as_str()), (Code::MergedCells, "row 1, column A"), "names of columns");
}

#[test]
fn rows_and_columns_that_nobody_sees_are_marked() {
    let cells = |row: usize| format!(r#"<c r="A{row}"><v>1</v></c><c r="B{row}"><v>2</v></c>"#);
    let rows = [
        r#"hidden="1""#,
        r#"hidden="0""#,
        r#"ht="0" customHeight="1""#,
        r#"ht="15""#,
        r#"hidden="true" outlineLevel="1""#,
        r#"collapsed="1""#,
    ];
    let rows = rows.iter().zip(2..).map(|(with, n)| format!(r#"<row r="{n}" {with}>{}</row>"#, cells(n))).collect::<Vec<_>>().concat();
    let header = r#"<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c><c t="str"><v>c</v></c></row>"#;
    let columns = r#"<cols><col min="1" max="1" width="9"/><col min="2" max="2" hidden="1"/><col min="3" max="16384" width="0" customWidth="1"/></cols>"#;

    let sheet = read(&workbook(&format!("{columns}<sheetData>{header}{rows}</sheetData>"))).unwrap();

    let hidden: Vec<usize> = sheet.rows.iter().filter(|row| row.hidden).map(|row| row.number).collect();
    assert_eq!(hidden, [2, 4, 6]);
    let hidden: Vec<bool> = sheet.columns.iter().map(|column| column.hidden).collect();
    assert_eq!(hidden, [false, true, true]);
}

#[test]
fn the_text_of_a_cell_stands_where_its_kind_says() {
    let cell = |xml: &str| read(&table(&format!("<row>{xml}</row>"), "")).map(|sheet| sheet.rows.first().map(|row| row.cells[0].clone()));
    for (xml, expected) in [
        (r#"<c t="inlineStr"><v>12</v><is><t>12</t></is></c>"#, Some(text("12"))),
        (r#"<c t="inlineStr"><is><r><t>1</t></r><r><t>2</t></r></is><v>9</v></c>"#, Some(text("12"))),
        (r#"<c t="inlineStr"><v>12</v></c>"#, None),
        (r"<c><v>12</v><is><t>34</t></is></c>", Some(Cell::Number("12".into()))),
        (r"<c><is><t>34</t></is></c>", None),
        (r#"<c t="s"><v>0</v><is><t>1</t></is></c>"#, Some(text("Chỉ tiêu"))),
        (r#"<c t="str"><is><t>34</t></is><v>12</v></c>"#, Some(text("12"))),
        (r#"<c t="b"><v>0</v><is><t>1</t></is></c>"#, Some(Cell::Flag(false))),
    ] {
        assert_eq!(cell(xml).unwrap(), expected, "{xml}");
    }
    let beside = r"<controls><control><from><col>1</col><row>5</row></from></control></controls>";
    assert_eq!(read(&table(r"<row><c><v>1</v></c></row>", beside)).unwrap().rows.len(), 1, "a row of another kind");
}

#[test]
fn the_visible_sheet_or_the_one_of_the_name_is_read() {
    let of = |name: &str| format!("<sheetData><row><c t=\"inlineStr\"><is><t>{name}</t></is></c></row></sheetData>");
    let named = |sheets: &[(&str, &str)]| {
        let xml: Vec<String> = sheets.iter().map(|(name, _)| of(name)).collect();
        let sheets: Vec<(&str, &str, &str)> = sheets.iter().zip(&xml).map(|((name, state), xml)| (*name, *state, &xml[..])).collect();
        read(&zipped(&parts(&sheets))).map(|sheet| sheet.columns[0].name.clone())
    };

    assert_eq!(named(&[("Lists", "hidden"), ("Q1", "visible"), ("Old", "veryHidden")]).as_deref(), Ok("Q1"));
    assert_eq!(named(&[("Notes", "visible"), ("SỐ LIỆU", "visible")]).as_deref(), Ok("SỐ LIỆU"));
    let fault = &named(&[("Q1", "visible"), ("Số liệu", "hidden"), ("Q2", "visible")]).unwrap_err()[0].fault;
    assert_eq!((fault.code, &fault.allowed[..]), (Code::WrongSheet, &["Q1".to_owned(), "Q2".to_owned()][..]));
    assert_eq!(named(&[("Q1", "hidden")]).unwrap_err()[0].fault.code, Code::WrongSheet);
}

/// A workbook with one part that has these words in place of others.
fn with_words(path: &str, words: &str, others: &str) -> Vec<u8> {
    let mut parts =
        parts(&[("S", "visible", r#"<sheetData><row><c t="s"><v>0</v></c></row><row><c s="2"><v>5</v></c></row></sheetData>"#)]);
    let part = parts.iter_mut().find(|(other, _)| other == path).unwrap();
    let text = String::from_utf8(part.1.clone()).unwrap();
    assert!(text.contains(words), "{text}");
    part.1 = text.replace(words, others).into_bytes();
    zipped(&parts)
}

#[test]
fn parts_are_found_by_paths_of_every_form() {
    let of_sheet = "worksheets/sheet0.xml";
    for target in [
        of_sheet,
        "/xl/worksheets/sheet0.xml",
        "../xl/worksheets/sheet0.xml",
        "./worksheets/sheet0.xml",
        "worksheets/../worksheets/./sheet0.xml",
        "../../../xl/worksheets//sheet0.xml",
        "..\\xl\\worksheets\\sheet0.xml",
        "worksheets/sheet%30.xml",
        "Worksheets/Sheet0.XML",
    ] {
        let sheet = read(&with_words("xl/_rels/workbook.xml.rels", of_sheet, target));
        assert_eq!(sheet.map(|sheet| sheet.rows.len()), Ok(1), "{target}");
    }
    for target in ["/xl/workbook.xml", "./xl/workbook.xml", "xl/../xl/workbook.xml"] {
        let sheet = read(&with_words("_rels/.rels", "xl/workbook.xml", target));
        assert_eq!(sheet.map(|sheet| sheet.rows.len()), Ok(1), "{target}");
    }
    let missing = with_words("xl/_rels/workbook.xml.rels", of_sheet, "worksheets/sheet1.xml");
    assert_eq!(refused(&missing), whole(Code::UnreadableFile));
    let outside = with_words("xl/_rels/workbook.xml.rels", "Target=\"worksheets", "TargetMode=\"External\" Target=\"worksheets");
    assert_eq!(refused(&outside), whole(Code::WrongSheet), "a sheet of another file");
}

#[test]
fn a_style_has_the_format_that_it_names_or_inherits() {
    let value = |words: &str, others: &str| {
        let sheet = read(&with_words("xl/styles.xml", words, others)).unwrap();
        match &sheet.rows[0].cells[0] {
            Cell::Number(number) => number.digits.clone(),
            Cell::Faulty { code, .. } => code.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let style = r#"<xf numFmtId="165"/>"#;

    assert_eq!(value(style, style), "5");
    assert_eq!(value(style, r#"<xf numFmtId="9"/>"#), "cell_not_a_value", "a percentage");
    assert_eq!(value(style, r#"<xf numFmtId="999"/>"#), "cell_not_a_value", "a format that nobody declared");
    assert_eq!(value(style, r#"<xf xfId="1"/>"#), "5", "a parent that is not there");
    assert_eq!(value(r#"<cellStyleXfs><xf numFmtId="14"/>"#, r#"<cellStyleXfs><xf numFmtId="14"/>"#), "5");
    assert_eq!(value(style, r#"<xf xfId="0"/>"#), "invalid_date", "the format of its parent: a date");
    assert_eq!(
        value("</cellXfs>", r#"</cellXfs><dxfs><dxf><numFmt numFmtId="165" formatCode="0%"/></dxf></dxfs>"#),
        "5",
        "a format for conditions"
    );
    assert_eq!(value(r#"<xf numFmtId="165"/><xf numFmtId="10"/><xf numFmtId="14"/>"#, ""), "cell_not_a_value", "a style that is not there");
}

#[test]
fn styles_of_many_megabytes_are_read() {
    let many = r#"<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#.repeat(240_000);
    let styles = format!("<styleSheet><cellXfs>{many}<xf numFmtId=\"9\"/></cellXfs></styleSheet>");
    assert!(styles.len() > 17 << 20);
    let mut parts = parts(&[(
        "S",
        "visible",
        r#"<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c s="7"><v>5</v></c><c s="240000"><v>5</v></c></row></sheetData>"#,
    )]);
    parts.iter_mut().find(|(path, _)| path == "xl/styles.xml").unwrap().1 = styles.into_bytes();

    let sheet = read(&zipped(&parts)).unwrap();

    assert_eq!(sheet.rows[0].cells[0], Cell::Number("5".into()));
    assert_eq!(faulty(&sheet), [(Code::CellNotAValue, "row 2, column B".to_owned())], "the last style is a percentage");
}

#[test]
fn zeros_that_the_sheet_does_not_show_are_no_values() {
    let row =
        r#"<sheetData><row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row><c><v>0</v></c><c><v>5</v></c></row></sheetData>"#;
    for (view, wanted) in [("0", vec![(Code::CellNotAValue, "row 2, column A".to_owned())]), ("1", vec![])] {
        let view = format!(r#"<sheetViews><sheetView showZeros="{view}"/></sheetViews>"#);
        assert_eq!(faulty(&read(&workbook(&format!("{view}{row}"))).unwrap()), wanted);
    }
}

#[test]
fn cells_in_formats_carry_what_they_show() {
    let cell = |format: &str, kind: &str, value: &str| {
        let format = format.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
        let styles = format!(
            r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="{format}"/></numFmts><cellXfs><xf/><xf numFmtId="164"/></cellXfs></styleSheet>"#
        );
        let header = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#;
        let row = format!(r#"<sheetData>{header}<row r="2"><c r="A2" s="1" t="{kind}"><v>{value}</v></c></row></sheetData>"#);
        let mut parts = parts(&[("S", "visible", &row)]);
        parts.iter_mut().find(|(path, _)| path == "xl/styles.xml").unwrap().1 = styles.into_bytes();
        match read(&zipped(&parts)).unwrap().rows.remove(0).cells.remove(0) {
            Cell::Number(Number { digits, shown: None }) => digits,
            Cell::Number(Number { digits, shown: Some(shown) }) => {
                format!(
                    "{digits}, shown {}{}",
                    shown.number.as_deref().unwrap_or("as it is"),
                    shown.unit.map(|unit| format!(" {unit}")).unwrap_or_default()
                )
            }
            Cell::Faulty { code, .. } => code.to_string(),
            other => other.text().unwrap().into_owned(),
        }
    };
    for (format, kind, value, expected) in [
        ("[>=1]0.0;0.0%", "n", "0.7715", "cell_not_a_value"),
        ("[>=1]0.0;0.0%", "n", "77.15", "77.15, shown 77.2"),
        ("#,##0,,,", "n", "1135000000000", "cell_not_a_value"),
        ("#,##0\" tỷ\"", "n", "1135", "1135, shown as it is tỷ"),
        ("#,##0", "n", "1135", "1135"),
        ("0.0", "n", "33.333333333333336", "33.3333333333333, shown 33.3"),
        ("mm/yyyy", "n", "45444", "2024-06"),
        ("yyyy", "n", "45444", "2024"),
        ("dd/mm/yyyy", "n", "45444", "2024-06-01"),
        ("dd/mm", "n", "45444", "cell_not_a_value"),
        ("mm/yyyy", "d", "2024-06-01", "2024-06"),
        ("General", "d", "2024-06-01T00:00:00", "2024-06-01"),
        ("dd/mm/yyyy hh:mm", "n", "44327.5", "invalid_date"),
        (";;;", "str", "bts-sites", "cell_not_a_value"),
        ("@", "str", "bts-sites", "bts-sites"),
        ("0.0%", "str", "77,15", "77,15"),
    ] {
        assert_eq!(cell(format, kind, value), expected, "{format} of {value}");
    }
}

#[test]
fn days_of_a_workbook_that_counts_from_1904_are_counted_from_there() {
    let mut parts = parts(&[("S", "visible", r#"<sheetData><row><c s="1"><v>44011</v></c></row></sheetData>"#)]);
    let book = parts.iter_mut().find(|(path, _)| path == "xl/workbook.xml").unwrap();
    book.1 = String::from_utf8(book.1.clone()).unwrap().replace("<sheets>", "<workbookPr date1904=\"1\"/><sheets>").into_bytes();

    assert_eq!(read(&zipped(&parts)).unwrap().columns[0].name, "2024-06-30");
}

#[test]
fn a_file_of_another_kind_is_refused_with_what_it_is() {
    let message = |bytes: &[u8]| {
        let fault = read(bytes).unwrap_err().remove(0).fault;
        assert_eq!(fault.code, Code::UnreadableFile);
        fault.message
    };
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on";
    let protected: Vec<u8> = old.iter().copied().chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes)).collect();

    assert!(message(b"").english().contains("empty"));
    assert!(message(b"a;b\n1;2").english().contains(".csv"));
    assert!(message(old).english().contains(".xls"));
    assert!(message(&protected).english().contains("password"));
    assert!(message(&zipped(&[("mimetype".into(), b"application/x".to_vec())])).english().contains("no Excel workbook"));
    assert!(message(&zipped(&[])).english().contains("no Excel workbook"));
    assert!(message(&with_words("_rels/.rels", "xl/workbook.xml", "xl/workbook.bin")).english().contains(".xlsb"), "a binary workbook");
    let document = with_words("xl/workbook.xml", "workbook>", "document>");
    assert!(message(&document).english().contains("no Excel workbook"), "a document of Word");
    assert_eq!(refused(&workbook("<sheetData/>")), whole(Code::UnreadableFile), "an empty sheet");
}

#[test]
fn cells_at_the_far_corners_cost_nothing() {
    let far = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    assert_eq!(refused(&workbook(&format!("<sheetData>{far}</sheetData>"))), [(Code::FileTooLarge, "row 1048576, column XFD".into())]);
    assert_eq!(
        refused(&table(r#"<row r="2"><c r="A2"><v>1</v></c><c r="XFD2"><v>1</v></c></row>"#, "")),
        [(Code::FileTooLarge, "row 2, column XFD".into())]
    );
}

#[test]
fn a_part_that_is_no_part_of_a_workbook_is_refused() {
    let entities = "<!DOCTYPE s [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/hostname\">]>";
    let deep = "<a>".repeat(200_000);
    for (path, xml, why) in [
        ("xl/sharedStrings.xml", format!("{entities}<sst><si><t>&b;</t></si></sst>"), "entities that grow"),
        ("xl/worksheets/sheet0.xml", format!("{entities}<worksheet/>"), "an entity that is a file"),
        ("xl/sharedStrings.xml", "<sst><si><t>&f;</t></si></sst>".into(), "an entity that nobody declared"),
        ("xl/worksheets/sheet0.xml", deep, "deep elements"),
        ("xl/worksheets/sheet0.xml", "<worksheet><sheetData><row>".into(), "elements that do not end"),
        ("xl/worksheets/sheet0.xml", "<worksheet></sheet>".into(), "the end of another element"),
        ("xl/worksheets/sheet0.xml", "<worksheet>\u{1}<".into(), "no XML"),
        ("xl/worksheets/sheet0.xml", "<sheetData><row r=\"2\"></row><row r=\"2\"/></sheetData>".into(), "a row that comes twice"),
        ("xl/worksheets/sheet0.xml", "<sheetData><row r=\"99999999999999999999\"/></sheetData>".into(), "a row beyond counting"),
        ("xl/worksheets/sheet0.xml", "<sheetData><row><c r=\"A2\"/></row></sheetData>".into(), "a cell of another row"),
        (
            "xl/worksheets/sheet0.xml",
            "<sheetData><row><c r=\"AAAAAAAAAAAAAAAAAAA1\"/></row></sheetData>".into(),
            "a column beyond counting",
        ),
        ("xl/worksheets/sheet0.xml", "<sheetData><row><c t=\"s\"><v>9999</v></c></row></sheetData>".into(), "a text that is not there"),
        ("xl/worksheets/sheet0.xml", "<w><mergeCell ref=\"A:B\"/></w>".into(), "merged columns"),
    ] {
        assert_eq!(refused(&with_part(path, &xml)), whole(Code::UnreadableFile), "{why}");
    }
}

#[test]
fn a_part_that_inflates_without_end_is_refused_when_it_has_inflated_enough() {
    let bombs = [
        ("xl/sharedStrings.xml", format!("<sst><si><t>{}</t></si></sst>", "x".repeat(2 << 20))),
        ("xl/sharedStrings.xml", format!("<sst>{}</sst>", "<si/>".repeat(1_000_001))),
        ("xl/sharedStrings.xml", format!("<sst>{}</sst>", format!("<a>{}</a>", "x".repeat(1_000_000)).repeat(68))),
        ("xl/workbook.xml", format!("<s>{}</s>", format!("<a>{}</a>", "x".repeat(1_000_000)).repeat(17))),
        ("xl/worksheets/sheet0.xml", format!("<w a=\"{}\"/>", "x".repeat(2 << 20))),
    ];
    for (n, (path, xml)) in bombs.iter().enumerate() {
        let file = with_part(path, xml);
        assert!(file.len() < xml.len() / 150, "{} of {}", file.len(), xml.len());
        assert_eq!(refused(&file), whole(Code::FileTooLarge), "bomb {n}");
    }
    let many: Vec<(String, Vec<u8>)> = (0..2_000).map(|n| (format!("{n}"), Vec::new())).collect();
    assert_eq!(refused(&zipped(&many)), whole(Code::FileTooLarge), "many parts");
}

#[test]
fn a_text_that_stands_in_every_cell_is_counted_in_each() {
    let cell = r#"<c t="s"><v>0</v></c>"#;
    let rows = format!("<row>{}</row>", cell.repeat(100)).repeat(100);
    let xml = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(3_999));
    let header: Vec<String> = (0..100).map(|n| format!("<c><v>{n}</v></c>")).collect();
    let mut parts = parts(&[("S", "visible", &format!("<sheetData><row>{}</row>{rows}</sheetData>", header.concat()))]);
    parts.iter_mut().find(|(path, _)| path == "xl/sharedStrings.xml").unwrap().1 = xml.into_bytes();

    assert_eq!(refused(&zipped(&parts)), [(Code::FileTooLarge, "row 85, column A".into())]);
}

#[test]
fn a_long_text_in_a_wide_row_is_not_kept_for_each_of_its_cells() {
    // Sixteen thousand copies of a text of one megabyte would need more memory than there is.
    let row = format!("<row>{}</row>", r#"<c t="s"><v>0</v></c>"#.repeat(SHEET_WIDTH));
    let mut parts = parts(&[("S", "visible", &format!("<sheetData>{row}</sheetData>"))]);
    let texts = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1_000_000));
    parts.iter_mut().find(|(path, _)| path == "xl/sharedStrings.xml").unwrap().1 = texts.into_bytes();

    let faults = refused(&zipped(&parts));

    assert!(faults.contains(&(Code::InvalidText, "row 1, column A".into())), "{faults:?}");
    assert!(faults.contains(&(Code::FileTooLarge, "row 1, column GS".into())), "right of the columns that are read: {faults:?}");
    let sheet = Texts::read(Workbook::open(&zipped(&parts)).unwrap().part("xl/sharedStrings.xml", "the texts").unwrap().unwrap()).unwrap();
    assert!(sheet.get(0).unwrap().len() < 20_000, "cut where no cell may have more");
}

#[test]
fn sheets_and_parts_beyond_counting_are_refused() {
    let sheets = r#"<sheet name="S" id="x"/>"#.repeat(MOST_NAMED + 1);
    let relations = r#"<Relationship Id="y" Type="z" Target="t"/>"#.repeat(MOST_NAMED + 1);
    for (path, xml) in [
        ("xl/workbook.xml", format!("<workbook><sheets>{sheets}</sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships>{relations}</Relationships>")),
    ] {
        assert_eq!(refused(&with_part(path, &xml)), whole(Code::FileTooLarge), "{path}");
    }
}

#[test]
fn a_workbook_that_was_cut_off_or_changed_on_its_way_is_refused() {
    let rows: Vec<[Cell; 2]> =
        (0..40).map(|n| [text(&format!("row {n}")), Cell::from(crate::domain::number::decimal::Decimal::from(n * 7919))]).collect();
    let file = write(SHEET, &headings(2), &rows).unwrap();
    let sheet = read(&file).unwrap();

    for length in (0..file.len()).step_by(100) {
        assert!(read(&file[..length]).is_err(), "{length} of {} bytes", file.len());
    }
    for at in (0..file.len()).step_by(7) {
        let mut changed = file.clone();
        changed[at] ^= 0x55;
        if let Ok(other) = read(&changed) {
            assert_eq!(other.rows, sheet.rows, "byte {at} is another");
        }
    }
}

fn headings(count: usize) -> Vec<Heading> {
    (0..count).map(|n| Heading { name: format!("column {n}"), width: 12, information: n == 0 }).collect()
}

#[test]
fn what_is_written_is_never_a_formula_and_numbers_are_numbers_where_excel_keeps_them() {
    let date = NaiveDate::from_ymd_opt(2024, 6, 30).unwrap();
    let row = [
        text("=1+1"),
        Cell::Number("-77.15".into()),
        Cell::Number("123456789012345678".into()),
        Cell::day(date),
        Cell::Empty,
        Cell::Number("0.000001".into()),
    ];

    let sheet = read(&write("Số liệu", &headings(6), [&row]).unwrap()).unwrap();

    let mut wanted = row.to_vec();
    wanted[2] = text("123456789012345678");
    assert_eq!(sheet.rows, [Row { number: 2, cells: wanted, hidden: false }]);
    assert!(write("a/b", &headings(1), [[Cell::Empty]]).is_err(), "a name that no sheet may have");
}

fn any_cell() -> impl Strategy<Value = Cell> {
    let number = (-999_999_999_999_999i64..=999_999_999_999_999, 0i32..=17);
    let day = (1900..=9999i32, 1..=365u32);
    prop_oneof![
        Just(Cell::Empty),
        "[=+@'\";,\t\r\n a_x00-]{0,9}|\\PC{0,8}|_x000[Dd]_".prop_map(|text| Cell::of_text(&text)),
        number.prop_map(|(digits, decimals)| crate::domain::number::decimal::Decimal::from_scaled(digits, decimals).unwrap().into()),
        day.prop_map(|(year, day)| Cell::day(NaiveDate::from_yo_opt(year, day).unwrap()))
            .prop_filter("not so early", |cell| { matches!(cell, Cell::Date(date, DatePart::Day) if date.to_string()[..] > *"1901") }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_reads_back(rows in prop::collection::vec(prop::collection::vec(any_cell(), 3), 0..8)) {
        let sheet = read(&write(SHEET, &headings(3), &rows).unwrap()).unwrap();

        // Excel drops zeros at the end of a number.
        let shortest = |cell: &Cell| match cell {
            Cell::Number(number) if number.digits.contains('.') => {
                Cell::Number(number.digits.trim_end_matches('0').trim_end_matches('.').into())
            }
            other => other.clone(),
        };
        let numbered = rows.iter().enumerate().map(|(n, cells)| Row { number: n + 2, cells: cells.iter().map(shortest).collect(), hidden: false });
        let wanted: Vec<Row> = numbered.filter(|row| !row.cells.iter().all(Cell::is_empty)).collect();
        prop_assert_eq!(sheet.rows, wanted);
    }

    #[test]
    fn bytes_of_any_kind_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        xml in "(<(row|c|v|f|t|is|mergeCell)( (r|t|s|ref)=\"([A-Z]{0,4}[0-9]{0,8}|s|e|b|d|n)\")?/?>|</(row|c|v|is)>|&[a-z#0-9]{0,3};|[0-9eE.<-]){0,12}",
    ) {
        let _ = read(&bytes);
        let _ = read(&[&b"PK\x03\x04"[..], &bytes].concat());
        let _ = read(&workbook(&xml));
        let _ = read(&with_part("xl/sharedStrings.xml", &xml));
        let _ = read(&with_part("xl/styles.xml", &xml));
    }
}
