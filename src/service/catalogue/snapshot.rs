//! The catalogue in memory: seeded from the shipped files at the start, then kept as a snapshot until a change.
//! The catalogue's types and rules are in `domain`.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::context::Context;
use crate::domain::access::client::Client;
use crate::domain::access::role::{Authorized, Caller, Permission};
use crate::domain::catalogue::indicator::Indicator;
use crate::domain::catalogue::province::{COUNTRY, Province, Provinces, UnitType};
use crate::domain::catalogue::rule::Rule;
use crate::domain::catalogue::snapshot::Catalogue;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::{Message, message};
use crate::service::ServiceError;
use crate::service::operations::audit::{Action, Outcome, WriteContext};
use crate::store::definitions::{self, Kind, RecordedBy};
use crate::store::stored::shipped;
use crate::store::{self, Conn, StoreError};

/// The catalogue snapshot of this transaction.
///
/// # Errors
/// Any failure of the database.
pub fn snapshot(conn: &mut Conn, context: &Context) -> Result<Arc<Catalogue>, StoreError> {
    let version = definitions::latest_change(conn)?.unwrap_or_default();
    if let Some(catalogue) = context.catalogue.get(version) {
        return Ok(catalogue);
    }
    let provinces = Provinces::new(store::provinces::list(conn, None)?);
    let catalogue = Catalogue::new(provinces, store::indicators::list(conn, None)?).with_rules(store::rules::list(conn)?);
    let catalogue = Arc::new(catalogue);
    context.catalogue.put(version, Arc::clone(&catalogue));
    Ok(catalogue)
}

/// What a read has at hand.
pub(crate) struct Reading<'r> {
    /// The context.
    pub(crate) context: &'r Context,
    /// The present catalogue.
    pub(crate) catalogue: &'r Arc<Catalogue>,
    /// The caller.
    pub(crate) caller: &'r Caller,
}

/// Reads with the present catalogue, in one transaction.
///
/// # Errors
/// Those of the work; any failure of the database.
pub(crate) async fn read<T: Send + 'static>(
    context: &Arc<Context>,
    caller: &Caller,
    work: impl FnOnce(&mut Conn, &Reading<'_>) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, ServiceError> {
    let (shared, caller) = (Arc::clone(context), caller.clone());
    context
        .db
        .read(move |conn| {
            let catalogue = snapshot(conn, &shared)?;
            work(conn, &Reading { context: &shared, catalogue: &catalogue, caller: &caller })
        })
        .await
}

/// Reads at a past instant, or now, in one transaction. An instant in the future or before the first write is one more fault of the
/// request; the work then gets the present catalogue, to find the other faults.
///
/// # Errors
/// Those of the work; any failure of the database.
pub(crate) async fn read_at<T: Send + 'static>(
    context: &Arc<Context>,
    caller: &Caller,
    as_of: Option<DateTime<Utc>>,
    mut faults: Vec<LocatedFault>,
    work: impl FnOnce(&mut Conn, &Reading<'_>, Vec<LocatedFault>) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, ServiceError> {
    wait_for_pending_writes(context, as_of).await?;
    let (shared, caller) = (Arc::clone(context), caller.clone());
    context
        .db
        .read(move |conn| {
            let catalogue = snapshot_as_of(conn, &shared, as_of, &mut faults)?;
            work(conn, &Reading { context: &shared, catalogue: &catalogue, caller: &caller }, faults)
        })
        .await
}

/// What a write has at hand.
pub(crate) struct Writing<'w> {
    /// The context.
    pub(crate) context: &'w Context,
    /// The present catalogue.
    pub(crate) catalogue: &'w Arc<Catalogue>,
    /// The client that writes.
    pub(crate) client: &'w Client,
    /// The same, as the caller of the request.
    pub(crate) caller: &'w Caller,
    origin: &'w WriteContext,
}

impl Writing<'_> {
    /// Appends the audit line as the last step of the write.
    pub(crate) fn record(
        &self,
        conn: &mut Conn,
        action: Action,
        subject: &str,
        outcome: Outcome,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.origin.record(conn, self.caller, action, subject, outcome, at)
    }
}

