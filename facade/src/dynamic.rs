//! Sockets whose type is known at run time only.

use std::fmt;

use ferromq_core::{Pattern, SocketType};
use ferromq_engine::{AnySocket, Context, Options, Socket};

/// The pattern of that socket type is not among the enabled features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchPattern(SocketType);

/// A socket of the given type.
///
/// # Errors
///
/// [`NoSuchPattern`] if the type's pattern is not among the enabled features.
///
/// ```
/// use ferromq::{Context, DefaultContext, Defaults, Options, SocketType};
///
/// let kind: SocketType = "PULL".parse()?;
/// let socket = ferromq::socket(&DefaultContext::context(), kind, Options::new())?;
/// assert_eq!(socket.socket_type(), SocketType::Pull);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn socket(
    context: &Context,
    kind: SocketType,
    options: Options,
) -> Result<AnySocket, NoSuchPattern> {
    match kind {
        #[cfg(feature = "pair")]
        SocketType::Pair => Ok(any::<ferromq_pattern_pair::Pair>(context, options)),
        #[cfg(feature = "pubsub")]
        SocketType::Pub => Ok(any::<ferromq_pattern_pubsub::Pub>(context, options)),
        #[cfg(feature = "pubsub")]
        SocketType::Sub => Ok(any::<ferromq_pattern_pubsub::Sub>(context, options)),
        #[cfg(feature = "pubsub")]
        SocketType::XPub => Ok(any::<ferromq_pattern_pubsub::XPub>(context, options)),
        #[cfg(feature = "pubsub")]
        SocketType::XSub => Ok(any::<ferromq_pattern_pubsub::XSub>(context, options)),
        #[cfg(feature = "reqrep")]
        SocketType::Req => Ok(any::<ferromq_pattern_reqrep::Req>(context, options)),
        #[cfg(feature = "reqrep")]
        SocketType::Rep => Ok(any::<ferromq_pattern_reqrep::Rep>(context, options)),
        #[cfg(feature = "router")]
        SocketType::Dealer => Ok(any::<ferromq_pattern_router::Dealer>(context, options)),
        #[cfg(feature = "router")]
        SocketType::Router => Ok(any::<ferromq_pattern_router::Router>(context, options)),
        #[cfg(feature = "router")]
        SocketType::Stream => Ok(any::<ferromq_pattern_router::Stream>(context, options)),
        #[cfg(feature = "pipeline")]
        SocketType::Pull => Ok(any::<ferromq_pattern_pipeline::Pull>(context, options)),
        #[cfg(feature = "pipeline")]
        SocketType::Push => Ok(any::<ferromq_pattern_pipeline::Push>(context, options)),
        #[cfg(feature = "pair")]
        SocketType::Channel => Ok(any::<ferromq_pattern_pair::Channel>(context, options)),
        #[cfg(feature = "pipeline")]
        SocketType::Gather => Ok(any::<ferromq_pattern_pipeline::Gather>(context, options)),
        #[cfg(feature = "pipeline")]
        SocketType::Scatter => Ok(any::<ferromq_pattern_pipeline::Scatter>(context, options)),
        #[cfg(feature = "pubsub")]
        SocketType::Radio => Ok(any::<ferromq_pattern_pubsub::Radio>(context, options)),
        #[cfg(feature = "pubsub")]
        SocketType::Dish => Ok(any::<ferromq_pattern_pubsub::Dish>(context, options)),
        #[cfg(feature = "clientserver")]
        SocketType::Client => Ok(any::<ferromq_pattern_clientserver::Client>(
            context, options,
        )),
        #[cfg(feature = "clientserver")]
        SocketType::Server => Ok(any::<ferromq_pattern_clientserver::Server>(
            context, options,
        )),
        #[cfg(feature = "clientserver")]
        SocketType::Peer => Ok(any::<ferromq_pattern_clientserver::Peer>(context, options)),
        kind => Err(NoSuchPattern(kind)),
    }
}

fn any<P: Pattern>(context: &Context, options: Options) -> AnySocket {
    Socket::<P>::in_context(context, options).into()
}

impl fmt::Display for NoSuchPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "this build has no {} sockets: enable the feature of their pattern",
            self.0
        )
    }
}

impl std::error::Error for NoSuchPattern {}
