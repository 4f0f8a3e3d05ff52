//! Printed comparisons: how each is judged, by which figure and plan, and what corrections and withdrawals do to them.
//! The list of them is in `audit`; the rounding of bounds, counts and derived baselines is in `declared` and `qualifiers`.

use serde_json::{Value, json};

use crate::support::claims::{BAC_GIANG, claiming, judgement, listed, only, set, submit, text};
use crate::support::worked::{code, define, row, statistician};
use crate::support::{TestApp, on_both};

on_both! {
    each_kind_is_judged_by_the_figure_of_last_year,
    a_share_of_the_plan_is_judged_by_the_plan_that_holds,
    what_the_country_asks_of_each_province_is_no_plan_of_its,
    a_share_is_of_the_plan_of_the_period_or_of_its_year,
    a_plan_that_was_revised_or_withdrawn_is_the_plan_no_more,
    what_is_not_fair_to_compare_with_verifies_nothing,
    a_claim_is_judged_by_the_figure_it_was_printed_beside,
    a_claim_repeated_with_the_same_figure_changes_nothing,
    claims_go_with_the_figure_they_were_made_about,
    a_withdrawn_claim_is_absent_and_its_history_stays,
}

async fn each_kind_is_judged_by_the_figure_of_last_year(app: TestApp) {
    let user = statistician(&app).await;
    // Measure, figure and that of last year, the claim; then the verdict, what it should be, what it implies it is compared with.
    #[rustfmt::skip]
    let table = [
        ("flow 1", "1135",  "1100",  "yoy_index",      "103.2",  "matches",      "103.2",  "1098.8..1100.8", "103.18"),
        ("flow 1", "1135",  "1100",  "yoy_index",      "103",    "matches",      "103",    "1096.1..1107.8", "printed without decimals"),
        ("flow 1", "1135",  "1100",  "yoy_index",      "103.18", "matches",      "103.18", "1099.5..1100.6", "printed with two"),
        ("flow 1", "1135",  "1100",  "yoy_index",      "103.3",  "rounds_to",    "103.2",  "1097.7..1099.8", "1135.4 of 1099.6 is 103.26"),
        ("flow 1", "1135",  "1100",  "yoy_index",      "103.4",  "contradicts",  "103.2",  "1096.7..1098.7", "103.27 at most"),
        ("flow 1", "1135",  "1200",  "yoy_index",      "103.2",  "contradicts",  "94.6",   "1098.8..1100.8", "it fell"),
        ("flow 1", "1135",  "",      "yoy_index",      "103.2",  "unverifiable", "",       "1098.8..1100.8", "nothing last year"),
        ("flow 1", "1135",  "nil",   "yoy_index",      "103.2",  "unverifiable", "",       "1098.8..1100.8", "nothing to report last year"),
        ("flow 1", "4",     "0",     "yoy_index",      "100",    "unverifiable", "",       "3.5..4.5",       "nothing to divide by"),
        ("flow 1", ">1135", "1100",  "yoy_index",      "103.2",  "unverifiable", "",       "",               "a bound is no number"),
        ("flow 1", "1135",  "~1100", "yoy_index",      "103.2",  "unverifiable", "",       "1098.8..1100.8", "nor about 1100"),
        ("rate 2", "77.15", "74.75", "yoy_index",      "103.21", "matches",      "103.21", "74.74..74.76",   "an index of rates"),
        ("flow 1", "1135",  "1100",  "yoy_change_pct", "3.2",    "matches",      "3.2",    "1098.8..1100.8", "3.18"),
        ("flow 1", "1135",  "1200",  "yoy_change_pct", "-5.4",   "matches",      "-5.4",   "1198.6..1201",   "-5.42"),
        ("flow 1", "1135",  "1200",  "yoy_change_pct", "5.4",    "contradicts",  "-5.4",   "1075.9..1077.8", "a fall, printed as a rise"),
        ("flow 1", "1135",  "1100",  "yoy_change_pct", "3.3",    "rounds_to",    "3.2",    "1097.7..1099.8", "3.27 at most"),
        ("flow 1", "1135",  "",      "yoy_change_pct", "3.2",    "unverifiable", "",       "1098.8..1100.8", "nothing last year"),
        ("rate 2", "77.15", "74.75", "yoy_change_pp",  "2.4",    "matches",      "2.4",    "74.7..74.81",    "points"),
        ("rate 2", "77.15", "74.75", "yoy_change_pp",  "2.5",    "contradicts",  "2.4",    "74.6..74.71",    "2.41 at most"),
        ("rate 2", "77.15", "74.75", "yoy_change_pp",  "3.21",   "contradicts",  "2.4",    "73.93..73.95",   "percent, printed as points"),
        ("rate 1", "77.2",  "74.7",  "yoy_change_pp",  "2.4",    "rounds_to",    "2.5",    "74.7..74.9",     "2.4 to 2.6"),
        ("rate 2", "12.5",  "0",     "yoy_change_pp",  "12.5",   "matches",      "12.5",   "-0.1..0.1",      "points of nothing there are"),
        ("rate 2", "77.15", "",      "yoy_change_pp",  "2.4",    "unverifiable", "",       "74.7..74.81",    "nothing last year"),
    ];

    for (n, (measure, current, last_year, kind, value, verdict, computed, implied, why)) in table.into_iter().enumerate() {
        let code = code(n);
        define(&user, &code, measure).await;
        let mut rows = vec![claiming(row(&code, current, "2024-H1"), &[(kind, value)])];
        rows.extend((!last_year.is_empty()).then(|| row(&code, last_year, "2023-H1")));
        submit(&user, rows).await;

        let claims = listed(&app.anyone(), &format!("indicator={code}")).await;

        assert_eq!(claims.len(), 1, "{why}");
        let told = judgement(&claims[0]);
        assert_eq!(told, format!("{kind} {value} {verdict} [{computed}] [{implied}]"), "{current} against {last_year}: {why}");
    }
}

