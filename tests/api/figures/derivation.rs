//! Period algebra over HTTP: figures that no report has, formed from those that are on record, and what disagrees with them.

use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::{TestApp, on_both};

on_both! {
    the_report_of_may_implies_the_year_to_april,
    a_later_april_disagrees_with_may_and_replaces_nothing,
    a_half_year_is_the_last_state_and_says_how_far_it_reaches,
    a_year_to_date_against_last_years_needs_no_reported_baseline,
    quarters_and_running_totals_of_a_series_are_formed_from_months,
    a_total_that_no_report_has_is_all_its_parts,
    a_part_that_no_report_has_is_the_total_less_the_others,
    what_is_implied_of_all_parts_is_answered_where_all_are_asked_for,
    nothing_is_formed_of_some_of_the_parts,
    parts_that_are_formed_over_time_make_the_total_of_a_quarter,
    what_can_be_formed_over_time_is_not_formed_of_parts,
    what_is_formed_of_parts_is_no_more_certain_than_they_are,
    a_total_smaller_than_its_parts_leaves_nothing,
}

async fn revenue(app: &TestApp, period: &str) -> Value {
    let path = format!("/v1/comparisons?province=24&period={period}&indicator=post-telecom-revenue");
    app.anyone().get(&path).await.expect(200)["items"][0]["current"].clone()
}

async fn the_report_of_may_implies_the_year_to_april(app: TestApp) {
    let app = app.with_real_figures().await;

    let april = revenue(&app, "2024-04-YTD").await;

    assert_eq!((&april["value"], &april["origin"], &april["status"]), (&json!(975), &json!("derived"), &json!("E")));
    assert_eq!(april["observation"], Value::Null);
    assert_eq!(april["derivation"]["text"], "2024-05-YTD − 2024-05");
    let parts = april["derivation"]["parts"].as_array().unwrap();
    let parts: Vec<_> = parts.iter().map(|part| (&part["sign"], &part["period"], &part["value"])).collect();
    assert_eq!(parts, [(&json!("plus"), &json!("2024-05-YTD"), &json!(1205)), (&json!("minus"), &json!("2024-05"), &json!(230))]);
    assert_eq!(april["coverage"], json!({"have": 4, "need": 4}));
}

async fn a_later_april_disagrees_with_may_and_replaces_nothing(app: TestApp) {
    let app = app.with_real_figures().await;
    let observations = json!([{"indicator": "post-telecom-revenue", "value": 980}]);

    app.department().await.submit(&json!({"province": "24", "period": "2024-04-YTD", "observations": observations})).await;

    let may = revenue(&app, "2024-05").await;
    assert_eq!((&may["value"], &may["origin"]), (&json!(230), &json!("reported")));
    assert_eq!((&may["disagreement"]["text"], &may["disagreement"]["value"]), (&json!("2024-05-YTD − 2024-04-YTD"), &json!(225)));
    let april = revenue(&app, "2024-04-YTD").await;
    assert_eq!((&april["value"], &april["origin"], &april["disagreement"]["value"]), (&json!(980), &json!("reported"), &json!(975)));
}

async fn a_half_year_is_the_last_state_and_says_how_far_it_reaches(app: TestApp) {
    let app = app.with_real_figures().await;

    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-H1").await.expect(200);

    let phones = item(&table, "phone-subscribers");
    assert_eq!((&phones["current"]["value"], &phones["current"]["origin"]), (&json!(1_930_360), &json!("derived")));
    assert_eq!(phones["current"]["derivation"]["text"], "last of 2024-05");
    assert_eq!(phones["current"]["coverage"], json!({"have": 5, "need": 6}));
    assert_eq!(phones["current"]["as_of"], "2024-05-31", "the state of May is said of the half-year as that");
    assert_eq!(phones["same_period_last_year"]["reasons"], json!(["base_missing", "low_coverage"]));
}

