//! What strangers can make this side hold: no more than they have sent.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;

use zmtp_codec::{Config, Limits, Null, Session, SocketType};

use crate::support::{Actor, SIGNATURE, cases, command, frame, greeting, ready};

/// Counts what each thread holds.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    let held = HELD.get() + bytes;
    HELD.set(held);
    PEAK.set(PEAK.get().max(held));
}

#[expect(unsafe_code, reason = "an allocator cannot be had without")]
// SAFETY: everything is the system's allocator's; counting does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promises are handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the caller's promises are handed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How much more this thread held at some point of `work` than before.
fn peak(work: impl FnOnce()) -> usize {
    let before = HELD.get();
    PEAK.set(before);
    work();
    usize::try_from(PEAK.get() - before).unwrap_or(0)
}

/// What a session may hold for its own ends: its state, small buffers, a name here
/// and there.
const OWN: usize = 16 << 10;

#[test]
fn a_declared_size_allocates_nothing() {
    let handshakes = [
        [greeting(1), ready(SocketType::Push)].concat(),
        [SIGNATURE, &[1, 8, 0, 0]].concat(),
        b"\x01\0".to_vec(),
    ];
    for (index, handshake) in handshakes.iter().enumerate() {
        for size in [200u64 << 20, 1 << 40, (1 << 63) - 2] {
            let header = match index {
                2 => [&[255], &size.to_be_bytes()[..], &[0]].concat(),
                _ => [&[2], &size.to_be_bytes()[..]].concat(),
            };
            let peak = peak(|| {
                let config = Config::new(SocketType::Pull).limits(Limits::none());
                let mut pull = Actor::new(config);
                pull.hear(handshake);
                pull.hear(&header);
                pull.hear(b"the beginning of a long story");
                assert_eq!(pull.error, None);
            });
            assert!(peak < OWN, "{peak} bytes are held for {size} declared");
        }
    }
    // Before the handshake's end it is the end of the connection.
    let lie = [greeting(1), vec![6], vec![0x7f; 8]].concat();
    let peak = peak(|| Actor::of(SocketType::Pull).hear(&lie));
    assert!(peak < OWN);
}

#[test]
fn pings_from_a_peer_that_does_not_read_fill_no_memory() {
    let mut session = Session::new(Config::new(SocketType::Pull), core::time::Duration::ZERO);
    let handshake = [greeting(1), ready(SocketType::Push)].concat();
    let mut input = zmtp_codec::bytes::BytesMut::from(&handshake[..]);
    let now = core::time::Duration::ZERO;
    session.handle_input(now, &mut input).expect("a handshake");
    while session.poll_event().is_some() {}
    let ping = command("PING", b"\0\0sixteen octets!!");
    let peak = peak(|| {
        for _ in 0..10_000 {
            input.extend_from_slice(&ping);
            session.handle_input(now, &mut input).expect("a PING");
        }
    });
    assert!(peak < OWN, "{peak} bytes are held");
}

/// Pieces that come close to what peers say.
fn phrase() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(SIGNATURE.to_vec()),
        Just(greeting(1)),
        Just(greeting(0)[10..].to_vec()),
        Just([greeting(1), ready(SocketType::Sub)].concat()),
        Just([greeting(1), ready(SocketType::Pub)].concat()),
        Just([SIGNATURE, &[1, 2, 0, 0]].concat()),
        Just([SIGNATURE, &[0, 2, 1, 0]].concat()),
        Just(b"\x03\0me".to_vec()),
        Just(ready(SocketType::Sub)),
        Just(command("ERROR", b"\x03400")),
        Just(command("SUBSCRIBE", b"topic")),
        Just(command("CANCEL", b"topic")),
        Just(command("PING", b"\0\x01context")),
        Just(frame(1, b"part")),
        Just(frame(0, b"last")),
        (any::<u8>(), any::<u64>())
            .prop_map(|(flags, size)| { [&[flags], &size.to_be_bytes()[..]].concat() }),
        vec(any::<u8>(), 0..40),
    ]
}

fn speech() -> impl Strategy<Value = Vec<u8>> {
    let phrases = vec(phrase(), 0..12).prop_map(|phrases| phrases.concat());
    let slips = vec((any::<prop::sample::Index>(), any::<u8>()), 0..3);
    (phrases, slips).prop_map(|(mut bytes, slips)| {
        for (index, byte) in slips {
            if !bytes.is_empty() {
                let index = index.index(bytes.len());
                bytes[index] = byte;
            }
        }
        bytes
    })
}

fn listener() -> impl Strategy<Value = (SocketType, bool)> {
    let kinds = [SocketType::XPub, SocketType::Sub, SocketType::Router];
    (proptest::sample::select(Vec::from(kinds)), any::<bool>())
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn any_bytes_panic_nothing_and_take_no_more_than_their_number(
        (kind, asking) in listener(),
        speech in speech(),
        piece in 1..100usize,
    ) {
        let peak = peak(|| {
            let mechanism = if asking { Null::asking() } else { Null::new() };
            let config = Config::new(kind).mechanism(Box::new(mechanism));
            let mut actor = Actor::new(config);
            speech.chunks(piece).for_each(|piece| actor.hear(piece));
        });
        // The test itself keeps what it hears, frame by frame.
        prop_assert!(peak < OWN + 64 * speech.len(), "{} for {}", peak, speech.len());
    }

    #[test]
    fn the_same_bytes_mean_the_same_however_they_are_cut(
        // An authenticator that answers between two pieces makes a difference.
        (kind, _) in listener(),
        speech in speech(),
        piece in 1..100usize,
    ) {
        let meaning = |piece| {
            let mut actor = Actor::of(kind);
            speech.chunks(piece).for_each(|piece| actor.hear(piece));
            let sent = actor.take_sent();
            (actor.heard, actor.peer, actor.error, sent)
        };
        prop_assert_eq!(meaning(usize::MAX), meaning(piece));
    }
}
