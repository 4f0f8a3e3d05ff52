//! The `observations` table: every revision of every figure. Nothing is overwritten; a replaced revision says since when.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::conn::{Conn, Failure};
use super::schema::{observations, series, submissions};
use super::series::{KeyColumns, find_or_create, key};
use super::values::{decimal, optional_decimal, period, stamp, word};
use crate::domain::decimal::Decimal;
use crate::domain::figure::{Bound, Figure, Status};
use crate::domain::observation::{Observation, Source};
use crate::domain::period::{Calendar, Period};
use crate::domain::series::SeriesKey;

/// Which breakdowns are wanted.
#[derive(Debug, Clone)]
pub enum Breakdowns {
    /// These, as [`crate::domain::breakdown::Breakdown`] prints them; the total is the empty text.
    Only(Vec<String>),
    /// Totals and all parts.
    All,
}

/// Which figures are wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Keys of provinces.
    pub provinces: Vec<String>,
    /// Codes of indicators.
    pub indicators: Vec<String>,
    /// Breakdowns.
    pub breakdowns: Breakdowns,
    /// The calendar.
    pub calendar: Calendar,
    /// The last days of the wanted periods, when only these are wanted.
    pub ending_on: Option<Vec<NaiveDate>>,
    /// The first day that a wanted period may begin on.
    pub from: Option<NaiveDate>,
    /// The last day that a wanted period may end on.
    pub to: Option<NaiveDate>,
    /// As they stood at this instant; as they stand now when absent.
    pub as_of: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = observations)]
struct Row {
    id: String,
    revision: i32,
    calendar: String,
    start_on: NaiveDate,
    end_on: NaiveDate,
    digits: i64,
    decimals: i32,
    numerator_digits: Option<i64>,
    numerator_decimals: Option<i32>,
    denominator_digits: Option<i64>,
    denominator_decimals: Option<i32>,
    status: String,
    bound: String,
    definition_version: i32,
    locator: Option<String>,
    recorded_at: NaiveDateTime,
}

type SourceColumns = (Option<String>, Option<String>, Option<NaiveDate>);

impl Row {
    fn into_observation(self, of: KeyColumns, (title, number, date): SourceColumns) -> Result<Observation, Failure> {
        Ok(Observation {
            series: key(of)?,
            period: period(&self.calendar, self.start_on, self.end_on)?,
            figure: Figure {
                value: decimal(self.digits, self.decimals)?,
                numerator: optional_decimal(self.numerator_digits, self.numerator_decimals)?,
                denominator: optional_decimal(self.denominator_digits, self.denominator_decimals)?,
                status: word(&self.status, Status::parse)?,
                bound: word(&self.bound, Bound::parse)?,
            },
            id: self.id,
            revision: self.revision,
            definition_version: self.definition_version,
            locator: self.locator,
            source: Source { title, number, date },
            recorded_at: self.recorded_at.and_utc(),
        })
    }
}

/// The figures as they stand or stood, by province, indicator, breakdown and then period.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Observation>, Failure> {
    let mut query = observations::table
        .inner_join(series::table)
        .inner_join(submissions::table)
        .filter(series::province.eq_any(&wanted.provinces))
        .filter(series::indicator.eq_any(&wanted.indicators))
        .filter(observations::calendar.eq(wanted.calendar.as_str()))
        .select((
            Row::as_select(),
            (series::province, series::indicator, series::breakdown),
            (submissions::source_title, submissions::source_number, submissions::source_date),
        ))
        .into_boxed();
    query = match wanted.as_of.map(stamp) {
        None => query.filter(observations::superseded_at.is_null()),
        Some(at) => query
            .filter(observations::recorded_at.le(at))
            .filter(observations::superseded_at.is_null().or(observations::superseded_at.gt(at))),
    };
    if let Breakdowns::Only(breakdowns) = &wanted.breakdowns {
        query = query.filter(series::breakdown.eq_any(breakdowns));
    }
    if let Some(ends) = &wanted.ending_on {
        query = query.filter(observations::end_on.eq_any(ends));
    }
    if let Some(from) = wanted.from {
        query = query.filter(observations::start_on.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(observations::end_on.le(to));
    }
    let rows: Vec<(Row, KeyColumns, SourceColumns)> = query.load(conn)?;
    let mut found = rows.into_iter().map(|(row, of, source)| row.into_observation(of, source)).collect::<Result<Vec<_>, _>>()?;
    // Sorted here: the two databases collate text differently.
    found.sort_by(|a, b| (&a.series, a.period).cmp(&(&b.series, b.period)));
    Ok(found)
}

/// A revision to append.
pub struct NewRevision<'r> {
    /// The id of the observation: a new one, or that of the revision it replaces.
    pub id: &'r str,
    /// One more than the revision it replaces; 1 for the first.
    pub revision: i32,
    /// The series.
    pub series: &'r SeriesKey,
    /// The period.
    pub period: Period,
    /// The figure.
    pub figure: &'r Figure,
    /// The version of the definition it was held against.
    pub definition_version: i32,
    /// Where in the source it stands.
    pub locator: Option<&'r str>,
    /// The submission that brought it.
    pub submission: &'r str,
    /// When.
    pub at: DateTime<Utc>,
}

/// Appends a revision; the one it replaces stays, and says since when it is replaced.
///
/// # Errors
/// `Failure::Conflict` when the revision it replaces is no longer the current one.
pub fn append(conn: &mut Conn, new: &NewRevision<'_>) -> Result<(), Failure> {
    if new.revision > 1 {
        let replaced = diesel::update(observations::table)
            .filter(observations::id.eq(new.id))
            .filter(observations::revision.eq(new.revision - 1))
            .filter(observations::superseded_at.is_null())
            .set(observations::superseded_at.eq(stamp(new.at)))
            .execute(conn)?;
        if replaced != 1 {
            return Err(Failure::Conflict);
        }
    }
    let series_id = find_or_create(conn, new.series)?;
    let (digits, decimals) = new.figure.value.to_scaled();
    let numerator = new.figure.numerator.map(Decimal::to_scaled);
    let denominator = new.figure.denominator.map(Decimal::to_scaled);
    diesel::insert_into(observations::table)
        .values((
            (
                observations::id.eq(new.id),
                observations::revision.eq(new.revision),
                observations::series_id.eq(series_id),
                observations::calendar.eq(new.period.calendar().as_str()),
                observations::start_on.eq(new.period.start()),
                observations::end_on.eq(new.period.end()),
            ),
            (
                observations::digits.eq(digits),
                observations::decimals.eq(decimals),
                observations::numerator_digits.eq(numerator.map(|n| n.0)),
                observations::numerator_decimals.eq(numerator.map(|n| n.1)),
                observations::denominator_digits.eq(denominator.map(|d| d.0)),
                observations::denominator_decimals.eq(denominator.map(|d| d.1)),
            ),
            (
                observations::status.eq(new.figure.status.as_str()),
                observations::bound.eq(new.figure.bound.as_str()),
                observations::definition_version.eq(new.definition_version),
                observations::locator.eq(new.locator),
                observations::submission.eq(new.submission),
                observations::recorded_at.eq(stamp(new.at)),
            ),
        ))
        .execute(conn)?;
    Ok(())
}
