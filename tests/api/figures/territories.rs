//! Territories: the figures of provinces that merged on 1 July 2025, formed before it from the units they were formed from;
//! and all 63 of them recast onto the 34. Periods across the day and series are in `territories_periods.rs`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::figures::time_travel::Dice;
use crate::support::answer::item;
use crate::support::worked::{code, figure, numbers, row, statistician, verdict};
use crate::support::{TestApp, User, on_both};

on_both! {
    new_bac_ninh_is_compared_with_the_two_provinces_it_was_formed_from,
    as_reported_the_new_province_has_no_figure_of_last_year,
    the_month_before_the_merger_is_that_of_the_old_provinces,
    before_its_time_the_new_province_is_compared_as_what_it_was_formed_from,
    an_old_province_is_asked_for_with_its_own_figures,
    what_is_known_of_the_old_provinces_decides_what_is_formed,
    what_does_not_add_up_is_shown_by_its_parts,
    states_of_different_days_make_no_state,
    a_printed_comparison_is_judged_by_the_old_provinces,
    another_name_or_rank_is_no_other_territory,
    sixty_three_provinces_are_recast_onto_thirty_four,
    a_ranking_says_why_a_merged_province_has_no_figure,
    what_is_no_geography_or_day_is_refused,
}

async fn new_bac_ninh_is_compared_with_the_two_provinces_it_was_formed_from(app: TestApp) {
    let department = app.department().await;
    let giang = report(&department, "bac-giang-1997", REVENUE, "2025-05=230").await;
    let ninh = report(&department, "bac-ninh-1997", REVENUE, "2025-05=970").await;
    report(&department, "bac-ninh-2025", REVENUE, "2026-05=1320").await;
    // One that never merged, with the same numbers.
    report(&department, "ha-noi-2008", REVENUE, "2025-05=1200, 2026-05=1320").await;
    for province in ["bac-ninh-2025", "ha-noi-2008"] {
        let target = json!({"indicator": REVENUE, "period": "2026-05", "value": 1650});
        department.put("/v1/targets", &json!({"province": province, "targets": [target]})).await.expect(200);
    }

    let line = compared(&app, "province=24&period=2026-05", REVENUE).await;
    let unmerged = compared(&app, "province=ha-noi-2008&period=2026-05", REVENUE).await;
    let ranking = app.anyone().get(&format!("/v1/rankings?indicator={REVENUE}&period=2026-05&top=1")).await.expect(200);

    assert_eq!(line["province"], "bac-ninh-2025");
    let against = &line["same_period_last_year"];
    let base = &against["baseline"];
    assert_eq!((numbers(against), verdict(against)), (["120", "10", "110", ""].map(String::from), "yes".into()));
    assert_eq!((&base["value"], &base["status"], &base["bound"]), (&json!(1200), &json!("A"), &json!("eq")));
    assert_eq!((&base["period"], &base["origin"], &base["observation"]), (&json!("2025-05"), &json!("derived"), &Value::Null));
    assert_eq!(base["coverage"], json!({"have": 1, "need": 1}));
    assert_eq!(base["derivation"]["text"], "bac-giang-1997 + bac-ninh-1997");
    let part = |province: &str, value: u32, recorded: &Value| {
        json!({"sign": "plus", "province": province, "period": "2025-05", "breakdown": {}, "value": value, "bound": "eq",
            "status": "A", "observation": recorded["rows"][0]["observation"]})
    };
    assert_eq!(base["derivation"]["parts"], json!([part("bac-giang-1997", 230, &giang), part("bac-ninh-1997", 970, &ninh)]));
    assert_eq!((&line["target"]["attainment_pct"], &line["target"]["gap"]), (&json!(80), &json!(330)));
    assert!(line["sentence"]["vi"].as_str().unwrap().contains("bằng 110% so với cùng kỳ năm 2025"), "{}", line["sentence"]);
    assert_eq!(line["sentence"], unmerged["sentence"], "as of a province that never merged");
    let first = &ranking["items"][0];
    assert_eq!((&first["province"]["key"], &first["rank"]), (&json!("bac-ninh-2025"), &json!(1)));
    assert_eq!(&first["same_period_last_year"], against, "the ranking compares alike");
}

