//! What is no target: ends the wrong way round, ways that lead nowhere, numbers the indicator cannot have, fields that are unknown.
//! Every fault is named by its code and its place, all of them at once, and nothing is stored.

use serde_json::{Value, json};

use crate::support::{TestApp, User, on_both};

on_both! {
    a_band_has_two_ends_in_order_and_no_value,
    a_way_that_leads_nowhere_is_refused,
    milestones_lie_between_the_beginning_and_the_end_of_the_way,
    sixty_milestones_are_set_and_one_more_is_refused,
    only_the_country_sets_what_each_province_is_to_reach,
    every_number_of_a_target_is_one_that_the_indicator_can_have,
    a_goal_of_another_shape_is_named_by_its_place,
    a_withdrawal_says_nothing_of_a_goal,
    all_faults_of_a_goal_are_named_at_once,
    a_goal_that_cannot_be_leaves_the_one_on_record_as_it_is,
}

async fn a_band_has_two_ends_in_order_and_no_value(app: TestApp) {
    #[rustfmt::skip]
    let table = [
        (json!({"kind": "band", "low": 60, "high": 40}),              &["invalid_range low"][..],    "the wrong way round"),
        (json!({"kind": "band", "low": 40, "high": 40}),              &["invalid_range low"],        "one number is `exactly`"),
        (json!({"kind": "band", "low": 40, "high": "40.0"}),          &["invalid_range low"],        "the same number with a zero"),
        (json!({"kind": "band", "low": 40, "high": 60, "value": 50}), &["invalid_range value"],      "a value beside the ends"),
        (json!({"kind": "band", "low": 60, "high": 40, "value": 50}), &["invalid_range low", "invalid_range value"], "both"),
        (json!({"kind": "band", "low": 40}),                          &["missing_field high"],       "no upper end"),
        (json!({"kind": "band", "high": 60}),                         &["missing_field low"],        "no lower end"),
        (json!({"kind": "band", "value": 50}),                        &["missing_field high", "missing_field low"], "no ends at all"),
        (json!({"value": 50, "low": 40}),                             &["invalid_range low"],        "an end of what is no band"),
        (json!({"kind": "at_most", "value": 50, "high": 60}),         &["invalid_range high"],       "an end of a ceiling"),
        (json!({"kind": "exactly", "value": 50, "low": 40, "high": 60}), &["invalid_range high", "invalid_range low"], "two ends"),
        (json!({"kind": "band", "low": -1, "high": 60}),              &["negative_count low"],       "below none"),
        (json!({"kind": "at_least"}),                                 &["missing_field value"],      "no number"),
    ];
    for (goal, expected, why) in table {
        refused(&app, "VN", "bts-sites", "2024", &goal, expected, why).await;
    }
}

async fn a_way_that_leads_nowhere_is_refused(app: TestApp) {
    let by = |by: &str| json!([{"by": by, "value": 10}]);
    let from = |period: &str| json!({"period": period, "value": 10});
    #[rustfmt::skip]
    let table = [
        ("fines-total", "2024", json!({"phasing": "even", "milestones": by("2024-H1")}),      "milestones", "even, and by milestones"),
        ("fines-total", "2024", json!({"phasing": "last_year", "milestones": by("2024-H1")}), "milestones", "like last year, and by some"),
        ("fines-total", "2024", json!({"phasing": "milestones"}),                             "milestones", "by milestones, without any"),
        ("fines-total", "2024", json!({"phasing": "milestones", "milestones": []}),           "milestones", "an empty list of them"),
        ("bts-sites",   "2024", json!({"phasing": "last_year"}),  "phasing",  "a state does not add up over the year"),
        ("village-fibre-coverage-rate", "2024", json!({"phasing": "last_year"}), "phasing", "nor does a rate"),
        ("relay-minutes", "2024", json!({"phasing": "last_year"}), "phasing", "nor a level"),
        ("bts-sites",   "2024", json!({"baseline": from("2024")}),    "baseline", "where it begins it ends"),
        ("bts-sites",   "2024", json!({"baseline": from("2024-12")}), "baseline", "its last month ends with it"),
        ("bts-sites",   "2024", json!({"baseline": from("2025")}),    "baseline", "it begins after its end"),
        ("bts-sites",   "2024", json!({"baseline": from("2023-02-03/2023-02-09")}), "baseline", "days without a name"),
        ("bts-sites",   "2024-02", json!({"baseline": from("2024-Q1")}), "baseline", "a quarter ends after its month"),
        ("fines-total", "2024-02-03/2024-05-09", json!({"phasing": "last_year"}), "phasing", "days that are no months"),
        ("fines-total", "2024-02-03/2024-05-09", json!({"milestones": by("2024-03")}), "phasing", "days that are no months"),
    ];
    for (indicator, period, way, field, why) in table {
        refused(&app, "VN", indicator, period, &with(&way, "value", 50), &[&format!("invalid_phasing {field}")], why).await;
    }
    let answer = try_to_put(&app, "VN", "bts-sites", "2024", &json!({"value": 50, "phasing": "last_year"})).await;
    assert_eq!(answer.1[0]["allowed"], json!(["even", "milestones"]), "what else there is");
}

