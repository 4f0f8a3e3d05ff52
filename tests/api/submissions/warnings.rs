//! What is odd about figures that are accepted: years to date that fall, figures that others on record do not make.

use std::collections::BTreeSet;

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both};

on_both! {
    a_year_to_date_that_falls_is_warned_of_whichever_half_comes_later,
    a_fall_shows_wherever_the_year_to_date_is_read,
    a_fall_last_year_stands_against_this_years_comparison,
    only_what_can_but_grow_falls,
    a_fall_is_over_once_one_of_its_two_figures_is_corrected,
    where_less_than_nothing_is_possible_nothing_falls,
    the_years_of_the_two_calendars_are_two,
    a_year_to_april_that_may_does_not_leave_is_warned_of,
    figures_disagree_only_beyond_the_rounding_of_all_that_were_printed,
    a_total_beside_parts_that_are_formed_over_time_disagrees_and_is_accepted,
    a_dry_run_warns_of_what_would_be_recorded,
    what_was_warned_of_can_be_read_again,
    a_unit_under_a_new_name_is_warned_beside_its_old_figures,
    the_last_part_that_makes_a_total_disagree_is_warned_of,
}

const REVENUE: &str = "post-telecom-revenue";

async fn a_year_to_date_that_falls_is_warned_of_whichever_half_comes_later(app: TestApp) {
    let department = app.department().await;
    let (april, may) = (("2024-04-YTD", json!(1205)), ("2024-05-YTD", json!(1200)));
    for (province, first, then) in [("24", &april, &may), ("91", &may, &april)] {
        let quiet = department.submit(&batch(province, &[row(REVENUE, first)])).await;
        let warned = department.submit(&batch(province, &[row(REVENUE, then)])).await;

        assert_eq!(warnings(&quiet), [""]);
        assert_eq!(warnings(&warned), ["falling_ytd"], "{} after {}", then.0, first.0);
        assert_eq!((&warned["rows"][0]["outcome"], &warned["rows"][0]["errors"]), (&json!("created"), &json!([])));
        let message = warned["rows"][0]["warnings"][0]["message"].as_str().unwrap();
        for said in ["2024-05-YTD", "1200", "2024-04-YTD", "1205"] {
            assert!(message.contains(said), "{said} in {message}");
        }
    }
    let together = department.submit(&batch("01", &[row(REVENUE, &may), row("bts-sites", &may), row(REVENUE, &april)])).await;
    let said = warnings(&together);
    assert!(said[0] == "falling_ytd" || said[2] == "falling_ytd", "{said:?}");
    assert_eq!(said[1], "");
}

async fn a_fall_shows_wherever_the_year_to_date_is_read(app: TestApp) {
    let department = app.department().await;
    let rows = [("2024-04-YTD", json!(1205)), ("2024-05-YTD", json!(1200)), ("2023-05-YTD", json!(1100))];
    department.submit(&batch("24", &rows.map(|said| row(REVENUE, &said)))).await;

    let may = compared(&app, REVENUE, "2024-05-YTD").await;
    let april = compared(&app, REVENUE, "2024-04-YTD").await;
    let month = compared(&app, REVENUE, "2024-05").await;
    let months = points(&app, REVENUE, "frequency=M&from=2024-05&to=2024-05").await;
    let to_date = points(&app, REVENUE, "frequency=M&cumulative=true&from=2024-04&to=2024-05").await;
    let reported = points(&app, REVENUE, "from=2024-01").await;

    assert_eq!((&may["current"]["value"], &may["current"]["warnings"]), (&json!(1200), &json!(["falling_ytd"])));
    let against = &may["same_period_last_year"];
    assert_eq!(
        (&against["change"], &against["comparable"], &against["reasons"]),
        (&json!(100), &json!("limited"), &json!(["parts_contradict"]))
    );
    assert_eq!((&april["current"]["value"], april["current"].get("warnings")), (&json!(1205), None), "the one before it does not fall");
    assert!(!reasons(&april["same_period_last_year"]).contains(&"parts_contradict"), "{april}");
    assert_eq!(month["current"], Value::Null);
    assert!(reasons(&month["same_period_last_year"]).contains(&"parts_contradict"), "{month}");
    assert_eq!(
        (&months[0]["value"], &months[0]["origin"], &months[0]["reasons"]),
        (&Value::Null, &Value::Null, &json!(["current_missing", "parts_contradict"]))
    );
    for points in [to_date, reported] {
        let shown: Vec<_> = points.iter().map(|point| (&point["value"], point.get("warnings"))).collect();
        assert_eq!(shown, [(&json!(1205), None), (&json!(1200), Some(&json!(["falling_ytd"])))]);
    }
}

