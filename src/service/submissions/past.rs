//! The histories of stored figures that the rows of a batch would change.
//! What a row may not undo is decided in `domain::submission::reverts`.

use std::collections::HashMap;

use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::observation::observation::{Content, Observation};
use crate::domain::submission::draft::Row;
use crate::domain::submission::reverts::PastRevisions;
use crate::domain::time::period::Period;
use crate::store::{self, Conn, StoreError};

/// Figures whose histories are in memory at once. Of each history only the revisions with the quantity of the row are kept.
const AT_ONCE: usize = 1000;

/// The histories of the figures that rows would change, by observation id: past revisions with the quantity of the row, and past claims.
pub(super) fn histories(
    conn: &mut Conn,
    rows: &[Row],
    observations: &HashMap<(SeriesKey, Period), Observation>,
) -> Result<HashMap<String, PastRevisions>, StoreError> {
    let stored = |row: &Row| observations.get(&(row.series.clone(), row.period));
    let known = rows.iter().filter_map(|row| Some((stored(row)?, row)));
    let known: Vec<_> = known.collect();
    let changed: Vec<_> = known.iter().filter(|(known, row)| !known.content.same_value(&row.content)).collect();
    let mut found: HashMap<String, PastRevisions> = HashMap::new();
    let contents: HashMap<&String, &Content> = changed.iter().map(|(known, row)| (&known.id, &row.content)).collect();
    let ids: Vec<String> = changed.iter().map(|(known, _)| known.id.clone()).collect();
    for some in ids.chunks(AT_ONCE) {
        for (id, revisions) in store::observations::revisions(conn, some)? {
            let same_quantity = |before: &Observation| contents.get(&id).is_some_and(|new| before.content.same_quantity(new));
            let superseded = revisions.into_iter().filter(same_quantity).collect();
            found.insert(id, PastRevisions { superseded, ..PastRevisions::default() });
        }
    }
    for (id, date) in store::observations::confirmed_on(conn, &ids)? {
        found.entry(id).or_default().confirmed_on = Some(date);
    }
    // A row without a figure withdraws all claims.
    let claimed = known.iter().filter(|(_, row)| !row.claims.is_empty() || row.content.figure().is_none());
    let claimed: Vec<String> = claimed.map(|(known, _)| known.id.clone()).collect();
    for (id, claims) in store::claims::histories(conn, &claimed)? {
        found.entry(id).or_default().claims = claims;
    }
    Ok(found)
}
