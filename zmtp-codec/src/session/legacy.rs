//! Peers of ZMTP 1.0 and 2.0: no mechanism, no metadata, a routing id at most.

use alloc::boxed::Box;

use bytes::{Bytes, BytesMut};

use super::config::MAX_IDENTITY;
use super::event::Peer;
use super::handshake::{Context, State, Step};
use crate::error::ProtocolError;
use crate::frame::{Decoded, Frame, FrameHeader};
use crate::mechanism::{Mechanism, Open, Seal};
use crate::socket_type::SocketType;
use crate::v1;
use crate::version::Version;

/// A legacy peer must be welcome before it learns anything.
///
/// RFC 37: with any mechanism but NULL the connection must be closed, or else the
/// old version would be a way around the mechanism. libzmq closes it for NULL too
/// where an authenticator is to be asked.
fn admit(mechanism: &dyn Mechanism) -> Result<(), ProtocolError> {
    if mechanism.accepts_legacy() {
        Ok(())
    } else {
        Err(ProtocolError::VersionTooOld)
    }
}

/// The peer has no signature: it speaks ZMTP 1.0, or no ZMTP at all.
pub(super) struct ExpectUnversioned {
    mechanism: Box<dyn Mechanism>,
}

impl ExpectUnversioned {
    pub(super) fn new(mechanism: Box<dyn Mechanism>) -> Self {
        Self { mechanism }
    }

    pub(super) fn handle_input(self, cx: &mut Context) -> Result<Step, ProtocolError> {
        match resembles_routing_id(&cx.input) {
            None => return Ok(Step::Wait(State::Unversioned(self))),
            Some(false) => return Err(ProtocolError::NotZmtp),
            Some(true) => admit(&*self.mechanism)?,
        }
        // The peer has taken our signature for the header of our routing id.
        if !cx.local.identity.is_empty() {
            cx.output.push_back(cx.local.identity.clone());
        }
        Ok(Step::Next(State::RoutingId(ExpectRoutingId {
            version: Version::V1_0,
            socket_type: None,
            unversioned: true,
        })))
    }
}

/// Whether a connection that begins like this may be ZMTP 1.0, if enough is there
/// to tell.
///
/// RFC 13 would not have the flags validated, and libzmq takes any bytes for a
/// routing id. But who speaks ZMTP 1.0 sends 0 there, while HTTP, TLS, SSH and SMB
/// have something else, and should not be kept waiting.
fn resembles_routing_id(input: &[u8]) -> Option<bool> {
    match input {
        [0xff, rest @ ..] => {
            let length = u64::from_be_bytes(*rest.first_chunk()?);
            Some((1..=MAX_IDENTITY as u64 + 1).contains(&length))
        }
        [length, flags, ..] => Some(*length > 0 && *flags == 0),
        _ => None,
    }
}

/// Our socket type is on its way; the peer's follows.
pub(super) struct ExpectSocketType {
    version: Version,
}

impl ExpectSocketType {
    pub(super) fn new(
        version: Version,
        mechanism: &dyn Mechanism,
        cx: &mut Context,
    ) -> Result<Self, ProtocolError> {
        admit(mechanism)?;
        cx.output
            .push_back(Bytes::copy_from_slice(&[cx.local.socket_type.number()]));
        Ok(Self { version })
    }

    /// RFC 15 would have the socket types checked. libzmq does not, and sends the
    /// numbers of XPUB and XSUB, which are not in the RFC's table.
    pub(super) fn handle_input(self, cx: &mut Context) -> Result<Step, ProtocolError> {
        let Some(number) = cx.input.first().copied() else {
            return Ok(Step::Wait(State::SocketType(self)));
        };
        cx.consume(1)?;
        let frame = Frame::last(&cx.local.identity);
        let mut wire = BytesMut::new();
        match self.version {
            Version::V1_0 => v1::encode(frame, &mut wire),
            _ => frame.encode(&mut wire),
        }
        cx.output.push_back(wire.freeze());
        Ok(Step::Next(State::RoutingId(ExpectRoutingId {
            version: self.version,
            socket_type: SocketType::from_number(number),
            unversioned: false,
        })))
    }
}

/// The peer's routing id follows, as its first frame.
pub(super) struct ExpectRoutingId {
    version: Version,
    socket_type: Option<SocketType>,
    unversioned: bool,
}

impl ExpectRoutingId {
    pub(super) fn handle_input(self, cx: &mut Context) -> Result<Step, ProtocolError> {
        let decoded = match self.version {
            Version::V1_0 => decode_v1(&cx.input)?,
            _ => decode_v2(&cx.input)?,
        };
        let Decoded::Complete {
            value: frame,
            consumed,
        } = decoded
        else {
            return Ok(Step::Wait(State::RoutingId(self)));
        };
        let identity = Bytes::copy_from_slice(frame.body);
        cx.consume(consumed)?;
        let mut traffic = cx.ready(
            Peer::legacy(self.version, self.socket_type, identity),
            self.cipher(),
        );
        // The oldest peers filter messages themselves and never subscribe.
        let kind = cx.local.socket_type;
        if self.unversioned && matches!(kind, SocketType::Pub | SocketType::XPub) {
            traffic.subscribe_to_everything();
        }
        Ok(Step::Next(State::Traffic(Box::new(traffic))))
    }

    fn cipher(&self) -> Option<(Box<dyn Seal>, Box<dyn Open>)> {
        let old = self.version == Version::V1_0;
        old.then(|| (Box::new(v1::Framing) as _, Box::new(v1::Framing) as _))
    }
}

fn decode_v1(input: &[u8]) -> Result<Decoded<Frame<'_>>, ProtocolError> {
    v1::decode(input, MAX_IDENTITY as u64).map_err(|error| match error {
        ProtocolError::FrameTooLarge => ProtocolError::IdentityTooLong,
        error => error,
    })
}

/// [RFC 15](https://rfc.zeromq.org/spec/15/): `identity = final-short body`.
fn decode_v2(input: &[u8]) -> Result<Decoded<Frame<'_>>, ProtocolError> {
    if let Decoded::Complete { value: header, .. } = FrameHeader::decode(input) {
        if header.more || header.command {
            return Err(ProtocolError::MalformedFrame);
        }
        if header.size > MAX_IDENTITY as u64 {
            return Err(ProtocolError::IdentityTooLong);
        }
    }
    Ok(Frame::decode(input))
}
