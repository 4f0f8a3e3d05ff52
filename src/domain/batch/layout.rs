//! The layout of a batch: the place of its rows in the submitted file or stream. Errors name the place that the sender sees.
//! The errors of rows are in `rows`.

use std::collections::BTreeMap;

use crate::domain::fault::{Location, code_list};
use crate::domain::message::{Message, message};

/// The place of the rows of a batch in the submitted file or stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// The table of a file.
    Table(Table),
    /// The lines of a stream; each is a JSON document.
    Lines {
        /// Line numbers, by index in the batch.
        lines: Vec<usize>,
        /// Whether each line names its own province. Otherwise a query parameter names it.
        own_province: bool,
    },
}

/// The place of the rows of a batch in the table of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Row numbers in the file, by index in the batch.
    pub rows: Vec<usize>,
    /// Column numbers in the file, by field name; the province only if each row names its own.
    pub columns: BTreeMap<String, usize>,
    /// The first cell (row, column) of a value that a column gives for all rows, by field name.
    pub of_all: BTreeMap<String, (usize, usize)>,
    /// The rows of the file that are no rows of the batch.
    pub left_out: Vec<LeftOut>,
}

/// A row of a file that is no row of the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// The row number in the file.
    pub row: usize,
    /// Why it was left out.
    pub reason: LeftOutReason,
}

code_list! {
    /// Why a row of a file is no row of the batch.
    pub enum LeftOutReason {
        /// It is the row below the header that numbers or letters the columns.
        ColumnNumbers = "column_numbers",
        /// It has no figure.
        NoFigure = "no_figure",
        /// It is a total: it has no code of an indicator, and its text begins with Tổng, Cộng or Total.
        Total = "total",
        /// It has no code of an indicator and stands below the last row that has one.
        BelowTable = "below_table",
    }
}

impl Layout {
    /// Translates a place in the document into a place in the submitted file or stream, or into a query parameter.
    #[must_use]
    pub fn place(&self, place: Location) -> Location {
        let Location::Pointer(pointer) = &place else { return place };
        let mut steps = pointer.trim_start_matches('/').split('/');
        let (first, second, field) = (steps.next().unwrap_or_default(), steps.next(), steps.next());
        let position = second.and_then(|position| position.parse::<usize>().ok());
        match (self, first) {
            (Layout::Table(Table { rows, columns, .. }), "observations") => {
                let Some(row) = position.and_then(|position| rows.get(position)) else { return Location::Request };
                let column = field.and_then(|field| columns.get(field)).or_else(|| columns.get("indicator"));
                Location::Cell { row: *row, column: column.copied().unwrap_or_default() }
            }
            (Layout::Lines { lines, .. }, "observations") => {
                let Some(line) = position.and_then(|position| lines.get(position)) else { return Location::Request };
                let within = pointer.match_indices('/').nth(2).map_or("", |(begin, _)| &pointer[begin..]);
                Location::Line { line: *line, pointer: within.to_owned() }
            }
            (Layout::Lines { own_province: true, .. }, "province") => place,
            (Layout::Table(Table { of_all, .. }), field) => match of_all.get(field) {
                Some(&(row, column)) => Location::Cell { row, column },
                None => Location::Parameter(field.to_owned()),
            },
            (Layout::Lines { .. }, parameter) => Location::Parameter(parameter.to_owned()),
        }
    }

    /// The field of the column in which a cell of a table stands.
    #[must_use]
    pub fn field_at(&self, place: &Location) -> Option<&str> {
        let (Layout::Table(Table { columns, of_all, .. }), Location::Cell { column, .. }) = (self, place) else { return None };
        let of_rows = columns.iter().find(|(_, at)| *at == column).map(|(field, _)| field);
        of_rows.or_else(|| of_all.iter().find(|(_, (_, at))| at == column).map(|(field, _)| field)).map(String::as_str)
    }

    /// Whether each row names its own province.
    #[must_use]
    pub fn rows_name_provinces(&self) -> bool {
        match self {
            Layout::Table(table) => table.columns.contains_key("province"),
            Layout::Lines { .. } => true,
        }
    }

    /// The line number of a row; `None` for a table.
    #[must_use]
    pub fn line(&self, position: usize) -> Option<usize> {
        self.lines().get(position).copied()
    }

    /// The name of a row for the sender, for messages.
    #[must_use]
    pub fn called(&self, position: usize) -> Message {
        match self {
            Layout::Table(Table { rows, .. }) => message!(
                en: "row {} of the file",
                vi: "hàng {} của tệp", rows.get(position).copied().unwrap_or_default()
            ),
            Layout::Lines { lines, .. } => message!(en: "line {}", vi: "dòng {}", lines.get(position).copied().unwrap_or_default()),
        }
    }

    /// The line numbers of a stream, by index in the batch; empty for a table.
    #[must_use]
    pub fn lines(&self) -> &[usize] {
        match self {
            Layout::Table(_) => &[],
            Layout::Lines { lines, .. } => lines,
        }
    }
}
