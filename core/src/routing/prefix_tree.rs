//! The prefix tree under [`Subscriptions`](super::Subscriptions) and
//! [`TopicSet`](super::TopicSet): a number for each topic.

mod edges;
mod node;
mod order;

use std::iter;

use edges::Edges;
use node::{LABEL, Node};

/// A tree has no more nodes, 4 GiB of them. One beyond would not be numbered.
const MAX_NODES: usize = 1 << 27;

/// The node of the empty topic. It is nobody's child, so its number also stands for none.
pub(super) const ROOT: u32 = 0;

/// Topics and a number for each, which is never 0.
///
/// ```text
///   "" ── "sensor/" ─┬─ "1/temperature"        one node for each fork and each
///                    └─ "2/" ─┬─ "humidity"    topic; labels longer than a node
///                             └─ "temperature" are chains of nodes
/// ```
///
/// Nodes and edges lie in a few vectors and name each other by index. A node that
/// has a number keeps its index for as long as it has the number: other nodes are
/// split off it or merged into it, not the other way round. Freed room is used
/// again; an empty tree has none. No operation recurses: a topic may be as long as
/// memory lasts.
#[derive(Debug, Clone, Default)]
pub(super) struct PrefixTree {
    nodes: Vec<Node>,
    /// The first free node; free nodes are chained through `parent`.
    free: u32,
    used: usize,
    edges: Edges,
}

impl PrefixTree {
    /// The node of a topic, which may be a new one without a number yet: the
    /// caller gives it one, or [prunes](Self::prune) it. `None` if the tree is full.
    pub(super) fn insert(&mut self, topic: &[u8]) -> Option<u32> {
        if self.used + topic.len() / LABEL + 2 > MAX_NODES {
            return None;
        }
        if self.nodes.is_empty() {
            self.nodes.push(Node::new(ROOT, &[]));
            self.used = 1;
        }
        let (mut node, mut rest) = (ROOT, topic);
        while let Some(key) = rest.first() {
            let Some(child) = self.child(node, *key) else {
                return Some(self.append(node, rest));
            };
            let label = self.node(child).label();
            let (common, whole) = (common_prefix(label, rest), label.len());
            node = match common == whole {
                true => child,
                false => self.split(child, common),
            };
            rest = &rest[common..];
        }
        Some(node)
    }

    /// The node of a topic that has a number.
    pub(super) fn find(&self, topic: &[u8]) -> Option<u32> {
        self.nodes.first()?;
        let (mut node, mut rest) = (ROOT, topic);
        while let Some(key) = rest.first() {
            node = self.child(node, *key)?;
            rest = self.node(node).behind(rest)?;
        }
        (self.node(node).value != 0).then_some(node)
    }

    /// The numbers of all topics with which `topic` begins, shortest first.
    #[inline]
    pub(super) fn prefixes<'a>(&'a self, topic: &'a [u8]) -> impl Iterator<Item = u32> + 'a {
        let mut next = self.nodes.first();
        let mut rest = topic;
        iter::from_fn(move || {
            while let Some(node) = next {
                next = rest.first().and_then(|key| {
                    let child = self.node(self.child_of(node, *key)?);
                    rest = child.behind(rest)?;
                    Some(child)
                });
                if node.value != 0 {
                    return Some(node.value);
                }
            }
            None
        })
    }

    /// The number at a node; 0 where no topic ends, or no node is.
    #[inline]
    pub(super) fn value(&self, node: u32) -> u32 {
        self.nodes.get(node as usize).map_or(0, |node| node.value)
    }

    /// Gives a node a number. With 0 the node should be [pruned](Self::prune) next.
    #[inline]
    pub(super) fn set_value(&mut self, node: u32, value: u32) {
        self.node_mut(node).value = value;
    }

    /// The topic of a node.
    pub(super) fn topic(&self, node: u32) -> Vec<u8> {
        let mut topic = Vec::new();
        let mut at = node;
        while at != ROOT {
            let node = self.node(at);
            topic.extend(node.label().iter().rev());
            at = node.parent;
        }
        topic.reverse();
        topic
    }

    /// Takes a node out that has no number, and nodes above that are of no use then.
    pub(super) fn prune(&mut self, node: u32) {
        let mut at = node;
        while at != ROOT && self.node(at).value == 0 {
            let node = *self.node(at);
            match node.children {
                0 => {
                    self.unlink(node.parent, node.key());
                    self.release(at);
                }
                1 if self.merge(at) => {}
                _ => return,
            }
            at = node.parent;
        }
        if self
            .nodes
            .first()
            .is_some_and(|root| root.value == 0 && root.children == 0)
        {
            *self = Self::default();
        }
    }

