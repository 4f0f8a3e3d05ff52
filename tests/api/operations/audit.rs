//! The auditor's list: which claims are found and in which order, as of when, page by page, and who sees which.
//! How a claim is judged is in `claims`.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::claims::{BAC_GIANG, claiming, listed, set, submit, text};
use crate::support::worked::{define, row};
use crate::support::{TestApp, User, on_both};

on_both! {
    a_claim_is_listed_with_all_that_it_is_judged_by,
    the_list_is_filtered_by_everything_that_a_claim_is_about,
    the_list_is_in_the_order_that_figures_were_first_recorded,
    a_past_instant_has_the_claims_and_the_verdicts_of_then,
    claims_about_what_a_caller_may_not_see_are_absent,
    pages_cover_every_claim_once,
    a_filter_that_leaves_most_out_still_finds_every_claim,
    a_cursor_of_another_collection_is_refused,
    what_cannot_be_read_is_named_with_its_code_and_parameter,
}

async fn a_claim_is_listed_with_all_that_it_is_judged_by(app: TestApp) {
    let user = app.department().await;
    let mut current = claiming(row("telecom-internet-revenue", "1135 E", "2024-H1"), &[("yoy_index", "103.2"), ("plan_pct", "47.3")]);
    current["wording"] = json!("bằng 103,2% so với cùng kỳ năm 2023");
    set(&user, BAC_GIANG, "civil", "telecom-internet-revenue", vec![json!({"period": "2024", "value": 2400})]).await;
    let recorded = submit(&user, vec![current, row("telecom-internet-revenue", "1100", "2023-H1")]).await;

    let claims = listed(&app.anyone(), "").await;

    let (plan, index) = (&claims[0], &claims[1]);
    let observation = &recorded["rows"][0]["observation"];
    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-H1&indicator=telecom-internet-revenue").await.expect(200);
    let item = &table["items"][0];
    assert_eq!((claims.len(), &index["observation"], &index["observation"]), (2, observation, &item["current"]["observation"]));
    for field in ["province", "indicator", "breakdown", "period", "current"] {
        assert_eq!((&index[field], &plan[field]), (&item[field], &item[field]), "{field} as in the report table");
        assert!(!item[field].is_null(), "{field}");
    }
    assert_eq!((&index["province"], &index["period"]["code"], &index["breakdown"]), (&json!(BAC_GIANG), &json!("2024-H1"), &json!({})));
    assert_eq!((&index["current"]["value"], &index["current"]["status"]), (&json!(1135), &json!("E")));
    assert_eq!((&index["baseline"]["period"], &index["baseline"]["value"]), (&json!("2023-H1"), &json!(1100)));
    assert_eq!(index["reasons"], json!(["status_mismatch"]), "an estimate against a final figure: told, and judged all the same");
    assert_eq!((&index["verdict"], &index["plan"]), (&json!("matches"), &Value::Null));
    assert_eq!((&plan["verdict"], &plan["baseline"], &plan["reasons"]), (&json!("matches"), &Value::Null, &json!([])));
    assert_eq!(plan["plan"], json!({"period": "2024", "value": 2400, "kind": "at_least"}));

    let history = app.anyone().get(&format!("/v1/observations/{}/revisions", text(observation))).await.expect(200);
    assert_eq!((&history["id"], &history["items"][0]["figure"]["value"]), (observation, &json!(1135)));
    let said: Vec<Value> = history["claims"].as_array().unwrap().iter().map(|claim| json!([claim["kind"], claim["value"]])).collect();
    assert_eq!(said, [json!(["plan_pct", 47.3]), json!(["yoy_index", 103.2])]);
}