async fn as_reported_the_new_province_has_no_figure_of_last_year(app: TestApp) {
    let department = app.department().await;
    report(&department, "bac-giang-1997", REVENUE, "2025-05=230").await;
    report(&department, "bac-ninh-1997", REVENUE, "2025-05=970").await;
    report(&department, "bac-ninh-2025", REVENUE, "2026-05=1320, 2025-08=1000, 2026-08=1100").await;

    let line = compared(&app, "province=24&period=2026-05&geography=as_reported", REVENUE).await;
    let since = compared(&app, "province=24&period=2026-08&geography=as_reported", REVENUE).await;
    let before = compared(&app, "province=bac-ninh-2025&period=2025-05&geography=as_reported", REVENUE).await;
    let old = compared(&app, "province=bac-giang-1997&period=2025-05&geography=as_reported", REVENUE).await;

    let against = &line["same_period_last_year"];
    assert_eq!((&line["current"]["value"], &against["baseline"]), (&json!(1320), &Value::Null));
    assert_eq!((verdict(against), against.get("parts")), ("no base_missing territory_changed".into(), None));
    assert_eq!(numbers(against), [""; 4]);
    assert_eq!(verdict(&since["same_period_last_year"]), "yes", "a year later it has its own");
    assert_eq!((&before["current"], &old["current"]["value"]), (&Value::Null, &json!(230)));
    let reasons = verdict(&before["same_period_last_year"]);
    assert_eq!(reasons, "no base_missing current_missing territory_changed", "neither year is its own");
}

async fn the_month_before_the_merger_is_that_of_the_old_provinces(app: TestApp) {
    let department = app.department().await;
    report(&department, "bac-giang-1997", REVENUE, "2025-06=240").await;
    report(&department, "bac-ninh-1997", REVENUE, "2025-06=1000").await;
    report(&department, "bac-ninh-2025", REVENUE, "2025-07=1302, 2025-08=1302").await;

    let july = compared(&app, "province=24&period=2025-07", REVENUE).await["previous_period"].clone();
    let apart = compared(&app, "province=24&period=2025-07&geography=as_reported", REVENUE).await["previous_period"].clone();
    let august = compared(&app, "province=24&period=2025-08&geography=as_reported", REVENUE).await["previous_period"].clone();

    assert_eq!((&july["baseline"]["value"], &july["baseline"]["period"]), (&json!(1240), &json!("2025-06")));
    assert_eq!((numbers(&july), verdict(&july)), (["62", "5", "105", ""].map(String::from), "yes".into()));
    assert_eq!((&apart["baseline"], verdict(&apart)), (&Value::Null, "no base_missing territory_changed".into()));
    assert_eq!((numbers(&august)[0].as_str(), verdict(&august)), ("0", "yes".into()));
}

async fn before_its_time_the_new_province_is_compared_as_what_it_was_formed_from(app: TestApp) {
    let department = app.department().await;
    report(&department, "bac-giang-1997", REVENUE, "2024-05=200, 2025-05=230").await;
    report(&department, "bac-ninh-1997", REVENUE, "2024-05=800, 2025-04-YTD=100, 2025-05-YTD=1070").await;

    let line = compared(&app, "province=bac-ninh-2025&period=2025-05", REVENUE).await;

    let (current, against) = (&line["current"], &line["same_period_last_year"]);
    assert_eq!((&current["value"], &current["origin"]), (&json!(1200), &json!("derived")));
    assert_eq!(parts(current), "+bac-giang-1997 2025-05=230 +bac-ninh-1997 2025-05-YTD=1070 -bac-ninh-1997 2025-04-YTD=100");
    assert_eq!(parts(&against["baseline"]), "+bac-giang-1997 2024-05=200 +bac-ninh-1997 2024-05=800");
    assert_eq!((numbers(against), verdict(against)), (["200", "20", "120", ""].map(String::from), "yes".into()));
}

async fn an_old_province_is_asked_for_with_its_own_figures(app: TestApp) {
    let department = app.department().await;
    report(&department, "bac-giang-1997", REVENUE, "2024-05=200, 2025-05=230").await;
    report(&department, "bac-ninh-1997", REVENUE, "2024-05=800, 2025-05=970").await;

    for (asked, values, why) in [
        ("24", ["230", "200"], "the code in May 2025"),
        ("bac-giang-1997", ["230", "200"], "its key"),
        ("27", ["970", "800"], "the code of old Bắc Ninh"),
        ("bac-ninh-2025", ["1200", "1000"], "the key of the new province"),
    ] {
        let line = compared(&app, &format!("province={asked}&period=2025-05"), REVENUE).await;
        let against = &line["same_period_last_year"];
        assert_eq!([&line["current"], &against["baseline"]].map(figure), values, "{asked}: {why}");
        assert_eq!(verdict(against), "yes", "{asked}: {why}");
    }
}

