//! Revisions: the effect of the rows of a batch on stored figures, the forbidden replacements, and the warnings.
//! Stored figures are never overwritten: every change is a revision that supersedes the one before, with a reason.

use super::revised::Revised;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::consistency::ProposedRecord;
use super::draft::{CheckedRows, ClaimChange, Row};
use super::plausibility::HistoricalValues;
use super::reverts::{self, PastRevisions};
use super::warning::{RowWarning, Warning};
use crate::domain::batch::rows::{Checked, Mode, RowError};
use crate::domain::catalogue::rule::Rule;
use crate::domain::catalogue::series_key::SeriesKey;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::comparison::claim::ClaimKind;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::observation::observation::{Content, Observation};
use crate::domain::outcome::Outcome;
use crate::domain::time::period::Period;

/// The current state around the rows of a batch: all breakdowns of the years of their periods, withdrawn content included.
#[derive(Debug, Clone, Default)]
pub struct CurrentRecord {
    /// The current revisions.
    pub observations: HashMap<(SeriesKey, Period), Observation>,
    /// The current revisions of the claims, by observation id. A withdrawn claim has no value.
    pub claims: HashMap<String, Vec<ClaimChange>>,
    /// The histories of the figures that the rows would change, by observation id.
    pub histories: HashMap<String, PastRevisions>,
    /// The figures of earlier years, for the plausibility checks.
    pub past: HistoricalValues,
    /// The closing days that had passed at the time of submission, by province, indicator and period.
    pub closed: HashMap<(String, String, Period), NaiveDate>,
    /// The rules that apply to the rows, limited to those that the caller may see.
    pub rules: Vec<Rule>,
}

/// Checks the rows of a batch against the stored figures and against each other. An error of one row does not hide those of others: the
/// valid rows are checked as well. Figures that an invalid row of an atomic batch gives are unknown then, and nothing is judged by them.
///
/// Returns the valid rows and all errors: a less final figure that replaces a more final one, nothing to withdraw, parts that do not
/// add up, warnings without acknowledgement. A partial batch is checked again without its invalid rows, until the remaining rows have
/// no errors.
pub fn revise(
    mode: Mode,
    checked: CheckedRows,
    standing: &CurrentRecord,
    catalogue: &Catalogue,
    at: DateTime<Utc>,
    new_id: impl Fn() -> String,
) -> (Vec<Revised>, Vec<RowError>) {
    let CheckedRows { valid: mut rows, errors: mut row_errors, faulty } = checked;
    // A partial batch is stored without its invalid rows, so the stored figures stay what they are.
    let unknown = if mode == Mode::Atomic { faulty } else { HashSet::new() };
    loop {
        let known = row_errors.len();
        let (revised, found) = revise_once(rows.clone(), row_errors, unknown.clone(), standing.clone(), catalogue, at, &new_id);
        row_errors = found;
        if mode == Mode::Atomic || row_errors.len() == known {
            return (revised, row_errors);
        }
        let rejected: HashSet<usize> = row_errors.iter().filter_map(|row_error| row_error.row).collect();
        rows.retain(|row| !rejected.contains(&row.position));
    }
}

