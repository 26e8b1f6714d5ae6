//! Bytes over a STREAM socket, whoever implements it.

use std::cell::RefCell;
use std::time::Duration;

use bytes::Bytes;

use crate::failure::{Failure, Outcome, ensure};
use crate::frames::{Frames, describe};
use crate::peer::{Peer, PeerExt};

/// One end of a connection of bytes.
pub(crate) struct Raw {
    peer: Box<dyn Peer>,
    id: Bytes,
    /// Received and not heard yet.
    rest: RefCell<Bytes>,
}

impl Raw {
    /// Waits for the connection, which announces itself.
    pub(crate) fn meet(peer: Box<dyn Peer>) -> Outcome<Self> {
        let hello = peer.take()?;
        match &hello[..] {
            [id, empty] if id.len() == 5 && empty.is_empty() => Ok(Self {
                id: id.clone(),
                peer,
                rest: RefCell::default(),
            }),
            other => Err(Failure::new(format_args!(
                "a STREAM says {} of a new connection",
                describe(other)
            ))),
        }
    }

    /// Sends bytes.
    pub(crate) fn say(&self, body: impl Into<Bytes>) -> Outcome {
        self.peer.put(&vec![self.id.clone(), body.into()])
    }

    /// Receives as many bytes, and compares them.
    pub(crate) fn hear(&self, wanted: &[u8]) -> Outcome {
        let mut got = 0;
        while got < wanted.len() {
            let chunk = self.up_to(wanted.len() - got)?;
            let place = got..got + chunk.len();
            ensure!(
                wanted[place.clone()] == chunk[..],
                "bytes {place:?} of {} are {}",
                wanted.len(),
                describe(&[chunk])
            );
            got = place.end;
        }
        Ok(())
    }

    /// Receives one octet, whichever it is.
    pub(crate) fn octet(&self) -> Outcome<u8> {
        let octet = self.up_to(1)?.first().copied();
        octet.ok_or_else(|| Failure::new("the connection ends"))
    }

    /// Closes the connection.
    pub(crate) fn close(&self) -> Outcome {
        self.say(Bytes::new())
    }

    /// Lets the socket do what it does only when it is entered.
    pub(crate) fn enter(&self) -> Outcome {
        self.peer.recv(Duration::ZERO).map(drop)
    }

    /// Whether the connection is closed, of which all has been heard.
    pub(crate) fn has_ended(&self) -> Outcome<bool> {
        match self.peer.recv(Duration::from_millis(5))? {
            None => Ok(false),
            Some(message) if message == [self.id.clone(), Bytes::new()] => Ok(true),
            Some(message) => Err(self.peer.complain(format_args!(
                "{} comes, and not the end",
                describe(&message)
            ))),
        }
    }

    /// What has come and was not heard, up to a length.
    fn up_to(&self, length: usize) -> Outcome<Bytes> {
        let mut rest = self.rest.take();
        if rest.is_empty() {
            rest = self.chunk()?;
            ensure!(!rest.is_empty(), "the connection ends");
        }
        let chunk = rest.split_to(rest.len().min(length));
        self.rest.replace(rest);
        Ok(chunk)
    }

    fn chunk(&self) -> Outcome<Bytes> {
        let mut message: Frames = self.peer.take()?;
        ensure!(
            message.len() == 2 && message[0] == self.id,
            "a STREAM receives {}",
            describe(&message)
        );
        Ok(message.swap_remove(1))
    }
}
