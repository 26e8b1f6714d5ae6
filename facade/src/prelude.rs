//! What most programs need: `use ferromq::prelude::*`.

pub use crate::sockets::*;
pub use crate::{Endpoint, Message, Options, RecvError, SendError, SendFailure};
