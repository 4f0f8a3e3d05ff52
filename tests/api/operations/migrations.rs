//! The two databases: the same tables after the same steps, down as well as up, and the same promises of every connection.
//! What a query answers is for the files about each noun.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Barrier};

use chitieu::clock::{Clock, SystemClock};
use chitieu::command::serve;
use chitieu::domain::access::client::Client;
use chitieu::domain::access::scope::Scope;
use chitieu::service::auth::clients;
use chitieu::store::clients::StoredClient;
use chitieu::store::{self, Conn, Db, StoreError};
use chrono::{DateTime, Utc};
use diesel::migration::{Migration, MigrationSource};
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::app::settings;
use crate::support::{TestApp, on_both, postgres};

on_both! {
    times_come_back_to_the_microsecond,
    listings_are_in_the_order_of_bytes_whatever_the_database_collates,
    a_row_that_refers_to_nothing_is_refused,
}

#[test]
fn both_databases_have_the_same_steps_and_each_can_be_undone() {
    let names = |database: &str| {
        let folders = std::fs::read_dir(folder(database)).unwrap().map(|entry| entry.unwrap().path());
        folders.map(|step| step.file_name().unwrap().to_str().unwrap().to_owned()).collect::<BTreeSet<String>>()
    };

    assert_eq!(names("sqlite"), names("postgres"));
    for database in ["sqlite", "postgres"] {
        for step in names(database) {
            for file in ["up.sql", "down.sql"] {
                let text = std::fs::read_to_string(folder(database).join(&step).join(file)).unwrap_or_default();
                assert!(!text.trim().is_empty(), "{database}/{step}/{file} says nothing");
            }
        }
    }
}

#[test]
fn sqlite_has_the_tables_that_the_queries_are_written_for() {
    let tables = of_queries(&sqlite_facts(&mut migrated_sqlite()));

    assert_same(&tables, "SQLite", &facts_of_schema_rs(), "src/store/schema.rs");
}

#[test]
fn postgres_has_the_same_tables_as_sqlite() {
    let Some(cluster) = postgres::cluster() else { return };
    let mut postgres = PgConnection::establish(&cluster.create_empty("migrations_tables")).unwrap();
    postgres.run_pending_migrations(steps("postgres")).unwrap();

    let facts = postgres_facts(&mut postgres);

    assert_same(&facts, "PostgreSQL", &sqlite_facts(&mut migrated_sqlite()), "SQLite");
    assert_same(&of_queries(&facts), "PostgreSQL", &facts_of_schema_rs(), "src/store/schema.rs");
}

#[test]
fn every_join_that_the_queries_make_follows_a_foreign_key() {
    let (facts, source) = (sqlite_facts(&mut migrated_sqlite()), schema_rs());

    let joins: Vec<&str> = source.lines().filter_map(|line| line.strip_prefix("diesel::joinable!(")).collect();

    assert!(!joins.is_empty());
    for join in joins {
        let (child, rest) = join.split_once(" -> ").unwrap();
        let (parent, rest) = rest.split_once(" (").unwrap();
        let column = rest.trim_end_matches("));").trim_end_matches(')');
        let wanted = format!("{child} ({column}) refers to {parent} ");
        assert!(facts.iter().any(|fact| fact.starts_with(&wanted)), "{wanted}(…): there is no such foreign key");
    }
}

#[test]
fn each_step_down_undoes_its_step_up_on_sqlite() {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();

    walk_up_and_down(&mut conn, "sqlite", sqlite_facts);

    let left = "SELECT type || ' ' || name AS fact FROM sqlite_master \
                WHERE tbl_name <> '__diesel_schema_migrations' AND name NOT LIKE 'sqlite_%'";
    assert_eq!(texts(sql_query(left).load(&mut conn)), BTreeSet::new(), "all steps down leave nothing behind");
}

#[test]
fn each_step_down_undoes_its_step_up_on_postgres() {
    let Some(cluster) = postgres::cluster() else { return };
    let mut conn = PgConnection::establish(&cluster.create_empty("migrations_steps")).unwrap();

    walk_up_and_down(&mut conn, "postgres", postgres_facts);

    let left = "SELECT relkind::text || ' ' || relname AS fact FROM pg_class \
                WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_\\_diesel%'";
    assert_eq!(texts(sql_query(left).load(&mut conn)), BTreeSet::new(), "all steps down leave nothing behind");
}

