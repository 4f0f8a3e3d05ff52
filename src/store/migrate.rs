//! Migrations to the present schema: one folder per database, with the same steps in both.
//! The resulting tables are described in `schema`.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::{Conn, Db, StoreError};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Runs all pending migrations.
///
/// # Errors
/// `StoreError::Unusable` with the failed step and the reason.
pub fn migrate(db: &Db) -> Result<(), StoreError> {
    db.bare(|conn| {
        let done = match conn {
            // One write transaction: a second program starting at the same moment waits and then finds no pending step.
            Conn::Sqlite(conn) => conn.immediate_transaction(|conn| conn.run_pending_migrations(SQLITE).map(|steps| steps.len())),
            // The same, with an advisory lock shared by all instances.
            Conn::Pg(conn) => one_at_a_time(conn, |conn| conn.run_pending_migrations(POSTGRES).map(|steps| steps.len())),
        };
        let steps = done.map_err(|error| StoreError::Unusable(format!("migrating: {error}")))?;
        log::info!("database is up to date migrations_run={steps}");
        Ok(())
    })
}

/// True if no migration is pending.
///
/// # Errors
/// `StoreError::Unusable` if the status cannot be read.
pub fn is_done(db: &Db) -> Result<bool, StoreError> {
    db.bare(|conn| {
        let pending = match conn {
            Conn::Sqlite(conn) => conn.has_pending_migration(SQLITE),
            Conn::Pg(conn) => conn.has_pending_migration(POSTGRES),
        };
        pending.map(|pending| !pending).map_err(|error| StoreError::Unusable(format!("reading which migrations ran: {error}")))
    })
}

type MigrationResult = diesel::migration::Result<usize>;

fn one_at_a_time(conn: &mut diesel::PgConnection, work: impl FnOnce(&mut diesel::PgConnection) -> MigrationResult) -> MigrationResult {
    use diesel::connection::SimpleConnection;
    // Lift the time limit of requests: the wait for another instance may be long, and so may a step.
    conn.batch_execute("SET statement_timeout = 0; SELECT pg_advisory_lock(20251101)")?;
    let result = work(conn);
    conn.batch_execute("SELECT pg_advisory_unlock(20251101); SET statement_timeout = '5s'")?;
    result
}
