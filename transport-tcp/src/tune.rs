//! From options to what the system knows of a socket.

use std::io;
use std::net::SocketAddr;

use ferromq_core::{Endpoint, TransportError};
use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpSocket;

use crate::options::TcpOptions;
use crate::platform;

/// Refuses options that this platform does not have.
pub(crate) fn check(endpoint: &Endpoint, options: &TcpOptions) -> Result<(), TransportError> {
    match platform::lacking(options) {
        None => Ok(()),
        Some(what) => Err(TransportError::Unsupported(endpoint.clone(), what)),
    }
}

/// A socket for addresses like this one, set to what must be set before it is
/// bound or connected.
pub(crate) fn open(address: SocketAddr, options: &TcpOptions) -> io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    let system = SockRef::from(&socket);
    if address.is_ipv6() {
        // Some systems keep IPv4 out of IPv6 sockets unless told otherwise.
        system.set_only_v6(false)?;
    }
    set_type_of_service(&system, address, options)?;
    platform::set_what_linux_has(&system, options)?;
    if let Some(bytes) = options.send_buffer {
        socket.set_send_buffer_size(at_most_int(bytes))?;
    }
    if let Some(bytes) = options.receive_buffer {
        socket.set_recv_buffer_size(at_most_int(bytes))?;
    }
    Ok(socket)
}

/// Sets a socket that a listener has accepted. Its buffers it has from there.
pub(crate) fn accepted(
    system: &SockRef<'_>,
    peer: SocketAddr,
    options: &TcpOptions,
) -> io::Result<()> {
    set_type_of_service(system, peer, options)?;
    platform::set_what_linux_has(system, options)?;
    connected(system, options)
}

/// Sets a socket that has a peer. Nagle's algorithm would only add delay:
/// messages are batched before they get here.
pub(crate) fn connected(system: &SockRef<'_>, options: &TcpOptions) -> io::Result<()> {
    system.set_tcp_nodelay(true)?;
    match options.keepalive {
        None => Ok(()),
        Some(false) => system.set_keepalive(false),
        Some(true) => {
            system.set_keepalive(true)?;
            let mut keepalive = platform::with_probes(TcpKeepalive::new(), options);
            if let Some(idle) = options.keepalive_idle {
                keepalive = keepalive.with_time(idle);
            }
            system.set_tcp_keepalive(&keepalive)
        }
    }
}

/// The system takes these numbers as C's `int`.
pub(crate) fn at_most_int(number: u32) -> u32 {
    number.min(i32::MAX as u32)
}

/// A socket of IPv6 may carry IPv4, for which Linux keeps another number.
fn set_type_of_service(
    system: &SockRef<'_>,
    address: SocketAddr,
    options: &TcpOptions,
) -> io::Result<()> {
    if options.type_of_service == 0 {
        return Ok(());
    }
    let type_of_service = u32::from(options.type_of_service);
    if address.is_ipv6() {
        platform::set_traffic_class(system, type_of_service)?;
    }
    if address.is_ipv4() || cfg!(target_os = "linux") {
        system.set_tos_v4(type_of_service)?;
    }
    Ok(())
}
