//! The README and what lies beside it say what the program does: its error codes, its settings, its paths, its version.
//! Whether the prose is right is for readers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chitieu::config::{Database, Settings};
use chitieu::domain::fault::Code;
use chitieu::domain::language::Language;
use chitieu::domain::reason::Reason;
use clap::{Args, Command};
use serde_json::Value;

/// Pages for people, served and not part of the API document.
const PAGES: &[&str] = &["/", "/docs", "/docs/", "/openapi.json", "/style.css"];

/// Variables that the program itself does not read, and who does.
const OTHER_VARIABLES: &[(&str, &str)] =
    &[("CHITIEU_TEST_POSTGRES", "the tests: `required` makes a missing PostgreSQL a failure instead of a skipped half")];

#[test]
fn the_table_of_error_codes_is_that_of_the_program() {
    let wanted: Vec<String> = Code::ALL.iter().map(|code| format!("| `{code}` | {} |", code.when().replace('|', "\\|"))).collect();

    let tables = tables(&read("README.md"));
    let codes = tables.iter().find(|table| table.iter().any(|cells| code(&cells[0]) == Some("malformed_json")));
    let rows = codes.expect("README.md has a table with rows such as | `malformed_json` | when |").iter();
    let found: Vec<String> = rows.filter(|cells| code(&cells[0]).is_some()).map(|cells| format!("| {} |", cells.join(" | "))).collect();

    assert_same("README.md", &found, &wanted);
}

#[test]
fn the_table_of_reasons_is_that_of_the_program() {
    let reason = |word: &&str| Reason::parse(word).expect("one of its words");
    let wanted: Vec<String> = Reason::WORDS.iter().map(|word| format!("| `{word}` | {} |", reason(word).text(Language::English))).collect();

    let tables = tables(&read("README.md"));
    let reasons = tables.iter().find(|table| table.iter().any(|cells| code(&cells[0]) == Some("base_missing")));
    let rows = reasons.expect("README.md has a table with rows such as | `base_missing` | says |").iter();
    let found: Vec<String> = rows.filter(|cells| code(&cells[0]).is_some()).map(|cells| format!("| {} |", cells.join(" | "))).collect();

    assert_same("README.md", &found, &wanted);
}

#[test]
fn the_table_of_settings_is_that_of_the_program() {
    let wanted: Vec<String> = settings().into_iter().map(|[flag, variable, default]| row(&flag, &variable, &default)).collect();

    let rows = tables(&read("README.md")).into_iter().flatten();
    let settings = rows.filter(|cells| cells.len() >= 3 && code(&cells[0]).is_some_and(|first| first.starts_with("--")));
    let found: Vec<String> = settings.map(|cells| format!("| {} |", cells[..3].join(" | "))).collect();

    assert_same("README.md", &sorted(&found), &sorted(&wanted));
}

#[test]
fn every_setting_has_a_flag_a_variable_a_default_and_a_line_of_help() {
    for argument in arguments() {
        let name = argument.get_id();

        assert!(argument.get_long().is_some(), "{name} has no flag");
        assert!(argument.get_env().is_some(), "{name} has no variable");
        assert!(!argument.get_default_values().is_empty(), "{name} has no default");
        assert!(argument.get_help().is_some_and(|help| !help.to_string().is_empty()), "{name} does not say what it does");
    }
}

#[test]
fn every_variable_that_is_mentioned_is_one_that_is_read() {
    let known: BTreeSet<String> =
        settings().into_iter().map(|[_, variable, _]| variable).chain(OTHER_VARIABLES.iter().map(|(name, _)| (*name).to_owned())).collect();

    for file in ["README.md", "docker-compose.yml", "Dockerfile"] {
        let text = read(file);
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let mentioned: BTreeSet<&str> = words.filter(|word| word.starts_with("CHITIEU_")).collect();

        let unknown: Vec<&&str> = mentioned.iter().filter(|word| !known.contains(**word)).collect();
        assert!(unknown.is_empty(), "{file} mentions {unknown:?}, which nothing reads; there are {known:?}");
    }
}

#[test]
fn every_call_in_the_readme_is_one_that_is_served() {
    let document: Value = serde_json::from_str(&chitieu::app::openapi()).unwrap();
    let served = document["paths"].as_object().unwrap();
    let mut calls = 0;

    for command in curl_commands(&read("README.md")) {
        let called = paths(&command);
        let elsewhere = words(&command).any(|word| word.starts_with("https://"));
        assert!(elsewhere || !called.is_empty(), "README.md: no path is found in `{command}`");
        for path in called {
            let (method, item) = (method(&command), served.iter().find(|(template, _)| fits(template, &path)).map(|(_, item)| item));
            let page = PAGES.contains(&path.as_str()) && method.is_none();
            assert!(page || item.is_some(), "README.md calls {path}, which nothing serves: `{command}`");
            let known = method.as_ref().is_none_or(|method| item.is_some_and(|item| item.get(method.to_lowercase()).is_some()));
            assert!(known, "README.md calls {path} with {}, which it is not served with: `{command}`", method.unwrap_or_default());
            calls += 1;
        }
    }

    assert!(calls > 0, "README.md shows no call: a block of code with curl and a URL");
}

#[test]
fn the_changelog_has_a_section_for_this_version() {
    let version = env!("CARGO_PKG_VERSION");

    let changelog = read("CHANGELOG.md");
    let mut headings = changelog.lines().filter_map(|line| line.strip_prefix("## "));

    let of_version = |heading: &str| heading.split([' ', '[', ']', '(', ')', ',']).any(|word| word.trim_start_matches('v') == version);
    assert!(headings.any(of_version), "CHANGELOG.md has no section `## {version}`");
}

