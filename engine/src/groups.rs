//! Groups of a DISH.

use bytes::Bytes;
use ferromq_core::{CanJoin, OptionError, PatternOption};

use crate::socket::Socket;

impl<P: CanJoin, D> Socket<P, D> {
    /// Receives messages of just this group, from now on. (`zmq_join`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] if the socket has joined it already, if the name is
    /// longer than 255 bytes, or if there is a zero in it.
    pub fn join(&self, group: impl AsRef<[u8]>) -> Result<(), OptionError> {
        let group = Bytes::copy_from_slice(group.as_ref());
        self.set(&PatternOption::Join(group))
    }

    /// Receives messages of this group no longer. (`zmq_leave`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] if the socket has not joined it.
    pub fn leave(&self, group: impl AsRef<[u8]>) -> Result<(), OptionError> {
        let group = Bytes::copy_from_slice(group.as_ref());
        self.set(&PatternOption::Leave(group))
    }
}

#[cfg(feature = "blocking")]
impl<P: CanJoin, D> crate::blocking::Socket<P, D> {
    /// As [`Socket::join`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn join(&self, group: impl AsRef<[u8]>) -> Result<(), OptionError> {
        self.as_async().join(group)
    }

    /// As [`Socket::leave`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn leave(&self, group: impl AsRef<[u8]>) -> Result<(), OptionError> {
        self.as_async().leave(group)
    }
}
