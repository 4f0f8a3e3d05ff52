//! Fairness: every reason of the closed list, how it arises, and what it says in the language that is asked for.
//! The compact table, which tells the same in columns, is here too; the arithmetic of what remains is in `worked`.

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::worked::{code, define, numbers, row, statistician, verdict};
use crate::support::{Answer, TestApp, User, on_both};

on_both! {
    every_reason_of_the_closed_list_stands_against_a_comparison,
    what_stands_against_a_target_is_told_beside_it,
    a_withdrawn_figure_is_missing_and_only_its_history_says_withdrawn,
    texts_and_sentences_are_in_the_language_that_is_asked_for,
    rankings_speak_the_language_that_is_asked_for,
    a_language_that_there_is_not_is_refused,
    a_kept_answer_is_good_only_in_its_own_language,
    a_sentence_says_in_either_language_what_is_on_record,
    the_compact_table_agrees_with_the_items_number_by_number,
    an_empty_compact_table_has_columns_and_no_rows,
    a_layout_that_there_is_not_is_refused,
}

const BAC_GIANG: &str = "bac-giang-1997";
const BAC_NINH: &str = "bac-ninh-2025";

/// No change, no change in percent, no index, no points.
const NONE: [&str; 4] = ["", "", "", ""];

/// An indicator that nothing stands against, asked for beside every other one.
const REFERENCE: &str = "reference";

