//! The order of topics: that of their bytes.

use super::{PrefixTree, ROOT};

impl PrefixTree {
    /// The node of the first topic in byte order, or the first behind `last`.
    pub(in crate::routing) fn next_after(&self, last: Option<&[u8]>) -> Option<u32> {
        self.nodes.first()?;
        let Some(last) = last else {
            return self.first_within(ROOT);
        };
        let (mut node, mut rest) = (ROOT, last);
        while let Some(key) = rest.first() {
            let Some(child) = self.child(node, *key) else {
                return self.first_behind(node, *key);
            };
            let label = self.node(child).label();
            match rest.strip_prefix(label) {
                Some(more) => (node, rest) = (child, more),
                None if label > rest => return self.first_within(child),
                None => return self.first_behind(node, *key),
            }
        }
        match self.first_child(node) {
            Some(child) => self.first_within(child),
            None => self.first_after(node),
        }
    }

    fn first_child(&self, node: u32) -> Option<u32> {
        let node = self.node(node);
        match node.children {
            0 => None,
            1 => Some(node.edges),
            _ => self.edges.first(node.edges),
        }
    }

    /// The first topic in the subtree of a node.
    fn first_within(&self, mut node: u32) -> Option<u32> {
        while self.node(node).value == 0 {
            node = self.first_child(node)?;
        }
        Some(node)
    }

    /// The first topic that comes after the subtree of a node.
    fn first_after(&self, node: u32) -> Option<u32> {
        if node == ROOT {
            return None;
        }
        let below = self.node(node);
        self.first_behind(below.parent, below.key())
    }

    /// The first topic that comes after those of a node's children up to `key`.
    fn first_behind(&self, mut node: u32, mut key: u8) -> Option<u32> {
        loop {
            let at = self.node(node);
            let sibling = match at.children {
                0 => None,
                1 => Some(at.edges).filter(|child| self.node(*child).key() > key),
                _ => self.edges.behind(at.edges, at.children, key),
            };
            if let Some(sibling) = sibling {
                return self.first_within(sibling);
            }
            if node == ROOT {
                return None;
            }
            (node, key) = (at.parent, at.key());
        }
    }
}
