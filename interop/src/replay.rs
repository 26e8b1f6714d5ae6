//! A conversation of old, replayed: ferromq's socket in the place of libzmq's, and
//! its peer's octets on the wire.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::slice;

use bytes::Bytes;
use ferromq::SocketType::{Rep, Req, Router, XPub, XSub};

use crate::captures::{Conversation, Line, What};
use crate::failure::{Failure, Outcome, ensure, ensure_eq};
use crate::frames::{Frames, describe, frame, joined};
use crate::lab::{Lab, Transport};
use crate::option::Opt;
use crate::ours::Ours;
use crate::peer::{PATIENCE, Peer, PeerExt};

/// The socket that a conversation is to be replayed with.
pub(crate) fn socket(lab: &Lab, conversation: &Conversation) -> Outcome<Ours> {
    let ours = lab.ours(conversation.kind, &[])?;
    if !conversation.identity.is_empty() {
        ours.set(&Opt::RoutingId.bytes(&conversation.identity))?;
    }
    if conversation.kind == XPub {
        // It is to tell of each subscription.
        ours.set(&Opt::XpubVerbose.int(1))?;
    }
    Ok(ours)
}

/// A conversation under way: ferromq's socket, and its peer's end of the wire.
pub(crate) struct Replay<'a> {
    ours: &'a Ours,
    conversation: &'a Conversation,
    wire: TcpStream,
    /// The peer's octets are written so many at a time.
    piece: usize,
    /// What the peer has said, and its octets are still to follow.
    said: Vec<Frames>,
}

impl<'a> Replay<'a> {
    /// Connects the two.
    pub(crate) fn meet(
        ours: &'a Ours,
        conversation: &'a Conversation,
        binds: bool,
        piece: usize,
    ) -> Outcome<Self> {
        let wire = if binds {
            let endpoint = ours.bind(&Transport::Tcp.any())?;
            TcpStream::connect(endpoint.trim_start_matches("tcp://"))?
        } else {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            ours.connect(&format!("tcp://{}", listener.local_addr()?))?;
            listener.accept()?.0
        };
        wire.set_read_timeout(Some(PATIENCE))?;
        wire.set_write_timeout(Some(PATIENCE))?;
        wire.set_nodelay(true)?;
        Ok(Self {
            ours,
            conversation,
            wire,
            piece,
            said: Vec::new(),
        })
    }

    /// What they do next must go as it went then.
    pub(crate) fn lines(&mut self, lines: &[Line]) -> Outcome {
        lines.iter().try_for_each(|line| self.line(line))
    }

    /// The same, of one line.
    pub(crate) fn line(&mut self, line: &Line) -> Outcome {
        match (&line.what, line.socket) {
            (What::Send(message), true) => self.ours.put(&self.put_in(message)),
            (What::Send(message), false) => {
                self.said.push(self.put_in(message));
                Ok(())
            }
            (What::Subscribe(topic), true) => self.request(1, topic),
            (What::Cancel(topic), true) => self.request(0, topic),
            (What::Subscribe(topic), false) => {
                self.said.push(request(1, topic));
                Ok(())
            }
            (What::Cancel(topic), false) => {
                self.said.push(request(0, topic));
                Ok(())
            }
            (What::Wire(bytes), true) => self.hear(bytes),
            (What::Wire(bytes), false) => self.say(bytes),
        }
    }

    /// A message on the wire as the socket's application has it.
    fn put_in(&self, message: &Frames) -> Frames {
        match self.ours.kind() {
            Req | Rep => message[1..].to_vec(),
            Router => {
                let name = slice::from_ref(&self.conversation.peer_identity);
                joined(name, message)
            }
            _ => message.clone(),
        }
    }

    fn request(&self, verb: u8, topic: &Bytes) -> Outcome {
        let option = match verb {
            0 => Opt::Unsubscribe,
            _ => Opt::Subscribe,
        };
        match self.ours.kind() {
            XSub => self.ours.put(&request(verb, topic)),
            _ => self.ours.set(&option.bytes(topic)),
        }
    }

    /// Reads what libzmq has written at this point.
    fn hear(&mut self, wanted: &Bytes) -> Outcome {
        let mut got = vec![0; wanted.len()];
        self.wire.read_exact(&mut got).map_err(|error| {
            Failure::new(error).during(format_args!("for {}", describe(slice::from_ref(wanted))))
        })?;
        ensure_eq!(
            describe(&[got.clone().into()]),
            describe(slice::from_ref(wanted))
        );
        ensure!(got == wanted[..], "{} octets are not the same", got.len());
        Ok(())
    }

    /// Writes what the peer wrote, and has the socket understand it.
    fn say(&mut self, bytes: &Bytes) -> Outcome {
        // Nothing can happen in the middle of a long body.
        let (edge, rest) = bytes.split_at(bytes.len().min(600));
        for piece in edge.chunks(self.piece.min(edge.len().max(1))) {
            self.wire.write_all(piece)?;
        }
        self.wire.write_all(rest)?;
        for message in std::mem::take(&mut self.said) {
            self.ours.expect(&message)?;
        }
        Ok(())
    }
}

fn request(verb: u8, topic: &[u8]) -> Frames {
    frame([&[verb], topic].concat())
}
