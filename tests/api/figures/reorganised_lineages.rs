//! Lineages: figures, comparisons, series and rankings of units that merged, were split or took another name by a recorded
//! reorganisation, on top of the merger of 1 July 2025. How reorganisations are recorded is in `reorganisations.rs`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::catalogue::reorganisations::{compared, keys_on, reorganise, unit};
use crate::figures::territories::{define, parts, points, report};
use crate::figures::time_travel::Dice;
use crate::support::worked::{figure, numbers, statistician, verdict};
use crate::support::{TestApp, User, on_both};

on_both! {
    the_country_has_the_year_in_which_a_province_was_divided,
    last_year_may_lie_two_mergers_back,
    a_year_across_a_merger_is_compared_with_a_year_across_the_merger_before_it,
    a_series_runs_through_two_mergers,
    as_reported_every_unit_of_two_mergers_has_its_own_series,
    of_the_parts_of_a_unit_nothing_is_known_before_they_were_split,
    a_unit_that_was_split_is_still_asked_for_with_its_own_figures,
    a_merger_after_a_split_adds_up_since_the_split_and_not_before,
    a_new_name_or_rank_is_no_break,
    rankings_and_the_country_are_right_on_both_sides_of_a_merger_and_a_split,
    random_mergers_and_new_names_neither_lose_nor_invent_a_figure,
    random_splits_are_never_guessed,
}

const FINES: &str = "fines-total";
const RATE: &str = "dossier-online-filing-rate";
const XUYEN: &str = "dong-xuyen-2026 97 Đông Xuyên < bac-ninh-2025 + lang-son-1997";

async fn last_year_may_lie_two_mergers_back(app: TestApp) {
    let user = statistician(&app).await;
    reorganise(&user, "2026-07-01", &[XUYEN]).await;
    for (province, indicator, figures) in [
        ("bac-giang-1997", FINES, "2024-05=10, 2025-05=20"),
        ("bac-ninh-1997", FINES, "2024-05=30, 2025-05=40"),
        ("lang-son-1997", FINES, "2024-05=60, 2025-05=140, 2025-08=100, 2026-05=150, 2026-06=90"),
        ("bac-ninh-2025", FINES, "2025-08=300, 2026-05=230, 2026-06=310"),
        ("dong-xuyen-2026", FINES, "2026-07=500, 2026-08=500"),
        ("bac-giang-1997", RATE, "2025-05=10/12"),
        ("bac-ninh-1997", RATE, "2025-05=1/88"),
        ("lang-son-1997", RATE, "2025-05=9/100, 2026-05=10/100"),
        ("bac-ninh-2025", RATE, "2026-05=30/100"),
    ] {
        report(&user, province, indicator, figures).await;
    }

    #[rustfmt::skip]
    let table = [
        (FINES, "2026-08", ["500", "400"], ["100", "25", "125", ""],
            "+bac-ninh-2025 2025-08=300 +lang-son-1997 2025-08=100", "one merger lies between"),
        (FINES, "2026-05", ["380", "200"], ["180", "90", "190", ""],
            "+bac-giang-1997 2025-05=20 +bac-ninh-1997 2025-05=40 +lang-son-1997 2025-05=140", "two, one on either side of the first"),
        (FINES, "2025-05", ["200", "100"], ["100", "100", "200", ""],
            "+bac-giang-1997 2024-05=10 +bac-ninh-1997 2024-05=30 +lang-son-1997 2024-05=60", "both years before either"),
        (RATE,  "2026-05", ["20", "10"],   ["", "100", "200", "10"],
            "+bac-giang-1997 2025-05=10/12 +bac-ninh-1997 2025-05=1/88 +lang-son-1997 2025-05=9/100", "20 of 200, no mean of the rates"),
    ];
    for (indicator, period, values, expected, made_of, why) in table {
        let line = compared(&app, &format!("province=dong-xuyen-2026&period={period}"), indicator).await;
        let against = &line["same_period_last_year"];
        assert_eq!([&line["current"], &against["baseline"]].map(figure), values, "{period}: {why}");
        assert_eq!((numbers(against), verdict(against)), (expected.map(String::from), "yes".into()), "{period}: {why}");
        assert_eq!(parts(&against["baseline"]), made_of, "{period}: {why}");
        assert_eq!(against["baseline"]["derivation"]["parts"].as_array().unwrap().len(), made_of.matches('+').count(), "{why}");
        // The units that it was formed from, one step back.
        let text = against["baseline"]["derivation"]["text"].as_str().unwrap().to_owned();
        assert!(text.contains("bac-ninh-2025 + lang-son-1997"), "{why}: {text}");
    }
    let rate = compared(&app, "province=dong-xuyen-2026&period=2026-05", RATE).await["current"].clone();
    assert_eq!((&rate["numerator"], &rate["denominator"]), (&json!(40), &json!(200)));
    let july = compared(&app, "province=97&period=2026-07", FINES).await["previous_period"].clone();
    assert_eq!((numbers(&july)[1].as_str(), verdict(&july)), ("25", "yes".into()), "500 against the 400 of June, on the eve");
    let apart = compared(&app, "province=97&period=2026-08&geography=as_reported", FINES).await["same_period_last_year"].clone();
    assert_eq!((&apart["baseline"], verdict(&apart)), (&Value::Null, "no base_missing territory_changed".into()));
    let old = compared(&app, "province=24&period=2026-05", FINES).await;
    assert_eq!((&old["province"], figure(&old["current"]).as_str()), (&json!("bac-ninh-2025"), "230"), "the code meant the old unit then");
    assert_eq!(figure(&old["same_period_last_year"]["baseline"]), "60", "and its own territory, not that of what it became");
}

