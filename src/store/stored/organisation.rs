//! Organisations, as `definition_versions.definition` keeps them.
//! The id stands in the column `code`.

use serde::{Deserialize, Serialize};

use super::{check_version, parse, write};
use crate::domain::catalogue::organisation::Organisation;
use crate::store::conn::StoreError;

/// Version 1, the first: before, an organisation had columns of its own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredOrganisation {
    v: u32,
    name: String,
    trusted: bool,
}

pub(in crate::store) fn to_json(organisation: &Organisation) -> String {
    write(&StoredOrganisation { v: 1, name: organisation.name.clone(), trusted: organisation.trusted })
}

pub(in crate::store) fn from_json(id: String, text: &str) -> Result<Organisation, StoreError> {
    let StoredOrganisation { v, name, trusted } = parse(text)?;
    check_version(v, 1)?;
    Ok(Organisation { id, name, trusted })
}
