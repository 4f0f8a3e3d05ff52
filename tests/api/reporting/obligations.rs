//! Obligations: who owes what by when, and from when to when; what falls due; and periods that close.
//! How obligations were met lives in `completeness`.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::app::trust;
use crate::support::figures::fault;
use crate::support::{TestApp, User, on_both};

on_both! {
    what_is_owed_is_recorded_and_listed,
    the_same_again_changes_nothing_and_another_deadline_is_a_new_version,
    what_is_not_owed_after_all_is_withdrawn_with_a_reason,
    the_same_figures_are_owed_once,
    ownership_moves_with_the_due_day,
    months_of_both_calendars_fall_due_at_midnight_in_viet_nam,
    the_calendar_begins_today_in_viet_nam_and_runs_for_a_month,
    a_province_owes_the_periods_at_whose_end_it_existed,
    lists_come_in_pages,
    what_nobody_may_see_nobody_is_seen_to_owe,
    a_body_that_cannot_be_is_refused_where_it_is_wrong,
    all_that_is_wrong_is_said_at_once_and_nothing_is_recorded,
    parameters_that_cannot_be_are_refused,
    only_who_keeps_the_catalogue_says_who_owes_what,
    a_closed_period_takes_nothing_without_a_reason,
    a_period_closes_at_midnight_in_viet_nam,
    what_was_handed_in_in_time_is_approved_after_the_closing_day,
    a_figure_that_is_open_for_somebody_is_not_closed,
}

const BTS: &str = "bts-sites";
const REVENUE: &str = "post-telecom-revenue";

/// Obligations as a table writes them: `bts-sites M civil 1/10 from 2026-01-01 to 2026-12-31 closes 20 to-date`.
pub fn owed(text: &str) -> Value {
    let words: Vec<&str> = text.split(' ').collect();
    let after = |word: &str| words.iter().skip_while(|known| **known != word).nth(1).copied();
    let (months_after, day) = words[3].split_once('/').unwrap();
    let number = |text: &str| text.parse::<i32>().unwrap();
    let mut row = json!({
        "indicators": words[0].split(',').collect::<Vec<_>>(), "frequency": words[1], "calendar": words[2],
        "deadline": {"months_after": number(months_after), "day": number(day)}, "valid_from": after("from").unwrap_or("2020-01-01"),
    });
    if let Some(last) = after("to") {
        row["valid_to"] = json!(last);
    }
    if let Some(days) = after("closes") {
        row["closes_after_days"] = json!(number(days));
    }
    if words.contains(&"to-date") {
        row["cumulative"] = json!(true);
    }
    row
}

pub fn of(organisation: &str, province: &str, rows: &[&str]) -> Value {
    let rows: Vec<Value> = rows.iter().map(|text| owed(text)).collect();
    json!({"organisation": organisation, "province": province, "obligations": rows})
}

/// Records what an organisation owes.
pub async fn oblige(app: &TestApp, organisation: &str, province: &str, rows: &[&str]) -> Value {
    keeper(app).await.put("/v1/obligations", &of(organisation, province, rows)).await.expect(200)
}

async fn keeper(app: &TestApp) -> User {
    app.client_of(None, &[Scope::Catalogue]).await
}

/// What falls due: `2026-11-10 H02.13 bac-ninh-2025 bts-sites 2026-10`.
async fn falls_due(app: &TestApp, query: &str) -> Vec<String> {
    let page = app.anyone().get(&format!("/v1/calendar?{query}")).await.expect(200);
    let line = |item: &Value| {
        let words = [&item["due_on"], &item["organisation"], &item["province"], &item["indicator"], &item["period"]["code"]];
        words.map(|word| word.as_str().unwrap()).join(" ")
    };
    page["items"].as_array().unwrap().iter().map(line).collect()
}