async fn a_year_across_a_merger_is_compared_with_a_year_across_the_merger_before_it(app: TestApp) {
    let user = statistician(&app).await;
    reorganise(&user, "2026-07-01", &[XUYEN]).await;
    for (province, figures) in [
        ("bac-giang-1997", "2025-H1=10"),
        ("bac-ninh-1997", "2025-H1=20"),
        ("bac-ninh-2025", "2025-Q3=30, 2025-10=40, 2025-Q4=500, 2026-H1=90"),
        ("lang-son-1997", "2025-10-YTD=100, 2026-06-YTD=60"),
        ("dong-xuyen-2026", "2026-Q3=50"),
    ] {
        report(&user, province, FINES, figures).await;
    }

    let without_october = compared(&app, "province=97&period=2026-10-YTD", FINES).await;
    report(&user, "dong-xuyen-2026", FINES, "2026-10=20").await;
    let year = compared(&app, "province=97&period=2026", FINES).await;
    let path = format!("/v1/series?province=97&indicator={FINES}&cumulative=true&from=2026-09&to=2026-10");
    let series = app.anyone().get(&path).await.expect(200)["items"][0].clone();

    let missing = verdict(&without_october["same_period_last_year"]);
    assert_eq!((&without_october["current"], missing.as_str()), (&Value::Null, "no current_missing territory_changed"));
    let (current, against) = (&year["current"], &year["same_period_last_year"]);
    assert_eq!((&year["period"]["code"], &against["baseline"]["period"]), (&json!("2026-10-YTD"), &json!("2025-10-YTD")));
    assert_eq!([current, &against["baseline"]].map(figure), ["220", "200"]);
    assert_eq!((numbers(against), verdict(against)), (["20", "10", "110", ""].map(String::from), "yes".into()));
    assert_eq!(current["derivation"]["text"], "2026-H1 (bac-ninh-2025 + lang-son-1997) + 2026-Q3 + 2026-10");
    assert_eq!(
        parts(current),
        "+bac-ninh-2025 2026-H1=90 +lang-son-1997 2026-H1=60 +dong-xuyen-2026 2026-Q3=50 +dong-xuyen-2026 2026-10=20"
    );
    assert_eq!(
        parts(&against["baseline"]),
        "+bac-giang-1997 2025-H1=10 +bac-ninh-1997 2025-H1=20 +bac-ninh-2025 2025-Q3=30 +bac-ninh-2025 2025-10=40 \
         +lang-son-1997 2025-10-YTD=100"
    );
    assert_eq!(current["coverage"], json!({"have": 10, "need": 10}));
    assert_eq!(points(&series), "2026-09-YTD=200 2026-10-YTD=220");
}

async fn a_series_runs_through_two_mergers(app: TestApp) {
    let user = statistician(&app).await;
    reorganise(&user, "2026-07-01", &[XUYEN]).await;
    with_twenty_months(&user).await;
    let months = twenty_months();
    let levels: Vec<String> = months.iter().map(|(year, month)| format!("{year}-{month:02}={}", 100 * month + year - 2020)).collect();
    let in_2026 = |last: u32| (1..=last).map(|month| 100 * month + 6).sum::<u32>();

    for (query, expected, why) in [
        ("frequency=M", levels.clone(), "every month"),
        ("from=2025-01&to=2026-08", levels.clone(), "what was reported, by whoever had the territory"),
        ("frequency=M&from=2026-06&to=2026-07", levels[17..19].to_vec(), "the eve and the first day"),
        (
            "cumulative=true&from=2026-06&to=2026-08",
            (6..=8).map(|last| format!("2026-{last:02}-YTD={}", in_2026(last))).collect(),
            "to date",
        ),
        ("frequency=A&to=2025", vec![format!("2025={}", 100 * 78 + 12 * 5)], "the year of the merger before"),
    ] {
        let answer = app.anyone().get(&format!("/v1/series?province=dong-xuyen-2026&indicator={FINES}&{query}")).await.expect(200);
        let items = answer["items"].as_array().unwrap();
        assert_eq!((items.len(), items[0].get("formed_from")), (1, None), "{why}");
        assert_eq!(points(&items[0]).split(' ').collect::<Vec<_>>(), expected, "{query}: {why}");
        let open: Vec<&Value> =
            items[0]["observations"].as_array().unwrap().iter().filter(|point| point.get("reasons").is_some()).collect();
        assert_eq!(open, [&json!(null); 0], "{query}: nothing stands against any of them");
    }
}

