//! Messages in Vietnamese and English: problem documents, warnings and the lines of streams, in the language asked for.
//! That each message has both texts is read from the sources, in `tests/messages.rs`; sentences of reports are with comparisons.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    the_parameter_comes_before_the_header_and_vietnamese_is_the_default,
    a_language_that_there_is_not_is_refused_by_name,
    every_kind_of_refusal_has_both_languages,
    a_fault_of_a_cell_names_its_column_and_its_indicator,
    lines_of_a_stream_are_in_the_language_of_the_request,
    a_stored_submission_is_read_in_either_language,
    the_token_endpoint_describes_its_errors_in_ascii,
}

const JSON: (&str, &str) = ("content-type", "application/json");

/// A request of a program that prefers these languages; none where that is empty.
async fn preferring(user: &User, languages: &str, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers: Vec<(&str, &str)> = headers.iter().copied().chain([("accept-language", languages)]).collect();
    user.send(method, path, &headers, body.as_bytes().to_vec()).await
}

/// The answer is in one language, and caches keep it apart from the others.
#[track_caller]
fn assert_in(answer: &Answer, language: &str) {
    assert_eq!(answer.header("content-language"), language, "{}", answer.request);
    let vary: Vec<&str> = answer.headers.get_all("vary").flat_map(|value| value.to_str().unwrap().split(',')).map(str::trim).collect();
    assert!(vary.contains(&"accept-language"), "{}: {vary:?}", answer.request);
}

fn messages(answer: &Value) -> Vec<&str> {
    answer["errors"].as_array().unwrap().iter().map(|error| error["message"].as_str().unwrap()).collect()
}

async fn the_parameter_comes_before_the_header_and_vietnamese_is_the_default(app: TestApp) {
    let (vietnamese, english) = ("không có chỉ tiêu nào mang mã `nope`", "no indicator has the code `nope`");

    for (query, languages, language, why) in [
        ("", "", "vi", "nobody said a language"),
        ("", "*", "vi", "any language"),
        ("", "fr, de;q=0.5", "vi", "languages that there are not"),
        ("", "vi-VN", "vi", "a country of the language"),
        ("", "en", "en", "English"),
        ("", "en-GB, en;q=0.8, vi;q=0.2", "en", "English first"),
        ("", "en;q=0.2, vi", "vi", "Vietnamese first"),
        ("", "fr, en;q=0.1", "en", "the second choice"),
        ("", "vi;q=0", "en", "not Vietnamese"),
        ("", "no language; at all", "vi", "no header that can be read"),
        ("?lang=en", "", "en", "the parameter alone"),
        ("?lang=en", "vi", "en", "the parameter before the header"),
        ("?lang=vi", "en", "vi", "either way"),
    ] {
        let answer = preferring(&app.anyone(), languages, Method::GET, &format!("/v1/indicators/nope{query}"), &[], "").await;

        let problem = answer.expect(404);
        let (title, message) = if language == "vi" { ("Không tìm thấy", vietnamese) } else { ("Not Found", english) };
        assert_in(&answer, language);
        assert_eq!((problem["title"].as_str(), problem["type"].as_str()), (Some(title), Some("urn:chitieu:problem:not-found")), "{why}");
        assert!(messages(&problem)[0].starts_with(message), "{why}: {problem}");
        assert!(problem["detail"].as_str().unwrap().starts_with(message), "{why}: {problem}");
    }
}

async fn a_language_that_there_is_not_is_refused_by_name(app: TestApp) {
    for (query, code) in [("lang=fr", "invalid_value"), ("lang=", "invalid_value"), ("lang=vi&lang=en", "repeated_parameter")] {
        for path in ["/v1/indicators", "/v1/provinces", "/v1/comparisons?province=24&period=2024-05", "/healthz"] {
            let joined = if path.contains('?') { "&" } else { "?" };

            let answer = app.anyone().get(&format!("{path}{joined}{query}")).await;

            assert_eq!(answer.fault(400), (code.into(), "lang".into()), "{path} {query}");
        }
    }
    let answer = preferring(&app.anyone(), "en", Method::GET, "/v1/rules?lang=fr", &[], "").await;
    assert_eq!(answer.expect(400)["errors"][0]["allowed"], json!(["vi", "en"]));
    assert_in(&answer, "en");
}

