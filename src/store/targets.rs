//! The `targets` table: every revision of every target. A replaced revision says since when.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::conn::{Conn, StoreError};
use super::schema::{series, targets};
use super::series::{KeyColumns, find_or_create, key};
use super::values::{from_json, optional_decimal, period, stamp, to_json, word};
use crate::domain::catalogue::source::Source;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::Interval;
use crate::domain::target::condition::{Baseline, Milestone, Phasing, TargetCondition, TargetKind, TargetTerms};
use crate::domain::target::target::Target;
use crate::domain::time::period::{Calendar, Period};

/// Which targets are wanted.
#[derive(Debug, Clone)]
pub struct TargetFilter {
    /// Keys of provinces; all when empty.
    pub provinces: Vec<String>,
    /// Codes of indicators.
    pub indicators: Vec<String>,
    /// Whether those that were withdrawn are wanted as well.
    pub with_withdrawn: bool,
    /// As they stood at this instant; as they stand now when absent.
    pub as_of: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = targets)]
struct Row {
    id: String,
    revision: i32,
    calendar: String,
    start_on: NaiveDate,
    end_on: NaiveDate,
    kind: Option<String>,
    digits: Option<i64>,
    decimals: Option<i32>,
    source_title: Option<String>,
    source_number: Option<String>,
    source_date: Option<NaiveDate>,
    high_digits: Option<i64>,
    high_decimals: Option<i32>,
    way: Option<String>,
    reason: Option<String>,
    recorded_at: NaiveDateTime,
}

/// By which way a target is to be reached, as its column keeps it: nothing for an even one without a baseline. Periods are written
/// as people write them, in the calendar of the target.
#[derive(Serialize, Deserialize)]
struct Way {
    baseline: Option<(String, Decimal)>,
    phasing: Phasing,
    milestones: Vec<(String, Decimal)>,
    each_province: bool,
}

impl Way {
    fn of(terms: &TargetTerms) -> Option<Way> {
        (*terms != TargetTerms::plain(terms.condition)).then(|| Way {
            baseline: terms.baseline.map(|baseline| (baseline.period.to_string(), baseline.value)),
            phasing: terms.phasing,
            milestones: terms.milestones.iter().map(|milestone| (milestone.by.to_string(), milestone.value)).collect(),
            each_province: terms.each_province,
        })
    }

    fn to(self, condition: TargetCondition, calendar: Calendar) -> Result<TargetTerms, StoreError> {
        let period = |text: &str| word(text, |text| Period::parse(text, calendar));
        let baseline = |(of, value): (String, Decimal)| Ok::<_, StoreError>(Baseline { period: period(&of)?, value });
        let milestone = |(by, value): (String, Decimal)| Ok::<_, StoreError>(Milestone { by: period(&by)?, value });
        let Way { phasing, each_province, .. } = self;
        let baseline = self.baseline.map(baseline).transpose()?;
        let milestones = self.milestones.into_iter().map(milestone).collect::<Result<_, _>>()?;
        Ok(TargetTerms { condition, baseline, phasing, milestones, each_province })
    }
}

impl Row {
    fn condition(&self) -> Result<Option<TargetCondition>, StoreError> {
        let number = optional_decimal(self.digits, self.decimals)?;
        let high = optional_decimal(self.high_digits, self.high_decimals)?;
        let (Some(value), Some(kind)) = (number, &self.kind) else { return Ok(None) };
        Ok(Some(match word(kind, TargetKind::parse)? {
            TargetKind::AtLeast => TargetCondition::AtLeast(value),
            TargetKind::AtMost => TargetCondition::AtMost(value),
            TargetKind::Exactly => TargetCondition::Exactly(value),
            TargetKind::Band => {
                let high = high.ok_or_else(|| StoreError::Corrupt(format!("the band of target {} has no upper end", self.id)))?;
                TargetCondition::Band(Interval { low: value, high })
            }
        }))
    }

    fn into_target(self, of: KeyColumns) -> Result<Target, StoreError> {
        let calendar = word(&self.calendar, Calendar::parse)?;
        let way = self.way.as_deref().map(from_json::<Way>).transpose()?;
        let terms = |condition: TargetCondition| way.map_or_else(|| Ok(TargetTerms::plain(condition)), |way| way.to(condition, calendar));
        Ok(Target {
            series: key(of)?,
            period: period(&self.calendar, self.start_on, self.end_on)?,
            terms: self.condition()?.map(terms).transpose()?,
            source: Source { title: self.source_title, number: self.source_number, date: self.source_date },
            reason: self.reason,
            id: self.id,
            revision: self.revision,
            recorded_at: self.recorded_at.and_utc(),
        })
    }
}

