//! Every message of the program has two texts that say the same: the same values, the same names to type, and no words of the other
//! language. Whether the sentences are good is for readers.

use std::collections::{BTreeMap, BTreeSet};

use chitieu::domain::fault::Code;

use self::sources::{Source, sources};

mod sources;

/// Messages that are the same word in both languages.
const SAME: &[&str] = &["null"];

/// Letters that English does not have.
const VIETNAMESE: &str = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";

/// Vietnamese words without such a letter that are a whole message.
const PLAIN_VIETNAMESE: &[&str] = &["byte", "null"];

/// A name that English keeps.
const NAME: &str = "Tết";

/// The two texts of a message, as in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Texts {
    place: String,
    english: String,
    vietnamese: String,
}

#[test]
fn both_texts_of_a_message_have_the_same_values_and_names() {
    let mut wrong = Vec::new();

    for Texts { place, english, vietnamese } in messages() {
        if placeholders(&english) != placeholders(&vietnamese) {
            wrong.push(format!("{place}: other values: {english} | {vietnamese}"));
        }
        if in_backticks(&english) != in_backticks(&vietnamese) {
            wrong.push(format!("{place}: other names: {english} | {vietnamese}"));
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_text_of_a_message_is_in_its_language() {
    let mut wrong = Vec::new();

    for Texts { place, english, vietnamese } in messages() {
        let [of_english, of_vietnamese] = [&english, &vietnamese].map(|text| words(text));
        if of_english.is_empty() && of_vietnamese.is_empty() {
            continue;
        }
        let has_marks = |text: &str| text.to_lowercase().contains(|letter| VIETNAMESE.contains(letter));
        if has_marks(&of_english.replace(NAME, "")) {
            wrong.push(format!("{place}: Vietnamese words in the English text: {english}"));
        }
        if !has_marks(&of_vietnamese) && !PLAIN_VIETNAMESE.contains(&vietnamese.as_str()) {
            wrong.push(format!("{place}: no Vietnamese words: {vietnamese}"));
        }
        if of_english == of_vietnamese && !SAME.contains(&english.as_str()) {
            wrong.push(format!("{place}: the same text twice: {english}"));
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_said_alike_in_english_is_said_alike_in_vietnamese() {
    let mut said: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for Texts { place, english, vietnamese } in messages() {
        said.entry(english).or_default().insert(vietnamese, place);
    }

    let wrong: Vec<String> = said.into_iter().filter(|(_, ways)| ways.len() > 1).map(|of| format!("{of:?}")).collect();

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_is_given_with_a_message() {
    let code: String = sources().iter().filter(|source| source.name != "domain/fault.rs").map(|source| source.code.as_str()).collect();

    let named = |name: &str| code.contains(&format!("Code::{name},")) || code.contains(&format!("Code::{name})"));
    let without: Vec<String> = Code::ALL.iter().map(|code| format!("{code:?}")).filter(|name| !named(name)).collect();

    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn an_odd_message_is_found() {
    let text = r#"
        message!(en: "a `b` of {} is {c}", vi: "{c} là `b` của {}", d);
        message!(en: "two \
            lines", vi: "hai dòng"; x)
        Message::fixed("fixed", "cố định")
        Message::fixed(
            concat!("an ", $error, " here"),
            concat!("có ", $error, " ở đây"),
        )
        // message!(en: "no", vi: "không")
    "#;
    let source = Source::new("a.rs".to_owned(), text.to_owned());

    let found = messages_of(&source);

    let texts: Vec<(&str, &str)> = found.iter().map(|of| (of.english.as_str(), of.vietnamese.as_str())).collect();
    assert_eq!(
        texts,
        [("a `b` of {} is {c}", "{c} là `b` của {}"), ("two lines", "hai dòng"), ("fixed", "cố định"), ("an {} here", "có {} ở đây")]
    );
    assert_eq!(placeholders("a {} {b} {{c}} {d:?}"), ["", "b", "d:?"].map(str::to_owned));
    assert_eq!(in_backticks("`a` b `c`"), BTreeSet::from(["a", "c"]));
    assert_eq!(words("`a`: {b} (c d)"), "c d");
}

fn messages() -> Vec<Texts> {
    let found: Vec<Texts> = sources().iter().filter(|source| source.name != "domain/message.rs").flat_map(messages_of).collect();
    assert!(found.len() > 400, "only {} messages found", found.len());
    found
}

/// The messages of a file. In its code the quotes are blank, so that the texts are looked up in the file as it is.
fn messages_of(source: &Source) -> Vec<Texts> {
    let mut found = Vec::new();
    for start in ["message!(", "Message::fixed("] {
        for (at, _) in source.code.match_indices(start) {
            let line = source.code[..at].matches('\n').count() + 1;
            let place = format!("src/{}:{line}", source.name);
            let rest = &source.text[byte_at(source, at) + start.len()..];
            let (english, rest) = first_quoted(rest).unwrap_or_else(|| panic!("{place}: no English text"));
            let (vietnamese, _) = first_quoted(rest).unwrap_or_else(|| panic!("{place}: no Vietnamese text"));
            found.push(Texts { place, english, vietnamese });
        }
    }
    found
}

/// The place in the text of a place in the code: blanks stand for characters, not for bytes.
fn byte_at(source: &Source, at: usize) -> usize {
    let characters = source.code[..at].chars().count();
    source.text.char_indices().nth(characters).map_or(source.text.len(), |(byte, _)| byte)
}

/// The first text in quotes, with its line ends taken out, and what follows it. One that is put together has `{}` for what is not a text.
fn first_quoted(text: &str) -> Option<(String, &str)> {
    if let Some(parts) = text.trim_start().strip_prefix("concat!(") {
        let (parts, rest) = parts.split_once("),")?;
        return Some((parts.split('"').skip(1).step_by(2).collect::<Vec<_>>().join("{}"), rest));
    }
    let (_, rest) = text.split_once('"')?;
    let mut escaped = false;
    let end = rest.find(|sign| {
        let ends = sign == '"' && !escaped;
        escaped = sign == '\\' && !escaped;
        ends
    })?;
    let mut parts = rest[..end].split("\\\n");
    let first = parts.next().unwrap_or_default().to_owned();
    Some((parts.fold(first, |all, part| all + part.trim_start()), &rest[end + 1..]))
}

/// The names between braces, sorted; a doubled brace is a brace.
fn placeholders(text: &str) -> Vec<String> {
    let text = text.replace("{{", "").replace("}}", "");
    let mut found: Vec<String> = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect();
    found.sort();
    found
}

/// What is to be typed or is quoted.
fn in_backticks(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The text without values, quoted names and marks.
fn words(text: &str) -> String {
    let bare: String = text.split('`').step_by(2).collect();
    let mut depth = 0;
    let letters = bare.chars().map(|sign| {
        depth += i32::from(sign == '{');
        let inside = depth > 0;
        depth -= i32::from(sign == '}');
        if inside || !sign.is_alphabetic() { ' ' } else { sign }
    });
    letters.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
