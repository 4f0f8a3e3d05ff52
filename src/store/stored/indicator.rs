//! Definitions of indicators, as `definition_versions.definition` keeps them.
//! What makes a definition sound is for `domain`; what is read here was sound when it was recorded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{check_version, parse, write};
use crate::domain::catalogue::indicator::{Access, Aggregation, Dimension, Direction, Indicator, Label, Measure};
use crate::domain::number::decimal::Decimal;
use crate::domain::time::period::{Calendar, Frequency};
use crate::store::conn::StoreError;
use crate::store::values::word;

/// Version 1; version 0 is the same without `v`, and the first rows have neither `yoy_limit`, `unit_label` nor labels.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredIndicator {
    #[serde(default)]
    v: u32,
    code: String,
    name: String,
    name_en: String,
    definition: String,
    field: String,
    unit: String,
    #[serde(default)]
    unit_label: Option<StoredLabel>,
    unit_mult: i32,
    measure: String,
    time_aggregation: String,
    area_aggregation: String,
    direction: String,
    decimals: u32,
    min: Option<Decimal>,
    max: Option<Decimal>,
    yoy_limit: Option<Decimal>,
    breakdowns: BTreeMap<String, StoredDimension>,
    frequency: String,
    calendar: String,
    access: String,
    external_ref: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredDimension {
    values: Option<Vec<String>>,
    complete: bool,
    #[serde(default)]
    labels: BTreeMap<String, StoredLabel>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredLabel {
    name: String,
    name_en: String,
}

impl From<&Label> for StoredLabel {
    fn from(Label { name, name_en }: &Label) -> StoredLabel {
        StoredLabel { name: name.clone(), name_en: name_en.clone() }
    }
}

impl From<StoredLabel> for Label {
    fn from(StoredLabel { name, name_en }: StoredLabel) -> Label {
        Label { name, name_en }
    }
}

pub(in crate::store) fn to_json(indicator: &Indicator) -> String {
    write(&StoredIndicator::from(indicator))
}

pub(in crate::store) fn from_json(text: &str) -> Result<Indicator, StoreError> {
    parse::<StoredIndicator>(text)?.try_into()
}

impl From<&Indicator> for StoredIndicator {
    fn from(indicator: &Indicator) -> StoredIndicator {
        let Indicator {
            code,
            name,
            name_en,
            definition,
            field,
            unit,
            unit_label,
            unit_mult,
            measure,
            time_aggregation,
            area_aggregation,
            direction,
            decimals,
            min,
            max,
            yoy_limit,
            breakdowns,
            frequency,
            calendar,
            access,
            external_ref,
        } = indicator;
        let dimension = |Dimension { values, complete, labels }: &Dimension| StoredDimension {
            values: values.clone(),
            complete: *complete,
            labels: labels.iter().map(|(member, label)| (member.clone(), label.into())).collect(),
        };
        StoredIndicator {
            v: 1,
            code: code.clone(),
            name: name.clone(),
            name_en: name_en.clone(),
            definition: definition.clone(),
            field: field.clone(),
            unit: unit.clone(),
            unit_label: unit_label.as_ref().map(StoredLabel::from),
            unit_mult: *unit_mult,
            measure: measure.as_str().to_owned(),
            time_aggregation: time_aggregation.as_str().to_owned(),
            area_aggregation: area_aggregation.as_str().to_owned(),
            direction: direction.as_str().to_owned(),
            decimals: *decimals,
            min: *min,
            max: *max,
            yoy_limit: *yoy_limit,
            breakdowns: breakdowns.iter().map(|(name, of)| (name.clone(), dimension(of))).collect(),
            frequency: frequency.as_str().to_owned(),
            calendar: calendar.as_str().to_owned(),
            access: access.as_str().to_owned(),
            external_ref: external_ref.clone(),
        }
    }
}

impl TryFrom<StoredIndicator> for Indicator {
    type Error = StoreError;

    fn try_from(stored: StoredIndicator) -> Result<Indicator, StoreError> {
        check_version(stored.v, 1)?;
        let dimension = |StoredDimension { values, complete, labels }: StoredDimension| Dimension {
            values,
            complete,
            labels: labels.into_iter().map(|(member, label)| (member, label.into())).collect(),
        };
        Ok(Indicator {
            code: stored.code,
            name: stored.name,
            name_en: stored.name_en,
            definition: stored.definition,
            field: stored.field,
            unit: stored.unit,
            unit_label: stored.unit_label.map(Label::from),
            unit_mult: stored.unit_mult,
            measure: word(&stored.measure, Measure::parse)?,
            time_aggregation: word(&stored.time_aggregation, Aggregation::parse)?,
            area_aggregation: word(&stored.area_aggregation, Aggregation::parse)?,
            direction: word(&stored.direction, Direction::parse)?,
            decimals: stored.decimals,
            min: stored.min,
            max: stored.max,
            yoy_limit: stored.yoy_limit,
            breakdowns: stored.breakdowns.into_iter().map(|(name, of)| (name, dimension(of))).collect(),
            frequency: word(&stored.frequency, Frequency::parse)?,
            calendar: word(&stored.calendar, Calendar::parse)?,
            access: word(&stored.access, Access::parse)?,
            external_ref: stored.external_ref,
        })
    }
}
