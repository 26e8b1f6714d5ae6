//! What is particular to DGRAM.

use ferromq_compliance::pattern::{Marks, Socket};
use ferromq_core::{Message, TryRecvError, TrySendError};

use crate::compliance::DgramProfile;

#[test]
fn messages_have_an_address_and_a_body_both_ways() {
    let message = Message::from_frames(["127.0.0.1:5555", "body"]);
    let three = Message::from_frames(["127.0.0.1:5555", "two", "bodies"]);
    let mut dgram = Socket::<DgramProfile>::new();
    let mut link = dgram.join(Marks::default());
    for malformed in ["127.0.0.1:5555".into(), three.clone()] {
        assert_eq!(dgram.send(&malformed), Err(TrySendError::Malformed));
    }
    assert_eq!(dgram.send(&message), Ok(()));
    assert_eq!(link.pop_all(), std::slice::from_ref(&message));

    for malformed in [Message::from("alone"), three] {
        assert_eq!(link.push(&malformed), Ok(()));
        assert_eq!(dgram.recv(), Err(TryRecvError::Empty));
    }
    assert_eq!(link.push(&message), Ok(()));
    assert_eq!(dgram.recv(), Ok(message));
}

#[test]
fn a_second_link_is_let_go() {
    let mut dgram = Socket::<DgramProfile>::new();
    let (first, second) = (dgram.join(Marks::default()), dgram.join(Marks::default()));
    dgram.settle();
    assert!(second.is_let_go() && !first.is_let_go());
}
