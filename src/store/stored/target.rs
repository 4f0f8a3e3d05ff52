//! How a target is to be reached, as `targets.way` keeps it: null for an even path without a baseline.
//! What is to be reached has columns of its own.

use serde::{Deserialize, Serialize};

use super::{check_version, parse, write};
use crate::domain::number::decimal::Decimal;
use crate::domain::target::condition::{Baseline, Milestone, Phasing, TargetCondition, TargetTerms};
use crate::domain::time::period::{Calendar, Period};
use crate::store::conn::StoreError;
use crate::store::values::word;

/// Version 1; version 0 is the same without `v`. Periods are codes in the calendar of the target.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPath {
    #[serde(default)]
    v: u32,
    baseline: Option<(String, Decimal)>,
    phasing: String,
    milestones: Vec<(String, Decimal)>,
    each_province: bool,
}

pub(in crate::store) fn to_json(terms: &TargetTerms) -> Option<String> {
    (*terms != TargetTerms::plain(terms.condition)).then(|| write(&StoredPath::from(terms)))
}

pub(in crate::store) fn from_json(text: Option<&str>, condition: TargetCondition, calendar: Calendar) -> Result<TargetTerms, StoreError> {
    text.map_or_else(|| Ok(TargetTerms::plain(condition)), |text| parse::<StoredPath>(text)?.into_goal(condition, calendar))
}

impl From<&TargetTerms> for StoredPath {
    fn from(terms: &TargetTerms) -> StoredPath {
        let TargetTerms { condition: _, baseline, phasing, milestones, each_province } = terms;
        let baseline = baseline.map(|Baseline { period, value }| (period.to_string(), value));
        let milestone = |Milestone { by, value }: &Milestone| (by.to_string(), *value);
        StoredPath {
            v: 1,
            baseline,
            phasing: phasing.as_str().to_owned(),
            milestones: milestones.iter().map(milestone).collect(),
            each_province: *each_province,
        }
    }
}

impl StoredPath {
    fn into_goal(self, condition: TargetCondition, calendar: Calendar) -> Result<TargetTerms, StoreError> {
        let StoredPath { v, baseline, phasing, milestones, each_province } = self;
        check_version(v, 1)?;
        let period = |code: &str| word(code, |code| Period::parse(code, calendar));
        let begins = |(of, value): (String, Decimal)| Ok::<_, StoreError>(Baseline { period: period(&of)?, value });
        let milestone = |(by, value): (String, Decimal)| Ok::<_, StoreError>(Milestone { by: period(&by)?, value });
        Ok(TargetTerms {
            condition,
            baseline: baseline.map(begins).transpose()?,
            phasing: word(&phasing, Phasing::parse)?,
            milestones: milestones.into_iter().map(milestone).collect::<Result<_, _>>()?,
            each_province,
        })
    }
}
