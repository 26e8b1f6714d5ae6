//! What each side's monitor says, and what each side learns of the other.

use std::net::TcpStream;

use ferromq::EventKind;
use ferromq::SocketType::{self, Dealer, Pull, Push, Rep, Req, Router};

use super::{both_ways, chapter, meet};
use crate::event::Happening;
use crate::failure::{Failure, Outcome, ensure, ensure_eq};
use crate::frames::frame;
use crate::lab::{Lab, Library, Transport};
use crate::option::Opt;
use crate::peer::{PATIENCE, Peer, PeerExt};

chapter!("Monitors and properties":
    who_connects_sees_a_connection_begin_and_end,
    who_is_bound_sees_a_connection_begin_and_end,
    who_connects_to_nobody_sees_itself_try_again,
    who_is_unbound_sees_its_listener_closed,
    who_leaves_in_its_handshake_is_seen_to_fail_and_to_go,
    who_cannot_be_bound_sees_that,
    libzmq_reads_the_properties_of_ferromq,
    ferromq_reads_the_properties_of_libzmq,
    what_an_application_says_of_itself_arrives,
);

/// Waits for so many events, which must be these.
fn expect_events(socket: &dyn Peer, wanted: &[Happening]) -> Outcome {
    let mut seen = Vec::new();
    while seen.len() < wanted.len() {
        match socket.event(PATIENCE)? {
            Some(event) => seen.push(event),
            None => break,
        }
    }
    ensure_eq!(seen, wanted);
    Ok(())
}

fn who_connects_sees_a_connection_begin_and_end(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let push = lab.either(ours, Push, &[Opt::ReconnectIvl.int(10)])?;
        push.watch()?;
        let pull = lab.either(!ours, Pull, &[])?;
        meet(&*pull, &*push)?;
        let begin = [
            Happening::CONNECT_DELAYED,
            Happening::CONNECTED,
            Happening::HANDSHAKE_SUCCEEDED,
        ];
        expect_events(&*push, &begin)?;
        drop(pull);
        let end = [
            Happening::DISCONNECTED,
            Happening::CONNECT_RETRIED,
            Happening::CONNECT_DELAYED,
        ];
        expect_events(&*push, &end)
    })
}

fn who_is_bound_sees_a_connection_begin_and_end(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        for transport in Transport::ALL {
            let pull = lab.either(ours, Pull, &[])?;
            pull.watch()?;
            let endpoint = pull.bind(&transport.any())?;
            let push = lab.either(!ours, Push, &[])?;
            push.connect(&endpoint)?;
            let begin = [
                Happening::LISTENING,
                Happening::ACCEPTED,
                Happening::HANDSHAKE_SUCCEEDED,
            ];
            expect_events(&*pull, &begin)?;
            drop(push);
            expect_events(&*pull, &[Happening::DISCONNECTED])?;
        }
        Ok(())
    })
}

fn who_connects_to_nobody_sees_itself_try_again(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let push = lab.either(ours, Push, &[Opt::ReconnectIvl.int(10)])?;
        push.watch()?;
        let endpoint = Transport::Tcp.unused()?;
        push.connect(&endpoint)?;
        let round = [
            Happening::CONNECT_DELAYED,
            Happening::CLOSED,
            Happening::CONNECT_RETRIED,
        ];
        expect_events(&*push, &[round, round].concat())?;
        let pull = lab.either(!ours, Pull, &[])?;
        pull.bind(&endpoint)?;
        push.wait_for(Happening::CONNECTED)?;
        expect_events(&*push, &[Happening::HANDSHAKE_SUCCEEDED])
    })
}

fn who_is_unbound_sees_its_listener_closed(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let pull = lab.either(ours, Pull, &[])?;
        pull.watch()?;
        let push = lab.either(!ours, Push, &[])?;
        let endpoint = meet(&*pull, &*push)?;
        push.put(&frame("before"))?;
        pull.expect(&frame("before"))?;
        pull.disconnect(&endpoint)?;
        pull.wait_for(Happening::CLOSED)
    })
}

