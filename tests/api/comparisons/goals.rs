//! What targets ask for and the way there: bands, horizons, phasing, targets of the country for every province, projections.
//! Every number is worked by hand; what is refused has a file of its own.

use serde_json::{Value, json};

use crate::support::answer::item;
use crate::support::worked::{aim, code, define, figure, row, statistician};
use crate::support::{TestApp, User, on_both};

on_both! {
    a_band_is_missed_below_and_above_and_has_no_gap_within,
    a_band_is_shown_by_its_ends_and_has_no_value,
    a_target_that_was_a_band_and_then_a_number_keeps_both_in_its_history,
    every_number_of_a_target_is_read_in_the_unit_and_notation_of_the_call,
    without_a_kind_a_target_goes_where_the_indicator_should_go,
    the_way_to_a_later_year_begins_at_its_baseline,
    a_horizon_is_shown_with_its_baseline,
    whole_years_lead_to_a_later_year_by_years,
    the_nearest_horizon_whose_way_has_begun_is_the_one_that_counts,
    the_plan_of_the_quarter_comes_before_that_of_the_year,
    a_part_of_a_year_is_not_on_the_way_of_yearly_figures,
    a_plan_like_last_year_expects_the_share_that_last_year_had,
    a_plan_by_milestones_goes_evenly_from_one_to_the_next,
    milestones_are_shown_in_order_whatever_the_order_they_were_sent_in,
    a_figure_that_is_a_bound_reaches_a_target_where_that_is_certain,
    what_has_no_share_of_its_target_says_why,
    a_target_of_the_other_calendar_is_no_way_either,
    a_plan_adjusted_in_the_year_is_answered_as_it_stood,
    a_projection_needs_four_months_and_leads_no_farther_than_the_year,
    a_target_of_the_country_for_each_province_holds_where_there_is_no_other,
    a_target_of_the_country_holds_for_no_province_unless_it_says_so,
    the_sentence_calls_a_target_of_the_country_national,
}

/// A province that is there in 2020 as in 2030.
const CAO_BANG: &str = "cao-bang-1997";

/// Its neighbour.
const LANG_SON: &str = "lang-son-1997";

/// Share of adults with a smartphone, which does not add up over provinces.
const SMARTPHONES: &str = "adult-smartphone-rate";

/// A line: the measure, its figures, the period that is asked for, its targets, what is answered, and why.
type Line<'l> = [&'l str; 6];

async fn a_band_is_missed_below_and_above_and_has_no_gap_within(app: TestApp) {
    let fields = "attainment_pct gap expected_to_date expected_pct pace required_per_period";
    #[rustfmt::skip]
    let table: [Line<'_>; 12] = [
        ["flow 1", "2024-H1=15", "2024-H1", "40..60@2024", "- 25 20 - behind 4.2", "by June 20 to 30 were due"],
        ["flow 1", "2024-H1=25", "2024-H1", "40..60@2024", "- 15 20 - on_track 2.5", "between the ways to both ends"],
        ["flow 1", "2024-H1=35", "2024-H1", "40..60@2024", "- 5 20 - ahead 0.8", "above the way to the upper end"],
        ["flow 1", "2024-H1=0",  "2024-H1", "40..60@2024", "- 40 20 - not_started 6.7", "nothing happened"],
        ["flow 1", "2024-H1=45", "2024-H1", "40..60@2024", "- 0 20 - ahead -", "within it already, but the second half is still to come"],
        ["flow 1", "2024=39",    "2024",    "40..60@2024", "- 1 40 - missed -", "below it when the year is over"],
        ["flow 1", "2024=40",    "2024",    "40..60@2024", "- 0 40 - achieved -", "the lower end belongs to it"],
        ["flow 1", "2024=60",    "2024",    "40..60@2024", "- 0 40 - achieved -", "and the upper"],
        ["flow 1", "2024=60.1",  "2024",    "40..60@2024", "- -0.1 40 - missed -", "above it"],
        ["stock 0", "2023-12=70 2024-06=45", "2024-06", "40..60@2024", "- 0 65 - achieved -", "a state is in it before its time"],
        ["stock 0", "2023-12=70 2024-06=68", "2024-06", "40..60@2024", "- -8 65 - behind -1.3", "half of the way down was due"],
        ["stock 0", "2023-12=10 2024-06=25", "2024-06", "40..60@2024", "- 15 25 - on_track 2.5", "half of the way up from 10 to 40"],
    ];
    stand(&app, fields, &table).await;
}

async fn a_band_is_shown_by_its_ends_and_has_no_value(app: TestApp) {
    let department = app.department().await;
    record(&department, CAO_BANG, &[row("bts-sites", "1700", "2024-06"), row("bts-sites", "1500", "2023-12")]).await;

    let set = put(&department, CAO_BANG, json!([aim("bts-sites", "1900..2100@2024")])).await;

    let target = compared(&app, CAO_BANG, "2024-06", "bts-sites").await["target"].clone();
    let expected = json!({
        "period": "2024", "province": CAO_BANG, "value": null, "low": 1900, "high": 2100, "kind": "band", "attainment_pct": null,
        "gap": 200, "expected_to_date": 1700, "expected_pct": null, "pace": "on_track", "required_per_period": 33.3,
        "required_frequency": "M", "projection": null, "reasons": [], "source": {"title": null, "number": null, "date": null},
    });
    assert_eq!(target, expected, "half of the 400 that are missing from 1500 to the nearer end");
    let listed = app.anyone().get("/v1/targets").await.expect(200);
    for found in [&set[0], &listed["items"][0]] {
        assert_eq!((said(found, "kind low high value"), found.get("value")), ("band 1900 2100 -".into(), Some(&Value::Null)));
    }
}

