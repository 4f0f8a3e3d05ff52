//! Rankings: all provinces of a time by one indicator, each with its place and what is beside it. How the figure of the country is
//! formed lives in areas.rs.

use std::collections::BTreeSet;

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::worked::{define, figure, numbers, row, statistician, verdict};
use crate::support::{TestApp, User, on_both};

on_both! {
    places_worked_by_hand,
    the_provinces_are_those_there_were_at_the_end_of_the_period,
    a_code_that_was_reused_ranks_whoever_had_it_then,
    what_has_no_figure_is_listed_apart_with_its_reason,
    each_figure_stands_beside_last_years,
    each_figure_stands_beside_its_target_or_that_of_every_province,
    a_province_goes_on_under_its_new_name,
    the_first_and_the_last_come_with_those_that_share_their_place,
    a_part_is_ranked_by_itself,
    figures_of_the_two_calendars_are_never_ranked_together,
    what_no_report_has_is_formed_and_ranked,
    a_year_that_still_runs_is_not_cut_short,
    a_ranking_is_served_as_it_was,
    what_reasons_mean_is_told_in_the_language_asked_for,
    an_internal_indicator_is_unknown_to_those_who_may_not_read_it,
    what_cannot_be_read_is_named_with_its_code_and_parameter,
    every_fault_of_a_request_is_named_at_once,
    an_answer_that_is_known_is_not_sent_again,
}

/// Flow of amounts in tỷ, higher is better.
pub const REVENUE: &str = "post-telecom-revenue";
/// Flow of amounts in triệu, of which neither more nor less is better.
pub const FINES: &str = "fines-total";
/// Flow of whole things, lower is better.
pub const INCIDENTS: &str = "infosec-incidents";
/// Rate that stands at a moment, of numerators and denominators.
pub const FIBRE: &str = "village-fibre-coverage-rate";

async fn places_worked_by_hand(app: TestApp) {
    // indicator, figures of four provinces, places and provinces in the order of the answer, order, why
    #[rustfmt::skip]
    let lines = [
        (REVENUE,   ["10", "40", "30", "20"],       "1 b, 2 c, 3 d, 4 a",       "the highest first"),
        (INCIDENTS, ["10", "40", "30", "20"],       "1 a, 2 d, 3 c, 4 b",       "the lowest first, where lower is better"),
        (FINES,     ["10", "40", "30", "20"],       "1 b, 2 c, 3 d, 4 a",       "the highest first, without being better"),
        (REVENUE,   ["20", "10", "30", "20"],       "1 c, 2 a, 2 d, 4 b",       "two share a place, and the next comes after both"),
        (INCIDENTS, ["20", "10", "30", "20"],       "1 b, 2 a, 2 d, 4 c",       "so they do from the other end"),
        (REVENUE,   ["20", "20.0", "9.9", "20"],    "1 a, 1 b, 1 d, 4 c",       "the same number however it is printed"),
        (REVENUE,   ["9", "10", "100", "99.9"],     "1 c, 2 d, 3 b, 4 a",       "numbers, not texts"),
        (INCIDENTS, ["0", "1", "0", "3"],           "1 a, 1 c, 3 b, 4 d",       "zero is a figure, and here the best"),
        (REVENUE,   ["0", "1", "0", "3"],           "1 d, 2 b, 3 a, 3 c",       "and there the last"),
        (REVENUE,   ["20 E", "10 P", "30 E", "15"], "1 c, 2 a, 3 d, 4 b",       "estimates have their places too"),
        (REVENUE,   [">30", "20", "10", "30"],      "1 a, 2 d, 3 b, 4 c",       "above 30 is above 30"),
        (REVENUE,   [">15", "20", "10", "5"],       "1-2 a, 1-2 b, 3 c, 4 d",   "above 10 for certain, and of 20 there is no telling"),
        (REVENUE,   [">=20", "20", "10", "5"],      "1 a, 1-2 b, 3 c, 4 d",     "20 or above is never behind 20"),
        (REVENUE,   ["<20", "20", "10", "5"],       "1 b, 2-3 c, 2-4 a, 3-4 d", "behind 20 for certain, and of the others who knows"),
        (INCIDENTS, ["<5", "4", "6", "9"],          "1-2 a, 1-2 b, 3 c, 4 d",   "before 6 for certain, and of 4 there is no telling"),
        (REVENUE,   ["20-30", "25", "31", "10"],    "1 c, 2-3 a, 2-3 b, 4 d",   "within a range and beyond its end"),
        (REVENUE,   ["20-23", "20-23", "23", "19"], "1 c, 1-3 a, 1-3 b, 4 d",   "a range is no number that could be shared"),
        (REVENUE,   ["~25", "20", "30", "25"],      "1 c, 2 a, 2 d, 4 b",       "about 25 counts as 25"),
        (REVENUE,   [">10", ">20", "5", "5"],       "1-2 a, 1-2 b, 3 c, 3 d",   "of two bounds there is no telling"),
    ];
    let department = app.department().await;
    let month = |line: usize| format!("20{:02}-{:02}", 20 + line / 12, line % 12 + 1);
    for (n, province) in FOUR.iter().enumerate() {
        let rows = lines.iter().enumerate().map(|(line, (indicator, figures, ..))| row(indicator, figures[n], &month(line)));
        say(&department, province, rows.collect()).await;
    }

    for (line, (indicator, figures, places, why)) in lines.into_iter().enumerate() {
        let table = ranking(&app, &format!("indicator={indicator}&period={}", month(line))).await;

        let place = |(place, key): (String, &str)| {
            let letter = char::from(b'a' + u8::try_from(FOUR.iter().position(|of| *of == key).unwrap()).unwrap());
            format!("{place} {letter}")
        };
        let found: Vec<String> = items(&table).iter().map(|item| place((place_of(item), key(item)))).collect();
        assert_eq!(found.join(", "), places, "{figures:?}: {why}");
        let order = if indicator == INCIDENTS { "ascending" } else { "descending" };
        assert_eq!(table["order"], order, "{indicator}");
        for item in items(&table) {
            let sent = figures[FOUR.iter().position(|of| *of == key(item)).unwrap()];
            assert_eq!(figure(&item["current"]), sent.replace('-', ".."), "{why}");
        }
    }
}

