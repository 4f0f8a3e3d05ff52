//! What one read may cost: questions about everything there ever was are refused, with a word on how to ask in parts.

use serde_json::{Value, json};

use crate::support::{Answer, TestApp, on_both};

on_both! {
    more_comparisons_than_one_answer_holds_are_refused,
    more_points_than_one_answer_holds_come_in_pages,
    questions_about_all_time_are_answered_or_refused,
}

async fn more_comparisons_than_one_answer_holds_are_refused(app: TestApp) {
    let app = app.with_real_figures().await;
    let provinces = provinces(&app, "2024-06-30").await.join(",");
    let months: Vec<String> = (0..24).map(|n| format!("{}-{:02}", 2023 + n / 12, n % 12 + 1)).collect();
    let parts = (0..100).map(|n| format!("&breakdown=line_type:m{n}")).collect::<Vec<_>>().concat();

    for (query, why) in [
        (format!("province={provinces}&period={}", months.join(",")), "all provinces, two years of months, all indicators"),
        (format!("province={provinces}&period={}&indicator=phone-subscribers{parts}", months[..2].join(",")), "parts count as well"),
    ] {
        let answer = app.anyone().get(&format!("/v1/comparisons?{query}")).await;

        let faults = answer.faults(400);
        assert!(faults.contains(&("query_too_large".into(), "province".into())), "{why}: {}", answer.text());
    }
    let (detail, _) =
        refused(&app.anyone().get(&format!("/v1/comparisons?province={provinces}&period={}&lang=en", months.join(","))).await);
    assert!(detail.contains("10000") && detail.contains("fewer provinces, periods, indicators"), "{detail}");
    let narrower = app.anyone().get(&format!("/v1/comparisons?province={provinces}&period=2024-05&indicator=bts-sites")).await;
    assert_eq!(narrower.expect(200)["items"].as_array().unwrap().len(), 63);
}

async fn more_points_than_one_answer_holds_come_in_pages(app: TestApp) {
    let department = app.department().await;
    // Figures at both ends of eighty years, and of the twenty years of two provinces: what is between is formed, or null.
    for (province, first, last) in [("VN", "1946-01", "2026-01"), ("24", "2005-01", "2025-05"), ("27", "2005-01", "2025-05")] {
        for period in [first, last] {
            let figure = |code: &str| json!({"indicator": code, "value": 100});
            let rows: Vec<Value> = FLOWS.split_whitespace().map(figure).collect();
            let province = if province == "VN" {
                "VN"
            } else if province == "24" {
                "bac-giang-1997"
            } else {
                "bac-ninh-1997"
            };
            department.submit(&json!({"province": province, "period": period, "observations": rows})).await;
        }
    }
    let indicators = FLOWS.split_whitespace().collect::<Vec<_>>().join(",");
    let all = format!("/v1/series?province=VN,bac-giang-1997,bac-ninh-1997&indicator={indicators}&to=2025-05&frequency=M");

    let (detail, parameter) = refused(&app.anyone().get(&format!("{all}&limit=1000&lang=en")).await);

    assert_eq!(parameter, "limit");
    assert!(detail.contains("50000") && detail.contains("smaller `limit`") && detail.contains("`from` and `to`"), "{detail}");
    let narrower = app.anyone().get(&format!("{all}&from=2025-01&limit=1000")).await.expect(200);
    assert_eq!(narrower["items"].as_array().unwrap().len(), 120, "less time");
    let one = all.replace("VN,bac-giang-1997,bac-ninh-1997", "bac-giang-1997");
    let page = app.anyone().get(&format!("{one}&limit=3")).await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 3, "a page");
    assert_eq!(page["items"][0]["observations"].as_array().unwrap().len(), 245, "from January 2005 to May 2025");
}

async fn questions_about_all_time_are_answered_or_refused(app: TestApp) {
    let app = app.with_real_figures().await;
    let department = app.department().await;
    let provinces = provinces(&app, "2024-06-30").await.join(",");

    for path in [
        format!("/v1/series?province={provinces}&indicator=bts-sites&from=1945&to=2025-06&frequency=M&units=pc1&breakdown=*"),
        format!("/v1/series?province={provinces}&indicator=bts-sites&limit=1000000000"),
        "/v1/comparisons?province=VN&period=1945-01-01/2026-10-31&breakdown=*".to_owned(),
        "/v1/rankings?indicator=bts-sites&period=1945-01-01/2026-10-31".to_owned(),
        "/v1/calendar?from=1945-01-01&to=2199-12-31".to_owned(),
        "/v1/completeness?from=1945-01-01&to=2199-12-31".to_owned(),
        "/v1/completeness?period=1945-01-01/2199-12-31".to_owned(),
        "/v1/claims?limit=1000&period=1945-01-01/2026-10-31".to_owned(),
        "/v1/targets?limit=1000&from=1945&to=2199".to_owned(),
    ] {
        let answer = department.get(&path).await;

        assert!(matches!(answer.status.as_u16(), 200 | 400 | 404), "{path}: {}", answer.text());
        assert!(answer.body.len() < 4 * 1024 * 1024, "{path}: {} bytes", answer.body.len());
    }
}

/// Indicators of what happens in a period, each without a part that has to add up.
const FLOWS: &str = "digital-signature-support-requests videoconferences-served infosec-incidents infosec-training-classes
    infosec-training-participants licence-applications-received nonbusiness-pub-licences-issued nonbusiness-pub-copies-licensed
    bulletin-licences-issued printing-registrations-confirmed nonbusiness-titles press-items-published press-photos-published
    photos-exhibited press-agencies-engaged election-qa-items election-leaflets visual-banners visual-panels directive-documents-issued
    portal-items-published thematic-conferences thematic-conference-attendees group-meetings group-meeting-attendees
    nuisance-numbers-handled inspections-conducted inspected-entities sanctioned-entities sanction-decisions fines-total
    complaints-received petitions-received citizen-reception-sessions awards-granted post-telecom-revenue telecom-internet-revenue
    dossiers-resolved legal-drafts-commented legal-texts-disseminated";

/// The keys of all provinces on a day.
async fn provinces(app: &TestApp, day: &str) -> Vec<String> {
    let page = app.anyone().get(&format!("/v1/provinces?on={day}&limit=1000")).await.expect(200);
    let keys = page["items"].as_array().unwrap().iter().map(|item| item["key"].as_str().unwrap().to_owned());
    keys.filter(|key| key != "VN").collect()
}

/// The words of an answer that a question is too large, and the parameter that they are about.
#[track_caller]
fn refused(answer: &Answer) -> (String, String) {
    let (code, parameter) = answer.fault(400);
    assert_eq!(code, "query_too_large", "{}", answer.text());
    (answer.json()["detail"].as_str().unwrap().to_owned(), parameter)
}