async fn as_reported_every_unit_of_two_mergers_has_its_own_series(app: TestApp) {
    let user = statistician(&app).await;
    reorganise(&user, "2026-07-01", &[XUYEN]).await;
    with_twenty_months(&user).await;

    let path = format!("/v1/series?province=97&indicator={FINES}&geography=as_reported&frequency=M");
    let answer = app.anyone().get(&path).await.expect(200);

    let shown = |series: &Value| {
        let months = series["observations"].as_array().unwrap();
        let of = |point: &Value| point["period"].as_str().unwrap().to_owned();
        (series["province"]["key"].as_str().unwrap().to_owned(), series.get("formed_from").cloned(), months.len(), of(&months[0]))
    };
    let of_2025 = Some(json!(["bac-giang-1997", "bac-ninh-1997"]));
    let of_2026 = Some(json!(["bac-ninh-2025", "lang-son-1997"]));
    let expected = [
        ("bac-giang-1997", None, 6, "2025-01"),
        ("bac-ninh-1997", None, 6, "2025-01"),
        ("bac-ninh-2025", of_2025, 12, "2025-07"),
        ("dong-xuyen-2026", of_2026, 2, "2026-07"),
        ("lang-son-1997", None, 18, "2025-01"),
    ];
    let found: Vec<_> = answer["items"].as_array().unwrap().iter().map(shown).collect();
    assert_eq!(found, expected.map(|(key, formed_from, months, first)| (key.to_owned(), formed_from, months, first.to_owned())));
    assert_eq!(points(&answer["items"][3]), "2026-07=706 2026-08=806", "and no month of any other");
}

async fn of_the_parts_of_a_unit_nothing_is_known_before_they_were_split(app: TestApp) {
    let user = statistician(&app).await;
    let split = ["nghe-bac-2026 40 Nghệ Bắc < nghe-an-1997", "nghe-nam-2026 41 Nghệ Nam < nghe-an-1997"];
    let transfer = ["son-la-2026 14 Sơn La < son-la-1997", "dien-bien-2026 11 Điện Biên < dien-bien-2004 + son-la-1997"];
    reorganise(&user, "2026-07-01", &[&split[..], &transfer[..]].concat()).await;
    for (code, measure) in [("a-flow", "flow"), ("a-stock", "stock"), ("a-rate", "rate")] {
        define(&user, code, measure).await;
        let said = |number: u32| if measure == "rate" { format!("{number}/100") } else { number.to_string() };
        for (province, periods) in [
            ("nghe-an-1997", ["2025-05", "2025-08", "2026-05", "2026-06"]),
            ("son-la-1997", ["2025-05", "2025-08", "2026-05", "2026-06"]),
            ("dien-bien-2004", ["2025-05", "2025-08", "2026-05", "2026-06"]),
            ("nghe-bac-2026", ["2026-07", "2026-08", "2026-09", "2026-10"]),
            ("nghe-nam-2026", ["2026-07", "2026-08", "2026-09", "2026-10"]),
            ("son-la-2026", ["2026-07", "2026-08", "2026-09", "2026-10"]),
            ("dien-bien-2026", ["2026-07", "2026-08", "2026-09", "2026-10"]),
        ] {
            let figures = periods.map(|period| format!("{period}={}", said(10)));
            report(&user, province, code, &figures.join(", ")).await;
        }

        for (key, before, why) in [
            ("nghe-bac-2026", &["nghe-an-1997"][..], "one half, and it is not the whole"),
            ("nghe-nam-2026", &["nghe-an-1997"], "nor is the other"),
            ("son-la-2026", &["son-la-1997"], "what is left after a part was given away"),
            ("dien-bien-2026", &["dien-bien-2004", "son-la-1997"], "the whole of one and a part of the other"),
        ] {
            let known = |period: &str| before.iter().map(|key| format!("+{key} {period}={}", said(10))).collect::<Vec<_>>().join(" ");
            let later = compared(&app, &format!("province={key}&period=2026-08"), code).await;
            let then = compared(&app, &format!("province={key}&period=2026-05"), code).await;
            let path = format!("/v1/series?province={key}&indicator={code}&frequency=M&from=2026-05&to=2026-08");
            let series = app.anyone().get(&path).await.expect(200)["items"][0].clone();

            let against = &later["same_period_last_year"];
            assert_eq!((figure(&later["current"]).as_str(), &against["baseline"]), ("10", &Value::Null), "{measure} of {key}: {why}");
            assert_eq!(numbers(against), [""; 4], "{measure} of {key}: {why}");
            assert_eq!(
                (verdict(against), parts(against)),
                ("no base_missing not_additive territory_changed".to_owned(), known("2025-08")),
                "{measure} of {key}: {why}"
            );
            assert_eq!((&then["current"], parts(&then)), (&Value::Null, known("2026-05")), "{measure} of {key}: {why}");
            assert!(verdict(&then["same_period_last_year"]).contains("not_additive"), "{measure} of {key}: {why}");
            let expected = "2026-05= 2026-06= 2026-07=10 2026-08=10";
            assert_eq!(points(&series), expected, "{measure} of {key}: {why}");
            let june = &series["observations"][1];
            assert_eq!(
                (&june["reasons"], parts(june)),
                (&json!(["current_missing", "not_additive"]), known("2026-06")),
                "{measure} of {key}: {why}"
            );
            let since = later["previous_period"].clone();
            assert_eq!((figure(&since["baseline"]).as_str(), verdict(&since)), ("10", "yes".into()), "since then it has its own");
        }
    }
}

