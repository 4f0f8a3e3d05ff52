//! A throw-away PostgreSQL cluster, started by the suite itself where server binaries are found and stopped when it ends.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use tempfile::TempDir;

use super::app::prepare;

/// A running cluster with the prepared database that tests copy.
pub struct Cluster {
    folder: PathBuf,
    admin: Mutex<PgConnection>,
    /// Holds the other end of the shell's standard input; when this process ends, the shell stops the server.
    _shell: Child,
}

/// The cluster of this run; `None` where there are no server binaries. With `CHITIEU_TEST_POSTGRES=required` that is a failure.
pub fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(|| {
        let required = std::env::var("CHITIEU_TEST_POSTGRES").is_ok_and(|value| value == "required");
        let Some(binaries) = binaries() else {
            assert!(!required, "CHITIEU_TEST_POSTGRES=required, but no initdb and postgres are on PATH or under /usr/lib/postgresql");
            // Past the test harness, which keeps what passing tests print to itself.
            let _ = std::io::Write::write_all(
                &mut std::io::stderr(),
                b"\nSKIPPED: the PostgreSQL half of the tests. No initdb and postgres are on PATH or under /usr/lib/postgresql/*/bin.\n\n",
            );
            return None;
        };
        Some(Cluster::start(&binaries))
    });
    CLUSTER.as_ref()
}

/// The folder that holds `initdb` and `postgres`: on PATH, or the newest that Debian's packages made.
fn binaries() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| folder.join("initdb").exists() && folder.join("postgres").exists();
    let on_path = std::env::var_os("PATH").and_then(|path| std::env::split_paths(&path).find(complete));
    let packaged = || {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        versions.filter_map(|version| Some(version.ok()?.path().join("bin"))).filter(complete).max()
    };
    on_path.or_else(packaged)
}

impl Cluster {
    fn start(binaries: &Path) -> Cluster {
        // Short, because a socket's path has at most 107 bytes; kept, because the shell removes it after the server.
        let folder = tempfile::Builder::new().prefix("chitieu-pg-").tempdir_in("/tmp").map(TempDir::keep).unwrap();
        let owner = owner_for(&folder);
        let run_as = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(&folder).env("LC_ALL", "C");
            if let Some((uid, gid)) = owner {
                command.uid(uid).gid(gid);
            }
            command
        };
        let data = folder.join("data");
        let initdb = run_as(&binaries.join("initdb"))
            .args(["--username=chitieu", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
            .arg(&data)
            .output()
            .unwrap();
        assert!(initdb.status.success(), "initdb: {}", String::from_utf8_lossy(&initdb.stderr));
        // `read` ends when this process does, however it ends.
        let script = r#""$0" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=400 -c log_destination=stderr 2>"$1/log" & read -r _; kill -QUIT $!; wait; rm -rf "$1""#;
        let shell = run_as(Path::new("/bin/sh"))
            .args(["-c", script])
            .args([&binaries.join("postgres"), &folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let admin = connect(&url(&folder, "postgres"), &folder);
        let cluster = Cluster { folder, admin: Mutex::new(admin), _shell: shell };
        cluster.run("CREATE DATABASE template_chitieu");
        prepare(&url(&cluster.folder, "template_chitieu"));
        cluster
    }

    /// Makes a copy of the prepared database and returns its URL.
    pub fn copy_template(&self, name: &str) -> String {
        self.run(&format!("CREATE DATABASE {name} TEMPLATE template_chitieu STRATEGY file_copy"));
        url(&self.folder, name)
    }

    /// Makes an empty database and returns its URL.
    pub fn create_empty(&self, name: &str) -> String {
        self.run(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        url(&self.folder, name)
    }

    fn run(&self, sql: &str) {
        let mut admin = self.admin.lock().unwrap();
        // A pool that was dropped a moment ago may still be closing its connections to the template.
        for attempt in 1.. {
            match admin.batch_execute(sql) {
                Ok(()) => return,
                Err(error) if attempt < 100 && error.to_string().contains("is being accessed") => std::thread::yield_now(),
                Err(error) => panic!("{sql}: {error}"),
            }
        }
    }
}

/// The user to run the server as: `initdb` refuses root, so root hands the folder to somebody else.
fn owner_for(folder: &Path) -> Option<(u32, u32)> {
    if folder.metadata().unwrap().uid() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let ids = |name: &str| {
        let line = users.lines().find(|line| line.starts_with(&format!("{name}:")))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let (uid, gid) = ids("postgres").or_else(|| ids("nobody")).expect("a user besides root");
    chown(folder, Some(uid), Some(gid)).unwrap();
    Some((uid, gid))
}

fn url(folder: &Path, database: &str) -> String {
    format!("postgres://chitieu@/{database}?host={}", folder.display())
}

/// Connects as soon as the server listens.
fn connect(url: &str, folder: &Path) -> PgConnection {
    for _ in 0..1500 {
        if let Ok(connection) = PgConnection::establish(url) {
            return connection;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("PostgreSQL did not start: {}", std::fs::read_to_string(folder.join("log")).unwrap_or_default());
}
