//! What is particular to STREAM.

use bytes::Bytes;
use ferromq_compliance::pattern::{FarEnd, Marks, Profile, Socket};
use ferromq_core::{
    Halves, Message, OptionError, Outbound, PatternOption, PeerInfo, TryRecvError, TrySendError,
    Wakes,
};
use ferromq_pattern_router::Stream;

/// A STREAM that tells of connections.
pub(crate) struct TellingProfile;

impl Profile for TellingProfile {
    type Pattern = Stream;
    const WRITABLE_IS_EXACT: bool = false;

    fn welcome(socket: &mut Socket<Self>, peer: &mut FarEnd) {
        if peer.name.is_empty() {
            peer.name = last_id(socket);
        }
    }

    fn to_socket(peer: &FarEnd, body: &Message) -> Message {
        let mut message = body.clone();
        message.push_front(peer.name.clone());
        message
    }
}

pub(crate) fn last_id(socket: &Socket<TellingProfile>) -> Bytes {
    let stream = socket.halves().outbound().lock(&mut Wakes::new());
    stream.newest_id().expect("a connection")
}

/// What passes between the application and a connection.
fn chunk(peer: &FarEnd, bytes: &'static str) -> Message {
    Message::from_frames([peer.name.clone(), Bytes::from(bytes)])
}

fn push(peer: &mut FarEnd, bytes: &'static str) {
    assert_eq!(peer.push(&Message::from(bytes)), Ok(()));
}

#[test]
fn a_connection_is_announced_before_and_after_its_bytes() {
    let mut stream = Socket::<TellingProfile>::new();
    let mut peer = stream.join(Marks::default());
    assert_eq!((peer.name.len(), peer.name[0]), (5, 0));
    push(&mut peer, "GET /");
    push(&mut peer, " HTTP/1.1");
    for bytes in ["", "GET /", " HTTP/1.1"] {
        assert_eq!(stream.recv(), Ok(chunk(&peer, bytes)));
    }
    assert_eq!(stream.recv(), Err(TryRecvError::Empty));
    push(&mut peer, "bye");
    peer.leave();
    for bytes in ["bye", ""] {
        assert_eq!(stream.recv(), Ok(chunk(&peer, bytes)));
    }
    assert_eq!(stream.recv(), Err(TryRecvError::Empty));
    let gone = stream.send(&chunk(&peer, "too late"));
    assert_eq!(gone, Err(TrySendError::Unroutable));
}

#[test]
fn nothing_is_announced_if_the_application_does_not_want_it() {
    let mut stream = Socket::<TellingProfile>::new();
    let quiet = PatternOption::StreamNotify(false);
    assert_eq!(stream.set(&quiet), Ok(()));
    let mut peer = stream.join(Marks::default());
    push(&mut peer, "hello");
    peer.leave();
    assert_eq!(stream.recv(), Ok(chunk(&peer, "hello")));
    assert_eq!(stream.recv(), Err(TryRecvError::Empty));
    let other = PatternOption::RouterHandover(true);
    let refused = OptionError::Unsupported("ZMQ_ROUTER_HANDOVER");
    assert_eq!(stream.set(&other), Err(refused));
}

#[test]
fn sending_nothing_ends_the_connection_after_what_was_sent() {
    for slot in [false, true] {
        let mut stream = Socket::<TellingProfile>::new();
        let mut peer = stream.join(Marks::default());
        let watch = peer.watch();
        assert_eq!(stream.recv(), Ok(chunk(&peer, "")));
        push(&mut peer, "not received any more");
        assert_eq!(stream.send(&chunk(&peer, "last words")), Ok(()));
        if slot {
            let slot = stream.reserve(&peer).expect("a slot");
            stream.commit(&peer, slot, &Message::new());
        } else {
            assert_eq!(stream.send(&chunk(&peer, "")), Ok(()));
        }
        assert!(peer.is_let_go());
        assert_eq!(peer.pop_all(), [Message::from("last words")]);
        assert_eq!(stream.recv(), Err(TryRecvError::Empty));
        let gone = stream.send(&chunk(&peer, "more"));
        assert_eq!(gone, Err(TrySendError::Unroutable));
        peer.leave();
        assert!(watch.is_over());
    }
}

