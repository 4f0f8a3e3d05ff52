//! Areas: the figure of the country, reported or formed from all its provinces; whatever units say, the figure of the area is their
//! sum or the ratio of their sums.

use std::collections::BTreeSet;

use chitieu::domain::catalogue::breakdown::Breakdown;
use chitieu::domain::catalogue::indicator::Indicator;
use chitieu::domain::catalogue::series_key::SeriesKey;
use chitieu::domain::derivation::derived::{ResolvedValue, Unavailable};
use chitieu::domain::derivation::over_areas::resolve;
use chitieu::domain::derivation::resolve::value_of_revision;
use chitieu::domain::number::decimal::Decimal;
use chitieu::domain::number::quantity::{Bound, Quantity};
use chitieu::domain::observation::figure::{Figure, Status};
use chitieu::domain::observation::observation::{Citation, Content, Observation};
use chitieu::domain::reason::Reason;
use chitieu::domain::time::period::{Calendar, Period};
use chitieu::store::stored::shipped;
use chrono::DateTime;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::comparisons::rankings::{FIBRE, FINES, INCIDENTS, REVENUE, items, lines, list, ranking, say, text, units_on};
use crate::support::worked::{figure as written, numbers, row, verdict};
use crate::support::{TestApp, on_both};

on_both! {
    the_figure_reported_for_the_country_is_the_countrys,
    the_country_is_formed_from_the_provinces_of_each_time,
    the_country_is_formed_of_what_adds_up_and_of_nothing_else,
}

async fn the_figure_reported_for_the_country_is_the_countrys(app: TestApp) {
    let department = app.department().await;
    say(&department, "cao-bang-1997", vec![row(REVENUE, "10", "2024-05"), row(REVENUE, "15", "2024-04")]).await;
    let of_country = [("800", "2023-05"), ("1000 E", "2024-05"), ("3500", "2024-04-YTD"), ("2600", "2024-Q1")];
    say(&department, "VN", of_country.map(|(figure, period)| row(REVENUE, figure, period)).to_vec()).await;

    let reported = ranking(&app, &format!("indicator={REVENUE}&period=2024-05")).await;
    let formed = ranking(&app, &format!("indicator={REVENUE}&period=2024-04")).await;
    let none = ranking(&app, &format!("indicator={REVENUE}&period=2024-06")).await;

    let national = &reported["national"];
    assert_eq!((written(&national["current"]), &national["reasons"]), ("1000 E".into(), &json!([])));
    assert_eq!((&national["current"]["origin"], &national["current"]["derivation"]), (&json!("reported"), &Value::Null));
    let against = &national["same_period_last_year"];
    assert_eq!(numbers(against), ["200", "25", "125", ""]);
    assert_eq!((&against["baseline"]["period"], verdict(against)), (&json!("2023-05"), "limited status_mismatch".into()));
    let national = &formed["national"]["current"];
    assert_eq!((written(national), &national["derivation"]["text"]), ("900".into(), &json!("2024-04-YTD − 2024-Q1")));
    assert_eq!((&none["national"]["current"], &none["national"]["reasons"]), (&Value::Null, &json!(["current_missing"])));
    assert_eq!(lines(&reported), ["1 cao-bang-1997 10"], "the country does not rank");
}

