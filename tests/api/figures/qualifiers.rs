//! Qualifiers: bounds, ranges and wording as they are sent, read back and reckoned with. No arithmetic on what is only bounded
//! makes an exact number. Days of counting, declarations of nothing and claims are in `declared`.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::figures::{compared, dated, fault, refuse, says, series, submit, words};
use crate::support::{TestApp, on_both};

on_both! {
    every_qualifier_reads_back_exactly_as_it_was_sent,
    another_bound_on_the_same_number_is_a_new_revision,
    quarters_of_bounded_months_claim_no_more_than_is_known,
    what_is_taken_away_bounds_the_other_way_round,
    a_bound_against_last_year_gives_no_number,
    a_rate_that_is_a_range_gives_no_points_and_is_not_recombined,
    a_bounded_figure_has_no_share_of_its_target,
    a_claim_about_a_bounded_figure_cannot_be_verified,
    the_words_of_the_source_are_kept_as_they_stand,
    a_faulty_qualifier_is_named_by_its_field,
    every_faulty_qualifier_of_a_batch_is_named_at_once,
}

/// Amounts that add up over the months, never negative, without parts.
const AMOUNTS: [&str; 3] = ["fines-total", "telecom-internet-revenue", "post-telecom-budget-contribution"];

async fn every_qualifier_reads_back_exactly_as_it_was_sent(app: TestApp) {
    let department = app.department().await;
    #[rustfmt::skip]
    let table = [
        ("fines-total", r#""value": 30"#, "eq 30", "nothing said: the number itself"),
        ("fines-total", r#""value": 30, "bound": "eq""#, "eq 30", "the number itself, spelled out"),
        ("fines-total", r#""value": 29.6, "bound": "gt""#, "gt 29.6", "trên"),
        ("fines-total", r#""value": 29.60, "bound": "ge""#, "ge 29.60", "ít nhất, with a printed zero"),
        ("fines-total", r#""value": 1135, "bound": "lt""#, "lt 1135", "gần"),
        ("fines-total", r#""value": 0.1, "bound": "le""#, "le 0.1", "nhiều nhất"),
        ("fines-total", r#""value": 30, "bound": "approx""#, "approx 30", "khoảng"),
        ("fines-total", r#""value": 30, "bound": "approx_gt""#, "approx_gt 30", "khoảng trên"),
        ("fines-total", r#""value": 30, "bound": "approx_lt""#, "approx_lt 30", "khoảng dưới"),
        ("fines-total", r#""low": 20, "high": 23, "bound": "range""#, "range 20..23", "20-23"),
        ("fines-total", r#""low": 20.50, "high": 23.0, "bound": "range""#, "range 20.50..23.0", "printed zeros of both ends"),
        ("fines-total", r#""low": 0, "high": 0.1, "bound": "range""#, "range 0..0.1", "from nothing"),
        ("fines-total", r#""low": "20", "high": "23", "bound": "range""#, "range 20..23", "decimal strings"),
        ("fines-total", r#""low": 0.02, "high": 0.0235, "bound": "range", "unit_mult": 9"#, "range 20..23.5", "both ends in tỷ"),
        ("bts-sites", r#""low": 1.5, "high": 1.6, "bound": "range", "unit_mult": 3"#, "range 1500..1600", "both ends in nghìn"),
        ("fines-total", r#""value": 0.0296, "bound": "gt", "unit_mult": 9"#, "gt 29.6", "a bound in tỷ"),
        ("online-service-level4-rate", r#""value": 77.150"#, "eq 77.150", "a trailing zero is a printed digit"),
        ("online-service-level4-rate", r#""value": 77.150, "bound": "gt""#, "gt 77.150", "of a bound too"),
        ("online-service-level4-rate", r#""low": 70, "high": 77.5, "bound": "range""#, "range 70..77.5", "a rate between two"),
        ("district-broadcast-programmes", r#""low": 20, "high": 23, "bound": "range""#, "range 20..23", "20-23 chương trình/tháng"),
        ("bts-sites", r#""value": 1596, "bound": "ge""#, "ge 1596", "a bound on a count"),
    ];
    let vietnamese = [
        ("bts-sites", r#""value": "1.596", "bound": "approx""#, "approx 1596", "a point groups thousands"),
        (
            "fines-total",
            r#""low": "20,5", "high": "1.023,50", "bound": "range""#,
            "range 20.5..1023.50",
            "a comma is the decimal mark, of both ends",
        ),
        ("fines-total", r#""value": "20,5", "bound": "lt""#, "lt 20.5", "of a bound"),
        ("fines-total", r#""low": 20.5, "high": "20,75", "bound": "range""#, "range 20.5..20.75", "JSON numbers stay what they are"),
    ];
    let rows = table.map(|row| ("plain", row)).into_iter().chain(vietnamese.map(|row| ("vi", row)));

    for (n, (locale, (indicator, says, kept, why))) in rows.enumerate() {
        let period = format!("{}-{:02}", 2022 + n / 12, n % 12 + 1);
        let row = format!(r#"{{"indicator": "{indicator}", "status": "P", {says}}}"#);
        let body =
            format!(r#"{{"province": "24", "period": "{period}", "number_locale": "{locale}", "observations": [{row}]}}"#).into_bytes();
        let answer = department.send(Method::POST, "/v1/submissions", &[("content-type", "application/json")], body).await;
        let id = answer.expect(201)["rows"][0]["observation"].as_str().unwrap().to_owned();

        let in_series = series(&app, indicator, &format!("from={period}&to={period}")).await[0].clone();
        let compared = compared(&app, indicator, &period).await["current"].clone();
        let recorded = app.anyone().get(&format!("/v1/observations/{id}/revisions")).await.expect(200)["items"][0]["figure"].clone();
        for (answer, place) in [(in_series, "series"), (compared, "comparisons"), (recorded, "revisions")] {
            assert_eq!((words(&answer).as_str(), &answer["status"]), (kept, &json!("P")), "{why}, in {place}");
        }
    }
}

async fn another_bound_on_the_same_number_is_a_new_revision(app: TestApp) {
    let department = app.department().await;
    let mut id = Value::Null;
    for (n, figure) in ["30", ">30", "~>30", "30-31", "30-32", "29-32", "nil", "0"].into_iter().enumerate() {
        let mut row = says("fines-total", figure);
        row["reason"] = json!("đính chính");
        let first = submit(&department, "2024-05", json!([row])).await;
        let again = submit(&department, "2024-05", json!([row])).await;
        let outcome = if n == 0 { "created" } else { "updated" };
        assert_eq!([&first["rows"][0]["outcome"], &again["rows"][0]["outcome"]], [outcome, "unchanged"], "{figure}");
        id = first["rows"][0]["observation"].clone();
    }

    let history = app.anyone().get(&format!("/v1/observations/{}/revisions", id.as_str().unwrap())).await.expect(200);

    let said = |revision: &Value| if revision["figure"].is_null() { "-".to_owned() } else { words(&revision["figure"]) };
    let revisions = history["items"].as_array().unwrap();
    assert_eq!(
        revisions.iter().map(said).collect::<Vec<_>>(),
        ["eq 30", "gt 30", "approx_gt 30", "range 30..31", "range 30..32", "range 29..32", "-", "eq 0"]
    );
    assert!(revisions.iter().all(|revision| revision["change"].is_null() && revision["change_pct"].is_null()), "none has an exact size");
}

async fn quarters_of_bounded_months_claim_no_more_than_is_known(app: TestApp) {
    let department = app.department().await;
    #[rustfmt::skip]
    let table = [
        (["10", "20", "30.5"],         "eq 60.5"),
        (["0.1", "0.2", "0.3"],        "eq 0.6"),
        (["~10", "20", "30"],          "approx 60"),
        (["~10", "~20", "~30"],        "approx 60"),
        ([">10", "20", "30"],          "gt 60"),
        ([">10", ">20", ">30"],        "gt 60"),
        ([">=10", "20", "30"],         "ge 60"),
        ([">=10", ">=20", ">=30"],     "ge 60"),
        ([">=10", ">20", "30"],        "gt 60"),
        (["10", "20", "<30"],          "lt 60"),
        (["<10", "<20", "<30"],        "lt 60"),
        (["<=10", "20", "30"],         "le 60"),
        (["<=10", "<=20", "30"],       "le 60"),
        (["<=10", "<20", "30"],        "lt 60"),
        (["~>10", "20", "30"],         "approx_gt 60"),
        (["~<10", "20", "30"],         "approx_lt 60"),
        (["~>10", "~20", "30"],        "approx_gt 60"),
        (["~10", ">20", "30"],         "approx_gt 60"),
        (["~10", ">=20", "30"],        "approx_gt 60"),
        (["~10", "<20", "30"],         "approx_lt 60"),
        (["~>10", ">20", "30"],        "approx_gt 60"),
        (["~<10", "<=20", "30"],       "approx_lt 60"),
        (["20-23", "10", "30"],        "range 60..63"),
        (["10", "30", "20-23"],        "range 60..63"),
        (["20-23", "1-2", "30-30.5"],  "range 51..55.5"),
        (["20.5-23", "0.1", "1"],      "range 21.6..24.1"),
        (["20-23", ">10", "30"],       "gt 60"),
        (["20-23", ">=10", "30"],      "ge 60"),
        (["20-23", "<10", "30"],       "lt 63"),
        (["20-23", "<=10", "30"],      "le 63"),
        (["0-5", "0", "0"],            "range 0..5"),
        (["20-23", "~10", "30"],       "none: current_missing qualifier_inexact"),
        (["20-23", "~>10", "30"],      "approx_gt 60"),
        ([">10", "<20", "30"],         "none: current_missing qualifier_inexact"),
        ([">=10", "<=20", "30"],       "none: current_missing qualifier_inexact"),
        ([">10", "~<20", "30"],        "none: current_missing qualifier_inexact"),
        (["~>10", "<20", "30"],        "none: current_missing qualifier_inexact"),
        ([">10", "<20", "20-23"],      "none: current_missing qualifier_inexact"),
        (["nil", "20", "30"],          "none: current_missing low_coverage"),
        (["nil", ">20", "20-23"],      "none: current_missing low_coverage"),
        (["nil", "nil", "nil"],        "none: current_missing"),
    ];
    let quarter = |n: usize| (2008 + n / 4, n % 4);
    let rows = table.iter().enumerate().flat_map(|(n, (months, _))| {
        let (year, quarter) = quarter(n);
        (1..).zip(months).map(move |(month, figure)| dated("fines-total", figure, &format!("{year}-{:02}", quarter * 3 + month)))
    });
    submit(&department, "2024", rows.collect()).await;

    let quarters = series(&app, "fines-total", "frequency=Q&from=2008&to=2018").await;

    for (n, (months, expected)) in table.iter().enumerate() {
        let (year, quarter) = quarter(n);
        let code = format!("{year}-Q{}", quarter + 1);
        let point = quarters.iter().find(|point| point["period"] == code).unwrap_or_else(|| panic!("{code}"));
        assert_eq!(words(point), *expected, "{months:?}");
        if !expected.starts_with("none") {
            assert_eq!((&point["origin"], &point["derivation"]["bound"]), (&json!("derived"), &point["bound"]), "{months:?}");
        }
    }
}

async fn what_is_taken_away_bounds_the_other_way_round(app: TestApp) {
    let department = app.department().await;
    // The year to May, the year to April → May.
    #[rustfmt::skip]
    let table = [
        ("1205",       "975",      "eq 230"),
        (">1205",      "975",      "gt 230"),
        (">=1205",     "975",      "ge 230"),
        ("<1205",      "975",      "lt 230"),
        ("<=1205",     "975",      "le 230"),
        ("~1205",      "975",      "approx 230"),
        ("~>1205",     "975",      "approx_gt 230"),
        ("~<1205",     "975",      "approx_lt 230"),
        ("1200-1205",  "975",      "range 225..230"),
        ("1205",       ">975",     "lt 230"),
        ("1205",       ">=975",    "le 230"),
        ("1205",       "<975",     "gt 230"),
        ("1205",       "<=975",    "ge 230"),
        ("1205",       "~975",     "approx 230"),
        ("1205",       "~>975",    "approx_lt 230"),
        ("1205",       "~<975",    "approx_gt 230"),
        ("1205",       "970-975",  "range 230..235"),
        ("1200-1205",  "970-975",  "range 225..235"),
        (">1205",      "<975",     "gt 230"),
        (">=1205",     "<=975",    "ge 230"),
        (">=1205",     "<975",     "gt 230"),
        ("<1205",      ">975",     "lt 230"),
        ("~1205",      ">975",     "approx_lt 230"),
        (">1205",      "970-975",  "gt 230"),
        ("<=1205",     "970-975",  "le 235"),
        ("1200-1205",  "<975",     "gt 225"),
        ("1200-1205",  ">=975",    "le 230"),
        (">1205",      ">975",     "none: current_missing qualifier_inexact"),
        ("<1205",      "<975",     "none: current_missing qualifier_inexact"),
        (">=1205",     ">=975",    "none: current_missing qualifier_inexact"),
        ("~>1205",     "~>975",    "none: current_missing qualifier_inexact"),
        ("~1205",      "970-975",  "none: current_missing qualifier_inexact"),
        ("1205",       "nil",      "none: current_missing"),
        ("nil",        "975",      "none: current_missing"),
        ("900",        "975",      "none: current_missing parts_contradict"),
        ("900",        ">975",     "none: current_missing parts_contradict"),
        ("<900",       "975-980",  "none: current_missing parts_contradict"),
    ];
    let place = |n: usize| (AMOUNTS[n / 19], 2005 + n % 19);
    let rows = table.iter().enumerate().flat_map(|(n, (may, april, _))| {
        let (indicator, year) = place(n);
        [dated(indicator, may, &format!("{year}-05-YTD")), dated(indicator, april, &format!("{year}-04-YTD"))]
    });
    submit(&department, "2024", rows.collect()).await;

    for (n, (to_may, to_april, expected)) in table.iter().enumerate() {
        let (indicator, year) = place(n);
        let month = &series(&app, indicator, &format!("frequency=M&from={year}-05&to={year}-05")).await[0];
        assert_eq!(words(month), *expected, "{to_may} less {to_april}");
    }
}

async fn a_bound_against_last_year_gives_no_number(app: TestApp) {
    let department = app.department().await;
    let table = [
        (">1135", "1100"),
        (">=1135", "1100"),
        ("<1135", "1100"),
        ("<=1135", "1100"),
        ("~1135", "1100"),
        ("~>1135", "1100"),
        ("1130-1140", "1100"),
        ("1135", ">1100"),
        ("1135", "~1100"),
        ("1135", "1090-1100"),
        (">1135", "<1100"),
        (">1135", ">1135"),
        ("0", "0-1"),
        ("1135", "1100"),
    ];
    let place = |n: usize| (AMOUNTS[n / 9], 2006 + 2 * (n % 9));
    for (n, (current, baseline)) in table.into_iter().enumerate() {
        let (indicator, year) = place(n);
        let rows = json!([dated(indicator, current, &format!("{year}-H1")), dated(indicator, baseline, &format!("{}-H1", year - 1))]);
        submit(&department, "2024", rows).await;

        let against = compared(&app, indicator, &format!("{year}-H1")).await["same_period_last_year"].clone();
        let series = series(&app, indicator, &format!("from={year}&to={year}&units=pc1")).await[0].clone();

        let numbers = ["change", "change_pct", "index_pct", "change_pp"].map(|field| against[field].to_string());
        let row = format!("{current} against {baseline}");
        if n == table.len() - 1 {
            assert_eq!((numbers.join(" ").as_str(), &against["comparable"]), ("35 3.2 103.2 null", &json!("yes")), "{row}");
            assert_eq!(series["value"], json!(3.2), "{row}");
            continue;
        }
        assert_eq!(numbers, ["null"; 4], "{row}");
        let certain = (current, baseline) != (">1135", ">1135");
        assert_eq!(against["bounds"].is_object(), certain, "{row}: above one number against above another is nothing");
        let comparable = if certain { "limited" } else { "no" };
        assert_eq!((&against["comparable"], &against["reasons"]), (&json!(comparable), &json!(["qualifier_inexact"])), "{row}");
        assert_eq!((&series["value"], &series["reasons"]), (&Value::Null, &json!(["qualifier_inexact"])), "{row}");
        assert!(!against["baseline"].is_null(), "{row}: what is known of last year is shown");
    }
}

async fn a_rate_that_is_a_range_gives_no_points_and_is_not_recombined(app: TestApp) {
    let department = app.department().await;
    let level4 = "online-service-level4-rate";
    let filing = |period: &str, row: Value| {
        let mut row = row;
        (row["indicator"], row["period"]) = (json!("dossier-online-filing-rate"), json!(period));
        row
    };
    let rows = json!([
        dated(level4, "70-77.15", "2024-05"),
        dated(level4, "74.75", "2023-05"),
        filing("2024-01", json!({"numerator": 1, "denominator": 2})),
        filing("2024-02", json!({"low": 70, "high": 80, "bound": "range"})),
        filing("2024-03", json!({"numerator": 9, "denominator": 10})),
        filing("2024-04", json!({"numerator": 1, "denominator": 2})),
        filing("2024-05", json!({"numerator": 9, "denominator": 10})),
        filing("2024-06", json!({"numerator": 0, "denominator": 4})),
    ]);

    submit(&department, "2024", rows).await;

    let may = compared(&app, level4, "2024-05").await;
    assert_eq!(words(&may["current"]), "range 70..77.15");
    assert_eq!(may["same_period_last_year"]["change_pp"], Value::Null, "2.4 points would be the upper end, taken for the rate");
    assert_eq!(may["same_period_last_year"]["reasons"], json!(["qualifier_inexact"]));
    let half = compared(&app, level4, "2024-H1").await;
    assert_eq!(words(&half["current"]), "range 70..77.15", "the last state of the half-year is that range");
    let quarters = series(&app, "dossier-online-filing-rate", "frequency=Q&from=2024-01&to=2024-06").await;
    let quarter = |n: usize| (quarters[n]["value"].clone(), quarters[n]["origin"].clone());
    assert_eq!(quarter(0), (Value::Null, Value::Null), "neither 75 nor 83.33: the range has no numerator");
    assert_eq!(quarter(1), (json!(62.5), json!("derived")), "10 of 16, where every month has one");
}

async fn a_bounded_figure_has_no_share_of_its_target(app: TestApp) {
    let department = app.department().await;
    for (n, figure) in [">1135", "~1135", "1130-1140", "<=2400", "1135"].into_iter().enumerate() {
        let year = 2010 + n;
        submit(&department, "2024", json!([dated("fines-total", figure, &format!("{year}-H1"))])).await;
        let target = json!({"indicator": "fines-total", "period": year.to_string(), "value": 2400});
        department.put("/v1/targets", &json!({"province": "bac-giang-1997", "targets": [target]})).await.expect(200);

        let target = compared(&app, "fines-total", &format!("{year}-H1")).await["target"].clone();

        let expected =
            if figure == "1135" { [json!(47.3), json!(1265), json!([])] } else { [Value::Null, Value::Null, json!(["qualifier_inexact"])] };
        assert_eq!(["attainment_pct", "gap", "reasons"].map(|field| target[field].clone()), expected, "{figure}");
        assert_eq!(target["value"], 2400, "{figure}: the target is shown");
    }
}

async fn a_claim_about_a_bounded_figure_cannot_be_verified(app: TestApp) {
    let department = app.department().await;
    for (n, (current, baseline, verdict, implies)) in [
        ("1135", "1100", "matches", true),
        (">1135", "1100", "unverifiable", false),
        ("~1135", "1100", "unverifiable", false),
        ("1135-1136", "1100", "unverifiable", false),
        ("1135", "~1100", "unverifiable", true),
        ("1135", "1099-1101", "unverifiable", true),
        ("1135", "nil", "unverifiable", true),
    ]
    .into_iter()
    .enumerate()
    {
        let year = 2006 + 2 * n;
        let mut claiming = dated("fines-total", current, &format!("{year}-H1"));
        claiming["claims"] = json!([{"kind": "yoy_index", "value": 103.2}]);
        submit(&department, "2024", json!([claiming, dated("fines-total", baseline, &format!("{}-H1", year - 1))])).await;

        let claim = compared(&app, "fines-total", &format!("{year}-H1")).await["claims"][0].clone();

        assert_eq!((&claim["value"], &claim["verdict"]), (&json!(103.2), &json!(verdict)), "{current} against {baseline}");
        let implied = if implies { json!({"low": 1098.8, "high": 1100.8}) } else { Value::Null };
        assert_eq!(claim["implied_baseline"], implied, "{current}: only an exact figure implies its baseline");
    }
}

async fn the_words_of_the_source_are_kept_as_they_stand(app: TestApp) {
    let department = app.department().await;
    let longest = "ộ".repeat(500);
    let wordings = ["nộp ngân sách  khoảng trên 30 tỷ đồng (ước), \"tăng\" \\ 1.5%;", &longest];
    let mut row = says("telecom-internet-budget-contribution", "~>30");
    let mut id = Value::Null;
    for wording in wordings {
        row["wording"] = json!(wording);
        id = submit(&department, "2024-H1", json!([row])).await["rows"][0]["observation"].clone();
    }

    let source = compared(&app, "telecom-internet-budget-contribution", "2024-H1").await["current"]["source"].clone();
    let history = app.anyone().get(&format!("/v1/observations/{}/revisions", id.as_str().unwrap())).await.expect(200);

    assert_eq!(source["wording"], wordings[0], "in the words of the document it was taken from");
    assert_eq!(history["items"].as_array().unwrap().len(), 1, "other words for the same figure are no revision");
    let sources = history["items"][0]["sources"].as_array().unwrap();
    assert_eq!(sources.iter().map(|source| &source["wording"]).collect::<Vec<_>>(), wordings, "of every document that says so");
}

async fn a_faulty_qualifier_is_named_by_its_field(app: TestApp) {
    let department = app.department().await;
    let (fines, rate) = ("fines-total", "online-service-level4-rate");
    let long = "ộ".repeat(501);
    #[rustfmt::skip]
    let table = [
        (fines, json!({"bound": "range", "high": 23}), "invalid_range", "/low", "no lower end"),
        (fines, json!({"bound": "range", "low": 20}), "invalid_range", "/high", "no upper end"),
        (fines, json!({"bound": "range", "low": 20, "high": 23, "value": 21}), "invalid_range", "/value", "one number too many"),
        (rate, json!({"bound": "range", "low": 20, "high": 23, "numerator": 1}), "invalid_range", "/numerator", "a range has no numerator"),
        (fines, json!({"bound": "range", "low": 23, "high": 20}), "invalid_range", "/low", "the wrong way round"),
        (fines, json!({"value": 21, "low": 20}), "invalid_range", "/low", "an end without a range"),
        (fines, json!({"value": 21, "high": 23, "bound": "approx"}), "invalid_range", "/high", "an end of something else"),
        (fines, json!({"bound": "range", "low": -1, "high": 23}), "out_of_bounds", "/low", "below what fines can be"),
        (rate, json!({"bound": "range", "low": 99, "high": 100.5}), "out_of_bounds", "/high", "more than all"),
        ("bts-sites", json!({"bound": "range", "low": 20, "high": 23.5}), "fraction_for_count", "/high", "half a site"),
        ("bts-sites", json!({"bound": "range", "low": -2, "high": 23}), "negative_count", "/low", "fewer than none"),
        (fines, json!({"bound": "range", "low": "20-23", "high": 24}), "not_a_number", "/low", "both ends in one"),
        (fines, json!({"bound": "range", "low": true, "high": 24}), "wrong_type", "/low", "true is no number"),
        (fines, json!({"bound": "gt"}), "value_missing", "/value", "above nothing at all"),
        (fines, json!({"value": 30, "bound": "about"}), "invalid_value", "/bound", "no such bound"),
        (fines, json!({"value": 30, "bound": ["approx", "gt"]}), "wrong_type", "/bound", "approx_gt is one word"),
        ("bts-sites", json!({"value": 5, "as_of": "31/5/2024"}), "invalid_date", "/as_of", "another way to write a day"),
        ("bts-sites", json!({"value": 5, "as_of": "2024-05-32"}), "invalid_date", "/as_of", "no day"),
        ("bts-sites", json!({"value": 5, "as_of": "2024-05-31T00:00:00Z"}), "invalid_date", "/as_of", "an instant is no day"),
        ("bts-sites", json!({"value": 5, "as_of": 20_240_531}), "wrong_type", "/as_of", "a number is no day"),
        (fines, json!({"value": 30, "wording": long}), "invalid_text", "/wording", "501 characters"),
        (fines, json!({"value": 30, "wording": "khoảng\u{0}30"}), "invalid_text", "/wording", "a control character"),
        (fines, json!({"value": 30, "wording": "khoảng\n30"}), "invalid_text", "/wording", "a line break"),
        (fines, json!({"value": 30, "wording": ""}), "invalid_text", "/wording", "no words"),
        (fines, json!({"value": 30, "wording": ["khoảng 30"]}), "wrong_type", "/wording", "a list"),
    ];
    for (indicator, mut row, code, field, why) in table {
        row["indicator"] = json!(indicator);
        let answer = refuse(&department, "2024-H1", json!([row])).await;
        assert_eq!(answer.fault(422), fault(code, &format!("/observations/0{field}")), "{why}");
    }
    for indicator in [fines, rate, "bts-sites"] {
        assert_eq!(series(&app, indicator, "").await, [Value::Null; 0], "nothing was stored");
    }
}

async fn every_faulty_qualifier_of_a_batch_is_named_at_once(app: TestApp) {
    let department = app.department().await;
    let rows = json!([
        {"indicator": "fines-total", "bound": "range"},
        {"indicator": "online-service-level4-rate", "bound": "range", "value": 5, "low": -1, "numerator": 1, "denominator": 2},
        {"indicator": "bts-sites", "bound": "range", "low": 1.5, "high": 2.5, "as_of": "2024-07-01"},
        {"indicator": "phone-subscribers", "value": 5, "low": 1, "high": 9, "as_of": "yesterday", "wording": ""},
        {"indicator": "telecom-internet-revenue", "nil": true, "low": 1, "wording": "\u{202e}"},
        {"indicator": "post-telecom-revenue", "value": 5},
    ]);

    let answer = refuse(&department, "2024-H1", rows).await;

    let mut found = answer.faults(422);
    found.sort_by(|one, other| one.1.cmp(&other.1));
    let at = |code: &str, row: usize, field: &str| fault(code, &format!("/observations/{row}{field}"));
    assert_eq!(
        found,
        [
            at("invalid_range", 0, "/high"),
            at("invalid_range", 0, "/low"),
            at("invalid_range", 1, "/denominator"),
            at("invalid_range", 1, "/high"),
            at("out_of_bounds", 1, "/low"),
            at("invalid_range", 1, "/numerator"),
            at("invalid_range", 1, "/value"),
            at("invalid_as_of_date", 2, "/as_of"),
            at("fraction_for_count", 2, "/high"),
            at("fraction_for_count", 2, "/low"),
            at("invalid_date", 3, "/as_of"),
            at("invalid_range", 3, "/high"),
            at("invalid_range", 3, "/low"),
            at("invalid_text", 3, "/wording"),
            at("contradictory_row", 4, ""),
            at("invalid_text", 4, "/wording"),
        ]
    );
}