async fn the_list_is_filtered_by_everything_that_a_claim_is_about(app: TestApp) {
    claim_several(&app).await;

    for (filter, found, why) in [
        ("", "pct index bare part ninh merged nd09", "all"),
        ("verdict=contradicts", "pct part", "the auditor's list"),
        ("verdict=matches&verdict=rounds_to", "index ninh", "two verdicts"),
        ("verdict=unverifiable", "bare merged nd09", "nothing to hold them against"),
        ("verdict=matches&verdict=rounds_to&verdict=contradicts&verdict=unverifiable", "pct index bare part ninh merged nd09", "all four"),
        ("kind=plan_pct", "nd09", "a kind"),
        ("kind=yoy_index", "index bare part ninh merged", "another"),
        ("kind=yoy_change_pp", "", "one that nobody made"),
        ("province=bac-giang-1997", "pct index bare part nd09", "a key"),
        ("province=24", "merged", "a code, today"),
        ("province=24&period=2026-H1", "merged", "a code at the end of the period"),
        ("province=24&period=2024-H1", "pct index bare nd09", "and at the end of one before the merger"),
        ("province=Bắc Giang&period=2024-05", "part", "a name"),
        ("province=27&period=2024-H1", "ninh", "a code that nobody has today"),
        ("province=bac-ninh-1997,bac-ninh-2025", "ninh merged", "two with a comma"),
        ("province=bac-ninh-1997&province=bac-ninh-2025", "ninh merged", "two repeated"),
        ("province=hung-yen-1997", "", "a province that claimed nothing"),
        ("indicator=telecom-internet-revenue", "bare", "an indicator"),
        ("indicator=telecom-internet-revenue,phone-subscribers", "bare part", "two"),
        ("indicator=bts-sites", "", "one of which nothing is claimed"),
        ("period=2024-H1", "pct index bare ninh nd09", "a period in either calendar"),
        ("period=2024-06-YTD", "pct index bare ninh nd09", "the same under another name"),
        ("period=2024-H1&calendar=civil", "pct index bare ninh", "one calendar"),
        ("period=2024-H1&calendar=nd09", "nd09", "the other"),
        ("period=2024-05", "part", "a month"),
        ("period=2023-H1", "", "the period that it is compared with"),
        ("verdict=contradicts&province=bac-giang-1997&kind=yoy_index", "part", "three filters at once"),
        ("verdict=matches&kind=plan_pct", "", "two that leave nothing"),
    ] {
        let claims = listed(&app.anyone(), filter).await;
        assert_eq!(claims.iter().map(name).collect::<Vec<_>>().join(" "), found, "{filter}: {why}");
    }
}

async fn the_list_is_in_the_order_that_figures_were_first_recorded(app: TestApp) {
    let user = app.department().await;
    let claim = &[("yoy_index", "103.2")][..];
    submit(&user, vec![row("telecom-internet-revenue", "1135", "2024-H1")]).await;
    app.clock.set("2026-11-21T02:02:00Z");
    submit(&user, vec![claiming(row("fines-total", "5", "2020-H1"), claim), claiming(row("bts-sites", "7", "2019-H1"), claim)]).await;
    app.clock.set("2026-11-21T02:04:00Z");
    submit(&user, vec![claiming(row("telecom-internet-revenue", "1135", "2024-H1"), claim)]).await;
    app.clock.set("2026-11-21T02:06:00Z");
    submit(&user, vec![claiming(row("bts-sites", "8", "2019-H1"), claim)]).await;

    let claims = listed(&app.anyone(), "").await;

    let order: Vec<&str> = claims.iter().map(|claim| text(&claim["indicator"]["code"])).collect();
    assert_eq!(order, ["telecom-internet-revenue", "fines-total", "bts-sites"], "neither by when they were claimed, nor by their periods");
}

