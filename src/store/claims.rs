//! The `claims` table: comparisons as reports print them, beside the observation they are about.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;

use super::conn::{Conn, Failure};
use super::schema::claims;
use super::values::{decimal, stamp, word};
use crate::domain::claim::{Claim, ClaimKind};

/// The claims about these observations as they stand, or stood at an instant, by observation and kind.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn, observations: &[String], as_of: Option<DateTime<Utc>>) -> Result<HashMap<String, Vec<Claim>>, Failure> {
    let mut rows: Vec<(String, String, i64, i32)> = Vec::new();
    // SQLite binds at most 32,766 values to a statement.
    for some in observations.chunks(10_000) {
        let query = claims::table
            .filter(claims::observation.eq_any(some))
            .order((claims::observation, claims::kind))
            .select((claims::observation, claims::kind, claims::digits, claims::decimals))
            .into_boxed();
        let query = match as_of.map(stamp) {
            None => query.filter(claims::superseded_at.is_null()),
            Some(at) => query.filter(claims::recorded_at.le(at)).filter(claims::superseded_at.is_null().or(claims::superseded_at.gt(at))),
        };
        rows.extend(query.load::<(String, String, i64, i32)>(conn)?);
    }
    let mut found: HashMap<String, Vec<Claim>> = HashMap::new();
    for (observation, kind, digits, decimals) in rows {
        let claim = Claim { kind: word(&kind, ClaimKind::parse)?, value: decimal(digits, decimals)? };
        found.entry(observation).or_default().push(claim);
    }
    Ok(found)
}

/// Records a claim as the current one of its kind, unless it is that already; the one it replaces stays, and says since when.
///
/// # Errors
/// Any failure of the database.
pub fn append(conn: &mut Conn, observation: &str, claim: &Claim, submission: &str, at: DateTime<Utc>) -> Result<(), Failure> {
    let (digits, decimals) = claim.value.to_scaled();
    let of_kind = claims::table.filter(claims::observation.eq(observation)).filter(claims::kind.eq(claim.kind.as_str()));
    let current = of_kind.filter(claims::superseded_at.is_null()).select((claims::digits, claims::decimals)).first(conn).optional()?;
    if current == Some((digits, decimals)) {
        return Ok(());
    }
    diesel::update(claims::table)
        .filter(claims::observation.eq(observation))
        .filter(claims::kind.eq(claim.kind.as_str()))
        .filter(claims::superseded_at.is_null())
        .set(claims::superseded_at.eq(stamp(at)))
        .execute(conn)?;
    let last: Option<i32> = of_kind.select(max(claims::revision)).first(conn)?;
    diesel::insert_into(claims::table)
        .values((
            claims::observation.eq(observation),
            claims::revision.eq(last.unwrap_or(0) + 1),
            claims::kind.eq(claim.kind.as_str()),
            claims::digits.eq(digits),
            claims::decimals.eq(decimals),
            claims::submission.eq(submission),
            claims::recorded_at.eq(stamp(at)),
        ))
        .execute(conn)?;
    Ok(())
}
