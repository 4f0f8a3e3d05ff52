//! Time travel: every past instant has one answer, the one that was given then, byte for byte.

use chitieu::domain::access::scope::Scope;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both};

on_both! {
    a_thousand_writes_later_every_recorded_answer_is_given_again,
    an_instant_that_has_no_answer_is_refused,
    an_offset_with_a_plus_that_is_not_encoded_is_read,
    a_revised_figure_is_served_as_it_was,
    what_was_closed_since_stays_closed_in_the_past,
}

/// Numbers that look random and are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

const QUESTIONS: [&str; 10] = [
    "/v1/series?province=bac-giang-1997,kien-giang-1997&indicator=fines-total,bts-sites,phone-subscribers&breakdown=*",
    "/v1/series?province=bac-giang-1997&indicator=fines-total&cumulative=true&units=pc1",
    "/v1/comparisons?province=24&period=2024-H1&breakdown=*",
    "/v1/targets?province=bac-giang-1997&limit=1000",
    "/v1/series?province=bac-giang-1997&indicator=fines-total,phone-subscribers&breakdown=*&frequency=Q",
    "/v1/series?province=bac-giang-1997&indicator=fines-total&vintage=first",
    "/v1/series?province=bac-giang-1997&indicator=fines-total,bts-sites&vintage=all",
    "/v1/series?province=bac-ninh-2025&indicator=fines-total,bts-sites&breakdown=*&frequency=M",
    "/v1/claims?limit=1000",
    "/v1/rankings?indicator=fines-total&period=2024-05",
];

/// A random write: a figure, a few figures with a claim, a target, or a new definition.
fn random_write(dice: &mut Dice) -> (&'static str, Value) {
    let month = |dice: &mut Dice| format!("{}-{:02}", 2023 + dice.roll(2), dice.roll(12) + 1);
    let period = match dice.roll(4) {
        0 => format!("{}-H1", 2023 + dice.roll(2)),
        1 => format!("{}-YTD", month(dice)),
        _ => month(dice),
    };
    let province = ["bac-giang-1997", "kien-giang-1997"][usize::try_from(dice.roll(2)).unwrap()];
    match dice.roll(20) {
        0 => {
            let words = format!("Tổng tiền phạt, cách tính thứ {}.", dice.roll(3));
            let definition = json!({"name": "Tiền phạt", "name_en": "Fines", "definition": words, "field": "inspection", "unit": "VND",
                "unit_mult": 6, "measure": "flow", "time_aggregation": "sum", "area_aggregation": "sum", "direction": "neutral",
                "decimals": 1, "min": 0, "frequency": "M"});
            ("/v1/indicators/fines-total", definition)
        }
        1 | 2 => {
            let target = match dice.roll(4) {
                0 => {
                    json!({"indicator": "fines-total", "period": "2024", "withdraw": true, "acknowledge": ["reverts"], "reason": "kiểm tra"})
                }
                _ => {
                    json!({"indicator": "fines-total", "period": "2024", "value": dice.roll(500), "acknowledge": ["reverts"], "reason": "giao"})
                }
            };
            ("/v1/targets", json!({"province": province, "targets": [target]}))
        }
        _ => {
            let status = ["E", "P", "A"][usize::try_from(dice.roll(3)).unwrap()];
            let fines = match dice.roll(6) {
                0 => json!({"nil": true}),
                1 => json!({"withdraw": true}),
                2 => json!({"bound": "range", "low": dice.roll(20), "high": 20 + dice.roll(20)}),
                3 => json!({"value": dice.roll(100), "bound": "approx_gt", "status": status}),
                _ => json!({"value": dice.roll(100), "status": status, "claims": [{"kind": "yoy_index", "value": 90 + dice.roll(20)}]}),
            };
            let line = ["fixed", "mobile"][usize::try_from(dice.roll(2)).unwrap()];
            let mut rows = vec![
                fines,
                json!({"indicator": "bts-sites", "value": dice.roll(3000)}),
                json!({"indicator": "phone-subscribers", "breakdown": {"line_type": line}, "value": dice.roll(20000)}),
                json!({"indicator": "phone-subscribers", "value": dice.roll(40000)}),
            ];
            rows[0]["indicator"] = json!("fines-total");
            for row in &mut rows {
                row["reason"] = json!("kiểm tra");
                row["force"] = json!(true);
            }
            rows.truncate(usize::try_from(dice.roll(4)).unwrap() + 1);
            (
                "/v1/submissions",
                json!({"province": province, "period": period, "acknowledge": ["disagreement", "falling_ytd", "outlier", "reverts", "yoy_jump"], "observations": rows}),
            )
        }
    }
}

