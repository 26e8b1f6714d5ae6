//! Proxies of either library.

use ferromq::{Proxy, ProxyEnd};
use tokio::task::JoinHandle;

use crate::errno::Errno;
use crate::ours;
use crate::socket::Handle;
use crate::theirs;

/// A proxy that runs until it is dropped.
pub(crate) enum Device {
    /// ferromq's.
    Ours(JoinHandle<ProxyEnd>),
    /// libzmq's.
    Theirs(#[expect(dead_code, reason = "it is held, and ends when it is dropped")] theirs::Device),
}

impl Device {
    /// A proxy between two sockets of one library.
    pub(crate) fn start(front: Handle, back: Handle) -> Result<Self, Errno> {
        match (front, back) {
            (Handle::Ours(front), Handle::Ours(back)) => {
                let proxy = Proxy::new(front, back);
                Ok(Self::Ours(ours::spawn(proxy.run())))
            }
            (Handle::Theirs(front), Handle::Theirs(back)) => {
                Ok(Self::Theirs(theirs::Device::start(front, back)?))
            }
            _ => Err(Errno::Unsupported),
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        if let Self::Ours(task) = self {
            task.abort();
        }
    }
}
