//! Rules at submission: who breaks one acknowledges it or insists, beside the batch and everything on record, and what is left open breaks
//! nothing. Rules themselves are in `rules`.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::catalogue::rules::{administrator, ask, define, rule};
use crate::support::figures::{dated, fault};
use crate::support::{Answer, TestApp, on_both};

on_both! {
    every_kind_of_rule_is_kept_or_broken_at_submission_and_on_demand,
    a_broken_warning_is_acknowledged_and_a_broken_error_is_insisted_on,
    a_missing_figure_is_never_zero,
    rules_hold_beside_what_is_on_record,
    rules_hold_within_a_province_a_period_and_a_calendar,
    figures_that_others_are_formed_of_are_held_against_rules,
    a_row_that_withdraws_what_a_rule_requires_breaks_it,
    what_is_on_record_already_is_not_judged_again,
    a_rule_that_is_retired_is_asked_no_longer,
    of_a_partial_batch_only_the_rows_that_break_a_rule_are_rejected,
    a_refused_row_is_no_reason_to_refuse_another,
    every_broken_rule_of_a_row_is_named,
    a_rule_of_before_the_approval_is_kept_there,
    a_unit_under_another_name_keeps_rules_with_its_figures_of_before,
    the_real_figures_break_no_shipped_rule,
}

async fn every_kind_of_rule_is_kept_or_broken_at_submission_and_on_demand(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    for (n, (asked, figures, outcome, why)) in [
        ("a le b", "a=12 b=10", "broken", "more than the others"),
        ("a le b", "a=10 b=10", "passed", "as many"),
        ("a ge b", "a=9 b=10", "broken", "less than the others"),
        ("a ge b", "a=10 b=10", "passed", "as many"),
        ("a + b eq c", "a=1 b=2 c=4", "broken", "parts that are not the total"),
        ("a + b eq c", "a=1 b=2 c=3", "passed", "parts that are"),
        ("r eq a / b", "r=50 a=1 b=3", "broken", "another rate"),
        ("r eq a / b", "r=33.3 a=1 b=3", "passed", "the rate, rounded"),
        ("a ge 5", "a=4", "broken", "below a bound"),
        ("a ge 5", "a=5", "passed", "at it"),
        ("x le y", "x=230.1 y=229", "broken", "more than rounding explains"),
        ("x le y", "x=230 y=229", "passed", "rounding explains it"),
        ("x eq z", "x=1.5 z=1551", "broken", "tỷ and triệu: 51 triệu are more than the rounding of both"),
        ("x eq z", "x=1.5 z=1549", "passed", "49 are not"),
        ("a le b ~2", "a=13 b=10", "broken", "more than is tolerated"),
        ("a le b ~2", "a=12 b=10", "passed", "as much"),
        ("a le b", "a=>12 b=10", "broken", "trên 12"),
        ("a le b", "a=>9 b=10", "skipped", "trên 9 may be 10"),
        ("a le b", "a=20-23 b=19", "broken", "every number of a range"),
        ("a le b", "a=20-23 b=21", "skipped", "some numbers of it"),
        ("a le b", "a=~30 b=10", "skipped", "khoảng 30 breaks nothing"),
        ("a le b", "a=nil b=10", "skipped", "nothing to report is not zero"),
    ]
    .into_iter()
    .enumerate()
    {
        let period = format!("{}-0{}", 2015 + n / 9, n % 9 + 1);
        ask(&user, "asked", &format!("{asked} !")).await;
        let rows: Vec<Value> =
            figures.split(' ').map(|pair| pair.split_once('=').unwrap()).map(|(of, is)| dated(of, is, &period)).collect();

        // Most of these figures are far from those of the year before.
        let mut body = batch(&rows);
        body["acknowledge"] = json!(["outlier"]);
        let answer = user.post("/v1/submissions", &body).await;
        let forced: Vec<Value> = rows.into_iter().map(insisting).collect();
        user.submit(&batch(&forced)).await;
        let checked = validate(&app, &period, "asked").await;

        let case = format!("{asked} of {figures}: {why}");
        if outcome == "broken" {
            assert_eq!(answer.fault(422), fault("rule_broken", "/observations/0"), "{case}");
            let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_owned();
            assert!(message.starts_with("asked (A rule): ") && message.contains(&period), "{case}: {message}");
            for number in figures.split(' ').map(|pair| pair.split_once('=').unwrap().1.trim_start_matches(['>', '~'])) {
                assert!(message.contains(&number.replace('-', "–")), "{case}: {number} in {message}");
            }
        } else {
            let warnings = answer.expect(201)["rows"][0]["warnings"].as_array().unwrap().clone();
            assert!(warnings.iter().all(|warning| warning["code"] == "outlier"), "{case}: {warnings:?}");
        }
        assert_eq!(checked["outcome"], outcome, "{case}: {checked}");
    }
}

