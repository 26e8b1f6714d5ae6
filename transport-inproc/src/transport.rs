//! The registry of names, as a transport.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;
use dashmap::DashMap;
use ferromq_core::{
    Connection, Endpoint, Introduction, Link, LinkOptions, Listener, PipeConfig, Transport,
    TransportError, pipe,
};

use crate::slot::{Offer, Refused, Slot};

/// Bodies from this size on are handed over, not copied.
const SHARE_FROM: usize = 64;

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

/// Both marks together; no mark on either side is no mark.
fn capacity(sending: usize, receiving: usize) -> usize {
    match (sending, receiving) {
        (0, _) | (_, 0) => 0,
        _ => sending.saturating_add(receiving),
    }
}

#[async_trait]
impl Transport for Inproc {
    fn scheme(&self) -> &'static str {
        "inproc"
    }

    fn check(&self, _endpoint: &Endpoint) -> Result<(), TransportError> {
        // Any text that is not empty is a name.
        Ok(())
    }

    async fn connect(
        &self,
        endpoint: &Endpoint,
        options: &LinkOptions,
    ) -> Result<Connection, TransportError> {
        let config = |high_water, conflate| PipeConfig {
            high_water,
            share_from: SHARE_FROM,
            conflate,
        };
        let there = config(options.send_high_water, options.conflate_sent);
        let back = config(options.receive_high_water, options.conflate_received);
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
            driver: None,
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
            mut writer,
            mut reader,
            options: guest,
            binder,
        } = *offer;
        writer.set_high_water(capacity(
            self.options.send_high_water,
            guest.receive_high_water,
        ));
        reader.raise_high_water(capacity(
            guest.send_high_water,
            self.options.receive_high_water,
        ));
        binder.introduce(self.options.identity.clone());
        let introduction = Introduction::new();
        introduction.introduce(guest.identity);
        Ok(Connection::Pipe(Link {
            writer,
            reader,
            introduction,
            driver: None,
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
