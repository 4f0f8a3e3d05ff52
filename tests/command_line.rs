//! The command line, run as a program: clients are made, listed and disabled; the document is printed.
//! What the server answers is tested in `tests/api`.

use std::process::{Command, Output};

use serde_json::Value;

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
fn the_document_is_printed_as_it_is_committed() {
    let folder = tempfile::tempdir().expect("a folder");

    let printed = chitieu(&folder, &["openapi"]);

    assert_eq!(String::from_utf8_lossy(&printed.stdout), include_str!("../openapi/openapi.json"));
}