async fn a_broken_warning_is_acknowledged_and_a_broken_error_is_insisted_on(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "asked", "a le b").await;
    let rows = [dated("a", "12", "2024-05"), dated("b", "10", "2024-05")];
    let with = |field: &str, value: Value| {
        rows.clone().map(|mut row| {
            row[field] = value.clone();
            row
        })
    };
    let send = async |rows: &[Value]| user.post("/v1/submissions?dry_run=true", &batch(rows)).await;

    let refused = send(&rows).await;
    let expected: Vec<_> = [0, 1].map(|n| fault("unacknowledged", &format!("/observations/{n}/acknowledge"))).into();
    assert_eq!(refused.faults(422), expected, "both rows break it");
    assert_eq!(refused.json()["errors"][0]["allowed"], json!(["rule_broken"]));
    assert!(refused.text().contains("asked (A rule): a 12 is more than b 10 of 2024-05"), "{}", refused.text());
    assert_eq!(send(&with("acknowledge", json!(["outlier"]))).await.faults(422), expected, "something else was acknowledged");
    assert_eq!(send(&rows.clone().map(insisting)).await.faults(422), expected, "who insists has not acknowledged it");
    let told = send(&with("acknowledge", json!(["rule_broken"]))).await.expect(200);
    assert_eq!([warned(&told, 0), warned(&told, 1)], ["rule_broken", "rule_broken"]);

    ask(&user, "asked", "a le b !").await;
    assert_eq!(send(&rows).await.fault(422), fault("rule_broken", "/observations/0"));
    assert_eq!(send(&with("acknowledge", json!(["rule_broken"]))).await.fault(422), fault("rule_broken", "/observations/0"));
    let silent: Vec<_> = [0, 1].map(|n| fault("reason_missing", &format!("/observations/{n}/reason"))).into();
    assert_eq!(send(&with("force", json!(true))).await.faults(422), silent, "who insists says why");
    let told = send(&[rows[0].clone(), insisting(rows[1].clone())]).await.expect(200);
    assert_eq!([warned(&told, 0), warned(&told, 1)], ["", "rule_broken"], "one of them is enough, and is told");
}

async fn a_missing_figure_is_never_zero(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    for (n, (asked, on_record, row, broken, why)) in [
        ("a le b !", "", "a=12", false, "the other figure is missing"),
        ("a le b !", "", "b=12", false, "either of them"),
        ("a ge b !", "", "a=0", false, "missing is not zero"),
        ("a le b ! ?", "", "a=12", true, "it is required"),
        ("a le b ! ?", "", "b=12", true, "either of them"),
        ("a le b ! ?", "b=13", "a=12", false, "it is on record"),
        ("a le b ! ?", "b=nil", "a=12", false, "nothing to report is a declaration"),
        ("a le b ! ?", "a=12", "b=nil", false, "also when it comes later"),
        ("a + b le c ! ?", "c=12", "a=1", true, "one of three"),
        ("a le b ! ?", "", "c=12", false, "none of its figures is there"),
        ("a le 20 ! ?", "", "a=12", false, "a number is always there"),
    ]
    .into_iter()
    .enumerate()
    {
        let period = format!("{}-0{}", 2015 + n / 9, n % 9 + 1);
        ask(&user, "asked", "c le 1000").await;
        let figure = |pair: &str| pair.split_once('=').map(|(of, is)| dated(of, is, &period));
        if let Some(known) = figure(on_record) {
            user.submit(&batch(&[known])).await;
        }
        ask(&user, "asked", asked).await;

        let answer = user.post("/v1/submissions", &batch(&[figure(row).unwrap()])).await;

        if broken {
            assert_eq!(answer.fault(422), fault("rule_broken", "/observations/0"), "{asked}, {row} beside {on_record}: {why}");
            assert!(answer.text().contains("missing in"), "{}", answer.text());
        } else {
            answer.expect(201);
        }
    }
}

