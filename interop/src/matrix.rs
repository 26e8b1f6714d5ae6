//! Every pair of sockets that may talk, both ways round, over every transport.

mod exchange;
mod message;
mod pair;
mod stream;

pub(crate) use message::MESSAGES;
pub(crate) use pair::{PAIRS, Pair};

use std::fmt;

use crate::failure::{Failure, Outcome};
use crate::lab::{Lab, Transport};

/// A pair of sockets, and which of them is ferromq's.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The pair.
    pub pair: &'static Pair,
    /// Whether ferromq plays the first.
    pub first: bool,
}

/// Where a pair meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Over what.
    pub transport: Transport,
    /// Whether ferromq binds; otherwise it connects.
    pub binds: bool,
}

/// How many of the messages went well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// So many arrived as they were sent.
    pub passed: usize,
    /// So many should.
    pub total: usize,
    /// What went wrong first.
    pub failure: Option<Failure>,
}

impl Place {
    /// All places, in the order of the page's columns.
    pub const ALL: [Self; 4] = [
        Self {
            transport: Transport::Tcp,
            binds: true,
        },
        Self {
            transport: Transport::Tcp,
            binds: false,
        },
        Self {
            transport: Transport::Ipc,
            binds: true,
        },
        Self {
            transport: Transport::Ipc,
            binds: false,
        },
    ];
}

impl Place {
    /// In few words.
    #[must_use]
    pub fn short(&self) -> String {
        let verb = if self.binds { "binds" } else { "connects" };
        format!("{} {verb}", self.transport)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.binds { "binds" } else { "connects" };
        write!(f, "{}, ferromq {verb}", self.transport)
    }
}

impl Row {
    /// All rows. Where both sockets are of one type, ferromq plays the first.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let both = |pair: &'static Pair| {
            let roles: &[bool] = if pair.first == pair.second {
                &[true]
            } else {
                &[true, false]
            };
            roles.iter().map(move |first| Self {
                pair,
                first: *first,
            })
        };
        PAIRS.iter().flat_map(both).collect()
    }

    /// Where it can be tried.
    #[must_use]
    pub fn places(&self) -> &'static [Place] {
        match self.pair.is_raw() {
            // STREAM is TCP's.
            true => &Place::ALL[..2],
            false => &Place::ALL,
        }
    }

    /// Tries it at one place.
    #[must_use]
    pub fn run(&self, lab: &Lab, place: Place) -> Tally {
        let mut tally = Tally::default();
        let outcome = match self.pair.is_raw() {
            true => stream::run(self, lab, place, &mut tally),
            false => exchange::run(self, lab, place, &mut tally),
        };
        tally.failure = outcome.err();
        tally
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as {}", self.pair, self.pair.kind(self.first))
    }
}

impl Tally {
    /// What the failure was, if there was one.
    ///
    /// # Errors
    ///
    /// The failure.
    pub fn outcome(&self) -> Outcome {
        self.failure.clone().map_or(Ok(()), Err)
    }
}