async fn a_fall_last_year_stands_against_this_years_comparison(app: TestApp) {
    let department = app.department().await;
    let rows = [("2023-04-YTD", json!(1205)), ("2023-05-YTD", json!(1200)), ("2024-05-YTD", json!(1300)), ("2024-04-YTD", json!(1250))];
    department.submit(&batch("24", &rows.map(|said| row(REVENUE, &said)))).await;

    let may = compared(&app, REVENUE, "2024-05-YTD").await;
    let april = compared(&app, REVENUE, "2024-04-YTD").await;
    let month = compared(&app, REVENUE, "2024-05").await;

    let against = &may["same_period_last_year"];
    assert_eq!(may["current"].get("warnings"), None);
    assert_eq!((&against["baseline"]["value"], &against["baseline"]["warnings"]), (&json!(1200), &json!(["falling_ytd"])));
    assert_eq!((&against["comparable"], &against["reasons"]), (&json!("limited"), &json!(["parts_contradict"])));
    assert_eq!((&april["same_period_last_year"]["comparable"], &april["same_period_last_year"]["reasons"]), (&json!("yes"), &json!([])));
    assert_eq!(month["current"]["value"], 50, "this year's month is formed");
    assert_eq!(month["same_period_last_year"]["baseline"], Value::Null, "last year's is not");
    assert!(reasons(&month["same_period_last_year"]).contains(&"parts_contradict"), "{month}");
}

async fn only_what_can_but_grow_falls(app: TestApp) {
    let department = app.department().await;
    let bound = |bound: &str, value: i64| json!({"value": value, "bound": bound});
    let of = |part: &str, value: i64| json!({"value": value, "breakdown": {"sector": part}});
    for (indicator, earlier, later, falls, why) in [
        (REVENUE, ("2024-04-YTD", json!(1205.4)), ("2024-05-YTD", json!(1205)), false, "1204.5 to 1205.5"),
        (REVENUE, ("2024-04-YTD", json!(1205)), ("2024-05-YTD", json!(1204)), false, "half a unit of each"),
        (REVENUE, ("2024-04-YTD", json!(1205)), ("2024-05-YTD", json!(1203)), true, "more than that"),
        (REVENUE, ("2024-04-YTD", json!(1205.4)), ("2024-05-YTD", json!(1205.0)), true, "printed with tenths"),
        (REVENUE, ("2024-04-YTD", json!(1205)), ("2024-05-YTD", json!(1205)), false, "nothing in May"),
        (REVENUE, ("2024-04-YTD", json!(1205)), ("2024-08-YTD", json!(1200)), true, "months lie between"),
        (REVENUE, ("2024-05-YTD", json!(1205)), ("2024-H1", json!(1200)), true, "a half-year runs from new year"),
        (REVENUE, ("2024-Q1", json!(1205)), ("2024-9M", json!(1200)), true, "so do quarter and nine months"),
        (REVENUE, ("2024-01", json!(1205)), ("2024", json!(1200)), true, "so do January and the year"),
        (REVENUE, ("2023-12-YTD", json!(1205)), ("2024-01-YTD", json!(100)), false, "a year begins at nothing"),
        (REVENUE, ("2023", json!(1205)), ("2024", json!(1200)), false, "a year may be lower"),
        (REVENUE, ("2024-04", json!(1205)), ("2024-05", json!(1200)), false, "a month may be lower"),
        (REVENUE, ("2024-Q1", json!(1205)), ("2024-Q2", json!(1200)), false, "a quarter may be lower"),
        (REVENUE, ("2024-04-YTD", json!(1205)), ("2024-05-YTD", bound("gt", 1000)), false, "above 1000 may be above 1205"),
        (REVENUE, ("2024-04-YTD", json!(1205)), ("2024-05-YTD", bound("lt", 1000)), true, "below 1000 is not"),
        (REVENUE, ("2024-04-YTD", bound("gt", 1300)), ("2024-05-YTD", json!(1200)), true, "above 1300 before"),
        (REVENUE, ("2024-04-YTD", json!(1205)), ("2024-05-YTD", bound("approx", 1000)), false, "only about right"),
        (REVENUE, ("2024-04-YTD", of("post", 1205)), ("2024-05-YTD", of("post", 1200)), true, "a part grows as well"),
        (REVENUE, ("2024-04-YTD", of("post", 1205)), ("2024-05-YTD", of("telecom", 1200)), false, "another part"),
        ("dossiers-resolved", ("2024-04-YTD", json!(1205)), ("2024-05-YTD", json!(1204)), true, "counted to the last one"),
        ("bts-sites", ("2024-04-YTD", json!(1205)), ("2024-05-YTD", json!(1200)), false, "what stands may be taken down"),
        ("online-service-level4-rate", ("2024-04-YTD", json!(99.5)), ("2024-05-YTD", json!(80)), false, "a rate"),
        ("dossier-online-filing-rate", ("2024-04-YTD", json!(99.5)), ("2024-05-YTD", json!(80)), false, "a rate of its cases"),
        ("relay-minutes", ("2024-04-YTD", json!(99)), ("2024-05-YTD", json!(80)), false, "an average"),
    ] {
        let rows = [row(indicator, &earlier), row(indicator, &later)];
        let said = department.post("/v1/submissions?dry_run=true", &batch("24", &rows)).await.expect(200);

        let warned = warnings(&said).iter().any(|codes| codes.contains("falling_ytd"));
        assert_eq!(warned, falls, "{why}: {indicator} {later:?} after {earlier:?}: {said}");
    }
}