async fn milestones_lie_between_the_beginning_and_the_end_of_the_way(app: TestApp) {
    let (one, two) = (["invalid_phasing milestones"], ["invalid_phasing milestones"; 2]);
    #[rustfmt::skip]
    let table = [
        ("2024", Value::Null, "2023-06",          &one[..], "before the year"),
        ("2024", Value::Null, "2023",             &one, "on the eve of the year"),
        ("2024", Value::Null, "2024",             &one, "the year itself"),
        ("2024", Value::Null, "2024-12",          &one, "its last month ends with it"),
        ("2024", Value::Null, "2025-Q1",          &one, "after the year"),
        ("2024", Value::Null, "2024-02-03/2024-03-09", &one, "days without a name"),
        ("2024-Q1", Value::Null, "2024-H1",       &one, "after the quarter"),
        ("2024", Value::Null, "2024-06 2024-H1",  &one, "two by the end of June"),
        ("2024", Value::Null, "2024-Q1 2024-03 2024-03-YTD", &two, "three by the end of March"),
        ("2024", Value::Null, "2023 2024-06 2025", &two, "two of three"),
        ("2030", json!("2022"), "2022",           &one, "where the way begins"),
        ("2030", json!("2022"), "2021",           &one, "before it begins"),
        ("2030", json!("2022"), "2025 2031",      &one, "after it ends"),
    ];
    for (period, from, milestones, expected, why) in table {
        let milestones: Vec<Value> = (10..).zip(milestones.split(' ')).map(|(value, by)| json!({"by": by, "value": value})).collect();
        let mut goal = json!({"value": 50, "milestones": milestones});
        if !from.is_null() {
            goal["baseline"] = json!({"period": from, "value": 5});
        }
        refused(&app, "VN", "bts-sites", period, &goal, expected, why).await;
    }
}

async fn sixty_milestones_are_set_and_one_more_is_refused(app: TestApp) {
    let milestones = |count: usize| -> Vec<Value> {
        (0..count).map(|n| json!({"by": format!("{}-{:02}", 2021 + n / 12, n % 12 + 1), "value": n})).collect()
    };
    let goal = |count: usize| json!({"value": 100, "baseline": {"period": "2020", "value": 0}, "milestones": milestones(count)});

    refused(&app, "VN", "bts-sites", "2030", &goal(61), &["invalid_phasing milestones"], "sixty-one").await;
    let (status, _) = try_to_put(&app, "VN", "bts-sites", "2030", &goal(60)).await;

    assert_eq!(status, 200, "sixty");
    let stored = list(&app.anyone()).await;
    assert_eq!(stored[0]["milestones"], json!(milestones(60)));
}

async fn only_the_country_sets_what_each_province_is_to_reach(app: TestApp) {
    let each = json!({"value": 80, "each_province": true});
    for (province, indicator, expected, why) in [
        ("cao-bang-1997", "adult-smartphone-rate", &["invalid_value each_province"][..], "a province says nothing of the others"),
        ("VN", "bts-sites", &["invalid_value each_province"], "sites add up over provinces"),
        ("VN", "telecom-internet-revenue", &["invalid_value each_province"], "so does revenue"),
        ("cao-bang-1997", "bts-sites", &["invalid_value each_province"; 2], "neither may be"),
    ] {
        refused(&app, province, indicator, "2024", &each, expected, why).await;
    }
    for (province, indicator) in [("VN", "adult-smartphone-rate"), ("VN", "relay-minutes")] {
        let (status, _) = try_to_put(&app, province, indicator, "2024", &each).await;
        assert_eq!(status, 200, "{indicator} does not add up over provinces");
    }
}

