//! A peer's pipes on a leash: what its task holds, and how it learns that it
//! has to end.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ferromq_core::{LinkOptions, Message, PipeConfig, PipeReader, PipeWriter, Wakes, pipe};
use tokio::time::Sleep;

use crate::egress::Egress;
use crate::end::End;
use crate::expiry::Expiry;
use crate::gather::Gather;
use crate::hub::Hub;
use crate::stop::{Stop, Stoppable};

/// Bodies from this size on are shared with the sender and written from where
/// they are; smaller ones are copied together into one piece.
const SHARE_FROM: usize = 4 << 10;

/// The driver's ends of a peer's two pipes. They outlive a connection where the
/// peer does.
///
/// This side ends a peer in two ways: the pattern lets both of its ends go, or
/// the endpoint that the peer belongs to is stopped. What is queued may still
/// leave then, for as long as the socket lingers.
pub(crate) struct Leash {
    /// What the socket sends.
    pub(crate) egress: Arc<Egress>,
    /// Where what the peer sends goes.
    pub(crate) sink: PipeWriter,
    /// Whether what the socket sends waits for more.
    pub(crate) gather: Gather,
    stop: Option<Stoppable>,
    linger: Option<Pin<Box<Sleep>>>,
    expiry: Option<Expiry>,
}

impl Leash {
    /// New pipes, and the ends that are for the pattern.
    pub(crate) fn new(options: &LinkOptions) -> (Self, PipeWriter, PipeReader) {
        let there = PipeConfig {
            send_mark: Some(options.send_mark),
            receive_mark: None,
            share_from: SHARE_FROM,
            conflate: options.conflate_sent,
        };
        let back = PipeConfig {
            send_mark: None,
            receive_mark: Some(options.receive_mark),
            conflate: options.conflate_received,
            ..there
        };
        let (writer, source) = pipe(there);
        let (sink, reader) = pipe(back);
        let leash = Self {
            gather: Gather::new(writer.gauge(), reader.gauge()),
            egress: Egress::new(source),
            sink,
            stop: None,
            linger: None,
            expiry: options.time_to_live.map(Expiry::new),
        };
        (leash, writer, reader)
    }

    /// Ties the task that awaits this to the pipes and to the endpoint: both wake it.
    pub(crate) async fn tie(&mut self, stop: &Arc<Stop>) {
        poll_fn(|cx| {
            self.egress.set_driver(cx.waker());
            self.sink.set_waker(cx.waker());
            self.stop = Some(stop.register(cx.waker()));
            Poll::Ready(())
        })
        .await;
    }

    /// Says this in the peer's place, whether or not there is room.
    pub(crate) fn say(&mut self, message: Option<Message>) {
        if let Some(message) = message {
            self.sink.push_beyond(&message, &mut Wakes::new());
        }
    }

    /// Whether the endpoint was stopped: what the peer sends is not kept then.
    #[inline]
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(Stoppable::is_stopped)
    }

    /// Ready when the peer has to go now.
    pub(crate) fn poll_end(&mut self, cx: &mut Context<'_>, hub: &Hub) -> Poll<End> {
        if let Some(expiry) = &mut self.expiry {
            expiry.poll(cx, &self.egress, hub);
        }
        if self.is_stopped() {
            self.egress.refuse();
        } else if !(self.sink.is_closed() && self.egress.is_closed()) {
            return Poll::Pending;
        }
        let at_once = self.stop.as_ref().is_some_and(Stoppable::is_at_once);
        if at_once || self.egress.is_drained() {
            return Poll::Ready(End::Closed);
        }
        let Some(linger) = hub.options().linger_of(hub.socket_type) else {
            return Poll::Pending;
        };
        // A timer would leave time enough to connect, and to send.
        if linger.is_zero() {
            return Poll::Ready(End::LingerOver);
        }
        let timer = self
            .linger
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(linger)));
        timer.as_mut().poll(cx).map(|()| End::LingerOver)
    }

    /// Runs `future` unless the peer has to go first.
    pub(crate) async fn race<T>(
        &mut self,
        hub: &Hub,
        mut future: impl Future<Output = T> + Unpin,
    ) -> Result<T, End> {
        poll_fn(|cx| match self.poll_end(cx, hub) {
            _ if hub.home.is_foreign() => Poll::Pending,
            Poll::Ready(end) => Poll::Ready(Err(end)),
            Poll::Pending => Pin::new(&mut future).poll(cx).map(Ok),
        })
        .await
    }
}
