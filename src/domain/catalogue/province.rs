//! Provinces: territories with a period of validity, and the search by code or name on a given date.
//! Codes and names were reused on 1 July 2025, so only the key identifies a province.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::fault::{Code, Fault, code_list};
use crate::domain::message::{Message, message};
use crate::domain::text::{fold, near, offer};

code_list! {
    /// The type of an administrative unit.
    pub enum UnitType {
        /// Tỉnh.
        Province = "province",
        /// Thành phố trực thuộc trung ương.
        Municipality = "municipality",
        /// The whole country. It is a reference area too: figures may be reported for it.
        Country = "country",
    }
}

/// The key of the whole country.
pub const COUNTRY: &str = "VN";

/// A territory with its first and last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Province {
    /// The identity, such as `bac-giang-1997`: the name, and the year in which the unit begins.
    pub key: String,
    /// The code of the General Statistics Office (QĐ 124/2004/QĐ-TTg, QĐ 19/2025/QĐ-TTg). Codes are reused over time. `None` for a unit
    /// that ended before there were codes.
    pub code: Option<String>,
    /// The Vietnamese name.
    pub name: String,
    /// The name without accents.
    pub name_en: String,
    /// The ISO 3166-2 code, if the list (which still has the old units) contains the unit.
    pub iso: Option<String>,
    /// The first group of the identifiers of its agencies (QĐ 20/2020/QĐ-TTg), if known: `H02` in `H02.12`.
    pub agency_code: Option<String>,
    /// Province, municipality or the country.
    pub unit_type: UnitType,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day, inclusive; `None` while it lasts. Nothing says so of the unit itself: it ends on the eve of the day on which
    /// others are formed from it, which [`Provinces::new`] finds out.
    pub valid_to: Option<NaiveDate>,
    /// The keys of the units that it was formed from, in order.
    pub predecessors: Vec<String>,
}

impl Province {
    /// Whether the unit existed on a day.
    #[must_use]
    pub fn existed_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// Whether both units existed on at least one common day.
    #[must_use]
    pub fn overlaps(&self, other: &Province) -> bool {
        self.valid_to.is_none_or(|last| other.valid_from <= last) && other.valid_to.is_none_or(|last| self.valid_from <= last)
    }

    /// The validity of the unit as text, for messages.
    #[must_use]
    pub fn time(&self) -> Message {
        Message::of_days(self.valid_from, self.valid_to)
    }

    /// The day before the first day.
    #[must_use]
    pub fn eve(&self) -> NaiveDate {
        self.valid_from.pred_opt().unwrap_or(NaiveDate::MIN)
    }

    /// Whether both definitions are equal. The last day is not compared, because it follows from other units.
    #[must_use]
    pub fn agrees_with(&self, other: &Province) -> bool {
        *self == Province { valid_to: self.valid_to, ..other.clone() }
    }

    /// Whether the unit has this name, in any spelling.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let name = bare_name(name);
        [&self.name, &self.name_en].iter().any(|own| bare_name(own) == name)
    }

    fn answers_to(&self, asked: &ProvinceIdentifier, names: &[String; 2]) -> bool {
        match asked {
            ProvinceIdentifier::Code(code) => self.code.as_ref() == Some(code),
            ProvinceIdentifier::Iso(iso) => self.iso.as_ref() == Some(iso),
            ProvinceIdentifier::Agency(code) => self.agency_code.as_ref() == Some(code),
            ProvinceIdentifier::Name(name) => names.contains(name),
        }
    }
}

/// The formation of a territory from other units.
#[derive(Debug)]
pub struct Formation<'p> {
    /// The first day of the territory.
    pub on: NaiveDate,
    /// The units before that day.
    pub units: Vec<&'p Province>,
    /// Whether each of these units became part of it as a whole.
    pub whole: bool,
}

/// The units that had the territory of a later unit in a span of days, nothing missing and nothing left over.
#[derive(Debug)]
pub struct Rejoined<'p> {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, inclusive.
    pub to: NaiveDate,
    /// The units of these days.
    pub units: Vec<&'p Province>,
}

