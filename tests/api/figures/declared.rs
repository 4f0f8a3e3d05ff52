//! What a row declares beside its number: the day that a state was counted on, that there is nothing to report, that a rate is to
//! stand as it was printed, and what the report claims.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::figures::{compared, dated, fault, refuse, says, series, submit, words};
use crate::support::{TestApp, on_both};

on_both! {
    a_state_counted_before_the_end_covers_the_months_until_then,
    a_state_counted_on_a_day_is_the_state_of_that_days_month,
    a_state_is_counted_on_a_day_of_its_period_until_today,
    what_flows_has_no_day_and_is_told_the_period_to_send,
    the_instant_of_a_question_is_not_the_day_of_a_state,
    nothing_to_report_is_neither_zero_nor_missing,
    nothing_to_report_is_no_part_of_a_sum,
    a_declaration_of_nothing_has_nothing_beside_it,
    a_rate_that_disagrees_with_its_parts_is_kept_as_sent_where_the_sender_insists,
    a_bounded_rate_agrees_with_what_lies_beyond_the_bound,
    counts_are_exact_and_amounts_are_rounded_when_a_claim_is_judged,
    figures_sent_in_thousands_are_rounded_to_the_digits_that_were_sent,
    a_bound_is_of_a_number_and_leaves_something_possible,
    digits_that_cannot_be_held_spoil_nothing,
    a_claim_is_judged_by_the_rounding_of_all_months_of_its_baseline,
    a_claim_against_a_part_of_last_year_is_not_judged,
}

async fn a_state_counted_before_the_end_covers_the_months_until_then(app: TestApp) {
    let department = app.department().await;
    submit(&department, "2023-H1", json!([{"indicator": "bts-sites", "value": 1500}])).await;
    let target = json!({"indicator": "bts-sites", "period": "2024-H1", "value": 1600});
    department.put("/v1/targets", &json!({"province": "24", "targets": [target]})).await.expect(200);

    for (day, have, why) in [
        ("2024-05-31", 5, "five months have ended"),
        ("2024-05-30", 4, "May has a day left"),
        ("2024-01-15", 0, "no month has ended"),
        ("2024-06-29", 5, "June has a day left"),
        ("2024-06-30", 6, "the end of the period"),
    ] {
        submit(&department, "2024-H1", json!([{"indicator": "bts-sites", "value": 1596, "as_of": day}])).await;

        let half = compared(&app, "bts-sites", "2024-H1").await;

        assert_eq!((&half["current"]["as_of"], &half["current"]["origin"]), (&json!(day), &json!("reported")), "{why}");
        assert_eq!(half["current"]["coverage"], json!({"have": have, "need": 6}), "{why}");
        let against = &half["same_period_last_year"];
        let (comparable, reasons) = if have < 6 { ("limited", json!(["low_coverage", "partial_period"])) } else { ("yes", json!([])) };
        assert_eq!((&against["comparable"], &against["reasons"]), (&json!(comparable), &reasons), "{why}");
        assert_eq!((&against["change"], &against["index_pct"]), (&json!(96), &json!(106.4)), "{why}: the numbers are given");
        let of_target = if have < 6 { json!(["low_coverage"]) } else { json!([]) };
        assert_eq!((&half["target"]["gap"], &half["target"]["reasons"]), (&json!(4), &of_target), "{why}");
        let point = &series(&app, "bts-sites", "from=2024&to=2024").await[0];
        assert_eq!((&point["as_of"], &point["coverage"]["have"]), (&json!(day), &json!(have)), "{why}");
    }
}