async fn a_past_instant_has_the_claims_and_the_verdicts_of_then(app: TestApp) {
    let user = app.department().await;
    let current = |claims: &[(&str, &str)]| vec![claiming(row("fines-total", "1135", "2024-H1"), claims)];
    let last_year = |value: &str| vec![row("fines-total", value, "2023-H1")];
    let withdrawn = || json!([{"kind": "yoy_index", "withdraw": true}]);
    let mut taken_back = row("fines-total", "1135", "2024-H1");
    taken_back["claims"] = withdrawn();
    for (minute, rows) in [
        ("00", current(&[])),
        ("02", current(&[("yoy_index", "103.2")])),
        ("04", last_year("1100")),
        ("06", current(&[("yoy_index", "103")])),
        ("08", last_year("1200")),
        ("10", vec![taken_back]),
    ] {
        app.clock.set(&format!("2026-11-21T02:{minute}:00Z"));
        submit(&user, rows).await;
    }
    app.clock.set("2026-11-21T02:12:00Z");

    for (minute, expected, why) in [
        ("01:00", "", "nobody had claimed anything"),
        ("02:00", "103.2 unverifiable", "the instant of the claim"),
        ("03:59.999999", "103.2 unverifiable", "the last one before last year's figure arrived"),
        ("04:00", "103.2 matches", "and when it did"),
        ("05:00", "103.2 matches", "before the claim was corrected"),
        ("07:00", "103 matches", "after it was"),
        ("09:00", "103 contradicts", "last year's figure was corrected: 94.6"),
        ("10:00", "", "the claim was withdrawn"),
    ] {
        let claims = listed(&app.anyone(), &format!("as_of=2026-11-21T02:{minute}Z")).await;
        let told = |claim: &Value| format!("{} {}", claim["value"], text(&claim["verdict"]));
        assert_eq!(claims.iter().map(told).collect::<Vec<_>>().join(", "), expected, "{minute}: {why}");
    }
    let found = listed(&app.anyone(), "as_of=2026-11-21T02:05:00Z&verdict=matches").await;
    assert_eq!(found.len(), 1, "the verdict of then is what is filtered by");
    let found = listed(&app.anyone(), "as_of=2026-11-21T02:05:00Z&verdict=contradicts").await;
    assert_eq!(found, [Value::Null; 0], "not the one of later");
}

async fn claims_about_what_a_caller_may_not_see_are_absent(app: TestApp) {
    let administrator = app.client(&[Scope::Submit, Scope::Catalogue, Scope::Read]).await;
    let mut definition = define(&administrator, "case-load", "flow 0").await;
    definition["access"] = json!("internal");
    app.keeper().await.put("/v1/indicators/case-load", &definition).await.expect(200);
    let claim = &[("yoy_index", "103.2")][..];
    submit(&administrator, vec![claiming(row("case-load", "7", "2024-H1"), claim)]).await;
    submit(&administrator, vec![claiming(row("fines-total", "1135", "2024-H1"), claim)]).await;
    let codes = async |user: &User, filter: &str| -> Vec<String> {
        listed(user, filter).await.iter().map(|claim| text(&claim["indicator"]["code"]).to_owned()).collect()
    };

    for (user, who) in [(app.anyone(), "anyone"), (app.department().await, "a client without the scope")] {
        assert_eq!(codes(&user, "").await, ["fines-total"], "{who}");
        assert_eq!(codes(&user, "period=2024-H1&verdict=unverifiable").await, ["fines-total"], "{who}");
        let named = user.get("/v1/claims?indicator=case-load").await;
        assert_eq!(named.fault(400), fault("unknown_indicator", "indicator"), "{who}");
        let first = user.get("/v1/claims?limit=1").await.expect(200);
        assert_eq!((first["items"].as_array().unwrap().len(), &first["next"]), (1, &Value::Null), "{who}: it leaves no gap in the pages");
    }
    let reader = app.client(&[Scope::Read]).await;
    assert_eq!(codes(&reader, "").await, ["case-load", "fines-total"]);
    assert_eq!(codes(&reader, "indicator=case-load").await, ["case-load"]);
}

async fn pages_cover_every_claim_once(app: TestApp) {
    claim_several(&app).await;

    for filter in ["", "verdict=contradicts", "verdict=unverifiable&period=2024-H1", "province=bac-giang-1997&kind=yoy_index"] {
        let whole = listed(&app.anyone(), filter).await;
        assert!(whole.len() >= 2, "{filter}");
        for limit in 1..=8 {
            let (read, pages) = read_pages(&app, filter, limit).await;
            assert_eq!(read, whole, "{filter} by {limit}");
            assert!(pages <= whole.len().div_ceil(limit), "{filter} by {limit}: no page more than it takes");
        }
    }
}

