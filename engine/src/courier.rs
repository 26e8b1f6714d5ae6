//! The courier of a link of datagrams: the one task that moves its messages.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferromq_core::{Datagrams, Endpoint, Loss, Message, Wakes};

use crate::end::End;
use crate::hub::Hub;
use crate::leash::Leash;

/// Other tasks have their turn after so many messages in one direction.
const BUDGET: usize = 64;

/// Moves messages between a link and the socket's pipes until this side ends it.
///
/// What finds no room in the pipe to the socket is left with the system, which has room
/// for some and drops the rest. Nobody is there to be slowed down.
pub(crate) struct Courier<'a> {
    hub: &'a Hub,
    endpoint: &'a Endpoint,
    leash: &'a mut Leash,
    link: Box<dyn Datagrams>,
    /// What was received last.
    message: Message,
    /// What was lost, and not counted yet.
    losses: Vec<Loss>,
}

impl<'a> Courier<'a> {
    /// Serves a link to its end.
    pub(crate) async fn run(
        hub: &'a Hub,
        endpoint: &'a Endpoint,
        leash: &'a mut Leash,
        link: Box<dyn Datagrams>,
    ) -> End {
        let courier = Self {
            hub,
            endpoint,
            leash,
            link,
            message: Message::new(),
            losses: Vec::new(),
        };
        courier.await
    }

    /// Sends what waits; says whether there is more.
    fn poll_out(&mut self, cx: &mut Context<'_>) -> bool {
        let Self { link, losses, .. } = self;
        self.leash.egress.pass(BUDGET, |message| {
            losses.extend(ready!(link.poll_send(cx, message)).err());
            Poll::Ready(())
        })
    }

    /// Receives what has come; says whether there is more. What comes after the endpoint
    /// was stopped is for nobody.
    fn poll_in(&mut self, cx: &mut Context<'_>) -> bool {
        let mut wakes = Wakes::new();
        for _ in 0..BUDGET {
            if self.leash.is_stopped() || self.leash.sink.room(&mut wakes).is_err() {
                return false;
            }
            match self.link.poll_recv(cx, &mut self.message) {
                Poll::Pending => return false,
                Poll::Ready(Err(loss)) => self.losses.push(loss),
                Poll::Ready(Ok(())) => {
                    let sink = &mut self.leash.sink;
                    // If the socket has let go meanwhile, the end of the link comes next.
                    let _ = sink.push(&[], &self.message, 0, &mut wakes);
                }
            }
        }
        true
    }
}

impl Future for Courier<'_> {
    type Output = End;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<End> {
        let this = &mut *self;
        if this.hub.home.is_foreign() {
            // The link is the parent's, also where the application's runtime goes on.
            return Poll::Pending;
        }
        let more = [this.poll_in(cx), this.poll_out(cx)];
        if more.contains(&true) {
            cx.waker().wake_by_ref();
        }
        // Only now, because it may wake somebody, and locks were held above.
        for loss in this.losses.drain(..) {
            this.hub.lose(this.endpoint, loss);
        }
        this.leash.poll_end(cx, this.hub)
    }
}
