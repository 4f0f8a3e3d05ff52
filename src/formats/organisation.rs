//! The JSON of `PUT /v1/organisations/{id}`, read into an organisation.
//! Permissions are checked in `service::organisations`.

use super::json::{self, Faults, Object};
use crate::domain::catalogue::organisation::{Organisation, check_id};
use crate::domain::fault::{Fault, LocatedFault, Location};
use crate::domain::read_only::ReadOnly;

/// Reads the body of `PUT /v1/organisations/{id}`: the organisation, and the read-only members.
///
/// # Errors
/// `malformed_json`; otherwise all faults of the fields.
pub fn read(id: &str, bytes: &[u8]) -> Result<Result<(Organisation, ReadOnly), Vec<LocatedFault>>, Fault> {
    let document = json::parse(bytes)?;
    let faults = Faults::default();
    let read = Object::open(&document, "", &faults).and_then(|mut body| {
        let mut read_only = ReadOnly::default();
        body.read_only("id", json::string, &mut read_only);
        let name = body.required("name", json::text(300));
        let trusted = body.optional("trusted", json::boolean).unwrap_or(false);
        body.finish();
        Some((Organisation { id: id.to_owned(), name: name?, trusted }, read_only))
    });
    let mut all = faults.into_all();
    all.extend(check_id(id).err().map(|fault| fault.at(Location::Parameter("id".into()))));
    Ok(read.filter(|_| all.is_empty()).ok_or(all))
}
