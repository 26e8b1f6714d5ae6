//! A session after its handshake.

use core::time::Duration;

use alloc::boxed::Box;
use alloc::collections::VecDeque;

use bytes::{Bytes, BytesMut};

use super::config::Local;
use super::event::Event;
use super::handshake::Context;
use crate::command::subscription::Subscription;
use crate::error::ProtocolError;
use crate::frame::Frame;
use crate::heartbeat::Heartbeat;
use crate::mechanism::{Open, Seal};
use crate::message::Message;
use crate::records::Records;
use crate::rx::{Received, Rx};
use crate::tx::Tx;
use crate::version::Version;

/// The two halves and the timers of a connection that is ready.
pub(super) struct Traffic {
    pub(super) tx: Tx,
    pub(super) rx: Rx,
    pub(super) heartbeat: Heartbeat,
    /// Messages that no one has asked for yet.
    received: VecDeque<Records>,
    publishes: bool,
}

impl Traffic {
    pub(super) fn new(
        local: &Local,
        version: Version,
        cipher: Option<(Box<dyn Seal>, Box<dyn Open>)>,
        now: Duration,
    ) -> Self {
        let (seal, open) = cipher.unzip();
        let (kind, dialect) = (local.socket_type, local.socket_type.dialect());
        let publishes = kind.publishes();
        Self {
            tx: Tx::new(version, kind.subscribes().then_some(dialect), seal),
            rx: Rx::new(local.limits, publishes.then_some(dialect), open),
            heartbeat: match version.has_commands() {
                true => Heartbeat::new(local.heartbeat, now),
                false => Heartbeat::none(),
            },
            received: VecDeque::new(),
            publishes,
        }
    }

    /// Acts as if the peer had subscribed to everything before all else.
    pub(super) fn subscribe_to_everything(&mut self) {
        self.rx.precede(Frame::last(&[1]));
    }

    /// Takes everything whole off the input.
    pub(super) fn handle_input(&mut self, cx: &mut Context) -> Result<(), ProtocolError> {
        while let Some(received) = self.rx.poll_event(&mut cx.input, usize::MAX)? {
            match received {
                Received::Messages(records) => self.received.push_back(records),
                Received::Ping { ttl, context } => {
                    self.heartbeat.handle_ping(cx.now, ttl);
                    self.tx.pong(&context);
                }
                Received::Alive => {}
            }
        }
        Ok(())
    }

    pub(super) fn handle_timeout(&mut self, now: Duration) -> Result<(), ProtocolError> {
        if self.heartbeat.handle_timeout(now)? {
            self.tx.ping(self.heartbeat.ttl(), &[]);
        }
        Ok(())
    }

    /// Control frames first, then all messages that wait.
    pub(super) fn poll_transmit(&mut self, outgoing: &mut Records) -> Option<Bytes> {
        if self.tx.has_control() {
            return Some(self.tx.take_control());
        }
        let batch = self.tx.encode(core::mem::take(outgoing));
        let mut chunk = BytesMut::with_capacity(batch.wire_len());
        batch
            .pieces(0)
            .for_each(|piece| chunk.extend_from_slice(piece));
        (!chunk.is_empty()).then(|| chunk.freeze())
    }

    pub(super) fn poll_event(&mut self) -> Option<Event> {
        while let Some(records) = self.received.front_mut() {
            if let Some(message) = records.pop() {
                return Some(self.event(message));
            }
            self.received.pop_front();
        }
        None
    }

    /// Whether messages wait that came before an error, or before a split.
    pub(super) fn has_events(&self) -> bool {
        self.received.iter().any(|records| !records.is_empty())
    }

    /// To a publisher a message of one frame may be a subscription.
    fn event(&self, message: Message) -> Event {
        if self.publishes && message.len() == 1 {
            match Subscription::from_body(message.body()) {
                Some(Subscription::Subscribe(topic)) => {
                    return Event::Subscribe(Bytes::copy_from_slice(topic));
                }
                Some(Subscription::Cancel(topic)) => {
                    return Event::Cancel(Bytes::copy_from_slice(topic));
                }
                None => {}
            }
        }
        Event::Message(message)
    }
}
