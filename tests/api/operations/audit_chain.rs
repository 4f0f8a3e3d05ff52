//! What the lines of the audit log are chained by: whatever is altered shows, instances share one chain, and old lines go from its beginning.
//! What gets a line is in `audit_log`.

use chitieu::domain::access::scope::Scope;
use chitieu::domain::audit::{AuditAction, Entry, Outcome, verify};
use chitieu::service::operations::checks;
use chitieu::store::{self, StoreError};
use diesel::connection::SimpleConnection;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::audited::{administrator, batch, head, lines, said_of, short};
use crate::support::{TestApp, User, on_both};

on_both! {
    several_instances_add_to_one_chain,
    whatever_is_altered_in_the_log_shows,
    what_is_cut_off_the_end_shows_beside_a_hash_that_was_kept,
    lines_go_when_they_are_older_than_they_are_kept,
    many_old_lines_go_some_at_a_time,
    revisions_that_do_not_follow_each_other_show,
}

async fn several_instances_add_to_one_chain(app: TestApp) {
    let (department, other) = (app.department().await, app.another());
    // Its clock is behind.
    other.clock.set("2026-11-21T01:59:59Z");
    let there = User::new(other.address, other.department().await.token);
    let before = lines(&app).len();

    let good: Vec<_> = (1..=6).map(|month| batch("bts-sites", &format!("2024-0{month}"), month)).collect();
    let bad = batch("no-such", "2024-05", 1);
    let writes =
        join_all(good.iter().enumerate().map(|(n, body)| (if n % 2 == 0 { &department } else { &there }).post("/v1/submissions", body)));
    let refusals = join_all([&department, &there, &department, &there].map(|user| user.post("/v1/submissions", &bad)));
    let (written, refused) = futures_util::future::join(writes, refusals).await;

    assert!(written.iter().all(|answer| answer.status == 201) && refused.iter().all(|answer| answer.status == 422));
    let lines = lines(&app);
    assert_eq!(lines.len(), before + 10);
    let beginning = app.state.context.db.read_blocking(store::audit::anchor).map_err(|failure: StoreError| failure).unwrap();
    assert_eq!(verify(beginning, &lines), Ok(head(&app)));
    assert!(lines.windows(2).all(|pair| pair[0].entry.at <= pair[1].entry.at && pair[0].seq + 1 == pair[1].seq));
    assert_eq!(faults(&app), Vec::<String>::new());
}

async fn whatever_is_altered_in_the_log_shows(app: TestApp) {
    written(&app, 6).await;
    let all = lines(&app).len();
    run(&app, "CREATE TABLE kept AS SELECT * FROM audit");
    assert_eq!(faults(&app), Vec::<String>::new());

    for (sql, found, why) in [
        ("UPDATE audit SET subject = 'x' WHERE seq = 3", "line 3 of the audit log does not say", "another subject"),
        ("UPDATE audit SET client = NULL WHERE seq = 4", "line 4 of the audit log does not say", "another client"),
        ("UPDATE audit SET address = '' WHERE seq = 1", "line 1 of the audit log does not say", "a text for none"),
        ("UPDATE audit SET at = '2026-11-21 02:00:00.000001' WHERE seq = 3", "line 3 of the audit log does not say", "a microsecond later"),
        ("UPDATE audit SET outcome = 'nothing' WHERE seq = 3", "line 3 of the audit log does not say", "a word that there is not"),
        ("UPDATE audit SET hash = 'x' WHERE seq = 3", "line 3 of the audit log does not say", "another hash"),
        ("UPDATE audit SET previous_hash = 'x' WHERE seq = 3", "line 3 of the audit log is not chained", "another hash of the line before"),
        ("DELETE FROM audit WHERE seq = 3", "line 4 of the audit log stands where line 3 should be", "a line less"),
        ("DELETE FROM audit WHERE seq = 1", "line 2 of the audit log stands where line 1 should be", "the first line less"),
        (
            "UPDATE audit SET seq = -3 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = -3",
            "line 3 of the audit log is not chained",
            "two lines in another order",
        ),
        ("UPDATE audit SET seq = -3 WHERE seq = 3", "1 lines of the audit log stand before line 0", "a line before the beginning"),
        ("UPDATE audit_anchor SET seq = 2", "line 3 of the audit log is not chained", "another beginning"),
        (
            "INSERT INTO audit SELECT seq + 1000, at, client, organisation, address, request_id, action, subject, outcome, hash, hash FROM audit WHERE seq = 3",
            "line 1003 of the audit log stands where line",
            "a line more",
        ),
    ] {
        run(&app, sql);
        let faults = faults(&app);
        assert!(faults.iter().any(|fault| fault.starts_with(found)), "{why}: {faults:?}");
        run(&app, "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; UPDATE audit_anchor SET seq = 0");
    }
    assert_eq!((faults(&app), lines(&app).len()), (Vec::new(), all), "all is as it was");
}

