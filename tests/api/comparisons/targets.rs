//! Targets: setting and revising them, listing them, and how far a figure is from the one that applies to it.
//! A target is judged by the rules of its indicator, like a figure; those rules have their table in submissions.rs.

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::{TestApp, User, on_both};

on_both! {
    a_target_is_created_then_unchanged_then_updated,
    whatever_a_target_says_makes_a_revision_when_it_changes,
    a_target_written_in_another_way_is_the_same_target,
    the_same_days_under_another_name_are_the_same_target,
    a_target_is_answered_as_it_is_listed_afterwards,
    a_target_belongs_to_whoever_had_the_code_at_the_end_of_its_period,
    the_planned_targets_of_bac_giang_are_on_record,
    the_list_is_filtered_by_province_indicator_period_and_calendar,
    pages_cover_every_target_once,
    a_cursor_that_was_never_handed_out_is_refused,
    what_is_not_there_is_named_with_its_code_and_parameter,
    half_a_year_is_held_against_the_target_of_the_year,
    a_month_is_not_held_against_the_target_of_the_year,
    the_target_of_the_same_days_comes_before_that_of_the_year,
    a_rate_is_away_from_its_target_by_points,
    a_figure_beyond_its_target_has_a_negative_gap,
    a_share_of_nothing_is_no_number,
    a_revised_target_is_the_one_that_counts,
    every_fault_of_every_target_is_named_by_its_place,
    a_target_that_lacks_its_value_has_its_other_faults_named_too,
    a_target_of_another_shape_is_named_by_its_place,
    a_target_must_be_a_value_that_the_indicator_can_have,
    two_targets_for_the_same_days_are_refused,
    one_bad_target_keeps_the_good_ones_out,
    only_a_client_with_the_scope_sets_targets,
    a_client_narrowed_to_a_province_sets_targets_for_no_other,
}

async fn a_target_is_created_then_unchanged_then_updated(app: TestApp) {
    let department = app.department().await;

    let created = put(&department, "24", json!([revenue_of_2024(2400)])).await;
    app.clock.set("2026-11-21T02:10:00Z");
    let unchanged = put(&department, "24", json!([revenue_of_2024(2400)])).await;
    let updated = put(&department, "24", json!([revenue_of_2024(2500)])).await;

    let said = |target: &Value| ["outcome", "revision", "value", "recorded_at"].map(|field| target[field].clone());
    assert_eq!(said(&created[0]), [json!("created"), json!(1), json!(2400), json!("2026-11-21T02:00:00Z")]);
    assert_eq!(said(&unchanged[0]), [json!("unchanged"), json!(1), json!(2400), json!("2026-11-21T02:00:00Z")]);
    assert_eq!(said(&updated[0]), [json!("updated"), json!(2), json!(2500), json!("2026-11-21T02:10:00Z")]);
    assert_eq!((&created[0]["id"], &created[0]["id"]), (&unchanged[0]["id"], &updated[0]["id"]), "one target, several revisions");
    let listed = list(&app.anyone(), "").await;
    assert_eq!(
        listed,
        [json!({
            "id": created[0]["id"], "revision": 2, "province": "bac-giang-1997", "indicator": "telecom-internet-revenue", "breakdown": {},
            "period": "2024", "calendar": "civil", "start": "2024-01-01", "end": "2024-12-31", "value": 2500, "kind": "at_least",
            "source": {"title": "Kế hoạch năm 2024", "number": "12/KH-UBND", "date": "2024-01-15"}, "recorded_at": "2026-11-21T02:10:00Z",
        })],
        "only what stands now, without an outcome"
    );
}

async fn whatever_a_target_says_makes_a_revision_when_it_changes(app: TestApp) {
    let department = app.department().await;
    let mut target = revenue_of_2024(2400);
    put(&department, "24", json!([target])).await;

    for (n, (pointer, value, why)) in [
        ("/value", json!(2450), "another number"),
        ("/kind", json!("exactly"), "another meaning"),
        ("/source/number", json!("99/QĐ-UBND"), "another decision"),
        ("/source/date", json!(null), "a draft without a date"),
        ("/source", json!(null), "no source at all"),
        ("/kind", json!(null), "left out, it is `at_least`"),
    ]
    .into_iter()
    .enumerate()
    {
        *target.pointer_mut(pointer).expect("a field of the target") = value;
        let changed = with(with(target.clone(), "acknowledge", json!(["reverts"])), "reason", json!("giao lại"));
        let set = put(&department, "24", json!([changed])).await;
        assert_eq!((&set[0]["outcome"], &set[0]["revision"]), (&json!("updated"), &json!(n + 2)), "{why}");
    }
    let listed = list(&app.anyone(), "").await;
    assert_eq!((&listed[0]["kind"], &listed[0]["value"]), (&json!("at_least"), &json!(2450)));
    assert_eq!(listed[0]["source"], json!({"title": null, "number": null, "date": null}));
}

