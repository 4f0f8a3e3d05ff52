//! Authentication of a client by a secret or by an assertion signed with its key (RFC 6749 §2.3, RFC 7523 §2.2).
//! All failures give the same answer; tokens are in `tokens`.

use chrono::TimeDelta;
use ipnet::IpNet;

use super::assertions;
use super::auth::Auth;
use crate::domain::access::client::Client;
use crate::domain::fault::{Code, Fault};
use crate::domain::message::{Message, message};
use crate::service::ServiceError;
use crate::store::clients::StoredClient;
use crate::store::{self, StoreError};

/// The credentials of a client.
#[derive(Debug)]
pub enum Credentials {
    /// A client id with a secret.
    Secret {
        /// The id as sent.
        id: String,
        /// The secret.
        secret: String,
    },
    /// A JWT signed with a key of the client.
    Assertion {
        /// The id as sent beside the assertion, if any.
        id: Option<String>,
        /// The JWT.
        assertion: String,
    },
}

impl Credentials {
    /// The client id in the credentials, not verified. Every text that is no UUID gives the same nil UUID.
    #[must_use]
    pub fn named(&self) -> String {
        match self {
            Credentials::Secret { id, .. } => assertions::client_id(id),
            Credentials::Assertion { assertion, .. } => assertions::client_id(&assertions::subject(assertion).unwrap_or_default()),
        }
    }
}

/// Shortest time between two updates of `last_used_at`.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// The message for every failed sign-in.
const WRONG: Message = Message::fixed(
    "the client is unknown, its secret or assertion wrong, or it is disabled or expired",
    "không có hệ thống gọi API này, khóa bí mật hoặc chứng thực sai, hoặc hệ thống đã bị khóa hay hết hạn",
);

/// The fault for missing or wrong credentials.
#[must_use]
pub fn refused(why: Message) -> ServiceError {
    ServiceError::Unauthenticated(Fault::new(Code::InvalidClient, why))
}

impl Auth {
    /// Authenticates a client. After too many failed attempts, the attempt is refused without a check.
    ///
    /// # Errors
    /// `too_many_requests`; as [`Auth::prove`].
    pub async fn sign_in(&self, credentials: &Credentials, network: IpNet) -> Result<Client, ServiceError> {
        let named = credentials.named();
        if let Err(wait) = self.throttle.admit(&named, network, self.elapsed.seconds()) {
            let message = message!(
                en: "too many attempts failed; the next is looked at in {wait} s",
                vi: "đăng nhập sai quá nhiều lần; thử lại sau {wait} giây"
            );
            return Err(ServiceError::TooManyRequests(Fault::new(Code::TooManyRequests, message), wait));
        }
        let proven = self.prove(credentials).await;
        match &proven {
            Err(ServiceError::Unauthenticated(_)) => self.throttle.failed(&named, network, self.elapsed.seconds()),
            Ok(_) => self.throttle.succeeded(&named, network, self.elapsed.seconds()),
            Err(_) => (),
        }
        proven
    }

    /// Authenticates a client.
    ///
    /// # Errors
    /// `invalid_client`, the same for an unknown, disabled or expired client and for wrong credentials.
    pub async fn prove(&self, credentials: &Credentials) -> Result<Client, ServiceError> {
        let proven = match credentials {
            Credentials::Secret { id, secret } => self.by_secret(id, secret.clone()).await?,
            Credentials::Assertion { id, assertion } => assertions::verify(&self.context, id.as_deref(), assertion).await?,
        };
        let now = self.context.clock.now();
        let stored = proven.filter(|stored| stored.is_good_at(now)).ok_or_else(|| refused(WRONG))?;
        let id = stored.client.id.clone();
        if stored.last_used_at.is_none_or(|last| now - last >= NOTED_EVERY) {
            let noted: Result<(), StoreError> = self.context.db.write(move |conn| store::clients::used(conn, &id, now)).await;
            if let Err(failure) = noted {
                // A failed update of `last_used_at` must not keep a client out.
                log::warn!("it was not noted that a client signed in client={} cause={failure:?}", stored.client.id);
            }
        }
        Ok(stored.client)
    }

    async fn by_secret(&self, id: &str, secret: String) -> Result<Option<StoredClient>, ServiceError> {
        let id = assertions::client_id(id);
        let stored = self.context.db.read(move |conn| Ok::<_, ServiceError>(store::clients::find(conn, &id)?)).await?;
        let now = self.context.clock.now();
        let secrets = stored.iter().flat_map(|stored| &stored.secrets).filter(|secret| secret.is_good_at(now));
        let hashes = secrets.map(|secret| secret.hash.clone()).collect();
        let fits = self.secrets.fits(secret, hashes).await;
        Ok(stored.filter(|_| fits))
    }
}
