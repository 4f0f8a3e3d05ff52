//! The house plan: which room of `src` may call on which, and which words may be said where.
//! Reads the sources as text; what the code does is for the other tests.

use std::collections::BTreeSet;
use std::path::Path;

/// Rooms, the rooms that they may name, and why no more.
const ROOMS: &[(&str, &[&str], &str)] = &[
    ("domain", &[], "what is true whatever the database or the protocol knows nobody"),
    ("formats", &["domain"], "bytes become domain values and back; neither a query nor a request is needed for that"),
    ("store", &["domain"], "the store keeps domain values and does not decide about them"),
    ("config", &[], "settings are read before anything else is there"),
    ("state", &["config", "domain", "service", "store"], "what every request works with: settings, clock, keys, catalogue, database"),
    ("service", &["domain", "store", "state"], "the service decides and stores, and does not know that it is asked over HTTP"),
    (
        "http",
        &["service", "domain", "formats", "state"],
        "the API unpacks, asks the service and packs; a figure it read itself would be unauthorised",
    ),
    (
        "web",
        &["http", "service", "domain", "state"],
        "pages show what the service says, with the readers that the API has; they never query",
    ),
    ("app", &["config", "http", "state", "web"], "puts routes, pages and middleware together"),
    (
        "command",
        &["app", "config", "domain", "formats", "service", "state", "store"],
        "starts what there is; nobody calls on it but `main`",
    ),
    ("main.rs", &["app", "command", "config"], "reads the command line and hands over"),
];

/// Words that only some files may say in code, and why. A word is a path such as `std::env`, wherever in a path it begins.
const WORDS: &[(&str, &[&str], &str)] = &[
    ("diesel", &["store/"], "one room speaks SQL"),
    ("diesel_migrations", &["store/"], "one room speaks SQL"),
    ("r2d2", &["store/"], "one room holds connections"),
    ("Conn::Pg", &["store/conn.rs", "store/migrate.rs"], "queries are written once for both databases"),
    ("Conn::Sqlite", &["store/conn.rs", "store/migrate.rs"], "queries are written once for both databases"),
    ("PgConnection", &["store/conn.rs", "store/migrate.rs"], "queries are written once for both databases"),
    ("SqliteConnection", &["store/conn.rs", "store/migrate.rs"], "queries are written once for both databases"),
    ("on_backend", &["store/conn.rs", "store/migrate.rs"], "queries are written once for both databases"),
    ("sql_query", &["store/conn.rs", "store/migrate.rs"], "text that is put together into SQL is how injections begin"),
    (
        "diesel::delete",
        &["store/answers.rs", "store/audit.rs", "store/tokens.rs"],
        "what was once on record stays there; copies of answers go after some days, lines of the audit log after more, notes on tokens when those have expired",
    ),
    (
        "Deserialize",
        &["command/", "domain/decimal.rs", "formats/json.rs", "service/", "store/stored/"],
        "what is read from JSON has a shape of its own: a type of the domain may be renamed",
    ),
    ("actix_web", &["app.rs", "command/", "http/", "main.rs", "web/"], "only the edge knows the protocol"),
    ("utoipa_actix_web", &["app.rs", "http/"], "only the edge knows the protocol"),
    ("tokio", &["command/", "http/", "service/", "store/", "main.rs", "state.rs"], "what is only thought about does not wait"),
    ("std::env", &[], "clap reads the environment, once, in config.rs"),
    ("std::time", &["command/", "http/", "store/"], "durations belong to connections and requests"),
    ("Utc::now", &["state.rs"], "there is one clock, and tests hold it still"),
    ("Local::now", &[], "there is one clock, and tests hold it still"),
    ("SystemTime::now", &[], "there is one clock, and tests hold it still"),
];

/// Rooms without floats: no figure passes through one.
const EXACT: &[&str] = &["domain/", "formats/", "service/", "store/"];

/// The one door to a program that counts in floats: Excel is handed numbers of at most 15 digits, which a float keeps.
const HANDED_TO_EXCEL: &str = "formats/xlsx/write.rs";

