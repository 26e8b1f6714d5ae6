//! Models of a subscription made while a connection is made: every interleaving of
//! the application and the driver.
#![cfg(loom)]

use std::sync::Arc;

use bytes::Bytes;
use ferromq_core::{
    Attend, Conflate, Half, Halves, Mark, Message, Outbound, Pattern, PatternOption, Peer, PeerId,
    PeerInfo, PipeConfig, PipeReader, Signal, Wakes, pipe,
};
use ferromq_pattern_pubsub::{Sub, XSub};
use loom::thread;

const PEER: PeerId = PeerId::new(1);

/// A socket that dials, or that a peer connects to, and the driver's end of its pipe.
fn socket<P: Pattern>(dials: bool) -> (Arc<P::Halves>, Option<Signal>, PipeReader) {
    let config = PipeConfig {
        send_mark: Some(Mark::messages(10)),
        receive_mark: None,
        share_from: 4096,
        conflate: Conflate::No,
    };
    let (writer, source) = pipe(config);
    let halves = Arc::new(P::halves());
    let peer = Peer {
        id: PEER,
        writer: Some(writer),
        reader: None,
        info: (!dials).then(Arc::default),
        direct: false,
        takes_all: false,
        assigned_id: None,
    };
    let attach = Signal::Attach(Box::new(peer));
    if dials {
        halves.outbound().lane().send(attach);
        return (halves, None, source);
    }
    (halves, Some(attach), source)
}

/// What the publisher wants to send in the end: what was pulled, and then changed.
fn told<P: Pattern>(dials: bool, change: fn(&Half<<P::Halves as Halves>::Outbound>)) -> Vec<Bytes> {
    let (halves, attach, mut source) = socket::<P>(dials);
    let prologue = halves.outbound().lock(&mut Wakes::new()).prologue();
    let prologue = prologue.expect("subscribers have one");
    let driver = thread::spawn({
        let halves = Arc::clone(&halves);
        move || {
            let ready = || Signal::Ready(PEER, Arc::new(PeerInfo::default()));
            halves.outbound().lane().send(attach.unwrap_or_else(ready));
            // What waits is out of date.
            let mut message = Message::new();
            while source.pop(&mut message, &mut Wakes::new()).is_ok() {}
            let mut pulled = Vec::new();
            while let Some(topic) = prologue.next(pulled.last()) {
                pulled.push(topic);
            }
            (pulled, source)
        }
    });
    change(halves.outbound());
    let (mut told, mut source) = driver.join().expect("no panic");
    drop(halves.outbound().lock(&mut Wakes::new()));
    let mut message = Message::new();
    while source.pop(&mut message, &mut Wakes::new()).is_ok() {
        let (first, topic) = message.body().split_first().expect("a request");
        told.retain(|other| other != topic);
        if *first == 1 {
            told.push(Bytes::copy_from_slice(topic));
        }
    }
    told
}

fn set(half: &Half<Sub>, option: &PatternOption) {
    half.set_option(option, &mut Wakes::new())
        .expect("a SUB has it");
}

#[test]
fn a_subscription_is_pulled_or_sent() {
    for dials in [true, false] {
        loom::model(move || {
            let told = told::<Sub>(dials, |half| {
                set(half, &PatternOption::Subscribe("x".into()))
            });
            assert_eq!(told, ["x"]);
        });
    }
}

#[test]
fn the_end_of_a_subscription_is_not_missed() {
    for dials in [true, false] {
        loom::model(move || {
            let told = told::<Sub>(dials, |half| {
                set(half, &PatternOption::Subscribe("x".into()));
                set(half, &PatternOption::Unsubscribe("x".into()));
            });
            assert_eq!(told, [""; 0]);
        });
    }
}

#[test]
fn several_changes_under_one_lock_are_not_missed() {
    for dials in [true, false] {
        loom::model(move || {
            let told = told::<XSub>(dials, |half| {
                let mut wakes = Wakes::new();
                let mut half = half.lock(&mut wakes);
                for request in ["\u{1}x", "\u{1}y", "\0x"] {
                    half.try_send(&request.into(), &mut wakes).expect("sent");
                }
            });
            assert_eq!(told, ["y"]);
        });
    }
}