/// Writes with the present catalogue, in one transaction.
///
/// # Errors
/// Those of the work, which undo it; any failure of the database.
pub(crate) async fn write_as<P: Permission, T: Send + 'static>(
    write: &WriteContext,
    by: &Authorized<P>,
    work: impl FnOnce(&mut Conn, &Writing<'_>) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, ServiceError> {
    let (origin, client, caller) = (write.clone(), by.client().clone(), by.caller().clone());
    write
        .context
        .db
        .write(move |conn| {
            let catalogue = snapshot(conn, &origin.context)?;
            let by = Writing { context: &origin.context, catalogue: &catalogue, client: &client, caller: &caller, origin: &origin };
            work(conn, &by)
        })
        .await
}

/// Waits for the current write before a read at a past instant. The revisions of a write carry the instant of its start and become visible
/// only at its end.
///
/// # Errors
/// The writer does not finish in time.
async fn wait_for_pending_writes(context: &Context, as_of: Option<DateTime<Utc>>) -> Result<(), ServiceError> {
    let age = as_of.map(|at| context.clock.now() - at);
    let recent = age.is_some_and(|age| age > TimeDelta::zero() && age < TimeDelta::minutes(1));
    if recent { context.db.write(|_| Ok(())).await } else { Ok(()) }
}

/// The catalogue snapshot at a past instant, or the current one. An instant in the future, or before the first write, gives the fault
/// `as_of_out_of_range`; the current snapshot then serves to find the other faults.
///
/// # Errors
/// Any failure of the database.
fn snapshot_as_of(
    conn: &mut Conn,
    context: &Context,
    as_of: Option<DateTime<Utc>>,
    faults: &mut Vec<LocatedFault>,
) -> Result<Arc<Catalogue>, StoreError> {
    let present = snapshot(conn, context)?;
    let Some(at) = as_of else { return Ok(present) };
    let mut refuse = |message: Message| {
        faults.push(Fault::new(Code::AsOfOutOfRange, message).at(Location::Parameter("as_of".into())));
        Ok(Arc::clone(&present))
    };
    // A write may still carry the present instant. Only a past instant has a stable answer.
    if at >= context.clock.now() {
        return refuse(message!(en: "{at} is not past yet", vi: "thời điểm {at} chưa qua"));
    }
    match store::writes::first(conn)? {
        Some(first) if first <= at => {
            let provinces = Provinces::new(store::provinces::list(conn, Some(at))?);
            let mut definitions = store::indicators::list(conn, Some(at))?;
            // Access follows the current definition: an indicator that is closed now stays closed for past instants.
            for definition in &mut definitions {
                definition.access = present.current(&definition.code).map_or(definition.access, |latest| latest.indicator.access);
            }
            Ok(Arc::new(Catalogue::new(provinces, definitions).of_before(present)))
        }
        Some(first) => refuse(message!(en: "the first figure was recorded at {first}", vi: "số liệu đầu tiên được ghi lúc {first}")),
        None => refuse(message!(en: "nothing is recorded yet", vi: "chưa ghi số liệu nào")),
    }
}

/// The shipped indicators, one file per field of work.
const INDICATORS: &[&str] = &[
    include_str!("../../../data/indicators/admin_reform.json"),
    include_str!("../../../data/indicators/emulation.json"),
    include_str!("../../../data/indicators/inspection.json"),
    include_str!("../../../data/indicators/it.json"),
    include_str!("../../../data/indicators/population.json"),
    include_str!("../../../data/indicators/post_telecom.json"),
    include_str!("../../../data/indicators/press_publishing.json"),
    include_str!("../../../data/indicators/trade.json"),
];

/// The shipped rules between indicators. They follow from the definitions.
const RULES: &str = include_str!("../../../data/rules.json");

/// The shipped provinces: every unit since 1 January 1997 with its validity, of which 34 are left since 1 July 2025.
const PROVINCES: &str = include_str!("../../../data/provinces.csv");

/// Loads the shipped data. Missing entries are added and changed entries get a new version. An entry last changed by an administrator
/// stays. Every start may call this function.
///
/// # Errors
/// Any failure of the database.
pub fn seed(conn: &mut Conn, at: DateTime<Utc>) -> Result<(), StoreError> {
    let present = Provinces::new(store::provinces::list(conn, None)?);
    let at = store::writes::after_last(conn, at)?;
    for province in shipped_provinces() {
        let known = present.get(&province.key).is_some_and(|known| known.agrees_with(&province));
        if !known && definitions::recorded_by(conn, Kind::Province, &province.key)?.is_none() {
            store::provinces::append(conn, &province.key, Some(&province), at, &RecordedBy::default())?;
        }
    }
    let catalogue = Catalogue::new(present, store::indicators::list(conn, None)?).with_rules(store::rules::list(conn)?);
    for indicator in shipped_indicators() {
        record(conn, &catalogue, &indicator, at, &RecordedBy::default())?;
    }
    for rule in shipped_rules() {
        record_rule(conn, &catalogue, &rule, at, &RecordedBy::default())?;
    }
    Ok(())
}