async fn rules_hold_beside_what_is_on_record(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "asked", "a le b !").await;
    let of_part = |figure: &str| {
        let mut row = dated("a", figure, "2024-05");
        row["breakdown"] = json!({"source": "x"});
        row
    };

    user.submit(&batch(&[dated("b", "10", "2024-05"), of_part("12")])).await;
    for (row, broken, why) in [
        (dated("a", "12", "2024-05"), true, "of an indicator that is not in the batch"),
        (dated("a", "10", "2024-05"), false, "as many"),
        (of_part("14"), false, "a rule is about the parts that it names"),
        (dated("c", "100", "2024-05"), false, "another indicator"),
    ] {
        let answer = user.post("/v1/submissions?dry_run=true", &batch(&[row])).await;
        assert_eq!(answer.status.as_u16(), if broken { 422 } else { 200 }, "{why}: {}", answer.text());
    }
    user.submit(&batch(&[dated("a", "10", "2024-05")])).await;
    let lowered = user.post("/v1/submissions", &batch(&[dated("b", "9", "2024-05")])).await;
    assert_eq!(lowered.fault(422), fault("rule_broken", "/observations/0"), "the other side is corrected");
    let both = [dated("b", "9", "2024-05"), dated("a", "9", "2024-05")];
    user.post("/v1/submissions", &batch(&both)).await.expect(201);
    ask(&user, "of-parts", "a[source:x] le a !").await;
    assert_eq!(user.post("/v1/submissions", &batch(&[of_part("13")])).await.fault(422).0, "rule_broken");
    user.post("/v1/submissions", &batch(&[of_part("9")])).await.expect(201);
}

async fn rules_hold_within_a_province_a_period_and_a_calendar(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "asked", "a le b !").await;
    let of = |province: &str, calendar: &str, row: Value| json!({"province": province, "calendar": calendar, "observations": [row]});
    user.submit(&of("bac-giang-1997", "civil", dated("b", "10", "2024-05"))).await;

    for (province, calendar, period, broken, why) in [
        ("bac-giang-1997", "civil", "2024-05", true, "the same"),
        ("kien-giang-1997", "civil", "2024-05", false, "another province"),
        ("VN", "civil", "2024-05", false, "the country"),
        ("bac-giang-1997", "civil", "2024-04", false, "another month"),
        ("bac-giang-1997", "civil", "2024-05-YTD", false, "the year to date"),
        ("bac-giang-1997", "civil", "2024-05-01/2024-05-31", true, "the same days, written otherwise"),
        ("bac-giang-1997", "nd09", "2024-05", false, "other days"),
    ] {
        let answer = user.post("/v1/submissions?dry_run=true", &of(province, calendar, dated("a", "12", period))).await;
        assert_eq!(answer.status.as_u16(), if broken { 422 } else { 200 }, "{why}: {}", answer.text());
    }
}

