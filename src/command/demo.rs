//! `chitieu demo`: serves a fresh database with real figures, submitted through the same path as the API, and prints requests to try.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Stopped;
use super::serve::listen;
use crate::config::{Database, Settings};
use crate::domain::access::role::{Authorized, Caller};
use crate::domain::access::scope::Scope;
use crate::domain::catalogue::organisation::Organisation;
use crate::domain::catalogue::province::COUNTRY;
use crate::domain::fault::{Fault, Location};
use crate::server_state::ServerState;
use crate::service::auth::clients::{self, NewClient};
use crate::service::operations::audit::WriteContext;
use crate::service::submissions::submissions::{self, SubmitOptions};
use crate::service::{ServiceError, targets};
use crate::{formats, store};

/// Bodies of `POST /v1/submissions`: Bắc Giang 2024, Kiên Giang 2021, the whole country 2005–2016.
const SUBMISSIONS: &[&str] = &[
    include_str!("../../data/demo/bac-giang-2024-05.json"),
    include_str!("../../data/demo/bac-giang-2024-h1.json"),
    include_str!("../../data/demo/kien-giang-2021.json"),
    include_str!("../../data/demo/national-telecom.json"),
];

/// Retail sales and average population of every province, 2005–2016: area, indicator, year, status, value, unit. Areas are named by the keys
/// of the year 2004, which stand for the unit of the year: the figure of Hà Nội for 2008 and later is that of the unit with Hà Tây, which
/// the yearbook prints until 2007.
const BY_PROVINCE: &str = include_str!("../../data/demo/by-province.csv");

/// The body of `PUT /v1/targets`: targets from the reports of Bắc Giang.
const TARGETS: &str = include_str!("../../data/demo/targets-bac-giang-2024.json");

/// The sender of the demonstration figures. It is trusted: its figures are published without review.
const ORGANISATION: &str = "H02.12";

/// An organisation that is not trusted: somebody approves what it sends.
const REVIEWED: &str = "H02.13";

/// Figures of the reports that cannot be observations, and why.
const LEFT_OUT: &str = include_str!("../../data/demo/left-out.json");

/// Contents of the demonstration database.
pub struct Loaded {
    /// Number of figures stored.
    pub figures: usize,
    /// Number of targets stored.
    pub targets: usize,
    /// Figures that cannot be observations.
    pub left_out: Vec<LeftOut>,
}

/// A figure that cannot be an observation.
#[derive(Debug, Deserialize)]
pub struct LeftOut {
    /// Title of the report.
    pub source: String,
    /// Line in the report.
    pub line: u32,
    /// Code of the indicator that it would belong to.
    pub indicator: String,
    /// Reason for leaving it out.
    pub reason: String,
}

/// Serves a fresh database with real figures. The database is deleted when the program ends.
///
/// # Errors
/// A folder that is not writable, or an address that is not available.
pub async fn demo(settings: Settings) -> Result<(), Stopped> {
    let folder = tempfile::Builder::new().prefix("chitieu-demo-").tempdir()?;
    let database = Database { url: format!("sqlite://{}", folder.path().join("demo.db").display()) };
    listen(&database, settings, async |state, address| {
        let now = state.context.clock.now();
        for (id, name, trusted) in [(ORGANISATION, "Sở Thông tin và Truyền thông", true), (REVIEWED, "Sở Khoa học và Công nghệ", false)]
        {
            let organisation = Organisation { id: id.into(), name: name.into(), trusted };
            state.context.db.write_blocking(|conn| Ok::<_, ServiceError>(store::organisations::append(conn, &organisation, now, None)?))?;
        }
        let add = |name: &str, organisation: Option<&str>, scopes: &[Scope]| {
            let (organisation, scopes) = (organisation.map(str::to_owned), scopes.to_vec());
            clients::add(
                &state.context.db,
                NewClient { name: name.into(), organisation, scopes, provinces: Vec::new(), fields: Vec::new() },
                now,
            )
        };
        let (client, secret) = add("demo", Some(ORGANISATION), &[Scope::Read, Scope::Submit, Scope::Targets, Scope::Catalogue])?;
        let mut loaded = load(state, &Caller::of(client.clone())).await?;
        loaded.figures += load_country(state, &Caller::of(client.clone())).await?;
        let token = state.auth.issue_for_secret(&client.id, &secret, None).await?;
        introduce(address, &loaded, &token.token, token.expires_in / 60);
        for (about, (client, secret)) in [
            ("demo, whose token this is", (client, secret)),
            ("a department; its figures wait for approval", add("department", Some(REVIEWED), &[Scope::Submit])?),
            ("the reviewer of that department", add("reviewer", Some(REVIEWED), &[Scope::Approve])?),
            ("an administrator", add("administrator", None, &[Scope::Admin])?),
        ] {
            let scopes: Vec<&str> = client.scopes.iter().map(|scope| scope.as_str()).collect();
            println!("  {about} ({}): id {}, secret {secret}", scopes.join(", "), client.id);
            println!("    curl http://{address}/oauth/token -u {}:{secret} -d grant_type=client_credentials", client.id);
        }
        println!();
        Ok(())
    })
    .await
}

