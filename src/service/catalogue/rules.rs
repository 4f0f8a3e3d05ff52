//! Rules between figures, read and changed version by version.
//! The evaluation of a rule is in `domain::rule`.

use std::sync::Arc;

use serde_json::json;

use super::snapshot::{self, Reading, Recorded, Writing, read, write_as};
use crate::context::Context;
use crate::domain::access::role::{Authorized, Caller, EditCatalogue};
use crate::domain::access::scope::Scope;
use crate::domain::catalogue::rule::Rule;
use crate::domain::catalogue::version::Version;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::validation::rule_draft::Draft;
use crate::service::ServiceError;
use crate::service::operations::audit::{Action, Outcome, WriteContext};
use crate::store;
use crate::store::definitions::RecordedBy;

/// A rule and its version.
pub type Entry = (Rule, i32);

/// Lists rules by code, one page after the given code.
///
/// # Errors
/// Any failure of the database.
pub async fn list_rules(context: &Arc<Context>, caller: &Caller, after: Option<String>, limit: usize) -> Result<Vec<Entry>, ServiceError> {
    read(context, caller, move |_, Reading { catalogue, caller, .. }| {
        let rules = catalogue.rules(caller).filter(|found| after.as_ref().is_none_or(|after| found.definition.code > *after));
        Ok(rules.take(limit).map(|found| (found.definition.clone(), found.version)).collect())
    })
    .await
}

/// Finds a rule by code.
///
/// # Errors
/// `ServiceError::NotFound`, if it does not exist and also if the caller may not see it.
pub async fn get_rule(context: &Arc<Context>, caller: &Caller, code: &str) -> Result<Entry, ServiceError> {
    let code = code.to_owned();
    read(context, caller, move |_, Reading { catalogue, caller, .. }| {
        let found = catalogue.rules(caller).find(|found| found.definition.code == code).ok_or_else(unknown)?;
        Ok((found.definition.clone(), found.version))
    })
    .await
}

/// Lists the versions of a rule, oldest first. Earlier versions with other indicators are listed only if the caller may see these.
///
/// # Errors
/// `ServiceError::NotFound`, if it does not exist and also if the caller may not see it.
pub async fn list_rule_versions(context: &Arc<Context>, caller: &Caller, code: &str) -> Result<Vec<Version<Rule>>, ServiceError> {
    let code = code.to_owned();
    read(context, caller, move |conn, Reading { catalogue, caller, .. }| {
        if !catalogue.rules(caller).any(|found| found.definition.code == code) {
            return Err(unknown());
        }
        let mut history = store::rules::history(conn, &code)?;
        history.retain(|version| version.definition.figures().all(|(indicator, _)| catalogue.indicator(indicator, caller).is_ok()));
        Ok(history)
    })
    .await
}

fn unknown() -> ServiceError {
    ServiceError::NotFound(Fault::new(
        Code::NotFound,
        message!(
            en: "no rule has this code; GET /v1/rules lists them",
            vi: "không có quy tắc nào mang mã này; xem danh sách ở GET /v1/rules"
        ),
    ))
}

/// Records a new rule, or a new version of one.
///
/// # Errors
/// Without the scope `catalogue`; all faults of the rule.
pub async fn put_rule(write: &WriteContext, by: &Authorized<EditCatalogue>, mut draft: Draft) -> Result<(Entry, Recorded), ServiceError> {
    write_as(write, by, move |conn, by| {
        let Writing { context, client, caller, catalogue, .. } = *by;
        client.may_change_for_all().map_err(ServiceError::denied)?;
        // A caller may not replace a version that they may not see.
        if catalogue.rule(&draft.code).is_some() && !catalogue.rules(caller).any(|found| found.definition.code == draft.code) {
            caller.holding(Scope::Read).map_err(ServiceError::denied)?;
        }
        let reason = draft.reason.take();
        let stored = [("code", json!(draft.code)), ("version", json!(catalogue.rule(&draft.code).map(|before| before.version)))];
        draft.faults.extend(draft.read_only.differences("", &stored));
        let rule = draft.check(catalogue, caller).map_err(ServiceError::Invalid)?;
        // A restricted client may not use indicators of other fields, nor replace a rule that does.
        let before = catalogue.rule(&rule.code).map(|before| &before.definition);
        let figures = before.into_iter().chain([&rule]).flat_map(Rule::figures);
        let denied = figures.filter_map(|(code, _)| client.may_work_in(catalogue.current(code)?.indicator).err());
        let denied: Vec<LocatedFault> = denied.map(|fault| fault.at(Location::Request)).collect();
        if !denied.is_empty() {
            return Err(ServiceError::Forbidden(denied));
        }
        let unchanged = catalogue.rule(&rule.code).is_some_and(|latest| latest.definition == rule);
        let now = if unchanged { context.clock.now() } else { store::writes::instant(conn, context.clock.now())? };
        let authority = RecordedBy { client: Some(&client.id), reason: reason.as_deref(), ..RecordedBy::default() };
        let recorded = snapshot::record_rule(conn, catalogue, &rule, now, &authority)?;
        let subject = format!("rule {} version {}", rule.code, recorded.version());
        by.record(conn, Action::PutRule, &subject, Outcome::of_change(!unchanged), now)?;
        Ok(((rule, recorded.version()), recorded))
    })
    .await
}