async fn figures_that_others_are_formed_of_are_held_against_rules(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "asked", "a le b !").await;
    let known = [dated("b", "10", "2024-Q2"), dated("a", "4", "2024-04"), dated("a", "5", "2024-05")];
    user.submit(&batch(&known)).await;

    let refused = user.post("/v1/submissions", &batch(&[dated("c", "1", "2024-06"), dated("a", "3", "2024-06")])).await;

    assert_eq!(refused.fault(422), fault("rule_broken", "/observations/1"), "{}", refused.text());
    assert!(refused.text().contains("a 12 (sum of 2024-04…2024-06) is more than b 10 of 2024-Q2"), "{}", refused.text());
    user.post("/v1/submissions", &batch(&[dated("a", "1", "2024-06")])).await.expect(201);
    let checked = validate(&app, "2024-Q2", "asked").await;
    assert_eq!(checked["outcome"], "passed");
    assert_eq!([&checked["figures"][0]["origin"], &checked["figures"][1]["origin"]], ["derived", "reported"]);
    assert_eq!(checked["figures"][0]["derivation"]["text"], "sum of 2024-04…2024-06");
}

async fn a_row_that_withdraws_what_a_rule_requires_breaks_it(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "asked", "a le b ?").await;
    user.submit(&batch(&[dated("a", "9", "2024-05"), dated("b", "10", "2024-05")])).await;
    let withdrawn = |of: &str| json!({"indicator": of, "period": "2024-05", "withdraw": true, "reason": "nhầm"});

    let alone = user.post("/v1/submissions?dry_run=true", &batch(&[withdrawn("b")])).await;
    let both = user.post("/v1/submissions?dry_run=true", &batch(&[withdrawn("b"), withdrawn("a")])).await;

    assert_eq!(alone.fault(422), fault("unacknowledged", "/observations/0/acknowledge"), "{}", alone.text());
    assert_eq!([warned(&both.expect(200), 0), warned(&both.expect(200), 1)], ["", ""]);
    let months = ["2023-04", "2023-05", "2023-06"].map(|month| dated("b", "4", month));
    user.submit(&batch(&[&months[..], &[dated("a", "9", "2023-Q2")]].concat())).await;
    let part = json!({"indicator": "b", "period": "2023-05", "withdraw": true, "reason": "nhầm"});
    let of_part = user.post("/v1/submissions?dry_run=true", &batch(&[part])).await;
    assert_eq!(
        of_part.fault(422),
        fault("unacknowledged", "/observations/0/acknowledge"),
        "the quarter was formed of it: {}",
        of_part.text()
    );
}

async fn what_is_on_record_already_is_not_judged_again(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    let known = [dated("a", "12", "2024-05"), dated("b", "10", "2024-05")];
    user.submit(&batch(&known)).await;
    ask(&user, "asked", "a le b !").await;

    let again = user.post("/v1/submissions", &batch(&known)).await.expect(201);
    let another = user.post("/v1/submissions", &batch(&[known[0].clone(), dated("b", "11", "2024-05")])).await;

    assert_eq!(again["counts"], json!({"created": 0, "updated": 0, "unchanged": 2, "rejected": 0}));
    assert_eq!(another.fault(422), fault("rule_broken", "/observations/1"), "only what is new is refused");
    assert_eq!(validate(&app, "2024-05", "asked").await["outcome"], "broken", "and on demand it is found");
}

async fn a_rule_that_is_retired_is_asked_no_longer(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "asked", "a le b !").await;
    let rows = [dated("a", "12", "2024-05"), dated("b", "10", "2024-05")];
    user.post("/v1/submissions", &batch(&rows)).await.faults(422);

    let mut retired = rule("a le b !");
    retired["retired"] = json!(true);
    user.put("/v1/rules/asked", &retired).await.expect(200);

    assert_eq!(warned(&user.post("/v1/submissions", &batch(&rows)).await.expect(201), 0), "");
    assert_eq!(validate(&app, "2024-05", "asked").await, Value::Null);
    ask(&user, "asked", "a le b !").await;
    assert_eq!(validate(&app, "2024-05", "asked").await["outcome"], "broken", "asked again");
}