async fn a_unit_that_was_split_is_still_asked_for_with_its_own_figures(app: TestApp) {
    let user = statistician(&app).await;
    report(&user, "nghe-an-1997", FINES, "2025-05=80, 2026-05=100, 2026-06=110").await;
    let path = format!("/v1/comparisons?province=40&period=2026-05&indicator={FINES}");
    let before = app.anyone().get(&path).await.text();

    reorganise(&user, "2026-07-01", &["nghe-bac-2026 40 Nghệ Bắc < 40", "nghe-nam-2026 41 Nghệ Nam < 40"]).await;
    report(&user, "40", FINES, "2026-08=7").await;

    let now = app.anyone().get(&path).await.expect(200);
    let was: Value = serde_json::from_str(&before).unwrap();
    assert_eq!(now["items"][0]["current"], was["items"][0]["current"], "the code meant the whole in May");
    let line = compared(&app, "province=nghe-an-1997&period=2026-05", FINES).await;
    let against = &line["same_period_last_year"];
    assert_eq!((&line["province"], numbers(against)[0].as_str(), verdict(against)), (&json!("nghe-an-1997"), "20", "yes".into()));
    let series = app.anyone().get(&format!("/v1/series?province=nghe-an-1997&indicator={FINES}")).await.expect(200);
    assert_eq!(points(&series["items"][0]), "2025-05=80 2026-05=100 2026-06=110", "and nothing of what came after it");
    let august = compared(&app, "province=40&period=2026-08", FINES).await;
    assert_eq!((&august["province"], figure(&august["current"]).as_str()), (&json!("nghe-bac-2026"), "7"), "in August it meant one half");
}

async fn a_merger_after_a_split_adds_up_since_the_split_and_not_before(app: TestApp) {
    let user = statistician(&app).await;
    reorganise(&user, "2026-07-01", &["nghe-bac-2026 40 Nghệ Bắc < 40", "nghe-nam-2026 41 Nghệ Nam < 40"]).await;
    reorganise(&user, "2026-09-01", &["hong-lam-2026 42 Hồng Lam < ha-tinh-1997 + nghe-nam-2026"]).await;
    report(&user, "nghe-an-1997", FINES, "2026-06=100").await;
    report(&user, "ha-tinh-1997", FINES, "2026-06=30, 2026-07=31, 2026-08=32").await;
    report(&user, "nghe-bac-2026", FINES, "2026-07=70, 2026-08=71").await;
    report(&user, "nghe-nam-2026", FINES, "2026-07=40, 2026-08=41").await;
    report(&user, "hong-lam-2026", FINES, "2026-09=75").await;

    let path = format!("/v1/series?province=hong-lam-2026&indicator={FINES}&frequency=M&from=2026-06&to=2026-09");
    let series = app.anyone().get(&path).await.expect(200)["items"][0].clone();
    let line = app.anyone().get("/v1/provinces/hong-lam-2026/lineage").await.expect(200);

    assert_eq!(points(&series), "2026-06= 2026-07=71 2026-08=73 2026-09=75");
    let june = &series["observations"][0];
    assert_eq!(parts(june), "+ha-tinh-1997 2026-06=30 +nghe-an-1997 2026-06=100", "what is known, though it makes no sum");
    let line: Vec<&str> = line["items"].as_array().unwrap().iter().map(|unit| unit["key"].as_str().unwrap()).collect();
    assert_eq!(line, ["ha-tinh-1997", "nghe-an-1997", "nghe-nam-2026", "hong-lam-2026"], "its neighbour is not of its line");
}