#[test]
fn starting_again_changes_nothing() {
    for (url, _folder) in empty_databases("migrations_again") {
        let first = holdings(&serve::open(&url, 2, &SystemClock).unwrap());

        let second = holdings(&serve::open(&url, 2, &SystemClock).unwrap());

        assert_eq!(first, second, "{url}");
        assert!(first.iter().filter(|held| held.starts_with("step ")).count() >= 3, "{url}: {first:?}");
    }
}

#[test]
fn programs_that_start_at_once_on_a_new_database_prepare_it_once() {
    // A server, and beside it the command that makes its first client: whoever comes second waits. A few rounds, because it is a race.
    for (url, _folder) in (0..3).flat_map(|round| empty_databases(&format!("migrations_at_once_{round}"))) {
        let start = Barrier::new(4);

        let started: Vec<Result<(), String>> = on_threads(4, |_| {
            start.wait();
            serve::prepare(&url, Arc::new(SystemClock), settings()).map(drop).map_err(|failure| failure.to_string())
        });

        assert_eq!(started, vec![Ok(()); 4], "{url}");
        let keys = Db::open(&url, 2).unwrap().read_blocking(store::keys::list).unwrap();
        assert_eq!(keys.len(), 1, "{url}: all sign with the one key that the first of them made");
    }
}

#[test]
fn a_url_that_names_neither_database_is_refused_and_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.db").display().to_string();

    for (url, why) in [
        (file.clone(), "a bare path"),
        (format!("sqlite:{file}"), "one slash too few"),
        (format!("sqlite3://{file}"), "no scheme of ours"),
        (format!("file://{file}"), "a file, of nobody knows what"),
        (format!("mysql://{file}"), "another database"),
        (format!("SQLITE://{file}"), "a scheme in capitals"),
        (String::new(), "nothing"),
    ] {
        let message = Db::open(&url, 2).err().map(|failure| failure.to_string()).unwrap_or_default();

        assert!(message.contains("sqlite://") && message.contains("postgres://"), "{why}: {message:?}");
        assert_eq!(files(folder.path()), 0, "{why}");
        assert!(url.is_empty() || !Path::new(&url).exists(), "{why}");
    }
}

#[test]
fn a_postgres_server_that_cannot_be_reached_is_reported_in_its_own_words_and_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();

    for url in [format!("postgres://nobody@/chitieu?host={here}"), format!("postgresql://nobody@/chitieu?host={here}")] {
        let message = Db::open(&url, 2).err().map(|failure| failure.to_string()).unwrap_or_default();

        assert!(message.contains(&format!("connection to server on socket \"{here}/.s.PGSQL.5432\" failed")), "{message:?}");
        assert_eq!(files(folder.path()), 0, "{url}");
        assert!(!Path::new("postgres:").exists() && !Path::new("postgresql:").exists(), "{url}");
    }
}

#[test]
fn a_postgres_database_that_does_not_exist_is_reported_in_the_words_of_the_server() {
    let Some(cluster) = postgres::cluster() else { return };
    let url = cluster.create_empty("migrations_there").replace("migrations_there", "migrations_not_there");

    let message = Db::open(&url, 2).err().map(|failure| failure.to_string()).unwrap_or_default();

    assert!(message.contains("database \"migrations_not_there\" does not exist"), "{message:?}");
}

#[test]
fn a_file_that_sqlite_cannot_open_is_reported_in_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("text.db");
    std::fs::write(&file, "this is a text of a few dozen bytes, and no database at all").unwrap();

    for (url, words) in [
        (format!("sqlite://{}/no-such-folder/x.db", folder.path().display()), "unable to open database file"),
        (format!("sqlite://{}", file.display()), "file is not a database"),
    ] {
        let message = Db::open(&url, 2).err().map(|failure| failure.to_string()).unwrap_or_default().to_lowercase();

        assert!(message.contains(words), "{url}: {message:?}");
    }
}

#[test]
fn every_sqlite_connection_is_durable_and_checks_foreign_keys() {
    let (url, _folder) = empty_sqlite();
    let db = Db::open(&url, 4).unwrap();

    // Inside one another, so that each is a connection of its own.
    let seen = pragmas(&db, 4);

    let wanted = Pragmas { journal_mode: "wal".into(), synchronous: 2, foreign_keys: 1, busy_timeout: 2000 };
    assert_eq!(seen, vec![wanted; 4], "synchronous 2 is FULL: what is acknowledged survives a power cut");
}