async fn a_thousand_writes_later_every_recorded_answer_is_given_again(app: TestApp) {
    let client = app.client(&[Scope::Submit, Scope::Targets, Scope::Catalogue]).await;
    let reader = app.anyone();
    let mut dice = Dice(20_240_531);
    let mut recorded = Vec::new();

    for second in 0..1000 {
        app.clock.set(&format!("2026-11-21T02:{:02}:{:02}.000000Z", second / 120, second % 120 / 2));
        let (path, body) = random_write(&mut dice);
        let answer = if path == "/v1/submissions" { client.post(path, &body).await } else { client.put(path, &body).await };
        let nothing_there = answer.status == 404 && answer.text().contains("nothing_to_withdraw");
        assert!(answer.status.is_success() || nothing_there, "{body}: {}", answer.text());
        if second % 20 == 19 {
            let instant = format!("2026-11-21T02:{:02}:{:02}.500000Z", second / 120, second % 120 / 2);
            app.clock.set(&instant);
            for question in QUESTIONS {
                recorded.push((question, instant.clone(), reader.get(question).await.text()));
            }
        }
    }
    app.clock.set("2026-11-21T03:00:00Z");

    assert_eq!(recorded.len(), 50 * QUESTIONS.len());
    for (question, instant, answer) in recorded {
        let again = reader.get(&format!("{question}&as_of={instant}")).await;
        assert_eq!(again.text(), answer, "{question} as of {instant}");
    }
}

async fn an_instant_that_has_no_answer_is_refused(app: TestApp) {
    let reader = app.anyone();
    let question = |instant: &str| format!("/v1/comparisons?province=24&period=2024-H1&as_of={instant}");

    for (instant, code, why) in [
        ("2026-11-20T00:00:00Z", "as_of_out_of_range", "nothing is recorded at all"),
        ("2026-11-22T00:00:00Z", "as_of_out_of_range", "the future"),
        ("2026-11-21T02:00:00Z", "as_of_out_of_range", "the present, which is not over"),
        ("yesterday", "invalid_time", "no instant"),
        ("2026-11-21", "as_of_out_of_range", "today, which is not over"),
        ("2026-11-31", "invalid_time", "no day"),
    ] {
        assert_eq!(reader.get(&question(instant)).await.fault(400), (code.into(), "as_of".into()), "{why}");
    }
    let observations = json!([{"indicator": "bts-sites", "value": 5}]);
    app.department().await.submit(&json!({"province": "24", "period": "2024-05", "observations": observations})).await;
    app.clock.set("2026-11-21T03:00:00Z");

    let before_the_first = reader.get(&format!("{}&lang=en", question("2026-11-21T01:59:59Z"))).await;

    assert_eq!(before_the_first.fault(400), ("as_of_out_of_range".into(), "as_of".into()));
    assert!(before_the_first.text().contains("the first figure was recorded at 2026-11-21 02:00:00 UTC"), "{}", before_the_first.text());
}

