//! What a process does that has sockets for a test.

use std::collections::HashMap;
use std::io::{self, BufWriter};
use std::str;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use ferromq::{Proxy, SocketType};

use crate::failure::{Failure, Outcome};
use crate::frames::{Frames, frame, frames, joined};
use crate::libzmq::Libzmq;
use crate::option::{Opt, Value};
use crate::ours::{Home, Ours};
use crate::peer::Peer;
use crate::wire;

/// Whose sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// ferromq's.
    Ferromq,
    /// libzmq's.
    Libzmq,
}

impl Maker {
    /// Whose name that is.
    ///
    /// # Errors
    ///
    /// If it is nobody's.
    pub fn from_name(name: &str) -> Outcome<Self> {
        match name {
            "ferromq" => Ok(Self::Ferromq),
            "libzmq" => Ok(Self::Libzmq),
            _ => Err(Failure::new("a peer is ferromq or libzmq")),
        }
    }

    fn socket(self, kind: SocketType) -> Outcome<Box<dyn Peer>> {
        Ok(match self {
            Self::Ferromq => Box::new(Ours::new(kind, Home::Thread)?),
            Self::Libzmq => Box::new(Libzmq::new(kind)?),
        })
    }

    /// Passes messages on between two sockets, in the background. They bind, or
    /// connect where there is a `>` in front of the endpoint.
    fn device(self, kinds: [SocketType; 2], endpoints: [&str; 2]) -> Outcome<[String; 2]> {
        let [one, other] = kinds;
        let join = |end: &dyn Peer, endpoint: &str| match endpoint.strip_prefix('>') {
            None => end.bind(endpoint),
            Some(endpoint) => end.connect(endpoint).map(|()| endpoint.to_owned()),
        };
        let join = |ends: [&dyn Peer; 2]| {
            let [front, back] = ends;
            Ok([join(front, endpoints[0])?, join(back, endpoints[1])?])
        };
        match self {
            Self::Ferromq => {
                let ends = [
                    Ours::new(one, Home::Thread)?,
                    Ours::new(other, Home::Thread)?,
                ];
                let joined = join([&ends[0], &ends[1]]);
                let [front, back] = ends.map(|end| end.socket().clone());
                thread::spawn(move || Ours::run_for_ever(Proxy::new(front, back).run()));
                joined
            }
            Self::Libzmq => {
                let [front, back] = [Libzmq::new(one)?, Libzmq::new(other)?];
                let joined = join([&front, &back]);
                thread::spawn(move || Libzmq::proxy(&front, &back));
                joined
            }
        }
    }
}

/// Does what standard input says, until it ends.
///
/// # Errors
///
/// If nobody listens any more.
pub fn serve(maker: Maker) -> Outcome {
    let mut input = io::stdin().lock();
    let mut output = BufWriter::new(io::stdout().lock());
    let version = match maker {
        Maker::Ferromq => env!("CARGO_PKG_VERSION").to_owned(),
        Maker::Libzmq => crate::libzmq::version(),
    };
    wire::write(&mut output, &frame(version))?;
    let mut sockets = Sockets {
        maker,
        open: HashMap::new(),
        count: 0,
    };
    while let Some(row) = wire::read(&mut input)? {
        let answer = match sockets.obey(&row) {
            Ok(answer) => joined(&frame("ok"), &answer),
            Err(failure) => frames(["error", &failure.to_string()]),
        };
        wire::write(&mut output, &answer)?;
    }
    Ok(())
}

struct Sockets {
    maker: Maker,
    open: HashMap<Bytes, Box<dyn Peer>>,
    count: usize,
}

impl Sockets {
    fn obey(&mut self, row: &[Bytes]) -> Outcome<Frames> {
        let (verb, rest) = row.split_first().ok_or_else(|| Failure::new("no verb"))?;
        let word = |place: usize| word(rest, place);
        match &verb[..] {
            b"socket" => {
                let socket = self.maker.socket(kind(word(0)?)?)?;
                self.count += 1;
                let id = Bytes::from(self.count.to_string());
                self.open.insert(id.clone(), socket);
                return Ok(vec![id]);
            }
            b"device" => {
                let kinds = [kind(word(0)?)?, kind(word(2)?)?];
                return Ok(frames(self.maker.device(kinds, [word(1)?, word(3)?])?));
            }
            _ => {}
        }
        let no_socket = || Failure::new("no such socket");
        let id = rest.first().ok_or_else(no_socket)?;
        if &verb[..] == b"close" {
            self.open.remove(id);
            return Ok(Frames::new());
        }
        let socket = self.open.get(id).ok_or_else(no_socket)?;
        let text = |text: Option<String>| frames(text);
        Ok(match &verb[..] {
            b"set" => {
                let value = Value::decode(rest.get(2).ok_or_else(|| Failure::new("no value"))?)?;
                socket.set(&(Opt::from_number(word(1)?.parse()?)?, value))?;
                Frames::new()
            }
            b"bind" => frame(socket.bind(word(1)?)?),
            b"connect" => text(socket.connect(word(1)?).map(|()| None)?),
            b"disconnect" => text(socket.disconnect(word(1)?).map(|()| None)?),
            b"send" => frame(socket.send(&rest[2..].to_vec(), millis(word(1)?)?)?.word()),
            b"recv" => socket.recv(millis(word(1)?)?)?.unwrap_or_default(),
            b"property" => text(socket.property(word(1)?)?),
            b"watch" => text(socket.watch().map(|()| None)?),
            b"event" => {
                let event = socket.event(millis(word(1)?)?)?;
                text(event.map(|event| event.0.to_string()))
            }
            _ => return Err(Failure::new("no such verb")),
        })
    }
}

fn word(row: &[Bytes], place: usize) -> Outcome<&str> {
    let word = row
        .get(place)
        .ok_or_else(|| Failure::new("a word is missing"))?;
    Ok(str::from_utf8(word)?)
}

fn kind(name: &str) -> Outcome<SocketType> {
    let kind = SocketType::from_name(name.as_bytes());
    kind.ok_or_else(|| Failure::new("no such socket type"))
}

fn millis(text: &str) -> Outcome<Duration> {
    Ok(Duration::from_millis(text.parse()?))
}
