//! The command line, run as a program: clients, files of figures that are submitted and exported, the document.
//! What the server answers is tested in `tests/api`.

use std::process::{Command, Output};

use chitieu::command::serve::open;
use chitieu::domain::organisation::Organisation;
use chitieu::state::{Clock, SystemClock};
use chitieu::store::{self, Failure};
use serde_json::{Value, json};

/// Runs the program on a database file of its own.
fn chitieu(folder: &tempfile::TempDir, arguments: &[&str]) -> Output {
    let database = format!("sqlite://{}", folder.path().join("clients.db").display());
    Command::new(env!("CARGO_BIN_EXE_chitieu")).args(arguments).env("DATABASE_URL", database).output().expect("the program runs")
}

fn json_lines(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

#[test]
fn a_client_is_made_listed_and_disabled() {
    let folder = tempfile::tempdir().expect("a folder");

    let add =
        ["client", "add", "so-tttt", "--scope", "submit,targets", "--province", "bac-ninh-2025", "--organisation", "H02.12", "--json"];
    let made = json_lines(&chitieu(&folder, &add)).remove(0);
    let listed = json_lines(&chitieu(&folder, &["client", "list", "--json"])).remove(0);
    let disabled = chitieu(&folder, &["client", "disable", "so-tttt"]);
    let listed_again = json_lines(&chitieu(&folder, &["client", "list", "--json"])).remove(0);

    assert_eq!(made["client_secret"].as_str().map(str::len), Some(43), "32 random bytes");
    assert_eq!(listed["client_id"], made["client_id"]);
    assert_eq!(listed["scopes"], serde_json::json!(["submit", "targets"]));
    assert_eq!((&listed["provinces"][0], &listed["organisation"]), (&"bac-ninh-2025".into(), &"H02.12".into()));
    assert_eq!(listed["disabled_at"], Value::Null);
    assert!(disabled.status.success());
    assert!(listed_again["disabled_at"].is_string(), "{listed_again}");
    assert!(!listed.to_string().contains(made["client_secret"].as_str().expect("a secret")), "the secret is shown once");
}

#[test]
fn a_key_is_made_that_waits_for_the_present_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let none = chitieu(&folder, &["key", "list"]);

    let first = json_lines(&chitieu(&folder, &["key", "rotate", "--json"])).remove(0);
    let second = json_lines(&chitieu(&folder, &["key", "rotate", "--alg", "ES256", "--json"])).remove(0);
    let listed = json_lines(&chitieu(&folder, &["key", "list", "--json"]));
    let shown = chitieu(&folder, &["key", "list"]);

    assert!(String::from_utf8_lossy(&none.stdout).starts_with("There are no keys"), "{none:?}");
    let standing = |key: &Value| (key["alg"].clone(), key["standing"].clone());
    assert_eq!(standing(&first), ("EdDSA".into(), "signing".into()), "the first has nobody to wait for");
    assert_eq!(standing(&second), ("ES256".into(), "waiting".into()));
    assert_eq!(listed.iter().map(|key| &key["kid"]).collect::<Vec<_>>(), [&first["kid"], &second["kid"]]);
    assert_eq!((&listed[0]["signs_until"], &second["retires_at"]), (&second["signs_from"], &Value::Null));
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.lines().count() == 2 && shown.contains("  ES256  waiting until 20"), "{shown}");
    assert!(!listed.iter().any(|key| key.to_string().contains("private")), "no secret is printed: {listed:?}");
    let refused = chitieu(&folder, &["key", "rotate", "--alg", "HS256"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("EdDSA, ES256"), "{refused:?}");
}

