//! Every setting: its flag, environment variable, default and meaning.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use clap::{Args, FromArgMatches};
use ipnet::IpNet;

/// The issuer that follows the address to listen on.
const OF_LISTEN: &str = "listen";

/// The issuer of the instances on one PostgreSQL database, if none is set: each listens on another address.
const OF_INSTANCES: &str = "http://127.0.0.1:8080";

/// Server settings. Each one is a flag or the environment variable beside it.
#[derive(Clone, Args)]
pub struct Settings {
    /// Address and port to listen on; port 0 selects a free port
    #[arg(long, env = "CHITIEU_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,

    /// Database connections; one of them is reserved for writing
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

    /// Largest stream of figures in bytes (NDJSON); the stream stays in a temporary file until its figures are stored
    #[arg(long, env = "CHITIEU_STREAM_LIMIT", default_value_t = 1024 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(1024..=68_719_476_736))]
    pub stream_limit: u64,

    /// Time limit of a request in seconds, including its body. A stream may take longer if each chunk arrives within the limit; after three
    /// times the limit it must average 1 kB/s
    #[arg(long, env = "CHITIEU_REQUEST_TIMEOUT", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub request_timeout: u64,

    /// Lifetime of a token in seconds
    #[arg(long, env = "CHITIEU_TOKEN_LIFETIME", default_value_t = 900, value_parser = clap::value_parser!(i64).range(60..=3600))]
    pub token_lifetime: i64,

    /// Public URL of this service, used as issuer in tokens and metadata: https, or http on this machine; no `/` at the end. `listen` for the
    /// address of `--listen` on SQLite, and `http://127.0.0.1:8080` on PostgreSQL, where all instances need the same
    #[arg(long, env = "CHITIEU_ISSUER", default_value = OF_LISTEN, value_parser = issuer)]
    pub issuer: String,

    /// Requests per minute of one client, counted over all its addresses
    #[arg(long, env = "CHITIEU_CLIENT_RATE", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub client_rate: u32,

    /// Requests per minute of one address without a valid token (IPv6: of one /64)
    #[arg(long, env = "CHITIEU_ADDRESS_RATE", default_value_t = 1200, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub address_rate: u32,

    /// Requests per minute of one address to `/oauth/`
    #[arg(long, env = "CHITIEU_TOKEN_RATE", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub token_rate: u32,

    /// Reverse proxies that are trusted to name the client's address: addresses or networks (`10.0.0.0/8`), separated by commas; empty for
    /// none
    #[arg(long, env = "CHITIEU_TRUSTED_PROXIES", default_value = "")]
    pub trusted_proxies: Networks,

    /// Web sites whose pages may read answers: exact origins (`https://example.vn`), separated by commas; empty for none
    #[arg(long, env = "CHITIEU_CORS_ORIGINS", default_value = "")]
    pub cors_origins: Origins,

    /// Days to keep the lines of the audit log, at least 90
    #[arg(long, env = "CHITIEU_AUDIT_RETENTION", default_value_t = 400, value_parser = clap::value_parser!(i64).range(90..=36_500))]
    pub audit_retention: i64,

    /// The second issuer whose tokens are accepted.
    #[command(flatten)]
    pub trust: Trust,
}

/// A second issuer of tokens, such as the province's single sign-on.
#[derive(Clone, Args)]
pub struct Trust {
    /// Second issuer whose tokens are accepted, as in their `iss`; `none` for none
    #[arg(long, env = "CHITIEU_TRUSTED_ISSUER", default_value = "none")]
    pub trusted_issuer: String,

    /// File with the public keys of that issuer, a JWK Set (RFC 7517); it may be replaced at any time
    #[arg(long, env = "CHITIEU_TRUSTED_JWKS", default_value = "trusted-jwks.json")]
    pub trusted_jwks: String,

    /// Audience (`aud`) of the tokens of that issuer; `issuer` for the issuer of this service
    #[arg(long, env = "CHITIEU_TRUSTED_AUDIENCE", default_value = "issuer")]
    pub trusted_audience: String,

