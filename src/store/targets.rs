//! The `targets` table: every revision of every target. A replaced revision says since when.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::conn::{Conn, Failure};
use super::schema::{series, targets};
use super::series::{KeyColumns, find_or_create, key};
use super::values::{optional_decimal, period, stamp, word};
use crate::domain::observation::Source;
use crate::domain::target::{Goal, Target, TargetKind};

/// Which targets are wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
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
    reason: Option<String>,
    recorded_at: NaiveDateTime,
}

impl Row {
    fn into_target(self, of: KeyColumns) -> Result<Target, Failure> {
        Ok(Target {
            series: key(of)?,
            period: period(&self.calendar, self.start_on, self.end_on)?,
            goal: match (optional_decimal(self.digits, self.decimals)?, self.kind) {
                (Some(value), Some(kind)) => Some(Goal { value, kind: word(&kind, TargetKind::parse)? }),
                _ => None,
            },
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
pub fn list(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Target>, Failure> {
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

/// Every revision of a target, oldest first; empty where there is none of that id.
///
/// # Errors
/// Any failure of the database.
pub fn history(conn: &mut Conn, id: &str) -> Result<Vec<Target>, Failure> {
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
/// `Failure::Conflict` when the revision it replaces is no longer the current one.
pub fn append(conn: &mut Conn, target: &Target, client: &str) -> Result<(), Failure> {
    if target.revision > 1 {
        let replaced = diesel::update(targets::table)
            .filter(targets::id.eq(&target.id))
            .filter(targets::revision.eq(target.revision - 1))
            .filter(targets::superseded_at.is_null())
            .set(targets::superseded_at.eq(stamp(target.recorded_at)))
            .execute(conn)?;
        if replaced != 1 {
            return Err(Failure::Conflict);
        }
    }
    let series_id = find_or_create(conn, &target.series)?;
    let number = target.goal.map(|goal| goal.value.to_scaled());
    diesel::insert_into(targets::table)
        .values((
            targets::id.eq(&target.id),
            targets::revision.eq(target.revision),
            targets::series_id.eq(series_id),
            targets::calendar.eq(target.period.calendar().as_str()),
            targets::start_on.eq(target.period.start()),
            targets::end_on.eq(target.period.end()),
            targets::kind.eq(target.goal.map(|goal| goal.kind.as_str())),
            targets::digits.eq(number.map(|n| n.0)),
            targets::decimals.eq(number.map(|n| n.1)),
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