async fn what_is_owed_is_recorded_and_listed(app: TestApp) {
    let mut body = of("H02.13", "24", &["bts-sites,post-telecom-revenue M nd09 0/15 from 2026-01-01 closes 20"]);
    body["source"] = json!({"number": "02/2023/TT-BTTTT", "date": "2023-03-24"});
    body["reason"] = json!("phân công lại");

    let set = keeper(&app).await.put("/v1/obligations", &body).await.expect(200);
    let listed = app.anyone().get("/v1/obligations").await.expect(200);

    let bts = &set["items"][0];
    assert_eq!(
        [&bts["organisation"], &bts["province"], &bts["indicator"], &bts["frequency"], &bts["calendar"], &bts["outcome"]],
        ["H02.13", "bac-ninh-2025", BTS, "M", "nd09", "created"].map(|word| json!(word)).each_ref(),
        "24 is Bắc Ninh on the first day"
    );
    assert_eq!(bts["deadline"], json!({"months_after": 0, "day": 15}));
    assert_eq!([&bts["closes_after_days"], &bts["valid_from"], &bts["valid_to"]], [&json!(20), &json!("2026-01-01"), &Value::Null]);
    assert_eq!([&bts["version"], &bts["cumulative"], &bts["reason"]], [&json!(1), &json!(false), &json!("phân công lại")]);
    assert_eq!(bts["source"], json!({"title": null, "number": "02/2023/TT-BTTTT", "date": "2023-03-24"}));
    let without_outcome = |item: &Value| {
        let mut item = item.clone();
        item.as_object_mut().unwrap().remove("outcome");
        item
    };
    let items = listed["items"].as_array().unwrap();
    assert_eq!(*items, set["items"].as_array().unwrap().iter().map(without_outcome).collect::<Vec<_>>());
    for (query, count, why) in [
        ("organisation=H02.13", 2, "its own"),
        ("organisation=H02.14", 0, "somebody else's"),
        ("organisation=H02.14,H02.13", 2, "either"),
        ("province=24", 2, "as of today"),
        ("province=24&on=2026-01-01", 2, "from the first day"),
        ("province=bac-ninh-2025&on=2025-12-31", 0, "the day before"),
        ("province=27&on=2024-01-01", 0, "27 was the old Bắc Ninh"),
        ("indicator=bts-sites", 1, "one indicator"),
    ] {
        let found = app.anyone().get(&format!("/v1/obligations?{query}")).await.expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), count, "{query}: {why}");
    }
}

async fn the_same_again_changes_nothing_and_another_deadline_is_a_new_version(app: TestApp) {
    let first = oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites M civil 1/10 from 2026-01-01"]).await["items"][0].clone();

    for (row, outcome, version, why) in [
        ("bts-sites M civil 1/10 from 2026-01-01", "unchanged", 1, "the same"),
        ("bts-sites M civil 1/12 from 2026-01-01", "updated", 2, "two days longer"),
        ("bts-sites M civil 1/12 from 2026-01-01 closes 30", "updated", 3, "and it closes"),
        ("bts-sites M civil 1/12 from 2026-01-01 to 2026-12-31 closes 30", "updated", 4, "and ends"),
        ("bts-sites M civil 1/12 from 2026-01-01 to 2026-12-31 closes 30", "unchanged", 4, "the same again"),
        ("bts-sites M civil 1/10 from 2026-01-01", "updated", 5, "as it was at first"),
    ] {
        let set = oblige(&app, "H02.13", "bac-ninh-2025", &[row]).await["items"][0].clone();

        assert_eq!([&set["outcome"], &set["version"], &set["id"]], [&json!(outcome), &json!(version), &first["id"]], "{why}");
    }
    let other = oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites Q civil 1/10 from 2026-01-01"]).await["items"][0].clone();
    assert_eq!(other["outcome"], "created", "quarters are owed beside months");
    let listed = app.anyone().get("/v1/obligations").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
}

