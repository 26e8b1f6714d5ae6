//! Sockets whose type is known at run time only.

use std::fmt;

use ferromq_core::SocketType;
use ferromq_engine::{AnySocket, Context, Options};

/// The pattern of that socket type is not among the enabled features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchPattern(SocketType);

/// How a socket of one type is made.
type Open = fn(&Context, Options) -> AnySocket;

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
    let sockets: &[(SocketType, Open)] = &[
        #[cfg(feature = "pair")]
        (
            SocketType::Pair,
            AnySocket::of::<ferromq_pattern_pair::Pair>,
        ),
        #[cfg(feature = "pubsub")]
        (
            SocketType::Pub,
            AnySocket::of::<ferromq_pattern_pubsub::Pub>,
        ),
        #[cfg(feature = "pubsub")]
        (
            SocketType::Sub,
            AnySocket::of::<ferromq_pattern_pubsub::Sub>,
        ),
        #[cfg(feature = "pubsub")]
        (
            SocketType::XPub,
            AnySocket::of::<ferromq_pattern_pubsub::XPub>,
        ),
        #[cfg(feature = "pubsub")]
        (
            SocketType::XSub,
            AnySocket::of::<ferromq_pattern_pubsub::XSub>,
        ),
        #[cfg(feature = "reqrep")]
        (
            SocketType::Req,
            AnySocket::of::<ferromq_pattern_reqrep::Req>,
        ),
        #[cfg(feature = "reqrep")]
        (
            SocketType::Rep,
            AnySocket::of::<ferromq_pattern_reqrep::Rep>,
        ),
        #[cfg(feature = "router")]
        (
            SocketType::Dealer,
            AnySocket::of::<ferromq_pattern_router::Dealer>,
        ),
        #[cfg(feature = "router")]
        (
            SocketType::Router,
            AnySocket::of::<ferromq_pattern_router::Router>,
        ),
        #[cfg(feature = "router")]
        (
            SocketType::Stream,
            AnySocket::of::<ferromq_pattern_router::Stream>,
        ),
        #[cfg(feature = "pipeline")]
        (
            SocketType::Pull,
            AnySocket::of::<ferromq_pattern_pipeline::Pull>,
        ),
        #[cfg(feature = "pipeline")]
        (
            SocketType::Push,
            AnySocket::of::<ferromq_pattern_pipeline::Push>,
        ),
        #[cfg(feature = "pair")]
        (
            SocketType::Channel,
            AnySocket::of::<ferromq_pattern_pair::Channel>,
        ),
        #[cfg(feature = "pair")]
        (
            SocketType::Dgram,
            AnySocket::of::<ferromq_pattern_pair::Dgram>,
        ),
        #[cfg(feature = "pipeline")]
        (
            SocketType::Gather,
            AnySocket::of::<ferromq_pattern_pipeline::Gather>,
        ),
        #[cfg(feature = "pipeline")]
        (
            SocketType::Scatter,
            AnySocket::of::<ferromq_pattern_pipeline::Scatter>,
        ),
        #[cfg(feature = "pubsub")]
        (
            SocketType::Radio,
            AnySocket::of::<ferromq_pattern_pubsub::Radio>,
        ),
        #[cfg(feature = "pubsub")]
        (
            SocketType::Dish,
            AnySocket::of::<ferromq_pattern_pubsub::Dish>,
        ),
        #[cfg(feature = "clientserver")]
        (
            SocketType::Client,
            AnySocket::of::<ferromq_pattern_clientserver::Client>,
        ),
        #[cfg(feature = "clientserver")]
        (
            SocketType::Server,
            AnySocket::of::<ferromq_pattern_clientserver::Server>,
        ),
        #[cfg(feature = "clientserver")]
        (
            SocketType::Peer,
            AnySocket::of::<ferromq_pattern_clientserver::Peer>,
        ),
    ];
    let found = sockets.iter().find(|(known, _)| *known == kind);
    let (_, open) = found.ok_or(NoSuchPattern(kind))?;
    Ok(open(context, options))
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