#[test]
fn a_connection_that_takes_no_more_can_be_ended() {
    let mut stream = Socket::<TellingProfile>::new();
    let mut peer = stream.join(Marks {
        send: 1,
        receive: 0,
    });
    assert_eq!(stream.send(&chunk(&peer, "fits")), Ok(()));
    let full = stream.send(&chunk(&peer, "too much"));
    assert_eq!(full, Err(TrySendError::Full));
    assert_eq!(stream.send(&chunk(&peer, "")), Ok(()));
    assert!(peer.is_let_go());
    assert_eq!(peer.pop_all(), [Message::from("fits")]);
}

#[test]
fn all_frames_behind_the_id_are_sent_and_one_there_must_be() {
    let mut stream = Socket::<TellingProfile>::new();
    let mut peer = stream.join(Marks::default());
    let id = peer.name.clone();
    let message = Message::from_frames([id.clone(), "head".into(), "".into(), "body".into()]);
    assert_eq!(stream.send(&message), Ok(()));
    let sent = Message::from_frames(["head", "", "body"]);
    assert_eq!(peer.pop_all(), [sent]);
    let malformed = stream.send(&Message::from(id));
    assert_eq!(malformed, Err(TrySendError::Malformed));
    assert!(!peer.is_let_go());
}

#[test]
fn a_connection_has_its_id_before_it_is_there() {
    let mut stream = Socket::<TellingProfile>::new();
    let mut peer = stream.dial(Marks::default());
    stream.settle();
    peer.name = last_id(&stream);
    assert_eq!(stream.send(&chunk(&peer, "early")), Ok(()));
    assert_eq!(stream.recv(), Err(TryRecvError::Empty));
    stream.ready(&mut peer);
    assert_eq!(stream.recv(), Ok(chunk(&peer, "")));
    assert_eq!(peer.pop_all(), [Message::from("early")]);

    let id = Bytes::from("assigned");
    let mut assigned = stream.attach(Marks::default(), None, Some(id.clone()));
    assert_eq!(stream.send(&chunk(&assigned, "early")), Ok(()));
    assert_eq!(last_id(&stream), id);
    assert_eq!(assigned.pop_all(), [Message::from("early")]);
    let second = stream.attach(Marks::default(), Some(PeerInfo::default()), Some(id));
    stream.settle();
    assert!(second.is_let_go() && !assigned.is_let_go());
}

#[test]
fn a_connection_that_is_made_again_is_announced_again() {
    let mut stream = Socket::<TellingProfile>::new();
    let mut peer = stream.dial(Marks::default());
    stream.settle();
    peer.name = last_id(&stream);
    for _ in 0..2 {
        stream.ready(&mut peer);
        push(&mut peer, "hello");
        stream.lost(&peer);
        for bytes in ["", "hello", ""] {
            assert_eq!(stream.recv(), Ok(chunk(&peer, bytes)));
        }
    }
    // While the application looks elsewhere.
    stream.ready(&mut peer);
    push(&mut peer, "one");
    stream.lost(&peer);
    stream.ready(&mut peer);
    for bytes in ["", "one", "", ""] {
        assert_eq!(stream.recv(), Ok(chunk(&peer, bytes)));
    }
    stream.lost(&peer);
    stream.ready(&mut peer);
    peer.leave();
    for bytes in ["", "", ""] {
        assert_eq!(stream.recv(), Ok(chunk(&peer, bytes)));
    }
    assert_eq!(stream.recv(), Err(TryRecvError::Empty));
}

#[test]
fn a_connection_that_never_was_is_not_announced() {
    let mut stream = Socket::<TellingProfile>::new();
    let mut peer = stream.dial(Marks::default());
    stream.settle();
    peer.leave();
    assert_eq!(stream.recv(), Err(TryRecvError::Empty));
}