async fn a_year_to_date_against_last_years_needs_no_reported_baseline(app: TestApp) {
    let department = app.department().await;
    let months = |year: i32, amounts: [i64; 3]| {
        let row = |(n, amount): (usize, i64)| json!({"indicator": "fines-total", "period": format!("{year}-0{}", n + 1), "value": amount});
        let rows: Vec<Value> = amounts.into_iter().enumerate().map(row).collect();
        json!({"province": "24", "observations": rows})
    };
    department.submit(&months(2023, [10, 20, 30])).await;
    department.submit(&months(2024, [11, 22, 33])).await;

    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-03-YTD&indicator=fines-total").await.expect(200);

    let against = &table["items"][0]["same_period_last_year"];
    assert_eq!((&against["baseline"]["value"], &against["baseline"]["origin"]), (&json!(60), &json!("derived")));
    assert_eq!(against["baseline"]["derivation"]["text"], "sum of 2023-01…2023-03");
    assert_eq!((&against["change"], &against["index_pct"], &against["comparable"]), (&json!(6), &json!(110), &json!("yes")));
}

async fn quarters_and_running_totals_of_a_series_are_formed_from_months(app: TestApp) {
    let department = app.department().await;
    let row = |(month, amount): (i32, i64)| json!({"indicator": "fines-total", "period": format!("2024-0{month}"), "value": amount});
    let rows: Vec<Value> = [(1, 10), (2, 20), (3, 30), (4, 40)].into_iter().map(row).collect();
    department.submit(&json!({"province": "24", "observations": rows})).await;
    let points = async |query: &str| {
        let path = format!("/v1/series?province=bac-giang-1997&indicator=fines-total&{query}");
        let series = app.anyone().get(&path).await.expect(200);
        let points = series["items"][0]["observations"].as_array().unwrap().clone();
        points.iter().map(|point| format!("{}={}", point["period"].as_str().unwrap(), point["value"])).collect::<Vec<_>>().join(" ")
    };

    assert_eq!(points("frequency=Q").await, "2024-Q1=60", "the second quarter has one month of three");
    assert_eq!(points("cumulative=true").await, "2024-01-YTD=10 2024-02-YTD=30 2024-03-YTD=60 2024-04-YTD=100");
    assert_eq!(points("frequency=Q&cumulative=true").await, "2024-03-YTD=60");
    assert_eq!(points("cumulative=true&from=2024-02&to=2024-03").await, "2024-02-YTD=30 2024-03-YTD=60");
    assert_eq!(points("").await, "2024-01=10 2024-02=20 2024-03=30 2024-04=40");
}

async fn a_total_that_no_report_has_is_all_its_parts(app: TestApp) {
    let department = app.department().await;
    let now = [phones(FIXED, 11754), with(phones(MOBILE, 1_918_606), &json!({"status": "E"}))];
    let recorded = department.submit(&json!({"province": "24", "period": "2024-05", "observations": now})).await;
    let before = [phones(FIXED, 30360), phones(MOBILE, 1_800_000)];
    department.submit(&json!({"province": "24", "period": "2023-05", "observations": before})).await;

    let line = app.anyone().get("/v1/comparisons?province=24&period=2024-05&indicator=phone-subscribers").await.expect(200);
    let points = series(&app, "phone-subscribers", "frequency=M&from=2024-05&to=2024-05").await;
    let reported = series(&app, "phone-subscribers", "from=2024-05&to=2024-05").await;

    let current = &line["items"][0]["current"];
    assert_eq!((&current["value"], &current["bound"], &current["status"]), (&json!(1_930_360), &json!("eq"), &json!("E")));
    assert_eq!((&current["origin"], &current["observation"]), (&json!("derived"), &Value::Null));
    assert_eq!(current["coverage"], json!({"have": 1, "need": 1}));
    assert_eq!(current["derivation"]["text"], "line_type:fixed + line_type:mobile");
    for (n, (member, value)) in [("fixed", 11754), ("mobile", 1_918_606)].into_iter().enumerate() {
        let part = &current["derivation"]["parts"][n];
        assert_eq!((&part["sign"], &part["period"], &part["value"]), (&json!("plus"), &json!("2024-05"), &json!(value)));
        assert_eq!((&part["breakdown"], &part["observation"]), (&json!({"line_type": member}), &recorded["rows"][n]["observation"]));
    }
    assert_eq!(current["derivation"]["parts"].as_array().unwrap().len(), 2);
    let against = &line["items"][0]["same_period_last_year"];
    assert_eq!((&against["baseline"]["value"], &against["baseline"]["origin"]), (&json!(1_830_360), &json!("derived")));
    assert_eq!(against["change"], 100_000);
    assert_eq!((&points[0]["value"], &points[0]["origin"]), (&json!(1_930_360), &json!("derived")));
    assert_eq!(points[0]["derivation"], current["derivation"]);
    assert_eq!(reported, Vec::<Value>::new(), "without a frequency only what was reported");
}

