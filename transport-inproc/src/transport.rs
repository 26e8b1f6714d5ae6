//! The registry of names, as a transport.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;
use dashmap::DashMap;
use ferromq_core::{
    Conflate, Connection, Endpoint, Introduction, Link, LinkOptions, Listener, PipeConfig,
    Transport, TransportError, Wakes, pipe,
};

use crate::slot::{Offer, Refused, Slot};

/// Bodies from this size on are handed over, not copied.
const SHARE_FROM: usize = 2 << 10;

/// The names of one context.
///
/// A pipe between two sockets holds the sender's high-water mark and the
/// receiver's together; before the name is bound only the sender's.
#[derive(Default)]
pub struct Inproc {
    names: Arc<Names>,
}

type Names = DashMap<Box<str>, Arc<Slot>>;

struct Bound {
    names: Arc<Names>,
    slot: Arc<Slot>,
    endpoint: Endpoint,
    options: LinkOptions,
}

impl Inproc {
    /// No names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The slot of a name. The map's lock is not held any more.
    fn slot(&self, name: &str) -> Arc<Slot> {
        Arc::clone(&self.names.entry(name.into()).or_default())
    }
}

fn forget(names: &Names, name: &str, dead: &Arc<Slot>) {
    names.remove_if(name, |_, slot| Arc::ptr_eq(slot, dead));
}

#[async_trait]
impl Transport for Inproc {
    fn scheme(&self) -> &'static str {
        "inproc"
    }

    fn check(&self, _endpoint: &Endpoint, _options: &LinkOptions) -> Result<(), TransportError> {
        // Any text that is not empty is a name.
        Ok(())
    }

    async fn connect(
        &self,
        endpoint: &Endpoint,
        options: &LinkOptions,
    ) -> Result<Connection, TransportError> {
        // What the binder lets wait comes to it when it accepts.
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
        let (writer, far_reader) = pipe(there);
        let (far_writer, reader) = pipe(back);
        let introduction = Introduction::new();
        let mut offer = Box::new(Offer {
            writer: far_writer,
            reader: far_reader,
            options: options.clone(),
            binder: introduction.clone(),
        });
        loop {
            let slot = self.slot(endpoint.address());
            match slot.offer(offer) {
                Ok(()) => break,
                Err(refused) => offer = refused,
            }
            forget(&self.names, endpoint.address(), &slot);
        }
        Ok(Connection::Pipe(Link {
            writer,
            reader,
            introduction,
        }))
    }

    async fn bind(
        &self,
        endpoint: &Endpoint,
        options: &LinkOptions,
    ) -> Result<Box<dyn Listener>, TransportError> {
        loop {
            let slot = self.slot(endpoint.address());
            match slot.bind() {
                Ok(()) => {
                    return Ok(Box::new(Bound {
                        names: Arc::clone(&self.names),
                        slot,
                        endpoint: endpoint.clone(),
                        options: options.clone(),
                    }));
                }
                Err(Refused::Bound) => return Err(TransportError::AddressInUse(endpoint.clone())),
                Err(Refused::Dead) => forget(&self.names, endpoint.address(), &slot),
            }
        }
    }

    fn is_immediate(&self) -> bool {
        true
    }
}

#[async_trait]
impl Listener for Bound {
    fn local_endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    async fn accept(&self) -> Result<Connection, TransportError> {
        let offer = poll_fn(|cx| match self.slot.accept(cx.waker()) {
            Some(offer) => Poll::Ready(offer),
            None => Poll::Pending,
        })
        .await;
        let Offer {
            writer,
            reader,
            options: guest,
            binder,
        } = *offer;
        let mut wakes = Wakes::new();
        let Bound { options, .. } = self;
        writer.gauge().set_mark(options.send_mark, &mut wakes);
        reader.gauge().set_mark(options.receive_mark, &mut wakes);
        // libzmq's CONFLATE is the connecting side's alone.
        if options.conflate_sent == Conflate::ByTopic {
            writer.gauge().conflate_by_topic(&mut wakes);
        }
        if options.conflate_received == Conflate::ByTopic {
            reader.gauge().conflate_by_topic(&mut wakes);
        }
        wakes.wake();
        binder.introduce(self.options.identity.clone());
        let introduction = Introduction::new();
        introduction.introduce(guest.identity);
        Ok(Connection::Pipe(Link {
            writer,
            reader,
            introduction,
        }))
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        if self.slot.unbind() {
            forget(&self.names, self.endpoint.address(), &self.slot);
        }
    }
}