/// The targets as they stand or stood, by province, indicator, breakdown and then period.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, wanted: &TargetFilter) -> Result<Vec<Target>, StoreError> {
    let mut query = targets::table
        .inner_join(series::table)
        .filter(series::indicator.eq_any(&wanted.indicators))
        .select((Row::as_select(), (series::province, series::indicator, series::breakdown)))
        .into_boxed();
    query = match wanted.as_of.map(stamp) {
        None => query.filter(targets::superseded_at.is_null()),
        Some(at) => query.filter(targets::recorded_at.le(at)).filter(targets::superseded_at.is_null().or(targets::superseded_at.gt(at))),
    };
    if !wanted.with_withdrawn {
        query = query.filter(targets::digits.is_not_null());
    }
    if !wanted.provinces.is_empty() {
        query = query.filter(series::province.eq_any(&wanted.provinces));
    }
    let rows: Vec<(Row, KeyColumns)> = query.load(conn)?;
    let mut found = rows.into_iter().map(|(row, of)| row.into_target(of)).collect::<Result<Vec<_>, _>>()?;
    // Sorted here: the two databases collate text differently.
    found.sort_by(|a, b| (&a.series, a.period).cmp(&(&b.series, b.period)));
    Ok(found)
}

/// How many targets stand of a province.
///
/// # Errors
/// Any failure of the database.
pub fn count(conn: &mut Conn, province: &str) -> Result<i64, StoreError> {
    let standing = targets::superseded_at.is_null().and(targets::digits.is_not_null());
    Ok(targets::table.inner_join(series::table).filter(series::province.eq(province)).filter(standing).count().get_result(conn)?)
}

/// Every revision of a target, oldest first; empty where there is none of that id.
///
/// # Errors
/// Any failure of the database.
pub fn history(conn: &mut Conn, id: &str) -> Result<Vec<Target>, StoreError> {
    let rows: Vec<(Row, KeyColumns)> = targets::table
        .inner_join(series::table)
        .filter(targets::id.eq(id))
        .order(targets::revision)
        .select((Row::as_select(), (series::province, series::indicator, series::breakdown)))
        .load(conn)?;
    rows.into_iter().map(|(row, of)| row.into_target(of)).collect()
}

/// Appends a revision of a target; the one it replaces stays, and says since when it is replaced.
///
/// # Errors
/// `StoreError::Conflict` when the revision it replaces is no longer the current one.
pub fn append(conn: &mut Conn, target: &Target, client: &str) -> Result<(), StoreError> {
    if target.revision > 1 {
        let replaced = diesel::update(targets::table)
            .filter(targets::id.eq(&target.id))
            .filter(targets::revision.eq(target.revision - 1))
            .filter(targets::superseded_at.is_null())
            .set(targets::superseded_at.eq(stamp(target.recorded_at)))
            .execute(conn)?;
        if replaced != 1 {
            return Err(StoreError::Conflict);
        }
    }
    let series_id = find_or_create(conn, &target.series)?;
    let condition = target.terms.as_ref().map(|terms| terms.condition);
    let number = condition.map(|condition| condition.ends().0.to_scaled());
    let high = condition.and_then(TargetCondition::band).map(|band| band.high.to_scaled());
    let way = target.terms.as_ref().and_then(Way::of);
    diesel::insert_into(targets::table)
        .values((
            targets::id.eq(&target.id),
            targets::revision.eq(target.revision),
            targets::series_id.eq(series_id),
            targets::calendar.eq(target.period.calendar().as_str()),
            targets::start_on.eq(target.period.start()),
            targets::end_on.eq(target.period.end()),
            targets::kind.eq(condition.map(|condition| condition.kind().as_str())),
            targets::digits.eq(number.map(|n| n.0)),
            targets::decimals.eq(number.map(|n| n.1)),
            targets::high_digits.eq(high.map(|n| n.0)),
            targets::high_decimals.eq(high.map(|n| n.1)),
            targets::way.eq(way.as_ref().map(to_json)),
            targets::source_title.eq(&target.source.title),
            targets::source_number.eq(&target.source.number),
            targets::source_date.eq(target.source.date),
            targets::reason.eq(&target.reason),
            targets::client.eq(client),
            targets::recorded_at.eq(stamp(target.recorded_at)),
        ))
        .execute(conn)?;
    Ok(())
}
