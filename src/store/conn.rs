//! Connections to SQLite or PostgreSQL, the pool, and the two entry points for all queries: `read` and `write`.
//! No other file asks which database it is.

#![expect(missing_docs, reason = "the derive of the connection makes public items without any")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A connection to the database of the URL.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL, for several instances.
    Pg(PgConnection),
    /// SQLite, the default: it needs no installation.
    Sqlite(SqliteConnection),
}

/// The failures of the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Busy or unreachable. The same request may succeed later.
    #[error("the database is busy or away: {0}")]
    Unavailable(String),
    /// A database that this program cannot use.
    #[error("{0}")]
    Unusable(String),
    /// No space left. Nothing was stored.
    #[error("the database has no space left: {0}")]
    Full(String),
    /// A concurrent write changed the same data.
    #[error("another write came between")]
    Conflict,
    /// A row that this version of the program cannot have written.
    #[error("the database holds what it cannot: {0}")]
    Corrupt(String),
    /// Any other failure.
    #[error("database: {0}")]
    Query(DieselError),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> StoreError {
        if let DieselError::DatabaseError(kind, info) = &error {
            let message = info.message().to_owned();
            // Only the text identifies SQLite's lock, SQLite's full disk and PostgreSQL's time limit.
            let cut_off = message.contains("canceling statement due to");
            if cut_off || message.contains("database is locked") || matches!(kind, DatabaseErrorKind::ClosedConnection) {
                return StoreError::Unavailable(message);
            }
            if message.contains("disk is full") || message.contains("No space left") {
                return StoreError::Full(message);
            }
            if matches!(kind, DatabaseErrorKind::SerializationFailure) {
                return StoreError::Conflict;
            }
        }
        if matches!(error, DieselError::BrokenTransactionManager) {
            return StoreError::Unavailable(error.to_string());
        }
        StoreError::Query(error)
    }
}

/// Opens connections to the URL and keeps the driver's own error.
#[derive(Clone)]
struct Manager {
    url: String,
}

/// Waiting time for another SQLite process to finish writing, and for a free connection.
const PATIENCE: Duration = Duration::from_secs(2);

/// Waiting time for earlier writes: enough for a few of the largest batches.
const WRITER_PATIENCE: Duration = Duration::from_secs(6);

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        use diesel::r2d2::Error::{ConnectionError, QueryError};
        if let Some(file) = self.url.strip_prefix("sqlite://") {
            let mut conn = SqliteConnection::establish(file).map_err(ConnectionError)?;
            // `FULL`: an acknowledged write survives a power cut; `NORMAL` does not promise that.
            let pragmas = format!(
                "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
                PATIENCE.as_millis()
            );
            conn.batch_execute(&pragmas).map_err(QueryError)?;
            Ok(Conn::Sqlite(conn))
        } else {
            let mut conn = PgConnection::establish(&self.url).map_err(ConnectionError)?;
            conn.batch_execute("SET statement_timeout = '5s'; SET TIME ZONE 'UTC';").map_err(QueryError)?;
            Ok(Conn::Pg(conn))
        }
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        conn.batch_execute("SELECT 1").map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking()
            || match conn {
                Conn::Pg(conn) => AnsiTransactionManager::is_broken_transaction_manager(conn),
                Conn::Sqlite(conn) => AnsiTransactionManager::is_broken_transaction_manager(conn),
            }
    }
}

/// The database: a pool with the entry points `read` and `write`.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Manager>,
    /// As many permits as connections for reading, so that no thread blocks on an empty pool.
    readers: Arc<Semaphore>,
    /// A single permit: SQLite has one writer, and on PostgreSQL the advisory lock ensures the same.
    writer: Arc<Semaphore>,
}

/// The key of PostgreSQL's advisory lock for writes, shared by all instances.
const WRITER_LOCK: i64 = 0x0063_6869_7469_6575;

impl Db {
    /// Opens the database of a URL: `sqlite://FILE` or `postgres://…`.
    ///
    /// # Errors
    /// The driver's own message if the database cannot be opened.
    pub fn open(url: &str, connections: u32) -> Result<Db, StoreError> {
        let supported = ["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        if !supported {
            return Err(StoreError::Unusable("a database URL begins with sqlite:// or postgres://".into()));
        }
        if ["sqlite://", "sqlite://:memory:"].contains(&url) {
            return Err(StoreError::Unusable("an SQLite database needs a file: in memory every connection would have its own".into()));
        }
        let manager = Manager { url: url.to_owned() };
        // Connect once by hand: the pool would retry until its time limit and then report only the timeout.
        first_connection(&manager)?;
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(PATIENCE)
            .error_handler(Box::new(QuietErrors))
            .build(manager)
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        // One connection is reserved for the writer.
        let readers = Arc::new(Semaphore::new((connections as usize).saturating_sub(1).max(1)));
        Ok(Db { pool, readers, writer: Arc::new(Semaphore::new(1)) })
    }

