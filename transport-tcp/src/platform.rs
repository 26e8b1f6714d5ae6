//! What not every platform has.
//!
//! Options that it lacks are refused before a socket is opened, so that the
//! setters here may do nothing where they can do nothing.

use std::io;
#[cfg(any(target_os = "android", target_os = "linux"))]
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};

use crate::options::TcpOptions;
#[cfg(any(target_os = "android", target_os = "linux"))]
use crate::tune::at_most_int;

/// `SO_BINDTODEVICE`, `SO_PRIORITY` and `TCP_USER_TIMEOUT` are Linux's.
const LINUX: bool = cfg!(any(target_os = "android", target_os = "linux"));

const BUSY_POLL: bool = cfg!(target_os = "linux");

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
    } else if options.priority != 0 && !LINUX {
        Some("this platform has no SO_PRIORITY (ZMQ_PRIORITY)")
    } else if !options.busy_poll.is_zero() && !BUSY_POLL {
        Some("this platform has no SO_BUSY_POLL (ZMQ_BUSY_POLL)")
    } else if options.type_of_service != 0 && options.ipv6 && !TRAFFIC_CLASS {
        Some("this platform has no traffic class of IPv6 (ZMQ_TOS)")
    } else if probes && !PROBES {
        Some("this platform does not let one choose keepalive probes (ZMQ_TCP_KEEPALIVE_CNT)")
    } else {
        None
    }
}

#[cfg(any(target_os = "android", target_os = "linux"))]
pub(crate) fn set_what_linux_has(system: &SockRef<'_>, options: &TcpOptions) -> io::Result<()> {
    if let Some(device) = &options.device {
        system.bind_device(Some(device.as_bytes()))?;
    }
    if options.user_timeout.is_some() {
        system.set_tcp_user_timeout(options.user_timeout)?;
    }
    // The type of service, which is set before this, would set it too.
    if options.priority != 0 {
        system.set_priority(at_most_int(options.priority))?;
    }
    set_busy_poll(system, options.busy_poll)
}

#[cfg(target_os = "linux")]
fn set_busy_poll(system: &SockRef<'_>, time: Duration) -> io::Result<()> {
    if time.is_zero() {
        return Ok(());
    }
    let microseconds = u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
    system.set_busy_poll(at_most_int(microseconds))
}

#[cfg(target_os = "android")]
fn set_busy_poll(_: &SockRef<'_>, _: Duration) -> io::Result<()> {
    Ok(())
}

#[cfg(not(any(target_os = "android", target_os = "linux")))]
pub(crate) fn set_what_linux_has(_: &SockRef<'_>, _: &TcpOptions) -> io::Result<()> {
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
