//! The JSON of `PUT /v1/targets`, read into drafts.
//! The checks of a target are in `domain`.

use serde_json::Value;

use super::json::{self, Faults, Object};
use super::source::read_source;
use crate::domain::batch::rows::MAX_ROWS;
use crate::domain::catalogue::source::Source;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::number::decimal::{Decimal, NumberLocale};
use crate::domain::number::notation::{Medium, Notation};
use crate::domain::read_only::ReadOnly;
use crate::domain::target::condition::{Phasing, TargetKind};

use crate::domain::target::condition_check::SentTerms;
use crate::domain::target::draft::{Draft, DraftTarget, TargetWarning};
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;

/// Reads the body of `PUT /v1/targets`.
///
/// # Errors
/// `malformed_json`; the draft holds all other faults.
pub fn read(bytes: &[u8]) -> Result<Draft, Fault> {
    let document = json::parse(bytes)?;
    let faults = Faults::default();
    let mut draft = Draft { targets: Vec::new(), read_only: ReadOnly::default(), faults: Vec::new() };
    if let Some(mut body) = Object::open(&document, "", &faults) {
        let province = body.optional("province", json::text(100));
        let calendar = body.optional("calendar", json::word(Calendar::parse));
        let notation = Notation::new(body.optional("number_locale", json::word(NumberLocale::parse)), Medium::Targets);
        if body.field("targets").is_none() {
            faults.note(body.at("targets"), Fault::missing_field("targets"));
        }
        let rows = body.items("targets");
        body.required_unless_in("province", &rows);
        if rows.len() > MAX_ROWS || rows.is_empty() && body.field("targets").is_some_and(Value::is_array) {
            faults.note(
                body.at("targets"),
                Fault::new(
                    Code::BatchSize,
                    message!(
                        en: "a batch has 1 to {MAX_ROWS} targets, this one {}",
                        vi: "mỗi lần gửi 1 đến {MAX_ROWS} mục tiêu, lần này có {}", rows.len()
                    ),
                ),
            );
        } else {
            draft.targets = rows
                .into_iter()
                .enumerate()
                .filter_map(|(position, (pointer, row))| {
                    let batch = Batch { province: province.as_deref(), calendar, notation };
                    read_target(position, row, pointer, &batch, &mut draft.read_only, &faults)
                })
                .collect();
        }
        body.finish();
    }
    draft.faults = faults.into_all();
    Ok(draft)
}

/// What the batch says for the rows that do not say it themselves, and the notation of their numbers.
struct Batch<'b> {
    province: Option<&'b str>,
    calendar: Option<Calendar>,
    notation: Notation,
}

fn read_target(
    position: usize,
    row: &Value,
    pointer: String,
    batch: &Batch<'_>,
    read_only: &mut ReadOnly,
    faults: &Faults,
) -> Option<DraftTarget> {
    let notation = batch.notation;
    let mut row = Object::open(row, pointer, faults)?;
    for name in ["id", "start", "end", "recorded_at"] {
        row.read_only(name, json::string, read_only);
    }
    row.read_only("revision", json::digits, read_only);
    let own_province = row.field("province").is_some();
    let province = row.optional("province", json::text(100)).or(batch.province.filter(|_| !own_province).map(str::to_owned));
    let own_calendar = row.field("calendar").is_some();
    let calendar = row.optional("calendar", json::word(Calendar::parse)).or(batch.calendar.filter(|_| !own_calendar));
    let indicator = row.required("indicator", json::text(64));
    let breakdown = row.or_default("breakdown", json::breakdown);
    let period = row.required("period", json::word(period_in(notation.declared)));
    let withdraw = row.optional("withdraw", json::boolean).unwrap_or(false);
    let terms = if withdraw { None } else { read_terms(&mut row, notation, faults) };
    let also: Vec<&str> = OF_A_GOAL.into_iter().filter(|name| row.field(name).is_some()).collect();
    if withdraw && !also.is_empty() {
        let message = message!(
            en: "a withdrawal says that there is no target; the row also has {}",
            vi: "rút mục tiêu thì không còn nội dung khác; hàng này còn có {}", also.join(", ")
        );
        faults.note(row.pointer(), Fault::new(Code::ContradictoryRow, message));
    }
    let at = row.at("source");
    let source = row.field("source").map_or(Source::default(), |source| read_source(source, at, notation, faults));
    let (reason, reason_given) = (row.optional("reason", json::text(300)), row.field("reason").is_some());
    let acknowledge = row.items("acknowledge").into_iter();
    let acknowledge = acknowledge.filter_map(|(pointer, code)| {
        let read = json::word(TargetWarning::parse)(code);
        read.map_err(|fault| faults.note(pointer, fault)).ok()
    });
    let acknowledge = acknowledge.collect();
    row.finish();
    Some(DraftTarget {
        position,
        province,
        own_province,
        calendar,
        indicator,
        breakdown,
        period,
        withdraw,
        terms,
        source,
        reason,
        reason_given,
        acknowledge,
    })
}

