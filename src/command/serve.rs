//! `chitieu serve`: migrates the database, loads the catalogue and serves until a signal arrives.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::web::Data;

use super::Stopped;
use crate::app;
use crate::clock::{Clock, SystemClock};
use crate::config::{Database, Settings};
use crate::server_state::ServerState;
use crate::service::auth::clients;
use crate::service::auth::keys::Keys;
use crate::service::catalogue::snapshot;
use crate::store::{Db, StoreError, migrate};

/// Opens a database, runs its migrations and loads the catalogue of the program.
///
/// # Errors
/// Errors of the database.
pub fn open(url: &str, connections: u32, clock: &dyn Clock) -> Result<Db, StoreError> {
    let db = Db::open(url, connections)?;
    migrate::migrate(&db)?;
    db.write_blocking(|conn| snapshot::seed(conn, clock.now()))?;
    Ok(db)
}

/// Opens a database for serving, with its signing keys.
///
/// # Errors
/// Errors of the database.
pub fn prepare(url: &str, clock: Arc<dyn Clock>, settings: Settings) -> Result<ServerState, StoreError> {
    let db = open(url, settings.connections, &*clock)?;
    let keys = db.write_blocking(|conn| Keys::load(conn, clock.now()))?;
    let state = ServerState::new(db, clock, keys, settings);
    state.auth.read_trusted_keys()?;
    Ok(state)
}

/// Serves a database at the configured address.
///
/// # Errors
/// A database that cannot be opened, or an address that is not available.
pub async fn serve(database: &Database, settings: Settings) -> Result<(), Stopped> {
    log::info!("opening the database {database:?}");
    listen(database, settings, async |state, address| {
        if clients::none_yet(&state.context.db)? {
            log::warn!(
                "there are no clients yet, so nobody can sign in; make the first administrator with:\n  {}",
                first_administrator(database)
            );
        }
        log::info!("listening on http://{address}");
        Ok(())
    })
    .await
}

/// The command that makes the first administrator of a database.
fn first_administrator(database: &Database) -> String {
    let url = database.without_password();
    let plain = url.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._/:@".contains(&b));
    let quoted = if plain { url.clone() } else { format!("'{}'", url.replace('\'', r"'\''")) };
    let left_out = if url == database.url { "" } else { "   (with its password, here or in PGPASSWORD)" };
    format!("chitieu client add admin --scope admin --database {quoted}{left_out}")
}

/// Connections that one worker holds at a time; more connections wait in the queue. An idle connection takes some kilobytes.
const CONNECTIONS: usize = 10_000;

/// Opens a database and serves it until SIGTERM or SIGINT, then finishes the current requests. The address is taken first, because the
/// issuer of tokens may follow it. `begin` runs before the first request.
///
/// # Errors
/// An address that is not available, a database that cannot be opened, and the errors of `begin`.
pub async fn listen(
    database: &Database,
    settings: Settings,
    begin: impl AsyncFnOnce(&ServerState, SocketAddr) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let opened: Arc<OnceLock<Data<ServerState>>> = Arc::default();
    let state_of_workers = Arc::clone(&opened);
    let state = move || state_of_workers.get().expect("workers start after the database is opened").clone();
    let server = HttpServer::new(move || app::build(state()))
        .workers(settings.workers as usize)
        // Time for the head of a request, and between two requests on one connection. A connection that is silent for longer is closed.
        .client_request_timeout(Duration::from_secs(5))
        .keep_alive(Duration::from_secs(5))
        .client_disconnect_timeout(Duration::from_secs(1))
        .max_connections(CONNECTIONS)
        .shutdown_timeout(10)
        .bind(&settings.listen)
        .map_err(|error| Stopped(format!("cannot listen on {}: {error}", settings.listen)))?;
    let address = server.addrs().first().copied().ok_or_else(|| Stopped("no address to listen on".into()))?;
    if settings.issuer_follows_listen() && database.is_sqlite() && !address.ip().is_loopback() {
        log::warn!("tokens name this machine as their issuer; set --issuer to the URL that others reach it by");
    }
    let settings = settings.listening_on(address, database);
    let state = Data::new(prepare(&database.url, Arc::new(SystemClock), settings)?);
    begin(opened.get_or_init(|| state), address).await?;
    Ok(server.run().await?)
}