async fn of_a_partial_batch_only_the_rows_that_break_a_rule_are_rejected(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "error", "a le b !").await;
    ask(&user, "warning", "c le d").await;
    let rows = [
        dated("x", "1", "2024-05"),
        dated("a", "12", "2024-05"),
        dated("b", "10", "2024-05"),
        dated("c", "12", "2024-06"),
        dated("d", "10", "2024-06"),
        dated("a", "9", "2024-06"),
        dated("b", "10", "2024-06"),
    ];
    let mut body = batch(&rows);
    body["mode"] = json!("partial");

    let dry = user.post("/v1/submissions?dry_run=true", &body).await.expect(200);
    let told = user.post("/v1/submissions", &body).await.expect(200);

    for answer in [&dry, &told] {
        assert_eq!(outcomes(answer), "created rejected rejected rejected rejected created created");
        for n in [1, 2] {
            assert_eq!(codes(&answer["rows"][n]), "rule_broken", "{n}");
            assert_eq!(answer["rows"][n]["errors"][0]["pointer"], "/observations/1", "said at the first of them");
        }
        for n in [3, 4] {
            assert_eq!(codes(&answer["rows"][n]), "unacknowledged", "{n}");
        }
    }
    assert_eq!(dry["rows"][1], told["rows"][1]);
}

async fn a_refused_row_is_no_reason_to_refuse_another(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "asked", "a le b !").await;
    user.submit(&batch(&[dated("b", "10", "2024-05"), dated("b", "20", "2024-06"), dated("a", "5", "2024-06")])).await;
    let mut broken = dated("b", "20", "2024-05");
    broken["status"] = json!("E");
    let rows = [dated("a", "12", "2024-05"), broken];

    let atomic = user.post("/v1/submissions", &batch(&rows)).await;
    let mut body = batch(&rows);
    body["mode"] = json!("partial");
    let partial = user.post("/v1/submissions", &body).await.expect(200);

    assert_eq!(atomic.fault(422).0, "lower_status", "what the refused row says might have kept the rule: {}", atomic.text());
    assert_eq!(outcomes(&partial), "rejected rejected", "beside what is on record it is broken");
    assert_eq!([codes(&partial["rows"][0]), codes(&partial["rows"][1])], ["rule_broken", "lower_status"]);
    let mut body = batch(&[dated("a", "4", "2024-06"), dated("b", "4.5", "2024-06")]);
    body["mode"] = json!("partial");
    let partial = user.post("/v1/submissions", &body).await.expect(200);
    assert_eq!(outcomes(&partial), "updated rejected", "a rejected row takes no part in judging the others");
}

async fn every_broken_rule_of_a_row_is_named(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "one", "a le b !").await;
    ask(&user, "two", "a le c !").await;
    ask(&user, "three", "a le d").await;
    user.submit(&batch(&[dated("b", "1", "2024-05"), dated("c", "2", "2024-05"), dated("d", "3", "2024-05")])).await;

    let refused = user.post("/v1/submissions", &batch(&[dated("a", "12", "2024-05")])).await;

    let errors = refused.json()["errors"].as_array().unwrap().clone();
    let said: Vec<&str> = errors.iter().map(|error| error["message"].as_str().unwrap().split(' ').next().unwrap()).collect();
    assert_eq!(said, ["one", "two", "three"], "{errors:?}");
    let mut row = insisting(dated("a", "12", "2024-05"));
    row["acknowledge"] = json!(["rule_broken"]);
    let told = user.post("/v1/submissions", &batch(&[row])).await.expect(201);
    assert_eq!(warned(&told, 0), "rule_broken rule_broken rule_broken");
}

async fn a_rule_of_before_the_approval_is_kept_there(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    let (sender, reviewer) = (app.client_of(Some("H02.15"), &[Scope::Submit]).await, app.client_of(None, &[Scope::Approve]).await);
    let rows = [dated("a", "12", "2024-05"), dated("b", "10", "2024-05")];
    let sent = sender.post("/v1/submissions", &batch(&rows)).await.expect(201);
    let insisted = sender.post("/v1/submissions", &batch(&rows.clone().map(insisting))).await.expect(201);
    ask(&user, "asked", "a le b !").await;
    let approve = async |of: &Value| reviewer.post(&format!("/v1/submissions/{}/approve", of["id"].as_str().unwrap()), &json!({})).await;

    assert_eq!(approve(&sent).await.fault(422), fault("rule_broken", "/observations/0"));
    assert_eq!(validate(&app, "2024-05", "asked").await["outcome"], "skipped", "nothing is published");
    assert_eq!(warned(&approve(&insisted).await.expect(200), 0), "rule_broken");
    assert_eq!(validate(&app, "2024-05", "asked").await["outcome"], "broken");
}

