//! Who may do and see what: scopes, the remit of a client, and disclosure control.
//! Knows no tokens and no requests.

pub mod client;
pub mod client_draft;
mod disclosure;
pub mod origin;
pub mod remit;
pub mod role;
pub mod scope;
pub mod visible_catalogue;