async fn a_target_that_was_a_band_and_then_a_number_keeps_both_in_its_history(app: TestApp) {
    let department = app.department().await;
    let mut ids = Vec::new();
    for (text, outcome, why) in [
        ("2300..2500@2024", "created", "a band"),
        ("2300..2500@2024", "unchanged", "the same band"),
        ("2300..2600@2024", "updated", "another upper end"),
        (">=2300@2024", "updated", "a number"),
        ("2200..2600@2024", "updated", "a band again"),
    ] {
        let set = put(&department, CAO_BANG, json!([aim("telecom-internet-revenue", text)])).await;
        assert_eq!(set[0]["outcome"], outcome, "{why}");
        ids.push(set[0]["id"].as_str().unwrap().to_owned());
    }
    ids.dedup();

    let [id] = &ids[..] else { panic!("one target, several revisions: {ids:?}") };
    let history = app.anyone().get(&format!("/v1/targets/{id}/revisions")).await.expect(200);

    let revisions: Vec<String> =
        history["items"].as_array().unwrap().iter().map(|revision| said(revision, "revision kind low high value")).collect();
    assert_eq!(revisions, ["1 band 2300 2500 -", "2 band 2300 2600 -", "3 at_least - - 2300", "4 band 2200 2600 -"]);
    assert!(history["items"][2].get("low").is_none() && history["items"][2].get("high").is_none(), "a number has no ends");
}

async fn every_number_of_a_target_is_read_in_the_unit_and_notation_of_the_call(app: TestApp) {
    let department = app.department().await;
    let target = json!({
        "indicator": "telecom-internet-revenue", "period": "2024", "kind": "band", "low": "2.400,5", "high": "2.600",
        "baseline": {"period": "2023", "value": "2.100,25"}, "milestones": [{"by": "2024-H1", "value": "1.200"}],
    });
    let mut in_thousands = target.clone();
    in_thousands["unit_mult"] = json!(12);
    (in_thousands["low"], in_thousands["high"]) = (json!("2,4005"), json!("2,6"));
    in_thousands["baseline"]["value"] = json!("2,10025");
    in_thousands["milestones"][0]["value"] = json!("1,2");
    let set = async |target: &Value| {
        let body = json!({"province": CAO_BANG, "number_locale": "vi", "targets": [target]});
        department.put("/v1/targets", &body).await.expect(200)["items"][0].clone()
    };

    let (plain, scaled) = (set(&target).await, set(&in_thousands).await);

    assert_eq!((&plain["low"], &plain["high"]), (&json!(2400.5), &json!(2600)));
    assert_eq!(plain["baseline"], json!({"period": "2023", "value": 2100.25}));
    assert_eq!(plain["milestones"], json!([{"by": "2024-H1", "value": 1200}]));
    assert_eq!((&plain["phasing"], &plain["value"]), (&json!("milestones"), &Value::Null), "where there are milestones it goes by them");
    assert_eq!(scaled["outcome"], "unchanged", "thousand tỷ: {scaled}");
}

async fn without_a_kind_a_target_goes_where_the_indicator_should_go(app: TestApp) {
    let department = app.department().await;
    for (indicator, sent, kind, why) in [
        ("infosec-incidents", "2@2024", "at_most", "the fewer the better"),
        ("dedicated-network-unconnected-points", "40@2024", "at_most", "a stock of what should vanish"),
        ("bts-sites", "1600@2024", "at_least", "the more the better"),
        ("phone-subscribers", "1600@2024", "at_least", "neither"),
        ("procedure-complaints", ">=2@2024", "at_least", "what is said comes first"),
        ("internet-subscribers", "==5@2024", "exactly", "what is said comes first"),
    ] {
        let set = put(&department, CAO_BANG, json!([aim(indicator, sent)])).await;
        assert_eq!(set[0]["kind"], kind, "{indicator}: {why}");
    }
    record(&department, CAO_BANG, &[row("infosec-incidents", "1", "2024")]).await;

    let target = compared(&app, CAO_BANG, "2024", "infosec-incidents").await["target"].clone();

    assert_eq!(said(&target, "kind pace gap"), "at_most achieved 1", "one of two at most is no half of a plan");
}