async fn a_share_of_the_plan_is_judged_by_the_plan_that_holds(app: TestApp) {
    let user = statistician(&app).await;
    let plan = |period: &str, value: i64| json!({"period": period, "value": value});
    let band = json!({"period": "2024", "kind": "band", "low": 2300, "high": 2500});
    #[rustfmt::skip]
    let table = [
        ("flow 1", "1135",  "civil", vec![plan("2024", 2400)], "47.3",  "matches [47.3] [2396..2403.2]",       json!(2400), "47.29"),
        ("flow 1", "1135",  "civil", vec![plan("2024", 2400)], "47.31", "rounds_to [47.29] [2397.8..2400.4]", json!(2400), "47.31 at most"),
        ("flow 1", "1135",  "civil", vec![plan("2024", 2400)], "47.2",  "contradicts [47.3] [2401.1..2408.3]", json!(2400),
            "what a plan asks for is exact"),
        ("flow 1", "1135",  "civil", vec![plan("2024", 2400), plan("2024-H1", 1200)], "94.6", "matches [94.6] [1198.6..1201]",
            json!(1200), "the plan of the half-year comes first"),
        ("flow 1", "1135",  "civil", vec![], "47.3", "unverifiable [] [2396..2403.2]", Value::Null, "no plan, but it implies one"),
        ("flow 1", "1135",  "civil", vec![plan("2023", 2400)], "47.3", "unverifiable [] [2396..2403.2]", Value::Null, "last year's"),
        ("flow 1", "1135",  "civil", vec![plan("2024-Q3", 600)], "47.3", "unverifiable [] [2396..2403.2]", Value::Null,
            "a later quarter's"),
        ("flow 1", "1135",  "civil", vec![plan("2024", 0)], "47.3", "unverifiable [] [2396..2403.2]", json!(0),
            "of nothing there is no share"),
        ("flow 1", ">1135", "civil", vec![plan("2024", 2400)], "47.3", "unverifiable [] []", json!(2400), "a bound"),
        ("flow 1", "1135",  "civil", vec![band], "47.3", "unverifiable [] [2396..2403.2]", Value::Null, "a band is no number"),
        ("flow 1", "1135",  "nd09",  vec![plan("2024", 2400)], "47.3", "matches [47.3] [2396..2403.2]", json!(2400), "both administrative"),
        ("rate 2", "77.15", "civil", vec![plan("2024", 80)], "96.4", "matches [96.4] [79.98..80.08]", json!(80), "96.44"),
    ];

    for (n, (measure, figure, calendar, plans, value, expected, plan, why)) in table.into_iter().enumerate() {
        let code = code(n);
        define(&user, &code, measure).await;
        set(&user, BAC_GIANG, calendar, &code, plans).await;
        let rows = [claiming(row(&code, figure, "2024-H1"), &[("plan_pct", value)])];
        user.submit(&json!({"province": BAC_GIANG, "calendar": calendar, "observations": rows})).await;

        let claim = only(&app, &code).await;

        assert_eq!(judgement(&claim), format!("plan_pct {value} {expected}"), "{why}");
        assert_eq!(claim["plan"].get("value").unwrap_or(&Value::Null), &plan, "{why}");
        assert_eq!(claim["baseline"], Value::Null, "{why}: last year's figure has no part in it");
    }
    define(&user, "other-calendar", "flow 1").await;
    set(&user, BAC_GIANG, "nd09", "other-calendar", vec![json!({"period": "2024", "value": 2400})]).await;
    submit(&user, vec![claiming(row("other-calendar", "1135", "2024-H1"), &[("plan_pct", "47.3")])]).await;
    let other = only(&app, "other-calendar").await;
    assert_eq!(judgement(&other), "plan_pct 47.3 unverifiable [] [2396..2403.2]", "the plan of the other calendar is of other days");
}

