//! A SOCKS5 proxy, as little of it as is needed (RFC 1928, RFC 1929).

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// A proxy that serves one connection.
pub(super) struct Proxy {
    /// Where it is, as `host:port`.
    pub(super) address: String,
    /// How many connections it has made.
    pub(super) passed: Arc<AtomicU32>,
}

/// Serves a client that has this user and password, or none of them if they are empty.
pub(super) fn serve(login: [&'static str; 2]) -> io::Result<Proxy> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let passed = Arc::<AtomicU32>::default();
    let counter = passed.clone();
    thread::spawn(move || {
        let (stream, _) = listener.accept()?;
        let other = introduce(&stream, login)?;
        counter.fetch_add(1, Ordering::AcqRel);
        let back = (other.try_clone()?, stream.try_clone()?);
        thread::spawn(move || carry(&back.0, &back.1));
        carry(&stream, &other)
    });
    Ok(Proxy { address, passed })
}

fn carry(mut from: &TcpStream, mut to: &TcpStream) -> io::Result<()> {
    io::copy(&mut from, &mut to).map(drop)
}

/// What is said before the two ends are connected.
fn introduce(mut stream: &TcpStream, [user, password]: [&str; 2]) -> io::Result<TcpStream> {
    let method = if user.is_empty() { 0 } else { 2 };
    let [_, methods] = take::<2>(stream)?;
    let mut offered = vec![0; usize::from(methods)];
    stream.read_exact(&mut offered)?;
    if !offered.contains(&method) {
        stream.write_all(&[5, 0xff])?;
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    stream.write_all(&[5, method])?;
    if method == 2 {
        let mut wanted = vec![1, user.len() as u8];
        wanted.extend(user.bytes());
        wanted.push(password.len() as u8);
        wanted.extend(password.bytes());
        let mut given = vec![0; wanted.len()];
        stream.read_exact(&mut given)?;
        let is_right = given == wanted;
        stream.write_all(&[1, u8::from(!is_right)])?;
        if !is_right {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
    }
    let [_, _, _, kind] = take::<4>(stream)?;
    if kind != 1 {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let address = Ipv4Addr::from(take::<4>(stream)?);
    let port = u16::from_be_bytes(take::<2>(stream)?);
    let other = TcpStream::connect(SocketAddrV4::new(address, port))?;
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    Ok(other)
}

fn take<const N: usize>(mut stream: &TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}