/// The result of recording a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// The code is new.
    New,
    /// The code gets a new version.
    NewVersion(i32),
    /// The stored definition is the same.
    Unchanged(i32),
}

impl Recorded {
    /// The current version.
    #[must_use]
    pub fn version(self) -> i32 {
        match self {
            Recorded::New => 1,
            Recorded::NewVersion(version) | Recorded::Unchanged(version) => version,
        }
    }

    /// Whether a version was recorded.
    fn is_new(self) -> bool {
        !matches!(self, Recorded::Unchanged(_))
    }
}

/// Records a definition unless the latest version is the same. A shipped definition never replaces a version made by an administrator.
pub(crate) fn record(
    conn: &mut Conn,
    catalogue: &Catalogue,
    indicator: &Indicator,
    at: DateTime<Utc>,
    by: &RecordedBy<'_>,
) -> Result<Recorded, StoreError> {
    let latest = catalogue.current(&indicator.code).map(|latest| (latest.indicator, latest.version));
    let change = change(conn, Kind::Indicator, &indicator.code, latest, indicator, by)?;
    if change.is_new() {
        store::indicators::append(conn, indicator, at, by)?;
    }
    Ok(change)
}

/// Records a rule as [`record`] does a definition.
pub(crate) fn record_rule(
    conn: &mut Conn,
    catalogue: &Catalogue,
    rule: &Rule,
    at: DateTime<Utc>,
    by: &RecordedBy<'_>,
) -> Result<Recorded, StoreError> {
    let latest = catalogue.rule(&rule.code).map(|latest| (&latest.definition, latest.version));
    let change = change(conn, Kind::Rule, &rule.code, latest, rule, by)?;
    if change.is_new() {
        store::rules::append(conn, rule, at, by)?;
    }
    Ok(change)
}

/// The change that a definition makes to the latest version of its code.
fn change<T: PartialEq>(
    conn: &mut Conn,
    kind: Kind,
    code: &str,
    latest: Option<(&T, i32)>,
    new: &T,
    by: &RecordedBy<'_>,
) -> Result<Recorded, StoreError> {
    let Some((known, version)) = latest else { return Ok(Recorded::New) };
    let keeps = known == new || by.client.is_none() && definitions::recorded_by(conn, kind, code)?.is_some();
    Ok(if keeps { Recorded::Unchanged(version) } else { Recorded::NewVersion(version + 1) })
}

fn shipped_rules() -> Vec<Rule> {
    shipped::rules(RULES).expect("the shipped rules can be read")
}

fn shipped_indicators() -> Vec<Indicator> {
    let read = |file: &&str| shipped::indicators(file).expect("the shipped indicators can be read");
    INDICATORS.iter().flat_map(read).collect()
}

fn shipped_provinces() -> Vec<Province> {
    let day = |text: &str| text.parse::<NaiveDate>().expect("the shipped dates are dates");
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let sorted = |mut keys: Vec<String>| {
        keys.sort();
        keys
    };
    let read = |record: csv::StringRecord| Province {
        key: record[0].to_owned(),
        code: some(&record[1]),
        name: record[2].to_owned(),
        name_en: record[3].to_owned(),
        iso: some(&record[4]),
        agency_code: None,
        unit_type: UnitType::parse(&record[5]).expect("the shipped unit types are known"),
        valid_from: day(&record[6]),
        valid_to: None,
        predecessors: sorted(record[8].split('+').filter_map(some).collect()),
    };
    let mut reader = csv::Reader::from_reader(PROVINCES.as_bytes());
    let shipped = reader.records().map(|record| read(record.expect("the shipped provinces are CSV")));
    std::iter::once(viet_nam()).chain(shipped).collect()
}