async fn every_number_of_a_target_is_one_that_the_indicator_can_have(app: TestApp) {
    let band = |low: Value, high: Value| json!({"kind": "band", "low": low, "high": high});
    let from = |value: Value| json!({"value": 50, "baseline": {"period": "2023", "value": value}});
    let by = |value: Value| json!({"value": 50, "milestones": [{"by": "2024-Q1", "value": 1}, {"by": "2024-H1", "value": value}]});
    let rate = "adult-smartphone-rate";
    #[rustfmt::skip]
    let table = [
        (rate,          json!({"value": 100.5}),           &["out_of_bounds value"][..],     "more than all"),
        (rate,          band(json!(-0.5), json!(50)),      &["out_of_bounds low"],           "fewer than none"),
        (rate,          band(json!(50), json!(100.1)),     &["out_of_bounds high"],          "more than all"),
        (rate,          band(json!(-1), json!(101)),       &["out_of_bounds high", "out_of_bounds low"], "both ends"),
        (rate,          from(json!(101)),                  &["out_of_bounds baseline"],      "a beginning above all"),
        (rate,          by(json!(101)),                    &["out_of_bounds milestones"],    "a milestone above all"),
        ("bts-sites",   band(json!(1.5), json!(50)),       &["fraction_for_count low"],      "half a site"),
        ("bts-sites",   band(json!(1), json!(50.5)),       &["fraction_for_count high"],     "half a site"),
        ("bts-sites",   from(json!(1.5)),                  &["fraction_for_count baseline"], "half a site"),
        ("bts-sites",   from(json!(-1)),                   &["negative_count baseline"],     "fewer than none"),
        ("bts-sites",   by(json!(1.5)),                    &["fraction_for_count milestones"], "half a site"),
        ("bts-sites",   by(json!(-1)),                     &["negative_count milestones"],   "fewer than none"),
        ("fines-total", band(json!(-5), json!(50)),        &["out_of_bounds low"],           "no fine is negative"),
        ("fines-total", from(json!(-5)),                   &["out_of_bounds baseline"],      "no fine is negative"),
        ("fines-total", by(json!(-5)),                     &["out_of_bounds milestones"],    "no fine is negative"),
    ];
    for (indicator, goal, expected, why) in table {
        refused(&app, "VN", indicator, "2024", &goal, expected, why).await;
    }
    let in_millions = |goal: &Value| with(goal, "unit_mult", 12);
    let huge = || json!("1234567890123");
    for (goal, field) in [
        (json!({"value": huge()}), "value"),
        (band(json!(1), huge()), "high"),
        (json!({"value": 50, "baseline": {"period": "2023", "value": huge()}}), "baseline"),
        (json!({"value": 50, "milestones": [{"by": "2024-H1", "value": huge()}]}), "milestones"),
    ] {
        let why = "25 digits in the unit of the indicator";
        refused(&app, "VN", "bts-sites", "2024", &in_millions(&goal), &[&format!("too_many_digits {field}")], why).await;
    }
}