async fn a_new_name_or_rank_is_no_break(app: TestApp) {
    let user = statistician(&app).await;
    for (province, figures) in [
        ("bac-giang-1997", "2025-05=40"),
        ("bac-ninh-1997", "2025-05=60"),
        ("bac-ninh-2025", "2025-08=100, 2026-05=110, 2026-06=100, 2026-06-YTD=600"),
        ("lang-son-1997", "2025-08=100, 2026-06=100, 2026-06-YTD=600"),
    ] {
        report(&user, province, FINES, figures).await;
    }
    for province in ["bac-ninh-2025", "lang-son-1997"] {
        let target = json!({"indicator": FINES, "period": "2026", "value": 1680});
        user.put("/v1/targets", &json!({"province": province, "targets": [target]})).await.expect(200);
    }

    let mut rank = unit("bac-ninh-2026 24 Bắc Ninh < bac-ninh-2025");
    rank["unit_type"] = json!("municipality");
    let body = json!({"valid_from": "2026-07-01", "provinces": [rank, unit("xu-lang-2026 20 Xứ Lạng < Lạng Sơn")]});
    user.put("/v1/provinces", &body).await.expect(200);
    for province in ["24", "Xứ Lạng"] {
        report(&user, province, FINES, "2026-07=120, 2026-08=120").await;
    }

    for (code, old, new) in [("24", "bac-ninh-2025", "bac-ninh-2026"), ("20", "lang-son-1997", "xu-lang-2026")] {
        for geography in ["restated", "as_reported"] {
            let line = compared(&app, &format!("province={code}&period=2026-08&geography={geography}"), FINES).await;
            let against = &line["same_period_last_year"];
            assert_eq!((&line["province"], figure(&against["baseline"]).as_str()), (&json!(new), "100"), "{geography}");
            assert_eq!((numbers(against)[1].as_str(), verdict(against)), ("20", "yes".into()), "{geography} of {new}");
            assert_eq!(against["baseline"]["origin"], "reported", "{geography} of {new}");
            let july = compared(&app, &format!("province={code}&period=2026-07&geography={geography}"), FINES).await;
            let against = &july["previous_period"];
            assert_eq!((numbers(against)[1].as_str(), verdict(against)), ("20", "yes".into()), "against the month under the old name");
            let path = format!("/v1/series?province={new}&indicator={FINES}&geography={geography}&from=2025-08&to=2026-08");
            let series = app.anyone().get(&path).await.expect(200)["items"].clone();
            let own: Vec<&Value> = series.as_array().unwrap().iter().filter(|item| item["province"]["key"] == new).collect();
            assert!(points(own[0]).starts_with("2025-08=100 "), "{geography}: {}", points(own[0]));
            assert!(points(own[0]).ends_with("2026-07=120 2026-08=120"), "{geography}: {}", points(own[0]));
            assert!(series.as_array().unwrap().iter().all(|item| item["province"]["key"] != old), "{geography}: one province throughout");
        }
        let year = compared(&app, &format!("province={code}&period=2026-08-YTD"), FINES).await;
        assert_eq!(figure(&year["current"]), "840", "of both names");
        let target = &year["target"];
        assert_eq!((&target["attainment_pct"], &target["gap"]), (&json!(50), &json!(840)), "the target set under the old name");
    }
    let may = compared(&app, "province=bac-ninh-2026&period=2026-05", FINES).await["same_period_last_year"].clone();
    assert_eq!((numbers(&may)[1].as_str(), verdict(&may)), ("10", "yes".into()), "through the merger before it");
    assert_eq!(parts(&may["baseline"]), "+bac-giang-1997 2025-05=40 +bac-ninh-1997 2025-05=60");
}

