//! The JSON of `POST /v1/validations`, read into a query.
//! The evaluation is in `domain::validation`.

use serde_json::Value;

use super::json::{self, Faults, Object};
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;
use crate::domain::time::period::Calendar;
use crate::domain::time::period_code::PeriodCode;
use crate::domain::validation::report::Question;

/// Limit of indicators in one query.
const MOST_INDICATORS: usize = 100;

/// Reads the body of `POST /v1/validations`.
///
/// # Errors
/// `malformed_json`; the query holds all other faults.
pub fn read(bytes: &[u8]) -> Result<Question, Fault> {
    let document = json::parse(bytes)?;
    let faults = Faults::default();
    let mut question = Question { province: None, period: None, calendar: None, indicators: None, faults: Vec::new() };
    if let Some(mut body) = Object::open(&document, "", &faults) {
        question.province = body.required("province", json::text(100));
        question.period = body.required("period", json::word(PeriodCode::parse));
        question.calendar = body.optional("calendar", json::word(Calendar::parse));
        question.indicators = read_indicators(&mut body, &faults);
        body.finish();
    }
    question.faults = faults.into_all();
    Ok(question)
}

fn read_indicators(body: &mut Object<'_>, faults: &Faults) -> Option<Vec<(usize, String)>> {
    let items = body.items("indicators");
    body.field("indicators").filter(|value| value.is_array())?;
    if items.is_empty() || items.len() > MOST_INDICATORS {
        let message = message!(
            en: "a list of 1 to {MOST_INDICATORS} indicators is read, this one has {}; without it all are checked",
            vi: "danh sách gồm 1 đến {MOST_INDICATORS} chỉ tiêu, danh sách này có {}; không nêu thì kiểm tra tất cả", items.len()
        );
        faults.note(body.at("indicators"), Fault::new(Code::BatchSize, message));
        return None;
    }
    let read = |(place, (pointer, code)): (usize, (String, &Value))| {
        let code = json::text(64)(code).map_err(|fault| faults.note(pointer, fault)).ok()?;
        Some((place, code))
    };
    Some(items.into_iter().enumerate().filter_map(read).collect())
}
