//! Reorganisations: units that merge, split or change their name on a day, as set by a legal decision.
//! They are data. The checks are here; the last days of units and the sums of figures are computed from the result.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;

use super::province::{COUNTRY, Province, Provinces, UnitType, is_agency_code, is_name};
use super::source::Source;
use crate::domain::fault::{Code, Fault, LocatedFault, Location};
use crate::domain::message::message;
use crate::domain::outcome::Outcome;
use crate::domain::read_only::ReadOnly;

/// Maximum number of units in one reorganisation.
pub const MOST_UNITS: usize = 200;

/// A reorganisation as submitted.
#[derive(Debug)]
pub struct Draft {
    /// The first day of all its units; absent if it could not be read.
    pub valid_from: Option<NaiveDate>,
    /// The legal decision.
    pub source: Source,
    /// The reason for a change of stored units.
    pub reason: Option<String>,
    /// The units with a readable structure.
    pub units: Vec<DraftUnit>,
    /// The read-only members.
    pub read_only: ReadOnly,
    /// The errors of reading.
    pub faults: Vec<LocatedFault>,
}

/// A unit as submitted. A field that could not be read is absent and has an error.
#[derive(Debug)]
pub struct DraftUnit {
    /// The index in the list, for error pointers.
    pub position: usize,
    /// Its key.
    pub key: Option<String>,
    /// The content.
    pub says: Option<ProvinceChange>,
}

/// The content of a submitted unit.
#[derive(Debug)]
pub enum ProvinceChange {
    /// The unit is formed, with this definition.
    Formed(SentUnit),
    /// The unit is withdrawn.
    Withdrawn,
}

/// The definition of a submitted unit.
#[derive(Debug)]
pub struct SentUnit {
    /// The code of the statistics office; `None` for a unit that has none.
    pub code: Option<String>,
    /// The Vietnamese name.
    pub name: String,
    /// The name without accents.
    pub name_en: String,
    /// The ISO 3166-2 code, if there is one.
    pub iso: Option<String>,
    /// The first group of the identifiers of its agencies, if known.
    pub agency_code: Option<String>,
    /// Province or municipality.
    pub unit_type: UnitType,
    /// The units that it is formed from: keys, or codes or names on the day before.
    pub predecessors: Vec<String>,
}

/// The result of a reorganisation for one unit.
#[derive(Debug)]
pub struct CheckedUnit {
    /// The index in the list, for error pointers.
    pub position: usize,
    /// The key.
    pub key: String,
    /// The new definition; `None` if the unit is withdrawn.
    pub unit: Option<Province>,
    /// The outcome for the stored unit.
    pub outcome: Outcome,
}

/// The provinces after a reorganisation, and the result for each of its units.
#[derive(Debug)]
pub struct Reorganised {
    /// Its units.
    pub decided: Vec<CheckedUnit>,
    /// The provinces of all times.
    pub provinces: Provinces,
}

impl Draft {
    /// Checks a reorganisation against the current provinces.
    ///
    /// Every unit is formed from at least one other: two or more into one is a merger, one into several is a split, one into one is a
    /// new name or rank. All its predecessors must exist on the day before: a territory must come from somewhere, and only once. No two
    /// units may have the same key, code or name on the same day.
    ///
    /// # Errors
    /// All broken rules, each with its unit and field.
    pub fn check(self, present: &Provinces) -> Result<Reorganised, Vec<LocatedFault>> {
        let Draft { valid_from, units, mut faults, .. } = self;
        let Some(valid_from) = valid_from else { return Err(faults) };
        // A redefined unit does not count with its old definition: codes and names are resolved without it.
        let of_today = |key: &String| present.with_key(key, valid_from).map_or_else(|| key.clone(), |known| known.key.clone());
        let said: HashSet<String> = units.iter().filter_map(|unit| unit.key.as_ref().map(of_today)).collect();
        let others = || present.all().iter().filter(|province| !said.contains(&province.key)).cloned();
        let without = Provinces::new(others().collect());
        let mut keys = HashSet::new();
        let mut decided = Vec::new();
        for unit in units {
            let position = unit.position;
            let mut broken = Vec::new();
            if let Some(of_unit) = unit.check(valid_from, present, &without, &mut broken) {
                if !keys.insert(of_unit.key.clone()) {
                    broken.push((
                        "key".to_owned(),
                        Fault::new(
                            Code::DuplicateRow,
                            message!(
                                en: "`{}` comes twice",
                                vi: "`{}` được nêu hai lần", of_unit.key
                            ),
                        ),
                    ));
                }
                decided.push(of_unit);
            }
            faults.extend(broken.into_iter().map(|(field, fault)| fault.at(place(position, &field))));
        }
        let provinces = Provinces::new(others().chain(decided.iter().filter_map(|of_unit| of_unit.unit.clone())).collect());
        let mut contradictions = contradictions(&decided, present, &provinces);
        if !faults.is_empty() {
            // If some units could not be read, the dates of existence are unknown, so only duplicate names and codes are certain
            // errors.
            contradictions.retain(|located| located.fault.code == Code::NameTaken);
        }
        faults.extend(contradictions);
        if faults.is_empty() { Ok(Reorganised { decided, provinces }) } else { Err(faults) }
    }
}

