//! Provinces: which there were on a day, which one a code or name meant, what came before and after.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Refusal, catalogue};
use crate::domain::catalogue::Catalogue;
use crate::domain::fault::Code;
use crate::domain::province::Province;
use crate::domain::text::fold;
use crate::state::State;

/// Which provinces are wanted.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Those that existed on this day; of all times when absent.
    pub on: Option<NaiveDate>,
    /// Those whose name, key or code holds this text, accents and case aside.
    pub q: Option<String>,
    /// Those after this key.
    pub after: Option<String>,
    /// At most so many.
    pub limit: usize,
}

/// A province with its place in the lineage.
#[derive(Debug)]
pub struct Entry {
    /// The province.
    pub province: Province,
    /// The keys of the units formed from it.
    pub successors: Vec<String>,
}

/// Lists provinces by key.
///
/// # Errors
/// When the database fails.
pub async fn list(state: &Arc<State>, wanted: Wanted) -> Result<Vec<Entry>, Refusal> {
    let catalogue = at_hand(state).await?;
    let needle = wanted.q.as_deref().map(fold);
    let found = catalogue
        .provinces
        .iter()
        .filter(|province| wanted.after.as_ref().is_none_or(|after| province.key > *after))
        .filter(|province| wanted.on.is_none_or(|day| province.existed_on(day)))
        .filter(|province| needle.as_ref().is_none_or(|needle| matches(province, needle)))
        .take(wanted.limit);
    Ok(found.map(|province| entry(&catalogue, province)).collect())
}

/// Finds a province by key, or by code or name as it stood on a day (today when absent).
///
/// # Errors
/// `Refusal::NotFound`.
pub async fn find(state: &Arc<State>, text: &str, on: Option<NaiveDate>) -> Result<Entry, Refusal> {
    let catalogue = at_hand(state).await?;
    match catalogue.provinces.resolve(text, on.unwrap_or_else(|| state.today())) {
        Ok(province) => Ok(entry(&catalogue, province)),
        Err(fault) if fault.code == Code::UnknownProvince => Err(Refusal::NotFound(fault)),
        Err(fault) => Err(Refusal::parameter("id", fault)),
    }
}

/// Everything that a province was formed from and everything formed from it, by first day and key, itself among them.
///
/// # Errors
/// As [`find`].
pub async fn lineage(state: &Arc<State>, text: &str, on: Option<NaiveDate>) -> Result<Vec<Entry>, Refusal> {
    let of = find(state, text, on).await?.province;
    let catalogue = at_hand(state).await?;
    Ok(catalogue.provinces.line(&of).into_iter().map(|province| entry(&catalogue, province)).collect())
}

fn matches(province: &Province, needle: &str) -> bool {
    province.code == needle || [&province.name, &province.name_en, &province.key].iter().any(|text| fold(text).contains(needle))
}

fn entry(catalogue: &Catalogue, province: &Province) -> Entry {
    let successors = catalogue.provinces.successors(&province.key).map(|next| next.key.clone()).collect();
    Entry { province: province.clone(), successors }
}

async fn at_hand(state: &Arc<State>) -> Result<Arc<Catalogue>, Refusal> {
    let shared = Arc::clone(state);
    state.db.read(move |conn| Ok(catalogue::snapshot(conn, &shared)?)).await
}
