//! Blocks that received bodies of medium size share.
//!
//! A block of its own for each body is dear: a batch has more of them than an allocator
//! holds at hand. So a thread copies bodies of about one size behind each other, 8 to 16
//! to a block, and uses a block again when all of its bodies are gone.

use std::cell::RefCell;
use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

/// A body keeps no more alive than so many times its own size.
const PINNED: usize = 16;

/// What the smallest blocks hold, and how many sizes there are, each twice the one before:
/// for bodies from 64 bytes to 2 KiB.
const SMALLEST: usize = 1 << 10;
const SIZES: usize = 5;

/// A thread keeps so many full blocks of each size: those of a batch of 128 bodies.
const KEPT: usize = 16;

thread_local! {
    static BLOCKS: RefCell<[Blocks; SIZES]> = RefCell::default();
}

/// Copies a body: behind others of its size, or, where the block would be too large or too
/// small for that, to a place of its own.
#[inline]
pub(super) fn copy(body: &[u8]) -> Bytes {
    let shared = size_class(body.len()).and_then(|class| {
        // A thread that ends has none.
        let copied = BLOCKS.try_with(|blocks| {
            let mut blocks = blocks.borrow_mut();
            let blocks = blocks.get_mut(class)?;
            Some(blocks.copy(body, SMALLEST << class))
        });
        copied.ok().flatten()
    });
    shared.unwrap_or_else(|| Bytes::copy_from_slice(body))
}

/// Which size of blocks is for bodies of so many bytes, the largest that such a body may
/// keep alive; more than there are for large ones.
#[inline]
fn size_class(body: usize) -> Option<usize> {
    let blocks = body.saturating_mul(PINNED) / SMALLEST;
    blocks.checked_ilog2().map(|class| class as usize)
}

/// Blocks of one size.
#[derive(Debug, Default)]
struct Blocks {
    /// What is left of the block that is being filled.
    open: Option<BytesMut>,
    /// Those that are full, longest ago first, each without bodies of its own.
    full: VecDeque<BytesMut>,
}

impl Blocks {
    /// Copies a body that is no larger than a block, of `size` bytes.
    #[inline]
    fn copy(&mut self, body: &[u8], size: usize) -> Bytes {
        let open = match &mut self.open {
            Some(open) if open.capacity() >= body.len() => open,
            _ => self.open_next(size),
        };
        open.extend_from_slice(body);
        open.split().freeze()
    }

    /// Goes on with the block that is full, or with the one that was so longest ago, if
    /// all of its bodies are gone, or else with another.
    #[cold]
    fn open_next(&mut self, size: usize) -> &mut BytesMut {
        let mut next = None;
        if let Some(mut full) = self.open.take() {
            if full.try_reclaim(size) {
                next = Some(full);
            } else {
                self.full.push_back(full);
            }
        }
        if next.is_none()
            && self
                .full
                .front_mut()
                .is_some_and(|full| full.try_reclaim(size))
        {
            next = self.full.pop_front();
        }
        if self.full.len() > KEPT {
            // Its bodies keep it alive.
            self.full.pop_front();
        }
        self.open
            .insert(next.unwrap_or_else(|| BytesMut::with_capacity(size)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether two bodies stand behind each other in one block.
    fn follows(first: &Bytes, second: &Bytes) -> bool {
        first.as_ptr_range().end == second.as_ptr()
    }

    #[test]
    fn a_body_keeps_no_more_than_sixteen_times_its_size_alive() {
        for body in 0..10_000 {
            match size_class(body) {
                Some(class) if class < SIZES => {
                    let block = SMALLEST << class;
                    assert!(block <= PINNED * body && block > PINNED / 2 * body);
                }
                Some(_) => assert!(body >= 2048),
                None => assert!(body < 64),
            }
        }
    }

    #[test]
    fn bodies_of_any_size_are_copied() {
        let bodies: Vec<_> = (0..5_000).map(|size| vec![size as u8; size]).collect();
        let copies: Vec<_> = bodies.iter().map(|body| copy(body)).collect();
        assert_eq!(bodies, copies);
    }

    #[test]
    fn bodies_that_are_kept_fill_a_block_and_then_the_next() {
        let copies: Vec<_> = (0..32).map(|byte| copy(&[byte; 256])).collect();
        let breaks = copies
            .windows(2)
            .filter(|pair| !follows(&pair[0], &pair[1]));
        assert_eq!(breaks.count(), 1);
        for (byte, copy) in (0..).zip(&copies) {
            assert_eq!(copy[..], [byte; 256]);
        }
    }

    #[test]
    fn a_block_whose_bodies_are_gone_is_used_again() {
        let start = copy(&[0; 256]).as_ptr();
        for _ in 0..50 {
            (1..16).for_each(|_| drop(copy(&[1; 256])));
            assert_eq!(copy(&[0; 256]).as_ptr(), start);
        }
    }

    #[test]
    fn a_batch_that_comes_again_and_again_needs_no_more_blocks() {
        let batch = || (0..128).map(|_| copy(&[7; 1000])).collect::<Vec<_>>();
        for _ in 0..100 {
            batch();
        }
        let before: Vec<_> = (0..2)
            .flat_map(|_| batch())
            .map(|body| body.as_ptr())
            .collect();
        assert!(batch().iter().all(|body| before.contains(&body.as_ptr())));
    }

    #[test]
    fn what_is_kept_stays_as_it_is_while_blocks_are_used_again() {
        let kept: Vec<_> = (0..100)
            .map(|byte| {
                let kept = copy(&[byte; 100]);
                (0..500).for_each(|_| drop(copy(&[0; 100])));
                kept
            })
            .collect();
        for (byte, kept) in (0..).zip(&kept) {
            assert_eq!(kept[..], [byte; 100]);
        }
    }
}