/// Checks rows against the stored figures and against each other. Figures in `refused` are not judged, nor are others judged by them.
fn revise_once(
    rows: Vec<Row>,
    row_errors: Vec<RowError>,
    mut refused: HashSet<(SeriesKey, Period)>,
    mut standing: CurrentRecord,
    catalogue: &Catalogue,
    at: DateTime<Utc>,
    new_id: &impl Fn() -> String,
) -> (Vec<Revised>, Vec<RowError>) {
    let mut batch = Checked::with("observations", row_errors);
    let mut revised = Vec::with_capacity(rows.len());
    for row in rows {
        let about = (row.series.clone(), row.period);
        let known = standing.observations.get(&about);
        let claimed = known.and_then(|known| standing.claims.get(&known.id)).map_or(&[][..], Vec::as_slice);
        let mut faults = unknown_claims(&row, claimed);
        // The same number under another definition has another meaning.
        let another_meaning = known
            .is_some_and(|known| catalogue.definition_differs(&row.series.indicator, known.definition_version, row.definition_version));
        let outcome = decide(&row, known, another_meaning).map_err(|fault| faults.push(fault)).ok();
        let closed = standing.closed.get(&(row.series.province.clone(), row.series.indicator.clone(), row.period)).copied();
        // A figure that is already stored changes nothing, so it may be late.
        let closed = closed.filter(|_| outcome != Some(Outcome::Unchanged));
        faults.extend(closed.filter(|_| !row.force).map(|day| too_late(&row, day)));
        let undone = known.zip(known.and_then(|known| standing.histories.get(&known.id)));
        let undone = undone.and_then(|(known, past)| reverts::detect(&row, known, past, catalogue));
        faults.extend(undone.as_ref().and_then(|warning| reverts::unaccepted(&row, warning)));
        let kept = if faults.is_empty() { Ok(outcome) } else { Err(faults) };
        if let Some(outcome) = batch.keep(row.position, kept).flatten() {
            let observation = observation(&row, known, outcome, at, new_id);
            let claims = if row.content.figure().is_some() { row.claims.clone() } else { withdrawn(claimed) };
            let mut warnings: Vec<RowWarning> = undone.into_iter().chain(forced_warnings(&row, known, closed)).collect();
            let odd = row.suspicious.clone().map(|message| RowWarning { code: Warning::SuspiciousCell, message });
            warnings.extend(odd.into_iter().chain(hidden(&row)).filter(|_| outcome != Outcome::Unchanged));
            revised.push(Revised { row, outcome, observation, claims, warnings });
        } else {
            refused.insert(about);
        }
    }
    for row in &revised {
        standing.observations.insert((row.observation.series.clone(), row.observation.period), row.observation.clone());
    }
    standing.observations.retain(|about, _| !refused.contains(about));
    standing.past.add(standing.observations.values());
    for row in revised.iter_mut().filter(|row| row.outcome != Outcome::Unchanged) {
        if let Some(found) = catalogue.current(&row.observation.series.indicator) {
            row.warnings.extend(standing.past.detect_outliers(&row.observation, found.indicator, catalogue));
        }
    }
    let after = ProposedRecord::new(standing.observations, &revised, catalogue);
    let broken = after.check_wholes(&mut revised, &refused, &mut batch);
    after.warn(&mut revised);
    let insisted_on = after.check_rules(&standing.rules, catalogue, &mut revised, &refused, &mut batch);
    for row in &revised {
        // A difference between parts and total is already reported, or accepted with `force`.
        let said = |warning: &&RowWarning| {
            let SeriesKey { province, indicator, .. } = &row.row.series;
            warning.code == Warning::Disagreement && broken.contains(&(province.clone(), indicator.clone()))
        };
        let warnings = row.warnings.iter().filter(|warning| !said(warning));
        let faults: Vec<_> = warnings.filter_map(|warning| unacknowledged(&row.row, warning)).collect();
        if !faults.is_empty() {
            batch.keep::<()>(row.row.position, Err(faults));
        }
    }
    for (place, warning) in insisted_on {
        revised[place].warnings.push(warning);
    }
    let row_errors = batch.into_faults();
    let rejected: HashSet<usize> = row_errors.iter().filter_map(|row_error| row_error.row).collect();
    revised.retain(|row| !rejected.contains(&row.row.position));
    (revised, row_errors)
}

/// A warning needs `acknowledge`. A broken rule of the stored figures needs `force` with a reason, which was already checked.
fn unacknowledged(row: &Row, warning: &RowWarning) -> Option<(&'static str, Fault)> {
    let by_force = matches!(warning.code, Warning::PartsDisagree | Warning::RateDisagrees | Warning::LowerStatus | Warning::AfterClosing);
    (!by_force && !row.acknowledge.contains(&warning.code)).then(|| {
        let code = warning.code.as_str();
        let odd = &warning.message;
        let message = message!(
            en: "{odd}; where that is so, send `acknowledge` with `{code}`",
            vi: "{odd}; nếu đúng như vậy, gửi `acknowledge` là `{code}`"; odd
        );
        ("acknowledge", Fault::new(Code::Unacknowledged, message).allowing([code]))
    })
}

