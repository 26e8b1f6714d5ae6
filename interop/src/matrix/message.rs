//! The messages that each pair exchanges.

use crate::frames::{Frames, frame, frames, pattern};

/// A message, and what it is called.
#[derive(Debug)]
pub(crate) struct Content {
    /// What people call it.
    pub name: &'static str,
    make: fn() -> Frames,
}

/// All messages, in the order in which they are sent.
pub(crate) const MESSAGES: &[Content] = &[
    Content {
        name: "one frame",
        make: || frame("one frame"),
    },
    Content {
        name: "an empty frame",
        make: || frame(""),
    },
    Content {
        name: "five frames",
        make: || frames(["five", "", "f", &"r".repeat(300), ""]),
    },
    Content {
        name: "1 B",
        make: || vec![pattern(1)],
    },
    Content {
        name: "255 B",
        make: || vec![pattern(255)],
    },
    Content {
        name: "256 B",
        make: || vec![pattern(256)],
    },
    Content {
        name: "1 MiB",
        make: || vec![pattern(1 << 20)],
    },
    Content {
        name: "64 MiB",
        make: || vec![pattern(64 << 20)],
    },
];

impl Content {
    /// The message.
    #[must_use]
    pub(crate) fn frames(&self) -> Frames {
        (self.make)()
    }
}
