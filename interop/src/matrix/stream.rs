//! Two STREAM sockets exchange bytes.

use bytes::Bytes;

use crate::failure::{Failure, Outcome, ensure};
use crate::frames::{Frames, describe};
use crate::lab::Lab;
use crate::peer::{Peer, PeerExt};

use super::message::MESSAGES;
use super::{Place, Row, Tally};

/// Has two STREAM sockets meet at a place and talk.
pub(super) fn run(row: &Row, lab: &Lab, place: Place, tally: &mut Tally) -> Outcome {
    // An empty frame closes the connection, and there are no messages of several.
    let bodies = MESSAGES
        .iter()
        .map(|content| (content.name, content.frames()));
    let bodies: Vec<_> = bodies
        .filter(|(_, frames)| frames.len() == 1 && !frames[0].is_empty())
        .collect();
    tally.total = 2 * bodies.len();
    let binder = lab.either(place.binds, row.pair.first, &[])?;
    let connecter = lab.either(!place.binds, row.pair.first, &[])?;
    connecter.connect(&binder.bind(&place.transport.any())?)?;
    let ends = [Raw::meet(binder)?, Raw::meet(connecter)?];
    for (from, to) in [(&ends[0], &ends[1]), (&ends[1], &ends[0])] {
        for (name, body) in &bodies {
            from.say(&body[0])
                .and_then(|()| to.hear(&body[0]))
                .map_err(|failure| failure.during(name))?;
            tally.passed += 1;
        }
    }
    Ok(())
}

/// One end of a connection of bytes.
pub(crate) struct Raw {
    peer: Box<dyn Peer>,
    id: Bytes,
}

impl Raw {
    /// Waits for the connection, which announces itself.
    pub(crate) fn meet(peer: Box<dyn Peer>) -> Outcome<Self> {
        let hello = peer.take()?;
        match &hello[..] {
            [id, empty] if id.len() == 5 && empty.is_empty() => Ok(Self {
                id: id.clone(),
                peer,
            }),
            other => Err(Failure::new(format_args!(
                "a STREAM says {} of a new connection",
                describe(other)
            ))),
        }
    }

    /// Sends bytes.
    pub(crate) fn say(&self, body: &Bytes) -> Outcome {
        self.peer.put(&vec![self.id.clone(), body.clone()])
    }

    /// Receives as many bytes, and compares them.
    pub(crate) fn hear(&self, wanted: &[u8]) -> Outcome {
        let mut got = 0;
        while got < wanted.len() {
            let chunk = self.chunk()?;
            let place = got..got + chunk.len();
            ensure!(
                wanted.get(place.clone()) == Some(&chunk[..]),
                "bytes {place:?} of {} are {}",
                wanted.len(),
                describe(&[chunk])
            );
            got = place.end;
        }
        Ok(())
    }

    /// Closes the connection.
    pub(crate) fn close(&self) -> Outcome {
        self.say(&Bytes::new())
    }

    /// Waits until the other side has closed it.
    pub(crate) fn hear_end(&self) -> Outcome {
        let chunk = self.chunk()?;
        ensure!(
            chunk.is_empty(),
            "{} comes, and not the end",
            describe(&[chunk])
        );
        Ok(())
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
