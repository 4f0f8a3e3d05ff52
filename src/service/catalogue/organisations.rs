//! Organisations: who reports, and whether what they send is published without review.

use std::sync::Arc;

use crate::domain::access::role::{Administer, Authorized};
use crate::domain::catalogue::organisation::Organisation;
use crate::domain::fault::{Code, Fault, Location};
use crate::service::ServiceError;
use crate::service::operations::audit::{self, Action, Outcome};
use crate::state::State;
use crate::store;

/// All organisations that something was said of, by id.
///
/// # Errors
/// Without the scope `admin`.
pub async fn list(state: &Arc<State>, _: &Authorized<Administer>) -> Result<Vec<Organisation>, ServiceError> {
    state.db.read(|conn| Ok(store::organisations::list(conn)?)).await
}

/// Finds an organisation.
///
/// # Errors
/// Without the scope `admin`; `ServiceError::NotFound`.
pub async fn find(state: &Arc<State>, _: &Authorized<Administer>, id: &str) -> Result<Organisation, ServiceError> {
    let id = id.to_owned();
    let found = state.db.read(move |conn| Ok::<_, ServiceError>(store::organisations::find(conn, &id)?)).await?;
    found.ok_or_else(|| ServiceError::NotFound(Fault::new(Code::NotFound, "nothing was said of this organisation")))
}

/// Records what is said of an organisation, and returns whether it is new.
///
/// # Errors
/// Without the scope `admin`.
pub async fn put(state: &Arc<State>, by: &Authorized<Administer>, organisation: Organisation) -> Result<bool, ServiceError> {
    let administrator = by.client();
    // Whom to trust is said of an organisation by its own administrators, and by those of all; and holds for every province and field.
    let own = administrator.organisation.as_ref().is_none_or(|own| *own == organisation.id);
    if !own || !administrator.provinces.is_empty() || !administrator.fields.is_empty() {
        let message = format!("{} is beyond what you are narrowed to", organisation.id);
        return Err(ServiceError::Forbidden(vec![Fault::new(Code::BeyondAdministrator, message).at(Location::Request)]));
    }
    let client = administrator.id.clone();
    let (at, caller) = (state.clock.now(), by.caller().clone());
    state
        .db
        .write(move |conn| {
            let changed = store::organisations::find(conn, &organisation.id)?.is_none_or(|known| known != organisation);
            let new = changed && store::organisations::append(conn, &organisation, at, Some(&client))?;
            let subject = format!("organisation {}", organisation.id);
            audit::record(conn, &caller, Action::PutOrganisation, &subject, Outcome::of_change(changed), at)?;
            Ok(new)
        })
        .await
}
