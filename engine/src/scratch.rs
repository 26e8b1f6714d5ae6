//! The buffers that the connections of a thread read into, in turn.

use std::cell::RefCell;
use std::collections::VecDeque;

use bytes::BytesMut;

/// What a buffer holds.
pub(crate) const READ: usize = 128 << 10;

/// A thread keeps so many.
const KEPT: usize = 16;

thread_local! {
    static BUFFERS: RefCell<VecDeque<BytesMut>> = const { RefCell::new(VecDeque::new()) };
}

/// An empty buffer: one that was given back, if nobody holds messages in it any more.
pub(crate) fn take() -> BytesMut {
    let kept = BUFFERS.try_with(|buffers| {
        let mut buffers = buffers.borrow_mut();
        for _ in 0..buffers.len() {
            let mut buffer = buffers.pop_front()?;
            if buffer.try_reclaim(READ) {
                return Some(buffer);
            }
            buffers.push_back(buffer);
        }
        None
    });
    let kept = kept.ok().flatten();
    kept.unwrap_or_else(|| BytesMut::with_capacity(READ))
}

/// Gives a buffer back, and what is in it up.
pub(crate) fn give(mut buffer: BytesMut) {
    if buffer.capacity() == 0 {
        return;
    }
    buffer.clear();
    // A thread that ends keeps none.
    let _ = BUFFERS.try_with(|buffers| {
        let mut buffers = buffers.borrow_mut();
        if buffers.len() == KEPT {
            buffers.pop_front();
        }
        buffers.push_back(buffer);
    });
}
