//! Series: figures over periods, as levels and against a year ago, which parts and periods are read, and how they are paged.
//! The published figures of the whole country for 2005 to 2016 are the measure of the arithmetic.

use std::collections::BTreeSet;

use actix_web::http::Method;
use chitieu::domain::access::scope::Scope;
use chitieu::domain::number::decimal::Decimal;
use serde_json::{Value, json};

use crate::support::{TestApp, User, on_both};

on_both! {
    a_unit_under_a_new_name_goes_on_with_the_figures_of_the_old_one,
    every_published_index_of_the_country_comes_out_to_the_printed_digit,
    the_first_year_of_a_series_has_no_index_because_its_base_is_missing,
    an_index_of_a_preliminary_year_says_that_its_base_is_final,
    levels_sent_in_thousands_are_exact,
    digits_come_back_as_they_were_submitted,
    each_of_the_units_is_worked_out_from_the_same_two_figures,
    points_are_for_rates_and_amounts_for_everything_else,
    one_rate_among_counts_makes_amounts_not_applicable,
    a_bound_has_a_level_but_no_comparison,
    a_negative_or_empty_base_gives_an_amount_but_no_percentage,
    from_to_last_and_frequency_choose_the_points,
    the_base_of_a_comparison_may_lie_before_the_first_point,
    the_year_to_date_of_june_is_the_point_of_the_first_half,
    the_two_calendars_never_mix,
    several_provinces_and_indicators_are_read_in_one_request,
    whoever_is_named_twice_is_answered_once,
    pages_cover_every_pair_once,
    the_total_is_read_unless_parts_are_asked_for,
    which_parts_are_answered_does_not_depend_on_the_units,
    a_series_without_figures_is_an_item_without_observations,
    a_new_revision_replaces_the_point,
    what_is_not_there_is_named_with_its_code_and_parameter,
    a_list_with_an_empty_place_has_one_fault,
    every_malformed_parameter_is_named_at_once,
    every_unknown_name_is_named_at_once,
    malformed_parameters_and_unknown_names_are_named_together,
}

/// The national yearbook: every figure of it is submitted by `with_real_figures`.
const YEARBOOK: &str = include_str!("../../../data/demo/national-telecom.json");

const YEARBOOK_INDICATORS: [&str; 3] = ["post-telecom-revenue", "phone-subscribers", "internet-subscribers"];

async fn every_published_index_of_the_country_comes_out_to_the_printed_digit(app: TestApp) {
    let app = app.with_real_figures().await;
    let yearbook: Value = serde_json::from_str(YEARBOOK).expect("JSON");
    let published: Vec<(String, Decimal)> = rows(&yearbook).filter_map(|row| Some((name(row), printed_index(row)?))).collect();
    assert_eq!(published.len(), 60);

    let computed: Vec<(String, Decimal)> = indices_of_the_country(&app)
        .await
        .iter()
        .filter(|(_, point)| !point["value"].is_null())
        .map(|(name, point)| (name.clone(), number(&point["value"])))
        .collect();

    assert_eq!(sorted(computed), sorted(published));
}

async fn the_first_year_of_a_series_has_no_index_because_its_base_is_missing(app: TestApp) {
    let app = app.with_real_figures().await;

    let points = indices_of_the_country(&app).await;

    let without: Vec<&(String, Value)> = points.iter().filter(|(_, point)| point["value"].is_null()).collect();
    let names: BTreeSet<&str> = without.iter().map(|(name, _)| name.as_str()).collect();
    let first_years = [
        "internet-subscribers {\"technology\":\"ADSL\"} 2005",
        "phone-subscribers {\"line_type\":\"mobile\"} 2005",
        "phone-subscribers {} 2005",
        "post-telecom-revenue {\"sector\":\"post\"} 2007",
        "post-telecom-revenue {\"sector\":\"telecom\"} 2007",
        "post-telecom-revenue {} 2007",
    ];
    assert_eq!(names, BTreeSet::from(first_years));
    for (name, point) in without {
        assert!(point.as_object().expect("an object").contains_key("value"), "{name}: null is written, not left out");
        assert_eq!(point["reasons"], json!(["base_missing"]), "{name}");
    }
}

async fn an_index_of_a_preliminary_year_says_that_its_base_is_final(app: TestApp) {
    let app = app.with_real_figures().await;

    let points = indices_of_the_country(&app).await;

    let warned: Vec<&str> =
        points.iter().filter(|(_, p)| p["reasons"] == json!(["status_mismatch"])).map(|(name, _)| name.as_str()).collect();
    assert_eq!(warned.len(), 6, "2016 of each of the six series: {warned:?}");
    assert!(warned.iter().all(|name| name.ends_with(" 2016")), "{warned:?}");
    let plain = points.iter().filter(|(_, point)| point.get("reasons").is_none()).count();
    assert_eq!(plain, 54, "all others but the six first years have nothing against them, and say nothing");
}