/// The longest file that reads well, and the longest `main`.
const LONGEST_FILE: usize = 600;
const LONGEST_MAIN: usize = 80;

#[test]
fn every_room_calls_only_on_the_rooms_it_may() {
    let mut wrong = BTreeSet::new();

    for file in sources() {
        let Some((room, allowed, why)) = ROOMS.iter().find(|(room, ..)| *room == file.room()) else { continue };
        for (line, path) in file.paths() {
            let Some(named) = path.strip_prefix(&["crate".to_owned()]).and_then(|rest| rest.first()) else { continue };
            let is_room = ROOMS.iter().any(|(other, ..)| other == named);
            if is_room && named != room && !allowed.contains(&named.as_str()) {
                wrong.insert(format!("src/{}:{line}: {room} names {}: {why}", file.name, path[1..].join("::")));
            }
        }
    }

    assert_none(&wrong);
}

#[test]
fn every_room_has_a_rule() {
    let ruled: BTreeSet<String> = ROOMS.iter().map(|(room, ..)| (*room).to_owned()).collect();

    let rooms: BTreeSet<String> = sources().iter().map(Source::room).filter(|room| room != "lib.rs").collect();

    assert_eq!(rooms, ruled);
}

#[test]
fn some_words_are_said_only_in_some_places() {
    let mut wrong = BTreeSet::new();

    for file in sources() {
        for (line, path) in file.paths() {
            for (word, places, why) in WORDS {
                let said = path.windows(word.split("::").count()).any(|part| part.join("::") == *word);
                if said && !places.iter().any(|place| file.name.starts_with(place)) {
                    wrong.insert(format!("src/{}:{line}: says `{word}`: {why}", file.name));
                }
            }
        }
    }

    assert_none(&wrong);
}

#[test]
fn figures_pass_through_no_float() {
    let mut wrong = BTreeSet::new();

    let exact = |file: &&Source| EXACT.iter().any(|room| file.name.starts_with(room)) && file.name != HANDED_TO_EXCEL;
    for file in sources().iter().filter(exact) {
        for (n, line) in file.code.lines().enumerate() {
            let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            if words.clone().any(|word| word.ends_with("f32") || word.ends_with("f64")) {
                wrong.insert(format!("src/{}:{}: {}", file.name, n + 1, line.trim()));
            }
        }
    }

    assert_none(&wrong);
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    let mut wrong = BTreeSet::new();

    for file in sources() {
        for (n, line) in file.without_tests().lines().enumerate().filter(|(_, line)| line.contains(".unwrap()")) {
            wrong.insert(format!("src/{}:{}: {}", file.name, n + 1, line.trim()));
        }
    }

    assert_none(&wrong);
}

#[test]
fn every_file_says_first_what_lives_in_it() {
    let silent: BTreeSet<String> = sources().into_iter().filter(|file| !file.text.starts_with("//! ")).map(|file| file.name).collect();

    assert_none(&silent);
}

#[test]
fn files_stay_short_enough_to_read() {
    let longest = |file: &Source| if file.name == "main.rs" { LONGEST_MAIN } else { LONGEST_FILE };
    let lines = |file: &Source| file.text.lines().count();

    let long = sources().into_iter().filter(|file| lines(file) > longest(file));

    assert_none(&long.map(|file| format!("src/{} has {} lines, more than {}", file.name, lines(&file), longest(&file))).collect());
}

#[test]
fn a_wrong_way_import_is_found_however_it_is_written() {
    for (text, found) in [
        ("use crate::store::series;", "crate::store::series"),
        ("use crate::{domain::text, store::{self, Conn}};", "crate::store::Conn"),
        ("use super::store;", "crate::store"),
        ("mod inner {\n use super::super::store::Db; }", "crate::store::Db"),
        ("fn f() { crate::store::series::list(); }", "crate::store::series::list"),
        ("use std::{collections::HashMap, env};", "std::env"),
        ("let now = chrono::Utc::now();", "chrono::Utc::now"),
        ("pub(in crate::store) fn f() {}", "crate::store"),
        ("use crate::store as s;", "crate::store"),
        ("type C = Vec<crate::store::Conn>;", "crate::store::Conn"),
    ] {
        let paths = Source::new("domain.rs".into(), text.into()).paths();

        assert!(paths.iter().any(|(_, path)| path.join("::") == found), "{text}: {paths:?}");
    }
}

