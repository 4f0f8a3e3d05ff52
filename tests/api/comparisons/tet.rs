//! Tết moves between January and February: what is told of the two months of 2025, alone and together, in every call that compares.
//! The days of Tết are counted in `domain::time::tet`.

use serde_json::{Value, json};

use super::fairness::record;
use crate::support::answer::item;
use crate::support::claims::{claiming, submit};
use crate::support::worked::{code, define, numbers, row, statistician, verdict};
use crate::support::{TestApp, on_both};

on_both! {
    months_of_tet_are_limited_and_the_two_together_are_fair,
    only_what_happens_in_a_period_is_moved_by_tet,
    series_rankings_claims_and_sentences_say_that_tet_moved,
    the_way_of_last_year_is_not_known_between_the_two_months,
    a_projection_takes_the_two_months_together,
}

const BAC_GIANG: &str = "bac-giang-2004";

/// A month before Tết sells more, and the month of Tết less: Tết was on 10 February 2024 and on 29 January 2025.
const SALES: &str = "2024-01=160, 2024-02=56, 2025-01=100, 2025-02=100";

async fn months_of_tet_are_limited_and_the_two_together_are_fair(app: TestApp) {
    let user = statistician(&app).await;
    // The figures, the period asked for; change, change in percent, index, points; whether they may be compared; and why.
    #[rustfmt::skip]
    let table = [
        (SALES, "2025-01", ["-60", "-37.5", "62.5", ""], "limited holiday_moved", "four days of Tết against none"),
        (SALES, "2025-02", ["44", "78.6", "178.6", ""], "limited holiday_moved", "one day against five"),
        (SALES, "2025-02-YTD", ["-16", "-7.4", "92.6", ""], "yes", "the two months together"),
        ("2024-Q1=300, 2025-Q1=330", "2025-Q1", ["30", "10", "110", ""], "yes", "a quarter holds all of it"),
        ("2024-03=100, 2025-03=110", "2025-03", ["10", "10", "110", ""], "yes", "no day in either"),
        ("2022-01=100, 2023-01=110", "2023-01", ["10", "10", "110", ""], "limited holiday_moved", "1 and 22 January"),
        ("nd09:2024-02=100, nd09:2025-02=110", "nd09:2025-02", ["10", "10", "110", ""], "yes", "15 January to 14 February: all of it"),
        ("2024-01-20/2024-02-09=100, 2025-01-20/2025-02-09=110", "2025-01-20/2025-02-09", ["10", "10", "110", ""],
            "limited holiday_moved", "days are counted in any interval"),
    ];
    for (n, (figures, asked, expected, judged, why)) in table.into_iter().enumerate() {
        let code = code(n);
        record(&user, BAC_GIANG, &code, "flow 1", figures).await;
        let (calendar, period) = asked.split_once(':').unwrap_or(("civil", asked));

        let path = format!("/v1/comparisons?province={BAC_GIANG}&calendar={calendar}&period={period}&indicator={code}");
        let table = app.anyone().get(&path).await.expect(200);

        let against = &item(&table, &code)["same_period_last_year"];
        assert_eq!((numbers(against), verdict(against).as_str()), (expected.map(str::to_owned), judged), "{asked}: {why}");
        if period == "2025-02" && calendar == "civil" {
            let previous = &item(&table, &code)["previous_period"];
            assert_eq!(verdict(previous), "yes", "the month before is another month anyway");
        }
    }
}

