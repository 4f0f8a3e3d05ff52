//! The command line, run as a program: clients, files of figures that are submitted and exported, the document.
//! What the server answers is tested in `tests/api`.

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chitieu::clock::{Clock, SystemClock};
use chitieu::command::serve::open;
use chitieu::domain::catalogue::organisation::Organisation;
use chitieu::store::{self, StoreError};
use diesel::connection::SimpleConnection;
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
fn a_client_is_narrowed_in_what_is_named_and_in_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let narrow = |more: &[&str]| json_lines(&chitieu(&folder, &[&["client", "narrow", "one", "--json"], more].concat())).remove(0);
    let add = ["client", "add", "one", "--scope", "submit,read", "--field", "it", "--expires", "2100-01-01T07:00:00+07:00", "--json"];
    let made = json_lines(&chitieu(&folder, &add)).remove(0);
    let mut expected = made.clone();
    expected.as_object_mut().expect("an object").remove("client_secret").expect("a secret");
    assert_eq!((&made["fields"], &made["expires_at"]), (&json!(["it"]), &json!("2100-01-01T00:00:00Z")));

    for (arguments, field, value) in [
        (&[][..], "name", json!("one")),
        (&["--scope", "read"], "scopes", json!(["read"])),
        (&["--province", "bac-giang-1997", "--province", "kien-giang-1997"], "provinces", json!(["bac-giang-1997", "kien-giang-1997"])),
        (&["--province", ""], "provinces", json!([])),
        (&["--field", "inspection"], "fields", json!(["inspection"])),
        (&["--organisation", "H02.12"], "organisation", json!("H02.12")),
        (&["--organisation", ""], "organisation", Value::Null),
        (&["--expires", "2101-01-01T00:00:00Z"], "expires_at", json!("2101-01-01T00:00:00Z")),
        (&["--expires", ""], "expires_at", Value::Null),
        (&["--field", ""], "fields", json!([])),
    ] {
        expected[field] = value;
        assert_eq!(narrow(arguments), expected, "{arguments:?}");
    }
    assert_eq!(json_lines(&chitieu(&folder, &["client", "show", "one", "--json"])).remove(0), expected);
    let shown = String::from_utf8_lossy(&chitieu(&folder, &["client", "show", "one"]).stdout).into_owned();
    assert!(shown.contains("scopes:        read\n") && !shown.contains("argon2"), "{shown}");
}

#[test]
fn a_client_with_keys_has_no_secret_until_it_is_given_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys.json").display().to_string();
    let key = |kid: &str| json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    std::fs::write(&path, json!({"keys": [key("a")]}).to_string()).expect("a file");

    let made = json_lines(&chitieu(&folder, &["client", "add", "one", "--scope", "read", "--jwks", &path, "--json"])).remove(0);
    std::fs::write(&path, json!({"keys": [key("b"), key("c")]}).to_string()).expect("a file");
    let narrowed = json_lines(&chitieu(&folder, &["client", "narrow", "one", "--jwks", &path, "--json"])).remove(0);
    let rotated = json_lines(&chitieu(&folder, &["client", "rotate", "one", "--json"])).remove(0);
    std::fs::write(&path, json!({"keys": [{"kty": "oct", "k": "AyM1", "kid": "a"}]}).to_string()).expect("a file");
    let refused = chitieu(&folder, &["client", "narrow", "one", "--jwks", &path]);

    assert_eq!((&made["keys"], &made["secrets"], made.get("client_secret")), (&json!(["a"]), &json!([]), None));
    assert_eq!(narrowed["keys"], json!(["b", "c"]));
    assert_eq!((&rotated["keys"], rotated["client_secret"].as_str().map(str::len)), (&json!(["b", "c"]), Some(43)));
    let error = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && error.contains("/keys/0/k: `k` is the private part of a key"), "{error}");
}