    /// Claim of its tokens that contains the id or name of a client registered here
    #[arg(long, env = "CHITIEU_TRUSTED_CLIENT_CLAIM", default_value = "azp")]
    pub trusted_client_claim: String,
}

impl Trust {
    /// The second issuer, if one is set.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        Some(self.trusted_issuer.as_str()).filter(|issuer| !["", "none"].contains(issuer))
    }

    /// The expected audience (`aud`) of its tokens. `issuer` is the issuer of this service.
    #[must_use]
    pub fn audience<'s>(&'s self, issuer: &'s str) -> &'s str {
        if self.trusted_audience == "issuer" { issuer } else { &self.trusted_audience }
    }
}

/// Reads the identifier of an issuer (RFC 8414 §2): a URL without query, fragment or user.
fn issuer(text: &str) -> Result<String, String> {
    if text == OF_LISTEN {
        return Ok(text.to_owned());
    }
    let of_scheme = |scheme| text.strip_prefix(scheme).map(|rest: &str| rest.split('/').next().unwrap_or_default());
    let port = |host: &str| host.rsplit_once(':').map_or(host.to_owned(), |(name, _)| name.to_owned());
    let host = match (of_scheme("https://"), of_scheme("http://")) {
        (Some(host), _) => host,
        (_, Some(host)) if ["localhost", "127.0.0.1", "[::1]"].contains(&host) => host,
        (_, Some(host)) if ["localhost", "127.0.0.1", "[::1]"].contains(&port(host).as_str()) => host,
        _ => return Err("a URL with https:// is needed, or with http:// and localhost".into()),
    };
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#@\"<>\\^`{|}".contains(&byte));
    if host.is_empty() || !plain || text.ends_with('/') || text.len() > 200 {
        return Err("a URL without user, query, fragment or a `/` at its end is needed, such as https://chitieu.bacninh.gov.vn".into());
    }
    Ok(text.to_owned())
}

impl Settings {
    /// The settings of a server that listens on this address, with its issuer.
    #[must_use]
    pub fn listening_on(self, address: SocketAddr, database: &Database) -> Settings {
        let issuer = match self.issuer.as_str() {
            OF_LISTEN if database.is_sqlite() => url_of(address),
            OF_LISTEN => OF_INSTANCES.to_owned(),
            set => set.to_owned(),
        };
        Settings { issuer, ..self }
    }

    /// Whether the issuer follows the address to listen on.
    #[must_use]
    pub fn issuer_follows_listen(&self) -> bool {
        self.issuer == OF_LISTEN
    }

    /// Reads the settings from environment variables, for a command without flags for them. An invalid variable ends the program with a
    /// message.
    #[must_use]
    pub fn of_the_environment() -> Settings {
        let variables = Settings::augment_args(clap::Command::new("chitieu")).get_matches_from(["chitieu"]);
        Settings::from_arg_matches(&variables).expect("every setting has a default")
    }
}

/// The URL of a service at this address. A service that listens on all addresses is certain to be found on this machine only.
fn url_of(address: SocketAddr) -> String {
    let host = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        other => other,
    };
    format!("http://{}", SocketAddr::new(host, address.port()))
}

/// Networks of IP addresses.
#[derive(Debug, Clone, Default)]
pub struct Networks(Vec<IpNet>);

impl FromStr for Networks {
    type Err = String;

    fn from_str(text: &str) -> Result<Networks, String> {
        listed(text).map(network).collect::<Result<_, _>>().map(Networks)
    }
}

/// Parses an address, or a network written as its address and prefix length.
fn network(text: &str) -> Result<IpNet, String> {
    let read = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    read.map_err(|_| format!("`{text}` is neither an address nor a network such as 10.0.0.0/8"))
}

impl Networks {
    /// Whether one of the networks contains the address.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Web sites, as browsers name them in `Origin`.
#[derive(Debug, Clone, Default)]
pub struct Origins(Vec<String>);

impl FromStr for Origins {
    type Err = String;