async fn the_provinces_are_those_there_were_at_the_end_of_the_period(app: TestApp) {
    let department = app.department().await;
    for (calendar, periods) in [("civil", &["2024-12", "2025-06", "2025-08", "2025", "2026-06"][..]), ("nd09", &["2025-07"])] {
        for (province, figure) in [("VN", "9000"), ("cao-bang-1997", "9")] {
            let rows: Vec<Value> = periods.iter().map(|period| row(REVENUE, figure, period)).collect();
            department.submit(&json!({"province": province, "calendar": calendar, "observations": rows})).await;
        }
    }

    for (query, day, count, there, gone, why) in [
        ("2024-12", "2024-12-31", 63, "thua-thien-hue-1997", "hue-2025", "before Huế"),
        ("2025-06", "2025-06-30", 63, "hue-2025", "thua-thien-hue-1997", "the last month of the 63"),
        ("2025-08", "2025-08-31", 34, "bac-ninh-2025", "bac-giang-1997", "the 34"),
        ("2025", "2025-12-31", 34, "an-giang-2025", "kien-giang-1997", "those at the end of a year that began with others"),
        ("2025-07&calendar=nd09", "2025-07-14", 34, "bac-ninh-2025", "bac-ninh-1997", "15 June to 14 July"),
        ("2026-06", "2026-06-30", 34, "dong-nai-2026", "dong-nai-2025", "a province that became a city"),
    ] {
        let table = ranking(&app, &format!("indicator={REVENUE}&period={query}")).await;

        let ranked: Vec<&str> = items(&table).iter().map(key).collect();
        let missing: Vec<&str> = list(&table["missing"]).iter().map(key).collect();
        assert_eq!(ranked, ["cao-bang-1997"], "{why}: the country is not among its provinces");
        let all: BTreeSet<&str> = ranked.iter().chain(&missing).copied().collect();
        let units = units_on(&app, day).await;
        assert_eq!(all, units.iter().map(String::as_str).collect(), "{why}");
        assert_eq!((all.len(), missing.len()), (count, count - 1), "{why}: ranked or missing, never both");
        assert!(all.contains(there) && !all.contains(gone), "{why}: {all:?}");
        assert_eq!(table["coverage"], json!({"have": 1, "need": count}), "{why}");
        assert!(list(&table["missing"]).iter().all(|missing| missing["reasons"] == json!(["current_missing"])), "{why}");
    }
}