/// The ways to name a province in a request, besides its key.
enum ProvinceIdentifier {
    Code(String),
    Iso(String),
    Agency(String),
    Name(String),
}

impl ProvinceIdentifier {
    /// A bare number is a GSO code, never an ISO code: VN-24 is Quảng Bình, 24 was Bắc Giang.
    fn read(text: &str) -> ProvinceIdentifier {
        if text.bytes().all(|b| b.is_ascii_digit()) {
            ProvinceIdentifier::Code(text.to_owned())
        } else if text.to_ascii_uppercase().starts_with("VN-") {
            ProvinceIdentifier::Iso(text.to_ascii_uppercase())
        } else if let Some(code) = text.split('.').next().filter(|group| is_agency_code(group)) {
            ProvinceIdentifier::Agency(code.to_ascii_uppercase())
        } else {
            ProvinceIdentifier::Name(bare_name(text))
        }
    }
}

/// Whether a text has the form of an agency code: a letter and two digits.
#[must_use]
pub fn is_agency_code(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, tens, ones] if letter.is_ascii_alphabetic() && tens.is_ascii_digit() && ones.is_ascii_digit())
}

/// Whether a text is read as a name, and not as a code.
#[must_use]
pub fn is_name(text: &str) -> bool {
    matches!(ProvinceIdentifier::read(text), ProvinceIdentifier::Name(name) if !name.is_empty())
}

/// Titles before or after the names of units, folded; the longer ones first.
const RANKS: [&str; 9] = ["province of", "city of", "tinh", "thanh pho", "tp", "thi xa", "tx", "province", "city"];

/// Other spellings of names, folded and without spaces.
const SPELLINGS: [(&str, &str); 16] = [
    ("hcm", "hochiminh"),
    ("hcmc", "hochiminh"),
    ("daclac", "daklak"),
    ("daclak", "daklak"),
    ("daklac", "daklak"),
    ("dacnong", "daknong"),
    ("baccan", "backan"),
    ("bakcan", "backan"),
    ("tthue", "thuathienhue"),
    ("brvt", "bariavungtau"),
    ("canuoc", "vietnam"),
    ("toanquoc", "vietnam"),
    ("wholecountry", "vietnam"),
    ("thewholecountry", "vietnam"),
    ("canuocwholecountry", "vietnam"),
    ("nationwide", "vietnam"),
];

/// The form of a name for comparison: `Tỉnh Bắc Giang`, `bac-giang` and `Bacgiang` are equal, and so are `TP.HCM`, `Ho Chi Minh City` and
/// `Hồ Chí Minh`.
fn bare_name(text: &str) -> String {
    let folded = fold(text);
    let name = without_title(&folded).replace(' ', "");
    // `TPHCM`: no name begins with these letters.
    let name = ["tp", "tx"].iter().find_map(|rank| name.strip_prefix(rank)).filter(|rest| !rest.is_empty()).unwrap_or(&name);
    SPELLINGS.iter().find(|(spelled, _)| *spelled == name).map_or(name, |(_, name)| name).to_owned()
}

/// A folded name without the titles before and after it. A title alone stays: something has to be left.
fn without_title(folded: &str) -> &str {
    let before = |rank: &&str| folded.strip_prefix(*rank).and_then(|rest| rest.strip_prefix(' '));
    // `Hà Tĩnh` ends like a title.
    let is_name = |rank: &str, rest: &str| rank != "tinh" || rest.contains(' ');
    let after = |rank: &&str| folded.strip_suffix(*rank)?.strip_suffix(' ').filter(|rest| is_name(rank, rest));
    let shorter = RANKS.iter().find_map(before).or_else(|| RANKS.iter().find_map(after));
    shorter.map_or(folded, without_title)
}

/// All provinces of all times.
#[derive(Debug, Default)]
pub struct Provinces {
    units: Vec<Province>,
    /// The two names of each unit, in the form for comparison.
    names: Vec<[String; 2]>,
}

