//! What stands in a datagram, and what in its message.
//!
//! ```text
//! RADIO, DISH   datagram = length group body      length: an octet, that of the group
//!               message  = [group] [body]
//! DGRAM         datagram = body
//!               message  = [address] [body]       address: as in 127.0.0.1:5555
//! ```
//!
//! As in libzmq (`udp_engine.cpp`), but for the zero that it puts behind an address: it
//! is taken, and not given.

use std::io::IoSlice;
use std::net::SocketAddr;

use ferromq_core::{Loss, Message};

/// Which of both it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A RADIO's or DISH's: the group comes first.
    Group,
    /// A DGRAM's: the address is not in the datagram, but where it comes from or goes to.
    Address,
}

/// A datagram to be sent.
pub(crate) struct Outgoing<'a> {
    /// The octet in front.
    length: Option<[u8; 1]>,
    group: &'a [u8],
    body: &'a [u8],
    /// Where to, if the message says so.
    pub(crate) to: Option<SocketAddr>,
}

impl Form {
    /// Reads a datagram.
    pub(crate) fn read(self, datagram: &[u8], from: SocketAddr) -> Result<Message, Loss> {
        match self {
            Self::Address => Ok(message(&address(from), datagram)),
            Self::Group => {
                let (length, rest) = datagram.split_first().ok_or(Loss::NoGroup)?;
                let group = rest.split_at_checked(usize::from(*length));
                let (group, body) = group.ok_or(Loss::GroupCut)?;
                Ok(message(group, body))
            }
        }
    }

    /// Writes one of no more than `limit` bytes.
    pub(crate) fn write(self, message: &Message, limit: usize) -> Result<Outgoing<'_>, Loss> {
        let mut frames = message.frames();
        let (Some(head), Some(body), None) = (frames.next(), frames.next(), frames.next()) else {
            return Err(Loss::Malformed);
        };
        let outgoing = match self {
            Self::Address => Outgoing {
                length: None,
                group: &[],
                body,
                to: Some(parsed(head).ok_or(Loss::NoAddress)?),
            },
            Self::Group => Outgoing {
                length: Some([u8::try_from(head.len()).map_err(|_| Loss::Malformed)?]),
                group: head,
                body,
                to: None,
            },
        };
        match outgoing.len() <= limit {
            true => Ok(outgoing),
            false => Err(Loss::TooLongToSend),
        }
    }
}

impl Outgoing<'_> {
    /// Its pieces, in order.
    pub(crate) fn pieces(&self) -> [IoSlice<'_>; 3] {
        let length = self.length.as_ref().map_or(&[][..], |length| length);
        [length, self.group, self.body].map(IoSlice::new)
    }

    fn len(&self) -> usize {
        self.pieces().iter().map(|piece| piece.len()).sum()
    }
}

fn message(head: &[u8], body: &[u8]) -> Message {
    Message::from_frames([head.to_vec(), body.to_vec()])
}

/// An address of IPv4 looks like one also to a socket of IPv6.
fn address(from: SocketAddr) -> Vec<u8> {
    let from = match from.ip().to_canonical() {
        ip if ip.is_ipv4() => SocketAddr::new(ip, from.port()),
        _ => from,
    };
    from.to_string().into_bytes()
}

fn parsed(text: &[u8]) -> Option<SocketAddr> {
    let text = text.strip_suffix(b"\0").unwrap_or(text);
    let address: SocketAddr = std::str::from_utf8(text).ok()?.parse().ok()?;
    (address.port() != 0).then_some(address)
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
