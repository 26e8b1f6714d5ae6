//! What a writer holds while it writes.

use alloc::collections::VecDeque;

use bytes::{Buf, BytesMut};

use crate::records::Records;

/// Messages on their way out, in the form in which the peer reads them.
///
/// The writer puts [`pieces`](Self::pieces) on the wire and calls
/// [`discard_written`](Self::discard_written) with what the system has taken,
/// until no [`messages`](Self::messages) are left. If the connection ends first,
/// [`into_records`](Self::into_records) gives back what the next one must send;
/// if not, it gives back the buffer to [recycle](Records::recycle).
#[derive(Debug)]
pub struct Batch {
    /// The messages; what goes out, unless there is something in `reframed`.
    records: Records,
    reframed: Option<Reframed>,
}

/// Messages in another form than plain frames.
#[derive(Debug)]
pub(crate) struct Reframed {
    /// The bytes left.
    wire: BytesMut,
    /// What each message takes of them.
    lengths: VecDeque<usize>,
    sealed: bool,
}

impl Reframed {
    /// Nothing yet; `sealed` if the order of frames matters to whoever opens them.
    pub(crate) fn new(sealed: bool) -> Self {
        Self {
            wire: BytesMut::new(),
            lengths: VecDeque::new(),
            sealed,
        }
    }

    /// Where the next message's bytes go.
    pub(crate) fn wire(&mut self) -> &mut BytesMut {
        &mut self.wire
    }

    /// Ends a message of which `length` bytes were written.
    pub(crate) fn end_message(&mut self, length: usize) {
        self.lengths.push_back(length);
    }
}

impl Batch {
    #[inline]
    pub(crate) fn plain(records: Records) -> Self {
        Self {
            records,
            reframed: None,
        }
    }

    pub(crate) fn reframed(records: Records, reframed: Reframed) -> Self {
        Self {
            records,
            reframed: Some(reframed),
        }
    }

    /// Whether [control frames](crate::Tx::take_control) must wait until all of it
    /// is written; otherwise they may go out between any two of its messages.
    #[must_use]
    #[inline]
    pub fn is_sealed(&self) -> bool {
        self.reframed
            .as_ref()
            .is_some_and(|reframed| reframed.sealed)
    }

    /// How many messages are not yet written.
    #[must_use]
    #[inline]
    pub fn messages(&self) -> usize {
        self.records.messages()
    }

    /// How many bytes those messages take on the wire.
    ///
    /// Only on a [raw](crate::Session::raw) connection may this be zero while
    /// there are messages; `discard_written(0)` then drops them.
    #[must_use]
    #[inline]
    pub fn wire_len(&self) -> usize {
        match &self.reframed {
            None => self.records.wire_len(),
            Some(reframed) => reframed.wire.len(),
        }
    }

    /// The messages left, but their first `skip` bytes, as pieces for a vectored
    /// write, in order and none empty.
    pub fn pieces(&self, skip: usize) -> impl Iterator<Item = &[u8]> {
        let (plain, reframed) = match &self.reframed {
            None => (Some(self.records.pieces(skip)), None),
            Some(reframed) => (None, reframed.wire.get(skip..)),
        };
        plain
            .into_iter()
            .flatten()
            .chain(reframed.filter(|piece| !piece.is_empty()))
    }

    /// The same where it is one piece that is known at once: no body is shared, and the
    /// messages go out as they are stored.
    #[must_use]
    #[inline]
    pub fn only_piece(&self, skip: usize) -> Option<&[u8]> {
        match &self.reframed {
            None => self.records.only_piece(skip),
            Some(_) => None,
        }
    }

    /// Drops the messages that end within the first `written` bytes, and says how
    /// many they are and how many bytes they took.
    ///
    /// The rest of `written` has gone into the message that is now the first.
    pub fn discard_written(&mut self, written: usize) -> (usize, usize) {
        let Some(reframed) = &mut self.reframed else {
            return self.records.discard_written(written);
        };
        let (mut messages, mut taken) = (0, 0);
        while let Some(length) = reframed.lengths.front() {
            if taken + length > written {
                break;
            }
            taken += length;
            messages += 1;
            reframed.lengths.pop_front();
        }
        reframed.wire.advance(taken.min(reframed.wire.len()));
        self.records.discard_messages(messages);
        (messages, taken)
    }

    /// The messages that are not yet written, for another connection to send.
    #[must_use]
    #[inline]
    pub fn into_records(self) -> Records {
        self.records
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Message;
    use alloc::vec::Vec;

    /// Every message as its body and a semicolon.
    fn reframed(bodies: &[&str]) -> Batch {
        let mut records = Records::default();
        let mut reframed = Reframed::new(true);
        for body in bodies {
            records.push(&[], &Message::from(*body), 0);
            reframed.wire().extend_from_slice(body.as_bytes());
            reframed.wire().extend_from_slice(b";");
            reframed.end_message(body.len() + 1);
        }
        Batch::reframed(records, reframed)
    }

    #[test]
    fn a_reframed_batch_knows_where_its_messages_end() {
        let bodies = ["one", "", "three"];
        let whole = b"one;;three;";
        for written in 0..=whole.len() {
            let mut batch = reframed(&bodies);
            let (messages, taken) = batch.discard_written(written);
            let expected: Vec<_> = whole[..written]
                .iter()
                .filter(|byte| **byte == b';')
                .collect();
            assert_eq!(messages, expected.len());
            assert_eq!(batch.messages(), 3 - messages);
            assert_eq!(batch.wire_len(), whole.len() - taken);
            let left: Vec<u8> = batch.pieces(written - taken).flatten().copied().collect();
            assert_eq!(left, whole[written..]);
            let mut records = batch.into_records();
            for body in &bodies[messages..] {
                assert_eq!(records.pop(), Some(Message::from(*body)));
            }
            assert_eq!(records.pop(), None);
        }
    }
}
