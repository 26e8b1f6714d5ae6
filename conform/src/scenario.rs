//! What happens, as data.

use std::fmt;

use ferromq::SocketType;

use crate::opt::Opt;
use crate::socket::Maker;
use crate::step::Step;

/// One of the sockets of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The one that is named first.
    A,
    /// The next.
    B,
    /// The next.
    C,
    /// The last.
    D,
}

/// A socket's type, and the options that it has from the beginning.
pub type Actor = (SocketType, &'static [Opt]);

/// Some sockets, and what they do.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// What it shows, in a sentence without a full stop.
    pub name: &'static str,
    /// Where it says that this has to be so: a test of libzmq's, an RFC, an option.
    pub source: &'static str,
    /// The sockets; each of them is made by either library.
    pub cast: &'static [Actor],
    /// What they do, one after the other.
    pub steps: &'static [Step],
    /// What they may be connected by.
    pub carriers: &'static [Carrier],
    /// Whether it is played a second time, with whoever connects to the other bound.
    pub either_binds: bool,
}

/// What the sockets are connected by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// TCP, on the loopback.
    Tcp,
    /// A Unix socket.
    Ipc,
    /// Nothing: both are in one context, and so of one library.
    Inproc,
}

/// Who makes which socket: a bit for each role, set where ferromq does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mix {
    ours: u8,
    size: usize,
}

impl Role {
    const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];
}

impl Carrier {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Tcp, Self::Ipc, Self::Inproc];
    /// Those that are connections: what is about a connection happens there alone.
    pub const WIRES: &[Self] = &[Self::Tcp, Self::Ipc];
    /// TCP alone: what needs to meddle with the wire, or a number for a port.
    pub const TCP: &[Self] = &[Self::Tcp];
    /// The inside of a process alone.
    pub const INPROC: &[Self] = &[Self::Inproc];
}

impl Scenario {
    /// A scenario over all carriers, in which whoever is to bind does.
    pub(crate) const fn new(
        name: &'static str,
        source: &'static str,
        cast: &'static [Actor],
        steps: &'static [Step],
    ) -> Self {
        Self {
            name,
            source,
            cast,
            steps,
            carriers: Carrier::ALL,
            either_binds: false,
        }
    }

    /// The same over these carriers only.
    pub(crate) const fn over(mut self, carriers: &'static [Carrier]) -> Self {
        self.carriers = carriers;
        self
    }

    /// The same with either side bound.
    pub(crate) const fn either_way(mut self) -> Self {
        self.either_binds = true;
        self
    }

    /// Who can make which socket, libzmq alone first: all mixes, but that sockets of one
    /// context have one maker.
    #[must_use]
    pub fn mixes(&self, carrier: Carrier) -> Vec<Mix> {
        let size = self.cast.len();
        let all = (0..1_u8 << size).map(|ours| Mix { ours, size });
        let possible = all.filter(|mix| match carrier {
            Carrier::Inproc => mix.is_pure(),
            _ => self.steps.iter().all(|step| step.allows(*mix)),
        });
        possible.collect()
    }
}

impl Mix {
    /// Who makes the socket of this role.
    #[must_use]
    pub fn maker(self, role: Role) -> Maker {
        if self.ours & (1 << role as u8) == 0 {
            Maker::Theirs
        } else {
            Maker::Ours
        }
    }

    fn is_pure(self) -> bool {
        self.ours == 0 || self.ours == (1 << self.size) - 1
    }
}

impl fmt::Display for Mix {
    /// A letter for each role: `z` is libzmq, and `f` ferromq.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for role in Role::ALL.iter().take(self.size) {
            f.write_str(match self.maker(*role) {
                Maker::Ours => "f",
                Maker::Theirs => "z",
            })?;
        }
        Ok(())
    }
}

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "tcp",
            Self::Ipc => "ipc",
            Self::Inproc => "inproc",
        })
    }
}