async fn a_target_written_in_another_way_is_the_same_target(app: TestApp) {
    let department = app.department().await;
    let target = |value: Value| json!({"indicator": "telecom-internet-revenue", "period": "2024", "value": value});
    put(&department, "24", json!([target(json!(2400))])).await;

    for (body, why) in [
        (json!({"province": "Bắc Giang", "targets": [target(json!("2400"))]}), "a decimal string; a name"),
        (json!({"province": "bac-giang-1997", "targets": [target(json!(2400.0))]}), "a zero behind the point; the key"),
        (json!({"province": "24", "number_locale": "vi", "targets": [target(json!("2.400"))]}), "Vietnamese notation"),
        (json!({"province": "24", "calendar": "civil", "targets": [with(target(json!(2.4)), "unit_mult", json!(12))]}), "thousand tỷ"),
        (json!({"province": "24", "targets": [with(target(json!(2_400_000)), "unit_mult", json!(6))]}), "million"),
        (json!({"province": "24", "targets": [with(target(json!(2400)), "kind", json!("at_least"))]}), "the kind that is meant anyway"),
        (json!({"province": "24", "targets": [with(target(json!(2400)), "source", json!({}))]}), "an empty source"),
    ] {
        let set = department.put("/v1/targets", &body).await.expect(200);
        assert_eq!((&set["items"][0]["outcome"], &set["items"][0]["revision"]), (&json!("unchanged"), &json!(1)), "{why}");
    }
}

async fn the_same_days_under_another_name_are_the_same_target(app: TestApp) {
    let department = app.department().await;
    let target = |period: &str| json!([{"indicator": "telecom-internet-revenue", "period": period, "value": 1200}]);
    let first = put(&department, "24", target("2024-06-YTD")).await;
    for (period, why) in [("2024-H1", "the half-year"), ("2024-S1", "as SDMX writes it"), ("2024-01-01/2024-06-30", "its days")] {
        let again = put(&department, "24", target(period)).await;
        assert_eq!((&again[0]["outcome"], &again[0]["id"]), (&json!("unchanged"), &first[0]["id"]), "{why}");
        assert_eq!(again[0]["period"], "2024-H1", "{why}");
    }
    let body = json!({"province": "24", "calendar": "nd09", "targets": target("2024-H1")});
    let administrative = department.put("/v1/targets", &body).await.expect(200);
    assert_eq!(administrative["items"][0]["outcome"], "created", "the administrative half-year has other days");
}

async fn a_target_is_answered_as_it_is_listed_afterwards(app: TestApp) {
    let department = app.department().await;
    for (period, value, why) in [
        ("2024", json!(2400), "nothing special"),
        ("2023-A1", json!("2400.50"), "SDMX's name for a year, a zero at the end"),
        ("2022-06-YTD", json!(1200), "another name for the half-year"),
        ("2021-01-01/2021-03-31", json!(600), "the days of a quarter"),
    ] {
        let target = json!({"indicator": "telecom-internet-revenue", "period": period, "value": value});
        let answered = put(&department, "24", json!([target])).await;
        let listed = list(&app.anyone(), &format!("province=bac-giang-1997&period={period}")).await;
        assert_eq!([without(&answered[0], "outcome")], listed[..], "{period}: {why}");
    }
}

async fn a_target_belongs_to_whoever_had_the_code_at_the_end_of_its_period(app: TestApp) {
    let target = |period: &str| json!({"indicator": "telecom-internet-revenue", "period": period, "value": 2400});

    let set = put(&app.department().await, "24", json!([target("2024"), target("2025-H1"), target("2025"), target("2030")])).await;

    let provinces: Vec<&Value> = set.iter().map(|target| &target["province"]).collect();
    assert_eq!(provinces, ["bac-giang-1997", "bac-giang-1997", "bac-ninh-2025", "bac-ninh-2025"]);
}

