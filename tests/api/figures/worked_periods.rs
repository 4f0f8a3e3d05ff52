//! Comparisons worked by hand of figures that are formed of others: running totals, months, quarters, halves of a year, rates;
//! and across calendars, territories and definitions. Figures as they were reported are compared in `worked`.

use serde_json::{Value, json};

use crate::support::worked::{code, define, figure, numbers, row, statistician, verdict};
use crate::support::{TestApp, on_both};

on_both! {
    flows_of_named_periods_are_formed_before_they_are_compared,
    a_period_with_a_gap_is_not_compared,
    states_are_compared_by_their_last_value,
    rates_are_recombined_and_averages_never_formed,
    what_contradicts_itself_or_cannot_be_held_is_told,
    what_is_formed_is_no_more_certain_than_its_parts,
    the_two_calendars_are_never_held_against_each_other,
    a_new_territory_is_not_that_of_last_year,
    another_definition_limits_a_comparison_and_another_name_does_not,
    a_sum_over_two_definitions_says_so,
    one_call_answers_forty_indicators_with_last_year_target_and_sentence,
}

/// Measure; what is on record (of the civil calendar, or `nd09:`); the period asked for; its figure and that of last year, as
/// they are reported or formed; then change, change in percent, index, points; whether they may be compared with the reasons
/// against it; and why.
type Line = (&'static str, &'static str, &'static str, [&'static str; 2], [&'static str; 4], &'static str, &'static str);

/// No numbers.
const NONE: [&str; 4] = [""; 4];

const BAC_GIANG: &str = "bac-giang-1997";

async fn flows_of_named_periods_are_formed_before_they_are_compared(app: TestApp) {
    #[rustfmt::skip]
    work(&app, BAC_GIANG, &[
        ("flow 1", "2024-05-YTD=1205 E, 2024-04-YTD=975, 2023-05-YTD=1100, 2023-04-YTD=900", "2024-05", ["230 E", "200"],
            ["30", "15", "115", ""], "limited status_mismatch", "May by two running totals, of an estimate an estimate"),
        ("flow 1", "2024-05=230 E, 2023-05-YTD=1100 E, 2023-04-YTD=890", "2024-05", ["230 E", "210 E"],
            ["20", "9.5", "109.5", ""], "yes", "reported against formed, both estimates"),
        ("flow 1", "2024-05-YTD=1205, 2023-05-YTD=1100", "2024-05-YTD", ["1205", "1100"],
            ["105", "9.5", "109.5", ""], "yes", "five months against the same five"),
        ("flow 0", "2024-01=1, 2024-02=2, 2024-03=3, 2024-04=4, 2024-05=5, 2023-05-YTD=12", "2024-05-YTD", ["15", "12"],
            ["3", "25", "125", ""], "yes", "the sum of five months against a running total"),
        ("flow 0", "2024-04=1, 2024-05=2, 2024-06=3, 2023-Q2=5", "2024-Q2", ["6", "5"], ["1", "20", "120", ""], "yes", "a quarter"),
        ("flow 0", "2024-Q1=10, 2024-Q2=11, 2023-H1=20", "2024-H1", ["21", "20"], ["1", "5", "105", ""], "yes", "half a year"),
        ("flow 0", "2024-H1=21, 2023-Q1=8, 2023-04=3, 2023-05=4, 2023-06=5", "2024-H1", ["21", "20"],
            ["1", "5", "105", ""], "yes", "of a quarter and three months"),
        ("flow 1", "2024-06-YTD=1135, 2023-H1=1100", "2024-H1", ["1135", "1100"],
            ["35", "3.2", "103.2", ""], "yes", "the year to June is the first half"),
        ("flow 1", "2024-9M=75, 2023-H1=40, 2023-Q3=20", "2024-9M", ["75", "60"], ["15", "25", "125", ""], "yes", "nine months"),
        ("flow 1", "2024=100, 2024-9M=70, 2023-Q4=25", "2024-Q4", ["30", "25"],
            ["5", "20", "120", ""], "yes", "what the year leaves after nine months"),
        ("flow 1", "2024-H1=45, 2024-H2=55, 2023=80", "2024", ["100", "80"], ["20", "25", "125", ""], "yes", "a year of two halves"),
        ("flow 1", "2024-01-01/2024-05-31=1205, 2023-05-YTD=1100", "2024-05-YTD", ["1205", "1100"],
            ["105", "9.5", "109.5", ""], "yes", "the same days by their dates"),
        ("flow 1", "2024-03-08/2024-03-14=120, 2023-03-08/2023-03-14=100", "2024-03-08/2024-03-14", ["120", "100"],
            ["20", "20", "120", ""], "yes", "the same days a year earlier"),
        ("flow 1", "2024-02-08/2024-02-14=120, 2023-02-08/2023-02-14=100", "2024-02-08/2024-02-14", ["120", "100"],
            ["20", "20", "120", ""], "limited holiday_moved", "days of Tết against none"),
        ("flow 0", "2024-05-YTD=100, 2024-04-YTD=100, 2023-05=4", "2024-05", ["0", "4"],
            ["-4", "-100", "0", ""], "yes", "a total that stands still: May brought nothing"),
        ("flow 0", "2024-05=4, 2023-05-YTD=100, 2023-04-YTD=100", "2024-05", ["4", "0"],
            ["4", "", "", ""], "limited base_zero", "nor did May last year"),
        ("flow 1", "2024-05=232, 2024-05-YTD=1205, 2024-04-YTD=975, 2023-05=200", "2024-05", ["232", "200"],
            ["32", "16", "116", ""], "yes", "what is reported comes before 1205 less 975"),
    ]).await;
}

async fn a_period_with_a_gap_is_not_compared(app: TestApp) {
    #[rustfmt::skip]
    work(&app, BAC_GIANG, &[
        ("flow 0", "2024-04=1, 2024-06=3, 2023-Q2=5", "2024-Q2", ["", "5"], NONE, "no current_missing low_coverage", "not 4 against 5"),
        ("flow 0", "2024-Q2=5, 2023-04=1, 2023-05=2", "2024-Q2", ["5", ""], NONE, "no base_missing low_coverage", "not 5 against 3"),
        ("flow 0", "2024-Q2=5", "2024-Q2", ["5", ""], NONE, "no base_missing", "of last year not a single month"),
        ("flow 0", "2024-05-YTD=15, 2023-05=3", "2024-05", ["", "3"], NONE, "no current_missing", "a running total is no month"),
        ("flow 0", "2024-H1=15, 2023=30", "2024-H1", ["15", ""], NONE, "no base_missing", "half a year against a whole one"),
    ]).await;
}

async fn states_are_compared_by_their_last_value(app: TestApp) {
    #[rustfmt::skip]
    work(&app, BAC_GIANG, &[
        ("stock 0", "2024-06=1600, 2023-06=1500", "2024-H1", ["1600", "1500"],
            ["100", "6.7", "106.7", ""], "yes", "the state of June is that of the half-year"),
        ("stock 0", "2024-05=1596, 2023-06=1500", "2024-H1", ["1596", "1500"],
            ["96", "6.4", "106.4", ""], "limited low_coverage partial_period", "the state of May reaches over five months of six"),
        ("stock 0", "2024-H1=1600, 2023-05=1500", "2024-H1", ["1600", "1500"],
            ["100", "6.7", "106.7", ""], "limited low_coverage partial_period", "so it does last year"),
        ("stock 0", "2024-05=10, 2023-05=9", "2024-H1", ["10", "9"],
            ["1", "11.1", "111.1", ""], "limited low_coverage", "and in both years: said once"),
        ("stock 0", "2024-04=10, 2024-05=10, 2024-06=12, 2023-Q2=10", "2024-Q2", ["12", "10"],
            ["2", "20", "120", ""], "yes", "the last of three, never 32"),
        ("stock 0", "2024-12=1650, 2023=1500", "2024", ["1650", "1500"], ["150", "10", "110", ""], "yes", "December is the year's end"),
        ("stock 0", "2024-H1=1600 E, 2023-06=1500", "2024-06", ["1600 E", "1500"],
            ["100", "6.7", "106.7", ""], "limited status_mismatch", "and the half-year's end is June"),
    ]).await;
}

async fn rates_are_recombined_and_averages_never_formed(app: TestApp) {
    #[rustfmt::skip]
    work(&app, BAC_GIANG, &[
        ("rate 2", "2024-01=1/2, 2024-02=5/6, 2023-01=1/5, 2023-02=3/5", "2024-02-YTD", ["75", "40"],
            ["", "87.5", "187.5", "35"], "yes", "6 of 8, not the mean of 50 and 83.33; 4 of 10"),
        ("rate 2", "2024-H1=60/100, 2024-Q1=20/50, 2023-Q2=30/60", "2024-Q2", ["80", "50"],
            ["", "60", "160", "30"], "yes", "40 of 50 are left"),
        ("rate 2", "2024-Q1=1/4 P, 2024-Q2=3/4, 2023-H1=40", "2024-H1", ["50 P", "40"],
            ["", "25", "125", "10"], "limited status_mismatch", "a preliminary part makes a preliminary rate"),
        ("rate 2", "2024-01=50, 2024-02=90, 2023-02-YTD=60", "2024-02-YTD", ["", "60"],
            NONE, "no current_missing not_additive", "without numerators there is nothing to recombine"),
        ("rate 2", "2024-02-YTD=77.15, 2023-01=50, 2023-02=90", "2024-02-YTD", ["77.15", ""],
            NONE, "no base_missing not_additive", "nor last year"),
        ("average 1", "2024-H1=21, 2023-H1=20", "2024-H1", ["21", "20"], ["1", "5", "105", ""], "yes", "as reported"),
        ("average 1", "2024-Q1=20, 2024-Q2=22, 2023-H1=20", "2024-H1", ["", "20"],
            NONE, "no current_missing not_additive", "neither 42 nor 21"),
        ("average 1", "2024-H1=21, 2023-Q1=20, 2023-Q2=22", "2024-H1", ["21", ""],
            NONE, "no base_missing not_additive", "nor last year"),
    ]).await;
}

async fn what_contradicts_itself_or_cannot_be_held_is_told(app: TestApp) {
    #[rustfmt::skip]
    work(&app, BAC_GIANG, &[
        ("flow 1", "2024-04-YTD=975, 2024-05-YTD=900, 2023-05=100", "2024-05", ["", "100"],
            NONE, "no current_missing parts_contradict", "no month brings -75"),
        ("flow 1", "2024-05=100, 2023-04-YTD=975, 2023-05-YTD=900", "2024-05", ["100", ""],
            NONE, "no base_missing parts_contradict", "nor last year"),
        ("flow 1", "2024-04-YTD=975, 2024-05-YTD=900, 2023-05-YTD=800", "2024-05-YTD", ["900", "800"],
            ["100", "12.5", "112.5", ""], "limited parts_contradict", "a running total that falls"),
        ("flow 1", "2024-05-YTD=1000, 2023-04-YTD=975, 2023-05-YTD=900", "2024-05-YTD", ["1000", "900"],
            ["100", "11.1", "111.1", ""], "limited parts_contradict", "one that fell last year"),
        ("flow 1", "2024-04-YTD=975, 2024-05-YTD=900, 2023-04-YTD=850, 2023-05-YTD=800", "2024-05-YTD", ["900", "800"],
            ["100", "12.5", "112.5", ""], "limited parts_contradict", "both: said once"),
        ("flow 1 ±", "2024-04-YTD=975, 2024-05-YTD=900, 2023-05=50", "2024-05", ["-75", "50"],
            ["-125", "-250", "-150", ""], "yes", "what may be negative may fall"),
        ("rate 2", "2024-H1=20/50, 2024-Q1=30/40, 2023-Q2=50", "2024-Q2", ["", "50"],
            NONE, "no current_missing parts_contradict", "-10 of 10"),
        ("flow 6", "2024-01=999999999999999999, 2024-02=0.000000000000000001, 2023-02-YTD=5", "2024-02-YTD", ["", "5"],
            NONE, "no current_missing out_of_range", "a sum of 36 digits"),
    ]).await;
}

async fn what_is_formed_is_no_more_certain_than_its_parts(app: TestApp) {
    #[rustfmt::skip]
    work(&app, BAC_GIANG, &[
        ("flow 1", "2024-Q1=10 P, 2024-Q2=11 E, 2023-H1=20 E", "2024-H1", ["21 E", "20 E"],
            ["1", "5", "105", ""], "yes", "a sum that contains an estimate is one"),
        ("flow 1", "2024-Q1=10, 2024-Q2=11 P, 2023-H1=20", "2024-H1", ["21 P", "20"],
            ["1", "5", "105", ""], "limited status_mismatch", "or is preliminary"),
        ("flow 1", "2024-Q1=>29.6, 2024-Q2=30, 2023-H1=50", "2024-H1", [">59.6", "50"],
            [">9.6", ">19.2", ">119.2", ""], "limited qualifier_inexact", "more than so much, of a part more than so much"),
        ("flow 1", "2024-H1=60, 2024-Q1=>29.6, 2023-Q2=20", "2024-Q2", ["<30.4", "20"],
            ["<10.4", "<52", "<152", ""], "limited qualifier_inexact", "what more than 29.6 leaves of 60"),
        ("flow 1", "2024-H1=60, 2023-Q1=20-23, 2023-Q2=20", "2024-H1", ["60", "40..43"],
            ["17..20", "39.5..50", "139.5..150", ""], "limited qualifier_inexact", "60 of 43 is 139.53"),
        ("flow 1", "2024-04=20-23, 2024-05=30, 2024-06=1-2, 2023-Q2=50", "2024-Q2", ["51..55", "50"],
            ["1..5", "2..10", "102..110", ""], "limited qualifier_inexact", "both ends add up"),
        ("flow 1", "2024-Q1=>29.6, 2024-Q2=<30, 2023-H1=50", "2024-H1", ["", "50"],
            NONE, "no current_missing qualifier_inexact", "more than and less than make no sum"),
        ("flow 1", "2024-Q1=~30, 2024-Q2=30, 2023-Q1=~25, 2023-Q2=25", "2024-H1", ["~60", "~50"],
            ["~10", "~20", "~120", ""], "limited qualifier_inexact", "about against about"),
    ]).await;
}

async fn the_two_calendars_are_never_held_against_each_other(app: TestApp) {
    #[rustfmt::skip]
    work(&app, BAC_GIANG, &[
        ("flow 1", "nd09:2024-05=221, nd09:2023-05=170", "nd09:2024-05", ["221", "170"],
            ["51", "30", "130", ""], "yes", "15/4 to 14/5 of both years"),
        ("flow 1", "2024-05=230, 2023-05=200, nd09:2024-05=221, nd09:2023-05=170", "2024-05", ["230", "200"],
            ["30", "15", "115", ""], "yes", "each calendar has its own"),
        ("flow 1", "2024-05=230, 2023-05=200, nd09:2024-05=221, nd09:2023-05=170", "nd09:2024-05", ["221", "170"],
            ["51", "30", "130", ""], "yes", "the other one"),
        ("flow 1", "2024-05=230, nd09:2023-05=170", "2024-05", ["230", ""],
            NONE, "no base_missing calendar_mismatch", "not 60 more: last year's are other days"),
        ("stock 0", "nd09:2024-05=1596, 2023-05=1500", "nd09:2024-05", ["1596", ""],
            NONE, "no base_missing calendar_mismatch", "a state of another day"),
        ("rate 2", "nd09:2024-05=77.15, 2023-05=74.75", "2024-05", ["", "74.75"],
            NONE, "no calendar_mismatch current_missing", "the other way round"),
        ("flow 1", "2024-05=230, nd09:2023-05-YTD=970, nd09:2023-04-YTD=800", "2024-05", ["230", ""],
            NONE, "no base_missing calendar_mismatch", "nor what could be formed of it"),
        ("flow 1", "nd09:2024-05-YTD=1205, nd09:2024-05=230, nd09:2023-04-YTD=900", "nd09:2024-04-YTD", ["975", "900"],
            ["75", "8.3", "108.3", ""], "yes", "formed within the administrative calendar"),
        ("flow 1", "nd09:2024-Q1=700, 2024-Q2=500, 2023-H1=1000", "2024-H1", ["", "1000"],
            NONE, "no current_missing low_coverage", "quarters of two calendars are no half-year"),
    ]).await;
}

async fn a_new_territory_is_not_that_of_last_year(app: TestApp) {
    #[rustfmt::skip]
    work(&app, "bac-ninh-2025", &[
        ("flow 0", "2025-08=12", "2025-08", ["12", ""],
            NONE, "no base_missing territory_changed", "formed on 1 July 2025; of its predecessors nothing is on record"),
        ("stock 0", "2025-08=4100", "2025-08", ["4100", ""], NONE, "no base_missing territory_changed", "a state"),
        ("rate 2", "2025-08=77.15", "2025-08", ["77.15", ""], NONE, "no base_missing territory_changed", "a rate"),
        ("flow 0", "2026-08=15, 2025-08=12", "2026-08", ["15", "12"], ["3", "25", "125", ""], "yes", "a year later it has one"),
        ("flow 0", "2026-07=15, 2025-07=12", "2026-07", ["15", "12"], ["3", "25", "125", ""], "yes", "from its first day"),
        ("flow 0", "2026-Q3=90, 2025-Q3=75", "2026-Q3", ["90", "75"], ["15", "20", "120", ""], "yes", "its first quarter"),
        ("flow 0", "nd09:2026-07=15, nd09:2025-07=12", "nd09:2026-07", ["15", "12"],
            ["3", "25", "125", ""], "limited territory_changed", "15/6 to 14/7/2025 was half another territory"),
        ("flow 0", "nd09:2026-08=15, nd09:2025-08=12", "nd09:2026-08", ["15", "12"],
            ["3", "25", "125", ""], "yes", "15/7 to 14/8/2025 was not"),
        ("flow 0", "2026-9M=90, 2025-9M=75", "2026-9M", ["90", "75"],
            ["15", "20", "120", ""], "limited territory_changed", "the year 2025 straddles"),
    ]).await;
}

async fn another_definition_limits_a_comparison_and_another_name_does_not(app: TestApp) {
    let user = statistician(&app).await;
    let submit = async |code: &str, period: &str, said: &str| {
        user.submit(&json!({"province": BAC_GIANG, "observations": [row(code, said, period)]})).await;
    };
    #[rustfmt::skip]
    let table = [
        ("definition", json!("Không gồm doanh thu trực tuyến."), ["11", "3.7", "103.7", ""], "limited definition_changed", "not the same"),
        ("name_en", json!("Turnover"),     ["11", "3.7", "103.7", ""],   "yes", "another name for the same"),
        ("min", Value::Null,               ["11", "3.7", "103.7", ""],   "yes", "another limit"),
        ("direction", json!("down"),       ["11", "3.7", "103.7", ""],   "yes", "another opinion of it"),
        ("decimals", json!(2),             ["11", "3.67", "103.67", ""], "yes", "finer: rounded as the indicator is now"),
        ("decimals", json!(6),             ["11", "3.666667", "103.666667", ""], "yes", "as fine as there is"),
    ];

    for (n, (field, value, expected, judged, why)) in table.into_iter().enumerate() {
        let (code, mut definition) = (code(n), define(&user, &code(n), "flow 1").await);
        submit(&code, "2023-05", "300").await;
        submit(&code, "2023-06", "300").await;
        let before = definition.clone();
        definition[field] = value;
        user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(200);
        submit(&code, "2024-05", "311").await;

        let against = compared(&app, BAC_GIANG, &code, "2024-05").await["same_period_last_year"].clone();

        assert_eq!((numbers(&against), verdict(&against).as_str()), (expected.map(str::to_owned), judged), "{field}: {why}");
        user.put(&format!("/v1/indicators/{code}"), &before).await.expect(200);
        submit(&code, "2024-06", "311").await;
        let again = compared(&app, BAC_GIANG, &code, "2024-06").await["same_period_last_year"].clone();
        assert_eq!(verdict(&again), "yes", "{field}: the first version and the third mean the same");
    }
}

async fn a_sum_over_two_definitions_says_so(app: TestApp) {
    let user = statistician(&app).await;
    let code = code(0);
    let mut definition = define(&user, &code, "flow 1").await;
    let months = [("300", "2023-Q2"), ("100", "2024-04"), ("101", "2024-05")].map(|(said, period)| row(&code, said, period));
    user.submit(&json!({"province": BAC_GIANG, "observations": months})).await;
    definition["definition"] = json!("Không gồm doanh thu trực tuyến.");
    user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(200);
    user.submit(&json!({"province": BAC_GIANG, "observations": [row(&code, "110", "2024-06")]})).await;

    let quarter = compared(&app, BAC_GIANG, &code, "2024-Q2").await;

    let against = &quarter["same_period_last_year"];
    assert_eq!(figure(&quarter["current"]), "311", "April and May by the first, June by the second");
    assert_eq!(numbers(against), ["11", "3.7", "103.7", ""]);
    assert_eq!(verdict(against), "limited definition_changed");
}

async fn one_call_answers_forty_indicators_with_last_year_target_and_sentence(app: TestApp) {
    let user = statistician(&app).await;
    let (mut rows, mut targets) = (Vec::new(), Vec::new());
    for n in 1..=40 {
        let code = code(n);
        let (measure, current, last_year, target) = match n {
            1..=20 => ("flow 1", format!("{} E", 200 + n), "200 E", "500"),
            21..=30 => ("stock 0", (1000 + n).to_string(), "1000", "2000"),
            _ => ("rate 2", format!("60.{n}"), "60", "80"),
        };
        let mut definition = define(&user, &code, measure).await;
        (definition["name"], definition["name_en"]) = (json!(format!("Chỉ tiêu {n}")), json!(format!("Indicator {n}")));
        user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(200);
        rows.extend([row(&code, &current, "2024-H1"), row(&code, last_year, "2023-H1")]);
        let mut aim = row(&code, target, "2024");
        aim.as_object_mut().unwrap().retain(|field, _| ["indicator", "period", "value"].contains(&field.as_str()));
        targets.push(aim);
    }
    user.submit(&json!({"province": BAC_GIANG, "observations": rows})).await;
    user.put("/v1/targets", &json!({"province": BAC_GIANG, "targets": targets})).await.expect(200);

    let codes: Vec<String> = (1..=40).map(code).collect();
    let path = format!("/v1/comparisons?province={BAC_GIANG}&period=2024-H1&indicator={}", codes.join(","));
    let table = app.anyone().get(&path).await.expect(200);

    let items = table["items"].as_array().unwrap();
    let found: Vec<&Value> = items.iter().map(|item| &item["indicator"]["code"]).collect();
    assert_eq!(found, codes.iter().collect::<Vec<_>>(), "all forty, in the order they were asked for");
    for (n, item) in (1..).zip(items) {
        let against = &item["same_period_last_year"];
        let said = |of: &Value| figure(of).trim_end_matches(" E").to_owned();
        let (now, before, aim, change) = match n {
            1..=20 => ((200 + n).to_string(), "200", "500", n.to_string()),
            21..=30 => ((1000 + n).to_string(), "1000", "2000", n.to_string()),
            _ => (format!("60.{n}"), "60", "80", format!("0.{n}").trim_end_matches('0').to_owned()),
        };
        let field = if n > 30 { "change_pp" } else { "change" };
        assert_eq!([said(&item["current"]), said(&against["baseline"])], [now, before.to_owned()], "{n}");
        assert_eq!((against[field].to_string(), item["target"]["value"].to_string()), (change, aim.to_owned()), "{n}");
        assert_eq!(verdict(against), "yes", "{n}");
        for (language, start) in [("vi", format!("Chỉ tiêu {n} ")), ("en", format!("Indicator {n} "))] {
            assert!(item["sentence"][language].as_str().unwrap().starts_with(&start), "{n}: {}", item["sentence"]);
        }
    }
    // Indicator: change in percent, index, points; share of the target, what is missing of it.
    for (n, compared, attained, why) in [
        (1, ["0.5", "100.5", "null"], ["40.2", "299"], "201 of 200, and of 500"),
        (7, ["3.5", "103.5", "null"], ["41.4", "293"], "207 of 200, and of 500"),
        (20, ["10", "110", "null"], ["44", "280"], "220 of 200, and of 500"),
        (21, ["2.1", "102.1", "null"], ["51.1", "979"], "1021 of 1000, and of 2000: 51.05"),
        (30, ["3", "103", "null"], ["51.5", "970"], "1030 of 1000, and of 2000"),
        (31, ["0.52", "100.52", "0.31"], ["null", "19.69"], "60.31 of 60: 100.516…; points from 80"),
        (40, ["0.67", "100.67", "0.4"], ["null", "19.6"], "60.40 of 60: 100.666…; a difference without zeros at its end"),
    ] {
        let (against, target) = (&items[n - 1]["same_period_last_year"], &items[n - 1]["target"]);
        assert_eq!(["change_pct", "index_pct", "change_pp"].map(|field| against[field].to_string()), compared, "{n}: {why}");
        assert_eq!(["attainment_pct", "gap"].map(|field| target[field].to_string()), attained, "{n}: {why}");
    }
    for (n, vietnamese, english) in [
        (
            7,
            "Chỉ tiêu 7 6 tháng đầu năm 2024 ước đạt 207 tỷ đồng, bằng 103,5% so với cùng kỳ năm 2023; đạt 41,4% kế hoạch năm.",
            "Indicator 7 in the first six months of 2024 was an estimated 207 billion VND, 103.5% of the same period of 2023; \
             41.4% of the annual plan.",
        ),
        (
            20,
            "Chỉ tiêu 20 6 tháng đầu năm 2024 ước đạt 220 tỷ đồng, bằng 110% so với cùng kỳ năm 2023; đạt 44% kế hoạch năm.",
            "Indicator 20 in the first six months of 2024 was an estimated 220 billion VND, 110% of the same period of 2023; \
             44% of the annual plan.",
        ),
    ] {
        assert_eq!(items[n - 1]["sentence"], json!({"vi": vietnamese, "en": english}), "{n}");
    }
    let points = items[39]["sentence"]["vi"].as_str().unwrap();
    assert!(points.contains("60,40%") && points.contains("tăng 0,4 điểm phần trăm so với cùng kỳ năm 2023"), "{points}");
    let accounts = items[20]["sentence"]["vi"].as_str().unwrap();
    assert!(accounts.contains("1.021 tài khoản, bằng 102,1% so với cùng kỳ năm 2023; đạt 51,1% kế hoạch năm"), "{accounts}");
}

/// Defines an indicator for each line, submits all that is on record and compares line by line.
async fn work(app: &TestApp, province: &str, lines: &[Line]) {
    let user = statistician(app).await;
    let mut rows = [Vec::new(), Vec::new()];
    for (n, (measure, on_record, ..)) in lines.iter().enumerate() {
        define(&user, &code(n), measure).await;
        for (period, said) in on_record.split(", ").map(|pair| pair.split_once('=').unwrap()) {
            let (calendar, period) = in_calendar(period);
            rows[usize::from(calendar == "nd09")].push(row(&code(n), said, period));
        }
    }
    for (calendar, rows) in ["civil", "nd09"].into_iter().zip(rows).filter(|(_, rows)| !rows.is_empty()) {
        user.submit(&json!({"province": province, "calendar": calendar, "observations": rows})).await;
    }

    let mut wrong = Vec::new();
    for (n, (measure, on_record, asked, figures, expected, judged, why)) in lines.iter().enumerate() {
        let item = compared(app, province, &code(n), asked).await;
        let against = &item["same_period_last_year"];
        let found = ([figure(&item["current"]), figure(&against["baseline"])], numbers(against), verdict(against));
        let expected = (figures.map(str::to_owned), expected.map(str::to_owned), (*judged).to_owned());
        if found != expected {
            wrong.push(format!("{measure}: {asked} of {on_record} ({why}): {expected:?}, not {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The calendar and the code of a period.
fn in_calendar(period: &str) -> (&'static str, &str) {
    period.strip_prefix("nd09:").map_or(("civil", period), |period| ("nd09", period))
}

/// The comparison of an indicator in a period.
async fn compared(app: &TestApp, province: &str, indicator: &str, period: &str) -> Value {
    let (calendar, period) = in_calendar(period);
    let path = format!("/v1/comparisons?province={province}&period={period}&calendar={calendar}&indicator={indicator}");
    app.anyone().get(&path).await.expect(200)["items"][0].clone()
}
