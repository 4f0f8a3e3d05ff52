//! The two calendars: administrative figures (`nd09`) and statistics (`civil`) live side by side, and nothing mixes them.
//! Which days a name runs over is here as well; how periods are written is not.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::{TestApp, User, on_both};

on_both! {
    a_name_runs_over_other_days_in_each_calendar,
    figures_of_both_calendars_stand_side_by_side,
    what_names_no_calendar_gets_that_of_the_indicator,
    targets_live_in_the_calendar_they_are_set_in,
    a_table_over_two_calendars_gives_each_figure_its_own_days,
    an_indicator_that_changes_its_calendar_leaves_its_figures_where_they_are,
    days_are_the_same_days_in_either_calendar,
    the_year_to_june_is_the_first_half_in_either_calendar,
    last_years_figure_of_the_other_calendar_is_no_base,
    a_figure_of_the_other_calendar_is_not_the_current_one,
    a_target_of_the_other_calendar_is_shown_and_not_held_against,
    a_sum_never_mixes_months_of_both_calendars,
    parts_and_totals_of_two_calendars_are_not_held_against_each_other,
    administrative_figures_are_formed_from_administrative_ones,
    a_state_is_counted_on_a_day_of_its_own_calendar,
}

/// Flow of amounts in tỷ, calendar civil.
const REVENUE: &str = "telecom-internet-revenue";

async fn a_name_runs_over_other_days_in_each_calendar(app: TestApp) {
    for (period, civil, nd09) in [
        ("2024-01", "2024-01-01 2024-01-31", "2023-12-15 2024-01-14"),
        ("2024-03", "2024-03-01 2024-03-31", "2024-02-15 2024-03-14"),
        ("2024-05", "2024-05-01 2024-05-31", "2024-04-15 2024-05-14"),
        ("2024-12", "2024-12-01 2024-12-31", "2024-11-15 2024-12-14"),
        ("2024-Q1", "2024-01-01 2024-03-31", "2023-12-15 2024-03-14"),
        ("2024-Q2", "2024-04-01 2024-06-30", "2024-03-15 2024-06-14"),
        ("2024-H1", "2024-01-01 2024-06-30", "2023-12-15 2024-06-14"),
        ("2024-H2", "2024-07-01 2024-12-31", "2024-06-15 2024-12-14"),
        ("2024-9M", "2024-01-01 2024-09-30", "2023-12-15 2024-09-14"),
        ("2024", "2024-01-01 2024-12-31", "2023-12-15 2024-12-14"),
        ("2024-05-YTD", "2024-01-01 2024-05-31", "2023-12-15 2024-05-14"),
        ("2024-01-01/2024-05-31", "2024-01-01 2024-05-31", "2024-01-01 2024-05-31"),
    ] {
        for (calendar, expected) in [("civil", civil), ("nd09", nd09)] {
            let table = app.anyone().get(&format!("/v1/comparisons?province=24&period={period}&calendar={calendar}")).await.expect(200);

            assert_eq!((days(&table["period"]).as_str(), &table["period"]["calendar"]), (expected, &json!(calendar)), "{period}");
        }
    }
}

