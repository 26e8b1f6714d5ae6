//! Routing ids for peers that bring none.

use std::hash::{BuildHasher, RandomState};

use bytes::Bytes;

/// Makes routing ids up, as libzmq does: a zero octet, which no peer may choose to
/// begin with ([RFC 37, "The Identity
/// Property"](https://rfc.zeromq.org/spec/37/)), and a number.
///
/// The number begins at random, so that a peer's reply to an id of the last run of
/// a program does not reach another peer of this one.
#[derive(Debug)]
pub(crate) struct Ids {
    next: u32,
}

impl Default for Ids {
    fn default() -> Self {
        Self {
            next: RandomState::new().hash_one(()) as u32,
        }
    }
}

impl Ids {
    /// An id that nobody has.
    pub(crate) fn next(&mut self, is_taken: impl Fn(&[u8]) -> bool) -> Bytes {
        loop {
            let [a, b, c, d] = self.next.to_be_bytes();
            self.next = self.next.wrapping_add(1);
            let id = [0, a, b, c, d];
            if !is_taken(&id) {
                return Bytes::copy_from_slice(&id);
            }
        }
    }
}
