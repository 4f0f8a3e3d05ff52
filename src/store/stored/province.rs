//! Provinces, as `definition_versions.definition` keeps them.
//! The day on which one ends is not stored: it follows from the units that are formed from it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{check_version, parse, write};
use crate::domain::catalogue::province::{Province, UnitType};
use crate::store::conn::StoreError;
use crate::store::values::word;

/// Version 1; version 0 is the same without `v`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredProvince {
    #[serde(default)]
    v: u32,
    key: String,
    code: Option<String>,
    name: String,
    name_en: String,
    iso: Option<String>,
    agency_code: Option<String>,
    unit_type: String,
    valid_from: NaiveDate,
    predecessors: Vec<String>,
}

pub(in crate::store) fn to_json(province: &Province) -> String {
    write(&StoredProvince::from(province))
}

pub(in crate::store) fn from_json(text: &str) -> Result<Province, StoreError> {
    parse::<StoredProvince>(text)?.try_into()
}

impl From<&Province> for StoredProvince {
    fn from(province: &Province) -> StoredProvince {
        let Province { key, code, name, name_en, iso, agency_code, unit_type, valid_from, valid_to: _, predecessors } = province;
        StoredProvince {
            v: 1,
            key: key.clone(),
            code: code.clone(),
            name: name.clone(),
            name_en: name_en.clone(),
            iso: iso.clone(),
            agency_code: agency_code.clone(),
            unit_type: unit_type.as_str().to_owned(),
            valid_from: *valid_from,
            predecessors: predecessors.clone(),
        }
    }
}

impl TryFrom<StoredProvince> for Province {
    type Error = StoreError;

    fn try_from(stored: StoredProvince) -> Result<Province, StoreError> {
        let StoredProvince { v, key, code, name, name_en, iso, agency_code, unit_type, valid_from, predecessors } = stored;
        check_version(v, 1)?;
        let unit_type = word(&unit_type, UnitType::parse)?;
        Ok(Province { key, code, name, name_en, iso, agency_code, unit_type, valid_from, valid_to: None, predecessors })
    }
}