async fn levels_sent_in_thousands_are_exact(app: TestApp) {
    let app = app.with_real_figures().await;

    for (indicator, part, year, level, printed) in [
        ("phone-subscribers", "line_type:mobile", "2005", "8718100", "8718.1 thousand"),
        ("phone-subscribers", "line_type:mobile", "2010", "111570200", "111570.2 thousand"),
        ("phone-subscribers", "", "2005", "15845000", "15845.0 thousand"),
        ("internet-subscribers", "technology:ADSL", "2005", "210000", "210.0 thousand"),
        ("internet-subscribers", "technology:ADSL", "2016", "8032000", "8032.0 thousand"),
        ("post-telecom-revenue", "sector:post", "2007", "1611.4", "tỷ, the unit of the indicator"),
        ("post-telecom-revenue", "sector:telecom", "2013", "261000.0", "with the zero that was printed"),
    ] {
        let path = format!("/v1/series?province=VN&indicator={indicator}&breakdown={part}&from={year}&to={year}");
        let answer = app.anyone().get(&path).await.expect(200);
        assert_eq!(values(&answer["items"][0]), [level], "{indicator} {part} {year}: {printed}");
    }
}

async fn digits_come_back_as_they_were_submitted(app: TestApp) {
    let department = app.department().await;
    #[rustfmt::skip]
    let table = [
        ("2024-01", "77.150",     "77.150", "a trailing zero is part of the figure"),
        ("2024-02", "77.15",      "77.15",  "and is not added"),
        ("2024-03", "80",         "80",     "a whole number stays whole"),
        ("2024-04", "80.0",       "80.0",   "a printed zero stays"),
        ("2024-05", "0",          "0",      "nothing is a figure"),
        ("2024-06", "0.10",       "0.10",   "below one"),
        ("2024-07", "\"34.1100\"", "34.1100", "a decimal string"),
        ("2024-08", "7.5e1",      "75",     "an exponent is only another way to write it"),
        ("2024-09", "99.999999999999999", "99.999999999999999", "more digits than a binary fraction has"),
        ("2024-10", "0.1",        "0.1",    "no binary neighbour"),
    ];
    let sent: Vec<String> = table
        .map(|(period, value, ..)| format!(r#"{{"indicator": "dossier-online-filing-rate", "period": "{period}", "value": {value}}}"#))
        .into();
    let body = format!(r#"{{"province": "24", "acknowledge": ["outlier"], "observations": [{}]}}"#, sent.join(", "));

    department.send(Method::POST, "/v1/submissions", &[("content-type", "application/json")], body.into_bytes()).await.expect(201);

    let answer = app.anyone().get("/v1/series?province=24&indicator=dossier-online-filing-rate&to=2024").await;
    answer.expect(200);
    let text = answer.text();
    for (period, _, digits, why) in table {
        let point = text.split(&format!("\"period\":\"{period}\"")).nth(1).unwrap_or_else(|| panic!("{period} in {text}"));
        let value = point.split("\"value\":").nth(1).and_then(|rest| rest.split(',').next()).expect("a point has a value");
        assert_eq!(value, digits, "{why}");
    }
}

async fn each_of_the_units_is_worked_out_from_the_same_two_figures(app: TestApp) {
    let department = app.department().await;
    for (period, revenue, rate, sites, copies) in [("2023-H1", 1100.0, 74.75, 1500, 20.0), ("2024-H1", 1135.0, 77.15, 1596, 20.5)] {
        let observations = json!([
            {"indicator": "telecom-internet-revenue", "value": revenue},
            {"indicator": "dossier-online-filing-rate", "value": rate},
            {"indicator": "bts-sites", "value": sites},
            {"indicator": "district-broadcast-programmes", "value": copies},
        ]);
        department.submit(&json!({"province": "24", "period": period, "observations": observations})).await;
    }

    for (indicator, units, value, why) in [
        ("telecom-internet-revenue", "lin", "1135.0", "the level, as it was sent"),
        ("telecom-internet-revenue", "ch1", "35", "1135 − 1100"),
        ("telecom-internet-revenue", "pc1", "3.2", "35 of 1100 is 3.18…"),
        ("telecom-internet-revenue", "idx1", "103.2", "1135 of 1100"),
        ("bts-sites", "ch1", "96", "a stock changes by an amount too"),
        ("bts-sites", "idx1", "106.4", "a count is rounded to one decimal"),
        ("district-broadcast-programmes", "ch1", "0.5", "and so does an average"),
        ("district-broadcast-programmes", "pc1", "2.5", "0.5 of 20"),
        ("dossier-online-filing-rate", "lin", "77.15", "a rate in percent"),
        ("dossier-online-filing-rate", "pp1", "2.4", "77.15 − 74.75 points"),
        ("dossier-online-filing-rate", "pc1", "3.21", "to the two decimals of the indicator"),
        ("dossier-online-filing-rate", "idx1", "103.21", "likewise"),
    ] {
        let series = only_series(&app.anyone(), &format!("province=24&to=2024-H1&from=2024-H1&indicator={indicator}&units={units}")).await;
        assert_eq!(values(&series), [value], "{indicator} in {units}: {why}");
        assert_eq!(series["units"], units);
    }
}

async fn points_are_for_rates_and_amounts_for_everything_else(app: TestApp) {
    for (indicator, units, instead, why) in [
        ("telecom-internet-revenue", "pp1", "ch1", "a flow has no points"),
        ("bts-sites", "pp1", "ch1", "a stock has no points"),
        ("relay-minutes", "pp1", "ch1", "an average has no points"),
        ("dossier-online-filing-rate", "ch1", "pp1", "the difference of two percentages is in points"),
    ] {
        let answer = app.anyone().get(&format!("/v1/series?province=VN&indicator={indicator}&units={units}")).await;
        assert_eq!(answer.fault(400), fault("units_not_applicable", "units"), "{why}");
        assert_eq!(answer.json()["errors"][0]["allowed"], json!([instead]), "{why}");
    }
}

async fn one_rate_among_counts_makes_amounts_not_applicable(app: TestApp) {
    let answer =
        app.anyone().get("/v1/series?province=VN&indicator=bts-sites,wan-connected-agencies-rate,phone-subscribers&units=ch1").await;

    assert_eq!(answer.fault(400), fault("units_not_applicable", "units"));
    let message = answer.json()["errors"][0]["message"].clone();
    assert!(message.as_str().expect("a text").contains("wan-connected-agencies-rate"), "{message}");
}

async fn a_bound_has_a_level_but_no_comparison(app: TestApp) {
    let department = app.department().await;
    for (period, bound, value) in [("2022-H1", "eq", 24), ("2023-H1", "eq", 25), ("2024-H1", "gt", 30), ("2025-H1", "eq", 31)] {
        let observations = json!([{"indicator": "telecom-internet-budget-contribution", "value": value, "bound": bound}]);
        department.submit(&json!({"province": "bac-giang-1997", "period": period, "observations": observations})).await;
    }
    let read = |units: &str| format!("province=bac-giang-1997&indicator=telecom-internet-budget-contribution&from=2023-H1&units={units}");

    let levels = only_series(&app.anyone(), &read("lin")).await;

    assert_eq!(values(&levels), ["25", "30", "31"]);
    let bounds: Vec<&Value> = points(&levels).iter().map(|point| &point["bound"]).collect();
    assert_eq!(bounds, ["eq", "gt", "eq"]);
    assert!(points(&levels).iter().all(|point| point.get("reasons").is_none()), "nothing stands against a level");
    for (units, exact) in [("ch1", "1"), ("pc1", "4.2"), ("idx1", "104.2")] {
        let compared = only_series(&app.anyone(), &read(units)).await;
        assert_eq!(values(&compared), [exact, "null", "null"], "{units}: neither the bound itself nor the year that has it as base");
        for point in &points(&compared)[1..] {
            assert_eq!(point["reasons"], json!(["qualifier_inexact"]), "{units} {}", point["period"]);
        }
    }
}

async fn a_negative_or_empty_base_gives_an_amount_but_no_percentage(app: TestApp) {
    let department = app.client(&[Scope::Catalogue, Scope::Submit]).await;
    let balance = json!({
        "name": "Cân đối thu chi", "name_en": "Balance", "definition": "Thu trừ chi trong kỳ.", "field": "finance", "unit": "VND",
        "unit_mult": 9, "measure": "flow", "time_aggregation": "sum", "area_aggregation": "sum", "direction": "up", "decimals": 1,
        "frequency": "A",
    });
    department.put("/v1/indicators/balance", &balance).await.expect(201);
    for (year, value) in [("2020", json!(0)), ("2021", json!(4)), ("2022", json!(-10)), ("2023", json!(5))] {
        let observations = json!([{"indicator": "balance", "value": value}]);
        department.submit(&json!({"province": "24", "period": year, "observations": observations})).await;
    }
    let read = async |units: &str| only_series(&app.anyone(), &format!("province=24&to=2023&indicator=balance&units={units}")).await;

    let (amounts, percentages, indices) = (read("ch1").await, read("pc1").await, read("idx1").await);

    assert_eq!(values(&amounts), ["null", "4", "-14", "15"]);
    assert_eq!(values(&percentages), ["null", "null", "-350", "null"]);
    assert_eq!(values(&indices), ["null", "null", "-250", "null"]);
    let reasons: Vec<Value> = points(&indices).iter().map(|point| point.get("reasons").cloned().unwrap_or(json!([]))).collect();
    assert_eq!(reasons, [json!(["base_missing"]), json!(["base_zero"]), json!([]), json!(["base_negative"])]);
}

async fn from_to_last_and_frequency_choose_the_points(app: TestApp) {
    const ALL: &str = "2023-12 2024-01 2024-02 2024-03 | 2024-Q1 | 2024-H1 | 2024-9M | 2023 2024 | 2024-05-YTD";
    let recorded = ["2023", "2023-12", "2024-01", "2024-02", "2024-03", "2024-Q1", "2024-05-YTD", "2024-H1", "2024-9M", "2024"];
    let observations: Vec<Value> =
        recorded.iter().enumerate().map(|(n, period)| json!({"indicator": "bts-sites", "period": period, "value": 1500 + n})).collect();
    app.department().await.submit(&json!({"province": "24", "observations": observations})).await;

    for (filter, chosen, why) in [
        ("", ALL, "all, each type of period for itself, by their last day"),
        ("from=2024-01", "2024-01 2024-02 2024-03 | 2024-Q1 | 2024-H1 | 2024-9M | 2024 | 2024-05-YTD", "what begins on that day or later"),
        ("to=2024-03", "2023-12 2024-01 2024-02 2024-03 | 2024-Q1 | 2023", "what has ended by its last day"),
        ("from=2024-02&to=2024-03", "2024-02 2024-03", "a quarter that began before is not inside"),
        ("from=2024-02-01&to=2024-03-30", "2024-02", "days are asked for too"),
        ("from=2024-Q1&to=2024-Q1", "2024-01 2024-02 2024-03 | 2024-Q1", "a quarter and its months"),
        ("from=2024-H2", "", "nothing lies so late"),
        (
            "frequency=M",
            "2023-12 2024-01 2024-02 2024-03 2024-04 2024-05 2024-06 2024-07 2024-08 2024-09 2024-10 2024-11 2024-12",
            "all months from the first figure to the last, a state being that at their end, or nothing",
        ),
        ("frequency=M&from=2024-03&to=2024-04", "2024-03 2024-04", "also where nothing is known of the last one asked for"),
        ("frequency=M&from=2025-11&to=2026-01", "2025-11 2025-12 2026-01", "and where nothing is known of the year"),
        ("frequency=Q", "2023-Q4 2024-Q1 2024-Q2 2024-Q3 2024-Q4", "quarters"),
        ("frequency=S", "2023-H2 2024-H1 2024-H2", "half-years"),
        ("frequency=A", "2023 2024", "years"),
        ("last=2", "2024-02 2024-03 | 2024-Q1 | 2024-H1 | 2024-9M | 2023 2024 | 2024-05-YTD", "the last two of each type"),
        ("last=2&frequency=M", "2024-11 2024-12", "the last two months, not the months among the last two"),
        ("last=1&to=2024-02", "2024-02 | 2023", "the last of each by then"),
        ("last=10000", ALL, "no more than there are"),
        ("from=2024&frequency=A", "2024", "together"),
    ] {
        let path = format!("/v1/series?province=bac-giang-1997&indicator=bts-sites&{filter}");
        let answer = app.anyone().get(&path).await.expect(200);
        let series = answer["items"].as_array().unwrap();
        let said: Vec<String> = series.iter().map(|series| periods(series).join(" ")).collect();
        assert_eq!(said.join(" | "), chosen, "{filter}: {why}");
        let types: Vec<&str> = series.iter().filter_map(|series| series["period_type"].as_str()).collect();
        let known = ["month", "quarter", "half_year", "nine_months", "year", "year_to_date"];
        assert!(types.is_sorted_by_key(|of| known.iter().position(|known| known == of)), "{filter}: {types:?}");
        assert_eq!(types.len(), if chosen.is_empty() { 0 } else { series.len() }, "{filter}: every series with points has its type");
    }
}

async fn the_base_of_a_comparison_may_lie_before_the_first_point(app: TestApp) {
    let observations = json!([
        {"indicator": "bts-sites", "period": "2023-02", "value": 1500},
        {"indicator": "bts-sites", "period": "2024-02", "value": 1596},
        {"indicator": "bts-sites", "period": "2024-02-05/2024-02-29", "value": 90},
        {"indicator": "bts-sites", "period": "2023-02-05/2023-02-28", "value": 60},
    ]);
    app.department().await.submit(&json!({"province": "24", "observations": observations})).await;

    for (filter, index, why) in [
        ("from=2024-02&frequency=M", "106.4", "the first point has its base before `from`"),
        ("last=1&frequency=M", "106.4", "and before the last point"),
        ("from=2024-02-05/2024-02-29", "150", "the days to 29 February are held against those to the 28th"),
    ] {
        let series = only_series(&app.anyone(), &format!("province=bac-giang-1997&indicator=bts-sites&units=idx1&{filter}")).await;
        assert_eq!(values(&series), [index], "{filter}: {why}");
    }
}

async fn the_year_to_date_of_june_is_the_point_of_the_first_half(app: TestApp) {
    let department = app.department().await;
    let figure = |period: &str, value: i64| json!({"province": "24", "period": period, "observations": [{"indicator": "telecom-internet-revenue", "value": value}]});
    let first = department.submit(&figure("2024-06-YTD", 1135)).await;

    let again = department.submit(&figure("2024-H1", 1135)).await;

    assert_eq!(again["rows"][0]["outcome"], "unchanged");
    assert_eq!(again["rows"][0]["observation"], first["rows"][0]["observation"]);
    let series = only_series(&app.anyone(), "province=24&indicator=telecom-internet-revenue&to=2024-01-01/2024-06-30&frequency=S").await;
    let point = &points(&series)[0];
    assert_eq!(points(&series).len(), 1);
    assert_eq!((&point["period"], &point["start"], &point["end"]), (&json!("2024-H1"), &json!("2024-01-01"), &json!("2024-06-30")));
    assert_eq!(point["observation"], first["rows"][0]["observation"]);
}

async fn the_two_calendars_never_mix(app: TestApp) {
    let department = app.department().await;
    for (calendar, period, value) in [
        ("civil", "2024-05", 230),
        ("nd09", "2024-05", 215),
        ("nd09", "2023-05", 200),
        ("nd09", "2024-06-YTD", 1300),
        ("civil", "2023-06", 1),
    ] {
        let observations = json!([{"indicator": "post-telecom-revenue", "value": value}]);
        department.submit(&json!({"province": "24", "period": period, "calendar": calendar, "observations": observations})).await;
    }
    let read = async |calendar: &str, units: &str| {
        only_series(&app.anyone(), &format!("province=bac-giang-1997&indicator=post-telecom-revenue&units={units}{calendar}")).await
    };

    let nd09 = read("&calendar=nd09&to=2024-05", "lin").await;
    let (civil, unsaid) = (read("&calendar=civil", "lin").await, read("", "lin").await);

    assert_eq!(periods_and_values(&civil), [("2023-06", "1"), ("2024-05", "230")].map(owned));
    assert_eq!(civil, unsaid, "the indicator's own calendar is meant when nothing is said");
    assert_eq!(periods_and_values(&nd09), [("2023-05", "200"), ("2024-05", "215")].map(owned));
    assert_eq!((&civil["calendar"], &nd09["calendar"]), (&json!("civil"), &json!("nd09")));
    assert_eq!((&points(&nd09)[1]["start"], &points(&nd09)[1]["end"]), (&json!("2024-04-15"), &json!("2024-05-14")));
    assert_eq!((&points(&civil)[1]["start"], &points(&civil)[1]["end"]), (&json!("2024-05-01"), &json!("2024-05-31")));
    let civil = read("&calendar=civil", "idx1").await;
    assert_eq!(
        points(&civil)[1]["reasons"],
        json!(["base_missing", "calendar_mismatch"]),
        "an administrative month is no base for a calendar month"
    );
    assert_eq!(values(&read("&calendar=nd09&to=2024-05", "idx1").await), ["null", "107.5"]);
}

async fn several_provinces_and_indicators_are_read_in_one_request(app: TestApp) {
    let department = app.department().await;
    for (province, sites) in [("24", 1596), ("27", 1400), ("VN", 100_000)] {
        let observations = json!([
            {"indicator": "bts-sites", "value": sites},
            {"indicator": "phone-subscribers", "value": sites * 1000},
        ]);
        department.submit(&json!({"province": province, "period": "2024-05", "observations": observations})).await;
    }

    for (query, why) in [
        ("province=24,27,VN&indicator=bts-sites,phone-subscribers", "commas"),
        ("province=24&province=27&province=VN&indicator=bts-sites&indicator=phone-subscribers", "repetition"),
        ("province=VN,24&province=Bắc Ninh&indicator=phone-subscribers&indicator=bts-sites", "both, in any order, by name"),
        ("province=VN, VN-54&province= bac-ninh-1997 &indicator=phone-subscribers, bts-sites", "with spaces after the commas"),
    ] {
        let answer = app.anyone().get(&format!("/v1/series?{query}&to=2024-12")).await.expect(200);
        let read: Vec<(String, String)> = items(&answer).iter().map(|series| (pair(series), values(series).join(" "))).collect();
        let expected = [
            ("VN bts-sites", "100000"),
            ("VN phone-subscribers", "100000000"),
            ("bac-giang-1997 bts-sites", "1596"),
            ("bac-giang-1997 phone-subscribers", "1596000"),
            ("bac-ninh-1997 bts-sites", "1400"),
            ("bac-ninh-1997 phone-subscribers", "1400000"),
        ];
        assert_eq!(read, expected.map(owned), "{why}");
        assert_eq!(answer["next"], Value::Null);
    }
}

async fn whoever_is_named_twice_is_answered_once(app: TestApp) {
    let path = "/v1/series?province=24,bac-giang-1997,Bắc Giang,VN-54&indicator=bts-sites,bts-sites&breakdown=&breakdown=&to=2024-12";

    let answer = app.anyone().get(path).await.expect(200);

    assert_eq!(items(&answer).iter().map(pair).collect::<Vec<_>>(), ["bac-giang-1997 bts-sites"]);
}

async fn pages_cover_every_pair_once(app: TestApp) {
    let app = app.with_real_figures().await;
    let query = "province=VN,bac-giang-1997,91,bac-ninh-1997&indicator=post-telecom-revenue,phone-subscribers,bts-sites&breakdown=&to=2024-12&frequency=A";
    let whole = app.anyone().get(&format!("/v1/series?{query}")).await.expect(200);
    assert_eq!(items(&whole).len(), 12);

    for limit in [1, 2, 5, 11, 12, 13, 1000] {
        let mut read = Vec::new();
        let mut path = format!("/v1/series?{query}&limit={limit}");
        for page in 1.. {
            assert!(page <= 12, "pages of {limit} do not end");
            let answer = app.anyone().get(&path).await.expect(200);
            assert!(items(&answer).len() <= limit, "{limit}");
            read.extend(items(&answer).iter().cloned());
            let Some(next) = answer["next"].as_str() else { break };
            path = format!("/v1/series?{query}&limit={limit}&cursor={next}");
        }
        assert_eq!(read, *items(&whole), "pages of {limit}");
    }
}

async fn the_total_is_read_unless_parts_are_asked_for(app: TestApp) {
    let app = app.with_real_figures().await;
    let (total, fixed, mobile) = ("{} 1930360", "{\"line_type\":\"fixed\"} 11754", "{\"line_type\":\"mobile\"} 1918606");

    for (asked, answered, why) in [
        ("", &[total][..], "the total"),
        ("&breakdown=", &[total], "the total by name"),
        ("&breakdown=line_type:fixed", &[fixed], "one part"),
        ("&breakdown=line_type:mobile&breakdown=line_type:fixed", &[fixed, mobile], "two parts"),
        ("&breakdown=line_type:fixed&breakdown=line_type:fixed", &[fixed], "a part named twice"),
        ("&breakdown=&breakdown=line_type:fixed", &[total, fixed], "the total beside a part"),
        ("&breakdown=*", &[total, fixed, mobile], "everything on record, the total first"),
    ] {
        let answer = app.anyone().get(&format!("/v1/series?province=24&indicator=phone-subscribers&to=2024-05{asked}")).await.expect(200);
        let read: Vec<String> =
            items(&answer).iter().map(|series| format!("{} {}", series["breakdown"], values(series).join(" "))).collect();
        assert_eq!(read, answered, "{why}");
    }
}

async fn which_parts_are_answered_does_not_depend_on_the_units(app: TestApp) {
    let app = app.with_real_figures().await;
    for range in ["", "&from=2016", "&from=2017", "&to=2005"] {
        let parts = async |units: &str| {
            let path = format!("/v1/series?province=VN&indicator=phone-subscribers&breakdown=*&units={units}{range}");
            let answer = app.anyone().get(&path).await.expect(200);
            items(&answer).iter().map(|series| series["breakdown"].to_string()).collect::<Vec<_>>()
        };
        let levels = parts("lin").await;
        for units in ["ch1", "pc1", "idx1"] {
            assert_eq!(parts(units).await, levels, "{units}{range}: the year before the range is a base, not a part of the answer");
        }
    }
}

async fn a_series_without_figures_is_an_item_without_observations(app: TestApp) {
    let answer =
        app.anyone().get("/v1/series?province=24&indicator=internet-subscribers&breakdown=line_type:fixed&frequency=M&to=2024-06").await;

    let answer = answer.expect(200);

    assert_eq!(items(&answer).len(), 1);
    let series = &answer["items"][0];
    assert_eq!(series["observations"], json!([]));
    assert_eq!(
        series["province"],
        json!({
            "key": "bac-giang-1997", "code": "24", "name": "Bắc Giang", "name_en": "Bac Giang", "valid_from": "1997-01-01", "valid_to": "2025-06-30",
        })
    );
    assert_eq!(series["indicator"]["code"], "internet-subscribers");
    assert_eq!(series["breakdown"], json!({"line_type": "fixed"}));
    let how = ["units", "frequency", "calendar", "geography"].map(|field| series[field].clone());
    assert_eq!(how, ["lin", "M", "civil", "restated"]);
    assert_eq!(answer["next"], Value::Null);
}

async fn a_new_revision_replaces_the_point(app: TestApp) {
    let department = app.department().await;
    let figure = |value: i64, status: &str| json!({"province": "24", "period": "2024-05", "observations": [{"indicator": "bts-sites", "value": value, "status": status}]});
    let estimate = department.submit(&figure(1590, "E")).await;

    department.submit(&figure(1596, "A")).await;

    let series = only_series(&app.anyone(), "province=24&indicator=bts-sites&to=2024-12").await;
    assert_eq!(values(&series), ["1596"]);
    assert_eq!(points(&series)[0]["status"], "A");
    assert_eq!(points(&series)[0]["observation"], estimate["rows"][0]["observation"], "another revision of the same observation");
}

async fn what_is_not_there_is_named_with_its_code_and_parameter(app: TestApp) {
    let good = "province=24&indicator=phone-subscribers";
    let one_part = "bm9uc2Vuc2U";
    #[rustfmt::skip]
    let table = [
        ("indicator=phone-subscribers".into(),                  "missing_parameter",  "province",  "no province"),
        ("province=24".into(),                                  "missing_parameter",  "indicator", "no indicator"),
        ("province=Atlantis&indicator=phone-subscribers".into(),"unknown_province",   "province",  "no such name"),
        ("province=27&indicator=phone-subscribers".into(),      "unknown_province",   "province",  "a code that nobody has today"),
        ("province=99&indicator=phone-subscribers".into(),      "unknown_province",   "province",  "a code that nobody ever had"),
        ("province=24,Atlantis&indicator=bts-sites".into(),     "unknown_province",   "province",  "one of two"),
        ("province=24&indicator=phones".into(),                 "unknown_indicator",  "indicator", "no such code"),
        ("province=24&indicator=bts-sites,phones".into(),       "unknown_indicator",  "indicator", "one of two"),
        (format!("{good}&breakdown=line_type:satellite"),       "unknown_breakdown",  "breakdown", "no such member"),
        (format!("{good}&breakdown=colour:red"),                "unknown_breakdown",  "breakdown", "no such dimension"),
        (format!("{good}&breakdown=fixed"),                     "unknown_breakdown",  "breakdown", "a member without its dimension"),
        (format!("{good}&breakdown=*&breakdown=line_type:fixed"), "unknown_breakdown", "breakdown", "all and one"),
        (format!("{good}&units=yoy"),                           "invalid_value",      "units",     "no such units"),
        (format!("{good}&frequency=W"),                         "invalid_value",      "frequency", "no such frequency"),
        (format!("{good}&frequency=m"),                         "invalid_value",      "frequency", "lower case"),
        (format!("{good}&calendar=lunar"),                      "invalid_value",      "calendar",  "no such calendar"),
        (format!("{good}&from=2024-13"),                        "invalid_period",     "from",      "a thirteenth month"),
        (format!("{good}&to=yesterday"),                        "invalid_period",     "to",        "no period"),
        (format!("{good}&last=0"),                              "invalid_value",      "last",      "no points at all"),
        (format!("{good}&last=10001"),                          "invalid_value",      "last",      "too many points"),
        (format!("{good}&last=all"),                            "invalid_value",      "last",      "no number"),
        (format!("{good}&limit=0"),                             "invalid_value",      "limit",     "an empty page"),
        (format!("{good}&limit=1001"),                          "invalid_value",      "limit",     "too long a page"),
        (format!("{good}&cursor=!"),                            "invalid_cursor",     "cursor",    "not of the alphabet of cursors"),
        (format!("{good}&cursor={one_part}"),                   "invalid_cursor",     "cursor",    "of another shape"),
        (format!("{good}&units=lin&units=idx1"),                "repeated_parameter", "units",     "read once"),
        (format!("{good}&colour=red"),                          "unknown_parameter",  "colour",    "no such parameter"),
        (format!("{good}&From=2024"),                           "unknown_parameter",  "From",      "parameters are lower case"),
    ];
    for (query, code, parameter, why) in table {
        let answer = app.anyone().get(&format!("/v1/series?{query}")).await;
        assert_eq!(answer.fault(400), fault(code, parameter), "{why}: {query}");
    }
}

async fn a_list_with_an_empty_place_has_one_fault(app: TestApp) {
    for (query, parameter, why) in [
        ("province=24,&indicator=bts-sites", "province", "a comma too many"),
        ("province=&indicator=bts-sites", "province", "an empty list"),
        ("province=24&indicator=bts-sites,,phone-subscribers", "indicator", "two commas"),
    ] {
        let answer = app.anyone().get(&format!("/v1/series?{query}")).await;
        assert_eq!(answer.fault(400), fault("invalid_text", parameter), "{why}: what is there but empty is not missing as well");
    }
}

async fn every_malformed_parameter_is_named_at_once(app: TestApp) {
    let query =
        "units=yoy&frequency=W&calendar=lunar&from=2024-13&to=x&last=0&limit=0&cursor=!&breakdown=fixed&colour=red&province=24&province=27";

    let mut faults = app.anyone().get(&format!("/v1/series?{query}")).await.faults(400);

    faults.sort();
    let expected = [
        ("invalid_cursor", "cursor"),
        ("invalid_period", "from"),
        ("invalid_period", "to"),
        ("invalid_value", "calendar"),
        ("invalid_value", "frequency"),
        ("invalid_value", "last"),
        ("invalid_value", "limit"),
        ("invalid_value", "units"),
        ("missing_parameter", "indicator"),
        ("unknown_breakdown", "breakdown"),
        ("unknown_parameter", "colour"),
    ];
    assert_eq!(faults, expected.map(owned));
}

async fn every_unknown_name_is_named_at_once(app: TestApp) {
    let query = "province=Atlantis,27&indicator=phones,bts-sites,wan-connected-agencies-rate&breakdown=line_type:fixed&units=pp1";

    let mut faults = app.anyone().get(&format!("/v1/series?{query}")).await.faults(400);

    faults.sort();
    let expected = [
        ("units_not_applicable", "units"),
        ("unknown_breakdown", "breakdown"),
        ("unknown_breakdown", "breakdown"),
        ("unknown_indicator", "indicator"),
        ("unknown_province", "province"),
        ("unknown_province", "province"),
    ];
    assert_eq!(faults, expected.map(owned), "both indicators lack the part; only the count lacks points");
}

async fn malformed_parameters_and_unknown_names_are_named_together(app: TestApp) {
    let mut faults = app.anyone().get("/v1/series?province=Atlantis&indicator=phones&units=yoy&colour=red").await.faults(400);

    faults.sort();
    let expected =
        [("invalid_value", "units"), ("unknown_indicator", "indicator"), ("unknown_parameter", "colour"), ("unknown_province", "province")];
    assert_eq!(faults, expected.map(owned), "a caller mends everything in one go");
}

/// The rows of the yearbook.
fn rows(yearbook: &Value) -> impl Iterator<Item = &Value> {
    yearbook["observations"].as_array().expect("a list").iter()
}

/// Names a row of the yearbook: indicator, part, year.
fn name(row: &Value) -> String {
    let part = row.get("breakdown").cloned().unwrap_or(json!({}));
    format!("{} {part} {}", row["indicator"].as_str().expect("a text"), row["period"].as_str().expect("a text"))
}

/// The index that the yearbook prints beside a figure.
fn printed_index(row: &Value) -> Option<Decimal> {
    let claim = row.get("claims")?.as_array().expect("a list").iter().find(|claim| claim["kind"] == "yoy_index")?;
    Some(number(&claim["value"]))
}

/// All indices of the country as the service works them out, each with its name.
async fn indices_of_the_country(app: &TestApp) -> Vec<(String, Value)> {
    let mut named = Vec::new();
    for indicator in YEARBOOK_INDICATORS {
        let path = format!("/v1/series?province=VN&indicator={indicator}&frequency=A&units=idx1&breakdown=*");
        let answer = app.anyone().get(&path).await.expect(200);
        for series in items(&answer) {
            let of = |point: &Value| format!("{indicator} {} {}", series["breakdown"], point["period"].as_str().expect("a text"));
            let reported = points(series).iter().filter(|point| point["origin"] == "reported");
            named.extend(reported.map(|point| (of(point), point.clone())));
        }
    }
    assert_eq!(named.len(), 66, "as many points as the yearbook has rows");
    named
}

/// A number of an answer or of the yearbook: 246.0 and 246 are the same index.
fn number(value: &Value) -> Decimal {
    Decimal::parse_json(&value.to_string()).expect("a number")
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list
}

fn items(answer: &Value) -> &Vec<Value> {
    answer["items"].as_array().expect("a list")
}

/// The only series of a request.
async fn only_series(user: &User, query: &str) -> Value {
    let answer = user.get(&format!("/v1/series?{query}")).await.expect(200);
    assert_eq!(items(&answer).len(), 1, "{query}: {answer}");
    answer["items"][0].clone()
}

/// Province and indicator of a series.
fn pair(series: &Value) -> String {
    format!("{} {}", series["province"]["key"].as_str().expect("a text"), series["indicator"]["code"].as_str().expect("a text"))
}

fn points(series: &Value) -> &Vec<Value> {
    series["observations"].as_array().expect("a list")
}

fn periods(series: &Value) -> Vec<&str> {
    points(series).iter().map(|point| point["period"].as_str().expect("a text")).collect()
}

/// The values of a series with their digits.
fn values(series: &Value) -> Vec<String> {
    points(series).iter().map(|point| point["value"].to_string()).collect()
}

fn periods_and_values(series: &Value) -> Vec<(String, String)> {
    periods(series).into_iter().map(str::to_owned).zip(values(series)).collect()
}

fn fault(code: &str, place: &str) -> (String, String) {
    owned((code, place))
}

fn owned((one, other): (&str, &str)) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

async fn a_unit_under_a_new_name_goes_on_with_the_figures_of_the_old_one(app: TestApp) {
    let department = app.department().await;
    for (period, value) in [("2024-11", 10), ("2024-12", 11), ("2025-01", 12), ("2025-02", 13)] {
        let observations = json!([{"indicator": "bts-sites", "value": value}]);
        department.submit(&json!({"province": "46", "period": period, "observations": observations})).await;
    }
    let points = async |query: &str| {
        let page = app.anyone().get(&format!("/v1/series?indicator=bts-sites&{query}")).await.expect(200);
        let line = |item: &Value| {
            let points = item["observations"].as_array().expect("points").iter();
            let points: Vec<String> =
                points.map(|point| format!("{}={}", point["period"].as_str().expect("a code"), point["value"])).collect();
            format!("{}: {}", item["province"]["key"].as_str().expect("a key"), points.join(" "))
        };
        page["items"].as_array().expect("items").iter().map(line).collect::<Vec<_>>()
    };

    let whole = "hue-2025: 2024-11=10 2024-12=11 2025-01=12 2025-02=13";
    let old = "thua-thien-hue-1997: 2024-11=10 2024-12=11";
    assert_eq!(points("province=hue-2025").await, [whole]);
    assert_eq!(points("province=hue-2025&last=2").await, ["hue-2025: 2025-01=12 2025-02=13"], "the newest, not those of the last key");
    assert_eq!(points("province=hue-2025,thua-thien-hue-1997").await, [whole, old], "asking for both takes nothing from either");
}