impl DraftUnit {
    fn check(self, valid_from: NaiveDate, present: &Provinces, without: &Provinces, faults: &mut Broken) -> Option<CheckedUnit> {
        let DraftUnit { position, key, says } = self;
        // A former key means the unit that has a new one.
        let key = key?;
        let key = present.with_key(&key, valid_from).map_or(key, |known| known.key.clone());
        let known = present.get(&key);
        if let Err(fault) = check_key(&key, known) {
            faults.push(("key".into(), fault));
            return None;
        }
        let founded = known.is_some_and(|known| known.predecessors.is_empty());
        let unit = match says? {
            ProvinceChange::Withdrawn if known.is_none() => {
                faults.push((
                    "key".into(),
                    Fault::new(
                        Code::NothingToWithdraw,
                        message!(
                            en: "there is no `{key}`",
                            vi: "không có đơn vị `{key}`"
                        ),
                    ),
                ));
                return None;
            }
            ProvinceChange::Withdrawn if founded => {
                let message = message!(
                    en: "`{key}` was formed from no other: without it nobody would have its territory",
                    vi: "`{key}` không được lập từ đơn vị nào khác: bỏ nó thì địa bàn của nó không thuộc đơn vị nào"
                );
                faults.push(("key".into(), Fault::new(Code::InvalidValue, message)));
                return None;
            }
            ProvinceChange::Withdrawn => return Some(CheckedUnit { position, key, unit: None, outcome: Outcome::Withdrawn }),
            ProvinceChange::Formed(sent) => sent.check(key.clone(), valid_from, known.filter(|_| founded), without, faults)?,
        };
        let outcome = match known {
            None => Outcome::Created,
            Some(known) if known.agrees_with(&unit) => Outcome::Unchanged,
            Some(_) => Outcome::Updated,
        };
        Some(CheckedUnit { position, key, unit: Some(unit), outcome })
    }
}

/// The errors of a unit, each with its field.
type Broken = Vec<(String, Fault)>;

/// A key is lower-case words and a year, so it cannot be taken for a code or a name.
fn check_key(key: &str, known: Option<&Province>) -> Result<(), Fault> {
    if key == COUNTRY {
        return Err(Fault::new(
            Code::InvalidValue,
            message!(
                en: "the country is not formed from provinces by a decision",
                vi: "cả nước không được lập từ các tỉnh bằng một quyết định"
            ),
        ));
    }
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let year = |year: &str| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let formed = key.rsplit_once('-').is_some_and(|(name, of)| year(of) && name.split('-').all(word));
    let message = || {
        message!(
            en: "`{key}` is not lower-case words and the year a unit begins, such as bac-ninh-2025",
            vi: "`{key}` không đúng dạng: các từ viết thường không dấu và năm thành lập, như bac-ninh-2025"
        )
    };
    if formed || known.is_some() { Ok(()) } else { Err(Fault::new(Code::InvalidValue, message())) }
}

