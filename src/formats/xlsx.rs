//! Workbooks: a table of one sheet, read part by part during inflation, and tables written as workbooks.
//! A file may lie about its size, so everything is counted before it is believed.

mod cells;
mod number;
mod parts;
mod texts;
mod write;

use super::sheet::{Sheet, Table, whole};
use super::xlsx::cells::Formats;
use super::xlsx::parts::{Part, Workbook};
use super::xlsx::texts::Texts;
pub use super::xlsx::write::{Unwritable, write};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::text;

/// The name of the sheet to read if a workbook has several. Case and accents do not matter.
pub const SHEET: &str = "Số liệu";

/// Limit of sheet names listed in a fault.
const MOST_NAMES: usize = 50;

/// Limit of sheets in a workbook, and of relations in a part: each sheet is searched among them.
const MOST_NAMED: usize = 1_000;

fn too_many(what: &str) -> LocatedFault {
    whole(Code::FileTooLarge, format!("the workbook has more than {MOST_NAMED} {what}: send the sheet alone"))
}

/// Reads the table of a workbook: its only visible sheet, or the visible sheet with the name [`SHEET`].
///
/// Numbers become plain decimals with the 15 digits that Excel keeps. Cells with a date format become dates.
///
/// # Errors
/// `unreadable_file` if it is no workbook, cut off, damaged, in the old format or protected by a password; `wrong_sheet`; `file_too_large`;
/// all faults of the cells: `formula_cell`, `cell_not_a_value`, `merged_cells`, `too_many_digits`, `invalid_date`, `ragged_row`,
/// `duplicate_column`.
pub fn read(bytes: &[u8]) -> Result<Sheet, Vec<LocatedFault>> {
    let mut table = Table::default();
    let ended = read_table(bytes, &mut table);
    table.finish(ended)
}

fn read_table(bytes: &[u8], table: &mut Table) -> Result<(), LocatedFault> {
    let mut workbook = Workbook::open(bytes)?;
    let book = WorkbookParts::read(&mut workbook)?;
    let sheet = book.sheet_to_read()?;
    let formats = match book.target("/styles") {
        Some(path) => workbook.part(&path, "the formats")?.map(Formats::read).transpose()?.unwrap_or_default(),
        None => Formats::default(),
    };
    let texts = match book.target("/sharedStrings") {
        Some(path) => workbook.part(&path, "the texts")?.map(Texts::read).transpose()?.unwrap_or_default(),
        None => Texts::default(),
    };
    let part =
        workbook.part(&sheet, "the sheet")?.ok_or_else(|| whole(Code::UnreadableFile, "the file is damaged: its sheet is missing"))?;
    cells::read(part, &cells::Context { texts: &texts, formats: &formats, since_1904: book.since_1904 }, table)
}

/// The list of parts in a workbook.
struct WorkbookParts {
    sheets: Vec<NamedSheet>,
    relations: Vec<Relation>,
    /// The folder of the workbook part; the paths of other parts are relative to it.
    folder: String,
    since_1904: bool,
}

struct NamedSheet {
    name: String,
    relation: String,
    visible: bool,
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

impl WorkbookParts {
    fn read(workbook: &mut Workbook<'_>) -> Result<WorkbookParts, LocatedFault> {
        let foreign = || whole(Code::UnreadableFile, "the file is no Excel workbook: save it as \"Excel Workbook (.xlsx)\"");
        let of_package = workbook.part("_rels/.rels", "the list of parts")?.map(read_relations).transpose()?.ok_or_else(foreign)?;
        let main = of_package.iter().find(|relation| relation.kind.ends_with("/officeDocument")).ok_or_else(foreign)?;
        let path = main.target.trim_start_matches('/').to_owned();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let relations = format!("{folder}/_rels/{name}.rels");
        let relations = workbook.part(relations.trim_start_matches('/'), "the list of parts")?.map(read_relations);
        let relations = relations.transpose()?.ok_or_else(foreign)?;
        let mut book = WorkbookParts { sheets: Vec::new(), relations, folder: folder.to_owned(), since_1904: false };
        book.read_sheets(workbook.part(&path, "the workbook")?.ok_or_else(foreign)?)?;
        Ok(book)
    }

