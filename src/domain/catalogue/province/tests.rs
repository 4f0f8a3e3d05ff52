//! Names, codes and keys of provinces: what each means on which day, and what units became of one another.
//! The shipped provinces answer to their names in every form.

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
    let rows = include_str!("../../../../data/provinces.csv").lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
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