async fn what_the_country_asks_of_each_province_is_no_plan_of_its(app: TestApp) {
    let user = statistician(&app).await;
    let national = |value: i64, each: bool| json!({"period": "2024", "value": value, "each_province": each});
    let own = || json!({"period": "2024", "value": 75});
    for (n, (of_country, of_province, value, verdict, plan, why)) in [
        (vec![national(80, true)], vec![], "96.4", "unverifiable", Value::Null, "a target of the country, not the province's plan"),
        (vec![national(80, true)], vec![own()], "102.9", "matches", json!(75), "of its own plan: 102.87"),
        (vec![national(80, true)], vec![own()], "96.4", "contradicts", json!(75), "and not of the country's"),
        (vec![national(80, false)], vec![], "96.4", "unverifiable", Value::Null, "of the country as a whole"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = code(n);
        define(&user, &code, "rate 2").await;
        set(&user, "VN", "civil", &code, of_country).await;
        set(&user, BAC_GIANG, "civil", &code, of_province).await;
        submit(&user, vec![claiming(row(&code, "77.15", "2024-H1"), &[("plan_pct", value)])]).await;

        let claim = only(&app, &code).await;

        assert_eq!(claim["verdict"], verdict, "{why}");
        assert_eq!(claim["plan"].get("value").unwrap_or(&Value::Null), &plan, "{why}");
    }
}

async fn a_share_is_of_the_plan_of_the_period_or_of_its_year(app: TestApp) {
    let user = statistician(&app).await;
    let year = || json!({"period": "2024", "value": 2400});
    let quarter = || json!({"period": "2024-Q1", "value": 600});
    let later = json!({"period": "2024", "value": 3600, "baseline": {"period": "2020", "value": 2000}});
    for (n, (plans, figure, period, value, verdict, plan, why)) in [
        (vec![year(), quarter()], "300", "2024-02-YTD", "12.5", "matches", json!("2024"), "of the year, whatever the quarter asks for"),
        (vec![year(), quarter()], "300", "2024-02-YTD", "50", "contradicts", json!("2024"), "the plan of March is none of February"),
        (vec![year(), quarter()], "300", "2024-Q1", "12.5", "matches", json!("2024"), "of the year"),
        (vec![year(), quarter()], "300", "2024-Q1", "50", "matches", json!("2024-Q1"), "of the quarter"),
        (vec![year(), quarter()], "300", "2024-Q1", "40", "contradicts", json!("2024-Q1"), "of neither; shown is that of the period"),
        (vec![later], "2400", "2023", "66.7", "unverifiable", Value::Null, "a target of 2024 is no plan of 2023"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = code(n);
        define(&user, &code, "flow 1").await;
        set(&user, BAC_GIANG, "civil", &code, plans).await;
        submit(&user, vec![claiming(row(&code, figure, period), &[("plan_pct", value)])]).await;

        let claim = only(&app, &code).await;

        let found = (&claim["verdict"], claim["plan"].get("period").unwrap_or(&Value::Null));
        assert_eq!(found, (&json!(verdict), &plan), "{why}");
        assert_eq!(claim["reasons"], if plan.is_null() { json!(["base_missing"]) } else { json!([]) }, "{why}");
    }
}

async fn a_plan_that_was_revised_or_withdrawn_is_the_plan_no_more(app: TestApp) {
    let user = app.department().await;
    let told = async |as_of: &str| {
        let claims = listed(&app.anyone(), &format!("indicator=fines-total{as_of}")).await;
        (judgement(&claims[0]), claims[0]["plan"].get("value").cloned().unwrap_or_default())
    };
    set(&user, BAC_GIANG, "civil", "fines-total", vec![json!({"period": "2024", "value": 2400})]).await;
    submit(&user, vec![claiming(row("fines-total", "1135", "2024-H1"), &[("plan_pct", "47.3")])]).await;
    app.clock.set("2026-11-21T02:02:00Z");
    set(&user, BAC_GIANG, "civil", "fines-total", vec![json!({"period": "2024", "value": 2500})]).await;
    app.clock.set("2026-11-21T02:04:00Z");
    let revised = told("").await;
    set(&user, BAC_GIANG, "civil", "fines-total", vec![json!({"period": "2024", "withdraw": true, "reason": "bãi bỏ"})]).await;
    app.clock.set("2026-11-21T02:06:00Z");

    let implied = "[2396..2403.2]";
    assert_eq!(revised, (format!("plan_pct 47.3 contradicts [45.4] {implied}"), json!(2500)));
    assert_eq!(told("").await, (format!("plan_pct 47.3 unverifiable [] {implied}"), Value::Null), "withdrawn");
    assert_eq!(told("&as_of=2026-11-21T02:03:00Z").await, revised, "as it stood then");
    let first = told("&as_of=2026-11-21T02:01:00Z").await;
    assert_eq!(first, (format!("plan_pct 47.3 matches [47.3] {implied}"), json!(2400)), "and as it stood first");
}

async fn what_is_not_fair_to_compare_with_verifies_nothing(app: TestApp) {
    let user = statistician(&app).await;
    #[rustfmt::skip]
    let table = [
        ("stock 0", "2024-H1=1600, 2023-03=1500", "low_coverage partial_period", "106.7", "unverifiable", "last year is known until March"),
        ("flow 1", "2024-H1=110, 2023-Q1=50", "base_missing low_coverage", "110", "unverifiable", "only a quarter of last year"),
        ("flow 1", "2024-H1=110, nd09:2023-H1=100", "base_missing calendar_mismatch", "110", "unverifiable", "other days"),
        ("flow 1", "2024-H1=110, 2023-Q1=60, 2023-H1=40", "parts_contradict", "275", "unverifiable", "last year's total falls"),
        ("flow 1", "redefined 2024-H1=110, 2023-H1=100", "definition_changed", "110", "unverifiable", "it was something else then"),
        ("flow 1", "2024-H1=110, 2023-H1=100 E", "status_mismatch", "110", "matches", "an estimate is of the same thing"),
        ("flow 1", "2024-H1=110, 2023-Q1=60, 2023-Q2=40", "", "110", "matches", "formed of two quarters"),
    ];

    for (n, (measure, figures, reasons, value, verdict, why)) in table.into_iter().enumerate() {
        let code = code(n);
        let mut definition = define(&user, &code, measure).await;
        for (position, figure) in figures.split(", ").enumerate().collect::<Vec<_>>().into_iter().rev() {
            if let (true, Some(_)) = (position == 0, figure.strip_prefix("redefined ")) {
                definition["definition"] = json!("Cách tính khác.");
                user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(200);
            }
            let figure = figure.trim_start_matches("redefined ");
            let (calendar, figure) = figure.split_once(':').unwrap_or(("civil", figure));
            let (period, said) = figure.split_once('=').unwrap();
            let mut sent = row(&code, said, period);
            if position == 0 {
                sent = claiming(sent, &[("yoy_index", value)]);
            }
            user.submit(&json!({"province": BAC_GIANG, "calendar": calendar, "observations": [sent]})).await;
        }

        let claim = only(&app, &code).await;

        let mut said: Vec<&str> = claim["reasons"].as_array().unwrap().iter().map(text).collect();
        said.sort_unstable();
        assert_eq!((text(&claim["verdict"]), said.join(" ").as_str()), (verdict, reasons), "{figures}: {why}");
        assert_eq!(claim.get("computed").is_some(), verdict == "matches", "{why}: what cannot be verified has no number beside it");
    }
}

async fn a_claim_is_judged_by_the_figure_it_was_printed_beside(app: TestApp) {
    let user = app.department().await;
    let claim = &[("yoy_index", "103.2")][..];
    let told = async || {
        let claim = only(&app, "fines-total").await;
        let table = app.anyone().get("/v1/comparisons?province=24&period=2024-H1&indicator=fines-total").await.expect(200);
        for field in ["kind", "value", "verdict", "computed", "implied_baseline", "about"] {
            assert_eq!(table["items"][0]["claims"][0].get(field), claim.get(field), "{field}: the report table says the same");
        }
        let about = claim.get("about").map(|about| about["value"].to_string());
        (judgement(&claim), claim["current"]["value"].to_string(), about)
    };
    let matches = "yoy_index 103.2 matches [103.2] [1098.8..1100.8]";
    let steps = [
        (claiming(row("fines-total", "1135", "2024-H1"), claim), matches, "1135", None, "as it was printed"),
        (row("fines-total", "1150", "2024-H1"), matches, "1150", Some("1135"), "the figure is corrected, the report is as it was"),
        (row("fines-total", "1155", "2024-H1"), matches, "1155", Some("1135"), "and once more"),
        (
            claiming(row("fines-total", "1160", "2024-H1"), claim),
            "yoy_index 103.2 contradicts [105.5] [1123..1125.1]",
            "1160",
            None,
            "a corrected report that still says 103.2: 105.45",
        ),
        (
            row("fines-total", "1170", "2024-H1"),
            "yoy_index 103.2 contradicts [105.5] [1123..1125.1]",
            "1170",
            Some("1160"),
            "the last figure that it was printed beside",
        ),
        (
            claiming(row("fines-total", "1170", "2024-H1"), &[("yoy_index", "106.4")]),
            "yoy_index 106.4 matches [106.4] [1098.6..1100.6]",
            "1170",
            None,
            "a corrected claim is about the figure as it stands",
        ),
    ];
    submit(&user, vec![row("fines-total", "1100", "2023-H1")]).await;

    for (n, (sent, judged, current, about, why)) in steps.into_iter().enumerate() {
        app.clock.set(&format!("2026-11-21T02:{:02}:00Z", n + 1));
        submit(&user, vec![sent]).await;
        assert_eq!(told().await, (judged.to_owned(), current.to_owned(), about.map(str::to_owned)), "{why}");
    }
    let before = listed(&app.anyone(), "as_of=2026-11-21T02:01:30Z").await;
    assert_eq!((judgement(&before[0]).as_str(), before[0].get("about")), (matches, None), "before any correction there is nothing to tell");
}

async fn a_claim_repeated_with_the_same_figure_changes_nothing(app: TestApp) {
    let user = app.department().await;
    let report = || vec![claiming(row("fines-total", "1135", "2024-H1"), &[("yoy_index", "103.2")]), row("fines-total", "1100", "2023-H1")];
    let recorded = submit(&user, report()).await;
    let first = listed(&app.anyone(), "").await;
    app.clock.set("2026-11-21T02:05:00Z");

    let again = submit(&user, report()).await;

    assert_eq!((&again["rows"][0]["outcome"], listed(&app.anyone(), "").await), (&json!("unchanged"), first));
    let path = format!("/v1/observations/{}/revisions", text(&recorded["rows"][0]["observation"]));
    let history = app.anyone().get(&path).await.expect(200);
    let claims = history["claims"].as_array().unwrap();
    assert_eq!((claims.len(), &claims[0]["revision"], &claims[0]["submission"]), (1, &json!(1), &recorded["id"]));
}

async fn claims_go_with_the_figure_they_were_made_about(app: TestApp) {
    let user = app.department().await;
    let claims = &[("yoy_index", "103.2"), ("plan_pct", "47.3")][..];
    for (minute, (no_figure, period, why)) in [
        (json!({"withdraw": true, "reason": "nhầm"}), "2024-H1", "the figure was wrong"),
        (json!({"nil": true, "reason": "nhầm"}), "2023-H1", "there was nothing to report"),
    ]
    .into_iter()
    .enumerate()
    {
        let at = |second: u32| format!("2026-11-21T02:0{}:{second:02}Z", 3 * minute + 1);
        app.clock.set(&at(0));
        submit(&user, vec![claiming(row("fines-total", "1135", period), claims)]).await;
        app.clock.set(&at(20));
        let mut gone = no_figure;
        (gone["indicator"], gone["period"]) = (json!("fines-total"), json!(period));
        submit(&user, vec![gone]).await;
        let without_figure = listed(&app.anyone(), &format!("period={period}")).await;
        app.clock.set(&at(40));
        let back = |mut row: Value| {
            row["reason"] = json!("khôi phục");
            row
        };
        submit(&user, vec![back(row("fines-total", "1135", period))]).await;
        let figure_returned = listed(&app.anyone(), &format!("period={period}")).await;
        app.clock.set(&at(50));
        submit(&user, vec![back(claiming(row("fines-total", "1135", period), &claims[..1]))]).await;
        let claimed_again = listed(&app.anyone(), &format!("period={period}")).await;

        assert_eq!(without_figure, [Value::Null; 0], "{why}");
        assert_eq!(figure_returned, [Value::Null; 0], "{why}: the same figure comes back without what was claimed of it");
        assert_eq!(
            claimed_again.iter().map(|claim| text(&claim["kind"])).collect::<Vec<_>>(),
            ["yoy_index"],
            "{why}: until it is claimed again"
        );
        let then = listed(&app.anyone(), &format!("period={period}&as_of={}", at(10))).await;
        assert_eq!(then.len(), 2, "{why}: what was claimed before is still to be seen in the past");
    }
}

async fn a_withdrawn_claim_is_absent_and_its_history_stays(app: TestApp) {
    let user = app.department().await;
    let both = &[("yoy_change_pct", "3.2"), ("yoy_index", "103.2")][..];
    let recorded = submit(&user, vec![claiming(row("fines-total", "1135", "2024-H1"), both)]).await;
    app.clock.set("2026-11-21T02:05:00Z");
    let mut taken_back = row("fines-total", "1135", "2024-H1");
    taken_back["claims"] = json!([{"kind": "yoy_index", "withdraw": true}]);

    submit(&user, vec![taken_back]).await;

    let left = listed(&app.anyone(), "").await;
    assert_eq!(left.iter().map(|claim| text(&claim["kind"])).collect::<Vec<_>>(), ["yoy_change_pct"], "the other one stands");
    let path = format!("/v1/observations/{}/revisions", text(&recorded["rows"][0]["observation"]));
    let history = app.anyone().get(&path).await.expect(200);
    let said = |claim: &Value| json!([claim["kind"], claim["revision"], claim["value"]]);
    assert_eq!(
        history["claims"].as_array().unwrap().iter().map(said).collect::<Vec<_>>(),
        [json!(["yoy_change_pct", 1, 3.2]), json!(["yoy_index", 1, 103.2]), json!(["yoy_index", 2, null])]
    );
}
