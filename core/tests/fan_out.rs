//! One message to many peers, over real pipes.

#![cfg(not(loom))]

use ferromq_core::routing::FanOut;
use ferromq_core::{
    Conflate, Mark, Message, PeerId, PipeConfig, PipeReader, PushError, Sent, Wakes, pipe,
};
use proptest::collection::vec;
use proptest::prelude::*;

struct Peers {
    fan_out: FanOut,
    readers: Vec<PipeReader>,
    slots: Vec<u32>,
    wakes: Wakes,
}

impl Peers {
    /// So many peers, numbered from 0, with that mark each.
    fn new(count: u32, high_water: usize) -> Self {
        let mut peers = Self {
            fan_out: FanOut::new(),
            readers: Vec::new(),
            slots: Vec::new(),
            wakes: Wakes::new(),
        };
        (0..count).for_each(|number| peers.attach(number, high_water));
        peers
    }

    fn attach(&mut self, number: u32, high_water: usize) {
        let (writer, reader) = pipe(PipeConfig {
            send_mark: Some(Mark::messages(high_water)),
            receive_mark: None,
            share_from: 4096,
            conflate: Conflate::No,
        });
        self.slots
            .push(self.fan_out.attach(PeerId::new(number), writer));
        self.readers.push(reader);
    }

    fn send_to_all(&mut self, body: &str) -> Sent {
        self.fan_out.send_to_all(&body.into(), &mut self.wakes)
    }

    fn late(&mut self, last: bool) -> Sent {
        self.fan_out.send_late(last, &mut self.wakes)
    }

    fn received(&mut self, number: usize) -> Vec<String> {
        let mut message = Message::new();
        let mut received = Vec::new();
        while self.readers[number]
            .pop(&mut message, &mut self.wakes)
            .is_ok()
        {
            received.push(message.as_str().expect("text").into());
        }
        received
    }

    fn writable(&mut self, number: u32) -> bool {
        self.fan_out.handle_writable(PeerId::new(number))
    }

    fn dropped(&self, number: u32) -> Option<u64> {
        self.fan_out.dropped(PeerId::new(number))
    }
}

#[test]
fn a_message_goes_to_all_to_some_or_to_the_others() {
    let mut peers = Peers::new(4, 10);
    let some = [peers.slots[1], peers.slots[3]];
    assert_eq!(peers.send_to_all("all"), Sent::Queued);
    assert_eq!(
        peers
            .fan_out
            .send_to(&some, &"some".into(), &mut peers.wakes),
        Sent::Queued
    );
    assert_eq!(
        peers
            .fan_out
            .send_to_others(&some, &"others".into(), &mut peers.wakes),
        Sent::Queued
    );
    for number in [0, 2] {
        assert_eq!(peers.received(number), ["all", "others"]);
    }
    for number in [1, 3] {
        assert_eq!(peers.received(number), ["all", "some"]);
    }
}

#[test]
fn a_full_peer_misses_messages_and_others_do_not() {
    let mut peers = Peers::new(2, 2);
    peers.send_to_all("1");
    peers.send_to_all("2");
    assert_eq!(peers.received(1), ["1", "2"]);
    assert_eq!(peers.send_to_all("3"), Sent::Lagging);
    assert_eq!(peers.late(false), Sent::Lagging);
    assert_eq!(peers.late(true), Sent::Queued);
    // The peer is known to be full now, and not asked.
    assert_eq!(peers.send_to_all("4"), Sent::Queued);
    assert_eq!(peers.dropped(0), Some(2));
    assert_eq!(peers.dropped(1), Some(0));
    assert_eq!(peers.received(0), ["1", "2"]);
    assert_eq!(peers.received(1), ["3", "4"]);
    assert!(peers.writable(0));
    assert_eq!(peers.send_to_all("5"), Sent::Queued);
    assert_eq!(peers.received(0), ["5"]);
    assert_eq!(peers.fan_out.dropped_in_all(), 2);
}

#[test]
fn a_peer_that_lags_gets_the_message_once_it_has_room() {
    let mut peers = Peers::new(3, 1);
    peers.send_to_all("1");
    assert_eq!(peers.received(2), ["1"]);
    assert_eq!(peers.send_to_all("2"), Sent::Lagging);
    assert_eq!(peers.received(0), ["1"]);
    assert_eq!(peers.late(false), Sent::Lagging);
    assert_eq!(peers.received(0), ["2"]);
    assert_eq!(peers.received(1), ["1"]);
    assert_eq!(peers.late(true), Sent::Queued);
    assert_eq!(peers.received(1), ["2"]);
    assert_eq!(peers.received(2), ["2"]);
    assert_eq!(peers.fan_out.dropped_in_all(), 0);
}

#[test]
fn the_next_message_ends_the_wait_for_the_last() {
    let mut peers = Peers::new(1, 1);
    peers.send_to_all("1");
    assert_eq!(peers.send_to_all("2"), Sent::Lagging);
    assert_eq!(peers.received(0), ["1"]);
    // Whoever sent "2" was cancelled. It is not lost, and not out of order.
    assert_eq!(peers.send_to_all("3"), Sent::Lagging);
    assert_eq!(peers.received(0), ["2"]);
    assert_eq!(peers.late(true), Sent::Queued);
    assert_eq!(peers.received(0), ["3"]);

    peers.send_to_all("4");
    assert_eq!(peers.send_to_all("5"), Sent::Lagging);
    assert_eq!(peers.send_to_all("6"), Sent::Queued);
    assert_eq!(peers.late(true), Sent::Queued);
    assert_eq!(peers.received(0), ["4"]);
    assert_eq!(peers.dropped(0), Some(2));
}