async fn the_way_to_a_later_year_begins_at_its_baseline(app: TestApp) {
    let sites = ">=2000@2025 from:1400@2020";
    let rate = ">=95@2030 from:65@2020";
    let unconnected = "<=40@2030 from:100@2020";
    let fields = "expected_to_date expected_pct pace required_per_period required_frequency reasons";
    #[rustfmt::skip]
    let table: [Line<'_>; 18] = [
        ["stock 0", "2024-06=1700", "2024-06", sites, "1820 91 behind 16.7 M -", "42 of 60 months: 1400 + 600 × 0.7"],
        ["stock 0", "2024-06=1813", "2024-06", sites, "1820 91 behind 10.4 M -", "more than 6 too few, a hundredth of 600"],
        ["stock 0", "2024-06=1814", "2024-06", sites, "1820 91 on_track 10.3 M -", "6 too few"],
        ["stock 0", "2024-06=1826", "2024-06", sites, "1820 91 on_track 9.7 M -", "6 more"],
        ["stock 0", "2024-06=1827", "2024-06", sites, "1820 91 ahead 9.6 M -", "7 more"],
        ["stock 0", "2024-06=2000", "2024-06", sites, "1820 91 achieved - - -", "eighteen months early"],
        ["stock 0", "2025-12=1999", "2025-12", sites, "2000 100 missed - - -", "its last month is over"],
        ["stock 0", "2020-12=1400", "2020-12", sites, "1400 70 on_track 10 M -", "where the way begins: 600 in 60 months"],
        ["rate 2", "2025-06=75",    "2025-06", rate, "78.5 - behind 0.3 M -", "54 of 120 months: 65 + 30 × 0.45 points"],
        ["rate 2", "2025-06=78.19", "2025-06", rate, "78.5 - behind 0.25 M -", "more than 0.3 points too few"],
        ["rate 2", "2025-06=78.2",  "2025-06", rate, "78.5 - on_track 0.25 M -", "0.3 points too few"],
        ["rate 2", "2025-06=80",    "2025-06", rate, "78.5 - ahead 0.23 M -", "15 points in 66 months"],
        ["rate 2", "2025-06=95",    "2025-06", rate, "78.5 - achieved - - -", "five years early"],
        ["stock 0", "2024-12=80", "2024-12", unconnected, "76 190 behind -0.6 M -", "48 of 120 months downwards"],
        ["stock 0", "2024-12=76", "2024-12", unconnected, "76 190 on_track -0.5 M -", "as few as were due"],
        ["stock 0", "2024-12=70", "2024-12", unconnected, "76 190 ahead -0.4 M -", "fewer"],
        ["rate 2", "2024=50", "2024", "60..80@2030 from:40@2020", "48 - on_track 0.14 M -", "between 48 and 56"],
        ["stock 0", "2024-06=1700", "2024-06", ">=2000@2030 on:2024-06-30", "- - - 3.8 M base_missing", "300 in 78 months, from nowhere"],
    ];
    stand(&app, fields, &table).await;
}

async fn a_horizon_is_shown_with_its_baseline(app: TestApp) {
    let department = app.department().await;
    record(&department, CAO_BANG, &[row("bts-sites", "1700", "2024-06")]).await;

    let set = put(&department, CAO_BANG, json!([aim("bts-sites", ">=2000@2025 from:1400@2020")])).await;

    let target = compared(&app, CAO_BANG, "2024-06", "bts-sites").await["target"].clone();
    let expected = json!({
        "period": "2025", "province": CAO_BANG, "value": 2000, "kind": "at_least", "baseline": {"period": "2020", "value": 1400},
        "attainment_pct": 85, "gap": 300, "expected_to_date": 1820, "expected_pct": 91, "pace": "behind", "required_per_period": 16.7,
        "required_frequency": "M", "projection": null, "reasons": [], "source": {"title": null, "number": null, "date": null},
    });
    assert_eq!(target, expected);
    let listed = app.anyone().get("/v1/targets?period=2025").await.expect(200);
    for found in [&set[0], &listed["items"][0]] {
        assert_eq!(found["baseline"], json!({"period": "2020", "value": 1400}));
    }
}

async fn whole_years_lead_to_a_later_year_by_years(app: TestApp) {
    let revenue = ">=3600@2030 from:2000@2020";
    let fields = "expected_to_date expected_pct pace required_per_period required_frequency";
    #[rustfmt::skip]
    let table: [Line<'_>; 8] = [
        ["flow 1", "2024=2400", "2024", revenue, "2640 73.3 behind 200 A", "four of ten years: 160 more each year; 1200 in six"],
        ["flow 1", "2024=2624", "2024", revenue, "2640 73.3 on_track 162.7 A", "16 too few, a hundredth of 1600"],
        ["flow 1", "2024=2700", "2024", revenue, "2640 73.3 ahead 150 A", "900 in six"],
        ["flow 1", "2024=3600", "2024", revenue, "2640 73.3 achieved - -", "six years early"],
        ["flow 0", "2024=170",  "2024", "<=100@2030 from:200@2020",   "160 160 behind -11.7 A", "ten fewer each year; 70 in six"],
        ["flow 0", "2025=3500", "2025", ">=3600@2025 from:2000@2020", "3600 100 missed - -", "its own year is over"],
        ["flow 1", "2025-H1=1700", "2025-H1", ">=3600@2025 from:2000@2020", "1800 50 behind 316.7 M", "its own year begins with nothing"],
        ["average 1", "2024=20", "2024", ">=30@2030 from:10@2020", "18 60 ahead 1.7 A", "a level, by years as well"],
    ];
    stand(&app, fields, &table).await;
}