async fn what_is_known_of_the_old_provinces_decides_what_is_formed(app: TestApp) {
    let user = statistician(&app).await;
    // measure; May 2025 in Bắc Giang and old Bắc Ninh; May 2026 → last year's, the comparison, the verdict
    #[rustfmt::skip]
    let table = [
        ("flow",    "10",    "20",    "33",     "30",     ["3", "10", "110", ""],          "yes", "flows add"),
        ("flow",    "0",     "20",    "33",     "20",     ["13", "65", "165", ""],         "yes", "zero is a figure"),
        ("flow",    "10",    "",      "33",     "",       NO, "no base_missing low_coverage territory_changed", "one of the two is missing"),
        ("flow",    "",      "20",    "33",     "",       NO, "no base_missing low_coverage territory_changed", "the other one"),
        ("flow",    "",      "",      "33",     "",       NO, "no base_missing territory_changed", "both"),
        ("flow",    "nil",   "20",    "33",     "",       NO, "no base_missing low_coverage territory_changed", "nothing to report is not zero"),
        ("flow",    "10 E",  "20",    "33",     "30 E",   ["3", "10", "110", ""],          "limited status_mismatch", "an estimate"),
        ("flow",    "10 P",  "20 E",  "33 E",   "30 E",   ["3", "10", "110", ""],          "yes", "as final as the weakest"),
        ("flow",    ">30",   "20",    "55",     ">50",    ["<5", "<10", "<110", ""],       "limited qualifier_inexact", "above, and more"),
        ("flow",    "20-23", "10",    "33",     "30..33", ["0..3", "0..10", "100..110", ""], "limited qualifier_inexact", "a range"),
        ("flow",    "~10",   "20",    "33",     "~30",    ["~3", "~10", "~110", ""],       "limited qualifier_inexact", "about"),
        ("flow",    ">30",   "<20",   "55",     "",       NO, "no base_missing qualifier_inexact territory_changed", "they pull apart"),
        ("stock",   "1000",  "500",   "1650",   "1500",   ["150", "10", "110", ""],        "yes", "states add"),
        ("rate",    "10/12", "1/88",  "20/100", "11",     ["", "81.82", "181.82", "9"],    "yes", "11 of 100, and not 42.24"),
        ("last",    "10/12", "1/88",  "20/100", "11",     ["", "81.82", "181.82", "9"],    "yes", "a rate of a day alike"),
        ("rate",    "10/12 E", "1/88", "20/100", "11 E",  ["", "81.82", "181.82", "9"],    "limited status_mismatch", "an estimate"),
        ("copies",  "10",    "20",    "33",     "30",     ["3", "10", "110", ""],          "yes", "monthly copies add over provinces"),
    ];
    for (n, (measure, ..)) in table.iter().enumerate() {
        define(&user, &code(n), measure).await;
    }
    for (province, period, said) in [
        ("bac-giang-1997", "2025-05", table.map(|line| line.1)),
        ("bac-ninh-1997", "2025-05", table.map(|line| line.2)),
        ("bac-ninh-2025", "2026-05", table.map(|line| line.3)),
    ] {
        let said = said.into_iter().enumerate().filter(|(_, said)| !said.is_empty());
        let rows: Vec<Value> = said.map(|(n, said)| row(&code(n), said, period)).collect();
        user.submit(&json!({"province": province, "observations": rows})).await;
    }
    let codes: Vec<String> = (0..table.len()).map(code).collect();
    let path = format!("/v1/comparisons?province=24&period=2026-05&indicator={}", codes.join(","));

    let restated = app.anyone().get(&path).await.expect(200);
    let as_reported = app.anyone().get(&format!("{path}&geography=as_reported")).await.expect(200);

    for (n, (measure, giang, ninh, _, base, expected, comparable, why)) in table.into_iter().enumerate() {
        let (line, why) = (item(&restated, &code(n)), format!("{measure} {giang} + {ninh}: {why}"));
        let against = &line["same_period_last_year"];
        assert_eq!((figure(&against["baseline"]).as_str(), verdict(against).as_str()), (base, comparable), "{why}");
        assert_eq!(numbers(against), expected, "{why}");
        let known = [("bac-giang-1997", giang), ("bac-ninh-1997", ninh)].into_iter().filter(|(_, said)| !["", "nil"].contains(said));
        let known: Vec<String> = known.map(|(key, said)| format!("+{key} 2025-05={}", said.replace('-', ".."))).collect();
        assert_eq!(parts(if base.is_empty() { against } else { &against["baseline"] }), known.join(" "), "{why}");
        let apart = &item(&as_reported, &code(n))["same_period_last_year"];
        assert_eq!((&apart["baseline"], verdict(apart)), (&Value::Null, "no base_missing territory_changed".into()), "{why}");
    }
}

