//! Messages that wait too long to be sent.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use ferromq_core::{Conflate, OptionError, SocketType};
use tokio::time::Sleep;

use crate::ages::Ages;
use crate::egress::Egress;
use crate::hub::Hub;
use crate::options::Options;

/// The option's name.
const NAME: &str = "time_to_live";

/// Looks at a peer's queue now and then, while something is in it.
pub(crate) struct Expiry {
    ages: Ages,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Expiry {
    /// For messages that may wait so long.
    pub(crate) fn new(limit: Duration) -> Self {
        Self {
            ages: Ages::new(limit),
            timer: None,
        }
    }

    /// Drops what is too old, and sees to it that the task comes back if something is
    /// left that may become so.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>, egress: &Arc<Egress>, hub: &Hub) {
        loop {
            if self.timer.is_none() && egress.is_drained() {
                return;
            }
            let period = self.ages.period();
            let timer = self
                .timer
                .get_or_insert_with(|| Box::pin(tokio::time::sleep(period)));
            if timer.as_mut().poll(cx) == Poll::Pending {
                return;
            }
            self.timer = None;
            egress.expire(&mut self.ages, hub.now());
        }
    }
}

impl Options {
    /// How long a message may wait to be sent to a peer; absent or zero: as long as it
    /// takes. Default absent. libzmq has no such option.
    ///
    /// A message that has waited longer is dropped, whole, and
    /// counted ([`DropReason::Expired`](ferromq_core::DropReason::Expired)),
    /// at the latest when a quarter of that time more has passed; its room in the queue is
    /// free then. It waits from when it is queued for the peer, connected or not, until
    /// it is taken out to be written, together with others up to 128 KiB; what the
    /// system has taken can be older. Over `inproc://` nothing waits to be sent. It
    /// is set for endpoints that are bound and connected from then on.
    ///
    /// STREAM, whose bytes are no messages, and SUB, XSUB and DISH, whose subscriptions
    /// must not be lost, refuse it, and so does a socket that keeps only the
    /// [last message](Self::conflate) for each peer: they bind and connect nowhere then.
    #[must_use]
    pub fn time_to_live(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.time_to_live = time.into().filter(|time| !time.is_zero());
        self
    }

    /// Whether sockets of that type may drop what has waited too long.
    pub(crate) fn check_time_to_live(&self, socket_type: SocketType) -> Result<(), OptionError> {
        let keeps_all = matches!(
            socket_type,
            SocketType::Stream | SocketType::Sub | SocketType::XSub | SocketType::Dish
        );
        // How old the one is that is left cannot be told from how many there were.
        let keeps_one = self.conflated(socket_type).0 == Conflate::All;
        match (keeps_all || keeps_one) && self.time_to_live.is_some() {
            true => Err(OptionError::Unsupported(NAME)),
            false => Ok(()),
        }
    }
}