async fn every_reason_of_the_closed_list_stands_against_a_comparison(app: TestApp) {
    let user = statistician(&app).await;
    define(&user, REFERENCE, "average 1").await;
    // Province, measure, figures as they are sent (`redefined`: under another definition from there on), the period asked for; then
    // change, change in percent, index, points; whether they may be compared with the reasons against it; and why.
    #[rustfmt::skip]
    let table = [
        (BAC_GIANG, "flow 1", "2024-05=110, 2023-05=100", "2024-05", ["10", "10", "110", ""], "yes", "nothing stands against it"),
        (BAC_GIANG, "flow 1", "2024-05=1135", "2024-05", NONE, "no base_missing", "nothing is known of last year"),
        (BAC_GIANG, "rate 2", "2024-05=77.15", "2024-05", NONE, "no base_missing", "nor any points"),
        (BAC_GIANG, "flow 1", "2024-05=4, 2023-05=0", "2024-05", ["4", "", "", ""], "limited base_zero", "no percentage of nothing"),
        (BAC_GIANG, "rate 2", "2024-05=4, 2023-05=0", "2024-05", ["", "", "", "4"], "limited base_zero", "points there are"),
        (BAC_GIANG, "flow 1 ±", "2024-05=5, 2023-05=-10", "2024-05", ["15", "", "", ""], "limited base_negative", "a rise, not -150 %"),
        (BAC_GIANG, "flow 1", "2023-05=1100", "2024-05", NONE, "no current_missing", "not a fall to nothing"),
        (BAC_GIANG, "flow 1", "", "2024-05", NONE, "no base_missing current_missing", "nothing at all, asked for by name"),
        (BAC_GIANG, "flow 1", "2024-04=1, 2024-05=2, 2023-Q2=4", "2024-Q2", NONE, "no current_missing low_coverage", "not 3 against 4"),
        (BAC_GIANG, "flow 1", "2024-04=1, 2023-04=2", "2024-Q2", NONE, "no base_missing current_missing low_coverage", "both: said once"),
        (BAC_GIANG, "stock 0", "2024-05=1596, 2023-05=1500", "2024-H1", ["96", "6.4", "106.4", ""], "limited low_coverage",
            "five months of six in both years: said once"),
        (BAC_GIANG, "stock 0", "2024-05=1600, 2023-06=1500", "2024-H1", ["100", "6.7", "106.7", ""],
            "limited low_coverage partial_period", "five months against six"),
        (BAC_GIANG, "flow 1", "2024-05=1135 E, 2023-05=1100", "2024-05", ["35", "3.2", "103.2", ""], "limited status_mismatch",
            "an estimate against a final figure"),
        (BAC_GIANG, "flow 1", "2024-05=230, nd09:2023-05=225", "2024-05", NONE, "no base_missing calendar_mismatch", "other days"),
        (BAC_GIANG, "flow 1", "nd09:2024-05=230, 2023-05=225", "2024-05", NONE, "no calendar_mismatch current_missing", "other days now"),
        (BAC_GIANG, "flow 1", "nd09:2024-05=230, nd09:2023-05=225", "2024-05", NONE,
            "no base_missing calendar_mismatch current_missing", "in both years: said once"),
        (BAC_NINH, "flow 1", "nd09:2026-07=15, nd09:2025-07=12", "nd09:2026-07", ["3", "25", "125", ""], "limited territory_changed",
            "half of 15/6 to 14/7/2025 was before the merger"),
        (BAC_NINH, "flow 1", "2025-08=12", "2025-08", NONE, "no base_missing territory_changed", "of last year's there was another unit"),
        (BAC_GIANG, "flow 1", "2023-05=300, redefined, 2024-05=311", "2024-05", ["11", "3.7", "103.7", ""],
            "limited definition_changed", "it is something else now"),
        (BAC_GIANG, "flow 1", "2025-01=100, 2024-01=160", "2025-01", ["-60", "-37.5", "62.5", ""], "limited holiday_moved",
            "Tết was in February the year before"),
        (BAC_GIANG, "flow 1", "2024-05=>29.6, 2023-05=25", "2024-05", [">4.6", ">18.4", ">118.4", ""], "limited qualifier_inexact",
            "what is certain stands in `bounds`"),
        (BAC_GIANG, "flow 1", "2024-05=>30, 2023-05=>25", "2024-05", NONE, "no qualifier_inexact", "two bounds: said once"),
        (BAC_GIANG, "average 1", "2024-05=20, 2023-Q2=19", "2024-Q2", NONE, "no current_missing not_additive", "an average of a month"),
        (BAC_GIANG, "average 1", "2024-05=20, 2023-05=19", "2024-Q2", NONE, "no base_missing current_missing not_additive",
            "in both years: said once"),
        (BAC_GIANG, "rate 2", "2024-Q2=50, 2023-04=40, 2023-05=42, 2023-06=41", "2024-Q2", NONE, "no base_missing not_additive",
            "rates without numerators"),
        (BAC_GIANG, "flow 1", "2024-04-YTD=980, 2024-05-YTD=975, 2023-05-YTD=900", "2024-05-YTD", ["75", "8.3", "108.3", ""],
            "limited parts_contradict", "a running total that falls"),
        (BAC_GIANG, "flow 1", "2024-04-YTD=980, 2024-05-YTD=900, 2023-04-YTD=850, 2023-05-YTD=800", "2024-05-YTD",
            ["100", "12.5", "112.5", ""], "limited parts_contradict", "in both years: said once"),
        (BAC_GIANG, "flow 1", "2024-04-YTD=980, 2024-05-YTD=900, 2023-05=100", "2024-05", NONE, "no current_missing parts_contradict",
            "no month brings -80"),
        (BAC_GIANG, "flow 1", "2024-05=nil, 2023-05=12", "2024-05", NONE, "no current_missing nil_declared", "not a fall to 0"),
        (BAC_GIANG, "flow 1", "2024-05=12, 2023-05=nil", "2024-05", NONE, "no base_missing nil_declared", "nothing to report is no 0"),
        (BAC_GIANG, "flow 1", "2024-05=nil, 2023-05=nil", "2024-05", NONE, "no base_missing current_missing nil_declared",
            "in both years: said once"),
        (BAC_GIANG, "flow 1", "2024-05=999999999999999999, 2023-05=1", "2024-05", ["999999999999999998", "", "", ""],
            "limited out_of_range", "an index of twenty digits"),
        (BAC_GIANG, "flow 1", "2024-05=999999999999999999, 2023-05=0.000000000000000001", "2024-05", NONE, "no out_of_range",
            "a difference of 36: said once, of all three numbers"),
        (BAC_GIANG, "flow 1", "2024-05=4 E, 2023-04-YTD=9, 2023-05-YTD=9", "2024-05", ["4", "", "", ""],
            "limited base_zero status_mismatch", "two reasons of different kinds"),
    ];
    let mut seen = BTreeSet::new();

    for (n, (province, measure, figures, asked, expected, judged, why)) in table.into_iter().enumerate() {
        let code = code(n);
        record(&user, province, &code, measure, figures).await;
        let (calendar, period) = asked.split_once(':').unwrap_or(("civil", asked));
        refer(&user, province, calendar, period).await;

        let path = format!("/v1/comparisons?province={province}&calendar={calendar}&period={period}&indicator={code},{REFERENCE}");
        let table = app.anyone().get(&path).await.expect(200);

        let against = &item(&table, &code)["same_period_last_year"];
        assert_eq!((numbers(against), verdict(against).as_str()), (expected.map(str::to_owned), judged), "{figures}: {why}");
        assert_eq!(against["comparable"] == "no", expected == NONE, "{figures}: no number is given exactly where none can be compared");
        let reference = &item(&table, REFERENCE)["same_period_last_year"];
        // What 15/6 to 14/7/2025 was, or 2024, is the same question for every indicator of Bắc Ninh, and when Tết was for every indicator.
        if province == BAC_GIANG && !judged.contains("holiday_moved") {
            assert_eq!(
                (numbers(reference), verdict(reference)),
                (["10", "10", "110", ""].map(str::to_owned), "yes".into()),
                "{figures}: the rest"
            );
        }
        assert_texts(&table);
        seen.extend(reasons(against));
    }

    let document = app.anyone().get("/openapi.json").await.expect(200);
    let closed: BTreeSet<String> = strings(&document["components"]["schemas"]["Reason"]["enum"]).into_iter().collect();
    let not_seen: Vec<&String> = closed.iter().filter(|reason| !seen.contains(*reason)).collect();
    assert_eq!(not_seen, ["withdrawn"], "every reason of the list but the one of histories");
    assert!(seen.is_subset(&closed), "and none beside it: {seen:?}");
}

