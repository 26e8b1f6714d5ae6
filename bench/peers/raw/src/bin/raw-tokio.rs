//! tokio on stage, on a current-thread runtime.

use std::io::IoSlice;

use peer_raw::{Incoming, VECTORED, WRITE, check, place};
use stage::{Args, Contestant, Failure, Kind, Payload, Socket};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

struct Tokio;

impl Contestant for Tokio {
    type Socket = Bare;

    async fn open(kind: Kind, args: &Args) -> Result<Bare, Failure> {
        check(args)?;
        Ok(Bare {
            link: Link::None,
            batches: kind == Kind::Push,
            outgoing: Vec::with_capacity(2 * WRITE),
            incoming: Incoming::default(),
            body: vec![b'.'; args.size].leak(),
        })
    }

    fn run<F: Future>(_mode: &str, part: F) -> F::Output {
        stage::on_tokio(part)
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
    outgoing: Vec<u8>,
    incoming: Incoming,
    body: &'static [u8],
}

impl Bare {
    async fn accept(&mut self) -> Result<(), Failure> {
        self.link = match &self.link {
            Link::TcpListener(listener) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Link::Tcp(stream)
            }
            Link::UnixListener(listener) => Link::Unix(listener.accept().await?.0),
            _ => return Ok(()),
        };
        Ok(())
    }

    async fn read(&mut self) -> Result<(), Failure> {
        let room = self.incoming.room();
        let bytes = match &mut self.link {
            Link::Tcp(stream) => stream.read(room).await?,
            Link::Unix(stream) => stream.read(room).await?,
            _ => return Err("no peer".into()),
        };
        if bytes == 0 {
            return Err("the peer has closed".into());
        }
        self.incoming.filled(bytes);
        Ok(())
    }

    async fn write(&mut self) -> Result<(), Failure> {
        match &mut self.link {
            Link::Tcp(stream) => stream.write_all(&self.outgoing).await?,
            Link::Unix(stream) => stream.write_all(&self.outgoing).await?,
            _ => return Err("no peer".into()),
        }
        self.outgoing.clear();
        Ok(())
    }

    async fn write_vectored(&mut self, body: &[u8]) -> Result<u64, Failure> {
        let head = (body.len() as u32).to_le_bytes();
        let frames = (WRITE / body.len()).max(1);
        let mut slices: Vec<_> = (0..2 * frames)
            .map(|index| IoSlice::new(if index % 2 == 0 { &head } else { body }))
            .collect();
        let mut rest = slices.as_mut_slice();
        while !rest.is_empty() {
            let written = match &mut self.link {
                Link::Tcp(stream) => stream.write_vectored(rest).await?,
                Link::Unix(stream) => stream.write_vectored(rest).await?,
                _ => return Err("no peer".into()),
            };
            IoSlice::advance_slices(&mut rest, written);
        }
        Ok(frames as u64)
    }
}

impl Socket for Bare {
    type Message = &'static [u8];

    async fn bind(&mut self, endpoint: &str) -> Result<(), Failure> {
        self.link = match place(endpoint)? {
            (false, address) => Link::TcpListener(TcpListener::bind(address).await?),
            (true, path) => Link::UnixListener(UnixListener::bind(path)?),
        };
        Ok(())
    }

    async fn connect(&mut self, endpoint: &str) -> Result<(), Failure> {
        self.link = match place(endpoint)? {
            (false, address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Link::Tcp(stream)
            }
            (true, path) => Link::Unix(UnixStream::connect(path).await?),
        };
        Ok(())
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
            self.write().await?;
        }
        Ok(())
    }

    #[inline]
    async fn recv(&mut self) -> Result<&'static [u8], Failure> {
        loop {
            if let Some(length) = self.incoming.next() {
                return Ok(&self.body[..length]);
            }
            self.accept().await?;
            self.read().await?;
        }
    }

    #[inline]
    async fn send_some(&mut self, payload: &Payload) -> Result<u64, Failure> {
        if payload.slice.len() >= VECTORED {
            return self.write_vectored(payload.slice).await;
        }
        self.send(payload.slice).await.map(|()| 1)
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        self.write().await
    }
}

fn main() {
    stage::main::<Tokio>();
}