async fn a_goal_of_another_shape_is_named_by_its_place(app: TestApp) {
    let from = |baseline: Value| json!({"value": 50, "baseline": baseline});
    let by = |milestone: Value| json!({"value": 50, "milestones": [{"by": "2024-Q1", "value": 1}, milestone]});
    #[rustfmt::skip]
    let table = [
        (from(json!("2023")), &["wrong_type baseline"][..], "a period is no baseline"),
        (from(json!([])), &["wrong_type baseline"], "nor is a list"),
        (from(json!({})), &["missing_field baseline/period", "missing_field baseline/value"], "nothing in it"),
        (from(json!({"period": "2023"})), &["missing_field baseline/value"], "no figure"),
        (from(json!({"value": 5})), &["missing_field baseline/period"], "no period"),
        (from(json!({"period": "2023", "value": 5, "date": "x"})), &["unknown_field baseline/date"], "no such field"),
        (from(json!({"by": "2023", "value": 5})), &["missing_field baseline/period", "unknown_field baseline/by"], "as of a milestone"),
        (from(json!({"period": "2023-13", "value": 5})), &["invalid_period baseline/period"], "a thirteenth month"),
        (from(json!({"period": 2023, "value": 5})), &["wrong_type baseline/period"], "a period is a text"),
        (from(json!({"period": "2023", "value": "1.600"})), &["ambiguous_number baseline/value"], "notation that was not declared"),
        (by(json!({"by": "2024-H1", "value": "1,500"})), &["ambiguous_number milestones/1/value"], "1.5 or 1500"),
        (json!({"kind": "band", "low": "1.000", "high": "2.000"}), &["ambiguous_number high", "ambiguous_number low"], "both ends"),
        (json!({"value": "12,345,678"}), &["not_a_number value"], "English notation"),
        (from(json!({"period": "2023", "value": true})), &["wrong_type baseline/value"], "true is no number"),
        (json!({"value": 50, "milestones": {"by": "2024-H1"}}), &["wrong_type milestones"], "no list"),
        (by(json!(5)), &["wrong_type milestones/1"], "a number is no milestone"),
        (by(json!({"value": 5})), &["missing_field milestones/1/by"], "by no time"),
        (by(json!({"by": "2024-H1"})), &["missing_field milestones/1/value"], "no figure"),
        (by(json!({"by": "June", "value": 5})), &["invalid_period milestones/1/by"], "no period"),
        (by(json!({"by": "2024-H1", "value": "x"})), &["not_a_number milestones/1/value"], "no number"),
        (by(json!({"by": "2024-H1", "value": 5, "period": "2024"})), &["unknown_field milestones/1/period"], "as of a baseline"),
        (json!({"value": 50, "phasing": "linear"}), &["invalid_value phasing"], "no such way"),
        (json!({"value": 50, "phasing": true}), &["wrong_type phasing"], "true is no word"),
        (json!({"value": 50, "each_province": "yes"}), &["wrong_type each_province"], "yes is not true"),
        (json!({"kind": "between", "low": 1, "high": 2, "value": 1}), &["invalid_value kind"], "no such kind"),
        (json!({"kind": "band", "low": "a", "high": {}}), &["not_a_number low", "wrong_type high"], "no numbers"),
        (json!({"value": 50, "milestone": []}), &["unknown_field milestone"], "no such field"),
    ];
    for (goal, expected, why) in table {
        refused(&app, "VN", "bts-sites", "2024", &goal, expected, why).await;
    }
}

async fn a_withdrawal_says_nothing_of_a_goal(app: TestApp) {
    assert_eq!(try_to_put(&app, "VN", "bts-sites", "2024", &json!({"value": 50})).await.0, 200);

    for (field, value) in [
        ("value", json!(5)),
        ("low", json!(5)),
        ("high", json!(5)),
        ("unit_mult", json!(3)),
        ("kind", json!("band")),
        ("baseline", json!({"period": "2023", "value": 5})),
        ("phasing", json!("even")),
        ("milestones", json!([{"by": "2024-H1", "value": 5}])),
        ("each_province", json!(true)),
    ] {
        let mut row = json!({"withdraw": true, "reason": "nhập nhầm"});
        row[field] = value;
        let (status, errors) = try_to_put(&app, "VN", "bts-sites", "2024", &row).await;
        assert_eq!((status, faults(&errors)), (422, vec!["contradictory_row ".to_owned()]), "{field}");
        assert!(errors[0]["message"].as_str().unwrap().ends_with(field), "{field} in {errors}");
    }
    let standing = list(&app.anyone()).await;
    assert_eq!((standing.len(), &standing[0]["revision"]), (1, &json!(1)), "nothing was withdrawn");
}