async fn rankings_and_the_country_are_right_on_both_sides_of_a_merger_and_a_split(app: TestApp) {
    let user = statistician(&app).await;
    let split = ["nghe-bac-2026 40 Nghệ Bắc < nghe-an-1997", "nghe-nam-2026 41 Nghệ Nam < nghe-an-1997"];
    reorganise(&user, "2026-07-01", &[XUYEN, split[0], split[1]]).await;
    let mut of: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
    for (period, day, first) in [("2025-08", "2025-08-31", 100), ("2026-05", "2026-05-31", 500), ("2026-08", "2026-08-31", 900)] {
        for (n, key) in (first..).zip(keys_on(&app, day).await) {
            report(&user, &key, "bts-sites", &format!("{period}={n}")).await;
            of.entry(period).or_default().insert(key, n);
        }
    }
    let sum = |period: &str| of[period].values().sum::<u64>();
    let with_xuyen = |period: &str| {
        let mut recast = of[period].clone();
        let both = recast.remove("bac-ninh-2025").unwrap() + recast.remove("lang-son-1997").unwrap();
        recast.remove("nghe-an-1997");
        if let Some(renamed) = recast.remove("dong-nai-2025") {
            recast.insert("dong-nai-2026".into(), renamed);
        }
        recast.insert("dong-xuyen-2026".into(), both);
        recast
    };
    assert_eq!(["2025-08", "2026-05", "2026-08"].map(|period| of[period].len()), [34; 3], "one less by the merger, one more by the split");

    for (query, expected, missing, why) in [
        ("period=2026-05", of["2026-05"].clone(), &[][..], "the units of May"),
        ("period=2026-05&on=2026-06-30", of["2026-05"].clone(), &[], "of the eve"),
        ("period=2026-05&on=2026-07-01", with_xuyen("2026-05"), &["nghe-bac-2026", "nghe-nam-2026"], "of the first day"),
        ("period=2025-08&on=2026-08-31", with_xuyen("2025-08"), &["nghe-bac-2026", "nghe-nam-2026"], "a year before"),
        ("period=2026-08", of["2026-08"].clone(), &[], "the units of August"),
    ] {
        let ranking = app.anyone().get(&format!("/v1/rankings?indicator=bts-sites&{query}")).await.expect(200);
        assert_eq!(values(&ranking), expected, "{query}: {why}");
        let without = ranking["missing"].as_array().unwrap();
        assert!(without.iter().all(|of| of["reasons"] == json!(["current_missing", "not_additive"])), "{query}: {why}");
        let without: Vec<&Value> = without.iter().map(|of| &of["province"]["key"]).collect();
        assert_eq!(without, missing, "{query}: {why}");
        assert_eq!(ranking["coverage"], json!({"have": expected.len(), "need": 34}), "{query}: {why}");
        let period = &query[7..14];
        assert_eq!(ranking["national"]["current"]["value"], sum(period), "{query}: the country is the same");
    }
    let ranking = app.anyone().get("/v1/rankings?indicator=bts-sites&period=2026-08").await.expect(200);
    let country = compared(&app, "province=VN&period=2026-08", "bts-sites").await;
    for national in [&ranking["national"]["same_period_last_year"], &country["same_period_last_year"]] {
        assert_eq!((&national["baseline"]["value"], verdict(national)), (&json!(sum("2025-08")), "yes".into()), "the same country");
    }
    for line in ranking["items"].as_array().unwrap() {
        let (key, against) = (line["province"]["key"].as_str().unwrap(), &line["same_period_last_year"]);
        let earlier = with_xuyen("2025-08").get(key).copied();
        match earlier {
            Some(earlier) => assert_eq!((&against["baseline"]["value"], verdict(against)), (&json!(earlier), "yes".into()), "{key}"),
            None => assert_eq!(
                (&against["baseline"], verdict(against)),
                (&Value::Null, "no base_missing not_additive territory_changed".into()),
                "{key}"
            ),
        }
    }
}

async fn random_mergers_and_new_names_neither_lose_nor_invent_a_figure(app: TestApp) {
    let leaves = random_lineage_holds(&app, Dice(34), false).await;

    assert!(leaves >= 4, "a unit of September that goes back to {leaves} units of May 2025 at most is no test");
}

async fn random_splits_are_never_guessed(app: TestApp) {
    random_lineage_holds(&app, Dice(63), true).await;
}

