//! `chitieu client`: creates, restricts, rotates and disables the programs that call the API.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::Stopped;
use super::serve::prepare;
use crate::clock::SystemClock;
use crate::config::{Database, Settings};
use crate::context::Context;
use crate::domain::access::client_draft::Draft;
use crate::domain::access::scope::Scope;
use crate::domain::fault::{LocatedFault, Location};
use crate::domain::text::parse_instant;
use crate::formats::client::{MOST_OVERLAP, OVERLAP};
use crate::formats::json;
use crate::service::auth::clients::{self, By, StoredClient};
use crate::service::auth::jwk::KeySet;
use crate::service::operations::audit::WriteContext;

/// Actions on clients.
#[derive(Subcommand)]
pub enum ClientCommand {
    /// Create a client; its secret is printed once and not stored
    Add {
        /// Name of the client, unique among all clients
        name: String,
        /// Scopes and restrictions
        #[command(flatten)]
        terms: ClientArguments,
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
    /// Show a client: its scopes and restrictions, its last sign-in, the age of its secrets, and its keys
    Show {
        /// Id or name
        client: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Restrict a client at once: each option given here replaces the stored value, '' removes it, and the others stay
    Narrow {
        /// Id or name
        client: String,
        /// New values
        #[command(flatten)]
        terms: ClientArguments,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give a client a new secret; it is printed once and not kept
    Rotate {
        /// Id or name
        client: String,
        /// Hours for which the old secret stays valid beside the new one
        #[arg(long, default_value_t = OVERLAP.into(), value_parser = clap::value_parser!(i64).range(0..=MOST_OVERLAP.into()))]
        overlap: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Disable a client; its tokens stop working at once
    Disable {
        /// Id or name
        client: String,
    },
    /// Enable a client that was disabled
    Enable {
        /// Id or name
        client: String,
    },
}

/// Scopes and restrictions of a client.
#[derive(Args)]
pub struct ClientArguments {
    /// Scopes: read, submit, approve, targets, catalogue, admin
    #[arg(long, value_delimiter = ',', value_parser = scope)]
    scope: Vec<Scope>,
    /// Key of a province that it may work for; repeat for several, omit for all
    #[arg(long)]
    province: Vec<String>,
    /// Field of work, such as `post_telecom`; repeat for several, omit for all
    #[arg(long)]
    field: Vec<String>,
    /// Organisation that it acts for, such as H02.12
    #[arg(long)]
    organisation: Option<String>,
    /// Time from which it may not sign in, such as 2027-12-31T17:00:00Z
    #[arg(long, value_name = "TIME", value_parser = expiry)]
    expires: Option<Expiry>,
    /// File with the public keys that it signs with, a JWK Set; the client then gets no secret
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
}

/// Expiry time; `None` removes the expiry.
#[derive(Clone)]
struct Expiry(Option<DateTime<Utc>>);

fn scope(word: &str) -> Result<Scope, String> {
    Scope::parse(word).map_err(|fault| format!("{}: {}", fault.message.english(), fault.allowed.join(", ")))
}

fn expiry(text: &str) -> Result<Expiry, String> {
    if text.is_empty() {
        return Ok(Expiry(None));
    }
    parse_instant(text).map(|at| Expiry(Some(at))).map_err(|fault| fault.message.english().to_owned())
}

impl ClientArguments {
    /// Replaces the values of a draft with the options that were given.
    fn over(self, mut draft: Draft, mut keys: Option<KeySet>) -> Result<(Draft, Option<KeySet>), Stopped> {
        if !self.scope.is_empty() {
            draft.scopes = self.scope;
        }
        for (named, of) in [(self.province, &mut draft.provinces), (self.field, &mut draft.fields)] {
            if !named.is_empty() {
                *of = named.into_iter().filter(|text| !text.is_empty()).enumerate().collect();
            }
        }
        if let Some(organisation) = self.organisation {
            draft.organisation = Some(organisation).filter(|id| !id.is_empty());
        }
        if let Some(Expiry(at)) = self.expires {
            draft.expires_at = at;
        }
        if let Some(path) = self.jwks {
            let name = path.display();
            let bytes = if path.as_os_str().is_empty() { None } else { Some(fs::read(&path)) };
            let bytes = bytes.transpose().map_err(|error| Stopped(format!("{name}: {error}")))?;
            let read = bytes.map(|bytes| read_keys(&bytes)).transpose();
            keys = read.map_err(|faults| Stopped(format!("{name}: {:?}", Stopped::listing(&faults))))?;
        }
        Ok((draft, keys))
    }
}

/// Reads a JWK Set from a file.
fn read_keys(bytes: &[u8]) -> Result<KeySet, Vec<LocatedFault>> {
    let document = json::parse(bytes).map_err(|fault| vec![fault.at(Location::Request)])?;
    KeySet::read(&document, "")
}

/// The stored settings of a client, as a draft.
fn standing(stored: &StoredClient) -> (Draft, Option<KeySet>) {
    let client = stored.client.clone();
    let draft = Draft {
        name: Some(client.name),
        organisation: client.organisation,
        scopes: client.scopes,
        may_grant: Some(client.may_grant),
        provinces: client.provinces.into_iter().enumerate().collect(),
        fields: client.fields.into_iter().enumerate().collect(),
        expires_at: stored.expires_at,
        ..Draft::default()
    };
    (draft, stored.jwks.as_deref().and_then(KeySet::from_text))
}

/// Runs the command.
///
/// # Errors
/// Errors of the database, or violations of the rules for clients.
pub async fn run(database: &Database, command: ClientCommand) -> Result<(), Stopped> {
    let state = prepare(&database.url, Arc::new(SystemClock), Settings::of_the_environment())?;
    let (write, by) = (WriteContext::at_command_line(&state.context), By::CommandLine);
    match command {
        ClientCommand::Add { name, terms, json } => {
            let (draft, keys) = terms.over(Draft { name: Some(name), ..Draft::default() }, None)?;
            let (stored, secret) = clients::create_client(&write, &state.auth, &by, draft, keys).await?;
            print_with_secret(&stored, secret.as_deref(), json);
        }
        ClientCommand::List { json } => {
            let all = clients::list_clients(&state.context, &by, None, usize::MAX).await?;
            for stored in &all {
                println!("{}", if json { document(stored).to_string() } else { line(stored, &state.context) });
            }
            if all.is_empty() && !json {
                println!("There are no clients; make the first administrator with: chitieu client add admin --scope admin");
            }
        }
        ClientCommand::Show { client, json } => print(&find(&state.context, &client).await?, json),
        ClientCommand::Narrow { client, terms, json } => {
            let stored = find(&state.context, &client).await?;
            let (draft, keys) = standing(&stored);
            let (mut draft, keys) = terms.over(draft, keys)?;
            // What it may grant stays as it was. A client that becomes an administrator, or stops being one, gets the usual scopes.
            draft.may_grant = draft.may_grant.filter(|given| !given.is_empty() && draft.scopes.contains(&Scope::Admin));
            print(&clients::put_client(&write, &by, &stored.client.id, draft, keys).await?, json);
        }
        ClientCommand::Rotate { client, overlap, json } => {
            let stored = find(&state.context, &client).await?;
            let (stored, secret) =
                clients::rotate_client_secret(&write, &state.auth, &by, &stored.client.id, TimeDelta::hours(overlap)).await?;
            print_with_secret(&stored, Some(&secret), json);
        }
        ClientCommand::Disable { client } => {
            let stored = find(&state.context, &client).await?;
            clients::set_enabled(&write, &by, &stored.client.id, false).await?;
            println!("{client} is disabled.");
        }
        ClientCommand::Enable { client } => {
            let stored = find(&state.context, &client).await?;
            clients::set_enabled(&write, &by, &stored.client.id, true).await?;
            println!("{client} is enabled.");
        }
    }
    Ok(())
}

async fn find(context: &Arc<Context>, id_or_name: &str) -> Result<StoredClient, Stopped> {
    let all = clients::list_clients(context, &By::CommandLine, None, usize::MAX).await?;
    clients::named(all, id_or_name).ok_or_else(|| Stopped(format!("no client has the id or name `{id_or_name}`")))
}

/// The JSON form of a client, as in the API.
fn document(stored: &StoredClient) -> Value {
    let StoredClient { client, secrets, created_at, expires_at, last_used_at, disabled_at, .. } = stored;
    let secrets: Vec<Value> =
        secrets.iter().map(|secret| json!({"created_at": secret.created_at, "expires_at": secret.expires_at})).collect();
    json!({
        "client_id": client.id, "name": client.name, "organisation": client.organisation, "scopes": client.scopes, "may_grant": client.may_grant,
        "provinces": client.provinces, "fields": client.fields, "created_at": created_at, "expires_at": expires_at,
        "last_used_at": last_used_at, "disabled_at": disabled_at, "secrets": secrets, "keys": kids(stored),
    })
}

fn kids(stored: &StoredClient) -> Vec<String> {
    let keys = stored.jwks.as_deref().and_then(KeySet::from_text);
    keys.iter().flat_map(KeySet::keys).map(|key| key.kid.clone()).collect()
}

/// One line of the list of clients.
fn line(stored: &StoredClient, context: &Context) -> String {
    let client = &stored.client;
    let standing = match stored {
        StoredClient { disabled_at: Some(_), .. } => "disabled",
        stored if !stored.is_good_at(context.clock.now()) => "expired",
        _ => "enabled",
    };
    format!("{}  {standing}  {}  {}  {}", client.id, client.name, scopes(&client.scopes), all_or(&client.provinces, "all provinces"))
}

fn scopes(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",")
}

fn all_or(named: &[String], all: &str) -> String {
    if named.is_empty() { all.to_owned() } else { named.join(",") }
}

fn print(stored: &StoredClient, json: bool) {
    if json {
        return println!("{}", document(stored));
    }
    let client = &stored.client;
    let time = |at: Option<DateTime<Utc>>, none: &str| at.map_or_else(|| none.to_owned(), |at| at.to_rfc3339());
    for (name, said) in [
        ("client_id", client.id.clone()),
        ("name", client.name.clone()),
        ("organisation", client.organisation.clone().unwrap_or_else(|| "none".into())),
        ("scopes", scopes(&client.scopes)),
        ("may grant", if client.may_grant.is_empty() { "nothing".to_owned() } else { scopes(&client.may_grant) }),
        ("provinces", all_or(&client.provinces, "all")),
        ("fields", all_or(&client.fields, "all")),
        ("created", stored.created_at.to_rfc3339()),
        ("expires", time(stored.expires_at, "never")),
        ("last used", time(stored.last_used_at, "never")),
        ("disabled", time(stored.disabled_at, "no")),
        ("keys", all_or(&kids(stored), "none")),
    ] {
        println!("{:<14} {said}", format!("{name}:"));
    }
    for secret in &stored.secrets {
        println!(
            "{:<14} made {}, good until {}",
            "secret:",
            secret.created_at.to_rfc3339(),
            time(secret.expires_at, "another takes its place")
        );
    }
}

fn print_with_secret(stored: &StoredClient, secret: Option<&str>, json: bool) {
    if json {
        let mut document = document(stored);
        if let Some(secret) = secret {
            document["client_secret"] = secret.into();
        }
        return println!("{document}");
    }
    println!("client_id:     {}", stored.client.id);
    match secret {
        Some(secret) => println!("client_secret: {secret}\nThe secret is not kept and cannot be shown again."),
        None => println!("It signs in with the keys {} and has no secret.", kids(stored).join(", ")),
    }
    // Secrets are ordered by age: the last one is new.
    for old in stored.secrets.iter().rev().skip(1).take(1) {
        println!("The secret before it is good until {}.", old.expires_at.unwrap_or(old.created_at).to_rfc3339());
    }
}