#[test]
fn the_files_for_running_it_in_a_container_are_there() {
    for (file, word, why) in
        [("Dockerfile", "FROM ", "an image is built from another"), ("docker-compose.yml", "services:", "something is to be started")]
    {
        assert!(read(file).lines().any(|line| line.trim_start().starts_with(word)), "{file} has no `{word}`: {why}");
    }
}

#[test]
fn calls_are_read_as_a_shell_would_read_them() {
    for (command, called, with) in [
        ("curl http://localhost:8080/healthz", "/healthz", None),
        ("curl -s 'http://127.0.0.1:8080/v1/series?province=24&indicator=bts-sites' | jq .", "/v1/series", None),
        ("curl \"$BASE/v1/provinces/24?on=2024-06-30\"", "/v1/provinces/24", None),
        ("curl ${BASE}/v1/targets -X PUT -H \"Authorization: Bearer $TOKEN\" -d @targets.json", "/v1/targets", Some("PUT")),
        ("curl --request POST localhost:8080/oauth/token -u \"$ID:$SECRET\"", "/oauth/token", Some("POST")),
    ] {
        assert_eq!(paths(command), [called], "{command}");
        assert_eq!(method(command).as_deref(), with, "{command}");
    }
    assert_eq!(paths("curl -fsSL https://example.org/v1/install.sh"), Vec::<String>::new(), "another server");
    assert!(fits("/v1/provinces/{id}", "/v1/provinces/24") && !fits("/v1/provinces/{id}", "/v1/provinces"));
    assert!(!fits("/v1/provinces/{id}", "/v1/indicators/24") && !fits("/v1/targets", "/v1/targets/24"));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Shows what is missing and what is too much, as rows to paste.
#[track_caller]
fn assert_same(file: &str, found: &[String], wanted: &[String]) {
    let only = |a: &[String], b: &[String]| a.iter().filter(|row| !b.contains(row)).cloned().collect::<Vec<_>>().join("\n");
    let (missing, extra) = (only(wanted, found), only(found, wanted));
    assert!(missing.is_empty() && extra.is_empty(), "{file} lacks the rows:\n{missing}\n\nand has instead:\n{extra}");
    assert_eq!(found, wanted, "{file} has the rows in another order, or one of them twice");
}

fn sorted(rows: &[String]) -> Vec<String> {
    let mut rows = rows.to_vec();
    rows.sort();
    rows
}

fn row(flag: &str, variable: &str, default: &str) -> String {
    let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
    format!("| `{flag}` | `{variable}` | {default} |")
}

/// The settings as clap knows them.
fn arguments() -> Vec<clap::Arg> {
    let command = Database::augment_args(Settings::augment_args(Command::new("chitieu")));
    command.get_arguments().cloned().collect()
}

/// Flag, variable and default of every setting.
fn settings() -> Vec<[String; 3]> {
    let text = |text: Option<&std::ffi::OsStr>| text.map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
    let of = |argument: clap::Arg| {
        let default = argument.get_default_values().first().map(clap::builder::OsStr::as_os_str);
        [format!("--{}", argument.get_long().unwrap_or_default()), text(argument.get_env()), text(default)]
    };
    arguments().into_iter().map(of).collect()
}

/// The tables of a Markdown text: lines one after another that begin with `|`, cut into cells.
fn tables(markdown: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables = vec![Vec::new()];
    for line in markdown.lines().map(str::trim) {
        match line.strip_prefix('|') {
            Some(cells) => tables.last_mut().expect("begun with one").push(split_cells(cells.strip_suffix('|').unwrap_or(cells))),
            None => tables.push(Vec::new()),
        }
    }
    tables.retain(|table| !table.is_empty());
    tables
}

/// The cells of a row; `\|` is a bar inside a cell.
fn split_cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in row.chars() {
        if c == '|' && !escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// What a cell holds that is nothing but one piece of code.
fn code(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`').filter(|inside| !inside.contains('`'))
}

/// The curl commands in the blocks of code, each on one line.
fn curl_commands(markdown: &str) -> Vec<String> {
    let blocks = markdown.split("```").skip(1).step_by(2);
    let joined = blocks.map(|block| block.replace("\\\n", " "));
    let lines: Vec<String> = joined.flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    let begins = |line: &String| line.split_once("curl ").map(|(_, rest)| format!("curl {rest}"));
    lines.iter().filter_map(begins).collect()
}

/// The words of a command.
fn words(command: &str) -> impl Iterator<Item = &str> {
    command.split(|c: char| c.is_whitespace() || c == '"' || c == '\'').filter(|word| !word.is_empty())
}

/// The paths that a command asks for, without their parameters; what is asked of other servers is not ours to check.
fn paths(command: &str) -> Vec<String> {
    let of = |word: &str| {
        let url = word.strip_prefix("http://").unwrap_or(word);
        let ours = ["$", "localhost", "127.0.0.1"].iter().any(|host| url.starts_with(host));
        let path = &url[url.find('/').filter(|_| ours)?..];
        Some(path.split(['?', '#']).next().unwrap_or_default().to_owned())
    };
    words(command).filter_map(of).collect()
}

/// The method that a command names.
fn method(command: &str) -> Option<String> {
    let after = |flag: &str| words(command).skip_while(|word| *word != flag).nth(1).map(str::to_owned);
    after("-X").or_else(|| after("--request"))
}

/// Whether a path is one of those that a template such as `/v1/provinces/{id}` stands for.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len() && template.iter().zip(&path).all(|(part, given)| part == given || part.starts_with('{'))
}
