//! Names, codes and keys of provinces: what each means on which day, and what units became of one another.
//! The shipped provinces answer to their names in every form.

use super::*;

fn province(key: &str, code: &str, name: &str, iso: &str, from: &str, predecessors: &[&str]) -> Province {
    Province {
        key: key.into(),
        code: Some(code.into()),
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
        province("bac-giang-1997", "24", "Bắc Giang", "VN-54", "1997-01-01", &[]),
        province("bac-ninh-1997", "27", "Bắc Ninh", "VN-56", "1997-01-01", &[]),
        province("bac-ninh-2025", "24", "Bắc Ninh", "VN-56", "2025-07-01", &["bac-giang-1997", "bac-ninh-1997"]),
    ])
}

#[test]
fn a_code_or_name_means_what_it_meant_on_the_day() {
    let provinces = two_that_merged();
    for (text, on, key) in [
        ("24", "2025-06-30", "bac-giang-1997"),
        ("24", "2025-07-01", "bac-ninh-2025"),
        ("27", "2024-12-31", "bac-ninh-1997"),
        ("Bắc Ninh", "2024-12-31", "bac-ninh-1997"),
        ("bac ninh", "2026-05-31", "bac-ninh-2025"),
        ("bac-giang", "2024-12-31", "bac-giang-1997"),
        ("VN-56", "2024-12-31", "bac-ninh-1997"),
        ("vn-56", "2026-12-31", "bac-ninh-2025"),
        ("bac-giang-1997", "2026-12-31", "bac-giang-1997"),
    ] {
        assert_eq!(provinces.resolve(text, on.parse().unwrap()).unwrap().key, key, "{text} on {on}");
    }
}

#[test]
fn what_no_unit_was_called_then_is_unknown_and_the_times_it_was_are_named() {
    let provinces = two_that_merged();
    let fault = provinces.resolve("27", "2026-01-31".parse().unwrap()).unwrap_err();
    assert_eq!((fault.code, fault.allowed), (Code::UnknownProvince, vec!["bac-ninh-1997".to_owned()]));
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
        let code = Some(cells[1].to_owned()).filter(|code| !code.is_empty());
        Province { code, name_en: cells[3].into(), ..province(cells[0], cells[1], cells[2], cells[4], cells[6], &predecessors) }
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
        for (code, day) in unit.code.iter().flat_map(|code| days.clone().map(move |day| (code.trim_start_matches('0'), day))) {
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
        ("TPHCM", "ho-chi-minh-1997"),
        ("TP.HCM", "ho-chi-minh-1997"),
        ("HCM City", "ho-chi-minh-1997"),
        ("Hồ Chí Minh City", "ho-chi-minh-1997"),
        ("TP Đà Nẵng", "da-nang-1997"),
        ("TPHaNoi", "ha-noi-2008"),
        ("Đắc Lắc", "dak-lak-2004"),
        ("Đăk Lăk", "dak-lak-2004"),
        ("Daklak", "dak-lak-2004"),
        ("Đắc Lắk", "dak-lak-2004"),
        ("Đắc Nông", "dak-nong-2004"),
        ("Bắc Cạn", "bac-kan-1997"),
        ("TT-Huế", "thua-thien-hue-1997"),
        ("Hà Tĩnh", "ha-tinh-1997"),
        ("tỉnh Hà Tĩnh", "ha-tinh-1997"),
        ("1", "ha-noi-2008"),
        ("6", "bac-kan-1997"),
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
            assert!(
                fault.message.english().contains(&format!("`{name}`")) && provinces.resolve(name, on.parse().unwrap()).is_ok(),
                "{fault:?}"
            );
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
        province("thua-thien-hue-1997", "46", "Thừa Thiên Huế", "VN-26", "1997-01-01", &[]),
        province("hue-2025", "46", "Huế", "VN-26", "2025-01-01", &["thua-thien-hue-1997"]),
    ]);
    let hue = provinces.get("hue-2025").unwrap();
    assert_eq!(provinces.continued(hue), ["hue-2025", "thua-thien-hue-1997"]);
    assert!(provinces.formation(hue).is_none());
    assert_eq!(provinces.lineage(hue).len(), 1);

    let merged = two_that_merged();
    let bac_ninh = merged.get("bac-ninh-2025").unwrap();
    assert_eq!(merged.continued(bac_ninh), ["bac-ninh-2025"]);
    let formation = merged.formation(bac_ninh).unwrap();
    assert_eq!((formation.on.to_string().as_str(), formation.units.len(), formation.whole), ("2025-07-01", 2, true));
    let lineage: Vec<&str> = merged.lineage(bac_ninh).into_iter().map(|unit| unit.key.as_str()).collect();
    assert_eq!(lineage, ["bac-ninh-2025", "bac-giang-1997", "bac-ninh-1997"]);
    assert!(merged.formation(merged.get("bac-giang-1997").unwrap()).is_none());
}