async fn a_fall_is_over_once_one_of_its_two_figures_is_corrected(app: TestApp) {
    let department = app.department().await;
    for (year, correction) in [
        ("2022", json!({"period": "2022-04-YTD", "withdraw": true, "reason": "nhầm dòng"})),
        ("2023", json!({"period": "2023-04-YTD", "value": 1195})),
        ("2024", json!({"period": "2024-05-YTD", "value": 1206})),
    ] {
        let (april, may) = (format!("{year}-04-YTD"), format!("{year}-05-YTD"));
        let rows = [row(REVENUE, &(&april, json!(1205))), row(REVENUE, &(&may, json!(1200)))];
        department.submit(&batch("24", &rows)).await;
        assert_eq!(compared(&app, REVENUE, &may).await["current"]["warnings"], json!(["falling_ytd"]));
        let mut corrected = correction.clone();
        corrected["indicator"] = json!(REVENUE);

        let recorded = department.submit(&batch("24", &[corrected])).await;

        assert_eq!(warnings(&recorded), [""], "{correction}");
        let read = compared(&app, REVENUE, &may).await;
        assert_eq!(read["current"].get("warnings"), None, "{correction}");
        assert!(!reasons(&read["same_period_last_year"]).contains(&"parts_contradict"), "{correction}");
    }
}

async fn where_less_than_nothing_is_possible_nothing_falls(app: TestApp) {
    let user = app.client(&[Scope::Submit, Scope::Catalogue]).await;
    for (code, min, falls) in
        [("balance-bounded", json!(-1000), false), ("balance-open", Value::Null, false), ("payments-made", json!(0), true)]
    {
        let mut definition = json!({"name": "Chênh lệch thu chi", "name_en": "Balance", "definition": "Thu trừ chi.", "field": "it",
            "unit": "VND", "unit_mult": 9, "measure": "flow", "time_aggregation": "sum", "area_aggregation": "sum",
            "direction": "neutral", "decimals": 1, "frequency": "M"});
        if !min.is_null() {
            definition["min"] = min;
        }
        user.put(&format!("/v1/indicators/{code}"), &definition).await.expect(201);

        let rows = [row(code, &("2024-04-YTD", json!(1205))), row(code, &("2024-05-YTD", json!(1100)))];
        let recorded = user.submit(&batch("24", &rows)).await;
        let to_may = compared(&app, code, "2024-05-YTD").await;
        let may = compared(&app, code, "2024-05").await;

        assert_eq!(warnings(&recorded).iter().any(|codes| codes.contains("falling_ytd")), falls, "{code}");
        assert_eq!(to_may["current"].get("warnings").is_some(), falls, "{code}");
        assert_eq!(may["current"]["value"], if falls { Value::Null } else { json!(-105) }, "{code}");
    }
}

