//! The `claims` table: comparisons as printed in reports, each with its observation.
//! The verdict is not stored: it is computed from the stored figures.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::revisions::current_at;
use super::schema::{claims, observations, series, submissions};
use super::series::{KeyColumns, key};
use super::values::{decimal, optional_decimal, period, stamp, word};
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::source::Source;
use crate::domain::comparison::claim::{Claim, ClaimKind, ClaimRevision, Claimed};
use crate::domain::number::decimal::Decimal;
use crate::domain::submission::draft::ClaimChange;
use crate::domain::submission::reverts::PastClaim;
use crate::domain::time::period::{Calendar, Period};

/// Title, number and date of a document.
type SourceColumns = (Option<String>, Option<String>, Option<NaiveDate>);

/// The columns of a current claim.
type CurrentClaim = (String, String, i64, i32, NaiveDateTime);

/// The claims about these observations, now or at an instant, by observation and kind.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, observations: &[String], as_of: Option<DateTime<Utc>>) -> Result<HashMap<String, Vec<Claimed>>, StoreError> {
    let mut rows: Vec<CurrentClaim> = Vec::new();
    // SQLite binds at most 32,766 values to a statement.
    for some in observations.chunks(10_000) {
        let query = claims::table
            .filter(claims::observation.eq_any(some))
            .filter(claims::digits.is_not_null())
            .order((claims::observation, claims::kind))
            .select((
                claims::observation,
                claims::kind,
                claims::digits.assume_not_null(),
                claims::decimals.assume_not_null(),
                claims::recorded_at,
            ))
            .into_boxed();
        rows.extend(current_at!(query, claims, as_of).load::<CurrentClaim>(conn)?);
    }
    let mut found: HashMap<String, Vec<Claimed>> = HashMap::new();
    for (observation, kind, digits, decimals, recorded_at) in rows {
        let claim = Claim { kind: word(&kind, ClaimKind::parse)?, value: decimal(digits, decimals)? };
        found.entry(observation).or_default().push(Claimed { claim, recorded_at: recorded_at.and_utc() });
    }
    Ok(found)
}

/// A query for claims.
#[derive(Debug, Clone)]
pub struct ClaimFilter {
    /// Keys of provinces; empty: all.
    pub provinces: Vec<String>,
    /// Codes of indicators.
    pub indicators: Vec<String>,
    /// The kind of claim.
    pub kind: Option<ClaimKind>,
    /// The calendar of the figures.
    pub calendar: Option<Calendar>,
    /// The periods of the figures, one per calendar; empty: all.
    pub periods: Vec<Period>,
    /// Read the data as stored at this instant; default: now.
    pub as_of: Option<DateTime<Utc>>,
    /// The last observation and kind of the page before.
    pub after: Option<(String, ClaimKind)>,
    /// The page size.
    pub limit: i64,
}

/// A current claim and its figure.
#[derive(Debug)]
pub struct Listed {
    /// The id of the observation.
    pub observation: String,
    /// The kind of claim.
    pub kind: ClaimKind,
    /// The series.
    pub series: SeriesKey,
    /// The period.
    pub period: Period,
}

type ListedColumns = ((String, String), KeyColumns, (String, NaiveDate, NaiveDate));