    fn read_sheets(&mut self, mut part: Part<'_>) -> Result<(), LocatedFault> {
        let mut buffer = Vec::new();
        while let Some(event) = part.next(&mut buffer)? {
            let Some(element) = event.begins() else { continue };
            match element.name() {
                "sheet" if self.sheets.len() == MOST_NAMED => return Err(too_many("sheets")),
                "sheet" => self.sheets.push(NamedSheet {
                    name: element.text_of("name")?,
                    relation: element.text_of("id")?,
                    visible: element.attribute("state")?.is_none_or(|state| state == "visible"),
                }),
                "workbookPr" => {
                    if let Some(since_1904) = element.attribute("date1904")? {
                        self.since_1904 = since_1904 == "1" || since_1904 == "true";
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The path of the sheet to read.
    fn sheet_to_read(&self) -> Result<String, LocatedFault> {
        let relation = |sheet: &NamedSheet| self.relations.iter().find(|relation| relation.id == sheet.relation);
        let of_cells = |sheet: &&NamedSheet| relation(sheet).is_some_and(|relation| relation.kind.ends_with("/worksheet"));
        let visible: Vec<&NamedSheet> = self.sheets.iter().filter(|sheet| sheet.visible).filter(of_cells).collect();
        let so_called = visible.iter().find(|sheet| text::fold(&sheet.name) == text::fold(SHEET));
        let meant = match (&visible[..], so_called) {
            (_, Some(sheet)) => *sheet,
            ([only], None) => *only,
            ([], None) => return Err(whole(Code::WrongSheet, "the workbook has no visible sheet with cells")),
            (several, None) => {
                let message = format!("the workbook has {} sheets: name the one that is sent `{SHEET}`, or send it alone", several.len());
                let names = several.iter().take(MOST_NAMES).map(|sheet| &sheet.name);
                return Err(Fault::new(Code::WrongSheet, message).allowing(names).at(Location::Request));
            }
        };
        let missing = || whole(Code::UnreadableFile, "the file is damaged: its sheet is missing");
        relation(meant).map(|relation| self.path(&relation.target)).ok_or_else(missing)
    }

    /// The path of the first part of a kind.
    fn target(&self, kind: &str) -> Option<String> {
        self.relations.iter().find(|relation| relation.kind.ends_with(kind)).map(|relation| self.path(&relation.target))
    }

    fn path(&self, target: &str) -> String {
        match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("{}/{target}", self.folder).trim_start_matches('/').to_owned(),
        }
    }
}

fn read_relations(mut part: Part<'_>) -> Result<Vec<Relation>, LocatedFault> {
    let mut relations = Vec::new();
    let mut buffer = Vec::new();
    while let Some(event) = part.next(&mut buffer)? {
        let Some(element) = event.begins().filter(|element| element.name() == "Relationship") else { continue };
        if relations.len() == MOST_NAMED {
            return Err(too_many("parts"));
        }
        relations.push(Relation { id: element.text_of("Id")?, kind: element.text_of("Type")?, target: element.text_of("Target")? });
    }
    Ok(relations)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::io::{Cursor, Write as _};

    use chrono::NaiveDate;
    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::formats::sheet::{Heading, Row};

    type Cell = super::super::sheet::Cell;

    /// The number of columns in an Excel sheet.
    const SHEET_WIDTH: usize = 16_384;

    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// The parts of a workbook with these sheets: name, state and content of each.
    fn parts(sheets: &[(&str, &str, &str)]) -> Vec<(String, Vec<u8>)> {
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

    fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
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
    fn table(rows: &str, after: &str) -> Vec<u8> {
        let header = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="str"><v>b</v></c><c t="inlineStr"><is><t>c</t></is></c></row>"#;
        workbook(&format!("<sheetData>{header}{rows}</sheetData>{after}"))
    }

    fn with_part(path: &str, xml: &str) -> Vec<u8> {
        let mut parts = parts(&[("Sheet1", "visible", r#"<sheetData><row><c t="s"><v>0</v></c></row></sheetData>"#)]);
        parts.retain(|(other, _)| other != path);
        parts.push((path.to_owned(), xml.as_bytes().to_vec()));
        zipped(&parts)
    }

    fn refused(bytes: &[u8]) -> Vec<(Code, String)> {
        let faults = read(bytes).unwrap_err().into_iter();
        faults.map(|located| (located.fault.code, located.place.to_string())).collect()
    }

    fn whole(code: Code) -> Vec<(Code, String)> {
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

        let date = Cell::Date(NaiveDate::from_ymd_opt(2024, 6, 30).unwrap());
        let number = |text: &str| Cell::Number(text.to_owned());
        assert_eq!(sheet.columns.iter().map(|column| &column.name[..]).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(
            sheet.rows,
            [
                Row { number: 4, cells: vec![text("Chỉ tiêu"), number("77.15"), date.clone()] },
                Row { number: 5, cells: vec![text("thuê bao & máy"), number("1500"), date.clone()] },
                Row { number: 9, cells: vec![text("a\rb_x0041_"), Cell::Empty, date] },
            ]
        );
    }

    #[test]
    fn every_cell_without_a_value_of_its_own_is_named() {
        let rows = r#"<row r="2"><c r="A2"><f>B2*2</f><v>4</v></c><c r="B2"><f t="shared" si="0"/><v/></c><c r="C2" t="e"><v>#N/A</v></c></row>
        <row r="3"><c r="A3" t="b"><v>1</v></c><c r="B3" s="3"><v>0.7715</v></c><c r="C3"><v>1234567890123456</v></c></row>
        <row r="4"><c r="A4" s="1"><v>12</v></c><c r="B4" s="1"><v>45473.5</v></c><c r="D4"><v>1</v></c></row>
        <row r="5"><c r="A5"><v>1</v></c></row>"#;
        let merged =
            r#"<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B4:B5"/><mergeCell ref="E2:F9"/><mergeCell ref="A6:C6"/></mergeCells>"#;

        let faults = refused(&table(rows, merged));

        let wanted = [
            (Code::FormulaCell, "row 2, column A"),
            (Code::FormulaCell, "row 2, column B"),
            (Code::CellNotAValue, "row 2, column C"),
            (Code::CellNotAValue, "row 3, column A"),
            (Code::CellNotAValue, "row 3, column B"),
            (Code::TooManyDigits, "row 3, column C"),
            (Code::InvalidDate, "row 4, column A"),
            (Code::InvalidDate, "row 4, column B"),
            (Code::RaggedRow, "row 4, column D"),
            (Code::MergedCells, "row 1, column A"),
            (Code::MergedCells, "row 4, column B"),
        ];
        assert_eq!(faults, wanted.map(|(code, place)| (code, place.to_owned())));
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

        assert!(message(b"").contains("empty"));
        assert!(message(b"a;b\n1;2").contains("no Excel workbook"));
        assert!(message(old).contains(".xls"));
        assert!(message(&protected).contains("password"));
        assert!(message(&zipped(&[("mimetype".into(), b"application/x".to_vec())])).contains("no Excel workbook"));
        assert!(message(&zipped(&[])).contains("no Excel workbook"));
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
            ("xl/worksheets/sheet0.xml", "<w><row r=\"2\"></row><row r=\"2\"/></w>".into(), "a row that comes twice"),
            ("xl/worksheets/sheet0.xml", "<w><row r=\"99999999999999999999\"/></w>".into(), "a row beyond counting"),
            ("xl/worksheets/sheet0.xml", "<w><row><c r=\"A2\"/></row></w>".into(), "a cell of another row"),
            ("xl/worksheets/sheet0.xml", "<w><row><c r=\"AAAAAAAAAAAAAAAAAAA1\"/></row></w>".into(), "a column beyond counting"),
            ("xl/worksheets/sheet0.xml", "<w><row><c t=\"s\"><v>9999</v></c></row></w>".into(), "a text that is not there"),
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
            ("xl/styles.xml", format!("<s>{}</s>", format!("<a>{}</a>", "x".repeat(1_000_000)).repeat(17))),
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

        assert_eq!(faults[0], (Code::InvalidText, "row 1, column A".into()));
        assert!(faults.contains(&(Code::FileTooLarge, "row 1, column GS".into())), "right of the columns that are read: {faults:?}");
        let sheet =
            Texts::read(Workbook::open(&zipped(&parts)).unwrap().part("xl/sharedStrings.xml", "the texts").unwrap().unwrap()).unwrap();
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
            Cell::Date(date),
            Cell::Empty,
            Cell::Number("0.000001".into()),
        ];

        let sheet = read(&write("Số liệu", &headings(6), [&row]).unwrap()).unwrap();

        let mut wanted = row.to_vec();
        wanted[2] = text("123456789012345678");
        assert_eq!(sheet.rows, [Row { number: 2, cells: wanted }]);
        assert!(write("a/b", &headings(1), [[Cell::Empty]]).is_err(), "a name that no sheet may have");
    }

    fn any_cell() -> impl Strategy<Value = Cell> {
        let number = (-999_999_999_999_999i64..=999_999_999_999_999, 0i32..=17);
        let day = (1900..=9999i32, 1..=365u32);
        prop_oneof![
            Just(Cell::Empty),
            "[=+@'\";,\t\r\n a_x00-]{0,9}|\\PC{0,8}|_x000[Dd]_".prop_map(|text| Cell::of_text(&text)),
            number.prop_map(|(digits, decimals)| crate::domain::number::decimal::Decimal::from_scaled(digits, decimals).unwrap().into()),
            day.prop_map(|(year, day)| Cell::Date(NaiveDate::from_yo_opt(year, day).unwrap()))
                .prop_filter("not so early", |cell| { matches!(cell, Cell::Date(date) if date.to_string()[..] > *"1901") }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_written_reads_back(rows in prop::collection::vec(prop::collection::vec(any_cell(), 3), 0..8)) {
            let sheet = read(&write(SHEET, &headings(3), &rows).unwrap()).unwrap();

            // Excel drops zeros at the end of a number.
            let shortest = |cell: &Cell| match cell {
                Cell::Number(text) if text.contains('.') => Cell::Number(text.trim_end_matches('0').trim_end_matches('.').to_owned()),
                other => other.clone(),
            };
            let numbered = rows.iter().enumerate().map(|(n, cells)| Row { number: n + 2, cells: cells.iter().map(shortest).collect() });
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
}
