//! The address of the caller: the connection's address, or the one that a trusted proxy reports.
//! Any client can send these headers, so only the entries of trusted proxies count.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;

use super::context::state_of;

/// The address of the caller. If the connection comes from a trusted proxy, it is the last address in `X-Forwarded-For` that does not
/// belong to a trusted proxy. `Forwarded` (RFC 7239) is used if there is no `X-Forwarded-For`.
#[must_use]
pub fn peer_address(request: &HttpRequest) -> IpAddr {
    let trusted = &state_of(request).context.settings.trusted_proxies;
    let mut nearest = request.peer_addr().map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip()).to_canonical();
    if !trusted.contain(nearest) {
        return nearest;
    }
    // From the nearest proxy outwards: an untrusted sender can invent all entries before its own.
    for told in hops(request.headers()).rev() {
        let Some(address) = told else { break };
        nearest = address;
        if !trusted.contain(nearest) {
            break;
        }
    }
    nearest
}

/// The addresses that proxies added, the farthest first; `None` is an entry without an address, such as `unknown`.
fn hops(headers: &HeaderMap) -> std::vec::IntoIter<Option<IpAddr>> {
    let items = |name: &str| -> Vec<String> {
        let lines = headers.get_all(name).map(|value| value.to_str().unwrap_or_default());
        lines.flat_map(|line| line.split(',')).map(|item| item.trim().to_owned()).collect()
    };
    let forwarded_for = items("x-forwarded-for");
    let hops: Vec<Option<IpAddr>> = if forwarded_for.is_empty() {
        items("forwarded").iter().map(|element| address(of_forwarded(element)?)).collect()
    } else {
        forwarded_for.iter().map(|item| address(item)).collect()
    };
    hops.into_iter()
}

/// The value of `for` in one element of `Forwarded`.
fn of_forwarded(element: &str) -> Option<&str> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
    })
}

/// Parses an address with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let read = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    read.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn hops_are_read_as_proxies_write_them() {
        for (name, lines, hops) in [
            ("x-forwarded-for", &["192.0.2.1, 10.0.0.1"][..], &[Some("192.0.2.1"), Some("10.0.0.1")][..]),
            ("x-forwarded-for", &["192.0.2.1", "10.0.0.1"], &[Some("192.0.2.1"), Some("10.0.0.1")]),
            (
                "x-forwarded-for",
                &["192.0.2.1:4711,[2001:db8::1]:80 ,2001:db8::2"],
                &[Some("192.0.2.1"), Some("2001:db8::1"), Some("2001:db8::2")],
            ),
            ("x-forwarded-for", &["unknown, , ::ffff:10.0.0.1"], &[None, None, Some("10.0.0.1")]),
            ("forwarded", &["for=192.0.2.1;proto=http;by=10.0.0.9, For=\"[2001:db8::1]:4711\""], &[Some("192.0.2.1"), Some("2001:db8::1")]),
            ("forwarded", &["for=_hidden, proto=https"], &[None, None]),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(HeaderName::from_static(name), HeaderValue::from_static(line));
            }
            let read: Vec<Option<String>> = super::hops(&headers).map(|hop| hop.map(|address| address.to_string())).collect();
            assert_eq!(read, hops.iter().map(|hop| hop.map(str::to_owned)).collect::<Vec<_>>(), "{name}: {lines:?}");
        }
    }
}
