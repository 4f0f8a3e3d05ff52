//! The `observations` table: all revisions of all figures. Nothing is overwritten; a replaced revision has `superseded_at`.
//! Derived figures are computed in `domain` and never stored.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::revisions::{current_at, supersede};
use super::schema::{confirmations, observations, series, submissions};
use super::series::{KeyColumns, find_or_create, key};
use super::values::{optional_decimal, period, stamp, word};
use crate::domain::catalogue::province::Province;
use crate::domain::catalogue::source::Source;
use crate::domain::number::decimal::Decimal;
use crate::domain::number::quantity::{Bound, Quantity};
use crate::domain::observation::figure::{Figure, Status};
use crate::domain::observation::observation::{Citation, Content, Observation, Recorded};
use crate::domain::reporting::completeness::{ReportedContent, SubmissionHistory};

/// The breakdowns to read.
#[derive(Debug, Clone)]
pub enum Breakdowns {
    /// The listed ones, in the text form of [`crate::domain::catalogue::breakdown::Breakdown`]; the total is the empty text.
    Only(Vec<String>),
    /// Totals and all breakdowns.
    All,
}

/// The revisions to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revisions {
    /// The current ones, without withdrawals.
    Current,
    /// The current ones, with withdrawals.
    Standing,
    /// The first ones.
    First,
    /// All revisions.
    All,
}

/// A query for figures.
#[derive(Debug, Clone)]
pub struct ObservationQuery {
    /// Keys of provinces.
    pub provinces: Vec<String>,
    /// Codes of indicators.
    pub indicators: Vec<String>,
    /// Breakdowns.
    pub breakdowns: Breakdowns,
    /// The revisions.
    pub revisions: Revisions,
    /// The earliest start of a period.
    pub from: Option<NaiveDate>,
    /// The latest end of a period.
    pub to: Option<NaiveDate>,
    /// Read the data as stored at this instant; default: now.
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
    content: String,
    digits: Option<i64>,
    decimals: Option<i32>,
    high_digits: Option<i64>,
    high_decimals: Option<i32>,
    printed_to: Option<i32>,
    numerator_digits: Option<i64>,
    numerator_decimals: Option<i32>,
    denominator_digits: Option<i64>,
    denominator_decimals: Option<i32>,
    status: Option<String>,
    bound: Option<String>,
    as_of: Option<NaiveDate>,
    definition_version: i32,
    locator: Option<String>,
    wording: Option<String>,
    reason: Option<String>,
    recorded_at: NaiveDateTime,
}

/// The values of the column `content`.
const FIGURE: &str = "figure";
const NIL: &str = "nil";
const WITHDRAWN: &str = "withdrawn";

type SourceColumns = (Option<String>, Option<String>, Option<NaiveDate>);

fn source((title, number, date): SourceColumns) -> Source {
    Source { title, number, date }
}

impl Row {
    fn content(&self) -> Result<Content, StoreError> {
        match self.content.as_str() {
            NIL => return Ok(Content::Nil),
            WITHDRAWN => return Ok(Content::Withdrawn),
            _ => {}
        }
        let missing = || StoreError::Corrupt(format!("the figure {} has no number, status or bound", self.id));
        let number = optional_decimal(self.digits, self.decimals)?.ok_or_else(missing)?;
        let bound = word(self.bound.as_deref().ok_or_else(missing)?, Bound::parse)?;
        let quantity = match optional_decimal(self.high_digits, self.high_decimals)? {
            Some(high) => Quantity::range(number, high),
            None => Quantity::number(number, bound),
        };
        Ok(Content::Figure(Figure {
            quantity: self.printed_to.map_or(quantity, |power| quantity.printed_to(power)),
            numerator: optional_decimal(self.numerator_digits, self.numerator_decimals)?,
            denominator: optional_decimal(self.denominator_digits, self.denominator_decimals)?,
            status: word(self.status.as_deref().ok_or_else(missing)?, Status::parse)?,
            as_of: self.as_of,
        }))
    }

    fn into_observation(self, of: KeyColumns, from: SourceColumns) -> Result<Observation, StoreError> {
        Ok(Observation {
            series: key(of)?,
            period: period(&self.calendar, self.start_on, self.end_on)?,
            content: self.content()?,
            id: self.id,
            revision: self.revision,
            definition_version: self.definition_version,
            citation: Citation { source: source(from), locator: self.locator, wording: self.wording },
            reason: self.reason,
            recorded_at: self.recorded_at.and_utc(),
        })
    }
}

