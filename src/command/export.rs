//! `chitieu export`: the published figures as lines of JSON, which `chitieu import` and streams of figures read again.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::sync::Arc;

use chrono::NaiveDate;
use clap::Args;

use super::Stopped;
use super::serve::prepare;
use crate::config::{Database, Settings};
use crate::domain::access::role::Caller;
use crate::formats::ndjson;
use crate::service::ServiceError;
use crate::service::auth::clients;
use crate::service::figures::export::{self, ExportQuery};
use crate::state::SystemClock;

/// Which figures are exported.
#[derive(Args)]
pub struct ExportArgs {
    /// Key, code or name of a province as it is called today; repeat for several, leave out for all of all times
    #[arg(long)]
    province: Vec<String>,
    /// Code of an indicator; repeat for several, leave out for all
    #[arg(long)]
    indicator: Vec<String>,
    /// The first day that a period may begin on, such as 2024-01-01
    #[arg(long)]
    from: Option<NaiveDate>,
    /// The last day that a period may end on
    #[arg(long)]
    to: Option<NaiveDate>,
    /// Id or name of a client that may read more than what is open
    #[arg(long)]
    client: Option<String>,
}

/// Prints the figures.
///
/// # Errors
/// A database that cannot be opened; a client, a province or an indicator that is not there; an output that cannot be written to.
pub fn run(database: &Database, args: ExportArgs) -> Result<(), Stopped> {
    let state = prepare(&database.url, Arc::new(SystemClock), Settings::of_the_environment())?;
    let caller = match &args.client {
        Some(client) => Caller::of(clients::enabled(&state.db, client, state.clock.now())?),
        None => Caller::anyone(),
    };
    let wanted = ExportQuery { provinces: args.province, indicators: args.indicator, from: args.from, to: args.to };
    let mut out = BufWriter::new(io::stdout().lock());
    let done = export::figures(&state, &caller, &wanted, |observation, indicator, claims| {
        writeln!(out, "{}", ndjson::line(observation, indicator, claims)).map_err(Ended::Output)
    });
    match done.and_then(|()| out.flush().map_err(Ended::Output)) {
        // Whoever reads has had enough: `chitieu export | head`.
        Err(Ended::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(Ended::Output(error)) => Err(error.into()),
        Err(Ended::Refused(stopped)) => Err(stopped),
        Ok(()) => Ok(()),
    }
}

/// Why an export ends before its end.
enum Ended {
    Output(io::Error),
    Refused(Stopped),
}

impl From<ServiceError> for Ended {
    fn from(refusal: ServiceError) -> Ended {
        Ended::Refused(refusal.into())
    }
}