#[test]
fn writers_that_read_first_queue_up_and_none_is_told_that_the_database_is_locked() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 50;
    for (url, _folder) in empty_databases("migrations_writers") {
        let db = serve::open(&url, 8, &SystemClock).unwrap();
        let count = |conn: &mut Conn| Ok::<_, StoreError>(store::definitions::latest_change(conn)?.unwrap_or(0));
        let before = db.read_blocking(count).unwrap();
        let indicator = db.read_blocking(|conn| store::indicators::list(conn, None)).unwrap().swap_remove(0);
        let round = Barrier::new(THREADS);

        // Each reads the last number and records the next: two that read the same would collide on (code, version).
        let failed: Vec<Vec<String>> = on_threads(THREADS, |_| {
            let write = || {
                db.write_blocking(|conn| {
                    store::indicators::append(conn, &indicator, SystemClock.now(), &store::definitions::RecordedBy::default())
                })
            };
            let tries = (0..ROUNDS).map(|_| {
                round.wait();
                write()
            });
            tries.filter_map(Result::err).map(|failure: StoreError| failure.to_string()).collect()
        });

        assert_eq!(failed, vec![Vec::<String>::new(); THREADS], "{url}");
        let written = db.read_blocking(count).unwrap() - before;
        assert_eq!(usize::try_from(written), Ok(THREADS * ROUNDS), "{url}: each write counts once");
    }
}

async fn times_come_back_to_the_microsecond(app: TestApp) {
    for (moment, why) in [
        ("2026-11-21T02:00:00.123456Z", "six decimals"),
        ("2026-11-21T02:00:00Z", "none"),
        ("2026-11-21T02:00:00.000001Z", "the least"),
        ("2026-11-21T02:00:00.999999Z", "the most"),
        ("2024-02-29T23:59:59.999999Z", "the end of a leap day"),
        ("1999-12-31T23:59:59.500000Z", "before the year 2000"),
        ("1969-07-20T20:17:40.000100Z", "before 1970"),
    ] {
        let at: DateTime<Utc> = moment.parse().unwrap();
        let (provinces, fields) = (vec![], vec![]);
        let client = Client {
            id: format!("id {why}"),
            name: why.into(),
            organisation: None,
            scopes: vec![Scope::Submit],
            may_grant: vec![],
            provinces,
            fields,
        };
        let stored =
            StoredClient { client, secrets: vec![], jwks: None, created_at: at, expires_at: None, last_used_at: None, disabled_at: None };

        app.state.context.db.write_blocking(|conn| store::clients::insert(conn, &stored)).unwrap();
        clients::disable(&app.state.context.db, why, at).unwrap();

        let found = app.state.context.db.read_blocking(|conn| store::clients::find(conn, &stored.client.id)).unwrap().unwrap();
        assert_eq!((found.created_at, found.disabled_at), (at, Some(at)), "{why}");
    }
    assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1000, 0, "the clock of the machine is read no finer than that");
}

async fn listings_are_in_the_order_of_bytes_whatever_the_database_collates(app: TestApp) {
    collate_like_a_dictionary(&app.state.context.db);
    let user = app.department().await;
    // In an English dictionary: an-giang, ha-noi, VN. In bytes VN comes first, and '-' before letters and digits.
    for province in ["ha-noi-2008", "VN", "bac-giang-1997", "ba-ria-vung-tau-1997"] {
        let rows = json!([
            {"indicator": "phone-subscribers", "value": 30},
            {"indicator": "phone-subscribers", "breakdown": {"line_type": "mobile"}, "value": 20},
            {"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": 10},
            {"indicator": "bts-sites", "value": 5},
        ]);
        user.submit(&json!({"province": province, "period": "2024-05", "observations": rows})).await;
        let targets = json!([{"indicator": "phone-subscribers", "period": "2024", "value": 40}]);
        user.put("/v1/targets", &json!({"province": province, "targets": targets})).await.expect(200);
    }

    let anyone = app.anyone();
    let all = "ha-noi-2008,VN,bac-giang-1997,ba-ria-vung-tau-1997";
    let series = anyone.get(&format!("/v1/series?province={all}&indicator=phone-subscribers,bts-sites&breakdown=*")).await.expect(200);
    let targets = anyone.get("/v1/targets").await.expect(200);
    let provinces = anyone.get("/v1/provinces?limit=1000").await.expect(200);
    let indicators = anyone.get("/v1/indicators?limit=1000").await.expect(200);

    let of_series = |item: &Value| [&item["province"]["key"], &item["indicator"]["code"], &item["breakdown"]["line_type"]].map(text);
    assert_in_order(&series, 4 * 4, of_series);
    assert_in_order(&targets, 4, |item| [&item["province"], &item["indicator"], &Value::Null].map(text));
    assert_in_order(&provinces, 87, |item| [&item["key"], &Value::Null, &Value::Null].map(text));
    assert_in_order(&indicators, 80, |item| [&item["code"], &Value::Null, &Value::Null].map(text));
}