async fn figures_of_both_calendars_stand_side_by_side(app: TestApp) {
    let department = app.department().await;

    let civil = record(&department, "civil", &[(REVENUE, "2024-05", 230), (REVENUE, "2023-05", 200)]).await;
    let nd09 = record(&department, "nd09", &[(REVENUE, "2024-05", 221), (REVENUE, "2023-05", 170)]).await;
    let revised = record(&department, "nd09", &[(REVENUE, "2024-05", 222)]).await;

    assert_ne!(civil["rows"][0]["observation"], nd09["rows"][0]["observation"]);
    assert_eq!(revised["rows"][0]["observation"], nd09["rows"][0]["observation"], "the revision is of the administrative figure");
    for (calendar, expected, value, change, dates) in [
        ("civil", "2023-05=200 2024-05=230", 230, 30, "2024-05-01 2024-05-31"),
        ("nd09", "2023-05=170 2024-05=222", 222, 52, "2024-04-15 2024-05-14"),
    ] {
        assert_eq!(points(&app, REVENUE, &format!("calendar={calendar}")).await, expected);
        let line = compared(&app, REVENUE, "2024-05", calendar).await;
        assert_eq!((&line["current"]["value"], days(&line["period"]).as_str()), (&json!(value), dates), "{calendar}");
        let against = &line["same_period_last_year"];
        assert_eq!((&against["change"], &against["reasons"]), (&json!(change), &json!([])), "{calendar}");
        let id = line["current"]["observation"].as_str().unwrap();
        let history = app.anyone().get(&format!("/v1/observations/{id}/revisions")).await.expect(200);
        let revisions = history["items"].as_array().unwrap().len();
        assert_eq!((days(&history["period"]).as_str(), revisions), (dates, if calendar == "nd09" { 2 } else { 1 }), "{calendar}");
    }
}

async fn what_names_no_calendar_gets_that_of_the_indicator(app: TestApp) {
    let administrator = define_administrative(&app).await;
    let rows = json!([
        {"indicator": "inspection-reports", "period": "2024-05", "value": 7},
        {"indicator": REVENUE, "period": "2024-05", "value": 230},
    ]);
    administrator.submit(&json!({"province": "24", "observations": rows})).await;
    record(&administrator, "civil", &[("inspection-reports", "2024-05", 8)]).await;

    let path = format!("/v1/series?province=bac-giang-1997&indicator=inspection-reports,{REVENUE}");
    let series = app.anyone().get(&path).await.expect(200);

    let said = |series: &Value| {
        let point = &series["observations"][0];
        format!("{} {} {}", series["calendar"].as_str().unwrap(), days(point), point["value"])
    };
    let both: Vec<String> = series["items"].as_array().unwrap().iter().map(said).collect();
    assert_eq!(both, ["nd09 2024-04-15 2024-05-14 7", "civil 2024-05-01 2024-05-31 230"]);
    let unsaid = compared(&app, "inspection-reports", "2024-05", "").await;
    assert_eq!((&unsaid["current"]["value"], &unsaid["period"]["calendar"]), (&json!(7), &json!("nd09")));
    let civil = compared(&app, "inspection-reports", "2024-05", "civil").await;
    assert_eq!((&civil["current"]["value"], &civil["period"]["calendar"]), (&json!(8), &json!("civil")), "what is named wins");
}

async fn targets_live_in_the_calendar_they_are_set_in(app: TestApp) {
    let administrator = define_administrative(&app).await;
    let aim = |indicator: &str, value: i64| json!({"indicator": indicator, "period": "2024", "value": value});
    let unsaid = json!({"province": "24", "targets": [aim("inspection-reports", 10), aim(REVENUE, 2400)]});
    let set = administrator.put("/v1/targets", &unsaid).await.expect(200);
    let named = json!({"province": "24", "calendar": "nd09", "targets": [aim(REVENUE, 2300)]});
    let other = administrator.put("/v1/targets", &named).await.expect(200);
    let list = async |query: &str| {
        let listed = app.anyone().get(&format!("/v1/targets?province=bac-giang-1997&{query}")).await.expect(200);
        let said = |target: &Value| {
            format!("{} {} {}", target["indicator"].as_str().unwrap(), target["value"], target["calendar"].as_str().unwrap())
        };
        listed["items"].as_array().unwrap().iter().map(said).collect::<Vec<_>>()
    };

    assert_eq!(days(&set["items"][0]), "2023-12-15 2024-12-14");
    assert_eq!(days(&set["items"][1]), "2024-01-01 2024-12-31");
    assert_eq!(
        (&other["items"][0]["outcome"], &other["items"][0]["revision"]),
        (&json!("created"), &json!(1)),
        "no revision of the civil one"
    );
    assert_eq!(list("").await, ["inspection-reports 10 nd09", "telecom-internet-revenue 2400 civil"], "each in its own calendar");
    assert_eq!(list("calendar=nd09").await, ["inspection-reports 10 nd09", "telecom-internet-revenue 2300 nd09"]);
    assert_eq!(list("calendar=civil").await, ["telecom-internet-revenue 2400 civil"]);
    assert_eq!(list("period=2024").await, ["inspection-reports 10 nd09", "telecom-internet-revenue 2400 civil"]);
    assert_eq!(list("period=2024&calendar=nd09").await, ["inspection-reports 10 nd09", "telecom-internet-revenue 2300 nd09"]);
}

