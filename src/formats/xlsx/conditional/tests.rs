//! Tests of conditional formats, in workbooks made part by part.
//! What is tested is in `xlsx::conditional`.

use crate::domain::fault::Code;
use crate::formats::xlsx::read;
use crate::formats::xlsx::tests::{faulty, parts, refused, table, whole, zipped};

#[test]
fn a_cell_that_a_conditional_format_may_show_otherwise_is_faulty() {
    let rows = r#"<row r="2"><c r="A2"><v>0.7715</v></c><c r="B2"><v>5</v></c><c r="C2" s="4"><v>45473</v></c></row>
    <row r="3"><c r="A3" t="str"><v>x</v></c><c r="B3"><v>77.15</v></c></row>"#;
    let places = |code: &str, formatting: &str| {
        let mut parts = parts(&[("S", "visible", "")]);
        let header = r#"<row r="1"><c t="str"><v>a</v></c><c t="str"><v>b</v></c><c t="str"><v>c</v></c></row>"#;
        let sheet = format!("<worksheet><sheetData>{header}{rows}</sheetData>{formatting}</worksheet>");
        let dxfs = format!(r#"<dxfs><dxf><font/></dxf><dxf><numFmt numFmtId="170" formatCode="{code}"/></dxf></dxfs></styleSheet>"#);
        for (path, bytes) in &mut parts {
            if path.ends_with("sheet0.xml") {
                *bytes = sheet.clone().into_bytes();
            } else if path.ends_with("styles.xml") {
                *bytes = String::from_utf8(bytes.clone()).unwrap().replace("</styleSheet>", &dxfs).into_bytes();
            }
        }
        faulty(&read(&zipped(&parts)).unwrap()).into_iter().map(|(_, place)| place).collect::<Vec<_>>().join(", ")
    };
    let rule = |range: &str, id: u32| {
        format!(
            r#"<conditionalFormatting sqref="{range}"><cfRule type="cellIs" dxfId="{id}"><formula>1</formula></cfRule></conditionalFormatting>"#
        )
    };
    let (two, all) =
        ("row 2, column A, row 2, column B, row 3, column B", "row 2, column A, row 2, column B, row 2, column C, row 3, column B");
    for (code, range, id, expected, why) in [
        ("0.0%", "A1:B9", 1, two, "a percentage"),
        ("#,##0,", "A1:B9", 1, two, "thousands"),
        (";;;", "A1:B9", 1, "row 2, column A, row 2, column B, row 3, column A, row 3, column B", "nothing, of texts too"),
        ("0.0", "A1:B9", 1, "", "a rounded number"),
        ("0.0", "A1:XFD1048576", 1, "row 2, column C", "a number in place of a date"),
        ("0\" tỷ\"", "B2", 1, "row 2, column B", "a unit"),
        ("0.0%", "A1:B9", 0, "", "a colour alone"),
        ("0.0%", "A1:B9", 7, "", "a format that is not there"),
        ("0.0%", "B2 B3:C3", 1, "row 2, column B, row 3, column B", "two ranges"),
        ("0.0%", "B:B", 1, all, "whole columns"),
        ("0.0%", "D1:E9 A10:C12", 1, "", "beside and below"),
        ("dd/mm/yyyy", "C2", 1, "", "the same date"),
        ("yyyy", "C2", 1, "row 2, column C", "a part of the date"),
    ] {
        let code = code.replace('"', "&quot;");
        assert_eq!(places(&code, &rule(range, id)), expected, "{why}");
    }
    let bar = |what: &str, shows: &str| {
        format!(
            r#"<conditionalFormatting sqref="A2:C3"><cfRule type="{what}"><{what} {shows}><cfvo type="min"/></{what}></cfRule></conditionalFormatting>"#
        )
    };
    assert_eq!(places("0", &bar("dataBar", r#"showValue="0""#)), all, "a bar in place of the number");
    assert_eq!(places("0", &bar("iconSet", r#"iconSet="3Arrows" showValue="false""#)), all, "an icon");
    assert_eq!(places("0", &bar("dataBar", "")), "", "a bar behind the number");
    let newer = |inside: &str| {
        format!(
            r#"<extLst><ext><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="expression">{inside}</x14:cfRule>
            <xm:sqref>A2 B2:B3</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"#
        )
    };
    assert_eq!(places("0", &newer(r#"<x14:dxf><numFmt numFmtId="0" formatCode="0%"/></x14:dxf>"#)), two, "in the newer form");
    assert_eq!(places("0", &newer(r#"<x14:iconSet showValue="0"/>"#)), two, "an icon in the newer form");
    assert_eq!(places("0", &newer("<x14:dxf><font/></x14:dxf>")), "", "a colour in the newer form");
}

#[test]
fn conditional_formats_without_end_are_refused() {
    let rows: Vec<String> = (2..1_002).map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c></row>"#)).collect();
    let rows = rows.concat();
    let rule = r#"<conditionalFormatting sqref="A1:A9999"><cfRule type="iconSet"><iconSet showValue="1"/></cfRule><cfRule><numFmt formatCode="0.0"/></cfRule></conditionalFormatting>"#;

    assert_eq!(refused(&table(&rows, &rule.repeat(3_000))), whole(Code::FileTooLarge));
}
