//! Waiting for several sockets and descriptors at once, on a thread.

use std::io;
use std::sync::Arc;
use std::task::Waker;
use std::time::{Duration, Instant};

use crate::any::AnySocket;
use crate::ops::observer_key;

/// What to wait for, on a socket or descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interest {
    /// It can be received from (`ZMQ_POLLIN`).
    Readable,
    /// It can be sent to (`ZMQ_POLLOUT`).
    Writable,
    /// Either.
    Both,
}

/// What a socket or descriptor is ready for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readiness {
    /// The key under which it was added.
    pub key: usize,
    /// It can be received from.
    pub readable: bool,
    /// It can be sent to.
    pub writable: bool,
    /// Something is wrong with the descriptor (`ZMQ_POLLERR`).
    pub error: bool,
}

/// Waits until one of several sockets, or file descriptors, is ready.
///
/// Level-triggered, like `zmq_poll`: what is ready and not dealt with is
/// reported again. The same socket may be added several times.
pub struct Poller<'fd> {
    sockets: Vec<Watched>,
    descriptors: sys::Descriptors<'fd>,
    sleep: Arc<sys::Sleep>,
    observer: u64,
}

struct Watched {
    socket: AnySocket,
    key: usize,
    interest: Interest,
}

impl Interest {
    fn readable(self) -> bool {
        self != Self::Writable
    }

    fn writable(self) -> bool {
        self != Self::Readable
    }
}

impl<'fd> Poller<'fd> {
    /// A poller that waits for nothing yet.
    ///
    /// # Errors
    ///
    /// The system's, if it has no descriptors left.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            sockets: Vec::new(),
            descriptors: sys::Descriptors::default(),
            sleep: Arc::new(sys::Sleep::new()?),
            observer: observer_key(),
        })
    }

    /// Adds a socket, to be reported under `key`.
    pub fn add(&mut self, socket: impl Into<AnySocket>, key: usize, interest: Interest) {
        let socket = socket.into();
        let waker = Waker::from(Arc::clone(&self.sleep));
        socket
            .ops()
            .in_lane()
            .observe(self.observer, Some(waker.clone()));
        socket.ops().out_lane().observe(self.observer, Some(waker));
        self.sockets.push(Watched {
            socket,
            key,
            interest,
        });
    }

    /// Adds a file descriptor, to be reported under `key`.
    #[cfg(unix)]
    pub fn add_fd(
        &mut self,
        descriptor: impl Into<std::os::fd::BorrowedFd<'fd>>,
        key: usize,
        interest: Interest,
    ) {
        self.descriptors.add(descriptor.into(), key, interest);
    }

    /// Forgets everything that was added under `key`.
    pub fn remove(&mut self, key: usize) {
        self.descriptors.remove(key);
        self.sockets.retain(|watched| watched.key != key);
    }

    /// Waits until something is ready, or `timeout` has passed; without one, for as
    /// long as it takes.
    ///
    /// # Errors
    ///
    /// The system's, if a descriptor cannot be waited for.
    pub fn wait(&mut self, timeout: Option<Duration>) -> io::Result<Vec<Readiness>> {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            let mut ready: Vec<_> = self.sockets.iter().filter_map(Watched::ready).collect();
            let limit = if ready.is_empty() {
                deadline
            } else {
                Some(Instant::now())
            };
            let in_time = self.descriptors.wait(&self.sleep, limit, &mut ready)?;
            if !ready.is_empty() || !in_time {
                return Ok(ready);
            }
        }
    }
}

impl Watched {
    fn ready(&self) -> Option<Readiness> {
        let readable = self.interest.readable() && self.socket.is_readable();
        let writable = self.interest.writable() && self.socket.is_writable();
        (readable || writable).then_some(Readiness {
            key: self.key,
            readable,
            writable,
            error: false,
        })
    }
}

impl Drop for Poller<'_> {
    fn drop(&mut self) {
        for watched in &self.sockets {
            watched.socket.ops().in_lane().observe(self.observer, None);
            watched.socket.ops().out_lane().observe(self.observer, None);
        }
    }
}

impl std::fmt::Debug for Poller<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Poller")
            .field("sockets", &self.sockets.len())
            .finish_non_exhaustive()
    }
}

/// Sleeping in `poll(2)`, with a pipe that sockets write to.
#[cfg(unix)]
mod sys {
    use std::io::{self, Read, Write};
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::net::UnixStream;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::Wake;
    use std::time::Instant;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::{Interest, Readiness};

