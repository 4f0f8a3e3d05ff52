//! Parts and totals over HTTP: complete breakdowns add up to their total, in one batch or over several, or somebody insists.
//! What is formed of parts where a report has none is in `derivation`.

use std::collections::BTreeSet;

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::figures::time_travel::Dice;
use crate::support::{Answer, TestApp, on_both};

on_both! {
    parts_that_do_not_make_their_total_are_refused_in_any_order_of_rows,
    the_last_of_three_batches_is_the_one_that_is_refused,
    counts_add_up_exactly_and_amounts_as_far_as_they_were_printed,
    a_bound_contradicts_only_where_no_number_fits_both,
    what_is_not_declared_complete_is_never_held_against_its_total,
    who_insists_on_any_of_the_rows_is_warned_once,
    a_forced_mismatch_sent_again_is_unchanged_and_excuses_no_other_one,
    a_part_is_not_revised_away_from_its_total,
    parts_of_other_days_are_no_parts_of_a_total,
    a_withdrawn_or_nil_part_leaves_nothing_to_hold_against_the_total,
    totals_by_two_dimensions_are_both_held_against_their_parts,
    what_two_dimensions_make_is_always_told_by_the_first,
    every_broken_total_of_a_batch_is_named_with_its_other_faults,
    two_hundred_pairs_of_parts_make_their_totals_and_each_other,
}

const FIXED: &str = "line_type:fixed";
const MOBILE: &str = "line_type:mobile";

async fn parts_that_do_not_make_their_total_are_refused_in_any_order_of_rows(app: TestApp) {
    let department = app.department().await;

    for order in ORDERS {
        let wrong = batch("2024-05", &order.map(|n| phones()[n].clone()));
        let refused = department.post("/v1/submissions", &wrong).await;

        let message = only_mismatch(&refused);
        for said in ["line_type:fixed 11754", "line_type:mobile 1918606", "1930360", "1930000", "2024-05"] {
            assert!(message.contains(said), "{said} in {message}");
        }
        assert_eq!(on_record(&app, "phone-subscribers").await, "", "rows in the order {order:?}");
    }
    let mut right = batch("2024-05", &phones());
    right["observations"][0]["value"] = json!(1_930_360);
    let recorded = department.submit(&right).await;
    assert_eq!(recorded["counts"]["created"], 3);
    assert_eq!(warned(&recorded), ["", "", ""]);
}

async fn the_last_of_three_batches_is_the_one_that_is_refused(app: TestApp) {
    let department = app.department().await;

    for (n, order) in ORDERS.into_iter().enumerate() {
        let period = format!("2024-0{}", n + 1);
        let rows = order.map(|n| phones()[n].clone());
        for row in &rows[..2] {
            department.submit(&batch(&period, std::slice::from_ref(row))).await;
        }
        let before = on_record(&app, "phone-subscribers").await;
        let refused = department.post("/v1/submissions", &batch(&period, &rows[2..])).await;

        let message = only_mismatch(&refused);
        for said in ["11754", "1918606", "1930360", "1930000"] {
            assert!(message.contains(said), "{said} in {message}");
        }
        assert_eq!(refused.faults(422)[0].1, "/observations/0");
        assert_eq!(on_record(&app, "phone-subscribers").await, before, "what came before stays, order {order:?}");
        let mut agreeing = rows[2].clone();
        agreeing["value"] = json!([1_930_360, 11394, 1_918_246][order[2]]);
        let recorded = department.submit(&batch(&period, &[agreeing])).await;
        assert_eq!((&recorded["counts"]["created"], warned(&recorded)), (&json!(1), vec![String::new()]), "order {order:?}");
    }
}