async fn what_does_not_add_up_is_shown_by_its_parts(app: TestApp) {
    let user = statistician(&app).await;
    let table = [
        ("rate", "50", "1/88", "of one there is no numerator"),
        ("rate", "50", "50", "alike, and yet it is not known to be 50"),
        ("last", "50 E", "1/88", "a rate of a day"),
        ("average", "10", "20", "levels never add"),
    ];
    for (n, (measure, giang, ninh, why)) in table.into_iter().enumerate() {
        let of = &code(n);
        define(&user, of, measure).await;
        report(&user, "bac-giang-1997", of, &format!("2025-05={giang}")).await;
        report(&user, "bac-ninh-1997", of, &format!("2025-05={ninh}")).await;
        report(&user, "bac-ninh-2025", of, "2026-05=25").await;

        let later = compared(&app, "province=bac-ninh-2025&period=2026-05", of).await["same_period_last_year"].clone();
        let then = compared(&app, "province=bac-ninh-2025&period=2025-05", of).await;
        let path = format!("/v1/series?province=bac-ninh-2025&indicator={of}&frequency=M&from=2025-05&to=2026-05&last=13");
        let series = app.anyone().get(&path).await.expect(200)["items"][0]["observations"].clone();

        let known = format!("+bac-giang-1997 2025-05={giang} +bac-ninh-1997 2025-05={ninh}");
        assert_eq!((&later["baseline"], &later["comparable"], parts(&later)), (&Value::Null, &json!("no"), known.clone()), "{why}");
        assert_eq!((&then["current"], parts(&then)), (&Value::Null, known.clone()), "{why}");
        assert_eq!(
            (&series[0]["value"], &series[0]["reasons"], parts(&series[0])),
            (&Value::Null, &json!(["current_missing", "not_additive"]), known),
            "{why}"
        );
        assert_eq!((&series[12]["period"], &series[12]["value"]), (&json!("2026-05"), &json!(25)), "{why}");
    }
}

async fn states_of_different_days_make_no_state(app: TestApp) {
    let department = app.department().await;
    report(&department, "bac-ninh-2025", "bts-sites", "2026-05=33, 2026-04=33").await;
    for (province, days) in [("bac-giang-1997", ["2025-05-20", "2025-04-20"]), ("bac-ninh-1997", ["2025-05-31", "2025-04-20"])] {
        let rows = [("2025-05", days[0]), ("2025-04", days[1])]
            .map(|(period, day)| json!({"indicator": "bts-sites", "period": period, "value": 15, "as_of": day}));
        department.submit(&json!({"province": province, "observations": rows})).await;
    }

    let may = compared(&app, "province=24&period=2026-05", "bts-sites").await["same_period_last_year"].clone();
    let april = compared(&app, "province=24&period=2026-04", "bts-sites").await["same_period_last_year"].clone();

    assert_eq!((&may["baseline"], parts(&may)), (&Value::Null, "+bac-giang-1997 2025-05=15 +bac-ninh-1997 2025-05=15".into()));
    assert_eq!(may["comparable"], "no");
    assert_eq!((&april["baseline"]["value"], &april["baseline"]["as_of"]), (&json!(30), &json!("2025-04-20")), "of one day they add");
}

async fn a_printed_comparison_is_judged_by_the_old_provinces(app: TestApp) {
    let department = app.department().await;
    report(&department, "bac-giang-1997", REVENUE, "2025-05=230").await;
    report(&department, "bac-ninh-1997", REVENUE, "2025-05=970").await;
    let claims = json!([{"kind": "yoy_index", "value": 110}, {"kind": "yoy_change_pct", "value": 36.1}]);
    let told = json!({"indicator": REVENUE, "period": "2026-05", "value": 1320, "claims": claims});
    department.submit(&json!({"province": "bac-ninh-2025", "observations": [told]})).await;

    let verdicts = async |geography: &str| {
        let line = compared(&app, &format!("province=24&period=2026-05&geography={geography}"), REVENUE).await;
        let claims: BTreeMap<String, String> =
            line["claims"].as_array().unwrap().iter().map(|claim| (text(&claim["kind"]), text(&claim["verdict"]))).collect();
        [claims["yoy_index"].clone(), claims["yoy_change_pct"].clone()]
    };

    // 1320 of 1200 is 110 %; 36.1 % more it is of the 970 of old Bắc Ninh alone.
    assert_eq!(verdicts("restated").await, ["matches", "contradicts"]);
    assert_eq!(verdicts("as_reported").await, ["unverifiable", "unverifiable"]);
    let listed = app.anyone().get("/v1/claims?province=24&period=2026-05&verdict=contradicts").await.expect(200)["items"].clone();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["kind"]), (1, &json!("yoy_change_pct")), "the list judges alike");
    assert_eq!(listed[0]["baseline"]["value"], 1200);
}

