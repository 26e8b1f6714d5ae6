//! The numbers that ferromq has in common with libzmq, held against its headers: the one
//! that it is built from, with the drafts, and the one of the system.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use arzmq_sys as sys;
use ferromq::{
    End, Endpoint, EventKind, EventValue, PeerInfo, ProtocolCode, ProtocolError, QueueDepth,
    SocketType, TransportError,
};

/// Debian's `libzmq3-dev` has it.
const HEADER: &str = "/usr/include/zmq.h";

/// What the system's header defines with this prefix: the rest of the name, and the number.
fn defined(prefix: &str) -> BTreeMap<String, u64> {
    let header = fs::read_to_string(HEADER).expect(HEADER);
    let definitions = header.lines().filter_map(|line| {
        let (name, value) = line
            .strip_prefix("#define ")?
            .strip_prefix(prefix)?
            .split_once(' ')?;
        let value = value.trim();
        let number = match value.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16),
            None => value.parse(),
        };
        // What is made up of others is not read.
        Some((name.to_owned(), number.ok()?))
    });
    definitions.collect()
}

/// `ManyWords` as `MANY_WORDS`.
fn in_capitals(name: &str) -> String {
    let mut capitals = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !capitals.is_empty() {
            capitals.push('_');
        }
        capitals.extend(letter.to_uppercase());
    }
    capitals
}

/// An event of each kind that libzmq has too, by its name and number there.
fn events() -> Vec<(EventKind, &'static str, u32)> {
    let in_use = || {
        let endpoint = Endpoint::new("tcp", "127.0.0.1:1");
        Arc::new(TransportError::AddressInUse(endpoint))
    };
    let failed = |error| EventKind::HandshakeFailed(End::Protocol(error));
    let queues = EventKind::Queues {
        outbound: QueueDepth::default(),
        inbound: QueueDepth::default(),
    };
    macro_rules! named {
        ($($kind:expr => $name:ident $number:ident,)+) => {
            vec![$(($kind, stringify!($name), sys::$number)),+]
        };
    }
    named! {
        EventKind::Connected => CONNECTED ZMQ_EVENT_CONNECTED,
        EventKind::ConnectDelayed => CONNECT_DELAYED ZMQ_EVENT_CONNECT_DELAYED,
        EventKind::ConnectRetried(Duration::ZERO) => CONNECT_RETRIED ZMQ_EVENT_CONNECT_RETRIED,
        EventKind::Listening => LISTENING ZMQ_EVENT_LISTENING,
        EventKind::BindFailed(in_use()) => BIND_FAILED ZMQ_EVENT_BIND_FAILED,
        EventKind::Accepted => ACCEPTED ZMQ_EVENT_ACCEPTED,
        EventKind::AcceptFailed(in_use()) => ACCEPT_FAILED ZMQ_EVENT_ACCEPT_FAILED,
        EventKind::Closed => CLOSED ZMQ_EVENT_CLOSED,
        EventKind::ConnectFailed(End::ConnectTimeout) => CLOSED ZMQ_EVENT_CLOSED,
        EventKind::Disconnected(End::Closed) => DISCONNECTED ZMQ_EVENT_DISCONNECTED,
        failed(ProtocolError::HandshakeTimeout) =>
            HANDSHAKE_FAILED_NO_DETAIL ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL,
        EventKind::HandshakeSucceeded(Arc::new(PeerInfo::default())) =>
            HANDSHAKE_SUCCEEDED ZMQ_EVENT_HANDSHAKE_SUCCEEDED,
        failed(ProtocolError::MechanismMismatch) =>
            HANDSHAKE_FAILED_PROTOCOL ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
        failed(ProtocolError::NotAuthenticated) =>
            HANDSHAKE_FAILED_AUTH ZMQ_EVENT_HANDSHAKE_FAILED_AUTH,
        queues => PIPES_STATS ZMQ_EVENT_PIPES_STATS,
    }
}

#[test]
fn events_have_the_numbers_of_both_headers() {
    let mut defined = defined("ZMQ_EVENT_");
    for (kind, name, number) in events() {
        assert_eq!(kind.number(), u64::from(number), "{kind:?}");
        assert_eq!(defined.get(name), Some(&kind.number()), "{name}");
    }
    for (_, name, _) in events() {
        defined.remove(name);
    }
    // The first is never told by libzmq itself; a monitor here ends, and says so.
    let others: Vec<_> = defined.into_keys().collect();
    assert_eq!(others, ["ALL", "CLOSE_FAILED", "MONITOR_STOPPED"]);
}

#[test]
fn protocol_errors_are_all_those_of_the_header() {
    let ours = ProtocolCode::ALL.map(|code| {
        let name = in_capitals(&format!("{code:?}"));
        (name, u64::from(code.number()))
    });
    assert_eq!(BTreeMap::from(ours), defined("ZMQ_PROTOCOL_ERROR_"));
}

#[test]
fn errors_of_the_handshake_have_these_codes() {
    for (error, code) in [
        (
            ProtocolError::MechanismMismatch,
            sys::ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH,
        ),
        (
            ProtocolError::MalformedCommand,
            sys::ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED,
        ),
        (
            ProtocolError::UnexpectedCommand,
            sys::ZMQ_PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND,
        ),
        (
            ProtocolError::IncompatibleSocketType(SocketType::Rep),
            sys::ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_METADATA,
        ),
    ] {
        let event = EventKind::HandshakeFailed(End::Protocol(error));
        match event.value() {
            EventValue::Protocol(ours) => assert_eq!(ours.number(), code, "{event:?}"),
            other => panic!("{event:?} has the value {other:?}"),
        }
    }
}

#[test]
fn socket_types_have_the_numbers_of_the_headers() {
    let drafts = [
        (SocketType::Server, sys::ZMQ_SERVER),
        (SocketType::Client, sys::ZMQ_CLIENT),
        (SocketType::Radio, sys::ZMQ_RADIO),
        (SocketType::Dish, sys::ZMQ_DISH),
        (SocketType::Gather, sys::ZMQ_GATHER),
        (SocketType::Scatter, sys::ZMQ_SCATTER),
        (SocketType::Dgram, sys::ZMQ_DGRAM),
        (SocketType::Peer, sys::ZMQ_PEER),
        (SocketType::Channel, sys::ZMQ_CHANNEL),
    ];
    for (kind, number) in drafts {
        assert_eq!(u32::from(kind.number()), number, "{kind:?}");
    }
    let defined = defined("ZMQ_");
    for kind in SocketType::ALL {
        let name = format!("{kind:?}").to_uppercase();
        let number = defined.get(&name).copied();
        assert_eq!(number, Some(u64::from(kind.number())), "{name}");
    }
}
