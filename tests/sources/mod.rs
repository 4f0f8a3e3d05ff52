//! Sources read as text: their paths, imports and tokens, without comments and quotes.
//! What is asked of them is for the tests that include this.

#![allow(dead_code, reason = "each test uses what it needs")]

use std::path::Path;

/// Files that are compiled for tests only: they stand above everything.
const FOR_TESTS: &[&str] = &["study.rs", "testing.rs", "tests.rs"];

/// One file of `src`.
pub struct Source {
    /// Its path below `src`.
    pub name: String,
    /// As it is.
    pub text: String,
    /// The text with spaces for comments and for what is in quotes, line by line as it was.
    pub code: String,
}

/// All files of `src`.
pub fn sources() -> Vec<Source> {
    let files = sources_below("src");
    assert!(files.len() > 40, "{} files found", files.len());
    files
}

/// All files of a folder of the repository, each named by its path below it.
pub fn sources_below(folder: &str) -> Vec<Source> {
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.strip_prefix(&root).expect("found below it").to_str().expect("names are ASCII").to_owned();
        Source::new(name, std::fs::read_to_string(path).expect("sources are UTF-8"))
    };
    files.iter().map(read).collect()
}

impl Source {
    pub fn new(name: String, text: String) -> Source {
        let code = blank_out(&text);
        Source { name, text, code }
    }

    /// The folder or file at the top of `src`; `main.rs` and `lib.rs` keep their ending, because no path names them.
    pub fn room(&self) -> String {
        let top = self.name.split('/').next().unwrap_or_default();
        if top == "main.rs" || top == "lib.rs" { top.to_owned() } else { top.trim_end_matches(".rs").to_owned() }
    }

    /// The module that the file is.
    pub fn module(&self) -> Vec<String> {
        let name = self.name.trim_end_matches(".rs").trim_end_matches("/mod");
        let own = name.split('/').filter(|part| !["main", "lib"].contains(part)).map(str::to_owned);
        std::iter::once("crate".to_owned()).chain(own).collect()
    }

    /// Every path in the code with its line: groups taken apart, `super`, `self` and the crate's own name resolved.
    pub fn paths(&self) -> Vec<(usize, Vec<String>)> {
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

    /// The folder or file of a room that it stands in; none outside the room, nor for the room's own list of modules.
    pub fn inside(&self, room: &str) -> Option<String> {
        let rest = self.name.strip_prefix(room)?.strip_prefix('/')?;
        let first = rest.split('/').next()?.trim_end_matches(".rs");
        (first != "mod").then(|| first.to_owned())
    }

    /// Whether it is compiled for tests only.
    pub fn is_for_tests(&self) -> bool {
        FOR_TESTS.iter().any(|name| self.name.ends_with(&format!("/{name}")))
    }

    /// The paths in the code but for its tests.
    pub fn imports(&self) -> Vec<(usize, Vec<String>)> {
        Source { name: self.name.clone(), text: String::new(), code: self.without_tests() }.paths()
    }

    /// The code without modules that are compiled for tests only.
    pub fn without_tests(&self) -> String {
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
pub fn tokens(code: &str) -> Vec<(usize, &str)> {
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