async fn what_stands_against_a_target_is_told_beside_it(app: TestApp) {
    let user = statistician(&app).await;
    define(&user, REFERENCE, "average 1").await;
    let of_year = |value: &str| json!({"period": "2024", "value": value});
    let with = |field: &str, value: Value| {
        let mut target = of_year("2400");
        target[field] = value;
        target
    };
    // Measure, figures, the period asked for, the target; then the share of it in percent, the gap, the reasons; and why.
    #[rustfmt::skip]
    let table = [
        ("flow 1", "2024-H1=1135", "2024-H1", of_year("2400"), "47.3", "1265", "", "nothing stands against it"),
        ("flow 1", "2024-H1=1135", "2024-H1", of_year("0"), "", "-1135", "base_zero", "no share of nothing"),
        ("flow 1 ±", "2024-H1=5", "2024-H1", of_year("-10"), "", "-15", "base_negative", "nor of less"),
        ("flow 1", "2023-H1=1135", "2024-H1", of_year("2400"), "", "", "current_missing", "no figure"),
        ("flow 1", "2024-H1=1135", "2024-H1", with("phasing", json!("last_year")), "47.3", "1265", "base_missing",
            "the months of last year are not known"),
        ("flow 1", "2024-H1=>29.6", "2024-H1", of_year("60"), "", "", "qualifier_inexact", "a bound"),
        ("stock 0", "2023-12=1500, 2024-05=1596", "2024-H1", of_year("1600"), "99.8", "4", "low_coverage", "known until May"),
        ("flow 1", "nd09:2024-H1=1135", "nd09:2024-H1", of_year("2400"), "", "", "calendar_mismatch", "a plan of other days"),
        ("flow 1", "2024-H1=nil", "2024-H1", of_year("2400"), "", "", "current_missing nil_declared", "nothing to report"),
        ("flow 1", "2024-H1=999999999999999999", "2024-H1", of_year("0.000000000000000001"), "", "", "out_of_range", "too many digits"),
    ];

    for (n, (measure, figures, asked, mut target, share, gap, judged, why)) in table.into_iter().enumerate() {
        let code = code(n);
        record(&user, BAC_GIANG, &code, measure, figures).await;
        target["indicator"] = json!(code);
        user.put("/v1/targets", &json!({"province": BAC_GIANG, "targets": [target]})).await.expect(200);
        let (calendar, period) = asked.split_once(':').unwrap_or(("civil", asked));
        refer(&user, BAC_GIANG, calendar, period).await;

        let path = format!("/v1/comparisons?province={BAC_GIANG}&calendar={calendar}&period={period}&indicator={code},{REFERENCE}");
        let table = app.anyone().get(&path).await.expect(200);

        let target = &item(&table, &code)["target"];
        let digits = |number: &Value| if number.is_null() { String::new() } else { number.to_string() };
        let mut said = reasons(target);
        said.sort_unstable();
        let told = (digits(&target["attainment_pct"]), digits(&target["gap"]), said.join(" "));
        assert_eq!(told, (share.to_owned(), gap.to_owned(), judged.to_owned()), "{figures}: {why}");
        assert_eq!(verdict(&item(&table, REFERENCE)["same_period_last_year"]), "yes", "{figures}: the rest is served");
        assert_texts(&table);
    }
}

