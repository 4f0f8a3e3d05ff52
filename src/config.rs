//! Every setting once: its flag, its variable, its default and what it does.

use std::fmt;

use clap::{Args, FromArgMatches};

/// How the server runs. Each setting is a flag or the variable beside it.
#[derive(Clone, Args)]
pub struct Settings {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "CHITIEU_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,

    /// Connections to the database; one of them is the writer's
    #[arg(long, env = "CHITIEU_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=200))]
    pub connections: u32,

    /// Threads that serve requests
    #[arg(long, env = "CHITIEU_WORKERS", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub workers: u32,

    /// Largest request body in bytes
    #[arg(long, env = "CHITIEU_BODY_LIMIT", default_value_t = 2 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(1024..=67_108_864))]
    pub body_limit: u64,

    /// Largest file of figures in bytes (CSV, XLSX)
    #[arg(long, env = "CHITIEU_FILE_LIMIT", default_value_t = 20 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(1024..=67_108_864))]
    pub file_limit: u64,

    /// Largest stream of figures in bytes (NDJSON); it is kept in a temporary file until it is recorded
    #[arg(long, env = "CHITIEU_STREAM_LIMIT", default_value_t = 1024 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(1024..=68_719_476_736))]
    pub stream_limit: u64,

    /// Seconds a request may take, its body included; a stream may take as long as something of it arrives within them
    #[arg(long, env = "CHITIEU_REQUEST_TIMEOUT", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub request_timeout: u64,

    /// Seconds a token is good for
    #[arg(long, env = "CHITIEU_TOKEN_LIFETIME", default_value_t = 900, value_parser = clap::value_parser!(i64).range(60..=3600))]
    pub token_lifetime: i64,
}

impl Settings {
    /// As the variables say, for a command that has no flags for them. A variable that cannot be read ends the program with a sentence.
    #[must_use]
    pub fn of_the_environment() -> Settings {
        let variables = Settings::augment_args(clap::Command::new("chitieu")).get_matches_from(["chitieu"]);
        Settings::from_arg_matches(&variables).expect("every setting has a default")
    }
}

/// Which database.
#[derive(Clone, Args)]
pub struct Database {
    /// The database: `sqlite://FILE`, or `postgres://USER:PASSWORD@HOST/NAME` for more than one instance
    #[arg(long = "database", env = "DATABASE_URL", default_value = "sqlite://chitieu.db", hide_env_values = true, global = true)]
    pub url: String,
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

impl Database {
    /// The URL without its password, for logs.
    #[must_use]
    pub fn redacted(&self) -> String {
        // A password may also stand in the query: `?password=…`.
        let url = self.url.split('?').next().unwrap_or_default();
        match (url.split_once("://"), url.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
            _ => url.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let shown = |url: &str| format!("{:?}", Database { url: url.into() });
        assert_eq!(shown("postgres://chitieu:s3cret@db/chitieu"), "postgres://…@db/chitieu");
        assert_eq!(shown("postgres://db/chitieu?user=chitieu&password=s3cret"), "postgres://db/chitieu");
        assert_eq!(shown("sqlite://chitieu.db"), "sqlite://chitieu.db");
    }
}