async fn all_faults_of_a_goal_are_named_at_once(app: TestApp) {
    let goal = json!({
        "kind": "band", "low": -1, "high": 60.5, "value": 50, "baseline": {"period": "2023-12", "value": 1.5},
        "phasing": "even", "milestones": [{"by": "2023-06", "value": 5}, {"by": "2024-H1", "value": -5}], "each_province": true,
    });
    let expected = [
        "fraction_for_count baseline",
        "fraction_for_count high",
        "invalid_phasing milestones",
        "invalid_phasing milestones",
        "invalid_range value",
        "invalid_value each_province",
        "invalid_value each_province",
        "negative_count low",
        "negative_count milestones",
    ];
    refused(&app, "cao-bang-1997", "bts-sites", "2024", &goal, &expected, "a sender mends everything in one go").await;

    let targets = json!([
        {"indicator": "bts-sites", "period": "2024", "value": 5},
        {"indicator": "bts-sites", "period": "2025", "kind": "band", "low": 5, "high": 4},
        {"indicator": "bts-sites", "period": "2026", "value": 5, "baseline": {"period": "2023"}},
        {"indicator": "bts-sites", "period": "2027", "value": 5, "phasing": "milestones"},
    ]);
    let answer = app.department().await.put("/v1/targets", &json!({"province": "VN", "targets": targets})).await;
    let mut found = answer.faults(422);
    found.sort();
    let expected =
        [("invalid_phasing", "/targets/3/milestones"), ("invalid_range", "/targets/1/low"), ("missing_field", "/targets/2/baseline/value")];
    assert_eq!(found, expected.map(|(code, place)| (code.to_owned(), place.to_owned())), "of every target of the batch");
    assert_eq!(list(&app.anyone()).await, [Value::Null; 0], "not even the good one was stored");
}

async fn a_goal_that_cannot_be_leaves_the_one_on_record_as_it_is(app: TestApp) {
    let standing = json!({"kind": "band", "low": 40, "high": 60, "milestones": [{"by": "2024-H1", "value": 20}]});
    let (status, _) = try_to_put(&app, "VN", "bts-sites", "2024", &standing).await;
    assert_eq!(status, 200);
    let before = list(&app.anyone()).await;

    for (goal, why) in [
        (with(&standing, "low", 70), "the wrong way round"),
        (with(&standing, "value", 50), "a value beside the ends"),
        (with(&standing, "phasing", "last_year"), "another way"),
    ] {
        let (status, _) = try_to_put(&app, "VN", "bts-sites", "2024", &goal).await;
        assert_eq!((status, list(&app.anyone()).await), (422, before.clone()), "{why}");
    }
}

/// Expects a target to be refused for exactly these reasons, each its code and its place in the row, in the order of the alphabet.
async fn refused(app: &TestApp, province: &str, indicator: &str, period: &str, goal: &Value, expected: &[&str], why: &str) {
    let (status, errors) = try_to_put(app, province, indicator, period, goal).await;
    assert_eq!((status, faults(&errors)), (422, expected.iter().map(|&fault| fault.to_owned()).collect()), "{goal}: {why}");
    assert_eq!(list(&app.anyone()).await, [Value::Null; 0], "{why}: nothing was stored");
}

/// Sends a target; the status and the faults of the answer.
async fn try_to_put(app: &TestApp, province: &str, indicator: &str, period: &str, goal: &Value) -> (u16, Value) {
    let mut row = goal.clone();
    (row["indicator"], row["period"]) = (json!(indicator), json!(period));
    let answer = app.department().await.put("/v1/targets", &json!({"province": province, "targets": [row]})).await;
    let status = answer.status.as_u16();
    if status != 200 {
        // The shape of the whole problem document is looked at as well.
        answer.faults(status);
    }
    (status, answer.json()["errors"].clone())
}

/// Each fault as its code and its place in the only row.
fn faults(errors: &Value) -> Vec<String> {
    let place = |error: &Value| {
        let pointer = error["pointer"].as_str().unwrap().strip_prefix("/targets/0").unwrap_or_else(|| panic!("{error}")).to_owned();
        format!("{} {}", error["code"].as_str().unwrap(), pointer.trim_start_matches('/'))
    };
    let mut faults: Vec<String> = errors.as_array().unwrap().iter().map(place).collect();
    faults.sort();
    faults
}

/// All targets on record.
async fn list(user: &User) -> Vec<Value> {
    user.get("/v1/targets?limit=1000").await.expect(200)["items"].as_array().unwrap().clone()
}

fn with(object: &Value, field: &str, value: impl Into<Value>) -> Value {
    let mut object = object.clone();
    object[field] = value.into();
    object
}