async fn another_name_or_rank_is_no_other_territory(app: TestApp) {
    let department = app.department().await;
    for (province, figures) in [
        ("thua-thien-hue-1997", "2024-05=100, 2024-12=50"),
        ("hue-2025", "2025-01=55, 2025-05=110"),
        ("binh-phuoc-1997", "2025-05=40"),
        ("dong-nai-1997", "2025-05=60"),
        ("dong-nai-2025", "2025-08=110, 2026-03-YTD=300"),
        ("dong-nai-2026", "2026-04=100, 2026-05=121, 2026-08=132"),
    ] {
        report(&department, province, REVENUE, figures).await;
    }

    for geography in ["restated", "as_reported"] {
        for (asked, values, change, why) in [
            ("province=46&period=2025-05", ["110", "100"], "10", "Huế, until 2024 Thừa Thiên Huế"),
            ("province=75&period=2026-08", ["132", "110"], "20", "Đồng Nai, a city since 30 April 2026"),
        ] {
            let against = compared(&app, &format!("{asked}&geography={geography}"), REVENUE).await;
            let line = [&against["current"], &against["same_period_last_year"]["baseline"]].map(figure);
            let against = &against["same_period_last_year"];
            assert_eq!((line, numbers(against)[1].as_str()), (values.map(String::from), change), "{geography}: {why}");
            assert_eq!((verdict(against), &against["baseline"]["origin"]), ("yes".into(), &json!("reported")), "{geography}: {why}");
        }
        let path = format!("/v1/series?province=46&indicator={REVENUE}&geography={geography}");
        let series = app.anyone().get(&path).await.expect(200)["items"].clone();
        assert_eq!((series.as_array().unwrap().len(), series[0].get("formed_from")), (1, None), "{geography}: one province throughout");
        assert_eq!(points(&series[0]), "2024-05=100 2024-12=50 2025-01=55 2025-05=110", "{geography}");
    }
    let january = compared(&app, "province=46&period=2025-01", REVENUE).await["previous_period"].clone();
    assert_eq!((numbers(&january)[1].as_str(), verdict(&january)), ("10", "yes".into()), "against December");
    let may = compared(&app, "province=75&period=2026-05", REVENUE).await;
    let against = &may["same_period_last_year"];
    assert_eq!((numbers(against)[1].as_str(), verdict(against)), ("21", "yes".into()), "one merger lies between, and a new rank");
    assert_eq!(parts(&against["baseline"]), "+binh-phuoc-1997 2025-05=40 +dong-nai-1997 2025-05=60");
    assert_eq!(numbers(&may["previous_period"])[1], "21", "against April, the last day of which was the first of the city");
    let to_date = compared(&app, "province=75&period=2026-05-YTD", REVENUE).await["current"].clone();
    assert_eq!((figure(&to_date).as_str(), &to_date["coverage"]), ("521", &json!({"have": 5, "need": 5})), "of both names");
}