async fn a_table_over_two_calendars_gives_each_figure_its_own_days(app: TestApp) {
    let administrator = define_administrative(&app).await;
    for period in ["2023-05", "2024-05", "2024-01-01/2024-05-20"] {
        let row = |indicator: &str| json!({"indicator": indicator, "value": 7});
        let rows = json!([row("inspection-reports"), row(REVENUE)]);
        administrator.submit(&json!({"province": "24", "period": period, "observations": rows})).await;
    }
    let table = async |query: &str| app.anyone().get(&format!("/v1/comparisons?province=24&{query}")).await.expect(200);
    let items = |table: &Value| ["inspection-reports", REVENUE].map(|code| days(&item(table, code)["period"]));

    let (may, window) = (table("period=2024-05").await, table("period=2024-01-01/2024-05-20").await);
    let administrative = table("period=2024-05&calendar=nd09").await;

    assert_eq!(items(&may), ["2024-04-15 2024-05-14", "2024-05-01 2024-05-31"]);
    assert_eq!(days(&may["period"]), "2024-05-01 2024-05-31", "the table as a whole is read in the civil calendar");
    for code in ["inspection-reports", REVENUE] {
        let against = &item(&may, code)["same_period_last_year"];
        assert_eq!((&against["baseline"]["period"], &against["change"]), (&json!("2023-05"), &json!(0)), "{code} against its own calendar");
    }
    assert_eq!(items(&window), ["2024-01-01 2024-05-20"; 2], "days are days");
    let codes: Vec<&Value> = administrative["items"].as_array().unwrap().iter().map(|item| &item["indicator"]["code"]).collect();
    assert_eq!(codes, ["inspection-reports"], "the revenue has no administrative figure");
}

async fn an_indicator_that_changes_its_calendar_leaves_its_figures_where_they_are(app: TestApp) {
    let administrator = app.client(&[Scope::Submit, Scope::Catalogue]).await;
    record(&administrator, "civil", &[(REVENUE, "2024-05", 230)]).await;
    let mut definition = administrator.get(&format!("/v1/indicators/{REVENUE}")).await.expect(200);
    for field in ["code", "version"] {
        definition.as_object_mut().unwrap().remove(field);
    }
    definition["calendar"] = json!("nd09");

    administrator.put(&format!("/v1/indicators/{REVENUE}"), &definition).await.expect(200);

    assert_eq!(points(&app, REVENUE, "calendar=civil").await, "2024-05=230");
    assert_eq!(points(&app, REVENUE, "").await, "", "the days of the figure are not those of the new calendar");
    let unsaid = compared(&app, REVENUE, "2024-05", "").await;
    assert_eq!((&unsaid["current"], days(&unsaid["period"]).as_str()), (&Value::Null, "2024-04-15 2024-05-14"));
}