impl Provinces {
    /// Sorts the units by key. The last day of each is the day before the first unit was formed from it.
    #[must_use]
    pub fn new(mut provinces: Vec<Province>) -> Provinces {
        provinces.sort_by(|a, b| a.key.cmp(&b.key));
        let mut ends: BTreeMap<String, NaiveDate> = BTreeMap::new();
        for next in &provinces {
            for key in &next.predecessors {
                let end = next.eve();
                ends.entry(key.clone()).and_modify(|known| *known = end.min(*known)).or_insert(end);
            }
        }
        for province in &mut provinces {
            province.valid_to = ends.get(&province.key).copied();
        }
        let names = provinces.iter().map(|province| [bare_name(&province.name), bare_name(&province.name_en)]).collect();
        Provinces { units: provinces, names }
    }

    /// The provinces and the country, by key.
    #[must_use]
    pub fn all(&self) -> &[Province] {
        &self.units
    }

    /// The provinces without the country, by key.
    pub fn iter(&self) -> impl Iterator<Item = &Province> {
        self.units.iter().filter(|p| p.unit_type != UnitType::Country)
    }

    /// The unit with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Province> {
        self.units.binary_search_by(|p| p.key.as_str().cmp(key)).ok().map(|n| &self.units[n])
    }

    /// The units that were formed from this one.
    pub fn successors(&self, key: &str) -> impl Iterator<Item = &Province> {
        self.iter().filter(move |p| p.predecessors.iter().any(|from| from == key))
    }

    /// The keys of a unit and of the units that it continues with another name or rank. Huế continues Thừa Thiên Huế with the same
    /// territory, so their figures are one series. A unit formed from several others has its own territory.
    #[must_use]
    pub fn continued(&self, province: &Province) -> Vec<String> {
        let mut keys = vec![province.key.clone()];
        let mut unit = province;
        while let [only] = &unit.predecessors[..]
            && self.successors(only).count() == 1
            && let Some(before) = self.get(only)
        {
            keys.push(before.key.clone());
            unit = before;
        }
        keys
    }

    /// The unit itself, then the units that continue it with another name or rank, in order.
    pub fn goes_on_as<'p>(&'p self, province: &'p Province) -> impl Iterator<Item = &'p Province> {
        std::iter::successors(Some(province), |unit| {
            let mut next = self.successors(&unit.key);
            next.next().filter(|only| only.predecessors.len() == 1 && next.next().is_none())
        })
    }

    /// The last unit that continues this one with another name or rank; the unit itself if there is none.
    #[must_use]
    pub fn latest<'p>(&'p self, province: &'p Province) -> &'p Province {
        self.goes_on_as(province).last().unwrap_or(province)
    }

    /// The formation of the territory from other units; `None` if there is no earlier unit.
    #[must_use]
    pub fn formation(&self, province: &Province) -> Option<Formation<'_>> {
        let keys = self.continued(province);
        let first = self.get(keys.last()?)?;
        let units: Vec<&Province> = first.predecessors.iter().filter_map(|key| self.get(key)).collect();
        let whole = first.predecessors.iter().all(|key| self.successors(key).count() == 1);
        (!units.is_empty()).then_some(Formation { on: first.valid_from, units, whole })
    }

    /// The units that had the territory of a unit before one of them was split, for each span of days in which they make it up: all parts
    /// of the split unit have come into the territory. Cần Thơ was split in 2004 and joined again in 2025, so the Cần Thơ of 2025 is old
    /// Cần Thơ and Sóc Trăng before 2004. Latest first; empty for a territory without such a unit.
    #[must_use]
    pub fn rejoined<'p>(&'p self, province: &'p Province) -> Vec<Rejoined<'p>> {
        let (mut units, mut split, mut spans) = (vec![province], false, Vec::new());
        while let Some(on) = units.iter().filter(|unit| !unit.predecessors.is_empty()).map(|unit| unit.valid_from).max() {
            let (begun, mut before): (Vec<&Province>, Vec<&Province>) =
                units.into_iter().partition(|unit| unit.valid_from == on && !unit.predecessors.is_empty());
            let keys: BTreeSet<&String> = begun.iter().flat_map(|unit| &unit.predecessors).collect();
            let mut successors = keys.iter().flat_map(|key| self.successors(key));
            if successors.any(|next| !begun.iter().any(|unit| unit.key == next.key)) {
                break;
            }
            split |= keys.iter().any(|key| self.successors(key).count() > 1);
            before.extend(keys.into_iter().filter_map(|key| self.get(key)));
            before.sort_by(|a, b| a.key.cmp(&b.key));
            units = before;
            let from = units.iter().map(|unit| unit.valid_from).max().filter(|_| split);
            spans.extend(from.zip(on.pred_opt()).map(|(from, to)| Rejoined { from, to, units: units.clone() }));
        }
        spans
    }

    /// The unit that a statistics office prints in one line with this one, although parts came or went: the predecessor with the same name
    /// and code (or no code), such as Hà Nội before 1 August 2008. `None` after a merger of whole units, whose earlier figures add up.
    #[must_use]
    pub fn namesake(&self, province: &Province) -> Option<&Province> {
        let same = |unit: &&Province| (unit.code.is_none() || unit.code == province.code) && unit.is_called(&province.name);
        self.formation(province).filter(|formation| !formation.whole)?.units.into_iter().find(same)
    }

    /// The unit and all units that its territory was formed from, at all times. Of a territory with several names, the last name
    /// counts.
    #[must_use]
    pub fn lineage<'p>(&'p self, province: &'p Province) -> Vec<&'p Province> {
        let units = self.formation(province).map(|formation| formation.units).unwrap_or_default();
        std::iter::once(province).chain(units.into_iter().flat_map(|unit| self.lineage(unit))).collect()
    }

    /// The unit, all units before it and all units after it, ordered by first day and key.
    #[must_use]
    pub fn line(&self, of: &Province) -> Vec<&Province> {
        let mut found: BTreeMap<(NaiveDate, &str), &Province> = BTreeMap::new();
        let mut open: Vec<&Province> = self.get(&of.key).into_iter().collect();
        while let Some(unit) = open.pop() {
            if found.insert((unit.valid_from, &unit.key), unit).is_none() {
                // Go only backwards from earlier units and only forwards from later ones: other units next to them have another
                // lineage.
                let earlier = unit.predecessors.iter().filter_map(|key| self.get(key)).filter(|_| unit.valid_from <= of.valid_from);
                let later = self.successors(&unit.key).filter(|_| unit.valid_from >= of.valid_from);
                open.extend(earlier.chain(later));
            }
        }
        found.into_values().collect()
    }

    /// All units that had this key, code or name at any time.
    #[must_use]
    pub fn named(&self, text: &str) -> Vec<&Province> {
        let text = text.trim();
        if let Some(province) = self.get(key_of(text)) {
            return vec![province];
        }
        let formerly = self.with_former_key(text);
        if !formerly.is_empty() {
            return formerly;
        }
        let found = self.known_as(&ProvinceIdentifier::read(text));
        // Spreadsheets drop the zero of `01`.
        let zero_lost = found.is_empty() && text.len() == 1 && text.bytes().all(|b| b.is_ascii_digit());
        if zero_lost { self.known_as(&ProvinceIdentifier::Code(format!("0{text}"))) } else { found }
    }

    /// The unit with this key, or with this former key on a day.
    #[must_use]
    pub fn with_key(&self, text: &str, on: NaiveDate) -> Option<&Province> {
        self.get(key_of(text)).or_else(|| {
            let units = self.with_former_key(text);
            let then = units.iter().find(|unit| unit.existed_on(on));
            then.or_else(|| units.iter().rfind(|unit| unit.valid_from <= on)).or(units.first()).copied()
        })
    }

    /// The units that had this key until December 2026, in order. Every unit of that time before the mergers of 2025 had a key of the year
    /// 2004, the year of its code. Where the territory changed in 2008, the key stood for the units before and after.
    fn with_former_key(&self, text: &str) -> Vec<&Province> {
        let name = text.strip_suffix("-2004").filter(|_| self.get(text).is_none());
        name.into_iter().flat_map(|name| [1997, 2008].map(|year| self.get(&format!("{name}-{year}")))).flatten().collect()
    }

    fn known_as(&self, asked: &ProvinceIdentifier) -> Vec<&Province> {
        self.units.iter().zip(&self.names).filter(|(p, names)| p.answers_to(asked, names)).map(|(p, _)| p).collect()
    }

    /// Finds a unit by key, or by its GSO code, ISO code, agency code or name on a day.
    ///
    /// # Errors
    /// `unknown_province`, with the keys that the text meant at other times, or the near names; `ambiguous_province` with the candidates.
    pub fn resolve(&self, text: &str, on: NaiveDate) -> Result<&Province, Fault> {
        self.find(text, on).ok_or_else(|| self.not_found(text, on, true))
    }

    /// Finds a unit as [`Provinces::resolve`] does; for callers that need no fault.
    #[must_use]
    pub fn find(&self, text: &str, on: NaiveDate) -> Option<&Province> {
        let text = text.trim();
        self.with_key(text, on).or_else(|| if let [one] = self.called(text, on)[..] { Some(one) } else { None })
    }

    /// The units with this code or name on a day.
    fn called(&self, text: &str, on: NaiveDate) -> Vec<&Province> {
        self.named(text).into_iter().filter(|p| p.existed_on(on)).collect()
    }

    /// The fault of a text that [`Provinces::find`] finds no unit for. With `offers` it has the near names, for which all are compared.
    pub(crate) fn not_found(&self, text: &str, on: NaiveDate, offers: bool) -> Fault {
        let text = text.trim();
        let then = self.called(text, on);
        if then.is_empty() {
            // A digit that lost its zero names no unit of another day.
            return self.unknown(text, on, &self.known_as(&ProvinceIdentifier::read(text)), offers);
        }
        let message = message!(
            en: "several provinces were called `{text}` on {on}",
            vi: "ngày {on} có nhiều đơn vị cùng tên gọi `{text}`"; on
        );
        Fault::new(Code::AmbiguousProvince, message).allowing(then.iter().map(|p| p.key.clone()))
    }

    fn unknown(&self, text: &str, on: NaiveDate, at_other_times: &[&Province], offers: bool) -> Fault {
        let shown: String = text.chars().take(60).collect();
        if at_other_times.is_empty() {
            let names = self.units.iter().filter(|p| offers && p.existed_on(on)).map(|p| p.name.as_str());
            let nearest = near(without_title(&fold(text)), names);
            let offered = offer(&nearest);
            let message = message!(
                en: "no province has the key, code or name `{shown}`{offered}",
                vi: "không có tỉnh nào có mã định danh, mã hoặc tên `{shown}`{offered}"; offered
            );
            return Fault::new(Code::UnknownProvince, message).allowing(nearest);
        }
        let at_time = |province: &&Province| {
            let time = province.time();
            message!(en: "{} {time}", vi: "{} {time}"; time; province.key)
        };
        let when = Message::joined(&at_other_times.iter().map(at_time).collect::<Vec<_>>(), ", ");
        let why = self.before_the_record(at_other_times, on);
        let message = message!(
            en: "no province was called `{shown}` on {on}; it was {when}{why}",
            vi: "vào ngày {on} không có tỉnh nào tên là `{shown}`; tên này là của {when}{why}"; on, when, why
        );
        Fault::new(Code::UnknownProvince, message).allowing(at_other_times.iter().map(|p| p.key.clone()))
    }

    /// Why none of these units existed on a day, for the end of a message: the record of provinces begins on 1 January 1997. Empty for
    /// other reasons.
    #[must_use]
    pub fn before_the_record(&self, units: &[&Province], day: NaiveDate) -> Option<Message> {
        let before = day < record_begins() && units.iter().all(|unit| day < unit.valid_from);
        let begins = record_begins();
        before.then(|| {
            message!(
                en: "; the record of provinces begins on {begins}",
                vi: "; danh mục đơn vị hành chính cấp tỉnh bắt đầu từ ngày {begins}"; begins
            )
        })
    }
}

/// The key that a text may be; the country's in any case.
fn key_of(text: &str) -> &str {
    if text.eq_ignore_ascii_case(COUNTRY) { COUNTRY } else { text }
}

/// The first day of the record. On that day eight provinces were divided; units that are older begin then too.
fn record_begins() -> NaiveDate {
    NaiveDate::from_ymd_opt(1997, 1, 1).expect("a date")
}

#[cfg(test)]
mod tests;