async fn the_years_of_the_two_calendars_are_two(app: TestApp) {
    let department = app.department().await;
    let send = async |calendar: &str, period: &str, value: i64| {
        let mut body = batch("24", &[row(REVENUE, &(period, json!(value)))]);
        body["calendar"] = json!(calendar);
        warnings(&department.submit(&body).await)
    };

    assert_eq!(send("civil", "2024-04-YTD", 1205).await, [""]);
    assert_eq!(send("nd09", "2024-05-YTD", 1100).await, [""], "other days");
    assert_eq!(send("nd09", "2024-06-YTD", 1050).await, ["falling_ytd"], "below 1100, not only below 1205");
    assert_eq!(compared(&app, REVENUE, "2024-04-YTD").await["current"].get("warnings"), None);
    assert_eq!(compared(&app, REVENUE, "2024-06-YTD&calendar=nd09").await["current"]["warnings"], json!(["falling_ytd"]));
    assert_eq!(compared(&app, REVENUE, "2024-05-YTD&calendar=nd09").await["current"].get("warnings"), None);
}

async fn a_year_to_april_that_may_does_not_leave_is_warned_of(app: TestApp) {
    let department = app.department().await;
    let [may, to_may, to_april] = [("2024-05", json!(230)), ("2024-05-YTD", json!(1205)), ("2024-04-YTD", json!(980))];
    for (province, known, last, makes) in
        [("24", [&may, &to_may], &to_april, "975"), ("91", [&to_april, &to_may], &may, "225"), ("01", [&to_april, &may], &to_may, "1210")]
    {
        let quiet = department.submit(&batch(province, &known.map(|said| row(REVENUE, said)))).await;
        let warned = department.submit(&batch(province, &[row(REVENUE, last)])).await;

        assert_eq!(warnings(&quiet), ["", ""]);
        assert_eq!(warnings(&warned), ["disagreement"], "{}", last.0);
        assert_eq!(warned["rows"][0]["outcome"], "created");
        let message = warned["rows"][0]["warnings"][0]["message"].as_str().unwrap();
        assert!(message.contains(makes) && message.contains(&last.1.to_string()), "{makes}: {message}");
        let path = format!("/v1/comparisons?province={province}&period=2024-05&indicator={REVENUE}");
        let read = app.anyone().get(&path).await.expect(200)["items"][0]["current"].clone();
        assert_eq!((&read["value"], &read["origin"], &read["disagreement"]["value"]), (&json!(230), &json!("reported"), &json!(225)));
        assert_eq!(read["disagreement"]["text"], "2024-05-YTD − 2024-04-YTD");
    }
    let read = points(&app, REVENUE, "from=2024-05&to=2024-05").await;
    assert_eq!((&read[0]["value"], &read[0]["disagreement"]["value"]), (&json!(230), &json!(225)), "a series shows it too");
}

async fn figures_disagree_only_beyond_the_rounding_of_all_that_were_printed(app: TestApp) {
    let department = app.department().await;
    let of_resolved = "dossiers-resolved";
    for (indicator, may, to_may, to_april, disagrees, why) in [
        (REVENUE, json!(230), json!(1205), json!(975), false, "the difference"),
        (REVENUE, json!(230), json!(1205), json!(976), false, "half a unit of each of three"),
        (REVENUE, json!(230), json!(1205), json!(977), true, "more than 1.5"),
        (REVENUE, json!(230), json!(1205), json!(976.0), false, "1 is within 1.05"),
        (REVENUE, json!(230.0), json!(1205.0), json!(976), true, "1 is more than 0.6"),
        (REVENUE, json!(230.0), json!(1205.0), json!(975.1), false, "0.1 is within 0.15"),
        (REVENUE, json!(230.0), json!(1205.0), json!(975.2), true, "0.2 is not"),
        (REVENUE, json!({"value": 229, "bound": "gt"}), json!(1205), json!(900), false, "305 is above 229"),
        (REVENUE, json!({"value": 229, "bound": "gt"}), json!(1205), json!(980), true, "225 is not"),
        (REVENUE, json!({"value": 230, "bound": "approx"}), json!(1205), json!(980), false, "only about right"),
        (of_resolved, json!(230), json!(1205), json!(975), false, "the difference"),
        (of_resolved, json!(230), json!(1205), json!(976), true, "counted to the last one"),
        (of_resolved, json!({"value": 23, "unit_mult": 1}), json!(1205), json!(978), false, "225 to 235, counted in tens"),
        (of_resolved, json!({"value": 23, "unit_mult": 1}), json!(1205), json!(981), true, "224"),
        ("bts-sites", json!(230), json!(1205), json!(980), true, "a state at the end of May that is two"),
        ("bts-sites", json!(1205), json!(1205), json!(980), false, "a state of April beside that of May"),
    ] {
        let rows = [("2024-05", may), ("2024-05-YTD", to_may), ("2024-04-YTD", to_april)].map(|said| row(indicator, &said));
        let said = department.post("/v1/submissions?dry_run=true", &batch("24", &rows)).await.expect(200);

        let warned = warnings(&said).iter().any(|codes| codes == "disagreement");
        assert_eq!(warned, disagrees, "{why}: {rows:?}: {said}");
    }
}

