//! Checks of the database itself: the file, the chain of the audit log, the order of revisions. They read page by page.
//! The queries are in `store::checks`.

use std::fmt;
use std::sync::Arc;

use crate::context::Context;
use crate::domain::audit::Link;
use crate::service::ServiceError;
use crate::store::checks::{Kind, Revision};
use crate::store::{self, Conn, Db, StoreError};

/// The result of the checks.
#[derive(Debug, Default)]
pub struct Report {
    /// The checks done, one sentence each.
    pub checked: Vec<String>,
    /// The first faults, one sentence each.
    pub faults: Vec<String>,
    /// Number of further faults.
    pub more: usize,
}

/// Limit of faults listed one by one.
const TOLD: usize = 100;

/// Rows in memory at a time.
const PAGE: i64 = 1_000;

impl Report {
    fn note(&mut self, fault: impl fmt::Display) {
        if self.faults.len() < TOLD {
            self.faults.push(fault.to_string());
        } else {
            self.more += 1;
        }
    }
}

/// Sends a small query to check that the database answers.
///
/// # Errors
/// Any failure of the database.
pub async fn answer(context: &Arc<Context>) -> Result<(), ServiceError> {
    context.db.read(|conn| Ok(store::definitions::latest_change(conn).map(|_| ())?)).await
}

/// Runs all checks on one snapshot of the database.
///
/// # Errors
/// Any failure of the database.
pub fn run(db: &Db) -> Result<Report, ServiceError> {
    db.read_blocking(|conn| {
        let mut report = Report::default();
        store::conn::take_time(conn)?;
        damage(conn, &mut report)?;
        audit(conn, &mut report)?;
        revisions(conn, &mut report)?;
        let unapproved = store::checks::unapproved(conn, PAGE)?;
        for (id, revision) in unapproved {
            report.note(format!("revision {revision} of the figure {id} was published unapproved"));
        }
        report.checked.push("submissions: every figure on record is of one that was approved".into());
        Ok(report)
    })
}

fn damage(conn: &mut Conn, report: &mut Report) -> Result<(), StoreError> {
    let found = store::conn::damage(conn)?;
    report.checked.push(match &found {
        Some(_) => "file: pages, indexes and references".into(),
        None => "file: left to PostgreSQL, which checks references with every write".into(),
    });
    found.into_iter().flatten().for_each(|said| report.note(format!("the file: {said}")));
    Ok(())
}

fn audit(conn: &mut Conn, report: &mut Report) -> Result<(), StoreError> {
    let anchor = store::audit::anchor(conn)?;
    let (mut head, mut lines): (Link, usize) = (anchor.clone(), 0);
    loop {
        let page = store::audit::after(conn, head.seq, PAGE)?;
        if page.is_empty() {
            break;
        }
        lines += page.len();
        for line in &page {
            if let Err(broken) = head.check(line) {
                report.note(broken);
            }
            // Continue from the line as stored, to find further faults after a break.
            head = line.link();
        }
    }
    let stray = store::audit::count(conn)? - i64::try_from(lines).unwrap_or(i64::MAX);
    if stray != 0 {
        report.note(format!("{stray} lines of the audit log stand before line {}, after which it begins", anchor.seq));
    }
    report
        .checked
        .push(format!("audit log: {lines} lines after line {}; the last is {} with the hash {}", anchor.seq, head.seq, head.hash));
    Ok(())
}

fn revisions(conn: &mut Conn, report: &mut Report) -> Result<(), StoreError> {
    let mut counts = Vec::new();
    for (kind, name) in [(Kind::Observations, "figure"), (Kind::Claims, "claim about"), (Kind::Targets, "target")] {
        let (mut last, mut count): (Option<Revision>, usize) = (None, 0);
        loop {
            let page = store::checks::revisions(conn, kind, last.as_ref(), PAGE)?;
            if page.is_empty() {
                break;
            }
            count += page.len();
            for revision in page {
                follow(last.as_ref(), Some(&revision), name, report);
                last = Some(revision);
            }
        }
        follow(last.as_ref(), None, name, report);
        counts.push(count);
    }
    let [figures, claims, targets] = [0, 1, 2].map(|place| counts.get(place).copied().unwrap_or_default());
    let what = "numbered without gaps, each superseded by the next and the last one current";
    report.checked.push(format!("revisions: {figures} of figures, {claims} of claims, {targets} of targets; {what}"));
    Ok(())
}

/// Compares two neighbouring revisions and notes the faults.
fn follow(before: Option<&Revision>, after: Option<&Revision>, name: &str, report: &mut Report) {
    let next = after.filter(|after| before.is_some_and(|before| before.of == after.of));
    let (id, number) = (|of: &Revision| of.of.0.clone(), |of: &Revision| of.number);
    if let Some(before) = before {
        match (before.superseded_at, next) {
            (None, None) => {}
            (Some(at), Some(next)) if at == next.recorded_at => {}
            (None, Some(_)) => report.note(format!("revision {} of the {name} {} is current, and not the last", before.number, id(before))),
            (Some(_), None) => report.note(format!("the {name} {} has no current revision after {}", id(before), before.number)),
            (Some(at), Some(next)) => {
                report.note(format!(
                    "revision {} of the {name} {} ended at {at}, and the next one began at {}",
                    before.number,
                    id(before),
                    next.recorded_at
                ));
            }
        }
    }
    if let Some(after) = after {
        let expected = next.and(before).map_or(1, |before| before.number + 1);
        if number(after) != expected {
            report.note(format!("the {name} {} has revision {} where {expected} should be", id(after), after.number));
        }
    }
}