async fn the_nearest_horizon_whose_way_has_begun_is_the_one_that_counts(app: TestApp) {
    let user = statistician(&app).await;
    define(&user, "sites", "stock 0").await;
    let months = ["2021-04", "2021-05", "2022-11", "2022-12", "2023-06", "2024-06", "2025-03", "2026-01"];
    record(&user, CAO_BANG, &months.map(|month| row("sites", "1500", month))).await;
    let targets = [">=2000@2025 from:1400@2022", ">=3000@2030 on:2021-05-01", ">=1700@2024 from:1400@2022"];
    put(&user, CAO_BANG, json!(targets.map(|text| aim("sites", text)))).await;

    for (month, period, why) in [
        ("2021-04", None, "nothing was decided yet"),
        ("2021-05", Some("2030"), "decided on the first of May, and another begins at its baseline"),
        ("2022-11", Some("2030"), "the way to 2025 begins at the end of 2022"),
        ("2022-12", Some("2024"), "on that day it begins, and the nearest is that of 2024"),
        ("2023-06", Some("2024"), "the nearest"),
        ("2024-06", Some("2024"), "the year's own"),
        ("2025-03", Some("2025"), "the year's own"),
        ("2026-01", Some("2030"), "what is over is no aim"),
    ] {
        let target = compared(&app, CAO_BANG, month, "sites").await["target"].clone();
        assert_eq!(target["period"].as_str(), period, "{month}: {why}");
    }
}

async fn the_plan_of_the_quarter_comes_before_that_of_the_year(app: TestApp) {
    #[rustfmt::skip]
    let table: [Line<'_>; 5] = [
        ["flow 1", "2024-02-YTD=300", "2024-02-YTD", ">=2400@2024;>=600@2024-Q1", "2024-Q1 400 behind 300", "two of its three months"],
        ["flow 1", "2024-Q1=600",     "2024-Q1",     ">=2400@2024;>=600@2024-Q1", "2024-Q1 600 achieved -", "the same days"],
        ["flow 1", "2024-04-YTD=800", "2024-04-YTD", ">=2400@2024;>=600@2024-Q1", "2024 800 on_track 200", "beyond the quarter"],
        ["flow 1", "2024-02-YTD=300", "2024-02-YTD", ">=2400@2024;>=600@2024-Q2", "2024 400 behind 210", "another quarter"],
        ["stock 0", "2023-12=100 2024-02=120", "2024-02", ">=220@2024;>=130@2024-Q1", "2024-Q1 120 on_track 10", "a state of the quarter"],
    ];
    stand(&app, "period expected_to_date pace required_per_period", &table).await;
}

async fn a_part_of_a_year_is_not_on_the_way_of_yearly_figures(app: TestApp) {
    #[rustfmt::skip]
    let table: [Line<'_>; 7] = [
        ["flow 1", "2024-H1=1200",     "2024-H1",     ">=3600@2030 from:2000@2020", "-", "half a year is no year"],
        ["flow 1", "2024-11-YTD=2400", "2024-11-YTD", ">=3600@2030 from:2000@2020", "-", "nor are eleven months"],
        ["flow 1", "2019=2000",        "2019",        ">=3600@2030 from:2000@2020", "-", "before the way begins"],
        ["flow 1", "2020=2000",        "2020",        ">=3600@2030 from:2000@2020", "2030", "where it begins"],
        ["average 1", "2024-H1=20",     "2024-H1",     ">=30@2030 from:10@2020",     "-", "a level of half a year"],
        ["flow 1", "2026-10-YTD=2000", "2026",        ">=3600@2030 from:2000@2020", "-", "a year that still runs is no whole year"],
        ["flow 1", "2026-10-YTD=2000", "2026",        ">=2400@2026",                "2026", "but it leads up to its own plan"],
    ];
    stand(&app, "period", &table).await;
}

async fn a_plan_like_last_year_expects_the_share_that_last_year_had(app: TestApp) {
    let plan = ">=2400@2024 like:last_year";
    let fields = "expected_to_date expected_pct pace required_per_period gap reasons";
    let months = |figures: [u32; 12]| (1..).zip(figures).map(|(n, figure)| format!("2023-{n:02}={figure}")).collect::<Vec<_>>().join(" ");
    let by_months = months([50, 50, 50, 50, 50, 50, 150, 150, 150, 150, 150, 150]) + " 2024-H1=600";
    let one_unknown = by_months.replace("2023-08=150 ", "");
    #[rustfmt::skip]
    let table: [Line<'_>; 13] = [
        ["flow 1", &by_months, "2024-H1", plan, "600 25 on_track 300 1800 -", "300 of 1200, by months"],
        ["flow 1", "2023-06-YTD=300 2023=1200 2024-H1=600", "2024-H1", plan, "600 25 on_track 300 1800 -", "to date"],
        ["flow 1", "2023-H1=880 2023=2200 2024-06-YTD=1000", "2024-06-YTD", plan, "960 40 ahead 233.3 1400 -", "880 of 2200"],
        ["flow 1", "2023-H1=880 2023-H2=1320 2024-H1=900", "2024-H1", plan, "960 40 behind 250 1500 -", "by halves"],
        ["flow 1", "2023-H1=1 2023=3 2024-H1=800", "2024-H1", plan, "800 33.3 on_track 266.7 1600 -", "a third, not 33.3 %"],
        ["flow 1", "2023-H1=0 2023=1200 2024-H1=100", "2024-H1", plan, "0 0 ahead 383.3 2300 -", "all of it came in autumn"],
        ["flow 1", "2023-H1=880 2023=2200 2024-H1=2400", "2024-H1", plan, "960 40 achieved - 0 -", "reached in June"],
        ["flow 1", "2024-H1=900", "2024-H1", plan, "- - - 250 1500 base_missing", "nobody knows last year"],
        ["flow 1", "2023-H1=880 2024-H1=900", "2024-H1", plan, "- - - 250 1500 base_missing", "only its half"],
        ["flow 1", "2023=2200 2024-H1=900", "2024-H1", plan, "- - - 250 1500 base_missing", "only its whole"],
        ["flow 1", &one_unknown, "2024-H1", plan, "- - - 300 1800 base_missing", "all months but August"],
        ["flow 1", "2023-H1=>800 2023=2200 2024-H1=900", "2024-H1", plan, "- - - 250 1500 base_missing", "over 800 of 2200 is no share"],
        ["flow 1", "2023-H1=0 2023=0 2024-H1=900", "2024-H1", plan, "- - - 250 1500 base_zero", "it came to nothing"],
    ];
    stand(&app, fields, &table).await;
}