async fn the_country_is_formed_from_the_provinces_of_each_time(app: TestApp) {
    let department = app.department().await;
    // 10 + 20 + … + 340 by the 34, and 1 + 2 + … + 63 by the 63.
    for (period, day, step) in [("2025-08", "2025-08-31", 10), ("2024-08", "2024-08-31", 1)] {
        for (n, province) in units_on(&app, day).await.iter().enumerate() {
            say(&department, province, vec![row(FINES, &(step * (n + 1)).to_string(), period)]).await;
        }
    }

    let table = ranking(&app, &format!("indicator={FINES}&period=2025-08")).await;

    let (current, against) = (&table["national"]["current"], &table["national"]["same_period_last_year"]);
    assert_eq!((written(current), &current["origin"], &current["observation"]), ("5950".into(), &json!("derived"), &Value::Null));
    assert_eq!((&current["derivation"]["text"], &current["coverage"]), (&json!("sum of 34 provinces"), &json!({"have": 1, "need": 1})));
    assert_eq!((written(&against["baseline"]), &against["baseline"]["derivation"]["text"]), ("2016".into(), &json!("sum of 63 provinces")));
    for (of, count, last) in
        [(current, 34, json!(["vinh-long-2025", "2025-08", 340])), (&against["baseline"], 63, json!(["yen-bai-1997", "2024-08", 63]))]
    {
        let parts = list(&of["derivation"]["parts"]);
        let provinces: BTreeSet<&str> = parts.iter().map(|part| text(&part["province"])).collect();
        assert_eq!((parts.len(), provinces.len()), (count, count), "each province once");
        assert!(parts.iter().all(|part| part["sign"] == "plus" && part["observation"].is_string()));
        let part = parts.iter().find(|part| part["province"] == last[0]).unwrap();
        assert_eq!(json!([part["province"], part["period"], part["value"]]), last);
    }
    assert_eq!(numbers(against), ["3934", "195.1", "295.1", ""], "5950 against 2016");
    assert_eq!(verdict(against), "yes", "the territory of the country is the same, however it is divided");
    assert_eq!((&table["reasons"], &table["coverage"]), (&json!([]), &json!({"have": 34, "need": 34})));
    assert_eq!((items(&table).len(), &table["missing"]), (34, &json!([])));
    let report = app.anyone().get("/v1/comparisons?province=VN&period=2025-08").await.expect(200);
    assert_eq!(items(&report).len(), 1, "the report table of the country has what can be formed");
    let line = &items(&report)[0];
    assert_eq!((&line["current"], &line["same_period_last_year"]), (current, against), "the same figures, whoever asks");
    let series =
        app.anyone().get(&format!("/v1/series?province=VN&indicator={FINES}&frequency=M&from=2025-08&to=2025-08")).await.expect(200);
    assert_eq!(items(&series)[0]["observations"][0]["value"], 5950);

    say(&department, "yen-bai-1997", vec![json!({"indicator": FINES, "period": "2024-08", "withdraw": true, "reason": "nhầm"})]).await;
    let national = ranking(&app, &format!("indicator={FINES}&period=2025-08")).await["national"].clone();

    assert_eq!(written(&national["current"]), "5950");
    let against = &national["same_period_last_year"];
    assert_eq!((&against["baseline"], &against["comparable"]), (&Value::Null, &json!("no")), "62 of 63 are not the country");
    assert_eq!(numbers(against), ["", "", "", ""]);
}