async fn a_row_that_refers_to_nothing_is_refused(app: TestApp) {
    let orphan = "INSERT INTO series (province, indicator, breakdown) VALUES ('nowhere', 'nothing', '')";

    let refused = app.state.context.db.write_blocking(|conn| sql_query(orphan).execute(conn).map_err(StoreError::from));

    let message = refused.expect_err("foreign keys are checked").to_string().to_lowercase();
    assert!(message.contains("foreign key"), "{message}");
}

#[track_caller]
fn assert_in_order(page: &Value, at_least: usize, key: impl Fn(&Value) -> [String; 3]) {
    let listed: Vec<[String; 3]> = page["items"].as_array().unwrap().iter().map(key).collect();
    let mut sorted = listed.clone();
    sorted.sort();
    assert_eq!(listed, sorted);
    assert!(listed.len() >= at_least, "{} items", listed.len());
}

/// The text of a field; nothing where there is none.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Gives the keys of a PostgreSQL database the order of an English dictionary, where the server knows one: most servers
/// are installed that way, and the one of this suite is not. SQLite always compares bytes.
fn collate_like_a_dictionary(db: &Db) {
    let done: Result<(), StoreError> = db.write_blocking(|conn| {
        if let Conn::Sqlite(_) = conn {
            return Ok(());
        }
        let known: Vec<Fact> = sql_query("SELECT collname::text AS fact FROM pg_collation WHERE collname = 'en-x-icu'").load(conn)?;
        for (table, column) in [
            ("provinces", "key"),
            ("definition_versions", "code"),
            ("series", "province"),
            ("series", "indicator"),
            ("series", "breakdown"),
        ] {
            if !known.is_empty() {
                sql_query(format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE text COLLATE \"en-x-icu\"")).execute(conn)?;
            }
        }
        Ok(())
    });
    done.unwrap();
}

/// Runs the same work on several threads at once, and returns what each came to.
fn on_threads<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|n| scope.spawn(move || work(n))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

/// An empty SQLite database, gone with the folder.
fn empty_sqlite() -> (String, Option<TempDir>) {
    let folder = tempfile::Builder::new().prefix("chitieu-test-").tempdir().unwrap();
    (format!("sqlite://{}", folder.path().join("test.db").display()), Some(folder))
}

/// An empty database of each kind that is there.
pub fn empty_databases(name: &str) -> Vec<(String, Option<TempDir>)> {
    let postgres = postgres::cluster().map(|cluster| (cluster.create_empty(name), None));
    std::iter::once(empty_sqlite()).chain(postgres).collect()
}

/// What a database holds: the steps that ran and when, and how many rows there are of what the program brings along.
fn holdings(db: &Db) -> Vec<String> {
    let read = db.read_blocking(|conn| {
        let steps = "SELECT 'step ' || version || ' at ' || CAST(run_on AS TEXT) AS fact FROM __diesel_schema_migrations";
        let steps: Vec<Fact> = sql_query(steps).load(conn)?;
        let mut held: Vec<String> = steps.into_iter().map(|step| step.fact).collect();
        held.extend(store::provinces::list(conn, None)?.iter().map(|province| format!("province {province:?}")));
        held.extend(store::indicators::list(conn, None)?.iter().map(|indicator| format!("indicator {indicator:?}")));
        held.extend(store::rules::list(conn)?.iter().map(|rule| format!("rule {rule:?}")));
        held.push(format!("changes {:?}", store::definitions::latest_change(conn)?));
        Ok::<_, StoreError>(held)
    });
    let mut held = read.unwrap();
    held.sort();
    held
}

/// What a connection to SQLite was told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pragmas {
    journal_mode: String,
    synchronous: i64,
    foreign_keys: i64,
    busy_timeout: i64,
}