async fn a_plan_by_milestones_goes_evenly_from_one_to_the_next(app: TestApp) {
    let plan = ">=2400@2024 by:1000@2024-H1 by:400@2024-Q1";
    let rate = ">=95@2030 from:65@2020 by:80@2024";
    let fields = "expected_to_date expected_pct pace required_per_period";
    #[rustfmt::skip]
    let table: [Line<'_>; 10] = [
        ["flow 1", "2024-02-YTD=260", "2024-02-YTD", plan, "266.7 11.1 on_track 214", "two thirds of the first"],
        ["flow 1", "2024-Q1=500", "2024-Q1", plan, "400 16.7 ahead 211.1", "at the first"],
        ["flow 1", "2024-05-YTD=700", "2024-05-YTD", plan, "800 33.3 behind 242.9", "two of three months on"],
        ["flow 1", "2024-H1=1000", "2024-H1", plan, "1000 41.7 on_track 233.3", "at the second, 1200 if it were even"],
        ["flow 1", "2024-09-YTD=1600", "2024-09-YTD", plan, "1700 70.8 behind 266.7", "half of the rest"],
        ["flow 1", "2024=2400", "2024", plan, "2400 100 achieved -", "the end"],
        ["rate 2", "2022=73", "2022", rate, "72.5 - ahead 0.23", "two of four years, from 65 to 80"],
        ["rate 2", "2024=80", "2024", rate, "80 - on_track 0.21", "at the milestone: 77 if it were even"],
        ["rate 2", "2026=80", "2026", rate, "85 - behind 0.31", "two of six years, from 80 to 95"],
        ["stock 0", "2024-06=100", "2024-06", ">=200@2024 by:100@2024-H1", "100 50 - 16.7", "at one, of a way of unknown length"],
    ];
    stand(&app, fields, &table).await;
}

async fn milestones_are_shown_in_order_whatever_the_order_they_were_sent_in(app: TestApp) {
    let department = app.department().await;
    let indicator = "telecom-internet-revenue";
    record(&department, CAO_BANG, &[row(indicator, "1000", "2024-H1")]).await;
    let first = put(&department, CAO_BANG, json!([aim(indicator, ">=2400@2024 by:1700@2024-09 by:400@2024-Q1 by:1000@2024-06-YTD")])).await;

    let other_order = ">=2400@2024 by:1000@2024-H1 by:1700@2024-09 by:400@2024-01-01/2024-03-31";
    let again = put(&department, CAO_BANG, json!([aim(indicator, other_order)])).await;

    assert_eq!(again[0]["outcome"], "unchanged", "the same days in another order and under other names");
    let compared = compared(&app, CAO_BANG, "2024-H1", indicator).await["target"].clone();
    let listed = app.anyone().get("/v1/targets").await.expect(200);
    let milestones = json!([{"by": "2024-Q1", "value": 400}, {"by": "2024-H1", "value": 1000}, {"by": "2024-09", "value": 1700}]);
    for (found, of) in [(&first[0], "PUT"), (&listed["items"][0], "the list"), (&compared, "the comparison")] {
        assert_eq!((&found["phasing"], &found["milestones"]), (&json!("milestones"), &milestones), "{of}");
    }
    assert_eq!(said(&compared, "expected_to_date pace"), "1000 on_track");
    let fewer = put(&department, CAO_BANG, json!([aim(indicator, ">=2400@2024 by:1000@2024-H1 by:1700@2024-09")])).await;
    assert_eq!((&fewer[0]["outcome"], &fewer[0]["revision"]), (&json!("updated"), &json!(2)), "without the first it is another way");
}

async fn a_figure_that_is_a_bound_reaches_a_target_where_that_is_certain(app: TestApp) {
    let fields = "attainment_pct gap bounds/attainment_pct bounds/gap pace required_per_period reasons";
    #[rustfmt::skip]
    let table: [Line<'_>; 9] = [
        ["flow 1", "2024=>2400", "2024", ">=2400@2024", "- - >100 <0 achieved - qualifier_inexact", "above it, however far"],
        ["flow 1", "2024-H1=>2400", "2024-H1", ">=2400@2024", "- - >100 <0 achieved - qualifier_inexact", "and in June already"],
        ["flow 1", "2024-H1=>1200", "2024-H1", ">=2400@2024", "- - >50 <1200 - - qualifier_inexact", "half of it or all of it"],
        ["flow 1", "2024=<2400", "2024", ">=2400@2024", "- - <100 >0 missed - qualifier_inexact", "below it at the end"],
        ["flow 1", "2024=2300-2500", "2024", ">=2400@2024", "- - 95.8..104.2 -100..100 - - qualifier_inexact", "on either side"],
        ["flow 1", "2024=2400-2500", "2024", ">=2400@2024", "- - 100..104.2 -100..0 achieved - qualifier_inexact", "from it on"],
        ["flow 1", "2024=~2400", "2024", ">=2400@2024", "- - ~100 ~0 - - qualifier_inexact", "about it"],
        ["flow 0", "2024=>10", "2024", "<=10@2024", "- - >100 <0 missed - qualifier_inexact", "above a ceiling"],
        ["flow 0", "2024=<=10", "2024", "<=10@2024", "- - <=100 >=0 achieved - qualifier_inexact", "not above it"],
    ];
    stand(&app, fields, &table).await;
}