    /// How many bytes of memory the tree takes.
    pub(super) fn memory(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>() + self.edges.memory()
    }

    #[inline]
    fn node(&self, node: u32) -> &Node {
        &self.nodes[node as usize]
    }

    #[inline]
    fn node_mut(&mut self, node: u32) -> &mut Node {
        &mut self.nodes[node as usize]
    }

    #[inline]
    fn child(&self, node: u32, key: u8) -> Option<u32> {
        self.child_of(self.node(node), key)
    }

    #[inline]
    fn child_of(&self, node: &Node, key: u8) -> Option<u32> {
        match node.children {
            0 => None,
            1 => Some(node.edges).filter(|child| self.node(*child).key() == key),
            _ => self.edges.find(node.edges, node.children, key),
        }
    }

    /// Adds a chain of nodes for `rest`, and returns its last.
    fn append(&mut self, mut node: u32, rest: &[u8]) -> u32 {
        for label in rest.chunks(LABEL) {
            let child = self.allocate(Node::new(node, label));
            self.link(node, label[0], child);
            node = child;
        }
        node
    }

    /// Puts a new node between a node and its parent, which takes the first `at`
    /// bytes of the label over.
    fn split(&mut self, node: u32, at: usize) -> u32 {
        let whole = *self.node(node);
        let parent = whole.parent;
        let (upper, lower) = whole.label().split_at(at);
        let fork = self.allocate(Node::new(parent, upper));
        self.relink(parent, upper[0], fork);
        let below = self.node_mut(node);
        below.parent = fork;
        below.set_label(lower);
        self.link(fork, lower[0], node);
        fork
    }

    /// Merges a node into its only child, if both labels fit into one.
    fn merge(&mut self, node: u32) -> bool {
        let upper = *self.node(node);
        let child = self.node_mut(upper.edges);
        let length = upper.label().len() + child.label().len();
        if length > LABEL {
            return false;
        }
        let mut label = [0; LABEL];
        for (to, from) in label
            .iter_mut()
            .zip(upper.label().iter().chain(child.label()))
        {
            *to = *from;
        }
        child.set_label(&label[..length]);
        child.parent = upper.parent;
        self.relink(upper.parent, upper.key(), upper.edges);
        self.release(node);
        true
    }

    fn link(&mut self, parent: u32, key: u8, child: u32) {
        let Node {
            edges, children, ..
        } = *self.node(parent);
        let edges = match children {
            0 => child,
            1 => self
                .edges
                .pair((self.node(edges).key(), edges), (key, child)),
            _ => self.edges.insert(edges, children, key, child),
        };
        let parent = self.node_mut(parent);
        parent.edges = edges;
        parent.children += 1;
    }

    /// Puts another child in the place of the one with that key.
    fn relink(&mut self, parent: u32, key: u8, child: u32) {
        let Node {
            edges, children, ..
        } = *self.node(parent);
        match children {
            1 => self.node_mut(parent).edges = child,
            _ => self.edges.replace(edges, children, key, child),
        }
    }

    fn unlink(&mut self, parent: u32, key: u8) {
        let Node {
            edges, children, ..
        } = *self.node(parent);
        let edges = match children {
            1 => 0,
            _ => self.edges.remove(edges, children, key),
        };
        let parent = self.node_mut(parent);
        parent.edges = edges;
        parent.children -= 1;
    }

    fn allocate(&mut self, node: Node) -> u32 {
        self.used += 1;
        if self.free != ROOT {
            let free = self.free;
            self.free = self.node(free).parent;
            *self.node_mut(free) = node;
            return free;
        }
        make_room(&mut self.nodes, 1);
        self.nodes.push(node);
        (self.nodes.len() - 1) as u32
    }

    fn release(&mut self, node: u32) {
        self.used -= 1;
        *self.node_mut(node) = Node::new(self.free, &[]);
        self.free = node;
    }
}

/// Makes room for more, a quarter at a time where doubling would waste much.
pub(super) fn make_room<T>(items: &mut Vec<T>, more: usize) {
    const DOUBLES_UP_TO: usize = 1024;
    if items.capacity() - items.len() < more {
        let step = match items.len() {
            few if few < DOUBLES_UP_TO => few,
            many => many / 4,
        };
        items.reserve_exact(step.max(more).max(4));
    }
}

#[inline]
fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}
