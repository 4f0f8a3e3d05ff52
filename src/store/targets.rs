//! The `targets` table: all revisions of all targets. A replaced revision has `superseded_at`.
//! The attainment is computed in `domain`.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::revisions::{current_at, supersede};
use super::schema::{series, targets};
use super::series::{KeyColumns, find_or_create, key};
use super::stored::target as stored;
use super::values::{optional_decimal, period, stamp, word};
use crate::domain::catalogue::source::Source;
use crate::domain::number::quantity::Interval;
use crate::domain::target::condition::{TargetCondition, TargetKind};
use crate::domain::target::target::Target;
use crate::domain::time::period::Calendar;

/// A query for targets.
#[derive(Debug, Clone)]
pub struct TargetFilter {
    /// Keys of provinces; empty: all.
    pub provinces: Vec<String>,
    /// Codes of indicators.
    pub indicators: Vec<String>,
    /// True to include withdrawn targets.
    pub with_withdrawn: bool,
    /// Read the data as stored at this instant; default: now.
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

impl Row {
    fn reach(&self) -> Result<Option<TargetCondition>, StoreError> {
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
        let goal = |reach: TargetCondition| stored::from_json(self.way.as_deref(), reach, calendar);
        Ok(Target {
            series: key(of)?,
            period: period(&self.calendar, self.start_on, self.end_on)?,
            terms: self.reach()?.map(goal).transpose()?,
            source: Source { title: self.source_title, number: self.source_number, date: self.source_date },
            reason: self.reason,
            id: self.id,
            revision: self.revision,
            recorded_at: self.recorded_at.and_utc(),
        })
    }
}

/// Lists targets, now or at an instant, by province, indicator, breakdown and period.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, wanted: &TargetFilter) -> Result<Vec<Target>, StoreError> {
    let mut query = targets::table
        .inner_join(series::table)
        .filter(series::indicator.eq_any(&wanted.indicators))
        .select((Row::as_select(), (series::province, series::indicator, series::breakdown)))
        .into_boxed();
    query = current_at!(query, targets, wanted.as_of);
    if !wanted.with_withdrawn {
        query = query.filter(targets::digits.is_not_null());
    }
    if !wanted.provinces.is_empty() {
        query = query.filter(series::province.eq_any(&wanted.provinces));
    }
    let rows: Vec<(Row, KeyColumns)> = query.load(conn)?;
    let mut found = rows.into_iter().map(|(row, of)| row.into_target(of)).collect::<Result<Vec<_>, _>>()?;
    // Sort here: SQLite and PostgreSQL collate text differently.
    found.sort_by(|a, b| (&a.series, a.period).cmp(&(&b.series, b.period)));
    Ok(found)
}

/// The number of current targets of a province.
///
/// # Errors
/// Any failure of the database.
pub fn count(conn: &mut Conn, province: &str) -> Result<i64, StoreError> {
    let standing = targets::superseded_at.is_null().and(targets::digits.is_not_null());
    Ok(targets::table.inner_join(series::table).filter(series::province.eq(province)).filter(standing).count().get_result(conn)?)
}

/// All revisions of these targets, by id.
///
/// # Errors
/// Any failure of the database.
pub fn histories(conn: &mut Conn, ids: &[String]) -> Result<HashMap<String, Vec<Target>>, StoreError> {
    let mut found: HashMap<String, Vec<Target>> = HashMap::new();
    // SQLite binds at most 32,766 values to a statement.
    for some in ids.chunks(10_000) {
        let rows: Vec<(Row, KeyColumns)> = targets::table
            .inner_join(series::table)
            .filter(targets::id.eq_any(some))
            .select((Row::as_select(), (series::province, series::indicator, series::breakdown)))
            .load(conn)?;
        for (row, of) in rows {
            found.entry(row.id.clone()).or_default().push(row.into_target(of)?);
        }
    }
    Ok(found)
}

/// All revisions of a target, oldest first; empty for an unknown id.
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

/// Appends a revision of a target. The revision before it stays and gets `superseded_at`.
///
/// # Errors
/// `StoreError::Conflict` if the revision before it is no longer current.
pub fn append(conn: &mut Conn, target: &Target, client: &str) -> Result<(), StoreError> {
    supersede!(conn, targets, &target.id, target.revision, target.recorded_at);
    let series_id = find_or_create(conn, &target.series)?;
    let reach = target.terms.as_ref().map(|terms| terms.condition);
    let number = reach.map(|reach| reach.ends().0.to_scaled());
    let high = reach.and_then(TargetCondition::band).map(|band| band.high.to_scaled());
    diesel::insert_into(targets::table)
        .values((
            targets::id.eq(&target.id),
            targets::revision.eq(target.revision),
            targets::series_id.eq(series_id),
            targets::calendar.eq(target.period.calendar().as_str()),
            targets::start_on.eq(target.period.start()),
            targets::end_on.eq(target.period.end()),
            targets::kind.eq(reach.map(|reach| reach.kind().as_str())),
            targets::digits.eq(number.map(|n| n.0)),
            targets::decimals.eq(number.map(|n| n.1)),
            targets::high_digits.eq(high.map(|n| n.0)),
            targets::high_decimals.eq(high.map(|n| n.1)),
            targets::way.eq(target.terms.as_ref().and_then(stored::to_json)),
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
