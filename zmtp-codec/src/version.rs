//! The versions of the protocol.

use core::fmt;

/// What two peers have agreed to speak, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Version {
    /// No protocol: bytes as they come, for STREAM sockets.
    Raw,
    /// ZMTP 1.0 ([RFC 13](https://rfc.zeromq.org/spec/13/)): libzmq 2.x.
    V1_0,
    /// ZMTP 2.0 ([RFC 15](https://rfc.zeromq.org/spec/15/)): libzmq 3.x.
    V2_0,
    /// ZMTP 3.0 ([RFC 23](https://rfc.zeromq.org/spec/23/)): libzmq 4.0 to 4.1.
    V3_0,
    /// ZMTP 3.1 ([RFC 37](https://rfc.zeromq.org/spec/37/)): libzmq 4.2 and later.
    V3_1,
}

impl Version {
    /// Whether there are mechanisms, metadata and commands.
    #[must_use]
    pub fn has_commands(self) -> bool {
        self >= Self::V3_0
    }

    /// Whether subscriptions travel as commands, not as messages.
    #[must_use]
    pub fn has_subscription_commands(self) -> bool {
        self >= Self::V3_1
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Raw => "raw",
            Self::V1_0 => "ZMTP 1.0",
            Self::V2_0 => "ZMTP 2.0",
            Self::V3_0 => "ZMTP 3.0",
            Self::V3_1 => "ZMTP 3.1",
        })
    }
}