async fn a_part_that_no_report_has_is_the_total_less_the_others(app: TestApp) {
    let department = app.department().await;
    for (period, known, part, value, text) in
        [("2024-04", FIXED, MOBILE, 1_918_606, "total − line_type:fixed"), ("2024-05", MOBILE, FIXED, 11754, "total − line_type:mobile")]
    {
        let rows = [phones("", 1_930_360), phones(known, 1_930_360 - value)];
        let recorded = department.submit(&json!({"province": "24", "period": period, "observations": rows})).await;

        let current = phones_in(&app, period, part).await;
        let points = series(&app, "phone-subscribers", &format!("frequency=M&from={period}&to={period}&breakdown={part}")).await;

        assert_eq!((&current["value"], &current["origin"], &current["observation"]), (&json!(value), &json!("derived"), &Value::Null));
        assert_eq!(current["derivation"]["text"], text);
        let parts = current["derivation"]["parts"].as_array().unwrap();
        let signs: Vec<_> = parts.iter().map(|part| (&part["sign"], &part["breakdown"], &part["observation"])).collect();
        let member = json!({"line_type": known.split_once(':').unwrap().1});
        let rows = &recorded["rows"];
        assert_eq!(signs, [(&json!("plus"), &json!({}), &rows[0]["observation"]), (&json!("minus"), &member, &rows[1]["observation"])]);
        assert_eq!((&points[0]["value"], &points[0]["derivation"]), (&json!(value), &current["derivation"]));
    }
}

async fn what_is_implied_of_all_parts_is_answered_where_all_are_asked_for(app: TestApp) {
    let department = app.department().await;
    let rows = [phones("", 1_930_360), phones(FIXED, 11754)];
    department.submit(&json!({"province": "24", "period": "2024-05", "observations": rows})).await;
    let rows = [phones(FIXED, 11000), phones(MOBILE, 1_900_000)];
    department.submit(&json!({"province": "24", "period": "2024-06", "observations": rows})).await;
    let lines = async |path: &str| {
        let answer = app.anyone().get(path).await.expect(200);
        let mut lines = Vec::new();
        for item in answer["items"].as_array().unwrap() {
            let part = item["breakdown"]["line_type"].as_str().unwrap_or("total");
            let figures = item["observations"].as_array().cloned().unwrap_or_else(|| vec![item["current"].clone()]);
            lines.push(figures.iter().fold(part.to_owned(), |line, figure| format!("{line} {}", figure["value"])));
        }
        lines.join(", ")
    };
    let (table, points) = ("/v1/comparisons?province=24&breakdown=*", "/v1/series?province=bac-giang-1997&breakdown=*");

    for indicator in ["", "&indicator=phone-subscribers"] {
        let may = lines(&format!("{table}&period=2024-05{indicator}")).await;
        assert_eq!(may, "total 1930360, fixed 11754, mobile 1918606", "the implied part");
        let june = lines(&format!("{table}&period=2024-06{indicator}")).await;
        assert_eq!(june, "total 1911000, fixed 11000, mobile 1900000", "the implied total");
    }
    assert_eq!(
        lines(&format!("{points}&indicator=phone-subscribers&frequency=M")).await,
        "total 1930360 1911000, fixed 11754 11000, mobile 1918606 1900000"
    );
    assert_eq!(
        lines(&format!("{points}&indicator=phone-subscribers")).await,
        "total 1930360, fixed 11754 11000, mobile 1900000",
        "without a frequency only what was reported"
    );
}

