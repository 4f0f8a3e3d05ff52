//! Territories over periods: those across 1 July 2025, formed from the old provinces before the day and the new one after it,
//! and series that run through it.

use serde_json::{Value, json};

use crate::figures::territories::{define, parts, points, report};
use crate::support::answer::item;
use crate::support::worked::{code, figure, numbers, row, statistician, verdict};
use crate::support::{TestApp, on_both};

on_both! {
    a_period_across_the_merger_is_formed_of_the_old_provinces_and_the_new_one,
    a_period_across_the_merger_that_cannot_be_formed_says_what_is_missing,
    the_year_of_the_merger_is_compared_with_the_years_around_it,
    what_the_new_province_reports_for_the_year_of_the_merger_stands,
    the_year_that_runs_is_compared_at_the_same_cut_off,
    a_target_is_held_against_the_restated_year,
    the_administrative_july_lies_across_the_merger,
    a_restated_series_is_one_unbroken_line,
    parts_run_through_the_merger_as_their_total_does,
    as_reported_every_unit_has_a_series_of_its_own,
    all_revisions_are_given_as_each_unit_reported_them,
    a_late_correction_of_an_old_province_is_in_the_restated_series,
    a_ranking_of_the_year_of_the_merger_is_of_the_provinces_at_its_end,
}

async fn a_period_across_the_merger_is_formed_of_the_old_provinces_and_the_new_one(app: TestApp) {
    // measure; An Giang, Kiên Giang and the new An Giang; the period → the figure, its coverage, its parts but for the plain months
    #[rustfmt::skip]
    let table = [
        ("flow", "2025-H1=10", "2025-H1=20", "2025-H2=40", "2025", "70", 12,
            "+old 2025-H1=10 +kien 2025-H1=20 +new 2025-H2=40", "both halves"),
        ("flow", "2025-06-YTD=10", "2025-01-01/2025-06-30=20", "2025-H2=40", "2025", "70", 12,
            "+old 2025-H1=10 +kien 2025-H1=20 +new 2025-H2=40", "the half-year under other names"),
        ("flow", "2025-01=1, 2025-02=2, 2025-03=3, 2025-04=4, 2025-05=5, 2025-06=6", "2025-Q1=9, 2025-Q2=11",
            "2025-07=1, 2025-08=1, 2025-09=1, 2025-10=1, 2025-11=1 E, 2025-12=1 E", "2025", "47 E", 12,
            "+old 2025-01=1 +old 2025-02=2 +old 2025-03=3 +old 2025-04=4 +old 2025-05=5 +old 2025-06=6 +kien 2025-Q1=9 +kien 2025-Q2=11 \
             +new 2025-07=1 +new 2025-08=1 +new 2025-09=1 +new 2025-10=1 +new 2025-11=1 E +new 2025-12=1 E", "months, quarters and months"),
        ("flow", "2025-H1=10", "2025-H1=20", "2025-Q3=6, 2025-10=4", "2025-10-YTD", "40", 10,
            "+old 2025-H1=10 +kien 2025-H1=20 +new 2025-Q3=6 +new 2025-10=4", "until October"),
        ("flow", "2025-H1=10", "2025-05-YTD=15, 2025-06=5", "2025-07=7", "2025-07-YTD", "37", 7,
            "+old 2025-H1=10 +kien 2025-05-YTD=15 +kien 2025-06=5 +new 2025-07=7", "one month after it"),
        ("flow", "2025-H1=>10", "2025-H1=20", "2025-H2=40", "2025", ">70", 12,
            "+old 2025-H1=>10 +kien 2025-H1=20 +new 2025-H2=40", "above, and more"),
        ("rate", "2025-H1=10/12", "2025-H1=1/88", "2025-H2=89/100", "2025", "50", 12,
            "+old 2025-H1=10/12 +kien 2025-H1=1/88 +new 2025-H2=89/100", "100 of 200, no mean of 83.33, 1.14 and 89"),
        ("stock", "2025-06=10", "2025-06=20", "2025-12=35", "2025", "35", 12, "+new 2025-12=35", "the state at its end, no sum"),
        ("flow", "2025-H1=10", "2025-H1=20", "2025-07=1, 2025-08=2, 2025-09=3", "2025-Q3", "6", 3,
            "+new 2025-07=1 +new 2025-08=2 +new 2025-09=3", "the first quarter of the new province is all its own"),
        ("flow", "2025-Q1=4, 2025-Q2=6", "2025-H1=20", "2025-H2=40", "2025-H1", "30", 6,
            "+old 2025-Q1=4 +old 2025-Q2=6 +kien 2025-H1=20", "the half-year before it is all theirs"),
    ];
    an_giang_reports(&app, &table.map(|(measure, old, kien, new, ..)| (measure, old, kien, new))).await;

    for (n, (_, _, _, _, period, expected, months, made_of, why)) in table.into_iter().enumerate() {
        let current = compared(&app, &format!("province=an-giang-2025&period={period}"), &code(n)).await["current"].clone();
        assert_eq!((figure(&current).as_str(), &current["origin"]), (expected, &json!("derived")), "{why}");
        assert_eq!(current["coverage"], json!({"have": months, "need": months}), "{why}");
        let short =
            |made_of: &str| made_of.replace("kien-giang-1997", "kien").replace("an-giang-1997", "old").replace("an-giang-2025", "new");
        let own = made_of.split(" +").all(|part| part.trim_start_matches('+').starts_with("new"));
        let shown = current["derivation"]["parts"].as_array().unwrap();
        if own {
            assert_eq!(shown.len(), made_of.matches('+').count(), "{why}");
        } else {
            assert_eq!(short(&parts(&current)), made_of, "{why}");
        }
    }
    let texts = [
        (0, "2025", "2025-H1 (an-giang-1997 + kien-giang-1997) + 2025-H2"),
        (6, "2025", "ratio of 2025-H1 (an-giang-1997 + kien-giang-1997) + 2025-H2"),
    ];
    for (n, period, text) in texts {
        let current = compared(&app, &format!("province=91&period={period}"), &code(n)).await["current"].clone();
        assert_eq!(current["derivation"]["text"], text, "the code is that of the new province at the end of the year");
    }
}

