//! The `provinces` and `province_predecessors` tables.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::conn::{Conn, Failure};
use super::schema::{province_predecessors, provinces};
use super::values::word;
use crate::domain::province::{Province, UnitType};

#[derive(Queryable, Selectable)]
#[diesel(table_name = provinces)]
struct Row {
    key: String,
    code: String,
    name: String,
    name_en: String,
    iso: Option<String>,
    unit_type: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// All provinces of all times, the country included.
///
/// # Errors
/// Any failure of the database.
pub fn list(conn: &mut Conn) -> Result<Vec<Province>, Failure> {
    let rows: Vec<Row> = provinces::table.order(provinces::key).select(Row::as_select()).load(conn)?;
    let lineage: Vec<(String, String)> =
        province_predecessors::table.select((province_predecessors::province, province_predecessors::predecessor)).load(conn)?;
    // Sorted here: the two databases collate text differently.
    let predecessors = |key: &str| {
        let mut keys: Vec<String> = lineage.iter().filter(|(of, _)| of == key).map(|(_, from)| from.clone()).collect();
        keys.sort();
        keys
    };
    rows.into_iter()
        .map(|row| {
            Ok(Province {
                predecessors: predecessors(&row.key),
                unit_type: word(&row.unit_type, UnitType::parse)?,
                key: row.key,
                code: row.code,
                name: row.name,
                name_en: row.name_en,
                iso: row.iso,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
            })
        })
        .collect()
}

/// Adds a province, without its predecessors.
///
/// # Errors
/// Any failure of the database.
pub fn insert(conn: &mut Conn, province: &Province) -> Result<(), Failure> {
    diesel::insert_into(provinces::table)
        .values((
            provinces::key.eq(&province.key),
            provinces::code.eq(&province.code),
            provinces::name.eq(&province.name),
            provinces::name_en.eq(&province.name_en),
            provinces::iso.eq(&province.iso),
            provinces::unit_type.eq(province.unit_type.as_str()),
            provinces::valid_from.eq(province.valid_from),
            provinces::valid_to.eq(province.valid_to),
        ))
        .execute(conn)?;
    Ok(())
}

/// Changes what is said of a province, besides its predecessors.
///
/// # Errors
/// Any failure of the database.
pub fn update(conn: &mut Conn, province: &Province) -> Result<(), Failure> {
    diesel::update(provinces::table.find(&province.key))
        .set((
            provinces::code.eq(&province.code),
            provinces::name.eq(&province.name),
            provinces::name_en.eq(&province.name_en),
            provinces::iso.eq(&province.iso),
            provinces::unit_type.eq(province.unit_type.as_str()),
            provinces::valid_from.eq(province.valid_from),
            provinces::valid_to.eq(province.valid_to),
        ))
        .execute(conn)?;
    Ok(())
}

/// Records the units that a province was formed from; all of them exist by now.
///
/// # Errors
/// Any failure of the database.
pub fn insert_predecessors(conn: &mut Conn, province: &Province) -> Result<(), Failure> {
    for predecessor in &province.predecessors {
        diesel::insert_into(province_predecessors::table)
            .values((province_predecessors::province.eq(&province.key), province_predecessors::predecessor.eq(predecessor)))
            .execute(conn)?;
    }
    Ok(())
}
