//! What not every platform has.
//!
//! Options that it lacks are refused before a socket is opened, so that the
//! setters here may do nothing where they can do nothing.

use std::io;

use socket2::{SockRef, TcpKeepalive};

use crate::options::TcpOptions;

/// `SO_BINDTODEVICE` and `TCP_USER_TIMEOUT` are Linux's.
const LINUX: bool = cfg!(any(target_os = "android", target_os = "linux"));

const TRAFFIC_CLASS: bool = LINUX
    || cfg!(any(
        target_os = "freebsd",
        target_os = "macos",
        target_os = "netbsd",
        target_os = "openbsd"
    ));

const PROBES: bool = LINUX
    || cfg!(any(
        target_vendor = "apple",
        target_os = "freebsd",
        target_os = "netbsd",
        windows
    ));

/// What the options ask for that this platform lacks.
pub(crate) fn lacking(options: &TcpOptions) -> Option<&'static str> {
    let probes = options.keepalive_interval.is_some() || options.keepalive_count.is_some();
    if options.device.is_some() && !LINUX {
        Some("this platform binds no socket to a device (ZMQ_BINDTODEVICE)")
    } else if options.user_timeout.is_some() && !LINUX {
        Some("this platform has no TCP_USER_TIMEOUT (ZMQ_TCP_MAXRT)")
    } else if options.type_of_service != 0 && options.ipv6 && !TRAFFIC_CLASS {
        Some("this platform has no traffic class of IPv6 (ZMQ_TOS)")
    } else if probes && !PROBES {
        Some("this platform does not let one choose keepalive probes (ZMQ_TCP_KEEPALIVE_CNT)")
    } else {
        None
    }
}

#[cfg(any(target_os = "android", target_os = "linux"))]
pub(crate) fn set_device_and_timeout(system: &SockRef<'_>, options: &TcpOptions) -> io::Result<()> {
    if let Some(device) = &options.device {
        system.bind_device(Some(device.as_bytes()))?;
    }
    if options.user_timeout.is_some() {
        system.set_tcp_user_timeout(options.user_timeout)?;
    }
    Ok(())
}

#[cfg(not(any(target_os = "android", target_os = "linux")))]
pub(crate) fn set_device_and_timeout(_: &SockRef<'_>, _: &TcpOptions) -> io::Result<()> {
    Ok(())
}

#[cfg(any(
    target_os = "android",
    target_os = "freebsd",
    target_os = "linux",
    target_os = "macos",
    target_os = "netbsd",
    target_os = "openbsd"
))]
pub(crate) fn set_traffic_class(system: &SockRef<'_>, traffic_class: u32) -> io::Result<()> {
    system.set_tclass_v6(traffic_class)
}

#[cfg(not(any(
    target_os = "android",
    target_os = "freebsd",
    target_os = "linux",
    target_os = "macos",
    target_os = "netbsd",
    target_os = "openbsd"
)))]
pub(crate) fn set_traffic_class(_: &SockRef<'_>, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(any(
    target_vendor = "apple",
    target_os = "android",
    target_os = "freebsd",
    target_os = "linux",
    target_os = "netbsd",
    windows
))]
pub(crate) fn with_probes(mut keepalive: TcpKeepalive, options: &TcpOptions) -> TcpKeepalive {
    if let Some(interval) = options.keepalive_interval {
        keepalive = keepalive.with_interval(interval);
    }
    if let Some(count) = options.keepalive_count {
        keepalive = keepalive.with_retries(count);
    }
    keepalive
}

#[cfg(not(any(
    target_vendor = "apple",
    target_os = "android",
    target_os = "freebsd",
    target_os = "linux",
    target_os = "netbsd",
    windows
)))]
pub(crate) fn with_probes(keepalive: TcpKeepalive, _: &TcpOptions) -> TcpKeepalive {
    keepalive
}
