//! The ZeroMQ Message Transport Protocol: bytes in, events out.

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

extern crate alloc;

mod error;
mod frame;
mod limits;
mod message;
mod metadata;
mod packed;
mod records;
mod socket_type;

pub use error::ProtocolError;
pub use frame::{Decoded, Frame, FrameHeader};
pub use limits::Limits;
pub use message::{Frames, Message};
pub use metadata::{IDENTITY, Metadata, SOCKET_TYPE};
pub use records::Records;
pub use socket_type::{SocketType, UnknownSocketType};