async fn counts_add_up_exactly_and_amounts_as_far_as_they_were_printed(app: TestApp) {
    let department = app.department().await;
    let plain = |value: Value| json!({"value": value});
    let sent_in = |power: i32, value: Value| json!({"value": value, "unit_mult": power});
    let thousand = |value: Value| sent_in(3, value);
    let million = |value: Value| sent_in(6, value);
    let (fixed, mobile) = (|| plain(json!(11754)), || plain(json!(1_918_606)));
    for (indicator, [one, other, total], holds, why) in [
        ("phone-subscribers", [fixed(), mobile(), plain(json!(1_930_360))], true, "the sum"),
        ("phone-subscribers", [fixed(), mobile(), plain(json!(1_930_361))], false, "things are counted to the last one"),
        ("phone-subscribers", [fixed(), mobile(), plain(json!(1_930_359))], false, "one less"),
        ("phone-subscribers", [fixed(), mobile(), thousand(json!(1930))], true, "1929.5 to 1930.5 thousand"),
        ("phone-subscribers", [fixed(), mobile(), thousand(json!(1931))], false, "640 more, and half a thousand is rounding"),
        ("phone-subscribers", [fixed(), mobile(), thousand(json!(1930.4))], true, "1930.35 to 1930.45 thousand"),
        ("phone-subscribers", [fixed(), mobile(), thousand(json!(1930.0))], false, "printed to the hundreds"),
        ("phone-subscribers", [thousand(json!(12)), thousand(json!(1919)), plain(json!(1_930_360))], true, "each rounded up"),
        ("phone-subscribers", [thousand(json!(12)), thousand(json!(1919)), plain(json!(1_930_000))], true, "11.5 and 1918.5"),
        ("phone-subscribers", [thousand(json!(12)), thousand(json!(1919)), plain(json!(1_929_999))], false, "less than that"),
        ("post-telecom-revenue", [plain(json!(100)), plain(json!(130)), plain(json!(230))], true, "the sum"),
        ("post-telecom-revenue", [plain(json!(100)), plain(json!(130)), plain(json!(231))], true, "three half units of one"),
        ("post-telecom-revenue", [plain(json!(100)), plain(json!(130)), plain(json!(232))], false, "two are more than 1.5"),
        ("post-telecom-revenue", [plain(json!(100)), plain(json!(130)), plain(json!(231.1))], false, "1.1 are more than 1.05"),
        ("post-telecom-revenue", [plain(json!(100.0)), plain(json!(130.0)), plain(json!(231))], false, "tenths: 1 is more than 0.6"),
        ("post-telecom-revenue", [plain(json!(100.4)), plain(json!(129.7)), plain(json!(230))], true, "a total printed without tenths"),
        ("post-telecom-revenue", [plain(json!(100.4)), plain(json!(129.7)), plain(json!(230.3))], false, "0.2 are more than 0.15"),
        ("post-telecom-revenue", [million(json!(100_400)), million(json!(129_600)), plain(json!(230))], true, "the sum"),
        ("post-telecom-revenue", [million(json!(100_400)), million(json!(129_600)), plain(json!(230.2))], false, "parts to the million"),
        ("post-telecom-revenue", [million(json!(100_400)), million(json!(129_600)), million(json!(230_001))], true, "one million"),
        ("post-telecom-revenue", [million(json!(100_400)), million(json!(129_600)), million(json!(230_002))], false, "two millions"),
    ] {
        let members = if indicator == "phone-subscribers" { [FIXED, MOBILE] } else { ["sector:post", "sector:telecom"] };
        let rows = [figure(indicator, members[0], one), figure(indicator, members[1], other), figure(indicator, "", total)];
        let answer = department.post("/v1/submissions?dry_run=true", &batch("2024-05", &rows)).await;

        if holds {
            assert_eq!(warned(&answer.expect(200)), ["", "", ""], "{why}: {rows:?}");
        } else {
            assert_eq!(answer.status, 422, "{why}: {rows:?}");
            only_mismatch(&answer);
        }
    }
}

