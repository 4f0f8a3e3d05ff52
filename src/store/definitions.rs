//! The `definition_versions` table: all versions of the definitions of provinces, indicators, rules, organisations and obligations.
//! The shapes of the definitions are in `stored`; each kind has a file of its own beside this one.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::conn::{Conn, StoreError};
use super::schema::definition_versions as versions;
use super::values::stamp;
use crate::domain::catalogue::source::Source;
use crate::domain::catalogue::version::Version;
use crate::domain::fault::code_list;

code_list! {
    /// The kinds of definitions.
    pub enum Kind {
        /// A province.
        Province = "province",
        /// An indicator.
        Indicator = "indicator",
        /// A rule between figures.
        Rule = "rule",
        /// An organisation.
        Organisation = "organisation",
        /// An obligation to report.
        Obligation = "obligation",
    }
}

/// The author of a version, the deciding document and the reason.
#[derive(Debug, Clone, Default)]
pub struct RecordedBy<'a> {
    /// The client; `None` for a shipped version.
    pub client: Option<&'a str>,
    /// The deciding document.
    pub source: Source,
    /// The stated reason, if any.
    pub reason: Option<&'a str>,
}

/// A version and the code that it belongs to. A version without a definition withdraws it.
pub(super) type Coded = (String, Version<Option<String>>);

#[derive(Queryable, Selectable)]
#[diesel(table_name = versions)]
struct Row {
    code: String,
    version: i32,
    definition: Option<String>,
    source_title: Option<String>,
    source_number: Option<String>,
    source_date: Option<NaiveDate>,
    reason: Option<String>,
    recorded_at: NaiveDateTime,
}

impl From<Row> for Coded {
    fn from(row: Row) -> Coded {
        let Row { code, version, definition, source_title, source_number, source_date, reason, recorded_at } = row;
        let source = Source { title: source_title, number: source_number, date: source_date };
        (code, Version { definition, version, source, reason, recorded_at: recorded_at.and_utc() })
    }
}

/// All versions of a kind, or those recorded until an instant, by code; the latest version of a code comes first.
pub(super) fn list(conn: &mut Conn, kind: Kind, as_of: Option<DateTime<Utc>>) -> Result<Vec<Coded>, StoreError> {
    let of_kind = versions::table.filter(versions::kind.eq(kind.as_str()));
    let mut query = of_kind.order((versions::code, versions::version.desc())).select(Row::as_select()).into_boxed();
    if let Some(at) = as_of {
        query = query.filter(versions::recorded_at.le(stamp(at)));
    }
    Ok(query.load::<Row>(conn)?.into_iter().map(Coded::from).collect())
}

/// The latest version of each code of a kind, now or at an instant.
pub(super) fn latest(conn: &mut Conn, kind: Kind, as_of: Option<DateTime<Utc>>) -> Result<Vec<Coded>, StoreError> {
    let mut latest = list(conn, kind, as_of)?;
    latest.dedup_by(|earlier, kept| earlier.0 == kept.0);
    Ok(latest)
}

/// The latest versions of the obligations for these provinces and indicators; `None` for all.
pub(super) fn latest_obligations(
    conn: &mut Conn,
    provinces: Option<&[String]>,
    indicators: Option<&[String]>,
) -> Result<Vec<Coded>, StoreError> {
    let of_kind = versions::table.filter(versions::kind.eq(Kind::Obligation.as_str()));
    let mut query = of_kind.order((versions::code, versions::version.desc())).select(Row::as_select()).into_boxed();
    if let Some(provinces) = provinces {
        query = query.filter(versions::province.eq_any(provinces));
    }
    if let Some(indicators) = indicators {
        query = query.filter(versions::indicator.eq_any(indicators));
    }
    let mut latest: Vec<Coded> = query.load::<Row>(conn)?.into_iter().map(Coded::from).collect();
    latest.dedup_by(|earlier, kept| earlier.0 == kept.0);
    Ok(latest)
}

/// All versions of a code, oldest first; empty for an unknown code.
pub(super) fn history(conn: &mut Conn, kind: Kind, code: &str) -> Result<Vec<Version<Option<String>>>, StoreError> {
    let of_code = versions::table.filter(versions::kind.eq(kind.as_str())).filter(versions::code.eq(code));
    let rows: Vec<Row> = of_code.order(versions::version).select(Row::as_select()).load(conn)?;
    Ok(rows.into_iter().map(|row| Coded::from(row).1).collect())
}

/// A number that grows with each new version of any definition. A snapshot with the same number is current.
///
/// # Errors
/// Any failure of the database.
pub fn latest_change(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(versions::table.select(max(versions::id)).first(conn)?)
}

/// The code of a version and, for an obligation, the province and the indicator that it is searched by.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Subject<'a> {
    pub(super) code: &'a str,
    pub(super) province: Option<&'a str>,
    pub(super) indicator: Option<&'a str>,
}

impl<'a> From<&'a str> for Subject<'a> {
    fn from(code: &'a str) -> Subject<'a> {
        Subject { code, ..Subject::default() }
    }
}

/// Records the next version of a definition and returns its number; `None` withdraws what the versions before defined.
pub(super) fn append(
    conn: &mut Conn,
    kind: Kind,
    subject: Subject<'_>,
    definition: Option<String>,
    at: DateTime<Utc>,
    by: &RecordedBy<'_>,
) -> Result<i32, StoreError> {
    let of_code = versions::table.filter(versions::kind.eq(kind.as_str())).filter(versions::code.eq(subject.code));
    let last: Option<i32> = of_code.select(max(versions::version)).first(conn)?;
    let version = last.unwrap_or(0) + 1;
    diesel::insert_into(versions::table)
        .values((
            versions::kind.eq(kind.as_str()),
            versions::code.eq(subject.code),
            versions::version.eq(version),
            versions::definition.eq(definition),
            versions::province.eq(subject.province),
            versions::indicator.eq(subject.indicator),
            versions::source_title.eq(&by.source.title),
            versions::source_number.eq(&by.source.number),
            versions::source_date.eq(by.source.date),
            versions::reason.eq(by.reason),
            versions::recorded_at.eq(stamp(at)),
            versions::recorded_by.eq(by.client),
        ))
        .execute(conn)?;
    Ok(version)
}

/// The client that recorded the last version of a code; `None` for a shipped version or an unknown code.
///
/// # Errors
/// Any failure of the database.
pub fn recorded_by(conn: &mut Conn, kind: Kind, code: &str) -> Result<Option<String>, StoreError> {
    let of_code = versions::table.filter(versions::kind.eq(kind.as_str())).filter(versions::code.eq(code));
    let last = of_code.order(versions::version.desc()).select(versions::recorded_by);
    Ok(last.first(conn).optional()?.flatten())
}

/// The definition of a version of a kind whose definitions are never withdrawn.
pub(super) fn defined<T>(
    version: Version<Option<String>>,
    read: impl FnOnce(&str) -> Result<T, StoreError>,
) -> Result<Version<T>, StoreError> {
    let Version { definition, version, source, reason, recorded_at } = version;
    let text = definition.ok_or_else(|| StoreError::Corrupt(format!("version {version} has no definition")))?;
    Ok(Version { definition: read(&text)?, version, source, reason, recorded_at })
}
