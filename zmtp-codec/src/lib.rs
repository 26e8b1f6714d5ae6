//! The ZeroMQ Message Transport Protocol: bytes in, events out.
//!
//! This crate knows everything that ØMQ peers say to each other on one connection,
//! in ZMTP 1.0, 2.0, 3.0 and 3.1. It has no sockets, no clock, no threads and no
//! runtime, and it knows nothing of what sockets do with messages: routing,
//! filtering and queues are other crates' business. What it needs is an allocator.
//!
//! - [`Session`] is one connection. [`Config`] says what it is to be.
//! - [`Tx`], [`Rx`] and [`Heartbeat`] are what a session is made of after its
//!   handshake, for those who drive the parts themselves; [`Records`] and [`Batch`]
//!   are the rows of messages that go through them.
//! - [`Message`] is what an application sends and gets.
//! - [`Frame`], [`Command`] and [`Metadata`] are pieces of the wire, usable alone.
//! - [`Mechanism`], [`Seal`] and [`Open`] are where security goes.
//!
//! A peer may send anything. It can end its own connection that way, with a
//! [`ProtocolError`] that says how, but it cannot make this code panic, nor hold
//! more than it has sent within the [`Limits`].
//!
//! # Example
//!
//! Two sessions that talk to each other in memory:
//!
//! ```
//! use core::time::Duration;
//! use zmtp_codec::bytes::BytesMut;
//! use zmtp_codec::{Config, Event, Message, ProtocolError, Session, SocketType};
//!
//! /// Carries bytes both ways until neither side has any.
//! fn connect(a: &mut Session, b: &mut Session) -> Result<(), ProtocolError> {
//!     let now = Duration::ZERO;
//!     loop {
//!         let (from_a, from_b) = (a.poll_transmit(), b.poll_transmit());
//!         if from_a.is_none() && from_b.is_none() {
//!             return Ok(());
//!         }
//!         b.handle_input(now, &mut BytesMut::from(&from_a.unwrap_or_default()[..]))?;
//!         a.handle_input(now, &mut BytesMut::from(&from_b.unwrap_or_default()[..]))?;
//!     }
//! }
//!
//! let mut push = Session::new(Config::new(SocketType::Push), Duration::ZERO);
//! let mut pull = Session::new(Config::new(SocketType::Pull), Duration::ZERO);
//! push.send(&Message::from("hello"));
//! connect(&mut push, &mut pull)?;
//!
//! let Some(Event::Ready(peer)) = pull.poll_event() else { panic!("no peer") };
//! assert_eq!(peer.socket_type(), Some(SocketType::Push));
//! let Some(Event::Message(message)) = pull.poll_event() else { panic!("no message") };
//! assert_eq!(message.body(), b"hello");
//! # Ok::<(), ProtocolError>(())
//! ```

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

extern crate alloc;

mod batch;
mod command;
mod error;
mod frame;
mod greeting;
mod heartbeat;
mod limits;
mod mechanism;
mod message;
mod metadata;
mod null;
mod packed;
mod raw;
mod records;
mod rx;
mod scan;
mod session;
mod socket_type;
mod tx;
mod v1;
mod version;

pub use batch::Batch;
pub use bytes;
pub use command::Command;
pub use error::ProtocolError;
pub use frame::{Decoded, Frame, FrameHeader};
pub use heartbeat::{Heartbeat, HeartbeatConfig};
pub use limits::Limits;
pub use mechanism::{AuthReply, AuthRequest, AuthStatus, Mechanism, Open, Outcome, Seal};
pub use message::{Frames, IntoMessage, Lent, Message};
pub use metadata::{IDENTITY, InvalidProperty, Metadata, SOCKET_TYPE, USER_ID};
pub use null::Null;
pub use records::Records;
pub use rx::{Received, Rx};
pub use session::{Config, Event, InvalidConfig, Parts, Peer, Session};
pub use socket_type::{SocketType, UnknownSocketType};
pub use tx::Tx;
pub use version::Version;