async fn a_withdrawn_figure_is_missing_and_only_its_history_says_withdrawn(app: TestApp) {
    let user = app.department().await;
    for (period, value) in [("2024-05", "110"), ("2023-05", "100"), ("2023-06", "100")] {
        user.submit(&json!({"province": BAC_GIANG, "observations": [row("fines-total", value, period)]})).await;
    }
    let withdrawn =
        ["2024-05", "2023-06"].map(|period| json!({"indicator": "fines-total", "period": period, "withdraw": true, "reason": "nhập nhầm"}));
    user.submit(&json!({"province": BAC_GIANG, "observations": withdrawn})).await;

    let table =
        app.anyone().get(&format!("/v1/comparisons?province={BAC_GIANG}&period=2024-05,2024-06&indicator=fines-total")).await.expect(200);

    let judged: Vec<String> = table["items"].as_array().unwrap().iter().map(|item| verdict(&item["same_period_last_year"])).collect();
    assert_eq!(judged, ["no current_missing", "no base_missing current_missing"]);
    assert_texts(&table);
    let series = app.anyone().get(&format!("/v1/series?province={BAC_GIANG}&indicator=fines-total&vintage=all")).await.expect(200);
    let last = series["items"][0]["observations"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["value"], reasons(&last)), (&Value::Null, vec!["withdrawn".to_owned()]), "{last}");
}

/// `lang`, `Accept-Language`, the languages answered in, and why.
const LANGUAGES: [(&str, &str, &[&str], &str); 16] = [
    ("", "", &["vi", "en"], "nobody names one"),
    ("&lang=vi", "", &["vi"], "Vietnamese"),
    ("&lang=en", "", &["en"], "English"),
    ("", "vi", &["vi"], "as a browser in Viet Nam asks"),
    ("", "vi-VN", &["vi"], "with its region"),
    ("", "en-GB;q=0.8, fr", &["en"], "French there is not"),
    ("", "fr, en;q=0.2, vi;q=0.1", &["en"], "the better of those there are"),
    ("", "en;q=0.3, vi;q=0.7", &["vi"], "by preference, not by place"),
    ("", "vi-VN,vi;q=0.9,en-US;q=0.6,en;q=0.5", &["vi"], "as browsers write it"),
    ("", "*", &["vi", "en"], "any"),
    ("", "fr", &["vi", "en"], "neither"),
    ("", "fr, *;q=0.1", &["vi", "en"], "neither, and any other"),
    ("", "vi;q=nine", &["vi", "en"], "cannot be read"),
    ("", "@@@", &["vi", "en"], "no language at all"),
    ("&lang=en", "vi", &["en"], "what is named in the request itself wins"),
    ("&lang=vi", "en-US, en;q=0.5", &["vi"], "either way"),
];

