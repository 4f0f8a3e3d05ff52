//! The definition of a client, its checks, and the limits of the administrator who sets it.
//! The client as a caller is in `role`; its sign-in is in `service`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::client::Client;
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
        let Draft { name, organisation, scopes, provinces, fields, expires_at, faults: mut all, .. } = self;
        let is_read = |all: &[LocatedFault], pointer: &str| {
            // If the body is not an object, no field was read.
            let about = |at: &str| at.is_empty() || at == pointer || at.starts_with(&format!("{pointer}/"));
            !all.iter().any(|found| matches!(&found.place, Location::Pointer(at) if about(at)))
        };
        let name = match name.map(|name| text::clean(&name, 100)) {
            Some(Ok(name)) => Some(name),
            Some(Err(fault)) => note(&mut all, "/name", fault),
            None if is_read(&all, "/name") => note(
                &mut all,
                "/name",
                Fault::new(
                    Code::MissingField,
                    message!(
                        en: "`name` is needed",
                        vi: "thiếu `name`"
                    ),
                ),
            ),
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
        if organisation.as_deref().is_some_and(|id| !organisation::is_id(id)) {
            let message = message!(
                en: "an identifier is groups of letters and digits joined by dots, at most 35 characters, such as H02.12",
                vi: "mã cơ quan gồm các nhóm chữ và số nối bằng dấu chấm, nhiều nhất 35 ký tự, như H02.12"
            );
            note::<()>(&mut all, "/organisation", Fault::new(Code::InvalidValue, message));
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
        for (pointer, named) in [("/provinces", &provinces), ("/fields", &fields)] {
            if named.len() > MOST_NAMED {
                let message = message!(
                    en: "a client is narrowed to at most {MOST_NAMED} of them",
                    vi: "chỉ giới hạn được trong nhiều nhất {MOST_NAMED} mục"
                );
                note::<()>(&mut all, pointer, Fault::new(Code::BatchSize, message));
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
                note::<()>(&mut all, &format!("/provinces/{place}"), Fault::new(Code::UnknownProvince, message));
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
            note::<()>(&mut all, &format!("/fields/{place}"), fault.allowing(known.fields));
        }
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
        let terms = name.map(|name| ClientSettings { name, organisation, scopes, provinces, fields, expires_at });
        terms.filter(|_| all.is_empty()).ok_or(all)
    }
}

impl ClientSettings {
    /// The client of this definition, with this id.
    #[must_use]
    pub fn client(&self, id: &str) -> Client {
        Client {
            id: id.to_owned(),
            name: self.name.clone(),
            organisation: self.organisation.clone(),
            scopes: self.scopes.clone(),
            provinces: self.provinces.clone(),
            fields: self.fields.clone(),
        }
    }
}

/// The parts of a client outside the administrator's own restrictions: another organisation, other provinces or other fields. An
/// administrator without restrictions has no such limits. Scopes do not count, because an administrator may grant any scope.
#[must_use]
pub fn beyond(administrator: &Client, client: &Client) -> Vec<LocatedFault> {
    let mut all = Vec::new();
    if let Some(own) = administrator.organisation.as_ref().filter(|own| client.organisation.as_ref() != Some(*own)) {
        let message = match &client.organisation {
            Some(other) => message!(en: "the organisation {other} is not yours", vi: "cơ quan {other} không phải cơ quan của bạn"),
            None => message!(
                en: "a client of no organisation is beyond you",
                vi: "bạn không được tạo hệ thống gọi API không thuộc cơ quan nào"
            ),
        };
        note::<()>(&mut all, "/organisation", Fault::new(Code::BeyondAdministrator, message).allowing([own]));
    }
    for (pointer, own, named) in
        [("/provinces", &administrator.provinces, &client.provinces), ("/fields", &administrator.fields, &client.fields)]
    {
        if own.is_empty() {
            continue;
        }
        if named.is_empty() {
            let fault = Fault::new(
                Code::BeyondAdministrator,
                message!(
                    en: "you are narrowed, and nobody that you make is for all",
                    vi: "phạm vi của bạn có giới hạn nên hệ thống bạn tạo cũng phải có giới hạn"
                ),
            );
            note::<()>(&mut all, pointer, fault.allowing(own));
        }
        for (place, other) in named.iter().enumerate().filter(|(_, other)| !own.contains(other)) {
            let fault = Fault::new(
                Code::BeyondAdministrator,
                message!(
                    en: "`{other}` is beyond what you are narrowed to",
                    vi: "`{other}` nằm ngoài phạm vi của bạn"
                ),
            );
            note::<()>(&mut all, &format!("{pointer}/{place}"), fault.allowing(own));
        }
    }
    all
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

#[cfg(test)]
mod tests {
    use super::*;

    fn client(organisation: Option<&str>, provinces: &[&str], fields: &[&str]) -> Client {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        Client {
            id: "1".into(),
            name: "one".into(),
            organisation: organisation.map(str::to_owned),
            scopes: vec![Scope::Admin],
            provinces: owned(provinces),
            fields: owned(fields),
        }
    }

    #[test]
    fn nobody_makes_a_client_that_reaches_further() {
        let wide = client(None, &[], &[]);
        let narrow = client(Some("H02.12"), &["a", "b"], &["it"]);
        for (administrator, made, places, why) in [
            (&wide, wide.clone(), &[][..], "who is not narrowed makes anyone"),
            (&wide, narrow.clone(), &[], "and those that are"),
            (&narrow, narrow.clone(), &[], "the same"),
            (&narrow, client(Some("H02.12"), &["b"], &["it"]), &[], "fewer provinces"),
            (&narrow, wide.clone(), &["/organisation", "/provinces", "/fields"], "for all"),
            (&narrow, client(Some("H02.13"), &["a"], &["it"]), &["/organisation"], "another organisation"),
            (&narrow, client(Some("H02.12"), &["a", "c"], &["it"]), &["/provinces/1"], "another province"),
            (&narrow, client(Some("H02.12"), &["a"], &["trade", "it"]), &["/fields/0"], "another field"),
            (&client(None, &["a"], &[]), client(None, &["a"], &["it"]), &[], "narrowed in provinces only"),
        ] {
            let found: Vec<String> = beyond(administrator, &made).iter().map(|located| located.place.to_string()).collect();
            assert_eq!(found, places, "{why}");
        }
    }
}
