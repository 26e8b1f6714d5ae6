//! The edges of nodes with several children.

use super::make_room;

/// No block.
const NONE: u32 = u32::MAX;

/// Blocks of edges, each sorted by key.
///
/// A block of `len` edges, two at least, takes the next power of two in slots. A
/// slot is a byte and an index, in two vectors side by side. Free blocks of one
/// size are chained through their first index.
#[derive(Debug, Clone)]
pub(super) struct Edges {
    keys: Vec<u8>,
    children: Vec<u32>,
    /// The first free block of 2, 4, … 256 slots.
    free: [u32; 8],
}

impl Default for Edges {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            children: Vec::new(),
            free: [NONE; 8],
        }
    }
}

impl Edges {
    /// The child by that key.
    #[inline]
    pub(super) fn find(&self, block: u32, len: u16, key: u8) -> Option<u32> {
        let at = position(self.keys(block, len), key)?;
        self.children.get(block as usize + at).copied()
    }

    /// The child with the smallest key.
    pub(super) fn first(&self, block: u32) -> Option<u32> {
        self.children.get(block as usize).copied()
    }

    /// The child with the smallest key above `key`.
    pub(super) fn behind(&self, block: u32, len: u16, key: u8) -> Option<u32> {
        let at = self.keys(block, len).partition_point(|other| *other <= key);
        (at < usize::from(len)).then(|| self.children[block as usize + at])
    }

    /// A block of two edges.
    pub(super) fn pair(&mut self, a: (u8, u32), b: (u8, u32)) -> u32 {
        let block = self.allocate(2);
        let (low, high) = if a.0 < b.0 { (a, b) } else { (b, a) };
        self.put(block as usize, low.0, low.1);
        self.put(block as usize + 1, high.0, high.1);
        block
    }

    /// Adds an edge to a block of `len`; the block moves if it was full.
    pub(super) fn insert(&mut self, block: u32, len: u16, key: u8, child: u32) -> u32 {
        let count = usize::from(len);
        let block = match count.is_power_of_two() {
            true => self.relocate(block, count, count, count * 2),
            false => block,
        };
        let start = block as usize;
        let at = start + self.keys(block, len).partition_point(|other| *other < key);
        self.keys.copy_within(at..start + count, at + 1);
        self.children.copy_within(at..start + count, at + 1);
        self.put(at, key, child);
        block
    }

    /// Gives the edge with that key another child.
    pub(super) fn replace(&mut self, block: u32, len: u16, key: u8, child: u32) {
        if let Some(at) = position(self.keys(block, len), key) {
            self.children[block as usize + at] = child;
        }
    }

    /// Takes an edge out of a block of `len`, which moves where a smaller one
    /// holds it. The last edge needs no block: then the result is its child.
    pub(super) fn remove(&mut self, block: u32, len: u16, key: u8) -> u32 {
        let (start, count) = (block as usize, usize::from(len));
        let at = start + self.keys(block, len).partition_point(|other| *other < key);
        self.keys.copy_within(at + 1..start + count, at);
        self.children.copy_within(at + 1..start + count, at);
        match count - 1 {
            1 => {
                let child = self.children[start];
                self.release(block, 2);
                child
            }
            left if left.is_power_of_two() => self.relocate(block, left, left * 2, left),
            _ => block,
        }
    }

    /// How many bytes of memory the blocks take.
    pub(super) fn memory(&self) -> usize {
        self.keys.capacity() + self.children.capacity() * size_of::<u32>()
    }

    #[inline]
    fn keys(&self, block: u32, len: u16) -> &[u8] {
        &self.keys[block as usize..][..usize::from(len)]
    }

    fn put(&mut self, at: usize, key: u8, child: u32) {
        self.keys[at] = key;
        self.children[at] = child;
    }

    /// Moves `count` edges from a block of `from` slots to one of `to`.
    fn relocate(&mut self, block: u32, count: usize, from: usize, to: usize) -> u32 {
        let target = self.allocate(to);
        let edges = block as usize..block as usize + count;
        self.keys.copy_within(edges.clone(), target as usize);
        self.children.copy_within(edges, target as usize);
        self.release(block, from);
        target
    }

    fn allocate(&mut self, slots: usize) -> u32 {
        let free = &mut self.free[class(slots)];
        if *free != NONE {
            let block = *free;
            *free = self.children[block as usize];
            return block;
        }
        let block = self.keys.len();
        make_room(&mut self.keys, slots);
        make_room(&mut self.children, slots);
        self.keys.resize(block + slots, 0);
        self.children.resize(block + slots, 0);
        block as u32
    }

    fn release(&mut self, block: u32, slots: usize) {
        let free = &mut self.free[class(slots)];
        self.children[block as usize] = *free;
        *free = block;
    }
}

/// Where a key stands. In a row without gaps, as of digits, its distance from the first
/// tells; otherwise a few keys are looked through faster than halved.
#[inline]
fn position(keys: &[u8], key: u8) -> Option<usize> {
    const FEW: usize = 16;
    let distance = usize::from(key.wrapping_sub(*keys.first()?));
    if keys.get(distance) == Some(&key) {
        return Some(distance);
    }
    match keys.len() {
        0..=FEW => keys.iter().position(|other| *other == key),
        _ => keys.binary_search(&key).ok(),
    }
}

/// Which list the free blocks of a size are in.
fn class(slots: usize) -> usize {
    slots.trailing_zeros() as usize - 1
}
