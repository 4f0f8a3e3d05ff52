//! What the tables of figures, claims and targets have in common: a revision is current until the next one supersedes it.
//! These are macros, because diesel gives the same column of each table a type of its own.

/// Keeps the revisions that are current now, or were at an instant.
macro_rules! current_at {
    ($query:expr, $table:ident, $as_of:expr) => {
        match $as_of.map(crate::store::values::stamp) {
            None => $query.filter($table::superseded_at.is_null()),
            Some(at) => {
                let not_superseded = $table::superseded_at.is_null().or($table::superseded_at.gt(at));
                $query.filter($table::recorded_at.le(at)).filter(not_superseded)
            }
        }
    };
}

/// Ends the current revision with this id, which must be the one before `$revision`. A first revision supersedes none.
macro_rules! supersede {
    ($conn:expr, $table:ident, $id:expr, $revision:expr, $at:expr) => {
        if $revision > 1 {
            let of = $table::table.filter($table::id.eq($id)).filter($table::revision.eq($revision - 1));
            let current = of.filter($table::superseded_at.is_null());
            let superseded = diesel::update(current).set($table::superseded_at.eq(crate::store::values::stamp($at))).execute($conn)?;
            // The revision was read in this transaction: another number means that the database is not what the program left.
            if superseded != 1 {
                return Err(crate::store::conn::StoreError::Conflict);
            }
        }
    };
}

pub(super) use {current_at, supersede};