impl SentUnit {
    /// The new definition of the unit. `founded` is the current unit, if it was formed from no other; `without` has the current
    /// provinces except those of the reorganisation.
    fn check(
        self,
        key: String,
        valid_from: NaiveDate,
        founded: Option<&Province>,
        without: &Provinces,
        faults: &mut Broken,
    ) -> Option<Province> {
        let before = faults.len();
        let iso = self.iso.map(|iso| iso.to_ascii_uppercase());
        let is_iso = |iso: &str| iso.strip_prefix("VN-").is_some_and(|of| of.len() == 2 && of.bytes().all(|b| b.is_ascii_alphanumeric()));
        let is_code = |code: &String| (1..=5).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
        let no_key = |name: &str| without.get(name).is_none() && *name != key;
        let named = |name: &str| is_name(name) && no_key(name);
        for (field, good, message) in [
            (
                "code",
                self.code.as_ref().is_none_or(is_code),
                message!(
                    en: "a code of the statistics office is one to five digits, such as 24",
                    vi: "mã của cơ quan thống kê gồm một đến năm chữ số, như 24"
                ),
            ),
            (
                "name",
                named(&self.name),
                message!(
                    en: "by this name nobody could ask for it: it is read as a code or key",
                    vi: "không tra cứu được theo tên này vì tên có dạng của mã hoặc mã định danh"
                ),
            ),
            (
                "name_en",
                named(&self.name_en),
                message!(
                    en: "by this name nobody could ask for it: it is read as a code or key",
                    vi: "không tra cứu được theo tên này vì tên có dạng của mã hoặc mã định danh"
                ),
            ),
            (
                "iso",
                iso.as_deref().is_none_or(is_iso),
                message!(
                    en: "an ISO code is VN- and two letters or digits, such as VN-54",
                    vi: "mã ISO gồm VN- và hai chữ hoặc số, như VN-54"
                ),
            ),
            (
                "agency_code",
                self.agency_code.as_deref().is_none_or(is_agency_code),
                message!(
                    en: "the code of the agencies is a letter and two digits, such as H02",
                    vi: "mã cơ quan gồm một chữ cái và hai chữ số, như H02"
                ),
            ),
            (
                "unit_type",
                self.unit_type != UnitType::Country,
                message!(
                    en: "a unit is a `province` or a `municipality`",
                    vi: "đơn vị là `province` (tỉnh) hoặc `municipality` (thành phố trực thuộc trung ương)"
                ),
            ),
            (
                "key",
                founded.is_none_or(|founded| founded.valid_from == valid_from),
                message!(
                    en: "it was formed from no other, and began when the list of units does",
                    vi: "đơn vị này không được lập từ đơn vị nào khác và có từ đầu danh mục"
                ),
            ),
        ] {
            faults.extend((!good).then(|| (field.to_owned(), Fault::new(Code::InvalidValue, message))));
        }
        if self.predecessors.is_empty() && founded.is_none() {
            let message = message!(
                en: "no territory comes from nothing: name the units that it is formed from",
                vi: "địa bàn nào cũng có nguồn gốc: nêu các đơn vị mà đơn vị này được lập từ đó"
            );
            faults.push(("predecessors".into(), Fault::new(Code::MissingField, message)));
        }
        let eve = valid_from.pred_opt().unwrap_or(NaiveDate::MIN);
        let mut predecessors = BTreeSet::new();
        for (n, text) in self.predecessors.iter().enumerate() {
            match without.resolve(text, eve) {
                Ok(found) if found.key == COUNTRY => {
                    let message = message!(en: "no unit is formed from the whole country", vi: "không có đơn vị nào được lập từ cả nước");
                    faults.push((format!("predecessors/{n}"), Fault::new(Code::InvalidValue, message)));
                }
                Ok(found) => {
                    predecessors.insert(found.key.clone());
                }
                Err(fault) => faults.push((format!("predecessors/{n}"), fault)),
            }
        }
        (faults.len() == before).then(|| Province {
            key,
            code: self.code,
            name: self.name,
            name_en: self.name_en,
            iso,
            agency_code: self.agency_code.map(|code| code.to_ascii_uppercase()),
            unit_type: self.unit_type,
            valid_from,
            valid_to: None,
            predecessors: predecessors.into_iter().collect(),
        })
    }
}

