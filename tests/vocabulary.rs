//! One word, one meaning: the words of `docs/glossary.md` stand in the code, the documents and the API, and no private ones.
//! Whether a sentence reads well is for readers.

mod sources;

use std::collections::BTreeSet;
use std::path::Path;

use sources::{sources, tokens};

/// Names that the code does not use, and the name of the field for each.
const NAMES: &[(&str, &str)] = &[
    ("About", "ResolvedRow"),
    ("After", "ProposedRecord"),
    ("Against", "Comparison"),
    ("Aim", "ApplicableTarget"),
    ("Aimed", "ApplicableTarget"),
    ("Along", "DerivationKind"),
    ("Around", "LoadScope"),
    ("Asked", "ComparisonQuery"),
    ("Asking", "Caller"),
    ("Authority", "RecordedBy"),
    ("Before", "PredecessorUnits"),
    ("Book", "WorkbookParts"),
    ("Breach", "RuleViolation"),
    ("Comparing", "Comparator"),
    ("Course", "TargetContext"),
    ("Decided", "ClientSettings, or what was checked"),
    ("Desk", "SubmissionAssessment"),
    ("Earlier", "ResolvedFigures"),
    ("Failure", "StoreError"),
    ("Formed", "ResolvedValue"),
    ("Guessing", "LoginThrottle"),
    ("Handled", "SubmissionView"),
    ("Handling", "ViewSubmissions"),
    ("Held", "RuleEvaluation, Authorized or CachedKeys"),
    ("Holder", "Authorized"),
    ("Holds", "CellKind"),
    ("Keeping", "AuditLog"),
    ("Located", "LocatedFault"),
    ("Misfit", "RowError"),
    ("Named", "RowKey"),
    ("OfAll", "BatchDefaults"),
    ("Once", "IdempotencyKey"),
    ("Passage", "Citation"),
    ("Past", "HistoricalValues"),
    ("Piece", "XmlEvent"),
    ("Place", "Location, or Rank"),
    ("Presence", "ValidityRule"),
    ("Questions", "ComparisonQuery"),
    ("Reach", "TargetCondition, or Remit"),
    ("Record", "FigureSet"),
    ("Refusal", "ServiceError"),
    ("Reviewing", "ApproveFigures"),
    ("Said", "Statement"),
    ("Says", "RowContent"),
    ("Sending", "SubmitFigures"),
    ("Sent", "SubmitResult"),
    ("Sight", "Visibility"),
    ("Spoken", "Localized"),
    ("Standing", "CurrentRecord, KeyStatus or RateLimitStatus"),
    ("Succeeded", "InheritedTarget"),
    ("Task", "Permission"),
    ("Terms", "ObligationDefinition, or ClientSettings"),
    ("Told", "SubmissionHistory"),
    ("Trail", "AccessLog"),
    ("Turn", "IdempotencyGuard"),
    ("Unformed", "Unavailable"),
    ("Wanted", "a query or a filter by its noun"),
    ("Way", "Path"),
    ("Within", "PeriodYear"),
    ("WrittenPeriod", "PeriodCode"),
    ("because", "from_reason"),
    ("beside", "with_alternative"),
    ("coarse", "round_for_disclosure"),
    ("in_fives", "round_for_disclosure"),
    ("insists", "force"),
    ("moved_by", "with_tolerance"),
    ("odd_about", "detect_outliers"),
    ("renamed", "canonical"),
    ("settle", "wait_for_pending_writes"),
    ("slack", "rounding_error"),
    ("tidy", "delete_expired"),
    ("told", "effective_reason"),
    ("weigh", "assess"),
    ("write_down", "append"),
];

/// Words and phrases that stand in no comment and no text, and what to say instead.
const PHRASES: &[(&str, &str)] = &[
    ("whoever", "a noun: the reader, the sender"),
    ("whatever is", "a noun"),
    ("whatever was", "a noun"),
    ("on record", "stored, or current"),
    ("handed in", "submitted"),
    ("is owed", "an obligation"),
    ("who insists", "with `force`"),
    ("and nobody else", "only"),
    ("of which nothing", "a noun"),
    ("what is said", "a noun"),
    ("what was said", "the revision, or the report"),
    ("what was sent", "the rows, the batch or the document"),
    ("what is known", "the stored figures"),
];

#[test]
fn the_code_defines_the_names_of_the_field() {
    let mut wrong = BTreeSet::new();

    for file in sources() {
        let defined = definitions(&file.code);
        for (name, instead) in NAMES.iter().filter(|(name, _)| defined.iter().any(|of| of == name)) {
            wrong.insert(format!("src/{}: `{name}`: say {instead}", file.name));
        }
    }

    assert_none(&wrong);
}

#[test]
fn comments_and_documents_are_in_plain_english() {
    let mut wrong = BTreeSet::new();
    let comments = sources().into_iter().map(|file| (format!("src/{}", file.name), comments_of(&file.text)));
    let documents = documents().into_iter().map(|name| (name.clone(), read(&name)));

    for (name, text) in comments.chain(documents) {
        for (n, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            for (_, instead) in PHRASES.iter().filter(|(phrase, _)| lower.contains(phrase)) {
                wrong.insert(format!("{name}:{}: {}: say {instead}", n + 1, line.trim()));
            }
        }
    }

    assert_none(&wrong);
}

#[test]
fn every_type_of_the_glossary_is_one_of_the_code() {
    let defined: BTreeSet<String> = sources().iter().flat_map(|file| definitions(&file.code)).collect();
    let glossary = read("docs/glossary.md");
    let rows = glossary.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Vietnamese"));
    let types: Vec<&str> = rows.filter_map(|row| row.trim_end_matches(['|', ' ']).rsplit('|').next()).flat_map(quoted).collect();

    let missing: Vec<&&str> = types.iter().filter(|name| !defined.contains(**name)).collect();

    assert!(types.len() > 40, "{} types in docs/glossary.md", types.len());
    assert!(missing.is_empty(), "docs/glossary.md names types that the code does not have: {missing:?}");
}

/// The texts between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The names of types, traits and functions that a file defines.
fn definitions(code: &str) -> Vec<String> {
    let tokens: Vec<&str> = tokens(code).into_iter().map(|(_, token)| token).collect();
    let named = tokens.windows(2).filter(|pair| ["struct", "enum", "type", "trait", "fn"].contains(&pair[0]));
    named.map(|pair| pair[1].to_owned()).collect()
}

/// The text with nothing but its comments, line by line as it was.
fn comments_of(text: &str) -> String {
    let comment = |line: &str| line.find("//").map(|begin| line[begin..].to_owned()).unwrap_or_default();
    text.lines().map(|line| comment(line) + "\n").collect()
}

/// The documents that clients and developers read, but for the changelog, which names what there was.
fn documents() -> Vec<String> {
    let below = |folder: &str| {
        let entries = std::fs::read_dir(root().join(folder)).into_iter().flatten().filter_map(Result::ok);
        entries.map(move |entry| entry.path().strip_prefix(root()).expect("found below it").display().to_string()).collect::<Vec<_>>()
    };
    let is_text = |name: &String| Path::new(name).extension().is_some_and(|extension| extension == "md" || extension == "json");
    ["docs", "docs/decisions", "openapi"].into_iter().flat_map(below).filter(is_text).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[track_caller]
fn assert_none(wrong: &BTreeSet<String>) {
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.iter().cloned().collect::<Vec<_>>().join("\n"));
}
