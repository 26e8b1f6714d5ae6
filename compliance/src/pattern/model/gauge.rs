//! What a high-water mark allows.

/// The room in one pipe, counted as its mark counts it: what was taken out makes
/// room half a mark at a time.
#[derive(Debug, Clone)]
pub struct Gauge {
    mark: usize,
    sent: usize,
    taken: usize,
    returned: usize,
}

impl Gauge {
    /// An empty pipe with that mark; 0 is none.
    #[must_use]
    pub fn new(mark: usize) -> Self {
        Self {
            mark,
            sent: 0,
            taken: 0,
            returned: 0,
        }
    }

    /// Whether one more may be sent.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.mark == 0 || self.sent - self.returned < self.mark
    }

    /// One more was sent, or a slot for it was taken.
    pub fn send(&mut self) {
        assert!(self.has_room(), "a mark of {} was passed", self.mark);
        self.sent += 1;
    }

    /// A slot was given back.
    pub fn unsend(&mut self) {
        self.sent -= 1;
    }

    /// One was taken out.
    pub fn take(&mut self) {
        let batch = self.mark.div_ceil(2).max(1);
        self.taken += 1;
        self.returned += (self.taken - self.returned) / batch * batch;
    }
}