async fn a_code_that_was_reused_ranks_whoever_had_it_then(app: TestApp) {
    let department = app.department().await;
    for period in ["2025-06", "2025-07"] {
        say(&department, "24", vec![row(FINES, "5", period)]).await;
    }

    for (period, key, name, valid) in [
        ("2025-06", "bac-giang-1997", "Bắc Giang", json!(["1997-01-01", "2025-06-30"])),
        ("2025-07", "bac-ninh-2025", "Bắc Ninh", json!(["2025-07-01", null])),
    ] {
        let table = ranking(&app, &format!("indicator={FINES}&period={period}")).await;

        let province = &items(&table)[0]["province"];
        assert_eq!((&province["key"], &province["code"], &province["name"]), (&json!(key), &json!("24"), &json!(name)));
        assert_eq!(json!([province["valid_from"], province["valid_to"]]), valid, "{period}");
    }
}

async fn what_has_no_figure_is_listed_apart_with_its_reason(app: TestApp) {
    let department = app.department().await;
    let withdrawal = json!({"indicator": FINES, "period": "2024-H1", "withdraw": true, "reason": "nhầm"});
    let five_months = (1..=5).map(|month| row(FINES, "10", &format!("2024-{month:02}"))).collect();
    say(&department, "bac-giang-1997", vec![row(FINES, "0", "2024-H1")]).await;
    say(&department, "bac-ninh-1997", vec![row(FINES, "nil", "2024-H1")]).await;
    say(&department, "cao-bang-1997", vec![row(FINES, "70", "2024-H1")]).await;
    say(&department, "cao-bang-1997", vec![withdrawal]).await;
    say(&department, "ha-noi-2008", five_months).await;
    let administrative = json!({"province": "ha-tinh-1997", "calendar": "nd09", "observations": [row(FINES, "60", "2024-H1")]});
    department.submit(&administrative).await;
    say(&department, "lai-chau-2004", vec![row(FINES, ">20", "2024-Q1"), row(FINES, "<30", "2024-Q2")]).await;
    say(&department, "lang-son-1997", vec![row(FINES, "100", "2024-04-YTD"), row(FINES, "120", "2024-04")]).await;

    let half_year = ranking(&app, &format!("indicator={FINES}&period=2024-H1")).await;
    let quarter = ranking(&app, &format!("indicator={FINES}&period=2024-03-YTD")).await;

    assert_eq!(lines(&half_year), ["1 bac-giang-1997 0"], "zero is a figure, and nobody else has one");
    assert_eq!(half_year["coverage"], json!({"have": 1, "need": 63}));
    for (table, province, reason, why) in [
        (&half_year, "bac-ninh-1997", "nil_declared", "there is nothing to report, which is not zero"),
        (&half_year, "cao-bang-1997", "current_missing", "it was withdrawn"),
        (&half_year, "ha-noi-2008", "low_coverage", "five of six months"),
        (&half_year, "ha-tinh-1997", "calendar_mismatch", "other days under the same name"),
        (&half_year, "lai-chau-2004", "qualifier_inexact", "bounds that pull apart make no sum"),
        (&half_year, "son-la-1997", "current_missing", "nobody said anything"),
        (&quarter, "lang-son-1997", "parts_contradict", "more in a month than until its end"),
    ] {
        let found = list(&table["missing"]).iter().find(|missing| key(missing) == province).unwrap();
        let why_missing = [reason].into_iter().filter(|reason| *reason != "current_missing");
        assert_eq!(found["reasons"], json!(["current_missing"].into_iter().chain(why_missing).collect::<Vec<_>>()), "{province}: {why}");
    }
    assert_eq!((&half_year["reasons"], figure(&half_year["national"]["current"])), (&json!(["low_coverage"]), String::new()));
}

async fn each_figure_stands_beside_last_years(app: TestApp) {
    let department = app.department().await;
    for (province, last_year, now) in [
        ("bac-giang-1997", Some("30"), "45"),
        ("bac-ninh-1997", Some("50"), "40"),
        ("cao-bang-1997", None, "35"),
        ("ha-noi-2008", Some("40 E"), "30"),
        ("ha-tinh-1997", Some("20"), ">25"),
    ] {
        let rows = last_year.map(|figure| row(REVENUE, figure, "2023-H1")).into_iter().chain([row(REVENUE, now, "2024-H1")]);
        say(&department, province, rows.collect()).await;
    }

    let table = ranking(&app, &format!("indicator={REVENUE}&period=2024-H1")).await;

    let beside = |item: &Value| {
        let against = &item["same_period_last_year"];
        let [change, change_pct, index_pct, points] = numbers(against);
        assert_eq!(points, "", "points are for rates");
        format!("{} [{}] {change} {change_pct} {index_pct} {}", key(item), figure(&against["baseline"]), verdict(against))
    };
    assert_eq!(
        items(&table).iter().map(beside).collect::<Vec<_>>(),
        [
            "bac-giang-1997 [30] 15 50 150 yes",
            "ha-tinh-1997 [20] >5 >25 >125 limited qualifier_inexact",
            "bac-ninh-1997 [50] -10 -20 80 yes",
            "cao-bang-1997 []    no base_missing",
            "ha-noi-2008 [40 E] -10 -25 75 limited status_mismatch",
        ]
    );
    assert_eq!(items(&table)[0]["same_period_last_year"]["baseline"]["period"], "2023-H1");
}