/// One page of claims, now or at an instant, by observation and kind: in the order of the first recording of their figures.
///
/// # Errors
/// Any failure of the database.
pub fn page(conn: &mut Conn, wanted: &ClaimFilter) -> Result<Vec<Listed>, StoreError> {
    // All revisions of a figure have the same series and period, so join the first one.
    let first = observations::id.eq(claims::observation).and(observations::revision.eq(1));
    let mut query = claims::table
        .inner_join(observations::table.on(first))
        .inner_join(series::table.on(series::id.eq(observations::series_id)))
        .filter(claims::digits.is_not_null())
        .filter(series::indicator.eq_any(&wanted.indicators))
        .order((claims::observation, claims::kind))
        .limit(wanted.limit)
        .select((
            (claims::observation, claims::kind),
            (series::province, series::indicator, series::breakdown),
            (observations::calendar, observations::start_on, observations::end_on),
        ))
        .into_boxed();
    query = current_at!(query, claims, wanted.as_of);
    if !wanted.provinces.is_empty() {
        query = query.filter(series::province.eq_any(&wanted.provinces));
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(claims::kind.eq(kind.as_str()));
    }
    if let Some(calendar) = wanted.calendar {
        query = query.filter(observations::calendar.eq(calendar.as_str()));
    }
    let is = |period: &Period| {
        let days = observations::start_on.eq(period.start()).and(observations::end_on.eq(period.end()));
        observations::calendar.eq(period.calendar().as_str()).and(days)
    };
    query = match &wanted.periods[..] {
        [] => query,
        [period] => query.filter(is(period)),
        [one, other, ..] => query.filter(is(one).or(is(other))),
    };
    if let Some((observation, kind)) = &wanted.after {
        let same = claims::observation.eq(observation).and(claims::kind.gt(kind.as_str()));
        query = query.filter(claims::observation.gt(observation).or(same));
    }
    let rows: Vec<ListedColumns> = query.load(conn)?;
    let listed = |((observation, kind), of, (calendar, start, end)): ListedColumns| {
        Ok(Listed { observation, kind: word(&kind, ClaimKind::parse)?, series: key(of)?, period: period(&calendar, start, end)? })
    };
    rows.into_iter().map(listed).collect()
}

/// The current revisions of the claims about these observations, by observation. A withdrawn claim has no value.
///
/// # Errors
/// Any failure of the database.
pub fn standing(conn: &mut Conn, observations: &[String]) -> Result<HashMap<String, Vec<ClaimChange>>, StoreError> {
    let mut found: HashMap<String, Vec<ClaimChange>> = HashMap::new();
    for some in observations.chunks(10_000) {
        let rows: Vec<(String, String, Option<i64>, Option<i32>)> = claims::table
            .filter(claims::observation.eq_any(some))
            .filter(claims::superseded_at.is_null())
            .order((claims::observation, claims::kind))
            .select((claims::observation, claims::kind, claims::digits, claims::decimals))
            .load(conn)?;
        for (observation, kind, digits, decimals) in rows {
            let claim = ClaimChange { kind: word(&kind, ClaimKind::parse)?, value: optional_decimal(digits, decimals)? };
            found.entry(observation).or_default().push(claim);
        }
    }
    Ok(found)
}

/// All revisions of the claims about these observations, each with its document, by observation.
///
/// # Errors
/// Any failure of the database.
pub fn histories(conn: &mut Conn, observations: &[String]) -> Result<HashMap<String, Vec<PastClaim>>, StoreError> {
    type PastColumns = (String, String, Option<i64>, Option<i32>, NaiveDateTime, Option<NaiveDateTime>);
    let mut found: HashMap<String, Vec<PastClaim>> = HashMap::new();
    for some in observations.chunks(10_000) {
        let rows: Vec<(PastColumns, SourceColumns)> = claims::table
            .inner_join(submissions::table.on(submissions::id.eq(claims::submission)))
            .filter(claims::observation.eq_any(some))
            .select((
                (claims::observation, claims::kind, claims::digits, claims::decimals, claims::recorded_at, claims::superseded_at),
                (submissions::source_title, submissions::source_number, submissions::source_date),
            ))
            .load(conn)?;
        for ((observation, kind, digits, decimals, recorded_at, superseded_at), (title, number, date)) in rows {
            let (kind, value) = (word(&kind, ClaimKind::parse)?, optional_decimal(digits, decimals)?);
            let (current, recorded_at) = (superseded_at.is_none(), recorded_at.and_utc());
            let claim = PastClaim { kind, value, current, recorded_at, source: Source { title, number, date } };
            found.entry(observation).or_default().push(claim);
        }
    }
    Ok(found)
}