async fn a_total_beside_parts_that_are_formed_over_time_disagrees_and_is_accepted(app: TestApp) {
    let department = app.department().await;
    let of = |sector: &str, period: &str, value: i64| row(REVENUE, &(period, json!({"value": value, "breakdown": {"sector": sector}})));
    let mut rows: Vec<Value> = ["2024-01", "2024-02", "2024-03"].into_iter().map(|month| of("post", month, 10)).collect();
    rows.push(of("telecom", "2024-Q1", 60));
    department.submit(&batch("24", &rows)).await;

    let agreeing = department.post("/v1/submissions?dry_run=true", &batch("24", &[row(REVENUE, &("2024-Q1", json!(90)))])).await;
    let recorded = department.submit(&batch("24", &[row(REVENUE, &("2024-Q1", json!(100)))])).await;
    let quarter = compared(&app, REVENUE, "2024-Q1").await;

    assert_eq!(warnings(&agreeing.expect(200)), [""]);
    assert_eq!(warnings(&recorded), ["disagreement"], "what is formed over time is no breakdown that somebody reported");
    let message = recorded["rows"][0]["warnings"][0]["message"].as_str().unwrap();
    assert!(message.contains("100") && message.contains("90"), "{message}");
    let current = &quarter["current"];
    assert_eq!((&current["value"], &current["origin"], &current["disagreement"]["value"]), (&json!(100), &json!("reported"), &json!(90)));
    assert_eq!(current["disagreement"]["text"], "sector:post + sector:telecom");
}

async fn a_dry_run_warns_of_what_would_be_recorded(app: TestApp) {
    let department = app.department().await;
    department.submit(&batch("24", &[("2024-05", json!(230)), ("2024-04-YTD", json!(1205))].map(|said| row(REVENUE, &said)))).await;
    let part = |part: &str, value: i64| row("phone-subscribers", &("2024-05", json!({"value": value, "breakdown": {"line_type": part}})));
    let mut rows = vec![row(REVENUE, &("2024-05-YTD", json!(1200))), row(REVENUE, &("2024-Q1", json!(1300)))];
    rows.extend([part("fixed", 11754), part("mobile", 1_918_606), row("phone-subscribers", &("2024-05", json!(1_930_000)))]);
    rows[3]["force"] = json!(true);
    rows[3]["reason"] = json!("số liệu theo báo cáo");

    let tried = department.post("/v1/submissions?dry_run=true", &batch("24", &rows)).await.expect(200);
    let stored = app.anyone().get("/v1/series?province=bac-giang-1997&indicator=phone-subscribers&breakdown=*").await.expect(200);
    let recorded = department.submit(&batch("24", &rows)).await;

    assert_eq!(messages(&tried), messages(&recorded));
    assert_eq!(stored["items"], json!([]));
    let said = warnings(&recorded);
    assert!(said[0].contains("falling_ytd") && said[0].contains("disagreement"), "{said:?}");
    assert_eq!(said[1], "falling_ytd falling_ytd", "the first quarter is above both");
    assert!(said[3].contains("parts_disagree"), "{said:?}");
}