/// The error of a row that was submitted after the closing day of its period.
fn too_late(row: &Row, closed: NaiveDate) -> (&'static str, Fault) {
    let SeriesKey { indicator, .. } = &row.series;
    let message = message!(
        en: "`{indicator}` of {} was taken until {closed}; where it is to be said now, send `force` with a `reason`",
        vi: "`{indicator}` của {} chỉ nhận đến ngày {closed}; nếu vẫn phải báo cáo, gửi `force` kèm `reason`"; closed; row.period
    );
    ("period", Fault::new(Code::PeriodClosed, message))
}

/// The effect of a row on the stored figure of its series and period.
fn decide(row: &Row, known: Option<&Observation>, another_meaning: bool) -> Result<Outcome, (&'static str, Fault)> {
    let Some(known) = known else {
        if row.content == Content::Withdrawn {
            let message = message!(
                en: "no figure of `{}` for {} is on record",
                vi: "chưa có số liệu `{}` của {} để rút", row.series.indicator, row.period
            );
            return Err(("", Fault::new(Code::NothingToWithdraw, message)));
        }
        return Ok(Outcome::Created);
    };
    if known.content == row.content && !(another_meaning && row.content.figure().is_some()) {
        return Ok(Outcome::Unchanged);
    }
    match (known.content, row.content) {
        (_, Content::Withdrawn) => Ok(Outcome::Withdrawn),
        (Content::Figure(before), Content::Figure(figure)) if figure.status < before.status && !row.force => {
            let (quantity, status, old, final_status) = (figure.quantity, figure.status, before.quantity, before.status);
            let message = message!(
                en: "{quantity} ({status}) would replace the more final {old} ({final_status}); where that is meant, send `force` with a \
                     `reason`",
                vi: "{quantity} ({status}) sẽ thay {old} ({final_status}); nếu đúng như vậy, gửi `force` kèm `reason`";
                quantity, status, old, final_status
            );
            Err(("status", Fault::new(Code::LowerStatus, message)))
        }
        (Content::Figure(before), Content::Nil) if row.reason.is_none() => {
            let stored = before.quantity;
            let message = message!(
                en: "{stored} is on record: who declares that there is nothing says why",
                vi: "đã có số liệu {stored}: khai không phát sinh thì cần nêu lý do"; stored
            );
            Err(("reason", Fault::new(Code::ReasonMissing, message)))
        }
        (Content::Figure(_) | Content::Nil | Content::Withdrawn, Content::Figure(_) | Content::Nil) => Ok(Outcome::Updated),
    }
}

/// The errors of a row that withdraws claims that do not exist.
fn unknown_claims(row: &Row, known: &[ClaimChange]) -> Vec<(&'static str, Fault)> {
    let unknown = |kind: ClaimKind| known.iter().all(|claim| claim.kind != kind);
    let withdrawn = row.claims.iter().filter(|claim| claim.value.is_none() && unknown(claim.kind));
    let fault = |kind: ClaimKind| {
        Fault::new(
            Code::NothingToWithdraw,
            message!(
                en: "no claim `{}` is on record here",
                vi: "chưa có nhận định `{}` ở đây để rút", kind.as_str()
            ),
        )
    };
    withdrawn.map(|claim| ("claims", fault(claim.kind))).collect()
}

fn withdrawn(claims: &[ClaimChange]) -> Vec<ClaimChange> {
    claims.iter().map(|claim| ClaimChange { kind: claim.kind, value: None }).collect()
}

fn observation(row: &Row, known: Option<&Observation>, outcome: Outcome, at: DateTime<Utc>, new_id: impl Fn() -> String) -> Observation {
    match known {
        Some(known) if outcome == Outcome::Unchanged => known.clone(),
        known => Observation {
            id: known.map_or_else(new_id, |known| known.id.clone()),
            revision: known.map_or(0, |known| known.revision) + 1,
            series: row.series.clone(),
            period: row.period,
            content: row.content,
            definition_version: row.definition_version,
            citation: row.citation.clone(),
            reason: row.reason.clone(),
            recorded_at: at,
        },
    }
}

/// The warning about a row that nobody sees in its workbook.
fn hidden(row: &Row) -> Option<RowWarning> {
    row.hidden.then(|| RowWarning {
        code: Warning::HiddenRow,
        message: message!(
            en: "the row is hidden in the workbook, or a column of it that is read",
            vi: "hàng này, hoặc một cột có số liệu của hàng, bị ẩn trong bảng tính"
        ),
    })
}

