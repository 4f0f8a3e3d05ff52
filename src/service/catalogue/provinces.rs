//! Provinces: the units of a day, codes and names over time, predecessors and successors, reorganisations.
//! The rules of a reorganisation are in `domain::reorganisation`.

use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::snapshot::{self, Writing, write_as};
use crate::context::Context;
use crate::domain::access::remit::Remit;
use crate::domain::access::role::{Authorized, EditCatalogue};
use crate::domain::access::scope::Scope;
use crate::domain::catalogue::province::{Province, Provinces};
use crate::domain::catalogue::reorganisation::{CheckedUnit, Draft, Reorganised};
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::catalogue::version::Version;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::{Message, message};
use crate::domain::outcome::Outcome;
use crate::domain::text::fold;
use crate::service::ServiceError;
use crate::service::operations::audit::{self, Action, WriteContext};
use crate::store::definitions::RecordedBy;
use crate::store::{self, Conn, StoreError};

/// A query for provinces.
#[derive(Debug, Default)]
pub struct ProvinceQuery {
    /// The day on which the province exists; default: any day.
    pub on: Option<NaiveDate>,
    /// A text in the name, key or code; accents and case do not matter.
    pub q: Option<String>,
    /// The last key of the page before.
    pub after: Option<String>,
    /// The page size.
    pub limit: usize,
}

/// A province with its successors.
#[derive(Debug)]
pub struct Entry {
    /// The province.
    pub province: Province,
    /// The keys of the successors.
    pub successors: Vec<String>,
}

