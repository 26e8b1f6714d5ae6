//! What is particular to SCATTER and GATHER.

use ferromq_compliance::pattern::{Marks, Socket};
use ferromq_core::{Message, TryRecvError, TrySendError};

use crate::compliance::{GatherProfile, ScatterProfile};

fn parts() -> Message {
    Message::from_frames(["two", "frames"])
}

#[test]
fn several_frames_are_refused_and_nothing_is_sent() {
    let mut scatter = Socket::<ScatterProfile>::new();
    assert_eq!(scatter.send(&parts()), Err(TrySendError::Malformed));
    let mut peer = scatter.join(Marks {
        send: 1,
        receive: 0,
    });
    assert_eq!(scatter.send(&parts()), Err(TrySendError::Malformed));
    let slot = scatter.reserve(&peer).expect("room");
    scatter.commit(&peer, slot, &parts());
    assert_eq!(peer.pop_all(), []);
    assert_eq!(scatter.send(&Message::from("one")), Ok(()));
    assert_eq!(peer.pop_all(), [Message::from("one")]);
}

#[test]
fn several_frames_of_a_peer_are_passed_over() {
    let mut gather = Socket::<GatherProfile>::new();
    let mut peer = gather.join(Marks {
        send: 0,
        receive: 0,
    });
    for message in [
        parts(),
        "one".into(),
        parts(),
        parts(),
        "two".into(),
        parts(),
    ] {
        assert_eq!(peer.push(&message), Ok(()));
    }
    assert_eq!(gather.recv(), Ok(Message::from("one")));
    assert_eq!(gather.recv(), Ok(Message::from("two")));
    assert_eq!(gather.recv(), Err(TryRecvError::Empty));
}

#[test]
fn who_sends_only_what_is_passed_over_keeps_nobody_waiting_for_ever() {
    let mut gather = Socket::<GatherProfile>::new();
    let mut peer = gather.join(Marks {
        send: 0,
        receive: 0,
    });
    for _ in 0..2500 {
        assert_eq!(peer.push(&parts()), Ok(()));
    }
    assert_eq!(peer.push(&Message::from("one")), Ok(()));
    let mut looks = 0;
    while gather.recv().is_err() {
        assert!(gather.calls_receiver(), "there is more to look at");
        looks += 1;
    }
    assert!(looks > 0, "others had their turn meanwhile");
}