async fn the_country_is_formed_of_what_adds_up_and_of_nothing_else(app: TestApp) {
    // indicator, the first province, each of the other 33, the country or why there is none, reasons at the top, why
    let lines = [
        (FINES, "1.5", "2.5", "84 by sum", "", "1.5 + 33 × 2.5"),
        ("citizen-reception-sessions", "0", "2", "66 by sum", "", "zero adds nothing"),
        ("bts-sites", "100", "10", "430 by sum", "", "states of one day add up"),
        ("information-copies", "20.5", "2", "86.5 by sum", "", "averages that add up over provinces"),
        (INCIDENTS, "4 E", "1", "37 E by sum", "status_mismatch", "one estimate makes an estimate"),
        ("awards-granted", "4 E", "1 E", "37 E by sum", "", "all alike"),
        (REVENUE, ">10", "2", ">76 by sum", "qualifier_inexact", "above 10 and 66"),
        ("telecom-internet-revenue", "10-20", "2", "76..86 by sum", "qualifier_inexact", "10 to 20 and 66"),
        ("photos-exhibited", "~10", "2", "~76 by sum", "qualifier_inexact", "about 10 and 66"),
        (
            "post-telecom-budget-contribution",
            ">10",
            "<2",
            "none: current_missing qualifier_inexact",
            "qualifier_inexact",
            "bounds that pull apart",
        ),
        (
            "internet-subscribers",
            "100 @2025-08-31",
            "10 @2025-08-31",
            "430 @2025-08-31 by sum",
            "low_coverage",
            "two of three months, of all alike",
        ),
        (
            "phone-subscribers",
            "100 @2025-08-31",
            "10",
            "none: current_missing low_coverage",
            "low_coverage partial_period",
            "states of different days",
        ),
        ("complaints-received", "", "3", "none: current_missing low_coverage", "low_coverage", "one is missing, and never guessed"),
        ("petitions-received", "nil", "3", "none: current_missing low_coverage", "low_coverage", "nothing to report is not zero"),
        (FIBRE, "1/1000", "9/10", "22.41 by ratio", "", "298 of 1330, not the mean of the rates"),
        ("dossier-online-filing-rate", "1/1000 E", "9/10", "22.41 E by ratio", "status_mismatch", "of an estimate too"),
        ("dossier-online-payment-rate", "10", "9/10", "none: current_missing not_additive", "", "one has no numerator and denominator"),
        ("digitally-signed-document-rate", "50", "60", "none: current_missing not_additive", "", "none has"),
        ("relay-minutes", "20.5", "30", "none: current_missing not_additive", "", "an average"),
        ("press-agencies-engaged", "1", "2", "none: current_missing not_additive", "", "one agency may be in several provinces"),
    ];
    let department = app.department().await;
    for (n, province) in units_on(&app, "2025-09-30").await.iter().enumerate() {
        let figures = lines.iter().map(|(indicator, first, others, ..)| (indicator, if n == 0 { first } else { others }));
        say(&department, province, figures.filter(|(_, figure)| !figure.is_empty()).map(|(of, figure)| dated(of, figure)).collect()).await;
    }

    for (indicator, first, others, country, reasons, why) in lines {
        let table = ranking(&app, &format!("indicator={indicator}&period=2025-Q3")).await;

        let national = &table["national"];
        let said = match words(&national["reasons"]).as_str() {
            "" => {
                let day = national["current"]["as_of"].as_str().map(|day| format!(" @{day}")).unwrap_or_default();
                let (way, of) = text(&national["current"]["derivation"]["text"]).split_once(' ').unwrap();
                assert_eq!((of, list(&national["current"]["derivation"]["parts"]).len()), ("of 34 provinces", 34), "{indicator}");
                format!("{}{day} by {way}", written(&national["current"]))
            }
            reasons => {
                assert_eq!(national["current"], Value::Null, "{indicator}: a figure or a reason");
                format!("none: {reasons}")
            }
        };
        assert_eq!(said, country, "{indicator} {first}, 33 × {others}: {why}");
        assert_eq!(words(&table["reasons"]), reasons, "{indicator} {first}, 33 × {others}: {why}");
    }
    let rate = ranking(&app, &format!("indicator={FIBRE}&period=2025-Q3")).await["national"]["current"].clone();
    assert_eq!((&rate["numerator"], &rate["denominator"]), (&json!(298), &json!(1330)));
}

