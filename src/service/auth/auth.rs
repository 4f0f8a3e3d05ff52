//! The objects of authentication: the keys, the trusted issuer, the secret checks and the login throttle.
//! Methods to sign in are in `sign_in`, methods for tokens in `tokens`.

use std::sync::Arc;

use super::elapsed::Elapsed;
use super::issuer::TrustedIssuer;
use super::keys::Keys;
use super::login_throttle::LoginThrottle;
use super::secrets::SecretChecks;
use crate::context::Context;
use crate::store::StoreError;

/// Authenticates clients and their tokens.
pub struct Auth {
    pub(super) context: Arc<Context>,
    /// The keys that tokens are signed with.
    pub keys: Keys,
    /// The trusted external issuer, if any.
    pub(super) trusted_issuer: Option<Arc<TrustedIssuer>>,
    pub(super) secrets: SecretChecks,
    pub(super) throttle: LoginThrottle,
    /// The time scale of the throttle.
    pub(super) elapsed: Elapsed,
}

impl Auth {
    /// Makes the objects from the settings.
    #[must_use]
    pub fn new(context: Arc<Context>, keys: Keys) -> Auth {
        let settings = &context.settings;
        let trust = &settings.trust;
        let of = |issuer| TrustedIssuer::new(issuer, trust.audience(&settings.issuer), &trust.trusted_client_claim, &trust.trusted_jwks);
        let trusted_issuer = trust.issuer().map(|issuer| Arc::new(of(issuer)));
        Auth {
            keys,
            trusted_issuer,
            secrets: SecretChecks::default(),
            throttle: LoginThrottle::default(),
            elapsed: Elapsed::since_now(&context.clock),
            context,
        }
    }

    /// Reads the keys of the trusted issuer, if there is one.
    ///
    /// # Errors
    /// `StoreError::Unusable` if the trusted issuer is this service, or if none of its keys can be used.
    pub fn read_trusted_keys(&self) -> Result<(), StoreError> {
        let Some(issuer) = &self.trusted_issuer else { return Ok(()) };
        let settings = &self.context.settings;
        if settings.trust.issuer() == Some(settings.issuer.as_str()) {
            return Err(StoreError::Unusable("the trusted issuer is to be another than this service".into()));
        }
        issuer.read_keys()
    }
}