async fn texts_and_sentences_are_in_the_language_that_is_asked_for(app: TestApp) {
    let app = app.with_real_figures().await;
    let question = format!("/v1/comparisons?province={BAC_GIANG}&period=2024-H1&breakdown=*");
    let both = app.anyone().get(&question).await.expect(200);
    assert!(both["items"].as_array().unwrap().iter().filter(|item| item["sentence"]["vi"].is_string()).count() > 10);
    assert_texts(&both);

    for (lang, header, languages, why) in LANGUAGES {
        let answer = accepting(&app.anyone(), &format!("{question}{lang}"), header).await;
        assert_eq!(answer.expect(200), in_languages(both.clone(), languages), "{lang} {header}: {why}");
        assert_varies(&answer);

        let table = accepting(&app.anyone(), &format!("{question}&format=table{lang}"), header).await;
        let texts = &table.expect(200)["texts"];
        assert!(!texts.as_array().unwrap().is_empty());
        assert_eq!(texts, &in_languages(texts.clone(), languages), "{lang} {header}: {why}");
        assert_eq!(keys(&texts[0]["text"]), languages.iter().copied().collect(), "{lang} {header}: {why}");
        assert_varies(&table);
    }
}

async fn rankings_speak_the_language_that_is_asked_for(app: TestApp) {
    let user = app.department().await;
    for (province, value) in [("24", "1596"), ("27", ">1400")] {
        user.submit(&json!({"province": province, "observations": [row("bts-sites", value, "2024-06")]})).await;
    }
    let question = "/v1/rankings?indicator=bts-sites&period=2024-06";
    let both = app.anyone().get(question).await.expect(200);
    assert!(!both["texts"].as_array().unwrap().is_empty(), "provinces without a figure say why: {both}");

    for (lang, header, languages, why) in LANGUAGES {
        let answer = accepting(&app.anyone(), &format!("{question}{lang}"), header).await;
        assert_eq!(answer.expect(200), in_languages(both.clone(), languages), "{lang} {header}: {why}");
        assert_varies(&answer);
    }
}

async fn a_language_that_there_is_not_is_refused(app: TestApp) {
    for question in [
        format!("/v1/comparisons?province={BAC_GIANG}&period=2024-H1"),
        format!("/v1/comparisons?province={BAC_GIANG}&period=2024-H1&format=table"),
        "/v1/rankings?indicator=bts-sites&period=2024-06".to_owned(),
    ] {
        for (lang, code, why) in [
            ("fr", "invalid_value", "French"),
            ("vi,en", "invalid_value", "two; both come where none is named"),
            ("", "invalid_value", "none"),
            ("vi&lang=en", "repeated_parameter", "read once"),
        ] {
            let answer = accepting(&app.anyone(), &format!("{question}&lang={lang}"), "vi").await;
            assert_eq!(answer.fault(400), (code.to_owned(), "lang".to_owned()), "{question} {lang}: {why}");
        }
        let allowed = app.anyone().get(&format!("{question}&lang=fr")).await.json()["errors"][0]["allowed"].clone();
        assert_eq!(allowed, json!(["vi", "en"]));
    }
}

async fn a_kept_answer_is_good_only_in_its_own_language(app: TestApp) {
    let app = app.with_real_figures().await;
    let question = format!("/v1/comparisons?province={BAC_GIANG}&period=2024-H1");
    let kept = accepting(&app.anyone(), &question, "vi").await;
    let again = async |language: &str| {
        let headers = [("accept-language", language), ("if-none-match", kept.header("etag"))];
        app.anyone().send(Method::GET, &question, &headers, Vec::new()).await
    };

    let (same, other) = (again("vi").await, again("en").await);

    assert_eq!((same.status.as_u16(), same.body.len()), (304, 0));
    assert_varies(&same);
    assert!(other.expect(200)["items"][0]["sentence"]["en"].is_string(), "another language is another answer");
}

