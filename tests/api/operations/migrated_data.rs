//! What was on record before a migration is on record after it, on both databases, and again when the step is undone.

use std::collections::BTreeSet;

use chitieu::store::{self, Conn, Db, StoreError};
use diesel::connection::SimpleConnection;
use diesel::{RunQueryDsl, sql_query};

use crate::operations::migrations::{empty_databases, folder, texts};

#[test]
fn what_is_known_of_provinces_comes_through_the_steps_that_keep_their_versions() {
    let before: BTreeSet<String> = [
        "hue-2025 46 Huế Hue VN-26 municipality 2025-01-01 -",
        "ninh-2004 27 Ninh Ninh - province 2004-07-08 2025-06-30",
        "giang-2004 24 Giang Giang VN-54 province 2004-07-08 2025-06-30",
        "ninh-2025 24 Ninh Ninh VN-56 province 2025-07-01 - giang-2004 ninh-2004",
    ]
    .map(String::from)
    .into();
    let fill = "INSERT INTO provinces (key, code, name, name_en, iso, unit_type, valid_from, valid_to) VALUES
            ('ninh-2025', '24', 'Ninh', 'Ninh', 'VN-56', 'province', '2025-07-01', NULL),
            ('ninh-2004', '27', 'Ninh', 'Ninh', NULL, 'province', '2004-07-08', '2025-06-30'),
            ('giang-2004', '24', 'Giang', 'Giang', 'VN-54', 'province', '2004-07-08', '2025-06-30'),
            ('hue-2025', '46', 'Huế', 'Hue', 'VN-26', 'municipality', '2025-01-01', NULL);
        INSERT INTO province_predecessors (province, predecessor) VALUES ('ninh-2025', 'ninh-2004'), ('ninh-2025', 'giang-2004');
        INSERT INTO indicator_versions (code, version, definition, recorded_at) VALUES ('x', 1, '{}', '2026-01-01 00:00:00')";
    let columns = "SELECT key || ' ' || code || ' ' || name || ' ' || name_en || ' ' || coalesce(iso, '-') || ' ' || unit_type || ' ' ||
            CAST(valid_from AS TEXT) || ' ' || coalesce(CAST(valid_to AS TEXT), '-') || coalesce(' ' || (
                SELECT min(predecessor) || ' ' || max(predecessor) FROM province_predecessors WHERE province = key
            ), '') AS fact FROM provinces";
    for (url, _folder) in empty_databases("migrations_provinces") {
        let db = Db::open(&url, 2).unwrap();
        let done: Result<[BTreeSet<String>; 2], StoreError> = db.write_blocking(|conn| {
            let steps = Steps::of(conn);
            for name in steps.until("000007") {
                conn.batch_execute(&steps.sql(name, "up.sql"))?;
            }
            conn.batch_execute(fill)?;
            for name in steps.since("000007") {
                conn.batch_execute(&steps.sql(name, "up.sql"))?;
            }
            let known = store::provinces::list(conn, None)?;
            let kept = known.iter().map(|unit| {
                let (iso, from) = (unit.iso.as_deref().unwrap_or("-"), unit.valid_from);
                format!(
                    "{} {} {} {} {iso} {} {from} {}",
                    unit.key,
                    unit.code.as_deref().unwrap_or("-"),
                    unit.name,
                    unit.name_en,
                    unit.unit_type.as_str(),
                    unit.predecessors.join("+")
                )
            });
            let kept = kept.collect();
            for name in steps.since("000007").iter().rev() {
                conn.batch_execute(&steps.sql(name, "down.sql"))?;
            }
            Ok([kept, texts(sql_query(columns).load(conn))])
        });

        let [kept, after] = done.unwrap();

        let in_versions = [
            "giang-2004 24 Giang Giang VN-54 province 2004-07-08 ",
            "hue-2025 46 Huế Hue VN-26 municipality 2025-01-01 ",
            "ninh-2004 27 Ninh Ninh - province 2004-07-08 ",
            "ninh-2025 24 Ninh Ninh VN-56 province 2025-07-01 giang-2004+ninh-2004",
        ];
        assert_eq!(kept, in_versions.map(String::from).into(), "{url}");
        assert_eq!(after, before, "{url}: and back");
    }
}

#[test]
fn administrators_may_grant_what_they_could_give_or_what_they_hold() {
    let fill = "INSERT INTO clients (id, name, organisation, scopes, provinces, created_at, fields) VALUES
        ('all', 'all', NULL, 'admin', '', '2026-01-01 00:00:00', ''),
        ('reading', 'reading', NULL, 'read admin', '', '2026-01-01 00:00:00', ''),
        ('organisation', 'organisation', 'H02.12', 'admin submit', '', '2026-01-01 00:00:00', ''),
        ('province', 'province', NULL, 'admin', 'ha-noi-2008', '2026-01-01 00:00:00', ''),
        ('field', 'field', NULL, 'admin', '', '2026-01-01 00:00:00', 'it'),
        ('sender', 'sender', NULL, 'submit', '', '2026-01-01 00:00:00', '')";
    let everything = "read submit approve targets catalogue admin";
    let wanted: BTreeSet<String> = [
        format!("all: {everything}"),
        format!("reading: {everything}"),
        "organisation: admin submit".into(),
        "province: admin".into(),
        "field: admin".into(),
        "sender: ".into(),
    ]
    .into();
    for (url, _folder) in empty_databases("migrations_grants") {
        let found: Result<BTreeSet<String>, StoreError> = Db::open(&url, 2).unwrap().write_blocking(|conn| {
            let steps = Steps::of(conn);
            for name in steps.until("000022") {
                conn.batch_execute(&steps.sql(name, "up.sql"))?;
            }
            conn.batch_execute(fill)?;
            conn.batch_execute(&steps.sql(steps.named("000022"), "up.sql"))?;
            Ok(texts(sql_query("SELECT id || ': ' || may_grant AS fact FROM clients").load(conn)))
        });

        assert_eq!(found.unwrap(), wanted, "{url}");
    }
}

/// The migrations of a database, in their order.
struct Steps {
    kind: &'static str,
    names: Vec<String>,
}

impl Steps {
    fn of(conn: &Conn) -> Steps {
        let kind = if let Conn::Sqlite(_) = conn { "sqlite" } else { "postgres" };
        let mut names: Vec<String> =
            std::fs::read_dir(folder(kind)).unwrap().map(|step| step.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        Steps { kind, names }
    }

    fn sql(&self, name: &str, file: &str) -> String {
        std::fs::read_to_string(folder(self.kind).join(name).join(file)).unwrap()
    }

    fn named(&self, number: &str) -> &String {
        self.names.iter().find(|name| name.contains(number)).unwrap()
    }

    /// Those before a step.
    fn until(&self, number: &str) -> &[String] {
        let at = self.names.iter().position(|name| name.contains(number)).unwrap();
        &self.names[..at]
    }

    /// A step and those after it.
    fn since(&self, number: &str) -> &[String] {
        &self.names[self.until(number).len()..]
    }
}