async fn nothing_is_formed_of_some_of_the_parts(app: TestApp) {
    let department = app.department().await;
    let part =
        |indicator: &str, dimension: &str, member: &str| json!({"indicator": indicator, "breakdown": {dimension: member}, "value": 5});
    let nil = json!({"indicator": "sanctioned-entities", "breakdown": {"subject": "individual"}, "nil": true});
    let rows = json!([
        phones(FIXED, 11754),
        part("bts-sites", "operator", "viettel"),
        part("bts-sites", "operator", "vnpt"),
        part("dossiers-resolved", "channel", "online"),
        part("dossiers-resolved", "channel", "in-person"),
        part("dossiers-resolved", "channel", "postal"),
        part("sanctioned-entities", "subject", "organisation"),
        nil,
    ]);
    department.submit(&json!({"province": "24", "period": "2023-05", "observations": rows})).await;
    department.submit(&json!({"province": "24", "period": "2024-05", "observations": [phones("", 1_930_360)]})).await;

    for (indicator, why) in [
        ("phone-subscribers", "one part of two"),
        ("bts-sites", "nobody says that these are all"),
        ("dossiers-resolved", "all that are listed, and not declared complete"),
        ("sanctioned-entities", "nothing to report is neither zero nor a figure"),
    ] {
        let path = format!("/v1/comparisons?province=24&period=2023-05&indicator={indicator}");
        let line = app.anyone().get(&path).await.expect(200)["items"][0].clone();
        let points = series(&app, indicator, "frequency=M&from=2023-05&to=2023-05").await;

        assert_eq!((&line["current"], &line["breakdown"]), (&Value::Null, &json!({})), "{indicator}: {why}");
        assert!(points.iter().all(|point| point["value"].is_null() && point["origin"].is_null()), "{indicator}: {why}: {points:?}");
        if indicator == "phone-subscribers" {
            assert_eq!((points.len(), &points[0]["reasons"]), (1, &json!(["current_missing"])), "{why}");
        }
    }
    let now = app.anyone().get("/v1/comparisons?province=24&period=2024-05&indicator=phone-subscribers").await.expect(200);
    let against = &now["items"][0]["same_period_last_year"];
    assert_eq!((&against["baseline"], &against["change"], &against["comparable"]), (&Value::Null, &Value::Null, &json!("no")));
    assert_eq!(against["reasons"], json!(["base_missing"]));
    assert_eq!(phones_in(&app, "2024-05", MOBILE).await, Value::Null, "a total alone says nothing of its parts");
}

async fn parts_that_are_formed_over_time_make_the_total_of_a_quarter(app: TestApp) {
    let department = app.department().await;
    let post =
        [("2024-01", json!(10)), ("2024-02", json!(11)), ("2024-03", json!(12.5))].map(|(month, amount)| sector("post", month, amount));
    department.submit(&json!({"province": "24", "observations": post})).await;
    let telecom = [sector("telecom", "2024-01", 100), sector("telecom", "2024-02-YTD", 205)];
    department.submit(&json!({"province": "24", "observations": telecom})).await;

    let unfinished = revenue(&app, "2024-Q1").await;
    department.submit(&json!({"province": "24", "observations": [sector("telecom", "2024-03", 95)]})).await;
    let quarter = revenue(&app, "2024-Q1").await;
    let february = revenue(&app, "2024-02").await;
    let points = series(&app, "post-telecom-revenue", "frequency=Q").await;

    assert_eq!(unfinished, Value::Null, "one month of telecom is not there");
    assert_eq!((&quarter["value"], &quarter["origin"]), (&json!(333.5), &json!("derived")));
    assert_eq!(
        (&quarter["derivation"]["text"], &quarter["coverage"]),
        (&json!("sector:post + sector:telecom"), &json!({"have": 3, "need": 3}))
    );
    assert_eq!(parts_of(&quarter), "+post 2024-01=10 +post 2024-02=11 +post 2024-03=12.5 +telecom 2024-02-YTD=205 +telecom 2024-03=95");
    assert_eq!(february["value"], 116);
    assert_eq!(parts_of(&february), "+post 2024-02=11 +telecom 2024-02-YTD=205 -telecom 2024-01=100");
    assert_eq!((points.len(), &points[0]["value"], &points[0]["derivation"]), (1, &json!(333.5), &quarter["derivation"]));

    let whole = json!({"indicator": "post-telecom-revenue", "period": "2024-Q2", "value": 400});
    let post = ["2024-04", "2024-05", "2024-06"].map(|month| sector("post", month, 20));
    department.submit(&json!({"province": "24", "observations": [whole, post[0], post[1], post[2]]})).await;
    let path = "/v1/comparisons?province=24&period=2024-Q2&indicator=post-telecom-revenue&breakdown=sector:telecom";
    let telecom = app.anyone().get(path).await.expect(200)["items"][0]["current"].clone();
    assert_eq!((&telecom["value"], &telecom["derivation"]["text"]), (&json!(340), &json!("total − sector:post")));
    assert_eq!(parts_of(&telecom), "+total 2024-Q2=400 -post 2024-04=20 -post 2024-05=20 -post 2024-06=20");
}

