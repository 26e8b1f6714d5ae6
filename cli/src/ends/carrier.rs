//! The transports.

use std::sync::atomic::{AtomicU64, Ordering};

use clap::ValueEnum;

/// A transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub(crate) enum Carrier {
    /// Within the process
    Inproc,
    /// Unix domain sockets
    Ipc,
    /// TCP over the loopback interface
    Tcp,
}

impl Carrier {
    pub(crate) const ALL: [Self; 3] = [Self::Inproc, Self::Ipc, Self::Tcp];

    pub(crate) fn scheme(self) -> &'static str {
        match self {
            Self::Inproc => "inproc",
            Self::Ipc => "ipc",
            Self::Tcp => "tcp",
        }
    }

    /// An endpoint to bind to that nobody else uses.
    pub(crate) fn anywhere(self) -> String {
        static NAMES: AtomicU64 = AtomicU64::new(0);
        match self {
            Self::Inproc => format!("inproc://{}", NAMES.fetch_add(1, Ordering::Relaxed)),
            Self::Ipc => "ipc://*".into(),
            Self::Tcp => "tcp://127.0.0.1:*".into(),
        }
    }

    /// Whether it leads from one process to another.
    pub(crate) fn leaves_process(self) -> bool {
        self != Self::Inproc
    }

    /// Whether this platform has it.
    pub(crate) fn is_here(self) -> bool {
        cfg!(unix) || self != Self::Ipc
    }
}