async fn what_is_not_owed_after_all_is_withdrawn_with_a_reason(app: TestApp) {
    oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites M civil 1/10 from 2026-01-01"]).await;
    let keeper = keeper(&app).await;
    let row = json!({"indicators": [BTS], "frequency": "M", "calendar": "civil", "valid_from": "2026-01-01", "withdraw": true});
    let mut body = json!({"organisation": "H02.13", "province": "bac-ninh-2025", "obligations": [row]});

    let without_reason = keeper.put("/v1/obligations", &body).await;
    body["reason"] = json!("nhầm đơn vị");
    let withdrawn = keeper.put("/v1/obligations", &body).await.expect(200);
    let again = keeper.put("/v1/obligations", &body).await;

    assert_eq!(without_reason.fault(422), fault("reason_missing", "/reason"));
    assert_eq!([&withdrawn["items"][0]["outcome"], &withdrawn["items"][0]["version"]], [&json!("withdrawn"), &json!(2)]);
    assert_eq!(again.fault(404), fault("nothing_to_withdraw", "/obligations/0/indicators/0"));
    assert_eq!(app.anyone().get("/v1/obligations").await.expect(200)["items"], json!([]));
    let anew = oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites M civil 1/10 from 2026-01-01"]).await;
    assert_eq!(anew["items"][0]["outcome"], "created");
}

async fn the_same_figures_are_owed_once(app: TestApp) {
    oblige(&app, "H02.12", "bac-giang-1997", &["bts-sites M civil 1/10 from 2024-01-01 to 2025-02-28"]).await;
    let keeper = keeper(&app).await;

    for (organisation, rows, faults, why) in [
        ("H02.13", &["bts-sites M civil 1/10 from 2025-02-28"][..], 1, "the last day is still the other's"),
        ("H02.13", &["bts-sites M civil 1/15 from 2024-06-01 to 2024-06-30"], 1, "within the other's time, by another day"),
        ("H02.12", &["bts-sites M civil 1/10 from 2024-02-01"], 1, "the same organisation, twice"),
        ("H02.13", &["bts-sites M civil 1/10 from 2025-03-01", "bts-sites M civil 1/10 from 2025-04-01"], 2, "twice in one batch"),
        ("H02.13", &["bts-sites M nd09 0/15 from 2024-01-01"], 0, "another calendar"),
        ("H02.13", &["bts-sites Q civil 1/10 from 2024-01-01"], 0, "another frequency"),
        ("H02.13", &["bts-sites M civil 1/10 from 2024-01-01 to-date"], 0, "to date"),
        ("H02.13", &["post-telecom-revenue M civil 1/10 from 2024-01-01"], 0, "another indicator"),
        ("H02.13", &["bts-sites M civil 1/10 from 2025-03-01"], 0, "the day after"),
    ] {
        let answer = keeper.put("/v1/obligations", &of(organisation, "bac-giang-1997", rows)).await;

        if faults == 0 {
            answer.expect(200);
            continue;
        }
        let found = answer.faults(422);
        assert!(found.iter().all(|(code, _)| code == "already_owed"), "{why}: {found:?}");
        assert_eq!((found.len(), found[0].1.as_str()), (faults, "/obligations/0/indicators/0"), "{why}");
        let other = if faults == 2 { "H02.13" } else { "H02.12" };
        assert_eq!(answer.json()["errors"][0]["allowed"], json!([other]), "{why}");
    }
    let elsewhere = keeper.put("/v1/obligations", &of("H02.14", "bac-ninh-1997", &["bts-sites M civil 1/10 from 2024-01-01"])).await;
    elsewhere.expect(200);
}

async fn ownership_moves_with_the_due_day(app: TestApp) {
    oblige(&app, "H02.12", "bac-giang-1997", &["bts-sites M civil 1/10 from 2024-01-01"]).await;

    // Sở Thông tin và Truyền thông went into Sở Khoa học và Công nghệ on 1 March 2025.
    oblige(&app, "H02.12", "bac-giang-1997", &["bts-sites M civil 1/10 from 2024-01-01 to 2025-02-28"]).await;
    oblige(&app, "H02.13", "bac-giang-1997", &["bts-sites M civil 1/10 from 2025-03-01"]).await;

    assert_eq!(
        falls_due(&app, "from=2025-01-01&to=2025-04-30").await,
        [
            "2025-01-10 H02.12 bac-giang-1997 bts-sites 2024-12",
            "2025-02-10 H02.12 bac-giang-1997 bts-sites 2025-01",
            "2025-03-10 H02.13 bac-giang-1997 bts-sites 2025-02",
            "2025-04-10 H02.13 bac-giang-1997 bts-sites 2025-03",
        ],
        "February is owed by whoever is responsible when it is due"
    );
}

