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

pub(in crate::store) fn to_json(goal: &TargetTerms) -> Option<String> {
    (*goal != TargetTerms::plain(goal.reach)).then(|| write(&StoredPath::from(goal)))
}

pub(in crate::store) fn from_json(text: Option<&str>, reach: TargetCondition, calendar: Calendar) -> Result<TargetTerms, StoreError> {
    text.map_or_else(|| Ok(TargetTerms::plain(reach)), |text| parse::<StoredPath>(text)?.into_goal(reach, calendar))
}

impl From<&TargetTerms> for StoredPath {
    fn from(goal: &TargetTerms) -> StoredPath {
        let TargetTerms { reach: _, baseline, phasing, milestones, each_province } = goal;
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
    fn into_goal(self, reach: TargetCondition, calendar: Calendar) -> Result<TargetTerms, StoreError> {
        let StoredPath { v, baseline, phasing, milestones, each_province } = self;
        check_version(v, 1)?;
        let period = |code: &str| word(code, |code| Period::parse(code, calendar));
        let begins = |(of, value): (String, Decimal)| Ok::<_, StoreError>(Baseline { period: period(&of)?, value });
        let milestone = |(by, value): (String, Decimal)| Ok::<_, StoreError>(Milestone { by: period(&by)?, value });
        Ok(TargetTerms {
            reach,
            baseline: baseline.map(begins).transpose()?,
            phasing: word(&phasing, Phasing::parse)?,
            milestones: milestones.into_iter().map(milestone).collect::<Result<_, _>>()?,
            each_province,
        })
    }
}
