//! `proxy`: messages passed on between two sets of peers.

use clap::ValueEnum;
use ferromq::{AnySocket, DefaultContext, Defaults, Options, Proxy, SocketType};

use crate::failure::Failure;
use crate::note;

/// `proxy`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What stands between whom
    #[arg(value_enum)]
    kind: Kind,

    /// Listen there for clients, publishers or PUSH peers (may be given again)
    #[arg(
        long,
        value_name = "ENDPOINT",
        required_unless_present = "connect_frontend"
    )]
    frontend: Vec<String>,

    /// Listen there for workers, subscribers or PULL peers (may be given again)
    #[arg(
        long,
        value_name = "ENDPOINT",
        required_unless_present = "connect_backend"
    )]
    backend: Vec<String>,

    /// Connect there to clients, publishers or PUSH peers (may be given again)
    #[arg(long, value_name = "ENDPOINT")]
    connect_frontend: Vec<String>,

    /// Connect there to workers, subscribers or PULL peers (may be given again)
    #[arg(long, value_name = "ENDPOINT")]
    connect_backend: Vec<String>,

    /// Publish a copy of each message there, for fmq sub
    #[arg(long, value_name = "ENDPOINT")]
    capture: Option<String>,

    /// Take the requests PAUSE, RESUME, TERMINATE and STATISTICS there, from fmq req
    #[arg(long, value_name = "ENDPOINT")]
    control: Option<String>,

    /// How many messages may wait for, and from, each peer; 0 is no limit
    #[arg(long, value_name = "MESSAGES", default_value_t = 1000)]
    hwm: usize,
}

/// The usual proxies.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// ROUTER and DEALER, between REQ and REP
    Queue,
    /// XSUB and XPUB, between PUB and SUB
    Forwarder,
    /// PULL and PUSH, between PUSH and PULL
    Streamer,
}

impl Kind {
    fn sockets(self) -> (SocketType, SocketType) {
        match self {
            Self::Queue => (SocketType::Router, SocketType::Dealer),
            Self::Forwarder => (SocketType::XSub, SocketType::XPub),
            Self::Streamer => (SocketType::Pull, SocketType::Push),
        }
    }
}

/// Runs the command, until it is told to end.
pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let (front, back) = args.kind.sockets();
    let open = |kind| {
        let options = Options::new()
            .send_high_water(args.hwm)
            .receive_high_water(args.hwm);
        let socket = ferromq::socket(&DefaultContext::context(), kind, options);
        socket.map_err(|_| Failure::Usage("this build has no sockets of that type"))
    };
    let frontend = open(front)?;
    link(&frontend, &args.frontend, &args.connect_frontend).await?;
    let backend = open(back)?;
    link(&backend, &args.backend, &args.connect_backend).await?;
    let mut proxy = Proxy::new(frontend.clone(), backend.clone());
    if let Some(endpoint) = &args.capture {
        let capture = open(SocketType::Pub)?;
        link(&capture, std::slice::from_ref(endpoint), &[]).await?;
        proxy = proxy.capture(capture);
    }
    if let Some(endpoint) = &args.control {
        let control = open(SocketType::Rep)?;
        link(&control, std::slice::from_ref(endpoint), &[]).await?;
        proxy = proxy.control(control);
    }
    proxy.run().await;
    frontend.close().await;
    backend.close().await;
    Ok(())
}

async fn link(socket: &AnySocket, binds: &[String], connects: &[String]) -> Result<(), Failure> {
    for endpoint in binds {
        let bound = socket.bind(endpoint).await?;
        if bound.as_str() != endpoint && endpoint.contains('*') {
            note(&format_args!(
                "{} listening at {bound}",
                socket.socket_type()
            ));
        }
    }
    for endpoint in connects {
        socket.connect(endpoint)?;
    }
    Ok(())
}