async fn what_can_be_formed_over_time_is_not_formed_of_parts(app: TestApp) {
    let department = app.department().await;
    let months = ["2024-01", "2024-02", "2024-03"];
    let mut rows: Vec<Value> =
        months.into_iter().map(|month| json!({"indicator": "post-telecom-revenue", "period": month, "value": 20})).collect();
    rows.extend([sector("post", "2024-Q1", 25), sector("telecom", "2024-Q1", 45)]);
    rows.extend([sector("telecom", "2024-01", 10), sector("telecom", "2024-02", 11)]);
    department.submit(&json!({"province": "24", "observations": rows})).await;

    let quarter = revenue(&app, "2024-Q1").await;
    let path = "/v1/comparisons?province=24&period=2024-03&indicator=post-telecom-revenue&breakdown=sector:telecom";
    let march = app.anyone().get(path).await.expect(200)["items"][0]["current"].clone();

    assert_eq!((&quarter["value"], &quarter["derivation"]["text"]), (&json!(60), &json!("sum of 2024-01…2024-03")), "not 70");
    assert_eq!((&march["value"], &march["derivation"]["text"]), (&json!(24), &json!("2024-Q1 − 2024-01 − 2024-02")));
}

async fn what_is_formed_of_parts_is_no_more_certain_than_they_are(app: TestApp) {
    let department = app.department().await;
    let bound = |bound: &str, value: i64| json!({"value": value, "bound": bound});
    let range = json!({"bound": "range", "low": 11000, "high": 12000});
    let status = |status: &str| json!({"value": 11000, "status": status});
    for (month, fixed, other, (asked, value, of_bound, of_status), why) in [
        ("01", bound("gt", 11000), phones(MOBILE, 1_918_606), ("", json!(1_929_606), "gt", "A"), "above, and more"),
        ("02", bound("gt", 11000), phones("", 1_930_360), (MOBILE, json!(1_919_360), "lt", "A"), "the rest is below"),
        ("03", bound("ge", 11000), phones("", 1_930_360), (MOBILE, json!(1_919_360), "le", "A"), "at most the rest"),
        ("04", bound("approx", 11000), phones(MOBILE, 1_900_000), ("", json!(1_911_000), "approx", "A"), "about"),
        ("05", range.clone(), phones(MOBILE, 1_900_000), ("", Value::Null, "range", "A"), "1911000 to 1912000"),
        ("06", status("E"), phones(MOBILE, 1_900_000), ("", json!(1_911_000), "eq", "E"), "an estimate among them"),
        ("07", status("P"), phones(MOBILE, 1_900_000), ("", json!(1_911_000), "eq", "P"), "a preliminary one"),
        ("08", status("P"), with(phones("", 1_911_000), &json!({"status": "E"})), (MOBILE, json!(1_900_000), "eq", "E"), "the weakest"),
    ] {
        let period = format!("2024-{month}");
        let rows = [with(phones(FIXED, 0), &fixed), other];
        let rows = rows.map(|mut row| {
            if row["bound"] == "range" {
                row.as_object_mut().unwrap().remove("value");
            }
            row
        });
        department.submit(&json!({"province": "24", "period": period, "observations": rows})).await;

        let current = phones_in(&app, &period, asked).await;

        assert_eq!((&current["value"], &current["origin"]), (&value, &json!("derived")), "{why}");
        assert_eq!((&current["bound"], &current["status"]), (&json!(of_bound), &json!(of_status)), "{why}");
        let ends = if of_bound == "range" { (json!(1_911_000), json!(1_912_000)) } else { (Value::Null, Value::Null) };
        assert_eq!((&current["low"], &current["high"]), (&ends.0, &ends.1), "{why}");
    }
    let apart = [with(phones(FIXED, 0), &bound("gt", 11000)), with(phones(MOBILE, 0), &bound("lt", 1_900_000))];
    department.submit(&json!({"province": "24", "period": "2024-09", "observations": apart})).await;
    assert_eq!(phones_in(&app, "2024-09", "").await, Value::Null, "above and below make nothing that could be said");
}