#[test]
fn a_unit_that_was_split_is_the_whole_of_nothing() {
    let split = Provinces::new(vec![
        province("old", "1", "Cũ", "VN-1", "1997-01-01", &[]),
        province("east", "2", "Đông", "VN-2", "2027-01-01", &["old"]),
        province("west", "3", "Tây", "VN-3", "2027-01-01", &["old"]),
    ]);
    let east = split.get("east").unwrap();
    assert_eq!(split.continued(east), ["east"], "part of a territory does not continue it");
    assert!(!split.formation(east).unwrap().whole);
}

#[test]
fn a_unit_that_was_split_and_joined_again_is_whole_before_the_split() {
    let shipped = shipped();
    // A later reorganisation: all that was Lai Châu, Lào Cai and their parts comes together, by two steps.
    let joined = |extra: &[(&str, &str, &[&str])]| {
        let more = extra.iter().map(|(key, from, of)| province(key, "99", key, "VN-99", from, of));
        Provinces::new(shipped.all().iter().cloned().chain(more).collect())
    };
    let north_west = joined(&[("tay-bac-2027", "2027-01-01", &["dien-bien-2004", "lai-chau-2004", "lao-cai-2025"])]);
    let without_dien_bien = joined(&[("tay-bac-2027", "2027-01-01", &["lai-chau-2004", "lao-cai-2025"])]);
    let capital = joined(&[("thu-do-2027", "2027-01-01", &["ha-noi-2008", "phu-tho-2025"])]);
    #[rustfmt::skip]
    let table = [
        (&shipped, "can-tho-2025", "1997-01-01..2003-12-31 can-tho-1997 soc-trang-1997", "both parts of old Cần Thơ are in it"),
        (&shipped, "can-tho-2004", "", "one part"),
        (&shipped, "ha-noi-2008", "", "parts of Vĩnh Phúc and Hòa Bình"),
        (&shipped, "phu-tho-2025", "", "the other parts"),
        (&shipped, "lai-chau-2004", "", "parts of two"),
        (&shipped, "bac-ninh-2025", "", "nothing was split"),
        (&north_west, "tay-bac-2027", "1997-01-01..2003-12-31 lai-chau-1997 lao-cai-1997 yen-bai-1997", "cousins: the parts came by different ways"),
        (&without_dien_bien, "tay-bac-2027", "", "a part of old Lai Châu is elsewhere"),
        (&capital, "thu-do-2027", "1997-01-01..2008-07-31 ha-noi-1997 ha-tay-1997 hoa-binh-1997 phu-tho-1997 vinh-phuc-1997", "what Hà Nội was given is joined with what was left"),
    ];
    for (provinces, key, expected, why) in table {
        let spans = provinces.rejoined(provinces.get(key).unwrap());
        let line = |span: &Rejoined<'_>| {
            let units: Vec<&str> = span.units.iter().map(|unit| unit.key.as_str()).collect();
            format!("{}..{} {}", span.from, span.to, units.join(" "))
        };
        assert_eq!(spans.iter().map(line).collect::<Vec<_>>().join("; "), expected, "{key}: {why}");
    }
}

#[test]
fn former_keys_mean_the_unit_of_the_day() {
    let provinces = shipped();
    for (text, on, key) in [
        ("bac-giang-2004", "2024-12-31", Some("bac-giang-1997")),
        ("bac-giang-2004", "2026-12-31", Some("bac-giang-1997")),
        ("ha-noi-2004", "2008-07-31", Some("ha-noi-1997")),
        ("ha-noi-2004", "2008-08-01", Some("ha-noi-2008")),
        ("hoa-binh-2004", "2026-12-31", Some("hoa-binh-2008")),
        ("hoa-binh-2004", "1990-12-31", Some("hoa-binh-1997")),
        ("ha-tay-2004", "2007-12-31", Some("ha-tay-1997")),
        ("can-tho-2004", "2003-12-31", Some("can-tho-2004")),
        ("bac-ninh-2025", "2024-12-31", Some("bac-ninh-2025")),
        ("bac-giang-1999", "2024-12-31", None),
        ("vn", "2024-12-31", Some("VN")),
    ] {
        assert_eq!(provinces.with_key(text, on.parse().unwrap()).map(|unit| unit.key.as_str()), key, "{text} on {on}");
    }
}