async fn every_kind_of_refusal_has_both_languages(app: TestApp) {
    let reader = app.client(&[Scope::Read]).await;
    let department = app.department().await;
    let long = format!("/v1/indicators?field={}", "a".repeat(9000));
    let huge = "x".repeat(20_000);

    for (user, method, path, headers, body, status) in [
        (&reader, Method::GET, "/v1/nowhere", vec![], "", 404),
        (&reader, Method::DELETE, "/v1/indicators", vec![], "", 405),
        (&reader, Method::GET, long.as_str(), vec![], "", 414),
        (&reader, Method::GET, "/v1/indicators", vec![("x-huge", huge.as_str())], "", 431),
        (&reader, Method::GET, "/v1/indicators?colour=red&limit=0", vec![], "", 400),
        (&reader, Method::GET, "/v1/audit", vec![], "", 403),
        (&department, Method::POST, "/v1/submissions", vec![("content-type", "text/plain")], "a", 415),
        (&department, Method::POST, "/v1/submissions", vec![JSON, ("content-encoding", "gzip")], "a", 415),
        (&department, Method::POST, "/v1/submissions", vec![JSON], "{", 400),
        (&department, Method::POST, "/v1/submissions", vec![JSON], "{}", 422),
        (&department, Method::POST, "/v1/submissions", vec![JSON, ("idempotency-key", "a b")], "{}", 400),
        (&department, Method::GET, "/v1/submissions/none", vec![], "", 404),
    ] {
        let [vietnamese, english] = ["vi", "en"].map(|language| preferring(user, language, method.clone(), path, &headers, body));
        let (vietnamese, english) = (vietnamese.await, english.await);

        assert_eq!(vietnamese.faults(status), english.faults(status), "{path}");
        assert_in(&vietnamese, "vi");
        assert_in(&english, "en");
        let (vietnamese, english) = (vietnamese.json(), english.json());
        assert_ne!(vietnamese["title"], english["title"], "{vietnamese}");
        for (one, other) in messages(&vietnamese).into_iter().zip(messages(&english)) {
            assert!(one != other && !one.is_ascii() && other.is_ascii(), "{path}: `{one}` and `{other}`");
        }
    }
    let anyone = User::new(department.address, Some("no.token.at-all".to_owned()));
    let refused = preferring(&anyone, "", Method::GET, "/v1/submissions", &[], "").await;
    assert_eq!(messages(&refused.expect(401)), ["mã truy cập không do dịch vụ này cấp, hoặc không còn hiệu lực"]);
}

async fn a_fault_of_a_cell_names_its_column_and_its_indicator(app: TestApp) {
    let department = app.department().await;
    let file = "Mã chỉ tiêu;Chỉ tiêu;Kỳ;Số liệu;Lời văn\nbts-sites;;2024-05;-1;\nnope;;2024-05;5;\n";

    for (language, location, name, message) in [
        ("vi", "hàng 2, cột D", "Số vị trí lắp đặt trạm BTS", "`bts-sites` là số đếm: -1 nhỏ hơn 0"),
        ("en", "row 2, column D", "BTS sites", "`bts-sites` counts things: -1 is below zero"),
    ] {
        let path = "/v1/submissions?province=24&title=x";
        let answer = preferring(&department, language, Method::POST, path, &[("content-type", "text/csv")], file).await;

        let problem = answer.expect(422);
        let of = |code: &str| problem["errors"].as_array().unwrap().iter().find(|error| error["code"] == code).unwrap().clone();
        let negative = of("negative_count");
        let found = ["location", "column", "indicator", "message"].map(|member| negative[member].as_str().unwrap_or_default());
        assert_eq!(found, [location, "Số liệu", name, message], "{negative}");
        let unknown = of("unknown_indicator");
        assert_eq!(unknown["column"], "Mã chỉ tiêu", "{unknown}");
        assert!(unknown.get("indicator").is_none(), "{unknown}");
    }
}