async fn a_sentence_says_in_either_language_what_is_on_record(app: TestApp) {
    let user = app.department().await;
    user.submit(
        &json!({"province": BAC_GIANG, "observations": [row("fines-total", "1135 E", "2024-H1"), row("fines-total", "nil", "2024-05")]}),
    )
    .await;
    let said = async |period: &str, lang: &str| {
        let path = format!("/v1/comparisons?province={BAC_GIANG}&period={period}&indicator=fines-total&lang={lang}");
        app.anyone().get(&path).await.expect(200)["items"][0]["sentence"].clone()
    };

    let [half_vi, half_en] = [said("2024-H1", "vi").await, said("2024-H1", "en").await];
    let [nil_vi, nil_en] = [said("2024-05", "vi").await, said("2024-05", "en").await];

    for (sentence, language, words) in [
        (&half_vi, "vi", ["6 tháng đầu năm 2024 ước đạt 1.135 triệu đồng", "."]),
        (&half_en, "en", ["in the first six months of 2024 was an estimated 1,135 million VND", "."]),
        (&nil_vi, "vi", ["tháng 5/2024", "không phát sinh"]),
        (&nil_en, "en", ["May 2024", "nothing to report"]),
    ] {
        assert_eq!(keys(sentence), BTreeSet::from([language]), "{sentence}");
        let text = sentence[language].as_str().unwrap();
        assert!(words.iter().all(|word| text.contains(word)), "{words:?} in {text}");
    }
    for lang in ["vi", "en"] {
        assert_eq!(said("2024-04", lang).await, Value::Null, "of what nobody reported there is nothing to say");
    }
}

/// The columns of the compact table, and where an item has the same; what needs a word of its own has none.
const COLUMNS: [(&str, &str); 28] = [
    ("province", "/province"),
    ("period", "/period/code"),
    ("calendar", "/period/calendar"),
    ("indicator", "/indicator/code"),
    ("breakdown", ""),
    ("unit", "/indicator/unit"),
    ("unit_mult", "/indicator/unit_mult"),
    ("value", "/current/value"),
    ("low", "/current/low"),
    ("high", "/current/high"),
    ("bound", "/current/bound"),
    ("status", "/current/status"),
    ("origin", "/current/origin"),
    ("baseline", ""),
    ("change", "/same_period_last_year/change"),
    ("change_pct", "/same_period_last_year/change_pct"),
    ("index_pct", "/same_period_last_year/index_pct"),
    ("change_pp", "/same_period_last_year/change_pp"),
    ("comparable", "/same_period_last_year/comparable"),
    ("reasons", "/same_period_last_year/reasons"),
    ("target_period", "/target/period"),
    ("target_kind", "/target/kind"),
    ("target", "/target/value"),
    ("attainment_pct", "/target/attainment_pct"),
    ("gap", "/target/gap"),
    ("expected_to_date", "/target/expected_to_date"),
    ("pace", "/target/pace"),
    ("target_reasons", "/target/reasons"),
];

