//! ferromq's proxies.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ferromq::{AnySocket, Proxy, ProxyEnd, SocketType};
use tokio::task::JoinHandle;

use super::{Ours, spawn, wait};
use crate::device;
use crate::errno::Errno;
use crate::parcel::Parcel;
use crate::socket::Socket;

/// A proxy that goes on by itself, until it is dropped.
pub(crate) struct Device {
    control: Ours,
    captured: Ours,
    task: JoinHandle<ProxyEnd>,
}

/// Two sockets that have nobody but each other.
fn pair() -> Result<(Ours, AnySocket), Errno> {
    static NAMES: AtomicU32 = AtomicU32::new(0);
    let number = NAMES.fetch_add(1, Ordering::Relaxed);
    let mut near = Ours::new(SocketType::Pair)?;
    let mut far = Ours::new(SocketType::Pair)?;
    let endpoint = near.bind(&format!("inproc://device-{number}"))?;
    far.connect(&endpoint)?;
    Ok((near, far.socket))
}

impl Device {
    pub(crate) fn start(front: AnySocket, back: AnySocket) -> Result<Self, Errno> {
        let ((control, obeyed), (captured, shown)) = (pair()?, pair()?);
        let proxy = Proxy::new(front, back).control(obeyed).capture(shown);
        Ok(Self {
            control,
            captured,
            task: spawn(proxy.run()),
        })
    }
}

impl device::Device for Device {
    fn tell(&mut self, command: &str) -> Result<(), Errno> {
        self.control.send(&Parcel::new([command]), Duration::ZERO)
    }

    fn answer(&mut self, patience: Duration) -> Result<Parcel, Errno> {
        self.control.recv(patience)
    }

    fn captured(&mut self, patience: Duration) -> Result<Parcel, Errno> {
        self.captured.recv(patience)
    }

    fn end(&mut self) -> Result<(), Errno> {
        self.tell("TERMINATE")?;
        match wait(&mut self.task) {
            Ok(ProxyEnd::Terminated) => Ok(()),
            _ => Err(Errno::Other(-1)),
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.task.abort();
    }
}
