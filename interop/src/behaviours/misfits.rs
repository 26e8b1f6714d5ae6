//! Peers that do not fit, and those beside them.

use ferromq::SocketType::{Dealer, Pair, Pub, Pull, Push, Rep, Req, Stream, Sub};

use super::{both_ways, chapter, meet};
use crate::event::Happening;
use crate::failure::{Outcome, ensure};
use crate::frames::{frame, pattern};
use crate::lab::{Lab, Transport};
use crate::option::Opt;
use crate::peer::{PATIENCE, Peer, PeerExt};
use crate::raw::Raw;

chapter!("Misfits":
    a_peer_of_the_wrong_type_is_refused_and_nobody_else_disturbed,
    a_peer_of_the_wrong_type_that_is_bound_is_refused,
    a_message_that_is_too_large_ends_its_connection_and_no_other,
    bytes_that_are_no_zmtp_end_their_connection_and_no_other,
    a_second_peer_of_a_pair_gets_nothing,
);

fn a_peer_of_the_wrong_type_is_refused_and_nobody_else_disturbed(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let pull = lab.either(ours, Pull, &[])?;
        pull.watch()?;
        let good = lab.either(!ours, Push, &[])?;
        let endpoint = meet(&*pull, &*good)?;
        good.put(&frame("before"))?;
        pull.expect(&frame("before"))?;
        pull.wait_for(Happening::HANDSHAKE_SUCCEEDED)?;
        for kind in [Pull, Sub, Req, Pair, Dealer] {
            let bad = lab.either(!ours, kind, &[])?;
            bad.watch()?;
            bad.connect(&endpoint)?;
            pull.wait_for(Happening::ACCEPTED)?;
            refused(&*pull)?;
            refused(&*bad)?;
            good.put(&frame("meanwhile"))?;
            pull.expect(&frame("meanwhile"))?;
        }
        let events = pull.events()?;
        ensure!(
            !events.contains(&Happening::HANDSHAKE_SUCCEEDED),
            "{events:?} happened to the bound PULL"
        );
        Ok(())
    })
}

/// Waits for a connection to end that never was one. libzmq calls that the end of a
/// connection (and tells no more), ferromq a handshake that failed.
fn refused(socket: &dyn Peer) -> Outcome {
    loop {
        match socket.event(PATIENCE)? {
            Some(
                Happening::DISCONNECTED
                | Happening::HANDSHAKE_FAILED
                | Happening::HANDSHAKE_FAILED_PROTOCOL,
            ) => return Ok(()),
            Some(Happening::HANDSHAKE_SUCCEEDED) | None => {
                return Err(socket.complain("the other is not refused"));
            }
            Some(_) => {}
        }
    }
}

fn a_peer_of_the_wrong_type_that_is_bound_is_refused(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let push = lab.either(ours, Push, &[Opt::ReconnectIvl.int(10)])?;
        push.watch()?;
        let good = lab.either(!ours, Pull, &[])?;
        let bad = lab.either(!ours, Pub, &[])?;
        bad.watch()?;
        meet(&*bad, &*push)?;
        refused(&*push)?;
        refused(&*bad)?;
        meet(&*good, &*push)?;
        push.wait_for(Happening::HANDSHAKE_SUCCEEDED)?;
        // One of two goes to the one that will never be.
        push.put(&frame("a half"))?;
        push.put(&frame("a half"))?;
        good.expect(&frame("a half"))
    })
}

fn a_message_that_is_too_large_ends_its_connection_and_no_other(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let pull = lab.either(ours, Pull, &[Opt::MaxMsgSize.long(1000)])?;
        pull.watch()?;
        let good = lab.either(!ours, Push, &[])?;
        let endpoint = meet(&*pull, &*good)?;
        let bad = lab.either(!ours, Push, &[])?;
        bad.connect(&endpoint)?;
        bad.put(&vec![pattern(1000)])?;
        pull.expect(&vec![pattern(1000)])?;
        bad.put(&vec![pattern(1001)])?;
        pull.wait_for(Happening::DISCONNECTED)?;
        good.put(&vec![pattern(1000)])?;
        pull.expect(&vec![pattern(1000)])?;
        pull.expect_nothing()
    })
}

fn bytes_that_are_no_zmtp_end_their_connection_and_no_other(lab: &Lab) -> Outcome {
    let greeting = |mechanism: &[u8], rest: &[u8]| {
        let mut bytes = b"\xff\0\0\0\0\0\0\0\x01\x7f\x03\0".to_vec();
        bytes.extend(mechanism);
        bytes.resize(64, 0);
        [&bytes, rest].concat()
    };
    let rubbish = [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03 as TLS begins".to_vec(),
        greeting(b"PLAIN", b""),
        // It stops in the middle.
        greeting(b"NULL", b"\x04\x26\x05READY"),
        greeting(b"NULL", b"\x04\xff\x05READY\x0bSocket-Type\xff\xff\xff\xff"),
        greeting(b"NULL", b"\0\x05hello"),
    ];
    let rep = lab.ours(Rep, &[Opt::HandshakeIvl.int(300)])?;
    rep.watch()?;
    let good = lab.theirs(Req, &[])?;
    let endpoint = meet(&rep, &*good)?;
    for bytes in rubbish {
        let stream = lab.theirs(Stream, &[])?;
        stream.connect(&endpoint)?;
        let raw = Raw::meet(stream)?;
        raw.say(bytes)?;
        failed(&rep)?;
        good.put(&frame("meanwhile"))?;
        rep.expect(&frame("meanwhile"))?;
        rep.put(&frame("answered"))?;
        good.expect(&frame("answered"))?;
    }
    Ok(())
}

/// Waits for a handshake that fails.
fn failed(socket: &dyn Peer) -> Outcome {
    socket.wait_for_any(&[
        Happening::HANDSHAKE_FAILED,
        Happening::HANDSHAKE_FAILED_PROTOCOL,
    ])
}

fn a_second_peer_of_a_pair_gets_nothing(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let pair = lab.either(ours, Pair, &[])?;
        let endpoint = pair.bind(&Transport::Tcp.any())?;
        let first = lab.either(!ours, Pair, &[])?;
        first.connect(&endpoint)?;
        first.put(&frame("first"))?;
        pair.expect(&frame("first"))?;
        let second = lab.either(!ours, Pair, &[])?;
        second.connect(&endpoint)?;
        second.put(&frame("second"))?;
        pair.expect_nothing()?;
        for _ in 0..4 {
            pair.put(&frame("for the first"))?;
            first.expect(&frame("for the first"))?;
        }
        second.expect_nothing()
    })
}