/// What a unit says, with its key.
type Unit = (String, Result<ResolvedValue, Unavailable>);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Amounts with up to three decimals, each printed as it came.
    #[test]
    fn amounts_add_up_exactly_in_any_order(amounts in shuffled((0i64..1_000_000_000, 0u32..4))) {
        let indicator = indicator("flow", "sum");
        let unit = |(n, (digits, decimals)): (usize, (i64, u32))| unit(n, figure(Quantity::number(scaled(digits, decimals), Bound::Equal)));
        let thousandths: i128 = amounts.0.iter().map(|(digits, decimals)| i128::from(*digits) * 10_i128.pow(3 - decimals)).sum();

        for order in [amounts.0, amounts.1] {
            let units: Vec<Unit> = order.into_iter().enumerate().map(unit).collect();
            let area = of_area(&indicator, &units).unwrap();

            prop_assert_eq!(area.figure.exact(), Some(scaled(i64::try_from(thousandths).unwrap(), 3)));
            prop_assert_eq!((area.figure.status, area.figure.numerator), (Status::Official, None));
        }
    }

    /// Shares of units of very different sizes: the mean of the rates would be far off.
    #[test]
    fn rates_recombine_exactly_in_any_order(shares in shuffled((1i64..1_000_000, 0i64..=100))) {
        let indicator = indicator("rate", "ratio");
        let parts = |(denominator, percent): (i64, i64)| (denominator * percent / 100, denominator);
        let sums = shares.0.iter().map(|share| parts(*share)).fold((0, 0), |sums, (n, d)| (sums.0 + i128::from(n), sums.1 + i128::from(d)));
        // Hundredths of a percent, half away from zero.
        let hundredths = (2 * sums.0 * 10_000 + sums.1) / (2 * sums.1);
        let unit = |(n, share): (usize, (i64, i64))| {
            let (numerator, denominator) = parts(share);
            let (numerator, denominator) = (scaled(numerator, 0), scaled(denominator, 0));
            let rate = Quantity::number(numerator.percent_of(denominator, 2).unwrap(), Bound::Equal);
            unit(n, Figure { numerator: Some(numerator), denominator: Some(denominator), ..figure(rate) })
        };

        for order in [shares.0, shares.1] {
            let units: Vec<Unit> = order.into_iter().enumerate().map(unit).collect();
            let area = of_area(&indicator, &units).unwrap().figure;

            prop_assert_eq!(area.exact(), Some(scaled(i64::try_from(hundredths).unwrap(), 2)));
            let exact = |sum: i128| Some(scaled(i64::try_from(sum).unwrap(), 0));
            prop_assert_eq!((area.numerator, area.denominator), (exact(sums.0), exact(sums.1)));
        }
    }

    /// Whatever the bounds and ranges of the units turn out to be, the true sum is within what is said of the area; and nothing is
    /// said only where some units have no lower end and others no upper one.
    #[test]
    fn what_is_said_of_the_area_holds_whatever_is_true(truths in prop::collection::vec((5i64..1000, 0u8..6, 0i64..5), 1..40)) {
        let said = |(truth, how, by): (i64, u8, i64)| match how {
            0 => Quantity::number(scaled(truth, 0), Bound::Equal),
            1 => Quantity::number(scaled(truth - by, 0), Bound::AtLeast),
            2 => Quantity::number(scaled(truth - by - 1, 0), Bound::Above),
            3 => Quantity::number(scaled(truth + by, 0), Bound::AtMost),
            4 => Quantity::number(scaled(truth + by + 1, 0), Bound::Below),
            _ => Quantity::range(scaled(truth - by, 0), scaled(truth + 1, 0)),
        };
        let units: Vec<Unit> = truths.iter().enumerate().map(|(n, truth)| unit(n, figure(said(*truth)))).collect();
        let truth = scaled(truths.iter().map(|(truth, ..)| truth).sum(), 0);
        let is = |kinds: std::ops::RangeInclusive<u8>| truths.iter().any(|(_, how, _)| kinds.contains(how));

        match of_area(&indicator("flow", "sum"), &units) {
            Ok(area) => prop_assert!(holds(area.figure.quantity, truth), "{} of {truth}", area.figure.quantity),
            Err(unformed) => {
                prop_assert_eq!(unformed.reason, Reason::QualifierInexact);
                prop_assert!(is(1..=2) && is(3..=4), "{truths:?}");
            }
        }
    }

    /// An area is never guessed from some of its units, whatever it is that one of them lacks; and one estimate makes an estimate.
    #[test]
    fn every_unit_counts(count in 1usize..64, which in any::<prop::sample::Index>(), why in 0usize..4) {
        let said = |n: usize| unit(n, figure(Quantity::number(scaled(7, 0), Bound::Equal)));
        let units: Vec<Unit> = (0..count).map(said).collect();
        let which = which.index(count);
        let reason = [Reason::LowCoverage, Reason::NilDeclared, Reason::PartsContradict, Reason::CalendarMismatch][why];
        let (mut one_missing, mut one_estimated) = (units.clone(), units);
        one_missing[which].1 = Err(Unavailable::from_reason(reason));
        one_estimated[which] = unit(which, Figure { status: Status::Estimated, ..figure(Quantity::number(scaled(7, 0), Bound::Equal)) });

        for (indicator, whole) in [(indicator("flow", "sum"), true), (indicator("rate", "ratio"), false)] {
            prop_assert_eq!(of_area(&indicator, &one_missing).unwrap_err().reason, Reason::LowCoverage);
            let estimated = of_area(&indicator, &one_estimated).map(|area| area.figure.status).map_err(|unformed| unformed.reason);
            prop_assert_eq!(estimated, if whole { Ok(Status::Estimated) } else { Err(Reason::NotAdditive) });
        }
        prop_assert_eq!(of_area(&indicator("average", "none"), &one_estimated).unwrap_err().reason, Reason::NotAdditive);
    }
}