/// All revisions of the claims about an observation, by kind, oldest first.
///
/// # Errors
/// Any failure of the database.
pub fn history(conn: &mut Conn, observation: &str) -> Result<Vec<ClaimRevision>, StoreError> {
    let rows: Vec<Row> = claims::table
        .filter(claims::observation.eq(observation))
        .order((claims::kind, claims::revision))
        .select(Row::as_select())
        .load(conn)?;
    let revision = |row: Row| {
        Ok(ClaimRevision {
            kind: word(&row.kind, ClaimKind::parse)?,
            revision: row.revision,
            value: optional_decimal(row.digits, row.decimals)?,
            reason: row.reason,
            submission: row.submission,
            recorded_at: row.recorded_at.and_utc(),
            superseded_at: row.superseded_at.map(|at| at.and_utc()),
        })
    };
    rows.into_iter().map(revision).collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = claims)]
struct Row {
    kind: String,
    revision: i32,
    digits: Option<i64>,
    decimals: Option<i32>,
    reason: Option<String>,
    submission: String,
    recorded_at: NaiveDateTime,
    superseded_at: Option<NaiveDateTime>,
}

/// A new revision of a claim.
pub struct NewRevision<'r> {
    /// The id of the observation.
    pub observation: &'r str,
    /// The kind of claim.
    pub kind: ClaimKind,
    /// The printed number; `None` withdraws the claim.
    pub value: Option<Decimal>,
    /// The stated reason, if any.
    pub reason: Option<&'r str>,
    /// Start of the present revision of the figure. The same number printed beside another revision is a new claim.
    pub figure_since: DateTime<Utc>,
    /// The submission with the claim.
    pub submission: &'r str,
    /// Time of recording.
    pub at: DateTime<Utc>,
}

/// Records a claim as the current one of its kind. It does nothing if the same claim is current; otherwise the revision before it stays and
/// gets `superseded_at`.
///
/// # Errors
/// Any failure of the database.
pub fn append(conn: &mut Conn, new: &NewRevision<'_>) -> Result<(), StoreError> {
    let number = new.value.map(Decimal::to_scaled);
    let (digits, decimals) = (number.map(|n| n.0), number.map(|n| n.1));
    let of_kind = claims::table.filter(claims::observation.eq(new.observation)).filter(claims::kind.eq(new.kind.as_str()));
    let columns = (claims::digits, claims::decimals, claims::recorded_at);
    let current: Option<(Option<i64>, Option<i32>, NaiveDateTime)> =
        of_kind.filter(claims::superseded_at.is_null()).select(columns).first(conn).optional()?;
    let said = |(known_digits, known_decimals, at): (Option<i64>, Option<i32>, NaiveDateTime)| {
        let of_this_figure = new.value.is_none() || at >= stamp(new.figure_since);
        (known_digits, known_decimals) == (digits, decimals) && of_this_figure
    };
    if current.is_some_and(said) {
        return Ok(());
    }
    diesel::update(claims::table)
        .filter(claims::observation.eq(new.observation))
        .filter(claims::kind.eq(new.kind.as_str()))
        .filter(claims::superseded_at.is_null())
        .set(claims::superseded_at.eq(stamp(new.at)))
        .execute(conn)?;
    let last: Option<i32> = of_kind.select(max(claims::revision)).first(conn)?;
    diesel::insert_into(claims::table)
        .values((
            claims::observation.eq(new.observation),
            claims::revision.eq(last.unwrap_or(0) + 1),
            claims::kind.eq(new.kind.as_str()),
            claims::digits.eq(digits),
            claims::decimals.eq(decimals),
            claims::reason.eq(new.reason),
            claims::submission.eq(new.submission),
            claims::recorded_at.eq(stamp(new.at)),
        ))
        .execute(conn)?;
    Ok(())
}