async fn sixty_three_provinces_are_recast_onto_thirty_four(app: TestApp) {
    let department = app.department().await;
    let mut dice = Dice(20_250_701);
    let mut known: BTreeMap<&str, Figures> = BTreeMap::new();
    for key in units_on("2025-05-31") {
        let cases = dice.roll(99_999) + 1;
        let figures = Figures { sites: dice.roll(5000) + 1, online: dice.roll(cases + 1), cases };
        department.submit(&figures.of(key, "2025-05")).await;
        known.insert(key, figures);
    }
    let on = |day: &str| -> BTreeMap<&str, Figures> { units_on(day).into_iter().map(|key| (key, recast(key, &known))).collect() };
    let (before, first_day, year_later) = (on("2025-05-31"), on("2025-07-01"), on("2026-05-31"));
    let sum = |of: &BTreeMap<&str, Figures>| of.values().fold(Figures::default(), Figures::plus);
    let country = sum(&known);
    assert_eq!([before.len(), first_day.len(), year_later.len()], [63, 34, 34]);
    assert_eq!([&before, &first_day, &year_later].map(sum), [country; 3], "nothing is lost or counted twice");

    for (query, expected, why) in [
        ("", &before, "the provinces at the end of the period"),
        ("&geography=as_reported", &before, "which reported themselves"),
        ("&on=2025-06-30", &before, "on the last day of the 63"),
        ("&on=2025-07-01", &first_day, "on the first day of the 34"),
        ("&on=2026-05-31&geography=restated", &year_later, "a year later, Đồng Nai is a city"),
    ] {
        let sites = ranking(&app, "bts-sites", "2025-05", query).await;
        let rates = ranking(&app, RATE, "2025-05", query).await;
        let need = json!({"have": expected.len(), "need": expected.len()});
        for (ranking, value) in [(&sites, Figures::sites as fn(&Figures) -> u64), (&rates, Figures::rate)] {
            assert_eq!((&ranking["coverage"], &ranking["missing"], &ranking["reasons"]), (&need, &json!([]), &json!([])), "{why}");
            for line in ranking["items"].as_array().unwrap() {
                let own = value(&expected[line["province"]["key"].as_str().unwrap()]);
                let higher = expected.values().filter(|other| value(other) > own).count();
                assert_eq!(line["rank"], higher + 1, "{why}: {line}");
            }
        }
        let found: BTreeMap<&str, u64> = lines(&sites).map(|(key, current)| (key, current["value"].as_u64().unwrap())).collect();
        assert_eq!(found, expected.iter().map(|(key, figures)| (*key, figures.sites)).collect(), "{why}");
        for (key, current) in lines(&rates) {
            expect_rate(current, &expected[key], &format!("{key}: {why}"));
        }
        assert_eq!(lines(&rates).count(), expected.len(), "{why}");
        assert_eq!(sites["national"]["current"]["value"], country.sites, "{why}: the country is the same");
        expect_rate(&rates["national"]["current"], &country, why);
    }
    let apart = ranking(&app, "bts-sites", "2025-05", "&on=2025-07-01&geography=as_reported").await;
    assert_eq!(apart["coverage"], json!({"have": 11, "need": 34}), "11 that never merged have figures of their own");
    assert_eq!(apart["national"]["current"]["value"], country.sites);

    // A year later the 34 report nine sites more each, and half the share.
    for (key, earlier) in &year_later {
        let figures = Figures { sites: earlier.sites + 9, online: earlier.online * 11, cases: earlier.cases * 22 };
        department.submit(&figures.of(key, "2026-05")).await;
    }
    for (geography, with_a_year_ago) in [("restated", 34), ("as_reported", 11)] {
        let query = format!("&geography={geography}");
        let sites = ranking(&app, "bts-sites", "2026-05", &query).await;
        let rates = ranking(&app, RATE, "2026-05", &query).await;
        for ranking in [&sites, &rates] {
            let (with, without): (Vec<_>, Vec<_>) = against(ranking).partition(|(_, against)| !against["baseline"].is_null());
            assert_eq!((with.len(), without.len()), (with_a_year_ago, 34 - with_a_year_ago), "{geography}");
            assert!(with.iter().all(|(_, against)| verdict(against) == "yes"), "{geography}: {with:?}");
            let merged =
                |(key, against): &(&str, &Value)| !known.contains_key(key) && verdict(against) == "no base_missing territory_changed";
            assert!(without.iter().all(merged), "{geography}: {without:?}");
        }
        for (key, against) in against(&sites).filter(|(_, against)| !against["baseline"].is_null()) {
            assert_eq!((&against["baseline"]["value"], &against["change"]), (&json!(year_later[key].sites), &json!(9)), "{key}");
        }
        for (key, against) in against(&rates).filter(|(_, against)| !against["baseline"].is_null()) {
            let earlier = year_later[key];
            expect_rate(&against["baseline"], &earlier, key);
            let half = Figures { cases: earlier.cases * 2, ..earlier };
            assert_eq!(hundredths(&against["change_pp"]), half.rate(), "{key}: {earlier:?}");
        }
        let [sites, rates] = [&sites, &rates].map(|ranking| &ranking["national"]["same_period_last_year"]);
        assert_eq!((&sites["baseline"]["value"], &sites["change"]), (&json!(country.sites), &json!(9 * 34)), "{geography}");
        assert_eq!([verdict(sites), verdict(rates)], ["yes"; 2], "the 34 against the 63: the same country");
        expect_rate(&rates["baseline"], &country, geography);
    }
}

