//! Indicators: reading the catalogue and changing it version by version.
//! The checks of a definition are in `domain::indicator`.

use std::sync::Arc;

use serde_json::json;

use super::snapshot::{self, Reading, Recorded, Writing, read, write_as};
use crate::context::Context;
use crate::domain::access::role::{Authorized, Caller, EditCatalogue, Visibility};
use crate::domain::access::scope::Scope;
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::version::Version;
use crate::domain::fault::{Code, Fault, Location};
use crate::domain::message::message;
use crate::domain::read_only::ReadOnly;
use crate::domain::text::fold;
use crate::service::ServiceError;
use crate::service::operations::audit::{Action, Outcome, WriteContext};
use crate::store;
use crate::store::definitions::RecordedBy;

/// A query for indicators.
#[derive(Debug, Default)]
pub struct IndicatorQuery {
    /// The field of work.
    pub field: Option<String>,
    /// A text in the name, code or definition; accents and case do not matter.
    pub q: Option<String>,
    /// The last code of the page before.
    pub after: Option<String>,
    /// The page size.
    pub limit: usize,
}

/// An indicator and its version.
pub type Entry = (Indicator, i32);

/// Lists indicators by code.
///
/// # Errors
/// A field without indicators; any failure of the database.
pub async fn list_indicators(context: &Arc<Context>, caller: &Caller, wanted: IndicatorQuery) -> Result<Vec<Entry>, ServiceError> {
    read(context, caller, move |_, Reading { catalogue, caller, .. }| {
        let needle = wanted.q.as_deref().map(fold);
        if let Some(field) = &wanted.field {
            let mut fields: Vec<&str> = catalogue.indicators(caller).map(|found| found.indicator.field.as_str()).collect();
            fields.sort_unstable();
            fields.dedup();
            if !fields.contains(&field.as_str()) {
                let fault = Fault::new(
                    Code::InvalidValue,
                    message!(
                        en: "no indicator is of the field `{field}`",
                        vi: "không có chỉ tiêu nào thuộc lĩnh vực `{field}`"
                    ),
                )
                .allowing(fields);
                return Err(ServiceError::parameter("field", fault));
            }
        }
        let found = catalogue
            .indicators(caller)
            .filter(|found| wanted.after.as_ref().is_none_or(|after| found.indicator.code > *after))
            .filter(|found| wanted.field.as_ref().is_none_or(|field| found.indicator.field == *field))
            .filter(|found| needle.as_ref().is_none_or(|needle| matches(found.indicator, needle)))
            .take(wanted.limit);
        Ok(found.map(|found| (found.indicator.clone(), found.version)).collect())
    })
    .await
}

/// Finds an indicator by code.
///
/// # Errors
/// `ServiceError::NotFound`, if it does not exist and also if the caller may not see it.
pub async fn get_indicator(context: &Arc<Context>, caller: &Caller, code: &str) -> Result<Entry, ServiceError> {
    let code = code.to_owned();
    read(context, caller, move |_, Reading { catalogue, caller, .. }| {
        let found = catalogue.indicator(&code, caller).map_err(ServiceError::NotFound)?;
        Ok((found.indicator.clone(), found.version))
    })
    .await
}

/// Lists all versions of an indicator's definition, oldest first.
///
/// # Errors
/// `ServiceError::NotFound`, if it does not exist and also if the caller may not see it.
pub async fn list_indicator_versions(context: &Arc<Context>, caller: &Caller, code: &str) -> Result<Vec<Version<Indicator>>, ServiceError> {
    let code = code.to_owned();
    read(context, caller, move |conn, Reading { catalogue, caller, .. }| {
        // Access follows the current definition.
        let found = catalogue.indicator(&code, caller).map_err(ServiceError::NotFound)?;
        Ok(store::indicators::history(conn, &found.indicator.code)?)
    })
    .await
}