impl Entry {
    /// The members of a province that follow from the other provinces.
    fn read_only(&self) -> [(&'static str, Value); 2] {
        [("valid_to", json!(self.province.valid_to)), ("successors", json!(self.successors))]
    }
}

/// Lists provinces by key.
///
/// # Errors
/// Any failure of the database.
pub async fn list_provinces(context: &Arc<Context>, wanted: ProvinceQuery) -> Result<Vec<Entry>, ServiceError> {
    let catalogue = at_hand(context).await?;
    let needle = wanted.q.as_deref().map(fold);
    // The search finds what the text names too: `TP.HCM` and `1` are no part of any name.
    let named = wanted.q.as_deref().map(|text| catalogue.provinces.named(text)).unwrap_or_default();
    let is_named = |province: &Province| named.iter().any(|unit| unit.key == province.key);
    let found = catalogue
        .provinces
        .all()
        .iter()
        .filter(|province| wanted.after.as_ref().is_none_or(|after| province.key > *after))
        .filter(|province| wanted.on.is_none_or(|day| province.existed_on(day)))
        .filter(|province| needle.as_ref().is_none_or(|needle| is_named(province) || matches(province, needle)))
        .take(wanted.limit);
    Ok(found.map(|province| entry(&catalogue.provinces, province)).collect())
}

/// Finds a province by key, or by its code or name on a day (default: today).
///
/// # Errors
/// `ServiceError::NotFound`.
pub async fn get_province(context: &Arc<Context>, text: &str, on: Option<NaiveDate>) -> Result<Entry, ServiceError> {
    let catalogue = at_hand(context).await?;
    match catalogue.provinces.resolve(text, on.unwrap_or_else(|| context.today())) {
        Ok(province) => Ok(entry(&catalogue.provinces, province)),
        Err(fault) if fault.code == Code::UnknownProvince => Err(ServiceError::NotFound(fault)),
        Err(fault) => Err(ServiceError::parameter("id", fault)),
    }
}

/// Lists a province with all its predecessors and successors, by first day and key.
///
/// # Errors
/// As [`find`].
pub async fn list_province_lineage(context: &Arc<Context>, text: &str, on: Option<NaiveDate>) -> Result<Vec<Entry>, ServiceError> {
    let of = get_province(context, text, on).await?.province;
    let catalogue = at_hand(context).await?;
    Ok(catalogue.provinces.line(&of).into_iter().map(|province| entry(&catalogue.provinces, province)).collect())
}

/// Lists all versions of a province, oldest first.
///
/// # Errors
/// As [`find`]. A withdrawn key still has its history.
pub async fn list_province_versions(context: &Arc<Context>, text: &str) -> Result<Vec<Version<Option<Province>>>, ServiceError> {
    let of_key = |key: String| context.db.read(move |conn| Ok::<_, ServiceError>(store::provinces::history(conn, &key)?));
    let known = of_key(text.to_owned()).await?;
    if !known.is_empty() {
        return Ok(known);
    }
    of_key(get_province(context, text, None).await?.province.key).await
}

/// Records a reorganisation: all units or none.
///
/// # Errors
/// Without the scope `catalogue`; all broken rules; a read-only member that differs; stored figures of a unit for a time outside its new validity.
pub async fn put_provinces(
    write: &WriteContext,
    by: &Authorized<EditCatalogue>,
    mut draft: Draft,
) -> Result<Vec<(Entry, Outcome)>, ServiceError> {
    write_as(write, by, move |conn, by| {
        let Writing { context, client, caller, catalogue: present, .. } = *by;
        let (source, reason) = (draft.source.clone(), draft.reason.clone());
        let read_only = mem::take(&mut draft.read_only);
        let Reorganised { decided, provinces } = draft.check(&present.provinces).map_err(ServiceError::broken)?;
        let mut ours = decided.iter().flat_map(|of_unit| {
            let now = [&present.provinces, &provinces].into_iter().filter_map(|all| all.get(&of_unit.key));
            now.flat_map(|unit| &unit.predecessors).chain([&of_unit.key])
        });
        let reach = Remit::of(client, &present.provinces);
        let denied = ours.find_map(|key| reach.check(provinces.get(key).or_else(|| present.provinces.get(key))?).err());
        if let Some(denied) = denied {
            return Err(ServiceError::denied(denied));
        }
        let mut faults = out_of_place(conn, &decided, &present.provinces, &provinces, caller.holding(Scope::Read).is_ok())?;
        faults.extend(decided.iter().flat_map(|of_unit| {
            let stored = present.provinces.get(&of_unit.key).map(|province| entry(&present.provinces, province).read_only());
            read_only.differences(&format!("/provinces/{}", of_unit.position), stored.as_ref().map_or(&[], |stored| &stored[..]))
        }));
        if !faults.is_empty() {
            return Err(ServiceError::Invalid(faults));
        }
        let changed: Vec<&CheckedUnit> = decided.iter().filter(|of_unit| of_unit.outcome != Outcome::Unchanged).collect();
        let now = context.clock.now();
        let units: Vec<&str> = changed.iter().map(|of_unit| of_unit.key.as_str()).collect();
        let subject = format!("{} of {} provinces {}", changed.len(), decided.len(), units.join(" "));
        let became = audit::Outcome::of_change(!changed.is_empty());
        if !changed.is_empty() {
            let at = store::writes::instant(conn, now)?;
            let why = RecordedBy { client: Some(&client.id), source, reason: reason.as_deref() };
            for of_unit in changed {
                store::provinces::append(conn, &of_unit.key, of_unit.unit.as_ref(), at, &why)?;
            }
        }
        by.record(conn, Action::PutProvinces, subject.trim_end(), became, now)?;
        let entry = |of_unit: &CheckedUnit| {
            let province = provinces.get(&of_unit.key).or_else(|| present.provinces.get(&of_unit.key))?;
            Some((entry(&provinces, province), of_unit.outcome))
        };
        Ok(decided.iter().filter_map(entry).collect())
    })
    .await
}

/// Stored figures and targets of the units and their predecessors outside the new validity. The counts are only for callers who may read
/// all figures.
fn out_of_place(
    conn: &mut Conn,
    decided: &[CheckedUnit],
    before: &Provinces,
    after: &Provinces,
    counted: bool,
) -> Result<Vec<LocatedFault>, StoreError> {
    let mut faults = Vec::new();
    for of_unit in decided {
        let formed_from =
            [before, after].into_iter().filter_map(|provinces| provinces.get(&of_unit.key)).flat_map(|unit| &unit.predecessors);
        let concerned: BTreeSet<&String> = formed_from.chain([&of_unit.key]).collect();
        for key in concerned {
            let unit = after.get(key);
            let mut found = Vec::new();
            if let Some((count, first)) = store::observations::outside(conn, key, unit)? {
                found.push(if counted {
                    message!(en: "{count} figures, the first from {first}", vi: "{count} số liệu, sớm nhất từ {first}")
                } else {
                    message!(en: "figures", vi: "số liệu")
                });
            }
            let aims = if unit.is_none() { store::targets::count(conn, key)? } else { 0 };
            found.extend((aims > 0).then(|| {
                if counted { message!(en: "{aims} targets", vi: "{aims} mục tiêu") } else { message!(en: "targets", vi: "mục tiêu") }
            }));
            if found.is_empty() {
                continue;
            }
            let time = match unit.map(Province::time) {
                None => message!(en: "would not be there", vi: "sẽ không còn"),
                Some(time) => message!(en: "would be there {time}", vi: "sẽ tồn tại {time}"; time),
            };
            let found = Message::all_of(&found);
            let message = message!(
                en: "`{key}` {time}; on record outside that are {found}: withdraw them first",
                vi: "`{key}` {time}; ngoài thời gian đó đang có {found}: hãy rút trước"; time, found
            );
            let place = Location::Pointer(format!("/provinces/{}", of_unit.position));
            faults.push(Fault::new(Code::FiguresOnRecord, message).at(place));
        }
    }
    Ok(faults)
}

fn matches(province: &Province, needle: &str) -> bool {
    // A short number is a code. In keys it would be a digit of the year.
    if needle.len() < 4 && needle.bytes().all(|b| b.is_ascii_digit()) {
        return province.code.as_deref() == Some(needle);
    }
    [&province.name, &province.name_en, &province.key].iter().any(|text| fold(text).contains(needle))
}

fn entry(provinces: &Provinces, province: &Province) -> Entry {
    let successors = provinces.successors(&province.key).map(|next| next.key.clone()).collect();
    Entry { province: province.clone(), successors }
}

async fn at_hand(context: &Arc<Context>) -> Result<Arc<Catalogue>, ServiceError> {
    let shared = Arc::clone(context);
    context.db.read(move |conn| Ok(snapshot::snapshot(conn, &shared)?)).await
}