#[test]
fn what_cannot_be_done_is_said_and_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(chitieu(&folder, &["client", "add", "twice", "--scope", "read"]).status.success());

    for (arguments, said) in [
        (&["client", "add", "twice", "--scope", "read"][..], "a client is called `twice` already"),
        (&["client", "add", "other", "--scope", "write"], "read, submit, approve, targets, catalogue, admin"),
        (&["client", "add", "other", "--scope", "read", "--province", "24"], "keys look like bac-giang-2004"),
        (&["client", "disable", "nobody"], "no enabled client has the id or name `nobody`"),
        (&["client", "list", "--database", "mysql://x"], "begins with sqlite:// or postgres://"),
    ] {
        let output = chitieu(&folder, arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(error.contains(said), "{arguments:?}: {error}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn files_are_submitted_each_for_itself_and_counted_in_a_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = ["client", "add", "so-tttt", "--scope", "submit", "--organisation", "H02.12"];
    assert!(chitieu(&folder, &client).status.success());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let csv = "Mã chỉ tiêu;Phân tổ;Số liệu;Trạng thái\nbts-sites;;1.600;chính thức\nphone-subscribers;line_type:fixed;11.754;\n";
    std::fs::write(path("may.csv"), csv).expect("a file");
    std::fs::write(path("bad.csv"), "Mã chỉ tiêu;Số liệu\nno-such;1\nbts-sites;nhiều\n").expect("a file");
    let june = json!({"province": "24", "period": "2024-06", "observations": [{"indicator": "bts-sites", "value": 1610}]});
    std::fs::write(path("june.json"), june.to_string()).expect("a file");
    std::fs::write(path("notes.txt"), "").expect("a file");
    let (may, bad, june, notes) = (path("may.csv"), path("bad.csv"), path("june.json"), path("notes.txt"));
    let of_all = ["--client", "so-tttt", "--province", "24", "--period", "2024-05", "--number-locale", "vi"];
    let import = |files: &[&str], more: &[&str]| chitieu(&folder, &[&["import"], files, &of_all, more].concat());

    let dry = import(&[&may], &["--dry-run"]);
    let first = import(&[&may, &bad, &notes], &[]);
    let again = import(&[&may], &[]);
    let without_parameters = chitieu(&folder, &["import", &june, "--client", "so-tttt"]);

    assert_eq!((dry.status.success(), table(&dry)), (true, vec!["may.csv checked 2 0 0 0 0 0".to_owned()]));
    assert_eq!(table(&first), ["may.csv submitted 2 0 0 0 0 0", "bad.csv refused", "notes.txt refused"]);
    assert!(!first.status.success(), "not all is recorded");
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    for complaint in ["bad.csv: row 2, column A: ", "bad.csv: row 3, column B: ", "notes.txt: the name of a file of figures ends in"] {
        assert!(said.contains(complaint), "{complaint} in {said}");
    }
    assert_eq!(table(&again), ["may.csv submitted 2 0 0 0 0 0"], "what waits for approval is not on record");
    assert_eq!(
        (without_parameters.status.success(), table(&without_parameters)),
        (true, vec!["june.json submitted 1 0 0 0 0 0".to_owned()])
    );
}

#[test]
fn files_are_submitted_in_the_name_of_a_client_that_may() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("may.json").display().to_string();
    let may = json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": 1600}]});
    std::fs::write(&path, may.to_string()).expect("a file");
    for client in [
        &["reader", "--scope", "read"][..],
        &["ended", "--scope", "submit"],
        &["elsewhere", "--scope", "submit", "--province", "ha-noi-2004"],
    ] {
        assert!(chitieu(&folder, &[&["client", "add"], client].concat()).status.success(), "{client:?}");
    }
    assert!(chitieu(&folder, &["client", "disable", "ended"]).status.success());

    for (client, more, said) in [
        ("nobody", &[][..], "no enabled client has the id or name `nobody`"),
        ("ended", &[], "no enabled client has the id or name `ended`"),
        ("reader", &[], "scope_missing"),
        ("elsewhere", &[], "province_not_allowed"),
        ("elsewhere", &["--period", "2024-05"], "a JSON file says it itself"),
    ] {
        let output = chitieu(&folder, &[&["import", &path, "--client", client], more].concat());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && error.contains(said), "{client} {more:?}: {error}");
    }
}

#[test]
fn a_stream_is_imported_line_by_line() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(chitieu(&folder, &["client", "add", "so-tttt", "--scope", "submit"]).status.success());
    let path = folder.path().join("back.ndjson").display().to_string();
    let line = |n: i32| {
        format!(r#"{{"province": "24", "indicator": "bts-sites", "period": "{}-{:02}", "value": 1600}}"#, 2010 + n / 12, n % 12 + 1)
    };
    let mut lines: Vec<String> = (0..100).map(line).collect();
    lines[41] = r#"{"province": "24", "indicator": "no-such", "period": "2024-01", "value": 1}"#.into();
    lines[42] = "{".into();
    std::fs::write(&path, lines.join("\n")).expect("a file");

    let partial = chitieu(&folder, &["import", &path, "--client", "so-tttt", "--mode", "partial"]);
    let without_mode = chitieu(&folder, &["import", &path, "--client", "so-tttt"]);

    assert_eq!((partial.status.success(), table(&partial)), (false, vec!["back.ndjson recorded 98 0 0 0 2 0".to_owned()]));
    let said = String::from_utf8_lossy(&partial.stderr).into_owned();
    for complaint in ["back.ndjson: line 42", "(unknown_indicator)", "back.ndjson: line 43", "(malformed_json)"] {
        assert!(said.contains(complaint), "{complaint} in {said}");
    }
    assert_eq!(table(&without_mode), ["back.ndjson refused"]);
    assert!(String::from_utf8_lossy(&without_mode.stderr).contains("mode=partial"));
}

