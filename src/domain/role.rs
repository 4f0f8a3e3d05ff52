//! Who may do what: scopes, and the caller who holds them.

use super::fault::{Code, Fault, words};
use super::indicator::{Access, Indicator};
use super::province::Province;

words! {
    /// What a token allows.
    pub enum Scope {
        /// Read figures that are not open.
        Read = "read",
        /// Submit figures.
        Submit = "submit",
        /// Approve what others submitted.
        Approve = "approve",
        /// Set targets.
        Targets = "targets",
        /// Change the catalogue.
        Catalogue = "catalogue",
        /// Administer clients.
        Admin = "admin",
    }
}

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
    /// The keys of the provinces it may write for; all when empty.
    pub provinces: Vec<String>,
}

/// Who is asking: a client with the scopes of its token, or anyone.
#[derive(Debug, Clone)]
pub enum Caller {
    /// No token.
    Anyone,
    /// A client, with what its token allows.
    Client(Client),
}

impl Caller {
    /// Whether this caller may know of an indicator.
    #[must_use]
    pub fn may_see(&self, indicator: &Indicator) -> bool {
        match indicator.access {
            Access::Open => true,
            Access::Internal | Access::Restricted => self.holding(Scope::Read).is_ok(),
        }
    }

    /// The client, if its token allows this.
    ///
    /// # Errors
    /// `token_missing` or `scope_missing`.
    pub fn holding(&self, scope: Scope) -> Result<&Client, Fault> {
        match self {
            Caller::Anyone => {
                Err(Fault::new(Code::TokenMissing, "this call needs a token; see POST /oauth/token").allowing([scope.as_str()]))
            }
            Caller::Client(client) if client.scopes.contains(&scope) => Ok(client),
            Caller::Client(_) => Err(Fault::new(Code::ScopeMissing, format!("the token does not hold the scope `{}`", scope.as_str()))
                .allowing([scope.as_str()])),
        }
    }
}

impl Client {
    /// Whether the client may write for a province.
    ///
    /// # Errors
    /// `province_not_allowed`, with the provinces it may write for.
    pub fn may_write(&self, province: &Province) -> Result<(), Fault> {
        if self.provinces.is_empty() || self.provinces.contains(&province.key) {
            return Ok(());
        }
        let message = format!("this client does not write for {} ({})", province.name, province.key);
        Err(Fault::new(Code::ProvinceNotAllowed, message).allowing(self.provinces.iter().cloned()))
    }
}
