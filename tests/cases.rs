//! How many cases the tests hold: tests, and rows of their tables, twice where they run on both databases.
//! Prints the numbers, and fails where there are fewer than there were: a case that is gone is named in the commit that lowers a number.

mod sources;

use std::collections::BTreeSet;

use sources::{Source, sources, sources_below, tokens};

/// The cases there were when one was last added: tests and rows, each counted once for every database that it runs on.
const TESTS: usize = 2243;
const ROWS: usize = 11914;

#[test]
fn no_case_is_lost() {
    let files: Vec<Source> = sources().into_iter().chain(sources_below("tests")).collect();

    let counted: Vec<Cases> = files.iter().map(|file| Cases::of(&file.code)).collect();

    let tests: usize = counted.iter().map(|cases| cases.tests).sum();
    let rows: usize = counted.iter().map(|cases| cases.rows).sum();
    // Past the harness, which keeps what passing tests print to itself.
    let line = format!("\n{tests} tests with {rows} rows of tables, those on both databases counted twice\n\n");
    let _ = std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes());
    assert!(tests >= TESTS && rows >= ROWS, "{tests} tests and {rows} rows: there were {TESTS} and {ROWS}");
}

#[test]
fn tests_and_rows_are_counted_once_for_each_database() {
    for (code, tests, rows, why) in [
        ("#[test] fn a() { for (x, y) in [(1, 2), (3, 4)] {} }", 1, 2, "a table"),
        ("#[test] fn a() { let t: [(u8, u8); 2] = [(1, 2), (3, 4),]; }", 1, 2, "a type is no table"),
        ("on_both!(a, b); async fn a(app: TestApp) { for x in [(1,), (2,)] {} } async fn b(app: TestApp) {}", 4, 4, "both databases"),
        ("on_both! { a } fn table() -> Vec<(u8, u8)> { vec![(1, 2)] } async fn a(app: TestApp) {}", 2, 1, "a table outside a test"),
        ("#[test] fn a() { let x = [1, 2]; let y = z[(1)]; f(&[]); }", 1, 0, "lists of plain values"),
        ("proptest! { #[test] fn a(x in 0..9) {} }", 1, 0, "a property"),
    ] {
        let cases = Cases::of(code);

        assert_eq!((cases.tests, cases.rows), (tests, rows), "{why}: {code}");
    }
}

/// What the tests of a file hold.
struct Cases {
    tests: usize,
    rows: usize,
}

impl Cases {
    fn of(code: &str) -> Cases {
        let tokens: Vec<&str> = tokens(code).into_iter().map(|(_, token)| token).collect();
        let word = |n: usize| tokens.get(n).copied().unwrap_or_default();
        let mut both: BTreeSet<&str> = BTreeSet::new();
        let (mut tests, mut rows, mut twice, mut depth) = (0, 0, None, 0);
        // For each open bracket: its token, whether it begins a list, and how many tuples stand in it until now.
        let mut open: Vec<(&str, bool, usize)> = Vec::new();
        for n in 0..tokens.len() {
            match word(n) {
                "on_both" if word(n + 1) == "!" => {
                    let named = tokens[n + 3..].iter().take_while(|token| ![")", "}", "]"].contains(token)).filter(|token| **token != ",");
                    both.extend(named);
                }
                "test" if word(n + 1) == "]" && word(n.wrapping_sub(1)) != "::" => tests += 1,
                "fn" if twice.is_none() && both.contains(word(n + 1)) => twice = Some(depth),
                "[" => {
                    let before = word(n.wrapping_sub(1));
                    let index =
                        before.chars().next_back().is_some_and(char::is_alphanumeric) && !["in", "return", "else"].contains(&before);
                    open.push(("[", !index && !["#", ")", "]", "?"].contains(&before), 0));
                }
                "(" => {
                    if let Some((_, true, tuples)) = open.last_mut().filter(|_| ["[", ","].contains(&word(n.wrapping_sub(1)))) {
                        *tuples += 1;
                    }
                    open.push(("(", false, 0));
                }
                "{" => {
                    depth += 1;
                    open.push(("{", false, 0));
                }
                // A type, or the same value so many times.
                ";" => {
                    if let Some(list) = open.last_mut() {
                        list.2 = 0;
                    }
                }
                "]" | ")" => {
                    if let Some((_, true, tuples)) = open.pop() {
                        rows += tuples * if twice.is_some() { 2 } else { 1 };
                    }
                }
                "}" => {
                    open.pop();
                    depth -= 1;
                    twice = twice.filter(|outside| *outside < depth);
                }
                _ => {}
            }
        }
        Cases { tests: tests + 2 * both.len(), rows }
    }
}