async fn what_has_no_share_of_its_target_says_why(app: TestApp) {
    let fields = "attainment_pct gap expected_to_date expected_pct pace reasons";
    #[rustfmt::skip]
    let table: [Line<'_>; 15] = [
        ["flow 0", "2024-H1=3", "2024-H1", "<=0@2024", "- -3 0 - missed base_zero", "three where there was to be none"],
        ["flow 0", "2024=0", "2024", "<=0@2024", "- 0 0 - achieved base_zero", "none it was"],
        ["flow 1 ±", "2024=-5", "2024", ">=-10@2024", "- -5 -10 - achieved base_negative", "a loss of ten at most"],
        ["flow 1 ±", "2024=-12", "2024", ">=-10@2024", "- 2 -10 - missed base_negative", "a larger loss"],
        ["stock 0", "2023-12=1600 2024-06=1600", "2024-06", ">=1600@2024", "100 0 1600 100 achieved -", "the target is where it began"],
        ["stock 0", "2023-12=1600 2024-06=1550", "2024-06", ">=1600@2024", "96.9 50 1600 100 behind -", "below where it was to stay"],
        ["stock 0", "2023-12=60 2024-06=50", "2024-06", "<=40@2024", "125 -10 50 125 on_track -", "half of the way down"],
        ["stock 0", "2023-12=60 2024-06=58", "2024-06", "<=40@2024", "145 -18 50 125 behind -", "a tenth of it"],
        ["stock 0", "2023-12=60 2024-06=45", "2024-06", "<=40@2024", "112.5 -5 50 125 ahead -", "three quarters of it"],
        ["stock 0", "2023-12=60 2024-06=40", "2024-06", "<=40@2024", "100 0 50 125 achieved -", "all of it"],
        ["flow 0", "2024-H1=4", "2024-H1", "<=10@2024", "40 6 5 50 ahead -", "fewer than half of what is allowed"],
        ["flow 0", "2024-H1=11", "2024-H1", "<=10@2024", "110 -1 5 50 missed -", "more than all of it"],
        ["rate 2", "2023=70 2024-06=77.15", "2024-06", ">=80@2024", "- 2.85 75 - ahead -", "of ten points five were due"],
        ["rate 2", "2024=80.5", "2024", ">=80@2024 from:70@2023", "- -0.5 80 - achieved -", "half a point above"],
        ["flow 1", "2024-05-YTD=1000", "2024-05-YTD", ">=2400@2024", "41.7 1400 1000 41.7 on_track -", "the year to date against the year"],
    ];
    stand(&app, fields, &table).await;
}

async fn a_target_of_the_other_calendar_is_no_way_either(app: TestApp) {
    let department = app.department().await;
    let batch = |calendar: &str, value: &str| {
        let rows = [row("bts-sites", value, "2024-06")];
        json!({"province": CAO_BANG, "calendar": calendar, "observations": rows})
    };
    department.submit(&batch("civil", "1700")).await;
    let target = json!({"province": CAO_BANG, "calendar": "nd09", "targets": [aim("bts-sites", ">=2000@2025 from:1400@2020")]});
    department.put("/v1/targets", &target).await.expect(200);

    let civil = compared(&app, CAO_BANG, "2024-06", "bts-sites").await["target"].clone();
    department.submit(&batch("nd09", "1690")).await;
    let administrative = compared(&app, CAO_BANG, "2024-06&calendar=nd09", "bts-sites").await["target"].clone();

    let fields = "value baseline/period attainment_pct gap expected_to_date expected_pct pace required_per_period reasons";
    assert_eq!(said(&civil, fields), "2000 2020 - - - - - - calendar_mismatch", "its months are others");
    assert_eq!(said(&administrative, fields), "2000 2020 84.5 310 1820 91 behind 17.2 -", "42 of its own 60 months");
}

async fn a_plan_adjusted_in_the_year_is_answered_as_it_stood(app: TestApp) {
    let department = app.department().await;
    let indicator = "telecom-internet-revenue";
    let decided = |text: &str, number: &str| {
        let mut aim = aim(indicator, text);
        aim["source"] = json!({"title": "Kế hoạch năm 2024", "number": number});
        json!([aim])
    };
    record(&department, CAO_BANG, &[row(indicator, "1000", "2024-H1")]).await;
    put(&department, CAO_BANG, decided(">=2400@2024", "12/KH-UBND")).await;
    app.clock.set("2026-11-21T02:10:00Z");
    put(&department, CAO_BANG, decided("2000..2200@2024 by:1000@2024-H1", "99/QĐ-UBND")).await;
    app.clock.set("2026-11-21T02:14:00Z");

    for (as_of, goal, held, why) in [
        ("", "- 2000 2200 band milestones 99/QĐ-UBND", "1000 on_track", "as it stands"),
        ("&as_of=2026-11-21T02:13:00Z", "- 2000 2200 band milestones 99/QĐ-UBND", "1000 on_track", "after the adjustment"),
        ("&as_of=2026-11-21T02:05:00Z", "2400 - - at_least - 12/KH-UBND", "1200 behind", "before it"),
    ] {
        let fields = "value low high kind phasing source/number";
        let target = compared(&app, CAO_BANG, &format!("2024-H1{as_of}"), indicator).await["target"].clone();
        let listed = app.anyone().get(&format!("/v1/targets?province={CAO_BANG}{as_of}")).await.expect(200);
        assert_eq!([said(&target, fields), said(&listed["items"][0], fields)], [goal, goal], "{why}");
        assert_eq!(said(&target, "expected_to_date pace"), held, "{why}");
    }
}

