//! Options of the wire.

#[cfg(unix)]
use std::os::unix::net::UnixListener;
#[cfg(unix)]
use std::sync::Arc;

#[cfg(unix)]
use ferromq_core::Mutex;

/// What the listeners of a socket over `ipc://` are set to.
///
/// The three kinds of filters add up: a peer that one of them lets in is in. With
/// none everybody is who can open the socket's file.
///
/// ```
/// use ferromq_transport_ipc::IpcOptions;
///
/// let options = IpcOptions::new().backlog(10).accept_user(1000);
/// ```
#[derive(Debug, Clone)]
pub struct IpcOptions {
    pub(crate) backlog: u32,
    pub(crate) users: Vec<u32>,
    pub(crate) groups: Vec<u32>,
    pub(crate) processes: Vec<i32>,
    /// The listener for the next bind; whoever binds first takes it.
    #[cfg(unix)]
    pub(crate) listener: Option<Arc<Mutex<Option<UnixListener>>>>,
}

impl IpcOptions {
    /// The defaults, which are those of libzmq.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            backlog: 1024,
            users: Vec::new(),
            groups: Vec::new(),
            processes: Vec::new(),
            #[cfg(unix)]
            listener: None,
        }
    }

    /// How many connections the system keeps for a listener that is slow to
    /// accept. Default 1024 (libzmq: 100, which peers that come all at once exceed);
    /// the system may cap it. (`ZMQ_BACKLOG`)
    #[must_use]
    pub fn backlog(mut self, connections: u32) -> Self {
        self.backlog = connections;
        self
    }

    /// Lets in processes of this user. (`ZMQ_IPC_FILTER_UID`)
    #[must_use]
    pub fn accept_user(mut self, id: u32) -> Self {
        self.users.push(id);
        self
    }

    /// Lets in processes of this group, and of users whom `/etc/group` lists as its
    /// members. (`ZMQ_IPC_FILTER_GID`)
    #[must_use]
    pub fn accept_group(mut self, id: u32) -> Self {
        self.groups.push(id);
        self
    }

    /// Lets in this process. (`ZMQ_IPC_FILTER_PID`)
    #[must_use]
    pub fn accept_process(mut self, id: i32) -> Self {
        self.processes.push(id);
        self
    }

    /// Gives the next bind a socket that listens already, whatever the endpoint.
    /// It is used once, by the first of all the clones of these options. Default
    /// none. (`ZMQ_USE_FD`)
    #[cfg(unix)]
    #[must_use]
    pub fn listener(mut self, listener: UnixListener) -> Self {
        self.listener = Some(Arc::new(Mutex::new(Some(listener))));
        self
    }
}

impl Default for IpcOptions {
    fn default() -> Self {
        Self::new()
    }
}