async fn a_state_counted_on_a_day_is_the_state_of_that_days_month(app: TestApp) {
    let department = app.department().await;
    submit(&department, "2024-H1", json!([{"indicator": "bts-sites", "value": 1596, "as_of": "2024-05-31"}])).await;

    let months = series(&app, "bts-sites", "frequency=M&from=2024-01&to=2024-06").await;
    let june = compared(&app, "bts-sites", "2024-06").await;
    let quarter = compared(&app, "bts-sites", "2024-Q2").await;

    let values = months.iter().map(|month| month["value"].to_string()).collect::<Vec<_>>();
    assert_eq!(values, ["null", "null", "null", "null", "1596", "null"]);
    assert_eq!((&months[4]["origin"], &months[4]["derivation"]["text"]), (&json!("derived"), &json!("last of 2024-H1")));
    assert_eq!(months[4]["coverage"], json!({"have": 1, "need": 1}));
    assert_eq!(june["current"], Value::Null, "nobody has counted at the end of June");
    assert_eq!((&quarter["current"]["value"], &quarter["current"]["coverage"]), (&json!(1596), &json!({"have": 2, "need": 3})));
}

async fn a_state_is_counted_on_a_day_of_its_period_until_today(app: TestApp) {
    app.clock.set("2026-11-21T16:59:59Z");
    let department = app.department().await;
    let sites = |day: &str| json!([{"indicator": "bts-sites", "value": 5, "as_of": day}]);
    for (period, day, why) in [
        ("2024-H1", "2023-12-31", "the day before"),
        ("2024-H1", "2024-07-01", "the day after"),
        ("2026-11", "2026-11-22", "tomorrow in Viet Nam"),
        ("2026", "2026-12-31", "the end of a year that still runs"),
    ] {
        let refused = refuse(&department, period, sites(day)).await;
        assert_eq!(refused.fault(422), fault("invalid_as_of_date", "/observations/0/as_of"), "{period}, {day}: {why}");
    }

    for (period, day, why) in [
        ("2024-H1", "2024-01-01", "the first day"),
        ("2024-H1", "2024-06-30", "the last day"),
        ("2026-11", "2026-11-21", "today in Viet Nam"),
        ("2024-03-08/2024-03-20", "2024-03-20", "a day of a window"),
    ] {
        submit(&department, period, sites(day)).await;
        assert_eq!(compared(&app, "bts-sites", period).await["current"]["as_of"], day, "{period}, {day}: {why}");
    }
    app.clock.set("2026-11-21T17:00:00Z");
    submit(&department, "2026-11", sites("2026-11-22")).await;
}

async fn what_flows_has_no_day_and_is_told_the_period_to_send(app: TestApp) {
    let department = app.department().await;
    for (indicator, calendar, instead, why) in [
        ("fines-total", "civil", "2024-01-01/2024-05-31", "an amount"),
        ("infosec-incidents", "civil", "2024-01-01/2024-05-31", "a count of events"),
        ("dossier-online-filing-rate", "civil", "2024-01-01/2024-05-31", "a rate of what happened"),
        ("district-broadcast-programmes", "civil", "2024-01-01/2024-05-31", "an average"),
        ("fines-total", "nd09", "2023-12-15/2024-05-31", "from the first day of the administrative half-year"),
    ] {
        let row = json!({"indicator": indicator, "value": 5, "as_of": "2024-05-31"});
        let body = json!({"province": "24", "period": "2024-H1", "calendar": calendar, "observations": [row]});
        let refused = department.post("/v1/submissions", &body).await;
        assert_eq!(refused.fault(422), fault("invalid_as_of_date", "/observations/0/as_of"), "{indicator}: {why}");
        assert!(refused.json()["errors"][0]["message"].as_str().unwrap().contains(instead), "{why}: {}", refused.text());
        let mended =
            json!({"province": "24", "calendar": calendar, "observations": [{"indicator": indicator, "value": 5, "period": instead}]});
        department.submit(&mended).await;
    }
    submit(&department, "2024-H1", json!([{"indicator": "online-service-level4-rate", "value": 5, "as_of": "2024-05-31"}])).await;
}

