//! Sockets, set to what the options say.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ferromq_core::{Endpoint, TransportError};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use crate::options::UdpOptions;
use crate::resolve::Target;

/// `SO_BINDTODEVICE` is Linux's.
const DEVICES: bool = cfg!(any(target_os = "android", target_os = "linux"));

/// A socket to send to a target.
pub(crate) fn sending(
    endpoint: &Endpoint,
    target: &Target,
    options: &UdpOptions,
) -> Result<UdpSocket, TransportError> {
    check(endpoint, options)?;
    let open = || {
        let socket = open(target.address, options)?;
        set_sending(&socket, target, options)?;
        UdpSocket::from_std(socket.into())
    };
    open().map_err(|error| TransportError::from_io(endpoint, error))
}

/// A socket that is bound to a target and, if that is a multicast group, its member.
pub(crate) fn bound(
    endpoint: &Endpoint,
    target: &Target,
    options: &UdpOptions,
) -> Result<UdpSocket, TransportError> {
    check(endpoint, options)?;
    let open = || {
        let socket = open(target.address, options)?;
        // Whoever sends from here, a DGRAM, may do so to groups too.
        set_sending(&socket, target, options)?;
        // A port that is free is nobody's: shared it may be only from then on.
        let chosen = target.address.port() != 0;
        if chosen {
            share(&socket, target, options)?;
        }
        bind(&socket, target)?;
        if !chosen {
            share(&socket, target, options)?;
        }
        UdpSocket::from_std(socket.into())
    };
    open().map_err(|error| TransportError::from_io(endpoint, error))
}

/// Refuses options that this platform does not have.
fn check(endpoint: &Endpoint, options: &UdpOptions) -> Result<(), TransportError> {
    if options.device.is_some() && !DEVICES {
        let what = "this platform binds no socket to a device (ZMQ_BINDTODEVICE)";
        return Err(TransportError::Unsupported(endpoint.clone(), what));
    }
    Ok(())
}

fn open(address: SocketAddr, options: &UdpOptions) -> io::Result<Socket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::DGRAM,
        Some(Protocol::UDP),
    )?;
    socket.set_nonblocking(true)?;
    if address.is_ipv6() {
        // Some systems keep IPv4 out of IPv6 sockets unless told otherwise.
        socket.set_only_v6(false)?;
    }
    set_device(&socket, options)?;
    // The system takes these numbers as C's `int`.
    if let Some(bytes) = options.send_buffer {
        socket.set_send_buffer_size(bytes.min(i32::MAX as u32) as usize)?;
    }
    if let Some(bytes) = options.receive_buffer {
        socket.set_recv_buffer_size(bytes.min(i32::MAX as u32) as usize)?;
    }
    Ok(socket)
}

#[cfg(any(target_os = "android", target_os = "linux"))]
fn set_device(socket: &Socket, options: &UdpOptions) -> io::Result<()> {
    match &options.device {
        Some(device) => socket.bind_device(Some(device.as_bytes())),
        None => Ok(()),
    }
}

#[cfg(not(any(target_os = "android", target_os = "linux")))]
fn set_device(_: &Socket, _: &UdpOptions) -> io::Result<()> {
    Ok(())
}

/// What counts for sending. Some address is a whole network's, and only the system knows
/// which: it asks for a word that this is meant.
fn set_sending(socket: &Socket, target: &Target, options: &UdpOptions) -> io::Result<()> {
    match target.address {
        SocketAddr::V4(_) => {
            socket.set_broadcast(true)?;
            socket.set_multicast_loop_v4(options.multicast_loop)?;
            socket.set_multicast_ttl_v4(options.multicast_hops)?;
            match target.way.v4 {
                Ipv4Addr::UNSPECIFIED => Ok(()),
                interface => socket.set_multicast_if_v4(&interface),
            }
        }
        SocketAddr::V6(_) => {
            socket.set_multicast_loop_v6(options.multicast_loop)?;
            socket.set_multicast_hops_v6(options.multicast_hops)?;
            match target.way.number {
                0 => Ok(()),
                interface => socket.set_multicast_if_v6(interface),
            }
        }
    }
}

