//! Clients: programs that call the API for an organisation, with their scopes, provinces and fields.
//! The caller of a request is in `role`.

use super::scope::Scope;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::message;

/// A program that calls the API for an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The client id for sign-in.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The organisation of the client, if it belongs to one.
    pub organisation: Option<String>,
    /// The granted scopes.
    pub scopes: Vec<Scope>,
    /// The scopes that it may grant, as an administrator; [`super::grants`] says to whom.
    pub may_grant: Vec<Scope>,
    /// The keys of its provinces; empty for all provinces.
    pub provinces: Vec<String>,
    /// Its subject fields; empty for all fields.
    pub fields: Vec<String>,
}

impl Client {
    /// Whether the client is restricted to an organisation, to provinces or to fields.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.organisation.is_some() || !self.provinces.is_empty() || !self.fields.is_empty()
    }

    /// Checks that the client may change data that all provinces share, such as indicator definitions.
    ///
    /// # Errors
    /// `client_narrowed`.
    pub fn may_change_for_all(&self) -> Result<(), Fault> {
        let message = message!(
            en: "this client is narrowed to provinces, and what it would change holds for all of them",
            vi: "hệ thống gọi API này chỉ phụ trách một số tỉnh, còn thay đổi này áp dụng cho mọi tỉnh"
        );
        if self.provinces.is_empty() { Ok(()) } else { Err(Fault::new(Code::ClientNarrowed, message)) }
    }

    /// Checks that the client may work in the subject field of an indicator.
    ///
    /// # Errors
    /// `field_not_allowed`, with the fields of the client.
    pub fn may_work_in(&self, indicator: &Indicator) -> Result<(), Fault> {
        if self.fields.is_empty() || self.fields.contains(&indicator.field) {
            return Ok(());
        }
        let message = message!(
            en: "this client does not work in the field `{}` of {}",
            vi: "hệ thống gọi API này không phụ trách lĩnh vực `{}` của chỉ tiêu {}", indicator.field, indicator.code
        );
        Err(Fault::new(Code::FieldNotAllowed, message).allowing(self.fields.iter().cloned()))
    }
}
