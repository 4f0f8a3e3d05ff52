//! Permissions and visibility: scopes, the remit of a client, and disclosure control.
//! Tokens and requests are not known here.

pub mod client;
pub mod client_draft;
mod disclosure;
pub mod grants;
pub mod remit;
pub mod role;
pub mod scope;
pub mod visible_catalogue;