/// Lets others bind to the same port.
fn share(socket: &Socket, target: &Target, options: &UdpOptions) -> io::Result<()> {
    if !target.is_multicast() {
        return socket.set_reuse_address(!options.exclusive);
    }
    socket.set_reuse_address(true)?;
    // What comes to a group comes to all of them nevertheless.
    #[cfg(unix)]
    socket.set_reuse_port(true)?;
    Ok(())
}

/// Binds, to any address if it is for a group: not every system binds to that itself.
fn bind(socket: &Socket, target: &Target) -> io::Result<()> {
    if !target.is_multicast() {
        return socket.bind(&target.address.into());
    }
    socket.bind(&any(target.address).into())?;
    join(socket, target)
}

fn join(socket: &Socket, target: &Target) -> io::Result<()> {
    match target.address.ip() {
        IpAddr::V4(group) => {
            // Otherwise it would also get what comes to the groups of others.
            #[cfg(any(target_os = "android", target_os = "linux"))]
            socket.set_multicast_all_v4(false)?;
            socket.join_multicast_v4(&group, &target.way.v4)
        }
        IpAddr::V6(group) => {
            #[cfg(any(target_os = "android", target_os = "linux"))]
            socket.set_multicast_all_v6(false)?;
            socket.join_multicast_v6(&group, target.way.number)
        }
    }
}

fn any(address: SocketAddr) -> SocketAddr {
    let ip: IpAddr = match address {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::UdpAddress;
    use crate::resolve;
    use socket2::SockRef;

    async fn open(address: &str, options: &UdpOptions) -> Result<UdpSocket, TransportError> {
        let endpoint = Endpoint::new("udp", address);
        let given = UdpAddress::of_peer(&endpoint)?;
        let target = resolve::remote(&endpoint, &given, options.ipv6).await?;
        sending(&endpoint, &target, options)
    }

    #[tokio::test]
    async fn options_reach_the_socket() {
        let options = UdpOptions::new().multicast_loop(false).send_buffer(50_000);
        let options = options.receive_buffer(60_000).multicast_hops(8);
        let options = options.expect("in range");
        let socket = open("127.0.0.1;239.255.70.8:5", &options)
            .await
            .expect("a socket");
        let system = SockRef::from(&socket);
        assert_eq!(system.multicast_ttl_v4().expect("the hops"), 8);
        assert!(!system.multicast_loop_v4().expect("the loop"));
        assert_eq!(
            system.multicast_if_v4().expect("an address"),
            Ipv4Addr::LOCALHOST
        );
        // Linux doubles them.
        assert!(system.send_buffer_size().expect("bytes") >= 50_000);
        assert!(system.recv_buffer_size().expect("bytes") >= 60_000);

        let socket = open("127.0.0.1:5", &UdpOptions::new())
            .await
            .expect("a socket");
        let system = SockRef::from(&socket);
        assert_eq!(system.multicast_ttl_v4().expect("the hops"), 1);
        assert!(system.multicast_loop_v4().expect("the loop"));
    }

    #[tokio::test]
    async fn a_device_is_the_sockets_or_needs_a_privilege_or_a_platform() {
        let options = UdpOptions::new().bind_to_device("lo").expect("a name");
        match open("127.0.0.1:5", &options).await {
            #[cfg(any(target_os = "android", target_os = "linux"))]
            Ok(socket) => {
                let device = SockRef::from(&socket).device().expect("a device");
                assert_eq!(device.as_deref(), Some(&b"lo"[..]));
            }
            Err(TransportError::PermissionDenied(_)) if DEVICES => {}
            Err(TransportError::Unsupported(_, what)) if !DEVICES => {
                assert!(what.contains("ZMQ_BINDTODEVICE"), "{what}");
            }
            other => panic!("{other:?}"),
        }
    }
}