#[test]
fn a_secret_is_rotated_and_a_client_disabled_and_enabled() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = json_lines(&chitieu(&folder, &["client", "add", "one", "--scope", "admin", "--json"])).remove(0);
    let id = made["client_id"].as_str().expect("an id");
    // Called as the other one is known by: whoever means the id means that one.
    let namesake = json_lines(&chitieu(&folder, &["client", "add", id, "--scope", "read", "--json"])).remove(0);

    let rotated = json_lines(&chitieu(&folder, &["client", "rotate", id, "--overlap", "0", "--json"])).remove(0);
    let said = chitieu(&folder, &["client", "rotate", "one"]);
    let disabled = chitieu(&folder, &["client", "disable", id]);
    let listed = chitieu(&folder, &["client", "list"]);
    let enabled = chitieu(&folder, &["client", "enable", "one"]);
    let last = json_lines(&chitieu(&folder, &["client", "show", "one", "--json"])).remove(0);

    assert_eq!(rotated["client_id"], made["client_id"]);
    assert_ne!(rotated["client_secret"], made["client_secret"]);
    assert_eq!(rotated["secrets"][0]["expires_at"], rotated["secrets"][1]["created_at"], "no overlap");
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("client_secret: ") && said.contains("The secret before it is good until "), "{said}");
    assert!(disabled.status.success() && enabled.status.success(), "the last administrator too: another can be made here");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let standing = |id: &Value| listed.lines().find(|line| line.starts_with(id.as_str().expect("an id"))).expect("a line").to_owned();
    assert!(standing(&made["client_id"]).contains("  disabled  one  admin  all provinces"), "{listed}");
    assert!(standing(&namesake["client_id"]).contains("  enabled  "), "{listed}");
    assert_eq!(last["disabled_at"], Value::Null);
    assert_eq!(last["secrets"].as_array().map(Vec::len), Some(3), "secrets that ended are told of");
}

#[test]
fn a_server_that_nobody_can_sign_in_to_says_how_to_make_the_first_administrator() {
    let folder = tempfile::tempdir().expect("a folder");

    let first = said_at_start(&folder);
    assert_eq!(json_lines(&chitieu(&folder, &["client", "list", "--json"])), Vec::<Value>::new(), "nobody is there by default");
    let command = first.lines().find_map(|line| line.trim().strip_prefix("chitieu ")).unwrap_or_else(|| panic!("a command in {first}"));
    let made = chitieu(&folder, &command.split_whitespace().collect::<Vec<_>>());
    let again = said_at_start(&folder);

    assert!(first.contains("there are no clients yet"), "{first}");
    let database = format!("--database sqlite://{}", folder.path().join("clients.db").display());
    assert_eq!(command, format!("client add admin --scope admin {database}"));
    assert!(String::from_utf8_lossy(&made.stdout).contains("client_secret: "), "the command is one that works: {made:?}");
    let listed = json_lines(&chitieu(&folder, &["client", "list", "--json"]));
    assert_eq!((listed.len(), &listed[0]["scopes"], &listed[0]["provinces"]), (1, &json!(["admin"]), &json!([])));
    assert!(!again.contains("no clients"), "{again}");
}

#[test]
fn the_demonstration_says_who_may_call_it_and_where() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_chitieu"));
    server.args(["demo", "--listen", "127.0.0.1:0"]).env_remove("CHITIEU_ISSUER").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = server.spawn().expect("the program runs");
    let mut said = Vec::new();
    for line in BufReader::new(server.stdout.take().expect("what it prints is piped")).lines() {
        said.push(line.expect("a line").trim().to_owned());
        if said.iter().any(|line| line.starts_with("an administrator ")) && said.last().is_some_and(|line| line.starts_with("curl ")) {
            break;
        }
    }
    server.kill().expect("the server ends");
    server.wait().expect("the server has ended");

    let after = |prefix: &str| said.iter().find_map(|line| line.strip_prefix(prefix)).unwrap_or_else(|| panic!("{prefix} in {said:?}"));
    let base = after("Serving on ").split_whitespace().next().expect("an address").to_owned();
    let claims = after("export TOKEN=").split('.').nth(1).expect("a token has three parts").to_owned();
    let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).expect("base64url")).expect("JSON");
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(base), &json!(base)), "the issuer follows the address");
    for (client, scopes) in [
        ("a department;", "(submit)"),
        ("the reviewer ", "(approve)"),
        ("an administrator ", "(admin)"),
        ("demo, ", "(read, submit, targets, catalogue)"),
    ] {
        let at = said.iter().position(|line| line.starts_with(client)).unwrap_or_else(|| panic!("{client} in {said:?}"));
        let (id, secret) = said[at].split_once(": id ").and_then(|(_, rest)| rest.split_once(", secret ")).expect("an id and a secret");
        assert!(said[at].contains(scopes), "{}", said[at]);
        assert_eq!(said[at + 1], format!("curl {base}/oauth/token -u {id}:{secret} -d grant_type=client_credentials"));
    }
}

