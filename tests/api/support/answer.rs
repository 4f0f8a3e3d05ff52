//! Callers of the API, and what they are answered.

use std::net::SocketAddr;

use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};

/// Someone who calls the API, with or without a token.
pub struct User {
    pub address: SocketAddr,
    pub token: Option<String>,
}

impl User {
    pub fn new(address: SocketAddr, token: Option<String>) -> User {
        User { address, token }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Vec::new()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[("content-type", "application/json")], body.to_string().into_bytes()).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, &[("content-type", "application/json")], body.to_string().into_bytes()).await
    }

    /// Submits one batch, odd figures acknowledged, and expects it to be published.
    pub async fn submit(&self, body: &Value) -> Value {
        let mut body = body.clone();
        let fields = body.as_object_mut().unwrap();
        fields
            .entry("acknowledge")
            .or_insert_with(|| json!(["disagreement", "falling_ytd", "outlier", "reverts", "rule_broken", "yoy_jump"]));
        self.post("/v1/submissions", &body).await.expect(201)
    }

    /// Any request; a path may hold characters that need encoding, which are encoded.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let client = awc::Client::builder().disable_redirects().timeout(std::time::Duration::from_secs(30)).finish();
        let mut request = client.request(method.clone(), format!("http://{}{}", self.address, encode(path))).no_decompress();
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if !REPORTS.iter().any(|report| path.starts_with(report)) {
            request = request.insert_header(("accept-language", "en"));
        }
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        let mut response = request.send_body(body).await.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let bytes = response.body().limit(64 * 1024 * 1024).await.unwrap();
        Answer { request: format!("{method} {path}"), status: response.status(), headers: response.headers().clone(), body: bytes.to_vec() }
    }
}

/// Operations whose sentences come in both languages where nobody asks for one. Of others the tests read English messages.
const REPORTS: [&str; 4] = ["/v1/comparisons", "/v1/rankings", "/v1/series", "/v1/validations"];

/// Encodes what a URL cannot hold: spaces and anything beyond ASCII.
fn encode(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// What the server answered.
pub struct Answer {
    pub request: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The answer says to wait at least so many seconds, and not much longer: waits are spread.
    #[track_caller]
    pub fn expect_wait(&self, least: u64) {
        let wait: u64 = self.header("retry-after").parse().unwrap_or_else(|_| panic!("{}: no wait: {}", self.request, self.text()));
        assert!((least..=least + (least / 2).clamp(4, 60)).contains(&wait), "{}: {wait} s, and not {least}", self.request);
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.request, self.text()))
    }

    /// The body, if the status is this one.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.request, self.text());
        self.json()
    }

    /// The codes of a problem document and the places they point at, after checking the whole shape of it (RFC 9457).
    #[track_caller]
    pub fn faults(&self, status: u16) -> Vec<(String, String)> {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}: {}", self.request, self.text());
        let problem = self.expect(status);
        assert_eq!(problem["status"], status, "{problem}");
        for text in ["type", "title", "detail", "instance", "request_id"] {
            assert!(problem[text].is_string(), "{text} in {problem}");
        }
        assert_eq!(problem["request_id"], self.header("x-request-id"), "{problem}");
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("errors in {problem}"));
        assert!(!errors.is_empty(), "{problem}");
        let fault = |error: &Value| {
            assert!(error["message"].is_string(), "{error}");
            let place = error.get("pointer").or(error.get("parameter")).and_then(Value::as_str).unwrap_or_default();
            (error["code"].as_str().unwrap().to_owned(), place.to_owned())
        };
        errors.iter().map(fault).collect()
    }

    /// The only fault of a problem document.
    #[track_caller]
    pub fn fault(&self, status: u16) -> (String, String) {
        let faults = self.faults(status);
        assert_eq!(faults.len(), 1, "{}: {}", self.request, self.text());
        faults.into_iter().next().unwrap()
    }
}

/// The item of a comparison table about one indicator's total.
#[track_caller]
pub fn item<'t>(table: &'t Value, indicator: &str) -> &'t Value {
    let items = table["items"].as_array().unwrap();
    items.iter().find(|item| item["indicator"]["code"] == indicator).unwrap_or_else(|| panic!("{indicator} in {table}"))
}
