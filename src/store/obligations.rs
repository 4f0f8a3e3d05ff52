//! The `obligation_versions` table: all versions of the obligations; the last version is the current one.
//! Deadlines are computed in `domain`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::obligation_versions as versions;
use super::stored::obligation::{from_json, to_json};
use super::values::stamp;
use crate::domain::catalogue::source::Source;
use crate::domain::reporting::obligation::Obligation;

/// A query for obligations.
#[derive(Debug, Default)]
pub struct ObligationFilter {
    /// Keys of provinces; default: all.
    pub provinces: Option<Vec<String>>,
    /// Codes of indicators; default: all.
    pub indicators: Option<Vec<String>>,
}

/// Lists the current obligations by organisation, province, indicator and first day, without withdrawn ones.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, wanted: &ObligationFilter) -> Result<Vec<Obligation>, StoreError> {
    type Row = (String, i32, Option<String>, (Option<String>, Option<String>, Option<NaiveDate>), Option<String>, NaiveDateTime);
    let mut query = versions::table
        .order((versions::obligation, versions::version.desc()))
        .select((
            versions::obligation,
            versions::version,
            versions::definition,
            (versions::source_title, versions::source_number, versions::source_date),
            versions::reason,
            versions::recorded_at,
        ))
        .into_boxed();
    if let Some(provinces) = &wanted.provinces {
        query = query.filter(versions::province.eq_any(provinces));
    }
    if let Some(indicators) = &wanted.indicators {
        query = query.filter(versions::indicator.eq_any(indicators));
    }
    let mut latest: Vec<Row> = query.load(conn)?;
    latest.dedup_by(|later, kept| later.0 == kept.0);
    let standing = latest.into_iter().filter_map(|(id, version, definition, source, reason, at)| {
        let (title, number, date) = source;
        let terms = from_json(&definition?);
        let source = Source { title, number, date };
        Some(terms.map(|terms| Obligation { id, version, terms, source, reason, recorded_at: at.and_utc() }))
    });
    let mut found = standing.collect::<Result<Vec<Obligation>, StoreError>>()?;
    // Sort here: SQLite and PostgreSQL collate text differently.
    found.sort_by_cached_key(Obligation::place);
    Ok(found)
}

/// Records an obligation as its next version. `withdrawn` cancels it.
///
/// # Errors
/// Any failure of the database.
pub fn append(conn: &mut Conn, obligation: &Obligation, withdrawn: bool, at: DateTime<Utc>, client: &str) -> Result<(), StoreError> {
    diesel::insert_into(versions::table)
        .values((
            versions::obligation.eq(&obligation.id),
            versions::version.eq(obligation.version),
            versions::province.eq(&obligation.terms.province),
            versions::indicator.eq(&obligation.terms.indicator),
            versions::definition.eq((!withdrawn).then(|| to_json(&obligation.terms))),
            versions::source_title.eq(&obligation.source.title),
            versions::source_number.eq(&obligation.source.number),
            versions::source_date.eq(obligation.source.date),
            versions::reason.eq(&obligation.reason),
            versions::recorded_at.eq(stamp(at)),
            versions::recorded_by.eq(client),
        ))
        .execute(conn)?;
    Ok(())
}