/// The settings of so many connections of a pool, all in use at once.
fn pragmas(db: &Db, connections: usize) -> Vec<Pragmas> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        journal_mode: String,
        #[diesel(sql_type = BigInt)]
        synchronous: i64,
        #[diesel(sql_type = BigInt)]
        foreign_keys: i64,
        #[diesel(sql_type = BigInt)]
        timeout: i64,
    }
    let read = db.read_blocking(|conn| {
        let all = "SELECT journal_mode, synchronous, foreign_keys, timeout \
                   FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_busy_timeout";
        let Row { journal_mode, synchronous, foreign_keys, timeout } = sql_query(all).get_result(conn)?;
        let mut seen = if connections > 1 { pragmas(db, connections - 1) } else { Vec::new() };
        seen.push(Pragmas { journal_mode, synchronous, foreign_keys, busy_timeout: timeout });
        Ok::<_, StoreError>(seen)
    });
    read.unwrap()
}

pub fn folder(database: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database)
}

fn steps(database: &str) -> FileBasedMigrations {
    FileBasedMigrations::from_path(folder(database)).unwrap()
}

fn migrated_sqlite() -> SqliteConnection {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    conn.run_pending_migrations(steps("sqlite")).unwrap();
    conn
}

/// The steps that change rows and no tables.
const OF_ROWS: [&str; 1] = ["20261201000020"];

/// Runs every step, then undoes every step, and compares what is there before and after each.
fn walk_up_and_down<C>(conn: &mut C, database: &str, facts: impl Fn(&mut C) -> BTreeSet<String>)
where
    C: Connection + MigrationHarness<C::Backend>,
{
    let source = steps(database);
    let all: Vec<Box<dyn Migration<C::Backend>>> = source.migrations().unwrap();
    let mut stages = vec![facts(conn)];
    for _ in &all {
        let step = conn.run_next_migration(source.clone()).unwrap().to_string();
        stages.push(facts(conn));
        let changes = stages[stages.len() - 2] != stages[stages.len() - 1];
        assert_eq!(changes, !OF_ROWS.contains(&step.as_str()), "{step} changes the tables, unless it is listed");
    }
    stages.pop();
    while let Some(before) = stages.pop() {
        let step = conn.revert_last_migration(source.clone()).unwrap();
        assert_same(&facts(conn), &format!("{database} after {step} is undone"), &before, "before it ran");
    }
    assert_eq!(facts(conn), BTreeSet::new());
}

/// One sentence about the tables of a database; both databases and `schema.rs` say theirs in the same words.
#[derive(QueryableByName)]
pub struct Fact {
    #[diesel(sql_type = Text)]
    fact: String,
}

pub fn texts(facts: diesel::QueryResult<Vec<Fact>>) -> BTreeSet<String> {
    facts.unwrap().into_iter().map(|fact| fact.fact).collect()
}

#[track_caller]
fn assert_same(one: &BTreeSet<String>, whose: &str, other: &BTreeSet<String>, others: &str) {
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>().join("\n  ");
    assert!(one == other, "only {whose} says:\n  {}\nonly {others} says:\n  {}", only(one, other), only(other, one));
}

fn sqlite_facts(conn: &mut SqliteConnection) -> BTreeSet<String> {
    // A lone INTEGER PRIMARY KEY is SQLite's row number, which has 64 bits.
    let facts = r#"
        WITH tables AS (
            SELECT name FROM sqlite_master
            WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '__diesel_schema_migrations'
        ), columns AS (
            SELECT t.name AS of, c.name, c.pk, c."notnull" AS filled, CASE
                WHEN c.type = 'INTEGER' AND c.pk = 1 AND (SELECT max(pk) FROM pragma_table_info(t.name)) = 1 THEN 'BigInt'
                WHEN c.type = 'INTEGER' THEN 'Integer' WHEN c.type = 'BIGINT' THEN 'BigInt' WHEN c.type = 'TEXT' THEN 'Text'
                WHEN c.type = 'BOOLEAN' THEN 'Bool' WHEN c.type = 'DATE' THEN 'Date' WHEN c.type = 'TIMESTAMP' THEN 'Timestamp' ELSE c.type END AS kind
            FROM tables t, pragma_table_info(t.name) c
        )
        SELECT of || '.' || name || ' is ' || CASE WHEN filled THEN kind ELSE 'Nullable<' || kind || '>' END AS fact FROM columns
        UNION ALL
        SELECT of || ' has the primary key (' || group_concat(name, ', ' ORDER BY pk) || ')' FROM columns WHERE pk > 0 GROUP BY of
        UNION ALL
        SELECT t.name || CASE WHEN i."unique" THEN ' is unique by (' ELSE ' is indexed by (' END
            || (SELECT group_concat(name, ', ' ORDER BY seqno) FROM pragma_index_info(i.name)) || ')'
            || CASE WHEN i.partial THEN (
                SELECT lower(substr(sql, instr(upper(sql), ' WHERE '))) FROM sqlite_master WHERE type = 'index' AND name = i.name
            ) ELSE '' END
        FROM tables t, pragma_index_list(t.name) i WHERE i.origin <> 'pk'
        UNION ALL
        SELECT t.name || ' (' || group_concat(f."from", ', ' ORDER BY f.seq) || ') refers to ' || f."table" || ' ('
            || group_concat(f."to", ', ' ORDER BY f.seq) || '), on delete ' || lower(f.on_delete)
        FROM tables t, pragma_foreign_key_list(t.name) f GROUP BY t.name, f.id"#;
    texts(sql_query(facts).load(conn))
}