async fn a_period_across_the_merger_that_cannot_be_formed_says_what_is_missing(app: TestApp) {
    let alone = "2025-07=1, 2025-08=1, 2025-09=1, 2025-10=1, 2025-11=1, 2025-12=1";
    // measure; An Giang, Kiên Giang and the new An Giang; frequency, the period → why there is none, the coverage
    #[rustfmt::skip]
    let table = [
        ("flow", "2025-H1=10", "2025-H1=20", "2025-07=1, 2025-08=1, 2025-10=1", "M", "2025-10-YTD", "territory_changed", [9, 10], "a gap"),
        ("flow", "2025-H1=10", "2025-H1=20", "2025-07=1", "A", "2025", "territory_changed", [7, 12], "five months"),
        ("flow", "2025-H1=10", "", "2025-H2=40", "A", "2025", "territory_changed", [6, 12], "nothing of Kiên Giang"),
        ("flow", "2025-H1=10", "2025-05-YTD=20", "2025-H2=40", "A", "2025", "territory_changed", [6, 12], "no June of Kiên Giang"),
        ("flow", "2025-H1=10", "nil", "2025-H2=40", "A", "2025", "territory_changed", [6, 12], "nothing to report there is not zero"),
        ("flow", "", "", alone, "A", "2025", "territory_changed", [6, 12], "neither of them"),
        ("flow", "2025-H1=10", "2025-H1=20", "", "A", "2025", "territory_changed", [6, 12], "nothing since"),
        ("flow", "2025-H1=10", "2025-H1=20", "", "M", "2025-07-YTD", "territory_changed", [6, 7], "not even July"),
        ("average", "2025-H1=10", "2025-H1=20", "2025-H2=40", "A", "2025", "not_additive", [6, 12], "levels never add"),
    ];
    an_giang_reports(&app, &table.map(|(measure, old, kien, new, ..)| (measure, old, kien, new))).await;

    for (n, (_, _, _, _, frequency, period, reason, [have, need], why)) in table.into_iter().enumerate() {
        let month = period.trim_end_matches("-YTD");
        let query = format!("frequency={frequency}&cumulative={}&from={month}&to={month}", frequency == "M");
        let path = format!("/v1/series?province=an-giang-2025&indicator={}&{query}", code(n));
        let series = app.anyone().get(&path).await.expect(200)["items"][0].clone();
        let line = compared(&app, &format!("province=an-giang-2025&period={period}"), &code(n)).await;

        let point = &series["observations"][0];
        assert_eq!((points(&series), &point["origin"]), (format!("{period}="), &Value::Null), "{why}");
        assert_eq!(
            (&point["reasons"], &point["coverage"]),
            (&json!(["current_missing", reason]), &json!({"have": have, "need": need})),
            "{why}"
        );
        let reasons = verdict(&line["same_period_last_year"]);
        assert_eq!((&line["current"], reasons.split(' ').next()), (&Value::Null, Some("no")), "{why}");
        for said in ["current_missing", "base_missing", reason] {
            assert!(reasons.contains(said), "{why}: {said} in {reasons}");
        }
    }
}

