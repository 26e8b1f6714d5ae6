//! What is particular to ROUTER.

use std::sync::Arc;

use bytes::Bytes;
use ferromq_compliance::pattern::{FarEnd, Marks, Profile, Socket, named};
use ferromq_core::{
    Conflate, Halves, Inbound, Mark, Message, Outbound, Pattern, PatternOption, Peer, PeerId,
    PeerInfo, PipeConfig, Sent, Signal, TryRecvError, TrySendError, Wakes, pipe,
};
use ferromq_pattern_router::Router;

use crate::compliance::{MandatoryProfile, RouterProfile};

fn frames<const N: usize>(frames: [&'static str; N]) -> Message {
    Message::from_frames(frames)
}

/// A peer that calls itself `name`.
fn join(router: &mut Socket<RouterProfile>, name: &str) -> FarEnd {
    router.attach(Marks::default(), Some(named(name)), None)
}

fn push(peer: &mut FarEnd, body: &'static str) {
    assert_eq!(peer.push(&Message::from(body)), Ok(()));
}

/// Receives, and splits off the routing id.
fn recv<P: Profile>(router: &mut Socket<P>) -> (Bytes, Message) {
    let mut message = router.recv().expect("a message");
    let id = message.pop_front().expect("a routing id");
    (id, message)
}

fn has_room(router: &Socket<RouterProfile>, id: &[u8]) -> Option<bool> {
    let mut wakes = Wakes::new();
    let mut outbound = router.halves().outbound().lock(&mut wakes);
    outbound.is_writable_to(id, &mut wakes).ok()
}

#[test]
fn ids_are_made_up_for_those_that_bring_none() {
    let mut router = Socket::<RouterProfile>::new();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let mut peer = router.attach(Marks::default(), Some(PeerInfo::default()), None);
        push(&mut peer, "hello");
        let (id, message) = recv(&mut router);
        assert_eq!(message, Message::from("hello"));
        assert_eq!((id.len(), id[0]), (5, 0));
        let number: [u8; 4] = id[1..].try_into().expect("four octets");
        ids.push(u32::from_be_bytes(number));
        let reply = Message::from_frames([id, Bytes::from("reply")]);
        assert_eq!(router.send(&reply), Ok(()));
        assert_eq!(peer.pop_all(), [Message::from("reply")]);
    }
    assert_eq!(ids[1], ids[0].wrapping_add(1));
    assert_eq!(ids[2], ids[0].wrapping_add(2));
}

#[test]
fn an_id_that_is_made_up_is_nobody_elses() {
    let mut router = Socket::<RouterProfile>::new();
    let mut first = router.attach(Marks::default(), Some(PeerInfo::default()), None);
    push(&mut first, "");
    let (id, _) = recv(&mut router);
    let number = u32::from_be_bytes(id[1..].try_into().expect("four octets"));
    // Somebody calls itself what comes next.
    let next = [&[0][..], &number.wrapping_add(1).to_be_bytes()].concat();
    let info = PeerInfo {
        identity: next.into(),
        ..PeerInfo::default()
    };
    let _impostor = router.attach(Marks::default(), Some(info), None);
    let mut other = router.attach(Marks::default(), Some(PeerInfo::default()), None);
    push(&mut other, "");
    let (id, _) = recv(&mut router);
    assert_eq!(id[1..], number.wrapping_add(2).to_be_bytes());
}

#[test]
fn the_id_that_the_application_has_assigned_wins_and_works_at_once() {
    let mut router = Socket::<RouterProfile>::new();
    let assigned = Some(Bytes::from("assigned"));
    let mut peer = router.attach(Marks::default(), None, assigned);
    assert_eq!(router.send(&frames(["assigned", "early"])), Ok(()));
    router.ready(&mut peer);
    assert_eq!(router.send(&frames(["peer 1", "by its own name"])), Ok(()));
    assert_eq!(peer.pop_all(), [Message::from("early")]);
    push(&mut peer, "hello");
    assert_eq!(router.recv(), Ok(frames(["assigned", "hello"])));
}

