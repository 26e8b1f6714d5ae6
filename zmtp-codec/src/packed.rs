//! Small messages, kept inline as the bytes they are on the wire.

use bytes::{Bytes, BytesMut};

use crate::frame::MORE;

/// How many bytes of frames, headers included, fit inside a message. 64-byte
/// bodies are common in this field and fit; see `docs/performance.md` for the
/// sizes tried.
pub(crate) const CAPACITY: usize = 70;

/// What a short frame's header takes.
const HEADER: usize = 2;

/// One or more whole short data frames; the last one, and only it, has no MORE flag.
///
/// The bytes behind `length` are left over from whatever was there: nothing
/// reads them. The order of the fields is fixed so that the wire is moved in the
/// same aligned steps in which it was filled, and so that a message's other
/// forms are told apart by `form`, behind the wire and not in front of it.
#[derive(Clone)]
#[repr(C)]
pub(crate) struct Packed {
    wire: [u8; CAPACITY],
    length: u8,
    form: Form,
}

/// A byte with one value, which leaves 255 for an enum around it.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Form {
    Packed,
}

impl Packed {
    /// One frame without a body.
    pub(crate) const EMPTY_FRAME: Self = Self {
        wire: [0; CAPACITY],
        length: HEADER as u8,
        form: Form::Packed,
    };

    /// Becomes a single frame; says whether it fits.
    #[inline]
    pub(crate) fn fill_frame(&mut self, body: &[u8]) -> bool {
        let Some(to) = self.wire.get_mut(HEADER..HEADER + body.len()) else {
            return false;
        };
        to.copy_from_slice(body);
        self.wire[0] = 0;
        self.wire[1] = body.len() as u8;
        self.length = (HEADER + body.len()) as u8;
        true
    }

    /// Takes several frames, if they fit together.
    pub(crate) fn from_frames<'a>(frames: impl IntoIterator<Item = &'a [u8]>) -> Option<Self> {
        let mut frames = frames.into_iter();
        let mut packed = Self::EMPTY_FRAME;
        if !packed.fill_frame(frames.next()?) {
            return None;
        }
        frames
            .all(|frame| packed.push_back(frame))
            .then_some(packed)
    }

    /// Becomes the whole frames that stand at the front of `wire`, `length` bytes;
    /// says whether they fit.
    ///
    /// The caller has seen that they are short data frames of one message.
    #[inline]
    pub(crate) fn fill(&mut self, wire: &[u8], length: usize) -> bool {
        if length > CAPACITY {
            return false;
        }
        // Copying the full width is some loads and stores, where copying just
        // the frames would be a call.
        if let Some(wire) = wire.first_chunk::<CAPACITY>() {
            self.wire = *wire;
        } else if let (Some(to), Some(from)) = (self.wire.get_mut(..length), wire.get(..length)) {
            to.copy_from_slice(from);
        } else {
            return false;
        }
        self.length = length as u8;
        true
    }

    #[inline]
    fn as_wire(&self) -> &[u8] {
        self.wire.get(..usize::from(self.length)).unwrap_or(&[])
    }

    #[inline]
    pub(crate) fn frames(&self) -> Frames<'_> {
        Frames {
            wire: self.as_wire(),
        }
    }

    #[inline]
    pub(crate) fn first(&self) -> &[u8] {
        self.frames().next().unwrap_or(&[])
    }

    #[inline]
    pub(crate) fn last(&self) -> &[u8] {
        if self.wire[0] & MORE == 0 {
            return self
                .wire
                .get(HEADER..usize::from(self.length))
                .unwrap_or(&[]);
        }
        self.frames().last().unwrap_or(&[])
    }

    /// Puts a frame in front; says whether it fits.
    pub(crate) fn push_front(&mut self, body: &[u8]) -> bool {
        let used = usize::from(self.length);
        let shift = HEADER + body.len();
        if shift + used > CAPACITY {
            return false;
        }
        self.wire.copy_within(..used, shift);
        self.write_frame(0, MORE, body);
        self.length += shift as u8;
        true
    }

    /// Puts a frame behind the last; says whether it fits.
    pub(crate) fn push_back(&mut self, body: &[u8]) -> bool {
        let used = usize::from(self.length);
        let end = used + HEADER + body.len();
        if end > CAPACITY {
            return false;
        }
        let last = used - HEADER - self.last().len();
        if let Some(flags) = self.wire.get_mut(last) {
            *flags |= MORE;
        }
        self.write_frame(used, 0, body);
        self.length = end as u8;
        true
    }

    /// Writes a frame at `at`, where the caller has seen that it fits.
    fn write_frame(&mut self, at: usize, flags: u8, body: &[u8]) {
        let target = self.wire.get_mut(at..at + HEADER + body.len());
        if let Some([header_flags, header_size, target @ ..]) = target {
            *header_flags = flags;
            *header_size = body.len() as u8;
            target.copy_from_slice(body);
        }
    }

    /// Takes the first frame off, unless it is the only one.
    pub(crate) fn pop_front(&mut self) -> Option<Bytes> {
        if self.wire[0] & MORE == 0 {
            return None;
        }
        let frame = Bytes::copy_from_slice(self.first());
        let taken = HEADER + frame.len();
        self.wire.copy_within(taken..usize::from(self.length), 0);
        self.length -= taken as u8;
        Some(frame)
    }

    /// Writes the frames but the first `skip`.
    #[inline]
    pub(crate) fn encode(&self, skip: usize, output: &mut BytesMut) {
        if skip > 0 {
            let mut frames = self.frames();
            for _ in 0..skip {
                frames.next();
            }
            output.extend_from_slice(frames.wire);
            return;
        }
        // The full width, then cut: see `from_wire`.
        let end = output.len() + usize::from(self.length);
        output.extend_from_slice(&self.wire);
        output.truncate(end);
    }
}

/// The bodies of packed frames.
#[derive(Clone)]
pub(crate) struct Frames<'a> {
    wire: &'a [u8],
}

impl<'a> Iterator for Frames<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let [_flags, size, rest @ ..] = self.wire else {
            return None;
        };
        let (body, wire) = rest.split_at_checked(usize::from(*size))?;
        self.wire = wire;
        Some(body)
    }
}
