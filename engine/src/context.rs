//! Contexts: where sockets live and their tasks run.

use std::fmt;
use std::io;
use std::sync::{Arc, Weak};

use ferromq_core::{Mutex, Transport};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::fork::Home;
use crate::hub::Hub;
use crate::ops::Ops;
use crate::options::Options;

/// A set of sockets that share transports, names of `inproc://` endpoints, and
/// the threads that their I/O runs on.
///
/// A socket made inside a tokio runtime runs on it; such I/O moves only while
/// the runtime is polled. A socket made elsewhere runs on the context's own
/// threads, which start with the first such socket.
///
/// It belongs to the process that made it. In a child that is forked later its sockets,
/// those included that the child makes in it, can do nothing and say so; the child needs
/// a context of its own, as the default one is.
#[derive(Clone)]
pub struct Context {
    inner: Arc<Inner>,
}

struct Inner {
    home: Home,
    transports: Vec<Arc<dyn Transport>>,
    settings: Settings,
    threads: Mutex<Threads>,
    sockets: Mutex<Sockets>,
}

struct Settings {
    /// What a socket starts from that is given no options.
    options: Options,
    max_sockets: usize,
    io_threads: usize,
    embeds: bool,
    thread_name: String,
    on_thread_start: Option<Arc<dyn Fn() + Send + Sync>>,
}

#[derive(Default)]
struct Threads {
    running: Vec<Thread>,
    next: usize,
}

/// The sockets of a context.
#[derive(Default)]
struct Sockets {
    open: Vec<Registered>,
    terminated: bool,
}

/// A socket, and what is left of it while it lingers.
struct Registered {
    ops: Weak<dyn Ops>,
    hub: Weak<Hub>,
}

/// An I/O thread; it ends when this is dropped.
struct Thread {
    runtime: Handle,
    _end: oneshot::Sender<()>,
}

/// Makes a [`Context`].
pub struct ContextBuilder {
    transports: Vec<Arc<dyn Transport>>,
    settings: Settings,
}

impl Context {
    /// A context for which nothing is decided yet.
    #[must_use]
    pub fn builder() -> ContextBuilder {
        ContextBuilder {
            transports: Vec::new(),
            settings: Settings {
                options: Options::new(),
                max_sockets: usize::MAX,
                io_threads: 1,
                embeds: true,
                thread_name: "ferromq".into(),
                on_thread_start: None,
            },
        }
    }

    /// What a socket of this context starts from that is given no options.
    #[must_use]
    pub fn options(&self) -> Options {
        self.inner.settings.options.clone()
    }

    /// How many sockets there are, those included that are closed and linger.
    #[must_use]
    pub fn sockets(&self) -> usize {
        match self.home().is_foreign() {
            true => 0,
            false => self.inner.sockets.lock().count(),
        }
    }

    /// The process that it belongs to, with all its sockets.
    pub(crate) fn home(&self) -> &Home {
        &self.inner.home
    }

    /// The transport of that scheme.
    pub(crate) fn transport(&self, scheme: &str) -> Option<&Arc<dyn Transport>> {
        self.inner
            .transports
            .iter()
            .find(|transport| transport.scheme() == scheme)
    }

    /// The schemes of this context's transports.
    pub fn schemes(&self) -> impl Iterator<Item = &'static str> {
        self.inner
            .transports
            .iter()
            .map(|transport| transport.scheme())
    }

    /// The runtime that a new socket runs on, if it is made inside one.
    pub(crate) fn embed(&self) -> Option<Handle> {
        Handle::try_current()
            .ok()
            .filter(|_| self.inner.settings.embeds)
    }

    /// The next of the context's own threads that `affinity` has a bit for, if there
    /// is one; no bits are all.
    pub(crate) fn io_thread(&self, affinity: u64) -> io::Result<Option<Handle>> {
        let mut threads = self.inner.threads.lock();
        while threads.running.len() < self.inner.settings.io_threads {
            let thread = self.inner.settings.start_thread(threads.running.len())?;
            threads.running.push(thread);
        }
        let count = threads.running.len();
        let allowed = |thread: &usize| {
            let bit = u32::try_from(*thread)
                .ok()
                .and_then(|bit| 1_u64.checked_shl(bit));
            affinity == 0 || bit.is_some_and(|bit| affinity & bit != 0)
        };
        let mut turns = (1..=count).map(|step| (threads.next + step) % count);
        let Some(next) = turns.find(allowed) else {
            return Ok(None);
        };
        threads.next = next;
        Ok(Some(threads.running[next].runtime.clone()))
    }

    /// Remembers a socket, to be closed with the context. One too many stays, and
    /// binds and connects nowhere.
    pub(crate) fn register<S: Ops + 'static>(&self, socket: &Arc<S>, hub: &Arc<Hub>) {
        if self.home().is_foreign() {
            return;
        }
        let mut sockets = self.inner.sockets.lock();
        if sockets.count() >= self.inner.settings.max_sockets {
            hub.exceed(self.inner.settings.max_sockets);
        }
        let ops: Arc<dyn Ops> = Arc::clone(socket) as _;
        sockets.open.push(Registered {
            ops: Arc::downgrade(&ops),
            hub: Arc::downgrade(hub),
        });
        let terminated = sockets.terminated;
        drop(sockets);
        if terminated {
            socket.close();
        }
    }

    /// Closes all sockets of the context, those made later too, without waiting:
    /// calls that wait return, every later call says that the socket is closed.
    /// (`zmq_ctx_shutdown`)
    pub fn shutdown(&self) {
        if self.home().is_foreign() {
            return;
        }
        let sockets: Vec<_> = {
            let mut sockets = self.inner.sockets.lock();
            sockets.terminated = true;
            sockets
                .open
                .iter()
                .filter_map(|socket| socket.ops.upgrade())
                .collect()
        };
        sockets.iter().for_each(|socket| socket.close());
    }

    /// Closes all sockets and waits until everything queued has left, or the
    /// sockets have lingered long enough; those that were dropped before too.
    /// (`zmq_ctx_term`)
    ///
    /// # Cancel safety
    ///
    /// The sockets are closed as soon as the future is first polled; dropping it
    /// only ends the waiting.
    pub async fn term(&self) {
        self.shutdown();
        if self.home().is_foreign() {
            return;
        }
        let hubs: Vec<_> = {
            let sockets = self.inner.sockets.lock();
            sockets
                .open
                .iter()
                .filter_map(|socket| socket.hub.upgrade())
                .collect()
        };
        for hub in hubs {
            hub.tasks.finished().await;
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.home.is_foreign() {
            // Their ends would be told to threads that are the parent's.
            std::mem::forget(std::mem::take(&mut self.threads));
            std::mem::forget(std::mem::take(&mut self.transports));
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schemes: Vec<_> = self.schemes().collect();
        f.debug_tuple("Context").field(&schemes).finish()
    }
}

impl Sockets {
    /// Counts those that are not gone, and forgets those that are.
    fn count(&mut self) -> usize {
        self.open.retain(|socket| socket.hub.strong_count() > 0);
        self.open.len()
    }
}

impl Settings {
    fn start_thread(&self, number: usize) -> io::Result<Thread> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel::<()>();
        let on_start = self.on_thread_start.clone();
        let name = format!("{}/io/{number}", self.thread_name);
        std::thread::Builder::new().name(name).spawn(move || {
            if let Some(on_start) = on_start {
                on_start();
            }
            // Either way the context is gone.
            let _ = runtime.block_on(ended);
        })?;
        Ok(Thread {
            runtime: handle,
            _end: end,
        })
    }
}