async fn a_projection_needs_four_months_and_leads_no_farther_than_the_year(app: TestApp) {
    let fields = "projection/value projection/low projection/high projection/method projection/months";
    let revenue = "2024-01=180 2024-02=200 2024-03=220 2024-04=200";
    let sites = "2023-12=1500 2024-01=1505 2024-02=1510 2024-03=1515 2024-04=1530";
    let shares = "2024-01=72 2024-02=74 2024-03=76 2024-04=78";
    let whole_year = (1..=12).map(|n| format!("2024-{n:02}=200")).collect::<Vec<_>>().join(" ");
    let year_after_year = (2020..=2024).map(|n| format!("{n}=2000")).collect::<Vec<_>>().join(" ");
    #[rustfmt::skip]
    let table: [Line<'_>; 9] = [
        ["flow 1", revenue, "2024-04-YTD", ">=2400@2024", "2400 2320 2560 mean_month 4", "eight like the mean, the least, the greatest"],
        ["flow 1", revenue, "2024-04-YTD", "40..60@2024", "2400 2320 2560 mean_month 4", "to a band as well"],
        ["flow 1", revenue, "2024-Q1", ">=2400@2024", "- - - - -", "three months lead nowhere"],
        ["flow 1", "2024-04-YTD=800", "2024-04-YTD", ">=2400@2024", "- - - - -", "four months of which only the sum is known"],
        ["flow 1", &whole_year, "2024", ">=2400@2024", "- - - - -", "nothing is left to project"],
        ["flow 1", &year_after_year, "2024", ">=3600@2030 from:2000@2020", "- - - - -", "no year leads into later ones"],
        ["stock 0", sites, "2024-04", ">=1600@2024", "1590 1570 1650 mean_month 4", "1530, and eight steps of 7.5, of 5, of 15"],
        ["stock 0", sites, "2024-04", ">=1600@2030 from:1500@2023", "- - - - -", "months lead into no later year"],
        ["rate 2", shares, "2024-04", ">=80@2024 from:70@2023", "- - - - -", "the rate of a month is no step"],
    ];
    stand(&app, fields, &table).await;
}

async fn a_target_of_the_country_for_each_province_holds_where_there_is_no_other(app: TestApp) {
    let department = app.department().await;
    for (province, rate) in [("VN", "78"), (CAO_BANG, "75"), (LANG_SON, "77")] {
        record(&department, province, &[row(SMARTPHONES, rate, "2024")]).await;
    }
    let national = |reach: &str| {
        let mut aim = aim(SMARTPHONES, &format!("{reach}@2025 from:60@2020"));
        aim["each_province"] = json!(true);
        aim["source"] = json!({"number": "411/QĐ-TTg"});
        json!([aim])
    };
    let set = put(&department, "VN", national(">=80")).await;
    put(&department, LANG_SON, json!([aim(SMARTPHONES, ">=85@2025 from:65@2020")])).await;
    let fields = "province period value each_province gap expected_to_date pace required_per_period source/number";
    let held = async |province: &str| said(&compared(&app, province, "2024", SMARTPHONES).await["target"], fields);

    assert_eq!(set[0]["each_province"], true);
    assert_eq!(held(CAO_BANG).await, "VN 2025 80 true 5 76 behind 0.42 411/QĐ-TTg", "it has none of its own: 60 + 20 × 0.8");
    assert_eq!(held(LANG_SON).await, "lang-son-1997 2025 85 - 8 81 behind 0.67 -", "its own comes first: 65 + 20 × 0.8");
    assert_eq!(held("VN").await, "VN 2025 80 true 2 76 ahead 0.17 411/QĐ-TTg", "and of the country itself");

    let gone = json!([{"indicator": SMARTPHONES, "period": "2025", "withdraw": true, "reason": "nhập nhầm"}]);
    put(&department, LANG_SON, gone).await;
    assert_eq!(held(LANG_SON).await, "VN 2025 80 true 3 76 ahead 0.25 411/QĐ-TTg", "its own was withdrawn");
    put(&department, LANG_SON, json!([aim(SMARTPHONES, ">=90@2030")])).await;
    assert_eq!(held(LANG_SON).await, "VN 2025 80 true 3 76 ahead 0.25 411/QĐ-TTg", "its own has not begun");
    put(&department, "VN", national("70..80")).await;
    assert_eq!(held(CAO_BANG).await, "VN 2025 - true 0 68 achieved - 411/QĐ-TTg", "a band of the country");
}

