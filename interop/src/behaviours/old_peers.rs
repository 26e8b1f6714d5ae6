//! Peers of old: what they sent is replayed to a socket of ferromq, which has to
//! send, octet for octet, what libzmq's sent then.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use bytes::Bytes;
use ferromq::SocketType::{Pub, Rep, Req, Router, XPub, XSub};

use super::chapter;
use crate::captures::{self, Conversation, Line, What};
use crate::failure::{Failure, Outcome, ensure, ensure_eq};
use crate::frames::{Frames, describe, frame, joined};
use crate::lab::{Lab, Transport};
use crate::option::Opt;
use crate::ours::Ours;
use crate::peer::{PATIENCE, Peer, PeerExt};

chapter!("Old peers", with REPLAYED:
    zmtp_1_0_is_spoken_with_peers_that_say_no_version,
    zmtp_1_0_is_spoken_with_peers_that_say_so,
    zmtp_2_0_is_spoken_with_peers_of_it,
    zmtp_3_0_is_spoken_with_peers_of_it,
    one_publication_reaches_peers_of_every_version_in_their_own_words,
);

fn zmtp_1_0_is_spoken_with_peers_that_say_no_version(lab: &Lab) -> Outcome {
    replay_all(lab, "1.0.txt")
}

fn zmtp_1_0_is_spoken_with_peers_that_say_so(lab: &Lab) -> Outcome {
    replay_all(lab, "1.0-versioned.txt")
}

fn zmtp_2_0_is_spoken_with_peers_of_it(lab: &Lab) -> Outcome {
    replay_all(lab, "2.0.txt")
}

fn zmtp_3_0_is_spoken_with_peers_of_it(lab: &Lab) -> Outcome {
    replay_all(lab, "3.0.txt")
}

/// Each conversation of a file, with ferromq bound and connecting, and what the peer
/// says in large pieces and octet by octet.
fn replay_all(lab: &Lab, file: &str) -> Outcome {
    // Nothing says when a PUB has heard a subscription. An XPUB is a PUB that tells.
    let mut conversations = captures::read(file)?;
    conversations.retain(|conversation| conversation.kind != Pub);
    ensure!(!conversations.is_empty(), "{file} has no conversations");
    for conversation in &conversations {
        for binds in [true, false] {
            for piece in [usize::MAX, 1] {
                let run = || {
                    let ours = socket(lab, conversation)?;
                    let mut replay = Replay::meet(&ours, conversation, binds, piece)?;
                    replay.lines(&conversation.lines)
                };
                run().map_err(|failure| {
                    let name = &conversation.name;
                    failure.during(format_args!("{name}, binds: {binds}, {piece} at once"))
                })?;
            }
        }
    }
    Ok(())
}

fn one_publication_reaches_peers_of_every_version_in_their_own_words(lab: &Lab) -> Outcome {
    let files = ["1.0.txt", "1.0-versioned.txt", "2.0.txt", "3.0.txt"];
    let mut conversations = Vec::new();
    for file in files {
        let found = captures::read(file)?;
        let found = found.into_iter().find(|it| it.kind == XPub);
        conversations.push(found.ok_or_else(|| Failure::new("no XPUB").during(file))?);
    }
    let ours = socket(lab, &conversations[0])?;
    let mut replays = Vec::new();
    let mut rests = Vec::new();
    for conversation in &conversations {
        let is_sent = |line: &Line| matches!(line.what, What::Send(_));
        let first = conversation.lines.iter().position(is_sent);
        let (before, rest) = conversation.lines.split_at(first.unwrap_or(0));
        let mut replay = Replay::meet(&ours, conversation, true, usize::MAX)?;
        replay.lines(before)?;
        replays.push(replay);
        rests.push(rest.chunks(2));
    }
    // Two lines for each: the message, and what it looks like.
    while let Some(lines) = rests[0].next() {
        let [sent, wire] = lines else {
            return Err(Failure::new("a message without its bytes"));
        };
        replays[0].line(sent)?;
        replays[0].line(wire)?;
        for (replay, rest) in replays.iter_mut().zip(&mut rests).skip(1) {
            let wire = rest.next().and_then(|lines| lines.get(1));
            replay.line(wire.ok_or_else(|| Failure::new("a message is missing"))?)?;
        }
    }
    Ok(())
}

fn socket(lab: &Lab, conversation: &Conversation) -> Outcome<Ours> {
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
struct Replay<'a> {
    ours: &'a Ours,
    conversation: &'a Conversation,
    wire: TcpStream,
    /// The peer's octets are written so many at a time.
    piece: usize,
    /// What the peer has said, and its octets are still to follow.
    said: Vec<Frames>,
}

impl<'a> Replay<'a> {
    fn meet(
        ours: &'a Ours,
        conversation: &'a Conversation,
        binds: bool,
        piece: usize,
    ) -> Outcome<Self> {
        // What happens before there is a peer.
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

    fn lines(&mut self, lines: &[Line]) -> Outcome {
        lines.iter().try_for_each(|line| self.line(line))
    }

    fn line(&mut self, line: &Line) -> Outcome {
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
            Router => joined(&[self.conversation.peer_identity.clone()], message),
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
            Failure::new(error).during(format_args!("for {}", describe(&[wanted.clone()])))
        })?;
        ensure_eq!(describe(&[got.clone().into()]), describe(&[wanted.clone()]));
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
