//! `chitieu client`: making, listing and disabling the programs that call the API.

use clap::Subcommand;
use serde_json::json;

use super::Stopped;
use super::serve::open;
use crate::config::Database;
use crate::domain::role::Scope;
use crate::service::clients::{self, NewClient};
use crate::state::{Clock, SystemClock};

/// What is to be done with clients.
#[derive(Subcommand)]
pub enum ClientCommand {
    /// Make a client; its secret is printed once and not kept
    Add {
        /// What people call it; no two clients share a name
        name: String,
        /// What it may do: read, submit, approve, targets, catalogue, admin
        #[arg(long, required = true, value_delimiter = ',', value_parser = scope)]
        scope: Vec<Scope>,
        /// Key of a province it works for; repeat for several, leave out for all
        #[arg(long)]
        province: Vec<String>,
        /// Field of work that it works in, such as health; repeat for several, leave out for all
        #[arg(long)]
        field: Vec<String>,
        /// The organisation it speaks for, such as H02.12
        #[arg(long)]
        organisation: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List all clients
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Disable a client; its tokens stop working at once
    Disable {
        /// Id or name
        client: String,
    },
}

/// A command needs one connection, and the pool its writer's.
const CONNECTIONS: u32 = 2;

fn scope(word: &str) -> Result<Scope, String> {
    Scope::parse(word).map_err(|fault| format!("{}: {}", fault.message, fault.allowed.join(", ")))
}

/// Does it.
///
/// # Errors
/// What the database or the rules for clients say.
pub fn run(database: &Database, command: ClientCommand) -> Result<(), Stopped> {
    let clock = SystemClock;
    let db = open(&database.url, CONNECTIONS, &clock)?;
    match command {
        ClientCommand::Add { name, scope, province, field, organisation, json } => {
            let new = NewClient { name, organisation, scopes: scope, provinces: province, fields: field };
            let (client, secret) = clients::add(&db, new, clock.now())?;
            if json {
                println!("{}", json!({"client_id": client.id, "client_secret": secret, "name": client.name}));
            } else {
                println!("client_id:     {}\nclient_secret: {secret}\nThe secret is not kept and cannot be shown again.", client.id);
            }
        }
        ClientCommand::List { json } => {
            let clients = clients::list(&db)?;
            for stored in &clients {
                let client = &stored.client;
                let scopes: Vec<&str> = client.scopes.iter().map(|scope| scope.as_str()).collect();
                if json {
                    println!(
                        "{}",
                        json!({"client_id": client.id, "name": client.name, "organisation": client.organisation, "scopes": scopes,
                               "provinces": client.provinces, "created_at": stored.created_at, "disabled_at": stored.disabled_at})
                    );
                } else {
                    let provinces = if client.provinces.is_empty() { "all provinces".to_owned() } else { client.provinces.join(",") };
                    let standing = if stored.disabled_at.is_some() { "disabled" } else { "enabled" };
                    println!("{}  {standing}  {}  {}  {provinces}", client.id, client.name, scopes.join(","));
                }
            }
            if clients.is_empty() && !json {
                println!("There are no clients; make one with: chitieu client add NAME --scope submit");
            }
        }
        ClientCommand::Disable { client } => {
            clients::disable(&db, &client, clock.now())?;
            println!("{client} is disabled.");
        }
    }
    Ok(())
}
