//! Retail sales and average population of all provinces 2005–2016, as the demonstration has them: the country, the 34 provinces of today,
//! and Hà Nội in 2008.

use std::collections::BTreeMap;

use chitieu::domain::number::decimal::Decimal;
use serde_json::{Value, json};

use crate::figures::territories::compared;
use crate::support::worked::{figure, numbers, verdict};
use crate::support::{TestApp, on_both};

on_both! {
    retail_sales_of_the_country_are_formed_to_the_printed_digit,
    population_of_the_country_is_the_printed_one,
    the_34_provinces_of_today_have_figures_of_2005_to_2016,
    ha_noi_grew_by_96_percent_as_printed_and_not_comparably,
}

/// The printed table: area, indicator, year, status, value, unit.
const PRINTED: &str = include_str!("../../../data/demo/by-province.csv");

fn number(value: &Value) -> Decimal {
    Decimal::parse_json(&value.to_string()).expect("a number")
}

/// The printed values of an indicator by area and year.
fn printed(indicator: &str) -> BTreeMap<(String, String), Decimal> {
    let cells = PRINTED.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let of = cells.filter(|cells| cells[1] == indicator);
    of.map(|cells| ((cells[0].to_owned(), cells[2].to_owned()), Decimal::parse_json(cells[4]).expect("a number"))).collect()
}

/// The points of a series by year.
async fn years(app: &TestApp, province: &str, indicator: &str) -> BTreeMap<String, Value> {
    let answer = app.anyone().get(&format!("/v1/series?province={province}&indicator={indicator}&frequency=A&from=2005")).await.expect(200);
    let points = answer["items"][0]["observations"].as_array().unwrap().iter();
    points.map(|point| (point["period"].as_str().unwrap().to_owned(), point.clone())).collect()
}

async fn retail_sales_of_the_country_are_formed_to_the_printed_digit(app: TestApp) {
    let app = app.with_the_country().await;
    let printed = printed("retail-sales");

    let formed = years(&app, "VN", "retail-sales").await;

    assert_eq!(formed.len(), 12);
    for (year, point) in &formed {
        assert_eq!(point["origin"], "derived", "{year}: nobody reported it");
        assert_eq!(number(&point["value"]), printed[&("VN".to_owned(), year.clone())], "{year}: {}", point["value"]);
        let parts = point["derivation"]["parts"].as_array().unwrap().len();
        assert_eq!(parts, if year < &"2008".to_owned() { 64 } else { 63 }, "{year}: the provinces of the year");
        assert_eq!(point["status"], if year == "2016" { "P" } else { "A" }, "{year}");
    }
}

async fn population_of_the_country_is_the_printed_one(app: TestApp) {
    let app = app.with_the_country().await;
    let printed = printed("average-population");

    for (year, point) in years(&app, "VN", "average-population").await {
        assert_eq!((&point["origin"], point.get("disagreement")), (&json!("reported"), None), "{year}: the sum differs by rounding");
        assert_eq!(number(&point["value"]), printed[&("VN".to_owned(), year.clone())], "{year}");
    }
}

async fn the_34_provinces_of_today_have_figures_of_2005_to_2016(app: TestApp) {
    let app = app.with_the_country().await;
    for (indicator, total) in [("retail-sales", "3568149.5"), ("average-population", "92695.1")] {
        let ranking = app.anyone().get(&format!("/v1/rankings?indicator={indicator}&period=2016&on=2026-06-01")).await.expect(200);
        let ranked = ranking["items"].as_array().unwrap();
        assert_eq!((ranked.len(), &ranking["missing"]), (34, &json!([])), "{indicator}");
        let sum = ranked.iter().map(|row| number(&row["current"]["value"])).reduce(|a, b| a.plus(b).unwrap()).unwrap();
        assert_eq!(sum.to_string(), total, "{indicator}: nothing is lost and nothing counted twice");
    }
    // By hand, from the printed table.
    for (province, indicator, year, value, of) in [
        ("bac-ninh-2025", "retail-sales", "2016", None, &["bac-giang-2004", "bac-ninh-2004"][..]),
        ("can-tho-2025", "retail-sales", "2005", None, &["can-tho-2004", "hau-giang-2004", "soc-trang-2004"]),
        ("hue-2025", "average-population", "2010", None, &["thua-thien-hue-2004"]),
        ("dong-nai-2026", "average-population", "2016", None, &["binh-phuoc-2004", "dong-nai-2004"]),
        ("ha-noi-2008", "retail-sales", "2008", None, &["ha-noi-2004"]),
        ("phu-tho-2025", "retail-sales", "2009", None, &["hoa-binh-2004", "phu-tho-2004", "vinh-phuc-2004"]),
        ("ha-noi-2008", "retail-sales", "2007", Some("not_additive"), &[]),
        ("phu-tho-2025", "retail-sales", "2007", Some("not_additive"), &[]),
    ] {
        let point = &years(&app, province, indicator).await[year];
        let printed = printed(indicator);
        let sum = of.iter().map(|area| printed[&((*area).to_owned(), year.to_owned())]).reduce(|a, b| a.plus(b).unwrap());
        match (sum, value) {
            (Some(sum), None) => assert_eq!(number(&point["value"]), sum, "{province} {year}"),
            (_, reason) => {
                assert_eq!((&point["value"], &point["reasons"]), (&Value::Null, &json!(["current_missing", reason])), "{province} {year}");
            }
        }
    }
}

async fn ha_noi_grew_by_96_percent_as_printed_and_not_comparably(app: TestApp) {
    let app = app.with_the_country().await;

    let restated = compared(&app, "province=01&period=2008", "retail-sales").await["same_period_last_year"].clone();
    let reported = compared(&app, "province=01&period=2008&geography=as_reported", "retail-sales").await["same_period_last_year"].clone();
    let later = compared(&app, "province=01&period=2009", "retail-sales").await["same_period_last_year"].clone();

    assert_eq!((verdict(&restated).as_str(), &restated["baseline"]), ("no base_missing not_additive territory_changed", &Value::Null));
    let shown: Vec<&str> = restated["parts"].as_array().unwrap().iter().map(|part| part["province"].as_str().unwrap()).collect();
    assert_eq!(shown, ["ha-noi-1997", "ha-tay-1997", "hoa-binh-1997", "vinh-phuc-1997"]);
    assert_eq!((numbers(&reported)[1].split('.').next(), verdict(&reported).as_str()), (Some("96"), "limited territory_changed"));
    assert_eq!(figure(&reported["baseline"]), printed("retail-sales")[&("ha-noi-2004".to_owned(), "2007".to_owned())].to_string());
    assert!(verdict(&later).starts_with("limited"), "{}: one figure of 2008 counts both territories", verdict(&later));
}
