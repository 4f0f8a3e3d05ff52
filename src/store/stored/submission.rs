//! The rows of a submission as they were sent, as `submissions.document` keeps them while they wait for a review.
//! Values that could not be read are not kept.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::parts::{StoredBreakdown, StoredMessage, StoredSource, breakdown, into_breakdown, optional_word, words};
use super::{check_version, parse, version_of, write};
use crate::domain::batch::layout::{Layout, Table};
use crate::domain::batch::rows::Mode;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::message::Message;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Bound;
use crate::domain::observation::figure::Status;
use crate::domain::observation::figure_check::SentFigure;
use crate::domain::submission::draft::{ClaimChange, Draft, DraftRow, RowContent, Shown};
use crate::domain::submission::warning::Warning;
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;
use crate::store::conn::StoreError;
use crate::store::values::word;

/// Version 2; version 1 has messages of one text, version 0 is the same without `v`, with periods taken apart instead of codes such as
/// `2024-05`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredDraft<P> {
    #[serde(default)]
    v: u32,
    mode: String,
    acknowledge: Vec<String>,
    province: Option<String>,
    calendar: Option<String>,
    source: StoredSource,
    rows: Vec<StoredRow<P>>,
    layout: Option<StoredLayout>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredRow<P> {
    position: usize,
    row_ref: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    province: Option<String>,
    indicator: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    suspicious: Option<StoredMessage>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    shown: BTreeMap<String, StoredShown>,
    breakdown: Option<StoredBreakdown>,
    period: Option<P>,
    calendar: Option<String>,
    says: Option<StoredContent>,
    locator: Option<String>,
    wording: Option<String>,
    reason: Option<String>,
    reason_given: bool,
    force: bool,
    acknowledge: Vec<String>,
    claims: Vec<StoredClaim>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredShown {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) enum StoredContent {
    Figure(StoredFigure),
    Nil,
    Withdraw,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredFigure {
    value: Option<Decimal>,
    low: Option<Decimal>,
    high: Option<Decimal>,
    numerator: Option<Decimal>,
    denominator: Option<Decimal>,
    unit_mult: Option<i32>,
    status: String,
    bound: String,
    as_of: Option<NaiveDate>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredClaim {
    kind: String,
    value: Option<Decimal>,
}

/// Where rows stand in a file or in a stream: `rows`, `columns` and `of_all` of a table, or `lines` and `own_province` of lines.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredLayout {
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<usize>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<BTreeMap<String, usize>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of_all: Option<BTreeMap<String, (usize, usize)>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<usize>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_province: Option<bool>,
}

/// A period of version 0.
#[derive(Deserialize)]
enum PeriodV0 {
    Named(i32, NameV0),
    Days(NaiveDate, NaiveDate),
}

#[derive(Deserialize)]
enum NameV0 {
    Month(u32),
    Quarter(u32),
    Half(u32),
    NineMonths,
    Year,
    ToDate(u32),
}

pub(in crate::store) fn to_json(draft: &Draft) -> String {
    write(&StoredDraft::from(draft))
}

pub(in crate::store) fn from_json(text: &str) -> Result<Draft, StoreError> {
    match version_of(text)? {
        0 => parse::<StoredDraft<PeriodV0>>(text)?.with_codes().try_into(),
        _ => parse::<StoredDraft<String>>(text)?.try_into(),
    }
}

impl From<&Draft> for StoredDraft<String> {
    fn from(draft: &Draft) -> StoredDraft<String> {
        // What could not be read was told to the sender and is not stored: only what could be read waits.
        let Draft { mode, acknowledge, province, calendar, source, rows, layout, faults: _ } = draft;
        StoredDraft {
            v: 2,
            mode: mode.as_str().to_owned(),
            acknowledge: codes(acknowledge),
            province: province.clone(),
            calendar: calendar.map(|calendar| calendar.as_str().to_owned()),
            source: source.into(),
            rows: rows.iter().map(StoredRow::from).collect(),
            layout: layout.as_ref().map(StoredLayout::from),
        }
    }
}

impl TryFrom<StoredDraft<String>> for Draft {
    type Error = StoreError;

    fn try_from(stored: StoredDraft<String>) -> Result<Draft, StoreError> {
        check_version(stored.v, 2)?;
        Ok(Draft {
            mode: word(&stored.mode, Mode::parse)?,
            acknowledge: words(&stored.acknowledge, Warning::parse)?,
            province: stored.province,
            calendar: optional_word(stored.calendar.as_ref(), Calendar::parse)?,
            source: stored.source.into(),
            rows: stored.rows.into_iter().map(DraftRow::try_from).collect::<Result<_, _>>()?,
            layout: stored.layout.map(Layout::try_from).transpose()?,
            faults: Vec::new(),
        })
    }
}

fn codes(warnings: &[Warning]) -> Vec<String> {
    warnings.iter().map(|warning| warning.as_str().to_owned()).collect()
}

impl From<&DraftRow> for StoredRow<String> {
    fn from(row: &DraftRow) -> StoredRow<String> {
        let DraftRow {
            position,
            row_ref,
            province,
            indicator,
            name,
            unit,
            suspicious,
            hidden,
            shown,
            breakdown: of,
            period,
            calendar,
            says,
            locator,
            wording,
            reason,
            reason_given,
            force,
            acknowledge,
            claims,
        } = row;
        let claim = |ClaimChange { kind, value }: &ClaimChange| StoredClaim { kind: kind.as_str().to_owned(), value: *value };
        StoredRow {
            position: *position,
            row_ref: row_ref.clone(),
            province: province.clone(),
            indicator: indicator.clone(),
            name: name.clone(),
            unit: unit.clone(),
            suspicious: suspicious.as_ref().map(StoredMessage::from),
            hidden: *hidden,
            shown: shown.iter().map(|(field, shown)| (field.clone(), StoredShown::from(shown))).collect(),
            breakdown: of.as_ref().map(breakdown),
            period: period.map(|period| period.to_string()),
            calendar: calendar.map(|calendar| calendar.as_str().to_owned()),
            says: says.as_ref().map(StoredContent::from),
            locator: locator.clone(),
            wording: wording.clone(),
            reason: reason.clone(),
            reason_given: *reason_given,
            force: *force,
            acknowledge: codes(acknowledge),
            claims: claims.iter().map(claim).collect(),
        }
    }
}

impl TryFrom<StoredRow<String>> for DraftRow {
    type Error = StoreError;

    fn try_from(stored: StoredRow<String>) -> Result<DraftRow, StoreError> {
        let claim =
            |StoredClaim { kind, value }: StoredClaim| Ok::<_, StoreError>(ClaimChange { kind: word(&kind, ClaimKind::parse)?, value });
        Ok(DraftRow {
            position: stored.position,
            row_ref: stored.row_ref,
            province: stored.province,
            indicator: stored.indicator,
            name: stored.name,
            unit: stored.unit,
            suspicious: stored.suspicious.map(Message::from),
            hidden: stored.hidden,
            shown: stored.shown.into_iter().map(|(field, shown)| (field, shown.into())).collect(),
            breakdown: stored.breakdown.map(into_breakdown).transpose()?,
            period: optional_word(stored.period.as_ref(), PeriodCode::parse)?,
            calendar: optional_word(stored.calendar.as_ref(), Calendar::parse)?,
            says: stored.says.map(RowContent::try_from).transpose()?,
            locator: stored.locator,
            wording: stored.wording,
            reason: stored.reason,
            reason_given: stored.reason_given,
            force: stored.force,
            acknowledge: words(&stored.acknowledge, Warning::parse)?,
            claims: stored.claims.into_iter().map(claim).collect::<Result<_, _>>()?,
        })
    }
}

impl From<&Shown> for StoredShown {
    fn from(Shown { number, unit }: &Shown) -> StoredShown {
        StoredShown { number: number.clone(), unit: unit.clone() }
    }
}

impl From<StoredShown> for Shown {
    fn from(StoredShown { number, unit }: StoredShown) -> Shown {
        Shown { number, unit }
    }
}

impl From<&RowContent> for StoredContent {
    fn from(says: &RowContent) -> StoredContent {
        match says {
            RowContent::Figure(figure) => {
                let SentFigure { value, low, high, numerator, denominator, unit_mult, status, bound, as_of } = *figure;
                let (status, bound) = (status.as_str().to_owned(), bound.as_str().to_owned());
                StoredContent::Figure(StoredFigure { value, low, high, numerator, denominator, unit_mult, status, bound, as_of })
            }
            RowContent::Nil => StoredContent::Nil,
            RowContent::Withdraw => StoredContent::Withdraw,
        }
    }
}

impl TryFrom<StoredContent> for RowContent {
    type Error = StoreError;

    fn try_from(stored: StoredContent) -> Result<RowContent, StoreError> {
        Ok(match stored {
            StoredContent::Figure(StoredFigure { value, low, high, numerator, denominator, unit_mult, status, bound, as_of }) => {
                let (status, bound) = (word(&status, Status::parse)?, word(&bound, Bound::parse)?);
                RowContent::Figure(SentFigure { value, low, high, numerator, denominator, unit_mult, status, bound, as_of })
            }
            StoredContent::Nil => RowContent::Nil,
            StoredContent::Withdraw => RowContent::Withdraw,
        })
    }
}

impl From<&Layout> for StoredLayout {
    fn from(layout: &Layout) -> StoredLayout {
        match layout {
            Layout::Table(Table { rows, columns, of_all, left_out: _ }) => StoredLayout {
                rows: Some(rows.clone()),
                columns: Some(columns.clone()),
                of_all: Some(of_all.clone()),
                ..StoredLayout::default()
            },
            Layout::Lines { lines, own_province } => {
                StoredLayout { lines: Some(lines.clone()), own_province: Some(*own_province), ..StoredLayout::default() }
            }
        }
    }
}

impl TryFrom<StoredLayout> for Layout {
    type Error = StoreError;

    fn try_from(stored: StoredLayout) -> Result<Layout, StoreError> {
        match stored {
            StoredLayout { rows: Some(rows), columns: Some(columns), of_all, lines: None, own_province: None } => {
                Ok(Layout::Table(Table { rows, columns, of_all: of_all.unwrap_or_default(), left_out: Vec::new() }))
            }
            StoredLayout { rows: None, columns: None, of_all: None, lines: Some(lines), own_province: Some(own_province) } => {
                Ok(Layout::Lines { lines, own_province })
            }
            StoredLayout { .. } => Err(StoreError::Corrupt("a layout that is neither a table nor lines".into())),
        }
    }
}

impl StoredDraft<PeriodV0> {
    /// The same with periods as codes.
    fn with_codes(self) -> StoredDraft<String> {
        let StoredDraft { v, mode, acknowledge, province, calendar, source, rows, layout } = self;
        let rows = rows.into_iter().map(StoredRow::with_code).collect();
        StoredDraft { v, mode, acknowledge, province, calendar, source, rows, layout }
    }
}

impl StoredRow<PeriodV0> {
    fn with_code(self) -> StoredRow<String> {
        StoredRow {
            position: self.position,
            row_ref: self.row_ref,
            province: self.province,
            indicator: self.indicator,
            name: self.name,
            unit: self.unit,
            suspicious: self.suspicious,
            hidden: self.hidden,
            shown: self.shown,
            breakdown: self.breakdown,
            period: self.period.map(PeriodV0::code),
            calendar: self.calendar,
            says: self.says,
            locator: self.locator,
            wording: self.wording,
            reason: self.reason,
            reason_given: self.reason_given,
            force: self.force,
            acknowledge: self.acknowledge,
            claims: self.claims,
        }
    }
}

impl PeriodV0 {
    fn code(self) -> String {
        match self {
            PeriodV0::Named(year, NameV0::Month(month)) => format!("{year}-{month:02}"),
            PeriodV0::Named(year, NameV0::Quarter(quarter)) => format!("{year}-Q{quarter}"),
            PeriodV0::Named(year, NameV0::Half(half)) => format!("{year}-H{half}"),
            PeriodV0::Named(year, NameV0::NineMonths) => format!("{year}-9M"),
            PeriodV0::Named(year, NameV0::Year) => format!("{year}"),
            PeriodV0::Named(year, NameV0::ToDate(month)) => format!("{year}-{month:02}-YTD"),
            PeriodV0::Days(start, end) => format!("{start}/{end}"),
        }
    }
}