    /// Runs queries on one consistent snapshot, off the async threads.
    ///
    /// # Errors
    /// The error of the closure, or `StoreError::Unavailable`.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = patient(&self.readers, PATIENCE).await?;
        let db = self.clone();
        off_thread(permit, move || db.read_blocking(work)).await
    }

    /// Runs queries as the only writer, in one transaction. On return, either all changes are on disk or none.
    ///
    /// # Errors
    /// The error of the closure, or `StoreError::Unavailable`.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = patient(&self.writer, WRITER_PATIENCE).await?;
        let db = self.clone();
        off_thread(permit, move || db.write_blocking(work)).await
    }

    /// [`Db::write`] for the command line and the start, which have no async runtime.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_blocking<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        // `IMMEDIATE`: a transaction that reads first and writes later would fail at once if another writer came between, without waiting.
        // On PostgreSQL the advisory lock gives the same order.
        self.in_transaction("BEGIN IMMEDIATE", "BEGIN", |conn| {
            if let Conn::Pg(_) = conn {
                let lock = diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(WRITER_LOCK);
                lock.execute(conn).map_err(StoreError::from)?;
            }
            work(conn)
        })
    }

    /// [`Db::read`] for the command line and the start.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_blocking<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        self.in_transaction("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)
    }

    /// Runs work outside a transaction, for migrations, which open their own.
    ///
    /// # Errors
    /// The error of the closure, or `StoreError::Unavailable`.
    pub(super) fn bare<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        work(&mut *self.connection()?)
    }

    fn in_transaction<T, E: From<StoreError>>(
        &self,
        sqlite_begin: &str,
        postgres_begin: &str,
        work: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        type Transactions = <Conn as Connection>::TransactionManager;
        let conn = &mut *self.connection()?;
        match conn {
            Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, sqlite_begin),
            Conn::Pg(conn) => AnsiTransactionManager::begin_transaction_sql(conn, postgres_begin),
        }
        .map_err(StoreError::from)?;
        match work(conn) {
            Ok(done) => {
                Transactions::commit_transaction(conn).map_err(StoreError::from)?;
                Ok(done)
            }
            Err(error) => {
                // Report the first error. The pool drops a connection that cannot roll back.
                if let Err(again) = Transactions::rollback_transaction(conn) {
                    log::warn!("rolling back failed: {again}");
                }
                Err(error)
            }
        }
    }

    fn connection(&self) -> Result<PooledConnection<Manager>, StoreError> {
        self.pool.get().map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}

/// Lifts the time limit of requests for the rest of the transaction, for a full scan.
///
/// # Errors
/// Any failure of the database.
pub fn take_time(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Pg(conn) => Ok(conn.batch_execute("SET LOCAL statement_timeout = 0")?),
        Conn::Sqlite(_) => Ok(()),
    }
}

/// Faults of the SQLite file and broken foreign keys; `None` on PostgreSQL, which checks both itself and offers no such query. It reads the
/// whole file.
///
/// # Errors
/// Any failure of the database.
pub fn damage(conn: &mut Conn) -> Result<Option<Vec<String>>, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct Damage {
        #[diesel(sql_type = diesel::sql_types::Text)]
        said: String,
    }
    if let Conn::Pg(_) = conn {
        return Ok(None);
    }
    let whole = "SELECT integrity_check AS said FROM pragma_integrity_check WHERE integrity_check <> 'ok'";
    let references =
        "SELECT 'row ' || rowid || ' of ' || \"table\" || ' refers to what is not in ' || parent AS said FROM pragma_foreign_key_check";
    let mut found: Vec<Damage> = diesel::sql_query(whole).load(conn)?;
    found.extend(diesel::sql_query(references).load::<Damage>(conn)?);
    Ok(Some(found.into_iter().map(|row| row.said).collect()))
}

/// Connects once. SQLite does not wait for a locked file while it switches to WAL, so retry here: several programs may start on a new file
/// at the same moment.
fn first_connection(manager: &Manager) -> Result<(), StoreError> {
    let begun = Instant::now();
    loop {
        match manager.connect() {
            Ok(_) => return Ok(()),
            Err(error) if error.to_string().contains("database is locked") && begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => return Err(StoreError::Unusable(error.to_string())),
        }
    }
}

async fn patient(semaphore: &Arc<Semaphore>, patience: Duration) -> Result<OwnedSemaphorePermit, StoreError> {
    match tokio::time::timeout(patience, Arc::clone(semaphore).acquire_owned()).await {
        Ok(permit) => Ok(permit.expect("the semaphore is never closed")),
        Err(_) => Err(StoreError::Unavailable("every connection stayed busy".into())),
    }
}

/// Runs work on a blocking thread. The permit moves with the work: if the caller stops waiting, no other work may start before this one
/// ends.
async fn off_thread<T: Send + 'static, E: From<StoreError> + Send + 'static>(
    permit: OwnedSemaphorePermit,
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(permit);
        done
    });
    done.await.unwrap_or_else(|error| {
        let message = format!("the query did not finish: {error}");
        // A repeated request would panic again: this is a fault of the program, so the client should not retry.
        Err(if error.is_panic() { StoreError::Unusable(message) } else { StoreError::Unavailable(message) }.into())
    })
}

/// The request reports pool errors itself; printing them here would report them twice.
#[derive(Debug)]
struct QuietErrors;

impl diesel::r2d2::HandleError<diesel::r2d2::Error> for QuietErrors {
    fn handle_error(&self, error: diesel::r2d2::Error) {
        log::debug!("connecting failed: {error}");
    }
}