async fn a_bound_contradicts_only_where_no_number_fits_both(app: TestApp) {
    let department = app.department().await;
    let exact = |value: i64| json!({"value": value});
    let bound = |bound: &str, value: i64| json!({"value": value, "bound": bound});
    let mobile = 1_918_606;
    for (fixed, mobile, total, holds, why) in [
        (bound("gt", 11000), exact(mobile), exact(1_930_360), true, "11754 is above 11000"),
        (bound("gt", 11000), exact(mobile), exact(9_000_000), true, "above has no end"),
        (bound("gt", 11000), exact(mobile), exact(1_929_606), false, "that is 11000 itself"),
        (bound("ge", 11000), exact(mobile), exact(1_929_606), true, "11000 or more"),
        (bound("ge", 11000), exact(mobile), exact(1_929_605), false, "10999"),
        (bound("lt", 11000), exact(mobile), exact(1_930_360), false, "11754 is not below 11000"),
        (bound("lt", 12000), exact(mobile), exact(1_930_360), true, "11754 is below 12000"),
        (json!({"bound": "range", "low": 11000, "high": 12000}), exact(mobile), exact(1_930_360), true, "within"),
        (json!({"bound": "range", "low": 11000, "high": 12000}), exact(mobile), exact(1_930_606), true, "the upper end"),
        (json!({"bound": "range", "low": 11000, "high": 12000}), exact(mobile), exact(1_930_607), false, "one beyond it"),
        (bound("approx", 11000), exact(mobile), exact(1_930_360), true, "about 11000"),
        (exact(11754), exact(mobile), bound("gt", 1_930_000), true, "a total above 1930000"),
        (exact(11754), exact(mobile), bound("gt", 1_930_360), false, "the sum is not above itself"),
        (exact(11754), exact(mobile), bound("lt", 1_930_000), false, "a total below its parts"),
        (bound("gt", 11000), bound("gt", mobile), exact(1_930_360), true, "both above"),
        (bound("gt", 11000), bound("gt", mobile), exact(1_929_000), false, "less than the least of both"),
        (bound("gt", 11000), exact(mobile), bound("lt", 1_929_000), false, "above and below do not meet"),
        (bound("gt", 11000), exact(mobile), bound("lt", 1_930_000), true, "above and below meet"),
    ] {
        let rows = [
            figure("phone-subscribers", FIXED, fixed),
            figure("phone-subscribers", "", total),
            figure("phone-subscribers", MOBILE, mobile),
        ];
        let answer = department.post("/v1/submissions?dry_run=true", &batch("2024-05", &rows)).await;

        if holds {
            assert_eq!(answer.status, 200, "{why}: {}", answer.text());
        } else {
            assert_eq!(answer.status, 422, "{why}: {rows:?}");
            only_mismatch(&answer);
        }
    }
}

async fn what_is_not_declared_complete_is_never_held_against_its_total(app: TestApp) {
    let department = app.department().await;
    let rows = [
        figure("bts-sites", "", json!({"value": 1596})),
        figure("bts-sites", "operator:viettel", json!({"value": 1500})),
        figure("bts-sites", "operator:vnpt", json!({"value": 1400})),
        figure("bts-sites", "technology:4g", json!({"value": 7})),
        figure("complaints-received", "", json!({"value": 3})),
        figure("complaints-received", "source:hotline", json!({"value": 5})),
        figure("dossiers-resolved", "", json!({"value": 10})),
        figure("dossiers-resolved", "channel:online", json!({"value": 1})),
        figure("dossiers-resolved", "channel:in-person", json!({"value": 1})),
        figure("dossiers-resolved", "channel:postal", json!({"value": 1})),
        figure("printing-establishments", "", json!({"value": 10})),
        figure("printing-establishments", "licensed:yes", json!({"value": 11})),
    ];

    let recorded = department.submit(&batch("2024-05", &rows)).await;

    assert_eq!(recorded["counts"]["created"], rows.len());
    assert_eq!(warned(&recorded), vec![""; rows.len()], "nor is a part alone, of those that would be complete");
}

