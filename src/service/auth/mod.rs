//! Clients, sign-in, tokens, keys, and limits on how often somebody may ask.
//! Who may do what is in `domain::access`.

pub mod assertions;
pub mod auth;
pub mod clients;
mod elapsed;
pub mod issuer;
pub mod jwk;
pub mod jwt;
pub mod keys;
pub mod login_throttle;
pub mod rate_limits;
mod secrets;
pub mod sign_in;
pub mod tokens;