/// Submits the real figures and targets through the same path as any client.
///
/// # Errors
/// Any refusal by the service. One can only happen if the program and its data disagree.
pub async fn load(state: &ServerState, caller: &Caller) -> Result<Loaded, ServiceError> {
    let (sender, planner) = (Authorized::new(caller.clone()), Authorized::new(caller.clone()));
    let (sender, planner) = (sender.map_err(ServiceError::denied)?, planner.map_err(ServiceError::denied)?);
    let malformed = |fault: Fault| ServiceError::Malformed(vec![fault.at(Location::Request)]);
    let write = WriteContext::at_command_line(&state.context);
    let mut figures = 0;
    for body in SUBMISSIONS {
        let (draft, _) = formats::submission::read(body.as_bytes()).map_err(malformed)?;
        figures += draft.rows.len();
        submissions::submit_figures(&write, &state.pending, &sender, draft, SubmitOptions::default()).await?;
    }
    let draft = formats::target::read(TARGETS.as_bytes()).map_err(malformed)?;
    let targets = targets::put_targets(&write, &planner, draft).await?.len();
    let left_out = serde_json::from_str(LEFT_OUT).expect("the shipped list is JSON");
    Ok(Loaded { figures, targets, left_out })
}

/// Submits retail sales and average population of all provinces through the same path as any client, and returns their number. Retail sales of
/// the country are not among them: they are formed from the provinces.
///
/// # Errors
/// As [`load`].
pub async fn load_country(state: &ServerState, caller: &Caller) -> Result<usize, ServiceError> {
    let sender = Authorized::new(caller.clone()).map_err(ServiceError::denied)?;
    let write = WriteContext::at_command_line(&state.context);
    let mut figures = 0;
    for body in by_province() {
        let (draft, _) = formats::submission::read(body.to_string().as_bytes())
            .map_err(|fault| ServiceError::Malformed(vec![fault.at(Location::Request)]))?;
        figures += draft.rows.len();
        submissions::submit_figures(&write, &state.pending, &sender, draft, SubmitOptions::default()).await?;
    }
    Ok(figures)
}

/// The bodies of `POST /v1/submissions` with the figures of all areas, one for each.
fn by_province() -> Vec<Value> {
    let mut areas: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for line in BY_PROVINCE.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [area, indicator, year, status, value, unit] = cells[..] else { unreachable!("the shipped table has six columns: {line}") };
        let unit_mult = if unit == "bn VND" { 9 } else { 3 };
        if !(area == COUNTRY && indicator == "retail-sales") {
            areas.entry(area).or_default().push(json!({"row_ref": format!("{indicator}/{year}"), "indicator": indicator, "period": year,
                "value": value, "status": status, "unit_mult": unit_mult}));
        }
    }
    let body = |(area, rows): (&str, Vec<Value>)| {
        json!({
            "province": area, "period": "2016", "calendar": "civil", "mode": "atomic", "number_locale": "plain",
            "source": {"title": "Niên giám thống kê: bán lẻ và dân số theo địa phương 2005–2016"},
            // Some of these years are odd by growth alone; the figures are printed ones.
            "acknowledge": ["outlier", "yoy_jump"],
            "observations": rows,
        })
    };
    areas.into_iter().map(body).collect()
}

fn introduce(address: SocketAddr, loaded: &Loaded, token: &str, minutes: i64) {
    let base = format!("http://{address}");
    println!("\n{} figures and {} targets from real reports are recorded.", loaded.figures, loaded.targets);
    println!("Of the reports, these rows are no observations and left out of them:");
    for figure in &loaded.left_out {
        println!("  {}, line {}: {}: {}", figure.source, figure.line, figure.indicator, figure.reason);
    }
    println!("\nServing on {base} (documentation: {base}/docs/). Stop with Ctrl-C; the database goes with it.");
    println!("\nA token, good for {minutes} minutes:\n  export TOKEN={token}");
    println!("\nTry:");
    println!("  curl '{base}/v1/comparisons?province=24&period=2024-H1'");
    println!("  curl '{base}/v1/series?province=VN&indicator=post-telecom-revenue&frequency=A&units=idx1'");
    println!("  curl '{base}/v1/provinces/24?on=2024-06-30'");
    println!("  curl '{base}/v1/rankings?indicator=retail-sales&period=2016'");
    println!("  curl '{base}/v1/comparisons?province=01&period=2008&indicator=retail-sales&geography=as_reported'");
    println!("  curl '{base}/v1/submissions' -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\");
    println!("    -d '{BASELINE}'");
    println!("\nClients; each curl prints a new token:");
}

/// The baseline that the last suggested request submits. It confirms the claim in the first answer.
const BASELINE: &str =
    r#"{"province": "24", "period": "2023-H1", "observations": [{"indicator": "telecom-internet-revenue", "value": 1100}]}"#;