/// Reorganises the provinces of today at random on three days, reports random figures of six months by the units of the time, and
/// holds what is answered for the last units against a sum by hand. The most units that one of them was formed from, in the end.
async fn random_lineage_holds(app: &TestApp, mut dice: Dice, with_splits: bool) -> usize {
    let user = statistician(app).await;
    let mut lineage = Lineage::shipped(app).await;
    for (level, day) in ["2026-07-01", "2026-08-01", "2026-09-01"].into_iter().enumerate() {
        let lines = lineage.reorganised(&mut dice, level + 1, with_splits, keys_on(app, day).await);
        reorganise(&user, day, &lines.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }
    let last = keys_on(app, "2026-09-30").await;
    let mut known_then: BTreeMap<&str, BTreeMap<String, Figures>> = BTreeMap::new();
    for (period, day) in [
        ("2025-05", "2025-05-31"),
        ("2026-05", "2026-05-31"),
        ("2026-07", "2026-07-31"),
        ("2026-08", "2026-08-31"),
        ("2026-09", "2026-09-30"),
    ] {
        for key in keys_on(app, day).await {
            let cases = dice.roll(9999) + 1;
            let figures = Figures { fines: dice.roll(5000), online: dice.roll(cases + 1), cases };
            let rate = json!({"indicator": RATE, "numerator": figures.online, "denominator": figures.cases});
            let rows = json!([{"indicator": FINES, "value": figures.fines}, rate]);
            user.submit(&json!({"province": key, "period": period, "observations": rows})).await;
            known_then.entry(period).or_default().insert(key, figures);
        }
    }

    let mut unknown = 0;
    for (period, known) in &known_then {
        let expected: BTreeMap<String, Option<Figures>> = last.iter().map(|key| (key.clone(), lineage.recast(key, &last, known))).collect();
        let fines = app.anyone().get(&format!("/v1/rankings?indicator={FINES}&period={period}&on=2026-09-30")).await.expect(200);
        let rates = app.anyone().get(&format!("/v1/rankings?indicator={RATE}&period={period}&on=2026-09-30")).await.expect(200);

        let formed = |of: fn(Figures) -> u64| -> BTreeMap<String, u64> {
            expected.iter().filter_map(|(key, figures)| Some((key.clone(), of((*figures)?)))).collect()
        };
        assert_eq!(values(&fines), formed(|figures| figures.fines), "{period}");
        for line in rates["items"].as_array().unwrap() {
            let (figures, current) = (expected[line["province"]["key"].as_str().unwrap()].unwrap(), &line["current"]);
            let [online, cases] = [&current["numerator"], &current["denominator"]].map(|number| number.as_u64().unwrap());
            assert_eq!((online, cases), (figures.online, figures.cases), "{period}: {line}");
        }
        assert_eq!(rates["items"].as_array().unwrap().len(), formed(|_| 0).len(), "{period}");
        for ranking in [&fines, &rates] {
            let missing = ranking["missing"].as_array().unwrap();
            assert!(missing.iter().all(|of| of["reasons"][0] == "current_missing"), "{period}: {missing:?}");
            assert_eq!(missing.len(), last.len() - formed(|_| 0).len(), "{period}");
            unknown += missing.len();
        }
        let whole = known.values().map(|figures| figures.fines).sum::<u64>();
        assert_eq!(fines["national"]["current"]["value"], whole, "{period}: the country is the sum of those that there were");
        if !with_splits {
            assert_eq!(values(&fines).values().sum::<u64>(), whole, "{period}: nothing is lost or counted twice");
        }
    }
    assert_eq!(unknown > 0, with_splits, "where units were split, and only there, something is not known");
    last.iter().map(|key| lineage.leaves(key, &known_then["2025-05"]).len()).max().unwrap()
}

/// The figures of one unit.
#[derive(Debug, Clone, Copy)]
struct Figures {
    fines: u64,
    online: u64,
    cases: u64,
}

/// What every unit was formed from.
struct Lineage(BTreeMap<String, Vec<String>>);

impl Lineage {
    /// The lineage that the service is delivered with.
    async fn shipped(app: &TestApp) -> Lineage {
        let all = app.anyone().get("/v1/provinces?limit=1000").await.expect(200);
        let text = |of: &Value| of.as_str().unwrap().to_owned();
        let unit = |unit: &Value| (text(&unit["key"]), unit["predecessors"].as_array().unwrap().iter().map(text).collect());
        Lineage(all["items"].as_array().unwrap().iter().map(unit).collect())
    }

    /// A reorganisation of these units at random, which the lineage takes over: one by one, in twos and threes they go on, take
    /// another name, merge, and are split or give a part away where that is wanted.
    fn reorganised(&mut self, dice: &mut Dice, level: usize, with_splits: bool, mut units: Vec<String>) -> Vec<String> {
        let mut lines = Vec::new();
        let mut form = |predecessors: &[&str]| {
            let (n, number) = (lines.len(), 10_000 * level + lines.len());
            let key = format!("mien-{level}-{n}-2026");
            lines.push(format!("{key} {number} Miền {level} {n} < {}", predecessors.join(" + ")));
            self.0.insert(key, predecessors.iter().map(|key| (*key).to_owned()).collect());
        };
        while !units.is_empty() {
            let many = units.len().min(usize::try_from(dice.roll(3)).unwrap() + 1);
            let group: Vec<String> =
                (0..many).map(|_| units.swap_remove(usize::try_from(dice.roll(units.len() as u64)).unwrap())).collect();
            let group: Vec<&str> = group.iter().map(String::as_str).collect();
            match (&group[..], dice.roll(4)) {
                ([_], 0 | 1) => {}
                ([one], 2) if with_splits => {
                    form(&[one]);
                    form(&[one]);
                }
                ([giver, taker], 0) if with_splits => {
                    form(&[giver]);
                    form(&[giver, taker]);
                }
                _ => form(&group),
            }
        }
        lines
    }

    /// What is known of a unit, or of those that it goes back to, added up; nothing where a part of one of these is in another of the
    /// `last` units.
    fn recast(&self, key: &str, last: &[String], known: &BTreeMap<String, Figures>) -> Option<Figures> {
        let leaves = self.leaves(key, known);
        let elsewhere: BTreeSet<String> = last.iter().filter(|other| *other != key).flat_map(|other| self.leaves(other, known)).collect();
        let sum = |sum: Figures, of: &String| {
            let of = known[of];
            Figures { fines: sum.fines + of.fines, online: sum.online + of.online, cases: sum.cases + of.cases }
        };
        leaves.is_disjoint(&elsewhere).then(|| leaves.iter().fold(Figures { fines: 0, online: 0, cases: 0 }, sum))
    }

    /// The units with figures that one goes back to.
    fn leaves(&self, key: &str, known: &BTreeMap<String, Figures>) -> BTreeSet<String> {
        if known.contains_key(key) {
            return BTreeSet::from([key.to_owned()]);
        }
        self.0[key].iter().flat_map(|before| self.leaves(before, known)).collect()
    }
}

/// The provinces of a ranking and their figures.
fn values(ranking: &Value) -> BTreeMap<String, u64> {
    let items = ranking["items"].as_array().unwrap();
    let line = |line: &Value| (line["province"]["key"].as_str().unwrap().to_owned(), line["current"]["value"].as_u64().unwrap());
    items.iter().map(line).collect()
}

/// From January 2025 to August 2026.
fn twenty_months() -> Vec<(u32, u32)> {
    (2025..=2026).flat_map(|year| (1..=12).map(move |month| (year, month))).take(20).collect()
}

/// Reports these months, each by the units of its time: in the territory of all of them a hundred for each month, and 5 or 6 more.
async fn with_twenty_months(user: &User) {
    let months = twenty_months();
    let reported = |months: &[(u32, u32)], of: fn(u32, u32) -> u32| {
        months.iter().map(|(year, month)| format!("{year}-{month:02}={}", of(*year, *month))).collect::<Vec<_>>().join(", ")
    };
    for (province, figures) in [
        ("bac-giang-1997", reported(&months[..6], |_, month| 20 * month)),
        ("bac-ninh-1997", reported(&months[..6], |_, month| 30 * month)),
        ("bac-ninh-2025", reported(&months[6..18], |_, month| 50 * month)),
        ("lang-son-1997", reported(&months[..18], |year, month| 50 * month + year - 2020)),
        ("dong-xuyen-2026", reported(&months[18..], |year, month| 100 * month + year - 2020)),
    ] {
        report(user, province, FINES, &figures).await;
    }
}

async fn the_country_has_the_year_in_which_a_province_was_divided(app: TestApp) {
    let user = statistician(&app).await;
    let before = keys_on(&app, "2026-06-30").await;
    reorganise(&user, "2026-07-01", &["nghe-bac-2026 40 Nghệ Bắc < 40", "nghe-nam-2026 41 Nghệ Nam < 40"]).await;
    let after = keys_on(&app, "2026-07-01").await;
    for province in &before {
        report(&user, province, FINES, "2026-06-YTD=10").await;
    }
    for province in &after {
        report(&user, province, FINES, "2026-Q3=1").await;
    }

    let nine_months = compared(&app, "province=VN&period=2026-09-YTD", FINES).await["current"].clone();
    let part = compared(&app, "province=nghe-nam-2026&period=2026-09-YTD", FINES).await;

    assert_eq!((before.len(), after.len()), (34, 35));
    assert_eq!((&nine_months["value"], &nine_months["origin"]), (&json!(34 * 10 + 35), &json!("derived")), "{nine_months}");
    assert_eq!(nine_months["derivation"]["parts"].as_array().map(Vec::len), Some(34 + 35));
    let reasons = part["same_period_last_year"]["reasons"].as_array().unwrap();
    assert!(part["current"].is_null() && reasons.contains(&json!("not_additive")), "of its parts nobody knows: {part}");
}