/// Lists figures, now or at an instant, by province, indicator, breakdown, period and revision.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, wanted: &ObservationQuery) -> Result<Vec<Observation>, StoreError> {
    load(conn, wanted, None)
}

/// Like [`list`], for queries without a natural limit: `None` if the result has more rows than `most`.
///
/// # Errors
/// Any failure of the database.
pub fn list_at_most(conn: &mut Conn, wanted: &ObservationQuery, most: usize) -> Result<Option<Vec<Observation>>, StoreError> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let found = load(conn, wanted, Some(limit))?;
    Ok(Some(found).filter(|found| found.len() <= most))
}

fn load(conn: &mut Conn, wanted: &ObservationQuery, limit: Option<i64>) -> Result<Vec<Observation>, StoreError> {
    let mut query = observations::table
        .inner_join(series::table)
        .inner_join(submissions::table)
        .filter(series::province.eq_any(&wanted.provinces))
        .filter(series::indicator.eq_any(&wanted.indicators))
        .select((
            Row::as_select(),
            (series::province, series::indicator, series::breakdown),
            (submissions::source_title, submissions::source_number, submissions::source_date),
        ))
        .into_boxed();
    query = match wanted.revisions {
        Revisions::Current => query.filter(observations::content.ne(WITHDRAWN)),
        Revisions::First => query.filter(observations::revision.eq(1)),
        Revisions::Standing | Revisions::All => query,
    };
    if matches!(wanted.revisions, Revisions::Current | Revisions::Standing) {
        query = current_at!(query, observations, wanted.as_of);
    } else if let Some(at) = wanted.as_of {
        query = query.filter(observations::recorded_at.le(stamp(at)));
    }
    if let Breakdowns::Only(breakdowns) = &wanted.breakdowns {
        query = query.filter(series::breakdown.eq_any(breakdowns));
    }
    if let Some(from) = wanted.from {
        query = query.filter(observations::start_on.ge(from));
    }
    if let Some(to) = wanted.to {
        query = query.filter(observations::end_on.le(to));
    }
    if let Some(limit) = limit {
        query = query.limit(limit);
    }
    let rows: Vec<(Row, KeyColumns, SourceColumns)> = query.load(conn)?;
    let mut found = rows.into_iter().map(|(row, of, source)| row.into_observation(of, source)).collect::<Result<Vec<_>, _>>()?;
    // Sort here: SQLite and PostgreSQL collate text differently.
    found.sort_by(|a, b| (&a.series, a.period, a.revision).cmp(&(&b.series, b.period, b.revision)));
    Ok(found)
}

