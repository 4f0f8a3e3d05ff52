//! `chitieu key`: lists the keys that sign tokens, and creates the next one.

use clap::{Args, Subcommand};
use serde_json::json;

use super::Stopped;
use super::serve::open;
use crate::clock::{Clock, SystemClock};
use crate::config::Database;
use crate::service::auth::keys::{self, ALGORITHMS, Key, KeyStatus};

/// A database, and an action on its keys.
#[derive(Args)]
pub struct KeyArgs {
    #[command(flatten)]
    database: Database,
    #[command(subcommand)]
    command: KeyCommand,
}

/// Actions on keys.
#[derive(Subcommand)]
enum KeyCommand {
    /// Create a key that replaces the current one in ten minutes, without a restart; existing tokens stay valid
    Rotate {
        /// Signature algorithm; `ES256` for verifiers without `EdDSA`
        #[arg(long, default_value = "EdDSA", value_parser = ALGORITHMS)]
        alg: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List all keys, oldest first, with their status
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// The command needs one connection; the pool reserves one more for writing.
const CONNECTIONS: u32 = 2;

/// Runs the command.
///
/// # Errors
/// Errors of the database.
pub fn run(KeyArgs { database, command }: &KeyArgs) -> Result<(), Stopped> {
    let clock = SystemClock;
    let db = open(&database.url, CONNECTIONS, &clock)?;
    let now = clock.now();
    let (shown, json) = match command {
        KeyCommand::Rotate { alg, json } => (vec![keys::rotate(&db, alg, now)?], *json),
        KeyCommand::List { json } => (db.read_blocking(keys::list)?, *json),
    };
    for key in &shown {
        let standing = standing(key.standing(now));
        if json {
            println!(
                "{}",
                json!({"kid": key.kid(), "alg": key.alg(), "standing": standing, "signs_from": key.signs_from,
                       "signs_until": key.signs_until, "retires_at": key.retires_at()})
            );
        } else {
            println!("{}  {}  {standing}{}", key.kid(), key.alg(), when(key, key.standing(now)));
        }
    }
    if shown.is_empty() && !json {
        println!("There are no keys; the first is made when the service starts.");
    }
    Ok(())
}

fn standing(standing: KeyStatus) -> &'static str {
    match standing {
        KeyStatus::Waiting => "waiting",
        KeyStatus::Signing => "signing",
        KeyStatus::Verifying => "verifying",
        KeyStatus::Retired => "retired",
    }
}

/// The end of the current status, if it is known.
fn when(key: &Key, standing: KeyStatus) -> String {
    let until = match standing {
        KeyStatus::Waiting => Some(key.signs_from),
        KeyStatus::Signing => key.signs_until,
        KeyStatus::Verifying => key.retires_at(),
        KeyStatus::Retired => None,
    };
    until.map(|until| format!(" until {}", until.format("%Y-%m-%dT%H:%M:%SZ"))).unwrap_or_default()
}