async fn the_planned_targets_of_bac_giang_are_on_record(app: TestApp) {
    let app = app.with_real_figures().await;

    let listed = list(&app.anyone(), "province=bac-giang-1997").await;

    let said = |target: &Value| {
        let (indicator, period) = (target["indicator"].as_str().expect("a text"), target["period"].as_str().expect("a text"));
        format!("{indicator} {period} {} {}", target["kind"].as_str().expect("a text"), target["value"])
    };
    assert_eq!(
        listed.iter().map(said).collect::<Vec<_>>(),
        [
            "citizen-reception-sessions 2024-06 at_least 1",
            "internal-procedures-reviewed-rate 2024-06 at_least 100",
            "staff-cultural-family-rate 2024-H2 at_least 100",
        ]
    );
    assert!(listed.iter().all(|target| target["revision"] == 1 && target["source"]["title"].is_string()));
    assert_eq!(list(&app.anyone(), "").await, listed, "and no others");
}

async fn the_list_is_filtered_by_province_indicator_period_and_calendar(app: TestApp) {
    set_several(&app).await;

    for (filter, found, why) in [
        (
            "",
            "bac-giang-1997 bts-sites 2024, bac-giang-1997 phone-subscribers 2023-H1, bac-giang-1997 phone-subscribers 2024, \
             bac-giang-1997 phone-subscribers {line_type:fixed} 2024, bac-ninh-1997 bts-sites 2024, bac-ninh-2025 bts-sites 2026",
            "all, by province, indicator, part and period",
        ),
        ("province=bac-ninh-1997", "bac-ninh-1997 bts-sites 2024", "a key"),
        (
            "province=24&period=2024",
            "bac-giang-1997 bts-sites 2024, bac-giang-1997 phone-subscribers 2024, bac-giang-1997 phone-subscribers {line_type:fixed} 2024",
            "a code at the end of the period",
        ),
        ("province=24", "bac-ninh-2025 bts-sites 2026", "a code today"),
        ("province=24&period=2026", "bac-ninh-2025 bts-sites 2026", "a code at the end of another period"),
        ("province=bac-ninh-1997,bac-ninh-2025", "bac-ninh-1997 bts-sites 2024, bac-ninh-2025 bts-sites 2026", "two with a comma"),
        ("province=bac-ninh-1997&province=bac-ninh-2025", "bac-ninh-1997 bts-sites 2024, bac-ninh-2025 bts-sites 2026", "two repeated"),
        ("indicator=bts-sites&period=2024", "bac-giang-1997 bts-sites 2024, bac-ninh-1997 bts-sites 2024", "an indicator in a period"),
        ("period=2023-06-YTD", "bac-giang-1997 phone-subscribers 2023-H1", "the same days under another name"),
        ("period=2024-07", "", "a period without targets"),
        ("calendar=nd09", "bac-giang-1997 bts-sites 2024", "the administrative calendar"),
        ("calendar=nd09&period=2024", "bac-giang-1997 bts-sites 2024", "its year"),
        ("calendar=nd09&indicator=phone-subscribers", "", "nothing there"),
    ] {
        let listed: Vec<String> = list(&app.anyone(), filter).await.iter().map(place).collect();
        let expected: Vec<&str> = found.split(", ").filter(|place| !place.is_empty()).collect();
        assert_eq!(listed, expected, "{filter}: {why}");
    }
    let nd09 = list(&app.anyone(), "calendar=nd09").await;
    assert_eq!((&nd09[0]["value"], &nd09[0]["start"]), (&json!(1650), &json!("2023-12-15")));
}