/// The whole country as a reference area. Its validity begins before any figure.
fn viet_nam() -> Province {
    Province {
        key: COUNTRY.into(),
        code: Some("VN".into()),
        name: "Việt Nam".into(),
        name_en: "Viet Nam".into(),
        iso: Some("VN".into()),
        agency_code: None,
        unit_type: UnitType::Country,
        valid_from: NaiveDate::from_ymd_opt(1945, 1, 1).expect("a date"),
        valid_to: None,
        predecessors: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::domain::access::role::Caller;
    use crate::domain::text;

    #[test]
    fn every_shipped_indicator_obeys_the_rules_for_definitions() {
        let indicators = shipped_indicators();
        let mut codes = HashSet::new();
        for indicator in &indicators {
            assert_eq!(indicator.faults(), [], "{}", indicator.code);
            assert!(codes.insert(&indicator.code), "{} twice", indicator.code);
            for written in [&indicator.name, &indicator.name_en, &indicator.definition] {
                assert_eq!(text::clean(written, 4000).as_ref(), Ok(written), "{} is not NFC", indicator.code);
            }
        }
        assert!(indicators.len() >= 80, "{} indicators", indicators.len());
    }

    #[test]
    fn every_shipped_rule_is_one_between_shipped_indicators() {
        let catalogue = Catalogue::new(Provinces::default(), shipped_indicators());
        let mut codes = HashSet::new();
        for rule in shipped_rules() {
            assert_eq!(rule.faults(&catalogue, &Caller::anyone()), [], "{}", rule.code);
            assert!(text::is_code(&rule.code) && codes.insert(rule.code.clone()), "{}", rule.code);
            assert!(!rule.left.is_empty() && !rule.right.is_empty(), "{}", rule.code);
            for written in [&rule.name, &rule.name_en] {
                assert_eq!(text::clean(written, 300).as_ref(), Ok(written), "{} is not NFC", rule.code);
            }
        }
        assert!(codes.contains("sanctioned-entities-of-inspected"));
    }

    #[test]
    fn the_provinces_are_those_of_every_day_since_1997() {
        let provinces = Provinces::new(shipped_provinces());
        assert_eq!(provinces.iter().count(), 96);
        for record in csv::Reader::from_reader(PROVINCES.as_bytes()).records().map(Result::unwrap) {
            let unit = provinces.get(&record[0]).unwrap();
            let last = unit.valid_to.map(|day| day.to_string());
            assert_eq!(last.unwrap_or_default(), record[7], "{}: the last day follows from the units after it", &record[0]);
            assert!(record[0].ends_with(&format!("-{}", &record[6][..4])), "{} names its first year", &record[0]);
            assert_eq!(unit.predecessors.is_empty(), &record[6] == "1997-01-01", "{}", &record[0]);
        }
        for (day, count, why) in [
            ("1996-12-31", 0, "the record begins the day after"),
            ("1997-01-01", 61, "eight provinces were divided"),
            ("2003-12-31", 61, ""),
            ("2004-01-01", 64, "Cần Thơ, Đắk Lắk and Lai Châu were split"),
            ("2008-07-31", 64, ""),
            ("2008-08-01", 63, "Hà Tây went into Hà Nội"),
            ("2025-06-30", 63, ""),
            ("2025-07-01", 34, "whole provinces merged"),
            ("2026-05-31", 34, ""),
        ] {
            let found = provinces.iter().filter(|province| province.existed_on(day.parse().unwrap())).count();
            assert_eq!(found, count, "{day} {why}");
        }
        let without_code: Vec<&str> = provinces.iter().filter(|unit| unit.code.is_none()).map(|unit| unit.key.as_str()).collect();
        assert_eq!(without_code, ["can-tho-1997", "dak-lak-1997", "lai-chau-1997"], "they ended before there were codes");
        for province in provinces.iter() {
            for predecessor in &province.predecessors {
                let ended = provinces.get(predecessor).expect("a predecessor is a unit").valid_to;
                assert_eq!(ended, province.valid_from.pred_opt(), "{predecessor} ends the day before {} begins", province.key);
            }
        }
        for reused in ["24", "91", "15", "44", "52", "80", "82"] {
            let key = |day: &str| provinces.resolve(reused, day.parse().unwrap()).unwrap().name.clone();
            assert_ne!(key("2025-06-30"), key("2025-07-01"), "{reused}");
        }
    }
}