async fn each_figure_stands_beside_its_target_or_that_of_every_province(app: TestApp) {
    let department = app.department().await;
    for (province, fibre) in [("bac-giang-1997", "80"), ("bac-ninh-1997", "85"), ("cao-bang-1997", "40")] {
        say(&department, province, vec![row(FIBRE, fibre, "2024"), row(FINES, "10", "2024")]).await;
    }
    let own = json!([{"indicator": FIBRE, "period": "2024", "value": 90}]);
    let of_country = json!([
        {"indicator": FIBRE, "period": "2024", "value": 80, "each_province": true},
        {"indicator": FINES, "period": "2024", "value": 1000},
    ]);
    for (province, targets) in [("bac-giang-1997", own), ("VN", of_country)] {
        department.put("/v1/targets", &json!({"province": province, "targets": targets})).await.expect(200);
    }

    let fibre = ranking(&app, &format!("indicator={FIBRE}&period=2024")).await;
    let fines = ranking(&app, &format!("indicator={FINES}&period=2024")).await;

    let beside = |item: &Value| {
        let target = &item["target"];
        format!("{} {} {} {}", key(item), text(&target["province"]), target["value"], target["gap"])
    };
    assert_eq!(
        items(&fibre).iter().map(beside).collect::<Vec<_>>(),
        ["bac-ninh-1997 VN 80 -5", "bac-giang-1997 bac-giang-1997 90 10", "cao-bang-1997 VN 80 40"],
        "its own comes before the country's"
    );
    assert!(items(&fines).iter().all(|item| item["target"].is_null()), "the sum of the country is no target of a province");
}

async fn a_province_goes_on_under_its_new_name(app: TestApp) {
    let department = app.department().await;
    say(&department, "thua-thien-hue-1997", vec![row(REVENUE, "20", "2024-03")]).await;
    say(&department, "hue-2025", vec![row(REVENUE, "30", "2025-03")]).await;

    let table = ranking(&app, &format!("indicator={REVENUE}&period=2025-03")).await;

    assert_eq!(lines(&table), ["1 hue-2025 30"]);
    let against = &items(&table)[0]["same_period_last_year"];
    assert_eq!((&against["index_pct"], verdict(against)), (&json!(150), "yes".into()), "its territory is the same");
}

async fn the_first_and_the_last_come_with_those_that_share_their_place(app: TestApp) {
    let department = app.department().await;
    let six = ["bac-giang-1997", "bac-ninh-1997", "cao-bang-1997", "ha-noi-2008", "ha-tinh-1997", "son-la-1997"];
    for (province, (revenue, fines)) in six.iter().zip([("50", ">15"), ("40", "20"), ("40", "10"), ("30", "9"), ("20", "8"), ("20", "<12")])
    {
        say(&department, province, vec![row(REVENUE, revenue, "2024-05"), row(FINES, fines, "2024-05")]).await;
    }

    for (query, found, why) in [
        ("", "1a 2b 2c 4d 5e 5f", "all"),
        ("&top=1", "1a", "the first"),
        ("&top=2", "1a 2b 2c", "two share the second place"),
        ("&top=3", "1a 2b 2c", "nobody is third"),
        ("&top=4", "1a 2b 2c 4d", "the fourth"),
        ("&bottom=1", "5e 5f", "two share the last place"),
        ("&bottom=2", "5e 5f", "they are the last two"),
        ("&bottom=3", "4d 5e 5f", "and the one before"),
        ("&top=1&bottom=1", "1a 5e 5f", "both ends"),
        ("&top=4&bottom=4", "1a 2b 2c 4d 5e 5f", "ends that overlap, each once"),
        ("&top=100", "1a 2b 2c 4d 5e 5f", "more than there are"),
        ("&bottom=100", "1a 2b 2c 4d 5e 5f", "more than there are, from the end"),
    ] {
        let table = ranking(&app, &format!("indicator={REVENUE}&period=2024-05{query}")).await;

        let letter = |item: &Value| char::from(b'a' + u8::try_from(six.iter().position(|of| *of == key(item)).unwrap()).unwrap());
        let listed: Vec<String> = items(&table).iter().map(|item| format!("{}{}", place_of(item), letter(item))).collect();
        assert_eq!(listed.join(" "), found, "{query}: {why}");
        assert_eq!((&table["coverage"]["have"], list(&table["missing"]).len()), (&json!(6), 57), "{query}: of all, whatever is listed");
    }
    for (query, found, why) in [
        ("top=1", ["bac-giang-1997", "bac-ninh-1997"], "each may be the first"),
        ("bottom=1", ["son-la-1997", "ha-tinh-1997"], "each may be the last"),
    ] {
        let table = ranking(&app, &format!("indicator={FINES}&period=2024-05&{query}")).await;
        assert_eq!(items(&table).iter().map(key).collect::<Vec<_>>(), found, "{query}: {why}");
    }
}