/// The warnings of a row that was accepted because of `force`: from the row, the replaced figure and the closing day.
fn forced_warnings(row: &Row, known: Option<&Observation>, closed: Option<NaiveDate>) -> Vec<RowWarning> {
    let mut warnings = Vec::new();
    if let Some(day) = closed {
        let message = message!(
            en: "{} closed on {day}, before this was handed in",
            vi: "kỳ {} đã khóa ngày {day}, trước khi gửi số liệu này"; day; row.period
        );
        warnings.push(RowWarning { code: Warning::AfterClosing, message });
    }
    let Some(figure) = row.content.figure() else { return warnings };
    if figure.disagrees_with_its_parts() {
        let rate = figure.quantity;
        let message = message!(
            en: "the rate {rate} is not its numerator over its denominator; it is kept as it was sent",
            vi: "tỷ lệ {rate} không bằng tử số chia mẫu số; giữ nguyên như đã gửi"; rate
        );
        warnings.push(RowWarning { code: Warning::RateDisagrees, message });
    }
    if let Some(before) = known.and_then(Observation::figure).filter(|before| figure.status < before.status) {
        let (old, status) = (before.quantity, before.status);
        let message = message!(en: "it replaces {old}, which was {status}", vi: "số này thay {old}, là số {status}"; old, status);
        warnings.push(RowWarning { code: Warning::LowerStatus, message });
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::breakdown::Breakdown;
    use crate::domain::testing::content;

    use crate::domain::observation::observation::Citation;

    use crate::domain::testing::observation as known_as;
    use crate::domain::time::period::Calendar;

    fn row(says: &str, force: bool, reason: bool) -> Row {
        Row {
            position: 0,
            row_ref: None,
            series: SeriesKey { province: "p".into(), indicator: "i".into(), breakdown: Breakdown::default() },
            period: Period::parse("2024-05", Calendar::Civil).unwrap(),
            content: content(says),
            definition_version: 1,
            citation: Citation::default(),
            reason: reason.then(|| "nhập nhầm".into()),
            force,
            suspicious: None,
            hidden: false,
            acknowledge: Vec::new(),
            claims: Vec::new(),
        }
    }

    #[test]
    fn what_a_row_does_to_what_is_on_record() {
        for (on_record, says, plainly, forced) in [
            ("", "5 E", "created", "created"),
            ("", "nil", "created", "created"),
            ("", "withdrawn", "nothing_to_withdraw", "nothing_to_withdraw"),
            ("5 E", "5 E", "unchanged", "unchanged"),
            ("5 E", "6 E", "updated", "updated"),
            ("5 E", "5 P", "updated", "updated"),
            ("5 E", ">5 E", "updated", "updated"),
            ("5 P", "5 E", "lower_status", "updated"),
            ("5 A", "6 P", "lower_status", "updated"),
            ("5 A", "6 A", "updated", "updated"),
            ("5 A", "nil", "reason_missing", "updated"),
            ("5 A", "withdrawn", "withdrawn", "withdrawn"),
            ("nil", "nil", "unchanged", "unchanged"),
            ("nil", "5 E", "updated", "updated"),
            ("nil", "withdrawn", "withdrawn", "withdrawn"),
            ("withdrawn", "withdrawn", "unchanged", "unchanged"),
            ("withdrawn", "5 E", "updated", "updated"),
            ("withdrawn", "nil", "updated", "updated"),
        ] {
            let known =
                (!on_record.is_empty()).then(|| Observation { content: content(on_record), ..known_as("2024-05", Calendar::Civil, "1") });
            for (force, expected) in [(false, plainly), (true, forced)] {
                let decided = decide(&row(says, force, force), known.as_ref(), false);
                let word = decided.map_or_else(|(_, fault)| fault.code.as_str(), Outcome::as_str);
                assert_eq!(word, expected, "{says} on {on_record:?}, insisting: {force}");
            }
        }
        let known = known_as("2024-05", Calendar::Civil, "5");
        assert_eq!(decide(&row("5", false, false), Some(&known), true), Ok(Outcome::Updated), "under another definition");
    }
}
