//! Networks: whom a listener lets in.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ferromq_core::OptionError;

/// A range of addresses, as in `192.168.0.0/16`, `fd00::/8` or `127.0.0.1`.
///
/// ```
/// use ferromq_transport_tcp::Network;
///
/// let network: Network = "192.168.0.0/16".parse()?;
/// assert!(network.contains("192.168.7.1".parse()?));
/// assert!(!network.contains("192.169.7.1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    /// How many bits of the address count.
    prefix: u32,
}

impl Network {
    /// Whether an address is in the network. An IPv4 address that is mapped into
    /// IPv6 counts as what it stands for.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let differing = ours.to_bits() ^ theirs.to_bits();
                differing.leading_zeros() >= self.prefix
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let differing = ours.to_bits() ^ theirs.to_bits();
                differing.leading_zeros() >= self.prefix
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = OptionError;

    /// Reads an address, and behind a slash how many of its bits count; all of
    /// them if there is no slash.
    fn from_str(text: &str) -> Result<Self, OptionError> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let wrong = OptionError::OutOfRange("ZMQ_TCP_ACCEPT_FILTER");
        let address: IpAddr = address.parse().map_err(|_| wrong)?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => bits,
            Some(prefix) => prefix
                .parse::<u8>()
                .ok()
                .map(u32::from)
                .filter(|prefix| *prefix <= bits)
                .ok_or(wrong)?,
        };
        Ok(Self { address, prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_addresses() {
        for (network, address, contained) in [
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1/32", "127.0.0.2", false),
            ("127.0.0.255/24", "127.0.0.1", true),
            ("127.0.0.1/0", "10.1.2.3", true),
            ("0.0.0.0/0", "::1", false),
            ("10.0.0.0/7", "11.255.0.1", true),
            ("10.0.0.0/7", "12.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true),
            ("::1", "::1", true),
            ("::/0", "fe80::1", true),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false),
        ] {
            let parsed: Network = network.parse().expect(network);
            let address = address.parse().expect(address);
            assert_eq!(
                parsed.contains(address),
                contained,
                "{address} in {network}"
            );
        }
    }

    /// Those of libzmq's test_tcp_accept_filter, and more.
    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "foo",
            "0.0.0.0foo",
            "0.0.0.0/foo",
            "0.0.0.0/",
            "0.0.0.0/-1",
            "0.0.0.0/33",
            "::/129",
            "0.0.0.0/256",
            "",
            "/",
            "127.0.0.1/8/8",
            "localhost",
        ] {
            text.parse::<Network>().expect_err(text);
        }
    }
}
