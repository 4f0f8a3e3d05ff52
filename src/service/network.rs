//! The network of an address, for counting.
//! The address of a request is determined in `http`.

use std::net::IpAddr;

use ipnet::IpNet;

/// Prefix length of an IPv6 network. A host can use all addresses in it.
const IPV6_NETWORK: u8 = 64;

/// The IPv4 address, or the /64 network of an IPv6 address: both count as one sender.
#[must_use]
pub fn network(address: IpAddr) -> IpNet {
    let address = address.to_canonical();
    let bits = if address.is_ipv4() { 32 } else { IPV6_NETWORK };
    IpNet::new_assert(address, bits).trunc()
}

/// The address, or the network with all four groups of its prefix, as the audit log writes it.
#[must_use]
pub fn written(network: IpNet) -> String {
    match network.addr() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/{IPV6_NETWORK}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_has_all_addresses_of_its_network() {
        let same = |a: &str, b: &str| network(a.parse().unwrap()) == network(b.parse().unwrap());
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("::ffff:192.0.2.1", "192.0.2.1"), "IPv4 as a socket for both shows it");
        assert!(!same("::ffff:192.0.2.1", "192.0.2.2"));
    }
}
