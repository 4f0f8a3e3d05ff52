//! `chitieu export`: prints the published figures as lines of JSON, which `chitieu import` and streams of figures can read.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::sync::Arc;

use chrono::NaiveDate;
use clap::Args;

use super::Stopped;
use super::serve::prepare;
use crate::clock::SystemClock;
use crate::config::{Database, Settings};
use crate::domain::access::role::Caller;
use crate::formats::ndjson;
use crate::service::ServiceError;
use crate::service::auth::clients;
use crate::service::figures::export::{self, ExportQuery};

/// Filters of an export.
#[derive(Args)]
pub struct ExportArgs {
    /// Key, code or name of a province, valid today; repeat for several, omit for all provinces of all times
    #[arg(long)]
    province: Vec<String>,
    /// Code of an indicator; repeat for several, omit for all
    #[arg(long)]
    indicator: Vec<String>,
    /// Earliest first day of a period, such as 2024-01-01
    #[arg(long)]
    from: Option<NaiveDate>,
    /// Latest last day of a period
    #[arg(long)]
    to: Option<NaiveDate>,
    /// Id or name of a client, to include figures that are not open but that it may read
    #[arg(long)]
    client: Option<String>,
}

/// Prints the figures.
///
/// # Errors
/// A database that cannot be opened; an unknown client, province or indicator; an output that is not writable.
pub fn run(database: &Database, args: ExportArgs) -> Result<(), Stopped> {
    let state = prepare(&database.url, Arc::new(SystemClock), Settings::of_the_environment())?;
    let caller = match &args.client {
        Some(client) => Caller::of(clients::enabled(&state.context.db, client, state.context.clock.now())?),
        None => Caller::anyone(),
    };
    let wanted = ExportQuery { provinces: args.province, indicators: args.indicator, from: args.from, to: args.to };
    let mut out = BufWriter::new(io::stdout().lock());
    let done = export::figures(&state.context, &caller, &wanted, |observation, indicator, claims| {
        writeln!(out, "{}", ndjson::line(observation, indicator, claims)).map_err(Ended::Output)
    });
    match done.and_then(|()| out.flush().map_err(Ended::Output)) {
        // The reader closed the pipe: `chitieu export | head`.
        Err(Ended::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(Ended::Output(error)) => Err(error.into()),
        Err(Ended::Refused(stopped)) => Err(stopped),
        Ok(()) => Ok(()),
    }
}

/// Reason for stopping an export early.
enum Ended {
    Output(io::Error),
    Refused(Stopped),
}

impl From<ServiceError> for Ended {
    fn from(refusal: ServiceError) -> Ended {
        Ended::Refused(refusal.into())
    }
}
