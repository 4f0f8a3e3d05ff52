//! `chitieu check`: holds a database against what must be so whatever was sent to it, and says what it looked at.

use std::path::Path;

use super::Stopped;
use crate::config::Database;
use crate::service::operations::checks;
use crate::store::{Db, migrate};

/// Checks it, changes nothing, and prints what was checked.
///
/// # Errors
/// A database that is not there or of another version; everything that is wrong with it, a line each.
pub fn run(database: &Database) -> Result<(), Stopped> {
    // SQLite would make a new one.
    let file = database.url.strip_prefix("sqlite://").filter(|file| !Path::new(file).exists());
    if let Some(file) = file {
        return Err(Stopped(format!("there is no file {file}")));
    }
    let db = Db::open(&database.url, 2)?;
    if !migrate::is_done(&db)? {
        return Err(Stopped("the database is of an earlier version: `chitieu serve` brings it to this one".into()));
    }
    let report = checks::run(&db)?;
    report.checked.iter().for_each(|checked| println!("{checked}"));
    match report.faults.len() + report.more {
        0 => Ok(()),
        faults => {
            let more = (report.more > 0).then(|| format!("and {} more", report.more));
            let lines = [format!("faults: {faults}")].into_iter().chain(report.faults).chain(more);
            Err(Stopped(lines.collect::<Vec<_>>().join("\n")))
        }
    }
}
