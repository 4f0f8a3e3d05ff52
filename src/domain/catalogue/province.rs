//! Provinces: territories with a period of validity, and the search by code or name on a given date.
//! Codes and names were reused on 1 July 2025, so only the key identifies a province.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::fault::{Code, Fault, code_list};
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
    /// The identity, such as `bac-giang-2004`.
    pub key: String,
    /// The code of the General Statistics Office (QĐ 124/2004/QĐ-TTg, QĐ 19/2025/QĐ-TTg). Codes are reused over time.
    pub code: String,
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
    pub fn time(&self) -> String {
        self.valid_to.map_or_else(|| format!("from {}", self.valid_from), |last| format!("from {} to {last}", self.valid_from))
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
            ProvinceIdentifier::Code(code) => self.code == *code,
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
        let found = self.known_as(&ProvinceIdentifier::read(text));
        // Spreadsheets drop the zero of `01`.
        let zero_lost = found.is_empty() && text.len() == 1 && text.bytes().all(|b| b.is_ascii_digit());
        if zero_lost { self.known_as(&ProvinceIdentifier::Code(format!("0{text}"))) } else { found }
    }

    fn known_as(&self, asked: &ProvinceIdentifier) -> Vec<&Province> {
        self.units.iter().zip(&self.names).filter(|(p, names)| p.answers_to(asked, names)).map(|(p, _)| p).collect()
    }

    /// Finds a unit by key, or by its GSO code, ISO code, agency code or name on a day.
    ///
    /// # Errors
    /// `unknown_province`, with the keys that the text meant at other times, or the near names; `ambiguous_province` with the candidates.
    pub fn resolve(&self, text: &str, on: NaiveDate) -> Result<&Province, Fault> {
        let text = text.trim();
        if let Some(province) = self.get(key_of(text)) {
            return Ok(province);
        }
        let named = self.named(text);
        let then: Vec<&Province> = named.iter().copied().filter(|p| p.existed_on(on)).collect();
        match then[..] {
            [one] => Ok(one),
            // A digit that lost its zero names no unit of another day.
            [] => Err(self.unknown(text, on, &self.known_as(&ProvinceIdentifier::read(text)))),
            _ => Err(Fault::new(Code::AmbiguousProvince, format!("several provinces were called `{text}` on {on}"))
                .allowing(then.iter().map(|p| p.key.clone()))),
        }
    }

    fn unknown(&self, text: &str, on: NaiveDate, at_other_times: &[&Province]) -> Fault {
        let shown: String = text.chars().take(60).collect();
        if at_other_times.is_empty() {
            let names = self.units.iter().filter(|p| p.existed_on(on)).map(|p| p.name.as_str());
            let nearest = near(without_title(&fold(text)), names);
            let message = format!("no province has the key, code or name `{shown}`{}", offer(&nearest));
            return Fault::new(Code::UnknownProvince, message).allowing(nearest);
        }
        let when: Vec<String> = at_other_times.iter().map(|province| format!("{} {}", province.key, province.time())).collect();
        let why = self.before_the_record(at_other_times, on);
        Fault::new(Code::UnknownProvince, format!("no province was called `{shown}` on {on}; it was {}{why}", when.join(", ")))
            .allowing(at_other_times.iter().map(|p| p.key.clone()))
    }

    /// Why none of these units existed on a day, for the end of a message: the provinces of this service begin on 1 January 1997, and of
    /// some units the catalogue does not have the ones that they were formed from. Empty for other reasons.
    #[must_use]
    pub fn before_the_record(&self, units: &[&Province], day: NaiveDate) -> String {
        if units.iter().any(|unit| unit.valid_from <= day) {
            return String::new();
        }
        if day < record_begins() {
            return format!("; the record of provinces begins on {}", record_begins());
        }
        let first = units.iter().filter(|unit| unit.predecessors.is_empty()).min_by_key(|unit| unit.valid_from);
        first.map_or(String::new(), |unit| format!("; the catalogue does not have its province before {} yet", unit.valid_from))
    }
}

/// The key that a text may be; the country's in any case.
fn key_of(text: &str) -> &str {
    if text.eq_ignore_ascii_case(COUNTRY) { COUNTRY } else { text }
}