async fn what_is_cut_off_the_end_shows_beside_a_hash_that_was_kept(app: TestApp) {
    written(&app, 3).await;
    let admin = administrator(&app).await;
    let kept = admin.get("/v1/audit?limit=1").await.expect(200)["head"].clone();
    assert_eq!(report(&app).checked[1], told(&app), "the command says the same");

    run(&app, &format!("DELETE FROM audit WHERE seq >= {}", kept["seq"]));

    assert_eq!(faults(&app), Vec::<String>::new(), "what is left is a chain");
    let now = head(&app);
    assert!(now.seq < kept["seq"].as_i64().unwrap() && kept["hash"] != json!(now.hash), "{now:?}");
    written(&app, 1).await;
    let again = lines(&app).into_iter().find(|line| json!(line.seq) == kept["seq"]).unwrap();
    assert_ne!(json!(again.hash), kept["hash"], "another line has its number, and no line its hash");
}

async fn lines_go_when_they_are_older_than_they_are_kept(app: TestApp) {
    written(&app, 3).await;
    let first = lines(&app);
    // The day before the 400th is over, and a second after it.
    let mut rest = Vec::new();
    for (moment, removed) in [("2027-12-26T01:59:59Z", false), ("2027-12-26T02:00:01Z", false), ("2027-12-27T02:00:00Z", true)] {
        app.clock.set(moment);
        written(&app, 1).await;
        rest = lines(&app);
        assert_eq!(rest.iter().any(|line| line.seq == 1), !removed, "{moment}: at most once a day");
    }

    let (last, expired) = (first.last().unwrap().seq, rest.iter().find(|line| short(line) == "expire_audit done").unwrap());
    assert_eq!(expired.entry.subject, format!("lines 1 to {last}"), "that they were removed is on record");
    assert_eq!((expired.entry.client.as_ref(), rest[0].seq, &rest[0].previous_hash), (None, last + 1, &first.last().unwrap().hash));
    assert_eq!(faults(&app), Vec::<String>::new(), "the rest is chained to the last one that was removed");
    run(&app, &format!("DELETE FROM audit WHERE seq = {}", last + 1));
    assert_ne!(faults(&app), Vec::<String>::new(), "a line that was not removed by age is missed");
}

async fn many_old_lines_go_some_at_a_time(app: TestApp) {
    let done: Result<(), StoreError> = app.state.context.db.write_blocking(|conn| {
        let entry = |n: i32| Entry {
            at: "2025-01-01T00:00:00Z".parse().unwrap(),
            client: None,
            organisation: None,
            address: None,
            request_id: None,
            action: AuditAction::Read.as_str().into(),
            subject: n.to_string(),
            outcome: Outcome::Done.as_str().into(),
        };
        (0..2_500).try_for_each(|n| store::audit::append(conn, entry(n)))
    });
    done.unwrap();
    app.clock.set("2026-11-21T02:00:00Z");
    let (department, bad) = (app.department().await, batch("no-such", "2024-05", 1));

    let mut oldest = Vec::new();
    for _ in 0..4 {
        let answer = department.post("/v1/submissions", &bad).await;
        assert_eq!(said_of(&app, &answer), ["write unknown_indicator"]);
        oldest.push(lines(&app)[0].seq);
    }

    assert_eq!(oldest, [1_001, 2_001, 2_501, 2_501]);
    assert_eq!(lines(&app).iter().filter(|line| short(line) == "expire_audit done").count(), 3, "where nothing goes nothing is said");
    assert_eq!(faults(&app), Vec::<String>::new());
}