async fn an_offset_with_a_plus_that_is_not_encoded_is_read(app: TestApp) {
    let observations = json!([{"indicator": "bts-sites", "value": 5}]);
    app.department().await.submit(&json!({"province": "24", "period": "2024-05", "observations": observations})).await;
    app.clock.set("2026-11-21T03:00:00Z");
    for path in [
        "/v1/series?province=24&indicator=bts-sites",
        "/v1/comparisons?province=24&period=2024-05",
        "/v1/rankings?indicator=bts-sites&period=2024-05",
        "/v1/targets?province=24",
        "/v1/claims?province=24",
    ] {
        let ask = async |instant: &str| app.anyone().get(&format!("{path}&as_of={instant}")).await;

        let utc = ask("2026-11-21T02:30:00Z").await.expect(200);

        // The test client sends `+` as it is, and a query has a space in its place.
        assert_eq!(ask("2026-11-21T09:30:00+07:00").await.expect(200), utc, "{path}");
        assert_eq!(ask("2026-11-21T09:30:00%2B07:00").await.expect(200), utc, "{path}");
        assert_eq!(ask("2026-11-21T09:30:00+7:00").await.fault(400), ("invalid_time".into(), "as_of".into()), "{path}");
        assert_eq!(ask("2026-11-21").await.fault(400), ("as_of_out_of_range".into(), "as_of".into()), "{path}: the day is not over");
        app.clock.set("2026-11-21T17:00:00Z");
        assert_eq!(ask("2026-11-21").await.expect(200), utc, "{path}: the end of the day in Viet Nam");
        app.clock.set("2026-11-21T03:00:00Z");
    }
}

async fn a_revised_figure_is_served_as_it_was(app: TestApp) {
    let department = app.department().await;
    let submit = async |value: i64| {
        let observations = json!([{"indicator": "bts-sites", "value": value}]);
        department.submit(&json!({"province": "24", "period": "2024-05", "observations": observations})).await;
    };
    submit(1596).await;
    app.clock.set("2026-11-21T02:10:00Z");
    submit(1600).await;
    app.clock.set("2026-11-21T02:20:00Z");
    let value = async |as_of: &str| {
        let path = format!("/v1/series?province=bac-giang-1997&indicator=bts-sites{as_of}");
        app.anyone().get(&path).await.expect(200)["items"][0]["observations"][0]["value"].clone()
    };

    assert_eq!(value("&as_of=2026-11-21T02:05:00Z").await, 1596);
    assert_eq!(value("&as_of=2026-11-21T02:09:59.999999Z").await, 1596, "the last instant before");
    assert_eq!(value("&as_of=2026-11-21T02:10:00Z").await, 1600, "the instant of the change");
    assert_eq!(value("&as_of=2026-11-21T09:15:00%2B07:00").await, 1600, "an instant in local time");
    assert_eq!(value("").await, 1600);
}

async fn what_was_closed_since_stays_closed_in_the_past(app: TestApp) {
    let administrator = app.client(&[Scope::Submit, Scope::Catalogue, Scope::Read]).await;
    let observations = json!([{"indicator": "fines-total", "value": 5}]);
    administrator.submit(&json!({"province": "24", "period": "2024-05", "observations": observations})).await;
    app.clock.set("2026-11-21T02:04:00Z");
    let mut closed = administrator.get("/v1/indicators/fines-total").await.expect(200);
    closed["access"] = json!("internal");
    for field in ["code", "version"] {
        closed.as_object_mut().unwrap().remove(field);
    }
    app.keeper().await.put("/v1/indicators/fines-total", &closed).await.expect(200);
    app.clock.set("2026-11-21T02:08:00Z");
    let question = "/v1/series?province=bac-giang-1997&indicator=fines-total&as_of=2026-11-21T02:02:00Z";

    assert_eq!(app.anyone().get(question).await.fault(400).0, "unknown_indicator", "it was open then and is not open now");
    assert_eq!(administrator.get(question).await.expect(200)["items"][0]["observations"][0]["value"], 5);
}