async fn a_part_is_ranked_by_itself(app: TestApp) {
    let department = app.department().await;
    let of = |part: &str, figure: &str| {
        let mut row = row(REVENUE, figure, "2024-05");
        row["breakdown"] = if part.is_empty() { json!({}) } else { json!({"sector": part}) };
        row
    };
    say(&department, "bac-giang-1997", vec![of("", "100"), of("telecom", "60")]).await;
    say(&department, "bac-ninh-1997", vec![of("", "200"), of("post", "30")]).await;
    say(&department, "cao-bang-1997", vec![of("", "300")]).await;

    let post = ranking(&app, &format!("indicator={REVENUE}&period=2024-05&breakdown=sector:post")).await;
    let total = ranking(&app, &format!("indicator={REVENUE}&period=2024-05")).await;

    assert_eq!(lines(&post), ["1 bac-giang-1997 40", "2 bac-ninh-1997 30"], "what is left of the total ranks too");
    assert_eq!(items(&post)[0]["current"]["derivation"]["text"], "total − sector:telecom");
    assert_eq!(lines(&total), ["1 cao-bang-1997 300", "2 bac-ninh-1997 200", "3 bac-giang-1997 100"]);
    assert_eq!((&post["breakdown"], &total["breakdown"]), (&json!({"sector": "post"}), &json!({})));
}

async fn figures_of_the_two_calendars_are_never_ranked_together(app: TestApp) {
    let department = app.department().await;
    say(&department, "bac-giang-1997", vec![row(REVENUE, "10", "2024-05")]).await;
    department.submit(&json!({"province": "bac-ninh-1997", "calendar": "nd09", "observations": [row(REVENUE, "20", "2024-05")]})).await;

    for (query, ranked, other, days) in [
        ("", "1 bac-giang-1997 10", "bac-ninh-1997", ["2024-05-01", "2024-05-31"]),
        ("&calendar=civil", "1 bac-giang-1997 10", "bac-ninh-1997", ["2024-05-01", "2024-05-31"]),
        ("&calendar=nd09", "1 bac-ninh-1997 20", "bac-giang-1997", ["2024-04-15", "2024-05-14"]),
    ] {
        let table = ranking(&app, &format!("indicator={REVENUE}&period=2024-05{query}")).await;

        assert_eq!(lines(&table), [ranked], "{query}");
        assert_eq!(json!([table["period"]["start"], table["period"]["end"]]), json!(days), "{query}");
        let missing = list(&table["missing"]).iter().find(|missing| key(missing) == other).unwrap();
        assert_eq!(missing["reasons"], json!(["current_missing", "calendar_mismatch"]), "{query}");
    }
}

async fn what_no_report_has_is_formed_and_ranked(app: TestApp) {
    let department = app.department().await;
    say(&department, "bac-giang-1997", vec![row(REVENUE, "1215 E", "2024-05-YTD"), row(REVENUE, "975", "2024-04-YTD")]).await;
    say(&department, "bac-ninh-1997", vec![row(REVENUE, "230", "2024-05")]).await;

    let table = ranking(&app, &format!("indicator={REVENUE}&period=2024-05")).await;

    assert_eq!(lines(&table), ["1 bac-giang-1997 240 E", "2 bac-ninh-1997 230"]);
    let [formed, reported] = [&items(&table)[0]["current"], &items(&table)[1]["current"]];
    assert_eq!((&formed["origin"], &formed["derivation"]["text"]), (&json!("derived"), &json!("2024-05-YTD − 2024-04-YTD")));
    assert_eq!((&reported["origin"], &reported["derivation"]), (&json!("reported"), &Value::Null));
    assert_eq!(table["reasons"], json!(["low_coverage", "status_mismatch"]));
}

