//! Models of the way out: a caller that writes by itself races the driver.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::sync::Arc;
use std::task::{Context, Poll};

use ferromq_core::{Conflate, Mark, Message, Mutex, PipeConfig, PipeWriter, Wakes, Writer, pipe};
use loom::future::block_on;
use loom::thread;
use zmtp_codec::{Limits, Session, Tx};

use super::Egress;

/// Takes messages as a link of datagrams does, until all of `expected` are there; each
/// has to wait once.
fn take(egress: &Egress, expected: &[&str]) {
    let mut taken: Vec<Message> = Vec::new();
    let mut waited = false;
    block_on(poll_fn(|cx| {
        egress.set_driver(cx.waker());
        egress.pass(10, |message| {
            waited = !waited;
            if waited {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            taken.push(message.clone());
            Poll::Ready(())
        });
        match taken.len() == expected.len() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }));
    let bodies: Vec<_> = taken.iter().map(Message::body).collect();
    assert!(expected.iter().map(|body| body.as_bytes()).eq(bodies));
}

/// A wire that takes two bytes, then none until somebody waits for it.
#[derive(Default)]
struct Trickle(Mutex<Taken>);

#[derive(Default)]
struct Taken {
    bytes: Vec<u8>,
    room: usize,
}

impl Writer for Trickle {
    fn try_write_vectored(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut taken = self.0.lock();
        let bytes: Vec<u8> = pieces
            .iter()
            .flat_map(|piece| piece.iter().copied())
            .collect();
        let count = taken.room.min(bytes.len());
        if count == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        taken.room -= count;
        taken.bytes.extend(&bytes[..count]);
        Ok(count)
    }

    fn poll_write_ready(&self, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.lock().room = 2;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(&self, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// An encoder that writes bodies as they are.
fn raw() -> Tx {
    let parts = Session::raw(Limits::new()).split();
    parts
        .map(|parts| parts.tx)
        .unwrap_or_else(|_| panic!("a raw session is ready at once"))
}

fn push(writer: &mut PipeWriter, body: &str) {
    let mut wakes = Wakes::new();
    writer
        .push(&[], &Message::from(body), 0, &mut wakes)
        .expect("there is room");
    wakes.wake();
}

/// Drives the wire until it has taken `expected`.
fn drive(egress: &Egress, wire: &Trickle, expected: &[u8]) {
    block_on(poll_fn(|cx| {
        egress.set_driver(cx.waker());
        match egress.poll_flush(cx) {
            Poll::Ready(Err(error)) => panic!("{error}"),
            _ if wire.0.lock().bytes == expected => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }));
}

fn config(high_water: usize) -> PipeConfig {
    PipeConfig {
        send_mark: Some(Mark::messages(high_water)),
        receive_mark: None,
        share_from: 4096,
        conflate: Conflate::No,
    }
}

fn connected(high_water: usize) -> (PipeWriter, Arc<Egress>, Arc<Trickle>) {
    let (writer, source) = pipe(config(high_water));
    let (egress, wire) = (Egress::new(source), Arc::new(Trickle::default()));
    egress.connect(raw(), Arc::clone(&wire) as _, None);
    (writer, egress, wire)
}

#[test]
fn a_callers_partial_write_is_finished_by_the_driver() {
    loom::model(|| {
        let (mut writer, egress, wire) = connected(10);
        wire.0.lock().room = 2;
        let caller = thread::spawn(move || {
            push(&mut writer, "abc");
            push(&mut writer, "de");
            writer
        });
        drive(&egress, &wire, b"abcde");
        drop(caller.join().expect("the caller ends"));
    });
}

#[test]
fn a_socket_that_closes_still_sends_what_is_queued() {
    loom::model(|| {
        let (mut writer, egress, wire) = connected(10);
        let caller = thread::spawn(move || {
            push(&mut writer, "abc");
            drop(writer);
        });
        block_on(poll_fn(|cx| {
            egress.set_driver(cx.waker());
            egress.poll_flush(cx)
        }))
        .expect("the wire does not break");
        assert_eq!(wire.0.lock().bytes, b"abc");
        assert!(egress.is_closed() && egress.is_drained());
        caller.join().expect("the caller ends");
    });
}

#[test]
fn without_a_wire_each_message_is_passed_on_once() {
    loom::model(|| {
        let (mut writer, source) = pipe(config(1));
        let egress = Egress::new(source);
        let caller = thread::spawn(move || {
            push(&mut writer, "abc");
            writer
        });
        take(&egress, &["abc"]);
        let mut writer = caller.join().expect("the caller ends");
        push(&mut writer, "there is room again");
        assert!(!egress.is_drained());
        drop(writer);
        take(&egress, &["there is room again"]);
        assert!(egress.is_closed() && egress.is_drained());
    });
}

#[test]
fn a_broken_wire_keeps_what_it_did_not_finish() {
    loom::model(|| {
        let (mut writer, egress, wire) = connected(10);
        wire.0.lock().room = 2;
        let caller = thread::spawn(move || {
            push(&mut writer, "abc");
            writer
        });
        egress.disconnect();
        let again = Arc::new(Trickle::default());
        egress.connect(raw(), Arc::clone(&again) as _, None);
        drive(&egress, &again, b"abc");
        drop(caller.join().expect("the caller ends"));
    });
}

#[test]
fn a_call_while_the_driver_looks_is_not_taken_for_what_it_saw() {
    loom::model(|| {
        let (mut writer, egress, wire) = connected(10);
        push(&mut writer, "ab");
        wire.0.lock().room = 2;
        let caller = thread::spawn(move || {
            push(&mut writer, "c");
            writer
        });
        drive(&egress, &wire, b"abc");
        drop(caller.join().expect("the caller ends"));
    });
}