async fn days_are_the_same_days_in_either_calendar(app: TestApp) {
    let department = app.department().await;
    let window = "2024-01-01/2024-05-31";

    for (calendar, period, code, value) in [
        ("nd09", window, window, 1100),
        ("civil", window, "2024-05-YTD", 1205),
        ("nd09", "2023-12-15/2024-06-14", "2024-H1", 1300),
        ("civil", "2023-12-15/2024-06-14", "2023-12-15/2024-06-14", 1310),
        ("nd09", "2024-04-15/2024-05-14", "2024-05", 221),
    ] {
        record(&department, calendar, &[(REVENUE, period, value)]).await;

        let by_days = compared(&app, REVENUE, period, calendar).await;
        let by_code = compared(&app, REVENUE, code, calendar).await;

        let (start, end) = period.split_once('/').unwrap();
        assert_eq!(days(&by_days["period"]), format!("{start} {end}"), "{calendar} {period}");
        assert_eq!((&by_days["period"]["code"], &by_days["current"]["value"]), (&json!(code), &json!(value)), "{calendar}");
        assert_eq!((&by_code["period"], &by_code["current"]["observation"]), (&by_days["period"], &by_days["current"]["observation"]));
    }
    record(&department, "nd09", &[(REVENUE, "2023-01-01/2023-05-31", 1000)]).await;
    let against = compared(&app, REVENUE, window, "nd09").await["same_period_last_year"].clone();
    assert_eq!((&against["change"], &against["baseline"]["period"]), (&json!(100), &json!("2023-01-01/2023-05-31")));
}

async fn the_year_to_june_is_the_first_half_in_either_calendar(app: TestApp) {
    let department = app.department().await;
    for calendar in ["civil", "nd09"] {
        let first = record(&department, calendar, &[(REVENUE, "2024-06-YTD", 1300)]).await;
        let again = record(&department, calendar, &[(REVENUE, "2024-H1", 1300)]).await;
        assert_eq!(again["rows"][0]["outcome"], "unchanged", "{calendar}");
        assert_eq!(again["rows"][0]["observation"], first["rows"][0]["observation"], "{calendar}");
        for asked in ["2024-H1", "2024-06-YTD"] {
            assert_eq!(compared(&app, REVENUE, asked, calendar).await["current"]["origin"], "reported", "{calendar} {asked}");
        }
        let row = |period: &str| json!({"indicator": REVENUE, "period": period, "value": 1300});
        let twice = json!({"province": "24", "calendar": calendar, "observations": [row("2024-H1"), row("2024-06-YTD")]});
        let refused = department.post("/v1/submissions", &twice).await;
        assert_eq!(refused.fault(422), ("duplicate_row".into(), "/observations/1".into()), "{calendar}");
    }
}

async fn last_years_figure_of_the_other_calendar_is_no_base(app: TestApp) {
    let department = app.department().await;
    for (n, (own, other)) in [("civil", "nd09"), ("nd09", "civil")].into_iter().enumerate() {
        for (indicator, why) in [(REVENUE, "a flow"), ("bts-sites", "a state"), ("online-service-level4-rate", "a rate")] {
            let year = 2014 + 4 * n;
            record(&department, own, &[(indicator, &format!("{year}-H1"), 90)]).await;
            record(&department, other, &[(indicator, &format!("{}-H1", year - 1), 80)]).await;

            let line = compared(&app, indicator, &format!("{year}-H1"), own).await;

            let against = &line["same_period_last_year"];
            assert_eq!(line["current"]["value"], 90, "{why}");
            assert_eq!((&against["baseline"], &against["comparable"]), (&Value::Null, &json!("no")), "{why}");
            assert_eq!(["change", "change_pct", "index_pct", "change_pp"].map(|number| &against[number]), [&Value::Null; 4], "{why}");
            assert_eq!(against["reasons"], json!(["base_missing", "calendar_mismatch"]), "{why} of {own}");
        }
    }
    let missing = compared(&app, REVENUE, "2013-H1", "civil").await;
    let reasons = &missing["same_period_last_year"]["reasons"];
    assert_eq!(reasons, &json!(["current_missing", "base_missing", "calendar_mismatch"]), "of the year before there is nothing at all");
}