async fn a_filter_that_leaves_most_out_still_finds_every_claim(app: TestApp) {
    let user = app.department().await;
    let indicators =
        ["fines-total", "telecom-internet-revenue", "telecom-internet-budget-contribution", "post-telecom-budget-contribution"];
    // 50 months of four indicators, each claimed twice: the first year has nothing to be held against, and every 47th figure is not
    // what is claimed of it.
    let mut rows = Vec::new();
    for month in 0..50 {
        let period = format!("{}-{:02}", 2015 + month / 12, month % 12 + 1);
        for indicator in indicators {
            let index = if rows.len() % 47 == 46 { "150" } else { "100" };
            rows.push(claiming(row(indicator, "10", &period), &[("yoy_change_pct", "0"), ("yoy_index", index)]));
        }
    }
    let wrong = (0..rows.len()).filter(|n| n % 47 == 46 && *n >= 12 * indicators.len()).count();
    for some in rows.chunks(100) {
        submit(&user, some.to_vec()).await;
    }

    let all = listed(&app.anyone(), "limit=1000").await;

    let of_verdict = |verdict: &str| all.iter().filter(|claim| claim["verdict"] == verdict).cloned().collect::<Vec<_>>();
    assert_eq!((all.len(), of_verdict("contradicts").len(), of_verdict("unverifiable").len()), (400, wrong, 96));
    for (limit, why) in [(1, "one at a time"), (2, "two"), (wrong, "all on the first page"), (1000, "room for more")] {
        let (found, _) = read_pages(&app, "verdict=contradicts", limit).await;
        assert_eq!(found, of_verdict("contradicts"), "{why}");
    }
    let (found, _) = read_pages(&app, "verdict=matches&verdict=unverifiable", 100).await;
    assert_eq!(found.len(), 400 - wrong);
    let (found, pages) = read_pages(&app, "", 100).await;
    assert_eq!((found, pages), (all, 4), "a hundred on a page");
}

async fn a_cursor_of_another_collection_is_refused(app: TestApp) {
    let indicators = app.anyone().get("/v1/indicators?limit=1").await.expect(200);
    for (cursor, why) in [
        (text(&indicators["next"]), "handed out by the catalogue"),
        ("dGFyZ2V0cwowMTlhMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDAKeW95X2luZGV4", "of two parts, but of targets"),
        ("Y2xhaW1zCjAxOWEwMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMA", "of claims, but without a kind"),
        ("Y2xhaW1zCjAxOWEwMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMAptb21faW5kZXg", "of a kind that there is not"),
        ("!", "not of the alphabet of cursors"),
    ] {
        let answer = app.anyone().get(&format!("/v1/claims?cursor={cursor}")).await;
        assert_eq!(answer.fault(400), fault("invalid_cursor", "cursor"), "{why}");
    }
}

async fn what_cannot_be_read_is_named_with_its_code_and_parameter(app: TestApp) {
    for (query, code, parameter, why) in [
        ("verdict=wrong", "invalid_value", "verdict", "no such verdict"),
        ("verdict=matches&verdict=wrong", "invalid_value", "verdict", "one of two"),
        ("kind=mom_index", "invalid_value", "kind", "no such kind"),
        ("kind=yoy_index&kind=plan_pct", "repeated_parameter", "kind", "read once"),
        ("province=Atlantis", "unknown_province", "province", "no such name"),
        ("province=27", "unknown_province", "province", "a code that nobody has today"),
        ("province=27&period=2026", "unknown_province", "province", "nor at the end of the period"),
        ("indicator=phones", "unknown_indicator", "indicator", "no such code"),
        ("period=2024-13", "invalid_period", "period", "a thirteenth month"),
        ("period=2024-13&province=27", "invalid_period", "period", "and nothing is said of a code whose day is not known"),
        ("calendar=lunar", "invalid_value", "calendar", "no such calendar"),
        ("as_of=yesterday", "invalid_time", "as_of", "no instant"),
        ("as_of=2027-01-01T00:00:00Z", "as_of_out_of_range", "as_of", "the future"),
        ("limit=0", "invalid_value", "limit", "an empty page"),
        ("limit=1001", "invalid_value", "limit", "too long a page"),
        ("breakdown=line_type:fixed", "unknown_parameter", "breakdown", "no such parameter"),
    ] {
        let answer = app.anyone().get(&format!("/v1/claims?{query}")).await;
        assert_eq!(answer.fault(400), fault(code, parameter), "{query}: {why}");
    }
    let allowed = app.anyone().get("/v1/claims?verdict=wrong").await.json()["errors"][0]["allowed"].clone();
    assert_eq!(allowed, json!(["matches", "rounds_to", "contradicts", "unverifiable"]));
    let all = app.anyone().get("/v1/claims?verdict=wrong&kind=mom_index&province=Atlantis&limit=0").await.faults(400);
    let mut places: Vec<&str> = all.iter().map(|(_, place)| place.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["kind", "limit", "province", "verdict"], "all at once");
}