/// The first day of the record: the provinces that were divided that day have had their present names since.
fn record_begins() -> NaiveDate {
    NaiveDate::from_ymd_opt(1997, 1, 1).expect("a date")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn province(key: &str, code: &str, name: &str, iso: &str, from: &str, predecessors: &[&str]) -> Province {
        Province {
            key: key.into(),
            code: code.into(),
            name: name.into(),
            name_en: fold(name),
            iso: Some(iso.into()),
            agency_code: None,
            unit_type: UnitType::Province,
            valid_from: from.parse().unwrap(),
            valid_to: None,
            predecessors: predecessors.iter().map(|&key| key.into()).collect(),
        }
    }

    fn two_that_merged() -> Provinces {
        Provinces::new(vec![
            province("bac-giang-2004", "24", "Bắc Giang", "VN-54", "2004-07-08", &[]),
            province("bac-ninh-2004", "27", "Bắc Ninh", "VN-56", "2004-07-08", &[]),
            province("bac-ninh-2025", "24", "Bắc Ninh", "VN-56", "2025-07-01", &["bac-giang-2004", "bac-ninh-2004"]),
        ])
    }

    #[test]
    fn a_code_or_name_means_what_it_meant_on_the_day() {
        let provinces = two_that_merged();
        for (text, on, key) in [
            ("24", "2025-06-30", "bac-giang-2004"),
            ("24", "2025-07-01", "bac-ninh-2025"),
            ("27", "2024-12-31", "bac-ninh-2004"),
            ("Bắc Ninh", "2024-12-31", "bac-ninh-2004"),
            ("bac ninh", "2026-05-31", "bac-ninh-2025"),
            ("bac-giang", "2024-12-31", "bac-giang-2004"),
            ("VN-56", "2024-12-31", "bac-ninh-2004"),
            ("vn-56", "2026-12-31", "bac-ninh-2025"),
            ("bac-giang-2004", "2026-12-31", "bac-giang-2004"),
        ] {
            assert_eq!(provinces.resolve(text, on.parse().unwrap()).unwrap().key, key, "{text} on {on}");
        }
    }

    #[test]
    fn what_no_unit_was_called_then_is_unknown_and_the_times_it_was_are_named() {
        let provinces = two_that_merged();
        let fault = provinces.resolve("27", "2026-01-31".parse().unwrap()).unwrap_err();
        assert_eq!((fault.code, fault.allowed), (Code::UnknownProvince, vec!["bac-ninh-2004".to_owned()]));
        for text in ["99", "VN-24", "Atlantis", "", "54"] {
            let fault = provinces.resolve(text, "2024-01-31".parse().unwrap()).unwrap_err();
            assert_eq!((fault.code, fault.allowed.len()), (Code::UnknownProvince, 0), "{text}");
        }
    }

    /// The shipped provinces and the country.
    fn shipped() -> Provinces {
        let rows = include_str!("../../../data/provinces.csv").lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
        let unit = |cells: Vec<&str>| {
            let predecessors: Vec<&str> = cells[8].split('+').filter(|key| !key.is_empty()).collect();
            Province { name_en: cells[3].into(), ..province(cells[0], cells[1], cells[2], cells[4], cells[6], &predecessors) }
        };
        let country = Province {
            name_en: "Viet Nam".into(),
            unit_type: UnitType::Country,
            ..province(COUNTRY, "VN", "Việt Nam", "VN", "1945-01-01", &[])
        };
        Provinces::new(rows.map(unit).chain([country]).collect())
    }

    #[test]
    fn every_unit_answers_to_its_names_in_every_form_on_all_its_days() {
        let provinces = shipped();
        for unit in provinces.iter() {
            let days = [Some(unit.valid_from), unit.valid_to.or("2026-12-01".parse().ok())].into_iter().flatten();
            for (name, day) in [&unit.name, &unit.name_en].into_iter().flat_map(|name| days.clone().map(move |day| (name, day))) {
                for form in [
                    name.clone(),
                    name.to_uppercase(),
                    name.to_lowercase(),
                    fold(name),
                    fold(name).replace(' ', ""),
                    name.replace(' ', "-"),
                    name.replace('Đ', "\u{d0}"),
                    name.replace('Đ', "\u{189}"),
                    name.replace('đ', "\u{f0}"),
                    format!(" {name} "),
                    format!("Tỉnh {name}"),
                    format!("TỈNH {}", name.to_uppercase()),
                    format!("tinh {name}"),
                    format!("{name}, tỉnh"),
                    format!("Thành phố {name}"),
                    format!("TP {name}"),
                    format!("TP.{name}"),
                    format!("TP. {name}"),
                    format!("TX. {name}"),
                    format!("{name} province"),
                    format!("{name} Province"),
                    format!("Province of {name}"),
                    format!("{name} City"),
                    format!("{name} city"),
                    format!("City of {name}"),
                ] {
                    // A name of one word with `tỉnh` behind it ends like `Hà Tĩnh`.
                    if form.ends_with("tỉnh") && !name.contains(' ') {
                        continue;
                    }
                    assert_eq!(provinces.resolve(&form, day).map(|found| &found.key), Ok(&unit.key), "{form} on {day}");
                }
            }
            for (code, day) in days.map(|day| (unit.code.trim_start_matches('0'), day)) {
                assert_eq!(provinces.resolve(code, day).map(|found| &found.key), Ok(&unit.key), "{code} on {day}");
            }
        }
    }

    #[test]
    fn different_names_stay_different() {
        let provinces = shipped();
        // The comparison that knew no titles behind the name: a name with one meaning keeps it.
        let plain = |unit: &Province| fold(&unit.name).replace(' ', "");
        for (a, b) in provinces.all().iter().flat_map(|a| provinces.all().iter().map(move |b| (a, b))) {
            assert_eq!(bare_name(&a.name) == bare_name(&b.name), plain(a) == plain(b), "{} and {}", a.key, b.key);
        }
        for text in ["Hà", "Ha", "Tỉnh", "Thành phố", "City", "province", "TP", "tinh tinh", "City city"] {
            let fault = provinces.resolve(text, "2024-01-31".parse().unwrap()).unwrap_err();
            assert_eq!(fault.code, Code::UnknownProvince, "{text}");
        }
    }

    #[test]
    fn the_names_that_the_statistics_office_prints_are_found() {
        let provinces = shipped();
        #[rustfmt::skip]
        let printed = [
            "Ha Noi", "Vinh Phuc", "Bac Ninh", "Quang Ninh", "Hai Duong", "Hai Phong", "Hung Yen", "Thai Binh", "Ha Nam", "Nam Dinh",
            "Ninh Binh", "Ha Giang", "Cao Bang", "Bac Kan", "Tuyen Quang", "Lao Cai", "Yen Bai", "Thai Nguyen", "Lang Son", "Bac Giang",
            "Phu Tho", "Dien Bien", "Lai Chau", "Son La", "Hoa Binh", "Thanh Hoa", "Nghe An", "Ha Tinh", "Quang Binh", "Quang Tri",
            "Thua Thien - Hue", "Da Nang", "Quang Nam", "Quang Ngai", "Binh Dinh", "Phu Yen", "Khanh Hoa", "Ninh Thuan", "Binh Thuan",
            "Kon Tum", "Gia Lai", "Dak Lak", "Dak Nong", "Lam Dong", "Binh Phuoc", "Tay Ninh", "Binh Duong", "Dong Nai",
            "Ba Ria - Vung Tau", "Ho Chi Minh city", "Long An", "Tien Giang", "Ben Tre", "Tra Vinh", "Vinh Long", "Dong Thap", "An Giang",
            "Kien Giang", "Can Tho", "Hau Giang", "Soc Trang", "Bac Lieu", "Ca Mau",
        ];
        let day = "2024-06-30".parse().unwrap();
        let mut found: Vec<&str> = printed.iter().map(|name| provinces.resolve(name, day).unwrap().key.as_str()).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), 63);
        for (spelled, key) in [
            ("CẢ NƯỚC", COUNTRY),
            ("Toàn quốc", COUNTRY),
            ("WHOLE COUNTRY", COUNTRY),
            ("CẢ NƯỚC - WHOLE COUNTRY", COUNTRY),
            ("Việt Nam", COUNTRY),
            ("Vietnam", COUNTRY),
            ("vn", COUNTRY),
            ("TPHCM", "ho-chi-minh-2004"),
            ("TP.HCM", "ho-chi-minh-2004"),
            ("HCM City", "ho-chi-minh-2004"),
            ("Hồ Chí Minh City", "ho-chi-minh-2004"),
            ("TP Đà Nẵng", "da-nang-2004"),
            ("TPHaNoi", "ha-noi-2004"),
            ("Đắc Lắc", "dak-lak-2004"),
            ("Đăk Lăk", "dak-lak-2004"),
            ("Daklak", "dak-lak-2004"),
            ("Đắc Lắk", "dak-lak-2004"),
            ("Đắc Nông", "dak-nong-2004"),
            ("Bắc Cạn", "bac-kan-2004"),
            ("TT-Huế", "thua-thien-hue-2004"),
            ("Hà Tĩnh", "ha-tinh-2004"),
            ("tỉnh Hà Tĩnh", "ha-tinh-2004"),
            ("1", "ha-noi-2004"),
            ("6", "bac-kan-2004"),
        ] {
            assert_eq!(provinces.resolve(spelled, day).map(|found| found.key.as_str()), Ok(key), "{spelled}");
        }
    }

    #[test]
    fn the_near_names_of_the_day_are_offered() {
        let provinces = shipped();
        for (text, on, near) in [
            ("Bắc Gian", "2024-06-30", "Bắc Giang"),
            ("Thái Nguen", "2024-06-30", "Thái Nguyên"),
            ("tỉnh Kien Gang", "2024-06-30", "Kiên Giang"),
            ("An Gian", "2026-06-30", "An Giang"),
        ] {
            let fault = provinces.resolve(text, on.parse().unwrap()).unwrap_err();
            assert_eq!(fault.allowed.first().map(String::as_str), Some(near), "{text} on {on}");
            for name in &fault.allowed {
                assert!(fault.message.contains(&format!("`{name}`")) && provinces.resolve(name, on.parse().unwrap()).is_ok(), "{fault:?}");
            }
        }
    }

    #[test]
    fn a_name_is_known_in_any_spelling() {
        for (spelled, name) in [
            ("Tỉnh Bắc Giang", "Bắc Giang"),
            ("TỈNH BẮC GIANG", "Bắc Giang"),
            ("bac_giang", "Bắc Giang"),
            ("Bacgiang", "Bắc Giang"),
            ("TP.HCM", "Hồ Chí Minh"),
            ("TP. Hồ Chí Minh", "Hồ Chí Minh"),
            ("Thành phố Hồ Chí Minh", "Hồ Chí Minh"),
            ("tphcm", "Hồ Chí Minh"),
            ("Hanoi", "Hà Nội"),
            ("Hoà Bình", "Hòa Bình"),
            ("Bà Rịa – Vũng Tàu", "Bà Rịa - Vũng Tàu"),
            ("Thừa Thiên-Huế", "Thừa Thiên Huế"),
            ("Đắc Lắc", "Đắk Lắk"),
            ("Bắc Cạn", "Bắc Kạn"),
            ("Ha\u{300} Nam", "Hà Nam"),
        ] {
            assert_eq!(bare_name(spelled), bare_name(name), "{spelled}");
        }
        assert_ne!(bare_name("Hà Nam"), bare_name("Hà Nội"));
        assert_ne!(bare_name("Quảng Bình"), bare_name("Quảng Ninh"));
    }

    #[test]
    fn a_new_name_continues_a_territory_and_a_merger_does_not() {
        let provinces = Provinces::new(vec![
            province("thua-thien-hue-2004", "46", "Thừa Thiên Huế", "VN-26", "2004-07-08", &[]),
            province("hue-2025", "46", "Huế", "VN-26", "2025-01-01", &["thua-thien-hue-2004"]),
        ]);
        let hue = provinces.get("hue-2025").unwrap();
        assert_eq!(provinces.continued(hue), ["hue-2025", "thua-thien-hue-2004"]);
        assert!(provinces.formation(hue).is_none());
        assert_eq!(provinces.lineage(hue).len(), 1);

        let merged = two_that_merged();
        let bac_ninh = merged.get("bac-ninh-2025").unwrap();
        assert_eq!(merged.continued(bac_ninh), ["bac-ninh-2025"]);
        let formation = merged.formation(bac_ninh).unwrap();
        assert_eq!((formation.on.to_string().as_str(), formation.units.len(), formation.whole), ("2025-07-01", 2, true));
        let lineage: Vec<&str> = merged.lineage(bac_ninh).into_iter().map(|unit| unit.key.as_str()).collect();
        assert_eq!(lineage, ["bac-ninh-2025", "bac-giang-2004", "bac-ninh-2004"]);
        assert!(merged.formation(merged.get("bac-giang-2004").unwrap()).is_none());
    }

    #[test]
    fn a_unit_that_was_split_is_the_whole_of_nothing() {
        let split = Provinces::new(vec![
            province("old", "1", "Cũ", "VN-1", "2004-07-08", &[]),
            province("east", "2", "Đông", "VN-2", "2027-01-01", &["old"]),
            province("west", "3", "Tây", "VN-3", "2027-01-01", &["old"]),
        ]);
        let east = split.get("east").unwrap();
        assert_eq!(split.continued(east), ["east"], "part of a territory does not continue it");
        assert!(!split.formation(east).unwrap().whole);
    }

    #[test]
    fn successors_are_the_units_formed_from_one() {
        let provinces = two_that_merged();
        let successors: Vec<&str> = provinces.successors("bac-giang-2004").map(|p| p.key.as_str()).collect();
        assert_eq!(successors, ["bac-ninh-2025"]);
    }
}
