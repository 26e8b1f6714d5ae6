//! Where a check finds its sockets, processes and addresses.

use std::env;
use std::fmt;
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ferromq::SocketType;

use crate::failure::{Failure, Outcome};
use crate::libzmq::Libzmq;
use crate::option::Setting;
use crate::ours::{Home, Ours};
use crate::peer::Peer;
use crate::remote::{Process, Program};

/// A build of libzmq that ferromq talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Library {
    /// The system's, in this process. ferromq's I/O is on threads of its own.
    System,
    /// That of pyzmq's wheel, in another process. ferromq's I/O is in the
    /// application's runtime.
    Pyzmq,
    /// None: what peers of old sent, replayed.
    Captures,
}

/// How peers reach each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// `tcp://`
    Tcp,
    /// `ipc://`
    Ipc,
}

/// One build of libzmq, and what it takes to talk to it.
pub struct Lab {
    library: Library,
    pyzmq: Mutex<Option<Arc<Process>>>,
}

impl Library {
    /// Those that are there, for whatever is checked with libzmq.
    pub const LIVE: [Self; 2] = [Self::System, Self::Pyzmq];
    /// What stands in for peers of old.
    pub const REPLAYED: [Self; 1] = [Self::Captures];
    /// All.
    pub const ALL: [Self; 3] = [Self::System, Self::Pyzmq, Self::Captures];
}

impl fmt::Display for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "libzmq",
            Self::Pyzmq => "pyzmq",
            Self::Captures => "captures",
        })
    }
}

impl Transport {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Tcp, Self::Ipc];

    /// An endpoint to bind to.
    #[must_use]
    pub fn any(self) -> String {
        match self {
            Self::Tcp => "tcp://127.0.0.1:*".to_owned(),
            Self::Ipc => path(),
        }
    }

    /// An endpoint that nobody is bound to, and nobody will be by chance: for those
    /// who connect first, or bind again.
    ///
    /// # Errors
    ///
    /// If the system has no port left.
    pub fn unused(self) -> Outcome<String> {
        // The system gives away higher ports by chance, to whoever binds or connects.
        const FIRST: u64 = 20_000;
        const PORTS: u64 = 12_000;
        if self == Self::Ipc {
            return Ok(path());
        }
        let start = u64::from(process::id()) * 100;
        let ports = (0..PORTS).map(|_| FIRST + (start + number()) % PORTS);
        for port in ports {
            let address = format!("127.0.0.1:{port}");
            if TcpListener::bind(&address).is_ok() {
                return Ok(format!("tcp://{address}"));
            }
        }
        Err(Failure::new("all ports are in use"))
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "tcp",
            Self::Ipc => "ipc",
        })
    }
}

impl Lab {
    /// A lab for one build of libzmq.
    #[must_use]
    pub fn new(library: Library) -> Self {
        Self {
            library,
            pyzmq: Mutex::default(),
        }
    }

    /// Which build of libzmq it is.
    #[must_use]
    pub fn library(&self) -> Library {
        self.library
    }

    /// A socket of ferromq.
    ///
    /// # Errors
    ///
    /// If it does not take these settings.
    pub fn ours(&self, kind: SocketType, settings: &[Setting]) -> Outcome<Ours> {
        let home = match self.library {
            Library::System | Library::Captures => Home::Thread,
            Library::Pyzmq => Home::Runtime,
        };
        let socket = Ours::new(kind, home)?;
        settings
            .iter()
            .try_for_each(|setting| socket.set(setting))?;
        Ok(socket)
    }

    /// A socket of libzmq.
    ///
    /// # Errors
    ///
    /// If it does not take these settings, or pyzmq is missing.
    pub fn theirs(&self, kind: SocketType, settings: &[Setting]) -> Outcome<Box<dyn Peer>> {
        let socket = match self.library {
            Library::System => Box::new(Libzmq::new(kind)?),
            Library::Pyzmq => self.pyzmq()?.socket(kind)?,
            Library::Captures => return Err(no_libzmq()),
        };
        settings
            .iter()
            .try_for_each(|setting| socket.set(setting))?;
        Ok(socket)
    }

    /// A socket of ferromq, or one of libzmq.
    ///
    /// # Errors
    ///
    /// As for either.
    pub fn either(
        &self,
        ours: bool,
        kind: SocketType,
        settings: &[Setting],
    ) -> Outcome<Box<dyn Peer>> {
        match ours {
            true => Ok(Box::new(self.ours(kind, settings)?)),
            false => self.theirs(kind, settings),
        }
    }

    /// A process of its own with libzmq in it.
    ///
    /// # Errors
    ///
    /// If it cannot start.
    pub fn their_process(&self) -> Outcome<Arc<Process>> {
        Process::start(match self.library {
            Library::System => Program::Libzmq,
            Library::Pyzmq => Program::Pyzmq,
            Library::Captures => return Err(no_libzmq()),
        })
    }

    /// A process of its own with either in it.
    ///
    /// # Errors
    ///
    /// If it cannot start.
    pub fn process(&self, ours: bool) -> Outcome<Arc<Process>> {
        match ours {
            true => Process::start(Program::Ferromq),
            false => self.their_process(),
        }
    }

    /// The libzmq's version.
    ///
    /// # Errors
    ///
    /// If pyzmq is missing.
    pub fn version(&self) -> Outcome<String> {
        match self.library {
            Library::System => Ok(crate::libzmq::version()),
            Library::Pyzmq => Ok(self.pyzmq()?.version.clone()),
            Library::Captures => Err(no_libzmq()),
        }
    }

    /// The process that has those of pyzmq's sockets that need none of their own.
    fn pyzmq(&self) -> Outcome<Arc<Process>> {
        let mut pyzmq = self.pyzmq.lock().unwrap_or_else(PoisonError::into_inner);
        let process = match pyzmq.take() {
            Some(process) => process,
            None => Process::start(Program::Pyzmq)?,
        };
        Ok(Arc::clone(pyzmq.insert(process)))
    }
}

fn no_libzmq() -> Failure {
    Failure::new("there is no libzmq where captures are replayed")
}

/// A new name in the folder of this run.
fn path() -> String {
    format!("ipc://{}/{}", folder().display(), number())
}

/// A new name in no folder.
#[must_use]
pub(crate) fn abstract_name() -> String {
    format!("ipc://@ferromq-interop-{}-{}", process::id(), number())
}

fn number() -> u64 {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// The folder of this run.
fn folder() -> PathBuf {
    let folder = env::temp_dir().join(format!("ferromq-interop-{}", process::id()));
    // Binding there says what is wrong, if something is.
    let _ = fs::create_dir_all(&folder);
    folder
}

/// Removes what this run has made.
pub fn clean() {
    // There may be nothing.
    let _ = fs::remove_dir_all(folder());
}