/// The contradictions in the provinces after a reorganisation: a missing predecessor, or two units with the same code or name.
fn contradictions(decided: &[CheckedUnit], before: &Provinces, after: &Provinces) -> Vec<LocatedFault> {
    let mut faults = Vec::new();
    let position = |key: &str| decided.iter().find(|of_unit| of_unit.key == key).map(|of_unit| of_unit.position);
    for unit in after.all() {
        let found = unit.predecessors.iter().filter_map(|key| missing_on_eve(unit, key, after));
        let at = position(&unit.key).map_or_else(|| Location::Pointer("/provinces".into()), |position| place(position, "predecessors"));
        faults.extend(found.map(|fault| fault.at(at.clone())));
    }
    for (n, unit) in after.all().iter().enumerate() {
        let known = |one: &Province| before.get(&one.key);
        let already = |other: &Province| known(unit).zip(known(other)).is_some_and(|(one, other)| one.overlaps(other));
        for other in after.all()[n + 1..].iter().filter(|other| other.key != unit.key && other.overlaps(unit)) {
            // Both submitted units get the error. If neither was submitted, the reorganisation lets one of them exist longer.
            let sent = [(unit, other), (other, unit)].into_iter().filter_map(|(one, other)| Some((position(&one.key)?, other)));
            let sent: Vec<(usize, &Province)> = sent.collect();
            // Two units that already existed together are not an error of this reorganisation.
            for field in alike(unit, other).into_iter().filter(|_| !sent.is_empty() || !already(other)) {
                let taken = |other: &Province| {
                    let time = other.time();
                    let message = message!(
                        en: "`{}` has it {time}: who asks for it would mean both",
                        vi: "`{}` đang dùng {time}: khi tra cứu sẽ không rõ là đơn vị nào"; time; other.key
                    );
                    Fault::new(Code::NameTaken, message)
                };
                faults.extend(sent.iter().map(|(position, other)| taken(other).at(place(*position, field))));
                faults.extend(sent.is_empty().then(|| taken(other).at(Location::Pointer("/provinces".into()))));
            }
        }
    }
    faults
}

/// The fields that make two units ambiguous in a request.
fn alike(unit: &Province, other: &Province) -> Vec<&'static str> {
    let both = |mine: Option<&String>, theirs: Option<&String>| mine.is_some() && mine == theirs;
    let fields = [
        ("code", both(unit.code.as_ref(), other.code.as_ref())),
        ("name", unit.is_called(&other.name) || unit.is_called(&other.name_en)),
        ("iso", both(unit.iso.as_ref(), other.iso.as_ref())),
        ("agency_code", both(unit.agency_code.as_ref(), other.agency_code.as_ref())),
    ];
    fields.into_iter().filter_map(|(field, alike)| alike.then_some(field)).collect()
}

/// The error of a predecessor that does not exist on the day before.
fn missing_on_eve(unit: &Province, key: &str, after: &Provinces) -> Option<Fault> {
    let Some(predecessor) = after.get(key) else {
        let message = message!(
            en: "`{}` is formed from `{key}`, which would not be there",
            vi: "`{}` được lập từ `{key}`, nhưng khi đó sẽ không có đơn vị này", unit.key
        );
        return Some(Fault::new(Code::UnknownProvince, message));
    };
    let eve = unit.eve();
    (!predecessor.existed_on(eve)).then(|| {
        let others: Vec<&str> = after.successors(key).filter(|next| next.key != unit.key).map(|next| next.key.as_str()).collect();
        let time = predecessor.time();
        let given = (!others.is_empty()).then(|| message!(en: ", when it became {}", vi: ", sau đó thành {}", others.join(", ")));
        let message = message!(
            en: "`{key}` is there {time}{given}; `{}` needs it on {eve}",
            vi: "`{key}` tồn tại {time}{given}; `{}` cần đơn vị này vào ngày {eve}"; time, given, eve; unit.key
        );
        Fault::new(Code::ProvinceNotInPeriod, message)
    })
}