/// What the server logs until it listens.
fn said_at_start(folder: &tempfile::TempDir) -> String {
    let database = format!("sqlite://{}", folder.path().join("clients.db").display());
    let mut server = Command::new(env!("CARGO_BIN_EXE_chitieu"));
    server.args(["serve", "--listen", "127.0.0.1:0"]).env("DATABASE_URL", database).env_remove("RUST_LOG").stderr(Stdio::piped());
    let mut server = server.spawn().expect("the program runs");
    let mut said = String::new();
    for line in BufReader::new(server.stderr.take().expect("its errors are piped")).lines() {
        let line = line.expect("a line");
        said.push_str(&line);
        said.push('\n');
        if line.contains("listening on ") {
            break;
        }
    }
    server.kill().expect("the server ends");
    server.wait().expect("the server has ended");
    said
}

#[test]
fn what_cannot_be_done_is_said_and_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(chitieu(&folder, &["client", "add", "twice", "--scope", "read"]).status.success());

    for (arguments, said) in [
        (&["client", "add", "twice", "--scope", "read"][..], "a client is called `twice` already"),
        (&["client", "add", "other", "--scope", "write"], "read, submit, approve, targets, catalogue, admin"),
        (&["client", "add", "other", "--scope", "read", "--province", "24"], "keys look like bac-giang-1997"),
        (&["client", "add", "other"], "a client has at least one scope"),
        (&["client", "add", "other", "--scope", "read", "--field", "astrology"], "no indicator is of the field `astrology`"),
        (&["client", "add", "other", "--scope", "read", "--organisation", "H02."], "such as H02.12"),
        (&["client", "add", "other", "--scope", "read", "--expires", "2020-01-01T00:00:00Z"], "is past"),
        (&["client", "add", "other", "--scope", "read", "--expires", "tomorrow"], "is not a time such as"),
        (&["client", "add", "other", "--scope", "read", "--jwks", "/no/such/file"], "/no/such/file: "),
        (&["client", "show", "nobody"], "no client has the id or name `nobody`"),
        (&["client", "narrow", "nobody", "--scope", "read"], "no client has the id or name `nobody`"),
        (&["client", "rotate", "nobody"], "no client has the id or name `nobody`"),
        (&["client", "rotate", "twice", "--overlap", "721"], "721 is not in 0..=720"),
        (&["client", "disable", "nobody"], "no client has the id or name `nobody`"),
        (&["client", "enable", "nobody"], "no client has the id or name `nobody`"),
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

    assert_eq!((dry.status.success(), table(&dry)), (true, vec!["may.csv 2 would wait for approval 2 0 0 0 0 0".to_owned()]));
    assert_eq!(table(&first), ["may.csv 2 wait for approval 2 0 0 0 0 0", "bad.csv refused", "notes.txt refused"]);
    assert!(!first.status.success(), "not all is recorded");
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    for complaint in ["bad.csv: row 2, column A: ", "bad.csv: row 3, column B: ", "notes.txt: the name of a file of figures ends in"] {
        assert!(said.contains(complaint), "{complaint} in {said}");
    }
    assert_eq!(table(&again), ["may.csv 2 wait for approval 2 0 0 0 0 0"], "what waits for approval is not on record");
    assert_eq!(
        (without_parameters.status.success(), table(&without_parameters)),
        (true, vec!["june.json 1 waits for approval 1 0 0 0 0 0".to_owned()])
    );
}