async fn a_year_that_still_runs_is_not_cut_short(app: TestApp) {
    let department = app.department().await;
    let months = (1..=10).map(|month| row(REVENUE, "50", &format!("2026-{month:02}"))).collect();
    say(&department, "bac-ninh-2025", months).await;
    say(&department, "cao-bang-1997", vec![row(REVENUE, "70 E", "2026")]).await;

    let table = ranking(&app, &format!("indicator={REVENUE}&period=2026")).await;

    assert_eq!(table["period"], json!({"code": "2026", "calendar": "civil", "start": "2026-01-01", "end": "2026-12-31"}));
    assert_eq!(lines(&table), ["1 cao-bang-1997 70 E"], "ten months are not held against a year");
    let missing = list(&table["missing"]).iter().find(|missing| key(missing) == "bac-ninh-2025").unwrap();
    assert_eq!(missing["reasons"], json!(["current_missing", "low_coverage"]));
    let compared = app.anyone().get(&format!("/v1/comparisons?province=bac-ninh-2025&period=2026&indicator={REVENUE}")).await.expect(200);
    assert_eq!(item(&compared, REVENUE)["period"]["code"], "2026-10-YTD", "where it stands alone it is cut short");
}

async fn a_ranking_is_served_as_it_was(app: TestApp) {
    let department = app.department().await;
    let path = format!("/v1/rankings?indicator={REVENUE}&period=2024-05");
    say(&department, "bac-giang-1997", vec![row(REVENUE, "10", "2024-05")]).await;
    say(&department, "bac-ninh-1997", vec![row(REVENUE, "20", "2024-05")]).await;
    let then = app.anyone().get(&path).await.text();
    app.clock.set("2026-11-21T02:05:00Z");
    say(&department, "bac-giang-1997", vec![row(REVENUE, "30", "2024-05")]).await;
    say(&department, "cao-bang-1997", vec![row(REVENUE, "25", "2024-05")]).await;
    app.clock.set("2026-11-21T02:10:00Z");

    let past = app.anyone().get(&format!("{path}&as_of=2026-11-21T02:04:59Z")).await;
    let present = app.anyone().get(&path).await.expect(200);

    assert_eq!(past.text(), then);
    assert_eq!(lines(&past.expect(200)), ["1 bac-ninh-1997 20", "2 bac-giang-1997 10"]);
    assert_eq!(lines(&present), ["1 bac-giang-1997 30", "2 cao-bang-1997 25", "3 bac-ninh-1997 20"]);
}

async fn what_reasons_mean_is_told_in_the_language_asked_for(app: TestApp) {
    let department = app.department().await;
    say(&department, "bac-giang-1997", vec![row(REVENUE, ">10", "2024-05"), row(REVENUE, "9 E", "2023-05")]).await;
    say(&department, "bac-ninh-1997", vec![row(REVENUE, "nil", "2024-05")]).await;

    for (query, header, languages, why) in [
        ("", "", &["vi", "en"][..], "both"),
        ("&lang=vi", "", &["vi"], "Vietnamese"),
        ("&lang=en", "", &["en"], "English"),
        ("", "vi-VN,en;q=0.5", &["vi"], "what the caller's program prefers"),
        ("&lang=en", "vi", &["en"], "the parameter before the header"),
    ] {
        let path = format!("/v1/rankings?indicator={REVENUE}&period=2024-05{query}");
        let headers = [("accept-language", header)];
        let headers = if header.is_empty() { &headers[..0] } else { &headers };
        let table = app.anyone().send(Method::GET, &path, headers, Vec::new()).await.expect(200);

        let mut said = BTreeSet::new();
        collect_reasons(&table, &mut said);
        assert!(said.contains("nil_declared") && said.contains("status_mismatch"), "{said:?}");
        let told: BTreeSet<String> = list(&table["texts"]).iter().map(|told| text(&told["reason"]).to_owned()).collect();
        assert!(said.is_subset(&told), "{why}: {said:?} in the answer, {told:?} told");
        for told in list(&table["texts"]) {
            let found: Vec<&String> = told["text"].as_object().unwrap().keys().collect();
            assert_eq!(found, languages, "{why}: {told}");
        }
        let nil = list(&table["texts"]).iter().find(|told| told["reason"] == "nil_declared").unwrap();
        if languages.contains(&"vi") {
            assert_eq!(nil["text"]["vi"], "Đơn vị báo cáo là không phát sinh.", "{why}");
        }
    }
}

