//! A socket on the stage.

use std::time::Duration;

use crate::errno::Errno;
use crate::event::Happening;
use crate::parcel::Parcel;
use crate::scenario::Actor;
use crate::socket::{Maker, Socket};

/// A socket, and what its application would know.
pub(super) struct Player {
    maker: Maker,
    actor: Actor,
    /// Nothing while it is closed.
    socket: Option<Box<dyn Socket>>,
    /// Where it has bound last.
    pub(super) endpoint: Option<String>,
    /// The number of the peer that it has heard of last.
    pub(super) knows: u32,
    /// The id of the peer that it has heard of last: the first frame of a message.
    pub(super) peer: Option<Vec<u8>>,
}

impl Player {
    pub(super) fn new(maker: Maker, actor: Actor) -> Result<Self, Errno> {
        let mut this = Self {
            maker,
            actor,
            socket: None,
            endpoint: None,
            knows: 0,
            peer: None,
        };
        this.open()?;
        Ok(this)
    }

    pub(super) fn open(&mut self) -> Result<(), Errno> {
        let (kind, options) = self.actor;
        self.socket = Some(self.maker.make(kind, options)?);
        Ok(())
    }

    pub(super) fn close(&mut self) {
        self.socket = None;
    }

    pub(super) fn kind(&self) -> ferromq::SocketType {
        self.actor.0
    }

    /// The socket.
    ///
    /// # Errors
    ///
    /// If it is closed: that is a mistake of the scenario's.
    pub(super) fn socket(&mut self) -> Result<&mut dyn Socket, Errno> {
        match &mut self.socket {
            Some(socket) => Ok(&mut **socket),
            None => Err(Errno::Other(-1)),
        }
    }

    pub(super) fn bind(&mut self, endpoint: &str) -> Result<(), Errno> {
        let endpoint = self.socket()?.bind(endpoint)?;
        self.endpoint = Some(endpoint);
        Ok(())
    }

    /// Has the library do what only happens when a socket is used.
    pub(super) fn attend(&mut self) {
        self.readiness();
    }

    pub(super) fn readiness(&mut self) -> (bool, bool) {
        let socket = self.socket.as_mut();
        socket.map_or((false, false), |socket| socket.readiness())
    }

    pub(super) fn event(&mut self) -> Option<Happening> {
        self.socket.as_mut()?.event()
    }

    pub(super) fn send(&mut self, parcel: Parcel, wait: Duration) -> Result<String, Errno> {
        let parcel = parcel.to(self.knows);
        self.socket()?.send(&parcel, wait)?;
        Ok("sent".to_owned())
    }

    pub(super) fn receive(&mut self, wait: Duration) -> Result<Parcel, Errno> {
        let parcel = self.socket()?.recv(wait)?;
        self.knows = parcel.peer;
        self.peer = parcel.frames.first().cloned();
        Ok(parcel)
    }
}

/// A message as it stands in a script.
pub(super) fn shown(parcel: &Parcel) -> String {
    let frames = parcel.frames.iter().map(|frame| shown_frame(frame));
    let frames = frames.collect::<Vec<_>>().join("|");
    match &parcel.group {
        Some(group) => format!("{group}: {frames}"),
        None => format!("\"{frames}\""),
    }
}

/// The numbers of 64 bits that are the frames of a message.
pub(super) fn shown_numbers(parcel: &Parcel) -> String {
    let numbers = parcel.frames.iter().map(|frame| {
        let number = frame.as_slice().try_into().map(u64::from_ne_bytes);
        number.map_or_else(|_| shown_frame(frame), |number| number.to_string())
    });
    numbers.collect::<Vec<_>>().join(" ")
}

/// A frame's text, or its length if it is long. An id that a library has made up is
/// another one each time.
fn shown_frame(frame: &[u8]) -> String {
    match frame {
        [0, _, _, _, _] => "<id>".to_owned(),
        long if long.len() > 100 => format!("<{} bytes>", long.len()),
        short => short.escape_ascii().to_string(),
    }
}