#[test]
fn what_is_only_talked_about_is_not_found() {
    for text in [
        "// use crate::store::series;",
        "/* crate::store /* nested */ crate::store */",
        "let text = \"crate::store\";",
        "let text = r#\"crate::store \" crate::store\"#;",
        "let bytes = br#\"{\"a\": \"crate::store\"}\"#;",
        "let quote = '\"'; /* crate::store */ let other = '\\''; // crate::store",
        "fn f<'a>(text: &'a str) -> &'a str { text } // crate::store",
    ] {
        let paths = Source::new("domain.rs".into(), text.into()).paths();

        assert!(paths.iter().all(|(_, path)| path.join("::") != "crate::store"), "{text}: {paths:?}");
    }
}

#[test]
fn only_the_tests_of_a_file_may_unwrap() {
    let text = "#[cfg(test)]\nuse x::{y};\nfn f() { a.unwrap() }\n#[cfg(test)]\nmod tests { fn g() { b.unwrap() } }\nfn h() { c.unwrap() }";

    let rest = Source::new("x.rs".into(), text.into()).without_tests();

    assert!(rest.contains("a.unwrap()") && !rest.contains("b.unwrap()") && rest.contains("c.unwrap()"), "{rest}");
}

#[track_caller]
fn assert_none(wrong: &BTreeSet<String>) {
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.iter().cloned().collect::<Vec<_>>().join("\n"));
}

/// One file of `src`.
struct Source {
    /// Its path below `src`.
    name: String,
    text: String,
    /// The text with spaces for comments and for what is in quotes, line by line as it was.
    code: String,
}