#[test]
fn a_peer_is_named_by_its_first_handshake_and_keeps_the_name() {
    let mut router = Socket::<RouterProfile>::new();
    let mut peer = router.dial(Marks::default());
    assert_eq!(router.send(&frames(["peer 1", "too early"])), Ok(()));
    router.ready(&mut peer);
    push(&mut peer, "one");
    assert_eq!(router.recv(), Ok(frames(["peer 1", "one"])));
    router.lost(&peer);
    assert_eq!(router.send(&frames(["peer 1", "queued"])), Ok(()));
    // Now it calls itself differently.
    peer.nth = 2;
    router.ready(&mut peer);
    push(&mut peer, "two");
    assert_eq!(router.recv(), Ok(frames(["peer 1", "two"])));
    assert_eq!(peer.pop_all(), [Message::from("queued")]);
}

#[test]
fn a_second_peer_of_the_same_name_is_ignored_for_ever() {
    let mut router = Socket::<RouterProfile>::new();
    let mut first = join(&mut router, "X");
    let mut second = join(&mut router, "X");
    push(&mut second, "ignored");
    push(&mut first, "heard");
    assert_eq!(router.recv(), Ok(frames(["X", "heard"])));
    assert_eq!(router.recv(), Err(TryRecvError::Empty));
    assert_eq!(router.send(&frames(["X", "reply"])), Ok(()));
    assert_eq!(first.pop_all(), [Message::from("reply")]);
    assert_eq!(second.pop_all(), []);
    assert!(!second.is_let_go(), "its connection stays open");

    // Even when the name is free again.
    let watch = second.watch();
    first.leave();
    push(&mut second, "still ignored");
    assert_eq!(router.recv(), Err(TryRecvError::Empty));
    let mut third = join(&mut router, "X");
    push(&mut third, "heard");
    assert_eq!(router.recv(), Ok(frames(["X", "heard"])));
    second.leave();
    router.settle();
    assert!(
        watch.is_over(),
        "what it sent was never read, but is forgotten"
    );
}

#[test]
fn with_handover_the_newcomer_takes_the_name() {
    for received_last in [false, true] {
        let mut router = Socket::<RouterProfile>::new();
        let handover = PatternOption::RouterHandover(true);
        assert_eq!(router.set(&handover), Ok(()));
        let mut first = join(&mut router, "X");
        let watch = first.watch();
        push(&mut first, "heard");
        push(&mut first, "never heard");
        assert_eq!(router.recv(), Ok(frames(["X", "heard"])));
        let mut second = join(&mut router, "X");
        push(&mut second, "heard");
        // Whichever half hears of it first.
        if received_last {
            assert_eq!(router.send(&frames(["X", "to the second"])), Ok(()));
            assert_eq!(router.recv(), Ok(frames(["X", "heard"])));
        } else {
            assert_eq!(router.recv(), Ok(frames(["X", "heard"])));
            assert_eq!(router.send(&frames(["X", "to the second"])), Ok(()));
        }
        assert!(first.is_let_go() && !second.is_let_go());
        assert_eq!(first.pop_all(), []);
        assert_eq!(second.pop_all(), [Message::from("to the second")]);
        first.leave();
        assert!(watch.is_over());
        second.leave();
        assert_eq!(router.recv(), Err(TryRecvError::Empty));
        assert_eq!(has_room(&router, b"X"), None);
    }
}

#[test]
fn the_name_of_a_peer_that_has_left_is_free_though_its_messages_are_unread() {
    let mut router = Socket::<RouterProfile>::new();
    let mut first = join(&mut router, "X");
    push(&mut first, "of the first");
    router.settle();
    first.leave();
    let mut second = join(&mut router, "X");
    push(&mut second, "of the second");
    assert_eq!(router.send(&frames(["X", "to the second"])), Ok(()));
    assert_eq!(second.pop_all(), [Message::from("to the second")]);
    for (peer, body) in [(&first, "of the first"), (&second, "of the second")] {
        let message = router.recv().expect("a message");
        assert_eq!(message.origin(), peer.id.get());
        assert_eq!(message, frames(["X", body]));
    }
}

