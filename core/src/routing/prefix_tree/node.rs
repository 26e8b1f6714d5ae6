//! One node.

/// So many bytes of a topic stand in one node, which makes a node half a cache line.
pub(super) const LABEL: usize = 17;

#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// The topic's number, or 0 where no topic ends.
    pub(super) value: u32,
    pub(super) parent: u32,
    /// The only child, or where in `edges` the children stand.
    pub(super) edges: u32,
    pub(super) children: u16,
    length: u8,
    label: [u8; LABEL],
}

impl Node {
    pub(super) fn new(parent: u32, label: &[u8]) -> Self {
        let mut node = Self {
            value: 0,
            parent,
            edges: 0,
            children: 0,
            length: 0,
            label: [0; LABEL],
        };
        node.set_label(label);
        node
    }

    pub(super) fn set_label(&mut self, label: &[u8]) {
        for (to, from) in self.label.iter_mut().zip(label) {
            *to = *from;
        }
        self.length = label.len().min(LABEL) as u8;
    }

    #[inline]
    pub(super) fn label(&self) -> &[u8] {
        &self.label[..usize::from(self.length)]
    }

    /// What is behind the label in a topic that begins with the node's key, if the rest of
    /// the label is there too.
    #[inline]
    pub(super) fn behind<'a>(&self, topic: &'a [u8]) -> Option<&'a [u8]> {
        match self.length {
            // Most forks are a byte apart.
            1 => topic.get(1..),
            _ => topic.strip_prefix(self.label()),
        }
    }

    /// The byte by which a parent tells its children apart; the root has none.
    #[inline]
    pub(super) fn key(&self) -> u8 {
        self.label[0]
    }
}
