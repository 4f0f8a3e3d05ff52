//! Who may do what: scopes, and the caller who holds them.

use std::net::IpAddr;

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
    /// The keys of the provinces it works for; all when empty.
    pub provinces: Vec<String>,
    /// The fields of work that it works in; all when empty.
    pub fields: Vec<String>,
}

/// Who is asking: a client with the scopes of its token, or anyone; and from where.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    client: Option<Client>,
    /// Where the request came from.
    pub origin: Origin,
}

/// Where a request came from, as the record of accesses names it; nothing for what the command line does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address of the peer.
    pub address: Option<IpAddr>,
    /// What the log calls the request.
    pub request_id: Option<String>,
}

impl Caller {
    /// Someone without a token.
    #[must_use]
    pub fn anyone() -> Caller {
        Caller::default()
    }

    /// A client, with what its token allows.
    #[must_use]
    pub fn of(client: Client) -> Caller {
        Caller { client: Some(client), origin: Origin::default() }
    }

    /// The same, from somewhere.
    #[must_use]
    pub fn from_origin(self, origin: Origin) -> Caller {
        Caller { origin, ..self }
    }

    /// The client; `None` for someone without a token.
    #[must_use]
    pub fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }

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
        match &self.client {
            None => Err(Fault::new(Code::TokenMissing, "this call needs a token; see POST /oauth/token").allowing([scope.as_str()])),
            Some(client) if client.scopes.contains(&scope) => Ok(client),
            Some(_) => Err(Fault::new(Code::ScopeMissing, format!("the token does not hold the scope `{}`", scope.as_str()))
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