impl ContextBuilder {
    /// Adds a transport, for endpoints of its scheme.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transports.push(Arc::new(transport));
        self
    }

    /// What sockets start from that are given no options, as `new()` makes them. Default
    /// [`Options::new`]. (`ZMQ_BLOCKY` by [`linger`](Options::linger), `ZMQ_IPV6` by
    /// the options of tcp)
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.settings.options = options;
        self
    }

    /// How many sockets there may be, those included that are closed and linger. One
    /// too many binds and connects nowhere: [`LinkError::TooManySockets`]. Default
    /// without a limit. (`ZMQ_MAX_SOCKETS`)
    ///
    /// [`LinkError::TooManySockets`]: crate::LinkError::TooManySockets
    #[must_use]
    pub fn max_sockets(mut self, sockets: usize) -> Self {
        self.settings.max_sockets = sockets;
        self
    }

    /// How many I/O threads of its own the context has; at least one. Default 1.
    /// (`ZMQ_IO_THREADS`)
    #[must_use]
    pub fn io_threads(mut self, threads: usize) -> Self {
        self.settings.io_threads = threads.max(1);
        self
    }

    /// Whether sockets made inside a tokio runtime run on it. Default yes.
    #[must_use]
    pub fn embeds(mut self, embeds: bool) -> Self {
        self.settings.embeds = embeds;
        self
    }

    /// What the names of the I/O threads begin with. Default `ferromq`.
    /// (`ZMQ_THREAD_NAME_PREFIX`)
    #[must_use]
    pub fn thread_name(mut self, name: impl Into<String>) -> Self {
        self.settings.thread_name = name.into();
        self
    }

    /// What each I/O thread does first: its signal mask, its priority, the CPUs it may
    /// run on. (`ZMQ_THREAD_PRIORITY`, `ZMQ_THREAD_SCHED_POLICY`,
    /// `ZMQ_THREAD_AFFINITY_CPU_ADD`)
    #[must_use]
    pub fn on_thread_start(mut self, run: impl Fn() + Send + Sync + 'static) -> Self {
        self.settings.on_thread_start = Some(Arc::new(run));
        self
    }

    /// The context. It starts no thread yet.
    #[must_use]
    pub fn build(self) -> Context {
        let inner = Inner {
            home: Home::here(),
            transports: self.transports,
            settings: self.settings,
            threads: Mutex::default(),
            sockets: Mutex::default(),
        };
        Context {
            inner: Arc::new(inner),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_takes_turns_among_the_threads_it_may_use() {
        let context = Context::builder().io_threads(3).thread_name("test").build();
        let name_of = |affinity| {
            let thread = context.io_thread(affinity).expect("threads");
            let (told, name) = std::sync::mpsc::sync_channel(1);
            thread.map(|thread| {
                thread.spawn(async move {
                    let name = std::thread::current().name().map(str::to_owned);
                    told.send(name.unwrap_or_default())
                });
                name.recv().expect("a name")
            })
        };
        let names = [0b100, 0b100, 0b001, 0b110, 0b110, 0b1111_0010].map(name_of);
        let expected = [2, 2, 0, 1, 2, 1].map(|thread| Some(format!("test/io/{thread}")));
        assert_eq!(names, expected);
        assert_eq!([0b1000, 1 << 63].map(name_of), [None, None]);
    }
}