fn who_leaves_in_its_handshake_is_seen_to_fail_and_to_go(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let pull = lab.either(ours, Pull, &[])?;
        pull.watch()?;
        let endpoint = pull.bind(&Transport::Tcp.any())?;
        let address = endpoint.trim_start_matches("tcp://");
        drop(TcpStream::connect(address)?);
        let wanted = [
            Happening::LISTENING,
            Happening::ACCEPTED,
            Happening::HANDSHAKE_FAILED,
            Happening::DISCONNECTED,
        ];
        expect_events(&*pull, &wanted)
    })
}

fn who_cannot_be_bound_sees_that(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let first = lab.either(!ours, Pull, &[])?;
        let endpoint = first.bind(&Transport::Tcp.any())?;
        let second = lab.either(ours, Pull, &[])?;
        second.watch()?;
        ensure!(
            second.bind(&endpoint).is_err(),
            "two sockets are bound to {endpoint}"
        );
        second.wait_for(Happening::BIND_FAILED)
    })
}

fn libzmq_reads_the_properties_of_ferromq(lab: &Lab) -> Outcome {
    let pairs: [(SocketType, SocketType, &str); 3] =
        [(Req, Rep, "me"), (Dealer, Router, "me"), (Push, Pull, "")];
    for (kind, other, name) in pairs {
        let ours = lab.ours(kind, &[])?;
        if !name.is_empty() {
            ours.set(&Opt::RoutingId.bytes(name))?;
        }
        let theirs = lab.theirs(other, &[])?;
        meet(&*theirs, &ours)?;
        ours.put(&frame("hello"))?;
        theirs.take()?;
        // The first frame of libzmq 4.3.4's ROUTER has none (test_metadata).
        if other == Router && lab.library() == Library::System {
            continue;
        }
        let identity = (!name.is_empty()).then_some(name);
        let wanted = [
            ("Socket-Type", Some(kind.name())),
            ("Identity", identity),
            ("Peer-Address", Some("127.0.0.1")),
        ];
        for (property, wanted) in wanted {
            let told = theirs.property(property)?;
            let told = told.as_deref().filter(|told| !told.is_empty());
            ensure_eq!((property, told), (property, wanted));
        }
    }
    Ok(())
}

fn what_an_application_says_of_itself_arrives(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let tells = [Opt::Metadata.bytes("X-Zone:eu")];
        let push = lab.either(ours, Push, &tells)?;
        let pull = lab.either(!ours, Pull, &[])?;
        meet(&*pull, &*push)?;
        push.put(&frame("hello"))?;
        pull.expect(&frame("hello"))?;
        for (property, wanted) in [
            ("X-Zone", Some("eu")),
            ("Socket-Type", Some("PUSH")),
            ("Peer-Address", Some("127.0.0.1")),
            ("X-Other", None),
        ] {
            let told = pull.property(property)?;
            let told = told.as_deref().filter(|told| !told.is_empty());
            ensure_eq!((property, told), (property, wanted));
        }
        Ok(())
    })
}

fn ferromq_reads_the_properties_of_libzmq(lab: &Lab) -> Outcome {
    both_ways(|binds| {
        let ours = lab.ours(Router, &[])?;
        ours.watch()?;
        let theirs = lab.theirs(Dealer, &[Opt::RoutingId.bytes("them")])?;
        match binds {
            true => meet(&ours, &*theirs)?,
            false => meet(&*theirs, &ours)?,
        };
        loop {
            let event = ours.next_event(PATIENCE)?;
            let event = event.ok_or_else(|| Failure::new("no handshake succeeds"))?;
            if let EventKind::HandshakeSucceeded(info) = event.kind {
                ensure_eq!(info.socket_type, Some(Dealer));
                ensure_eq!(&info.identity[..], b"them");
                ensure_eq!(info.address.as_deref(), Some("127.0.0.1"));
                return Ok(());
            }
        }
    })
}