    fn from_str(text: &str) -> Result<Origins, String> {
        listed(text).map(origin).collect::<Result<_, _>>().map(Origins)
    }
}

/// Parses an origin in the form that browsers send (RFC 6454 §6.2). Any other form would never match.
fn origin(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").map(|rest| (rest, 443)).or_else(|| Some((text.strip_prefix("http://")?, 80)));
    let good = rest.is_some_and(|(rest, default_port)| {
        let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
        let named = !host.is_empty() && host.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'));
        let canonical = |port: &str| port.parse().is_ok_and(|number: u16| number.to_string() == port && number != default_port);
        named && port.is_none_or(canonical)
    });
    if good {
        return Ok(text.to_owned());
    }
    Err(format!("`{text}` is not an origin as browsers name it, such as https://example.vn or http://localhost:3000: lower case, no path"))
}

impl Origins {
    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the list contains the site.
    #[must_use]
    pub fn contain(&self, origin: &str) -> bool {
        self.0.iter().any(|listed| listed == origin)
    }
}

/// The items of a comma-separated list.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// The database connection.
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
    /// Whether the database is a file of SQLite.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    /// The URL without its password, for logs.
    #[must_use]
    pub fn redacted(&self) -> String {
        // The query may contain a password too: `?password=…`.
        let url = self.url.split('?').next().unwrap_or_default();
        match (url.split_once("://"), url.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
            _ => url.to_owned(),
        }
    }

