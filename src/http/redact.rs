//! The text of a request in logs, without secrets.
//! The service and `middleware` decide which requests are logged.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::service::operations::audit::LONGEST_SUBJECT;

/// The ASCII characters to percent-encode. Characters outside ASCII are encoded too.
const INVISIBLE: &AsciiSet = &CONTROLS.add(b' ');

/// The replacement for a secret.
const BLANK: &str = "***";

/// Parts of parameter names whose values are hidden.
const SECRET_NAMES: [&str; 6] = ["token", "secret", "password", "assertion", "authorization", "key"];

/// The text of a request in the log: method, path and query as sent, but without secrets and without values that look like secrets; in
/// visible ASCII, at most 2,000 characters.
#[must_use]
pub fn request(method: &str, path: &str, query: &str) -> String {
    let path: Vec<&str> = path.split('/').map(blanked).collect();
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) => {
            let hidden = decoded(name).to_lowercase();
            let secret = SECRET_NAMES.iter().any(|word| hidden.contains(word));
            format!("{}={}", blanked(name), if secret { BLANK } else { blanked(value) })
        }
        None => blanked(pair).to_owned(),
    };
    let query: Vec<String> = query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect();
    let target = format!("{}{}{}", path.join("/"), if query.is_empty() { "" } else { "?" }, query.join("&"));
    let text = format!("{method} {}", utf8_percent_encode(&target, INVISIBLE));
    text.chars().take(LONGEST_SUBJECT).collect()
}

/// A part of a request, or the replacement if it looks like a secret.
fn blanked(part: &str) -> &str {
    if looks_secret(&decoded(part)) { BLANK } else { part }
}

/// Whether a text contains a long run of letters in both cases, like the tokens and secrets of this service. Ids, codes and keys have
/// one case. Cursors look the same and are hidden too; they are of no use to a reader.
fn looks_secret(text: &str) -> bool {
    let run = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '+' || c == '=';
    text.split(|c| !run(c)).any(|run| {
        let has = |of: fn(&u8) -> bool| run.bytes().any(|byte| of(&byte));
        let both_cases = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
        both_cases && (run.len() >= 36 || run.len() >= 24 && has(u8::is_ascii_digit))
    })
}

/// The text without percent encoding.
fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_named_without_what_is_or_looks_like_a_secret() {
        let jwt = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTlhMDAwMCJ9.c2lnbmF0dXJlMTIzNDU2Nzg5MA";
        let secret = "Zr3vK0sWqT-8fJ_uLxN5yHcB2aEoPdGmI7tQ9RwVk1M";
        let hidden = "%5A%723vK0sWqT-8fJ_uLxN5yHcB2aEoPdGmI7tQ9RwVk1M";
        for (path, query, named) in [
            ("/v1/series", "province=24&from=2024-01", "GET /v1/series?province=24&from=2024-01".to_owned()),
            ("/v1/series", "", "GET /v1/series".into()),
            ("/v1/series", "q=B%E1%BA%AFc%0D%0A", "GET /v1/series?q=B%E1%BA%AFc%0D%0A".into()),
            ("/v1/a\nb\u{7f}ắ c", "", "GET /v1/a%0Ab%7F%E1%BA%AF%20c".into()),
            ("/v1/series", "token=x&access_token=y&client_secret=z", "GET /v1/series?token=***&access_token=***&client_secret=***".into()),
            ("/v1/series", "%74oken=x&CLIENT_SECRET=y", "GET /v1/series?%74oken=***&CLIENT_SECRET=***".into()),
            ("/v1/series", secret, "GET /v1/series?***".into()),
            (&format!("/v1/submissions/{secret}"), &format!("q={jwt}"), "GET /v1/submissions/***?q=***".into()),
            (&format!("/v1/submissions/{hidden}"), &format!("{hidden}=1"), "GET /v1/submissions/***?***=1".into()),
            (
                "/v1/submissions/019a0000-0000-7000-8000-000000000000",
                "indicator=telecom-internet-budget-contribution",
                "GET /v1/submissions/019a0000-0000-7000-8000-000000000000?indicator=telecom-internet-budget-contribution".into(),
            ),
            ("/v1/obligations", "organisation=000.00.12.H02", "GET /v1/obligations?organisation=000.00.12.H02".into()),
        ] {
            assert_eq!(request("GET", path, query), named);
        }
        assert_eq!(request("GET", &"/ắ".repeat(4_000), "").len(), 2_000);
    }
}