async fn the_year_of_the_merger_is_compared_with_the_years_around_it(app: TestApp) {
    let department = app.department().await;
    report(&department, "an-giang-1997", FINES, "2024=20, 2025-H1=10").await;
    report(&department, "kien-giang-1997", FINES, "2024-H1=12, 2024-H2=18, 2025-H1=20").await;
    report(&department, "an-giang-2025", FINES, "2025-H2=40, 2026-9M=66, 2026-Q4=11 E").await;
    report(&department, "an-giang-2025", "bts-sites", "2025-12=35").await;

    let merged = compared(&app, "province=91&period=2025", FINES).await;
    let apart = compared(&app, "province=91&period=2025&geography=as_reported", FINES).await;
    let later = compared(&app, "province=91&period=2026", FINES).await;

    let against = &merged["same_period_last_year"];
    assert_eq!([&merged["current"], &against["baseline"]].map(figure), ["70", "50"]);
    assert_eq!((numbers(against), verdict(against)), (["20", "40", "140", ""].map(String::from), "yes".into()));
    assert_eq!(parts(&against["baseline"]), "+an-giang-1997 2024=20 +kien-giang-1997 2024-H1=12 +kien-giang-1997 2024-H2=18");
    assert_eq!((&apart["current"], &apart["same_period_last_year"]["baseline"]), (&Value::Null, &Value::Null), "half a year is no year");
    assert!(verdict(&apart["same_period_last_year"]).contains("territory_changed"));
    let against = &later["same_period_last_year"];
    assert_eq!([&later["current"], &against["baseline"]].map(figure), ["77 E", "70"]);
    assert_eq!((numbers(against), verdict(against)), (["7", "10", "110", ""].map(String::from), "limited status_mismatch".into()));
}

async fn what_the_new_province_reports_for_the_year_of_the_merger_stands(app: TestApp) {
    for (n, (said, disagreement, why)) in
        [("100", Some("70"), "30 more than the halves"), ("70", None, "as the halves make it"), ("70.1", None, "as far as rounding goes")]
            .into_iter()
            .enumerate()
    {
        let user = statistician(&app).await;
        let of = &code(n);
        define(&user, of, "flow").await;
        report(&user, "an-giang-1997", of, "2024=25, 2025-H1=10").await;
        report(&user, "kien-giang-1997", of, "2024=25, 2025-H1=20").await;
        report(&user, "an-giang-2025", of, &format!("2025={said}, 2025-H2=40, 2026-H1=33, 2026={said} E")).await;

        let line = compared(&app, "province=91&period=2025", of).await;
        let later = compared(&app, "province=91&period=2026", of).await["same_period_last_year"].clone();
        let half = compared(&app, "province=91&period=2026-H1", of).await["same_period_last_year"].clone();

        let (current, against) = (&line["current"], &line["same_period_last_year"]);
        assert_eq!((figure(current).as_str(), &current["origin"]), (said, &json!("reported")), "{why}");
        let shown = current.get("disagreement").map(|other| (other["value"].to_string(), other["text"].as_str().unwrap().to_owned()));
        let text = "2025-H1 (an-giang-1997 + kien-giang-1997) + 2025-H2".to_owned();
        assert_eq!(shown, disagreement.map(|value| (value.to_owned(), text)), "{why}");
        assert_eq!((figure(&against["baseline"]).as_str(), verdict(against)), ("50", "limited territory_changed".into()), "{why}");
        assert_eq!(verdict(&later), "limited status_mismatch territory_changed", "of whose first half it is, it does not say");
        assert_eq!((numbers(&later)[0].as_str(), numbers(&half)[1].as_str(), verdict(&half)), ("0", "10", "yes".into()), "{why}");
    }
}