async fn a_target_of_the_country_holds_for_no_province_unless_it_says_so(app: TestApp) {
    let department = app.department().await;
    for province in ["VN", CAO_BANG] {
        record(&department, province, &[row(SMARTPHONES, "75", "2024"), row("bts-sites", "1600", "2024-12")]).await;
    }
    let each = |each: bool| {
        let mut aim = aim(SMARTPHONES, ">=80@2024");
        aim["each_province"] = json!(each);
        json!([aim])
    };
    let sites = json!([aim("bts-sites", ">=2000@2024")]);
    let held = async |province: &str| compared(&app, province, "2024", SMARTPHONES).await["target"]["province"].clone();

    put(&department, "VN", sites).await;
    let set = put(&department, "VN", each(false)).await;
    assert_eq!(set[0].get("each_province"), None, "of the country alone");
    assert_eq!((held("VN").await, held(CAO_BANG).await), (json!("VN"), Value::Null), "it does not say so");
    assert_eq!(compared(&app, CAO_BANG, "2024-12", "bts-sites").await["target"], Value::Null, "a sum of all is no target of one");
    let set = put(&department, "VN", each(true)).await;
    assert_eq!((&set[0]["outcome"], &set[0]["revision"]), (&json!("updated"), &json!(2)), "to hold for each is a change");
    assert_eq!((held("VN").await, held(CAO_BANG).await), (json!("VN"), json!("VN")));
    let mut back = each(false);
    (back[0]["acknowledge"], back[0]["reason"]) = (json!(["reverts"]), json!("chỉ cho cả nước"));
    put(&department, "VN", back).await;
    assert_eq!((held("VN").await, held(CAO_BANG).await), (json!("VN"), Value::Null), "no longer");
}

async fn the_sentence_calls_a_target_of_the_country_national(app: TestApp) {
    let department = app.department().await;
    let rows =
        [row(SMARTPHONES, "85", "2024"), row("household-smartphone-rate", "75", "2024"), row("village-fibre-coverage-rate", "90", "2024")];
    record(&department, CAO_BANG, &rows).await;
    let each = |indicator: &str, text: &str| {
        let mut aim = aim(indicator, text);
        aim["each_province"] = json!(true);
        aim
    };
    let national = [each(SMARTPHONES, ">=80@2024"), each("household-smartphone-rate", ">=80@2025 from:60@2020")];
    put(&department, "VN", json!(national)).await;
    put(&department, CAO_BANG, json!([aim("village-fibre-coverage-rate", ">=95@2024")])).await;

    for (indicator, vietnamese, english, why) in [
        (SMARTPHONES, "vượt mục tiêu quốc gia 5 điểm phần trăm.", "5 percentage points above the national target.", "of the year"),
        (
            "household-smartphone-rate",
            "thấp hơn 5 điểm phần trăm so với mục tiêu quốc gia đến năm 2025.",
            "5 percentage points below the national target for 2025.",
            "of a later year",
        ),
        ("village-fibre-coverage-rate", "thấp hơn kế hoạch 5 điểm phần trăm.", "5 percentage points below the plan.", "its own plan"),
    ] {
        let sentence = compared(&app, CAO_BANG, "2024", indicator).await["sentence"].clone();
        let says = |language: &str| sentence[language].as_str().unwrap().split("; ").nth(1).unwrap().to_owned();
        assert_eq!((says("vi").as_str(), says("en").as_str()), (vietnamese, english), "{why}");
    }
}

/// Holds the figure of every line against its targets, each of an indicator of its own.
async fn stand(app: &TestApp, fields: &str, lines: &[Line<'_>]) {
    let user = statistician(app).await;
    let (mut rows, mut targets) = (Vec::new(), Vec::new());
    for (n, [measure, figures, _, aims, ..]) in lines.iter().enumerate() {
        define(&user, &code(n), measure).await;
        let figures = figures.split(' ').map(|figure| figure.split_once('=').unwrap());
        rows.extend(figures.map(|(period, figure)| row(&code(n), figure, period)));
        targets.extend(aims.split(';').map(|text| aim(&code(n), text)));
    }
    record(&user, CAO_BANG, &rows).await;
    put(&user, CAO_BANG, json!(targets)).await;

    for (n, [measure, figures, asked, aims, expected, why]) in lines.iter().enumerate() {
        let target = compared(app, CAO_BANG, asked, &code(n)).await["target"].clone();
        assert_eq!(said(&target, fields), *expected, "{measure} {figures} by {asked} of {aims}: {why}");
    }
}

/// What an answer says in some of its fields; `-` where there is nothing.
fn said(of: &Value, fields: &str) -> String {
    let text = |field: &str| match of.pointer(&format!("/{field}")) {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if items.is_empty() => "-".to_owned(),
        Some(Value::Array(items)) => items.iter().map(|item| item.as_str().unwrap()).collect::<Vec<_>>().join(","),
        Some(number @ Value::Object(_)) => figure(number),
        Some(other) => other.to_string(),
    };
    fields.split(' ').map(text).collect::<Vec<_>>().join(" ")
}

async fn record(user: &User, province: &str, rows: &[Value]) {
    user.submit(&json!({"province": province, "observations": rows})).await;
}

/// Sets targets and returns them as they are answered.
async fn put(user: &User, province: &str, targets: Value) -> Vec<Value> {
    let answer = user.put("/v1/targets", &json!({"province": province, "targets": targets})).await.expect(200);
    answer["items"].as_array().unwrap().clone()
}

/// The line of an indicator in the table of a province and period.
async fn compared(app: &TestApp, province: &str, period: &str, indicator: &str) -> Value {
    let path = format!("/v1/comparisons?province={province}&period={period}&indicator={indicator}");
    item(&app.anyone().get(&path).await.expect(200), indicator).clone()
}
