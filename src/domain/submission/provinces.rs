//! The rows of a file by province: a file may name several, and a code may mean another unit in another period.
//! Each province becomes a batch of its own, with its rows at their places in the file.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::draft::{Draft, DraftRow};
use super::labels;
use crate::domain::access::role::Caller;
use crate::domain::batch::layout::{Layout, Table};
use crate::domain::batch::rows::RowError;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::Location;
use crate::domain::observation::figure_check::SentFigure;
use crate::domain::submission::draft::RowContent;

impl Draft {
    /// The draft of a file as one draft for each province, in the order of their first rows. Codes and names are resolved at the end of the
    /// period of each row; rows without a known province are one draft as well. Errors of the file itself stay with the first draft. A
    /// draft that is no file stays as it is.
    #[must_use]
    pub fn by_province(mut self, catalogue: &Catalogue, caller: &Caller) -> Vec<Draft> {
        let Some(Layout::Table(table)) = self.layout.clone() else { return vec![self] };
        self.name_multipliers(catalogue, caller);
        let rows = std::mem::take(&mut self.rows);
        let keys = self.keys(&rows, catalogue);
        let errors = std::mem::take(&mut self.faults);
        let empty = || {
            let layout = Layout::Table(Table { rows: Vec::new(), left_out: Vec::new(), ..table.clone() });
            Draft { layout: Some(layout), ..self.clone() }
        };
        let mut drafts: Vec<(Option<String>, Draft)> = Vec::new();
        // Where each row went: its draft, and its index there.
        let mut moved: HashMap<usize, (usize, usize)> = HashMap::new();
        for (key, row) in keys.into_iter().zip(rows) {
            let at = drafts.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
                drafts.push((key, empty()));
                drafts.len() - 1
            });
            let draft = &mut drafts[at].1;
            let position = draft.rows.len();
            moved.insert(row.position, (at, position));
            if let (Some(Layout::Table(own)), Some(number)) = (&mut draft.layout, table.rows.get(row.position)) {
                own.rows.push(*number);
            }
            draft.rows.push(DraftRow { position, ..row });
        }
        if drafts.is_empty() {
            drafts.push((None, empty()));
        }
        for error in errors {
            let moved = error.row.and_then(|row| moved.get(&row));
            let (at, row) = moved.map_or((0, None), |(at, position)| (*at, Some(*position)));
            drafts[at].1.faults.push(RowError { row, ..error });
        }
        drafts.into_iter().map(|(key, draft)| draft.of_one_province(key)).collect()
    }

    /// For each row, the key of its province, if it names one.
    fn keys(&self, rows: &[DraftRow], catalogue: &Catalogue) -> Vec<Option<String>> {
        let mut known: HashMap<(&str, NaiveDate), Option<String>> = HashMap::new();
        let mut of_text: HashMap<&str, String> = HashMap::new();
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            let indicator = row.indicator.as_deref().and_then(|code| catalogue.current(code)).map(|found| found.indicator);
            let end = row.period.map(|period| period.in_calendar(self.calendar_of(row, indicator)).end());
            let named = row.province.as_deref().or(self.province.as_deref());
            let key = named.zip(end).and_then(|(text, end)| {
                let resolve = || catalogue.provinces.find(text, end).map(|province| province.key.clone());
                known.entry((text, end)).or_insert_with(resolve).clone()
            });
            if let (Some(text), Some(key)) = (named, &key) {
                of_text.entry(text).or_insert_with(|| key.clone());
            }
            keys.push(key);
        }
        // A row without a readable period goes with other rows of the same text.
        let same_text = |row: &DraftRow| of_text.get(row.province.as_deref().or(self.province.as_deref())?).cloned();
        rows.iter().zip(keys).map(|(row, key)| key.or_else(|| same_text(row).filter(|_| row.period.is_none()))).collect()
    }

    /// The draft with the province of its rows: as it is spelled if all rows spell it alike, otherwise its key.
    fn of_one_province(mut self, key: Option<String>) -> Draft {
        if let Some(Layout::Table(Table { rows, columns, of_all, .. })) = &mut self.layout {
            let first = rows.first().copied().zip(columns.get("province").copied());
            of_all.extend(first.map(|cell| ("province".to_owned(), cell)));
        }
        let Some(key) = key else { return self };
        let mut texts = self.rows.iter().map(|row| row.province.as_ref());
        if let Some(Some(first)) = texts.next() {
            let same = texts.all(|text| text == Some(first));
            self.province = Some(if same { first.clone() } else { key });
            self.rows.iter_mut().for_each(|row| row.province = None);
        }
        self
    }

    /// Sets the unit multiplier of rows whose printed unit has another power of ten than the indicator, so that a reader of the row needs
    /// no other words. A unit that contradicts the indicator is found by the check of the row.
    fn name_multipliers(&mut self, catalogue: &Catalogue, caller: &Caller) {
        for row in &mut self.rows {
            let (Some(text), Some(code)) = (&row.unit, &row.indicator) else { continue };
            let Some(found) = catalogue.find_indicator(code, caller) else { continue };
            if let Some(RowContent::Figure(SentFigure { unit_mult, .. })) = &mut row.says
                && let Ok(named) = labels::unit_mult(text, found.indicator, *unit_mult)
            {
                *unit_mult = named;
            }
        }
    }

    /// The place of the province of a row in a file whose rows name their own.
    pub(super) fn place_of_province(&self, row: usize) -> Option<Location> {
        let Some(Layout::Table(table)) = &self.layout else { return None };
        let column = table.columns.get("province")?;
        Some(Location::Cell { row: *table.rows.get(row)?, column: *column })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::batch::rows::Mode;
    use crate::domain::catalogue::province::{Province, Provinces, UnitType};
    use crate::domain::catalogue::source::Source;
    use crate::domain::fault::{Code, Fault};
    use crate::domain::message::Message;
    use crate::domain::time::period_code::PeriodCode;

    fn catalogue() -> Catalogue {
        let province = |key: &str, code: &str, name: &str, from: &str, predecessors: &[&str]| Province {
            key: key.into(),
            code: Some(code.into()),
            name: name.into(),
            name_en: name.into(),
            iso: None,
            agency_code: None,
            unit_type: UnitType::Province,
            valid_from: from.parse().unwrap(),
            valid_to: None,
            predecessors: predecessors.iter().map(|&key| key.into()).collect(),
        };
        let provinces = vec![
            province("bac-giang-1997", "24", "Bắc Giang", "1997-01-01", &[]),
            province("bac-ninh-1997", "27", "Bắc Ninh", "1997-01-01", &[]),
            province("bac-ninh-2025", "24", "Bắc Ninh", "2025-07-01", &["bac-giang-1997", "bac-ninh-1997"]),
        ];
        Catalogue::new(Provinces::new(provinces), Vec::new())
    }

    /// A file with these rows from row 2 on, province and period of each; a period of `?` could not be read.
    fn file(province: Option<&str>, rows: &[(&str, &str)]) -> Draft {
        let columns = if province.is_some() { vec![] } else { vec![("province".to_owned(), 3)] };
        let row = |(position, (province, period)): (usize, &(&str, &str))| DraftRow {
            position,
            province: Some((*province).to_owned()).filter(|text| !text.is_empty()),
            period: PeriodCode::parse(period).ok(),
            ..DraftRow::default()
        };
        let unread = rows.iter().enumerate().filter(|(_, (_, period))| *period == "?");
        let fault = |n: usize| Fault::new(Code::InvalidPeriod, Message::default()).at(Location::Cell { row: n + 2, column: 1 });
        Draft {
            mode: Mode::Atomic,
            acknowledge: Vec::new(),
            province: province.map(str::to_owned),
            calendar: None,
            source: Source::default(),
            rows: rows.iter().enumerate().map(row).collect(),
            layout: Some(Layout::Table(Table {
                rows: (2..rows.len() + 2).collect(),
                columns: columns.into_iter().collect(),
                ..Table::default()
            })),
            faults: unread.map(|(n, _)| RowError { row: Some(n), located: fault(n) }).collect(),
        }
    }

    /// The province of each draft, the rows of the file in it, and those with errors.
    fn divided(draft: Draft) -> Vec<String> {
        let drafts = draft.by_province(&catalogue(), &Caller::anyone()).into_iter();
        let shown = drafts.map(|draft| {
            let Some(Layout::Table(table)) = &draft.layout else { panic!("a table") };
            assert!(draft.rows.iter().enumerate().all(|(n, row)| row.position == n), "positions are those of the draft");
            let bad: Vec<usize> = draft.faults.iter().filter_map(|error| Some(table.rows[error.row?])).collect();
            format!("{}: {:?} {bad:?}", draft.province.clone().unwrap_or_default(), table.rows)
        });
        shown.collect()
    }

    #[test]
    fn the_rows_of_a_file_are_divided_by_the_province_of_their_period() {
        for (province, rows, expected, why) in [
            (Some("24"), &[("", "2024"), ("", "2024-05")][..], &["24: [2, 3] []"][..], "one province"),
            (Some("24"), &[("", "2024"), ("", "2026"), ("", "2023")], &["24: [2, 4] []", "24: [3] []"], "one code, two provinces"),
            (None, &[("24", "2024"), ("27", "2024"), ("24", "2023")], &["24: [2, 4] []", "27: [3] []"], "two provinces"),
            (None, &[("24", "2024"), ("Bắc Giang", "2024")], &["bac-giang-1997: [2, 3] []"], "two spellings"),
            (
                None,
                &[("Bắc Ninh", "2024"), ("24", "2026"), ("Bắc Ninh", "2026")],
                &["Bắc Ninh: [2] []", "bac-ninh-2025: [3, 4] []"],
                "one name, two provinces",
            ),
            (None, &[("27", "2024"), ("24", "2024"), ("24", "?")], &["27: [2] []", "24: [3, 4] [4]"], "without a readable period"),
            (
                None,
                &[("Atlantis", "2024"), ("24", "2024"), ("Utopia", "2024"), ("", "2024")],
                &[": [2, 4, 5] []", "24: [3] []"],
                "without a known province",
            ),
            (Some("24"), &[], &["24: [] []"], "without rows"),
        ] {
            assert_eq!(divided(file(province, rows)), expected, "{why}");
        }
    }
}
