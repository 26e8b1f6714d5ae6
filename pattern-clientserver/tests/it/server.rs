//! What is particular to SERVER and PEER.

use ferromq_compliance::pattern::{FarEnd, Marks, Socket};
use ferromq_core::{
    Halves, Message, Outbound, PatternOption, PeerId, TryRecvError, TrySendError, Wakes,
};
use ferromq_pattern_clientserver::Server;

use crate::compliance::{Addressed, ClientProfile};

type ServerSocket = Socket<Addressed<Server>>;

fn to(number: u32, body: &'static str) -> Message {
    let mut message = Message::from(body);
    message.set_origin(number);
    message
}

fn has_peer(server: &ServerSocket, number: u32) -> Option<bool> {
    let outbound = server.halves().outbound().lock(&mut Wakes::new());
    outbound.has_peer(PeerId::new(number))
}

fn two_peers() -> (ServerSocket, FarEnd, FarEnd) {
    let mut server = ServerSocket::new();
    let (one, other) = (server.join(Marks::default()), server.join(Marks::default()));
    (server, one, other)
}

#[test]
fn what_was_received_is_answered_as_it_is() {
    let (mut server, mut one, mut other) = two_peers();
    assert_eq!(other.push(&Message::from("of the other")), Ok(()));
    assert_eq!(one.push(&Message::from("of the one")), Ok(()));
    for _ in 0..2 {
        let message = server.recv().expect("a message");
        assert_eq!(server.send(&message), Ok(()));
    }
    assert_eq!(one.pop_all(), [Message::from("of the one")]);
    assert_eq!(other.pop_all(), [Message::from("of the other")]);
}

#[test]
fn a_message_for_nobody_is_refused() {
    let (mut server, mut one, _other) = two_peers();
    for number in [0, 7, u32::MAX] {
        let sent = server.send(&to(number, "?"));
        assert_eq!(sent, Err(TrySendError::Unroutable));
        assert_eq!(has_peer(&server, number), Some(false));
    }
    let number = one.id.get();
    assert_eq!(has_peer(&server, number), Some(true));
    one.leave();
    assert_eq!(has_peer(&server, number), Some(false));
    assert_eq!(server.send(&to(number, "?")), Err(TrySendError::Unroutable));
}

#[test]
fn nobody_waits_for_another_who_is_full() {
    let mut server = ServerSocket::new();
    let mut narrow = server.join(Marks {
        send: 1,
        receive: 0,
    });
    let mut wide = server.join(Marks::default());
    let (narrow_id, wide_id) = (narrow.id.get(), wide.id.get());
    assert_eq!(server.send(&to(narrow_id, "1")), Ok(()));
    assert_eq!(server.send(&to(narrow_id, "2")), Err(TrySendError::Full));
    assert_eq!(server.send(&to(wide_id, "3")), Ok(()));
    assert_eq!(wide.pop_all(), [Message::from("3")]);
    assert_eq!(narrow.pop_all(), [Message::from("1")]);
    assert!(server.calls_sender(), "there is room again");
    assert_eq!(server.send(&to(narrow_id, "2")), Ok(()));
}

#[test]
fn a_slot_is_reserved_by_the_number_in_four_bytes() {
    let (server, one, _other) = two_peers();
    let reserve = |head: &[u8]| {
        let mut wakes = Wakes::new();
        let mut outbound = server.halves().outbound().lock(&mut wakes);
        outbound.reserve(head, &mut wakes).map(drop)
    };
    let number = one.id.get().to_be_bytes();
    assert_eq!(reserve(&number), Ok(()));
    for head in [&[][..], &number[..3], &[0; 4], &[0; 5]] {
        assert_eq!(reserve(head), Err(TrySendError::Unroutable));
    }
}

#[test]
fn messages_have_one_frame_both_ways() {
    let (mut server, mut one, _other) = two_peers();
    let mut parts = Message::from_frames(["two", "frames"]);
    parts.set_origin(one.id.get());
    assert_eq!(server.send(&parts), Err(TrySendError::Malformed));
    assert_eq!(one.push(&parts), Ok(()));
    assert_eq!(server.recv(), Err(TryRecvError::Empty));
}

#[test]
fn a_client_has_no_numbers_and_no_probe() {
    let mut client = Socket::<ClientProfile>::new();
    let outbound = client.halves().outbound().lock(&mut Wakes::new());
    assert_eq!(outbound.has_peer(PeerId::new(1)), None);
    drop(outbound);
    assert!(client.set(&PatternOption::ProbeRouter(true)).is_err());
}