    /// The URL as typed, without its password, for a command that an operator can copy.
    #[must_use]
    pub fn without_password(&self) -> String {
        let Some((scheme, rest)) = self.url.split_once("://") else { return self.redacted() };
        // Split at the last `@`: a password may contain an `@` that should have been written as %40.
        let (user, place) = rest.rsplit_once('@').map_or((None, rest), |(who, place)| (who.split(':').next(), place));
        let (path, query) = place.split_once('?').unwrap_or((place, ""));
        let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !pair.to_lowercase().contains("password")).collect();
        let user = user.map(|user| format!("{user}@")).unwrap_or_default();
        format!("{scheme}://{user}{path}{}{}", if kept.is_empty() { "" } else { "?" }, kept.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_a_plain_url_with_https_or_of_this_machine() {
        for (text, good, why) in [
            ("https://chitieu.bacninh.gov.vn", true, "a host"),
            ("https://api.bacninh.gov.vn:8443/chitieu", true, "a port and a path"),
            ("http://127.0.0.1:8080", true, "this machine"),
            ("http://localhost", true, "this machine"),
            ("http://[::1]:8080", true, "this machine"),
            ("http://chitieu.bacninh.gov.vn", false, "http to others: tokens could be read on the way"),
            ("http://localhost.example.org", false, "a host that only begins so"),
            ("http://localhost:x@example.org", false, "a user called localhost"),
            ("https://chitieu.bacninh.gov.vn/", false, "a slash at the end: URLs made of it would have two"),
            ("https://", false, "no host"),
            ("https:///x", false, "no host but a path"),
            ("https://a@b.vn", false, "a user"),
            ("https://b.vn?x=1", false, "a query"),
            ("https://b.vn#x", false, "a fragment"),
            ("https://b.vn/a b", false, "a space"),
            ("https://b.vn/\"x", false, "a quote"),
            ("chitieu", false, "no URL"),
            ("", false, "nothing"),
        ] {
            assert_eq!(issuer(text).is_ok(), good, "{text}: {why}");
        }
    }

    #[test]
    fn an_issuer_follows_the_address_on_sqlite_unless_it_is_set() {
        let (sqlite, postgres) = ("sqlite://chitieu.db", "postgres://db/chitieu");
        for (set, url, address, expected, why) in [
            ("listen", sqlite, "127.0.0.1:8080", "http://127.0.0.1:8080", "the default"),
            ("listen", sqlite, "127.0.0.1:49152", "http://127.0.0.1:49152", "a port that the system chose"),
            ("listen", sqlite, "[::1]:9000", "http://[::1]:9000", "IPv6"),
            ("listen", sqlite, "0.0.0.0:9000", "http://127.0.0.1:9000", "all addresses: this machine is one of them"),
            ("listen", sqlite, "[::]:9000", "http://[::1]:9000", "all addresses of IPv6"),
            ("listen", sqlite, "10.1.2.3:80", "http://10.1.2.3:80", "an address that others reach"),
            ("https://chitieu.example.vn", sqlite, "127.0.0.1:9000", "https://chitieu.example.vn", "set"),
            ("listen", postgres, "127.0.0.1:9000", "http://127.0.0.1:8080", "one issuer for all instances"),
            ("https://chitieu.example.vn", postgres, "127.0.0.1:9000", "https://chitieu.example.vn", "set there too"),
        ] {
            let settings = Settings { issuer: issuer(set).unwrap(), ..Settings::of_the_environment() };

            let listening = settings.listening_on(address.parse().unwrap(), &Database { url: url.into() });

            assert_eq!(listening.issuer, expected, "{why}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let shown = |url: &str| format!("{:?}", Database { url: url.into() });
        assert_eq!(shown("postgres://chitieu:s3cret@db/chitieu"), "postgres://…@db/chitieu");
        assert_eq!(shown("postgres://db/chitieu?user=chitieu&password=s3cret"), "postgres://db/chitieu");
        assert_eq!(shown("sqlite://chitieu.db"), "sqlite://chitieu.db");
    }

    #[test]
    fn a_command_to_repeat_has_all_but_the_password() {
        for (url, kept) in [
            ("sqlite://chitieu.db", "sqlite://chitieu.db"),
            ("postgres://db:5432/chitieu", "postgres://db:5432/chitieu"),
            ("postgres://chitieu@db/chitieu", "postgres://chitieu@db/chitieu"),
            ("postgres://chitieu:s3cret@db/chitieu?sslmode=require", "postgres://chitieu@db/chitieu?sslmode=require"),
            ("postgres://chitieu:s3/c?r@t@db:5432/chitieu", "postgres://chitieu@db:5432/chitieu"),
            ("postgres://db/chitieu?user=chitieu&Password=s3cret&sslmode=require", "postgres://db/chitieu?user=chitieu&sslmode=require"),
            ("postgres://db/chitieu?sslpassword=s3cret", "postgres://db/chitieu"),
        ] {
            assert_eq!(Database { url: url.into() }.without_password(), kept);
        }
    }

    #[test]
    fn a_proxy_is_trusted_by_its_address_or_its_network() {
        let trusted: Networks = "10.0.0.0/8, 192.0.2.7,2001:db8::/32 ,203.0.113.0/32".parse().unwrap();
        for (address, inside) in [
            ("10.255.0.1", true),
            ("11.0.0.1", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("2001:db8:ffff::1", true),
            ("2001:db9::1", false),
            ("203.0.113.0", true),
            ("203.0.113.1", false),
            ("::a00:1", false),
        ] {
            assert_eq!(trusted.contain(address.parse().unwrap()), inside, "{address}");
        }
        assert!("0.0.0.0/0".parse::<Networks>().unwrap().contain("198.51.100.1".parse().unwrap()), "no bit counts");
        assert!(!"".parse::<Networks>().unwrap().contain("127.0.0.1".parse().unwrap()), "none are trusted by themselves");
        for bad in ["proxy", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.1 10.0.0.2"] {
            assert!(bad.parse::<Networks>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        let origins: Origins = "https://example.vn, http://localhost:3000,https://a-b.example.vn:8443".parse().unwrap();
        for origin in ["https://example.vn", "http://localhost:3000", "https://a-b.example.vn:8443"] {
            assert!(origins.contain(origin), "{origin}");
        }
        for other in ["http://example.vn", "https://example.vn:444", "https://evil.example.vn", "https://example.vn.evil", "null", ""] {
            assert!(!origins.contain(other), "{other}");
        }
        for bad in [
            "*",
            "null",
            "example.vn",
            "https://",
            "https://example.vn/",
            "https://example.vn:443",
            "http://example.vn:80",
            "http://example.vn:080",
            "https://EXAMPLE.vn",
            "https://*.example.vn",
            "https://user@example.vn",
            "ftp://example.vn",
            "https://example.vn:99999",
        ] {
            assert!(bad.parse::<Origins>().is_err(), "{bad}");
        }
        assert!("".parse::<Origins>().unwrap().is_empty());
    }
}
