//! One thing to measure.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::failure::Failure;

/// Where the two ends run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pin {
    /// Wherever the system puts them.
    Free,
    /// Both on one processor.
    One,
    /// One processor each.
    Two,
}

/// A workload with all its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) workload: &'static str,
    pub(crate) transport: &'static str,
    pub(crate) size: usize,
    pub(crate) peers: usize,
    pub(crate) pin: Pin,
}

impl Case {
    pub(crate) const fn new(workload: &'static str, transport: &'static str, size: usize) -> Self {
        Self {
            workload,
            transport,
            size,
            peers: 1,
            pin: Pin::Free,
        }
    }

    pub(crate) const fn peers(self, peers: usize) -> Self {
        Self { peers, ..self }
    }

    pub(crate) const fn pin(self, pin: Pin) -> Self {
        Self { pin, ..self }
    }

    /// Its name, by which `--only` finds it: workload, transport, bytes, and then peers
    /// or processors where they matter.
    pub(crate) fn id(&self) -> String {
        let mut id = format!("{}/{}/{}", self.workload, self.transport, self.size);
        if self.has_peers() {
            id += &format!("/{}", self.peers);
        }
        match self.pin {
            Pin::Free => {}
            Pin::One => id += "/one-cpu",
            Pin::Two => id += "/two-cpus",
        }
        id
    }

    pub(crate) fn has_peers(&self) -> bool {
        !matches!(self.workload, "push-pull" | "req-rep" | "dealer-router")
    }

    pub(crate) fn is_latency(&self) -> bool {
        matches!(self.workload, "req-rep" | "dealer-router")
    }

    pub(crate) fn is_inproc(&self) -> bool {
        self.transport == "inproc"
    }

    /// An endpoint that nobody uses.
    pub(crate) fn endpoint(&self) -> Result<String, Failure> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        Ok(match self.transport {
            "tcp" => {
                let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
                format!("tcp://{}", listener.local_addr()?)
            }
            "ipc" => {
                let name = format!(
                    "ferromq-bench-{}-{}",
                    std::process::id(),
                    NEXT.fetch_add(1, Ordering::Relaxed)
                );
                format!("ipc://{}", std::env::temp_dir().join(name).display())
            }
            _ => "inproc://stage".into(),
        })
    }
}
