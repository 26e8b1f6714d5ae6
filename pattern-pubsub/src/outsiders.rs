//! Peers that cannot ask for anything.

/// Peers, by their slots, that get every message of a group, because they are links
/// without anybody who could join one.
#[derive(Debug, Default)]
pub(crate) struct Outsiders {
    slots: Vec<u32>,
    /// They and the members of a group.
    everybody: Vec<u32>,
}

impl Outsiders {
    pub(crate) fn add(&mut self, slot: u32) {
        self.slots.push(slot);
    }

    pub(crate) fn remove(&mut self, slot: u32) {
        self.slots.retain(|known| *known != slot);
    }

    pub(crate) fn clear(&mut self) {
        self.slots.clear();
    }

    /// Who gets a message of a group with these members, of whom they are none.
    #[inline]
    pub(crate) fn and<'a>(&'a mut self, members: &'a [u32]) -> &'a [u32] {
        if self.slots.is_empty() {
            return members;
        }
        self.everybody.clear();
        self.everybody.extend(&self.slots);
        self.everybody.extend(members);
        &self.everybody
    }
}