#[test]
fn a_peer_that_came_and_went_unseen_is_heard_by_its_name() {
    for sent_before in [false, true] {
        let mut router = Socket::<RouterProfile>::new();
        let mut brief = join(&mut router, "X");
        push(&mut brief, "in passing");
        brief.leave();
        let mut second = join(&mut router, "X");
        if sent_before {
            assert_eq!(router.send(&frames(["X", "hello"])), Ok(()));
        }
        assert_eq!(router.recv(), Ok(frames(["X", "in passing"])));
        if !sent_before {
            assert_eq!(router.send(&frames(["X", "hello"])), Ok(()));
        }
        assert_eq!(second.pop_all(), [Message::from("hello")]);
    }
}

#[test]
fn a_peer_that_left_before_it_was_named_is_heard_by_its_name() {
    let mut router = Socket::<RouterProfile>::new();
    let mut peer = router.dial(Marks::default());
    router.settle();
    let watch = peer.watch();
    push(&mut peer, "in passing");
    peer.leave();
    assert_eq!(router.recv(), Err(TryRecvError::Empty));
    router.ready(&mut peer);
    assert_eq!(router.recv(), Ok(frames(["peer 1", "in passing"])));
    router.settle();
    assert_eq!(router.recv(), Err(TryRecvError::Empty));
    assert!(watch.is_over());
    assert_eq!(has_room(&router, b"peer 1"), None);
}

/// The halves hear of two peers in different orders, if those come at once.
#[test]
fn peers_whose_news_crosses_are_the_same_to_both_halves() {
    let router = Router::halves();
    let (out_lane, in_lane) = (router.outbound().lane(), router.inbound().lane());
    let [brief, lasting] = [1, 2].map(|number| {
        let id = PeerId::new(number);
        let config = PipeConfig {
            send_mark: Some(Mark::messages(0)),
            receive_mark: None,
            share_from: 4096,
            conflate: Conflate::No,
        };
        let ((mut writer, source), (sink, mut reader)) = (pipe(config), pipe(config));
        writer.set_waker(&out_lane.writable_waker(id));
        reader.set_waker(&in_lane.readable_waker(id));
        let peer = |writer, reader| {
            Signal::Attach(Box::new(Peer {
                id,
                writer,
                reader,
                info: Some(Arc::new(named("X"))),
                direct: false,
                takes_all: false,
                assigned_id: None,
            }))
        };
        let news = (peer(Some(writer), None), peer(None, Some(reader)));
        (news, source, sink)
    });
    let ((brief_out, brief_in), brief_source, brief_sink) = brief;
    let ((lasting_out, lasting_in), mut source, mut sink) = lasting;
    out_lane.send(lasting_out);
    out_lane.send(brief_out);
    in_lane.send(brief_in);
    drop((brief_source, brief_sink));
    let mut wakes = Wakes::new();
    let mut inbound = router.inbound().lock(&mut wakes);
    assert!(!inbound.is_readable(&mut wakes));
    drop(inbound);
    in_lane.send(lasting_in);

    let hello = Message::from("hello");
    assert_eq!(sink.push(&[], &hello, 0, &mut wakes), Ok(()));
    let mut message = Message::new();
    let mut inbound = router.inbound().lock(&mut wakes);
    assert_eq!(inbound.try_recv(&mut message, &mut wakes), Ok(()));
    assert_eq!(message, frames(["X", "hello"]));
    let mut outbound = router.outbound().lock(&mut wakes);
    let sent = outbound.try_send(&frames(["X", "hello"]), &mut wakes);
    assert_eq!(sent, Ok(Sent::Queued));
    assert_eq!(source.pop(&mut message, &mut wakes), Ok(()));
    assert_eq!(message, hello);
}

#[test]
fn what_cannot_be_delivered_is_dropped() {
    let mut router = Socket::<RouterProfile>::new();
    let mut peer = router.join(Marks {
        send: 1,
        receive: 0,
    });
    assert_eq!(router.send(&frames(["nobody", "x"])), Ok(()));
    for body in ["fits", "too many"] {
        assert_eq!(router.send(&frames(["peer 1", body])), Ok(()));
    }
    assert!(router.is_writable());
    assert_eq!(peer.pop_all(), [Message::from("fits")]);
    assert_eq!(router.send(&frames(["peer 1"])), Ok(()));
    assert_eq!(peer.pop_all(), [], "there was nothing to send");
}

