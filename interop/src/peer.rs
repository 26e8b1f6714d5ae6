//! A socket, whoever implements it.

use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use ferromq::SocketType;

use crate::event::Happening;
use crate::failure::{Failure, Outcome};
use crate::frames::{Frames, describe, difference, frame};
use crate::option::Setting;

/// How long anything may take that has to happen. Nothing here takes so long unless
/// something is wrong.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A socket of some implementation.
///
/// Whoever uses it waits with a limit: no call hangs. A socket that is dropped
/// is closed, and lingers as it was set to; which is not at all by default.
pub trait Peer: Send {
    /// Its type.
    fn kind(&self) -> SocketType;

    /// Sets an option. Where it makes a difference, before the socket is bound
    /// or connected.
    ///
    /// # Errors
    ///
    /// If the implementation has no such option or value.
    fn set(&self, setting: &Setting) -> Outcome;

    /// Listens, and says where.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    fn bind(&self, endpoint: &str) -> Outcome<String>;

    /// Connects in the background.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    fn connect(&self, endpoint: &str) -> Outcome;

    /// Lets an endpoint go that it is bound or connected to.
    ///
    /// # Errors
    ///
    /// If there is none of that name.
    fn disconnect(&self, endpoint: &str) -> Outcome;

    /// Sends a message, waiting so long for room.
    ///
    /// # Errors
    ///
    /// What the socket says, other than that it has no room or no such peer.
    fn send(&self, message: &Frames, wait: Duration) -> Outcome<Sent>;

    /// Receives a message, waiting so long for one.
    ///
    /// # Errors
    ///
    /// What the socket says, other than that there is none.
    fn recv(&self, wait: Duration) -> Outcome<Option<Frames>>;

    /// A property of the peer that the last message came from, as
    /// `zmq_msg_gets` gives it.
    ///
    /// # Errors
    ///
    /// If the implementation does not tell.
    fn property(&self, name: &str) -> Outcome<Option<String>>;

    /// Collects events from now on.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    fn watch(&self) -> Outcome;

    /// The next event, waiting so long for it.
    ///
    /// # Errors
    ///
    /// If the socket is not watched.
    fn event(&self, wait: Duration) -> Outcome<Option<Happening>>;

    /// Closes the socket. What has to be sent is sent, as it lingers.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    fn close(self: Box<Self>) -> Outcome;
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way.
    Yes,
    /// Nobody had room for it in time (`EAGAIN`).
    Full,
    /// A ROUTER knows nobody of that name (`EHOSTUNREACH`).
    Unroutable,
}

impl Sent {
    /// The word for it, as processes say it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "sent",
            Self::Full => "full",
            Self::Unroutable => "unroutable",
        }
    }

    /// What that word means.
    ///
    /// # Errors
    ///
    /// If it is no such word.
    pub fn from_word(word: &[u8]) -> Outcome<Self> {
        [Self::Yes, Self::Full, Self::Unroutable]
            .into_iter()
            .find(|sent| sent.word().as_bytes() == word)
            .ok_or_else(|| Failure::new(format_args!("\"{}\" is no answer", word.escape_ascii())))
    }
}

/// What everybody does with peers.
pub(crate) trait PeerExt: Peer {
    /// Sends a message that must find room.
    ///
    /// # Errors
    ///
    /// If it does not.
    fn put(&self, message: &Frames) -> Outcome {
        match self.send(message, PATIENCE)? {
            Sent::Yes => Ok(()),
            other => Err(self.complain(format_args!("{other:?} for {}", describe(message)))),
        }
    }

    /// Sends a message to a peer that a ROUTER may not know yet.
    ///
    /// # Errors
    ///
    /// If it does not become known.
    fn put_when_known(&self, message: &Frames) -> Outcome {
        until("a ROUTER knows its peer", || {
            Ok(self.send(message, PATIENCE)? == Sent::Yes)
        })
    }

    /// Receives a message that must come.
    ///
    /// # Errors
    ///
    /// If it does not.
    fn take(&self) -> Outcome<Frames> {
        self.recv(PATIENCE)?
            .ok_or_else(|| self.complain("no message came"))
    }