async fn the_year_that_runs_is_compared_at_the_same_cut_off(app: TestApp) {
    let department = app.department().await;
    report(&department, "an-giang-1997", FINES, "2025-H1=10").await;
    report(&department, "kien-giang-1997", FINES, "2025-H1=20").await;
    report(&department, "an-giang-2025", FINES, "2025-Q3=6, 2025-10=4, 2025-11=500, 2025-12=600, 2026-10-YTD=44").await;

    let line = compared(&app, "province=91&period=2026", FINES).await;

    let against = &line["same_period_last_year"];
    assert_eq!((&line["period"]["code"], &against["baseline"]["period"]), (&json!("2026-10-YTD"), &json!("2025-10-YTD")));
    assert_eq!([&line["current"], &against["baseline"]].map(figure), ["44", "40"]);
    assert_eq!((numbers(against), verdict(against)), (["4", "10", "110", ""].map(String::from), "yes".into()));
}

async fn a_target_is_held_against_the_restated_year(app: TestApp) {
    let department = app.department().await;
    report(&department, "an-giang-1997", FINES, "2025-H1=10").await;
    report(&department, "kien-giang-1997", FINES, "2025-H1=20").await;
    report(&department, "an-giang-2025", FINES, "2025-H2=40, 2026-H1=45").await;
    let of_2025 = json!({"indicator": FINES, "period": "2025", "value": 80});
    let like_last_year = json!({"indicator": FINES, "period": "2026", "value": 140, "phasing": "last_year"});
    department.put("/v1/targets", &json!({"province": "91", "targets": [of_2025, like_last_year]})).await.expect(200);

    let year = compared(&app, "province=91&period=2025", FINES).await["target"].clone();
    let half = compared(&app, "province=91&period=2026-H1", FINES).await["target"].clone();
    let apart = compared(&app, "province=91&period=2026-H1&geography=as_reported", FINES).await["target"].clone();

    assert_eq!((&year["attainment_pct"], &year["gap"]), (&json!(87.5), &json!(10)), "70 of 80, old provinces and new");
    // Last year's first half made 30 of 70, so this year's is to make 60 of 140.
    assert_eq!((&half["expected_to_date"], &half["expected_pct"], &half["pace"]), (&json!(60), &json!(42.9), &json!("behind")));
    assert_eq!((&half["attainment_pct"], &half["gap"]), (&json!(32.1), &json!(95)));
    assert_eq!((&apart["attainment_pct"], &apart["expected_to_date"]), (&json!(32.1), &Value::Null), "without last year there is no way");
}

async fn the_administrative_july_lies_across_the_merger(app: TestApp) {
    let department = app.department().await;
    for (province, figures) in [
        ("an-giang-1997", "2024-07=10, 2024-06=10, 2024=120, 2025-06=11, 2025-H1=60"),
        ("kien-giang-1997", "2024-07=20, 2024-06=20, 2024=240, 2025-06=22, 2025-H1=120"),
        ("an-giang-2025", "2025-07=36, 2025-08=40, 2026-07=45, 2026-08=50, 2025-H2=216"),
    ] {
        let rows: Vec<Value> =
            figures.split(", ").map(|pair| pair.split_once('=').unwrap()).map(|(period, said)| row(FINES, said, period)).collect();
        department.submit(&json!({"province": province, "calendar": "nd09", "observations": rows})).await;
    }
    for (period, values, pct, expected, why) in [
        ("2025-06", ["33", "30"], "10", "yes", "15 May to 14 June is before it, and so is the year before"),
        ("2025-07", ["36", "30"], "20", "limited territory_changed", "15 June to 14 July 2025"),
        ("2026-07", ["45", "36"], "25", "limited territory_changed", "against that"),
        ("2026-08", ["50", "40"], "25", "yes", "15 July to 14 August 2025 is after it"),
        ("2025", ["396", "360"], "10", "limited territory_changed", "the second half begins on 15 June"),
    ] {
        let line = compared(&app, &format!("province=an-giang-2025&calendar=nd09&period={period}"), FINES).await;
        let against = &line["same_period_last_year"];
        assert_eq!([&line["current"], &against["baseline"]].map(figure), values, "{period}: {why}");
        assert_eq!((numbers(against)[1].as_str(), verdict(against).as_str()), (pct, expected), "{period}: {why}");
    }

    let rows = |rows: &[(&str, u32)]| {
        rows.iter().map(|(period, value)| json!({"indicator": "sanction-decisions", "period": period, "value": value})).collect::<Vec<_>>()
    };
    for (province, figures) in [
        ("an-giang-1997", rows(&[("2024-07", 10), ("2025-06", 5)])),
        ("kien-giang-1997", rows(&[("2024-07", 20), ("2025-06", 5)])),
        ("an-giang-2025", rows(&[("2025-08", 40)])),
    ] {
        department.submit(&json!({"province": province, "calendar": "nd09", "observations": figures})).await;
    }
    let line = compared(&app, "province=an-giang-2025&calendar=nd09&period=2025-07", "sanction-decisions").await;
    let path = "/v1/series?province=an-giang-2025&calendar=nd09&indicator=sanction-decisions&frequency=M&from=2025-06&to=2025-08";
    let series = app.anyone().get(path).await.expect(200)["items"][0].clone();
    let against = &line["same_period_last_year"];
    assert_eq!((&line["current"], figure(&against["baseline"]).as_str()), (&Value::Null, "30"));
    assert_eq!(verdict(against), "no current_missing territory_changed");
    assert_eq!(points(&series), "2025-06=10 2025-07= 2025-08=40");
    assert_eq!(
        (&series["observations"][1]["reasons"], &series["observations"][1]["coverage"]),
        (&json!(["current_missing", "territory_changed"]), &json!({"have": 0, "need": 1}))
    );
}