async fn lines_of_a_stream_are_in_the_language_of_the_request(app: TestApp) {
    let department = app.department().await;
    let row = |value: i32| json!({"province": "24", "period": "2024-05", "indicator": "bts-sites", "value": value}).to_string();
    let body = format!("{}\nno json\n", row(-1));

    for (query, languages, language, first, second) in [
        ("", "", "vi", "`bts-sites` là số đếm: -1 nhỏ hơn 0", "dòng không phải là JSON"),
        ("", "en", "en", "`bts-sites` counts things: -1 is below zero", "the line is not JSON"),
        ("&lang=en", "vi", "en", "`bts-sites` counts things: -1 is below zero", "the line is not JSON"),
    ] {
        let path = format!("/v1/submissions?mode=partial&dry_run=true{query}");
        let answer = preferring(&department, languages, Method::POST, &path, &[("content-type", "application/x-ndjson")], &body).await;

        assert_in(&answer, language);
        let text = answer.text();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(messages(&lines[0]), [first], "{text}");
        assert!(messages(&lines[1])[0].starts_with(second), "{text}");
    }
}

async fn a_stored_submission_is_read_in_either_language(app: TestApp) {
    let department = app.department().await;
    let of = |period: &str, value: i32| json!({"indicator": "telecom-internet-revenue", "period": period, "value": value});
    department.submit(&json!({"province": "24", "observations": [of("2023-05", 100)]})).await;
    let odd = json!({"province": "24", "acknowledge": ["yoy_jump", "outlier"], "observations": [of("2024-05", 1000)]});
    let sent = preferring(&department, "", Method::POST, "/v1/submissions", &[JSON], &odd.to_string()).await;
    assert_in(&sent, "vi");
    let sent = sent.expect(201);

    let path = format!("/v1/submissions/{}", sent["id"].as_str().unwrap());
    let warnings = |submission: &Value| -> Vec<(String, String)> {
        let text = |warning: &Value, member: &str| warning[member].as_str().unwrap().to_owned();
        let all = submission["rows"][0]["warnings"].as_array().unwrap().iter();
        all.map(|warning| (text(warning, "code"), text(warning, "message"))).collect()
    };
    let [vietnamese, english] = ["vi", "en"].map(|language| preferring(&department, language, Method::GET, &path, &[], ""));
    let (vietnamese, english) = (vietnamese.await, english.await);

    assert_in(&vietnamese, "vi");
    assert_in(&english, "en");
    let (vietnamese, english) = (warnings(&vietnamese.expect(200)), warnings(&english.expect(200)));
    assert_eq!(vietnamese, warnings(&sent), "as it was answered");
    let (codes, said): (Vec<String>, Vec<String>) = vietnamese.into_iter().unzip();
    assert!(said[0].starts_with("1.000 và 100 của kỳ 2023-05 chênh nhau 900 %"), "{said:?}");
    let (same_codes, said): (Vec<String>, Vec<String>) = english.into_iter().unzip();
    assert!(said[0].starts_with("1000 and the 100 of 2023-05 differ by 900 %"), "{said:?}");
    assert!(codes == same_codes && codes.contains(&"yoy_jump".to_owned()), "{codes:?}");
}

async fn the_token_endpoint_describes_its_errors_in_ascii(app: TestApp) {
    let form = [("content-type", "application/x-www-form-urlencoded")];

    for (body, error, described) in [
        ("grant_type=password", "unsupported_grant_type", "only client credentials are granted tokens"),
        ("grant_type=client_credentials&client_id=a&client_secret=b", "invalid_client", "the client is unknown"),
        ("grant_type=client_credentials&client_id=a&client_id=\"%C4%90\"", "invalid_request", "`client_id` is read once"),
    ] {
        for language in ["vi", "en"] {
            let answer = preferring(&app.anyone(), language, Method::POST, "/oauth/token", &form, body).await;

            let problem = answer.json();
            assert_eq!(problem["error"], error, "{problem}");
            let description = problem["error_description"].as_str().unwrap();
            assert!(description.starts_with(described), "{problem}");
            assert!(
                description.bytes().all(|byte| matches!(byte, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E)),
                "RFC 6749 §5.2: {description}"
            );
            assert_in(&answer, language);
        }
    }
}
