//! The house plan: which room of `src` may call on which, and which words may be said where.
//! Reads the sources as text; what the code does is for the other tests.

mod sources;

use std::collections::{BTreeMap, BTreeSet};

use sources::{Source, sources};

/// Rooms, the rooms that they may name, and why no more.
const ROOMS: &[(&str, &[&str], &str)] = &[
    ("domain", &[], "what is true whatever the database or the protocol knows nobody"),
    ("formats", &["domain"], "bytes become domain values and back; neither a query nor a request is needed for that"),
    ("store", &["domain"], "the store keeps domain values and does not decide about them"),
    ("config", &[], "settings are read before anything else is there"),
    ("clock", &[], "the time depends on nothing"),
    ("context", &["clock", "config", "domain", "store"], "what every service function needs stands below the service"),
    ("service", &["clock", "context", "domain", "store"], "the service decides and stores, and does not know that it is asked over HTTP"),
    ("server_state", &["clock", "config", "context", "service", "store"], "the state holds the objects of the service together"),
    (
        "http",
        &["service", "domain", "formats", "server_state"],
        "the API unpacks, asks the service and packs; a figure it read itself would be unauthorised",
    ),
    (
        "web",
        &["http", "service", "domain", "server_state"],
        "pages show what the service says, with the readers that the API has; they never query",
    ),
    ("app", &["config", "http", "server_state", "web"], "puts routes, pages and middleware together"),
    (
        "command",
        &["app", "clock", "config", "context", "domain", "formats", "server_state", "service", "store"],
        "starts what there is; nobody calls on it but `main`",
    ),
    ("main.rs", &["app", "command", "config"], "reads the command line and hands over"),
];

/// The folders and files inside a room, from the ground up: each may import only those that stand before it in its line. Those between
/// two `<` stand beside each other and import one another neither way.
const ORDERS: &[(&str, &str)] = &[
    (
        "domain",
        "language < message < fault < text, outcome, audit, read_only < reason, time < number < catalogue < observation < derivation, access < comparison, \
         batch < target < narrative < validation < submission < reporting",
    ),
    (
        "http",
        "problem, redact < extract < middleware < catalogue < figures < targets < comparisons, submissions < reporting, auth, operations \
         < routes",
    ),
    ("service", "blocking, error, network < operations < catalogue, auth < figures < reporting, targets < submissions"),
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
        &["command/", "domain/number/decimal.rs", "formats/json.rs", "service/", "store/stored/"],
        "what is read from JSON has a shape of its own: a type of the domain may be renamed",
    ),
    ("actix_web", &["app.rs", "command/", "http/", "main.rs", "web/"], "only the edge knows the protocol"),
    ("utoipa_actix_web", &["app.rs", "http/"], "only the edge knows the protocol"),
    ("tokio", &["command/", "http/", "service/", "store/", "main.rs"], "what is only thought about does not wait"),
    ("std::env", &[], "clap reads the environment, once, in config.rs"),
    ("std::time", &["command/", "http/", "store/"], "durations belong to connections and requests"),
    ("Utc::now", &["clock.rs"], "there is one clock, and tests hold it still"),
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
fn every_folder_imports_only_what_stands_before_it() {
    let wrong = ORDERS.iter().flat_map(|(room, order)| against_the_order(room, order, &sources())).collect();

    assert_none(&wrong);
}

#[test]
fn every_folder_of_a_room_with_an_order_has_its_place() {
    for (room, order) in ORDERS {
        let placed = ranks(order).into_keys().map(str::to_owned).collect::<BTreeSet<_>>();

        let found: BTreeSet<String> = sources().iter().filter(|file| !file.is_for_tests()).filter_map(|file| file.inside(room)).collect();

        assert_eq!(found, placed, "src/{room}");
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let wrong = circles(&sources());

    assert_none(&wrong);
}

#[test]
fn an_import_against_the_order_and_a_circle_are_found() {
    let source = |name: &str, text: &str| Source::new(name.into(), text.into());
    let files = [
        source("domain/time/period.rs", "use crate::domain::figure::value::Value;"),
        source(
            "domain/figure/value.rs",
            "use crate::domain::time::{period::Period, zone};\n#[cfg(test)]\nmod tests { use crate::domain::target::x; }",
        ),
        source("domain/figure/mod.rs", "pub mod value;"),
        source("domain/target/mod.rs", "use super::figure::value;"),
    ];

    let against = against_the_order("domain", "time < figure < target", &files);

    assert_eq!(against, ["src/domain/time/period.rs:1: domain::figure::value::Value stands in figure, after time"]);
    let both_ways = [
        "src/domain/figure/value.rs:1 imports src/domain/time/period.rs, which leads back",
        "src/domain/time/period.rs:1 imports src/domain/figure/value.rs, which leads back",
    ];
    assert_eq!(circles(&files), both_ways.map(str::to_owned).into());
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

    for file in sources().into_iter().filter(|file| !file.is_for_tests()) {
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

/// The rank of each folder or file of an order.
fn ranks(order: &str) -> BTreeMap<&str, usize> {
    let groups = order.split('<').enumerate();
    groups.flat_map(|(rank, group)| group.split(',').map(move |name| (name.trim(), rank))).collect()
}

/// The imports of a room that go against its order.
fn against_the_order(room: &str, order: &str, files: &[Source]) -> Vec<String> {
    let ranks = ranks(order);
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| !file.is_for_tests()) {
        let Some(own) = file.inside(room) else { continue };
        for (line, path) in file.imports() {
            let Some(named) = path.strip_prefix(&["crate".to_owned(), room.to_owned()]).and_then(|rest| rest.first()) else { continue };
            let (Some(of_named), Some(of_own)) = (ranks.get(named.as_str()), ranks.get(own.as_str())) else { continue };
            if *named != own && of_named >= of_own {
                let beside = if of_named == of_own { "beside" } else { "after" };
                wrong.push(format!("src/{}:{line}: {} stands in {named}, {beside} {own}", file.name, path[1..].join("::")));
            }
        }
    }
    wrong
}

/// The imports that make a circle of files: each leads to a file that leads back.
fn circles(files: &[Source]) -> BTreeSet<String> {
    // The crate's own two files stand above all others, and every path begins with their name.
    let files: Vec<&Source> = files.iter().filter(|file| !file.is_for_tests() && file.module().len() > 1).collect();
    let modules: BTreeMap<Vec<String>, usize> = files.iter().enumerate().map(|(n, file)| (file.module(), n)).collect();
    let imported = |path: &[String]| (1..=path.len()).rev().find_map(|length| modules.get(&path[..length]).copied());
    let edges: Vec<BTreeMap<usize, usize>> =
        files.iter().map(|file| file.imports().iter().filter_map(|(line, path)| imported(path).map(|to| (to, *line))).collect()).collect();
    let leads_to = |start: usize, end: usize| {
        let (mut reached, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(n) = open.pop() {
            open.extend(edges[n].keys().copied().filter(|to| reached.insert(*to)));
        }
        reached.contains(&end)
    };
    let arrows = edges.iter().enumerate().flat_map(|(from, to)| to.iter().map(move |(to, line)| (from, *to, *line)));
    let back = arrows.filter(|(from, to, _)| from != to && leads_to(*to, *from));
    back.map(|(from, to, line)| format!("src/{}:{line} imports src/{}, which leads back", files[from].name, files[to].name)).collect()
}
