//! The buffers that the connections of a thread read into, in turn.

use std::cell::RefCell;

use bytes::BytesMut;

/// What a buffer holds: bodies of 128 KiB in all if they are not small, with headers.
pub(crate) const READ: usize = (128 << 10) + 256;

/// A thread keeps so many.
const KEPT: usize = 16;

thread_local! {
    static BUFFERS: RefCell<Vec<BytesMut>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer: the last one that was given back and in which nobody holds
/// messages any more, for it is the likeliest to be in the cache.
pub(crate) fn take() -> BytesMut {
    let kept = BUFFERS.try_with(|buffers| {
        let mut buffers = buffers.borrow_mut();
        let free = buffers
            .iter_mut()
            .rposition(|buffer| buffer.try_reclaim(READ))?;
        Some(buffers.remove(free))
    });
    let kept = kept.ok().flatten();
    kept.unwrap_or_else(|| BytesMut::with_capacity(READ))
}

/// Gives a buffer back, and what is in it up.
pub(crate) fn give(mut buffer: BytesMut) {
    // Nothing, or one that was made for a single large frame.
    if buffer.capacity() == 0 || buffer.capacity() > READ {
        return;
    }
    buffer.clear();
    // A thread that ends keeps none.
    let _ = BUFFERS.try_with(|buffers| {
        let mut buffers = buffers.borrow_mut();
        if buffers.len() == KEPT {
            buffers.remove(0);
        }
        buffers.push(buffer);
    });
}
