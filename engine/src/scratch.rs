//! The buffers that the connections of a thread read into, in turn.
//!
//! The allocator gives the pages of large blocks back to the system, and it takes longer
//! to get them again than to fill them.

use std::cell::RefCell;

use bytes::BytesMut;

/// What a usual buffer holds: bodies of 128 KiB in all if they are not small, with headers.
pub(crate) const READ: usize = (128 << 10) + 256;

/// A thread keeps so many bytes in usual buffers.
const KEPT: usize = 16 * READ;

/// And so many in larger ones, which are for one large frame each.
const KEPT_LARGE: usize = 4 << 20;

thread_local! {
    static USUAL: RefCell<Shelf> = const { RefCell::new(Shelf::new(KEPT)) };
    static LARGE: RefCell<Shelf> = const { RefCell::new(Shelf::new(KEPT_LARGE)) };
}

/// A buffer to read into.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    /// What is read and not taken yet, and the space behind it.
    pub(crate) bytes: BytesMut,
    /// What it held when it was empty; zero if it is not the thread's.
    size: usize,
}

impl From<BytesMut> for Buffer {
    /// A buffer that the thread does not keep.
    fn from(bytes: BytesMut) -> Self {
        Self { bytes, size: 0 }
    }
}

impl Buffer {
    /// Empty, for so many bytes at least.
    pub(crate) fn take(size: usize) -> Self {
        let size = size.max(READ);
        let kept = with_shelf(size, |shelf| shelf.take(size)).flatten();
        kept.unwrap_or_else(|| Self {
            bytes: BytesMut::with_capacity(size),
            size,
        })
    }

    /// Gives it back, and what is in it up.
    pub(crate) fn give(mut self) {
        if self.size > 0 {
            self.bytes.clear();
            with_shelf(self.size, |shelf| shelf.give(self));
        }
    }
}

/// Where buffers of a size are kept; a thread that ends has no such place.
fn with_shelf<T>(size: usize, then: impl FnOnce(&mut Shelf) -> T) -> Option<T> {
    let shelf = if size == READ { &USUAL } else { &LARGE };
    shelf.try_with(|shelf| then(&mut shelf.borrow_mut())).ok()
}

/// Buffers that were given back; somebody may still hold messages in them.
#[derive(Debug)]
struct Shelf {
    buffers: Vec<Buffer>,
    bytes: usize,
    limit: usize,
}

impl Shelf {
    const fn new(limit: usize) -> Self {
        Self {
            buffers: Vec::new(),
            bytes: 0,
            limit,
        }
    }

    /// The last one that was given back, is not much too large, and in which nobody holds
    /// messages any more: it is the likeliest to be in the cache.
    fn take(&mut self, size: usize) -> Option<Buffer> {
        let free = self.buffers.iter_mut().rposition(|buffer| {
            (size..=2 * size).contains(&buffer.size) && buffer.bytes.try_reclaim(size)
        })?;
        let buffer = self.buffers.remove(free);
        self.bytes -= buffer.size;
        Some(buffer)
    }

    /// Keeps one, and lets go which have been here for longest if they are too many.
    fn give(&mut self, buffer: Buffer) {
        if buffer.size > self.limit {
            return;
        }
        self.bytes += buffer.size;
        self.buffers.push(buffer);
        while self.bytes > self.limit {
            self.bytes -= self.buffers.remove(0).size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    /// A buffer of which somebody has taken all.
    fn used(size: usize) -> (Buffer, BytesMut) {
        let mut buffer = Buffer::take(size);
        buffer.bytes.resize(size, 0);
        let taken = buffer.bytes.split();
        (buffer, taken)
    }

    #[test]
    fn a_buffer_is_taken_again_when_nobody_holds_anything_in_it() {
        for size in [READ, MIB] {
            let (buffer, taken) = used(size);
            let start = taken.as_ptr();
            buffer.give();
            assert_ne!(Buffer::take(size).bytes.as_ptr(), start, "it is held");
            drop(taken);
            let again = Buffer::take(size);
            assert_eq!(again.bytes.as_ptr(), start);
            assert!(again.bytes.is_empty() && again.bytes.capacity() >= size);
        }
    }

    #[test]
    fn one_that_is_too_small_or_much_too_large_is_not_taken() {
        let (buffer, taken) = used(MIB);
        let start = taken.as_ptr();
        drop(taken);
        buffer.give();
        for other in [READ, MIB / 2 - 1, MIB + 1] {
            assert_ne!(Buffer::take(other).bytes.as_ptr(), start, "{other}");
        }
        assert_eq!(Buffer::take(MIB / 2).bytes.as_ptr(), start);
    }

    #[test]
    fn a_thread_keeps_no_more_than_its_limit() {
        let kept = || LARGE.with(|shelf| shelf.borrow().bytes);
        let buffers = [1, 2, 1, 3, 1, 5].map(|mib| used(mib * MIB));
        for (buffer, _) in buffers {
            buffer.give();
            assert!(kept() <= KEPT_LARGE);
        }
        assert_eq!(kept(), 4 * MIB, "the last two that are not too large");
        let _ = Buffer::take(3 * MIB);
        assert_eq!(kept(), MIB);
    }

    #[test]
    fn one_that_is_not_the_thread_s_is_not_kept() {
        let before = USUAL.with(|shelf| shelf.borrow().bytes);
        Buffer::from(BytesMut::with_capacity(READ)).give();
        assert_eq!(USUAL.with(|shelf| shelf.borrow().bytes), before);
    }
}
