//! How a client proves who it is: by its secret, or by an assertion that it signed (RFC 6749 §2.3, RFC 7523 §2.2).
//! Whatever is wrong, it is told the same.

use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;

use super::assertions;
use super::clients::verify;
use crate::domain::access::client::Client;
use crate::domain::fault::{Code, Fault};
use crate::service::ServiceError;
use crate::state::State;
use crate::store::clients::StoredClient;
use crate::store::{self, StoreError};

/// What a client signs in with.
#[derive(Debug)]
pub enum Credentials {
    /// Its id and one of its secrets.
    Secret {
        /// The id, as it was sent.
        id: String,
        /// The secret.
        secret: String,
    },
    /// A JWT that it signed with a key of its own.
    Assertion {
        /// The id, where it was sent beside the assertion.
        id: Option<String>,
        /// The JWT.
        assertion: String,
    },
}

impl Credentials {
    /// The id of the client that they say they are of, whether they are or not; of all that is no id the same.
    #[must_use]
    pub fn named(&self) -> String {
        match self {
            Credentials::Secret { id, .. } => client_id(id),
            Credentials::Assertion { assertion, .. } => client_id(&assertions::subject(assertion).unwrap_or_default()),
        }
    }
}

/// How often it is noted at most that a client signs in.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// The client that these credentials are of.
///
/// # Errors
/// `invalid_client`, the same for a client that is unknown, disabled or expired, and for credentials that are not its own.
pub async fn sign_in(state: &State, credentials: &Credentials) -> Result<Client, ServiceError> {
    let proven = match credentials {
        Credentials::Secret { id, secret } => by_secret(state, id, secret.clone()).await?,
        Credentials::Assertion { id, assertion } => assertions::verify(state, id.as_deref(), assertion).await?,
    };
    let now = state.clock.now();
    let stored = proven.filter(|stored| stored.is_good_at(now)).ok_or_else(|| refused(WRONG))?;
    let id = stored.client.id.clone();
    if stored.last_used_at.is_none_or(|last| now - last >= NOTED_EVERY) {
        let noted: Result<(), StoreError> = state.db.write(move |conn| store::clients::used(conn, &id, now)).await;
        if let Err(failure) = noted {
            // A client is not kept out because nobody can write down that it was here.
            log::warn!("it was not noted that a client signed in client={} cause={failure:?}", stored.client.id);
        }
    }
    Ok(stored.client)
}

/// What every refused client is told.
const WRONG: &str = "the client is unknown, its secret or assertion wrong, or it is disabled or expired";

/// Credentials that are no good, or none.
#[must_use]
pub fn refused(why: &str) -> ServiceError {
    ServiceError::Unauthenticated(Fault::new(Code::InvalidClient, why))
}

/// Ids are UUIDs; anything else is as unknown as an id that nobody has.
pub(crate) fn client_id(text: &str) -> String {
    Uuid::parse_str(text).unwrap_or_default().to_string()
}

async fn by_secret(state: &State, id: &str, secret: String) -> Result<Option<StoredClient>, ServiceError> {
    let id = client_id(id);
    let stored = state.db.read(move |conn| Ok::<_, ServiceError>(store::clients::find(conn, &id)?)).await?;
    let now = state.clock.now();
    let secrets = stored.iter().flat_map(|stored| &stored.secrets).filter(|secret| secret.is_good_at(now));
    let hashes: Vec<String> = secrets.map(|secret| secret.hash.clone()).collect();
    let turn = Arc::clone(&state.secret_checks).acquire_owned().await.expect("the semaphore is never closed");
    // Argon2 takes tens of milliseconds on purpose: not on a thread that serves others. The turn goes along, for the work goes on where
    // the caller has gone.
    let fits = tokio::task::spawn_blocking(move || {
        let fits = verify(&secret, &hashes);
        drop(turn);
        fits
    });
    let fits = fits.await.unwrap_or(false);
    Ok(stored.filter(|_| fits))
}
