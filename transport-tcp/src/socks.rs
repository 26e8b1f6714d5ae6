//! SOCKS5: connections by way of a proxy ([RFC
//! 1928](https://www.rfc-editor.org/rfc/rfc1928), and for the login [RFC
//! 1929](https://www.rfc-editor.org/rfc/rfc1929)).

use std::fmt;
use std::io;
use std::net::IpAddr;

use ferromq_core::place::{Host, Place};
use ferromq_core::{Endpoint, OptionError, TransportError};
use tokio::net::TcpStream;

use crate::address::Remote;
use crate::options::TcpOptions;

const VERSION: u8 = 5;
const NO_LOGIN: u8 = 0;
const LOGIN: u8 = 2;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// The longest text that fits behind its length.
const LONGEST: usize = 255;

/// A user's name and password.
#[derive(Clone)]
pub(crate) struct Login {
    user: Box<str>,
    password: Box<str>,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A password does not belong into a log.
        f.debug_tuple("Login").field(&self.user).finish()
    }
}

impl TcpOptions {
    /// Connects by way of the SOCKS5 proxy at `host:port`; empty: directly. The proxy
    /// resolves names. It has the time that a handshake has (`ZMQ_HANDSHAKE_IVL`, 30 s by
    /// default), within the socket's connect timeout. Default directly.
    /// (`ZMQ_SOCKS_PROXY`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] for what is no host and port.
    pub fn socks_proxy(mut self, address: &str) -> Result<Self, OptionError> {
        let wrong = OptionError::OutOfRange("ZMQ_SOCKS_PROXY");
        let proxy = Endpoint::new("tcp", address);
        if !address.is_empty() && Remote::parse(&proxy).map_err(|_| wrong)?.source.is_some() {
            return Err(wrong);
        }
        self.socks_proxy = (!address.is_empty()).then_some(proxy);
        Ok(self)
    }

    /// The name and the password that the SOCKS5 proxy wants; an empty name: none.
    /// They go over the network in the clear. Default none. (`ZMQ_SOCKS_USERNAME`,
    /// `ZMQ_SOCKS_PASSWORD`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] if either is longer than 255 bytes.
    pub fn socks_login(mut self, user: &str, password: &str) -> Result<Self, OptionError> {
        if user.len() > LONGEST {
            return Err(OptionError::OutOfRange("ZMQ_SOCKS_USERNAME"));
        }
        if password.len() > LONGEST {
            return Err(OptionError::OutOfRange("ZMQ_SOCKS_PASSWORD"));
        }
        self.socks_login = (!user.is_empty()).then(|| Login {
            user: user.into(),
            password: password.into(),
        });
        Ok(self)
    }
}

/// Has the proxy at the other end of `stream` connect to `peer`.
///
/// No byte behind the proxy's answer is read: it would be the peer's.
pub(crate) async fn connect(
    endpoint: &Endpoint,
    stream: &TcpStream,
    login: Option<&Login>,
    peer: &Place<'_>,
) -> Result<(), TransportError> {
    let failed = |error| TransportError::Io(endpoint.clone(), error);
    greet(stream, login).await.map_err(failed)?;
    write(stream, &request(peer)).await.map_err(failed)?;
    let answer = answer(stream).await.map_err(failed)?;
    match answer {
        0 => Ok(()),
        5 => Err(TransportError::Refused(endpoint.clone())),
        code => Err(failed(io::Error::other(reason(code)))),
    }
}

/// Agrees with the proxy on how to log in, and does.
async fn greet(stream: &TcpStream, login: Option<&Login>) -> io::Result<()> {
    let method = if login.is_some() { LOGIN } else { NO_LOGIN };
    write(stream, &[VERSION, 1, method]).await?;
    let [version, chosen] = read(stream).await?;
    if version != VERSION {
        return Err(no_proxy());
    }
    if chosen != method {
        let message = "the SOCKS proxy wants another login";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
    }
    let Some(Login { user, password }) = login else {
        return Ok(());
    };
    let mut message = vec![1];
    // Their lengths were checked when they were given.
    for text in [user, password] {
        message.push(text.len() as u8);
        message.extend(text.bytes());
    }
    write(stream, &message).await?;
    match read(stream).await? {
        [1, 0] => Ok(()),
        [1, _] => {
            let message = "the SOCKS proxy does not take the login";
            Err(io::Error::new(io::ErrorKind::PermissionDenied, message))
        }
        _ => Err(no_proxy()),
    }
}

fn request(peer: &Place<'_>) -> Vec<u8> {
    let mut request = vec![VERSION, CONNECT, 0];
    match peer.host {
        Host::Any => request.extend([IPV4, 0, 0, 0, 0]),
        Host::Address(IpAddr::V4(address)) => {
            request.push(IPV4);
            request.extend(address.octets());
        }
        Host::Address(IpAddr::V6(address)) => {
            request.push(IPV6);
            request.extend(address.octets());
        }
        // A longer name resolves nowhere.
        Host::Name(name) => {
            let length = u8::try_from(name.len()).unwrap_or(u8::MAX);
            request.extend([NAME, length]);
            request.extend(name.bytes().take(LONGEST));
        }
    }
    request.extend(peer.port.to_be_bytes());
    request
}

/// Reads the answer to the request, with the address in it, and returns its code.
async fn answer(stream: &TcpStream) -> io::Result<u8> {
    let [version, code, reserved, kind, first] = read(stream).await?;
    if version != VERSION || reserved != 0 {
        return Err(no_proxy());
    }
    // The first byte of the address is there already, and the port is behind it.
    let rest = 2 + match kind {
        IPV4 => 3,
        NAME => usize::from(first),
        IPV6 => 15,
        _ => return Err(no_proxy()),
    };
    let mut address = [0; LONGEST + 2];
    read_into(stream, &mut address[..rest]).await?;
    Ok(code)
}

fn reason(code: u8) -> &'static str {
    match code {
        1 => "the SOCKS proxy has failed",
        2 => "the SOCKS proxy's rules do not allow it",
        3 => "the SOCKS proxy cannot reach the network",
        4 => "the SOCKS proxy cannot reach the host",
        6 => "the SOCKS proxy has waited too long",
        7 => "the SOCKS proxy does not connect",
        8 => "the SOCKS proxy does not know addresses of this kind",
        _ => "the SOCKS proxy gives a reason that there is not",
    }
}

fn no_proxy() -> io::Error {
    let message = "what listens there does not speak SOCKS5";
    io::Error::new(io::ErrorKind::InvalidData, message)
}

async fn read<const N: usize>(stream: &TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    read_into(stream, &mut bytes).await?;
    Ok(bytes)
}

async fn read_into(stream: &TcpStream, mut bytes: &mut [u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.readable().await?;
        match stream.try_read(bytes) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => bytes = &mut bytes[count..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
