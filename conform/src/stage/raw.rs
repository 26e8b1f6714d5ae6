//! A client of bytes, for what no socket would say.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use super::{SOON, Stage};
use crate::errno::Errno;
use crate::step::Step;

/// A connection of TCP that speaks ZMTP as far as it is told to.
pub(super) struct Client(TcpStream);

/// ZMTP 3.1 with mechanism NULL.
const GREETING: [u8; 64] = {
    let mut greeting = [0; 64];
    greeting[0] = 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting[11] = 1;
    greeting[12] = b'N';
    greeting[13] = b'U';
    greeting[14] = b'L';
    greeting[15] = b'L';
    greeting
};

impl Client {
    fn to(endpoint: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(endpoint.trim_start_matches("tcp://"))?;
        stream.set_read_timeout(Some(SOON))?;
        Ok(Self(stream))
    }

    /// Shakes hands as a socket of that type.
    fn hail(&mut self, kind: &str) -> io::Result<()> {
        self.0.write_all(&GREETING)?;
        self.0.read_exact(&mut [0; 64])?;
        let mut ready = b"\x05READY\x0bSocket-Type\0\0\0".to_vec();
        ready.push(kind.len() as u8);
        ready.extend(kind.bytes());
        let mut frame = vec![4, ready.len() as u8];
        frame.append(&mut ready);
        self.0.write_all(&frame)?;
        let mut head = [0; 2];
        self.0.read_exact(&mut head)?;
        self.0.read_exact(&mut vec![0; usize::from(head[1])])
    }

    /// So many bytes, or what came before the end.
    fn hear(&mut self, count: usize) -> String {
        let mut bytes = Vec::new();
        let limit = u64::try_from(count).unwrap_or(u64::MAX);
        match Read::by_ref(&mut self.0)
            .take(limit)
            .read_to_end(&mut bytes)
        {
            Ok(read) if read == count => bytes.escape_ascii().to_string(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => "silence".to_owned(),
            // A connection with unread bytes is reset, not closed; that is up to the kernel.
            Ok(_) | Err(_) => "the end".to_owned(),
        }
    }
}

impl Stage<'_> {
    pub(super) fn perform_raw(&mut self, step: Step) -> Result<String, Errno> {
        let failed = |_| Errno::Other(0);
        match step {
            Step::Hail(role, kind) => {
                let mut client = Client::to(&self.endpoint(role)?).map_err(failed)?;
                client.hail(kind).map_err(failed)?;
                self.client = Some(client);
                Ok("hailed".to_owned())
            }
            Step::Knock(role) => {
                self.client = Some(Client::to(&self.endpoint(role)?).map_err(failed)?);
                Ok("knocked".to_owned())
            }
            Step::HangUp => {
                self.client = None;
                Ok("hung up".to_owned())
            }
            Step::Utter(bytes) => {
                let client = self.client.as_mut().ok_or(Errno::NotFound)?;
                client.0.write_all(bytes).map_err(failed)?;
                Ok("said".to_owned())
            }
            Step::Hear(count) => {
                let client = self.client.as_mut().ok_or(Errno::NotFound)?;
                Ok(client.hear(count))
            }
            _ => Err(Errno::Unsupported),
        }
    }
}