async fn a_figure_of_the_other_calendar_is_not_the_current_one(app: TestApp) {
    let department = app.department().await;
    record(&department, "nd09", &[(REVENUE, "2024-H1", 1300), (REVENUE, "2023-H2", 1250)]).await;
    record(&department, "civil", &[(REVENUE, "2023-H1", 1100)]).await;

    let half = compared(&app, REVENUE, "2024-H1", "civil").await;
    let second = compared(&app, REVENUE, "2024-H2", "civil").await;

    assert_eq!(half["current"], Value::Null);
    let against = &half["same_period_last_year"];
    assert_eq!((&against["baseline"]["value"], &against["change"]), (&json!(1100), &Value::Null));
    assert_eq!(against["reasons"], json!(["current_missing", "calendar_mismatch"]));
    assert_eq!(
        second["same_period_last_year"]["reasons"],
        json!(["current_missing", "base_missing", "calendar_mismatch"]),
        "the base only"
    );
    let neither = compared(&app, REVENUE, "2024-Q1", "civil").await;
    assert_eq!(neither["same_period_last_year"]["reasons"], json!(["current_missing", "base_missing"]), "known in neither");
    assert_eq!(compared(&app, REVENUE, "2024-H1", "nd09").await["current"]["value"], 1300);
}

async fn a_target_of_the_other_calendar_is_shown_and_not_held_against(app: TestApp) {
    let department = app.department().await;
    record(&department, "civil", &[(REVENUE, "2024-H1", 1135), ("online-service-level4-rate", "2024-05", 90)]).await;
    let set = async |calendar: &str, value: i64| {
        let aim = |indicator: &str, value: i64| json!({"indicator": indicator, "period": "2024", "value": value});
        let targets = json!([aim(REVENUE, value), aim("online-service-level4-rate", 95)]);
        department.put("/v1/targets", &json!({"province": "24", "calendar": calendar, "targets": targets})).await.expect(200);
    };
    let numbers = |target: &Value| ["value", "attainment_pct", "gap", "reasons"].map(|field| target[field].clone());

    set("nd09", 2300).await;
    let (revenue, rate) = (compared(&app, REVENUE, "2024-H1", "").await, compared(&app, "online-service-level4-rate", "2024-05", "").await);
    set("civil", 2400).await;
    let own = compared(&app, REVENUE, "2024-H1", "").await;

    assert_eq!(numbers(&revenue["target"]), [json!(2300), Value::Null, Value::Null, json!(["calendar_mismatch"])]);
    assert_eq!(numbers(&rate["target"]), [json!(95), Value::Null, Value::Null, json!(["calendar_mismatch"])]);
    assert_eq!(numbers(&own["target"]), [json!(2400), json!(47.3), json!(1265), json!([])], "its own calendar comes first");
}

async fn a_sum_never_mixes_months_of_both_calendars(app: TestApp) {
    let department = app.department().await;
    record(&department, "civil", &[(REVENUE, "2024-01", 10), (REVENUE, "2024-02", 20), (REVENUE, "2024-05-YTD", 1205)]).await;
    let quiet =
        record(&department, "nd09", &[(REVENUE, "2024-03", 30), (REVENUE, "2024-04-YTD", 975), (REVENUE, "2024-06-YTD", 1000)]).await;

    for row in quiet["rows"].as_array().unwrap() {
        assert_eq!(row["warnings"], json!([]), "a year to date is not below one of the other calendar, and no sum of its months");
    }
    for (period, calendar, why) in [
        ("2024-Q1", "civil", "not 60: March is administrative"),
        ("2024-Q1", "nd09", "nor the other way round"),
        ("2024-03-YTD", "civil", "the same under another name"),
        ("2024-05", "civil", "not 1205 − 975"),
        ("2024-05", "nd09", "nor the other way round"),
        ("2024-03", "civil", "March itself"),
    ] {
        assert_eq!(compared(&app, REVENUE, period, calendar).await["current"], Value::Null, "{period} {calendar}: {why}");
    }
    assert_eq!(points(&app, REVENUE, "frequency=Q&calendar=civil").await, "");
    assert_eq!(
        points(&app, REVENUE, "cumulative=true&calendar=civil&to=2024-04").await,
        "2024-01-YTD=10 2024-02-YTD=30 2024-03-YTD=null 2024-04-YTD=null"
    );
    assert_eq!(compared(&app, REVENUE, "2024-02-YTD", "civil").await["current"]["value"], 30, "those of one calendar add up");
}