#[test]
fn a_slot_that_is_used_again_has_no_past() {
    let mut peers = Peers::new(1, 1);
    peers.send_to_all("1");
    assert_eq!(peers.send_to_all("2"), Sent::Lagging);
    let slot = peers.slots[0];
    assert_eq!(peers.fan_out.detach(PeerId::new(0)), Some(slot));
    peers.attach(7, 1);
    assert_eq!(peers.slots[1], slot);
    assert_eq!(peers.late(true), Sent::Queued);
    assert_eq!(peers.received(1), [""; 0]);
    assert_eq!((peers.dropped(0), peers.dropped(7)), (None, Some(0)));
    assert_eq!(peers.fan_out.slots().collect::<Vec<_>>(), [slot]);
    assert_eq!(peers.fan_out.detach(PeerId::new(0)), None);
    assert_eq!(peers.fan_out.slot(PeerId::new(7)), Some(slot));
}

#[test]
fn a_peer_that_has_left_is_no_reason_to_wait() {
    let mut peers = Peers::new(2, 1);
    drop(peers.readers.remove(0));
    assert_eq!(peers.send_to_all("1"), Sent::Queued);
    assert_eq!(peers.received(0), ["1"]);
    assert!(!peers.writable(0));
    assert!(!peers.writable(9));
    let left = peers.slots[0];
    let pushed = peers.fan_out.push(left, &"2".into(), &mut peers.wakes);
    assert_eq!(pushed, Err(PushError::Closed));
    let slots = peers.slots.clone();
    assert!(peers.fan_out.have_room(&slots, &mut peers.wakes));
    assert_eq!(peers.fan_out.dropped_in_all(), 0);
}

#[test]
fn whoever_would_rather_wait_can_ask_first() {
    let mut peers = Peers::new(2, 1);
    let slots = peers.slots.clone();
    assert!(peers.fan_out.have_room(&slots, &mut peers.wakes));
    peers.send_to_all("1");
    assert_eq!(peers.received(0), ["1"]);
    assert!(peers.fan_out.have_room(&slots[..1], &mut peers.wakes));
    assert!(!peers.fan_out.have_room(&slots, &mut peers.wakes));
    assert_eq!(peers.received(1), ["1"]);
    assert!(peers.fan_out.have_room(&slots, &mut peers.wakes));
}

/// So many peers in the properties.
const PEERS: u32 = 4;

#[derive(Debug, Clone)]
enum Step {
    /// To those whose bit is set, or to the others.
    Send {
        to: u8,
        inverted: bool,
    },
    SendToAll,
    Late {
        last: bool,
    },
    /// A peer takes so many messages, and its pipe may call.
    Take {
        peer: u32,
        count: usize,
        calls: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..16u8, any::<bool>()).prop_map(|(to, inverted)| Step::Send { to, inverted }),
        2 => Just(Step::SendToAll),
        3 => any::<bool>().prop_map(|last| Step::Late { last }),
        3 => (0..PEERS, 1..4usize, any::<bool>())
            .prop_map(|(peer, count, calls)| Step::Take { peer, count, calls }),
    ]
}

/// What each peer was sent, and has received, by number.
#[derive(Default)]
struct Record {
    sent: Vec<u32>,
    received: Vec<u32>,
}

impl Peers {
    fn take(&mut self, peer: u32, count: usize, record: &mut Record) {
        let mut message = Message::new();
        for _ in 0..count {
            if self.readers[peer as usize]
                .pop(&mut message, &mut self.wakes)
                .is_ok()
            {
                let number = message.as_str().expect("text").parse();
                record.received.push(number.expect("a number"));
            }
        }
    }
}

proptest! {
    #[test]
    fn each_message_arrives_once_and_in_order_or_is_counted(
        mark in 0..4usize,
        steps in vec(step(), 0..100),
    ) {
        let mut peers = Peers::new(PEERS, mark);
        let slots = peers.slots.clone();
        let mut records: [Record; PEERS as usize] = Default::default();
        for (number, step) in (0..).zip(steps) {
            let body = number.to_string();
            match step {
                Step::Send { to, inverted } => {
                    let chosen: Vec<_> =
                        slots.iter().copied().filter(|slot| to >> slot & 1 == 1).collect();
                    for (slot, record) in (0..).zip(&mut records) {
                        if chosen.contains(&slot) != inverted {
                            record.sent.push(number);
                        }
                    }
                    let message = body.as_str().into();
                    let Peers { fan_out, wakes, .. } = &mut peers;
                    match inverted {
                        false => fan_out.send_to(&chosen, &message, wakes),
                        true => fan_out.send_to_others(&chosen, &message, wakes),
                    };
                }
                Step::SendToAll => {
                    records.iter_mut().for_each(|record| record.sent.push(number));
                    peers.send_to_all(&body);
                }
                Step::Late { last } => {
                    let sent = peers.late(last);
                    prop_assert!(!last || sent == Sent::Queued);
                }
                Step::Take { peer, count, calls } => {
                    peers.take(peer, count, &mut records[peer as usize]);
                    prop_assert!(!calls || peers.writable(peer));
                }
            }
        }
        peers.late(true);
        let mut dropped = 0;
        for (peer, record) in (0..).zip(&mut records) {
            peers.take(peer, 1000, record);
            prop_assert!(record.received.is_sorted_by(|a, b| a < b), "in order, each once");
            prop_assert!(record.received.iter().all(|number| record.sent.contains(number)));
            let missed = (record.sent.len() - record.received.len()) as u64;
            prop_assert_eq!(peers.dropped(peer), Some(missed));
            prop_assert!(mark > 0 || missed == 0);
            dropped += missed;
        }
        prop_assert_eq!(peers.fan_out.dropped_in_all(), dropped);
    }
}