    /// Receives a message that must be this one.
    ///
    /// # Errors
    ///
    /// If it is another, or none.
    fn expect(&self, wanted: &Frames) -> Outcome {
        let got = self
            .take()
            .map_err(|failure| failure.during(format_args!("for {}", describe(wanted))))?;
        match difference(&got, wanted) {
            None => Ok(()),
            Some(difference) => Err(self.complain(difference)),
        }
    }

    /// Makes sure that no message comes for a while.
    ///
    /// # Errors
    ///
    /// If one does.
    fn expect_nothing(&self) -> Outcome {
        match self.recv(Duration::from_millis(150))? {
            None => Ok(()),
            Some(message) => Err(self.complain(format_args!(
                "{} came, and nothing should",
                describe(&message)
            ))),
        }
    }

    /// Waits for an event, and forgets those before it.
    ///
    /// # Errors
    ///
    /// If it does not happen.
    fn wait_for(&self, wanted: Happening) -> Outcome {
        self.wait_for_any(&[wanted])
    }

    /// Waits for one of several events, and forgets those before it.
    ///
    /// # Errors
    ///
    /// If none happens.
    fn wait_for_any(&self, wanted: &[Happening]) -> Outcome {
        // What happens for ever must not hide what does not.
        const MANY: usize = 200;
        let mut seen = Vec::new();
        while let Some(event) = self.event(PATIENCE)? {
            if wanted.contains(&event) {
                return Ok(());
            }
            seen.push(event);
            if seen.len() == MANY {
                break;
            }
        }
        let last = &seen[seen.len().saturating_sub(8)..];
        Err(self.complain(format_args!("no {wanted:?}; after others {last:?}")))
    }

    /// The events that are there.
    ///
    /// # Errors
    ///
    /// If the socket is not watched.
    fn events(&self) -> Outcome<Vec<Happening>> {
        let mut seen = Vec::new();
        while let Some(event) = self.event(Duration::ZERO)? {
            seen.push(event);
        }
        Ok(seen)
    }

    /// A failure of this socket's.
    fn complain(&self, what: impl fmt::Display) -> Failure {
        Failure::new(what).during(self.kind())
    }
}

impl<P: Peer + ?Sized> PeerExt for P {}

/// What an XPUB is told when this subscriber comes, or comes back.
///
/// libzmq's SUB that is bound subscribes at a new peer, and any at one that is back,
/// only when its application enters it (`xattach_pipe` and `xhiccuped` run in the
/// application's thread): so it is entered.
///
/// # Errors
///
/// If it is told nothing.
pub(crate) fn subscription(publisher: &dyn Peer, subscriber: &dyn Peer) -> Outcome<Frames> {
    let mut told = None;
    until("a subscription arrives", || {
        if let Some(early) = subscriber.recv(Duration::ZERO)? {
            return Err(subscriber.complain(format_args!("{} comes early", describe(&early))));
        }
        told = publisher.recv(Duration::from_millis(10))?;
        Ok(told.is_some())
    })?;
    Ok(told.unwrap_or_default())
}

/// Waits until an XPUB is told of its subscriber's subscription to this topic.
///
/// # Errors
///
/// If it is told something else, or nothing.
pub(crate) fn await_subscription(
    publisher: &dyn Peer,
    subscriber: &dyn Peer,
    topic: &[u8],
) -> Outcome {
    let told = subscription(publisher, subscriber)?;
    match difference(&told, &frame([&[1], topic].concat())) {
        None => Ok(()),
        Some(difference) => Err(publisher.complain(difference)),
    }
}

/// Waits until something is so that nobody announces.
///
/// # Errors
///
/// If it does not become so.
pub(crate) fn until(what: &str, mut condition: impl FnMut() -> Outcome<bool>) -> Outcome {
    let deadline = Instant::now() + PATIENCE;
    while !condition()? {
        if Instant::now() > deadline {
            return Err(Failure::new(format_args!("{what}: it does not happen")));
        }
        // Nobody announces it: that is what this function is for.
        thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}