async fn parts_and_totals_of_two_calendars_are_not_held_against_each_other(app: TestApp) {
    let department = app.department().await;
    let phones = |line: &str, value: i64| json!({"indicator": "phone-subscribers", "breakdown": {"line_type": line}, "value": value});
    let submit = async |calendar: &str, rows: Value| {
        department.submit(&json!({"province": "24", "period": "2024-05", "calendar": calendar, "observations": rows})).await
    };

    submit("civil", json!([phones("fixed", 100)])).await;
    submit("nd09", json!([phones("mobile", 200)])).await;
    assert_eq!(compared(&app, "phone-subscribers", "2024-05", "civil").await["current"], Value::Null, "not 300");
    submit("civil", json!([{"indicator": "phone-subscribers", "value": 1000}])).await;

    let total = submit("nd09", json!([{"indicator": "phone-subscribers", "value": 250}])).await;

    assert_eq!(total["rows"][0]["warnings"], json!([]));
    for (calendar, line, value) in [("civil", "mobile", 900), ("nd09", "fixed", 50)] {
        let path = format!(
            "/v1/comparisons?province=24&period=2024-05&indicator=phone-subscribers&calendar={calendar}&breakdown=line_type:{line}"
        );
        let formed = app.anyone().get(&path).await.expect(200)["items"][0]["current"].clone();
        assert_eq!(
            (&formed["value"], &formed["origin"]),
            (&json!(value), &json!("derived")),
            "{calendar}: its own total less its own part"
        );
    }
}

async fn administrative_figures_are_formed_from_administrative_ones(app: TestApp) {
    let department = app.department().await;
    record(&department, "civil", &[(REVENUE, "2024-04-YTD", 980), (REVENUE, "2024-05-YTD", 1250)]).await;
    let months = [(REVENUE, "2024-05-YTD", 1205), (REVENUE, "2024-05", 230), (REVENUE, "2024-06", 95), (REVENUE, "2024-Q1", 700)];
    record(&department, "nd09", &months).await;

    let april = compared(&app, REVENUE, "2024-04-YTD", "nd09").await;
    let half = compared(&app, REVENUE, "2024-H1", "nd09").await;
    let month = compared(&app, REVENUE, "2024-04", "nd09").await;

    let said = |line: &Value| {
        let current = &line["current"];
        format!("{} {} {}", current["value"], current["origin"].as_str().unwrap(), current["derivation"]["text"].as_str().unwrap())
    };
    assert_eq!(said(&april), "975 derived 2024-05-YTD − 2024-05");
    assert_eq!((days(&april["period"]).as_str(), &april["current"]["disagreement"]), ("2023-12-15 2024-04-14", &Value::Null));
    assert_eq!(said(&half), "1300 derived 2024-05-YTD + 2024-06");
    assert_eq!(said(&month), "275 derived 2024-05-YTD − 2024-Q1 − 2024-05");
    assert_eq!(compared(&app, REVENUE, "2024-05", "civil").await["current"]["value"], 270, "1250 − 980, all civil");
    assert_eq!(points(&app, REVENUE, "frequency=Q&calendar=nd09").await, "2024-Q1=700 2024-Q2=600");
}

