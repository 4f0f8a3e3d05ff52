//! Organisations: senders of figures, and whether their figures are published without review.
//! Their obligations are in `obligations`.

use std::sync::Arc;

use super::Refusal;
use super::audit::{self, Action, Outcome};
use crate::domain::fault::{Code, Fault, Place};
use crate::domain::organisation::Organisation;
use crate::domain::role::{Administering, Holder};
use crate::state::State;
use crate::store;

/// Lists all known organisations by id.
///
/// # Errors
/// Without the scope `admin`.
pub async fn list(state: &Arc<State>, _: &Holder<Administering>) -> Result<Vec<Organisation>, Refusal> {
    state.db.read(|conn| Ok(store::organisations::list(conn)?)).await
}

/// Finds an organisation.
///
/// # Errors
/// Without the scope `admin`; `Refusal::NotFound`.
pub async fn find(state: &Arc<State>, _: &Holder<Administering>, id: &str) -> Result<Organisation, Refusal> {
    let id = id.to_owned();
    let found = state.db.read(move |conn| Ok::<_, Refusal>(store::organisations::find(conn, &id)?)).await?;
    found.ok_or_else(|| Refusal::NotFound(Fault::new(Code::NotFound, "nothing was said of this organisation")))
}

/// Records an organisation and returns true if it is new.
///
/// # Errors
/// Without the scope `admin`; `beyond_administrator`.
pub async fn put(state: &Arc<State>, by: &Holder<Administering>, organisation: Organisation) -> Result<bool, Refusal> {
    let administrator = by.client();
    // The setting covers all provinces and fields. Only an administrator of this organisation or of all organisations may change it,
    // without a restriction to provinces or fields.
    let own = administrator.organisation.as_ref().is_none_or(|own| *own == organisation.id);
    if !own || !administrator.provinces.is_empty() || !administrator.fields.is_empty() {
        let message = format!("{} is beyond what you are narrowed to", organisation.id);
        return Err(Refusal::Forbidden(vec![Fault::new(Code::BeyondAdministrator, message).at(Place::Request)]));
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