async fn a_total_smaller_than_its_parts_leaves_nothing(app: TestApp) {
    let department = app.department().await;
    let amount = json!({"indicator": "post-telecom-revenue", "value": 100});
    let rows = json!([phones("", 100), phones(FIXED, 150), amount, sector("telecom", "2024-05", 102.5)]);
    department.submit(&json!({"province": "24", "period": "2024-05", "observations": rows})).await;
    let rows = [phones("", 150), phones(FIXED, 150)];
    department.submit(&json!({"province": "24", "period": "2024-06", "observations": rows})).await;

    let points = series(&app, "phone-subscribers", &format!("frequency=M&from=2024-05&to=2024-06&breakdown={MOBILE}")).await;
    let path = "/v1/comparisons?province=24&period=2024-05&indicator=post-telecom-revenue&breakdown=sector:post";
    let post = app.anyone().get(path).await.expect(200)["items"][0]["current"].clone();

    let values: Vec<_> = points.iter().map(|point| &point["value"]).collect();
    assert_eq!(values, [&Value::Null, &json!(0)], "less than nothing is nothing that could be true; nothing itself is");
    assert_eq!(phones_in(&app, "2024-05", MOBILE).await, Value::Null);
    assert_eq!(post, Value::Null);
}

const FIXED: &str = "line_type:fixed";
const MOBILE: &str = "line_type:mobile";

/// A row about phones, or about a part such as `line_type:fixed`.
fn phones(part: &str, value: i64) -> Value {
    let breakdown: Value = part.split_once(':').into_iter().collect();
    json!({"indicator": "phone-subscribers", "breakdown": breakdown, "value": value})
}

/// A row that says more, or something else.
fn with(mut row: Value, says: &Value) -> Value {
    row.as_object_mut().unwrap().extend(says.as_object().unwrap().clone());
    row
}

/// A row about the revenue of a sector.
fn sector(member: &str, period: &str, amount: impl Into<Value>) -> Value {
    let amount: Value = amount.into();
    json!({"indicator": "post-telecom-revenue", "breakdown": {"sector": member}, "period": period, "value": amount})
}

async fn phones_in(app: &TestApp, period: &str, part: &str) -> Value {
    let path = format!("/v1/comparisons?province=24&period={period}&indicator=phone-subscribers&breakdown={part}");
    app.anyone().get(&path).await.expect(200)["items"][0]["current"].clone()
}

async fn series(app: &TestApp, indicator: &str, query: &str) -> Vec<Value> {
    let path = format!("/v1/series?province=bac-giang-1997&indicator={indicator}&{query}");
    app.anyone().get(&path).await.expect(200)["items"][0]["observations"].as_array().unwrap().clone()
}

/// What a figure is formed of, as a line.
fn parts_of(figure: &Value) -> String {
    let part = |part: &Value| {
        let sign = if part["sign"] == "plus" { '+' } else { '-' };
        let member = part["breakdown"]["sector"].as_str().unwrap_or("total");
        format!("{sign}{member} {}={}", part["period"].as_str().unwrap(), part["value"])
    };
    figure["derivation"]["parts"].as_array().unwrap().iter().map(part).collect::<Vec<_>>().join(" ")
}