async fn what_was_warned_of_can_be_read_again(app: TestApp) {
    let department = app.department().await;
    department.submit(&batch("24", &[("2024-05", json!(230)), ("2024-05-YTD", json!(1205))].map(|said| row(REVENUE, &said)))).await;
    let first = department.submit(&batch("24", &[row(REVENUE, &("2024-04-YTD", json!(980)))])).await;
    let falling =
        department.submit(&batch("24", &[row(REVENUE, &("2024-06-YTD", json!(1100))), row("bts-sites", &("2024-06", json!(5)))])).await;
    let again = department.submit(&batch("24", &[row(REVENUE, &("2024-04-YTD", json!(980)))])).await;
    department.submit(&batch("24", &[row(REVENUE, &("2024-04-YTD", json!(975)))])).await;

    assert_eq!((warnings(&first), warnings(&falling)), (vec!["disagreement".into()], vec!["falling_ytd".into(), String::new()]));
    assert_eq!(again["counts"]["unchanged"], 1);
    for submission in [first, falling, again] {
        let path = format!("/v1/submissions/{}", submission["id"].as_str().unwrap());
        assert_eq!(department.get(&path).await.expect(200)["rows"], submission["rows"], "as it was said then");
    }
}

async fn a_unit_under_a_new_name_is_warned_beside_its_old_figures(app: TestApp) {
    let department = app.department().await;
    let revenue = |period: &str, value: i64| batch("75", &[row("post-telecom-revenue", &(period, json!({"value": value})))]);
    let of_the_province = department.submit(&revenue("2026-03-YTD", 1000)).await;

    let of_the_city = department.submit(&revenue("2026-05-YTD", 900)).await;

    assert_ne!(of_the_province["rows"][0]["observation"], of_the_city["rows"][0]["observation"]);
    assert_eq!(warnings(&of_the_city).len(), 1, "{of_the_city}");
    assert!(warnings(&of_the_city)[0].contains("falling_ytd"), "Đồng Nai became a city on 30 April 2026: {of_the_city}");
}

async fn the_last_part_that_makes_a_total_disagree_is_warned_of(app: TestApp) {
    let department = app.department().await;
    let of_sector = |sector: &str, period: &str, value: i64| {
        row("post-telecom-revenue", &(period, json!({"breakdown": {"sector": sector}, "value": value})))
    };
    let total = row("post-telecom-revenue", &("2024-Q1", json!({"value": 100})));
    let (january, february) = (of_sector("telecom", "2024-01", 10), of_sector("telecom", "2024-02", 10));
    let before = department.submit(&batch("24", &[total, of_sector("post", "2024-Q1", 60), january, february])).await;

    let march = department.submit(&batch("24", &[of_sector("telecom", "2024-03", 50)])).await;

    assert!(warnings(&before).iter().all(String::is_empty), "{before}");
    let message = march["rows"][0]["warnings"][0]["message"].as_str().unwrap();
    assert_eq!(message, "2024-Q1 is reported as 100, but sector:post + sector:telecom is 130");
}

/// A row about a period, with a number or with more than that.
fn row(indicator: &str, (period, says): &(&str, Value)) -> Value {
    let mut row = if says.is_object() { says.clone() } else { json!({"value": says}) };
    row["indicator"] = json!(indicator);
    row["period"] = json!(period);
    row
}

fn batch(province: &str, rows: &[Value]) -> Value {
    json!({"province": province, "acknowledge": ["disagreement", "falling_ytd", "outlier"], "observations": rows})
}

/// The codes of the warnings of each row.
fn warnings(submission: &Value) -> Vec<String> {
    let rows = submission["rows"].as_array().unwrap().iter();
    let codes =
        |row: &Value| row["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    rows.map(|row| codes(row).join(" ")).collect()
}

/// The messages of the warnings of each row.
fn messages(submission: &Value) -> Vec<BTreeSet<&str>> {
    let rows = submission["rows"].as_array().unwrap().iter();
    rows.map(|row| row["warnings"].as_array().unwrap().iter().map(|warning| warning["message"].as_str().unwrap()).collect()).collect()
}

fn reasons(of: &Value) -> Vec<&str> {
    of["reasons"].as_array().unwrap().iter().map(|reason| reason.as_str().unwrap()).collect()
}

/// The line of an indicator in Bắc Giang's table of a period.
async fn compared(app: &TestApp, indicator: &str, period: &str) -> Value {
    let path = format!("/v1/comparisons?province=bac-giang-1997&period={period}&indicator={indicator}");
    app.anyone().get(&path).await.expect(200)["items"][0].clone()
}

/// The points of a series of Bắc Giang.
async fn points(app: &TestApp, indicator: &str, query: &str) -> Vec<Value> {
    let path = format!("/v1/series?province=bac-giang-1997&indicator={indicator}&{query}");
    app.anyone().get(&path).await.expect(200)["items"][0]["observations"].as_array().unwrap().clone()
}