/// Records a definition: a new indicator, or a new version of one.
///
/// # Errors
/// Without the scope `catalogue`; a change of unit, multiplier or measure of an existing code; a read-only member that differs.
pub async fn put_indicator(
    write: &WriteContext,
    by: &Authorized<EditCatalogue>,
    indicator: Indicator,
    reason: Option<String>,
    read_only: ReadOnly,
) -> Result<(Entry, Recorded), ServiceError> {
    write_as(write, by, move |conn, by| {
        let Writing { context, client, caller, catalogue, .. } = *by;
        let before = catalogue.current(&indicator.code);
        client.may_change_for_all().map_err(ServiceError::denied)?;
        // A caller may not replace a version that they may not see.
        if before.is_some_and(|found| !caller.may_see(found.indicator)) {
            caller.holding(Scope::Read).map_err(ServiceError::denied)?;
            let fault = Fault::new(
                Code::FieldNotAllowed,
                message!(
                    en: "the code is taken in a field that this client does not work in",
                    vi: "mã này đã dùng trong lĩnh vực mà hệ thống gọi API này không phụ trách"
                ),
            );
            return Err(ServiceError::denied(fault.allowing(client.fields.iter().cloned())));
        }
        // A restricted client may move no indicator out of another field, nor into one.
        let denied = before.iter().map(|found| found.indicator).chain([&indicator]).find_map(|of| client.may_work_in(of).err());
        if let Some(denied) = denied {
            return Err(ServiceError::Forbidden(vec![denied.at(Location::Pointer("/field".into()))]));
        }
        // Access holds for the figures of all organisations, so nobody who is narrowed to one changes it.
        let opens = before.is_some_and(|found| found.indicator.access != indicator.access);
        if opens && client.is_narrowed() {
            let message = message!(
                en: "only a client who is not narrowed changes `access`",
                vi: "chỉ hệ thống gọi API không bị giới hạn phạm vi mới đổi được `access`"
            );
            return Err(ServiceError::Forbidden(vec![Fault::new(Code::ClientNarrowed, message).at(Location::Pointer("/access".into()))]));
        }
        // Who sees figures in fives only does not open them.
        if before.is_some_and(|found| found.indicator.access != indicator.access && caller.visibility(found.indicator) != Visibility::Exact)
        {
            let message = message!(
                en: "who may read an indicator is changed by those who send or review its figures as well",
                vi: "quyền xem chỉ tiêu chỉ được đổi bởi hệ thống cũng gửi hoặc duyệt số liệu của chỉ tiêu đó"
            );
            let scopes = [Scope::Submit, Scope::Approve].map(Scope::as_str);
            return Err(ServiceError::denied(Fault::new(Code::ScopeMissing, message).allowing(scopes)));
        }
        let stored = [("code", json!(indicator.code)), ("version", json!(before.map(|before| before.version)))];
        let mut faults = read_only.differences("", &stored);
        let locked = before.map(|before| indicator.locked_differences(before.indicator)).unwrap_or_default();
        faults.extend(locked.into_iter().map(|(field, fault)| fault.at(Location::Pointer(format!("/{field}")))));
        if !faults.is_empty() {
            return Err(ServiceError::Invalid(faults));
        }
        let unchanged = catalogue.current(&indicator.code).is_some_and(|latest| *latest.indicator == indicator);
        let now = if unchanged { context.clock.now() } else { store::writes::instant(conn, context.clock.now())? };
        let authority = RecordedBy { client: Some(&client.id), reason: reason.as_deref(), ..RecordedBy::default() };
        let recorded = snapshot::record(conn, catalogue, &indicator, now, &authority)?;
        let subject = format!("indicator {} version {}", indicator.code, recorded.version());
        by.record(conn, Action::PutIndicator, &subject, Outcome::of_change(!unchanged), now)?;
        Ok(((indicator, recorded.version()), recorded))
    })
    .await
}

fn matches(indicator: &Indicator, needle: &str) -> bool {
    [&indicator.code, &indicator.name, &indicator.name_en, &indicator.definition].iter().any(|text| fold(text).contains(needle))
}