/// The revisions published for provinces and indicators in periods within some days, each with its submission time, but without values.
///
/// # Errors
/// Any failure of the database.
pub fn list_histories(
    conn: &mut Conn,
    provinces: &[String],
    indicators: &[String],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<SubmissionHistory>, StoreError> {
    type Words = (String, String, String, NaiveDate, NaiveDate, String);
    let rows: Vec<(KeyColumns, Words)> = observations::table
        .inner_join(series::table)
        .filter(series::province.eq_any(provinces))
        .filter(series::indicator.eq_any(indicators))
        .filter(observations::start_on.ge(from))
        .filter(observations::end_on.le(to))
        .order((observations::id, observations::revision))
        .select((
            (series::province, series::indicator, series::breakdown),
            (
                observations::id,
                observations::content,
                observations::calendar,
                observations::start_on,
                observations::end_on,
                observations::submission,
            ),
        ))
        .load(conn)?;
    let submissions: BTreeSet<&String> = rows.iter().map(|(_, (.., submission))| submission).collect();
    let handed_in = super::submissions::handed_in(conn, &submissions.into_iter().collect::<Vec<_>>())?;
    let mut found: Vec<(String, SubmissionHistory)> = Vec::new();
    for (of, (id, content, calendar, start, end, submission)) in rows {
        let said = match content.as_str() {
            NIL => ReportedContent::Nil,
            WITHDRAWN => ReportedContent::Withdrawn,
            _ => ReportedContent::Figure,
        };
        let missing = || StoreError::Corrupt(format!("the submission {submission} was never handed in"));
        let said = (said, *handed_in.get(&submission).ok_or_else(missing)?);
        match found.last_mut() {
            Some((last, told)) if *last == id => told.said.push(said),
            _ => found.push((id, SubmissionHistory { series: key(of)?, period: period(&calendar, start, end)?, said: vec![said] })),
        }
    }
    Ok(found.into_iter().map(|(_, told)| told).collect())
}

/// The number of a province's current figures in periods wholly outside its validity (any period if it has none), and the start of the
/// first period; `None` without figures.
///
/// # Errors
/// Any failure of the database.
pub fn outside(conn: &mut Conn, key: &str, time: Option<&Province>) -> Result<Option<(i64, NaiveDate)>, StoreError> {
    let mut query = observations::table
        .inner_join(series::table)
        .filter(series::province.eq(key))
        .filter(observations::superseded_at.is_null())
        .filter(observations::content.ne(WITHDRAWN))
        .select((count_star(), min(observations::start_on)))
        .into_boxed();
    if let Some(unit) = time {
        let too_early = observations::end_on.lt(unit.valid_from);
        query = match unit.valid_to {
            Some(last) => query.filter(too_early.or(observations::start_on.gt(last))),
            None => query.filter(too_early),
        };
    }
    let (count, first): (i64, Option<NaiveDate>) = query.first(conn)?;
    Ok(first.map(|first| (count, first)))
}

/// All revisions of these observations, oldest first, by id.
///
/// # Errors
/// Any failure of the database.
pub fn revisions(conn: &mut Conn, ids: &[String]) -> Result<HashMap<String, Vec<Observation>>, StoreError> {
    let mut found: HashMap<String, Vec<Observation>> = HashMap::new();
    // SQLite binds at most 32,766 values to a statement.
    for some in ids.chunks(10_000) {
        let rows: Vec<(Row, KeyColumns, SourceColumns)> = observations::table
            .inner_join(series::table)
            .inner_join(submissions::table)
            .filter(observations::id.eq_any(some))
            .order(observations::revision)
            .select((
                Row::as_select(),
                (series::province, series::indicator, series::breakdown),
                (submissions::source_title, submissions::source_number, submissions::source_date),
            ))
            .load(conn)?;
        for (row, of, source) in rows {
            found.entry(row.id.clone()).or_default().push(row.into_observation(of, source)?);
        }
    }
    Ok(found)
}

/// The date of the newest document that confirmed the current revision of each of these observations, by id.
///
/// # Errors
/// Any failure of the database.
pub fn confirmed_on(conn: &mut Conn, ids: &[String]) -> Result<HashMap<String, NaiveDate>, StoreError> {
    let mut found: HashMap<String, NaiveDate> = HashMap::new();
    for some in ids.chunks(10_000) {
        let of_current = observations::id.eq(confirmations::observation).and(observations::revision.eq(confirmations::revision));
        let rows: Vec<(String, Option<NaiveDate>)> = confirmations::table
            .inner_join(submissions::table)
            .inner_join(observations::table.on(of_current))
            .filter(confirmations::observation.eq_any(some))
            .filter(observations::superseded_at.is_null())
            .select((confirmations::observation, submissions::source_date))
            .load(conn)?;
        for (id, date) in rows {
            let Some(date) = date else { continue };
            let newest = found.entry(id).or_insert(date);
            *newest = date.max(*newest);
        }
    }
    Ok(found)
}

/// The history of an observation, oldest first; empty for an unknown id.
///
/// # Errors
/// Any failure of the database.
pub fn history(conn: &mut Conn, id: &str) -> Result<Vec<Recorded>, StoreError> {
    type RecordColumns = (Option<NaiveDateTime>, String, Option<String>);
    let rows: Vec<(Row, KeyColumns, SourceColumns, RecordColumns)> = observations::table
        .inner_join(series::table)
        .inner_join(submissions::table)
        .filter(observations::id.eq(id))
        .order(observations::revision)
        .select((
            Row::as_select(),
            (series::province, series::indicator, series::breakdown),
            (submissions::source_title, submissions::source_number, submissions::source_date),
            (observations::superseded_at, observations::submission, submissions::organisation),
        ))
        .load(conn)?;
    let confirmed: Vec<(i32, SourceColumns, Option<String>, Option<String>)> = confirmations::table
        .inner_join(submissions::table)
        .filter(confirmations::observation.eq(id))
        .order((confirmations::recorded_at, confirmations::submission))
        .select((
            confirmations::revision,
            (submissions::source_title, submissions::source_number, submissions::source_date),
            confirmations::locator,
            confirmations::wording,
        ))
        .load(conn)?;
    let passages = |revision: i32| {
        let of_revision = confirmed.iter().filter(|(of, ..)| *of == revision);
        let citation = |(_, from, locator, wording): &(i32, SourceColumns, Option<String>, Option<String>)| Citation {
            source: source(from.clone()),
            locator: locator.clone(),
            wording: wording.clone(),
        };
        of_revision.map(citation).collect()
    };
    let recorded = |(row, of, from, (superseded_at, submission, organisation)): (Row, KeyColumns, SourceColumns, RecordColumns)| {
        let observation = row.into_observation(of, from)?;
        let confirmed_by = passages(observation.revision);
        Ok(Recorded { observation, superseded_at: superseded_at.map(|at| at.and_utc()), organisation, submission, confirmed_by })
    };
    rows.into_iter().map(recorded).collect()
}

/// Records that a submission confirms a revision. It does nothing if the same passage (locator and wording) is stored already.
///
/// # Errors
/// Any failure of the database.
pub fn confirm(
    conn: &mut Conn,
    observation: &Observation,
    citation: &Citation,
    submission: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    if *citation == observation.citation || *citation == Citation::default() {
        return Ok(());
    }
    let known = history(conn, &observation.id)?;
    let of_revision = known.iter().filter(|recorded| recorded.observation.revision == observation.revision);
    if of_revision.flat_map(|recorded| &recorded.confirmed_by).any(|confirmed| confirmed == citation) {
        return Ok(());
    }
    diesel::insert_into(confirmations::table)
        .values((
            confirmations::observation.eq(&observation.id),
            confirmations::revision.eq(observation.revision),
            confirmations::submission.eq(submission),
            confirmations::locator.eq(&citation.locator),
            confirmations::wording.eq(&citation.wording),
            confirmations::recorded_at.eq(stamp(at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Appends a revision. The revision before it stays and gets `superseded_at`.
///
/// # Errors
/// `StoreError::Conflict` if the revision before it is no longer current.
pub fn append(conn: &mut Conn, new: &Observation, submission: &str) -> Result<(), StoreError> {
    supersede!(conn, observations, &new.id, new.revision, new.recorded_at);
    let series_id = find_or_create(conn, &new.series)?;
    let content = match new.content {
        Content::Figure(_) => FIGURE,
        Content::Nil => NIL,
        Content::Withdrawn => WITHDRAWN,
    };
    let figure = new.figure();
    let quantity = figure.map(|figure| figure.quantity);
    let interval = quantity.and_then(Quantity::interval);
    let number = quantity.and_then(Quantity::value).or(interval.map(|ends| ends.low)).map(Decimal::to_scaled);
    let high = interval.map(|ends| ends.high.to_scaled());
    let numerator = figure.and_then(|figure| figure.numerator).map(Decimal::to_scaled);
    let denominator = figure.and_then(|figure| figure.denominator).map(Decimal::to_scaled);
    diesel::insert_into(observations::table)
        .values((
            (
                observations::id.eq(&new.id),
                observations::revision.eq(new.revision),
                observations::series_id.eq(series_id),
                observations::calendar.eq(new.period.calendar().as_str()),
                observations::start_on.eq(new.period.start()),
                observations::end_on.eq(new.period.end()),
            ),
            (
                observations::content.eq(content),
                observations::digits.eq(number.map(|n| n.0)),
                observations::decimals.eq(number.map(|n| n.1)),
                observations::high_digits.eq(high.map(|h| h.0)),
                observations::high_decimals.eq(high.map(|h| h.1)),
                observations::printed_to.eq(quantity.and_then(Quantity::printed_power)),
                observations::numerator_digits.eq(numerator.map(|n| n.0)),
                observations::numerator_decimals.eq(numerator.map(|n| n.1)),
                observations::denominator_digits.eq(denominator.map(|d| d.0)),
                observations::denominator_decimals.eq(denominator.map(|d| d.1)),
            ),
            (
                observations::status.eq(figure.map(|figure| figure.status.as_str())),
                observations::bound.eq(quantity.map(|quantity| quantity.bound().as_str())),
                observations::as_of.eq(figure.and_then(|figure| figure.as_of)),
            ),
            (
                observations::definition_version.eq(new.definition_version),
                observations::locator.eq(&new.citation.locator),
                observations::wording.eq(&new.citation.wording),
                observations::reason.eq(&new.reason),
                observations::submission.eq(submission),
                observations::recorded_at.eq(stamp(new.recorded_at)),
            ),
        ))
        .execute(conn)?;
    Ok(())
}
