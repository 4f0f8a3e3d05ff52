//! What is odd about a figure beside its history and the rest of the record, and how its sender says that it is so.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::figures::{dated, fault};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    a_jump_is_a_change_beyond_the_limit_of_its_indicator,
    a_jump_is_measured_from_the_same_period_last_year,
    a_part_jumps_from_the_same_part,
    an_outlier_is_a_change_far_from_those_of_the_years_before,
    where_tet_moved_the_two_months_are_judged_together,
    the_shipped_limits_are_by_measure,
    an_outlier_is_judged_beside_figures_of_its_own_kind,
    a_year_to_date_that_falls_is_acknowledged_by_its_code,
    a_disagreement_with_the_parts_is_acknowledged_by_its_code,
    a_lower_status_is_insisted_on_and_not_acknowledged,
    a_row_or_its_batch_acknowledges_what_is_odd,
    every_odd_thing_is_acknowledged_by_its_own_code,
    a_code_that_is_none_is_refused,
    acknowledging_what_is_not_odd_is_harmless,
    what_is_on_record_already_is_not_odd_again,
    a_unit_under_another_name_has_the_history_of_before,
    a_jump_that_appears_before_the_approval_is_refused_there,
    every_odd_row_of_a_batch_is_named,
}

async fn a_jump_is_a_change_beyond_the_limit_of_its_indicator(app: TestApp) {
    let user = administrator(&app).await;
    for (n, (measure, limit, base, value, jumps, why)) in [
        ("flow", Some("20"), "100", "120", false, "as much as the limit"),
        ("flow", Some("20"), "100", "121", true, "more"),
        ("flow", Some("20"), "120", "100", false, "as much down: a fifth of the smaller"),
        ("flow", Some("20"), "121", "100", true, "more down"),
        ("flow", Some("20"), "100", "299", true, "nearly three times as much"),
        ("flow", Some("2.5"), "1000", "1026", true, "a limit with decimals"),
        ("flow", Some("2.5"), "1000", "1025", false, "up to it"),
        ("flow", None, "100", "299", false, "without a limit nothing is a jump"),
        ("flow", Some("20"), "0", "9000", false, "of nothing there is no percentage"),
        ("flow", Some("20"), "nil", "9000", false, "nor of nothing to report"),
        ("flow", Some("20"), ">100", "9000", false, "nor of what is no exact number"),
        ("flow", Some("20"), "100", "nil", false, "nothing to report is no figure"),
        ("flow", Some("20"), "100", "~9000", false, "about as much is no exact one"),
        ("stock", Some("50"), "1000", "1596", true, "a stock by percent too"),
        ("stock", Some("60"), "1000", "1596", false, "within"),
        ("rate", Some("5"), "74.75", "79.75", false, "a rate by points"),
        ("rate", Some("5"), "74.75", "79.76", true, "by more of them"),
        ("rate", Some("5"), "10", "15", false, "half as much again, and five points"),
        ("rate", Some("5"), "80", "74", true, "as many down"),
        ("rate", Some("5"), "0", "6", true, "points there are from nothing too"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = format!("measured-{n}");
        define(&user, &code, measure, limit).await;
        user.submit(&batch(&[dated(&code, base, "2023-05")])).await;

        let answer = user.post("/v1/submissions", &batch(&[dated(&code, value, "2024-05")])).await;

        let case = format!("{measure} {limit:?}, {value} after {base}: {why}: {}", answer.text());
        if jumps {
            assert_unacknowledged(&answer, "yoy_jump", 0);
            let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_owned();
            assert!([base, value, "2023-05", "yoy_jump"].iter().all(|said| message.contains(said)), "{case}");
            assert_eq!(values(&app, &code).await.len(), 1, "{case}: it is not recorded");
        } else {
            assert_eq!(warnings(&answer.expect(201), 0), "", "{case}");
        }
    }
}

async fn a_jump_is_measured_from_the_same_period_last_year(app: TestApp) {
    let user = administrator(&app).await;
    for (n, (before, now, jumps, why)) in [
        ("2023-05", "2024-05", true, "a month"),
        ("2023-Q2", "2024-Q2", true, "a quarter"),
        ("2023-05-YTD", "2024-05-YTD", true, "a year to date"),
        ("2023", "2024", true, "a year"),
        ("2023-12-YTD", "2024", true, "a year, written otherwise"),
        ("2022-05", "2024-05", false, "two years before"),
        ("2024-04", "2024-05", false, "the month before"),
        ("2023-04", "2024-05", false, "another month of last year"),
        ("2023-05", "2024-05-YTD", false, "a month beside a year to date"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = format!("dated-{n}");
        define(&user, &code, "flow", Some("20")).await;
        let rows = [dated(&code, "100", before), dated(&code, "150", now)];

        let together = user.post("/v1/submissions?dry_run=true", &batch(&rows)).await;
        user.submit(&batch(&rows[..1])).await;
        let alone = user.post("/v1/submissions?dry_run=true", &batch(&rows[1..])).await;

        for (answer, row) in [(together, 1), (alone, 0)] {
            if jumps {
                assert_unacknowledged(&answer, "yoy_jump", row);
            } else {
                assert_eq!(warnings(&answer.expect(200), row), "", "{why}");
            }
        }
    }
    define(&user, "corrected", "flow", Some("20")).await;
    user.submit(&batch(&[dated("corrected", "100", "2023-05")])).await;
    user.submit(&batch(&[dated("corrected", "480", "2023-05")])).await;
    let beside = user.post("/v1/submissions", &batch(&[dated("corrected", "500", "2024-05")])).await.expect(201);
    assert_eq!(warnings(&beside, 0), "", "beside what last year's figure is by now");
    let withdrawal = json!({"indicator": "corrected", "period": "2024-05", "withdraw": true, "reason": "nhầm"});
    user.submit(&batch(&[withdrawal])).await;
    let later = user.post("/v1/submissions", &batch(&[dated("corrected", "9000", "2025-05")])).await.expect(201);
    assert_eq!(warnings(&later, 0), "", "what was withdrawn is no measure");
    let nd09 = json!({"province": "bac-giang-1997", "calendar": "nd09", "observations": [dated("corrected", "9000", "2024-05")]});
    assert_eq!(warnings(&user.post("/v1/submissions", &nd09).await.expect(201), 0), "", "another calendar has other days");
}

async fn a_part_jumps_from_the_same_part(app: TestApp) {
    let user = administrator(&app).await;
    define(&user, "parted", "flow", Some("20")).await;
    let of = |source: &str, figure: &str, period: &str| with(dated("parted", figure, period), "breakdown", json!({"source": source}));
    user.submit(&batch(&[dated("parted", "1000", "2023-05"), of("a", "100", "2023-05"), of("b", "300", "2023-05")])).await;

    let rows = [dated("parted", "1010", "2024-05"), of("a", "250", "2024-05"), of("b", "300", "2024-05"), of("c", "5", "2024-05")];
    let answer = user.post("/v1/submissions", &batch(&rows)).await;

    assert_unacknowledged(&answer, "yoy_jump", 1);
}

async fn an_outlier_is_a_change_far_from_those_of_the_years_before(app: TestApp) {
    let user = administrator(&app).await;
    // Figures of May until 2023; that of May 2024; whether it is odd; and why.
    for (n, (known, value, odd, why)) in [
        (&[][..], "9000", false, "the first figure of all"),
        (&["100"], "299", false, "the first change, by less than a factor of 3"),
        (&["100"], "301", true, "by more"),
        (&["100"], "33", true, "as much down"),
        (&["100", "110"], "329", false, "the second change, by less than a factor of 3"),
        (&["100", "110"], "331", true, "by more"),
        (&["100", "110", "121"], "133", false, "a tenth more, as every year"),
        (&["100", "110", "121"], "219", false, "a factor of 1.64 beyond it"),
        (&["100", "110", "121"], "220", true, "a factor of 1.65 beyond it"),
        (&["100", "110", "121"], "13.3", true, "a digit too few"),
        (&["100", "110", "121"], "1330", true, "a digit too many"),
        (&["100", "110", "121"], ">1330", false, "a bound is no exact figure"),
        (&["100", "110", "121"], "0", false, "nothing shrinks to zero by a factor"),
        (&["100", "110", ">121"], "1330", false, "last year's is no exact figure"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = format!("growing-{n}");
        define(&user, &code, "flow", None).await;
        let years = (2024 - i32::try_from(known.len()).unwrap())..;
        let rows: Vec<Value> = known.iter().zip(years).map(|(figure, year)| dated(&code, figure, &format!("{year}-05"))).collect();
        if !rows.is_empty() {
            user.submit(&batch(&rows)).await;
        }

        let answer = user.post("/v1/submissions?dry_run=true", &batch(&[dated(&code, value, "2024-05")])).await;

        if odd {
            assert_unacknowledged(&answer, "outlier", 0);
            let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_owned();
            assert!(message.contains(value) && message.contains("2023-05"), "{message}");
        } else {
            assert_eq!(warnings(&answer.expect(200), 0), "", "{value} after {known:?}: {why}");
        }
    }
}

async fn an_outlier_is_judged_beside_figures_of_its_own_kind(app: TestApp) {
    let user = administrator(&app).await;
    define(&user, "counted", "flow", None).await;
    let of = |period: &str, figure: &str| dated("counted", figure, period);
    user.submit(&batch(&[of("2022-05", "100"), of("2023-05", "110")])).await;
    for (row, before, odd, why) in [
        (of("2024-05", "900"), None, true, "the same month"),
        (of("2024-06", "900"), None, false, "another month"),
        (of("2024-Q2", "900"), None, false, "a quarter"),
        (of("2024", "900"), None, false, "a year"),
        (of("2022-05", "900"), None, false, "a correction of the first of all"),
        (of("2023-05", "900"), None, true, "a correction beside the year before"),
        (with(of("2024-05", "900"), "breakdown", json!({"source": "a"})), None, false, "another series"),
        (of("2025-05", "900"), Some(of("2024-05", "120")), true, "beside a figure of the same batch"),
    ] {
        let mut rows = Vec::from_iter(before);
        rows.push(row);
        let answer = user.post("/v1/submissions?dry_run=true", &batch(&rows)).await;
        if odd {
            assert_unacknowledged(&answer, "outlier", rows.len() - 1);
        } else {
            assert_eq!(warnings(&answer.expect(200), rows.len() - 1), "", "{why}");
        }
    }
    let elsewhere = json!({"province": "kien-giang-2004", "observations": [of("2024-05", "900")]});
    user.post("/v1/submissions?dry_run=true", &elsewhere).await.expect(200);
}

async fn where_tet_moved_the_two_months_are_judged_together(app: TestApp) {
    let user = administrator(&app).await;
    define(&user, "sales", "flow", Some("20")).await;
    let of = |period: &str, figure: &str| dated("sales", figure, period);
    // Tết was on 10 February 2024 and on 29 January 2025.
    user.submit(&batch(&[of("2024-01", "160"), of("2024-02", "40")])).await;
    let january = user.post("/v1/submissions", &batch(&[of("2025-01", "40")])).await.expect(201);
    assert_eq!(warnings(&january, 0), "", "January alone says nothing, though it is a quarter of last year's");
    let usual = user.post("/v1/submissions?dry_run=true", &batch(&[of("2025-02", "170")])).await;
    assert_eq!(warnings(&usual.expect(200), 0), "", "210 in both months after 200, though February is four times last year's");
    let odd = user.post("/v1/submissions?dry_run=true", &batch(&[of("2025-02", "400")])).await;
    assert_unacknowledged(&odd, "yoy_jump", 0);
}

async fn the_shipped_limits_are_by_measure(app: TestApp) {
    let department = app.department().await;
    let limit = async |code: &str| app.anyone().get(&format!("/v1/indicators/{code}")).await.expect(200)["yoy_limit"].clone();
    for (code, expected, why) in [
        ("bts-sites", json!(200), "a count: a factor of 3"),
        ("telecom-internet-revenue", json!(200), "an amount: a factor of 3"),
        ("dossier-online-filing-rate", json!(30), "a rate: 30 points"),
        ("photos-exhibited", Value::Null, "what events bring varies"),
    ] {
        assert_eq!(limit(code).await, expected, "{code}: {why}");
    }
    department.submit(&batch(&[dated("bts-sites", "1500", "2023-05")])).await;
    let answer = department.post("/v1/submissions?dry_run=true", &batch(&[dated("bts-sites", "15000", "2024-05")])).await;
    assert_eq!(allowed(&answer), "outlier yoy_jump", "a digit too many");
}

async fn a_year_to_date_that_falls_is_acknowledged_by_its_code(app: TestApp) {
    let department = app.department().await;
    department.submit(&batch(&[dated("fines-total", "100", "2024-04-YTD")])).await;
    let falls = dated("fines-total", "90", "2024-05-YTD");

    assert_unacknowledged(&department.post("/v1/submissions", &batch(std::slice::from_ref(&falls))).await, "falling_ytd", 0);
    assert_eq!(values(&app, "fines-total").await, ["100"]);
    let grows = department.post("/v1/submissions?dry_run=true", &batch(&[dated("fines-total", "110", "2024-05-YTD")])).await;
    assert_eq!(warnings(&grows.expect(200), 0), "");
    let told = department.post("/v1/submissions", &batch(&[with(falls, "acknowledge", json!(["falling_ytd"]))])).await.expect(201);
    assert_eq!(warnings(&told, 0), "falling_ytd", "accepted, and still said");
}

async fn a_disagreement_with_the_parts_is_acknowledged_by_its_code(app: TestApp) {
    let department = app.department().await;
    department.submit(&batch(&[dated("fines-total", "100", "2024-04-YTD"), dated("fines-total", "130", "2024-05-YTD")])).await;
    let odd = dated("fines-total", "50", "2024-05");

    assert_unacknowledged(&department.post("/v1/submissions", &batch(std::slice::from_ref(&odd))).await, "disagreement", 0);
    assert_eq!(values(&app, "fines-total").await, ["100", "130"]);
    let agrees = department.post("/v1/submissions?dry_run=true", &batch(&[dated("fines-total", "30", "2024-05")])).await;
    assert_eq!(warnings(&agrees.expect(200), 0), "");
    let told = department.post("/v1/submissions", &batch(&[with(odd, "acknowledge", json!(["disagreement"]))])).await.expect(201);
    assert_eq!(warnings(&told, 0), "disagreement");
}

async fn a_lower_status_is_insisted_on_and_not_acknowledged(app: TestApp) {
    let department = app.department().await;
    department.submit(&batch(&[dated("fines-total", "10", "2024-05")])).await;
    let estimate = with(dated("fines-total", "11", "2024-05"), "status", json!("E"));
    let acknowledged = with(estimate.clone(), "acknowledge", json!(["lower_status", "after_closing"]));
    let forced = with(estimate.clone(), "force", json!(true));

    for row in [&estimate, &acknowledged] {
        let answer = department.post("/v1/submissions", &batch(std::slice::from_ref(row))).await;
        assert_eq!(answer.fault(422), fault("lower_status", "/observations/0/status"), "{row}");
    }
    let silent = department.post("/v1/submissions", &batch(std::slice::from_ref(&forced))).await;
    assert_eq!(silent.fault(422), fault("reason_missing", "/observations/0/reason"));
    let told = department.post("/v1/submissions", &batch(&[with(forced, "reason", json!("tính lại"))])).await.expect(201);
    assert_eq!((warnings(&told, 0), &told["rows"][0]["outcome"]), ("lower_status".into(), &json!("updated")));
    let official = department.post("/v1/submissions", &batch(&[dated("fines-total", "12", "2024-05")])).await.expect(201);
    assert_eq!(warnings(&official, 0), "", "more final than the one before");
}

async fn a_row_or_its_batch_acknowledges_what_is_odd(app: TestApp) {
    let user = administrator(&app).await;
    for (n, (of_row, of_batch, accepted, why)) in [
        (json!(null), json!(null), false, "nobody"),
        (json!([]), json!([]), false, "nothing"),
        (json!(["yoy_jump"]), json!(null), true, "the row"),
        (json!(null), json!(["yoy_jump"]), true, "the batch"),
        (json!(["outlier"]), json!(["yoy_jump"]), true, "the batch, and the row something else"),
        (json!(["yoy_jump", "yoy_jump"]), json!(["yoy_jump"]), true, "both, and twice"),
        (json!(["outlier", "falling_ytd", "disagreement"]), json!(["lower_status", "parts_disagree"]), false, "all but the one"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = format!("known-{n}");
        define(&user, &code, "flow", Some("20")).await;
        user.submit(&batch(&[dated(&code, "100", "2023-05")])).await;
        let mut body = batch(&[with(dated(&code, "150", "2024-05"), "acknowledge", of_row)]);
        body["acknowledge"] = of_batch;

        let answer = user.post("/v1/submissions", &body).await;

        if accepted {
            assert_eq!(warnings(&answer.expect(201), 0), "yoy_jump", "{why}: accepted, and still said");
            assert_eq!(values(&app, &code).await, ["100", "150"], "{why}");
        } else {
            assert_unacknowledged(&answer, "yoy_jump", 0);
        }
    }
    define(&user, "insisted", "flow", Some("20")).await;
    user.submit(&batch(&[dated("insisted", "100", "2023-05")])).await;
    let forced = with(with(dated("insisted", "150", "2024-05"), "force", json!(true)), "reason", json!("đúng"));
    assert_unacknowledged(&user.post("/v1/submissions", &batch(&[forced])).await, "yoy_jump", 0);
    let rows = [with(dated("known-0", "150", "2024-05"), "acknowledge", json!(["yoy_jump"])), dated("insisted", "150", "2024-05")];
    assert_unacknowledged(&user.post("/v1/submissions", &batch(&rows)).await, "yoy_jump", 1);
}

async fn every_odd_thing_is_acknowledged_by_its_own_code(app: TestApp) {
    let user = administrator(&app).await;
    define(&user, "manifold", "flow", Some("20")).await;
    let usual = ["10", "11", "9", "10", "12", "8", "10", "11"];
    let rows: Vec<Value> = usual.iter().zip(1..).map(|(figure, month)| dated("manifold", figure, &format!("2023-{month:02}"))).collect();
    user.submit(&batch(&rows)).await;
    let odd = dated("manifold", "100", "2024-05");

    let mut refused = Vec::new();
    for known in [json!([]), json!(["yoy_jump"]), json!(["outlier"])] {
        let answer = user.post("/v1/submissions", &batch(&[with(odd.clone(), "acknowledge", known)])).await;
        let faults = answer.faults(422);
        assert!(faults.iter().all(|found| *found == fault("unacknowledged", "/observations/0/acknowledge")), "{faults:?}");
        refused.push(allowed(&answer));
    }
    let told = user.post("/v1/submissions", &batch(&[with(odd, "acknowledge", json!(["outlier", "yoy_jump"]))])).await.expect(201);

    assert_eq!(refused, ["outlier yoy_jump", "outlier", "yoy_jump"]);
    assert_eq!(warnings(&told, 0), "outlier yoy_jump");
}

async fn a_code_that_is_none_is_refused(app: TestApp) {
    let department = app.department().await;
    let plain = dated("bts-sites", "1596", "2024-05");
    let codes = json!([
        "yoy_jump",
        "outlier",
        "falling_ytd",
        "disagreement",
        "rule_broken",
        "suspicious_cell",
        "hidden_row",
        "parts_disagree",
        "rate_disagrees",
        "lower_status",
        "reverts",
        "changed_since_submitted",
        "after_closing"
    ]);

    for (acknowledge, expected, place) in [
        (json!(["jump"]), "invalid_value", "/acknowledge/0"),
        (json!(["yoy_jump", "YOY_JUMP"]), "invalid_value", "/acknowledge/1"),
        (json!([5]), "wrong_type", "/acknowledge/0"),
        (json!("yoy_jump"), "wrong_type", "/acknowledge"),
        (json!(true), "wrong_type", "/acknowledge"),
    ] {
        let of_row = with(plain.clone(), "acknowledge", acknowledge.clone());
        let of_batch = with(batch(std::slice::from_ref(&plain)), "acknowledge", acknowledge);
        for (body, place) in [(batch(&[of_row]), format!("/observations/0{place}")), (of_batch, place.to_owned())] {
            let answer = department.post("/v1/submissions", &body).await;

            assert_eq!(answer.fault(422), fault(expected, &place));
            if expected == "invalid_value" {
                assert_eq!(answer.json()["errors"][0]["allowed"], codes);
            }
        }
    }
    assert_eq!(department.get("/v1/submissions").await.expect(200)["items"], json!([]));
}

async fn acknowledging_what_is_not_odd_is_harmless(app: TestApp) {
    let department = app.department().await;
    let all =
        json!(["yoy_jump", "outlier", "falling_ytd", "disagreement", "parts_disagree", "rate_disagrees", "lower_status", "after_closing"]);
    let mut body = batch(&[with(dated("fines-total", "10", "2024-05"), "acknowledge", all.clone())]);
    body["acknowledge"] = all;

    let told = department.post("/v1/submissions", &body).await.expect(201);

    assert_eq!((&told["rows"][0]["outcome"], warnings(&told, 0)), (&json!("created"), String::new()));
}

async fn what_is_on_record_already_is_not_odd_again(app: TestApp) {
    let user = administrator(&app).await;
    define(&user, "known", "flow", Some("20")).await;
    user.submit(&batch(&[dated("known", "100", "2023-05"), dated("known", "150", "2024-05")])).await;

    let again = user.post("/v1/submissions", &batch(&[dated("known", "150", "2024-05")])).await.expect(201);
    let other = user.post("/v1/submissions", &batch(&[dated("known", "151", "2024-05")])).await;

    assert_eq!((&again["rows"][0]["outcome"], warnings(&again, 0)), (&json!("unchanged"), String::new()));
    assert_unacknowledged(&other, "yoy_jump", 0);
}

async fn a_unit_under_another_name_has_the_history_of_before(app: TestApp) {
    let user = administrator(&app).await;
    define(&user, "followed", "flow", Some("20")).await;
    define(&user, "counted", "flow", None).await;
    let of = |province: &str, rows: &[Value]| json!({"province": province, "observations": rows});
    let usual = ["10", "11", "9", "10", "12", "8", "10", "11"];
    let rows: Vec<Value> = usual.iter().zip(1..).map(|(figure, month)| dated("counted", figure, &format!("2024-{month:02}"))).collect();
    // Thừa Thiên Huế became Huế on 1 January 2025, with the same territory; Bắc Ninh of July 2025 is another one than Bắc Giang.
    for province in ["thua-thien-hue-1997", "bac-giang-1997"] {
        user.submit(&of(province, &[dated("followed", "100", "2024-08")])).await;
        user.submit(&of(province, &rows)).await;
    }
    let send = async |province: &str, indicator: &str, value: &str, period: &str| {
        user.post("/v1/submissions?dry_run=true", &of(province, &[dated(indicator, value, period)])).await
    };

    assert_unacknowledged(&send("hue-2025", "followed", "150", "2025-08").await, "yoy_jump", 0);
    assert_unacknowledged(&send("hue-2025", "counted", "100", "2025-08").await, "outlier", 0);
    for (province, indicator, value) in [
        ("hue-2025", "followed", "110"),
        ("hue-2025", "counted", "12"),
        ("bac-ninh-2025", "followed", "150"),
        ("bac-ninh-2025", "counted", "100"),
        ("kien-giang-1997", "followed", "150"),
    ] {
        let period = if province == "kien-giang-1997" { "2025-05" } else { "2025-08" };
        let answer = send(province, indicator, value, period).await;
        assert_eq!(warnings(&answer.expect(200), 0), "", "{indicator} {value} of {province}");
    }
    user.submit(&of("hue-2025", &[dated("followed", "100", "2025-04-YTD")])).await;
    assert_unacknowledged(&send("hue-2025", "followed", "90", "2025-05-YTD").await, "falling_ytd", 0);
}

async fn a_jump_that_appears_before_the_approval_is_refused_there(app: TestApp) {
    let user = administrator(&app).await;
    define(&user, "slow", "flow", Some("20")).await;
    let (sender, reviewer) = (app.client_of(Some("H02.15"), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let sent = sender.post("/v1/submissions", &batch(&[dated("slow", "150", "2024-05")])).await.expect(201);
    let known = [with(dated("slow", "150", "2024-05"), "acknowledge", json!(["yoy_jump"]))];
    let acknowledged = sender.post("/v1/submissions", &batch(&known)).await.expect(201);
    user.submit(&batch(&[dated("slow", "100", "2023-05")])).await;
    let approve = async |submission: &Value| {
        reviewer.post(&format!("/v1/submissions/{}/approve", submission["id"].as_str().unwrap()), &json!({})).await
    };

    assert_unacknowledged(&approve(&sent).await, "yoy_jump", 0);
    assert_eq!(values(&app, "slow").await, ["100"]);
    assert_eq!(warnings(&approve(&acknowledged).await.expect(200), 0), "yoy_jump", "it was known to whoever sent it");
    assert_eq!(values(&app, "slow").await, ["100", "150"]);
}

async fn every_odd_row_of_a_batch_is_named(app: TestApp) {
    let user = administrator(&app).await;
    define(&user, "jumping", "flow", Some("20")).await;
    user.submit(&batch(&[dated("jumping", "100", "2023-05"), dated("fines-total", "100", "2024-04-YTD")])).await;
    let rows = [dated("bts-sites", "1596", "2024-05"), dated("jumping", "150", "2024-05"), dated("fines-total", "90", "2024-05-YTD")];

    let refused = user.post("/v1/submissions", &batch(&rows)).await;
    let partial = user.post("/v1/submissions", &with(batch(&rows), "mode", json!("partial"))).await.expect(200);

    let expected = [1, 2].map(|row| fault("unacknowledged", &format!("/observations/{row}/acknowledge")));
    assert_eq!((refused.faults(422), allowed(&refused)), (expected.to_vec(), "falling_ytd yoy_jump".into()));
    assert_eq!(partial["counts"], json!({"created": 1, "updated": 0, "unchanged": 0, "rejected": 2}));
    assert_eq!(partial["rows"][1]["errors"][0]["allowed"], json!(["yoy_jump"]));
    assert_eq!(partial["rows"][2]["errors"][0]["allowed"], json!(["falling_ytd"]));
    assert_eq!((values(&app, "jumping").await, values(&app, "bts-sites").await), (vec!["100".into()], vec!["1596".to_owned()]));
}

/// Somebody who defines indicators and submits figures.
async fn administrator(app: &TestApp) -> User {
    app.client(&[Scope::Submit, Scope::Catalogue]).await
}

/// Defines an indicator with a limit for changes within a year.
async fn define(user: &User, code: &str, measure: &str, limit: Option<&str>) {
    let (unit, time) = if measure == "rate" { ("percent", "last") } else { ("VND", if measure == "flow" { "sum" } else { "last" }) };
    let mut definition = json!({"name": "Chỉ tiêu", "name_en": "Indicator", "definition": "Theo báo cáo.", "field": "it", "unit": unit,
        "unit_mult": if measure == "rate" { 0 } else { 6 }, "measure": measure, "time_aggregation": time,
        "area_aggregation": if measure == "rate" { "none" } else { "sum" }, "direction": "neutral", "decimals": 2, "min": 0,
        "frequency": "M", "breakdowns": {"source": {"values": null, "complete": false}}});
    if let Some(limit) = limit {
        definition["yoy_limit"] = serde_json::from_str(limit).unwrap();
    }
    user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(201);
}

fn batch(rows: &[Value]) -> Value {
    json!({"province": "bac-giang-1997", "observations": rows})
}

fn with(mut row: Value, field: &str, value: Value) -> Value {
    row[field] = value;
    row
}

/// Expects that one row is refused for one odd thing, which the answer names for whoever knows better.
#[track_caller]
fn assert_unacknowledged(answer: &Answer, code: &str, row: usize) {
    assert_eq!(answer.fault(422), fault("unacknowledged", &format!("/observations/{row}/acknowledge")), "{}", answer.text());
    assert_eq!(answer.json()["errors"][0]["allowed"], json!([code]));
}

/// The codes that would be accepted, in the order of the alphabet.
fn allowed(answer: &Answer) -> String {
    let body = answer.json();
    let errors = body["errors"].as_array().unwrap().iter();
    let mut codes: Vec<&str> = errors.flat_map(|error| error["allowed"].as_array().unwrap()).map(|code| code.as_str().unwrap()).collect();
    codes.sort_unstable();
    codes.join(" ")
}

/// The codes of the warnings of a row, in the order of the alphabet.
fn warnings(submission: &Value, row: usize) -> String {
    let row = &submission["rows"][row];
    assert_eq!(row["errors"], json!([]), "{row}");
    let mut codes: Vec<&str> = row["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    codes.join(" ")
}

/// The values of Bắc Giang's figures of an indicator.
async fn values(app: &TestApp, indicator: &str) -> Vec<String> {
    let found = app.anyone().get(&format!("/v1/series?province=bac-giang-1997&indicator={indicator}")).await.expect(200);
    let points = found["items"].as_array().unwrap().iter().flat_map(|series| series["observations"].as_array().unwrap());
    points.map(|point| point["value"].to_string()).collect()
}
