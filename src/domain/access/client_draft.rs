//! What may be said of a client, and what lies beyond whoever says it.
//! Who a client is to the rest of the program stands in `role`; how it signs in, in `service`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::client::Client;
use super::scope::Scope;
use crate::domain::catalogue::organisation;
use crate::domain::catalogue::province::Provinces;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::jwk::KeySet;
use crate::domain::text;

/// The most provinces, and the most fields of work, that a client is narrowed to by name.
pub const MOST_NAMED: usize = 200;

/// A client as somebody describes it; what could not be read is absent and has its fault.
#[derive(Debug, Default)]
pub struct Draft {
    /// What people call it.
    pub name: Option<String>,
    /// The organisation that it speaks for.
    pub organisation: Option<String>,
    /// What it may do; none where the description has none.
    pub scopes: Vec<Scope>,
    /// Keys of the provinces that it works for, each with its place; all when empty.
    pub provinces: Vec<(usize, String)>,
    /// Fields of work that it works in, each with its place; all when empty.
    pub fields: Vec<(usize, String)>,
    /// From when on it may not sign in.
    pub expires_at: Option<DateTime<Utc>>,
    /// The public keys that it signs with.
    pub jwks: Option<KeySet>,
    /// What could not be read.
    pub faults: Vec<LocatedFault>,
}

/// A description without faults.
#[derive(Debug)]
pub struct ClientSettings {
    /// What people call it.
    pub name: String,
    /// The organisation that it speaks for.
    pub organisation: Option<String>,
    /// What it may do; never empty.
    pub scopes: Vec<Scope>,
    /// Keys of the provinces that it works for; all when empty.
    pub provinces: Vec<String>,
    /// Fields of work that it works in; all when empty.
    pub fields: Vec<String>,
    /// From when on it may not sign in.
    pub expires_at: Option<DateTime<Utc>>,
    /// The public keys that it signs with.
    pub jwks: Option<KeySet>,
}

/// What a description is held against.
#[derive(Debug)]
pub struct Known<'k> {
    /// All provinces of all times.
    pub provinces: &'k Provinces,
    /// The fields of work of all indicators.
    pub fields: &'k BTreeSet<String>,
    /// The names of the other clients, those that are disabled among them.
    pub names: &'k BTreeSet<String>,
    /// The present moment.
    pub now: DateTime<Utc>,
    /// The expiry that the client has already: one that has passed may be said again.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Draft {
    /// The description, where nothing is wrong with it.
    ///
    /// # Errors
    /// Every fault: what could not be read, and what cannot be beside what is known.
    pub fn check(self, known: &Known<'_>) -> Result<ClientSettings, Vec<LocatedFault>> {
        let Draft { name, organisation, scopes, provinces, fields, expires_at, jwks, faults: mut all } = self;
        let is_read = |all: &[LocatedFault], pointer: &str| {
            // Of a body that is no object nothing is read.
            let about = |at: &str| at.is_empty() || at == pointer || at.starts_with(&format!("{pointer}/"));
            !all.iter().any(|found| matches!(&found.place, Location::Pointer(at) if about(at)))
        };
        let name = match name.map(|name| text::clean(&name, 100)) {
            Some(Ok(name)) => Some(name),
            Some(Err(fault)) => note(&mut all, "/name", fault),
            None if is_read(&all, "/name") => note(&mut all, "/name", Fault::new(Code::MissingField, "`name` is needed")),
            None => None,
        };
        if let Some(name) = name.as_ref().filter(|name| known.names.contains(*name)) {
            note::<()>(&mut all, "/name", Fault::new(Code::NameTaken, format!("a client is called `{name}` already")));
        }
        if organisation.as_deref().is_some_and(|id| !organisation::is_id(id)) {
            let message = "an identifier is groups of letters and digits joined by dots, at most 35 characters, such as H02.12";
            note::<()>(&mut all, "/organisation", Fault::new(Code::InvalidValue, message));
        }
        if scopes.is_empty() && is_read(&all, "/scopes") {
            let fault = Fault::new(Code::InvalidValue, "a client has at least one scope").allowing(Scope::WORDS.iter().copied());
            note::<()>(&mut all, "/scopes", fault);
        }
        for (pointer, named) in [("/provinces", &provinces), ("/fields", &fields)] {
            if named.len() > MOST_NAMED {
                let message = format!("a client is narrowed to at most {MOST_NAMED} of them");
                note::<()>(&mut all, pointer, Fault::new(Code::BatchSize, message));
            }
        }
        for (place, key) in provinces.iter().take(MOST_NAMED).filter(|(_, key)| known.provinces.get(key).is_none()) {
            let message = format!("no province has the key `{}`; keys look like bac-giang-2004", shown(key));
            note::<()>(&mut all, &format!("/provinces/{place}"), Fault::new(Code::UnknownProvince, message));
        }
        for (place, field) in fields.iter().take(MOST_NAMED).filter(|(_, field)| !known.fields.contains(field)) {
            let fault = Fault::new(Code::InvalidValue, format!("no indicator is of the field `{}`", shown(field)));
            note::<()>(&mut all, &format!("/fields/{place}"), fault.allowing(known.fields));
        }
        if let Some(expires_at) = expires_at.filter(|at| *at <= known.now && Some(*at) != known.expires_at) {
            note::<()>(&mut all, "/expires_at", Fault::new(Code::InvalidValue, format!("{expires_at} is past")));
        }
        let [provinces, fields] = [provinces, fields].map(|named| each_once(named.into_iter().map(|(_, text)| text)));
        let scopes = each_once(scopes);
        let terms = name.map(|name| ClientSettings { name, organisation, scopes, provinces, fields, expires_at, jwks });
        terms.filter(|_| all.is_empty()).ok_or(all)
    }
}

impl ClientSettings {
    /// The client that is meant, under this id.
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

/// What of a client lies beyond what an administrator is narrowed to: another organisation, provinces or fields than its own. Nothing lies
/// beyond one that is not narrowed; scopes are not part of it, because an administrator gives any.
#[must_use]
pub fn beyond(administrator: &Client, client: &Client) -> Vec<LocatedFault> {
    let mut all = Vec::new();
    if let Some(own) = administrator.organisation.as_ref().filter(|own| client.organisation.as_ref() != Some(*own)) {
        let message = match &client.organisation {
            Some(other) => format!("the organisation {other} is not yours"),
            None => "a client of no organisation is beyond you".to_owned(),
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
            let fault = Fault::new(Code::BeyondAdministrator, "you are narrowed, and nobody that you make is for all");
            note::<()>(&mut all, pointer, fault.allowing(own));
        }
        for (place, other) in named.iter().enumerate().filter(|(_, other)| !own.contains(other)) {
            let fault = Fault::new(Code::BeyondAdministrator, format!("`{other}` is beyond what you are narrowed to"));
            note::<()>(&mut all, &format!("{pointer}/{place}"), fault.allowing(own));
        }
    }
    all
}

/// A list with each item where it stands first.
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