async fn the_instant_of_a_question_is_not_the_day_of_a_state(app: TestApp) {
    let department = app.department().await;
    submit(&department, "2024-H1", json!([{"indicator": "bts-sites", "value": 1596, "as_of": "2024-05-31"}])).await;
    app.clock.set("2026-11-21T02:05:00Z");
    submit(&department, "2024-H1", json!([{"indicator": "bts-sites", "value": 1600, "as_of": "2024-06-30"}])).await;
    app.clock.set("2026-11-21T02:10:00Z");
    let question = "/v1/series?province=bac-giang-1997&indicator=bts-sites&as_of=";

    let by_day = app.anyone().get(&format!("{question}2024-05-31")).await;
    let by_instant = app.anyone().get(&format!("{question}2026-11-21T02:01:00Z")).await.expect(200);

    assert_eq!(by_day.fault(400), fault("as_of_out_of_range", "as_of"), "the end of that day, when nothing was recorded yet");
    let point = &by_instant["items"][0]["observations"][0];
    assert_eq!((&point["value"], &point["as_of"]), (&json!(1596), &json!("2024-05-31")), "as it was known then");
    assert_eq!(series(&app, "bts-sites", "").await[0]["as_of"], "2024-06-30");
}

async fn nothing_to_report_is_neither_zero_nor_missing(app: TestApp) {
    let department = app.department().await;
    let nil = submit(&department, "2024-05", json!([says("infosec-incidents", "nil"), says("fines-total", "0")])).await;
    submit(&department, "2025-05", json!([says("infosec-incidents", "4"), says("fines-total", "4")])).await;
    let target = json!({"indicator": "infosec-incidents", "period": "2024-05", "value": 10, "kind": "at_most"});
    department.put("/v1/targets", &json!({"province": "24", "targets": [target]})).await.expect(200);

    let table = app.anyone().get("/v1/comparisons?province=24&period=2024-05").await.expect(200);
    let point = series(&app, "infosec-incidents", "to=2024-12").await;
    let after = compared(&app, "infosec-incidents", "2025-05").await;
    let id = nil["rows"][0]["observation"].as_str().unwrap();
    let history = app.anyone().get(&format!("/v1/observations/{id}/revisions")).await.expect(200);

    let reasons =
        |of: &Value| of["reasons"].as_array().unwrap().iter().map(|reason| reason.as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let lines = table["items"].as_array().unwrap();
    assert_eq!(lines.len(), 2, "a line for the declaration, a line for the zero, and none for what nobody reported");
    let declared = item(&table, "infosec-incidents");
    assert_eq!(declared["current"], Value::Null);
    assert!(reasons(&declared["same_period_last_year"]).contains(&"nil_declared".to_owned()), "{declared}");
    assert_eq!([&declared["target"]["gap"], &declared["target"]["attainment_pct"]], [&Value::Null; 2], "not 10 below the target");
    assert_eq!(item(&table, "fines-total")["current"]["value"], 0, "zero is a figure");
    assert_eq!((point.len(), words(&point[0]).as_str()), (1, "none: current_missing nil_declared"));
    assert_eq!((&point[0]["origin"], &point[0]["observation"]), (&json!("reported"), &json!(id)));
    let against = &after["same_period_last_year"];
    assert_eq!((&against["baseline"], &against["change"], &against["comparable"]), (&Value::Null, &Value::Null, &json!("no")));
    assert!(reasons(against).contains(&"nil_declared".to_owned()) && !reasons(against).contains(&"base_zero".to_owned()), "{against}");
    assert_eq!((&history["items"][0]["content"], &history["items"][0]["figure"]), (&json!("nil"), &Value::Null));
}

async fn nothing_to_report_is_no_part_of_a_sum(app: TestApp) {
    let department = app.department().await;
    let parts = |line: &str, figure: &str| {
        let mut row = says("phone-subscribers", figure);
        (row["breakdown"], row["period"]) = (json!({"line_type": line}), json!("2024-05"));
        row
    };
    let rows = json!([
        dated("fines-total", "nil", "2024-01"),
        dated("fines-total", "20", "2024-02"),
        dated("fines-total", "30", "2024-03"),
        dated("fines-total", "50", "2023-Q1"),
        dated("fines-total", "nil", "2023-01"),
        dated("fines-total", "20", "2023-02"),
        dated("fines-total", "30", "2023-03"),
        dated("bts-sites", "1596", "2024-04"),
        dated("bts-sites", "nil", "2024-05"),
        parts("fixed", "nil"),
        parts("mobile", "1918606"),
    ]);

    submit(&department, "2024", rows).await;

    let quarter = compared(&app, "fines-total", "2024-Q1").await;
    assert_eq!(quarter["current"], Value::Null, "50 would take the declaration for a zero");
    let to_date = series(&app, "fines-total", "cumulative=true&from=2024&to=2024").await;
    assert!(to_date.iter().all(|point| point["value"].is_null()), "nor is any year to date formed: {to_date:?}");
    let january = &series(&app, "fines-total", "frequency=M&from=2023-01&to=2023-01").await[0];
    assert_eq!(words(january), "none: current_missing nil_declared", "not 50 − 20 − 30: what is declared is not formed");
    let half = compared(&app, "bts-sites", "2024-H1").await;
    assert_eq!((&half["current"]["value"], &half["current"]["coverage"]["have"]), (&json!(1596), &json!(4)), "the last state is April's");
    assert_eq!(compared(&app, "phone-subscribers", "2024-05").await["current"], Value::Null, "no total from one part and a declaration");
}

async fn a_declaration_of_nothing_has_nothing_beside_it(app: TestApp) {
    let department = app.department().await;
    for (more, why) in [
        (json!({"value": 0}), "a zero"),
        (json!({"status": "E"}), "an estimate of nothing"),
        (json!({"claims": [{"kind": "yoy_index", "value": 100}]}), "a claim"),
        (json!({"bound": "eq"}), "a bound"),
        (json!({"low": 0, "high": 1}), "a range"),
        (json!({"unit_mult": 6}), "a multiplier of nothing"),
        (json!({"as_of": "2024-05-31"}), "a day"),
        (json!({"withdraw": true, "reason": "nhầm"}), "there is nothing, and what was said is wrong"),
    ] {
        let mut row = more;
        (row["indicator"], row["nil"]) = (json!("bts-sites"), json!(true));
        let refused = refuse(&department, "2024-05", json!([row])).await;
        assert_eq!(refused.fault(422), fault("contradictory_row", "/observations/0"), "{why}");
    }
    assert_eq!(series(&app, "bts-sites", "").await, [Value::Null; 0], "nothing was stored");
    submit(&department, "2024-05", json!([{"indicator": "bts-sites", "nil": false, "value": 5}])).await;

    let unexplained = refuse(&department, "2024-05", json!([says("bts-sites", "nil")])).await;
    assert_eq!(unexplained.fault(422), fault("reason_missing", "/observations/0/reason"), "over a figure it says why");
}

async fn a_rate_that_disagrees_with_its_parts_is_kept_as_sent_where_the_sender_insists(app: TestApp) {
    let department = app.department().await;
    let mut row = json!({"indicator": "online-service-level4-rate", "value": 97.40, "numerator": 37, "denominator": 39});
    let refused = refuse(&department, "2024-05", json!([row])).await;
    assert_eq!(refused.fault(422), fault("rate_disagrees", "/observations/0/value"), "37 of 39 is 94.87");
    row["force"] = json!(true);
    let unexplained = refuse(&department, "2024-05", json!([row])).await;
    assert_eq!(unexplained.fault(422), fault("reason_missing", "/observations/0/reason"));
    row["reason"] = json!("Báo cáo ghi như vậy");

    let accepted = submit(&department, "2024-05", json!([row])).await;

    let warnings = accepted["rows"][0]["warnings"].as_array().unwrap();
    assert_eq!(warnings.iter().map(|warning| &warning["code"]).collect::<Vec<_>>(), ["rate_disagrees"]);
    let current = compared(&app, "online-service-level4-rate", "2024-05").await["current"].clone();
    assert_eq!(["value", "numerator", "denominator"].map(|field| current[field].to_string()), ["97.4", "37", "39"]);
    (row["indicator"], row["value"]) = (json!("wan-connected-agencies-rate"), json!(94.9));
    let agreed = submit(&department, "2024-05", json!([row])).await;
    assert_eq!(agreed["rows"][0]["warnings"], json!([]), "to half a unit of its last digit, it agrees");
}

async fn a_bound_is_of_a_number_and_leaves_something_possible(app: TestApp) {
    let department = app.department().await;
    for (row, code, field, why) in [
        (
            json!({"indicator": "online-service-level4-rate", "numerator": 38, "denominator": 38, "bound": "gt"}),
            "value_missing",
            "/value",
            "above what?",
        ),
        (json!({"indicator": "bts-sites", "value": 0, "bound": "lt"}), "out_of_bounds", "/value", "fewer than none"),
        (json!({"indicator": "online-service-level4-rate", "value": 100, "bound": "gt"}), "out_of_bounds", "/value", "more than all"),
        (json!({"indicator": "fines-total", "low": 20, "high": 20, "bound": "range"}), "invalid_range", "/low", "one number is no range"),
    ] {
        let refused = refuse(&department, "2024-05", json!([row])).await;
        assert_eq!(refused.fault(422), fault(code, &format!("/observations/0{field}")), "{why}");
    }
    submit(&department, "2024-05", json!([{"indicator": "bts-sites", "value": 0, "bound": "le"}])).await;
}

async fn digits_that_cannot_be_held_spoil_nothing(app: TestApp) {
    let administrator = app.client(&[Scope::Submit, Scope::Catalogue]).await;
    for value in ["10.00000000000000", "0.0000000000000"] {
        let row = json!({"indicator": "telecom-internet-revenue", "value": value, "unit_mult": -6});
        let refused = refuse(&administrator, "2024-05", json!([row])).await;
        assert_eq!(refused.fault(422), fault("too_many_digits", "/observations/0/value"), "{value} millionths in tỷ");
    }
    let unlimited = json!({
        "name": "Tỷ lệ", "name_en": "Rate", "definition": "Tỷ lệ không giới hạn.", "field": "it", "unit": "percent", "measure": "rate",
        "time_aggregation": "ratio", "area_aggregation": "ratio", "direction": "up", "decimals": 2, "frequency": "M",
    });
    administrator.put("/v1/indicators/unlimited-rate", &unlimited).await.expect(201);
    let row = json!({"indicator": "unlimited-rate", "value": -1_000_000_000_000_i64, "numerator": 792_281_625_142_643_375_i64, "denominator": "0.000000001"});

    let refused = refuse(&administrator, "2024-05", json!([row])).await;

    assert_eq!(refused.fault(422), fault("rate_disagrees", "/observations/0/value"), "too far apart to be written down is apart");
}

async fn a_claim_is_judged_by_the_rounding_of_all_months_of_its_baseline(app: TestApp) {
    let department = app.department().await;
    let months: Vec<Value> =
        (1..=12).map(|n| json!({"indicator": "fines-total", "period": format!("2017-{n:02}"), "value": 10.4})).collect();
    submit(&department, "2017", json!(months)).await;
    let claim = json!([{"kind": "yoy_index", "value": 104.5}]);

    submit(&department, "2018", json!([{"indicator": "fines-total", "value": "130.0", "claims": claim}])).await;

    let item = compared(&app, "fines-total", "2018").await;
    assert_eq!(item["same_period_last_year"]["baseline"]["value"], json!(124.8));
    assert_eq!(item["claims"][0]["verdict"], "rounds_to", "each month is rounded: 2017 may have been 124.2, and 130.0 of that is 104.67");
}

async fn a_claim_against_a_part_of_last_year_is_not_judged(app: TestApp) {
    let department = app.department().await;
    submit(&department, "2023-03", json!([{"indicator": "bts-sites", "value": 1500}])).await;
    let claim = json!([{"kind": "yoy_index", "value": 110}]);

    submit(&department, "2024-H1", json!([{"indicator": "bts-sites", "value": 1600, "claims": claim}])).await;

    let item = compared(&app, "bts-sites", "2024-H1").await;
    assert_eq!(item["same_period_last_year"]["reasons"], json!(["low_coverage", "partial_period"]), "last year is known until March");
    assert_eq!(item["claims"][0]["verdict"], "unverifiable");
}

async fn a_bounded_rate_agrees_with_what_lies_beyond_the_bound(app: TestApp) {
    let department = app.department().await;
    for (bound, numerator, agrees, why) in [
        ("gt", 95, true, "95 is above 90"),
        ("gt", 85, false, "85 is not"),
        ("lt", 85, true, "85 is below 90"),
        ("lt", 95, false, "95 is not"),
        ("ge", 90, true, "90 is 90"),
        ("approx", 95, true, "about 90 contradicts nothing"),
    ] {
        let row =
            json!({"indicator": "online-service-level4-rate", "value": 90, "bound": bound, "numerator": numerator, "denominator": 100});
        let answer =
            department.post("/v1/submissions?dry_run=true", &json!({"province": "24", "period": "2024-05", "observations": [row]})).await;
        assert_eq!(answer.status.as_u16(), if agrees { 200 } else { 422 }, "{bound} {numerator}: {why}: {}", answer.text());
    }
}

async fn counts_are_exact_and_amounts_are_rounded_when_a_claim_is_judged(app: TestApp) {
    let department = app.department().await;
    for (n, (indicator, claimed, verdict, why)) in [
        ("inspections-conducted", json!(134), "contradicts", "four inspections against three are 133.3"),
        ("inspections-conducted", json!(133), "matches", "133.3, printed without decimals"),
        ("inspections-conducted", json!(133.3), "matches", "133.3"),
        ("inspections-conducted", json!(133.4), "contradicts", "off by one in the last digit"),
        ("fines-total", json!(134), "rounds_to", "3.5 to 4.5 against 2.5 to 3.5"),
        ("fines-total", json!(133.3), "matches", "133.3"),
        ("fines-total", json!(181), "contradicts", "180 is the most that rounding explains"),
    ]
    .into_iter()
    .enumerate()
    {
        let year = 2006 + 2 * n;
        let mut row = dated(indicator, "4", &format!("{year}-H1"));
        row["claims"] = json!([{"kind": "yoy_index", "value": claimed}]);
        submit(&department, "2024", json!([row, dated(indicator, "3", &format!("{}-H1", year - 1))])).await;

        let claim = compared(&app, indicator, &format!("{year}-H1")).await["claims"][0].clone();

        assert_eq!(claim["verdict"], verdict, "{indicator} {claimed}: {why}");
    }
}

async fn figures_sent_in_thousands_are_rounded_to_the_digits_that_were_sent(app: TestApp) {
    let department = app.department().await;
    // 8718.1 and 4500.0 thousand are 193.7356 %, and anything from 193.7323 to 193.7386 by the digits that were sent.
    for (n, (current, baseline, unit_mult, claimed, verdict, why)) in [
        ("8718.1", "4500.0", 3, "193.736", "matches", "computed from what was sent"),
        ("8718.1", "4500.0", 3, "193.738", "rounds_to", "hundreds were printed"),
        ("8718.1", "4500.0", 3, "193.741", "contradicts", "more than hundreds explain"),
        ("8718100", "4500000", 0, "193.738", "contradicts", "counted to the last one"),
        ("8718.100", "4500.000", 3, "193.738", "contradicts", "printed to the last one"),
    ]
    .into_iter()
    .enumerate()
    {
        let year = 2006 + 2 * n;
        let row = |value: &str, year: usize| {
            let period = format!("{year}-H1");
            json!({"indicator": "phone-subscribers", "period": period, "value": value, "unit_mult": unit_mult})
        };
        let mut claiming = row(current, year);
        claiming["claims"] = json!([{"kind": "yoy_index", "value": claimed}]);
        let rows = json!([claiming, row(baseline, year - 1)]);
        let batch = json!({"province": "24", "period": "2024", "number_locale": "plain", "observations": rows});
        department.submit(&batch).await;

        let compared = compared(&app, "phone-subscribers", &format!("{year}-H1")).await;

        assert_eq!(compared["current"]["value"], 8_718_100, "{why}");
        assert_eq!(compared["claims"][0]["verdict"], verdict, "{current} against {baseline}, {claimed}: {why}");
    }
}
