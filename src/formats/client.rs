//! The JSON of `/v1/clients`, read into drafts of clients.
//! The checks against the catalogue are in `service::clients`.

use chrono::TimeDelta;
use serde_json::{Map, Value};

use super::json::{self, Faults, Object};
use crate::domain::access::client_draft::{Draft, MOST_NAMED};
use crate::domain::access::scope::Scope;
use crate::domain::fault::{Fault, LocatedFault};
use crate::domain::text::parse_instant;

/// Reads the body of `POST /v1/clients` and of `PUT /v1/clients/{id}`; `read_keys` reads its JWK Set.
///
/// # Errors
/// `malformed_json`; the draft holds all other faults.
pub fn read<K>(bytes: &[u8], read_keys: impl Fn(&Value, &str) -> Result<K, Vec<LocatedFault>>) -> Result<(Draft, Option<K>), Fault> {
    let document = json::parse(bytes)?;
    let faults = Faults::default();
    let (mut draft, mut keys) = (Draft::default(), None);
    if let Some(mut body) = Object::open(&document, "", &faults) {
        for name in ["client_id", "created_at", "last_used_at", "disabled_at"] {
            body.read_only(name, json::string, &mut draft.read_only);
        }
        body.read_only("secrets", json::list, &mut draft.read_only);
        draft.name = body.required("name", |value| Ok(json::string(value)?.to_owned()));
        draft.organisation = body.optional("organisation", |value| Ok(json::string(value)?.to_owned()));
        if body.field("scopes").is_none() {
            let fault = Fault::missing_field("scopes").allowing(Scope::WORDS.iter().copied());
            faults.note(body.at("scopes"), fault);
        }
        draft.scopes = list(&mut body, "scopes", &faults, Scope::parse).into_iter().map(|(_, scope)| scope).collect();
        if body.field("may_grant").is_some() {
            let given = list(&mut body, "may_grant", &faults, Scope::parse);
            draft.may_grant = Some(given.into_iter().map(|(_, scope)| scope).collect());
        }
        draft.provinces = list(&mut body, "provinces", &faults, |text| Ok(text.to_owned()));
        draft.fields = list(&mut body, "fields", &faults, |text| Ok(text.to_owned()));
        draft.expires_at = body.optional("expires_at", json::word(parse_instant));
        if let Some(set) = body.field("jwks") {
            match read_keys(set, &body.at("jwks")) {
                Ok(read) => keys = Some(read),
                Err(found) => found.into_iter().for_each(|LocatedFault { place, fault }| faults.note_at(place, fault)),
            }
        }
        body.finish();
    }
    draft.faults = faults.into_all();
    Ok((draft, keys))
}

/// The texts of a list, each parsed on its own, with their positions. One item beyond the limit is kept, so that the domain can report the
/// excess.
fn list<T>(body: &mut Object<'_>, name: &'static str, faults: &Faults, parse: impl Fn(&str) -> Result<T, Fault>) -> Vec<(usize, T)> {
    let read = |(place, (pointer, value)): (usize, (String, &Value))| match json::string(value).and_then(&parse) {
        Ok(read) => Some((place, read)),
        Err(fault) => {
            faults.note(pointer, fault);
            None
        }
    };
    body.items(name).into_iter().enumerate().take(MOST_NAMED + 1).filter_map(read).collect()
}

/// Default overlap of the old and the new secret, in hours.
pub const OVERLAP: i32 = 24;

/// Longest overlap in hours: thirty days.
pub const MOST_OVERLAP: i32 = 720;

/// Reads the body of `POST /v1/clients/{id}/rotate`, which may be absent: the overlap of the old and the new secret.
///
/// # Errors
/// `malformed_json`; otherwise all faults of the fields.
pub fn read_rotation(bytes: &[u8]) -> Result<Result<TimeDelta, Vec<LocatedFault>>, Fault> {
    let document = if bytes.is_empty() { Value::Object(Map::new()) } else { json::parse(bytes)? };
    let faults = Faults::default();
    let hours = Object::open(&document, "", &faults).and_then(|mut body| {
        let hours = body.optional("overlap_hours", json::integer(0..=MOST_OVERLAP));
        body.finish();
        hours
    });
    let faults = faults.into_all();
    Ok(if faults.is_empty() { Ok(TimeDelta::hours(hours.unwrap_or(OVERLAP).into())) } else { Err(faults) })
}