#[test]
fn what_is_exported_is_imported_again() {
    let (folder, other) = (publishing(), publishing());
    let lines = [
        r#"{"province":"bac-giang-2004","indicator":"bts-sites","period":"2024-05","calendar":"civil","value":1600,"status":"E","wording":"khoảng 1.600 trạm"}"#,
        r#"{"province":"bac-giang-2004","indicator":"fines-total","period":"2024-06","calendar":"nd09","nil":true}"#,
        r#"{"province":"bac-giang-2004","indicator":"online-service-level4-rate","period":"2024-05","calendar":"civil","value":100,"numerator":38,"denominator":38,"status":"A"}"#,
        r#"{"province":"bac-giang-2004","indicator":"phone-subscribers","breakdown":{"line_type":"fixed"},"period":"2024-05","calendar":"civil","low":10,"high":12,"status":"A","bound":"range"}"#,
        r#"{"province":"bac-giang-2004","indicator":"telecom-internet-revenue","period":"2024-H1","calendar":"civil","value":1135.50,"status":"P","bound":"gt","locator":"tr. 3","claims":[{"kind":"yoy_index","value":103.20}]}"#,
        r#"{"province":"bac-giang-2004","indicator":"telecom-internet-revenue","period":"2024","calendar":"civil","value":23,"unit_mult":11,"status":"E"}"#,
        r#"{"province":"bac-ninh-2025","indicator":"bts-sites","period":"2025-12","calendar":"civil","value":3000,"status":"A","as_of":"2025-12-15"}"#,
        r#"{"province":"VN","indicator":"bts-sites","period":"2023-12","calendar":"civil","value":300000,"status":"A"}"#,
    ];
    let path = |folder: &tempfile::TempDir| folder.path().join("all.ndjson").display().to_string();
    let import = ["--client", "so-tttt", "--mode", "partial"];
    std::fs::write(path(&folder), lines.join("\n")).expect("a file");
    assert_eq!(table(&chitieu(&folder, &[&["import", &path(&folder)], &import[..]].concat())), ["all.ndjson recorded 8 0 0 0 0 0"]);

    let exported = chitieu(&folder, &["export"]);
    std::fs::write(path(&other), &exported.stdout).expect("a file");
    assert_eq!(table(&chitieu(&other, &[&["import", &path(&other)], &import[..]].concat())), ["all.ndjson recorded 8 0 0 0 0 0"]);
    let exported_again = chitieu(&other, &["export"]);
    let of_year = chitieu(&folder, &["export", "--from", "2025-01-01", "--to", "2025-12-31"]);
    let some = chitieu(&folder, &["export", "--province", "bac-giang-2004", "--indicator", "bts-sites", "--indicator", "fines-total"]);

    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    assert_eq!(String::from_utf8_lossy(&exported.stdout).lines().collect::<Vec<_>>(), lines);
    assert_eq!(exported_again.stdout, exported.stdout);
    assert_eq!(String::from_utf8_lossy(&of_year.stdout).trim(), lines[6]);
    assert_eq!(String::from_utf8_lossy(&some.stdout).lines().collect::<Vec<_>>(), lines[..2]);
    for (arguments, said) in [
        (["export", "--province", "atlantis"], "unknown_province"),
        (["export", "--indicator", "no-such"], "unknown_indicator"),
        (["export", "--client", "nobody"], "no enabled client"),
    ] {
        let output = chitieu(&folder, &arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && output.stdout.is_empty() && error.contains(said), "{arguments:?}: {error}");
    }
}

/// A folder with a database in which a client publishes without review.
fn publishing() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(chitieu(&folder, &["client", "add", "so-tttt", "--scope", "submit", "--organisation", "H02.12"]).status.success());
    let url = format!("sqlite://{}", folder.path().join("clients.db").display());
    let trusted = Organisation { id: "H02.12".into(), name: "Sở Thông tin và Truyền thông".into(), trusted: true };
    let at = SystemClock.now();
    let db = open(&url, 2, &SystemClock).expect("a database");
    db.write_blocking(|conn| store::organisations::append(conn, &trusted, at, None)).map_err(|failure: Failure| failure).expect("a write");
    folder
}

/// The lines of a table below its head, their files without folders and one space between the columns.
fn table(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let words = |line: &str| line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word)).collect::<Vec<_>>().join(" ");
    text.lines().skip(1).map(words).collect()
}

#[test]
fn the_document_is_printed_as_it_is_committed() {
    let folder = tempfile::tempdir().expect("a folder");

    let printed = chitieu(&folder, &["openapi"]);

    assert_eq!(String::from_utf8_lossy(&printed.stdout), include_str!("../openapi/openapi.json"));
}
