//! Who may do and see what: clients, tokens, keys, limits.
//! The audit log is in `operations`.

pub mod assertions;
pub mod authz;
pub mod clients;
pub mod clients_refused;
pub mod grants;
pub mod keys;
pub mod mass_assignment;
pub mod narrowed;
pub mod rate_limits;
pub mod restricted;
pub mod revocation;
pub mod token_attacks;
pub mod tokens;
pub mod trusted_issuer;
pub mod unseen;