async fn pages_cover_every_target_once(app: TestApp) {
    set_several(&app).await;
    let whole = list(&app.anyone(), "").await;
    assert_eq!(whole.len(), 6);

    for limit in 1..=7 {
        let mut read = Vec::new();
        let mut cursor = String::new();
        for page in 1.. {
            assert!(page <= 6, "pages of {limit} do not end");
            let answer = app.anyone().get(&format!("/v1/targets?limit={limit}{cursor}")).await.expect(200);
            let items = answer["items"].as_array().expect("a list");
            assert!((1..=limit).contains(&items.len()), "{limit}");
            read.extend(items.iter().cloned());
            let Some(next) = answer["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(read, whole, "pages of {limit}");
    }
}

async fn a_cursor_that_was_never_handed_out_is_refused(app: TestApp) {
    set_several(&app).await;

    for (cursor, why) in [
        ("!", "not of the alphabet of cursors"),
        ("YQ", "one part"),
        ("YQpiCmM", "three parts"),
        ("YQpiCm5vIGJyZWFrZG93bgpk", "four parts, but the third is no breakdown"),
    ] {
        let answer = app.anyone().get(&format!("/v1/targets?cursor={cursor}")).await;
        assert_eq!(answer.fault(400), fault("invalid_cursor", "cursor"), "{why}");
    }
}

async fn what_is_not_there_is_named_with_its_code_and_parameter(app: TestApp) {
    for (query, code, parameter, why) in [
        ("province=Atlantis", "unknown_province", "province", "no such name"),
        ("province=27", "unknown_province", "province", "a code that nobody has today"),
        ("province=27&period=2026", "unknown_province", "province", "nor at the end of the period"),
        ("indicator=phones", "unknown_indicator", "indicator", "no such code"),
        ("period=2024-13", "invalid_period", "period", "a thirteenth month"),
        ("calendar=lunar", "invalid_value", "calendar", "no such calendar"),
        ("limit=0", "invalid_value", "limit", "an empty page"),
        ("kind=at_least", "unknown_parameter", "kind", "no such parameter"),
        ("period=2024&period=2025", "repeated_parameter", "period", "read once"),
    ] {
        let answer = app.anyone().get(&format!("/v1/targets?{query}")).await;
        assert_eq!(answer.fault(400), fault(code, parameter), "{query}: {why}");
    }
}

async fn half_a_year_is_held_against_the_target_of_the_year(app: TestApp) {
    let app = app.with_real_figures().await;
    put(&app.department().await, "24", json!([revenue_of_2024(2400)])).await;

    let target = compared(&app, "2024-H1", "telecom-internet-revenue").await["target"].clone();

    assert_eq!(
        target,
        json!({
            "period": "2024", "province": "bac-giang-1997", "value": 2400, "kind": "at_least", "attainment_pct": 47.3, "gap": 1265,
            "expected_to_date": 1200, "expected_pct": 50, "pace": "behind", "required_per_period": 210.8, "required_frequency": "M",
            "projection": null, "reasons": [],
            "source": {"title": "Kế hoạch năm 2024", "number": "12/KH-UBND", "date": "2024-01-15"},
        })
    );
}

async fn a_month_is_not_held_against_the_target_of_the_year(app: TestApp) {
    let department = app.department().await;
    put(
        &department,
        "24",
        json!([
            revenue_of_2024(2400),
            {"indicator": "bts-sites", "period": "2024", "value": 1600},
            {"indicator": "wan-connected-agencies-rate", "period": "2024", "value": 100},
            {"indicator": "relay-minutes", "period": "2024", "value": 60},
        ]),
    )
    .await;
    let periods = ["2024-05", "2024-Q2", "2024-H2", "2024-05-YTD", "2024-9M", "2024", "2024-01", "2024-02-03/2024-02-09"];
    for (n, period) in periods.iter().enumerate() {
        let observations = ["telecom-internet-revenue", "bts-sites", "wan-connected-agencies-rate", "relay-minutes"]
            .map(|indicator| json!({"indicator": indicator, "value": 50 + n}));
        department.submit(&json!({"province": "24", "period": period, "observations": observations})).await;
    }

    for (indicator, held, why) in [
        ("telecom-internet-revenue", "2024-05-YTD 2024-9M 2024 2024-01", "a flow counts from New Year on"),
        ("bts-sites", "2024-05 2024-Q2 2024-H2 2024-05-YTD 2024-9M 2024 2024-01", "a stock at any time of the year"),
        ("wan-connected-agencies-rate", "2024-05 2024-Q2 2024-H2 2024-05-YTD 2024-9M 2024 2024-01", "and so a rate"),
        ("relay-minutes", "2024", "an average only in its own period"),
    ] {
        let mut against_the_year = Vec::new();
        for period in periods {
            let target = compared(&app, period, indicator).await["target"].clone();
            if !target.is_null() {
                assert_eq!(target["period"], "2024", "{indicator} {period}");
                against_the_year.push(period);
            }
        }
        assert_eq!(against_the_year.join(" "), held, "{indicator}: {why}");
    }
}

async fn the_target_of_the_same_days_comes_before_that_of_the_year(app: TestApp) {
    let app = app.with_real_figures().await;
    let half = json!({"indicator": "telecom-internet-revenue", "period": "2024-06-YTD", "value": 1000});

    put(&app.department().await, "24", json!([revenue_of_2024(2400), half])).await;

    let target = compared(&app, "2024-H1", "telecom-internet-revenue").await["target"].clone();
    assert_eq!((&target["period"], &target["attainment_pct"], &target["gap"]), (&json!("2024-H1"), &json!(113.5), &json!(-135)));
}

async fn a_rate_is_away_from_its_target_by_points(app: TestApp) {
    let app = app.with_real_figures().await;
    let targets = json!([
        {"indicator": "dossier-online-filing-rate", "period": "2024", "value": 80},
        {"indicator": "dossier-online-payment-rate", "period": "2024-H1", "value": "34,110"},
    ]);
    let body = json!({"province": "24", "number_locale": "vi", "targets": targets});
    app.department().await.put("/v1/targets", &body).await.expect(200);

    for (indicator, value, gap, expected, reasons, why) in [
        (
            "dossier-online-filing-rate",
            "80",
            "2.85",
            "null",
            json!(["base_missing"]),
            "80 − 77.15 points; where the year began is not known",
        ),
        ("dossier-online-payment-rate", "34.110", "0", "34.11", json!([]), "reached to the digit, and the target keeps its digits"),
    ] {
        let target = compared(&app, "2024-H1", indicator).await["target"].clone();
        assert_eq!((target["value"].to_string(), target["gap"].to_string()), (value.into(), gap.into()), "{why}");
        assert_eq!((&target["attainment_pct"], &target["reasons"]), (&Value::Null, &reasons), "{why}: no share of a share");
        assert_eq!(target["expected_to_date"].to_string(), expected, "{why}");
    }
}

async fn a_figure_beyond_its_target_has_a_negative_gap(app: TestApp) {
    let department = app.department().await;
    let observations = json!([{"indicator": "bts-sites", "value": 1700}, {"indicator": "infosec-incidents", "value": 3}]);
    department.submit(&json!({"province": "24", "period": "2024", "observations": observations})).await;
    put(
        &department,
        "24",
        json!([
            {"indicator": "bts-sites", "period": "2024", "value": 1600},
            {"indicator": "infosec-incidents", "period": "2024", "value": 2, "kind": "at_most"},
        ]),
    )
    .await;

    for (indicator, kind, attainment, gap) in [("bts-sites", "at_least", 106.3, -100), ("infosec-incidents", "at_most", 150.0, -1)] {
        let target = compared(&app, "2024", indicator).await["target"].clone();
        assert_eq!((&target["kind"], &target["gap"]), (&json!(kind), &json!(gap)), "{indicator}");
        assert_eq!(target["attainment_pct"].as_f64(), Some(attainment), "{indicator}");
    }
}

async fn a_share_of_nothing_is_no_number(app: TestApp) {
    let app = app.with_real_figures().await;
    put(
        &app.department().await,
        "24",
        json!([
            {"indicator": "telecom-internet-budget-contribution", "period": "2024", "value": 60},
            {"indicator": "inspections-conducted", "period": "2024", "value": 0, "kind": "at_most"},
            {"indicator": "thematic-conferences", "period": "2024", "value": 4},
        ]),
    )
    .await;

    for (indicator, gap, reason, why) in [
        ("telecom-internet-budget-contribution", Value::Null, "qualifier_inexact", "\"trên 29,6\" is no exact distance"),
        ("inspections-conducted", json!(-5), "base_zero", "no percentage of none"),
        ("thematic-conferences", Value::Null, "current_missing", "nothing is reported"),
    ] {
        let target = compared(&app, "2024-H1", indicator).await["target"].clone();
        assert_eq!((&target["attainment_pct"], &target["gap"]), (&Value::Null, &gap), "{why}");
        assert_eq!(target["reasons"], json!([reason]), "{why}");
    }
}

async fn a_revised_target_is_the_one_that_counts(app: TestApp) {
    let app = app.with_real_figures().await;
    let department = app.department().await;
    put(&department, "24", json!([revenue_of_2024(2400)])).await;

    put(&department, "24", json!([revenue_of_2024(2270)])).await;

    let target = compared(&app, "2024-H1", "telecom-internet-revenue").await["target"].clone();
    assert_eq!((&target["value"], &target["attainment_pct"], &target["gap"]), (&json!(2270), &json!(50), &json!(1135)));
}

async fn every_fault_of_every_target_is_named_by_its_place(app: TestApp) {
    let department = app.department().await;
    let body = json!({
        "province": "24",
        "targets": [
            {"indicator": "telecom-internet-revenue", "period": "2024", "value": 2400},
            {"indicator": "phones", "period": "2024", "value": 1},
            {"indicator": "bts-sites", "period": "2024", "value": 1.5},
            {"indicator": "bts-sites", "period": "2024-H1", "value": -1},
            {"indicator": "wan-connected-agencies-rate", "period": "2024", "value": 100.5, "breakdown": {"tier": "1"}},
            {"indicator": "phone-subscribers", "period": "2024", "value": 1, "breakdown": {"line_type": "satellite"}},
            {"indicator": "telecom-internet-revenue", "period": "2024-12-YTD", "value": 2400},
        ],
    });

    let mut faults = department.put("/v1/targets", &body).await.faults(422);

    faults.sort();
    let expected = [
        ("duplicate_row", "/targets/6"),
        ("fraction_for_count", "/targets/2/value"),
        ("negative_count", "/targets/3/value"),
        ("out_of_bounds", "/targets/4/value"),
        ("unknown_breakdown", "/targets/4/breakdown"),
        ("unknown_breakdown", "/targets/5/breakdown"),
        ("unknown_indicator", "/targets/1/indicator"),
    ];
    assert_eq!(faults, expected.map(|(code, place)| fault(code, place)));
    assert_eq!(list(&app.anyone(), "").await, [Value::Null; 0], "nothing was stored");
}

async fn a_target_that_lacks_its_value_has_its_other_faults_named_too(app: TestApp) {
    let body = json!({"province": "Atlantis", "targets": [{"indicator": "phones", "period": "2024"}]});

    let mut faults = app.department().await.put("/v1/targets", &body).await.faults(422);

    faults.sort();
    let expected =
        [("missing_field", "/targets/0/value"), ("unknown_indicator", "/targets/0/indicator"), ("unknown_province", "/province")];
    assert_eq!(faults, expected.map(|(code, place)| fault(code, place)), "a sender mends everything in one go");
}

async fn a_target_of_another_shape_is_named_by_its_place(app: TestApp) {
    let department = app.department().await;
    let good = json!({"indicator": "bts-sites", "period": "2024", "value": 1600});
    #[rustfmt::skip]
    let table = [
        (json!({"targets": [good]}),                                       "missing_field",  "/province",           "no province"),
        (json!({"province": "24"}),                                        "missing_field",  "/targets",            "no targets"),
        (json!({"province": "24", "targets": null}),                       "missing_field",  "/targets",            "null is absent"),
        (json!({"province": "24", "targets": []}),                         "batch_size",     "/targets",            "an empty list"),
        (json!({"province": "24", "targets": {}}),                         "wrong_type",     "/targets",            "no list"),
        (json!({"province": 24, "targets": [good]}),                       "wrong_type",     "/province",           "a code is a text"),
        (json!({"province": "24", "targets": [good], "mode": "atomic"}),   "unknown_field",  "/mode",               "a field of other calls"),
        (json!({"province": "24", "calendar": "lunar", "targets": [good]}), "invalid_value", "/calendar",           "no such calendar"),
        (json!({"province": "24", "number_locale": "en", "targets": [good]}), "invalid_value", "/number_locale",    "no such notation"),
        (json!({"province": "24", "targets": ["bts-sites"]}),              "wrong_type",     "/targets/0",          "no object"),
        (one(&without(&good, "indicator")),                                 "missing_field",  "/targets/0/indicator", "no indicator"),
        (one(&without(&good, "period")),                                    "missing_field",  "/targets/0/period",   "no period"),
        (one(&without(&good, "value")),                                     "missing_field",  "/targets/0/value",    "no value"),
        (one(&with(good.clone(), "value", json!(true))),                    "wrong_type",     "/targets/0/value",    "true is no number"),
        (one(&with(good.clone(), "value", json!("1.600"))),                 "ambiguous_number", "/targets/0/value",    "notation that was not declared"),
        (one(&with(good.clone(), "value", json!("1234567890123456789"))),   "too_many_digits", "/targets/0/value",   "19 digits"),
        (one(&with(good.clone(), "period", json!("2024-13"))),              "invalid_period", "/targets/0/period",   "a thirteenth month"),
        (one(&with(good.clone(), "kind", json!("about"))),                  "invalid_value",  "/targets/0/kind",     "no such kind"),
        (one(&with(good.clone(), "unit_mult", json!(13))),                  "invalid_value",  "/targets/0/unit_mult", "too large a power"),
        (one(&with(good.clone(), "breakdown", json!("fixed"))),             "wrong_type",     "/targets/0/breakdown", "no object"),
        (one(&with(good.clone(), "source", json!({"date": "15/1/2024"}))),  "invalid_date",   "/targets/0/source/date", "another way to write a day"),
        (one(&with(good.clone(), "source", json!({"page": 3}))),            "unknown_field",  "/targets/0/source/page", "no such field"),
        (one(&with(good.clone(), "revision", json!(3))),                    "invalid_value",  "/targets/0/revision", "the service counts revisions"),
        (one(&with(good.clone(), "id", json!("x"))),                        "invalid_value",  "/targets/0/id",       "the service gives ids"),
    ];
    for (body, code, pointer, why) in table {
        let answer = department.put("/v1/targets", &body).await;
        assert_eq!(answer.fault(422), fault(code, pointer), "{why}");
    }
    let cut_off = department.send(Method::PUT, "/v1/targets", &[("content-type", "application/json")], b"{\"province\"".into()).await;
    assert_eq!(cut_off.fault(400), fault("malformed_json", ""));
    let query = department.put("/v1/targets?dry_run=true", &one(&good)).await;
    assert_eq!(query.fault(400), fault("unknown_parameter", "dry_run"));
    assert_eq!(list(&app.anyone(), "").await, [Value::Null; 0], "nothing was stored");
}

async fn a_target_must_be_a_value_that_the_indicator_can_have(app: TestApp) {
    let department = app.department().await;
    for (province, indicator, period, value, code, pointer, why) in [
        ("24", "bts-sites", "2024", json!(1600.5), "fraction_for_count", "/targets/0/value", "half a site"),
        ("24", "bts-sites", "2024", json!(-1), "negative_count", "/targets/0/value", "fewer than none"),
        ("24", "wan-connected-agencies-rate", "2024", json!(101), "out_of_bounds", "/targets/0/value", "more than all"),
        ("24", "telecom-internet-revenue", "2024", json!(-5), "out_of_bounds", "/targets/0/value", "a negative revenue"),
        ("Atlantis", "bts-sites", "2024", json!(1600), "unknown_province", "/province", "no such province"),
        ("27", "bts-sites", "2030", json!(1600), "unknown_province", "/province", "a code that nobody has then"),
        ("bac-giang-1997", "bts-sites", "2026", json!(1600), "province_not_in_period", "/province", "a unit that has ended by then"),
    ] {
        let target = json!({"indicator": indicator, "period": period, "value": value});
        let answer = department.put("/v1/targets", &json!({"province": province, "targets": [target]})).await;
        assert_eq!(answer.fault(422), fault(code, pointer), "{why}");
    }
    assert_eq!(list(&app.anyone(), "").await, [Value::Null; 0], "nothing was stored");
    put(&department, "24", json!([{"indicator": "bts-sites", "period": "2035", "value": 1600.0}])).await;
}

async fn two_targets_for_the_same_days_are_refused(app: TestApp) {
    let department = app.department().await;
    for (periods, why) in [
        (["2024", "2024"], "the same period"),
        (["2024-H1", "2024-06-YTD"], "the same days under two names"),
        (["2024-Q1", "2024-01-01/2024-03-31"], "a quarter and its days"),
    ] {
        let targets = periods.map(|period| json!({"indicator": "bts-sites", "period": period, "value": 1600}));
        let answer = department.put("/v1/targets", &json!({"province": "24", "targets": targets})).await;
        assert_eq!(answer.fault(422), fault("duplicate_row", "/targets/1"), "{why}");
    }
    let targets =
        json!([{"indicator": "bts-sites", "period": "2024", "value": 1600}, {"indicator": "bts-sites", "period": "2024", "value": 1700}]);
    let contradicting = department.put("/v1/targets", &json!({"province": "24", "targets": targets})).await;
    assert_eq!(contradicting.faults(422), [fault("duplicate_row", "/targets/0"), fault("duplicate_row", "/targets/1")], "two values");
    assert_eq!(list(&app.anyone(), "").await, [Value::Null; 0], "nothing was stored");
}

async fn one_bad_target_keeps_the_good_ones_out(app: TestApp) {
    let department = app.department().await;
    let standing = put(&department, "24", json!([revenue_of_2024(2400)])).await;
    let targets = json!([revenue_of_2024(2500), {"indicator": "bts-sites", "period": "2024", "value": 1.5}]);

    let answer = department.put("/v1/targets", &json!({"province": "24", "targets": targets})).await;

    assert_eq!(answer.fault(422), fault("fraction_for_count", "/targets/1/value"));
    assert_eq!(list(&app.anyone(), "").await, [without(&standing[0], "outcome")], "neither the new one nor the revision");
}

async fn only_a_client_with_the_scope_sets_targets(app: TestApp) {
    let body = json!({"province": "24", "targets": [revenue_of_2024(2400)]});
    let others = app.client(&[Scope::Read, Scope::Submit, Scope::Approve, Scope::Catalogue, Scope::Admin]).await;

    let (stranger, other) = (app.anyone().put("/v1/targets", &body).await, others.put("/v1/targets", &body).await);

    assert_eq!(stranger.fault(401), fault("token_missing", ""));
    assert_eq!(other.fault(403), fault("scope_missing", ""));
    for refused in [stranger, other] {
        assert_eq!(refused.json()["errors"][0]["allowed"], json!(["targets"]));
    }
    assert_eq!(list(&app.anyone(), "").await, [Value::Null; 0], "nothing was stored");
    put(&app.client(&[Scope::Targets]).await, "24", json!([revenue_of_2024(2400)])).await;
}

async fn a_client_narrowed_to_a_province_sets_targets_for_no_other(app: TestApp) {
    let bac_giang = app.client_for(&[Scope::Targets], &["bac-giang-1997"]).await;
    let target = |period: &str| json!({"indicator": "bts-sites", "period": period, "value": 1600});

    for (province, periods, why) in [
        ("27", &["2024"][..], "a neighbour"),
        ("VN", &["2024"], "the whole country"),
        ("24", &["2026"], "the same code, but of the merged unit"),
        ("24", &["2024", "2026"], "one year of its own and one of the merged unit"),
    ] {
        let targets: Vec<Value> = periods.iter().map(|period| target(period)).collect();
        let answer = bac_giang.put("/v1/targets", &json!({"province": province, "targets": targets})).await;
        assert_eq!(answer.fault(403), fault("province_not_allowed", "/province"), "{why}");
        assert_eq!(answer.json()["errors"][0]["allowed"], json!(["bac-giang-1997"]), "{why}");
        assert_eq!(list(&app.anyone(), "").await, [Value::Null; 0], "{why}: nothing was stored");
    }
    put(&bac_giang, "24", json!([target("2024")])).await;
}

/// Telecom revenue of Bắc Giang in 2024, as a plan of the province might set it.
fn revenue_of_2024(value: i64) -> Value {
    json!({
        "indicator": "telecom-internet-revenue", "period": "2024", "value": value, "kind": "at_least",
        "source": {"title": "Kế hoạch năm 2024", "number": "12/KH-UBND", "date": "2024-01-15"},
    })
}

/// Targets of three provinces, two years, a half-year, a part and both calendars.
async fn set_several(app: &TestApp) {
    let department = app.department().await;
    let sites = |period: &str, value: i64| json!({"indicator": "bts-sites", "period": period, "value": value});
    let phones = |period: &str| json!({"indicator": "phone-subscribers", "period": period, "value": 2_000_000});
    let fixed = json!({"indicator": "phone-subscribers", "breakdown": {"line_type": "fixed"}, "period": "2024", "value": 11000});
    put(&department, "24", json!([sites("2026", 3000), phones("2024"), fixed, phones("2023-H1"), sites("2024", 1600)])).await;
    put(&department, "27", json!([sites("2024", 1450)])).await;
    let administrative = json!({"province": "24", "calendar": "nd09", "targets": [sites("2024", 1650)]});
    department.put("/v1/targets", &administrative).await.expect(200);
}

/// Sets targets and returns them as they are answered.
async fn put(user: &User, province: &str, targets: Value) -> Vec<Value> {
    let answer = user.put("/v1/targets", &json!({"province": province, "targets": targets})).await.expect(200);
    answer["items"].as_array().expect("a list").clone()
}

/// The targets that a filter leaves.
async fn list(user: &User, filter: &str) -> Vec<Value> {
    let answer = user.get(&format!("/v1/targets?{filter}")).await.expect(200);
    assert_eq!(answer["next"], Value::Null, "{filter}");
    answer["items"].as_array().expect("a list").clone()
}

/// The line of an indicator in Bắc Giang's table of a period.
async fn compared(app: &TestApp, period: &str, indicator: &str) -> Value {
    let path = format!("/v1/comparisons?province=bac-giang-1997&period={period}&indicator={indicator}");
    item(&app.anyone().get(&path).await.expect(200), indicator).clone()
}

/// Names a target: province, indicator, part, period.
fn place(target: &Value) -> String {
    let part = target["breakdown"]
        .as_object()
        .expect("an object")
        .iter()
        .map(|(dimension, member)| format!("{{{dimension}:{}}} ", member.as_str().expect("a text")));
    let text = |field: &str| target[field].as_str().expect("a text");
    format!("{} {} {}{}", text("province"), text("indicator"), part.collect::<String>(), target["period"].as_str().expect("a text"))
}

/// A batch of one target for Bắc Giang.
fn one(target: &Value) -> Value {
    json!({"province": "24", "targets": [target]})
}

fn with(mut object: Value, field: &str, value: Value) -> Value {
    object[field] = value;
    object
}

fn without(object: &Value, field: &str) -> Value {
    let mut object = object.clone();
    object.as_object_mut().expect("an object").remove(field);
    object
}

fn fault(code: &str, place: &str) -> (String, String) {
    (code.to_owned(), place.to_owned())
}