#[test]
fn an_area_of_no_units_has_no_figure() {
    assert_eq!(of_area(&indicator("flow", "sum"), &[]).unwrap_err().reason, Reason::LowCoverage);
}

/// What some units say, and the same in another order.
fn shuffled<T: Clone + std::fmt::Debug>(said: impl Strategy<Value = T>) -> impl Strategy<Value = (Vec<T>, Vec<T>)> {
    prop::collection::vec(said, 1..64).prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
}

fn of_area(indicator: &Indicator, units: &[Unit]) -> Result<ResolvedValue, Unavailable> {
    resolve(indicator, month(), units)
}

fn unit(n: usize, figure: Figure) -> Unit {
    let key = format!("unit-{n:02}");
    let observation = Observation {
        id: format!("observation-{n}"),
        revision: 1,
        series: SeriesKey { province: key.clone(), indicator: "worked".into(), breakdown: Breakdown::default() },
        period: month(),
        content: Content::Figure(figure),
        definition_version: 1,
        citation: Citation::default(),
        reason: None,
        recorded_at: DateTime::UNIX_EPOCH,
    };
    (key, value_of_revision(&observation))
}

fn figure(quantity: Quantity) -> Figure {
    Figure { quantity, numerator: None, denominator: None, status: Status::Official, as_of: None }
}

fn scaled(digits: i64, decimals: u32) -> Decimal {
    Decimal::from_scaled(digits, i32::try_from(decimals).unwrap()).unwrap()
}

fn month() -> Period {
    Period::parse("2025-08", Calendar::Civil).unwrap()
}

fn indicator(measure: &str, over_areas: &str) -> Indicator {
    let over_time = if measure == "average" { "none" } else { over_areas };
    let definition = json!([{
        "code": "worked", "name": "Chỉ tiêu", "name_en": "Indicator", "definition": "Dùng để tính tay.", "field": "worked",
        "unit": "VND", "unit_mult": 0, "measure": measure, "time_aggregation": over_time, "area_aggregation": over_areas,
        "direction": "up", "decimals": 2, "min": 0, "max": if measure == "rate" { json!(100) } else { json!(null) }, "breakdowns": {},
        "frequency": "M", "calendar": "civil", "access": "open", "external_ref": null,
    }]);
    shipped::indicators(&definition.to_string()).unwrap().remove(0)
}

/// Whether a number can be what is said.
fn holds(said: Quantity, truth: Decimal) -> bool {
    match (said.bound(), said.value(), said.interval()) {
        (Bound::Equal, Some(value), _) => truth == value,
        (Bound::Above, Some(value), _) => truth > value,
        (Bound::AtLeast, Some(value), _) => truth >= value,
        (Bound::Below, Some(value), _) => truth < value,
        (Bound::AtMost, Some(value), _) => truth <= value,
        (Bound::Range, _, Some(ends)) => (ends.low..=ends.high).contains(&truth),
        _ => false,
    }
}

/// A row for the third quarter of 2025; the day of a state stands behind it: `100 @2025-08-31`.
fn dated(indicator: &str, figure: &str) -> Value {
    let (figure, day) = figure.split_once(" @").map_or((figure, None), |(figure, day)| (figure, Some(day)));
    let mut row = row(indicator, figure, "2025-Q3");
    if let Some(day) = day {
        row["as_of"] = json!(day);
    }
    row
}

fn words(reasons: &Value) -> String {
    list(reasons).iter().map(text).collect::<Vec<_>>().join(" ")
}