async fn a_ranking_says_why_a_merged_province_has_no_figure(app: TestApp) {
    let department = app.department().await;
    for (province, sites, rate) in [
        ("bac-giang-1997", "2025-05=10", "2025-05=50"),
        ("an-giang-1997", "2025-05=10", "2025-05=10/12"),
        ("kien-giang-1997", "2025-05=20", "2025-05=1/88"),
        ("ha-noi-2008", "2025-05=40", "2025-05=5/10"),
    ] {
        report(&department, province, "bts-sites", sites).await;
        report(&department, province, RATE, rate).await;
    }
    report(&department, "bac-ninh-1997", RATE, "2025-05=40").await;

    for (indicator, values, why_not) in [("bts-sites", ["40", "30"], "low_coverage"), (RATE, ["50", "11"], "not_additive")] {
        let ranking = ranking(&app, indicator, "2025-05", "&on=2025-07-01").await;
        let found: Vec<(&str, String)> = lines(&ranking).map(|(key, current)| (key, figure(current))).collect();
        assert_eq!(found, [("ha-noi-2008", values[0].to_owned()), ("an-giang-2025", values[1].to_owned())], "{indicator}");
        let missing = ranking["missing"].as_array().unwrap();
        let bac_ninh = missing.iter().find(|missing| missing["province"]["key"] == "bac-ninh-2025").unwrap();
        assert_eq!((missing.len(), &bac_ninh["reasons"]), (32, &json!(["current_missing", why_not])), "{indicator}");
        assert_eq!((&ranking["national"]["current"], &ranking["reasons"]), (&Value::Null, &json!(["low_coverage"])), "{indicator}");
    }
}

async fn what_is_no_geography_or_day_is_refused(app: TestApp) {
    let series = format!("/v1/series?province=24&indicator={REVENUE}");
    let comparisons = format!("/v1/comparisons?province=24&period=2026-05&indicator={REVENUE}");
    let rankings = format!("/v1/rankings?indicator={REVENUE}&period=2025-05");
    for (path, query, code, parameter, why) in [
        (&series, "geography=present", "invalid_value", "geography", "no such geography"),
        (&comparisons, "geography=present", "invalid_value", "geography", "no such geography"),
        (&rankings, "geography=present", "invalid_value", "geography", "no such geography"),
        (&series, "geography=Restated", "invalid_value", "geography", "words are written small"),
        (&comparisons, "geography=restated&geography=restated", "repeated_parameter", "geography", "said twice"),
        (&series, "geography=restated&vintage=all", "invalid_value", "geography", "revisions are as reported"),
        (&rankings, "on=2025-07", "invalid_date", "on", "a month is no day"),
        (&rankings, "on=2025-06-31", "invalid_date", "on", "June has 30 days"),
        (&rankings, "on=today", "invalid_date", "on", "a word"),
        (&rankings, "on=2025-07-01&on=2025-06-30", "repeated_parameter", "on", "two days"),
        (&series, "on=2025-07-01", "unknown_parameter", "on", "a series has no day"),
        (&comparisons, "on=2025-07-01", "unknown_parameter", "on", "nor has a comparison"),
    ] {
        let answer = app.anyone().get(&format!("{path}&{query}")).await;
        assert_eq!(answer.fault(400), (code.to_owned(), parameter.to_owned()), "{query}: {why}");
    }
}

/// No numbers.
const NO: [&str; 4] = [""; 4];

const REVENUE: &str = "post-telecom-revenue";
const RATE: &str = "dossier-online-filing-rate";

/// The figures of one unit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Figures {
    sites: u64,
    online: u64,
    cases: u64,
}

impl Figures {
    fn plus(self, other: &Figures) -> Figures {
        Figures { sites: self.sites + other.sites, online: self.online + other.online, cases: self.cases + other.cases }
    }

    /// A submission that says so.
    fn of(&self, key: &str, period: &str) -> Value {
        let rate = json!({"indicator": RATE, "numerator": self.online, "denominator": self.cases});
        json!({"province": key, "period": period, "observations": [{"indicator": "bts-sites", "value": self.sites}, rate]})
    }

    fn sites(&self) -> u64 {
        self.sites
    }

    /// In hundredths of a percent.
    fn rate(&self) -> u64 {
        (self.online * 20_000 + self.cases) / (self.cases * 2)
    }
}

/// The rows of the list that the service is delivered with.
fn listed() -> impl Iterator<Item = Vec<&'static str>> {
    include_str!("../../../data/provinces.csv").lines().skip(1).map(|line| line.split(',').collect())
}

/// The keys of the units of a day.
fn units_on(day: &str) -> Vec<&'static str> {
    let then = listed().filter(|row| row[6] <= day && (row[7].is_empty() || day <= row[7]));
    then.map(|row| row[0]).collect()
}

/// What is known of a unit, or of those that it was formed from, added up.
fn recast(key: &str, known: &BTreeMap<&str, Figures>) -> Figures {
    let from = || listed().find(|row| row[0] == key).unwrap()[8];
    let add = || from().split('+').fold(Figures::default(), |sum, key| sum.plus(&recast(key, known)));
    known.get(key).copied().unwrap_or_else(add)
}