async fn who_insists_on_any_of_the_rows_is_warned_once(app: TestApp) {
    let department = app.department().await;

    for insisting in 0..3 {
        let period = format!("2024-0{}", insisting + 1);
        let mut body = batch(&period, &phones());
        body["observations"][insisting]["force"] = json!(true);
        assert_eq!(
            department.post("/v1/submissions", &body).await.fault(422),
            ("reason_missing".into(), format!("/observations/{insisting}/reason")),
            "who insists says why"
        );
        body["observations"][insisting]["reason"] = json!("số liệu theo báo cáo");
        let recorded = department.submit(&body).await;

        let warnings: Vec<(usize, &Value)> = warnings(&recorded).filter(|(_, warning)| warning["code"] == "parts_disagree").collect();
        assert_eq!(warnings.len(), 1, "{recorded}");
        assert_eq!(warnings[0].0, insisting, "the row that insists is warned");
        let message = warnings[0].1["message"].as_str().unwrap();
        for said in ["11754", "1918606", "1930360", "1930000"] {
            assert!(message.contains(said), "{said} in {message}");
        }
        let again = department.get(&format!("/v1/submissions/{}", recorded["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(again["rows"], recorded["rows"]);
    }
    assert_eq!(
        on_record(&app, "phone-subscribers").await,
        "2024-01=1930000 2024-02=1930000 2024-03=1930000 line_type:fixed 2024-01=11754 2024-02=11754 2024-03=11754 \
         line_type:mobile 2024-01=1918606 2024-02=1918606 2024-03=1918606"
    );
}

async fn a_forced_mismatch_sent_again_is_unchanged_and_excuses_no_other_one(app: TestApp) {
    let department = app.department().await;
    let mut insisted = batch("2024-05", &phones());
    insisted["observations"][0]["force"] = json!(true);
    insisted["observations"][0]["reason"] = json!("số liệu theo báo cáo");
    department.submit(&insisted).await;

    let again = department.submit(&batch("2024-05", &phones())).await;
    let one_row = department.submit(&batch("2024-05", &phones()[1..2])).await;
    let another_part = figure("phone-subscribers", FIXED, json!({"value": 11755}));
    let another_mismatch = department.post("/v1/submissions", &batch("2024-05", &[another_part])).await;
    let agreeing = department.submit(&batch("2024-05", &[figure("phone-subscribers", "", json!({"value": 1_930_360}))])).await;

    assert_eq!(again["counts"], json!({"created": 0, "updated": 0, "unchanged": 3, "rejected": 0}));
    assert_eq!(one_row["counts"]["unchanged"], 1);
    let message = only_mismatch(&another_mismatch);
    assert!(message.contains("11755") && message.contains("1930361"), "{message}");
    assert_eq!((&agreeing["counts"]["updated"], warned(&agreeing)), (&json!(1), vec![String::new()]));
}

async fn a_part_is_not_revised_away_from_its_total(app: TestApp) {
    let department = app.department().await;
    let said = |total: i64, fixed: i64, mobile: i64| {
        let row = |part: &str, value: i64| figure("phone-subscribers", part, json!({"value": value}));
        [row("", total), row(FIXED, fixed), row(MOBILE, mobile)]
    };
    department.submit(&batch("2024-05", &said(1_930_360, 11754, 1_918_606))).await;
    let revised = said(1_930_460, 11854, 1_918_606);

    let part_alone = department.post("/v1/submissions", &batch("2024-05", &revised[1..2])).await;
    let total_alone = department.post("/v1/submissions", &batch("2024-05", &revised[..1])).await;
    let before = on_record(&app, "phone-subscribers").await;
    let together = department.submit(&batch("2024-05", &revised[..2])).await;
    let shifted = department.submit(&batch("2024-05", &said(1_930_460, 11000, 1_919_460)[1..])).await;

    let message = only_mismatch(&part_alone);
    assert!(message.contains("11854") && message.contains("1918606") && message.contains("1930460"), "{message}");
    assert!(message.contains("the total 1930360"), "{message}");
    assert!(only_mismatch(&total_alone).contains("the total 1930460"));
    assert_eq!(before, "2024-05=1930360 line_type:fixed 2024-05=11754 line_type:mobile 2024-05=1918606");
    assert_eq!((&together["counts"]["updated"], warned(&together)), (&json!(2), vec![String::new(); 2]));
    assert_eq!((&shifted["counts"]["updated"], warned(&shifted)), (&json!(2), vec![String::new(); 2]));
}

async fn parts_of_other_days_are_no_parts_of_a_total(app: TestApp) {
    let department = app.department().await;
    let send = async |calendar: &str, period: &str, rows: &[Value]| {
        let mut body = batch(period, rows);
        body["calendar"] = json!(calendar);
        body["acknowledge"] = json!(["disagreement"]);
        department.post("/v1/submissions", &body).await
    };
    let [total, fixed, mobile] = phones();

    send("civil", "2024-05", std::slice::from_ref(&total)).await.expect(201);
    send("nd09", "2024-05", &[fixed.clone(), mobile.clone()]).await.expect(201);
    send("civil", "2024-06", &[fixed.clone(), mobile.clone()]).await.expect(201);
    send("civil", "2024-H1", std::slice::from_ref(&total)).await.expect(201);
    only_mismatch(&send("nd09", "2024-05", std::slice::from_ref(&total)).await);
    only_mismatch(&send("civil", "2024-06-YTD", &[fixed.clone(), mobile.clone()]).await);
    only_mismatch(&send("civil", "2024-05-10/2024-07-20", &[mobile.clone(), total, fixed]).await);

    let total = figure("phone-subscribers", "", json!({"value": 1_930_360}));
    send("nd09", "2024-05", &[total]).await.expect(201);
    let elsewhere = json!({"province": "91", "period": "2024-05", "observations": [mobile]});
    department.submit(&elsewhere).await;
}

async fn a_withdrawn_or_nil_part_leaves_nothing_to_hold_against_the_total(app: TestApp) {
    let department = app.department().await;
    for (period, gone) in [("2024-04", "withdraw"), ("2024-05", "nil")] {
        let mut right = phones();
        right[0]["value"] = json!(1_930_360);
        department.submit(&batch(period, &right)).await;
        let mut row = figure("phone-subscribers", MOBILE, json!({"reason": "nhầm dòng"}));
        row[gone] = json!(true);
        department.submit(&batch(period, &[row])).await;

        let another_total = figure("phone-subscribers", "", json!({"value": 1_930_000}));
        let recorded = department.submit(&batch(period, &[another_total])).await;
        let mut part = phones()[2].clone();
        part["reason"] = json!("đúng dòng");
        let mut again = batch(period, &[part]);
        again["acknowledge"] = json!(["reverts"]);
        let back = department.post("/v1/submissions", &again).await;

        assert_eq!((&recorded["rows"][0]["outcome"], warned(&recorded)), (&json!("updated"), vec![String::new()]), "{gone}");
        only_mismatch(&back);
    }
    let mut mobile = phones()[2].clone();
    mobile["reason"] = json!("đúng dòng");
    let both = [figure("phone-subscribers", FIXED, json!({"withdraw": true, "reason": "nhầm"})), mobile];
    department.submit(&batch("2024-04", &both)).await;
}

async fn totals_by_two_dimensions_are_both_held_against_their_parts(app: TestApp) {
    let department = with_two_dimensions(&app).await;
    for (rows, broken, why) in [
        ("=100 a:x=40 a:y=60 b:p=30 b:q=70", &[][..], "both make the total"),
        ("=100 a:x=40 a:y=60 b:p=30 b:q=71", &["b:p 30 + b:q 71 make 101, not the total 100"], "the second does not"),
        ("=100 a:x=41 a:y=60 b:p=30 b:q=70", &["a:x 41 + a:y 60 make 101, not the total 100"], "the first does not"),
        (
            "b:q=72 a:y=61 =100 b:p=30 a:x=40",
            &["a:x 40 + a:y 61 make 101, not the total 100", "b:p 30 + b:q 72 make 102, not the total 100"],
            "neither does",
        ),
        ("a:x=40 a:y=60 b:p=30 b:q=71", &[], "no total is reported"),
        ("a:x=40 a:x,b:p=15 a:x,b:q=25", &[], "a part is the total of its own parts"),
        ("a:x=40 a:x,b:p=15 a:x,b:q=24", &["a:x,b:p 15 + a:x,b:q 24 make 39, not the total 40"], "which do not make it"),
        ("b:p=40 a:x,b:p=15 a:y,b:p=24", &["a:x,b:p 15 + a:y,b:p 24 make 39, not the total 40"], "nor by the other dimension"),
        ("=40 a:x,b:p=15 a:y,b:p=24", &[], "parts of a part make no total"),
    ] {
        let answer = department.post("/v1/submissions?dry_run=true", &batch("2024-05", &lines(rows))).await;

        if broken.is_empty() {
            assert_eq!(answer.status, 200, "{why}: {}", answer.text());
        } else {
            let said = messages(&answer);
            assert_eq!(said.len(), broken.len(), "{why}: {said:?}");
            assert!(broken.iter().all(|expected| said.iter().any(|message| message.contains(expected))), "{why}: {said:?}");
            assert!(answer.faults(422).iter().all(|(code, _)| code == "parts_disagree"), "{why}");
        }
    }
}

async fn what_two_dimensions_make_is_always_told_by_the_first(app: TestApp) {
    let department = with_two_dimensions(&app).await;
    for (period, rows, part, value, text) in [
        ("2024-01", "a:x=40 a:y=60 b:p=30 b:q=71", "", json!(100), "a:x + a:y"),
        ("2024-02", "b:q=71 b:p=30 a:y=60 a:x=40", "", json!(100), "a:x + a:y"),
        ("2024-03", "b:q=71 a:x=40 b:p=30", "", json!(101), "b:p + b:q"),
        ("2024-04", "=100 a:x=40 b:p=30", "a:y", json!(60), "total − a:x"),
        ("2024-05", "=100 a:x=40 b:p=30", "b:q", json!(70), "total − b:p"),
        ("2024-06", "a:x=40 a:x,b:p=15", "a:x,b:q", json!(25), "a:x − a:x,b:p"),
        ("2024-07", "a:x=40 a:x,b:p=15 b:q=70 a:y,b:q=44", "a:x,b:q", json!(26), "b:q − a:y,b:q"),
        ("2024-08", "b:q=70 a:y,b:q=44", "a:x,b:q", json!(26), "b:q − a:y,b:q"),
        ("2024-09", "b:q=70 b:p=44", "b:p", json!(44), ""),
    ] {
        department.submit(&batch(period, &lines(rows))).await;
        let path = format!("/v1/comparisons?province=24&period={period}&indicator=lines-leased&breakdown={part}");
        let first = app.anyone().get(&path).await;

        let current = first.expect(200)["items"][0]["current"].clone();
        assert_eq!(current["value"], value, "{rows}: {part}");
        assert_eq!(current["derivation"]["text"].as_str().unwrap_or_default(), text, "{rows}: {part}");
        for _ in 0..5 {
            assert_eq!(app.anyone().get(&path).await.text(), first.text(), "{rows}: {part}, asked again");
        }
    }
}

async fn every_broken_total_of_a_batch_is_named_with_its_other_faults(app: TestApp) {
    let department = app.department().await;
    department.submit(&batch("2024-05", &[figure("fines-total", "", json!({"value": 50}))])).await;
    let mut rows = phones().to_vec();
    rows.push(figure("fines-total", "", json!({"value": 40, "status": "E"})));
    for (part, value) in [("sector:telecom", 131), ("", 235), ("sector:post", 100)] {
        rows.push(figure("post-telecom-revenue", part, json!({"value": value})));
    }
    for mut row in phones() {
        row["period"] = json!("2024-04");
        rows.push(row);
    }
    rows.push(figure("bts-sites", "", json!({"value": 1596})));

    let refused = department.post("/v1/submissions", &batch("2024-05", &rows)).await;

    let faults = refused.faults(422);
    let codes: Vec<&str> = faults.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes.iter().filter(|code| **code == "parts_disagree").count(), 3, "{faults:?}");
    assert!(faults.contains(&("lower_status".into(), "/observations/3/status".into())), "{faults:?}");
    assert_eq!(faults.len(), 4);
    let said = messages(&refused);
    for expected in ["the total 1930000 of 2024-05", "the total 1930000 of 2024-04", "make 231, not the total 235 of 2024-05"] {
        assert_eq!(said.iter().filter(|message| message.contains(expected)).count(), 1, "{expected}: {said:?}");
    }
    for (indicator, stored) in [("phone-subscribers", ""), ("post-telecom-revenue", ""), ("bts-sites", ""), ("fines-total", "2024-05=50")] {
        assert_eq!(on_record(&app, indicator).await, stored, "{indicator}");
    }
}

async fn two_hundred_pairs_of_parts_make_their_totals_and_each_other(app: TestApp) {
    let department = app.department().await;
    let mut dice = Dice(20_240_531);
    let months: Vec<String> = (0..100).map(|n| format!("{}-{:02}", 2015 + n / 12, n % 12 + 1)).collect();

    for province in ["bac-giang-1997", "kien-giang-1997"] {
        let pairs: Vec<(&String, u64, u64)> = months.iter().map(|month| (month, dice.roll(50_000), dice.roll(3_000_000))).collect();
        let row = |indicator: &str, part: &str, month: &str, value: u64| figure(indicator, part, json!({"value": value, "period": month}));
        let all = |rows: Vec<Value>| json!({"province": province, "observations": rows});
        let both = pairs.iter().flat_map(|(month, fixed, mobile)| {
            [row("phone-subscribers", FIXED, month, *fixed), row("phone-subscribers", MOBILE, month, *mobile)]
        });
        let one_and_total = pairs.iter().flat_map(|(month, fixed, mobile)| {
            let (part, value) = if dice.roll(2) == 0 { (FIXED, *fixed) } else { (MOBILE, *mobile) };
            [row("internet-subscribers", "", month, fixed + mobile), row("internet-subscribers", part, month, value)]
        });
        department.submit(&all(both.chain(one_and_total).collect())).await;
        let off_by_one = pairs.iter().map(|(month, fixed, mobile)| {
            let total = fixed + mobile;
            row("phone-subscribers", "", month, if total > 0 && dice.roll(2) == 0 { total - 1 } else { total + 1 })
        });
        let off_by_one: Vec<Value> = off_by_one.collect();
        let mut body = all(off_by_one.clone());
        body["acknowledge"] = json!(["outlier", "yoy_jump"]);
        let refused = department.post("/v1/submissions", &body).await;

        let places: BTreeSet<(String, String)> = refused.faults(422).into_iter().collect();
        let expected = (0..100).map(|n| ("parts_disagree".to_owned(), format!("/observations/{n}")));
        assert_eq!(places, expected.collect());
        for ((message, (month, fixed, mobile)), sent) in messages(&refused).iter().zip(&pairs).zip(&off_by_one) {
            let said = format!("{FIXED} {fixed} + {MOBILE} {mobile} make {}, not the total {} of {month}", fixed + mobile, sent["value"]);
            assert!(message.contains(&said), "{said}: {message}");
        }
        for indicator in ["phone-subscribers", "internet-subscribers"] {
            let path = format!("/v1/series?province={province}&indicator={indicator}&breakdown=*&frequency=M");
            let series = app.anyone().get(&path).await.expect(200);
            let items = series["items"].as_array().unwrap();
            let values = |n: usize, derived: bool| {
                let points = items[n]["observations"].as_array().unwrap().iter();
                points.filter(|point| !derived || point["origin"] == "derived").filter_map(|point| point["value"].as_u64()).collect()
            };
            let expected: [Vec<u64>; 3] = [
                pairs.iter().map(|(_, fixed, mobile)| fixed + mobile).collect(),
                pairs.iter().map(|(_, fixed, _)| *fixed).collect(),
                pairs.iter().map(|(_, _, mobile)| *mobile).collect(),
            ];
            let found: [Vec<u64>; 3] = [values(0, false), values(1, false), values(2, false)];
            assert_eq!(found, expected, "{indicator} of {province}");
            let derived = [0, 1, 2].map(|n| values(n, true).len());
            assert_eq!(derived.iter().sum::<usize>(), 100, "one of each three is formed");
            assert_eq!(derived[0], if indicator == "phone-subscribers" { 100 } else { 0 }, "{derived:?}");
        }
        let right = pairs.iter().map(|(month, fixed, mobile)| row("phone-subscribers", "", month, fixed + mobile));
        let recorded = department.submit(&all(right.collect())).await;
        // Figures of chance are far from those of the year before.
        let about_parts =
            warned(&recorded).into_iter().filter(|codes| !["", "outlier", "yoy_jump", "yoy_jump outlier"].contains(&codes.as_ref()));
        assert_eq!(about_parts.count(), 0);
    }
}

/// Every order of three rows.
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// A total of 1930000 and the parts 11754 and 1918606, which make 1930360.
fn phones() -> [Value; 3] {
    [("", 1_930_000), (FIXED, 11754), (MOBILE, 1_918_606)].map(|(part, value)| figure("phone-subscribers", part, json!({"value": value})))
}

/// A row about a part such as `line_type:fixed`; the empty text is the total.
fn figure(indicator: &str, part: &str, mut says: Value) -> Value {
    says["indicator"] = json!(indicator);
    says["breakdown"] = part.split(',').filter_map(|pair| pair.split_once(':')).collect();
    says
}

/// Rows about the indicator with two complete dimensions, as a table writes them.
fn lines(rows: &str) -> Vec<Value> {
    let row = |row: &str| {
        let (part, value) = row.split_once('=').unwrap();
        figure("lines-leased", part, json!({"value": value.parse::<u32>().unwrap()}))
    };
    rows.split(' ').map(row).collect()
}

fn batch(period: &str, rows: &[Value]) -> Value {
    json!({"province": "24", "period": period, "observations": rows})
}

/// A department, and an indicator with the complete dimensions `a` (x, y) and `b` (p, q).
async fn with_two_dimensions(app: &TestApp) -> crate::support::User {
    let user = app.client(&[Scope::Submit, Scope::Catalogue]).await;
    let dimension = |values: [&str; 2]| json!({"values": values, "complete": true});
    let definition = json!({"name": "Đường truyền", "name_en": "Lines", "definition": "Số đường truyền cho thuê.", "field": "it",
        "unit": "line", "measure": "flow", "time_aggregation": "sum", "area_aggregation": "sum", "direction": "neutral", "decimals": 0,
        "min": 0, "frequency": "M", "breakdowns": {"a": dimension(["x", "y"]), "b": dimension(["p", "q"])}});
    user.put("/v1/indicators/lines-leased", &definition).await.expect(201);
    user
}

/// The message of the only fault, which is that parts do not make their total.
#[track_caller]
fn only_mismatch(answer: &Answer) -> String {
    assert_eq!(answer.fault(422).0, "parts_disagree");
    messages(answer).remove(0)
}

fn messages(answer: &Answer) -> Vec<String> {
    answer.json()["errors"].as_array().unwrap().iter().map(|error| error["message"].as_str().unwrap().to_owned()).collect()
}

/// The warnings of a submission, each with the position of its row.
fn warnings(submission: &Value) -> impl Iterator<Item = (usize, &Value)> {
    let rows = submission["rows"].as_array().unwrap().iter().enumerate();
    rows.flat_map(|(n, row)| row["warnings"].as_array().unwrap().iter().map(move |warning| (n, warning)))
}

/// The codes of the warnings of each row.
fn warned(submission: &Value) -> Vec<String> {
    let rows = submission["rows"].as_array().unwrap().iter();
    let codes =
        |row: &Value| row["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    rows.map(|row| codes(row).join(" ")).collect()
}

/// What is on record in Bắc Giang, total and parts, as one line.
async fn on_record(app: &TestApp, indicator: &str) -> String {
    let path = format!("/v1/series?province=bac-giang-1997&indicator={indicator}&breakdown=*");
    let series = app.anyone().get(&path).await.expect(200);
    let mut words = Vec::new();
    for item in series["items"].as_array().unwrap() {
        words.extend(item["breakdown"].as_object().unwrap().iter().map(|(name, member)| format!("{name}:{}", member.as_str().unwrap())));
        let points = item["observations"].as_array().unwrap().iter();
        words.extend(points.map(|point| format!("{}={}", point["period"].as_str().unwrap(), point["value"])));
    }
    words.join(" ")
}
