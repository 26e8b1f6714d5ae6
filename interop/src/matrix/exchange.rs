//! Two sockets exchange all messages.

use std::time::Duration;

use bytes::Bytes;
use ferromq::SocketType;

use crate::failure::{Failure, Outcome, ensure, ensure_eq};
use crate::frames::{Frames, describe, difference, frame, frames, joined};
use crate::lab::Lab;
use crate::option::{Opt, Setting};
use crate::peer::{Peer, PeerExt, await_subscription, until};

use super::message::{Content, MESSAGES};
use super::pair::{Flow, Pair};
use super::{Place, Row, Tally};

/// Has a row's sockets meet at a place and talk.
pub(super) fn run(row: &Row, lab: &Lab, place: Place, tally: &mut Tally) -> Outcome {
    let pair = row.pair;
    let ways = if pair.flow == Flow::OneWay { 1 } else { 2 };
    tally.total = MESSAGES.len() * ways;
    let first = lab.either(row.first, pair.first, &settings(pair, true))?;
    let second = lab.either(!row.first, pair.second, &settings(pair, false))?;
    meet(&*first, &*second, row.first == place.binds, place)?;
    introduce(&*first, &*second)?;
    let mut first = End::new(first, pair.first_envelope);
    let mut second = End::new(second, pair.second_envelope);
    if pair.first == SocketType::Router {
        first.other = Some(name(false));
    }
    match pair.flow {
        Flow::OneWay => pass(&mut first, &mut second, tally),
        Flow::BothWays => {
            pass(&mut first, &mut second, tally)?;
            pass(&mut second, &mut first, tally)
        }
        Flow::Lockstep => MESSAGES.iter().try_for_each(|content| {
            let body = content.frames();
            step(&first, &mut second, content, &body, tally)?;
            step(&second, &mut first, content, &body, tally)
        }),
    }
}

fn name(first: bool) -> Bytes {
    Bytes::from_static(if first { b"first" } else { b"second" })
}

fn settings(pair: &Pair, first: bool) -> Vec<Setting> {
    match (pair.kind(first), pair.kind(!first)) {
        (SocketType::Router, SocketType::Router) => {
            vec![
                Opt::RoutingId.bytes(name(first)),
                Opt::RouterMandatory.int(1),
            ]
        }
        (SocketType::Router, _) => vec![Opt::RouterMandatory.int(1)],
        (SocketType::Sub, _) => vec![Opt::Subscribe.bytes("")],
        _ => Vec::new(),
    }
}

fn meet(first: &dyn Peer, second: &dyn Peer, first_binds: bool, place: Place) -> Outcome {
    let (binder, connecter) = if first_binds {
        (first, second)
    } else {
        (second, first)
    };
    let endpoint = binder.bind(&place.transport.any())?;
    connecter.connect(&endpoint)
}

/// Waits until what is sent will arrive.
fn introduce(first: &dyn Peer, second: &dyn Peer) -> Outcome {
    if second.kind() == SocketType::XSub {
        second.put(&frame([1]))?;
    }
    match first.kind() {
        SocketType::XPub => await_subscription(first, second, b""),
        SocketType::Pub => probe(first, second),
        SocketType::Router => first
            .put_when_known(&joined(&[name(false)], &frame("hello")))
            .and_then(|()| second.expect(&joined(&[name(true)], &frame("hello")))),
        _ => Ok(()),
    }
}

/// Publishes until the subscriber hears it, and then until it hears the end.
fn probe(publisher: &dyn Peer, subscriber: &dyn Peer) -> Outcome {
    let mut number = 0;
    until("a subscription arrives", || {
        number += 1;
        publisher.put(&frames(["probe", &number.to_string()]))?;
        let heard = subscriber.recv(Duration::from_millis(10))?;
        Ok(heard.is_some())
    })?;
    publisher.put(&frame("end"))?;
    while subscriber.take()? != frame("end") {}
    Ok(())
}

/// All messages, one after the other, and nothing else.
fn pass(from: &mut End, to: &mut End, tally: &mut Tally) -> Outcome {
    for content in MESSAGES {
        from.say(&content.frames())
            .map_err(|failure| failure.during(content.name))?;
    }
    for content in MESSAGES {
        to.hear(&content.frames())
            .map_err(|failure| failure.during(content.name))?;
        tally.passed += 1;
    }
    Ok(())
}

fn step(from: &End, to: &mut End, content: &Content, body: &Frames, tally: &mut Tally) -> Outcome {
    from.say(body)
        .and_then(|()| to.hear(body))
        .map_err(|failure| failure.during(content.name))?;
    tally.passed += 1;
    Ok(())
}

/// One of the two.
struct End {
    peer: Box<dyn Peer>,
    envelope: Frames,
    /// What a ROUTER calls the other.
    other: Option<Bytes>,
}

impl End {
    fn new(peer: Box<dyn Peer>, envelope: &[&str]) -> Self {
        Self {
            peer,
            envelope: frames(envelope),
            other: None,
        }
    }

    fn is_router(&self) -> bool {
        self.peer.kind() == SocketType::Router
    }

    fn say(&self, body: &Frames) -> Outcome {
        let mut message = Frames::new();
        if self.is_router() {
            let other = self.other.clone();
            message.push(other.ok_or_else(|| Failure::new("nobody to send to"))?);
        }
        self.peer
            .put(&joined(&message, &joined(&self.envelope, body)))
    }

    fn hear(&mut self, body: &Frames) -> Outcome {
        let mut got = self.peer.take()?;
        if self.is_router() {
            ensure!(got.len() > 1, "a ROUTER receives {}", describe(&got));
            let other = got.remove(0);
            ensure_eq!(other, *self.other.get_or_insert_with(|| other.clone()));
        }
        match difference(&got, &joined(&self.envelope, body)) {
            None => Ok(()),
            Some(difference) => Err(Failure::new(difference)),
        }
    }
}