async fn revisions_that_do_not_follow_each_other_show(app: TestApp) {
    let department = app.client(&[Scope::Submit, Scope::Targets]).await;
    for value in [1, 2, 3] {
        app.clock.set(&format!("2026-11-21T02:00:{:02}Z", 10 * value));
        department.submit(&batch("bts-sites", "2024-05", value)).await;
        app.clock.set(&format!("2026-11-21T02:00:{value}5Z"));
        let target = json!({"province": "24", "targets": [{"indicator": "bts-sites", "period": "2024", "value": value, "acknowledge": ["reverts"], "reason": "giao lại"}]});
        department.put("/v1/targets", &target).await.expect(200);
    }
    assert_eq!(faults(&app), Vec::<String>::new());
    let report = report(&app);
    assert!(report.checked.iter().any(|checked| checked.starts_with("revisions: 3 of figures, 0 of claims, 3 of targets")), "{report:?}");

    for (change, back, found) in [
        (
            "UPDATE observations SET superseded_at = '2026-11-21 03:00:00' WHERE revision = 3",
            "UPDATE observations SET superseded_at = NULL WHERE revision = 3",
            "has no current revision after 3",
        ),
        (
            "UPDATE targets SET superseded_at = '2026-11-21 02:00:45' WHERE revision = 3; UPDATE targets SET superseded_at = NULL WHERE revision = 2",
            "UPDATE targets SET superseded_at = '2026-11-21 02:00:35' WHERE revision = 2; UPDATE targets SET superseded_at = NULL WHERE revision = 3",
            "is current, and not the last",
        ),
        (
            "UPDATE observations SET superseded_at = '2026-11-21 02:00:15' WHERE revision = 1",
            "UPDATE observations SET superseded_at = '2026-11-21 02:00:20' WHERE revision = 1",
            "revision 1 of the figure",
        ),
        (
            "UPDATE targets SET revision = 5 WHERE revision = 3",
            "UPDATE targets SET revision = 3 WHERE revision = 5",
            "has revision 5 where 3 should be",
        ),
        (
            "UPDATE targets SET revision = 0 WHERE revision = 1",
            "UPDATE targets SET revision = 1 WHERE revision = 0",
            "has revision 0 where 1 should be",
        ),
        ("UPDATE submissions SET state = 'returned'", "UPDATE submissions SET state = 'approved'", "was published unapproved"),
    ] {
        run(&app, change);
        let broken = faults(&app);
        assert!(broken.iter().any(|fault| fault.contains(found)), "{change}: {broken:?}");
        run(&app, back);
        assert_eq!(faults(&app), Vec::<String>::new(), "{back}");
    }
}

/// Makes so many targets, each by a client of its own.
async fn written(app: &TestApp, many: i32) {
    for value in 1..=many {
        let target = json!({"province": "24", "targets": [{"indicator": "bts-sites", "period": "2024", "value": value, "acknowledge": ["reverts"], "reason": "giao lại"}]});
        app.department().await.put("/v1/targets", &target).await.expect(200);
    }
}

fn report(app: &TestApp) -> checks::Report {
    checks::run(&app.state.context.db).unwrap()
}

fn faults(app: &TestApp) -> Vec<String> {
    report(app).faults
}

/// What the command says of the log.
fn told(app: &TestApp) -> String {
    let head = head(app);
    format!("audit log: {} lines after line 0; the last is {} with the hash {}", lines(app).len(), head.seq, head.hash)
}

fn run(app: &TestApp, sql: &str) {
    app.state.context.db.write_blocking(|conn| conn.batch_execute(sql).map_err(StoreError::from)).unwrap();
}
