//! Proxies of either library.

use std::time::Duration;

use crate::errno::Errno;
use crate::ours;
use crate::parcel::Parcel;
use crate::socket::Handle;
use crate::theirs;

/// A proxy that runs until it is dropped. It can be told what to do, and shows what it
/// passes on.
pub(crate) trait Device {
    /// Gives it a command.
    fn tell(&mut self, command: &str) -> Result<(), Errno>;

    /// What it answers.
    fn answer(&mut self, wait: Duration) -> Result<Parcel, Errno>;

    /// What it has passed on.
    fn captured(&mut self, wait: Duration) -> Result<Parcel, Errno>;

    /// Has it end, and waits for that.
    fn end(&mut self) -> Result<(), Errno>;
}

/// A proxy between two sockets of one library.
pub(crate) fn start(front: Handle, back: Handle) -> Result<Box<dyn Device>, Errno> {
    match (front, back) {
        (Handle::Ours(front), Handle::Ours(back)) => {
            Ok(Box::new(ours::Device::start(front, back)?))
        }
        (Handle::Theirs(front), Handle::Theirs(back)) => {
            Ok(Box::new(theirs::Device::start(front, back)?))
        }
        _ => Err(Errno::Unsupported),
    }
}