async fn only_what_happens_in_a_period_is_moved_by_tet(app: TestApp) {
    let user = statistician(&app).await;
    for (n, (measure, figures, judged, why)) in [
        ("flow 1", "2024-01=100, 2025-01=110", "limited holiday_moved", "what is sold"),
        ("average 1", "2024-01=100, 2025-01=110", "limited holiday_moved", "the average of a month"),
        ("rate 2", "2024-01=19/38, 2025-01=20/38", "limited holiday_moved", "a rate of what happens"),
        ("stock 0", "2024-01=100, 2025-01=110", "yes", "what stands at the end of the month"),
        ("flow 1", "2025-01=110", "no base_missing", "of a figure that is missing Tết says nothing"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = code(n);
        record(&user, BAC_GIANG, &code, measure, figures).await;

        let table = app.anyone().get(&format!("/v1/comparisons?province=24&period=2025-01&indicator={code}")).await.expect(200);

        assert_eq!(verdict(&item(&table, &code)["same_period_last_year"]), judged, "{measure}: {why}");
    }
}

async fn series_rankings_claims_and_sentences_say_that_tet_moved(app: TestApp) {
    let user = statistician(&app).await;
    record(&user, BAC_GIANG, "sales", "flow 1", SALES).await;
    submit(&user, vec![claiming(row("sales", "100", "2025-01"), &[("yoy_index", "62.5")])]).await;
    let read = async |path: &str| app.anyone().get(path).await.expect(200);

    for units in ["ch1", "pc1", "idx1"] {
        let series =
            read(&format!("/v1/series?province={BAC_GIANG}&indicator=sales&frequency=M&from=2025-01&to=2025-02&units={units}")).await;
        for point in series["items"][0]["observations"].as_array().unwrap() {
            assert!(point["value"].is_number() && reasons(point).contains(&"holiday_moved"), "{units}: {point}");
        }
    }
    let level = read(&format!("/v1/series?province={BAC_GIANG}&indicator=sales&from=2025-02&to=2025-02")).await;
    assert_eq!(reasons(&level["items"][0]["observations"][0]), Vec::<&str>::new(), "a level is compared with nothing");
    let ranking = read("/v1/rankings?indicator=sales&period=2025-02").await;
    assert_eq!(verdict(&ranking["items"][0]["same_period_last_year"]), "limited holiday_moved");
    let claim = read("/v1/claims?indicator=sales").await["items"][0].clone();
    assert_eq!(
        (claim["verdict"].as_str(), reasons(&claim).contains(&"holiday_moved")),
        (Some("matches"), true),
        "true as printed, and not fair"
    );
    let table = read("/v1/comparisons?province=24&period=2025-02&indicator=sales").await;
    let said = &item(&table, "sales")["sentence"];
    assert!(said["vi"].as_str().unwrap().contains("bằng 178,6% so với cùng kỳ năm 2024 (số ngày Tết trong kỳ khác năm trước)"), "{said}");
    assert!(said["en"].as_str().unwrap().contains("178.6% of the same period of 2024 (Tết fell on other days)"), "{said}");
    let together = read("/v1/comparisons?province=24&period=2025-02-YTD&indicator=sales").await;
    assert!(!item(&together, "sales")["sentence"]["vi"].as_str().unwrap().contains("Tết"), "the two months together");
}

async fn the_way_of_last_year_is_not_known_between_the_two_months(app: TestApp) {
    let user = statistician(&app).await;
    define(&user, "sales", "flow 1").await;
    let months = |year: i32, figures: &[i32]| -> Vec<Value> {
        figures.iter().zip(1..).map(|(figure, month)| row("sales", &figure.to_string(), &format!("{year}-{month:02}"))).collect()
    };
    submit(&user, months(2024, &[160, 56, 84, 75, 75, 75, 75, 75, 75, 75, 75, 300])).await;
    submit(&user, months(2025, &[100, 100, 60])).await;
    let plan = json!({"indicator": "sales", "period": "2025", "value": 1200, "phasing": "last_year"});
    user.put("/v1/targets", &json!({"province": BAC_GIANG, "targets": [plan]})).await.expect(200);

    for (period, expected, pace, reason) in [
        ("2025-01-YTD", Value::Null, Value::Null, true),
        ("2025-02-YTD", json!(216), json!("behind"), false),
        ("2025-Q1", json!(300), json!("behind"), false),
    ] {
        let table = app.anyone().get(&format!("/v1/comparisons?province=24&period={period}&indicator=sales")).await.expect(200);

        let target = &item(&table, "sales")["target"];
        assert_eq!((&target["expected_to_date"], &target["pace"]), (&expected, &pace), "{period}: {target}");
        assert_eq!(reasons(target).contains(&"holiday_moved"), reason, "{period}: {target}");
        assert!(target["attainment_pct"].is_number() && target["gap"].is_number(), "{period}: how far it is does not depend on last year");
    }
}

async fn a_projection_takes_the_two_months_together(app: TestApp) {
    let user = statistician(&app).await;
    define(&user, "sales", "flow 1").await;
    let months = [("2025-01", "20"), ("2025-02", "180"), ("2025-03", "110"), ("2025-04", "90")];
    submit(&user, months.map(|(month, figure)| row("sales", figure, month)).to_vec()).await;
    let plan = json!({"indicator": "sales", "period": "2025", "value": 1200});
    user.put("/v1/targets", &json!({"province": BAC_GIANG, "targets": [plan]})).await.expect(200);

    let table = app.anyone().get("/v1/comparisons?province=24&period=2025-04-YTD&indicator=sales").await.expect(200);

    let projection = &item(&table, "sales")["target"]["projection"];
    let read = ["value", "low", "high", "months"].map(|name| projection[name].clone());
    assert_eq!(read, [json!(1200), json!(1120), json!(1280), json!(4)], "each of the two months counts as 100, not as 20 and 180");
}

/// The reasons of a place in an answer.
fn reasons(of: &Value) -> Vec<&str> {
    of.get("reasons").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}