fn place(position: usize, field: &str) -> Location {
    Location::Pointer(format!("/provinces/{position}/{field}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit as `key=code@first day<predecessors`; its name comes from its key.
    fn unit(text: &str) -> (SentUnit, String, NaiveDate) {
        let (text, from) = text.split_once('<').unwrap_or((text, ""));
        let (text, day) = text.split_once('@').unwrap();
        let (key, code) = text.split_once('=').unwrap();
        let name = key.rsplit_once('-').map_or(key, |(name, _)| name).to_owned();
        let predecessors = from.split('+').filter(|key| !key.is_empty()).map(str::to_owned).collect();
        let (iso, agency_code, unit_type) = (None, None, UnitType::Province);
        let sent = SentUnit { code: Some(code.into()), name_en: name.clone(), name, iso, agency_code, unit_type, predecessors };
        (sent, key.to_owned(), day.parse().unwrap())
    }

    /// The country, and three units of 2004, two of which merged in 2025.
    fn present() -> Provinces {
        let founded = ["giang-2004=24@2004-07-08", "ninh-2004=27@2004-07-08", "bien-2004=11@2004-07-08"];
        let units = founded.into_iter().chain(["ninh-2025=24@2025-07-01<giang-2004+ninh-2004"]);
        let country = Province { unit_type: UnitType::Country, ..province("VN=0@1945-01-01") };
        Provinces::new(units.map(province).chain([country]).collect())
    }

    fn province(text: &str) -> Province {
        let (sent, key, valid_from) = unit(text);
        Province {
            key,
            code: sent.code,
            name: sent.name,
            name_en: sent.name_en,
            iso: None,
            agency_code: None,
            unit_type: UnitType::Province,
            valid_from,
            valid_to: None,
            predecessors: sent.predecessors,
        }
    }

    /// A reorganisation; `key!` withdraws a unit.
    fn draft(units: &[&str]) -> Draft {
        let day = units.iter().find_map(|text| Some(text.split_once('@')?.1.split('<').next()?.parse().unwrap()));
        let says = |text: &str| match text.strip_suffix('!') {
            Some(key) => (key.to_owned(), ProvinceChange::Withdrawn),
            None => (unit(text).1, ProvinceChange::Formed(unit(text).0)),
        };
        let draft_unit = |(position, text): (usize, &&str)| {
            let (key, says) = says(text);
            DraftUnit { position, key: Some(key), says: Some(says) }
        };
        Draft {
            valid_from: day.or("2027-01-01".parse().ok()),
            source: Source::default(),
            reason: None,
            units: units.iter().enumerate().map(draft_unit).collect(),
            read_only: ReadOnly::default(),
            faults: Vec::new(),
        }
    }

    #[test]
    fn what_a_unit_is_formed_from_ends_on_the_eve_and_adds_up_where_all_of_it_went_one_way() {
        for (sent, ended, of, whole, why) in [
            (&["xuyen-2027=97@2027-01-01<ninh-2025+bien-2004"][..], "ninh-2025 bien-2004", "xuyen-2027", Some(true), "a merger"),
            (&["dong-2027=97@2027-01-01<ninh-2025", "tay-2027=98@2027-01-01<ninh-2025"], "ninh-2025", "dong-2027", Some(false), "a split"),
            (
                &["xuyen-2027=24@2027-01-01<ninh-2025"],
                "ninh-2025",
                "xuyen-2027",
                Some(true),
                "a new name: its figures go on, and begin with the merger of 2025",
            ),
            (&["ninh-2027=24@2027-01-01<ninh-2025"], "ninh-2025", "ninh-2027", Some(true), "a new rank under the same name and code"),
            (
                &["bien-2027=12@2027-01-01<11", "xuyen-2027=97@2027-01-01<giang-2004"],
                "",
                "",
                None,
                "a code means who has it on the eve, and giang ended long before",
            ),
            (
                &["ninh-2027=24@2027-01-01<ninh-2025", "bien-2027=11@2027-01-01<bien-2004+ninh-2025"],
                "ninh-2025 bien-2004",
                "bien-2027",
                Some(false),
                "a part of one goes to another",
            ),
        ] {
            match (draft(sent).check(&present()), whole) {
                (Ok(after), Some(whole)) => {
                    for key in ended.split(' ') {
                        let last = after.provinces.get(key).unwrap().valid_to;
                        assert_eq!(last, "2026-12-31".parse().ok(), "{why}");
                    }
                    let formed = after.provinces.get(of).unwrap();
                    assert_eq!(after.provinces.formation(formed).unwrap().whole, whole, "{why}");
                    assert!(after.decided.iter().all(|of_unit| of_unit.outcome == Outcome::Created), "{why}");
                }
                (Err(_), None) => {}
                (answer, _) => panic!("{why}: {answer:?}"),
            }
        }
    }

    #[test]
    fn what_cannot_be_is_refused_where_it_stands() {
        for (sent, faults, why) in [
            (&["xuyen-2027=97@2027-01-01"][..], "/provinces/0/predecessors missing_field", "no territory comes from nothing"),
            (&["xuyen-2027=97@2027-01-01<nowhere"], "/provinces/0/predecessors/0 unknown_province", "nobody's name"),
            (&["xuyen-2027=97@2027-01-01<VN"], "/provinces/0/predecessors/0 invalid_value", "the country"),
            (&["VN=97@2027-01-01<ninh-2025"], "/provinces/0/key invalid_value", "the country is no province"),
            (&["Xuyen-2027=97@2027-01-01<ninh-2025"], "/provinces/0/key invalid_value", "a key in capitals"),
            (&["xuyen=97@2027-01-01<ninh-2025"], "/provinces/0/key invalid_value", "a key that could be a name"),
            (&["24=97@2027-01-01<ninh-2025"], "/provinces/0/key invalid_value", "a key that could be a code"),
            (&["xuyen-2027=9A@2027-01-01<ninh-2025"], "/provinces/0/code invalid_value", "a code of letters"),
            (&["xuyen-2027=11@2027-01-01<ninh-2025"], "/provinces/0/code name_taken", "bien has the code 11"),
            (&["bien-2027=97@2027-01-01<ninh-2025"], "/provinces/0/name name_taken", "bien has the name"),
            (&["xuyen-2027=97@2027-01-01<bien-2004+giang-2004"], "/provinces/0/predecessors province_not_in_period", "giang ended in 2025"),
            (&["xuyen-2003=97@2003-01-01<bien-2004"], "/provinces/0/predecessors province_not_in_period", "bien began in 2004"),
            (&["xuyen-2024=97@2024-01-01<giang-2004"], "/provinces province_not_in_period", "then it could not merge in 2025"),
            (
                &["dong-2027=97@2027-01-01<ninh-2025", "tay-2027=97@2027-01-01<bien-2004"],
                "/provinces/0/code name_taken /provinces/1/code name_taken",
                "two of one code in one reorganisation",
            ),
            (
                &["dong-2027=97@2027-01-01<ninh-2025", "dong-2027=98@2027-01-01<bien-2004"],
                "/provinces/1/key duplicate_row",
                "one unit twice",
            ),
            (&["xuyen-2027!"], "/provinces/0/key nothing_to_withdraw", "it was never there"),
            (&["ninh-2004!"], "/provinces/0/key invalid_value", "nobody would have its territory"),
        ] {
            let refused = draft(sent).check(&present()).unwrap_err();
            let found: Vec<String> = refused.iter().map(|located| format!("{} {}", located.place, located.fault.code)).collect();
            assert_eq!(found.join(" "), faults, "{why}: {refused:?}");
        }
    }

    #[test]
    fn what_is_said_anew_corrects_what_was_said() {
        let end = |after: &Provinces, key: &str| after.get(key).and_then(|unit| unit.valid_to).map(|day| day.to_string());
        let first = draft(&["xuyen-2027=97@2027-01-01<ninh-2025+bien-2004"]).check(&present()).unwrap().provinces;
        for (sent, outcome, ends, why) in [
            ("xuyen-2027=97@2027-01-01<bien-2004+ninh-2025", Outcome::Unchanged, "2026-12-31 2026-12-31", "the same, in another order"),
            ("xuyen-2027=98@2027-01-01<ninh-2025+bien-2004", Outcome::Updated, "2026-12-31 2026-12-31", "another code"),
            ("xuyen-2027=97@2027-07-01<ninh-2025+bien-2004", Outcome::Updated, "2027-06-30 2027-06-30", "half a year later"),
            ("xuyen-2027=97@2027-01-01<ninh-2025", Outcome::Updated, "2026-12-31 ", "without bien, which goes on"),
            ("xuyen-2027!", Outcome::Withdrawn, " ", "not at all: both go on"),
        ] {
            let after = draft(&[sent]).check(&first).unwrap();
            assert_eq!(after.decided[0].outcome, outcome, "{why}");
            let found = ["ninh-2025", "bien-2004"].map(|key| end(&after.provinces, key).unwrap_or_default());
            assert_eq!(found.join(" "), ends, "{why}");
        }
    }
}
