//! What sockets do together beyond passing messages on: each a sentence that a
//! function finds true.

mod addresses;
mod closing;
mod devices;
mod forks;
mod heartbeats;
mod late_joiners;
mod manual;
mod marks;
mod misfits;
mod monitors;
mod newest;
mod old_peers;
mod publishers;
mod reconnection;
mod requests;
mod routers;
mod streams;
mod subscriptions;

use std::fmt;

use crate::failure::Outcome;
use crate::lab::{Lab, Library, Transport};
use crate::peer::Peer;

/// Something that is so.
#[derive(Debug)]
pub struct Behaviour {
    chapter: &'static str,
    /// The function's name, which is the sentence.
    name: &'static str,
    libraries: &'static [Library],
    run: fn(&Lab) -> Outcome,
}

/// A subject, and what is so of it.
#[derive(Debug)]
pub(crate) struct Chapter {
    /// What it is about.
    pub title: &'static str,
    /// What is so.
    pub behaviours: &'static [Behaviour],
}

/// Names this module's behaviours, which are functions, under a title.
macro_rules! chapter {
    ($title:literal: $($name:ident),+ $(,)?) => {
        chapter!($title, with LIVE: $($name),+);
    };
    ($title:literal, with $libraries:ident: $($name:ident),+ $(,)?) => {
        pub(super) const CHAPTER: super::Chapter = super::Chapter {
            title: $title,
            behaviours: &[$(super::Behaviour {
                chapter: $title,
                name: stringify!($name),
                libraries: &crate::lab::Library::$libraries,
                run: $name,
            },)+],
        };
    };
}

use chapter;

/// All chapters, in the order of the page.
pub(crate) const CHAPTERS: &[Chapter] = &[
    reconnection::CHAPTER,
    late_joiners::CHAPTER,
    heartbeats::CHAPTER,
    marks::CHAPTER,
    newest::CHAPTER,
    requests::CHAPTER,
    routers::CHAPTER,
    subscriptions::CHAPTER,
    manual::CHAPTER,
    publishers::CHAPTER,
    devices::CHAPTER,
    closing::CHAPTER,
    forks::CHAPTER,
    monitors::CHAPTER,
    misfits::CHAPTER,
    streams::CHAPTER,
    addresses::CHAPTER,
    old_peers::CHAPTER,
];

/// What functions cannot be called, and how it is written.
const NAMES: [(&str, &str); 9] = [
    ("zmtp", "ZMTP"),
    ("xpub", "XPUB"),
    ("xsub", "XSUB"),
    ("ipv6", "IPv6"),
    ("push", "PUSH"),
    ("router", "ROUTER"),
    ("1 0", "1.0"),
    ("2 0", "2.0"),
    ("3 0", "3.0"),
];

/// All behaviours.
pub(crate) fn all() -> impl Iterator<Item = &'static Behaviour> {
    CHAPTERS.iter().flat_map(|chapter| chapter.behaviours)
}

impl Behaviour {
    /// What is so.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut sentence = self.name.replace('_', " ");
        for (word, name) in NAMES {
            sentence = sentence.replace(word, name);
        }
        sentence
    }

    /// Whether it is this one.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        (self.chapter, self.name) == (other.chapter, other.name)
    }

    /// With whom it is so.
    #[must_use]
    pub fn libraries(&self) -> &'static [Library] {
        self.libraries
    }

    /// Finds out.
    ///
    /// # Errors
    ///
    /// If it is not so.
    pub fn run(&self, lab: &Lab) -> Outcome {
        (self.run)(lab)
    }
}

impl fmt::Display for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.chapter, self.sentence())
    }
}

/// Tries something with ferromq in a role, and with libzmq in it.
fn both_ways(run: impl Fn(bool) -> Outcome) -> Outcome {
    run(true).map_err(|failure| failure.during("ferromq first"))?;
    run(false).map_err(|failure| failure.during("libzmq first"))
}

/// Has two sockets meet over TCP; says where.
fn meet(binder: &dyn Peer, connecter: &dyn Peer) -> Outcome<String> {
    let endpoint = binder.bind(&Transport::Tcp.any())?;
    connecter.connect(&endpoint)?;
    Ok(endpoint)
}
