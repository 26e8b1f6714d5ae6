//! What stands in front of a request or a reply on the wire.
//!
//! ```text
//!  address envelope                delimiter   body
//! +---------------+ - - - - - - - +-----------+--------------------- - -
//! | routing id or | more of these | empty     | one frame or more
//! | request id    |               |           |
//! +---------------+ - - - - - - - +-----------+--------------------- - -
//! ```
//!
//! [RFC 28](https://rfc.zeromq.org/spec/28/), "The REQ Socket Type" and "The REP
//! Socket Type". Here the frames are kept as they stand on the wire, because that
//! is how a pipe takes what goes in front of a message.

use bytes::BytesMut;
use ferromq_core::{Frame, Message};

/// The number of a request, as `ZMQ_REQ_CORRELATE` sends it.
pub(crate) type RequestId = [u8; 4];

/// A flags octet that announces more frames, and the size of a body.
const DELIMITER: [u8; 2] = [1, 0];

/// A stored envelope keeps its buffer for the next one up to this size.
const KEPT: usize = 4 << 10;

/// So many frames are taken off a message one by one; more, all at once.
const FEW: usize = 8;

/// The frames in front of a request, as they stand on the wire.
#[derive(Debug)]
pub(crate) struct Heading {
    wire: [u8; 8],
    numbered: bool,
}

impl Heading {
    /// The delimiter, and the request's id in front of it if it has one.
    pub(crate) fn new(id: Option<RequestId>) -> Self {
        let [a, b, c, d] = id.unwrap_or_default();
        let [more, empty] = DELIMITER;
        Self {
            wire: [more, 4, a, b, c, d, more, empty],
            numbered: id.is_some(),
        }
    }

    pub(crate) fn as_wire(&self) -> &[u8] {
        match self.numbered {
            true => &self.wire,
            false => &DELIMITER,
        }
    }
}

/// What a REQ takes a message for that it receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// The delimiter and a body.
    Plain,
    /// A request's id, the delimiter and a body.
    Numbered(RequestId),
    /// Something else.
    Malformed,
}

impl Reply {
    pub(crate) fn of(message: &Message) -> Self {
        let mut frames = message.frames();
        match (frames.next(), frames.next(), frames.next()) {
            (Some([]), Some(_), _) => Self::Plain,
            (Some(&[a, b, c, d]), Some([]), Some(_)) => Self::Numbered([a, b, c, d]),
            _ => Self::Malformed,
        }
    }
}

/// The envelope of a request that waits for its reply.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    wire: BytesMut,
}

impl Envelope {
    /// Moves the envelope of `request` here, up to and including the delimiter, and
    /// leaves the body; says whether there is a delimiter with a body behind it.
    /// Without, the request is as it was.
    pub(crate) fn take_from(&mut self, request: &mut Message) -> bool {
        let delimiter = request.frames().position(<[u8]>::is_empty);
        let Some(delimiter) = delimiter.filter(|at| request.frame(at + 1).is_some()) else {
            return false;
        };
        self.clear();
        for frame in request.frames().take(delimiter + 1) {
            Frame {
                more: true,
                command: false,
                body: frame,
            }
            .encode(&mut self.wire);
        }
        strip(request, delimiter + 1);
        true
    }

    pub(crate) fn as_wire(&self) -> &[u8] {
        &self.wire
    }

    fn clear(&mut self) {
        self.wire.clear();
        if self.wire.capacity() > KEPT {
            self.wire = BytesMut::new();
        }
    }
}

/// Takes the first `count` frames off a message that has more.
pub(crate) fn strip(message: &mut Message, count: usize) {
    if count > FEW {
        let origin = message.origin();
        let mut frames = std::mem::take(message).into_frames();
        *message = Message::from_frames(frames.drain(count..));
        message.set_origin(origin);
        return;
    }
    for _ in 0..count {
        message.pop_front();
    }
}