async fn an_internal_indicator_is_unknown_to_those_who_may_not_read_it(app: TestApp) {
    let statistician = statistician(&app).await;
    let mut definition = define(&statistician, "inner", "flow 0").await;
    definition["access"] = json!("internal");
    app.keeper().await.put("/v1/indicators/inner", &definition).await.expect(200);
    let reader = app.client(&[Scope::Read, Scope::Submit]).await;
    say(&reader, "bac-giang-1997", vec![row("inner", "5", "2024-05")]).await;
    let path = "/v1/rankings?indicator=inner&period=2024-05";

    for user in [app.anyone(), app.client(&[Scope::Targets]).await] {
        assert_eq!(user.get(path).await.fault(400), fault("unknown_indicator", "indicator"));
    }
    assert_eq!(lines(&reader.get(path).await.expect(200)), ["1 bac-giang-1997 5"]);
}

async fn what_cannot_be_read_is_named_with_its_code_and_parameter(app: TestApp) {
    for (query, code, parameter, why) in [
        ("period=2024-05", "missing_parameter", "indicator", "of what?"),
        ("indicator=fines-total", "missing_parameter", "period", "of when?"),
        ("indicator=fines&period=2024-05", "unknown_indicator", "indicator", "no such code"),
        ("indicator=fines-total,bts-sites&period=2024-05", "unknown_indicator", "indicator", "one at a time"),
        ("indicator=fines-total&period=2024-13", "invalid_period", "period", "a thirteenth month"),
        ("indicator=fines-total&period=", "invalid_period", "period", "an empty text"),
        ("indicator=fines-total&period=2024-05,2024-06", "invalid_period", "period", "one at a time"),
        ("indicator=fines-total&period=2024-05&top=0", "invalid_value", "top", "the first none"),
        ("indicator=fines-total&period=2024-05&top=101", "invalid_value", "top", "more than ever were"),
        ("indicator=fines-total&period=2024-05&top=x", "invalid_value", "top", "no number"),
        ("indicator=fines-total&period=2024-05&top=-1", "invalid_value", "top", "less than none"),
        ("indicator=fines-total&period=2024-05&top=1.5", "invalid_value", "top", "half a place"),
        ("indicator=fines-total&period=2024-05&bottom=0", "invalid_value", "bottom", "the last none"),
        ("indicator=fines-total&period=2024-05&bottom=", "invalid_value", "bottom", "an empty text"),
        ("indicator=fines-total&period=2024-05&bottom=99999999999999999999", "invalid_value", "bottom", "beyond any number"),
        ("indicator=fines-total&period=2024-05&breakdown=sector:post", "unknown_breakdown", "breakdown", "it has no parts"),
        ("indicator=phone-subscribers&period=2024-05&breakdown=line_type:satellite", "unknown_breakdown", "breakdown", "no such part"),
        ("indicator=phone-subscribers&period=2024-05&breakdown=fixed", "unknown_breakdown", "breakdown", "of which dimension?"),
        ("indicator=phone-subscribers&period=2024-05&breakdown=*", "unknown_breakdown", "breakdown", "one at a time"),
        ("indicator=fines-total&period=2024-05&calendar=lunar", "invalid_value", "calendar", "no such calendar"),
        ("indicator=fines-total&period=2024-05&as_of=yesterday", "invalid_time", "as_of", "no instant"),
        ("indicator=fines-total&period=2024-05&as_of=2027-01-01T00:00:00Z", "as_of_out_of_range", "as_of", "the future"),
        ("indicator=fines-total&period=2024-05&lang=fr", "invalid_value", "lang", "no such language"),
        ("indicator=fines-total&period=2024-05&province=24", "unknown_parameter", "province", "all provinces are ranked"),
        ("indicator=fines-total&indicator=bts-sites&period=2024-05", "repeated_parameter", "indicator", "read once"),
        ("indicator=fines-total&period=2024-05&period=2024-06", "repeated_parameter", "period", "read once"),
        ("indicator=fines-total&period=2024-05&top=1&top=1", "repeated_parameter", "top", "read once"),
    ] {
        let answer = app.anyone().get(&format!("/v1/rankings?{query}")).await;
        assert_eq!(answer.fault(400), fault(code, parameter), "{query}: {why}");
    }
}

