//! The definition of a client and its checks.
//! What an administrator may set is in `grants`; the client as a caller is in `role`; its sign-in is in `service`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::client::Client;
use super::grants;
use super::scope::Scope;
use crate::domain::catalogue::organisation;
use crate::domain::catalogue::province::Provinces;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::read_only::ReadOnly;
use crate::domain::text;

/// Maximum number of provinces, and of fields, that a client is restricted to.
pub const MOST_NAMED: usize = 200;

/// A client as submitted. A field that could not be read is absent and has an error.
#[derive(Debug, Default)]
pub struct Draft {
    /// The display name.
    pub name: Option<String>,
    /// The organisation of the client.
    pub organisation: Option<String>,
    /// The granted scopes; empty if the request has none.
    pub scopes: Vec<Scope>,
    /// The scopes that it may grant; the usual ones if absent.
    pub may_grant: Option<Vec<Scope>>,
    /// The keys of its provinces, each with its index; empty for all provinces.
    pub provinces: Vec<(usize, String)>,
    /// Its subject fields, each with its index; empty for all fields.
    pub fields: Vec<(usize, String)>,
    /// The end of its validity: no sign-in from this time on.
    pub expires_at: Option<DateTime<Utc>>,
    /// The read-only members.
    pub read_only: ReadOnly,
    /// The errors of reading.
    pub faults: Vec<LocatedFault>,
}

/// A client definition without errors.
#[derive(Debug)]
pub struct ClientSettings {
    /// The display name.
    pub name: String,
    /// The organisation of the client.
    pub organisation: Option<String>,
    /// The granted scopes; never empty.
    pub scopes: Vec<Scope>,
    /// The scopes that it may grant; the usual ones if absent.
    pub may_grant: Option<Vec<Scope>>,
    /// The keys of its provinces; empty for all provinces.
    pub provinces: Vec<String>,
    /// Its subject fields; empty for all fields.
    pub fields: Vec<String>,
    /// The end of its validity: no sign-in from this time on.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The stored data that a definition is checked against.
#[derive(Debug)]
pub struct Known<'k> {
    /// All provinces of all times.
    pub provinces: &'k Provinces,
    /// The subject fields of all indicators.
    pub fields: &'k BTreeSet<String>,
    /// The names of the other clients, disabled ones included.
    pub names: &'k BTreeSet<String>,
    /// The current time.
    pub now: DateTime<Utc>,
    /// The present expiry of the client. The same value is accepted again, even if it has passed.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Draft {
    /// Checks the definition.
    ///
    /// # Errors
    /// All errors: of reading, and of the checks against the stored data.
    pub fn check(self, known: &Known<'_>) -> Result<ClientSettings, Vec<LocatedFault>> {
        let Draft { name, organisation, scopes, may_grant, provinces, fields, expires_at, faults: mut all, .. } = self;
        let is_read = |all: &[LocatedFault], pointer: &str| {
            // If the body is not an object, no field was read.
            let about = |at: &str| at.is_empty() || at == pointer || at.starts_with(&format!("{pointer}/"));
            !all.iter().any(|found| matches!(&found.place, Location::Pointer(at) if about(at)))
        };
        let name = match name.map(|name| text::clean(&name, 100)) {
            Some(Ok(name)) => Some(name),
            Some(Err(fault)) => note(&mut all, "/name", fault),
            None if is_read(&all, "/name") => note(&mut all, "/name", Fault::missing_field("name")),
            None => None,
        };
        if let Some(name) = name.as_ref().filter(|name| known.names.contains(*name)) {
            note::<()>(
                &mut all,
                "/name",
                Fault::new(
                    Code::NameTaken,
                    message!(
                        en: "a client is called `{name}` already",
                        vi: "đã có hệ thống gọi API tên là `{name}`"
                    ),
                ),
            );
        }
        if let Some(fault) = organisation.as_deref().and_then(|id| organisation::check_id(id).err()) {
            note::<()>(&mut all, "/organisation", fault);
        }
        if scopes.is_empty() && is_read(&all, "/scopes") {
            let fault = Fault::new(
                Code::InvalidValue,
                message!(
                    en: "a client has at least one scope",
                    vi: "mỗi hệ thống gọi API cần ít nhất một quyền"
                ),
            )
            .allowing(Scope::WORDS.iter().copied());
            note::<()>(&mut all, "/scopes", fault);
        }
        let administers = scopes.contains(&Scope::Admin);
        if may_grant.as_ref().is_some_and(|given| !given.is_empty()) && !administers && is_read(&all, "/scopes") {
            let message = message!(en: "only a client with `admin` grants scopes", vi: "chỉ hệ thống có quyền `admin` mới cấp được quyền");
            note::<()>(&mut all, "/may_grant", Fault::new(Code::InvalidValue, message));
        }
        let keys = check_restrictions(&provinces, &fields, known, &mut all);
        if let Some(expires_at) = expires_at.filter(|at| *at <= known.now && Some(*at) != known.expires_at) {
            note::<()>(
                &mut all,
                "/expires_at",
                Fault::new(
                    Code::InvalidValue,
                    message!(
                        en: "{expires_at} is past",
                        vi: "thời điểm {expires_at} đã qua"
                    ),
                ),
            );
        }
        let (provinces, fields) = (each_once(keys), each_once(fields.into_iter().map(|(_, text)| text)));
        let scopes = each_once(scopes);
        let may_grant = may_grant.map(each_once);
        let terms = name.map(|name| ClientSettings { name, organisation, scopes, may_grant, provinces, fields, expires_at });
        terms.filter(|_| all.is_empty()).ok_or(all)
    }
}