async fn a_unit_under_another_name_keeps_rules_with_its_figures_of_before(app: TestApp) {
    let user = administrator(&app).await;
    define(&user).await;
    ask(&user, "asked", "a le b !").await;
    // Đồng Nai became a city on 30 April 2026, with the same territory.
    let of = |province: &str, rows: &[Value]| json!({"province": province, "observations": rows});
    let units = app.anyone().get("/v1/provinces/75/lineage").await.expect(200).to_string();
    user.submit(&of("75", &[dated("b", "6", "2026-Q1")])).await;
    user.submit(&of("75", &[dated("b", "4", "2026-Q2")])).await;

    let refused = user.post("/v1/submissions", &of("75", &[dated("a", "12", "2026-H1")])).await;
    let kept = user.post("/v1/submissions", &of("75", &[dated("a", "10", "2026-H1")])).await;

    assert_eq!(refused.fault(422).0, "rule_broken", "{units}");
    assert!(refused.text().contains("b 10 (2026-Q1 + 2026-Q2)"), "{}", refused.text());
    kept.expect(201);
    let checked = app.anyone().post("/v1/validations", &json!({"province": "75", "period": "2026-H1", "indicators": ["a"]})).await;
    let checked = checked.expect(200);
    assert_eq!((&checked["items"][0]["rule"], &checked["items"][0]["outcome"]), (&json!("asked"), &json!("passed")), "{checked}");
}

async fn the_real_figures_break_no_shipped_rule(app: TestApp) {
    let app = app.with_real_figures().await;
    for (province, period, passed) in [("24", "2024-05", 0), ("24", "2024-H1", 3), ("91", "2021", 0), ("VN", "2016", 0)] {
        let report = app.anyone().post("/v1/validations", &json!({"province": province, "period": period})).await.expect(200);
        assert_eq!(report["counts"]["broken"], 0, "{report}");
        let of_rules = report["items"].as_array().unwrap().iter().filter(|item| item["rule"].as_str().unwrap().contains('-'));
        assert_eq!(of_rules.filter(|item| item["outcome"] == "passed").count(), passed, "{province} {period}");
    }
    let rows = [dated("sanctioned-entities", "12", "2024-05"), dated("inspected-entities", "10", "2024-05")];
    let refused = app.department().await.post("/v1/submissions", &batch(&rows)).await;
    let said = "sanctioned-entities 12 is more than inspected-entities 10 of 2024-05";
    assert!(refused.faults(422)[0].0 == "unacknowledged" && refused.text().contains(said), "{}", refused.text());
}

fn batch(rows: &[Value]) -> Value {
    json!({"province": "bac-giang-1997", "observations": rows})
}

fn insisting(mut row: Value) -> Value {
    row["force"] = json!(true);
    row["reason"] = json!("đúng như báo cáo");
    row
}

/// What the check of a rule for Bắc Giang came to; null where it is not asked.
async fn validate(app: &TestApp, period: &str, rule: &str) -> Value {
    let report: Answer = app.anyone().post("/v1/validations", &json!({"province": "bac-giang-1997", "period": period})).await;
    let report = report.expect(200);
    report["items"].as_array().unwrap().iter().find(|item| item["rule"] == rule).cloned().unwrap_or_default()
}

/// The codes of the warnings of a row.
fn warned(submission: &Value, row: usize) -> String {
    let warnings = submission["rows"][row]["warnings"].as_array().unwrap();
    warnings.iter().map(|warning| warning["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

fn codes(row: &Value) -> String {
    row["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

fn outcomes(submission: &Value) -> String {
    submission["rows"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}
