//! The versions of the obligations, in `definitions`; the last version is the current one.
//! Deadlines are computed in `domain`.

use chrono::{DateTime, Utc};

use super::conn::{Conn, StoreError};
use super::definitions::{self, Kind, RecordedBy, Subject};
use super::stored::obligation::{from_json, to_json};
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
    let latest = definitions::latest_obligations(conn, wanted.provinces.as_deref(), wanted.indicators.as_deref())?;
    let current = latest.into_iter().filter_map(|(id, version)| {
        let terms = from_json(&version.definition?);
        let obligation = |terms| Obligation {
            id,
            version: version.version,
            terms,
            source: version.source,
            reason: version.reason,
            recorded_at: version.recorded_at,
        };
        Some(terms.map(obligation))
    });
    let mut found = current.collect::<Result<Vec<Obligation>, StoreError>>()?;
    // Sort here: SQLite and PostgreSQL collate text differently.
    found.sort_by_cached_key(Obligation::place);
    Ok(found)
}

/// Records an obligation as its next version. `withdrawn` cancels it.
///
/// # Errors
/// Any failure of the database.
pub fn append(conn: &mut Conn, obligation: &Obligation, withdrawn: bool, at: DateTime<Utc>, client: &str) -> Result<(), StoreError> {
    let Obligation { id, terms, source, reason, .. } = obligation;
    let subject = Subject { code: id, province: Some(&terms.province), indicator: Some(&terms.indicator) };
    let by = RecordedBy { client: Some(client), source: source.clone(), reason: reason.as_deref() };
    definitions::append(conn, Kind::Obligation, subject, (!withdrawn).then(|| to_json(terms)), at, &by)?;
    Ok(())
}