async fn the_compact_table_agrees_with_the_items_number_by_number(app: TestApp) {
    let app = app.with_real_figures().await;
    let user = app.department().await;
    let last_year = [
        row("telecom-internet-revenue", "1100", "2023-H1"),
        row("bts-sites", "~1500", "2023-06"),
        row("legal-drafts-commented", "20-23", "2024-H1"),
        row("legal-drafts-commented", "19", "2023-H1"),
        row("fines-total", "nil", "2024-H1"),
        row("dossier-online-filing-rate", "74.75 P", "2023-H1"),
    ];
    let mut rows = last_year.to_vec();
    rows[4]["reason"] = json!("kiểm tra");
    user.submit(&json!({"province": BAC_GIANG, "observations": rows})).await;
    let targets = json!([
        {"indicator": "telecom-internet-revenue", "period": "2024", "value": 2400},
        {"indicator": "bts-sites", "period": "2024", "kind": "band", "low": 1550, "high": 1700},
        {"indicator": "dossier-online-filing-rate", "period": "2024", "value": 80},
        {"indicator": "fines-total", "period": "2024", "kind": "at_most", "value": 500},
    ]);
    user.put("/v1/targets", &json!({"province": BAC_GIANG, "targets": targets})).await.expect(200);

    for (query, at_least) in [
        (format!("province={BAC_GIANG}&period=2024-H1&breakdown=*"), 20),
        (format!("province={BAC_GIANG}&period=2024-05,2024-H1&breakdown=*"), 25),
        (format!("province={BAC_GIANG},kien-giang-1997&period=2024-H1,2021&indicator=bts-sites,fines-total"), 8),
        (format!("province={BAC_GIANG}&period=2024-H1&calendar=nd09&indicator=telecom-internet-revenue,bts-sites"), 2),
    ] {
        let items = app.anyone().get(&format!("/v1/comparisons?{query}")).await.expect(200);
        assert_eq!(
            app.anyone().get(&format!("/v1/comparisons?{query}&format=items")).await.expect(200),
            items,
            "items unless asked otherwise"
        );

        let table = app.anyone().get(&format!("/v1/comparisons?{query}&format=table")).await.expect(200);

        assert_eq!(keys(&table), BTreeSet::from(["columns", "rows", "texts"]));
        assert_eq!(strings(&table["columns"]), COLUMNS.map(|(column, _)| column.to_owned()), "{query}");
        let (items, rows) = (items["items"].as_array().unwrap(), table["rows"].as_array().unwrap());
        assert_eq!(rows.len(), items.len(), "{query}");
        assert!(rows.len() >= at_least, "{query}: {}", rows.len());
        for (item, row) in items.iter().zip(rows) {
            assert_eq!(row.as_array().unwrap(), &cells(item), "{query}: {item}");
        }
        let mut said: Vec<String> =
            items.iter().flat_map(|item| [reasons(&item["same_period_last_year"]), reasons(&item["target"])].concat()).collect();
        said.sort_unstable();
        said.dedup();
        assert_eq!(explained(&table), said, "{query}: what is in the table, each once");
    }
}

/// An item as a row of the compact table.
fn cells(item: &Value) -> Vec<Value> {
    let cell = |(column, pointer): (&str, &str)| match column {
        "breakdown" => {
            let members = item["breakdown"].as_object().unwrap().iter();
            json!(members.map(|(dimension, member)| format!("{dimension}:{}", member.as_str().unwrap())).collect::<Vec<_>>().join(","))
        }
        // Of the earlier figure only an exact number fits into a cell.
        "baseline" => {
            let baseline = &item["same_period_last_year"]["baseline"];
            if baseline["bound"] == "eq" { baseline["value"].clone() } else { Value::Null }
        }
        _ => item.pointer(pointer).cloned().unwrap_or_default(),
    };
    COLUMNS.map(cell).to_vec()
}

async fn an_empty_compact_table_has_columns_and_no_rows(app: TestApp) {
    let question = format!("/v1/comparisons?province={BAC_GIANG}&period=2024-H1");

    let (table, items) = (app.anyone().get(&format!("{question}&format=table")).await, app.anyone().get(&question).await);

    assert_eq!(table.expect(200), json!({"columns": COLUMNS.map(|(column, _)| column), "rows": [], "texts": []}));
    assert_eq!((&items.expect(200)["items"], &items.json()["texts"]), (&json!([]), &json!([])));
}

async fn a_layout_that_there_is_not_is_refused(app: TestApp) {
    let question = format!("/v1/comparisons?province={BAC_GIANG}&period=2024-H1");
    for (format, code, why) in [
        ("csv", "invalid_value", "no such layout"),
        ("", "invalid_value", "none"),
        ("TABLE", "invalid_value", "words are lower-case"),
        ("table&format=items", "repeated_parameter", "read once"),
    ] {
        let answer = app.anyone().get(&format!("{question}&format={format}")).await;
        assert_eq!(answer.fault(400), (code.to_owned(), "format".to_owned()), "{format}: {why}");
    }
    let allowed = app.anyone().get(&format!("{question}&format=csv")).await.json()["errors"][0]["allowed"].clone();
    assert_eq!(allowed, json!(["items", "table"]));
}

