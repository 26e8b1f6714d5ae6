//! What stands behind `tcp://`.
//!
//! ```text
//! peer  = [ local ";" ] place      of the peer
//! local = place                    of the local end; its port may be left out
//! ```
//!
//! Places are hosts and ports, as in [`ferromq_core::place`].

use ferromq_core::place::{End, Part, Place};
use ferromq_core::{Endpoint, EndpointError};

/// What a socket connects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remote<'a> {
    /// Where the connection comes from, if the application has chosen it.
    pub(crate) source: Option<Place<'a>>,
    pub(crate) peer: Place<'a>,
}

impl<'a> Remote<'a> {
    /// The address to connect to.
    pub(crate) fn parse(endpoint: &'a Endpoint) -> Result<Self, EndpointError> {
        let (source, peer) = Part::whole(endpoint).split_semicolon();
        Ok(Self {
            source: source.map(|part| part.place_with_any_port()).transpose()?,
            peer: peer.place(End::Peer)?,
        })
    }
}

/// The address to bind to.
pub(crate) fn local(endpoint: &Endpoint) -> Result<Place<'_>, EndpointError> {
    match Part::whole(endpoint).split_semicolon() {
        (Some(source), _) => Err(source.error("only a connect has a source address")),
        (None, place) => place.place(End::Local),
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