fn postgres_facts(conn: &mut PgConnection) -> BTreeSet<String> {
    let facts = r"
        WITH columns AS (
            SELECT table_name AS of, column_name AS name, is_nullable = 'NO' AS filled, CASE data_type
                WHEN 'integer' THEN 'Integer' WHEN 'bigint' THEN 'BigInt' WHEN 'text' THEN 'Text' WHEN 'date' THEN 'Date'
                WHEN 'boolean' THEN 'Bool' WHEN 'timestamp without time zone' THEN 'Timestamp' ELSE data_type END AS kind
            FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'
        )
        SELECT of || '.' || name || ' is ' || CASE WHEN filled THEN kind ELSE 'Nullable<' || kind || '>' END AS fact FROM columns
        UNION ALL
        SELECT t.relname || CASE WHEN i.indisprimary THEN ' has the primary key (' WHEN i.indisunique THEN ' is unique by ('
                ELSE ' is indexed by (' END || string_agg(a.attname, ', ' ORDER BY k.place) || ')'
            || coalesce(' where ' || lower(trim(both '()' from pg_get_expr(i.indpred, i.indrelid))), '')
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
            CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
        WHERE t.relnamespace = 'public'::regnamespace AND t.relname <> '__diesel_schema_migrations'
        GROUP BY t.relname, i.indexrelid, i.indisprimary, i.indisunique, i.indpred, i.indrelid
        UNION ALL
        SELECT child.relname || ' (' || string_agg(here.attname, ', ' ORDER BY k.place) || ') refers to ' || parent.relname || ' ('
            || string_agg(there.attname, ', ' ORDER BY k.place) || '), on delete '
            || CASE f.confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null'
                ELSE 'set default' END
        FROM pg_constraint f JOIN pg_class child ON child.oid = f.conrelid JOIN pg_class parent ON parent.oid = f.confrelid
            CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (own, other, place)
            JOIN pg_attribute here ON here.attrelid = child.oid AND here.attnum = k.own
            JOIN pg_attribute there ON there.attrelid = parent.oid AND there.attnum = k.other
        WHERE f.contype = 'f' AND child.relnamespace = 'public'::regnamespace
        GROUP BY f.oid, child.relname, parent.relname, f.confdeltype";
    texts(sql_query(facts).load(conn))
}

fn schema_rs() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/schema.rs")).unwrap()
}

/// What `schema.rs` says of columns and primary keys.
fn facts_of_schema_rs() -> BTreeSet<String> {
    let source = schema_rs();
    let mut facts = BTreeSet::new();
    for table in source.split("diesel::table! {").skip(1) {
        let mut lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
        let (name, key) = lines.next().and_then(|line| line.strip_suffix(" {")).and_then(|line| line.split_once(' ')).unwrap();
        facts.insert(format!("{name} has the primary key {key}"));
        for line in lines.take_while(|line| *line != "}") {
            let (column, kind) = line.trim_end_matches(',').split_once(" -> ").unwrap();
            facts.insert(format!("{name}.{column} is {kind}"));
        }
    }
    facts
}

/// Of what a database says, that which `schema.rs` speaks of too.
fn of_queries(facts: &BTreeSet<String>) -> BTreeSet<String> {
    let column = |fact: &str| fact.split(' ').next().is_some_and(|first| first.contains('.'));
    facts.iter().filter(|fact| column(fact) || fact.contains(" has the primary key ")).cloned().collect()
}
