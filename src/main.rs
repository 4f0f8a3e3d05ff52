//! The command line: parses the arguments and calls `command`.

use std::io::{self, Write};

use chitieu::command::{Stopped, check, client, demo, export, import, key, serve};
use chitieu::config::{Database, Settings};
use clap::{Parser, Subcommand};
use env_logger::Env;

/// Figures of Vietnamese provinces, compared with the same period last year and with their targets
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a database: migrate it, load the catalogue, answer requests
    Serve {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        settings: Settings,
    },
    /// Serve a fresh database filled with real figures, and print requests to try
    Demo(Settings),
    /// Create, restrict, rotate or disable the programs that call the API
    Client {
        #[command(flatten)]
        database: Database,
        #[command(subcommand)]
        command: client::ClientCommand,
    },
    /// List the keys that sign tokens, or create the next one
    Key(key::KeyArgs),
    /// Submit files of figures, with the same checks as the API
    Import {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        import: import::ImportArgs,
    },
    /// Print the published figures as lines of JSON that `import` can read
    Export {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        export: export::ExportArgs,
    },
    /// Check a database: its file, the chain of the audit log, its revisions
    Check(Database),
    /// Print the OpenAPI document
    Openapi,
}

#[actix_web::main]
async fn main() -> Result<(), Stopped> {
    let command = Cli::parse().command;
    // A server logs its activity; the other commands log only warnings and errors.
    let level = if matches!(command, Command::Serve { .. } | Command::Demo(_)) { "info" } else { "warn" };
    env_logger::Builder::from_env(Env::default().default_filter_or(level)).init();
    match command {
        Command::Serve { database, settings } => serve::serve(&database, settings).await,
        Command::Demo(settings) => demo::demo(settings).await,
        Command::Client { database, command } => client::run(&database, command).await,
        Command::Key(arguments) => key::run(&arguments),
        Command::Import { database, import } => import::run(&database, import).await,
        Command::Export { database, export } => export::run(&database, export),
        Command::Check(database) => check::run(&database),
        Command::Openapi => {
            // Not `print!`, which panics if the reader closes the pipe: `chitieu openapi | head`.
            Ok(io::stdout().write_all(chitieu::app::openapi().as_bytes())?)
        }
    }
}
