//! Every number, as `zmq.h` has it.

use std::sync::Arc;

use ferromq_core::{Endpoint, PeerInfo, QueueDepth, SocketType};

use super::*;

#[test]
fn there_are_twenty_one_protocol_errors() {
    let numbers = ProtocolCode::ALL.map(ProtocolCode::number);
    let zmtp = (0x1000_0000..=0x1000_0003).chain(0x1000_0011..=0x1000_0018);
    let mechanism = 0x1100_0001..=0x1100_0002;
    let zap = 0x2000_0000..=0x2000_0005;
    let all = zmtp.chain(mechanism).chain(zap).chain([0x3000_0000]);
    assert_eq!(numbers.to_vec(), all.collect::<Vec<u32>>());
}

#[test]
fn each_event_has_its_number_and_value() {
    use io::ErrorKind::{AddrInUse, InvalidData, TimedOut, WouldBlock};
    let at = || Endpoint::new("tcp", "127.0.0.1:1");
    let in_use = || Arc::new(TransportError::AddressInUse(at()));
    let wait = Duration::from_millis(100);
    let failed = |error| EventKind::HandshakeFailed(End::Protocol(error));
    let refused = |reason: &str| failed(ProtocolError::Refused(reason.into()));
    let peer = Arc::new(PeerInfo::default());
    let queues = EventKind::Queues {
        outbound: QueueDepth::default(),
        inbound: QueueDepth::default(),
    };
    let error = |kind| EventValue::Error(kind, None);
    let code = EventValue::Protocol;
    for (kind, number, value) in [
        (EventKind::Connected, 0x1, EventValue::None),
        (EventKind::ConnectDelayed, 0x2, error(WouldBlock)),
        (
            EventKind::ConnectRetried(wait),
            0x4,
            EventValue::Interval(wait),
        ),
        (EventKind::Listening, 0x8, EventValue::None),
        (EventKind::BindFailed(in_use()), 0x10, error(AddrInUse)),
        (EventKind::Accepted, 0x20, EventValue::None),
        (EventKind::AcceptFailed(in_use()), 0x40, error(AddrInUse)),
        (EventKind::Closed, 0x80, EventValue::None),
        (
            EventKind::ConnectFailed(End::ConnectTimeout),
            0x80,
            EventValue::None,
        ),
        (
            EventKind::Disconnected(End::Closed),
            0x200,
            EventValue::None,
        ),
        (
            failed(ProtocolError::HandshakeTimeout),
            0x800,
            error(TimedOut),
        ),
        (failed(ProtocolError::NotZmtp), 0x800, error(InvalidData)),
        (
            EventKind::HandshakeSucceeded(peer),
            0x1000,
            EventValue::None,
        ),
        (
            failed(ProtocolError::MechanismMismatch),
            0x2000,
            code(ProtocolCode::ZmtpMechanismMismatch),
        ),
        (
            failed(ProtocolError::IncompatibleSocketType(SocketType::Rep)),
            0x2000,
            code(ProtocolCode::ZmtpInvalidMetadata),
        ),
        (refused("no"), 0x2000, code(ProtocolCode::ZmtpUnspecified)),
        (refused("500"), 0x4000, EventValue::Status(500)),
        (
            failed(ProtocolError::NotAuthenticated),
            0x4000,
            EventValue::Status(400),
        ),
        (queues, 0x1_0000, EventValue::None),
        (EventKind::AcceptRefused, 0, EventValue::None),
    ] {
        assert_eq!((kind.number(), kind.value()), (number, value), "{kind:?}");
    }
}
