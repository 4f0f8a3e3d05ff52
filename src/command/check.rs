//! `chitieu check`: checks the invariants of a database and prints the list of checks.

use std::path::Path;

use super::Stopped;
use crate::config::Database;
use crate::service::operations::checks;
use crate::store::{Db, migrate};

/// Runs the checks and prints their names. Changes nothing.
///
/// # Errors
/// The database is missing or has another version; or the list of faults, one per line.
pub fn run(database: &Database) -> Result<(), Stopped> {
    // SQLite would create the missing file.
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
