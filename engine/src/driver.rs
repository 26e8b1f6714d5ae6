//! The driver of a connection: the one task that waits for its wire.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use ferromq_core::Wakes;
use pin_project::pin_project;
use tokio::time::Sleep;
use zmtp_codec::Heartbeat;

use crate::busy::Busy;
use crate::end::End;
use crate::handshake::Ready;
use crate::hub::Hub;
use crate::ingress::{Heard, Ingress};
use crate::leash::Leash;

/// Moves bytes both ways until the connection ends, and says how it did.
///
/// It is polled for many reasons at once (readable, writable, a full pipe that
/// has room, a caller's unfinished write, a heartbeat) and simply tries
/// everything each time: what has nothing to do says so without a system call.
#[pin_project]
pub(crate) struct Driver<'a> {
    hub: &'a Hub,
    leash: &'a mut Leash,
    ingress: Ingress,
    heartbeat: Heartbeat,
    busy: Busy,
    /// Whether reading rests, because what was read has no room.
    resting: bool,
    timer: Option<Pin<Box<Sleep>>>,
}

impl<'a> Driver<'a> {
    /// Drives a connection that is ready to its end.
    pub(crate) async fn run(hub: &'a Hub, leash: &'a mut Leash, ready: Box<Ready>) -> End {
        let Ready {
            tx,
            writer,
            ingress,
            heartbeat,
            ..
        } = *ready;
        leash.egress.connect(tx, writer, hub.prologue.clone());
        let driver = Driver {
            hub,
            leash: &mut *leash,
            ingress,
            heartbeat,
            busy: Busy::of(hub),
            resting: false,
            timer: None,
        };
        let end = driver.await;
        leash.egress.disconnect();
        end
    }

    /// Whether something has come.
    fn poll_ingress(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Result<bool, End> {
        let this = self.project();
        let discard = this.leash.is_stopped();
        let Leash {
            sink,
            egress,
            gather,
            ..
        } = &mut **this.leash;
        loop {
            let mut wakes = Wakes::new();
            match this.ingress.poll_next(cx, sink, discard, &mut wakes) {
                Poll::Pending => {
                    if std::mem::take(this.resting) {
                        this.heartbeat.resume(this.hub.now());
                    }
                    return Ok(false);
                }
                Poll::Ready(Err(end)) => return Err(end),
                Poll::Ready(Ok(Heard::Full)) => {
                    if !std::mem::replace(this.resting, true) {
                        this.heartbeat.pause(this.hub.now());
                    }
                    return Ok(false);
                }
                Poll::Ready(Ok(Heard::Traffic { messages })) => {
                    if std::mem::take(this.resting) {
                        this.heartbeat.resume(this.hub.now());
                    }
                    let answered = egress.note_heard(messages);
                    gather.note_heard(messages);
                    this.heartbeat.handle_traffic();
                    this.busy.extend(messages == 1, answered);
                    return Ok(true);
                }
                Poll::Ready(Ok(Heard::Ping { ttl, context })) => {
                    this.heartbeat.handle_traffic();
                    this.heartbeat.handle_ping(this.hub.now(), ttl);
                    egress.command(|tx| tx.pong(&context));
                }
            }
        }
    }

    fn poll_heartbeat(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Result<(), End> {
        loop {
            let this = self.as_mut().project();
            let Some(due) = this.heartbeat.poll_timeout() else {
                *this.timer = None;
                return Ok(());
            };
            let due = this.hub.instant(due);
            match this.timer {
                Some(timer) if timer.deadline() == due => {
                    if timer.as_mut().poll(cx).is_pending() {
                        return Ok(());
                    }
                    if this.heartbeat.handle_timeout(this.hub.now())? {
                        let ttl = this.heartbeat.ttl();
                        this.leash.egress.command(|tx| tx.ping(ttl, &[]));
                    }
                }
                Some(timer) => timer.as_mut().reset(due),
                None => *this.timer = Some(Box::pin(tokio::time::sleep_until(due))),
            }
        }
    }
}

impl Future for Driver<'_> {
    type Output = End;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<End> {
        if self.hub.home.is_foreign() {
            // The wire is the parent's, also where the application's runtime goes on.
            return Poll::Pending;
        }
        let mut has_looked = false;
        loop {
            let moved = self.as_mut().poll_ingress(cx).and_then(|heard| {
                self.as_mut().poll_heartbeat(cx)?;
                Ok(heard)
            });
            let heard = match moved {
                Ok(heard) => heard,
                Err(end) => return Poll::Ready(end),
            };
            let this = self.as_mut().project();
            let Leash { egress, gather, .. } = &mut **this.leash;
            let waits = !egress.is_settled() && gather.waits(cx);
            if !waits {
                if let Poll::Ready(Err(error)) = this.leash.egress.poll_flush(cx) {
                    return Poll::Ready(error.into());
                }
            }
            // Who has received something may wait for this very thread.
            let looks = this.busy.is_alone() && !(heard || waits || has_looked || *this.resting);
            if !looks {
                break;
            }
            has_looked = true;
            match this.ingress.look() {
                Ok(true) => {}
                Ok(false) => break,
                Err(end) => return Poll::Ready(end),
            }
        }
        let this = self.project();
        this.busy.poll(cx);
        this.leash.poll_end(cx, this.hub)
    }
}