/// All files of `src`.
fn sources() -> Vec<Source> {
    fn walk(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    assert!(files.len() > 40, "{} files found", files.len());
    let read = |path: &std::path::PathBuf| {
        let name = path.strip_prefix(&root).expect("found below it").to_str().expect("names are ASCII").to_owned();
        Source::new(name, std::fs::read_to_string(path).expect("sources are UTF-8"))
    };
    files.iter().map(read).collect()
}

impl Source {
    fn new(name: String, text: String) -> Source {
        let code = blank_out(&text);
        Source { name, text, code }
    }

    /// The folder or file at the top of `src`; `main.rs` and `lib.rs` keep their ending, because no path names them.
    fn room(&self) -> String {
        let top = self.name.split('/').next().unwrap_or_default();
        if top == "main.rs" || top == "lib.rs" { top.to_owned() } else { top.trim_end_matches(".rs").to_owned() }
    }

    /// The module that the file is.
    fn module(&self) -> Vec<String> {
        let name = self.name.trim_end_matches(".rs").trim_end_matches("/mod");
        let own = name.split('/').filter(|part| !["main", "lib"].contains(part)).map(str::to_owned);
        std::iter::once("crate".to_owned()).chain(own).collect()
    }

    /// Every path in the code with its line: groups taken apart, `super`, `self` and the crate's own name resolved.
    fn paths(&self) -> Vec<(usize, Vec<String>)> {
        let tokens = tokens(&self.code);
        let mut found = Vec::new();
        let mut modules = vec![(0, self.module())];
        let mut depth = 0;
        let mut n = 0;
        while let Some((line, token)) = tokens.get(n) {
            let word = |n: usize| tokens.get(n).map_or("", |(_, token)| *token);
            match *token {
                "{" => depth += 1,
                "}" => {
                    depth -= 1;
                    modules.retain(|(outside, _)| *outside <= depth);
                }
                "mod" if word(n + 2) == "{" => {
                    let inner = modules[modules.len() - 1].1.iter().cloned().chain([word(n + 1).to_owned()]).collect();
                    modules.push((depth + 1, inner));
                    n += 1;
                }
                name if is_name(name) => {
                    let mut paths = Vec::new();
                    n = read_path(&tokens, n, &[], &mut paths);
                    let module = &modules[modules.len() - 1].1;
                    found.extend(paths.into_iter().map(|path| (*line, resolve(&path, module))));
                    continue;
                }
                _ => {}
            }
            n += 1;
        }
        found
    }

    /// The code without modules that are compiled for tests only.
    fn without_tests(&self) -> String {
        let mut code = self.code.clone();
        while let Some(begin) = code.find("#[cfg(test)]") {
            let mut depth = 0;
            // A module ends with its last brace, an import with its semicolon.
            let close = code[begin..].find(|c| {
                depth += i32::from(c == '{') - i32::from(c == '}');
                depth == 0 && (c == '}' || c == ';')
            });
            let end = begin + close.expect("braces are balanced") + 1;
            let blank: String = code[begin..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
            code.replace_range(begin..end, &blank);
        }
        code
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single signs, each with its line.
fn tokens(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (n, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if first.is_alphanumeric() || first == '_' {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            found.push((n + 1, &rest[..length]));
            rest = rest[length..].trim_start();
        }
    }
    found
}

/// Reads the path that begins at a token, with all branches where it ends in a group, and returns the token after it.
fn read_path(tokens: &[(usize, &str)], mut n: usize, before: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let word = |n: usize| tokens.get(n).map_or("", |(_, token)| *token);
    let mut path = before.to_vec();
    loop {
        match word(n) {
            "{" => {
                n += 1;
                while !["}", ""].contains(&word(n)) {
                    n = if is_name(word(n)) || word(n) == "{" { read_path(tokens, n, &path, found) } else { n + 1 };
                }
                return n + 1;
            }
            name if is_name(name) => path.push(name.to_owned()),
            _ => {}
        }
        let goes_on = word(n + 1) == "::" && (is_name(word(n + 2)) || word(n + 2) == "{");
        if !goes_on {
            found.push(path);
            return n + 1;
        }
        n += 2;
    }
}

/// The path as seen from the top of the crate.
fn resolve(path: &[String], module: &[String]) -> Vec<String> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    let trimmed = |rest: &[String]| rest.iter().filter(|part| *part != "self").cloned().collect::<Vec<_>>();
    match path.first().map(String::as_str) {
        Some("super") => [&module[..module.len().saturating_sub(ups)], &trimmed(&path[ups..])].concat(),
        Some("self") => [module, &trimmed(&path[1..])].concat(),
        Some("chitieu") => [&["crate".to_owned()], &trimmed(&path[1..])[..]].concat(),
        _ => trimmed(path),
    }
}

/// Replaces comments and what stands in quotes by spaces, and keeps the lines.
fn blank_out(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => end_of_comment(rest),
            '"' => end_of_quote(rest, '"'),
            'r' if begins_word(&code) && is_raw_quote(rest) => end_of_raw_quote(rest),
            // A character, not the name of a lifetime.
            '\'' if rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\'') => end_of_quote(rest, '\''),
            _ => {
                code.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
        };
        code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = &rest[length..];
    }
    code
}

/// Whether the next letter is the first of its word, or the second after the `b` or `c` of a quote.
fn begins_word(code: &str) -> bool {
    let inside = |code: &str| code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    !inside(code.strip_suffix(['b', 'c']).unwrap_or(code))
}

fn end_of_comment(rest: &str) -> usize {
    let mut depth = 0;
    for (at, _) in rest.char_indices() {
        if rest[at..].starts_with("/*") {
            depth += 1;
        } else if rest[..at].ends_with("*/") {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    rest.len()
}

fn end_of_quote(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(rest.len(), |(at, _)| at + 1)
}

fn is_raw_quote(rest: &str) -> bool {
    rest[1..].trim_start_matches('#').starts_with('"')
}

fn end_of_raw_quote(rest: &str) -> usize {
    let marks = rest[1..].chars().take_while(|c| *c == '#').count();
    let end = format!("\"{}", "#".repeat(marks));
    let begin = marks + 2;
    rest[begin..].find(&end).map_or(rest.len(), |at| begin + at + end.len())
}