async fn every_fault_of_a_request_is_named_at_once(app: TestApp) {
    for (query, expected) in [
        ("", "indicator missing_parameter, period missing_parameter"),
        (
            "indicator=nope&period=2024-13&breakdown=fixed&calendar=lunar&top=0&bottom=x&as_of=yesterday&lang=fr&colour=red&top_n=1",
            "as_of invalid_time, bottom invalid_value, breakdown unknown_breakdown, calendar invalid_value, colour unknown_parameter, \
             indicator unknown_indicator, lang invalid_value, period invalid_period, top invalid_value, top_n unknown_parameter",
        ),
        (
            "indicator=fines-total&breakdown=sector:post&top=1&top=2&bottom=101",
            "bottom invalid_value, breakdown unknown_breakdown, period missing_parameter, top repeated_parameter",
        ),
    ] {
        let answer = app.anyone().get(&format!("/v1/rankings?{query}")).await;

        let mut faults: Vec<String> = answer.faults(400).iter().map(|(code, parameter)| format!("{parameter} {code}")).collect();
        faults.sort_unstable();
        assert_eq!(faults.join(", "), expected, "{query}");
    }
}

async fn an_answer_that_is_known_is_not_sent_again(app: TestApp) {
    let department = app.department().await;
    say(&department, "bac-giang-1997", vec![row(REVENUE, "10", "2024-05")]).await;
    let path = format!("/v1/rankings?indicator={REVENUE}&period=2024-05");
    let first = app.anyone().get(&path).await;
    let tag = first.header("etag").to_owned();
    let ask = async || app.anyone().send(Method::GET, &path, &[("if-none-match", &tag)], Vec::new()).await;

    let known = ask().await;
    say(&department, "bac-giang-1997", vec![row(REVENUE, "11", "2024-05")]).await;
    let changed = ask().await;

    assert!(!tag.is_empty());
    assert_eq!((known.status.as_u16(), known.body.len(), known.header("etag")), (304, 0, tag.as_str()));
    assert_eq!(lines(&changed.expect(200)), ["1 bac-giang-1997 11"]);
    assert_ne!(changed.header("etag"), tag);
    let vary: Vec<&str> = first.headers.get_all("vary").flat_map(|value| value.to_str().unwrap().split(", ")).collect();
    assert!(vary.contains(&"accept-language"), "a cache keeps the languages apart: {vary:?}");
}

/// Provinces of 2004 to 2025, in the order of their keys.
const FOUR: [&str; 4] = ["bac-giang-1997", "bac-ninh-1997", "cao-bang-1997", "ha-noi-2008"];

pub async fn ranking(app: &TestApp, query: &str) -> Value {
    app.anyone().get(&format!("/v1/rankings?{query}")).await.expect(200)
}

pub async fn say(user: &User, province: &str, rows: Vec<Value>) {
    user.submit(&json!({"province": province, "observations": rows})).await;
}

/// The keys of the provinces of a day.
pub async fn units_on(app: &TestApp, day: &str) -> Vec<String> {
    let page = app.anyone().get(&format!("/v1/provinces?on={day}")).await.expect(200);
    let provinces = list(&page["items"]).iter().filter(|unit| unit["unit_type"] != "country");
    provinces.map(|unit| text(&unit["key"]).to_owned()).collect()
}

pub fn items(table: &Value) -> &[Value] {
    list(&table["items"])
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("a list, not {value}"))
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}"))
}

fn key(item: &Value) -> &str {
    text(&item["province"]["key"])
}

/// The place of an item, or the places it can have: `2`, `2-4`.
fn place_of(item: &Value) -> String {
    let (rank, range) = (&item["rank"], item.get("rank_range"));
    assert_eq!(rank.is_null(), range.is_some(), "one or the other: {item}");
    range.map_or_else(|| rank.to_string(), |range| format!("{}-{}", range["from"], range["to"]))
}

/// Place, province and figure of each item: `1 bac-giang-1997 10`.
pub fn lines(table: &Value) -> Vec<String> {
    items(table).iter().map(|item| format!("{} {} {}", place_of(item), key(item), figure(&item["current"]))).collect()
}

/// Every reason that an answer names, wherever it does.
fn collect_reasons(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect_reasons(value, found)),
        Value::Object(fields) => {
            let reasons = fields.get("reasons").and_then(Value::as_array);
            found.extend(reasons.into_iter().flatten().map(|reason| text(reason).to_owned()));
            fields.values().for_each(|value| collect_reasons(value, found));
        }
        _ => {}
    }
}

fn fault(code: &str, place: &str) -> (String, String) {
    (code.into(), place.into())
}
