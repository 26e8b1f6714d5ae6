//! std on stage: `default` blocks in the kernel, `spin` asks again and again.

use std::io::{ErrorKind, IoSlice, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};

use peer_raw::{Incoming, VECTORED, WRITE, check, place};
use stage::{Args, Contestant, Failure, Kind, Payload, Socket};

struct Std;

impl Contestant for Std {
    type Socket = Bare;

    async fn open(kind: Kind, args: &Args) -> Result<Bare, Failure> {
        check(args)?;
        Ok(Bare {
            link: Link::None,
            batches: kind == Kind::Push,
            spins: args.mode == "spin",
            outgoing: Vec::with_capacity(2 * WRITE),
            incoming: Incoming::default(),
            body: vec![b'.'; args.size].leak(),
        })
    }

    fn run<F: Future>(_mode: &str, part: F) -> F::Output {
        stage::on_this_thread(part)
    }
}

enum Link {
    None,
    TcpListener(TcpListener),
    UnixListener(UnixListener),
    Tcp(TcpStream),
    Unix(UnixStream),
}

struct Bare {
    link: Link,
    batches: bool,
    spins: bool,
    outgoing: Vec<u8>,
    incoming: Incoming,
    body: &'static [u8],
}

impl Bare {
    fn accept(&mut self) -> Result<(), Failure> {
        self.link = match &self.link {
            Link::TcpListener(listener) => Link::Tcp(listener.accept()?.0),
            Link::UnixListener(listener) => Link::Unix(listener.accept()?.0),
            _ => return Ok(()),
        };
        self.settle()
    }

    fn settle(&self) -> Result<(), Failure> {
        match &self.link {
            Link::Tcp(stream) => {
                stream.set_nodelay(true)?;
                stream.set_nonblocking(self.spins)?;
            }
            Link::Unix(stream) => stream.set_nonblocking(self.spins)?,
            _ => {}
        }
        Ok(())
    }

    fn read(&mut self) -> Result<(), Failure> {
        let room = self.incoming.room();
        let bytes = loop {
            let read = match &mut self.link {
                Link::Tcp(stream) => stream.read(room),
                Link::Unix(stream) => stream.read(room),
                _ => return Err("no peer".into()),
            };
            match read {
                Err(failure) if failure.kind() == ErrorKind::WouldBlock => {}
                read => break read?,
            }
        };
        if bytes == 0 {
            return Err("the peer has closed".into());
        }
        self.incoming.filled(bytes);
        Ok(())
    }

    fn write(&mut self) -> Result<(), Failure> {
        match &mut self.link {
            Link::Tcp(stream) => insist(stream, &self.outgoing)?,
            Link::Unix(stream) => insist(stream, &self.outgoing)?,
            _ => return Err("no peer".into()),
        }
        self.outgoing.clear();
        Ok(())
    }

    fn write_vectored(&mut self, body: &[u8]) -> Result<u64, Failure> {
        let head = (body.len() as u32).to_le_bytes();
        let frames = (WRITE / body.len()).max(1);
        let mut slices: Vec<_> = (0..2 * frames)
            .map(|index| IoSlice::new(if index % 2 == 0 { &head } else { body }))
            .collect();
        let mut rest = slices.as_mut_slice();
        while !rest.is_empty() {
            let written = match &mut self.link {
                Link::Tcp(stream) => stream.write_vectored(rest)?,
                Link::Unix(stream) => stream.write_vectored(rest)?,
                _ => return Err("no peer".into()),
            };
            IoSlice::advance_slices(&mut rest, written);
        }
        Ok(frames as u64)
    }
}

/// `write_all` for a stream that may not block.
fn insist(stream: &mut impl Write, mut bytes: &[u8]) -> std::io::Result<()> {
    while !bytes.is_empty() {
        match stream.write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(failure) if failure.kind() == ErrorKind::WouldBlock => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

impl Socket for Bare {
    type Message = &'static [u8];

    async fn bind(&mut self, endpoint: &str) -> Result<(), Failure> {
        self.link = match place(endpoint)? {
            (false, address) => Link::TcpListener(TcpListener::bind(address)?),
            (true, path) => Link::UnixListener(UnixListener::bind(path)?),
        };
        Ok(())
    }

    async fn connect(&mut self, endpoint: &str) -> Result<(), Failure> {
        self.link = match place(endpoint)? {
            (false, address) => Link::Tcp(TcpStream::connect(address)?),
            (true, path) => Link::Unix(UnixStream::connect(path)?),
        };
        self.settle()
    }

    fn message(payload: &Payload) -> &'static [u8] {
        payload.slice
    }

    #[inline]
    async fn send(&mut self, body: &'static [u8]) -> Result<(), Failure> {
        self.outgoing
            .extend_from_slice(&(body.len() as u32).to_le_bytes());
        self.outgoing.extend_from_slice(body);
        if !self.batches || self.outgoing.len() >= WRITE {
            self.write()?;
        }
        Ok(())
    }

    #[inline]
    async fn recv(&mut self) -> Result<&'static [u8], Failure> {
        loop {
            if let Some(length) = self.incoming.next() {
                return Ok(&self.body[..length]);
            }
            self.accept()?;
            self.read()?;
        }
    }

    #[inline]
    async fn send_some(&mut self, payload: &Payload) -> Result<u64, Failure> {
        if payload.slice.len() >= VECTORED {
            return self.write_vectored(payload.slice);
        }
        self.send(payload.slice).await.map(|()| 1)
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        self.write()
    }
}

fn main() {
    stage::main::<Std>();
}
