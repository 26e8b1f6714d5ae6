//! Arenas that wait for the next busy pipe of the thread.

use std::cell::RefCell;

use bytes::BytesMut;

/// A thread keeps so many arenas, each of so many bytes at the most.
const KEPT: usize = 16;
const LARGEST: usize = 256 << 10;

thread_local! {
    static FREE: RefCell<Vec<BytesMut>> = const { RefCell::new(Vec::new()) };
}

/// Keeps an arena that a pipe has no more use for.
///
/// An allocator gives the memory of large blocks back to the system, which then
/// has to be asked for each page again.
pub(super) fn keep(arena: BytesMut) {
    if arena.capacity() > LARGEST {
        return;
    }
    // A thread that ends keeps none.
    let _ = FREE.try_with(|free| {
        let mut free = free.borrow_mut();
        if free.len() < KEPT {
            free.push(arena);
        }
    });
}

/// An arena that was kept, or an empty one.
pub(super) fn take() -> BytesMut {
    let kept = FREE.try_with(|free| free.borrow_mut().pop());
    kept.ok().flatten().unwrap_or_default()
}
