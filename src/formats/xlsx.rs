//! Workbooks: a table of one sheet, read part by part during inflation, and tables written as workbooks.
//! A file may lie about its size, so everything is counted before it is believed.

mod cells;
mod conditional;
mod format;
mod number;
mod parts;
mod range;
mod styles;
mod texts;
mod write;

use percent_encoding::percent_decode_str;

use super::sheet::{Sheet, Table, whole};
use super::xlsx::parts::{Part, Workbook};
use super::xlsx::styles::Formats;
use super::xlsx::texts::Texts;
pub use super::xlsx::write::{Unwritable, write};
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::{Message, message};
use crate::domain::text;

/// The name of the sheet to read if a workbook has several. Case and accents do not matter.
pub const SHEET: &str = "Số liệu";

/// Limit of sheet names listed in a fault.
const MOST_NAMES: usize = 50;

/// Limit of sheets in a workbook, and of relations in a part: each sheet is searched among them.
const MOST_NAMED: usize = 1_000;

fn too_many(what: &Message) -> LocatedFault {
    whole(
        Code::FileTooLarge,
        message!(
            en: "the workbook has more than {MOST_NAMED} {what}: send the sheet alone",
            vi: "bảng tính có hơn {MOST_NAMED} {what}: chỉ gửi trang tính cần gửi"; what
        ),
    )
}

/// Reads the table of a workbook: its only visible sheet, or the visible sheet with the name [`SHEET`].
///
/// Numbers become plain decimals with the 15 digits that Excel keeps. Cells with a date format become dates.
///
/// # Errors
/// `unreadable_file` if it is no workbook, cut off, damaged, in the old format or protected by a password; `wrong_sheet`; `file_too_large`;
/// `merged_cells` of the header. A cell without a value is no error here: it carries its own.
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
    let part = workbook.part(&sheet, "the sheet")?.ok_or_else(|| {
        whole(
            Code::UnreadableFile,
            message!(
                en: "the file is damaged: its sheet is missing",
                vi: "tệp bị hỏng: thiếu trang tính"
            ),
        )
    })?;
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
        let foreign = || {
            whole(
                Code::UnreadableFile,
                message!(
                    en: "the file is no Excel workbook: save it as \"Excel Workbook (.xlsx)\"",
                    vi: "tệp không phải bảng tính Excel: lưu thành \"Excel Workbook (.xlsx)\""
                ),
            )
        };
        let of_package = workbook.part("_rels/.rels", "the list of parts")?.map(read_relations).transpose()?.ok_or_else(foreign)?;
        let main = of_package.iter().find(|relation| relation.kind.ends_with("/officeDocument")).ok_or_else(foreign)?;
        let path = resolve("", &main.target);
        if path.to_ascii_lowercase().ends_with(".bin") {
            let message = message!(
                en: "the file is a binary workbook (.xlsb): open it in Excel and save it as \"Excel Workbook (.xlsx)\"",
                vi: "tệp là bảng tính nhị phân (.xlsb): mở bằng Excel và lưu thành \"Excel Workbook (.xlsx)\""
            );
            return Err(whole(Code::UnreadableFile, message));
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let relations = workbook.part(&resolve(folder, &format!("_rels/{name}.rels")), "the list of parts")?.map(read_relations);
        let relations = relations.transpose()?.ok_or_else(foreign)?;
        let mut book = WorkbookParts { sheets: Vec::new(), relations, folder: folder.to_owned(), since_1904: false };
        let is_workbook = book.read_sheets(workbook.part(&path, "the workbook")?.ok_or_else(foreign)?)?;
        // Documents and slides are made of parts in the same way.
        if is_workbook { Ok(book) } else { Err(foreign()) }
    }

    /// Reads the sheets of the workbook; false if the part is of another kind.
    fn read_sheets(&mut self, mut part: Part<'_>) -> Result<bool, LocatedFault> {
        let mut is_workbook = false;
        let mut buffer = Vec::new();
        while let Some(event) = part.next(&mut buffer)? {
            let Some(element) = event.begins() else { continue };
            match element.name() {
                "workbook" => is_workbook = true,
                "sheet" if self.sheets.len() == MOST_NAMED => return Err(too_many(&message!(en: "sheets", vi: "trang tính"))),
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
        Ok(is_workbook)
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
            ([], None) => {
                return Err(whole(
                    Code::WrongSheet,
                    message!(
                        en: "the workbook has no visible sheet with cells",
                        vi: "bảng tính không có trang tính nào có nội dung mà không bị ẩn"
                    ),
                ));
            }
            (several, None) => {
                let message = message!(
                    en: "the workbook has {} sheets: name the one that is sent `{SHEET}`, or send it alone",
                    vi: "bảng tính có {} trang tính: đặt tên trang cần gửi là `{SHEET}`, hoặc chỉ gửi trang đó", several.len()
                );
                let names = several.iter().take(MOST_NAMES).map(|sheet| &sheet.name);
                return Err(Fault::new(Code::WrongSheet, message).allowing(names).at(Location::Request));
            }
        };
        let missing = || {
            whole(
                Code::UnreadableFile,
                message!(
                    en: "the file is damaged: its sheet is missing",
                    vi: "tệp bị hỏng: thiếu trang tính"
                ),
            )
        };
        relation(meant).map(|relation| self.path(&relation.target)).ok_or_else(missing)
    }

    /// The path of the first part of a kind.
    fn target(&self, kind: &str) -> Option<String> {
        self.relations.iter().find(|relation| relation.kind.ends_with(kind)).map(|relation| self.path(&relation.target))
    }

    fn path(&self, target: &str) -> String {
        resolve(&self.folder, target)
    }
}

/// The path of a part from the folder that its target is relative to: `../xl/sheet1.xml` from `xl` is `xl/sheet1.xml`. A target that
/// begins with `/` begins at the top; no path leads out of the file (RFC 3986 §5.2.4).
fn resolve(folder: &str, target: &str) -> String {
    let target = percent_decode_str(target).decode_utf8_lossy().replace('\\', "/");
    let folder = if target.starts_with('/') { "" } else { folder };
    let mut steps: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => _ = steps.pop(),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn read_relations(mut part: Part<'_>) -> Result<Vec<Relation>, LocatedFault> {
    let mut relations = Vec::new();
    let mut buffer = Vec::new();
    while let Some(event) = part.next(&mut buffer)? {
        let Some(element) = event.begins().filter(|element| element.name() == "Relationship") else { continue };
        // A link to another file is no part of this one.
        if element.attribute("TargetMode")?.is_some_and(|mode| mode == "External") {
            continue;
        }
        if relations.len() == MOST_NAMED {
            return Err(too_many(&message!(en: "parts", vi: "thành phần")));
        }
        relations.push(Relation { id: element.text_of("Id")?, kind: element.text_of("Type")?, target: element.text_of("Target")? });
    }
    Ok(relations)
}

#[cfg(test)]
mod tests;
