//! Organisations: senders of figures, and whether their figures are published without review.
//! Their obligations are in `obligations`.

use std::sync::Arc;

use serde_json::json;

use crate::context::Context;
use crate::domain::access::role::{Administer, Authorized};
use crate::domain::catalogue::organisation::Organisation;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::message::message;
use crate::domain::read_only::ReadOnly;
use crate::service::ServiceError;
use crate::service::operations::audit::{Action, Outcome, WriteContext};
use crate::store;

/// Lists all known organisations by id.
///
/// # Errors
/// Without the scope `admin`.
pub async fn list_organisations(context: &Arc<Context>, _: &Authorized<Administer>) -> Result<Vec<Organisation>, ServiceError> {
    context.db.read(|conn| Ok(store::organisations::list(conn)?)).await
}

/// Finds an organisation.
///
/// # Errors
/// Without the scope `admin`; `ServiceError::NotFound`.
pub async fn get_organisation(context: &Arc<Context>, _: &Authorized<Administer>, id: &str) -> Result<Organisation, ServiceError> {
    let id = id.to_owned();
    let found = context.db.read(move |conn| Ok::<_, ServiceError>(store::organisations::find(conn, &id)?)).await?;
    found.ok_or_else(|| {
        ServiceError::NotFound(Fault::new(
            Code::NotFound,
            message!(
                en: "nothing was said of this organisation",
                vi: "chưa có thông tin về cơ quan này"
            ),
        ))
    })
}

/// Records an organisation and returns true if it is new.
///
/// # Errors
/// Without the scope `admin`; `beyond_administrator`; a read-only member that differs.
pub async fn put_organisation(
    write: &WriteContext,
    by: &Authorized<Administer>,
    organisation: Organisation,
    read_only: ReadOnly,
) -> Result<bool, ServiceError> {
    let administrator = by.client();
    // The setting covers all provinces and fields. Only an administrator of this organisation or of all organisations may change it,
    // without a restriction to provinces or fields.
    let own = administrator.organisation.as_ref().is_none_or(|own| *own == organisation.id);
    if !own || !administrator.provinces.is_empty() || !administrator.fields.is_empty() {
        let message = message!(en: "{} is beyond what you are narrowed to", vi: "{} nằm ngoài phạm vi của bạn", organisation.id);
        return Err(ServiceError::Forbidden(vec![Fault::new(Code::BeyondAdministrator, message).at(Location::Request)]));
    }
    let faults = read_only.differences("", &[("id", json!(organisation.id))]);
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    let administrator = administrator.clone();
    let (shared, at, caller) = (write.clone(), write.context.clock.now(), by.caller().clone());
    write
        .context
        .db
        .write(move |conn| {
            let known = store::organisations::find(conn, &organisation.id)?;
            // Trust lets figures through without review: nobody gives it to the own organisation.
            if administrator.is_narrowed() && organisation.trusted != known.as_ref().is_some_and(|known| known.trusted) {
                let message = message!(
                    en: "only an administrator who is not narrowed changes `trusted`",
                    vi: "chỉ quản trị viên không bị giới hạn phạm vi mới đổi được `trusted`"
                );
                let fault = Fault::new(Code::BeyondAdministrator, message).at(Location::Pointer("/trusted".to_owned()));
                return Err(ServiceError::Forbidden(vec![fault]));
            }
            let changed = known.is_none_or(|known| known != organisation);
            let new = changed && store::organisations::append(conn, &organisation, at, Some(&administrator.id))?;
            let subject = format!("organisation {}", organisation.id);
            shared.record(conn, &caller, Action::PutOrganisation, &subject, Outcome::of_change(changed), at)?;
            Ok(new)
        })
        .await
}
