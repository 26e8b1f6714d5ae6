//! The context of sockets that are not given one.

use ferromq_engine::{Context, ContextBuilder, ContextPerProcess, Defaults};

/// Names the process-wide context, which has all transports of the enabled
/// features. Names of `inproc://` endpoints in it are the process's; a child that is
/// forked has a context of its own.
#[derive(Debug, Clone, Copy)]
pub struct DefaultContext;

impl Defaults for DefaultContext {
    fn context() -> Context {
        static CONTEXT: ContextPerProcess = ContextPerProcess::new();
        CONTEXT.get_or_make(|| Self::builder().build())
    }
}

impl DefaultContext {
    /// A builder of another context with the same transports: for isolation, other
    /// thread counts, or an end of its own.
    #[must_use]
    pub fn builder() -> ContextBuilder {
        let builder = Context::builder();
        #[cfg(feature = "tcp")]
        let builder = builder.transport(ferromq_transport_tcp::Tcp);
        #[cfg(feature = "ipc")]
        let builder = builder.transport(ferromq_transport_ipc::Ipc);
        #[cfg(feature = "inproc")]
        let builder = builder.transport(ferromq_transport_inproc::Inproc::new());
        #[cfg(feature = "udp")]
        let builder = builder.transport(ferromq_transport_udp::Udp);
        builder
    }
}