async fn a_state_is_counted_on_a_day_of_its_own_calendar(app: TestApp) {
    let department = app.department().await;
    let count = async |calendar: &str, day: &str| {
        let row = json!({"indicator": "bts-sites", "value": 1596, "as_of": day, "reason": "đếm lại"});
        let body = json!({"province": "24", "period": "2024-H1", "calendar": calendar, "acknowledge": ["reverts"], "observations": [row]});
        department.post("/v1/submissions", &body).await
    };
    for (calendar, day, why) in [("nd09", "2024-06-15", "the second half has begun"), ("civil", "2023-12-15", "the first has not")] {
        let refused = count(calendar, day).await;
        assert_eq!(refused.fault(422), ("invalid_as_of_date".into(), "/observations/0/as_of".into()), "{calendar} {day}: {why}");
    }

    for (day, have, why) in [
        ("2023-12-15", 0, "the first day"),
        ("2024-05-13", 4, "May has a day left"),
        ("2024-05-14", 5, "May has ended"),
        ("2024-05-31", 5, "June runs"),
        ("2024-06-14", 6, "the end of the period"),
    ] {
        count("nd09", day).await.expect(201);
        let half = compared(&app, "bts-sites", "2024-H1", "nd09").await;
        assert_eq!(half["current"]["coverage"], json!({"have": have, "need": 6}), "{day}: {why}");
    }
    count("nd09", "2024-05-14").await.expect(201);
    let months = points(&app, "bts-sites", "frequency=M&calendar=nd09&from=2024-04&to=2024-06").await;
    assert_eq!(months, "2024-04=null 2024-05=1596 2024-06=null", "the state of the month that the day ends");
}

/// A client that may do everything here, and an indicator that is reported in the administrative calendar.
async fn define_administrative(app: &TestApp) -> User {
    let administrator = app.client(&[Scope::Submit, Scope::Targets, Scope::Catalogue]).await;
    let reports = json!({
        "name": "Báo cáo thanh tra đã gửi", "name_en": "Inspection reports sent", "definition": "Số báo cáo thanh tra đã gửi trong kỳ.",
        "field": "inspection", "unit": "report", "measure": "flow", "time_aggregation": "sum", "area_aggregation": "sum",
        "direction": "neutral", "decimals": 0, "min": 0, "frequency": "M", "calendar": "nd09",
    });
    administrator.put("/v1/indicators/inspection-reports", &reports).await.expect(201);
    administrator
}

/// Records figures of Bắc Giang in a calendar.
async fn record(user: &User, calendar: &str, figures: &[(&str, &str, i64)]) -> Value {
    let row = |(indicator, period, value): &(&str, &str, i64)| json!({"indicator": indicator, "period": period, "value": value});
    let rows: Vec<Value> = figures.iter().map(row).collect();
    user.submit(&json!({"province": "24", "calendar": calendar, "observations": rows})).await
}

/// The line of an indicator in the table of a period; of the indicator's own calendar where none is named.
async fn compared(app: &TestApp, indicator: &str, period: &str, calendar: &str) -> Value {
    let calendar = if calendar.is_empty() { String::new() } else { format!("&calendar={calendar}") };
    let path = format!("/v1/comparisons?province=24&period={period}&indicator={indicator}{calendar}");
    item(&app.anyone().get(&path).await.expect(200), indicator).clone()
}

/// The points of an indicator's total in Bắc Giang: `2024-05=230 2024-06=null`.
async fn points(app: &TestApp, indicator: &str, query: &str) -> String {
    let series = app.anyone().get(&format!("/v1/series?province=bac-giang-1997&indicator={indicator}&{query}")).await.expect(200);
    let point = |point: &Value| format!("{}={}", point["period"].as_str().unwrap(), point["value"]);
    series["items"][0]["observations"].as_array().unwrap().iter().map(point).collect::<Vec<_>>().join(" ")
}

/// First and last day of a period.
fn days(of: &Value) -> String {
    format!("{} {}", of["start"].as_str().unwrap(), of["end"].as_str().unwrap())
}