#[test]
fn what_cannot_be_delivered_is_refused_if_that_is_mandatory() {
    let mut router = Socket::<MandatoryProfile>::new();
    assert!(!router.is_writable());
    let unroutable = Err(TrySendError::Unroutable);
    assert_eq!(router.send(&frames(["nobody", "x"])), unroutable);
    let mut peer = router.join(Marks {
        send: 1,
        receive: 0,
    });
    assert!(router.is_writable());
    assert_eq!(router.send(&frames(["peer 1", "fits"])), Ok(()));
    assert!(!router.is_writable());
    let full = Err(TrySendError::Full);
    assert_eq!(router.send(&frames(["peer 1", "too many"])), full);
    let mut other = router.join(Marks::default());
    assert!(router.is_writable(), "the other has room");
    assert_eq!(router.send(&frames(["nobody"])), Ok(()), "nothing to send");
    assert_eq!(router.send(&frames(["peer 1", "too many"])), full);
    assert_eq!(peer.pop_all(), [Message::from("fits")]);
    assert_eq!(router.send(&frames(["peer 1", "fits again"])), Ok(()));
    peer.leave();
    assert_eq!(router.send(&frames(["peer 1", "x"])), unroutable);
    other.leave();
    assert!(!router.is_writable());
}

#[test]
fn a_peer_can_be_asked_for_room() {
    let mut router = Socket::<RouterProfile>::new();
    let mut peer = router.join(Marks {
        send: 1,
        receive: 0,
    });
    assert_eq!(has_room(&router, b"nobody"), None);
    assert_eq!(has_room(&router, b"peer 1"), Some(true));
    assert_eq!(router.send(&frames(["peer 1", "x"])), Ok(()));
    assert_eq!(has_room(&router, b"peer 1"), Some(false));
    peer.pop_all();
    assert_eq!(has_room(&router, b"peer 1"), Some(true));
}

#[test]
fn a_slot_without_anything_to_send_is_given_back() {
    let mut router = Socket::<RouterProfile>::new();
    let mut peer = router.join(Marks {
        send: 1,
        receive: 0,
    });
    let slot = router.reserve(&peer).expect("a slot");
    let mut wakes = Wakes::new();
    let mut outbound = router.halves().outbound().lock(&mut wakes);
    outbound.commit(slot, &frames(["peer 1"]), &mut wakes);
    drop(outbound);
    assert_eq!(router.send(&frames(["peer 1", "fits"])), Ok(()));
    assert_eq!(peer.pop_all(), [Message::from("fits")]);
}

#[test]
fn peers_that_come_and_go_are_announced() {
    let mut router = Socket::<RouterProfile>::new();
    let both = PatternOption::RouterNotify {
        connect: true,
        disconnect: true,
    };
    assert_eq!(router.set(&both), Ok(()));
    let mut peer = join(&mut router, "X");
    let mut ignored = join(&mut router, "X");
    router.settle();
    push(&mut peer, "hello");
    push(&mut peer, "bye");
    peer.leave();
    ignored.leave();
    for body in ["", "hello", "bye", ""] {
        assert_eq!(router.recv(), Ok(frames(["X", body])));
    }
    assert_eq!(router.recv(), Err(TryRecvError::Empty));

    let mut dialed = router.dial(Marks::default());
    dialed.nth = 7;
    assert_eq!(router.recv(), Err(TryRecvError::Empty));
    for _ in 0..2 {
        router.ready(&mut dialed);
        assert_eq!(router.recv(), Ok(frames(["peer 7", ""])));
        push(&mut dialed, "hello");
        router.lost(&dialed);
        assert_eq!(router.recv(), Ok(frames(["peer 7", "hello"])));
        assert_eq!(router.recv(), Ok(frames(["peer 7", ""])));
    }
    dialed.leave();
    assert_eq!(
        router.recv(),
        Err(TryRecvError::Empty),
        "it was gone before"
    );
}

#[test]
fn a_probe_goes_first() {
    let mut router = Socket::<RouterProfile>::new();
    assert_eq!(router.set(&PatternOption::ProbeRouter(true)), Ok(()));
    let mut peer = join(&mut router, "X");
    assert_eq!(router.send(&frames(["X", "hello"])), Ok(()));
    assert_eq!(peer.pop_all(), [Message::new(), Message::from("hello")]);
}