/// Holds a rate against its numerator and denominator, to the digit.
#[track_caller]
fn expect_rate(current: &Value, figures: &Figures, why: &str) {
    assert_eq!((&current["numerator"], &current["denominator"]), (&json!(figures.online), &json!(figures.cases)), "{why}");
    assert_eq!(hundredths(&current["value"]), figures.rate(), "{why}: {figures:?}");
}

/// A number with two decimals, in hundredths, whatever its sign.
fn hundredths(of: &Value) -> u64 {
    let digits = of.to_string();
    let (whole, decimals) = digits.trim_start_matches('-').split_once('.').unwrap_or((digits.trim_start_matches('-'), ""));
    format!("{whole}{decimals:0<2}").parse().unwrap()
}

async fn ranking(app: &TestApp, indicator: &str, period: &str, query: &str) -> Value {
    app.anyone().get(&format!("/v1/rankings?indicator={indicator}&period={period}{query}")).await.expect(200)
}

/// The provinces of a ranking and their figures.
fn lines(ranking: &Value) -> impl Iterator<Item = (&str, &Value)> {
    ranking["items"].as_array().unwrap().iter().map(|line| (line["province"]["key"].as_str().unwrap(), &line["current"]))
}

/// The provinces of a ranking, each against last year.
fn against(ranking: &Value) -> impl Iterator<Item = (&str, &Value)> {
    ranking["items"].as_array().unwrap().iter().map(|line| (line["province"]["key"].as_str().unwrap(), &line["same_period_last_year"]))
}

pub async fn compared(app: &TestApp, query: &str, indicator: &str) -> Value {
    let table = app.anyone().get(&format!("/v1/comparisons?{query}&indicator={indicator}")).await.expect(200);
    item(&table, indicator).clone()
}

/// Reports figures of one indicator, written `2025-05=10 E, 2025-06=3/4`.
pub async fn report(user: &User, province: &str, indicator: &str, figures: &str) -> Value {
    let pairs = figures.split(", ").map(|pair| pair.split_once('=').unwrap());
    let rows: Vec<Value> = pairs.map(|(period, said)| row(indicator, said, period)).collect();
    user.submit(&json!({"province": province, "observations": rows})).await
}

/// Defines an indicator by how it adds up: a `flow`, `stock` or `average`, `copies` a month, a `rate`, or one of a day (`last`).
pub async fn define(user: &User, code: &str, measure: &str) {
    let (kind, over_time, over_provinces, unit, decimals) = match measure {
        "flow" => ("flow", "sum", "sum", "VND", 1),
        "stock" => ("stock", "last", "sum", "account", 0),
        "rate" => ("rate", "ratio", "ratio", "percent", 2),
        "last" => ("rate", "last", "ratio", "percent", 2),
        "average" => ("average", "none", "none", "VND", 1),
        "copies" => ("average", "none", "sum", "VND", 1),
        other => panic!("no such measure: {other}"),
    };
    let definition = json!({
        "name": "Chỉ tiêu", "name_en": "Indicator", "definition": "Dùng để tính tay.", "field": "worked", "unit": unit, "unit_mult": 0,
        "measure": kind, "time_aggregation": over_time, "area_aggregation": over_provinces, "direction": "up", "decimals": decimals,
        "min": 0, "frequency": "M",
    });
    user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(201);
}

/// What a figure is formed of, or could not be formed of, as a line: `+bac-giang-1997 2025-05=10`.
pub fn parts(of: &Value) -> String {
    let list = of["derivation"].get("parts").or(of.get("parts"));
    let part = |part: &Value| {
        let sign = if part["sign"] == "plus" { '+' } else { '-' };
        let said = match part.get("numerator") {
            Some(numerator) => format!("{numerator}/{}{}", part["denominator"], if part["status"] == "A" { "" } else { " E" }),
            None => figure(part),
        };
        format!("{sign}{} {}={said}", part["province"].as_str().unwrap(), part["period"].as_str().unwrap())
    };
    list.and_then(Value::as_array).into_iter().flatten().map(part).collect::<Vec<_>>().join(" ")
}

/// The points of a series as a line: `2025-05=10 E`, without a number where there is none.
pub fn points(series: &Value) -> String {
    let point = |point: &Value| {
        let said = if point["value"].is_null() { String::new() } else { figure(point) };
        format!("{}={said}", point["period"].as_str().unwrap())
    };
    series["observations"].as_array().unwrap().iter().map(point).collect::<Vec<_>>().join(" ")
}

fn text(of: &Value) -> String {
    of.as_str().unwrap().to_owned()
}