async fn a_restated_series_is_one_unbroken_line(app: TestApp) {
    with_thirty_months(&app).await;
    let months: Vec<(u32, u32)> = (2024..=2026).flat_map(|year| (1..=12).map(move |month| (year, month))).take(30).collect();
    let levels: Vec<String> = months.iter().map(|(year, month)| format!("{year}-{month:02}={}", total(*year, *month))).collect();
    let to_date = |year: u32, month: u32| (1..=month).map(|month| total(year, month)).sum::<u32>();
    let sums: Vec<String> = months.iter().map(|(year, month)| format!("{year}-{month:02}-YTD={}", to_date(*year, *month))).collect();
    let growth = |suffix: &str| -> Vec<String> {
        months[12..].iter().map(|(year, month)| format!("{year}-{month:02}{suffix}={}", if *year == 2025 { 10 } else { 50 })).collect()
    };

    for (query, expected, why) in [
        ("frequency=M", levels.clone(), "every month"),
        ("frequency=M&last=13", levels[17..].to_vec(), "the last of them"),
        ("from=2024-01", levels.clone(), "what was reported, by whoever had the territory"),
        ("cumulative=true", sums, "years to date"),
        ("frequency=M&units=pc1&from=2025-01", growth(""), "against a year ago"),
        ("cumulative=true&units=pc1&from=2025-01", growth("-YTD"), "and to date"),
        ("frequency=Q&from=2025-Q2&to=2025-Q3", vec![format!("2025-Q2={}", 22 * 15), format!("2025-Q3={}", 22 * 24)], "quarters"),
        ("frequency=A&to=2025", vec![format!("2024={}", 20 * 78), format!("2025={}", 22 * 78)], "years, one of them across it"),
        ("frequency=A&units=pc1&from=2025&to=2025", vec!["2025=10".into()], "a year formed of both against one formed of the old"),
    ] {
        let to = if query.contains("to=") { "" } else { "&to=2026-06" };
        let path = format!("/v1/series?province=bac-ninh-2025&indicator={FINES}&geography=restated&{query}{to}");
        let answer = app.anyone().get(&path).await.expect(200);
        assert_eq!(app.anyone().get(&path.replace("&geography=restated", "")).await.expect(200), answer, "restated where nothing is said");
        let items = answer["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["geography"], items[0].get("formed_from")), (1, &json!("restated"), None), "{why}");
        assert_eq!(points(&items[0]).split(' ').collect::<Vec<_>>(), expected, "{query}: {why}");
        for point in items[0]["observations"].as_array().unwrap() {
            // Tết was in February 2024, in January 2025 and in February 2026.
            let of_tet =
                ["2025-01", "2025-02", "2026-01", "2026-02", "2025-01-YTD", "2026-01-YTD"].iter().any(|month| point["period"] == *month);
            let against = query.contains("pc1").then(|| json!(["holiday_moved"])).filter(|_| of_tet);
            assert_eq!(point.get("reasons"), against.as_ref(), "{query}: nothing else stands against {point}");
            assert_eq!(point["coverage"]["have"], point["coverage"]["need"], "{query}: {point}");
        }
    }
    let answer = app.anyone().get(&format!("/v1/series?province=bac-ninh-2025&indicator={FINES}&frequency=M")).await.expect(200);
    for point in answer["items"][0]["observations"].as_array().unwrap() {
        let before = point["period"].as_str().unwrap() < "2025-07";
        assert_eq!(point["origin"], if before { "derived" } else { "reported" }, "{point}");
        assert_eq!(point["derivation"]["text"].as_str(), before.then_some("bac-giang-1997 + bac-ninh-1997"), "{point}");
    }
}

async fn parts_run_through_the_merger_as_their_total_does(app: TestApp) {
    let department = app.department().await;
    let rows = |of: &[(&str, &str, u32)]| -> Vec<Value> {
        let row = |(period, sector, value): &(&str, &str, u32)| {
            let breakdown = if sector.is_empty() { json!({}) } else { json!({"sector": sector}) };
            json!({"indicator": "post-telecom-revenue", "breakdown": breakdown, "period": period, "value": value})
        };
        of.iter().map(row).collect()
    };
    for (province, figures) in [
        ("bac-giang-1997", rows(&[("2025-06", "", 30), ("2025-06", "post", 10)])),
        ("bac-ninh-1997", rows(&[("2025-06", "post", 5), ("2025-06", "telecom", 35)])),
        ("bac-ninh-2025", rows(&[("2025-07", "", 80), ("2025-07", "telecom", 63)])),
    ] {
        department.submit(&json!({"province": province, "observations": figures})).await;
    }

    let path = "/v1/series?province=bac-ninh-2025&indicator=post-telecom-revenue&breakdown=*&frequency=M";
    let restated = app.anyone().get(path).await.expect(200);
    let apart = app.anyone().get(&format!("{path}&geography=as_reported")).await.expect(200);

    let line = |series: &Value| {
        format!(
            "{} {}: {}",
            series["province"]["key"].as_str().unwrap(),
            series["breakdown"]["sector"].as_str().unwrap_or("total"),
            points(series)
        )
    };
    let lines = |answer: &Value| answer["items"].as_array().unwrap().iter().map(line).collect::<Vec<_>>();
    assert_eq!(
        lines(&restated),
        [
            "bac-ninh-2025 total: 2025-06=70 2025-07=80",
            "bac-ninh-2025 post: 2025-06=15 2025-07=17",
            "bac-ninh-2025 telecom: 2025-06=55 2025-07=63",
        ],
        "each province has the part that it did not report"
    );
    assert_eq!(
        lines(&apart),
        [
            "bac-giang-1997 total: 2025-06=30",
            "bac-giang-1997 post: 2025-06=10",
            "bac-giang-1997 telecom: 2025-06=20",
            "bac-ninh-1997 total: 2025-06=40",
            "bac-ninh-1997 post: 2025-06=5",
            "bac-ninh-1997 telecom: 2025-06=35",
            "bac-ninh-2025 total: 2025-07=80",
            "bac-ninh-2025 post: 2025-07=17",
            "bac-ninh-2025 telecom: 2025-07=63",
        ]
    );
}

async fn as_reported_every_unit_has_a_series_of_its_own(app: TestApp) {
    with_thirty_months(&app).await;
    let series = async |province: &str, query: &str| {
        let path = format!("/v1/series?province={province}&indicator={FINES}&geography=as_reported&{query}");
        app.anyone().get(&path).await.expect(200)["items"].as_array().unwrap().clone()
    };

    let monthly = series("24", "frequency=M").await;
    let growth = series("bac-ninh-2025", "frequency=M&units=pc1&from=2025-05&to=2026-06").await;
    let old = series("bac-giang-1997", "frequency=M").await;

    let keys: Vec<&Value> = monthly.iter().map(|series| &series["province"]["key"]).collect();
    assert_eq!(keys, ["bac-giang-1997", "bac-ninh-1997", "bac-ninh-2025"]);
    assert!(monthly.iter().all(|series| series["geography"] == "as_reported"));
    let formed_from: Vec<_> = monthly.iter().map(|series| series.get("formed_from").cloned()).collect();
    assert_eq!(formed_from, [None, None, Some(json!(["bac-giang-1997", "bac-ninh-1997"]))], "the break");
    assert_eq!(monthly[2]["province"]["valid_from"], "2025-07-01", "and its day");
    let expected = |of: fn(u32, u32) -> u32, months: &[(u32, u32)]| -> String {
        months.iter().map(|(year, month)| format!("{year}-{month:02}={}", of(*year, *month))).collect::<Vec<_>>().join(" ")
    };
    let months: Vec<(u32, u32)> = (2024..=2026).flat_map(|year| (1..=12).map(move |month| (year, month))).take(30).collect();
    let (before, since) = months.split_at(18);
    assert_eq!(
        monthly.iter().map(points).collect::<Vec<_>>(),
        [expected(bac_giang, before), expected(old_bac_ninh, before), expected(total, since)]
    );
    assert_eq!(old, monthly[..1], "one that was formed of none stands alone");
    assert!(growth[2]["observations"].as_array().unwrap().iter().all(|point| point["value"].is_null()), "a year ago it had no figures");
    let june = growth[2]["observations"].as_array().unwrap().last().unwrap();
    assert_eq!((&june["period"], &june["reasons"]), (&json!("2026-06"), &json!(["base_missing", "territory_changed"])));
    let may = &growth[0]["observations"][0];
    assert_eq!((&may["period"], &may["value"]), (&json!("2025-05"), &json!(76.9)), "46 against the 26 of Bắc Giang a year before");
}

async fn all_revisions_are_given_as_each_unit_reported_them(app: TestApp) {
    let department = app.department().await;
    report(&department, "bac-giang-1997", FINES, "2025-05=10 E").await;
    report(&department, "bac-giang-1997", FINES, "2025-05=15").await;
    report(&department, "bac-ninh-1997", FINES, "2025-05=20").await;
    report(&department, "bac-ninh-2025", FINES, "2026-05=33").await;
    let path = format!("/v1/series?province=24&indicator={FINES}&vintage=all");

    let all = app.anyone().get(&path).await.expect(200);
    let said = app.anyone().get(&format!("{path}&geography=as_reported")).await.expect(200);
    let refused = app.anyone().get(&format!("{path}&geography=restated")).await;

    let items = all["items"].as_array().unwrap();
    assert_eq!(items.iter().map(points).collect::<Vec<_>>(), ["2025-05=10 E 2025-05=15", "2025-05=20", "2026-05=33"]);
    assert!(items.iter().all(|series| series["geography"] == "as_reported"));
    assert_eq!(items[2]["formed_from"], json!(["bac-giang-1997", "bac-ninh-1997"]));
    assert_eq!(all, said);
    assert_eq!(refused.fault(400), ("invalid_value".to_owned(), "geography".to_owned()));
}

async fn a_late_correction_of_an_old_province_is_in_the_restated_series(app: TestApp) {
    let department = app.department().await;
    report(&department, "bac-giang-1997", FINES, "2025-05=10").await;
    report(&department, "bac-ninh-1997", FINES, "2025-05=20, 2025-06=25").await;
    report(&department, "bac-ninh-2025", FINES, "2026-05=45").await;
    let path = format!("/v1/series?province=bac-ninh-2025&indicator={FINES}&frequency=M&from=2025-05&to=2025-06");
    let then = "as_of=2026-11-21T02:05:00Z";
    let before = app.anyone().get(&path).await.expect(200);
    app.clock.set("2026-11-21T02:10:00Z");
    // Long after the province ended: a correction of May, and a June that nobody had sent.
    report(&department, "bac-giang-1997", FINES, "2025-05=16, 2025-06=5").await;

    let now = app.anyone().get(&path).await.expect(200);
    let as_of = app.anyone().get(&format!("{path}&{then}")).await.expect(200);
    let first = app.anyone().get(&format!("{path}&vintage=first")).await.expect(200);
    let line = compared(&app, "province=24&period=2026-05", FINES).await["same_period_last_year"].clone();
    let line_then = compared(&app, &format!("province=24&period=2026-05&{then}"), FINES).await["same_period_last_year"].clone();

    assert_eq!(points(&before["items"][0]), "2025-05=30 2025-06=");
    assert_eq!(points(&now["items"][0]), "2025-05=36 2025-06=30");
    assert_eq!(points(&first["items"][0]), "2025-05=30 2025-06=30", "of what was said first");
    assert_eq!(as_of, before, "as it was served then");
    assert_eq!([&line, &line_then].map(|line| numbers(line)[1].clone()), ["25", "50"], "45 against 36, and against 30");
    assert_eq!([&line, &line_then].map(verdict), ["yes", "yes"]);
    let june = &before["items"][0]["observations"][1];
    assert_eq!((&june["reasons"], parts(june)), (&json!(["current_missing", "low_coverage"]), "+bac-ninh-1997 2025-06=25".into()));
}

async fn a_ranking_of_the_year_of_the_merger_is_of_the_provinces_at_its_end(app: TestApp) {
    let department = app.department().await;
    for (province, figures) in [
        ("an-giang-1997", "2024=20, 2025-H1=10"),
        ("kien-giang-1997", "2024=30, 2025-H1=20"),
        ("an-giang-2025", "2025-H2=40"),
        ("bac-giang-1997", "2025-H1=10"),
        ("bac-ninh-2025", "2025-H2=50"),
        ("ha-noi-2008", "2024=60, 2025=66"),
    ] {
        report(&department, province, FINES, figures).await;
    }
    let ranking = async |query: &str| app.anyone().get(&format!("/v1/rankings?indicator={FINES}&{query}")).await.expect(200);
    let lines = |ranking: &Value| -> Vec<String> {
        let line = |line: &Value| {
            let against = &line["same_period_last_year"];
            format!("{} {} {} {}", line["rank"], line["province"]["key"].as_str().unwrap(), figure(&line["current"]), verdict(against))
        };
        ranking["items"].as_array().unwrap().iter().map(line).collect()
    };

    let of_2025 = ranking("period=2025").await;
    let of_2024 = ranking("period=2024").await;
    let recast = ranking("period=2024&on=2025-12-31").await;

    assert_eq!(lines(&of_2025), ["1 an-giang-2025 70 yes", "2 ha-noi-2008 66 yes"]);
    assert_eq!(of_2025["coverage"], json!({"have": 2, "need": 34}));
    let missing = of_2025["missing"].as_array().unwrap();
    let bac_ninh = missing.iter().find(|missing| missing["province"]["key"] == "bac-ninh-2025").unwrap();
    assert_eq!(bac_ninh["reasons"], json!(["current_missing", "territory_changed"]), "of old Bắc Ninh there is no first half");
    let none = "no base_missing";
    assert_eq!(
        lines(&of_2024),
        [format!("1 ha-noi-2008 60 {none}"), format!("2 kien-giang-1997 30 {none}"), format!("3 an-giang-1997 20 {none}")]
    );
    assert_eq!(of_2024["coverage"]["need"], 63);
    let none_merged = "no base_missing territory_changed";
    assert_eq!(lines(&recast), [format!("1 ha-noi-2008 60 {none}"), format!("2 an-giang-2025 50 {none_merged}")]);
    assert_eq!(recast["coverage"]["need"], 34);
}

const FINES: &str = "fines-total";

/// What Bắc Giang reported for a month until June 2025.
fn bac_giang(year: u32, month: u32) -> u32 {
    if year == 2024 { 5 * month + 1 } else { 9 * month + 1 }
}

/// What old Bắc Ninh reported.
fn old_bac_ninh(year: u32, month: u32) -> u32 {
    if year == 2024 { 15 * month - 1 } else { 13 * month - 1 }
}

/// What both make, and what the new province reported since: a tenth more in 2025, and half as much again in 2026.
fn total(year: u32, month: u32) -> u32 {
    month * [20, 22, 33][usize::try_from(year - 2024).unwrap()]
}

/// Reports the months from January 2024 to June 2026, each by the unit of its time.
async fn with_thirty_months(app: &TestApp) {
    let department = app.department().await;
    let months = |of: fn(u32, u32) -> u32, years: &[(u32, u32, u32)]| -> String {
        let months = years.iter().flat_map(|(year, from, to)| (*from..=*to).map(move |month| (*year, month)));
        months.map(|(year, month)| format!("{year}-{month:02}={}", of(year, month))).collect::<Vec<_>>().join(", ")
    };
    report(&department, "bac-giang-1997", FINES, &months(bac_giang, &[(2024, 1, 12), (2025, 1, 6)])).await;
    report(&department, "bac-ninh-1997", FINES, &months(old_bac_ninh, &[(2024, 1, 12), (2025, 1, 6)])).await;
    report(&department, "bac-ninh-2025", FINES, &months(total, &[(2025, 7, 12), (2026, 1, 6)])).await;
}

/// Defines an indicator for each line, and reports what the line says of An Giang, Kiên Giang and the new An Giang.
async fn an_giang_reports(app: &TestApp, lines: &[(&str, &str, &str, &str)]) {
    let user = statistician(app).await;
    for (n, (measure, old, kien, new)) in lines.iter().enumerate() {
        define(&user, &code(n), measure).await;
        for (province, figures) in [("an-giang-1997", old), ("kien-giang-1997", kien), ("an-giang-2025", new)] {
            let figures = if *figures == "nil" { "2025-H1=nil" } else { figures };
            if !figures.is_empty() {
                report(&user, province, &code(n), figures).await;
            }
        }
    }
}

async fn compared(app: &TestApp, query: &str, indicator: &str) -> Value {
    let table = app.anyone().get(&format!("/v1/comparisons?{query}&indicator={indicator}")).await.expect(200);
    item(&table, indicator).clone()
}