/// The reader of a period: Vietnamese words are read where the numbers are in Vietnamese notation.
fn period_in(declared: Option<NumberLocale>) -> fn(&str) -> Result<PeriodCode, Fault> {
    if declared == Some(NumberLocale::Vi) { PeriodCode::parse_vietnamese } else { PeriodCode::parse }
}

/// The fields of a target's condition and path, which a withdrawal must not have.
const OF_A_GOAL: [&str; 9] = ["value", "low", "high", "unit_mult", "kind", "baseline", "phasing", "milestones", "each_province"];

/// The condition and path of a target; `None` after a read fault.
fn read_terms(row: &mut Object<'_>, notation: Notation, faults: &Faults) -> Option<SentTerms> {
    let before = faults.count();
    let kind = row.optional("kind", json::word(TargetKind::parse));
    let ends_only = row.field("value").is_none() && ["low", "high"].into_iter().any(|end| row.field(end).is_some());
    let band = kind.map_or(ends_only, |kind| kind == TargetKind::Band);
    let needed: &[&str] = if band { &["low", "high"] } else { &["value"] };
    let [value, low, high] = ["value", "low", "high"].map(|name| {
        if needed.contains(&name) { row.required(name, json::number(notation)) } else { row.optional(name, json::number(notation)) }
    });
    let unit_mult = row.optional("unit_mult", json::integer(-6..=12));
    let phasing = row.optional("phasing", json::word(Phasing::parse));
    let each_province = row.optional("each_province", json::boolean).unwrap_or(false);
    let (at, baseline) = (row.at("baseline"), row.field("baseline"));
    let baseline = baseline.and_then(|baseline| read_point(baseline, at, "period", notation, faults));
    let milestones = row.items("milestones").into_iter();
    let milestones = milestones.filter_map(|(pointer, milestone)| read_point(milestone, pointer, "by", notation, faults)).collect();
    let sent = SentTerms { kind, value, low, high, unit_mult, baseline, phasing, milestones, each_province };
    (faults.count() == before).then_some(sent)
}

/// A period and its figure.
fn read_point(point: &Value, pointer: String, period: &'static str, notation: Notation, faults: &Faults) -> Option<(PeriodCode, Decimal)> {
    let mut point = Object::open(point, pointer, faults)?;
    let of = point.required(period, json::word(period_in(notation.declared)));
    let value = point.required("value", json::number(notation));
    point.finish();
    of.zip(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_and_dates_are_read_in_words_where_numbers_are_vietnamese() {
        let body = |locale: &str| {
            format!(
                r#"{{"province": "24", "number_locale": "{locale}", "targets": [{{"indicator": "bts-sites", "period": "Năm 2024",
                    "value": "1.600", "baseline": {{"period": "cả năm 2023", "value": 1500}},
                    "milestones": [{{"by": "6 tháng đầu năm 2024", "value": 1550}}], "source": {{"date": "31/12/2023"}}}}]}}"#
            )
        };
        let read_words = read(body("vi").as_bytes()).unwrap();
        let plain = read(body("plain").as_bytes()).unwrap();

        assert_eq!(read_words.faults, []);
        let target = &read_words.targets[0];
        assert_eq!(target.period.map(|period| period.to_string()).as_deref(), Some("2024"));
        assert_eq!(target.source.date.map(|day| day.to_string()).as_deref(), Some("2023-12-31"));
        let terms = target.terms.as_ref().unwrap();
        let milestones: Vec<String> = terms.milestones.iter().map(|(by, value)| format!("{by} {value}")).collect();
        assert_eq!((terms.baseline.map(|(of, _)| of.to_string()).as_deref(), milestones), (Some("2023"), vec!["2024-H1 1550".to_owned()]));
        let places: Vec<String> = plain.faults.iter().map(|fault| format!("{} {}", fault.fault.code, fault.place)).collect();
        let wanted = [
            "invalid_period /targets/0/period",
            "invalid_period /targets/0/baseline/period",
            "invalid_period /targets/0/milestones/0/by",
            "invalid_date /targets/0/source/date",
        ];
        assert!(wanted.iter().all(|place| places.contains(&(*place).to_owned())), "{places:?}");
    }
}