#[test]
fn a_file_of_several_provinces_has_a_line_for_each() {
    let folder = publishing();
    let path = folder.path().join("hai-tinh.csv").display().to_string();
    let file = "Mã chỉ tiêu;Kỳ;Số liệu;Tỉnh\nbts-sites;2021-05;1500;Bắc Giang\nbts-sites;2021-05;1600;Bắc Ninh\nTổng;;3100;\n";
    std::fs::write(&path, file).expect("a file");

    let output = chitieu(&folder, &["import", &path, "--client", "so-tttt"]);

    let lines = ["hai-tinh.csv: bac-giang-1997 1 recorded 1 0 0 0 0 0", "hai-tinh.csv: bac-ninh-1997 1 recorded 1 0 0 0 0 0"];
    assert_eq!((output.status.success(), table(&output)), (true, lines.map(str::to_owned).to_vec()));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("left out, because it is a total: row 4"), "{said}");
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
        &["elsewhere", "--scope", "submit", "--province", "ha-noi-2008"],
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

    assert_eq!((partial.status.success(), table(&partial)), (false, vec!["back.ndjson 98 wait for approval 98 0 0 0 2 0".to_owned()]));
    let said = String::from_utf8_lossy(&partial.stderr).into_owned();
    for complaint in ["back.ndjson: line 42", "(unknown_indicator)", "back.ndjson: line 43", "(malformed_json)"] {
        assert!(said.contains(complaint), "{complaint} in {said}");
    }
    assert_eq!(table(&without_mode), ["back.ndjson refused"]);
    assert!(String::from_utf8_lossy(&without_mode.stderr).contains("mode=partial"));
}

#[test]
fn an_old_file_that_is_imported_again_undoes_no_correction() {
    let folder = publishing();
    let file = |name: &str, row: Value| {
        let path = folder.path().join(name).display().to_string();
        std::fs::write(&path, json!({"province": "24", "period": "2024-05", "observations": [row]}).to_string()).expect("a file");
        path
    };
    let row = |value: i32| json!({"indicator": "bts-sites", "value": value});
    let (first, correction) = (file("june-20.json", row(1142)), file("july-15.json", row(1150)));
    let confirmed = json!({"indicator": "bts-sites", "value": 1142, "acknowledge": ["reverts"], "reason": "số sửa bị nhầm"});
    let confirmed = file("confirmed.json", confirmed);
    let import = |path: &str| chitieu(&folder, &["import", path, "--client", "so-tttt"]);
    let value = || {
        let exported = json_lines(&chitieu(&folder, &["export"]));
        exported[0]["value"].clone()
    };
    for path in [&first, &correction] {
        assert!(import(path).status.success(), "{path}");
    }

    let again = import(&first);
    let after_it = value();
    let on_purpose = import(&confirmed);

    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(!again.status.success() && said.contains("/observations/0") && said.contains("reverts"), "{said}");
    assert_eq!((table(&again), after_it), (vec!["june-20.json refused".to_owned()], json!(1150)));
    assert_eq!((table(&on_purpose), value()), (vec!["confirmed.json 1 recorded 0 1 0 0 0 1".to_owned()], json!(1142)));
}