async fn months_of_both_calendars_fall_due_at_midnight_in_viet_nam(app: TestApp) {
    oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites M nd09 0/15 closes 5", "bts-sites Q nd09 0/6", "bts-sites A nd09 -1/25"]).await;
    oblige(&app, "H02.14", "bac-ninh-2025", &["post-telecom-revenue M civil 1/10", "post-telecom-revenue M civil 1/10 to-date"]).await;

    let november = falls_due(&app, "from=2026-11-01&to=2026-11-30").await;
    let december = falls_due(&app, "from=2026-12-01&to=2026-12-31&organisation=H02.13&province=24").await;

    assert_eq!(
        november,
        [
            "2026-11-10 H02.14 bac-ninh-2025 post-telecom-revenue 2026-10",
            "2026-11-10 H02.14 bac-ninh-2025 post-telecom-revenue 2026-10-YTD",
            "2026-11-15 H02.13 bac-ninh-2025 bts-sites 2026-11",
            "2026-11-25 H02.13 bac-ninh-2025 bts-sites 2026",
        ]
    );
    assert_eq!(
        december,
        ["2026-12-06 H02.13 bac-ninh-2025 bts-sites 2026-Q4", "2026-12-15 H02.13 bac-ninh-2025 bts-sites 2026-12"],
        "quarters by the 6th of their last month"
    );
    let page = app.anyone().get("/v1/calendar?from=2026-11-15&to=2026-11-15").await.expect(200);
    let month = &page["items"][0];
    assert_eq!([&month["due_at"], &month["closes_on"]], [&json!("2026-11-15T23:59:59+07:00"), &json!("2026-11-20")]);
    assert_eq!(month["period"], json!({"code": "2026-11", "calendar": "nd09", "start": "2026-10-15", "end": "2026-11-14"}));
}

async fn the_calendar_begins_today_in_viet_nam_and_runs_for_a_month(app: TestApp) {
    oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites M civil 1/21"]).await;

    for (now, due, why) in [
        ("2026-11-21T16:59:59Z", &["2026-11-21", "2026-12-21"][..], "it is still the 21st"),
        ("2026-11-21T17:00:00Z", &["2026-12-21"], "in Viet Nam the 22nd has begun"),
    ] {
        app.clock.set(now);
        let found = falls_due(&app, "").await;
        assert_eq!(found.iter().map(|line| &line[..10]).collect::<Vec<_>>(), due, "{why}");
    }
}

async fn a_province_owes_the_periods_at_whose_end_it_existed(app: TestApp) {
    oblige(&app, "H02.12", "kien-giang-1997", &["bts-sites M civil 1/10", "post-telecom-revenue M nd09 0/15"]).await;
    oblige(&app, "H02.13", "91", &["bts-sites M civil 1/10 from 2025-07-01", "post-telecom-revenue M nd09 0/15 from 2025-07-01"]).await;

    assert_eq!(
        falls_due(&app, "from=2025-06-01&to=2025-08-31").await,
        [
            "2025-06-10 H02.12 kien-giang-1997 bts-sites 2025-05",
            "2025-06-15 H02.12 kien-giang-1997 post-telecom-revenue 2025-06",
            "2025-07-10 H02.12 kien-giang-1997 bts-sites 2025-06",
            "2025-07-15 H02.13 an-giang-2025 post-telecom-revenue 2025-07",
            "2025-08-10 H02.13 an-giang-2025 bts-sites 2025-07",
            "2025-08-15 H02.13 an-giang-2025 post-telecom-revenue 2025-08",
        ],
        "the last month of the old province is due after it ended"
    );
}

