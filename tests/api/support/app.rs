//! Starting the real app on a copy of a prepared database: migrated once per suite, copied per test.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use chitieu::clock::Clock;
use chitieu::command::{demo, serve};
use chitieu::config::{Settings, Trust};
use chitieu::domain::access::client::Client;
use chitieu::domain::access::role::Caller;
use chitieu::domain::access::scope::Scope;
use chitieu::domain::catalogue::organisation::Organisation;
use chitieu::server_state::ServerState;
use chitieu::service::auth::clients::{self, NewClient};
use chitieu::service::auth::keys::Keys;
use chitieu::store::{self, Db, StoreError};
use chrono::{DateTime, Utc};
use tempfile::TempDir;

use super::answer::User;
use super::postgres;

/// A clock that stands still until it is moved.
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that stands at a moment.
    pub fn at(moment: &str) -> Arc<FixedClock> {
        let clock = FixedClock(AtomicI64::new(0));
        clock.set(moment);
        Arc::new(clock)
    }

    /// Moves the clock to a moment.
    pub fn set(&self, moment: &str) {
        let moment: DateTime<Utc> = moment.parse().unwrap();
        self.0.store(moment.timestamp_micros(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// A running server with a database of its own.
pub struct TestApp {
    pub address: SocketAddr,
    pub state: Data<ServerState>,
    pub clock: Arc<FixedClock>,
    server: ServerHandle,
    url: String,
    /// Removed with the app.
    _folder: Option<TempDir>,
}

/// What a test server is set to: small and short, so that limits can be reached.
pub fn settings() -> Settings {
    Settings {
        listen: "127.0.0.1:0".into(),
        connections: 4,
        workers: 1,
        body_limit: 256 * 1024,
        file_limit: 1024 * 1024,
        stream_limit: 1024 * 1024,
        // A busy machine is not a slow caller: what waits for the limit is tested with settings of its own.
        request_timeout: 60,
        token_lifetime: 900,
        issuer: ISSUER.into(),
        trust: Trust {
            trusted_issuer: "none".into(),
            trusted_jwks: "none".into(),
            trusted_audience: "issuer".into(),
            trusted_client_claim: "azp".into(),
        },
        // More than the suite asks for: what is beyond is tested with settings of its own.
        client_rate: 1_000_000,
        address_rate: 1_000_000,
        token_rate: 1_000_000,
        trusted_proxies: "".parse().unwrap(),
        cors_origins: "".parse().unwrap(),
        audit_retention: 400,
    }
}

/// What test servers call themselves.
pub const ISSUER: &str = "https://chitieu.example.vn";

/// When the prepared databases were made: before any test begins.
pub fn before() -> Arc<FixedClock> {
    FixedClock::at("2026-11-01T00:00:00Z")
}

/// The prepared SQLite database that tests copy, as bytes: a folder would outlive the suite.
static SQLITE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::Builder::new().prefix("chitieu-test-").tempdir().unwrap();
    let file = folder.path().join("template.db");
    prepare(&format!("sqlite://{}", file.display()));
    std::fs::read(file).unwrap()
});

/// Prepares a database, in which the organisation of the tests' clients is trusted to publish without review.
pub fn prepare(url: &str) {
    trust(&serve::prepare(url, before(), settings()).unwrap(), TRUSTED);
}

/// Lets an organisation publish without review.
pub fn trust(state: &ServerState, id: &str) {
    let trusted = Organisation { id: id.into(), name: format!("Sở {id}"), trusted: true };
    let at = state.context.clock.now();
    state
        .context
        .db
        .write_blocking(|conn| store::organisations::append(conn, &trusted, at, None))
        .map_err(|failure: StoreError| failure)
        .unwrap();
}

/// The organisation that clients speak for where a test names no other.
pub const TRUSTED: &str = "H02.12";

static COPIES: AtomicU32 = AtomicU32::new(0);

impl TestApp {
    /// A server on SQLite.
    pub fn on_sqlite() -> TestApp {
        let folder = tempfile::Builder::new().prefix("chitieu-test-").tempdir().unwrap();
        let file = folder.path().join("test.db");
        std::fs::write(&file, &*SQLITE).unwrap();
        TestApp::start(&format!("sqlite://{}", file.display()), Some(folder))
    }

    /// A server on PostgreSQL; `None` where no server binaries are found and none are required.
    pub fn on_postgres() -> Option<TestApp> {
        let cluster = postgres::cluster()?;
        let name = format!("test_{}", COPIES.fetch_add(1, Ordering::SeqCst));
        Some(TestApp::start(&cluster.copy_template(&name), None))
    }

    /// A server on a database that is there already.
    pub fn on(url: &str, folder: Option<TempDir>) -> TestApp {
        TestApp::start(url, folder)
    }

    fn start(url: &str, folder: Option<TempDir>) -> TestApp {
        TestApp::start_with(url, folder, settings())
    }

    fn start_with(url: &str, folder: Option<TempDir>, settings: Settings) -> TestApp {
        let clock = FixedClock::at("2026-11-21T02:00:00Z");
        let db = Db::open(url, settings.connections).unwrap();
        let keys = db.write_blocking(|conn| Keys::load(conn, clock.now())).map_err(|failure: StoreError| failure).unwrap();
        let state = Data::new(ServerState::new(db, clock.clone(), keys, settings));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = state.clone();
        let server = HttpServer::new(move || chitieu::app::build(shared.clone()))
            .workers(1)
            .client_request_timeout(Duration::from_secs(5))
            .disable_signals()
            .shutdown_timeout(0)
            .listen(listener)
            .unwrap()
            .run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        TestApp { address, state, clock, server: handle, url: url.to_owned(), _folder: folder }
    }

    /// Another server on the same database, with a clock of its own: a second instance, or this one after a restart.
    pub fn another(&self) -> TestApp {
        TestApp::start(&self.url, None)
    }

    /// Another server on the same database, with settings of its own.
    pub fn another_with(&self, settings: Settings) -> TestApp {
        TestApp::start_with(&self.url, None, settings)
    }

    /// Someone without a token.
    pub fn anyone(&self) -> User {
        User::new(self.address, None)
    }

    /// A client with these scopes, for all provinces.
    pub async fn client(&self, scopes: &[Scope]) -> User {
        self.client_for(scopes, &[]).await
    }

    /// A client with these scopes that writes only for these provinces.
    pub async fn client_for(&self, scopes: &[Scope], provinces: &[&str]) -> User {
        self.sign_in(self.register(scopes, provinces)).await
    }

    /// A client with these scopes that speaks for an organisation, or for none.
    pub async fn client_of(&self, organisation: Option<&str>, scopes: &[Scope]) -> User {
        self.sign_in(self.register_of(organisation, scopes, &[], &[])).await
    }

    /// A client of an organisation, or of none, that is narrowed to these provinces.
    pub async fn client_within(&self, organisation: Option<&str>, scopes: &[Scope], provinces: &[&str]) -> User {
        self.sign_in(self.register_of(organisation, scopes, provinces, &[])).await
    }

    /// A client of an organisation, or of none, that is narrowed to these fields.
    pub async fn client_in(&self, organisation: Option<&str>, scopes: &[Scope], fields: &[&str]) -> User {
        self.sign_in(self.register_of(organisation, scopes, &[], fields)).await
    }

    /// A client of an organisation, or of none, that is narrowed to these provinces and fields.
    pub async fn client_narrowed(&self, organisation: Option<&str>, scopes: &[Scope], provinces: &[&str], fields: &[&str]) -> User {
        self.sign_in(self.register_of(organisation, scopes, provinces, fields)).await
    }

    async fn sign_in(&self, (client, secret): (Client, String)) -> User {
        let issued = self.state.auth.issue_for_secret(&client.id, &secret, None).await.unwrap();
        User::new(self.address, Some(issued.token))
    }

    /// A client that changes the catalogue and is not narrowed.
    pub async fn keeper(&self) -> User {
        self.client_of(None, &[Scope::Read, Scope::Catalogue]).await
    }

    /// A department that submits figures and sets targets.
    pub async fn department(&self) -> User {
        self.client(&[Scope::Submit, Scope::Targets]).await
    }

    /// A registered client and its secret.
    pub fn register(&self, scopes: &[Scope], provinces: &[&str]) -> (Client, String) {
        self.register_of(Some(TRUSTED), scopes, provinces, &[])
    }

    fn register_of(&self, organisation: Option<&str>, scopes: &[Scope], provinces: &[&str], fields: &[&str]) -> (Client, String) {
        let name = format!("client {}", COPIES.fetch_add(1, Ordering::SeqCst));
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let (provinces, fields) = (words(provinces), words(fields));
        let new = NewClient { name, organisation: organisation.map(str::to_owned), scopes: scopes.to_vec(), provinces, fields };
        clients::add(&self.state.context.db, new, self.clock.now()).unwrap()
    }

    /// Records the real figures that the demonstration is made of.
    pub async fn with_real_figures(self) -> TestApp {
        let (client, _) = self.register(&[Scope::Submit, Scope::Targets], &[]);
        demo::load(&self.state, &Caller::of(client)).await.unwrap();
        self
    }

    /// Records retail sales and average population of all provinces, as the demonstration has them.
    pub async fn with_the_country(self) -> TestApp {
        let (client, _) = self.register(&[Scope::Submit], &[]);
        demo::load_country(&self.state, &Caller::of(client)).await.unwrap();
        self
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Not awaited: the runtime of the test ends with it.
        drop(self.server.stop(false));
    }
}
