//! Clients: programs that call the API on behalf of an organisation, with their scopes, provinces and fields.
//! Who is calling is in `role`.

use super::scope::Scope;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::fault::{Code, Fault};

/// A program that calls the API on an organisation's behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The id it signs in with.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The organisation it speaks for, if it is bound to one.
    pub organisation: Option<String>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The keys of the provinces it works for; all when empty.
    pub provinces: Vec<String>,
    /// The fields of work that it works in; all when empty.
    pub fields: Vec<String>,
}

impl Client {
    /// Whether it is bound to an organisation, or to some provinces or fields.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.organisation.is_some() || !self.provinces.is_empty() || !self.fields.is_empty()
    }

    /// Whether it may change what holds for all provinces, such as what an indicator means.
    ///
    /// # Errors
    /// `client_narrowed`.
    pub fn may_change_for_all(&self) -> Result<(), Fault> {
        let message = "this client is narrowed to provinces, and what it would change holds for all of them";
        if self.provinces.is_empty() { Ok(()) } else { Err(Fault::new(Code::ClientNarrowed, message)) }
    }

    /// Whether the client works in the field of an indicator.
    ///
    /// # Errors
    /// `field_not_allowed`, with the fields it works in.
    pub fn may_work_in(&self, indicator: &Indicator) -> Result<(), Fault> {
        if self.fields.is_empty() || self.fields.contains(&indicator.field) {
            return Ok(());
        }
        let message = format!("this client does not work in the field `{}` of {}", indicator.field, indicator.code);
        Err(Fault::new(Code::FieldNotAllowed, message).allowing(self.fields.iter().cloned()))
    }
}