async fn lists_come_in_pages(app: TestApp) {
    oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites,post-telecom-revenue,fines-total M civil 1/10 from 2026-01-01"]).await;

    for (path, count) in [
        ("/v1/obligations?limit=2", 3),
        ("/v1/calendar?from=2026-06-01&to=2026-12-31&limit=2", 21),
        ("/v1/completeness?from=2026-06-01&to=2026-12-31&limit=2", 21),
    ] {
        let whole = app.anyone().get(&path.replace("limit=2", "limit=1000")).await.expect(200);
        let mut pages = Vec::new();
        let mut next = Value::Null;
        loop {
            let cursor = next.as_str().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let page = app.anyone().get(&format!("{path}{cursor}")).await.expect(200);
            assert!(page["items"].as_array().unwrap().len() <= 2, "{path}");
            assert_eq!(page["totals"], whole["totals"], "{path}: totals are of all pages");
            pages.extend(page["items"].as_array().unwrap().iter().cloned());
            next = page["next"].clone();
            if next.is_null() {
                break;
            }
        }
        assert_eq!(json!(pages), whole["items"], "{path}");
        assert_eq!(pages.len(), count, "{path}");
    }
}

async fn what_nobody_may_see_nobody_is_seen_to_owe(app: TestApp) {
    let keeper = app.client_of(None, &[Scope::Catalogue, Scope::Read]).await;
    let case_load = json!({
        "name": "Số vụ việc đang xử lý", "name_en": "Case load", "definition": "Số vụ việc đang xử lý cuối kỳ.", "field": "inspection",
        "unit": "case", "measure": "stock", "time_aggregation": "last", "area_aggregation": "sum", "direction": "down", "decimals": 0,
        "frequency": "M", "access": "internal",
    });
    keeper.put("/v1/indicators/case-load", &case_load).await.expect(201);
    let body = of("H02.13", "24", &["bts-sites,case-load M civil 1/10 from 2026-01-01"]);
    keeper.put("/v1/obligations", &body).await.expect(200);
    let blind = app.client(&[Scope::Catalogue, Scope::Submit]).await;

    for path in ["/v1/obligations?limit=10", "/v1/calendar?from=2026-11-01&to=2026-11-30", "/v1/completeness?period=2026-10"] {
        let codes = |page: &Value| {
            let items = page["items"].as_array().unwrap();
            items.iter().map(|item| item["indicator"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(codes(&app.anyone().get(path).await.expect(200)), [BTS], "{path}");
        assert_eq!(codes(&blind.get(path).await.expect(200)), [BTS], "{path}");
        assert_eq!(codes(&keeper.get(path).await.expect(200)), [BTS, "case-load"], "{path}");
    }
    assert_eq!(app.anyone().get("/v1/completeness?period=2026-10").await.expect(200)["totals"][0]["due"], 1, "nor is it counted");
    assert_eq!(blind.put("/v1/obligations", &body).await.fault(422), fault("unknown_indicator", "/obligations/0/indicators/1"));
}

async fn a_body_that_cannot_be_is_refused_where_it_is_wrong(app: TestApp) {
    let keeper = keeper(&app).await;
    let whole = || of("H02.13", "bac-ninh-2025", &["bts-sites M civil 1/10 from 2026-01-01"]);

    for (pointer, value, code, at, why) in [
        ("/organisation", json!("Sở"), "invalid_value", "/organisation", "no identifier"),
        ("/organisation", Value::Null, "missing_field", "/organisation", "nobody"),
        ("/province", json!("nowhere"), "unknown_province", "/province", "nobody's name"),
        ("/province", json!("bac-giang-1997"), "province_not_in_period", "/province", "it ended the year before"),
        ("/obligations", json!([]), "batch_size", "/obligations", "nothing"),
        ("/obligations", Value::Null, "missing_field", "/obligations", "not even a list"),
        ("/obligations/0/indicators", json!([]), "batch_size", "/obligations/0/indicators", "no indicator"),
        ("/obligations/0/indicators", Value::Null, "missing_field", "/obligations/0/indicators", "none at all"),
        ("/obligations/0/indicators", json!(BTS), "wrong_type", "/obligations/0/indicators", "no list"),
        ("/obligations/0/indicators", json!([BTS, "nothing"]), "unknown_indicator", "/obligations/0/indicators/1", "nobody's code"),
        ("/obligations/0/indicators", json!([BTS, BTS]), "duplicate_row", "/obligations/0/indicators/1", "one twice"),
        ("/obligations/0/frequency", json!("W"), "invalid_value", "/obligations/0/frequency", "weeks"),
        ("/obligations/0/calendar", json!("lunar"), "invalid_value", "/obligations/0/calendar", "another calendar"),
        ("/obligations/0/deadline", Value::Null, "missing_field", "/obligations/0/deadline", "for ever"),
        ("/obligations/0/deadline", json!({"day": 10}), "missing_field", "/obligations/0/deadline/months_after", "of which month"),
        ("/obligations/0/deadline/day", json!(32), "invalid_value", "/obligations/0/deadline/day", "no month has it"),
        ("/obligations/0/deadline/day", json!(0), "invalid_value", "/obligations/0/deadline/day", "nor this"),
        ("/obligations/0/deadline/months_after", json!(13), "invalid_value", "/obligations/0/deadline/months_after", "over a year"),
        ("/obligations/0/deadline/months_after", json!(-1), "invalid_value", "/obligations/0/deadline", "before the month begins"),
        ("/obligations/0/closes_after_days", json!(-1), "invalid_value", "/obligations/0/closes_after_days", "before it is due"),
        ("/obligations/0/valid_from", json!("2026-02-30"), "invalid_date", "/obligations/0/valid_from", "no such day"),
        ("/obligations/0/valid_to", json!("2025-12-31"), "invalid_value", "/obligations/0/valid_to", "before it begins"),
        ("/obligations/0/withdraw", json!(true), "contradictory_row", "/obligations/0", "withdrawn, with a deadline"),
        ("/obligations/0/unit", json!("x"), "unknown_field", "/obligations/0/unit", "no such field"),
    ] {
        let mut body = whole();
        body["reason"] = json!("thử");
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;

        let answer = keeper.put("/v1/obligations", &body).await;

        let faults = answer.faults(422);
        assert!(faults.contains(&fault(code, at)), "{why}: {faults:?}");
        assert_eq!(faults.len(), 1, "{why}: {faults:?}");
    }
    let mut to_date = whole();
    to_date["obligations"][0]["cumulative"] = json!(true);
    to_date["obligations"][0]["frequency"] = json!("A");
    assert_eq!(keeper.put("/v1/obligations", &to_date).await.fault(422), fault("invalid_value", "/obligations/0/cumulative"));
    assert_eq!(app.anyone().get("/v1/obligations").await.expect(200)["items"], json!([]), "what is refused is not recorded");
}

async fn all_that_is_wrong_is_said_at_once_and_nothing_is_recorded(app: TestApp) {
    let mut body =
        of("H02.13", "bac-ninh-2025", &["bts-sites M civil 1/10", "bts-sites,nothing Q civil 1/10", "bts-sites A civil 1/10 to-date"]);
    body["obligations"][0]["deadline"]["day"] = json!("tenth");
    body["source"] = json!({"number": 5});

    let answer = keeper(&app).await.put("/v1/obligations", &body).await;

    assert_eq!(
        answer.faults(422),
        [
            fault("wrong_type", "/source/number"),
            fault("wrong_type", "/obligations/0/deadline/day"),
            fault("unknown_indicator", "/obligations/1/indicators/1"),
            fault("invalid_value", "/obligations/2/cumulative"),
        ]
    );
    assert_eq!(app.anyone().get("/v1/obligations").await.expect(200)["items"], json!([]));
}

async fn parameters_that_cannot_be_are_refused(app: TestApp) {
    for (path, code, parameter, why) in [
        ("/v1/obligations?on=today", "invalid_date", "on", "no date"),
        ("/v1/obligations?province=nowhere", "unknown_province", "province", "nobody's name"),
        ("/v1/obligations?indicator=nothing", "unknown_indicator", "indicator", "nobody's code"),
        ("/v1/obligations?cursor=x", "invalid_cursor", "cursor", "handed out by nobody"),
        ("/v1/calendar?from=2026-11-02&to=2026-11-01", "invalid_value", "to", "backwards"),
        ("/v1/calendar?to=2026-11-20", "invalid_value", "to", "before today"),
        ("/v1/calendar?from=2026-01-01&to=2027-01-02", "invalid_value", "to", "more than a year"),
        ("/v1/calendar?from=9999-12-31&to=9999-12-30", "invalid_value", "to", "backwards at the end of all days"),
        ("/v1/calendar?period=2026-10", "unknown_parameter", "period", "the calendar is asked by days"),
        ("/v1/completeness?period=October", "invalid_period", "period", "no period"),
        ("/v1/completeness?period=2026-10&from=2026-10-01", "invalid_value", "period", "either or"),
        ("/v1/completeness?from=2025-01-01&to=2026-01-02", "invalid_value", "to", "more than a year"),
        ("/v1/completeness?calendar=lunar", "invalid_value", "calendar", "no such calendar"),
        ("/v1/completeness?province=24&period=2026", "", "", "a code as of the end of the period"),
        ("/v1/calendar?from=0000-01-01&to=0000-12-31", "", "", "long before anything"),
        ("/v1/calendar?from=9999-01-01", "", "", "and long after"),
        ("/v1/completeness?to=0000-01-01", "", "", "a month before all days"),
    ] {
        let answer = app.anyone().get(path).await;

        if code.is_empty() {
            assert_eq!(answer.expect(200)["items"], json!([]), "{why}");
        } else {
            assert_eq!(answer.fault(400), fault(code, parameter), "{path}: {why}");
        }
    }
}

async fn only_who_keeps_the_catalogue_says_who_owes_what(app: TestApp) {
    let body = of("H02.13", "bac-ninh-2025", &["bts-sites M civil 1/10 from 2026-01-01"]);

    let anyone = app.anyone().put("/v1/obligations", &body).await;
    let department = app.department().await.put("/v1/obligations", &body).await;
    let elsewhere = app.client_for(&[Scope::Catalogue], &["ha-noi-2008"]).await.put("/v1/obligations", &body).await;

    assert_eq!(anyone.fault(401).0, "token_missing");
    assert_eq!(department.fault(403).0, "scope_missing");
    assert_eq!(elsewhere.fault(403), fault("province_not_allowed", "/province"));
}

fn report(period: &str, rows: &Value) -> Value {
    json!({"province": "bac-ninh-2025", "period": period, "calendar": "civil", "observations": rows})
}

async fn a_closed_period_takes_nothing_without_a_reason(app: TestApp) {
    let department = app.department().await;
    department.submit(&report("2026-08", &json!([{"indicator": BTS, "value": 90}, {"indicator": REVENUE, "value": 5}]))).await;
    oblige(&app, "H02.12", "bac-ninh-2025", &["bts-sites M civil 1/10 closes 10", "phone-subscribers M civil 1/10 closes 10"]).await;

    for (period, row, code, why) in [
        ("2026-08", json!({"indicator": BTS, "value": 91}), "period_closed", "a correction"),
        ("2026-08", json!({"indicator": BTS, "nil": true, "reason": "không còn"}), "period_closed", "nothing after all"),
        ("2026-08", json!({"indicator": BTS, "withdraw": true, "reason": "nhầm"}), "period_closed", "a withdrawal"),
        ("2026-09", json!({"indicator": BTS, "value": 92}), "period_closed", "a figure that never came"),
        (
            "2026-09",
            json!({"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "value": 9}),
            "period_closed",
            "a part of it",
        ),
        ("2026-08", json!({"indicator": BTS, "value": 90}), "", "what is on record is no news"),
        ("2026-08", json!({"indicator": REVENUE, "value": 6}), "", "nobody owes it"),
        ("2026-10", json!({"indicator": BTS, "value": 93}), "period_closed", "closed yesterday"),
        ("2026-11", json!({"indicator": BTS, "value": 94}), "", "not due yet"),
        ("2026-Q3", json!({"indicator": BTS, "value": 95}), "", "a quarter is not owed"),
    ] {
        let answer = department.post("/v1/submissions?dry_run=true", &report(period, &json!([row]))).await;

        if code.is_empty() {
            answer.expect(200);
        } else {
            assert_eq!(answer.fault(422), fault(code, "/observations/0/period"), "{period}: {why}");
        }
    }
    let insisting = json!([{"indicator": BTS, "value": 91, "force": true, "reason": "Sở Tài chính đối chiếu lại"}]);
    let accepted = department.submit(&report("2026-08", &insisting)).await;
    assert_eq!([&accepted["rows"][0]["outcome"], &accepted["rows"][0]["warnings"][0]["code"]], ["updated", "after_closing"]);
    let silent = department.post("/v1/submissions", &report("2026-09", &json!([{"indicator": BTS, "value": 1, "force": true}]))).await;
    assert_eq!(silent.fault(422), fault("reason_missing", "/observations/0/reason"));
    let mut some = report("2026-09", &json!([{"indicator": BTS, "value": 1}, {"indicator": REVENUE, "value": 5}]));
    some["mode"] = json!("partial");
    let partly = department.post("/v1/submissions", &some).await.expect(200);
    let outcomes = [0, 1].map(|row| partly["rows"][row]["outcome"].as_str().unwrap().to_owned());
    assert_eq!(outcomes, ["rejected", "created"], "{partly}");
    assert_eq!(partly["rows"][0]["errors"][0]["code"], "period_closed");
}

async fn a_period_closes_at_midnight_in_viet_nam(app: TestApp) {
    oblige(&app, "H02.12", "bac-ninh-2025", &["bts-sites M civil 1/10 closes 11"]).await;

    for (now, status, why) in [
        ("2026-11-21T16:59:59.999999Z", 200, "the last moment of the 21st"),
        ("2026-11-21T17:00:00Z", 422, "the 22nd has begun in Viet Nam"),
    ] {
        app.clock.set(now);
        let department = app.department().await;
        let answer = department.post("/v1/submissions?dry_run=true", &report("2026-10", &json!([{"indicator": BTS, "value": 9}]))).await;
        assert_eq!(answer.status.as_u16(), status, "{why}: {}", answer.text());
    }
}

async fn what_was_handed_in_in_time_is_approved_after_the_closing_day(app: TestApp) {
    oblige(&app, "H02.13", "bac-ninh-2025", &["bts-sites,fines-total M civil 1/10 closes 11"]).await;
    let clerk = app.client_of(Some("H02.13"), &[Scope::Submit]).await;
    let in_time = clerk.post("/v1/submissions", &report("2026-10", &json!([{"indicator": BTS, "value": 9}]))).await.expect(201);
    app.clock.set("2026-11-23T02:00:00Z");
    let (clerk, reviewer) = (app.client_of(Some("H02.13"), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let late = json!([{"indicator": "fines-total", "value": 9, "force": true, "reason": "mất điện"}]);
    let late = clerk.post("/v1/submissions", &report("2026-10", &late)).await.expect(201);

    for (submission, warnings, why) in [(in_time, json!([]), "it came in time"), (late, json!(["after_closing"]), "it says why")] {
        let id = submission["id"].as_str().unwrap();
        let approved = reviewer.post(&format!("/v1/submissions/{id}/approve"), &json!({})).await.expect(200);

        assert_eq!(approved["state"], "approved", "{why}");
        let found: Vec<&Value> = approved["rows"][0]["warnings"].as_array().unwrap().iter().map(|warning| &warning["code"]).collect();
        assert_eq!(json!(found), warnings, "{why}");
    }
}

async fn a_figure_that_is_open_for_somebody_is_not_closed(app: TestApp) {
    // January to date is January.
    oblige(&app, "H02.12", "bac-ninh-2025", &["post-telecom-revenue M civil 1/10 closes 10"]).await;
    trust(&app.state, "H02.13");
    let department = app.client_of(Some("H02.13"), &[Scope::Submit]).await;
    let january = report("2026-01", &json!([{"indicator": REVENUE, "value": 9}]));

    let closed = department.post("/v1/submissions?dry_run=true", &january).await;
    oblige(&app, "H02.13", "bac-ninh-2025", &["post-telecom-revenue M civil 1/10 to-date"]).await;
    let open = department.post("/v1/submissions?dry_run=true", &january).await;

    assert_eq!(closed.fault(422).0, "period_closed");
    open.expect(200);
}