#[test]
fn what_is_exported_is_imported_again() {
    let (folder, other) = (publishing(), publishing());
    let lines = [
        r#"{"province":"bac-giang-1997","indicator":"bts-sites","period":"2024-05","calendar":"civil","value":1600,"status":"E","wording":"khoảng 1.600 trạm"}"#,
        r#"{"province":"bac-giang-1997","indicator":"fines-total","period":"2024-06","calendar":"nd09","nil":true}"#,
        r#"{"province":"bac-giang-1997","indicator":"online-service-level4-rate","period":"2024-05","calendar":"civil","value":100,"numerator":38,"denominator":38,"status":"A"}"#,
        r#"{"province":"bac-giang-1997","indicator":"online-service-level4-rate","period":"2024-06","calendar":"civil","value":99,"numerator":38,"denominator":38,"status":"A","reason":"theo báo cáo","force":true}"#,
        r#"{"province":"bac-giang-1997","indicator":"phone-subscribers","breakdown":{"line_type":"fixed"},"period":"2024-05","calendar":"civil","low":10,"high":12,"status":"A","bound":"range"}"#,
        r#"{"province":"bac-giang-1997","indicator":"telecom-internet-revenue","period":"2024-H1","calendar":"civil","value":1135.50,"status":"P","bound":"gt","locator":"tr. 3","claims":[{"kind":"yoy_index","value":103.20}]}"#,
        r#"{"province":"bac-giang-1997","indicator":"telecom-internet-revenue","period":"2024","calendar":"civil","value":23,"unit_mult":11,"status":"E"}"#,
        r#"{"province":"bac-ninh-2025","indicator":"bts-sites","period":"2025-12","calendar":"civil","value":3000,"status":"A","as_of":"2025-12-15"}"#,
        r#"{"province":"VN","indicator":"bts-sites","period":"2023-12","calendar":"civil","value":300000,"status":"A"}"#,
    ];
    let path = |folder: &tempfile::TempDir| folder.path().join("all.ndjson").display().to_string();
    let import = ["--client", "so-tttt", "--mode", "partial"];
    std::fs::write(path(&folder), lines.join("\n")).expect("a file");
    assert_eq!(table(&chitieu(&folder, &[&["import", &path(&folder)], &import[..]].concat())), ["all.ndjson 9 recorded 9 0 0 0 0 1"]);

    let exported = chitieu(&folder, &["export"]);
    std::fs::write(path(&other), &exported.stdout).expect("a file");
    assert_eq!(table(&chitieu(&other, &[&["import", &path(&other)], &import[..]].concat())), ["all.ndjson 9 recorded 9 0 0 0 0 1"]);
    let exported_again = chitieu(&other, &["export"]);
    let of_year = chitieu(&folder, &["export", "--from", "2025-01-01", "--to", "2025-12-31"]);
    let some = chitieu(&folder, &["export", "--province", "bac-giang-1997", "--indicator", "bts-sites", "--indicator", "fines-total"]);

    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    assert_eq!(String::from_utf8_lossy(&exported.stdout).lines().collect::<Vec<_>>(), lines);
    assert_eq!(exported_again.stdout, exported.stdout);
    assert_eq!(String::from_utf8_lossy(&of_year.stdout).trim(), lines[7]);
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

#[test]
fn a_database_is_checked_and_what_is_wrong_with_it_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = chitieu(&folder, &["check"]);
    assert!(!missing.status.success() && std::fs::read_dir(folder.path()).expect("a folder").count() == 0, "nothing is made to be checked");
    for arguments in [
        &["client", "add", "so-tttt", "--scope", "submit"][..],
        &["client", "add", "other", "--scope", "read"],
        &["client", "disable", "other"],
    ] {
        assert!(chitieu(&folder, arguments).status.success(), "{arguments:?}");
    }

    let good = chitieu(&folder, &["check"]);
    let url = format!("sqlite://{}", folder.path().join("clients.db").display());
    let db = open(&url, 2, &SystemClock).expect("a database");
    let head = db.read_blocking(store::audit::head).map_err(|failure: StoreError| failure).expect("a read");
    let altered: Result<(), StoreError> = db.write_blocking(|conn| {
        let sql = "UPDATE audit SET subject = 'client x' WHERE seq = 2; DELETE FROM audit WHERE seq = 1";
        conn.batch_execute(sql).map_err(StoreError::from)
    });
    altered.expect("a write");
    let bad = chitieu(&folder, &["check"]);

    let said = String::from_utf8_lossy(&good.stdout).into_owned();
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    for line in [
        "file: ",
        &format!("audit log: 3 lines after line 0; the last is 3 with the hash {}", head.hash),
        "revisions: 0 of figures",
        "submissions: ",
    ] {
        assert!(said.lines().any(|said| said.starts_with(line)), "{line} in {said}");
    }
    let said = String::from_utf8_lossy(&bad.stderr).into_owned();
    assert_eq!(bad.status.code(), Some(1), "{said}");
    assert!(said.contains("faults: 1\n") && said.contains("line 2 of the audit log stands where line 1 should be"), "{said}");
}

/// A folder with a database in which a client publishes without review.
fn publishing() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(chitieu(&folder, &["client", "add", "so-tttt", "--scope", "submit", "--organisation", "H02.12"]).status.success());
    let url = format!("sqlite://{}", folder.path().join("clients.db").display());
    let trusted = Organisation { id: "H02.12".into(), name: "Sở Thông tin và Truyền thông".into(), trusted: true };
    let at = SystemClock.now();
    let db = open(&url, 2, &SystemClock).expect("a database");
    db.write_blocking(|conn| store::organisations::append(conn, &trusted, at, None))
        .map_err(|failure: StoreError| failure)
        .expect("a write");
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
