//! STREAM, which has no ZMTP: what is on the wire, byte for byte.

use bytes::Bytes;
use ferromq::SocketType::{Dealer, Stream};

use super::{both_ways, chapter, meet};
use crate::event::Happening;
use crate::failure::{Outcome, ensure_eq};
use crate::frames::{frame, frames, pattern};
use crate::lab::{Lab, Transport};
use crate::option::Opt;
use crate::peer::{Peer, PeerExt, until};
use crate::raw::Raw;

chapter!("Streams":
    a_stream_that_speaks_zmtp_is_a_peer,
    a_dealer_that_connects_to_a_stream_speaks_first,
    a_ping_is_answered_with_its_context,
    a_message_that_breaks_off_is_never_seen,
    who_says_nothing_is_dropped_in_time,
    a_stream_closes_a_connection_and_sees_one_closed,
    a_stream_that_is_not_to_tell_tells_nothing,
);

const SIGNATURE: &[u8] = b"\xff\0\0\0\0\0\0\0\x01\x7f";

/// The rest of the greeting: version 3 of this minor one, NULL, no server, filler.
fn greeting(minor: u8) -> Bytes {
    let mut bytes = vec![3, minor];
    bytes.extend(b"NULL");
    bytes.resize(54, 0);
    bytes.into()
}

/// A DEALER's READY, with an empty routing id.
const READY: &[u8] = b"\x04\x29\x05READY\x0bSocket-Type\0\0\0\x06DEALER\x08Identity\0\0\0\0";

/// Greets as libzmq does, and hears the other's greeting and READY. What a STREAM's
/// peer says first is its signature, and only that.
fn shake(raw: &Raw) -> Outcome {
    raw.hear(SIGNATURE)?;
    raw.say(Bytes::from_static(SIGNATURE))?;
    raw.hear(&[3])?;
    raw.say(greeting(0))?;
    // Which minor version it has is its affair.
    let minor = raw.octet()?;
    raw.hear(&greeting(minor)[2..])?;
    raw.say(Bytes::from_static(READY))?;
    raw.hear(READY)
}

fn a_stream_that_speaks_zmtp_is_a_peer(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let dealer = lab.either(ours, Dealer, &[])?;
        let stream = lab.either(!ours, Stream, &[])?;
        meet(&*dealer, &*stream)?;
        let raw = Raw::meet(stream)?;
        shake(&raw)?;
        talk(&raw, &*dealer)
    })
}

fn a_dealer_that_connects_to_a_stream_speaks_first(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let dealer = lab.either(ours, Dealer, &[])?;
        let stream = lab.either(!ours, Stream, &[])?;
        meet(&*stream, &*dealer)?;
        let raw = Raw::meet(stream)?;
        shake(&raw)?;
        talk(&raw, &*dealer)
    })
}

/// Messages of one frame and of several, there and back.
fn talk(raw: &Raw, dealer: &dyn Peer) -> Outcome {
    raw.say(&b"\0\x05hello"[..])?;
    dealer.expect(&frame("hello"))?;
    dealer.put(&frame("world"))?;
    raw.hear(b"\0\x05world")?;
    raw.say(&b"\x01\x01a\x01\0\0\x01b"[..])?;
    dealer.expect(&frames(["a", "", "b"]))?;
    dealer.put(&frames(["c", ""]))?;
    raw.hear(b"\x01\x01c\0\0")?;
    // The longest short frame and the shortest long one.
    for length in [255, 256] {
        let body = pattern(length);
        let head: &[u8] = match length {
            255 => b"\0\xff",
            _ => b"\x02\0\0\0\0\0\0\x01\0",
        };
        let bytes = [head, &body].concat();
        raw.say(bytes.clone())?;
        dealer.expect(&vec![body.clone()])?;
        dealer.put(&vec![body])?;
        raw.hear(&bytes)?;
    }
    Ok(())
}

fn a_ping_is_answered_with_its_context(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let dealer = lab.either(ours, Dealer, &[])?;
        let stream = lab.either(!ours, Stream, &[])?;
        meet(&*dealer, &*stream)?;
        let raw = Raw::meet(stream)?;
        shake(&raw)?;
        raw.say(&b"\x04\x07\x04PING\0\0"[..])?;
        raw.hear(b"\x04\x05\x04PONG")?;
        // Two at once, with a context each.
        raw.say(&b"\x04\x0a\x04PING\0\x64one\x04\x17\x04PING\0\0sixteen octets!!"[..])?;
        raw.hear(b"\x04\x08\x04PONGone\x04\x15\x04PONGsixteen octets!!")?;
        raw.say(&b"\0\x05hello"[..])?;
        dealer.expect(&frame("hello"))
    })
}

fn a_message_that_breaks_off_is_never_seen(lab: &Lab) -> Outcome {
    // In the middle of a frame, of a header, and between two frames.
    let broken: [&[u8]; 4] = [
        b"\0\x05hel",
        b"\x01\x01a\x02\0\0\0",
        b"\x01\x01a",
        b"\x01\x01a\x01\x01b\0\x04end",
    ];
    both_ways(|ours| {
        let dealer = lab.either(ours, Dealer, &[])?;
        dealer.watch()?;
        let endpoint = dealer.bind(&Transport::Tcp.any())?;
        for bytes in broken {
            let stream = lab.either(!ours, Stream, &[])?;
            stream.connect(&endpoint)?;
            let raw = Raw::meet(stream)?;
            shake(&raw)?;
            raw.say(&b"\0\x05whole"[..])?;
            dealer.expect(&frame("whole"))?;
            raw.say(bytes)?;
            raw.close()?;
            until("the connection ends", || {
                // libzmq closes it when its application enters the socket.
                raw.enter()?;
                Ok(dealer.events()?.contains(&Happening::DISCONNECTED))
            })?;
            dealer.expect_nothing()?;
        }
        Ok(())
    })
}

fn who_says_nothing_is_dropped_in_time(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let dealer = lab.either(ours, Dealer, &[Opt::HandshakeIvl.int(200)])?;
        dealer.watch()?;
        let stream = lab.either(!ours, Stream, &[])?;
        meet(&*dealer, &*stream)?;
        let raw = Raw::meet(stream)?;
        // libzmq has a number for it, ferromq a name that is one of the protocol's.
        dealer.wait_for_any(&[
            Happening::HANDSHAKE_FAILED,
            Happening::HANDSHAKE_FAILED_PROTOCOL,
        ])?;
        raw.hear(SIGNATURE)?;
        until("the connection ends", || raw.has_ended())
    })
}

fn a_stream_closes_a_connection_and_sees_one_closed(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let one = lab.either(ours, Stream, &[])?;
        let other = lab.either(!ours, Stream, &[])?;
        meet(&*one, &*other)?;
        let (one, other) = (Raw::meet(one)?, Raw::meet(other)?);
        one.say(&b"the last words"[..])?;
        one.close()?;
        other.hear(b"the last words")?;
        // libzmq closes it when its application enters the socket.
        until("the end arrives", || {
            one.has_ended()?;
            other.has_ended()
        })
    })
}

fn a_stream_that_is_not_to_tell_tells_nothing(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let quiet = lab.either(ours, Stream, &[Opt::StreamNotify.int(0)])?;
        let other = lab.either(!ours, Stream, &[])?;
        other.connect(&quiet.bind(&Transport::Tcp.any())?)?;
        let other = Raw::meet(other)?;
        other.say(&b"hello"[..])?;
        let hello = quiet.take()?;
        ensure_eq!(hello[1..], frame("hello")[..]);
        other.close()?;
        quiet.expect_nothing()
    })
}
