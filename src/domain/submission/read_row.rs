//! A row as it was read, for the answer: the sender sees what was made of each row, rejected rows included.
//! The result of a row is in `submission`; the rows as sent are in `draft`.

use std::collections::BTreeMap;

use super::draft::{Draft, DraftRow, Row, RowContent};
use crate::domain::access::role::Caller;
use crate::domain::catalogue::breakdown::Breakdown;
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::Location;
use crate::domain::number::decimal::Decimal;
use crate::domain::observation::figure::Figure;
use crate::domain::observation::figure_check::SentFigure;
use crate::domain::observation::observation::Content;
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;

/// A row as far as it was read; what could not be read is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadRow {
    /// The place of the row in the file or stream; absent for a JSON document.
    pub location: Option<Location>,
    /// The province at the end of the period.
    pub province: Option<ReadProvince>,
    /// The code of the indicator.
    pub indicator: Option<String>,
    /// The breakdown.
    pub breakdown: Option<Breakdown>,
    /// The period.
    pub period: Option<PeriodCode>,
    /// The calendar of the period.
    pub calendar: Option<Calendar>,
    /// The content. The numbers of an accepted row are in the unit of the indicator, the numbers of a rejected row are as sent. The unit
    /// multiplier says which.
    pub content: Option<RowContent>,
    /// The numbers that cells of a workbook show in place of their values, such as rounded ones, by field. They are in the unit of the
    /// content.
    pub shown: BTreeMap<String, String>,
}

/// The province of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadProvince {
    /// The key.
    pub key: String,
    /// The Vietnamese name.
    pub name: String,
}

impl From<&Province> for ReadProvince {
    fn from(Province { key, name, .. }: &Province) -> ReadProvince {
        ReadProvince { key: key.clone(), name: name.clone() }
    }
}

impl ReadRow {
    /// A row as it was read. `accepted` is the same row after all checks.
    #[must_use]
    pub fn of(draft: &Draft, row: &DraftRow, accepted: Option<&Row>, catalogue: &Catalogue, caller: &Caller) -> ReadRow {
        let found = row.indicator.as_ref().and_then(|code| catalogue.find_indicator(code, caller)).map(|found| found.indicator);
        let calendar = draft.calendar_of(row, found);
        let day = row.period.map(|period| period.in_calendar(calendar).end());
        let named = || catalogue.provinces.find(row.province.as_ref().or(draft.province.as_ref())?, day?);
        let province = accepted.map_or_else(named, |accepted| catalogue.provinces.get(&accepted.series.province));
        let unit_mult = found.map(|indicator| indicator.unit_mult);
        let content = accepted.map_or_else(
            || row.says.clone().map(|says| says.with_unit(unit_mult)),
            |accepted| Some(RowContent::stored(&accepted.content).with_unit(unit_mult)),
        );
        // The numbers of an accepted row were converted to the unit of the indicator, so those that its cells show are converted too.
        let sent_in = if let Some(RowContent::Figure(sent)) = &row.says { sent.unit_mult } else { None };
        let power = accepted.and_then(|_| Some(sent_in? - unit_mult?)).unwrap_or_default();
        let in_unit = |field: &str, shown: &String| {
            let of_rate = ["numerator", "denominator"].contains(&field);
            let number = Decimal::parse_json(shown).ok().filter(|_| !of_rate && power != 0);
            number.and_then(|number| number.times_power_of_ten(power)).map_or_else(|| shown.clone(), |number| number.to_string())
        };
        ReadRow {
            location: draft.place_of(row.position),
            province: province.map(ReadProvince::from),
            indicator: row.indicator.clone(),
            breakdown: row.breakdown.clone().filter(|breakdown| !breakdown.is_total()),
            period: row.period,
            calendar: (row.period.is_some() || found.is_some() || row.calendar.or(draft.calendar).is_some()).then_some(calendar),
            content,
            shown: row.shown.iter().filter_map(|(field, shown)| Some((field.clone(), in_unit(field, shown.number.as_ref()?)))).collect(),
        }
    }
}

impl RowContent {
    /// Stored content, with its numbers in the unit of the indicator.
    fn stored(content: &Content) -> RowContent {
        match content {
            Content::Nil => RowContent::Nil,
            Content::Withdrawn => RowContent::Withdraw,
            Content::Figure(Figure { quantity, numerator, denominator, status, as_of }) => {
                let (low, high) = quantity.interval().map(|ends| (ends.low, ends.high)).unzip();
                RowContent::Figure(SentFigure {
                    value: quantity.value(),
                    low,
                    high,
                    numerator: *numerator,
                    denominator: *denominator,
                    unit_mult: None,
                    status: *status,
                    bound: quantity.bound(),
                    as_of: *as_of,
                })
            }
        }
    }

    /// The same content. A figure without its own unit multiplier gets this one.
    fn with_unit(self, unit_mult: Option<i32>) -> RowContent {
        match self {
            RowContent::Figure(figure) => RowContent::Figure(SentFigure { unit_mult: figure.unit_mult.or(unit_mult), ..figure }),
            other => other,
        }
    }
}