impl ClientSettings {
    /// The client of this definition, with this id.
    #[must_use]
    pub fn client(&self, id: &str, at_command_line: bool) -> Client {
        let client = Client {
            id: id.to_owned(),
            name: self.name.clone(),
            organisation: self.organisation.clone(),
            scopes: self.scopes.clone(),
            may_grant: self.may_grant.clone().unwrap_or_default(),
            provinces: self.provinces.clone(),
            fields: self.fields.clone(),
        };
        if self.may_grant.is_some() { client } else { Client { may_grant: grants::usual(&client, at_command_line), ..client } }
    }
}

/// Checks the provinces and fields that a client is restricted to, and returns the keys of the provinces.
fn check_restrictions(
    provinces: &[(usize, String)],
    fields: &[(usize, String)],
    known: &Known<'_>,
    all: &mut Vec<LocatedFault>,
) -> Vec<String> {
    for (pointer, named) in [("/provinces", provinces), ("/fields", fields)] {
        if named.len() > MOST_NAMED {
            let message = message!(
                en: "a client is narrowed to at most {MOST_NAMED} of them",
                vi: "chỉ giới hạn được trong nhiều nhất {MOST_NAMED} mục"
            );
            note::<()>(all, pointer, Fault::new(Code::BatchSize, message));
        }
    }
    let mut keys = Vec::new();
    for (place, text) in provinces.iter().take(MOST_NAMED) {
        if let Some(province) = known.provinces.with_key(text, known.now.date_naive()) {
            keys.push(province.key.clone());
        } else {
            let message = message!(
                en: "no province has the key `{}`; keys look like bac-giang-1997",
                vi: "không có đơn vị nào có mã định danh `{}`; mã định danh có dạng bac-giang-1997", shown(text)
            );
            note::<()>(all, &format!("/provinces/{place}"), Fault::new(Code::UnknownProvince, message));
        }
    }
    for (place, field) in fields.iter().take(MOST_NAMED).filter(|(_, field)| !known.fields.contains(field)) {
        let fault = Fault::new(
            Code::InvalidValue,
            message!(
                en: "no indicator is of the field `{}`",
                vi: "không có chỉ tiêu nào thuộc lĩnh vực `{}`", shown(field)
            ),
        );
        note::<()>(all, &format!("/fields/{place}"), fault.allowing(known.fields));
    }
    keys
}

/// The list without repeated items, in the order of first appearance.
fn each_once<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().fold(Vec::new(), |mut kept, item| {
        if !kept.contains(&item) {
            kept.push(item);
        }
        kept
    })
}

fn shown(text: &str) -> String {
    text.chars().take(64).collect()
}

fn note<T>(all: &mut Vec<LocatedFault>, pointer: &str, fault: Fault) -> Option<T> {
    all.push(fault.at(Location::Pointer(pointer.to_owned())));
    None
}