    #[derive(Default)]
    pub(super) struct Descriptors<'fd>(Vec<(BorrowedFd<'fd>, usize, Interest)>);

    /// A pipe that is readable once woken.
    pub(super) struct Sleep {
        woken: AtomicBool,
        writer: UnixStream,
        reader: UnixStream,
    }

    impl<'fd> Descriptors<'fd> {
        pub(super) fn add(&mut self, descriptor: BorrowedFd<'fd>, key: usize, interest: Interest) {
            self.0.push((descriptor, key, interest));
        }

        pub(super) fn remove(&mut self, key: usize) {
            self.0.retain(|(_, known, _)| *known != key);
        }

        /// Waits for a descriptor or a wake-up, and reports the descriptors that are
        /// ready; says whether either came before the deadline.
        pub(super) fn wait(
            &self,
            sleep: &Sleep,
            deadline: Option<Instant>,
            ready: &mut Vec<Readiness>,
        ) -> io::Result<bool> {
            let mut polled = vec![PollFd::new(&sleep.reader, PollFlags::IN)];
            polled.extend(self.0.iter().map(|(descriptor, _, interest)| {
                let mut flags = PollFlags::empty();
                flags.set(PollFlags::IN, interest.readable());
                flags.set(PollFlags::OUT, interest.writable());
                PollFd::from_borrowed_fd(descriptor.as_fd(), flags)
            }));
            let timeout = deadline.map(|deadline| {
                let left = deadline.saturating_duration_since(Instant::now());
                Timespec::try_from(left).unwrap_or(Timespec {
                    tv_sec: i64::MAX,
                    tv_nsec: 0,
                })
            });
            let count = match poll(&mut polled, timeout.as_ref()) {
                Ok(count) => count,
                Err(rustix::io::Errno::INTR) => return Ok(true),
                Err(error) => return Err(error.into()),
            };
            sleep.clear();
            for (polled, (_, key, _)) in polled[1..].iter().zip(&self.0) {
                let events = polled.revents();
                let failed = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
                if !events.is_empty() {
                    ready.push(Readiness {
                        key: *key,
                        readable: events.contains(PollFlags::IN),
                        writable: events.contains(PollFlags::OUT),
                        error: events.intersects(failed),
                    });
                }
            }
            Ok(count > 0)
        }
    }

    impl Sleep {
        pub(super) fn new() -> io::Result<Self> {
            let (writer, reader) = UnixStream::pair()?;
            writer.set_nonblocking(true)?;
            reader.set_nonblocking(true)?;
            Ok(Self {
                woken: AtomicBool::new(false),
                writer,
                reader,
            })
        }

        fn clear(&self) {
            if self.woken.swap(false, Ordering::AcqRel) {
                // At most one byte is in the pipe; if it is not yet, the next wait ends early.
                let _ = (&self.reader).read(&mut [0; 8]);
            }
        }
    }

    impl Wake for Sleep {
        fn wake(self: Arc<Self>) {
            self.wake_by_ref();
        }

        fn wake_by_ref(self: &Arc<Self>) {
            if !self.woken.swap(true, Ordering::AcqRel) {
                // The pipe is empty: the byte fits.
                let _ = (&self.writer).write(&[1]);
            }
        }
    }
}

/// Sleeping on the thread: this platform's descriptors cannot be waited for.
#[cfg(not(unix))]
mod sys {
    use std::io;
    use std::marker::PhantomData;
    use std::sync::Arc;
    use std::task::Wake;
    use std::time::Instant;

    use super::Readiness;
    use crate::park::Parker;

    #[derive(Default)]
    pub(super) struct Descriptors<'fd>(PhantomData<&'fd ()>);

    pub(super) struct Sleep(Arc<Parker>);

    impl Descriptors<'_> {
        pub(super) fn remove(&mut self, _key: usize) {}

        pub(super) fn wait(
            &self,
            sleep: &Sleep,
            deadline: Option<Instant>,
            _ready: &mut Vec<Readiness>,
        ) -> io::Result<bool> {
            Ok(sleep.0.park(deadline))
        }
    }

    impl Sleep {
        pub(super) fn new() -> io::Result<Self> {
            Ok(Self(Parker::current()))
        }
    }

    impl Wake for Sleep {
        fn wake(self: Arc<Self>) {
            Arc::clone(&self.0).wake();
        }
    }
}