#[test]
fn the_unit_of_the_same_name_and_code_is_the_one_that_is_printed_in_one_line() {
    let provinces = shipped();
    for (key, namesake, why) in [
        ("ha-noi-2008", Some("ha-noi-1997"), "01 and Hà Nội, with and without Hà Tây"),
        ("vinh-phuc-2008", Some("vinh-phuc-1997"), "with and without Mê Linh"),
        ("lao-cai-2004", Some("lao-cai-1997"), "with and without Than Uyên"),
        ("dak-lak-2004", Some("dak-lak-1997"), "the old one has no code"),
        ("dak-nong-2004", None, "a new name"),
        ("bac-ninh-2025", None, "the code was 27 and is 24"),
        ("can-tho-2025", None, "code and name stayed in 2025, and whole units merged"),
        ("hue-2025", None, "a new name of the same territory"),
        ("bac-giang-1997", None, "it was formed of none"),
    ] {
        assert_eq!(provinces.namesake(provinces.get(key).unwrap()).map(|unit| unit.key.as_str()), namesake, "{key}: {why}");
    }
}

#[test]
fn the_other_units_that_a_name_meant_in_the_time_asked_for_are_found() {
    use crate::domain::catalogue::other_meaning::OtherMeaning;
    use crate::domain::language::Language;
    let provinces = shipped();
    let day = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
    #[rustfmt::skip]
    let table = [
        ("24", "bac-ninh-2025", "2024-01-01", "2026-05-31", "bac-giang-1997", "a reused code"),
        ("24", "bac-ninh-2025", "2025-07-01", "2026-05-31", "", "all of it after the change"),
        ("24", "bac-giang-1997", "2024-01-01", "2024-06-30", "", "all of it before"),
        ("24", "bac-ninh-2025", "", "", "bac-giang-1997", "of all times"),
        ("Bắc Ninh", "bac-ninh-2025", "2024-01-01", "", "bac-ninh-1997", "a name that moved"),
        ("bac-ninh-2025", "bac-ninh-2025", "", "", "", "a key is one unit"),
        ("Đồng Nai", "dong-nai-2026", "2025-08-01", "", "", "another rank is no other unit"),
        ("75", "dong-nai-2026", "2024-01-01", "", "dong-nai-1997", "before the merger it is one"),
        ("Huế", "hue-2025", "", "", "", "the old name meant another word"),
        ("ha-noi-2004", "ha-noi-2008", "2005-01-01", "2010-12-31", "ha-noi-1997", "a former key of two"),
        ("VN", "VN", "", "", "", "the country"),
    ];
    for (asked, meant, from, to, others, why) in table {
        let found = OtherMeaning::all(&provinces, asked, provinces.get(meant).unwrap(), day(from), day(to));
        let keys: Vec<&str> = found.iter().map(|found| found.other.key.as_str()).collect();
        assert_eq!(keys.join(" "), others, "{asked}: {why}");
    }
    let found = OtherMeaning::all(&provinces, "24", provinces.get("bac-ninh-2025").unwrap(), None, None);
    assert_eq!(
        [Language::Vietnamese, Language::English].map(|language| found[0].text(language)),
        [
            "Trong câu trả lời này, `24` là Bắc Ninh (`bac-ninh-2025`). Từ ngày 01/01/1997 đến hết ngày 30/06/2025, `24` là Bắc Giang \
             (`bac-giang-1997`); để hỏi về đơn vị đó, hãy dùng mã định danh của nó.",
            "In this answer `24` is Bac Ninh (`bac-ninh-2025`). From 1997-01-01 to 2025-06-30, `24` was Bac Giang (`bac-giang-1997`); use \
             that key to ask for it.",
        ]
    );
}

#[test]
fn successors_are_the_units_formed_from_one() {
    let provinces = two_that_merged();
    let successors: Vec<&str> = provinces.successors("bac-giang-1997").map(|p| p.key.as_str()).collect();
    assert_eq!(successors, ["bac-ninh-2025"]);
}