/// Claims of three provinces, four indicators, a part and both calendars, with every verdict; their names are those of [`name`].
async fn claim_several(app: &TestApp) {
    let user = app.department().await;
    let index = |value: &'static str| [("yoy_index", value)];
    let fixed = |mut row: Value| {
        row["breakdown"] = json!({"line_type": "fixed"});
        row
    };
    let fines = |said: &str, period: &str| row("fines-total", said, period);
    for (province, calendar, current, last_year) in [
        (
            "24",
            "civil",
            claiming(fines("1135", "2024-H1"), &[("yoy_index", "103.2"), ("yoy_change_pct", "3.4")]),
            Some(fines("1100", "2023-H1")),
        ),
        ("24", "civil", claiming(row("telecom-internet-revenue", "1135", "2024-H1"), &index("103.2")), None),
        (
            "24",
            "civil",
            claiming(fixed(row("phone-subscribers", "11754", "2024-05")), &index("95.3")),
            Some(fixed(row("phone-subscribers", "12345", "2023-05"))),
        ),
        ("27", "civil", claiming(fines("500", "2024-H1"), &index("100.3")), Some(fines("499", "2023-H1"))),
        ("24", "civil", claiming(fines("10", "2026-H1"), &index("150")), None),
        ("24", "nd09", claiming(fines("1000", "2024-H1"), &[("plan_pct", "40")]), None),
    ] {
        let rows: Vec<Value> = [Some(current), last_year].into_iter().flatten().collect();
        user.submit(&json!({"province": province, "calendar": calendar, "observations": rows})).await;
    }
}

/// What the claims of [`claim_several`] are called.
fn name(claim: &Value) -> &'static str {
    match (text(&claim["province"]), text(&claim["indicator"]["code"]), text(&claim["kind"])) {
        ("bac-giang-1997", "fines-total", "yoy_change_pct") => "pct",
        ("bac-giang-1997", "fines-total", "yoy_index") => "index",
        ("bac-giang-1997", "telecom-internet-revenue", "yoy_index") => "bare",
        ("bac-giang-1997", "phone-subscribers", "yoy_index") if claim["breakdown"] == json!({"line_type": "fixed"}) => "part",
        ("bac-ninh-1997", "fines-total", "yoy_index") => "ninh",
        ("bac-ninh-2025", "fines-total", "yoy_index") => "merged",
        ("bac-giang-1997", "fines-total", "plan_pct") if claim["period"]["calendar"] == "nd09" => "nd09",
        other => panic!("{other:?} in {claim}"),
    }
}

/// The claims of all pages, and how many pages that are.
async fn read_pages(app: &TestApp, filter: &str, limit: usize) -> (Vec<Value>, usize) {
    let (mut read, mut cursor) = (Vec::new(), String::new());
    for page in 1.. {
        assert!(page <= 1000, "{filter}: pages of {limit} do not end");
        let answer = app.anyone().get(&format!("/v1/claims?{filter}&limit={limit}{cursor}")).await.expect(200);
        let items = answer["items"].as_array().unwrap();
        assert!(items.len() <= limit, "{filter}: {limit}");
        read.extend(items.iter().cloned());
        let Some(next) = answer["next"].as_str() else { return (read, page) };
        cursor = format!("&cursor={next}");
    }
    unreachable!()
}

fn fault(code: &str, place: &str) -> (String, String) {
    (code.to_owned(), place.to_owned())
}
