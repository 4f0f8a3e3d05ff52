//! How a target is to be reached, as `targets.way` keeps it: null for an even path without a baseline.
//! What is to be reached has columns of its own.

use serde::{Deserialize, Serialize};

use super::{check_version, parse, write};
use crate::domain::decimal::Decimal;
use crate::domain::goal::{Baseline, Goal, Milestone, Phasing, Reach};
use crate::domain::period::{Calendar, Period};
use crate::store::conn::Failure;
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

pub(in crate::store) fn to_json(goal: &Goal) -> Option<String> {
    (*goal != Goal::plain(goal.reach)).then(|| write(&StoredPath::from(goal)))
}

pub(in crate::store) fn from_json(text: Option<&str>, reach: Reach, calendar: Calendar) -> Result<Goal, Failure> {
    text.map_or_else(|| Ok(Goal::plain(reach)), |text| parse::<StoredPath>(text)?.into_goal(reach, calendar))
}

impl From<&Goal> for StoredPath {
    fn from(goal: &Goal) -> StoredPath {
        let Goal { reach: _, baseline, phasing, milestones, each_province } = goal;
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
    fn into_goal(self, reach: Reach, calendar: Calendar) -> Result<Goal, Failure> {
        let StoredPath { v, baseline, phasing, milestones, each_province } = self;
        check_version(v, 1)?;
        let period = |code: &str| word(code, |code| Period::parse(code, calendar));
        let begins = |(of, value): (String, Decimal)| Ok::<_, Failure>(Baseline { period: period(&of)?, value });
        let milestone = |(by, value): (String, Decimal)| Ok::<_, Failure>(Milestone { by: period(&by)?, value });
        Ok(Goal {
            reach,
            baseline: baseline.map(begins).transpose()?,
            phasing: word(&phasing, Phasing::parse)?,
            milestones: milestones.into_iter().map(milestone).collect::<Result<_, _>>()?,
            each_province,
        })
    }
}