/// Defines an indicator and records its figures one after the other: `nd09:2023-05=225, redefined, 2024-05=311`.
pub async fn record(user: &User, province: &str, code: &str, measure: &str, figures: &str) {
    let mut definition = define(user, code, measure).await;
    for figure in figures.split(", ").filter(|figure| !figure.is_empty()) {
        if figure == "redefined" {
            definition["definition"] = json!("Cách tính khác.");
            user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(200);
            continue;
        }
        let (calendar, figure) = figure.split_once(':').unwrap_or(("civil", figure));
        let (period, said) = figure.split_once('=').unwrap();
        user.submit(&json!({"province": province, "calendar": calendar, "observations": [row(code, said, period)]})).await;
    }
}

/// Records the indicator that nothing stands against: 110 in a period, and 100 the year before where the province was there.
async fn refer(user: &User, province: &str, calendar: &str, period: &str) {
    let (year, rest) = period.split_at(4);
    let before = format!("{}{rest}", year.parse::<i32>().unwrap() - 1);
    let mut rows = vec![row(REFERENCE, "110", period)];
    rows.extend((province == BAC_GIANG).then(|| row(REFERENCE, "100", &before)));
    user.submit(&json!({"province": province, "calendar": calendar, "observations": rows})).await;
}

/// Every reason in the items of an answer, however often it is there, has its text once in both languages; none stands twice in
/// one place, and no other has a text.
#[track_caller]
fn assert_texts(table: &Value) {
    let mut said = BTreeSet::new();
    for item in table["items"].as_array().unwrap() {
        for place in ["same_period_last_year", "previous_period", "target"] {
            let of_place = reasons(&item[place]);
            let distinct: BTreeSet<String> = of_place.iter().cloned().collect();
            assert_eq!(distinct.len(), of_place.len(), "{place} of {item}");
            said.extend(distinct);
        }
    }
    assert_eq!(explained(table), said.into_iter().collect::<Vec<_>>());
    for text in table["texts"].as_array().unwrap() {
        let [vi, en] = ["vi", "en"].map(|language| text["text"][language].as_str().unwrap());
        assert!(vi.len() > 10 && en.len() > 10 && vi != en, "{text}");
    }
}

/// The reasons that an answer has texts of, in the order of the alphabet.
fn explained(table: &Value) -> Vec<String> {
    let mut explained: Vec<String> =
        table["texts"].as_array().unwrap().iter().map(|text| text["reason"].as_str().unwrap().into()).collect();
    explained.sort_unstable();
    explained
}

/// The reasons of a comparison, or none where there is none.
pub fn reasons(of: &Value) -> Vec<String> {
    if of.is_null() { Vec::new() } else { strings(&of["reasons"]) }
}

fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap_or_else(|| panic!("a list, not {list}"));
    list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// An answer to someone whose program prefers languages; no header where that is empty.
async fn accepting(user: &User, path: &str, languages: &str) -> Answer {
    let header = [("accept-language", languages)];
    user.send(Method::GET, path, if languages.is_empty() { &[] } else { &header }, Vec::new()).await
}

/// An answer in both languages as it is in some of them: without the sentences and texts of the others.
fn in_languages(mut answer: Value, languages: &[&str]) -> Value {
    match &mut answer {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Object(spoken) if name == "sentence" || name == "text" => {
                        spoken.retain(|key, _| languages.contains(&key.as_str()));
                    }
                    other => *other = in_languages(other.take(), languages),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = in_languages(item.take(), languages)),
        _ => {}
    }
    answer
}

/// Caches keep the answer apart from those in other languages.
#[track_caller]
fn assert_varies(answer: &Answer) {
    let vary: Vec<&str> = answer.headers.get_all("vary").flat_map(|value| value.to_str().unwrap().split(',')).map(str::trim).collect();
    assert!(vary.contains(&"accept-language"), "{}: {vary:?}", answer.request);
}
